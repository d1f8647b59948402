"""Results as arrays: what an answer returned, by name, and whether two of them hold the same numbers."""

import numpy as np

from backprop.practice.wording import describe

MOST_NUMBERS = 1_000_000  # a larger result is no answer to these exercises, and is not looked at


class Misfit(Exception):
    """A result that can't be compared: the text says why."""


def parts_of(value, names, like):
    """{name: array} of what was returned: a tuple, list or dict of results, or one result. Raises Misfit."""
    rank = 0 if _several(like) else np.ndim(like)
    fields = getattr(value, "__dict__", None)  # of a dataclass, or whatever has the results by their names
    if type(fields) is dict and not callable(value) and set(names) <= set(fields):
        value = fields
    if isinstance(value, dict) and set(names) == {f"d{key}" for key in value}:
        value = {f"d{key}": one for key, one in value.items()}  # named by the parameters, W1 for dW1
    if isinstance(value, dict) and set(names) <= set(value):
        value = tuple(value[name] for name in names)
        value = value[0] if len(names) == 1 else value
    elif len(names) == 1 and isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    elif len(names) == 1 and isinstance(value, tuple) and rank > 1 and all(map(np.ndim, value)):
        raise Misfit(f"It should return one result, {names[0]}, but returned {len(value)}: is a comma one too many?")
    elif len(names) == 1 and isinstance(value, list) and len(value) == 1 and np.ndim(value[0]) == rank > 0:
        value = value[0]
    if len(names) == 1:
        return _leaves(names[0], value, like)
    several = isinstance(value, (tuple, list)) or (isinstance(value, np.ndarray) and value.ndim > 0)
    if not several or len(value) != len(names):
        raise Misfit(f"It should return {len(names)} results, {', '.join(names)}, but returned {describe(value)}.")
    return {k: v for name, one, wanted in zip(names, value, like) for k, v in _leaves(name, one, wanted).items()}


def _leaves(name, value, like):
    """The arrays in one result: the result itself, or one per layer where the solution has a list of them."""
    if like is None:
        return {}
    if _several(like):
        wanted = [(n, one) for n, one in enumerate(like) if one is not None]  # layers may be padded with None
        pairs = [(n, w, g) for (n, w), g in zip(wanted, by_layer(name, value, like, wanted)) if g is not None]
        return {k: v for n, w, g in pairs for k, v in _leaves(f"{name}[{n}]", g, w).items()}
    array = as_array(value)
    if array is None:
        raise Misfit(f"{name} should hold real numbers, but is {describe(value)}.")
    if array.size > MOST_NUMBERS:
        raise Misfit(f"{name} holds {array.size} numbers, which is far too many.")
    return {name: array.copy()}


def by_layer(name, value, like, wanted):
    """The entries of a list for the layers that are `wanted`, each a pair (index, array); None where one was left out.

    The list may be padded as the solution's is, by whatever, or not at all, or be a dict by layer. Raises Misfit.
    """
    if isinstance(value, dict) and {n for n, _ in wanted} >= {n for n in value if n}:
        return [value.get(n) for n, _ in wanted]
    count = len(value) if isinstance(value, (list, tuple, np.ndarray)) else -1
    if count == len(like):
        return [value[n] for n, _ in wanted]
    if count != len(wanted):
        raise Misfit(f"{name} should hold {len(wanted)} arrays, but is {describe(value)}.")
    return list(value)


def same_value(a, b):
    """Whether two values hold the same numbers: arrays, numbers, tuples and lists of them."""
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)) and not (_numeric(a) and _numeric(b)):
        return len(a) == len(b) and all(map(same_value, a, b))
    if a is None or b is None:
        return a is b
    a, b = as_array(a), as_array(b)
    return a is not None and b is not None and same_array(a, b)


def same_array(a, b, tolerance=None):
    """Whether two arrays hold the same numbers, by norm, with NaN equal to NaN and inf to inf.

    An axis of length 1 may be missing or added. Single precision is held to what it can do.
    """
    if a.size != b.size:
        return False
    if a.shape != b.shape:
        if not same_shape_but_for_ones(a, b):
            return False
        a, b = a.squeeze(), b.squeeze()
    if a.dtype == b.dtype and a.tobytes() == b.tobytes():
        return True
    single = np.float32 in (a.dtype, b.dtype)
    if tolerance is None:
        tolerance = 1e-4 if single else 1e-8
    x, y = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        scale = np.abs(y).max(initial=0.0) or 1.0  # by it, since squares overflow
        gap, size = np.linalg.norm(x / scale - y / scale), np.linalg.norm(y / scale)
    if not np.isfinite(gap):
        strange = ~(np.isfinite(x) & np.isfinite(y))
        alike = strange.any() and np.array_equal(x[strange], y[strange], equal_nan=True)
        return bool(alike) and same_array(a[~strange], b[~strange], tolerance)
    noise = (1e-6 if single else 1e-14) / scale  # what is left where a sum should be 0
    return bool(gap <= max(tolerance * size, noise))


def same_in_shape(a, b):
    """Whether two arrays hold the same numbers in the same shape, axes of length 1 included; or both are a number."""
    return (a.shape == b.shape or b.ndim == 0) and same_array(a, b)


def same_shape_but_for_ones(a, b):
    """(n, 1), (n,) and (1, n, 1) hold the same column in the same order, but (1, n) is a row, and is not a column.

    It is asked of two shapes that differ: of two matrices one is a row then, and the other a column.
    """
    return a.squeeze().shape == b.squeeze().shape and not a.ndim == b.ndim == 2


def near(a, b):
    """Whether numbers worked by hand agree to about three digits."""
    a, b = a.squeeze(), b.squeeze()
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= 6e-3 * np.maximum(np.abs(b), 0.05)))


def same_shape(a, b):
    """Whether two shapes, as arrays, are the same to the digit."""
    return np.array_equal(np.atleast_1d(a), np.atleast_1d(b))


def as_array(value):
    """`value` as an array of real numbers, or None where it is none."""
    try:
        array = np.asarray(value)
        if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
            return None
        return array if array.dtype.kind in "fiub" else None
    except (Exception, SystemExit):
        return None


def _several(like):
    """Whether a result of the solution is a list of results, such as one for each layer."""
    return isinstance(like, (list, tuple)) and not _numeric(like)


def _numeric(value):
    """Whether a tuple or list is a list of numbers, and so one array, rather than several results."""
    return all(isinstance(v, (int, float, np.number)) for v in value)
