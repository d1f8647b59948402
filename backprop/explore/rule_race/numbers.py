"""The race of the update rules: where each of them goes on a surface, and what there is to say of it.

A race is one setting of everything: the surface, the rules, their start and rates. The steps are those of
`backprop.optimizers`, on a parameter of two numbers w = (x, y). The race has a finish, a value of the loss: a
rule has finished at the step from which on it stays below.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import contourpy
import numpy as np

from backprop import SGD, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp, checks
from backprop.explore.figures import GRAY, STYLES, descent
from backprop.explore.rule_race.formula import function_of, gradient_of
from backprop.explore.written import number

STEPS = 200
X, Y = (-2.2, 2.2), (-1.5, 1.5)  # what of w can be seen
SCALE = 484 / (X[1] - X[0])  # pixels for 1, the same both ways, so that gradients cross contours squarely
FAR = 1e3  # a rule that is farther than this from the origin has diverged, and runs no more
BOUNDS = {
    **dict.fromkeys(["eta", "eta_adaptive"], {"above": 0, "below": 10}),  # beyond 10 squares could overflow
    **dict.fromkeys(["beta", "rho"], {"low": 0, "below": 1}),
    "decay": {"low": 0, "below": 10},
    "noise": {"low": 0, "below": 100},
}

# --- the surfaces ---


class Surface(NamedTuple):
    """A loss of two numbers. `height` and `gradient` map w of shape (2, ...) to (...) and (2, ...)."""

    formula: str
    height: callable
    gradient: callable
    start: tuple
    finish: float  # the loss below which the race is won
    levels: tuple  # of the contours
    lowest: float = 0.0  # the loss that there is, from which a curve of losses is measured


SURFACES = {
    "ravine": Surface(
        "½x² + 25y²",
        lambda w: 0.5 * w[0] ** 2 + 25 * w[1] ** 2,
        lambda w: np.array([w[0], 50 * w[1]]),
        start=(-1.8, 0.9),
        finish=0.05,
        levels=(0.5, 2, 5, 10, 17, 26, 37, 50),
    ),
    "saddle": Surface(
        "½x² − ½y² + ¼y⁴",
        lambda w: 0.5 * w[0] ** 2 - 0.5 * w[1] ** 2 + 0.25 * w[1] ** 4,
        lambda w: np.array([w[0], -w[1] + w[1] ** 3]),
        start=(-1.8, 0.001),
        finish=-0.2,
        levels=(-0.1, 0, 0.15, 0.4, 0.75, 1.2, 1.8),
        lowest=-0.25,
    ),
    "bowl": Surface(
        "½x² + ½y²",
        lambda w: 0.5 * w[0] ** 2 + 0.5 * w[1] ** 2,
        lambda w: np.array([w[0], w[1]]),
        start=(-1.8, 0.9),
        finish=0.01,
        levels=(0.1, 0.3, 0.6, 1, 1.5, 2.1, 2.8),
    ),
    "bumps": Surface(
        "0.15(x² + y²) + 0.4(1 − cos 3x · cos 3y)",
        lambda w: 0.15 * (w[0] ** 2 + w[1] ** 2) + 0.4 * (1 - np.cos(3 * w[0]) * np.cos(3 * w[1])),
        lambda w: 0.3 * w + 1.2 * np.sin(3 * w) * np.cos(3 * w[::-1]),
        start=(-1.8, 1.2),
        finish=0.05,
        levels=(0.2, 0.35, 0.5, 0.65, 0.8, 1, 1.2, 1.4),
    ),
}

OWN = "your own"
EXAMPLE = "½x² + 5(y − sin(2x)/2)²"


@lru_cache(maxsize=32)
def own(formula):
    """The surface of a formula in x and y, as one types it. Raises ValueError, in a sentence, where it won't do.

    The race ends a hundredth of the way up from the lowest point that can be seen to the middle one, and the contours
    are spread evenly over what can be seen.
    """
    f = function_of(formula)

    def height(w):
        with np.errstate(all="ignore"):
            return f(*np.asarray(w, dtype=float))

    def gradient(w):
        with np.errstate(all="ignore"):
            return slopes(w)

    slopes = gradient_of(f)
    grid = np.array(np.meshgrid(np.linspace(*X, 89), np.linspace(*Y, 61)))
    seen = height(grid)
    bad = ~np.isfinite(seen) | ~np.isfinite(gradient(grid)).all(axis=0)
    if bad.any():
        x, y = grid[:, *np.argwhere(bad)[0]]
        raise ValueError(
            f"The formula has no height or no slope at x = {x:.3g}, y = {y:.3g}: it needs both everywhere."
        )
    low, *quantiles = (float(q) for q in np.quantile(seen, [0, 0.05, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9]))
    if quantiles[-1] - low < 1e-3 or seen.max() > 1e6:
        raise ValueError("The formula should rise by 0.001 to 1,000,000 within the picture.")
    rounded = sorted({float(f"{q:.2g}") for q in quantiles})
    finish = float(f"{low + 0.01 * (quantiles[4] - low):.3g}")
    levels = tuple(q for q in rounded if finish < q < seen.max())
    return Surface(formula, height, gradient, SURFACES["ravine"].start, finish, levels, low)


# --- the race ---

# What each rule is made of. Two kinds of η: where the gradient is divided by its own size, η is a length.
RULES = {
    "SGD": lambda race: SGD(race.eta),
    "Momentum": lambda race: Momentum(race.eta, race.beta),
    "Nesterov": lambda race: Nesterov(race.eta, race.beta),
    "Adagrad": lambda race: Adagrad(race.eta_adaptive),
    "RMSProp": lambda race: RMSProp(race.eta_adaptive, race.rho),
    "Adam": lambda race: Adam(race.eta_adaptive, race.beta, race.rho),
    "AdamW": lambda race: AdamW(race.eta_adaptive, race.beta, race.rho, weight_decay=race.decay),
}
ADAPTIVE = ("Adagrad", "RMSProp", "Adam", "AdamW")
LOOKS = dict(zip(RULES, [*STYLES, (GRAY, (0, (7, 2)), "P")]))  # of each rule in a figure: color, dash, marker


def descend(rule, gradient, start, noise):
    """The path of w under an update rule, (steps + 1, 2); it ends early at the step at which w is FAR away.

    `noise`, (steps, 2), is added to the gradients, as a mini-batch would.
    """
    w, state = np.array(start, dtype=float), rule.start()
    path = [w.copy()]
    for one in noise:
        if w @ w > FAR**2:
            break
        rule.step(w, gradient(w) + one, state)
        if not np.isfinite(w).all():
            w[:] = 2 * FAR  # what is no number any more is far away
        path.append(w.copy())
    return np.array(path)


PRESETS = {  # what to look for, and the settings that show it where they aren't the race's own
    "momentum is ahead": {},
    "beyond descent's limit": {"eta": 0.05},
    "β too large for κ = 50": {"beta": 0.9},
    "off a saddle": {"surface": "saddle", "rules": ("SGD", "Momentum", "Nesterov", "Adagrad", "Adam"), "beta": 0.9},
    "through the first dip": {"surface": "bumps", "rules": ("SGD", "Momentum", "Nesterov", "Adam"), "beta": 0.9},
    "noise that stays": {
        "surface": "bowl",
        "rules": ("SGD", "Momentum", "Adagrad", "Adam"),
        "eta": 0.1,
        "eta_adaptive": 0.2,
        "noise": 1.0,
    },
    "a valley of your own": {"surface": OWN, "formula": EXAMPLE},
}


class Run(NamedTuple):
    """What became of one rule: its path, the loss along it, and the step at which it finished or diverged, if any."""

    path: np.ndarray
    loss: np.ndarray
    finished: int | None
    diverged: int | None


@dataclass(frozen=True)
class Race:
    """Rules of RULES on a surface of SURFACES, side by side from one start (None: the surface's own).

    η is `eta` for SGD, Momentum and Nesterov, `eta_adaptive` for the others. `beta` is the memory of gradients (β, in
    Adam β₁), `rho` that of their squares (ρ, in Adam β₂), `decay` AdamW's λ. `noise` is the standard deviation of what
    is added to each gradient, the same for all rules. The surface OWN is that of `formula`. Raises ValueError for
    unknown names, a start that is no pair of numbers, a formula that can't be read, and what the rules do not allow.
    """

    surface: str = "ravine"
    rules: tuple = ("SGD", "Momentum", "RMSProp", "Adam")
    start: tuple | None = None
    eta: float = 0.035
    eta_adaptive: float = 0.05
    beta: float = 0.6
    rho: float = 0.99
    decay: float = 0.1
    noise: float = 0.0
    formula: str = EXAMPLE

    def __post_init__(self):
        checks.one_of(self.surface, [*SURFACES, OWN], "surface")
        for name in self.rules:
            checks.one_of(name, RULES, "rules")
        x, y = self.ground.start if self.start is None else self.start
        kept = {"start": (checks.number(x, "start x"), checks.number(y, "start y"))}
        if not inside(kept["start"]):
            raise ValueError(f"start is {kept['start']}, but should lie in the picture: x in {X}, y in {Y}.")
        kept |= {name: checks.number(getattr(self, name), name, **bounds) for name, bounds in BOUNDS.items()}
        kept["rules"] = tuple(name for name in RULES if name in self.rules)
        for name, value in kept.items():
            object.__setattr__(self, name, value)

    @property
    def ground(self):
        """The surface itself."""
        return own(self.formula) if self.surface == OWN else SURFACES[self.surface]

    @cached_property
    def runs(self):
        """{name: Run} of every rule in the race."""
        return {name: self._run(RULES[name](self)) for name in self.rules}

    def _run(self, rule):
        noise = self.noise * np.random.default_rng(0).standard_normal((STEPS, 2))
        path = descend(rule, self.ground.gradient, self.start, noise)
        loss = np.nan_to_num(self.ground.height(path.T), nan=np.inf)
        above = np.flatnonzero(loss >= self.ground.finish)
        last = int(above[-1]) if len(above) else -1
        ended = len(path) - 1
        return Run(path, loss, last + 1 if last < ended else None, ended if np.hypot(*path[-1]) > FAR else None)

    def words(self, step):
        """Who is where after so many steps: the lowest first, and those that have diverged last."""
        where = "Your own surface" if self.surface == OWN else f"The {self.surface}"
        if not self.rules:
            return f"{where}, and no rule on it."
        if step == 0:
            place = _place(self.start, self.ground.height(np.array(self.start)))
            rules = ", ".join(self.rules)
            return f"{where}: {rules} start {place}. The finish is loss {self.ground.finish}."
        lost = {name: run.diverged for name, run in self.runs.items() if _by(step, run.diverged)}
        racing = sorted(set(self.rules) - set(lost), key=lambda name: (self.runs[name].loss[step], name))
        places = [f"{name} {_state(self.runs[name], step)}" for name in racing]
        ends = [f"{name} diverged at step {end}" for name, end in sorted(lost.items(), key=lambda item: item[1])]
        return f"{where} after {step} step{'s' * (step > 1)}: {'; '.join(places + ends)}."

    def results(self):
        """{name: how it ended}, after all STEPS."""
        return {name: row(run, STEPS)[1] or "on its way" for name, run in self.runs.items()}

    def figure(self, step):
        """The surface and, up to this step, the paths on it: a Figure, for a page that stands still.

        Raises ValueError where the step is no whole number from 0 to STEPS, or where there is no rule to draw.
        """
        if not isinstance(step, (int, np.integer)) or step not in range(STEPS + 1):
            raise ValueError(f"step is {step!r}, but should be a whole number from 0 to {STEPS}.")
        if not self.rules:
            raise ValueError(f"rules is empty, so there is no path to draw. It can hold {', '.join(RULES)}.")
        lines = [line for level in self.ground.levels for line in contours(self.ground, level)]
        paths = {name: (run.path[: step + 1], LOOKS[name]) for name, run in self.runs.items()}
        return descent(self.words(step), lines, contours(self.ground, self.ground.finish), paths, x=X, y=Y)


def _by(step, when):
    return when is not None and when <= step


def _place(w, loss):
    return f"at ({number(w[0], 1e-4)}, {number(w[1], 1e-4)}), loss {_written(loss)}"


def _written(loss):
    return number(loss, 1e-6) if np.isfinite(loss) else "∞"


def _state(run, step):
    """Where a rule is, and the step at which it finished, once it has."""
    where = _place(run.path[step], run.loss[step])
    return f"{where}, finished at step {run.finished}" if _by(step, run.finished) else where


def row(run, step):
    """A rule's line in the table: its loss, and what there is to say of it."""
    if _by(step, run.diverged):
        return ["", f"diverged at {run.diverged}"]
    seen = "" if inside(run.path[step]) else "outside"
    return [_written(run.loss[step]), f"finished at {run.finished}" if _by(step, run.finished) else seen]


# --- the ground ---


def inside(w):
    """Whether w can be seen."""
    return (X[0] <= w[0]) & (w[0] <= X[1]) & (Y[0] <= w[1]) & (w[1] <= Y[1])


def contours(surface, level, cells=(440, 300)):
    """The lines of one height: arrays (n, 2), closed. Where they can be seen, every point has that height.

    They are found on a grid, thinned to what the eye tells apart, and put back onto the height by Newton's method.
    A wall around the grid, out of sight, closes the lines that leave it, so that the low ground can be filled.
    """
    margin = 0.1
    xs, ys = (np.linspace(low - margin, high + margin, n) for (low, high), n in zip((X, Y), cells))
    z = surface.height(np.array(np.meshgrid(xs, ys)))
    z[[0, -1]] = z[:, [0, -1]] = z.max() + 1
    return [_thinned(line, surface, level) for line in contourpy.contour_generator(xs, ys, z).lines(level)]


def _thinned(line, surface, level):
    along = np.concatenate([[0], np.hypot(*np.diff(line, axis=0).T).cumsum()])
    count = int(np.clip(along[-1] * SCALE / 4, 24, 400))
    at = np.linspace(0, along[-1], count, endpoint=False)
    points = np.array([np.interp(at, along, coordinate) for coordinate in line.T])
    seen = inside(points)
    for _ in range(4):
        w = points[:, seen]
        g = surface.gradient(w)
        points[:, seen] = w - (surface.height(w) - level) * g / np.maximum((g**2).sum(axis=0), 1e-9)
    return points.T
