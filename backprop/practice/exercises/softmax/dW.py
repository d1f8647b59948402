r"""∂𝓛/∂W of the last layer

`A` enters the last layer, `delta` is its $\delta^L$, with the 1/B in it. Write $\partial\mathcal L/\partial W^L$.
"""

from backprop.practice.exercises.make import probabilities_and_targets

where = "outputs#whiteboard"
level, minutes = "apply", 2
kind = "expression"
batch = ("P", 1)
starter = "A * delta"
inputs = {"ordinary": probabilities_and_targets}


def value(p, y, g, P, Y, B, delta, W, A):
    return delta @ A.T
    #: transposed: return A @ delta.T
    #: no-transpose: return delta @ A
    #: mean-again: return delta @ A.T / B
    #: weights: return W.T @ delta


hints = r"""
(B3). Which shape must it have?
W is (K, n), delta (K, B), A (n, B): the batch is summed away.
delta @ A.T.
"""

slips = r"""
transposed: the outer product is the wrong way round
    This is the transpose: W is (outputs, inputs), so δ comes first.
    "What shape does W have?"
no-transpose: A is not transposed
    The inner axis must be the batch, on both sides.
    "Say the shapes of your product aloud."
mean-again: 1/B is in it twice
    It is in δ already. The product sums over the batch.
    "Where is the 1/B of your loss? How often?"
weights: this is the gradient of A, not of W
    Wᵀδ is handed down to the layer below. For W the partner of δ is what W was multiplied by.
    "With respect to what is this the gradient?"
"""
