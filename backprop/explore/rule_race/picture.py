"""The race, drawn: the surface, the rules on their way, and all that the browser needs to play it by itself."""

from functools import lru_cache

import numpy as np

from backprop.explore.figures import GRAY, STYLES
from backprop.explore.rule_race.numbers import FAR, RULES, SCALE, STEPS, X, Y, contours, row
from backprop.explore.svg import NAMESPACE, curve, element, picture, scale, text, ticks
from backprop.explore.written import number, pixels

WIDTH, HEIGHT = 528, 364
LEFT, TOP, RIGHT, BOTTOM = 34, 8, 518, 338  # of the window, in pixels
CURVES, START, END = 400, 50, 388  # the width of the picture of losses, and where its steps begin and end
FLOOR = 1e-6  # above the lowest loss; what is less is drawn there

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


def draw(race):
    """The surface before the first step."""
    return picture(WIDTH, HEIGHT, race.words(0), _ground(race.ground), _start(race.start), *map(_runner, race.rules))


def track(race, name):
    """The path of a rule in pixels, (n, 2), to a tenth. What has diverged is drawn as far as FAR."""
    path = race.runs[name].path
    away = np.hypot(*path.T)[:, None]
    return to_pixels((path * np.minimum(1, FAR / np.maximum(away, FAR))).T).T.round(1)


def scene(race):
    """Everything that the browser needs to play the race by itself, as plain lists and strings."""
    steps, ground = range(STEPS + 1), race.ground
    return {
        "svg": draw(race),
        "losses": losses(race),
        "about": f"{ground.formula}   Finish, dashed: loss {number(ground.finish)}.",
        "tracks": {name: track(race, name).tolist() for name in race.rules},
        "rows": {name: [row(run, step) for step in steps] for name, run in race.runs.items()},
        "words": [race.words(step) for step in steps],
    }


def to_pixels(w):
    """Where w of shape (2, ...) stands in the picture."""
    return np.array([LEFT + (w[0] - X[0]) * SCALE, BOTTOM - (w[1] - Y[0]) * SCALE])


def losses(race):
    """The loss of every rule over the steps, above the lowest there is, on a logarithmic axis; and where we are."""
    lowest = race.ground.lowest
    most = max([race.ground.levels[-1], *(run.loss[0] for run in race.runs.values())]) - lowest
    top = int(np.ceil(np.log10(most)))
    across, up = scale(0, STEPS, START, END), scale(FLOOR, 10.0**top, BOTTOM, TOP, log=True)
    faint = {"stroke": "currentColor", "stroke_opacity": 0.15}
    grid = [element("line", x1=START, x2=END, y1=up(10.0**p), y2=up(10.0**p), **faint) for p in range(-6, top + 1)]
    named = [
        text(START - 6, up(10.0**p) + 4, f"1e{p}".replace("-", "−"), text_anchor="end") for p in range(-6, top + 1)
    ]
    named += [text(across(step), BOTTOM + 16, step, text_anchor="middle") for step in (0, 50, 100, 150)]
    finish, dashed = up(race.ground.finish - lowest), {"stroke_width": 2, "stroke_dasharray": "5 3"}
    line = element("line", x1=START, x2=END, y1=finish, y2=finish, stroke="currentColor", class_="finish", **dashed)
    curves = [_curve(name, run, across, up, lowest) for name, run in race.runs.items()]
    now = element("line", x1=START, x2=START, y1=TOP, y2=BOTTOM, stroke="currentColor", class_="now")
    said = "The loss of each rule, step by step, above the lowest there is."
    axis = text(END, BOTTOM + 16, "step", text_anchor="end", font_size=13, font_style="italic")
    what = text(END, TOP + 14, "loss above the lowest", text_anchor="end", font_size=13, font_style="italic")
    return picture(CURVES, HEIGHT, said, *grid, element("g", *named, font_size=12), line, *curves, now, axis, what)


def _curve(name, run, across, up, lowest):
    """One rule's losses. Beyond the axis a line runs along its edge; it ends where the rule has diverged."""
    color, dash, marker = STYLE[name]
    above = np.maximum(run.loss[: run.diverged] - lowest, FLOOR)
    points = [(across(step), up(min(value, 1e9))) for step, value in enumerate(above.tolist())]
    line = curve(points, stroke=color, stroke_width=2, stroke_dasharray=dash)
    x, y = points[-1]
    head = element("path", d=marker, fill=color, transform=f"translate({pixels(x)} {pixels(y)}) scale(0.7)")
    return element("g", line, head, class_="loss", data_rule=name)


@lru_cache(maxsize=16)
def _ground(surface):
    """Everything that stands still: the contours and their heights, the finish line, the frame and its numbers."""
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
    d = "".join(f"M{'L'.join(f'{pixels(x)} {pixels(y)}' for x, y in to_pixels(line.T).T)}Z" for line in lines)
    tint = {"fill": GRAY, "fill_opacity": "0.08", "fill_rule": "evenodd"}
    line = {"class_": "level", "stroke": "currentColor", "stroke_opacity": "0.35"}
    return element("path", d=d, **{**tint, **line, **attributes})


def _labels(lines, levels):
    """The height beside a contour, on a ray from the middle to the right, as far as there is room."""
    halo = {"stroke": PAPER, "stroke_width": 4, "stroke_opacity": "0.85", "paint_order": "stroke"}
    middle, last = ((LEFT + RIGHT) / 2, (TOP + BOTTOM) / 2), WIDTH
    for level in reversed(levels):
        x, y = to_pixels(np.concatenate(lines[level]).T)
        off = np.where((x > middle[0]) & (x < RIGHT - 16), np.abs(y - middle[1] + 0.5 * (x - middle[0])), np.inf)
        nearest = off.argmin()
        if off[nearest] < 4 and x[nearest] < last - 30:
            last = x[nearest]
            yield text(x[nearest], y[nearest] + 4, number(level), text_anchor="middle", font_size=11, **halo)


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
    return element("g", ring, cross, class_="start", transform=f"translate({pixels(x)} {pixels(y)})")


def _runner(name):
    """One rule on its way: a line, a dot at each step, and its marker. The browser says how far it has come."""
    color, dash, marker = STYLE[name]
    line = {"fill": "none", "stroke": color, "stroke_linejoin": "round"}
    trail = element("polyline", class_="trail", stroke_width=2, stroke_dasharray=dash, **line)
    dots = element("path", class_="dots", stroke_width=4.5, stroke_linecap="round", **line)
    head = element("path", d=marker, class_="head", fill=color, stroke=PAPER, stroke_width=1.5)
    return element("g", _window(trail, dots), head, class_="runner", data_rule=name)


def swatch(name):
    """The rule's line and marker, for the table."""
    color, dash, marker = STYLE[name]
    line = element("path", d="M2 10h40", stroke=color, stroke_width=2, stroke_dasharray=dash)
    head = element("path", d=marker, transform="translate(22 10)", fill=color, stroke=PAPER, stroke_width=1.5)
    size = {"width": 44, "height": 20, "viewBox": "0 0 44 20"}
    return element("svg", line, head, xmlns=NAMESPACE, **size, aria_hidden="true")
