"""The README's pictures: a wrong answer of three lines and what `check` says of it, and the pass that moves.

`python -m backprop.store` makes them of the verdict and of the explorer, so they never show what isn't there. The film
moves by styles alone: where a page allows no scripts, as on GitHub, it moves as well.
"""

import linecache
import re
import textwrap
from html import escape
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from backprop.explore import there_and_back
from backprop.explore.svg import NAMESPACE, element
from backprop.explore.there_and_back.numbers import one_pass
from backprop.explore.there_and_back.picture import HEIGHT, SHEET, network, sheet, state
from backprop.practice import bank
from backprop.practice.checker import judge

EXERCISE = "neuron.gradient"
ANSWER = """def gradient(x, y, w, b):
    a = 1 / (1 + np.exp(-(w * x + b)))
    delta = a - y
    return delta * w, delta
"""
CALL = f'check("{EXERCISE}", gradient)'
COLORS = {  # paper, ink, gray, code's paper, what is wrong
    "verdict.svg": ("#ffffff", "#1f2328", "#59636e", "#f6f8fa", "#b84a00"),
    "verdict-dark.svg": ("#0d1117", "#e6edf3", "#9198a1", "#151b23", "#ffa657"),
}
WIDTH, LINE, LEFT, LONGEST = 480, 22, 22, 54  # pixels, and characters of a line: a phone shows it at 4/5, legible
PICTURE = re.compile(r"<picture>.*?</picture>", re.DOTALL)


def verdict():
    """What `check` says of the answer."""
    file = "<the README's answer>"
    linecache.cache[file] = (len(ANSWER), None, ANSWER.splitlines(keepends=True), file)
    scope = {"np": np}
    exec(compile(ANSWER, file, "exec"), scope)
    return judge(bank.find(EXERCISE), scope["gradient"])


def words(found):
    """The picture in words."""
    code = " ".join(line.strip() for line in ANSWER.splitlines())
    return (
        f"A wrong answer, and what the course says of it. {code} ✗ {found.headline}. {' '.join(found.message.split())}"
    )


def pictures():
    """{name of a file: its SVG}."""
    found = verdict()
    return {name: drawn(found, *colors) for name, colors in COLORS.items()}


def drawn(found, *colors):
    """The picture in five colors, as SVG."""
    paper, ink, gray, code_paper, wrong = colors
    code = [*ANSWER.splitlines(), "", CALL]
    said = [(textwrap.wrap(line, LONGEST), n == 0) for n, line in enumerate(found.message.splitlines())]
    rest = [(part, {"font_weight": "bold"} if first else {"fill": gray}) for parts, first in said for part in parts]
    top = (len(code) + 1) * LINE + 8
    height = top + (len(rest) + 2) * LINE
    mono, sans = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace", "system-ui, 'Segoe UI', sans-serif"

    def text(n, line, above=0, **look):
        look = {"fill": ink, "font-family": sans, "font-size": "15"} | look
        drawn_as = " ".join(f'{name.replace("_", "-")}="{value}"' for name, value in look.items())
        return f'<text x="{LEFT}" y="{above + (n + 1) * LINE}" xml:space="preserve" {drawn_as}>{escape(line)}</text>'

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img">',
        f"<title>{escape(words(found))}</title>",
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="{paper}"/>',
        f'<rect width="{WIDTH}" height="{top - 6}" rx="8" fill="{code_paper}"/>',
        *(text(n, line, **{"font-family": mono, "font-size": "14"}) for n, line in enumerate(code)),
        f'<rect x="8" y="{top + 4}" width="4" height="{height - top - 12}" fill="{wrong}"/>',
        text(0, f"✗ {found.headline}", top, fill=wrong, font_weight="bold"),
        *(text(n, line, top, **look) for n, (line, look) in enumerate(rest, start=1)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def block():
    """The README's lines that show it."""
    light, dark = COLORS
    return (
        f'<picture>\n<source media="(prefers-color-scheme: dark)" srcset=".github/{dark}">\n'
        f'<img src=".github/{light}" alt="{escape(words(verdict()))}">\n</picture>'
    )


# ---- the pass that moves ----

FILM = "pass.svg"
PASS = {"sizes": [2, 3, 1], "hidden": "sigmoid", "loss": "bce", "inputs": "0.5 -1"}  # the network of notebook 00
SECONDS, MARGIN = 2.0, 16  # for a step; around all, in pixels
STYLE = """
.film { color: #1f2328; --jp-layout-color0: #fff; --jp-layout-color1: #f6f8fa; --paper: #fff; }
@media (prefers-color-scheme: dark) {
  .film { color: #e6edf3; --jp-layout-color0: #0d1117; --jp-layout-color1: #151b23; --paper: #0d1117; }
}
.frame { visibility: hidden; animation: shown LENGTHs step-end infinite; }
@keyframes shown { 0% { visibility: visible; } SHARE% { visibility: hidden; } }
@media (prefers-reduced-motion: reduce) { .frame { animation: none; } .still { visibility: visible; } }
"""


def film():
    """The pass there and back as an SVG that moves by itself: one step of the explorer after the other.

    Who asked for less motion sees the step of (B2) alone.
    """
    run = one_pass(**PASS)
    count, tree = len(run.steps), ElementTree.fromstring(network(run))
    frames = [_frame(run, k, tree) for k in range(count)]
    explorer = (Path(there_and_back.__file__).parent / "widget.css").read_text(encoding="utf-8")
    looks = explorer.partition("/* Around the picture")[0]
    moves = STYLE.replace("LENGTH", f"{SECONDS * count:g}").replace("SHARE", f"{100 / count:.3f}")
    width, height = 840 + 2 * MARGIN, HEIGHT + SHEET + 2 * MARGIN
    paper = element("rect", width=width, height=height, rx=8, fill="var(--paper)")
    moved = element("g", *frames, transform=f"translate({MARGIN} {MARGIN})")
    look = {"fill": "currentColor", "font_family": "system-ui, sans-serif", "font_size": 13, "text_anchor": "middle"}
    size = {"viewBox": f"0 0 {width} {height}", "width": width, "xmlns": NAMESPACE, "role": "img", "class_": "film"}
    named = element("title", escape(film_words(run)))
    return (
        element("svg", named, element("style", escape(looks + moves, quote=False)), paper, moved, **size, **look) + "\n"
    )


def film_words(run):
    """The film in words."""
    said = " ".join(step.words for step in (run.steps[0], run.steps[-1]))
    return (
        f"A pass there and back, {len(run.steps) - 1} steps, each with its equation in symbols and in numbers. {said}"
    )


def _frame(run, k, tree):
    """Step k: the network with what it shows there, and its equation below."""
    classes = state(run, k)
    for part in tree.iter():
        if (name := part.get("data-part")) is not None:
            part.set("class", classes.get(name, ""))
    dropped = "halo", "spark"  # what answers a mouse, or moves on its own
    inside = "".join(_plain(child, dropped) for child in tree)
    direction = f"backprop-pass {run.steps[k].direction}"
    equation = ElementTree.fromstring(sheet(run, k))
    below = element("g", *(_plain(child, dropped) for child in equation), transform=f"translate(0 {HEIGHT})")
    both = element("g", inside, below, class_=direction)
    still = " still" * (run.steps[k].name == "δ[1]")
    return element("g", both, class_=f"frame{still}", style=f"animation-delay:{SECONDS * k:g}s")


def _plain(node, dropped):
    """A part of a drawing as text, without what is there to be clicked."""
    if node.get("class") in dropped:
        return ""
    kept = {name: value for name, value in node.items() if name in SHOWN}
    tag = node.tag.rpartition("}")[2]
    written = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
    return f"<{tag}{written}>{escape(node.text or '')}{''.join(_plain(child, dropped) for child in node)}</{tag}>"


SHOWN = {
    *("class", "style", "d", "x", "y", "width", "height", "rx", "cx", "cy", "r", "x1", "x2", "y1", "y2", "transform"),
    *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "opacity"),
    *("font-size", "font-style", "font-weight", "text-anchor"),
}
