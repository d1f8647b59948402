"""Gradient flow, drawn: |δ^l|, |a^l| or |dW^l| over l on a logarithmic axis."""

import numpy as np

from backprop.explore.figures import BLUE, GRAY, VERMILION
from backprop.explore.gradient_flow.numbers import MUCH, ratio_written, signals, words
from backprop.explore.svg import curve, element, picture, scale, text
from backprop.explore.written import number

WIDTH, HEIGHT = 840, 372
LEFT, RIGHT, TOP, BOTTOM, ZERO = 84, 826, 40, 300, 324  # of the plot; ZERO is where an exact 0 is drawn, off the scale
STEPS = (2, 4, 8, 16, 32, 64)  # decades that the axis grows by: it jumps seldom, and what is drawn fills most of it
NOTES = {"|δ|": "δ comes down from right to left", "|a|": "a goes up from left to right", "|dW|": "dW = δ aᵀ"}
NARROW = 400  # for a phone: the same letters on a narrower picture, whose header takes a line for each number


def draw(flow, kept=None, width=WIDTH, shows="|δ|"):
    """A signal over l on a logarithmic axis as an SVG, with an earlier setting's dashed beside it if one was kept."""
    values = signals(flow)[shows]
    shown = [values] if kept is None else [signals(kept)[shows], values]
    threshold = values[-1] / MUCH if shows == "|δ|" else 0.0
    low, high = _decades(np.concatenate([*shown, [threshold]]))
    right = RIGHT - WIDTH + width
    across = scale(1, max(map(len, shown)), LEFT + 14, right - 14)
    up = scale(low, high, BOTTOM, TOP)

    def place(value):
        return up(np.log10(value)) if value > 0 else ZERO

    parts = [_frame(across, up, (low, high), max(map(len, shown)), right)]
    parts.append(text((LEFT + right) / 2, HEIGHT - 8, f"layer ({NOTES[shows]})", text_anchor="middle"))
    parts.append(text(4, (TOP + BOTTOM) / 2, shows, font_size=15))
    parts.append(_threshold(place, threshold, flow.depth, right))
    if kept is not None:
        parts.append(_line(across, place, shown[0], VERMILION, "kept", stroke_dasharray="7 4"))
    parts.append(_line(across, place, values, BLUE, "now"))
    header, lines = _header(values, right, width, shows)
    below = element("g", *parts, transform=f"translate(0 {lines})" if lines else None)
    said = " ".join(words(flow, kept, shows))
    return picture(width, HEIGHT + lines, said, element("g", header, below, font_size=14))


def _decades(values):
    """The powers of ten between which the axis runs: at least six, by steps that fit what there is."""
    logs = np.log10(values[values > 0])
    least, most = (logs.min(), logs.max()) if len(logs) else (0, 0)
    step = next(s for s in STEPS if most - least <= 4 * s)
    low = step * int(np.floor(least / step))
    return low, max(step * int(np.ceil(most / step)), low + 6)


def _header(values, right, width, shows):
    """The three numbers, in a line where there is room, and how many pixels their further lines take."""
    between, bold = ratio_written(values, shows), {"font_weight": "bold", "class_": "ratio"}
    line = 0 if width == WIDTH else 22
    first = text(LEFT, 16, f"layer 1: {shows} = {number(values[0])}", class_="first")
    ratio = text((LEFT + right) / 2, 16 + 2 * line, between, text_anchor="middle", **bold)
    last = text(
        right, 16 + line, f"layer {len(values)}: {shows} = {number(values[-1])}", text_anchor="end", class_="last"
    )
    return element("g", first, ratio, last, font_size=15), 2 * line


def _frame(across, up, decades, L, right):
    low, high = decades
    step = next(s for s in (1, 2, 4, 8, 16, 32, 64) if (high - low) / s <= 8)
    powers = range(-(-low // step) * step, high + 1, step)
    faint = {"stroke": "currentColor", "stroke_opacity": 0.15}
    grid = [element("line", x1=LEFT, x2=right, y1=up(p), y2=up(p)) for p in powers]
    stride = next(s for s in (1, 2, 5) if L / s <= 10)
    layers = sorted({1, *range(stride, L + 1, stride)})
    return element(
        "g",
        element("g", *grid, **faint),
        element("line", x1=LEFT, x2=right, y1=ZERO, y2=ZERO, **faint, stroke_dasharray="2 4"),
        *(_power(LEFT - 8, up(p) + 4, p) for p in powers),
        text(LEFT - 8, ZERO + 4, "0", text_anchor="end"),
        *(text(across(l), ZERO + 20, l, text_anchor="middle") for l in layers),
    )


def _power(x, y, exponent):
    """10 to a power, set as one writes it."""
    raised = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(abs(exponent)))
    return text(x, y, f"10{'⁻' if exponent < 0 else ''}{raised}", text_anchor="end")


def _threshold(place, level, L, right):
    """A level a thousand times below the last layer's |δ|."""
    if not level:
        return ""
    y = place(level)
    line = element("line", x1=LEFT, x2=right, y1=y, y2=y, stroke=GRAY, stroke_width=1.5, stroke_dasharray="2 4")
    said = text(right, y + 15, f"a thousandth of layer {L}'s", text_anchor="end", fill_opacity=0.8)
    return element("g", line, said, class_="threshold")


def _line(across, place, values, color, name, **dash):
    """One setting's line: dots for now, squares for what was kept, crosses for an exact 0."""
    points = [(across(l), place(value)) for l, value in enumerate(values, start=1)]
    marks = [_mark(x, y, value, name, color) for (x, y), value in zip(points, values)]
    return element("g", curve(points, stroke=color, stroke_width=2, **dash), *marks, class_=name)


def _mark(x, y, value, name, color):
    if value == 0:
        return element("path", d=f"M{x - 4:.1f} {y - 4:.1f}l8 8m0 -8l-8 8", stroke=color, stroke_width=2, class_="zero")
    if name == "kept":
        return element("rect", x=x - 3.5, y=y - 3.5, width=7, height=7, fill=color)
    return element("circle", cx=x, cy=y, r=4, fill=color)
