"""Attention in blocks of keys, so that no T by S array is ever kept, and attention with grouped queries. In rows."""

import numpy as np

from backprop.layers.functions import attention, attention_backward


def attention_in_blocks(Q, K, V, mask=None, block=64):
    """O = softmax(Q Kᵀ/√d) V and L = log Σ e^score of each query, by a running softmax over blocks of keys.

    Q (..., T, d), K (..., S, d), V (..., S, e), with the same leading axes; O (..., T, e) and L (..., T, 1) are
    returned. Where the boolean `mask` (it broadcasts to (..., T, S)) is False the score is −∞. A query that may look at
    nothing is answered on purpose: O = 0, L = −∞, and its gradient is 0, as in PyTorch's scaled_dot_product_attention.
    A block that is no whole number from 1 is a ValueError. Milakov & Gimelshein (2018), Dao et al. (2022).
    """
    m = np.full((*Q.shape[:-1], 1), -np.inf)  # the largest score so far
    s = np.zeros_like(m)  # the sum of e^(score − m) so far
    O = np.zeros((*Q.shape[:-1], V.shape[-1]))  # the sum of e^(score − m) v so far
    for keys in blocks(K.shape[-2], block):
        A = scores(Q, K, mask, keys)
        m_new = np.maximum(m, A.max(axis=-1, keepdims=True))
        base = np.where(np.isfinite(m_new), m_new, 0)  # a row without a key yet: e^(−∞ − 0) = 0, not e^(−∞ + ∞)
        P, shrink = np.exp(A - base), np.exp(m - base)
        s = shrink * s + P.sum(axis=-1, keepdims=True)
        O = shrink * O + P @ V[..., keys, :]
        m = m_new
    blind = s == 0
    return O / np.where(blind, 1, s), np.where(blind, -np.inf, m + np.log(np.where(blind, 1, s)))


def attention_in_blocks_backward(G, O, L, Q, K, V, mask=None, block=64):  # noqa: PLR0917 (what the formula holds)
    """dQ, dK and dV from O and L, where each block of P = e^(scores − L) is computed again and thrown away.

    dV = Pᵀ G    dA = P ⊙ (G Vᵀ − D)    dQ = dA K/√d    dK = dAᵀ Q/√d    with D = rowsum(G ⊙ O)
    D is the row sum Σ_s P_ts dP_ts of softmax's backward pass: it would need a whole row of P, and G · O is the same.
    """
    root = np.sqrt(Q.shape[-1])
    D = (G * O).sum(axis=-1, keepdims=True)
    base = np.where(np.isfinite(L), L, 0)
    dQ, dK, dV = np.zeros(Q.shape), np.zeros(K.shape), np.zeros(V.shape)
    for keys in blocks(K.shape[-2], block):
        P = np.exp(scores(Q, K, mask, keys) - base)
        dV[..., keys, :] = P.swapaxes(-1, -2) @ G
        dA = P * (G @ V[..., keys, :].swapaxes(-1, -2) - D) / root
        dQ += dA @ K[..., keys, :]
        dK[..., keys, :] = dA.swapaxes(-1, -2) @ Q
    return dQ, dK, dV


def scores(Q, K, mask, keys):
    """Q Kᵀ/√d for some of the keys, and −∞ where the mask hides one."""
    A = Q @ K[..., keys, :].swapaxes(-1, -2) / np.sqrt(Q.shape[-1])
    if mask is None:
        return A
    if np.asarray(mask).dtype != bool:
        raise ValueError("The mask should be boolean, True where a query may look: pass mask == 1, or mask == 0.")
    whole = np.broadcast_to(mask, (*Q.shape[:-1], K.shape[-2]))
    return np.where(whole[..., keys], A, -np.inf)


def blocks(count, size):
    """Slices of `size` that cover 0..count, the last one shorter where it doesn't divide."""
    if type(size) is not int or size < 1:
        raise ValueError(
            f"block is {size!r}, but should be a whole number from 1: how many keys are looked at together."
        )
    return [slice(start, start + size) for start in range(0, count, size)]


def grouped_attention(Q, K, V, mask=None):
    """Attention in which each head of K and V serves several heads of queries: O and P are returned.

    Q (..., h, T, d), K (..., g, S, d), V (..., g, S, e) with h a multiple of g: head i of the queries looks at head
    i // (h/g). O (..., h, T, e), P (..., h, T, S). g = h is attention in heads, g = 1 multi-query attention. Ainslie et
    al. (2023).
    """
    O, P = attention(*_grouped(Q, K, V), mask)
    return O.reshape(*Q.shape[:-1], V.shape[-1]), P.reshape(*Q.shape[:-1], K.shape[-2])


def grouped_attention_backward(G, P, Q, K, V):
    """dQ, dK and dV. A head of K or V was used by h/g heads of queries, so its gradient is the sum over them."""
    q, k, v = _grouped(Q, K, V)
    dQ, dK, dV = attention_backward(_in_groups(G, K), _in_groups(P, K), q, k, v)
    return dQ.reshape(Q.shape), dK.reshape(K.shape), dV.reshape(V.shape)


def _grouped(Q, K, V):
    """Q with an axis for its place in its group, and K and V with one of length 1 there, along which they stretch."""
    return _in_groups(Q, K), np.expand_dims(K, -3), np.expand_dims(V, -3)


def _in_groups(X, K):
    """(..., h, T, n) -> (..., g, h/g, T, n)"""
    h, g = X.shape[-3], K.shape[-3]
    if h % g:
        raise ValueError(f"{h} heads of queries do not split evenly among {g} heads of keys.")
    return X.reshape(*X.shape[:-3], g, h // g, *X.shape[-2:])
