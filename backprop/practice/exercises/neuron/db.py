r"""∂𝓛/∂b

And the bias: write $\partial\mathcal L/\partial b$, with δ written out in `a` and `y`.
"""

from backprop.practice.exercises.make import neuron_and_values

where = "neuron#whiteboard"
level, minutes = "recall", 1
kind = "expression"
starter = "w * x + b"
inputs = {"ordinary": neuron_and_values}


def db(x, y, w, b, z, a):
    return (a - y) * a * (1 - a)
    #: input: return (a - y) * a * (1 - a) * x
    #: bias: return (a - y) * a * (1 - a) * b
    #: one: return 1
    #: no-slope: return (a - y) * 1
    #: sign: return (y - a) * a * (1 - a)


hints = r"""
Go on from δ: which arrow leads from b to z?
Seen as a function of b, z = wx + b is a line. What is its slope?
That slope is 1, so ∂𝓛/∂b is δ itself.
"""

slips = r"""
input: ∂𝓛/∂b has a factor x
    The bias is added, so ∂z/∂b = 1.
    "What is the input that the bias is multiplied by?"
bias: ∂𝓛/∂b has a factor b
    The slope of wx + b in b is 1, whatever b is.
    "If b were 0, would the loss not depend on it?"
one: only the last link is left: δ is missing
    1 is ∂z/∂b. What happens between z and the loss is in δ.
    "Does the bias's gradient not depend on how wrong the neuron is?"
no-slope
    b reaches the loss through z and a, so the activation's slope is on its path too.
    "Name every arrow from b to the loss."
sign
    The minus belongs to the update, b − η ∂𝓛/∂b, not to the gradient.
    "If a is too small, should more b raise the loss or lower it?"
"""
