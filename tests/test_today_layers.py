"""The GRU and the transposed convolution in PyTorch's conventions: order of gates, two biases, places of the kernel.

Their gradients on generated shapes stand in the table of `layer_cases.py`, as those of all layers.
"""

import json
from pathlib import Path

import numpy as np

from backprop.layers import Conv2d
from backprop.today.images import ConvTranspose2d
from backprop.today.sequences import GRU

REFERENCE = json.loads(Path(__file__).with_name("today_reference.json").read_text(encoding="utf-8"))


def test_a_gru_is_pytorchs():
    """Whose weights are transposed."""
    stored = {name: np.array(value) for name, value in REFERENCE["gru"].items()}
    theirs = {"Wx": "weight_ih_l0", "Wh": "weight_hh_l0", "b": "bias_ih_l0", "c": "bias_hh_l0"}
    layer = GRU(3, 2)
    for name, other in theirs.items():
        setattr(layer, name, stored[other].T)
    np.testing.assert_allclose(layer.forward(stored["X"], stored["h0"]), stored["Y"], rtol=1e-12)
    np.testing.assert_allclose(layer.backward(stored["G"]), stored["dX"], rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(layer.dh0, stored["dh0"], rtol=1e-9)
    for name, other in theirs.items():
        np.testing.assert_allclose(getattr(layer, f"d{name}"), stored["d" + other].T, rtol=1e-9, atol=1e-13)


def test_a_transposed_convolution_is_pytorchs():
    """Features second there, and the kernel (n_in, n_out, k, k)."""
    stored = {name: np.array(value) for name, value in REFERENCE["transposed"].items()}
    last = {name: stored[name].transpose(0, 2, 3, 1) for name in ("X", "G", "Y", "dX")}
    layer = ConvTranspose2d(3, 2, 3, stride=2, padding=1)
    layer.W = stored["W"].transpose(2, 3, 1, 0)
    np.testing.assert_allclose(layer.forward(last["X"]), last["Y"], rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(layer.backward(last["G"]), last["dX"], rtol=1e-9, atol=1e-13)
    np.testing.assert_allclose(layer.dW, stored["dW"].transpose(2, 3, 1, 0), rtol=1e-9, atol=1e-13)


def test_forward_of_one_is_backward_of_the_other():
    rng = np.random.default_rng(0)
    conv, turned = Conv2d(2, 3, 3, stride=2), ConvTranspose2d(3, 2, 3, stride=2)
    turned.W = conv.W
    X = rng.normal(size=(2, 7, 9, 2))
    G = rng.normal(size=conv.forward(X).shape)
    np.testing.assert_allclose(turned.forward(G), conv.backward(G), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(turned.backward(X), conv.forward(X), rtol=1e-12, atol=1e-14)
