"""`debug`: the wrong gradients of anybody's own network, and the line, held to differences of its own loss."""

import contextlib
import functools
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from debug_programs import PROGRAMS
from practice_slips import cell

from backprop.practice import debug, debugger, live, shares, slopes
from backprop.practice.drafts import Draft, Unsafe
from backprop.practice.edits import Alike
from backprop.practice.reach import Reach, Shaker
from backprop.practice.wording import listed

SAMPLES = 9
MEAN = "6 is the number of samples, B, here: the mean is missing."


@pytest.fixture(autouse=True)
def patient(own_record, monkeypatch):
    monkeypatch.setattr(debugger, "PATIENCE", 60)  # a busy machine finds the same


def notebook(source, **names):
    """What a cell with this source defines."""
    return cell(source.lstrip("\n"), __name__="__main__", **names)


def network(shape, cell):
    """The arguments of `debug` for a program of this shape."""
    rng = np.random.default_rng(3)
    draw = rng.standard_normal
    X, y = draw((SAMPLES, 4)), rng.integers(0, 3, SAMPLES)
    if shape == "dict":
        params = {"W1": draw((4, 5)), "b1": np.zeros(5), "W2": draw((5, 3)), "b2": np.zeros(3)}
        return cell["loss"], cell["backward"], params, X, y
    if shape == "lists":
        return cell["loss"], cell["grads"], ([draw((4, 5)), draw((5, 3))], [np.zeros(5), np.zeros(3)]), X, y
    if shape == "objects":
        return cell["loss"], cell["backward"], [draw((4, 5)), np.zeros(5), draw((5, 1)), np.zeros(1)], X, y
    if shape == "methods":
        net = cell["Net"](4, 5, 3, rng)
        return net.loss, net.gradients, net.params(), X, y
    if shape == "recurrent":
        net = cell["RNN"](3, 4, 2)
        return net.loss, net.backward, net.params(), draw((5, 4, 3)), draw((5, 2))
    if shape == "normed":
        params = {"W1": draw((4, 5)), "g": 1 + 0.1 * draw(5), "be": np.zeros(5), "W2": draw((5, 3)), "b2": np.zeros(3)}
        return cell["L"], cell["G"], params, X, y
    if shape == "cached":
        return cell["cost"], cell["bwd"], cell["init"]([4, 5, 6, 3]), X.T, np.eye(3)[y].T
    if shape == "tape":
        ws = [draw((4, 5)), np.zeros(5), draw((4, 5)), draw((5, 2)), np.zeros(2)]
        return cell["value"], cell["grads_of"], ws, X, draw((SAMPLES, 2))
    theta = [(draw((5, 4)), np.zeros((5, 1))), (draw((1, 5)), np.zeros((1, 1)))]
    return cell["objective"], cell["slopes"], theta, X.T, 1.0 * (y > 0)


def spoiled(shape, n):
    """(the program with its n-th fault, the lines that differ)."""
    source, faults = PROGRAMS[shape]
    there, wrong = faults[n]
    at = source.rindex(there)
    bad = source[:at] + wrong + source[at + len(there) :]
    pairs = zip(bad.lstrip("\n").splitlines(), source.lstrip("\n").splitlines())
    return bad, [n for n, (mine, due) in enumerate(pairs, start=1) if mine != due]


@pytest.mark.parametrize("shape", PROGRAMS)
def test_a_right_network_of_any_shape_is_right(shape):
    said = repr(debug(*network(shape, notebook(PROGRAMS[shape][0]))))
    assert said.startswith("Right: ") and "Wrong" not in said and "can't be seen here" in said


@functools.cache
def told(shape, n):
    """(what is said of a program's n-th fault, the edited lines)."""
    source, lines = spoiled(shape, n)
    return repr(debug(*network(shape, notebook(source)))), lines


OTHERWISE = {("objects", 5): 12, ("objects", 8): 42, ("nested", 2): 18}  # another line that would do as well


@pytest.mark.parametrize("shape", PROGRAMS)
def test_most_faults_are_located_in_every_shape(shape):
    """On the edited line, on one that would do as well, or named: the mean is missing. No other line is ever named."""
    located, tried = 0, range(0, len(PROGRAMS[shape][1]), 2)  # every second one: each takes about a second
    for n in tried:
        words, edited = told(shape, n)
        assert "Wrong: " in words or "at line" in words
        named = [int(line) for line in re.findall(r"line (\d+)", words)]
        assert not named or edited[0] in named or OTHERWISE.get((shape, n)) in named, (words, edited)
        located += bool(named) or MEAN in words
    assert located >= 0.85 * len(tried)


def test_where_a_copy_computes_nothing_no_line_is_looked_for(own_record):
    """All gradients are wrong, and a copy, which leaves out the method with the `with`, has none: not the same."""
    source = PROGRAMS["tape"][0].replace("out.grad / self.data.size", "out.grad")
    source = source.replace(
        "            v._back()", "            with np.errstate(all='ignore'):\n                v._back()"
    )
    words = repr(debug(*network("tape", notebook(source))))
    assert "The line can't be looked for: a copy of your functions gives something else." in words


def test_what_is_right_is_said_besides():
    words, _ = told("dict", 3)  # the mean of the errors for b2
    assert words.splitlines()[:2] == ["Wrong: b2, which is 0.167 times what it should be.", "Right: W1, W2 and b1."]
    assert "1/6, and 6 is the number of samples, B, here: 1/B is in it once too often." in words
    words, _ = told("dict", 0)  # the mean is missing everywhere: no line of its own
    off = [f"Wrong: {name}, which is 6 times what it should be." for name in ("W1", "b1", "W2", "b2")]
    mean = f"{MEAN} 1/B belongs where the way back begins."
    assert words.splitlines() == [*off, mean, debugger.WEAKNESS]
    words, _ = told("objects", 2)
    assert "Wrong: [0], which has the wrong sign.\nWrong: [1], which has the wrong sign." in words


def test_the_readme_quotes_what_is_said():
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    quoted = " ".join(line[2:] for line in readme.splitlines() if line.startswith("> "))
    assert quoted == " ".join(told("dict", 8)[0].splitlines()[:-1])


def test_another_length_is_not_taken_for_the_number_of_samples():
    """A factor of 3, the outputs, and one gradient alone that lacks its 1/B."""
    source = PROGRAMS["dict"][0]
    words = repr(debug(*network("dict", notebook(source.replace("d /= len(y)", "d *= 3 / len(y)")))))
    assert "which is 3 times what it should be" in words and "number of samples" not in words
    alone = source.replace("d.sum(axis=0)", "d.sum(axis=0) * len(y)")
    words = repr(debug(*network("dict", notebook(alone))))
    assert f"{MEAN} 1/B is missing there." in words and "way back begins" not in words


def test_several_faults_are_taken_one_after_another():
    source, _ = spoiled("dict", 3)
    source = source.replace("X.T @ dz1", "X.T @ dh")
    words = repr(debug(*network("dict", notebook(source))))
    assert "Wrong: W1" in words and "Wrong: b2" in words
    source = PROGRAMS["dict"][0].replace('g["W2"] = h.T @ d', 'g["W2"] = np.tanh(h).T @ np.tanh(d)')
    words = repr(debug(*network("dict", notebook(source.replace("X.T @ dz1", "X.T @ dh")))))
    assert re.search(
        r"in line (21 or in line )?23 (alone )?makes W1 right, too\.|line 24 alone makes W1 right, too\.", words
    )


def test_nothing_of_the_learners_is_changed():
    source = PROGRAMS["dict"][0].replace("    return g\n", '    p["W1"] -= g["W1"]\n    p["b2"][:] = 7\n    return g\n')
    loss, backward, params, X, y = network("dict", notebook(source))
    before = [a.copy() for a in (*params.values(), X, y)]
    state = np.random.get_state()[1].copy()
    assert repr(debug(loss, backward, params, X, y)).startswith("Right: ")
    assert all(np.array_equal(a, b) for a, b in zip((*params.values(), X, y), before))
    assert np.array_equal(np.random.get_state()[1], state)
    loss, gradients, params, X, y = network("methods", notebook(spoiled("methods", 3)[0]))
    before = [a.copy() for a in params.values()]
    assert "A change in line 26" in repr(debug(loss, gradients, params, X, y))
    assert all(np.array_equal(a, b) for a, b in zip(params.values(), before))


def test_biases_of_zero_hide_nothing():
    """With b1 = 0 the slope at X W1 is the slope at z1; a little away from there it isn't."""
    source = PROGRAMS["dict"][0].replace("dh * (z1 > 0)", 'dh * (z1 - p["b1"] > 0)')
    assert "Wrong: W1" in repr(debug(*network("dict", notebook(source))))


def test_a_loss_that_is_wrong_in_the_same_way_passes_and_it_says_so():
    source = PROGRAMS["dict"][0].replace(".mean()", ".sum()").replace("    d /= len(y)\n", "")
    assert repr(debug(*network("dict", notebook(source)))) == (
        "Right: W1, W2, b1 and b2 are what your loss asks for.\n" + debugger.WEAKNESS
    )


def test_what_raises_is_told_with_its_line():
    source = PROGRAMS["dict"][0].replace("h.T @ d\n", "h @ d\n")
    words = repr(debug(*network("dict", notebook(source))))
    assert 'ValueError at line 19: g["W2"] = h @ d' in words  # what forward gives is right: the loss takes it, too
    assert "A change in line 19 alone makes all of them right." in words


def test_gradients_are_read_by_name_or_by_place():
    cell = notebook(PROGRAMS["dict"][0])
    loss, backward, params, X, y = network("dict", cell)

    def given(change):
        return repr(debug(loss, lambda *a: change(backward(*a)), params, X, y))

    assert given(lambda g: {f"d{name}": g[name] for name in "b2 W1 W2 b1".split()}).startswith("Right")
    assert given(lambda g: {f"{name}_grad": one for name, one in g.items()}).startswith("Right")
    assert given(lambda g: [None, g["W1"], g["b1"], g["W2"], g["b2"]]).startswith("Right")
    assert "b1, which has shape (1, 5) where (5,) is due." in given(lambda g: g | {"b1": g["b1"][None]})
    assert "Wrong: b1, which is missing." in given(lambda g: {name: g[name] for name in ("W1", "W2", "b2")})
    assert "Wrong: W1, which has shape (5,) where (4, 5) is due." in given(lambda g: g | {"W1": g["b1"]})
    assert "Wrong: W1, which is all zeros." in given(lambda g: g | {"W1": 0 * g["W1"]})
    assert "Wrong: W1, which holds nan or inf." in given(lambda g: g | {"W1": g["W1"] * np.nan})
    assert "cosine" in given(lambda g: g | {"W1": abs(g["W1"])})
    assert "No gradients could be read: a str of 3." in given(lambda g: "abc")
    assert "No gradients could be read: None." in given(lambda g: None)


ODD = [
    (
        lambda a: (a[0], a[1], "abc", *a[3:]),
        "What was given is a str of 3: arrays in a dict, a list or a tuple are due.",
    ),
    (lambda a: (a[0], a[1], {}, *a[3:]), "The parameters are a dict of 0"),
    (lambda a: (a[0], a[1], {"W1": 2.0}, *a[3:]), "W1 can't be nudged in place"),
    (
        lambda a: (a[0], a[1], {n: v.astype("f") for n, v in a[2].items()}, *a[3:]),
        "float32: a nudge of 1e-05 needs float64",
    ),
    (lambda a: (3, *a[1:]), "loss and gradients should be functions, and one is an int."),
    (lambda a: (lambda p, X, y: X, *a[1:]), "The loss should be one number, and is an array of shape (9, 4)"),
    (lambda a: (lambda p, X, y: 1 / 0, *a[1:]), "The loss can't be computed. ZeroDivisionError"),
]


@pytest.mark.parametrize(("change", "says"), ODD)
def test_what_cannot_be_compared_is_told_in_a_sentence(change, says):
    assert says in repr(debug(*change(network("dict", notebook(PROGRAMS["dict"][0])))))


def test_a_large_batch_is_cut_along_the_axis_that_all_data_share():
    seen = []

    def loss(w, X, y):
        seen.append((X.shape, y.shape))
        return float(((w[0] @ X - y) ** 2).sum())

    def gradients(w, X, y):
        return [2 * (w[0] @ X - y) @ X.T]

    rng = np.random.default_rng(0)
    words = repr(
        debug(loss, gradients, [rng.standard_normal((1, 3))], rng.standard_normal((3, 500)), rng.standard_normal(500))
    )
    assert words.startswith("Right: [0] is what your loss asks for.") and set(seen) == {((3, 6), (6,))}


def rows_seen(*data, at_least=0, fails=None):
    """(what `debug` says of a right model, the lengths of X in the calls of its loss that were tried)."""
    seen = []

    def loss(w, X, y, *others):
        seen.append(len(X))
        if len(X) < at_least:
            return fails()
        return float(((X @ w[0] - y) ** 2).sum())

    def gradients(w, X, y, *others):
        return [2 * X.T @ (X @ w[0] - y)]

    return repr(debug(loss, gradients, [np.random.default_rng(0).standard_normal(3)], *data)), seen


def batch(B, D=3):
    rng = np.random.default_rng(1)
    return rng.standard_normal((B, D)), rng.standard_normal(B)


@pytest.mark.parametrize(("B", "used"), [(1, 1), (5, 5), (6, 6), (7, 6), (40, 6)])
def test_six_samples_are_used_where_there_are_more(B, used):
    said, seen = rows_seen(*batch(B))
    assert said.startswith("Right: [0] is") and set(seen) == {used}


@pytest.mark.parametrize("other", [0.1, "mean", [1, 2], None, np.array(2.0), np.float64(3)])
def test_data_that_are_no_arrays_stay_as_they_are(other):
    """A number, a name or a list beside the batch: it has no samples, and doesn't keep the others from being cut."""
    said, seen = rows_seen(*batch(9), other)
    assert said.startswith("Right: [0] is") and set(seen) == {6}


@pytest.mark.parametrize("fails", [lambda: 1 / 0, lambda: float("nan"), lambda: "no number"])
def test_a_loss_that_fails_on_a_part_of_the_batch_gets_all_of_it(fails):
    said, seen = rows_seen(*batch(9), at_least=9, fails=fails)
    assert said.startswith("Right: [0] is") and seen[0] == 6 and set(seen[1:]) == {9}


def test_arrays_of_no_common_length_are_left_whole():
    X, _ = batch(9)
    said, seen = rows_seen(X, np.ones(1))
    assert said.startswith("Right: [0] is") and set(seen) == {9}


def test_a_method_that_does_more_than_arithmetic_is_left_out_of_the_copy():
    """An __init__ that draws its weights is not run again; one that is needed again ends the search."""
    source = spoiled("methods", 3)[0]
    drawn = source.replace(
        "def __init__(self, D, H, K, rng):\n", "def __init__(self, D, H, K, rng):\n        np.random.seed(0)\n"
    )
    assert drawn != source
    assert "A change in line 27 alone" in repr(debug(*network("methods", notebook(drawn))))
    needed = drawn.replace(
        "        p = self.forward(X)\n", "        Net(2, 2, 2, np.random)\n        p = self.forward(X)\n"
    )
    assert needed != drawn
    assert "A change in line" not in repr(debug(*network("methods", notebook(needed))))


def test_the_live_round_names_the_line():
    source = spoiled("dict", 8)[0]
    cell = notebook(source)

    def init(D, H, K, rng):
        return {
            "W1": rng.standard_normal((D, H)),
            "b1": np.zeros(H),
            "W2": rng.standard_normal((H, K)),
            "b2": np.zeros(K),
        }

    said = repr(live.gradients(init, cell["loss"], cell["backward"]))
    assert "W1   FAILS" in said and "A change in line 23 alone makes all of them right." in said
    said = repr(live.gradients(init, cell["loss"], lambda *a: {n: -g for n, g in cell["backward"](*a).items()}))
    assert said.endswith("Look at the last layer first: at dZ2, from which all of them come.")


def test_where_no_change_is_found_the_line_is_told_below_which_the_slopes_are_right():
    """What is due there is taken from the loss itself: the slope with respect to each value that it computes."""
    words, edited = told("recurrent", 7)
    assert f"With the right value in line {edited[0]} each time, all of them are right." in words  # it is in a loop
    words, edited = told("normed", 3)
    assert f"The mistake is in line {edited[0]}: what it uses is right" in words
    words, _ = told("dict", 0)
    assert "With the right value" not in words and "The mistake is in" not in words  # it is where backward begins


def test_slopes_of_a_loss_are_those_of_calculus():
    """Of ½ Σ (x W − y)²: the error itself, and Wᵀ of it handed back; a value computed twice has two."""
    source = """
def loss(p, x, y):
    out = np.tanh(x @ p[0])
    err = out @ p[1] - y
    return 0.5 * (err ** 2).sum()
"""
    rng = np.random.default_rng(0)
    p, x, y = [rng.normal(size=(3, 4)), rng.normal(size=(4, 2))], rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    draft = Draft.of_function(notebook(source)["loss"])
    values, found = slopes.slopes_of(draft, (p, x, y))
    out = np.tanh(x @ p[0])
    err = out @ p[1] - y
    due = [err @ p[1].T * (1 - out**2), err @ p[1].T, err, err, err / (2 * err)]
    got = [array for arrays in found.values() for array in arrays]
    for one in due[:4]:
        assert any(one.shape == other.shape and np.allclose(one, other, atol=1e-7) for other in got)
    assert any(np.allclose(other, 0.5) for other in got)  # of err ** 2
    assert any(np.allclose(value, out) for arrays in values.values() for value in arrays if value.shape == out.shape)
    due, weak = slopes.pool(values, found, 5)
    assert any(what[0] == "sum" for what in weak) and not any(what[0] == "slope" for what in weak)
    assert not any(what[0] == "sum" for what in slopes.pool(values, found, 1)[0]) and set(due) > weak


def test_a_loss_that_is_random_or_no_number_is_told_so(own_record):
    rng = np.random.default_rng(0)
    W, x = [rng.normal(size=(3, 2))], rng.normal(size=(4, 3))
    drop = notebook(
        "rng = np.random.default_rng(0)\ndef loss(W, x):\n    return ((x @ W[0]) * (rng.random((4, 2)) < 0.5)).sum()\n"
    )
    assert "Called twice at the same point, your loss gives two numbers" in repr(
        debug(drop["loss"], lambda W, x: W, W, x)
    )
    nan = notebook("def loss(W, x):\n    return np.log(-np.abs(x @ W[0])).sum()\n")
    assert "Your loss is nan" in repr(debug(nan["loss"], lambda W, x: W, W, x))


def test_the_global_random_state_is_as_before():
    np.random.seed(1)
    before = np.random.get_state()[1].tolist()
    loss = notebook("def loss(W, x):\n    np.random.rand()\n    return (x @ W[0]).sum()\n")["loss"]
    debug(loss, lambda W, x: [x.T @ np.ones((4, 2))], [np.ones((3, 2))], np.ones((4, 3)))
    assert np.random.get_state()[1].tolist() == before


def test_what_is_nearly_right_is_not_said_to_have_another_direction():
    right = scaled(1)
    near = repr(debug(quadratic, lambda w, X, y: [right(w, X, y)[0] + [0, 0, 0.01]], [np.ones(3)], *batch(3)))
    assert "is off by" in near and "and not by one factor" in near and "cosine 1.00" not in near


# ---- shares: a parameter that the loss uses in several places ----

SHARED = """
def states(P, X):
    h = [np.zeros((len(X), 3))]
    for t in range(X.shape[1]):
        h.append(np.tanh(X[:, t] @ P["U"] + h[-1] @ P["W"]))
    return h

def loss(P, X, Y):
    out = states(P, X)[-1] @ P["U"].T
    return ((out - Y) ** 2).sum() / 2 + 0.1 * (P["W"] ** 2).sum()

def gradients(P, X, Y):
    h = states(P, X)
    d = h[-1] @ P["U"].T - Y
    dU = d.T @ h[-1]
    dW = 0.2 * P["W"]
    dh = d @ P["U"]
    for t in reversed(range(X.shape[1])):
        dz = dh * (1 - h[t + 1] ** 2)
        dU += X[:, t].T @ dz
        dW += h[t].T @ dz
        dh = dz @ P["W"].T
    return {"U": dU, "W": dW}
"""


def shared(there, wrong):
    """What `debug` says of a recurrent network with tied weights and a penalty, with one fault."""
    assert SHARED.count(there) == 1
    program = notebook(SHARED.replace(there, wrong))
    rng = np.random.default_rng(5)
    P = {"U": rng.normal(size=(2, 3)), "W": 0.5 * rng.normal(size=(3, 3))}
    data = rng.normal(size=(4, 3, 2)), rng.normal(size=(4, 2))
    return repr(debug(program["loss"], program["gradients"], P, *data))


@pytest.mark.parametrize(
    "there, wrong, share",
    [
        (
            'dW = 0.2 * P["W"]',
            'dW = np.zeros_like(P["W"])',
            "W, in which what comes through line 9 of your loss is missing",
        ),
        ("0.2 *", "0.1 *", "W, in which what comes through line 9 of your loss is 0.5 times what it should be"),
        ("0.2 *", "-0.2 *", "W, in which what comes through line 9 of your loss has the wrong sign"),
        (
            "dU = d.T @ h[-1]",
            'dU = np.zeros_like(P["U"])',
            "U, in which what comes through line 8 of your loss is missing",
        ),
        ("        dU += X[:, t].T @ dz\n", "", "U, in which what comes through line 4, in states, is missing"),
    ],
)
def test_the_share_that_is_wrong_is_told(there, wrong, share, own_record):
    words = shared(there, wrong)
    assert f"Wrong: {share}: the rest is right." in words
    assert debugger.NOWHERE not in words


def test_the_steps_that_are_missing_are_told(own_record):
    program = """
def loss(W, x):
    h = x
    for t in range(4):
        h = np.tanh(h @ W[0])
    return h.sum()

def gradients(W, x):
    h = [x]
    for t in range(4):
        h.append(np.tanh(h[-1] @ W[0]))
    dW, dh = [], np.ones_like(x)
    for t in reversed(range(4)):
        dz = dh * (1 - h[t + 1] ** 2)
        dW.append(h[t].T @ dz)
        dh = dz @ W[0].T
    return [KEPT]
"""
    rng = np.random.default_rng(5)
    W, x = [rng.normal(size=(3, 3))], rng.normal(size=(4, 3))

    def said(kept):
        found = notebook(program.replace("KEPT", kept))
        return repr(debug(found["loss"], found["gradients"], W, x))

    assert said("sum(dW)").startswith("Right")
    assert "in which nothing but the last of 4 runs of line 4 of your loss is: the rest" not in said("dW[0]")
    assert "in which nothing but the last of 4 runs of line 4 of your loss is there" in said("dW[0]")
    assert "in which nothing but the first of 4 runs of line 4 of your loss is there" in said("dW[3]")
    assert "in run 2 of 4, is missing" in said("dW[0] + dW[1] + dW[3]")


def test_a_gradient_that_is_no_sum_of_shares_is_told_by_its_direction(own_record):
    words = shared("dU = d.T @ h[-1]", "dU = d.T @ h[1]")
    assert "U, which" in words and "in which" not in words


# ---- things in each other's place, and what the loss runs, too ----


def test_results_and_entries_in_each_others_place_are_told(own_record):
    words = shared('{"U": dU, "W": dW}', '{"U": dW, "W": dU}')
    assert "A change in line 22 alone makes all of them right." in words and "the order of two things" in words
    program = """
def forward(P, x):
    h = np.tanh(x @ P["A"])
    return h, h @ P["B"]

def loss(P, x, y):
    return ((forward(P, x)[1] - y) ** 2).sum() / 2

def gradients(P, x, y):
    h, out = forward(P, x)
    g = {}
    g["A"] = h.T @ (out - y)
    g["B"] = x.T @ ((out - y) @ P["B"].T * (1 - h * h))
    return g
"""
    found, rng = notebook(program), np.random.default_rng(0)
    P, x, y = (
        {"A": rng.normal(size=(3, 3)), "B": rng.normal(size=(3, 3))},
        rng.normal(size=(5, 3)),
        rng.normal(size=(5, 3)),
    )
    words = repr(debug(found["loss"], found["gradients"], P, x, y))
    assert "Line 11 and line 12 hold each other's value: exchanged, they make all of them right." in words


def test_what_the_loss_runs_is_accused_last(own_record):
    program = """
def forward(P, x):
    z = x @ P["A"]
    a = 1 / (1 + np.exp(-z))
    return z, a, a @ P["B"]

def loss(P, x, y):
    return ((forward(P, x)[2] - y) ** 2).sum() / 2

def gradients(P, x, y):
    z, a, out = forward(P, x)
    d = out - y
    dz = d @ P["B"].T * z * (1 - z)
    return {"A": x.T @ dz, "B": a.T @ d}
"""
    found, rng = notebook(program), np.random.default_rng(0)
    P, x, y = (
        {"A": rng.normal(size=(3, 3)), "B": rng.normal(size=(3, 3))},
        rng.normal(size=(5, 3)),
        rng.normal(size=(5, 3)),
    )
    assert "change in line 12 alone makes all of them right" in repr(debug(found["loss"], found["gradients"], P, x, y))
    found = notebook(program.replace("return z, a, a @", "return z, z, a @").replace("z * (1 - z)", "a * (1 - a)"))
    assert "line 4, in forward," in repr(debug(found["loss"], found["gradients"], P, x, y))


UPDATING = """
def loss(x, y):
    return ((np.tanh(x @ P["A"]) @ P["B"] - y) ** 2).sum() / 2

def step(x, y):
    h = np.tanh(x @ P["A"])
    d = h @ P["B"] - y
    dB = h.T @ d
    P["B"] -= 0.1 * dB
    dz = d @ P["B"].T * (1 - h * h)
    dA = x.T @ dz
    P["A"] -= 0.1 * dA
    return {"A": dA, "B": dB}
"""


def test_parameters_that_are_updated_on_the_way_are_put_back(own_record):
    """And the update that comes too early is found: what goes down takes the weights that were just changed."""
    rng = np.random.default_rng(0)
    P = {"A": rng.normal(size=(3, 4)), "B": rng.normal(size=(4, 2))}
    found = notebook(UPDATING, P=P)
    before = {name: array.copy() for name, array in P.items()}
    words = repr(debug(found["loss"], found["step"], P, rng.normal(size=(5, 3)), rng.normal(size=(5, 2))))
    assert all(np.array_equal(P[name], before[name]) for name in P)
    assert f"{debugger.MOVED}A and B." in words and "Called twice" not in words
    assert "A change in line 8 or in line 9 makes all of them right." in words


def test_gradients_that_keep_something_from_call_to_call_are_told_so(own_record):
    found = notebook(
        "kept = [np.zeros(3)]\ndef g(w, X, y):\n    kept[0] = kept[0] + right(w, X, y)[0]\n    return kept\n",
        right=scaled(1),
    )
    words = repr(debug(quadratic, found["g"], [np.ones(3)], *batch(3)))
    assert words.startswith("Called twice at the same point, your gradients differ:")


# ---- the pieces ----


@pytest.mark.parametrize(
    ("given", "name"),
    [("dW1", "W1"), ("d_W1", "W1"), ("grad_W1", "W1"), ("gW1", "W1"), ("W1_grad", "W1"), ("W1", "W1"), ("d", "d"),
     ("g", "g"), ("gamma", "amma"), ("grad_", "rad_"), ("dW_grad", "W_grad"), ("[0]", "[0]")],
)  # fmt: skip
def test_a_gradient_is_called_after_its_parameter(given, name):
    assert debugger._bare(given) == name


@pytest.mark.parametrize(
    ("value", "leaves"),
    [
        (2.0, {"it": 2.0}),
        (None, {}),
        ([], {}),
        ([None, 1, 2], {"[1]": 1, "[2]": 2}),
        ((1, [2, (3,)]), {"[0]": 1, "[1][0]": 2, "[1][1][0]": 3}),
        ({"W": {1: 5, "b": None}, 2: [6]}, {"W[1]": 5, "2[0]": 6}),
    ],
)
def test_each_array_has_a_name_by_its_place(value, leaves):
    assert debugger._leaves(value) == leaves and [*debugger._leaves(value)] == [*leaves]


@pytest.mark.parametrize(("names", "words"), [(["b"], "b"), (["b", "a"], "a and b"), (["c", "b", "a"], "a, b and c")])
def test_names_in_words(names, words):
    assert listed(sorted(names)) == words


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (lambda p, X, y: 0, ["p", "X", "y"]),
        (lambda p, *data: 0, ["p", "X", "y"]),
        (lambda X, y: 0, ["X", "y"]),
        (lambda X, y, p=0: 0, ["p", "X", "y"]),
        (max, ["p", "X", "y"]),  # Python can't say what it takes
    ],
)
def test_a_function_gets_the_parameters_unless_it_takes_the_data_alone(function, arguments):
    called = debugger.Called(function, "p", ("X", "y"))
    assert [*called.arguments.values()] == arguments and called.owns is (arguments[0] != "p")


def scaled(factor):
    return lambda w, X, y: [factor * 2 * X.T @ (X @ w[0] - y)]


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (-1, "has the wrong sign."),
        (2, "is 2 times what it should be."),
        (-0.5, "has the wrong sign and is 0.5 times what it should be."),
        (6, f"is 6 times what it should be.\n{MEAN} 1/B belongs where the way back begins."),
        (1 / 6, "is 0.167 times what it should be.\nThat is 1/6, and 6 is the number of samples, B, here: 1/B is in it"
                " once too often."),
    ],
)  # fmt: skip
def test_how_far_a_gradient_is_off(factor, said):
    def loss(w, X, y):
        return float(((X @ w[0] - y) ** 2).sum())

    words = repr(debug(loss, scaled(factor), [np.ones(3)], *batch(9)))
    assert words.startswith(f"Wrong: [0], which {said}\n"), words


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (0.0, "Right: [0]"),
        (1e-10, "Right: [0]"),
        (1e-8, "Wrong: [0], which should be all zeros."),
        (1.0, "Wrong: [0], which should be all zeros."),
    ],
)
def test_a_gradient_of_zero_is_due_where_the_loss_does_not_depend_on_it(given, said):
    words = repr(debug(lambda w, X, y: float(X.sum()), lambda w, X, y: [w[0] * 0 + given], [np.ones(3)], *batch(4)))
    assert words.startswith(said)


@pytest.mark.parametrize("size", [1e3, 1.0, 1e-3, 1e-5])
@pytest.mark.parametrize(("factor", "right"), [(1, True), (1 + 1e-6, True), (1.001, False), (0.9, False)])
def test_a_gradient_is_right_by_its_own_size(size, factor, right):
    """However small or large the loss is."""
    words = repr(debug(lambda *a: size * quadratic(*a), scaled(size * factor), [np.ones(3)], *batch(4)))
    assert words.startswith("Right" if right else "Wrong"), words


def test_one_sample_says_nothing_about_the_mean():
    def loss(w, X, y):
        return float(((X @ w[0] - y) ** 2).sum())

    assert "number of samples" not in repr(debug(loss, scaled(1 + 1e-3), [np.ones(3)], *batch(1)))


def quadratic(w, X, y):
    return float(((X @ w[0] - y) ** 2).sum())


def frozen(w):
    w.flags.writeable = False
    return w


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ([1.0, 2.0, 3.0], "[0][0] can't be nudged in place: parameters should be arrays of their own."),
        (frozen(np.ones(3)), "[0] can't be nudged in place: parameters should be arrays of their own."),
        (np.ones(3, np.int64), "[0] is an array of shape (3,) and type int64: a nudge of 1e-05 needs float64, as "
                               "astype(np.float64) gives."),
        (np.ones((3, 2)).T, "A parameter is a view whose numbers can't be nudged in place: hand in a copy of it."),
        ("abc", "[0] is a str of 3: arrays in a dict, a list or a tuple are due."),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_nudged_is_told_and_left_as_it_is(parameter, said):
    before = np.array(parameter)
    called = []

    def loss(w, X, y):
        return called.append(1) or 0.0

    assert repr(debug(loss, scaled(1), [parameter], *batch(3))) == said
    assert debugger.line_of(loss, scaled(1), [parameter], *batch(3)) == ""
    assert np.array_equal(np.array(parameter), before)


def test_a_column_of_a_larger_array_is_nudged_where_it_stands():
    whole = np.arange(12.0).reshape(3, 4)
    said = repr(debug(quadratic, scaled(1), [whole[1, :3]], *batch(3)))
    assert said.startswith("Right: [0]") and np.array_equal(whole, np.arange(12.0).reshape(3, 4))


@pytest.mark.parametrize("fails", [lambda: 1 / 0, lambda: "no number"])
def test_parameters_are_as_before_where_the_loss_fails_on_the_way(fails):
    calls = []

    def loss(w, X, y):
        calls.append(1)
        return fails() if len(calls) > 4 else quadratic(w, X, y)

    w = np.ones(3)
    with contextlib.suppress(ZeroDivisionError):
        debug(loss, scaled(1), [w], *batch(3))
    assert len(calls) == 5 and np.array_equal(w, np.ones(3))


def test_what_a_loss_prints_is_not_seen(capsys):
    def loss(w, X, y):
        print("loss")
        return quadratic(w, X, y)

    def gradients(w, X, y):
        print("gradients")
        return scaled(1)(w, X, y)

    assert repr(debug(loss, gradients, [np.ones(3)], *batch(3))).startswith("Right")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("size", "nudged"), [(1, 1), (39, 39), (40, 40), (41, 40), (300, 40)])
def test_of_a_large_parameter_forty_numbers_are_nudged_each_once(size, nudged):
    w = np.zeros(size)
    places, slopes = debugger.numeric(lambda: float((w**2).sum() + 3 * w.sum()), {"w": w})["w"]
    assert len(places) == len(slopes) == nudged == len({*places}) and [*places] == sorted(places)
    assert np.allclose(slopes, 3) and not w.any()


BEGINS = {
    "set by name": """
    def __init__(self, **given):
        for name in given:
            setattr(self, name, given[name])
""",
    "made by a class method": """
    @classmethod
    def make(cls, **given):
        net = cls()
        net.W = given["W"]
        return net
""",
    "drawn when made": """
    def __init__(self, **given):
        self.W = given["W"] + 0 * np.random.randn()
""",
}


@pytest.mark.parametrize("fault", BEGINS)
def test_whatever_a_class_does_when_it_is_made_nothing_is_raised(fault):
    """A copy may lack what is left out of it; then the line isn't told."""
    begins = BEGINS[fault]
    source = f"""
class Net:
{begins}
    def out(self, x):
        return np.tanh(x @ self.W)

def made(p):
    return Net{".make" if "class" in fault else ""}(W=p["W"])

def loss(p, x, y):
    return 0.5 * ((made(p).out(x) - y) ** 2).mean()

def grads(p, x, y):
    out = made(p).out(x)
    return {{"W": x.T @ ((out + y) / y.size * (1 - out ** 2))}}
"""
    found, rng = notebook(source), np.random.default_rng(0)
    p, x, y = {"W": rng.normal(size=(3, 2))}, rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    said = repr(debug(found["loss"], found["grads"], p, x, y))
    assert "Wrong: W" in said and debugger.WEAKNESS in said


def test_where_a_term_is_missing_at_a_join_the_lines_between_are_named():
    """The function whose result lacks a term further on isn't accused alone."""
    source = """
def block(p, h):
    return np.tanh(h @ p["A"])

def loss(p, x, y):
    h = x @ p["W"]
    return 0.5 * ((h + block(p, h) - y) ** 2).sum()

def back_block(p, h, d):
    d = d * (1 - block(p, h) ** 2)
    return d @ p["A"].T, h.T @ d

def grads(p, x, y):
    h = x @ p["W"]
    d = h + block(p, h) - y
    dh, dA = back_block(p, h, d)
    both = np.cos(dh)
    return {"A": dA, "W": x.T @ both}
"""
    found, rng = notebook(source), np.random.default_rng(0)
    p = {"W": rng.normal(size=(3, 4)), "A": rng.normal(size=(4, 4))}
    said = repr(debug(found["loss"], found["grads"], p, rng.normal(size=(5, 3)), rng.normal(size=(5, 4))))
    line = next(one for one in said.splitlines() if "line" in one)
    assert "line 16" in line and "what it uses is right" not in line, said


# ---- one at a time: what a line reaches, and the uses of a parameter ----

REACHING = """
def helper(h):
    return h * 2

def gradients(x, w):
    n = 3
    h = x @ w
    a, b = x + 1, h + 1
    b = helper(b)
    return {"A": a, "B": b, "C": x * n}
"""


def reaching():
    """(a draft, what its lines reach): lines are counted in each of its functions."""
    f, rng = notebook(REACHING)["gradients"], np.random.default_rng(0)
    return Draft.of_function(f), Reach(Draft.of_function(f), dict(enumerate(rng.normal(size=(2, 3, 3)))), dict)


def test_a_line_reaches_the_results_that_change_with_its_value():
    _, reach = reaching()
    assert reach.found == {(0, 3): {"B"}, (0, 4): {"A", "B"}, (0, 5): {"B"}, (0, 6): {"A", "B", "C"}, (1, 2): {"B"}}


def test_an_answer_that_raises_reaches_nothing():
    f = notebook("def g(x):\n    y = x + 1\n    return y @ 3\n")["g"]
    assert Reach(Draft.of_function(f), {0: np.ones(2)}, lambda value: {} if value is None else {"y": value}).found == {}


def test_what_reaches_all_that_is_wrong_is_tried_first_and_what_is_late_after_all_else():
    draft, reach = reaching()
    tried = []
    for batch in reach.batches(draft, frozenset("AB"), lambda part, node: part.line(node) == 9):
        nodes = [(kind, part, node.nodes[0] if isinstance(node, Alike) else node) for kind, node, part, _ in batch]
        tried.append({(kind, part.line(node)) for kind, part, node in nodes})
    assert len(tried) == 12 and {line for one in tried[:6] for _, line in one} == {2, 5, 6, 7, 8}
    assert {line for one in tried[6:] for _, line in one} == {9}
    assert {line for _, line in tried[0]} == {5, 6, 7, 8} and {line for _, line in tried[1]} == {7}
    assert {kind for kind, line in tried[0] if line in (6, 8)} <= {
        "moment",
        "assignment",
    }  # what they move may reach it
    assert ("sign", 7) in tried[0] and ("sign", 6) in tried[3] and ("sign", 7) not in tried[3]


def test_the_places_that_change_together_are_ranked_by_the_nearest():
    draft, reach = reaching()
    h, b = draft.body.body[1].value, draft.body.body[3].value
    for kind, nodes, wrong, rank in [
        ("sign", [h], "B", 0),
        ("sign", [h], "AB", 2),
        ("sign", [draft.body.body[2].value], "B", 1),
        ("moment", [h], "AB", 1),
        ("sign", [draft.body.body[0].value], "A", 1),  # a whole number is not shaken
        ("sign", [h, draft.body.body[2].value], "AB", 0),
        ("sign", [b, h], "B", 0),
    ]:
        node = Alike(nodes) if len(nodes) > 1 else nodes[0]
        lines = {id(one): (0, one.lineno) for one in nodes}
        change = kind, node, draft, None
        assert reach.ranked(change, lines, frozenset(wrong), lambda *_: False) == ((False, rank), change)


def test_one_value_is_shaken_by_a_tenth_and_others_are_handed_on():
    shake, value = Shaker(), np.full(1000, 2.0)
    assert shake(0, value) is value and not shake.shook
    shake.begin(0)
    for other in (3, True, "x", None, np.arange(3)):
        assert shake(0, other) is other and not shake.shook
    moved = shake(0, value) - value
    assert shake.shook and 0.15 < moved.std() < 0.25 and shake(0, 0.0) == pytest.approx(1e-3)
    for values in ((1.0, 2.0, 3.0), np.ones((2, 2)), iter("ab")):  # what doesn't fit its names raises by itself
        assert shake.each([0, 1], values) is values
    one, other = shake.each([0, 1], (5.0, 7.0))
    assert one != 5 and other == 7


USES = """
def twice(W, x):
    return np.dot(x, W)

def loss(W, V, x):
    h = np.zeros(W.shape[1])
    h = h + twice(W, x) @ W
    for k in range(3):
        h = np.tanh(V + h)
    return (h ** 2).sum() + W.sum() + (W[0] ** 2).sum()
"""


def test_a_loss_that_cannot_be_copied_has_no_shares():
    def refused():
        raise Unsafe

    assert shares.of(refused, (), {}) is None
    fails = notebook("def loss(w):\n    return w @ w @ w\n")["loss"]
    assert shares.of(lambda: Draft.of_function(fails), (np.ones(2),), {"w": np.ones(2)}) is None


@pytest.fixture(scope="module")
def uses():
    """The uses of W and V in a loss."""
    rng, loss = np.random.default_rng(0), notebook(USES)["loss"]
    W, x = 0.5 * rng.normal(size=(2, 3, 3))
    V = rng.normal(size=3)
    return shares.of(lambda: Draft.of_function(loss), (W, V, x), {"W": W, "V": V})


def test_a_parameter_is_used_where_something_is_calculated_with_it(uses):
    found = [(part.body.name, line, turn, len(keys)) for (((part, line), turn), keys) in uses.ways("W").items()]
    assert found == [("twice", 2, None, 1), ("loss", 6, None, 1), ("loss", 9, None, 2)]
    assert [(line, turn) for (_, line), turn in uses.ways("V")] == [(8, 0), (8, 1), (8, 2)]


LINES = ["line 2, in twice,", "line 6 of your loss", "line 9 of your loss"]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([1, 1, 1], ""),
        ([0, 0, 0], ""),
        ([2, 3, 0], ""),
        ([0, 1, 1], "what comes through {0} is missing: the rest is right"),
        ([1, 0.5, 1], "what comes through {1} is 0.5 times what it should be: the rest is right"),
        ([1, 1, -1], "what comes through {2} has the wrong sign: the rest is right"),
        ([2, 1, 0], "what comes through {0} is 2 times what it should be and what comes through {2} is missing: "
         "the rest is right"),
    ],
)  # fmt: skip
def test_how_often_each_share_is_in_there_is_told(uses, counts, said, monkeypatch):
    monkeypatch.setattr(uses, "end", float("inf"))
    each = np.array([uses.slopes("W", keys, range(9)) for keys in uses.ways("W").values()])
    assert uses.told("W", range(9), counts @ each) == said.format(*LINES)
    assert uses.told("W", range(9), counts @ each + 1e-3 * np.eye(9)[4]) == ""  # it is no sum of them
    assert uses.told("W", range(5), counts @ each[:, :5]) == said.format(*LINES)
    assert uses.told("W", range(4), counts @ each[:, :4]) == ""  # too few numbers for so many shares
    monkeypatch.setattr(uses, "end", 0.0)
    assert uses.told("W", range(9), counts @ each) == ""


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([1, 0, 1], "what comes through line 8 of your loss, in run 2 of 3, is missing: the rest is right"),
        ([1, 0, 0], "nothing but the first of 3 runs of line 8 of your loss is there"),
        ([0, 1, 0], "nothing but run 2 of 3 of line 8 of your loss is there"),
        ([0, 0, 1], "nothing but the last of 3 runs of line 8 of your loss is there"),
    ],
)
def test_the_runs_of_one_line_are_told_apart(uses, counts, said):
    wrong = {way: count for way, count in zip(uses.ways("V"), counts) if count != 1}
    assert uses.in_words(wrong, 3) == said


def test_parameters_that_a_call_changed_are_put_back_and_named_in_order():
    b, a, nan = np.ones(2), np.zeros(2), np.array([np.nan])
    point = {"b": np.zeros(2), "a": np.ones(2), "c": nan.copy()}
    assert debugger.put_back({"b": b, "a": a, "c": nan}, point) == ["a", "b"] and not b.any() and a.all()
    assert debugger.put_back({"b": b, "a": a, "c": nan}, point) == []


def test_the_lines_that_a_loss_runs_are_seen_and_the_trace_is_as_before(capsys):
    program = notebook("def f(x):\n    y = 0\n    if x:\n        y = 1\n    print(y)\n    return (lambda: y)()\n")
    before = sys.gettrace()
    found = debugger.lines_run(lambda: program["f"](np.log(0.0) > 0))  # nor is a warning told
    assert {pair for pair in found if pair[0] == "f"} == {("f", n) for n in (1, 2, 3, 5, 6)}
    assert ("<lambda>", 6) in found and capsys.readouterr().out == "" and sys.gettrace() is before
    with pytest.raises(ZeroDivisionError):
        debugger.lines_run(lambda: 1 / 0)
    assert sys.gettrace() is before
    part = Draft.of_function(program["f"]).parts()[0]
    runs = debugger.lines_of({("f", 2), ("<lambda>", 6), ("g", 5)})
    assert [runs(part, node) for node in part.body.body] == [True, False, False, True]


def test_the_number_of_samples_is_called_so_among_the_shares():
    own = debugger.Own(debugger.Called(lambda *_: 0, None, batch(6)), {}, {})
    said = "it is 6 times what it should be, and 3 times what it should be"
    assert own.with_batch(said) == said.replace("6 times", "B = 6 times (B counts the samples)")
    assert own.with_batch("it is 60 times what") == "it is 60 times what" and own.with_batch("") == ""
    alone = debugger.Own(debugger.Called(lambda *_: 0, None, batch(1)), {}, {})
    assert alone.with_batch("it is 1 times what") == "it is 1 times what"


@pytest.mark.parametrize("back", [tuple, lambda grads: grads], ids=["a tuple", "of the same fields"])
def test_what_has_fields_is_named_by_them(back):
    made = notebook("""
from collections import namedtuple

Dense = namedtuple("Dense", "kernel offset")

def loss(layers, X, y):
    return 0.5 * ((X @ layers[0].kernel + layers[0].offset - y) ** 2).sum()

def backward(layers, X, y):
    error = X @ layers[0].kernel + layers[0].offset - y
    return [back(Dense(X.T @ error, 2 * error.sum(axis=0)))]
""")
    made["loss"].__globals__["back"] = back
    layers = [made["Dense"](np.ones((3, 2)), np.zeros(2))]
    said = str(debug(made["loss"], made["backward"], layers, np.ones((4, 3)) * np.arange(3), np.ones((4, 2))))
    assert "[0].offset" in said and "Right: [0].kernel." in said and "[0][1]" not in said, said


RETURNED = """
def standard(x):
    d = x - x.mean(0)
    r = np.sqrt((d * d).mean(0) + 1e-5)
    return d / r, r

def loss(p, x, y):
    n, r = standard(x @ p["A"])
    return ((np.tanh(p["g"] * n) @ p["B"] - y) ** 2).sum() / len(x)

def through(g, n, r):
    dx = (g - g.mean(0) - n * (g * n).mean(0)) / r
    return dx

def grads(p, x, y):
    n, r = standard(x @ p["A"])
    h = np.tanh(p["g"] * n)
    size = x.shape[0]
    e = 2 * (h @ p["B"] - y) / size
    k = e @ p["B"].T * (1 - h ** 2)
    dx = through(k * p["g"], n, r)
    return {"A": x.T @ dx, "g": (k * n).sum(0), "B": h.T @ e}
"""


def returned(right, wrong):
    assert RETURNED.count(right) == 1
    names = notebook(RETURNED.replace(right, wrong))
    draw = np.random.default_rng(1).standard_normal
    p = {"A": draw((4, 5)), "g": 1 + draw(5) / 9, "B": draw((5, 3))}
    return str(debug(names["loss"], names["grads"], p, draw((9, 4)), draw((9, 3))))


def test_the_line_that_sets_a_value_is_told_and_not_the_one_that_returns_it():
    words = returned("(g - g.mean(0) - n * (g * n).mean(0)) / r", "g / r")
    assert "line 11, in through" in words and "line 12" not in words


def test_a_missing_factor_is_no_other_size_though_two_sizes_have_that_ratio():
    """Half the batch of 6 is the number of outputs."""
    words = returned("2 * (h", "(h")
    assert "about a size" not in words and "line 18" in words
