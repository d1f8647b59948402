"""The pass there and back in a real browser: by keys and by mouse, predicted, changed, in the dark, and how fast.

python -m pytest tests/test_browser_pass.py -n 0 -s
"""

import re
from pathlib import Path
from statistics import median

import pytest
from jupyter_session import opened, wait_for_drawings_ahead

from backprop.explore.pass_picture import state, words
from backprop.explore.passes import ask, number, one_pass

SCREENSHOTS = Path(__file__).parents[1] / "screenshots"
CELL = "from backprop.explore import ThereAndBack\nThereAndBack([2, 3, 2])"
RUN = one_pass(sizes=[2, 3, 2])

# Time from a key to the frame in which its step has been painted.
LATENCY = """async () => {
    const stage = document.querySelector('.backprop-explorer .stage');
    const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const key = name => stage.dispatchEvent(new KeyboardEvent('keydown', {key: name, bubbles: true}));
    const taken = [];
    key('Home');
    await painted();
    for (let n = 0; n < 15; n++) {
        const start = performance.now();
        key('ArrowRight');
        const handled = performance.now() - start;
        await painted();
        taken.push([handled, performance.now() - start]);
    }
    return taken;
}"""


START = """(() => {
    const part = selector => document.querySelector('.backprop-explorer ' + selector);
    return part('.count').textContent === '0 of 16' && !part('input[type=checkbox]').checked;
})()"""


@pytest.fixture(scope="module")
def notebook(browser, tmp_path_factory):
    """One notebook that holds the explorer."""
    with opened(browser, tmp_path_factory.mktemp("home"), CELL) as notebook:
        notebook.page.locator(".backprop-explorer svg").first.wait_for()
        yield notebook


@pytest.fixture
def page(notebook):
    """The page with the explorer as it was at first; whatever a test leaves behind, `complaints` must be empty."""
    page = notebook.page
    explorer(page, ".bar button:has-text('Reset')").click()
    page.wait_for_function(START)
    explorer(page, ".stage").focus()
    yield page
    assert not notebook.complaints()


def explorer(page, selector):
    return page.locator(f".backprop-explorer {selector}")


def says(page):
    return explorer(page, ".says").inner_text()


def at(step):
    return words(RUN, RUN.when[step])


def press(page, key, times=1):
    for _ in range(times):
        page.keyboard.press(key)


def go(page, step):
    press(page, "Home")
    press(page, "ArrowRight", RUN.when[step])
    assert says(page) == at(step)


def test_keys_step_there_and_back(page):
    seen = [says(page)]
    for _ in RUN.steps[1:]:
        press(page, "ArrowRight")
        seen.append(says(page))
    assert seen == [words(RUN, k) for k in range(len(RUN.steps))]
    assert explorer(page, ".stage svg").get_attribute("aria-label") == seen[-1]
    press(page, "ArrowRight")  # there is nothing beyond the end
    press(page, "ArrowLeft", 2)
    assert says(page) == seen[-3]
    press(page, "Home")
    assert says(page) == seen[0]
    press(page, "End")
    assert says(page) == seen[-1]


def test_buttons_labels_and_the_track_lead_to_steps(page):
    explorer(page, "button[aria-label^=Next]").click()
    assert says(page) == words(RUN, 1)
    explorer(page, "[data-part='δ[1]']").click()
    assert says(page) == at("δ[1]")
    explorer(page, "button[aria-label^=Previous]").click()
    assert says(page) == words(RUN, RUN.when["δ[1]"] - 1)
    explorer(page, "input[type=range]").focus()
    press(page, "ArrowLeft")
    assert says(page) == words(RUN, RUN.when["δ[1]"] - 2)
    explorer(page, "button[aria-label^='To the start']").click()
    assert says(page) == words(RUN, 0)


PARTS = """() => Object.fromEntries([...document.querySelectorAll('.backprop-explorer [data-part]')]
    .map(part => [part.dataset.part, part.getAttribute('class')]))"""


def test_every_part_shows_its_state_at_every_step(page):
    for k, step in enumerate(RUN.steps):
        drawing = explorer(page, ".stage svg")
        assert drawing.get_attribute("role") == "group" and drawing.get_attribute("aria-label") == words(RUN, k)
        assert drawing.get_attribute("class") == f"backprop-pass {step.direction}"
        parts = page.evaluate(PARTS)
        assert {part: parts[part] for part in state(RUN, k)} == state(RUN, k)
        press(page, "ArrowRight")


def test_the_picture_shows_the_step(page):
    go(page, "δ[1]")
    assert explorer(page, "[data-part=n1]").get_attribute("class") == "both lit"
    assert explorer(page, "[data-part=W2]").get_attribute("class") == "weight flowback lit"
    assert explorer(page, ".equation svg").get_attribute("aria-label") == at("δ[1]")
    assert "δ[1] = (W[2]ᵀ δ[2]) ⊙ σ'(z[1])" in explorer(page, ".equation svg").text_content()
    δ = explorer(page, "[data-item='n1.0'] .value.d")
    page.wait_for_function("node => getComputedStyle(node).opacity === '1'", arg=δ.element_handle())
    assert δ.text_content() == number(RUN.grads.delta[1][0, 0])


def test_it_plays_by_itself_and_pauses(page):
    press(page, " ")
    page.wait_for_function("document.querySelector('.backprop-explorer .count').textContent === '2 of 16'")
    press(page, " ")
    held = says(page)
    page.wait_for_timeout(1600)
    assert says(page) == held == words(RUN, 2)
    press(page, "ArrowRight")
    assert says(page) == words(RUN, 3)


def test_a_neuron_and_an_edge_open_by_mouse_and_by_keys(page):
    go(page, "dW[1]")
    detail = explorer(page, ".detail")
    explorer(page, "[data-item='n1.1']").click()
    told = detail.inner_text()
    assert told.startswith("Neuron 2 of layer 1") and f"δ = their sum {number(-0.002592)}" in told
    assert explorer(page, ".detail .amount").count() == 2 and "comes with later steps" in told
    press(page, "Escape")
    assert not detail.is_visible()
    explorer(page, "[data-item='n1.1']").focus()
    press(page, "ArrowDown")  # the next one in the list is its first weight
    press(page, "Enter")
    told = detail.inner_text()
    assert told.startswith("Weight W[1], row 2, column 1") and f"= {number(RUN.grads.W[1][1, 0])}" in told
    press(page, "ArrowRight")  # a step closes it, and the focus stays
    assert not detail.is_visible() and says(page) == words(RUN, RUN.when["dW[1]"] + 1)
    assert page.evaluate("document.activeElement.dataset.item") == "e1.1.0"
    box = explorer(page, "[data-item='e2.0.0'] .halo").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    assert detail.inner_text().startswith("Weight W[2], row 1, column 1")


def test_nothing_is_told_ahead(page):
    explorer(page, "[data-item='n1.1']").click()
    assert "δ" not in explorer(page, ".detail").inner_text()
    δ = explorer(page, "[data-item='n1.1'] .value.d").element_handle()
    page.wait_for_function("node => getComputedStyle(node).opacity === '0'", arg=δ)  # it fades after the step before


def test_a_prediction_wrong_then_right(page):
    asked = ask(RUN.steps[1])
    explorer(page, "input[type=checkbox]").check()
    page.get_by_text("Step on, and predict.").wait_for()
    explorer(page, ".stage").focus()
    press(page, "ArrowRight")
    assert says(page) == words(RUN, 1, asked=True)
    assert asked.question in explorer(page, ".guess").inner_text()
    hidden = explorer(page, ".equation .answer").first
    assert hidden.evaluate("node => getComputedStyle(node).opacity") == "0"
    verdict = explorer(page, ".verdict")
    for case, _, sentence in asked.cases[1:]:
        page.keyboard.type(f"{case:.4g}")
        press(page, "Enter")
        assert verdict.inner_text() == sentence
    page.keyboard.type("a third")
    press(page, "Enter")
    assert verdict.inner_text() == "Type a number, such as -0.25."
    press(page, "Control+a")
    page.keyboard.type("77")
    press(page, "Enter")
    assert "none of the usual slips" in verdict.inner_text()
    page.keyboard.type(number(asked.cases[0][0]))
    press(page, "Enter")
    assert verdict.inner_text() == asked.cases[0][2] and says(page) == words(RUN, 1)
    assert hidden.evaluate("node => getComputedStyle(node).opacity") == "1"
    press(page, "ArrowRight")
    assert says(page) == words(RUN, 2, asked=True)
    explorer(page, ".guess button:has-text('Show')").click()
    assert says(page) == words(RUN, 2)
    press(page, "ArrowLeft")  # what lies behind is known
    assert says(page) == words(RUN, 1)


def wait_for(page, setting):
    """Wait until the explorer shows another setting, at whichever step."""
    run = one_pass(**{"sizes": [2, 3, 2]} | setting)
    texts = [words(run, k) for k in range(len(run.steps))]
    said = "document.querySelector('.backprop-explorer .says').innerText"
    count = "document.querySelector('.backprop-explorer .count').innerText"
    page.wait_for_function(f"texts => texts[parseInt({count})] === {said}", arg=texts)


def test_settings_go_through_the_kernel_and_reset_brings_them_back(page):
    go(page, "δ[1]")
    explorer(page, "label:has-text('seed') input").fill("3")
    wait_for(page, {"seed": 3})
    assert explorer(page, ".count").inner_text() == f"{RUN.when['δ[1]']} of 16"
    explorer(page, "label:has-text('inside') select").select_option(label="relu")
    wait_for(page, {"seed": 3, "hidden": "relu"})
    explorer(page, "label:has-text('input') input").fill("1 2")
    press(page, "Enter")
    wait_for(page, {"seed": 3, "hidden": "relu", "inputs": "1 2"})
    explorer(page, "button[aria-label='One layer more']").click()
    wait_for(page, {"sizes": [2, 3, 3, 2], "seed": 3, "hidden": "relu"})
    assert page.evaluate("document.activeElement.ariaLabel") == "One layer more"
    explorer(page, "label:has-text('input') input").fill("1 2 3")
    press(page, "Enter")
    complaint = explorer(page, ".complaint")
    page.wait_for_function("document.querySelector('.backprop-explorer .complaint').textContent !== ''")
    assert complaint.inner_text() == 'input is "1 2 3", but should hold 1 sample of 2 numbers.'
    explorer(page, ".bar button:has-text('Reset')").click()
    page.wait_for_function("document.querySelector('.backprop-explorer .complaint').textContent === ''")
    assert explorer(page, ".stage svg").get_attribute("aria-label") == words(RUN, 0) == says(page)
    assert explorer(page, "label:has-text('seed') input").input_value() == "0"


SEED = "[...document.querySelectorAll('.backprop-explorer label')].find(l => l.textContent.trim() === 'seed').control"
TURN = f"""ways => {{
    const seed = {SEED};
    return ways.map(way => {{
        seed[way]();
        seed.dispatchEvent(new Event('input'));
        return document.querySelector('.backprop-explorer .says').textContent;
    }});
}}"""


def test_the_next_seed_is_shown_without_waiting_for_the_kernel(page):
    go(page, "δ[1]")
    k, said = RUN.when["δ[1]"], {n: words(one_pass(sizes=[2, 3, 2], seed=n), RUN.when["δ[1]"]) for n in (0, 1, 2)}
    explorer(page, "label:has-text('seed') input").focus()
    wait_for_drawings_ahead(page)
    onward = """() => document.querySelector('.backprop-explorer .stage').dispatchEvent(
        new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}))"""
    assert page.evaluate(f"() => {{ const said = ({TURN})(['stepUp']); ({onward})(); return said }}") == [said[1]]
    explorer(page, ".stage").focus()  # its other steps follow, and a key that came before them is not lost
    page.wait_for_function("says => document.querySelector('.backprop-explorer .says').textContent === says",
                           arg=words(one_pass(sizes=[2, 3, 2], seed=1), k + 1))  # fmt: skip
    press(page, "ArrowLeft")
    explorer(page, "label:has-text('seed') input").focus()
    wait_for_drawings_ahead(page)
    press(page, "ArrowUp")
    assert says(page) == said[2]
    wait_for(page, {"seed": 2})
    wait_for_drawings_ahead(page)  # the field has kept the focus, so the next ones lie ready
    assert page.evaluate(TURN, ["stepDown", "stepDown"]) == [said[1], said[1]]
    wait_for(page, {"seed": 0})
    press(page, "Escape")
    press(page, "End")
    assert says(page) == words(RUN, 16)


def test_a_seed_that_was_passed_by_leaves_nothing_open(page):
    """The kernel is busy with an input that it refuses; a seed up and down meanwhile comes to nothing for it."""
    explorer(page, "label:has-text('seed') input").focus()
    wait_for_drawings_ahead(page)
    refused = """() => {
        const input = [...document.querySelectorAll('.backprop-explorer .wide input')][0];
        input.value = '1 2 3';
        input.dispatchEvent(new Event('change'));
    }"""
    shown = page.evaluate(f"() => {{ ({refused})(); return ({TURN})(['stepUp', 'stepDown']) }}")
    assert shown[0] == words(one_pass(sizes=[2, 3, 2], seed=1), 0)
    wait_for(page, {})
    press(page, "Escape")
    press(page, "End")
    page.wait_for_function("document.querySelector('.backprop-explorer .count').textContent === '16 of 16'")
    assert says(page) == words(RUN, 16)


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
        notebook.lab.command("apputils:change-theme", {"theme": f"JupyterLab {theme.title()}"})
        page.wait_for_function(f"document.body.dataset.jpThemeLight === '{str(theme == 'light').lower()}'")
        page.wait_for_timeout(600)
        fills[theme] = explorer(page, ".stage .body").first.evaluate(
            "node => [getComputedStyle(node).fill, getComputedStyle(node.ownerSVGElement).fill]"
        )
        explorer(page, "").screenshot(path=SCREENSHOTS / f"pass_{theme}.png")
    for ground, ink in fills.values():
        lightness = [sum(map(int, re.findall(r"\d+", color)[:3])) for color in (ground, ink)]
        assert abs(lightness[0] - lightness[1]) > 400
    assert fills["light"] != fills["dark"]
    notebook.lab.command("apputils:change-theme", {"theme": "JupyterLab Light"})
    page.set_viewport_size({"width": 1024, "height": 720})  # 1280×900 at 125%
    page.wait_for_timeout(600)
    explorer(page, "").screenshot(path=SCREENSHOTS / "pass_125.png")
    size = explorer(page, ".equation text").last.evaluate("node => node.getBoundingClientRect().height")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert 1.25 * size >= 9


def test_a_key_is_answered_at_once(page):
    taken = page.evaluate(LATENCY)
    handled, painted = (median(column) for column in zip(*taken))
    print(f"\nkey press: handled in {handled:.1f} ms, painted after {painted:.0f} ms (medians of {len(taken)})")
    assert handled < 50
