"""`debug`: which gradients of your own network are wrong, and in which line.

The gradients are compared with central differences of your own loss, a number at a time, so nothing is asked of names
or structure. Where some are wrong, one place at a time of your own backward pass is changed, as `repair` does it.
A loss that is wrong in the same way can't be seen here: it is your loss that decides.
"""

import ast
import contextlib
import functools
import inspect
import io
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from backprop.gradcheck import central_difference
from backprop.practice import repair, shares
from backprop.practice.drafts import Draft, Method, Unsafe
from backprop.practice.reach import Reach
from backprop.practice.results import as_array
from backprop.practice.run import run, tried
from backprop.practice.slopes import pool, slopes_of
from backprop.practice.structure import raised
from backprop.practice.values import Exchange
from backprop.practice.verdict import Sentences
from backprop.practice.wording import describe, listed

SHIFT = 0.1  # how far the parameters are moved at first, for the time of the comparison
STEP = 1e-5  # of the central differences
NUDGED = 40  # numbers of each parameter that are nudged
SMALL = 1e-5  # relative error that a right gradient keeps below
CLOSE = 0.99  # cosine of two directions that are called the same
SAMPLES = (6, 7, 5, 8, 9)  # of the batch that are used: as many as no parameter is long, or one is taken for the other
MOST, PATIENCE = 5000, 5.0  # candidates at each level, and seconds for all of them
DEEPEST = 20  # lists in lists
LEFT_OUT = ("factor", "slope", "term", "divisor", "function", "sum")  # kinds of what is missing
NOWHERE = "No single line was found that fixes it. Begin with the wrong one that is nearest to the loss."
UNSTEADY = "Called twice at the same point, your gradients differ: something is kept from call to call.\n"
MOVED = "It changes parameters while it computes gradients, which are put back here: "
TIME_IS_UP = "The search ran out of time before it found a line. A smaller batch or network makes it faster."
ALONE = "it"  # the name of a parameter that stands in no dict, list or tuple
WEAKNESS = "It is held to your own loss: a loss that is wrong in the same way can't be seen here."


def debug(loss: Callable, gradients: Callable, parameters: Any, *data: Any) -> Sentences:
    """Say which gradients of your network are wrong, and in which line of your code.

    loss        loss(parameters, *data) gives a number; or loss(*data), where it finds the parameters by itself
    gradients   the same arguments; gives the gradients, arranged or named as the parameters are
    parameters  arrays of floats in a dict, a list or a tuple, nested as you like
    data        the batch, such as X and y: its first few samples are used

    A gradient is right where it agrees with central differences of your loss: (𝓛(w + h) − 𝓛(w − h)) / 2h. At most 40
    numbers of each parameter are nudged, at a point near yours. Your arrays are as before afterwards. Raises nothing.
    """
    try:
        return Sentences("\n".join(filter(None, said(loss, gradients, parameters, data))))
    except Problem as problem:
        return Sentences(str(problem))


def line_of(loss, gradients, parameters, *data):
    """The sentence about the line that is wrong, or "" where there is none to be told."""
    try:
        lines = said(loss, gradients, parameters, data)
    except Problem:
        return ""
    return next((one for one in lines if one.startswith("A change in line")), "")


class Problem(Exception):
    """What keeps the gradients from being compared, in a sentence."""


def said(loss, gradients, parameters, data):
    """The sentences: what is right and what is wrong, where, and what that rests on."""
    leaves = _leaves(parameters)
    for name, value in leaves.items():
        if as_array(value) is None:
            what = "What was given" if name == ALONE else name
            raise Problem(f"{what} is {describe(value)}: arrays in a dict, a list or a tuple are due.")
    if not leaves:
        raise Problem(f"The parameters are {describe(parameters)}: they should be arrays in a dict, a list or a tuple.")
    for name, array in leaves.items():
        if as_array(array) is not array or not array.flags.writeable:
            raise Problem(f"{name} can't be nudged in place: parameters should be arrays of their own.")
        if array.dtype != np.float64:
            raise Problem(f"{name} is {describe(array)}: a nudge of {STEP} needs float64, as astype(np.float64) gives.")
    data = _few(loss, parameters, data)
    before, state = {name: array.copy() for name, array in leaves.items()}, np.random.get_state()
    rng = np.random.default_rng(0)
    try:
        for array in leaves.values():
            array[...] += SHIFT * rng.standard_normal(array.shape)  # at 0, where biases begin, mistakes hide
        return list(_compared(Called(loss, parameters, data), Called(gradients, parameters, data), leaves))
    finally:
        np.random.set_state(state)
        for name, array in leaves.items():
            array[...] = before[name]


def _compared(loss, gradients, leaves):
    """The sentences about gradients, at the point where the parameters stand now."""
    first = run(loss.function, loss.arguments, quiet=True)
    if first.error is not None:
        raise Problem(f"The loss can't be computed. {raised([first], loss.arguments)}")
    with np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):  # it may print, a thousand times
        one, again = _number(loss()), _number(loss())
        if one != again and np.isfinite(one):
            raise Problem("Called twice at the same point, your loss gives two numbers: hand its random numbers in.")
        if not np.isfinite(one):
            raise Problem(f"Your loss is {one}, near the parameters that you gave: it has no slopes there.")
        slopes = numeric(loss, leaves)
    goal = Own(gradients, leaves, slopes)
    ran = lines_run(loss)  # what it leaves behind for the way back belongs to this point again
    point = {name: array.copy() for name, array in leaves.items()}
    first = run(gradients.function, gradients.arguments, quiet=True)
    if moved := put_back(leaves, point):
        yield f"{MOVED}{listed(moved)}."
    if first.error is not None:
        yield raised([first])
    else:
        goal.see(first.value)
        again = run(gradients.function, gradients.arguments, quiet=True).value
        put_back(leaves, point)
        if goal.among(again) != goal.before:
            yield UNSTEADY + goal.in_words(again)
            yield WEAKNESS
            return
        goal.share(loss)
        if goal.before == goal.names:
            names = sorted(goal.names)
            yield f"Right: {listed(names)} {'is' if len(names) == 1 else 'are'} what your loss asks for."
            yield WEAKNESS
            return
        yield goal.in_words(first.value)
    yield place(goal, loss, ran) or ("" if goal.shares or goal.batch_in_words() else NOWHERE)
    yield WEAKNESS


def put_back(leaves, point):
    """The names of the parameters that a call has changed, which are as they were now."""
    moved = [name for name, array in leaves.items() if not np.array_equal(array, point[name], equal_nan=True)]
    for name in moved:
        leaves[name][...] = point[name]
    return sorted(moved)


def lines_run(loss):
    """{(name of a function, line)} of all that runs when the loss is computed. A network's loss is taken as right."""
    found, before = set(), sys.gettrace()

    def note(frame, event, argument):
        found.add((frame.f_code.co_name, frame.f_lineno))
        return note

    sys.settrace(note)
    try:
        with np.errstate(all="ignore"), contextlib.redirect_stdout(io.StringIO()):
            loss()
    finally:
        sys.settrace(before)
    return found


def place(goal, loss, ran):
    """The sentence about the line, or "" where there is none to be told.

    ran are the lines that the loss runs, too, in which a mistake is looked for last.
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            draft = goal.called.draft()
            copied = tried(draft.function(), goal.called.arguments).value
            if goal.among(copied) != goal.before or goal.claimed(copied).keys() != goal.claims.keys():
                raise Unsafe("a copy of your functions gives something else")
        except Exception as why:  # Unsafe, or whatever a copy of the learner's own code does when it is made
            reason = (isinstance(why, Unsafe) and str(why)) or "the search leaves alone what does more than arithmetic"
            return f"The line can't be looked for: {reason}."
        reach = Reach(goal.called.draft(), goal.called.arguments, goal.claimed)
        run_by_loss = lines_of(ran)
        batches = reach.batches(draft, goal.names - goal.before, run_by_loss)
        fits, more = repair.search(goal, draft, MOST, PATIENCE, batches)
        body = getattr(draft, "part", draft)
        if found := repair.told(body, fits):
            return found.replace("all results", "all of them")
        more = [one for one in more if one[0] not in LEFT_OUT]  # some factor makes up for much
        exchange = exchanged(goal, loss, run_by_loss)
        if len(goal.scales) == 1 and None not in goal.scales:  # it is where backward begins, and no line below it
            more = []
            exchange = exchange if exchange and exchange.most == len(goal.names) else None
        found = repair.told_of_more(body, more, goal, exchange) if exchange else repair.told_in_part(body, more, goal)
    return found.replace("all results", "all of them") or (TIME_IS_UP if goal.time_is_up else "")


def lines_of(ran):
    """Whether the loss runs the line of a node, too, as a function of its part and the node."""

    @functools.cache
    def lines(part):
        functions = {one.name for one in ast.walk(part.body) if isinstance(one, ast.FunctionDef)} | {"<lambda>"}
        return {line for name, line in ran if name in functions}

    return lambda part, node: part.line(node) in lines(part)


def exchanged(goal, loss, skip=None):
    """The gradients, whose values are exchanged for slopes of the loss (see `values`); None where it can't be read."""
    try:
        draft = loss.draft()
        names = {part.body.name for part in draft.parts()}
        values, slopes = slopes_of(draft, loss.arguments.values())
        batch = next((length for _, length in _shared(loss.data)), 1)
        due, weak = pool(values, slopes, batch)
        return Exchange(
            goal,
            goal.called.draft(),
            [goal.called.arguments],
            [due],
            weak=weak,
            forward=forward_in(names),
            skip=skip,
        )
    except Exception:  # whatever a copy of the learner's own code does: then the line isn't told
        return None


def forward_in(names):
    """Whether a site lies in the forward pass that the loss takes, too, by the names of its functions."""

    def forward(site, part):
        called = isinstance(site.value, ast.Call) and ast.unparse(site.value.func).rpartition(".")[2]
        return part.body.name in names or called in names

    return forward


class Called:
    """A function of the learner's with its arguments: parameters and data, or the data alone where it has no more."""

    def __init__(self, function, parameters, data):
        if not callable(function):
            raise Problem(f"loss and gradients should be functions, and one is {describe(function)}.")
        self.function, self.owns, self.data = function, False, data
        try:
            inspect.signature(function).bind(parameters, *data)
        except TypeError:
            self.owns = True
        except ValueError:  # it has no signature
            pass
        self.arguments = dict(enumerate(data if self.owns else (parameters, *data)))

    def __call__(self):
        return self.function(*self.arguments.values())

    def draft(self):
        """A copy of the function that can be changed. Raises Unsafe."""
        return Method(self.function) if inspect.ismethod(self.function) else Draft.of_function(self.function)


class Own:
    """What the changed backward pass is held to (see `repair.Goal`): differences of the learner's own loss."""

    cases = (0,)

    def __init__(self, called, leaves, slopes):
        self.called, self.leaves, self.slopes = called, leaves, slopes
        self.time_is_up, self.claims = False, {}
        self.names, self.before, self.scales, self.shares = frozenset(leaves), frozenset(), set(), {}

    @np.errstate(all="ignore")
    def see(self, value):
        """Keep what the learner's own function gave: the right gradients, and the factors by which others are off."""
        self.claims, self.before = self.claimed(value), self.among(value)
        self.scales = {self.scale(name, self.claims.get(name)) for name in self.names - self.before}

    def share(self, loss):
        """Keep which shares of a wrong gradient are wrong, where it is used in several lines of the loss."""
        wrong = [name for name in self.leaves if name in self.claims and self.scale(name, self.claims[name]) is None]
        wrong = [name for name in wrong if name not in self.before]
        if not wrong:
            return
        found = shares.of(loss.draft, loss.arguments.values(), self.leaves)
        for name in wrong if found else ():
            claimed, places = self.claims[name], self.slopes[name][0]
            if claimed.shape == self.leaves[name].shape and np.isfinite(claimed).all():
                if said := self.with_batch(found.told(name, places, claimed.ravel()[places])):
                    self.shares[name] = f"in which {said}"

    def with_batch(self, said):
        """The words, in which the number of samples is called so."""
        B = next((length for _, length in _shared(self.called.data)), 1)
        return said.replace(f" is {B} times what", f" is B = {B} times (B counts the samples) what") if B > 1 else said

    def right(self, function, n):
        return self.among(tried(function, self.called.arguments).value)

    def among(self, value):
        """The names of the parameters whose gradients are right."""
        claimed = self.claimed(value)
        return frozenset(name for name in self.names if self.fits(name, claimed.get(name)))

    def fits(self, name, claimed):
        if claimed is None or claimed.shape != self.leaves[name].shape:
            return False
        places, due = self.slopes[name]
        gap = np.linalg.norm(claimed.ravel()[places] - due)
        return bool(gap <= SMALL * max(np.linalg.norm(due), 1e-4))

    def claimed(self, value):
        """{name of the parameter: its gradient}: by its name, as dW1 for W1, or by its place."""
        found = {name: as_array(one) for name, one in _leaves(value).items()}
        if any(array is None for array in found.values()):
            return {}
        named = {_bare(name): array for name, array in found.items()}
        if all(_bare(name) in named for name in self.leaves):
            return {name: named[_bare(name)] for name in self.leaves}
        if len(found) == len(self.leaves):
            return dict(zip(self.leaves, found.values()))
        return {name: named[_bare(name)] for name in self.leaves if _bare(name) in named}

    @np.errstate(all="ignore")
    def in_words(self, value):
        """Which are right, and what is seen of each that is wrong."""
        claimed = self.claimed(value)
        if not claimed:
            return f"No gradients could be read: {describe(value)}. Arrange or name them as the parameters are."
        wrong = [name for name in self.leaves if name not in self.before]
        right = [name for name in self.leaves if name in self.before]
        told = [f"Wrong: {name}, {self.shares.get(name) or self.likeness(name, claimed.get(name))}." for name in wrong]
        told += [f"Right: {listed(sorted(right))}."] if right else []
        told += [self.batch_in_words()]
        return "\n".join(filter(None, told))

    def batch_in_words(self):
        """What it means that all wrong gradients are off by the number of samples, the length that all data share."""
        factor = next(iter(self.scales)) if len(self.scales) == 1 else None
        B = next((length for _, length in _shared(self.called.data)), 1)
        if factor and B > 1 and np.isclose(factor, B, rtol=SMALL):
            where = "1/B is missing there." if self.before else "1/B belongs where the way back begins."
            return f"{B} is the number of samples, B, here: the mean is missing. {where}"
        if factor and B > 1 and np.isclose(factor * B, 1, rtol=SMALL):
            return f"That is 1/{B}, and {B} is the number of samples, B, here: 1/B is in it once too often."
        return ""

    def scale(self, name, claimed):
        """The one factor by which a gradient is off, or None."""
        places, due = self.slopes[name]
        if claimed is None or claimed.shape != self.leaves[name].shape or not due.any():
            return None
        mine = claimed.ravel()[places]
        factor = mine @ due / (due @ due)
        close = np.linalg.norm(mine - factor * due) <= SMALL * np.linalg.norm(factor * due)
        return float(f"{factor:.7g}") if close and factor else None

    def likeness(self, name, claimed):
        """What a wrong gradient is like, beside the differences."""
        if claimed is None:
            return "which is missing"
        if claimed.shape != self.leaves[name].shape:
            return f"which has shape {claimed.shape} where {self.leaves[name].shape} is due"
        places, due = self.slopes[name]
        mine = claimed.ravel()[places]
        if not np.isfinite(mine).all():
            return "which holds nan or inf"
        if not mine.any() or not due.any():
            return "which is all zeros" if not mine.any() else "which should be all zeros"
        if (factor := self.scale(name, claimed)) is not None:
            sign = "has the wrong sign" if factor < 0 else ""
            length = f"is {abs(factor):.3g} times what it should be" if not np.isclose(abs(factor), 1) else ""
            return "which " + " and ".join(filter(None, [sign, length]))
        length = np.linalg.norm(due)
        cosine = mine @ due / np.linalg.norm(mine) / length
        if cosine > CLOSE:
            return f"which is off by {np.linalg.norm(mine - due) / length:.1g} of its length, and not by one factor"
        return f"which has another direction (cosine {cosine:.2f})"


def numeric(loss, leaves):
    """{name: (places, slopes)} by central differences, made in the arrays themselves; each number is put back."""
    rng, found = np.random.default_rng(0), {}
    for name, array in leaves.items():
        flat = array.reshape(-1)
        if not np.shares_memory(flat, array):
            raise Problem("A parameter is a view whose numbers can't be nudged in place: hand in a copy of it.")
        places = np.sort(rng.choice(array.size, min(NUDGED, array.size), replace=False))
        kept = flat[places]

        def at(values, flat=flat, places=places):
            flat[places] = values
            return _number(loss())

        found[name] = places, central_difference(at, kept, STEP)
        flat[places] = kept
    return found


def _number(value):
    number = as_array(value)
    if number is None or number.size != 1:
        raise Problem(f"The loss should be one number, and is {describe(value)}.")
    return float(number.ravel()[0])


def _shared(data):
    """(axis, length) of each axis, the first or the last, along which all arrays of the data are of one length."""
    arrays = [one for one in data if isinstance(one, np.ndarray) and one.ndim]
    lengths = [(axis, {one.shape[axis] for one in arrays}) for axis in (0, -1)]
    return [(axis, *length) for axis, length in lengths if len(arrays) > 1 and len(length) == 1]


def _few(loss, parameters, data):
    """The data with its first few samples only, along an axis that all of it shares; as it is, if that fails."""
    lengths = {n for array in _leaves(parameters).values() for n in array.shape}
    for axis, length in _shared(data):
        few = next((n for n in SAMPLES if n not in lengths), SAMPLES[0])
        if length > few:
            arrays = [isinstance(one, np.ndarray) and one.ndim > 0 for one in data]
            cut = [np.take(one, range(few), axis) if is_array else one for one, is_array in zip(data, arrays)]
            try:
                if np.isfinite(_number(Called(loss, parameters, cut)())):
                    return cut
            except Exception:  # its own data is asked for then
                continue
    return list(data)


def _leaves(value, name="", deep=0):
    """{name: value} of what stands in dicts, lists and tuples; None, which pads a list, is left out."""
    if deep > DEEPEST:  # a list may hold itself
        return {}
    if isinstance(value, dict):
        pairs = [(f"{name}[{key}]" if name else str(key), one) for key, one in value.items()]
    elif hasattr(value, "_fields") and isinstance(value, tuple):
        pairs = [(f"{name}.{field}" if name else field, one) for field, one in zip(value._fields, value)]
    elif isinstance(value, (list, tuple)):
        pairs = [(f"{name}[{n}]", one) for n, one in enumerate(value)]
    else:
        return {} if value is None else {name or ALONE: value}
    return {k: v for key, one in pairs for k, v in _leaves(one, key, deep + 1).items()}


def _bare(name):
    """A gradient's name as its parameter's: W1 for dW1, grad_W1, W1_grad and gW1."""
    for prefix in ("grad_", "d_", "d", "g"):
        if name.startswith(prefix) and len(name) > len(prefix):
            return name[len(prefix) :]
    return name.removesuffix("_grad")
