r"""LoRA, backward

A frozen weight $W$ (in, out) with a low-rank addition: $Z=XW+s\,(XA)B$, where $A$ (in, r) and $B$ (r, out) are learned
and $s$ is a fixed number. $X$ is (samples, in). `G` is $\partial\mathcal L/\partial Z$. Return $\partial\mathcal
L/\partial X$, $\partial\mathcal L/\partial A$ and $\partial\mathcal L/\partial B$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "layers#tuning"
level, minutes = "interview", 5


def lora_inputs(rng):
    samples, n_in, n_out, r = (int(size) for size in rng.permutation(np.arange(2, 7))[:4])
    W, A, B = normal(rng, n_in, n_out), normal(rng, n_in, r), normal(rng, r, n_out)
    X, G = normal(rng, samples, n_in), normal(rng, samples, n_out)
    return {"X": X, "W": W, "A": A, "B": B, "s": rng.uniform(1.5, 3), "G": G}


inputs = {"ordinary": lora_inputs}


def lora_backward(X, W, A, B, s, G):
    H = X @ A
    dH = s * G @ B.T
    #: no-scale: dH = G @ B.T
    #: H-through-W: dH = s * G @ W.T @ A
    dX = G @ W.T + dH @ A.T
    #: frozen-blocks: dX = dH @ A.T
    #: only-W: dX = G @ W.T
    dA = X.T @ dH
    dB = s * H.T @ G
    #: no-scale: dB = H.T @ G
    return dX, dA, dB


hints = r"""
Name what stands between: H = XA. Two linear layers in a row, and beside them a third one that is frozen.
Frozen means that ∂𝓛/∂W isn't asked for. What arrives at X comes through W all the same.
∂𝓛/∂B = s HᵀG, ∂𝓛/∂H = s GBᵀ, ∂𝓛/∂A = Xᵀ ∂𝓛/∂H. X has two ways: GWᵀ + ∂𝓛/∂H Aᵀ.
"""

slips = r"""
no-scale: the scale s is missing
    Z holds s times the low-rank product, so each gradient that passes it has the factor s.
    "Double s. What happens to your gradients of A and B?"
frozen-blocks: the frozen weight passes nothing back: G Wᵀ is missing in ∂𝓛/∂X
    Frozen means that W isn't updated. The layers below still get their gradient through it.
    "What do the layers below a frozen layer receive?"
only-W: what comes back through A and B is missing in ∂𝓛/∂X
    X is used twice, so two gradients add.
    "How often does X occur in the forward pass?"
H-through-W: ∂𝓛/∂H goes through W, not through B
    H meets only B on its way to Z.
    "Which matrix stands between H and Z?"
"""
