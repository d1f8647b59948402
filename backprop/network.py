"""A multilayer perceptron: forward, the δ recurrence, the loss.

Samples are columns, layers are counted 1..L, and lists are padded so that the indices agree with the
whiteboard: W[0], b[0] and z[0] are None, and a[0] is the input X, of shape (n_0, B).
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from backprop import checks, inputs
from backprop.activations import ACTIVATIONS
from backprop.losses import HEADS
from backprop.parameters import by_name

if TYPE_CHECKING:  # as words only: NumPy's random numbers and types would be loaded with every import
    from numpy.typing import DTypeLike


class Trace(NamedTuple):
    """What a forward pass leaves behind: z[l] and a[l], each of shape (n_l, B). `trace.output` is a[L]."""

    z: list
    a: list

    @property
    def output(self) -> np.ndarray:
        return self.a[-1]

    def __repr__(self):
        return "Trace(" + ", ".join(f"a[{l}] {a.shape}" for l, a in enumerate(self.a)) + ")"


class Gradients(NamedTuple):
    """delta[l] = ∂𝓛/∂z[l], W[l] = ∂𝓛/∂W[l], b[l] = ∂𝓛/∂b[l], each shaped like what it is the gradient of."""

    delta: list
    W: list
    b: list

    def by_name(self) -> dict[str, np.ndarray]:
        """{"W[1]": ∂𝓛/∂W[1], "b[1]": ∂𝓛/∂b[1], ...}: the names that `MLP.parameters` has."""
        return by_name(self.W, self.b)

    def __repr__(self):
        layers = range(1, len(self.W))
        return "Gradients(" + ", ".join(f"W[{l}] {self.W[l].shape}, b[{l}] {self.b[l].shape}" for l in layers) + ")"


class MLP:
    """A fully connected network with L layers of widths n_1..n_L on n_0 inputs.

    W[l] has shape (n_l, n_{l-1}) and b[l] shape (n_l, 1), both of `dtype`.

    sizes    [n_0, n_1, ..., n_L]
    hidden   "sigmoid", "tanh", "relu", "leaky_relu", "gelu", "silu" or "identity", for layers 1..L-1
    loss     "mse" (½‖a−y‖²), "bce" or "cross_entropy"; 𝓛 sums over outputs and averages over the batch
    output   the last layer's activation; left out, the loss chooses: identity, sigmoid, softmax
    init     "xavier", "he", "lecun", "normal" (variance scale²), "zeros", or a list of L arrays; biases start at 0
    seed     for the initial weights: an integer, a numpy Generator, or None for different weights each time
    dtype    np.float64 or np.float32

    Raises ValueError, in a sentence, for a name it does not know, a pair of loss and output that does not go
    together, and sizes or arrays of the wrong shape.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        hidden: str = "tanh",
        loss: str = "mse",
        output: str | None = None,
        init: str | Sequence[np.ndarray] = "xavier",
        scale: float = 1.0,
        seed: "int | np.random.Generator | None" = 0,
        dtype: "DTypeLike" = np.float64,
    ) -> None:
        self.sizes = inputs.sizes(sizes)
        self.L = len(self.sizes) - 1
        self.dtype = checks.dtype(dtype)
        self.hidden = checks.one_of(hidden, ACTIVATIONS, "hidden")
        self.loss_name, self.output_name = inputs.head(loss, output, self.sizes[-1])
        self.σ, self.dσ = ACTIVATIONS[self.hidden]
        self.head = HEADS[self.loss_name, self.output_name]
        self.W = [None, *initial_weights(self.sizes, init, scale, seed, self.dtype)]
        self.b = [None, *(np.zeros((n, 1), self.dtype) for n in self.sizes[1:])]

    def forward(self, X: np.ndarray) -> Trace:
        """z[l] = W[l] a[l-1] + b[l],  a[l] = σ(z[l]),  l = 1..L, and keep them all in a `Trace`.

        X has shape (n_0, B). Raises ValueError for another shape, an empty batch, NaN or inf.
        """
        W, b = self.W, self.b
        z, a = [None], [inputs.samples(X, self.sizes[0], self.dtype)]
        for l in range(1, self.L + 1):
            z.append(W[l] @ a[l - 1] + b[l])
            a.append(self.σ(z[l]) if l < self.L else self.head.output(z[l]))
        return Trace(z, a)

    def loss(self, trace: Trace, Y: np.ndarray) -> float:
        """𝓛 = (1/B) Σ_samples loss(a[L], y), a float.

        Y has shape (n_L, B); for "cross_entropy" integer labels of shape (B,) will do. Raises ValueError for a
        trace of another network, and for a Y that does not fit the trace or the loss.
        """
        Y = inputs.targets(Y, trace, self)
        return float(self.head.loss(trace.z[self.L], trace.output, Y).mean())

    def backward(self, trace: Trace, Y: np.ndarray) -> Gradients:
        """The gradient of 𝓛 with respect to every z[l], W[l] and b[l], as `Gradients`.

        (B1) δ^L = ∂𝓛/∂z^L, which is ∂𝓛/∂a^L ⊙ σ'(z^L) for an elementwise output
        (B2) δ^l = (W^{l+1}ᵀ δ^{l+1}) ⊙ σ'(z^l)
        (B3) ∂𝓛/∂W^l = δ^l (a^{l-1})ᵀ
        (B4) ∂𝓛/∂b^l = δ^l summed over the batch

        Raises as `loss` does. The result shares no memory with the trace or with the parameters.
        """
        Y = inputs.targets(Y, trace, self)
        L, W, (z, a) = self.L, self.W, trace
        B = Y.shape[1]
        delta, dW, db = ([None] * (L + 1) for _ in range(3))

        delta[L] = self.head.error(z[L], a[L], Y) / B  # (B1), and the only 1/B
        for l in range(L - 1, 0, -1):
            delta[l] = (W[l + 1].T @ delta[l + 1]) * self.dσ(z[l], a[l])  # (B2)
        for l in range(1, L + 1):
            dW[l] = delta[l] @ a[l - 1].T  # (B3)
            db[l] = delta[l].sum(axis=1, keepdims=True)  # (B4)
        return Gradients(delta, dW, db)

    def parameters(self) -> dict[str, np.ndarray]:
        """{"W[1]": W[1], "b[1]": b[1], "W[2]": ...}, the arrays themselves: a change in place trains the network."""
        return by_name(self.W, self.b)

    def astype(self, dtype: "DTypeLike") -> "MLP":
        """A copy whose parameters have this dtype, and which computes in it."""
        twin = deepcopy(self)
        twin.dtype = checks.dtype(dtype)
        twin.W, twin.b = ([None, *(p.astype(twin.dtype) for p in ps[1:])] for ps in (self.W, self.b))
        return twin

    def __repr__(self):
        count = sum(p.size for p in self.parameters().values())
        return (
            f"MLP({self.sizes}, hidden={self.hidden!r}, output={self.output_name!r}, "
            f"loss={self.loss_name!r}, dtype={self.dtype.name}): {count:,} parameters"
        )


# The variance of an entry of W[l], from the layer's fan-in and fan-out (derived in notebook 05).
VARIANCES = {
    "xavier": lambda n_in, n_out, scale: 2 / (n_in + n_out),  # Glorot & Bengio, 2010
    "he": lambda n_in, n_out, scale: 2 / n_in,  # He et al., 2015
    "lecun": lambda n_in, n_out, scale: 1 / n_in,  # LeCun et al., 1998
    "normal": lambda n_in, n_out, scale: scale**2,
    "zeros": lambda n_in, n_out, scale: 0.0,
}


def initial_weights(sizes, init, scale, seed, dtype):
    """W[1]..W[L] with entries from N(0, variance) by the rule `init`, or copies of the arrays that `init` lists."""
    shapes = list(zip(sizes[1:], sizes[:-1]))
    if not isinstance(init, str):
        return inputs.weights(init, shapes, dtype)
    variance = VARIANCES[checks.one_of(init, VARIANCES, "init")]
    rng, scale = checks.generator(seed), checks.number(scale, "scale", low=0)
    return [
        (np.sqrt(variance(n_in, n_out, scale)) * rng.standard_normal((n_out, n_in))).astype(dtype)
        for n_out, n_in in shapes
    ]
