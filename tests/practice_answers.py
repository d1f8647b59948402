"""Right answers to the exercises that interviews ask most, written by hand in ways that have little in common."""
# ruff: noqa: PLR0917 (their arguments are those of the exercises)

import numpy as np


def sig(z):
    return 1 / (1 + np.exp(-z))


def backward_by_loops(X, Y, W1, b1, W2, b2):
    B, sums = X.shape[1], [np.zeros_like(p) for p in (W1, b1, W2, b2)]
    for x, y in zip(X.T[:, :, None], Y.T[:, :, None]):  # a sample at a time
        a1 = np.tanh(W1 @ x + b1)
        a2 = sig(W2 @ a1 + b2)
        d2 = (a2 - y) * a2 * (1 - a2)
        d1 = W2.T @ d2 / np.cosh(W1 @ x + b1) ** 2
        sums = [total + g / B for total, g in zip(sums, (d1 @ x.T, d1, d2 @ a1.T, d2))]
    return sums


def backward_in_rows(X, Y, W1, b1, W2, b2):
    A1 = np.tanh(X.T @ W1.T + b1.ravel())
    A2 = 0.5 * (1 + np.tanh((A1 @ W2.T + b2.ravel()) / 2))
    D2 = (A2 - Y.T) * (A2 - A2**2) / len(A2)
    D1 = (D2 @ W2) * (1 - A1) * (1 + A1)
    return (X @ D1).T, D1.sum(0), (A1.T @ D2).T, D2.sum(0)


def backward_with_ones(X, Y, W1, b1, W2, b2):
    """The bias as one more column of W, with an input that is always 1."""
    ones = np.ones((1, X.shape[1]))
    X = np.vstack([X, ones])
    a1 = np.vstack([np.tanh(np.hstack([W1, b1]) @ X), ones])
    z2 = np.hstack([W2, b2]) @ a1
    d2 = (sig(z2) - Y) * np.exp(-z2) / (1 + np.exp(-z2)) ** 2 / X.shape[1]
    d1 = np.einsum("ki,kb,ib->ib", W2, d2, 1 - a1[:-1] ** 2)
    dW1, dW2 = d1 @ X.T, d2 @ a1.T
    return dW1[:, :-1], dW1[:, -1:], dW2[:, :-1], dW2[:, -1:]


def backward_mean_at_the_end(X, Y, W1, b1, W2, b2):
    z1 = W1.dot(X) + b1
    a1 = np.tanh(z1)
    a2 = sig(W2.dot(a1) + b2)
    delta2 = (a2 - Y) * a2 * (1 - a2)  # 1/B is in none of them yet
    delta1 = W2.T.dot(delta2) * (1 - np.tanh(z1) ** 2)
    B = X.shape[1]
    return delta1.dot(X.T) / B, delta1.mean(axis=1), np.inner(delta2, a1) / B, delta2.mean(axis=1, keepdims=True)


def backward_dict(X, Y, W1, b1, W2, b2):
    dW1, db1, dW2, db2 = backward_in_rows(X, Y, W1, b1, W2, b2)
    return {"dW2": dW2, "db2": db2[:, None], "dW1": dW1.tolist(), "db1": db1}


def softmax_by_columns(z):
    return np.array([(e := np.exp(column - column.max())) / e.sum() for column in z.T]).T


def softmax_rescaled(z):
    with np.errstate(all="ignore"):
        return np.array([1 / np.exp(z - row).sum(axis=0) for row in z])  # p_i = 1 / sum exp(z_k - z_i)


def log_sum_exp(z):
    return np.logaddexp.reduce(z, axis=0)


def log_softmax_by_loops(z):
    out = np.empty_like(z)
    for b in range(z.shape[1]):
        top = max(z[:, b])
        out[:, b] = z[:, b] - top - np.log(sum(np.exp(value - top) for value in z[:, b]))
    return out


def delta_by_loops(z, y):
    p = softmax_by_columns(z)
    return [[(p[k, b] - y[k, b]) / z.shape[1] for b in range(z.shape[1])] for k in range(z.shape[0])]


def delta_through_the_jacobian(z, y):
    """The Jacobian of log p is I - 1 p^T, for each sample: the long way to p - y."""
    K, B = z.shape
    jacobians = [np.eye(K) - np.outer(np.ones(K), p) for p in softmax_by_columns(z).T]
    return np.array([-J.T @ t / B for J, t in zip(jacobians, y.T)]).T


def standardized(X, eps, axis):
    mu = X.mean(axis=axis, keepdims=True)
    s = np.sqrt(((X - mu) ** 2).mean(axis=axis, keepdims=True) + eps)
    return (X - mu) / s, s


def norm_by_sums(axis):
    def f(X, gamma, G, eps):
        (xhat, s), N, g = standardized(X, eps, axis), X.shape[axis], G * gamma
        dX = (N * g - g.sum(axis, keepdims=True) - xhat * (g * xhat).sum(axis, keepdims=True)) / (N * s)
        return dX, (G * xhat).sum(0), G.sum(0)

    return f


def norm_step_by_step(axis):
    """The way of a tape: through x - mu, the variance, the root, each on its own."""

    def f(X, gamma, G, eps):
        N, mu = X.shape[axis], X.mean(axis, keepdims=True)
        centered = X - mu
        var = np.mean(centered**2, axis, keepdims=True)
        inverse = (var + eps) ** -0.5
        dxhat = gamma * G
        dvar = (dxhat * centered).sum(axis, keepdims=True) * -0.5 * inverse**3
        dcentered = dxhat * inverse + dvar * 2 * centered / N
        dX = dcentered - dcentered.mean(axis, keepdims=True)
        return dX, np.einsum("bd,bd->d", G, centered * inverse), np.ones(len(G)) @ G

    return f


def norm_by_jacobians(axis):
    """A matrix for each group: (I - 1/N - xhat xhat^T/N)/s."""

    def f(X, gamma, G, eps):
        xhat, s = standardized(X, eps, axis)
        g, N = G * gamma, X.shape[axis]
        if axis == 0:
            xhat, s, g = xhat.T, s.T, g.T
        J = (np.eye(N) - 1 / N - xhat[:, :, None] * xhat[:, None, :] / N) / s[:, :, None]
        dX = np.einsum("gij,gj->gi", J, g)
        xhat = xhat.T if axis == 0 else xhat
        return dX.T if axis == 0 else dX, (G * xhat).sum(axis=0), G.sum(axis=0)

    return f


def norm_by_loops(axis):
    def f(X, gamma, G, eps):
        dX = np.zeros_like(X)
        xhat, s = standardized(X, eps, axis)
        groups = (
            [(b, slice(None)) for b in range(len(X))] if axis == 1 else [(slice(None), j) for j in range(X.shape[1])]
        )
        for group in groups:
            g, h = (G * gamma)[group], xhat[group]
            dX[group] = (g - np.mean(g) - h * np.dot(g, h) / len(g)) / s.ravel()[group[1 - axis]]
        dgamma = sum(G[b] * xhat[b] for b in range(len(X)))
        return [dX, dgamma, sum(G)]

    return f


def norm_by_projection(axis):
    """Take out the mean, then the part along xhat (whose square has the mean var/(var + eps), not 1)."""

    def f(X, gamma, G, eps):
        xhat, s = standardized(X, eps, axis)
        g = gamma * G
        g = g - g.mean(axis, keepdims=True)
        along = np.average(g * xhat, axis=axis)
        dX = (g - xhat * np.expand_dims(along, axis)) / s
        return dX, np.diag(G.T @ xhat), G.sum(0, keepdims=True)

    return f


def adam_by_entries(w, g, m, v, t, eta, beta1, beta2, eps):
    w, m, v = w.copy(), m.copy(), v.copy()
    for i in np.ndindex(w.shape):
        m[i] = beta1 * m[i] + (1 - beta1) * g[i]
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i]
        w[i] -= eta * (m[i] / (1 - beta1**t)) / ((v[i] / (1 - beta2**t)) ** 0.5 + eps)
    return w, m, v


def adam_in_one_rate(w, g, m, v, t, eta, beta1, beta2, eps):
    """As the paper's section 2 has it: both corrections in the rate, and eps scaled along."""
    m, v = m + (1 - beta1) * (g - m), v + (1 - beta2) * (np.square(g) - v)
    root = np.sqrt(1 - beta2**t)
    return w - eta * root / (1 - beta1**t) * m / (np.sqrt(v) + eps * root), m, v


def adam_like_torch(w, g, m, v, t, eta, beta1, beta2, eps):
    exp_avg = m * beta1 + g * (1 - beta1)
    exp_avg_sq = v * beta2 + g * g * (1 - beta2)
    denominator = np.sqrt(exp_avg_sq) / np.sqrt(1 - beta2**t) + eps
    return w - (eta / (1 - beta1**t)) * exp_avg / denominator, exp_avg, exp_avg_sq


def adam_dict(w, g, m, v, t, eta, beta1, beta2, eps):
    return dict(zip(("w", "m", "v"), adam_by_entries(w, g, m, v, t, eta, beta1, beta2, eps)))


def adam_stacked(w, g, m, v, t, eta, beta1, beta2, eps):
    m, v = (b * old + (1 - b) * new for b, old, new in ((beta1, m, g), (beta2, v, g**2)))
    step = np.divide(m / (1 - beta1**t), np.sqrt(v / (1 - beta2**t)) + eps)
    return np.stack([w - eta * step, m, v])


def nudged(f, x, h, i):
    x = x.astype(float)
    x[i] += h
    return f(x)


def gradient_flat(f, x, h):
    flat = np.array(x, dtype=float).ravel()
    g = np.empty(flat.size)
    for k in range(flat.size):
        e = np.zeros(flat.size)
        e[k] = h
        g[k] = (f((flat + e).reshape(x.shape)) - f((flat - e).reshape(x.shape))) / (2 * h)
    return g.reshape(x.shape)


def gradient_nditer(f, x, h):
    x, g = np.asarray(x, float).copy(), np.zeros(x.shape)
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i, kept = it.multi_index, x[it.multi_index]
        x[i] = kept + h
        up = f(x)
        x[i] = kept - h
        g[i] = (up - f(x)) / h / 2
        x[i] = kept
        it.iternext()
    return g


def gradient_basis(f, x, h):
    basis = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([0.5 * (f(x + e) - f(x - e)) / h for e in basis]).reshape(x.shape)


def linear_by_loops(X, W, G):
    dW = sum(np.outer(x, g) for x, g in zip(X, G))
    return [[W @ g for g in G], dW, [sum(column) for column in G.T]]


def rows_net(X, Y, W1, b1, W2, b2):
    """softmax-rows, by einsum, and the logits through log-sum-exp."""
    Z1 = np.einsum("bi,ij->bj", X, W1) + b1
    A1 = np.where(Z1 > 0, Z1, 0)
    Z2 = np.einsum("bi,ij->bj", A1, W2) + b2
    dZ2 = (np.exp(Z2 - np.logaddexp.reduce(Z2, axis=1, keepdims=True)) - Y) / len(X)
    dZ1 = np.einsum("bk,jk->bj", dZ2, W2) * np.heaviside(Z1, 0)
    return np.einsum("bi,bj->ij", X, dZ1), dZ1.sum(0), np.einsum("bi,bj->ij", A1, dZ2), dZ2.sum(0), dZ1 @ W1.T


def rows_net_in_columns(X, Y, W1, b1, W2, b2):
    X, Y, V1, V2 = X.T, Y.T, W1.T, W2.T
    z1 = V1 @ X + b1[:, None]
    a1 = np.maximum(z1, 0)
    d2 = (softmax_by_columns(V2 @ a1 + b2[:, None]) - Y) / X.shape[1]
    d1 = V2.T @ d2
    d1[z1 <= 0] = 0
    return (d1 @ X.T).T, d1.sum(axis=1), (d2 @ a1.T).T, d2.sum(axis=1), (V1.T @ d1).T


def rows_net_by_samples(X, Y, W1, b1, W2, b2):
    dX, sums = [], [0, 0, 0, 0]
    for x, y in zip(X, Y):
        z1 = x @ W1 + b1
        a1 = z1.clip(0)
        z2 = a1 @ W2 + b2
        e = np.exp(z2 - max(z2))
        d2 = (e / sum(e) - y) / len(X)
        d1 = (W2 @ d2) * (z1 > 0)
        sums = [total + g for total, g in zip(sums, (np.outer(x, d1), d1, np.outer(a1, d2), d2))]
        dX.append(W1 @ d1)
    return *sums, dX


HAND = {
    "delta.b2": [
        lambda W, d, z: W.T.dot(d) * (1 - np.tanh(z) ** 2),
        lambda W, d, z: np.einsum("ji,jb->ib", W, d) / np.cosh(z) ** 2,
        lambda W, d, z: (1 - np.tanh(z)) * (1 + np.tanh(z)) * sum(np.outer(w, row) for w, row in zip(W, d)),
        lambda W, d, z: [
            [sum(W[k, i] * d[k, b] for k in range(len(W))) / np.cosh(z[i, b]) ** 2 for b in range(d.shape[1])]
            for i in range(len(z))
        ],
        lambda W, d, z: (W.astype("f4").T @ d.astype("f4")) * (1 - np.tanh(z) ** 2),  # single inside, double outside
        lambda *a: (a[0].T @ a[1]) * (1 - np.tanh(a[2]) ** 2),
    ],
    "delta.b3": [
        lambda delta, a_prev, a: np.einsum("ib,jb->ij", delta, a_prev),
        lambda delta, a_prev, a: (a_prev @ delta.T).T,
        lambda delta, a_prev, a: np.inner(delta, a_prev),
        lambda delta, a_prev, a: sum(np.outer(d, x) for d, x in zip(delta.T, a_prev.T)),
        lambda delta, a_prev, a: [[sum(d * x) for x in a_prev] for d in delta],
        lambda delta, a_prev, a: (delta[:, None, :] * a_prev[None, :, :]).sum(-1),
    ],
    "delta.b4": [
        lambda delta: delta.sum(1),
        lambda delta: delta @ np.ones((delta.shape[1], 1)),
        lambda delta: np.einsum("ib->i", delta),
        lambda delta: [sum(row) for row in delta],
        lambda delta: np.add.reduce(delta, axis=-1, keepdims=True),
        lambda delta: delta.mean(axis=1) * delta.shape[1],
    ],
    "delta.backward": [
        backward_by_loops,
        backward_in_rows,
        backward_with_ones,
        backward_mean_at_the_end,
        backward_dict,
    ],
    "delta.linear-rows": [
        linear_by_loops,
        lambda X, W, G: (np.einsum("bm,nm->bn", G, W), np.einsum("bn,bm->nm", X, G), np.einsum("bm->m", G)),
        lambda X, W, G: ((W @ G.T).T, (G.T @ X).T, np.ones(len(G)) @ G),
        lambda X, W, G: {"db": G.sum(0), "dW": np.tensordot(X, G, axes=(0, 0)), "dX": np.inner(G, W)},
        lambda X, W, G: (G @ W.T, sum(x[:, None] * g for x, g in zip(X, G)), G.sum(axis=0, keepdims=True)),
    ],
    "delta.softmax-rows": [
        rows_net,
        rows_net_in_columns,
        rows_net_by_samples,
        lambda *a: dict(zip(("dW1", "db1", "dW2", "db2", "dX"), rows_net(*a))),
        lambda *a: [np.float32(v) for v in rows_net_in_columns(*a)],
    ],
    "outputs.softmax": [
        softmax_by_columns,
        softmax_rescaled,
        lambda z: np.exp(z - log_sum_exp(z)),
        lambda z: np.exp(log_softmax_by_loops(z)),
        lambda z: (e := np.exp(z - z.max(0))) @ np.diag(1 / e.sum(0)),
        lambda z: (e := np.exp((z - z.max(0)) / 2) ** 2) / np.einsum("kb->b", e),
    ],
    "outputs.log-softmax": [
        log_softmax_by_loops,
        lambda z: z - log_sum_exp(z),
        lambda z: (s := z - z.max(axis=0)) - np.log(np.exp(s).sum(axis=0, keepdims=True)),
        lambda z: [-np.logaddexp.reduce(z - row) for row in z],
        lambda z: (z.T - np.logaddexp.reduce(z.T, axis=1)[:, None]).T,
    ],
    "outputs.delta": [
        delta_by_loops,
        delta_through_the_jacobian,
        lambda z, y: (np.exp(z - log_sum_exp(z)) - y) / z.shape[1],
        lambda z, y: (softmax_rescaled(z) - y) / y[0].size,
        lambda z, y: ((softmax_by_columns(z) - y).T / len(z.T)).T,
        lambda z, y: -(y - softmax_by_columns(z)) * (1 / z.shape[-1]),
    ],
    "depth.layernorm-backward": [
        f(1) for f in (norm_by_sums, norm_step_by_step, norm_by_jacobians, norm_by_loops, norm_by_projection)
    ],
    "depth.batchnorm-backward": [
        f(0) for f in (norm_by_sums, norm_step_by_step, norm_by_jacobians, norm_by_loops, norm_by_projection)
    ],
    "rules.adam": [adam_by_entries, adam_in_one_rate, adam_like_torch, adam_dict, adam_stacked],
    "checking.gradient": [
        gradient_flat,
        gradient_nditer,
        gradient_basis,
        lambda f, x, h: [
            [(nudged(f, x, h, (i, j)) - nudged(f, x, -h, (i, j))) / (2 * h) for j in range(x.shape[1])]
            for i in range(len(x))
        ],
        lambda f, x, h: np.vectorize(lambda k: (gradient_basis(f, x, h).ravel())[k], otypes=[float])(
            np.arange(x.size).reshape(x.shape)
        ),
    ],
}
