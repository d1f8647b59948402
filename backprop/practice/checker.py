"""`check`: is the answer right, and if not, which mistake is it?

What an answer returns decides whether it passed, and nothing else does. Then, for the diagnosis, the smallest set of
slips is looked for that gives the learner's results on every input. The locals that an answer leaves behind help to
choose between explanations, and to point at the first wrong line.
"""

import inspect

import numpy as np

from backprop.practice import bank, record
from backprop.practice.expressions import Unreadable, function_of
from backprop.practice.run import Run, as_array, run, same_array, same_value
from backprop.practice.verdict import Verdict


def check(id, answer=..., *, seed=None):
    """Check an answer to the exercise `id`, and say which mistake it holds. Returns a `Verdict`; raises nothing.

    answer is a function, or for some exercises an expression (a string), a number or a shape. `...` and None are not
    attempts. With `seed`, an exercise by hand is asked with other numbers (see `show`). An unknown id is answered in a
    sentence.
    """
    exercise = bank.find(id)
    if exercise is None:
        return Verdict(str(id), attempted=False, message=bank.unknown(id))
    verdict = judge(exercise, answer, seed)
    if verdict.attempted:
        record.note(exercise.id, verdict)
    return verdict


def judge(exercise, answer, seed=None):
    """The verdict on an answer, without recording it."""
    if answer is None or answer is ...:
        return Verdict(exercise.id, attempted=False)
    if exercise.kind in ("number", "shape"):
        return judge_value(exercise, answer, seed)
    f = answer
    if exercise.kind == "expression":
        if not isinstance(answer, str):
            return refuse(exercise, f'Write the formula as a string, such as "{exercise.starter}".')
        try:
            f = function_of(answer, tuple(exercise.cases[0]), exercise.names)
        except Unreadable as problem:
            return refuse(exercise, str(problem))
    elif not callable(f):
        return refuse(exercise, f"This exercise wants a function, and got {describe(answer)}.")
    elif inspect.isgeneratorfunction(f) or inspect.iscoroutinefunction(f):
        return refuse(exercise, "This is a generator (it says yield or async), which returns no result: use return.")
    return judge_function(exercise, f)


def refuse(exercise, message):
    """A verdict on something that can't be tried out at all."""
    return Verdict(exercise.id, message=message)


def judge_function(exercise, f):
    runs = [run(f, case, quiet=n > 0) for n, case in enumerate(exercise.cases)]
    if all(r.error is None and (r.value is None or r.value is ...) for r in runs):
        return Verdict(exercise.id, attempted=False)
    for r in runs:
        r.value = by_name(r.value, exercise.returns)
    changed = sorted({name for r in runs for name in r.changed})
    if all(map(Run.same, runs, exercise.reference)):
        if changed:
            return refuse(exercise, f"The results are right, but {', '.join(changed)} was changed: work on a copy.")
        return Verdict(exercise.id, passed=True, table=table(exercise, runs), message=rows_note(exercise))
    if exercise.rows and right_in_rows(exercise, f):
        return Verdict(exercise.id, passed=True, message="Right, in rows.")
    verdict = Verdict(exercise.id, table=table(exercise, runs))
    verdict.slips, verdict.message = explain(exercise, runs)
    if changed:
        verdict.message += f"\nBesides, it changes its input {', '.join(changed)}: work on a copy."
    return verdict


def rows_note(exercise):
    return "Right, in columns. The rows form would pass as well." if exercise.rows else ""


def by_name(value, names):
    """Results given in a dict, in the order in which the exercise names them; anything else as it is."""
    if isinstance(value, dict) and set(names) <= set(value):
        return value[names[0]] if len(names) == 1 else tuple(value[name] for name in names)
    if isinstance(value, (tuple, list)) and len(value) == 1 == len(names) and np.ndim(value[0]) > 0:
        return value[0]
    return value


def right_in_rows(exercise, f):
    """Whether the answer is right for the same inputs with samples as rows."""
    for case, reference in zip(exercise.cases, exercise.reference):
        turned = {name: value.T if name in exercise.rows else value for name, value in case.items()}
        values = as_list(by_name(run(f, turned).value, exercise.returns))
        wanted = as_list(reference.value)
        wanted = [v.T if name in exercise.rows else v for name, v in zip(exercise.returns, wanted)]
        if len(values) != len(wanted) or not all(map(same_value, values, wanted)):
            return False
    return True


def table(exercise, runs):
    """Rows (name, kind, words): each result, then each local that the solution has too, against the solution's."""
    rows = []
    for i, name in enumerate(exercise.returns):
        mine = [as_list(r.value)[i] if r.error is None and i < len(as_list(r.value)) else None for r in runs]
        rows.append((name, "returned", compared(mine, [as_list(r.value)[i] for r in exercise.reference])))
    for name in exercise.reference[0].locals:
        if name not in exercise.returns and all(name in (r.locals or ()) for r in runs):
            right = [r.locals[name] for r in exercise.reference]
            rows.append((name, "local", compared([r.locals[name] for r in runs], right)))
    return rows


def compared(mine, right):
    """In words, how values on all cases compare: right, another shape, or different."""
    if all(map(same_value, mine, right)):
        return "right"
    for m, r in zip(mine, right):
        if m is not None and np.ndim(r) > 0 and as_array(m) is not None and np.shape(m) != np.shape(r):
            return f"shape {np.shape(m)}, due is {np.shape(r)}"
    return "missing" if all(m is None for m in mine) else "differs"


# ---- which mistake? ----


def explain(exercise, runs):
    """(slip ids, message) for results that are wrong."""
    problem = malformed(exercise, runs)
    if problem:
        return (), problem
    matches = [slips for slips in exercise.explanations if all(map(Run.same, runs, exercise.results(slips)))]
    if matches:
        fewest = min(map(len, matches))
        return by_slips(closest([m for m in matches if len(m) == fewest], exercise, runs))
    return (), raised(exercise, runs) or structure(exercise, runs)


def malformed(exercise, runs):
    """A sentence about results that are no numbers, or not as many as were asked for; otherwise None."""
    for r in runs:
        if r.error is not None:
            continue
        values = as_list(r.value)
        if len(values) != len(exercise.returns):
            wanted = ", ".join(exercise.returns)
            return f"It should return {len(exercise.returns)} results, {wanted}, but returned {describe(r.value)}."
        for name, value in zip(exercise.returns, values):
            if as_array(value) is None:
                return f"{name} should hold real numbers, but is {describe(value)}."
    return None


def closest(matches, exercise, runs):
    """Of several explanations, those whose locals agree best with the learner's."""
    scores = [sum(agreeing(r, s) for r, s in zip(runs, exercise.results(m))) for m in matches]
    return [m for m, score in zip(matches, scores) if score == max(scores)]


def agreeing(one, other):
    """How many locals of the same name hold the same value, less those that differ."""
    shared = set(one.locals or ()) & set(other.locals or ())
    return sum(1 if same_value(one.locals[name], other.locals[name]) else -1 for name in shared)


def by_slips(matches):
    first = matches[0]
    ids = tuple(slip.id for slip in first)
    count = "One slip" if len(first) == 1 else "Two slips"
    message = f"{count}: {'; '.join(slip.name for slip in first)}."
    if len(matches) > 1:
        others = [" and ".join(slip.name for slip in m) for m in matches[1:3]]
        message += f"\nIt could also be: {'; or '.join(others)}. No result tells them apart."
    message += "".join(f"\n{slip.means}" for slip in first)
    message += "".join(f'\nAn interviewer would say: "{slip.says}"' for slip in first)
    return ids, message


def raised(exercise, runs):
    """A sentence about an exception that no slip explains."""
    for r, case in zip(runs, exercise.cases):
        if r.error is None:
            continue
        if isinstance(r.error, TypeError) and r.line is None:
            return f"It should take {len(case)} arguments, {', '.join(case)}. Python says: {r.error}."
        shapes = ", ".join(f"{name} {np.shape(v)}" for name, v in (case | (r.locals or {})).items() if np.ndim(v) > 0)
        where = f"line {r.line} of the cell" if r.line else "the answer"
        return f"{type(r.error).__name__} at {where}: {r.error}.\nThe shapes there: {shapes}."
    return None


def structure(exercise, runs):
    """What can be said of wrong results that no known slip explains: transposed, scaled, a factor too many."""
    sentences = []
    for i, name in enumerate(exercise.returns):
        pairs = [
            (as_array(as_list(r.value)[i]), as_array(as_list(ref.value)[i])) for r, ref in zip(runs, exercise.reference)
        ]
        if not all(same_array(*pair) for pair in pairs):
            sentences.append(f"{name} {fault(exercise, pairs)}.")
    first = first_wrong_local(exercise, runs)
    if first:
        sentences.append(f"The first of your variables that differs is {first}: look at the line that sets it.")
    sentences.append("No known slip gives these results. Try the smallest input, and check each line's shape.")
    return "\n".join(sentences)


def fault(exercise, pairs):
    """How the learner's arrays relate to the right ones, in words."""
    if any(np.isnan(got).any() and not np.isnan(ref).any() for got, ref in pairs):
        return "holds NaN: look for 0/0, inf - inf, or an overflow in exp"
    if any(got.shape != ref.shape for got, ref in pairs):
        if all(same_array(got.T, ref) for got, ref in pairs):
            return "is transposed, or in the other dialect"
        got, ref = next((g, r) for g, r in pairs if g.shape != r.shape)
        return f"has shape {got.shape} where {ref.shape} is due"
    if all(same_array(got.T, ref) for got, ref in pairs if ref.ndim == 2 and ref.shape[0] == ref.shape[1]) and any(
        ref.ndim == 2 and ref.shape[0] == ref.shape[1] for _, ref in pairs
    ):
        return "is transposed"
    for words, factors in scales(exercise).items():
        if all(same_array(got, factor * ref) for (got, ref), factor in zip(pairs, factors)):
            return words
    for local in exercise.reference[0].locals:
        values = [as_array(r.locals.get(local)) for r in exercise.reference]
        if all(v is not None and v.shape == ref.shape for v, (_, ref) in zip(values, pairs)):
            if all(same_array(got, ref * v) for v, (got, ref) in zip(values, pairs)):
                return f"has the factor {local} once too often, entry by entry"
            if all(same_array(got * v, ref) for v, (got, ref) in zip(values, pairs)):
                return f"lacks the factor {local}, entry by entry"
    return "differs"


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


def first_wrong_local(exercise, runs):
    """The name of the learner's first variable, in the solution's order, that differs from the solution's."""
    for name in exercise.reference[0].locals:
        both = [(r.locals, ref.locals) for r, ref in zip(runs, exercise.reference) if r.locals and name in r.locals]
        if both and not all(same_value(mine[name], theirs.get(name)) for mine, theirs in both):
            return name
    return None


# ---- numbers and shapes ----


def judge_value(exercise, answer, seed):
    """A number worked by hand (three digits are enough), or a shape."""
    if callable(answer) or isinstance(answer, str):
        return refuse(exercise, f"This exercise wants {exercise.kind}s, such as {exercise.starter}.")
    case = exercise.inputs(np.random.default_rng(0 if seed is None else seed))
    tolerance = 0.0 if exercise.kind == "shape" else 6e-3

    def given_by(slips):
        return run(exercise.function(exercise.edited(slips)), case).value

    answer = by_name(answer, exercise.returns)
    if same_exactly(answer, given_by(()), tolerance):
        return Verdict(exercise.id, passed=True)
    matches = [(slip,) for slip in exercise.slips if same_exactly(answer, given_by((slip,)), tolerance)]
    if matches:
        slips, message = by_slips(matches)
        return Verdict(exercise.id, slips=slips, message=message)
    wanted = ", ".join(exercise.returns)
    if len(as_list(answer)) != len(exercise.returns):
        return refuse(exercise, f"It wants {wanted} in this order, and got {describe(answer)}.")
    wrong = [
        name
        for name, mine, right in zip(exercise.returns, as_list(answer), as_list(given_by(())))
        if not same_exactly(mine, right, tolerance)
    ]
    return refuse(exercise, f"Not yet: {', '.join(wrong)}. No known slip gives this; work through it once more.")


def same_exactly(mine, right, tolerance):
    """Shapes to the digit, numbers to about three digits."""
    if isinstance(right, tuple) and right and isinstance(right[0], (tuple, np.ndarray)):
        mine = as_list(mine)
        return len(mine) == len(right) and all(same_exactly(m, r, tolerance) for m, r in zip(mine, right))
    mine, right = as_array(mine), as_array(right)
    if mine is None or mine.shape != right.shape:
        return False
    return bool(np.all(np.abs(mine - right) <= tolerance * np.maximum(np.abs(right), 0.05)))


def as_list(value):
    """One result as a list of one; several as a list."""
    if isinstance(value, (tuple, list)) and any(np.ndim(v) > 0 or as_array(v) is None for v in value):
        return list(value)
    if isinstance(value, (tuple, list)) and len(value) > 1:
        return list(value)
    return [value]


def describe(value):
    """What something is, in words: its type, and its shape or length."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and type {value.dtype}"
    if isinstance(value, (tuple, list, dict, str)):
        return f"a {type(value).__name__} of {len(value)}"
    return "None" if value is None else f"a {type(value).__name__}"
