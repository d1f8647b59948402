r"""An exercise is a file, `exercises/<topic>/<name>.py`, that reads from top to bottom; this reads it.

    r'''Title                              (here and below: three double quotes)

    What is asked, in Markdown.
    '''

    where = "delta#B1"
    level, minutes = "apply", 4
    inputs = {"ordinary": layer, "no gradient yet": at_rest}


    def output_delta(z, Y):
        a = sigmoid(z)
        #: no-mean: a = sigmoid(z) * Y.shape[1]      written with this slip for the line above
        #: forgot:                                   the line above is left out
        #: twice+: a = sigmoid(a)                    a further line, below it
        return a


    hints = r'''
    One hint a line,
        which goes on where it is indented.
    '''

    slips = r'''
    no-mean: what is wrong with the code
        What somebody who writes this believes, or forgot.
        "What an interviewer would say"
    sign
    '''

A `#:` line belongs to the nearest line of code above it, however it is indented. One id under several lines is one
slip. A slip that is a family (see `exercises/families.py`) has its words from there, as far as it has none of its own.
Between `inputs` and `hints` stands the solution and nothing else. The names of its arguments and results, and the
starter, follow from it; where they can't, `returns` and `starter` say them.
"""

import functools
import re
import traceback
from pathlib import Path

from backprop.path import link
from backprop.practice.exercise import Exercise, Slip

FOLDER = Path(__file__).parent / "exercises"
TOKEN = re.compile(r" +|\d[\w.]*|\w+|\*\*|//|[<>=!+*/@-]=|\S")
OPERATOR = re.compile(r" ?[-+*/@,.]")
MARK = re.compile(r"#: ([\w-]+)(\+?):(?: (.*\S))?\s*")
PARTS = {  # how the first line of each begins, in this order
    "asked": 'r"""',
    "where": "where = ",
    "level": "level, minutes = ",
    "inputs": "inputs = ",
    "solution": "def ",
    "hints": 'hints = r"""',
    "slips": 'slips = r"""',
}
OPTIONAL = {"kind", "batch", "rows", "names", "teaches", "starter", "returns", "exact"}
KINDS, LEVELS = ("function", "expression", "number", "shape"), ("recall", "apply", "interview")


class BadExercise(ValueError):
    """A file that is no exercise: the text names the file, the line and what is wrong there."""


def read(path):
    """The exercise in a file."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise BadExercise(f"{path}, line {line}: this is not UTF-8.") from error
    return parse(text, f"{path.parent.name}.{path.stem}", path)


def parse(text, id, path="<text>"):
    """The exercise that a text describes."""
    file = File(text, path)
    scope, (code, slips) = file.run(), file.solution()
    kind = scope.get("kind", "function")
    file.demand(kind in KINDS, "kind", f"kind is {kind!r}, but should be one of {', '.join(KINDS)}")
    file.demand(scope["level"] in LEVELS, "level", f"level is not one of {', '.join(LEVELS)}")
    head = re.findall(r"(?m)^def .*", code)[-1]
    file.demand(head.endswith("):"), "solution", f"{head} … should be one line, so that the starter follows from it")
    name, arguments = re.fullmatch(r"def (\w+)\((.*)\):", head).groups()
    results = tuple(code.rpartition("return ")[2].split(", "))
    if kind == "expression":
        results, begins = (name,), code.find("return ") + len("return ")
        inside = all(start >= begins for edits in slips.values() for start, _, _ in edits)
        file.demand(inside, "solution", "a slip in an expression is another line that begins with return")
        code, slips = code[begins:], {id: [(a - begins, b - begins, new) for a, b, new in slips[id]] for id in slips}
    starter = f"def {name}({arguments}):\n    ..." if kind == "function" else "..."
    returns = scope.get("returns", results)
    file.demand(all(map(str.isidentifier, returns)), "solution", "what is returned has no names: write returns = …")
    file.demand(isinstance(scope["inputs"], dict), "inputs", 'inputs have names: {"ordinary": …}')
    try:
        where = link(scope["where"])
    except ValueError as unknown:
        file.refuse("where", str(unknown).rstrip("."))
    title, _, prompt = file.part("asked").partition("\n")
    return Exercise(
        id=id,
        title=title,
        where=where,
        kind=kind,
        level=scope["level"],
        minutes=scope["minutes"],
        prompt="\n\n".join(" ".join(paragraph.split("\n")) for paragraph in prompt.strip().split("\n\n")),
        starter=scope.get("starter", starter),
        solution=code,
        returns=returns,
        inputs=scope["inputs"],
        hints=tuple(" ".join(map(str.strip, hint.splitlines())) for hint in re.split(r"\n(?=\S)", file.part("hints"))),
        slips=tuple(Slip(id, tuple(slips[id]), *words) for id, words in file.words(slips).items()),
        **{name: scope[name] for name in ("names", "batch", "rows", "teaches", "exact") if name in scope},
    )


class File:
    """The text of an exercise, in its parts. What is wrong with it is refused with the line where it is."""

    def __init__(self, text, path):
        self.text, self.path, self.begins = text, path, {}
        if bad := re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text):
            self.refuse(bad.start(), f"the character {bad[0]!r} can't stand here")
        at = 0
        for name, first in PARTS.items():
            found = re.compile(f"(?m)^{re.escape(first)}").search(text, at)
            self.demand(found, at, f"here or below, a line should begin with {first}")
            self.begins[name], at = found.start(), found.end()
        for found in re.compile(r"(?m)^([a-z]\w*) = ").finditer(text, self.begins["where"], self.begins["solution"]):
            self.demand(found[1] in OPTIONAL | set(PARTS), found.start(), f"there is no setting {found[1]!r}")
            self.begins.setdefault(found[1], found.start())

    def refuse(self, at, why):
        """Refuse the file; `at` is a place in its text, or the name of a part."""
        line = self.text.count("\n", 0, self.begins.get(at, at)) + 1
        raise BadExercise(f"{self.path}, line {line}: {why}.")

    def demand(self, holds, at, why):
        if not holds:
            self.refuse(at, why)

    def part(self, name):
        """What stands between the quotes of a part, or the source of the solution."""
        if name == "solution":
            return self.text[self.begins["solution"] : self.begins["hints"]]
        return self.text[self.begins[name] :].split('"""', 2)[1].strip("\n")

    def run(self):
        """The names that the file defines. It is compiled by its path and never imported."""
        scope = {"__name__": "exercise", "__file__": str(self.path)}
        try:
            exec(compile(self.text, str(self.path), "exec"), scope)
        except SyntaxError as error:
            problem, line = f"Python can't read this: {error.msg}", error.lineno
        except Exception as error:
            frames = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(self.path)]
            problem, line = f"{type(error).__name__}: {error}", frames[-1]
        else:
            return scope
        raise BadExercise(f"{self.path}, line {line}: {problem}.")

    def solution(self):
        """(the solution's source, {slip: its edits (start, end, text) of that source})."""
        lines, marks, at = [], [], self.begins["solution"]
        for line in self.part("solution").rstrip().splitlines(keepends=True):
            if line.lstrip().startswith("#:"):
                mark = MARK.fullmatch(line.strip())
                self.demand(mark, at, 'a wrong line is written as "#: id: line", a further one as "#: id+: line"')
                above = [n for n, code in enumerate(lines) if code and not code.lstrip().startswith("#")]
                marks.append((at, above[-1], *mark.groups()))
            else:
                lines.append(line.rstrip())
            at += len(line)
        slips = {}
        for at, n, id, more, wrong in marks:
            self.demand(wrong or not more, at, "a further line can't be empty")
            make = inserted if more else edited if wrong else left_out
            edit = make(lines, n, wrong)
            self.demand(edit[0] != edit[1] or edit[2], at, f"slip {id} changes nothing here")
            self.demand(edit[0] >= 0, at, "the first line can't be left out")
            slips.setdefault(id, []).append(edit)
        return "\n".join(lines), slips

    def words(self, slips):
        """{slip: (name, means, says)}, in the order of the file."""
        told, at = {}, self.text.index("\n", self.begins["slips"]) + 1
        for block in blocks(self.part("slips")):
            id, own = entry(block)
            words = tuple(mine or shared for mine, shared in zip(own, shared_words().get(id, ("", "", ""))))
            self.demand(all(words), at, f"slip {id} needs a name, what it means, and in quotes what is said to it")
            self.demand(id in slips, at, f"slip {id} stands under no line of the solution")
            self.demand(id not in told, at, f"slip {id} is told twice")
            told[id], at = words, at + len(block)
        missing = [id for id in slips if id not in told]
        known = [id for id in missing if id in shared_words()]
        bare = f"; {', '.join(known)} needs no words of its own, only its line" if known else ""
        self.demand(not missing, "slips", f"there are no words for slip {', '.join(missing)}{bare}")
        return told


def blocks(text):
    """The words of each slip: a line that isn't indented, and what is below it."""
    return [block for block in re.split(r"(?m)^(?=\S)", text) if block]


def entry(block):
    """(id, (name, means, says)) of some lines of words; what isn't there is empty."""
    head, *more = block.splitlines()
    id, _, name = head.partition(":")
    means, _, says = " ".join(map(str.strip, more)).partition('"')
    return id, (name.strip(), means.strip(), says.strip().removesuffix('"'))


@functools.cache
def shared_words():
    """{family: (name, means, says)}: ideas that return, told once."""
    from backprop.practice.exercises.families import families

    return dict(map(entry, blocks(families.strip("\n"))))


# ---- edits (start, end, text) of a source, given as its lines ----


def place(lines, n):
    """Where line n begins and ends."""
    start = sum(len(line) + 1 for line in lines[:n])
    return start, start + len(lines[n])


def indented(lines, n, text):
    return re.match(r" *", lines[n])[0] + text


def inserted(lines, n, text):
    """A line below line n."""
    _, end = place(lines, n)
    return end, end, "\n" + indented(lines, n, text)


def left_out(lines, n, _):
    """Without line n."""
    start, end = place(lines, n)
    return start - 1, end, ""


def edited(lines, n, text):
    """Line n as `text`: only the tokens from the first to the last that differ, so that other slips may touch the rest.

    A factor or term that is only left out or put in is taken with the operator in front of it, where that is possible.
    """
    old, new = (TOKEN.findall(line) for line in (lines[n], indented(lines, n, text)))
    first, last, both = 0, 0, min(len(old), len(new))
    while first < both and old[first] == new[first]:
        first += 1
    while last < both - first and old[-last - 1] == new[-last - 1]:
        last += 1
    longer = max(old, new, key=len)
    for by in range(first if first + last == both < len(longer) else 0):
        if OPERATOR.match("".join(longer[first - by :])) and longer[first - by - 1] != " ":
            first, last = first - by, last + by
            break
        if longer[first - by - 1] != longer[-last - by - 1]:
            break
    start = place(lines, n)[0] + sum(map(len, old[:first]))
    left, put = ("".join(line[first : len(line) - last]) for line in (old, new))
    return start, start + len(left), put
