r"""(B4), ∂𝓛/∂b¹

The last rung: write $\partial\mathcal L/\partial b^1$, a column like `b1`.
"""

from backprop.practice.exercises.make import sp, with_d1

where = "delta#whiteboard"
level, minutes = "apply", 1
kind = "expression"
batch = ("Y", 1)
names = {"sp": sp}
starter = "W1 @ a0 + b1"
inputs = {"ordinary": with_d1}


def db1(a0, z1, a1, z2, a2, Y, B, W1, b1, W2, b2, d2, d1):
    return d1.sum(axis=1, keepdims=True)
    #: no-sum: return d1
    #: neurons: return d1.sum(axis=0, keepdims=True)
    #: mean: return d1.mean(axis=1, keepdims=True)
    #: layer: return d2.sum(axis=1, keepdims=True)


hints = r"""
The same b¹ serves all five samples.
One path per sample, and paths add. Which axis counts the samples?
d1 summed over axis 1, with keepdims=True.
"""

slips = r"""
no-sum: δ is not summed over the batch
    "What shape does b¹ have, and what shape does your gradient have?"
neurons: the sum runs over the neurons, not over the batch
    Samples are columns here, so the batch is axis 1. Axis 0 is right in rows.
    "Which axis should disappear?"
mean
layer: this is the gradient of the layer above
    δ² summed belongs to b².
    "Which layer's δ goes with b¹?"
"""
