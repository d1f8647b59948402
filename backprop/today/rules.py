"""Muon and Lion, two update rules of today, in the form of `backprop.optimizers`, with decoupled decay."""

import numpy as np

from backprop import checks
from backprop.optimizers import AdamW, Rule


class Lion(Rule):
    """c = β₁m + (1−β₁)g,  w ← w − η(sign(c) + λw),  m ← β₂m + (1−β₂)g (Chen et al., 2023).

    One average, half of Adam's memory. Every entry moves by η, whatever its gradient, so η is chosen 3 to 10 times
    smaller than AdamW's, and λ as many times larger. Where c is 0 the sign is 0, and only the decay acts.
    """

    memory = ("m",)

    def __init__(self, eta=1e-4, beta1=0.9, beta2=0.99, *, weight_decay=0.0):
        super().__init__(eta, weight_decay)
        self.beta1 = checks.number(beta1, "beta1", low=0, below=1)
        self.beta2 = checks.number(beta2, "beta2", low=0, below=1)

    def step(self, w, g, s):
        c = self.beta1 * s.m + (1 - self.beta1) * g
        w -= self.eta * (np.sign(c) + self.weight_decay * w)
        s.m = self.beta2 * s.m + (1 - self.beta2) * g


def newton_schulz(M, steps=5):
    """Nearly UVᵀ of M = U S Vᵀ, by matrix products alone: every singular value is driven to somewhere near 1.

    X ← aX + (bA + cA²)X with A = XXᵀ acts on each singular value alone, as s ← as + bs³ + cs⁵. It starts from M/‖M‖,
    whose values are at most 1. With a, b, c = 3.4445, −4.7750, 2.0315 (Jordan et al., 2024) small values grow fastest,
    3.4 times a step. Those above some 0.0015 of ‖M‖ end between 0.68 and 1.21: close enough for a step. Smaller
    ones are still on their way. A wide matrix is cheaper, so a tall one is turned.
    """
    a, b, c = 3.4445, -4.7750, 2.0315
    X = M / (np.linalg.norm(M) + 1e-7)
    tall = M.shape[0] > M.shape[1]
    if tall:
        X = X.T
    for _ in range(steps):
        A = X @ X.T
        X = a * X + (b * A + c * A @ A) @ X
    return X.T if tall else X


class Muon(Rule):
    """B ← βB + G,  O = newton_schulz(G + βB),  w ← w − ηλw − η √max(1, n/m) O for a hidden matrix w (n, m).

    n counts outputs and m inputs, as `MLP` and PyTorch lay out a weight. In rows, where a weight is (inputs, outputs),
    the factor should be √max(1, m/n): pass w.T and g.T.

    It is the steepest descent where a step is measured by its largest singular value: all directions of the momentum
    are walked equally far, however unequal its singular values are (Jordan et al., 2024). One buffer, not Adam's two.
    What isn't a matrix that multiplies features goes to `others`, AdamW unless given: biases and norms here, by their
    shape; embeddings and the output layer by your choice. `G + βB` is Nesterov's form, as in torch.optim.Muon.
    """

    memory = ("B",)

    def __init__(self, eta=0.02, beta=0.95, *, weight_decay=0.0, others=None):
        super().__init__(eta, weight_decay)
        self.beta = checks.number(beta, "beta", low=0, below=1)
        self.others = others or AdamW()

    def start(self):
        return self.others.start()

    def step(self, w, g, s):
        if w.ndim != 2 or 1 in w.shape:
            self.others.step(w, g, s)
            return
        s.B = self.beta * getattr(s, "B", 0.0) + g
        O = newton_schulz(g + self.beta * s.B)
        n, m = w.shape
        w -= self.eta * (self.weight_decay * w + np.sqrt(max(1, n / m)) * O)
