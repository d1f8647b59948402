"""Gradient flow as a widget: controls for the network's settings, and a button that keeps a line to compare with."""

from typing import Any

import numpy as np

from backprop.explore.figures import Figure, lines
from backprop.explore.gradient_flow import numbers, picture
from backprop.explore.gradient_flow.numbers import Flow
from backprop.explore.sliders import Sliders, choice, held, slider, switch


class GradientFlow(Sliders):
    """|δ^l|, |a^l| or |dW^l| through a deep network to move: depth, activation, weights, normalization, skips, seed.

    It begins with the settings that are given, such as GradientFlow(depth=30, activation="sigmoid"), and comes back to
    them. Raises ValueError for what no control can hold.
    """

    name, film = "Gradient flow", "depth"
    about = "Move the number of layers, and see what the way back does to the size of the gradient."

    def __init__(self, **settings: Any) -> None:
        controls = [
            slider("depth", "layers L", numbers.DEPTHS, 1),
            choice("activation", "activation σ", numbers.ACTIVATIONS),
            choice("init", "initial weights", numbers.INITS),
            slider("scale", "weights times", numbers.SCALES, 0.05),
            choice("norm", "normalization", numbers.NORMS),
            switch("skips", "skip connections"),
            slider("seed", "seed", numbers.SEEDS, 1),
            choice("shows", "by layer", numbers.SIGNALS),
        ]
        self.kept: Flow | None = None
        presets = {name: lambda name=name: self.take(name) for name in numbers.PRESETS}
        start = {**Flow()._asdict(), "shows": numbers.SIGNALS[0], **held(controls, settings)}
        super().__init__("Gradient flow", controls, start, {**presets, "Keep this line": self.keep})

    @property
    def flow(self) -> Flow:
        """The network that the controls describe."""
        return self._flow(self.values)

    def _flow(self, values):
        return Flow(**{name: value for name, value in values.items() if name != "shows"})

    def drawn(self, values, narrow=False):
        now, shows, width = self._flow(values), values["shows"], picture.NARROW if narrow else picture.WIDTH
        return picture.draw(now, self.kept, width, shows), numbers.words(now, self.kept, shows)

    def take(self, preset: str) -> None:
        """A preset of `numbers.PRESETS`: the healthy start with what it changes. What is looked at stays."""
        self.set(**Flow()._replace(**numbers.PRESETS[preset])._asdict())

    def keep(self) -> None:
        """Leave the present line in the picture, to compare the next ones with."""
        self.kept = self.flow
        self.redraw("Kept, and drawn dashed. Now change one thing, and compare.")

    def still(self) -> Figure:
        shows, values = self.values["shows"], numbers.signals(self.flow)[self.values["shows"]]
        series, title = {shows: values}, f"{shows}: {numbers.settings(self.flow)}"
        if shows == "|δ|":
            series |= {"a thousandth of the last": np.full(len(values), values[-1] / numbers.MUCH)}
        return lines(title, np.arange(1, len(values) + 1), series, xlabel="layer", ylabel=shows, logy=True)

    def reset(self) -> None:
        self.kept = None
        super().reset()
