"""Bad input, answered in one plain sentence: what came, what was due, and what to do.

The rest of the core calls these before it changes anything, so after an error a network is as it was.
"""

from numbers import Real

import numpy as np

from backprop.losses import HEADS, NATURAL_OUTPUT

SUM_TOLERANCE = {"float64": 1e-9, "float32": 1e-4}


def one_of(name, table, argument):
    """`name` if it is a key of `table`; otherwise a ValueError with the nearest key and all of them."""
    if isinstance(name, str) and name in table:
        return name
    choices = ", ".join(f'"{key}"' for key in table)
    raise ValueError(f"{argument}={name!r} is not known.{_guess(name, table)} It can be {choices}.")


def _guess(name, table):
    """The key that `name` may have meant, as a question, or nothing."""
    from difflib import get_close_matches  # only when there is something to explain

    near = get_close_matches(str(name).lower(), table, n=1)
    return f' Did you mean "{near[0]}"?' if near and name != near[0] else ""


def head(loss, output, n_outputs):
    """The legal pair (loss, output) that is asked for; `output=None` takes the loss's natural one."""
    one_of(loss, NATURAL_OUTPUT, "loss")
    pair = loss, NATURAL_OUTPUT[loss] if output is None else output
    if pair not in list(HEADS):  # a list, since an output that cannot be hashed is no legal one either
        legal = ", ".join(f'"{a}" with "{b}"' for a, b in HEADS)
        guess = _guess(output, [b for _, b in HEADS])
        raise ValueError(f"loss={loss!r} and output={output!r} do not go together.{guess} The legal pairs are {legal}.")
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
    """Refuse what is not a whole number from 1 up; `of` says of what."""
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
        _distributions(Y, SUM_TOLERANCE["float32" if np.float32 in (given, net.dtype) else "float64"])
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


def network(net):
    """Refuse what is not a network, such as gradients that stand in its place."""
    if not hasattr(net, "forward"):
        raise TypeError(f"net is a {type(net).__name__}, but should be a network (an MLP), as the first argument.")


def padded(net, grads):
    """Refuse gradients that are not lists W and b, as long as the network's."""
    for name in "W", "b":
        gradients, due = getattr(grads, name, None), len(getattr(net, name))
        if not isinstance(gradients, (list, tuple)):
            raise TypeError(
                f"grads is a {type(grads).__name__} without a list {name}, "
                "but should be what net.backward(trace, Y) returned."
            )
        if len(gradients) != due:
            raise ValueError(
                f"grads.{name} has {len(gradients)} entries, but the network needs {due}: "
                f"None, then one for each of its {due - 1} layers."
            )


def parameters(net, grads):
    """{"W[1]": (net.W[1], grads.W[1]), ...}: every parameter by its name, with its gradient, or None where none is.

    What has a method `parameters`, as a model of layers has, names its own, and its gradients are a dict.
    """
    network(net)
    if hasattr(net, "parameters"):
        if not isinstance(grads, dict):
            raise TypeError(f"grads is a {type(grads).__name__}, but should be the dict that model.backward returned.")
        return {name: (w, grads.get(name)) for name, w in net.parameters().items()}
    padded(net, grads)
    found = {}
    for l in range(1, len(net.W)):
        found[f"W[{l}]"] = net.W[l], grads.W[l]
        found[f"b[{l}]"] = net.b[l], grads.b[l]
    return found


def pairs(net, grads):
    """[(parameter, gradient), ...] over all parameters, once every gradient is there and has the right shape."""
    found = []
    for name, (w, g) in parameters(net, grads).items():
        if g is None:
            raise ValueError(f"grads.{name} is None: it was never computed, so nothing was updated.")
        plain = isinstance(g, np.ndarray) and g.dtype.kind == "f"
        gradient = g if plain else real_array(g, f"grads.{name}")
        if gradient.shape != w.shape:
            raise ValueError(f"grads.{name} has shape {gradient.shape}, but net.{name} has {w.shape}.")
        found.append((w, gradient))
    return found


def float64(net):
    """Refuse a model of layers whose parameters are too coarse for a difference of losses."""
    for name, p in net.parameters().items():
        if p.dtype != np.float64:
            raise ValueError(f"{name} is {p.dtype}, but a model is checked in float64: set it to its astype(float).")


def repeatable(loss, again):
    """Refuse a network whose loss is another one at the next look."""
    if loss != again and not np.isnan(loss):
        raise ValueError(
            f"The loss was {loss:.6g}, and {again:.6g} in a second forward pass on the same X, so differences of it "
            "mean nothing. Is dropout training? Switch it off first, as train(layer, False) of backprop.layers does."
        )
