"""The bank's Markdown as HTML: headings, paragraphs, lists, tables, code and emphasis.

All of it is escaped; math is left alone. A page that draws formulas between dollar signs draws them then
(ipywidgets' HTMLMath does).
"""

import re
from html import escape

APART = re.compile(r"(\$\$.+?\$\$|\$[^$\n]+\$|`[^`\n]+`)", re.DOTALL)  # where emphasis means nothing
MARK = re.compile(r"\s*(?:[-*]|\d+\.) ")


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
    if all(MARK.match(line) for line in lines):
        kind = "ol" if lines[0].strip()[0].isdigit() else "ul"
        listed = [inline(MARK.sub("", line, count=1)) for line in lines]
        return f"<{kind}>{''.join(f'<li>{one}</li>' for one in listed)}</{kind}>"
    return f"<p>{inline(text.strip())}</p>"


def table(lines):
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head = "".join(f'<th scope="col">{inline(cell)}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{inline(cell)}</td>' for cell in row)}</tr>" for row in rows[2:])
    return f"<table><tr>{head}</tr>{body}</table>"


def inline(text):
    """One line or paragraph."""
    return "".join(_apart(part) if n % 2 else _words(part) for n, part in enumerate(APART.split(text)))


def _apart(part):
    return f"<code>{escape(part[1:-1])}</code>" if part[0] == "`" else escape(part)


def _words(part):
    part = re.sub(r"\*\*(\S(?:[^*]*\S)?)\*\*", r"<strong>\1</strong>", escape(part))
    return re.sub(r"(?<![\w*])\*(\S(?:[^*]*\S)?)\*(?![\w*])", r"<em>\1</em>", part)
