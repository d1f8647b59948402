"""The checks of the live-coding round: any right design passes, and each usual mistake is told in its own words."""

import ast
import builtins
import io
import re
from contextlib import redirect_stdout

import numpy as np
import pytest
from test_practice_course import LEARNERS, NOTEBOOKS, code_of, folded_programs, names_of, sources

from backprop.practice import bug, live

# A right answer, as source, so that a mistake is an edit of it.
ANSWER = """
def init(D, H, K, rng):
    W1 = rng.standard_normal((D, H)) * np.sqrt(2 / D)
    W2 = rng.standard_normal((H, K)) * np.sqrt(1 / H)
    return {"W1": W1, "b1": np.zeros(H), "W2": W2, "b2": np.zeros(K)}

def forward(p, X):
    Z1 = X @ p["W1"] + p["b1"]
    A1 = np.tanh(Z1)
    Z = A1 @ p["W2"] + p["b2"]
    shifted = Z - Z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return A1, log_p

def loss(p, X, y):
    _, log_p = forward(p, X)
    return -log_p[np.arange(len(y)), y].mean()

def backward(p, X, y):
    A1, log_p = forward(p, X)
    Y = np.eye(log_p.shape[1])[y]
    dZ2 = (np.exp(log_p) - Y) / len(y)
    dZ1 = dZ2 @ p["W2"].T * (1 - A1**2)
    return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2, "b2": dZ2.sum(axis=0)}

def check(loss, backward, p, X, y):
    worst, h = 0.0, 1e-5
    for name, claimed in backward(p, X, y).items():
        numeric = np.zeros_like(claimed)
        for i in np.ndindex(claimed.shape):
            kept = p[name][i]
            p[name][i] = kept + h
            up = loss(p, X, y)
            p[name][i] = kept - h
            down = loss(p, X, y)
            p[name][i] = kept
            numeric[i] = (up - down) / (2 * h)
        size = np.linalg.norm(claimed) + np.linalg.norm(numeric)
        worst = max(worst, np.linalg.norm(claimed - numeric) / size)
    return worst

class Value:
    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents

    def __add__(self, other):
        return Value(self.data + other.data, [(self, 1.0), (other, 1.0)])

    def __mul__(self, other):
        return Value(self.data * other.data, [(self, other.data), (other, self.data)])

    def backward(self):
        order, seen, stack = [], set(), [(self, False)]
        while stack:
            node, done = stack.pop()
            if done:
                order.append(node)
            elif node not in seen:
                seen.add(node)
                stack += [(node, True), *((p, False) for p, _ in node.parents)]
        self.grad = 1.0
        for node in reversed(order):
            for parent, slope in node.parents:
                parent.grad += node.grad * slope
"""

RECURSIVE = """    def backward(self):
        order, seen = [], set()

        def visit(node):
            if node not in seen:
                seen.add(node)
                for parent, _ in node.parents:
                    visit(parent)
                order.append(node)

        visit(self)
        self.grad = 1.0
"""


def told(stage, *edits):
    """What is said of the answer with these edits made in it."""
    source = ANSWER
    for old, new in edits:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    names = {"np": np}
    exec(source, names)
    arguments = {
        "parameters": ["init"],
        "loss": ["init", "loss"],
        "gradients": ["init", "loss", "backward"],
        "checker": ["init", "loss", "check"],
        "autograd": ["Value"],
    }
    return repr(getattr(live, stage)(*(names[name] for name in arguments[stage])))


def test_a_right_answer_passes_every_stage():
    for stage in ("parameters", "loss", "checker", "autograd"):
        assert told(stage).startswith("Right"), stage
    assert told("gradients").endswith("Right, all four.")


def as_list(source):
    """The same answer with its parameters in a list, biases as rows (1, n), another order."""
    places = {"W1": 2, "b1": 0, "W2": 1, "b2": 3}
    for name, place in places.items():
        source = source.replace(f'p["{name}"]', f"p[{place}]")
    source = re.sub(
        r"(?m)return \{.*W1.: (.*), .b1.: (.*), .W2.: (.*), .b2.: (.*)\}", r"return [\2, \3, \1, \4]", source
    )
    source = source.replace("np.zeros(H)", "np.zeros((1, H))").replace("sum(axis=0)", "sum(axis=0, keepdims=True)")
    source = source.replace("np.zeros(K)", "np.zeros((1, K))")
    return source.replace("backward(p, X, y).items()", "enumerate(backward(p, X, y))")


@pytest.mark.parametrize("container", [list, tuple])
def test_other_designs_pass(container):
    names = {"np": np}
    exec(as_list(ANSWER), names)

    def init(*sizes):
        return container(names["init"](*sizes))

    def backward(*given):
        return container(names["backward"](*given))

    def loss(params, X, y):
        assert type(params) is container
        return names["loss"](params, X, y)

    assert repr(live.parameters(init)).startswith("Right")
    assert repr(live.loss(init, loss)).startswith("Right")
    assert repr(live.gradients(init, loss, backward)).endswith("Right, all four.")
    assert repr(live.checker(init, loss, names["check"])).startswith("Right")


MEAN = "-log_p[np.arange(len(y)), y].mean()"
SHIFT = "shifted = Z - Z.max(axis=1, keepdims=True)"
LOG_P = "log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))"
LOG_OF_P = "E = np.exp(shifted)\n    log_p = np.log(E / E.sum(axis=1, keepdims=True))"
OVER_BATCH = LOG_P.replace("axis=1", "axis=0") + " + np.log(len(Z) / Z.shape[1])"  # right at zeros
STEEPER = "-1.5 * log_p[np.arange(len(y)), y].mean() - 0.5 * np.log(log_p.shape[1])"  # right at zeros
DZ2, DZ1 = "(np.exp(log_p) - Y) / len(y)", "* (1 - A1**2)"
EACH = "for name, claimed in backward(p, X, y).items():"
ERROR = "np.linalg.norm(claimed - numeric) / size"
MISTAKES = [
    ("parameters", "the other dialect", ("standard_normal((D, H))", "standard_normal((H, D))")),
    ("parameters", "A matrix (in, out)", ("np.zeros(K)", "np.zeros(H)")),
    ("parameters", "int64", ("np.zeros(K)", "np.zeros(K, dtype=np.int64)")),
    ("parameters", "stay alike", ("rng.standard_normal((D, H)) * np.sqrt(2 / D)", "np.full((D, H), 0.1)")),
    ("parameters", "no two units alike", ("rng.standard_normal((H, K)) * np.sqrt(1 / H)", "np.zeros((H, K))")),
    ("parameters", "init gives an int", ('return {"W1": W1, "b1"', 'return 3\n    return {"W1": W1, "b1"')),
    ("loss", "a sum over the batch", (MEAN, "-log_p[np.arange(len(y)), y].sum()")),
    ("loss", "divided by K", (MEAN, "-(np.eye(log_p.shape[1])[y] * log_p).mean()")),
    ("loss", "Is it minus log p?", (MEAN, "log_p[np.arange(len(y)), y].mean()")),
    ("loss", "Which axis", (LOG_P, OVER_BATCH)),
    ("loss", "1. Yours is not", (MEAN, STEEPER)),
    ("loss", "take off the row's maximum", (SHIFT, "shifted = Z"), (LOG_P, LOG_OF_P)),
    ("loss", "not the log of a softmax", (LOG_P, LOG_OF_P)),
    ("loss", "no activation", ("A1 = np.tanh(Z1)", "A1 = Z1")),
    ("loss", "how large is W?", (" * np.sqrt(2 / D)", ""), (" * np.sqrt(1 / H)", " * 3")),
    ("gradients", "1/B is missing", (DZ2, "np.exp(log_p) - Y")),
    ("gradients", "divided twice", (DZ2, DZ2 + " / len(y)")),
    ("gradients", "cosine -1.00", (DZ2, "(Y - np.exp(log_p)) / len(y)")),
    ("gradients", "are features counted", (DZ2, DZ2 + " * len(y) / X.shape[1] * len(y) / len(y) / len(y)")),
    ("gradients", "W1   FAILS", (DZ1, "")),
    ("gradients", "W1   FAILS", (DZ1, '* (1 - np.tanh(X @ p["W1"])**2)')),  # right where biases are 0
    ("gradients", "b1   FAILS  (7,) where (5,) is due", ("dZ1.sum(axis=0)", "dZ1.sum(axis=1)")),
    ("gradients", "b2   FAILS  missing where (4,)", ("dZ2.sum(axis=0)}", "None}")),
    ("gradients", "b1   FAILS  (7,) where (5,) is due: an entry for each sample, so it is summed over the wrong axis",
     ("dZ1.sum(axis=0)", "dZ1.sum(axis=1)")),
    ("gradients", "(1, 5) where (5,) is due: an axis of length 1 is too many",
     ("dZ1.sum(axis=0)", "dZ1.sum(axis=0, keepdims=True)")),
    ("gradients", "It is a sign, the same in all four", (DZ2, "(Y - np.exp(log_p)) / len(y)")),
    ("gradients", "Your backward updates the parameters: it changes W2",
     ("    dZ1 = dZ2", '    p["W2"] = p["W2"] - 0.1 * A1.T @ dZ2\n    dZ1 = dZ2')),
    ("parameters", "the two biases have each other's size",
     ('"b1": np.zeros(H), "W2": W2, "b2": np.zeros(K)', '"b1": np.zeros(K), "W2": W2, "b2": np.zeros(H)')),
    ("gradients", "b2   FAILS  all zeros", ("dZ2.sum(axis=0)}", "np.zeros(dZ2.shape[1])}")),
    ("gradients", "b2   FAILS  nan", ("dZ2.sum(axis=0)}", "dZ2.sum(axis=0) * np.nan}")),
    ("gradients", "b2   FAILS  0.143 times as long: 1/B", ("dZ2.sum(axis=0)}", "dZ2.mean(axis=0)}")),
    ("gradients", "b2   FAILS  missing where (4,) is due", (', "b2": dZ2.sum(axis=0)}', "}")),
    ("gradients", "backward gives None", ('return {"W1": X.T', 'return\n    return {"W1": X.T')),
    ("checker", "put each entry back", ("            p[name][i] = kept\n", "")),
    ("checker", "the run 2h?", ("/ (2 * h)", "/ h")),
    ("checker", "the run 2h?", ("1e-5", "1e-13")),
    ("checker", "gradient of b1 is 1.5 times", (EACH, EACH + "\n        if name[0] == 'b':\n            continue")),
    ("checker", "is -1 times", (ERROR, "abs(np.linalg.norm(claimed) - np.linalg.norm(numeric)) / size")),
    ("checker", "is 0 times", (EACH, EACH + "\n        if not claimed.any():\n            continue")),
    ("checker", "gives None", ("    return worst", "    return")),
    ("checker", "gives False, a truth value", ("    return worst", "    return worst > 1e-6")),
    ("autograd", "gradient of x + x is wrong", ("parent.grad += node.grad * slope", "parent.grad = node.grad * slope")),
    ("autograd", "x * y is -1.05", ("self.data * other.data,", "self.data + other.data,")),
    ("autograd", "is wrong", ("for node in reversed(order):", "for node in order:")),
    ("autograd", "is wrong", ("self.grad = 1.0", "self.grad = 0.0")),
    ("autograd", "is wrong", ("elif node not in seen", "else")),
]  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: f"{case[0]}: {case[1]}")
def test_a_mistake_is_told(case):
    stage, words, *edits = case
    assert words in told(stage, *edits)


def test_a_recursive_engine_is_right_and_told_where_it_ends():
    start, end = ANSWER.index("    def backward(self)"), ANSWER.index("        for node in reversed")
    names = {"np": np}
    exec(ANSWER[:start] + RECURSIVE + ANSWER[end:], names)
    said = repr(live.autograd(names["Value"]))
    assert said == "Right on reused values. A chain of 5,000 additions raises RecursionError: the follow-up."


def test_dots_are_no_attempt():
    stages = {live.parameters: 1, live.loss: 2, live.gradients: 3, live.checker: 3, live.autograd: 1}
    for stage, count in stages.items():
        assert repr(stage(*[...] * count)) == "not attempted yet"
    assert (
        repr(live.accuracy(..., {}, [], [], 0.9)) == repr(live.accuracy(len, ..., [], [], 0.9)) == "not attempted yet"
    )


def test_accuracy_is_a_share_of_the_labels():
    y = np.array([0, 1, 2, 3])
    said = repr(live.accuracy(lambda params, X: np.array([0, 1, 2, 0]), [], None, y, 0.7))
    assert said == "0.750 of 4 are right: 0.7 is reached."
    assert "not reached" in repr(live.accuracy(lambda params, X: y * 0, [], None, y, 0.7))
    assert "one label for each" in repr(live.accuracy(lambda params, X: np.eye(4), [], None, y, 0.7))


def test_an_exception_is_shown_as_python_shows_it():
    with pytest.raises(ZeroDivisionError):
        live.parameters(lambda D, H, K, rng: 1 / 0)


# --- each sentence, and each bound at its edge ---

UNITS = "rng.standard_normal((D, H)) * np.sqrt(2 / D)"


@pytest.mark.parametrize(
    ("stage", "said", "edits"),
    [
        ("parameters", "Right: two matrices (in, out), two biases (out,), and no two units alike.", ()),
        (
            "parameters",
            "With D=6, H=5, K=4 there is W1 (5, 6), b1 (5,), W2 (5, 4), b2 (4,). A matrix (in, out) and a bias (out,) "
            "are due, twice. These are (out, in), the other dialect.",
            [("standard_normal((D, H))", "standard_normal((H, D))")],
        ),
        (
            "parameters",
            "With D=6, H=5, K=4 there is W1 (6, 5), b1 (5,), W2 (5, 4), b2 (5,). A matrix (in, out) and a bias (out,) "
            "are due, twice.",
            [("np.zeros(K)", "np.zeros(H)")],
        ),
        (
            "parameters",
            "init gives a dict of 4, in which b2[0] is an int. Return arrays, in a dict, a list, a tuple or an object.",
            [("np.zeros(K)", "[0] * K")],
        ),
        (
            "loss",
            "With all parameters 0 the loss of any sample is log K. Yours is 7 times that. It is a sum over the batch.",
            [(MEAN, "-log_p[np.arange(len(y)), y].sum()")],
        ),
        (
            "parameters",
            "All columns of W1 start alike, so its units stay alike forever. Draw them at random.",
            [(UNITS, "np.full((D, H), 0.1)")],
        ),
        (
            "loss",
            "With all parameters 0 the loss of any sample is log K. Yours is 0.25 times that. It is divided by K too: "
            "a mean over all entries.",
            [(MEAN, "-(np.eye(log_p.shape[1])[y] * log_p).mean()")],
        ),
        (
            "loss",
            "With all parameters 0 the loss of any sample is log K. Yours is -1 times that. Is it minus log p?",
            [(MEAN, "log_p[np.arange(len(y)), y].mean()")],
        ),
        (
            "loss",
            "The loss of a batch is not the mean of its samples' losses. Which axis is the softmax over?",
            [(LOG_P, OVER_BATCH)],
        ),
        (
            "loss",
            "For one sample, exp(−loss) summed over the K labels is its p summed: 1. Yours is not.",
            [(MEAN, STEEPER)],
        ),
        (
            "loss",
            "The logits are linear in X: there is no activation between the layers.",
            [("A1 = np.tanh(Z1)", "A1 = Z1")],
        ),
        (
            "gradients",
            "backward gives None. Return the gradients, in a dict, a list or a tuple.",
            [('return {"W1": X.T', 'return\n    return {"W1": X.T')],
        ),
        (
            "loss",
            "With large logits the loss is nan: take off the row's maximum.",
            [(SHIFT, "shifted = Z"), (LOG_P, LOG_OF_P)],
        ),
        ("loss", "With large logits the loss is inf: log-softmax, not the log of a softmax.", [(LOG_P, LOG_OF_P)]),
        (
            "gradients",
            "The gradients are 0, 1, 2, 3, the parameters W1, b1, W2, b2: arrange them alike.",
            [('{"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2, "b2": dZ2.sum(axis=0)}', "[1, 2, 3, 4]")],
        ),
        (
            "gradients",
            "W1   ok\nb1   ok\nW2   ok\nb2   FAILS  all zeros\n"
            "Only b2 is wrong: look at its own line first. W2 is right, so dZ2 is.",
            [("dZ2.sum(axis=0)}", "np.zeros(dZ2.shape[1])}")],
        ),
        ("gradients", "W1   ok\nb1   ok\nW2   ok\nb2   ok\nRight, all four.", ()),
        (
            "checker",
            "Right: it passes right gradients, and fails when any one of the four is wrong, or any one entry.",
            (),
        ),
        (
            "checker",
            "The gradient of W1 is 1.5 times the right one, and the check says 0.0e+00.",
            [("    return worst", "    return 0")],
        ),
        (
            "checker",
            "Right gradients are given an error of nan. Is the step h about 1e-5, the run 2h?",
            [("    return worst", "    return np.nan")],
        ),
        (
            "checker",
            "The check gives a str of 0. Return one number, the largest relative error.",
            [("return worst", "return ''")],
        ),
        (
            "autograd",
            "x * y is -1.05 at x = 1.5, y = −0.7; yours is 0.8.",
            [("self.data * other.data,", "self.data + other.data,")],
        ),
    ],
)  # fmt: skip
def test_it_says_just_this(stage, said, edits):
    assert told(stage, *edits) == said


@pytest.mark.parametrize(
    ("drawn", "alike"),
    [
        ("rng.standard_normal((D, 1)) * np.ones(H)", True),
        ("np.ones((D, 1)) * rng.standard_normal(H)", False),  # all inputs count alike, and no two units do
        ("np.vstack([rng.standard_normal(H), np.ones((D - 1, H))])", False),
    ],
)
def test_units_are_alike_where_all_columns_are(drawn, alike):
    assert ("All columns of W1 start alike" in told("parameters", (UNITS, drawn))) is alike


@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_whole_numbers_are_told_in_any_parameter(name):
    names = {"np": np}
    exec(ANSWER, names)

    def init(*sizes):
        params = names["init"](*sizes)
        return params | {name: (9 * params[name]).astype(int)}

    assert repr(live.parameters(init)) == f"{name} holds int64: a step of {name} -= … would be cut to whole numbers."


@pytest.mark.parametrize(
    ("factor", "words"),
    [
        (1 + 1e-7, "ok"),
        (1 + 1e-5, "FAILS  nearly right: a relative error of 5e-06"),
        (-1, "FAILS  the wrong sign, cosine -1.00"),
        (7 / 6, "FAILS  1.17 times as long: B/D, so the features are counted, not the samples, cosine 1.00"),
        (7 / 4, "FAILS  1.75 times as long: B/K, so the classes are counted, not the samples, cosine 1.00"),
        (7, "FAILS  7 times as long: B, so 1/B is missing, cosine 1.00"),
        (1 / 7, "FAILS  0.143 times as long: 1/B, so it is divided twice, cosine 1.00"),
        (1 / 6, "FAILS  0.167 times as long: are features counted?, cosine 1.00"),
        (6, "FAILS  6 times as long, cosine 1.00"),
        (-7, "FAILS  the wrong sign, 7 times as long: B, so 1/B is missing, cosine -1.00"),
        (0, "FAILS  all zeros"),
        (np.nan, "FAILS  nan or inf"),
        (np.inf, "FAILS  nan or inf"),
    ],
)
def test_a_gradient_is_told_by_its_length_and_direction(factor, words):
    right = np.array([[1.0, -2.0, 3.0], [0.5, 0.25, 2.0]])
    assert live.words(factor * right, right) == words
    assert live.words(right.T, right) == "FAILS  (3, 2) where (2, 3) is due: it is transposed"
    assert live.words(None, right) == "FAILS  missing where (2, 3) is due"
    assert live.words(np.array([[0.0, 2.0]]), np.array([[1.0, 0.0]])) == "FAILS  2 times as long, cosine 0.00"
    assert live.words(np.array([[0.0, 1.0]]), np.array([[1.0, 0.0]])) == "FAILS  as long as the right one, cosine 0.00"
    assert live.words(right, 0 * right) == "FAILS  should be all zeros"


@pytest.mark.parametrize(("off", "right"), [(0.99, True), (-0.99, True), (1.01, False), (-1.01, False)])
def test_a_first_loss_may_be_one_away_from_log_10(off, right):
    """It is the loss of a network for digits, on 200 pictures with pixels in [0, 1]."""
    seen = []

    def loss(params, X, y):
        seen.append((X.shape, y.shape))
        assert params == "made" and 0 <= X.min() < 0.01 and 0.99 < X.max() <= 1 and {*y} == {*range(10)}
        return np.log(10) + off

    said = live.first_loss(lambda *sizes: "made" if sizes[:3] == (64, 32, 10) else None, loss)
    assert seen == [((200, 64), (200,))]
    if right:
        good = "Right: a mean, of a softmax that is stable, over the right axis. It starts at "
        assert said == f"{good}{np.log(10) + off:.2f}."
    else:
        at = f"{np.log(10) + off:.2f}"
        assert said == f"The loss is right, but starts at {at}, where log 10 is 2.30: how large is W?"


@pytest.mark.parametrize(
    ("honest", "wrong", "said"),
    [
        (live.SMALL, 1.0, "Right gradients are given an error of 1.0e-06"),
        (np.float32(0), live.SEEN, "The gradient of W1 is 1.5 times the right one, and the check says 1.0e-03."),
        (0, np.nan, "The gradient of W1 is 1.5 times the right one, and the check says nan."),
        (0, 2 * live.SEEN, "One entry of W1's gradient, [1, 0], is wrong: its relative error is 2.5e-02"),
        (0.5 * live.SMALL, 1, "Right: it passes"),
    ],
)
def test_a_check_passes_below_one_bound_and_reports_above_the_other(honest, wrong, said):
    calls = []

    def check(loss, backward, params, X, y):
        claimed = {name: g / loss(params, X, y) for name, g in backward(params, X, y).items()}  # of any scale
        calls.append(claimed)
        alike = all(np.allclose(claimed[name], calls[0][name], rtol=1e-9, atol=0) for name in claimed)
        return honest if alike else wrong

    names = {"np": np}
    exec(ANSWER, names)
    assert repr(live.checker(names["init"], names["loss"], check)).startswith(said)
    if said.startswith("Right:"):  # each of the parameters is handed over wrong in three ways, and in each entry
        far = [{name: ~np.isclose(one[name], calls[0][name], rtol=1e-9, atol=0) for name in one} for one in calls[1:]]
        wrongs = [[name for name in one if one[name].any()] for one in far]
        assert wrongs[:12] == [[name] for name in ("W1", "b1", "W2", "b2") for _ in range(3)]
        assert not calls[3]["W1"].any() and np.allclose(calls[2]["W1"], -calls[0]["W1"])
        assert wrongs[12:16] == [[], ["W1", "b1", "W2", "b2"]] * 2  # at two other scales
        assert all(sum(where.sum() for where in one.values()) == 1 for one in far[16:])
        assert sum(one["W1"] for one in far[16:]).tolist() == np.ones((6, 5)).tolist()
        assert len(far) == 16 + 30 + 5 + 20 + 4


@pytest.mark.parametrize("name", ["W1", "b1", "W2", "b2"])
def test_any_parameter_that_a_check_leaves_changed_is_seen(name):
    def check(loss, backward, params, X, y):
        params[name].flat[-1] += 1e-9
        return 0.0

    names = {"np": np}
    exec(ANSWER, names)
    said = repr(live.checker(names["init"], names["loss"], check))
    assert said == "The parameters are not as they were: put each entry back."


def test_a_share_that_is_just_reached_is_reached():
    y = np.array([0, 1, 2, 3])
    said = repr(live.accuracy(lambda params, X: [0, 1, 2, 0], [], None, y, 0.75))
    assert said == "0.750 of 4 are right: 0.75 is reached."
    said = repr(live.accuracy(lambda params, X: [0, 1, 2, 0], [], None, y, 0.76))
    assert said == "0.750 of 4 are right: 0.76 is not reached."
    said = repr(live.accuracy(lambda params, X: np.eye(4), [], None, y, 0.7))
    assert said == "The predictions have shape (4, 4), the labels (4,): one label for each sample."


AT_ONCE = """    def backward(self, first=True):
        self.grad = 1.0 if first else self.grad
        for parent, slope in self.parents:
            parent.grad += self.grad * slope
            parent.backward(False)
"""
BY_LEVEL = """    def backward(self):
        self.grad, queue = 1.0, [self]
        for node in queue:
            for parent, slope in node.parents:
                parent.grad += node.grad * slope
                queue += [] if parent in queue else [parent]
"""


@pytest.mark.parametrize(
    ("backward", "program"),
    [(AT_ONCE, "u * u + u with u = x * y"), (BY_LEVEL, "v * u with u = x + y, v = u * u + x")],
)
def test_each_program_is_the_first_to_fail_for_somebody(backward, program):
    """A value passed on at once, or level by level, is right on all programs before this one."""
    names = {"np": np}
    exec(ANSWER[: ANSWER.index("    def backward(self)")] + backward, names)
    assert repr(live.autograd(names["Value"])) == (
        f"The gradient of {program} is wrong. A value used twice in one step is right. In several: does each wait for "
        "all its users?"
    )


def test_the_small_network_has_nothing_at_0_in_double_precision_and_no_two_sizes_alike():
    def init(D, H, K, rng):
        return [np.zeros((D, H), np.float32), np.zeros(H), np.zeros((H, K)), np.zeros(K)]

    params, X, y = live.problem(init)
    assert len({*X.shape, live.H, live.K}) == 4 and y.shape == X.shape[:1] and 0 <= y.min() < y.max() < live.K
    assert type(params) is list and all(a.dtype == float and a.all() for a in [*params, X])
    assert [a.shape for a in params] == [(6, 5), (5,), (5, 4), (4,)]


# --- what is right at ordinary values, and what a call leaves behind ---

CLIPPED = LOG_OF_P.replace("E / E.sum(axis=1, keepdims=True)", "np.clip(E / E.sum(axis=1, keepdims=True), 1e-15, 1)")
TINY = LOG_OF_P.replace("keepdims=True))", "keepdims=True) + 1e-12)")
OVER_ALL = (SHIFT, "shifted = Z - Z.max()")
ONE_HOT = (MEAN, "-(np.eye(log_p.shape[1])[y] * log_p).sum() / len(y)")
P_BACK = "np.exp(log_p)"
RAW = 'np.exp(np.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"])'  # the exponentials, with no maximum taken off
LOSS, BACK = "    _, log_p = forward(p, X)\n", "    A1, log_p = forward(p, X)\n"
KEPT = "KEPT = {}\n\ndef backward(p, X, y):"
GIVES_BACK = 'return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A1.T @ dZ2, "b2": dZ2.sum(axis=0)}'
ADDED_UP = f"""for name, g in {GIVES_BACK[7:]}.items():
        KEPT[name] = KEPT.get(name, 0) + g
    return KEPT"""
STATEFUL = [  # what the last loss has left is what backward uses
    ("def loss(p, X, y):", "KEPT = {}\n\ndef loss(p, X, y):"),
    (LOSS, "    _, log_p = forward(p, X)\n    KEPT['last'] = forward(p, X)\n"),
    (BACK, "    A1, log_p = KEPT['last']\n"),
]
NOT_SO_RAW = RAW.replace("np.exp(", "np.exp(np.clip(").removesuffix(")") + ", -99, 99))"
OVERFLOWS = ' * np.exp(X @ p["W1"]) / np.exp(X @ p["W1"])'
SLOPED = "np.tanh(Z1)", "(np.exp(Z1) - np.exp(-Z1)) / (np.exp(Z1) + np.exp(-Z1))"
LATE = [
    ("loss", "is p clipped, or something added inside the log?", [(LOG_P, CLIPPED)]),
    ("loss", "is p clipped, or something added inside the log?", [(LOG_P, TINY)]),
    ("loss", "though it is right for each sample alone: take off each row's own maximum", [OVER_ALL]),
    ("loss", "take off the row's maximum.", [(SHIFT, SHIFT.replace("max", "min"))]),
    ("loss", "take off the row's maximum.", [(SHIFT, "shifted = Z")]),
    ("loss", "log-softmax, with the row's maximum taken off", [(LOG_P, LOG_OF_P), ONE_HOT]),
    ("loss", "With 1000 times the parameters the loss is nan: does the activation overflow?", [SLOPED]),
    ("loss", "Your loss changes W2 in place", [(LOSS, LOSS + '    p["W2"] -= 0.1\n')]),
    ("loss", "Your loss changes W1 and b2 in place", [(LOSS, LOSS + '    p["W1"] *= 2\n    p["b2"] += 1\n')]),
    ("loss", "Your loss changes X in place", [(LOSS, "    X -= X.mean(axis=0)\n" + LOSS)]),
    ("loss", "when it is called again with the same arguments", [(MEAN, MEAN + " * np.random.rand()")]),
    ("loss", "loss gives a tuple of 2. Return one number, the mean over the batch.", [(MEAN, "'a', {}")]),
    ("loss", "loss gives an array of shape (7,)", [(MEAN, MEAN.replace(".mean()", ""))]),
    (
        "loss",
        "It is log B: the softmax of a sample is over its K classes",
        [(LOG_P, LOG_P.replace("axis=1", "axis=0"))],
    ),
    ("gradients", "Your loss changes W2 in place", [(LOSS, LOSS + '    p["W2"] -= 0.1\n')]),
    (
        "gradients",
        "Your backward updates the parameters: it changes W2 in place.",
        [(DZ2, DZ2 + '\n    p["W2"] -= 0.1')],
    ),
    ("gradients", "loss gives a tuple of 2.", [(MEAN, "'a', {}")]),
    ("gradients", "each call adds the same", [("def backward(p, X, y):", KEPT), (GIVES_BACK, ADDED_UP)]),
    ("gradients", "what does it draw, or keep", [(DZ1, DZ1 + " * np.random.rand()")]),
    ("gradients", "Right just after a loss with the same arguments. After another one backward gives other", STATEFUL),
    (
        "gradients",
        "take off each row's own maximum before exp",
        [(P_BACK, f"{RAW} / {RAW}.sum(axis=1, keepdims=True)")],
    ),
    (
        "gradients",
        "Right at ordinary values. With 1000 times the parameters there is nan or inf in W1 and b1: does",
        [(DZ1, DZ1 + OVERFLOWS)],
    ),
    (
        "gradients",
        "from what your loss asks for",
        [(P_BACK, f"{NOT_SO_RAW} / {NOT_SO_RAW}.sum(axis=1, keepdims=True)")],
    ),
    ("gradients", "the fault lies between dZ2 and dW1. Look at what is handed down", [(DZ1, "* (1 - A1)")]),
    (
        "gradients",
        "Look at b2 first",
        [("dZ1.sum(axis=0),", "dZ1.mean(axis=0),"), ("dZ2.sum(axis=0)}", "dZ2.mean(axis=0)}")],
    ),
    ("gradients", "Only W1 is wrong: look at its own line", [("X.T @ dZ1,", 'X.T @ dZ1 + 0.1 * p["W1"],')]),
    ("gradients", "the gradients of the mean: divide the loss by B.", [(MEAN, MEAN.replace("mean", "sum"))]),
    ("gradients", "isn't right yet: with all parameters 0", [(MEAN, MEAN.replace("mean", "sum")), (DZ1, "")]),
    ("gradients", "isn't right yet: with large logits the loss is 13.8", [(LOG_P, TINY.replace("-12", "-6"))]),
    ("gradients", "FAILS  the wrong sign, cosine -1.00", [(DZ2, "(Y - np.exp(log_p)) / len(y)")]),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", LATE, ids=lambda case: f"{case[0]}: {case[1]}")
def test_what_ordinary_values_or_one_call_do_not_show_is_told(case):
    stage, words, edits = case
    assert words in told(stage, *edits)


@pytest.mark.parametrize("edit", [(LOG_P, CLIPPED), (LOG_P, TINY)])
def test_the_loss_that_is_due_at_large_logits_is_that_of_an_exact_log_softmax(edit):
    names = {"np": np}
    exec(ANSWER, names)
    params, X, y = live.problem(names["init"])
    far = params | {"W2": 1000 * params["W2"], "b2": 1000 * params["b2"]}
    exact = [names["loss"](far, X[i : i + 1], y[i : i + 1]) for i in range(len(y))]
    (due,) = re.findall(r"where (\S+) is due", told("loss", edit))
    assert np.isclose(exact, float(due), rtol=1e-3).any() and float(due) > 100


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    "edits",
    [
        [(MEAN, MEAN.replace("mean", "sum")), (DZ2, P_BACK + " - Y")],  # the gradients of a sum, and a sum
        [(MEAN, "np.array([" + MEAN + "])")],  # an array of one number is a number
        [("A1 = np.tanh(Z1)", "A1 = np.maximum(Z1, 0)"), (DZ1, "* (A1 > 0)")],
        [(LOG_P, LOG_OF_P), (DZ2, "(np.exp(log_p) - Y) / len(y)")],  # the loss overflows, its gradients don't
        [(LOG_P, CLIPPED)],
    ],
)
def test_right_gradients_stay_right(edits):
    assert told("gradients", *edits).endswith("Right, all four.")


def test_gradients_in_another_order_are_recognized_by_their_shapes():
    names = {"np": np}
    exec(ANSWER, names)

    def init(*sizes):
        return list(names["init"](*sizes).values())

    def keyed(params):
        return dict(zip(["W1", "b1", "W2", "b2"], params))

    said = repr(
        live.gradients(
            init,
            lambda p, X, y: names["loss"](keyed(p), X, y),
            lambda p, X, y: [names["backward"](keyed(p), X, y)[name] for name in ("W1", "W2", "b1", "b2")],
        )
    )
    assert said.endswith(
        "Right, all four. They come in another order than the parameters, W1, W2, b1, b2: mind it in the step."
    )


NESTED = {
    "pairs": (lambda W1, b1, W2, b2: [(W1, b1), (W2, b2)], lambda p: [p[0][0], p[0][1], p[1][0], p[1][1]]),
    "kinds": (
        lambda W1, b1, W2, b2: {"W": [W1, W2], "b": [b1, b2]},
        lambda p: [p["W"][0], p["b"][0], p["W"][1], p["b"][1]],
    ),
    "padded": (
        lambda W1, b1, W2, b2: {"W": [None, W1, W2], "b": [None, b1, b2]},
        lambda p: [p["W"][1], p["b"][1], p["W"][2], p["b"][2]],
    ),
    "layers": (
        lambda W1, b1, W2, b2: ({"W": W1, "b": b1}, {"W": W2, "b": b2}),
        lambda p: [p[0]["W"], p[0]["b"], p[1]["W"], p[1]["b"]],
    ),
}


@pytest.mark.parametrize("arrange", NESTED)
def test_parameters_may_be_nested(arrange):
    put, take = NESTED[arrange]
    names = {"np": np}
    exec(ANSWER, names)

    def keyed(params):
        return dict(zip(["W1", "b1", "W2", "b2"], take(params)))

    def init(*sizes):
        return put(**names["init"](*sizes))

    def loss(params, X, y):
        return names["loss"](keyed(params), X, y)

    def backward(params, X, y):
        return put(**names["backward"](keyed(params), X, y))

    def check(loss, backward, params, X, y):
        def flat_loss(p, X, y):
            assert all(p[name] is array for name, array in keyed(params).items())
            return loss(params, X, y)

        return names["check"](flat_loss, lambda *_: keyed(backward(params, X, y)), keyed(params), X, y)

    assert repr(live.parameters(init)).startswith("Right") and repr(live.loss(init, loss)).startswith("Right")
    assert repr(live.gradients(init, loss, backward)).endswith("Right, all four.")
    assert repr(live.checker(init, loss, check)).startswith("Right")
    late = repr(live.gradients(init, loss, lambda *given: put(**(keyed(backward(*given)) | {"b2": np.zeros(4)}))))
    assert "FAILS  all zeros" in late and "is wrong: look at its own line first." in late


@pytest.mark.parametrize("rows", [np.ndarray.tolist, list])
def test_a_gradient_may_be_a_list_of_rows(rows):
    names = {"np": np}
    exec(ANSWER, names)

    def backward(*given):
        return {name: rows(g) for name, g in names["backward"](*given).items()}

    assert repr(live.gradients(names["init"], names["loss"], backward)).endswith("Right, all four.")


ENTRIES = "for i in np.ndindex(claimed.shape):"
SIZE = "size = np.linalg.norm(claimed) + np.linalg.norm(numeric)"
UNSEEN = "numeric = np.zeros_like(claimed)"
CHECKS = [
    (
        "One entry of W1's gradient, [0, 1]",
        [(UNSEEN, "numeric = claimed.copy()"), (ENTRIES, "for i in [*np.ndindex(claimed.shape)][:1]:")],
    ),
    (
        "One entry of ",
        [
            (UNSEEN, "numeric = claimed.copy()"),
            (ENTRIES, "for i in map(tuple, np.random.default_rng(0).permutation([*np.ndindex(claimed.shape)])[:3]):"),
        ],
    ),
    (
        "One entry of b2's gradient, [3]",
        [
            (UNSEEN, "numeric = claimed.copy()"),
            (ENTRIES, "for i in [*np.ndindex(claimed.shape)][: None if name != 'b2' else 3]:"),
        ],
    ),
    ("One entry of ", [(ERROR, "(np.abs(claimed - numeric) / (np.abs(claimed) + np.abs(numeric))).mean()")]),
    ("is it relative?", [(SIZE, "size = 1")]),
    (
        "loss is always called with the parameters as they are: nothing is moved",
        [("p[name][i] = kept + h", "p[name][i] += h - h"), ("p[name][i] = kept - h", "pass")],
    ),
    ("The check gives True, a truth value.", [("    return worst", "    return worst < 1e-6")]),
]


@pytest.mark.parametrize(("words", "edits"), CHECKS, ids=[words for words, _ in CHECKS])
def test_a_check_that_misses_something_is_told_what(words, edits):
    assert words in told("checker", *edits)


@pytest.mark.parametrize(
    "edits",
    [
        [(ERROR, "np.abs(claimed - numeric).max() / size")],
        [(SIZE, "size = max(np.linalg.norm(claimed), np.linalg.norm(numeric))")],
        [(SIZE, SIZE + " + 1e-8")],
        [(SIZE, "size = np.linalg.norm(numeric)")],
        [
            ("p[name][i] = kept + h", "p[name][i] += h"),
            ("p[name][i] = kept - h", "p[name][i] -= 2 * h"),
            ("p[name][i] = kept\n", "p[name][i] += h\n"),
        ],
    ],
)
def test_other_right_checks_pass(edits):
    assert told("checker", *edits).startswith("Right")


def test_zero_by_zero_is_told_as_such():
    """One unit that no sample turns on has entries of 0 on both sides, and entry by entry that is 0/0."""
    dead = [("A1 = np.tanh(Z1)", "A1 = np.maximum(Z1 - 9 * (np.arange(Z1.shape[1]) == 1), 0)"), (DZ1, "* (A1 > 0)")]
    entrywise = (ERROR, "(np.abs(claimed - numeric) / (np.abs(claimed) + np.abs(numeric))).max()")
    with np.errstate(all="ignore"):
        said = told("checker", *dead, entrywise, ("worst = max(worst, ", "worst = np.maximum(worst, "))
    assert "an error of nan, and some of their entries are 0 on both sides: that is 0/0" in said


ADD = "node.grad * slope"
TAPES = [
    ("The gradient of x * y is wrong. All of it is 0: does the output's own", ("self.grad = 1.0", "self.grad = 0.0")),
    ("The gradient of x * y * c is wrong. One step is right, two aren't: multiply each slope by", (ADD, "slope")),
    (
        "The gradient of x * y * c is wrong. One step is right, two aren't: does each value have",
        ("for node in reversed(order):", "for node in order:"),
    ),
    (
        "The gradient of x * y is wrong. It is one step, and nothing is used twice: look at the slopes of *",
        ("[(self, other.data), (other, self.data)]", "[(self, self.data), (other, other.data)]"),
    ),
    (
        "The gradient of x + y is wrong. It is one step, and nothing is used twice: look at the slopes of +.",
        ("[(self, 1.0), (other, 1.0)]", "[(self, 1.0), (other, -1.0)]"),
    ),
    (
        "The gradient of x + x is wrong. x is used twice in one step: is it +=, for each use?",
        ("parent.grad += node", "parent.grad = node"),
    ),
]


@pytest.mark.parametrize(("words", "edit"), TAPES, ids=[words for words, _ in TAPES])
def test_the_first_program_to_fail_says_what_is_missing(words, edit):
    assert words in told("autograd", edit)


# --- the notebook ---


(NOTEBOOK,) = (path for path in NOTEBOOKS if path.name.startswith("09"))

# How a learner goes on: helpers that are called as the model's are, and things that are nothing like them.
TRAINED = """
def step(p, X, y):
    for name, gradient in backward(p, X, y).items():
        p[name] -= 0.3 * gradient

def train(p, X, y, rng):
    for _ in range(600):
        some = rng.choice(len(y), 64)
        step(p, X[some], y[some])

def predict(p, X):
    return forward(p, X)[1].argmax(axis=1)

params = init(64, 32, 10, np.random.default_rng(0))
train(params, X_train, y_train, np.random.default_rng(0))
my_predict, my_params = predict, params
"""
OTHER_THINGS = """
def log_softmax(Z):
    return "mine"

data = digits = few = small = rng = worst = first_backward = X_small = y_small = network = name = error = log_softmax
"""


def answers(code):
    """What this learner puts in place of the notebook's empty cells."""
    empty = [source for source in code_of(NOTEBOOK) if re.match(r"# my_|MyValue = ", source)]
    code = code.replace("def check(", "def gradient_check(") + OTHER_THINGS
    written = [
        code + "\nmy_init, my_loss = init, loss",
        "my_backward = backward",
        "my_gradient_check = gradient_check",
        TRAINED if "p[2]" not in code else TRAINED.replace("backward(p, X, y).items()", "enumerate(backward(p, X, y))"),
        "MyValue = Value\nlive.autograd(MyValue)",
    ]
    return dict(zip(empty, written, strict=True))


def shown(source, names):
    """What a cell shows of its last line, run among these names."""
    *before, last = ast.parse(source).body or [ast.Pass(lineno=1, col_offset=0)]
    if not isinstance(last, ast.Expr):
        before, last = [*before, last], None
    exec(compile(ast.Module(before, []), "<cell>", "exec"), names)
    return last and repr(eval(compile(ast.Expression(last.value), "<cell>", "eval"), names))


def all_right(told):
    rights = "Right: two|Right: a mean|(?:W1|b1) .*Right, all four|Right: it passes|0.9.* is reached|Right on"
    return len(told) == 6 and all(re.match(rights, words, re.DOTALL) for words in told)


@pytest.mark.parametrize("style", [str, as_list])
def test_a_learner_who_calls_things_as_the_model_does_is_found_right(style):
    """The whole notebook is run, from top to bottom. Nothing of the learner's is overwritten, at any stage."""
    names, his, told = {}, {}, []
    written = answers(style(ANSWER))
    checks = [source for source in code_of(NOTEBOOK) if source.startswith("live.")]
    for source in code_of(NOTEBOOK):
        before = dict(names)
        with redirect_stdout(io.StringIO()):
            words = shown(written.get(source, source), names)
        if source in written:
            his |= {name: thing for name, thing in names.items() if before.get(name) is not thing}
        if source in checks or "live." in written.get(source, ""):
            told.append(words)
        his.pop("__builtins__", None)
        assert not [name for name, thing in his.items() if names[name] is not thing], source
    assert all_right(told), told
    assert all_right([shown(source, names) for source in checks] + told[-1:])  # in another order, too


def test_the_taken_names_are_those_that_the_text_calls_taken():
    """They are imported beside the agreed names, or bound or read by a cell below the learner's first one."""
    codes = code_of(NOTEBOOK)
    first = next(n for n, source in enumerate(codes) if source.startswith("# my_init"))
    (given,) = [imported for assigned, imported, _ in map(names_of, codes) if "my_init" in assigned]
    used = given.union(*(names for source in codes[first:] for names in names_of(source)))
    taken = {name for name in used if not re.fullmatch(LEARNERS, name) and not hasattr(builtins, name)}
    (text,) = re.findall(r"all their names but these, [^:]*:([^.]*)\.", "\n".join(sources(NOTEBOOK, "markdown")))
    assert set(re.findall(r"`(\w+)`", text)) == taken


def test_the_annotated_run_is_right_but_for_the_slip_that_it_finds():
    """Its printed words are compared in test_practice_course. Here its functions pass the checks of the round."""
    names = {}
    with redirect_stdout(io.StringIO()):
        for source, _ in folded_programs(NOTEBOOK):
            exec(source, names)
    init, loss, X, y = (names[name] for name in ("init", "loss", "X_test", "y_test"))
    assert repr(live.parameters(init)).startswith("Right") and repr(live.loss(init, loss)).startswith("Right")
    assert "1/B is missing" in repr(live.gradients(init, loss, names["first_backward"]))
    assert repr(live.gradients(init, loss, names["backward"])).endswith("Right, all four.")
    assert repr(live.checker(init, loss, names["gradient_check"])).startswith("Right")
    assert (
        repr(live.accuracy(names["predict"], names["params"], X, y, 0.93)) == "0.961 of 360 are right: 0.93 is reached."
    )
    assert repr(live.autograd(names["Value"])) == "Right on reused values, and on a chain of 5,000 additions."


def test_the_network_to_mend_is_the_one_that_is_shown():
    (planted,) = [source for source in code_of(NOTEBOOK) if source.startswith("case = bug(")]
    (cell,) = [source for source in code_of(NOTEBOOK) if source.startswith("def my_mended_network")]
    case = eval(re.search(r"bug\(.*?\]\)", planted, re.DOTALL)[0], {"bug": bug})
    assert cell.replace("my_mended_network", "softmax_network") == case.source and len(case.slips) == 4
