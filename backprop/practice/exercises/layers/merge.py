r"""Merging heads, and splitting their gradient

`O` $(B,H,T,d)$ holds the outputs of the heads. Return them merged, $Y$ $(B,T,Hd)$, head after head in the features; and
for `G` $=\partial\mathcal L/\partial Y$ return $\partial\mathcal L/\partial O$.
"""

from backprop.practice.exercises.make import normal, sizes

where = "transformers#heads"
level, minutes = "apply", 4


def merge_inputs(rng):
    B, H, T, d = sizes(rng, 4)
    return {"O": normal(rng, B, H, T, d), "G": normal(rng, B, T, H * d)}


inputs = {"ordinary": merge_inputs}


def merge_heads(O, G):
    B, H, T, d = O.shape
    Y = O.transpose(0, 2, 1, 3).reshape(B, T, H * d)
    #: reshape-only: Y = O.reshape(B, T, H * d)
    #: interleaved: Y = O.transpose(0, 2, 3, 1).reshape(B, T, H * d)
    #: added: Y = np.tile(O.sum(axis=1), H)
    dO = G.reshape(B, T, H, d).transpose(0, 2, 1, 3)
    #: backward-reshape-only: dO = G.reshape(B, H, T, d)
    #: backward-not-swapped: dO = G.reshape(B, T, H, d)
    #: backward-interleaved: dO = G.reshape(B, T, d, H).transpose(0, 3, 1, 2)
    return Y, dO


hints = r"""
A reshape never moves a number in memory. Which axes must be neighbors before two become one?
H and d become one axis, so bring H next to d first. Backward undoes the steps, the last one first.
Forward: transpose to (B, T, H, d), then reshape. Backward: reshape to (B, T, H, d), then transpose back.
"""

slips = r"""
reshape-only: the heads are merged by a reshape alone, which mixes positions
    The shape is right and the numbers are in the wrong places: in memory T stands between H and d.
    "Which numbers end up in the first row of your result?"
interleaved: the heads are interleaved in the features, not one after the other
    The axis that stands last runs fastest. Here the heads do.
    "Which head do the first d features of your result belong to?"
added: the heads are added up, not put side by side
    Merging keeps every number. The projection that follows does the mixing.
    "Can you get the output of one head back from your result?"
backward-reshape-only: the gradient is split by a reshape alone, which mixes positions
    Backward undoes both steps: the reshape, then the transpose.
    "Which numbers of G belong to the first head?"
backward-not-swapped: the gradient is not transposed back: the heads do not stand second
    The gradient has the shape of O, (B, H, T, d).
    "What shape does O have, and what shape does its gradient have?"
backward-interleaved: the gradient is read as if the heads were interleaved
    The features of one head lie side by side: (H, d), not (d, H).
    "Which head do the first d features belong to?"
"""
