r"""(B3), the gradient of W

Given $\delta^l$ (with 1/B in it), $a^{l-1}$ and $a^l$, all in columns, return $\partial\mathcal L/\partial W^l$. You
will not need all three.
"""

from backprop.practice.exercises.make import normal, sizes

where = "delta#B3"
level, minutes = "apply", 2
batch = ("delta", 1)


def weight_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"delta": normal(rng, n, B), "a_prev": normal(rng, m, B), "a": normal(rng, n, B)}


inputs = {"ordinary": weight_inputs}


def weight_gradient(delta, a_prev, a):
    dW = delta @ a_prev.T
    #: turned: dW = a_prev @ delta.T
    #: no-transpose: dW = delta @ a_prev
    #: own: dW = delta @ a.T
    #: mean: dW = delta / delta.shape[1] @ a_prev.T
    #: outer: dW = np.outer(delta, a_prev)
    #: sums: dW = delta.sum(axis=1, keepdims=True) @ a_prev.sum(axis=1, keepdims=True).T
    return dW


hints = r"""
Say the shapes: δ (n, B), W (n, m), with m the width of the layer below.
W_ij is multiplied by a_j of the layer below, and its slope arrives in δ_i. Add over the samples.
Row index from δ, column index from a: δ times a^{l−1} transposed.
"""

slips = r"""
turned
no-transpose: a^{l-1} is not transposed
    The batch must be summed away, so it has to stand inside the product: (n, B)(B, m).
    "Say the shapes of your product aloud."
own: the layer's own activation stands where its input belongs
    W^l multiplies a^{l−1}, so this is the factor that it leaves.
    "What does W^l multiply in the forward pass?"
mean: 1/B is put in a second time
    δ has it already, from (B1). Every gradient takes it from there.
outer: np.outer takes each whole batch for one long vector
    The outer product is right for a single sample. For a batch the outer products are added, as @ does it.
    "How many rows does np.outer of a (5, 7) and a (4, 7) array have?"
sums: the batch is summed before the product, not in it
    A sum of products is not the product of the sums: each sample's δ meets its own input only.
    "For one sample, what is the gradient? And for two?"
"""
