"""Markdown as HTML, for the bank, the sheets and the reports: headings, paragraphs, lists, tables, quotes, code,
links and emphasis.

All of it is escaped; math is left alone. A page that draws formulas between dollar signs draws them then
(the panel does). A link leads to the web, to a notebook of the course or within the page; what looks like
one and leads elsewhere is left as text.
"""

import re
from html import escape

ESCAPED = r"\\[!-/:-@\[-`{-~]"
PLACE = r"(?:[^()\s]|\([^()\s]*\))"  # a character of an address, or some in parentheses
LINK = rf"\[[^\[\]\n]+\]\((?:https?://{PLACE}+|(?:\w+\.ipynb)?\#{PLACE}*|\w+\.ipynb)\)"
APART = re.compile(rf"({ESCAPED}|\$\$.+?\$\$|\$[^$\n]+\$|`[^`\n]+`|{LINK})", re.DOTALL)  # no emphasis in these
MARK = re.compile(r"\s*(?:[-*]|\d+\.) ")

STYLE = """
:root{color-scheme:light dark}h1{font-size:1.5rem}h3{font-size:1rem}
body{font:15px/1.45 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
h2{font-size:1.2rem;margin-top:2.2rem;border-top:2px solid #8886;padding-top:.6rem}
table{border-collapse:collapse;display:block;overflow-x:auto}
th,td{border:1px solid #8886;padding:.2rem .5rem;text-align:left;vertical-align:top}
pre{white-space:pre-wrap;border:1px solid #8886;padding:.6rem;font-size:.85em}
blockquote{margin:.6rem 0;padding-left:.8rem;border-left:3px solid #8886}
blockquote pre{border:0;padding:0;font:inherit}math[display=block]{margin:.6rem 0;overflow-x:auto}
@media print{body{font-size:10.5pt;max-width:none;margin:0}table{display:table}
li,tr,pre,math{break-inside:avoid}}
"""


def page(title, body, style=""):
    """A page of HTML that loads nothing. The title is text, the body HTML; style is added to that of all pages."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"/><style>{STYLE}{style}</style></head>\n'
        f"<body>{body}</body></html>\n"
    )


def html(text):
    """A text of several blocks, blank lines between them."""
    parts = re.split(r"^```\w*\n(.*?)^```\s*$", text, flags=re.DOTALL | re.MULTILINE)
    blocks = []
    for n, part in enumerate(parts):
        if n % 2:
            blocks.append(f"<pre>{escape(part.rstrip())}</pre>")
        else:
            blocks += [block(one) for one in re.split(r"\n\s*\n", part) if one.strip()]
    return "".join(blocks)


def block(text):
    lines = text.strip().splitlines()
    if heading := re.fullmatch(r"(#{1,4}) (.+)", text.strip()):
        level = len(heading[1])
        return f"<h{level}>{inline(heading[2])}</h{level}>"
    if len(lines) > 1 and re.fullmatch(r"[|:\- ]+", lines[1]):
        return table(lines)
    if all(line.startswith(">") for line in lines):
        return quote(lines)
    if all(MARK.match(line) for line in lines):
        kind = "ol" if lines[0].strip()[0].isdigit() else "ul"
        listed = [inline(MARK.sub("", line, count=1)) for line in lines]
        return f"<{kind}>{''.join(f'<li>{one}</li>' for one in listed)}</{kind}>"
    return f"<p>{inline(text.strip())}</p>"


def quote(lines):
    """A quote as it was typed: its line ends and indents stay, and no page looks for math in it."""
    said = "\n".join(inline(re.sub("^> ?", "", line)) for line in lines)
    return f"<blockquote><pre>{said}</pre></blockquote>"


def table(lines):
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head = "".join(f'<th scope="col">{inline(cell)}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{inline(cell)}</td>' for cell in row)}</tr>" for row in rows[2:])
    return f"<table><tr>{head}</tr>{body}</table>"


def inline(text):
    """One line or paragraph."""
    return "".join(_apart(part) if n % 2 else _words(part) for n, part in enumerate(APART.split(text)))


def _apart(part):
    if part[0] == "[":
        label, place = part[1:-1].split("](", 1)
        return f'<a href="{escape(place)}" target="_blank">{inline(label)}</a>'
    if part[0] == "\\":
        return escape(part[1])
    return f"<code>{escape(part[1:-1])}</code>" if part[0] == "`" else escape(part)


def _words(part):
    part = re.sub(r"\*\*(\S(?:[^*]*\S)?)\*\*", r"<strong>\1</strong>", escape(part))
    return re.sub(r"(?<![\w*])\*(\S(?:[^*]*\S)?)\*(?![\w*])", r"<em>\1</em>", part)
