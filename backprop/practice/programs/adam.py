import numpy as np


class AdamW:
    """Adam with decoupled decay, as Loshchilov and Hutter have it. Each parameter is changed in place.

    m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²        t counts the steps from 1
    p ← p − η (m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε) + λ p)   λ is the decay
    """

    def __init__(self, parameters, eta=1e-2, beta1=0.9, beta2=0.999, eps=1e-8, decay=0.0):
        self.parameters, self.eta, self.decay = parameters, eta, decay
        self.beta1, self.beta2, self.eps, self.t = beta1, beta2, eps, 0
        self.m = [np.zeros_like(p) for p in parameters]
        self.v = [np.zeros_like(p) for p in parameters]
        #: shared: self.v = self.m

    def step(self, gradients):
        self.t += 1
        for i, (p, g) in enumerate(zip(self.parameters, gradients)):
            #: coupled+: g = g + self.decay * p
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m_hat = self.m[i] / (1 - self.beta1**self.t)
            #: in-place: m_hat = np.divide(self.m[i], 1 - self.beta1**self.t, out=self.m[i])
            v_hat = self.v[i] / (1 - self.beta2**self.t)
            #: one-correction: v_hat = self.v[i] / (1 - self.beta1**self.t)
            p -= self.eta * (m_hat / (np.sqrt(v_hat) + self.eps) + self.decay * p)
            #: coupled: p -= self.eta * m_hat / (np.sqrt(v_hat) + self.eps)
            #: eps-inside: p -= self.eta * (m_hat / np.sqrt(v_hat + self.eps) + self.decay * p)


class Net:
    """y = tanh(x w + b) · u, from x (N,) to y (N,), with n hidden units."""

    def __init__(self, n, rng):
        self.w, self.b, self.u = rng.normal(size=n), rng.normal(size=n), np.zeros(n)

    @property
    def parameters(self):
        return [self.w, self.b, self.u]

    def forward(self, x):
        a = np.tanh(np.outer(x, self.w) + self.b)
        return a, a @ self.u

    def gradients(self, x, y):
        """Of half the mean squared error, in the order of the parameters."""
        a, guess = self.forward(x)
        error = (guess - y) / len(x)
        dz = np.outer(error, self.u) * (1 - a**2)
        return [x @ dz, dz.sum(axis=0), error @ a]
        #: order: return [dz.sum(axis=0), x @ dz, error @ a]


def train(net, rule, x, y, steps, size, rng):
    """Steps on batches that are drawn at random. Returns the loss on all data after each."""
    losses = []
    for _ in range(steps):
        chosen = rng.integers(0, len(x), size=size)
        rule.step(net.gradients(x[chosen], y[chosen]))
        losses.append(0.5 * np.mean((net.forward(x)[1] - y) ** 2))
    return losses


def main():
    rng = np.random.default_rng(0)
    x = np.linspace(-3, 3, 200)
    y = np.sin(2 * x)
    net = Net(20, rng)
    losses = train(net, AdamW(net.parameters, eta=0.02, decay=1e-3), x, y, 600, 32, rng)
    for step in (1, 10, 100, 300, 600):
        print(f"step {step:3}  loss {losses[step - 1]:.2f}")


if __name__ == "__main__":
    main()
