"""From a key press to the frame that shows what came of it: the explorers against `interact` with the same plot inline.

    python -m pytest tests/benchmarks/test_latency.py

One browser, one JupyterLab, one key press at a time, in turn. Run it alone, on a machine with nothing else to do.
Arrow keys show what was drawn ahead, in the pause before; Home and End go through the kernel, and so does the race.
The shares of interact's time are held everywhere, the times themselves only by hand (conftest.py says why).
"""

import inspect
import time
from statistics import median

import pytest
from jupyter_session import AREA, opened
from playwright.sync_api import expect

from backprop.explore.rule_race.numbers import RULES

SHARE, SLOWEST = 0.4, 100  # of interact's median; ms
RACE = 150  # ms: seven rules run their whole race anew
ROUNDS, LEAST, SECONDS = 14, 6, 30  # presses of each, there and back again; fewer where they take longer than that


# --- the same plots as one makes them with matplotlib: these functions become cells of the notebook ---


def neuron_plot(w=0.5):
    start = Neuron(w=w)  # noqa: F821
    fig, axes = plt.subplots(2, 3, figsize=(8.4, 4.1))  # noqa: F821
    z, ws = np.linspace(-10, 10, 81), np.linspace(-5, 5, 81)  # noqa: F821
    axes[0, 0].plot(z, 1 / (1 + np.exp(-z)))  # noqa: F821
    axes[0, 0].plot([start.z], [start.a], "o")
    axes[1, 0].set_axis_off()
    for name, upper, lower in zip(("mse", "bce"), axes[0, 1:], axes[1, 1:]):
        here, slope = start.loss(name), start.gradient(name)
        upper.plot(ws, loss_over(ws, start, name))  # noqa: F821
        upper.plot(w + np.array([-1, 1]), here + slope * np.array([-1, 1]), "--")  # noqa: F821
        upper.plot([w], [here], "o")
        upper.set_title(f"{name} {here:.3g}")
        factors = [*start.factors(name), start.gradient(name)]
        lower.barh(["∂L/∂a", "σ'(z)", "x", "∂L/∂w"][::-1], factors[::-1])
        for row, factor in enumerate(factors[::-1]):
            lower.text(0, row, f"{factor:.3g}")
    plt.show()  # noqa: F821


def flow_plot(seed=0):
    delta = gradient_norms(Flow(seed=seed))  # noqa: F821
    fig, ax = plt.subplots(figsize=(8.4, 3.7))  # noqa: F821
    ax.semilogy(range(1, len(delta) + 1), delta, "o-")
    ax.axhline(delta[-1] / 1000, linestyle=":")
    ax.set(xlabel="layer", ylabel="|δ|", title=f"ratio first to last: {delta[0] / delta[-1]:.3g}")
    plt.show()  # noqa: F821


def pass_plot(step=0):
    fig, ax = plt.subplots(figsize=(8.4, 3.4))  # noqa: F821
    places = [[(3 * l, (n - 1) / 2 - i) for i in range(n)] for l, n in enumerate((2, 3, 2))]
    for left, right in zip(places, places[1:]):
        for x0, y0 in left:
            for x1, y1 in right:
                ax.plot([x0, x1], [y0, y1], color="C1" if x0 == 3 * (step % 3) else "gray")
    for layer in places:
        for x, y in layer:
            ax.plot([x], [y], "o", ms=24, color="C0" if x == 3 * (step % 3) else "lightgray")
            ax.text(x, y, f"{x + y:.2f}", ha="center", va="center")
    ax.set_title("δ[l] = (W[l+1]ᵀ δ[l+1]) ⊙ σ'(z[l])")
    ax.set_axis_off()
    plt.show()  # noqa: F821


IMPORTS = """import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatSlider, IntSlider, interact
from backprop.explore import GradientFlow, OneNeuron, RuleRace, ThereAndBack
from backprop.explore.gradient_flow.numbers import Flow, gradient_norms
from backprop.explore.one_neuron.numbers import Neuron, loss_over
"""
CELLS = [
    "ThereAndBack([2, 3, 2])",
    "OneNeuron()",
    "GradientFlow()",
    "GradientFlow()",
    f"{inspect.getsource(pass_plot)}\n\ninteract(pass_plot, step=IntSlider(0, 0, 16));",
    f"{inspect.getsource(neuron_plot)}\n\ninteract(neuron_plot, w=FloatSlider(0.5, min=-5, max=5, step=0.1));",
    f"{inspect.getsource(flow_plot)}\n\ninteract(flow_plot, seed=IntSlider(0, 0, 20));",
    "ThereAndBack([2, 3, 2])",
    f"RuleRace('ravine', rules={list(RULES)})",
]

# Where the keys go, and what is looked at: by cell.
HANDLE = ".noUi-handle"
PLACES = {
    "the pass": (1, ".stage", ".stage"),
    "one neuron": (2, "input[type=range]", ".picture"),
    "gradient flow": (3, "input[type=range] >> nth=2", ".picture"),
    "gradient flow, 50 layers of GELU": (4, "input[type=range] >> nth=2", ".picture"),
    "interact, the pass": (5, HANDLE, ".jupyter-widgets-output-area, .widget-output"),
    "interact, one neuron": (6, HANDLE, ".jupyter-widgets-output-area, .widget-output"),
    "interact, gradient flow": (7, HANDLE, ".jupyter-widgets-output-area, .widget-output"),
    "one neuron, from end to end": (2, "input[type=range]", ".picture"),
    "the pass, another seed": (8, "label:has-text('seed') input", ".stage"),
    "the race of all rules": (9, "[data-knob=eta]", ".picture"),
}
KEYS = {"the pass, another seed": ("ArrowUp", "ArrowDown"), "one neuron, from end to end": ("End", "Home")}
AHEAD = ("one neuron", "gradient flow", "gradient flow, 50 layers of GELU", "the pass, another seed")

# The time from the key's own moment to the first frame after a new picture stands there, and is decoded if it is one.
WATCH = """place => {
    const look = () => place.querySelector('img')?.src ?? place.innerHTML;
    const watch = {taken: null};
    watch.begin = () => {
        watch.taken = null;
        const before = look();
        let start = null;
        document.addEventListener('keydown', event => { start = event.timeStamp }, {capture: true, once: true});
        const observer = new MutationObserver(async () => {
            const image = place.querySelector('img');
            if (look() === before || look() === '') return;
            observer.disconnect();
            if (image) await image.decode();
            requestAnimationFrame(() => { watch.taken = performance.now() - start });
        });
        observer.observe(place, {childList: true, subtree: true, attributes: true, characterData: true});
    };
    return watch;
}"""


class Stage:
    """The explorers and their rivals on one page."""

    def __init__(self, notebook):
        self.notebook, self.page, self.places = notebook, notebook.page, {}
        cells = self.page.locator(f"{AREA} .jp-CodeCell")
        for name, (nth, focus, watched) in PLACES.items():
            cell = cells.nth(nth)
            cell.locator(watched).first.locator("svg, img").first.wait_for()
            watch = self.page.evaluate_handle(WATCH, cell.locator(watched).first.element_handle())
            self.places[name] = cell.locator(focus).first, watch
        heaviest(cells.nth(4))
        cells.nth(9).locator(".scrub").press("End")  # where all paths are drawn

    def press(self, name, key):
        """The time in ms from a key to its frame, begun when nothing else is going on."""
        focus, watch = self.places[name]
        focus.blur()
        focus.focus()
        self.notebook.answered()  # interact's kernel is busy after its picture is there
        if name in AHEAD:
            self.notebook.drawn_ahead()
        watch.evaluate("watch => watch.begin()")
        self.page.keyboard.press(key)
        self.page.wait_for_function("watch => watch.taken !== null", arg=watch, polling=20)
        return watch.evaluate("watch => watch.taken")

    def times(self, names):
        """The times of every press, by name, taken in turn."""
        rounds, end = [], time.monotonic() + SECONDS
        for press in range(ROUNDS + 2):
            if press % 2 == 0 and press >= LEAST + 2 and time.monotonic() > end:
                break
            rounds.append(
                {name: self.press(name, KEYS.get(name, ("ArrowRight", "ArrowLeft"))[press % 2]) for name in names}
            )
        assert not self.notebook.failures()
        return {name: [times[name] for times in rounds[2:]] for name in names}  # the first two warm up


@pytest.fixture(scope="module")
def stage(lab):
    with opened(lab, "latency", IMPORTS, *CELLS) as notebook:
        yield Stage(notebook)


def heaviest(cell):
    """The setting of gradient flow that takes longest to compute."""
    cell.get_by_role("combobox", name="activation").select_option("gelu")
    cell.get_by_role("combobox", name="normalization").select_option("BatchNorm")
    cell.get_by_role("checkbox").check()
    cell.get_by_role("slider", name="layers").press("End")
    expect(cell.locator(".words")).to_contain_text("50 layers, gelu")


@pytest.mark.parametrize("name", ["the pass", "one neuron", "gradient flow"])
def test_a_key_press_is_drawn_before_interact_would(stage, name, twice, tell, in_time):
    rival = f"interact, {name}"

    def share(taken):
        return median(taken[name]) / median(taken[rival])

    taken = twice(lambda taken: share(taken) > SHARE, lambda: stage.times([name, rival]))
    own, theirs = median(taken[name]), median(taken[rival])
    tell(
        f"{name}: {own / theirs:.2f} times interact's key press to redraw "
        f"(medians {own:.0f} and {theirs:.0f} ms; at most {SHARE})"
    )
    assert own / theirs <= SHARE
    in_time(name, max(taken[name]), SLOWEST)


@pytest.mark.parametrize(
    "name", [name for name in PLACES if "," in name and "interact" not in name] + ["the race of all rules"]
)
def test_what_takes_longest_is_quick_enough(stage, name, twice, in_time):
    most = RACE if "race" in name else SLOWEST
    taken = twice(lambda taken: max(taken[name]) > most, lambda: stage.times([name]))
    in_time(f"{name}: median {median(taken[name]):.0f} ms", max(taken[name]), most)
