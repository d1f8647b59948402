r"""LayerNorm, backward

`X` and `G` $=\partial\mathcal L/\partial Y$ are (samples, features). Return $\partial\mathcal L/\partial X$,
$\partial\mathcal L/\partial\gamma$ and $\partial\mathcal L/\partial\beta$ of LayerNorm.
"""

import numpy as np

from backprop.practice.exercises.make import norm_backward_inputs

where = "depth#normalization"
level, minutes = "interview", 8
batch = ("X", 0)
inputs = {"ordinary": norm_backward_inputs}


def mean(A):
    return A.mean(axis=1, keepdims=True)
    #: batch-axis: return A.mean(axis=0, keepdims=True)


def layernorm_backward(X, gamma, G, eps):
    s = np.sqrt(mean((X - mean(X)) ** 2) + eps)
    #: no-eps: s = np.sqrt(mean((X - mean(X)) ** 2))
    x_hat = (X - mean(X)) / s
    g = G * gamma
    #: no-gamma: g = G
    #: gamma-late: g = G
    through_mu = mean(g)
    #: sum-for-mean: through_mu = g.sum(axis=1, keepdims=True)
    through_s = x_hat * mean(g * x_hat)
    #: no-x-hat: through_s = mean(g * x_hat)
    dX = (g - through_mu - through_s) / s
    #: mu-constant: dX = (g - through_s) / s
    #: s-constant: dX = (g - through_mu) / s
    #: gamma-late: dX = gamma * (g - through_mu - through_s) / s
    #: not-divided: dX = (g - through_mu - through_s)
    dgamma = (G * x_hat).sum(axis=0)
    #: dgamma-x: dgamma = (G * X).sum(axis=0)
    #: dgamma-mean: dgamma = (G * x_hat).mean(axis=0)
    dbeta = G.sum(axis=0)
    #: dbeta-g: dbeta = g.sum(axis=0)
    return dX, dgamma, dbeta


hints = r"""
Compute x̂ and s again. From Y back to x̂ it is one factor. γ and β are shared by all samples.
One entry of X reaches the loss directly, through μ and through s: three terms, all divided by s.
With g = G ⊙ γ: ∂𝓛/∂X = (g − mean g − x̂ ⊙ mean(g ⊙ x̂)) / s, means over the features. ∂𝓛/∂γ = Σ G ⊙ x̂ and ∂𝓛/∂β = Σ G,
    over the samples.
"""

slips = r"""
gamma-late: γ is multiplied in after the means
    γ differs along the axis of the means, so it can't be taken out of them: first g = G ⊙ γ, then the means.
    "Is the mean of γ times G the same as γ times the mean of G?"
batch-axis: means are taken over the batch: this is BatchNorm
    LayerNorm treats each sample by itself, so its means run over the features.
    "Does the gradient of one sample depend on the other samples here?"
mu-constant
s-constant
no-x-hat
sum-for-mean: the sum of g is taken where its mean is due
    ∂μ/∂x_k = 1/m, and this m divides the sum.
    "By how much does the mean move when one entry moves by 1?"
not-divided: the division by s is missing in ∂𝓛/∂X
    x̂ is X − μ divided by s, so the slope has this factor too.
    "If X is a hundred times larger, how large is its gradient?"
no-gamma
no-eps: ε is missing in s
    Backward must use the same s as the forward pass.
    "Is your s the one that the forward pass divided by?"
dgamma-x: ∂𝓛/∂γ takes X where x̂ is due
    γ multiplies x̂, so that is its slope.
    "What does γ multiply in the forward pass?"
dgamma-mean: ∂𝓛/∂γ is averaged over the batch, not summed
    G holds the 1/B already. A parameter that all samples share gets the sum.
    "Where is the 1/B of the loss: in G, or still to come?"
dbeta-g: ∂𝓛/∂β has a factor γ
    β is added after γ, so its slope is 1.
    "Y = γ x̂ + β: what is its derivative with respect to β?"
"""
