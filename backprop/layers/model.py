"""A model is a layer and a loss; and a walk through the layers inside it, which finds the parameters by name."""

import numpy as np

from backprop import checks
from backprop.layers.functions import cross_entropy, cross_entropy_backward, mse, mse_backward


def named_modules(layer):
    """[(name, layer)] of a layer (its own name is "") and of those that it holds as attributes or in lists, once each.

    The names are what one would write in Python to reach them: "blocks[0].attention".
    """
    found = {id(layer): ("", layer)}
    for attribute, value in vars(layer).items():
        for i, inner in enumerate(value if isinstance(value, list) else [value]):
            if hasattr(inner, "names"):
                name = f"{attribute}[{i}]" if isinstance(value, list) else attribute
                for rest, module in named_modules(inner):
                    found.setdefault(id(module), (f"{name}.{rest}".rstrip("."), module))
    return list(found.values())


def named_parameters(layer):
    """{name: (array, gradient)}, such as "blocks[0].attention.Wq"; the gradient is None before the first backward.

    An array that several layers share is there once, by the name it was first met under, with the sum of their
    gradients: used twice, it has two slopes. So an optimizer takes one step, not two.
    """
    found = {}
    for path, module in named_modules(layer):
        for name in module.names:
            array, gradient = getattr(module, name), getattr(module, "d" + name, None)
            if id(array) in found:
                first, _, other = found[id(array)]
                gradient = None if gradient is None or other is None else other + gradient
                found[id(array)] = first, array, gradient
            else:
                found[id(array)] = f"{path}.{name}".lstrip("."), array, gradient
    return {name: (array, gradient) for name, array, gradient in found.values()}


def parameters(layer):
    """Every (array, gradient) of a layer and of those inside it, as `named_parameters` has them."""
    return list(named_parameters(layer).values())


def train(layer, training=True):
    """Set `training` on every layer inside that has it: dropout and BatchNorm behave otherwise when they evaluate."""
    for _, module in named_modules(layer):
        if hasattr(module, "training"):
            module.training = training


LOSSES = {"cross_entropy": (cross_entropy, cross_entropy_backward), "mse": (mse, mse_backward)}


class Model:
    """A layer and a loss, with the `forward`, `loss` and `backward` that an MLP has.

    So check_gradients(model, X, Y) checks it and Adam().update(model, grads) trains it. `loss` is "cross_entropy" (the
    output is logits, Y labels) or "mse".
    """

    def __init__(self, layer, loss="cross_entropy"):
        self.layer = layer
        self.loss_name = checks.one_of(loss, LOSSES, "loss")

    def forward(self, X):
        return self.layer.forward(X)

    def loss(self, output, Y):
        """𝓛 as a float, of the output that forward returned."""
        return LOSSES[self.loss_name][0](output, Y)

    def backward(self, output, Y):
        """{name: ∂𝓛/∂parameter}, for the parameters of the layer."""
        self.layer.backward(LOSSES[self.loss_name][1](output, Y))
        return {name: gradient for name, (_, gradient) in named_parameters(self.layer).items()}

    def parameters(self):
        """{name: array}, the arrays themselves: what changes them in place trains the model."""
        return {name: array for name, (array, _) in named_parameters(self.layer).items()}


def gradient_norms(grads):
    """{part: ‖its gradients‖} of the {name: gradient} that `Model.backward` gives, by the first part of the names."""
    squares = {}
    for name, gradient in grads.items():
        part = name.partition(".")[0]
        squares[part] = squares.get(part, 0.0) + float((gradient**2).sum())
    return {part: float(np.sqrt(total)) for part, total in squares.items()}
