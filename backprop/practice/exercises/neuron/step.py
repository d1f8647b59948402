r"""One step of gradient descent

A sigmoid neuron with $\mathcal L=\tfrac12(a-y)^2$ makes one step (B5) with the learning rate `eta`. Return the new $w$
and the new $b$.
"""

import numpy as np

from backprop.practice.exercises.make import neuron_inputs

where = "neuron#update"
level, minutes = "apply", 3
inputs = {"ordinary": lambda rng: neuron_inputs(rng) | {"eta": np.float64(rng.uniform(0.3, 0.9))}}


def step(x, y, w, b, eta):
    a = 1 / (1 + np.exp(-(w * x + b)))
    delta = (a - y) * a * (1 - a)
    #: no-slope: delta = (a - y)
    #: two: delta = 2 * (a - y) * a * (1 - a)
    dw = delta * x
    #: no-input: dw = delta
    db = delta
    #: bias-input: db = delta * x
    w_new = w - eta * dw
    #: uphill: w_new = w + eta * dw
    #: no-rate: w_new = w - dw
    #: only-step: w_new = -eta * dw
    b_new = b - eta * db
    #: uphill: b_new = b + eta * db
    #: no-rate: b_new = b - db
    #: only-step: b_new = -eta * db
    #: one-after-other: a = 1 / (1 + np.exp(-(w_new * x + b)))
    #: one-after-other+: b_new = b - eta * (a - y) * a * (1 - a)
    #: bias-stays: b_new = b
    return w_new, b_new


hints = r"""
Forward, backward, update: the first two you have from the exercise before.
The gradient points to more loss. Take both gradients at the old w and b before you change either.
w − η δ x and b − η δ, with δ = (a − y) a (1 − a).
"""

slips = r"""
uphill: the step goes uphill
    The gradient points to more loss, so it is subtracted. (y − a for a − y does the same.)
    "Does the loss fall with your step? Which way does the gradient point?"
no-rate: the learning rate is missing
    The gradient says in which direction. How far to go is η's part.
    "Where does the learning rate enter?"
only-step: the step itself is returned, not the new parameters
    −η ∂𝓛/∂w is the change of w. It starts from the old w.
    "Where does your step start?"
one-after-other: b's gradient is taken after w has moved
    Both gradients belong to the same point. Here b's is taken at the new w.
    "At which point are your two gradients taken? Is it the same one?"
bias-stays: the bias is not updated
    b is a parameter like w. A neuron whose bias never moves can't shift its threshold.
    "Which parameters does this neuron have, and which of them learn?"
no-slope
    Between a and z stands the activation. Without its slope this is a step on cross-entropy.
    "How does a change of z reach the loss? Name every step."
two
    The 2 from the square meets the ½ of the loss. Here it doubles the learning rate.
no-input
    "If the input were 0, should its weight move?"
bias-input
"""
