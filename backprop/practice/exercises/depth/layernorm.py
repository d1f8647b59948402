r"""LayerNorm, forward

Return $Y=\gamma\odot\hat x+\beta$ of LayerNorm for `X` (samples, features), with $s=\sqrt{\sigma^2+\varepsilon}$.
"""

import numpy as np

from backprop.practice.exercises.make import rows_with

where = "depth#normalization"
level, minutes = "recall", 2
batch = ("X", 0)


def norm_inputs(rng):
    return rows_with(rng, "gamma", "beta") | {"eps": rng.uniform(0.1, 0.5)}


inputs = {"ordinary": norm_inputs}


def layernorm(X, gamma, beta, eps):
    centered = X - X.mean(axis=-1, keepdims=True)
    #: batch-axis: centered = X - X.mean(axis=0, keepdims=True)
    #: no-keepdims: centered = X - X.mean(axis=-1)
    #: not-centered: centered = 1 * X
    variance = (centered**2).mean(axis=-1, keepdims=True)
    #: batch-axis: variance = (centered**2).mean(axis=0, keepdims=True)
    #: unbiased: variance = (centered**2).sum(axis=-1, keepdims=True) / (X.shape[-1] - 1)
    s = np.sqrt(variance + eps)
    #: no-root: s = (variance + eps)
    #: eps-outside: s = (np.sqrt(variance) + eps)
    #: no-eps: s = np.sqrt(variance)
    Y = gamma * centered / s + beta
    #: no-gamma: Y = centered / s + beta
    #: no-beta: Y = gamma * centered / s
    return Y


hints = r"""
Each sample by itself. In rows, along which axis does a sample lie?
Mean and variance over the features, kept as a column so that they broadcast.
Y = γ (X − μ)/√(σ² + ε) + β, with μ and σ² over the last axis.
"""

slips = r"""
batch-axis: mean and variance are taken over the batch: this is BatchNorm
    LayerNorm treats each sample by itself, over its features.
    "Would the output for one sample change if another sample changed?"
no-keepdims: the mean is not kept as a column, and does not broadcast
    A mean of shape (B,) is matched with the features. It takes (B, 1).
    "What is the shape of your mean, and how does it broadcast?"
not-centered: the mean is not subtracted
    That is close to RMSNorm, which leaves the mean out on purpose. LayerNorm centers first.
    "What is the mean of a sample after your normalization?"
no-root: the root is missing: X is divided by the variance
    The result should have variance 1, so it is divided by the standard deviation.
    "What variance has your result?"
eps-outside: ε stands outside the root
    Here it is added to the variance. Outside, the same number acts much less.
    "Where does ε stand, and how large is its effect there?"
no-eps: ε is missing
    A sample whose features are all equal has variance 0, and 0/0 is NaN.
    "What if all features of a sample are equal?"
unbiased: the variance divides by n − 1
    LayerNorm uses the plain mean of the squares, which divides by n.
    "Do you estimate a variance from a sample here, or normalize these very numbers?"
no-gamma: γ is missing
    γ and β let the network choose another scale and shift.
    "Which parameters does the layer learn?"
no-beta: β is missing
    γ and β let the network choose another scale and shift.
    "Which parameters does the layer learn?"
"""
