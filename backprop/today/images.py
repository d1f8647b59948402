"""The transposed convolution: a convolution's backward pass, used forward."""

import numpy as np

from backprop import checks
from backprop.layers import col2im, im2col


class ConvTranspose2d:
    """Y = what Conv2d's backward pass makes of G = X, plus b.    dX = what its forward pass makes of G

    X (B, H, W, n_in), W (k, k, n_out, n_in), Y (B, H', W', n_out) with H' = (H − 1)·stride + k − 2·padding. Each
    entry of X lays down the kernel, times itself, at its place in Y, and where kernels overlap they add. No inverse: a
    convolution's matrix C is transposed, and CᵀC isn't the identity. W is that of the Conv2d that it transposes, from
    n_out features to n_in. The same patches serve both: dW = patches(G)ᵀ X, db = Σ G.
    """

    names = ("W", "b")

    def __init__(self, n_in, n_out, kernel_size, *, stride=1, padding=0, seed=0):
        checks.whole(kernel_size, "kernel_size", "rows")
        self.k, self.stride, self.padding = kernel_size, stride, padding
        fan_in = n_in * kernel_size**2 / stride**2  # how many products an entry of Y sums, on average
        shape = (kernel_size, kernel_size, n_out, n_in)
        self.W = checks.generator(seed).standard_normal(shape) * np.sqrt(2 / fan_in)
        self.b = np.zeros(n_out)

    def forward(self, X):
        n_in = self.W.shape[-1]
        if X.ndim != 4 or X.shape[-1] != n_in:
            raise ValueError(f"ConvTranspose2d got shape {X.shape}, but wants (B, H, W, {n_in}), features last.")
        self.X = X
        B, *sides, _ = X.shape
        H, W = ((side - 1) * self.stride + self.k - 2 * self.padding for side in sides)
        patches = (X.reshape(-1, n_in) @ self.W.reshape(-1, n_in).T).reshape(*X.shape[:3], *self.W.shape[:3])
        return col2im(patches, (B, H, W, len(self.b)), self.stride, self.padding) + self.b

    def backward(self, G):
        n_in = self.W.shape[-1]
        rows = im2col(G, self.k, self.stride, self.padding).reshape(-1, self.W[..., 0].size)
        self.dW = (rows.T @ self.X.reshape(-1, n_in)).reshape(self.W.shape)
        self.db = G.sum(axis=(0, 1, 2))
        return (rows @ self.W.reshape(-1, n_in)).reshape(self.X.shape)
