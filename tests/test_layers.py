"""Every layer and function: its gradient against oracles that share nothing with it, PyTorch's conventions, and what
docstrings promise.

`layer_cases.py` holds the table: one row for each, how it is made, what it is given, and its forward pass written a
second time. The properties run over every row.
"""

import json

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from layer_cases import ROWS, SEEDS
from layers_reference import BETA, GAMMA, LABELS, MAY_LOOK, STORED, TOKENS, tied, wave
from oracles import STEP, distance

from backprop import MLP, SGD, Adam, check_gradients, layers
from backprop.activations import ACTIVATIONS
from backprop.gradcheck import central_difference
from backprop.layers import (
    LSTM,
    RNN,
    Activation,
    AvgPool2d,
    BatchNorm,
    Block,
    Conv2d,
    Dropout,
    Embedding,
    LayerNorm,
    Linear,
    MaxPool2d,
    Model,
    MultiHeadAttention,
    Positions,
    Residual,
    RMSNorm,
    Sequential,
    StraightThrough,
    Transformer,
    Unembedding,
    gradient_norms,
    named_modules,
    named_parameters,
    normalize,
    normalize_backward,
    parameters,
    train,
)

REFERENCE = json.loads(STORED.read_text(encoding="utf-8"))

# Relative by norm. Normalizing divides by s, which is kept above 0.05 here, and cancels, so terms of size 100 may leave
# nothing. Below FLOOR the absolute error counts: 1e-9 · 1e-2 = 1e-11, a thousand times the rounding of such a term.
TOLERANCE, FLOOR = 1e-9, 1e-2
NOTHING_KEPT = ("Positions", "Residual of nothing")  # of a forward pass, since backward needs nothing of it

each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
each_layer = pytest.mark.parametrize("row", [row for row in ROWS if row.plain(0).layer], ids=lambda row: row.name)


# --- gradients ----------------------------------------------------------------------------------------------------


def complex_steps(case, G, i, entries):
    """The gradient of some entries of array i: Im 𝓛(x + ih) / h of the oracle."""
    found = np.empty(len(entries))
    for n, entry in enumerate(entries):
        moved = case.arrays[i].astype(complex)
        moved.flat[entry] += 1j * STEP
        Y = case.oracle(*case.arrays[:i], moved, *case.arrays[i + 1 :])
        found[n] = np.sum(G * Y).imag / STEP
    return found


def demand(case, rng, limit):
    """Y and the gradient of every array agree with autograd's, and with complex steps on `limit` entries of each."""
    Y = np.asarray(case.oracle(*case.arrays))
    G = rng.normal(size=Y.shape)
    got, gradients = case.run([array.copy() for array in case.arrays], G.copy())
    assert distance(got, Y, FLOOR) < 1e-12
    every = tuple(range(len(case.arrays)))
    due = autograd.grad(lambda *arrays: anp.sum(G * case.oracle(*arrays)), every)(*case.arrays) if every else ()
    for i, (gradient, want) in enumerate(zip(gradients, due, strict=True)):
        assert distance(gradient, want, FLOOR) < TOLERANCE
        if case.analytic:
            entries = rng.permutation(gradient.size)[:limit]
            assert distance(gradient.flat[entries], complex_steps(case, G, i, entries), FLOOR) < TOLERANCE


def demand_examples(row):
    """What `demand` says of a row, on generated shapes and settings; what fails is told by the smallest example."""

    @settings(max_examples=row.examples, deadline=None, derandomize=True)
    @given(st.data())
    def over_examples(data):
        rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
        demand(row.make(lambda options: data.draw(st.sampled_from(options)), rng), rng, row.entries)

    over_examples()


def demand_leading_axes(row):
    """The same for all leading axes: Hypothesis may leave a combination out, and this leaves out none."""
    for seed in SEEDS:
        demand(row.plain(seed), np.random.default_rng(seed), row.entries)


@each
def test_gradients_agree_with_autograd_and_complex_steps(row):
    demand_examples(row)


@each
def test_gradients_agree_whatever_the_leading_axes(row):
    demand_leading_axes(row)


# --- what holds for every row -------------------------------------------------------------------------------------


def upstream(case, seed):
    return 3 * np.random.default_rng(seed).normal(size=np.shape(case.oracle(*case.arrays)))


def agree(row, change, other, tolerance, floor=FLOOR):
    """A row gives the same, to a tolerance, for two changes of all its arrays, G among them."""
    for seed in SEEDS:
        (Y, gradients), (want_Y, want) = (
            case.run([f(array) for array in case.arrays], f(upstream(case, seed)))
            for case, f in ((row.plain(seed), change), (row.plain(seed), other))
        )
        for got, due in zip([Y, *gradients], [want_Y, *want], strict=True):
            assert distance(got, due, floor) < tolerance, seed


@each
def test_single_precision_gives_nearly_the_same(row):
    agree(row, lambda array: array.astype(np.float32), lambda array: array, 1e-4, floor=1)


@each
def test_whole_numbers_are_numbers_too(row):
    """Integers, as one writes them at a whiteboard: nothing is rounded."""
    agree(row, lambda array: np.round(array).astype(int), np.round, 1e-14)


@each
def test_nothing_given_is_changed(row):
    """Not X, not G, not a parameter."""
    for seed in SEEDS:
        case = row.plain(seed)
        own = [array for array, _ in parameters(case.layer)] if case.layer else []
        held = [G := upstream(case, seed), *case.arrays, *case.given, *own]
        kept = [array.copy() for array in held]
        case.run(case.arrays, G)
        for array, before in zip(held, kept, strict=True):
            np.testing.assert_array_equal(array, before)


@each_layer
@pytest.mark.parametrize("wrapped", [False, True])
def test_no_gradient_shares_memory(row, wrapped):
    """Not with X, not with G, not with the parameters, not with each other: any of them may be changed in place."""
    for seed in SEEDS:
        case = row.plain(seed)
        layer = Sequential(case.layer) if wrapped and len(case.given) == 1 else case.layer
        Y, G = layer.forward(*case.given), upstream(case, seed)
        dX = layer.backward(G)
        others = [*case.given, Y, G, *(array for array, _ in parameters(layer))]
        gradients = [*([] if dX is None else [dX]), *(gradient for _, gradient in parameters(layer))]
        for i, gradient in enumerate(gradients):
            assert gradient.flags.writeable
            assert not any(np.shares_memory(gradient, other) for other in [*others, *gradients[:i]])
        assert not np.shares_memory(case.given[0], Y)


@each_layer
def test_a_second_backward_replaces_the_first(row):
    """Gradients are of the last call, not summed over calls as in PyTorch; and the pass is still there for it."""
    for seed in SEEDS:
        layer, given = row.plain(seed)[-2:]
        Y = layer.forward(*given)
        first = layer.backward(Y), *(gradient.copy() for _, gradient in parameters(layer))
        second = layer.backward(2 * Y), *(gradient for _, gradient in parameters(layer))
        for once, twice in zip(first, second, strict=True):
            if once is not None:
                np.testing.assert_allclose(twice, 2 * once, rtol=1e-12, atol=1e-13)


@each_layer
def test_there_is_no_backward_before_a_forward(row):
    case = row.plain(0)
    if row.name not in NOTHING_KEPT:
        with pytest.raises(AttributeError):
            case.layer.backward(upstream(case, 0))


@each_layer
def test_one_feature_too_many_is_refused_in_a_sentence(row):
    """Every layer that has parameters knows by them how many there are."""
    for seed in SEEDS:
        layer, (X, *states) = row.plain(seed)[-2:]
        if parameters(layer) and X.dtype.kind == "f":
            with pytest.raises(ValueError, match=r"^\w+ got shape .*, but wants "):
                layer.forward(np.concatenate([X, X[..., :1]], axis=-1), *states)


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


def taken(layer, X, G, *states, **waves):
    """What a layer gives and leaves, by PyTorch's names. Its parameters are (phase, divisor) of a wave, or numbers."""
    for name, (phase, divisor) in waves.items():
        setattr(layer, name, wave(getattr(layer, name).shape, phase) / divisor)
    Y = layer.forward(X, *states)
    found = {"Y": Y, "dX": layer.backward(wave(Y.shape, G))}
    return found | {f"d{name}": getattr(layer, f"d{name}") for name in layer.names}


def known(layer):
    """A norm with the γ, and β, of the reference."""
    layer.gamma = np.array(GAMMA)
    if "beta" in layer.names:
        layer.beta = np.array(BETA)
    return layer


def batch_norms(settings, passes):
    """Three batches of different sizes in training, with the running averages after each, then one in evaluation."""
    layer = known(BatchNorm(4, **settings))
    assert [stored["training"] for stored in passes] == [True, True, True, False]
    for stored in passes:
        layer.training = stored["training"]
        found = taken(layer, wave(stored["shape"], stored["phase"]), stored["phase"] + 1)
        yield stored, found | {name: getattr(layer, name) for name in ("running_mean", "running_var")}


def layer_norms(settings, passes):
    for stored in passes:
        yield stored, taken(known(LayerNorm(4, **settings)), wave(stored["shape"], 0), 1)


def of_pool(kind, X):
    """Windows side by side, overlapping, and too wide for the border; and for the maximum nearly all of them tie."""
    return lambda stored: taken(kind(stored["size"], stride=stored["stride"]), X, 3)


def conv2d(stored):
    layer = Conv2d(2, 3, 3, stride=stored["stride"], padding=stored["padding"])
    return taken(layer, wave((2, 5, 6, 2), 0), 3, W=(1, 1), b=(2, 1))


def recurrent(kind, *states):
    """The order of the gates, and the gradients of the first states."""
    layer, h0 = kind(2, 3), wave((1, 2, 3), 5)[0]
    found = taken(layer, wave((2, 4, 2), 5), 4, *([h0] * len(states)), Wx=(1, 3), Wh=(2, 3), b=(3, 1))
    return found | {f"d{state}": getattr(layer, f"d{state}")[np.newaxis] for state in states}


def multi_head_attention(_):
    """PyTorch's mask marks what a query may not see, and ours what it may, hence the two in the reference."""
    layer = MultiHeadAttention(6, 2)
    waves = {name: (1 + i, 3) for i, name in enumerate(layer.names)}
    return taken(layer, wave((2, 4, 6), 0), 5, np.array(MAY_LOOK, dtype=bool), **waves) | {"P": layer.P}


def attention(_):
    Q, K, V = (wave((2, 4, 3), phase) for phase in range(3))
    Y, P = layers.attention(Q, K, V, np.array(MAY_LOOK) == 1)
    return {"Y": Y} | dict(zip(("dQ", "dK", "dV"), layers.attention_backward(wave((2, 4, 3), 3), P, Q, K, V)))


def cross_entropy(_):
    logits = wave((2, 3, 4), 0)
    d = 0.7 * layers.cross_entropy_backward(logits, np.array(LABELS))
    return {"Y": layers.cross_entropy(logits, np.array(LABELS)), "dlogits": d}


def mse(_):
    Y, T = wave((3, 2), 0), wave((3, 2), 1)
    return {"Y": layers.mse(Y, T), "dY": 0.7 * layers.mse_backward(Y, T)}


def embedding(_):
    found = taken(Embedding(5, 2), TOKENS, 1, W=(0, 1))
    assert found.pop("dX") is None
    return found


AS_PYTORCH = {
    "BatchNorm": lambda stored: batch_norms(**stored),
    "LayerNorm": lambda stored: layer_norms(**stored),
    "RMSNorm": lambda stored: taken(known(RMSNorm(4, eps=stored["eps"])), wave((2, 3, 4), 0), 1),
    "cross_entropy": cross_entropy,
    "mse": mse,
    "Embedding": embedding,
    "GELU": lambda _: taken(Activation("gelu"), wave((3, 4), 0), 1),
    "Conv2d": conv2d,
    "MaxPool2d": of_pool(MaxPool2d, tied((2, 5, 6, 2))),
    "AvgPool2d": of_pool(AvgPool2d, wave((2, 5, 6, 2), 0)),
    "RNN": lambda _: recurrent(RNN, "h0"),
    "LSTM": lambda _: recurrent(LSTM, "h0", "c0"),
    "MultiheadAttention": multi_head_attention,
    "attention": attention,
}
NO_ARRAY = ("shape", "phase", "training", "size", "stride", "padding", "eps", "all ignored", "sees nothing")


@pytest.mark.parametrize("name", AS_PYTORCH)
def test_our_numbers_are_pytorchs(name):
    """Every array that is stored, and no other."""
    stored = REFERENCE[name]
    for one in stored if isinstance(stored, list) else [stored]:
        found = AS_PYTORCH[name](one)
        for want, got in [(one, found)] if isinstance(found, dict) else found:
            assert got.keys() == want.keys() - {*NO_ARRAY}
            for array, value in got.items():
                np.testing.assert_allclose(value, want[array], rtol=1e-11, atol=1e-12, err_msg=f"{array} of {one}")


def test_what_counts_nowhere_gets_no_gradient():
    labels = np.array(LABELS)
    d = layers.cross_entropy_backward(wave((2, 3, 4), 0), labels)
    assert not d[labels == -100].any() and d[labels != -100].all()
    layer = Embedding(5, 2)
    layer.backward(np.ones_like(layer.forward(TOKENS)))
    assert not layer.dW[[2, 4]].any()  # no place holds these tokens


def test_where_every_label_is_ignored_pytorch_has_nan_and_we_a_sentence():
    assert REFERENCE["cross_entropy"]["all ignored"] == "nan"
    for function in layers.cross_entropy, layers.cross_entropy_backward:
        with pytest.raises(ValueError, match="Every label is -100, which is ignored: a mean over no labels is 0/0"):
            function(np.ones((2, 3)), np.array([-100, -100]))


def test_dropout_scales_as_pytorch_does():
    stored, layer, ones = REFERENCE["Dropout"], Dropout(0.2), np.ones(1000)
    np.testing.assert_allclose(np.unique(layer.forward(ones)), stored["training"])
    layer.training = False
    np.testing.assert_array_equal(np.unique(layer.forward(ones)), stored["evaluating"])


def test_a_query_that_sees_nothing_gets_zeros_from_pytorch_and_a_sentence_from_us():
    assert REFERENCE["attention"]["sees nothing"] == ["0.0"]
    X, mask = np.ones((2, 3, 4)), np.ones((2, 3, 3), dtype=bool)
    mask[1, 2] = False
    with pytest.raises(ValueError, match=r"hides every key from the query at \(1, 2\).* 0/0"):
        layers.attention(X, X, X, mask)


def test_the_reference_names_its_maker_and_everything_in_it_is_compared():
    assert REFERENCE["torch"] == "2.13.0"
    assert REFERENCE.keys() == {*AS_PYTORCH, "Dropout", "torch"}


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


def test_the_initial_weights_have_the_variance_that_is_said():
    for init, variance in ("xavier", 2 / 700), ("he", 2 / 400), ("lecun", 1 / 400), ("normal", 0.25), ("zeros", 0):
        layer = Linear(400, 300, init=init, scale=0.5, seed=7)
        assert layer.W.shape == (400, 300)
        assert abs(layer.W.var() - variance) <= 0.02 * variance
        assert not layer.b.any()
    for array, variance in (
        *((RNN(400, 300).Wx, 1 / 400), (RNN(400, 300).Wh, 1 / 300), (LSTM(400, 300).Wx, 1 / 400)),
        *((LSTM(400, 300).Wh, 1 / 300), (MultiHeadAttention(300, 3).Wo, 1 / 300), (Conv2d(40, 30, 9).W, 2 / (81 * 40))),
        *((Embedding(400, 300).W, 1), (Positions(400, 300, scale=0.5).W, 0.25)),
    ):
        assert abs(array.var() - variance) <= 0.03 * variance
    np.testing.assert_array_equal(Linear(3, 2, seed=5).W, Linear(3, 2, seed=5).W)
    assert (Linear(3, 2, seed=5).W != Linear(3, 2, seed=6).W).all()


def test_the_advice_in_the_errors_works():
    layer = Linear(3, 2)
    assert layer.forward(np.ones((3, 5)).T).shape == (5, 2)
    assert layer.forward(np.ones(3)[np.newaxis]).shape == (1, 2)
    assert BatchNorm(3).forward(np.ones((4, 2, 3)).reshape(-1, 3)).shape == (8, 3)


# --- products, softmax, losses ------------------------------------------------------------------------------------


def test_softmax_survives_large_numbers():
    X = np.array([[1000.0, 1001.0, -1000.0]])
    np.testing.assert_allclose(layers.softmax(X), [[1 / (1 + np.e), np.e / (1 + np.e), 0]])
    np.testing.assert_allclose(layers.log_softmax(X), X - 1001 - np.log(1 + 1 / np.e))
    assert layers.cross_entropy(X, [2]) == pytest.approx(2001 + np.log(1 + 1 / np.e))
    np.testing.assert_allclose(layers.cross_entropy_backward(X, [2]), [[1 / (1 + np.e), np.e / (1 + np.e), -1]])


@pytest.mark.parametrize("function", [layers.softmax, layers.log_softmax])
@pytest.mark.parametrize("backward", [layers.softmax_backward, layers.log_softmax_backward])
def test_samples_are_rows_unless_an_axis_is_given(function, backward):
    """A stack of rows is what each row gives alone, and with another axis the same of the array turned."""
    rng = np.random.default_rng(0)
    X, G = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 3, 4))
    rows = [(i, j) for i in range(2) for j in range(3)]
    Y, dX = function(X), backward(G, function(X))
    np.testing.assert_allclose([Y[row] for row in rows], [function(X[row]) for row in rows])
    np.testing.assert_allclose([dX[row] for row in rows], [backward(G[row], Y[row]) for row in rows])
    X, Y, G, dX = (array.swapaxes(1, -1) for array in (X, Y, G, dX))
    np.testing.assert_allclose(function(X, axis=1), Y)
    np.testing.assert_allclose(backward(G, Y, axis=1), dX)


def test_a_stack_that_broadcasts_gets_the_sum_over_the_stack():
    rng = np.random.default_rng(0)
    A, B, G = rng.normal(size=(3, 2, 4)), rng.normal(size=(4, 5)), rng.normal(size=(3, 2, 5))
    dA, dB = layers.matmul_backward(G, A, B)
    assert (dA.shape, dB.shape) == (A.shape, B.shape)
    np.testing.assert_allclose(dB, sum(A[i].T @ G[i] for i in range(3)))


def test_a_chain_takes_a_number_of_products_that_grows_with_its_length_alone():
    """4n products of matrices at most for n factors, counted; one by one each, it would be n²."""

    class Counted(np.ndarray):
        products = 0

        def __array_ufunc__(self, ufunc, method, *inputs, **more):
            Counted.products += ufunc is np.matmul
            plain = [np.asarray(x) for x in inputs]
            return getattr(ufunc, method)(*plain, **more).view(Counted)

    rng = np.random.default_rng(0)
    matrices = [rng.normal(size=(3, 3)).view(Counted) for _ in range(20)]
    layers.chain_backward(rng.normal(size=(3, 3)), *matrices)
    assert 0 < Counted.products <= 4 * 20


@pytest.mark.parametrize("forward", [layers.einsum, lambda *a: layers.einsum_backward(np.ones(2), *a)])
@pytest.mark.parametrize(
    "subscripts, shapes, sentence",
    [
        ("ii->i", [(2, 2)], "takes a diagonal: a letter twice in one operand.*np.diagonal"),
        ("ij,jk", [(2, 2), (2, 2)], "write every axis and the output out"),
        ("...j->j", [(2, 2)], "write every axis and the output out"),
        ("ij,jk->ik", [(2, 2)], '"ij,jk->ik" for 1 arrays'),
    ],
)
def test_einsum_refuses_what_it_cannot_turn_around(forward, subscripts, shapes, sentence):
    with pytest.raises(ValueError, match=sentence):
        forward(subscripts, *(np.ones(shape) for shape in shapes))


@pytest.mark.parametrize(
    "call, sentence",
    [
        (
            lambda: Linear(3, 2).forward(np.ones((3, 5))),
            r"Linear got shape \(3, 5\), but wants .*, 3\).*pass X\.T",
        ),
        (lambda: Linear(3, 2).forward(np.ones((5, 4))), r"Linear got shape \(5, 4\), but wants .*, features last\.$"),
        (lambda: Linear(3, 2).forward(np.ones(3)), r"Linear got shape \(3,\).*one sample\? Pass X\[np\.newaxis\]"),
        (
            lambda: Linear(3, 2).forward(np.ones(())),
            r"Linear got shape \(\), but wants .*, 3\), features last\.$",
        ),
        (lambda: Linear(3, 2).forward(np.ones((3, 5, 4))), r"Linear got shape \(3, 5, 4\), but wants .* last\.$"),
        (lambda: LayerNorm(3).forward(np.ones((3, 5))), r"LayerNorm got shape \(3, 5\).*pass X\.T"),
        (lambda: BatchNorm(3).forward(np.ones((3, 5))), r"BatchNorm got shape \(3, 5\).*pass X\.T"),
        (
            lambda: BatchNorm(3).forward(np.ones((1, 3))),
            r"BatchNorm trains on 1 sample, .* has no variance",
        ),
        (
            lambda: BatchNorm(3).forward(np.ones((4, 2, 3))),
            r"BatchNorm got shape \(4, 2, 3\).*Pass X\.reshape",
        ),
        (lambda: Residual(Linear(3, 1)).forward(np.ones((4, 3))), r"Residual .* it made \(4, 1\) of \(4, 3\)"),
        (
            lambda: Sequential(Linear(3, 2), Linear(3, 2)).forward(np.ones((4, 3))),
            r"Linear got shape \(4, 2\),",
        ),
        (lambda: Activation("softplus"), "tanh"),
        (lambda: Linear(2, 2, init="kaiming"), "xavier"),
        (lambda: Linear(2, 2, init="normal", scale=-1), "scale"),
        (lambda: layers.matmul(np.ones((2, 3)), np.ones((2, 3))), r"matmul got shapes \(2, 3\) and \(2, 3\)"),
        (lambda: layers.matmul(np.ones(3), np.ones((3, 2))), "A vector is passed as a row or a column"),
        (lambda: layers.mse(np.ones((3, 1)), np.ones(3)), r"mse got .* \(3, 1\) and .* \(3,\).* \(N, N\)"),
        (lambda: layers.cross_entropy(np.ones((2, 3)), [0, 3]), "labels hold 3, but 3 logits mean labels from 0 to 2"),
        (lambda: layers.cross_entropy(np.ones((2, 3)), [0, -1]), "labels hold -1, .* or -100 to ignore"),
        (lambda: layers.cross_entropy(np.ones((2, 3)), [0.0, 1.0]), "labels are float64 of shape"),
        (lambda: layers.cross_entropy(np.ones((2, 3)), [[0, 1]]), r"of shape \(1, 2\), but logits \(2, 3\)"),
        (lambda: layers.cross_entropy(np.ones(3), 1), r"logits \(3,\) should be \(\.\.\., K\)"),
        (lambda: layers.attention(*[np.ones((2, 2))] * 3, np.zeros((2, 2))), "mask should be boolean"),
        (lambda: layers.im2col(np.ones((2, 5, 5)), 2), r"\(B, H, W, C\), features last, but this one has \(2, 5, 5\)"),
        (lambda: layers.im2col(np.ones((1, 2, 5, 1)), 3), r"kernel of \(3, 3\) does not fit an image of \(2, 5\)"),
        (lambda: layers.im2col(np.ones((1, 5, 5, 1)), 3, 0), "stride is 0"),
        (lambda: layers.im2col(np.ones((1, 5, 5, 1)), 3, 1, -1), "padding is -1"),
        (lambda: Conv2d(2, 3, 0), "kernel_size is 0"),
        (lambda: Conv2d(2, 3, 3).forward(np.ones((1, 2, 5, 5))), r"Conv2d got shape .* wants \(B, H, W, 2\)"),
        (lambda: Dropout(1.0), "p is 1.0, but should be a finite number at least 0 and below 1"),
        (lambda: Embedding(3, 2).forward([0, 3]), "integer tokens from 0 to 2, but got 0 to 3"),
        (lambda: Embedding(3, 2).forward([0, -1]), "integer tokens from 0 to 2, but got -1 to 0"),
        (lambda: Embedding(3, 2).forward([0.0]), "integer tokens from 0 to 2, but got float64 values"),
        (lambda: Positions(3, 2).forward(np.ones((1, 4, 2))), r"Positions got shape \(1, 4, 2\).* T up to 3"),
        (lambda: MultiHeadAttention(4, 3), "4 features do not split evenly among 3 heads"),
        (lambda: MultiHeadAttention(4, 2).forward(np.ones((2, 3))), r"MultiHeadAttention got shape \(2, 3\)"),
        (lambda: Block(4, 2, norm="before"), 'norm=.before. is not known.* "pre", "post"'),
        (lambda: RNN(2, 3, truncate=0), "truncate is 0"),
        (lambda: RNN(2, 3).forward(np.ones((4, 3))), r"RNN got shape \(4, 3\)"),
        (lambda: LSTM(2, 3).forward(np.ones((4, 3))), r"LSTM got shape \(4, 3\)"),
        (lambda: RMSNorm(2).forward(np.ones((4, 3))), r"RMSNorm got shape \(4, 3\)"),
        (lambda: Unembedding(Embedding(5, 2)).forward(np.ones((4, 3))), r"Unembedding got shape \(4, 3\)"),
        (lambda: Embedding(3, 2, scale=-1), "scale is -1, but should be a finite number at least 0"),
        (lambda: Positions(3, 2, scale=-1), "scale is -1, but should be a finite number at least 0"),
        (lambda: Conv2d(2, 3, 3, scale=-1), "scale is -1, but should be a finite number at least 0"),
        (lambda: StraightThrough("floor"), 'name=.floor. is not known.* "round", "sign"'),
        *((lambda clip=clip: StraightThrough(clip=clip), f"clip is {clip}, but should be") for clip in (-1, 0)),
        (lambda: Model(Linear(2, 2), "bce"), 'loss=.bce. is not known.* "cross_entropy", "mse"'),
    ],
)
def test_bad_input_is_an_error_in_a_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@pytest.mark.parametrize(
    "layer, X",
    [
        (Linear(3, 2), np.zeros((0, 3))),
        (LayerNorm(3), np.zeros((0, 3))),
        (Embedding(5, 3), np.zeros((0, 4), int)),
        (Unembedding(Embedding(5, 3)), np.zeros((0, 4, 3))),
        (Positions(5, 3), np.zeros((0, 4, 3))),
        (Conv2d(2, 3, 2), np.zeros((0, 4, 5, 2))),
        (MaxPool2d(2), np.zeros((0, 4, 5, 2))),
        (AvgPool2d(2), np.zeros((0, 4, 5, 2))),
        (MultiHeadAttention(4, 2), np.zeros((0, 3, 4))),
        (RNN(3, 2), np.zeros((0, 4, 3))),
        (LSTM(3, 2), np.zeros((0, 4, 3))),
    ],
    ids=lambda given: type(given).__name__ if hasattr(given, "names") else "",
)
def test_a_batch_of_no_samples_goes_there_and_back_and_has_no_slope(layer, X):
    Y = layer.forward(X)
    dX = layer.backward(Y)
    assert len(Y) == 0 and (dX is None or dX.shape == X.shape)
    for array, gradient in parameters(layer):
        np.testing.assert_array_equal(gradient, np.zeros(array.shape))


# --- dropout, straight-through ------------------------------------------------------------------------------------


def test_dropout_draws_a_mask_in_training_and_is_the_identity_in_evaluation():
    X, layer = np.random.default_rng(0).normal(size=(200, 100)), Dropout(0.3, seed=1)
    Y = layer.forward(X)
    assert abs((Y == 0).mean() - 0.3) < 0.01
    assert abs((Y / X).mean() - 1) < 0.01  # inverted: the expectation is X
    np.testing.assert_array_equal(layer.backward(X), Y)  # the same mask
    np.testing.assert_array_equal(layer.backward(X), Y)
    assert (layer.forward(X) != Y).any()  # and a new one for the next pass
    np.testing.assert_array_equal(Dropout(0.3, seed=1).forward(X), Y)
    layer.training = False
    np.testing.assert_array_equal(layer.forward(X), X)
    np.testing.assert_array_equal(layer.backward(X), X)


def test_straight_through_passes_the_gradient_of_a_step_as_if_it_were_the_identity():
    X, G = np.array([[-2.0, -0.6, 0.0, 0.4, 1.0, 1.7]]), np.array([[1.0, -2.0, 3.0, -4.0, 5.0, -6.0]])
    for name, Y in ("round", [[-2, -1, 0, 0, 1, 2]]), ("sign", [[-1, -1, 1, 1, 1, 1]]):
        layer, clipped = StraightThrough(name), StraightThrough(name, clip=1.0)
        np.testing.assert_array_equal(layer.forward(X), Y)
        np.testing.assert_array_equal(layer.backward(G), G)
        np.testing.assert_array_equal(clipped.forward(X), Y)
        np.testing.assert_array_equal(clipped.backward(G), [[0, -2, 3, -4, 5, 0]])
    numeric = central_difference(lambda X: StraightThrough().forward(X).sum(), X)
    np.testing.assert_array_equal(numeric, 0 * X)  # the true slope, from which nothing could learn


# --- images -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k, stride, padding", [((2, 3), 1, 0), ((3, 2), 2, 1), ((1, 1), 3, 2), ((3, 3), 2, 2)])
def test_col2im_is_the_transpose_of_im2col(k, stride, padding):
    """⟨im2col(X), P⟩ = ⟨X, col2im(P)⟩ for every X and P."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2, 5, 6, 3))
    patches = layers.im2col(X, k, stride, padding)
    P = rng.normal(size=patches.shape)
    assert patches.shape[1:3] == ((5 + 2 * padding - k[0]) // stride + 1, (6 + 2 * padding - k[1]) // stride + 1)
    np.testing.assert_allclose((patches * P).sum(), (X * layers.col2im(P, X.shape, stride, padding)).sum())


@pytest.mark.parametrize("padding", [0, 1, 2])
def test_the_backward_pass_of_a_convolution_is_a_convolution(padding):
    """dX is the full correlation of G, with k − 1 − padding zeros around it, with the kernel flipped in both axes, its
    features exchanged; and dW is a correlation of X with G as the kernel."""
    rng = np.random.default_rng(0)
    layer, X = Conv2d(2, 4, 3, padding=padding), rng.normal(size=(2, 5, 6, 2))
    G = rng.normal(size=layer.forward(X).shape)
    dX = layer.backward(G)
    back = Conv2d(4, 2, 3, padding=2 - padding)
    back.W = layer.W[::-1, ::-1].swapaxes(-1, -2)
    np.testing.assert_allclose(dX, back.forward(G), atol=1e-12)

    samples = Conv2d(2, 4, G.shape[1:3], padding=padding)
    samples.W, samples.b = G.transpose(1, 2, 0, 3), np.zeros(4)  # the samples take the place of the features
    np.testing.assert_allclose(layer.dW, samples.forward(X.transpose(3, 1, 2, 0)).transpose(1, 2, 0, 3), atol=1e-12)


def test_the_first_of_a_tie_takes_the_gradient():
    layer = MaxPool2d(2)
    X = np.array([[3.0, 1.0, 0.0, 5.0], [3.0, 3.0, 5.0, 5.0]])[np.newaxis, :, :, np.newaxis]
    np.testing.assert_array_equal(layer.forward(X).ravel(), [3, 5])
    dX = layer.backward(np.array([7.0, 9.0]).reshape(1, 1, 2, 1))
    np.testing.assert_array_equal(dX[0, :, :, 0], [[7, 0, 0, 9], [0, 0, 0, 0]])


# --- sequences ----------------------------------------------------------------------------------------------------


def truncated(truncate):
    layer = RNN(2, 3, truncate=truncate, seed=1)
    layer.b = np.array([0.2, -0.4, 0.1])
    return layer


@pytest.mark.parametrize("truncate", [5, 6, 100])
def test_truncating_after_the_end_is_full_bptt(truncate):
    rng = np.random.default_rng(0)
    X, G = rng.normal(size=(4, 5, 2)), rng.normal(size=(4, 5, 3))
    full, cut = truncated(None), truncated(truncate)
    np.testing.assert_array_equal(full.forward(X), cut.forward(X))
    np.testing.assert_array_equal(full.backward(G), cut.backward(G))
    for name in "Wx", "Wh", "b":
        np.testing.assert_array_equal(getattr(full, "d" + name), getattr(cut, "d" + name))


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_truncated_bptt_is_one_pass_per_piece_with_the_state_handed_over(k):
    """As in a training loop: each piece starts from the last state, as a number, and its gradients are added."""
    rng = np.random.default_rng(0)
    X, G = rng.normal(size=(4, 5, 2)), rng.normal(size=(4, 5, 3))
    layer, piece, h0 = truncated(k), truncated(None), rng.normal(size=(4, 3))
    Y, h, dX, sums = layer.forward(X, h0), h0, [], dict.fromkeys(("Wx", "Wh", "b"), 0.0)
    for start in range(0, 5, k):
        H = piece.forward(X[:, start : start + k], h)
        np.testing.assert_allclose(H, Y[:, start : start + k])
        dX.append(piece.backward(G[:, start : start + k]))
        h, sums = H[:, -1], {name: total + getattr(piece, "d" + name) for name, total in sums.items()}
        if start == 0:
            dh0 = piece.dh0
    np.testing.assert_allclose(layer.backward(G), np.concatenate(dX, axis=1))
    np.testing.assert_allclose(layer.dh0, dh0)
    for name, total in sums.items():
        np.testing.assert_allclose(getattr(layer, "d" + name), total)


def test_the_cell_state_of_an_lstm_passes_the_gradient_where_the_forget_gate_is_open():
    """f ≈ 1, and the other gates shut: dc arrives as it was. An RNN's dh would have met 50 matrices."""
    layer, n = LSTM(1, 2), 2
    layer.Wx[:], layer.Wh[:], layer.b[:] = 0, 0, np.repeat([-40.0, 40.0, 0.0, -40.0], n)
    X = np.zeros((1, 50, 1))
    layer.forward(X, c0=np.array([[0.3, -0.2]]))
    dc = np.array([[1.0, 2.0]])
    for kept in reversed(layer.kept):
        _, dc = layers.lstm_cell_backward(np.zeros((1, 2)), dc, kept)
    np.testing.assert_allclose(dc, [[1, 2]])


def test_causal_attention_sees_no_later_position():
    rng = np.random.default_rng(0)
    X, layer = rng.normal(size=(2, 5, 4)), MultiHeadAttention(4, 2, causal=True)
    Y, later = layer.forward(X), X.copy()
    later[:, 3:] += 1
    changed = (layer.forward(later) != Y).any(axis=(0, 2))
    np.testing.assert_array_equal(changed, [False, False, False, True, True])
    everything = MultiHeadAttention(4, 2)
    assert (everything.forward(later) != everything.forward(X)).all()


def test_a_transformer_looks_back_only_unless_it_is_told():
    tokens = np.array([[0, 1, 2, 3]])
    other = np.array([[0, 1, 2, 4]])
    for told, sees in ({}, False), ({"causal": True}, False), ({"causal": False}, True):
        model = Transformer(5, 4, 4, 2, **told)
        moved = np.abs(model.forward(tokens) - model.forward(other))[0, :-1].max()
        assert bool(moved > 1e-6) is sees


def test_a_masked_key_gets_no_gradient():
    rng = np.random.default_rng(0)
    Q, K, V, G = (rng.normal(size=(3, 4)) for _ in range(4))
    mask = np.array([True, False, True])
    Y, P = layers.attention(Q, K, V, mask)
    assert not P[:, 1].any()
    np.testing.assert_allclose(P.sum(axis=-1), 1)
    _, dK, dV = layers.attention_backward(G, P, Q, K, V)
    assert not dK[1].any()
    assert not dV[1].any()
    assert dK[[0, 2]].all()


def test_pre_norm_passes_the_gradient_untouched_and_post_norm_does_not():
    """With dead attention and a dead MLP a pre-norm block is the identity, and a post-norm block normalizes twice."""
    rng = np.random.default_rng(0)
    X, G = rng.normal(size=(2, 3, 4)), rng.normal(size=(2, 3, 4))
    for norm in "pre", "post":
        block = Block(4, 2, norm=norm)
        block.attention.Wo[:], block.mlp.layers[2].W[:] = 0, 0
        Y, dX = block.forward(X), block.backward(G)
        assert np.array_equal(Y, X) == np.array_equal(dX, G) == (norm == "pre")


# --- weights by name, tied, and trained ---------------------------------------------------------------------------


def test_parameters_have_the_names_by_which_python_reaches_them():
    model = Transformer(5, 4, 6, 2, blocks=2)
    found = named_parameters(model)
    assert len(found) == 2 + 2 * 12 + 2
    names = list(found)
    assert names[:3] == ["embedding.W", "positions.W", "blocks[0].norm1.gamma"]
    assert {"blocks[0].attention.Wq", "blocks[1].mlp.layers[2].b", "norm.beta"} <= set(names)
    for name, (array, gradient) in found.items():
        assert eval(f"model.{name}") is array
        assert gradient is None
    assert model.blocks[0].mlp.layers[0].W.shape == (6, 24)  # four times as wide inside
    assert list(named_parameters(Linear(2, 3))) == ["W", "b"]
    assert list(named_parameters(Sequential(Residual(Linear(2, 2)))))[0] == "layers[0].inner.W"
    assert [name for name, _ in named_modules(Residual(Linear(2, 2)))] == ["", "inner"]


@pytest.mark.parametrize(
    "layer, shapes",
    [
        (Linear(2, 3), {"W": (2, 3), "b": (3,)}),
        (LayerNorm(3), {"gamma": (3,), "beta": (3,)}),
        (RMSNorm(3), {"gamma": (3,)}),
        (BatchNorm(3), {"gamma": (3,), "beta": (3,)}),
        (Embedding(5, 3), {"W": (5, 3)}),
        (Positions(5, 3), {"W": (5, 3)}),
        (Conv2d(2, 3, (4, 5)), {"W": (4, 5, 2, 3), "b": (3,)}),
        (RNN(2, 3), {"Wx": (2, 3), "Wh": (3, 3), "b": (3,)}),
        (LSTM(2, 3), {"Wx": (2, 12), "Wh": (3, 12), "b": (12,)}),
        (MultiHeadAttention(4, 2), dict.fromkeys(("Wq", "Wk", "Wv", "Wo"), (4, 4))),
        (
            layers.feed_forward(3),
            {"layers[0].W": (3, 12), "layers[0].b": (12,), "layers[2].W": (12, 3), "layers[2].b": (3,)},
        ),
        (
            layers.feed_forward(3, 5),
            {"layers[0].W": (3, 5), "layers[0].b": (5,), "layers[2].W": (5, 3), "layers[2].b": (3,)},
        ),
    ],
    ids=lambda given: type(given).__name__ if hasattr(given, "names") else "",
)
def test_parameters_have_the_shapes_that_the_texts_name(layer, shapes):
    assert {name: array.shape for name, (array, _) in named_parameters(layer).items()} == shapes


def test_train_reaches_every_layer_inside():
    dropout, norm = Dropout(0.5), BatchNorm(2)
    model = Sequential(Linear(2, 2), Residual(Sequential(dropout, norm)))
    train(model, False)
    assert (dropout.training, norm.training) == (False, False)
    train(model)
    assert (dropout.training, norm.training) == (True, True)
    assert not hasattr(model.layers[0], "training")


def test_tied_weights_have_one_gradient_the_sum_of_both_uses():
    """The numeric gradient of the shared array, each half alone being wrong; and the optimizer meets it once."""
    rng = np.random.default_rng(0)
    embedding = Embedding(5, 3, seed=1)
    layer = Sequential(embedding, Linear(3, 3, seed=2), Unembedding(embedding))
    tokens, G = rng.integers(5, size=(2, 4)), rng.normal(size=(2, 4, 5))

    def loss(W):
        embedding.W[:] = W
        return (G * layer.forward(tokens)).sum()

    W = embedding.W.copy()
    numeric = central_difference(loss, W)
    embedding.W[:] = W
    layer.forward(tokens)
    layer.backward(G)
    found = named_parameters(layer)
    assert list(found) == ["layers[0].W", "layers[1].W", "layers[1].b"]
    array, gradient = found["layers[0].W"]
    assert array is embedding.W
    assert distance(gradient, numeric, 1) < 1e-8
    assert distance(gradient, embedding.dW + layer.layers[2].dW, 1) < 1e-15
    for half in embedding.dW, layer.layers[2].dW:
        assert distance(half, numeric, 1) > 0.1
    assert len(parameters(layer)) == 3


def test_two_layers_may_share_an_array():
    first, second = Linear(3, 3, seed=1), Linear(3, 3, seed=2)
    second.W = first.W
    layer, X = Sequential(first, Activation("tanh"), second), np.random.default_rng(0).normal(size=(4, 3))
    assert [gradient for _, gradient in parameters(layer)] == [None, None, None]
    second.dW = np.ones((3, 3))  # one of the two is still missing
    assert named_parameters(layer)["layers[0].W"][1] is None
    assert check_gradients(Model(layer, "mse"), X, X[::-1]).ok


def test_gradient_norms_are_those_of_each_part():
    grads = {
        "embedding.W": np.array([3.0, 4.0]),
        "blocks[0].a.W": np.array([1.0]),
        "blocks[0].b": np.array([[2.0, 2.0]]),
    }
    assert gradient_norms(grads) == {"embedding": 5.0, "blocks[0]": 3.0}


def repeat(rng, samples, k=3):
    """Repeat the token seen k steps ago; before there is one, the label is ignored."""
    X = rng.integers(8, size=(samples, 12))
    Y = np.full_like(X, -100)
    Y[:, k:] = X[:, :-k]
    return X, Y


@pytest.mark.parametrize("norm", ["pre", "post"])
def test_a_two_block_transformer_passes_the_check_and_learns_to_repeat(norm):
    rng, model = np.random.default_rng(0), Model(Transformer(8, 12, 16, 2, norm=norm, seed=1))
    report = check_gradients(model, *repeat(rng, 2), limit=3)
    assert report.ok, report
    assert len(report.rows) == len(model.parameters())

    rule, (X, Y) = Adam(1e-2), repeat(rng, 32)
    before = model.loss(model.forward(X), Y)
    for _ in range(130):
        X_new, Y_new = repeat(rng, 32)
        rule.update(model, model.backward(model.forward(X_new), Y_new))
    logits = model.forward(X)
    assert before > 2
    assert model.loss(logits, Y) < 0.1
    assert (logits.argmax(axis=-1) == Y)[Y != -100].mean() > 0.99


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_gradients_of_later_blocks_are_smaller_with_pre_norm_and_larger_with_post_norm(seed):
    """In 12 blocks before training (Xiong et al., 2020), by the second half of the blocks against the first."""
    X, Y = repeat(np.random.default_rng(0), 32)
    ratio = {}
    for norm in "pre", "post":
        model = Model(Transformer(8, 12, 16, 2, blocks=12, norm=norm, seed=seed))
        norms = gradient_norms(model.backward(model.forward(X), Y))
        blocks = [norms[f"blocks[{i}]"] for i in range(12)]
        ratio[norm] = sum(blocks[6:]) / sum(blocks[:6])
    assert ratio["pre"] < 0.8
    assert ratio["post"] > 1.1


def test_the_update_rules_take_a_model_of_layers():
    """SGD by hand is the same, a tied array moves once, and a gradient that is missing changes nothing."""
    rng, model = np.random.default_rng(0), Model(Transformer(5, 4, 4, 2, blocks=1))
    X = rng.integers(5, size=(2, 4))
    grads = model.backward(model.forward(X), X)
    before = {name: array.copy() for name, array in model.parameters().items()}
    SGD(0.1).update(model, grads)
    for name, array in model.parameters().items():
        np.testing.assert_array_equal(array, before[name] - 0.1 * grads[name])
    after = {name: array.copy() for name, array in model.parameters().items()}
    with pytest.raises(ValueError, match=r"grads\.norm\.beta is None: it was never computed"):
        SGD(0.1).update(model, grads | {"norm.beta": None})
    with pytest.raises(TypeError, match=r"grads is a list .*but should be what the network\'s own backward returned"):
        SGD(0.1).update(model, list(grads))
    for name, array in model.parameters().items():
        np.testing.assert_array_equal(array, after[name])
