r"""The scores of all heads, by einsum

The scores of all heads are `np.einsum("bthd,bshd->bhts", Q, K)`: queries `t`, keys `s`. `G` is the gradient of the
scores, (b, h, t, s). Return $\partial\mathcal L/\partial Q$ and $\partial\mathcal L/\partial K$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "layers#linear"
level, minutes = "interview", 4


def scores_inputs(rng, own=False):
    """T queries and S keys; in self-attention there are as many of both."""
    B, H, T, S, d = sizes(rng, 5)
    S = T if own else S
    return {"Q": normal(rng, B, T, H, d), "K": normal(rng, B, S, H, d), "G": normal(rng, B, H, T, S)}


inputs = {"ordinary": scores_inputs, "self-attention": lambda rng: scores_inputs(rng, own=True)}


def scores_backward(Q, K, G):
    dQ = np.einsum("bhts,bshd->bthd", G, K)
    #: dQ-order: dQ = np.einsum("bhts,bshd->bhtd", G, K)
    #: dQ-partner: dQ = np.einsum("bhts,bshd->bthd", G, Q)
    #: batch-summed: dQ = np.einsum("bhts,bshd->thd", G, K)
    dK = np.einsum("bhts,bthd->bshd", G, Q)
    #: dK-order: dK = np.einsum("bhts,bthd->bhsd", G, Q)
    #: dK-partner: dK = np.einsum("bhts,bthd->bshd", G, K)
    #: exchanged: dK = np.einsum("bhst,bthd->bshd", G, Q)
    #: heads-summed: dK = np.einsum("bhts,bthd->bsd", G, Q)
    return dQ, dK


hints = r"""
The subscripts of a gradient are those of the thing itself. What is multiplied with G?
In an einsum, exchange the result with the factor whose gradient you want. Each letter stays what it is.
dQ: "bhts,bshd->bthd" of G and K. dK is the same game with Q.
"""

slips = r"""
dQ-order: ∂𝓛/∂Q keeps the heads before the tokens, as G has them
    The gradient has the shape of Q: (b, t, h, d). The letters behind the arrow decide.
    "What shape does Q have, and what shape does your gradient have?"
dK-order: ∂𝓛/∂K keeps the heads before the tokens, as G has them
    The gradient has the shape of K: (b, s, h, d). The letters behind the arrow decide.
    "What shape does K have, and what shape does your gradient have?"
dQ-partner: G meets Q itself in ∂𝓛/∂Q
    A factor's slope is the other factor. For Q that is K.
    "Hold K still and move Q. What is the slope of a score?"
dK-partner: G meets K itself in ∂𝓛/∂K
    A factor's slope is the other factor. For K that is Q.
    "Hold Q still and move K. What is the slope of a score?"
exchanged: G is read as (keys, queries) in ∂𝓛/∂K
    The axes of G are (b, h, t, s), in both gradients. Which of them is summed away is said by the arrow.
    "Which of the last two axes of G belongs to the queries?"
batch-summed: the batch is summed away in ∂𝓛/∂Q
    Every sample has its own queries. A letter that is missing behind the arrow is summed over.
    "Is Q shared by the samples?"
heads-summed: the heads are summed away in ∂𝓛/∂K
    Every head has its own keys. A letter that is missing behind the arrow is summed over.
    "Is K shared by the heads?"
"""
