"""The slope of a loss with respect to every value that it computes on its way, by differences.

They are the δ's of a network whose names and structure nobody knows: of what a right backward pass computes, most
is one of them. So they take the place of a solution where there is none (see `values.Exchange`).
"""

import ast
import copy
import itertools
import time

import numpy as np

from backprop.practice.values import SPY

STEP = 1e-5
LARGEST = 400  # numbers of one value that are nudged
PATIENCE = 2.5  # seconds for all of them


class Probe:
    """What each value of the loss passes: it keeps them, or nudges one number of one of them."""

    def __init__(self):
        self.begin()

    def begin(self, key=None, shift=None):
        self.seen, self.times, self.key, self.shift = {}, {}, key, shift

    def __call__(self, site, value):
        if not isinstance(value, np.ndarray) or value.dtype.kind != "f" or not 0 < value.ndim or value.size > LARGEST:
            return value
        key = site, self.times.get(site, 0)
        self.times[site] = key[1] + 1
        if self.key is None:
            self.seen[key] = value.copy()
        return value + self.shift if key == self.key else value


class Wrap(ast.NodeTransformer):
    """Let every value of a tree that is computed pass the probe."""

    def __init__(self, numbers):
        self.numbers = numbers

    def visit(self, node):
        node = super().visit(node)
        if not isinstance(node, (ast.BinOp, ast.Call)):
            return node
        made = ast.Call(ast.Name(SPY, ast.Load()), [ast.Constant(next(self.numbers)), node], [])
        return ast.fix_missing_locations(ast.copy_location(made, node))


def slopes_of(draft, arguments):
    """({site: values}, {site: slopes}) of a loss, each with one array for every time that the site is passed.

    draft is a fresh copy of the loss, arguments what it is called with. Where there isn't the time for all slopes,
    those nearest to the loss are there.
    """
    probe, numbers, end = Probe(), itertools.count(), time.thread_time() + PATIENCE
    for part in draft.parts():
        Wrap(numbers).generic_visit(part.body)
        part.home.globals[SPY] = probe
    function, given = draft.as_is(), copy.deepcopy(list(arguments))
    function(*given)
    values, found = probe.seen, {}
    for key, value in reversed(values.items()):
        if time.thread_time() > end:
            break
        found[key] = np.zeros(value.shape)
        for place in np.ndindex(value.shape):
            shift = np.zeros(value.shape)
            both = []
            for shift[place] in (STEP, -STEP):
                probe.begin(key, shift)
                both.append(float(function(*given)))
            found[key][place] = (both[0] - both[1]) / (2 * STEP)
    whole = {site for site, _ in found} - {site for site, _ in values.keys() - found.keys()}
    return _by_site(values), _by_site({key: array for key, array in found.items() if key[0] in whole})


def _by_site(arrays):
    found = {}
    for (site, _), array in sorted(arrays.items(), key=lambda one: one[0]):
        found.setdefault(site, []).append(array)
    return found


def pool(values, slopes, batch):
    """({what: arrays}, weak) of all that a right backward pass may compute: forward values and slopes.

    Slopes may be those of the mean over the batch or of the sum; each may be transposed, and come last to first. The
    weak ones show nothing where an answer holds them: sums, for the mean may be missing, and forward values, for a
    slope may have been taken for one.
    """
    found = {("slope", site): arrays for site, arrays in slopes.items()}
    strong = _arranged(found)
    weak = {("value", site): arrays for site, arrays in values.items()}
    weak |= {("sum", site): [batch * one for one in arrays] for site, arrays in slopes.items() if batch > 1}
    weak = _arranged(weak)
    return strong | weak, set(weak)


def _arranged(found):
    """The arrays as they are, transposed, and last to first; each only once.

    What a loop computes may be begun before the loop of the way back: the last stands alone, and then the rest.
    """
    found = found | {(what, "turned"): [one.T for one in arrays] for what, arrays in found.items()}
    looped = {what: arrays for what, arrays in found.items() if len(arrays) > 1}
    found |= {(what, "backward"): arrays[::-1] for what, arrays in looped.items()}
    found |= {(what, "last"): arrays[-1:] for what, arrays in looped.items()}
    found |= {(what, "rest"): arrays[-2::-1] for what, arrays in looped.items()}
    once = {tuple((one.shape, one.round(9).tobytes()) for one in arrays): what for what, arrays in found.items()}
    return {what: found[what] for what in once.values()}
