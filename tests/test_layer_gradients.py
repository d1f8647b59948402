"""Every layer beyond the first ones against HIPS autograd and the complex step, over generated shapes.

A `Case` holds the arrays that the loss depends on, the package's run, which gives Y and one gradient per array, and an
oracle: the forward pass written a second time, in another way, for arrays that autograd or complex numbers can follow.
The upstream gradient is random throughout, and so is every parameter, γ and the biases too.
"""

from collections.abc import Callable
from typing import NamedTuple

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from autograd.tracer import getval
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import STEP, distance

from backprop import layers
from backprop.layers import named_parameters

TOLERANCE, FLOOR = 1e-9, 1e-2  # relative by norm, and 1e-11 absolute where terms cancel


class Case(NamedTuple):
    run: Callable  # (arrays, G) -> Y, gradients
    oracle: Callable  # (*arrays) -> Y
    arrays: list
    analytic: bool = True  # or the complex step can't serve


def autograd_gradients(case, G):
    every = tuple(range(len(case.arrays)))
    return autograd.grad(lambda *arrays: anp.sum(G * case.oracle(*arrays)), every)(*case.arrays)


def check_complex_steps(case, G, gradients, rng, limit):
    """On `limit` entries of each array, at most: every one takes a forward pass."""
    for i, (array, gradient) in enumerate(zip(case.arrays, gradients)):
        entries = rng.permutation(array.size)[:limit]
        steps = np.empty(len(entries))
        for j, entry in enumerate(entries):
            moved = array.astype(complex)
            moved.flat[entry] += 1j * STEP
            Y = case.oracle(*case.arrays[:i], moved, *case.arrays[i + 1 :])
            steps[j] = np.sum(G * Y).imag / STEP
        assert distance(gradient.flat[entries], steps, FLOOR) < TOLERANCE


def demand(case, rng, entries):
    Y = np.asarray(case.oracle(*case.arrays))
    G = rng.normal(size=Y.shape)
    arrays = [array.copy() for array in case.arrays]
    got, gradients = case.run(arrays, G.copy())
    assert distance(got, Y, FLOOR) < 1e-11
    for array, kept in zip(arrays, case.arrays, strict=True):
        np.testing.assert_array_equal(array, kept)
    for gradient, want in zip(gradients, autograd_gradients(case, G), strict=True):
        assert distance(gradient, want, FLOOR) < TOLERANCE
    if case.analytic:
        check_complex_steps(case, G, gradients, rng, entries)


def pair(forward, backward, oracle, *arrays, **more):
    """A Case of a pair of functions, where backward(G, *arrays) gives one gradient for each."""
    return Case(lambda a, G: (forward(*a), backward(G, *a)), oracle, list(arrays), **more)


def of_layer(layer, X, oracle, *, analytic=True, **states):
    """A Case of a layer on X. The oracle takes X (unless it is None), the states by order, then {name: parameter}."""
    names = list(named_parameters(layer))

    def run(arrays, G):
        given, own = arrays[: len(arrays) - len(names)], arrays[len(arrays) - len(names) :]
        for array, value in zip((array for array, _ in named_parameters(layer).values()), own, strict=True):
            array[...] = value
        Y = layer.forward(*given)
        dX = layer.backward(G)
        return Y, [dX, *(getattr(layer, "d" + s) for s in states), *(g for _, g in named_parameters(layer).values())]

    def restored(*arrays):
        given, own = arrays[: len(arrays) - len(names)], arrays[len(arrays) - len(names) :]
        return oracle(*given, dict(zip(names, own)))

    values = [array.copy() for array, _ in named_parameters(layer).values()]
    return Case(run, restored, [X, *states.values(), *values], analytic)


def shaken(layer, rng, scale=0.7):
    """The layer with random numbers in every parameter: a zero bias hides what a gradient gets wrong."""
    for array, _ in named_parameters(layer).values():
        array[...] = scale * rng.normal(size=array.shape)
    return layer


axes = st.integers(1, 5)
leading = st.lists(st.integers(1, 5), min_size=1, max_size=3)


def stretched(draw, shape):
    """A shape that broadcasts to `shape`: some axes are 1, some of the first are left out."""
    kept = tuple(n if draw(st.booleans()) else 1 for n in shape)
    return kept[draw(st.integers(0, len(kept))) :]


# --- functions ----------------------------------------------------------------------------------------------------


def add(draw, rng):
    shape = tuple(draw(leading)) + (draw(axes),)
    A, B = rng.normal(size=stretched(draw, shape)), rng.normal(size=stretched(draw, shape))
    return pair(layers.add, layers.add_backward, lambda A, B: A + B, A, B)


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


def matmul(draw, rng):
    stack = tuple(draw(leading))
    n, k, m = (draw(axes) for _ in range(3))
    A, B = rng.normal(size=(*stretched(draw, stack), n, k)), rng.normal(size=(*stretched(draw, stack), k, m))

    def oracle(A, B):
        return anp.sum(A[..., :, :, None] * B[..., None, :, :], axis=-2)

    return pair(layers.matmul, layers.matmul_backward, oracle, A, B)


SUBSCRIPTS = [
    *("ij,jk->ik", "bij,bjk->bik", "btij,jk->btik", "ij->ji", "ij->", "ij->j", "i,j->ij", "i,i->", "ij,ij->i"),
    *("bhtd,bhsd->bhts", "ij,kj,jl->lik", "ijk,j->ki", "i,ij,k->j", "k,kl->kl", "ab,bc,cd,d->a", "ji->ij", "iz,az->z"),
]


def einsum(draw, rng):
    subscripts = draw(st.sampled_from(SUBSCRIPTS))
    sizes = {letter: draw(st.integers(1, 4)) for letter in sorted(set(subscripts) - set(",->"))}
    inputs = subscripts.split("->")[0].split(",")
    shapes = [[1 if draw(st.integers(0, 5)) == 0 else sizes[letter] for letter in own] for own in inputs]
    arrays = [rng.normal(size=shape) for shape in shapes]
    return pair(
        lambda *a: layers.einsum(subscripts, *a),
        lambda G, *a: layers.einsum_backward(G, subscripts, *a),
        by_hand(subscripts),
        *arrays,
    )


def softmax(draw, rng):
    X = draw(st.sampled_from([0.3, 1.0, 5.0])) * rng.normal(size=(*draw(leading), draw(axes)))
    axis = draw(st.integers(-X.ndim, X.ndim - 1))

    def run(a, G):
        P = layers.softmax(a[0], axis)
        return P, [layers.softmax_backward(G, P, axis)]

    return Case(run, lambda X: anp.exp(X) / anp.sum(anp.exp(X), axis=axis, keepdims=True), [X])


def log_softmax(draw, rng):
    X = draw(st.sampled_from([0.3, 1.0, 5.0])) * rng.normal(size=(*draw(leading), draw(axes)))
    axis = draw(st.integers(-X.ndim, X.ndim - 1))

    def run(a, G):
        log_P = layers.log_softmax(a[0], axis)
        return log_P, [layers.log_softmax_backward(G, log_P, axis)]

    return Case(run, lambda X: anp.log(anp.exp(X) / anp.sum(anp.exp(X), axis=axis, keepdims=True)), [X])


def cross_entropy(draw, rng):
    """A mean over the labels that count. The loss is the last function, so G is a number that it is multiplied with."""
    shape, K = tuple(draw(leading)), draw(axes)
    ignore = draw(st.sampled_from([-100, -1, 0]))
    ignore = -100 if K - 1 == ignore else ignore
    labels = np.where(rng.random(shape) < 0.4, ignore, rng.integers(K, size=shape))
    labels.flat[rng.integers(labels.size)] = K - 1  # one counts
    one_hot = (labels[..., None] == np.arange(K)) * (labels != ignore)[..., None]

    def run(a, G):
        return layers.cross_entropy(a[0], labels, ignore), [G * layers.cross_entropy_backward(a[0], labels, ignore)]

    def oracle(X):
        return anp.sum(one_hot * (anp.log(anp.sum(anp.exp(X), axis=-1, keepdims=True)) - X)) / one_hot.sum()

    return Case(run, oracle, [2 * rng.normal(size=(*shape, K))])


def mse(draw, rng):
    shape = tuple(draw(leading))
    T = rng.normal(size=shape)

    def run(a, G):
        return layers.mse(a[0], T), [G * layers.mse_backward(a[0], T)]

    return Case(run, lambda Y: anp.mean((Y - T) * (Y - T)), [rng.normal(size=shape)])


def weights_of(scores, mask):
    e = anp.exp(scores) * mask
    return e / anp.sum(e, axis=-1, keepdims=True)


def some_mask(draw, rng, shape):
    """Of any kind: none, causal, or random where no query is left without a key."""
    kind = draw(st.sampled_from(["none", "random", "of keys"]))
    mask = rng.random(shape if kind == "random" else shape[-1:]) < 0.5
    mask[..., rng.integers(shape[-1])] = True
    return None if kind == "none" else mask


def attention(draw, rng):
    stack, (T, S, d, e) = tuple(draw(leading))[:2], (draw(axes) for _ in range(4))
    Q, K, V = (rng.normal(size=(*stretched(draw, stack), n, k)) for n, k in ((T, d), (S, d), (S, e)))
    P_shape = np.broadcast_shapes(Q.shape[:-2], K.shape[:-2])
    mask = some_mask(draw, rng, (*P_shape, T, S))

    def backward(G, Q, K, V):
        return layers.attention_backward(G, layers.attention(Q, K, V, mask)[1], Q, K, V)

    def oracle(Q, K, V):
        scores = anp.sum(Q[..., :, None, :] * K[..., None, :, :], axis=-1) * d**-0.5
        P = weights_of(scores, 1.0 if mask is None else mask)
        return anp.sum(P[..., None] * V[..., None, :, :], axis=-2)

    return pair(lambda *a: layers.attention(*a, mask)[0], backward, oracle, Q, K, V)


def chain(draw, rng):
    sizes = draw(st.lists(axes, min_size=2, max_size=6))
    matrices = [rng.normal(size=shape) for shape in zip(sizes, sizes[1:])]

    def oracle(*matrices):
        Y = matrices[-1]
        for W in reversed(matrices[:-1]):
            Y = anp.dot(W, Y)
        return Y

    return pair(layers.chain, layers.chain_backward, oracle, *matrices)


# --- basic --------------------------------------------------------------------------------------------------------


def rms_norm(draw, rng):
    X, eps = rng.normal(size=(*draw(leading), draw(axes))), draw(st.sampled_from([1e-5, 1e-2]))
    X += np.where(X > 0, 0.1, -0.1)  # one feature alone is divided by itself
    layer = shaken(layers.RMSNorm(X.shape[-1], eps=eps), rng)

    def oracle(X, p):
        return p["gamma"] * X * (anp.sum(X * X, axis=-1, keepdims=True) / X.shape[-1] + eps) ** -0.5

    return of_layer(layer, X, oracle)


def dropout(draw, rng):
    X, p, seed = rng.normal(size=(*draw(leading), draw(axes))), draw(st.sampled_from([0, 0.1, 0.5, 0.9])), draw(axes)
    kept = np.random.default_rng(seed).random(X.shape) >= p
    return of_layer(layers.Dropout(p, seed=seed), X, lambda X, _: anp.where(kept, X / (1 - p), 0.0 * X))


def embedding(draw, rng):
    count, n = draw(axes), draw(axes)
    tokens = rng.integers(count, size=tuple(draw(leading)))
    layer = layers.Embedding(count, n, seed=1)

    def run(a, G):
        layer.W = a[0]
        Y = layer.forward(tokens)
        assert layer.backward(G) is None
        return Y, [layer.dW]

    one_hot = 1.0 * (tokens[..., None] == np.arange(count))
    return Case(run, lambda W: anp.sum(one_hot[..., None] * W, axis=-2), [rng.normal(size=(count, n))])


def unembedding(draw, rng):
    layer = shaken(layers.Unembedding(layers.Embedding(draw(axes), draw(axes))), rng)
    X = rng.normal(size=(*draw(leading), layer.W.shape[1]))
    return of_layer(layer, X, lambda X, p: anp.sum(X[..., None, :] * p["W"], axis=-1))


def positions(draw, rng):
    length, n = draw(axes), draw(axes)
    T = draw(st.integers(1, length))
    X = rng.normal(size=(*draw(leading), T, n))
    return of_layer(shaken(layers.Positions(length, n), rng), X, lambda X, p: X + p["W"][np.arange(T)])


# --- images -------------------------------------------------------------------------------------------------------


def image(draw, rng, height, width, padding=0):
    """An image batch that a kernel of this size fits."""
    shape = (
        draw(st.integers(1, 3)),
        *(max(1, k - 2 * padding, draw(axes)) for k in (height, width)),
        draw(st.integers(1, 3)),
    )
    return rng.normal(size=shape)


def windows(X, k, stride, padding=0):
    """[(i, j, patch of X at output (i, j))], by the definition."""
    B, H, W, C = X.shape
    zeros = anp.zeros
    X = anp.concatenate([zeros((B, padding, W, C)), X, zeros((B, padding, W, C))], axis=1)
    X = anp.concatenate([zeros((B, H + 2 * padding, padding, C)), X, zeros((B, H + 2 * padding, padding, C))], axis=2)
    rows = range(0, X.shape[1] - k[0] + 1, stride)
    columns = range(0, X.shape[2] - k[1] + 1, stride)
    return [[X[:, i : i + k[0], j : j + k[1], :] for j in columns] for i in rows]


def stacked(table):
    return anp.stack([anp.stack(row, axis=1) for row in table], axis=1)


def conv2d(draw, rng):
    k, stride, padding = (
        (draw(st.integers(1, 3)), draw(st.integers(1, 3))),
        draw(st.integers(1, 3)),
        draw(st.integers(0, 2)),
    )
    X = image(draw, rng, *k, padding)
    layer = shaken(layers.Conv2d(X.shape[-1], draw(st.integers(1, 3)), k, stride=stride, padding=padding), rng)

    def oracle(X, p):
        cells = [
            [anp.sum(x[..., None] * p["W"], axis=(1, 2, 3)) for x in row] for row in windows(X, k, stride, padding)
        ]
        return stacked(cells) + p["b"]

    return of_layer(layer, X, oracle)


def max_pool(draw, rng):
    k, stride = draw(st.integers(1, 3)), draw(st.sampled_from([None, 1, 2, 3]))
    X = image(draw, rng, k, k)
    X = rng.permutation(X.size).reshape(X.shape) / X.size + 0.0  # no ties

    def oracle(X, _):
        return stacked([[anp.max(x, axis=(1, 2)) for x in row] for row in windows(X, (k, k), stride or k)])

    return of_layer(layers.MaxPool2d(k, stride=stride), X, oracle, analytic=False)


def avg_pool(draw, rng):
    k, stride = (draw(st.integers(1, 3)), draw(st.integers(1, 3))), draw(st.integers(1, 3))
    X = image(draw, rng, *k)

    def oracle(X, _):
        return stacked([[anp.sum(x, axis=(1, 2)) / (k[0] * k[1]) for x in row] for row in windows(X, k, stride)])

    return of_layer(layers.AvgPool2d(k, stride=stride), X, oracle)


# --- sequences ----------------------------------------------------------------------------------------------------


def constant(h):
    """The same numbers, cut off from what they came from: detach, for autograd and for complex numbers."""
    return np.real(getval(h))


def rnn(draw, rng):
    T, truncate = draw(axes), draw(st.sampled_from([None, 1, 2, 3, 5]))
    layer = shaken(layers.RNN(draw(axes), draw(axes), truncate=truncate), rng)
    stack = tuple(draw(leading))[:2]
    X, h0 = rng.normal(size=(*stack, T, len(layer.Wx))), rng.normal(size=(*stack, len(layer.b)))

    def oracle(X, h, p):
        states = []
        for t in range(T):
            if truncate and t and t % truncate == 0:
                h = constant(h)
            h = anp.tanh(
                anp.einsum("...i,ij->...j", X[..., t, :], p["Wx"]) + anp.einsum("...i,ij->...j", h, p["Wh"]) + p["b"]
            )
            states.append(h)
        return anp.stack(states, axis=-2)

    return of_layer(layer, X, oracle, h0=h0)


def gates(z):
    n = z.shape[-1] // 4
    i, f, g, o = (z[..., k * n : (k + 1) * n] for k in range(4))
    return *(1 / (1 + anp.exp(-gate)) for gate in (i, f, o)), anp.tanh(g)


def lstm_cell(draw, rng):
    n, stack = draw(axes), tuple(draw(leading))

    def run(a, G):
        h, c, kept = layers.lstm_cell(*a)
        return np.concatenate([h, c], axis=-1), layers.lstm_cell_backward(G[..., :n], G[..., n:], kept)

    def oracle(z, c):
        i, f, o, g = gates(z)
        c = f * c + i * g
        return anp.concatenate([o * anp.tanh(c), c], axis=-1)

    return Case(run, oracle, [rng.normal(size=(*stack, 4 * n)), rng.normal(size=(*stack, n))])


def lstm(draw, rng):
    T, layer, stack = (
        draw(axes),
        shaken(layers.LSTM(draw(axes), draw(st.integers(1, 3))), rng),
        tuple(draw(leading))[:2],
    )
    n = len(layer.Wh)
    X, h0, c0 = rng.normal(size=(*stack, T, len(layer.Wx))), rng.normal(size=(*stack, n)), rng.normal(size=(*stack, n))

    def oracle(X, h, c, p):
        states = []
        for t in range(T):
            z = anp.einsum("...i,ij->...j", X[..., t, :], p["Wx"]) + anp.einsum("...i,ij->...j", h, p["Wh"]) + p["b"]
            i, f, o, g = gates(z)
            c = f * c + i * g
            h = o * anp.tanh(c)
            states.append(h)
        return anp.stack(states, axis=-2)

    return of_layer(layer, X, oracle, h0=h0, c0=c0)


def heads_by_hand(X, p, heads, mask):
    """Each head by itself, with its own columns of Wq, Wk, Wv and its own rows of Wo, and their results added."""
    d, Y = X.shape[-1] // heads, 0.0
    for i in range(heads):
        own = slice(i * d, (i + 1) * d)
        Q, K, V = (anp.einsum("...ti,ij->...tj", X, p[name][:, own]) for name in ("Wq", "Wk", "Wv"))
        P = weights_of(anp.einsum("...td,...sd->...ts", Q, K) / d**0.5, mask)
        Y = Y + anp.einsum("...ts,...sd,dj->...tj", P, V, p["Wo"][own])
    return Y


def multi_head_attention(draw, rng):
    heads, d, T = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(axes)
    layer = shaken(layers.MultiHeadAttention(heads * d, heads, causal=draw(st.booleans())), rng)
    X = rng.normal(size=(*draw(leading)[:2], T, heads * d))
    mask = np.tri(T, dtype=bool) if layer.causal else 1.0
    return of_layer(layer, X, lambda X, p: heads_by_hand(X, p, heads, mask))


def multi_head_attention_with_a_mask(draw, rng):
    heads, d, T = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(axes)
    layer = shaken(layers.MultiHeadAttention(heads * d, heads, causal=draw(st.booleans())), rng)
    X = rng.normal(size=(*draw(leading)[:2], T, heads * d))
    mask = rng.random((T, T)) < 0.5
    mask[:, rng.integers(T)] = True
    case, plain = of_layer(layer, X, lambda X, p: heads_by_hand(X, p, heads, mask)), layer.forward
    layer.forward = lambda X: plain(X, mask)
    return case


def within(p, prefix):
    return {name.removeprefix(prefix): value for name, value in p.items() if name.startswith(prefix)}


def mlp_by_hand(X, p):
    z = anp.einsum("...i,ij->...j", X, p["layers[0].W"]) + p["layers[0].b"]
    gelu = z / 2 + z / 2 * anp.tanh((2 / np.pi) ** 0.5 * (z + 0.044715 * z * z * z))
    return anp.einsum("...i,ij->...j", gelu, p["layers[2].W"]) + p["layers[2].b"]


def norm_by_hand(X, p):
    centered = X - anp.sum(X, axis=-1, keepdims=True) / X.shape[-1]
    return (
        p["gamma"] * centered * (anp.sum(centered * centered, axis=-1, keepdims=True) / X.shape[-1] + 1e-5) ** -0.5
        + p["beta"]
    )


def block_by_hand(X, p, heads, mask, norm):
    for i, inner in (
        ("1", lambda x: heads_by_hand(x, within(p, "attention."), heads, mask)),
        ("2", lambda x: mlp_by_hand(x, within(p, "mlp."))),
    ):
        own = within(p, f"norm{i}.")
        X = X + inner(norm_by_hand(X, own)) if norm == "pre" else norm_by_hand(X + inner(X), own)
    return X


def feed_forward(draw, rng):
    n, hidden = draw(axes), draw(st.sampled_from([None, 1, 3]))
    return of_layer(shaken(layers.feed_forward(n, hidden), rng), rng.normal(size=(*draw(leading), n)), mlp_by_hand)


def block(draw, rng):
    heads, d, T, norm, causal = (
        draw(st.integers(1, 2)),
        draw(st.integers(2, 3)),
        draw(axes),
        draw(st.sampled_from(["pre", "post"])),
        draw(st.booleans()),
    )
    layer = shaken(layers.Block(heads * d, heads, norm=norm, causal=causal), rng)
    mask = np.tri(T, dtype=bool) if causal else 1.0
    X = 2 * rng.normal(size=(draw(st.integers(1, 3)), T, heads * d))
    return of_layer(layer, X, lambda X, p: block_by_hand(X, p, heads, mask, norm))


def transformer(draw, rng):
    """All its parameters, the tied one among them. Tokens are no array that 𝓛 could be differentiated by."""
    count, T, heads, norm, causal = (
        draw(axes),
        draw(axes),
        draw(st.integers(1, 2)),
        draw(st.sampled_from(["pre", "post"])),
        draw(st.booleans()),
    )
    length = T + draw(st.integers(0, 2))
    layer = layers.Transformer(count, length, 4, heads, blocks=draw(st.integers(1, 2)), norm=norm, causal=causal)
    tokens = rng.integers(count, size=(draw(st.integers(1, 3)), T))
    names = list(named_parameters(shaken(layer, rng)))
    values = [array.copy() for array, _ in named_parameters(layer).values()]

    def run(a, G):
        for (array, _), value in zip(named_parameters(layer).values(), a, strict=True):
            array[...] = value
        Y = layer.forward(tokens)
        assert layer.backward(G) is None
        return Y, [gradient for _, gradient in named_parameters(layer).values()]

    def oracle(*values):
        p = dict(zip(names, values))
        X = p["embedding.W"][tokens] + p["positions.W"][:T]
        for i in range(len(layer.blocks)):
            X = block_by_hand(X, within(p, f"blocks[{i}]."), heads, np.tri(T, dtype=bool) if causal else 1.0, norm)
        if norm == "pre":
            X = norm_by_hand(X, within(p, "norm."))
        return anp.einsum("btn,vn->btv", X, p["embedding.W"])

    return Case(run, oracle, values)


FUNCTIONS = [add, matmul, einsum, softmax, log_softmax, cross_entropy, mse, attention, chain, lstm_cell]
BASIC = [rms_norm, dropout, embedding, unembedding, positions, conv2d, max_pool, avg_pool]
SEQUENCES = [rnn, multi_head_attention, multi_head_attention_with_a_mask, feed_forward]


@pytest.mark.parametrize("make", [*FUNCTIONS, *BASIC, *SEQUENCES], ids=lambda make: make.__name__)
@settings(max_examples=25, deadline=None, derandomize=True)
@given(data=st.data())
def test_gradients_agree_with_autograd_and_complex_steps(make, data):
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    demand(make(data.draw, rng), rng, entries=20)


@pytest.mark.parametrize("make", [lstm, block, transformer], ids=lambda make: make.__name__)
@settings(max_examples=8, deadline=None, derandomize=True)
@given(data=st.data())
def test_gradients_of_many_parameters_agree_with_autograd_and_complex_steps(make, data):
    """Fewer examples and entries, since each has the parts above inside it, and takes long."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    demand(make(data.draw, rng), rng, entries=4)
