r"""The Jacobian ∂p/∂z, as a matrix

The whole matrix $J_{ij}=\partial p_i/\partial z_j$, from the column `p` alone. `diagflat` makes a diagonal matrix.
"""

import numpy as np

from backprop.practice.exercises.make import probabilities_and_targets

where = "outputs#whiteboard"
level, minutes = "apply", 2
kind = "expression"
batch = ("P", 1)
starter = "diagflat(p)"
inputs = {"ordinary": probabilities_and_targets}


def value(p, y, g, P, Y, B, delta, W, A):
    return np.diagflat(p) - p @ p.T
    #: elementwise: return np.diagflat(p) - np.diagflat(p**2)
    #: plus: return np.diagflat(p) + p @ p.T
    #: inner: return np.diagflat(p) - p.T @ p
    #: entry: return np.diagflat(p) - p * p
    #: column: return np.diagflat(p) - p


hints = r"""
Quotient rule on e^{z_i}/S: two terms.
J_ij = p_i ([i = j] − p_j). Write each of the two terms as a matrix.
diag(p) − p pᵀ.
"""

slips = r"""
elementwise: only the diagonal p (1 − p): softmax is treated as elementwise
    Every p_i depends on every z_j through the sum, so the other entries are −p_i p_j.
plus: the second term is added, not subtracted
    If a logit grows, the other probabilities fall.
    "What should each column of J sum to?"
inner: pᵀp where p pᵀ belongs: an inner product, one number
    A column times a row is a matrix, a row times a column is a number.
    "What shape does your second term have?"
entry: p ⊙ p where p pᵀ belongs
    p_i p_j has two indices: it is an outer product.
    "What shape does your second term have?"
column: p is subtracted from every column, where p_i p_j belongs
    p_i multiplies both terms of p_i ([i = j] − p_j).
    "Is your matrix symmetric?"
"""
