r"""AdamW's step

Return the new `w`, `m` and `v` after step number `t` of AdamW, with the decay `lam` scaled by `eta`, as in PyTorch.
"""

import numpy as np

from backprop.practice.exercises.make import adam_inputs

where = "rules#decay"
level, minutes = "interview", 4


def adamw_inputs(rng):
    return adam_inputs(rng, lam=(0.2, 0.6))


inputs = {"ordinary": adamw_inputs}


def adamw(w, g, m, v, t, eta, beta1, beta2, eps, lam):
    w = w - eta * lam * w
    #: l2: g = g + lam * w
    #: no-eta: w = w - lam * w
    #: forgotten:
    #: grows: w = w + eta * lam * w
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    #: not-squared: v = beta2 * v + (1 - beta2) * g
    m_hat = m / (1 - beta1**t)
    #: m-uncorrected: m_hat = m
    v_hat = v / (1 - beta2**t)
    #: v-uncorrected: v_hat = v
    w = w - eta * m_hat / (np.sqrt(v_hat) + eps)
    #: after: w = w - (1 - eta * lam) * eta * m_hat / (np.sqrt(v_hat) + eps)
    #: eps-inside: w = w - eta * m_hat / (np.sqrt(v_hat + eps))
    return w, m, v


hints = r"""
The decay does not pass through the gradient.
Shrink w by a factor first. Then comes Adam's step, with g alone.
w ← w − ηλw, then w ← w − η m̂ / (√v̂ + ε).
"""

slips = r"""
l2: the decay goes through the moments: this is Adam with L2
    λw in g is divided by √v̂ too, so the weights with large gradients are decayed least.
    "Does the decay of a weight depend on the size of its gradients here?"
no-eta: η is missing from the decay
    In the form that frameworks use, a step multiplies w by 1 − ηλ.
    "With λ = 0.01 and a thousand steps, what is left of the weight?"
forgotten: the decay is missing: this is Adam
    The W stands for the decay that is applied to w directly.
    "Where does λ enter?"
after: the decay comes after Adam's step, so the step is shrunk too
    The decay acts on the weight as it was before the step.
    "Which w does your decay multiply: the old one or the new one?"
grows: the sign of the decay is flipped: weights grow
    Decay multiplies w by 1 − ηλ, a little below 1.
    "With a gradient of 0, where does the weight go?"
v-uncorrected: v is not corrected for its start at 0
    v starts much too small, since β₂ is so close to 1. Under the root it makes the first steps too long.
    "Under a constant gradient, how large is v after the first step?"
m-uncorrected: m is not corrected for its start at 0
    After t steps from 0, m holds only 1 − β₁ᵗ of the gradient's size.
    "Under a constant gradient, how large is m after the first step?"
eps-inside
not-squared: v averages g where g² is due
    v is the second moment. With g it can be negative, and its root is NaN.
    "Can your v be negative?"
"""
