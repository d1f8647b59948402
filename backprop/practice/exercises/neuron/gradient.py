r"""∂𝓛/∂w and ∂𝓛/∂b of one neuron

For $z=wx+b$, $a=\sigma(z)$, $\mathcal L=\tfrac12(a-y)^2$, return $\partial\mathcal L/\partial w$ and $\partial\mathcal
L/\partial b$.
"""

import numpy as np

from backprop.practice.exercises.make import neuron_inputs

where = "neuron#numbers"
level, minutes = "apply", 4
inputs = {"ordinary": neuron_inputs}


def neuron_gradient(x, y, w, b):
    z = w * x + b
    #: no-bias: z = w * x
    a = 1 / (1 + np.exp(-z))
    delta = (a - y) * a * (1 - a)
    #: sign: delta = (y - a) * a * (1 - a)
    #: no-slope: delta = (a - y)
    #: two: delta = 2 * (a - y) * a * (1 - a)
    #: at-a: delta = (a - y) / (1 + np.exp(-a)) * (1 - 1 / (1 + np.exp(-a)))
    dw = delta * x
    #: no-input: dw = delta
    #: weight: dw = delta * w
    db = delta
    #: bias-input: db = delta * x
    return dw, db


hints = r"""
Go forward first, and keep a.
δ = ∂𝓛/∂z is the loss's slope times the activation's slope.
δ = (a − y) a (1 − a). Then multiply by ∂z/∂w and ∂z/∂b.
"""

slips = r"""
sign
no-slope
    Between a and z stands the activation, and it has a slope of its own. Without it this is the gradient of
        cross-entropy.
    "How does a change of z reach the loss? Name every step."
no-input
weight
bias-input
two
no-bias
at-a
"""
