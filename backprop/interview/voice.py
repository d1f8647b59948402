"""What the recorders in the panel and in `aloud` share: a recording comes in pieces, is heard, and its words are shown.

The sound is kept in memory until it has been heard, and nowhere else. Without the ears nothing is sent to the kernel.
"""

import asyncio
from pathlib import Path

import anywidget
from traitlets import Bool, Float, List, Unicode

from backprop.interview import hearing, recognizer
from backprop.page import script

HERE = Path(__file__).parent
MICROPHONE = HERE / "microphone.js"
MOST = 64  # pieces of a megabyte; a recording of an hour has about 15
FAILED = "The ears have failed ({}). Your recording can still be played; type your notes as ever."


class Listener(anywidget.AnyWidget):
    """A recorder whose recordings are heard. Subclasses say what is done with the words.

    deaf     the sentence that says what would add the ears, or ""
    seconds  what the question gives; answer: the model answer, which the figures are beside
    told     where the ears stand, in a sentence
    words    [text, start, end] of each word; rows: the figures; stretches: [sentence, second] to play
    unheard  the points that no word hinted at, as sentences
    waiting  whether a recording is being heard
    """

    deaf = Unicode().tag(sync=True)
    seconds = Float().tag(sync=True)
    answer = Unicode()
    told = Unicode().tag(sync=True)
    words = List().tag(sync=True)
    rows = List().tag(sync=True)
    stretches = List().tag(sync=True)
    unheard = List().tag(sync=True)
    waiting = Bool(False).tag(sync=True)

    def __init__(self, **traits):
        super().__init__(deaf=recognizer.missing(), **traits)
        self._pieces, self._sound = {}, None  # of the recording that is coming in, by number; which one that is
        self.running = False  # whether one is under way, as far as the page has said
        self.on_msg(lambda _, content, buffers: self._receive(content, buffers))

    # ---- what comes from the page ----

    def _receive(self, content, buffers):
        if "begin" in content:
            self._begin(content["begin"])
        elif "piece" in content:
            self._take(content, buffers)
        elif "end" in content:
            self.running = False
            self.finished()
        elif "gone" in content:  # the page was loaded anew, or left, and its recording with it
            self.running = False

    def _begin(self, sound):
        """A recording begins: forget the last one, and load the model meanwhile."""
        self._sound, self._pieces, self.running = sound, {}, True
        with self.hold_sync():
            self.told, self.waiting = "", False
            self.words, self.rows, self.stretches, self.unheard = [], [], [], []
        if not self.deaf:
            aside(recognizer.load, lambda _, problem: setattr(self, "told", problem))

    def _take(self, content, buffers):
        """A piece of the recording. Each is acknowledged; the same one may come twice."""
        sound, piece, pieces = content["sound"], content["piece"], content["of"]
        if sound != self._sound or not 0 <= piece < pieces <= MOST:
            return
        self.send({"got": piece, "sound": sound})
        if self.waiting:
            return
        self._pieces[piece] = bytes(buffers[0])
        if len(self._pieces) == pieces:
            whole, self._pieces = b"".join(self._pieces[n] for n in range(pieces)), {}
            self.told, self.waiting = "Listening to your recording …", True
            lines = content.get("lines", [])
            aside(lambda: recognizer.hear(whole), lambda heard, problem: self._hear(sound, heard, problem, lines))

    def _hear(self, sound, heard, problem, lines):
        if sound != self._sound:
            return  # another one has begun meanwhile
        self.waiting = False
        if problem:
            self.told = problem
            return
        text = hearing.sentences(heard.words)
        with self.hold_sync():
            self.told = "" if text else "Nothing was understood: no words are in the recording."
            self.words, self.stretches = hearing.timed(heard), hearing.stretches(heard)
            self.rows = hearing.figures(heard, self.seconds, self.answer)
            self.heard(heard, text, lines)

    def finished(self):
        """What is done when somebody has finished speaking."""

    def heard(self, heard, text, lines):
        """What else is done with what was heard."""


def aside(work, then):
    """Run `work`, in a thread where a loop waits for it, and call then(result, "") or then(None, sentence)."""

    def attempt():
        try:
            return work(), ""
        except recognizer.Deaf as problem:
            return None, str(problem)
        except Exception as error:  # nobody sees a thread's stderr, so it is said where the words would stand
            return None, FAILED.format(f"{type(error).__name__}: {error}")

    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        then(*attempt())
        return
    loop.run_in_executor(None, attempt).add_done_callback(lambda done: then(*done.result()))


class Voice(Listener):
    """*Speak* beside the notes: what is said lands there as sentences, to be edited.

    finished is called when the clock is to stop, landed(text) when there are words. The coding round speaks beside its
    stages: its clock goes on, and the lines with a product are held beside the shapes that were said.
    """

    _esm = script(MICROPHONE, HERE / "voice.js")
    _css = HERE / "voice.css"

    coded = Bool(False).tag(sync=True)

    def __init__(self, finished, **traits):
        super().__init__(**traits)
        self.finished, self.landed = finished, lambda text: None

    def __repr__(self):
        return "the recorder of the interview"

    def heard(self, heard, text, lines):
        if self.coded:
            self.stretches = [*hearing.beside_code(heard, lines), *self.stretches]
        if text:
            self.landed(text)

    @property
    def busy(self):
        """Why nothing can be handed in yet, or ""."""
        if self.running:
            return "You are still being recorded: stop first, so that what you said is not lost."
        return "I am still listening to your recording: its words come in a moment." if self.waiting else ""
