"""One neuron, drawn: σ and its losses with their tangents, and a bar for every factor of ∂𝓛/∂w.

The point on each curve is a handle: it says which control it moves (`data-drag`), and between which pixels which
values of it lie. On a loss that is w; on σ it is b, which moves z and nothing else.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from backprop.activations import ACTIVATIONS
from backprop.explore.figures import BLUE, GRAY, VERMILION
from backprop.explore.one_neuron.numbers import LOSSES, STEEPEST, B, W, loss_over, words
from backprop.explore.svg import curve, element, picture, rounded_up, scale, text, ticks
from backprop.explore.written import in_product, number

COLORS = {"mse": BLUE, "bce": VERMILION}
WIDTH, HEIGHT = 840, 412
LEFT, MIDDLE, RIGHT = (0, 236), (290, 545), (585, 840)  # the columns: what, squared error, cross-entropy
TOP, BOTTOM = 54, 208  # of the curves
ROWS, ROW = 282, 34  # where the bars begin, and how far apart they are
COLUMNS = {"mse": MIDDLE, "bce": RIGHT}
FULL = 278  # where the scales of the bars are written
SMALL = {"font_size": 12, "fill_opacity": 0.8}
NUMBER = 80  # what a bar's number needs, right of it
LINE, DOWN = 24, 386  # stacked: a second line of numbers, and how far down the second loss stands


def draw(neuron, stacked=False, update=None):
    """The neuron as an SVG: σ with its tangent, each loss over w with its tangent, and a bar for every factor.

    Stacked, for a phone, the second loss stands below the first, with the names of its bars once more. The `Update`
    that led here, if one did, is an arrow on its loss.
    """
    losses = []
    for name in LOSSES:
        drawn = name in neuron.losses
        losses.append(
            [_loss(neuron, name, update), _bars(neuron, name)] if drawn else [_missing(name, neuron.activation)]
        )
    parts = [_activation(neuron), _labels(neuron), *losses[0]]
    if stacked:
        width, height, line = MIDDLE[1], HEIGHT + LINE + DOWN, LINE
        moved = element("g", *losses[1], transform=f"translate({MIDDLE[0] - RIGHT[0]} 0)")
        parts.append(element("g", moved, _labels(neuron), transform=f"translate(0 {DOWN})"))
    else:
        width, height, line = WIDTH, HEIGHT, 0
        parts += losses[1]
    below = element("g", *parts, transform=f"translate(0 {line})")
    said = " ".join(words(neuron))
    shown = element("g", _numbers(neuron, width, line), below, font_size=14)
    return picture(width, height, said, shown, role="group")


def _numbers(neuron, width, line):
    """The forward pass, in one line where there is room."""
    w, (x, b) = number(neuron.w), (in_product(number(v)) for v in (neuron.x, neuron.b))
    z = text(0, 16, f"z = w x + b = {w} · {x} + {b} = {number(neuron.z)}", class_="z")
    at = {"x": 0} if line else {"x": width / 2 + 60, "text_anchor": "middle"}
    a = text(y=16 + line, words=f"a = {neuron.activation}(z) = {number(neuron.a)}", class_="a", **at)
    y = text(width, 16 + line, f"target y = {number(neuron.y)}", class_="y", text_anchor="end")
    return element("g", z, a, y, font_size=15)


class Plot(NamedTuple):
    """The axes of a small plot: where values go on the page, and between which values."""

    across: Callable
    up: Callable
    x_ends: tuple
    y_ends: tuple

    def curve(self, xs, ys, **look):
        return curve(((self.across(x), self.up(y)) for x, y in zip(xs, ys)), **look)

    def tangent(self, x, y, slope):
        """The tangent at a point, as far as that stays in the plot and a fifth of its width to either side."""
        (left, right), (low, high), ends = self.x_ends, self.y_ends, []
        for reach in (-0.2, 0.2):
            dx = min(max(x + reach * (right - left), left), right) - x
            dy = min(max(y + slope * dx, low), high) - y
            if abs(dy) < abs(slope * dx):
                dx = dy / slope
            ends.append((self.across(x + dx), self.up(y + dy)))
        (x1, y1), (x2, y2) = ends
        line = {"stroke": "currentColor", "stroke_width": 2, "stroke_dasharray": "6 3", "class_": "tangent"}
        return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **line)

    def handle(self, x, y, color, control):
        """The point, as a handle of a control (name, label, its value here, its value less x, its ends)."""
        name, label, value, off, (low, high) = control
        ends = [self.across(end) for end in self.x_ends]
        cx, cy = self.across(x), self.up(y)
        reach = element("circle", cx=cx, cy=cy, r=16, fill="transparent", class_="reach")
        dot = {"fill": color, "stroke": "currentColor", "stroke_width": 1.5, "class_": "here"}
        where = {
            "data_drag": name,
            "data_pixels": f"{ends[0]:.1f} {ends[1]:.1f}",
            "data_values": f"{self.x_ends[0] + off:.4f} {self.x_ends[1] + off:.4f}",
            "data_lm_suppress_shortcuts": "true",  # JupyterLab leaves its keys alone
        }
        spoken = {"aria_valuenow": f"{value:.4g}", "aria_valuemin": f"{low:g}", "aria_valuemax": f"{high:g}"}
        spoken |= {"role": "slider", "tabindex": 0, "aria_label": label}
        return element("g", reach, element("circle", cx=cx, cy=cy, r=6, **dot), **where, **spoken)


def _plot(columns, x_ends, y_ends, title, xlabel):
    """A plot over some columns of the picture, and its frame: title, grid and ticks."""
    left, right = columns[0] + 34, columns[1] - 6
    across, up = scale(*x_ends, left, right), scale(*y_ends, BOTTOM, TOP)
    levels, places = ticks(*y_ends, 4), ticks(*x_ends, 4)
    grid = [element("line", x1=left, x2=right, y1=up(v), y2=up(v)) for v in levels]
    marks = [text(left - 6, up(v) + 4, number(v), text_anchor="end") for v in levels]
    marks += [text(across(v), BOTTOM + 15, number(v), text_anchor="middle") for v in places]
    ruled = element("g", *grid, stroke="currentColor", stroke_opacity=0.15) + element("g", *marks, **SMALL)
    below = text((left + right) / 2, BOTTOM + 30, xlabel, text_anchor="middle")
    frame = element("g", ruled, text(left, TOP - 12, title, class_="title"), below)
    return Plot(across, up, x_ends, y_ends), frame


def _activation(neuron):
    """σ over z with its tangent, and the target as a dotted line."""
    z_ends = (-10.0, 10.0)
    a_ends = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, 10.0)}[neuron.activation]
    plot, frame = _plot(LEFT, z_ends, a_ends, f"σ = {neuron.activation} and its slope", "z")
    zs = np.linspace(*z_ends, 81)
    dotted = {"stroke": GRAY, "stroke_width": 2, "stroke_dasharray": "2 4", "class_": "target"}
    target = plot.curve(z_ends, (neuron.y, neuron.y), **dotted)
    named = text(plot.across(z_ends[1]) + 6, plot.up(neuron.y) + 4, "y")
    line = plot.curve(zs, ACTIVATIONS[neuron.activation].f(zs), stroke=GRAY, stroke_width=2.5)
    tangent = plot.tangent(neuron.z, neuron.a, neuron.slope)
    moves = "b", "bias b, by the point on σ", neuron.b, -neuron.w * neuron.x, B
    handle = plot.handle(neuron.z, neuron.a, "currentColor", moves)
    return element("g", frame, target, named, line, tangent, handle, class_="plot activation")


def _loss(neuron, name, update):
    """𝓛 over w with its tangent."""
    ws = np.linspace(*W, 81)
    values, here = loss_over(ws, neuron, name), neuron.loss(name)
    stepped = update is not None and update.name == name
    high = rounded_up(max(0.5, *values, update.before.loss(name) if stepped else 0))  # an axis that jumps seldom
    plot, frame = _plot(COLUMNS[name], W, (0.0, high), f"{LOSSES[name]} 𝓛 = {number(here)}", "w")
    line = plot.curve(ws, values, stroke=COLORS[name], stroke_width=2.5)
    tangent = plot.tangent(neuron.w, here, neuron.gradient(name))
    handle = plot.handle(
        neuron.w, here, COLORS[name], ("w", f"weight w, by the point on the {LOSSES[name]}", neuron.w, 0, W)
    )
    arrow = _arrow(plot, update, here) if stepped else ""
    return element("g", frame, arrow, line, tangent, handle, class_=f"plot {name}")


def _arrow(plot, update, here):
    """From where an update began to where it led, over the curve as it was: b moved too, so the curve has moved."""
    before, ws = update.before, np.linspace(*W, 81)
    was = plot.curve(ws, loss_over(ws, before, update.name), stroke=GRAY, stroke_width=1.5, stroke_dasharray="3 3")
    x0, y0 = plot.across(before.w), plot.up(before.loss(update.name))
    x1, y1 = plot.across(update.after.w), plot.up(here)
    long = float(np.hypot(x1 - x0, y1 - y0))
    start = element("circle", cx=x0, cy=y0, r=5, fill="none", stroke="currentColor", stroke_width=1.5)
    if long < 10:  # too short for a head
        return element("g", was, start, class_="step")
    ux, uy = (x1 - x0) / long, (y1 - y0) / long
    x1, y1 = x1 - 8 * ux, y1 - 8 * uy
    left, right = (f"{x1 - 9 * ux + s * 5 * uy:.1f},{y1 - 9 * uy - s * 5 * ux:.1f}" for s in (1, -1))
    shaft = element("line", x1=x0, y1=y0, x2=x1, y2=y1, stroke="currentColor", stroke_width=2.5)
    head = element("polygon", points=f"{x1:.1f},{y1:.1f} {left} {right}", fill="currentColor")
    return element("g", was, start, shaft, head, class_="step")


def full_lengths(neuron):
    """The number that fills each row's bar from the middle to its end, the same for both losses."""
    return {"∂𝓛/∂a": 2.0, "σ'(z)": STEEPEST[neuron.activation], "x": 3.0, "∂𝓛/∂w": 3.0}


def _labels(neuron):
    """What each row of bars is, and its scale."""
    meanings = "how 𝓛 moves with a", "how a moves with z", "how z moves with w", "how 𝓛 moves with w"
    rows = [text(FULL, ROWS - 16, "full bar", **SMALL, text_anchor="end")]
    for i, (name, full) in enumerate(full_lengths(neuron).items()):
        y = ROWS + i * ROW + 15
        rows += [
            text(20, y, ("", "×", "×", "=")[i], font_size=16, text_anchor="middle"),
            text(38, y, name, font_size=15),
            text(96, y, meanings[i]),
            text(FULL, y, number(full), **SMALL, text_anchor="end"),
        ]
    rule = ROWS + 3 * ROW - 7
    line = element("line", x1=0, x2=WIDTH, y1=rule, y2=rule, stroke="currentColor", stroke_opacity=0.4)
    return element("g", text(0, ROWS - 16, "∂𝓛/∂w by its factors", font_weight="bold"), *rows, line)


def _bars(neuron, name):
    """The factors and their product for one loss: a bar from the middle, to the left if negative, and its number."""
    left, right = COLUMNS[name][0], COLUMNS[name][1] - NUMBER
    middle = (left + right) / 2
    values = *neuron.factors(name), neuron.gradient(name)
    rows = [text(left, ROWS - 16, LOSSES[name], font_weight="bold", fill=COLORS[name])]
    for i, ((row, full), value) in enumerate(zip(full_lengths(neuron).items(), values)):
        y = ROWS + i * ROW
        end, on = scale(-full, full, left, right)(value), 12 * np.sign(value)
        tip = f"M{end:.1f} {y - 4} l{on:.1f} 14 l{-on:.1f} 14 z"  # of a bar that goes on beyond its scale
        rows += [
            element("line", x1=left, x2=right, y1=y + 10, y2=y + 10, stroke="currentColor", stroke_opacity=0.15),
            element("rect", x=min(middle, end), y=y, width=abs(end - middle), height=20, fill=COLORS[name],
                    fill_opacity=None if row == "∂𝓛/∂w" else 0.75, class_="bar"),
            element("line", x1=middle, x2=middle, y1=y - 4, y2=y + 24, stroke="currentColor"),
            element("path", d=tip, fill="currentColor", class_="beyond") if abs(value) > full else "",
            text(COLUMNS[name][1], y + 15, number(value), text_anchor="end", font_size=15, class_="value"),
        ]  # fmt: skip
    return element("g", *rows, class_=f"bars {name}")


def _missing(name, activation):
    """Where a loss would stand that doesn't go with the activation."""
    left, right = COLUMNS[name]
    x, top, dotted = (left + right) / 2 + 14, (TOP + BOTTOM) / 2 - 16, {"stroke": GRAY, "stroke_dasharray": "2 4"}
    box = element("rect", x=left + 34, y=TOP, width=right - left - 40, height=BOTTOM - TOP, fill="none", **dotted)
    lines = LOSSES[name], "wants a probability,", f"and {activation}(z) is none."
    said = [text(x, top + 20 * i, line, text_anchor="middle") for i, line in enumerate(lines)]
    return element("g", box, *said, class_="missing")
