"""What most networks are made of: affine maps, activations, normalization, dropout, embeddings, and compositions."""

import numpy as np

from backprop import checks
from backprop.activations import ACTIVATIONS
from backprop.network import VARIANCES


class Linear:
    """Y = X W + b, with X (..., n_in), W (n_in, n_out), b (n_out,).

    dX = G Wᵀ    dW = Xᵀ G    db = G summed over every axis but the last
    """

    names = ("W", "b")

    def __init__(self, n_in, n_out, *, init="xavier", scale=1.0, seed=0):
        variance = VARIANCES[checks.one_of(init, VARIANCES, "init")](n_in, n_out, checks.number(scale, "scale", low=0))
        self.W = np.sqrt(variance) * checks.generator(seed).standard_normal((n_in, n_out))
        self.b = np.zeros(n_out)

    def forward(self, X):
        self.X = last_axis(X, len(self.W), "Linear")
        return X @ self.W + self.b

    def backward(self, G):
        X, rows = self.X.reshape(-1, len(self.W)), G.reshape(-1, len(self.b))
        self.dW = X.T @ rows
        self.db = rows.sum(axis=0)
        return G @ self.W.T


class Activation:
    """Y = σ(X), entry by entry, for any hidden activation of the package.    dX = G ⊙ σ'(X)"""

    names = ()

    def __init__(self, name):
        self.f, self.derivative = ACTIVATIONS[checks.one_of(name, ACTIVATIONS, "activation")]

    def forward(self, X):
        self.X, self.Y = X, self.f(X)
        return self.Y

    def backward(self, G):
        return G * self.derivative(self.X, self.Y)


class LayerNorm:
    """Y = γ ⊙ x̂ + β with x̂ = (X − μ)/s: each sample is normalized over its features (the last axis).

    dγ = Σ G ⊙ x̂    dβ = Σ G    (over the samples)    dX = (ĝ − mean ĝ − x̂ ⊙ mean(ĝ ⊙ x̂)) / s,  ĝ = G ⊙ γ
    Ba, Kiros & Hinton (2016). s = √(variance + ε), with the variance that divides by n.
    """

    names = ("gamma", "beta")

    def __init__(self, n, *, eps=1e-5):
        self.gamma, self.beta, self.eps = np.ones(n), np.zeros(n), eps

    def forward(self, X):
        last_axis(X, len(self.gamma), "LayerNorm")
        self.x_hat, self.s = normalize(X, -1, self.eps)
        return self.gamma * self.x_hat + self.beta

    def backward(self, G):
        samples = tuple(range(G.ndim - 1))
        self.dgamma = (G * self.x_hat).sum(axis=samples)
        self.dbeta = G.sum(axis=samples)
        return normalize_backward(G * self.gamma, self.x_hat, self.s, -1)


class RMSNorm:
    """Y = γ ⊙ x̂ with x̂ = X/s, s = √(mean X² + ε): LayerNorm without the mean and without β.

    dγ = Σ G ⊙ x̂ (over the samples)    dX = (ĝ − x̂ ⊙ mean(ĝ ⊙ x̂)) / s,  ĝ = G ⊙ γ
    Zhang & Sennrich (2019). One of LayerNorm's two means is left, since only s depends on all of X.
    """

    names = ("gamma",)

    def __init__(self, n, *, eps=1e-5):
        self.gamma, self.eps = np.ones(n), eps

    def forward(self, X):
        last_axis(X, len(self.gamma), "RMSNorm")
        self.s = np.sqrt((X * X).mean(axis=-1, keepdims=True) + self.eps)
        self.x_hat = X / self.s
        return self.gamma * self.x_hat

    def backward(self, G):
        self.dgamma = (G * self.x_hat).sum(axis=tuple(range(G.ndim - 1)))
        g = G * self.gamma
        return (g - self.x_hat * (g * self.x_hat).mean(axis=-1, keepdims=True)) / self.s


class BatchNorm:
    """Y = γ ⊙ x̂ + β with x̂ = (X − μ)/s: each feature is normalized over the batch (axis 0), in training.

    The gradients are LayerNorm's with the axes exchanged. With `training = False` μ and s are the running averages,
    so they are constants, and dX = G ⊙ γ / s. Ioffe & Szegedy (2015). As in PyTorch, running ← (1 − m) running + m
    batch with m = `momentum`, and the running variance is the unbiased one.
    """

    names = ("gamma", "beta")

    def __init__(self, n, *, eps=1e-5, momentum=0.1):
        self.gamma, self.beta, self.eps, self.momentum = np.ones(n), np.zeros(n), eps, momentum
        self.running_mean, self.running_var, self.training = np.zeros(n), np.ones(n), True

    def forward(self, X):
        last_axis(X, len(self.gamma), "BatchNorm")
        if X.ndim > 2:
            raise ValueError(f"BatchNorm got shape {X.shape}, but which axes are its batch? Pass X.reshape(-1, n).")
        if not self.training:
            self.s = np.sqrt(self.running_var + self.eps)
            self.x_hat = (X - self.running_mean) / self.s
        elif len(X) < 2:
            raise ValueError(f"BatchNorm trains on {len(X)} sample, but one sample has no variance: pass at least two.")
        else:
            self.x_hat, self.s = normalize(X, 0, self.eps)
            m, correction = self.momentum, len(X) / (len(X) - 1)
            self.running_mean = (1 - m) * self.running_mean + m * X.mean(axis=0)
            self.running_var = (1 - m) * self.running_var + m * correction * X.var(axis=0)
        return self.gamma * self.x_hat + self.beta

    def backward(self, G):
        self.dgamma = (G * self.x_hat).sum(axis=0)
        self.dbeta = G.sum(axis=0)
        if not self.training:
            return G * self.gamma / self.s
        return normalize_backward(G * self.gamma, self.x_hat, self.s, 0)


class Dropout:
    """Y = X ⊙ M, where an entry of M is 0 with probability p, and 1/(1 − p) otherwise.    dX = G ⊙ M

    Inverted: dividing by 1 − p while training keeps E[Y] = X, so evaluating (`training = False`) is the identity.
    Every forward pass in training draws a new M, and backward takes the same one. Srivastava et al. (2014).
    """

    names = ()

    def __init__(self, p, *, seed=0):
        self.p, self.rng, self.training = checks.number(p, "p", low=0, below=1), checks.generator(seed), True

    def forward(self, X):
        self.mask = (self.rng.random(X.shape) >= self.p) / (1 - self.p) if self.training else 1.0
        return X * self.mask

    def backward(self, G):
        return G * self.mask


class Embedding:
    """Y = W[tokens]: row i of W (count, n) is the vector of token i.    dW[i] = Σ G over the places that hold token i

    Tokens are integers of any shape, Y has one axis more. It is a product with one-hot rows, which nobody forms. A
    token that occurs twice gets both gradients: `dW[tokens] += G` would keep only one of them. Tokens have no
    gradient, so backward returns None. Entries of W start from N(0, scale²), as in PyTorch.
    """

    names = ("W",)

    def __init__(self, count, n, *, scale=1.0, seed=0):
        self.W = checks.number(scale, "scale", low=0) * checks.generator(seed).standard_normal((count, n))

    def forward(self, tokens):
        tokens, count = np.asarray(tokens), len(self.W)
        if tokens.dtype.kind not in "iu" or (tokens.size and (tokens.min() < 0 or tokens.max() >= count)):
            raise ValueError(f"Embedding wants integer tokens from 0 to {count - 1}, but got {_seen(tokens)}.")
        self.tokens = tokens
        return self.W[tokens]

    def backward(self, G):
        self.dW = np.zeros_like(self.W)
        np.add.at(self.dW, self.tokens, G)


class Unembedding:
    """Y = X Wᵀ with the W of an `Embedding`: tied weights.    dX = G W    dW = Gᵀ X

    X (..., n), Y (..., count). W is one array with two uses, so its gradient is the sum of both: each layer leaves its
    share in its own dW, and `parameters` adds them. Press & Wolf (2017).
    """

    names = ("W",)

    def __init__(self, embedding):
        self.W = embedding.W  # the array itself: what changes it in place changes both

    def forward(self, X):
        self.X = last_axis(X, self.W.shape[1], "Unembedding")
        return X @ self.W.T

    def backward(self, G):
        count, n = self.W.shape
        self.dW = G.reshape(-1, count).T @ self.X.reshape(-1, n)
        return G @ self.W


class StraightThrough:
    """Y = round(X) or sign(X) (+1 at 0), with a slope of 0 nearly everywhere, so backward pretends: dX = G.

    With `clip`, dX = G where |X| ≤ clip and 0 beyond: far out, a step along G would not change Y for long.
    An estimate and not a derivative, so no gradient check passes. Bengio, Léonard & Courville (2013); with `clip`,
    Hubara et al. (2016).
    """

    names = ()

    def __init__(self, name="round", *, clip=None):
        self.name = checks.one_of(name, ("round", "sign"), "name")
        self.clip = np.inf if clip is None else checks.number(clip, "clip", above=0)

    def forward(self, X):
        self.X = X
        return np.round(X) if self.name == "round" else np.where(X >= 0, 1.0, -1.0)

    def backward(self, G):
        return G * (np.abs(self.X) <= self.clip)


class Residual:
    """Y = X + F(X) for an inner layer F.    dX = G + F.backward(G): the Jacobian is I + ∂F/∂X, so G always passes."""

    def __init__(self, inner):
        self.inner, self.layers, self.names = inner, [inner], ()

    def forward(self, X):
        F = self.inner.forward(X)
        if F.shape != X.shape:
            raise ValueError(f"Residual adds X and F(X), so F keeps the shape, but it made {F.shape} of {X.shape}.")
        return X + F

    def backward(self, G):
        return G + self.inner.backward(G)


class Sequential:
    """Layers in a row. Backward hands G from the last to the first: (B2), one layer at a time."""

    names = ()

    def __init__(self, *layers):
        self.layers = list(layers)

    def forward(self, X):
        for layer in self.layers:
            X = layer.forward(X)
        return X

    def backward(self, G):
        for layer in reversed(self.layers):
            G = layer.backward(G)
        return G


def normalize(X, axis, eps):
    """x̂ = (X − μ)/s and s = √(σ² + ε), with mean and variance over `axis`, kept for broadcasting."""
    s = np.sqrt(X.var(axis=axis, keepdims=True) + eps)
    return (X - X.mean(axis=axis, keepdims=True)) / s, s


def normalize_backward(g, x_hat, s, axis):
    """∂𝓛/∂X for g = ∂𝓛/∂x̂: (g − mean g − x̂ ⊙ mean(g ⊙ x̂)) / s.

    The two means are what flows back through μ and through s. They make ∂𝓛/∂X orthogonal to 1 and (but for ε) to x̂:
    the two directions in which x̂ does not change.
    """
    mean = np.mean(g, axis=axis, keepdims=True)
    along = np.mean(g * x_hat, axis=axis, keepdims=True)
    return (g - mean - x_hat * along) / s


def last_axis(X, n, layer):
    """X, if its last axis has n entries; otherwise a ValueError that says what to do."""
    if np.ndim(X) < 2 or X.shape[-1] != n:
        turned = ""
        if np.shape(X) == (n,):
            turned = " Is it one sample? Pass X[np.newaxis]."
        elif np.ndim(X) == 2 and len(X) == n:
            turned = " Its columns look like samples, and here samples are rows: pass X.T."
        raise ValueError(f"{layer} got shape {np.shape(X)}, but wants (samples, {n}), features last.{turned}")
    return X


def _seen(tokens):
    return f"{tokens.dtype} values" if tokens.dtype.kind not in "iu" else f"{tokens.min()} to {tokens.max()}"
