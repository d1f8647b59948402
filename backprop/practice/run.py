"""Running an answer once: what it returned, the locals it left, what it raised and where, which inputs it changed."""

import contextlib
import copy
import functools
import inspect
import io
import itertools
import linecache
import re
import sys
import traceback
import types
import warnings
from collections import deque
from collections.abc import Iterator, ValuesView
from dataclasses import dataclass, field

import numpy as np

from backprop.practice.operands import met_alike, operands_of
from backprop.practice.results import Misfit, parts_of, same_array
from backprop.practice.wording import LETTERS, describe, meaning, of_products, shape_words

WALKED = (Iterator, ValuesView, deque)
MOST_WALKED = 1000  # no answer has more results or layers, and what is walked through may never end


@dataclass
class Run:
    """One call. What it returned is `value`, and `parts` by name, as arrays; `problem` says why there are none.

    `changed` holds the arguments that it has written to, by name, as they are now.

    Where it raised: `error`, with the `line` of the learner's own source, its `text`, the `shapes` there, and the
    `operands`, the values that met.
    """

    value: object = None
    locals: dict = field(default_factory=dict)
    changed: dict = field(default_factory=dict)
    error: BaseException = None
    line: int = None
    text: str = ""
    shapes: str = ""
    operands: tuple = ()
    parts: dict = None
    problem: str = ""

    def fit(self, names, like):
        """Read the value as results of these names, in the structure of `like`, the solution's value."""
        if self.error is None:
            try:
                self.parts = parts_of(self.value, names, like)
            except Misfit as misfit:
                self.problem = str(misfit)
            except (Exception, SystemExit) as error:  # an object with methods of its own can do anything
                self.problem = f"What it returned, {describe(self.value)}, can't be read: {type(error).__name__}."
        return self

    def fails_alike(self, other):
        """Whether both were given the same two factors, which don't fit."""
        known = self.operands and other.operands
        return bool(known) and of_products(self.error, other.error) and met_alike(self.operands, other.operands)

    def same(self, other, alike=None):
        """Whether both returned the same numbers, or raised the same error, or can't be read for the same reason."""
        if self.error is not None or other.error is not None:
            return type(self.error) is type(other.error) and (
                meaning(self.error) == meaning(other.error)
                or (LETTERS in (meaning(self.error), meaning(other.error)) and self.fails_alike(other))
            )
        if self.parts is None or other.parts is None:
            return self.parts is other.parts and self.problem == other.problem
        alike = alike or same_array
        return self.parts.keys() == other.parts.keys() and all(alike(v, other.parts[k]) for k, v in self.parts.items())


def run(f, arguments, *, quiet=True, source=None):
    """Call f(*arguments) on copies of them, watching. A keyboard interrupt passes through; the rest is in the Run.

    `source` is the text of f where Python doesn't keep it. Whatever the answer does to the profiler, NumPy's error
    state, the warnings or the output is undone afterwards.
    """
    given = copy.deepcopy(arguments)
    code, seen = code_of(f), {}

    def watch(frame, event, arg):
        if event == "return" and frame.f_code is code:
            seen.clear()
            seen.update(frame.f_locals)

    before = sys.getprofile()
    try:
        with np.errstate(all="ignore"), warnings.catch_warnings(), _silence(quiet):
            warnings.simplefilter("ignore")
            try:
                if before is None or callable(before):  # another kind of profiler could not be put back
                    sys.setprofile(watch)
                value = gathered(f(*given.values()))
            finally:
                if before is None or callable(before):
                    sys.setprofile(before)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # sys.exit too: an answer must not end the notebook
        return Run(error=error, **_place(error, code, source))
    if type(value) is types.CoroutineType:  # it would complain later that nobody awaited it
        value.close()
    changed = {name: now for name, now in given.items() if not unchanged(now, arguments[name])}
    return Run(value, _left_behind(seen, code), changed)


def tried(function, case):
    """A run of a function on copies of a case's arguments, without anything that a learner could see."""
    try:
        return Run(gathered(function(*copy.deepcopy(list(case.values())))))
    except Exception as error:
        return Run(error=error)


def gathered(value):
    """What was returned, with a list in place of what can only be walked through: a map, a generator, a deque."""
    if type(value) in (tuple, list) and any(map(_walked, value)):
        return type(value)(map(gathered, value))
    if type(value) is dict and any(map(_walked, value.values())):
        return {key: gathered(one) for key, one in value.items()}
    return [gathered(one) for one in itertools.islice(value, MOST_WALKED)] if _walked(value) else value


def _walked(value):
    return issubclass(type(value), WALKED)  # the value itself may be a trap


@contextlib.contextmanager
def _silence(quiet):
    """Later runs print nothing: the learner sees each print once."""
    if not quiet:
        yield
        return
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def code_of(f):
    """The code whose locals and lines are the learner's own, through wrappers; None where there is none."""
    try:
        for _ in range(9):
            f = f.func if isinstance(f, functools.partial) else inspect.unwrap(f)
            if inspect.iscode(getattr(f, "__code__", None)):
                return f.__code__
            if not isinstance(f, functools.partial):
                f = type(f).__call__
    except Exception:
        return None
    return None


def _left_behind(seen, code):
    """The locals at the return, without arguments and what belongs to an enclosing function."""
    if code is None:
        return {}
    flags = bool(code.co_flags & inspect.CO_VARARGS) + bool(code.co_flags & inspect.CO_VARKEYWORDS)
    count = code.co_argcount + code.co_kwonlyargcount + flags
    others = {*code.co_varnames[:count], *code.co_freevars}
    return {name: value for name, value in seen.items() if name not in others}


def _place(error, code, source=None):
    """Where in the learner's own source the error came: the line, its text, the shapes in it and what met there."""
    own = code and [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == code.co_filename
    ]
    place = {"shapes": getattr(error, "shapes", ""), "operands": operands_of(error, code and code.co_filename, source)}
    if own and not place["shapes"]:  # an expression has no lines of its own, and brings its shapes along
        frame, line = own[-1]
        text = linecache.getline(code.co_filename, line, frame.f_globals).strip()
        seen = {name: shape_words(value) for name, value in frame.f_locals.items()}
        seen = {name: words for name, words in seen.items() if words}
        there = {name: words for name, words in seen.items() if name in re.findall(r"\w+", text)} or seen
        shapes = ", ".join(f"{name} {words}" for name, words in there.items())
        place |= {"line": line, "text": text, "shapes": shapes}
    error.__traceback__ = None  # it would keep the learner's arrays alive
    return place


def unchanged(now, before):
    """Whether an argument is still, to the bit, what it was."""
    try:
        if type(now) is not type(before):
            return False
        if isinstance(before, np.ndarray):
            return now.dtype == before.dtype and now.shape == before.shape and _bits(now) == _bits(before)
        if isinstance(before, (list, tuple)):
            return len(now) == len(before) and all(map(unchanged, now, before))
        if isinstance(before, dict):
            return now.keys() == before.keys() and all(unchanged(now[k], v) for k, v in before.items())
        if hasattr(before, "__dict__") and not callable(before):
            return unchanged(vars(now), vars(before))
        return now is before or bool(now == before) or (now != now and before != before)  # noqa: PLR0124
    except Exception:
        return False


def _bits(array):
    return array.tobytes() if array.dtype != object else array.tolist()
