r"""Max-pooling with overlapping windows, backward

`Y[:, t] = X[:, t * stride : t * stride + k].max(axis=1)` for $X$ $(B,T,C)$, each feature by itself. Windows may
overlap; of equal entries the first takes it all. `G` is $\partial\mathcal L/\partial Y$. Return $\partial\mathcal
L/\partial X$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "layers#convolution"
level, minutes = "interview", 6


def max_pool_inputs(rng):
    """Windows of 3, 2 apart: neighbors share an entry, and some entries win twice."""
    B, C = (int(size) for size in rng.permutation([2, 4, 5])[:2])
    X = normal(rng, B, 7, C)
    X[0, 2], X[1, 4] = 5, 6
    return {"X": X, "G": normal(rng, B, 3, C), "k": 3, "stride": 2}


def tied_maxima(rng):
    """A pool of an activation like ReLU's, where whole windows are 0."""
    given = max_pool_inputs(rng)
    return given | {"X": np.maximum(np.round(given["X"]), 0)}


inputs = {"ordinary": max_pool_inputs, "ties": tied_maxima}


def max_pool_backward(X, G, k, stride):
    dX = np.zeros_like(X)
    b, c = np.ogrid[: X.shape[0], : X.shape[2]]
    for t in range(G.shape[1]):
        start = t * stride
        #: no-overlap: start = min(t * k, X.shape[1] - k)
        winner = X[:, start : start + k].argmax(axis=1)
        #: ties: window = X[:, start : start + k]
        #: last: winner = k - 1 - X[:, start : start + k][:, ::-1].argmax(axis=1)
        #: one-winner: winner = X[:, start : start + k].sum(axis=2, keepdims=True).argmax(axis=1)
        dX[b, start + winner, c] += G[:, t]
        #: overwrite: dX[b, start + winner, c] = G[:, t]
        #: no-start: dX[b, winner, c] += G[:, t]
        #: everywhere: dX[:, start : start + k] += G[:, t : t + 1]
        #: shared: dX[:, start : start + k] += G[:, t : t + 1] / k
        #: ties: dX[:, start : start + k] += (window == window.max(axis=1, keepdims=True)) * G[:, t : t + 1]
    return dX


hints = r"""
Which entries of X move a maximum, when they move a little? With which slope?
Only the largest of each window does, with slope 1. It may be the largest of the next window too.
For each t: argmax along axis 1 of the window, plus the window's start, says where. Add G[:, t] there, feature by
    feature.
"""

slips = r"""
overwrite: = where += belongs: an entry that wins in two windows keeps one of its gradients
    Where windows overlap, an entry can be used twice, and slopes of uses add.
    "An entry is the largest of two windows. What is its gradient?"
no-start: argmax counts from the window's start, and is used as a position in X
    Position = start of the window + position in it.
    "Where in X is entry 0 of your second window?"
no-overlap: the windows are taken to lie side by side: k for the stride
    They are `stride` apart, which may be less than k.
    "Where does your second window start?"
everywhere: every entry of the window gets the gradient
    An entry that is not the largest can move a little, and the maximum stays.
    "Move an entry that is not the largest. What happens to Y?"
shared: the gradient is spread over the window: this is average-pooling
    The mean moves with every entry, the maximum with one.
    "Move an entry that is not the largest. What happens to Y?"
ties: at a tie every largest entry gets the whole gradient
    The slopes handed out must add up to 1: here the first takes it all. After a ReLU ties are common.
    "A window of k zeros. What do the gradients of its entries sum to?"
last: at a tie the last of the largest entries gets the gradient
    Any of them would be a subgradient. The prompt, like PyTorch, takes the first.
    "A window of k zeros. Which entry gets the gradient?"
one-winner: one winner for all features, where each feature has its own
    The maximum is taken feature by feature, so different positions win.
    "Do all features have their largest entry at the same position?"
"""
