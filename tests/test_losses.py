"""Each loss against its textbook formula in plain Python, each output error against the loss, and both at extremes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import Problem, autograd_gradients, complex_step_gradients

from backprop import MLP
from backprop.losses import HEADS, NATURAL_OUTPUT

DTYPES = (np.float64, np.float32)


def as_written(pair, z, y):
    """One sample's loss, from the formula in the book, entry by entry: naive, and right for moderate z."""
    loss, output = pair
    if output == "softmax":
        total = sum(math.exp(v) for v in z)
        a = [math.exp(v) / total for v in z]
    elif output == "sigmoid":
        a = [1 / (1 + math.exp(-v)) for v in z]
    else:
        a = z
    if loss == "mse":
        return sum((p - t) ** 2 for p, t in zip(a, y)) / 2
    if loss == "bce":
        return -sum(t * math.log(p) + (1 - t) * math.log(1 - p) for p, t in zip(a, y))
    return -sum(t * math.log(p) for p, t in zip(a, y) if t)


def bare(loss, output, K, dtype=np.float64):
    """A network whose logits are its inputs: one layer, W = I, b = 0."""
    return MLP([K, K], loss=loss, output=output, init=[np.eye(K)], dtype=dtype)


def soft_targets(output, shape, rng):
    Y = rng.uniform(size=shape)
    return Y / Y.sum(axis=0) if output == "softmax" else Y


@pytest.mark.parametrize("pair", HEADS)
@settings(max_examples=40, deadline=None, derandomize=True)
@given(K=st.integers(2, 6), B=st.integers(1, 7), seed=st.integers(0, 2**32 - 1))
def test_loss_and_error_as_in_the_book(pair, K, B, seed):
    rng = np.random.default_rng(seed)
    z, Y = rng.normal(scale=3, size=(K, B)), soft_targets(pair[1], (K, B), rng)
    net = bare(*pair, K)
    trace = net.forward(z)
    want = [as_written(pair, z[:, k].tolist(), Y[:, k].tolist()) for k in range(B)]
    np.testing.assert_allclose(net.loss(trace, Y), sum(want) / B, rtol=1e-10)
    np.testing.assert_allclose(net.head.loss(z, trace.output, Y), want, rtol=1e-10, atol=1e-14)
    for oracle in autograd_gradients, complex_step_gradients:
        delta = oracle(Problem.of(net, z, Y)).delta[1]
        np.testing.assert_allclose(net.backward(trace, Y).delta[1], delta, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("pair", HEADS)
def test_hard_targets(pair):
    """One-hot columns (0 · log 0 counts as 0), which for bce are several independent yes/no questions."""
    z, Y = np.array([[2.0, -1.0], [0.5, 3.0], [-1.0, 0.0]]), np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]])
    net = bare(*pair, 3)
    want = [as_written(pair, z[:, k].tolist(), Y[:, k].tolist()) for k in range(2)]
    np.testing.assert_allclose(net.loss(net.forward(z), Y), sum(want) / 2, rtol=1e-13)


def test_pinned_values():
    """The numbers a notebook states: the loss of not knowing is log 2 and log K."""
    bce = bare("bce", "sigmoid", 1)
    assert bce.loss(bce.forward([[0.0]]), [[1]]) == pytest.approx(math.log(2), rel=1e-15)
    cross = bare("cross_entropy", "softmax", 10)
    assert cross.loss(cross.forward(np.zeros((10, 3))), [1, 5, 9]) == pytest.approx(math.log(10), rel=1e-15)
    mse = bare("mse", "identity", 2)
    assert mse.loss(mse.forward([[3.0], [1.0]]), [[1.0], [0.0]]) == 2.5  # ½(2² + 1²): a sum over outputs, no mean


def test_every_loss_has_a_natural_output_that_is_legal():
    assert {loss for loss, _ in HEADS} == set(NATURAL_OUTPUT)
    assert set(NATURAL_OUTPUT.items()) <= set(HEADS)
    for loss, output in NATURAL_OUTPUT.items():
        assert MLP([2, 2], loss=loss).output_name == output


# --- logits of ±1000 --------------------------------------------------------------------------------------------

# z, y, and from the closed form: the loss and δ of the sample.
EXTREMES = {
    ("mse", "identity"): [
        ([1000, -1000], [1, 0], (999**2 + 1000**2) / 2, [999, -1000]),
        ([-1000, 1000], [1, 0], (1001**2 + 1000**2) / 2, [-1001, 1000]),
    ],
    ("mse", "sigmoid"): [
        ([1000, -1000], [1, 0], 0, [0, 0]),
        ([1000, -1000], [0, 1], 1, [0, 0]),  # wrong and saturated: σ' = 0, nothing is learned
        ([1000, 0], [0, 1], 0.625, [0, -0.125]),
    ],
    ("mse", "softmax"): [
        ([1000, -1000], [1, 0], 0, [0, 0]),
        ([1000, -1000], [0, 1], 1, [0, 0]),
        ([1000, 1000], [0, 1], 0.25, [0.25, -0.25]),
        ([-1000, -1000], [0, 1], 0.25, [0.25, -0.25]),
    ],
    ("bce", "sigmoid"): [
        ([1000, -1000], [1, 0], 0, [0, 0]),
        ([1000, -1000], [0, 1], 2000, [1, -1]),  # wrong and saturated: the slope is full
        ([1000, -1000], [0.25, 0.25], 1000, [0.75, -0.25]),
        ([0, 1000], [1, 0], math.log(2) + 1000, [-0.5, 1]),
    ],
    ("cross_entropy", "softmax"): [
        ([1000, -1000], [1, 0], 0, [0, 0]),
        ([1000, -1000], [0, 1], 2000, [1, -1]),
        ([1000, -1000], [0.25, 0.75], 1500, [0.75, -0.75]),
        ([1000, 1000], [0, 1], math.log(2), [0.5, -0.5]),
        ([-1000, -1000], [0, 1], math.log(2), [0.5, -0.5]),
    ],
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("pair", HEADS)
def test_extreme_logits(pair, dtype):
    """Finite losses and right gradients, without a warning (warnings are errors here)."""
    net, rtol = bare(*pair, 2, dtype), 4 * float(np.finfo(dtype).eps)
    for z, y, loss, delta in EXTREMES[pair]:
        X, Y = np.array([z], dtype=dtype).T, np.array([y], dtype=dtype).T
        with np.errstate(over="raise", invalid="raise", divide="raise"):
            trace = net.forward(X)
            grads = net.backward(trace, Y)
            assert net.loss(trace, Y) == pytest.approx(loss, rel=rtol, abs=1e-30)
        np.testing.assert_allclose(grads.delta[1][:, 0], delta, rtol=rtol, atol=1e-30)
        np.testing.assert_allclose(grads.W[1], np.outer(delta, z), rtol=rtol, atol=1e-30)
        np.testing.assert_allclose(grads.b[1][:, 0], delta, rtol=rtol, atol=1e-30)
        assert {array.dtype for array in (trace.output, grads.delta[1], grads.W[1], grads.b[1])} == {np.dtype(dtype)}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("pair", HEADS)
def test_head_keeps_dtype_and_inputs(pair, dtype):
    rng = np.random.default_rng(2)
    z, y = rng.normal(size=(3, 4)).astype(dtype), soft_targets(pair[1], (3, 4), rng).astype(dtype)
    kept = z.copy(), y.copy()
    output, loss, error = HEADS[pair]
    a = output(z)
    assert (a.shape, a.dtype) == ((3, 4), dtype)
    assert (loss(z, a, y).shape, loss(z, a, y).dtype) == ((4,), dtype)
    delta = error(z, a, y)
    assert (delta.shape, delta.dtype) == ((3, 4), dtype)
    assert not any(np.shares_memory(delta, array) for array in (z, a, y))
    np.testing.assert_array_equal((z, y), kept)


@pytest.mark.parametrize("dtype", DTYPES)
def test_small_losses_keep_their_digits(dtype):
    """log1p, not log(1 + …): a confident, right answer still has a loss, e^−20 here."""
    net = bare("bce", "sigmoid", 1, dtype)
    if dtype is np.float64:
        assert net.loss(net.forward([[20.0]]), [[1]]) == pytest.approx(math.exp(-20), rel=1e-8)
    assert net.loss(net.forward([[12.0]]), [[1]]) == pytest.approx(math.log1p(math.exp(-12)), rel=1e-5)
