"""Where a wrong answer goes wrong: the smallest change of the learner's own source that makes every result right.

No slip of the bank explains it, so the answer's own code is changed in one place at a time, a transpose here, an axis
there, and run again. What is told is the line that such a change is in and of which kind it is, never the change. It is
true by construction: "a change in line 6 alone makes all results right". Where changes in many places do, nothing is
told, for then nothing is known. (Singh, Gulwani and Solar-Lezama mended programs of beginners this way in 2013.)

The learner's own objects are never touched: what runs is a copy, on copies of the inputs, and only where the source
holds nothing but arithmetic. The candidates are a fixed number, so every machine finds the same,
or, where it is too slow, nothing.
"""

import ast
import builtins
import copy
import inspect
import itertools
import textwrap
import time
import types
import warnings

import numpy as np

from backprop.practice.expressions import FUNCTIONS, is_numpy
from backprop.practice.results import as_array, same_value
from backprop.practice.run import Run, run

MOST = 1200  # candidates that are run
LONGEST = 60  # characters of a part that is shown
SLOWEST = 0.001  # seconds that one call may take
PATIENCE = 1.5  # seconds for all of them; after that, nothing is said
PLAIN = "abs bool dict enumerate float int isinstance len list max min print range reversed round sum tuple zip".split()
EFFECTS = ("random", "load", "save", "savetxt", "tofile", "seterr", "put", "copyto", "fill")
STATEMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.For, ast.If, ast.Return, ast.Pass)
EXPECTED = (*STATEMENTS, ast.expr, ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
EXPECTED += (ast.arguments, ast.arg, ast.keyword, ast.comprehension)
UNSAFE = (ast.Lambda, ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, ast.Starred, ast.FunctionDef, ast.ClassDef)
CONFUSED = {  # an operator, and what people mean by it: 1 / a for 1 - a cancels too much to be anybody's mistake
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.MatMult, ast.Add, ast.Div),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
REDUCING = ("sum", "mean", "max", "min")
MAKING = ("full", "linspace", "arange", "repeat", "tile", "resize")  # a value that becomes a size takes all memory
SLOPES = ("{v} * (1 - {v})", "1 - {v}**2", "{v} > 0")


class Unsafe(Exception):
    """The source holds something that shouldn't be run again and again, or there is no source."""


# ---- the learner's function, to be changed and run ----


class Draft:
    """A copy of a function: its tree, in which nodes are exchanged, and the names that it finds when it is run."""

    def __init__(self, source, above=0, names=None):
        self.tree, self.above = ast.parse(source), above  # above: the lines of the cell above the function
        (self.body,) = self.tree.body
        if not isinstance(self.body, ast.FunctionDef):
            raise Unsafe
        self.body.decorator_list = []  # whether that makes a difference, `sound` sees
        arguments = self.body.args
        if arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
            raise Unsafe
        self.arguments = [a.arg for a in arguments.posonlyargs + arguments.args]
        self.names = list(dict.fromkeys(self.arguments + [n.id for n in ast.walk(self.body) if _stored(n)]))
        self.globals = {"__builtins__": builtins, "print": lambda *a, **k: None, "np": np} | (names or {})
        self.helpers = {}  # drafts by name, of the functions of the notebook that it calls

    @classmethod
    def of_function(cls, f, drafts=None):
        """The draft of a learner's function; `drafts` are those of its helpers so far, by function. Raises Unsafe."""
        drafts = {} if drafts is None else drafts
        if not isinstance(f, types.FunctionType) or f.__closure__ or f in drafts:  # there while it is read: a circle
            raise Unsafe
        drafts[f] = None
        try:
            lines, first = inspect.getsourcelines(f)
            draft = cls(textwrap.dedent("".join(lines)), max(first, 1) - 1)
        except (OSError, SyntaxError, TypeError):
            raise Unsafe from None
        if draft.body.name != f.__name__:
            raise Unsafe
        draft.check(f, drafts)
        drafts[f] = draft
        return draft

    @classmethod
    def of_expression(cls, text, exercise):
        """The draft of an expression, which has been read as one before."""
        source = f"def answer({', '.join(exercise.cases[0])}):\n    return ({text.strip()})"
        return cls(source, names={"math": np} | FUNCTIONS | exercise.names)

    def check(self, f, drafts):
        """Refuse what is more than arithmetic, and take along what the code finds outside, as copies."""
        for node in ast.walk(self.body):
            if node is not self.body and (isinstance(node, UNSAFE) or not isinstance(node, EXPECTED)):
                raise Unsafe
            if isinstance(node, ast.Attribute) and (node.attr.startswith("_") or node.attr in EFFECTS):
                raise Unsafe
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in self.names:
                self.globals[node.id] = self.outside(f, node.id, drafts)
            if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
                if not isinstance(_root(node), ast.Name) or _root(node).id not in self.names:
                    raise Unsafe

    def outside(self, f, name, drafts):
        """What a name means that is not the function's own: NumPy, plain Python, a number, an array, a helper."""
        if name in f.__globals__:
            value = f.__globals__[name]
            if value is np or isinstance(value, (int, float, np.ndarray, np.ufunc)):
                return value
            if isinstance(value, types.FunctionType):  # Unsafe where it does more than arithmetic
                self.helpers[name] = drafts.get(value) or Draft.of_function(value, drafts)
                return None
            raise Unsafe
        if name in PLAIN:
            return self.globals.get(name, getattr(builtins, name))
        raise Unsafe

    def function(self):
        """The function that the tree describes now."""
        scope = {name: v.copy() if isinstance(v, np.ndarray) else v for name, v in self.globals.items()}
        scope |= {name: helper.function() for name, helper in self.helpers.items()}
        exec(compile(self.tree, "<draft>", "exec"), scope)
        return scope[self.body.name]

    def parts(self):
        """This draft and those of its helpers, each once."""
        found = [self]
        for helper in self.helpers.values():
            found += [part for part in helper.parts() if part not in found]
        return found

    def line(self, node):
        """Where a node stands in the learner's cell."""
        return self.above + node.lineno


def _stored(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _root(node):
    """What a chain of indices and attributes begins with."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node


def tried(function, case):
    """A run of a function on copies of a case's arguments, without anything that a learner could see."""
    try:
        return Run(function(*copy.deepcopy(list(case.values()))))
    except Exception as error:
        return Run(error=error)


# ---- changes of one place, by level: what people confuse first, then what they leave out ----


def changes(draft, level):
    """(kind, node, part, put) for each change: put() makes it in a part's tree, and returns what undoes it."""
    for part in draft.parts():
        for kind, node, put in changes_of(part, level):
            yield kind, node, part, put


def changes_of(draft, level):
    """The changes of one function of the learner's, without its helpers."""
    for parent in ast.walk(draft.body):
        for field, value in ast.iter_fields(parent):
            for n, node in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(node, ast.expr) or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
                    continue
                if isinstance(parent, ast.arguments) or (isinstance(parent, ast.Call) and field == "func"):
                    continue  # a default, or the name of what is called
                if isinstance(parent, ast.Attribute) and parent.attr == "shape" or is_numpy(node):
                    continue
                place = (value, n) if isinstance(value, list) else (parent, field)
                for kind, new in (confused, left_out)[level](draft, node, parent):
                    yield kind, node, _placed(place, new, node)


def _placed(place, new, node):
    """A function that puts a new node into a place of the tree, and returns one that undoes it."""
    where, which = place
    for part in ast.walk(new):
        if not hasattr(part, "lineno") and isinstance(part, (ast.expr, ast.keyword)):
            ast.copy_location(part, node)

    def put():
        where.__setitem__(which, new) if isinstance(where, list) else setattr(where, which, new)
        return lambda: where.__setitem__(which, node) if isinstance(where, list) else setattr(where, which, node)

    return put


def confused(draft, node, parent):
    """What stands there is another thing than is due: (kind, node in its place)."""
    if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp)) and not isinstance(parent, ast.Attribute):
        if isinstance(node, ast.Attribute) and node.attr == "T":
            yield "transpose", node.value
        else:
            yield "transpose", _attribute(node, "T")
    if isinstance(node, ast.Name):  # the notebook's own may stand where an argument is due
        for name in draft.names:
            if name != node.id:
                yield "variable", ast.Name(name, ast.Load())
    if isinstance(node, (ast.Name, ast.Subscript)) and isinstance(parent, ast.BinOp):
        yield "power", ast.BinOp(node, ast.Pow(), ast.Constant(2))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not)):
        yield "sign", node.operand
    if isinstance(node, ast.BinOp):
        left, right, op = node.left, node.right, node.op
        yield "sign", ast.UnaryOp(ast.USub(), node)
        if isinstance(op, (ast.Sub, ast.Div, ast.Pow)):
            yield "order", ast.BinOp(right, op, left)
        for part in (left, right):
            yield "too many", part
        for other in CONFUSED.get(type(op), ()):
            yield "operation", ast.BinOp(left, other(), right)
        if isinstance(op, ast.MatMult):
            yield from products(left, right)
        if isinstance(left, ast.BinOp):
            yield "brackets", ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
        if isinstance(right, ast.BinOp):
            yield "brackets", ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for number in (0, 1, 2, -1, 0.5):
            if number != node.value:
                yield "number", ast.Constant(number)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in (ast.Gt, ast.GtE, ast.Lt, ast.LtE):
            if type(node.ops[0]) is not other:
                yield "comparison", ast.Compare(node.left, [other()], node.comparators)
        for name in draft.names:
            yield "variable", ast.Compare(ast.Name(name, ast.Load()), node.ops, node.comparators)
    if isinstance(node, ast.Subscript) and not isinstance(node.slice, (ast.Slice, ast.Tuple)):
        for step in (1, -1):
            yield "index", ast.Subscript(node.value, ast.BinOp(node.slice, ast.Add(), ast.Constant(step)), ast.Load())
    if isinstance(node, ast.Call):
        yield from calls(node)


def products(left, right):
    """Every order and transposition of a matrix product."""
    for a, b, turned in itertools.product((False, True), repeat=3):
        one, other = _turned(left, a), _turned(right, b)
        if a or b or turned:
            kind = "order" if turned else "transpose"
            yield kind, ast.BinOp(other, ast.MatMult(), one) if turned else ast.BinOp(one, ast.MatMult(), other)


def calls(node):
    """What may be confused in a call: its axis, what it reduces by, the order of its arguments, or that it is there."""
    named = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    method = isinstance(node.func, ast.Attribute) and not is_numpy(node.func.value)
    arguments = [node.func.value, *node.args] if method else node.args
    if named in ("dot", "matmul", "multiply") and len(arguments) == 2:
        yield from products(*arguments)
        other = ast.MatMult() if named == "multiply" else ast.Mult()
        yield "operation", ast.BinOp(arguments[0], other, arguments[1])
    if named in REDUCING and arguments:
        rest = [k for k in node.keywords if k.arg not in ("axis", "keepdims")]
        whole = ast.Constant(True)
        for axis, keep in itertools.product((0, 1, -1, None), (False, True)):
            options = rest + [ast.keyword("axis", ast.Constant(axis))] + [ast.keyword("keepdims", whole)] * keep
            yield "axis", ast.Call(node.func, node.args[:1] if not method else [], options)
        for other in REDUCING[:2] if named in REDUCING[:2] else REDUCING[2:]:
            if other != named and isinstance(node.func, ast.Attribute):
                yield "reduction", ast.Call(_attribute(node.func.value, other), node.args, node.keywords)
    if named == "range" and node.args:
        for n, step in itertools.product(range(len(node.args)), (1, -1)):
            moved = list(node.args)
            moved[n] = ast.BinOp(moved[n], ast.Add(), ast.Constant(step))
            yield "range", ast.Call(node.func, moved, [])
    if len(node.args) == 2 and named not in MAKING:
        yield "order", ast.Call(node.func, node.args[::-1], node.keywords)
    for part in arguments[:1]:
        yield "too many", part


def left_out(draft, node, parent):
    """What is missing there: a factor, a slope, a sum, a divisor."""
    if not isinstance(node, (ast.Name, ast.BinOp, ast.Call, ast.Attribute, ast.Subscript, ast.UnaryOp)):
        return
    if not isinstance(parent, (ast.Assign, ast.AugAssign, ast.Return, ast.Tuple, ast.BinOp, ast.Call)):
        return
    for name in draft.names:
        own = ast.Name(name, ast.Load())
        yield "factor", ast.BinOp(node, ast.Mult(), own)
        for slope in SLOPES:
            written = ast.parse(f"({slope.format(v=name)})", mode="eval").body
            yield "slope", ast.BinOp(node, ast.Mult(), written)
    for name in draft.arguments:
        for axis in (0, 1):
            size = ast.Subscript(_attribute(ast.Name(name, ast.Load()), "shape"), ast.Constant(axis), ast.Load())
            yield "divisor", ast.BinOp(node, ast.Div(), size)
    for axis, keep in itertools.product((0, 1, -1), (False, True)):
        options = [ast.keyword("axis", ast.Constant(axis))] + [ast.keyword("keepdims", ast.Constant(True))] * keep
        yield "sum", ast.Call(_attribute(ast.Name("np", ast.Load()), "sum"), [node], options)
    yield "factor", ast.BinOp(node, ast.Mult(), ast.Constant(2))
    yield "factor", ast.BinOp(node, ast.Mult(), ast.Constant(0.5))


def _attribute(node, name):
    return ast.Attribute(node, name, ast.Load())


def _turned(node, wanted):
    if not wanted:
        return node
    return node.value if isinstance(node, ast.Attribute) and node.attr == "T" else _attribute(node, "T")


# ---- the search ----

KINDS = {
    "transpose": "Something is transposed that should not be, or the other way round.",
    "variable": "Another variable is due.",
    "sign": "It is about a sign.",
    "order": "It is about the order of two things.",
    "too many": "There is more than there should be.",
    "operation": "Another operation is due.",
    "brackets": "It is about brackets.",
    "number": "Another number is due.",
    "comparison": "It is about a comparison.",
    "index": "It is about an index.",
    "axis": "It is about an axis.",
    "reduction": "Sum or mean, largest or smallest: it is the other one.",
    "range": "It is about where a range begins or ends.",
    "factor": "A factor is missing.",
    "power": "A power is missing.",
    "slope": "A slope is missing.",
    "divisor": "It is not divided by what it should be.",
    "sum": "A sum is missing.",
}


def located(exercise, answer, runs):
    """A sentence about the place of an answer's only mistake, or "" where it can't be said.

    answer is a function, or the text of an expression; runs are what it gave on each case.
    """
    wrong = next(n for n, r in enumerate(runs) if not r.same(exercise.reference[n], exercise.alike))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            text = exercise.kind == "expression"
            draft = Draft.of_expression(answer, exercise) if text else Draft.of_function(answer)
            if not sound(exercise, draft, runs, wrong):
                return ""
        except (Unsafe, RecursionError):
            return ""
        fits = search(exercise, draft, wrong)
        innocent = right_lines(exercise, draft, wrong) if fits else set()
    fits = [fit for fit in fits if fit[2] is not draft or draft.line(fit[1]) not in innocent] or fits
    return told_of_expression(fits) if text else told(draft, fits)


def sound(exercise, draft, runs, n):
    """Whether the copy does what the learner's function does, and quickly enough to be run many times."""
    function, times = draft.function(), []
    for _ in range(3):
        began = time.perf_counter()
        again = tried(function, exercise.cases[n])
        times.append(time.perf_counter() - began)
        if not again.fit(exercise.returns, exercise.reference[n].value).same(runs[n], exercise.alike):
            return False
    return min(times) < SLOWEST


def search(exercise, draft, wrong):
    """(kind, node, part) of every change that makes all results right, at the first level where there is one."""
    order = [wrong, *(n for n in range(len(exercise.cases)) if n != wrong)]
    left, began = MOST, time.perf_counter()
    for level in (0, 1):
        fits = []
        for kind, node, part, put in list(
            itertools.islice(changes(draft, level), left)
        ):  # all made before the tree changes
            left -= 1
            if time.perf_counter() - began > PATIENCE:
                return []
            back = put()
            try:
                function = draft.function()
            except (SyntaxError, TypeError, ValueError):
                continue
            finally:
                back()
            if all(right(exercise, function, n) for n in order):
                fits.append((kind, node, part))
        if fits:
            return fits
    return []


def right(exercise, function, n):
    """Whether a changed function gives the reference's results on a case."""
    reference = exercise.reference[n]
    return tried(function, exercise.cases[n]).fit(exercise.returns, reference.value).same(reference, exercise.alike)


def right_lines(exercise, draft, n):
    """The lines that set a variable to just what one of the solution's holds, and nothing else held before.

    (`db = delta` holds a right value, too, but it is that of delta: something may be missing there.)
    """
    known, found = list(exercise.reference[n].locals.values()), set()
    before = list(exercise.cases[n].values())
    mine = _watched(draft, exercise.cases[n])
    for statement in ast.walk(draft.body):
        if isinstance(statement, ast.Assign) and all(isinstance(t, ast.Name) for t in statement.targets):
            values = [mine.get(t.id) for t in statement.targets]
            if all(as_array(v) is not None and _holds(known, v) and not _holds(before, v) for v in values):
                found.add(draft.line(statement))
            before += values
    return found


def _holds(values, value):
    return any(same_value(one, value) for one in values)


def _watched(draft, case):
    """The locals of the unchanged copy, each name's last value, where it was set once; {} where it raises."""
    counts = {}
    for node in ast.walk(draft.body):
        if _stored(node):
            counts[node.id] = counts.get(node.id, 0) + 1
    seen = run(draft.function(), case).locals
    return {name: value for name, value in seen.items() if counts.get(name) == 1}


def told(draft, fits):
    """The sentence: one line, or two, and the kind where all agree on it."""
    places = sorted({(part is not draft, part.line(node), part.body.name) for _, node, part in fits})
    if not fits or len(places) > 2:
        return ""
    alone = " alone" if len(places) == 1 else ""
    named = [f"line {line}" + (f", in {name}," if helper else "") for helper, line, name in places]
    sentence = f"A change in {' or in '.join(named)}{alone} makes all results right."
    more = particulars(fits)
    return f"{sentence} {more}".strip() if more or len(draft.body.body) > 1 else ""


def told_of_expression(fits):
    """The sentence about an expression, whose line says nothing; "" where many different changes would do."""
    more = particulars(fits)
    return f"A single change makes it right. {more}" if more else ""


def particulars(fits):
    """Which part it is about, and what kind of change, as far as all fits agree."""
    kinds = {kind for kind, *_ in fits}
    written = {ast.unparse(node) for _, node, _ in fits}
    part = f"Look at {min(written)} there." if len(written) == 1 and len(min(written)) <= LONGEST else ""
    return f"{part} {KINDS[kinds.pop()] if len(kinds) == 1 else ''}".strip()
