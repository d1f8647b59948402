"""Convolution and pooling of images (B, H, W, C): samples first, features last.

Both look at patches. `im2col` copies them out side by side, so that a convolution becomes one matrix product, and a
pool a maximum or a mean. `col2im` is its transpose: a pixel copied to several patches gets the sum of their gradients.
"""

import numpy as np

from backprop import checks
from backprop.network import VARIANCES


def im2col(X, kernel_size, stride=1, padding=0):
    """The patches of X (B, H, W, C) that a kernel sees, as (B, H', W', k, k, C), after `padding` zeros on every side.

    Patch (i, j) starts at (i·stride, j·stride) of the padded image, and H' = ⌊(H + 2·padding − k)/stride⌋ + 1.
    `kernel_size` is k, or a pair (height, width).
    """
    k = _pair(kernel_size)
    checks.whole(stride, "stride", "pixels")
    if padding != 0:
        checks.whole(padding, "padding", "pixels, or 0")
    if X.ndim != 4:
        raise ValueError(f"An image batch has shape (B, H, W, C), features last, but this one has {X.shape}.")
    X = np.pad(X, [(0, 0), (padding, padding), (padding, padding), (0, 0)])
    if X.shape[1] < k[0] or X.shape[2] < k[1]:
        raise ValueError(f"A kernel of {k} does not fit an image of {X.shape[1:3]}, its padding counted.")
    patches = np.lib.stride_tricks.sliding_window_view(X, k, axis=(1, 2))[:, ::stride, ::stride]
    return patches.transpose(0, 1, 2, 4, 5, 3)


def col2im(patches, shape, stride=1, padding=0):
    """The transpose of im2col: add each patch back to where it was copied from, in an image batch of `shape`."""
    (B, H, W, C), (_, rows, columns, height, width, _) = shape, patches.shape
    X = np.zeros((B, H + 2 * padding, W + 2 * padding, C))
    for i in range(height):
        for j in range(width):
            X[:, i : i + stride * rows : stride, j : j + stride * columns : stride] += patches[:, :, :, i, j]
    return X[:, padding : padding + H, padding : padding + W]


class Conv2d:
    """Y[b, i, j] = Σ over the k × k patch at (i, j) of X · W, plus b (a cross-correlation, as in every framework).

    X (B, H, W, n_in), W (k, k, n_in, n_out), b (n_out,), Y (B, H', W', n_out). With the patches as rows it is Linear:
        Y = patches W + b    dW = patchesᵀ G    db = Σ G    d patches = G Wᵀ, and col2im adds the overlaps to dX.
    That sum is a convolution: x at i is in the patch of output i − u with weight w_u, so dx_i = Σ_u w_u g_{i−u}. The
    kernel runs over G backwards, and over the border too: at stride 1 it is a full correlation with the flipped kernel.
    """

    names = ("W", "b")

    def __init__(self, n_in, n_out, kernel_size, *, stride=1, padding=0, init="he", scale=1.0, seed=0):
        height, width = _pair(kernel_size)
        self.stride, self.padding = stride, padding
        variance, area = VARIANCES[checks.one_of(init, VARIANCES, "init")], height * width
        rng, scale = checks.generator(seed), checks.number(scale, "scale", low=0)
        self.W = np.sqrt(variance(area * n_in, area * n_out, scale)) * rng.standard_normal((height, width, n_in, n_out))
        self.b = np.zeros(n_out)

    def forward(self, X):
        height, width, n_in, n_out = self.W.shape
        if X.ndim != 4 or X.shape[-1] != n_in:
            raise ValueError(f"Conv2d got shape {X.shape}, but wants (B, H, W, {n_in}), features last.")
        patches = im2col(X, (height, width), self.stride, self.padding)
        self.shape, self.patches_shape = X.shape, patches.shape
        self.rows = patches.reshape(-1, height * width * n_in)
        return (self.rows @ self.W.reshape(-1, n_out)).reshape(*patches.shape[:3], n_out) + self.b

    def backward(self, G):
        n_out = len(self.b)
        g = G.reshape(-1, n_out)
        self.dW = (self.rows.T @ g).reshape(self.W.shape)
        self.db = g.sum(axis=0)
        d_patches = (g @ self.W.reshape(-1, n_out).T).reshape(self.patches_shape)
        return col2im(d_patches, self.shape, self.stride, self.padding)


class MaxPool2d:
    """Y = the largest entry of each k × k patch, feature by feature.    dX = G where that entry was, 0 elsewhere

    At a tie the first entry, row by row, takes all of G, as in PyTorch: the maximum has no slope there, and any split
    that sums to G is a subgradient. `stride` is k (of a pair, its height) unless given; where patches overlap their
    gradients add.
    """

    names = ()

    def __init__(self, kernel_size, *, stride=None):
        self.kernel_size = _pair(kernel_size)
        self.stride = self.kernel_size[0] if stride is None else stride

    def forward(self, X):
        patches = im2col(X, self.kernel_size, self.stride)
        self.shape, self.patches_shape = X.shape, patches.shape
        height, width = self.kernel_size
        entries = patches.reshape(*patches.shape[:3], height * width, X.shape[-1])
        self.winner = entries.argmax(axis=3, keepdims=True)
        return np.take_along_axis(entries, self.winner, axis=3)[:, :, :, 0]

    def backward(self, G):
        B, rows, columns, height, width, C = self.patches_shape
        entries = np.zeros((B, rows, columns, height * width, C))
        np.put_along_axis(entries, self.winner, G[:, :, :, np.newaxis], axis=3)
        return col2im(entries.reshape(self.patches_shape), self.shape, self.stride)


class AvgPool2d:
    """Y = the mean of each k × k patch, feature by feature.    dX = G/k² at each entry of the patch, overlaps added."""

    names = ()

    def __init__(self, kernel_size, *, stride=None):
        self.kernel_size = _pair(kernel_size)
        self.stride = self.kernel_size[0] if stride is None else stride

    def forward(self, X):
        patches = im2col(X, self.kernel_size, self.stride)
        self.shape, self.patches_shape = X.shape, patches.shape
        return patches.mean(axis=(3, 4))

    def backward(self, G):
        height, width = self.kernel_size
        spread = np.broadcast_to(G[:, :, :, np.newaxis, np.newaxis] / (height * width), self.patches_shape)
        return col2im(spread, self.shape, self.stride)


def _pair(size):
    """(k, k) of a whole number k, or the pair itself."""
    height, width = size if isinstance(size, tuple) else (size, size)
    checks.whole(height, "kernel_size", "rows")
    checks.whole(width, "kernel_size", "columns")
    return height, width
