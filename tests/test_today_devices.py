"""Simulated devices: what they compute is what one device computes, and what they send is what the formulas say."""

import numpy as np
import pytest

from backprop.layers import Activation, Linear, Sequential, softmax
from backprop.optimizers import Adam, Momentum
from backprop.today.devices import (
    Devices,
    SplitColumns,
    SplitRows,
    bytes_held,
    clip_spread,
    data_parallel,
    zero_step,
)

COUNTS = [1, 2, 3, 4, 7]
counts = pytest.mark.parametrize("n", COUNTS)


def near(got, want):
    """To 1e-12, relative to the whole array."""
    assert np.shape(got) == np.shape(want)
    return np.linalg.norm(np.subtract(got, want)) <= 1e-12 * np.linalg.norm(want)


def net():
    return Sequential(Linear(5, 6, seed=1), Activation("tanh"), Linear(6, 3, seed=2))


def error_of_sum(Y, y):
    return softmax(Y) - np.eye(Y.shape[1])[y]


def batch(rng, size):
    return rng.normal(size=(size, 5)), rng.integers(0, 3, size)


@counts
@pytest.mark.parametrize("shape", [(12,), (7, 3), (2, 5), (1,)])
def test_collectives(n, shape):
    """Sum, cut and join, also where the pieces are unequal or empty; nothing given is changed."""
    rng = np.random.default_rng(n)
    arrays = [rng.normal(size=shape) for _ in range(n)]
    kept = [array.copy() for array in arrays]
    pieces = Devices(n).reduce_scatter(arrays)
    for piece, want in zip(pieces, np.array_split(sum(arrays), n), strict=True):
        assert piece.shape == want.shape and np.allclose(piece, want, rtol=0, atol=1e-14)
    for whole in [*Devices(n).all_gather(pieces), *Devices(n).all_reduce(arrays)]:
        assert np.allclose(whole, sum(arrays), rtol=0, atol=1e-14)
    assert all(np.array_equal(a, b) for a, b in zip(arrays, kept))


@counts
def test_bytes_of_the_ring(n):
    S, arrays = 8 * 420, [np.ones(420)] * n
    for collective, share in (("reduce_scatter", 1), ("all_reduce", 2)):
        devices = Devices(n)
        getattr(devices, collective)(arrays)
        assert devices.sent == share * S * (n - 1) // n and len(set(devices.each)) == 1
    devices = Devices(n)
    devices.all_gather(np.array_split(arrays[0], n))
    assert devices.sent == S * (n - 1) // n


@counts
@pytest.mark.parametrize("micro", [1, 3])
def test_data_parallel_is_one_device(n, micro):
    """Also where the shards are unequal: the mean is over all samples, not a mean of means."""
    rng = np.random.default_rng(10 * n + micro)
    shards = [[batch(rng, int(rng.integers(1, 6))) for _ in range(micro)] for _ in range(n)]
    devices = Devices(n)
    found, log = data_parallel([net() for _ in range(n)], shards, error_of_sum, devices)
    X, y = (np.concatenate([b[i] for own in shards for b in own]) for i in (0, 1))
    one = net()
    one.backward(error_of_sum(one.forward(X), y) / len(X))
    for (l, name), copies in found.items():
        assert all(near(copy, getattr(one.layers[l], "d" + name)) for copy in copies)
    assert set(found) == {(0, "W"), (0, "b"), (2, "W"), (2, "b")}
    assert log == ["backward 2", "backward 1", "backward 0"] * (micro - 1) + [
        *("backward 2", "reduce 2 W", "reduce 2 b", "backward 1", "backward 0", "reduce 0 W", "reduce 0 b")
    ]


def test_micro_batches_send_nothing_more():
    """One exchange for a step, whatever the number of micro-batches."""
    sent = []
    for micro in (1, 4):
        rng, devices = np.random.default_rng(0), Devices(3)
        shards = [[batch(rng, 2) for _ in range(micro)] for _ in range(3)]
        data_parallel([net() for _ in range(3)], shards, error_of_sum, devices)
        sent.append(devices.sent)
    assert sent[0] == sent[1] > 0


@counts
@pytest.mark.parametrize("limit", [0.5, 1e9])
def test_clipping_by_a_spread_norm(n, limit):
    g, devices = np.random.default_rng(n).normal(size=50), Devices(n)
    got = np.concatenate(clip_spread(np.array_split(g, n), limit, devices))
    assert near(got, g * min(1, limit / np.linalg.norm(g)))
    assert devices.sent <= 16


def test_a_gradient_of_zeros_is_clipped_without_a_division_by_0():
    with np.errstate(divide="raise", invalid="raise"):
        assert not np.any(clip_spread([np.zeros(3), np.zeros(2)], 1.0, Devices(2))[0])


HELD = {0: lambda n: 16, 1: lambda n: 4 + 12 / n, 2: lambda n: 2 + 14 / n, 3: lambda n: 16 / n}


@counts
@pytest.mark.parametrize("stage", HELD)
def test_bytes_held(n, stage):
    assert bytes_held(stage, n) == pytest.approx(HELD[stage](n))


def test_there_are_four_stages():
    with pytest.raises(ValueError, match=r"^stage is 4, but there are 0, 1, 2 and 3\.$"):
        bytes_held(4, 8)


SENT = {0: 2, 1: 2, 2: 2, 3: 3}  # in units of the weights' bytes times (n - 1)/n


@counts
@pytest.mark.parametrize("stage", SENT)
@pytest.mark.parametrize("rule", [Momentum(0.1), Adam(0.1)], ids=["momentum", "adam"])
def test_zero_steps_are_those_of_one_device(n, stage, rule):
    rng = np.random.default_rng(n)
    A, target = rng.normal(size=(420, 420)) / 20, rng.normal(size=(3, n, 420))

    def gradient(w, y):
        return A.T @ np.tanh(A @ w - y)

    one, state = rng.normal(size=420), rule.start()
    weights = np.array_split(one, n) if stage == 3 else [one.copy() for _ in range(n)]
    states, devices = [rule.start() for _ in range(n)], Devices(n)
    for batches in target:
        weights = zero_step(stage, weights, states, batches, gradient=gradient, rule=rule, devices=devices)
        rule.step(one, np.mean([gradient(one, y) for y in batches], axis=0), state)
    for w in [np.concatenate(weights)] if stage == 3 else weights:
        assert near(w, one)
    assert devices.sent == 3 * SENT[stage] * 8 * 420 * (n - 1) // n
    kept = sum(getattr(states[0], name).size for name in rule.memory)
    assert kept == len(rule.memory) * (420 if stage == 0 else len(np.array_split(one, n)[0]))


@counts
def test_a_split_mlp_is_the_whole_one(n):
    """Columns, an activation, rows: one all-reduce forward, one backward."""
    rng = np.random.default_rng(n)
    first, act, second = Linear(5, 9, seed=1), Activation("gelu"), Linear(9, 4, seed=2)
    first.b, second.b = rng.normal(size=9), rng.normal(size=4)
    X, G = rng.normal(size=(6, 5)), rng.normal(size=(6, 4))
    want = second.forward(act.forward(first.forward(X)))
    dX = first.backward(act.backward(second.backward(G)))

    devices = Devices(n)
    columns, acts = SplitColumns(first.W, first.b, devices), [Activation("gelu") for _ in range(n)]
    rows = SplitRows(second.W, second.b, devices)
    Y = rows.forward([a.forward(z) for a, z in zip(acts, columns.forward([X] * n))])
    forward = devices.sent
    back = columns.backward([a.backward(g) for a, g in zip(acts, rows.backward([G] * n))])
    assert all(near(y, want) for y in Y) and all(near(d, dX) for d in back)
    assert near(np.concatenate(columns.dW, axis=1), first.dW) and near(np.concatenate(columns.db), first.db)
    assert near(np.concatenate(rows.dW), second.dW) and near(rows.db, second.db)
    share = [len(part) for part in np.array_split(np.zeros(6), n)]  # samples in a piece
    assert forward == max(2 * 6 - share[d] - share[(d + 1) % n] for d in range(n)) * 4 * 8 if n > 1 else forward == 0
