"""The race as a widget: Python runs the rules when a setting changes, race.js plays what came of it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Dict, Float, Tuple, Unicode, validate

from backprop.explore import race
from backprop.explore.race import RULES, SURFACES, Race
from backprop.page import script

HERE = Path(__file__).parent

# Where the sliders stop.
ETAS = [round(m * 10.0**k, 6) for k in (-3, -2, -1) for m in (1, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8)] + [1, 1.5, 2, 2.5, 3]
STOPS = {
    "eta": ETAS,
    "eta_adaptive": ETAS,
    "beta": [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99],
    "rho": [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999],
    "decay": [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
}


class RuleRace(anywidget.AnyWidget):
    """Any of the update rules side by side on a surface, from a start that you click. The settings are Race's.

    `scene` is what there is to play. It changes with the settings; the step at which it is looked at stays in the
    browser, which needs no kernel to play. Raises what Race raises, and keeps its settings then.
    """

    _esm = script(HERE / "race.js")
    _css = HERE / "race.css"

    surface = Unicode().tag(sync=True)
    rules = Tuple().tag(sync=True)
    start = Tuple(Float(), Float()).tag(sync=True)
    eta = Float().tag(sync=True)
    eta_adaptive = Float().tag(sync=True)
    beta = Float().tag(sync=True)
    rho = Float().tag(sync=True)
    decay = Float().tag(sync=True)
    options = Dict().tag(sync=True)
    scene = Dict().tag(sync=True)

    def __init__(self, surface: str = "ravine", **settings: Any) -> None:
        self._race = Race(surface, **settings)
        at_first = asdict(self._race)
        super().__init__(**at_first, options=_options(at_first), scene=self._race.scene())
        self.observe(self._run, list(at_first))

    @validate(*Race.__dataclass_fields__)
    def _legal(self, proposal):
        """Race knows what it allows, and says it better."""
        Race(**{**asdict(self._race), proposal.trait.name: proposal.value})
        return proposal.value

    def _run(self, _):
        """Several settings may change at once, and are told one by one: the race is run once."""
        changed = Race(**{name: getattr(self, name) for name in Race.__dataclass_fields__})
        if changed != self._race:
            self._race = changed
            self.scene = changed.scene()

    def __repr__(self):
        return "The race of the update rules. Run this cell in JupyterLab to play it."


def _options(at_first):
    """What never changes: the choices, what they look like, and where things stand in the picture."""
    return {
        "reset": at_first,
        "surfaces": {
            name: {"start": s.start, "about": f"{s.formula}   Finish, dashed: loss {race.number(s.finish)}."}
            for name, s in SURFACES.items()
        },
        "rules": {name: {"swatch": race.swatch(name), "adaptive": name in race.ADAPTIVE} for name in RULES},
        "stops": STOPS,
        "steps": race.STEPS,
        "frame": [race.LEFT, race.TOP, race.RIGHT, race.BOTTOM],
        "window": [race.X, race.Y],
    }
