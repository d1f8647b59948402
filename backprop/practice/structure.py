"""How a wrong result relates to the right one, where no known slip gives it: transposed, scaled, a factor too many."""

import re

import numpy as np

from backprop.practice.ideas import idea
from backprop.practice.results import as_array, same_array, same_shape_but_for_ones, same_value
from backprop.practice.verdict import call
from backprop.practice.wording import plainly, words

POINTER = "The first of your variables that differs is"
ORDER = "The results are wanted in the order"
UNKNOWN = "No known slip gives these results."


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
    if where := only_on(exercise, runs):
        sentences.append(f"On ordinary inputs it is right. It is wrong on: {', '.join(where)}.")
    right = {name for name in exercise.reference[0].parts if name not in faults}
    first = first_wrong_local(exercise, runs, besides=right)
    if first:
        sentences.append(f"{POINTER} {first}: look at the line that sets it.")
    unclear = ("differs", "holds", "has shape")
    if not any(words.startswith(unclear) for words in faults.values()):
        return "\n".join(sentences)  # that says it all
    sentences.append(UNKNOWN)
    if any(swapped(name, words) for name, words in faults.items()):
        sentences[-1] = f"{ORDER} {', '.join(exercise.returns)}."
    elif exercise.kind in ("number", "shape"):
        sentences[-1] += " Work through it once more."
    elif any(word in words for words in faults.values() for word in ("shape", "transposed")):
        sentences[-1] += " Check each line's shape."
    else:
        sentences[-1] += f" The shapes fit, so look at the formulas, or ask for {call('hint', exercise)}."
    return "\n".join(sentences)


def fault(exercise, name, runs):
    """How the learner's result of this name relates to the right one, in words; None where it is right."""
    if any(name not in r.parts for r in runs):
        return "was never computed"
    pairs = [(r.parts[name], ref.parts[name]) for r, ref in zip(runs, exercise.reference)]
    if all(exercise.alike(got, ref) for got, ref in pairs):
        return None
    if ceiling := by_ceiling(pairs):
        return ceiling
    if any(np.isnan(got).any() and not np.isnan(ref).any() for got, ref in pairs):
        return "holds NaN: look for 0/0, inf - inf, or an overflow in exp"
    if exercise.kind == "shape":
        turned = all(np.array_equal(np.atleast_1d(got)[::-1], np.atleast_1d(ref)) for got, ref in pairs)
        return "is the other way around" if turned else "differs"
    for other in exercise.reference[0].parts:
        if other != name and all(same_array(got, ref.parts[other]) for (got, _), ref in zip(pairs, exercise.reference)):
            return f"holds what {other} should be"
    if all(got.ndim > 1 and same_array(got.T, ref) for got, ref in pairs):
        return "is transposed: its rows are what should be its columns"
    for got, ref in pairs:
        if got.shape != ref.shape and (exercise.exact or not same_shape_but_for_ones(got, ref)):
            return f"has shape {got.shape} where {ref.shape} is due"
    if all(all_zeros(got, ref) for got, ref in pairs):
        return "is all zeros"
    if all(constant(got) and not constant(ref) for got, ref in pairs):
        return "holds one and the same number everywhere"
    for phrase, factors in scales(exercise).items():
        if all(exercise.alike(got, factor * ref) for (got, ref), factor in zip(pairs, factors)):
            return phrase
    found = by_known_factor(exercise, name, pairs) or by_known_value(exercise, pairs) or by_constant(exercise, pairs)
    return found or by_part(pairs) or idea(exercise, name, pairs) or "differs"


@np.errstate(all="ignore")  # an answer may hold inf
def by_known_factor(exercise, name, pairs):
    """A sentence where a result is off, entry by entry, by an argument or one of the solution's variables."""
    known = [case | ref.locals for case, ref in zip(exercise.cases, exercise.reference)]
    for local in known[0].keys() - {name}:
        values = [as_array(k.get(local)) for k in known]
        if all(v is not None and v.shape == ref.shape for v, (_, ref) in zip(values, pairs)):
            if all(same_array(got, ref * v) for v, (got, ref) in zip(values, pairs)):
                return f"has the factor {local} once too often, entry by entry"
            if all(same_array(got * v, ref) for v, (got, ref) in zip(values, pairs)):
                return f"lacks the factor {local}, entry by entry"
    return None


def by_known_value(exercise, pairs):
    """A sentence where a result is one of the solution's variables, or an argument; numbers may be so by accident."""
    variables = [ref.locals for ref in exercise.reference]
    for where, phrase in (
        (variables, "holds the value of {}"),
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


@np.errstate(all="ignore")
def by_ceiling(pairs):
    """A sentence where a result stops at the logarithm of a small round number, in every entry that is off."""
    alike = [(got.ravel(), ref.ravel()) for got, ref in pairs if got.shape == ref.shape]
    got, due = (np.concatenate(one) for one in zip(*alike)) if alike else (np.array([]), np.array([]))
    off = ~np.isclose(got, due, rtol=1e-6, atol=1e-3)  # what is clipped at the other end is off by little
    stopped, due = abs(got[off]), abs(due[off])
    if not stopped.size or not np.allclose(stopped, stopped[0], rtol=1e-4) or (due <= stopped).any():
        return None
    tens = stopped[0] / np.log(10)
    if not (4 < tens < 310 and np.isclose(tens, round(tens), rtol=1e-4)):
        return None
    eps = f"1e-{round(tens):02}"
    return f"stops at {stopped[0]:.3g}, which is −log({eps}): is a probability clipped there, or {eps} added to it?"


def all_zeros(got, due):
    """Whether a result holds nothing but zeros, where another is due."""
    return not got.any() and bool(due.any())


def constant(array):
    """Whether an array of several numbers holds the same one everywhere."""
    return array.size > 1 and bool((array == array.flat[0]).all())


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


def off_by_factor(exercise, runs, others):
    """ "dW has the wrong sign" where one constant factor parts some results of runs from those of others; or None."""
    if any(other.parts is None or other.parts.keys() != r.parts.keys() for r, other in zip(runs, others)):
        return None
    off = set().union(*(differing(exercise, r, other) for r, other in zip(runs, others)))
    for phrase, factors in scales(exercise).items():
        each = zip(runs, others, factors)
        if all(exercise.alike(r.parts[name], factor * other.parts[name]) for r, other, factor in each for name in off):
            off_by, _, _ = phrase.partition(":")  # why, may be another reason here
            return f"{' and '.join(name for name in runs[0].parts if name in off)} {off_by}"
    return None


def swapped(name, words):
    """Whether a result holds another result, and not another layer's entry of its own list."""
    other = re.match(r"holds what (\w+)", words)
    return bool(other) and other[1] != name.partition("[")[0]


def only_on(exercise, runs):
    """The names of the inputs that an answer is wrong on, where it is right on the ordinary ones; else none."""
    names = exercise.case_names
    wrong = [name for name, r, ref in zip(names, runs, exercise.reference) if not r.same(ref, exercise.alike)]
    return [] if names[0] in wrong else list(dict.fromkeys(wrong))


def first_wrong_local(exercise, runs, besides=()):
    """The learner's first variable, in the solution's order, that differs from the solution's: no counter of a loop.

    Nor is it one of `besides`, which are right where they are returned, whatever they hold before.
    """
    for name in exercise.reference[0].locals:
        if name in exercise.counters or name in besides or name in exercise.returns:
            continue  # that a result differs has been said
        both = [(r.locals[name], ref.locals.get(name)) for r, ref in zip(runs, exercise.reference) if name in r.locals]
        if any(callable(mine) for mine, _ in both):
            continue  # another thing of that name
        if both and not all(same_value(*pair) for pair in both):
            return name
    return None


def differing(exercise, one, other):
    """The names of the results that two runs don't share; all of them where one gave none."""
    if one.parts is None or other.parts is None:
        return set() if one.same(other) else set(exercise.reference[0].parts)
    shared = one.parts.keys() & other.parts.keys()
    apart = {name for name in shared if not exercise.alike(one.parts[name], other.parts[name])}
    return apart | (one.parts.keys() ^ other.parts.keys())
