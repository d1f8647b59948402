r"""Binary cross-entropy from logits

Return the binary cross-entropy of each sample, from logits `z` and targets `y`, both $(1,B)$. No sum, no mean. It must
hold for logits of ±1000.
"""

import numpy as np

from backprop.practice.exercises.make import binary_inputs, extreme_binary, soft_binary

where = "outputs#sigmoid"
level, minutes = "interview", 5
batch = ("z", 1)
inputs = {"ordinary": binary_inputs, "extreme logits": extreme_binary, "soft targets": soft_binary}


def bce_with_logits(z, y):
    tail = np.log1p(np.exp(-np.abs(z)))
    #: no-abs: tail = np.log1p(np.exp(-z))
    #: exp-sign: tail = np.log1p(np.exp(np.abs(z)))
    loss = np.maximum(z, 0) - y * z + tail
    #: naive: loss = -(y * np.log(1 / (1 + np.exp(-z))) + (1 - y) * np.log(1 - 1 / (1 + np.exp(-z))))
    #: one-form: loss = (1 - y) * z + np.log1p(np.exp(-z))
    #: no-max: loss = -y * z + tail
    #: always-z: loss = z - y * z + tail
    #: minimum: loss = np.minimum(z, 0) - y * z + tail
    #: plus: loss = np.maximum(z, 0) + y * z + tail
    #: no-tail: loss = np.maximum(z, 0) - y * z
    #: swapped: loss = np.maximum(z, 0) - (1 - y) * z + tail
    return loss


hints = r"""
Where does σ(z) lose what z knows? At z = 40 it is 1, and log(1 − 1) is −inf. So don't form it.
𝓛 = (1 − y) z + log(1 + e^−z). For negative z put the exponential the other way round.
max(z, 0) − y z + log(1 + e^−|z|), with log1p.
"""

slips = r"""
naive: the loss is formed from the probability: log 0 at large logits
    σ(40) rounds to 1, and log(1 − 1) is −inf. Times 0 it is NaN.
    "What is your loss at z = 40, y = 0?"
one-form: one of the two forms for all z: it overflows at large negative logits
    e^−z is inf at z = −1000. There the other form is needed, and max and |z| join the two.
    "What is e^−z at z = −1000?"
no-max: the term max(z, 0) is missing
    This is right for negative z only. For positive z the loss lacks z, and falls below 0.
    "Can your loss be negative?"
always-z: z where max(z, 0) belongs
    This is right for positive z only: e^−|z| goes with max(z, 0).
    "What is your loss at z = −5, y = 0?"
minimum: the minimum with 0, not the maximum
    The loss grows like z where z is positive and the target is 0.
    "What is your loss at z = 5, y = 0?"
plus: the sign of y z is wrong
    For y = 1 a larger logit must make the loss smaller.
    "The target is 1 and z grows. Does your loss rise or fall?"
no-abs: |z| is missing in the exponential
    For large negative z the exponential overflows, and the two halves no longer fit.
    "What is e^−z at z = −1000?"
exp-sign: the exponent has the wrong sign: e^|z| overflows
    Only exponentials of negative numbers are safe.
    "What is the largest exponential that you form?"
no-tail: the term log(1 + e^−|z|) is missing
    Far out it is nearly 0, but at z = 0 it is all of the loss, log 2.
    "What should the loss be at z = 0?"
swapped: the targets 0 and 1 are swapped
    With y = 1 the loss is −log σ(z), which falls as z grows.
    "The target is 1 and z = 5. Should the loss be large or small?"
"""
