r"""A residual block, backward

A block computes $Y=X+V\tanh(WX+b)$, in columns. Given `G` $=\partial\mathcal L/\partial Y$, return $\partial\mathcal
L/\partial X$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "depth#skips"
level, minutes = "apply", 4
batch = ("X", 1)


def residual_inputs(rng):
    n, m, B = sizes(rng, 3)
    W, b, V = normal(rng, m, n), normal(rng, m, 1), normal(rng, n, m)
    return {"X": normal(rng, n, B), "W": W, "b": b, "V": V, "G": normal(rng, n, B)}


inputs = {"ordinary": residual_inputs}


def residual_backward(X, W, b, V, G):
    h = np.tanh(W @ X + b)
    #: no-bias: h = np.tanh(W @ X)
    delta = (V.T @ G) * (1 - h**2)
    #: no-slope: delta = (V.T @ G)
    #: V-not-transposed: delta = (V @ G) * (1 - h**2)
    dX = G + W.T @ delta
    #: no-skip: dX = W.T @ delta
    #: no-branch: dX = G
    #: product: dX = G * (W.T @ delta)
    #: one: dX = 1 + W.T @ delta
    #: forward-value: dX = X + W.T @ delta
    #: W-not-transposed: dX = G + W @ delta
    return dX


hints = r"""
X reaches Y along two paths. What do slopes of two paths do?
One path is the identity. The other goes back through V, tanh and W.
∂𝓛/∂X = G + Wᵀ((Vᵀ G) ⊙ tanh').
"""

slips = r"""
no-skip: the skip is forgotten
    X also reaches Y directly. This is the I in I + ∂F/∂X.
    "Along how many paths does X reach Y?"
no-branch: F is forgotten: only the skip passes
    X also acts through F, and its Jacobian adds to I.
    "Along how many paths does X reach Y?"
product: the two paths are multiplied, not added
    Slopes multiply along one path. Over different paths they are added.
    "How do the slopes of two paths combine?"
one: 1 is added where G is due
    I is a Jacobian: it is applied to G, and I G = G.
    "What does the identity do to the gradient from above?"
forward-value: X is added where G is due
    Forward X is added. Backward its gradient is, and along the skip that is G.
    "Which quantity travels back along the skip?"
no-slope: tanh' is missing
    Inside F stands an activation, and it has a slope of its own.
    "Walk back through F. What do you meet between V and W?"
V-not-transposed: V is not transposed
    Forward, V takes m numbers to n; backward it is the other way around.
    "Say the shapes of V and G aloud."
W-not-transposed: W is not transposed
    Forward, W takes n numbers to m; backward it is the other way around.
    "Say the shapes of W and δ aloud."
no-bias
    Then the slopes are taken at other points. With b = 0 nobody would notice.
"""
