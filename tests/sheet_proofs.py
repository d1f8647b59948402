"""The lines of the cheat sheet, each run as it stands and compared with a witness that knows nothing of it.

A witness is the nudge (a numerical derivative), a simulation, a loop written out, what PyTorch printed, or the package,
whose tests have witnesses of their own. A proof takes a `Page` and returns {tag: whether that line holds}.
"""

import json
import math
import re
from functools import partial
from types import SimpleNamespace

import numpy as np
from framework_reference import STORED

from backprop import MLP, SGD, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp, check_gradients
from backprop.activations import ACTIVATIONS, d_sigmoid, sigmoid
from backprop.gradcheck import central_difference
from backprop.layers import (
    RNN,
    BatchNorm,
    Dropout,
    LayerNorm,
    RMSNorm,
    StraightThrough,
    attention,
    cross_entropy,
    lstm_cell,
    mse_backward,
    softmax,
)
from backprop.losses import HEADS

PROOFS = []  # (the tags that a proof answers for, the proof)
normal_cdf = np.vectorize(lambda z: 0.5 * (1 + math.erf(z / math.sqrt(2))))


def along_features(f):
    return lambda x: f(x, axis=-1, keepdims=True)


BOARD = {  # what the page uses without saying where it comes from
    **{
        name: getattr(np, name) for name in "abs add broadcast_to diag einsum exp inf log log1p maximum minimum".split()
    },
    **{name: getattr(np, name) for name in "outer put_along_axis round sqrt tanh tri vdot where zeros_like".split()},
    **{name: along_features(f) for name, f in [("Σ", np.sum), ("mean", np.mean), ("max", np.max), ("var", np.var)]},
    "π": np.pi,
    "norm": np.linalg.norm,
    "Φ": normal_cdf,
    "φ": lambda z: np.exp(-z * z / 2) / np.sqrt(2 * np.pi),
}


class Page:
    """The page's lines by tag, and the pieces of code in them."""

    def __init__(self, lines):
        self.lines = lines

    def code(self, tag):
        return re.findall(r"`([^`]+)`", self.lines[tag])

    def bold(self, tag):
        return re.findall(r"\*\*([\d.e-]+)\*\*", self.lines[tag])

    def value(self, tag, piece=0, /, **names):
        """What a piece, an expression, comes to."""
        return eval(self.code(tag)[piece], BOARD | names)

    def run(self, tag, names, *pieces):
        """Execute pieces (the first, if none is named), and leave what they assign in the dictionary `names`."""
        for piece in pieces or (0,):
            exec(self.code(tag)[piece], BOARD, names)
        return names


def proves(*tags):
    """Take a function into PROOFS. One dice for each, so that a proof can be run alone."""

    def taken(proof):
        PROOFS.append((set(tags), lambda page: proof(page, np.random.default_rng(0))))
        return proof

    return taken


def agrees(number, exact):
    """Whether a number on the page is the exact one to its last digit."""
    digits = re.sub(r"e.*|\D", "", number).lstrip("0")
    return float(f"{exact:.{len(digits)}g}") == float(number)


def nudge(f, x, G=1.0):
    """The gradient of sum(G * f(x)), from nudges alone."""
    return central_difference(lambda x: np.sum(G * f(x)), x)


same = partial(np.allclose, rtol=1e-9, atol=1e-9)
near = partial(np.allclose, rtol=1e-6, atol=1e-8)  # where one side is a nudge


# ---- the rule ----


@proves("R1", "R2", "R3")
def the_rule(page, rng):
    """Two steps whose Jacobians are measured, or known."""
    M, N, x = rng.standard_normal((3, 4)), rng.standard_normal((2, 4)), rng.standard_normal(4)
    g1, g2 = rng.standard_normal(3), rng.standard_normal(2)

    def f(x):
        return np.tanh(M @ x)

    J1 = np.transpose([(f(x + 1e-6 * e) - f(x - 1e-6 * e)) / 2e-6 for e in np.eye(4)])
    twice = page.run("R3", {"J1": J1, "J2": N, "g1": g1, "g2": g2})["dx"]
    return {
        "R1": near(page.run("R1", {"J": J1, "g": g1})["dx"], nudge(f, x, g1)),
        "R2": near(page.value("R2", f=np.sin, x=0.7, h=1e-5), np.cos(0.7)),
        "R3": near(twice, nudge(f, x, g1) + nudge(lambda x: N @ x, x, g2)),
    }


# ---- the pass ----


def go(page, dialect, net, given):
    """The pass as a program: its lines in their order, in columns (0) or rows (1), with an identity at the output."""
    (W, b, X, y), L = given, net.L
    s = {"W": W, "b": b, "a": [X] + [None] * L, "y": y, "L": L, "B": 6, "η": 0.1}
    s |= {name: [None] * (L + 1) for name in ("z", "δ", "dW", "db")}
    s["dσ"] = lambda z: net.dσ(z, net.σ(z))
    for s["l"] in range(1, L + 1):
        s["σ"] = net.σ if s["l"] < L else lambda z: z
        page.run("P1", s, dialect)
    page.run("P3", s, dialect)
    for s["l"] in range(L - 1, 0, -1):
        page.run("P4", s, dialect)
    for s["l"] in range(1, L + 1):
        page.run("P5", s, dialect), page.run("P6", s, dialect)
    return page.run("P9", s, dialect)


def mirrored(columns, rows):
    """Whether rows hold the columns' transposes, layer by layer."""
    pairs = zip(columns, rows, strict=True)
    return all(same(c.T.reshape(r.shape), r) for c, r in pairs if c is not None)


def case(rng):
    """A network of unlike widths with biases that are not 0, six samples, and its weights for both dialects."""
    net = MLP([5, 4, 3, 2], hidden="tanh", loss="mse", init="lecun", seed=1)
    for bias in net.b[1:]:
        bias[:] = 0.3 * rng.standard_normal(bias.shape)
    X, Y = rng.standard_normal((5, 6)), rng.standard_normal((2, 6))
    columns = [None, *(w.copy() for w in net.W[1:])], [None, *(v.copy() for v in net.b[1:])], X, Y
    rows = [None, *(w.T.copy() for w in net.W[1:])], [None, *(v.ravel().copy() for v in net.b[1:])], X.T, Y.T
    return net, columns, rows


@proves("P1", "P3", "P4", "P5", "P6", "P8", "P9", "P10", "P12")
def both_dialects(page, rng):
    """Columns face the nudge, rows face the columns; the update and nn.Linear's way are compared with both."""
    net, in_columns, in_rows = case(rng)
    columns, rows = go(page, 0, net, in_columns), go(page, 1, net, in_rows)
    X, Y = in_columns[2:]
    mine = SimpleNamespace(W=columns["dW"], b=columns["db"])
    nudged = check_gradients(net, X, Y, mine).ok and near(
        columns["dX"], nudge(lambda x: net.loss(net.forward(x), Y), X)
    )
    turned = all(mirrored(columns[name], rows[name]) for name in ("z", "a", "δ", "dW", "db"))
    held = nudged and turned and same(columns["dX"].T, rows["dX"])

    written = [[page.value("P10", i, n=net.sizes, l=l, B=6) for i in range(6)] for l in (1, 2, 3)]
    shapes = [[s[k][l].shape for s in (columns, rows) for k in "Wbδ"] for l in (1, 2, 3)]
    framework = {"a": rows["a"][1], "W": columns["W"][2], "b": rows["b"][2], "δ": rows["δ"][2]}
    page.run("P12", framework, 0, 1, 2)
    linear = same(framework["z"], rows["z"][2]) and same(framework["dW"], columns["dW"][2])
    linear = linear and same(framework["dX"], (columns["W"][2].T @ columns["δ"][2]).T)

    grads = net.backward(net.forward(X), Y)
    SGD(eta=0.1).update(net, grads)
    for dialect, s in enumerate((columns, rows)):
        for s["l"] in (1, 2, 3):
            page.run("P8", s, dialect)
    stepped = all(
        mirrored(ours, rows[k]) and all(same(u, v) for u, v in zip(ours[1:], columns[k][1:], strict=True))
        for k, ours in (("W", net.W), ("b", net.b))
    )
    return dict.fromkeys(["P1", "P3", "P4", "P5", "P6", "P9"], held) | {
        "P8": stepped, "P10": written == shapes, "P12": linear
    }  # fmt: skip


@proves("P2")
def elementwise_output(page, rng):
    """A sigmoid with squared error, against a nudge of z[L], in both dialects."""
    z, y = rng.standard_normal((2, 6)), rng.uniform(size=(2, 6))
    nudged, right = nudge(lambda z: 0.5 * (sigmoid(z) - y) ** 2 / 6, z), []
    for dialect, turn in enumerate((np.array, np.transpose)):
        s = {"L": 1, "z": [None, turn(z)], "δ": [None, None], "da": turn(sigmoid(z) - y) / 6}
        s["dσ"] = lambda z: d_sigmoid(z, sigmoid(z))
        right.append(near(page.run("P2", s, dialect)["δ"][1], turn(nudged)))
    return {"P2": all(right)}


@proves("P7", "P11")
def more_axes(page, rng):
    """A linear layer at every position of a sequence; and the axis of the softmax."""
    a, δ, W = rng.standard_normal((2, 5, 4)), rng.standard_normal((2, 5, 3)), rng.standard_normal((4, 3))
    s = page.run("P7", {"a": a, "δ": δ, "n": 4, "m": 3})
    right = near(s["dW"], nudge(lambda W: a @ W, W, δ)) and near(s["db"], nudge(lambda b: a @ W + b, np.zeros(3), δ))
    z = rng.standard_normal((4, 6))
    p, q = page.value("P11", 0, softmax=softmax, z=z), page.value("P11", 1, softmax=softmax, z=z.T)
    return {"P7": right, "P11": same(p.T, q) and same(p.sum(axis=0), 1)}


@proves("P5", "P6")
def rows_of_three_axes(page, rng):
    """What is said to be for (B, n) only does go wrong for (B, T, n): a bias of a wrong shape, no product at all."""
    s = {"l": 1, "a": [rng.standard_normal((2, 5, 4))], "δ": [None, rng.standard_normal((2, 5, 3))]}
    s |= {"dW": [None, None], "db": [None, None]}
    try:
        wrong = page.run("P5", s, 1)["dW"][1].shape != (4, 3)
    except ValueError:
        wrong = True
    return {
        "P5": wrong and "for (B, n) only" in page.lines["P5"],
        "P6": page.run("P6", s, 1)["db"][1].shape != (3,) and "for (B, n) only" in page.lines["P6"],
    }


# ---- activations, outputs, stable forms ----

SLOPES = {"A1": "sigmoid", "A2": "tanh", "A3": "relu", "A4": "leaky_relu", "A5": "silu", "A6": "gelu"}


@proves(*SLOPES)
def activations(page, rng):
    """Against the package's function (GELU's exact form against its definition), the nudge, and the largest slope."""
    right, z, h = {}, np.linspace(-8, 8, 400), 1e-5
    for tag, name in SLOPES.items():

        def a(z, tag=tag):
            return page.value(tag, 0, z=z, σ=sigmoid)

        slope = np.broadcast_to(page.value(tag, 1, z=z, a=a(z), σ=sigmoid), z.shape)
        ours = z * normal_cdf(z) if name == "gelu" else ACTIVATIONS[name].f(z)
        fine = np.linspace(-3, 3, 6001) if name in ("silu", "gelu") else z
        largest = np.max(page.value(tag, 1, z=fine, a=a(fine), σ=sigmoid)) if name != "sigmoid" else 0.25
        right[tag] = (
            same(a(z), ours)
            and np.allclose(slope, (a(z + h) - a(z - h)) / (2 * h), atol=1e-8)
            and agrees(*page.bold(tag), largest)
        )
    return right


@proves("A7")
def gelu_by_tanh(page, rng):
    """The form by tanh is the package's, and how far it is from the exact one is the number."""
    z = np.linspace(-8, 8, 4001)
    form = page.value("A7", 0, **page.run("A7", {"z": z}, 1))
    far = np.abs(form - z * normal_cdf(z)).max()
    return {"A7": same(form, ACTIVATIONS["gelu"].f(z)) and agrees(page.bold("A7")[0], far)}


@proves("O1", "O2", "O3", "O4", "O5", "O6")
def outputs(page, rng):
    """Nudge the logits and watch the loss; that it is the right loss the package says, whose samples are columns."""
    Z, y = rng.standard_normal((5, 4)), softmax(rng.standard_normal((5, 4)))

    def loss(tag, output):
        return lambda z: page.value(tag, a=output(z), y=y, K=4)

    pairs = {
        tag: (output, tag) for tag, output in [("O1", np.array), ("O2", sigmoid), ("O3", softmax), ("O4", np.array)]
    }
    pairs["O5"] = sigmoid, "O1"
    right = {
        tag: near(page.value(tag, -1, a=output(Z), y=y, K=4), nudge(loss(of, output), Z))
        for tag, (output, of) in pairs.items()
    }
    for tag, pair in {"O1": ("mse", "identity"), "O2": ("bce", "sigmoid"), "O3": ("cross_entropy", "softmax")}.items():
        a = HEADS[pair].output(Z.T)
        right[tag] &= same(HEADS[pair].loss(Z.T, a, y.T), page.value(tag, a=a.T, y=y)[:, 0])
    z, g = Z[0], rng.standard_normal(4)
    J = np.transpose([(softmax(z + 1e-6 * e) - softmax(z - 1e-6 * e)) / 2e-6 for e in np.eye(4)])
    right["O4"] &= same(page.value("O4", -1, a=Z, y=y, K=4) / 5, mse_backward(Z, y))
    right["O6"] = near(page.value("O6", 0, p=softmax(z)), J) and near(page.value("O6", 1, p=softmax(z), g=g), J.T @ g)
    return right


@proves("S1", "S2", "S3", "S4")
def stable_forms(page, rng):
    """At small logits the plain formulas; at ±1000 finite, without an overflow."""
    Z, Y = rng.standard_normal((5, 4)), softmax(rng.standard_normal((5, 4)))

    def stable(tag, z):
        *steps, last = range(len(page.code(tag)))
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            names = page.run(tag, {"z": z, "y": Y}, *steps) if steps else {"z": z, "y": Y}
            return page.value(tag, last, **names)

    s, p = 1 / (1 + np.exp(-Z)), np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True)
    naive = {"S1": s, "S2": p, "S3": np.log(p), "S4": -Y * np.log(s) - (1 - Y) * np.log(1 - s)}
    large = 1000 * np.sign(Z)
    return {tag: same(stable(tag, Z), plain) and np.isfinite(stable(tag, large)) for tag, plain in naive.items()}


# ---- update rules, and where weights start ----


@proves("U1", "U2", "U3", "U4", "U5", "U6", "U7", "U8")
def update_rules(page, rng):
    """Six steps each, beside the package's rule as it comes; L2 and AdamW's decay are switched on."""
    G = rng.standard_normal((6, 3))

    def steps(*pieces, **names):
        names |= {"w": np.ones(3), "v": 0.0, "r": 0.0, "m": 0.0}
        for names["t"], names["g"] in enumerate(G, 1):
            for tag, piece in pieces:
                page.run(tag, names, piece)
        return names["w"]

    def package(rule):
        w, state = np.ones(3), rule.start()
        for g in G:
            rule.step(w, g, state)
        return w

    usual = page.run("U8", {}, 0)
    rmsprop, adagrad = page.run("U8", dict(usual), 1), page.run("U8", dict(usual), 2)
    adam = [("U6", i) for i in range(5)]
    compared = [
        ("U1", steps(("U1", 0), **usual), SGD()),
        ("U1", steps(("U1", 1), ("U1", 0), **usual | {"λ": 0.1}), SGD(weight_decay=0.1)),
        ("U2", steps(("U2", 0), **usual), Momentum()),
        ("U3", steps(("U3", 0), **usual), Nesterov()),
        ("U4", steps(("U4", 0), ("U4", 1), **adagrad), Adagrad()),
        ("U5", steps(("U5", 0), ("U4", 1), **rmsprop), RMSProp()),
        ("U6", steps(*adam, **usual), Adam()),
        ("U7", steps(("U7", 0), *adam, **page.run("U7", dict(usual), 1)), AdamW()),
    ]
    right = {tag: all(np.allclose(w, package(rule), rtol=1e-13, atol=0) for t, w, rule in compared if t == tag)
             for tag, *_ in compared}  # fmt: skip
    return right | {"U8": all(right.values())}


@proves("U9")
def clipping(page, rng):
    """A long gradient is cut to the limit and keeps its direction, a short one is left alone."""
    long, short = ({"g": np.array([3.0, -4.0]) * size, "c": 1.0} for size in (1, 0.1))
    cut, kept = page.run("U9", long)["g"], page.run("U9", short)["g"]
    return {"U9": same(cut, [0.6, -0.8]) and same(kept, [0.3, -0.4])}


@proves("I1", "I2", "I3", "I4")
def starts(page, rng):
    """Variances of drawn weights; LeCun keeps the mean square through a linear layer, He through ReLU."""
    drawn = {tag: MLP([300, 200], init=rule, seed=0).W[1] for tag, rule in zip(("I1", "I2", "I3"), RULES, strict=True)}
    right = {tag: abs(w.var() / page.value(tag, n_in=300, n_out=200) - 1) < 0.03 for tag, w in drawn.items()}
    X = rng.standard_normal((300, 300))
    right["I2"] &= abs((np.maximum(drawn["I2"] @ X, 0) ** 2).mean() - 1) < 0.05
    right["I3"] &= abs((drawn["I3"] @ X).var() - 1) < 0.05
    limit = page.value("I4", v=0.01)
    return right | {"I4": abs(rng.uniform(-limit, limit, 50_000).var() / 0.01 - 1) < 0.03}


RULES = "xavier", "he", "lecun"


# ---- numbers: each worked out, and most met a second time ----


@proves(*(f"N{n}" for n in range(1, 12)))
def arithmetic(page, rng):
    """Each bold number is what the code beside it comes to, to its last digit."""
    right = {}
    for tag in (f"N{n}" for n in range(1, 12)):
        codes = [n for n, piece in enumerate(page.code(tag)) if "<" not in piece]
        pairs = zip(page.bold(tag), codes, strict=True)
        right[tag] = all(agrees(number, page.value(tag, n)) for number, n in pairs)
    return right


@proves("N1", "N2", "N3")
def sigmoids_and_first_losses(page, rng):
    """A sigmoid twenty times over, untrained networks, and the best that a softmax of a softmax can do."""
    a, slope, (most, twenty) = 0.5, 1.0, map(float, page.bold("N1"))
    for _ in range(20):
        slope, a = slope * a * (1 - a), float(sigmoid(np.array(a)))
    z, first = np.linspace(-9, 9, 1001), []
    for loss, K, y in [("cross_entropy", 10, np.arange(40) % 10), ("bce", 1, np.arange(40)[None] % 2)]:
        net = MLP([6, 8, K], loss=loss, init="normal", scale=0.01)
        first.append(net.loss(net.forward(rng.standard_normal((6, 40))), y))
    sure = softmax(200.0 * np.eye(10))  # as confident and right as can be
    least = cross_entropy(sure, np.arange(10))
    return {
        "N1": np.max(d_sigmoid(z, sigmoid(z))) <= most + 1e-9 and 0 < slope < twenty,
        "N2": [f"{loss:.2f}" for loss in first] == [number[:-1] for number in page.bold("N2")],
        "N3": agrees(page.bold("N3")[0], least),
    }


@proves("N4", "N5")
def flops_and_bytes(page, rng):
    """Products counted; the bytes are those that PyTorch showed for both recipes."""
    D, n, m = 32, 7, 5
    there, back = 1, ((D * m * n) + (n * D * m)) / (D * n * m)  # GWᵀ and XᵀG, in units of XW
    printed = json.loads(STORED.read_text(encoding="utf-8"))["recipes"]
    recipes = [f"{name} {page.code('N5')[n]} = {page.bold('N5')[n]}\n" for n, name in enumerate(RECIPES)]
    return {
        "N4": page.code("N4") == [f"{2 * there:g} + {2 * back:g}", f"({2 * (there + back):g} + {2 * there:g}) / 6"],
        "N5": all(recipe in printed for recipe in recipes) and "16 / 1e9" in page.code("N5")[2],
    }


RECIPES = "autocast    ", "own copy    "


@proves("N6", "N7")
def steps(page, rng):
    """The nudge's best step found by trying, descent a little below and above the limit, and momentum's long run."""
    f, exact = lambda x: np.exp(x) * np.sin(x), np.e * (np.sin(1) + np.cos(1))
    h = np.logspace(-9, -2, 200)
    best = np.exp(np.log(h)[np.argsort(np.abs((f(1 + h) - f(1 - h)) / (2 * h) - exact))[:20]].mean())
    ends, v = {η: abs((1 - η * 50) ** 200) for η in (0.039, 0.041)}, 0.0
    for _ in range(1000):
        v = 0.9 * v + 1
    says = [page.value("N7", η=η, λ=50) for η in ends]
    return {
        "N6": best / 5 < float(page.bold("N6")[0]) < best * 5 and "take 1e-5" in page.lines["N6"],
        "N7": says == [end < 1 for end in ends.values()] == [True, False] and agrees(page.bold("N7")[0], v),
    }


@proves("N8", "N9", "N10", "N11")
def formats_and_noise(page, rng):
    """What NumPy knows of its formats, and means and dot products that are drawn."""
    half, single, double = (np.finfo(kind) for kind in (np.float16, np.float32, np.float64))
    limits, tiny = (np.log(float(double.max)), np.log(float(single.max))), float(page.bold("N9")[1])
    draws = rng.standard_normal((8000, 64))
    noise = draws.mean(axis=1).std() / draws[:, :16].mean(axis=1).std()
    spread = (draws * rng.standard_normal((8000, 64))).sum(axis=1).std()
    return {
        "N8": all(map(agrees, page.bold("N8"), limits)),
        "N9": agrees(page.bold("N9")[0], half.max) and np.float16(tiny) > 0 and np.float16(tiny / 2.1) == 0,
        "N10": all(map(agrees, page.bold("N10"), (single.eps, double.eps))),
        "N11": agrees(page.bold("N11")[0], round(noise, 1)) and agrees(page.bold("N11")[1], spread),
    }


# ---- the procedure, on patients ----


def sick_network(rng):
    """A tiny network, its gradients, and those where σ′ is taken at a instead of z in layer 1."""
    net = MLP([3, 4, 2], hidden="tanh", loss="mse", seed=2)
    for bias in net.b[1:]:
        bias[:] = 0.5
    X, Y = rng.standard_normal((3, 5)), rng.standard_normal((2, 5))
    trace = net.forward(X)
    well, sick = net.backward(trace, Y), net.backward(trace, Y)
    sick.delta[1][:] *= (1 - np.tanh(trace.a[1]) ** 2) / (1 - trace.a[1] ** 2)
    sick.W[1][:], sick.b[1][:] = sick.delta[1] @ X.T, sick.delta[1].sum(axis=1, keepdims=True)
    return net, X, Y, well, sick


@proves("D1", "D3")
def first_loss_and_overfitting(page, rng):
    """A healthy network starts at log K and learns eight samples by heart; large weights start above, zeros stay."""
    X, y = rng.standard_normal((6, 8)), np.arange(8) % 3

    def losses(init, scale, steps):
        net, rule = MLP([6, 7, 3], loss="cross_entropy", init=init, scale=scale, seed=1), Adam(eta=0.05)
        first = net.loss(net.forward(X), y)
        for _ in range(steps):
            rule.update(net, net.backward(net.forward(X), y))
        return first, net.loss(net.forward(X), y)

    (first, last), (above, _), (zeros, stuck) = (
        losses("normal", 0.01, 120),
        losses("normal", 3, 0),
        losses("zeros", 1, 120),
    )
    even = page.value("D1", K=3)
    return {
        "D1": abs(first - even) < 0.01 and above > 2 * even and abs(zeros - even) < 1e-9 and stuck > 0.98 * even,
        "D3": last < 0.02,
    }


@proves("D2")
def unlike_widths(page, rng):
    """A forgotten transpose is silent where the widths are equal, and loud where they differ."""

    def runs(widths):
        net = MLP([4, *widths], loss="mse")
        try:
            net.W[2] @ np.ones((widths[1], 5))  # should be the transpose
        except ValueError:
            return False
        return True

    return {"D2": runs([3, 3]) and not runs([3, 2])}


@proves("D4", "D5")
def check_and_first_wrong_one(page, rng):
    """The check sees that the network is sick, and the first wrong one from the top is δ[1], where it is."""
    net, X, Y, well, sick = sick_network(rng)
    order = [("delta", 2), ("W", 2), ("b", 2), ("delta", 1), ("W", 1), ("b", 1)]
    right = [same(getattr(sick, name)[l], getattr(well, name)[l]) for name, l in order]
    return {
        "D4": check_gradients(net, X, Y).ok and not check_gradients(net, X, Y, sick).ok,
        "D5": order[right.index(False)] == ("delta", 1),
    }


def slips(act, n, rng, scale=1.0):
    """Layers of n units: dW² where σ′ is lost, dW² and dW¹ where a matrix is wrong, each with the right one; and δ²."""
    f, slope = ACTIVATIONS[act]
    size = scale * np.sqrt((2 if act == "relu" else 1) / n)
    W, V, U, other = (size * rng.standard_normal((n, n)) for _ in range(4))
    X, Y = rng.standard_normal((2, n, 2 * n))
    b, c = 0.5 * rng.standard_normal((2, n, 1))
    z1 = W @ X + b
    z2 = V @ f(z1) + c
    top = (U @ f(z2) - Y) / (2 * n)
    δ2 = (U.T @ top) * slope(z2, f(z2))
    δ1 = (V.T @ δ2) * slope(z1, f(z1))
    lost = U.T @ top
    wrong = [(other.T @ top) * slope(z2, f(z2)) @ f(z1).T, (V @ δ2) * slope(z1, f(z1)) @ X.T]
    return (
        (lost @ f(z1).T, δ2 @ f(z1).T),
        list(zip(wrong, [δ2 @ f(z1).T, δ1 @ X.T], strict=True)),
        (lost, δ2, slope(z2, f(z2))),
    )


@proves("D6", "D7")
def ratio_and_cosine(page, rng):
    """1/B and a sign; then 3 activations and 2 widths from 16 on, 10 networks each; why only there and then.

    Narrow networks overlap, and in saturated ones a lost σ′ turns the gradient further.
    """
    right = rng.standard_normal((4, 3))
    signs = [[page.value("D6", n, w=factor * right, r=right) for n in (0, 1)] for factor in (5, -1)]
    limit = float(re.search(r"above ([\d.]+) a σ′", page.lines["D6"])[1])
    width = int(re.search(r"layers of (\d+) or more", page.lines["D6"])[1])
    lost, others, narrow, entries = [], [], [], []

    def cosine(wrong, right):
        return page.value("D6", 1, w=wrong, r=right)

    for act in ("tanh", "relu", "sigmoid"):
        for n in (width, 3 * width):
            for _ in range(10):
                (wrong, true), wrongs, (mine, due, slope) = slips(act, n, rng)
                lost.append(cosine(wrong, true))
                others += [cosine(*pair) for pair in wrongs]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio, factor = (page.value("D7", n, w=mine, r=due, z=slope, dσ=np.array) for n in (0, 1))
            entries.append(same(ratio[slope > 0], factor[slope > 0]))
            narrow += [abs(cosine(*pair)) > limit for _ in range(20) for pair in slips(act, 3, rng)[1]]
    saturated = [cosine(*slips("tanh", width, rng, scale=5)[0]) < limit for _ in range(20)]
    seen = np.mean(np.array(lost) > limit), np.mean(np.abs(others) < limit)
    return {
        "D6": same(signs, [[5, 1], [1, -1]]) and min(seen) >= 0.95 and np.mean(narrow) > 0.1 < np.mean(saturated),
        "D7": all(entries),
    }


@proves("D8")
def evaluation(page, rng):
    """Dropout without its scale, and BatchNorm's averages after few steps, give other numbers in evaluation."""
    X = 3 + rng.standard_normal((4000, 4))
    drop, norm = Dropout(0.5, seed=0), BatchNorm(4)
    scaled, plain = drop.forward(X).mean() / X.mean(), (drop.forward(X) / 2).mean() / X.mean()
    training = norm.forward(X)
    norm.training = False
    return {"D8": abs(scaled - 1) < 0.03 and plain < 0.6 and np.abs(norm.forward(X) - training).max() > 1}


# ---- layers ----


def back(page, tag, made, *pieces, forward=(0,), Y="Y", **given):
    """Whether the gradients that pieces make (`made`: {name of dV: V}) are the nudge's, for a random upstream G."""
    G = np.random.default_rng(1).standard_normal(np.shape(page.run(tag, dict(given), *forward)[Y]))

    def through(name):
        return lambda x: page.run(tag, given | {name: x}, *forward)[Y]

    s = page.run(tag, given | {"G": G}, *pieces)
    return all(near(s[dV], nudge(through(V), given[V], G)) for dV, V in made.items())


@proves("L1", "L2", "L3", "L4", "L5")
def products_sums_and_places(page, rng):
    """Each backward pass faces the nudge, each forward pass a loop or NumPy's plain words for it."""
    A, B, X = rng.standard_normal((3, 4)), rng.standard_normal((4, 2)), rng.standard_normal((2, 5, 3))
    s, E, ids = rng.standard_normal((2, 1, 3)), rng.standard_normal((6, 3)), np.array([4, 1, 4, 0])
    G, pool = rng.standard_normal((3, 2)), {"X": rng.standard_normal((4, 2, 3))}
    twice = page.run("L1", {"A": A, "B": B, "G": G}, 1)["dA"], page.run("L1", {"A": A, "B": B, "G": G}, 3)["dA"]
    summed = np.array([[X[i, :, k].sum() for k in range(3)] for i in range(2)])
    largest = [[max(pool["X"][i, :, k]) for k in range(3)] for i in range(4)]
    L1 = back(page, "L1", {"dA": "A", "dB": "B"}, 1, 2, Y="C", A=A, B=B) and same(*twice)
    L2 = (
        back(page, "L2", {"ds": "s"}, 1, X=X, s=s)
        and page.run("L2", {"X": X, "s": s, "G": X}, 1)["ds"].shape == s.shape
    )
    L4 = back(page, "L4", {"dE": "E"}, 1, E=E, ids=ids) and same(page.run("L4", {"E": E, "ids": ids})["Y"][2], E[4])
    return {
        "L1": L1 and same(page.run("L1", {"A": A, "B": B})["C"][1, 1], sum(A[1, k] * B[k, 1] for k in range(4))),
        "L2": L2 and same(page.run("L2", {"X": X, "s": s})["Y"][1, 4], X[1, 4] * s[1, 0]),
        "L3": back(page, "L3", {"dX": "X"}, 1, X=X) and same(page.run("L3", {"X": X})["Y"], summed),
        "L4": L4,
        "L5": back(page, "L5", {"dX": "X"}, 1, **pool) and same(page.run("L5", dict(pool))["Y"], largest),
    }


@proves("L6")
def convolution(page, rng):
    """Tap by tap, over a signal in rows, against place by place, and the nudge."""
    K, T = 3, 4
    X, W, G = rng.standard_normal((T + K - 1, 2)), rng.standard_normal((K, 2, 5)), rng.standard_normal((T, 5))

    def tap_by_tap(X, W, *pieces):
        s = {"X": X, "W": W, "G": G, "T": T, "Y": np.zeros((T, 5)), "dX": np.zeros_like(X), "dW": np.zeros_like(W)}
        for s["k"] in range(K):
            page.run("L6", s, *pieces)
        return s

    place_by_place = [sum(X[t + k] @ W[k] for k in range(K)) for t in range(T)]
    s = tap_by_tap(X, W, 1)
    right = near(s["dX"], nudge(lambda X: tap_by_tap(X, W)["Y"], X, G))
    right = right and near(s["dW"], nudge(lambda W: tap_by_tap(X, W)["Y"], W, G))
    return {"L6": right and same(tap_by_tap(X, W)["Y"], place_by_place)}


@proves("L7", "L8", "L9", "L12", "L13")
def entry_by_entry(page, rng):
    """Dropout, the residual path, gates, an adapter, the straight-through step."""
    X, A, B = rng.standard_normal((5, 4)), rng.standard_normal((4, 2)), rng.standard_normal((2, 3))
    W, G, u, M = (
        rng.standard_normal((4, 3)),
        rng.standard_normal((5, 4)),
        rng.uniform(size=(20000, 1)),
        np.tanh(X.T @ X),
    )
    drop = page.run("L7", {"u": u, "p": 0.25, "X": np.ones((20000, 1)), "G": u}, 0, 1, 2)
    kept = (drop["Y"] > 0).mean()
    through = {"X": X, "f": lambda X: np.sin(X) @ M, "back": lambda G: np.cos(X) * (G @ M.T)}
    step = StraightThrough("round")
    wide, upstream = (
        {"X": rng.standard_normal((2, 5, 4)), "W": W, "A": A, "B": B, "r": 0.5},
        rng.standard_normal((2, 5, 3)),
    )
    flat = page.run("L12", wide | {"X": wide["X"].reshape(-1, 4), "G": upstream.reshape(-1, 3)}, 1)
    silu, silu_slope = ACTIVATIONS["silu"]
    glu = page.run("L9", {"A": silu(X), "B": G, "G": X}, 0, 1)
    dU = glu["dA"] * silu_slope(X, silu(X))
    return {
        "L7": abs(kept - 0.75) < 0.02 and abs(drop["Y"].mean() - 1) < 0.02 and same(drop["dX"], u * drop["Y"]),
        "L8": back(page, "L8", {"dX": "X"}, 1, **through)
        and same(page.run("L8", dict(through))["Y"], X + np.sin(X) @ M),
        "L9": back(page, "L9", {"dA": "A", "dB": "B"}, 1, 2, A=X, B=G) and near(dU, nudge(lambda U: silu(U) * G, X, X)),
        "L12": back(page, "L12", {"dA": "A", "dB": "B"}, 1, 2, X=X, W=W, A=A, B=B, r=0.5)
        and near(flat["dA"], nudge(lambda A: page.run("L12", wide | {"A": A})["Y"], A, upstream))
        and same(page.run("L12", {"X": X, "W": W, "A": A, "B": B, "r": 0.5})["Y"], X @ (W + 0.5 * A @ B)),
        "L13": same(page.run("L13", {"x": 3 * X})["y"], step.forward(3 * X))
        and same(page.run("L13", {"g": G}, 1)["dx"], step.backward(G)),
    }


@proves("L10", "L11")
def recurrence(page, rng):
    """The lines in a loop from the last step down, against the nudge; forward, the package's layers are the witness."""
    T, B, x = 4, 3, rng.standard_normal((4, 3, 2))
    U, W, dh = rng.standard_normal((2, 5)), 0.5 * rng.standard_normal((5, 5)), rng.standard_normal((4, 3, 5))

    def forward(U, W):
        s = {"x": [None, *x], "h": [np.zeros((B, 5))] + [None] * T, "U": U, "W": W}
        for s["t"] in range(1, T + 1):
            page.run("L10", s)
        return s

    s = forward(U, W) | {"dh": [None, *dh], "later": 0.0, "dU": np.zeros_like(U), "dW": np.zeros_like(W)}
    for s["t"] in range(T, 0, -1):
        page.run("L10", s, 1, 2)
    ours = RNN(2, 5)
    ours.Wx, ours.Wh = U, W
    right = near(s["dU"], nudge(lambda U: np.array(forward(U, W)["h"][1:]), U, dh))
    right = right and near(s["dW"], nudge(lambda W: np.array(forward(U, W)["h"][1:]), W, dh))
    right = right and same(np.array(s["h"][1:]).transpose(1, 0, 2), ours.forward(x.transpose(1, 0, 2)))
    return {"L10": right, "L11": cell(page, rng)}


def cell(page, rng):
    """The LSTM's cell: a loss of both its results, nudged at the old state; and the package's cell."""
    z, c0, (dh, dc) = rng.standard_normal((3, 8)), rng.standard_normal((3, 2)), rng.standard_normal((2, 3, 2))
    i, f, u, o = sigmoid(z[:, :2]), sigmoid(z[:, 2:4]), np.tanh(z[:, 4:6]), sigmoid(z[:, 6:])

    def there(c0):
        return page.run("L11", {"i": i, "f": f, "u": u, "o": o, "c0": c0})

    s = page.run("L11", there(c0) | {"dh": dh, "dc": dc}, 1, 2)
    nudged = nudge(lambda c0: dh * there(c0)["h"] + dc * there(c0)["c"], c0)
    h, c, *_ = lstm_cell(z, c0)
    return near(s["dc0"], nudged) and same(h, there(c0)["h"]) and same(c, there(c0)["c"])


@proves("L14")
def ignored_labels(page, rng):
    """Against the nudge of the package's loss with ignored labels; with none left it is 0/0."""
    Z, labels = rng.standard_normal((5, 4)), np.array([2, -100, 0, -100, 3])
    keep, y = (labels >= 0)[:, None] * 1.0, np.eye(4)[labels % 4]
    dZ = page.run("L14", {"p": softmax(Z), "y": y, "keep": keep})["dZ"]
    with np.errstate(invalid="ignore"):
        none = page.run("L14", {"p": softmax(Z), "y": y, "keep": 0 * keep})["dZ"]
    right = near(dZ, central_difference(lambda Z: cross_entropy(Z, labels), Z))
    return {"L14": right and np.isnan(none).all()}


# ---- attention and norms ----


@proves("T1", "T2", "T3", "T4", "T5", "T6")
def attention_and_back(page, rng):
    """Four queries, five keys, a mask that hides a few; the last line again with a batch of heads."""
    arrays = {"Q": rng.standard_normal((4, 3)), "K": rng.standard_normal((5, 3)), "V": rng.standard_normal((5, 2))}
    mask, dO = np.tri(4, 5, 1, dtype=bool), rng.standard_normal((4, 2))

    def attend(**names):
        return page.run("T1", names | {"mask": mask, "d": 3, "softmax": softmax, "dO": dO}, 0, 1, 2)

    s = attend(**arrays)
    for tag in ("T2", "T3", "T4"):
        page.run(tag, s)
    right = {V: near(s[f"d{V}"], nudge(lambda x, V=V: attend(**arrays | {V: x})["O"], arrays[V], dO)) for V in "QKV"}
    O, P = attention(arrays["Q"], arrays["K"], arrays["V"], mask)
    heads, causal = rng.standard_normal((2, 3, 4, 5)), page.run("T6", {"T": 4, "bool": bool})["mask"]
    scores = right["Q"] and right["K"]
    return {
        "T1": same(O, s["O"]) and same(P, s["P"]),
        "T2": right["V"] and scores,
        "T3": scores and (s["dA"][~mask] == 0).all(),
        "T4": scores,
        "T5": same(*(page.value("T5", n, dP=s["dP"], P=s["P"], dO=dO, O=s["O"]) for n in (0, 1)))
        and same(page.value("T5", 0, dP=s["dP"], P=s["P"])[:, 0], np.diag(s["dP"] @ s["P"].T)),
        "T6": same(eval(f"x{page.code('T6')[1]}", {"x": heads})[1, 2], heads[1, 2].T)
        and all(causal[t, k] == (k <= t) for t in range(4) for k in range(4)),
    }


@proves("M1", "M2", "M3", "M4", "M5")
def norms(page, rng):
    """Each backward pass against the nudge, for input, γ and β; each forward pass against the package's layer."""
    x, dy = rng.standard_normal((2, 6, 4))
    γ, β = rng.uniform(0.5, 2, 4), rng.standard_normal(4)

    def normalized(tag, x, over=-1):
        s = {"x": x, "γ": γ, "dy": dy, "ε": 1e-5, "n": 4}
        s["mean"] = lambda x: x.mean(over, keepdims=True)
        s["var"] = lambda x: x.var(over, keepdims=True)
        return page.run(tag, s, 0, 1)

    def forward(tag, over=-1):
        return lambda x: γ * normalized(tag, x, over)["x_hat"] + β * (tag == "M1")

    def held(layer, tag, over, *pieces):
        layer.gamma[:] = γ
        if tag == "M1":
            layer.beta[:] = β
        s = normalized(tag, x, over)
        for line, piece in pieces:
            page.run(line, s, piece)
        there = same(layer.forward(x), forward(tag, over)(x))
        return s, there and np.allclose(s["dx"], nudge(forward(tag, over), x, dy), atol=1e-7)

    s, layer = held(LayerNorm(4), "M1", -1, ("M2", 0), ("M2", 1))
    _, batch = held(BatchNorm(4), "M1", 0, ("M2", 0), ("M2", 1))
    _, rms = held(RMSNorm(4), "M4", -1, ("M2", 0), ("M4", 2))
    wide = {"n": 4, "dy": dy.reshape(2, 3, 4), "x_hat": s["x_hat"].reshape(2, 3, 4)}  # (B, T, n)
    γs = [page.run("M3", dict(names))["dγ"] for names in (s, wide)]
    βs = page.run("M3", wide | {"x_hat": 1.0})["dγ"]
    still = BatchNorm(4)
    still.gamma[:], still.training, still.running_var[:] = γ, False, [1, 2, 3, 4]
    fixed = page.run("M5", {"g": dy * γ, "s": np.sqrt(np.arange(1, 5) + still.eps)})["dx"]
    return {
        "M1": layer,
        "M2": layer and batch,
        "M3": all(near(v, nudge(lambda γ: γ * s["x_hat"] + β, γ, dy)) for v in γs)
        and near(βs, nudge(lambda β: γ * s["x_hat"] + β, β, dy)),
        "M4": rms,
        "M5": batch and near(fixed, nudge(still.forward, x, dy)),
    }
