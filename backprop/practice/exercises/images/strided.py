r"""A convolution with a stride, backward

$Y_t=\sum_jX_{st+j}W_j$ with the stride $s$: $X$ $(B,T,n)$, $W$ $(k,n,m)$, no padding; $Y$ has as many steps as fit. `G`
is $\partial\mathcal L/\partial Y$. Return $\partial\mathcal L/\partial X$ and $\partial\mathcal L/\partial W$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "images#strided"
level, minutes = "interview", 6


def strided_inputs(rng):
    B, n, m, steps = (int(size) for size in rng.permutation([2, 3, 4, 5]))
    k, stride = 3, 2
    return {
        "X": normal(rng, B, (steps - 1) * stride + k + 1, n),
        "W": normal(rng, k, n, m),
        "G": normal(rng, B, steps, m),
        "stride": stride,
    }


inputs = {"ordinary": strided_inputs}


def strided_backward(X, W, G, stride):
    dX, dW = np.zeros_like(X), np.zeros_like(W)
    k, steps = len(W), G.shape[1]
    for t in range(steps):
        start = stride * t
        #: no-stride: start = t
        window = X[:, start : start + k]
        dW += np.einsum("bkn,bm->knm", window, G[:, t])
        #: overwrite-dW: dW = np.einsum("bkn,bm->knm", window, G[:, t])
        dX[:, start : start + k] += np.einsum("knm,bm->bkn", W, G[:, t])
        #: overwrite: dX[:, start : start + k] = np.einsum("knm,bm->bkn", W, G[:, t])
        #: flipped: dX[:, start : start + k] += np.einsum("knm,bm->bkn", W[::-1], G[:, t])
    return dX, dW


hints = r"""
Take one t alone: which window of X did it see?
X[:, st : st + k]. What does its gradient do to W, and where does it go back to?
dW += windowᵀ G_t, and to that window of dX G_t W_jᵀ is added; windows overlap where s is below k.
"""

slips = r"""
no-stride: the window starts at t, not at s t
    Forward skipped: output t saw what begins at s t.
    "Which entries of X did the second output see?"
overwrite: = where += belongs: where windows overlap, the last gradient is left
    An entry of X may be seen by several outputs, and slopes of uses add.
    "How many outputs does the third entry of X reach?"
overwrite-dW: = where += belongs: only the last output trains W
    W is used at every output.
    "How often is W used?"
flipped: the kernel is flipped, though the windows are not
    Going back window by window, W_j returns to where it was.
    "Which entry of the window did W_0 see?"
"""
