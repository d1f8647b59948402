"""Explorers as pages of one file, opened as a phone opens them: no Python, no server, no network.

python -m pytest tests/pages/test_browser_alone.py -n 0
"""

import gzip
import json
import re
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from backprop.explore import GradientFlow, OneNeuron, RuleRace, ThereAndBack
from backprop.explore.gradient_flow.numbers import Flow
from backprop.explore.gradient_flow.numbers import words as flow_words
from backprop.explore.one_neuron.numbers import Neuron
from backprop.explore.one_neuron.numbers import words as neuron_words
from backprop.explore.there_and_back.numbers import ask
from backprop.explore.there_and_back.picture import WIDTH, narrow, words

EXPLORERS = {
    "pass": lambda: ThereAndBack([2, 3, 1], hidden="sigmoid", loss="bce", inputs="0.5 -1", settings_open=False),
    "race": lambda: RuleRace("ravine"),
    "neuron": OneNeuron,
    "flow": GradientFlow,
}
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1100, "height": 900}
LETTERS = """Math.min(...[...document.querySelectorAll('.backprop-explorer svg text')].filter(text =>
    text.textContent.trim()).map(text => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""
ENABLED = """[...document.querySelectorAll('button, input, select')].filter(one => !one.matches(':disabled'))
    .filter(one => one.checkVisibility()).map(one => one.ariaLabel ?? (one.labels?.[0] ?? one).textContent.trim())"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Each explorer and the file that it was saved as."""
    folder, made = tmp_path_factory.mktemp("alone"), {}
    for name, make in EXPLORERS.items():
        made[name] = make(), folder / f"{name}.html"
        made[name][0].save(made[name][1])
    return made


@contextmanager
def opened(browser, file, size=PHONE, **options):
    """The page of a file; in the end nothing was asked for but the file, and nothing went wrong."""
    with browser.new_context(viewport=size, **{"reduced_motion": "reduce", **options}) as context:
        page, requests, errors = context.new_page(), [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text))
        page.goto(file.as_uri())
        expect(page.locator(".backprop-explorer svg").first).to_be_visible()
        yield page
        assert errors == []
        assert [url for url in requests if not url.startswith(("data:", "blob:"))] == [file.as_uri()]


@pytest.mark.parametrize("name", EXPLORERS)
def test_a_page_is_small(saved, name):
    content = saved[name][1].read_bytes()
    assert len(content) <= 300_000 and len(gzip.compress(content)) <= 60_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", EXPLORERS)
def test_it_fits_a_phone_can_be_read_and_has_no_serious_barrier(browser, saved, name, scheme):
    with opened(browser, saved[name][1], color_scheme=scheme) as page:
        assert page.evaluate(SIDEWAYS) <= 0
        track = page.locator(".bar input[type=range], .controls input[type=range]").first
        for place in (track.get_attribute("min") or 0, 5, 8, 11):
            track.fill(str(place))
            assert page.evaluate(LETTERS) >= 8
        found = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
        assert dark == (scheme == "dark")


def test_who_opens_it_sees_the_pass_move_within_three_seconds(browser, saved):
    with opened(browser, saved["pass"][1], reduced_motion="no-preference") as page:
        expect(page.locator(".count")).to_have_text("1 of 16", timeout=3000)  # whose words then stay to be read
        page.locator("button.play").click()
        expect(page.locator("button.play")).to_contain_text("Play")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pass_steps_asks_opens_and_resets(browser, saved, size):
    explorer, file = saved["pass"]
    run = explorer.run
    width = narrow(run.net.sizes).width if size == PHONE else WIDTH
    with opened(browser, file, size, has_touch=True) as page:
        assert page.evaluate(ENABLED) == [
            *("▶ Play", "Speed of play", "Next step (right arrow)", "Step", "Predict", "Reset"),
        ]
        expect(page.locator(".stage svg")).to_have_attribute("viewBox", re.compile(rf"^0 0 {width} "))
        for k in range(len(run.steps)):
            expect(page.locator(".says")).to_have_text(words(run, k))
            if k < len(run.steps) - 1:
                page.locator("button[aria-label^=Next]").tap()
        page.locator("[data-item='e1.0.0']").dispatch_event("click")
        expect(page.locator(".detail strong")).to_have_text("Weight W[1], row 1, column 1")
        page.locator(".detail button").tap()
        page.get_by_role("button", name="Reset").tap()
        expect(page.locator(".says")).to_have_text(words(run, 0))
        page.get_by_role("checkbox", name="Predict").check()
        page.locator("button[aria-label^=Next]").tap()
        expect(page.locator(".says")).to_have_text(words(run, 1, asked=True))
        for value, _, sentence in reversed(ask(run.steps[1]).cases):  # every slip, and then the right number
            page.get_by_label("Your prediction").fill(f"{value:.4g}")
            page.get_by_role("button", name="Check").tap()
            expect(page.locator(".verdict")).to_have_text(sentence)
        expect(page.locator(".says")).to_have_text(words(run, 1))
        page.get_by_role("button", name="Reset").tap()
        expect(page.get_by_role("checkbox", name="Predict")).not_to_be_checked()
        page.locator("summary").tap()
        expect(page.locator(".settings")).to_contain_text("in the notebook, where Python answers.")
        expect(page.locator(".settings :is(input, select, button):enabled")).to_have_count(0)


def test_a_phone_that_is_turned_goes_on_at_the_same_step(browser, saved):
    with opened(browser, saved["pass"][1]) as page:
        for _ in range(5):
            page.locator("button[aria-label^=Next]").click()
        page.set_viewport_size({"width": 844, "height": 390})
        expect(page.locator(".stage svg")).to_have_attribute("viewBox", re.compile("^0 0 840 "))
        expect(page.locator(".says")).to_have_text(words(saved["pass"][0].run, 5))


def test_the_race_plays_and_its_start_stays(browser, saved):
    race, file = saved["race"]
    told = race.scene["words"]
    with opened(browser, file, has_touch=True) as page:
        assert page.evaluate(ENABLED) == ["Reset", "▶ Play", "One step back", "One step on", "Step of the race"]
        shown = page.locator(".picture > svg")
        page.locator(".picture").tap()
        page.locator(".picture").focus()
        page.keyboard.press("ArrowRight")
        page.mouse.click(200, 400)
        for axis, value in zip("xy", race.start):
            expect(page.get_by_label(f"start, {axis}")).to_have_value(str(value))
        page.get_by_role("button", name="One step on").tap()
        expect(shown).to_have_attribute("aria-label", told[1])
        page.keyboard.press("Home")
        page.get_by_label("Step of the race").fill("40")
        expect(shown).to_have_attribute("aria-label", told[40])
        page.get_by_role("button", name="Reset").tap()
        expect(shown).to_have_attribute("aria-label", told[0])
        page.locator("button.play").tap()
        expect(shown).not_to_have_attribute("aria-label", told[0])
        page.locator(".picture").focus()
        page.keyboard.press("End")
        expect(shown).to_have_attribute("aria-label", told[200])
        expect(page.get_by_text("in the notebook, where Python answers.")).to_be_visible()


FILMS = {
    "neuron": ("weight w", lambda value: neuron_words(Neuron(w=value)), [-5, -0.7, 0, 0.3, 5]),
    "flow": ("layers L", lambda value: flow_words(Flow(depth=value)), [2, 3, 21, 50]),
}


@pytest.mark.parametrize("name", FILMS)
def test_a_film_shows_what_python_would_draw(browser, saved, name):
    label, said, values = FILMS[name]
    with opened(browser, saved[name][1]) as page:
        assert page.evaluate(ENABLED) == [label, f"{label}, as a number", "Reset"]
        expect(page.get_by_text("The others move in the notebook, where Python answers.")).to_be_visible()
        assert page.locator(".picture :is(circle, rect, path)").evaluate_all(
            "all => all.every(one => one.checkVisibility())"
        )
        first, words = page.get_by_label(label, exact=True).input_value(), page.locator(".words p")
        for value in values:
            page.get_by_label(label, exact=True).fill(str(value))
            expect(words).to_have_text(said(value))
            expect(page.locator(".picture svg")).to_have_attribute("aria-label", " ".join(said(value)))
        page.get_by_label(f"{label}, as a number").fill("2.04")
        page.get_by_label(f"{label}, as a number").press("Tab")
        expect(words).to_have_text(said(2))
        page.get_by_role("button", name="Reset").click()
        expect(page.get_by_label(label, exact=True)).to_have_value(first)
        expect(words).to_have_text(said(json.loads(first)))
