r"""BatchNorm in evaluation

For BatchNorm in evaluation return $Y$, and $\partial\mathcal L/\partial X$ for `G` $=\partial\mathcal L/\partial Y$, in
rows.
"""

import numpy as np

from backprop.practice.exercises.make import rows_with

where = "depth#normalization"
level, minutes = "apply", 3
batch = ("X", 0)


def eval_inputs(rng):
    return rows_with(rng, "gamma", "beta", "running_mean", "running_var", "G") | {"eps": rng.uniform(0.1, 0.5)}


inputs = {"ordinary": eval_inputs}


def batchnorm_eval(X, gamma, beta, running_mean, running_var, G, eps):
    s = np.sqrt(running_var + eps)
    #: batch-variance: s = np.sqrt(X.var(axis=0) + eps)
    #: no-root: s = (running_var + eps)
    #: no-eps: s = np.sqrt(running_var)
    x_hat = (X - running_mean) / s
    #: batch-mean: x_hat = (X - X.mean(axis=0)) / s
    Y = gamma * x_hat + beta
    #: no-beta: Y = gamma * x_hat
    dX = G * gamma / s
    #: training-backward: dX = (G * gamma - (G * gamma).mean(axis=0) - x_hat * (G * gamma * x_hat).mean(axis=0)) / s
    #: no-gamma: dX = G / s
    #: not-divided: dX = G * gamma
    return Y, dX


hints = r"""
In evaluation nothing is computed from the batch.
μ and s are constants then. What is left of the backward pass?
x̂ = (X − running_mean)/√(running_var + ε), Y = γ x̂ + β, ∂𝓛/∂X = G ⊙ γ / s.
"""

slips = r"""
batch-mean: the batch's mean is subtracted, not the running one
    In evaluation a sample's output must not depend on the other samples.
    "Would the output for one sample change if another sample changed?"
batch-variance: the batch's variance is used, not the running one
    In evaluation a sample's output must not depend on the other samples.
    "Would the output for one sample change if another sample changed?"
no-root: the root is missing: X is divided by the variance
    What is kept is the variance, and the division is by the standard deviation.
    "Is that a variance or a standard deviation?"
no-eps: ε is missing
    Evaluation uses the same s as training, with ε under the root.
    "What if a feature was constant in training?"
training-backward: ∂𝓛/∂X has the training's terms through μ and s
    The running averages don't depend on X, so nothing flows through them.
    "Which of these quantities depends on X in evaluation?"
no-gamma: γ is missing in ∂𝓛/∂X
    Y = γ x̂ + β, so γ is a factor of the slope.
    "How does a change of x̂ reach Y?"
not-divided: the division by s is missing in ∂𝓛/∂X
    x̂ is X − μ divided by s, so the slope has this factor too.
    "How does a change of X reach x̂?"
no-beta: β is missing
    γ and β are applied in evaluation as in training.
    "Which parameters does the layer learn?"
"""
