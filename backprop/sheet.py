"""The cheat sheet: the page that stands in notebook 11, line by line, and the file to print it from.

The page is the notebook's: whoever mends a line there mends what is printed, the flashcards, and what the tests run.
"""

import io
import re
from html import escape
from pathlib import Path

from backprop.course import cells_of, write
from backprop.path import link

LINE = re.compile(r"(?m)^\| ([A-Z]\d+) \|(.*)\|$")  # | tag | name | what it says |
BOX = re.compile(r"(?m)^</?div.*>\n\n?")  # around a wide table, which scrolls in it on a phone
BESIDE, WIDE = "The rule", ("The pass", "Layers")  # a table beside the picture, and those over the whole sheet
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
    return BOX.sub("", "\n\n".join(text for text in texts if LINE.search(text)))


def lines():
    """{tag: what stands in that line of the page}, in the page's order."""
    return dict(LINE.findall(page()))


def drawn():
    """The picture as SVG in black ink, its letters as outlines, so that no font decides how it looks on paper."""
    import matplotlib

    from backprop.explore.figures import GRAY, layer_pass

    shown, file = layer_pass(), io.StringIO()
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
