"""The table of layers and functions: how each is made, what it is given, and its forward pass written a second time.

A `Case` holds the arrays that the loss depends on, the package's run, which gives Y and one gradient per array, and an
oracle: the forward pass again, in another way, for arrays that autograd or complex numbers can follow. A row of `ROWS`
makes one from `pick`, which chooses one of some options, and `rng`. Every parameter is random, γ and the biases too: a
zero hides what a gradient gets wrong. `test_layers.py` runs every property over every row.
"""

from collections.abc import Callable
from typing import NamedTuple

import autograd.numpy as anp
import numpy as np
from autograd.tracer import getval
from oracles import COMPLEX_ACTIVATIONS, ROWS_ACTIVATIONS

from backprop import layers
from backprop.activations import ACTIVATIONS
from backprop.layers import named_parameters
from backprop.today.images import ConvTranspose2d
from backprop.today.sequences import GRU

AXES, SMALL, YES_OR_NO = range(1, 6), range(1, 4), (False, True)
LEADING = [(1,), (2,), (5,), (3,), (2, 3), (4, 1), (1, 1), (3, 5), (2, 3, 2), (1, 4, 3), (5, 2, 4)]
SEEDS = range(len(LEADING))
EPS = (1e-5, 1e-2)


class Case(NamedTuple):
    run: Callable  # (arrays, G) -> Y, gradients
    oracle: Callable  # (*arrays) -> Y
    arrays: list
    analytic: bool = True  # or the complex step can't serve
    layer: object = None  # what has the pass, if it is a layer, and what it is given: X or tokens, and first states
    given: tuple = ()


class Part(NamedTuple):
    """A layer that may stand inside another one: (X, parameters by name) -> Y, and whether X is well placed for it."""

    layer: object
    n_out: int
    oracle: Callable
    placed: Callable = lambda X, p: True
    batch: bool = False  # normalizes over the samples, so that there are at least two, and no other leading axis


class Row(NamedTuple):
    name: str
    make: Callable  # (pick, rng) -> Case
    examples: int = 25
    entries: int = 20  # of each array, at most, for complex steps: every one takes a forward pass

    def plain(self, seed):
        """A case by a number alone, the same each time. The numbers of `SEEDS` go through all leading axes."""
        rng = np.random.default_rng(seed)
        return self.make(lambda o: o[seed] if o is LEADING else o[rng.integers(len(o))], rng)


def pair(forward, backward, oracle, *arrays):
    """A Case of a pair of functions, where backward(G, *arrays) gives one gradient for each."""
    return Case(lambda a, G: (forward(*a), backward(G, *a)), oracle, list(arrays))


def of_layer(layer, X, oracle, *, analytic=True, **states):
    """A Case of a layer. The oracle takes X (unless it is tokens), the states by order, then {name: parameter}."""
    names, tokens = list(named_parameters(layer)), X.dtype.kind == "i"
    values = [array.copy() for array, _ in named_parameters(layer).values()]
    given = [*states.values()] if tokens else [X, *states.values()]

    def run(arrays, G):
        for (array, _), value in zip(named_parameters(layer).values(), arrays[len(given) :], strict=True):
            array[...] = value
        Y = layer.forward(*([X] if tokens else []), *arrays[: len(given)])
        dX = layer.backward(G)
        assert not tokens or dX is None
        found = [getattr(layer, "d" + s) for s in states] + [g for _, g in named_parameters(layer).values()]
        return Y, found if tokens else [dX, *found]

    def by_name(*arrays):
        return oracle(*arrays[: len(given)], dict(zip(names, arrays[len(given) :])))

    return Case(run, by_name, [*given, *values], analytic, layer, (X, *states.values()))


def shaken(layer, rng, scale=0.7):
    """The layer with random numbers in every parameter."""
    for array, _ in named_parameters(layer).values():
        array[...] = scale * rng.normal(size=array.shape)
    return layer


def stretched(pick, shape):
    """A shape that broadcasts to `shape`: some axes are 1, some of the first are left out."""
    kept = tuple(n if pick(YES_OR_NO) else 1 for n in shape)
    return kept[pick(range(len(kept) + 1)) :]


def within(p, prefix):
    return {name.removeprefix(prefix): value for name, value in p.items() if name.startswith(prefix)}


def constant(h):
    """The same numbers, cut off from what they came from: detach, for autograd and for complex numbers."""
    return np.real(getval(h))


# --- functions ----------------------------------------------------------------------------------------------------


def add(pick, rng):
    shape = (*pick(LEADING), pick(AXES))
    A, B = rng.normal(size=stretched(pick, shape)), rng.normal(size=stretched(pick, shape))
    return pair(layers.add, layers.add_backward, lambda A, B: A + B, A, B)


def matmul(pick, rng):
    stack, (n, k, m) = pick(LEADING), (pick(AXES) for _ in range(3))
    A, B = rng.normal(size=(*stretched(pick, stack), n, k)), rng.normal(size=(*stretched(pick, stack), k, m))

    def oracle(A, B):
        return anp.sum(A[..., :, :, None] * B[..., None, :, :], axis=-2)

    return pair(layers.matmul, layers.matmul_backward, oracle, A, B)


def by_hand(subscripts):
    """The oracle of einsum: every operand gets an axis for every letter, then product, sum, and transpose."""

    def product(*operands):
        inputs, output = subscripts.split("->")
        letters = sorted(set(inputs.replace(",", "")))
        result = 1.0
        for own, operand in zip(inputs.split(","), operands):
            X = anp.transpose(operand, [own.index(a) for a in sorted(own)])
            sizes = iter(X.shape)
            result = result * anp.reshape(X, [next(sizes) if a in own else 1 for a in letters])
        summed = [i for i, a in enumerate(letters) if a not in output]
        result = anp.sum(result, axis=tuple(summed))
        rest = [a for a in letters if a in output]
        return anp.transpose(result, [rest.index(a) for a in output])

    return product


SUBSCRIPTS = [
    *("ij,jk->ik", "bij,bjk->bik", "btij,jk->btik", "ij->ji", "ij->", "ij->j", "i,j->ij", "i,i->", "ij,ij->i"),
    *("bhtd,bhsd->bhts", "ij,kj,jl->lik", "ijk,j->ki", "i,ij,k->j", "k,kl->kl", "ab,bc,cd,d->a", "ji->ij", "iz,az->z"),
]


def einsum(pick, rng):
    subscripts = pick(SUBSCRIPTS)
    sizes = {letter: pick(range(1, 5)) for letter in sorted(set(subscripts) - set(",->"))}
    inputs = subscripts.split("->")[0].split(",")
    shapes = [[1 if pick(range(6)) == 0 else sizes[letter] for letter in own] for own in inputs]
    return pair(
        lambda *a: layers.einsum(subscripts, *a),
        lambda G, *a: layers.einsum_backward(G, subscripts, *a),
        by_hand(subscripts),
        *(rng.normal(size=shape) for shape in shapes),
    )


def along(forward, backward, oracle):
    """The row of a softmax, along any axis, or along the last one, which is the default."""

    def make(pick, rng):
        X = pick((0.3, 1.0, 5.0)) * rng.normal(size=(*pick(LEADING), pick(AXES)))
        axis = pick([None, *range(-X.ndim, X.ndim)])
        default = () if axis is None else (axis,)

        def run(a, G):
            Y = forward(a[0], *default)
            return Y, [backward(G, Y, *default)]

        def share(X):
            return anp.exp(X) / anp.sum(anp.exp(X), axis=-1 if axis is None else axis, keepdims=True)

        return Case(run, lambda X: oracle(share(X)), [X])

    return make


def cross_entropy(pick, rng):
    """A mean over the labels that count. The loss is the last function, so G is a number that it is multiplied with."""
    shape, K, ignore = pick(LEADING), pick(AXES), pick((-100, -1, 0))
    ignore = -100 if K - 1 == ignore else ignore
    labels = np.where(rng.random(shape) < 0.4, ignore, rng.integers(K, size=shape))
    labels.flat[rng.integers(labels.size)] = K - 1  # one counts
    one_hot = (labels[..., None] == np.arange(K)) * (labels != ignore)[..., None]

    def run(a, G):
        return layers.cross_entropy(a[0], labels, ignore), [G * layers.cross_entropy_backward(a[0], labels, ignore)]

    def oracle(X):
        return anp.sum(one_hot * (anp.log(anp.sum(anp.exp(X), axis=-1, keepdims=True)) - X)) / one_hot.sum()

    return Case(run, oracle, [2 * rng.normal(size=(*shape, K))])


def mse(pick, rng):
    shape = pick(LEADING)
    T = rng.normal(size=shape)

    def run(a, G):
        return layers.mse(a[0], T), [G * layers.mse_backward(a[0], T)]

    return Case(run, lambda Y: anp.mean((Y - T) * (Y - T)), [rng.normal(size=shape)])


def weights_of(scores, mask):
    e = anp.exp(scores) * mask
    return e / anp.sum(e, axis=-1, keepdims=True)


def attention(pick, rng):
    """With no mask, one of the keys, or a random one; no query is left without a key."""
    stack, (T, S, d, e), kind = pick(LEADING)[:2], (pick(AXES) for _ in range(4)), pick(("none", "random", "of keys"))
    Q, K, V = (rng.normal(size=(*stretched(pick, stack), n, k)) for n, k in ((T, d), (S, d), (S, e)))
    shape = (*np.broadcast_shapes(Q.shape[:-2], K.shape[:-2]), T, S)
    mask = rng.random(shape if kind == "random" else shape[-1:]) < 0.5
    mask[..., rng.integers(S)] = True
    mask = None if kind == "none" else mask

    def backward(G, Q, K, V):
        return layers.attention_backward(G, layers.attention(Q, K, V, mask)[1], Q, K, V)

    def oracle(Q, K, V):
        scores = anp.sum(Q[..., :, None, :] * K[..., None, :, :], axis=-1) * d**-0.5
        P = weights_of(scores, 1.0 if mask is None else mask)
        return anp.sum(P[..., None] * V[..., None, :, :], axis=-2)

    return pair(lambda *a: layers.attention(*a, mask)[0], backward, oracle, Q, K, V)


def chain(pick, rng):
    sizes = [pick(AXES) for _ in range(pick(range(2, 7)))]
    matrices = [rng.normal(size=shape) for shape in zip(sizes, sizes[1:])]

    def oracle(*matrices):
        Y = matrices[-1]
        for W in reversed(matrices[:-1]):
            Y = anp.dot(W, Y)
        return Y

    return pair(layers.chain, layers.chain_backward, oracle, *matrices)


# --- parts that may stand inside others ---------------------------------------------------------------------------


def times(X, W):
    return anp.einsum("...i,ij->...j", X, W)


def linear(pick, rng, n, m=None):
    m = m or pick(AXES)
    return Part(shaken(layers.Linear(n, m), rng), m, lambda X, p: times(X, p["W"]) + p["b"])


def activation(name):
    """Off the kink, where there is one. Autograd and the complex step have an activation of their own each."""

    def make(pick, rng, n):
        def oracle(X, p):
            return (COMPLEX_ACTIVATIONS if np.iscomplexobj(X) else ROWS_ACTIVATIONS)[name](X)

        def placed(X, p):
            return np.abs(X).max() < 20 and (name not in ("relu", "leaky_relu") or np.abs(X).min() > 1e-6)

        return Part(layers.Activation(name), n, oracle, placed)

    return make


def normalized(X, p, eps=1e-5, axis=-1, running=None):
    if running is None:
        centered = X - anp.sum(X, axis=axis, keepdims=True) / X.shape[axis]
        variance = anp.sum(centered * centered, axis=axis, keepdims=True) / X.shape[axis]  # complex: |·|² is another
    else:
        centered, variance = X - running[0], running[1]
    return p["gamma"] * centered * (variance + eps) ** -0.5 + p["beta"]


def spread(axis):
    """Whether nothing that is normalized is nearly constant. (One number alone is: that is another matter.)"""
    return lambda X, p: X.shape[axis] == 1 or np.sqrt(X.var(axis=axis)).min() > 0.05


def layer_norm(pick, rng, n):
    eps = pick(EPS)
    return Part(shaken(layers.LayerNorm(n, eps=eps), rng), n, lambda X, p: normalized(X, p, eps), spread(-1))


def batch_norm(pick, rng, n):
    eps = pick(EPS)
    layer = shaken(layers.BatchNorm(n, eps=eps), rng)
    return Part(layer, n, lambda X, p: normalized(X, p, eps, 0), spread(0), batch=True)


def batch_norm_evaluating(pick, rng, n):
    eps, running = pick(EPS), (rng.normal(size=n), rng.uniform(0.2, 3, size=n))
    layer = shaken(layers.BatchNorm(n, eps=eps), rng)
    layer.training, layer.running_mean, layer.running_var = False, *(r.copy() for r in running)
    return Part(layer, n, lambda X, p: normalized(X, p, eps, 0, running), batch=True)


def rms_norm(pick, rng, n):
    eps = pick(EPS)

    def oracle(X, p):
        return p["gamma"] * X * (anp.sum(X * X, axis=-1, keepdims=True) / X.shape[-1] + eps) ** -0.5

    layer = shaken(layers.RMSNorm(n, eps=eps), rng)
    return Part(layer, n, oracle, lambda X, p: np.sqrt((X * X).mean(axis=-1)).min() > 0.05)


def dropout(pick, rng, n):
    p, seed, training = pick((0, 0.1, 0.5, 0.9)), pick(AXES), pick((True, True, False))
    layer = layers.Dropout(p, seed=seed)
    layer.training = training

    def oracle(X, _):
        kept = np.random.default_rng(seed).random(X.shape) >= p
        return anp.where(kept, X / (1 - p), 0.0 * X) if training else X

    return Part(layer, n, oracle)


def straight_through(pick, rng, n):
    """The step is a constant, added to an X that is differentiated: so autograd has the estimate too."""
    name, clip = pick(("round", "sign")), pick((None, 0.4, 1.0))

    def oracle(X, _):
        x = constant(X)
        step = np.round(x) if name == "round" else np.where(x >= 0, 1.0, -1.0)
        return anp.where(np.abs(x) <= (clip or np.inf), X, x) + (step - x)

    return Part(layers.StraightThrough(name, clip=clip), n, oracle)


def unembedding(pick, rng, n):
    count = pick(AXES)
    layer = shaken(layers.Unembedding(layers.Embedding(count, n)), rng)
    return Part(layer, count, lambda X, p: anp.sum(X[..., None, :] * p["W"], axis=-1))


def in_a_row(parts, n):
    def oracle(X, p):
        for i, part in enumerate(parts):
            X = part.oracle(X, within(p, f"layers[{i}]."))
        return X

    def placed(X, p):
        for i, part in enumerate(parts):
            own = within(p, f"layers[{i}].")
            if not part.placed(X, own):
                return False
            X = part.oracle(X, own)
        return True

    layer = layers.Sequential(*(part.layer for part in parts))
    return Part(layer, parts[-1].n_out if parts else n, oracle, placed, any(part.batch for part in parts))


def sequential(pick, rng, n, inside=None):
    parts, m = [], n
    for _ in range(pick(SMALL)):
        parts.append(pick(inside or [*PARTS, few, residual_of_few])(pick, rng, m))
        m = parts[-1].n_out
    return in_a_row(parts, n)


def around(F, n):
    """The residual connection around a part that keeps the shape."""

    def oracle(X, p):
        return F.oracle(X, within(p, "inner.")) + X

    return Part(layers.Residual(F.layer), n, oracle, lambda X, p: F.placed(X, within(p, "inner.")), F.batch)


def residual(pick, rng, n, inside=None):
    """If the last layer of F has another shape, one that has X's comes after it."""
    F = pick(inside or [*PARTS, few, residual_of_few])(pick, rng, n)
    return around(F if F.n_out == n else in_a_row([F, linear(pick, rng, F.n_out, n)], n), n)


def few(pick, rng, n):
    return sequential(pick, rng, n, PARTS)


def residual_of_few(pick, rng, n):
    return residual(pick, rng, n, [*PARTS, few])


PARTS = [linear, layer_norm, batch_norm, batch_norm_evaluating, rms_norm, dropout, *map(activation, ACTIVATIONS)]


def alone(part):
    """The row of a part: on X with one to three leading axes where that is legal, scaled until it is well placed."""

    def make(pick, rng):
        n, shape, scale = pick(AXES), pick(LEADING), pick((0.3, 1.0, 3.0))
        made = part(pick, rng, n)
        p = {name: array for name, (array, _) in named_parameters(made.layer).items()}
        if made.batch:
            shape = (max(2 if getattr(made.layer, "training", True) else 1, shape[0]),)
        for attempt in range(200):
            X = scale * 0.97**attempt * rng.normal(size=(*shape, n)) + 0.5
            if made.placed(X, p):
                return of_layer(made.layer, X, made.oracle)
        return alone(linear)(pick, rng)  # a norm of few features after a ReLU may be constant for every X

    return make


# --- tokens, images -----------------------------------------------------------------------------------------------


def embedding(pick, rng):
    count, n = pick(AXES), pick(AXES)
    tokens = rng.integers(count, size=pick(LEADING))
    one_hot = 1.0 * (tokens[..., None] == np.arange(count))
    layer = shaken(layers.Embedding(count, n), rng)
    return of_layer(layer, tokens, lambda p: anp.sum(one_hot[..., None] * p["W"], axis=-2))


def positions(pick, rng):
    length, n = pick(AXES), pick(AXES)
    T = pick(range(1, length + 1))
    X = rng.normal(size=(*pick(LEADING), T, n))
    return of_layer(shaken(layers.Positions(length, n), rng), X, lambda X, p: X + p["W"][np.arange(T)])


def image(pick, rng, k, padding=0):
    """An image batch that a kernel of this size fits."""
    return rng.normal(size=(pick(SMALL), *(max(1, side - 2 * padding, pick(AXES)) for side in k), pick(SMALL)))


def windows(X, k, stride, padding, f):
    """f of the patch of X at every output, by the definition."""
    B, H, W, C = X.shape
    zeros = anp.zeros
    X = anp.concatenate([zeros((B, padding, W, C)), X, zeros((B, padding, W, C))], axis=1)
    X = anp.concatenate([zeros((B, H + 2 * padding, padding, C)), X, zeros((B, H + 2 * padding, padding, C))], axis=2)
    rows = range(0, X.shape[1] - k[0] + 1, stride)
    columns = range(0, X.shape[2] - k[1] + 1, stride)
    return anp.stack([anp.stack([f(X[:, i : i + k[0], j : j + k[1]]) for j in columns], axis=1) for i in rows], axis=1)


def conv2d(pick, rng):
    k, stride, padding = (pick(SMALL), pick(SMALL)), pick(SMALL), pick(range(3))
    X = image(pick, rng, k, padding)
    layer = shaken(layers.Conv2d(X.shape[-1], pick(SMALL), k, stride=stride, padding=padding), rng)

    def oracle(X, p):
        return p["b"] + windows(X, k, stride, padding, lambda x: anp.sum(x[..., None] * p["W"], axis=(1, 2, 3)))

    return of_layer(layer, X, oracle)


def conv_transpose2d(pick, rng):
    """Each entry lays down the kernel at its place, one after the other."""
    k, stride = pick(SMALL), pick(SMALL)
    padding = pick(range((k - 1) // 2 + 1))
    X = rng.normal(size=(pick(SMALL), pick(SMALL), pick(SMALL), pick(SMALL)))
    layer = shaken(ConvTranspose2d(X.shape[-1], pick(SMALL), k, stride=stride, padding=padding), rng)
    sides = [(n - 1) * stride + k for n in X.shape[1:3]]

    def lay(value, place, side):
        """(side,): 1 where the entry of the kernel at `place` lands."""
        return np.eye(side)[value * stride + place]

    def oracle(X, p):
        Y = 0.0
        for i, j, u, v in np.ndindex(*X.shape[1:3], k, k):
            at = np.outer(lay(i, u, sides[0]), lay(j, v, sides[1]))
            Y = Y + anp.einsum("bc,oc,hw->bhwo", X[:, i, j], p["W"][u, v], at)
        inner = [slice(padding, side - padding) for side in sides]
        return Y[:, inner[0], inner[1]] + p["b"]

    return of_layer(layer, X, oracle)


def pool(kind, f, analytic):
    """The row of a pool: its stride, unless given, is the height of its kernel."""

    def make(pick, rng):
        k, stride = (pick(SMALL), pick(SMALL)), pick((None, 1, 2, 3))
        X = image(pick, rng, k)
        X = rng.permutation(X.size).reshape(X.shape) / X.size  # no ties
        return of_layer(kind(k, stride=stride), X, lambda X, _: windows(X, k, stride or k[0], 0, f), analytic=analytic)

    return make


# --- sequences ----------------------------------------------------------------------------------------------------


def rnn(pick, rng):
    T, truncate = pick(AXES), pick((None, 1, 2, 3, 5))
    layer = shaken(layers.RNN(pick(AXES), pick(AXES), truncate=truncate), rng)
    stack = pick(LEADING)[:2]
    X, h0 = rng.normal(size=(*stack, T, len(layer.Wx))), rng.normal(size=(*stack, len(layer.b)))

    def oracle(X, h, p):
        states = []
        for t in range(T):
            if truncate and t and t % truncate == 0:
                h = constant(h)
            h = anp.tanh(times(X[..., t, :], p["Wx"]) + times(h, p["Wh"]) + p["b"])
            states.append(h)
        return anp.stack(states, axis=-2)

    return of_layer(layer, X, oracle, h0=h0)


def cell(z, c):
    """h and c of an LSTM's next step."""
    n = z.shape[-1] // 4
    i, f, g, o = (z[..., k * n : (k + 1) * n] for k in range(4))
    i, f, o = (1 / (1 + anp.exp(-gate)) for gate in (i, f, o))
    c = f * c + i * anp.tanh(g)
    return o * anp.tanh(c), c


def lstm_cell(pick, rng):
    n, stack = pick(AXES), pick(LEADING)

    def run(a, G):
        h, c, kept = layers.lstm_cell(*a)
        return np.concatenate([h, c], axis=-1), layers.lstm_cell_backward(G[..., :n], G[..., n:], kept)

    arrays = [rng.normal(size=(*stack, 4 * n)), rng.normal(size=(*stack, n))]
    return Case(run, lambda z, c: anp.concatenate(cell(z, c), axis=-1), arrays)


def lstm(pick, rng):
    T, layer, stack = pick(AXES), shaken(layers.LSTM(pick(AXES), pick(SMALL)), rng), pick(LEADING)[:2]
    X, h0, c0 = (rng.normal(size=(*stack, *k)) for k in ((T, len(layer.Wx)), layer.Wh.shape[:1], layer.Wh.shape[:1]))

    def oracle(X, h, c, p):
        states = []
        for t in range(T):
            h, c = cell(times(X[..., t, :], p["Wx"]) + times(h, p["Wh"]) + p["b"], c)
            states.append(h)
        return anp.stack(states, axis=-2)

    return of_layer(layer, X, oracle, h0=h0, c0=c0)


def gru(pick, rng):
    """Gate by gate, with the weights of each cut out."""
    T, layer, stack = pick(AXES), shaken(GRU(pick(AXES), pick(SMALL)), rng), pick(LEADING)[:2]
    n = len(layer.Wh)
    X, h0 = rng.normal(size=(*stack, T, len(layer.Wx))), rng.normal(size=(*stack, n))

    def oracle(X, h, p):
        states = []
        for t in range(T):
            (x_r, u_r), (x_z, u_z), (x_n, u_n) = (
                (times(X[..., t, :], p["Wx"][:, own]) + p["b"][own], times(h, p["Wh"][:, own]) + p["c"][own])
                for own in (slice(k * n, (k + 1) * n) for k in range(3))
            )
            r, z = 1 / (1 + anp.exp(-x_r - u_r)), 1 / (1 + anp.exp(-x_z - u_z))
            h = z * h + (1 - z) * anp.tanh(x_n + r * u_n)
            states.append(h)
        return anp.stack(states, axis=-2)

    return of_layer(layer, X, oracle, h0=h0)


def heads_by_hand(X, p, heads, mask):
    """Each head by itself, with its own columns of Wq, Wk, Wv and its own rows of Wo, and their results added."""
    d, Y = X.shape[-1] // heads, 0.0
    for i in range(heads):
        own = slice(i * d, (i + 1) * d)
        Q, K, V = (times(X, p[name][:, own]) for name in ("Wq", "Wk", "Wv"))
        P = weights_of(anp.einsum("...td,...sd->...ts", Q, K) / d**0.5, mask)
        Y = Y + anp.einsum("...ts,...sd,dj->...tj", P, V, p["Wo"][own])
    return Y


def causal_mask(causal, T):
    return np.tri(T, dtype=bool) if causal else 1.0


def multi_head_attention(pick, rng):
    """A mask that is given takes the place of the causal one."""
    heads, d, T, causal, given = pick(SMALL), pick(SMALL), pick(AXES), pick(YES_OR_NO), pick(YES_OR_NO)
    layer = shaken(layers.MultiHeadAttention(heads * d, heads, causal=causal), rng)
    X, mask = rng.normal(size=(*pick(LEADING)[:2], T, heads * d)), causal_mask(causal, T)
    if given:
        mask, forward = rng.random((T, T)) < 0.5, layer.forward
        mask[:, rng.integers(T)] = True
        layer.forward = lambda X: forward(X, mask)
    return of_layer(layer, X, lambda X, p: heads_by_hand(X, p, heads, mask))


def mlp_by_hand(X, p):
    z = times(X, p["layers[0].W"]) + p["layers[0].b"]
    gelu = z / 2 + z / 2 * anp.tanh((2 / np.pi) ** 0.5 * (z + 0.044715 * z * z * z))
    return times(gelu, p["layers[2].W"]) + p["layers[2].b"]


def block_by_hand(X, p, heads, mask, norm):
    def attended(x):
        return heads_by_hand(x, within(p, "attention."), heads, mask)

    for i, inner in (1, attended), (2, lambda x: mlp_by_hand(x, within(p, "mlp."))):
        own = within(p, f"norm{i}.")
        X = X + inner(normalized(X, own)) if norm == "pre" else normalized(X + inner(X), own)
    return X


def feed_forward(pick, rng):
    n, hidden = pick(AXES), pick((None, 1, 3))
    return of_layer(shaken(layers.feed_forward(n, hidden), rng), rng.normal(size=(*pick(LEADING), n)), mlp_by_hand)


def block(pick, rng):
    heads, d, T, norm, causal = pick((1, 2)), pick((2, 3)), pick(AXES), pick(("pre", "post")), pick(YES_OR_NO)
    layer = shaken(layers.Block(heads * d, heads, norm=norm, causal=causal), rng)
    X = 2 * rng.normal(size=(pick(SMALL), T, heads * d))
    return of_layer(layer, X, lambda X, p: block_by_hand(X, p, heads, causal_mask(causal, T), norm))


def transformer(pick, rng):
    """All its parameters, the tied one among them. Tokens are no array that 𝓛 could be differentiated by."""
    count, T, heads, norm, causal = pick(AXES), pick(AXES), pick((1, 2)), pick(("pre", "post")), pick(YES_OR_NO)
    length, blocks = T + pick(range(3)), pick((1, 2))
    layer = layers.Transformer(count, length, 4, heads, blocks=blocks, norm=norm, causal=causal)
    tokens = rng.integers(count, size=(pick(SMALL), T))

    def oracle(p):
        X = p["embedding.W"][tokens] + p["positions.W"][:T]
        for i in range(blocks):
            X = block_by_hand(X, within(p, f"blocks[{i}]."), heads, causal_mask(causal, T), norm)
        X = normalized(X, within(p, "norm.")) if norm == "pre" else X
        return anp.einsum("btn,vn->btv", X, p["embedding.W"])

    return of_layer(shaken(layer, rng), tokens, oracle)


ROWS = [
    *(Row(make.__name__, make) for make in (add, matmul, einsum, cross_entropy, mse, attention, chain, lstm_cell)),
    Row("softmax", along(layers.softmax, layers.softmax_backward, lambda P: P)),
    Row("log_softmax", along(layers.log_softmax, layers.log_softmax_backward, anp.log)),
    *(Row(f"Activation {name}", alone(activation(name)), examples=12) for name in ACTIVATIONS),
    Row("Linear", alone(linear)),
    Row("LayerNorm", alone(layer_norm)),
    Row("RMSNorm", alone(rms_norm)),
    Row("BatchNorm", alone(batch_norm)),
    Row("BatchNorm, evaluating", alone(batch_norm_evaluating)),
    Row("Dropout", alone(dropout)),
    Row("StraightThrough", alone(straight_through)),
    Row("Unembedding", alone(unembedding)),
    Row("Residual", alone(residual), examples=80),
    Row("Residual of nothing", alone(lambda pick, rng, n: around(in_a_row([], n), n)), examples=5),
    Row("Residual of what it gets", alone(lambda *given: around(activation("identity")(*given), given[2])), examples=5),
    Row("Residual of a residual", alone(lambda *given: around(around(batch_norm(*given), given[2]), given[2]))),
    Row("Sequential", alone(sequential), examples=80),
    Row("Embedding", embedding),
    Row("Positions", positions),
    Row("Conv2d", conv2d),
    Row("MaxPool2d", pool(layers.MaxPool2d, lambda x: anp.max(x, axis=(1, 2)), analytic=False), 60),
    Row("AvgPool2d", pool(layers.AvgPool2d, lambda x: anp.sum(x, axis=(1, 2)) / x[0, :, :, 0].size, analytic=True), 60),
    Row("ConvTranspose2d", conv_transpose2d, examples=15, entries=6),
    Row("RNN", rnn),
    Row("GRU", gru, examples=8, entries=4),
    Row("MultiHeadAttention", multi_head_attention, examples=50),
    Row("feed_forward", feed_forward),
    Row("LSTM", lstm, examples=8, entries=4),  # each of the last three has many parameters, and takes long
    Row("Block", block, examples=8, entries=4),
    Row("Transformer", transformer, examples=8, entries=4),
]
