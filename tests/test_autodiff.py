"""Both modes of automatic differentiation against HIPS autograd, complex steps, closed forms, and each other.

The same random function runs on Dual, on Var, in autograd and in complex numbers. The last two share nothing with
the package, and the two modes must agree with them and with each other.
"""

# ruff: noqa: E731 - a function that is built is best seen in one line

import time
from types import SimpleNamespace

import autograd
import autograd.numpy as anp
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from oracles import COMPLEX_ACTIVATIONS, ROWS_ACTIVATIONS, STEP, distance

from backprop import MLP
from backprop import autodiff as ad

# Values stay below 50 and the derivatives of what is built here below some thousands, so a term's rounding stays
# below 1e-12 = TOLERANCE · FLOOR, which is what is asked where terms cancel.
TOLERANCE, FLOOR = 1e-10, 1e-2

OURS = ad
PLAIN = SimpleNamespace(
    exp=np.exp, log=np.log, sin=np.sin, tanh=np.tanh, **{k: getattr(ad, k) for k in ("sigmoid", "relu")}
)
AUTOGRAD = SimpleNamespace(
    exp=anp.exp, log=anp.log, sin=anp.sin, **{k: ROWS_ACTIVATIONS[k] for k in ("tanh", "sigmoid", "relu")}
)
COMPLEX = SimpleNamespace(
    exp=np.exp, log=np.log, sin=np.sin, **{k: COMPLEX_ACTIVATIONS[k] for k in ("tanh", "sigmoid", "relu")}
)

# One step of a random function: a and b are earlier results, c a constant array, k a number drawn for the step. What
# could leave its domain or grow is tamed by a second operation.
UNARY = {
    "exp": lambda ns, a, k: ns.exp(ns.sin(a)),
    "log": lambda ns, a, k: ns.log(a * a + 1.2),
    "sin": lambda ns, a, k: ns.sin(a),
    "tanh": lambda ns, a, k: ns.tanh(a),
    "sigmoid": lambda ns, a, k: ns.sigmoid(a),
    "relu": lambda ns, a, k: ns.relu(a),
    "negative": lambda ns, a, k: -a,
    "transpose": lambda ns, a, k: a.T,
    "whole power": lambda ns, a, k: a ** (k % 4),
    "real power": lambda ns, a, k: (a * a + 0.5) ** (-1, -0.5, 0.5, 2.5)[k % 4],
    "twice": lambda ns, a, k: a + a,
    "squared": lambda ns, a, k: a * a,
    "gram": lambda ns, a, k: a.T @ a if k % 2 else a @ a.T,
}
BINARY = {
    "add": lambda ns, a, b: a + b,
    "subtract": lambda ns, a, b: a - b,
    "multiply": lambda ns, a, b: a * b,
    "divide": lambda ns, a, b: a / (b * b + 1.5),
}
CONSTANT = {
    "a + c": lambda ns, a, c: a + c,
    "c + a": lambda ns, a, c: c + a,
    "a - c": lambda ns, a, c: a - c,
    "c - a": lambda ns, a, c: c - a,
    "a * c": lambda ns, a, c: a * c,
    "c * a": lambda ns, a, c: c * a,
    "a / c": lambda ns, a, c: a / (abs(c) + 0.5),
    "c / a": lambda ns, a, c: c / (a * a + 1.5),
}
PRODUCTS = ("a @ b", "a @ c", "c @ a")
OPERATIONS = (*UNARY, *BINARY, *CONSTANT, *PRODUCTS, "sum")


def fits(a, b):
    try:
        np.broadcast_shapes(a.shape, b.shape)
    except ValueError:
        return False
    return True


def random_step(name, values, rng):
    """One step as a function of (namespace, earlier results), with operands that fit; None if there are none."""

    def one_of(candidates):
        return candidates[int(rng.integers(len(candidates)))] if candidates else None

    wanted = 2 if name in ("gram", *PRODUCTS) else 0  # matmul takes matrices
    i, k, step = one_of([j for j, v in enumerate(values) if wanted in (0, v.ndim)]), int(rng.integers(8)), None
    if i is None:
        return None
    a = values[i]
    if name in UNARY:
        if name != "relu" or np.abs(a).min() > 1e-6:  # at the kink there is nothing to compare
            step = lambda ns, pool: UNARY[name](ns, pool[i], k)
    elif name in CONSTANT:
        c = rng.normal(size=(a.shape, (), (1,), a.shape[-1:], (2, *a.shape))[k % 5])
        step = lambda ns, pool: CONSTANT[name](ns, pool[i], c)
    elif name in BINARY:
        j = one_of([j for j, v in enumerate(values) if fits(a, v)])
        step = lambda ns, pool: BINARY[name](ns, pool[i], pool[j])
    elif name == "a @ b":
        j = one_of([j for j, v in enumerate(values) if v.ndim == 2 and len(v) == a.shape[1]])
        step = None if j is None else lambda ns, pool: pool[i] @ pool[j]
    elif name == "a @ c":
        c = rng.normal(size=(a.shape[1], 3))
        step = lambda ns, pool: pool[i] @ c
    elif name == "c @ a":
        c = rng.normal(size=(2, a.shape[0]))
        step = lambda ns, pool: c @ pool[i]
    else:
        everything, but_last = tuple(range(a.ndim)), tuple(range(-2, -a.ndim - 1, -1))
        axis = one_of([None, *range(-a.ndim, a.ndim), *(axes for axes in (everything, but_last) if axes)])
        step = lambda ns, pool: pool[i].sum(axis=axis, keepdims=k % 2 == 1)
    return step


@st.composite
def functions(draw):
    """(function of a namespace, inputs): inputs of shapes that broadcast, then up to ten random steps."""
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    shapes = draw(st.lists(st.sampled_from([(n, m), (n, 1), (1, m), (m,), (), (1, 1)]), min_size=1, max_size=3))
    names = draw(st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=10))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    xs = [rng.normal(size=shape) for shape in shapes]
    values, steps = list(xs), []
    for name in names:
        step = random_step(name, values, rng)
        value = None if step is None else np.asarray(step(PLAIN, values))
        if value is not None and np.abs(value).max() < 50 and value.ndim < 4:
            steps.append(step)
            values.append(value)
    assume(steps)

    def of(ns):
        def f(*xs):
            pool = list(xs)
            for step in steps:
                pool.append(step(ns, pool))
            return pool[-1]

        return f

    return of, xs, rng


def directional(f, xs, vs):
    """J v by one complex step along v: Im f(x + ihv) / h."""
    return np.imag(f(*(x + 1j * STEP * v for x, v in zip(xs, vs)))) / STEP


def demand(got, want):
    assert distance(got, want, FLOOR) < TOLERANCE


@settings(max_examples=250, deadline=None, derandomize=True)
@given(functions())
def test_vjp_agrees_with_autograd(problem):
    of, xs, rng = problem
    value, pull_back = ad.vjp(of(OURS), *xs)
    want = of(PLAIN)(*xs)
    np.testing.assert_allclose(value, want, rtol=1e-12, atol=1e-13)
    g = rng.normal(size=np.shape(want))
    with np.errstate(over="ignore"):
        oracle = autograd.grad(lambda xs: anp.sum(g * of(AUTOGRAD)(*xs)))(tuple(xs))
    got = pull_back(g)
    assert len(got) == len(xs)
    for gradient, expected, x in zip(got, oracle, xs):
        assert gradient.shape == x.shape
        demand(gradient, expected)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(functions())
def test_vjp_and_jvp_agree_with_complex_steps_and_with_each_other(problem):
    """J v by forward mode is J v by a complex step, and g · (J v) = (Jᵀ g) · v: one J behind both modes."""
    of, xs, rng = problem
    vs = [rng.normal(size=x.shape) for x in xs]
    _, pull_back = ad.vjp(of(OURS), *xs)
    moved = directional(of(COMPLEX), xs, vs)
    pushed = 0.0
    for i, (x, v) in enumerate(zip(xs, vs)):
        value, tangent = ad.jvp(lambda x, i=i: of(OURS)(*xs[:i], x, *xs[i + 1 :]), x, v)
        assert tangent.shape == value.shape == moved.shape
        demand(tangent, directional(of(COMPLEX), xs, [v if j == i else 0 * w for j, w in enumerate(vs)]))
        pushed = pushed + tangent
    demand(pushed, moved)
    g = rng.normal(size=moved.shape)
    demand(sum((gradient * v).sum() for gradient, v in zip(pull_back(g), vs)), (g * pushed).sum())


@settings(max_examples=60, deadline=None, derandomize=True)
@given(functions())
def test_forward_mode_gives_the_columns_and_reverse_mode_the_rows(problem):
    of, (x, *rest), _ = problem
    f = lambda x: of(OURS)(x, *rest)
    value, pull_back = ad.vjp(f, x)
    units = np.eye(x.size).reshape(x.size, *x.shape)
    columns = np.stack([ad.jvp(f, x, unit)[1].ravel() for unit in units], axis=1)
    rows = np.stack([pull_back(unit)[0].ravel() for unit in np.eye(value.size).reshape(value.size, *value.shape)])
    steps = [directional(of(COMPLEX), [x, *rest], [unit, *(0 * r for r in rest)]).ravel() for unit in units]
    demand(columns, np.stack(steps, axis=1))
    demand(rows, columns)


# --- each primitive alone ---------------------------------------------------------------------------------------

X = np.array([[0.3, -1.2, 2.0], [0.7, -0.4, 1.1]])
POSITIVE = np.abs(X)
CLOSED = [
    (ad.exp, X, np.exp(X)),
    (ad.log, POSITIVE, 1 / POSITIVE),
    (ad.sin, X, np.cos(X)),
    (ad.tanh, X, 1 / np.cosh(X) ** 2),
    (ad.sigmoid, X, 1 / (2 + 2 * np.cosh(X))),
    (ad.relu, X, np.where(X > 0, 1.0, 0.0)),
    (lambda x: -x, X, np.full(X.shape, -1.0)),
    (lambda x: x**3, X, 3 * X**2),
    (lambda x: x**-2, X, -2 / X**3),
    (lambda x: x**0.5, POSITIVE, 0.5 / np.sqrt(POSITIVE)),
    (lambda x: 2 / x, X, -2 / X**2),
    (lambda x: x / 2, X, np.full(X.shape, 0.5)),
    (lambda x: 2 - x, X, np.full(X.shape, -1.0)),
    (lambda x: x - 2, X, np.full(X.shape, 1.0)),
    (lambda x: x + x, X, np.full(X.shape, 2.0)),
    (lambda x: x * x, X, 2 * X),
    (lambda x: x - x, X, np.zeros(X.shape)),
    (lambda x: x / x, X, np.zeros(X.shape)),
    (lambda x: (x + 1) * x, X, 2 * X + 1),
]


@pytest.mark.parametrize("f, x, slope", CLOSED)
def test_elementwise_slopes_in_closed_form(f, x, slope):
    G = np.array([[0.5, -2.0, 1.0], [3.0, 0.25, -1.0]])
    np.testing.assert_allclose(ad.vjp(f, x)[1](G)[0], G * slope, rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(ad.jvp(f, x, G)[1], G * slope, rtol=1e-13, atol=1e-15)


def test_slopes_at_the_edges():
    """ReLU'(0) = 0 as in the rest of the course; x⁰ and x¹ have slopes at 0; sigmoid and tanh saturate in silence."""
    for f, at, slope in [
        (ad.relu, 0.0, 0.0),
        (lambda x: x**0, 0.0, 0.0),
        (lambda x: x**1, 0.0, 1.0),
        (lambda x: x**2, 0.0, 0.0),
        (ad.sigmoid, 1000.0, 0.0),
        (ad.sigmoid, -1000.0, 0.0),
        (ad.tanh, -1000.0, 0.0),
    ]:
        assert ad.grad(f, at)[0] == slope
        assert ad.jvp(f, at, 1.0)[1] == slope


def test_what_mixes_entries_in_closed_form():
    A, B, G = X, np.arange(12.0).reshape(3, 4) - 5, np.arange(8.0).reshape(2, 4) - 3
    dA, dB = ad.vjp(lambda a, b: a @ b, A, B)[1](G)
    np.testing.assert_allclose(dA, G @ B.T)
    np.testing.assert_allclose(dB, A.T @ G)
    np.testing.assert_array_equal(ad.vjp(lambda a: a.T, A)[1](G.reshape(4, 2)[:3])[0], G.reshape(4, 2)[:3].T)
    np.testing.assert_array_equal(ad.vjp(lambda a: a.sum(axis=0), A)[1]([1.0, 2, 3])[0], [[1, 2, 3], [1, 2, 3]])
    np.testing.assert_array_equal(ad.vjp(lambda a: a.sum(axis=-1), A)[1]([1.0, 2])[0], [[1, 1, 1], [2, 2, 2]])
    np.testing.assert_array_equal(ad.grad(lambda a: a.sum(), A)[0], np.ones((2, 3)))
    np.testing.assert_array_equal(ad.vjp(lambda a: a.sum(axis=1, keepdims=True), A)[1]([[1.0], [2]])[0][:, 2], [1, 2])


SHAPES = [(3, 4), (3, 1), (1, 4), (4,), (), (1,), (1, 1)]


@pytest.mark.parametrize("left", SHAPES)
@pytest.mark.parametrize("right", SHAPES)
def test_broadcasting_is_undone(left, right):
    """The gradient of what was stretched is the gradient of its copies, summed: np.tile does the same by hand."""
    rng = np.random.default_rng(5)
    a, b = rng.normal(size=left), 2 + rng.uniform(size=right)
    shape = np.broadcast_shapes(left, right)
    G, (wide_a, wide_b) = rng.normal(size=shape), (np.broadcast_to(v, shape) for v in (a, b))
    for f, slope_a, slope_b in [
        (lambda a, b: a + b, 1.0, 1.0),
        (lambda a, b: a - b, 1.0, -1.0),
        (lambda a, b: a * b, wide_b, wide_a),
        (lambda a, b: a / b, 1 / wide_b, -wide_a / wide_b**2),
    ]:
        for got, x, slope in zip(ad.vjp(f, a, b)[1](G), (a, b), (slope_a, slope_b)):
            want = np.zeros(x.shape)
            for index in np.ndindex(shape):  # every entry of the result, back to the entry it was made from
                own = tuple(0 if n == 1 else i for i, n in zip(index[len(index) - x.ndim :], x.shape))
                want[own] += (G * slope)[index]
            assert got.shape == x.shape
            np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-14)


def test_constants_stand_on_either_side():
    """NumPy arrays and numbers on the left hand the operator over, instead of mapping it over their entries."""
    x, C, M = X, np.array([[2.0, -1.0, 0.5]]), np.array([[1.0, 2.0], [-3.0, 0.5]])
    for kind in (ad.Var, lambda v: ad.Dual(v, 1.0)):
        for result, want in [
            (C * kind(x), C * x),
            (C + kind(x), C + x),
            (C - kind(x), C - x),
            (C / kind(x), C / x),
            (M @ kind(x), M @ x),
            (kind(x) @ x.T, x @ x.T),
            (np.float64(2) * kind(x), 2 * x),
            (2 / kind(x), 2 / x),
            (1 - kind(x), 1 - x),
            ([[1, 2, 3]] + kind(x), [[1, 2, 3]] + x),
        ]:
            assert isinstance(result, ad.Operators)
            np.testing.assert_array_equal(result.value, want)
    np.testing.assert_array_equal(ad.vjp(lambda x: M @ x, x)[1](np.ones((2, 3)))[0], M.T @ np.ones((2, 3)))
    assert ad.grad(lambda x: (np.array([3, 4]) * x).sum(), 2)[0] == 7  # integers are constants too


def test_a_function_runs_on_plain_arrays_too():
    """With nothing to differentiate, the primitives are NumPy."""
    result = ad.tanh(ad.matmul(X, X.T) + ad.exp(1.0))
    assert isinstance(result, np.ndarray)
    np.testing.assert_array_equal(result, np.tanh(X @ X.T + np.exp(1.0)))


# --- the tape -----------------------------------------------------------------------------------------------------


def test_a_node_used_twice_collects_from_both_uses():
    x = np.array([1.5, -2.0])
    np.testing.assert_array_equal(ad.grad(lambda x: (x + x).sum(), x)[0], [2, 2])
    np.testing.assert_array_equal(ad.grad(lambda x: (x * x).sum(), x)[0], 2 * x)

    def diamond(x):  # two ways down of different length meet again: (sin x) · (sin x)²
        s = ad.sin(x)
        return s * (s * s)

    np.testing.assert_allclose(ad.vjp(diamond, x)[1](np.ones(2))[0], 3 * np.sin(x) ** 2 * np.cos(x), rtol=1e-14)


def test_a_node_waits_for_all_its_uses():
    """u is used at once and again at the end of a long path. A walk that passed u too early would lose the second."""

    def f(x):
        u = x * 3
        late = u
        for _ in range(5):
            late = late + 1
        return u + late

    def g(x):
        u = x * 3
        late = u
        for _ in range(5):
            late = late + 1
        return late + u

    assert ad.grad(f, 1.0)[0] == ad.grad(g, 1.0)[0] == 6


def test_the_order_puts_parents_before_children_and_each_node_once():
    x = ad.Var(2.0)
    u = x * x
    y = ad.exp(u) + u * x
    order = ad.topological(y)
    assert len(order) == len(set(order)) == 5
    assert order[-1] is y
    for node in order:
        assert all(order.index(parent) < order.index(node) for parent, _ in node.parents)


def test_shared_nodes_cost_no_more_than_once():
    """2⁶⁰ paths lead through 60 doublings, but only 61 nodes."""

    def doubled(x):
        for _ in range(60):
            x = x + x
        return x

    assert ad.grad(doubled, 1.0)[0] == 2.0**60
    assert ad.jvp(doubled, 1.0, 1.0)[1] == 2.0**60


def test_a_long_tape_needs_no_recursion():
    """100,000 additions, there and back, in a second or two. Recursion would end at 1,000."""

    def chain(x):
        y = x + x
        for _ in range(100_000):
            y = y + 1.0
        return y

    start = time.process_time()
    assert ad.grad(chain, 1.0)[0] == 2
    assert time.process_time() - start < 20  # on a slow machine


def test_the_function_runs_once_however_often_it_is_pulled_back():
    runs = []

    def f(x):
        runs.append(1)
        return ad.tanh(x * x.T)

    x = X[:, :2]
    _, pull_back = ad.vjp(f, x)
    G = np.array([[1.0, -2.0], [0.5, 3.0]])
    first, again, doubled = pull_back(G)[0], pull_back(G)[0], pull_back(2 * G)[0]
    assert len(runs) == 1
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(2 * first, doubled)


def test_what_is_ignored_has_the_gradient_zero():
    x, y = X, np.ones(3)
    dx, dy = ad.grad(lambda x, y: (x * x).sum(), x, y)
    np.testing.assert_array_equal(dx, 2 * x)
    np.testing.assert_array_equal(dy, np.zeros(3))
    (dx,) = ad.grad(lambda x: 3.0, x)  # a constant is not even on the tape
    np.testing.assert_array_equal(dx, np.zeros(x.shape))
    value, tangent = ad.jvp(lambda x: np.float64(3.0), x, x)
    assert (value, tangent) == (3.0, 0.0)


def test_gradients_belong_to_whoever_asked():
    """They can be written to (clipped in place, say), and share memory with nothing."""
    g = np.ones((3, 2))
    value, pull_back = ad.vjp(lambda x: x.T, X)
    (dx,) = pull_back(g)
    assert not np.shares_memory(dx, g)
    for f in (lambda x, y: (x + y).sum(), lambda x, y: x.sum() + y.sum(), lambda x, y: (x.T @ y).sum()):
        dx, dy = ad.grad(f, X, X)
        assert not np.shares_memory(dx, dy)
        dx *= 2
        dy *= 2


def test_nothing_given_is_changed():
    x, g, v = X.copy(), np.ones((2, 3)), X + 1
    f = lambda x: ad.tanh(x * x + x) - x / (x * x + 1)
    ad.vjp(f, x)[1](g)
    ad.jvp(f, x, v)
    np.testing.assert_array_equal(x, X)
    np.testing.assert_array_equal(g, np.ones((2, 3)))
    np.testing.assert_array_equal(v, X + 1)


def test_what_cannot_be_done_is_an_error():
    with pytest.raises(TypeError, match="A Dual met a Var: differentiate in one mode at a time"):
        ad.Dual(1.0, 1.0) * ad.Var(2.0)
    with pytest.raises(TypeError, match="A Dual met a Var"):
        ad.Var(np.ones((2, 2))) @ ad.Dual(np.ones((2, 2)), 0.0)
    with pytest.raises(ValueError, match=r"one number, but got shape \(2, 3\). Use vjp"):
        ad.grad(ad.tanh, X)
    for a, b in (X, np.ones(3)), (np.ones(2), X), (np.ones((2, 2, 2)), X):
        with pytest.raises(ValueError, match=r"matmul takes two matrices, but got shapes \("):
            ad.Var(a) @ b
    for x in ad.Var(X), ad.Dual(X, 1.0):
        attempts = {
            "np.arctan": lambda x=x: np.arctan(x),
            "np.power": lambda x=x: X**x,
            "np.add.reduce": lambda x=x: np.add.reduce(x),
            "np.exp": lambda x=x: np.exp(x, where=X > 0),
            "np.sum": lambda x=x: np.sum(x),
        }
        for name, attempt in attempts.items():
            refused = rf"{name} can't be applied to a {type(x).__name__}: .* It knows np.add"
            with pytest.raises(TypeError, match=refused):
                attempt()


@pytest.mark.parametrize("f", [np.exp, np.log, np.sin, np.tanh, np.negative, lambda x: np.multiply(2.0, x) / x + x])
def test_numpys_own_functions_are_the_primitives(f):
    x, v = np.array([[0.3, 1.2], [2.0, 0.7]]), np.array([[1.0, -2.0], [0.5, 3.0]])
    slopes = f(x + 1e-30j).imag / 1e-30
    np.testing.assert_allclose(ad.jvp(f, x, v)[1], slopes * v, rtol=1e-14)
    np.testing.assert_allclose(ad.grad(lambda x: f(x).sum(), x)[0], slopes, rtol=1e-14)


def test_a_program_may_branch_on_values():
    """What a formula can't: the gradient is that of the branch which was taken, on either side of an array too."""

    def f(x):
        return x * x if x > 2 else 5 * x

    assert (ad.grad(f, 3.0)[0], ad.grad(f, 1.0)[0], ad.jvp(f, 3.0, 1.0)[1]) == (6.0, 5.0, 6.0)
    x = ad.Var(2.0)
    assert x >= 2 and x <= 2 and not x < 2 and not 2 < x
    assert (np.array([1.0, 3.0]) > x).tolist() == [False, True] == (x < np.array([1.0, 3.0])).tolist()


def test_reprs_are_short():
    assert repr(ad.Var(X)) == "Var of shape (2, 3)"
    assert repr(ad.Dual(X, 1.0).T) == "Dual of shape (3, 2)"


# --- the δ recurrence is reverse mode -----------------------------------------------------------------------------


@pytest.mark.parametrize("L", [1, 2, 3, 4, 5])
def test_the_delta_recurrence_is_reverse_mode_on_a_chain(L):
    """Every δ[l], ∂𝓛/∂W[l], ∂𝓛/∂b[l] of MLP.backward, found again on the tape to 1e-14, relative by norm per array."""
    rng = np.random.default_rng(L)
    sizes = rng.integers(2, 7, size=L + 1).tolist()
    net = MLP(sizes, hidden="tanh", loss="mse", seed=L)
    for b in net.b[1:]:
        b[...] = rng.normal(scale=0.5, size=b.shape)
    inputs, Y = rng.normal(size=(sizes[0], 7)), rng.normal(size=(sizes[-1], 7))
    trace = net.forward(inputs)
    grads = net.backward(trace, Y)

    def loss(*parameters):
        a = inputs
        for l in range(L):
            W, b, nudge = parameters[3 * l : 3 * l + 3]
            z = W @ a + b + nudge
            a = ad.tanh(z) if l < L - 1 else z
        return ((a - Y) ** 2).sum() * (0.5 / Y.shape[1])

    parameters = [p for l in range(1, L + 1) for p in (net.W[l], net.b[l], np.zeros_like(trace.z[l]))]
    found = ad.grad(loss, *parameters)
    recurrence = [g for l in range(1, L + 1) for g in (grads.W[l], grads.b[l], grads.delta[l])]
    for got, want in zip(found, recurrence, strict=True):
        assert distance(got, want, floor=1e-300) < 1e-14
    for i, p in enumerate(parameters[:2]):  # and forward mode finds the slope along a direction, one run for each
        v = rng.normal(size=p.shape)
        along = ad.jvp(lambda x, i=i: loss(*parameters[:i], x, *parameters[i + 1 :]), p, v)[1]
        np.testing.assert_allclose(along, (recurrence[i] * v).sum(), rtol=1e-12, atol=1e-14)
