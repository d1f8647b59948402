"""The difference functions against closed forms, and the checker against gradients that are wrong on purpose."""

from types import SimpleNamespace

import numpy as np
import pytest

from backprop import MLP, check_gradients, layers
from backprop.activations import ACTIVATIONS
from backprop.data import xor
from backprop.gradcheck import central_difference, complex_step, forward_difference, relative_error
from backprop.losses import HEADS

DIFFERENCES = {forward_difference: 1e-6, central_difference: 1e-9, complex_step: 1e-15}
DTYPES = (np.float64, np.float32)
NAMES = ["W[1]", "b[1]", "W[2]", "b[2]"]


@pytest.mark.parametrize(("difference", "rtol"), DIFFERENCES.items())
def test_differences_agree_with_closed_forms(difference, rtol):
    """f = Σ x³ + e^{x_00 x_11}: every entry has a slope of its own, and two are coupled."""

    def f(x):
        return (x**3).sum() + np.exp(x[0, 0] * x[1, 1])

    x = np.array([[0.5, -1.0, 2.0], [1.5, 0.7, -0.3]])
    kept, want = x.copy(), 3 * x**2
    want[0, 0] += x[1, 1] * np.exp(x[0, 0] * x[1, 1])
    want[1, 1] += x[0, 0] * np.exp(x[0, 0] * x[1, 1])
    got = difference(f, x)
    np.testing.assert_allclose(got, want, rtol=10 * rtol)
    assert got.dtype == np.float64
    np.testing.assert_array_equal(x, kept)


@pytest.mark.parametrize("difference", DIFFERENCES)
@pytest.mark.parametrize("x", [np.array(2.0), np.array([2.0]), [2, 3], np.float32(2), np.ones((2, 0))])
def test_differences_take_any_shape(difference, x):
    got = difference(lambda v: (v * v).sum(), x)
    assert got.shape == np.shape(x)
    np.testing.assert_allclose(got, 2 * np.asarray(x, dtype=float), rtol=1e-6)


def test_the_error_of_each_difference():
    """At x = 1 on e^x: forward errs by h e/2, central by h² e/6, the complex step by rounding alone."""
    x, e = np.array([1.0]), np.e
    forward, central = (
        forward_difference(lambda v: np.exp(v[0]), x, 1e-3),
        central_difference(lambda v: np.exp(v[0]), x, 1e-3),
    )
    assert forward[0] - e == pytest.approx(1e-3 * e / 2, rel=1e-2)
    assert central[0] - e == pytest.approx(1e-6 * e / 6, rel=1e-2)
    assert complex_step(lambda v: np.exp(v[0]), x)[0] == pytest.approx(e, rel=1e-15)


def test_relative_error():
    assert relative_error([3.0, 4.0], [3.0, 4.0]) == 0
    assert relative_error([3.0, 4.0], [-3.0, -4.0]) == 1
    assert relative_error([3.0, 4.0], [0.0, 0.0]) == 1
    assert relative_error([0.0], [0.0]) == 0
    assert relative_error([1e-20], [0.0]) == pytest.approx(1e-8)
    assert relative_error([[3.0, 0.0]], [[3.0, 4.0]]) == pytest.approx(4 / 8)


# --- the checker --------------------------------------------------------------------------------------------------


def setting(dtype=np.float64, hidden="tanh", loss="bce", output=None, n_out=2):
    """A 3-4-2 network with biases that are not zero, 5 samples, targets that fit, and off the kinks."""
    rng = np.random.default_rng(8)
    net = MLP([3, 4, n_out], hidden=hidden, loss=loss, output=output, seed=3, dtype=dtype)
    for b in net.b[1:]:
        b[...] = rng.normal(size=b.shape)
    X, Y = rng.normal(size=(3, 5)).astype(dtype), rng.uniform(size=(n_out, 5))
    return net, X, (Y / Y.sum(axis=0)).astype(dtype)


def right(net, X, Y):
    """The gradients as lists that may be spoiled."""
    grads = net.backward(net.forward(X), Y)
    return SimpleNamespace(W=list(grads.W), b=list(grads.b), delta=grads.delta)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("pair", HEADS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_right_gradients_pass(hidden, pair, dtype):
    net, X, Y = setting(dtype, hidden, *pair)
    assert np.abs(net.forward(X).z[1]).min() > 1e-3
    report = check_gradients(net, X, Y)
    assert report.ok, report
    assert [row.name for row in report.rows] == NAMES
    assert check_gradients(net, X, Y, right(net, X, Y)).ok


def test_labels_and_deep_networks_pass():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4, 6))
    assert check_gradients(MLP([4, 3, 3], loss="cross_entropy"), X, [0, 1, 2, 2, 1, 0]).ok
    report = check_gradients(MLP([4, 3, 3, 3, 2], hidden="gelu"), X, rng.normal(size=(2, 6)))
    assert report.ok
    assert len(report.rows) == 8
    assert check_gradients(MLP([4, 1], loss="bce"), X, np.ones((1, 6))).ok


def one_entry(g):
    g = g.copy()
    g.flat[-1] += 0.01 * np.linalg.norm(g)
    return g


WRONG = {
    "sign": lambda g: -g,
    "not divided by B": lambda g: 5 * g,
    "divided by B twice": lambda g: g / 5,
    "a hundredth too large": lambda g: 1.01 * g,
    "one entry": one_entry,
    "zeros": np.zeros_like,
    "ones": np.ones_like,
    "rows in reverse": lambda g: g[::-1].copy(),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("slip", WRONG)
@pytest.mark.parametrize("name", NAMES)
def test_a_wrong_gradient_is_named(name, slip, dtype):
    """Only the parameter whose gradient was spoiled is blamed, in the verdict and in print."""
    net, X, Y = setting(dtype)
    grads = right(net, X, Y)
    kind, l = getattr(grads, name[0]), int(name[2])
    kind[l] = WRONG[slip](kind[l])
    report = check_gradients(net, X, Y, grads)
    assert not report.ok
    assert {row.name: row.verdict for row in report.rows} == {n: "WRONG" if n == name else "ok" for n in NAMES}
    assert report[name].error > report.tolerance
    blamed = [line.split()[0] for line in repr(report).splitlines() if "WRONG" in line]
    assert blamed == [name]


UNFIT = {
    "None": (lambda g: None, "never computed"),
    "NaN": (lambda g: np.full_like(g, np.nan), "NaN or inf"),
    "one inf": (lambda g: np.where(np.arange(g.size).reshape(g.shape) == 0, np.inf, g), "NaN or inf"),
    "transposed": (lambda g: g.T.copy(), "shape {}"),
    "flat": (lambda g: g.ravel(), "shape {}"),
    "a number": (lambda g: 1.0, "shape ()"),
    "complex": (lambda g: g * 1j, "not real numbers"),
    "ragged": (lambda g: [[1.0], [1.0, 2.0]], "not real numbers"),
    "text": (lambda g: "dW", "not real numbers"),
    "holes": (lambda g: np.full(g.shape, None), "not real numbers"),
}


@pytest.mark.parametrize("slip", UNFIT)
@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_gradient_is_named(name, slip):
    net, X, Y = setting(n_out=2)
    grads = right(net, X, Y)
    kind, l = getattr(grads, name[0]), int(name[2])
    spoil, verdict = UNFIT[slip]
    spoiled = spoil(kind[l])
    kind[l] = spoiled
    report = check_gradients(net, X, Y, grads)
    assert not report.ok
    assert report[name].verdict == verdict.format(np.shape(spoiled) if "{}" in verdict else "")
    assert np.isnan(report[name].error)
    assert [row.name for row in report.rows if row.verdict != "ok"] == [name]
    assert report[name].verdict in repr(report)


def test_a_missing_slope_is_told_from_the_layer_on():
    """δ¹ without σ'(z¹): everything of layer 1 is wrong, everything of layer 2 is right."""
    net, X, Y = setting()
    trace, grads = net.forward(X), right(net, X, Y)
    delta = net.W[2].T @ grads.delta[2]
    grads.W[1], grads.b[1] = delta @ X.T, delta.sum(axis=1, keepdims=True)
    report = check_gradients(net, X, Y, grads)
    assert [row.verdict for row in report.rows] == ["WRONG", "WRONG", "ok", "ok"]

    delta = (net.W[2].T @ grads.delta[2]) * (1 - np.tanh(trace.a[1]) ** 2)  # σ' taken at a, not at z
    grads.W[1], grads.b[1] = delta @ X.T, delta.sum(axis=1, keepdims=True)
    assert [row.verdict for row in check_gradients(net, X, Y, grads).rows] == ["WRONG", "WRONG", "ok", "ok"]


def test_zero_on_both_sides_is_not_ok():
    """An untouched exercise agrees with a dead network; that proves nothing."""
    net = MLP([2, 3, 1], loss="bce", init="zeros")
    net.b[2][:] = 0.3
    report = check_gradients(net, *xor())
    assert not report.ok
    assert [row.verdict for row in report.rows] == ["both zero", "both zero", "both zero", "ok"]


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_gradient_that_cancels_to_zero_is_not_called_wrong(hidden, dtype):
    """XOR from zero weights: δ sums to 0 exactly, while the differences of 𝓛 leave 1e-11 of rounding."""
    report = check_gradients(MLP([2, 3, 1], hidden=hidden, loss="bce", init="zeros", dtype=dtype), *xor())
    assert not report.ok
    assert {row.verdict for row in report.rows} == {"both zero"}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("z", range(0, 40, 2))
def test_a_saturated_neuron_is_not_called_wrong(z, dtype):
    """Its gradient falls below what a difference of losses can resolve, and the report says so instead of accusing."""
    net = MLP([1, 1], output="sigmoid", init=[[[1.0]]], dtype=dtype)
    net.b[1][:] = z - 1
    verdicts = {row.verdict for row in check_gradients(net, [[1.0]], [[0.0]]).rows}
    assert len(verdicts) == 1
    assert verdicts <= ({"ok"} if z <= 10 else {"ok", "too small to tell", "both zero"})
    if dtype is np.float64 and 20 <= z <= 30:  # σ' is 2e-9 to 1e-13 there, and not 0
        assert verdicts == {"too small to tell"}


class Line:
    """A network with one array w and the loss c + g Σ w: its gradient is g, as small as one likes."""

    def __init__(self, c, g, n):
        self.c, self.g, self.w = c, g, np.zeros(n)

    def parameters(self):
        return {"w": self.w}

    def forward(self, X):
        return self.w

    def loss(self, w, Y):
        return self.c + self.g * w.sum()

    def backward(self, w, Y):
        return {"w": np.full(w.shape, self.g)}


@pytest.mark.parametrize("c, size", [(0.0, 1), (0.5, 1), (1.0, 1), (1.5, 1.5), (40.0, 40)])
@pytest.mark.parametrize("n", [1, 16])
@pytest.mark.parametrize("h", [1e-5, 1e-3])
def test_a_gradient_is_told_from_rounding_a_hundred_times_above_it(c, size, n, h):
    """𝓛 is rounded to ε times its size, and to no less than ε: so a difference of two is off by ε/h of it."""
    rounding = np.finfo(float).eps * size / h
    (below,) = check_gradients(Line(c, 80 * rounding, n), None, None, h=h).rows
    (above,) = check_gradients(Line(c, 125 * rounding, n), None, None, h=h, tolerance=0.02).rows
    assert (below.verdict, above.verdict) == ("too small to tell", "ok")


@pytest.mark.parametrize("dtype", DTYPES)
def test_the_network_and_the_data_are_untouched(dtype):
    net, X, Y = setting(dtype)
    held = [X, Y, *net.W[1:], *net.b[1:]]
    kept, grads = [array.copy() for array in held], right(net, X, Y)
    given = [g.copy() for g in grads.W[1:] + grads.b[1:]]
    check_gradients(net, X, Y, grads)
    assert all(now is then for now, then in zip([*net.W[1:], *net.b[1:]], held[2:]))
    for array, copy in zip(held + grads.W[1:] + grads.b[1:], kept + given):
        assert array.tobytes() == copy.tobytes()
    assert net.dtype == dtype


def test_float32_targets_in_a_float64_check():
    """Soft targets that sum to 1 within float32's rounding, which the float64 copy must not refuse."""
    rng = np.random.default_rng(1)
    Y = rng.uniform(size=(50, 4)).astype(np.float32)
    Y /= Y.sum(axis=0)
    assert check_gradients(MLP([2, 50], loss="cross_entropy", dtype=np.float32), np.ones((2, 4)), Y).ok


def test_report_in_print():
    net, X, Y = setting()
    grads = right(net, X, Y)
    grads.b[1], grads.W[2] = None, 3 * grads.W[2]
    assert repr(check_gradients(net, X, Y, grads)).splitlines() == [
        "parameter  shape      relative error  verdict",
        "W[1]       (4, 3)     below 1e-06     ok",
        "b[1]       (4, 1)     -               never computed",
        "W[2]       (2, 4)     5.0e-01         WRONG",
        "b[2]       (2, 1)     below 1e-06     ok",
    ]


def test_tolerance_and_row():
    net, X, Y = setting()
    assert check_gradients(net, X, Y).tolerance == 1e-6
    assert check_gradients(setting(np.float32)[0], X, Y).tolerance == 1e-3
    grads = right(net, X, Y)
    grads.W[1] = grads.W[1] * (1 + 1e-4)
    assert not check_gradients(net, X, Y, grads).ok
    report = check_gradients(net, X, Y, grads, tolerance=1e-3)
    assert report.ok
    name, analytic, numeric, error, verdict = report["W[1]"]
    assert (name, verdict) == ("W[1]", "ok")
    assert error == pytest.approx(5e-5, rel=0.01)
    np.testing.assert_array_equal(analytic, grads.W[1])
    np.testing.assert_allclose(numeric, grads.W[1], rtol=2e-4)


@pytest.mark.parametrize("slope, verdict", [(0, "both zero"), (80, "too small to tell"), (125, "ok")])
def test_what_is_too_small_to_tell_is_a_hundred_times_the_rounding(slope, verdict):
    """𝓛 = slope · p, with a slope in units of what rounding alone leaves in a difference: ε max(1, 𝓛)/h + ε."""
    unit = np.finfo(float).eps * (1 + 1e5)

    class Line:
        p = np.zeros(1)

        def parameters(self):
            return {"p": self.p}

        def forward(self, X):
            return slope * unit * self.p[0]

        def loss(self, output, Y):
            return output

        def backward(self, output, Y):
            return {"p": np.array([slope * unit])}

    (row,) = check_gradients(Line(), None, None).rows
    assert row.verdict == verdict


# --- models of layers ---------------------------------------------------------------------------------------------


NOTHING = "both zero", "too small to tell"


def model(*more):
    """Two Linears with batch normalization in between, a loss that averages, and biases that are not zero."""
    rng = np.random.default_rng(5)
    layer = layers.Sequential(
        layers.Linear(3, 4, seed=1), layers.BatchNorm(4), *more, layers.Activation("tanh"), layers.Linear(4, 2, seed=2)
    )
    for array, _ in layers.parameters(layer):
        array[...] += 0.3 * rng.normal(size=array.shape)
    return layers.Model(layer, "mse"), rng.normal(size=(6, 3)), rng.normal(size=(6, 2))


def test_a_model_of_layers_is_checked_by_the_names_of_its_parameters():
    net, X, Y = model()
    report = check_gradients(net, X, Y)
    assert [row.name for row in report.rows] == [
        *("layers[0].W", "layers[0].b", "layers[1].gamma", "layers[1].beta", "layers[3].W", "layers[3].b")
    ]
    verdicts = {row.name: row.verdict for row in report.rows}
    assert verdicts.pop("layers[0].b") in NOTHING  # the mean that BatchNorm subtracts takes the bias away
    assert set(verdicts.values()) == {"ok"}
    output = net.forward(X)
    for name, gradient in net.backward(output, Y).items():
        np.testing.assert_array_equal(report[name].analytic, gradient)


@pytest.mark.parametrize("limit", [None, 3])
@pytest.mark.parametrize("name", ["layers[0].W", "layers[1].gamma", "layers[3].b"])
def test_a_wrong_gradient_of_a_model_is_named(name, limit):
    net, X, Y = model()
    grads = net.backward(net.forward(X), Y)
    for spoiled, verdict in (1.01 * grads[name], "WRONG"), (grads[name][:-1], "shape"), (None, "never computed"):
        report = check_gradients(net, X, Y, grads | {name: spoiled}, limit=limit)
        blamed = {row.name: row.verdict for row in report.rows if row.verdict not in ("ok", *NOTHING)}
        assert list(blamed) == [name]
        assert blamed[name].startswith(verdict)
    assert check_gradients(net, X, Y, {}).rows[0].verdict == "never computed"


def test_the_model_and_the_data_are_untouched():
    """Not even the running averages move, which every forward pass in training does move."""
    net, X, Y = model()
    norm = net.layer.layers[1]
    held = [X, Y, *net.parameters().values(), norm.running_mean, norm.running_var]
    kept = [array.copy() for array in held]
    check_gradients(net, X, Y)
    now = [X, Y, *net.parameters().values(), norm.running_mean, norm.running_var]
    for before, copy, array in zip(held, kept, now, strict=True):
        assert array is before
        assert array.tobytes() == copy.tobytes()


def test_a_limit_checks_so_many_entries_of_each_array():
    """The same ones in every run, not the first ones; the others are NaN. An array with fewer is checked whole."""
    net, X, Y = model()
    full, some, again = (check_gradients(net, X, Y, limit=limit) for limit in (None, 5, 5))
    for row in some.rows:
        seen = ~np.isnan(row.numeric)
        assert seen.sum() == min(5, row.numeric.size)
        np.testing.assert_array_equal(row.numeric[seen], full[row.name].numeric[seen])
        np.testing.assert_array_equal(row.numeric, again[row.name].numeric)
    assert not np.isnan(some["layers[0].W"].numeric.ravel()[5:]).all()
    assert [row.verdict for row in some.rows] == [row.verdict for row in full.rows]
    mlp, X, Y = setting()
    assert [(~np.isnan(row.numeric)).sum() for row in check_gradients(mlp, X, Y, limit=3).rows] == [3, 3, 3, 2]
    with pytest.raises(ValueError, match="limit is 0, but should be a positive whole number of entries"):
        check_gradients(mlp, X, Y, limit=0)


def test_what_lies_outside_of_the_limit_is_not_looked_at():
    net, X, Y = model()
    grads = net.backward(net.forward(X), Y)
    unseen = np.isnan(check_gradients(net, X, Y, limit=4)["layers[3].W"].numeric)
    spoiled = grads | {"layers[3].W": np.where(unseen, 100.0, grads["layers[3].W"])}
    assert check_gradients(net, X, Y, spoiled, limit=4)["layers[3].W"].verdict == "ok"
    assert check_gradients(net, X, Y, spoiled)["layers[3].W"].verdict == "WRONG"


def test_dropout_in_training_is_refused_and_checked_once_it_is_off():
    net, X, Y = model(layers.Dropout(0.5))
    with pytest.raises(ValueError, match=r"in a second forward pass on the same X.*train\(layer, False\)"):
        check_gradients(net, X, Y)
    layers.train(net.layer, False)  # BatchNorm too: now its running mean is a constant, and the bias counts
    verdicts = {row.name: row.verdict for row in check_gradients(net, X, Y).rows}
    assert set(verdicts.values()) == {"ok"}


def test_a_model_refuses_gradients_of_another_kind():
    net, X, Y = model()
    with pytest.raises(TypeError, match=r"grads is a list .*but should be what the network\'s own backward returned"):
        check_gradients(net, X, Y, [1.0])


def test_a_model_in_float32_is_refused():
    net, X, Y = model()
    net.layer.layers[3].b = net.layer.layers[3].b.astype(np.float32)
    with pytest.raises(ValueError, match=r"layers\[3\]\.b is float32, but a model is checked in float64"):
        check_gradients(net, X, Y)


def test_a_report_grows_with_its_names():
    net, X, Y = model()
    grads = net.backward(net.forward(X), Y)
    net.layer = layers.Sequential(net.layer)
    long = {f"layers[0].{name}": gradient for name, gradient in grads.items()}
    lines = repr(check_gradients(net, X, Y, long | {"layers[0].layers[3].b": None})).splitlines()
    assert lines[0] == "parameter                  shape      relative error  verdict"
    assert lines[1] == "layers[0].layers[0].W      (3, 4)     below 1e-06     ok"
    assert lines[-1] == "layers[0].layers[3].b      (2,)       -               never computed"
