"""Explorers with sliders: controls above a picture, which is drawn anew whenever one of them is moved.

What is computed and drawn stands in `neuron` and `flow`, which know no widget. Here it gets its controls: those of the
page itself, labeled for screen readers, in one small widget. (The sliders of ipywidgets have no name that a screen
reader finds, and send back rounded whatever they are set to, which would undo most of an update of w.)
"""

from pathlib import Path
from textwrap import fill
from typing import Any

import anywidget
from traitlets import Dict, List, Unicode

from backprop.explore import flow, neuron
from backprop.explore.flow import Flow
from backprop.explore.neuron import Neuron
from backprop.page import script

HERE = Path(__file__).parent


class Explorer(anywidget.AnyWidget):
    """Controls with their `values`, buttons, and a picture in `svg` with its `words`, which `redraw` makes of them.

    `set(w=1.0)` moves controls as a hand would, and `press("Reset")` a button: it brings back how everything began.
    """

    _esm = script(HERE / "controls.js")
    _css = HERE / "controls.css"
    controls = List().tag(sync=True)
    values = Dict().tag(sync=True)
    buttons, disabled = List().tag(sync=True), List().tag(sync=True)
    svg, words, note = Unicode().tag(sync=True), List().tag(sync=True), Unicode().tag(sync=True)

    def __init__(self, title, controls, start, actions):
        self.title, self.start, self.actions = title, start, {**actions, "Reset": self.reset}
        self._moving = False
        super().__init__(controls=controls, values=start, buttons=list(self.actions))
        self.observe(lambda _: self._moving or self.redraw(), "values")
        self.on_msg(self._receive)
        self.redraw()

    def _receive(self, _, message, buffers):
        """A button that was pressed; or values that the next key may set, to be drawn before they are."""
        if "press" in message:
            self.press(message["press"])
        else:
            self.send({"asked": message["asked"], "ahead": [self.drawn(values) for values in message["ahead"]]})

    def redraw(self, note=""):
        """Draw what the values say; `note` says what a button has just done."""
        with self.hold_sync():  # one message to the page: picture and words change together
            self.svg, self.words = self.drawn(self.values)
            self.note = note

    def drawn(self, values):
        """The picture of some values as SVG, and its words as a list of sentences."""
        raise NotImplementedError

    def set(self, note: str = "", **values: Any) -> None:
        """Move controls, and draw once."""
        self._moving = True
        try:
            self.values = {**self.values, **values}
        finally:
            self._moving = False
        self.redraw(note)

    def press(self, button: str) -> None:
        """Do what a button does."""
        self.actions[button]()

    def reset(self) -> None:
        """Back to the start."""
        self.set(**self.start)

    def __repr__(self):
        said = [f"{self.title}: run this cell, and move it with the mouse or the keyboard.", *self.words]
        return "\n".join(fill(line, 95, subsequent_indent="    ") for line in said)


def _slider(name, label, ends, step):
    return {"kind": "range", "name": name, "label": label, "min": ends[0], "max": ends[1], "step": step}


def _choice(name, label, options):
    return {"kind": "choice", "name": name, "label": label, "options": list(options)}


def _switch(name, label):
    return {"kind": "switch", "name": name, "label": label}


class OneNeuron(Explorer):
    """One neuron to move: w, b, x, y, η and σ; its losses over w, every factor of ∂𝓛/∂w, and updates one at a time."""

    def __init__(self) -> None:
        controls = [
            _slider("w", "weight w", neuron.W, 0.1),
            _slider("b", "bias b", neuron.B, 0.1),
            _slider("x", "input x", neuron.X, 0.1),
            _slider("y", "target y", neuron.Y, 0.05),
            _slider("eta", "learning rate η", neuron.ETA, 0.1),
            _choice("activation", "activation σ", neuron.STEEPEST),
        ]
        self.updates = {f"Update by {title}": name for name, title in neuron.LOSSES.items()}
        actions = {button: lambda name=name: self.update(name) for button, name in self.updates.items()}
        super().__init__("One neuron", controls, {**Neuron()._asdict(), "eta": 1.0}, actions)

    @property
    def neuron(self) -> Neuron:
        """The neuron that the controls describe."""
        return self._neuron(self.values)

    def _neuron(self, values):
        return Neuron(**{name: value for name, value in values.items() if name != "eta"})

    def drawn(self, values):
        now = self._neuron(values)
        return neuron.draw(now), neuron.words(now)

    def redraw(self, note=""):
        with self.hold_sync():
            self.disabled = [button for button, name in self.updates.items() if name not in self.neuron.losses]
            super().redraw(note)

    def update(self, name: str) -> None:
        """One step of gradient descent on a loss, as far as the sliders for w and b reach."""
        before, after = self.neuron, self.neuron.updated(name, self.values["eta"])
        stopped = neuron.held(after)
        self.set(neuron.update_words(before, after, name), w=stopped.w, b=stopped.b)


class GradientFlow(Explorer):
    """|δ^l| through a deep network to move: depth, activation, weights, normalization, skips, seed."""

    def __init__(self) -> None:
        controls = [
            _slider("depth", "layers L", flow.DEPTHS, 1),
            _choice("activation", "activation σ", flow.ACTIVATIONS),
            _choice("init", "initial weights", flow.INITS),
            _slider("scale", "weights times", flow.SCALES, 0.05),
            _choice("norm", "normalization", flow.NORMS),
            _switch("skips", "skip connections"),
            _slider("seed", "seed", flow.SEEDS, 1),
        ]
        self.kept: Flow | None = None
        super().__init__("Gradient flow", controls, Flow()._asdict(), {"Keep this line": self.keep})

    def drawn(self, values):
        now = Flow(**values)
        return flow.draw(now, self.kept), flow.words(now, self.kept)

    def keep(self) -> None:
        """Leave the present line in the picture, to compare the next ones with."""
        self.kept = Flow(**self.values)
        self.redraw("Kept, and drawn dashed. Now change one thing, and compare.")

    def reset(self) -> None:
        self.kept = None
        super().reset()
