r"""Jᵀg, without the matrix

For any upstream `g` $=\partial\mathcal L/\partial p$ of one sample: $J^{\mathsf T}g$ from `p` and `g`, with entrywise
products and one sum.
"""

import numpy as np

from backprop.practice.exercises.make import probabilities_and_targets

where = "outputs#whiteboard"
level, minutes = "apply", 2
kind = "expression"
batch = ("P", 1)
starter = "p + g"
inputs = {"ordinary": probabilities_and_targets}


def value(p, y, g, P, Y, B, delta, W, A):
    return p * (g - np.sum(p * g))
    #: no-sum: return p * g
    #: elementwise: return p * ((1 - p) * g)
    #: unweighted: return p * (g - np.sum(g))
    #: mean: return p * (g - np.mean(g))
    #: plus: return p * (g + np.sum(p * g))
    #: no-p: return (g - np.sum(p * g))


hints = r"""
Multiply (diag(p) − p pᵀ) g out.
pᵀg is a number: the average of g under p.
p ⊙ (g − Σ p g).
"""

slips = r"""
no-sum: the sum is missing: p ⊙ g
    This holds diag(p) g only.
    "g is the same for all classes. What should come out?"
elementwise
    p (1 − p) is the diagonal of J only.
    "Which entries of J did you use?"
unweighted
    pᵀg is Σ p_i g_i.
    "g is the same for all classes. What should come out?"
mean: the plain mean of g, not its average under p
    The weights are the probabilities, not 1/K.
    "What should the result sum to?"
plus: the average is added, not subtracted
    Off the diagonal J is −p_i p_j.
    "g is the same for all classes. What should come out?"
no-p: the factor p in front is missing
    A class of probability 0 does not move.
    "What is the gradient of a logit whose probability is 0?"
"""
