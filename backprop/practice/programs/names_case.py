"""
"A model that writes names: from each letter it predicts the next one. A dot begins and ends a name. Names that are
shorter are filled up with dots, which shouldn't count."

"Look at the loss: after 100 steps it is close to 0. With names like anna and ada, where an a may be followed by three
letters, I expected something above 1. And the names that it writes are empty."
"""

import numpy as np

from backprop.practice.planting import Bug, Collected

TITLE = "Names, and a loss that is too good"
MINUTES = 12
PLANTED = ("unshifted", "padding", "last-use")
BUGS = {
    "unshifted": Bug(
        "the targets aren't shifted: each letter is asked for itself",
        "Input and target are the same letter, so the model copies, and the loss goes to 0. A loss below what the data "
        "allows is a symptom like any other.",
    ),
    "padding": Bug(
        "the dots that fill up count as well",
        "They are the easiest to predict, so they lower the mean, and the model learns above all that a dot follows "
        "a dot. Seen by adding more filling: the loss must not change.",
    ),
    "last-use": Bug(
        "the gradient of a row that is used twice keeps its last use",
        "dE[inputs] += dH reads, adds and writes once for each index: of several uses only the last one stays. "
        "np.add.at adds them all. Seen by a gradient check with a letter that occurs twice.",
    ),
    "all-places": Bug(
        "the loss is divided by all places, not by those that count",
        "More filling makes the loss smaller, and the gradient, which is divided by those that count, isn't this "
        "loss's gradient any more.",
    ),
    "not-masked": Bug(
        "the gradient isn't masked where the loss is",
        "Places that the loss leaves out still get P in their gradient. Seen by a gradient check with filling.",
    ),
    "batch-only": Bug(
        "the gradient of b is a mean over the positions",
        "b is added at every place of every row, so its gradient is the sum over both axes. It is T times too small.",
    ),
}
APART = (("padding", "not-masked"), ("padding", "all-places"))
ROWS = np.array([[0, 1, 2, 1, 0], [0, 2, 0, 0, 0], [0, 2, 2, 0, 0]])

case = Collected()


def problem(p, every=False):
    """Parameters that are no zeros, and three names of a language with three letters; all places count, if asked."""
    rng = np.random.default_rng(1)
    q = {"E": rng.normal(size=(3, 4)), "W": rng.normal(size=(4, 3)), "b": rng.normal(size=3)}
    counts = np.array([[1, 1, 1, 1], [1, 1, 0, 0], [1, 1, 1, 0]]) > 0
    return q, ROWS[:, :-1], ROWS[:, 1:], counts | every


def due(q, inputs, targets, counts):
    """The loss, one place after the other."""
    said = []
    for i, t, on in zip(inputs.ravel(), targets.ravel(), counts.ravel()):
        z = q["E"][i] @ q["W"] + q["b"]
        said += [np.log(np.exp(z).sum()) - z[t]] if on else []
    return np.mean(said)


def gradient(q, name, *given):
    """Central differences of that."""
    numeric = np.zeros_like(q[name])
    for i in np.ndindex(numeric.shape):
        up, down = ({k: v.copy() for k, v in q.items()} for _ in range(2))
        up[name][i] += 1e-5
        down[name][i] -= 1e-5
        numeric[i] = (due(up, *given) - due(down, *given)) / 2e-5
    return numeric


@case.sees("unshifted")
def each_letter_is_asked_for_the_next(p):
    inputs, targets, _ = p.pairs(p.encode(["ab", "a"]))
    assert (inputs[:, 0] == 0).all() and targets[0, :3].tolist() == [1, 2, 0], (
        "For .ab. the targets should be a, b and the dot."
    )


@case.sees("unshifted", nearly=True)
def letters_and_targets_have_one_length(p):
    inputs, targets, counts = p.pairs(p.encode(["ab", "a"]))
    assert inputs.shape == targets.shape == counts.shape == (2, 3), (
        "inputs, targets and counts differ in shape, or lost a place."
    )
    assert inputs[0].tolist() == [0, 1, 2], "For .ab. the inputs should be the dot, a and b."


@case.sees("padding")
def what_fills_up_does_not_count(p):
    assert p.pairs(p.encode(["abcd", "a"]))[2][1].sum() < 5, "For a short name beside a long one, every place counts."


@case.sees("padding", nearly=True)
def the_first_dot_behind_a_name_counts(p):
    counts = p.pairs(p.encode(["abcd", "a"]))[2]
    assert counts.sum(axis=1).tolist() == [5, 2], "Of .a... two places count: the a, and the first dot behind it."
    assert counts[1].tolist() == [True, True, False, False, False], "The wrong two places of .a... count."


@case.sees("last-use")
def a_letter_that_occurs_twice_gets_both_shares(p):
    q, *given = problem(p, every=True)
    once, twice = p.loss(q, *(x[:1, :1] for x in given))[1]["E"], p.loss(q, *(x[:1, [0, 0]] for x in given))[1]["E"]
    assert np.allclose(once, twice), (
        "Two places with the same letter should have the same mean gradient of E as one of them."
    )


@case.holds
def softmax_is_what_it_was(p):
    Z = np.array([[0.0, 1, 2], [3, 1, -2]])
    assert np.allclose(p.softmax(Z), np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)), (
        "softmax is another function now."
    )


@case.sees("all-places")
def more_filling_leaves_the_loss_as_it_is(p):
    q, inputs, targets, counts = problem(p)
    value = p.loss(q, inputs[:1, :1], targets[:1, :1], counts[:1, :1])[0]
    more = p.loss(q, inputs[:1, [0, 0]], targets[:1, [0, 0]], np.array([[True, False]]))[0]
    assert np.isclose(value, more), "A place that doesn't count changes the loss."


@case.sees("not-masked")
def a_place_that_does_not_count_has_no_gradient(p):
    q, inputs, targets, counts = problem(p)
    value = p.loss(q, inputs[:1, :1], targets[:1, :1], counts[:1, :1])[1]["W"]
    more = p.loss(q, inputs[:1, [0, 1]], targets[:1, [0, 1]], np.array([[True, False]]))[1]["W"]
    assert np.allclose(value, more), "A place that doesn't count changes the gradient of W."


@case.sees("batch-only")
def the_gradient_of_b_is_checked(p):
    q, *given = problem(p, every=True)
    G = p.loss(q, *(x[:1] for x in given))[1]["b"]
    P = np.stack([p.softmax(q["E"][i] @ q["W"] + q["b"]) for i in given[0][0]])
    right = (P - np.eye(3)[given[1][0]]).mean(axis=0)
    assert np.allclose(G, right), "The gradient of b isn't the mean of P − Y over the places that count."


@case.holds
def the_gradient_of_W_is_checked(p):
    q, *given = problem(p, every=True)
    one = [x[:1, :1] for x in given]
    assert np.allclose(p.loss(q, *one)[1]["W"], gradient(q, "W", *one), atol=1e-7), "The gradient of W fails its check."
