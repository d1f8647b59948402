"""Changes of one place in somebody's program: what people confuse first, then what they leave out.

Each change is made in the tree and undone again, so that thousands can be tried (see `repair`).
"""

import ast
import copy
import functools
import itertools
import re

from backprop.practice.drafts import WHICH, is_turn, root_of
from backprop.practice.expressions import is_numpy

CONFUSED = {  # an operator, and what people mean by it: 1 / a for 1 - a cancels too much to be anybody's mistake
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add, ast.Mult),
    ast.Mult: (ast.MatMult, ast.Add, ast.Div),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.MatMult: (ast.Mult,),
}
REDUCING = ("sum", "mean", "max", "min")
MAKING = (
    "full",
    "linspace",
    "arange",
    "repeat",
    "tile",
    "resize",
    "zeros",
    "ones",
    "empty",
    "eye",
)  # a value that becomes a size takes all memory
SLOPES = ("{v} * (1 - {v})", "1 - {v}**2", "{v} > 0")
WRAPPERS = ("np.sqrt", "np.abs", "np.exp", "np.log", "np.tanh")  # functions that are left out
TURNED = ("exp", "sort", "argsort", "argpartition", "argmax", "argmin")  # whose argument people forget to negate
FILLED = {"zeros_like": "ones_like", "ones_like": "zeros_like", "zeros": "ones", "ones": "zeros"}
LEVELS = CONFUSION, OMISSION, EVERYWHERE = range(3)
MANY = 6  # equal expressions that are changed together
DIVISORS = (ast.Call, ast.Subscript, ast.Attribute, ast.BinOp)  # np.sqrt(d), x.shape[0], y.size, 2 * n
FAR = 6  # statements that one is moved past
MOVABLE = (ast.Assign, ast.AugAssign, ast.Expr)
LONG = 8  # entries of a list of which two are exchanged


def changes(draft, level):
    """[(kind, node, part, put)] of all changes: put() makes it in a part's tree, and returns what undoes it.

    Level 0 holds what is confused and what moves, level 1 what was left out, and level 2 what is confused everywhere.
    """
    found = []
    for part in draft.parts():
        here = everywhere(part) if level == EVERYWHERE else changes_of(part, level)
        here = [*here, *(moves(part) if level == 0 else []), *(loops(part) if level == 0 else [])]
        found += [(kind, node, part, put) for kind, node, put in here]
    return found


def changed(draft, part, put):
    """The function with a change. Those of one place are compiled together, where they can be (see `edits.Choice`)."""
    choice = getattr(put, "choice", None)
    if choice and choice.code:
        return draft.function(part, (choice.code, put.number))
    back = put()
    try:
        return draft.function(part)
    finally:
        back()


class Alike:
    """Places that are changed together: equal expressions, or two statements of which each takes the other's value."""

    def __init__(self, nodes):
        self.nodes, self.lineno = nodes, nodes[0].lineno


def everywhere(part):
    """The same change wherever the same expression stands, in all of it or in one index: (kind, expressions, put)."""
    indices = [node.slice for node in ast.walk(part.body) if isinstance(node, ast.Subscript)]
    for tree in (part.body, *indices):
        yield from everywhere_in(part, tree)


def everywhere_in(part, tree):
    """The same change wherever the same expression stands in a part's tree, or in a piece of it."""
    found = {}
    for parent, place, node in _expressions(tree):
        if isinstance(node, (ast.BinOp, ast.Call, ast.Name, ast.Subscript, ast.Attribute)):
            found.setdefault(ast.unparse(node), []).append((parent, place, node))
    for same in found.values():
        if 1 < len(same) <= MANY:
            parent, _, node = same[0]
            for kind, new in confused(part, node, parent):
                yield (
                    kind,
                    Alike([old for *_, old in same]),
                    _together([_placed(place, copy.deepcopy(new), old) for _, place, old in same]),
                )


def _together(puts):
    """One function that makes several changes, and returns what undoes them."""

    def put():
        backs = [one() for one in puts]
        return lambda: [back() for back in reversed(backs)]

    return put


def changes_of(draft, level):
    """The changes of the expressions in one function of the learner's, without its helpers."""
    into = put_into(draft.body)
    for parent, place, node in _expressions(draft.body):
        choice = Choice(draft, place, node)
        for kind, new in (confused, left_out)[level](draft, node, parent):
            if not isinstance(new, ast.Name) or new.id != into.get(id(node)):
                yield kind, node, choice.put(new)


def _expressions(body):
    """(parent, place, node) of each expression that may be exchanged."""
    for parent in ast.walk(body):
        for field, value in ast.iter_fields(parent):
            for n, node in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(node, ast.expr) or not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
                    continue
                if is_turn(parent) or _sized(parent):
                    continue  # nor what becomes a size: it could take all memory
                if isinstance(parent, ast.arguments) or (isinstance(parent, ast.Call) and field == "func"):
                    continue  # a default, or the name of what is called
                if isinstance(parent, ast.Attribute) and parent.attr == "shape" or is_numpy(node):
                    continue
                if is_size(parent) and field == "slice":  # the size is changed as a whole
                    continue
                yield parent, (value, n) if isinstance(value, list) else (parent, field), node


def _sized(node):
    """Whether a node makes an array of the size that it is given."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MAKING


def put_into(body):
    """{id of a node: the name of what it is put into}: NumPy walks through a list that holds itself without end."""
    found = {}
    for node in ast.walk(body):
        target, values = None, []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in ("append", "extend", "insert"):
                target, values = node.func.value, node.args
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            target, values = node.targets[0].value, [node.value]
        if isinstance(target, ast.Name):
            found |= {id(part): target.id for value in values for part in ast.walk(value)}
    return found


def moves(part):
    """A statement that stands elsewhere in its block, or that is one too many: (kind, node, put)."""
    for parent in ast.walk(part.body):
        for block in (getattr(parent, "body", None), getattr(parent, "orelse", None)):
            if not isinstance(block, list):
                continue
            for n, node in enumerate(block):
                if not isinstance(node, MOVABLE) or is_turn(node):
                    continue
                for to in range(max(0, n - FAR), min(len(block), n + FAR + 1)):
                    if to != n and not isinstance(block[to], ast.Return):
                        yield "moment", node, _moved(block, n, to)
                if len(block) > 1 and not isinstance(node, ast.Assign):
                    yield "one too many", node, _moved(block, n, None)
                if other := _assigned_otherwise(node):
                    yield "assignment", node, _placed((block, n), other, node)
                if other := _added_at(node):
                    yield "repeated", node, _placed((block, n), other, node)
                for m in range(n):
                    if _take_alike(block[m], node):
                        yield "exchanged", Alike([block[m], node]), _values_exchanged(block[m], node)


def loops(part):
    """A statement that stands inside of a loop and belongs before or after it, or the other way round."""
    for parent in ast.walk(part.body):
        for block in (getattr(parent, "body", None), getattr(parent, "orelse", None)):
            for n, loop in enumerate(block if isinstance(block, list) else ()):
                if isinstance(loop, ast.For):
                    yield from _across(block, n, loop.body)


def _across(block, n, inner):
    """The changes that carry a statement over the edge of the loop that stands at a place of its block."""
    for m, node in enumerate(inner):
        if isinstance(node, MOVABLE) and len(inner) > 1:
            yield "loop", node, _moved(inner, m, n, block)
            yield "loop", node, _moved(inner, m, n + 1, block)
    for m in (n - 1, n + 1):
        if 0 <= m < len(block) and isinstance(block[m], MOVABLE):
            yield "loop", block[m], _moved(block, m, 0 if m < n else len(inner), inner)


def _take_alike(one, other):
    """Whether two statements set entries or attributes of one thing, as g["W1"] and g["W2"] are."""
    if not all(
        isinstance(a, ast.Assign) and isinstance(a.targets[0], (ast.Subscript, ast.Attribute)) for a in (one, other)
    ):
        return False
    return ast.dump(one.targets[0].value) == ast.dump(other.targets[0].value)


def _values_exchanged(one, other):
    """A function that exchanges the values of two assignments, and returns what undoes it."""

    def put():
        one.value, other.value = other.value, one.value
        return lambda: put() and None

    return put


def _assigned_otherwise(node):
    """+= for =, or = for +=; None where neither stands."""
    if isinstance(node, ast.AugAssign):
        made = ast.Assign([node.target], node.value)
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], (ast.Name, ast.Subscript, ast.Attribute)):
        made = ast.AugAssign(node.targets[0], ast.Add(), node.value)
    else:
        return None
    return ast.fix_missing_locations(ast.copy_location(made, node))


def _added_at(node):
    """np.add.at for x[i] += y, or for x[i] = y; None where no entry is chosen."""
    target = node.target if isinstance(node, ast.AugAssign) else getattr(node, "targets", [None])[0]
    if not isinstance(target, ast.Subscript) or isinstance(target.slice, (ast.Slice, ast.Constant)):
        return None
    call = ast.Call(_read("np.add.at"), [_loaded(target.value), target.slice, node.value], [])
    return ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node))


def _loaded(node):
    """A copy of what something is put into, as it is read."""
    return _read(ast.unparse(node))


def _moved(block, n, to, other=None):
    """A function that moves a statement in its block or to another, or takes it out, and returns one that undoes it."""
    target = block if other is None else other

    def put():
        node = block.pop(n)
        if to is not None:
            target.insert(to, node)

        def back():
            if to is not None:
                target.pop(to)
            block.insert(n, node)

        return back

    return put


class Choice:
    """The nodes that may stand in one place of a part's tree.

    To compile a function takes longer than to run it. So they are compiled together: one if n < 1 else another.
    """

    def __init__(self, part, place, node):
        self.part, self.place, self.node, self.nodes = part, place, node, []

    def put(self, new):
        """What puts one more of them there; it knows its choice and its number."""

        def put():  # most are only ever run together, or not at all: they are prepared when it is their turn
            return _placed(self.place, new, self.node)()

        put.choice, put.number = self, len(self.nodes)
        self.nodes.append(new)
        return put

    @functools.cached_property
    def code(self):
        """The code of all of them, or None where they can't stand side by side."""
        back = _placed(self.place, self.among(0, len(self.nodes)), self.node)()
        try:
            return self.part.home.compiled()
        except Exception:  # one of them is no Python; alone, the others are
            return None
        finally:
            back()

    def among(self, first, end):
        """The node that gives one of those from first to end, by halves."""
        if end - first == 1:
            return self.nodes[first]
        middle = (first + end) // 2
        below = ast.Compare(ast.Name(WHICH, ast.Load()), [ast.Lt()], [ast.Constant(middle)])
        return ast.IfExp(below, self.among(first, middle), self.among(middle, end))


def _locate(new, node):
    """Let what is new in a tree stand where the node stood. What has a place keeps it: all that is in it has one."""
    if hasattr(new, "lineno"):
        return
    if isinstance(new, (ast.expr, ast.keyword)):
        new.lineno, new.col_offset = node.lineno, node.col_offset
        new.end_lineno, new.end_col_offset = node.end_lineno, node.end_col_offset
    for field in new._fields:
        value = getattr(new, field)
        for part in value if isinstance(value, list) else (value,):
            if isinstance(part, ast.AST) and part._fields:  # an operator has none
                _locate(part, node)


def _placed(place, new, node):
    """A function that puts a new node into a place of the tree, and returns one that undoes it."""
    where, which = place
    _locate(new, node)

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
    if isinstance(node, (ast.Attribute, ast.Subscript)) and ast.unparse(node) in draft.spelled:
        begins = getattr(root_of(node), "id", "")
        for text in [*draft.spelled, *(name for name in draft.names if name != begins)]:
            if text != ast.unparse(node):
                yield "variable", _read(text)
    if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)) and isinstance(parent, ast.BinOp):
        yield "power", ast.BinOp(node, ast.Pow(), ast.Constant(2))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.Not, ast.Invert)):
        yield "sign", node.operand
    if isinstance(node, ast.Name) and _is_condition(node, parent):
        yield "condition", ast.UnaryOp(ast.Invert(), node)
    yield from around(draft, node, parent)
    if isinstance(node, ast.BinOp):
        left, right, op = node.left, node.right, node.op
        yield "sign", ast.UnaryOp(ast.USub(), node)
        grows = isinstance(op, ast.Add) and isinstance(parent, ast.Assign)  # two lists, perhaps
        if grows or isinstance(op, (ast.Sub, ast.Div, ast.Pow)):
            yield "order", ast.BinOp(right, op, left)
        for part in (left, right):
            yield "too many", part
        for other in CONFUSED.get(type(op), ()):
            yield "operation", ast.BinOp(left, other(), right)
        if isinstance(op, ast.MatMult):
            yield from products(left, right)
            for one, other in ((_matrices_turned(left), right), (left, _matrices_turned(right))):
                yield "transpose", ast.BinOp(one, op, other)
        if isinstance(left, ast.BinOp):
            yield "brackets", ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right))
        if isinstance(right, ast.BinOp):
            yield "brackets", ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        one = node.value
        near = (2 * one, one / 2, one + 1, one - 1, 10 * one, one / 10) if isinstance(one, float) else ()
        for number in dict.fromkeys((0, 1, 2, -1, 0.5, *near)):
            if number != node.value:
                yield "number", ast.Constant(number)
        for name in draft.names if isinstance(parent, ast.BinOp) or _in_index(node, parent) else ():
            yield "number", ast.Name(name, ast.Load())
    if isinstance(node, (ast.Attribute, ast.BinOp, ast.Name, ast.Subscript)):
        yield from other_slopes(draft, node)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in (ast.Gt, ast.GtE, ast.Lt, ast.LtE):
            if type(node.ops[0]) is not other:
                yield "comparison", ast.Compare(node.left, [other()], node.comparators)
        for name in draft.names:
            yield "variable", ast.Compare(ast.Name(name, ast.Load()), node.ops, node.comparators)
    yield from places(node)
    if isinstance(node, ast.Call):
        yield from calls(node)


def places(node):
    """The place before or after an index, and other sizes of the same array."""
    if is_size(node):
        for text in sizes(node, [ast.unparse(sized(node))]):
            yield "size", _read(text)
    elif isinstance(node, ast.Subscript) and not isinstance(node.slice, (ast.Slice, ast.Tuple)):
        for step in (1, -1):
            yield "index", ast.Subscript(node.value, ast.BinOp(node.slice, ast.Add(), ast.Constant(step)), ast.Load())


def is_size(node):
    """Whether a node is the size of an array: x.shape[0], len(x), x.size."""
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Attribute) and node.value.attr == "shape"
    return (isinstance(node, ast.Attribute) and node.attr == "size") or _called(node) == "len"


def sized(node):
    """What a size is the size of."""
    if isinstance(node, ast.Call):
        return node.args[0] if node.args else node
    return node.value.value if isinstance(node, ast.Subscript) else node.value


def sizes(node, names):
    """Other sizes than one, of the arrays of these names."""
    found = [f"{name}.{size}" for name in names for size in ("shape[0]", "shape[1]", "shape[-1]", "size")]
    return [text for text in found if text != ast.unparse(node)]


def around(draft, node, parent):
    """What may be confused by where a node stands: in a list, below exp, in the head of a loop, or as a call."""
    yield from exchanged(node, parent)
    if isinstance(node, (ast.Name, ast.Subscript)) and _called(parent) in TURNED:
        yield "sign", ast.UnaryOp(ast.USub(), node)
    if getattr(parent, "iter", None) is node and _called(node) not in ("range", "reversed"):
        yield "direction", ast.Call(_read("reversed"), [ast.Call(_read("list"), [node], [])], [])
    if _called(node) in FILLED and isinstance(node.func, ast.Attribute):
        yield "number", ast.Call(_attribute(node.func.value, FILLED[_called(node)]), node.args, node.keywords)
    functions = draft.functions() if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ()
    for name in functions if _called(node) in functions else ():
        if name != node.func.id:
            yield "other function", ast.Call(ast.Name(name, ast.Load()), node.args, node.keywords)


def _called(node):
    """The last name of what a node calls, or "" where it calls nothing."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


def _in_index(node, parent):
    """Whether a number stands in an index, alone or among others."""
    return isinstance(parent, ast.Tuple) or (isinstance(parent, ast.Subscript) and parent.slice is node)


def exchanged(node, parent):
    """Two of what a node lists have each other's place: results, entries of a dict, indices, arguments by name."""
    if isinstance(parent, ast.Subscript):  # one of them is taken at once
        return
    if isinstance(node, (ast.Tuple, ast.List)) and len(node.elts) <= LONG:
        for elts in _swaps(node.elts):
            yield "order", type(node)(elts, ast.Load())
    if isinstance(node, ast.Dict) and len(node.values) <= LONG:
        for values in _swaps(node.values):
            yield "order", ast.Dict(node.keys, values)
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "dict" and len(node.keywords) <= LONG:
        for values in _swaps([k.value for k in node.keywords]):
            named = [ast.keyword(k.arg, value) for k, value in zip(node.keywords, values)]
            yield "order", ast.Call(node.func, node.args, named)


def _swaps(nodes):
    """The list with two of its entries exchanged, in every way that makes a difference."""
    for n, m in itertools.combinations(range(len(nodes)), 2):
        if ast.dump(nodes[n]) != ast.dump(nodes[m]):
            found = list(nodes)
            found[n], found[m] = nodes[m], nodes[n]
            yield found


def _is_condition(node, parent):
    """Whether a variable stands where a condition does: in np.where, as an index, or it is called a mask."""
    if isinstance(parent, ast.Call):
        return getattr(parent.func, "attr", "") == "where" and parent.args[:1] == [node]
    return (isinstance(parent, ast.Subscript) and parent.slice is node) or "mask" in node.id


@functools.cache
def slopes_of(name):
    """The slopes of a value, as Python writes them."""
    return tuple(ast.unparse(_read(slope.format(v=name))) for slope in SLOPES)


def _spread_slope(node):
    """The x * a of x * a * (1 - a), where the slope is no part of its own; else None."""
    match node:
        case ast.BinOp(
            left=ast.BinOp(op=ast.Mult(), right=one) as part,
            op=ast.Mult(),
            right=ast.BinOp(left=ast.Constant(value=1), op=ast.Sub(), right=other),
        ) if ast.dump(one) == ast.dump(other):
            return part
    return None


def other_slopes(draft, node):
    """The other slopes where one stands, such as a (1 - a) for 1 - a², or for a itself."""
    if part := _spread_slope(node):
        value = ast.unparse(part.right)
        due = [f"1 - {value}**2", *(slopes_of(name)[0] for name in draft.names if name != value)]
        for slope in due:
            yield "other slope", ast.BinOp(part.left, ast.Mult(), _read(f"({slope})"))
    there = ast.unparse(node)
    for name in [*draft.names, *draft.spelled]:
        if name in there and there in (name, *slopes_of(name)):
            for slope in slopes_of(name):
                if slope != there:
                    yield "other slope", _read(f"({slope})")
        if name in there and there in slopes_of(name)[:2]:  # of another variable
            which = slopes_of(name).index(there)
            for other in draft.names:
                if other != name:
                    yield "other slope", _read(f"({slopes_of(other)[which]})")


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
    if named == "einsum" and node.args and isinstance(node.args[0], ast.Constant):
        for text in letters(str(node.args[0].value)):
            yield "letters", ast.Call(node.func, [ast.Constant(text), *node.args[1:]], node.keywords)
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
    if named == "reshape" and method:
        yield "transpose", _attribute(node.func.value, "T")
    if named == "range":
        yield "direction", ast.Call(ast.Name("reversed", ast.Load()), [node], [])
    if named == "append" and method and len(node.args) == 1:
        yield "order", ast.Call(_attribute(node.func.value, "insert"), [ast.Constant(0), *node.args], [])
    if named == "insert" and method and len(node.args) == 2:
        yield "order", ast.Call(_attribute(node.func.value, "append"), node.args[1:], [])
    if len(node.args) == 2 and named not in MAKING:
        yield "order", ast.Call(node.func, node.args[::-1], node.keywords)
    for part in arguments[:1]:
        yield "variable" if named.endswith("_like") else "too many", part


def letters(text):
    """The einsum strings in which two letters are exchanged, in one of its terms or in several."""
    terms, found = re.split("(,|->)", text.replace(" ", "")), {}
    here = sorted({letter for letter in text if letter.isalpha()})
    places = range(0, len(terms), 2)
    for one, other in itertools.combinations(here, 2):
        swap = str.maketrans(one + other, other + one)
        for chosen in itertools.chain(*(itertools.combinations(places, n) for n in range(1, len(places)))):
            found["".join(term.translate(swap) if n in chosen else term for n, term in enumerate(terms))] = None
    return [one for one in found if one != "".join(terms)]


def left_out(draft, node, parent):
    """What is missing there: a factor, a slope, a sum, a divisor."""
    if not isinstance(node, (ast.Name, ast.BinOp, ast.Call, ast.Attribute, ast.Subscript, ast.UnaryOp)):
        return
    summed = isinstance(parent, ast.Attribute) and parent.attr in REDUCING  # x.sum(axis=0)
    if not summed and not isinstance(parent, (ast.Assign, ast.AugAssign, ast.Return, ast.Tuple, ast.BinOp, ast.Call)):
        return
    if is_size(node):  # of two numbers one may be a multiple of the other: a factor is as likely
        for text in sizes(node, [name for name in draft.names if name != ast.unparse(sized(node))]):
            yield "size", _read(text)
    for name in [*draft.names, *draft.spelled]:
        yield "factor", ast.BinOp(node, ast.Mult(), _read(name))
        for slope in SLOPES:
            yield "slope", ast.BinOp(node, ast.Mult(), _read(f"({slope.format(v=name)})"))
    for name in draft.names:
        yield "term", ast.BinOp(node, ast.Add(), _read(name))
        if not (isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Div)):  # there it is a factor
            yield "divisor", ast.BinOp(node, ast.Div(), _read(name))
    for text in divisors(draft):
        yield "divisor", ast.BinOp(node, ast.Div(), _read(text))
    for name in (*WRAPPERS, *draft.functions()):
        yield "function", ast.Call(_read(name), [node], [])
    for name in [*draft.arguments, *(text for text in draft.spelled if text.startswith("self."))]:
        yield "divisor", ast.BinOp(node, ast.Div(), _attribute(_read(name), "size"))
    for name in draft.arguments:
        for axis in (0, 1):
            size = ast.Subscript(_attribute(ast.Name(name, ast.Load()), "shape"), ast.Constant(axis), ast.Load())
            yield "divisor", ast.BinOp(node, ast.Div(), size)
    for axis, keep in itertools.product((0, 1, -1), (False, True)):
        options = [ast.keyword("axis", ast.Constant(axis))] + [ast.keyword("keepdims", ast.Constant(True))] * keep
        yield "sum", ast.Call(_attribute(ast.Name("np", ast.Load()), "sum"), [node], options)
    yield "new axis", _read(f"({ast.unparse(node)})[:, None]")
    yield "factor", ast.BinOp(node, ast.Mult(), ast.Constant(2))
    yield "factor", ast.BinOp(node, ast.Mult(), ast.Constant(0.5))


def divisors(part):
    """What a part or its helpers divide by and is no name, as np.sqrt(d), where the part has all that is in it."""
    found, known = {}, {"np", *part.names, *part.home.globals}
    for other in part.home.parts():
        for node in ast.walk(other.body):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and isinstance(node.right, DIVISORS):
                if {one.id for one in ast.walk(node.right) if isinstance(one, ast.Name)} <= known:
                    found[f"({ast.unparse(node.right)})"] = None
    return [text for text in found if ast.unparse(_read(text)) not in part.spelled]


@functools.lru_cache(maxsize=1000)
def _read(text):
    """The expression; one tree serves all changes, since none is changed itself."""
    return ast.parse(text, mode="eval").body


def _attribute(node, name):
    return ast.Attribute(node, name, ast.Load())


def _matrices_turned(node):
    """A stack of matrices, each of them transposed."""
    axes = [ast.UnaryOp(ast.USub(), ast.Constant(n)) for n in (1, 2)]
    return ast.Call(_attribute(node, "swapaxes"), axes, [])


def _turned(node, wanted):
    if not wanted:
        return node
    return node.value if isinstance(node, ast.Attribute) and node.attr == "T" else _attribute(node, "T")
