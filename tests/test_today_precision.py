"""16- and 8-bit numbers: NumPy's float16, and PyTorch's stored casts for what NumPy doesn't have."""

import json
from pathlib import Path

import numpy as np
import pytest

from backprop.today.precision import FORMATS, eight_bit_linear, eight_bit_linear_backward, rounded, scaled

REFERENCE = json.loads(Path(__file__).with_name("today_reference.json").read_text(encoding="utf-8"))


def test_float16_is_numpys():
    rng = np.random.default_rng(0)
    x = np.clip(rng.normal(size=20_000) * 10.0 ** rng.uniform(-9, 4.5, 20_000), -65504, 65504)
    np.testing.assert_array_equal(rounded(x, "float16"), x.astype(np.float16).astype(float))


@pytest.mark.parametrize("kind", ["bfloat16", "e4m3", "e5m2"])
def test_the_others_are_pytorchs(kind):
    """Ties, subnormals, signs and zero among them."""
    np.testing.assert_array_equal(rounded(REFERENCE["casts"]["x"], kind), REFERENCE["casts"][kind])


@pytest.mark.parametrize("kind", FORMATS)
def test_the_ends_of_a_format(kind):
    form = FORMATS[kind]
    assert rounded(form.largest, kind) == form.largest == -rounded(-10 * form.largest, kind)
    assert rounded(form.smallest, kind) == form.smallest and rounded(0.49 * form.smallest, kind) == 0
    assert (form.largest, form.smallest) == tuple(REFERENCE["ends"][kind])


@pytest.mark.parametrize("size", [1e-12, 1.0, 1e12])
def test_a_scale_makes_the_size_of_an_array_irrelevant(size):
    x = size * np.random.default_rng(0).normal(size=100)
    for kind in ("e4m3", "e5m2"):
        q, s = scaled(x, kind)
        assert np.abs(q).max() == FORMATS[kind].largest
        np.testing.assert_allclose(q / s, x, rtol=2.0 ** -(FORMATS[kind].fraction + 1), atol=1e-3 * size)
    assert scaled(np.zeros(3), "e4m3")[1] == 1.0


def test_an_eight_bit_layer_is_near_the_whole_one():
    rng = np.random.default_rng(0)
    X, W, G = rng.normal(size=(64, 32)), rng.normal(size=(32, 16)), 1e-9 * rng.normal(size=(64, 16))
    dX, dW = eight_bit_linear_backward(G, X, W)
    for got, want in ((eight_bit_linear(X, W), X @ W), (dX, G @ W.T), (dW, X.T @ G)):
        error = np.linalg.norm(got - want) / np.linalg.norm(want)
        assert 1e-3 < error < 0.1  # it did round, and not much
