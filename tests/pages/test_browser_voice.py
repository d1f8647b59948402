"""*Speak* beside the notes, and the drill by voice alone, in a real JupyterLab. The ears are the tests' own.

The microphone is Chromium's, which beeps, or one that the page makes, which sounds as long as it is told to. The
ears of `backprop[voice]` are spoken to in tests/benchmarks/test_hearing.py.
"""

import pytest
from jupyter_session import AREA, opened
from playwright.sync_api import expect

RECORD = "import os\nos.environ['BACKPROP_RECORD'] = 'voice.sqlite3'\n"
HEARS = """
from backprop.interview import recognizer
from backprop.interview.hearing import Heard, Word

GIVEN = []
SAID = "the chain rule applied from the loss backward. and the".split()

def hear(sound):
    GIVEN.append(len(sound))
    words = tuple(Word(w, n * 0.2, n * 0.2 + 0.2) for n, w in enumerate(SAID))
    return Heard(words, ((0.0, 2.0), (4.5, 6.0)), 6.0)

recognizer.missing, recognizer.load, recognizer.hear = (lambda: ""), (lambda: None), hear
"""
DEAF = "from backprop.interview import recognizer\nrecognizer.missing = lambda: recognizer.DEAF\n"
PANEL = """
from backprop.interview import panel
{name} = panel("own choice", id="{name}", questions=["{question}"])
{name}"""
ALOUD = """
from backprop.interview import aloud
drill = aloud(question="neuron.sixty-seconds")
drill"""
SECURE = "() => { Object.defineProperty(window, 'isSecureContext', {value: false, configurable: true}) }"
SIXTY = "neuron.sixty-seconds"

# A microphone of the page's own, silent until `sounding` says otherwise.
OWN_MICROPHONE = """() => {
    const context = new AudioContext(), tone = context.createOscillator(), volume = context.createGain();
    const out = context.createMediaStreamDestination();
    volume.gain.value = 0;
    tone.connect(volume).connect(out);
    tone.start();
    window.sounding = (on) => { volume.gain.value = on ? 0.5 : 0; };
    navigator.mediaDevices.getUserMedia = () => Promise.resolve(out.stream.clone());
}"""


@pytest.fixture(autouse=True)
def as_it_was(lab):
    """What a test has changed of the browser is taken back."""
    yield
    lab.page.context.clear_permissions()
    lab.page.evaluate(SECURE.replace("false", "true"))
    lab.page.evaluate("() => { delete navigator.mediaDevices.getUserMedia }")


@pytest.fixture
def microphone(lab):
    lab.page.context.grant_permissions(["microphone"])


def begun(notebook):
    notebook.page.get_by_role("button", name="Begin").click()
    return notebook.page.locator(".bp-speak")


def record(page, speak, seconds=1):
    speak.press("Enter")
    expect(speak).to_contain_text("Stop")
    page.wait_for_function("s => document.querySelector('.bp-taken').textContent >= s", arg=f"0:0{seconds}")
    speak.press("Enter")


def said_in_kernel(notebook, check):
    notebook.execute(f"assert {check}, {check!r}")


def test_without_the_ears_it_is_recorded_and_played_and_nothing_is_sent(lab, microphone):
    with opened(lab, "deaf", RECORD + DEAF + PANEL.format(name="deaf", question=SIXTY)) as notebook:
        page, speak = notebook.page, begun(notebook)
        expect(page.locator(".bp-voice .bp-deaf")).to_contain_text("pip install -e '.[voice]'")
        speak.press("Enter")
        expect(page.locator(".bp-loudness")).to_be_visible()
        expect(page.locator(".bp-voice .bp-note")).to_have_text("You are being recorded. Speak now.")
        page.get_by_role("button", name="Hand in my notes").click()
        expect(page.locator(".bp-said")).to_contain_text("stop first")
        expect(page.locator(".bp-taken")).to_have_text("0:01")
        speak.press("Enter")
        audio = page.locator(".bp-playback audio")
        expect(audio).to_be_visible()
        expect(speak).to_have_text("● Speak again")
        expect(page.locator(".bp-said")).to_contain_text("The clock stands.")
        expect(page.locator(".bp-watch .bp-time")).to_contain_text("of 1:00")
        assert audio.evaluate("async audio => { await audio.play(); return !audio.error }")
        with page.expect_download() as saved:
            page.get_by_text("Save the recording").click()
        assert saved.value.suggested_filename.startswith("answer.") and saved.value.path().stat().st_size > 1000
        said_in_kernel(notebook, "deaf._voice._pieces == {} and deaf._voice.told == '' and not deaf._voice.running")
        page.locator(".backprop-interview textarea").fill("typed as ever")
        page.get_by_role("button", name="Hand in my notes").click()
        expect(page.locator(".bp-speak")).to_have_count(0)
        assert not notebook.complaints()


def test_with_ears_the_words_land_in_the_notes_and_each_plays(lab, microphone):
    with opened(lab, "hears", RECORD + HEARS + PANEL.format(name="hears", question=SIXTY)) as notebook:
        page, speak = notebook.page, begun(notebook)
        expect(page.locator(".bp-voice .bp-deaf")).to_be_hidden()
        record(page, speak, seconds=3)
        notes = page.locator(".backprop-interview textarea")
        expect(notes).to_have_value("the chain rule applied from the loss backward. And the")
        said_in_kernel(notebook, "len(GIVEN) == 1 and GIVEN[0] > 5000")
        expect(page.locator(".bp-facts")).to_contain_text("words a minute")
        expect(page.locator(".bp-facts")).to_contain_text("A pause of 2.5 s at 0:02.")
        words = page.locator(".bp-words button")
        words.first.focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"):
            page.keyboard.press(key)
        expect(words.nth(8)).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelector('.bp-playback audio').currentTime > 1.55")
        expect(page.locator(".bp-words .bp-now")).to_have_count(1)
        expect(page.locator(".bp-words button[tabindex='0']")).to_have_count(1)  # one stop for Tab, not ten
        notes.fill("corrected")
        page.get_by_role("button", name="Hand in my notes").click()
        expect(page.locator(".bp-speak")).to_have_count(0)
        said_in_kernel(
            notebook, "hears.interview.state.turn.notes == 'corrected' and not hears.interview.state.turn.claimed"
        )
        assert not notebook.complaints()


def test_a_recording_goes_on_beside_the_stages_of_a_coding_round(lab, microphone):
    cells = [RECORD + HEARS + PANEL.format(name="coding", question="rules.adam"), "x = 1"]
    with opened(lab, "coding", *cells) as notebook:
        page, speak = notebook.page, begun(notebook)
        while page.get_by_role(
            "button", name="That's all I ask"
        ).count():  # clarifying is a turn of its own in some plans
            page.get_by_role("button", name="That's all I ask").click()
        speak.press("Enter")
        expect(speak).to_contain_text("Stop")
        page.get_by_label("Ask me").fill("in place?")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator(".backprop-interview li i").first).to_be_visible()
        expect(page.locator(".bp-speak")).to_contain_text("Stop")  # another screen, the same recording
        page.locator(f"{AREA} .jp-CodeCell").nth(1).locator(".cm-content").click()
        page.keyboard.press("End")
        page.keyboard.type("\ndW = X.T @ dY\n# W @ x is no product here")
        page.locator(".bp-speak").press("Enter")
        expect(page.locator(".bp-facts")).to_contain_text("The longest silence:")
        expect(page.locator(".bp-facts")).to_contain_text("dW = X.T @ dY at 0:")
        expect(page.locator(".bp-facts")).to_contain_text("no shape was heard before it")
        expect(page.locator(".bp-facts")).not_to_contain_text("# W @ x")


REFUSALS = {
    "not allowed": ("", "was not allowed to use the microphone"),
    "none there": (
        "() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotFoundError')) }",
        "No microphone was found",
    ),
    "not secure": (SECURE, "Open this page by localhost"),
}


def test_without_a_microphone_one_sentence_says_why_and_typing_goes_on(lab):
    with opened(lab, "refused", RECORD + HEARS + PANEL.format(name="refused", question=SIXTY)) as notebook:
        page, speak = notebook.page, begun(notebook)
        for instead, says in REFUSALS.values():
            if instead:
                page.evaluate(instead)
            speak.press("Enter")
            expect(page.locator(".bp-voice .bp-note")).to_contain_text(says)
            expect(page.locator(".bp-voice .bp-note")).to_contain_text("go on typing.")
            expect(speak).to_have_text("● Speak")
            expect(speak).to_be_focused()
        page.locator(".backprop-interview textarea").fill("typed")
        page.get_by_role("button", name="Hand in my notes").click()
        expect(page.locator(".bp-speak")).to_have_count(0)
        said_in_kernel(notebook, "GIVEN == [] and refused.interview.state.turn.notes == 'typed'")


def test_the_drill_by_voice_alone(lab, microphone):
    """One start: it counts down, ends when it is quiet, plays that beside the model answer, and begins again."""
    with opened(lab, "drill", RECORD + HEARS + ALOUD) as notebook:
        page = notebook.page
        page.evaluate(OWN_MICROPHONE)
        start, time, note = (page.locator(f".bp-aloud .bp-{what}") for what in ("start", "time", "note"))
        expect(page.locator(".bp-answer")).to_be_hidden()  # not before one has spoken
        page.locator(".bp-free").check()
        start.press("Enter")
        expect(time).to_have_text("in 3")
        expect(note).to_have_text("Recording. Speak now.")
        page.evaluate("() => { sounding(true); window.since = performance.now() }")
        page.wait_for_function("() => performance.now() - window.since > 1500")  # one speaks
        page.evaluate("() => sounding(false)")
        expect(time).to_have_text("listen", timeout=10_000)
        expect(note).to_contain_text("You spoke for ")
        expect(page.locator(".bp-answer")).to_contain_text("Backpropagation computes")
        expect(page.locator(".bp-facts")).to_contain_text("Not heard. Did you say it?")
        expect(page.locator(".bp-facts li", has_text="memory")).to_be_visible()
        expect(time).to_contain_text("again in", timeout=20_000)
        expect(time).to_contain_text("left", timeout=20_000)
        expect(note).to_contain_text("Nothing was said, so this is the end.", timeout=20_000)
        expect(start).to_have_text("● Say it again")
        expect(page.locator(".bp-words button")).to_have_count(10)  # of the answer that was given
        said_in_kernel(notebook, "len(GIVEN) == 1")
        assert not notebook.complaints()


def test_a_voice_that_reads_is_local_and_nobody_waits_for_its_end(lab, microphone):
    with opened(lab, "read", RECORD + DEAF + ALOUD) as notebook:
        page = notebook.page
        expect(page.locator(".bp-aloud label", has_text="read me")).to_be_hidden()  # no voice is here
        page.evaluate(
            """() => {
                window.spoken = [];
                const far = {localService: false, lang: 'en-US'};
                const near = {localService: true, lang: 'en-GB', name: 'near'};
                const value = class { constructor(text) { this.text = text } };
                Object.defineProperty(window, 'SpeechSynthesisUtterance', {configurable: true, value});
                speechSynthesis.getVoices = () => [far, near];
                speechSynthesis.speak = (words) => spoken.push([words.text, words.voice?.name]); // and it never ends
                speechSynthesis.dispatchEvent(new Event('voiceschanged'));
            }"""
        )
        page.locator(".bp-read").check()
        page.locator(".bp-free").check()
        page.locator(".bp-start").press("Enter")
        expect(page.locator(".bp-aloud .bp-time")).to_have_text("in 5")  # five words take two seconds
        expect(page.locator(".bp-aloud .bp-note")).to_have_text("Recording. Speak now.", timeout=10_000)
        assert page.evaluate("() => spoken") == [["You have sixty seconds. Explain backpropagation.", "near"]]
        page.locator(".bp-start").press("Enter")
        expect(page.locator(".bp-playback audio")).to_be_visible()
        page.evaluate("() => { for (const name of ['getVoices', 'speak']) delete speechSynthesis[name] }")
