r"""Softmax with cross-entropy

Columns. Write δ^L of the mean loss over the batch from the probabilities P (K, B), one-hot Y (K, B) and B
"""

import numpy as np

from backprop.practice.exercises.make import normal, one_hot_columns, sizes

where = "start#diagnostic"
level, minutes = "recall", 1
kind = "expression"
teaches = "04"


def probabilities(rng):
    K, B = sizes(rng, 2)
    E = np.exp(normal(rng, K, B))
    return {"P": E / E.sum(axis=0), "Y": one_hot_columns(rng, K, B), "B": B}


inputs = {"ordinary": probabilities}


def result(P, Y, B):
    return (P - Y) / B
    #: mean: return (P - Y)
    #: sign: return (Y - P) / B
    #: slope: return (P - Y) * P * (1 - P) / B


hints = r"""
Notebook 04 derives it.
Differentiate log Σ e^z − Σ y z.
The answer: (P - Y) / B
"""

slips = r"""
mean: 1/B is missing
    The loss is a mean.
    "Is the loss a sum or a mean?"
sign: the sign is flipped
    It is P − Y.
    "Which way should the right logit move?"
slope: a slope too many
    Softmax is in P − Y.
    "Does it sum to 0?"
"""
