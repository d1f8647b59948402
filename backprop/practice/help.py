"""What a learner asks for besides a check: hints, the solution, other numbers, a ladder, the map of what is done."""

import operator
from typing import Any

import numpy as np

from backprop.practice import bank, colleague, planting, record
from backprop.practice.checker import judge, settle, wrong_seed
from backprop.practice.verdict import Sentences, Text, Verdict, call, readable
from backprop.practice.wording import describe

_asked = {}  # how often a hint or a solution was asked for, in this kernel


def hint(id: str) -> Text:
    """The next hint for an exercise. After the last one, the last one again, with the way out."""
    exercise = bank.find(id)
    if exercise is None:
        return Sentences(bank.unknown(id))
    asked, count = _count("hint", id), len(exercise.hints)
    n = min(asked, count)
    again = ", again" if asked > count else ""
    text = f"Hint {n} of {count}{again}: {readable(exercise.hints[n - 1])}"
    if n == count:
        text += f"\nThere are no more hints. {call('solution', exercise)}, asked twice, shows the answer."
    return Sentences(text)


def solution(id: str) -> Text:
    """The solution of an exercise, on the second call; the first one asks whether you have tried."""
    exercise = bank.find(id)
    if exercise is None:
        return Sentences(bank.unknown(id))
    if _count("solution", id) == 1:
        return Sentences(f"Try it once more, perhaps with {call('hint', exercise)}. A second call shows the solution.")
    return Text(exercise.solution.strip())


def _count(kind, id):
    _asked[kind, id] = _asked.get((kind, id), 0) + 1
    return _asked[kind, id]


def show(id: str, seed: int = 0) -> Text:
    """The numbers of an exercise by hand. Another seed gives other numbers: hand it to `check` as well."""
    exercise = bank.find(id)
    if exercise is None:
        return Sentences(bank.unknown(id))
    if exercise.kind not in ("number", "shape"):
        what = f"an {exercise.kind}" if exercise.kind == "expression" else f"a {exercise.kind}"
        return Sentences(f"{id!r} has no numbers to show: it asks for {what}. {call('hint', exercise)} helps with it.")
    if problem := wrong_seed(seed):
        return Sentences(problem)
    case = exercise.drawn(seed)
    given = "\n".join(f"  {name} = {legible(np.asarray(value).tolist())}" for name, value in case.items())
    return Text(f"{readable(exercise.title)}\n{given}\nWanted: {', '.join(exercise.returns)}")


def legible(value):
    """A number that is given, as Python reads it: the zeros of a large one in groups of three."""
    return f"{value:_}" if isinstance(value, int) and abs(value) >= 10_000 else value


class Ladder:
    """A derivation in rungs: expressions, each with its shape. A rung opens when the one below it is right."""

    def __init__(self, name, ids):
        self.name, self.ids, self.done = name, ids, 0

    def __call__(self, rung: int, expression: Any = ..., shape: Any = ...) -> Verdict:
        """Check rung number `rung` (from 1): the expression, and the shape of its value on the ladder's network."""
        if type(rung) is not int or not 1 <= rung <= len(self.ids):
            return Verdict(self.name, attempted=False, message=f"The rungs are numbered 1 to {len(self.ids)}.")
        exercise = bank.find(self.ids[rung - 1])
        label = f"{self.name}, rung {rung} ({exercise.id})"
        if any(given is ... or given is None for given in (expression, shape)):
            return Verdict(label, attempted=False)
        if rung > self.done + 1:
            return Verdict(label, attempted=False, message=f"Rung {rung} opens when rung {self.done + 1} holds.")
        verdict = judge(exercise, expression)
        verdict.exercise = label
        if verdict.passed and as_shape(shape) != np.shape(exercise.reference[0].value):
            verdict.passed = False
            verdict.message = f"The expression is right. Its shape is not {describe_shape(shape)}."
        if verdict.passed:
            self.done = max(self.done, rung)
        settle(exercise, verdict)
        return verdict

    def __repr__(self):
        lines = [f"Ladder {self.name}, {self.done} of {len(self.ids)} rungs. The shapes to use:"]
        exercises = [bank.find(id) for id in self.ids]
        shapes = {name: np.shape(v) for e in exercises for name, v in e.cases[0].items()}
        lines.append("  " + ", ".join(f"{name} {shape}" for name, shape in shapes.items()))
        lines += [f"  {n}. {readable(e.title)}" for n, e in enumerate(exercises, start=1)]
        if self.done < len(exercises):
            lines.append(f"Stuck on rung {self.done + 1}? {call('hint', exercises[self.done])} helps a step further.")
        return "\n".join(lines)


def as_shape(shape):
    """A shape as a tuple of whole numbers; None where it is none. A plain number stands for a tuple of one."""
    try:
        return tuple(operator.index(n) for n in (shape if type(shape) in (tuple, list) else (shape,)))
    except TypeError:
        return None


def describe_shape(shape):
    return describe(shape) if as_shape(shape) is None else str(as_shape(shape))


def ladder(name: str) -> Ladder | Text:
    """A derivation to climb, by name: call what this returns with a rung, an expression and its shape."""
    if not isinstance(name, str) or name not in bank.LADDERS:
        what = repr(name) if isinstance(name, str) else describe(name)
        return Sentences(f"There is no ladder {what}. There are {', '.join(bank.LADDERS)}.")
    return Ladder(name, bank.LADDERS[name])


def progress() -> Text:
    """The map of the course: what is done in each notebook, and which slips come back."""
    passed, slips, mended = record.passed(), record.slips(), record.mended()
    lines = []
    for notebook in sorted({e.where.partition(".ipynb")[0] for e in bank.EXERCISES.values()}):
        ids = [e.id for e in bank.EXERCISES.values() if e.where.startswith(notebook)]
        done = [id for id in ids if id in passed]
        lines.append(f"{notebook:36} {len(done):2} of {len(ids):2}  " + "■" * len(done) + "□" * (len(ids) - len(done)))
    if programs := colleague.mended():
        lines.append(f"Programs mended: {', '.join(programs)}. bug() lists all {len(planting.names())}.")
    repeated = sorted(
        ((count, slip) for slip, count in slips.items() if count > 1 and slip not in mended), reverse=True
    )
    if repeated:
        lines.append("Slips that come back:")
        lines += [f"  {count} times: {readable(bank.slip_name(slip))}" for count, slip in repeated[:5]]
    return Text("\n".join(lines))


def share() -> Text:
    """One line on what you have done, to paste to a friend: numbers only, no code and no answers."""
    passed, slips, mended = record.passed(), record.slips(), record.mended()
    done = len([id for id in bank.EXERCISES if id in passed])
    said = [f"{done} of {len(bank.EXERCISES)} backpropagation exercises right"]
    if slips:
        said.append(f"{len(mended)} of {len(slips)} mistakes set right")
    return Text(", ".join(said) + ".")
