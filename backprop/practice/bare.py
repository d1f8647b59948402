"""A bare coding round: what is asked, by a seed; a twist halfway; and, at the end, what is said of all that was built.

The prompt names the data, the activation, the loss and the axis of the batch, so there is one right loss for the
parameters that a candidate has drawn, whatever holds them. It is computed here, in rows, from these parameters as their
shapes tell them apart. A loss is compared with it, and where it is another, with what usual mistakes give; gradients
are held to differences of the candidate's own loss, and where they differ, to what usual mistakes give as well.
"""

import itertools
import linecache
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from backprop import data
from backprop.practice import live
from backprop.practice.designs import Finding, arranged, asked, call, make, named, rebuilt, takes
from backprop.practice.usual import GRADIENT_SLIPS, LOSS_SLIPS, NAMES, K, Net
from backprop.practice.wording import describe, listed, plainly, words

B, D, H, H2 = 7, 6, 5, 3  # and K = 4: all different; with one output, K is 1
READINGS = 64  # ways to read the parameters that are tried
FAR = 1e4  # how large logits are made
SMALL = 1e-6
EPSILON = 0.1  # of label smoothing, in the checks
PACKAGE = str(Path(__file__).parents[1])

DATA = {
    "digits": "handwritten digits: 64 pixels in [0, 1], ten classes",
    "spirals": "two spirals in the plane: two numbers for each point, two classes",
    "ring": "points on a noisy ring: from two coordinates to their sine and cosine of twice the angle",
}
LOSSES = {
    "labels": "a softmax, and cross-entropy with integer labels",
    "one-hot": "a softmax, and cross-entropy with one-hot labels",
    "binary": "one logit, and binary cross-entropy",
    "squares": "no activation at the output, and half the squared error, summed over the outputs",
}
TWISTS = {
    "layer": "Now put in a second hidden layer, of a width of its own: init(D, H1, H2, K, rng). Nothing else "
    "changes its "
    "arguments.",
    "mask": "Now there is a mask: loss(params, X, y, mask) and backward(params, X, y, mask). It holds 1 for "
    "each sample that "
    "counts and 0 for the others, {shape}. The mean is over those that count.",
    "smoothing": "Now smooth the labels: loss(params, X, y, smoothing) and backward(params, X, y, smoothing). With "
    "smoothing = ε the targets are (1 − ε) times the one-hot labels plus ε/K for each of the K classes.",
    "large": "Now a logit may be as large as 10,000. Loss and gradients have to stay right.",
}
GOALS = {"digits": 0.93, "spirals": 0.9, "ring": 0.05}  # a share of the test set, or a loss on it
MINUTES = (20, 25, 30)


# --- what is asked ---


@dataclass(frozen=True)
class Spec:
    """What a round asks: data, activation, loss, whether samples are rows, minutes, and the twist halfway."""

    seed: int
    data: str
    activation: str
    loss: str
    rows: bool
    minutes: int
    twist: str

    @property
    def prompt(self):
        """The paragraphs that an interviewer would say."""
        axis = "samples are rows, X is (B, D)" if self.rows else "samples are columns, X is (D, B)"
        goal = f"{GOALS[self.data]:.0%} of the test set right"
        if self.loss == "squares":
            goal = f"a loss of at most {GOALS[self.data]} on the test set"
        return [
            f"Build a network with one hidden layer in NumPy, without autograd, and train it. You have {self.minutes} "
            f"minutes. The data are {DATA[self.data]}: X, y, X_new, y_new = pad.data. Here {axis}, and "
            f"{self._labels}.",
            f"In the hidden layer {NAMES[self.activation]}; then {LOSSES[self.loss]}; the mean over the batch. "
            f"The goal is {goal}.",
            "At the end, hand in init(D, H, K, rng), loss(params, X, y), backward(params, X, y), "
            "gradient_check(loss, backward, params, X, y), which gives the largest relative error, and "
            "predict(params, X) with your trained parameters. What holds the parameters is up to you: a class with "
            "these methods will do.",
        ]

    @property
    def _labels(self):
        shape = "(B, K)" if self.rows else "(K, B)"
        return {
            "labels": "y holds integers, (B,)",
            "one-hot": f"y is one-hot, {shape}",
            "binary": "y holds 0 and 1, (B,)",
            "squares": f"y is {shape}",
        }[self.loss]

    @property
    def said(self):
        """The twist, in words."""
        return TWISTS[self.twist].format(shape="(B,)")

    def handed_over(self):
        """X, y, X_new, y_new as the prompt says."""
        X, y, X_test, y_test = {"digits": _digits, "spirals": _spirals, "ring": _ring}[self.data]()
        if self.loss == "one-hot":
            y, y_test = np.eye(10)[y], np.eye(10)[y_test]
        turned = [a.T if a.ndim == 2 and not self.rows else a for a in (X, y, X_test, y_test)]
        return tuple(np.ascontiguousarray(a) for a in turned)


def spec(seed):
    """The round of a seed, a whole number, else ValueError. Seeds that follow one another have different twists."""
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed is {seed!r}, but should be a whole number, such as 1.")
    drawn = random.Random(seed)
    twist = list(TWISTS)[seed % len(TWISTS)]
    losses = {"smoothing": ("labels", "one-hot"), "large": ("labels", "one-hot", "binary")}.get(twist, tuple(LOSSES))
    loss = drawn.choice(losses)
    of_loss = {"binary": "spirals", "squares": "ring"}.get(loss, "digits")
    activation = drawn.choice([name for name in NAMES if of_loss == "digits" or name in ("tanh", "relu", "silu")])
    return Spec(seed, of_loss, activation, loss, drawn.random() < 0.6, drawn.choice(MINUTES), twist)


def _digits():
    d = data.digits()
    return d.X_train.T, d.y_train, d.X_test.T, d.y_test


def _spirals():
    (X, Y), (X_test, Y_test) = data.spirals(200, seed=0), data.spirals(100, seed=1)
    return X.T, Y[0].astype(np.int64), X_test.T, Y_test[0].astype(np.int64)


def _ring():
    rng = np.random.default_rng(0)
    found = []
    for n in (400, 100):
        angle = rng.uniform(-np.pi, np.pi, n)
        X = np.stack([np.cos(angle), np.sin(angle)], axis=1) + 0.02 * rng.standard_normal((n, 2))
        found += [X, np.stack([np.sin(2 * angle), np.cos(2 * angle)], axis=1)]
    return found


# --- reading the parameters ---


def readings(params, sizes):
    """Ways to read parameters as layers: each is a list with, for a layer, a function {name: array} -> (W, b).

    By shape: a matrix either way round and its bias; or a matrix that holds the bias as its first or last row.
    """
    shapes = {name: np.shape(a) for name, a in named(params)}
    if isinstance(params, np.ndarray):
        return _cut(params, sizes)
    each = []
    for n, m in itertools.pairwise(sizes):
        matrices = [name for name, shape in shapes.items() if shape in ((n, m), (m, n)) or (m == 1 and shape == (n,))]
        biases = [name for name, shape in shapes.items() if shape in ((m,), (1, m), (m, 1)) or (m == 1 and shape == ())]
        ways = [((W, b), _pair(W, b, n, m)) for W in matrices for b in biases if W != b]
        both = [name for name, shape in shapes.items() if shape in ((n + 1, m), (m, n + 1))]
        ways += [((name,), _joined(name, n, m, first)) for name in both for first in (False, True)]
        each.append(ways)
    found = []
    for chosen in itertools.islice(itertools.product(*each), READINGS * READINGS):
        names = [name for used, _ in chosen for name in used]
        if len(set(names)) == len(names) and len(found) < READINGS:
            found.append(([used for used, _ in chosen], [way for _, way in chosen]))
    return found


def _cut(theta, sizes):
    """Ways to read one array: layer by layer, or all matrices first; each matrix either way round."""
    pairs = list(itertools.pairwise(sizes))
    if theta.size != sum((n + 1) * m for n, m in pairs):
        return []
    each = [(kind, n) for n in range(len(pairs)) for kind in "Wb"]
    found = []
    for order in (each, sorted(each), sorted(each, reverse=True), each[::-1]):
        for turned in (False, True):
            places, start = {}, 0
            for kind, n in order:
                size = np.prod(pairs[n]) if kind == "W" else pairs[n][1]
                places[kind, n] = slice(start, start + size)
                start += size
            found.append(([(name,) for name, _ in named(theta)] * len(pairs), _slices(places, pairs, turned)))
    return found


def _slices(places, pairs, turned):
    def way(n):
        shape = pairs[n][::-1] if turned else pairs[n]

        def layer(arrays):
            flat = next(iter(arrays.values())).ravel()
            W = flat[places["W", n]].reshape(shape)
            return W.T if turned else W, flat[places["b", n]]

        return layer

    return [way(n) for n in range(len(pairs))]


def _pair(W, b, n, m):
    def way(arrays):
        matrix = arrays[W].reshape(n, m) if m == 1 or arrays[W].shape == (n, m) else arrays[W].T
        return matrix, np.asarray(arrays[b]).reshape(m)

    return way


def _joined(name, n, m, first):
    def way(arrays):
        both = arrays[name] if arrays[name].shape == (n + 1, m) else arrays[name].T
        return (both[1:], both[0]) if first else (both[:-1], both[-1])

    return way


# --- what is handed in ---


@dataclass
class Handed:
    """What a candidate hands in; ... where there is nothing yet. `init` may be a class with the others as methods."""

    init: object = ...
    loss: object = ...
    backward: object = ...
    gradient_check: object = ...
    predict: object = ...
    trained: object = ...

    def __post_init__(self):
        if isinstance(self.init, type):
            for name in ("loss", "backward", "gradient_check", "predict"):
                if getattr(self, name) is ...:
                    setattr(self, name, getattr(self.init, name, ...))
            if self.loss is ...:
                self.loss = getattr(self.init, "compute_loss", ...)

    @property
    def nothing(self):
        return all(one is ... for one in (self.init, self.loss, self.backward, self.gradient_check, self.predict))


@dataclass
class Debrief:
    """What is said at the end: `rows` of (stage, words), the kinds of `slips`, and whether all of it was right."""

    rows: list = field(default_factory=list)
    slips: list = field(default_factory=list)
    missing: list = field(default_factory=list)
    twisted: bool = False

    def add(self, stage, said, slip=""):
        self.rows.append((stage, said))
        if slip:
            self.slips.append(slip)

    @property
    def passed(self):
        return not self.slips and not self.missing and self.twisted

    def told(self, stage):
        return dict(self.rows).get(stage, "")


class Raised(Exception):
    """What the candidate's own code raised, in a sentence."""


def guarded(function, *given, **more):
    """What a function of the candidate's gives. Raised, with the line, where it raises."""
    try:
        with np.errstate(all="ignore"):
            return function(*given, **more)
    except (Finding, Raised):
        raise
    except Exception as error:
        raise Raised(place(error)) from None


def place(error):
    """An exception of the candidate's code in a sentence: the line, and what it means."""
    said = f"{type(error).__name__}: {plainly(error) or words(error)}"
    trace, where, shapes = error.__traceback__, "", []
    while trace:
        code, line = trace.tb_frame.f_code, trace.tb_lineno
        if not code.co_filename.startswith(PACKAGE) and "site-packages" not in code.co_filename:
            text = linecache.getline(code.co_filename, line).strip()
            shapes = [f"{name} {a.shape}" for name, a in trace.tb_frame.f_locals.items() if isinstance(a, np.ndarray)]
            used = [one for one in shapes if one.split()[0] in text]
            where = f"In {code.co_name}, line {line}" + (f", {text}" if text else "") + ": "
            said = f"{type(error).__name__}: {plainly(error) or words(error)}" + (
                f" There: {', '.join(used)}." if used else ""
            )
        trace = trace.tb_next
    squares = [name for name in shapes if name.endswith(f" ({B}, {B})")] if where else []
    if squares:
        said += f" {B} is the number of samples, B: {squares[0].split()[0]} is B by B, so (B, 1) has met (B,) above."
    return f"{where}{said}"


def judge(spec, handed):
    """The `Debrief` of a round."""
    debrief = Debrief()
    problem = _parameters(spec, handed, debrief)
    if problem:
        right = _loss(problem, handed, debrief)
        _gradients(problem, handed, debrief, right)
        _check(problem, handed, debrief)
    _training(spec, handed, debrief)
    return debrief


@dataclass
class Problem:
    """A small network of the candidate's with nothing at 0, a batch for it, and how its parameters are read."""

    spec: Spec
    twisted: bool
    sizes: tuple
    params: object
    X: np.ndarray
    y: np.ndarray
    extra: object
    ways: list

    @property
    def given(self):
        """X and y as the prompt arranges them."""
        return [a.T if a.ndim == 2 and not self.spec.rows else a for a in (self.X, self.y)]

    def handed(self, params):
        """The arguments of loss and backward."""
        X, y = self.given
        more = {self.spec.twist: self.extra} if self.twisted and self.spec.twist in ("mask", "smoothing") else {}
        return {"params": params, "X": X.copy(), "y": y.copy()} | more

    def layers(self, params=None, way=None):
        arrays = dict(named(self.params if params is None else params))
        return [one(arrays) for one in (self.ways[0] if way is None else way)[1]]

    def right(self, params=None, wrong=(), way=None):
        """The right loss of the candidate's parameters, or what a mistake makes of it."""
        net = Net(self.spec, self.twisted, wrong)
        return net.loss(self.layers(params, way), self.X, self.y, self.extra)

    @property
    def called(self):
        """{name: what it is called}: W1, b1 and so on where a name is a place only, else the name."""
        names = [name for name, _ in named(self.params)]
        plain = any(c.isalpha() for name in names for c in name)
        told = {name: name for name in names}
        for n, used in enumerate(self.ways[0][0] if self.ways and not plain else (), start=1):
            told |= dict(zip(used, (f"W{n}", f"b{n}")))
        return told

    def zeros(self, name):
        """An array of zeros of the shape of a parameter."""
        return np.zeros_like(dict(named(self.params))[name])

    def by_name(self, found):
        """What the live checks have found for each parameter, in its place and under the name that is used here."""
        return {self.called[name]: found[label] for name, label in live.labels(self.params).items()}

    @property
    def by_layer(self):
        """The names of each layer's parameters, as they are called."""
        return [[self.called[name] for name in used] for used in self.ways[0][0]] if self.ways else []


def _parameters(spec, handed, debrief):
    """The `Problem`, after what is said of the parameters; None where there are none."""
    if handed.init is ...:
        debrief.missing.append("init")
        debrief.add("parameters", "not handed in")
        return None
    k = 1 if spec.loss == "binary" else K
    debrief.twisted = _twisted(spec, handed)
    sizes = (D, H, H2, k) if debrief.twisted and spec.twist == "layer" else (D, H, k)
    rng = np.random.default_rng(3)
    try:
        params = guarded(make, handed.init, *sizes, rng=rng)
        if not arranged(params):
            debrief.add("parameters", f"init gives {describe(params)}, in which no arrays are found.", "shape")
            return None
        ways = readings(params, sizes)
        flat = _alike(params, sizes, ways)
        first = {name: a.copy() for name, a in named(params)}
        params = rebuilt(params, [rng.standard_normal(np.shape(a)) for a in first.values()])
    except Raised as raised:
        debrief.add("parameters", str(raised), "raised")
        return None
    except Finding as found:
        debrief.add("parameters", str(found), "shape")
        return None
    shown = ", ".join(f"{name} {a.shape}" for name, a in first.items())
    letters = "D, H1, H2, K" if len(sizes) == 4 else "D, H, K"
    if not ways:
        due = "; ".join(f"({n}, {m}) with a bias ({m},)" for n, m in itertools.pairwise(sizes))
        debrief.add(
            "parameters", f"With {letters} = {listed(list(map(str, sizes)))} there is {shown}. Due: {due}.", "shape"
        )
    elif flat:
        debrief.add("parameters", flat, "other")
    elif any(a.dtype.kind != "f" for a in first.values()):
        debrief.add("parameters", "Some are whole numbers: a step of w -= … would be cut to whole numbers.", "other")
    else:
        debrief.add("parameters", f"right: {shown}")
    y = {"binary": lambda: rng.integers(2, size=B), "squares": lambda: rng.standard_normal((B, K))}
    y = y.get(spec.loss, lambda: rng.permutation([0, 1, 2, 3, 0, 2, 1]))()
    y = np.eye(K)[y] if spec.loss == "one-hot" else y
    extra = {"mask": np.array([1.0, 0, 1, 1, 0, 1, 1]), "smoothing": EPSILON}.get(spec.twist)
    return Problem(spec, debrief.twisted, sizes, params, rng.standard_normal((B, D)), y, extra, ways)


def _alike(params, sizes, ways):
    """What is said where all hidden units start alike, or ""."""
    arrays = dict(named(params))
    if ways:
        W, _ = ways[0][1][0](arrays)
        if sizes[1] > 1 and not np.ptp(W, axis=1).any():
            return "All hidden units start alike, so they stay alike forever. Draw the weights at random."
    return ""


def _twisted(spec, handed):
    """Is what was handed in made for the twist?"""
    if spec.twist == "large":
        return True
    if spec.twist == "layer":
        roles = [name.lower().strip("_") for name, _, needed in asked(handed.init) if needed]
        rest = [name for name in roles if name not in ("rng", "seed", "random_state", "gen", "generator")]
        return not roles or len(rest) != 3
    return handed.loss is not ... and takes(handed.loss, spec.twist)


def _value(problem, handed):
    """The candidate's loss as a function of parameters, which gives a number."""
    return lambda params: live.valued(guarded(call, handed.loss, problem.handed(live.fresh(params))))


def _loss(problem, handed, debrief):
    """The candidate's loss as a function of the parameters where it is right, after what is said of it; else None."""
    if handed.loss is ...:
        debrief.missing.append("loss")
        debrief.add("loss", "not handed in")
        return None
    value, params = _value(problem, handed), problem.params
    try:
        calls = [
            guarded(live.untouched, handed.loss, "loss", params, problem.handed(live.fresh(params))) for _ in range(2)
        ]
        live.steady(*map(live.valued, calls))
        said, slip = _loss_told(problem, value)
    except Raised as raised:
        said, slip = str(raised), "raised"
    except Finding as found:
        said, slip = str(found), "other"
    debrief.add("loss", said or f"right: {LOSSES[problem.spec.loss]}; the mean", slip)
    if slip:
        return None
    if problem.spec.loss != "squares":
        said = _large_loss(problem, value)
        debrief.add("large logits", said or "the loss stays right", "large" if said else "")
    return value


def _loss_told(problem, value):
    """(what is wrong with a loss, its kind), or ("", "")."""
    params, rng = problem.params, np.random.default_rng(5)
    other = rebuilt(params, [rng.standard_normal(a.shape) for _, a in named(params)])
    points = [params, other]
    mine = [value(point) for point in points]
    if not problem.ways:
        return "", ""

    def gives(wrong, way):
        return np.allclose([problem.right(point, wrong, way) for point in points], mine, rtol=1e-7, atol=1e-10)

    for way in problem.ways:
        if gives((), way):
            problem.ways = [way]
            return "", ""
    for count in (1, 2):
        for wrong in _sets(LOSS_SLIPS, count, problem):
            for way in problem.ways[:8]:
                if gives(wrong, way):
                    problem.ways = [way]
                    return " ".join(LOSS_SLIPS[one][1] for one in wrong), LOSS_SLIPS[wrong[0]][0]
    due = [problem.right(point) for point in points]
    if not np.isfinite(mine).all():
        return f"It is {mine[0]:.3g} at ordinary values.", "large"
    if np.isclose(mine[0] / due[0], mine[1] / due[1], rtol=1e-6):
        return f"It is {mine[0] / due[0]:.4g} times what it should be.", "factor"
    empty = rebuilt(params, [0 * a for _, a in named(params)])
    at_zero = "It is right where all parameters are 0, so look at what hangs on them: biases, activation, axis."
    if not np.isclose(value(empty), problem.right(empty)):
        at_zero = (
            f"With all parameters 0 it is {value(empty):.4g}, where {problem.right(empty):.4g} is due: begin there."
        )
    return f"It is {mine[0]:.4g} where {due[0]:.4g} is due, and no usual mistake gives that. {at_zero}", "other"


def _sets(table, count, problem):
    """Sets of so many mistakes of a table that could be made in this round."""
    spec = problem.spec
    not_here = {f"act:{spec.activation}", f"slope:{spec.activation}"}
    twists = {"mask": {"no-extra", "by-all", "unmasked"}, "smoothing": {"no-extra", "over-others", "only-shrunk"}}
    not_here |= {*itertools.chain(*twists.values())} - (twists.get(spec.twist, set()) if problem.twisted else set())
    return itertools.combinations([name for name in table if name not in not_here], count)


def _far(problem):
    """The parameters with the last layer so large that the largest logit is FAR."""
    way = problem.ways[0]
    z = Net(problem.spec, problem.twisted).logits(problem.layers(), problem.X)
    last, by = way[0][-1], FAR / np.abs(z).max()
    if isinstance(problem.params, np.ndarray):  # its last layer is found by what stands there
        marked = {name: np.arange(1.0, a.size + 1) for name, a in named(problem.params)}
        there = np.isin(
            np.arange(1.0, problem.params.size + 1), np.concatenate([a.ravel() for a in way[1][-1](marked)])
        )
        return problem.params * np.where(there, by, 1).reshape(problem.params.shape)
    return rebuilt(problem.params, [a * (by if name in last else 1) for name, a in named(problem.params)])


@np.errstate(all="ignore")
def _large_loss(problem, value):
    """What is wrong with the loss where logits are large, or ""."""
    if not problem.ways:
        return ""
    there = _far(problem)
    mine, due = value(there), problem.right(there)
    if np.isclose(mine, due, rtol=1e-6):
        return ""
    said = f"With logits of {FAR:,.0f} the loss is {mine:.4g}, where {due:.4g} is due"
    if np.isfinite(mine):
        return f"{said}: is p clipped, or something added inside the log? Go from the logits to the loss without p."
    if problem.spec.loss == "binary":
        return f"{said}: exp overflows, or the log is of 0. Go from the logit to the loss, and form only exp of −|z|."
    return f"{said}: take off each sample's own maximum before exp, and take the log of no softmax."


def _gradients(problem, handed, debrief, value):
    """What is said of the gradients. `value` is the candidate's loss where that is right."""
    if handed.backward is ...:
        debrief.missing.append("backward")
        debrief.add("gradients", "not handed in")
        return
    try:
        _gradients_told(problem, handed, debrief, value)
    except Raised as raised:
        debrief.add("gradients", str(raised), "raised")
    except Finding as found:
        debrief.add("gradients", str(found), "update" if "updates" in str(found) else "other")


def _gradients_told(problem, handed, debrief, value):
    params, hand = problem.params, problem.handed
    loss = None if handed.loss is ... else handed.loss
    runs = [guarded(live.claimed, handed.backward, loss, params, hand) for _ in range(3)]
    claimed, order = runs[0]
    claimed = problem.by_name(claimed)
    if not live.alike(runs[0][0], runs[1][0]):
        kept = live.kept_in([one for one, _ in runs])
        debrief.add("gradients", f"Called again with the same arguments, backward gives others: {kept}", "other")
        return
    own = value or (_value(problem, handed) if loss else problem.right)
    right = _numeric(problem, own)
    told = {name: live.words(claimed[name], right[name]) for name in right}
    wrong = [name for name, said in told.items() if said != "ok"]
    if value is None and loss and problem.ways:
        due = _numeric(problem, problem.right)
        if all(live.error_of(claimed[name], due[name]) < SMALL for name in due):
            debrief.add("gradients", "right for the loss that was asked for: it is your loss that is not that one")
            return
    if not wrong:
        debrief.add("gradients", f"right: those of your own loss, {listed(list(right))}.{live.in_order(order)}")
        if value:
            _large_gradients(problem, handed, debrief)
        return
    said, slips = _named(problem, claimed, wrong) if value else ("", [])
    if not slips:
        held = "" if value or not loss else "They are held to your own loss, which isn't right yet: begin there. "
        said, slips = held + live.nearest(wrong, problem.by_layer), ["other"]
        if any(claimed[name] is None or np.shape(claimed[name]) != right[name].shape for name in right):
            slips = ["shape"]
    line = guarded(live.line, handed.loss, handed.backward, tuple(hand(params).values())) if loss else ""
    if slips != ["other"]:  # what it is has been said: of the line, only where it is
        line = re.match(r"(.*? right(?:, too)?\.|)", line)[1]
    debrief.add("gradients", f"{said} {line}".strip())
    debrief.slips += slips
    for name in right:
        debrief.add(f"d{name}", told[name])


def _named(problem, claimed, wrong):
    """(words, kinds) of usual mistakes in gradients, one or two in all of them, or each in some; ("", []) of none."""
    arrays = {name: claimed[called] for name, called in problem.called.items() if claimed[called] is not None}
    net = Net(problem.spec, problem.twisted)
    if problem.ways and any(np.shape(claimed[problem.called[name]]) != a.shape for name, a in named(problem.params)):
        right = net.gradients(problem.layers(), problem.X, problem.y, problem.extra)
        if _gives(problem, right, arrays, None):
            return f"The numbers are right. Only the shape of {listed(wrong)} is not: see there.", ["shape"]
        return "", []
    if not problem.ways:
        return "", []
    if chosen := _slips_in(problem, claimed):
        return " ".join(GRADIENT_SLIPS[one][1] for one in chosen), [GRADIENT_SLIPS[one][0] for one in chosen]
    by_slip = {}
    for name in wrong:
        found = _slips_in(problem, claimed, name)
        by_slip.setdefault(found[0] if found else "", []).append(name)
    left = by_slip.pop("", [])
    told = [f"In {listed(names)}: {_lower(GRADIENT_SLIPS[one][1])}" for one, names in by_slip.items()]
    told += [live.nearest(left, problem.by_layer)] if told and left else []
    return " ".join(told), [GRADIENT_SLIPS[one][0] for one in by_slip]


def _numeric(problem, value):
    """{what a parameter is called: central differences of a loss}."""
    found = live.numeric(lambda params, X, y: value(params), problem.params, None, None)
    return problem.by_name(found)


def _lower(sentence):
    return sentence[0].lower() + sentence[1:]


def _slips_in(problem, claimed, only=None):
    """The one or two usual mistakes that give just these gradients, or ().

    With `only`, the one that gives that gradient. It is looked for in all layers, and the mistake in its own.
    """
    back = {called: name for name, called in problem.called.items()}
    arrays = {back[called]: a for called, a in claimed.items() if a is not None}
    for count in (1, 2) if only is None else (1,):
        for wrong in _sets(GRADIENT_SLIPS, count, problem):
            net = Net(problem.spec, problem.twisted, wrong)
            made = net.gradients(problem.layers(), problem.X, problem.y, problem.extra)
            if _gives(problem, made, arrays, only and back[only]):
                return wrong
    return ()


def _gives(problem, made, arrays, only):
    """Are these the gradients that were made, or is the one of this name?"""
    used, ways = problem.ways[0]
    for names, way, due in zip(used, ways, made):
        if only is not None and only not in names:
            continue
        try:
            mine = way({name: arrays[name] if only in (None, name) else problem.zeros(name) for name in names})
        except (KeyError, ValueError, IndexError, AttributeError):  # missing, or of another shape
            return False
        pairs = list(zip(mine, due))
        if only is not None and len(names) == 2:
            pairs = [pairs[names.index(only)]]
        if not all(a.shape == b.shape and np.allclose(a, b, rtol=1e-6, atol=1e-9) for a, b in pairs):
            return False
    return True


@np.errstate(all="ignore")
def _large_gradients(problem, handed, debrief):
    """What is said of gradients where logits are large, though they are right at ordinary values."""
    if not problem.ways or problem.spec.loss == "squares":
        return
    there = _far(problem)
    claimed, _ = guarded(live.claimed, handed.backward, handed.loss, there, problem.handed)
    bad = [name for name, a in problem.by_name(claimed).items() if not np.isfinite(a).all()]
    if bad:
        debrief.add("large logits", f"There is nan or inf in the gradients of {listed(bad)}.", "large")


def _check(problem, handed, debrief):
    """What is said of the candidate's own gradient check."""
    if handed.gradient_check is ... or ... in (handed.loss, handed.backward):
        debrief.missing.append("gradient_check")
        debrief.add("gradient check", "not handed in: how do you know that the gradients are right?")
        return
    if {"update", "raised"} & set(debrief.slips):
        debrief.add("gradient check", "not judged yet: what it calls comes first")
        return
    loss, backward = handed.loss, handed.backward
    X, y = problem.given
    more = {name: a for name, a in problem.handed(None).items() if name not in ("params", "X", "y")}
    if more:
        loss = lambda params, X, y: call(handed.loss, {"params": params, "X": X, "y": y} | more)  # noqa: E731
        backward = lambda params, X, y: call(handed.backward, {"params": params, "X": X, "y": y} | more)  # noqa: E731
    try:
        said = guarded(live.checked, loss, handed.gradient_check, backward, (problem.params, X, y))
    except (Raised, Finding) as found:
        said = str(found)
    right = said.startswith("Right: ")
    debrief.add("gradient check", said.removeprefix("Right: ") if right else said, "" if right else "check")


def _training(spec, handed, debrief):
    """What is said of the trained network."""
    if handed.predict is ... or handed.trained is ...:
        debrief.missing.append("training")
        debrief.add("training", "no predict with trained parameters was handed in")
        return
    _, _, X, y = spec.handed_over()
    try:
        told = np.asarray(guarded(call, handed.predict, {"params": handed.trained, "X": X}))
    except Raised as raised:
        debrief.add("training", str(raised), "raised")
        return
    goal = GOALS[spec.data]
    due = y.argmax(axis=1 if spec.rows else 0) if spec.loss == "one-hot" else y
    if spec.loss != "squares":
        told = told.squeeze()
    if told.shape != due.shape:
        what = "outputs" if spec.loss == "squares" else "one label for each sample"
        debrief.add("training", f"The predictions have shape {told.shape}, where {due.shape} is due: {what}.", "goal")
        return
    if spec.loss == "squares":
        reached = 0.5 * ((told - due) ** 2).sum() / (len(due) if spec.rows else due.shape[1])
        right, said = reached <= goal, f"a loss of {reached:.3g} on the test set, where at most {goal} was the goal"
    else:
        share = (np.round(told) == due).mean()
        right, said = share >= goal, f"{share:.3f} of {len(due)} are right, where {goal} was the goal"
    debrief.add("training", said, "" if right else "goal")
