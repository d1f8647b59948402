"""The cheat sheet: the page that stands in notebook 11, line by line, its picture, and the file to print it from.

The page is the notebook's: whoever mends a line there mends what is printed, the flashcards, and what the tests run.
"""

import io
import re
from html import escape
from pathlib import Path

from backprop.course import cells_of, write
from backprop.path import link

LINE = re.compile(r"(?m)^\| ([A-Z]\d+) \|(.*)\|$")  # | tag | name | what it says |
BESIDE, WIDE = "The rule", ("The pass", "Layers")  # a table beside the picture, and those over the whole sheet
WIDTH, SMALL = 5.4, 13  # the picture's, in inches, and its smallest letters, in points; on paper it is half as large
STYLE = """@page { margin: 7mm }
body { font: 7.3pt/1.08 Arial, "DejaVu Sans Condensed", sans-serif; margin: 0; color: #000 }
header { display: grid; grid-template-columns: 1fr 74mm; gap: 0 4mm; align-items: center }
header p { grid-column: 1 / -1; margin: 0 }
header svg { width: 100%; height: auto }
main { columns: 2; column-gap: 4mm }
h3 { font-size: 7.6pt; margin: 2pt 0 .5pt; padding: 0 2pt; background: #e4ebf5; break-after: avoid }
table { border-collapse: collapse; width: 100%; break-inside: avoid }
th, td { border-bottom: .3pt solid #ccc; padding: 0 3pt .2pt 0; text-align: left; vertical-align: top }
th { font-weight: normal; color: #444 }
th:empty { padding: 0; border: 0 }
td:nth-child(3):last-child { width: 99% }
code { font: 7.1pt/0 Consolas, Menlo, "DejaVu Sans Mono", monospace; letter-spacing: -.04em }
code, strong, td:nth-child(2) { white-space: nowrap }
main td:nth-child(4):not(:last-child) code { white-space: normal }
:is(th, td):first-child { display: none }"""


def page():
    """The page as Markdown: the cells of notebook 11 that hold its lines, in order."""
    texts = ("".join(cell["source"]) for cell in cells_of(link("sheet")) if cell["cell_type"] == "markdown")
    return "\n\n".join(text for text in texts if LINE.search(text))


def lines():
    """{tag: what stands in that line of the page}, in the page's order."""
    return dict(LINE.findall(page()))


def picture():
    """A step there and back: what goes forward through a layer, and what comes back by the same way, as a figure."""
    from backprop.explore.figures import BLUE, GRAY, VERMILION, Figure, _arrow, _axes

    canvas, ax = _axes(WIDTH, 1.85, bare=True)

    def say(x, y, words, color, size=SMALL):
        ax.text(x, y, words, color=color, fontsize=size, ha="center", va="center")

    for x, there, back in [
        (0, "$a^{l-1}$", r"$\partial\mathcal{L}/\partial a^{l-1}$"),
        (3, "$z^l$", r"$\delta^l$"),
        (6, "$a^l$", r"$\partial\mathcal{L}/\partial a^l$"),
        (9, r"$\mathcal{L}$", "1"),
    ]:
        say(x, 1, there, BLUE, 17)
        say(x, 0, back, VERMILION, 17)
    for x, step, pull in [
        (1.5, "$W^l,\\ b^l$", r"$(W^l)^{\mathsf{T}}$"),
        (4.5, r"$\sigma$", r"$\odot\,\sigma'(z^l)$"),
        (7.5, "above", r"their $J^{\mathsf{T}}$"),
    ]:
        _arrow(ax, (x - 0.8, 1), (x + 0.8, 1), BLUE, 12)
        _arrow(ax, (x + 0.75, 0), (x - 0.5, 0), VERMILION, 12)
        say(x, 1.27, step, GRAY)
        say(x + 0.1, 0.29, pull, GRAY)
    _arrow(ax, (3, -0.25), (3, -0.6), VERMILION, 12)
    say(4.2, -0.9, r"$\partial\mathcal{L}/\partial W^l=\delta^l\,(a^{l-1})^{\mathsf{T}},\quad$"
        r"$\partial\mathcal{L}/\partial b^l=\sum_{B}\delta^l$", VERMILION, 15)  # fmt: skip
    ax.set(xlim=(-1.1, 9.4), ylim=(-1.2, 1.45))
    words = (
        "A layer, there and back. There: a[l-1] goes through W[l] a[l-1] + b[l] to z[l], through σ to a[l], and "
        "through the layers above to the loss 𝓛. Back, by the same way: from 1 by the transposed Jacobians of the "
        "layers above to ∂𝓛/∂a[l], by ⊙ σ'(z[l]) to δ[l], by W[l]ᵀ to ∂𝓛/∂a[l-1]. At δ[l] the gradients are read "
        "off: ∂𝓛/∂W[l] is δ[l] a[l-1]ᵀ, and ∂𝓛/∂b[l] is the sum of δ[l] over the batch."
    )
    return Figure(canvas, words)


def drawn():
    """The picture as SVG in black ink, its letters as outlines, so that no font decides how it looks on paper."""
    import matplotlib

    from backprop.explore.figures import GRAY

    shown, file = picture(), io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "sheet"}):  # the same file each time
        shown.canvas.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    svg = re.search(r"(?s)<svg.*", file.getvalue())[0].replace(GRAY.lower(), "#000000")
    svg = re.sub(r"(?s) *<metadata>.*?</metadata>\n|<!--.*?-->", "", svg)
    return svg.replace("<svg", f'<svg role="img" aria-label="{escape(" ".join(shown.words.split()))}"', 1)


def html():
    """The page as a file of its own, for one sheet of paper: A4 or letter. It loads nothing."""
    from mistune import create_markdown

    render = create_markdown(plugins=["table"])
    first, *tables = re.split(r"(?m)^(?=### )", page())
    named = {re.match(r"### ([^,:\n]+)", table)[1]: render(table) for table in tables}
    beside = "".join(body for name, body in named.items() if name.startswith(BESIDE))
    wide = "".join(body for name, body in named.items() if name.startswith(WIDE))
    rest = "".join(body for name, body in named.items() if not name.startswith((BESIDE, *WIDE)))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Backpropagation on one page</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head><body><header>{render(first)}<div>{beside}</div>{drawn()}</header>"
        f"{wide}<main>{rest}</main></body></html>\n"
    )


def save(name="cheat_sheet.html"):
    """Write the page to a file, beside the notebook that asks for it."""
    write(Path(name), html().encode())
    print(f"{name} is written. Open it in a browser tab and print it: one sheet, A4 or letter, at 100%.")
