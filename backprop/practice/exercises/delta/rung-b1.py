r"""(B1), δ²

A 4-3-2 network in columns, sigmoids in both layers, squared error (½, summed over outputs, mean over the batch `B`).
`sp(z)` is $\sigma'(z)$. Write $\delta^2$ in terms of `a2`, `Y`, `B`, `z2`.
"""

from backprop.practice.exercises.make import network_inputs, sp

where = "delta#whiteboard"
level, minutes = "apply", 2
kind = "expression"
batch = ("Y", 1)
names = {"sp": sp}
starter = "W1 @ a0 + b1"
inputs = {"ordinary": network_inputs}


def d2(a0, z1, a1, z2, a2, Y, B, W1, b1, W2, b2):
    return (a2 - Y) / B * sp(z2)
    #: sign: return (Y - a2) / B * sp(z2)
    #: no-mean: return (a2 - Y) * sp(z2)
    #: all: return (a2 - Y) / (2 * B) * sp(z2)
    #: no-slope: return (a2 - Y) / B
    #: at-a: return (a2 - Y) / B * sp(a2)


hints = r"""
One path leads from each z² to the loss, through its own a².
The slope of the loss in a², with the 1/B of the mean, times the slope of the activation.
(a2 − Y)/B, entry by entry times σ' at z2.
"""

slips = r"""
sign
    "If an output is too small, should the loss rise or fall when it grows?"
no-mean: 1/B is missing
    The loss is the mean over the batch, and δ² is where its 1/B enters.
    "Is the loss a sum or a mean over the batch?"
all: the mean is taken over the two outputs too
    Over the outputs this loss is a sum.
no-slope: σ' is missing
    This is ∂𝓛/∂a². It is δ for cross-entropy, not for squared error.
at-a
"""
