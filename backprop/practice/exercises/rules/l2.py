r"""L2 regularization and its gradient

$\tfrac12\lambda\|w\|^2$ is added to the loss. Return this penalty and the gradient of the whole loss, where `g` is the
gradient without it.
"""

import numpy as np

from backprop.practice.exercises.make import rule_inputs

where = "rules#decay"
level, minutes = "recall", 2
inputs = {"ordinary": lambda rng: rule_inputs(rng, lam=(0.2, 0.6))}


def with_l2(w, g, lam):
    penalty = lam * np.sum(w**2) / 2
    #: no-half: penalty = lam * np.sum(w**2)
    #: norm: penalty = lam * np.sqrt(np.sum(w**2)) / 2
    #: mean: penalty = lam * np.mean(w**2) / 2
    total = g + lam * w
    #: two: total = g + 2 * lam * w
    #: sign: total = g - lam * w
    #: l1: total = g + lam * np.sign(w)
    #: forgotten: total = g
    return penalty, total


hints = r"""
‖w‖² is the sum of all squared entries.
Differentiate ½λw² for one entry.
The penalty is ½λ Σw², and g becomes g + λw.
"""

slips = r"""
no-half: the ½ of the penalty is missing
    Then the gradient of the penalty would be 2λw.
    "Does your gradient belong to your penalty? Check the factor."
two: a factor 2 too much in the gradient
    The 2 from the square meets the ½ of the penalty.
    "Which penalty did you differentiate: with the ½ or without?"
norm: the norm is not squared
    L2 regularization penalizes the squared norm. Without the square the gradient has constant length.
    "Is the norm squared in your penalty?"
mean: the mean of the squares is taken, not their sum
    ‖w‖² is a sum. With the mean the decay would depend on the size of the layer.
    "What is ‖w‖², written with a sum sign?"
sign: the sign is flipped: g − λw makes weights grow
    g is subtracted in the step. To shrink w, λw has to be added to g.
    "After your step, is a weight closer to 0 or farther from it?"
l1: the gradient is that of L1
    λ sign(w) belongs to λ Σ|w|. The derivative of a square is proportional to w.
    "How does your pull on a weight depend on its size?"
forgotten: the penalty is missing from the gradient
    Then the loss reports the penalty, and nothing acts on it.
    "What makes the weights shrink?"
"""
