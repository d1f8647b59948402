r"""Softmax along any axis, backward

Logits `z` of any shape, and the `axis` along which their softmax $p$ is taken. `g` is $\partial\mathcal L/\partial p$.
Return $\partial\mathcal L/\partial z$. Logits may be near 1000.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "layers#softmax"
level, minutes = "interview", 5


def logits_inputs(rng):
    """Logits that could be anywhere, an upstream gradient, and the axis of the softmax."""
    z = normal(rng, *sizes(rng, 3))
    return {"z": z, "g": normal(rng, *z.shape), "axis": -1}


def large_logits_by_columns(rng):
    """Near 1000, but for one logit near 0: taking off anything but the maximum overflows beside it."""
    given = logits_inputs(rng)
    z = given["z"] + 1000
    z[0, 0, 0] -= 1000
    return given | {"z": z, "axis": 1}


inputs = {"ordinary": logits_inputs, "logits of 1000, by columns": large_logits_by_columns}


def softmax_backward(z, g, axis):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    #: naive: e = np.exp(z)
    p = e / e.sum(axis=axis, keepdims=True)
    #: whole: p = e / e.sum()
    average = (p * g).sum(axis=axis, keepdims=True)
    #: last-axis: average = (p * g).sum(axis=-1, keepdims=True)
    #: unweighted: average = g.sum(axis=axis, keepdims=True)
    #: plain-mean: average = g.mean(axis=axis, keepdims=True)
    dz = p * (g - average)
    #: no-sum: dz = p * g
    #: elementwise: dz = p * (g * (1 - p))
    #: plus: dz = p * (g + average)
    #: no-p: dz = (g - average)
    return dz


hints = r"""
For one vector: Jᵀg with J = diag(p) − p pᵀ. Multiply it out, and no matrix is left.
∂𝓛/∂z_j = p_j (g_j − one number for the whole vector). It is an average of g.
p ⊙ (g − Σ p g). All sums run along `axis` and keep it; subtract the maximum before the exponential.
"""

slips = r"""
naive: the maximum is not subtracted before the exponential
whole: the probabilities are normalized over the whole array
    Each vector along the axis is a softmax of its own, and sums to 1.
    "Which sums of p should be 1?"
last-axis: the average runs along the last axis, whatever `axis` says
    The entries that are coupled are those that share a sum.
    "Your softmax is along axis 1. Which entries know of each other?"
no-sum: the sum is missing: p ⊙ g
    This holds diag(p) g only. The term −p (pᵀg) comes from the common denominator.
    "Your upstream gradient is the same for all entries. What should come out?"
elementwise
unweighted
    The term is Σ p_i g_i: each g_i counts with its probability.
    "What should dz sum to along the axis?"
plain-mean: the plain mean of g is subtracted, not its average under p
    The weights are the probabilities: Σ p_i g_i.
    "What should dz sum to along the axis?"
plus: the average is added, not subtracted
    Off the diagonal the Jacobian is −p_i p_j.
    "Your upstream gradient is the same for all entries. What should come out?"
no-p: the factor p in front is missing
    An entry of probability 0 does not move.
    "What is the gradient of a logit whose probability is 0?"
"""
