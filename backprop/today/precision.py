"""Numbers of 16 and 8 bits, as float64 arrays that hold only what such a number can."""

from typing import NamedTuple

import numpy as np


class Format(NamedTuple):
    """A sign, `exponent` bits and `fraction` bits; `largest` is the largest finite number."""

    exponent: int
    fraction: int
    largest: float

    @property
    def smallest(self):
        """The smallest number above 0."""
        return 2.0 ** (self.lowest - self.fraction)

    @property
    def lowest(self):
        """The exponent of the smallest normal number; below it digits are lost one by one."""
        return 2 - 2 ** (self.exponent - 1)


FORMATS = {
    "float16": Format(5, 10, 65504.0),
    "bfloat16": Format(8, 7, (2 - 2.0**-7) * 2.0**127),
    "e4m3": Format(4, 3, 448.0),  # for weights and activations; it has no inf (Micikevicius et al., 2022)
    "e5m2": Format(5, 2, 57344.0),  # for gradients: fewer digits, float16's range
}


def rounded(x, kind):
    """x as the nearest number of a format (ties to even), and beyond its largest that one: it saturates."""
    form, x = FORMATS[kind], np.asarray(x, dtype=np.float64)
    exponent = np.maximum(np.frexp(x)[1] - 1, form.lowest)  # |x| = m · 2^exponent with 1 ≤ m < 2
    step = 2.0 ** (exponent - form.fraction)
    return np.clip(np.round(x / step) * step, -form.largest, form.largest)


def scaled(x, kind):
    """(q, s): q = rounded(s x) with one scale s for the whole array, the largest entry at the format's largest.

    x ≈ q / s. An array of zeros has the scale 1.
    """
    most = np.max(np.abs(x))
    s = FORMATS[kind].largest / most if most > 0 else 1.0
    return rounded(s * np.asarray(x), kind), s


def eight_bit_linear(X, W):
    """Y = X W from 8-bit numbers: both factors in e4m3 with a scale each, the sums in full precision."""
    (x, s), (w, t) = scaled(X, "e4m3"), scaled(W, "e4m3")
    return x @ w / (s * t)


def eight_bit_linear_backward(G, X, W):
    """dX = G Wᵀ and dW = Xᵀ G from 8-bit numbers: G in e5m2, for its range, and the sums in full precision."""
    (g, r), (x, s), (w, t) = scaled(G, "e5m2"), scaled(X, "e4m3"), scaled(W, "e4m3")
    return g @ w.T / (r * t), x.T @ g / (r * s)
