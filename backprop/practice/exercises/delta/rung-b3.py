r"""(B3), ∂𝓛/∂W¹

Now `d1` is $\delta^1$ as well. Write $\partial\mathcal L/\partial W^1$; the input is `a0`.
"""

from backprop.practice.exercises.make import sp, with_d1

where = "delta#whiteboard"
level, minutes = "apply", 1
kind = "expression"
batch = ("Y", 1)
names = {"sp": sp}
starter = "W1 @ a0 + b1"
inputs = {"ordinary": with_d1}


def dW1(a0, z1, a1, z2, a2, Y, B, W1, b1, W2, b2, d2, d1):
    return d1 @ a0.T
    #: turned: return a0 @ d1.T
    #: no-transpose: return d1 @ a0
    #: own: return d1 @ a1.T
    #: mean: return d1 / B @ a0.T
    #: layer: return d2 @ a1.T


hints = r"""
The gradient has the shape of W1, (3, 4). What have you, and in which shapes?
The batch must be summed away: it has to stand inside the product.
Row index from δ, column index from the input: d1 times a0 transposed.
"""

slips = r"""
turned
    "What shape does W¹ have, and what shape does your gradient have?"
no-transpose: the input is not transposed
    The batch has to stand inside the product: (3, 5)(5, 4).
    "Say the shapes of your product aloud."
own: the layer's own activation stands where its input belongs
    W¹ multiplies a⁰, so this is the factor that it leaves.
    "What does W¹ multiply in the forward pass?"
mean: 1/B is put in a second time
    δ has it already, from (B1).
layer: this is the gradient of the layer above
    δ² a¹ᵀ belongs to W².
    "Which layer's δ goes with W¹?"
"""
