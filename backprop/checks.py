"""Values from outside, answered in one plain sentence where they won't do: what came, what was due, and what to do.

`inputs` says so of what an MLP is made of and given, `parameters` of gradients. All of them are called before anything
is changed, so after an error a network is as it was.
"""

from numbers import Real

import numpy as np


def one_of(name, table, argument):
    """`name` if it is a key of `table`; otherwise a ValueError with the nearest key and all of them."""
    if isinstance(name, str) and name in table:
        return name
    choices = ", ".join(f'"{key}"' for key in table)
    raise ValueError(f"{argument}={name!r} is not known.{guess(name, table)} It can be {choices}.")


def guess(name, table):
    """The key that `name` may have meant, as a question, or nothing."""
    from difflib import get_close_matches  # only when there is something to explain

    near = get_close_matches(str(name).lower(), table, n=1)
    return f' Did you mean "{near[0]}"?' if near and name != near[0] else ""


def dtype(kind):
    """np.dtype float64 or float32."""
    try:
        kind = np.dtype(kind)
    except (TypeError, ValueError, SyntaxError):  # np.dtype parses strings, and says what its parser says
        raise ValueError(f"dtype={kind!r} is not known. It can be np.float64 or np.float32.") from None
    if kind not in (np.float64, np.float32):
        raise ValueError(f"dtype is {kind}, but a network computes in np.float64 or np.float32.")
    return kind


def number(value, argument, *, low=None, above=None, below=None):
    """A finite real number with low <= value, above < value < below, as a float."""
    bounds = [("at least", low), ("above", above), ("below", below)]
    wanted = " and ".join(f"{word} {bound}" for word, bound in bounds if bound is not None)
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{argument} is {value!r}, but should be a number {wanted}.")
    try:
        x = float(value)
    except OverflowError:
        x = np.inf
    inside = (low is None or x >= low) and (above is None or x > above) and (below is None or x < below)
    if not (np.isfinite(x) and inside):
        raise ValueError(f"{argument} is {value!r}, but should be a finite number {wanted}.")
    return x


def whole(value, argument, of):
    """Refuse a `value` that is no whole number from 1 up; `of` names what it counts, such as "samples"."""
    if not isinstance(value, (int, np.integer)) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{argument} is {value!r}, but should be a positive whole number of {of}.")


def generator(seed):
    """A numpy Generator from whatever may seed one."""
    try:
        return np.random.default_rng(seed)
    except (TypeError, ValueError):
        raise ValueError(f"seed is {seed!r}, but should be a whole number from 0 up, a Generator, or None.") from None


def real_array(values, argument):
    """`values` as an array of real numbers (of whatever dtype they have)."""
    if values is None:
        raise TypeError(f"{argument} is None, but should be an array of real numbers.")
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{argument} has rows of different lengths, but should be one rectangular array.") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"{argument} holds values of type {array.dtype}, but should hold real numbers. "
            "Look for text or None among them, or convert them with astype(float)."
        )
    return array


def finite(array, argument):
    """`array` (features or outputs down, samples across), if it holds neither NaN nor inf."""
    if not np.isfinite(array).all():
        row, sample = np.argwhere(~np.isfinite(array))[0]
        raise ValueError(
            f"{argument} holds {array[row, sample]} in sample {sample} (row {row}). "
            "Remove or repair that sample: one such value makes every gradient NaN."
        )
    return array


def as_dtype(array, kind):
    """`array` in the dtype `kind`, itself if it has it. What overflows float32 becomes inf, which `finite` refuses."""
    if array.dtype == kind:
        return array
    with np.errstate(over="ignore"):
        return array.astype(kind)
