r"""The Jacobian of softmax

`z` holds the logits of one sample, shape $(K,)$. Return the Jacobian of its softmax, $J_{ij}=\partial p_i/\partial
z_j$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "outputs#softmax"
level, minutes = "apply", 4
inputs = {
    "ordinary": lambda rng: {"z": normal(rng, sizes(rng, 1)[0])},
}


def softmax_jacobian(z):
    e = np.exp(z - z.max())
    p = e / e.sum()
    own = np.diag(p)
    #: identity: own = np.eye(len(p))
    cross = np.outer(p, p)
    #: diagonal: cross = np.diag(p**2)
    #: broadcast: cross = p
    #: inner: cross = np.dot(p, p)
    J = own - cross
    #: plus: J = own + cross
    #: sign: J = cross - own
    return J


hints = r"""
Each p_i holds every z_j, through the sum. So there is a K×K matrix.
By the quotient rule: p_i (1 − p_i) on the diagonal, and off it?
J_ij = p_i ([i = j] − p_j): diag(p) minus the outer product of p with itself.
"""

slips = r"""
diagonal: only the diagonal p (1 − p): softmax is treated as elementwise
    Every p_i depends on every z_j through the sum, so the other entries are −p_i p_j.
    "If one logit grows, what happens to the other probabilities?"
plus: the second term is added, not subtracted
    If a logit grows, the other probabilities fall: off the diagonal entries are negative.
    "What should each column of J sum to?"
sign: the sign is flipped
    A probability grows with its own logit: the diagonal is positive.
    "If z_i grows, does p_i grow or fall?"
identity: the identity where diag(p) belongs: p_i is not multiplied through
    J_ij = p_i ([i = j] − p_j). The factor p_i multiplies both terms.
    "What should each column of J sum to?"
broadcast: p is subtracted from every row, where p_i p_j belongs
    p_i multiplies both terms of p_i ([i = j] − p_j).
    "Is your Jacobian symmetric?"
inner: an inner product where the outer one belongs
    pᵀp is one number. p pᵀ is the K×K matrix of all products.
    "What shape does p pᵀ have?"
"""
