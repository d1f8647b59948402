"""The first minutes: a network that learns to read by a line of the learner's own."""

from collections.abc import Callable

import numpy as np

from backprop import MLP, SGD
from backprop.data import batches, digits
from backprop.practice.checker import blank
from backprop.practice.results import as_array
from backprop.practice.wording import describe

SIZES, ETA, BATCH, EPOCHS = [64, 32, 32, 32, 10], 1.5, 16, 20
TOLD = (1, 3, 5, 10, 15, EPOCHS)  # the passes after which it says how well it reads


class Unfit(ValueError):
    """What a line returned can't be a layer's error; the text says what it is."""


class ByYourLine(MLP):
    """An MLP whose (B2) is a line of somebody else's: line(W_next, delta_next, slope). All else is the core's."""

    def __init__(self, line, seed=0):
        super().__init__(SIZES, hidden="sigmoid", loss="cross_entropy", seed=seed)
        self.line = line

    def backward(self, trace, Y):
        grads = super().backward(trace, Y)  # the output's error (B1) stays; what lies below it is made anew
        for l in range(self.L - 1, 0, -1):
            slope = self.dσ(trace.z[l], trace.a[l])
            given = self.W[l + 1].copy(), grads.delta[l + 1].copy(), slope.copy()  # whatever the line does to them
            grads.delta[l] = fitting(self.line(*given), slope.shape)  # (B2)
            grads.W[l] = grads.delta[l] @ trace.a[l - 1].T  # (B3)
            grads.b[l] = grads.delta[l].sum(axis=1, keepdims=True)  # (B4)
        return grads


def fitting(value, shape):
    """A line's result as an array of a layer's error. Raises Unfit."""
    array = as_array(value)
    if value is None:
        raise Unfit("the function returns nothing; a line needs a return in front")
    if blank(value):
        raise Unfit("there is no line yet")
    if type(value) is tuple:
        raise Unfit("the line returns a tuple, not an array: is there a comma at its end?")
    if array is None:
        raise Unfit(f"the line returns {describe(value)}, not an array of numbers")
    if array.shape != shape:
        raise Unfit(f"the line returns shape {array.shape}, and the layer's error has shape {shape}")
    if not np.isfinite(array).all():
        raise Unfit("the numbers have grown out of all bounds")
    return array


def accuracy(net, data):
    """The share of the test pictures that a network reads right."""
    return float((net.forward(data.X_test).output.argmax(axis=0) == data.y_test).mean())


def training(line, data, seed=0):
    """Train on the digits by `line`, and yield (passes, accuracy) before the first and after some of them."""
    net, rule, rng = ByYourLine(line, seed), SGD(eta=ETA), np.random.default_rng(seed)
    net.backward(net.forward(data.X_train[:, :2]), data.y_train[:2])  # a line that can't be used is told at once
    yield 0, accuracy(net, data)
    for epoch in range(1, EPOCHS + 1):
        for X, y in batches(data.X_train, data.y_train, BATCH, rng):
            trace = net.forward(X)
            grads = net.backward(trace, y)
            rule.update(net, grads)
        if epoch in TOLD:
            yield epoch, accuracy(net, data)


def train_digits(line: Callable) -> None:
    """Train a network on the digits, with your line where (B2) stands, and print how well it reads as it learns.

    line(W_next, delta_next, slope) returns the error of a layer. One that can't train is answered in a sentence.
    """
    if not callable(line):
        print(f"train_digits wants your function, without parentheses, and got {describe(line)}.")
        return
    try:
        with np.errstate(all="ignore"):  # a wrong line may grow without bounds, and is told so in words
            for epoch, share in training(line, digits()):
                when = f"after {epoch:2} pass{'es' if epoch > 1 else ''}" if epoch else "untrained"
                print(f"{when:16} {share:4.0%} of new digits read right", flush=True)
    except Unfit as problem:
        print(f"It can't train: {problem}.")
    except Exception as error:  # whatever somebody's line may raise; check tells where
        print(f"It can't train: the line raises {type(error).__name__}.")
