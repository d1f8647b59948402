"""One neuron: a = σ(w x + b), its two losses, and ∂𝓛/∂w factor by factor; and the same in words.

All numbers are the core's. The squared error stands beside the cross-entropy, which wants a probability and so goes
with the sigmoid alone.
"""

from typing import NamedTuple

import numpy as np

from backprop.activations import ACTIVATIONS, d_sigmoid
from backprop.explore.written import in_product, number
from backprop.losses import binary_cross_entropy, residual, squared_error

LOSSES = {"mse": "squared error", "bce": "cross-entropy"}
FORMULAS = {"mse": squared_error, "bce": binary_cross_entropy}
W = B = (-5.0, 5.0)  # how far the weight and the bias can be moved
X, Y, ETA = (-3.0, 3.0), (0.0, 1.0), (0.1, 10.0)
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}  # the largest σ'
SATURATED = 0.01  # of the steepest slope


class Neuron(NamedTuple):
    """The settings of a neuron, and every number on the way from w to 𝓛 and back."""

    w: float = 0.5
    b: float = -1.0
    x: float = 2.0
    y: float = 1.0
    activation: str = "sigmoid"

    @property
    def z(self):
        """z = w x + b."""
        return float(self.w * self.x + self.b)

    @property
    def a(self):
        """a = σ(z)."""
        return float(ACTIVATIONS[self.activation].f(np.array(self.z)))

    @property
    def slope(self):
        """σ'(z)."""
        return float(ACTIVATIONS[self.activation].derivative(np.array(self.z), np.array(self.a)))

    @property
    def losses(self):
        """The losses that go with the activation: only a sigmoid's a is the probability that "bce" wants."""
        return ["mse", "bce"] if self.activation == "sigmoid" else ["mse"]

    def loss(self, name):
        """𝓛: ½ (a − y)², or −y log a − (1 − y) log(1 − a)."""
        return float(loss_over(np.array([self.w]), self, name)[0])

    def factors(self, name):
        """The three local slopes whose product is ∂𝓛/∂w: ∂𝓛/∂a, σ'(z) and x.

        ∂𝓛/∂a is a − y for the squared error, (a − y)/(a (1 − a)) for the cross-entropy.
        """
        error = residual(self.z, self.a, self.y)
        return error / d_sigmoid(self.z, self.a) if name == "bce" else error, self.slope, self.x

    def delta(self, name):
        """δ = ∂𝓛/∂z = ∂𝓛/∂a σ'(z), which is ∂𝓛/∂b too."""
        loss_slope, slope, _ = self.factors(name)
        return loss_slope * slope

    def gradient(self, name):
        """∂𝓛/∂w = δ x."""
        return self.delta(name) * self.x

    def updated(self, name, eta):
        """The neuron after w ← w − η ∂𝓛/∂w and b ← b − η ∂𝓛/∂b (B5)."""
        return self._replace(w=self.w - eta * self.gradient(name), b=self.b - eta * self.delta(name))


class Update(NamedTuple):
    """One step of gradient descent on a loss: the neuron before it, and after it where the sliders can follow."""

    before: Neuron
    after: Neuron
    name: str


def loss_over(w, neuron, name):
    """𝓛 for each weight in w, everything else being the neuron's. Samples are columns: here each is another weight."""
    z = w[np.newaxis] * neuron.x + neuron.b
    return FORMULAS[name](z, ACTIVATIONS[neuron.activation].f(z), neuron.y)


def held(neuron):
    """The neuron with w and b where the sliders can follow."""
    return neuron._replace(w=min(max(neuron.w, W[0]), W[1]), b=min(max(neuron.b, B[0]), B[1]))


# --- in words ---


def words(neuron):
    """What the picture shows, a sentence or two for each loss, and which factor has made the gradient small."""
    w, b, x, y = (number(v) for v in neuron[:4])
    said = [f"z = w x + b = {w} · {in_product(x)} + {in_product(b)} = {number(neuron.z)}, "
            f"a = {neuron.activation}(z) = {number(neuron.a)}, and the target is y = {y}."]  # fmt: skip
    for name in neuron.losses:
        product = " · ".join(in_product(number(factor)) for factor in neuron.factors(name))
        said.append(
            f"{LOSSES[name].capitalize()}: 𝓛 = {number(neuron.loss(name))}, ∂𝓛/∂w = ∂𝓛/∂a · σ'(z) · x = {product} "
            f"= {number(neuron.gradient(name))}, and ∂𝓛/∂b = δ = {number(neuron.delta(name))}."
        )
    if "bce" not in neuron.losses:
        said.append(f"The cross-entropy wants a probability, and a = {neuron.activation}(z) is none: take the sigmoid.")
    return [*said, _remark(neuron)]


def _remark(neuron):
    """Which factor is small, if one is."""
    reasons = []
    if abs(neuron.a - neuron.y) < 0.01:
        reasons.append("a has all but reached y: the neuron has learned this sample")
    if neuron.slope <= SATURATED * STEEPEST[neuron.activation]:
        if neuron.activation == "relu":
            reasons.append("z ≤ 0, where ReLU has slope 0: the neuron is off")
        else:
            reasons.append(f"σ'(z) is {number(neuron.slope)}, at most a hundredth of its best: the neuron is saturated")
    if neuron.x == 0:
        reasons.append("x is 0, so w had no influence on this sample")
    return f"What is small: {'; '.join(reasons)}." if reasons else "No factor is small: the neuron learns."


def update_words(before, after, name):
    """What one update did to w, b and the loss, and whether a slider's end held it back."""
    stopped = held(after)
    rise = stopped.loss(name) - before.loss(name)
    end = number(stopped.loss(name))
    result = f"{'rises' if rise > 0 else 'falls'} by {number(abs(rise))} to {end}" if rise else f"stays at {end}"
    said = (
        f"One update by {LOSSES[name]}: w moves by {number(after.w - before.w)}, b by {number(after.b - before.b)}, "
        f"and 𝓛 {result}"
    )
    reasons = [": the step was too long"] if rise > 0 else []
    reasons += [f"; {p} is held at {number(getattr(stopped, p))}, where its slider ends" for p in ("w", "b")
                if getattr(stopped, p) != getattr(after, p)]  # fmt: skip
    return "".join([said, *reasons, "."])
