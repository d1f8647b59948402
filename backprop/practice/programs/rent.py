import numpy as np


def table(rng, n):
    """n flats: whole square meters, rooms, floor and year (n, 4), and the rent in euros (n,)."""
    meters = rng.integers(20, 120, size=n)
    X = np.column_stack([meters, 1 + meters // 30, rng.integers(0, 6, size=n), rng.integers(1900, 2020, size=n)])
    return X, 200 + 11.5 * meters + 8 * X[:, 2] + 40 * rng.normal(size=n)


def standardized(X, mean, std):
    """X with these means and standard deviations of its columns taken away. The table itself stays as it is."""
    Z = np.zeros(X.shape)
    #: whole-numbers: Z = np.zeros_like(X)
    Z[:] = (X - mean) / std
    return Z


def predict(p, X):
    """A prediction for each row, (n, 1)."""
    return np.tanh(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"]


def loss(p, X, y):
    """Half the mean of the squared errors; y is (n,)."""
    error = predict(p, X) - y[:, None]
    #: pairs: error = predict(p, X) - y
    return 0.5 * (error**2).mean()
    #: sum: return 0.5 * (error**2).sum()


def gradients(p, X, y):
    """∂loss/∂p for each parameter."""
    A = np.tanh(X @ p["W1"] + p["b1"])
    dY = (A @ p["W2"] + p["b2"] - y[:, None]) / len(y)
    dZ = (dY @ p["W2"].T) * (1 - A**2)
    #: slope-of-z: dZ = (dY @ p["W2"].T) * (1 - np.tanh(A) ** 2)
    return {"W1": X.T @ dZ, "b1": dZ.sum(axis=0), "W2": A.T @ dY, "b2": dY.sum(axis=0)}


def fit(p, train, valid, steps=300, eta=0.1, beta=0.9):
    """Gradient descent with momentum. Returns the parameters with the lowest validation loss, and the losses."""
    v = {name: np.zeros_like(a) for name, a in p.items()}
    best, lowest, losses = p, np.inf, []
    for _ in range(steps):
        now = loss(p, *valid)
        losses.append(now)
        if now < lowest:
            lowest, best = now, {name: a.copy() for name, a in p.items()}
            #: alias: lowest, best = now, dict(p)
        grads = gradients(p, *train)
        for name in p:
            v[name] = beta * v[name] + grads[name]
            #: no-memory: v[name] = beta * grads[name] + grads[name]
            p[name] -= eta * v[name]
    return best, losses


def main():
    rng = np.random.default_rng(0)
    X, rent = table(rng, 160)
    mean, std = X[:120].mean(axis=0), X[:120].std(axis=0)
    y = (rent - rent[:120].mean()) / rent[:120].std()
    Z = standardized(X, mean, std)
    train, valid = (Z[:120], y[:120]), (Z[120:], y[120:])
    p = {
        "W1": rng.normal(size=(4, 8)) / 2,
        "b1": np.zeros(8),
        "W2": rng.normal(size=(8, 1)) / np.sqrt(8),
        "b2": np.zeros(1),
    }
    best, losses = fit(p, train, valid)
    #: selects-on-train: best, losses = fit(p, train, train)
    for step in range(0, 300, 60):
        print(f"step {step:3}  validation loss {losses[step]:.2f}")
    print(f"lowest {min(losses):.2f}, of the parameters that came back {loss(best, *valid):.2f}")
    guess = predict(best, valid[0]).ravel() * rent[:120].std()
    print(f"typical error {np.abs(guess - y[120:] * rent[:120].std()).mean():.0f} euros")


if __name__ == "__main__":
    main()
