"""H v by forward over reverse, against differences of gradients, a Hessian by hand, and every primitive of the tape."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backprop import autodiff as ad
from backprop.today.curvature import hvp

FUNCTIONS = {
    "add, multiply": lambda x: (x * x + 3.0 * x).sum(),
    "subtract, divide": lambda x: (x / (2.0 - x) - x).sum(),
    "power": lambda x: (x**3 + x**0 + x**-1).sum(),
    "exp, log": lambda x: (np.exp(x) * np.log(x)).sum(),
    "sin, cos": lambda x: (np.sin(x) * np.cos(x * x)).sum(),
    "tanh": lambda x: (np.tanh(x) * x).sum(),
    "sigmoid": lambda x: (ad.sigmoid(x) * x).sum(),
    "relu": lambda x: (ad.relu(x - 1.0) ** 2).sum(),
    "matmul, transpose": lambda x: (np.tanh(x @ x.T) @ (x * x)).sum(),
    "sums, stretched": lambda x: (x * x.sum(axis=0) + x.sum(axis=1, keepdims=True) ** 2 / x.sum()).sum(),
    "a sum over one axis": lambda x: (x.sum(axis=1) ** 3).sum(),
    "a constant matrix": lambda x: np.tanh(np.ones((4, 3)) @ x).sum(),
}


def differences(f, x, v):
    """H v by differences of the gradient at four points, exact but for h⁴."""
    h = 1e-3
    g = [ad.grad(f, x + k * h * v)[0] for k in (-2, -1, 1, 2)]
    return (g[0] - 8 * g[1] + 8 * g[2] - g[3]) / (12 * h)


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(max_examples=10, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32 - 1), m=st.integers(1, 4))
def test_every_primitive_carries_its_tangent_back(name, seed, m):
    rng = np.random.default_rng(seed)
    x, v, f = rng.uniform(0.5, 1.5, (3, m)), rng.normal(size=(3, m)), FUNCTIONS[name]
    if name == "relu":
        x[abs(x - 1) < 0.05] = 1.2  # away from the kink
    gradient, along = hvp(f, x, v)
    np.testing.assert_array_equal(gradient, ad.grad(f, x)[0])
    np.testing.assert_allclose(along, differences(f, x, v), rtol=1e-7, atol=1e-7)


def test_logistic_regression_by_hand():
    """H = Xᵀ diag(p (1 − p)) X / B, to 1e-12."""
    rng = np.random.default_rng(0)
    X, y, w, v = rng.normal(size=(20, 4)), rng.integers(0, 2, (20, 1)), rng.normal(size=(4, 1)), rng.normal(size=(4, 1))

    def loss(w):
        z = X @ w
        return (np.log(1.0 + np.exp(z)) - y * z).sum() / 20

    p = 1 / (1 + np.exp(-X @ w))
    gradient, along = hvp(loss, w, v)
    np.testing.assert_allclose(gradient, X.T @ (p - y) / 20, rtol=1e-11)
    np.testing.assert_allclose(along, X.T @ (p * (1 - p) * (X @ v)) / 20, rtol=1e-11)


def test_the_hessian_is_symmetric():
    rng = np.random.default_rng(0)
    x, u, v = rng.normal(size=(3, 3, 2))

    def f(x):
        return (np.tanh(x @ x.T) ** 2).sum()

    assert np.sum(u * hvp(f, x, v)[1]) == pytest.approx(np.sum(v * hvp(f, x, u)[1]), rel=1e-12)
