"""Gradient flow as a widget: controls for the network's settings, and a button that keeps a line to compare with."""

from backprop.explore.gradient_flow import numbers, picture
from backprop.explore.gradient_flow.numbers import Flow
from backprop.explore.sliders import Sliders, choice, slider, switch


class GradientFlow(Sliders):
    """|δ^l| through a deep network to move: depth, activation, weights, normalization, skips, seed."""

    name, film = "Gradient flow", "depth"
    about = "Move the number of layers, and see what the way back does to the size of the gradient."

    def __init__(self) -> None:
        controls = [
            slider("depth", "layers L", numbers.DEPTHS, 1),
            choice("activation", "activation σ", numbers.ACTIVATIONS),
            choice("init", "initial weights", numbers.INITS),
            slider("scale", "weights times", numbers.SCALES, 0.05),
            choice("norm", "normalization", numbers.NORMS),
            switch("skips", "skip connections"),
            slider("seed", "seed", numbers.SEEDS, 1),
        ]
        self.kept: Flow | None = None
        super().__init__("Gradient flow", controls, Flow()._asdict(), {"Keep this line": self.keep})

    def drawn(self, values, narrow=False):
        now, width = Flow(**values), picture.NARROW if narrow else picture.WIDTH
        return picture.draw(now, self.kept, width), numbers.words(now, self.kept)

    def keep(self) -> None:
        """Leave the present line in the picture, to compare the next ones with."""
        self.kept = Flow(**self.values)
        self.redraw("Kept, and drawn dashed. Now change one thing, and compare.")

    def reset(self) -> None:
        self.kept = None
        super().reset()
