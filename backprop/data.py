"""Small data sets that come with the package: XOR, two spirals, handwritten digits. Samples are columns."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from backprop import checks


class Split(NamedTuple):
    """X_train (64, 1437) and X_test (64, 360), values in [0, 1]; labels y_train (1437,) and y_test (360,), 0..9."""

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def xor():
    """X (2, 4) with inputs 0 and 1, and Y (1, 4) = x_1 XOR x_2."""
    X = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
    return X, np.array([[0.0, 1.0, 1.0, 0.0]])


def spirals(n=100, noise=0.05, seed=0):
    """Two interleaved spirals of n points each: X (2, 2n) in about [-1, 1], Y (1, 2n) of 0 and 1.

    `noise` is the standard deviation of each coordinate's jitter.
    """
    checks.whole(n, "n", of="points per spiral")
    noise, rng = checks.number(noise, "noise", low=0), checks.generator(seed)
    radius = np.linspace(0.1, 1, n)
    angle = 3 * np.pi * radius
    arm = radius * np.stack([np.cos(angle), np.sin(angle)])
    X = np.hstack([arm, -arm]) + noise * rng.standard_normal((2, 2 * n))
    return X, np.repeat([[0.0, 1.0]], n, axis=1)


def digits(dtype=np.float64):
    """1,797 handwritten digits of 8×8 pixels as a `Split` of 1,437 to train on and 360 to test.

    The split is a fixed random one, stratified by label. It is by image, not by writer, so the test measures new
    images by known hands. Pixels, counts from 0 to 16, are divided by 16.

    Source: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository,
    1998, doi:10.24432/C50P49 (its test part, as scikit-learn carries it). Licence: CC BY 4.0.
    """
    with np.load(Path(__file__).with_name("digits.npz")) as file:
        X, y, train = (file["pixels"] / np.asarray(16, checks.dtype(dtype))).T, file["labels"].astype(np.int64), 1437
    return Split(X[:, :train].copy(), y[:train], X[:, train:].copy(), y[train:])


def batches(X, y, size, rng):
    """Shuffle the samples once with `rng`, then yield (X, y) in mini-batches of `size` columns.

    The last batch holds what is left. X is (n_0, N); y is (N,) labels or (n_L, N) targets. One pass through the
    generator is one epoch.
    """
    checks.whole(size, "size", of="samples")
    X, y = checks.real_array(X, "X"), checks.real_array(y, "y")
    if X.ndim != 2 or y.ndim not in (1, 2) or X.shape[1] != y.shape[-1]:
        raise ValueError(
            f"X has shape {X.shape} and y {y.shape}, but they should be (n_0, N) and (N,) or (n_L, N): "
            "one column, or one label, for each of the same N samples."
        )
    if not hasattr(rng, "permutation"):
        raise TypeError(f"rng is {rng!r}, but should be a Generator, made once: rng = np.random.default_rng(0).")
    order = rng.permutation(X.shape[1])
    for start in range(0, len(order), size):
        chosen = order[start : start + size]
        yield X[:, chosen], y[..., chosen]
