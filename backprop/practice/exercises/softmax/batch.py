r"""δ^L of a batch

A batch: columns `P` and `Y`, of `B` samples. The loss is averaged over them. Write $\delta^L$.
"""

from backprop.practice.exercises.make import probabilities_and_targets

where = "outputs#whiteboard"
level, minutes = "apply", 2
kind = "expression"
batch = ("P", 1)
starter = "P * Y"
inputs = {"ordinary": probabilities_and_targets}


def value(p, y, g, P, Y, B, delta, W, A):
    return (P - Y) / B
    #: sign: return (Y - P) / B
    #: no-mean: return (P - Y)
    #: twice: return (P - Y) / B**2
    #: averaged: return np.mean(P - Y, axis=1, keepdims=True)
    #: extra-slope: return (P - Y) * P * (1 - P) / B


hints = r"""
Each column is a sample, and each sample has its own p − y.
𝓛 is a mean: every sample's loss counts 1/B.
(P − Y)/B.
"""

slips = r"""
sign: the sign is flipped
    The right class's logit should rise, so its slope is negative.
    "If the right class's logit grows, does the loss rise or fall?"
no-mean
twice
    The mean of the loss brings one 1/B.
    "How often does B come from the loss?"
averaged: δ is averaged over the samples: each must keep its own column
    δ meets every sample's own activations in (B3). Average it before, and that is lost.
    "Which shape must δ^L have?"
extra-slope
"""
