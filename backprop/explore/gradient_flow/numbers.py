"""Gradient flow: |δ^l| at every layer of a deep network, and what depth, activation, weights and remedies do to it.

The network is made of `backprop.layers`, so samples are rows. Hidden layer l computes z = h W + b, then normalizes z
where that is asked for, then σ; with skips its input is added to the result. Layer L is linear, under ½‖a − y‖².
Its weights are drawn by a rule of the package, then multiplied by a scale; inputs and targets are standard normal.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from backprop.explore.written import number
from backprop.layers import Activation, BatchNorm, LayerNorm, Linear, Sequential

N, SAMPLES = 64, 16  # the width of every layer, and the batch
DEPTHS, SCALES, SEEDS = (2, 50), (0.0, 4.0), (0, 20)
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "gelu", "silu")
INITS = ("xavier", "he", "lecun", "normal")  # the last with standard deviation 1
NORMS = {"none": (), "LayerNorm": (LayerNorm,), "BatchNorm": (BatchNorm,)}  # what stands between z and σ
MUCH = 1000.0  # times less is called vanishing here, times more exploding


class Flow(NamedTuple):
    """The settings of a deep network."""

    depth: int = 20
    activation: str = "relu"
    init: str = "he"
    scale: float = 1.0
    norm: str = "none"
    skips: bool = False
    seed: int = 0


@lru_cache(maxsize=64)
def gradient_norms(flow):
    """|δ^l| = |∂𝓛/∂z^l| for l = 1..L, the Frobenius norm over the whole batch."""
    rng = np.random.default_rng(flow.seed)
    X, Y = rng.standard_normal((2, SAMPLES, N))
    linears = [Linear(N, N, init=flow.init, seed=rng) for _ in range(flow.depth)]
    for linear in linears:
        linear.W *= flow.scale
    norm = NORMS[flow.norm]
    hidden = [(linear, Sequential(*(kind(N) for kind in norm), Activation(flow.activation))) for linear in linears[:-1]]
    for linear, after in hidden:
        F = after.forward(linear.forward(X))
        X = X + F if flow.skips else F
    delta = [(linears[-1].forward(X) - Y) / SAMPLES]
    G = linears[-1].backward(delta[0])
    for linear, after in reversed(hidden):
        delta.append(after.backward(G))
        back = linear.backward(delta[-1])
        G = G + back if flow.skips else back
    norms = np.array([_norm(d) for d in reversed(delta)])
    norms.setflags(write=False)
    return norms


def _norm(array):
    """The Frobenius norm, whose squares would overflow or vanish at the ends of the sliders."""
    largest = np.abs(array).max()
    return largest * np.linalg.norm(array / largest) if largest > 0 else 0.0


# --- in words ---


def words(flow, kept=None):
    """What the picture shows: how |δ| changes from the last layer to the first, in all and per layer."""
    delta, L = gradient_norms(flow), flow.depth
    said = [f"{_settings(flow)}."]
    if delta[0] == 0:
        zero = int(np.flatnonzero(delta == 0).max()) + 1
        layers = "layer 1" if zero == 1 else f"layers 1 to {zero}"
        said.append(f"δ is exactly 0 at {layers}: nothing arrives there, so nothing is learned there.")
    else:
        ratio = delta[0] / delta[-1]
        change = "falls" if ratio < 1 else "grows"
        said.append(
            f"From layer {L} down to layer 1, |δ| {change} from {number(delta[-1])} to {number(delta[0])}. "
            f"The ratio first to last is {number(ratio)}, a factor of {number(ratio ** (1 / (L - 1)))} per layer. "
            f"{_verdict(ratio, L)}"
        )
    if delta[-1] > MUCH:
        said.append(f"Layer {L}'s own |δ| is large already: in the forward pass the outputs have exploded.")
    if kept is not None:
        said.append(_comparison(flow, kept))
    return said


def _settings(flow):
    norm = "no normalization" if flow.norm == "none" else flow.norm
    skips = "skips" if flow.skips else "no skips"
    rule = f"{flow.init} weights × {number(flow.scale)}"
    return f"{flow.depth} layers, {flow.activation}, {rule}, {norm}, {skips}, seed {flow.seed}"


def _verdict(ratio, L):
    if ratio < 1 / MUCH:
        return f"It vanishes: layer 1 learns {number(1 / ratio)} times slower than layer {L}."
    if ratio > MUCH:
        return f"It explodes: layer 1 gets {number(ratio)} times what layer {L} gets."
    return f"Layer 1 is within a factor of a thousand of layer {L}."


def _comparison(flow, kept):
    """What has been changed since a line was kept, and what that did to the ratio."""
    changed = [name for name, now, then in zip(Flow._fields, flow, kept) if now != then]
    before, after = (number(delta[0] / delta[-1]) for delta in (gradient_norms(kept), gradient_norms(flow)))
    what = f"changed since: {', '.join(changed)}; the ratio went from {before} to {after}"
    return f"Kept for comparison, dashed: {_settings(kept)}; {what if changed else 'no change yet'}."
