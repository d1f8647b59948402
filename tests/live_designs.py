"""Right networks in many designs, each a module's source that defines init, loss, backward and check.

The mathematics is one line of each; what differs is in what parameters are held, how they are named and ordered, what
loss and backward give besides, and which activation there is. Samples are rows, labels are integers.
"""

import itertools

ACTIVATIONS = {  # the activation of Z, and its slope at Z
    "relu": ("np.maximum({Z}, 0)", "({Z} > 0)"),
    "leaky": ("np.where({Z} > 0, {Z}, 0.01 * {Z})", "np.where({Z} > 0, 1, 0.01)"),
    "tanh": ("np.tanh({Z})", "(1 - np.tanh({Z}) ** 2)"),
    "sigmoid": ("0.5 * (1 + np.tanh({Z} / 2))", "0.25 * (1 - np.tanh({Z} / 2) ** 2)"),
    "softplus": ("np.logaddexp(0, {Z})", "0.5 * (1 + np.tanh({Z} / 2))"),
    "silu": (
        "{Z} * 0.5 * (1 + np.tanh({Z} / 2))",
        "(0.5 * (1 + np.tanh({Z} / 2)) * (1 + {Z} * (1 - 0.5 * (1 + np.tanh({Z} / 2)))))",
    ),
    "elu": ("np.where({Z} > 0, {Z}, np.expm1(np.minimum({Z}, 0)))", "np.where({Z} > 0, 1, np.exp(np.minimum({Z}, 0)))"),
}
ORDERS = list(itertools.permutations(["W1", "b1", "W2", "b2"]))
CONTAINERS = {  # how the four are put together, how they are taken apart, and the order in which a list of them stands
    "dict": ('{"W1": W1, "b1": b1, "W2": W2, "b2": b2}', 'p["W1"], p["b1"], p["W2"], p["b2"]'),
    "pairs": ("[(W1, b1), (W2, b2)]", "p[0][0], p[0][1], p[1][0], p[1][1]"),
    "lists": ("[[W1, W2], [b1, b2]]", "p[0][0], p[1][0], p[0][1], p[1][1]"),
    "kinds": ('{"W": [W1, W2], "b": [b1, b2]}', 'p["W"][0], p["b"][0], p["W"][1], p["b"][1]'),
    "padded": ('{"W": [None, W1, W2], "b": [None, b1, b2]}', 'p["W"][1], p["b"][1], p["W"][2], p["b"][2]'),
    "layers": ('[{"W": W1, "b": b1}, {"W": W2, "b": b2}]', 'p[0]["W"], p[0]["b"], p[1]["W"], p[1]["b"]'),
    "named layers": (
        '{"hidden": {"w": W1, "b": b1}, "out": {"w": W2, "b": b2}}',
        'p["hidden"]["w"], p["hidden"]["b"], p["out"]["w"], p["out"]["b"]',
    ),
    "namedtuple": ("Params(W1, b1, W2, b2)", "p.W1, p.b1, p.W2, p.b2"),
    "namedtuples": ("(Layer(W1, b1), Layer(W2, b2))", "p[0].W, p[0].b, p[1].W, p[1].b"),
    "dataclass": ("Data(W1, b1, W2, b2)", "p.W1, p.b1, p.W2, p.b2"),
    "frozen": ("Frozen(W1, b1, W2, b2)", "p.W1, p.b1, p.W2, p.b2"),
    "dataclasses": ("[DataLayer(W1, b1), DataLayer(W2, b2)]", "p[0].W, p[0].b, p[1].W, p[1].b"),
    "namespace": ("SimpleNamespace(W1=W1, b1=b1, W2=W2, b2=b2)", "p.W1, p.b1, p.W2, p.b2"),
}
GRADIENTS = {  # what backward gives of them; None stands for "as the parameters are"
    "alike": None,
    "named": '{"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}',
    "named otherwise": '{"b2_grad": db2, "W2_grad": dW2, "b1_grad": db1, "W1_grad": dW1}',
    "with more": '{"dX": dZ1 @ W1.T, "dZ1": dZ1, "dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}',
    "a tuple": "dW1, db1, dW2, db2",
    "from the top": "[dW2, db2, dW1, db1]",
    "weights first": "(dW1, dW2, db1, db2)",
}
LOSSES = {
    "a number": "L",
    "with a cache": "L, (A1, P)",
    "with a dict": 'L, {"A1": A1, "P": P}',
    "cache first": "(A1, P), L",
}
BACKWARDS = {"gradients": "{g}", "loss and gradients": "L, {g}", "gradients and dX": "{g}, dZ1 @ W1.T"}

SOURCE = """
from collections import namedtuple
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

Params = namedtuple("Params", "W1 b1 W2 b2")
Layer = namedtuple("Layer", "W b")

@dataclass
class Data:
    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray

@dataclass(frozen=True)
class Frozen:
    W1: np.ndarray
    b1: np.ndarray
    W2: np.ndarray
    b2: np.ndarray

@dataclass
class DataLayer:
    W: np.ndarray
    b: np.ndarray

def init(D, H, K, rng):
    W1, b1 = rng.standard_normal((D, H)) * np.sqrt(2 / D), np.zeros({bias_H})
    W2, b2 = rng.standard_normal((H, K)) * np.sqrt(1 / H), np.zeros({bias_K})
    return {put}

def forward(p, X):
    W1, b1, W2, b2 = {take}
    Z1 = X @ W1 + b1
    A1 = {activation}
    Z2 = A1 @ W2 + b2
    S = Z2 - Z2.max(axis=1, keepdims=True)
    log_p = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    return Z1, A1, log_p

def loss(p, X, y):
    Z1, A1, log_p = forward(p, X)
    P = np.exp(log_p)
    L = -log_p[np.arange(len(y)), y].mean()
    return {loss}

def backward(p, X, y):
    W1, b1, W2, b2 = {take}
    Z1, A1, log_p = forward(p, X)
    L = -log_p[np.arange(len(y)), y].mean()
    dZ2 = np.exp(log_p)
    dZ2[np.arange(len(y)), y] -= 1
    dZ2 /= len(y)
    dW2, db2 = A1.T @ dZ2, dZ2.sum(axis=0{keep})
    dZ1 = dZ2 @ W2.T * {slope}
    dW1, db1 = X.T @ dZ1, dZ1.sum(axis=0{keep})
    return {back}
"""
CLASSES = {
    "attributes, returns": """
class Net:
    def __init__(self, D, H, K, rng):
        self.W1, self.b1 = rng.standard_normal((D, H)) * np.sqrt(2 / D), np.zeros(H)
        self.W2, self.b2 = rng.standard_normal((H, K)) * np.sqrt(1 / H), np.zeros(K)

    def forward(self, X):
        self.X = X
        self.A1 = np.tanh(X @ self.W1 + self.b1)
        Z = self.A1 @ self.W2 + self.b2
        S = Z - Z.max(axis=1, keepdims=True)
        self.log_p = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
        return self.log_p

    def loss(self, X, y):
        return -self.forward(X)[np.arange(len(y)), y].mean()

    def backward(self, X, y):
        self.forward(X)
        dZ2 = np.exp(self.log_p)
        dZ2[np.arange(len(y)), y] -= 1
        dZ2 /= len(y)
        dZ1 = dZ2 @ self.W2.T * (1 - self.A1**2)
        return {"W1": X.T @ dZ1, "b1": dZ1.sum(0), "W2": self.A1.T @ dZ2, "b2": dZ2.sum(0)}
""",
    "keeps gradients on itself": """
class Net:
    def __init__(self, D, H, K, rng):
        self.W1, self.b1 = rng.standard_normal((D, H)) * np.sqrt(2 / D), np.zeros((1, H))
        self.W2, self.b2 = rng.standard_normal((H, K)) * np.sqrt(1 / H), np.zeros((1, K))
        self.dW1, self.db1 = np.zeros_like(self.W1), np.zeros_like(self.b1)
        self.dW2, self.db2 = np.zeros_like(self.W2), np.zeros_like(self.b2)

    def loss(self, X, y):
        self.X, self.y = X, y
        self.Z1 = X @ self.W1 + self.b1
        self.A1 = np.maximum(self.Z1, 0)
        Z = self.A1 @ self.W2 + self.b2
        S = Z - Z.max(axis=1, keepdims=True)
        self.P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
        return (np.log(np.exp(S).sum(axis=1)) - S[np.arange(len(y)), y]).mean()

    def backward(self):
        B = len(self.y)
        dZ2 = (self.P - np.eye(self.P.shape[1])[self.y]) / B
        self.dW2, self.db2 = self.A1.T @ dZ2, dZ2.sum(axis=0, keepdims=True)
        dZ1 = dZ2 @ self.W2.T * (self.Z1 > 0)
        self.dW1, self.db1 = self.X.T @ dZ1, dZ1.sum(axis=0, keepdims=True)
""",
    "a dict on itself": """
class Net:
    def __init__(self, D, H, K, rng):
        self.params = {"W1": rng.standard_normal((D, H)) * np.sqrt(2 / D), "b1": np.zeros(H)}
        self.params |= {"W2": rng.standard_normal((H, K)) * np.sqrt(1 / H), "b2": np.zeros(K)}
        self.grads = {}

    def loss(self, X, y):
        p = self.params
        A1 = np.tanh(X @ p["W1"] + p["b1"])
        Z = A1 @ p["W2"] + p["b2"]
        S = Z - Z.max(axis=1, keepdims=True)
        log_p = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
        self.cache = X, A1, log_p
        return -log_p[np.arange(len(y)), y].mean()

    def backward(self, y):
        X, A1, log_p = self.cache
        dZ2 = (np.exp(log_p) - np.eye(log_p.shape[1])[y]) / len(y)
        dZ1 = dZ2 @ self.params["W2"].T * (1 - A1**2)
        self.grads = {"W1": X.T @ dZ1, "b1": dZ1.sum(0), "W2": A1.T @ dZ2, "b2": dZ2.sum(0)}
        return self.grads
""",
    "layers with momentum": """
class Linear:
    def __init__(self, n, m, rng, scale):
        self.W, self.b = rng.standard_normal((n, m)) * np.sqrt(scale / n), np.zeros(m)
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)

    def forward(self, X):
        self.X = X
        return X @ self.W + self.b

    def backward(self, G):
        self.dW, self.db = self.X.T @ G, G.sum(axis=0)
        return G @ self.W.T

class ReLU:
    def forward(self, Z):
        self.on = Z > 0
        return Z * self.on

    def backward(self, G):
        return G * self.on

class Net:
    def __init__(self, D, H, K, rng):
        self.layers = [Linear(D, H, rng, 2), ReLU(), Linear(H, K, rng, 1)]

    def loss(self, X, y):
        for layer in self.layers:
            X = layer.forward(X)
        S = X - X.max(axis=1, keepdims=True)
        log_p = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
        self.G = np.exp(log_p)
        self.G[np.arange(len(y)), y] -= 1
        self.G /= len(y)
        return -log_p[np.arange(len(y)), y].mean()

    def backward(self, X, y):
        self.loss(X, y)
        G = self.G
        for layer in reversed(self.layers):
            G = layer.backward(G)
        return [(self.layers[0].dW, self.layers[0].db), (self.layers[2].dW, self.layers[2].db)]
""",
    "parameters with data and grad": """
class Parameter:
    def __init__(self, data):
        self.data, self.grad = data, np.zeros_like(data)

class Net:
    def __init__(self, D, H, K, rng):
        self.W1, self.b1 = Parameter(rng.standard_normal((D, H)) * np.sqrt(2 / D)), Parameter(np.zeros(H))
        self.W2, self.b2 = Parameter(rng.standard_normal((H, K)) * np.sqrt(1 / H)), Parameter(np.zeros(K))

    def loss(self, X, y):
        A1 = np.tanh(X @ self.W1.data + self.b1.data)
        Z = A1 @ self.W2.data + self.b2.data
        S = Z - Z.max(axis=1, keepdims=True)
        log_p = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
        return -log_p[np.arange(len(y)), y].mean(), (A1, log_p)

    def backward(self, X, y, cache):
        A1, log_p = cache
        dZ2 = (np.exp(log_p) - np.eye(log_p.shape[1])[y]) / len(y)
        dZ1 = dZ2 @ self.W2.data.T * (1 - A1**2)
        self.W1.grad, self.b1.grad = X.T @ dZ1, dZ1.sum(0)
        self.W2.grad, self.b2.grad = A1.T @ dZ2, dZ2.sum(0)
""",
}


def design(  # noqa: PLR0917 - they go by name
    container="dict", gradients="alike", loss="a number", backward="gradients", activation="tanh", row=False, order=None
):
    """The names that a design's source defines. `order` puts the four in a list in that order."""
    put, take = CONTAINERS[container]
    if order:
        put, take = f"[{', '.join(order)}]", ", ".join(f"p[{order.index(name)}]" for name in ("W1", "b1", "W2", "b2"))
    given = GRADIENTS[gradients]
    if given is None:
        given = put
        for name in ("W1", "b1", "W2", "b2"):
            given = given.replace(f"{name},", f"d{name},").replace(f"{name})", f"d{name})")
            given = given.replace(f"{name}]", f"d{name}]").replace(f"{name}}}", f"d{name}}}")
    act, slope = ACTIVATIONS[activation]
    source = SOURCE
    for name, text in {
        "put": put, "take": take, "activation": act.format(Z="Z1"), "slope": slope.format(Z="Z1"), "loss": LOSSES[loss],
        "back": BACKWARDS[backward].replace("{g}", f"({given})"), "keep": ", keepdims=True" if row else "",
        "bias_H": "(1, H)" if row else "H", "bias_K": "(1, K)" if row else "K",
    }.items():  # fmt: skip
        source = source.replace("{" + name + "}", text)
    names = {"__name__": "learner"}
    exec(source, names)
    return names["init"], names["loss"], names["backward"]


def in_class(kind):
    """A design that is a class: the class, and its two methods."""
    names = {"__name__": "learner"}
    exec("import numpy as np\n" + CLASSES[kind], names)
    return names["Net"], names["Net"].loss, names["Net"].backward
