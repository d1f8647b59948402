r"""A transposed convolution, forward

The transpose of a convolution with stride $s$: each step of $X$ $(B,T,m)$ lays the kernel $W$ $(k,n,m)$, times itself,
onto $Y$ at its place, and what overlaps adds up: step $t$ reaches $Y_{st+j}$ by $X_tW_j^{\mathsf T}$. Return $Y$ with
the length that just holds all of it.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "images#strided"
level, minutes = "apply", 5


def transposed_inputs(rng):
    B, n, m, T = (int(size) for size in rng.permutation([2, 3, 4, 5]))
    return {"X": normal(rng, B, T, m), "W": normal(rng, 3, n, m), "stride": 2}


inputs = {"ordinary": transposed_inputs}


def transposed_convolution(X, W, stride):
    B, T, _ = X.shape
    k, n, _ = W.shape
    Y = np.zeros((B, (T - 1) * stride + k, n))
    #: too-long: Y = np.zeros((B, T * stride + k, n))
    for t in range(T):
        for j in range(k):
            Y[:, stride * t + j] += X[:, t] @ W[j].T
            #: overwrite: Y[:, stride * t + j] = X[:, t] @ W[j].T
            #: flipped: Y[:, stride * t + j] += X[:, t] @ W[k - 1 - j].T
            #: no-stride: Y[:, t + j] += X[:, t] @ W[j].T
    return Y


hints = r"""
Where does the last step of X put the last entry of the kernel?
At s(T − 1) + k − 1, so Y has s(T − 1) + k steps.
For all t and j: Y[:, s t + j] += X[:, t] @ W[j].T.
"""

slips = r"""
overwrite: = where += belongs: what overlaps is lost
    Where kernels overlap their parts add: an uneven number of them is where checkerboards come from.
    "Which steps of X reach the third step of Y?"
flipped: the kernel is laid down backward
    Entry j of the kernel goes to place j.
    "Where does X's first step put the kernel's first entry?"
no-stride: every step of X is laid down one further, not s further
    The stride spreads the steps of X out.
    "Where does X's second step begin?"
too-long: Y is longer than what is laid down
    The last step begins at s(T − 1), and is k long.
    "Where does X's last step put the kernel's last entry?"
"""
