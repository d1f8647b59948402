"""Gradient flow: |δ^l|, |a^l| and |dW^l| of a deep network, and what depth, activation, weights and remedies do to it.

The network is made of `backprop.layers`, so samples are rows. Hidden layer l computes z = h W + b, then normalizes z
where that is asked for, then σ; with skips its input is added to the result. Layer L is linear, under ½‖a − y‖².
Its weights are drawn by a rule of the package, then multiplied by a scale; inputs and targets are standard normal.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from backprop.explore.written import number
from backprop.layers import Activation, BatchNorm, LayerNorm, Linear, Sequential

N, SAMPLES = 64, 16  # the width of every layer, and the batch
DEPTHS, SCALES, SEEDS = (2, 50), (0.0, 4.0), (0, 20)
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "gelu", "silu")
INITS = ("xavier", "he", "lecun", "normal")  # the last with standard deviation 1
NORMS = {"none": (), "LayerNorm": (LayerNorm,), "BatchNorm": (BatchNorm,)}  # what stands between z and σ
MUCH = 1000.0  # times less is called vanishing here, times more exploding
SIGNALS = "|δ|", "|a|", "|dW|"  # what can be looked at, layer by layer


class Flow(NamedTuple):
    """The settings of a deep network."""

    depth: int = 20
    activation: str = "relu"
    init: str = "he"
    scale: float = 1.0
    norm: str = "none"
    skips: bool = False
    seed: int = 0


PRESETS: dict[str, dict[str, Any]] = {  # what is found most often, each one step away from the healthy start
    "Sigmoid vanishes": {"activation": "sigmoid", "init": "xavier"},
    "Large weights explode": {"scale": 2.0},
    "Small weights vanish": {"scale": 0.5},
    "LayerNorm repairs it": {"scale": 0.5, "norm": "LayerNorm"},
    "Skips keep a sigmoid alive": {"activation": "sigmoid", "init": "xavier", "skips": True},
}


def gradient_norms(flow):
    """|δ^l| = |∂𝓛/∂z^l| for l = 1..L, the Frobenius norm over the whole batch."""
    return signals(flow)["|δ|"]


@lru_cache(maxsize=64)
def signals(flow):
    """{name of SIGNALS: the Frobenius norms of δ^l, a^l or dW^l = ∂𝓛/∂W^l, over the whole batch, for l = 1..L}."""
    rng = np.random.default_rng(flow.seed)
    X, Y = rng.standard_normal((2, SAMPLES, N))
    linears = [Linear(N, N, init=flow.init, seed=rng) for _ in range(flow.depth)]
    for linear in linears:
        linear.W *= flow.scale
    norm = NORMS[flow.norm]
    hidden = [(linear, Sequential(*(kind(N) for kind in norm), Activation(flow.activation))) for linear in linears[:-1]]
    a = []
    for linear, after in hidden:
        F = after.forward(linear.forward(X))
        X = X + F if flow.skips else F
        a.append(X)
    a.append(linears[-1].forward(X))
    delta = [(a[-1] - Y) / SAMPLES]
    G = linears[-1].backward(delta[0])
    for linear, after in reversed(hidden):
        delta.append(after.backward(G))
        back = linear.backward(delta[-1])
        G = G + back if flow.skips else back
    arrays = {"|δ|": reversed(delta), "|a|": a, "|dW|": [linear.dW for linear in linears]}
    return {name: _frozen([_norm(one) for one in found]) for name, found in arrays.items()}


def _frozen(values):
    """An array that is remembered, so nobody may change it."""
    array = np.array(values)
    array.setflags(write=False)
    return array


def _norm(array):
    """The Frobenius norm, whose squares would overflow or vanish at the ends of the sliders."""
    largest = np.abs(array).max()
    return largest * np.linalg.norm(array / largest) if largest > 0 else 0.0


# --- in words ---


def words(flow, kept=None, shows="|δ|"):
    """What the picture shows: how a signal changes along its way through the layers, in all and per layer."""
    values, L = signals(flow)[shows], flow.depth
    said = [f"{settings(flow)}."]
    if values.min() == 0:
        said.append(_silence(values, shows))
    else:
        ratio = values[0] / values[-1]
        (start, end), way, whole = ((1, L), "up", 1 / ratio) if shows == "|a|" else ((L, 1), "down", ratio)
        change = "falls" if whole < 1 else "grows"
        between = "last to first" if shows == "|a|" else "first to last"
        said.append(
            f"From layer {start} {way} to layer {end}, {shows} {change} from {number(values[start - 1])} to "
            f"{number(values[end - 1])}. The ratio {between} is {number(whole)}, a factor of "
            f"{number(whole ** (1 / (L - 1)))} per layer. {VERDICTS[shows](whole, L)}"
        )
    if gradient_norms(flow)[-1] > MUCH:
        said.append(f"Layer {L}'s own |δ| is large already: in the forward pass the outputs have exploded.")
    if kept is not None:
        said.append(_comparison(flow, kept, shows))
    return said


def _silence(values, shows):
    """Which layers get exactly 0, and what follows from it."""
    zero = np.flatnonzero(values == 0) + 1
    layers = f"layer {zero[0]}" if len(zero) == 1 else f"layers {zero[0]} to {zero[-1]}"
    if shows == "|a|":
        return f"a is exactly 0 at {layers}: nothing is passed on there."
    if shows == "|dW|":
        return f"dW is exactly 0 at {layers}: nothing is learned there."
    return f"δ is exactly 0 at {layers}: nothing arrives there, so nothing is learned there."


def settings(flow):
    norm = "no normalization" if flow.norm == "none" else flow.norm
    skips = "skips" if flow.skips else "no skips"
    rule = f"{flow.init} weights × {number(flow.scale)}"
    return f"{flow.depth} layers, {flow.activation}, {rule}, {norm}, {skips}, seed {flow.seed}"


def _of_delta(ratio, L):
    if ratio < 1 / MUCH:
        return f"It vanishes: layer 1 learns {number(1 / ratio)} times slower than layer {L}."
    if ratio > MUCH:
        return f"It explodes: layer 1 gets {number(ratio)} times what layer {L} gets."
    return f"Layer 1 is within a factor of a thousand of layer {L}."


def _of_a(ratio, L):
    if ratio < 1 / MUCH:
        return "The signal dies out on its way up: the output hardly depends on the input."
    if ratio > MUCH:
        return "The signal explodes on its way up, before there is any gradient."
    return "The signal keeps its size within a factor of a thousand."


def _of_dW(ratio, L):
    if 1 / MUCH <= ratio <= MUCH:
        little = "It says little by itself: dW = δ aᵀ, and what δ loses, a may have gained."
        return f"That is within a factor of a thousand. {little}"
    return f"Layer 1's weights get {number(ratio)} times what layer {L}'s get."


VERDICTS = {"|δ|": _of_delta, "|a|": _of_a, "|dW|": _of_dW}


def _comparison(flow, kept, shows):
    """What has been changed since a line was kept, and what that did to the ratio of its ends."""
    changed = [name for name, now, then in zip(Flow._fields, flow, kept) if now != then]
    before, after = (ratio_written(signals(one)[shows], shows).split(": ")[1] for one in (kept, flow))
    what = f"changed since: {', '.join(changed)}; the ratio went from {before} to {after}"
    return f"Kept for comparison, dashed: {settings(kept)}; {what if changed else 'no change yet'}."


def ratio_written(values, shows):
    """What a signal is at the end of its way, against its beginning: δ goes down, a goes up."""
    over, under = (values[-1], values[0]) if shows == "|a|" else (values[0], values[-1])
    name = "last to first" if shows == "|a|" else "first to last"
    return f"ratio {name}: {number(over / under) if under else '0 to 0'}"
