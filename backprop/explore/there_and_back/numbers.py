"""The pass there and back, one operation at a time: what each step computes, of what, and its usual slips.

A `Pass` runs the core once, and every result below is the core's. `steps` lists the operations in the order of the
algorithm, each with its equation, its matrices, its words, and the wrong results of its single slips. Neurons and
edges tell their own chain rule in `neuron` and `edge`. How it is drawn is `picture`'s matter.
"""

from copy import deepcopy
from typing import NamedTuple

import numpy as np

from backprop import MLP, SGD
from backprop.activations import ACTIVATIONS, sigmoid, softmax
from backprop.explore.written import entry, in_product, matrix
from backprop.losses import NATURAL_OUTPUT

LAYERS, WIDEST, MOST_SAMPLES, LARGEST = (2, 4), 4, 3, 10  # what a drawing holds, and what stays finite


class Block(NamedTuple):
    """A matrix and what it is called."""

    name: str
    values: np.ndarray


class Step(NamedTuple):
    """One operation.

    name       what it computes: "z[1]"
    tag        "(B2)", or "" for what has no tag
    direction  "start", "there", "back" or "update"
    equation   as it stands on the board
    terms      the same with numbers: Blocks, and the signs between them; the last Block is the result
    words      what happens, in sentences
    lit        the parts of the network that take part: "n1" neurons, "W1" edges, "loss", "y"
    slips      what may go wrong -> the result that this gives (the right one, where it makes no difference)
    forgiven   how far off an answer may be, as rounded factors cost: a part of it, and an absolute amount
    """

    name: str
    tag: str
    direction: str
    equation: str
    terms: list
    words: str
    lit: set
    slips: dict
    forgiven: tuple | None = None

    @property
    def result(self):
        return self.terms[-1].values if self.terms else None


class Ask(NamedTuple):
    """A number to predict: where it stands in the step's result, and what each answer to it means.

    `cases` are (value, tolerance, sentence): the right number first, then every slip that can be told from it.
    """

    row: int
    column: int
    question: str
    cases: list


class Row(NamedTuple):
    """A line about one neuron or edge: shown from step `since` on, with a bar of -1 to 1 or None."""

    since: int
    text: str
    bar: float | None = None


# ---- numbers in a row ----


def factor(value):
    """An entry as it stands in a product."""
    return in_product(entry(value))


def added(values):
    """Numbers as a sum: 0.4 − 0.2."""
    return " + ".join(map(entry, values)).replace("+ −", "− ")


def entries(values):
    """The first column of a matrix, in words."""
    listed = ", ".join(row[0] for row in matrix(values[:, :1]))
    return (f"({listed})" if len(values) > 1 else listed) + " for the first sample" * (values.shape[1] > 1)


# ---- the network and its samples ----


def network(sizes, *, hidden="tanh", loss="mse", output=None, seed=0):
    """An MLP whose weights and biases can be copied by hand: Xavier's, rounded to one decimal, and none of them 0.

    Raises ValueError, in a sentence, for what the core refuses and for what can't be drawn: a network of other than
    2 to 4 layers, or one wider than 4.
    """
    few, many = LAYERS
    if not few <= len(sizes) - 1 <= many or max(sizes) > WIDEST:
        can = f"{few} to {many} layers of at most {WIDEST} neurons can be drawn"
        raise ValueError(f"sizes is {list(sizes)}, but {can}.")
    drawn = MLP(sizes, hidden=hidden, loss=loss, output=output, seed=seed)
    net = MLP(sizes, hidden=hidden, loss=loss, output=output, init=[by_hand(W) for W in drawn.W[1:]])
    rng = np.random.default_rng([seed, 1])
    for b in net.b[1:]:
        b[:] = by_hand(rng.uniform(-0.5, 0.5, b.shape))
    return net


def by_hand(values):
    """The values rounded to one decimal, with ±0.1 for what would become 0."""
    rounded = np.round(values, 1)
    return np.where(rounded == 0, np.where(values < 0, -0.1, 0.1), rounded)


def draw(net, count=1, seed=0):
    """Inputs X of shape (n_0, count) and targets Y that suit the network's output, each with one decimal."""
    if not 1 <= count <= MOST_SAMPLES:
        raise ValueError(f"samples is {count}, but 1 to {MOST_SAMPLES} samples can be drawn.")
    rng, n = np.random.default_rng([seed, 2]), net.sizes[-1]
    X = by_hand(rng.uniform(-1.5, 1.5, (net.sizes[0], count)))
    if net.output_name == "softmax":
        return X, np.eye(n)[:, rng.integers(0, n, count)]
    if net.loss_name == "bce":
        return X, rng.integers(0, 2, (n, count)).astype(float)
    return X, np.abs(by_hand(rng.uniform(0, 1, (n, count))))


def columns(written, rows, count, what):
    """The array (rows, count) that is written as "0.5 -1; 0.2 0.3": samples are set off by ;, numbers by spaces.

    Raises ValueError, in a sentence, for anything else, and for numbers beyond ±10.
    """

    def refused(why):
        return ValueError(f'{what} is "{written}", but {why}.')

    try:
        listed = [[float(v) for v in part.replace(",", " ").split()] for part in written.replace("−", "-").split(";")]
    except ValueError:
        raise refused("should be numbers, such as 0.5 -1 (samples apart by ;)") from None
    if [len(one) for one in listed] != [rows] * count:
        apart = ", the samples apart by ;" * (count > 1)
        raise refused(f"should hold {count} sample{'s' * (count > 1)} of {rows} number{'s' * (rows > 1)}{apart}")
    array = np.array(listed).T
    if not (np.abs(array) <= LARGEST).all():
        raise refused(f"its numbers should lie between -{LARGEST} and {LARGEST}")
    return array


class Pass:
    """One pass of a network there and back, and one update: the core's numbers, all of them.

    net, X, Y   the network, its inputs (n_0, B) and targets (n_L, B)
    trace       z[l] and a[l];  loss: 𝓛;  grads: δ[l], dW[l], db[l]
    after       the network after one step of gradient descent with rate `eta`;  trace_after: its z and a
    loss_after  its 𝓛

    Raises ValueError, in a sentence, for data that the core refuses, and for a rate outside of (0, 10].
    """

    def __init__(self, net, X, Y, eta=0.5):
        if not 0 < eta <= LARGEST:
            raise ValueError(f"eta is {eta}, but should lie above 0 and at most at {LARGEST}.")
        self.net, self.X, self.Y, self.eta = net, X, Y, eta
        self.L, self.B = net.L, X.shape[1]
        self.trace = net.forward(X)
        self.loss = net.loss(self.trace, Y)
        self.grads = net.backward(self.trace, Y)
        self.slopes = [None, *(net.dσ(self.trace.z[l], self.trace.a[l]) for l in range(1, net.L))]
        self.after = deepcopy(net)
        SGD(eta).update(self.after, self.grads)
        self.trace_after = self.after.forward(X)
        self.loss_after = self.after.loss(self.trace_after, Y)
        self.steps = steps(self)
        self.when = {step.name: k for k, step in enumerate(self.steps)}


def one_pass(*, sizes, hidden="tanh", loss="mse", output=None, seed=0, eta=0.5, samples=1, inputs="", targets=""):
    """The `Pass` of a small network: see `network`, `draw` and `columns`. Empty `inputs` or `targets` are drawn."""
    net = network(sizes, hidden=hidden, loss=loss, output=output, seed=seed)
    X, Y = draw(net, samples, seed)
    if inputs.strip():
        X = columns(inputs, sizes[0], samples, "input")
    if targets.strip():
        Y = columns(targets, sizes[-1], samples, "target")
    return Pass(net, X, Y, eta)


# ---- the steps ----


def steps(run):
    """The steps of a pass: forward through every layer, the loss, back through every layer, the update."""
    up, down = range(1, run.L + 1), range(run.L, 0, -1)
    errors = {run.L: output_error(run), **{l: hidden_error(run, l) for l in up[:-1]}}
    return [
        start(run),
        *(step for l in up for step in (preactivation(run, l), activation(run, l))),
        loss(run),
        *(step for l in down for step in (errors[l], weight_gradient(run, l), bias_gradient(run, l))),
        *(step for l in up for step in (update(run, l, "W"), update(run, l, "b"))),
        loss_again(run),
    ]


def start(run):
    net = run.net
    widths = "-".join(map(str, net.sizes))
    words = (
        f"A network of widths {widths}: {net.hidden} inside, {net.output_name} at the output, {LOSSES[net.loss_name]}. "
        f"The input is {entries(run.X)}, the target {entries(run.Y)}. Edges show the weights W."
    )
    return Step("start", "", "start", "a[0] = x", [Block("a[0]", run.X)], words, {"n0", "y"}, {})


def preactivation(run, l):
    (z, a), W, b = run.trace, run.net.W[l], run.net.b[l]
    slips = {f"b[{l}] is left out": W @ a[l - 1], f"b[{l}] is subtracted": W @ a[l - 1] - b}
    if W.shape[0] == W.shape[1]:
        slips[f"W[{l}] is transposed"] = W.T @ a[l - 1] + b
    if l > 1:
        slips[f"z[{l - 1}] is taken for a[{l - 1}]"] = W @ z[l - 1] + b
    slips["only the first weight of the row is used"] = W[:, :1] @ a[l - 1][:1] + b
    terms = [Block(f"W[{l}]", W), "·", Block(f"a[{l - 1}]", a[l - 1]), "+", Block(f"b[{l}]", b)]
    terms += ["=", Block(f"z[{l}]", z[l])]
    words = (
        f"There: each neuron of layer {l} adds what its edges carry to it, weight times a[{l - 1}], and its bias. "
        f"z[{l}] is {entries(z[l])}."
    )
    lit = {f"n{l - 1}", f"W{l}", f"n{l}"}
    return Step(f"z[{l}]", "", "there", f"z[{l}] = W[{l}] a[{l - 1}] + b[{l}]", terms, words, lit, slips)


def activation(run, l):
    z, a = run.trace
    name = run.net.hidden if l < run.L else run.net.output_name
    slips = {
        f"{name} is left out": z[l],
        f"{name} is applied twice": of(name, a[l]),
        "the sign of z is lost": of(name, -z[l]),
    }
    if name == "softmax":
        slips["e^z is not divided by its sum"] = np.exp(np.minimum(z[l], 700))
        slips["a sigmoid stands in place of the softmax"] = sigmoid(z[l])
    else:
        slips[f"the slope of {name} is taken, not its value"] = ACTIVATIONS[name].derivative(z[l], a[l])
        slips |= {f"{f} is taken for {name}": of(f, z[l]) for f in ("sigmoid", "tanh", "relu") if f != name}
    how = "column by column" if name == "softmax" else "entry by entry"
    keep = "It is kept for the way back." if l < run.L else "This is the output."
    terms = [name, Block(f"z[{l}]", z[l]), "=", Block(f"a[{l}]", a[l])]
    words = f"There: {name} of z[{l}], {how}. a[{l}] is {entries(a[l])}. {keep}"
    return Step(f"a[{l}]", "", "there", f"a[{l}] = {name}(z[{l}])", terms, words, {f"n{l}"}, slips)


def of(name, z):
    """The activation or output function called `name`, at z."""
    return softmax(z) if name == "softmax" else ACTIVATIONS[name].f(z)


LOSSES = {"mse": "squared error", "bce": "binary cross-entropy", "cross_entropy": "cross-entropy"}
LOSS_EQUATIONS = {"mse": "½ Σ (a − y)²", "bce": "−Σ (y log a + (1 − y) log(1 − a))", "cross_entropy": "−Σ y log a"}


def loss(run):
    L, B, (z, a), Y, name = run.L, run.B, run.trace, run.Y, run.net.loss_name
    each = run.net.head.loss(z[L], a[L], Y)
    total, out, target = np.array([[run.loss]]), Block(f"a[{L}]", a[L]), Block("y", Y)
    written = {
        "mse": ["½ Σ (", out, "−", target, ")²"],
        "bce": ["−Σ", target, "log", out, "− Σ", Block("1 − y", 1 - Y), "log", Block(f"1 − a[{L}]", 1 - a[L])],
        "cross_entropy": ["−Σ", target, "log", out],
    }[name]
    if B > 1:
        written += ["=", Block("𝓛 of each sample", each[None, :]), "mean"]
    slips = {"the sign is lost": -total}
    if name == "mse":
        slips["the ½ is forgotten"] = 2 * total
        slips["the difference is not squared"] = 0.5 * np.abs(a[L] - Y).sum(axis=0, keepdims=True).mean(keepdims=True)
    slips |= {"the samples are added, not averaged": B * total, "the outputs are averaged, not added": total / len(Y)}
    if name == "bce":
        slips["the targets y and 1 − y are swapped"] = run.net.head.loss(z[L], a[L], 1 - Y).mean(keepdims=True)[None]
    equation = f"𝓛 = {LOSS_EQUATIONS[name]}" + ", mean over the samples" * (B > 1)
    words = (
        f"There: the {LOSSES[name]} compares a[{L}] with the target y. 𝓛 is {entry(run.loss)}: "
        "one number that says how wrong the output is."
    )
    terms = [*written, "=", Block("𝓛", total)]
    return Step("𝓛", "", "there", equation, terms, words, {f"n{L}", "y", "loss"}, slips)


def output_error(run):
    """(B1), in the form that each pair of loss and output leaves of it."""
    net, L, B, Y, δ = run.net, run.L, run.B, run.Y, run.grads.delta[run.L]
    z, a = run.trace.z[L], run.trace.a[L]
    residual, out, target = a - Y, Block(f"a[{L}]", a), Block("y", Y)
    over = f" / {B}" if B > 1 else ""
    slips = {"the sign is flipped: y − a": -δ, "the 1/B is left out": B * δ, "the 1/B is put in twice": δ / B}
    if net.loss_name == "mse":
        slips["the ½ of the loss is forgotten, so that a 2 stays"] = 2 * δ
    if NATURAL_OUTPUT[net.loss_name] == net.output_name:
        equation = f"(a[{L}] − y) / B" if B > 1 else f"a[{L}] − y"
        terms = ["(", out, "−", target, f"){over}"] if B > 1 else [out, "−", target]
        why = "The slope of the loss times that of the output leaves a − y."
        if net.output_name != "identity":
            slips["the output's slope a(1 − a) is multiplied in once more"] = δ * a * (1 - a)
    elif net.output_name == "sigmoid":
        slope = ACTIVATIONS["sigmoid"].derivative(z, a)
        equation = f"(a[{L}] − y){' / B' * (B > 1)} ⊙ σ'(z[{L}])"
        terms = ["(", out, "−", target, f"){over} ⊙", Block(f"σ'(z[{L}])", slope)]
        why = "The slope of the loss, a − y, times the slope of the sigmoid."
        slips["the slope σ' is left out"] = residual / B
        slips["σ' is taken at a, not at z"] = residual / B * ACTIVATIONS["sigmoid"].derivative(a, sigmoid(a))
        slips["σ is taken for its slope σ'"] = residual / B * a
    else:
        mixed = Block("Σ a ⊙ g", (a * residual).sum(axis=0, keepdims=True))
        equation = f"a[{L}] ⊙ (g − Σ a[{L}] ⊙ g){' / B' * (B > 1)},  g = a[{L}] − y"
        terms = [out, "⊙ (", Block("g", residual), "−", mixed, f"){over}"]
        why = "Softmax mixes the outputs, so the whole Jacobian stands between a − y and δ."
        slips["softmax is treated entry by entry: (a − y) a(1 − a)"] = residual * a * (1 - a) / B
        slips["the slope of the softmax is left out"] = residual / B
    terms += ["=", Block(f"δ[{L}]", δ)]
    words = f"Back: how does 𝓛 change with z[{L}]? {why} δ[{L}] is {entries(δ)}."
    return Step(f"δ[{L}]", "(B1)", "back", f"δ[{L}] = {equation}", terms, words, {f"n{L}", "y", "loss"}, slips)


def hidden_error(run, l):
    """(B2)."""
    net, a, δ, W, slope = run.net, run.trace.a, run.grads.delta, run.net.W[l + 1], run.slopes[l]
    upstream = W.T @ δ[l + 1]
    slips = {
        "the slope σ' is left out": upstream,
        "σ' is taken at a, not at z": upstream * net.dσ(a[l], net.σ(a[l])),
        "σ is taken for its slope σ'": upstream * a[l],
        "the sign is flipped": -δ[l],
    }
    if W.shape[0] == W.shape[1]:
        slips[f"W[{l + 1}] is not transposed"] = (W @ δ[l + 1]) * slope
    slips["only the first path is taken, not their sum"] = W[:1].T @ δ[l + 1][:1] * slope
    if net.W[l].shape == W.T.shape:
        slips[f"W[{l}] is taken for W[{l + 1}]"] = (net.W[l] @ δ[l + 1]) * slope
    if l + 1 < run.L and run.slopes[l + 1].shape == slope.shape:
        slips[f"σ' is taken at z[{l + 1}], not at z[{l}]"] = upstream * run.slopes[l + 1]
    equation = f"δ[{l}] = (W[{l + 1}]ᵀ δ[{l + 1}]) ⊙ σ'(z[{l}])"
    terms = ["(", Block(f"W[{l + 1}]ᵀ", W.T), "·", Block(f"δ[{l + 1}]", δ[l + 1]), ") ⊙"]
    terms += [Block(f"σ'(z[{l}])", slope), "=", Block(f"δ[{l}]", δ[l])]
    words = (
        f"Back: each neuron of layer {l} adds up the paths through layer {l + 1}, weight times δ[{l + 1}], and "
        f"multiplies by its own slope. {most(run, l)}"
    )
    return Step(f"δ[{l}]", "(B2)", "back", equation, terms, words, {f"n{l + 1}", f"W{l + 1}", f"n{l}"}, slips)


def most(run, l):
    """What reaches the neuron of layer l that feels the loss most, path by path."""
    W, δ = run.net.W[l + 1], run.grads.delta
    j = int(np.abs(δ[l][:, 0]).argmax())
    paths = added(W[:, j] * δ[l + 1][:, 0])
    paths = f"({paths})" if W.shape[0] > 1 else paths
    slope, of_first = entry(run.slopes[l][j, 0]), " (first sample)" if run.B > 1 else ""
    return f"Neuron {j + 1} feels it most{of_first}: {paths} · {slope} = {entry(δ[l][j, 0])}."


def weight_gradient(run, l):
    (z, a), δ, dW = run.trace, run.grads.delta[l], run.grads.W[l]
    slips = {"the sign is flipped": -dW}
    if dW.shape[0] == dW.shape[1]:
        slips[f"it is transposed: a[{l - 1}] δ[{l}]ᵀ"] = dW.T
    if a[l].shape == a[l - 1].shape:
        slips[f"a[{l}] is taken for a[{l - 1}]"] = δ @ a[l].T
    if l > 1:
        slips[f"z[{l - 1}] is taken for a[{l - 1}]"] = δ @ z[l - 1].T
    if l < run.L:
        slips["the slope σ' is multiplied in once more"] = (δ * run.slopes[l]) @ a[l - 1].T
    slips |= {"the 1/B is put in twice": dW / run.B, "the 1/B is lost": dW * run.B}
    slips["only the first sample is counted"] = δ[:, :1] @ a[l - 1][:, :1].T
    i, j = np.unravel_index(np.abs(dW).argmax(), dW.shape)
    equation = f"dW[{l}] = ∂𝓛/∂W[{l}] = δ[{l}] a[{l - 1}]ᵀ"
    terms = [Block(f"δ[{l}]", δ), "·", Block(f"a[{l - 1}]ᵀ", a[l - 1].T), "=", Block(f"dW[{l}]", dW)]
    words = (
        f"Back: δ[{l}] meets a[{l - 1}], which was kept. Edges of layer {l} now show their gradient; the largest is "
        f"that of the edge from neuron {j + 1} to neuron {i + 1}: {entry(dW[i, j])}."
    )
    return Step(f"dW[{l}]", "(B3)", "back", equation, terms, words, {f"n{l - 1}", f"W{l}", f"n{l}"}, slips)


def bias_gradient(run, l):
    a, δ, db = run.trace.a, run.grads.delta[l], run.grads.b[l]
    slips = {"the sign is flipped": -db, "it is multiplied by a of the neuron": (δ * a[l]).sum(axis=1, keepdims=True)}
    if l < run.L:
        slips["the slope σ' is multiplied in once more"] = (δ * run.slopes[l]).sum(axis=1, keepdims=True)
    slips |= {"the samples are averaged, not added": db / run.B, "only the first sample is counted": δ[:, :1]}
    equation = f"db[{l}] = ∂𝓛/∂b[{l}] = δ[{l}] summed over the batch"
    how, added = "one sample:", " itself, with one sample."
    if run.B > 1:
        how, added = "sum over samples of", ", added over the samples."
    terms = [how, Block(f"δ[{l}]", δ), "=", Block(f"db[{l}]", db)]
    words = f"Back: b[{l}] stands in z[{l}] with slope 1, so its gradient is δ[{l}]{added} db[{l}] is {entries(db)}."
    return Step(f"db[{l}]", "(B4)", "back", equation, terms, words, {f"n{l}"}, slips)


def update(run, l, kind):
    before, g, after = (getattr(owner, kind)[l] for owner in (run.net, run.grads, run.after))
    name, η = f"{kind}[{l}]", entry(run.eta)
    step = run.eta * g
    most = -step.flat[np.abs(step).argmax()]
    equation, lit = f"{name} ← {name} − η d{name}", {f"W{l}"} if kind == "W" else {f"n{l}"}
    terms = [Block(name, before), f"− {η} ·", Block(f"d{name}", g), "=", Block(f"{name} new", after)]
    words = f"One step against the gradient, η = {η}. The largest change in {name} is {entry(most)}."
    slips = {
        "the step is taken along the gradient, not against it": before + step,
        "η is left out": before - g,
        "the change is taken for the new value": -step,
        "η multiplies the old value, not the gradient": run.eta * before - g,
    }
    forgiven = 0.0, max(0.05 * np.abs(step).max(), 6e-4 * np.abs(after).max())  # the change counts, not what it changes
    return Step(f"{name} new", "(B5)", "update", equation, terms, words, lit, slips, forgiven)


def loss_again(run):
    before, after = run.loss, run.loss_after
    verb = "falls" if after < before else "rises" if after > before else "stays"
    more = ": the step was too long, a smaller η would have lowered it" if verb == "rises" else ""
    terms = [Block("𝓛 before", np.array([[before]])), "→", Block("𝓛 after", np.array([[after]]))]
    words = (
        "Forward once more, with the new weights: the neurons show their new a, "
        f"and 𝓛 {verb} from {entry(before)} to {entry(after)}{more}. "
        "That was one step of training."
    )
    lit = {"loss", *(f"{part}{l}" for l in range(1, run.L + 1) for part in "Wn")}
    return Step("𝓛 again", "", "update", "𝓛 before and after the step", terms, words, lit, {})


# ---- predictions ----


def ask(step):
    """The entry of a step's result at which most slips can be told apart, as an `Ask`; None for nothing to predict."""
    if not step.slips:
        return None
    R = step.result
    wrong = np.stack([np.broadcast_to(values, R.shape) for values in step.slips.values()])
    told = np.isfinite(wrong) & ~_near(wrong, R, step)
    i, j = (int(n) for n in np.unravel_index(told.sum(axis=0).argmax(), R.shape))
    slips, values = np.array(list(step.slips))[told[:, i, j]], wrong[:, i, j][told[:, i, j]]
    alike = _near(values[:, None], values, step)
    cases = [(R[i, j], f"Right: {entry(R[i, j])}.")]
    for value, same in zip(values, alike):
        cases.append((value, f"Not yet. {entry(value)} comes out if {', or if '.join(slips[same])}."))
    cases += misread(step, np.array([value for value, _ in cases]))
    matrix, after = step.name.removesuffix(" new"), " after the step" * step.name.endswith(" new")
    place = "" if R.size == 1 else f", row {i + 1}" + f", column {j + 1}" * (R.shape[1] > 1)
    allowed = tolerance(np.array([value for value, _ in cases]), step).tolist()
    return Ask(i, j, f"Predict {matrix}{after}{place}:", [(float(v), t, says) for (v, says), t in zip(cases, allowed)])


def misread(step, known):
    """The other entries of a result as wrong numbers, where they are not `known` to come from something else."""
    R, places = step.result, {}
    for (p, q), value, taken in zip(np.ndindex(R.shape), R.flat, _near(R.reshape(-1, 1), known, step).any(axis=1)):
        if not taken:
            where = f"row {p + 1}" + f", column {q + 1}" * (R.shape[1] > 1)
            places.setdefault(entry(value), (value, []))[1].append(where)
    return [(value, f"Not yet. {n} is the entry in {' and in '.join(found)}.") for n, (value, found) in places.items()]


def tolerance(values, step):
    """How far answers may be off: 1%, or half a percent of the largest entry, unless the step says otherwise."""
    relative, absolute = step.forgiven or (0.01, 0.005 * np.abs(step.result).max())
    return np.maximum(relative * np.abs(values), max(absolute, 1e-12))


def _near(values, others, step):
    """Whether an answer could be meant for both, entry by entry."""
    return np.abs(values - others) <= tolerance(values, step) + tolerance(others, step)


UNKNOWN = "Not yet, and none of the usual slips gives it. Say the equation aloud, entry by entry, or step on to see."


# ---- one neuron, one edge ----

FIRST = " Numbers are those of the first sample."


def neuron(run, l, i):
    """The chain rule of neuron i (counted from 0) of layer l, line by line, for the first sample."""
    if l == 0:
        return [Row(0, f"An input: {entry(run.X[i, 0])}. Nothing is learned below it, so it needs no δ.")]
    (z, a), W, b, when = run.trace, run.net.W[l], run.net.b[l], run.when
    sums = " + ".join(f"{factor(w)}·{factor(x)}" for w, x in zip(W[i], a[l - 1][:, 0]))
    name = run.net.hidden if l < run.L else run.net.output_name
    shared = "δ" if run.B == 1 else "δ over the samples = " + added(run.grads.delta[l][i])
    return [
        Row(0, f"Its weights are row {i + 1} of W[{l}], its bias is {entry(b[i, 0])}." + FIRST * (run.B > 1)),
        Row(when[f"z[{l}]"], f"z = {sums} + {factor(b[i, 0])} = {entry(z[l][i, 0])}"),
        Row(when[f"a[{l}]"], f"a = {name}(z) = {entry(a[l][i, 0])}"),
        *(_paths(run, l, i) if l < run.L else _output(run, i)),
        Row(when[f"db[{l}]"], f"∂𝓛/∂b = {shared} = {entry(run.grads.b[l][i, 0])}"),
    ]


def _output(run, i):
    L, δ = run.L, run.grads.delta[run.L]
    equation = run.steps[run.when[f"δ[{L}]"]].equation.removeprefix(f"δ[{L}] = ")
    values = f"a = {entry(run.trace.a[L][i, 0])}, y = {entry(run.Y[i, 0])}"
    return [Row(run.when[f"δ[{L}]"], f"δ = {equation}, here with {values}: {entry(δ[i, 0])}")]


def _paths(run, l, j):
    """δ of a hidden neuron: a line for each path through the layer above, then their sum times the slope."""
    W, δ, since = run.net.W[l + 1], run.grads.delta, run.when[f"δ[{l}]"]
    through = W[:, j] * δ[l + 1][:, 0]
    scale = np.abs(through).max() or 1.0
    lines = [
        Row(since, f"path through neuron {i + 1} above: W·δ = {factor(w)}·{factor(d)} = {entry(v)}", float(v / scale))
        for i, (w, d, v) in enumerate(zip(W[:, j], δ[l + 1][:, 0], through))
    ]
    slope = f"σ'(z) = {entry(run.slopes[l][j, 0])}"
    return [*lines, Row(since, f"δ = their sum {entry(through.sum())}, times {slope}: {entry(δ[l][j, 0])}")]


def edge(run, l, i, j):
    """The chain rule of the weight W[l]_ij, from neuron j of layer l-1 to neuron i of layer l (counted from 0)."""
    a, when, dW = run.trace.a, run.when, run.grads.W[l][i, j]
    w, δ, x, η = run.net.W[l][i, j], run.grads.delta[l][i], a[l - 1][j], entry(run.eta)
    terms, first = " + ".join(f"{factor(d)}·{factor(v)}" for d, v in zip(δ, x)), FIRST * (run.B > 1)
    return [
        Row(0, f"From neuron {j + 1} of layer {l - 1} to neuron {i + 1} of layer {l}: w = {entry(w)}." + first),
        Row(when[f"z[{l}]"], f"it carries w·a = {factor(w)}·{factor(x[0])} = {entry(w * x[0])} to z"),
        Row(when[f"dW[{l}]"], "one path: w moves z of its end by a of its start, and z moves 𝓛 by δ"),
        Row(when[f"dW[{l}]"], "∂𝓛/∂w = δ·a" + " over the samples" * (run.B > 1) + f" = {terms} = {entry(dW)}"),
        Row(when[f"W[{l}] new"], f"new w = {entry(w)} − {η}·{factor(dW)} = {entry(run.after.W[l][i, j])}"),
    ]
