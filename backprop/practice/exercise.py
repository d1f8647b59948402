"""An exercise: a clean solution, and the slips that people make in it, each some edits of the solution's source.

Applying the edit and running the result gives the wrong answer that somebody with that misconception gives. Slips
compose: two edits applied together are two mistakes made together. (Brown & Burton's BUGGY diagnosed arithmetic this
way in 1978.)
"""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from backprop.practice.results import near, same_array, same_in_shape, same_shape
from backprop.practice.run import run

CASES = 3  # generated inputs per check, besides the special ones


@dataclass(frozen=True)
class Slip:
    """`edits`, each (start, end, text), make the slip's program of the solution: text[start:end] is replaced.

    name    what is wrong with the code, in a few words: "W^{l+1} is not transposed"
    means   what somebody who writes this believes, or forgot
    says    what an interviewer would say to set it right, without giving the answer
    """

    id: str
    edits: tuple[tuple[int, int, str], ...]
    name: str
    means: str
    says: str


@dataclass(frozen=True, eq=False)
class Exercise:
    """What is asked, its solution, and how answers are checked.

    id         "topic.name", for `check`
    title      a line
    where      the link to its section, "02_delta_recurrence.ipynb#B2:-one-layer-down"; its file holds the section's key
    kind       "function", "expression", "number" or "shape": what the learner hands in
    level      "recall", "apply" or "interview"; minutes is the time it takes
    prompt     what is asked, in Markdown
    starter    what the learner's cell holds at first
    solution   Python source of one function (for an expression: the expression). np is there, and what `names` holds
    returns    the names of what it returns, for messages: ("dW", "db")
    inputs     {name: rng -> dict of arguments}. The first are the ordinary ones: never square, a batch size unlike any
               width, biases non-zero. Further ones expose a slip: "a logit is 1000", a tie, a kink
    hints      from a nudge to nearly everything
    batch      (argument, axis) where the batch size is read for "B times too big"; None where there is no batch
    rows       for an exercise that leaves the dialect open: the arguments and results that a rows answer sees
               transposed; None where the dialect is given
    seed       which numbers an exercise by hand is asked with
    exact      whether axes of length 1 count: they are the point, say of undoing a broadcast
    teaches    for an item of the cold diagnostic: the number of the notebook that teaches it
    """

    id: str
    title: str
    where: str
    kind: str
    level: str
    minutes: int
    prompt: str
    starter: str
    solution: str
    returns: tuple[str, ...]
    inputs: dict[str, Callable]
    hints: tuple[str, ...]
    slips: tuple[Slip, ...]
    names: dict = field(default_factory=dict)
    batch: tuple[str, int] | None = None
    rows: tuple[str, ...] | None = None
    seed: int = 0
    teaches: str = ""
    exact: bool = False

    @cached_property
    def cases(self):
        """The inputs of every check, the same each time, and for all exercises of one generator: dicts of arguments.

        The ordinary ones are drawn with three seeds, and each further one with the next. An exercise by hand has one,
        its seed's.
        """
        if self.kind in ("number", "shape"):
            return [self.drawn(self.seed)]
        ordinary, *special = self.inputs.values()
        return [make(np.random.default_rng(n)) for n, make in enumerate([ordinary] * CASES + special)]

    @property
    def case_names(self):
        """The name of each case's input: the ordinary one's as often as it is drawn."""
        ordinary, *special = self.inputs
        return [ordinary] if self.kind in ("number", "shape") else [ordinary] * CASES + special

    @cached_property
    def counters(self):
        """The names that the solution's loops count with: where one stands at the end says nothing."""
        return set(re.findall(r"\bfor (\w+) in", self.solution))

    def drawn(self, seed):
        """The ordinary inputs that belong to a seed."""
        return next(iter(self.inputs.values()))(np.random.default_rng(seed))

    def asked(self, seed):
        """The same exercise by hand with other numbers."""
        return replace(self, seed=seed)

    @cached_property
    def reference(self):
        """What the solution gives on each case."""
        return self.results(())

    def results(self, slips):
        """What the solution gives on each case with these slips in it: a `Run` each."""
        return [self.outcome(slips, n) for n in range(len(self.cases))]

    def outcome(self, slips, n):
        """What the solution gives with these slips on case n, kept: most slips are ruled out by the first case."""
        if slips not in self._functions:
            source = self.edited(slips)
            self._functions[slips] = self.function(source), self.whole(source)
        if (slips, n) not in self._outcomes:
            function, source = self._functions[slips]
            result = run(function, self.cases[n], source=source)
            like = self.outcome((), n).value if slips else result.value
            self._outcomes[slips, n] = result.fit(self.returns, like)
        return self._outcomes[slips, n]

    @cached_property
    def _functions(self):
        return {}

    @cached_property
    def _outcomes(self):
        return {}

    @property
    def alike(self):
        """How an array of an answer is compared with the solution's."""
        return {"number": near, "shape": same_shape}.get(self.kind, same_in_shape if self.exact else same_array)

    def same(self, runs, others):
        """Whether two lists of runs, one for each case, agree throughout."""
        return all(one.same(other, self.alike) for one, other in zip(runs, others))

    def compatible(self, one, other):
        """Whether the edits of two slips touch different places."""
        return all(
            (end <= at or stop <= start) and (start, end) != (at, stop)
            for start, end, _ in one.edits
            for at, stop, _ in other.edits
        )

    def edited(self, slips):
        """The solution with the edits of `slips`, which are compatible."""
        source, at = "", 0
        for start, end, text in sorted((edit for slip in slips for edit in slip.edits), key=lambda edit: edit[:2]):
            source, at = source + self.solution[at:start] + text, end
        return source + self.solution[at:]

    def function(self, source):
        """The function that a solution's source defines. The source is the bank's own, never a learner's."""
        source, scope = self.whole(source), {"np": np} | self.names
        exec(compile(source, f"<{self.id}>", "exec"), scope)  # not by way of ast, which takes three times as long
        return scope[re.findall(r"(?m)^def (\w+)", source)[-1]]

    def whole(self, source):
        """A solution's source as a function, where it is the line of an expression."""
        return f"def answer({', '.join(self.cases[0])}):\n    return {source}" if self.kind == "expression" else source

    def slip_sets(self, count):
        """Every set of `count` slips, one or two, whose edits don't overlap."""
        sets = itertools.combinations(self.slips, count)
        return [slips for slips in sets if count == 1 or self.compatible(*slips)]
