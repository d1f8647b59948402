"""The ears, with a voice of Debian's: how much they understand, what they never make up, and a page that is spoken to.

Everything is spoken at test time by flite's voice slt (Debian's package flite), and heard by backprop[voice].
A synthetic voice is clean and never hesitates by itself: nothing here is a claim about people.
"""

import re
import shutil
import socket
import subprocess
import tomllib
import wave
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from jupyter_session import CHROMIUM_FLAGS, chromium, learners_lab, once_more, opened

from backprop.interview import bank, hearing, listen, recognizer

TEXTS = tomllib.loads((Path(__file__).parent / "spoken.toml").read_text(encoding="utf-8"))["text"]
CORE = [q.filled() for q in bank.questions().values() if q.core]
WRONG_WORDS, WORST, RUN = 0.15, 0.30, 10  # shares of the words, together and of one answer; words missing in a row
NEW = 0.04  # of all pairs of an answer and a point: noticed where it was heard, and not where it is typed
RATE = recognizer.RATE

# Each is wrong by the words in the middle; the right ones must not be heard in their place.
MISTAKES = [
    ("Delta is W times the delta above.", "transpose"),
    ("At the output delta is target minus output.", "output minus target"),
    ("The bias gradient is the mean of delta over the batch.", "sum"),
    ("The bias gradient is the median of delta.", "sum"),
    ("The weight gradient is delta times the weights.", "activation"),
    ("The slope is taken at a, the activation.", "at z"),
    ("Going forward we throw the activations away.", "keep"),
    ("The chain rule is applied from the input on.", "output"),
    ("The forward pass multiplies by W transposed.", "backward"),
    ("Sigmoid has a slope of at most one half.", "quarter"),
    ("Adam divides by the square of the gradient.", "root"),
    ("Xavier sets the variance to the number of inputs.", "one over"),
    ("Softmax with cross entropy gives y minus p.", "p minus y"),
    ("Batch norm averages over the features.", "over the batch"),
    ("With zero weights the hidden units become different.", "same"),
    ("The cost is one forward pass for each weight.", "few"),
]


@pytest.fixture(scope="session")
def say(tmp_path_factory):
    """Samples of a text as slt speaks it, 16,000 a second; skipped with the reason without ears or a voice."""
    if missing := recognizer.missing():
        pytest.skip(f"The ears are not installed. {missing}")
    if not shutil.which("flite"):
        pytest.skip("There is no voice to speak with (Debian and Ubuntu: apt-get install flite).")
    folder, numbers = tmp_path_factory.mktemp("spoken"), count()

    def spoken(text):
        path = folder / f"{next(numbers)}.wav"
        subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", str(path)], check=True)
        with wave.open(str(path)) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
            return np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32) / 2**15

    return spoken


@pytest.fixture(scope="session")
def hear(say):
    """What is heard of samples. No connection is opened from here on: whoever tries is refused."""
    model = recognizer.load()

    def refused(*_):
        raise AssertionError("a connection was opened")

    def listened(samples):
        with pytest.MonkeyPatch.context() as patch:
            for name in ("connect", "connect_ex", "sendto"):
                patch.setattr(socket.socket, name, refused)
            return recognizer.heard(model, samples)

    return listened


@pytest.fixture(scope="session")
def answers(say, hear):
    """The ten texts: (their table, their samples, what was heard)."""
    spoken = [(text, say(text["spoken"])) for text in TEXTS]
    return [(text, samples, hear(samples)) for text, samples in spoken]


# ---- how much is understood ----


def words(text):
    """Words to compare: small letters, numbers as they are, no punctuation."""
    bare = re.sub(r"[^\w'.]+|\.(?!\d)", " ", text.lower().replace("’", "'"))
    return bare.split()


def compared(said, heard):
    """(edits from one list of words to the other, the longest run of words that are missing)."""
    edits = np.zeros((len(said) + 1, len(heard) + 1), int)
    edits[:, 0], edits[0] = np.arange(len(said) + 1), np.arange(len(heard) + 1)
    for i, one in enumerate(said, 1):
        for j, other in enumerate(heard, 1):
            edits[i, j] = min(edits[i - 1, j] + 1, edits[i, j - 1] + 1, edits[i - 1, j - 1] + (one != other))
    i, j, run, longest = len(said), len(heard), 0, 0
    while i and j:
        if edits[i, j] == edits[i - 1, j - 1] + (said[i - 1] != heard[j - 1]):
            i, j, run = i - 1, j - 1, 0
        elif edits[i, j] == edits[i - 1, j] + 1:
            i, run = i - 1, run + 1
        else:
            j -= 1
        longest = max(longest, run)
    return edits[-1, -1], max(longest, i)


def test_words_are_compared():
    assert compared("a b c d e".split(), "a x d e f".split()) == (3, 1)
    assert compared("a b c d".split(), "d".split()) == (3, 3)
    assert compared("a b c d".split(), "a".split()) == (3, 3)
    assert words("It’s δ, 0.25 (p). Right.") == ["it's", "δ", "0.25", "p", "right"]


def test_ten_answers_are_understood(answers, tell):
    results = {}
    for text, _, heard in answers:
        said = words(text["spoken"])
        edits, run = compared(said, words(hearing.sentences(heard.words)))
        results[text["question"]] = edits, len(said), run
    wrong, all_words = (sum(one[n] for one in results.values()) for n in (0, 1))
    worst, run = max(e / n for e, n, _ in results.values()), max(run for *_, run in results.values())
    tell(f"words heard wrongly: {wrong / all_words:.1%} of {all_words} (at most {WRONG_WORDS:.0%}), worst {worst:.1%}")
    tell(f"longest run of words missing: {run} (at most {RUN})")
    assert wrong / all_words <= WRONG_WORDS and worst <= WORST and run <= RUN
    assert not [lost for *_, heard in answers for lost in hearing.lost(heard)]


def test_what_is_heard_is_noticed_as_what_is_typed(answers, tell):
    pairs = new = typed = heard_too = 0
    for text, _, heard in answers:
        said = hearing.sentences(heard.words)
        for q in CORE:
            before, after = (set(listen.points_noticed(q, one)) for one in (text["spoken"], said))
            pairs, new = pairs + len(q.points), new + len(after - before)
            if q.id == text["question"]:
                typed, heard_too = typed + len(before), heard_too + len(after & before)
    tell(f"newly noticed: {new} of {pairs} pairs, {new / pairs:.1%} (at most {NEW:.0%})")
    tell(f"of {typed} points noticed in the typed answers, {heard_too} in the heard ones (at most two fewer)")
    assert new / pairs <= NEW and heard_too >= typed - 2 > 30


def test_pace_is_what_was_spoken(answers, tell):
    """Words by time, together; one answer of spelled formulas is joined into fewer words."""
    spoken, seconds = (
        [f(one) for one in answers] for f in (lambda a: len(a[0]["spoken"].split()), lambda a: len(a[1]) / RATE)
    )
    heard = sum(hearing.pace(one[2])[0] * each for one, each in zip(answers, seconds)) / sum(seconds)
    true = 60 * sum(spoken) / sum(seconds)
    tell(f"words a minute: {true:.0f} spoken, {heard:.0f} heard (within 5%)")
    assert abs(heard / true - 1) <= 0.05


# ---- time ----


def trimmed(samples):
    """Samples without the silence around them."""
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    return samples[loud[0] : loud[-1] + 1]


def silence(seconds):
    return np.zeros(round(seconds * RATE), np.float32)


def test_pauses_over_two_seconds_are_found(say, hear, tell):
    """Five lengths, among them one that is too short to be told."""
    pieces = [trimmed(say(TEXTS[n]["spoken"].split(".")[0])) for n in range(6)]
    given = [2.4, 1.2, 4.2, 3.0, 7.5]
    samples, at, starts = [silence(1), pieces[0]], 1 + len(pieces[0]) / RATE, []
    for seconds, piece in zip(given, pieces[1:]):
        starts.append(at)
        samples += [silence(seconds), piece]
        at += seconds + len(piece) / RATE
    found = hearing.pauses(hear(np.concatenate([*samples, silence(1)])))
    true = [(start, seconds) for start, seconds in zip(starts, given) if seconds > hearing.PAUSE]
    off = np.abs(np.array(found) - np.array(true)) if len(found) == len(true) else None
    tell(f"pauses: {[round(seconds, 2) for _, seconds in found]} of {[seconds for _, seconds in true]} (within 0.4 s)")
    assert off is not None and off.max() <= 0.4


def test_hesitations_are_heard(say, hear, tell):
    """No recognizer hears all of them, which is why it says "at least"; it makes none up."""
    text = (
        "Um, so the gradient is, uh, the derivative of the loss. Uh, and then, um, we go backward through the layers."
    )
    heard = hear(say(text))
    tell(f"hesitations: {hearing.hesitations(heard.words)} of 4")
    assert 1 <= hearing.hesitations(heard.words) <= 4


def test_none_is_made_up(answers):
    assert not any(hearing.hesitations(heard.words) for *_, heard in answers)


# ---- honesty ----


def noises():
    rng, seconds = np.random.default_rng(0), 20
    white = rng.normal(size=seconds * RATE).astype(np.float32)
    pink = np.fft.irfft(np.fft.rfft(white) / np.sqrt(np.arange(1, seconds * RATE // 2 + 2))).astype(np.float32)
    hum = np.sin(2 * np.pi * 50 * np.arange(seconds * RATE) / RATE).astype(np.float32)
    return {
        "silence": silence(seconds),
        "quiet noise": 0.001 * white,
        "white noise": 0.1 * white,
        "pink noise": 0.1 * pink / pink.std(),
        "hum": 0.3 * hum,
    }


@pytest.mark.parametrize("name", noises())
def test_nothing_is_heard_where_nothing_is_said(hear, name):
    assert hear(noises()[name]).words == ()


def test_no_wrong_term_becomes_the_right_one(say, hear):
    mended = {}
    for said, right in MISTAKES:
        assert right not in said.lower()
        heard = hearing.sentences(hear(say(said)).words)
        assert heard
        if right in heard.lower():
            mended[said] = heard
    assert not mended


# ---- in the page ----

CELL = """import os
os.environ["BACKPROP_RECORD"] = "spoken.sqlite3"

from backprop.interview import panel

mock = panel("own choice", id="mock", questions=["neuron.sixty-seconds"], seed=3)
mock"""
SPOKEN, SOON = 20, 15  # seconds that are spoken, and after which their words must be there


@pytest.fixture
def spoken_to(say, tmp_path, tmp_path_factory):
    """A learner's JupyterLab in a browser whose microphone is the sixty-second answer."""
    from playwright.sync_api import sync_playwright

    if (path := chromium()) is None:
        pytest.skip("No Chromium or Chrome is installed (Debian and Ubuntu: apt-get install chromium).")
    (text,) = [text["spoken"] for text in TEXTS if text["question"] == "neuron.sixty-seconds"]
    with wave.open(str(tmp_path / "microphone.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((np.concatenate([silence(1), say(text)]) * 2**15).astype(np.int16).tobytes())
    lent = ["--use-fake-ui-for-media-stream", f"--use-file-for-fake-audio-capture={tmp_path}/microphone.wav%noloop"]
    homes = (tmp_path_factory.mktemp("home") for _ in count())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*CHROMIUM_FLAGS, *lent])
        with once_more(lambda home: learners_lab(browser, home), homes) as lab:
            yield lab
        browser.close()


def test_an_answer_that_is_spoken_is_read_and_played(spoken_to, in_time):
    from playwright.sync_api import expect

    with opened(spoken_to, "spoken", CELL) as notebook:
        page = notebook.page
        page.get_by_role("button", name="Begin").click()
        speak, words_there = page.locator(".bp-speak"), page.locator(".bp-words button")
        speak.click()
        expect(speak).to_contain_text("Stop")
        page.wait_for_function(
            "s => document.querySelector('.bp-taken').textContent >= s", arg=f"0:{SPOKEN}", timeout=40000
        )
        speak.click()
        taken = page.evaluate(
            """async () => {
                const began = performance.now();
                while (!document.querySelector('.bp-words button')) {
                    if (performance.now() - began > 60000) throw new Error('no words');
                    await new Promise(done => setTimeout(done, 50));
                }
                return performance.now() - began;
            }"""
        )
        in_time(f"the words of {SPOKEN} s", taken, 1000 * SOON)
        notes = page.locator(".backprop-interview textarea").input_value()
        assert "chain rule" in notes and "backward" in notes.lower() and len(notes.split()) > 35
        assert page.locator(".bp-watch .bp-time").inner_text().endswith("of 1:00")  # the clock stands
        words_there.nth(25).click()
        page.wait_for_function("() => document.querySelector('.bp-now')")
        assert page.locator(".bp-playback audio").evaluate("audio => audio.currentTime") > 5
        assert not notebook.complaints()  # among them requests to another host
