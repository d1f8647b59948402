r"""From patches back to the sequence

For a convolution as one matrix product, each window was copied into a row: `patches[:, t] = X[:, t : t + k].reshape(B,
k * C)` for $X$ $(B,T,C)$, at every $t$. `D` $(B,T-k+1,kC)$ is the gradient of the patches. Return $\partial\mathcal
L/\partial X$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "layers#convolution"
level, minutes = "interview", 5


def patches_inputs(rng):
    B, C, T = (int(size) for size in rng.permutation([2, 4, 5, 6])[:3])
    return {"D": normal(rng, B, T, 3 * C), "k": 3}


inputs = {"ordinary": patches_inputs}


def col2im(D, k):
    B, steps, width = D.shape
    d_patches = D.reshape(B, steps, k, width // k)
    #: features-first: d_patches = D.reshape(B, steps, width // k, k).swapaxes(2, 3)
    dX = np.zeros((B, steps + k - 1, width // k))
    for j in range(k):
        dX[:, j : j + steps] += d_patches[:, :, j]
        #: overwrite: dX[:, j : j + steps] = d_patches[:, :, j]
        #: reversed: dX[:, j : j + steps] += d_patches[:, :, k - 1 - j]
        #: not-shifted: dX[:, :steps] += d_patches[:, :, j]
    return dX
    #: averaged: return dX / np.convolve(np.ones(steps), np.ones(k))[:, None]
    #: side-by-side: return d_patches.reshape(B, steps * k, -1)


hints = r"""
The forward pass only copies. How often is each entry of X copied?
Undo the reshape: (B, steps, k, C). Entry j of patch t came from X at which position?
At t + j. So for each j, d_patches[:, :, j] is added to dX[:, j : j + steps].
"""

slips = r"""
overwrite: = where += belongs: only the last copy of each entry counts
    An entry that was copied into k patches gets the sum of their gradients.
    "How often was an entry in the middle of X copied?"
averaged: the copies are averaged, not added
    Averaging undoes the copying. The backward pass is the transpose of copying, which adds.
    "x is copied twice, and each copy has slope 1. What is the slope of x?"
features-first: the rows are read feature by feature, not step by step
    (k, C) was flattened, so the C features of one step lie side by side.
    "Which k and which feature does entry 1 of a row belong to?"
reversed: the steps of a patch are read in the opposite order
    Entry j of patch t is X at t + j.
    "Which entry of X is the first in patch 0?"
side-by-side: the patches are laid side by side, as if they did not overlap
    Neighboring patches share k − 1 steps of X.
    "How long was X, and how long is its gradient?"
not-shifted: every step of a patch goes back to the patch's start
    Entry j of patch t is X at t + j.
    "What is the gradient of the last entry of X?"
"""
