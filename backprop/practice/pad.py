"""The pad of a bare round: the prompt and a clock that runs in the page, the twist halfway, and the debrief."""

import time
from html import escape
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Float, List, Unicode

from backprop.page import script
from backprop.practice.bare import Debrief, Handed, judge, spec
from backprop.practice.rounds import Log, keep, minutes, rounds, stage_times
from backprop.practice.verdict import Text

HERE = Path(__file__).parent
HEAD = "text-align:left;vertical-align:top;white-space:nowrap;width:1%"


class Pad(anywidget.AnyWidget):
    """A bare coding round: `data` to train on, a clock, and `judge` for what you hand in at the end."""

    _esm = script(HERE / "pad.js")
    _css = HERE / "pad.css"

    name = Unicode().tag(sync=True)
    paragraphs = List(Unicode()).tag(sync=True)
    twist = Unicode().tag(sync=True)
    limit = Float().tag(sync=True)  # seconds
    began, ended = (Float().tag(sync=True) for _ in range(2))  # ms on the browser's clock, 0 where it isn't so yet

    def __init__(self, seed: int) -> None:
        self.spec, self._from, self._to, self._log, self._kept = spec(seed), None, None, Log(), False
        super().__init__(
            name=f"Bare round {seed}",
            paragraphs=self.spec.prompt,
            twist=self.spec.said,
            limit=60.0 * self.spec.minutes,
        )
        self.observe(self._begun, "began")
        self.observe(self._stopped, "ended")

    @property
    def data(self) -> tuple:
        """X, y, X_new and y_new, arranged as the prompt says."""
        return self.spec.handed_over()

    @property
    def seconds(self) -> float | None:
        """How long the clock has run; None where it was not started."""
        return None if self._from is None else (self._to or time.monotonic()) - self._from

    def start(self) -> None:
        """Start the clock, as its button does."""
        self.began = self.began or 1000 * time.time()

    def stop(self) -> None:
        """Stop the clock, as its button does."""
        if self.began:
            self.ended = self.ended or 1000 * time.time()

    def say(self) -> Text:
        """The prompt, and from half of the time on the twist, as text."""
        told = [*self.paragraphs]
        half = minutes(self.limit / 2)
        came = self.seconds is not None and self.seconds >= self.limit / 2
        return Text("\n".join([*told, f"The twist: {self.twist}" if came else f"At {half} something is added."]))

    def judge(  # noqa: PLR0917 - they go by name
        self,
        init: Any = ...,
        loss: Any = ...,
        backward: Any = ...,
        gradient_check: Any = ...,
        predict: Any = ...,
        trained: Any = ...,
    ) -> Text:
        """Stop the clock and say, of each part, whether it is right, and when it was there.

        `init` may be a class with the others as its methods. `trained` are parameters, or the object that holds them.
        The first time the result goes into the record.
        """
        handed = Handed(init, loss, backward, gradient_check, predict, trained)
        if handed.nothing:
            return Text("not attempted yet")
        self.stop()
        debrief = judge(self.spec, handed)
        if not self._kept:
            keep(self.spec, debrief, self.seconds)
            self._kept = True
        return Report(self, debrief, stage_times(self._log, handed, self.limit))

    def _begun(self, _):
        self._from = time.monotonic()
        if shell := _shell():
            shell.events.register("post_run_cell", self._look)

    def _stopped(self, _):
        self._to = time.monotonic()
        if shell := _shell():
            self._look()
            if self._look in shell.events.callbacks["post_run_cell"]:
                shell.events.unregister("post_run_cell", self._look)

    def _look(self, *_):
        """Note which functions there are, after each cell that was run."""
        self._log.note(_shell().user_ns, self.seconds)

    def __repr__(self):
        return f"{self.name}, {self.spec.minutes} minutes. Run this cell in JupyterLab, and press Start when ready."


def _shell():
    """The notebook's shell, or None outside of one."""
    from IPython import get_ipython

    return get_ipython()


class Report(Text):
    """The debrief: a line for each part, when it was there, and what comes next."""

    def __init__(self, pad: Pad, debrief: Debrief, times: list[str]) -> None:
        spent, limit = pad.seconds, pad.limit
        over = 0.0 if spent is None else spent - limit
        state = "right" if debrief.passed and over <= 0 else "not yet"
        clock = "without the clock" if spent is None else f"{minutes(spent)} of {minutes(limit)}"
        self.head = f"{pad.name}, {clock}: {state}"
        self.rows = [*debrief.rows, ("twist", self._twist(pad, debrief))]
        if over > 0:
            self.rows.append(("clock", f"{minutes(over)} over. What would you have left out?"))
        self.times = times
        self.after = f"Another prompt with another twist: live.bare(seed={pad.spec.seed + 1})."
        lines = [self.head, *(f"  {stage:15} {said}" for stage, said in self.rows)]
        super().__init__("\n".join([*lines, *(f"  {one}" for one in self.times), self.after]))

    @staticmethod
    def _twist(pad, debrief):
        if not debrief.twisted:
            return f"not taken up, so all was held to the first prompt. It was: {pad.twist}"
        wrong = {"loss", "gradients", "large logits"} & {stage for stage, _ in debrief.rows}
        good = all(not debrief.told(stage) or _fine(debrief.told(stage)) for stage in wrong)
        return "taken up, and right" if good and not debrief.slips else "taken up; see above what is not right yet"

    def _repr_html_(self):
        rows = "".join(
            f"<tr><th scope='row' style='{HEAD}'>{escape(stage)}</th>"
            f"<td style='text-align:left;white-space:normal'>{escape(said)}</td></tr>"
            for stage, said in self.rows
        )
        when = "".join(f"<li>{escape(one)}</li>" for one in self.times)
        when = f"<p style='margin:0.5em 0 0'><b>When it was there</b></p><ul>{when}</ul>" if when else ""
        table = f"<table style='table-layout:auto;width:100%;max-width:60em'>{rows}</table>"
        return f"<div role='status'><b>{escape(self.head)}</b>{table}{when}<p>{escape(self.after)}</p></div>"


def _fine(said):
    return said.startswith(("right", "the loss stays right"))


def bare(seed: int | None = None) -> Pad:
    """A bare round: its prompt and its clock. Without a seed, the one after those that the record knows.

    Raises ValueError for a seed that is no whole number.
    """
    taken = [one["seed"] for one in rounds()]
    return Pad(max(taken, default=0) + 1 if seed is None else seed)
