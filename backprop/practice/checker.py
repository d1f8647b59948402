"""`check`: is the answer right, and if not, which mistake is it?

What an answer returns decides whether it passed, and nothing else does. Then, for the diagnosis, the smallest set of
slips is looked for that gives the learner's results on every input. The locals that an answer leaves behind help to
choose between explanations, and to point at the first wrong line.
"""

import contextlib
import dis
import functools
import inspect
import re
from typing import Any

import numpy as np

from backprop.practice import bank, record
from backprop.practice.expressions import Unreadable, function_of
from backprop.practice.run import (
    Run,
    as_array,
    code_of,
    describe,
    plainly,
    run,
    same_array,
    same_shape_but_for_ones,
    same_value,
    words,
)
from backprop.practice.verdict import Verdict, readable

LOOSE = 1e-5  # what single precision somewhere inside may cost an answer that no slip explains
MOST_LINES = 400  # of solutions with two slips in them, compiled and run for one answer: more would take over 50 ms
UNKNOWN = "No known slip gives these results."
STUCK = 3  # failures of one exercise in a row, after which the verdict names what helps

_failed = {}  # how often in a row each exercise was failed, in this kernel


def check(id: str, answer: Any = ..., *more: Any, seed: int | None = None) -> Verdict:
    """Check an answer to the exercise `id`, and say which mistake it holds. Returns a `Verdict`; raises nothing.

    answer is a function, or for some exercises an expression (a string), a number or a shape; several numbers stand
    in a tuple, or one after another. `...` and None are not attempts. With `seed`, an exercise by hand is asked with
    other numbers (see `show`). An unknown id is answered in a sentence.
    """
    exercise = bank.find(id)
    if exercise is None:
        return Verdict(describe(id) if not isinstance(id, str) else id, attempted=False, message=bank.unknown(id))
    answer = (answer, *more) if more else answer
    try:
        verdict = judge(exercise, answer, seed)
        if verdict.runs and not verdict.slips and exercise.kind in ("function", "expression") and not exercise.rows:
            verdict.message = located(exercise, answer, verdict)
    except Exception as error:  # an object whose every method is a trap, say
        verdict = refuse(exercise, f"This answer, {describe(answer)}, can't be tried out: {type(error).__name__}.")
    if verdict.attempted:
        settle(exercise, verdict)
    return verdict


def located(exercise, f, verdict):
    """The message about a function that no slip explains, with the place of its mistake in front if it can be found."""
    from backprop.practice import repair  # a right answer does without it

    place = repair.located(exercise, f, verdict.runs)
    if not place:
        return verdict.message
    return f"{place}\n{re.sub(f'{re.escape(UNKNOWN)} ?', '', verdict.message).strip()}"


def settle(exercise, verdict):
    """Record an attempt. Every third failure in a row names the way out."""
    record.note(exercise.id, verdict)
    failed = _failed[exercise.id] = 0 if verdict.passed else _failed.get(exercise.id, 0) + 1
    if failed and failed % STUCK == 0:
        help, answer = call("hint", exercise), call("solution", exercise)
        verdict.way_out = f"If you are stuck: {help} helps a step further, and {answer}, asked twice, shows the answer."


def call(name, exercise):
    """A call of hint or solution, ready to be typed."""
    return f'{name}("{exercise.id}")'


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
        signature = inspect.signature(f)
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
    own = {name for r in exercise.reference for name in r.changed}  # an update rule may work in place
    changed = ", ".join(sorted({name for r in runs for name in r.changed} - own))
    if exercise.same(runs, exercise.reference):
        if len(exercise.returns) == 1 and all(type(r.value) is tuple and len(r.value) == 1 for r in runs):
            return refuse(exercise, "The numbers are right, but in a tuple: is there a comma at the end of the return?")
        if changed:
            return refuse(exercise, f"The results are right, but the input {changed} was changed: work on a copy.")
        message = "Right, in columns. The rows form would pass as well." if exercise.rows else ""
        return Verdict(exercise.id, passed=True, table=table(exercise, runs), message=message)
    verdict = Verdict(exercise.id, table=table(exercise, runs), runs=runs)
    verdict.slips, verdict.message = explain(exercise, runs)
    if not verdict.slips and not changed and nearly(exercise, runs):
        return Verdict(exercise.id, passed=True, message="Right, to the digits of single precision.")
    if changed:
        verdict.message += f"\nBesides, it changes its input {changed}: work on a copy."
    return verdict


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
        if name not in exercise.returns and all(name in r.locals for r in runs):
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
            return f"shape {got.shape}, due is {ref.shape}"
    return "differs"


# ---- which mistake? ----


def explain(exercise, runs):
    """(slip ids, message) for results that are wrong."""
    cases = sorted(range(len(runs)), key=lambda n: runs[n].same(exercise.reference[n], exercise.alike))  # wrong first
    matches = [slips for slips in exercise.slip_sets(1) if gives(exercise, slips, runs, cases)]
    matches = matches or [s for s in likeliest(exercise, runs, cases[0]) if gives(exercise, s, runs, cases)]
    if matches:
        return by_slips(closest(matches, exercise, runs))
    problem = next((r.problem for r in runs if r.problem), None) or raised(runs, exercise.cases[0])
    if problem:
        return (), problem
    faults = {name: fault(exercise, name, runs) for name in exercise.reference[0].parts}
    faults = {name: words for name, words in faults.items() if words}
    scaled = set(faults.values()) <= set(scales(exercise))
    return (not scaled and slip_and_factor(exercise, runs)) or ((), structure(exercise, runs, faults))


def gives(exercise, slips, runs, cases):
    """Whether the solution with these slips gives what the learner's answer gave, on one of the cases after another."""
    return all(runs[n].same(exercise.outcome(slips, n), exercise.alike) for n in cases)


def likeliest(exercise, runs, n):
    """The pairs of slips to try. Of a long solution with many slips, only those that are the likeliest on case n.

    A result that only one of two slips moves comes out of the pair as that slip alone gives it, save where a slip
    works only through the other. So a pair is the less likely, the more results speak against it; of equals, those are
    tried first of which one slip alone gives this case, as where it raises.
    """
    pairs, most = exercise.slip_sets(2), MOST_LINES // len(exercise.solution.strip().splitlines())
    if len(pairs) <= most:
        return pairs
    mine, reference = runs[n], exercise.reference[n]
    alone = {slip: exercise.outcome((slip,), n) for slip in exercise.slips}
    moved = {slip: differing(exercise, own, reference) for slip, own in alone.items()}
    missed = {slip: differing(exercise, own, mine) for slip, own in alone.items()}
    wrong = differing(exercise, reference, mine)

    def against(pair):
        one, other = pair
        only_one, only_other = moved[one] - moved[other], moved[other] - moved[one]
        results = len(only_one & missed[one]) + len(only_other & missed[other]) + len(wrong - moved[one] - moved[other])
        return results, bool(missed[one] and missed[other])

    return sorted(pairs, key=against)[:most]


def differing(exercise, one, other):
    """The names of the results that two runs don't share; all of them where one gave none."""
    if one.parts is None or other.parts is None:
        return set() if one.same(other) else set(exercise.reference[0].parts)
    return {name for name, value in one.parts.items() if not exercise.alike(value, other.parts[name])}


def closest(matches, exercise, runs):
    """Of several explanations, those whose locals agree best with the learner's."""
    if len(matches) == 1:
        return matches
    scores = [sum(agreeing(r, exercise.outcome(m, n)) for n, r in enumerate(runs)) for m in matches]
    return [m for m, score in zip(matches, scores) if score == max(scores)]


def agreeing(one, other):
    """How many locals of the same name hold the same value, less those that differ."""
    shared = set(one.locals) & set(other.locals)
    return sum(1 if same_value(one.locals[name], other.locals[name]) else -1 for name in shared)


def by_slips(matches):
    first = matches[0]
    ids = tuple(slip.id for slip in first)
    count = "One slip" if len(first) == 1 else "Two slips"
    message = f"{count}: {'; '.join(slip.name for slip in first)}."
    if len(matches) > 1:
        others = [" and ".join(slip.name for slip in m) for m in matches[1:3]]
        message += f"\nIt could also be: {'; or '.join(others)}. No result tells them apart."
    message += "".join(f"\n{means}" for means in dict.fromkeys(slip.means for slip in first))
    message += "".join(f'\nAn interviewer would say: "{says}"' for says in dict.fromkeys(slip.says for slip in first))
    return ids, readable(message)


def raised(runs, given=()):
    """A sentence about an exception that no slip explains; given are the names that the answer may use."""
    r = next((r for r in runs if r.error is not None), None)
    if r is None:
        return None
    line = f" at line {r.line}" + (f": {r.text}" if r.text else "") if r.line else ""
    shapes = f"\nThe shapes there: {r.shapes}." if r.shapes else ""
    if isinstance(r.error, SystemExit):
        return f"It ends Python{line}\nAn answer should return: leave exit and sys.exit out."
    if isinstance(r.error, RecursionError):
        return f"It calls itself without end{line}\nWhich call should be the last?"
    if isinstance(r.error, MemoryError):
        return f"It asks for more memory than there is{line}{shapes}"
    said = plainly(r.error) or f"Python says: {words(r.error) or 'no message'}"
    given = f"\nGiven: {', '.join(given)}." if given and isinstance(r.error, NameError) else ""
    return f"{type(r.error).__name__}{line + chr(10) if line else ': '}{said}{given}{shapes}"


def structure(exercise, runs, faults):
    """What can be said of wrong results that no known slip explains: transposed, scaled, a factor too many."""
    sentences = [f"{name} {words}." for name, words in faults.items()]
    first = first_wrong_local(exercise, runs)
    if first:
        sentences.append(f"The first of your variables that differs is {first}: look at the line that sets it.")
    unclear = ("differs", "holds", "has shape")
    if not any(words.startswith(unclear) for words in faults.values()):
        return "\n".join(sentences)  # that says it all
    sentences.append(UNKNOWN)
    if any(words.startswith("holds what") for words in faults.values()):
        sentences[-1] = f"The results are wanted in the order {', '.join(exercise.returns)}."
    elif exercise.alike is not same_array:
        sentences[-1] += " Work through it once more."
    elif any(word in words for words in faults.values() for word in ("shape", "transposed")):
        sentences[-1] += " Check each line's shape."
    else:
        sentences[-1] += f" The shapes fit, so look at the formulas, or ask for {call('hint', exercise)}."
    return "\n".join(sentences)


def fault(exercise, name, runs):
    """How the learner's result of this name relates to the right one, in words; None where it is right."""
    pairs = [(r.parts[name], ref.parts[name]) for r, ref in zip(runs, exercise.reference)]
    if all(exercise.alike(got, ref) for got, ref in pairs):
        return None
    if any(np.isnan(got).any() and not np.isnan(ref).any() for got, ref in pairs):
        return "holds NaN: look for 0/0, inf - inf, or an overflow in exp"
    if exercise.kind == "shape":
        turned = all(np.array_equal(np.atleast_1d(got)[::-1], np.atleast_1d(ref)) for got, ref in pairs)
        return "is the other way around" if turned else "differs"
    for other in exercise.reference[0].parts:
        if all(same_array(got, ref.parts[other]) for (got, _), ref in zip(pairs, exercise.reference)):
            return f"holds what {other} should be"
    if all(same_array(got.T, ref) for got, ref in pairs):
        return "is transposed: its rows are what should be its columns"
    for got, ref in pairs:
        if got.shape != ref.shape and not same_shape_but_for_ones(got, ref):
            return f"has shape {got.shape} where {ref.shape} is due"
    for phrase, factors in scales(exercise).items():
        if all(exercise.alike(got, factor * ref) for (got, ref), factor in zip(pairs, factors)):
            return phrase
    found = by_known_factor(exercise, pairs) or by_known_value(exercise, pairs) or by_constant(exercise, pairs)
    return found or by_part(pairs) or "differs"


@np.errstate(all="ignore")  # an answer may hold inf
def by_known_factor(exercise, pairs):
    """A sentence where a result is off, entry by entry, by an argument or one of the solution's variables."""
    known = [case | ref.locals for case, ref in zip(exercise.cases, exercise.reference)]
    for local in known[0]:
        values = [as_array(k.get(local)) for k in known]
        if all(v is not None and v.shape == ref.shape for v, (_, ref) in zip(values, pairs)):
            if all(same_array(got, ref * v) for v, (got, ref) in zip(values, pairs)):
                return f"has the factor {local} once too often, entry by entry"
            if all(same_array(got * v, ref) for v, (got, ref) in zip(values, pairs)):
                return f"lacks the factor {local}, entry by entry"
    return None


def by_known_value(exercise, pairs):
    """A sentence where a result is one of the solution's variables, or an argument; numbers may be so by accident."""
    for where, phrase in (
        (
            [ref.locals for ref in exercise.reference],
            "holds the value of {}",
        ),
        (exercise.cases, "is the argument {}, as it was given"),
    ):
        for name in where[0]:
            values = [as_array(known.get(name)) for known in where]
            if all(v is not None and v.size > 1 and same_array(got, v) for v, (got, _) in zip(values, pairs)):
                return phrase.format(name)
    return None


@np.errstate(all="ignore")
def by_constant(exercise, pairs):
    """A sentence where a result is the right one times a number: one and the same, or the length of an argument."""
    if any(got.shape != ref.shape or ref.size < 2 or not ref.any() for got, ref in pairs):
        return None
    factors = [float(got.flat[n] / ref.flat[n]) for got, ref in pairs for n in [np.abs(ref).argmax()]]
    if not all(factor and same_array(got, factor * ref) for factor, (got, ref) in zip(factors, pairs)):
        return None
    if np.allclose(factors, factors[0]):
        return f"is {factors[0]:.3g} times what it should be"
    for name, value in exercise.cases[0].items():
        for axis, what in enumerate(("rows", "columns")[: np.ndim(as_array(value))]):
            lengths = np.array([np.shape(case[name])[axis] for case in exercise.cases], float)
            for how, wanted in (("multiplied", lengths), ("divided", 1 / lengths)):
                if np.allclose(factors, wanted):
                    return f"is {how} by the number of {what} of {name}"
    return None


def by_part(pairs):
    """A sentence where only the first or the last row or column is wrong, or right, as a range off by one leaves it."""
    if any(got.shape != ref.shape or ref.ndim != 2 or min(ref.shape) < 2 for got, ref in pairs):
        return None
    for axis, what in enumerate(("row", "column")):
        parts = [(np.moveaxis(got, axis, 0), np.moveaxis(ref, axis, 0)) for got, ref in pairs]
        alike = [[same_array(one, due) for one, due in zip(got, ref)] for got, ref in parts]
        for place, n in (("first", 0), ("last", -1)):
            rest = [each[1:] if n == 0 else each[:-1] for each in alike]
            if all(not each[n] and all(others) for each, others in zip(alike, rest)):
                zero = " there it is zero" if all(not got[n].any() for got, _ in parts) else ""
                return f"is right but for its {place} {what}{':' if zero else ''}{zero}"
            if all(each[n] and not any(others) for each, others in zip(alike, rest)):
                return f"is right in its {place} {what} alone"
    return None


def scales(exercise):
    """{words: the factor on each case} for results that are off by a constant."""
    count = len(exercise.cases)
    found = {
        "has the wrong sign": [-1.0] * count,
        "is twice too big": [2.0] * count,
        "is half of what it should be": [0.5] * count,
    }
    if exercise.batch:
        argument, axis = exercise.batch
        sizes = [float(np.shape(case[argument])[axis]) for case in exercise.cases]
        found["is B times too big: the mean over the batch is missing"] = sizes
        found["is B times too small: 1/B is in it twice"] = [1 / B for B in sizes]
    return found


def slip_and_factor(exercise, runs):
    """(slip ids, message) where one slip and a constant factor on some results explain them; otherwise None."""
    for slips in exercise.slip_sets(1):
        if off_by_factor(exercise, runs[:1], [exercise.outcome(slips, 0)]):  # most are ruled out by the first case
            found = off_by_factor(exercise, runs, exercise.results(slips))
            if found:
                ids, message = by_slips([slips])
                first, _, rest = message.partition("\n")
                return ids, f"{first}\nBesides, {found}.\n{rest}"
    return None


def off_by_factor(exercise, runs, others):
    """ "dW has the wrong sign" where one constant factor parts some results of runs from those of others; or None."""
    if any(other.parts is None or other.parts.keys() != r.parts.keys() for r, other in zip(runs, others)):
        return None
    off = set().union(*(differing(exercise, r, other) for r, other in zip(runs, others)))
    for phrase, factors in scales(exercise).items():
        each = zip(runs, others, factors)
        if all(exercise.alike(r.parts[name], factor * other.parts[name]) for r, other, factor in each for name in off):
            return f"{' and '.join(name for name in runs[0].parts if name in off)} {phrase}"
    return None


def first_wrong_local(exercise, runs):
    """The name of the learner's first variable, in the solution's order, that differs from the solution's."""
    for name in exercise.reference[0].locals:
        both = [(r.locals[name], ref.locals.get(name)) for r, ref in zip(runs, exercise.reference) if name in r.locals]
        if both and not all(same_value(*pair) for pair in both):
            return name
    return None


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
