"""Say it aloud: a clock, a recording that is played back and what the ears heard. Nothing leaves the machine."""

from traitlets import Bool, Unicode

from backprop.interview import bank, hearing
from backprop.interview.voice import HERE, MICROPHONE, Listener
from backprop.page import script


class Aloud(Listener):
    """A question to answer aloud in so many seconds, with the browser's microphone where it may be used."""

    _esm = script(MICROPHONE, HERE / "aloud.js")
    _css = "\n".join((HERE / name).read_text(encoding="utf-8") for name in ("voice.css", "aloud.css"))

    prompt = Unicode().tag(sync=True)
    answer = Unicode().tag(sync=True)  # here it is shown
    hands_free = Bool(False).tag(sync=True)

    def __init__(self, question=None, **traits):
        super().__init__(**traits)
        self.question = question

    def heard(self, heard, text, lines):
        if text and self.question:
            self.unheard = hearing.not_heard(self.question, text)

    def __repr__(self):
        return f"{self.prompt} Say it aloud: run this cell for the clock and the recorder."


def aloud(prompt: str = "", seconds: float = 60, *, question: str = "", hands_free: bool = False) -> Aloud:
    """A clock for an answer that you speak, and a recorder, so that you hear what an interviewer hears.

    question    the id of a question of the bank: then its model answer stands beside what you said, and it may ask
                itself: without a prompt it brings its own, and its time
    hands_free  begins with the box ticked by which one start is enough: a countdown, your answer until you are silent,
                what you said, and again

    Raises ValueError where there is no such question, the prompt is no text or the seconds are no positive number.
    """
    asked = bank.questions().get(question)
    if question and asked is None:
        raise ValueError(f"There is no question {question!r}; backprop.interview.bank.questions() lists them.")
    if asked:
        asked = asked.filled()
        prompt, seconds = (prompt, seconds) if prompt else (asked.prompt, 60 * asked.minutes)
    if not isinstance(prompt, str) or not prompt.strip():
        raise ValueError(f"The prompt is {prompt!r}, but should be the question, in quotes.")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < float("inf"):
        raise ValueError(f"seconds is {seconds!r}, but should be a positive number, such as 60.")
    answer = asked.answer if asked else ""
    return Aloud(asked, prompt=prompt, seconds=float(seconds), answer=answer, hands_free=bool(hands_free))
