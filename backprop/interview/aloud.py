"""Say it aloud: a clock, and a recording that is played back. Nothing is kept or sent, not even to the kernel."""

from pathlib import Path

import anywidget
from traitlets import Float, Unicode

from backprop.page import script

HERE = Path(__file__).parent


class Aloud(anywidget.AnyWidget):
    """A question to answer aloud in so many seconds, with the browser's microphone where it may be used."""

    _esm = script(HERE / "aloud.js")
    _css = HERE / "aloud.css"

    prompt = Unicode().tag(sync=True)
    seconds = Float().tag(sync=True)

    def __repr__(self):
        return f"{self.prompt} Say it aloud: run this cell for the clock and the recorder."


def aloud(prompt: str, seconds: float = 60) -> Aloud:
    """A clock for an answer that you speak, and a recorder, so that you hear what an interviewer hears.

    Raises ValueError where the prompt is no text or the seconds are no positive number.
    """
    if not isinstance(prompt, str) or not prompt.strip():
        raise ValueError(f"The prompt is {prompt!r}, but should be the question, in quotes.")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < float("inf"):
        raise ValueError(f"seconds is {seconds!r}, but should be a positive number, such as 60.")
    return Aloud(prompt=prompt, seconds=float(seconds))
