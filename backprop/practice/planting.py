"""Programs with bugs planted in them: each is a right program, and what a colleague did to its lines.

`programs/NAME.py` is the right program. Below a line stand the wrong ones, as in an exercise: `#: id: the wrong line`,
`#: id:` where the line is left out, `#: id+: a line` where one is added below it. The same id in several places is one
bug. `programs/NAME_case.py` holds the rest: what is said of it, what each bug is called, and a test that sees it.
"""

import ast
import importlib
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("programs")
MARK = re.compile(r"\s*#: ([\w-]+)(\+?):(?: (.*))?")


@dataclass(frozen=True)
class Bug:
    """A mistake: its name, what it does, further lines (as written) that may be accused, and accepted repairs.

    A repair is {a line of the planted program: what stands there instead}. It is asked for where no test can be run.
    """

    name: str
    means: str
    at: tuple = ()
    repairs: tuple = ()


@dataclass(frozen=True)
class Test:
    """A test of a program: a function of the module, which raises where the program is wrong, and the bug that it sees.

    `nearly` marks one that a repair may still fail which mends what was seen. `bug` is "" for what has to stay right.
    """

    run: object
    bug: str = ""
    nearly: bool = False

    @property
    def id(self):
        return self.run.__name__


@dataclass
class Collected:
    """The tests of one case, in the order in which they are written."""

    tests: list = field(default_factory=list)

    def sees(self, bug, nearly=False):
        """Mark a test that sees this bug."""

        def keep(function):
            self.tests.append(Test(function, bug, nearly))
            return function

        return keep

    def holds(self, function):
        """Mark a test of what is right and has to stay so."""
        self.tests.append(Test(function))
        return function


@dataclass(frozen=True)
class Program:
    """A right program, the edits that plant its bugs, and its case. Lines are counted from 0 within."""

    name: str
    title: str
    minutes: int
    says: str
    planted: tuple
    bugs: dict
    tests: tuple
    lines: tuple
    edits: dict  # (line, bug): (what stands there instead or None, lines added below)
    apart: frozenset = frozenset()  # pairs of bugs that hide each other

    @property
    def torch(self):
        """Whether it needs PyTorch."""
        return any(re.match(r"(import|from) torch\b", line) for line in self.lines)

    @property
    def right(self):
        """The right program's text."""
        return "\n".join(self.lines) + "\n"

    def with_bugs(self, ids):
        """(the program's text with these bugs, {bug: the numbers, from 1, of its lines})."""
        text, wrong, left_out = [], {id: set() for id in ids}, {id: set() for id in ids}
        for n, line in enumerate(self.lines):
            instead, below = [line], []
            for id in ids:
                if (n, id) not in self.edits:
                    continue
                new, added = self.edits[n, id]
                if new is None:
                    instead = []
                    left_out[id].add(len(text) + 1)
                elif new != line:
                    instead = [new]
                    wrong[id].add(len(text) + 1)
                below += [(id, one) for one in added]
            text += instead
            for id, one in below:
                text.append(one)
                wrong[id].add(len(text))
        for id in ids:
            if not wrong[id]:  # a line is missing: what stands around the gap
                wrong[id] = {near for gap in left_out[id] for near in (gap - 1, gap)}
        return "\n".join(text) + "\n", wrong

    def accepted(self, ids):
        """{bug: the numbers, from 1, of the lines that may be accused}: its own, and those that the case names."""
        text, wrong = self.with_bugs(ids)
        lines = list(enumerate(text.splitlines(), start=1))
        return {id: wrong[id] | {n for n, line in lines if line.strip() in self.bugs[id].at} for id in ids}

    def compatible(self, ids):
        """Whether these bugs can be planted together: on lines of their own, and none hides another."""
        places = [place for place, id in self.edits if id in ids]
        pairs = {frozenset((a, b)) for a in ids for b in ids if a != b}
        return len(places) == len(set(places)) and not pairs & self.apart


class Late:
    """A module that is imported when something of it is asked for: a case's words do without it, its tests don't."""

    def __init__(self, name):
        self._name = name

    def __getattr__(self, name):
        return getattr(importlib.import_module(self._name), name)


torch = Late("torch")


def indent(line):
    return line[: len(line) - len(line.lstrip())]


def parsed(source):
    """(the lines of the right program, its edits) of a marked source."""
    lines, edits = [], {}
    for line in source.splitlines():
        mark = MARK.fullmatch(line)
        if not mark:
            lines.append(line)
            continue
        id, below, text = mark.groups()
        n = len(lines) - 1
        instead, added = edits.get((n, id), (lines[n], ()))
        if below:
            deeper = "    " * lines[n].rstrip().endswith(":")
            added = (*added, indent(lines[n]) + deeper + text)
        else:
            instead = indent(lines[n]) + text if text else None
        edits[n, id] = instead, added
    return tuple(lines), edits


@cache
def program(name):
    """A program by its name."""
    lines, edits = parsed((FOLDER / f"{name}.py").read_text(encoding="utf-8"))
    about = importlib.import_module(f"backprop.practice.programs.{name}_case")
    apart = frozenset(frozenset(pair) for pair in getattr(about, "APART", ()))
    return Program(
        name, about.TITLE, about.MINUTES, about.__doc__.strip(), about.PLANTED, about.BUGS, tuple(about.case.tests),
        lines, edits, apart,
    )  # fmt: skip


@cache
def names():
    """The names of all programs: those in NumPy first, and of each kind the shorter ones."""
    found = [path.stem.removesuffix("_case") for path in FOLDER.glob("*_case.py")]
    return sorted(found, key=lambda name: (program(name).torch, program(name).minutes, name))


def functions(text):
    """{name: dump} of what stands at the top of a program: each function and class, and all the rest as "".

    Two texts that differ in layout, comments, docstrings or quotes have equal dumps. Raises SyntaxError.
    """
    found = {"": []}
    for node in ast.parse(text).body:
        for one in ast.walk(node):
            if isinstance(one, (ast.FunctionDef, ast.ClassDef)) and ast.get_docstring(one) is not None:
                one.body = one.body[1:] or [ast.Pass()]
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found[node.name] = ast.dump(node)
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            found[""].append(ast.dump(node))
    return {**found, "": "\n".join(found[""])}
