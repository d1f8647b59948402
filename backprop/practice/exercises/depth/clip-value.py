r"""Clipping by value

Return `dW` with each entry limited to $[-c,c]$, where $c$ is `limit`.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "depth#explosion"
level, minutes = "recall", 1


def value_inputs(rng):
    n, m = sizes(rng, 2)
    return {"dW": 2 * normal(rng, n, m), "limit": rng.uniform(0.6, 1)}


inputs = {"ordinary": value_inputs}


def clip_by_value(dW, limit):
    clipped = np.clip(dW, -limit, limit)
    #: one-sided: clipped = np.minimum(dW, limit)
    #: from-0: clipped = np.clip(dW, 0, limit)
    #: dropped: clipped = np.where(np.abs(dW) > limit, 0, dW)
    #: by-norm: clipped = dW * min(1, limit / np.linalg.norm(dW))
    #: by-largest: clipped = dW * min(1, limit / np.abs(dW).max())
    return clipped


hints = r"""
Each entry on its own; those inside the limits stay.
There are two limits, one on each side of 0.
np.clip with −limit and limit.
"""

slips = r"""
one-sided: only large positive entries are limited
    Large negative entries throw the weights as far.
    "What happens to an entry of −1000?"
from-0: negative entries are set to 0
    The lower limit is −c. With 0 all weights could only fall.
    "What happens to an entry of −0.1?"
dropped: entries beyond the limit are set to 0
    They are limited, not dropped: they become c or −c.
    "Where an entry is too large, do you still move?"
by-norm: this clips by norm
    By value, entries inside the limits stay as they are, and the direction changes.
    "What happens to the small entries?"
by-largest: all entries are scaled by the largest one
    By value each entry is limited on its own.
    "What happens to the small entries?"
"""
