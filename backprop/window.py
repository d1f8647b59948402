"""The README's picture: a wrong answer of three lines and what `check` says of it, in light and dark.

`python -m backprop.store` makes it of the verdict itself, so it never shows what isn't said; its words are the same.
"""

import linecache
import re
import textwrap
from html import escape

import numpy as np

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
WIDTH, LINE, LEFT, LONGEST = 760, 22, 22, 92  # pixels, and characters of a line
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
    finding, *rest = found.message.splitlines()
    code = [*ANSWER.splitlines(), "", CALL]
    rest = [part for line in rest for part in textwrap.wrap(line, LONGEST)]
    top = (len(code) + 1) * LINE + 8
    height = top + (len(rest) + 3) * LINE
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
        text(1, finding, top, font_weight="bold"),
        *(text(n, line, top, fill=gray) for n, line in enumerate(rest, start=2)),
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
