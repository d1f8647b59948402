"""Copies of a learner's own functions and classes, to be changed in one place and run again.

The learner's own objects are never touched: what runs is a copy of the source, on copies of what it finds in the
notebook, and only where the source holds nothing but arithmetic. Anything else is `Unsafe`, and left alone.
"""

import __future__

import ast
import builtins
import dataclasses
import functools
import inspect
import itertools
import linecache
import math
import reprlib
import textwrap
import time
import types
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

PLAIN = (
    "abs all any bool dict divmod enumerate filter float frozenset hasattr id int isinstance iter len list map max min"
    " next object pow print range repr reversed round set slice sorted str"
    " staticmethod sum super tuple zip property"
).split()
EFFECTS = ("random", "load", "save", "savetxt", "tofile", "seterr")
DUNDER = ("__init__",)  # the only name with two underscores that may be called: super().__init__()
STATEMENTS = (ast.Assign, ast.AnnAssign, ast.Assert, ast.AugAssign, ast.Expr, ast.For, ast.If, ast.Return, ast.Pass)
STATEMENTS += (ast.While, ast.Break, ast.Continue)
TURNS, SLOW = 500, 0.3  # turns and seconds of all while loops in one call: a changed one may never end
EXPECTED = (*STATEMENTS, ast.expr, ast.expr_context, ast.operator, ast.unaryop, ast.cmpop, ast.boolop)
EXPECTED += (ast.arguments, ast.arg, ast.keyword, ast.comprehension, ast.FunctionDef)
UNSAFE = (ast.Yield, ast.YieldFrom, ast.Await, ast.NamedExpr, ast.ClassDef)
HELPERS = {
    functools: ("reduce", "partial"),
    itertools: "accumulate chain combinations pairwise product zip_longest".split(),
}
HARMLESS = [getattr(module, name) for module, names in HELPERS.items() for name in names]
HARMLESS += [value for name, value in vars(math).items() if callable(value) and not name.startswith("_")]
SHARED = {id(value) for value in (types.SimpleNamespace, *HELPERS, *HARMLESS)}  # they last as long as their modules
NUMBERS = (type(None), bool, int, float, complex, str, np.generic, np.ufunc, np.dtype, range)


PLAIN_VALUES = ("field(default_factory=list)", "()")  # what a class may set besides constants
UNREAD = __future__.annotations.compiler_flag  # annotations mean nothing here
TURN = "_turn"
WHICH = "which change"  # the number of the one that is taken; no name of the learner's can be that
NO_SOURCE = "the source of one of your functions can't be read"


def _get(thing, name, *otherwise):
    """getattr, as a copy may use it: of nothing hidden, no module, and nothing with an effect."""
    if isinstance(thing, types.ModuleType) or name.startswith("_") or name in EFFECTS:
        raise Unsafe
    return getattr(thing, name, *otherwise)


def _set(thing, name, value):
    """setattr on an object, which is a copy."""
    if isinstance(thing, (types.ModuleType, type)) or name.startswith("_"):
        raise Unsafe
    setattr(thing, name, value)


BY_NAME = {"getattr": _get, "setattr": _set}


class Unsafe(Exception):
    """The source holds something that shouldn't be run again and again, or there is no source."""


class Part:
    """A function or a method of the learner's: its tree, in which nodes are exchanged, and the names in it."""

    def __init__(self, body, above, home):
        arguments = [node.args for node in ast.walk(body) if isinstance(node, (ast.FunctionDef, ast.Lambda))]
        self.body, self.above, self.home = body, above, home  # above: the lines of the cell above it
        self.arguments, *inner = [[a.arg for a in ast.walk(one) if isinstance(a, ast.arg)] for one in arguments]
        inner = [name for one in inner for name in one]
        inner += [node.name for node in ast.walk(body) if isinstance(node, ast.FunctionDef) and node is not body]
        self.names = list(dict.fromkeys(self.arguments + [n.id for n in ast.walk(body) if stored(n)] + inner))
        self.spelled = _spelled(body, self.names)

    def functions(self):
        """The names of functions of one argument that the notebook has and it may use."""
        found = self.home.globals | self.home.relatives
        kept = {name: value.value for name, value in found.items() if isinstance(value, Kept)}
        return [name for name, f in kept.items() if _single(f)]

    def line(self, node):
        """Where a node stands in the learner's cell."""
        return self.above + node.lineno


class Change(NamedTuple):
    """A source in which something was exchanged, its code, and which of several changes in that code is taken."""

    home: "Source"
    code: types.CodeType
    which: int


class Source:
    """What is compiled as one piece, a function or a class: its tree, and what it finds outside by name."""

    def __init__(self, tree, name):
        self.tree, self.name, self.globals, self._code = tree, name, {}, None
        self.relatives = {}  # functions that may have been confused with those it uses: no mistake is looked for there

    def take(self, part, names, drafts):
        """Refuse a part that does more than arithmetic, and take along what it finds outside, `names`, as copies."""
        for node in ast.walk(part.body):
            if node is not part.body and (isinstance(node, UNSAFE) or not isinstance(node, EXPECTED)):
                raise Unsafe(f"{type(node).__name__.lower()} in {part.body.name} is more than the search reads")
            if isinstance(node, ast.FunctionDef) and node is not part.body and node.decorator_list:
                raise Unsafe
            if isinstance(node, ast.Attribute) and (node.attr in EFFECTS or _hidden(node, part)):
                raise Unsafe(f"{node.attr} does more than arithmetic")
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                allowed = HELPERS.get(self.module(names, node.value.id), (node.attr,))
                if node.attr not in allowed:
                    raise Unsafe(f"{node.attr} does more than arithmetic")
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in part.names:
                if node.id != self.name or node.id not in names:
                    self.globals[node.id] = self.outside(names, node.id, drafts)
                elif isinstance(part, Draft):
                    raise Unsafe  # it calls itself
            if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, ast.Store):
                root = root_of(node)
                entry = isinstance(node, ast.Subscript) and isinstance(
                    names.get(getattr(root, "id", "")), (np.ndarray, dict, list)
                )
                if not isinstance(root, ast.Name) or not (entry or root.id in part.names):
                    raise Unsafe  # an array or a dict of the notebook's is written to in a copy
        count_turns(part.body)
        part.spelled = _with_fields(part.spelled, names)
        self.relate(names, drafts)

    def relate(self, names, drafts):
        """Take along the notebook's functions of one argument whose names hold one that is used, or are held by it.

        They are what people confuse: sigmoid and sigmoid_prime, relu and d_relu.
        """
        used = [name for name, value in self.globals.items() if _single(getattr(value, "value", None))]
        for name, value in names.items():
            if _single(value) and name not in self.globals and any(one in name or name in one for one in used):
                tried = dict(drafts)  # one that can't be copied is no loss, and leaves nothing behind
                try:
                    adopt(value, tried)
                except Unsafe:
                    continue
                drafts.update(tried)
                self.relatives[name] = Kept(value, drafts)

    @staticmethod
    def module(names, name):
        """The module that a name of the notebook means, or None."""
        value = names.get(name)
        return value if isinstance(value, types.ModuleType) else None

    def outside(self, names, name, drafts):
        """What a name means that is not the source's own: NumPy, plain Python, or something of the notebook."""
        if name in names:
            value = names[name]
            if value is np or value is math or id(value) in SHARED:
                return value
            adopt(value, drafts)
            return Kept(value, drafts)
        if name in PLAIN:
            return self.globals.get(name, getattr(builtins, name))
        if name in BY_NAME:
            return BY_NAME[name]
        raise Unsafe(f"{name} does more than arithmetic")

    def build(self, changed, built):
        """What the source defines, with a Change, or None; the sources that are as they were are compiled once."""
        if self not in built:
            scope = {"__builtins__": builtins, "__name__": __name__, "print": _silent, "np": np, TURN: _turns()}
            for name, value in (self.relatives | self.globals).items():
                scope[name] = value.revived(changed, built) if isinstance(value, Kept) else value
            if changed and changed.home is self:
                code, scope[WHICH] = changed.code, changed.which
            else:
                code = self._code = self._code or self.compiled()
            exec(code, scope)
            built[self] = scope[self.name]
        return built[self]

    def compiled(self):
        """The code of the tree as it is now."""
        return compile(self.tree, "<draft>", "exec", UNREAD)

    def sources(self, found=None):
        """This source and those of its helpers, each once."""
        found = [] if found is None else found
        if self not in found:
            found.append(self)
            for value in self.globals.values():
                if isinstance(value, Kept):
                    for other in value.sources():
                        other.sources(found)
        return found

    def parts(self):
        """The functions and methods in which something may be changed: its own first, then its helpers'."""
        return [part for source in self.sources() for part in source.own]

    def function(self, changed=None, choice=None):
        """What the tree describes now; `changed` is the part in which a node was exchanged, by default this one.

        choice is (code, which) where several changes of that part were compiled together (see `edits.Choice`).
        """
        home = self if changed is None else changed.home
        return self.build(Change(home, *(choice or (home.compiled(), 0))), {})

    def as_is(self):
        """What the tree described when it was compiled first."""
        return self.build(None, {})


def unannotated(tree):
    """The tree without the types that are written in its functions, which mean nothing here."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            node.body = [_unannotated(one) for one in node.body]
        for block in ("body", "orelse"):
            if isinstance(node, (ast.For, ast.While, ast.If)):
                setattr(node, block, [_unannotated(one) for one in getattr(node, block)])
    return tree


def _unannotated(node):
    """An assignment without its type; a type alone sets nothing."""
    if not isinstance(node, ast.AnnAssign):
        return node
    made = ast.Assign([node.target], node.value) if node.value else ast.Pass()
    return ast.fix_missing_locations(ast.copy_location(made, node))


def count_turns(body):
    """Let every loop without a fixed number of turns count them: a changed one may never end."""
    for node in ast.walk(body):
        if isinstance(node, ast.While):
            turn = ast.Expr(ast.Call(ast.Name(TURN, ast.Load()), [], []))
            node.body.insert(0, ast.fix_missing_locations(ast.copy_location(turn, node)))


class Draft(Source, Part):
    """A copy of a function."""

    def __init__(self, source, above=0, names=None):
        tree = unannotated(ast.parse(source))
        (body,) = tree.body
        if isinstance(body, ast.Assign) and isinstance(body.value, ast.Lambda) and len(body.targets) == 1:
            tree.body = [body := _as_function(body)]
        if not isinstance(body, ast.FunctionDef):
            raise Unsafe
        body.decorator_list = []  # whether that makes a difference, the first run shows
        Source.__init__(self, tree, body.name)
        Part.__init__(self, body, above, self)
        self.own = [self]
        self.globals |= names or {}

    @classmethod
    def of_function(cls, f, drafts=None):
        """The draft of a learner's function; `drafts` are those made so far, by what they copy. Raises Unsafe."""
        drafts = {} if drafts is None else drafts
        if not isinstance(f, types.FunctionType) or f in drafts:  # there while it is read: a circle
            raise Unsafe
        drafts[f] = None
        try:
            draft = cls(*_source_of(f))
        except (OSError, SyntaxError, TypeError, ValueError):
            raise Unsafe(NO_SOURCE) from None
        if f.__name__ not in (draft.body.name, "<lambda>"):
            raise Unsafe
        draft.take(draft, f.__globals__ | _enclosed(f), drafts)
        drafts[f] = draft
        return draft


class ClassDraft(Source):
    """A copy of a class: each of its methods is a part."""

    def __init__(self, kind, drafts):
        methods = [f for f in vars(kind).values() if isinstance(f, types.FunctionType) and _written(f)]
        if not methods or hasattr(kind, "__slots__"):
            raise Unsafe
        code = methods[0].__code__
        body = _class_at(linecache.getlines(code.co_filename, methods[0].__globals__), kind.__name__, code)
        unannotated(body)
        if body.keywords or [ast.unparse(one) for one in body.decorator_list] not in ([], ["dataclass"]):
            raise Unsafe
        super().__init__(ast.Module([body], []), body.name)
        self.own, names = [], methods[0].__globals__
        for node in list(body.body):
            if isinstance(node, ast.FunctionDef):
                try:
                    self.own.append(self.method(node, names, drafts))
                except Unsafe:  # as an __init__ that draws weights: whoever calls it in the copy raises
                    body.body.remove(node)
            elif not _plain(node) and _called(node) == "field":
                node.value = ast.copy_location(ast.Constant(None), node)  # the objects are there already
            elif not _plain(node):
                raise Unsafe
        read = dict.fromkeys(text for part in self.own for text in part.spelled if text.startswith("self."))
        called = {f"self.{part.body.name}" for part in self.own}
        for part in self.own:  # what one method keeps, another uses
            part.spelled = list(dict.fromkeys([*part.spelled, *(text for text in read if text not in called)]))
        if body.decorator_list:
            self.globals |= {"dataclass": dataclass, "field": field}
        body.body.append(ast.copy_location(ast.Pass(), body))
        for base in body.bases:
            if not isinstance(base, ast.Name):
                raise Unsafe
            self.globals[base.id] = self.outside(names, base.id, drafts)

    def method(self, node, names, drafts):
        """The part of one method. Raises Unsafe."""
        if any(not isinstance(d, ast.Name) or d.id not in ("property", "staticmethod") for d in node.decorator_list):
            raise Unsafe
        part = Part(node, 0, self)
        self.take(part, names, drafts)
        return part


class Method:
    """A method of an object, to be run anew on a copy of the object each time."""

    def __init__(self, method):
        drafts = {}
        adopt(method.__self__, drafts)
        self.kept, self.name = Kept(method.__self__, drafts), method.__name__
        source = drafts.get(type(method.__self__))
        found = [part for part in source.own if part.body.name == self.name] if source else []
        if not found:  # inherited, perhaps
            raise Unsafe
        self.part = found[0]

    def parts(self):
        """Its own part, then those of the object's other methods and of all that the object uses."""
        sources = []
        for source in self.kept.sources():
            source.sources(sources)
        found = [part for source in sources for part in source.own]
        return sorted(found, key=lambda part: part is not self.part)

    def function(self, changed=None, choice=None):
        change = changed and Change(changed.home, *(choice or (changed.home.compiled(), 0)))
        return getattr(self.kept.revived(change, {}), self.name)

    def as_is(self):
        """The method of an object as it was."""
        return self.function()


class Kept:
    """Something of the notebook that a source uses, and the drafts of the functions and classes in it."""

    def __init__(self, value, drafts):
        self.value, self.drafts = value, drafts

    def revived(self, changed, built):
        """A copy of it, whose functions and classes are those of the drafts."""
        return self._copy(self.value, changed, built)

    def _copy(self, value, changed, built):
        if _as_it_is(value):
            return value
        if id(value) in built:
            return built[id(value)]
        if isinstance(value, np.ndarray):
            made = value.copy()
        elif isinstance(value, (list, tuple)):
            parts = [self._copy(one, changed, built) for one in value]
            made = type(value)(*parts) if is_record(type(value)) else type(value)(parts)
        elif isinstance(value, dict):
            made = {key: self._copy(one, changed, built) for key, one in value.items()}
        elif isinstance(value, types.SimpleNamespace):
            made = types.SimpleNamespace(**{name: self._copy(one, changed, built) for name, one in vars(value).items()})
        elif isinstance(value, (types.FunctionType, type)):
            made = self.drafts[value].build(changed, built)
        else:
            kind = type(value) if is_record(type(value)) else self.drafts[type(value)].build(changed, built)
            made = built[id(value)] = object.__new__(kind)
            vars(made).update({name: self._copy(one, changed, built) for name, one in vars(value).items()})
        built[id(value)] = made
        return made

    def sources(self):
        """The drafts of all functions and classes in it."""
        return list(dict.fromkeys(self.drafts[thing] for thing in _made_of(self.value, set())))


def adopt(value, drafts):
    """Draft all functions and classes in a value of the notebook. Raises Unsafe for what can't be copied."""
    for thing in _made_of(value, set()):
        if isinstance(thing, types.FunctionType):
            if drafts.get(thing) is None:
                Draft.of_function(thing, drafts)
        elif drafts.get(thing) is None:
            if thing in drafts:
                raise Unsafe  # it is being read: a circle
            drafts[thing] = None
            drafts[thing] = ClassDraft(thing, drafts)


def _made_of(value, seen):
    """The functions and classes in a value of the notebook, in order. Raises Unsafe for what can't be copied."""
    if _as_it_is(value) or isinstance(value, np.ndarray) or id(value) in seen:
        return
    seen.add(id(value))
    if type(value) in (types.ModuleType, types.BuiltinFunctionType, types.MethodType):
        raise Unsafe
    inside = ()
    if type(value) in (list, tuple, dict) or (isinstance(value, tuple) and is_record(type(value))):
        inside = value.values() if isinstance(value, dict) else value
    elif type(value) is types.SimpleNamespace:
        inside = vars(value).values()
    elif isinstance(value, (types.FunctionType, type)):
        yield value
    else:
        if not is_record(type(value)):
            yield type(value)
        inside = vars(value).values()
    for one in inside:
        yield from _made_of(one, seen)


def _as_it_is(value):
    """Whether a copy may use this itself: nothing in it can be changed, and there is no code of the learner's in it."""
    return isinstance(value, NUMBERS) or _of_numpy(value) or id(value) in SHARED or is_record(value)


def is_record(kind):
    """Whether a class has no code of the learner's: a dataclass without methods, a named tuple, an empty class."""
    if not isinstance(kind, type):
        return False
    if kind.__bases__ == (tuple,):
        return hasattr(kind, "_fields")
    members = [one for name, one in vars(kind).items() if name not in ("__dict__", "__weakref__")]
    if kind.__bases__ == (object,) and all(isinstance(one, (str, int, float, tuple, type(None))) for one in members):
        return True
    if kind.__bases__ != (object,) or not dataclasses.is_dataclass(kind):
        return False
    made = [one.default_factory for one in dataclasses.fields(kind)]
    own = [one for one in vars(kind).values() if isinstance(one, (types.FunctionType, property, classmethod))]
    return not any(isinstance(one, types.FunctionType) and _written(one) for one in own) and all(
        one in (dataclasses.MISSING, list, dict) for one in made
    )


def _single(f):
    """Whether it is a function of one argument."""
    return isinstance(f, types.FunctionType) and f.__code__.co_argcount == 1


def _enclosed(f):
    """{name: value} of what a function takes from the function around it."""
    try:
        return {name: cell.cell_contents for name, cell in zip(f.__code__.co_freevars, f.__closure__ or ())}
    except ValueError:  # it is not set yet
        raise Unsafe from None


def stored(node):
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


def _turns():
    """What counts the turns of while loops, and ends them."""
    left, end = iter(range(TURNS)), time.perf_counter() + SLOW

    def turn():
        if next(left, None) is None or time.perf_counter() > end:  # numbers that are squared grow without end, too
            raise RuntimeError("a loop without end")

    return turn


def is_turn(node):
    """Whether a statement only counts the turns of a loop."""
    return (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and getattr(node.value.func, "id", "") == TURN
    )


def _silent(*_, **__):
    """What stands for print in a copy."""


def root_of(node):
    """What a chain of indices and attributes begins with."""
    while isinstance(node, (ast.Subscript, ast.Attribute)):
        node = node.value
    return node


def _hidden(node, part):
    """Whether an attribute is Python's own, or hidden in something that isn't the learner's."""
    if node.attr.startswith("__"):
        return node.attr not in DUNDER
    return node.attr.startswith("_") and not (isinstance(root_of(node), ast.Name) and root_of(node).id in part.names)


def _spelled(body, names):
    """What is used like a variable and isn't a name, as source, each once: self.W1, memo.z, cache["A1"], a[l - 1]."""
    found, keys = {}, {}
    for node in ast.walk(body):
        if isinstance(node, ast.Subscript) and isinstance(getattr(node.slice, "value", None), str):
            keys[node.slice.value] = None
    for node in ast.walk(body):
        of_own = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if of_own and node.value.id in ("self", *names) and (node.attr == "data" or not hasattr(np.ndarray, node.attr)):
            found[ast.unparse(node)] = None
        of_name = isinstance(node, ast.Subscript) and isinstance(node.value, (ast.Name, ast.Attribute))
        if of_name and getattr(root_of(node), "id", "") in ("self", *names):
            if not isinstance(node.slice, (ast.Slice, ast.Tuple)):
                found[ast.unparse(node)] = None
            keyed = isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)
            for key in keys if keyed else ():  # g["W1"] is written, and g["W2"] may be due
                found[ast.unparse(ast.Subscript(node.value, ast.Constant(key), ast.Load()))] = None
    calls = {ast.unparse(node.func) for node in ast.walk(body) if isinstance(node, ast.Call)}
    return [text for text in found if text not in calls]


def _with_fields(spelled, names):
    """What is spelled, and the other fields of a record of which one is read: tape.hid may be due for tape.pre."""
    records = [kind for kind in names.values() if isinstance(kind, type) and is_record(kind)]
    found = dict.fromkeys(spelled)
    for text, fields in itertools.product(spelled, map(_fields, records)):
        of, _, name = text.rpartition(".")
        if of.isidentifier() and name in fields:
            found |= dict.fromkeys(f"{of}.{other}" for other in fields)
    return list(found)


def _fields(kind):
    """The names of a record's fields."""
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind)]
    return getattr(kind, "_fields", ())


def _source_of(f):
    """(source, how many lines stand above it) of a function, or of a lambda wherever it stands in its statement."""
    lines, first = inspect.getsourcelines(f)
    if f.__name__ != "<lambda>":
        return textwrap.dedent("".join(lines)), max(first, 1) - 1
    cell = "".join(linecache.getlines(f.__code__.co_filename, f.__globals__))
    places = set(f.__code__.co_positions())
    names = {}
    for node in _nodes(cell):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names[node.value] = node.targets[0].id
        if isinstance(node, ast.Lambda):
            body = node.body
            if (body.lineno, body.end_lineno, body.col_offset, body.end_col_offset) in places:
                return f"{names.get(node, 'the_lambda')} = ({_segment(cell, node)})", node.lineno - 1
    raise OSError


_segment = functools.lru_cache(maxsize=64)(ast.get_source_segment)  # it reads a whole file, character by character


@functools.lru_cache(maxsize=4)
def _nodes(cell):
    """The nodes of a cell's source, which are only looked at."""
    return list(ast.walk(ast.parse(cell)))


def _as_function(assigned):
    """`name = lambda x: …` as a def."""
    given = assigned.value
    back = ast.copy_location(ast.Return(given.body), given.body)
    target = assigned.targets[0]
    if not isinstance(target, ast.Name):
        raise Unsafe
    made = ast.FunctionDef(target.id, given.args, [back], [], type_params=[])
    return ast.copy_location(made, assigned)


def _called(statement):
    """The name of what is called to set something, as field is in a dataclass; or ""."""
    return getattr(getattr(getattr(statement, "value", None), "func", None), "id", "")


def _plain(node):
    """Whether a statement of a class sets no more than a number, or a field of a dataclass, or is its docstring."""
    if not isinstance(node, (ast.Assign, ast.AnnAssign, ast.Expr, ast.Pass)):
        return False
    value = getattr(node, "value", None)
    return value is None or isinstance(value, ast.Constant) or ast.unparse(value) in PLAIN_VALUES


def _written(f):
    """Whether a function stands in a cell or a file, and isn't made, as a dataclass makes its __init__."""
    file = f.__code__.co_filename
    return not file.startswith("<string>") and file not in (dataclasses.__file__, reprlib.__file__)


def _class_at(lines, name, code):
    """The class of this name, in the lines of a cell, that holds the line of a method's code."""
    try:
        tree = ast.parse("".join(lines))
    except SyntaxError:
        raise Unsafe from None
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.ClassDef)
            and node.name == name
            and node.lineno <= code.co_firstlineno <= node.end_lineno
        ):
            return node
    raise Unsafe


def _of_numpy(value):
    """Whether a function or type is NumPy's own, and no generator of random numbers."""
    module = getattr(value, "__module__", None)
    named = isinstance(value, type) or callable(value)
    return named and isinstance(module, str) and module.split(".")[0] == "numpy" and "random" not in module
