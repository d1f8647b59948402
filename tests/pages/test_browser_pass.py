"""The pass there and back in a real browser: by keys and by mouse, predicted, changed, and in the dark.

python -m pytest tests/pages/test_browser_pass.py -n 0
"""

import re
import time
from pathlib import Path

import pytest
from jupyter_session import VIEWPORT, opened, still
from playwright.sync_api import expect

from backprop.explore.there_and_back.numbers import ask, one_pass
from backprop.explore.there_and_back.picture import state, words
from backprop.explore.written import brief, entry

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
CELL = "from backprop.explore import ThereAndBack\nThereAndBack([2, 3, 2])"
RUN = one_pass(sizes=[2, 3, 2])
SECONDS_A_STEP = 2.5  # at four times the speed, more than the longest words of there_and_back/widget.js take


@pytest.fixture(scope="module")
def notebook(lab):
    """One notebook that holds the explorer."""
    with opened(lab, "pass", CELL) as notebook:
        yield notebook


@pytest.fixture
def page(notebook):
    """The page with the explorer as it was at first; whatever a test leaves behind, `complaints` must be empty."""
    page = notebook.page
    explorer(page, ".bar button:has-text('Reset')").click()
    notebook.answered()
    at_step(page, 0)
    expect(explorer(page, "input[type=checkbox]")).not_to_be_checked()
    explorer(page, ".stage").focus()
    yield page
    assert not notebook.complaints()


def explorer(page, selector):
    return page.locator(f".backprop-there-and-back {selector}")


def says(page, words):
    """Wait until the explorer says exactly this."""
    expect(explorer(page, ".says")).to_have_text(words)


def at_step(page, k, run=RUN):
    """Wait until it stands at step k of a pass, and says so."""
    expect(explorer(page, ".count")).to_have_text(f"{k} of {len(run.steps) - 1}")
    says(page, words(run, k))


def press(page, key, times=1):
    for _ in range(times):
        page.keyboard.press(key)


def go(page, step):
    press(page, "Home")
    press(page, "ArrowRight", RUN.when[step])
    at_step(page, RUN.when[step])


def test_keys_step_there_and_back(page):
    for k in range(len(RUN.steps)):
        at_step(page, k)
        expect(explorer(page, ".stage svg")).to_have_attribute("aria-label", words(RUN, k))
        press(page, "ArrowRight")  # at last there is nothing beyond the end
    press(page, "ArrowLeft", 2)
    at_step(page, len(RUN.steps) - 3)
    press(page, "Home")
    at_step(page, 0)
    press(page, "End")
    at_step(page, len(RUN.steps) - 1)


def test_buttons_labels_and_the_track_lead_to_steps(page):
    explorer(page, "button[aria-label^=Next]").click()
    at_step(page, 1)
    explorer(page, "[data-part='δ[1]']").click()
    at_step(page, RUN.when["δ[1]"])
    explorer(page, "button[aria-label^=Previous]").click()
    at_step(page, RUN.when["δ[1]"] - 1)
    explorer(page, "input[type=range]").focus()
    press(page, "ArrowLeft")
    at_step(page, RUN.when["δ[1]"] - 2)
    explorer(page, "button[aria-label^='To the start']").click()
    at_step(page, 0)


PARTS = """() => Object.fromEntries([...document.querySelectorAll('.backprop-there-and-back [data-part]')]
    .map(part => [part.dataset.part, part.getAttribute('class')]))"""


def test_every_part_shows_its_state_at_every_step(page):
    drawing = explorer(page, ".stage svg")
    expect(drawing).to_have_attribute("role", "group")
    for k, step in enumerate(RUN.steps):
        expect(drawing).to_have_attribute("aria-label", words(RUN, k))
        expect(drawing).to_have_attribute("class", f"backprop-pass {step.direction}")
        parts = page.evaluate(PARTS)
        assert {part: parts[part] for part in state(RUN, k)} == state(RUN, k)
        press(page, "ArrowRight")


def test_the_picture_shows_the_step(page):
    go(page, "δ[1]")
    expect(explorer(page, "[data-part=n1]")).to_have_attribute("class", "both lit")
    expect(explorer(page, "[data-part=W2]")).to_have_attribute("class", "weight flowback lit")
    expect(explorer(page, ".equation svg")).to_have_attribute("aria-label", words(RUN, RUN.when["δ[1]"]))
    expect(explorer(page, ".equation svg")).to_contain_text("δ[1] = (W[2]ᵀ δ[2]) ⊙ σ'(z[1])")
    δ = explorer(page, "[data-item='n1.0'] .value.d")
    expect(δ).to_have_css("opacity", "1")
    expect(δ).to_have_text(entry(RUN.grads.delta[1][0, 0]))


# A timer of a step's length that begins now ends after every timer that was running: what plays would have moved on.
LATER = f"() => new Promise(done => setTimeout(done, {1000 * SECONDS_A_STEP}))"


def test_it_plays_by_itself_and_pauses(page):
    explorer(page, "select[aria-label='Speed of play']").select_option("4 ×")
    explorer(page, ".stage").focus()
    press(page, " ")
    expect(explorer(page, ".count")).to_have_text("2 of 16")
    press(page, " ")
    page.evaluate(LATER)
    at_step(page, 2)
    press(page, "ArrowRight")
    at_step(page, 3)


def test_words_stay_as_long_as_one_can_read_them(page):
    """At 240 words a minute, which is usual for silent reading (Brysbaert, 2019)."""
    press(page, "ArrowRight")
    needed = 0.25 * len(words(RUN, 1).split())
    assert needed > 5
    explorer(page, "select[aria-label='Speed of play']").select_option("2 ×")
    explorer(page, ".stage").focus()
    press(page, " ")
    expect(explorer(page, ".count")).to_have_text("2 of 16")  # the first step comes soon
    begun, needed = time.perf_counter(), 0.25 * len(words(RUN, 2).split()) / 2
    expect(explorer(page, ".count")).to_have_text("3 of 16", timeout=20_000)
    assert 0.8 * needed < time.perf_counter() - begun < 1.5 * needed + 1


def test_the_last_step_shows_new_values_alone(page):
    press(page, "End")
    for l in (1, 2):
        shown = explorer(page, f"[data-part=n{l}] .value.next")
        expect(shown.first).to_have_css("opacity", "1")
        expect(shown).to_have_text([brief(a) for a in RUN.after.forward(RUN.X).a[l][:, 0]])
        for old in (".value.a", ".value.d", ".value.z"):
            expect(explorer(page, f"[data-part=n{l}] {old}").first).to_have_css("opacity", "0")


def test_a_neuron_and_an_edge_open_by_mouse_and_by_keys(page):
    go(page, "dW[1]")
    detail = explorer(page, ".detail")
    explorer(page, "[data-item='n1.1']").click()
    expect(detail.locator("strong")).to_have_text(re.compile("^Neuron 2 of layer 1"))
    expect(detail).to_contain_text(f"δ = their sum {entry(-0.002592)}")
    expect(detail).to_contain_text("comes with later steps")
    expect(explorer(page, ".detail .amount")).to_have_count(2)
    press(page, "Escape")
    expect(detail).to_be_hidden()
    explorer(page, "[data-item='n1.1']").focus()
    press(page, "ArrowDown")  # the next one in the list is its first weight
    press(page, "Enter")
    expect(detail.locator("strong")).to_have_text(re.compile(r"^Weight W\[1\], row 2, column 1"))
    expect(detail).to_contain_text(f"= {entry(RUN.grads.W[1][1, 0])}")
    press(page, "ArrowRight")  # a step closes it, and the focus stays
    expect(detail).to_be_hidden()
    at_step(page, RUN.when["dW[1]"] + 1)
    expect(explorer(page, "[data-item='e1.1.0']")).to_be_focused()
    box = explorer(page, "[data-item='e2.0.0'] .halo").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    expect(detail.locator("strong")).to_have_text(re.compile(r"^Weight W\[2\], row 1, column 1"))


def test_nothing_is_told_ahead(page):
    explorer(page, "[data-item='n1.1']").click()
    expect(explorer(page, ".detail strong")).to_have_text(re.compile("^Neuron 2 of layer 1"))
    expect(explorer(page, ".detail")).not_to_contain_text("δ")
    expect(explorer(page, "[data-item='n1.1'] .value.d")).to_have_css("opacity", "0")  # it fades after the step before


def test_a_prediction_wrong_then_right(page):
    asked = ask(RUN.steps[1])
    explorer(page, "input[type=checkbox]").check()
    page.get_by_text("Step on, and predict.").wait_for()
    explorer(page, ".stage").focus()
    press(page, "ArrowRight")
    says(page, words(RUN, 1, asked=True))
    expect(explorer(page, ".guess")).to_contain_text(asked.question)
    hidden = explorer(page, ".equation .answer").first
    expect(hidden).to_have_css("opacity", "0")
    verdict = explorer(page, ".verdict")
    for case, _, sentence in asked.cases[1:]:
        page.keyboard.type(f"{case:.4g}")
        press(page, "Enter")
        expect(verdict).to_have_text(sentence)
    page.keyboard.type("a third")
    press(page, "Enter")
    expect(verdict).to_have_text("Type a number, such as -0.25.")
    press(page, "Control+a")
    page.keyboard.type("77")
    press(page, "Enter")
    expect(verdict).to_contain_text("none of the usual slips")
    page.keyboard.type(entry(asked.cases[0][0]))
    press(page, "Enter")
    expect(verdict).to_have_text(asked.cases[0][2])
    says(page, words(RUN, 1))
    expect(hidden).to_have_css("opacity", "1")
    press(page, "ArrowRight")
    says(page, words(RUN, 2, asked=True))
    explorer(page, ".guess button:has-text('Show')").click()
    says(page, words(RUN, 2))
    press(page, "ArrowLeft")  # what lies behind is known
    says(page, words(RUN, 1))


def setting(**changed):
    """The pass of another setting."""
    return one_pass(**{"sizes": [2, 3, 2]} | changed)


def test_settings_go_through_the_kernel_and_reset_brings_them_back(page):
    go(page, "δ[1]")
    explorer(page, "label:has-text('seed') input").fill("3")
    at_step(page, RUN.when["δ[1]"], setting(seed=3))
    explorer(page, "label:has-text('inside') select").select_option(label="relu")
    at_step(page, RUN.when["δ[1]"], setting(seed=3, hidden="relu"))
    explorer(page, "label:has-text('input') input").fill("1 2")
    press(page, "Enter")
    at_step(page, RUN.when["δ[1]"], setting(seed=3, hidden="relu", inputs="1 2"))
    more = explorer(page, "button[aria-label='One layer more']")
    more.click()
    deeper = setting(sizes=[2, 3, 3, 2], seed=3, hidden="relu")
    at_step(page, deeper.when["δ[1]"], deeper)
    expect(more).to_be_focused()
    explorer(page, "label:has-text('input') input").fill("1 2 3")
    press(page, "Enter")
    complaint = explorer(page, ".complaint")
    expect(complaint).to_have_text('input is "1 2 3", but should hold 1 sample of 2 numbers.')
    explorer(page, ".bar button:has-text('Reset')").click()
    expect(complaint).to_have_text("")
    at_step(page, 0)
    expect(explorer(page, ".stage svg")).to_have_attribute("aria-label", words(RUN, 0))
    expect(explorer(page, "label:has-text('seed') input")).to_have_value("0")


def to_step_9(page):
    """By keys, from wherever the focus is."""
    explorer(page, ".stage").focus()
    press(page, "Home")
    press(page, "ArrowRight", 9)


@pytest.mark.parametrize("seed", [4, 0])  # Reset brings another network, or the same one
def test_keys_after_reset_are_kept_while_the_kernel_is_busy(page, notebook, seed):
    explorer(page, "label:has-text('seed') input").fill(str(seed))
    at_step(page, 0, setting(seed=seed))
    notebook.answered()
    with notebook.occupied():
        explorer(page, ".bar button:has-text('Reset')").click()
        to_step_9(page)
    at_step(page, 9)


def test_keys_after_a_changed_setting_and_reset_are_kept_while_the_kernel_is_busy(page, notebook):
    with notebook.occupied():
        explorer(page, "label:has-text('seed') input").fill("5")
        explorer(page, ".bar button:has-text('Reset')").click()
        to_step_9(page)
    at_step(page, 9)


@pytest.mark.parametrize("seed", [7, 0])  # another network; the same one, after another has been asked for
def test_keys_after_a_changed_setting_are_kept_while_the_kernel_is_busy(page, notebook, seed):
    press(page, "ArrowRight", 2)
    field = explorer(page, "label:has-text('seed') input")
    with notebook.occupied():
        field.fill("1")
        field.fill(str(seed))
        press(page, "Escape")  # from the field to the picture
        press(page, "ArrowRight", 3)
    at_step(page, 5, setting(seed=seed))


LABELS = "[...document.querySelectorAll('.backprop-there-and-back label')]"
SEED = f"{LABELS}.find(label => label.textContent.trim() === 'seed').control"
TURN = f"""ways => {{
    const seed = {SEED};
    return ways.map(way => {{
        seed[way]();
        seed.dispatchEvent(new Event('input'));
        return document.querySelector('.backprop-there-and-back .says').textContent;
    }});
}}"""


def test_the_next_seed_is_shown_without_waiting_for_the_kernel(page, notebook):
    go(page, "δ[1]")
    k, said = RUN.when["δ[1]"], {n: words(setting(seed=n), RUN.when["δ[1]"]) for n in (0, 1, 2)}
    field = explorer(page, "label:has-text('seed') input")
    field.focus()
    notebook.drawn_ahead()
    onward = """() => document.querySelector('.backprop-there-and-back .stage').dispatchEvent(
        new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}))"""
    assert page.evaluate(f"() => {{ const said = ({TURN})(['stepUp']); ({onward})(); return said }}") == [said[1]]
    explorer(page, ".stage").focus()
    at_step(page, k + 1, setting(seed=1))  # its other steps follow, and a key that came before them is not lost
    press(page, "ArrowLeft")
    field.focus()
    notebook.drawn_ahead()
    assert page.evaluate(TURN, ["stepUp"]) == [said[2]]
    at_step(page, k, setting(seed=2))
    notebook.drawn_ahead()  # the field has kept the focus, so the next ones lie ready
    assert page.evaluate(TURN, ["stepDown", "stepDown"]) == [said[1], said[1]]
    at_step(page, k)
    press(page, "Escape")
    press(page, "End")
    at_step(page, 16)


REFUSED = """() => {
    const input = [...document.querySelectorAll('.backprop-there-and-back .wide input')][0];
    input.value = '1 2 3';
    input.dispatchEvent(new Event('change'));
}"""


def test_a_seed_that_was_passed_by_leaves_everything_as_it_was(page, notebook):
    """The kernel is busy with an input that it refuses; a seed up and down meanwhile comes to nothing for it."""
    field = explorer(page, "label:has-text('seed') input")
    field.fill("3")
    at_step(page, 0, setting(seed=3))
    press(page, "Escape")
    press(page, "ArrowRight", 9)
    at_step(page, 9, setting(seed=3))
    field.focus()
    notebook.drawn_ahead()
    shown = page.evaluate(f"() => {{ ({REFUSED})(); return ({TURN})(['stepUp', 'stepDown']) }}")
    assert shown[0] == words(setting(seed=4), 9)
    notebook.drawn_ahead()
    at_step(page, 9, setting(seed=3))
    press(page, "Escape")
    press(page, "End")
    at_step(page, 16, setting(seed=3))


def test_nothing_jumps_from_step_to_step(page):
    heights = set()
    for _ in RUN.steps:
        heights.add(explorer(page, "").evaluate("node => node.getBoundingClientRect().height"))
        press(page, "ArrowRight")
    explorer(page, "[data-item='n1.1']").click()
    heights.add(explorer(page, "").evaluate("node => node.getBoundingClientRect().height"))
    explorer(page, "input[type=checkbox]").check()
    heights.add(explorer(page, "").evaluate("node => node.getBoundingClientRect().height"))
    assert len(heights) == 1


def test_it_is_seen_in_light_and_dark_and_at_125_percent(page, notebook):
    SCREENSHOTS.mkdir(exist_ok=True)
    go(page, "δ[1]")
    fills = {}
    for theme in ("light", "dark"):
        notebook.lab.theme(theme)
        fills[theme] = explorer(page, ".stage .body").first.evaluate(
            "node => [getComputedStyle(node).fill, getComputedStyle(node.ownerSVGElement).fill]"
        )
        explorer(page, "").screenshot(path=SCREENSHOTS / f"pass_{theme}.png")
    for ground, ink in fills.values():
        lightness = [sum(map(int, re.findall(r"\d+", color)[:3])) for color in (ground, ink)]
        assert abs(lightness[0] - lightness[1]) > 400
    assert fills["light"] != fills["dark"]
    notebook.lab.theme("light")
    page.set_viewport_size({"width": 1024, "height": 720})  # 1280×900 at 125%
    still(page)
    explorer(page, "").screenshot(path=SCREENSHOTS / "pass_125.png")
    size = explorer(page, ".equation text").last.evaluate("node => node.getBoundingClientRect().height")
    page.set_viewport_size(VIEWPORT)
    assert 1.25 * size >= 9
