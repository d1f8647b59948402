"""What of a parameter's gradient comes through which line of the loss, where the parameter is used in several.

A gradient is the sum over all ways on which the parameter reaches the loss. Where a claimed one is a sum of these
shares, some of them left out or counted twice, that is the mistake: the penalty was forgotten, or all steps but one.
"""

import ast
import copy
import time

import numpy as np

from backprop.practice.expressions import is_numpy
from backprop.practice.values import SPY

STEP = 1e-5
EXACT = 1e-5  # how nearly a claimed gradient is a sum of shares
PATIENCE = 1.5  # seconds for all of them
FIXED = ("shape", "size", "ndim", "dtype")  # what no number of the parameter changes
MOST = 12  # shares that are told apart


class Use:
    """What each use of a parameter passes: it notes where which one is used, or nudges one in some of its uses."""

    def __init__(self, leaves):
        self.leaves = leaves
        self.begin()

    def begin(self, keys=(), shift=None):
        self.keys, self.shift, self.times, self.seen = keys, shift, {}, []

    def __call__(self, site, value):
        name = self.name_of(value)
        if name is None:
            return value
        key = name, site, self.times.get((name, site), 0)
        self.times[name, site] = key[-1] + 1
        self.seen.append(key)
        return value + self.shift if key in self.keys else value

    def name_of(self, value):
        """The parameter that a value is, by its numbers; None where it is none."""
        if not isinstance(value, np.ndarray):
            return None
        return next((name for name, array in self.leaves.items() if np.array_equal(array, value)), None)


class Wrap(ast.NodeTransformer):
    """Let whatever is calculated with in a tree pass the spy: operands, what an index or a method belongs to."""

    def __init__(self, part, sites):
        self.part, self.sites = part, sites

    def spied(self, node):
        if not isinstance(node, (ast.Name, ast.Subscript, ast.Attribute)) or is_numpy(node):
            return node
        self.sites.append((self.part, self.part.line(node)))
        made = ast.Call(ast.Name(SPY, ast.Load()), [ast.Constant(len(self.sites) - 1), node], [])
        return ast.fix_missing_locations(ast.copy_location(made, node))

    def visit_BinOp(self, node):
        self.generic_visit(node)
        node.left, node.right = self.spied(node.left), self.spied(node.right)
        return node

    def visit_Attribute(self, node):
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load) and node.attr not in FIXED:
            node.value = self.spied(node.value)
        return node

    def visit_Subscript(self, node):
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load):
            node.value = self.spied(node.value)
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute):  # NumPy's functions, and methods: the learner's own hand it on
            node.args = [self.spied(one) for one in node.args]
        return node


class Shares:
    """The uses of the parameters in a loss. draft is a fresh copy of it, arguments are what it is called with."""

    def __init__(self, draft, arguments, leaves):
        self.sites, self.spy, self.end = [], Use(leaves), time.thread_time() + PATIENCE
        self.main = getattr(draft, "part", draft)
        for part in draft.parts():
            Wrap(part, self.sites).generic_visit(part.body)
            part.home.globals[SPY] = self.spy
        self.function, self.given = draft.as_is(), copy.deepcopy(list(arguments))
        self.loss()
        self.seen = list(self.spy.seen)

    def loss(self, keys=(), shift=None):
        self.spy.begin(keys, shift)
        return float(self.function(*copy.deepcopy(self.given)))

    def ways(self, name):
        """{where: keys} of a parameter's uses: line by line; or where it is used in one alone, time by time."""
        keys = [key for key in self.seen if key[0] == name]
        found = {}
        for key in keys:
            found.setdefault(self.sites[key[1]], []).append(key)
        if len(found) == 1 and len({key[1] for key in keys}) == 1:
            return {(place, key[-1]): [key] for place in found for key in keys}
        return {(place, None): keys for place, keys in found.items()}

    def told(self, name, places, claimed):
        """Which shares a claimed gradient, at these places, holds wrongly, in words; "" where it is no sum of them."""
        ways = self.ways(name)
        if not 2 <= len(ways) <= min(MOST, len(places) - 2):
            return ""
        slopes = [self.slopes(name, keys, places) for keys in ways.values()]
        if not all(slopes):  # there was no time
            return ""
        ways = [way for way, slope in zip(ways, slopes) if np.any(slope)]
        slopes = np.array([slope for slope in slopes if np.any(slope)]).T
        if len(ways) < 2 or np.linalg.matrix_rank(slopes) < len(ways):
            return ""
        counts = np.linalg.lstsq(slopes, claimed)[0]
        if np.linalg.norm(slopes @ counts - claimed) > EXACT * np.linalg.norm(claimed):
            return ""
        counts = dict(zip(ways, counts.round(4)))
        wrong = {way: count for way, count in counts.items() if count != 1}
        if not wrong or len(wrong) == len(ways):  # of one that is right nothing is known, then
            return ""
        return self.in_words(wrong, len(ways))

    def slopes(self, name, keys, places):
        """The slope of the loss with respect to a parameter in some of its uses, at these places."""
        shift, found = np.zeros(self.spy.leaves[name].shape), []
        for place in places:
            if time.thread_time() > self.end:
                return []
            both = []
            for shift.flat[place] in (STEP, -STEP):
                both.append(self.loss(keys, shift))
            shift.flat[place] = 0
            found.append((both[0] - both[1]) / (2 * STEP))
        return found

    def in_words(self, wrong, count):
        """What is wrong of the shares: {(place, time): how often it is in there}, of so many in all."""
        times = [time for _, time in wrong if time is not None]
        if times and set(wrong.values()) == {0} and len(times) == count - 1:
            only = next(n for n in range(count) if n not in times)
            ((part, line), _) = next(iter(wrong))
            which = {0: "the first", count - 1: "the last"}.get(only, f"run {only + 1}")
            runs = f"{count} runs" if only in (0, count - 1) else f"{count}"
            return f"nothing but {which} of {runs} of line {line} of your loss is there"
        said = []
        for ((part, line), turn), times_in in wrong.items():
            run = "" if turn is None else f", in run {turn + 1} of {count},"
            helper = "" if part is self.main else f", in {part.body.name},"
            how = "is missing" if times_in == 0 else f"is {times_in:.3g} times what it should be"
            how = "has the wrong sign" if times_in == -1 else how
            said.append(f"what comes through line {line}{helper or ' of your loss'}{run} {how}")
        return " and ".join(said) + ": the rest is right"


def of(make_draft, arguments, leaves):
    """The shares of a loss, or None where it can't be copied, or the copy can't be run."""
    try:
        return Shares(make_draft(), arguments, leaves)
    except Exception:  # whatever a copy of the learner's own code does
        return None
