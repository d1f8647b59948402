r"""Binary weights, straight through

$Y=X\operatorname{sign}(W)$ with sign(0) = 1. The weights are trained with the straight-through estimator: the slope of
sign is taken as 1 where $|w|\le1$, and as 0 beyond. `G` is $\partial\mathcal L/\partial Y$. Return $\partial\mathcal
L/\partial X$, and the estimate of $\partial\mathcal L/\partial W$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "layers#chains"
level, minutes = "interview", 5
batch = ("X", 0)


def binary_inputs(rng):
    """Weights within the clip and beyond it, and one that is 0."""
    B, n, m = sizes(rng, 3)
    W = rng.uniform(-0.9, 0.9, (n, m))
    W.flat[:4] = [0, 1.5, -2, 0.5]
    return {"X": normal(rng, B, n), "W": W, "G": normal(rng, B, m)}


inputs = {"ordinary": binary_inputs}


def binary_backward(X, W, G):
    signs = np.where(W >= 0, 1.0, -1.0)
    #: sign-of-zero: signs = np.sign(W)
    dX = G @ signs.T
    #: real-weights: dX = G @ W.T
    #: transpose: dX = G @ signs
    d_signs = X.T @ G
    #: mean: d_signs = X.T @ G / len(X)
    dW = d_signs * (np.abs(W) <= 1)
    #: true-slope: dW = d_signs * 0
    #: no-clip: dW = d_signs
    #: inverted: dW = d_signs * (np.abs(W) > 1)
    #: times-sign: dW = d_signs * signs * (np.abs(W) <= 1)
    #: clipped-G: dW = np.clip(d_signs, -1, 1)
    return dX, dW


hints = r"""
First the linear layer, with sign(W) as its matrix. Then one step from sign(W) to W.
Only that last step is an estimate: the gradient passes as if sign were the identity, within limits.
dX = G sign(W)ᵀ; Xᵀ G is the gradient of sign(W), and dW is the same where |W| ≤ 1, and 0 elsewhere.
"""

slips = r"""
true-slope: the true derivative of sign, 0 almost everywhere, is used
    It is right, and nothing would ever be learned. The estimator pretends that the step is a line.
    "What does your network learn?"
no-clip: the gradient passes beyond |w| = 1 too
    There a weight could grow forever without any change of its sign. The clip stops that.
    "A weight is at 50. What does another step outward change?"
inverted: the gradient passes where it should be stopped
    It passes within |w| ≤ 1.
    "Where can a small step still change the sign?"
real-weights: ∂𝓛/∂X takes the real weights, not their signs
    Forward X met the signs. Only the step from sign(W) to W is an estimate.
    "What does X multiply in the forward pass?"
sign-of-zero: a weight of 0 is given the sign 0
    A binary weight is +1 or −1, and here sign(0) = 1. np.sign(0) is 0.
    "What does np.sign make of 0?"
times-sign: the gradient is multiplied by the sign
    Straight through means: as if sign were the identity, with slope 1.
    "Which slope does the estimator give to sign?"
clipped-G: the gradient is clipped, where the weight decides
    Whether a gradient passes depends on where the weight is, not on how large the gradient is.
    "Whose size is compared with 1?"
transpose: sign(W) is not transposed in ∂𝓛/∂X
    Forward it takes n numbers to m; back, m slopes must become n.
mean: ∂𝓛/∂W is divided by B here
    A layer hands on what arrives. Whatever mean the loss takes is in G already.
    "Does this layer know whether the loss is a mean?"
"""
