"""One neuron as a widget: sliders for its settings, and a button for each update."""

import numpy as np

from backprop.explore.figures import Figure, lines
from backprop.explore.one_neuron import numbers, picture
from backprop.explore.one_neuron.numbers import ETA, LOSSES, STEEPEST, Neuron, Update, held, update_words
from backprop.explore.sliders import Sliders, choice, slider
from backprop.explore.written import number


class OneNeuron(Sliders):
    """One neuron to move: w, b, x, y, η and σ; its losses over w, every factor of ∂𝓛/∂w, and updates one at a time."""

    name, film = "One neuron", "w"
    about = (
        "Move the weight, by its slider or by a point on a curve: the losses go along, and every factor of the "
        "gradient with respect to w has its bar."
    )

    def __init__(self) -> None:
        controls = [
            slider("w", "weight w", numbers.W, 0.1),
            slider("b", "bias b", numbers.B, 0.1),
            slider("x", "input x", numbers.X, 0.1),
            slider("y", "target y", numbers.Y, 0.05),
            slider("eta", "learning rate η", ETA, 0.1),
            choice("activation", "activation σ", STEEPEST),
        ]
        self.last: Update | None = None
        self.updates = {f"Update by {title}": name for name, title in LOSSES.items()}
        actions = {button: lambda name=name: self.update(name) for button, name in self.updates.items()}
        super().__init__("One neuron", controls, {**Neuron()._asdict(), "eta": 1.0}, actions)

    @property
    def neuron(self) -> Neuron:
        """The neuron that the controls describe."""
        return self._neuron(self.values)

    def _neuron(self, values):
        return Neuron(**{name: value for name, value in values.items() if name != "eta"})

    def drawn(self, values, narrow=False):
        now = self._neuron(values)
        led_here = self.last if self.last is not None and self.last.after == now else None
        return picture.draw(now, narrow, led_here), numbers.words(now)

    def redraw(self, note=""):
        with self.hold_sync():
            self.disabled = [button for button, name in self.updates.items() if name not in self.neuron.losses]
            super().redraw(note)

    def still(self) -> Figure:
        now, w = self.neuron, np.linspace(*numbers.W, 101)
        slopes = {name: f"{LOSSES[name]}, slope {number(now.gradient(name))} here" for name in now.losses}
        curves = {said: numbers.loss_over(w, now, name) for name, said in slopes.items()}
        here = [(now.w, now.loss(name), "") for name in now.losses]
        return lines("One neuron: its loss over w, and where it stands", w, curves, xlabel="w", ylabel="𝓛", marks=here)

    def update(self, name: str) -> None:
        """One step of gradient descent on a loss, as far as the sliders for w and b reach."""
        before, after = self.neuron, self.neuron.updated(name, self.values["eta"])
        stopped = held(after)
        self.last = Update(before, stopped, name)
        self.set(update_words(before, after, name), w=stopped.w, b=stopped.b)

    def reset(self) -> None:
        self.last = None
        super().reset()
