"""Checks for live coding, where the design is the learner's own: only a few functions' names and arguments are agreed.

Nothing is compared with a solution. Each check uses what must hold for any right answer, such as
Σ_k exp(−𝓛(x, k)) = 1 for a softmax with cross-entropy, or compares with differences of the learner's own loss.
An exception in the learner's code is left to Python, which shows it at its line, as in an interview.

Samples are rows: X is (B, D), labels y are integers (B,). Parameters are arrays in whatever holds them (see `designs`).
"""

import re
from functools import wraps

import numpy as np

from backprop.gradcheck import central_difference, relative_error
from backprop.practice import tasks
from backprop.practice.designs import (
    Finding,
    arranged,
    asked,
    call,
    holds,
    is_number,
    make,
    named,
    number,
    rebuilt,
    split,
    with_gradients,
)
from backprop.practice.designs import (
    gradients as read,
)
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
    params = make(init, D, H, K, rng=np.random.default_rng(0))
    if not arranged(params):
        what = describe(params)
        if odd := [f"{name} is {describe(a)}" for name, a in named(params) if not isinstance(a, np.ndarray)][:1]:
            what += f", in which {odd[0]}"
        return f"init gives {what}. Return arrays, in a dict, a list, a tuple or an object."
    if isinstance(params, np.ndarray) and params.size == D * H + H + H * K + K and params.dtype.kind == "f":
        return "Right: all parameters in one array. Whether two units start alike is not looked at there."
    arrays = labeled(params)
    if flaw := shape_flaw(arrays):
        return flaw
    for name, a in arrays.items():
        if not np.issubdtype(np.asarray(a).dtype, np.floating):
            return f"{name} holds {np.asarray(a).dtype}: a step of {name} -= … would be cut to whole numbers."
        if np.squeeze(a).shape == (D, H) and not np.ptp(a, axis=1).any():  # the classes differ by their labels
            return f"All columns of {name} start alike, so its units stay alike forever. Draw them at random."
    return "Right: two matrices (in, out), two biases (out,), and no two units alike."


def shape_flaw(arrays):
    """What is wrong with the shapes of the parameters {name: array}, or ""."""
    found = sorted(np.squeeze(a).shape for a in arrays.values())
    if found != sorted([(D, H), (H,), (H, K), (K,)]):
        shown = ", ".join(f"{name} {np.shape(a)}" for name, a in arrays.items())
        turned = " These are (out, in), the other dialect." if {(H, D), (K, H)} & set(found) else ""
        return (
            f"With D={D}, H={H}, K={K} there is {shown}. A matrix (in, out) and a bias (out,) are due, twice.{turned}"
        )
    last, bias = ({name[1:] for name in arrays if name[0] == kind and name[1:]} for kind in "Wb")
    for n in last & bias:
        weights, b = arrays[f"W{n}"], arrays[f"b{n}"]
        if np.shape(weights)[-1] != np.size(b):
            return (
                f"W{n} is {np.shape(weights)} and b{n} {np.shape(b)}: a bias has an entry for each column of its own "
                "matrix, so the two biases have each other's size."
            )
    return ""


def labels(params):
    """{name: what it is called}: W1, b1, W2, b2 by their shapes, where the names are places only."""
    names = [name for name, _ in named(params)]
    if any(re.search(r"[^\W\d_]", name) for name in names):
        return {name: name for name in names}
    roles = {(D, H): "W1", (H,): "b1", (H, K): "W2", (K,): "b2", (H, D): "W1", (K, H): "W2"}
    told = [roles.get(np.squeeze(a).shape) for _, a in named(params)]
    return dict(zip(names, told if len({*told} - {None}) == len(names) else names))


def labeled(params):
    """{what it is called: array} of the parameters."""
    called = labels(params)
    return {called[name]: a for name, a in named(params)}


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
    params, X, y = given
    calls = [untouched(loss, "loss", params, handed(fresh(params), X, y)) for _ in range(2)]
    steady(*map(valued, calls))
    return lambda params, X, y: valued(call(loss, handed(fresh(params), X, y)))


def steady(first, again):
    """A Finding where a loss gives two numbers."""
    if not np.isclose(first, again, rtol=1e-9, equal_nan=True):
        raise Finding(
            f"Your loss is {first:.6g}, and {again:.6g} when it is called again with the same arguments. What does it "
            "draw, or keep from one call to the next?"
        )


def valued(given):
    """The number that a loss gives, alone or beside something else."""
    return float(number(given, "loss", "the mean over the batch"))


def handed(params, X, y):
    return {"params": params, "X": X, "y": y}


def fresh(params):
    """The parameters for one call: an object's own copy, for it may keep things in itself."""
    return rebuilt(params, [a.copy() for _, a in named(params)]) if holds(params) else params


def untouched(function, name, params, arguments, cache=None):
    """What `function` gives for arguments (see `designs.call`) whose parameters hold what `params` hold.

    A Finding where it changes one of them.
    """
    work, called = arguments["params"], labels(params)
    before = {n: a.copy() for n, a in named(params)}
    data = {n: a.copy() for n, a in arguments.items() if isinstance(a, np.ndarray)}
    value = call(function, arguments, cache)
    now = dict(named(work))
    changed = [called[n] for n, kept in before.items() if not np.array_equal(now.get(n), kept)]
    for n in before.keys() & now.keys():
        now[n][...] = before[n]
    if changed and name == "backward":
        raise Finding(
            f"Your backward updates the parameters: it changes {listed(changed)} in place. It should only give the "
            "gradients, all of them made with the weights of the forward pass; the step comes after it, on its own."
        )
    if changed := changed + [n for n, kept in data.items() if not np.array_equal(arguments[n], kept)]:
        raise Finding(
            f"Your {name} changes {listed(changed)} in place: each call should leave what it is given as it is."
        )
    return value


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
    first, due = loss(make(init, PIXELS, 32, DIGITS, rng=rng), X, y), np.log(DIGITS)
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
    runs = [claims(backward, given, loss) for _ in range(3)]
    again, order = [claimed for claimed, _ in runs], runs[0][1]
    claimed, right = again[0], numeric(value, *given)
    if not alike(*again[:2]):
        return f"Called again with the same arguments, backward gives other gradients: {kept_in(again)}"
    summed = is_sum(value, given)
    told = {name: words(claimed[name], right[name], summed) for name in right}
    if set(told.values()) == {"ok"}:
        verdict = stale_flaw(value, backward, given, claimed, loss) or large_gradient_flaw(value, backward, given, loss)
        verdict = verdict or "Right, all four." + in_order(order)
    else:
        verdict = begin_at(value, (loss, backward), given, claimed, right)
    return "\n".join([*(f"{name:4} {said}" for name, said in told.items()), verdict])


def claims(backward, given, loss=None):
    """({name: gradient}, order) of what backward gives, copied (see `designs.gradients`).

    Where it works on an object, or on what the loss has kept, the loss runs before it.
    """
    params, X, y = given
    return claimed(backward, loss, params, lambda params: handed(params, X, y))


def claimed(backward, loss, params, hand):
    """As `claims`, where `hand` gives the arguments of a call for the parameters."""
    arguments, cache = hand(fresh(params)), None
    if loss is not None and (holds(params) or any(role == "cache" for _, role, _ in asked(backward))):
        _, cache = split(call(loss, arguments))
    found, order = read(untouched(backward, "backward", params, arguments, cache), params, arguments["params"])
    called = labels(params)
    return {called[name]: a for name, a in found.items()}, order and [called[name] for name in order]


def in_order(order):
    """What is said of gradients that come in another order than the parameters."""
    return f" They come in another order than the parameters, {', '.join(order)}: mind it in the step." if order else ""


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
        shown = "missing" if claimed is None else np.shape(claimed)
        return f"FAILS  {shown} where {right.shape} is due{misshapen(claimed, right.shape)}"
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
    length = "as long as the right one" if np.isclose(size, 1, rtol=5e-3) else f"{size:.3g} times as long{hint}"
    if np.isclose(cosine, -1):
        length = "the wrong sign" + ("" if np.isclose(size, 1) else f", {length}")
    return f"FAILS  {length}, cosine {cosine:.2f}"


def misshapen(claimed, due):
    """What a wrong shape says of the line that made it."""
    if claimed is None:
        return ""
    shape = np.shape(claimed)
    if len(due) == 1 and shape == (B,):
        return ": an entry for each sample, so it is summed over the wrong axis"
    if len(shape) == 2 and shape == due[::-1]:
        return ": it is transposed"
    if len(due) < 2 and len(shape) == 2 and B in shape:
        return ": it is not summed over the batch"
    if shape == () and due:
        return ": it is summed over every axis"
    if np.squeeze(claimed).shape == tuple(n for n in due if n != 1):
        return ": an axis of length 1 is too " + ("many" if len(shape) > len(due) else "few")
    return ""


def is_sum(loss, given):
    """Does the loss double with the batch?"""
    params, X, y = given
    return bool(np.isclose(loss(params, np.vstack([X, X]), np.append(y, y)), 2 * loss(*given)))


def begin_at(value, functions, given, claimed, right):
    """Where to look, if some gradients are wrong."""
    errors = {name: error_of(claimed[name], right[name]) for name in right}
    if is_sum(value, given) and all(error_of(claimed[name], right[name] / B) < SMALL for name in right):
        return "Your loss is a sum over the batch, and these are the gradients of the mean: divide the loss by B."
    flaw = ordinary_flaw(value, *given)
    if not flaw and max(errors.values()) < SEEN:  # something small is added in the loss
        flaw = large_flaw(value, *given)
    if flaw:
        return f"They are held to your own loss, which isn't right yet: {flaw[0].lower()}{flaw[1:]}"
    wrong = [name for name in right if not errors[name] < SMALL]
    if all(error_of(claimed[name], -a) < SMALL for name, a in right.items()):
        found = "It is a sign, the same in all four, so it is where the way back begins, in dZ2."
        return f"{found} {line(*functions, given)}".strip()
    last = [name for name, of_it in zip(right, output(given[0])) if of_it]
    layers = [[name for name in right if name not in last], last] if last else []
    return f"{nearest(wrong, layers)} {line(*functions, given)}".strip()


def line(loss, backward, given):
    """The sentence about the line of theirs that is wrong, or ""."""
    from backprop.practice.debugger import line_of  # a right answer does without it

    params, *data = given
    if holds(params):
        work = fresh(params)
        bound = [getattr(work, f.__name__, None) for f in (loss, backward)]
        if None in bound:
            return ""
        return line_of(*bound, dict(named(work)), *data)
    return line_of(loss, backward, params, *data)


@np.errstate(all="ignore")
def error_of(claimed, right):
    """The relative error, or inf where there is none: another shape, nothing, nan."""
    fits = claimed is not None and claimed.shape == right.shape and np.isfinite(claimed).all()
    return relative_error(claimed, right) if fits else np.inf


def nearest(wrong, layers):
    """Which of the wrong gradients to look at first: nothing below it can be judged before.

    `layers` are the names of each layer's parameters, the first layer first; [] where they aren't known.
    """
    if not layers:
        return "Look at the one that is nearest to the loss first."
    n = max(n for n, names in enumerate(layers, start=1) if set(names) & set(wrong))
    there, above = [name for name in layers[n - 1] if name in wrong], n < len(layers)
    whole = there == layers[n - 1]
    if len(wrong) == 1:
        right = [name for name in layers[n - 1] if name not in wrong]
        rest = f" {listed(right)} is right, so dZ{n} is." if right else ""
        return f"Only {wrong[0]} is wrong: look at its own line first.{rest}"
    if not above and whole:
        return f"Look at the last layer first: at dZ{n}, from which all of them come."
    if not whole:
        return f"Look at {listed(there)} first: of those that are wrong, it is nearest to the loss. dZ{n} is right."
    return (
        f"Everything above is right, down to dZ{n + 1}: the fault lies between dZ{n + 1} and d{there[0]}. Look at what "
        "is handed down to the layer below, and at the slope of its activation."
    )


@np.errstate(all="ignore")
def large_gradient_flaw(value, backward, given, loss):
    """What is wrong with gradients where logits are large, though they are right at ordinary values, or ""."""
    params, X, y = given
    places = {f"{FAR:.0f} times the parameters": rebuilt(params, [FAR * a for _, a in named(params)])}
    if any(output(params)):
        places = {"large logits": larger(params, FAR)} | places
    stable = not large_flaw(value, *given)  # else the differences there are those of another loss
    for where, there in places.items():
        told = f"Right at ordinary values. With {where} "
        claimed, _ = claims(backward, (there, X, y), loss)
        bad = [name for name, a in claimed.items() if a is None or not np.isfinite(a).all()]
        if bad and where == "large logits":
            return f"{told}there is nan or inf in {listed(bad)}: take off each row's own maximum before exp."
        if bad:
            return f"{told}there is nan or inf in {listed(bad)}: does the activation, or its slope, overflow?"
        if where == "large logits" and stable:
            right = numeric(value, there, X, y)
            off = [name for name in right if not np.allclose(claimed[name], right[name], rtol=0.1, atol=0.1)]
            if off and all(np.isfinite(a).all() for a in right.values()):
                return f"{told}{listed(off)} differ{'s' * (len(off) == 1)} from what your loss asks for."
    return ""


def stale_flaw(value, backward, given, claimed, loss):
    """Does backward use what the last forward pass has left, whatever its own arguments are?"""
    params, X, y = given
    value(rebuilt(params, [-a for _, a in named(params)]), X[::-1] + 1, y[::-1])
    if alike(claimed, claims(backward, given, loss)[0]):
        return ""
    return (
        "Right just after a loss with the same arguments. After another one backward gives other gradients: it uses "
        "what the last forward pass has left. Run the forward pass in backward, with the arguments that it is given."
    )


# --- the learner's own check ---


@stage
def checker(init, loss, check, backward=...):
    """`check(loss, backward, params, X, y)` gives the largest relative error, and misses no parameter or entry.

    It is handed gradients as `backward` gives them, or, without one, arranged as the parameters are.
    """
    if ... in (init, loss, check):
        return "not attempted yet"
    return checked(loss, check, backward, problem(init))


def checked(loss, check, backward, given):
    """What is wrong with a gradient check, or that it is right, on a problem (params, X, y)."""
    params, X, y = given
    value, seen = repeatable(loss, given), []
    right = list(numeric(value, *given).items())
    work, kept = fresh(params), {name: a.copy() for name, a in named(params)}
    like = None if backward is ... else as_given(loss, backward, given, work)

    def moved(params):
        now = dict(named(params))
        return max(np.abs(now[name] - a).max() for name, a in kept.items())

    def scaled_loss(*given, **more):
        told = loss(*given, **more)
        if first:
            seen.append(moved(given[0] if given and arranged(given[0]) else work))
        return scaled(told, scale)

    def reported(arrays):
        spoiled = [scale * a for a in arrays]

        def wrong_backward(*given, **more):
            if like is None:
                return rebuilt(params, spoiled)
            return with_gradients(like, params, work, dict(zip(kept, spoiled)))

        error = check(scaled_loss, wrong_backward, work, X, y)
        return number(error, "The check", "the largest relative error")

    scale, first = 1.0, True
    arrays = [a for _, a in right]
    honest = reported(arrays)
    first = False
    if moved(work) > TINY:
        return "The parameters are not as they were: put each entry back."
    if not honest < SMALL:
        if seen and max(seen) < TINY / 100:
            return (
                f"Right gradients are given an error of {honest:.1e}, and loss is always called with the parameters as "
                "they are: nothing is moved. Are two names one array?"
            )
        if np.isnan(honest) and not all(a.all() for a in arrays):
            return (
                "Right gradients are given an error of nan, and some of their entries are 0 on both sides: that is "
                "0/0. Divide norms of whole arrays, or take care of a sum of 0."
            )
        if len(seen) < (entries := sum(a.size for a in arrays)):
            return (
                f"Right gradients are given an error of {honest:.1e}: the loss was called {len(seen)} times for "
                f"{entries} entries. Every entry of every parameter has to be moved."
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


def as_given(loss, backward, given, work):
    """What backward gives for `work`, or None where its gradients aren't of the parameters' shapes."""
    params, X, y = given
    _, cache = split(call(loss, handed(work, X, y)))
    value = call(backward, handed(work, X, y), cache)
    found, _ = read(value, params, work)
    fits = all(found.get(name) is not None and found[name].shape == a.shape for name, a in named(params))
    return value if fits else None


def scaled(told, scale):
    """What a loss gave, with its number times `scale`."""
    if isinstance(told, tuple):
        n = next(n for n, one in enumerate(told) if is_number(one))
        return (*told[:n], scale * told[n], *told[n + 1 :])
    return scale * told


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


@stage
def autograd(Value):
    """`Value(number)` with `.data`, `.grad`, `+`, `*` and `.backward()`: right on values that are used again."""
    return "not attempted yet" if Value is ... else tasks.scalars(Value)


@stage
def tensors(Tensor):
    """`Tensor(array)` with `.data`, `.grad`, `+`, `*`, `@`, `.sum()`, `.backward()`: right where arrays broadcast."""
    return "not attempted yet" if Tensor is ... else tasks.tensors(Tensor)


@stage
def attention(forward, backward):
    """`forward(Q, K, V, mask)` gives O, perhaps beside a cache; `backward(Q, K, V, mask, G)` gives dQ, dK and dV."""
    return "not attempted yet" if ... in (forward, backward) else tasks.attention(forward, backward)


# --- the small network ---


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
    params = make(init, D, H, K, rng=rng)
    params = rebuilt(params, [rng.standard_normal(np.shape(a)) for _, a in named(params)])
    return params, rng.standard_normal((B, D)), rng.integers(K, size=B)


def numeric(loss, params, X, y):
    """{what a parameter is called: the gradient of `loss` for it, by central differences}."""
    arrays, called = [a for _, a in named(params)], labels(params).values()

    def along(n):
        return central_difference(lambda a: loss(rebuilt(params, [*arrays[:n], a, *arrays[n + 1 :]]), X, y), arrays[n])

    return {name: along(n) for n, name in enumerate(called)}


def bare(seed=None):
    """A bare coding round: prompt, clock, twist and debrief (see `pad`), which a widget shows."""
    from backprop.practice import pad  # the checks do without widgets

    return pad.bare(seed)
