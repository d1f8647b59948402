r"""One neuron with cross-entropy

For $z=wx+b$, $a=\sigma(z)$ and the binary cross-entropy $\mathcal L=-[y\log a+(1-y)\log(1-a)]$, return
$\partial\mathcal L/\partial w$ and $\partial\mathcal L/\partial b$, for a saturated neuron too.
"""

import numpy as np

from backprop.practice.exercises.make import neuron_inputs

where = "neuron#saturated"
level, minutes = "apply", 4
inputs = {
    "ordinary": neuron_inputs,
    "saturated on the wrong side": lambda rng: {
        "x": np.float64(2),
        "y": np.float64(0),
        "w": np.float64(20),
        "b": np.float64(0.5),
    },
}


def bce_gradient(x, y, w, b):
    z = w * x + b
    #: no-bias: z = w * x
    a = 1 / (1 + np.exp(-z))
    delta = a - y
    #: extra-slope: delta = (a - y) * a * (1 - a)
    #: no-slope: delta = (a - y) / (a * (1 - a))
    #: not-cancelled: delta = (a - y) / (a * (1 - a)) * (a * (1 - a))
    #: one-term: delta = -y * (1 - a)
    #: sign: delta = y - a
    dw = delta * x
    #: no-input: dw = delta
    db = delta
    #: bias-input: db = delta * x
    return dw, db


hints = r"""
Only link 1 of the chain has changed. Differentiate both logarithms with respect to a.
Bring −y/a + (1 − y)/(1 − a) to one denominator, multiply by σ' and cancel on paper, not in code.
δ = a − y. Then multiply by ∂z/∂w and ∂z/∂b as before.
"""

slips = r"""
extra-slope: σ' is multiplied in once more, though it has cancelled
    a − y is ∂𝓛/∂z already. With a (1 − a) this is the gradient of the squared error.
    "A confident and wrong neuron: how hard does your gradient push it?"
no-slope: this is the slope with respect to a: σ' is missing
    (a − y)/(a (1 − a)) is ∂𝓛/∂a. Between a and z stands the sigmoid.
not-cancelled: a (1 − a) is divided out and multiplied in by the computer
    When the neuron saturates, a (1 − a) is 0 in floating point, and this is 0/0 or ∞ times 0: NaN.
    "What does your code return at z = 40 with y = 0?"
one-term: the term with 1 − y is missing from the loss
    −y log a is only half of the binary cross-entropy. Where y = 0 it teaches nothing.
    "What is the gradient of a sample whose target is 0?"
sign
    The loss has a minus in front of its logarithms, so δ is a − y.
    "If the output is too small, should the loss rise or fall when z grows?"
no-input
    Cross-entropy changes link 1 only. ∂z/∂w is still x.
bias-input
no-bias
"""
