"""The network's forward pass, loss and gradients against independent oracles, and what it promises about memory."""

import ast
import io
import subprocess
import sys
import tokenize
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import Problem, autograd_gradients, complex_step_gradients, distance

import backprop
from backprop import MLP, SGD
from backprop.activations import ACTIVATIONS
from backprop.losses import HEADS

KINKED = ("relu", "leaky_relu")
INITS = ("xavier", "he", "lecun", "normal", "zeros", "own")
DTYPES = (np.float64, np.float32)

# The floors are the rounding of sums whose terms are of size 1 to 20: 1e-10 · 1e-4 is 50 units in the last place of 1
# in float64, 1e-4 · 1e-2 is 10 in float32. An array of a smaller norm has cancelled or saturated below that.
TOLERANCE, FLOOR = {np.float64: 1e-10, np.float32: 1e-4}, {np.float64: 1e-4, np.float32: 1e-2}


def targets(loss, output, shape, rng):
    """Targets that fit: any reals where the output may be any, else soft probabilities."""
    if loss == "mse" and output == "identity":
        return rng.normal(size=shape)
    Y = rng.uniform(size=shape)
    return Y / Y.sum(axis=0) if output == "softmax" else Y


def well_placed(net, X):
    """Is every |z| below 20 (extremes have tests of their own), and off the kinks by more than rounding?"""
    z = net.forward(X).z
    margin = 1e-7 if net.dtype == np.float64 else 1e-4
    off_kinks = net.hidden not in KINKED or all(np.abs(z_l).min() > margin for z_l in z[1:-1])
    return off_kinks and all(np.abs(z_l).max() < 20 for z_l in z[1:])


def build(sizes, hidden, pair, *, init="own", batch, seed, dtype=np.float64):
    """A network with biases that are not zero (zeros mask wrong gradients), and a well placed batch for it."""
    rng = np.random.default_rng(seed)
    loss, output = pair
    own = [rng.uniform(-1.5, 1.5, size=shape) for shape in zip(sizes[1:], sizes[:-1])]
    net = MLP(
        sizes,
        hidden=hidden,
        loss=loss,
        output=output,
        init=own if init == "own" else init,
        scale=0.7,
        seed=seed,
        dtype=dtype,
    )
    X, spread = np.full((sizes[0], batch), np.inf), 1.0
    while np.isinf(X).any() or not well_placed(net, X):
        for b in net.b[1:]:
            b[...] = rng.normal(scale=spread, size=b.shape)
        X = rng.normal(scale=spread, size=(sizes[0], batch)).astype(dtype)
        spread *= 0.95
    return net, X, targets(loss, output, (sizes[-1], batch), rng).astype(dtype)


@st.composite
def problems(draw):
    """A network of any legal make, and a batch for it."""
    loss, output = draw(st.sampled_from(list(HEADS)))
    sizes = draw(st.lists(st.integers(1, 8), min_size=2, max_size=6))
    if output == "softmax":
        sizes[-1] = draw(st.integers(2, 8))
    return build(
        sizes,
        draw(st.sampled_from(list(ACTIVATIONS))),
        (loss, output),
        init=draw(st.sampled_from(INITS)),
        batch=draw(st.integers(1, 7)),
        seed=draw(st.integers(0, 2**32 - 1)),
        dtype=draw(st.sampled_from(DTYPES)),
    )


def demand_agreement(net, X, Y, oracle):
    """𝓛 and every δ, dW, db of `net` agree with the oracle's."""
    trace = net.forward(X)
    grads, want = net.backward(trace, Y), oracle(Problem.of(net, X, Y))
    kind = net.dtype.type
    assert distance(net.loss(trace, Y), want.loss, FLOOR[kind]) < TOLERANCE[kind]
    for name in ("delta", "W", "b"):
        got = getattr(grads, name)
        assert len(got) == net.L + 1
        assert got[0] is None
        for l in range(1, net.L + 1):
            assert distance(got[l], getattr(want, name)[l], FLOOR[kind]) < TOLERANCE[kind], f"{name}[{l}]"


@settings(max_examples=250, deadline=None, derandomize=True)
@given(problems())
def test_gradients_agree_with_autograd(problem):
    demand_agreement(*problem, autograd_gradients)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(problems())
def test_gradients_agree_with_complex_steps(problem):
    demand_agreement(*problem, complex_step_gradients)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("pair", HEADS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_every_hidden_activation_with_every_head(hidden, pair, dtype):
    """Hypothesis may leave a combination out; this leaves out none."""
    for oracle, init in (autograd_gradients, "own"), (complex_step_gradients, "he"):
        demand_agreement(*build([3, 5, 4, 2], hidden, pair, init=init, batch=6, seed=7, dtype=dtype), oracle)


def test_one_step_by_hand():
    """A 1-1-1 network worked on paper: z¹ = 2·1 − 1 = 1, z² = 3·1 + 0.5 = 3.5, δ² = 3.5 − 1, δ¹ = 3 δ²."""
    net = MLP([1, 1, 1], hidden="identity", init=[[[2.0]], [[3.0]]])
    net.b[1][:], net.b[2][:] = -1.0, 0.5
    X, Y = np.array([[1.0]]), np.array([[1.0]])
    trace = net.forward(X)
    assert (trace.z[1].item(), trace.z[2].item(), trace.output.item()) == (1.0, 3.5, 3.5)
    assert net.loss(trace, Y) == 3.125
    grads = net.backward(trace, Y)
    assert [d.item() for d in grads.delta[1:]] == [7.5, 2.5]
    assert [d.item() for d in grads.W[1:]] == [7.5, 2.5]
    assert [d.item() for d in grads.b[1:]] == [7.5, 2.5]
    SGD(eta=0.1).update(net, grads)
    np.testing.assert_allclose([w.item() for w in net.W[1:] + net.b[1:]], [1.25, 2.75, -1.75, 0.25], rtol=1e-15)


def test_the_trace_is_the_forward_pass():
    net, X, Y = build([3, 5, 2], "tanh", ("bce", "sigmoid"), batch=4, seed=1)
    trace = net.forward(X)
    assert trace.z[0] is None
    assert trace.a[0] is X
    assert trace.output is trace.a[2]
    assert (len(trace.z), len(trace.a)) == (3, 3)
    for k in range(4):  # one sample at a time, one neuron at a time
        a = X[:, k]
        for l in (1, 2):
            z = [sum(net.W[l][j, i] * a[i] for i in range(len(a))) + net.b[l][j, 0] for j in range(net.sizes[l])]
            a = [np.tanh(v) if l == 1 else 1 / (1 + np.exp(-v)) for v in z]
            np.testing.assert_allclose(trace.z[l][:, k], z, rtol=1e-13)
            np.testing.assert_allclose(trace.a[l][:, k], a, rtol=1e-13)
    assert isinstance(net.loss(trace, Y), float)


@pytest.mark.parametrize("pair", HEADS)
def test_a_batch_is_the_mean_of_its_samples(pair):
    """The 1/B stands once, in δ^L: a batch's gradient is the mean of the gradients of its samples alone."""
    net, X, Y = build([3, 4, 2], "silu", pair, batch=5, seed=3)
    whole = net.backward(net.forward(X), Y)
    alone = [net.backward(net.forward(X[:, [k]]), Y[:, [k]]) for k in range(5)]
    for l in (1, 2):
        np.testing.assert_allclose(whole.W[l], np.mean([g.W[l] for g in alone], axis=0), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(whole.b[l], np.mean([g.b[l] for g in alone], axis=0), rtol=1e-12, atol=1e-15)
        columns = np.hstack([g.delta[l] for g in alone])
        np.testing.assert_allclose(whole.delta[l], columns / 5, rtol=1e-12, atol=1e-15)
    losses = [net.loss(net.forward(X[:, [k]]), Y[:, [k]]) for k in range(5)]
    np.testing.assert_allclose(net.loss(net.forward(X), Y), np.mean(losses), rtol=1e-13)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", [np.int64, np.int32, np.uint8])
def test_labels_are_one_hot_columns(kind, dtype):
    net, X, _ = build([3, 4, 5], "tanh", ("cross_entropy", "softmax"), batch=7, seed=5, dtype=dtype)
    labels = np.array([0, 4, 2, 2, 1, 3, 0], dtype=kind)
    columns = np.eye(5)[:, labels]
    trace = net.forward(X)
    assert net.loss(trace, labels) == net.loss(trace, columns)
    assert net.loss(trace, labels.tolist()) == net.loss(trace, columns)
    by_label, by_column = net.backward(trace, labels), net.backward(trace, columns)
    for got, want in zip(by_label.W[1:] + by_label.b[1:], by_column.W[1:] + by_column.b[1:]):
        np.testing.assert_array_equal(got, want)


def test_at_the_kink_the_slope_is_that_of_the_left():
    """z = 0 exactly: ReLU'(0) = 0 and LeakyReLU'(0) = 0.01, as the course says."""
    for hidden, slope in ("relu", 0.0), ("leaky_relu", 0.01):
        net = MLP([1, 1, 1], hidden=hidden, init=[[[1.0]], [[1.0]]])
        grads = net.backward(net.forward([[0.0]]), [[-1.0]])
        assert grads.delta[2].item() == 1.0
        assert grads.delta[1].item() == slope


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("pair", HEADS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("batch", [1, 5])
def test_dtype_memory_and_inputs(hidden, pair, batch, dtype):
    """Everything keeps the network's dtype, no gradient shares memory with anything, and nothing given is changed."""
    net, X, Y = build([3, 4, 3, 2], hidden, pair, batch=batch, seed=11, dtype=dtype)
    kept = [array.copy() for array in (X, Y, *net.W[1:], *net.b[1:])]
    trace = net.forward(X)
    forward = [array.copy() for array in trace.z[1:] + trace.a]
    grads = net.backward(trace, Y)
    net.loss(trace, Y)

    made = grads.delta[1:] + grads.W[1:] + grads.b[1:]
    had = trace.z[1:] + trace.a + net.W[1:] + net.b[1:] + [X, Y]
    assert all(array.dtype == dtype for array in made + had)
    assert all(array.shape == like.shape for array, like in zip(grads.W[1:] + grads.b[1:], net.W[1:] + net.b[1:]))
    for array, other in product(made, had):
        assert not np.shares_memory(array, other)
    for i, array in enumerate(made):
        assert not any(np.shares_memory(array, other) for other in made[:i])
    for l in range(1, 4):
        assert not np.shares_memory(trace.z[l], trace.a[l])
    for array, copy in zip([X, Y, *net.W[1:], *net.b[1:]], kept):
        np.testing.assert_array_equal(array, copy)
    for array, copy in zip(trace.z[1:] + trace.a, forward):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", [np.int64, np.uint8, bool, np.float32, np.float64])
def test_input_of_another_dtype_is_converted(kind, dtype):
    net = MLP([2, 3, 1], loss="bce", dtype=dtype)
    X, Y = np.array([[0, 0, 1, 1], [0, 1, 0, 1]], dtype=kind), np.array([[0, 1, 1, 0]], dtype=kind)
    trace = net.forward(X)
    assert trace.a[0].dtype == dtype
    assert trace.output.dtype == dtype
    want = net.backward(net.forward(X.astype(dtype)), Y.astype(dtype))
    np.testing.assert_array_equal(net.backward(trace, Y).W[1], want.W[1])


def test_lists_and_array_likes_will_do():
    class Table:
        """As pandas' DataFrame is: no array, but it becomes one."""

        def __array__(self, dtype=None, copy=None):
            return np.array([[0.0, 1.0], [1.0, 0.5]], dtype=dtype)

    net = MLP([2, 1])
    np.testing.assert_array_equal(net.forward(Table()).output, net.forward([[0, 1], [1, 0.5]]).output)
    assert net.loss(net.forward(Table()), [[1, 2]]) >= 0


def test_read_only_and_strided_inputs():
    net, X, Y = build([3, 4, 2], "tanh", ("mse", "identity"), batch=6, seed=2)
    want = net.backward(net.forward(X), Y)
    wide = np.repeat(X, 2, axis=1)[:, ::2]
    turned = np.ascontiguousarray(X.T).T
    frozen = X.copy()
    frozen.flags.writeable = False
    for same in wide, turned, frozen:
        got = net.backward(net.forward(same), Y)
        np.testing.assert_allclose(got.W[1], want.W[1], rtol=1e-13)


def test_seeds():
    def same(one, other):
        return all(np.array_equal(v, w) for v, w in zip(one.W[1:], other.W[1:]))

    assert same(MLP([3, 4, 2], seed=5), MLP([3, 4, 2], seed=5))
    assert same(MLP([3, 4, 2]), MLP([3, 4, 2], seed=0))
    assert not same(MLP([3, 4, 2], seed=5), MLP([3, 4, 2], seed=6))
    assert not same(MLP([3, 4, 2], seed=None), MLP([3, 4, 2], seed=None))
    drawn = np.random.default_rng(5).standard_normal((4, 3))  # row by row, so that a seed means the same for ever
    np.testing.assert_array_equal(MLP([3, 4, 2], init="normal", seed=5).W[1], drawn)
    rng = np.random.default_rng(1)
    first, second = MLP([3, 4, 2], seed=rng), MLP([3, 4, 2], seed=rng)
    assert same(first, MLP([3, 4, 2], seed=1))
    assert not same(first, second)
    state = np.random.get_state()[1].copy()
    MLP([3, 4, 2], seed=5)
    np.testing.assert_array_equal(np.random.get_state()[1], state)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("init", "variance"),
    [("xavier", 2 / 500), ("he", 2 / 300), ("lecun", 1 / 300), ("normal", 0.3**2), ("zeros", 0.0)],
)
def test_initial_variance(init, variance, dtype):
    """60,000 entries: their variance is known to 0.6% and their mean to σ/245 (one standard deviation each)."""
    net = MLP([300, 200], init=init, scale=0.3, seed=4, dtype=dtype)
    W = net.W[1].astype(np.float64)
    assert net.W[1].dtype == dtype
    assert net.W[1].shape == (200, 300)
    assert abs(W.var() - variance) <= 4 * 0.006 * variance
    assert abs(W.mean()) <= 4 * np.sqrt(variance) / 245
    if variance:
        assert abs((W**4).mean() / W.var() ** 2 - 3) < 0.1  # a normal's kurtosis; a uniform's would be 1.8
    assert not net.b[1].any()
    assert net.W[0] is None
    assert net.b[0] is None


def test_scale_counts_for_normal_alone():
    np.testing.assert_array_equal(MLP([3, 2], scale=5.0).W[1], MLP([3, 2]).W[1])
    np.testing.assert_allclose(MLP([3, 2], init="normal", scale=5.0).W[1], 5 * MLP([3, 2], init="normal").W[1])


@pytest.mark.parametrize("dtype", DTYPES)
def test_own_arrays_are_copied(dtype):
    arrays = [np.ones((3, 2)), np.full((1, 3), 2.0)]
    for init in (arrays, [None, *arrays], [a.tolist() for a in arrays], tuple(arrays)):
        net = MLP([2, 3, 1], init=init, dtype=dtype)
        assert [w.dtype for w in net.W[1:]] == [dtype, dtype]
        net.W[1] += 1
        net.W[2] += 1
        assert (net.W[1] == 2).all()
    assert (arrays[0] == 1).all()
    assert (arrays[1] == 2).all()


def test_init_of_one_network_is_anothers_weights():
    net = MLP([2, 3, 1], seed=3)
    twin = MLP([2, 3, 1], init=net.W)
    np.testing.assert_array_equal(net.W[1], twin.W[1])
    assert not np.shares_memory(net.W[1], twin.W[1])


def test_what_they_print():
    net = MLP([2, 3, 1], hidden="relu", loss="bce", dtype=np.float32)
    assert repr(net) == ("MLP([2, 3, 1], hidden='relu', output='sigmoid', loss='bce', dtype=float32): 13 parameters")
    trace = net.forward([[0, 1], [1, 0]])
    assert repr(trace) == "Trace(a[0] (2, 2), a[1] (3, 2), a[2] (1, 2))"
    assert repr(net.backward(trace, [[0, 1]])) == "Gradients(W[1] (3, 2), b[1] (3, 1), W[2] (1, 3), b[2] (1, 1))"


def test_it_learns_xor():
    """The whole loop, on the problem no single layer can solve."""
    X, Y = np.array([[0, 0, 1, 1], [0, 1, 0, 1]]), np.array([[0, 1, 1, 0]])
    net, rule = MLP([2, 4, 1], loss="bce", seed=1), SGD(eta=1.0)
    for _ in range(1000):
        rule.update(net, net.backward(net.forward(X), Y))
    np.testing.assert_array_equal(net.forward(X).output.round(), Y)
    assert net.loss(net.forward(X), Y) < 0.05


# --- the house --------------------------------------------------------------------------------------------------

CORE = Path(backprop.__file__).parent


def code_lines(source):
    """How many lines hold code: no comment, no blank line, no docstring."""
    docstrings = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            docstrings.update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    trivia = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in trivia:
            lines.update(range(token.start[0], token.end[0] + 1))
    return len(lines - docstrings)


def test_code_lines_counts_code():
    assert (
        code_lines('"""Doc."""\n\n# note\ndef f(x):\n    """Doc\n    more."""\n    return (\n        x\n    )\n') == 4
    )


def test_what_the_learner_reads_is_short():
    """Five modules, near 400 lines together: who wants to may read them all in an evening."""
    modules = "activations", "losses", "network", "optimizers", "gradcheck"
    count = {name: code_lines((CORE / f"{name}.py").read_text(encoding="utf-8")) for name in modules}
    assert sum(count.values()) <= 400, count


def test_importing_the_core_loads_numpy_and_no_teaching_room():
    """In a fresh process, so that nothing else has loaded them; the data sets count as core too."""
    script = "import sys, backprop, backprop.data; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert {"backprop", "numpy"} <= set(loaded)
    assert not {"matplotlib", "ipywidgets", "IPython", "anywidget", "scipy", "autograd"} & set(loaded)


# --- parameters by name -------------------------------------------------------------------------------------------


def test_parameters_and_gradients_have_the_same_names_in_the_order_of_the_layers():
    net, X, Y = MLP([2, 3, 1]), np.ones((2, 4)), np.zeros((1, 4))
    grads = net.backward(net.forward(X), Y)
    assert list(net.parameters()) == list(grads.by_name()) == ["W[1]", "b[1]", "W[2]", "b[2]"]
    for l in 1, 2:
        assert net.parameters()[f"W[{l}]"] is net.W[l]
        assert net.parameters()[f"b[{l}]"] is net.b[l]
        assert grads.by_name()[f"W[{l}]"] is grads.W[l]
        assert grads.by_name()[f"b[{l}]"] is grads.b[l]


def test_a_rule_takes_gradients_by_name_as_it_takes_lists():
    """So gradients can be clipped or added up in a loop over names. A name that is missing changes nothing."""
    X, Y = np.array([[0.5, -1.0], [2.0, 0.3]]), np.array([[1.0, 0.0]])
    listed, named = MLP([2, 3, 1], seed=1), MLP([2, 3, 1], seed=1)
    grads = listed.backward(listed.forward(X), Y)
    SGD(0.5).update(listed, grads)
    rest = {name: g for name, g in grads.by_name().items() if name != "b[2]"}
    with pytest.raises(ValueError, match=r"grads\.b\[2\] is None: it was never computed"):
        SGD(0.5).update(named, rest)
    with pytest.raises(TypeError, match=r"grads is a dict without W\[1\]"):
        SGD(0.5).update(named, {"W1": grads.W[1]})
    SGD(0.5).update(named, grads.by_name())
    for name, p in listed.parameters().items():
        np.testing.assert_array_equal(named.parameters()[name], p)


def test_a_copy_in_another_dtype_computes_in_it():
    net = MLP([2, 3, 1], seed=2)
    twin = net.astype(np.float32)
    assert {p.dtype for p in twin.parameters().values()} == {np.dtype(np.float32)}
    assert twin.forward(np.ones((2, 1))).output.dtype == np.float32
    assert {p.dtype for p in net.parameters().values()} == {np.dtype(np.float64)}
    back = twin.astype(np.float64)
    for name, p in back.parameters().items():
        np.testing.assert_array_equal(p, net.parameters()[name].astype(np.float32))
    with pytest.raises(ValueError, match="dtype is int64"):
        net.astype(int)
