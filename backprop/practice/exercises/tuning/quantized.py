r"""An adapter beside a weight in four bits

The frozen weight is kept as whole numbers `codes` (in, out) with one scale for each row, `scales` (in, 1): its value is
$W=\text{scales}\odot\text{codes}$. Beside it stand $A$ (in, r) and $B$ (r, out): $Z=XW+s\,(XA)B$, with `X` (samples,
in). `G` is $\partial\mathcal L/\partial Z$. Return $\partial\mathcal L/\partial X$, $\partial\mathcal L/\partial A$ and
$\partial\mathcal L/\partial B$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "tuning#quantized"
level, minutes = "interview", 6


def quantized_inputs(rng):
    samples, n, m, r = (int(size) for size in rng.permutation(np.arange(2, 7))[:4])
    codes, scales = rng.integers(-7, 8, (n, m)), rng.uniform(0.05, 0.4, (n, 1))
    given = {"X": normal(rng, samples, n), "codes": codes, "scales": scales, "A": normal(rng, n, r)}
    return given | {"B": normal(rng, r, m), "s": rng.uniform(1.5, 3), "G": normal(rng, samples, m)}


inputs = {"ordinary": quantized_inputs}


def quantized_backward(X, codes, scales, A, B, s, G):
    W = scales * codes
    #: no-scales: W = codes
    dH = s * G @ B.T
    #: no-scale: dH = G @ B.T
    dX = G @ W.T + dH @ A.T
    #: frozen-blocks: dX = dH @ A.T
    #: only-W: dX = G @ W.T
    dA = X.T @ dH
    dB = s * (X @ A).T @ G
    #: no-scale: dB = (X @ A).T @ G
    #: merged: dB = s * (X @ A).T @ (G + X @ W)
    return dX, dA, dB


hints = r"""
Which value does the forward pass multiply X with? The backward pass takes the same one.
Nothing is asked for codes and scales: they are frozen. What comes back to X still passes them.
W = scales ⊙ codes; dX = GWᵀ + s GBᵀAᵀ, dA = Xᵀ(s GBᵀ), dB = s (XA)ᵀG.
"""

slips = r"""
no-scales: the codes are taken for the weight
    A code is a whole number from −7 to 7; the weight is that times its scale.
    "Which matrix did the forward pass multiply with?"
frozen-blocks: the frozen weight passes nothing back
    Frozen means that it isn't updated. The layers below get their gradient through its value.
    "What do the layers below a frozen layer receive?"
only-W: what comes back through A and B is missing in ∂𝓛/∂X
    X is used twice, so two gradients are added.
    "How often does X occur in the forward pass?"
no-scale: the factor s is missing
    Z holds s times the low-rank product, so each gradient that passes it has the factor s.
    "Double s. What happens to your gradients of A and B?"
merged: the frozen layer's output is mixed into ∂𝓛/∂B
    B sees G, and nothing of what W computes.
    "Which arrays touch B in the forward pass?"
"""
