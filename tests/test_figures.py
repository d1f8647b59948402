"""Figures: the picture and its words are made of the same numbers, and both can be read.

The words are read back with regular expressions and compared with what the artists hold, not with the arguments.
"""

import io
import re
import subprocess
import sys
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axis import Tick
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer
from matplotlib.image import imread
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.text import Text

from backprop import autodiff
from backprop.explore import (
    Figure,
    bars,
    figures,
    graph,
    histograms,
    images,
    layer_pass,
    lines,
    network_pass,
    product,
    push,
)
from backprop.explore.rule_race.numbers import Race, X, Y, contours

NUMBER = r"-?(?:\d+(?:\.\d*)?(?:e[+-]\d+)?|inf)"
COURSE = re.compile(
    rf"  (?P<name>\w+): (?P<verb>rises|falls|goes) from (?P<y0>{NUMBER}) at (?P<x0>{NUMBER}) to (?P<y1>{NUMBER}) at "
    rf"(?P<x1>{NUMBER})(?:, lowest (?P<low>{NUMBER}) at (?P<x_low>{NUMBER}))?"
    rf"(?:, highest (?P<high>{NUMBER}) at (?P<x_high>{NUMBER}))?"
)
ASPECTS = {
    "lines": lambda: lines("Two", [1, 2, 3], {"a": [1, 2, 3], "b": [3, 1, 2]}, xlabel="x", ylabel="y"),
    "log": lambda: lines("Log", [1, 10, 100], {"a": [1e-9, 1e-3, 1]}, logx=True, logy=True, marks=[(10, 1e-3, "m")]),
    "bars": lambda: bars("Bars", {"one": 1.0, "two": 2.5, "minus": -1}),
    "images": lambda: images("Images", np.linspace(0, 1, 16 * 5).reshape(16, 5), list("abcde")),
    "one image": lambda: images("One", np.zeros((64, 1)), ["a"]),
    "network": lambda: network_pass([2, 3, 1]),
    "there and back": layer_pass,
    "one layer": lambda: network_pass([3, 2]),
    "push": lambda: push("Push", ["one", "two", "three"], [0.7, 0.3, 0], [0, 1, 0]),
    "descent": lambda: Race("saddle").figure(30),
    "guides": lambda: lines("Two", [1, 2], {"a": [1, 2]}, guides={"b": [0, 5]}, marks=[(1, 1, "m")]),
    "histograms": lambda: histograms(
        "Hists", {"a": {1: [0, 1], 2: [1, 2]}}, ends=(0, 2), shares={"off": lambda v: v == 0}
    ),
    "graph": lambda: drawn_graph("y", tape()[0]),
    "signed images": lambda: images("Signed", np.linspace(-1, 1, 16 * 2).reshape(16, 2), ["a", "b"], signed=True),
    "product": lambda: product("Y = W X", ("W", (2, 3)), "@", ("X", (3, 5)), "=", ("Y", (2, 5))),
}


def drawn_graph(title, nodes):
    return graph(title, nodes, autodiff.gradients(list(nodes.values())[-1], 1.0))


def said(figure):
    """The words on one line for each entry, as they were before they were folded."""
    return figure.words.replace("\n    ", " ").split("\n")


def rounded(value):
    return float(f"{value:.3g}")


def courses(figure):
    """What the words say of each line: the verb, and the numbers by name."""
    found = {}
    for entry in said(figure)[1:]:
        if not entry.startswith("  marked: "):
            match = COURSE.fullmatch(entry)
            assert match, entry
            numbers = {k: None if v is None else float(v) for k, v in match.groupdict().items() if k[0] in "xylh"}
            found[match["name"]] = (match["verb"], numbers)
    return found


def drawn_lines(figure):
    """{name: (x, y)} of the lines in the picture, marks aside."""
    (ax,) = figure.canvas.axes
    return {line.get_label(): line.get_xydata().T for line in ax.lines if not line.get_label().startswith("_")}


def demand_the_same(figure):
    """The words of every line hold its two ends, and its extremes unless an end is as extreme."""
    told, drawn = courses(figure), drawn_lines(figure)
    assert list(told) == list(drawn)
    for name, (verb, number) in told.items():
        x, y = drawn[name]
        ends = rounded(x[0]), rounded(y[0]), rounded(x[-1]), rounded(y[-1])
        assert (number["x0"], number["y0"], number["x1"], number["y1"]) == ends
        assert verb in {1: ("rises", "goes"), -1: ("falls", "goes"), 0: ("goes",)}[np.sign(y[-1] - y[0])]
        for value, at, extreme in ("low", "x_low", y.min()), ("high", "x_high", y.max()):
            if number[value] is None:
                assert rounded(extreme) in (number["y0"], number["y1"])
            else:
                assert number[value] == rounded(extreme)
                assert number[at] in [rounded(v) for v in x[y == extreme]]


# Values that 3 digits tell apart, so that "the same" and "the same in print" do not part.
VALUES = st.integers(-999, 999).map(lambda k: k / 100)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.data(), st.integers(1, 12), st.integers(1, 6))
def test_the_words_of_lines_are_what_is_drawn(data, points, count):
    x = np.arange(points) * data.draw(st.sampled_from([1, 0.25, 100]))
    drawn = {f"series_{k}": data.draw(st.lists(VALUES, min_size=points, max_size=points)) for k in range(count)}
    figure = lines("Some lines", x, drawn, xlabel="x")
    assert said(figure)[0] == "Some lines."
    demand_the_same(figure)
    for name, (x_drawn, y_drawn) in drawn_lines(figure).items():
        np.testing.assert_array_equal(x_drawn, x)
        np.testing.assert_array_equal(y_drawn, drawn[name])


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(st.integers(-20, 3), min_size=2, max_size=8, unique=True))
def test_powers_of_ten_are_told_apart_on_a_log_axis(powers):
    """|δ| of 1e-9 and 1e-14 are far apart there, and what vanishes is what the course is about."""
    y = 10.0 ** np.array(powers)
    figure = lines("Vanishing", np.arange(1, len(y) + 1), {"delta": y}, logx=True, logy=True)
    (ax,) = figure.canvas.axes
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
    demand_the_same(figure)
    verb, number = courses(figure)["delta"]
    assert verb == ("rises" if y[-1] > y[0] else "falls")
    assert (number["low"] is None) == (y.min() in (y[0], y[-1]))
    assert (number["high"] is None) == (y.max() in (y[0], y[-1]))


def test_each_axis_is_logarithmic_only_where_asked():
    for logx in (False, True):
        for logy in (False, True):
            (ax,) = lines("t", [1, 2], {"a": [1, 2]}, logx=logx, logy=logy).canvas.axes
            assert (ax.get_xscale(), ax.get_yscale()) == tuple("log" if on else "linear" for on in (logx, logy))
        (ax,) = bars("t", {"a": 1, "b": 100}, logx=logx).canvas.axes
        assert ax.get_xscale() == ("log" if logx else "linear")


@pytest.mark.parametrize(
    "y, words",
    [
        ([1, 2], "rises from 1 at 0 to 2 at 1"),
        ([2, 1], "falls from 2 at 0 to 1 at 1"),
        ([2, 2], "goes from 2 at 0 to 2 at 1"),
        ([5], "goes from 5 at 0 to 5 at 0"),
        ([0, 0, 0], "goes from 0 at 0 to 0 at 2"),
        ([1, 3, 1], "goes from 1 at 0 to 1 at 2, highest 3 at 1"),
        ([1, -3, 1], "goes from 1 at 0 to 1 at 2, lowest -3 at 1"),
        ([1, 5, 0, 2], "rises from 1 at 0 to 2 at 3, lowest 0 at 2, highest 5 at 1"),
        ([1, 2 - 1e-11, 2], "rises from 1 at 0 to 2 at 2"),
        ([2, 2 + 1e-11], "goes from 2 at 0 to 2 at 1"),
        ([0, 5, 1e-16], "goes from 0 at 0 to 1e-16 at 2, highest 5 at 1"),  # rounding is not a rise
        ([1e-9, 1e-14], "falls from 1e-09 at 0 to 1e-14 at 1"),
        ([1, 2, np.inf], "rises from 1 at 0 to inf at 2"),
        ([3, 2, np.inf], "rises from 3 at 0 to inf at 2, lowest 2 at 1"),
        ([1, 2, np.nan], "rises from 1 at 0 to 2 at 1, not a number at 1 of 3 points"),
        ([np.nan, 4, np.nan, 2], "falls from 4 at 1 to 2 at 3, not a number at 2 of 4 points"),
        ([np.nan, np.nan], "not a number at 2 of 2 points"),
    ],
)
def test_how_a_line_is_put_in_words(y, words):
    figure = lines("t", np.arange(len(y)), {"a": y})
    assert said(figure)[1] == f"  a: {words}"
    figure.png()


def test_a_large_whole_number_is_written_out():
    assert said(lines("t", [4, 1024], {"a": [1, 2]}))[1] == "  a: rises from 1 at 4 to 2 at 1024"


def test_no_line_runs_through_what_is_written_at_a_mark():
    x = np.linspace(0, 1, 5)
    (ax,) = lines("t", x, {"up": x, "down": 1 - x, "low": 0.1 * x}, marks=[(0.5, 0.5, "where they cross")]).canvas.axes
    (note,) = ax.texts
    box = note.get_window_extent()
    ran = [line.get_transform().transform_path(line.get_path()) for line in ax.lines]
    assert not any(path.intersects_bbox(box, filled=False) for path in ran)
    middle = ax.transData.transform((0.5, 0.5))
    assert np.hypot(*(np.clip(middle, box.min, box.max) - middle)) < 50  # and it stands beside its mark


def test_marks_are_where_the_words_say():
    figure = lines("t", [0, 1, 2], {"a": [1, 4, 9]}, marks=[(0.5, 2.25, "first"), (2, 1e-7, "second")])
    assert said(figure)[2:] == ["  marked: first at 0.5, 2.25", "  marked: second at 2, 1e-07"]
    (ax,) = figure.canvas.axes
    assert [line.get_xydata().tolist() for line in ax.lines[1:]] == [[[0.5, 2.25]], [[2, 1e-7]]]
    assert [(text.get_text(), text.xy) for text in ax.texts] == [("first", (0.5, 2.25)), ("second", (2, 1e-7))]


def test_lines_differ_in_color_dash_and_marker():
    """Whoever sees no color tells them apart by dash and marker, and the legend names each."""
    figure = lines("t", np.arange(20), {f"s{k}": np.arange(20) + k for k in range(6)})
    (ax,) = figure.canvas.axes
    assert len({line.get_color() for line in ax.lines}) == 6
    assert len({line.get_marker() for line in ax.lines}) == 6
    assert len({repr(line._unscaled_dash_pattern) for line in ax.lines}) == 6  # get_linestyle says "--" for most
    (legend,) = figure.canvas.legends or [ax.get_legend()]
    assert [text.get_text() for text in legend.get_texts()] == [f"s{k}" for k in range(6)]
    assert lines("t", [0, 1], {"only": [0, 1]}).canvas.axes[0].get_legend() is None


def test_a_seventh_line_is_refused():
    with pytest.raises(ValueError, match="at most 6 lines apart, but got 7"):
        lines("t", [0, 1], {str(k): [0, k] for k in range(7)})
    with pytest.raises(ValueError, match=r"'a' has the shape \(50,\), but x has \(20,\): one value for each x"):
        figures.lines("", np.arange(20), {"a": np.arange(50)})


def test_guides_stand_behind_and_do_not_choose_what_is_seen():
    series = {"a": [1, 2, 4]}
    plain = lines("t", [1, 2, 3], series, logy=True)
    guided = lines("t", [1, 2, 3], series, logy=True, guides={"up": [1e-9, 1, 1e9], "flat": [2, 2, 2]})
    (ax,), (alone,) = guided.canvas.axes, plain.canvas.axes
    assert ax.get_ylim() == alone.get_ylim()
    line, *behind = ax.lines
    assert [line.get_color()] == [alone.lines[0].get_color()] and [g.get_color() for g in behind] == [figures.GRAY] * 2
    assert max(g.get_zorder() for g in behind) < line.get_zorder()
    assert len({g.get_linestyle() for g in behind}) == 2
    np.testing.assert_array_equal([g.get_ydata() for g in behind], [[1e-9, 1, 1e9], [2, 2, 2]])
    assert said(guided)[2:] == [
        "  in gray, up: rises from 1e-09 at 1 to 1e+09 at 3",
        "  in gray, flat: goes from 2 at 1 to 2 at 3",
    ]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "up", "flat"]


def test_ticks_are_numbers_that_one_reads():
    """Layers are whole; and within a decade or two a log axis says 2, not 2 × 10⁰, in the gray of the others."""
    figure = lines("t", np.arange(1, 21), {"a": np.linspace(2.7, 8.4, 20)}, logy=True)
    figure.png()
    (ax,) = figure.canvas.axes
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert ticks and all(re.fullmatch(r"\d+|−\d+", tick) for tick in ticks)
    written = [label for label in [*ax.get_yticklabels(), *ax.get_yticklabels(minor=True)] if label.get_text()]
    inside = [label for label in written if 2.7 <= label.get_position()[1] <= 8.4]
    assert len(inside) >= 2 and all(float(label.get_text()) == label.get_position()[1] for label in inside)
    assert {label.get_color() for label in written} == {figures.GRAY}
    wide = lines("t", [0.5, 1], {"a": [1, 1e5]}, logy=True)
    wide.png()
    assert any("10^" in label.get_text() for label in wide.canvas.axes[0].get_yticklabels())


def test_titles_stand_in_the_picture():
    (ax,) = lines("Loss", [0, 1], {"a": [0, 1]}, xlabel="step", ylabel="height").canvas.axes
    assert (ax.get_title(loc="left"), ax.get_xlabel(), ax.get_ylabel()) == ("Loss", "step", "height")
    (ax,) = bars("Costs", {"a": 1}, xlabel="seconds").canvas.axes
    assert (ax.get_title(loc="left"), ax.get_xlabel()) == ("Costs", "seconds")


# --- bars, images, networks, products -----------------------------------------------------------------------------


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    st.dictionaries(st.text("abcxyz", min_size=1, max_size=8), st.floats(1e-6, 1e6), min_size=1, max_size=6),
    st.booleans(),
)
def test_the_words_of_bars_are_their_widths(values, logx):
    figure = bars("Some bars", values, logx=logx)
    (ax,) = figure.canvas.axes
    (container,) = [c for c in ax.containers if isinstance(c, BarContainer)]
    widths = [patch.get_width() for patch in container]
    np.testing.assert_allclose(widths, list(values.values()), rtol=1e-12)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels == list(values)
    assert said(figure) == ["Some bars.", *(f"  {name}: {width:.3g}" for name, width in zip(labels, widths))]
    written = ax.texts
    assert [text.get_text() for text in written] == [f"{width:.3g}" for width in widths]
    assert [text.xy for text in written] == list(zip(values.values(), values))  # each at the end of its own bar
    assert ax.yaxis_inverted()  # the first on top, in the order of the words


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 9), min_size=2, max_size=6), st.data())
def test_each_class_is_pushed_from_p_to_y(parts, data):
    p = np.array(parts) / sum(parts)
    right = data.draw(st.integers(0, len(p) - 1))
    y = np.eye(len(p))[right]
    names = [f"class {k}" for k in range(len(p))]
    figure = push("Classes", names, p, y)
    (ax,) = figure.canvas.axes
    (container,) = [c for c in ax.containers if isinstance(c, BarContainer)]
    np.testing.assert_allclose([bar.get_width() for bar in container], p)
    marks = ax.lines[0].get_xydata()
    np.testing.assert_array_equal(marks[:, 0], y)
    np.testing.assert_array_equal(marks[:, 1], np.arange(len(p)))  # each in its own row
    arrows = [patch._posA_posB for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    assert arrows == [[(a, row), (b, row)] for row, (a, b) in enumerate(zip(p, y)) if a != b]
    assert ax.yaxis_inverted() and [label.get_text() for label in ax.get_yticklabels()] == names
    ways = ["up" if k == right else "down" for k in range(len(p))]
    assert said(figure) == [
        "Classes.",
        *(f"  {n}: p {a:.3g}, y {b:.3g}, p - y {a - b:.3g}: pushed {w}" for n, a, b, w in zip(names, p, y, ways)),
        "  the sum of p - y: 0",
    ]
    assert [text.get_text() for text in ax.texts] == [f"{a - b:+.3g}, {w}" for a, b, w in zip(p, y, ways)]
    assert {text.xy for text in ax.texts} == {(1.06, row) for row in range(len(p))}


def test_what_is_right_is_not_pushed():
    figure = push("t", ["a", "b"], [0.25, 0.5], [0.25, 0.75])
    assert said(figure)[1:] == [
        "  a: p 0.25, y 0.25, p - y 0: pushed nowhere",
        "  b: p 0.5, y 0.75, p - y -0.25: pushed up",
        "  the sum of p - y: 0.25",
    ]
    assert len([patch for patch in figure.canvas.axes[0].patches if isinstance(patch, FancyArrowPatch)]) == 1


@pytest.mark.parametrize("surface, step", [("ravine", 12), ("bumps", 40)])
def test_the_race_that_stands_still(surface, step):
    rules = ("SGD", "Nesterov", "Adam")
    race = Race(surface, rules)
    figure = race.figure(step)
    assert " ".join(said(figure)) == race.words(step)
    (ax,) = figure.canvas.axes
    assert (ax.get_xlim(), ax.get_ylim(), ax.get_aspect()) == (X, Y, 1)
    assert len(ax.patches) == sum(len(contours(race.ground, level)) for level in race.ground.levels)
    finish = [line for line in ax.lines if line.get_color() == figures.GRAY and line.get_linestyle() == "--"]
    for line, points in zip(finish, contours(race.ground, race.ground.finish), strict=True):
        np.testing.assert_array_equal(line.get_xydata(), [*points, points[0]])
    for name, place in zip(rules, (0, 2, 5)):
        color, _, marker = figures.STYLES[place]
        path, last = (line for line in ax.lines if line.get_color() == color)
        np.testing.assert_array_equal(path.get_xydata(), race.runs[name].path[: step + 1])
        np.testing.assert_array_equal(last.get_xydata()[0], race.runs[name].path[: step + 1][-1])
        assert (last.get_marker(), last.get_label()) == (marker, name)
    assert [text.get_text() for text in figure.canvas.legends[0].get_texts()] == list(rules)
    assert ax.lines[-1].get_xydata().tolist() == [list(race.start)]


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(1, 8), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_images_show_their_columns(side, count, seed):
    pixels = np.random.default_rng(seed).uniform(size=(side * side, count))
    captions = [f"c{k}" for k in range(count)]
    figure = images("Digits", pixels, captions)
    assert len(figure.canvas.axes) == count
    for k, ax in enumerate(figure.canvas.axes):
        (image,) = ax.images
        np.testing.assert_array_equal(image.get_array(), pixels[:, k].reshape(side, side))
        assert image.get_clim() == (0, 1)  # the same gray everywhere
        assert ax.get_title() == captions[k]
    assert said(figure) == [f"Digits: {count} images of {side}×{side} pixels, captioned {', '.join(captions)}."]


def test_every_image_has_its_caption():
    for captions in (["a"], ["a", "b", "c"]):
        with pytest.raises(ValueError):
            images("t", np.zeros((4, 2)), captions)


@pytest.mark.parametrize("sizes", [[1, 1], [3, 2], [2, 3, 1], [4, 5, 5, 3, 2]])
def test_a_network_has_its_neurons_and_edges(sizes):
    figure = network_pass(sizes)
    (ax,) = figure.canvas.axes
    neurons = [line for line in ax.lines if line.get_marker() == "o"]
    edges = [line for line in ax.lines if line.get_marker() != "o"]
    columns = [round(line.get_xdata()[0], 9) for line in neurons]
    assert [columns.count(x) for x in sorted(set(columns))] == sizes
    assert len(edges) == sum(n * m for n, m in zip(sizes, sizes[1:]))
    ends = {tuple(line.get_xydata()[0]) for line in neurons}
    assert len(ends) == sum(sizes)
    assert {tuple(point) for line in edges for point in line.get_xydata()} == ends
    L, texts = len(sizes) - 1, [text.get_text() for text in ax.texts]
    for l in range(1, L + 1):
        assert {f"a[{l}]", f"δ[{l}]", f"W[{l}], b[{l}]", f"dW[{l}], db[{l}]"} <= set(texts)
    assert "a[0] = X" in texts and "δ[0]" not in texts and f"δ[{L + 1}]" not in texts
    words = " ".join(said(figure))
    assert f"widths {' - '.join(map(str, sizes))}." in words
    assert f"a[{L}]" in words and f"δ[{L}]" in words
    there, back = (patch for patch in ax.patches if isinstance(patch, FancyArrowPatch))
    for arrow, direction in (there, 1), (back, -1):
        (x0, y0), *_, (x1, y1) = arrow._posA_posB
        assert np.sign(x1 - x0) == direction and y0 == y1
    assert there._posA_posB[0][1] > 0 > back._posA_posB[0][1]


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=4))
def test_products_are_drawn_to_scale(shapes):
    blocks = [("∂𝓛/∂W" if k == 0 else f"M{k}", shape) for k, shape in enumerate(shapes)]
    parts = [part for block in blocks for part in (block, "@")][:-1]
    figure = product("An equation", *parts)
    (ax,) = figure.canvas.axes
    rectangles = [patch for patch in ax.patches if isinstance(patch, Rectangle)]
    assert [(r.get_height(), r.get_width()) for r in rectangles] == shapes
    edges = [(r.get_x(), r.get_x() + r.get_width()) for r in rectangles]
    assert all(right + 1 == left for (_, right), (left, _) in zip(edges, edges[1:]))  # in a row, with room for the sign
    assert all(r.get_y() == -r.get_height() / 2 for r in rectangles)
    assert ax.get_aspect() == 1
    words = " @ ".join(f"{name} {r.get_height()}×{r.get_width()}" for (name, _), r in zip(blocks, rectangles))
    assert said(figure) == [f"An equation, in shapes: {words}."]
    texts = [text.get_text() for text in ax.texts]
    assert [f"{n}×{m}" for n, m in shapes] == [text for text in texts if "×" in text]
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < 0 and edges[-1][1] < right and top == -bottom > max(n for n, _ in shapes) / 2


# --- what is shown ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ASPECTS)
def test_the_png_is_transparent_and_of_the_stated_size(name, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **how: shown.append((data, how)))
    figure = ASPECTS[name]()
    figure._ipython_display_()
    (data, how), (words, below) = shown
    assert how["raw"] is True and below == {"raw": True}
    assert words["text/plain"] == figure.words  # the words stand below the picture, folded where that can be done
    folded = ElementTree.fromstring(words["text/html"])
    assert folded.tag == "details" and "open" not in folded.keys()
    said = folded.find("pre").text  # a page breaks the lines itself, so they are broken only where they are printed
    assert folded.find("summary").text == "The picture in words" and said.split() == figure.words.split()
    assert "\n    " not in said
    assert set(data) == {"image/png", "text/plain"}
    assert b"Software" not in data["image/png"]
    pixels = imread(io.BytesIO(data["image/png"]))
    height, width, channels = pixels.shape
    assert channels == 4
    size = how["metadata"]["image/png"]
    assert (size["width"], size["height"]) == tuple(int(96 * inches) for inches in figure.canvas.get_size_inches())
    assert abs(width - 2 * size["width"]) <= 1 and abs(height - 2 * size["height"]) <= 1  # twice, to be sharp
    clear = pixels[:, :, 3] == 0
    assert clear[[0, 0, -1, -1], [0, -1, 0, -1]].all()
    if (
        "image" not in name and name != "descent"
    ):  # the axes have no background either: a white box would glare in a dark theme
        assert clear.mean() > 0.45


@pytest.mark.parametrize("name", ASPECTS)
def test_the_words_are_the_repr_and_fit_the_page(name):
    figure = ASPECTS[name]()
    assert repr(figure) == figure.words
    assert all(len(line) <= 95 for line in figure.words.splitlines())
    assert "nan" not in figure.words


@pytest.mark.parametrize("name", [*ASPECTS, "long title", "many", "tiny"])
def test_nothing_written_is_cut_or_lies_on_other_words(name):
    many = {f"a name of some length {k}": np.arange(20) + k for k in range(5)}
    more = {
        "long title": lambda: images("One 8, and its error at the pixels", np.zeros((64, 2)), ["x", "y"]),
        "many": lambda: lines(15 * "long ", np.arange(20), many, guides={"g": np.arange(20)}),
        "tiny": lambda: push("The logits of one 8", list("0123"), np.array([2.2e-6, 0.5, 0.00493, 0.5]), np.eye(4)[3]),
    }
    canvas = (ASPECTS | more)[name]().canvas
    canvas.draw_without_rendering()
    ticks = {text for tick in canvas.findobj(Tick) for text in tick.findobj(Text)}  # some are held, and not drawn
    written = [text for text in canvas.findobj(Text) if text.get_text() and text not in ticks]
    boxes, whole = [text.get_window_extent() for text in written], canvas.bbox
    assert all(whole.contains(*box.min) and whole.contains(*box.max) for box in boxes)
    assert not [(one, two) for one, two in combinations([box.padded(-1) for box in boxes], 2) if one.overlaps(two)]


def test_a_legend_gives_way_to_lines():
    x = np.linspace(0, 60, 61)
    free, full = (lines("t", x, {"a": y, "b": x}).canvas for y in (x / 2, 30 + 30 * np.cos(x)))
    assert free.axes[0].get_legend() and not free.legends
    assert full.legends and full.axes[0].get_legend() is None


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.text("ab 1-é∂", max_size=300), max_size=3))
def test_any_words_are_folded_to_the_page(texts):
    figure = Figure(None, "\n".join(texts))
    assert all(len(line) <= 95 for line in figure.words.splitlines())
    assert "".join(figure.words.split()) == "".join("".join(texts).split())


def test_the_letter_of_the_loss_is_drawn_wherever_it_stands():
    """The font lacks 𝓛, which would warn and draw a box; warnings are errors here. The words keep the letter."""
    made = [
        lines("𝓛", [0, 1], {"∂𝓛/∂w": [1, 2], "b": [2, 1]}, xlabel="𝓛", ylabel="𝓛", marks=[(0, 1, "𝓛 here")]),
        bars("𝓛", {"𝓛": 1.0, "δ[l] ⊙ σ'(z)": 2.0}, xlabel="𝓛"),
        images("𝓛", np.zeros((4, 3)), ["𝓛", "η", "ε"]),
        product("𝓛", ("∂𝓛/∂W", (2, 3)), "=", ("δᵀ", (2, 1)), "⊙", ("a", (1, 3))),
        network_pass([2, 1]),
    ]
    for figure in made:
        assert figure.png()
        assert "𝓛" in figure.words


# --- colors -------------------------------------------------------------------------------------------------------


def luminance(color):
    """WCAG 2's relative luminance."""
    channels = [int(to_hex(color)[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return np.dot([0.2126, 0.7152, 0.0722], linear)


def contrast(one, other):
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard():
    assert round(contrast("#fff", "#000"), 9) == 21
    assert round(contrast("#767676", "#fff"), 2) == 4.54  # the standard's own borderline gray


@pytest.mark.parametrize("background", ["#ffffff", "#111111"])
def test_what_is_drawn_stands_out_on_light_and_on_dark(background):
    figure = lines("t", [0, 1], {str(k): [0, k] for k in range(4)}, xlabel="x", ylabel="y", marks=[(0, 0, "here")])
    (ax,) = figure.canvas.axes
    assert all(contrast(line.get_color(), background) >= 2 for line in ax.lines)
    texts = [ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label, *ax.texts, *ax.get_legend().get_texts()]
    texts += [*ax.get_xticklabels(), *ax.get_yticklabels()]
    assert all(contrast(text.get_color(), background) >= 3 for text in texts if text.get_text())


def test_no_two_colors_are_alike():
    colors = [to_hex(color) for color, _, _ in figures.STYLES]
    rgb = [np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) for color in colors]
    assert min(np.linalg.norm(a - b) for i, a in enumerate(rgb) for b in rgb[:i]) > 60


def test_pyplot_is_left_alone():
    """Its figures would pile up in the reader's kernel, and it may start a window system."""
    code = (
        "import sys; from backprop.explore import lines\n"
        "lines('t', [0, 1], {'a': [0, 1]}).png()\n"
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


# ---- a look inside ----


@pytest.mark.parametrize("seed", range(3))
def test_a_histogram_holds_all_values_and_says_its_shares(seed):
    rng = np.random.default_rng(seed)
    rows = {name: {l: scale * rng.standard_normal(500) for l in (1, 2, 3)} for name, scale in (("a", 0.3), ("b", 3.0))}
    figure = histograms("Spread", rows, ends=(-1, 1), shares={"far": lambda v: abs(v) > 0.97, "above": lambda v: v > 0})
    head, *told = said(figure)
    panels = np.reshape(figure.canvas.axes, (2, 3))
    assert head == "Spread." and len(told) == 6 and [ax.get_ylabel() for ax in panels[:, 0]] == ["a", "b"]
    for line, ax, (name, l) in zip(told, panels.ravel(), ((name, l) for name in rows for l in (1, 2, 3))):
        values = rows[name][l]
        assert sum(bar.get_height() for bar in ax.patches) == pytest.approx(1)  # what lies outside is in the last bars
        low, high = ((values <= -0.95).mean(), (values >= 0.95).mean())
        assert (ax.patches[0].get_height(), ax.patches[-1].get_height()) == pytest.approx((low, high), abs=1e-9)
        found = re.fullmatch(
            r"  (\w), layer (\d): median (\S+), standard deviation (\S+), (\d+)% far, (\d+)% above", line
        )
        assert found.groups()[:2] == (name, str(l)) and ax.get_title() == f"layer {l}\n{found[5]}% far"
        wanted = np.median(values), values.std(), 100 * (abs(values) > 0.97).mean(), 100 * (values > 0).mean()
        near = (abs(float(number) - exact) <= 0.06 * abs(exact) + 0.5 * (k > 1) for k, (number, exact) in
                enumerate(zip(found.groups()[2:], wanted)))  # fmt: skip
        assert all(near), line


def test_histograms_want_the_same_layers_in_each_row():
    with pytest.raises(ValueError, match=r"'b' has the layers \[2\], but the first row has \[1\]"):
        histograms("t", {"a": {1: [0.0]}, "b": {2: [0.0]}}, ends=(0, 1))


def tape():
    """y = (x + 1) x and e = tanh(ab + a), the graphs of notebook 03."""
    x = autodiff.Var(3.0)
    u = x + 1
    y = u * x
    a, b = autodiff.Var(2.0), autodiff.Var(-3.0)
    c = a * b
    d = c + a
    return {"x": x, "u": u, "y": y}, {"a": a, "b": b, "c": c, "d": d, "e": autodiff.tanh(d)}


def test_a_graph_shows_values_and_slopes_that_calculus_gives():
    small, large = tape()
    figure = drawn_graph("y", small)
    assert said(figure) == ["y.", "  x: value 3, slope 7", "  u: value 4, slope 3; sends 3 back to x",
                            "  y: value 12, slope 1; sends 3 back to u and 4 back to x"]  # fmt: skip
    (ax,) = figure.canvas.axes
    assert sorted(part.get_text() for part in ax.texts) == sorted(["x", "u", "y", *"3", *"4", "12", *"7", *"3", *"1",
                                                                   "← 3", "← 3", "← 4"])  # fmt: skip
    assert sum(isinstance(part, FancyArrowPatch) for part in ax.patches) == 3
    t = 1 - np.tanh(-4) ** 2
    figure = drawn_graph("e", large)
    slopes = {line.split(":")[0].strip(): float(re.search(r"slope (\S+?)(;|$)", line)[1]) for line in said(figure)[1:]}
    assert slopes == {name: rounded(v) for name, v in {"a": -2 * t, "b": 2 * t, "c": t, "d": t, "e": 1}.items()}
    (ax,) = figure.canvas.axes
    low, high = ax.get_ylim()
    assert all(low < part.get_position()[1] < high for part in ax.texts)


def test_a_value_used_twice_by_one_operation_sends_back_twice():
    x = autodiff.Var(5.0)
    y = x + x
    figure = drawn_graph("y", {"x": x, "y": y})
    assert said(figure)[2] == "  y: value 10, slope 1; sends 1 back to x and 1 back to x"


def test_signed_images_are_drawn_by_their_own_size_and_say_where_they_are_extreme():
    pixels = np.array([[1.0, 0.0], [-2.0, 0.0], [0.5, 0.0], [0.0, 0.03]])
    figure = images("Errors", pixels, ["one", "two"], signed=True)
    assert [ax.images[0].get_clim() for ax in figure.canvas.axes] == [(-2, 2), (-0.03, 0.03)]
    assert said(figure)[1:] == [
        "  one: norm 2.3, largest 1 in row 1, column 1, smallest -2 in row 1, column 2",
        "  two: norm 0.03, largest 0.03 in row 2, column 2, smallest 0 in row 1, column 1",
    ]
