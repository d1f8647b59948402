"""The sizes, weights, samples and targets of an MLP, in its shapes and dtype; or a sentence about what is wrong.

Every sentence names the argument, the shape or value that came, the one that was due, and what to do.
"""

import numpy as np

from backprop.checks import as_dtype, finite, guess, one_of, real_array
from backprop.losses import HEADS, NATURAL_OUTPUT


def head(loss, output, n_outputs):
    """The legal pair (loss, output) that is asked for; `output=None` takes the loss's natural one."""
    one_of(loss, NATURAL_OUTPUT, "loss")
    pair = loss, NATURAL_OUTPUT[loss] if output is None else output
    if pair not in list(HEADS):  # a list, since an output that cannot be hashed is no legal one either
        legal = ", ".join(f'"{a}" with "{b}"' for a, b in HEADS)
        near = guess(output, [b for _, b in HEADS])
        raise ValueError(f"loss={loss!r} and output={output!r} do not go together.{near} The legal pairs are {legal}.")
    if pair[1] == "softmax" and n_outputs < 2:
        raise ValueError(
            f"softmax over {n_outputs} output is always 1, so there is nothing to learn. "
            'Use at least two outputs, or loss="bce" with one.'
        )
    return pair


def sizes(widths):
    """A list of at least two positive whole numbers, as ints."""
    try:
        widths = list(widths)
    except TypeError:
        raise TypeError(f"sizes is {widths!r}, but should list the widths n_0..n_L, such as [2, 3, 1].") from None
    whole = all(isinstance(n, (int, np.integer)) and not isinstance(n, bool) and n > 0 for n in widths)
    if len(widths) < 2 or not whole:
        raise ValueError(
            f"sizes is {widths}, but should list at least two positive whole numbers: inputs n_0, ..., outputs n_L."
        )
    return [int(n) for n in widths]


def samples(X, width, kind):
    """X as a finite (n_0, B) array of the network's dtype, not copied where it is one already."""
    X = real_array(X, "X")
    if X.ndim != 2 or X.shape[0] != width:
        if X.ndim == 2 and X.shape[1] == width:
            remedy = "Its rows look like samples, and here samples are columns: pass X.T."
        elif X.shape == (width,):
            remedy = "If it is one sample, pass X.reshape(-1, 1)."
        elif X.ndim == 1 and width == 1:
            remedy = "If each entry is a sample, pass X.reshape(1, -1)."
        else:
            remedy = f"The network has {width} inputs, one row each, and one column per sample."
        raise ValueError(f"X has shape {X.shape}, but should be (n_0, B) = ({width}, B). {remedy}")
    if X.shape[1] == 0:
        raise ValueError(f"X has shape {X.shape}: an empty batch. Pass at least one sample (column).")
    return finite(as_dtype(X, kind), "X")


def targets(Y, trace, net):
    """Y as a (n_L, B) array that fits `trace` and the loss of `net`; integer labels become one-hot columns."""
    widths = [a.shape[0] for a in trace.a] if hasattr(trace, "a") else None
    if widths != net.sizes or trace.output.dtype != net.dtype:
        found = f"comes from a network {widths} in {trace.output.dtype}" if widths else f"is a {type(trace).__name__}"
        raise ValueError(
            f"trace {found}, but this network is {net.sizes} in {net.dtype}. Pass what its own forward(X) returned."
        )
    Y = real_array(Y, "Y")
    wanted = trace.output.shape
    if net.loss_name == "cross_entropy" and Y.ndim == 1:
        return one_hot(Y, *wanted, net.dtype)
    if Y.shape != wanted:
        raise ValueError(f"Y has shape {Y.shape}, but should be (n_L, B) = {wanted}. {_why(Y, wanted, net)}")
    given, Y = Y.dtype, finite(as_dtype(Y, net.dtype), "Y")
    if net.loss_name == "bce" and (Y.min() < 0 or Y.max() > 1):
        sample = int(np.argwhere((Y < 0) | (Y > 1))[0][1])
        raise ValueError(
            f'Y holds {Y[:, sample].tolist()} in sample {sample}, but the targets of loss "bce" are probabilities '
            "between 0 and 1. If your classes are -1 and +1, pass (Y + 1) / 2."
        )
    if net.loss_name == "cross_entropy":
        rounded = np.float32 in (given, net.dtype)
        _distributions(Y, tolerance=1e-4 if rounded else 1e-9)
    return Y


def _why(Y, wanted, net):
    """What to do about a Y of the wrong shape."""
    n, B = wanted
    if Y.shape == (B, n):
        return "Its rows look like samples, and here samples are columns: pass Y.T."
    if n == 1 and Y.shape == (B,):
        return "Pass Y.reshape(1, -1)."
    if B == 1 and Y.shape == (n,):
        return "Pass Y.reshape(-1, 1)."
    if net.loss_name == "cross_entropy" and Y.shape in ((1, B), (B, 1)):
        return "If these are labels, pass Y.ravel(), of shape (B,)."
    if Y.ndim == 2 and Y.shape[0] == n:
        return f"The trace holds {B} samples and Y holds {Y.shape[1]}: pass the Y that belongs to that forward's X."
    return "Give one row per output and one column per sample."


def one_hot(labels, K, B, kind):
    """Integer labels (B,) in 0..K-1 as one-hot columns (K, B)."""
    if labels.shape != (B,):
        raise ValueError(
            f"Y has {labels.size} labels, but the trace holds {B} samples. "
            f"Pass one label per sample, or one column of {K} probabilities per sample."
        )
    if labels.dtype.kind not in "iu":
        raise TypeError(f"Y holds {labels.dtype} labels, but labels should be integers: pass Y.astype(int).")
    wrong = np.flatnonzero((labels < 0) | (labels >= K))
    if wrong.size:
        raise ValueError(
            f"Y holds the label {labels[wrong[0]]} in sample {wrong[0]}, but the network has {K} outputs, "
            f"so labels run from 0 to {K - 1}."
        )
    Y = np.zeros((K, B), kind)
    Y[labels, np.arange(B)] = 1
    return Y


def _distributions(Y, tolerance):
    """Refuse target columns that are not probabilities summing to 1."""
    total = Y.sum(axis=0)
    wrong = np.flatnonzero((np.abs(total - 1) > tolerance) | (Y < 0).any(axis=0))
    if wrong.size:
        sample = wrong[0]
        fault = "has a negative entry" if (Y[:, sample] < 0).any() else f"sums to {total[sample]:.10g}"
        remedy = "Divide each column by its sum, or pass integer labels."
        if Y.shape[0] == Y.shape[1] and np.allclose(Y.sum(axis=1), 1):
            remedy = "Its rows sum to 1 and look like samples, and here samples are columns: pass Y.T."
        raise ValueError(
            f"Y's column for sample {sample} {fault}, but each column should be probabilities that sum to 1. {remedy}"
        )


def weights(arrays, shapes, kind):
    """Copies of the L arrays, of the shapes (n_l, n_{l-1}); a leading None is allowed, as in `net.W`."""
    try:
        arrays = list(arrays)
    except TypeError:
        raise TypeError(f"init is {arrays!r}, but should be a name such as 'xavier' or a list of arrays.") from None
    arrays = arrays[1:] if arrays and arrays[0] is None else arrays
    if len(arrays) != len(shapes):
        raise ValueError(f"init lists {len(arrays)} arrays, but the network has {len(shapes)} layers: give one W each.")
    copies = []
    for l, (values, shape) in enumerate(zip(arrays, shapes), start=1):
        W = real_array(values, f"init for W[{l}]")
        if W.shape != shape:
            turned = " Pass its transpose." if W.shape == shape[::-1] else ""
            raise ValueError(
                f"init for W[{l}] has shape {W.shape}, but W[{l}] is (n_{l}, n_{l - 1}) = {shape}.{turned}"
            )
        copy = as_dtype(W, kind).copy()
        if not np.isfinite(copy).all():
            raise ValueError(f"init for W[{l}] holds NaN or inf (as {kind}). Give finite numbers.")
        copies.append(copy)
    return copies
