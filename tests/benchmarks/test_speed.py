"""The ratios that the README quotes, each taken interleaved in one run, with the bar that it must clear.

    python -m pytest tests/benchmarks

Two things measured in turn meet the same disturbances, so their ratio is steadier than their times; minima leave the
disturbances out where the work is large enough to be one's own. What is measured is the processor's time: while others
have the processor no time passes, which would count against whatever takes longer than a turn. (There is one thread.)
"""

import gc
import os
import subprocess
import sys
import time

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from backprop import MLP, SGD


def interleaved(functions, seconds, rounds=20):
    """Times of each function, called in turn for `seconds` and at least `rounds` times: a row of times for each."""
    for f in functions:
        f()
    times, end = [], time.perf_counter() + seconds
    gc.collect()
    gc.disable()
    try:
        while len(times) < rounds or time.perf_counter() < end:
            row = []
            for f in functions:
                start = time.process_time()
                f()
                row.append(time.process_time() - start)
            times.append(row)
    finally:
        gc.enable()
    return np.array(times).T


def test_a_training_step_beats_autograd_by_8(twice, tell):
    """2-16-16-1 with tanh, batch 32, squared error: forward, backward, SGD. The target is 12."""
    rng = np.random.default_rng(0)
    X, Y, eta = rng.normal(size=(2, 32)), rng.normal(size=(1, 32)), 1e-3
    net, rule = MLP([2, 16, 16, 1], hidden="tanh", loss="mse"), SGD(eta=eta)
    parameters = [(W.copy(), b.copy()) for W, b in zip(net.W[1:], net.b[1:])]

    steps = 20  # timed together, for in training one step follows another

    def ours():
        for _ in range(steps):
            rule.update(net, net.backward(net.forward(X), Y))

    def loss(parameters):
        """As one writes it with autograd: the same columns, the same products, nothing computed twice."""
        a = X
        for W, b in parameters[:-1]:
            a = anp.tanh(W @ a + b)
        W, b = parameters[-1]
        return anp.mean(0.5 * anp.sum((W @ a + b - Y) ** 2, axis=0))

    gradient = grad(loss)

    def theirs():
        for _ in range(steps):
            for layer, slopes in zip(parameters, gradient(parameters)):
                for w, g in zip(layer, slopes):
                    np.subtract(w, eta * g, out=w)

    def ratio(taken):
        own, their = taken
        return np.median(their / own)  # of neighbors, which met the same disturbances

    own, their = taken = twice(lambda taken: ratio(taken) < 8, lambda: interleaved([ours, theirs], seconds=8))
    for l, (W, b) in enumerate(parameters, start=1):  # both took as many steps, and must have got as far
        np.testing.assert_allclose(net.W[l], W, rtol=1e-8, atol=1e-12)
        np.testing.assert_allclose(net.b[l], b, rtol=1e-8, atol=1e-12)
    micros = [np.median(times) / steps * 1e6 for times in (own, their)]
    tell(
        f"step of 2-16-16-1, batch 32: {ratio(taken):.1f} times as fast as autograd "
        f"(medians {micros[0]:.0f} and {micros[1]:.0f} µs; at least 8, target 12)"
    )
    assert ratio(taken) >= 8


@pytest.fixture(scope="module")
def wide():
    """1024-1024-1024-10 with tanh at batch 256 in float32: interleaved times of its parts."""
    rng = np.random.default_rng(0)
    X, labels = rng.standard_normal((1024, 256)).astype(np.float32), rng.integers(0, 10, 256)
    net = MLP([1024, 1024, 1024, 10], hidden="tanh", loss="cross_entropy", dtype=np.float32)
    rule, trace = SGD(eta=1e-3), net.forward(X)
    delta, a, W, layers = net.backward(trace, labels).delta, trace.a, net.W, (1, 2, 3)

    def step():
        rule.update(net, net.backward(net.forward(X), labels))

    def products():
        """The step's eight matrix products and nothing else, on the same arrays, transposed as the step has them."""
        for l in layers:
            np.matmul(W[l], a[l - 1])
        for l in layers[:0:-1]:
            np.matmul(W[l].T, delta[l])
        for l in layers:
            np.matmul(delta[l], a[l - 1].T)

    def forward():
        net.forward(X)

    def both():
        net.backward(net.forward(X), labels)

    functions = step, products, forward, both

    def measure():
        minima = interleaved(functions, seconds=20, rounds=60).min(axis=1) * 1e3
        return dict(zip((f.__name__ for f in functions), minima))

    return measure, measure()


def share(twice, wide, part, whole, most):
    """The times of `wide`, and how many times one of them is another."""
    measure, first = wide
    taken = twice(lambda taken: taken[part] / taken[whole] > most, measure, first)
    return taken, taken[part] / taken[whole]


def test_a_wide_step_is_its_matrix_products(wide, twice, tell):
    wide, ratio = share(twice, wide, "step", "products", 1.35)
    tell(
        f"step of 1024-1024-1024-10, batch 256, float32: {ratio:.2f} times its bare matrix products "
        f"(minima {wide['step']:.1f} and {wide['products']:.1f} ms; at most 1.35)"
    )
    assert ratio <= 1.35


def test_backward_costs_two_forwards(wide, twice, tell):
    wide, ratio = share(twice, wide, "both", "forward", 3.0)
    tell(
        f"forward and backward there: {ratio:.2f} times forward "
        f"(minima {wide['both']:.1f} and {wide['forward']:.1f} ms; at most 3.0)"
    )
    assert ratio <= 3.0


def test_importing_it_is_importing_numpy(twice, tell, tmp_path):
    """Fresh processes in turn, and only the import itself is timed, not Python's own start.

    Bytecode is kept in a folder of the test's own, and made before: so both are measured as from the second import on,
    even where Python is told to write none.
    """
    environment = os.environ | {"PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}

    def seconds(module):
        script = f"import time; start = time.process_time(); import {module}; print(time.process_time() - start)"
        done = subprocess.run([sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, check=True)
        return float(done.stdout)

    seconds("backprop")

    def measure():
        return np.min([[seconds("backprop"), seconds("numpy")] for _ in range(20)], axis=0) * 1e3

    own, numpy = twice(lambda taken: taken[0] / taken[1] > 1.2, measure)
    tell(f"import: {own / numpy:.2f} times that of numpy (minima {own:.0f} and {numpy:.0f} ms; at most 1.2)")
    assert own / numpy <= 1.2
