"""Where no change of one place makes an answer right: the line below which nothing is wrong."""

import re
import textwrap

import numpy as np
import pytest
from practice_slips import bare, defined, placed

from backprop.practice import bank, check, values
from backprop.practice.drafts import Draft

TWO_LAYERS = """
def answer(X, Y, W1, b1, W2, b2):
    m = X.shape[1]
    h = np.tanh(W1 @ X + b1)
    o = 1 / (1 + np.exp(-(W2 @ h + b2)))
    top = (o - Y) / m * o * (1 - o)
    low = W2.T @ top * (1 - h * h)
    return low @ X.T, low.sum(1, keepdims=True), top @ h.T, top.sum(1, keepdims=True)
"""
LAYERS = """
def answer(W, b, X, Y):
    L, n = len(W) - 1, X.shape[1]
    acts = [X]
    for i in range(1, L + 1):
        pre = W[i] @ acts[-1] + b[i]
        acts.append(np.tanh(pre) if i < L else 1 / (1 + np.exp(-pre)))
    dW, db = [None] * (L + 1), [None] * (L + 1)
    err = (acts[-1] - Y) / n
    for i in range(L, 0, -1):
        dW[i] = err @ acts[i - 1].T
        db[i] = err.sum(axis=1, keepdims=True)
        if i > 1:
            pulled = W[i].T @ err
            err = pulled * (1 - acts[i - 1] ** 2)
    return dW, db
"""
ATTENTION = """
def answer(Q, K, V, mask, G):
    root = np.sqrt(Q.shape[-1])
    scores = np.einsum("nic,njc->nij", Q, K) / root
    scores = np.where(mask, scores, -1e30)
    E = np.exp(scores - scores.max(axis=-1, keepdims=True))
    total = E.sum(axis=-1, keepdims=True)
    prob = E / total
    back_v = np.einsum("nij,nic->njc", prob, G)
    dprob = np.einsum("nic,njc->nij", G, V)
    mean = (prob * dprob).sum(axis=-1, keepdims=True)
    dscores = prob * (dprob - mean) / root
    back_q = dscores @ K
    return back_q, dscores.swapaxes(1, 2) @ Q, back_v
"""
PROGRAMS = {"delta.backward": TWO_LAYERS, "delta.layers": LAYERS, "layers.attention": ATTENTION}


def line_of(source, text):
    return source.splitlines().index(next(line for line in source.splitlines() if text in line)) + 1


@pytest.mark.parametrize(
    ("id", "right", "wrong", "said"),
    [
        (
            "delta.backward",
            "(1 - h * h)",
            "np.exp(-np.abs(h)) ** 3",
            "The mistake is in line {}: what it uses is right",
        ),
        ("delta.backward", "W2.T @ top *", "W2.T @ np.cos(top) * 1.3 *", "The mistake is in line {}:"),
        (
            "delta.layers",
            "(1 - acts[i - 1] ** 2)",
            "np.cos(1.7 * acts[i - 1])",
            "With the right value in line {} each time,",
        ),
        ("delta.layers", "pulled = W[i].T @ err", "pulled = np.cos(W[i].T) @ err * 1.3", "or in what it uses: pulled."),
    ],
)
def test_a_line_that_no_change_mends_is_told(id, right, wrong, said):
    source = PROGRAMS[id]
    assert check(id, defined(source)).passed
    broken = source.replace(right, wrong)
    first = check(id, defined(broken)).message.splitlines()[0]
    assert said.format(line_of(broken, wrong)) in first, first


def test_it_is_told_of_what_more_results_it_makes_right():
    wrong = TWO_LAYERS.replace("(1 - h * h)", "np.exp(-np.abs(h)) ** 3")
    said = check("delta.backward", defined(wrong)).message
    assert "with the right value there all results are, too." in said
    both = wrong.replace("top @ h.T", "np.cos(3 * top) ** 3 @ h.T")
    said = check("delta.backward", defined(both)).message
    assert "line 7: what it uses is right, and with the right value there dW1 and db1 are, too." in said, said


def test_a_helper_is_named_with_its_line():
    source = TWO_LAYERS.replace("(1 - h * h)", "slope(h)")
    source = "def slope(v):\n    u = np.cos(v)\n    return u ** 5\n" + source
    said = check("delta.backward", defined(source)).message.splitlines()[0]
    assert re.match(r"Below line \d+, (in slope, )?nothing is wrong", said), said
    assert "slope" in said, said


@pytest.mark.parametrize("seed", range(3))
def test_the_line_holds_the_mistake_or_is_below_it(seed):
    """Some line is spoiled by a function that no single change undoes; no line that is above it may be accused."""
    rng = np.random.default_rng(seed)
    for id, source in PROGRAMS.items():
        assert check(id, defined(source)).passed
        lines = source.splitlines()
        setting = [n for n, line in enumerate(lines) if re.match(r"\s+\w+(\[i\])? = .*(@|\*|/)", line)]
        n = int(rng.choice(setting))
        target, _, value = lines[n].partition(" = ")
        lines[n] = f"{target} = np.cos(1.3 * ({value.strip()})) - 0.4"
        said = placed(bare(bank.find(id)), defined("\n".join(lines) + "\n"))
        begins = r"(The mistake is in|Below|A change in|With the right value in)"
        told = re.match(begins + r" lines? (\d+)(?: or in line (\d+)| to (\d+))?", said)
        assert told, (id, lines[n], said)
        named = [int(one) for one in told.groups()[1:] if one]
        if told[1] == "The mistake is in":
            assert min(named) <= n + 1 <= max(named), (id, lines[n], said)
        elif told[1] != "A change in":
            assert n + 1 <= named[0], (id, lines[n], said)


def test_a_function_of_one_line_and_a_last_line_alone_say_nothing():
    assert (
        placed(
            bare(bank.find("delta.b3")),
            defined("def f(delta, a_prev, a):\n    return np.cos(3 * delta) ** 3 @ a_prev.T\n"),
        )
        == ""
    )
    last = "def f(delta, a_prev, a):\n    t = np.cos(3 * delta) ** 3\n    u = np.sin(a_prev) ** 3\n    return t @ u.T\n"
    assert placed(bare(bank.find("delta.b3")), defined(last)) == ""


def test_the_answer_itself_is_left_as_it_was():
    f = defined(TWO_LAYERS.replace("(1 - h * h)", "np.exp(-np.abs(h)) ** 3"))
    before = f.__code__, dict(f.__globals__)
    check("delta.backward", f)
    assert (f.__code__, dict(f.__globals__)) == before and values.SPY not in f.__globals__


def test_values_are_kept_as_they_were_when_they_came():
    """What is changed in place afterwards doesn't change what was seen."""
    sites = []
    draft = Draft(
        textwrap.dedent("""
        def f(x):
            y = x * 1
            y[0] = 7
            y, z = x + 1, [x]
            return y, {"z": z}
    """).strip()
    )
    values.watched(draft.body, sites)
    spy = draft.globals[values.SPY] = values.Spy()
    draft.build(None, {})(np.array([1.0, 2.0]))
    assert list(spy.seen[0][0]) == [1.0, 2.0]
    assert [site.name for site in sites] == ["y", "y", "y", "z", None, None]
    spy.begin(2, [np.array([5.0, 5.0])])
    assert list(draft.build(None, {})(np.array([1.0, 2.0]))[0]) == [5.0, 5.0]


def test_a_variable_that_a_line_reads_and_sets_again_may_be_wrong_before():
    """The sign is turned in one line, and the next takes the mean of it: that line is right."""
    turned = TWO_LAYERS.replace("    top = (o - Y) / m * o", "    top = np.cos(o - Y) - 1.2\n    top = top / m * o")
    said = check("delta.backward", defined(turned)).message.splitlines()[0]
    assert "line 6" in said.split(":")[0] or "top" in said.rpartition(":")[2], said
