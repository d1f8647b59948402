"""Each layer's forward and backward pass against oracles that share nothing with it, and what it promises about memory.

A `Spec` is a layer as plain data. From it come the package's layer and a forward pass written a second time, which
autograd differentiates, and which runs in complex numbers for the complex step.
"""

import json
from typing import NamedTuple

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layers_reference import BETA, GAMMA, STORED, wave
from oracles import COMPLEX_ACTIVATIONS, ROWS_ACTIVATIONS, STEP, distance

from backprop import MLP
from backprop.activations import ACTIVATIONS
from backprop.layers import (
    Activation,
    BatchNorm,
    LayerNorm,
    Linear,
    Residual,
    Sequential,
    normalize,
    normalize_backward,
    parameters,
)

REFERENCE = json.loads(STORED.read_text(encoding="utf-8"))

# Relative by norm. Normalizing divides by s, which is kept above 0.05 here, and cancels, so terms of size 100 may leave
# nothing. Below FLOOR the absolute error counts: 1e-9 · 1e-2 = 1e-11, a thousand times the rounding of such a term.
TOLERANCE, FLOOR = 1e-9, 1e-2
KINKED = ("relu", "leaky_relu")
EPS, OTHER_EPS = 1e-5, 1e-2


class Spec(NamedTuple):
    """kind, its own settings, its parameters in the order of `parameters(layer)`, and the specs inside it."""

    kind: str
    setting: object = None
    parameters: tuple = ()
    inner: tuple = ()

    def all_parameters(self):
        return [*self.parameters, *(p for spec in self.inner for p in spec.all_parameters())]


def built(spec):
    """The package's layer for a spec, with copies of its parameters."""
    inner = [built(s) for s in spec.inner]
    copies = [p.copy() for p in spec.parameters]
    if spec.kind == "Linear":
        layer = Linear(*spec.parameters[0].shape)
        layer.W, layer.b = copies
    elif spec.kind == "Activation":
        layer = Activation(spec.setting)
    elif spec.kind == "LayerNorm":
        layer = LayerNorm(len(copies[0]), eps=spec.setting)
        layer.gamma, layer.beta = copies
    elif spec.kind == "BatchNorm":
        eps, running = spec.setting
        layer = BatchNorm(len(copies[0]), eps=eps)
        layer.gamma, layer.beta = copies
        if running is not None:
            layer.training = False
            layer.running_mean, layer.running_var = (r.copy() for r in running)
    else:
        layer = {"Residual": Residual, "Sequential": Sequential}[spec.kind](*inner)
    return layer


def oracle(spec, X, values, activations, sqrt):
    """The forward pass written again, for arrays that autograd or complex numbers can follow. It consumes `values`."""
    if spec.kind == "Linear":
        W, b = values.pop(0), values.pop(0)
        return anp.einsum("...i,ij->...j", X, W) + b
    if spec.kind == "Activation":
        return activations[spec.setting](X)
    if spec.kind == "Residual":
        return oracle(spec.inner[0], X, values, activations, sqrt) + X
    if spec.kind == "Sequential":
        for inner in spec.inner:
            X = oracle(inner, X, values, activations, sqrt)
        return X
    gamma, beta = values.pop(0), values.pop(0)
    axis, (eps, running) = (-1, (spec.setting, None)) if spec.kind == "LayerNorm" else (0, spec.setting)
    if running is None:
        n = X.shape[axis]
        centered = X - anp.sum(X, axis=axis, keepdims=True) / n
        variance = anp.sum(centered * centered, axis=axis, keepdims=True) / n  # not np.var: complex would mean |·|²
    else:
        centered, variance = X - running[0], running[1]
    return centered / sqrt(variance + eps) * gamma + beta


def autograd_answer(spec, X, G):
    def loss(X, values):
        return anp.sum(G * oracle(spec, X, list(values), ROWS_ACTIVATIONS, anp.sqrt))

    values = tuple(spec.all_parameters())
    dX = autograd.grad(loss, 0)(X, values)
    return [dX, *(autograd.grad(loss, 1)(X, values) if values else ())]


def complex_answer(spec, X, G):
    found, everything = [], [X, *spec.all_parameters()]
    for i, array in enumerate(everything):
        gradient = np.empty(array.shape)
        for index in np.ndindex(array.shape):
            moved = array.astype(complex)
            moved[index] += 1j * STEP
            X_moved, *values = [moved if j == i else other for j, other in enumerate(everything)]
            gradient[index] = (G * oracle(spec, X_moved, values, COMPLEX_ACTIVATIONS, np.sqrt)).sum().imag / STEP
        found.append(gradient)
    return found


def well_placed(layer, X):
    """Off the kinks, and nothing that is normalized nearly constant: walk the layers with the package's own forward."""
    if isinstance(layer, Sequential | Residual):
        inner = X
        for part in layer.layers:
            if not well_placed(part, inner):
                return False
            inner = part.forward(inner)
        return True
    if isinstance(layer, Activation):
        return np.abs(X).max() < 20 and (layer.f.__name__ not in KINKED or np.abs(X).min() > 1e-6)
    if isinstance(layer, LayerNorm | BatchNorm):
        axis = -1 if isinstance(layer, LayerNorm) else 0
        return X.shape[axis] == 1 or np.sqrt(X.var(axis=axis)).min() > 0.05
    return True


KINDS = ("Linear", "Activation", "LayerNorm", "BatchNorm", "BatchNorm, evaluating", "Residual", "Sequential")


def random_spec(kind, n, depth, draw, rng):
    """A spec whose input has n features, and the number of features of its output."""
    affine = tuple(rng.normal(size=n) for _ in range(2))  # γ and β, neither 1 nor 0
    eps = draw(st.sampled_from([EPS, OTHER_EPS]))
    if kind == "Linear":
        m = draw(st.integers(1, 5))
        return Spec(kind, None, (rng.normal(size=(n, m)), rng.normal(size=m))), m
    if kind == "Activation":
        return Spec(kind, draw(st.sampled_from(list(ACTIVATIONS)))), n
    if kind == "LayerNorm":
        return Spec(kind, eps, affine), n
    if kind.startswith("BatchNorm"):
        running = (rng.normal(size=n), rng.uniform(0.2, 3, size=n)) if "evaluating" in kind else None
        return Spec("BatchNorm", (eps, running), affine), n
    parts = KINDS[: 5 if depth else 7]
    specs, m = [], n
    for part in draw(st.lists(st.sampled_from(parts), min_size=1, max_size=3)):
        spec, m = random_spec(part, m, depth + 1, draw, rng)
        specs.append(spec)
    if kind == "Residual":
        if m != n:
            specs.append(Spec("Linear", None, (rng.normal(size=(m, n)), rng.normal(size=n))))
        specs, m = [specs[0] if len(specs) == 1 else Spec("Sequential", None, (), tuple(specs))], n
    return Spec(kind, None, (), tuple(specs)), m


def has_batch_norm(spec):
    return spec.kind == "BatchNorm" or any(has_batch_norm(s) for s in spec.inner)


@st.composite
def problems(draw, kinds=KINDS):
    """(spec, X, G): a layer of any kind, X with one to three leading axes where that is legal, and a random G."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(1, 5))
    spec, m = random_spec(draw(st.sampled_from(kinds)), n, 0, draw, rng)
    leading = draw(st.lists(st.integers(1, 5), min_size=1, max_size=3))
    if has_batch_norm(spec):
        leading = [max(2, leading[0])]
    scale = draw(st.sampled_from([0.3, 1.0, 3.0]))
    for attempt in range(200):
        X = scale * 0.97**attempt * rng.normal(size=(*leading, n)) + 0.5
        if well_placed(built(spec), X):
            break
    else:  # a norm of one sample's few features after a ReLU may be constant for every X: then a Linear will do
        spec, m = random_spec("Linear", n, 0, draw, rng)
    return spec, X, rng.normal(size=(*leading, m))


def demand(spec, X, G, answer):
    """Y, ∂𝓛/∂X and the gradient of every parameter agree with the oracle's."""
    layer = built(spec)
    Y = layer.forward(X)
    want_Y = oracle(spec, X, spec.all_parameters(), ROWS_ACTIVATIONS, np.sqrt)
    assert distance(Y, want_Y, FLOOR) < 1e-12
    dX = layer.backward(G)
    want_dX, *want = answer(spec, X, G)
    assert distance(dX, want_dX, FLOOR) < TOLERANCE
    found = parameters(layer)
    for (value, gradient), own, expected in zip(found, spec.all_parameters(), want, strict=True):
        np.testing.assert_array_equal(value, own)
        assert distance(gradient, expected, FLOOR) < TOLERANCE


@settings(max_examples=250, deadline=None, derandomize=True)
@given(problems())
def test_gradients_agree_with_autograd(problem):
    demand(*problem, autograd_answer)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(problems())
def test_gradients_agree_with_complex_steps(problem):
    demand(*problem, complex_answer)


LEADING = [(1,), (5,), (2, 3), (4, 1), (2, 3, 2)]


@pytest.mark.parametrize("answer", [autograd_answer, complex_answer])
@pytest.mark.parametrize("leading", LEADING)
@pytest.mark.parametrize("kind", [*ACTIVATIONS, "Linear", "LayerNorm"])
def test_every_layer_with_any_leading_axes(kind, leading, answer):
    """Hypothesis may leave a combination out; this leaves out none."""
    rng = np.random.default_rng(3)
    if kind == "Linear":
        spec, m = Spec(kind, None, (rng.normal(size=(4, 3)), rng.normal(size=3))), 3
    elif kind == "LayerNorm":
        spec, m = Spec(kind, EPS, (rng.normal(size=4), rng.normal(size=4))), 4
    else:
        spec, m = Spec("Activation", kind), 4
    demand(spec, rng.normal(size=(*leading, 4)), rng.normal(size=(*leading, m)), answer)


@pytest.mark.parametrize("answer", [autograd_answer, complex_answer])
@pytest.mark.parametrize("samples", [2, 3, 5])
@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_in_both_modes(training, samples, answer):
    rng = np.random.default_rng(4)
    running = None if training else (rng.normal(size=4), rng.uniform(0.5, 2, size=4))
    spec = Spec("BatchNorm", (EPS, running), (rng.normal(size=4), rng.normal(size=4)))
    demand(spec, rng.normal(size=(samples, 4)), rng.normal(size=(samples, 4)), answer)


def test_evaluating_takes_one_sample():
    rng = np.random.default_rng(4)
    spec = Spec("BatchNorm", (EPS, (rng.normal(size=3), rng.uniform(size=3))), (rng.normal(size=3), rng.normal(size=3)))
    demand(spec, rng.normal(size=(1, 3)), rng.normal(size=(1, 3)), autograd_answer)


# --- rows and columns ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("sizes", [[3, 2], [2, 5, 3], [4, 3, 6, 2], [3, 7, 1, 5, 4]])
def test_sequential_in_rows_is_mlp_in_columns(hidden, sizes):
    """The same network in both dialects, to 1e-14 relative by norm: Y, dX, and dW and db of every layer.

    W is transposed once, and δ^L is handed over from the network's loss, so that only the recurrence is compared.
    """
    rng = np.random.default_rng(len(sizes))
    net = MLP(sizes, hidden=hidden, loss="mse", seed=1)
    for b in net.b[1:]:
        b[...] = rng.normal(size=b.shape)
    X, Y = rng.normal(size=(sizes[0], 6)), rng.normal(size=(sizes[-1], 6))
    trace = net.forward(X)
    grads = net.backward(trace, Y)

    layers = []
    for l in range(1, net.L + 1):
        linear = Linear(*sizes[l - 1 : l + 1])
        linear.W, linear.b = net.W[l].T.copy(), net.b[l].ravel().copy()
        layers += [linear, Activation(hidden)] if l < net.L else [linear]
    rows = Sequential(*layers)

    def equal(got, want):
        assert distance(got, want, floor=1e-300) < 1e-14

    equal(rows.forward(X.T), trace.output.T)
    equal(rows.backward(grads.delta[net.L].T), (net.W[1].T @ grads.delta[1]).T)
    for l, linear in enumerate(layers[::2], start=1):
        equal(linear.dW, grads.W[l].T)
        equal(linear.db, grads.b[l].ravel())


# --- PyTorch's conventions ----------------------------------------------------------------------------------------


def agrees_with_pytorch(layer, stored):
    X, G = (wave(stored["shape"], stored["phase"] + i) for i in range(2))
    np.testing.assert_allclose(layer.forward(X), stored["Y"], rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(layer.backward(G), stored["dX"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(layer.dgamma, stored["dgamma"], rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(layer.dbeta, stored["dbeta"], rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("case", REFERENCE["BatchNorm"], ids=lambda case: str(case["settings"]))
def test_batch_norm_agrees_with_pytorch(case):
    layer = BatchNorm(4, **case["settings"])
    layer.gamma, layer.beta = np.array(GAMMA), np.array(BETA)
    assert [p["training"] for p in case["passes"]] == [True, True, True, False]
    for stored in case["passes"]:
        layer.training = stored["training"]
        agrees_with_pytorch(layer, stored)
        np.testing.assert_allclose(layer.running_mean, stored["running_mean"], rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(layer.running_var, stored["running_var"], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("case", REFERENCE["LayerNorm"], ids=lambda case: str(case["settings"]))
def test_layer_norm_agrees_with_pytorch(case):
    layer = LayerNorm(4, **case["settings"])
    layer.gamma, layer.beta = np.array(GAMMA), np.array(BETA)
    (stored,) = case["passes"]
    agrees_with_pytorch(layer, stored)


def test_the_reference_names_its_maker():
    assert REFERENCE["torch"] == "2.13.0"


# --- what the docstrings promise ----------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 2**32 - 1),
    shape=st.tuples(st.integers(2, 6), st.integers(2, 6)),
    axis=st.sampled_from([0, -1]),
    eps=st.sampled_from([0.0, 1e-12, 1e-5, 1e-2]),
)
def test_no_gradient_along_the_two_directions_that_change_nothing(seed, shape, axis, eps):
    """dX ⊥ 1 always. Along x̂ exactly (ε/s²) · (g · x̂)/s is left, which is nothing but for ε."""
    rng = np.random.default_rng(seed)
    X, g = rng.normal(size=shape), rng.normal(size=shape)
    x_hat, s = normalize(X, axis, eps)
    dX = normalize_backward(g, x_hat, s, axis)
    rounding = 1e-13 * np.linalg.norm(g, axis=axis) / s.squeeze(axis) + 1e-15
    assert (np.abs(dX.sum(axis=axis)) < 10 * rounding).all()
    left = eps / s.squeeze(axis) ** 2 * (g * x_hat).sum(axis=axis) / s.squeeze(axis)
    assert (np.abs((dX * x_hat).sum(axis=axis) - left) < 10 * rounding).all()


def test_normalizing_gives_mean_0_and_variance_1():
    X = 5 + 3 * np.random.default_rng(0).normal(size=(4, 6))
    for axis in (0, -1):
        x_hat, s = normalize(X, axis, 0.0)
        np.testing.assert_allclose(x_hat.mean(axis=axis), 0, atol=1e-14)
        np.testing.assert_allclose(x_hat.var(axis=axis), 1, rtol=1e-13)
        np.testing.assert_allclose(x_hat * s + X.mean(axis=axis, keepdims=True), X, rtol=1e-14)


def test_a_residual_passes_the_gradient_whatever_is_inside():
    dead = Linear(3, 3, init="zeros")
    layer, G = Residual(dead), np.array([[1.0, -2.0, 3.0]])
    np.testing.assert_array_equal(layer.forward(2 * G), 2 * G)
    np.testing.assert_array_equal(layer.backward(G), G)


def test_sequential_hands_the_gradient_from_the_last_to_the_first():
    calls = []

    class Spy:
        names = ()

        def __init__(self, name):
            self.name = name

        def forward(self, X):
            calls.append(("forward", self.name))
            return X + 1

        def backward(self, G):
            calls.append(("backward", self.name))
            return G * 2

    layer = Sequential(Spy("a"), Spy("b"))
    assert layer.forward(0) == 2
    assert layer.backward(1) == 4
    assert calls == [("forward", "a"), ("forward", "b"), ("backward", "b"), ("backward", "a")]


def nested():
    """A layer of every kind, one inside the other."""
    block = Residual(Sequential(LayerNorm(4), Linear(4, 6, seed=1), Activation("gelu"), Linear(6, 4, seed=2)))
    return Sequential(Linear(3, 4, seed=3), BatchNorm(4), block, Activation("identity"), Residual(Activation("tanh")))


def test_parameters_come_in_the_order_of_the_layers():
    layer = nested()
    assert [gradient for _, gradient in parameters(layer)] == [None] * 10
    first, norm, block = layer.layers[:3]
    layer_norm, up, _, down = block.inner.layers
    want = [first.W, first.b, norm.gamma, norm.beta, layer_norm.gamma, layer_norm.beta, up.W, up.b, down.W, down.b]
    assert all(got is p for (got, _), p in zip(parameters(layer), want, strict=True))
    X = np.random.default_rng(0).normal(size=(5, 3))
    layer.backward(layer.forward(X))
    for value, gradient in parameters(layer):
        assert gradient.shape == value.shape


def set_training(layer, training):
    layer.training = training
    for inner in getattr(layer, "layers", ()):
        set_training(inner, training)


@pytest.mark.parametrize("training, samples", [(True, 4), (False, 4), (False, 1)])
def test_nothing_given_is_changed_and_no_gradient_shares_memory(training, samples):
    """Not with X, not with G, not with the parameters, not with each other: any of them may be changed in place."""
    rng = np.random.default_rng(1)
    singles = [Linear(3, 3), LayerNorm(3), BatchNorm(3), Residual(Linear(3, 3)), Residual(Residual(BatchNorm(3)))]
    singles += [Activation(name) for name in ACTIVATIONS] + [Residual(Activation("identity")), Residual(Sequential())]
    for layer in [*singles, *(Sequential(single) for single in singles), nested()]:
        set_training(layer, training)
        X = rng.normal(size=(samples, 3))
        Y = layer.forward(X)
        G = rng.normal(size=Y.shape)
        before = [array.copy() for array in (X, G, *(p for p, _ in parameters(layer)))]
        dX = layer.backward(G)
        given_arrays = [X, G, *(p for p, _ in parameters(layer))]
        gradients = [dX, *(gradient for _, gradient in parameters(layer))]
        for array, kept in zip(given_arrays, before, strict=True):
            np.testing.assert_array_equal(array, kept)
        for i, gradient in enumerate(gradients):
            assert gradient.flags.writeable
            others = [*given_arrays, Y, *gradients[:i], *gradients[i + 1 :]]
            assert not any(np.shares_memory(gradient, other) for other in others)
        assert not np.shares_memory(X, Y)


def test_a_second_backward_replaces_the_first():
    """Gradients are of the last call, not summed over calls as in PyTorch."""
    layer, X = nested(), np.random.default_rng(2).normal(size=(5, 3))
    Y = layer.forward(X)
    layer.backward(Y)
    first = [g.copy() for _, g in parameters(layer)]
    layer.backward(2 * Y)
    for once, (_, twice) in zip(first, parameters(layer), strict=True):
        np.testing.assert_allclose(twice, 2 * once, rtol=1e-12, atol=1e-13)


def test_evaluating_leaves_the_running_averages_alone():
    layer = BatchNorm(2)
    layer.forward(np.array([[1.0, 2.0], [3.0, 5.0]]))
    mean, var = layer.running_mean.copy(), layer.running_var.copy()
    np.testing.assert_allclose(mean, [0.2, 0.35])  # a tenth of the batch's means 2 and 3.5
    np.testing.assert_allclose(var, [0.9 + 0.2, 0.9 + 0.45])  # and of its unbiased variances 2 and 4.5
    layer.training = False
    Y = layer.forward(np.array([[1.0, 2.0]]))
    np.testing.assert_allclose(Y, ([1.0, 2.0] - mean)[None] / np.sqrt(var + 1e-5))
    np.testing.assert_array_equal(layer.running_mean, mean)
    np.testing.assert_array_equal(layer.running_var, var)


def test_the_initial_weights_have_the_variance_that_their_name_says():
    for init, variance in ("xavier", 2 / 700), ("he", 2 / 400), ("lecun", 1 / 400), ("normal", 0.25), ("zeros", 0):
        layer = Linear(400, 300, init=init, scale=0.5, seed=7)
        assert layer.W.shape == (400, 300)
        assert abs(layer.W.var() - variance) <= 0.02 * variance
        assert not layer.b.any()
    np.testing.assert_array_equal(Linear(3, 2, seed=5).W, Linear(3, 2, seed=5).W)
    assert (Linear(3, 2, seed=5).W != Linear(3, 2, seed=6).W).all()


@pytest.mark.parametrize(
    "make, shape, sentence",
    [
        (lambda: Linear(3, 2), (3, 5), r"Linear got shape \(3, 5\), but wants \(samples, 3\).*pass X\.T"),
        (lambda: Linear(3, 2), (5, 4), r"Linear got shape \(5, 4\), but wants \(samples, 3\), features last\.$"),
        (lambda: Linear(3, 2), (3,), r"Linear got shape \(3,\).*one sample\? Pass X\[np\.newaxis\]"),
        (lambda: Linear(3, 2), (), r"Linear got shape \(\), but wants \(samples, 3\), features last\.$"),
        (lambda: Linear(3, 2), (3, 5, 4), r"Linear got shape \(3, 5, 4\), but wants .* features last\.$"),
        (lambda: LayerNorm(3), (3, 5), r"LayerNorm got shape \(3, 5\).*pass X\.T"),
        (lambda: BatchNorm(3), (3, 5), r"BatchNorm got shape \(3, 5\).*pass X\.T"),
        (lambda: BatchNorm(3), (1, 3), r"BatchNorm trains on 1 sample, but one sample has no variance"),
        (lambda: BatchNorm(3), (4, 2, 3), r"BatchNorm got shape \(4, 2, 3\).*Pass X\.reshape\(-1, n\)"),
        (lambda: Residual(Linear(3, 1)), (4, 3), r"Residual .* it made \(4, 1\) of \(4, 3\)"),
        (
            lambda: Sequential(Linear(3, 2), Linear(3, 2)),
            (4, 3),
            r"Linear got shape \(4, 2\), but wants \(samples, 3\)",
        ),
    ],
)
def test_a_shape_that_does_not_fit_is_an_error_in_a_sentence(make, shape, sentence):
    with pytest.raises(ValueError, match=sentence):
        make().forward(np.ones(shape))


def test_the_advice_in_the_errors_works():
    layer = Linear(3, 2)
    assert layer.forward(np.ones((3, 5)).T).shape == (5, 2)
    assert layer.forward(np.ones(3)[np.newaxis]).shape == (1, 2)
    assert BatchNorm(3).forward(np.ones((4, 2, 3)).reshape(-1, 3)).shape == (8, 3)


def test_an_unknown_name_is_an_error_that_lists_the_known_ones():
    with pytest.raises(ValueError, match="tanh"):
        Activation("softplus")
    with pytest.raises(ValueError, match="xavier"):
        Linear(2, 2, init="kaiming")
    with pytest.raises(ValueError, match="scale"):
        Linear(2, 2, init="normal", scale=-1)
