r"""SwiGLU, backward

$a=XW_g$, $b=XW_u$, $h=\operatorname{silu}(a)\odot b$ with $\operatorname{silu}(a)=a\,\sigma(a)$, and $Y=hW_d$. `X` is
(samples, n), `W_g` and `W_u` (n, m), `W_d` (m, out). `G` is $\partial\mathcal L/\partial Y$. Return $\partial\mathcal
L/\partial X$, $\partial\mathcal L/\partial W_g$, $\partial\mathcal L/\partial W_u$ and $\partial\mathcal L/\partial
W_d$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "transformers#swiglu"
level, minutes = "interview", 7


def gated_inputs(rng):
    samples, n, m, out = (int(size) for size in rng.permutation(np.arange(2, 7))[:4])
    W_g, W_u, W_d = normal(rng, n, m), normal(rng, n, m), normal(rng, m, out)
    return {"X": normal(rng, samples, n), "W_g": W_g, "W_u": W_u, "W_d": W_d, "G": normal(rng, samples, out)}


inputs = {"ordinary": gated_inputs}


def swiglu_backward(X, W_g, W_u, W_d, G):
    a = X @ W_g
    b = X @ W_u
    s = 1 / (1 + np.exp(-a))
    dh = G @ W_d.T
    dW_d = (a * s * b).T @ G
    da = dh * b * s * (1 + a * (1 - s))
    #: no-other-branch: da = dh * s * (1 + a * (1 - s))
    #: sigmoid-slope: da = dh * b * s * (1 - s)
    #: half-product: da = dh * b * s
    db = dh * a * s
    #: no-gate: db = dh
    #: gate-sigmoid: db = dh * s
    dW_g = X.T @ da
    dW_u = X.T @ db
    dX = da @ W_g.T + db @ W_u.T
    #: only-gate: dX = da @ W_g.T
    #: only-up: dX = db @ W_u.T
    return dX, dW_g, dW_u, dW_d


hints = r"""
Three linear layers and one product of two arrays. Name what stands between: a, b and h. What is ∂𝓛/∂h?
h is a product: each factor's slope is the other factor. silu(a) = a σ(a) is a product as well.
da = dh ⊙ b ⊙ σ(1 + a(1 − σ)) and db = dh ⊙ silu(a). X is used twice, so its two gradients are added.
"""

slips = r"""
no-other-branch: the gate's gradient lacks the factor b
    h = silu(a) ⊙ b: the slope with respect to silu(a) is b.
    "If b is 0 somewhere, what does the gate do there?"
sigmoid-slope: silu's slope is taken for the sigmoid's
    silu(a) = a σ(a): the product rule gives σ + a σ(1 − σ).
    "What is the slope of silu at a = 0? What is yours?"
half-product: silu's slope lacks its second half
    The a in front has the slope σ; the σ itself moves with a too.
    "Differentiate a times σ(a) aloud."
no-gate: ∂𝓛/∂b lacks the gate
    h = silu(a) ⊙ b: the slope with respect to b is silu(a).
    "The gate is closed, silu(a) = 0. Should b still learn?"
gate-sigmoid: the gate is taken as σ(a), not as a σ(a)
    That is the older GLU. In SwiGLU the gate is silu.
    "What multiplies b in your forward pass?"
only-gate: what comes back through b is missing in ∂𝓛/∂X
    X is used twice, so two gradients are added.
    "How often does X occur in the forward pass?"
only-up: what comes back through the gate is missing in ∂𝓛/∂X
    X is used twice, so two gradients are added.
    "How often does X occur in the forward pass?"
"""
