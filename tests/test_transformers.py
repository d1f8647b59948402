"""Attention in blocks and in groups, rotary positions, gated feed-forward and routing: against the plain forward pass
written a second time, which autograd and complex steps follow, and against PyTorch's conventions."""

import json
import math

import autograd.numpy as anp
import numpy as np
import pytest
from attention_reference import CASES, STORED, arrays
from layer_cases import AXES, LEADING, SEEDS, SMALL, Row, constant, pair
from test_layers import demand_examples, demand_leading_axes

from backprop import layers
from backprop.activations import ACTIVATIONS
from backprop.today import attention as today
from backprop.today.feed_forward import (
    balance,
    balance_backward,
    mixture,
    mixture_backward,
    route,
    swiglu,
    swiglu_backward,
)
from backprop.today.rotary import rotate, rotate_backward

REFERENCE = json.loads(STORED.read_text(encoding="utf-8"))


def weighted_mean(Q, K, V, seen):
    """Attention by its definition; 0 for a query that sees nothing."""
    e = anp.exp(anp.sum(Q[..., :, None, :] * K[..., None, :, :], axis=-1) * Q.shape[-1] ** -0.5) * seen
    total = anp.sum(e, axis=-1, keepdims=True)
    return anp.sum((e / (total + (constant(total) == 0)))[..., None] * V[..., None, :, :], axis=-2)


def masked(pick, rng, T, S):
    """(mask, as a number): none, causal, or random with rows that see nothing."""
    kind = pick(("none", "causal", "random"))
    if kind == "none":
        return None, np.ones((T, S))
    mask = np.tri(T, S, dtype=bool) if kind == "causal" else rng.random((T, S)) < 0.4
    return mask, mask.astype(float)


def in_blocks(pick, rng):
    stack, (T, S, d, e), block = pick(LEADING), (pick(AXES) for _ in range(4)), pick((1, 2, 3, 64))
    Q, K, V = (rng.normal(size=(*stack, n, k)) for n, k in ((T, d), (S, d), (S, e)))
    mask, seen = masked(pick, rng, T, S)

    def backward(G, *QKV):
        return today.attention_in_blocks_backward(G, *today.attention_in_blocks(*QKV, mask, block), *QKV, mask, block)

    forward = lambda *QKV: today.attention_in_blocks(*QKV, mask, block)[0]  # noqa: E731
    return pair(forward, backward, lambda *QKV: weighted_mean(*QKV, seen), Q, K, V)


def grouped(pick, rng):
    stack, (T, S, d, e) = pick(LEADING)[:2], (pick(AXES) for _ in range(4))
    g, per = pick(SMALL), pick(SMALL)
    Q, K, V = (rng.normal(size=(*stack, h, n, k)) for h, n, k in ((g * per, T, d), (g, S, d), (g, S, e)))

    def backward(G, *QKV):
        return today.grouped_attention_backward(G, today.grouped_attention(*QKV)[1], *QKV)

    def oracle(Q, K, V):
        heads = [
            weighted_mean(Q[..., i, :, :], K[..., i // per, :, :], V[..., i // per, :, :], 1.0) for i in range(g * per)
        ]
        return anp.stack(heads, axis=-3)

    return pair(lambda *QKV: today.grouped_attention(*QKV)[0], backward, oracle, Q, K, V)


def rotary(pick, rng):
    stack, T, half, base = pick(LEADING), pick(AXES), pick(SMALL), pick((10_000.0, 100.0))
    at = pick((None, rng.permutation(50)[:T]))
    turns = np.zeros((T, 2 * half, 2 * half))
    for n, t in enumerate(range(T) if at is None else at):
        for i in range(half):
            c, s = np.cos(t / base ** (i / half)), np.sin(t / base ** (i / half))
            turns[n][np.ix_([i, i + half], [i, i + half])] = [[c, -s], [s, c]]

    def oracle(X):
        return anp.sum(turns * X[..., None, :], axis=-1)

    X = rng.normal(size=(*stack, T, 2 * half))
    return pair(lambda X: rotate(X, at, base), lambda G, X: [rotate_backward(G, at, base)], oracle, X)


def gated(pick, rng):
    stack, (n, m, out) = pick(LEADING), (pick(AXES) for _ in range(3))
    X, *W = (rng.normal(size=shape) for shape in ((*stack, n), (n, m), (n, m), (m, out)))

    def oracle(X, W_gate, W_up, W_down):
        a, b = (anp.sum(X[..., None] * W, axis=-2) for W in (W_gate, W_up))
        return anp.sum((a * 0.5 * (1 + anp.tanh(a / 2)) * b)[..., None] * W_down, axis=-2)

    return pair(swiglu, swiglu_backward, oracle, X, *W)


def softmax_of(Z, among=1.0):
    e = anp.exp(Z) * among
    return e / anp.sum(e, axis=-1, keepdims=True)


def largest(Z, k):
    """1 for the k largest entries of each row, else 0."""
    return (constant(Z) >= np.sort(constant(Z), axis=-1)[:, [-k]]).astype(float)


def experts(pick, rng):
    N, E, m = pick(AXES), pick(AXES), pick(AXES)
    k = pick(range(1, E + 1))
    Z, outputs = rng.normal(size=(N, E)), rng.normal(size=(N, E, m))

    def backward(G, Z, outputs):
        return mixture_backward(G, route(Z, k)[0], outputs)

    def oracle(Z, outputs):
        return anp.sum(softmax_of(Z, largest(Z, k))[..., None] * outputs, axis=-2)

    return pair(lambda Z, outputs: mixture(route(Z, k)[0], outputs), backward, oracle, Z, outputs)


def balanced(pick, rng):
    N, E = pick(AXES), pick(AXES)
    k = pick(range(1, E + 1))

    def forward(Z):
        gates, p = route(Z, k)
        return balance(p, gates)

    def backward(G, Z):
        gates, p = route(Z, k)
        return [G * balance_backward(p, gates)]

    def oracle(Z):
        chosen = largest(Z, k)
        return E * anp.sum(chosen.sum(axis=0) / (k * N) * anp.sum(softmax_of(Z), axis=0) / N)

    return pair(forward, backward, oracle, rng.normal(size=(N, E)))


ROWS = [Row(make.__name__, make, entries=8) for make in (in_blocks, grouped, rotary, gated, experts, balanced)]
each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@each
def test_gradients_agree_with_autograd_and_complex_steps(row):
    """On generated shapes and settings, to 1e-9."""
    demand_examples(row)
    demand_leading_axes(row)


@each
def test_nothing_given_is_changed(row):
    for seed in SEEDS:
        case = row.plain(seed)
        G = np.random.default_rng(seed).normal(size=np.shape(case.oracle(*case.arrays)))
        kept = [array.copy() for array in (G, *case.arrays)]
        case.run(case.arrays, G)
        for array, before in zip((G, *case.arrays), kept, strict=True):
            np.testing.assert_array_equal(array, before)


# ---- attention in blocks ----

QUERIES, KEYS, WIDTH = 40, 50, 6


def long_rows(seed=0):
    return [
        np.random.default_rng(seed).normal(size=shape) for shape in ((QUERIES, WIDTH), (KEYS, WIDTH), (KEYS, WIDTH))
    ]


@pytest.mark.parametrize("block", [1, 7, 50, 64])
def test_the_running_softmax_is_the_softmax_whatever_the_block(block):
    """Scores of hundreds too, in rising, falling and mixed order: only the running maximum keeps e^score finite."""
    Q, K, V = long_rows()
    for order in (np.arange(KEYS), np.argsort(K[:, 0]), np.argsort(-K[:, 0])):
        q, k, v = 300 * Q, K[order], V[order]
        O, L = today.attention_in_blocks(q, k, v, block=block)
        want, P = layers.attention(q, k, v)
        np.testing.assert_allclose(O, want, rtol=0, atol=1e-12)
        A = q @ k.T / np.sqrt(WIDTH)
        np.testing.assert_allclose(np.exp(A - L), P, rtol=0, atol=1e-11)


def test_the_largest_array_in_blocks_grows_with_the_length_and_not_with_its_square(monkeypatch):
    """Of all arrays that either pass makes, by what `scores` returns: T by block, while P would be T by S."""
    seen = []

    def watched(*args):
        seen.append(A := scores(*args))
        return A

    scores = today.scores
    monkeypatch.setattr(today, "scores", watched)
    Q, K, V = long_rows()
    O, L = today.attention_in_blocks(Q, K, V, block=8)
    today.attention_in_blocks_backward(O, O, L, Q, K, V, block=8)
    assert len(seen) == 2 * 7 and max(A.size for A in seen) == QUERIES * 8 < QUERIES * KEYS
    assert O.size + L.size == QUERIES * (WIDTH + 1)


def test_d_is_the_row_sum_of_softmaxs_backward_pass():
    Q, K, V = long_rows()
    O, P = layers.attention(Q, K, V)
    G = np.random.default_rng(1).normal(size=O.shape)
    np.testing.assert_allclose((G * O).sum(axis=-1), (P * (G @ V.T)).sum(axis=-1), rtol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_a_query_that_sees_nothing_and_shared_heads_are_as_in_pytorch(name):
    heads, groups, mask = CASES[name]
    Q, K, V, G = arrays(heads, groups)
    mask = None if mask is None else np.array(mask)
    k, v = (np.repeat(X, heads // groups, axis=1) for X in (K, V))
    O, L = today.attention_in_blocks(Q, k, v, mask, 2)
    dQ, dK, dV = today.attention_in_blocks_backward(G, O, L, Q, k, v, mask, 2)
    shared = (2, groups, heads // groups)
    found = {"O": O, "dQ": dQ} | {n: d.reshape(*shared, *d.shape[2:]).sum(2) for n, d in (("dK", dK), ("dV", dV))}
    for result, got in found.items():
        np.testing.assert_allclose(got, REFERENCE[name][result], rtol=0, atol=1e-12)
    if mask is None:
        O, P = today.grouped_attention(Q, K, V)
        for got, result in zip((O, *today.grouped_attention_backward(G, P, Q, K, V)), found, strict=True):
            np.testing.assert_allclose(got, REFERENCE[name][result], rtol=0, atol=1e-12)
    else:
        assert not O[..., 1, :].any() and not dQ[..., 1, :].any() and np.isneginf(L[..., 1, 0]).all()
        with pytest.raises(ValueError, match="The mask hides every key from the query at"):
            layers.attention(Q, k, v, mask)


# ---- what the text claims ----


def test_a_turned_product_knows_only_the_distance():
    rng = np.random.default_rng(0)
    q, k = rng.normal(size=(2, 1, 8))
    products = [(rotate(q, [t]) @ rotate(k, [t - 3]).T).item() for t in (3, 10, 500)]
    np.testing.assert_allclose(products, products[0], rtol=1e-10)
    assert abs((rotate(q, [5]) @ rotate(k, [0]).T).item() - products[0]) > 1e-3
    X = rng.normal(size=(2, 7, 8))
    np.testing.assert_allclose(rotate_backward(rotate(X)), X, rtol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(rotate(X), axis=-1), np.linalg.norm(X, axis=-1), rtol=1e-12)


def test_only_chosen_experts_give_the_router_a_gradient():
    rng = np.random.default_rng(0)
    Z, outputs, G = rng.normal(size=(6, 5)), rng.normal(size=(6, 5, 3)), rng.normal(size=(6, 3))
    gates, _ = route(Z, 2)
    dZ, d_outputs = mixture_backward(G, gates, outputs)
    assert ((gates > 0).sum(axis=-1) == 2).all()
    assert not dZ[gates == 0].any() and dZ[gates > 0].all() and not d_outputs[gates == 0].any()
    alone, _ = route(Z, 1)
    assert (alone.max(axis=-1) == 1).all() and not mixture_backward(G, alone, outputs)[0].any()


def test_of_equal_logits_the_first_are_chosen():
    gates, _ = route(np.tile([0.0, 1.0, 1.0], (1, 70)), 4)
    np.testing.assert_array_equal(np.nonzero(gates)[1], [1, 2, 4, 5])


def test_the_balancing_loss_is_one_where_all_is_even_and_pushes_the_crowded_expert_down():
    even = np.full((4, 4), 0.25)
    assert balance(even, np.eye(4)) == pytest.approx(1, rel=1e-14)
    gates, p = route(np.tile([9.0, 0.0, 0.0, 0.0], (8, 1)), 1)
    assert balance(p, gates) == pytest.approx(4, rel=1e-2)
    dZ = balance_backward(p, gates)
    assert (dZ[:, 0] > 0).all() and (dZ[:, 1:] < 0).all()


def test_gelus_two_forms_differ_by_less_than_a_thousandth():
    z = np.linspace(-6, 6, 2001)
    exact = z * [(1 + math.erf(x / math.sqrt(2))) / 2 for x in z]
    assert 1e-4 < np.abs(ACTIVATIONS["gelu"].f(z) - exact).max() < 1e-3


# ---- what is refused ----


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda X: today.attention_in_blocks(X, X, X, block=0), "block is 0, but should be a whole number from 1"),
        (lambda X: today.attention_in_blocks(X, X, X, block=1.5), "block is 1.5, but should be"),
        (lambda X: today.attention_in_blocks(X, X, X, np.ones((2, 2))), "The mask should be boolean"),
        (lambda X: today.grouped_attention(X, X[:2], X[:2]), "3 heads of queries do not split evenly among 2 heads"),
        (rotate, "X has 5 features, but they are turned in pairs"),
        (lambda X: rotate(X[..., :4], [1, 2, 3]), r"positions have shape \(3,\), but X \(3, 2, 4\) has 2 of them"),
        (lambda X: route(X[0], 6), "k is 6, but each token chooses from 1 to 5 experts"),
        (lambda X: route(X[0], 0), "k is 0, but"),
    ],
)
def test_what_can_not_be_is_refused_in_a_sentence(call, says):
    with pytest.raises(ValueError, match=says):
        call(np.ones((3, 2, 5)))
