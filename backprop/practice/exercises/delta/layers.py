r"""Backward through L layers

In columns, for any $L$: `W` and `b` are lists padded with None, so that `W[1]` is the first layer's. tanh in the hidden
layers, a sigmoid with binary cross-entropy at the output, mean over the batch. Return two lists `dW, db`, padded in the
same way.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "delta#gaps"
level, minutes = "interview", 10
batch = ("X", 1)


def deep_inputs(rng):
    *n, B = sizes(rng, 5)
    W = [None] + [normal(rng, out, into) for into, out in zip(n, n[1:])]
    b = [None] + [normal(rng, out, 1) for out in n[1:]]
    return {"W": W, "b": b, "X": normal(rng, n[0], B), "Y": rng.uniform(size=(n[-1], B))}


def equal_widths(rng):
    """Where W^l in the place of W^{l+1} fits: only then does it differ from a missing transpose."""
    D, H, B = sizes(rng, 3)
    W = [None, normal(rng, H, D), normal(rng, H, H), normal(rng, H, H)]
    b = [None] + [normal(rng, H, 1) for _ in range(3)]
    return {"W": W, "b": b, "X": normal(rng, D, B), "Y": rng.uniform(size=(H, B))}


inputs = {"ordinary": deep_inputs, "all layers of one width": equal_widths}


def backward(W, b, X, Y):
    L, B = len(W) - 1, X.shape[1]
    a = [X]
    for l in range(1, L + 1):
        z = W[l] @ a[l - 1] + b[l]
        a.append(np.tanh(z) if l < L else 1 / (1 + np.exp(-z)))
    delta, dW, db = ([None] * (L + 1) for _ in range(3))
    delta[L] = (a[L] - Y) / B  # (B1)
    #: extra-slope: delta[L] = (a[L] - Y) / B * a[L] * (1 - a[L])  # (B1)
    #: sign: delta[L] = (Y - a[L]) / B  # (B1)
    #: no-mean: delta[L] = (a[L] - Y)  # (B1)
    for l in range(L - 1, 0, -1):
        delta[l] = W[l + 1].T @ delta[l + 1] * (1 - a[l] ** 2)  # (B2)
        #: own-weights: delta[l] = W[l].T @ delta[l + 1] * (1 - a[l] ** 2)  # (B2)
        #: transpose: delta[l] = W[l + 1] @ delta[l + 1] * (1 - a[l] ** 2)  # (B2)
        #: no-slope: delta[l] = W[l + 1].T @ delta[l + 1]  # (B2)
        #: at-a: delta[l] = W[l + 1].T @ delta[l + 1] * (1 - np.tanh(a[l]) ** 2)  # (B2)
    for l in range(1, L + 1):
        #: no-last-dW: for l in range(1, L):
        dW[l] = delta[l] @ a[l - 1].T  # (B3)
        #: own-input: dW[l] = delta[l] @ a[l].T  # (B3)
    for l in range(1, L + 1):
        db[l] = delta[l].sum(axis=1, keepdims=True)  # (B4)
        #: no-db: pass  # (B4)
        #: mean-db: db[l] = delta[l].mean(axis=1, keepdims=True)  # (B4)
    return dW, db


hints = r"""
Forward, and keep every a[l], with a[0] = X. The lists have L + 1 places, so L = len(W) − 1.
(B2) runs from L − 1 down to 1. Over which layers do (B3) and (B4) run?
delta[L] = (a[L] − Y)/B. Then delta[l] from W[l+1], delta[l+1] and 1 − a[l]². Then dW and db for all of 1..L.
"""

slips = r"""
no-last-dW: ∂𝓛/∂W^L is never computed
    (B2) stops at layer L − 1, but (B3) holds for the last layer too. The usual pseudocode has this gap.
    "How many matrices does the network have, and how many gradients do you return?"
no-db: ∂𝓛/∂b is never computed
    The biases are parameters too. Whether a network learns without them depends on the data.
    "Which parameters does the update change, and where do their gradients come from?"
extra-slope: σ' is multiplied in at the output, though it has cancelled
    For cross-entropy after a sigmoid a − y is δ already. With a (1 − a) it is that of the squared error.
    "Which loss does your output error belong to?"
sign
    The loss has a minus in front of its logarithms. All gradients inherit the sign.
    "If an output is too small, should the loss rise or fall when z grows?"
no-mean: 1/B is missing
    The loss is the mean over the batch. (B1) is where its 1/B enters, once.
    "Is the loss a sum or a mean over the batch?"
own-weights: (B2) takes W^l instead of W^{l+1}
    From z^l the way up leads through the next layer's matrix.
    "Which matrix stands between a^l and z^{l+1}?"
transpose
    Forward, W takes n numbers to m; backward, m slopes must become n.
no-slope: σ' is missing in the hidden layers
    Without it δ is the slope with respect to a. The network often still learns, so the loss won't tell.
at-a
    1 − a² is the slope at z already. tanh'(a) goes through the activation twice.
own-input: (B3) takes the layer's own activation, not its input
    W^l multiplies a^{l−1}, so this is the factor that it leaves.
    "What does W^l multiply in the forward pass?"
mean-db: ∂𝓛/∂b is averaged, though δ has its 1/B already
    One b serves all samples, so the slopes add.
    "Why is the gradient of b a sum, when the loss is a mean?"
"""
