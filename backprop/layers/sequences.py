"""Sequences (..., T, n): recurrent layers and backpropagation through time, attention, and a small Transformer."""

import numpy as np

from backprop import checks
from backprop.activations import sigmoid
from backprop.autodiff import unbroadcast
from backprop.layers.basic import Activation, Embedding, LayerNorm, Linear, Sequential, Unembedding, last_axis
from backprop.layers.functions import attention, attention_backward, matmul_backward


class MultiHeadAttention:
    """Y = merge(attention(Q, K, V)) Wo with Q, K, V = split(X Wq), split(X Wk), split(X Wv).

    X and Y are (..., T, n). Split into heads, Q, K and V are (..., heads, T, n/heads): each head attends by itself.
    X is used three times, so dX is the sum of three gradients. There are no biases (a bias of K would shift all scores
    of a query alike, which softmax does not see). `causal` lets position t look at 0..t. A `mask` given to forward
    takes its place: True where a query may look, while nn.MultiheadAttention's marks what it may not.
    """

    names = ("Wq", "Wk", "Wv", "Wo")

    def __init__(self, n, heads, *, causal=False, seed=0):
        if n % heads:
            raise ValueError(f"{n} features do not split evenly among {heads} heads.")
        self.heads, self.causal, rng = heads, causal, checks.generator(seed)
        self.Wq, self.Wk, self.Wv, self.Wo = (rng.standard_normal((n, n)) / np.sqrt(n) for _ in self.names)

    def forward(self, X, mask=None):
        if self.causal and mask is None:
            mask = np.tri(X.shape[-2], dtype=bool)
        self.X = last_axis(X, len(self.Wq), "MultiHeadAttention")
        self.QKV = [self.split(X @ W) for W in (self.Wq, self.Wk, self.Wv)]
        Y, self.P = attention(*self.QKV, mask)
        self.Y = self.merge(Y)
        return self.Y @ self.Wo

    def backward(self, G):
        dY, self.dWo = matmul_backward(G, self.Y, self.Wo)
        dQ, dK, dV = (self.merge(d) for d in attention_backward(self.split(dY), self.P, *self.QKV))
        dX_q, self.dWq = matmul_backward(dQ, self.X, self.Wq)
        dX_k, self.dWk = matmul_backward(dK, self.X, self.Wk)
        dX_v, self.dWv = matmul_backward(dV, self.X, self.Wv)
        return dX_q + dX_k + dX_v

    def split(self, X):
        """(..., T, n) -> (..., heads, T, n/heads)"""
        return X.reshape(*X.shape[:-1], self.heads, X.shape[-1] // self.heads).swapaxes(-2, -3)

    def merge(self, X):
        """(..., heads, T, n/heads) -> (..., T, n): what split takes apart, and each the other's transpose."""
        X = X.swapaxes(-2, -3)
        return X.reshape(*X.shape[:-2], X.shape[-2] * X.shape[-1])


def feed_forward(n, n_hidden=None, *, seed=0):
    """The MLP of a Transformer's block, Linear(n, 4n), GELU, Linear(4n, n), at each position by itself."""
    rng, n_hidden = checks.generator(seed), n_hidden or 4 * n
    return Sequential(Linear(n, n_hidden, seed=rng), Activation("gelu"), Linear(n_hidden, n, seed=rng))


class Block:
    """A Transformer's block: attention, then the MLP, each with a residual connection and a LayerNorm N.

    "pre":   X ← X + F(N(X))    dX = G + N.backward(F.backward(G)): G passes every block untouched.
    "post":  X ← N(X + F(X))    dX = g + F.backward(g), g = N.backward(G): every block's N rescales G.
    Post is Vaswani et al. (2017); pre trains deep stacks without warm-up (Xiong et al., 2020).
    """

    names = ()

    def __init__(self, n, heads, *, norm="pre", causal=False, seed=0):
        self.pre, rng = checks.one_of(norm, ("pre", "post"), "norm") == "pre", checks.generator(seed)
        self.norm1, self.attention = LayerNorm(n), MultiHeadAttention(n, heads, causal=causal, seed=rng)
        self.norm2, self.mlp = LayerNorm(n), feed_forward(n, seed=rng)

    def forward(self, X):
        if self.pre:
            X = X + self.attention.forward(self.norm1.forward(X))
            return X + self.mlp.forward(self.norm2.forward(X))
        X = self.norm1.forward(X + self.attention.forward(X))
        return self.norm2.forward(X + self.mlp.forward(X))

    def backward(self, G):
        if self.pre:
            G = G + self.norm2.backward(self.mlp.backward(G))
            return G + self.norm1.backward(self.attention.backward(G))
        g = self.norm2.backward(G)
        g = self.norm1.backward(g + self.mlp.backward(g))
        return g + self.attention.backward(g)


class Positions:
    """Y = X + W[:T], a learned vector for each position.    dX = G    dW[:T] = Σ G over the leading axes

    X (..., T, n), W (length, n). Without it attention would see a set, not a sequence.
    """

    names = ("W",)

    def __init__(self, length, n, *, scale=1.0, seed=0):
        self.W = checks.number(scale, "scale", low=0) * checks.generator(seed).standard_normal((length, n))

    def forward(self, X):
        length, n = self.W.shape
        if np.ndim(X) < 2 or X.shape[-1] != n or X.shape[-2] > length:
            raise ValueError(f"Positions got shape {np.shape(X)}, but wants (..., T, {n}) with T up to {length}.")
        return X + self.W[: X.shape[-2]]

    def backward(self, G):
        T, n = G.shape[-2:]
        self.dW = np.zeros_like(self.W)
        self.dW[:T] = unbroadcast(G, (T, n))
        return G.copy()


class Transformer:
    """Tokens (B, T) in, logits (B, T, count) out: Embedding + Positions, some `Block`s, Unembedding (tied).

    With norm="pre" a last LayerNorm stands before the logits, since nothing has normalized the sum of the blocks.
    `causal` lets position t look at 0..t only. Tokens have no gradient: backward returns None.
    """

    names = ()

    def __init__(self, count, length, n, heads, *, blocks=2, norm="pre", causal=True, seed=0):
        rng = checks.generator(seed)
        self.embedding = Embedding(count, n, scale=1 / np.sqrt(n), seed=rng)
        self.positions = Positions(length, n, scale=1 / np.sqrt(n), seed=rng)
        self.blocks = [Block(n, heads, norm=norm, causal=causal, seed=rng) for _ in range(blocks)]
        self.norm = LayerNorm(n) if norm == "pre" else Sequential()
        self.output = Unembedding(self.embedding)

    def stack(self):
        return Sequential(self.embedding, self.positions, *self.blocks, self.norm, self.output)

    def forward(self, tokens):
        return self.stack().forward(tokens)

    def backward(self, G):
        return self.stack().backward(G)


class RNN:
    """h_t = tanh(x_t Wx + h_{t−1} Wh + b) for t = 1..T, and backpropagation through time (BPTT).

    X (..., T, n_in), Y = (h_1 … h_T) (..., T, n). With z_t before the tanh, backward in t:
        dz_t = (g_t + dz_{t+1} Whᵀ) ⊙ (1 − h_t²)    dX = dZ Wxᵀ    dWx = Xᵀ dZ    dWh = Σ h_{t−1}ᵀ dz_t    db = Σ dz_t
    A weight is used T times, so its gradient is a sum over t. The factor Whᵀ ⊙ (1 − h²), once per step, is
    why it vanishes or explodes. `truncate` = k cuts the sequence into pieces of k steps and lets no gradient
    cross a cut, as detach does between them; the values do. h_0 is 0 unless given, and dh0 is its gradient.
    """

    names = ("Wx", "Wh", "b")

    def __init__(self, n_in, n, *, truncate=None, seed=0):
        rng = checks.generator(seed)
        self.Wx, self.Wh = rng.standard_normal((n_in, n)) / np.sqrt(n_in), rng.standard_normal((n, n)) / np.sqrt(n)
        self.b, self.truncate = np.zeros(n), truncate
        if truncate is not None:
            checks.whole(truncate, "truncate", "steps")

    def forward(self, X, h0=None):
        self.X, T, n = last_axis(X, len(self.Wx), "RNN"), X.shape[-2], len(self.b)
        self.H = np.zeros((*X.shape[:-2], T + 1, n))  # H[t] is h_t, and H[0] the state before the first step
        self.H[..., 0, :] = 0 if h0 is None else h0
        for t in range(1, T + 1):
            z = X[..., t - 1, :] @ self.Wx + self.H[..., t - 1, :] @ self.Wh + self.b
            self.H[..., t, :] = np.tanh(z)
        return self.H[..., 1:, :].copy()

    def backward(self, G):
        T, dZ, dh = G.shape[-2], np.empty(G.shape), 0.0
        for t in range(T, 0, -1):
            dZ[..., t - 1, :] = (G[..., t - 1, :] + dh) * (1 - self.H[..., t, :] ** 2)
            cut = self.truncate and t > 1 and (t - 1) % self.truncate == 0
            dh = 0.0 if cut else dZ[..., t - 1, :] @ self.Wh.T
        self.dh0, self.db = dh, unbroadcast(dZ, self.b.shape)
        dX, self.dWx = matmul_backward(dZ, self.X, self.Wx)
        _, self.dWh = matmul_backward(dZ, self.H[..., :-1, :], self.Wh)
        return dX


def lstm_cell(z, c):
    """c' = f ⊙ c + i ⊙ g and h' = o ⊙ tanh c', with gates i, f, o = sigmoid and g = tanh of the quarters of z.

    z = x Wx + h Wh + b (..., 4n) holds them in PyTorch's order i, f, g, o; c (..., n). Returns h', c' and what
    backward needs. Hochreiter & Schmidhuber (1997); the forget gate, Gers et al. (2000).
    """
    i, f, g, o = np.split(z, 4, axis=-1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c_new = f * c + i * g
    tanh_c = np.tanh(c_new)
    return o * tanh_c, c_new, (i, f, g, o, c, tanh_c)


def lstm_cell_backward(dh, dc, kept):
    """dc' = dc + dh ⊙ o ⊙ (1 − tanh² c'), and then dz, gate by gate, and dc = dc' ⊙ f.

    From step to step c is only multiplied by f: no matrix and no tanh stands in its way, so where f ≈ 1 the
    gradient passes as it does in a residual connection.
    """
    i, f, g, o, c, tanh_c = kept
    dc = dc + dh * o * (1 - tanh_c**2)
    di, df, dg, do = dc * g, dc * c, dc * i, dh * tanh_c
    dz = [di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)]
    return np.concatenate(dz, axis=-1), dc * f


class LSTM:
    """`lstm_cell` for t = 1..T on z_t = x_t Wx + h_{t−1} Wh + b.    X (..., T, n_in), Y = (h_1 … h_T) (..., T, n)

    Wx (n_in, 4n), Wh (n, 4n), b (4n,); PyTorch has two biases, which are only ever added. dz_t comes from the cell,
    and dX, dWx, dWh and db from dZ as in `RNN`. h_0 and c_0 are 0 unless given; dh0 and dc0 are their gradients.
    """

    names = ("Wx", "Wh", "b")

    def __init__(self, n_in, n, *, seed=0):
        rng = checks.generator(seed)
        self.Wx = rng.standard_normal((n_in, 4 * n)) / np.sqrt(n_in)
        self.Wh, self.b = rng.standard_normal((n, 4 * n)) / np.sqrt(n), np.zeros(4 * n)

    def forward(self, X, h0=None, c0=None):
        self.X, T, n = last_axis(X, len(self.Wx), "LSTM"), X.shape[-2], len(self.Wh)
        self.H, self.kept = np.zeros((*X.shape[:-2], T + 1, n)), []
        self.H[..., 0, :] = 0 if h0 is None else h0
        c = np.zeros_like(self.H[..., 0, :]) + (0 if c0 is None else c0)
        for t in range(1, T + 1):
            z = X[..., t - 1, :] @ self.Wx + self.H[..., t - 1, :] @ self.Wh + self.b
            self.H[..., t, :], c, kept = lstm_cell(z, c)
            self.kept.append(kept)
        return self.H[..., 1:, :].copy()

    def backward(self, G):
        dZ, dh, dc = np.empty((*G.shape[:-1], len(self.b))), 0.0, 0.0
        for t in range(G.shape[-2], 0, -1):
            dZ[..., t - 1, :], dc = lstm_cell_backward(G[..., t - 1, :] + dh, dc, self.kept[t - 1])
            dh = dZ[..., t - 1, :] @ self.Wh.T
        self.dh0, self.dc0, self.db = dh, dc, unbroadcast(dZ, self.b.shape)
        dX, self.dWx = matmul_backward(dZ, self.X, self.Wx)
        _, self.dWh = matmul_backward(dZ, self.H[..., :-1, :], self.Wh)
        return dX
