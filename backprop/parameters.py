"""Every parameter of a network by its name, and its gradient by the same one: "W[1]", "b[1]", "W[2]", ...

Update rules and gradient checks walk these, so that a model of layers, whose names are its own, is no special case.
"""

import numpy as np

from backprop.checks import real_array

DUE = "but should be what the network's own backward returned, such as net.backward(trace, Y)."


def by_name(W, b):
    """Return {"W[1]": W[1], "b[1]": b[1], "W[2]": W[2], ...} for two lists that are padded as a network's are."""
    return {f"{name}[{l}]": values[l] for l in range(1, len(W)) for name, values in (("W", W), ("b", b))}


def of(net):
    """Return `net.parameters()`, {name: array}. Raises TypeError for what is no network, such as gradients."""
    if not hasattr(net, "parameters"):
        raise TypeError(f"net is a {type(net).__name__}, but should be a network (an MLP), as the first argument.")
    return net.parameters()


def gradients(net, grads):
    """Return {name: gradient} for every parameter of `net`, with None where `grads` holds none.

    `grads` is such a dict, or anything with lists W and b as long as the network's. Raises TypeError or ValueError for
    anything else.
    """
    names = list(of(net))
    if isinstance(grads, dict):
        if grads and not any(name in grads for name in names):
            raise TypeError(f"grads is a dict without {names[0]}, {DUE}")
        return {name: grads.get(name) for name in names}
    for name in "W", "b":
        values, layers = getattr(grads, name, None), len(names) // 2
        if not isinstance(values, (list, tuple)):
            raise TypeError(f"grads is a {type(grads).__name__} without a list {name}, {DUE}")
        if len(values) != layers + 1:
            raise ValueError(
                f"grads.{name} has {len(values)} entries, but the network needs {layers + 1}: "
                f"None, then one for each of its {layers} layers."
            )
    return by_name(grads.W, grads.b)


def pairs(net, grads):
    """Return [(parameter, gradient), ...] in the order of `net.parameters()`.

    Raises ValueError where a gradient is missing or has another shape than its parameter.
    """
    found, due = [], gradients(net, grads)
    for name, w in net.parameters().items():
        g = due[name]
        if g is None:
            raise ValueError(f"grads.{name} is None: it was never computed, so nothing was updated.")
        plain = isinstance(g, np.ndarray) and g.dtype.kind == "f"
        gradient = g if plain else real_array(g, f"grads.{name}")
        if gradient.shape != w.shape:
            raise ValueError(f"grads.{name} has shape {gradient.shape}, but net.{name} has {w.shape}.")
        found.append((w, gradient))
    return found


def refuse_coarse(net):
    """Raise ValueError for parameters below float64: a difference of losses needs every digit."""
    for name, p in net.parameters().items():
        if p.dtype != np.float64:
            raise ValueError(f"{name} is {p.dtype}, but a model is checked in float64: set it to its astype(float).")
