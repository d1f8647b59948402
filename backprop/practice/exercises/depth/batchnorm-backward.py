r"""BatchNorm in training, backward

The same for BatchNorm in training: return $\partial\mathcal L/\partial X$, $\partial\mathcal L/\partial\gamma$ and
$\partial\mathcal L/\partial\beta$, in rows.
"""

import numpy as np

from backprop.practice.exercises.make import norm_backward_inputs

where = "depth#normalization"
level, minutes = "interview", 6
batch = ("X", 0)
inputs = {"ordinary": norm_backward_inputs}


def mean(A):
    return A.mean(axis=0, keepdims=True)
    #: feature-axis: return A.mean(axis=1, keepdims=True)


def batchnorm_backward(X, gamma, G, eps):
    s = np.sqrt(mean((X - mean(X)) ** 2) + eps)
    #: no-eps: s = np.sqrt(mean((X - mean(X)) ** 2))
    x_hat = (X - mean(X)) / s
    g = G * gamma
    #: no-gamma: g = G
    through_mu = mean(g)
    #: sum-for-mean: through_mu = g.sum(axis=0, keepdims=True)
    through_s = x_hat * mean(g * x_hat)
    #: no-x-hat: through_s = mean(g * x_hat)
    dX = (g - through_mu - through_s) / s
    #: mu-constant: dX = (g - through_s) / s
    #: s-constant: dX = (g - through_mu) / s
    #: not-divided: dX = (g - through_mu - through_s)
    dgamma = (G * x_hat).sum(axis=0)
    #: dgamma-x: dgamma = (G * X).sum(axis=0)
    #: dgamma-mean: dgamma = (G * x_hat).mean(axis=0)
    dbeta = G.sum(axis=0)
    #: dbeta-g: dbeta = g.sum(axis=0)
    return dX, dgamma, dbeta


hints = r"""
Only one thing differs from LayerNorm: which entries share a mean.
Each feature is normalized over the batch, so all means run over the samples, in backward too.
With g = G ⊙ γ: ∂𝓛/∂X = (g − mean g − x̂ ⊙ mean(g ⊙ x̂)) / s, means over axis 0. ∂𝓛/∂γ = Σ G ⊙ x̂ and ∂𝓛/∂β = Σ G, over
    the samples.
"""

slips = r"""
feature-axis: means are taken over the features: this is LayerNorm
    BatchNorm normalizes each feature over the batch.
    "Which entries share a mean here?"
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
