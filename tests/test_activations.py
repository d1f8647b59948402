"""Each activation against its textbook formula, its derivative against a complex step, and both at extremes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import COMPLEX_ACTIVATIONS

from backprop.activations import ACTIVATIONS, softmax

DTYPES = (np.float64, np.float32)
SIGMOID = {-2.0: 0.11920292202211755, 0.0: 0.5, 1.0: 0.7310585786300049}

# Worked with 50 digits from the formulas; GELU's tanh form.
KNOWN = {
    "sigmoid": SIGMOID,
    "tanh": {-2.0: -0.9640275800758169, 0.0: 0.0, 1.0: 0.7615941559557649},
    "relu": {-2.0: 0.0, 0.0: 0.0, 1.0: 1.0},
    "leaky_relu": {-2.0: -0.02, 0.0: 0.0, 1.0: 1.0},
    "gelu": {-2.0: -0.04540230591222498, 0.0: 0.0, 1.0: 0.8411919906082767},
    "silu": {z: z * s for z, s in SIGMOID.items()},
    "identity": {-2.0: -2.0, 0.0: 0.0, 1.0: 1.0},
}

# (σ, σ') where z → −∞ and z → +∞: as a multiple of z plus a constant, and the slope's limit.
LIMITS = {
    "sigmoid": [((0, 0), 0), ((0, 1), 0)],
    "tanh": [((0, -1), 0), ((0, 1), 0)],
    "relu": [((0, 0), 0), ((1, 0), 1)],
    "leaky_relu": [((0.01, 0), 0.01), ((1, 0), 1)],
    "gelu": [((0, 0), 0), ((1, 0), 1)],
    "silu": [((0, 0), 0), ((1, 0), 1)],
    "identity": [((1, 0), 1), ((1, 0), 1)],
}


def value_and_slope(name, z):
    f, derivative = ACTIVATIONS[name]
    a = f(z)
    return a, derivative(z, a)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_known_values(name):
    z = np.array([list(KNOWN[name])])
    np.testing.assert_allclose(ACTIVATIONS[name].f(z), [list(KNOWN[name].values())], rtol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.floats(-12, 12).filter(lambda z: abs(z) > 1e-6), min_size=1, max_size=20))
def test_slopes_agree_with_complex_steps(name, values):
    z = np.array([values])
    oracle = COMPLEX_ACTIVATIONS[name](z + 1e-30j)
    a, slope = value_and_slope(name, z)
    np.testing.assert_allclose(a, oracle.real, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(slope, oracle.imag / 1e-30, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_float32_agrees_with_float64(name):
    z = np.linspace(-9, 9, 400, dtype=np.float32).reshape(4, 100)
    for got, want in zip(value_and_slope(name, z), value_and_slope(name, z.astype(np.float64))):
        np.testing.assert_allclose(got, want, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", [1e3, 1e4])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_extremes(name, size, dtype):
    """At ±1000 and ±10,000 every value and slope has reached its limit, and nothing overflows or becomes NaN."""
    z = np.array([[-size, size]], dtype=dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a, slope = value_and_slope(name, z)
    for k in range(2):
        (factor, constant), limit = LIMITS[name][k]
        np.testing.assert_allclose(a[0, k], factor * z[0, k] + constant, rtol=1e-6, atol=1e-30)
        np.testing.assert_allclose(slope[0, k], limit, rtol=1e-6, atol=1e-30)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(3, 4), (1, 1), (2, 3, 4), (5,), ()])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_shape_and_dtype_are_kept_and_z_is_not_changed(name, shape, dtype):
    z = np.random.default_rng(0).normal(size=shape).astype(dtype).reshape(shape)
    kept = z.copy()
    a, slope = value_and_slope(name, z)
    for array in a, slope:
        assert array.shape == shape
        assert array.dtype == dtype
        assert not np.shares_memory(array, z)
    assert not np.shares_memory(a, slope)
    np.testing.assert_array_equal(z, kept)


def test_no_slope_at_the_kink_counts():
    z = np.array([[0.0, -0.0, 1e-300, -1e-300]])
    np.testing.assert_array_equal(value_and_slope("relu", z)[1], [[0, 0, 1, 0]])
    np.testing.assert_array_equal(value_and_slope("leaky_relu", z)[1], [[0.01, 0.01, 1, 0.01]])


def test_a_change_to_a_never_reaches_z():
    """The identity's a is a copy: otherwise whoever changes a in place would change z too."""
    z = np.ones((2, 2))
    a, _ = value_and_slope("identity", z)
    a += 1
    assert (z == 1).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_softmax(dtype):
    rng = np.random.default_rng(3)
    z = rng.normal(scale=3, size=(4, 6)).astype(dtype)
    p = softmax(z)
    eps = np.finfo(dtype).eps
    for k in range(6):
        e = [math.exp(v) for v in z[:, k].tolist()]
        np.testing.assert_allclose(p[:, k], np.array(e) / sum(e), rtol=20 * eps)
    assert p.dtype == dtype
    np.testing.assert_allclose(p.sum(axis=0), 1, rtol=4 * eps)
    np.testing.assert_allclose(softmax(z + dtype(100)), p, rtol=200 * eps)


@pytest.mark.parametrize("dtype", DTYPES)
def test_softmax_at_extremes(dtype):
    z = np.array([[1000, -1000, 1e4, 0], [-1000, -1000, 1e4, -1e4]], dtype=dtype)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        p = softmax(z)
    np.testing.assert_array_equal(p, [[1, 0.5, 0.5, 1], [0, 0.5, 0.5, 0]])
