r"""RMSNorm, backward

RMSNorm centers nothing: $Y=\gamma\odot X/r$ with $r=\sqrt{\operatorname{mean}(X^2)+\varepsilon}$ over the last axis of
$X$ $(B,T,n)$. `G` is $\partial\mathcal L/\partial Y$. Return $\partial\mathcal L/\partial X$ and $\partial\mathcal
L/\partial\gamma$.
"""

import numpy as np

from backprop.practice.exercises.make import away_from_zero, normal

where = "layers#layernorm"
level, minutes = "interview", 6


def rmsnorm_inputs(rng):
    B, T, n = (int(size) for size in rng.permutation(np.arange(3, 8))[:3])
    gamma, G = away_from_zero(rng, n), normal(rng, B, T, n)
    return {"X": 1 + 2 * normal(rng, B, T, n), "gamma": gamma, "G": G, "eps": rng.uniform(0.2, 0.6)}


inputs = {"ordinary": rmsnorm_inputs}


def rmsnorm_backward(X, gamma, G, eps):
    r = np.sqrt((X**2).mean(axis=-1, keepdims=True) + eps)
    #: centered: r = np.sqrt(X.var(axis=-1, keepdims=True) + eps)
    x_hat = X / r
    g = G * gamma
    #: no-gamma: g = G
    through_r = x_hat * (g * x_hat).mean(axis=-1, keepdims=True)
    #: no-x-hat: through_r = (g * x_hat).mean(axis=-1, keepdims=True)
    #: X-for-x-hat: through_r = x_hat * (g * X).mean(axis=-1, keepdims=True)
    #: sum: through_r = x_hat * (g * x_hat).sum(axis=-1, keepdims=True)
    dX = (g - through_r) / r
    #: layernorm: dX = (g - g.mean(axis=-1, keepdims=True) - through_r) / r
    #: r-constant: dX = g / r
    #: not-divided: dX = (g - through_r)
    dgamma = (G * x_hat).sum(axis=(0, 1))
    #: first-axis: dgamma = (G * x_hat).sum(axis=0)
    #: dgamma-X: dgamma = (G * X).sum(axis=(0, 1))
    return dX, dgamma


hints = r"""
It is LayerNorm without μ. On how many ways does an entry of X reach the loss now?
Directly, by 1/r, and through r. What is ∂r/∂x_k?
∂r/∂x_k = x̂_k / n. So dX = (g − x̂ ⊙ mean(g ⊙ x̂)) / r with g = G ⊙ γ, and dγ sums G ⊙ x̂ over the axes 0 and 1.
"""

slips = r"""
layernorm: the mean of g is subtracted: this is LayerNorm's term
    It is what flows back through μ, and RMSNorm has no μ.
    "Which statistic of X does each of your terms come from?"
centered: r is taken from the variance: X was centered
    RMSNorm divides by the root of the mean square, and leaves the mean where it is.
    "What does RMSNorm leave out, compared with LayerNorm?"
r-constant: r is held constant
    Each entry moves r too, and so every other x̂ of its sample.
    "Along which ways does one entry of X reach the loss?"
no-gamma
    ∂𝓛/∂x̂ = G ⊙ γ.
no-x-hat: the factor x̂ is missing in what flows through r
    ∂r/∂x_k = x̂_k / n: a large entry moves r the most.
    "How much does an entry that is 0 change r?"
X-for-x-hat: X stands where x̂ belongs in the mean
    Both factors are x̂: r has been divided out of each.
    "Multiply X by 10. By how much should each of your two terms change?"
sum: a sum stands where a mean belongs: the 1/n of ∂r/∂x is missing
    r holds the mean of the squares, so one entry moves it by x̂/n.
    "By how much does r move when one entry moves by 1?"
not-divided: the division by r is missing in ∂𝓛/∂X
    x̂ is X divided by r, so the slope has this factor too.
    "If X is a hundred times larger, how large is its gradient?"
first-axis: ∂𝓛/∂γ is summed over the first axis only
    γ serves every position of every sample, so both leading axes are summed away.
    "What shape does γ have, and what shape does its gradient have?"
dgamma-X: ∂𝓛/∂γ takes X where x̂ is due
    γ multiplies x̂, so that is its slope.
    "What does γ multiply in the forward pass?"
"""
