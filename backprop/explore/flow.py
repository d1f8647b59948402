"""Gradient flow: |δ^l| at every layer of a deep network, and what depth, activation, weights and remedies do to it.

The network is made of `backprop.layers`, so samples are rows. Hidden layer l computes z = h W + b, then normalizes z
where that is asked for, then σ; with skips its input is added to the result. Layer L is linear, under ½‖a − y‖².
Its weights are drawn by a rule of the package, then multiplied by a scale; inputs and targets are standard normal.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from backprop.explore.figures import BLUE, GRAY, VERMILION
from backprop.explore.svg import curve, element, number, picture, scale, text
from backprop.layers import Activation, BatchNorm, LayerNorm, Linear, Sequential

N, SAMPLES = 64, 16  # the width of every layer, and the batch
DEPTHS, SCALES, SEEDS = (2, 50), (0.0, 4.0), (0, 20)
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "gelu", "silu")
INITS = ("xavier", "he", "lecun", "normal")  # the last with standard deviation 1
NORMS = {"none": None, "LayerNorm": LayerNorm, "BatchNorm": BatchNorm}
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
    linears = [_linear(flow, rng) for _ in range(flow.depth)]
    hidden = [(linear, _after(flow)) for linear in linears[:-1]]
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


def _linear(flow, rng):
    layer = Linear(N, N, init=flow.init, seed=rng)
    layer.W *= flow.scale
    return layer


def _after(flow):
    """What follows a hidden layer's z: normalization, if any, and σ."""
    kind = NORMS[flow.norm]
    return Sequential(*([kind(N)] if kind else []), Activation(flow.activation))


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
        said.append(f"Layer {L}'s own |δ| is large already: on the way there the outputs have exploded.")
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
    what = (
        f"changed since: {', '.join(changed)}; the ratio went from {before} to {after}" if changed else "no change yet"
    )
    return f"Kept for comparison, dashed: {_settings(kept)}; {what}."


# --- the picture ---

WIDTH, HEIGHT = 840, 372
LEFT, RIGHT, TOP, BOTTOM, ZERO = 84, 826, 40, 300, 324  # of the plot; ZERO is where an exact 0 is drawn, off the scale
LOWER, UPPER = (-4, -8, -16, -32, -64, -128, -256), (2, 4, 8, 16, 32, 64, 128, 256)  # an axis that jumps seldom


def draw(flow, kept=None):
    """|δ^l| over l on a logarithmic axis as an SVG, with an earlier setting's dashed beside it if one was kept."""
    delta = gradient_norms(flow)
    shown = [delta] if kept is None else [gradient_norms(kept), delta]
    low, high = _decades(np.concatenate(shown))
    across = scale(1, max(map(len, shown)), LEFT + 14, RIGHT - 14)
    up = scale(low, high, BOTTOM, TOP)

    def place(value):
        return up(np.log10(value)) if value > 0 else ZERO

    parts = [_frame(across, up, low, high, max(map(len, shown))), _threshold(place, delta[-1], low, flow.depth)]
    if kept is not None:
        parts.append(_line(across, place, shown[0], VERMILION, "kept", stroke_dasharray="7 4"))
    parts.append(_line(across, place, delta, BLUE, "now"))
    drawn = element("g", _header(delta), *parts, font_size=14)
    return picture(WIDTH, HEIGHT, " ".join(words(flow, kept)), drawn)


def _decades(values):
    """The powers of ten between which the axis runs."""
    logs = np.log10(values[values > 0])
    low = next(p for p in LOWER if p <= logs.min(initial=0))
    return low, next(p for p in UPPER if p >= logs.max(initial=0))


def _header(delta):
    ratio = number(delta[0] / delta[-1])
    return element(
        "g",
        text(LEFT, 16, f"layer 1: |δ| = {number(delta[0])}", class_="first"),
        text((LEFT + RIGHT) / 2, 16, f"ratio first to last: {ratio}", text_anchor="middle", font_weight="bold",
             class_="ratio"),
        text(RIGHT, 16, f"layer {len(delta)}: |δ| = {number(delta[-1])}", text_anchor="end", class_="last"),
        font_size=15,
    )  # fmt: skip


def _frame(across, up, low, high, L):
    step = next(s for s in (1, 2, 4, 8, 16, 32, 64) if (high - low) / s <= 8)
    powers = range(-(-low // step) * step, high + 1, step)
    grid = [element("line", x1=LEFT, x2=RIGHT, y1=up(p), y2=up(p)) for p in powers]
    stride = next(s for s in (1, 2, 5) if L / s <= 10)
    layers = sorted({1, *range(stride, L + 1, stride)})
    return element(
        "g",
        element("g", *grid, stroke="currentColor", stroke_opacity=0.15),
        element("line", x1=LEFT, x2=RIGHT, y1=ZERO, y2=ZERO, stroke="currentColor", stroke_opacity=0.15,
                stroke_dasharray="2 4"),
        *(_power(LEFT - 8, up(p) + 4, p) for p in powers),
        text(LEFT - 8, ZERO + 4, "0", text_anchor="end"),
        *(text(across(l), ZERO + 20, l, text_anchor="middle") for l in layers),
        text((LEFT + RIGHT) / 2, HEIGHT - 8, "layer (δ comes down from right to left)", text_anchor="middle"),
        text(8, (TOP + BOTTOM) / 2, "|δ|", font_size=15),
    )  # fmt: skip


def _power(x, y, exponent):
    """10 to a power, set as one writes it."""
    raised = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(abs(exponent)))
    return text(x, y, f"10{'⁻' if exponent < 0 else ''}{raised}", text_anchor="end")


def _threshold(place, last, low, L):
    """A level a thousand times below the last layer's, where the axis reaches so far down."""
    if last / MUCH < 10.0**low:
        return ""
    y = place(last / MUCH)
    return element(
        "g",
        element("line", x1=LEFT, x2=RIGHT, y1=y, y2=y, stroke=GRAY, stroke_width=1.5, stroke_dasharray="2 4"),
        text(RIGHT, y + 15, f"a thousandth of layer {L}'s", text_anchor="end", fill_opacity=0.8),
        class_="threshold",
    )


def _line(across, place, delta, color, name, **dash):
    """One setting's |δ^l|: dots for now, squares for what was kept, crosses for an exact 0."""
    points = [(across(l), place(value)) for l, value in enumerate(delta, start=1)]
    marks = [_mark(x, y, value, name, color) for (x, y), value in zip(points, delta)]
    return element("g", curve(points, stroke=color, stroke_width=2, **dash), *marks, class_=name)


def _mark(x, y, value, name, color):
    if value == 0:
        return element("path", d=f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8", stroke=color, stroke_width=2, class_="zero")
    if name == "kept":
        return element("rect", x=x - 3.5, y=y - 3.5, width=7, height=7, fill=color)
    return element("circle", cx=x, cy=y, r=4, fill=color)
