r"""Clipping by norm

Return `dW` and `db`, scaled so that the norm of both together is at most `limit`. (PyTorch adds 1e-6 to the norm. Leave
that out.)
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "depth#explosion"
level, minutes = "apply", 4
returns = ("dW", "db")


def gradient_inputs(rng, share=0.4, size=1):
    """The gradients of a layer and a limit on their norm: a share of what it is."""
    n, m = sizes(rng, 2)
    dW, db = size * normal(rng, n, m), size * normal(rng, n, 1)
    return {"dW": dW, "db": db, "limit": float(share * np.hypot(np.linalg.norm(dW), np.linalg.norm(db)))}


def zero_gradient(rng):
    n, m = sizes(rng, 2)
    return {"dW": np.zeros((n, m)), "db": np.zeros((n, 1)), "limit": 1.0}


inputs = {
    "ordinary": gradient_inputs,
    "below the limit": lambda rng: gradient_inputs(rng, share=2.5, size=0.2),
    "all zeros": zero_gradient,
}


def clip_by_norm(dW, db, limit):
    norm = np.sqrt((dW**2).sum() + (db**2).sum())
    #: per-array: dW, db = (g * (limit / np.linalg.norm(g) if np.linalg.norm(g) > limit else 1.0) for g in (dW, db))
    #: by-value: return np.clip(dW, -limit, limit), np.clip(db, -limit, limit)
    #: squared: norm = (dW**2).sum() + (db**2).sum()
    #: only-W: norm = np.sqrt((dW**2).sum())
    scale = limit / norm if norm > limit else 1.0
    #: per-array: return dW, db
    #: by-value:
    #: scales-up: scale = limit / norm if norm > 0 else 1.0
    #: always: scale = limit / norm
    #: inverse: scale = norm / limit if norm > limit else 1.0
    #: unit: scale = 1 / norm if norm > limit else 1.0
    return scale * dW, scale * db
    #: per-array:
    #: by-value:
    #: bias-unscaled: return scale * dW, db


hints = r"""
The norm is that of the whole gradient: all entries of all arrays.
One factor for all arrays, and only if the norm is above the limit.
norm = √(ΣdW² + Σdb²); multiply both by limit/norm where norm > limit, otherwise by 1.
"""

slips = r"""
per-array: each array is clipped by its own norm
    Then the direction of the whole gradient changes, and its norm can still exceed the limit.
    "Does the gradient as a whole keep its direction?"
by-value: this clips by value
    Clipping each entry changes the direction. By norm all entries get the same factor.
    "Which of the two kinds of clipping keeps the direction?"
squared: the root of the norm is missing
    The sum of squares is the squared norm.
    "What is the norm of your result?"
scales-up: small gradients are scaled up
    Clipping is a limit. A gradient whose norm is below it stays as it is.
    "What does your code do to a gradient that is small already?"
always: the condition is missing: small gradients are scaled up, and a zero gradient becomes NaN
    Clipping is a limit. A gradient whose norm is below it stays as it is.
    "What does your code do to a small gradient, and to one that is 0?"
inverse: the factor is upside down
    norm/limit is above 1 where the norm is too large: this makes it larger still.
    "Is your factor below 1 when the norm is too large?"
unit: the gradient is scaled to norm 1, not to the limit
    limit/norm brings the norm to the limit.
    "What norm has your result?"
only-W: the bias is left out of the norm
    The norm is that of all parameters together.
    "Which parameters are in your norm?"
bias-unscaled: the bias is not scaled
    All arrays get the same factor. Otherwise the direction changes.
    "Does the gradient as a whole keep its direction?"
"""
