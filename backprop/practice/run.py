"""Running an answer once: what it returned, the locals it left, what it raised and where, which inputs it changed."""

import contextlib
import copy
import functools
import inspect
import io
import linecache
import re
import sys
import traceback
import types
import warnings
from dataclasses import dataclass, field

import numpy as np

MOST_NUMBERS = 1_000_000  # a larger result is no answer to these exercises, and is not looked at


class Misfit(Exception):
    """A result that can't be compared: the text says why."""


@dataclass
class Run:
    """One call. What it returned is `value`, and `parts` by name, as arrays; `problem` says why there are none.

    Where it raised: `error`, with the `line` of the learner's own source, its `text`, and the `shapes` there.
    """

    value: object = None
    locals: dict = field(default_factory=dict)
    changed: tuple = ()
    error: BaseException = None
    line: int = None
    text: str = ""
    shapes: str = ""
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

    def same(self, other, alike=None):
        """Whether both returned the same numbers, or raised the same error, or can't be read for the same reason."""
        if self.error is not None or other.error is not None:
            return type(self.error) is type(other.error) and meaning(self.error) == meaning(other.error)
        if self.parts is None or other.parts is None:
            return self.parts is other.parts and self.problem == other.problem
        alike = alike or same_array
        return self.parts.keys() == other.parts.keys() and all(alike(v, other.parts[k]) for k, v in self.parts.items())


def run(f, arguments, *, quiet=True):
    """Call f(*arguments) on copies of them, watching. A keyboard interrupt passes through; the rest is in the Run.

    Whatever the answer does to the profiler, NumPy's error state, the warnings or the output is undone afterwards.
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
                value = f(*given.values())
            finally:
                if before is None or callable(before):
                    sys.setprofile(before)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # sys.exit too: an answer must not end the notebook
        return Run(error=error, **_place(error, code))
    if type(value) is types.CoroutineType:  # it would complain later that nobody awaited it
        value.close()
    changed = tuple(name for name in given if not unchanged(given[name], arguments[name]))
    return Run(value, _left_behind(seen, code), changed)


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


def _place(error, code):
    """Where in the learner's own source the error came: the line, its text and the shapes of the arrays in it."""
    own = code and [
        (frame, line)
        for frame, line in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == code.co_filename
    ]
    place = {"shapes": getattr(error, "shapes", "")}
    if own and not place["shapes"]:  # an expression has no lines of its own, and brings its shapes along
        frame, line = own[-1]
        text = linecache.getline(code.co_filename, line, frame.f_globals).strip()
        seen = {name: shape_words(value) for name, value in frame.f_locals.items()}
        seen = {name: words for name, words in seen.items() if words}
        there = {name: words for name, words in seen.items() if name in re.findall(r"\w+", text)} or seen
        shapes = ", ".join(f"{name} {words}" for name, words in there.items())
        place = {"line": line, "text": text, "shapes": shapes}
    error.__traceback__ = None  # it would keep the learner's arrays alive
    return place


def shape_words(value):
    """The shape of an array, or of the arrays in a list, in words; "" for anything else."""
    if isinstance(value, np.ndarray):
        return str(value.shape)
    if isinstance(value, (list, tuple)) and any(isinstance(v, np.ndarray) for v in value[:20]):
        return "[" + ", ".join(shape_words(v) or type(v).__name__ for v in value[:20]) + "]"
    return ""


def words(error):
    """The message of an exception, whose own __str__ may fail as well."""
    try:
        return str(error)
    except (Exception, SystemExit):
        return ""


PRODUCT = (
    "A @ B takes rows of A times columns of B, so A needs as many columns as B has rows."
    " Here A has {columns}, and B has {rows}."
)
PLAINLY = {  # how NumPy and Python say it, and what it means for who writes a line of math
    r"matmul: .*\(size (?P<rows>\d+) is different from (?P<columns>\d+)\)": PRODUCT,
    r"shapes .* not aligned: (?P<columns>\d+) \(dim \d\) != (?P<rows>\d+)": PRODUCT,
    r"operands could not be broadcast together with shapes (?P<a>\(.*?\)) ?(?P<b>\(.*?\))": (
        "Entry by entry, both need the same shape (or a 1 where they differ), and these have {a} and {b}."
    ),
    r"'ellipsis' object|for .*: '.*ellipsis'": "There are dots left in it: ... is no number. Write over them.",
    r"name 'np' is not defined": "NumPy has no name here yet: import numpy as np.",
    r"name 'T' is not defined": "The transpose is written W.T, and a power **.",
    r"matmul: .* does not have enough dimensions": (
        "A factor of @ is no matrix: are there dots left in it, or does W.transpose lack its ()?"
    ),
    r"'numpy.ndarray' object is not callable": (
        "A name or a bracket is followed by ( as in a call: for a product write * or @, for the transpose .T alone."
    ),
}


def plainly(error):
    """What an exception means where somebody writes a line of math, or None where Python says it well enough."""
    message = words(error)
    for said, meant in PLAINLY.items():
        if found := re.search(said, message):
            return meant.format(**found.groupdict())
    return None


def meaning(error):
    """What is compared of two exceptions: np.dot and @ say the same in different words."""
    return plainly(error) or words(error)


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


# ---- results as arrays ----


def parts_of(value, names, like):
    """{name: array} of what was returned: a tuple, list or dict of results, or one result. Raises Misfit."""
    if isinstance(value, dict) and set(names) <= set(value):
        value = tuple(value[name] for name in names)
        value = value[0] if len(names) == 1 else value
    elif len(names) == 1 and isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    elif len(names) == 1 and isinstance(value, tuple) and np.ndim(like) > 1 and all(map(np.ndim, value)):
        raise Misfit(f"It should return one result, {names[0]}, but returned {len(value)}: is a comma one too many?")
    elif len(names) == 1 and isinstance(value, list) and len(value) == 1 and np.ndim(value[0]) == np.ndim(like) > 0:
        value = value[0]
    if len(names) == 1:
        return _leaves(names[0], value, like)
    several = isinstance(value, (tuple, list)) or (isinstance(value, np.ndarray) and value.ndim > 0)
    if not several or len(value) != len(names):
        raise Misfit(f"It should return {len(names)} results, {', '.join(names)}, but returned {describe(value)}.")
    return {k: v for name, one, wanted in zip(names, value, like) for k, v in _leaves(name, one, wanted).items()}


def _leaves(name, value, like):
    """The arrays in one result: the result itself, or one per layer where the solution has a list of them."""
    if like is None:
        return {}
    if isinstance(like, (list, tuple)) and not _numeric(like):
        wanted = [(n, one) for n, one in enumerate(like) if one is not None]  # layers may be padded with None
        given = [v for v in value if v is not None] if isinstance(value, (list, tuple, np.ndarray)) else ()
        if len(given) != len(wanted):
            raise Misfit(f"{name} should hold {len(wanted)} arrays, but is {describe(value)}.")
        return {k: v for (n, w), g in zip(wanted, given) for k, v in _leaves(f"{name}[{n}]", g, w).items()}
    array = as_array(value)
    if array is None:
        raise Misfit(f"{name} should hold real numbers, but is {describe(value)}.")
    if array.size > MOST_NUMBERS:
        raise Misfit(f"{name} holds {array.size} numbers, which is far too many.")
    return {name: array.copy()}


def same_value(a, b):
    """Whether two values hold the same numbers: arrays, numbers, tuples and lists of them."""
    if isinstance(a, (tuple, list)) and isinstance(b, (tuple, list)) and not (_numeric(a) and _numeric(b)):
        return len(a) == len(b) and all(map(same_value, a, b))
    if a is None or b is None:
        return a is b
    a, b = as_array(a), as_array(b)
    return a is not None and b is not None and same_array(a, b)


def same_array(a, b, tolerance=None):
    """Whether two arrays hold the same numbers, by norm, with NaN equal to NaN and inf to inf.

    An axis of length 1 may be missing or added. Single precision is held to what it can do.
    """
    if a.size != b.size:
        return False
    if a.shape != b.shape:
        if not same_shape_but_for_ones(a, b):
            return False
        a, b = a.squeeze(), b.squeeze()
    if a.dtype == b.dtype and a.tobytes() == b.tobytes():
        return True
    single = np.float32 in (a.dtype, b.dtype)
    if tolerance is None:
        tolerance = 1e-4 if single else 1e-8
    x, y = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(all="ignore"):
        scale = np.abs(y).max(initial=0.0) or 1.0  # by it, since squares overflow
        gap, size = np.linalg.norm(x / scale - y / scale), np.linalg.norm(y / scale)
    if not np.isfinite(gap):
        strange = ~(np.isfinite(x) & np.isfinite(y))
        alike = strange.any() and np.array_equal(x[strange], y[strange], equal_nan=True)
        return bool(alike) and same_array(a[~strange], b[~strange], tolerance)
    noise = (1e-6 if single else 1e-14) / scale  # what is left where a sum should be 0
    return bool(gap <= max(tolerance * size, noise))


def same_shape_but_for_ones(a, b):
    """(n, 1), (n,) and (1, n, 1) hold the same column in the same order, but (1, n) is a row, and is not a column."""
    return a.squeeze().shape == b.squeeze().shape and not (a.ndim == b.ndim == 2 and a.shape == b.shape[::-1])


def near(a, b):
    """Whether numbers worked by hand agree to about three digits."""
    a, b = a.squeeze(), b.squeeze()
    return a.shape == b.shape and bool(np.all(np.abs(a - b) <= 6e-3 * np.maximum(np.abs(b), 0.05)))


def same_shape(a, b):
    """Whether two shapes, as arrays, are the same to the digit."""
    return np.array_equal(np.atleast_1d(a), np.atleast_1d(b))


def as_array(value):
    """`value` as an array of real numbers, or None where it is none."""
    try:
        array = np.asarray(value)
        if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
            return None
        return array if array.dtype.kind in "fiub" else None
    except (Exception, SystemExit):
        return None


def _numeric(value):
    """Whether a tuple or list is a list of numbers, and so one array, rather than several results."""
    return all(isinstance(v, (int, float, np.number)) for v in value)


def describe(value):
    """What something is, in words: its type, and its shape or length. Asks the object itself for nothing."""
    kind = type(value)
    if value is None or value is ...:
        return "None" if value is None else "still ..."
    if issubclass(kind, np.ma.MaskedArray):
        return "a masked array"
    if kind is np.ndarray:
        return f"an array of shape {value.shape} and type {value.dtype}"
    if kind in (tuple, list, dict, str):
        return f"a {kind.__name__} of {len(value)}"
    return f"a {kind.__name__}"
