r"""∂𝓛/∂a of the squared error

Link 1: $\mathcal L=\tfrac12(a-y)^2$. Write $\partial\mathcal L/\partial a$.
"""

from backprop.practice.exercises.make import neuron_and_values

where = "neuron#whiteboard"
level, minutes = "recall", 1
kind = "expression"
starter = "w * x + b"
inputs = {"ordinary": neuron_and_values}


def dL_da(x, y, w, b, z, a):
    return a - y
    #: sign: return y - a
    #: two: return 2 * (a - y)
    #: loss: return (a - y) ** 2 / 2
    #: at-z: return z - y


hints = r"""
The outer function is a square, the inner one a − y.
The square gives a factor 2, the loss has a factor ½.
a − y.
"""

slips = r"""
sign
    The inner derivative of a − y with respect to a is +1.
two
loss: this is the loss, not its slope
    The slope says how the loss changes when a moves. It can be negative, the loss can't.
    "Can your expression ever be negative? Can a slope?"
at-z: the error is taken at z, not at a
    The loss compares the activation with the target.
    "Which of the neuron's numbers does the loss see?"
"""
