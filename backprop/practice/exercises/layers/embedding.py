r"""Embedding, backward

`Y = E[ids]` looks up rows of $E$ $(V,C)$; `ids` $(B,T)$ holds whole numbers, and some occur more than once. `G`
$(B,T,C)$ is $\partial\mathcal L/\partial Y$. Return $\partial\mathcal L/\partial E$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "layers#embedding"
level, minutes = "apply", 4


def embedding_inputs(rng):
    """More places than rows to look up, so that rows are used several times, and one never."""
    V, C, B, T = (int(size) for size in rng.permutation(np.arange(3, 8))[:4])
    ids = rng.integers(0, V - 1, (B, T))
    ids[0, :2] = ids[1, 1] = 0
    return {"E": normal(rng, V, C), "ids": ids, "G": normal(rng, B, T, C)}


inputs = {"ordinary": embedding_inputs}


def embedding_backward(E, ids, G):
    dE = np.zeros_like(E)
    #: from-E: dE = E.copy()
    np.add.at(dE, ids, G)
    #: fancy: dE[ids] += G
    #: assigned: for n in np.ndindex(ids.shape):
    #: assigned+:     if not dE[ids[n]].any():
    #: assigned+:         dE[ids[n]] = G[n]
    #: times-E: np.add.at(dE, ids, G * E[ids])
    return dE
    #: averaged: return dE / np.maximum(np.bincount(ids.ravel(), minlength=len(E)), 1)[:, None]
    #: all-averaged: return dE / ids.size
    #: places: return G


hints = r"""
A row that is looked up three times is used three times. What happens to the slopes of its uses?
Start from zeros and add each G[b, t] to its row. What does dE[ids] += G do where an id occurs twice?
It keeps only the last one. np.add.at(dE, ids, G) adds them all; a loop or a one-hot product does as well.
"""

slips = r"""
fancy: only the last use of each row counts: repeated ids don't add up
    dE[ids] += G reads all rows, adds, and writes all back: the last writer wins, as with = in a loop.
    "Token 0 occurs twice with the same gradient. What is in its row?"
assigned: only the first use of each row counts
    Every place that holds a token is a use of its row, and slopes of uses add.
    "Token 0 occurs twice with the same gradient. What is in its row?"
averaged: each row gets the mean over its uses, not the sum
    Every use counts in full. Whatever mean the loss takes is in G already.
    "Should a frequent token move as far as a rare one?"
all-averaged: the gradient is divided by the number of places
    A layer hands on what arrives. Whatever mean the loss takes is in G already.
    "Does this layer know whether the loss is a mean?"
from-E: the gradient starts from E, not from 0
    A row that is never looked up does not move the loss.
    "What is the gradient of a row that nobody looks up?"
times-E: the gradient is multiplied by the row itself
    A lookup copies a row, so its slope is 1.
    "How fast does Y move when the row does?"
places: this is the gradient of the looked-up rows, not of E
    There is one for each place. Those of the same token still have to meet in one row.
    "What shape does E have, and what shape does your gradient have?"
"""
