"""Explorers with sliders: controls above a picture, which is drawn anew whenever one of them is moved.

`one_neuron` and `gradient_flow` compute and draw, and know no widget. Here they get their controls: those of the
page itself, labeled for screen readers, in one small widget. (The sliders of ipywidgets have no name that a screen
reader finds, and send back rounded whatever they are set to, which would undo most of an update of w.)
"""

from typing import Any

import numpy as np
from traitlets import Dict, List, Unicode

from backprop.explore.alone import Alone
from backprop.explore.written import wrapped
from backprop.page import explorer


class Sliders(Alone):
    """Controls with their `values`, buttons, and a picture in `svg` with its `words`, which `redraw` makes of them.

    `set(w=1.0)` moves controls as a hand would, and `press("Reset")` a button: it brings back how everything began.
    Saved as a page it is a film: the slider called `film` moves, all else stays as it is set.
    """

    _esm, _css = explorer(__file__)
    film = ""
    title = Unicode().tag(sync=True)  # the class of its own on the page: backprop-one-neuron
    controls = List().tag(sync=True)
    values = Dict().tag(sync=True)
    buttons, disabled = List().tag(sync=True), List().tag(sync=True)
    svg, words, note = Unicode().tag(sync=True), List().tag(sync=True), Unicode().tag(sync=True)

    def __init__(self, title, controls, start, actions):
        self.start, self.actions = start, {**actions, "Reset": self.reset}
        self._moving = False
        super().__init__(title=title, controls=controls, values=start, buttons=list(self.actions))
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

    def drawn(self, values, narrow=False):
        """The picture of some values as SVG, for a phone if narrow, and its words as a list of sentences."""
        raise NotImplementedError

    def _states(self):
        """One drawing for every width, and what the film's slider can show: its values with picture and words."""
        ends = next(control for control in self.controls if control["name"] == self.film)
        count = round((ends["max"] - ends["min"]) / ends["step"]) + 1
        places = np.linspace(ends["min"], ends["max"], count).round(4).tolist()
        places = [int(value) if isinstance(ends["step"], int) else value for value in places]
        frames = [[value, *self.drawn({**self.values, self.film: value}, narrow=True)] for value in places]
        svg, words = self.drawn(self.values, narrow=True)
        others = [button for button in self.buttons if button != "Reset"]
        state = self._state() | {"film": self.film, "svg": svg, "words": words, "note": "", "disabled": others}
        return state, state, frames

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
        return wrapped([f"{self.title}: run this cell, and move it with the mouse or the keyboard.", *self.words])


def held(controls, settings):
    """`settings` as the controls can hold them. Raises ValueError with what there is instead."""
    there = {control["name"]: control for control in controls}
    for name, value in settings.items():
        if name not in there:
            raise ValueError(f"There is no setting {name!r}. There are {', '.join(there)}.")
        control = there[name]
        if control["kind"] == "choice" and value not in control["options"]:
            raise ValueError(f"{name} is {value!r}, and can be {', '.join(map(str, control['options']))}.")
        if control["kind"] == "switch" and not isinstance(value, bool):
            raise ValueError(f"{name} is {value!r}, and can be True or False.")
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if control["kind"] == "range" and not (number and control["min"] <= value <= control["max"]):
            raise ValueError(f"{name} is {value!r}, and can be a number from {control['min']} to {control['max']}.")
    return settings


def slider(name, label, ends, step):
    return {"kind": "range", "name": name, "label": label, "min": ends[0], "max": ends[1], "step": step}


def choice(name, label, options):
    return {"kind": "choice", "name": name, "label": label, "options": list(options)}


def switch(name, label):
    return {"kind": "switch", "name": name, "label": label}
