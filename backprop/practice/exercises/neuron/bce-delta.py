r"""δ of the binary cross-entropy

The last rung: write $\delta=\partial\mathcal L/\partial z$ for cross-entropy after a sigmoid.
"""

from backprop.practice.exercises.make import neuron_and_values

where = "neuron#whiteboard"
level, minutes = "apply", 1
kind = "expression"
starter = "w * x + b"
inputs = {"ordinary": neuron_and_values}


def delta(x, y, w, b, z, a):
    return a - y
    #: extra-slope: return (a - y) * a * (1 - a)
    #: no-slope: return (a - y) / (a * (1 - a))
    #: one-term: return -y * (1 - a)
    #: sign: return y - a
    #: at-z: return z - y


hints = r"""
Multiply the rung below by link 2.
What do the numerator of σ' and the denominator of ∂𝓛/∂a have in common?
a (1 − a) cancels. What remains is the error a − y.
"""

slips = r"""
extra-slope: σ' is multiplied in once more, though it has cancelled
    a − y is ∂𝓛/∂z already. With a (1 − a) this is δ of the squared error.
    "A confident and wrong neuron: how hard does your δ push it?"
no-slope: this is the slope with respect to a: σ' is missing
    Between a and z stands the sigmoid, and its slope cancels the denominator.
one-term: the term with 1 − y is missing
    This is what −y log a alone gives. The other half of the loss adds (1 − y) a.
    "What is δ of a sample whose target is 0?"
sign
    The loss has a minus in front of its logarithms.
    "If the output is too small, should the loss rise or fall when z grows?"
at-z: the error is taken at z, not at a
    The target is compared with the probability, not with the logit.
    "Can your error exceed 1? Should it?"
"""
