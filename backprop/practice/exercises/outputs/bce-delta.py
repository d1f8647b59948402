r"""δ^L of sigmoid with binary cross-entropy

Logits `z` and targets `y`, both $(1,B)$; the loss is the binary cross-entropy, averaged over the batch. Return
$\delta^L=\partial\mathcal L/\partial z$. It must hold for logits of ±1000.
"""

import numpy as np

from backprop.practice.exercises.make import binary_inputs, extreme_binary, soft_binary

where = "outputs#sigmoid"
level, minutes = "apply", 3
batch = ("z", 1)
inputs = {"ordinary": binary_inputs, "extreme logits": extreme_binary, "soft targets": soft_binary}


def bce_delta(z, y):
    e = np.exp(-np.abs(z))
    a = np.where(z >= 0, 1, e) / (1 + e)
    delta = (a - y) / z.shape[1]
    #: sign: delta = (y - a) / z.shape[1]
    #: extra-slope: delta = (a - y) * a * (1 - a) / z.shape[1]
    #: at-a: delta = (a - y) / (a * (1 - a)) / z.shape[1]
    #: by-steps: delta = (a - y) / (a * (1 - a)) * (a * (1 - a)) / z.shape[1]
    #: no-sigmoid: delta = (z - y) / z.shape[1]
    #: rounded: delta = ((z > 0) - y) / z.shape[1]
    #: no-mean: delta = (a - y)
    #: twice: delta = (a - y) / z.shape[1] ** 2
    return delta


hints = r"""
∂𝓛/∂a = (a − y) / (a (1 − a)), and σ' = a (1 − a). What is left?
A fraction that cancels on paper does not cancel at a = 1 in float64. Write only what is left of it.
(σ(z) − y), divided by B.
"""

slips = r"""
sign
    If the target is 1, a larger logit lowers the loss: the slope is negative, a − 1.
    "The target is 1 and z grows. Does the loss rise or fall?"
extra-slope: an extra a (1 − a): the slope has cancelled
    This is the error of squared loss after a sigmoid. With cross-entropy the slope cancels.
    "What is your error when the output is confidently wrong?"
at-a: this is ∂𝓛/∂a: the slope of the sigmoid is missing
    Between a and z stands the sigmoid. Its slope cancels the denominator.
    "With respect to what have you differentiated?"
by-steps: the two factors are multiplied out in floating point: 0/0 at saturation
    At a = 1 both a (1 − a) are 0. On paper they cancel, in float64 they give NaN.
    "What do you get at z = 1000?"
no-sigmoid: the logit is compared with the target, not σ(z)
    z is the number before the sigmoid. a − y needs the output.
    "How large can your error be?"
rounded: the output is rounded to 0 or 1 before it is compared
    This is the perceptron's rule. A sample on the right side then teaches nothing.
    "What is your error for z = 0.1 and target 1?"
no-mean
twice
    The mean of the loss brings one 1/B. The later sums over the batch bring none.
    "Where does your 1/B come from? How often does it come?"
"""
