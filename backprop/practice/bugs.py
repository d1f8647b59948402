"""Find the bug: `bug` brings a program (see `colleague`), or shows the solution of an exercise with slips in it.

The second is for a round of the interview: it is shown with line numbers, to read, to name, and only then to run.
"""

import ast
import random
import re
from collections.abc import Iterable
from difflib import get_close_matches
from html import escape
from typing import Any

import numpy as np

from backprop.practice import bank, planting
from backprop.practice.colleague import Brought, Programs, drawn
from backprop.practice.results import as_array, same_array
from backprop.practice.verdict import Text

CHOICES, WRONG_CHOICES = 4, 3  # names to choose from in all, and wrong ones among them, at the least
LEVELS = (1, 2, 3)  # how many bugs are planted


class Folded(Text):
    """Words below a line that one unfolds to see them: what is stored with a notebook is seen before it is run."""

    def __init__(self, summary, text):
        super().__init__(text)
        self.summary = summary

    def _repr_html_(self):
        return f"<details><summary>{escape(self.summary)}</summary>{super()._repr_html_()}</details>"


class Case:
    """A program of `exercise` with `slips` planted in it: `source`, and `lines`, the numbers of its wrong lines.

    `guess` takes the lines and the names, `answer` gives them away. `symptom` runs the program and compares.
    `check(case.exercise.id, f)` closes the case.
    """

    def __init__(self, exercise, slips, seed=0):
        self.exercise, self.slips = exercise, slips
        program, planted = exercise.edited(slips).strip().splitlines(), wrong_lines(exercise, slips)
        left_over = unread(program, planted)
        kept = [n for n in range(len(program)) if n not in left_over]
        self.source = "\n".join(program[n] for n in kept)
        self.lines = {number for number, n in enumerate(kept, start=1) if n in planted}
        others = [slip.name for slip in exercise.slips if slip not in slips]
        shuffle = random.Random(seed)
        shuffle.shuffle(others)
        self.choices = [slip.name for slip in slips] + others[: max(CHOICES - len(slips), WRONG_CHOICES)]
        shuffle.shuffle(self.choices)

    def __repr__(self):
        numbered = [f"{n:2}  {line}" for n, line in enumerate(self.source.splitlines(), start=1)]
        names = [f"  {letter}) {name}" for letter, name in zip("abcdefgh", self.choices)]
        name = re.findall(r"(?m)^def (\w+)", self.source)[-1]  # the exercise's title may say what is wrong
        count = f"One line of {name} is" if len(self.slips) == 1 else f"{len(self.slips)} things in {name} are"
        return "\n".join([f"{count} wrong.", *numbered, "What is it?", *names])

    def _repr_html_(self):
        return Text(repr(self))._repr_html_()

    def guess(self, lines: Any = ..., names: Any = ...) -> Text:
        """Compare a guess: line numbers (one or several) and letters such as "b" or "ac". Says how many are right."""
        if lines is ... or names is ...:
            return Text("not attempted yet")
        last, letters = len(self.source.splitlines()), "abcdefgh"[: len(self.choices)]
        numbers, chosen = as_numbers(lines), as_letters(names)
        if not numbers or not numbers <= set(range(1, last + 1)):
            return Text(f"The lines are numbers from 1 to {last}, such as 4 or [4, 7], not {lines!r}.")
        if not chosen or not chosen <= set(letters):
            return Text(f'The names are letters from a to {letters[-1]}, such as "b" or "ac", not {names!r}.')
        planted = {letter for letter, name in zip(letters, self.choices) if name in {s.name for s in self.slips}}
        sentences = [compared(numbers, self.lines, "line"), compared(chosen, planted, "name")]
        if chosen == planted:
            sentences += [slip.means for slip in self.slips]
        return Text("\n".join(sentences))

    def answer(self) -> Folded:
        """The wrong lines and what is wrong with them, folded."""
        lines = f"Line{'s' * (len(self.lines) > 1)} {', '.join(map(str, sorted(self.lines)))}"
        return Folded("The answer", "\n".join([lines, *(f"{slip.name}. {slip.means}" for slip in self.slips)]))

    def symptom(self) -> Folded:
        """What a gradient check and two scalars say of each result: does it pass, its norm and its direction."""
        wrong, right = self.exercise.results(tuple(self.slips)), self.exercise.reference
        rows = ["result   check   norm against the right one, and cosine"]
        for name in right[0].parts:
            words = [symptom_of(run, ref, name, self.exercise.returns) for run, ref in zip(wrong, right)]
            failing = [w for w in words if w != PASSES]
            rows.append(f"{name:8} {failing[0] if failing else PASSES}")
        return Folded("The symptom: unfold it when you have predicted it", "\n".join(rows))


PASSES = "passes"


def wrong_lines(exercise, slips):
    """The numbers, from 0, of the lines that slips change or add. A slip that only leaves lines out has none."""
    program, right = exercise.edited(slips).strip().splitlines(), exercise.solution.strip().splitlines()
    if len(program) == len(right):
        return {n for n, pair in enumerate(zip(program, right)) if pair[0] != pair[1]}
    return {n for n, line in enumerate(program) if line not in right}


def unread(program, planted):
    """The lines that set what nothing reads any more, because of a slip: a colleague's program has none of them.

    Left in, they would point to the slip without anybody having to think. The lines of the slips themselves stay.
    """
    gone = set()
    while True:
        tree = ast.parse("\n".join("" if n in gone else line for n, line in enumerate(program)))
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        read = {name.id for name in names if isinstance(name.ctx, ast.Load)}
        more = set()
        for statement in (one for function in tree.body for one in function.body if isinstance(one, ast.Assign)):
            sets = {name.id for target in statement.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
            span = set(range(statement.lineno - 1, statement.end_lineno))
            if not sets & read and not span & planted:
                more |= span
        if not more:
            return gone
        gone |= more


def as_numbers(given):
    """Line numbers as one types them: 4, [4, 7] or "4, 7". None for what is no whole number."""
    if isinstance(given, str):
        given = re.split(r"[\s,]+", given.strip(" ,[]()"))
    try:
        return {int(str(one)) for one in (given if isinstance(given, Iterable) else [given])}
    except ValueError:
        return None


def as_letters(given):
    """Letters as one types them: "ac", "a, c" or ["a", "c"]."""
    given = given if isinstance(given, Iterable) else [given]
    return set("".join(map(str, given)).lower()) - set(" ,")


def compared(guess, planted, what):
    """How much of a guess is right, without saying which part."""
    if guess == planted:
        return f"The {what} is right." if len(planted) == 1 else f"The {what}s are right."
    right = len(guess & planted)
    return f"{what.capitalize()}s: {right} right, {len(guess) - right} wrong, {len(planted) - right} missing."


def symptom_of(run, reference, name, names):
    """What is to be seen of one result on one input, in words."""
    if run.error is not None:
        return f"FAILS   raises {type(run.error).__name__}"
    mine, right = entry(run.value, name, names), reference.parts[name]
    if mine is None:
        return "FAILS   never computed"
    if mine.shape != right.shape:
        return f"FAILS   shape {mine.shape} where {right.shape} is due"
    if same_array(mine, right):
        return PASSES
    if not np.isfinite(mine).all():
        return "FAILS   holds nan or inf"
    size, due = np.linalg.norm(mine), np.linalg.norm(right)
    if not size * due:
        return "FAILS   is all zeros" if not size else "FAILS   should be all zeros"
    return f"FAILS   {size / due:.2f} times, cosine {(mine / size * right / due).sum():.2f}"


def entry(value, name, names):
    """One result out of a returned value by its name, such as "db" or "dW[2]"; None where it was never computed."""
    stem, _, index = name.partition("[")
    one = value if len(names) == 1 else value[names.index(stem)]
    if index:
        one = one[int(index.rstrip("]"))]
    return None if one is None else as_array(one)


def bug(
    which: str | int | None = None,
    seed: int = 0,
    *,
    level: int | None = None,
    fresh: bool = False,
    exercise: str | None = None,
    slips: Iterable[str] | None = None,
) -> "Brought | Programs | Case":
    """Bring a program with bugs in it: by its name, or drawn by a level and a seed. Without either, list the programs.

    A level is how many bugs are planted, 1 to 3; the same seed gives the same program. Your copy stands in the folder
    bugs beside the notebook, and what you have changed there stays: `fresh=True` sets it aside and begins anew.
    `exercise` with `slips` (ids) shows the solution of an exercise with these slips, to be read only. Raises ValueError
    for what there isn't.
    """
    if exercise is not None:
        chosen = bank.find(exercise)
        if chosen is None:
            raise ValueError(bank.unknown(exercise))
        return Case(chosen, [slip for slip in chosen.slips if slip.id in (slips or ())], seed)
    which = level if which is None else which
    if which is None:
        return Programs()
    if which in LEVELS:
        program, planted = drawn(which, seed)
        return Brought(program, planted, f"{program.name}/{which}/{seed}", fresh)
    if which not in planting.names():
        near = get_close_matches(str(which), planting.names(), n=1)
        guess = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"There is no program {which!r}.{guess} bug() lists them, and a level is 1, 2 or 3.")
    program = planting.program(which)
    return Brought(program, program.planted, program.name, fresh)
