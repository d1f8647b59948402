"""Find the bug: a solution with slips in it, shown with line numbers, to read, to name, and only then to run."""

import random

import numpy as np

from backprop.practice import bank
from backprop.practice.help import Text
from backprop.practice.run import as_array, same_array

CHOICES, WRONG_CHOICES = 4, 3  # names to choose from in all, and wrong ones among them, at the least
LEVELS = {1: 1, 2: 2, 3: 3}  # level: how many bugs are planted


class Case:
    """A program of `exercise` with `slips` planted in it.

    `guess` takes the lines and the names. `symptom` runs the program and compares. `check(case.exercise.id, f)` closes
    the case.
    """

    def __init__(self, exercise, slips, seed=0):
        self.exercise, self.slips = exercise, slips
        self.source = exercise.edited(slips).strip()
        others = [slip.name for slip in exercise.slips if slip not in slips]
        shuffle = random.Random(seed)
        shuffle.shuffle(others)
        self.choices = [slip.name for slip in slips] + others[: max(CHOICES - len(slips), WRONG_CHOICES)]
        shuffle.shuffle(self.choices)

    @property
    def lines(self):
        """The numbers of the lines that the edits touch, in the program as shown."""
        shown, right = self.source.splitlines(), self.exercise.solution.strip().splitlines()
        if len(shown) == len(right):
            return {n for n, (a, b) in enumerate(zip(shown, right), start=1) if a != b}
        return {n for n, line in enumerate(shown, start=1) if line not in right}

    def __repr__(self):
        numbered = [f"{n:2}  {line}" for n, line in enumerate(self.source.splitlines(), start=1)]
        names = [f"  {letter}) {name}" for letter, name in zip("abcdefgh", self.choices)]
        count = "One line is" if len(self.slips) == 1 else f"{len(self.slips)} things are"
        head = f"{self.exercise.title}. {count} wrong."
        return "\n".join([head, *numbered, "What is it?", *names])

    def _repr_html_(self):
        return Text(repr(self))._repr_html_()

    def guess(self, lines=..., names=...):
        """Compare a guess: line numbers (one or several) and letters such as "b" or "ac". Says which are right."""
        if lines is ... or names is ...:
            return Text("not attempted yet")
        lines = {lines} if isinstance(lines, int) else set(lines)
        letters = "abcdefgh"[: len(self.choices)]
        unknown = sorted(set(str(names).lower()) - set(letters) - set(" ,"))
        if unknown:
            return Text(f"The names are the letters {letters[0]} to {letters[-1]}, not {', '.join(unknown)}.")
        chosen = {self.choices[letters.index(c)] for c in str(names).lower() if c in letters}
        planted = {slip.name for slip in self.slips}
        found, total = len(chosen & planted), len(planted)
        sentences = [
            "The line is right." if lines == self.lines else "The lines don't match what was changed: look again.",
            "The name is right." if chosen == planted else f"Of the names, {found} of {total} planted were found.",
        ]
        if chosen == planted:
            sentences += [slip.means for slip in self.slips]
        return Text("\n".join(sentences))

    def symptom(self):
        """What a gradient check and two scalars say of each result: does it pass, its norm and its direction."""
        wrong, right = self.exercise.results(tuple(self.slips)), self.exercise.reference
        rows = ["result   check   norm against the right one, and cosine"]
        for name in right[0].parts:
            words = [symptom_of(run, ref, name, self.exercise.returns) for run, ref in zip(wrong, right)]
            failing = [w for w in words if w != PASSES]
            rows.append(f"{name:8} {failing[0] if failing else PASSES}")
        return Text("\n".join(rows))


PASSES = "passes"


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


# The cases of notebook 08, by number: an exercise, and the slips that are planted in its solution.
CLASSICS = {
    1: ("delta.layers", ("no-last-dW", "no-db")),
    2: ("delta.backward", ("no-slope-1",)),
    3: ("delta.softmax-rows", ("elementwise", "mean-db", "no-slope", "input-slope")),
    4: ("delta.residual", ("trap",)),
    5: ("outputs.bce", ("naive",)),
}


def bug(level=1, seed=0, *, case=None, exercise=None, slips=None):
    """A case: one planted bug at level 1, two at level 2, three at level 3, the same for the same seed.

    `case` asks for one of the classics of notebook 08 (1 to 5), `exercise` for a certain program, and `slips` (ids) for
    certain bugs in it.
    """
    if case is not None:
        if case not in CLASSICS:
            raise ValueError(f"case is {case!r}, but should be one of {', '.join(map(str, CLASSICS))}.")
        exercise, slips = CLASSICS[case]
    shuffle = random.Random(f"{level}/{seed}")
    chosen = bank.find(exercise) if exercise else shuffle.choice(programs())
    if chosen is None:
        raise ValueError(bank.unknown(exercise))
    if slips is not None:
        return Case(chosen, [slip for slip in chosen.slips if slip.id in slips], seed)
    if level not in LEVELS:
        raise ValueError(f"level is {level!r}, but should be one of {', '.join(map(str, LEVELS))}.")
    planted, candidates = [], list(chosen.slips)
    shuffle.shuffle(candidates)
    for slip in candidates:
        if len(planted) < LEVELS[level] and all(chosen.compatible(slip, other) for other in planted):
            planted.append(slip)
    return Case(chosen, planted, seed)


def programs():
    """The exercises whose solutions can hide a bug: functions of five lines or more with at least four slips."""
    return [
        e
        for e in bank.EXERCISES.values()
        if e.kind == "function" and len(e.solution.strip().splitlines()) >= 5 and len(e.slips) >= 4  # noqa: PLR2004
    ]
