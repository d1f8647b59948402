"""Mistakes that nobody wrote down: what the solution gives with one of its own operations changed.

Slips are wrong lines of one exercise. An idea is a usual mistake of all of them: a transpose, an axis, a slope. Each is
made at every place of the solution where it can be made (by the changes of `edits`, which mend answers), and what comes
out is kept. So a result can be told by its values alone, whatever the answer looks like, and where it has no source.
"""

import ast
import functools
import warnings

import numpy as np

from backprop.practice.drafts import Draft, Unsafe, count_turns
from backprop.practice.edits import CONFUSION, changed, changes
from backprop.practice.results import same_array
from backprop.practice.run import tried

MOST = 300  # changes of one solution
COMES = "is what comes out where "
IDEAS = {
    "transpose": "a transpose is missing, or is one too many",
    "order": "two things stand in the wrong order",
    "sign": "a sign is the wrong one",
    "axis": "a sum, a mean or a maximum runs along another axis",
    "size": "another size is taken, of another array or along another axis",
    "reduction": "a mean stands for a sum, or the other way round",
    "other slope": "the slope of another function is taken, or at another place",
    "too many": "a factor or a term is left out",
    "operation": "a product, a sum or a quotient is taken for another one",
    "direction": "a loop runs in the other direction",
    "range": "a loop begins or ends a step too early or too late",
    "index": "an index is off by one",
    "comparison": "a comparison is another one",
    "brackets": "brackets are missing",
    "moment": "a line runs too early or too late",
    "loop": "a line runs each time where once is due, or the other way round",
}


def idea(exercise, name, pairs):
    """What comes out as a wrong result does, in words; "" where nothing does, or more than one idea.

    pairs are (what was given, what is due) for this result on each case.
    """
    if exercise.kind != "function":
        return ""
    first = pairs[0][0]
    found = set()
    for kind, parts in variants(exercise, name):
        if kind not in found and parts[0].shape == first.shape:
            if all(same_array(got, other) for (got, _), other in zip(pairs, parts)):
                found.add(kind)
    return f"{COMES}{IDEAS[found.pop()]}" if len(found) == 1 else ""


def without_idea(line):
    """A sentence about a result, without the idea that gives it."""
    name, comes, _ = line.partition(f" {COMES}")
    return f"{name} differs." if comes else line


@functools.lru_cache(maxsize=64)
def variants(exercise, name):
    """[(kind, the result on each case)] of all ideas that change a result of an exercise's solution."""
    due = [reference.parts[name] for reference in exercise.reference]
    found = []
    for kind, results in results_of(exercise):
        parts = [(one.parts or {}).get(name) for one in results]
        if all(part is not None for part in parts) and not all(map(same_array, parts, due)):
            found.append((kind, parts))
    return found


@functools.lru_cache(maxsize=64)
def results_of(exercise):
    """[(kind, what it gives on each case)] of all ideas, for an exercise's solution."""
    found = []
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            draft = solution_of(exercise)
        except Unsafe:  # it does more than arithmetic
            return found
        for kind, _, part, put in [one for one in changes(draft, CONFUSION) if one[0] in IDEAS][:MOST]:
            found.append((kind, results(exercise, changed(draft, part, put))))
    return found


def results(exercise, function):
    """What a function gives on each case; on the first alone, where it raises there."""
    found = []
    for case, reference in zip(exercise.cases, exercise.reference):
        found.append(tried(function, case).fit(exercise.returns, reference.value))
        if found[-1].parts is None:
            break
    return found


def solution_of(exercise):
    """The draft of an exercise's solution. Raises Unsafe."""
    source = exercise.whole(exercise.solution)
    *_, last = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    function = exercise.function(exercise.solution)
    draft = Draft(ast.unparse(last), names=function.__globals__)
    count_turns(draft.body)
    return draft
