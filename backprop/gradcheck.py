"""Is the gradient right? Numerical derivatives of a function, and a report that compares them with a backward pass.

A numerical derivative changes one entry of one parameter, runs forward, and looks at how far the loss moved. It knows
nothing of the chain rule, which is what makes it a witness. It costs forward passes for every parameter, which is
why nobody trains with it.
"""

from copy import deepcopy
from typing import Any, NamedTuple

import numpy as np

from backprop import checks, parameters


def forward_difference(f, x, h=1e-8):
    """∂f/∂x_i ≈ (f(x + h e_i) − f(x)) / h for each entry of x, with error O(h) + O(ε/h).

    f takes an array and returns a number; x is a float64 array, which is not changed. The gradient has x's shape.
    """
    x = np.array(x, dtype=np.float64)
    f_x = f(x)
    return _each_entry(x, lambda moved: (f(moved(h)) - f_x) / h)


def central_difference(f, x, h=1e-5):
    """∂f/∂x_i ≈ (f(x + h e_i) − f(x − h e_i)) / 2h for each entry of x, with error O(h²) + O(ε/h)."""
    x = np.array(x, dtype=np.float64)
    return _each_entry(x, lambda moved: (f(moved(h)) - f(moved(-h))) / (2 * h))


def complex_step(f, x, h=1e-20):
    """∂f/∂x_i ≈ Im f(x + ih e_i) / h, exact to rounding (Squire & Trapp, 1998).

    Nothing is subtracted, so h may be tiny. f must be analytic around x: no abs, no max, no comparison with 0.
    """
    x = np.array(x, dtype=np.complex128)
    return _each_entry(x, lambda moved: f(moved(1j * h)).imag / h).real


def _each_entry(x, quotient):
    """quotient(moved) for each entry i of x, where moved(d) is a copy of x with d added to that entry alone."""
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        gradient[i] = quotient(lambda d, i=i: _moved(x, i, d))
    return gradient


def _moved(x, i, d):
    x = x.copy()
    x[i] += d
    return x


def relative_error(a, b, floor=1e-12):
    """‖a − b‖ / max(‖a‖ + ‖b‖, floor), by norm over the whole array, so that one tiny entry decides nothing."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    return float(np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), floor))


class Row(NamedTuple):
    """One parameter of a report: both gradients, their relative error, and the verdict in words."""

    name: str
    analytic: np.ndarray | None
    numeric: np.ndarray
    error: float
    verdict: str


class Report:
    """`rows`, a `Row` per parameter; `ok`, whether every verdict is "ok"; report["W[1]"], one row. Prints as a table.

    A gradient that is zero on both sides proves nothing (an untouched exercise agrees with a dead network), so
    its verdict is "both zero", which is not ok, and so is one below the rounding of a finite difference, "too small
    to tell": check again with another seed or another X.
    """

    def __init__(self, rows, tolerance):
        self.rows, self.tolerance = rows, tolerance

    @property
    def ok(self) -> bool:
        return all(row.verdict == "ok" for row in self.rows)

    def __getitem__(self, name: str) -> Row:
        return {row.name: row for row in self.rows}[name]

    def __repr__(self):
        rows = [("parameter", "shape", "relative error", "verdict")]
        rows += [(r.name, str(r.numeric.shape), self._figure(r.error), r.verdict) for r in self.rows]
        widths = [max(9, *(len(row[i]) for row in rows)) for i in range(3)]
        return "\n".join("  ".join([*map(str.ljust, row, widths), row[3]]) for row in rows)

    def _figure(self, error):
        """The error where it is news; where it passes, the bound, which is the same on every machine."""
        if np.isnan(error):
            return "-"
        return f"below {self.tolerance:.0e}" if error < self.tolerance else f"{error:.1e}"


def check_gradients(
    net: Any,
    X: np.ndarray,
    Y: np.ndarray,
    grads: Any = None,
    *,
    tolerance: float | None = None,
    h: float = 1e-5,
    limit: int | None = None,
) -> Report:
    """Compare ∂𝓛/∂W[l] and ∂𝓛/∂b[l] with central differences of 𝓛, for every parameter of `net`.

    `net` is an MLP, or whatever has its `forward`, `loss` and `backward`, a dict `parameters()` of float64 arrays by
    name, and gradients in a dict of the same names: a `layers.Model`.
    `grads` is what to check: anything with lists W and b, padded as the network's are, or a dict by the names of the
    parameters. Left out, it is what `net.backward` gives.
    The numerical side runs on a float64 copy, so `net` is never touched and float32 gradients are checked too.
    `tolerance` is the largest relative error (by norm, per array) that passes: 1e-6, or 1e-3 for a float32 network.
    Keep z off a kink: where a ReLU's z is 0 to within a step, as with zero biases on an input of zeros, the two sides
    disagree and a right gradient is called WRONG.
    A parameter takes two forward passes per entry. `limit` checks only so many entries of each array, chosen at random
    (the same in every run); `numeric` is NaN at the others. Returns a `Report`; raises as `forward` and `loss` do.
    """
    parameters.of(net)
    dtype = getattr(net, "dtype", np.float64)
    if tolerance is None:
        tolerance = 1e-6 if dtype == np.float64 else 1e-3
    tolerance, h = checks.number(tolerance, "tolerance", above=0), checks.number(h, "h", above=0)
    if limit is not None:
        checks.whole(limit, "limit", "entries")
    if grads is None:
        once = deepcopy(net)  # a forward pass may leave something behind, such as running averages
        grads = once.backward(once.forward(X), Y)
    twin = deepcopy(net) if dtype == np.float64 else net.astype(np.float64)
    parameters.refuse_coarse(twin)
    value = _repeatable_loss(twin, X, Y)
    noise = np.finfo(np.float64).eps * max(1, value) / h + np.finfo(dtype).eps
    rows, due = [], parameters.gradients(twin, grads)
    for name, p in twin.parameters().items():
        entries = _entries(p.size, limit)
        numeric = np.full(p.shape, np.nan)
        numeric.flat[entries] = central_difference(_loss_of(twin, p, entries, X, Y), p.flat[entries], h)
        rows.append(_compare(name, due[name], numeric, entries, tolerance=tolerance, noise=noise))
    return Report(rows, tolerance)


def _repeatable_loss(net, X, Y):
    """𝓛, where a second forward pass gives it again; differences of any other mean nothing."""
    loss, again = (net.loss(net.forward(X), Y) for _ in range(2))
    if loss != again and not np.isnan(loss):
        raise ValueError(
            f"The loss was {loss:.6g}, and {again:.6g} in a second forward pass on the same X, so differences of it "
            "mean nothing. Is dropout training? Switch it off first, as train(layer, False) of backprop.layers does."
        )
    return loss


def _entries(size, limit):
    """Which entries of an array to check: all of them, or `limit`."""
    if limit is None or limit >= size:
        return np.arange(size)
    return np.random.default_rng(0).choice(size, limit, replace=False)


def _loss_of(net, parameter, entries, X, Y):
    """𝓛 as a function of some entries of one parameter alone."""

    def loss(values):
        kept, parameter.flat[entries] = parameter.flat[entries], values
        value = net.loss(net.forward(X), Y)
        parameter.flat[entries] = kept
        return value

    return loss


def _compare(name, analytic, numeric, entries, *, tolerance, noise):
    """One row of the report, by these entries. `noise` is how far rounding alone moves one: it explains no error."""
    if analytic is None:
        return Row(name, None, numeric, float("nan"), "never computed")
    try:
        analytic = checks.real_array(analytic, name)
    except (TypeError, ValueError):
        return Row(name, None, numeric, float("nan"), "not real numbers")
    if analytic.shape != numeric.shape:
        return Row(name, analytic, numeric, float("nan"), f"shape {analytic.shape}")
    if not np.isfinite(analytic).all():
        return Row(name, analytic, numeric, float("nan"), "NaN or inf")
    a, n, noise = analytic.flat[entries], numeric.flat[entries], noise * np.sqrt(len(entries))
    error = relative_error(a, n)
    if max(np.linalg.norm(a), np.linalg.norm(n)) < 100 * noise:
        return Row(name, analytic, numeric, error, "too small to tell" if a.any() else "both zero")
    right = error < tolerance or np.linalg.norm(a - n) < noise
    return Row(name, analytic, numeric, error, "ok" if right else "WRONG")
