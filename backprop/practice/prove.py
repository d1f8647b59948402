"""Prove exercises by running them: their solution passes, their starter is no attempt, and every slip is refused.

python -m backprop.practice.prove                                   all of them
python -m backprop.practice.prove delta.b1 my/exercises/topic/name.py
"""

import itertools
import re
import sys
from pathlib import Path

from backprop.practice import bank
from backprop.practice.checker import judge
from backprop.practice.reader import BadExercise, read


def answer(exercise, slips=()):
    """What somebody hands in who makes these slips, or none."""
    source = exercise.edited(slips)
    if exercise.kind == "expression":
        return source
    return exercise.function(source) if exercise.kind == "function" else exercise.results(slips)[0].value


def proof(exercise):
    """(problems, remarks): why the exercise can't stand as it is, and what may be so and is good to know."""
    try:
        exercise.cases  # noqa: B018
    except Exception as error:  # whatever a maker of inputs may raise
        return [f"the inputs can't be made: {type(error).__name__}: {error}"], []
    wrong = [(slips, why) for slips in exercise.slip_sets(1) if (why := unreadable(exercise, slips))]
    wrong = wrong or [(slips, why) for slips in exercise.slip_sets(2) if (why := unreadable(exercise, slips))]
    if wrong:
        return [f"{named(slips)}: Python can't read the program: {why}" for slips, why in wrong], []
    raised = [f"the solution raises {run.error!r}" for run in exercise.reference if run.error is not None]
    if raised:
        return raised[:1], []
    problems = [] if judge(exercise, answer(exercise)).passed else ["the solution is not passed"]
    if exercise.kind == "function" and judge(exercise, exercise.function(exercise.starter)).attempted:
        problems.append("the starter counts as an attempt")
    if exercise.kind == "expression" and judge(exercise, exercise.starter).passed:
        problems.append("the starter passes")
    singles = [problem for slips in exercise.slip_sets(1) if (problem := mistaken(exercise, slips))]
    return problems + singles, [*hidden(exercise), *twins(exercise), *pairs(exercise)]


def unreadable(exercise, slips):
    """Why Python can't read the solution with these slips, or None."""
    try:
        exercise.function(exercise.edited(slips))
    except SyntaxError as error:
        return f"{error.msg}, in {(error.text or '').strip()!r}"
    return None


def named(slips):
    return ("slip " if len(slips) == 1 else "slips ") + " and ".join(slip.id for slip in slips)


def mistaken(exercise, slips):
    """What is wrong with the verdict on these slips, in a sentence; None where they are refused and named."""
    verdict = judge(exercise, answer(exercise, slips))
    if verdict.passed or not verdict.attempted:
        why = "it gives the solution's numbers on every input" if verdict.passed else "the answer counts as no attempt"
        return f"{named(slips)}: {why}"
    found = tuple(slip for slip in exercise.slips if slip.id in verdict.slips)
    if found and exercise.same(exercise.results(found), exercise.results(slips)):
        return None
    return f"{named(slips)}: taken for {' and '.join(verdict.slips) or 'none of the known slips'}"


def hidden(exercise):
    """A line for each input beyond the ordinary ones that alone shows some slips."""
    names, shown = exercise.case_names, {}
    for slip in exercise.slips:
        runs = zip(names, exercise.results((slip,)), exercise.reference)
        on = {name for name, run, reference in runs if not run.same(reference, exercise.alike)}
        if len(on) == 1 and names[0] not in on:
            shown.setdefault(on.pop(), []).append(slip.id)
    return [f"only {name!r} shows {', '.join(ids)}" for name, ids in shown.items()]


def twins(exercise):
    """A line for each two slips that no input tells apart."""
    return [
        f"no input tells {one.id} from {other.id}"
        for one, other in itertools.combinations(exercise.slips, 2)
        if exercise.same(exercise.results((one,)), exercise.results((other,)))
    ]


def pairs(exercise):
    """A line for each two slips that cancel, or that are not named when they are made together."""
    for slips in exercise.slip_sets(2):
        if exercise.same(exercise.results(slips), exercise.reference):
            yield f"{named(slips)} cancel"
        elif problem := mistaken(exercise, slips):
            yield problem


def cells(exercise):
    """The two cells of an exercise that go into its section: the sentence that asks, and the one to fill in."""
    name, given = "...", ""
    if exercise.kind == "function":
        name = f"my_{exercise.id.partition('.')[2]}".replace("-", "_")
        head, _, body = exercise.starter.partition("\n")
        given = re.sub(r"^def \w+", f"def {name}", head) + f"\n    # your code\n{body}\n\n\n"
    asks = f"**Exercise** *({exercise.level} · {exercise.minutes} min)*. {' '.join(exercise.prompt.split())}"
    return f'{asks} Stuck: `hint("{exercise.id}")`. Your answer:\n\n{given}check("{exercise.id}", {name})'


def asked(name):
    """The exercise of an id or a path. Raises BadExercise."""
    path = Path(name)
    if path.suffix == ".py":
        if not path.is_file():
            raise BadExercise(f"There is no file {name}.")
        return read(path)
    exercise = bank.find(name)
    if exercise is None:
        raise BadExercise(bank.unknown(name))
    return exercise


def main(names):
    """Prove the exercises of these ids or paths, or all. Returns how many can't stand."""
    failed = 0
    for name in names or bank.EXERCISES:
        try:
            exercise = asked(name)
        except BadExercise as problem:
            print(problem)
            failed += 1
            continue
        problems, remarks = proof(exercise)
        counted = f"{len(exercise.slips)} slips, {len(exercise.slip_sets(2))} pairs of them"
        print(
            f"{exercise.id}: {'FAILS' if problems else 'proven'}, {counted}",
            *problems,
            *remarks,
            sep="\n    ",
            flush=True,
        )
        if names and not problems:
            print(f"Its two cells, for {exercise.where}:\n\n{cells(exercise)}\n", flush=True)
        failed += bool(problems)
    return failed


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
