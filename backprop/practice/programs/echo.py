import numpy as np


def recorded(rng, T, B):
    """Signals as a device records them, time first: (T, B, 1). The label of each is whether it began above 0."""
    X = rng.normal(size=(T, B, 1))
    return X, (X[0, :, 0] > 0).astype(float)


def rows(X):
    """(T, B, n) as (B, T, n): one signal in each row, in the order of time."""
    return X.transpose(1, 0, 2)
    #: reshaped: return X.reshape(X.shape[1], X.shape[0], X.shape[2])


def init(rng, n, hidden):
    return {
        "Wx": rng.normal(size=(n, hidden)),
        "Wh": 0.9 * np.linalg.qr(rng.normal(size=(hidden, hidden)))[0],
        "b": np.zeros(hidden),
        "v": rng.normal(size=hidden) / np.sqrt(hidden),
    }


def forward(p, X):
    """All states, from the one before the first input, which is 0, and the probability of label 1, (B,)."""
    h = np.zeros((len(X), len(p["b"])))
    H = [h]
    for t in range(X.shape[1]):
        h = np.tanh(X[:, t] @ p["Wx"] + h @ p["Wh"] + p["b"])
        #: alias: h[:] = np.tanh(X[:, t] @ p["Wx"] + h @ p["Wh"] + p["b"])
        H.append(h)
    return H, 1 / (1 + np.exp(-h @ p["v"]))


def backward(p, X, y, H, P):
    """The gradient of the mean cross-entropy, through all of time."""
    G = (P - y) / len(y)
    grads = {name: np.zeros_like(a) for name, a in p.items()}
    grads["v"] = H[-1].T @ G
    dh = np.outer(G, p["v"])
    for t in reversed(range(X.shape[1])):
        dz = dh * (1 - H[t + 1] ** 2)
        #: slope-before: dz = dh * (1 - H[t] ** 2)
        grads["Wx"] += X[:, t].T @ dz
        #: last-input: grads["Wx"] = X[:, t].T @ dz
        grads["Wh"] += H[t].T @ dz
        #: state-after: grads["Wh"] += H[t + 1].T @ dz
        grads["b"] += dz.sum(axis=0)
        dh = dz @ p["Wh"].T
        #: not-transposed: dh = dz @ p["Wh"]
    return grads


def norm(arrays):
    """The norm of all their entries together."""
    return np.sqrt(sum((a**2).sum() for a in arrays))


def clip(grads, limit):
    """All gradients, shortened together so that their common norm is at most `limit`."""
    return {name: g * min(1, limit / norm(grads.values())) for name, g in grads.items()}
    #: each-alone: return {name: g * min(1, limit / norm([g])) for name, g in grads.items()}


def main(steps=300, eta=0.3):
    rng = np.random.default_rng(0)
    X, y = recorded(rng, 10, 200)
    X, p = rows(X), init(rng, 1, 16)
    for step in range(steps + 1):
        H, P = forward(p, X)
        if step % 100 == 0:
            loss = -np.mean(y * np.log(P) + (1 - y) * np.log(1 - P))
            print(f"step {step:3}  loss {loss:.2f}  accuracy {((P > 0.5) == y).mean():.0%}")
        grads = clip(backward(p, X, y, H, P), 1.0)
        for name in p:
            p[name] -= eta * grads[name]


if __name__ == "__main__":
    main()
