r"""Attention, forward and backward

One head: $O=\operatorname{softmax}(QK^{\mathsf T}/\sqrt d)\,V$, with $Q$ $(B,T,d)$, $K$ and $V$ $(B,S,d)$. A query may
look at a key where `mask` $(T,S)$ is True. `G` is $\partial\mathcal L/\partial O$. Return $\partial\mathcal L/\partial
Q$, $\partial\mathcal L/\partial K$ and $\partial\mathcal L/\partial V$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "layers#attention"
level, minutes = "interview", 15


def attention_inputs(rng, own=False):
    """T queries look at S keys, each at some of them only; in self-attention there are as many of both."""
    B, T, S, d = (int(size) for size in rng.permutation(np.arange(3, 8))[:4])
    S = T if own else S
    mask = rng.random((T, S)) < 0.6
    mask[np.arange(T), np.arange(T) % S] = True
    mask[np.arange(T), np.arange(1, T + 1) % S] = False
    Q, K, V = normal(rng, B, T, d), normal(rng, B, S, d), normal(rng, B, S, d)
    return {"Q": Q, "K": K, "V": V, "mask": mask, "G": normal(rng, B, T, d)}


inputs = {"ordinary": attention_inputs, "self-attention": lambda rng: attention_inputs(rng, own=True)}


def attention_backward(Q, K, V, mask, G):
    root = np.sqrt(Q.shape[-1])
    #: no-root: root = Q.shape[-1]
    #: by-length: root = np.sqrt(Q.shape[1])
    #: by-keys: root = np.sqrt(K.shape[1])
    S = np.where(mask, Q @ K.swapaxes(1, 2) / root, -np.inf)
    #: scale-forward: S = np.where(mask, Q @ K.swapaxes(1, 2), -np.inf)
    #: no-mask: S = Q @ K.swapaxes(1, 2) / root
    #: mask-zero: S = np.where(mask, Q @ K.swapaxes(1, 2) / root, 0)
    #: mask-after: S = Q @ K.swapaxes(1, 2) / root
    e = np.exp(S - S.max(axis=-1, keepdims=True))
    P = e / e.sum(axis=-1, keepdims=True)
    #: mask-after: P = e / e.sum(axis=-1, keepdims=True) * mask
    dV = P.swapaxes(1, 2) @ G
    dP = G @ V.swapaxes(1, 2)
    dS = P * (dP - (dP * P).sum(axis=-1, keepdims=True))
    #: no-sum: dS = P * dP
    #: elementwise: dS = P * (dP * (1 - P))
    dQ = dS @ K / root
    #: scale-dQ: dQ = dS @ K
    dK = dS.swapaxes(1, 2) @ Q / root
    #: scale-dK: dK = dS.swapaxes(1, 2) @ Q
    #: dS-not-transposed: dK = dS @ Q / root
    return dQ, dK, dV


hints = r"""
Forward in three lines: scores S, weights P, output O = PV. Back in the opposite order, shapes said aloud.
O = PV is a product: dV and dP. Then softmax's dS, row by row. S is a product again: dQ and dK.
dV = Pᵀ G, dP = G Vᵀ, dS = P ⊙ (dP − Σ P dP) along the keys, dQ = dS K/√d, dK = dSᵀ Q/√d. Masked scores are −∞ before
    the softmax, and the rest takes care of itself.
"""

slips = r"""
scale-forward: √d is missing in the forward pass
    Without it the scores have variance d, the softmax saturates, and little gradient passes.
    "What variance have your scores?"
scale-dQ: √d is missing in ∂𝓛/∂Q
    S is QKᵀ divided by √d, so every slope of S has this factor.
    "How fast does a score move when its query does?"
scale-dK: √d is missing in ∂𝓛/∂K
    S is QKᵀ divided by √d, so every slope of S has this factor.
    "How fast does a score move when its key does?"
no-root: the scores are divided by d, not by √d
    A sum of d independent products has variance d, so a standard deviation of √d.
    "What is the standard deviation of q·k?"
by-length: the scores are divided by the root of the number of queries, not of d
    A score is a sum over the d entries of a query and a key. How many queries there are doesn't enter it.
    "How many terms has one q·k?"
by-keys: the scores are divided by the root of the number of keys, not of d
    A score is a sum over the d entries of a query and a key. How many keys there are doesn't enter it.
    "How many terms has one q·k?"
no-mask: the mask is ignored
    Then a query looks at keys that it must not see: in a language model, at the future.
    "Which keys get a weight in your softmax?"
mask-zero: masked scores are set to 0, not to −∞
    e⁰ = 1 is a weight like any other. Only −∞ gives weight 0.
    "What weight does a score of 0 get?"
mask-after: the mask is put on the weights, after the softmax
    The hidden keys have had their share of the sum by then, so the weights that are left don't sum to 1.
    "What does a row of P sum to?"
no-sum: softmax's sum is missing: dS = P ⊙ dP
    This holds diag(p) only. The weights of one query sum to 1, so they move together.
    "What should each row of dS sum to?"
elementwise: softmax is treated as elementwise: P (1 − P) dP
    P (1 − P) is the diagonal of its Jacobian only.
    "If one score grows, what happens to the other weights of this query?"
dS-not-transposed: dS is not transposed in ∂𝓛/∂K
    A key collects from all queries: the sum runs over T. With T = S nobody would notice.
    "Say the shapes of dS, Q and K aloud."
"""
