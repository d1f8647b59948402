"""Update rules, one short `step` each, with the semantics and defaults of PyTorch 2.

In every rule w is a parameter, g = ∂𝓛/∂w, t counts the steps from 1, and all operations are elementwise. What a rule
remembers starts at 0 and is kept per network and per parameter. `weight_decay` λ adds λw to g before anything else
(L2 regularization) except in AdamW. It reaches every parameter, biases too.
"""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from backprop import checks
from backprop.parameters import pairs


class Rule:
    """What the rules share: `update` walks the parameters, `step` (each rule's own) changes one of them in place."""

    memory: tuple[str, ...] = ()
    step: Callable[..., None]

    def __init__(self, eta: float, weight_decay: float) -> None:
        self.eta = checks.number(eta, "eta", above=0)
        self.weight_decay = checks.number(weight_decay, "weight_decay", low=0)
        self._states: WeakKeyDictionary = WeakKeyDictionary()

    def update(self, net: Any, grads: Any) -> None:
        """(B5) Change every parameter of `net` in place by one step along its gradient in `grads`.

        Raises ValueError, and changes nothing, where a gradient is missing or has the wrong shape.
        """
        found = pairs(net, grads)
        states = self._states.setdefault(net, [])
        states.extend(self.start() for _ in range(len(found) - len(states)))
        for (w, g), state in zip(found, states):
            self.step(w, g, state)

    def start(self):
        """What the rule remembers of a parameter before its first step: t = 0, and 0 for each of its averages."""
        return SimpleNamespace(t=0, **dict.fromkeys(self.memory, 0.0))

    def _l2(self, w, g):
        """g + λw, the gradient of 𝓛 + ½λ‖w‖²."""
        return g + self.weight_decay * w if self.weight_decay else g


class SGD(Rule):
    """w ← w − ηg."""

    def __init__(self, eta: float = 1e-3, *, weight_decay: float = 0.0) -> None:
        super().__init__(eta, weight_decay)

    def step(self, w, g, s):
        w -= self.eta * self._l2(w, g)


class Momentum(Rule):
    """v ← βv + g,  w ← w − ηv (Polyak, 1964). A form with (1 − β)g also circulates; it only rescales η."""

    memory = ("v",)

    def __init__(self, eta: float = 1e-3, beta: float = 0.9, *, weight_decay: float = 0.0) -> None:
        super().__init__(eta, weight_decay)
        self.beta = checks.number(beta, "beta", low=0, below=1)

    def step(self, w, g, s):
        s.v = self.beta * s.v + self._l2(w, g)
        w -= self.eta * s.v


class Nesterov(Momentum):
    """v ← βv + g,  w ← w − η(g + βv).

    Nesterov (1983) takes the gradient at the point ahead, w − ηβv. Written in the variable that stands
    at that point, as here and in PyTorch, the gradient is taken at w itself (Sutskever et al., 2013).
    """

    def step(self, w, g, s):
        g = self._l2(w, g)
        s.v = self.beta * s.v + g
        w -= self.eta * (g + self.beta * s.v)


class Adagrad(Rule):
    """r ← r + g²,  w ← w − ηg / (√r + ε) (Duchi et al., 2011)."""

    memory = ("r",)

    def __init__(self, eta: float = 1e-2, *, eps: float = 1e-10, weight_decay: float = 0.0) -> None:
        super().__init__(eta, weight_decay)
        self.eps = checks.number(eps, "eps", low=0)

    def step(self, w, g, s):
        g = self._l2(w, g)
        s.r = s.r + g * g
        w -= self.eta * g / (np.sqrt(s.r) + self.eps)


class RMSProp(Rule):
    """r ← ρr + (1 − ρ)g²,  w ← w − ηg / (√r + ε) (Hinton's lecture 6e, 2012, with ρ = 0.9; PyTorch has 0.99)."""

    memory = ("r",)

    def __init__(self, eta: float = 1e-2, rho: float = 0.99, *, eps: float = 1e-8, weight_decay: float = 0.0) -> None:
        super().__init__(eta, weight_decay)
        self.rho = checks.number(rho, "rho", low=0, below=1)
        self.eps = checks.number(eps, "eps", low=0)

    def step(self, w, g, s):
        g = self._l2(w, g)
        s.r = self.rho * s.r + (1 - self.rho) * g * g
        w -= self.eta * g / (np.sqrt(s.r) + self.eps)


class Adam(Rule):
    """m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  m̂ = m/(1 − β₁ᵗ),  v̂ = v/(1 − β₂ᵗ),  w ← w − ηm̂ / (√v̂ + ε).

    Kingma & Ba (2015), algorithm 1.
    """

    memory = ("m", "v")

    def __init__(
        self,
        eta: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        *,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(eta, weight_decay)
        self.beta1 = checks.number(beta1, "beta1", low=0, below=1)
        self.beta2 = checks.number(beta2, "beta2", low=0, below=1)
        self.eps = checks.number(eps, "eps", low=0)

    def step(self, w, g, s):
        self._adam(w, self._l2(w, g), s)

    def _adam(self, w, g, s):
        s.t += 1
        s.m = self.beta1 * s.m + (1 - self.beta1) * g
        s.v = self.beta2 * s.v + (1 - self.beta2) * g * g
        m_hat = s.m / (1 - self.beta1**s.t)
        v_hat = s.v / (1 - self.beta2**s.t)
        w -= self.eta * m_hat / (np.sqrt(v_hat) + self.eps)


class AdamW(Adam):
    """w ← w − ηλw, then Adam's step on g alone: the decay is decoupled from √v̂ (Loshchilov & Hutter, 2019).

    Their paper scales the decay by a schedule only; PyTorch, as here, by η too.
    """

    def __init__(
        self,
        eta: float = 1e-3,
        beta1: float = 0.9,
        beta2: float = 0.999,
        *,
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(eta, beta1, beta2, eps=eps, weight_decay=weight_decay)

    def step(self, w, g, s):
        w -= self.eta * self.weight_decay * w
        self._adam(w, g, s)
