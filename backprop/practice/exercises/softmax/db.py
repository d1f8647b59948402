r"""∂𝓛/∂b of the last layer

Write $\partial\mathcal L/\partial b^L$, from `delta`, as a column.
"""

import numpy as np

from backprop.practice.exercises.make import probabilities_and_targets

where = "outputs#whiteboard"
level, minutes = "apply", 2
kind = "expression"
batch = ("P", 1)
starter = "delta * B"
inputs = {"ordinary": probabilities_and_targets}


def value(p, y, g, P, Y, B, delta, W, A):
    return np.sum(delta, axis=1, keepdims=True)
    #: not-summed: return delta
    #: mean: return np.mean(delta, axis=1, keepdims=True)
    #: axis: return np.sum(delta, axis=0, keepdims=True)
    #: whole: return np.sum(delta, axis=None)


hints = r"""
(B4). How often is b used?
Once for each sample. Slopes of uses add, along the batch.
np.sum(delta, axis=1, keepdims=True).
"""

slips = r"""
not-summed: δ is not summed over the batch
    b is added to every sample, so it is used B times, and slopes of uses add.
    "What shape does b have?"
mean: the mean over the batch, not the sum: 1/B is in it twice
    The 1/B is in δ already.
    "Where is the 1/B of your loss? How often?"
axis: summed over the classes, not over the batch
    Samples are columns, so the batch is axis 1. Over the classes p − y sums to 0.
    "Which axis is the batch?"
whole: summed over everything: one number for all biases
    Each class has a bias of its own.
    "How many biases has the layer?"
"""
