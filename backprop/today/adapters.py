"""Low-rank adapters beside a frozen weight, which may be kept in four bits. In rows."""

import numpy as np

LEVELS = 7  # a 4-bit code is a whole number from −7 to 7


def adapted(X, W, A, B, scale):
    """Z = X W + scale (X A) B: W (n, m) is frozen, A (n, r) and B (r, m) learned, scale is α/r. Hu et al. (2021)."""
    return X @ W + scale * (X @ A) @ B


def adapted_backward(G, X, W, A, B, scale):  # noqa: PLR0917 (what the formula holds)
    """dX, dA and dB: three linear layers, and W, which nobody asks a gradient for, still passes one to X.

    dB = scale (X A)ᵀ G    dH = scale G Bᵀ    dA = Xᵀ dH    dX = G Wᵀ + dH Aᵀ
    X (..., n) and G (..., m): for dA and dB all leading axes are rows.
    """
    rows, g = X.reshape(-1, X.shape[-1]), G.reshape(-1, G.shape[-1])
    dH = scale * G @ B.T
    dX = G @ W.T + dH @ A.T
    return dX, rows.T @ dH.reshape(-1, B.shape[0]), scale * (rows @ A).T @ g


def merged(W, A, B, scale):
    """W + scale A B: after training one matrix again, so that using it costs nothing more."""
    return W + scale * A @ B


def quantize(W, block=64):
    """(codes, scales) with W ≈ codes · scale: each block of `block` numbers shares a scale, its largest |w| over 7.

    codes are whole numbers from −7 to 7 in int8, four bits' worth, and have W's shape; scales (blocks,) are float64.
    The last block may be shorter. The levels are evenly spaced; QLoRA's are a normal distribution's quantiles. Dettmers
    et al. (2023).
    """
    padded = np.pad(np.ravel(W), (0, -np.size(W) % block)).reshape(-1, block)
    scales = np.abs(padded).max(axis=1) / LEVELS
    codes = np.rint(padded / np.where(scales > 0, scales, 1)[:, np.newaxis]).astype(np.int8)
    return codes.ravel()[: np.size(W)].reshape(np.shape(W)), scales


def dequantize(codes, scales, block=64):
    """The weight that the forward and the backward pass use: code · scale of its block."""
    return codes * np.repeat(scales, block)[: codes.size].reshape(codes.shape)
