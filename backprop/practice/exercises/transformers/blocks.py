r"""Attention's backward pass without P

The forward pass of $O=\operatorname{softmax}(QK^{\mathsf T}/\sqrt d)\,V$ kept `O` $(T,e)$ and `L` $(T,1)$, the
$\log\sum_se^{\text{score}}$ of each query, but not the weights $P$. `Q` is $(T,d)$; `K` $(S,d)$ and `V` $(S,e)$ are one
block of the keys. `G` is $\partial\mathcal L/\partial O$. Return what this block adds to $\partial\mathcal L/\partial
Q$, and its $\partial\mathcal L/\partial K$ and $\partial\mathcal L/\partial V$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "transformers#blocks"
level, minutes = "interview", 8


def block_inputs(rng):
    """A block of S keys out of twice as many, so that the rows of its P don't sum to 1."""
    T, S, d, e = (int(size) for size in rng.permutation(np.arange(3, 8))[:4])
    Q, K, V = normal(rng, T, d), normal(rng, 2 * S, d), normal(rng, 2 * S, e)
    A = Q @ K.T / np.sqrt(d)
    L = np.log(np.exp(A).sum(axis=-1, keepdims=True))
    return {"Q": Q, "K": K[:S], "V": V[:S], "O": np.exp(A - L) @ V, "L": L, "G": normal(rng, T, e)}


inputs = {"ordinary": block_inputs}


def block_backward(Q, K, V, O, L, G):
    root = np.sqrt(Q.shape[-1])
    #: no-root: root = Q.shape[-1]
    #: by-values: root = np.sqrt(V.shape[-1])
    #: by-keys: root = np.sqrt(K.shape[0])
    A = Q @ K.T / root
    #: scale-forward: A = Q @ K.T
    P = np.exp(A - L)
    #: softmax-of-block: P = np.exp(A) / np.exp(A).sum(axis=-1, keepdims=True)
    #: no-log-sum: P = np.exp(A)
    D = (G * O).sum(axis=-1, keepdims=True)
    #: d-of-block: D = (P * (G @ V.T)).sum(axis=-1, keepdims=True)
    #: d-without-O: D = G.sum(axis=-1, keepdims=True)
    dV = P.T @ G
    dA = P * (G @ V.T - D)
    #: no-d: dA = P * (G @ V.T)
    #: d-outside: dA = P * (G @ V.T) - D
    dQ = dA @ K / root
    #: scale-dQ: dQ = dA @ K
    dK = dA.T @ Q / root
    #: scale-dK: dK = dA.T @ Q
    return dQ, dK, dV


hints = r"""
With P this is attention's backward pass as you know it. What gives you this block of P again, from what was kept?
P = exp(scores − L). Softmax's backward pass needs the sum over ALL keys of P dP. Which number of each row is that?
D = Σ_s P_ts dP_ts = Σ_s P_ts (g_t · v_s) = g_t · o_t: the row sum of G ⊙ O. Then dA = P ⊙ (G Vᵀ − D), and dQ, dK with
    the root.
"""

slips = r"""
scale-forward: √d is missing in the scores
    Then P is not the one of the forward pass, and L doesn't belong to it.
    "What do the rows of P sum to over all keys?"
no-root: the scores are divided by d, not by √d
    A sum of d independent products has variance d, so a standard deviation of √d.
    "What is the standard deviation of q·k?"
by-values: the scores are divided by the root of the width of V, not of d
    A score is a sum over the d entries of a query and a key. The values come in later, and may be of another width.
    "How many terms has one q·k?"
by-keys: the scores are divided by the root of the number of keys, not of d
    A score is a sum over the d entries of a query and a key. How many keys there are doesn't enter it.
    "How many terms has one q·k?"
softmax-of-block: P is the softmax of the block alone
    A query's weights sum to 1 over all keys, not over this block. L is the sum over all.
    "Another block holds the rest of the keys. What is left for it?"
no-log-sum: exp(scores) is taken for P
    Without L it is not divided by the sum: these are no weights.
    "How large can an entry of your P be?"
d-of-block: softmax's row sum runs over the block's keys only
    The sum belongs to the whole row. G · O is all of it, whatever the block.
    "Over which keys does the softmax's row sum run?"
d-without-O: D sums G without O
    Σ P dP = Σ_s P_ts (g_t · v_s) = g_t · o_t.
    "Where did the values go in your D?"
no-d: softmax's row sum is missing: dA = P ⊙ dP
    The weights of one query sum to 1, so they move together.
    "What should each row of dA sum to over all keys?"
d-outside: D is subtracted outside of the product with P
    dA = P ⊙ (dP − D): a key with weight 0 gets nothing.
    "What does your dA say about a key that has no weight?"
scale-dQ: √d is missing in ∂𝓛/∂Q
    The scores are QKᵀ divided by √d, so every slope has this factor.
    "How fast does a score move when its query does?"
scale-dK: √d is missing in ∂𝓛/∂K
    The scores are QKᵀ divided by √d, so every slope has this factor.
    "How fast does a score move when its key does?"
"""
