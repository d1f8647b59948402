"""The first line: a right one trains, a wrong one trains badly and is named, and none can do any harm."""

import io
from contextlib import redirect_stdout

import numpy as np
import pytest

from backprop import MLP
from backprop.data import digits
from backprop.practice import bank, check, train_digits
from backprop.practice.first import ByYourLine, training
from backprop.practice.wording import meaning, plainly

DIGITS = digits()
LINE = bank.find("start.line")
pytestmark = pytest.mark.usefixtures("own_record")


def right(W_next, delta_next, slope):
    return W_next.T @ delta_next * slope


def reached(line, seed=0):
    """How well a network reads before the first pass and after the last."""
    with np.errstate(all="ignore"):
        shares = [share for _, share in training(line, DIGITS, seed)]
    return shares[0], shares[-1]


def printed(line):
    with redirect_stdout(io.StringIO()) as out:
        assert train_digits(line) is None
    return out.getvalue()


@pytest.mark.parametrize("seed", range(3))
def test_a_right_line_takes_it_from_guessing_to_reading(seed):
    before, after = reached(right, seed)
    assert before < 0.15 and after > 0.94


def test_00_says_what_is_printed():
    lines = printed(right).splitlines()
    assert lines[0] == "untrained         10% of new digits read right"
    assert lines[-1] == "after 20 passes   96% of new digits read right"
    assert lines[1].startswith("after  1 pass ") and lines[2].startswith("after  3 passes ")
    assert [line[:16].split()[1] for line in lines[1:]] == ["1", "3", "5", "10", "15", "20"]


@pytest.mark.parametrize("seed", range(2))
def test_without_the_slope_nothing_crashes_and_nothing_is_learned(seed):
    assert reached(lambda W, d, s: W.T @ d, seed)[1] < 0.2


@pytest.mark.parametrize("slip", ["sign", "added", "mean", "no-error"])
def test_a_wrong_line_trains_badly_and_is_named(slip):
    wrong = LINE.function(LINE.edited([one for one in LINE.slips if one.id == slip]))
    assert reached(wrong)[1] < 0.25
    assert check("start.line", wrong).slips == (slip,)


def test_it_is_the_line_that_is_used():
    """With the right one the network learns just what the core's own does; with another one it doesn't."""
    X, y = DIGITS.X_train[:, :16], DIGITS.y_train[:16]
    own = MLP([64, 32, 32, 32, 10], hidden="sigmoid", loss="cross_entropy", seed=0)
    due = own.backward(own.forward(X), y)
    for line, same in (right, True), (lambda W, d, s: W.T @ d, False):
        net = ByYourLine(line)
        grads = net.backward(net.forward(X), y)
        assert all(np.allclose(grads.W[l], due.W[l], rtol=1e-12) for l in (1, 2, 3, 4)) == same
        assert np.array_equal(grads.W[4], due.W[4])


def test_a_line_can_spoil_nothing_but_its_own_result():
    def careless(W_next, delta_next, slope):
        delta_next *= 1.0
        delta = W_next.T @ delta_next * slope
        for array in (W_next, delta_next, slope):
            array[:] = np.nan
        return delta

    X, y = DIGITS.X_train[:, :16], DIGITS.y_train[:16]
    mine, clean = (net.backward(net.forward(X), y) for net in (ByYourLine(careless), ByYourLine(right)))
    assert all(np.array_equal(mine.W[l], clean.W[l]) for l in (1, 2, 3, 4))


def two(W, d, s):
    return W.T @ d * s, s


STRANGE = {
    "there is no line yet": lambda W, d, s: ...,
    "the line returns shape (10, 2), and the layer's error has shape (32, 2)": lambda W, d, s: d,
    "the line raises ValueError": lambda W, d, s: W @ d * s,
    "the line raises TypeError": lambda W, d: W,
    "the line returns a tuple, not an array: is there a comma at its end?": two,
    "the line returns a str of 4, not an array of numbers": lambda W, d, s: "text",
    "the function returns nothing; a line needs a return in front": lambda W, d, s: None,
    "the numbers have grown out of all bounds": lambda W, d, s: W.T @ d * s * 1e300,
}


@pytest.mark.parametrize("says", STRANGE)
def test_what_can_not_train_is_told_at_once_in_a_sentence(says):
    out = printed(STRANGE[says])
    assert out.count("\n") <= 2 and out.splitlines()[-1] == f"It can't train: {says}."


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (..., "still ..."),
        (None, "None"),
        (3, "an int"),
        ("W.T @ d", "a str of 7"),
        (np.ones((3, 4)), "an array of shape (3, 4) and type float64"),
    ],
)
def test_what_is_no_function_is_told_so(given, what):
    assert printed(given) == f"train_digits wants your function, without parentheses, and got {what}.\n"


STRANGERS = {  # what others wrote there, in their own style, and what they should be told
    "np.dot(W_next, delta_next) * slope": "One slip: W_next is not transposed.",
    "np.matmul(W_next, delta_next) * slope": "One slip: W_next is not transposed.",
    "np.multiply(W_next.T, delta_next) * slope": "One slip: * stands where @ is due.",
    "W_next.T.dot(delta_next).dot(slope)": "One slip: @ stands where * is due.",
    "np.dot(delta_next, W_next) * slope": "One slip: the factors of the matrix product are in the wrong order.",
    "delta_next * slope": "One slip: the slope meets delta_next before the weights have brought it down.",
    "(W_next.T @ delta_next) * (1.0 - slope)": "One slip: 1 − slope stands where slope is due.",
    "W_next.reshape(-1, W_next.shape[0]) @ delta_next * slope": "One slip: W_next is reshaped, not transposed.",
    "np.einsum('mn,mb,nb->n', W_next, delta_next, slope)": "One slip: it is summed over the batch.",
    "(W_next.T @ delta_next) * slope / len(W_next)": "delta is divided by the number of rows of W_next.",
    "0.1 * (W_next.T @ delta_next) * slope": "delta is 0.1 times what it should be.",
    "(W_next.T @ delta_next) * slope * slope": "delta has the factor slope once too often, entry by entry.",
    "W_next.T @ delta_next.T * slope": "A needs as many columns as B has rows. Here A has 4, and B has 7.",
    "W_next.T * slope": "both need the same shape (or a 1 where they differ), and these have (5,4) and (5,7).",
    "W_next^T @ delta_next * slope": "The transpose is written W.T, and a power **.",
    "W_next.transpose @ delta_next * slope": "does W.transpose lack its ()?",
    "(W_next.T @ ...) * slope": "are there dots left in it",
    "W_next.T(delta_next) * slope": "for a product write * or @, for the transpose .T alone.",
    "W.T @ delta_next * slope": "Given: W_next, delta_next, slope.",
    "W_next.T @ delta_next * slope,": "in a tuple: is there a comma at the end of the return?",
}


@pytest.mark.parametrize("written", STRANGERS)
def test_a_strangers_mistake_is_told(written):
    names = {"np": np}
    exec(f"def my_delta(W_next, delta_next, slope):\n    return {written}", names)
    verdict = check("start.line", names["my_delta"])
    assert STRANGERS[written] in verdict.message and not verdict.passed


@pytest.mark.parametrize("line", ["W_next.T @ delta_next * slope", "print(W_next.T @ delta_next * slope)"])
def test_a_forgotten_return_is_told(line):
    names = {}
    exec(f"def my_delta(W_next, delta_next, slope):\n    {line}", names)
    assert check("start.line", names["my_delta"]).message == "It returns nothing: is the return missing?"


@pytest.mark.parametrize("line", ["...", "pass", "return", "return ...", "return None", "'to do'"])
def test_what_is_no_line_yet_is_no_attempt(line):
    names = {}
    exec(f"def my_delta(W_next, delta_next, slope):\n    {line}", names)
    assert not check("start.line", names["my_delta"]).attempted


def test_the_follow_up_is_counted():
    n = 64
    assert check("start.direction", 3 * n * n, 2 * n**3 + n * n).passed  # the parentheses are forgotten
    assert "leave the quotes out" in check("start.direction", ("3 * 64 * 64", "2 * 64**3")).message
    by_hand = sum(1 for _ in range(3) for _ in range(n) for _ in range(n))
    assert by_hand == 3 * 64 * 64
    assert check("start.direction", (by_hand, 2 * n**3 + n**2)).passed
    assert check("start.direction", (by_hand, 3 * n**3)).slips == ("all-matrices",)
    assert round((2 * n**3 + n**2) / by_hand) == 43  # as 00's answer says


PRODUCT = (
    "A @ B takes rows of A times columns of B, so A needs as many columns as B has rows. Here A has 4, and B has 5."
)


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (lambda: np.ones((3, 4)) @ np.ones((5, 2)), PRODUCT),
        (lambda: np.dot(np.ones((3, 4)), np.ones((5, 2))), PRODUCT),
        (
            lambda: np.ones((3, 4)) + np.ones((3, 5)),
            "Entry by entry, both need the same shape (or a 1 where they differ), and these have (3,4) and (3,5).",
        ),
        (lambda: 1 * ..., "There are dots left in it: ... is no number. Write over them."),
        (lambda: np.ones(2) + ..., "There are dots left in it: ... is no number. Write over them."),
        (lambda: exec("np", {}), "NumPy has no name here yet: import numpy as np."),
        (lambda: exec("T", {}), "The transpose is written W.T, and a power **."),
        (
            lambda: np.ones((2, 2)) @ np.float64(1),
            "A factor of @ is no matrix: are there dots left in it, or does W.transpose lack its ()?",
        ),
        (
            lambda: np.ones(2)(3),
            "A name or a bracket is followed by ( as in a call: for a product write * or @, for the transpose .T "
            "alone.",
        ),
        (lambda: exec("q", {}), None),
        (lambda: 1 / 0, None),
    ],
)
def test_what_numpy_says_is_told_plainly(f, said):
    with pytest.raises((ValueError, TypeError, NameError, ZeroDivisionError)) as raised:
        f()
    assert plainly(raised.value) == said
    assert meaning(raised.value) == (said or str(raised.value))
