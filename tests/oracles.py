"""Independent oracles: the same mathematics written a second and a third time, for the tests to compare with.

Neither shares a line with the package, and they differ from each other: `autograd_gradients` speaks rows and
leaves the derivatives to HIPS autograd; `complex_step_gradients` speaks columns and takes no derivative at all.
What the package gets wrong, they would have to get wrong in the same way, twice.
"""

from typing import NamedTuple

import autograd.numpy as anp
import numpy as np
from autograd import grad

LEAK = 0.01


class Problem(NamedTuple):
    """A network and a batch as plain arrays (lists without padding), so that no oracle needs the package."""

    W: list
    b: list
    X: np.ndarray
    Y: np.ndarray  # one-hot or soft columns, never labels
    hidden: str
    output: str
    loss: str

    @classmethod
    def of(cls, net, X, Y):
        """The problem that `net` solves on (X, Y), in float64 whatever the network's dtype."""
        W, b = ([np.array(p, dtype=np.float64) for p in ps[1:]] for ps in (net.W, net.b))
        X, Y = np.array(X, dtype=np.float64), np.array(Y, dtype=np.float64)
        return cls(W, b, X, Y, net.hidden, net.output_name, net.loss_name)


class Answer(NamedTuple):
    """The loss and its gradients, lists padded as the package pads them."""

    loss: float
    delta: list
    W: list
    b: list


# --- rows, derivatives by autograd ----------------------------------------------------------------------------

# autograd's `maximum` has slope 1/2 at a tie, where this course takes 0: hence `where`.
ROWS_ACTIVATIONS = {
    "sigmoid": lambda z: 0.5 * (1 + anp.tanh(z / 2)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: anp.where(z > 0, z, LEAK * z),
    "gelu": lambda z: z * 0.5 * (1 + anp.tanh(anp.sqrt(2 / anp.pi) * (z + 0.044715 * z * z * z))),
    "silu": lambda z: z * 0.5 * (1 + anp.tanh(z / 2)),
    "identity": lambda z: z,
}


def rows_loss(W, b, nudge, p):
    """𝓛 with samples as rows, and nudge[l] added to z[l]: its gradient there is δ[l]."""
    a, last = p.X.T, len(W) - 1
    for l, (W_l, b_l, nudge_l) in enumerate(zip(W, b, nudge)):
        z = a @ W_l.T + b_l.T + nudge_l.T
        if l < last:
            a = ROWS_ACTIVATIONS[p.hidden](z)
    y = p.Y.T
    if p.loss == "bce":
        per_sample = anp.sum(y * anp.logaddexp(0.0, -z) + (1 - y) * anp.logaddexp(0.0, z), axis=1)
    else:
        top = anp.max(z, axis=1, keepdims=True)
        log_p = z - top - anp.log(anp.sum(anp.exp(z - top), axis=1, keepdims=True))
        if p.loss == "cross_entropy":
            per_sample = -anp.sum(y * log_p, axis=1)
        else:
            a = {"identity": z, "sigmoid": ROWS_ACTIVATIONS["sigmoid"](z), "softmax": anp.exp(log_p)}[p.output]
            per_sample = anp.sum((a - y) ** 2, axis=1) / 2
    return anp.sum(per_sample) / len(y)


def autograd_gradients(p):
    """𝓛, δ, ∂𝓛/∂W and ∂𝓛/∂b of a `Problem`, differentiated by HIPS autograd."""
    nudge = [np.zeros((len(W_l), p.X.shape[1])) for W_l in p.W]
    with np.errstate(over="ignore"):  # autograd's slope of tanh is 1/cosh², rightly 0 where cosh overflows
        dW, db, delta = grad(rows_loss, argnum=(0, 1, 2))(p.W, p.b, nudge, p)
    return Answer(rows_loss(p.W, p.b, nudge, p), [None, *delta], [None, *dW], [None, *db])


# --- columns, derivatives by a step into the complex plane ----------------------------------------------------

STEP = 1e-30  # nothing is subtracted, so it may be tiny

# Analytic where the real part is off a kink: the sign that picks a branch is the real part's.
COMPLEX_ACTIVATIONS = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": lambda z: 1 - 2 / (np.exp(2 * z) + 1),
    "relu": lambda z: z * (z.real > 0),
    "leaky_relu": lambda z: z * ((z.real > 0) * (1 - LEAK) + LEAK),
    "gelu": lambda z: z / (1 + np.exp(-2 * np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))),  # ½(1 + tanh u) = σ(2u)
    "silu": lambda z: z / (1 + np.exp(-z)),
    "identity": lambda z: z,
}


def complex_loss(W, b, nudge, p):
    """𝓛 with samples as columns, in complex numbers. Leading axes of the arguments, if any, are kept: one 𝓛 each."""
    a, last = p.X, len(W) - 1
    for l in range(last + 1):
        z = W[l] @ a + b[l] + nudge[l]
        if l < last:
            a = COMPLEX_ACTIVATIONS[p.hidden](z)
    if p.output == "softmax":
        e = np.exp(z - z.real.max(axis=-2, keepdims=True))
        a = e / e.sum(axis=-2, keepdims=True)
    else:
        a = COMPLEX_ACTIVATIONS[p.output](z)
    if p.loss == "mse":
        entries = (a - p.Y) ** 2 / 2
    elif p.loss == "bce":
        entries = -p.Y * np.log(a) - (1 - p.Y) * np.log(COMPLEX_ACTIVATIONS["sigmoid"](-z))
    else:
        entries = -p.Y * np.log(a)
    return entries.sum(axis=-2).mean(axis=-1)


def complex_step_gradients(p):
    """𝓛, δ, ∂𝓛/∂W and ∂𝓛/∂b of a `Problem`: Im 𝓛(x + ih) / h for every entry x of every array."""
    arguments = [p.W, p.b, [np.zeros((len(W_l), p.X.shape[1])) for W_l in p.W]]
    found = []
    for which, arrays in enumerate(arguments):
        gradients = [None]
        for l, x in enumerate(arrays):
            moved = x + 1j * STEP * np.eye(x.size).reshape(x.size, *x.shape)  # one copy per entry, that entry moved
            changed = [[*arrays[:l], moved, *arrays[l + 1 :]] if i == which else arguments[i] for i in range(3)]
            gradients.append((complex_loss(*changed, p).imag / STEP).reshape(x.shape))
        found.append(gradients)
    dW, db, delta = found
    return Answer(float(complex_loss(*arguments, p).real), delta, dW, db)


# --- how far apart --------------------------------------------------------------------------------------------


def distance(got, want, floor):
    """‖got − want‖ / max(‖want‖, floor): relative by norm, absolute below `floor`.

    An entry of a gradient is a sum of products. Where they cancel, or where σ' has saturated to 1 − a² ≈ 0, the
    rounding error stays that of the terms, so below the terms' own size no relative accuracy can be asked.
    """
    got, want = np.asarray(got, dtype=np.float64), np.asarray(want, dtype=np.float64)
    assert got.shape == want.shape
    return np.linalg.norm(got - want) / max(np.linalg.norm(want), floor)
