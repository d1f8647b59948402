r"""Log-softmax, backward, from what the forward pass kept

The forward pass kept `log_p` $=\log\operatorname{softmax}(z)$, along the last axis, and nothing else. `g` is
$\partial\mathcal L/\partial\log p$. Return $\partial\mathcal L/\partial z$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "layers#softmax"
level, minutes = "apply", 4


def log_softmax_inputs(rng):
    z = normal(rng, *sizes(rng, 3))
    return {"log_p": z - np.log(np.exp(z).sum(axis=-1, keepdims=True)), "g": normal(rng, *z.shape)}


inputs = {"ordinary": log_softmax_inputs}


def log_softmax_backward(log_p, g):
    p = np.exp(log_p)
    #: log: p = log_p
    total = g.sum(axis=-1, keepdims=True)
    #: weighted: total = (p * g).sum(axis=-1, keepdims=True)
    #: axis: total = g.sum(axis=0, keepdims=True)
    dz = g - p * total
    #: softmax: dz = p * (g - (p * g).sum(axis=-1, keepdims=True))
    #: one-hot: dz = g - p
    #: no-second: dz = g
    #: no-p: dz = g - total
    #: plus: dz = g + p * total
    return dz


hints = r"""
log p_i = z_i − log Σ e^{z_k}. Differentiate each of the two terms with respect to z_j.
The first term hands g_j on. The second one is shared by all i, and its slope is p_j.
∂𝓛/∂z_j = g_j − p_j Σ g_i, with the sum along the last axis.
"""

slips = r"""
softmax: this is the backward pass of softmax, not of its logarithm
    The logarithm brings 1/p, which cancels the p in front.
    "With respect to what is your g given: p, or log p?"
one-hot: Σ g is taken for 1
    It is −1 where g comes from a cross-entropy. From above anything can come.
    "For which loss does your formula hold?"
no-second: the second term is missing: log Σ e^z is held constant
    Every logit is in the sum, so every log-probability moves with it.
    "If one logit grows, what happens to the other log-probabilities?"
weighted: the sum of g is weighted with p
    That is the average in softmax's own backward pass. Here 1/p has taken the weight away.
    "Multiply Jᵀg out: which sum is left?"
no-p: the factor p is missing in the second term
    The slope of log Σ e^z with respect to z_j is p_j.
    "What is the derivative of log-sum-exp?"
log: log p stands where p belongs
    What was kept is the logarithm: p is its exponential.
    "Which numbers did the forward pass keep?"
plus: the second term is added, not subtracted
    log p_i = z_i minus the logarithm of the sum.
    "g is the same for all classes and p is uniform. What should come out?"
axis
    The classes are the last axis here, and samples don't know of each other.
"""
