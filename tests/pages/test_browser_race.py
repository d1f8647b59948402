"""The race in a real JupyterLab: moved by mouse and keyboard, played without the kernel, held against Python's picture.

python -m pytest tests/pages/test_browser_race.py -n 0
"""

import re

import pytest
from jupyter_session import VIEWPORT, opened
from playwright.sync_api import expect

from backprop.explore.rule_race import picture
from backprop.explore.rule_race.numbers import PRESETS, RULES, STEPS, Race, X, Y
from backprop.explore.rule_race.picture import scene
from backprop.explore.written import pixels

FRAME = picture.LEFT, picture.TOP, picture.RIGHT, picture.BOTTOM
CELL = "from backprop.explore import RuleRace\n\nRuleRace('ravine')"


@pytest.fixture(scope="module")
def race(lab):
    """One race on a page of its own, for the whole module; every test begins with Reset."""
    with opened(lab, "race", CELL, CELL) as notebook:
        yield RaceOnPage(notebook)


class RaceOnPage:
    """The first of the two races on the page, in a tester's hands."""

    def __init__(self, notebook):
        self.notebook, self.page = notebook, notebook.page
        self.root = self.page.locator(".backprop-rule-race").first
        self.picture, self.said = self.root.locator(".picture"), self.root.locator(".words")
        self.scrub = self.root.locator(".scrub")

    def reset(self):
        self.root.get_by_role("button", name="Reset").click()
        self.notebook.answered()
        self.wait(Race().words(0))

    def wait(self, words):
        """Until the race says exactly this, on the page and to a screen reader."""
        expect(self.said).to_have_text(words)
        expect(self.picture.locator("svg").first).to_have_attribute("aria-label", words)

    def press(self, key, times=1):
        for _ in range(times):
            self.page.keyboard.press(key)

    def step(self):
        return int(self.scrub.input_value())

    def start(self):
        """Where the race begins, by its words."""
        said = re.search(r"at \((.*?), (.*?)\)", self.said.text_content())
        return tuple(float(number.replace("−", "-")) for number in said.groups())

    def drawn(self):
        """(rule, trail, dots, head) of every rule in the picture."""
        return self.root.evaluate("""root => [...root.querySelectorAll('.runner')].map(g => [g.dataset.rule,
            ...[['trail', 'points'], ['dots', 'd'], ['head', 'transform']].map(
                ([part, name]) => g.querySelector('.' + part).getAttribute(name))])""")

    def slider(self, name):
        return self.root.get_by_role("slider", name=name)


@pytest.fixture
def fresh(race):
    race.reset()
    yield race
    assert [said for said in race.notebook.lab.console if said.startswith("error:")] == []
    assert race.notebook.complaints() == []


def by_python(race, step):
    """The same as `drawn`, from Python's tracks: a marker that has left is held at the frame."""
    found = []
    for name, track in scene(race)["tracks"].items():
        gone = [[pixels(x), pixels(y)] for x, y in track[: step + 1]]
        x, y = (pixels(min(max(v, low), high)) for v, low, high in zip(track[: step + 1][-1], FRAME[:2], FRAME[2:]))
        trail, dots = " ".join(map(",".join, gone)), "".join(f"M{' '.join(one)}h0" for one in gone)
        found.append([name, trail, dots, f"translate({x} {y})"])
    return found


def test_every_control_has_a_name(fresh):
    expect(fresh.page.get_by_role("group", name="The race of the update rules")).to_have_count(2)
    for name in (
        "η of SGD",
        "η of Adagrad",
        "β = β₁",
        "ρ = β₂",
        "λ, decay",
        "noise on each gradient",
        "start, x",
        "start, y",
        "Step of the race",
    ):
        expect(fresh.slider(name)).to_have_count(1)
    for name in ("Play", "One step back", "One step on", "Reset"):
        expect(fresh.root.get_by_role("button", name=name)).to_have_count(1)
    for name in RULES:
        expect(fresh.root.get_by_role("checkbox", name=name, exact=True)).to_have_count(1)
    for name in ("Show", "Surface"):
        expect(fresh.root.get_by_role("combobox", name=name)).to_have_count(1)
    expect(fresh.root.locator(":is(input, button, select, [tabindex])")).to_have_count(9 + 4 + 7 + 2 + 1 + 1)


def test_a_click_sets_the_start(fresh):
    box = fresh.picture.locator("svg").first.bounding_box()
    fresh.picture.click(position={"x": 0.6 * box["width"], "y": 0.3 * box["height"]})
    expect(fresh.said).not_to_have_text(Race().words(0))
    x, y = fresh.start()
    ring = fresh.picture.locator(".start circle").bounding_box()
    assert abs(ring["x"] + ring["width"] / 2 - box["x"] - 0.6 * box["width"]) < 1.5
    assert abs(ring["y"] + ring["height"] / 2 - box["y"] - 0.3 * box["height"]) < 1.5
    fresh.wait(Race(start=(x, y)).words(0))


def test_a_drag_takes_the_start_along_and_stays_in_the_picture(fresh):
    box = fresh.picture.bounding_box()
    fresh.page.mouse.move(box["x"] + 200, box["y"] + 100)
    fresh.page.mouse.down()
    fresh.page.mouse.move(box["x"] + 250, box["y"] + 150, steps=4)
    fresh.page.mouse.move(box["x"] + 250, box["y"] - 60, steps=4)
    fresh.page.mouse.up()
    fresh.page.mouse.move(box["x"] + 100, box["y"] + 100)
    expect(fresh.said).to_contain_text(", 1.5)")


def test_the_picture_by_keyboard(fresh):
    """Arrows move the start, the rest moves through the race; JupyterLab's own keys stay out of it."""
    active = "window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    fresh.picture.focus()
    before, cells = fresh.page.evaluate(active), len(fresh.notebook.cells())
    fresh.press("ArrowRight", 3)
    fresh.press("ArrowDown", 2)
    fresh.press("Shift+ArrowLeft")
    fresh.press("Shift+ArrowUp")
    moved = Race(start=(-1.51, 0.71))
    fresh.wait(moved.words(0))
    fresh.press(".", 3)
    fresh.press(",")
    fresh.wait(moved.words(2))
    fresh.press("End")
    fresh.wait(moved.words(STEPS))
    fresh.press(".")
    fresh.wait(moved.words(STEPS))
    fresh.press("Home")
    fresh.press(",")
    fresh.wait(moved.words(0))
    fresh.press("ArrowLeft", 20)
    fresh.wait(Race(start=(X[0], 0.71)).words(0))
    for key in ("a", "d", "d", "x"):  # in command mode these would add and remove cells
        fresh.press(key)
    assert fresh.page.evaluate(active) == before and len(fresh.notebook.cells()) == cells
    expect(fresh.picture).to_be_focused()


def test_focus_can_be_seen(fresh):
    fresh.root.locator("select").first.focus()
    for _ in range(3):
        fresh.press("Tab")
        assert fresh.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        assert fresh.page.evaluate("document.activeElement.closest('.backprop-rule-race') !== null")


def test_the_page_draws_what_python_draws(fresh):
    """At every step that was tried, to the last digit, with all rules, one of them diverging."""
    for name in RULES:
        fresh.root.get_by_role("checkbox", name=name, exact=True).check()
    race = Race(rules=tuple(RULES))
    fresh.wait(race.words(0))
    for step in (0, 1, 7, 12, 13, 120, STEPS):
        fresh.scrub.fill(str(step))
        fresh.wait(race.words(step))
        assert fresh.drawn() == by_python(race, step)
        for name, rows in scene(race)["rows"].items():
            cells = fresh.root.locator(f"tr[data-rule={name}] td")
            expect(cells.nth(1)).to_have_text(rows[step][0])
            expect(cells.nth(2)).to_have_text(rows[step][1])


def test_it_plays_by_itself_without_the_kernel(fresh):
    sent = fresh.page.evaluate_handle(
        """() => { const messages = [];
        const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
        kernel.anyMessage.connect((_, {direction}) => direction === 'send' && messages.push(direction));
        return messages }"""
    )
    places = fresh.root.locator(".runner .head").first.evaluate_handle(
        """head => { const seen = new Set();
        new MutationObserver(() => seen.add(head.getAttribute('transform'))).observe(head, {attributes: true});
        return seen }"""
    )
    fresh.picture.focus()
    fresh.press(" ")
    expect(fresh.said).to_have_attribute("aria-live", "off")  # fifteen sentences a second are not to be spoken
    fresh.page.wait_for_function("seen => seen.size > 3", arg=places)
    expect(fresh.scrub).to_have_value(re.compile(r"^(1[2-9]|[2-9]\d|\d{3})$"))
    fresh.press(" ")
    expect(fresh.said).to_have_attribute("aria-live", "polite")
    step = fresh.step()
    fresh.wait(Race().words(step))
    assert fresh.drawn() == by_python(Race(), step)
    fresh.press("End")
    fresh.press(" ")  # from the end it begins anew
    expect(fresh.scrub).to_have_value(re.compile(r"^[1-4]?\d$"))
    fresh.root.get_by_role("button", name="Pause").click()
    assert sent.evaluate("messages => messages") == []


def test_less_motion_for_who_asks_for_it(fresh):
    fresh.page.emulate_media(reduced_motion="reduce")
    steps = fresh.page.evaluate_handle(
        """root => { const seen = new Set();
        new MutationObserver(() => seen.add(root.querySelector('.runner .trail').points.numberOfItems - 1))
            .observe(root.querySelector('.runner .trail'), {attributes: true}); return seen }""",
        fresh.root.element_handle(),
    )
    fresh.root.get_by_role("button", name="Play").click()
    expect(fresh.scrub).to_have_value(re.compile(r"^([2-9]\d|\d{3})$"))
    fresh.root.get_by_role("button", name="Pause").click()
    fresh.page.emulate_media(reduced_motion="no-preference")
    assert {step % 10 for step in steps.evaluate("seen => [...seen]")} == {0}


def test_settings_by_keyboard(fresh):
    fresh.slider("η of SGD").focus()
    fresh.press("ArrowRight")
    fresh.press("ArrowRight")  # 0.04, 0.05
    fresh.scrub.focus()
    fresh.press("End")
    fresh.wait(Race(eta=0.05).words(STEPS))
    expect(fresh.said).to_contain_text("SGD diverged at step 18")
    fresh.slider("η of Adagrad").focus()
    fresh.press("Home")
    fresh.wait(Race(eta=0.05, eta_adaptive=0.001).words(STEPS))
    fresh.slider("β = β₁").focus()
    fresh.press("Home")
    fresh.slider("ρ = β₂").focus()
    fresh.press("End")
    fresh.root.get_by_role("checkbox", name="Adam", exact=True).focus()
    fresh.press(" ")
    fresh.wait(Race("ravine", ("SGD", "Momentum", "RMSProp"), None, 0.05, 0.001, 0, 0.999).words(STEPS))
    fresh.slider("start, y").focus()
    fresh.press("Home")
    fresh.slider("start, x").focus()
    fresh.press("End")
    fresh.wait(Race("ravine", ("SGD", "Momentum", "RMSProp"), (X[1], Y[0]), 0.05, 0.001, 0, 0.999).words(STEPS))
    fresh.root.get_by_role("combobox", name="Surface").focus()
    fresh.press("ArrowDown")
    fresh.wait(Race("saddle", ("SGD", "Momentum", "RMSProp"), None, 0.05, 0.001, 0, 0.999).words(STEPS))
    expect(fresh.root.locator(".about")).to_have_text(re.compile("^½x² − ½y² \\+ ¼y⁴"))
    fresh.reset()
    expect(fresh.slider("η of SGD")).to_have_attribute("aria-valuetext", "0.035")
    expect(fresh.root.get_by_role("checkbox", name="Adam", exact=True)).to_be_checked()


def test_presets_and_a_surface_of_ones_own(fresh):
    show, surface = (fresh.root.get_by_role("combobox", name=name) for name in ("Show", "Surface"))
    expect(show).to_have_value("momentum is ahead")
    show.select_option("off a saddle")
    fresh.wait(Race(**PRESETS["off a saddle"]).words(0))
    expect(surface).to_have_value("saddle")
    fresh.slider("noise").focus()
    fresh.press("ArrowRight")
    expect(show).to_have_value("")  # no preset any more
    formula = fresh.root.get_by_role("textbox", name="of x and y")
    expect(formula).to_be_hidden()
    show.select_option("a valley of your own")
    fresh.wait(Race(**PRESETS["a valley of your own"]).words(0))
    formula.fill("(1 - x)² + 5(y - x²)²")
    formula.press("Enter")
    own = Race(**PRESETS["a valley of your own"] | {"formula": "(1 - x)² + 5(y - x²)²"})
    fresh.wait(own.words(0))
    fresh.scrub.fill("40")
    fresh.wait(own.words(40))
    formula.fill("__import__('os')")
    formula.press("Enter")
    expect(fresh.root.locator(".complaint")).to_contain_text("The formula has '_' in it.")
    fresh.wait(own.words(40))
    fresh.reset()
    expect(fresh.root.locator(".complaint")).to_have_text("")


def test_the_losses_go_along(fresh):
    start, end = picture.START, picture.END
    for step in (0, 50, STEPS):
        fresh.scrub.fill(str(step))
        now = fresh.root.locator(".losses .now")
        expect(now).to_have_attribute("x1", re.compile(rf"^{start + step / STEPS * (end - start):g}"))
    drawn = fresh.root.locator(".losses .loss").evaluate_all("groups => groups.map(g => g.dataset.rule)")
    assert drawn == list(Race().rules)


def test_nothing_jumps_and_everything_fits(fresh):
    """The same height whatever is shown, on a laptop and at 125% of its zoom."""
    for width in (1280, 1024):
        fresh.page.set_viewport_size({"width": width, "height": 900})
        fresh.notebook.settle()
        heights = set()
        for step in ("Home", "End"):
            for checked in (True, False):
                for name in ("Nesterov", "Adagrad", "AdamW"):
                    fresh.root.get_by_role("checkbox", name=name, exact=True).set_checked(checked)
                fresh.scrub.focus()
                fresh.press(step)
                heights.add(round(fresh.root.bounding_box()["height"]))
        assert len(heights) == 1
        assert fresh.root.evaluate("root => root.scrollWidth <= root.clientWidth")
        hidden = fresh.said.evaluate("p => p.scrollHeight - p.clientHeight")
        assert hidden <= 0, f"{hidden} px of the words are out of sight at a width of {width}"
    fresh.page.set_viewport_size(VIEWPORT)


OBSERVED = """node => { const seen = [];
    new MutationObserver(() => seen.push(performance.now()))
        .observe(node, {childList: true, subtree: SUBTREE});
    return seen }"""


def test_two_races_on_a_page_do_not_touch(fresh):
    changes = fresh.page.locator(".backprop-rule-race").nth(1).evaluate_handle(OBSERVED.replace("SUBTREE", "true"))
    fresh.scrub.focus()
    fresh.press("End")
    fresh.slider("η of SGD").focus()
    fresh.press("ArrowLeft")
    fresh.wait(Race(eta=0.03).words(STEPS))
    fresh.notebook.answered()
    assert changes.evaluate("seen => seen.length") == 0


def test_one_press_of_a_slider_is_one_redraw(fresh):
    redraws = fresh.picture.evaluate_handle(OBSERVED.replace("SUBTREE", "false"))
    fresh.slider("η of SGD").focus()
    for press in range(6):
        fresh.press("ArrowRight" if press % 2 else "ArrowLeft")
        fresh.notebook.answered()
        assert redraws.evaluate("seen => seen.length") == press + 1
