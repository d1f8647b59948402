r"""δ = ∂𝓛/∂z

Links 1 and 2 together: write $\delta=\partial\mathcal L/\partial z$ for the squared error and the sigmoid, as an
expression in `a` and `y`.
"""

from backprop.activations import sigmoid
from backprop.practice.exercises.make import neuron_and_values

where = "neuron#whiteboard"
level, minutes = "apply", 1
kind = "expression"
names = {"sigmoid": sigmoid}
starter = "w * x + b"
inputs = {"ordinary": neuron_and_values}


def delta(x, y, w, b, z, a):
    return (a - y) * a * (1 - a)
    #: sign: return (y - a) * a * (1 - a)
    #: no-slope: return (a - y)
    #: at-a: return (a - y) * sigmoid(a) * (1 - sigmoid(a))
    #: plus: return (a - y) + a * (1 - a)
    #: loss: return (a - y) ** 2 / 2 * a * (1 - a)
    #: input: return (a - y) * a * (1 - a) * x


hints = r"""
Two arrows lead from z to the loss.
Multiply the slope of the loss by the slope of the activation, both from the rungs below.
(a − y) times a (1 − a).
"""

slips = r"""
sign
no-slope
    This is ∂𝓛/∂a. Between a and z stands the activation.
at-a
    a (1 − a) is the slope at z already. This goes through the sigmoid twice.
plus: the slopes are added, not multiplied
loss: the loss itself is multiplied by σ', not its slope
    The chain has ∂𝓛/∂a in it, not 𝓛.
    "What is the first link of your chain?"
input: the input x is in δ already
    δ stops at z. The factor x is the next link, from z to w.
    "With respect to what is this the slope?"
"""
