"""Figures: arrays in; a picture and its words out.

The words are computed from the same arrays as the picture. They stand below it, folded for who sees it; they serve
who cannot, and are what the notebooks' tests compare. Pictures are transparent, in colors that the color-blind tell
apart (after Okabe & Ito, 2008) and a gray that reads on light and on dark; lines differ by dash and marker too.
"""

import io
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import product as pairs
from typing import Any

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter
from numpy.typing import ArrayLike

from backprop.explore.written import brief, wrapped

BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY = "#1F83C4", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9"
GRAY = "#808080"
SIGNED = LinearSegmentedColormap.from_list("signed", [BLUE, "#ffffff", VERMILION])
DASHES = "-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1))
STYLES = list(zip([BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY], DASHES, "os^DvX"))
LEGEND = {"frameon": False, "labelcolor": GRAY, "fontsize": 10}
BESIDE = {"textcoords": "offset points", "color": GRAY}  # how a note stands at its point
PLACES = (8, 8), (20, 0), (-8, 8), (8, -8), (-8, -8), (-20, 0), (0, 12), (0, -12), (34, 0), (0, 24)  # and where
PIXELS_PER_INCH, SHARPNESS = 96, 2
WORDS = "white-space:pre-wrap;word-break:normal;overflow-wrap:anywhere"  # JupyterLab would break words in two
FOLDED = f"<details><summary>The picture in words</summary><pre style='{WORDS}'>{{}}</pre></details>"


class Figure:
    """A matplotlib `canvas` and the `words` that say what it shows. In a notebook it shows both."""

    def __init__(self, canvas: Canvas, words: str) -> None:
        self.canvas = canvas
        self.told, self.words = words, wrapped(words.splitlines())  # as told, and as a cell's printed output

    def png(self) -> bytes:
        """The picture as PNG bytes, transparent, at twice the size it is shown in."""
        buffer = io.BytesIO()
        nameless = {"Software": None}  # or each release of Matplotlib would change every stored picture
        self.canvas.savefig(buffer, format="png", dpi=PIXELS_PER_INCH * SHARPNESS, transparent=True, metadata=nameless)
        return buffer.getvalue()

    @property
    def size(self) -> dict:
        """The width and height in pixels that it is shown in."""
        width, height = (self.canvas.get_size_inches() * PIXELS_PER_INCH).astype(int).tolist()
        return {"width": width, "height": height}

    def __repr__(self):
        return self.words

    def _ipython_display_(self):
        from IPython.display import display

        size = {"image/png": self.size}
        display({"image/png": self.png(), "text/plain": "[a picture; its words follow]"}, raw=True, metadata=size)
        display({"text/html": FOLDED.format(escape(self.told)), "text/plain": self.words}, raw=True)


def _axes(width, height, *, bare=False):
    """A transparent canvas with one axes in the neutral gray; `bare` for drawings, without frame or ticks."""
    canvas = Canvas(figsize=(width, height), layout="constrained")
    ax = canvas.add_subplot()
    if bare:
        ax.set_axis_off()
        return canvas, ax
    ax.tick_params(which="both", colors=GRAY, labelsize=10)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[:].set_color(GRAY)
    ax.grid(color=GRAY, alpha=0.2, linewidth=0.7)
    return canvas, ax


def _drawn(text):
    """The text as it can be drawn: the font lacks 𝓛, mathtext has it."""
    return str(text).replace("𝓛", r"$\mathcal{L}$")


def _readable(axis, whole):
    """Whole numbers where there are only whole numbers; within two decades of a log axis 1, 2, 5, not 2 × 10⁰."""
    low, high = sorted(axis.get_view_interval())
    if axis.get_scale() != "log":
        if whole:
            axis.set_major_locator(MaxNLocator(integer=True))
    elif high < 100 * low:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.set_major_formatter(lambda value, _: f"{value:g}")
        axis.set_minor_formatter(NullFormatter())


def _titles(ax, title, xlabel, ylabel):
    ax.set_title(_drawn(title), color=GRAY, fontsize=12 if len(title) < 65 else 10, loc="left")
    ax.set_xlabel(_drawn(xlabel), color=GRAY, fontsize=11)
    ax.set_ylabel(_drawn(ylabel), color=GRAY, fontsize=11)


def _legend(canvas, ax):
    """Names the lines, if there are several: in the axes where none of them runs below the names, or else under it."""
    named = ax.get_legend_handles_labels()[1]
    if len(named) < 2:
        return
    legend = ax.legend(**LEGEND)
    box = legend.get_window_extent().padded(-8)  # of the words, without the margin
    if _crossed(ax, box):
        legend.remove()
        beside = 3 if max(map(len, named)) < 20 else 2
        canvas.set_figheight(canvas.get_figheight() + 0.22 * -(-len(named) // beside))  # the lines keep their room
        canvas.legend(**LEGEND, loc="outside lower center", ncols=beside)


def lines(
    title: str,
    x: np.ndarray,
    series: Mapping[str, ArrayLike],
    *,
    xlabel: str = "",
    ylabel: str = "",
    logx: bool = False,
    logy: bool = False,
    marks: Sequence[tuple] = (),
    guides: Mapping[str, ArrayLike] | None = None,
) -> Figure:
    """One line for each name in `series` (name -> array like x). `marks` are points (x, y, name) to point out.

    `guides` (as series) are thin gray lines that the others are held against; what is seen is chosen by the others.
    The words give each line's ends and, where they lie inside, its lowest and highest point. Raises ValueError where
    there are too many lines to tell apart, or one has not one value for each x.
    """
    if len(series) > len(STYLES):
        raise ValueError(f"lines tells at most {len(STYLES)} lines apart, but got {len(series)}: leave some out.")
    canvas, ax = _axes(7, 3.6)
    ax.set(xscale="log" if logx else "linear", yscale="log" if logy else "linear")
    x, words = np.asarray(x, dtype=float), [f"{title}."]

    def draw(said, name, values, **look):
        y = np.asarray(values, dtype=float)
        if y.shape != x.shape:
            raise ValueError(f"{name!r} has the shape {y.shape}, but x has {x.shape}: one value for each x.")
        ax.plot(x, y, label=_drawn(name), **look)
        words.append(f"  {said}{name}: {_course(x, y, 0 if logy else 1e-9)}")

    for (name, values), (color, dash, marker) in zip(series.items(), STYLES):
        marked = {"marker": marker, "markevery": max(1, len(x) // 8), "ms": 5}
        draw("", name, values, color=color, linestyle=dash, lw=2, **marked)
    for at, value, name in marks:
        ax.plot([at], [value], color=GRAY, marker="o", ms=9, fillstyle="none", mew=2, linestyle="none")
        words.append(f"  marked: {name}{' ' * bool(name)}at {at:.3g}, {value:.3g}")
    seen = ax.get_ylim()
    for (name, values), (_, dash, _) in zip((guides or {}).items(), STYLES[1:]):
        draw("in gray, ", name, values, color=GRAY, linestyle=dash, lw=1.2, zorder=1)
    ax.set_ylim(seen)
    for axis, whole in (ax.xaxis, (x == np.round(x)).all()), (ax.yaxis, False):
        _readable(axis, whole)
    _titles(ax, title, xlabel, ylabel)
    _legend(canvas, ax)
    if marks:
        canvas.draw_without_rendering()  # what is measured now has its place
    for at, value, name in marks:
        _note(ax, _drawn(name), (at, value))
    return Figure(canvas, "\n".join(words))


def _note(ax, name, point):
    """Writes a name beside its point: at the first place through which no line runs, or else at the first of all."""

    def written(dx, dy):
        sides = {"ha": ("center", "left", "right")[np.sign(dx)], "va": ("center", "bottom", "top")[np.sign(dy)]}
        return ax.annotate(name, point, xytext=(dx, dy), fontsize=10, **sides, **BESIDE)

    for place in PLACES:
        note = written(*place)
        if not _crossed(ax, note.get_window_extent()):
            return
        note.remove()
    written(*PLACES[0])


def _crossed(ax, box):
    """Whether a line of the axes runs through the box."""
    runs = (line.get_transform().transform_path(line.get_path()) for line in ax.lines)
    return any(run.intersects_bbox(box, filled=False) for run in runs)


def _course(x, y, noise):
    """How a line runs, in words: its two ends, and its extremes where they lie between them.

    Values are the same if they differ by 1e-9 of themselves, or by `noise` of the largest: a linear axis hides that,
    but a logarithmic one shows 1e-9 and 1e-14 far apart.
    """
    known = ~np.isnan(y)
    if not known.all():
        rest = _course(x[known], y[known], noise) + ", " if known.any() else ""
        return f"{rest}not a number at {len(y) - known.sum()} of {len(y)} points"
    tolerance = {"rtol": 1e-9, "atol": noise * np.abs(y[np.isfinite(y)]).max(initial=0)}
    same = np.isclose(y[0], y[-1], **tolerance)
    verb = "goes" if same else "rises" if y[-1] > y[0] else "falls"
    at = [f"{value:.0f}" if 1000 <= value < 1e6 and value == round(value) else f"{value:.3g}" for value in x]
    text = f"{verb} from {y[0]:.3g} at {at[0]} to {y[-1]:.3g} at {at[-1]}"
    for word, i in ("lowest", np.argmin(y)), ("highest", np.argmax(y)):
        if not np.isclose(y[i], (y[0], y[-1]), **tolerance).any():
            text += f", {word} {y[i]:.3g} at {at[i]}"
    return text


def descent(words, contours, finish, paths, *, x, y):
    """Paths {name: (points (n, 2), style)} on a surface, given by its `contours` and the line of its `finish`, dashed.

    A dot for each step, a marker for the last one; `x` and `y` are the limits of what is seen.
    """
    canvas, ax = _axes(7, 4.6)
    ax.grid(visible=False)
    for line in contours:
        ax.fill(*line.T, facecolor=(GRAY, 0.08), edgecolor=(GRAY, 0.6), lw=0.8)
    for line in finish:
        ax.plot(*np.append(line, line[:1], axis=0).T, color=GRAY, linestyle="--", lw=2)
    for name, (points, (color, dash, marker)) in paths.items():
        ax.plot(*points.T, color=color, linestyle=dash, lw=1.5, marker=".", ms=4)
        ax.plot(*points[-1], color=color, linestyle=dash, marker=marker, ms=9, label=name)
    ax.plot(*next(iter(paths.values()))[0][0], color=GRAY, marker="o", ms=12, fillstyle="none", mew=2)
    ax.set(xlim=x, ylim=y, aspect="equal")
    _titles(ax, "", "x", "y")
    canvas.legend(**LEGEND, loc="outside upper center", ncols=min(4, len(paths)))
    return Figure(canvas, words)


def bars(title: str, values: Mapping[str, float], *, xlabel: str = "", logx: bool = False) -> Figure:
    """One horizontal bar for each name in `values` (name -> number), with its number written at its end."""
    canvas, ax = _axes(7, 0.7 + 0.42 * len(values))
    names, heights = [_drawn(name) for name in values], list(values.values())
    ax.barh(names, heights, color=BLUE, height=0.6)
    ax.invert_yaxis()
    ax.grid(visible=False, axis="y")
    ax.set_xscale("log" if logx else "linear")
    for name, height in zip(names, heights):
        away, side = (-4, "right") if height < 0 else (4, "left")
        ax.annotate(f"{height:.3g}", (height, name), xytext=(away, 0), va="center", ha=side, **BESIDE)
    ax.margins(x=0.12)
    _titles(ax, title, xlabel, "")
    return Figure(canvas, "\n".join([f"{title}.", *(f"  {name}: {height:.3g}" for name, height in values.items())]))


def push(title: str, names: Sequence[str], p: np.ndarray, y: np.ndarray) -> Figure:
    """What the softmax with the cross-entropy does to each class: a bar up to p, a mark at y, and an arrow from p to y.

    p - y is the error of the class's logit (B1), and a step goes against it: to where the arrow points.
    """
    canvas, ax = _axes(7, 0.9 + 0.45 * len(names))
    ax.grid(visible=False, axis="y")
    ax.barh(names, p, color=BLUE, height=0.6, alpha=0.5, label="p")
    ax.plot(y, names, color=GRAY, marker="|", ms=22, mew=3, linestyle="none", label="y")
    words = [f"{title}."]
    for row, (name, a, b) in enumerate(zip(names, p, y)):
        way = "up" if a < b else "down" if a > b else "nowhere"
        if a != b:
            _arrow(ax, (a, row), (b, row), VERMILION, head=14)
        ax.annotate(f"{a - b:+.3g}, {way}", (1.06, row), va="center", color=GRAY)
        words.append(f"  {name}: p {a:.3g}, y {b:.3g}, p - y {a - b:.3g}: pushed {way}")
    words.append(f"  the sum of p - y: {abs(round(sum(p) - sum(y), 9)):.3g}")
    ax.invert_yaxis()
    ax.set(xlim=(-0.02, 1.3), xticks=np.linspace(0, 1, 6))
    _titles(ax, title, "", "")
    ax.legend(**LEGEND, loc="lower right", bbox_to_anchor=(1, 1), ncols=2, markerscale=0.5)  # beside the title
    return Figure(canvas, "\n".join(words))


def histograms(
    title: str,
    rows: Mapping[str, Mapping[Any, ArrayLike]],
    *,
    ends: tuple[float, float],
    shares: Mapping[str, Callable] | None = None,
) -> Figure:
    """How values are spread by layer: a row of small histograms for each entry of `rows` {name: {layer: values}}.

    All have the axis `ends`; what lies outside is counted in the last bar. `shares` {what: test} says of which values
    the words count the part, as the saturated ones; the first stands above each panel. The words give the median, the
    standard deviation and each share. Raises ValueError where the rows have other layers.
    """
    layers, tests = list(next(iter(rows.values()))), shares or {}
    if others := [name for name, row in rows.items() if list(row) != layers]:
        raise ValueError(f"{others[0]!r} has the layers {list(rows[others[0]])}, but the first row has {layers}.")
    canvas = Canvas(figsize=(max(4.2, 1.25 * len(layers)), 0.75 + 1.35 * len(rows)), layout="constrained")
    canvas.suptitle(_drawn(title), color=GRAY, fontsize=12, x=0.01, ha="left")
    panels, words = canvas.subplots(len(rows), len(layers), squeeze=False, sharex=True), [f"{title}."]
    for line, (name, row), (color, _, _) in zip(panels, rows.items(), STYLES):
        line[0].set_ylabel(_drawn(name), color=GRAY, fontsize=10)
        for ax, (layer, held) in zip(line, row.items()):
            values = np.ravel(np.asarray(held, dtype=float))
            counted = {what: float(np.mean(test(values))) for what, test in tests.items()}
            _panel(ax, np.clip(values, *ends), ends, color)
            heading = f"layer {layer}" + "".join(f"\n{part:.0%} {what}" for what, part in list(counted.items())[:1])
            ax.set_title(_drawn(heading), color=GRAY, fontsize=9)
            said = [f"median {np.median(values):.2g}", f"standard deviation {values.std():.2g}"]
            said += [f"{part:.0%} {what}" for what, part in counted.items()]
            words.append(f"  {name}, layer {layer}: {', '.join(said)}")
    return Figure(canvas, "\n".join(words))


def _panel(ax, values, ends, color):
    """One histogram of a row, its heights as parts of the whole: without a frame, as high as its highest bar."""
    ax.hist(values, bins=40, range=ends, color=color, weights=np.full(len(values), 1 / len(values)))
    ax.tick_params(colors=GRAY, labelsize=8)
    ax.set(xlim=ends, yticks=[])
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(GRAY)


def graph(title: str, nodes: Mapping[str, Any], gradients: Mapping[Any, ArrayLike]) -> Figure:
    """The graph that a tape wrote: each value above its node, below it the output's slope with respect to it.

    `nodes` {name: Var} are what to show, one number each, in the order in which they were computed; the last one is the
    output. `gradients` is what `autodiff.gradients` returns for it. An edge leads from a value to what was made of it,
    and carries what the way back sends along it. What isn't in `nodes` is left out, with its edges.
    """
    column, spots = {}, {}
    for node in nodes.values():
        column[node] = 1 + max((column[parent] for parent, _ in node.parents if parent in column), default=-1)
        spots[node] = 2.4 * column[node], -1.9 * list(column.values())[:-1].count(column[node])
    wide, low = max(x for x, _ in spots.values()), min(y for _, y in spots.values())
    canvas, ax = _axes(1.6 + 0.8 * wide, 2.4 - 0.8 * low, bare=True)
    words, names = [f"{title}."], {node: name for name, node in nodes.items()}
    for name, node in nodes.items():
        value, slope = (f"{np.asarray(one).item():.3g}" for one in (node.value, gradients[node]))
        x, y = spots[node]
        ax.text(x, y, name, color=GRAY, ha="center", va="center", fontsize=13, weight="bold")
        ax.text(x, y + 0.42, value, color=BLUE, ha="center", fontsize=12)
        ax.text(x, y - 0.42, slope, color=VERMILION, ha="center", va="top", fontsize=12)
        sent = [(parent, f"{pull(gradients[node]).item():.3g}") for parent, pull in node.parents if parent in names]
        for n, (parent, back) in enumerate(sent):
            far = column[node] - column[parent] > 1 or len({one for one, _ in sent}) < len(sent)
            low = min(low, _carried(ax, spots[parent], (x, y), back, bend=far * (0.36 if n % 2 else -0.36)) + 0.8)
        returns = " and ".join(f"{back} back to {names[parent]}" for parent, back in sent)
        words.append(f"  {name}: value {value}, slope {slope}" + f"; sends {returns}" * bool(sent))
    ax.set(xlim=(-0.6, wide + 0.6), ylim=(low - 1.1, 1.1))
    return Figure(canvas, "\n".join(words))


def _carried(ax, start, end, back, bend):
    """An edge of a graph, and what it carries on the way back."""
    look = {"arrowstyle": "-|>", "mutation_scale": 12, "color": GRAY, "lw": 1.3, "shrinkA": 15, "shrinkB": 15}
    ax.add_patch(FancyArrowPatch(start, end, connectionstyle=f"arc3,rad={bend}", **look))
    part = 0.5 if bend or start[1] == end[1] else 0.3  # away from the values of the row above
    x, y = (a + part * (b - a) for a, b in zip(start, end))
    y += -bend * (end[0] - start[0]) / 2 + (-0.25 if bend > 0 else 0.1)
    ax.text(x, y, f"← {back}", color=VERMILION, ha="center", fontsize=10)
    return y


def images(title: str, pixels: np.ndarray, captions: Sequence[str], *, signed: bool = False) -> Figure:
    """A row of small square images: `pixels` is (n_pixels, N) with values in [0, 1], `captions` names each of the N.

    `signed` images hold numbers of both signs: vermilion above 0, blue below, each image by its own largest size.
    """
    side, count = round(np.sqrt(len(pixels))), len(captions)
    width = max(0.85 * count, 0.3 + 0.1 * len(title))  # inches; a title is longer than two images
    canvas = Canvas(figsize=(width, 1.45), layout="constrained")
    canvas.suptitle(_drawn(title), color=GRAY, fontsize=12, x=0.01, ha="left")
    for ax, column, caption in zip(canvas.subplots(1, count, squeeze=False)[0], pixels.T, captions, strict=True):
        most = np.abs(column).max() or 1.0
        look = {"cmap": SIGNED, "vmin": -most, "vmax": most} if signed else {"cmap": "gray_r", "vmin": 0, "vmax": 1}
        ax.imshow(column.reshape(side, side), **look)
        ax.set_axis_off()
        ax.set_title(_drawn(caption), color=GRAY, fontsize=11)
    words = f"{title}: {count} images of {side}×{side} pixels, captioned {', '.join(captions)}."
    return Figure(canvas, "\n".join([words, *(_extremes(pixels, captions, side) if signed else [])]))


def _extremes(pixels, captions, side):
    """Where each signed image is largest and smallest, rows and columns counted from 1."""
    for column, caption in zip(pixels.T, captions):
        (high, low), size = (column.argmax(), column.argmin()), np.linalg.norm(column)
        spots = (f"{column[i]:.2g} in row {i // side + 1}, column {i % side + 1}" for i in (high, low))
        yield f"  {caption}: norm {size:.2g}, largest {next(spots)}, smallest {next(spots)}"


def network_pass(
    sizes: Sequence[int], values: Sequence[np.ndarray] | None = None, errors: Sequence[np.ndarray] | None = None
) -> Figure:
    """The network as neurons and edges, with the pass there (above) and back (below).

    `values` (a[0] to a[L]) and `errors` (δ[1] to δ[L]), columns of one sample, are written into the neurons.
    """
    canvas, ax = _axes(8, 4, bare=True)
    L, tallest = len(sizes) - 1, max(sizes)
    at = [[(2.6 * l, (n - 1) / 2 - i) for i in range(n)] for l, n in enumerate(sizes)]
    for (x0, y0), (x1, y1) in (edge for layers in zip(at, at[1:]) for edge in pairs(*layers)):
        ax.plot([x0, x1], [y0, y1], color=GRAY, lw=0.8, alpha=0.5, zorder=1)

    def say(x, y, words, color, size=12):
        ax.text(x, y, words, color=color, ha="center", fontsize=size)

    top, bottom = (tallest - 1) / 2 + 1.0, -(tallest - 1) / 2 - 1.0
    for l, layer in enumerate(at):
        for i, (x, y) in enumerate(layer):
            ax.plot([x], [y], "o", ms=22 if values is None else 40, mfc="#f4f4f4", mec=GRAY, mew=1.5, zorder=2)
            if values is not None:
                ax.text(x, y + 0.04 * (l > 0), brief(values[l][i, 0]), color="#1567A0", ha="center", fontsize=9,
                        va="bottom" if l else "center", zorder=3)  # fmt: skip
            if errors is not None and l:
                ax.text(
                    x,
                    y - 0.04,
                    brief(errors[l - 1][i, 0]),
                    color="#B84A00",
                    ha="center",
                    va="top",
                    fontsize=9,
                    zorder=3,
                )
        say(x, top, f"a[{l}]" + (" = X" if l == 0 else ""), BLUE)
        if l > 0:
            say(x, bottom - 0.25, f"δ[{l}]", VERMILION)
            say(x - 1.3, bottom + 0.1, f"dW[{l}], db[{l}]", VERMILION, 11)
            say(x - 1.3, top - 0.35, f"W[{l}], b[{l}]", BLUE, 11)
    end = at[-1][0][0]
    ax.text(end + 1.2, 0, r"$\mathcal{L}$", color=GRAY, fontsize=20, ha="center", va="center")
    _arrow(ax, (-0.3, top + 0.5), (end + 0.9, top + 0.5), BLUE)
    say(end / 2, top + 0.65, "there:  z[l] = W[l] a[l-1] + b[l],   a[l] = σ(z[l])", BLUE)
    _arrow(ax, (end + 0.9, bottom - 0.6), (-0.3, bottom - 0.6), VERMILION)
    say(end / 2, bottom - 1.05, "back:  δ[l] = (W[l+1]ᵀ δ[l+1]) ⊙ σ'(z[l])", VERMILION)
    ax.set(xlim=(-0.8, end + 1.7), ylim=(bottom - 1.3, top + 1.1))
    widths = " - ".join(map(str, sizes))
    words = (
        f"A network of widths {widths}. Above it the pass there: from a[0] = X through every W[l], b[l] to a[{L}] and "
        f"the loss 𝓛. Below it the pass back: from 𝓛 to δ[{L}], and on down to δ[1]. At each layer l, δ[l] together "
        "with a[l-1] gives dW[l] and db[l], the gradients of W[l] and b[l]."
    )
    return Figure(canvas, words)


def layer_pass() -> Figure:
    """A layer there and back: what goes forward through it, and what comes back by the same way."""
    canvas, ax = _axes(5.4, 1.85, bare=True)

    def say(x, y, words, color, size=13):
        ax.text(x, y, words, color=color, fontsize=size, ha="center", va="center")

    for x, there, back in [
        (0, "$a^{l-1}$", r"$\partial\mathcal{L}/\partial a^{l-1}$"),
        (3, "$z^l$", r"$\delta^l$"),
        (6, "$a^l$", r"$\partial\mathcal{L}/\partial a^l$"),
        (9, r"$\mathcal{L}$", "1"),
    ]:
        say(x, 1, there, BLUE, 17)
        say(x, 0, back, VERMILION, 17)
    for middle, step, pull in [
        (1.5, "$W^l,\\ b^l$", r"$(W^l)^{\mathsf{T}}$"),
        (4.5, r"$\sigma$", r"$\odot\,\sigma'(z^l)$"),
        (7.5, "above", r"their $J^{\mathsf{T}}$"),
    ]:
        _arrow(ax, (middle - 0.8, 1), (middle + 0.8, 1), BLUE, 12)
        _arrow(ax, (middle + 0.75, 0), (middle - 0.5, 0), VERMILION, 12)
        say(middle, 1.27, step, GRAY)
        say(middle + 0.1, 0.29, pull, GRAY)
    _arrow(ax, (3, -0.25), (3, -0.6), VERMILION, 12)
    say(4.2, -0.9, r"$\partial\mathcal{L}/\partial W^l=\delta^l\,(a^{l-1})^{\mathsf{T}},\quad$"
        r"$\partial\mathcal{L}/\partial b^l=\sum_{B}\delta^l$", VERMILION, 15)  # fmt: skip
    ax.set(xlim=(-1.1, 9.4), ylim=(-1.2, 1.45))
    words = (
        "A layer, there and back. There: a[l-1] goes through W[l] a[l-1] + b[l] to z[l], through σ to a[l], and "
        "through the layers above to the loss 𝓛. Back, by the same way: from 1 by the transposed Jacobians of the "
        "layers above to ∂𝓛/∂a[l], by ⊙ σ'(z[l]) to δ[l], by W[l]ᵀ to ∂𝓛/∂a[l-1]. At δ[l] the gradients are read "
        "off: ∂𝓛/∂W[l] is δ[l] a[l-1]ᵀ, and ∂𝓛/∂b[l] is the sum of δ[l] over the batch."
    )
    return Figure(canvas, words)


def _arrow(ax, start, end, color, head=18):
    ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=head, color=color, lw=2))


def product(equation: str, *blocks: Any) -> Figure:
    """Rectangles to scale for the shapes in a line of algebra: `blocks` are (name, shape) pairs and signs."""
    canvas, ax = _axes(7, 2.6, bare=True)
    tallest = max(block[1][0] for block in blocks if not isinstance(block, str))
    x, words = 0.0, []
    for i, block in enumerate(blocks):
        if isinstance(block, str):
            ax.text(x + 0.5, 0, block, ha="center", va="center", color=GRAY, fontsize=16)
            x += 1.0
            words.append(block)
            continue
        (name, (rows, columns)), (color, _, _) = block, STYLES[i // 2 % len(STYLES)]
        ax.add_patch(Rectangle((x, -rows / 2), columns, rows, facecolor=color, edgecolor=color, alpha=0.45))
        ax.text(x + columns / 2, rows / 2 + 0.25, _drawn(name), ha="center", va="bottom", color=GRAY, fontsize=12)
        ax.text(x + columns / 2, -rows / 2 - 0.25, f"{rows}×{columns}", ha="center", va="top", color=GRAY, fontsize=10)
        x += columns
        words.append(f"{name} {rows}×{columns}")
    ax.set(xlim=(-0.5, x + 0.5), ylim=(-tallest / 2 - 1.4, tallest / 2 + 1.4), aspect="equal")
    return Figure(canvas, f"{equation}, in shapes: {' '.join(words)}.")
