"""Checks for live coding, where the design is the learner's own: only a few functions' names and arguments are agreed.

Nothing is compared with a solution. Each check uses what must hold for any right answer, such as
Σ_k exp(−𝓛(x, k)) = 1 for a softmax with cross-entropy, or compares with differences of the learner's own loss.
An exception in the learner's code is left to Python, which shows it at its line, as in an interview.

Samples are rows: X is (B, D), labels y are integers (B,). Parameters are arrays in a dict, a list or a tuple.
"""

import numpy as np

from backprop.gradcheck import central_difference, relative_error
from backprop.practice.verdict import Text
from backprop.practice.wording import describe

D, H, K, B = 6, 5, 4, 7  # all different, so that no wrong shape fits by chance
PIXELS, DIGITS = 64, 10
SMALL, SEEN = 1e-6, 1e-3  # a relative error that a right gradient keeps below, and one that a check must report
FIRST_LOSS = 1.0  # how far from log K a loss may start
LONG = 5_000


def parameters(init):
    """`init(D, H, K, rng)` gives the four arrays of a two-layer network in rows, in any order."""
    if init is ...:
        return Text("not attempted yet")
    params = init(D, H, K, np.random.default_rng(0))
    if not arranged(params):
        return Text(f"init gives {describe(params)}. Return the arrays in a dict, a list or a tuple.")
    arrays = dict(named(params))
    found = sorted(np.squeeze(a).shape for a in arrays.values())
    if found != sorted([(D, H), (H,), (H, K), (K,)]):
        shown = ", ".join(f"{name} {np.shape(a)}" for name, a in arrays.items())
        turned = " These are (out, in), the other dialect." if {(H, D), (K, H)} & set(found) else ""
        return Text(f"With D={D}, H={H}, K={K} there is {shown}. A matrix (in, out) and a bias (out,) are due, twice."
                    + turned)  # fmt: skip
    for name, a in arrays.items():
        if not np.issubdtype(np.asarray(a).dtype, np.floating):
            return Text(f"{name} holds {np.asarray(a).dtype}: a step of {name} -= … would be cut to whole numbers.")
        if np.squeeze(a).shape == (D, H) and not np.ptp(a, axis=1).any():  # the classes differ by their labels
            return Text(f"All columns of {name} start alike, so its units stay alike forever. Draw them at random.")
    return Text("Right: two matrices (in, out), two biases (out,), and no two units alike.")


def loss(init, loss):
    """`loss(params, X, y)` is the mean cross-entropy of the softmax, with an activation, for logits of any size."""
    if ... in (init, loss):
        return Text("not attempted yet")
    params, X, y = problem(init)
    empty = rebuilt(params, [0 * a for _, a in named(params)])
    ratio = loss(empty, X, y) / np.log(K)
    if not np.isclose(ratio, 1):
        said = {B: "It is a sum over the batch.", 1 / K: "It is divided by K too: a mean over all entries."}
        why = next((words for value, words in said.items() if np.isclose(ratio, value)), "Is it minus log p?")
        return Text(f"With all parameters 0 the loss of any sample is log K. Yours is {ratio:.3g} times that. {why}")
    single = [loss(params, X[i : i + 1], y[i : i + 1]) for i in range(B)]
    if not np.isclose(np.mean(single), loss(params, X, y)):
        return Text("The loss of a batch is not the mean of its samples' losses. Which axis is the softmax over?")
    each = np.array([loss(params, X[:1], np.array([k])) for k in range(K)])
    if not np.isclose(np.exp(-each).sum(), 1):
        return Text("For one sample, exp(−loss) summed over the K labels is its p summed: 1. Yours is not.")
    with np.errstate(all="ignore"):
        large = loss(rebuilt(params, [1000 * a for _, a in named(params)]), X, y)
    if not np.isfinite(large):
        cure = "take off the row's maximum" if np.isnan(large) else "log-softmax, not the log of a softmax"
        return Text(f"With large logits the loss is {large}: {cure}.")
    far = [10 * X[:1], 10 * X[1:2], 5 * (X[:1] + X[1:2])]
    gap = [loss(params, x, np.array([0])) - loss(params, x, np.array([1])) for x in far]  # z_1 − z_0
    if np.isclose(gap[0] + gap[1], 2 * gap[2]):
        return Text("The logits are linear in X: there is no activation between the layers.")
    return first_loss(init, loss)


def first_loss(init, loss):
    """Is the loss of a fresh network, on pixels in [0, 1], near log K?"""
    rng = np.random.default_rng(1)
    X, y = rng.random((200, PIXELS)), rng.integers(DIGITS, size=200)
    first, due = loss(init(PIXELS, 32, DIGITS, rng), X, y), np.log(DIGITS)
    if abs(first - due) > FIRST_LOSS:
        return Text(f"The loss is right, but starts at {first:.2f}, where log {DIGITS} is {due:.2f}: how large is W?")
    return Text(f"Right: a mean, of a softmax that is stable, over the right axis. It starts at {first:.2f}.")


def gradients(init, loss, backward):
    """`backward(params, X, y)` gives gradients arranged as the parameters are, and they are those of `loss`."""
    if ... in (init, loss, backward):
        return Text("not attempted yet")
    params, X, y = problem(init)
    claimed = backward(params, X, y)
    if not isinstance(claimed, (dict, list, tuple)):
        return Text(f"backward gives {describe(claimed)}. Arrange the gradients as the parameters are.")
    claimed, right = dict(named(claimed)), dict(named(differences(loss, params, X, y)))
    if set(claimed) != set(right):
        return Text(f"The gradients are {', '.join(claimed)}, the parameters {', '.join(right)}: arrange them alike.")
    told = {name: words(claimed[name], right[name]) for name in right}
    verdict = "Right, all four."
    if set(told.values()) != {"ok"}:
        from backprop.practice.debugger import line_of  # a right answer does without it

        verdict = line_of(loss, backward, params, X, y) or "Look at the last layer first."
    return Text("\n".join([*(f"{name:4} {said}" for name, said in told.items()), verdict]))


@np.errstate(all="ignore")  # a gradient may hold inf
def words(claimed, right):
    """What can be seen of a gradient beside the right one: its shape, a factor, its direction."""
    if claimed is None or np.shape(claimed) != right.shape:
        return f"FAILS  {'missing' if claimed is None else np.shape(claimed)} where {right.shape} is due"
    if relative_error(claimed, right) < SMALL:
        return "ok"
    size = np.linalg.norm(claimed) / np.linalg.norm(right)
    if not np.isfinite(size) or size == 0:
        return "FAILS  " + ("all zeros" if size == 0 else "nan or inf")
    cosine = (claimed * right).sum() / size / np.linalg.norm(right) ** 2
    factors = {B: ": B, so 1/B is missing", 1 / B: ": 1/B, so it is divided twice", 1 / D: ": are features counted?"}
    hint = next((w for value, w in factors.items() if np.isclose(size, value) and np.isclose(cosine, 1)), "")
    return f"FAILS  {size:.3g} times too long{hint}, cosine {cosine:.2f}"


def checker(init, loss, check):
    """`check(loss, backward, params, X, y)` gives the largest relative error, and misses no parameter."""
    if ... in (init, loss, check):
        return Text("not attempted yet")
    params, X, y = problem(init)
    right = named(differences(loss, params, X, y))
    before = [a.copy() for _, a in named(params)]

    def reported(arrays):
        return check(loss, lambda *_: rebuilt(params, [a.copy() for a in arrays]), params, X, y)

    honest = reported([a for _, a in right])
    if not isinstance(honest, (int, float, np.floating)):
        return Text(f"The check gives {describe(honest)}. Return one number, the largest relative error.")
    if any((a != kept).any() for (_, a), kept in zip(named(params), before)):
        return Text("The parameters are not as they were: put each entry back.")
    if not honest < SMALL:
        return Text(f"Right gradients are given an error of {honest:.1e}. Is the step h about 1e-5, the run 2h?")
    for n, (name, _) in enumerate(right):
        for factor in (1.5, -1, 0):
            error = reported([a * factor if i == n else a for i, (_, a) in enumerate(right)])
            if not error > SEEN:
                return Text(f"The gradient of {name} is {factor} times the right one, and the check says {error:.1e}.")
    return Text("Right: it passes right gradients, and fails when any one of the four is wrong.")


def accuracy(predict, params, X, y, at_least):
    """`predict(params, X)` gives labels (B,), of which a share of `at_least` is right."""
    if predict is ... or params is ...:
        return Text("not attempted yet")
    labels = np.asarray(predict(params, X))
    if labels.shape != np.shape(y):
        return Text(f"The predictions have shape {labels.shape}, the labels {np.shape(y)}: one label for each sample.")
    share = (labels == y).mean()
    verdict = "reached" if share >= at_least else "not reached"
    return Text(f"{share:.3f} of {len(y)} are right: {at_least} is {verdict}.")


PROGRAMS = {
    "x + x": lambda x, y: x + x,
    "x * x": lambda x, y: x * x,
    "x * y + x": lambda x, y: x * y + x,
    "u * u + u with u = x * y": lambda x, y: (u := x * y) * u + u,
    "v * u with u = x + y, v = u * u + x": lambda x, y: ((u := x + y) * u + x) * u,
}


def autograd(Value):
    """`Value(number)` with `.data`, `.grad`, `+`, `*` and `.backward()`: right on values that are used again."""
    if Value is ...:
        return Text("not attempted yet")
    at = np.array([1.5, -0.7])
    for name, program in PROGRAMS.items():
        x, y = Value(at[0]), Value(at[1])
        out = program(x, y)
        if not np.isclose(out.data, program(*at)):
            return Text(f"{name} is {program(*at):.3g} at x = 1.5, y = −0.7; yours is {out.data:.3g}.")
        out.backward()
        mine, right = np.array([x.grad, y.grad], dtype=float), central_difference(lambda v, f=program: f(*v), at)
        if not np.allclose(mine, right, atol=SMALL):
            return Text(f"The gradient of {name} is wrong. The values used twice: is it +=, and does each wait for "
                        "all its users?")  # fmt: skip
    out = Value(1.0)
    for _ in range(LONG):
        out = out + Value(0.0)
    try:
        out.backward()
    except RecursionError:
        return Text(f"Right on reused values. A chain of {LONG:,} additions raises RecursionError: the follow-up.")
    return Text(f"Right on reused values, and on a chain of {LONG:,} additions.")


# --- parameters, however they are arranged ---


def named(params):
    """[(name, array), …]: a dict's keys, or the places in a list or tuple."""
    return [(str(name), a) for name, a in (params.items() if isinstance(params, dict) else enumerate(params))]


def arranged(params):
    """Are these arrays in a dict, a list or a tuple?"""
    return isinstance(params, (dict, list, tuple)) and all(isinstance(a, np.ndarray) for _, a in named(params))


def rebuilt(params, arrays):
    """`arrays` arranged as `params` are."""
    return dict(zip(params, arrays)) if isinstance(params, dict) else type(params)(arrays)


def problem(init):
    """A small network with nothing at 0, and a batch for it: the smallest case, in float64."""
    rng = np.random.default_rng(3)
    params = init(D, H, K, rng)
    params = rebuilt(params, [rng.standard_normal(np.shape(a)) for _, a in named(params)])
    return params, rng.standard_normal((B, D)), rng.integers(K, size=B)


def differences(loss, params, X, y):
    """The gradient of `loss` by central differences, arranged as `params` are."""
    arrays = [a for _, a in named(params)]

    def along(n):
        return central_difference(lambda a: loss(rebuilt(params, [*arrays[:n], a, *arrays[n + 1 :]]), X, y), arrays[n])

    return rebuilt(params, [along(n) for n in range(len(arrays))])
