"""Makers of inputs that several exercises share. An exercise has its own beside it."""

import numpy as np

from backprop.activations import sigmoid


def sizes(rng, count):
    """`count` different whole numbers from 2 to 7: no matrix is square, and the batch is unlike any width."""
    return [int(n) for n in rng.permutation(np.arange(2, 8))[:count]]


def normal(rng, *shape):
    """An array of standard normal numbers."""
    return rng.standard_normal(shape)


def one_hot_columns(rng, K, B):
    """(K, B) with a 1 in each column."""
    Y = np.zeros((K, B))
    Y[rng.integers(0, K, B), np.arange(B)] = 1
    return Y


def positive(*names):
    return lambda rng: {name: np.float64(v) for name, v in zip(names, rng.uniform(1, 3, len(names)))}


def neuron_inputs(rng):
    x, y, w, b = 2 * normal(rng), rng.uniform(0.1, 0.9), normal(rng), normal(rng)
    return {"x": np.float64(x), "y": np.float64(y), "w": np.float64(w), "b": np.float64(b)}


def neuron_and_values(rng):
    """The neuron after its forward pass: what the rungs' expressions are written in."""
    neuron = neuron_inputs(rng)
    z = neuron["w"] * neuron["x"] + neuron["b"]
    return neuron | {"z": z, "a": sigmoid(z)}


def sp(z):
    """σ'(z), as the whiteboard's abbreviation has it."""
    a = sigmoid(z)
    return a * (1 - a)


def network_sizes(rng):
    return {"n0": 4, "n1": 3, "n2": 2, "B": 5}


def network_inputs(rng):
    """The 4-3-2 network of the ladder after its forward pass, five samples as columns."""
    W1, b1, W2, b2 = normal(rng, 3, 4), normal(rng, 3, 1), normal(rng, 2, 3), normal(rng, 2, 1)
    a0 = normal(rng, 4, 5)
    z1 = W1 @ a0 + b1
    a1 = sigmoid(z1)
    z2 = W2 @ a1 + b2
    forward = {"a0": a0, "z1": z1, "a1": a1, "z2": z2, "a2": sigmoid(z2)}
    return forward | {"Y": rng.uniform(size=(2, 5)), "B": 5, "W1": W1, "b1": b1, "W2": W2, "b2": b2}


def with_d2(rng):
    """... and after the first rung, whose result the second may use."""
    net = network_inputs(rng)
    return net | {"d2": (net["a2"] - net["Y"]) / net["B"] * sp(net["z2"])}


def with_d1(rng):
    """... and after the second."""
    net = with_d2(rng)
    return net | {"d1": net["W2"].T @ net["d2"] * sp(net["z1"])}


def wave(x):
    """A smooth function of a number, or of each entry, real or complex."""
    return np.exp(np.sin(x)) + x**3 / 5


def falling(x):
    """`wave` from right to left: its slope is negative."""
    return wave(-x)


def chain_of(rng, count):
    """Edges (child, parent, slope) of a graph in which every node has two parents, in the order of creation."""
    edges = []
    for child in range(2, count):
        for parent in (child - 1, int(rng.integers(0, child - 1))):
            edges.append((child, parent, float(normal(rng))))
    return edges


def softmax_of(z):
    """Softmax of columns, for the inputs of exercises."""
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def logits(rng):
    K, B = sizes(rng, 2)
    return {"z": 2 * normal(rng, K, B)}


def extreme_logits(rng):
    """Columns that overflow, that underflow, and that only their own maximum saves."""
    return {"z": np.array([[1000.0, -1000.0, 3.0, 0.5], [0.0, -1001.0, 1.0, -800.0], [-1000.0, -1002.0, 2.0, 0.2]])}


def logits_and_one_hot(rng):
    K, B = sizes(rng, 2)
    return {"z": 2 * normal(rng, K, B), "y": one_hot_columns(rng, K, B)}


def logits_and_soft(rng):
    z = logits(rng)["z"]
    return {"z": z, "y": softmax_of(normal(rng, *z.shape))}


def binary_inputs(rng):
    B = sizes(rng, 1)[0]
    return {"z": 2 * normal(rng, 1, B), "y": rng.integers(0, 2, (1, B)).astype(float)}


def soft_binary(rng):
    return {"z": 2 * normal(rng, 1, 5), "y": rng.uniform(0.1, 0.9, (1, 5))}


def extreme_binary(rng):
    z = [[1000.0, 1000.0, -1000.0, -1000.0, 40.0, 40.0]]
    return {"z": np.array(z), "y": np.array([[0.0, 1.0, 0.0, 1.0, 0.0, 1.0]])}


def probabilities_and_targets(rng):
    """One sample's p, y and an upstream g, then a batch: P, Y, their δ^L, the last layer's W and what enters it."""
    K, n, B = sizes(rng, 3)
    P, Y = softmax_of(normal(rng, K, B)), softmax_of(2 * normal(rng, K, B))
    return {
        "p": softmax_of(normal(rng, K, 1)),
        "y": softmax_of(2 * normal(rng, K, 1)),
        "g": normal(rng, K, 1),
        "P": P,
        "Y": Y,
        "B": B,
        "delta": (P - Y) / B,
        "W": normal(rng, K, n),
        "A": normal(rng, n, B),
    }


def widths_and_variances(rng):
    """One layer's widths, the variance v of its weights, a2 = E[a²], Var(δ) above it, a leaky slope."""
    n_in, n_out = (int(n) for n in rng.permutation(np.arange(3, 12))[:2])
    given = {"v": (0.1, 0.4), "a2": (1.2, 2), "var_delta": (0.3, 0.8), "alpha": (0.1, 0.4)}
    return {"n_in": n_in, "n_out": n_out} | {name: rng.uniform(*bounds) for name, bounds in given.items()}


def rows_with(rng, *names):
    """Samples as rows, and vectors with an entry per feature; what is called *var is positive."""
    B, n = (int(size) for size in rng.permutation(np.arange(3, 8))[:2])
    given = {"X": 1 + 2 * normal(rng, B, n)}
    for name in names:
        given[name] = normal(rng, B, n) if name == "G" else normal(rng, n)
        if name.endswith("var"):
            given[name] = 0.5 + 2 * rng.random(n)
    return given


def norm_backward_inputs(rng):
    return rows_with(rng, "gamma", "G") | {"eps": rng.uniform(0.1, 0.5)}


def draw(rng, **ranges):
    """A number from each range."""
    return {name: rng.uniform(*bounds) for name, bounds in ranges.items()}


def rule_inputs(rng, signed=(), squares=(), **ranges):
    """A weight matrix, its gradient, what the rule remembers (sums of squares are positive), and the settings."""
    n, m = sizes(rng, 2)
    arrays = {name: normal(rng, n, m) for name in ("w", "g", *signed)}
    return arrays | {name: 0.2 + rng.random((n, m)) for name in squares} | draw(rng, **ranges)


def momentum_inputs(rng):
    return rule_inputs(rng, ["v"], eta=(0.05, 0.3), beta=(0.6, 0.95))


def adam_inputs(rng, **more):
    given = rule_inputs(rng, ["m"], ["v"]) | {"t": int(rng.integers(2, 6))}
    return given | draw(rng, eta=(0.05, 0.3), beta1=(0.6, 0.8), beta2=(0.85, 0.97), eps=(0.02, 0.1), **more)


def away_from_zero(rng, n):
    """A vector whose entries can be divided by."""
    return rng.choice([-1, 1], n) * rng.uniform(0.5, 1.5, n)
