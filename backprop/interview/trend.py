"""How the levels went from interview to interview, oldest first: a small picture, and the same in words.

A point is one interview, {axis: the mean of its levels}; an axis that was not tested is left out of it.
"""

from itertools import groupby

from backprop.interview.axes import AXES, LEVELS

COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")  # told apart by the color-blind, and on white as on black
WIDTH, ROW, STEP = 360, 44, 9  # of the picture, of an axis in it, and from level to level
LEFT, RIGHT = 112, 300  # where the first interview stands, and the last


def mean_levels(turns, rated=()):
    """{axis: mean} over the turns of a report, and what was rated for all of them; "no evidence" is no level."""
    found = {axis: [turn["levels"][axis][0] for turn in turns if axis in turn["levels"]] for axis in AXES}
    found |= {axis: [rated[axis][0]] for axis in rated}
    tested = {axis: [level for level in levels if level] for axis, levels in found.items()}
    return {axis: sum(levels) / len(levels) for axis, levels in tested.items() if levels}


def words(points):
    """["understanding: weak, strong (2 times)"], for the axes that were tested at all."""
    found = {axis: [LEVELS[round(point[axis])] for point in points if axis in point] for axis in AXES}
    return [f"{axis}: {', '.join(_runs(levels))}" for axis, levels in found.items() if levels]


def _runs(levels):
    """The levels, each once as long as it stays the same."""
    for level, group in groupby(levels):
        times = len([*group])
        yield level if times == 1 else f"{level} ({times} times)"


def picture(points):
    """The picture, as SVG: a strip for each axis, with a line where "strong" begins."""
    axes = [axis for axis in AXES if any(axis in point for point in points)]
    strips = "".join(_strip(axis, points, n * ROW) for n, axis in enumerate(axes))
    said = "; ".join(words(points))
    size = f'viewBox="0 0 {WIDTH} {ROW * len(axes)}" width="{WIDTH}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="Oldest first. {said}" '
        f'style="max-width:100%;height:auto" font-size="13" fill="currentColor">{strips}</svg>'
    )


def _strip(axis, points, top):
    color, strong = COLORS[AXES.index(axis)], _height(3, top)
    gap = (RIGHT - LEFT) / (len(points) - 1)
    places = [(LEFT + n * gap, _height(point[axis], top)) for n, point in enumerate(points) if axis in point]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{color}"/>' for x, y in places)
    return (
        f'<text x="0" y="{strong + 4}">{axis}</text><text x="{RIGHT + 12}" y="{strong + 4}">strong</text>'
        f'<line x1="{LEFT - 6}" x2="{RIGHT + 6}" y1="{strong}" y2="{strong}" stroke="currentColor" opacity="0.4"/>'
        f'<polyline points="{line}" fill="none" stroke="{color}" stroke-width="2"/>{dots}'
    )


def _height(level, top):
    return top + ROW - 4 - STEP * level
