"""The pass there and back as a widget: `picture` draws every step, and the browser does the rest by itself."""

from collections.abc import Sequence
from typing import Any

import traitlets

from backprop.activations import ACTIVATIONS
from backprop.explore.explorer import Explorer
from backprop.explore.figures import Figure, network_pass
from backprop.explore.there_and_back.numbers import LOSSES, UNKNOWN, one_pass
from backprop.explore.there_and_back.picture import frames, narrow, opening
from backprop.explore.written import wrapped
from backprop.losses import HEADS
from backprop.page import explorer

SETTINGS = ["sizes", "hidden", "loss", "output", "seed", "eta", "samples", "inputs", "targets", "predict"]


class ThereAndBack(Explorer):
    """A network to step forwards and backwards through, one operation at a time, by button, key or play.

    sizes            the widths [n_0, ..., n_L], 2 to 4 layers of at most 4 neurons
    hidden           any activation of the core, for layers 1..L-1
    loss, output     a legal pair of the core; without `output`, the loss's own
    seed, eta        of weights and samples; the learning rate of the update
    samples          how many, 1 to 3
    inputs, targets  "0.5 -1; 0.2 0.3": numbers apart by spaces, samples by ;. Empty: drawn from the seed
    predict          whether to ask for a number of each step before showing it
    settings_open    whether the settings are unfolded at first

    All of them can be changed later, here or in the browser.
    """

    _esm, _css = explorer(__file__)
    name = "The pass there and back"
    about = (
        "A small network computes its output, then finds every gradient on the way back. Press Play, or step. Tap a "
        "neuron or an edge to open it, and try Predict."
    )

    sizes = traitlets.List(traitlets.Int()).tag(sync=True)
    hidden, loss, output = (traitlets.Unicode().tag(sync=True) for _ in range(3))
    seed, samples = (traitlets.Int().tag(sync=True) for _ in range(2))
    eta = traitlets.Float().tag(sync=True)
    inputs, targets = (traitlets.Unicode().tag(sync=True) for _ in range(2))
    predict = traitlets.Bool().tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)
    opening, frames = (traitlets.Dict().tag(sync=True) for _ in range(2))  # what is shown at once, and what follows
    _step = traitlets.Int(min=0).tag(sync=True)  # where the browser was when it changed a setting
    settings_open = traitlets.Bool().tag(sync=True)

    def __init__(
        self,
        sizes: Sequence[int] = (2, 3, 2),
        *,
        hidden: str = "tanh",
        loss: str = "mse",
        output: str | None = None,
        seed: int = 0,
        eta: float = 0.5,
        samples: int = 1,
        inputs: str = "",
        targets: str = "",
        predict: bool = False,
        settings_open: bool = True,
    ) -> None:
        if output is None:
            output = next((there for name, there in HEADS if name == loss), "")
        given = [list(sizes), hidden, loss, output, seed, eta, samples, inputs, targets, predict]
        start = dict(zip(SETTINGS, given))
        self.run: Any = None
        self._runs = 0
        heads = [[name, there, f"{LOSSES[name]}, {there} output"] for name, there in HEADS]
        super().__init__(
            start,
            opening=self._opening(start),
            frames=self._frames(start),
            choices={"hidden": list(ACTIVATIONS), "heads": heads, "unknown": UNKNOWN},
            settings_open=settings_open,
        )
        self.on_msg(self._receive)

    def _opening(self, setting):
        """Run the pass of a setting: its picture, at the operation where the browser stood if the new pass has it."""
        self.run, k = self._passed(setting, self._step)
        self._runs += 1
        return {"run": self._runs, **opening(self.run, k, predict=setting["predict"])}

    def _passed(self, setting, k):
        """The pass of a setting, and where step k of the present one is in it: at the start, if there is none."""
        run = one_pass(**{name: value for name, value in setting.items() if name != "predict"})
        return run, run.when.get(self.run.steps[k].name, 0) if self.run else 0

    def _frames(self, setting):
        """Every step of that pass."""
        return {"run": self._runs, **frames(self.run, predict=setting["predict"])}

    def _states(self):
        """Every step with its question, so that Predict works, on a wide and on a narrow drawing."""
        wide = self._state() | {"opening": self._opened(), "frames": self._all()}
        paper = narrow(self.sizes)
        return wide, wide | {"opening": self._opened(paper=paper), "frames": self._all(paper=paper)}, None

    def _opened(self, **drawn):
        return {"run": self._runs, **opening(self.run, self.opening["step"], predict=True, **drawn)}

    def _all(self, **drawn):
        return {"run": self._runs, **frames(self.run, predict=True, **drawn)}

    def _show(self, setting):
        with self.hold_sync():
            self.opening = self._opening(setting)
            self._step = self.opening["step"]
        self.frames = self._frames(setting)  # a message of its own: the browser is drawing already

    def _receive(self, _, content, buffers):
        if content == "reset":
            self.reset()
        elif "ahead" in content and content["run"] == self._runs:
            settings = [self._shown | change for change in content["ahead"]]  # each as if it were chosen next
            ahead = [opening(*self._passed(one, content["step"]), predict=one["predict"]) for one in settings]
            self.send({"asked": content["asked"], "ahead": ahead})

    def reset(self) -> None:
        """Every setting as it was at first."""
        with self.hold_trait_notifications():
            self._step = 0
            for name, value in self._start.items():
                setattr(self, name, value)

    def still(self) -> Figure:
        return network_pass(self.sizes, self.run.trace.a, self.run.grads.delta[1:])

    def __repr__(self):
        """The same in every run, and all that shows where no widgets do: how the pass begins, and how it ends."""
        said = [step.words for step in (self.run.steps[0], self.run.steps[-1])]
        return wrapped(["The pass there and back, step by step: run this cell to see it move.", *said])
