"""The race as a widget: Python runs the rules when a setting changes, widget.js plays what came of it."""

from dataclasses import asdict
from typing import Any

from traitlets import Dict, Float, Tuple, Unicode

from backprop.explore.explorer import Explorer
from backprop.explore.figures import Figure
from backprop.explore.rule_race import picture
from backprop.explore.rule_race.numbers import ADAPTIVE, OWN, PRESETS, RULES, STEPS, SURFACES, Race, X, Y
from backprop.page import explorer

# Where the sliders stop.
ETAS = [round(m * 10.0**k, 6) for k in (-3, -2, -1) for m in (1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8)] + [1, 1.5, 2, 2.5, 3]
STOPS = {
    "eta": ETAS,
    "eta_adaptive": ETAS,
    "beta": [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99],
    "rho": [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999],
    "decay": [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
    "noise": [0, 0.1, 0.2, 0.5, 1, 2, 5],
}


class RuleRace(Explorer):
    """Any of the update rules side by side on a surface, from a start that you click. The settings are Race's.

    `scene` is what there is to play. It changes with the settings; the step at which it is looked at stays in the
    browser, which needs no kernel to play.
    """

    _esm, _css = explorer(__file__)
    name = "The race of the update rules"
    about = "Update rules start side by side and go down the same surface. Press Play, or drag the slider of steps."

    surface, formula = (Unicode().tag(sync=True) for _ in range(2))
    rules = Tuple().tag(sync=True)
    start = Tuple(Float(), Float()).tag(sync=True)
    eta, eta_adaptive, beta, rho, decay, noise = (Float().tag(sync=True) for _ in range(6))
    options, scene = (Dict().tag(sync=True) for _ in range(2))

    def __init__(self, surface: str = "ravine", **settings: Any) -> None:
        race = Race(surface, **settings)
        start = asdict(race)
        super().__init__(start, options=_options(start), scene=picture.scene(race))

    def _show(self, setting):
        self.scene = picture.scene(Race(**setting))

    def still(self) -> Figure:
        return Race(**self._shown).figure(40)

    def __repr__(self):
        return "The race of the update rules. Run this cell in JupyterLab to play it."


def _options(at_first):
    """What never changes: the choices, what they look like, and where things stand in the picture."""
    return {
        "reset": at_first,
        "surfaces": {name: {"start": s.start} for name, s in SURFACES.items()} | {OWN: {"start": (-1.8, 0.9)}},
        "own": OWN,
        "presets": {name: _settings(preset) for name, preset in PRESETS.items()},
        "rules": {name: {"swatch": picture.swatch(name), "adaptive": name in ADAPTIVE} for name in RULES},
        "stops": STOPS,
        "steps": STEPS,
        "frame": [picture.LEFT, picture.TOP, picture.RIGHT, picture.BOTTOM],
        "losses": [picture.START, picture.END],
        "window": [X, Y],
    }


def _settings(preset):
    """All settings of a preset, as the page sends them."""
    return asdict(Race(**preset))
