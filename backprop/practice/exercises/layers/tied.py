r"""Tied weights

One matrix $E$ $(V,C)$ is used twice: `h = tanh(E[ids])`, with `ids` $(B,)$, and logits `h @ E.T`. `G` $(B,V)$ is the
gradient of the logits. Return $\partial\mathcal L/\partial E$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "layers#embedding"
level, minutes = "interview", 6
batch = ("G", 0)


def tied_inputs(rng):
    V, C, B = (int(size) for size in rng.permutation(np.arange(3, 8))[:3])
    ids = rng.integers(0, V - 1, B)
    ids[0] = ids[1] = 1
    return {"E": normal(rng, V, C), "ids": ids, "G": normal(rng, B, V)}


inputs = {"ordinary": tied_inputs}


def tied_backward(E, ids, G):
    h = np.tanh(E[ids])
    dE = G.T @ h
    #: input-only: dE = np.zeros_like(E)
    #: not-h: dE = G.T @ E[ids]
    dx = (G @ E) * (1 - h**2)
    #: no-slope: dx = (G @ E)
    #: transpose: dx = (G @ E.T) * (1 - h**2)
    np.add.at(dE, ids, dx)
    #: output-only: pass
    #: overwritten: dE[ids] = dx
    #: fancy: dE[ids] += dx
    return dE
    #: averaged: return dE / 2


hints = r"""
Give the two uses names of their own, E₁ at the input and E₂ at the output. What has E then?
The output use is a linear layer. Its other gradient goes down through tanh to the rows that were looked up.
Gᵀ h from the output, (G E) ⊙ (1 − h²) down to the lookup, and there each is added to its row (np.add.at).
"""

slips = r"""
output-only: only the use at the output counts
    E is used at the input as well, and slopes of uses add.
    "In which places does E stand in the forward pass?"
input-only: only the use at the input counts
    E is used at the output as well, and slopes of uses add.
    "In which places does E stand in the forward pass?"
averaged: the two uses are averaged, not added
    Slopes of uses add: nothing divides by their number.
    "What is the slope of x + x?"
overwritten: the use at the input overwrites the one at the output
    Both belong in the row. = stands where += belongs.
    "What is left of your first term in a row that was looked up?"
fancy: only the last use of each row counts: repeated ids don't add up
    dE[ids] += dx reads all rows, adds, and writes all back, so the last writer wins.
    "A token occurs twice in ids. What arrives in its row?"
no-slope: tanh' is missing on the way down
    Between the lookup and the product stands a tanh, with a slope of its own.
    "You have the gradient of h. How do you get to the row itself?"
not-h: the output use takes the row itself, where h belongs
    E.T multiplies h, so h is the factor that it leaves.
    "What does E.T multiply in the forward pass?"
transpose: E is transposed once too often on the way down
    The logits are h Eᵀ, so going back it is G (Eᵀ)ᵀ = G E.
    "Say the shapes of G and your factor aloud."
"""
