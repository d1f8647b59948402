r"""(B2), δ¹ from δ²

Now `d2` is $\delta^2$. Write $\delta^1$ in terms of `W2`, `d2` and `z1`.
"""

from backprop.practice.exercises.make import sp, with_d2

where = "delta#whiteboard"
level, minutes = "apply", 2
kind = "expression"
batch = ("Y", 1)
names = {"sp": sp}
starter = "W1 @ a0 + b1"
inputs = {"ordinary": with_d2}


def d1(a0, z1, a1, z2, a2, Y, B, W1, b1, W2, b2, d2):
    return W2.T @ d2 * sp(z1)
    #: transpose: return W2 @ d2 * sp(z1)
    #: no-slope: return W2.T @ d2
    #: at-a: return W2.T @ d2 * sp(a1)
    #: value: return W2.T @ d2 * a1
    #: plus: return W2.T @ d2 + sp(z1)
    #: layer: return W2.T @ d2 * sp(z2)


hints = r"""
A hidden neuron reaches the loss through both outputs. Multiply along each path, add over the paths.
The sum over the outputs is a product with a transpose. Then one more link, from a¹ to z¹.
W2 transposed times d2, entry by entry times σ' at z1.
"""

slips = r"""
transpose: W² is not transposed
    Forward, W² takes 3 numbers to 2; backward, 2 slopes must become 3.
no-slope: σ' is missing
    This is ∂𝓛/∂a¹. Between a¹ and z¹ stands the activation.
at-a
value
plus
layer: σ' is taken in the layer above
    σ'(z²) is in δ² already. This step ends at z¹.
    "At which layer's z does your chain end?"
"""
