"""Rotary positions, in rows: each pair of features is turned by an angle that grows with the position."""

import numpy as np


def rotate(X, positions=None, base=10_000.0):
    """Y_t = R_t x_t, where R_t turns the pair (x_i, x_{i+d/2}) by the angle t · base^(−2i/d).

    X (..., T, d) with even d, or a ValueError; `positions` (T,) are 0, 1, … by default. R_t is orthogonal, so lengths
    stay, and R_tᵀ R_s = R_{s−t}: the product of a turned query with a turned key knows only how far apart they stand.
    Su et al. (2021), with the pairs as most libraries lay them out.
    """
    c, s = _cos_and_sin(X, positions, base)
    x, y = np.split(X, 2, axis=-1)
    return np.concatenate([x * c - y * s, x * s + y * c], axis=-1)


def rotate_backward(G, positions=None, base=10_000.0):
    """dX_t = R_tᵀ g_t: the transpose of a rotation turns back, so it is the same with the angles' signs changed."""
    c, s = _cos_and_sin(G, positions, base)
    x, y = np.split(G, 2, axis=-1)
    return np.concatenate([x * c + y * s, y * c - x * s], axis=-1)


def _cos_and_sin(X, positions, base):
    T, d = X.shape[-2:]
    if d % 2:
        raise ValueError(f"X has {d} features, but they are turned in pairs: their number should be even.")
    t = np.arange(T) if positions is None else np.asarray(positions)
    if t.shape != (T,):
        raise ValueError(f"positions have shape {t.shape}, but X {X.shape} has {T} of them: they should be ({T},).")
    angles = t[:, np.newaxis] * base ** (-np.arange(0, d, 2) / d)
    return np.cos(angles), np.sin(angles)
