"""One neuron, drawn: σ and its losses with their tangents, and a bar for every factor of ∂𝓛/∂w."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from backprop.activations import ACTIVATIONS
from backprop.explore.figures import BLUE, GRAY, VERMILION
from backprop.explore.one_neuron.numbers import LOSSES, STEEPEST, W, loss_over, words
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


def draw(neuron, stacked=False):
    """The neuron as an SVG: σ with its tangent, each loss over w with its tangent, and a bar for every factor.

    Stacked, for a phone, the second loss stands below the first, with the names of its bars once more.
    """
    losses = []
    for name in LOSSES:
        drawn = name in neuron.losses
        losses.append([_loss(neuron, name), _bars(neuron, name)] if drawn else [_missing(name, neuron.activation)])
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
    return picture(width, height, said, element("g", _numbers(neuron, width, line), below, font_size=14))


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

    def tangent(self, x, y, slope, color):
        """A point and its tangent, as far as that stays in the plot and a fifth of its width to either side."""
        (left, right), (low, high), ends = self.x_ends, self.y_ends, []
        for reach in (-0.2, 0.2):
            dx = min(max(x + reach * (right - left), left), right) - x
            dy = min(max(y + slope * dx, low), high) - y
            if abs(dy) < abs(slope * dx):
                dx = dy / slope
            ends.append((self.across(x + dx), self.up(y + dy)))
        (x1, y1), (x2, y2) = ends
        line = {"stroke": "currentColor", "stroke_width": 2, "stroke_dasharray": "6 3", "class_": "tangent"}
        dot = {"fill": color, "stroke": "currentColor", "stroke_width": 1.5, "class_": "here"}
        here = element("circle", cx=self.across(x), cy=self.up(y), r=5, **dot)
        return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **line) + here


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
    tangent = plot.tangent(neuron.z, neuron.a, neuron.slope, "currentColor")
    return element("g", frame, target, named, line, tangent, class_="plot activation")


def _loss(neuron, name):
    """𝓛 over w with its tangent."""
    ws = np.linspace(*W, 81)
    values, here = loss_over(ws, neuron, name), neuron.loss(name)
    high = rounded_up(max(0.5, *values))  # an axis that jumps seldom
    plot, frame = _plot(COLUMNS[name], W, (0.0, high), f"{LOSSES[name]} 𝓛 = {number(here)}", "w")
    line = plot.curve(ws, values, stroke=COLORS[name], stroke_width=2.5)
    tangent = plot.tangent(neuron.w, here, neuron.gradient(name), COLORS[name])
    return element("g", frame, line, tangent, class_=f"plot {name}")


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
