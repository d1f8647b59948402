"""Each loss beside its output error δ^L = ∂𝓛/∂z^L, one row per legal pair of loss and output layer.

z, a and y have shape (n_L, B): samples are columns. A loss returns one number per sample, shape (B,), summed
over the outputs; an error returns ∂loss/∂z per sample, shape (n_L, B). The mean over the batch, and the 1/B
that it puts into δ^L, are taken once, in `network`.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from backprop.activations import d_sigmoid, identity, sigmoid, softmax


class Head(NamedTuple):
    """An output layer and a loss: `a = output(z)`, `loss(z, a, y)` per sample, and its `error(z, a, y)` = ∂loss/∂z."""

    output: Callable
    loss: Callable
    error: Callable


def squared_error(z, a, y):
    """½ ‖a − y‖²."""
    return 0.5 * ((a - y) ** 2).sum(axis=0)


def binary_cross_entropy(z, a, y):
    """−Σ y log σ(z) + (1 − y) log(1 − σ(z)), written in the logits z so that no logarithm meets a 0.

    With log σ(z) = −log(1 + e^−z) it becomes Σ max(z, 0) − y z + log(1 + e^−|z|). Targets lie in [0, 1].
    """
    return (np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z)))).sum(axis=0)


def cross_entropy(z, a, y):
    """−Σ_k y_k log p_k with p = softmax(z), written in the logits: log Σ_k e^{z_k} − Σ_k y_k z_k.

    Both terms are taken relative to the largest logit (log-sum-exp), so nothing overflows. Each column of y sums to 1.
    """
    shifted = z - z.max(axis=0, keepdims=True)
    return np.log(np.exp(shifted).sum(axis=0)) - (y * shifted).sum(axis=0)


def residual(z, a, y):
    """δ = a − y. For each loss with its natural output, what the output's slope and the loss's slope leave is this.

    Squared error with identity: (a − y) · 1. Cross-entropy with sigmoid: (a − y)/(a(1 − a)) · a(1 − a).
    Cross-entropy with softmax: Σ_i −(y_i/p_i) p_i ([i=j] − p_j) = p_j − y_j.
    """
    return a - y


def squared_error_sigmoid(z, a, y):
    """δ = (a − y) ⊙ σ'(z): (B1) with an elementwise output. The factor σ' vanishes where the sigmoid saturates."""
    return (a - y) * d_sigmoid(z, a)


def squared_error_softmax(z, a, y):
    """δ = Jᵀ(a − y) with softmax's Jacobian J_ij = a_i ([i=j] − a_j), that is a ⊙ (g − Σ_k a_k g_k) for g = a − y."""
    g = a - y
    return a * (g - (a * g).sum(axis=0))


HEADS = {
    ("mse", "identity"): Head(identity, squared_error, residual),
    ("mse", "sigmoid"): Head(sigmoid, squared_error, squared_error_sigmoid),
    ("mse", "softmax"): Head(softmax, squared_error, squared_error_softmax),
    ("bce", "sigmoid"): Head(sigmoid, binary_cross_entropy, residual),
    ("cross_entropy", "softmax"): Head(softmax, cross_entropy, residual),
}

NATURAL_OUTPUT = {"mse": "identity", "bce": "sigmoid", "cross_entropy": "softmax"}
