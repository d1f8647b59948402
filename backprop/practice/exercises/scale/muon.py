r"""Muon's step

A step of Muon on a hidden matrix, without weight decay: the buffer becomes $\beta B+G$, its singular values are set to
1, and the weights go `eta` along that. Take the exact $UV^{\mathsf T}$ of `np.linalg.svd(…, full_matrices=False)`,
where a run would use Newton-Schulz, and no look ahead. Return the new weights and the new buffer.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "scale#muon"
level, minutes = "interview", 4
returns = ("w", "B")


def muon_inputs(rng):
    n, m = sizes(rng, 2)
    return {"w": normal(rng, n, m), "B": normal(rng, n, m), "G": normal(rng, n, m), "beta": 0.9, "eta": 0.02}


inputs = {"ordinary": muon_inputs}


def muon(w, B, G, beta, eta):
    B = beta * B + G
    #: averaged: B = beta * B + (1 - beta) * G
    #: no-buffer: B = G
    U, s, Vt = np.linalg.svd(B, full_matrices=False)
    #: of-G: U, s, Vt = np.linalg.svd(G, full_matrices=False)
    O = U @ Vt
    #: not-orthogonal: O = B
    #: one-norm: O = B / np.linalg.norm(B)
    #: entry-by-entry: O = np.sign(B)
    w = w - eta * O
    #: ascent: w = w + eta * O
    return w, B


hints = r"""
B = U S Vᵀ. Which of the three does the step leave out?
The step is UVᵀ: the directions of the momentum, all equally far.
B = βB + G; w − η UVᵀ with U and Vᵀ from the SVD of the new B.
"""

slips = r"""
not-orthogonal: the step is the momentum itself
    That is plain momentum. Muon sets its singular values to 1.
    "What are the singular values of your step?"
one-norm: the whole step has norm 1, and its singular values are as unequal as before
    All of them become 1, each by itself.
    "What are the singular values of your step?"
entry-by-entry: every entry is set to ±1, as in Lion
    The singular values are what is made equal, not the entries.
    "Do you look at entries or at directions?"
averaged: the gradient enters the buffer with 1 − β
    The buffer is βB + G here. The step's direction would be the one of other weights.
    "How much does the newest gradient count in your buffer?"
no-buffer: there is no momentum
    One gradient is noisy; what is orthogonalized is the buffer.
    "What has become of the gradients before?"
of-G: the gradient is orthogonalized, not the buffer
    First the momentum, then UVᵀ of it.
    "In which order do momentum and orthogonalization come?"
ascent: the step goes up
    Descent subtracts.
    "In which direction does the loss fall?"
"""
