"""Each activation σ beside its derivative σ'.

Both work elementwise on arrays of any shape, and keep the dtype they are given. A derivative takes z and
a = σ(z), because one of the two is always the cheaper way: tanh'(z) = 1 − a² needs no second tanh. It is
always the slope *at z*; a is only a value that the forward pass has kept.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Activation(NamedTuple):
    """An activation and its derivative: `a = f(z)` and `σ'(z) = derivative(z, a)`."""

    f: Callable
    derivative: Callable


def sigmoid(z):
    """σ(z) = 1 / (1 + e^−z). Only e^−|z| is ever formed, so no z overflows."""
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def d_sigmoid(z, a):
    """σ'(z) = σ(z) (1 − σ(z)), at most 1/4."""
    return a * (1 - a)


def tanh(z):
    """tanh(z) = (e^z − e^−z) / (e^z + e^−z)."""
    return np.tanh(z)


def d_tanh(z, a):
    """tanh'(z) = 1 − tanh²(z), at most 1."""
    return 1 - a * a


def relu(z):
    """ReLU(z) = max(0, z)."""
    return np.maximum(z, 0)


def d_relu(z, a):
    """ReLU'(z) = 1 where z > 0, else 0. There is no slope at the kink z = 0; this course takes 0 there."""
    return (z > 0).astype(z.dtype)


def leaky_relu(z):
    """LeakyReLU(z) = z where z > 0, else 0.01 z."""
    return np.where(z > 0, z, 0.01 * z)


def d_leaky_relu(z, a):
    """LeakyReLU'(z) = 1 where z > 0, else 0.01 (at the kink too)."""
    return np.where(z > 0, 1, 0.01).astype(a.dtype)  # a's: z may be whole numbers, and 0.01 is none


ROOT_2_OVER_PI = float(np.sqrt(2 / np.pi))  # a Python float leaves float32 arrays float32


def _gelu_tanh(z):
    """t = tanh(√(2/π) (z + 0.044715 z³)), which both GELU and its slope are made of."""
    return np.tanh(ROOT_2_OVER_PI * (z + 0.044715 * z**3))


def gelu(z):
    """GELU(z) = ½ z (1 + t), t = tanh(√(2/π) (z + 0.044715 z³)): the tanh form (Hendrycks & Gimpel, 2016)."""
    return 0.5 * z * (1 + _gelu_tanh(z))


def d_gelu(z, a):
    """GELU'(z) = ½ (1 + t) + ½ z (1 − t²) √(2/π) (1 + 3 · 0.044715 z²)."""
    t = _gelu_tanh(z)
    du = ROOT_2_OVER_PI * (1 + 3 * 0.044715 * z**2)
    return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * du


def silu(z):
    """SiLU(z) = z σ(z), also called swish."""
    return z * sigmoid(z)


def d_silu(z, a):
    """SiLU'(z) = σ(z) + a (1 − σ(z)), with a = z σ(z)."""
    s = sigmoid(z)
    return s + a * (1 - s)


def identity(z):
    """The identity, a = z (a copy, so that a change to a never reaches z)."""
    return z.copy()


def d_identity(z, a):
    """The slope of a = z is 1."""
    return np.ones_like(z)


ACTIVATIONS = {
    "sigmoid": Activation(sigmoid, d_sigmoid),
    "tanh": Activation(tanh, d_tanh),
    "relu": Activation(relu, d_relu),
    "leaky_relu": Activation(leaky_relu, d_leaky_relu),
    "gelu": Activation(gelu, d_gelu),
    "silu": Activation(silu, d_silu),
    "identity": Activation(identity, d_identity),
}


def softmax(z):
    """p_i = e^{z_i} / Σ_k e^{z_k} down each column of z, shape (K, B).

    The largest entry of a column is subtracted first, which changes no p and keeps e^z finite. Softmax is not
    elementwise: every p_i depends on every z_k, so it has a Jacobian, not a σ' (see `losses`).
    """
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)
