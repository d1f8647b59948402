r"""A convolution in one dimension, backward

$Y_t=\sum_jX_{t+j}W_j+b$: $X$ $(B,T,n)$, $W$ $(k,n,m)$, and $Y$ $(B,T-k+1,m)$; no padding. `G` is $\partial\mathcal
L/\partial Y$. Return $\partial\mathcal L/\partial X$, $\partial\mathcal L/\partial W$ and $\partial\mathcal L/\partial
b$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "layers#convolution"
level, minutes = "interview", 10


def conv_inputs(rng):
    B, n, m, T = (int(size) for size in rng.permutation([2, 4, 5, 6]))
    return {"X": normal(rng, B, T + 2, n), "W": normal(rng, 3, n, m), "G": normal(rng, B, T, m)}


inputs = {"ordinary": conv_inputs}


def conv_backward(X, W, G):
    dX, dW = np.zeros_like(X), np.zeros_like(W)
    k, steps = len(W), G.shape[1]
    for j in range(k):
        seen = X[:, j : j + steps]
        #: not-shifted-dW: seen = X[:, :steps]
        dW[j] = np.einsum("btn,btm->nm", seen, G)
        #: dW-flipped: dW[k - 1 - j] = np.einsum("btn,btm->nm", seen, G)
        #: mean-dW: dW[j] = np.einsum("btn,btm->nm", seen, G) / steps
        dX[:, j : j + steps] += G @ W[j].T
        #: overwrite: dX[:, j : j + steps] = G @ W[j].T
        #: not-shifted-dX: dX[:, :steps] += G @ W[j].T
        #: kernel-flipped: dX[:, j : j + steps] += G @ W[k - 1 - j].T
        #: transpose: dX[:, j : j + steps] += G @ W[j]
    db = G.sum(axis=(0, 1))
    #: db-batch: db = G.sum(axis=0)
    #: db-mean: db = G.sum(axis=0).mean(axis=0)
    return dX, dW, db


hints = r"""
Take one j alone: X shifted by j, times W_j, is a linear layer. A convolution is the sum of k of them.
For each j: which part of X did W_j see, and where does its gradient go back to?
It saw X[:, j : j + T − k + 1]. There dW_j = Σ Xᵀ G, and to there G W_jᵀ is added, as the parts overlap.
"""

slips = r"""
overwrite: = where += belongs: where windows overlap, only the last gradient is left
    An entry of X is used by up to k outputs, and slopes of uses add.
    "How many outputs does an entry in the middle of X reach?"
not-shifted-dW: ∂𝓛/∂W_j meets X unshifted
    W_j multiplies X at t + j.
    "What does W_j multiply in the forward pass?"
not-shifted-dX: the gradient goes back to X unshifted
    W_j saw X at t + j, so that is where its gradient returns to.
    "Which entry of X does the last W_j of the first output see?"
kernel-flipped: the kernel is flipped, though the windows are not
    Written as a correlation over a padded G the kernel is flipped. Shifting dX by j has done that already.
    "With which W_j did this entry of X reach that output?"
dW-flipped: ∂𝓛/∂W has its steps in the opposite order
    Frameworks don't flip the kernel forward: W_j belongs to X at t + j, in both passes.
    "Which part of X belongs to W_0?"
transpose: W_j is not transposed in ∂𝓛/∂X
    Forward W_j takes n features to m; back, m slopes must become n.
mean-dW: ∂𝓛/∂W is averaged over the positions
    The same W_j serves every position, so their slopes add.
    "How often is W_j used in one sample?"
db-batch: ∂𝓛/∂b is not summed over the positions
    b was broadcast along samples and positions.
    "What shape does b have, and what shape does its gradient have?"
db-mean: ∂𝓛/∂b is averaged over the positions
    The same b serves every position, so their slopes add.
    "How often is b used in one sample?"
"""
