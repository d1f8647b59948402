import numpy as np

from backprop.data import digits


def split(X, y, rng):
    """Rows in a new order: three quarters to train on, and the others for validation only."""
    order = rng.permutation(len(y))
    cut = len(y) // 4
    held, rest = order[:cut], order[cut:]
    #: leak: held, rest = order[:cut], order
    return X[rest], y[rest], X[held], y[held]


def batches(X, y, size, rng):
    """All rows once, in batches, in a new order for each epoch."""
    order = rng.permutation(len(y))
    for start in range(0, len(y), size):
        chosen = order[start : start + size]
        yield X[chosen], y[chosen]
        #: shuffled-apart: yield X[chosen], y[start : start + size]


def init(rng, inputs=64, hidden=32, classes=10):
    """Weights as He draws them, and biases of 0."""
    return {
        "W1": rng.normal(size=(inputs, hidden)) * np.sqrt(2 / inputs),
        "b1": np.zeros(hidden),
        "W2": rng.normal(size=(hidden, classes)) * np.sqrt(2 / hidden),
        "b2": np.zeros(classes),
    }


def forward(p, X):
    """The hidden activations, and the probabilities of the classes."""
    A1 = np.maximum(X @ p["W1"] + p["b1"], 0)
    Z2 = A1 @ p["W2"] + p["b2"]
    E = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
    #: overflow: E = np.exp(Z2)
    P = E / E.sum(axis=1, keepdims=True)
    #: over-batch: P = E / E.sum(axis=0, keepdims=True)
    return A1, P


def loss(p, X, y):
    """The mean of minus the logarithm of the right class's probability."""
    P = forward(p, X)[1]
    return -np.log(P[np.arange(len(y)), y]).mean()


def step(p, X, y, eta):
    """One step of gradient descent, in place: p ← p − η ∂loss/∂p."""
    A1, P = forward(p, X)
    dZ2 = P.copy()
    dZ2[np.arange(len(y)), y] -= 1
    dZ2 /= len(y)
    #: twice-the-mean: dZ2 /= len(y) ** 2
    dZ1 = (dZ2 @ p["W2"].T) * (A1 > 0)
    #: stepped-first:
    #: no-slope: dZ1 = dZ2 @ p["W2"].T
    p["W2"] -= eta * A1.T @ dZ2
    p["b2"] -= eta * dZ2.sum(axis=0)
    #: stepped-first+: dZ1 = (dZ2 @ p["W2"].T) * (A1 > 0)
    p["W1"] -= eta * X.T @ dZ1
    p["b1"] -= eta * dZ1.sum(axis=0)
    #: mean-bias: p["b1"] -= eta * dZ1.mean(axis=0)


def accuracy(p, X, y):
    """The share of the rows whose most probable class is the right one."""
    return (forward(p, X)[1].argmax(axis=1) == y).mean()


def main(epochs=20, eta=0.1):
    rng = np.random.default_rng(0)
    data = digits()
    X, y, X_held, y_held = split(data.X_train.T, data.y_train, rng)
    p = init(rng)
    for epoch in range(epochs):
        for X_batch, y_batch in batches(X, y, 32, rng):
            #: reseeded: for X_batch, y_batch in batches(X, y, 32, np.random.default_rng(0)):
            step(p, X_batch, y_batch, eta)
        if epoch % 5 == 4:
            print(f"epoch {epoch + 1:2}  loss {loss(p, X, y):.1f}")
    print(f"validation {accuracy(p, X_held, y_held):.0%}")
    print(f"test       {accuracy(p, data.X_test.T, data.y_test):.0%}")


if __name__ == "__main__":
    main()
