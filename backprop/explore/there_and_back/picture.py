"""The pass there and back, drawn: the network as neurons and edges, and one step's equation with its matrices.

The network is drawn once, with everything that it can show. What it shows at a step is a class on each of its parts
(`state`), so that the front end goes from step to step by changing classes, and the browser eases the change. Blue is
the way there, vermilion the way back. Edges are green for positive and violet and dashed for negative: a pair that
the color-blind tell apart, and that means nothing else here.
"""

from typing import NamedTuple

import numpy as np

from backprop.explore.figures import BLUE, GREEN, VERMILION
from backprop.explore.svg import element, picture, text
from backprop.explore.there_and_back.numbers import Block, ask, edge, neuron
from backprop.explore.written import brief, entry, matrix

PLUS, MINUS = GREEN, "#8F6BD9"
WIDTH, HEIGHT, SHEET = 840, 340, 172
RADIUS, MIDDLE = 26, 170


class Paper(NamedTuple):
    """What is drawn on, in pixels: its size, where the first layer and the loss stand, and what lies between them."""

    width: int = WIDTH
    height: int = HEIGHT
    middle: int = MIDDLE
    foot: int = HEIGHT  # below the way back; the legend stands beside it, or below where the paper is narrow
    left: int = 46
    right: int = WIDTH - 56
    gap: float | None = None  # None: as far from each other as from the loss
    half: int = 48  # of the loss's box


WIDE = Paper()


def narrow(sizes):
    """A paper for a phone: as wide as the labels of so many layers need, and with letters of the same size."""
    left, gap, last, half = 34, 98, 126, 38
    right = left + gap * (len(sizes) - 1) + last
    middle, foot = MIDDLE + 11, HEIGHT + 32  # so that no label stands on a neuron
    return Paper(right + half + 4, foot + 20, middle, foot, left, right, gap, half)


# ---- the network ----


def places(sizes, paper=WIDE):
    """The center of every neuron, as a list of points for each layer, and that of the loss."""
    L = len(sizes) - 1
    gap = paper.gap or (paper.right - paper.left) / (L + 1)
    step = min(80, 174 / max(1, max(sizes) - 1))
    middle = paper.middle
    at = [[(paper.left + gap * l, middle + step * (i - (n - 1) / 2)) for i in range(n)] for l, n in enumerate(sizes)]
    return at, (paper.right, middle)


def network(run, paper=WIDE):
    """The network with all that it may show, as SVG: parts carry data-part, neurons and edges data-item.

    The front end adds what a step shows of it: its `state`, its words, its direction.
    """
    at, end = places(run.net.sizes, paper)
    wires = (edges(run, l, at) for l in range(1, run.L + 1))
    cells = (neurons(run, l, there) for l, there in enumerate(at))
    parts = *wires, *loss_box(run, at[-1], end, paper.half), *cells, *labels(run, at, paper), *legend(paper)
    return svg(paper.width, paper.height, "", "", *arrows(paper), *parts, role="group")


def svg(width, height, says, classes, *children, **attributes):
    look = {"class_": f"backprop-pass {classes}", "text_anchor": "middle"}
    return picture(width, height, says, *children, **look, **attributes)


def words(run, k, *, asked=False):
    """What a step shows, in words, with its place in the pass."""
    step = run.steps[k]
    tag = f" {step.tag}" * bool(step.tag)
    return f"Step {k} of {len(run.steps) - 1}{tag}: " + (f"{step.equation}. What comes out?" if asked else step.words)


def state(run, k, *, asked=False):
    """Each part's classes at step k: what it shows, and whether it is lit."""
    step = run.steps[k]
    done = {other.name for other in run.steps[: k if asked else k + 1]}
    classes = {}
    for l in range(run.L + 1):
        seen = [shows for shows, name in (("both", "δ"), ("a", "a"), ("z", "z")) if f"{name}[{l}]" in done]
        classes[f"n{l}"] = (seen or ["none" if l else "a"])[0]
    for l in range(1, run.L + 1):
        classes[f"W{l}"] = "new" if f"W[{l}] new" in done else "gradient" if f"dW[{l}]" in done else "weight"
        if step.name == f"z[{l}]":
            classes[f"W{l}"] += " flow"
        if step.name == f"δ[{l - 1}]":  # (B2) takes the weights, so its edges show them
            classes[f"W{l}"] = "weight flowback"
    if "𝓛 again" in done:  # old and new values never stand side by side
        classes |= {f"n{l}": "again" for l in range(1, run.L + 1)}
    classes["loss"] = "again" if "𝓛 again" in done else "shown" if "𝓛" in done else ""
    for other in run.steps[1:-1]:
        classes[other.name] = "label " + ("now" if other is step else "done" if other.name in done else "")
    for part in step.lit:
        classes[part] = f"{classes.get(part, '')} lit".strip()
    return {part: shown.strip() for part, shown in classes.items()}


def edges(run, l, at):
    """The edges of layer l. Each carries its three looks as properties: by weight, by gradient, by new weight."""
    looks = {"weight": run.net.W, "gradient": run.grads.W, "new": run.after.W}
    largest = {name: max(np.abs(W).max() for W in values[1:]) for name, values in looks.items()}
    drawn = []
    for i, (x1, y1) in enumerate(at[l]):
        for j, (x0, y0) in enumerate(at[l - 1]):
            style = ";".join(look(name, values[l][i, j], largest[name]) for name, values in looks.items())
            line = f"M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"
            spark = f"--x:{x1 - x0:.1f}px;--y:{y1 - y0:.1f}px"
            halo, ink = element("path", d=line, class_="halo"), element("path", d=line, class_="ink", style=style)
            dot = element("circle", cx=x0, cy=y0, r=3.5, class_="spark", style=spark)
            says = f"Weight of layer {l}, from neuron {j + 1} to neuron {i + 1}"
            drawn.append(element("g", halo, ink, dot, **item(f"e{l}.{i}.{j}", "edge", says)))
    return element("g", *drawn, data_part=f"W{l}")


def look(name, value, largest):
    """How an edge shows a number: its sign by color and dash, its size by width; 0 as a dotted gray hair."""
    color = PLUS if value > 0 else MINUS if value < 0 else "gray"
    dash = "none" if value > 0 else "7 4" if value < 0 else "1 5"
    width = 1.2 + 4.8 * abs(value) / (largest or 1.0)
    return f"--{name}:{color};--{name}-width:{width:.2f}px;--{name}-dash:{dash}"


def neurons(run, l, at):
    """The neurons of layer l, each with its z, its a, its δ and its a after the update, for the first sample."""
    z, a, δ = (values[l] for values in (run.trace.z, run.trace.a, run.grads.delta))
    tint = {"a": max(np.abs(v).max() for v in run.trace.a), "d": max(np.abs(v).max() for v in run.grads.delta[1:])}
    drawn = []
    for i, (x, y) in enumerate(at):
        shades = [f"--a:{0.45 * abs(a[i, 0]) / (tint['a'] or 1.0):.2f}"]
        values = [text(x, y + 4, brief(a[i, 0]), class_="value a", font_size=12)]
        if l > 0:
            shades.append(f"--d:{0.45 * abs(δ[i, 0]) / (tint['d'] or 1.0):.2f}")
            values += [text(x, y + 4, brief(z[i, 0]), class_="value z", font_size=12, font_style="italic")]
            values += [text(x, y + 13, brief(δ[i, 0]), class_="value d", font_size=11, font_weight=600)]
            later = run.trace_after.a[l][i, 0]
            shades.append(f"--next:{min(0.9, 0.45 * abs(later) / (tint['a'] or 1.0)):.2f}")
            values += [text(x, y + 4, brief(later), class_="value next", font_size=12)]
        discs = [
            element("circle", cx=x, cy=y, r=RADIUS + 5, class_="halo", style="stroke-width:6"),
            element("circle", cx=x, cy=y, r=RADIUS, class_="body"),
            element("circle", cx=x, cy=y, r=RADIUS, class_="tint", style=";".join(shades)),
        ]
        drawn.append(element("g", *discs, *values, **item(f"n{l}.{i}", "neuron", title(l, i))))
    return element("g", *drawn, data_part=f"n{l}")


def title(l, i):
    """What neuron i (counted from 0) of layer l is called."""
    return f"Neuron {i + 1} of layer {l}" if l else f"Input {i + 1}"


def item(name, kind, label):
    """What makes a neuron or an edge one that can be reached and opened."""
    return {"class_": kind, "data_item": name, "tabindex": "-1", "role": "button", "aria_label": label}


def loss_box(run, outputs, end, half):
    """The targets beside the outputs, and the loss, which becomes another after the update."""
    x, y = end
    middle = min(outputs[0][0] + RADIUS + 40, (outputs[0][0] + RADIUS + x - half) / 2)
    ink, look = {"stroke": "currentColor", "stroke_opacity": 0.25}, {"font_size": 12, "class_": "target"}
    wires = [element("path", d=f"M{x0:.1f} {y0:.1f}L{x:.1f} {y:.1f}", **ink) for x0, y0 in outputs]
    named = zip(outputs, run.Y[:, 0])
    targets = [text(middle, y0 - 8, f"y = {entry(v)}", **look) for (_, y0), v in named]
    box = [
        element("rect", x=x - half, y=y - 26, width=2 * half, height=52, rx=8, class_="body"),
        text(x, y - 6, "𝓛", font_size=16),
        text(x, y + 15, entry(run.loss), font_size=13, class_="before"),
        text(x, y + 15, entry(run.loss_after), font_size=13, class_="after"),
    ]
    return [element("g", *wires), element("g", *targets, data_part="y"), element("g", *box, data_part="loss")]


def labels(run, at, paper):
    """What is computed where, forward above and backward below: each names a step, and leads to it."""
    drawn = []
    for l in range(1, run.L + 1):
        here = at[l][0][0]
        between = (here + at[l - 1][0][0]) / 2
        spots = {
            f"z[{l}]": (here - 19, 42),
            f"a[{l}]": (here + 19, 42),
            f"W[{l}] new": (between - 20, 62),
            f"b[{l}] new": (between + 20, 62),
            f"dW[{l}]": (between - 24, paper.foot - 62),
            f"db[{l}]": (between + 24, paper.foot - 62),
            f"δ[{l}]": (here, paper.foot - 42),
        }
        drawn += [label(run, name, *spot) for name, spot in spots.items()]
    return [*drawn, text(at[0][0][0], 42, "a[0] = x", font_size=13), label(run, "𝓛", paper.right, 42)]


def label(run, name, x, y):
    shown = name.removesuffix(" new")
    box = element("rect", x=x - 21, y=y - 14, width=42, height=20, rx=6)
    return element("g", box, text(x, y, shown), data_part=name, data_step=run.when[name])


def arrows(paper):
    right, foot = paper.width - 30, paper.foot
    there, back = "there: compute, and keep z and a", "back: δ from layer to layer, a gradient on the way"
    return [
        *arrow(30, right, 22, BLUE),
        text(paper.width / 2, 15, there, fill=BLUE, font_size=12),
        *arrow(right, 30, foot - 28, VERMILION),
        text(right, foot - 10, back, fill=VERMILION, font_size=12, text_anchor="end"),
    ]


def arrow(start, end, y, color):
    tip = 9 if end > start else -9
    return [
        element("path", d=f"M{start} {y}H{end}", stroke=color, stroke_width=2, stroke_opacity=0.7),
        element("path", d=f"M{end + tip} {y}L{end - tip / 2} {y - 5}V{y + 5}Z", fill=color),
    ]


def legend(paper):
    x, y = (30 if paper == WIDE else 6), paper.height - 10
    lines = [
        element("path", d=f"M{x} {y - 4}h28", stroke=PLUS, stroke_width=3),
        element("path", d=f"M{x + 92} {y - 4}h28", stroke=MINUS, stroke_width=3, stroke_dasharray="7 4"),
    ]
    says = {34: "positive", 126: "negative", 196: "edges: weights, later gradients"}
    return lines + [text(x + along, y, words, font_size=12, text_anchor="start") for along, words in says.items()]


# ---- one step's equation, with numbers ----

DIGIT, ROW, FONT = 7.7, 21, 12  # pixels for one digit, for one row of a matrix, and the size of its numbers
LETTER = 9.8  # pixels for one letter of an equation

RESULT = {"class_": "result", "fill_opacity": 0.16}


def sheet(run, k, question=None, *, asked=False, width=WIDTH):
    """The equation of step k as it stands on the board, and below it the same with this network's numbers, as SVG.

    `question` marks the number to predict; with `asked` the whole result is hidden.
    """
    step, x, y, drawn = run.steps[k], 0.0, 96, []
    for term in step.terms:
        last = term is step.terms[-1]
        room, parts = block(term, x, y, last and question, last=last) if isinstance(term, Block) else sign(term, x, y)
        drawn += parts
        x += room
    tallest = max(len(term.values) for term in step.terms if isinstance(term, Block))
    size = min(1.35, (width - 20) / x, (SHEET - y - 5) / (tallest * ROW / 2 + 17))
    moved = f"translate({(width - size * x) / 2:.1f} {y - size * y:.1f}) scale({size:.3f})"
    shown = *heading(step, width), element("g", *drawn, transform=moved)
    return svg(width, SHEET, words(run, k, asked=asked), step.direction + " asking" * asked, *shown)


def heading(step, width):
    """The tag in a box, and the equation."""
    begin = width / 2 + (30 if step.tag else 0)
    letter = min(LETTER, (width - 80) / len(step.equation))
    left = begin - len(step.equation) * letter / 2 - 60
    box = element("rect", x=left, y=6, width=46, height=25, rx=6, **RESULT)
    tag = [box, text(left + 23, 24, step.tag, font_size=15, font_weight=600)] if step.tag else []
    return [*tag, text(begin, 24, step.equation, font_size=round(17 * letter / LETTER, 1))]


def sign(words, x, y):
    width = 8.0 * len(words) + 12
    return width, [text(x + width / 2, y + 5, words, font_size=14)]


def block(term, x, y, question, *, last):
    """A matrix in brackets at (x, y), its name and shape below: its width, and its elements."""
    strings, name = matrix(term.values), f"{term.name}  {term.values.shape[0]}×{term.values.shape[1]}"
    cell = max(len(s) for row in strings for s in row) * DIGIT + 8
    width, height = len(strings[0]) * cell + 8, len(strings) * ROW
    room = max(width, len(name) * 6.4)
    left, top = x + (room - width) / 2, y - height / 2
    drawn = [element("rect", x=left, y=top, width=width, height=height, rx=4, **RESULT)] if last else []
    for i, row in enumerate(strings):
        for j, digits in enumerate(row):
            edge, base = left + 4 + j * cell, top + i * ROW
            end, line = edge + cell - 4, base + 0.5 * ROW + 4.5
            kind = "answer" if last else None
            drawn.append(text(end, line, digits, font_size=FONT, text_anchor="end", class_=kind))
            if question:
                drawn.append(text(edge + cell / 2, line, "?", font_size=FONT, class_="query", opacity=0))
            if question and (i, j) == (question.row, question.column):
                box = {"x": edge, "y": base + 1, "width": cell, "height": ROW - 2, "rx": 4}
                drawn.append(element("rect", **box, class_="wanted", fill="none"))
    sides = (
        f"M{x + lip:.1f} {top:.1f}H{x:.1f}V{top + height:.1f}H{x + lip:.1f}"
        for x, lip in ((left, 5), (left + width, -5))
    )
    drawn.append(element("path", d="".join(sides), stroke="currentColor", fill="none", stroke_width=1.3))
    drawn.append(text(x + room / 2, top + height + 16, name, font_size=11.5, opacity=0.8))
    return room, drawn


# ---- neurons and edges, opened ----


def items(run):
    """What each neuron and edge tells when it is opened: its title, its rows, and the paths that concern it."""
    sizes, told = run.net.sizes, {}
    for l, n in enumerate(sizes):
        for i in range(n):
            ahead = range(sizes[l + 1]) if l < run.L else []
            paths = [name for p in ahead for name in (f"e{l + 1}.{p}.{i}", f"n{l + 1}.{p}")]
            told[f"n{l}.{i}"] = {"title": title(l, i), "rows": neuron(run, l, i), "paths": paths}
            for j in range(sizes[l - 1] if l else 0):
                name = f"Weight W[{l}], row {i + 1}, column {j + 1}"
                paths = [f"n{l - 1}.{j}", f"n{l}.{i}"]
                told[f"e{l}.{i}.{j}"] = {"title": name, "rows": edge(run, l, i, j), "paths": paths}
    return told


# ---- all of it, for the front end ----


def opening(run, k=0, *, predict=False, paper=WIDE):
    """What is shown at once, in plain data: the network and step k. `predict` adds its question."""
    shown = {"network": network(run, paper), "step": k, "last": len(run.steps) - 1}
    return {**shown, "frame": frame(run, k, predict, paper), "inputs": typed(run.X), "targets": typed(run.Y)}


def frames(run, *, predict=False, paper=WIDE):
    """Every step in plain data, and what neurons and edges tell."""
    return {"steps": [frame(run, k, predict, paper) for k in range(len(run.steps))], "items": items(run)}


def frame(run, k, predict, paper=WIDE):
    step = run.steps[k]
    question = ask(step) if predict else None

    def seen(asked):
        return {"words": words(run, k, asked=asked), "state": state(run, k, asked=asked)}

    asked = question and {"question": question.question, "cases": question.cases, **seen(True)}
    drawn = sheet(run, k, question, width=paper.width)
    return {"name": step.name, "direction": step.direction, "sheet": drawn, **seen(False), "ask": asked}


def typed(values):
    """An array as it is typed: numbers apart by spaces, samples by ;."""
    return "; ".join(" ".join(entry(v) for v in column) for column in values.T)
