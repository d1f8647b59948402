"""Checks for live coding, where the design is the learner's own: only a few functions' names and arguments are agreed.

Nothing is compared with a solution. Each check uses what must hold for any right answer, such as
Σ_k exp(−𝓛(x, k)) = 1 for a softmax with cross-entropy, or compares with differences of the learner's own loss.
An exception in the learner's code is left to Python, which shows it at its line, as in an interview.

Samples are rows: X is (B, D), labels y are integers (B,). Parameters are arrays in a dict, a list or a tuple, nested
or not.
"""

from functools import wraps

import numpy as np

from backprop.gradcheck import central_difference, relative_error
from backprop.practice.verdict import Text
from backprop.practice.wording import describe, listed

D, H, K, B = 6, 5, 4, 7  # all different, so that no wrong shape fits by chance
PIXELS, DIGITS = 64, 10
SMALL, SEEN = 1e-6, 1e-3  # a relative error that a right gradient keeps below, and one that a check must report
ENTRY = 0.05  # how far one entry is off, for a check to report: this share of its gradient's norm
TINY = 1e-12  # how far rounding may leave a parameter from where it was
FAR = 1000.0  # how many times larger the logits are made, or how much is added to each
UNDERFLOWS = 720.0  # exp of this overflows, and exp of its negative is not yet 0
FIRST_LOSS = 1.0  # how far from log K a loss may start
LONG = 5_000


class Finding(Exception):
    """What ends a stage, in a sentence."""


def stage(check):
    """A check as the learner calls it: it shows its words, or what ended it."""

    @wraps(check)
    def shown(*given, **named):
        try:
            return Text(check(*given, **named))
        except Finding as found:
            return Text(str(found))

    return shown


@stage
def parameters(init):
    """`init(D, H, K, rng)` gives the four arrays of a two-layer network in rows, in any order."""
    if init is ...:
        return "not attempted yet"
    params = init(D, H, K, np.random.default_rng(0))
    if not arranged(params):
        return f"init gives {describe(params)}. Return the arrays in a dict, a list or a tuple."
    arrays = dict(named(params))
    found = sorted(np.squeeze(a).shape for a in arrays.values())
    if found != sorted([(D, H), (H,), (H, K), (K,)]):
        shown = ", ".join(f"{name} {np.shape(a)}" for name, a in arrays.items())
        turned = " These are (out, in), the other dialect." if {(H, D), (K, H)} & set(found) else ""
        return (
            f"With D={D}, H={H}, K={K} there is {shown}. A matrix (in, out) and a bias (out,) are due, twice.{turned}"
        )
    for name, a in arrays.items():
        if not np.issubdtype(np.asarray(a).dtype, np.floating):
            return f"{name} holds {np.asarray(a).dtype}: a step of {name} -= … would be cut to whole numbers."
        if np.squeeze(a).shape == (D, H) and not np.ptp(a, axis=1).any():  # the classes differ by their labels
            return f"All columns of {name} start alike, so its units stay alike forever. Draw them at random."
    return "Right: two matrices (in, out), two biases (out,), and no two units alike."


# --- the loss ---


@stage
def loss(init, loss):
    """`loss(params, X, y)` is the mean cross-entropy of the softmax, with an activation, for logits of any size."""
    if ... in (init, loss):
        return "not attempted yet"
    given = problem(init)
    value = repeatable(loss, given)
    flaw = ordinary_flaw(value, *given) or large_flaw(value, *given) or linear_flaw(value, *given)
    return flaw or first_loss(init, value)


def repeatable(loss, given):
    """`loss` that gives a number. A Finding where a call changes what it is given, or says another number the next."""
    first, again = (float(number(untouched(loss, "loss", given), "loss", "the mean over the batch")) for _ in range(2))
    if not np.isclose(first, again, rtol=1e-9, equal_nan=True):
        raise Finding(
            f"Your loss is {first:.6g}, and {again:.6g} when it is called again with the same arguments. What does it "
            "draw, or keep from one call to the next?"
        )
    return lambda *given: float(number(loss(*given), "loss", "the mean over the batch"))


def untouched(function, name, given):
    """What `function` gives. A Finding where it changes the parameters, X or y."""
    arrays = [*named(given[0]), ("X", given[1]), ("y", given[2])]
    before = [a.copy() for _, a in arrays]
    value = function(*given)
    changed = [n for (n, a), kept in zip(arrays, before) if not np.array_equal(a, kept)]
    if changed:
        raise Finding(
            f"Your {name} changes {listed(changed)} in place: each call should leave what it is given as it is."
        )
    return value


def number(value, name, due):
    """`value`, where it is one real number. A Finding where it is none."""
    one = value.item() if isinstance(value, np.ndarray) and value.size == 1 else value
    if isinstance(one, (bool, np.bool_)):
        raise Finding(f"{name} gives {one}, a truth value. Return one number, {due}.")
    if not isinstance(one, (int, float, np.integer, np.floating)):
        raise Finding(f"{name} gives {describe(value)}. Return one number, {due}.")
    return one


def ordinary_flaw(loss, params, X, y):
    """What is wrong with the loss at ordinary values, or ""."""
    empty = rebuilt(params, [0 * a for _, a in named(params)])
    ratio = loss(empty, X, y) / np.log(K)
    if not np.isclose(ratio, 1):
        said = {
            B: "It is a sum over the batch.",
            1 / K: "It is divided by K too: a mean over all entries.",
            np.log(B) / np.log(K): "It is log B: the softmax of a sample is over its K classes, not over the batch.",
        }
        why = next((words for value, words in said.items() if np.isclose(ratio, value)), "Is it minus log p?")
        return f"With all parameters 0 the loss of any sample is log K. Yours is {ratio:.3g} times that. {why}"
    single = [loss(params, X[i : i + 1], y[i : i + 1]) for i in range(B)]
    if not np.isclose(np.mean(single), loss(params, X, y)):
        return "The loss of a batch is not the mean of its samples' losses. Which axis is the softmax over?"
    if not np.isclose(np.exp(log_p(loss, params, X[:1])).sum(), 1):
        return "For one sample, exp(−loss) summed over the K labels is its p summed: 1. Yours is not."
    return ""


@np.errstate(all="ignore")
def large_flaw(loss, params, X, y):
    """What is wrong with the loss where logits are large, though it is right at ordinary values, or ""."""
    known = any(output(params))
    if known and (flaw := shift_flaw(loss, params, X, y) or spread_flaw(loss, params, X, y)):
        return flaw
    value = loss(rebuilt(params, [FAR * a for _, a in named(params)]), X, y)
    if np.isfinite(value):
        return ""
    what = "the activation" if known else "the softmax or the activation"
    return f"With {FAR:.0f} times the parameters the loss is {value}: does {what} overflow?"


def shift_flaw(loss, params, X, y):
    """What is wrong with the loss where each logit is larger or smaller by the same: nothing may change."""
    plain = loss(params, X, y)
    for far in (FAR, -FAR):
        moved = [a + far * (np.squeeze(a).shape == (K,)) for _, a in named(params)]
        if not near(value := loss(rebuilt(params, moved), X, y), plain):
            return f"With large logits the loss is {against(value, plain)}: take off the row's maximum."
    return ""


def spread_flaw(loss, params, X, y):
    """What is wrong with the loss where the logits are far from each other.

    Times FAR is the last layer, and so are the logits. What they are follows from the losses of the K labels before.
    """
    z, far = np.array([log_p(loss, params, X[i : i + 1]) for i in range(B)]), larger(params, FAR)
    for i in range(B):
        x, due = X[i : i + 1], -log_softmax(FAR * z[i])
        value = loss(far, x, y[i : i + 1])
        if near(value, due[y[i]]):
            continue
        if np.isfinite(value):
            end, further = (max(-log_p(loss, larger(params, by), x)) for by in (FAR, 2 * FAR))
            cap = ": is p clipped, or something added inside the log? A log-softmax needs neither" * near(end, further)
            return f"With large logits the loss is {against(value, due[y[i]])}{cap}."
        by = UNDERFLOWS / np.ptp(z[i])
        cure = "log-softmax, not the log of a softmax"
        if not near(loss(larger(params, by), x, y[i : i + 1]), -log_softmax(by * z[i])[y[i]]):
            cure = "take off the row's maximum"
        elif not near(loss(far, x, z[i : i + 1].argmax(axis=1)), due.min()):
            cure = "log-softmax, with the row's maximum taken off"
        return f"With large logits the loss is {value}: {cure}."
    due = np.mean([-log_softmax(FAR * z[i])[y[i]] for i in range(B)])
    if not near(value := loss(far, X, y), due):
        return (
            f"With large logits the loss is {against(value, due)}, though it is right for each sample alone: take off "
            "each row's own maximum, not that of the batch."
        )
    return ""


def log_p(loss, params, x):
    """The log of the probability of each class, for one sample x (1, D): −𝓛 with that label."""
    return -np.array([loss(params, x, np.array([k])) for k in range(K)])


def log_softmax(z):
    return z - z.max() - np.log(np.exp(z - z.max()).sum())


def near(value, due):
    return bool(np.isclose(value, due, rtol=SEEN, atol=SEEN))


def against(value, due):
    """A wrong number, and the one that is due where that says more."""
    return f"{value:.4g}, where {due:.4g} is due" if np.isfinite(value) else f"{value}"


def linear_flaw(loss, params, X, _):
    """Is there no activation?"""
    far = [10 * X[:1], 10 * X[1:2], 5 * (X[:1] + X[1:2])]
    gap = [loss(params, x, np.array([0])) - loss(params, x, np.array([1])) for x in far]  # z_1 − z_0
    linear = np.isclose(gap[0] + gap[1], 2 * gap[2])
    return "The logits are linear in X: there is no activation between the layers." if linear else ""


def first_loss(init, loss):
    """Is the loss of a fresh network, on pixels in [0, 1], near log K?"""
    rng = np.random.default_rng(1)
    X, y = rng.random((200, PIXELS)), rng.integers(DIGITS, size=200)
    first, due = loss(init(PIXELS, 32, DIGITS, rng), X, y), np.log(DIGITS)
    if abs(first - due) > FIRST_LOSS:
        return f"The loss is right, but starts at {first:.2f}, where log {DIGITS} is {due:.2f}: how large is W?"
    return f"Right: a mean, of a softmax that is stable, over the right axis. It starts at {first:.2f}."


# --- the gradients ---


@stage
def gradients(init, loss, backward):
    """`backward(params, X, y)` gives gradients arranged as the parameters are, and they are those of `loss`."""
    if ... in (init, loss, backward):
        return "not attempted yet"
    given = problem(init)
    value = repeatable(loss, given)  # the last forward pass before the backward one, for who keeps something from it
    again = [claims(backward, given) for _ in range(3)]
    claimed, right = again[0], dict(named(differences(value, *given)))
    if set(claimed) != set(right):
        return f"The gradients are {', '.join(claimed)}, the parameters {', '.join(right)}: arrange them alike."
    if not alike(*again[:2]):
        return f"Called again with the same arguments, backward gives other gradients: {kept_in(again)}"
    summed = is_sum(value, given)
    told = {name: words(claimed[name], right[name], summed) for name in right}
    if set(told.values()) == {"ok"}:
        verdict = stale_flaw(value, backward, given, claimed) or large_gradient_flaw(value, backward, given)
        verdict = verdict or "Right, all four."
    else:
        verdict = begin_at(value, backward, given, claimed, right)
    return "\n".join([*(f"{name:4} {said}" for name, said in told.items()), verdict])


def claims(backward, given):
    """{name: gradient} of what backward gives, copied; what pads the parameters' lists pads the gradients' too."""
    claimed = untouched(backward, "backward", given)
    if not isinstance(claimed, (dict, list, tuple)):
        raise Finding(f"backward gives {describe(claimed)}. Arrange the gradients as the parameters are.")
    pads = {name for name, a in named(given[0], pads=True) if a is None}
    found = named(claimed, pads=True, like=given[0])
    return {name: None if a is None else np.array(a) for name, a in found if name not in pads}


def alike(one, other):
    """Are these the same gradients, whatever they are?"""
    for name, a in one.items():
        b = other.get(name)
        if a is None or b is None or a.shape != b.shape:
            if a is not None or b is not None:
                return False
        elif not np.allclose(a, b, rtol=SMALL, atol=1e-9, equal_nan=True):
            return False
    return True


def kept_in(runs):
    """Why three calls in a row give three gradients."""
    try:
        steps = [{name: b[name] - a for name, a in one.items()} for one, b in zip(runs, runs[1:])]
    except (TypeError, ValueError, KeyError):  # some are missing, or of another shape
        steps = []
    if steps and alike(*steps):
        return "each call adds the same to what is there. Begin every call at 0."
    return "what does it draw, or keep from one call to the next?"


@np.errstate(all="ignore")  # a gradient may hold inf
def words(claimed, right, summed=False):
    """What can be seen of a gradient beside the right one: its shape, a factor, its direction."""
    if claimed is None or np.shape(claimed) != right.shape:
        return f"FAILS  {'missing' if claimed is None else np.shape(claimed)} where {right.shape} is due"
    if (error := relative_error(claimed, right)) < SMALL:
        return "ok"
    if not right.any() and np.isfinite(claimed).all():
        return "FAILS  should be all zeros"
    size = np.linalg.norm(claimed) / np.linalg.norm(right)
    if not np.isfinite(size) or size == 0:
        return "FAILS  " + ("all zeros" if size == 0 else "nan or inf")
    if error < SEEN:
        return f"FAILS  nearly right: a relative error of {error:.0e}"
    cosine = (claimed * right).sum() / size / np.linalg.norm(right) ** 2
    factors = {
        B: ": B" + (", so 1/B is missing" if not summed else ""),
        1 / B: ": 1/B, " + ("and your loss is a sum over the batch" if summed else "so it is divided twice"),
        1 / D: ": are features counted?",
        B / D: ": B/D, so the features are counted, not the samples",
        B / K: ": B/K, so the classes are counted, not the samples",
    }
    hint = next((w for value, w in factors.items() if np.isclose(size, value) and np.isclose(abs(cosine), 1)), "")
    length = "as long as the right one" if np.isclose(size, 1, rtol=5e-3) else f"{size:.3g} times too long{hint}"
    if np.isclose(cosine, -1):
        length = "the wrong sign" + ("" if np.isclose(size, 1) else f", {length}")
    return f"FAILS  {length}, cosine {cosine:.2f}"


def is_sum(loss, given):
    """Does the loss double with the batch?"""
    params, X, y = given
    return bool(np.isclose(loss(params, np.vstack([X, X]), np.append(y, y)), 2 * loss(*given)))


def begin_at(loss, backward, given, claimed, right):
    """Where to look, if some gradients are wrong."""
    from backprop.practice.debugger import line_of  # a right answer does without it

    shapes = [np.shape(claimed[name]) for name in right]
    due = [a.shape for a in right.values()]
    if shapes != due and sorted(shapes) == sorted(due):
        return "Their shapes are the right ones in another order: arrange the gradients as the parameters are."
    errors = {name: error_of(claimed[name], right[name]) for name in right}
    if is_sum(loss, given) and all(error_of(claimed[name], right[name] / B) < SMALL for name in right):
        return "Your loss is a sum over the batch, and these are the gradients of the mean: divide the loss by B."
    flaw = ordinary_flaw(loss, *given)
    if not flaw and max(errors.values()) < SEEN:  # something small is added in the loss
        flaw = large_flaw(loss, *given)
    if flaw:
        return f"They are held to your own loss, which isn't right yet: {flaw[0].lower()}{flaw[1:]}"
    wrong = [name for name in right if not errors[name] < SMALL]
    return line_of(loss, backward, *given) or nearest(wrong, given[0])


@np.errstate(all="ignore")
def error_of(claimed, right):
    """The relative error, or inf where there is none: another shape, nothing, nan."""
    fits = claimed is not None and claimed.shape == right.shape and np.isfinite(claimed).all()
    return relative_error(claimed, right) if fits else np.inf


def nearest(wrong, params):
    """Which of the wrong gradients to look at first: nothing below it can be judged before."""
    last = [name for name, of_it in zip(dict(named(params)), output(params)) if of_it]
    if not last:
        return "Look at the one that is nearest to the loss first."
    if len(wrong) == 1:
        return f"Only {wrong[0]} is wrong: look at its own line first."
    there = [name for name in wrong if name in last]
    if there == last:
        return "Look at the last layer first."
    if there:
        return f"Look at {listed(there)} first: of those that are wrong, it is nearest to the loss."
    return "The last layer is right: look at what is handed down from it, to the layer below."


@np.errstate(all="ignore")
def large_gradient_flaw(value, backward, given):
    """What is wrong with gradients where logits are large, though they are right at ordinary values, or ""."""
    params, X, y = given
    places = {f"{FAR:.0f} times the parameters": rebuilt(params, [FAR * a for _, a in named(params)])}
    if any(output(params)):
        places = {"large logits": larger(params, FAR)} | places
    stable = not large_flaw(value, *given)  # else the differences there are those of another loss
    for where, there in places.items():
        told = f"Right at ordinary values. With {where} "
        claimed = claims(backward, (there, X, y))
        bad = [name for name, _ in named(params) if claimed[name] is None or not np.isfinite(claimed[name]).all()]
        if bad and where == "large logits":
            return f"{told}there is nan or inf in {listed(bad)}: take off each row's own maximum before exp."
        if bad:
            return f"{told}there is nan or inf in {listed(bad)}: does the activation, or its slope, overflow?"
        if where == "large logits" and stable:
            right = dict(named(differences(value, there, X, y)))
            off = [name for name in right if not np.allclose(claimed[name], right[name], rtol=0.1, atol=0.1)]
            if off and all(np.isfinite(a).all() for a in right.values()):
                return f"{told}{listed(off)} differ{'s' * (len(off) == 1)} from what your loss asks for."
    return ""


def stale_flaw(value, backward, given, claimed):
    """Does backward use what the last forward pass has left, whatever its own arguments are?"""
    params, X, y = given
    value(rebuilt(params, [-a for _, a in named(params)]), X[::-1] + 1, y[::-1])
    if alike(claimed, claims(backward, given)):
        return ""
    return (
        "Right just after a loss with the same arguments. After another one backward gives other gradients: it uses "
        "what the last forward pass has left. Run the forward pass in backward, with the arguments that it is given."
    )


# --- the learner's own check ---


@stage
def checker(init, loss, check):
    """`check(loss, backward, params, X, y)` gives the largest relative error, and misses no parameter or entry."""
    if ... in (init, loss, check):
        return "not attempted yet"
    given = params, X, y = problem(init)
    value, asked = repeatable(loss, given), []
    right = named(differences(value, *given))
    before = [a.copy() for _, a in named(params)]

    def scaled_loss(params, X, y):
        one = scale * loss(params, X, y)
        asked.append(max(np.abs(a - kept).max() for (_, a), kept in zip(named(params), before)))
        return one

    def reported(arrays):
        error = check(scaled_loss, lambda *_: rebuilt(params, [scale * a for a in arrays]), params, X, y)
        return number(error, "The check", "the largest relative error")

    scale = 1.0
    arrays = [a for _, a in right]
    honest = reported(arrays)
    if any(not np.allclose(a, kept, rtol=0, atol=TINY) for (_, a), kept in zip(named(params), before)):
        return "The parameters are not as they were: put each entry back."
    if not honest < SMALL:
        if asked and max(asked) < TINY / 100:
            return (
                f"Right gradients are given an error of {honest:.1e}, and loss is always called with the parameters as "
                "they are: nothing is moved. Are two names one array?"
            )
        return f"Right gradients are given an error of {honest:.1e}. Is the step h about 1e-5, the run 2h?"
    for n, (name, a) in enumerate(right):
        for factor in (1.5, -1, 0):
            error = reported([*arrays[:n], factor * a, *arrays[n + 1 :]])
            if not error > SEEN:
                return f"The gradient of {name} is {factor} times the right one, and the check says {error:.1e}."
    for scale in (1e-6, 1e6):
        if not (error := reported(arrays)) < SMALL:
            return (
                f"With the loss times {scale:.0e}, right gradients are given an error of {error:.1e}: is it relative?"
            )
        if not (error := reported([1.5 * a for a in arrays])) > SEEN:
            return (
                f"With the loss times {scale:.0e}, gradients that are 1.5 times the right ones are given an error of "
                f"{error:.1e}: is it relative?"
            )
    scale = 1.0
    long = max(range(len(right)), key=lambda n: np.linalg.norm(arrays[n]))
    for n, (name, a) in enumerate(right):
        for i in np.ndindex(a.shape):
            wrong = a.copy()
            wrong[i] += ENTRY * np.linalg.norm(a)
            due = relative_error(wrong, a)
            diluted = n == long and abs(a[i]) == np.abs(a).max()  # a mean over the entries is least there
            if not (error := reported([*arrays[:n], wrong, *arrays[n + 1 :]])) > (due / 5 if diluted else SEEN):
                entry = f"One entry of {name}'s gradient, [{', '.join(map(str, i))}], is wrong"
                return f"{entry}: its relative error is {due:.1e}, and the check says {error:.1e}."
    return "Right: it passes right gradients, and fails when any one of the four is wrong, or any one entry."


@stage
def accuracy(predict, params, X, y, at_least):
    """`predict(params, X)` gives labels (B,), of which a share of `at_least` is right."""
    if predict is ... or params is ...:
        return "not attempted yet"
    labels = np.asarray(predict(params, X))
    if labels.shape != np.shape(y):
        return f"The predictions have shape {labels.shape}, the labels {np.shape(y)}: one label for each sample."
    share = (labels == y).mean()
    verdict = "reached" if share >= at_least else "not reached"
    return f"{share:.3f} of {len(y)} are right: {at_least} is {verdict}."


PROGRAMS = {
    "x * y": lambda x, y, c: x * y,
    "x + y": lambda x, y, c: x + y,
    "x * y * c": lambda x, y, c: x * y * c,
    "x + x": lambda x, y, c: x + x,
    "x * x": lambda x, y, c: x * x,
    "x * y + x": lambda x, y, c: x * y + x,
    "u * u + u with u = x * y": lambda x, y, c: (u := x * y) * u + u,
    "v * u with u = x + y, v = u * u + x": lambda x, y, c: ((u := x + y) * u + x) * u,
}
AT = np.array([1.5, -0.7, 2.0])


@stage
def autograd(Value):
    """`Value(number)` with `.data`, `.grad`, `+`, `*` and `.backward()`: right on values that are used again."""
    if Value is ...:
        return "not attempted yet"
    for name, program in PROGRAMS.items():
        x, y, c = map(Value, AT)
        out = program(x, y, c)
        if not np.isclose(out.data, program(*AT)):
            where = "x = 1.5, y = −0.7" + ", c = 2" * ("c" in name)
            return f"{name} is {program(*AT):.3g} at {where}; yours is {out.data:.3g}."
        out.backward()
        mine = np.array([0 if one.grad is None else one.grad for one in (x, y, c)], dtype=float)
        right = central_difference(lambda v, f=program: f(*v), AT)
        if not np.allclose(mine, right, atol=SMALL):
            return f"The gradient of {name} is wrong. {why(name, mine, right)}"
    out = Value(1.0)
    for _ in range(LONG):
        out = out + Value(0.0)
    try:
        out.backward()
    except RecursionError:
        return f"Right on reused values. A chain of {LONG:,} additions raises RecursionError: the follow-up."
    return f"Right on reused values, and on a chain of {LONG:,} additions."


def why(name, mine, right):
    """What the first program to fail says: all before it are right."""
    if name in ("x * y", "x + y"):
        if not mine.any():
            return "All of it is 0: does the output's own gradient begin at 1?"
        return f"It is one step, and nothing is used twice: look at the slopes of {name[2]}."
    if name == "x * y * c":
        x, y, c = AT
        if np.allclose(mine, [y, x, x * y]):
            return "One step is right, two aren't: multiply each slope by the gradient that comes from above."
        return "One step is right, two aren't: does each value have its gradient before it hands it on?"
    if name in ("x + x", "x * x"):
        return "x is used twice in one step: is it +=, for each use?"
    return "A value used twice in one step is right. In several: does each wait for all its users?"


# --- parameters, however they are arranged ---


def named(params, pads=False, like=None, within=""):
    """[(name, array), …]: a dict's keys, or the places in a list or tuple, or both. With `pads`, each None as well.

    What is `like` something is entered only where that holds more than one array: a gradient may be a list of rows.
    """
    found, groups = [], (dict, list, tuple)
    theirs = dict(items(params if like is None else like))
    for key, a in items(params):
        name = f"{within}[{key}]" if within else str(key)
        if isinstance(a, groups) and isinstance(theirs.get(key), groups):
            found += named(a, pads, theirs[key], name)
        elif a is not None or pads:
            found.append((name, a))
    return found


def items(group):
    return list(group.items() if isinstance(group, dict) else enumerate(group))


def arranged(params):
    """Are these arrays in a dict, a list or a tuple?"""
    return isinstance(params, (dict, list, tuple)) and all(isinstance(a, np.ndarray) for _, a in named(params))


def rebuilt(params, arrays):
    """`arrays` arranged as `params` are."""
    return _rebuilt(params, iter(arrays))


def _rebuilt(params, arrays):
    if params is None or not isinstance(params, (dict, list, tuple)):
        return None if params is None else next(arrays)
    inner = [_rebuilt(a, arrays) for a in (params.values() if isinstance(params, dict) else params)]
    if isinstance(params, dict):
        return dict(zip(params, inner))
    return type(params)(*inner) if hasattr(params, "_fields") else type(params)(inner)


def output(params):
    """For each array, whether it is of the last layer, as its shape shows. Without one such matrix, none is."""
    shapes = [np.squeeze(a).shape for _, a in named(params)]
    of_it = [shape in ((H, K), (K, H), (K,)) for shape in shapes]
    return of_it if shapes.count((H, K)) + shapes.count((K, H)) == 1 else [False] * len(shapes)


def larger(params, by):
    """The last layer, and with it the logits, times `by`."""
    return rebuilt(params, [a * (by if last else 1) for (_, a), last in zip(named(params), output(params))])


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
