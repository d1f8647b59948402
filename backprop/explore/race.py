"""The race of the update rules: where each of them goes on a surface, drawn as SVG and said in words.

A race is one setting of everything: the surface, the rules, their start and rates. The steps are those of
`backprop.optimizers`, on a parameter of two numbers w = (x, y). The race has a finish, a value of the loss: a
rule has finished at the step from which on it stays below.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

import contourpy
import numpy as np

from backprop import SGD, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp, checks
from backprop.explore.figures import GRAY, STYLES, descent
from backprop.explore.svg import element, number, picture, text, ticks

STEPS = 200
FAR = 1e3  # a rule that is farther than this from the origin has diverged, and runs no more
BOUNDS = {
    **dict.fromkeys(["eta", "eta_adaptive"], {"above": 0, "below": 10}),  # beyond 10 squares could overflow
    **dict.fromkeys(["beta", "rho"], {"low": 0, "below": 1}),
    "decay": {"low": 0, "below": 10},
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
        lambda w: np.array(
            [
                0.3 * w[0] + 1.2 * np.sin(3 * w[0]) * np.cos(3 * w[1]),
                0.3 * w[1] + 1.2 * np.cos(3 * w[0]) * np.sin(3 * w[1]),
            ]
        ),
        start=(-1.8, 1.2),
        finish=0.05,
        levels=(0.2, 0.35, 0.5, 0.65, 0.8, 1, 1.2, 1.4),
    ),
}

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


def descend(rule, gradient, start, steps=STEPS):
    """The path of w under an update rule, (steps + 1, 2); it ends early at the step at which w is FAR away."""
    w, state = np.array(start, dtype=float), rule.start()
    path = [w.copy()]
    while len(path) <= steps and w @ w <= FAR**2:
        rule.step(w, gradient(w), state)
        path.append(w.copy())
    return np.array(path)


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
    Adam β₁), `rho` that of their squares (ρ, in Adam β₂), `decay` AdamW's λ. Raises ValueError for unknown names,
    a start that is no pair of numbers, and whatever the rules do not allow.
    """

    surface: str = "ravine"
    rules: tuple = ("SGD", "Momentum", "RMSProp", "Adam")
    start: tuple | None = None
    eta: float = 0.035
    eta_adaptive: float = 0.05
    beta: float = 0.9
    rho: float = 0.99
    decay: float = 0.1

    def __post_init__(self):
        checks.one_of(self.surface, SURFACES, "surface")
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
        return SURFACES[self.surface]

    @cached_property
    def runs(self):
        """{name: Run} of every rule in the race."""
        return {name: self._run(RULES[name](self)) for name in self.rules}

    def _run(self, rule):
        path = descend(rule, self.ground.gradient, self.start)
        loss = self.ground.height(path.T)
        above = np.flatnonzero(loss >= self.ground.finish)
        last = int(above[-1]) if len(above) else -1
        ended = len(path) - 1
        return Run(path, loss, last + 1 if last < ended else None, ended if np.hypot(*path[-1]) > FAR else None)

    def words(self, step):
        """Who is where after so many steps: the lowest first, and those that have diverged last."""
        if not self.rules:
            return f"The {self.surface}, and no rule on it."
        if step == 0:
            place = _place(self.start, self.ground.height(np.array(self.start)))
            return (
                f"The {self.surface}: {', '.join(self.rules)} start {place}. The finish is loss {self.ground.finish}."
            )
        lost = {name: run.diverged for name, run in self.runs.items() if _diverged(run, step)}
        racing = sorted(set(self.rules) - set(lost), key=lambda name: (self.runs[name].loss[step], name))
        places = [f"{name} {_state(self.runs[name], step)}" for name in racing]
        ends = [f"{name} diverged at step {end}" for name, end in sorted(lost.items(), key=lambda item: item[1])]
        return f"The {self.surface} after {step} step{'s' * (step > 1)}: {'; '.join(places + ends)}."

    def results(self):
        """{name: how it ended}, after all STEPS."""
        return {name: _row(run, STEPS)[1] or "on its way" for name, run in self.runs.items()}

    # --- drawn ---

    def svg(self, step):
        """The surface and, up to this step, the paths on it."""
        marks = [_runner(name, self.track(name)[: step + 1]) for name in self.rules]
        return picture(WIDTH, HEIGHT, self.words(step), _ground(self.surface), _start(self.start), *marks)

    def figure(self, step):
        """The same for a page that stands still: a Figure."""
        lines = [line for level in self.ground.levels for line in contours(self.ground, level)]
        paths = {name: (run.path[: step + 1], STYLES[list(RULES).index(name)]) for name, run in self.runs.items()}
        return descent(self.words(step), lines, contours(self.ground, self.ground.finish), paths, x=X, y=Y)

    def track(self, name):
        """The path of a rule in pixels, (n, 2), to a tenth. What has diverged is drawn as far as FAR."""
        path = self.runs[name].path
        away = np.hypot(*path.T)[:, None]
        return to_pixels((path * np.minimum(1, FAR / np.maximum(away, FAR))).T).T.round(1)

    def scene(self):
        """Everything that the browser needs to play the race by itself, as plain lists and strings."""
        return {
            "svg": self.svg(0),
            "tracks": {name: self.track(name).tolist() for name in self.rules},
            "rows": {name: [_row(run, step) for step in range(STEPS + 1)] for name, run in self.runs.items()},
            "words": [self.words(step) for step in range(STEPS + 1)],
        }


def _diverged(run, step):
    return run.diverged is not None and run.diverged <= step


def _place(w, loss):
    x, y = w
    return f"at ({_told(x, 1e-4)}, {_told(y, 1e-4)}), loss {_told(loss, 1e-6)}"


def _told(value, least):
    """A number that has come to 0 for all that can be seen, or its three digits."""
    return number(value) if abs(value) >= least else "0"


def _finished(run, step):
    return run.finished is not None and run.finished <= step


def _state(run, step):
    """Where a rule is, and the step at which it finished, once it has."""
    where = _place(run.path[step], run.loss[step])
    return f"{where}, finished at step {run.finished}" if _finished(run, step) else where


def _row(run, step):
    """A rule's line in the table: its loss, and what there is to say of it."""
    if _diverged(run, step):
        return ["", f"diverged at {run.diverged}"]
    seen = "" if inside(run.path[step]) else "outside"
    return [_told(run.loss[step], 1e-6), f"finished at {run.finished}" if _finished(run, step) else seen]


# --- the picture ---

WIDTH, HEIGHT = 528, 364
LEFT, TOP, RIGHT, BOTTOM = 34, 8, 518, 338  # of the window, in pixels
X, Y = (-2.2, 2.2), (-1.5, 1.5)  # and in w: the same scale both ways, so that gradients cross contours squarely
SCALE = (RIGHT - LEFT) / (X[1] - X[0])

DASHES = (None, "9 4", "9 4 2 4", "2 4", "9 3 2 3 2 3", "4 3", "14 4")
MARKERS = (
    "M-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
    "M-5.5 -5.5h11v11h-11z",
    "M0 -7.5L7 5h-14z",
    "M0 -7.5L6.5 0L0 7.5L-6.5 0z",
    "M0 7.5L7 -5h-14z",
    "M-7 -4.5L-4.5 -7L0 -2.5L4.5 -7L7 -4.5L2.5 0L7 4.5L4.5 7L0 2.5L-4.5 7L-7 4.5L-2.5 0z",
    "M-2.5 -7.5h5v5h5v5h-5v5h-5v-5h-5v-5h5z",
)
COLORS = (*(color for color, _, _ in STYLES), "currentColor")
STYLE = dict(zip(RULES, zip(COLORS, DASHES, MARKERS)))
PAPER = "var(--jp-layout-color0, Canvas)"


def to_pixels(w):
    """Where w of shape (2, ...) stands in the picture."""
    return np.array([LEFT + (w[0] - X[0]) * SCALE, BOTTOM - (w[1] - Y[0]) * SCALE])


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


@cache
def _ground(name):
    """Everything that stands still: the contours and their heights, the finish line, the frame and its numbers."""
    surface = SURFACES[name]
    lines = {level: contours(surface, level) for level in (*surface.levels, surface.finish)}
    dashed = {"class_": "finish", "stroke_width": 2, "stroke_dasharray": "5 3", "stroke_opacity": 1}
    levels = [_level(lines[level], data_level=f"{level:g}") for level in surface.levels]
    finish = _level(lines[surface.finish], data_level=f"{surface.finish:g}", **dashed)
    frame = element("rect", x=LEFT, y=TOP, width=RIGHT - LEFT, height=BOTTOM - TOP, fill="none", stroke="currentColor")
    return _window(*levels, finish, *_labels(lines, surface.levels)) + frame + "".join(_axes())


def _window(*children, **attributes):
    """What can be seen through the frame. A nested svg clips, and needs no name that another race could share."""
    size = {"width": RIGHT - LEFT, "height": BOTTOM - TOP}
    view = f"{LEFT} {TOP} {RIGHT - LEFT} {BOTTOM - TOP}"
    return element("svg", *children, x=LEFT, y=TOP, **size, viewBox=view, overflow="hidden", **attributes)


def _level(lines, **attributes):
    """One path for the lines of a level: the ground below it is tinted, so that the lowest is tinted most."""
    d = "".join(f"M{'L'.join(f'{_px(x)} {_px(y)}' for x, y in to_pixels(line.T).T)}Z" for line in lines)
    tint = {"fill": GRAY, "fill_opacity": "0.08", "fill_rule": "evenodd"}
    line = {"class_": "level", "stroke": "currentColor", "stroke_opacity": "0.35"}
    return element("path", d=d, **{**tint, **line, **attributes})


def _labels(lines, levels):
    """The height beside a contour, on a ray from the middle to the right, as far as there is room."""
    middle, last = ((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2), WIDTH
    for level in reversed(levels):
        x, y = to_pixels(np.concatenate(lines[level]).T)
        off = np.where((x > middle[0]) & (x < RIGHT - 16), np.abs(y - middle[1] + 0.5 * (x - middle[0])), np.inf)
        nearest = off.argmin()
        if off[nearest] < 4 and x[nearest] < last - 30:
            last = x[nearest]
            yield text(x[nearest], y[nearest] + 4, number(level), text_anchor="middle", font_size=11, **_halo())


def _halo():
    return {"stroke": PAPER, "stroke_width": 4, "stroke_opacity": "0.85", "paint_order": "stroke"}


def _axes():
    for value in ticks(*X, 5):
        yield text(float(to_pixels((value, 0))[0]), BOTTOM + 16, number(value), text_anchor="middle", font_size=12)
    for value in ticks(*Y, 4):
        yield text(LEFT - 6, float(to_pixels((0, value))[1] + 4), number(value), text_anchor="end", font_size=12)
    yield text(RIGHT, BOTTOM + 16, "x", text_anchor="end", font_style="italic")
    yield text(LEFT - 6, TOP + 10, "y", text_anchor="end", font_style="italic")


def _start(w):
    """A cross in a ring: where all of them start."""
    x, y = to_pixels(w).round(1)
    cross = element("path", d="M-12 0h6M6 0h6M0 -12v6M0 6v6", stroke="currentColor", stroke_width=2)
    ring = element("circle", r=9, fill="none", stroke="currentColor", stroke_width=2)
    return element("g", ring, cross, class_="start", transform=f"translate({_px(x)} {_px(y)})")


def _runner(name, track):
    """One rule on its way: the line, a dot at each step, and its marker, held at the frame when it has left."""
    color, dash, marker = STYLE[name]
    line = {"fill": "none", "stroke": color, "stroke_linejoin": "round"}
    trail = element(
        "polyline", points=trail_points(track), class_="trail", stroke_width=2, stroke_dasharray=dash, **line
    )
    dots = element("path", d=dots_path(track), class_="dots", stroke_width=4.5, stroke_linecap="round", **line)
    where = f"translate({_px(np.clip(track[-1][0], LEFT, RIGHT))} {_px(np.clip(track[-1][1], TOP, BOTTOM))})"
    ink = {"fill": color, "stroke": PAPER, "stroke_width": 1.5}
    head = element("path", d=marker, class_="head", transform=where, **ink)
    return element("g", _window(trail, dots), head, class_="runner", data_rule=name)


def trail_points(track):
    return " ".join(f"{_px(x)},{_px(y)}" for x, y in track)


def dots_path(track):
    """A line of no length, with round ends, is a dot: all of them in one element."""
    return "".join(f"M{_px(x)} {_px(y)}h0" for x, y in track)


def swatch(name):
    """The rule's line and marker, for the table."""
    color, dash, marker = STYLE[name]
    line = element("path", d="M2 10h40", stroke=color, stroke_width=2, stroke_dasharray=dash)
    head = element("path", d=marker, transform="translate(22 10)", fill=color, stroke=PAPER, stroke_width=1.5)
    return element("svg", line, head, width=44, height=20, viewBox="0 0 44 20", aria_hidden="true")


def _px(value):
    """A tenth of a pixel, as JavaScript writes it."""
    return f"{value + 0.0:.1f}".removesuffix(".0")
