r"""A batched product, and one with a shared factor

$C=AB$ with $A$ $(S,t,k)$ and $B$ $(S,k,m)$, one product for each of the $S$ samples. $B$ may also come as $(k,m)$: then
the same one serves all samples. `G` is $\partial\mathcal L/\partial C$. Return $\partial\mathcal L/\partial A$ and
$\partial\mathcal L/\partial B$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "layers#linear"
level, minutes = "interview", 6


def matmul_inputs(rng):
    S, t, k, m = sizes(rng, 4)
    return {"A": normal(rng, S, t, k), "B": normal(rng, S, k, m), "G": normal(rng, S, t, m)}


def shared_factor(rng):
    given = matmul_inputs(rng)
    return given | {"B": given["B"][0]}


def square_factors(rng):
    """Where a missing transpose raises no error, but gives wrong numbers."""
    S, n = sizes(rng, 2)
    return {"A": normal(rng, S, n, n), "B": normal(rng, S, n, n), "G": normal(rng, S, n, n)}


inputs = {"ordinary": matmul_inputs, "a factor that all samples share": shared_factor, "square factors": square_factors}


def matmul_backward(A, B, G):
    dA = G @ np.swapaxes(B, -1, -2)
    #: B-all-axes: dA = G @ B.T
    #: B-not-transposed: dA = G @ B
    #: order: dA = np.swapaxes(B, -1, -2) @ G
    dB = np.swapaxes(A, -1, -2) @ G
    #: A-all-axes: dB = A.T @ G
    #: A-not-transposed: dB = A @ G
    #: turned: dB = np.swapaxes(G, -1, -2) @ A
    if B.ndim == 2:
        #: always-summed: if True:
        dB = dB.sum(axis=0)
        #: not-shared: dB = dB
        #: mean: dB = dB.mean(axis=0)
    return dA, dB


hints = r"""
Do it for one sample first: dA like A, dB like B. Then keep the axis S.
Transpose the last two axes only. And what happens to slopes where one B is used S times?
dA = G Bᵀ and dB = Aᵀ G per sample, with np.swapaxes(…, -1, -2). A shared B gets the sum over S.
"""

slips = r"""
B-all-axes: B.T reverses all three axes, the samples too
    Only the last two make the matrix. np.swapaxes(B, -1, -2), or .mT, leaves the samples in front.
    "What shape does B.T have when B has three axes?"
A-all-axes: A.T reverses all three axes, the samples too
    Only the last two make the matrix. np.swapaxes(A, -1, -2), or .mT, leaves the samples in front.
    "What shape does A.T have when A has three axes?"
B-not-transposed: B is not transposed in ∂𝓛/∂A
    Forward B takes k numbers to m; back, m slopes must become k.
    "Say the shapes of your first product aloud."
A-not-transposed: A is not transposed in ∂𝓛/∂B
    The axis t must be summed away, so it stands inside the product: (k, t)(t, m).
    "Say the shapes of your second product aloud."
order: ∂𝓛/∂A has its factors in the wrong order
    B stood to the right of A, and so its transpose stands to the right of G.
    "On which side of A does B stand?"
turned: ∂𝓛/∂B is transposed
    Aᵀ G has the shape of B, and Gᵀ A that of its transpose.
    "What shape does B have, and what shape does your gradient have?"
not-shared: a shared B keeps a gradient for every sample
    One B, used S times: the slopes of its uses add, and the gradient has the shape of B.
    "B comes without the sample axis. What shape does its gradient have?"
mean: a shared B gets the mean over the samples, not the sum
    Every use counts in full. Whatever mean the loss takes is in G already.
    "B is used twice with the same A and G. What is its gradient?"
always-summed: ∂𝓛/∂B is summed over the samples, though each has a B of its own
    Sum over an axis along which something was copied. Here every sample brought its own B.
    "How many matrices B are there, and how many gradients do you return?"
"""
