"""The explorers with sliders in a real JupyterLab: by keyboard and by mouse, exact, and still.

python -m pytest tests/pages/test_browser_sliders.py -n 0
"""

import re
from itertools import cycle
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import pytest
from jupyter_session import VIEWPORT, opened
from playwright.sync_api import expect

from backprop import page as pages
from backprop.explore.gradient_flow import numbers as flow
from backprop.explore.gradient_flow import picture as flow_picture
from backprop.explore.gradient_flow.numbers import Flow
from backprop.explore.one_neuron import numbers as neuron
from backprop.explore.one_neuron import picture as neuron_picture
from backprop.explore.one_neuron.numbers import STEEPEST, Neuron, Update, update_words

NARROW, WIDE = 1024, VIEWPORT["width"]  # a laptop's window at 125% and at 100%
NUMBER = ", as a number"


@pytest.fixture(scope="module")
def notebook(lab):
    """Both explorers on one page, and another neuron below them."""
    cells = "from backprop.explore import GradientFlow, OneNeuron\n\nOneNeuron()", "GradientFlow()", "OneNeuron()"
    with opened(lab, "sliders", *cells) as notebook:
        yield notebook


class OnPage:
    """One explorer on the page, in a tester's hands. `logic` and `picture` know what it should show."""

    def __init__(self, notebook, nth, logic, picture):
        self.notebook, self.page, self.logic, self.picture = notebook, notebook.page, logic, picture
        self.root = self.page.locator(".backprop-one-neuron, .backprop-gradient-flow").nth(nth)
        self.said, self.note = self.root.locator(".words"), self.root.locator(".note")

    def slider(self, name):
        return self.root.get_by_role("slider", name=name, exact=True)

    def number(self, name):
        return self.root.get_by_role("spinbutton", name=name + NUMBER, exact=True)

    def choice(self, name):
        return self.root.get_by_role("combobox", name=name, exact=True)

    def button(self, name):
        return self.root.get_by_role("button", name=name, exact=True)

    def press(self, where, *keys):
        where.focus()
        for key in keys:
            self.page.keyboard.press(key)

    def demand(self, *setting, **led_here):
        """Wait until its words are those of a setting, below the picture and on it, and compare the picture."""
        words = self.logic.words(*setting)
        expect(self.root.locator(".words p")).to_have_text(words)
        expect(self.root.locator(".picture svg")).to_have_attribute("aria-label", " ".join(words))
        drawn = self.root.locator(".picture svg").evaluate("svg => svg.outerHTML")
        assert canonicalize(drawn) == canonicalize(self.picture.draw(*setting, **led_here))


def fresh(notebook, nth, logic, picture, *start):
    one = OnPage(notebook, nth, logic, picture)
    one.button("Reset").click()
    one.demand(*start)
    return one


@pytest.fixture
def cell(notebook):
    """The neuron, as it starts."""
    yield fresh(notebook, 0, neuron, neuron_picture, Neuron())
    assert notebook.complaints() == []


@pytest.fixture
def depth(notebook):
    """The deep network, as it starts."""
    yield fresh(notebook, 1, flow, flow_picture, Flow())
    assert notebook.complaints() == []


def test_every_control_has_a_name(cell, depth):
    for name in "weight w", "bias b", "input x", "target y", "learning rate η":
        expect(cell.slider(name)).to_have_count(1)
        expect(cell.number(name)).to_have_count(1)
    expect(cell.choice("activation σ")).to_have_count(1)
    for name in "Update by squared error", "Update by cross-entropy", "Reset":
        expect(cell.button(name)).to_have_count(1)
    expect(cell.root.locator("input, select, button")).to_have_count(2 * 5 + 1 + 3)
    for name in "layers L", "weights times", "seed":
        expect(depth.slider(name)).to_have_count(1)
        expect(depth.number(name)).to_have_count(1)
    for name in "activation σ", "initial weights", "normalization":
        expect(depth.choice(name)).to_have_count(1)
    expect(depth.root.get_by_role("checkbox", name="skip connections", exact=True)).to_have_count(1)
    expect(depth.root.locator("input, select, button")).to_have_count(2 * 3 + 4 + 1 + 7)
    for one in cell, depth:
        expect(one.root.get_by_role("status")).to_have_count(1)


def test_the_neuron_by_keyboard(cell):
    """And every key stays with the explorer, although JupyterLab has its own use for most of them."""
    active = "window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    before, count = cell.page.evaluate(active), len(cell.notebook.cells())
    cell.press(cell.slider("weight w"), "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowRight")
    cell.demand(Neuron(w=0.7))
    cell.press(cell.slider("bias b"), "End")
    cell.press(cell.slider("input x"), "Home")
    cell.press(cell.slider("target y"), "ArrowDown", "ArrowLeft")
    cell.demand(Neuron(w=0.7, b=5, x=-3, y=0.9))
    cell.press(cell.choice("activation σ"), "ArrowDown")
    cell.demand(Neuron(w=0.7, b=5, x=-3, y=0.9, activation="tanh"))
    expect(cell.button("Update by cross-entropy")).to_be_disabled()
    cell.press(cell.number("weight w"), "ControlOrMeta+A", "-", "4", ".", "5", "Enter")
    cell.demand(Neuron(w=-4.5, b=5, x=-3, y=0.9, activation="tanh"))
    expect(cell.slider("weight w")).to_have_attribute("aria-valuetext", "-4.5")
    cell.press(cell.number("target y"), "ControlOrMeta+A", "7", "Enter")  # held where the slider ends
    cell.demand(Neuron(w=-4.5, b=5, x=-3, y=1, activation="tanh"))
    cell.press(cell.button("Reset"), "Enter")
    cell.demand(Neuron())
    expect(cell.slider("weight w")).to_have_value("0.5")
    expect(cell.number("weight w")).to_have_value("0.5")
    assert cell.page.evaluate(active) == before and len(cell.notebook.cells()) == count


def center(handle):
    box = handle.locator(".here").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_point_is_dragged_along_its_curve(cell):
    """On a loss it moves w, on σ it moves b, and never farther than the sliders go."""
    mouse, svg = cell.page.mouse, cell.root.locator(".picture svg")
    per_pixel = 840 / svg.bounding_box()["width"]
    for curve, name, per_unit in (("mse", "w", 215 / 10), ("bce", "w", 215 / 10), ("activation", "b", 196 / 20)):
        handle = cell.root.locator(f".{curve} [data-drag]")
        x, y = center(handle)
        before = float(handle.get_attribute("aria-valuenow"))
        mouse.move(x + 1, y)
        mouse.down()
        mouse.move(x + 0.8 * per_unit / per_pixel, y - 40, steps=3)
        expect(handle).to_have_attribute("aria-valuenow", f"{before + 0.8:.4g}")
        mouse.move(x + 900, y, steps=3)
        expect(handle).to_have_attribute("aria-valuenow", "5")
        mouse.move(x, y, steps=3)
        mouse.up()
        mouse.move(x + 60, y)  # it has been let go
        expect(handle).to_have_attribute("aria-valuenow", f"{before:.4g}")
        expect(cell.slider({"w": "weight w", "b": "bias b"}[name])).to_have_value(f"{before:g}")
        cell.demand(Neuron())


def test_a_point_is_moved_by_touch_and_by_keys(cell):
    handle = cell.root.locator(".mse [data-drag]")
    assert handle.evaluate("node => getComputedStyle(node).touchAction") == "none"  # the page doesn't scroll instead
    handle.scroll_into_view_if_needed()
    x, y = center(handle)
    finger = cell.page.context.new_cdp_session(cell.page)
    for kind, at in (("touchStart", x), ("touchMove", x + 5), ("touchMove", x + 60), ("touchEnd", None)):
        points = [] if at is None else [{"x": at, "y": y}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(handle).to_have_attribute("aria-valuenow", re.compile(r"^[2-4](\.|$)"))
    moved = round(float(handle.get_attribute("aria-valuenow")), 4)
    cell.demand(Neuron(w=moved))
    cell.press(cell.button("Reset"), "Enter")
    cell.demand(Neuron())  # else what is pressed next may be reset as well
    active, cells = "window.jupyterapp.shell.currentWidget.content.activeCellIndex", len(cell.notebook.cells())
    before = cell.page.evaluate(active)
    cell.press(handle, "ArrowRight", "ArrowUp", "ArrowLeft", "ArrowRight")
    cell.demand(Neuron(w=0.7))
    expect(handle).to_be_focused()
    cell.press(cell.root.locator(".activation [data-drag]"), "ArrowLeft")
    cell.demand(Neuron(w=0.7, b=-1.1))
    assert cell.page.evaluate(active) == before and len(cell.notebook.cells()) == cells


def test_tab_goes_through_every_control(cell):
    cell.slider("weight w").focus()
    seen = []
    for _ in range(13):
        seen.append(cell.page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent"))
        cell.page.keyboard.press("Tab")
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert cell.page.evaluate(outline) != "none"  # and the eye can follow
        assert cell.page.evaluate("document.activeElement.closest('.backprop-explorer') !== null")
    assert seen[-1] == "Update by cross-entropy" and sum(NUMBER in name for name in seen) == 5


def test_updates_keep_every_digit(cell):
    """What a step computes is not rounded to where a slider can stand, and the next step starts from there."""
    now = Neuron()
    for key in "Enter", " ":
        after = now.updated("mse", 1.0)
        cell.press(cell.button("Update by squared error"), key)
        cell.demand(after, update=Update(now, after, "mse"))
        expect(cell.note).to_have_text(update_words(now, after, "mse"))
        now = after
    expect(cell.number("weight w")).to_have_value(f"{now.w:.4f}".rstrip("0"))
    cell.button("Update by cross-entropy").click()
    after = now.updated("bce", 1.0)
    cell.demand(after, update=Update(now, after, "bce"))
    cell.press(cell.slider("learning rate η"), "Home")
    cell.demand(after, update=Update(now, after, "bce"))
    expect(cell.note).to_have_text("")  # it speaks of what was done last


def test_a_note_is_gone_as_soon_as_something_else_is_shown(cell):
    """What lay ready is shown while the kernel is busy, and a page that is slow besides; the note goes with it."""
    cell.button("Update by squared error").click()
    expect(cell.note).not_to_have_text("")
    ahead(cell, "learning rate η")
    slow = cell.page.context.new_cdp_session(cell.page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    with cell.notebook.occupied():
        left = cell.slider("learning rate η").evaluate(f"slider => {{ ({AT_ONCE})(slider, 'stepUp'); return {NOTE} }}")
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    slow.detach()
    assert left == ""
    expect(cell.note).to_have_text("")


def drag(one, slider, moves):
    """Take a slider's handle to the left end, then in many small moves to the right end."""
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    one.page.mouse.move(box["x"] + box["width"] / 2, y)
    one.page.mouse.down()
    for k in range(moves + 1):
        one.page.mouse.move(box["x"] + (box["width"] + 4) * k / moves, y)
    one.page.mouse.up()


def test_a_drag_leaves_no_queue_behind(depth):
    """With the most layers each redraw is work. What the hand has passed is skipped; where it ends is drawn."""
    depth.press(depth.slider("layers L"), "End")
    depth.demand(Flow(depth=50))
    redraws = depth.page.evaluate_handle(
        """root => { const seen = [];
        new MutationObserver(() => seen.push(performance.now()))
            .observe(root.querySelector('.picture svg'), {attributeFilter: ['aria-label']});
        return seen }""",
        depth.root.element_handle(),
    )
    drag(depth, depth.slider("weights times"), 200)
    released = depth.page.evaluate("performance.now()")
    depth.demand(Flow(depth=50, scale=4))
    depth.notebook.answered()
    after = [when for when in redraws.evaluate("seen => seen") if when > released]
    assert len(after) <= 3, f"{len(after)} redraws after the handle was let go"
    assert redraws.evaluate("seen => seen.length") > 3  # but it moved along


def test_the_network_by_keyboard_and_mouse(depth):
    depth.press(depth.slider("seed"), "ArrowRight", "ArrowRight")
    depth.press(depth.slider("layers L"), "PageDown", "ArrowLeft")
    expect(depth.number("layers L")).to_have_value(re.compile(r"^([2-9]|1\d)$"))  # how far is the browser's affair
    layers = int(depth.number("layers L").input_value())
    depth.demand(Flow(depth=layers, seed=2))
    depth.choice("normalization").select_option("LayerNorm")
    depth.press(depth.root.get_by_role("checkbox"), " ")
    depth.demand(Flow(depth=layers, norm="LayerNorm", skips=True, seed=2))
    depth.press(depth.number("layers L"), "ControlOrMeta+A", "9", ".", "6", "Enter")
    depth.demand(Flow(depth=10, norm="LayerNorm", skips=True, seed=2))  # there is no 0.6 of a layer
    drag(depth, depth.slider("seed"), 3)
    depth.demand(Flow(depth=10, norm="LayerNorm", skips=True, seed=20))


def test_the_question_of_the_notebook_can_be_answered(depth):
    """Layer 1 a thousand times slower than layer 20, repaired with one change, and the words say so."""
    depth.choice("activation σ").select_option("sigmoid")
    depth.choice("initial weights").select_option("xavier")
    sick = Flow(activation="sigmoid", init="xavier")
    depth.demand(sick)
    expect(depth.said).to_contain_text("times slower than layer 20")
    depth.button("Keep this line").click()
    depth.demand(sick, sick)
    depth.root.get_by_role("checkbox", name="skip connections").check()
    depth.demand(sick._replace(skips=True), sick)
    expect(depth.said).to_contain_text("changed since: skips")
    expect(depth.said).to_contain_text("within a factor of a thousand")


def test_nothing_jumps_and_everything_fits(cell, depth):
    """The same height whatever is shown, on a laptop, and at 125% of its zoom."""
    for width in (NARROW, WIDE):
        cell.page.set_viewport_size({"width": width, "height": 900})
        cell.notebook.settle()
        heights = {cell: set(), depth: set()}

        def measure(one, heights=heights, width=width):
            heights[one].add(round(one.root.bounding_box()["height"]))
            assert one.root.evaluate("root => root.scrollWidth <= root.clientWidth"), width

        for activation in "sigmoid", "relu":
            cell.choice("activation σ").select_option(activation)
            for key in "Home", "End":
                cell.press(cell.slider("weight w"), key)
                cell.demand(Neuron(w=-5 if key == "Home" else 5, activation=activation))
                measure(cell)
        cell.button("Update by squared error").click()
        cell.note.get_by_text("held at −5").wait_for()
        measure(cell)
        cell.choice("activation σ").select_option("tanh")  # everything is small, and has to be said
        cell.press(cell.slider("bias b"), "End")
        cell.press(cell.number("input x"), "ControlOrMeta+A", "0", "Enter")
        cell.demand(Neuron(w=-5, b=5, x=0, activation="tanh"))
        measure(cell)
        depth.button("Keep this line").click()
        for key, scale in ("Home", 0), ("End", 4):
            depth.press(depth.slider("weights times"), key)
            depth.press(depth.slider("layers L"), "End")
            depth.demand(Flow(50, scale=scale), Flow())
            measure(depth)
        assert [len(seen) for seen in heights.values()] == [1, 1], heights
        cell.button("Reset").click()
        depth.button("Reset").click()
        cell.demand(Neuron())
        depth.demand(Flow())


# Press a slider's key, and look before anything else can happen: what stands there came without the kernel.
AT_ONCE = """(slider, way) => {
    slider[way]();
    slider.dispatchEvent(new Event('input'));
    return slider.closest('.backprop-explorer').querySelector('.picture svg').getAttribute('aria-label');
}"""


NOTE = "slider.closest('.backprop-explorer').querySelector('.note').textContent"


def ahead(one, name):
    """Focus a slider, and wait until what its keys would show lies ready."""
    one.slider(name).focus()
    one.notebook.drawn_ahead()


def test_the_next_value_is_shown_without_waiting_for_the_kernel(cell, depth):
    neurons, flows = [Neuron(w=w) for w in (0.6, 0.5, 0.4)], [Flow(L) for L in (21, 20, 19)]
    for one, name, settings in (cell, "weight w", neurons), (depth, "layers L", flows):
        for way, there in zip(("stepUp", "stepDown", "stepDown"), settings):
            ahead(one, name)
            assert one.slider(name).evaluate(AT_ONCE, way) == " ".join(one.logic.words(there))
            one.demand(there)


LEFT = """(sliders) => {
    sliders[0].stepUp();
    sliders[0].dispatchEvent(new Event('input'));
    return new Promise(done => setTimeout(() => done(sliders[1].focus()), 70));
}"""


def test_a_control_that_is_left_in_its_pause_asks_for_nothing(cell, depth):
    """Otherwise its answer comes first, and what the next control's keys show waits behind it."""
    ahead(cell, "weight w")
    both = [one.slider(name).element_handle() for one, name in ((cell, "weight w"), (depth, "layers L"))]
    cell.page.evaluate(LEFT, both)
    cell.notebook.drawn_ahead()
    assert depth.slider("layers L").evaluate(AT_ONCE, "stepUp") == " ".join(flow.words(Flow(21)))
    depth.demand(Flow(21))
    cell.demand(Neuron(w=0.6))


def test_up_and_down_at_once_ends_where_it_began(depth):
    ahead(depth, "seed")
    both = f"seed => {{ const said = ({AT_ONCE})(seed, 'stepUp'); ({AT_ONCE})(seed, 'stepDown'); return said }}"
    assert depth.slider("seed").evaluate(both) == " ".join(flow.words(Flow(seed=1)))
    depth.notebook.answered()
    depth.demand(Flow())


def test_what_is_kept_is_not_forgotten_by_what_was_drawn_ahead(depth):
    ahead(depth, "seed")
    depth.button("Keep this line").click()
    depth.press(depth.slider("seed"), "ArrowRight")
    depth.demand(Flow(seed=1), Flow())
    ahead(depth, "seed")
    assert depth.slider("seed").evaluate(AT_ONCE, "stepUp") == " ".join(flow.words(Flow(seed=2), Flow()))


BECOMES = """async ([source, drawings]) => {
    const address = URL.createObjectURL(new Blob([source], {type: 'text/javascript'}));
    const { become } = await import(address);
    const place = inner => Object.assign(document.createElement('div'), {innerHTML: inner});
    const old = place(drawings[0]);
    return drawings.filter(drawing => {
        become(old, place(drawing));
        return !old.isEqualNode(place(drawing)); // in whatever order an element has its attributes
    });
}"""


def test_any_drawing_becomes_any_other(notebook):
    """What changes in place ends as what would have been drawn anew."""
    small = ['<p class="a" title="b">c</p>', '<p class="d">c</p>', "<p>c<b>d</b></p>", "<b>c<p>d</p></b>", "e", ""]
    neurons = [
        neuron_picture.draw(Neuron(w=w, x=x, activation=name)) for w in (-5, 1) for x in (0, 3) for name in STEEPEST
    ]
    flows = [
        flow_picture.draw(Flow(depth=L, scale=scale), kept)
        for L in (2, 50)
        for scale in (0.5, 4)
        for kept in (None, Flow())
    ]
    drawings = [one for pair in zip(cycle(small), neurons + flows + neurons) for one in pair]
    source = (Path(pages.__file__).parent / "page.js").read_text(encoding="utf-8")
    assert notebook.page.evaluate(BECOMES, [source, drawings + small + neurons + flows]) == []


def test_two_on_a_page_are_apart(cell):
    other = OnPage(cell.notebook, 2, neuron, neuron_picture)
    cell.press(cell.slider("weight w"), "End")
    cell.demand(Neuron(w=5))
    other.demand(Neuron())
