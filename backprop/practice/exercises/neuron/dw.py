r"""∂𝓛/∂w

All three links: write $\partial\mathcal L/\partial w$, with δ written out in `a` and `y`.
"""

from backprop.practice.exercises.make import neuron_and_values

where = "neuron#whiteboard"
level, minutes = "apply", 1
kind = "expression"
starter = "w * x + b"
inputs = {"ordinary": neuron_and_values}


def dw(x, y, w, b, z, a):
    return (a - y) * a * (1 - a) * x
    #: no-input: return (a - y) * a * (1 - a)
    #: weight: return (a - y) * a * (1 - a) * w
    #: z: return (a - y) * a * (1 - a) * z
    #: no-slope: return (a - y) * x
    #: sign: return (y - a) * a * (1 - a) * x


hints = r"""
Go on from δ: which arrow leads from w to z?
Seen as a function of w, z = wx + b is a line. What is its slope?
δ times x, that is, (a − y) a (1 − a) x.
"""

slips = r"""
no-input: the input x is missing
    This is δ. ∂z/∂w = x: the weight acts in proportion to its input.
weight
    δ w is ∂𝓛/∂x, what a layer below would get.
z: δ is multiplied by z instead of ∂z/∂w
    The chain rule asks for the slope of z in w, not for z.
    "What is the last link of your chain?"
no-slope
    Between a and z stands the activation. Without its slope this is the gradient of cross-entropy.
    "Name every arrow from w to the loss."
sign
    The minus belongs to the update, w − η ∂𝓛/∂w, not to the gradient.
    "If a is too small and x is positive, should more w raise the loss or lower it?"
"""
