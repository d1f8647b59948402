"""Which results a line of an answer reaches: its value is shaken, and what changes is seen.

A single change that makes every wrong result right lies in a line that reaches all of them. So such lines are searched
first, those that leave the right results alone before the others.
"""

import ast
import functools
import itertools

import numpy as np

from backprop.practice.edits import LEVELS, Alike, changes
from backprop.practice.results import same_array
from backprop.practice.run import tried
from backprop.practice.values import Spy, spied

MOVING = ("moment", "loop", "one too many", "exchanged", "assignment")  # what is overwritten reaches nothing yet
SHAKEN = 0.1  # how far, as a part of each number


class Shaker(Spy):
    """What each computed value passes: those of one site are shaken."""

    def begin(self, site=None):
        self.site, self.rng, self.shook = site, np.random.default_rng(0), False

    def __call__(self, site, value):
        shaky = isinstance(value, (float, np.ndarray)) and np.asarray(value).dtype.kind == "f"
        if site != self.site or not shaky:
            return value
        self.shook = True
        return value * (1 + SHAKEN * self.rng.standard_normal(np.shape(value))) + SHAKEN**3


class Reach:
    """What the lines of an answer reach on a case. draft is a fresh copy of it, claimed(value) names its results."""

    def __init__(self, draft, arguments, claimed):
        spy, self.found = Shaker(), {}
        sites, parts = spied(draft, spy)
        numbers = {part: n for n, part in enumerate(draft.parts())}
        before = claimed(tried(draft.as_is(), arguments).value)  # as it is each time: it may write to what it keeps
        for k, site in enumerate(sites if before else ()):  # where it raises, nothing is reached
            spy.begin(k)
            after = claimed(tried(draft.as_is(), arguments).value)
            if spy.shook:
                moved = {name for name, one in before.items() if name not in after or not same_array(one, after[name])}
                self.found.setdefault((numbers[parts[k]], site.statement.lineno), set()).update(moved)

    def batches(self, draft, wrong, late=lambda part, node: False):
        """The changes of a draft in the order in which they are worth a try, a list at a time.

        wrong are the names of the wrong results; late(part, node) says what is tried after all else.
        """
        standing = {}
        for n, part in enumerate(draft.parts()):
            standing |= {id(node): (n, line) for node, line in statements(part.body)}

        @functools.cache
        def level_of(level):
            return [self.ranked(one, standing, wrong, late) for one in changes(draft, level)]

        for after, ranks, level in itertools.product((False, True), ((0, 1), (2,)), LEVELS):
            yield [one for rank in ranks for place, one in level_of(level) if place == (after, rank)]

    def ranked(self, change, standing, wrong, late):
        """((whether it is late, how near it is), the change): 0 if it reaches all wrong results and no right one,
        1 if it reaches all of them, or that can't be known, and 2 for the rest."""
        kind, node, part, _ = change
        nodes = node.nodes if isinstance(node, Alike) else [node]
        reached = [self.found.get(standing.get(id(one))) for one in nodes]
        rank = min(2 if one is not None and not wrong <= one else int(one != wrong) for one in reached)
        return (late(part, nodes[0]), 1 if kind in MOVING else rank), change


def statements(body):
    """(node, the line of its statement) of all that stands in statements without blocks of their own."""
    for one in ast.walk(body):
        if isinstance(one, ast.stmt) and not hasattr(one, "body"):
            yield from ((node, one.lineno) for node in ast.walk(one))
