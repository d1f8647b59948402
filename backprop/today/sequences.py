"""A GRU beside the package's LSTM: one state, three gates."""

import numpy as np

from backprop import checks
from backprop.activations import sigmoid
from backprop.autodiff import unbroadcast
from backprop.layers import matmul_backward
from backprop.layers.basic import last_axis


def gru_cell(x, u, h):
    """h' = (1 − z) ⊙ n + z ⊙ h with gates r, z = sigmoid and the candidate n = tanh(x_n + r ⊙ u_n).

    x = x_t Wx + b and u = h Wh + c (..., 3n) hold their parts in PyTorch's order r, z, n; h (..., n). Returns h' and
    what backward needs. Cho et al. (2014); r acts behind the product with h, as in cuDNN, not on h before it.
    """
    (x_r, x_z, x_n), (u_r, u_z, u_n) = np.split(x, 3, axis=-1), np.split(u, 3, axis=-1)
    r, z = sigmoid(x_r + u_r), sigmoid(x_z + u_z)
    n = np.tanh(x_n + r * u_n)
    return (1 - z) * n + z * h, (r, z, n, u_n, h)


def gru_cell_backward(dh, kept):
    """dx, du, and the part of dh that goes straight to the state before: dh ⊙ z.

    Along that part nothing stands but z: no matrix, no tanh, as along an LSTM's cell. The rest of the old state's
    gradient is du Whᵀ.
    """
    r, z, n, u_n, h = kept
    dn, dz = dh * (1 - z) * (1 - n**2), dh * (h - n) * z * (1 - z)
    dr = dn * u_n * r * (1 - r)
    return np.concatenate([dr, dz, dn], axis=-1), np.concatenate([dr, dz, dn * r], axis=-1), dh * z


class GRU:
    """`gru_cell` for t = 1..T on x_t Wx + b and h_{t−1} Wh + c.    X (..., T, n_in), Y = (h_1 … h_T) (..., T, n)

    Wx (n_in, 3n), Wh (n, 3n), b and c (3n,): two biases, because r multiplies one of them. Backward in t, dh is a sum
    of three: from the output, along z, and through du Whᵀ. h_0 is 0 unless given, and dh0 is its gradient.
    """

    names = ("Wx", "Wh", "b", "c")

    def __init__(self, n_in, n, *, seed=0):
        rng = checks.generator(seed)
        self.Wx = rng.standard_normal((n_in, 3 * n)) / np.sqrt(n_in)
        self.Wh = rng.standard_normal((n, 3 * n)) / np.sqrt(n)
        self.b, self.c = np.zeros(3 * n), np.zeros(3 * n)

    def forward(self, X, h0=None):
        self.X, T, n = last_axis(X, len(self.Wx), "GRU"), X.shape[-2], len(self.Wh)
        self.H, self.kept = np.zeros((*X.shape[:-2], T + 1, n)), []
        self.H[..., 0, :] = 0 if h0 is None else h0
        for t in range(1, T + 1):
            h = self.H[..., t - 1, :].copy()
            self.H[..., t, :], kept = gru_cell(X[..., t - 1, :] @ self.Wx + self.b, h @ self.Wh + self.c, h)
            self.kept.append(kept)
        return self.H[..., 1:, :].copy()

    def backward(self, G):
        dx, du, dh = np.empty((*G.shape[:-1], len(self.b))), np.empty((*G.shape[:-1], len(self.b))), 0.0
        for t in range(G.shape[-2], 0, -1):
            dx[..., t - 1, :], du[..., t - 1, :], along_z = gru_cell_backward(G[..., t - 1, :] + dh, self.kept[t - 1])
            dh = along_z + du[..., t - 1, :] @ self.Wh.T
        self.dh0, self.db, self.dc = dh, unbroadcast(dx, self.b.shape), unbroadcast(du, self.c.shape)
        dX, self.dWx = matmul_backward(dx, self.X, self.Wx)
        _, self.dWh = matmul_backward(du, self.H[..., :-1, :], self.Wh)
        return dX
