"""Gradient flow, drawn: |δ^l| over l on a logarithmic axis."""

import numpy as np

from backprop.explore.figures import BLUE, GRAY, VERMILION
from backprop.explore.gradient_flow.numbers import MUCH, gradient_norms, words
from backprop.explore.svg import curve, element, picture, scale, text
from backprop.explore.written import number

WIDTH, HEIGHT = 840, 372
LEFT, RIGHT, TOP, BOTTOM, ZERO = 84, 826, 40, 300, 324  # of the plot; ZERO is where an exact 0 is drawn, off the scale
LOWER, UPPER = (-4, -8, -16, -32, -64, -128, -256), (2, 4, 8, 16, 32, 64, 128, 256)  # an axis that jumps seldom


NARROW = 400  # for a phone: the same letters on a narrower picture, whose header takes a line for each number


def draw(flow, kept=None, width=WIDTH):
    """|δ^l| over l on a logarithmic axis as an SVG, with an earlier setting's dashed beside it if one was kept."""
    delta = gradient_norms(flow)
    shown = [delta] if kept is None else [gradient_norms(kept), delta]
    low, high = _decades(np.concatenate(shown))
    right = RIGHT - WIDTH + width
    across = scale(1, max(map(len, shown)), LEFT + 14, right - 14)
    up = scale(low, high, BOTTOM, TOP)

    def place(value):
        return up(np.log10(value)) if value > 0 else ZERO

    parts = [_frame(across, up, (low, high), max(map(len, shown)), right)]
    parts.append(_threshold(place, delta[-1], low, flow.depth, right))
    if kept is not None:
        parts.append(_line(across, place, shown[0], VERMILION, "kept", stroke_dasharray="7 4"))
    parts.append(_line(across, place, delta, BLUE, "now"))
    header, lines = _header(delta, right, width)
    below = element("g", *parts, transform=f"translate(0 {lines})" if lines else None)
    said = " ".join(words(flow, kept))
    return picture(width, HEIGHT + lines, said, element("g", header, below, font_size=14))


def _decades(values):
    """The powers of ten between which the axis runs."""
    logs = np.log10(values[values > 0])
    low = next(p for p in LOWER if p <= logs.min(initial=0))
    return low, next(p for p in UPPER if p >= logs.max(initial=0))


def _header(delta, right, width):
    """The three numbers, in a line where there is room, and how many pixels their further lines take."""
    between, bold = f"ratio first to last: {number(delta[0] / delta[-1])}", {"font_weight": "bold", "class_": "ratio"}
    line = 0 if width == WIDTH else 22
    first = text(LEFT, 16, f"layer 1: |δ| = {number(delta[0])}", class_="first")
    ratio = text((LEFT + right) / 2, 16 + 2 * line, between, text_anchor="middle", **bold)
    last = text(right, 16 + line, f"layer {len(delta)}: |δ| = {number(delta[-1])}", text_anchor="end", class_="last")
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
        text((LEFT + right) / 2, HEIGHT - 8, "layer (δ comes down from right to left)", text_anchor="middle"),
        text(8, (TOP + BOTTOM) / 2, "|δ|", font_size=15),
    )


def _power(x, y, exponent):
    """10 to a power, set as one writes it."""
    raised = "".join("⁰¹²³⁴⁵⁶⁷⁸⁹"[int(digit)] for digit in str(abs(exponent)))
    return text(x, y, f"10{'⁻' if exponent < 0 else ''}{raised}", text_anchor="end")


def _threshold(place, last, low, L, right):
    """A level a thousand times below the last layer's, where the axis reaches so far down."""
    if last / MUCH < 10.0**low:
        return ""
    y = place(last / MUCH)
    line = element("line", x1=LEFT, x2=right, y1=y, y2=y, stroke=GRAY, stroke_width=1.5, stroke_dasharray="2 4")
    said = text(right, y + 15, f"a thousandth of layer {L}'s", text_anchor="end", fill_opacity=0.8)
    return element("g", line, said, class_="threshold")


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
