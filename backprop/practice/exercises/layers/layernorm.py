r"""LayerNorm from its output

To save memory this LayerNorm threw its input away. It kept its output $Y=\gamma\odot\hat x+\beta$ $(B,T,n)$ and
$s=\sqrt{\sigma^2+\varepsilon}$ $(B,T,1)$. `G` is $\partial\mathcal L/\partial Y$. Return $\partial\mathcal L/\partial
X$, $\partial\mathcal L/\partial\gamma$ and $\partial\mathcal L/\partial\beta$.
"""

import numpy as np

from backprop.practice.exercises.make import away_from_zero, normal

where = "layers#layernorm"
level, minutes = "interview", 8


def layernorm_inputs(rng):
    """What a LayerNorm has kept that threw its input away: its output Y and its s."""
    B, T, n = (int(size) for size in rng.permutation(np.arange(3, 8))[:3])
    X, gamma, beta = 1 + 2 * normal(rng, B, T, n), away_from_zero(rng, n), normal(rng, n)
    s = np.sqrt(X.var(axis=-1, keepdims=True) + 0.2)
    Y = gamma * (X - X.mean(axis=-1, keepdims=True)) / s + beta
    return {"Y": Y, "s": s, "gamma": gamma, "beta": beta, "G": normal(rng, B, T, n)}


inputs = {"ordinary": layernorm_inputs}


def layernorm_backward(Y, s, gamma, beta, G):
    x_hat = (Y - beta) / gamma
    #: Y-for-x-hat: x_hat = Y
    #: no-beta: x_hat = Y / gamma
    g = G * gamma
    #: no-gamma: g = G
    #: gamma-outside: g = G
    through_mu = g.mean(axis=-1, keepdims=True)
    #: batch-axis: through_mu = g.mean(axis=0, keepdims=True)
    #: batch-means: through_mu = g.mean(axis=0, keepdims=True)
    through_s = x_hat * (g * x_hat).mean(axis=-1, keepdims=True)
    #: batch-means: through_s = x_hat * (g * x_hat).mean(axis=0, keepdims=True)
    #: unbiased: through_s = x_hat * (g * x_hat).sum(axis=-1, keepdims=True) / (Y.shape[-1] - 1)
    dX = (g - through_mu - through_s) / s
    #: gamma-outside: dX = gamma * (g - through_mu - through_s) / s
    #: s-squared: dX = (g - through_mu - through_s) / s**2
    #: mu-constant: dX = (g - through_s) / s
    #: s-constant: dX = (g - through_mu) / s
    #: not-divided: dX = (g - through_mu - through_s)
    samples = tuple(range(Y.ndim - 1))
    #: first-axis: samples = 0
    dgamma = (G * x_hat).sum(axis=samples)
    #: dgamma-Y: dgamma = (G * Y).sum(axis=samples)
    dbeta = G.sum(axis=samples)
    return dX, dgamma, dbeta


hints = r"""
Which quantities does the backward pass need? Write it down as you know it, and look where X is in it.
Only x̂ and s are. s is there, and x̂ follows from Y. γ and β are shared along both leading axes.
x̂ = (Y − β)/γ. With g = G ⊙ γ: dX = (g − mean g − x̂ ⊙ mean(g ⊙ x̂)) / s, means over the last axis. dγ and dβ sum G ⊙
    x̂ and G over the axes 0 and 1.
"""

slips = r"""
Y-for-x-hat: Y is used where x̂ belongs
    They are equal only while γ is 1 and β is 0, as at the start. A test before training would not see it.
    "What stands between x̂ and Y?"
no-beta: β is not taken off before the division
    Y = γ x̂ + β: undo the last step first.
    "What mean should x̂ have over its features?"
no-gamma
    ∂𝓛/∂x̂ = G ⊙ γ.
mu-constant
    Each entry moves the mean too, and so every other x̂ of its sample.
s-constant
    Each entry moves the standard deviation too, and so every other x̂ of its sample.
batch-axis: the mean of g runs over the batch, not over the features
    What shares a mean going forward shares one going back: the features of one position.
    "Does the gradient of one sample depend on the other samples here?"
batch-means: both means run over the batch, not over the features
    That is BatchNorm's backward pass. What shares a mean going forward, a position's features, shares one going back.
    "Does the gradient of one sample depend on the other samples here?"
unbiased: the mean of g x̂ is divided by n − 1, not by n
    LayerNorm's variance divides by n, so its slope does too.
    "By what does the variance of the forward pass divide?"
gamma-outside: γ multiplies at the end, outside the means
    γ stands between x̂ and Y, so G meets it first: the means are of g = G ⊙ γ.
    "Which step of the forward pass came last?"
s-squared: ∂𝓛/∂X is divided by s²
    x̂ is X − μ divided by s once; what moves s is in the third term already.
    "How often does s divide in the forward pass?"
not-divided: the division by s is missing in ∂𝓛/∂X
    x̂ is X − μ divided by s, so the slope has this factor too.
    "If X is a hundred times larger, how large is its gradient?"
first-axis: ∂𝓛/∂γ and ∂𝓛/∂β are summed over the first axis only
    γ and β serve every position of every sample, so both leading axes are summed away.
    "What shape does γ have, and what shape does its gradient have?"
dgamma-Y: ∂𝓛/∂γ takes Y where x̂ is due
    γ multiplies x̂, so that is its slope.
    "What does γ multiply in the forward pass?"
"""
