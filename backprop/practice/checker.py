"""`check`: is the answer right? What it returns decides whether it passed, and nothing else does.

Which mistake a wrong one holds is told by `diagnosis`, and by `repair` where that finds none.
"""

import contextlib
import dis
import functools
import inspect
from typing import Any

import numpy as np

from backprop.practice import bank, record
from backprop.practice.diagnosis import ASKS, explain
from backprop.practice.expressions import Unreadable, function_of
from backprop.practice.ideas import without_idea
from backprop.practice.results import same_array, same_value
from backprop.practice.run import Run, code_of, run
from backprop.practice.structure import ORDER, POINTER, UNKNOWN
from backprop.practice.verdict import Verdict, call
from backprop.practice.waiting import Unseen, place
from backprop.practice.wording import describe, listed, words

LOOSE = 1e-5  # what single precision somewhere inside may cost an answer that no slip explains
UNSTEADY = "Called twice with the same inputs, it returns different results: it keeps something, or draws at random."
STUCK = 3  # failures of one exercise in a row, after which the verdict names what helps

_failed = {}  # how often in a row each exercise was failed, in this kernel


def check(id: str, answer: Any = ..., *more: Any, seed: int | None = None, spoil: bool = True) -> Verdict:
    """Check an answer to the exercise `id`, and say which mistake it holds. Returns a `Verdict`; raises nothing.

    answer is a function, or for some exercises an expression (a string), a number or a shape; several numbers stand
    in a tuple, or one after another. `...` and None are not attempts. With `seed`, an exercise by hand is asked with
    other numbers (see `show`). `spoil=False` keeps the mistake to itself, and only asks what an interviewer would ask.
    An unknown id is answered in a sentence. In a notebook the verdict is there at once; where a mistake has no name,
    its line is looked for then, and the same output tells it. Interrupt the kernel to stop that.
    """
    return answered(id, (answer, *more) if more else answer, seed, spoil, place() if spoil else Unseen())


def answered(id, answer, seed=None, spoil=True, seen=None):
    """The verdict of `check`, recorded. What is `seen` of it before it is complete, is nothing by default."""
    exercise, seen = bank.find(id), seen or Unseen()
    if exercise is None:
        return Verdict(describe(id) if not isinstance(id, str) else id, attempted=False, message=bank.unknown(id))
    try:
        verdict = judge(exercise, answer, seed)
        if verdict.runs and not verdict.slips and exercise.kind in ("function", "expression"):
            seen.begin(verdict)
            verdict.message = searched(exercise, answer, verdict, seen.tick)
    except Exception as error:  # an object whose every method is a trap, say
        verdict = refuse(exercise, f"This answer, {describe(answer)}, can't be tried out: {type(error).__name__}.")
    verdict.table = [row for row in verdict.table if not accused(row, verdict)]
    if verdict.attempted:
        settle(exercise, verdict)
    seen.end(verdict)
    return verdict if spoil or verdict.passed or not verdict.attempted else asking(exercise, verdict)


def accused(row, verdict):
    """Whether a row says of a variable that it differs, and the message doesn't: that name may mean another thing."""
    name, kind, words = row
    return kind == "local" and words != "right" and f"{POINTER} {name}:" not in verdict.message


def asking(exercise, verdict):
    """A verdict that gives nothing away: the question of an interviewer who has seen the mistake."""
    asked = [line for line in verdict.message.splitlines() if line.startswith(ASKS)] if verdict.slips else []
    asked = asked or [f'{ASKS} "I don\'t get that. How would you find out which line it is?"']
    return Verdict(exercise.id, slips=verdict.slips, message="\n".join(asked), way_out=verdict.way_out)


def searched(exercise, f, verdict, tick):
    """The message with the place of the mistake; without it where somebody interrupts the search."""
    try:
        return located(exercise, f, verdict, tick)
    except KeyboardInterrupt:
        return f"{verdict.message}\nThe search for the line was interrupted."


def located(exercise, f, verdict, tick=None):
    """The message about a function that no slip explains, with the place of its mistake in front if it can be found."""
    from backprop.practice import repair  # a right answer does without it

    found = repair.located(exercise, f, verdict.runs, tick)
    if not found:
        return verdict.message
    elsewhere = (UNKNOWN, POINTER, ORDER)  # nor where else to look: a variable may hold a right value of another kind
    known = [line for line in verdict.message.splitlines() if not line.startswith(elsewhere)]
    return "\n".join([found, *(without_idea(line) for line in known)])  # nor ideas: the line is known


def settle(exercise, verdict):
    """Record an attempt. Every third failure in a row names the way out."""
    record.note(exercise.id, verdict)
    failed = _failed[exercise.id] = 0 if verdict.passed else _failed.get(exercise.id, 0) + 1
    if failed and failed % STUCK == 0:
        help, answer = call("hint", exercise), call("solution", exercise)
        verdict.way_out = f"If you are stuck: {help} helps a step further, and {answer}, asked twice, shows the answer."


def judge(exercise, answer, seed=None):
    """The verdict on an answer, without recording it."""
    if blank(answer):
        return Verdict(exercise.id, attempted=False)
    if exercise.kind in ("number", "shape"):
        return judge_value(exercise, answer, seed)
    if exercise.kind == "expression":
        if not issubclass(type(answer), str):
            return refuse(exercise, 'Write the formula as a string, in quotes, such as "a + b".')
        try:
            answer = function_of(answer, tuple(exercise.cases[0]), exercise.names)
        except Unreadable as problem:
            return refuse(exercise, str(problem))
        return judge_function(exercise, answer)
    problem = no_function(answer) or wrong_arguments(answer, exercise.cases[0])
    return refuse(exercise, problem) if problem else judge_function(exercise, answer)


def blank(value):
    """Whether something is not filled in: None, `...`, or several of them; or a string that says no more."""
    if type(value) is str:
        return value.strip() in ("", "?", "...", "…", "-")
    if type(value) in (tuple, list) and value:
        return all(v is None or v is ... for v in value)
    return value is None or value is ...


def refuse(exercise, message):
    """A verdict on something that can't be tried out at all, or is right but for one thing."""
    return Verdict(exercise.id, message=message)


def no_function(f):
    """A sentence about an answer that can't be called for a result, or None."""
    if isinstance(f, type) or not callable(f):
        what = "a class" if isinstance(f, type) else describe(f)
        return f"This exercise wants a function, and got {what}. Hand in the function's name, without parentheses."
    if any(is_one(f) for is_one in (inspect.isgeneratorfunction, inspect.isasyncgenfunction)):
        return "This is a generator (it says yield), which returns no result: use return."
    if inspect.iscoroutinefunction(f):
        return "This function is async, and returns no result until it is awaited: leave the async out."
    return None


def wrong_arguments(f, case):
    """A sentence about a function that can't be called with the arguments of `case`, or None."""
    try:
        signature = inspect.signature(f, follow_wrapped=False)
    except Exception:  # NumPy's own functions, for instance, have none
        return None
    try:
        signature.bind(*case.values())
    except TypeError as error:
        count = f"{len(case)} argument{'s' * (len(case) > 1)}"
        return f"It should take {count}, {', '.join(case)}, in this order. Python says: {words(error)}."
    return None


# ---- functions and expressions ----


def judge_function(exercise, f):
    if exercise.kind != "function":
        return judge_as_called(exercise, f)
    first, again = on_first_case(exercise, f), on_first_case(exercise, f)  # before it has seen any other
    verdict, case = judge_as_called(exercise, f), exercise.cases[0]
    if not verdict.attempted:
        return verdict
    if not verdict.passed and (named := by_name(f, case)):
        again = judge_runs(exercise, attempts(exercise, lambda *given: f(**dict(zip(case, given)))))
        order = f"It takes its arguments in the order {', '.join(named)}, and is called with {', '.join(case)}."
        return refuse(exercise, f"{order} Otherwise it is {'right' if again.passed else 'not right, either'}.")
    doubtful = verdict.passed or (verdict.runs and not verdict.slips)
    later = on_first_case(exercise, f) if doubtful else first
    if not (first.same(again, exercise.alike) and first.same(later, exercise.alike)):
        if first.same(exercise.reference[0], exercise.alike):
            return refuse(exercise, f"The results are right the first time. {UNSTEADY}")
        if verdict.runs and not verdict.slips:
            verdict.message = f"{UNSTEADY}\n{verdict.message}"
    return verdict


def on_first_case(exercise, f):
    """What a function gives on the first case."""
    return run(f, exercise.cases[0], quiet=True).fit(exercise.returns, exercise.reference[0].value)


def by_name(f, case):
    """The names of a function's arguments where they are those of the case, in another order; else ()."""
    try:
        names = tuple(inspect.signature(f, follow_wrapped=False).parameters)
    except (TypeError, ValueError):
        return ()
    return names if sorted(names) == sorted(case) and names != tuple(case) else ()


def judge_as_called(exercise, f):
    runs = attempts(exercise, f)
    if all(r.error is None and blank(r.value) for r in runs):
        if all(r.value is None for r in runs) and computes(f) and not is_starter(exercise, f):
            return refuse(exercise, "It returns nothing: is the return missing?")
        return Verdict(exercise.id, attempted=False)
    verdict = judge_runs(exercise, runs)
    if verdict.passed or not exercise.rows:
        return verdict
    in_rows = judge_runs(exercise, attempts(exercise, f, rows=True))
    if in_rows.passed:
        in_rows.message = "Right, in rows."
    return in_rows if in_rows.passed or (in_rows.slips and not verdict.slips) else verdict


def attempts(exercise, f, rows=False):
    """A run of f on each case; with `rows`, its arguments and results transposed where the exercise says so."""
    runs = []
    turn = functools.partial(turned, names=exercise.rows if rows else ())
    for n, (case, reference) in enumerate(zip(exercise.cases, exercise.reference)):
        given = {name: turn(name, value) for name, value in case.items()}
        result = run(f, given, quiet=rows or n > 0).fit(exercise.returns, reference.value)
        if rows:
            result.locals = {}  # they speak the other dialect
        if result.parts:
            result.parts = {name: turn(name, value) for name, value in result.parts.items()}
        runs.append(result)
    return runs


def turned(name, value, names):
    if name.partition("[")[0] not in names:
        return value
    if isinstance(value, (list, tuple)):
        return type(value)(v if v is None else np.transpose(v) for v in value)
    return np.transpose(value)


def is_starter(exercise, f):
    """Whether a function is the starter as it was given, which may hold lines that are filled in already."""
    with contextlib.suppress(Exception):
        given = exercise.function(exercise.starter).__code__
        return (given.co_code, given.co_consts, given.co_names) == (
            f.__code__.co_code,
            f.__code__.co_consts,
            f.__code__.co_names,
        )
    return False


def computes(f):
    """Whether a function does anything at all: calls, combines or keeps something."""
    code = code_of(f)
    does = ("BINARY", "CALL", "COMPARE", "STORE", "UNARY")
    return code is not None and any(step.opname.startswith(does) for step in dis.get_instructions(code))


def judge_runs(exercise, runs):
    """The verdict on what an answer gave on each case."""
    spoiled, left = overwritten(exercise, runs)
    changed = ", ".join(spoiled)
    if exercise.same(runs, exercise.reference):
        if all(type(r.value) is tuple and len(r.value) == 1 for r in runs):  # which only a single result can be in
            return refuse(exercise, "The numbers are right, but in a tuple: is there a comma at the end of the return?")
        if changed:
            return refuse(exercise, f"The results are right, but the input {changed} was changed: work on a copy.")
        message = "Right, in columns. The rows form would pass as well." if exercise.rows else lost_axis(exercise, runs)
        if left:
            message = f"Right. Mind what it leaves in the given {listed(left)}: another value than it returns."
        return Verdict(exercise.id, passed=True, table=table(exercise, runs), message=message)
    verdict = Verdict(exercise.id, table=table(exercise, runs), runs=runs)
    verdict.slips, verdict.message = explain(exercise, runs)
    if not verdict.slips and not changed and nearly(exercise, runs):
        return Verdict(exercise.id, passed=True, message="Right, to the digits of single precision.")
    if changed:
        verdict.message += f"\nBesides, it changes its input {changed}: work on a copy."
    return verdict


def overwritten(exercise, runs):
    """(spoiled, left): the arguments that an answer has written over, and those in which it has left another value.

    Of what has its new value returned, as the state of a rule, it may update the old one in place. A value left there
    that is not the returned one only deserves a word.
    """
    spoiled, left = set(), set()
    for r, reference in zip(runs, exercise.reference):
        for name, now in r.changed.items():
            result = next((one for one in (name, f"{name}_new") if one in exercise.returns), None)
            if result is None:
                spoiled.add(name)
            elif r.parts and not holds(now, result, r.parts, exercise, reference):
                left.add(name)
    return sorted(spoiled), sorted(left - spoiled)


def holds(value, result, parts, exercise, reference):
    """Whether a value is the result of a name as it was returned, in whose parts it may stand array by array."""
    due = reference.value if len(exercise.returns) == 1 else reference.value[exercise.returns.index(result)]
    own = Run(value).fit((result,), due).parts or {}
    return bool(own) and all(name in parts and same_array(one, parts[name]) for name, one in own.items())


def lost_axis(exercise, runs):
    """A sentence about a result that is right but for an axis of length 1, where an update with it would broadcast."""
    for name, due in exercise.reference[0].parts.items():
        got = runs[0].parts[name]
        if got.shape != due.shape and not broadcasts_into(got.shape, due.shape):
            return f"Right. Mind that {name} has shape {got.shape}, not {due.shape}: an update with it would broadcast."
    return ""


def broadcasts_into(shape, other):
    """Whether an array of this shape can be taken from one of the other shape in place."""
    try:
        return np.broadcast_shapes(shape, other) == other
    except ValueError:
        return False


def nearly(exercise, runs):
    """Whether functions' results are right to single precision, which may hide inside a result in double."""
    loosely = functools.partial(same_array, tolerance=LOOSE)
    return exercise.alike is same_array and all(r.same(ref, loosely) for r, ref in zip(runs, exercise.reference))


def table(exercise, runs):
    """Rows (name, kind, words): each result, then each local that the solution has too, against the solution's."""
    rows = []
    for name in exercise.reference[0].parts:
        pairs = [((r.parts or {}).get(name), ref.parts[name]) for r, ref in zip(runs, exercise.reference)]
        rows.append((name, "returned", compared(exercise, pairs)))
    for name in exercise.reference[0].locals:
        own = name not in exercise.returns and name not in exercise.counters
        if own and all(name in r.locals for r in runs):
            pairs = [(r.locals[name], ref.locals.get(name)) for r, ref in zip(runs, exercise.reference)]
            rows.append((name, "local", "right" if all(same_value(*pair) for pair in pairs) else "differs"))
    return rows


def compared(exercise, pairs):
    """In words, how one result compares on all cases: right, another shape, or different."""
    if all(got is None for got, _ in pairs):
        return "missing"
    if all(got is not None and exercise.alike(got, ref) for got, ref in pairs):
        return "right"
    for got, ref in pairs:
        if got is not None and got.size != ref.size and exercise.kind != "shape":
            return f"shape {got.shape}, should be {ref.shape}"
    return "differs"


# ---- numbers and shapes ----


def judge_value(exercise, answer, seed):
    """A number worked by hand (three digits are enough), or a shape."""
    if isinstance(answer, (tuple, list)) and any(isinstance(one, str) for one in answer):
        return refuse(exercise, f"This exercise wants {exercise.kind}s: leave the quotes out, and Python computes.")
    if callable(answer) or isinstance(answer, str):
        return refuse(exercise, f"This exercise wants {exercise.kind}s, not {describe(answer)}.")
    if seed is not None:
        if problem := wrong_seed(seed):
            return refuse(exercise, problem)
        exercise = exercise.asked(int(seed))
    given = Run(answer).fit(exercise.returns, exercise.reference[0].value)
    if any(part.dtype == bool for part in (given.parts or {}).values()):
        return refuse(exercise, f"This exercise wants {exercise.kind}s, not True or False.")
    return judge_runs(exercise, [given])


def wrong_seed(seed):
    """A sentence about a seed that no numbers can be drawn from, or None."""
    if isinstance(seed, (int, np.integer)) and seed >= 0:
        return None
    return "seed= takes a whole number from 0 on."
