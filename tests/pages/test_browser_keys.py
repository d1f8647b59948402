"""Who runs a cell to play with what it shows need not click it first: the explorers and the recorder take the keys.

python -m pytest tests/pages/test_browser_keys.py -n 0
"""

import pytest
from jupyter_session import AREA, opened
from playwright.sync_api import expect

CELLS = [
    "from backprop.explore import *\nfrom backprop.interview import aloud\n",
    "ThereAndBack([2, 3, 1], hidden='sigmoid', loss='bce', inputs='0.5 -1', settings_open=False)",
    "OneNeuron()",
    "GradientFlow()",
    "RuleRace()",
    "aloud('Explain backpropagation.', seconds=2)",
    "import time\n\ntime.sleep(1)\nOneNeuron()",
    "print('written in')",
    "print('the last cell')",
]
# By cell: what takes the keys, what has to be in view, and a key with what shows that it was heard.
TAKERS = {
    1: (".stage", ".stage svg", "ArrowRight", (".count", "1 of 16")),
    2: ("input[type=range] >> nth=0", ".picture svg", "ArrowRight", ("input[type=number] >> nth=0", "0.6")),
    3: ("input[type=range] >> nth=0", ".picture svg", "ArrowRight", ("input[type=number] >> nth=0", "21")),
    4: (".picture", ".picture svg", ".", (".step", "step 1")),
    5: (".bp-start", ".bp-aloud", "Enter", (".bp-start", "Stop")),
}
HERE = "The keys work here now"


@pytest.fixture(scope="module")
def notebook(lab):
    with opened(lab, "keys", *CELLS) as notebook:
        yield notebook


class Desk:
    """The notebook's page in the hands of somebody who runs one cell after another."""

    def __init__(self, notebook):
        self.page, self.notebook = notebook.page, notebook
        self.cells = self.page.locator(f"{AREA} .jp-CodeCell")

    def edit(self, nth):
        self.cells.nth(nth).locator(".cm-content").click()

    def run(self, nth, key):
        """Run a cell out of its editor, and wait until what it shows is new."""
        self.page.evaluate("nodes => nodes.forEach(node => { node.dataset.old = 'yes' })", self.outputs(nth))
        self.edit(nth)
        self.page.keyboard.press(key)
        expect(self.cells.nth(nth).locator(".jp-OutputArea-output [data-old]")).to_have_count(0)

    def outputs(self, nth):
        return self.cells.nth(nth).locator(".jp-OutputArea-output *").element_handles()

    def expect_active(self, nth):
        """Wait until this cell is the one that JupyterLab's keys are for."""
        index = "window.jupyterapp.shell.currentWidget.content.activeCellIndex"
        self.page.wait_for_function(f"nth => {index} === nth", arg=nth)


@pytest.fixture
def desk(notebook):
    yield Desk(notebook)
    assert not notebook.complaints()


@pytest.mark.parametrize("nth", TAKERS)
def test_what_was_run_has_the_keys_and_is_in_view(desk, nth):
    """After Shift+Enter and after Ctrl+Enter. Shift+Enter from there goes on, and runs nothing again."""
    place, picture, pressed, (shown, says) = TAKERS[nth]
    cell = desk.cells.nth(nth)
    focus, heard, prompt = cell.locator(place).first, cell.locator(shown).first, cell.locator(".jp-InputPrompt")
    desk.page.set_viewport_size({"width": 1366, "height": 768})
    desk.run(nth, "Shift+Enter")
    expect(focus).to_be_focused()
    count = desk.notebook.cells()[nth]["execution_count"]
    desk.page.keyboard.press("Control+Enter")
    expect(prompt).to_have_text(f"[{count + 1}]:")
    expect(focus).to_be_focused()
    desk.page.keyboard.press(pressed)
    expect(heard).to_have_value(says) if "number" in shown else expect(heard).to_contain_text(says)
    expect(cell.locator(picture).first).to_be_in_viewport(ratio=0.99)  # but for a part of a pixel
    if nth != 5:  # a button needs no words for it
        expect(cell.get_by_text(HERE)).to_be_visible()
    desk.page.keyboard.press("Shift+Enter")
    expect(focus).not_to_be_focused()
    desk.expect_active(nth + 1)
    expect(prompt).to_have_text(f"[{count + 1}]:")


def test_escape_gives_the_keys_back(desk):
    desk.run(2, "Shift+Enter")
    slider = desk.cells.nth(2).locator("input[type=range]").first
    expect(slider).to_be_focused()
    expect(desk.cells.nth(2).get_by_text("Click a control for the keys")).to_be_hidden()
    desk.page.keyboard.press("Escape")
    expect(slider).not_to_be_focused()
    expect(desk.cells.nth(2).get_by_text("Click a control for the keys")).to_be_visible()
    desk.page.keyboard.press("ArrowDown")
    desk.expect_active(3)


def test_nobody_who_writes_elsewhere_is_interrupted(desk):
    """The kernel is still at work when the next cell is being edited: what it then draws leaves the keys there."""
    desk.page.evaluate("nodes => nodes.forEach(node => { node.dataset.old = 'yes' })", desk.outputs(6))
    desk.edit(6)
    desk.page.keyboard.press("Shift+Enter")
    desk.edit(7)
    desk.page.keyboard.press("End")
    desk.page.keyboard.type("  # on")
    expect(desk.cells.nth(6).locator(".jp-OutputArea-output [data-old]")).to_have_count(0)
    expect(desk.cells.nth(6).locator(".picture svg")).to_be_visible()
    desk.notebook.answered()
    desk.page.keyboard.type(" and on")
    expect(desk.cells.nth(7).locator(".cm-line")).to_have_text("print('written in')  # on and on")


def test_running_all_leaves_the_keys_to_the_notebook(desk):
    desk.notebook.run()
    for name in ("backprop-explorer", "bp-aloud"):
        expect(desk.page.locator(f".{name}:focus-within")).to_have_count(0)


@pytest.fixture
def recorder(desk):
    """The recorder, run anew; the microphone is lent to the page, or not, by each test."""
    desk.run(5, "Shift+Enter")
    yield desk.cells.nth(5)
    desk.page.context.clear_permissions()


def test_what_is_said_is_played_back(desk, recorder):
    desk.page.context.grant_permissions(["microphone"])
    start, note, audio = (recorder.locator(what) for what in (".bp-start", ".bp-note", "audio"))
    start.press("Enter")
    expect(note).to_have_text("Recording. Speak now.")
    expect(recorder.locator(".bp-level")).to_be_visible()
    expect(recorder.locator(".bp-time")).to_contain_text("over")  # two seconds were given
    start.press("Enter")
    expect(note).to_contain_text("Now listen.")
    expect(audio).to_be_focused()
    heard = audio.evaluate("""async audio => {
        await audio.play();
        await new Promise(done => { audio.onended = done });
        const sound = await new AudioContext().decodeAudioData(await (await fetch(audio.src)).arrayBuffer());
        return [sound.duration, Math.max(...sound.getChannelData(0).map(Math.abs))];
    }""")
    assert heard[0] > 1.5 and heard[1] > 0.01  # so long, and no silence
    start.click()
    expect(audio).to_be_hidden()
    expect(note).to_have_text("Recording. Speak now.")
    start.click()
    expect(audio).to_be_visible()


NO_MICROPHONE = {
    "not allowed": ("", "was not allowed to use the microphone"),
    "none there": ("() => Promise.reject(new DOMException('', 'NotFoundError'))", "No microphone was found"),
    "in use": ("() => Promise.reject(new DOMException('', 'NotReadableError'))", "The microphone is in use elsewhere"),
    "something else": (
        "() => Promise.reject(new DOMException('', 'OddError'))",
        "go on with the clock alone. (OddError)",
    ),
    "no such thing": ("undefined", "The microphone can't be used here"),
}


@pytest.mark.parametrize("why", NO_MICROPHONE)
def test_without_a_microphone_a_sentence_says_why(desk, recorder, why):
    instead, says = NO_MICROPHONE[why]
    if instead:
        desk.page.evaluate(f"() => {{ navigator.mediaDevices.getUserMedia = {instead} }}")
    start, note = recorder.locator(".bp-start"), recorder.locator(".bp-note")
    start.press("Enter")
    expect(note).to_contain_text(says)
    expect(start).to_be_focused()
    if not instead:  # and the clock runs
        expect(recorder.locator(".bp-time")).to_contain_text("over")
    start.press("Enter")
    expect(note).to_contain_text("You spoke for")
    expect(recorder.locator("audio")).to_be_hidden()
    desk.page.evaluate("() => { delete navigator.mediaDevices.getUserMedia }")


def test_a_page_that_is_not_secure_is_told_the_way_out(desk, recorder):
    secure = "value => { Object.defineProperty(window, 'isSecureContext', {value, configurable: true}) }"
    desk.page.evaluate(secure, False)
    recorder.locator(".bp-start").press("Enter")
    expect(recorder.locator(".bp-note")).to_contain_text("Open this page by localhost")
    desk.page.evaluate(secure, True)
