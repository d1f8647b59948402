r"""Class weights and focal loss

Binary labels `y` of +1 and −1 and logits `z`, both (N,). With $t=yz$ and $p=\sigma(t)$, the probability of the right
class, a sample's loss is $-w\,(1-p)^\gamma\log p$: `w` (N,) holds the weight of each sample's class, `gamma` is
$\gamma$. The loss is the sum. Return $\partial\mathcal L/\partial z$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "tuning#classics"
level, minutes = "interview", 6


def focal_inputs(rng):
    N = int(rng.integers(7, 12))
    y = np.where(np.arange(N) % 3, 1.0, -1.0)
    return {"z": 2 * normal(rng, N), "y": y, "w": np.where(y > 0, 0.3, 1.7), "gamma": rng.uniform(1.5, 2.5)}


inputs = {"ordinary": focal_inputs}


def focal_backward(z, y, w, gamma):
    t = y * z
    p = 1 / (1 + np.exp(-t))
    #: no-label: p = 1 / (1 + np.exp(-z))
    outer = -(1 - p)
    #: no-outer: outer = 0
    inner = gamma * p * np.log(p)
    #: factor-constant: inner = 0
    #: inner-sign: inner = -gamma * p * np.log(p)
    #: lost-p: inner = gamma * np.log(p)
    dt = w * (1 - p) ** gamma * (outer + inner)
    #: no-weight: dt = (1 - p) ** gamma * (outer + inner)
    dz = y * dt
    #: no-y: dz = dt
    return dz


hints = r"""
Two factors depend on z: (1 − p)ᵞ and log p. Take the product rule, with respect to t first.
dp/dt = p (1 − p). So dlog p/dt = 1 − p, and d(1 − p)ᵞ/dt = −γ (1 − p)ᵞ p.
d𝓛/dt = w (1 − p)ᵞ (γ p log p − (1 − p)), and dz = y dt.
"""

slips = r"""
no-label: the label isn't used in p
    p is the probability of the right class: σ(yz).
    "For y = −1 and z = 5, is your p near 1?"
no-outer: log p is held constant
    Both factors move with z, so the product rule has two terms.
    "Put γ = 0. What is left of your gradient?"
factor-constant: the factor (1 − p)ᵞ is held constant
    It depends on z as well. Some detach it on purpose, which is another method.
    "Which factors of the loss depend on z?"
inner-sign: the second term has the wrong sign
    −(1 − p)ᵞ log p: both factors fall as t grows, so both terms are negative.
    "Your sample gets easier. Does each factor rise or fall?"
lost-p: a factor p is lost in the slope of (1 − p)ᵞ
    dp/dt is p (1 − p), and the (1 − p) completes the power.
    "What is the derivative of p with respect to t?"
no-weight: the class's weight is missing
    It multiplies the loss, so it multiplies the gradient.
    "You double the weight of the rare class. What doubles?"
no-y: the step from t to z is missing: no factor y
    t = yz, so dt/dz = y.
    "In which direction should the logit of a negative sample move?"
"""
