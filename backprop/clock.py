"""The one clock of the course: how long a section takes. Every text that states minutes quotes it.

What is read takes its time by the figures below. Only what is seen is counted: folded answers are not, nor are comments
in code. What is done states its own minutes: questions for paper ("Your turn"), exercises, which path.toml lists by
evening, and what path.toml calls doing.
"""

import re

WORDS = 180  # read a minute
AMONG_EQUATIONS = 110  # words a minute, in a cell that holds equations
EQUATION = 30  # seconds for one that stands by itself
LINE = 10  # seconds for a line of code
TO_FILL_IN = r"(?<!\[)\.\.\."  # the dots of an exercise
TURN = r"\*\*Your turn\*\* \*\([a-z ]+ · (\d+) min\)\*"
DONE = rf"(?s)({TURN}|\*\*Exercise\*\* \*\().*"  # from here on a cell is not read, it is tried


def reading(cells):
    """The minutes that cells (as a notebook holds them) take to read."""
    return sum(seconds("".join(cell["source"]), cell["cell_type"]) for cell in cells) / 60


def turns(cells):
    """The minutes of the questions for paper in cells."""
    prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return sum(map(int, re.findall(TURN, prose)))


def seconds(source, kind):
    """How long one cell takes to read."""
    if kind == "code":
        return 0 if re.search(TO_FILL_IN, source) else LINE * lines(source)
    seen = re.sub(DONE, "", re.sub(r"(?s)<details>.*?</details>|</?div.*?>", "", source))  # a box is no word
    shown = "\n".join(re.findall(r"(?ms)^ *```[^\n]*\n(.*?)^ *```", seen))
    seen = re.sub(r"(?ms)^ *```.*?^ *```", "", seen)
    equations = len(re.findall(r"(?s)\$\$.+?\$\$", seen))
    words = re.sub(r"(?s)\$\$.+?\$\$", " ", seen)
    words = re.sub(r"\]\(.*?\)", " ", re.sub(r"\$[^$\n]+\$", " x ", words))
    pace = AMONG_EQUATIONS if "$" in seen else WORDS
    return len(re.findall(r"\w[\w'’]*", words)) / pace * 60 + EQUATION * equations + LINE * lines(shown)


def lines(code):
    """The lines of code that are read: neither empty ones nor comments."""
    return sum(bool(line.strip()) and not line.strip().startswith("#") for line in code.splitlines())
