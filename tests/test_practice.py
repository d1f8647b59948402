"""Practice over the whole bank: every slip is named, every right form passes, and garbage gets a sentence."""

import ast
import copy
import cProfile
import functools
import itertools
import json
import re
import sys
import time
import warnings
from collections import deque, namedtuple
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from practice_answers import HAND
from practice_slips import defined, with_slips

from backprop.practice import (
    bank,
    bug,
    bugs,
    check,
    checker,
    diagnosis,
    diagnostic,
    expressions,
    hint,
    ladder,
    record,
    repair,
    show,
    solution,
    structure,
    wording,
)
from backprop.practice import help as helping
from backprop.practice.checker import judge
from backprop.practice.exercise import Exercise
from backprop.practice.reader import FOLDER, parse
from backprop.practice.results import Misfit, near, parts_of, same_array, same_value
from backprop.practice.run import Run, run, unchanged
from backprop.practice.verdict import FITS, PRE, Sentences, Text, Verdict, readable

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
ALL = list(bank.EXERCISES.values())
FUNCTIONS = [e for e in ALL if e.kind == "function"]
EXPRESSIONS = [e for e in ALL if e.kind == "expression"]
each = pytest.mark.parametrize("e", ALL, ids=lambda e: e.id)
each_function = pytest.mark.parametrize("e", FUNCTIONS, ids=lambda e: e.id)


@pytest.fixture(autouse=True)
def as_in_a_new_kernel(own_record, monkeypatch):
    """Nothing was asked or failed before, and the record is the test's own."""
    monkeypatch.setattr(helping, "_asked", {})
    monkeypatch.setattr(checker, "_failed", {})


# ---- the bank ----


def test_ids_are_unique_and_the_bank_is_large():
    assert [e.id for e in ALL] == list(bank.EXERCISES) and len(ALL) == len(list(FOLDER.glob("*/*.py")))
    assert len(ALL) >= 45
    assert sum(len(e.slips) for e in ALL) >= 150


@each
def test_an_exercise_is_complete(e):
    assert e.level in ("recall", "apply", "interview") and e.kind in ("function", "expression", "number", "shape")
    assert len(e.hints) == 3 and e.slips and e.minutes > 0 and e.prompt and e.title and e.id.count(".") == 1
    assert len({slip.id for slip in e.slips}) == len(e.slips)
    for slip in e.slips:
        assert slip.name and slip.means.endswith((".", ")", "?")) and slip.says.endswith(("?", ".", "…"))
    key = max((line.strip() for line in e.solution.strip().splitlines()), key=len)
    assert not any(key in text for text in e.hints[:-1])


@each
def test_its_place_in_the_course_exists(e):
    name, _, anchor = e.where.partition("#")
    cells = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    headings = [re.sub(r"<.*?>", "", h).strip().replace(" ", "-") for h in re.findall(r"^#+ (.*)$", text, re.M)]
    assert anchor in headings


@each
def test_the_reference_runs_clean(e):
    f = e.function(e.solution)
    for case in e.cases:
        with warnings.catch_warnings(), np.errstate(divide="raise", over="raise", invalid="raise"):
            warnings.simplefilter("error")
            f(*case.values())
    for result in e.reference:
        assert result.error is None and result.parts and not result.problem
        assert not [name for name, value in result.parts.items() if np.isnan(value).any()]


@each_function
def test_inputs_tell_axes_apart(e):
    """No matrix is square and the batch is unlike any other axis, so that a transpose shows in the shape."""
    for case in e.cases[:3]:
        matrices = {name: np.shape(v) for name, v in case.items() if isinstance(v, np.ndarray) and v.ndim == 2}
        assert not {name: s for name, s in matrices.items() if s[0] == s[1] > 1}
        if e.batch:
            argument, axis = e.batch
            batch = np.shape(case[argument])[axis]
            others = [n for s in matrices.values() for n in s if n > 1]
            along = [s for s in matrices.values() if batch in s]
            assert len(along) == others.count(batch)


@each
def test_an_untouched_starter_is_no_attempt(e):
    answers = [..., None, (..., ...)]
    if e.kind == "function":
        answers.append(e.function(e.starter))
    for answer in answers:
        verdict = check(e.id, answer)
        assert not verdict.attempted and not verdict.passed
        assert "not attempted" in repr(verdict)
    assert not record.path().exists()


@each
def test_every_slip_is_rejected_and_named(e):
    assert judge(e, with_slips(e, ())).passed
    for slip in e.slips:
        verdict = judge(e, with_slips(e, (slip,)))
        assert verdict.attempted and not verdict.passed, slip.id
        (named,) = [s for s in e.slips if (s.id,) == verdict.slips]
        assert e.same(e.results((named,)), e.results((slip,))), (slip.id, named.id)
        assert readable(named.name) in verdict.message
        assert_no_right_number(e, verdict)


@each_function
def test_single_precision_hides_no_slip(e):
    for slip in e.slips:
        f = with_slips(e, (slip,))
        assert not judge(e, lambda *a, f=f: mapped(np.float32, f(*a))).passed, slip.id


def assert_no_right_number(e, verdict):
    said = repr(verdict) + verdict._repr_html_()
    for slip in e.slips:  # the bank's own words are fixed, and hold no number of the inputs
        for words in (slip.name, slip.means, slip.says):
            said = said.replace(readable(words), "")
    assert not re.search(r"\d\.\d\d", said), said


@each
def test_no_message_holds_a_right_number(e):
    """Nor what no slip explains: another factor, another structure, an extra dimension."""
    right = e.reference[0].value
    if e.kind in ("number", "shape"):
        answers = [mapped(lambda v: np.asarray(v) * 7.3 + 3, right), mapped(lambda v: -np.asarray(v), right)]
    elif e.kind == "function":
        f = e.function(e.solution)
        answers = [lambda *a, c=c: mapped(lambda v: np.asarray(v, float) * c + c, f(*a)) for c in (7.3, np.nan, -1)]
        answers += [lambda *a: (f(*a), 1), lambda *a: mapped(lambda v: np.asarray(v)[None, None].T, f(*a))]
    else:
        answers = [f"({e.solution.strip()}) * 7 + 1", f"-({e.solution.strip()})"]
    for answer in answers:
        assert_no_right_number(e, judge(e, answer))


# ---- right answers in other forms ----


def mapped(f, value):
    """f of every array in a result, which may be a tuple of arrays or of lists of arrays."""
    if isinstance(value, (tuple, list)):
        return type(value)(v if v is None else mapped(f, v) for v in value)
    return f(value)


def loops(A, B):
    """A @ B as somebody writes it who trusts no library."""
    A, B = np.asarray(A), np.asarray(B)
    if A.ndim != 2 or B.ndim != 2:
        return np.matmul(A, B)
    return np.array(
        [[sum(A[i, k] * B[k, j] for k in range(A.shape[1])) for j in range(B.shape[1])] for i in range(len(A))]
    )


def einsum(A, B):
    return np.einsum("...ij,...jk->...ik", A, B) if min(np.ndim(A), np.ndim(B)) > 1 else np.dot(A, B)


class Products(ast.NodeTransformer):
    def visit_BinOp(self, node):
        self.generic_visit(node)
        if not isinstance(node.op, ast.MatMult):
            return node
        return ast.Call(ast.Name("product", ast.Load()), [node.left, node.right], [])


def rewritten(e, product):
    tree = ast.fix_missing_locations(Products().visit(ast.parse(e.solution)))
    scope = {"np": np, "product": product} | e.names
    exec(compile(tree, "<rewritten>", "exec"), scope)
    return scope[tree.body[-1].name]


class Callable:
    def __init__(self, f):
        self.f = f

    def __call__(self, *args):
        print("called")
        return self.f(*args)

    def method(self, *args):
        return self.f(*args)


def forms(e):
    """Differently written right answers, by name."""
    f, many = e.function(e.solution), len(e.returns) > 1
    Named = namedtuple("Named", e.returns)

    def chatty(*args, verbose=True, **more):
        if verbose:
            print("shapes", [np.shape(a) for a in args if not isinstance(a, list)])
        return f(*args)

    def named(*args):
        value = f(*args)
        return dict(zip(e.returns, value)) if many else {e.returns[0]: value, "extra": 1}

    def walked(*args):
        value = [deque(one) if isinstance(one, list) else one for one in (f(*args) if many else [f(*args)])]
        return (one for one in value) if many else value[0]

    def fields(*args):
        return SimpleNamespace(**dict(zip(e.returns, f(*args) if many else [f(*args)])))

    return {
        "lambda": lambda *a: f(*a),  # noqa: PLW0108
        "to be walked through": walked,
        "fields": fields,
        "chatty": chatty,
        "dict": named,
        "namedtuple": lambda *a: Named(*(f(*a) if many else [f(*a)])),
        "list": lambda *a: list(f(*a)) if many else f(*a),
        "single": lambda *a: mapped(np.float32, f(*a)),
        "fortran": lambda *a: mapped(np.asfortranarray, f(*a)),
        "nested lists": lambda *a: mapped(lambda v: np.asarray(v).tolist(), f(*a)),
        "no axis of one": lambda *a: mapped(lambda v: np.squeeze(v) if np.ndim(v) and np.size(v) > 1 else v, f(*a)),
        "einsum": rewritten(e, einsum),
        "loops": rewritten(e, loops),
        "partial": functools.partial(f),
        "wrapped": functools.wraps(f)(lambda *a: f(*a)),  # noqa: PLW0108
        "object": Callable(f),
        "method": Callable(f).method,
    }


@each_function
def test_right_answers_in_other_forms_pass(e, capsys):
    for name, f in forms(e).items():
        verdict = judge(e, f)
        due = not (e.exact and name == "no axis of one")  # there the axis is the point
        assert verdict.passed is due, (name, verdict)
        printed = capsys.readouterr()
        assert printed.out.count("called") <= 1 and printed.out.count("shapes") <= 1 and not printed.err


@pytest.mark.parametrize("e", EXPRESSIONS, ids=lambda e: e.id)
def test_right_expressions_in_other_forms_pass(e):
    text = e.solution.strip()
    for form in (f"({text})", f"1 * ({text})", f"  {text} ", f"({text}).T.T", f"-(-({text}))"):
        assert judge(e, form).passed, form


B2 = bank.find("delta.b2")


@pytest.mark.parametrize(("id", "n"), [(id, n) for id, fs in HAND.items() for n in range(len(fs))])
def test_the_most_asked_written_by_hand(id, n):
    assert len(HAND[id]) >= 5
    verdict = judge(bank.find(id), HAND[id][n])
    assert verdict.passed and not verdict.slips, verdict


# ---- diagnosis ----


def right(W_next, delta_next, z):
    return (W_next.T @ delta_next) * (1 - np.tanh(z) ** 2)


TOY = parse(
    r'''r"""A product

Of x + 1 and y, and the sums of its rows.
"""

import numpy as np

where = "delta#B2"
level, minutes = "recall", 1
batch = ("x", 1)
inputs = {"ordinary": lambda rng: {"x": rng.normal(size=(3, 4)), "y": rng.normal(size=(3, 4))}}


def f(x, y):
    s = x + 1
    #: one: s = x - 1
    #: uno: s = x + 1 - 2
    p = s * y
    #: raise: p = s @ y
    #: nan: p = s * y / (0 * x)
    q = p.sum(axis=1)
    #: axis: q = p.sum(axis=0)
    return p, q


hints = r"""
a
b
c
"""

slips = r"""
one: one is subtracted
    m.
    "s?"
uno: two is subtracted
    m.
    "s?"
axis: the wrong axis
    m.
    "s?"
raise: a product of matrices
    m.
    "s?"
nan: divided by zero
    m.
    "s?"
"""
''',
    "toy.product",
)


def toy(x, y):
    s = x + 1
    return s * y, (s * y).sum(axis=1)


def test_what_no_result_tells_apart_is_said_to_be_so():
    verdict = judge(TOY, lambda x, y: ((x - 1) * y, ((x - 1) * y).sum(axis=1)))
    assert verdict.slips == ("one",)
    assert verdict.message == (
        "One slip: one is subtracted.\nIt could also be: two is subtracted. No result tells them apart.\nm.\n"
        'An interviewer would say: "s?"'
    )


def test_two_slips_are_named_in_one_message():
    verdict = judge(TOY, lambda x, y: ((x - 1) * y, ((x - 1) * y).sum(axis=0)))
    assert verdict.slips == ("one", "axis")
    assert verdict.message.splitlines() == [
        "Two slips: one is subtracted; the wrong axis.",
        "It could also be: two is subtracted and the wrong axis. No result tells them apart.",
        "m.",
        'An interviewer would say: "s?"',
    ]


def test_of_many_explanations_the_first_three_are_told():
    one, *others = [replace(TOY.slips[0], id=name, name=name) for name in ("a", "b", "c", "d")]
    assert diagnosis.by_slips([(one,), *((other,) for other in others)])[1].splitlines()[:2] == [
        "One slip: a.",
        "It could also be: b; or c. No result tells them apart.",
    ]


def test_the_table_says_of_each_result_how_it_compares():
    def table(f):
        return [(name, words) for name, kind, words in judge(TOY, f).table if kind == "returned"]

    assert table(toy) == [("p", "right"), ("q", "right")]
    assert table(lambda x, y: (toy(x, y)[0], 7 * toy(x, y)[1])) == [("p", "right"), ("q", "differs")]
    assert table(lambda x, y: (toy(x, y)[0][:2], toy(x, y)[1])) == [
        ("p", "shape (2, 4), should be (3, 4)"),
        ("q", "right"),
    ]
    assert table(lambda x, y: x[99]) == [("p", "missing"), ("q", "missing")]


BEFORE, STEADY = 2, 3  # calls before it is judged, and all further calls, which show whether it gives the same again


def test_a_slip_explains_all_cases_or_nothing():
    calls = []

    def f(x, y):
        calls.append(x)
        n = len(calls) - BEFORE
        return toy(x, y) if n <= 1 else (s := (x - 1) * y if n == 2 else x * 7, s.sum(axis=1))

    assert judge(TOY, f).slips == () and len(calls) == 3 + STEADY
    calls.clear()

    def signs(x, y):
        calls.append(x)
        s = (x - 1) * y
        return s, s.sum(axis=1) * (-1) ** len(calls)  # one slip and a wrong sign, but in every other case

    assert judge(TOY, signs).slips == () and len(calls) == 3 + STEADY


def test_an_answer_that_keeps_something_is_told_so():
    """Adam that counts its own steps, and a gradient that is added to what the last call left."""
    calls, total = [], []

    def counting(x, y):
        calls.append(x)
        return toy(x, y)[0] / len(calls), toy(x, y)[1]

    def adding(x, y):
        total.append(toy(x, y)[1])
        return toy(x, y)[0], sum(total) if all(one.shape == total[0].shape for one in total) else total[-1]

    def drawing(x, y):
        return toy(x, y)[0] + np.random.default_rng().normal(), toy(x, y)[1]

    for f in (counting, adding, drawing):
        verdict = judge(TOY, f)
        assert not verdict.passed and "Called twice with the same inputs" in verdict.message, f
    assert judge(TOY, toy).passed
    assert "Called twice" not in judge(TOY, lambda x, y: (x * 7, y)).message


def test_an_answer_that_is_right_at_first_only_does_not_pass():
    calls = []

    def late(x, y):
        calls.append(x)
        p, q = toy(x, y)
        return p, q * max(1, len(calls) - 2)

    assert "right the first time" in judge(TOY, late).message


def test_arguments_in_another_order_are_told_by_their_names():
    e = bank.find("delta.b3")
    turned = judge(e, defined("def f(a_prev, delta, a):\n    return delta @ a_prev.T\n"))
    assert not turned.passed and not turned.slips
    assert (
        "in the order a_prev, delta, a, and is called with delta, a_prev, a. Otherwise it is right." in turned.message
    )
    besides = judge(e, defined("def f(a_prev, delta, a):\n    return delta @ a_prev.T * 3\n"))
    assert besides.message.endswith("Otherwise it is not right, either.")
    assert judge(e, defined("def f(d, p, q):\n    return d @ p.T\n")).passed
    assert judge(e, defined("def f(a, delta, a_prev):\n    return a @ delta.T\n")).passed  # names are the learner's own


def test_a_right_result_is_no_part_of_an_accusation():
    """dW is right: no 1/B is missing from it, which another 1/B would have to make up for."""
    source = (
        "def f(W, b, X, Y):\n    d = W @ X + b - Y\n    return d @ X.T / X.shape[1], d.sum(axis=1, keepdims=True)\n"
    )
    verdict = judge(bank.find("delta.mean"), defined(source))
    assert verdict.slips == ("W-alone",) and "1/B is missing in ∂𝓛/∂b, while ∂𝓛/∂W has it." in verdict.message
    e = bank.find("delta.backward")
    verdict = judge(e, with_slips(e, [slip for slip in e.slips if slip.id in ("no-mean", "mean-db")]))
    assert verdict.slips == () and "dW1 is B times too big" in verdict.message and "db1" not in verdict.message


def test_zeros_and_a_single_number_are_told_as_such():
    assert "p is all zeros." in judge(TOY, lambda x, y: (0 * x, toy(x, y)[1])).message
    assert "p holds one and the same number everywhere." in judge(TOY, lambda x, y: (0 * x + 3, toy(x, y)[1])).message
    flat = altered(
        TOY, inputs={"ordinary": lambda rng: {"x": np.full((3, 4), 2.0), "y": np.full((3, 4), rng.uniform(2, 3))}}
    )
    assert "p is 1.7 times" in judge(flat, lambda x, y: (1.7 * toy(x, y)[0], toy(x, y)[1])).message


def test_zeros_are_explained_by_no_two_slips():
    e = bank.find("checking.gradient")
    source = (
        "def f(f, x, h=1e-5):\n    g = np.zeros(np.shape(x))\n    for i in np.ndindex(np.shape(x)):\n"
        "        up = down = np.array(x, float)\n        up[i] += h\n        down[i] -= h\n"
        "        g[i] = (f(up) - f(down)) / (2 * h)\n    return g\n"
    )
    verdict = judge(e, defined(source))
    assert len(verdict.slips) < 2 and "g is all zeros." in verdict.message


@pytest.mark.parametrize(
    ("id", "line", "innocent"),
    [
        ("delta.linear-rows", "G @ X.T, X.T @ G, G.sum(0)", "W is not transposed"),
        ("delta.linear-rows", "G @ W.T, G @ X.T, G.sum(0)", "W is not transposed"),
        ("delta.linear-rows", "W.T @ G, X.T @ G, G.sum(0)", "X is not transposed"),
    ],
)
def test_the_same_shapes_are_not_yet_the_same_mistake(id, line, innocent):
    """Both raise with the same shapes, and other arrays met there."""
    verdict = judge(bank.find(id), defined(f"def f(X, W, G):\n    return {line}\n"))
    assert verdict.slips == () and innocent not in verdict.message and "ValueError at line 2" in verdict.message
    with_slip = next(s for s in bank.find(id).slips if bank.find(id).results((s,))[0].error is not None)
    assert judge(bank.find(id), with_slips(bank.find(id), (with_slip,))).slips == (with_slip.id,)


def test_pairs_of_slips_are_judged_by_an_input_where_the_answer_is_wrong(monkeypatch):
    """Where it is right nothing is to be seen."""
    calls, seen = [], []

    def late(x, y):
        calls.append(x)
        return toy(x, y) if len(calls) < 3 + BEFORE else (x * 7, x.sum(axis=1))

    monkeypatch.setattr(diagnosis, "likeliest", lambda exercise, runs, n: seen.append(n) or [])
    assert not judge(TOY, late).passed and len(calls) == 3 + STEADY
    assert seen == [2]


def test_the_same_exception_and_the_same_nan_are_slips_too():
    assert judge(TOY, lambda x, y: (x + 1) @ y).slips == ("raise",)
    with np.errstate(all="ignore"):
        assert judge(TOY, lambda x, y: ((p := (x + 1) * y / (0 * x)), p.sum(axis=1))).slips == ("nan",)


def slip(e, id, right, wrong, name):
    """A slip of e that writes one line for another."""
    start = e.solution.index(right)
    return replace(TOY.slips[0], id=id, name=name, edits=((start, start + len(right), wrong),))


def test_locals_decide_between_equal_results():
    doubled = (
        slip(TOY, "first", "s = x + 1", "s = 2 * x + 2", "s doubled"),
        slip(TOY, "second", "p = s * y", "p = 2 * s * y", "p doubled"),
    )
    e = altered(TOY, slips=doubled)

    def early(x, y):
        s = 2 * x + 2
        p = s * y
        return p, p.sum(axis=1)

    def late(x, y):
        s = x + 1
        p = 2 * s * y
        return p, p.sum(axis=1)

    assert judge(e, early).slips == ("first",) and judge(e, late).slips == ("second",)
    assert ("s", "local", "differs") in judge(e, early).table and ("s", "local", "right") in judge(e, late).table
    assert "could also be" not in judge(e, early).message
    assert "could also be" in judge(e, lambda x, y: tuple(2 * v for v in toy(x, y))).message


def first_wrong(x, y):
    s = x + 7
    p = s * y
    return p, p.sum(axis=1)


FORMULAS = 'No known slip gives these results. The shapes fit, so look at the formulas, or ask for hint("toy.product").'
SHAPES = "No known slip gives these results. Check each line's shape."


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (lambda x, y: (-toy(x, y)[0], toy(x, y)[1]), "p has the wrong sign."),
        (lambda x, y: (toy(x, y)[0], 2 * toy(x, y)[1]), "q is twice too big."),
        (lambda x, y: (toy(x, y)[0], toy(x, y)[1] / 2), "q is half of what it should be."),
        (lambda x, y: (4 * toy(x, y)[0], toy(x, y)[1]), "p is B times too big: the mean over the batch is missing."),
        (lambda x, y: (toy(x, y)[0] / 4, toy(x, y)[1]), "p is B times too small: 1/B is in it twice."),
        (lambda x, y: (toy(x, y)[0].T, toy(x, y)[1]), "p is transposed: its rows are what should be its columns."),
        (lambda x, y: (toy(x, y)[0] * y, toy(x, y)[1]), "p has the factor y once too often, entry by entry."),
        (lambda x, y: (x + 1, toy(x, y)[1]), "p lacks the factor y, entry by entry."),
        (lambda x, y: (toy(x, y)[0][:2], toy(x, y)[1]), f"p has shape (2, 4) where (3, 4) is due.\n{SHAPES}"),
        (
            lambda x, y: (toy(x, y)[0] * np.nan, toy(x, y)[1]),
            f"p holds NaN: look for 0/0, inf - inf, or an overflow in exp.\n{FORMULAS}",
        ),
        (lambda x, y: (np.sin(toy(x, y)[0]), toy(x, y)[1]), f"p differs.\n{FORMULAS}"),
        (lambda x, y: (toy(x, y)[0] * 1.7, toy(x, y)[1]), "p is 1.7 times what it should be."),
        (lambda x, y: (toy(x, y)[0].T * 1.7, toy(x, y)[1]), f"p has shape (4, 3) where (3, 4) is due.\n{SHAPES}"),
        (
            lambda x, y: toy(x, y)[::-1],
            "p holds what q should be.\nq holds what p should be.\nThe results are wanted in the order p, q.",
        ),
        (lambda x, y: (x, toy(x, y)[1]), "p is the argument x, as it was given."),
        (
            lambda x, y: ((x + 1) * 0 + (x + 1), toy(x, y)[1] * 3),
            "p lacks the factor y, entry by entry.\nq is 3 times what it should be.",
        ),
        (
            first_wrong,
            "p differs.\nq differs.\nThe first of your variables that differs is s: look at the line that sets it.\n"
            f"{FORMULAS}",
        ),
        (
            lambda x, y: ((x - 1) * y, -((x - 1) * y).sum(axis=1)),
            'One slip: one is subtracted.\nBesides, q has the wrong sign.\nm.\nAn interviewer would say: "s?"',
        ),
        (
            lambda x, y: toy(x, y)[0],
            "It should return 2 results, p, q, but returned an array of shape (3, 4) and type float64.",
        ),
        (
            lambda x, y: (toy(x, y)[0] + 0j, 1),
            "p should hold real numbers, but is an array of shape (3, 4) and type complex128.",
        ),
        (lambda x, y: (..., toy(x, y)[1]), "p should hold real numbers, but is still ...."),
    ],
)
def test_structure_is_told_where_no_slip_explains(f, said):
    verdict = judge(TOY, f)
    assert verdict.message == said and not verdict.passed
    assert verdict.slips == (("one",) if "Besides" in said else ())


def test_a_result_that_is_a_variable_on_the_way_is_told():
    adam = bank.find("rules.adam")
    f = adam.function(adam.solution.replace("return w, m, v", "return w, m / (1 - beta1**t), v"))
    assert "m holds the value of m_hat." in judge(adam, f).message
    assert "holds the value" not in judge(TOY, lambda x, y: (toy(x, y)[0] * 1.7, toy(x, y)[1])).message


def test_axes_in_another_order_are_told_as_a_shape():
    e = altered(
        TOY,
        solution="def f(x, y):\n    p = x[:, :, None] * y[:, None]\n    q = y + 1\n    return p, q\n",
        inputs={"ordinary": lambda rng: {"x": rng.normal(size=(2, 3)), "y": rng.normal(size=(2, 4))}},
        slips=(),
    )
    assert "p has shape (2, 4, 3) where (2, 3, 4)" in judge(e, lambda x, y: (np.ones((2, 4, 3)), y + 1)).message


def test_an_interviewer_says_nothing_twice():
    ln = bank.find("depth.layernorm-backward")
    twins = [pair for pair in ln.slip_sets(2) if pair[0].says == pair[1].says]
    assert twins
    for pair in twins:
        assert judge(ln, with_slips(ln, pair)).message.count(pair[0].says) == 1
    network = bank.find("delta.softmax-rows")
    alike = [pair for pair in network.slip_sets(2) if pair[0].means == pair[1].means]
    assert alike
    for pair in alike:
        assert judge(network, with_slips(network, pair)).message.count(pair[0].means) == 1


def test_a_square_result_is_not_said_to_have_another_shape():
    square = altered(TOY, inputs={"ordinary": lambda rng: {"x": rng.normal(size=(3, 3)), "y": rng.normal(size=(3, 3))}})
    assert "p differs." in judge(square, lambda x, y: (np.sin(toy(x, y)[0]), toy(x, y)[1])).message


def test_an_answer_that_holds_infinity_is_judged_without_a_warning():
    e = altered(TOY, inputs={"ordinary": lambda rng: {"x": rng.normal(size=(3, 4)), "y": np.eye(3, 4)}})
    assert "p holds one and the same number" in judge(e, lambda x, y: (np.full((3, 4), np.inf), toy(x, y)[1])).message


def test_large_and_small_numbers_are_compared_as_such():
    one = np.array([1.0, 2.0])
    assert same_array(one * (1 + 1e-9), one) and not same_array(one * (1 + 1e-6), one)
    assert same_array(np.float32(one / 3), one / 3) and not same_array(np.float32(one * 1.001), one)
    many = np.ones(10_000)  # a hundred times as long as one of them, and so may be the gap
    assert same_array(many * (1 + 5e-9), many) and not same_array(many * (1 + 2e-8), many)
    big = np.array([1e200, 2e200])
    assert same_array(big, big) and not same_array(big * 1.01, big) and not same_array(big, big * 1e-3)
    assert not same_array(np.array([1e-9]), np.array([2e-9]))
    assert same_array(np.array([1e-17]), np.array([0.0])) and not same_array(np.array([1e-6]), np.array([0.0]))
    assert same_array(np.array([np.nan, np.inf, 1]), np.array([np.nan, np.inf, 1]))
    assert not same_array(np.array([np.nan, 1]), np.array([1, np.nan]))
    assert not same_array(np.array([np.inf]), np.array([-np.inf]))
    assert not same_array(np.array([np.inf, 1]), np.array([np.inf, 2])) and not same_array(
        np.array([1.0]), np.array([np.inf])
    )
    assert not same_array(np.array([np.inf]), np.array([1.0])) and not same_array(np.array([1e308]), np.array([1e-300]))
    assert same_array(np.float32([np.nan, 1 / 3]), np.array([np.nan, 1 / 3]))
    assert not same_array(np.ones((1, 3)), np.ones((3, 1))) and same_array(np.ones(3), np.ones((3, 1)))


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float64, 1e-8), (np.float32, 1e-4)])
@pytest.mark.parametrize("n", [1, 30, 3000])
@pytest.mark.parametrize("scale", [1.0, 1e3, 1e20])
def test_arrays_are_compared_by_norm_at_any_size_and_scale(dtype, tolerance, n, scale):
    """The tolerance is a share of the norm: so more numbers, or larger ones, make it neither stricter nor laxer."""
    rng = np.random.default_rng(n)
    a, off = scale * rng.normal(size=n), rng.normal(size=n)
    off *= tolerance * np.linalg.norm(a) / np.linalg.norm(off)
    for factor, same in (0.9, True), (1.1, False), (-0.9, True), (-1.1, False):
        right, given = a.astype(dtype), (a + factor * off).astype(np.float64)
        assert same_array(given, right) is same


@pytest.mark.parametrize(("dtype", "noise"), [(np.float64, 1e-14), (np.float32, 1e-6)])
def test_what_rounding_leaves_of_a_sum_that_should_be_0_counts_as_0(dtype, noise):
    for right in np.zeros(3, dtype), np.array([noise, 0, 0], dtype):
        assert same_array(right + np.array([0, 0.9 * noise, 0]), right)
        assert not same_array(right + np.array([0, 1.1 * noise, 0]), right)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ([np.ones((2, 3)), np.ones(2)], [np.ones((2, 3)), np.ones(2)], True),  # of unlike shapes, so no one array
        ([np.ones((2, 3)), np.ones(2)], (np.ones((2, 3)), np.ones(2)), True),
        ([np.ones((2, 3)), np.ones(2)], [np.ones((2, 3)), np.zeros(2)], False),
        ([np.ones((2, 3)), np.ones(2)], [np.ones((2, 3))], False),
        ([None, np.ones(2)], [None, np.ones(2)], True),
        ([None, np.ones(2)], [np.ones(2), None], False),
        ([1.0, 1e-12], [1.0, 0.0], True),  # numbers are one array, by norm
        ([1.0, 1e-12], np.array([1.0, 0.0]), True),
        ([[1.0, 2.0], [3.0, 4.0]], np.array([[1.0, 2.0], [3.0, 4.0]]), True),
        ([1.0, 2.0], [1.0], False),
        ("text", "text", False),
        (None, 0.0, False),
    ],
)
def test_locals_that_are_lists_are_compared_array_by_array(a, b, same):
    assert same_value(a, b) is same and same_value(b, a) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((3, 1), (3,), True),
        ((1, 3), (3,), True),
        ((1, 3, 1), (3,), True),
        ((1, 3, 1), (3, 1), True),
        ((1, 1, 3), (3, 1, 1), True),
        ((3, 1), (1, 3), False),
        ((2, 3), (1, 2, 3), True),
        ((2, 3), (3, 2), False),
        ((2, 3), (6,), False),
        ((1, 1), (), True),
    ],
)
def test_an_axis_of_one_may_be_missing_but_a_row_is_no_column(one, other, same):
    a, b = (np.arange(1.0, 1 + np.prod(shape)).reshape(shape) for shape in (one, other))
    assert same_array(a, b) is same and same_array(b, a) is same


def test_layers_may_be_padded_with_none():
    like = ([None, np.ones((2, 3)), np.ones((4, 2))], np.float64(1))
    parts = parts_of(([np.ones((2, 3)), np.ones((4, 2))], 1.0), ("dW", "loss"), like)
    assert list(parts) == ["dW[1]", "dW[2]", "loss"]


def altered(e, **fields):
    return Exercise(**{name: getattr(e, name) for name in e.__dataclass_fields__} | fields)


def test_where_the_dialect_is_open_rows_are_judged_too():
    e = altered(TOY, rows=("x", "y", "p"))
    rows = altered(e, solution=TOY.solution.replace("axis=1", "axis=0"), slips=())
    f = rows.function(rows.solution)
    assert judge(e, f).message == "Right, in rows."
    assert judge(e, toy).message == "Right, in columns. The rows form would pass as well."
    assert judge(e, lambda x, y: ((x - 1) * y, ((x - 1) * y).sum(axis=0))).slips
    assert not judge(e, lambda x, y: ((x + 5) * y, (x * y).sum(axis=0))).passed
    assert not judge(TOY, f).passed


def test_a_mask_hides_numbers_and_a_truth_value_is_none():
    def masked(*args):
        return np.ma.masked_array(right(*args), mask=np.ones_like(args[2]))

    assert "a masked array" in judge(B2, masked).message
    e = altered(TOY, kind="number", solution="def f(x):\n    return x\n", returns=("p",), slips=(), batch=None)
    e = altered(e, inputs={"ordinary": lambda rng: {"x": np.float64(1)}})
    assert judge(e, 1).passed and judge(e, 1.001).passed and not judge(e, 1.1).passed
    assert judge(e, True).message == "This exercise wants numbers, not True or False."
    assert "not a str of 1" in judge(e, "1").message


def test_what_is_right_to_single_precision_passes_and_is_told_so():
    def single(*given):
        return np.float64(np.float32(right(*given)))

    verdict = judge(B2, single)
    assert verdict.passed and verdict.message == "Right, to the digits of single precision."


def test_a_result_that_can_not_be_read_is_told_by_its_type():
    assert judge(B2, lambda *a: BadArray()).message.startswith("delta should hold real numbers, but is a BadArray")

    class Listed(list):
        def __len__(self):
            raise KeyError

    message = judge(TOY, lambda *a: Listed()).message
    assert message == "What it returned, a Listed, can't be read: KeyError."


# ---- each likeness in words ----


def grid(rows=3, columns=4):
    return np.random.default_rng(rows).uniform(1, 2, size=(rows, columns))


def differing_at(index, value=None):
    """The grid, with other numbers at an index."""
    got = grid()
    got[index] = got[index] + 1 if value is None else value
    return got


def right_at(index):
    got = grid() + 1
    got[index] = grid()[index]
    return got


@pytest.mark.parametrize(
    ("got", "said"),
    [
        (differing_at(0), "is right but for its first row"),
        (differing_at(-1), "is right but for its last row"),
        (differing_at((slice(None), 0)), "is right but for its first column"),
        (differing_at((slice(None), -1)), "is right but for its last column"),
        (differing_at(0, 0), "is right but for its first row: there it is zero"),
        (differing_at((slice(None), -1), 0), "is right but for its last column: there it is zero"),
        (right_at(0), "is right in its first row alone"),
        (right_at(-1), "is right in its last row alone"),
        (right_at((slice(None), 0)), "is right in its first column alone"),
        (right_at((slice(None), -1)), "is right in its last column alone"),
        (differing_at(1), None),
        (differing_at(slice(0, 2)), "is right in its last row alone"),
        (grid() + 1, None),
        (differing_at((0, 0)), "is right but for its first row"),
    ],
)
def test_a_row_or_column_at_the_edge_is_told(got, said):
    assert structure.by_part([(got, grid())]) == said
    assert structure.by_part([(got, grid()), (grid() + 1, grid())]) is None  # on every input
    assert structure.by_part([(got[0], grid()[0])]) is None and structure.by_part([(got[:1], grid()[:1])]) is None
    assert structure.by_part([(got[:, :1], grid()[:, :1])]) is None and structure.by_part([(got, grid().T)]) is None


def test_two_rows_are_enough_to_tell_one():
    got = grid(2, 2)
    got[0] = 0
    assert structure.by_part([(got, grid(2, 2))]) == "is right but for its first row: there it is zero"


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (lambda x: 1.7, "is 1.7 times what it should be"),
        (len, "is multiplied by the number of rows of x"),
        (lambda x: 1 / len(x), "is divided by the number of rows of x"),
        (lambda x: x.shape[1], "is multiplied by the number of columns of x"),
        (lambda x: 1 / x.shape[1], "is divided by the number of columns of x"),
        (lambda x: len(x) + 1, None),
        (lambda x: 0, None),
    ],
)
def test_a_constant_is_told_and_which_length_it_is(factor, said):
    cases = [{"c": 2.0, "x": grid(3, 5)}, {"c": 2.0, "x": grid(5, 8)}]
    e = altered(TOY, batch=None)
    e.__dict__["cases"] = cases
    pairs = [(factor(case["x"]) * np.arange(-3.0, 3), np.arange(-3.0, 3)) for case in cases]
    assert structure.by_constant(e, pairs) == said
    numbers = [(got[:1], ref[:1]) for got, ref in pairs]  # a number may be so by accident, and nothing is nothing
    assert structure.by_constant(e, numbers) is None
    assert structure.by_constant(e, [(got, 0 * ref) for got, ref in pairs]) is None


def test_without_a_batch_no_mean_is_missing():
    assert [*structure.scales(altered(TOY, batch=None))] == [
        "has the wrong sign",
        "is twice too big",
        "is half of what it should be",
    ]
    B = [case["x"].shape[0] if TOY.batch[1] == 0 else case["x"].shape[1] for case in TOY.cases]
    assert structure.scales(TOY)["is B times too big: the mean over the batch is missing"] == B
    assert structure.scales(TOY)["is B times too small: 1/B is in it twice"] == [1 / n for n in B]


@pytest.mark.parametrize(
    ("error", "place", "said"),
    [
        (ValueError("odd"), {}, "ValueError: Python says: odd"),
        (ValueError(), {"line": 3}, "ValueError at line 3\nPython says: no message"),
        (ValueError("odd"), {"line": 3, "text": "x", "shapes": "W (2, 3)"},
         "ValueError at line 3: x\nPython says: odd\nThe shapes there: W (2, 3)."),
        (NameError("name 'q' is not defined"), {}, "NameError: Python says: name 'q' is not defined\nGiven: a, b."),
        (SystemExit(), {"line": 3, "text": "exit()"},
         "It ends Python at line 3: exit()\nAn answer should return: leave exit and sys.exit out."),
        (RecursionError(), {}, "It calls itself without end\nWhich call should be the last?"),
        (MemoryError(), {"line": 2, "shapes": "z (9,)"},
         "It asks for more memory than there is at line 2\nThe shapes there: z (9,)."),
    ],
)  # fmt: skip
def test_an_exception_is_told_with_all_that_is_known(error, place, said):
    assert structure.raised([Run(), Run(error=error, **place), Run(error=KeyError())], ["a", "b"]) == said
    assert "Given" not in structure.raised([Run(error=error, **place)])
    assert structure.raised([Run()]) is None


def test_the_first_variable_that_differs_is_the_first_in_the_solutions_order():
    def kept(*names):
        """Runs whose locals are the solution's but for these."""
        return [Run(locals={name: v + (name in names) for name, v in ref.locals.items()}) for ref in TOY.reference]

    assert list(TOY.reference[0].locals) == ["s", "p", "q"]
    wrong = structure.first_wrong_local
    assert [wrong(TOY, kept(*names)) for names in ((), ("s",), ("q",), ("q", "p"))] == [None, "s", None, None]
    assert wrong(TOY, kept("p", "q"), besides={"s"}) is None and wrong(TOY, [Run() for _ in TOY.reference]) is None
    assert wrong(TOY, [*TOY.reference[:-1], kept("s")[-1]]) == "s"  # on any input


def test_where_it_is_right_on_ordinary_inputs_the_others_are_named_once():
    toy_runs = list(TOY.reference)
    assert structure.only_on(TOY, toy_runs) == []
    wrong = Run(parts={name: value + 1 for name, value in TOY.reference[0].parts.items()})
    assert structure.only_on(TOY, [wrong, *toy_runs[1:]]) == []


@pytest.mark.parametrize(
    ("name", "words", "swapped"),
    [
        ("dW", "holds what db should be", True),
        ("dW[1]", "holds what db[1] should be", True),
        ("dW[1]", "holds what dW[2] should be", False),
        ("dW", "holds the value of db", False),
        ("dW", "differs", False),
    ],
)
def test_results_are_swapped_where_one_holds_another_and_not_another_layers(name, words, swapped):
    assert structure.swapped(name, words) is swapped


@pytest.mark.parametrize(
    ("a", "b", "close"),
    [
        (1.0, 1.0059, True),
        (1.0, 1.00602, True),  # 6e-3 of the right one
        (1.0, 1.007, False),
        (0.0, 0.0002, True),
        (0.0, 0.0004, False),  # near 0 it is 6e-3 of 0.05
        (-1.0, 1.0, False),
        (1.0, np.nan, False),
    ],
)
def test_numbers_by_hand_agree_to_about_three_digits(a, b, close):
    assert near(np.array(a), np.array([b])) is close
    assert near(np.array([1.0, a]), np.array([1.0, b])) is close
    assert not near(np.ones(2), np.ones(3))


@pytest.mark.parametrize(
    ("value", "like", "found"),
    [
        ({"p": [1.0], "q": 2.0, "more": 3.0}, (np.ones(1), 1.0), {"p": [1.0], "q": 2.0}),
        ([[1.0], 2.0], (np.ones(1), 1.0), {"p": [1.0], "q": 2.0}),
        (np.array([1.0, 2.0]), (1.0, 1.0), {"p": 1.0, "q": 2.0}),
        ((1.0, 2.0), (1.0, None), {"p": 1.0}),
    ],
)
def test_results_come_as_a_tuple_a_list_an_array_or_by_name(value, like, found):
    parts = parts_of(value, ("p", "q"), like)
    assert {name: array.tolist() for name, array in parts.items()} == found


@pytest.mark.parametrize(
    ("value", "like", "found"),
    [
        ({"p": [1.0, 2.0]}, np.ones(2), [1.0, 2.0]),
        (([1.0, 2.0],), np.ones(2), [1.0, 2.0]),
        ([np.ones(2)], np.ones(2), [1.0, 1.0]),
        ([np.float64(3)], np.float64(1), [3.0]),  # a number in a list isn't taken out of it: a (1,) may stand for it
        ((1.0, 2.0), np.ones(2), [1.0, 2.0]),
        ([np.ones(2), np.zeros(2)], np.ones(2), [[1.0, 1.0], [0.0, 0.0]]),  # of two, none is taken for the one
        ([np.ones((1, 2)), np.zeros((1, 2))], np.ones((1, 2)), [[[1.0, 1.0]], [[0.0, 0.0]]]),
        ([1.0, 2.0], np.ones(2), [1.0, 2.0]),  # nor is the first of its numbers
        ([[1.0, 2.0]], np.ones((1, 2)), [[1.0, 2.0]]),
        ([], np.ones(2), []),
    ],
)
def test_one_result_may_stand_in_a_tuple_a_list_or_a_dict(value, like, found):
    assert parts_of(value, ("p",), like)["p"].tolist() == found


@pytest.mark.parametrize(
    ("value", "names", "like", "words"),
    [
        ((np.ones((2, 2)), np.ones(2)), ("p",), np.ones((2, 2)),
         "It should return one result, p, but returned 2: is a comma one too many?"),
        (3.0, ("p", "q"), (1.0, 1.0), "It should return 2 results, p, q, but returned a float."),
        ((1.0,), ("p", "q"), (1.0, 1.0), "It should return 2 results, p, q, but returned a tuple of 1."),
        (np.array(1.0), ("p", "q"), (1.0, 1.0), "It should return 2 results, p, q, but returned an array of shape ()"),
        ("x", ("p",), 1.0, "p should hold real numbers, but is a str of 1."),
        ([np.ones(2)], ("p",), [None, np.ones(2), np.ones(3)], "p should hold 2 arrays, but is a list of 1."),
        (5, ("p",), [None, np.ones(2), np.ones(3)], "p should hold 2 arrays, but is an int."),
        ({7: np.ones(2)}, ("p",), [None, np.ones(2), np.ones(3)], "p should hold 2 arrays, but is a dict of 1."),
    ],
)  # fmt: skip
def test_results_that_cannot_be_compared_are_told(value, names, like, words):
    with pytest.raises(Misfit, match=f"^{re.escape(words)}"):
        parts_of(value, names, like)


@pytest.mark.parametrize(
    "value",
    [
        [None, np.ones(2), 2 * np.ones(3)],
        ["padded", np.ones(2), 2 * np.ones(3)],
        [np.ones(2), 2 * np.ones(3)],
        (np.ones(2), 2 * np.ones(3)),
        {1: np.ones(2), 2: 2 * np.ones(3)},
        {0: "padded", 1: np.ones(2), 2: 2 * np.ones(3)},
    ],
)
def test_layers_come_padded_or_not_or_by_number(value):
    parts = parts_of(value, ("dW",), [None, np.ones(2), np.ones(3)])
    assert {name: array.tolist() for name, array in parts.items()} == {"dW[1]": [1, 1], "dW[2]": [2, 2, 2]}
    assert parts_of({2: np.ones(3)}, ("dW",), [None, np.ones(2), np.ones(3)]).keys() == {"dW[2]"}


def test_a_chain_of_layers_may_be_a_tuple():
    chain = bank.find("layers.chain")
    f = chain.function(chain.solution)
    assert judge(chain, lambda *given: tuple(f(*given))).passed and judge(chain, lambda *given: [*f(*given)]).passed
    assert "should hold 3 arrays, but is a list of 1" in judge(chain, lambda *given: f(*given)[:1]).message


def test_a_chain_of_twelve_matrices_in_n_squared_products_is_refused():
    """The right numbers at the wrong price: n² products, where 3n were asked for, and 4n still pass."""

    def anew_for_each(X, W, G):
        dW = []
        for j in range(len(W)):
            before, after = X, G
            for w in W[:j]:
                before = before @ w
            for w in reversed(W[j + 1 :]):
                after = after @ w.T
            dW.append(before.T @ after)
        return dW

    def prefixes_and_suffixes(X, W, G):
        before, after = [X], [np.eye(W[-1].shape[1])]
        for left, right in zip(W[:-1], reversed(W[1:])):
            before.append(before[-1] @ left)
            after.append(right @ after[-1])
        return [P.T @ G @ S.T for P, S in zip(before, reversed(after))]

    chain = bank.find("layers.chain")
    assert "more than 60 products for a chain of twelve matrices" in judge(chain, anew_for_each).message
    assert judge(chain, prefixes_and_suffixes).passed


def test_a_result_may_hold_a_million_numbers_and_no_more():
    assert parts_of(np.zeros(10**6, bool), ("p",), 1.0)["p"].size == 10**6
    with pytest.raises(Misfit, match="p holds 1000001 numbers, which is far too many."):
        parts_of(np.zeros(10**6 + 1, bool), ("p",), 1.0)


def test_what_is_kept_of_a_result_is_a_copy():
    mine = np.ones(2)
    kept = parts_of(mine, ("p",), np.ones(2))["p"]
    mine[:] = 5
    assert kept.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (..., "still ..."),
        (np.ones((2, 3)), "an array of shape (2, 3) and type float64"),
        (np.ma.ones(2), "a masked array"),
        ((1, 2), "a tuple of 2"),
        ([], "a list of 0"),
        ({1: 2}, "a dict of 1"),
        ("four", "a str of 4"),
        ({1, 2}, "a set"),
        (1.5, "a float"),
    ],
)
def test_what_a_value_is_in_words(value, words):
    assert wording.describe(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.ones((2, 3)), "(2, 3)"),
        ([np.ones(2), None, [np.ones(1)]], "[(2,), NoneType, [(1,)]]"),
        ((1, np.ones(2)), "[int, (2,)]"),
        ([1, 2], ""),
        (1.0, ""),
        ([0] * 19 + [np.ones(2)] + [0], "[" + "int, " * 19 + "(2,)]"),
        ([0] * 20 + [np.ones(2)], ""),
    ],
)
def test_shapes_in_words(value, words):
    assert wording.shape_words(value) == words


@pytest.mark.parametrize(
    ("verdict", "lines", "mark"),
    [
        (Verdict("a.b", passed=True), ["a.b: right"], "✓"),
        (Verdict("a.b", passed=False, message="m\nn"), ["a.b: not yet", "  m", "  n"], "✗"),
        (Verdict("a.b", attempted=False, way_out="out"), ["a.b: not attempted yet", "  out"], "○"),
        (
            Verdict("a.b", table=[("dW", "returned", "right"), ("long", "local", "differs")], message="m", way_out="w"),
            ["a.b: not yet", "  m", "  w", "  dW    returned  right", "  long  local     differs"],
            "✗",
        ),
    ],
)
def test_a_verdict_as_it_is_printed_and_drawn(verdict, lines, mark):
    assert repr(verdict).splitlines() == lines
    page = verdict._repr_html_()
    assert page.startswith("<div role='status'") and f"><b>{mark} {lines[0]}</b>" in page
    assert ("border-left" in page) is verdict.attempted
    assert page.count("<tr>") == len(verdict.table) and ("<table>" in page) is bool(verdict.table)
    signs = any(kind == "returned" for _, kind, _ in verdict.table)  # a line of its own
    assert page.count("<p ") == len(lines) - 1 - len(verdict.table) + signs
    assert len(lines) == 1 or f"<b>{lines[1].strip()}</b></p>" in page  # the finding


def test_a_verdict_on_a_page_from_beginning_to_end():
    bare = Verdict("a.b", attempted=False)._repr_html_()
    assert bare == "<div role='status'><b>○ a.b: not attempted yet</b></div>"
    table = [("dW<", "returned", "right"), ("db", "returned", "differs"), ("b", "local", "differs")]
    verdict = Verdict("a.b", table=table, message="m<\nn", way_out='Try hint("a.b-c").')
    edge, p = f"style='border-left:4px solid {{}};padding-left:0.7em;{FITS}'", "<p style='margin:0.3em 0'>"
    td = "<td style='text-align:left'>"

    def signed(mark, color, name):
        return f"<span style='white-space:nowrap'><b style='color:{color}'>{mark}</b> <code>{name}</code></span>"

    dW, db, b = signed("✓", "#0072B2", "dW&lt;"), signed("✗", "#D55E00", "db"), signed("✗", "#D55E00", "b")
    assert verdict._repr_html_() == (
        f"<div role='status' {edge.format('#D55E00')}><b>✗ a.b: not yet</b>{p}<b>m&lt;</b></p>"
        f"{p}{dW} &ensp; {db}</p>{p}n</p>{p}Try <code>hint(&quot;a.b-c&quot;)</code>.</p>"
        "<details><summary>Result by result</summary><table>"
        f"<tr>{td}{dW}</td>{td}returned</td>{td}right</td></tr><tr>{td}{db}</td>{td}returned</td>{td}differs</td></tr>"
        f"<tr>{td}{b}</td>{td}local</td>{td}differs</td></tr></table></details></div>"
    )
    right = Verdict("a.b", passed=True)._repr_html_()
    assert right == f"<div role='status' {edge.format('#0072B2')}><b>✓ a.b: right</b></div>"
    assert Text("a<\nb")._repr_html_() == PRE.format("a&lt;\nb")
    assert Sentences("a<\nb")._repr_html_() == f"<div role='status'>{p}a&lt;</p>{p}b</p></div>"
    assert Sentences("`f<` gives")._repr_html_() == f"<div role='status'>{p}<code>f&lt;</code> gives</p></div>"


def test_a_verdict_is_an_attempt_that_failed_unless_it_is_said_otherwise():
    v = Verdict("a.b")
    assert (v.passed, v.attempted, v.slips, v.table, v.message, v.way_out, v.runs) == (
        False,
        True,
        (),
        [],
        "",
        "",
        None,
    )
    assert Verdict("a.b", runs=[1]) == v and "runs" not in repr(v)


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("delta.b4", "It should take 1 argument, delta, in this order. Python says: "),
        ("start.line", "It should take 3 arguments, W_next, delta_next, slope, in this order. Python says: "),
    ],
)
def test_how_many_arguments_are_due(id, said):
    assert check(id, lambda: 1).message.startswith(said)


def test_what_an_answer_prints_is_seen_once(capsys):
    assert check("start.line", lambda W, d, s: print("here") or W.T @ d * s).passed
    assert capsys.readouterr().out == "here\n" and len(bank.find("start.line").cases) > 1


@pytest.mark.parametrize(
    ("now", "before", "same"),
    [
        (np.zeros(2), np.zeros(2), True),
        (np.zeros(2, np.int64), np.zeros(2), False),  # the same bits mean another number
        (np.zeros(2), np.zeros((2, 1)), False),
        (np.array([-0.0]), np.array([0.0]), False),
        (np.array([np.nan]), np.array([np.nan]), True),
        ([1, np.ones(1)], [1, np.ones(1)], True),
        ([1], [1, 2], False),
        ((1,), [1], False),
        ({"a": 1}, {"a": 1}, True),
        ({"a": 1}, {"b": 1}, False),
        (float("nan"), float("nan"), True),
        (1.0, 2.0, False),
        (None, None, True),
    ],
)
def test_an_argument_is_what_it_was_to_the_bit(now, before, same):
    assert unchanged(now, before) is same


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([(None, np.ones(2)), (None, np.ones(2))], "missing"),
        ([(np.ones(2), np.ones(2)), (None, np.ones(2))], "differs"),
        ([(np.ones(2), np.ones(2))] * 2, "right"),
        ([(np.ones(2), np.ones(2)), (np.ones(3), np.ones(2))], "shape (3,), should be (2,)"),
        ([(np.ones((1, 2)) + 1, np.ones(2))], "differs"),
    ],
)
def test_one_result_beside_the_right_one_on_all_inputs(pairs, words):
    assert checker.compared(TOY, pairs) == words


def test_where_a_shape_is_asked_for_the_table_tells_none():
    assert checker.compared(SHAPE, [(np.array([3, 4, 5]), np.array([3, 4]))]) == "differs"


@pytest.mark.parametrize(
    ("seed", "right"),
    [(0, True), (7, True), (np.int64(3), True), (-1, False), (1.0, False), ("1", False), (None, False)],
)
def test_a_seed_of_other_numbers_is_a_whole_number_from_0(seed, right):
    assert checker.wrong_seed(seed) == (None if right else "seed= takes a whole number from 0 on.")


@pytest.mark.parametrize("value", [None, ..., "", " ? ", "...", "…", "-", (None, ...), [None]])
def test_what_is_not_filled_in_is_blank(value):
    assert checker.blank(value) and not checker.blank((None, 1)) and not checker.blank(()) and not checker.blank("a")


# ---- find the bug, word by word ----


@pytest.mark.parametrize(
    ("guess", "planted", "said"),
    [
        ({1}, {1}, "The line is right."),
        ({1, 2}, {1, 2}, "The lines are right."),
        ({1}, {2}, "Lines: 0 right, 1 wrong, 1 missing."),
        ({1, 2, 3}, {2, 4}, "Lines: 1 right, 2 wrong, 1 missing."),
        ({1}, {1, 2}, "Lines: 1 right, 0 wrong, 1 missing."),
    ],
)
def test_a_guess_is_told_how_much_of_it_is_right(guess, planted, said):
    assert bugs.compared(guess, planted, "line") == said


@pytest.mark.parametrize(
    ("slips", "head"),
    [
        (["mean-db"], "One line of "),
        (["mean-db", "overflow"], "2 things in "),
        (["mean-db", "overflow", "axis"], "3 things in "),
    ],
)
def test_a_case_says_how_many_things_are_wrong(slips, head):
    case = bug(exercise="delta.softmax-rows", slips=slips)
    ends = " is wrong." if len(slips) == 1 else " are wrong."
    first, *lines = repr(case).splitlines()
    assert first.startswith(head) and first.endswith(ends) and len(case.slips) == len(slips)
    assert lines[0].startswith(" 1  ") and len(case.choices) == 3 + max(1, len(slips))
    line = f"Line{'' if len(case.lines) == 1 else 's'} {', '.join(map(str, sorted(case.lines)))}\n"
    assert repr(case.answer()).startswith(line)
    last = len(case.source.splitlines())
    for wrong in (0, last + 1, [], "x", None):
        assert repr(case.guess(wrong, "a")) == (
            f"The lines are numbers from 1 to {last}, such as 4 or [4, 7], not {wrong!r}."
        )
    final = "abcdefgh"[len(case.choices) - 1]
    for wrong in ("", "z", chr(ord(final) + 1), 3):
        assert repr(case.guess(last, wrong)) == (
            f'The names are letters from a to {final}, such as "b" or "ac", not {wrong!r}.'
        )
    assert not repr(case.guess([1, last], final)).startswith("The lines are numbers")
    assert repr(case.guess(1)) == repr(case.guess(names="a")) == repr(case.guess()) == "not attempted yet"


# ---- watching an answer ----


def failing(W_next, delta_next, z):
    other = W_next.T
    bad = other + z + np.ones((17, 1))
    return bad


def test_an_exception_is_shown_at_the_learners_line_with_the_shapes_there():
    message = judge(B2, failing).message
    line = failing.__code__.co_firstlineno + 2
    assert message.startswith(f"ValueError at line {line}: bad = other + z + np.ones((17, 1))")
    n, m = B2.cases[0]["W_next"].shape
    assert f"other ({m}, {n})" in message and "z (" in message and "delta_next" not in message


def helper(A):
    return A @ np.ones((19, 1))


def test_the_line_may_be_in_a_helper_of_the_learners():
    message = judge(B2, lambda W, d, z: helper(W)).message
    assert f"line {helper.__code__.co_firstlineno + 1}: return A @ np.ones((19, 1))" in message and "A (" in message


def named_on_the_line(A, rate, layers):
    extra = rate + 1
    return rate * extra * A + layers[1] @ A + np.ones(17)


def named_alone(A, rate, layers):
    return A @ A


def named_elsewhere(A, rate, layers):
    words = "no shape"
    raise ValueError(words)


@pytest.mark.parametrize(
    ("f", "shapes"),
    [
        (named_on_the_line, "A (2, 3), layers [int, (2, 2)]"),  # a number has no shape, and nothing is said of it
        (named_elsewhere, "A (2, 3), layers [int, (2, 2)]"),  # no array is on the line: all that there are
        (named_alone, "A (2, 3)"),
        (np.linalg.inv, ""),  # nobody's own line
    ],
)
def test_of_what_stands_on_the_line_that_raises_the_shapes_are_told(f, shapes):
    arguments = {"A": np.ones((2, 3)), "rate": 2, "layers": [0, np.ones((2, 2))]}
    found = run(f, arguments)
    assert found.error is not None and found.shapes == shapes


def test_an_interrupt_passes_through_and_nothing_is_recorded():
    def forever(W, d, z):
        raise KeyboardInterrupt

    marker = sys.getprofile()
    state = np.geterr()
    with pytest.raises(KeyboardInterrupt):
        check(B2.id, forever)
    assert sys.getprofile() is marker and np.geterr() == state and not record.path().exists()


def test_the_profiler_and_numpys_state_are_put_back():
    def rude(W, d, z):
        sys.setprofile(None)
        np.seterr(all="raise")
        warnings.simplefilter("error")
        sys.stdout = None
        return right(W, d, z)

    def mine(frame, event, arg):
        pass

    state, out, filters = np.geterr(), sys.stdout, list(warnings.filters)
    sys.setprofile(mine)
    try:
        verdict = judge(B2, Callable(right))
        assert sys.getprofile() is mine
        passed = judge(B2, right).passed
    finally:
        sys.setprofile(None)
    sys.stdout = out
    assert verdict.passed and passed
    assert judge(B2, rude).passed
    sys.stdout = out
    assert np.geterr() == state and warnings.filters == filters
    profile = cProfile.Profile()
    profile.enable()
    try:
        assert judge(B2, right).passed
    finally:
        profile.disable()


def test_locals_hold_no_arguments():
    def f(W, d, z, extra=1, *rest, key=2, **more):
        z = np.asarray(z)
        slope = 1 - np.tanh(z) ** 2
        return (W.T @ d) * slope

    assert set(run(f, B2.cases[0]).locals) == {"slope"}


def in_place(W_next, delta_next, z):
    z[:] = (W_next.T @ delta_next) * (1 - np.tanh(z) ** 2)
    return z


def test_a_right_answer_that_changes_its_input_is_told():
    verdict = judge(B2, in_place)
    assert not verdict.passed and "the input z was changed" in verdict.message


RULES = {e: [n for n in e.cases[0] if {n, f"{n}_new"} & set(e.returns)] for e in FUNCTIONS}
RULES = {e: old for e, old in RULES.items() if any(isinstance(e.cases[0][n], (np.ndarray, list)) for n in old)}


def updating(e, spoil=()):
    """The rule as libraries have it: the new values are written into what was given, and that is returned."""
    solution = e.function(e.solution)

    def rule(*args):
        given, new = dict(zip(e.cases[0], args)), solution(*copy.deepcopy(args))
        new = dict(zip(e.returns, new if len(e.returns) > 1 else [new]))
        for name, old in given.items():
            result = name if name in new else f"{name}_new"
            if name in spoil:
                old[...] = 7.0
            elif result in new and isinstance(old, (np.ndarray, list)):
                for one, other in zip(old, new[result]) if isinstance(old, list) else [(old, new[result])]:
                    one[...] = other
                new[result] = old
        return tuple(new.values()) if len(new) > 1 else next(iter(new.values()))

    return rule


def test_the_exercises_that_ask_for_a_rule():
    rules = "momentum nesterov adagrad rmsprop adam adamw".split()
    others = "depth.clip-norm depth.batchnorm-running framework.loss-scaling transformers.running".split()
    scale = ["scale.clip-spread", "scale.lion", "scale.muon"]
    assert {e.id for e in RULES} == {*(f"rules.{name}" for name in rules), *others, *scale}


@pytest.mark.parametrize("e", RULES, ids=lambda e: e.id)
def test_a_rule_may_update_in_place_what_it_returns_and_nothing_else(e):
    verdict = judge(e, updating(e))
    assert verdict.passed and not verdict.message, verdict
    arrays = [name for name, value in e.cases[0].items() if isinstance(value, np.ndarray)]
    for name in arrays:
        verdict = judge(e, updating(e, {name}))
        kept = f"Right. Mind what it leaves in the given {name}: another value than it returns."
        spoiled = f"The results are right, but the input {name} was changed: work on a copy."
        assert (verdict.passed, verdict.message) == ((True, kept) if name in RULES[e] else (False, spoiled))


def test_a_wrong_rule_in_place_is_told_its_slip_alone():
    def momentum(w, g, v, eta, beta):
        w -= eta * v
        v *= beta
        v += g
        return w, v

    verdict = judge(bank.find("rules.momentum"), momentum)
    assert verdict.slips == ("old-v",) and "work on a copy" not in verdict.message


@pytest.mark.parametrize(
    ("id", "text"),
    [
        ("delta.pull", "np.einsum('ij,ib->jb', W, g)"),
        ("delta.pull", "einsum('ji,ik', W.T, g)"),
        ("softmax.vjp", "p * (g - np.einsum('ij,ij->', p, g))"),
        ("delta.rung-b3", "np.inner(d1, a0)"),
        ("delta.rung-b2", "np.multiply(W2.T @ d2, np.power(1 / (np.exp(z1 / 2) + np.exp(-z1 / 2)), 2))"),
    ],
)
def test_right_expressions_by_other_functions_pass(id, text):
    assert judge(bank.find(id), text).passed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("np.einsum(W, g)", "einsum begins with its letters in quotes, such as 'ij,jb->ib'."),
        ("np.einsum('...i', W)", "einsum begins with its letters in quotes, such as 'ij,jb->ib'."),
        ("np.einsum('ij,ib->jb', W, 'g')", "'g' has no place in a formula."),
        ("np.einsum('ij,ib->jb', W, g, out=W)", "out can't be given to einsum here."),
        ("np.einsum('ij,kl,mn,op,qr->ijklmnopqr', W, W, W, W, W)", "The result would be too large."),
    ],
)
def test_einsum_takes_letters_and_arrays_and_gives_no_more_than_others_do(text, said):
    assert said in judge(bank.find("delta.pull"), text).message


MISFIT = "In einsum a letter stands for one length. Here one letter meets two."
SPELLINGS = ["'ij,jb->ib', W, d", "'bj,ij->ib', d.T, W", "'jb, ij -> ib', d, W"]


@pytest.mark.parametrize("written", SPELLINGS)
def test_a_missing_transpose_is_named_in_einsum_too(written):
    f = defined(f"def f(W, d, z):\n    up = np.einsum({written})\n    return up * (1 - np.tanh(z) ** 2)\n")
    assert judge(B2, f).slips == ("transpose",)


@pytest.mark.parametrize("written", ["'ij,bj->ib', W, d", "'ij,jb->ib', d, W", "'ij,jb,b->ib', W, d, d[0]"])
def test_another_product_in_einsum_is_no_missing_transpose(written):
    f = defined(f"def f(W, d, z):\n    up = np.einsum({written})\n    return up * (1 - np.tanh(z) ** 2)\n")
    verdict = judge(B2, f)
    assert "transpose" not in verdict.slips and (verdict.slips or MISFIT in verdict.message)


def test_what_never_ends_is_walked_through_for_a_while():
    def endless(*args):
        return itertools.count()

    assert (
        judge(B2, endless).message
        == "delta has shape (1000,) where (5, 7) is due.\nNo known slip gives these results. Check each line's shape."
    )


@pytest.mark.parametrize("wrap", [lambda a: a, lambda a: [None, a], lambda a: (a, 1.0), lambda a: {"W": a, "b": 2}])
def test_a_changed_input_is_seen_wherever_it_stands_and_no_other(wrap):
    def looks(given):
        return 1.0

    def changes(given):
        next(v for v in ([given] if isinstance(given, np.ndarray) else getattr(given, "values", lambda: given)())
             if isinstance(v, np.ndarray))[0] += 1  # fmt: skip

    for f, changed in (looks, ()), (changes, ("given",)):
        assert tuple(run(f, {"given": wrap(np.ones(3))}).changed) == changed


def test_a_buffer_used_twice_is_read_in_time():
    buffer = np.zeros(100)

    def f(W, d, z):
        value = right(W, d, z)
        view = buffer[: value.size].reshape(value.shape)
        view[...] = value
        return view

    assert judge(B2, f).passed


def test_a_missing_return_is_told():
    def f(W, d, z):
        delta = right(W, d, z)  # noqa: F841

    class Callable:
        def __call__(self, W, d, z):
            f(W, d, z)

    for missing in f, functools.partial(f), Callable(), Callable().__call__:
        assert "is the return missing?" in judge(B2, missing).message


# ---- garbage ----


class Trap:
    """Raises whatever it is asked."""

    def __getattribute__(self, name):
        raise RuntimeError("a trap")

    __array__ = __eq__ = __len__ = __iter__ = __bool__ = __str__ = __repr__ = __float__ = __getattribute__
    __hash__ = None


class BadArray:
    def __array__(self, dtype=None, copy=None):
        raise SystemExit


class BadError(Exception):
    def __str__(self):
        raise ValueError("no words")


class Base(BaseException):
    pass


def endless(*args):
    return endless(*args)


def greedy(*args):
    raise MemoryError


def leave(*args):
    sys.exit(1)


def bad_error(*args):
    raise BadError


def base_error(*args):
    raise Base("below")


def generator(*args):
    yield 1


async def coroutine(*args):
    return 1


async def asynchronous(*args):
    yield 1


class AsyncCall:
    async def __call__(self, *args):
        return 1


LOOP = []
LOOP.append(LOOP)
DEEP = functools.reduce(lambda a, _: [a], range(10_000), 1.0)
TRAPS = (Trap(), Trap())
VALUES = [
    3,
    "3",
    "[[1.0]]",
    b"1",
    1j,
    object(),
    object,
    Trap(),
    BadArray(),
    LOOP,
    DEEP,
    {},
    {"delta": "no"},
    set(),
    [[1], [1, 2]],
    np.array([1, "a"], dtype=object),
    np.ma.masked_array(np.ones((3, 3)), mask=True),
    np.broadcast_to(1.0, (10**9, 10**3)),
    np.datetime64("2020-01-01"),
    np.ones((3, 3), complex),
    True,
    float("nan"),
    10**400,
    iter([1]),
    range(3),
    print,
    np,
    TRAPS,
    [None, 1],
    np.float64("inf"),
    np.array("text"),
    np.empty((0, 3)),
    2.5,
    memoryview(b"12"),
]
TAME = [v for v in VALUES if type(v) not in (list, tuple, Trap, BadArray)]
CALLABLES = [
    np.sum,
    np.ndarray,
    int,
    dict,
    type,
    Trap,
    lambda: 1,
    lambda a: a,
    lambda *a: a,
    lambda *a: a[0],
    lambda **k: 1,
    print,
    lambda *, key: 1,
    functools.partial(np.sum, axis=9),
    functools.partial(coroutine),
    Callable(len),
    AsyncCall(),
    endless,
    greedy,
    leave,
    bad_error,
    base_error,
    generator,
    coroutine,
    asynchronous,
    lambda *a: (x for x in a),
    lambda *a: 1 / 0,
    lambda *a: a[0][:1],
    lambda *a: sys.setprofile(None),
    np.add,
    np.vectorize(lambda *a: 1),
    exec,
    eval,
    "".join,
]
SAMPLE = [next(e for e in ALL if e.kind == kind) for kind in ("function", "expression", "number", "shape")] + [B2, TOY]


@pytest.mark.parametrize("e", SAMPLE, ids=lambda e: e.id)
def test_garbage_gets_a_sentence(e, capsys, monkeypatch):
    monkeypatch.setattr(repair, "PATIENCE", 0.01)  # no line is looked for here
    for garbage in [*VALUES, *CALLABLES]:
        for answer in [garbage, lambda *a, garbage=garbage: garbage, lambda *a, garbage=garbage: (garbage, garbage)]:
            if e is TOY:
                verdict = (
                    judge(e, answer) if type(answer) is not Trap else Verdict("", message="This answer is a trap.")
                )
            else:
                verdict = check(e.id, answer)
            assert not verdict.passed
            assert not verdict.attempted or len(verdict.message) > 15
            assert isinstance(repr(verdict), str) and isinstance(verdict._repr_html_(), str)
            assert_no_right_number(e, Verdict("", message=verdict.message)) if e.kind != "function" else None


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (leave, "It ends Python at line {}: sys.exit(1)\nAn answer should return: leave exit and sys.exit out."),
        (greedy, "It asks for more memory than there is at line {}: raise MemoryError\n"
                 "The shapes there: args [(4, 5), (4, 7), (5, 7)]."),
        (generator, "This is a generator (it says yield), which returns no result: use return."),
        (asynchronous, "This is a generator (it says yield), which returns no result: use return."),
        (coroutine, "This function is async, and returns no result until it is awaited: leave the async out."),
        (lambda: 1, "It should take 3 arguments, W_next, delta_next, z, in this order. "
                    "Python says: too many positional arguments."),
        (object, "This exercise wants a function, and got a class. "
                 "Hand in the function's name, without parentheses."),
        ("text", "This exercise wants a function, and got a str of 4. "
                 "Hand in the function's name, without parentheses."),
        (lambda *a: "text", "delta should hold real numbers, but is a str of 4."),
        (lambda *a: np.broadcast_to(1.0, (10**9, 10)), "delta holds 10000000000 numbers, which is far too many."),
        (lambda *a: (x for x in a), "delta should hold real numbers, but is a list of 3."),
        (bad_error, "BadError at line {}: raise BadError\nPython says: no message\n"
                    "The shapes there: args [(4, 5), (4, 7), (5, 7)]."),
        (base_error, 'Base at line {}: raise Base("below")\nPython says: below\n'
                     "The shapes there: args [(4, 5), (4, 7), (5, 7)]."),
        (lambda *a: (right(*a),), "The numbers are right, but in a tuple: is there a comma at the end of the return?"),
        (in_place, "The results are right, but the input z was changed: work on a copy."),
    ],
)  # fmt: skip
def test_each_kind_of_garbage_has_its_own_sentence(f, said):
    assert judge(B2, f).message == said.format(f.__code__.co_firstlineno + 1 if hasattr(f, "__code__") else "")


def test_what_calls_itself_without_end_is_told_at_its_line():
    said = "It calls itself without end at line {}: def endless(*args):\nWhich call should be the last?"
    assert judge(B2, endless).message == said.format(endless.__code__.co_firstlineno)


def test_a_wrong_answer_that_changes_its_inputs_is_told_both():
    def spoils(W_next, delta_next, z):
        W_next[:] = z[:] = 0
        return W_next.T @ delta_next + 7

    lines = judge(B2, spoils).message.splitlines()
    assert lines[-1] == "Besides, it changes its input W_next, z: work on a copy." and len(lines) > 1


NUMBER, SHAPE = (next(e for e in ALL if e.kind == kind) for kind in ("number", "shape"))


@pytest.mark.parametrize(
    ("e", "answer", "said"),
    [
        (NUMBER, ("1", 2), "This exercise wants numbers: leave the quotes out, and Python computes."),
        (SHAPE, ["1", 2], "This exercise wants shapes: leave the quotes out, and Python computes."),
        (NUMBER, "1", "This exercise wants numbers, not a str of 1."),
        (SHAPE, "(1, 2)", "This exercise wants shapes, not a str of 6."),
        (NUMBER, len, "This exercise wants numbers, not a builtin_function_or_method."),
        (EXPRESSIONS[0], 7, 'Write the formula as a string, in quotes, such as "a + b".'),
        (EXPRESSIONS[0], len, 'Write the formula as a string, in quotes, such as "a + b".'),
    ],
)
def test_what_is_of_another_kind_than_asked_is_told_so(e, answer, said):
    verdict = judge(e, answer)
    assert verdict.message == said and (verdict.passed, verdict.attempted) == (False, True)


def test_what_can_not_even_be_looked_at_is_answered():
    assert check(B2.id, Trap()).message == "This answer, a Trap, can't be tried out: RuntimeError."
    assert check(5).message == "An exercise has a name in quotes, such as 'start.line'."
    assert (check(5).exercise, check("zzz").exercise) == ("an int", "zzz")
    assert check("zzz").message == "There is no exercise 'zzz'."


THINGS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text()
    | st.binary()
    | st.sampled_from(TAME),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.sampled_from(["delta.b2", "neuron.gradient"]), THINGS, st.booleans())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_anything_is_answered(id, thing, returned):
    """In so many cases with so many digits, nothing is right by accident."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repair, "PATIENCE", 0.01)  # no line is looked for here
        verdict = judge_quietly(id, (lambda *a: thing) if returned else thing)
    assert not verdict.passed and repr(verdict)


@given(
    st.sampled_from([e.id for e in SAMPLE[1:4]]), st.text() | st.binary() | st.lists(st.text()), st.text() | st.none()
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_is_answered(id, thing, seed):
    assert not judge_quietly(id, thing, seed).passed


def judge_quietly(id, answer, seed=None):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(record, "note", lambda *a: None)
        return check(id, answer, seed=seed)


@pytest.mark.parametrize("id", ["", "delta.b3x", None, 3, [], "<script>", "\0"])
def test_an_unknown_exercise_is_answered_in_a_sentence(id):
    for words in (check(id, right).message, *(f(id).text for f in (hint, solution, show, ladder))):
        assert words and "Traceback" not in words
    assert not check(id, right).attempted and not check(id).passed
    assert "'delta.b2'" in check("delta.b22").message


def test_html_escapes_everything():
    e = altered(TOY, returns=("<script>p", "q"))

    def f(x, y):
        raise ValueError("<script>alert(1)</script>")

    f.__name__ = "<script>"
    for verdict in (judge(e, f), judge(e, toy), judge(e, first_wrong), judge(B2, "<script>"), check("<script>", 1)):
        assert "<script" not in verdict._repr_html_()
    assert "<script" not in judge(EXPRESSIONS[0], "'<script>'")._repr_html_()
    assert "&lt;script&gt;" in judge(e, f)._repr_html_()


def test_on_a_page_words_are_paragraphs_and_code_is_preformatted():
    for words in (*(hint(B2.id) for _ in range(4)), hint("delta.b22"), solution(B2.id)):
        page = words._repr_html_()
        assert "<pre" not in page and page.count("<p ") == len(words.text.splitlines())
        assert re.findall("<code>(.*?)</code>", page) == [f"{f}(&quot;{id}&quot;)" for f, id in calls(words.text)]
    assert solution(B2.id)._repr_html_().count("<pre") == 1
    page = [check(B2.id, wrong) for _ in range(3)][-1]._repr_html_()
    assert page.count("<code>") == 2 * len(B2.returns) + 2 and f"<code>solution(&quot;{B2.id}&quot;)</code>" in page


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("W^{l+1} meets a^{l-1}, δ^L, z^l and δ^1", "Wˡ⁺¹ meets aˡ⁻¹, δᴸ, zˡ and δ¹"),
        ("W_ij a_j, ∂𝓛/∂W_j, x̂_k, W_jᵀ, dW_j, h_t², W_0", "Wᵢⱼ aⱼ, ∂𝓛/∂Wⱼ, x̂ₖ, Wⱼᵀ, dWⱼ, hₜ², W₀"),
        ("n_{l−1}, (n_l, B), W_{j−1}", "nₗ₋₁, (nₗ, B), Wⱼ₋₁"),
        ("(1 + e^−z)^−1, e^{z_i}/S, e^−|z|", "(1 + exp(−z))⁻¹, exp(zᵢ)/S, exp(−|z|)"),
    ],
)
def test_what_is_written_for_tex_is_read_as_on_paper(written, read):
    assert readable(written) == read


def test_names_and_code_are_read_as_they_are():
    for text in (
        "n_in, n_out, c_prev, W_next, x_hat, zero_grad()",
        "log_p[labels, np.arange(B)]",
        "W_O, x^q, a * b**2, log_k",
    ):
        assert readable(text) == text
    for e in ALL:  # of the whole bank, no caret or brace of TeX is left in words
        told = [e.title, *e.hints, *(words for s in e.slips for words in (s.name, s.means, s.says))]
        assert not [words for words in told if re.search(r"[\^_]\{|\^", readable(words))]


def test_a_learners_own_code_is_told_as_it_was_written():
    def f(W, d, z):
        z_i = W + d  # too many rows, e^z and W^{l+1} in a comment
        return z_i

    assert "z_i = W + d  # too many rows, e^z and W^{l+1} in a comment" in judge(B2, f).message


# ---- expressions ----

HOSTILE = [
    "__import__('os')",
    "().__class__",
    "a.__class__",
    "(lambda: 1)()",
    "[x for x in a]",
    "a[0]",
    "a if a else a",
    "a and a",
    "(a := 1)",
    "f'{a}'",
    "*a",
    "sum(*a)",
    "sum(**a)",
    "np.linalg.inv(a)",
    "np.load(a)",
    "a.T.dtype",
    "exec(a)",
    "a ** a",
    "a ** (8 / 0.1)",
    "a ** (1 / 0)",
    "10**10**10",
    "2**(2**(2**9))",
    "9**9",
    "a**-9",
    "1e309",
    "'a'",
    "b'a'",
    "True",
    "None",
    "...",
    "1j",
    "a < a < a",
    "~a",
    "(" * 10_000 + "a" + ")" * 10_000,
    "-" * 250 + "a",
    "(" * 250,
    "a+" * 140 + "a",
    "\0",
    "",
    " ",
    "#",
    "a; a",
    "a\na",
    "import os",
    "a = 1",
    "ªª",
    "e\u0301",
    "_\uff3f",
    "__ﬁ__",
    "a.__ſum__()",
    "np.ſave(a)",
    "\ud800",
    "sum",
    "np",
    "np.T",
    "sum(a, out=a)",
    "sum(a, axis=__import__('os'))",
    "sum(a, axis=-a)",
    "sum(a, axis=(0, 1))",
    "sum(a, axis=3)",
    "sum(a, axis='a')",
    "sum(a, axis=0.5)",
    "sum(a, 7)",
    "sum(a, keepdims='a')",
    "sum(a, a)",
    "a.tofile(1)",
    "a.T()",
    "where",
    "not a",
    "a // 2",
    "a % 2",
    "a << 2",
    "a | 2",
    "{a}",
    "{a: a}",
    "(a, a)",
    "yield a",
    "await a",
    "9" * 200,
    "1_000_000_0",
    "a is a",
    "a in a",
    "a == a",
    "sigmoid.__globals__",
    "a.sum.__self__",
    "max(a, out=a)",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_no_formula_is_refused_before_anything_runs(text):
    with pytest.raises(expressions.Unreadable) as refusal:
        expressions.function_of(text, ("a",), {})
    assert 10 < len(str(refusal.value)) < 700


@given(st.text(alphabet="aW12.*@+-/()[]^' TnpsumeſᵀΣ_:=,\"{}", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_string_is_a_formula_or_refused(text):
    try:
        f = expressions.function_of(text, ("a", "W"), {})
    except expressions.Unreadable:
        return
    run(f, {"a": np.ones((2, 3)), "W": np.ones((3, 2))})


def test_values_are_bounded():
    a = np.ones((7, 7))
    outer = "a"
    for _ in range(5):
        outer = f"outer({outer}, {outer})" if len(outer) < 130 else outer
    for text in (outer, "diag(outer(a, a).sum(axis=0) + outer(a, a).sum(axis=0))", "diagflat(outer(a, a))"):
        start = time.perf_counter()
        result = run(expressions.function_of(text, ("a",), {}), {"a": a})
        assert time.perf_counter() - start < 0.5
        assert result.error is not None or np.size(result.value) <= expressions.LARGEST
    power = functools.reduce(lambda text, _: f"({text})**8", range(30), "8")
    assert run(expressions.function_of(power, ("a",), {}), {"a": a}).value == np.inf


TRANSPOSE = "For the transpose write .T, as in W.T."
PRODUCTS = "Write * for a product entry by entry, and @ for a product of matrices."
FUNCTIONS_KNOWN = (
    "abs, add, cosh, diag, diagflat, divide, dot, einsum, exp, inner, log, log1p, log2, matmul, max, maximum, mean, "
    "minimum, multiply, negative, outer, power, sigmoid, sign, sinh, sqrt, square, subtract, sum, tanh, transpose, "
    "where, σ."
)
FORMS = f"can't be used here: write a formula with + - * / @ **, .T and the functions {FUNCTIONS_KNOWN}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("W2^T @ d2", TRANSPOSE),
        ("W2^ T @ d2", TRANSPOSE),
        ("W2^{T} @ d2", TRANSPOSE),
        ("W2' @ d2", TRANSPOSE),
        ("W2ᵀ @ d2", TRANSPOSE),
        ("W2⊤ @ d2", TRANSPOSE),
        ("W2′ @ d2", TRANSPOSE),
        ("(d2 @ d2)'", TRANSPOSE),
        ("d2^2", "A power is written ** in Python, as in a**2."),
        ("d2²", "A power is written ** in Python, as in a**2."),
        ("d2³", "A power is written ** in Python, as in a**2."),
        *((f"W2 {sign} d2", PRODUCTS) for sign in "·⋅∙×⊙∘•"),
        ("2W2", "Is a * missing after 2? Python wants 2 * W, not 2W."),
        ("2 W2", "Is a * missing after 2? Python wants 2 * W, not 2W."),
        ("0.5(d2)x", "Is a * missing after 0.5? Python wants 2 * W, not 2W."),
        ("W2 d2", "Is a * or @ missing after W2?"),
        ("(W2) d2", "Is a * or @ missing after )?"),
        ("d2(1 - d2)", "d2 is no function: is a * or @ missing before the parenthesis?"),
        ("w2 @ d2", "w2 is not known here. Did you mean W2? The variables are W2, d2."),
        ("W2.T @ delta2", "delta2 is not known here. The variables are W2, d2."),
        ("exq(d2)", f"exq is not known here. Did you mean exp? The functions are {FUNCTIONS_KNOWN}"),
        ("np.load(d2)", f"load is not known here. The functions are {FUNCTIONS_KNOWN}"),
        ("dW = d2", "Write the right-hand side only, without the =."),
        ("dW += d2", "Write what is added to it, with its sign, and no =."),
        ("dW -= d2", "Write what is added to it, with its sign, and no =."),
        ("d2 − W2", "That is a typographic minus: type - instead."),
        ("d2 – W2", "That is a typographic minus: type - instead."),
        ("exp", "exp is a function: write exp(...)."),
        ("W2 @", "This is not a Python expression: invalid syntax."),
        ("'d2'", "'d2' has no place in a formula."),
        ("True", "True has no place in a formula."),
        ("1000001", "A number is too large for this formula."),
        ("d2" + " " * 299, "The expression has 301 characters, at most 300 are read."),
        ("+" * 120 + "d2", "The expression is too long: one line of the derivation is enough."),
        ("d2 ** d2", "Powers are constants up to 8 here."),
        ("d2 ** 8.5", "Powers are constants up to 8 here."),
        ("d2[0]", f"d2[0] {FORMS}"),
        ("W2.T()", f"W2.T is not one of the functions {FUNCTIONS_KNOWN}"),
        ("sum(d2, axis=3)", "axis can't be given to sum here."),
        ("sum(d2, out=d2)", "out can't be given to sum here."),
        ("exp(d2, axis=0)", "axis can't be given to exp here."),
        ("sum(**d2)", "** can't be given to sum here."),
        ("sum(d2, d2)", "sum takes one array here, and axis=0 or axis=1."),
        ("max(d2, 0, 1)", "max takes one array here, and axis=0 or axis=1."),
    ],
)
def test_what_people_write_on_paper_gets_advice(text, said):
    with pytest.raises(expressions.Unreadable) as refusal:
        expressions.function_of(text, ("W2", "d2"), {})
    assert str(refusal.value) == said


def test_what_is_just_allowed_in_an_expression_is_read():
    d = np.array([2.0])
    for text, wanted in (("d2" + " " * 298, 2.0), ("+" * 59 + "d2", 2.0), ("1000000 * d2", 2e6), ("d2 ** 8", 256.0)):
        assert expressions.function_of(text, ("d2",), {})(d) == wanted
    for text in ("e + d2", "d2 * e"):
        assert expressions.function_of(text, ("d2",), {"e": 1.0})(d) == (3.0 if "+" in text else 2.0)


def test_a_result_may_hold_a_million_numbers_in_an_expression_and_no_more():
    def size(text, n):
        result = run(expressions.function_of(text, ("a",), {}), {"a": np.ones(n)})
        return np.size(result.value) if result.error is None else str(result.error)

    assert size("outer(a, a)", 1000) == size("diag(a)", 1000) == size("diagflat(a)", 1000) == 10**6
    assert (
        size("outer(a, a)", 1001)
        == size("diag(a)", 1001)
        == size("diagflat(a)", 1001)
        == "The result would be too large."
    )


def test_an_expression_that_fails_tells_the_shapes():
    result = run(expressions.function_of("W * d", ("W", "d"), {}), {"W": np.ones((2, 3)), "d": np.ones((2, 5))})
    assert "W (2, 3), d (2, 5)" in structure.raised([result]) and "Entry by entry" in structure.raised([result])


@pytest.mark.parametrize(
    "text",
    [
        "np.sum(a, axis=1, keepdims=True)",
        "a.sum(1)",
        "sum(a, 1)",
        "a.sum(axis=-1)",
        "a @ (a.T @ a).sum(0) / 1e0 - (a > 0).sum(1) + a.max() - where(a > 0, a, 0).max()",
    ],
)
def test_what_a_derivation_needs_is_there(text):
    a = np.abs(np.random.default_rng(0).normal(size=(3, 2)))
    result = run(expressions.function_of(text, ("a",), {}), {"a": a})
    expected = eval(text, {"np": np, "a": a, "sum": np.sum, "where": np.where})
    assert same_array(np.asarray(result.value), expected)


@pytest.mark.parametrize("name", sorted(expressions.FUNCTIONS))
def test_a_function_of_expressions_is_the_one_that_its_name_says(name):
    """With and without np. in front, on one array or two: what NumPy calls so, and σ is 1 / (1 + e^−z)."""
    a, b = np.random.default_rng(0).uniform(0.2, 2, size=(2, 3, 3))
    sigma = 1 / (1 + np.e**-a)
    own = {"σ": sigma, "sigmoid": sigma, "where": np.where(a > 1, a, b)}
    own["einsum"] = np.einsum("ij,ik->kj", a, b)
    two = ("maximum", "minimum", "outer", "inner", "dot", "matmul", "multiply", "divide", "add", "subtract", "power")
    special = {"where": "a > 1, a, b", "einsum": "'ij,ik->kj', a, b"}
    arguments = special.get(name, "a, b" if name in two else "a")
    for prefix in "", "np.":
        f = expressions.function_of(f"{prefix}{name}({arguments})", ("a", "b"), {})
        wanted = own[name] if name in own else getattr(np, name)(*(a, b)[: 1 + (name in two)])
        np.testing.assert_allclose(f(a, b), wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a + b", 7.0),
        ("a - b", 3.0),
        ("a * b", 10.0),
        ("a / b", 2.5),
        ("a ** 2", 25.0),
        ("-a", -5.0),
        ("+a", 5.0),
        ("a > b", True),
        ("a >= 5", True),
        ("a < 5", False),
        ("a <= 5", True),
        ("a > 5", False),
        ("a ** -1", 0.2),
        ("a ** (3 / 1)", 125.0),
        ("(a + 4) ** (1 / 2)", 3.0),
        ("b ** 8", 256.0),
        ("a * 1000000", 5e6),
        ("a ** (-1 / 2) * a ** (1 / 2)", 1.0),
    ],
)
def test_an_operation_of_expressions_is_pythons(text, wanted):
    assert expressions.function_of(text, ("a", "b"), {})(5.0, 2.0) == pytest.approx(wanted)


# ---- numbers, ladders, hints ----


@pytest.mark.parametrize("e", [e for e in ALL if e.kind in ("number", "shape")], ids=lambda e: e.id)
def test_other_numbers_on_demand(e):
    for seed in (0, 1, 7, np.int64(5)):
        other = e.asked(int(seed))
        assert check(e.id, other.reference[0].value, seed=seed).passed
        for slip in e.slips:
            verdict = check(e.id, other.results((slip,))[0].value, seed=seed)
            assert verdict.passed is other.same(other.results((slip,)), other.reference)
    for seed in (-1, "x", 1.5, [1], object()):
        assert "whole number" in check(e.id, e.reference[0].value, seed=seed).message


@pytest.mark.parametrize("name", list(bank.LADDERS))
def test_a_ladder_is_climbed_rung_by_rung(name):
    climb = ladder(name)
    rungs = [bank.find(id) for id in climb.ids]
    shared = {}
    for n in range(len(rungs[0].cases)):
        for e in rungs:
            for key, value in e.cases[n].items():
                assert np.array_equal(shared.setdefault((n, key), value), value), f"{e.id} has another {key}"
    assert "opens when rung 1 holds" in climb(2, rungs[1].solution.strip(), (1,)).message
    for n, e in enumerate(rungs, start=1):
        shape, text = np.shape(e.reference[0].value), e.solution.strip()
        for wrong in ((*shape, 9), (98, 99), "(3, 4)", 3.5, object(), [[1, 2], [3]], Trap()):
            verdict = climb(n, text, wrong)
            assert not verdict.passed and str(shape) not in verdict.message.replace(
                str(wrong if type(wrong) is tuple else ""), ""
            )
        assert not climb(n, text).attempted and not climb(n, "1 +", shape).passed
        assert climb.done == n - 1
        assert climb(n, text, shape).passed and climb.done == n
    for rung in (0, -1, len(rungs) + 1, 1.0, "1", None, True):
        verdict = climb(rung, "1", ())
        assert verdict.message == f"The rungs are numbered 1 to {len(rungs)}." and not verdict.attempted
        assert verdict.exercise == name
    assert f"{len(rungs)} of {len(rungs)}" in repr(climb)


@pytest.mark.parametrize("e", [e for e in ALL if e.kind in ("number", "shape")], ids=lambda e: e.id)
def test_the_numbers_that_are_shown_are_those_that_are_checked(e):
    for seed in (0, 1, np.int64(5)):
        (case,) = e.asked(int(seed)).cases
        numbers = re.sub(r"(?<=\d)_(?=\d)", "", show(e.id, seed).text)  # 500_000_000, as Python reads it
        assert all(f"  {name} = {np.asarray(v).tolist()}\n" in numbers for name, v in case.items())
    for seed in (-1, "x", 1.5, [1], None, object()):
        assert "whole number" in show(e.id, seed).text


@pytest.mark.parametrize("e", FUNCTIONS + EXPRESSIONS, ids=lambda e: e.id)
def test_what_is_not_done_by_hand_has_no_numbers_to_show(e):
    what = {"function": "a function", "expression": "an expression"}[e.kind]
    assert show(e.id).text == f"'{e.id}' has no numbers to show: it asks for {what}. hint(\"{e.id}\") helps with it."


def calls(text):
    """The calls in a text that are ready to be typed: [("hint", "delta.b2"), ...]."""
    return re.findall(r'\b(hint|solution)\("([\w.-]+)"\)', text)


def test_hints_come_one_by_one_and_the_last_one_names_the_way_out():
    said = [hint(B2.id).text for _ in range(5)]
    assert [text.partition(":")[0] for text in said] == [
        "Hint 1 of 3",
        "Hint 2 of 3",
        "Hint 3 of 3",
        "Hint 3 of 3, again",
        "Hint 3 of 3, again",
    ]
    assert all(words in text for words, text in zip((*B2.hints, *B2.hints[2:] * 2), said))
    assert [calls(text) for text in said] == [[], [], *[[("solution", B2.id)]] * 3]
    last = 'There are no more hints. solution("delta.b2"), asked twice, shows the answer.'
    assert [text.splitlines()[1:] for text in said] == [[], [], *[[last]] * 3]


def test_the_solution_comes_at_the_second_call():
    once = 'Try it once more, perhaps with hint("delta.b2"). A second call shows the solution.'
    assert [solution(B2.id).text for _ in range(3)] == [once, *[B2.solution.strip()] * 2]
    assert solution("delta.b2x").text == "There is no exercise 'delta.b2x'. Did you mean 'delta.b2'?"


def ways_out(verdicts):
    """Which of the verdicts names the way out, and that each that does names hint and solution."""
    named = [calls(v.way_out) for v in verdicts]
    assert all(way == [("hint", B2.id), ("solution", B2.id)] for way in named if way)
    assert all(v.way_out in repr(v) and "solution" not in v.message for v in verdicts)
    sentence = 'If you are stuck: hint("delta.b2") helps a step further, and solution("delta.b2"), asked twice, '
    assert {v.way_out for v in verdicts} <= {"", f"{sentence}shows the answer."}
    return [bool(way) for way in named]


def wrong(W, d, z):
    return W.T @ d


def test_every_third_failure_in_a_row_names_the_way_out():
    third = [False, False, True]
    assert ways_out([check(B2.id, wrong) for _ in range(9)]) == third * 3
    mended = [check(B2.id, answer) for answer in (wrong, wrong, right, wrong, wrong, wrong)]
    assert ways_out(mended) == [False] * 3 + third


def test_what_is_no_attempt_or_another_exercise_does_not_count():
    tried = [check(B2.id, answer) for answer in (wrong, ..., None, wrong, ..., "text", ..., right, right, right)]
    assert ways_out(tried) == [False] * 5 + [True] + [False] * 4
    ids = [e.id for e in SAMPLE[:5]]
    assert not any(check(id, 3.7).way_out for id in ids * 2) and all(check(id, 3.7).way_out for id in ids)


def test_a_rung_says_what_is_wrong_with_its_shape_alone():
    name, (id, *_) = next(iter(bank.LADDERS.items()))
    e, climb = bank.find(id), ladder(name)
    text, shape = e.solution.strip(), np.shape(e.reference[0].value)
    right = "The expression is right. Its shape is not "
    assert climb(1, text, (98, 99)).message == f"{right}(98, 99)."
    assert climb(1, text, 98).message == f"{right}(98,)." and climb(1, text, "x").message == f"{right}a str of 1."
    assert climb(2, text, shape).message == "Rung 2 opens when rung 1 holds." and not climb(2, text, shape).attempted
    assert climb(1, text, list(shape)).passed and climb.done == 1
    assert climb(1, text, shape).passed and climb.done == 1
    assert climb(3, text, shape).message == "Rung 3 opens when rung 2 holds."


@pytest.mark.parametrize(
    ("name", "shown"), [("delta.b2", "'delta.b2'"), (3, "an int"), (None, "None"), ([], "a list of 0")]
)
def test_a_ladder_that_is_not_there_is_answered_with_those_that_are(name, shown):
    assert ladder(name).text == f"There is no ladder {shown}. There are {', '.join(bank.LADDERS)}."


@pytest.mark.parametrize("name", list(bank.LADDERS))
def test_a_ladder_names_the_way_out_too(name):
    climb = ladder(name)
    first = bank.find(climb.ids[0])
    shape, text = np.shape(first.reference[0].value), first.solution.strip()
    assert calls(repr(climb)) == [("hint", first.id)]
    head, shapes, *titles, stuck = repr(climb).splitlines()
    assert head == f"Ladder {name}, 0 of {len(climb.ids)} rungs. The shapes to use:"
    given = next(iter(first.cases[0]))
    assert shapes.startswith("  ") and f"{given} {np.shape(first.cases[0][given])}" in shapes
    assert titles == [f"  {n}. {readable(bank.find(id).title)}" for n, id in enumerate(climb.ids, start=1)]
    assert stuck == f'Stuck on rung 1? hint("{first.id}") helps a step further.'
    tried = [climb(1, *given) for given in (("1 +", shape), (text, ...), (f"-({text})", shape), (text, (98, 99)))]
    assert [calls(v.way_out) for v in tried] == [[], [], [], [("hint", first.id), ("solution", first.id)]]
    assert all(f"{name}, rung 1 ({first.id}): not" in repr(v) for v in tried)
    assert not climb(1, text, shape).way_out and calls(repr(climb)) == [("hint", climb.ids[1])]
    for n, e in enumerate(map(bank.find, climb.ids), start=1):
        climb(n, e.solution.strip(), np.shape(e.reference[0].value))
    assert "Stuck" not in repr(climb)


def test_the_diagnostic_names_no_way_out():
    items = range(1, sum(id.startswith("cold.") for id in bank.EXERCISES) + 1)
    said = [diagnostic(dict.fromkeys(items, "1")).text for _ in range(4)]
    assert said[0].count("not yet") == len(items) and len(set(said)) == 1 and not calls(said[0])


def test_attempts_are_recorded():
    check(B2.id, lambda W, d, z: W.T @ d)
    assert record.slips() == {"delta.b2/no-slope": 1} and record.passed() == set()
    check(B2.id, right)
    assert record.passed() == {B2.id}


# ---- speed ----


def forgotten(e):
    """The exercise with nothing of it computed yet, as in a fresh kernel."""
    return altered(e)


def off_in_no_known_way(e):
    f = e.function(e.solution)
    return lambda *a: mapped(lambda v: np.asarray(v, float) * 1.7 + 0.3, f(*a))


@each_function
def test_a_first_verdict_compiles_and_runs_little(e):
    """Clocks vary, so this counts the lines of our own solutions; tests/benchmarks/test_verdicts.py takes the time."""
    lines = len(e.solution.strip().splitlines())
    for answer in [off_in_no_known_way(e), *(with_slips(e, pair) for pair in e.slip_sets(2)[-1:])]:
        fresh = forgotten(e)
        verdict = judge(fresh, answer)
        assert verdict.attempted and not verdict.passed
        assert lines * len(fresh._functions) <= 610
        assert lines * len(fresh._outcomes) <= 1200


CUT = [e for e in FUNCTIONS if len(e.slip_sets(2)) > diagnosis.MOST_LINES // len(e.solution.strip().splitlines())]


@pytest.mark.parametrize("e", CUT, ids=lambda e: e.id)
def test_the_pairs_that_are_not_tried_explain_nothing(e):
    singles, pairs = e.slip_sets(1), e.slip_sets(2)
    for runs in map(e.results, pairs):
        wrong = [n for n in range(len(runs)) if not runs[n].same(e.reference[n])]
        if wrong and not any(e.same(e.results(one), runs) for one in singles):
            tried = diagnosis.likeliest(e, runs, wrong[0])
            assert len(tried) <= diagnosis.MOST_LINES / len(e.solution.strip().splitlines()) < len(pairs)
            assert not [p for p in set(pairs) - set(tried) if e.same(e.results(p), runs)]


def test_a_long_solution_has_pairs_that_are_not_tried():
    assert len(CUT) >= 5


@pytest.mark.parametrize(
    ("shape", "other", "fits"),
    [
        ((3, 1), (3, 1), True),
        ((3,), (3, 1), False),
        ((3, 1), (3,), False),
        ((3,), (1, 3), True),
        ((2, 3, 1), (2, 3), False),
    ],
)
def test_a_right_result_that_lost_an_axis_passes_and_is_told_where_an_update_would_broadcast(shape, other, fits):
    assert checker.broadcasts_into(shape, other) is fits
    said = check("delta.rung-b4", "d1.sum(axis=1)")
    assert said.passed and said.message == (
        "Right. Mind that db1 has shape (3,), not (3, 1): an update with it would broadcast."
    )
    assert check("delta.rung-b4", "d1.sum(axis=1, keepdims=True)").message == ""


def test_where_the_axis_is_the_point_it_counts():
    def lost(g, shape):
        while g.ndim > len(shape):
            g = g.sum(axis=0)
        ones = tuple(n for n, size in enumerate(shape) if size == 1)
        return g.sum(axis=ones, keepdims=True).reshape([size for size in shape if size > 1])

    assert check("checking.unbroadcast", lost).slips == ("axis-lost",)
    said = check("checking.unbroadcast", lambda g, shape: lost(g, shape)[..., None])
    assert not said.passed and "has shape" in said.message and "holds what result" not in said.message


def test_without_spoiling_only_the_question_is_asked():
    def mean(delta):
        return delta.mean(axis=1, keepdims=True)

    told, asked = check("delta.b4", mean), check("delta.b4", mean, spoil=False)
    assert asked.message == told.message.splitlines()[-1] and asked.message.startswith("An interviewer would say:")
    assert asked.slips == told.slips and not asked.table and not asked.passed
    other = check("delta.b4", lambda delta: np.tanh(delta).sum(axis=1, keepdims=True), spoil=False)
    assert other.message.startswith("An interviewer would say: \"I don't get that.")
    assert check("delta.b4", lambda delta: delta.sum(axis=1, keepdims=True), spoil=False).passed
    assert not check("delta.b4", ..., spoil=False).attempted


def test_gradients_may_be_named_by_their_parameters():
    e = bank.find("delta.backward")
    named = e.function(e.solution)

    def by_parameter(*given):
        return dict(zip(("W1", "b1", "W2", "b2"), named(*given)))

    assert judge(e, by_parameter).passed
    assert not judge(e, lambda *given: {"W1": 0, "b1": 0, "W2": 0, "c": 0}).passed


def test_the_signature_that_is_called_counts_not_the_wrapped_one():
    e = bank.find("delta.b3")

    def inner(x):
        return x

    @functools.wraps(inner)
    def outer(delta, a_prev, a):
        return delta @ a_prev.T

    assert judge(e, outer).passed


def test_an_answer_that_never_changes_is_explained_by_no_two_slips():
    assert judge(bank.find("checking.verdict"), lambda *given: (False, False)).slips == ()
