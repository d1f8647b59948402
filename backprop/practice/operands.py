"""What an operation that raised was given: two factors whose shapes don't fit, an array and an index outside of it.

Two answers that raise with the same words may hold different mistakes. Which one it is shows in the values that met.
They are read from the source at the place of the exception, and nothing is computed anew but plain arithmetic.
"""

import ast
import functools
import linecache
import re

import numpy as np

from backprop.practice.expressions import METHODS, OPERATIONS, is_numpy
from backprop.practice.results import as_array

UNKNOWN = object()  # an operand that only a call of the learner's own code could give


def operands_of(error, own, source=None):
    """The values that met where an exception came, innermost first come; () where they can't be read.

    own is the name of the learner's file. `source` is its text, where Python doesn't keep it.
    """
    if hasattr(error, "operands"):  # of an expression, which keeps them itself
        return error.operands
    place, step = None, error.__traceback__  # the innermost step in the learner's own file
    while step:
        place, step = step if step.tb_frame.f_code.co_filename == own else place, step.tb_next
    if place is None:
        return ()
    frame = place.tb_frame
    where = list(frame.f_code.co_positions())[place.tb_lasti // 2]
    node = node_at(source or "".join(linecache.getlines(own, frame.f_globals)), where)
    with np.errstate(all="ignore"):
        return tuple(value_of(part, frame) for part in given_to(node))


def node_at(source, where):
    """The operation that stands at (line, last line, column, last column), or None."""
    return _operations(source).get(tuple(where))


@functools.lru_cache(maxsize=16)
def _operations(source):
    """{place: the operation that stands there}, outermost first; a long file is read once for all its exceptions."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a cell with more than Python in it
        return {}
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.expr | ast.stmt) and given_to(node):
            found.setdefault((node.lineno, node.end_lineno, node.col_offset, node.end_col_offset), node)
    return found


def given_to(node):
    """The nodes of what an operation takes: of a product its factors, of np.dot, x.dot or einsum the same."""
    match node:
        case ast.Call(
            func=ast.Attribute(attr="einsum") | ast.Name(id="einsum"), args=[ast.Constant(value=str(text)), one, other]
        ):
            return factors(text, one, other)
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.AugAssign(target=target, value=value):
            return [target, value]
        case ast.Subscript(value=value, slice=index):
            return [value, index]
        case ast.Call(func=ast.Attribute(value=value), args=args):
            return [a for a in args if not isinstance(a, ast.Constant)] if is_numpy(value) else [value, *args]
        case ast.Call(args=args):
            return args
    return []


def factors(text, one, other):
    """The two factors of einsum as @ would take them, where its letters say a product of two matrices."""
    said = re.fullmatch(r"(\w\w),(\w\w)(?:->(\w\w))?", text.replace(" ", ""))
    shared = set(said[1]) & set(said[2]) if said else ()
    if len(shared) != 1 or shared & set(said[3] or ""):
        return [one, other]
    (summed,) = shared
    one = one if said[1][1] == summed else ast.Attribute(one, "T", ast.Load())
    other = other if said[2][0] == summed else ast.Attribute(other, "T", ast.Load())
    if said[3] and said[3][0] in said[2]:  # the product transposed
        return [ast.Attribute(other, "T", ast.Load()), ast.Attribute(one, "T", ast.Load())]
    return [one, other]


def value_of(node, frame):
    """The value that a node has in a frame, or UNKNOWN. Only names, indices, arithmetic and NumPy are followed."""
    try:
        return _value(node, frame.f_globals | frame.f_locals)
    except Exception:  # whatever a learner's object does; the place has raised before
        return UNKNOWN


def _value(node, names):
    match node:
        case ast.Name(id=name):
            return names[name]
        case ast.Constant(value=value):
            return value
        case ast.Attribute(value=value, attr="T"):
            return np.transpose(_array(value, names))
        case ast.Attribute(value=value, attr=name):
            return vars(_value(value, names))[name]
        case ast.Subscript(value=value, slice=ast.Slice() | ast.Tuple()):
            raise LookupError
        case ast.Subscript(value=value, slice=index):
            return _plain(_value(value, names))[_value(index, names)]
        case ast.BinOp(op=op, left=left, right=right):
            return OPERATIONS[type(op)](_array(left, names), _array(right, names))
        case ast.UnaryOp(op=op, operand=operand):
            return OPERATIONS[type(op)](_array(operand, names))
        case ast.Call(func=ast.Attribute(value=base, attr=name), args=args, keywords=keywords):
            options = {k.arg: ast.literal_eval(k.value) for k in keywords}
            if is_numpy(base) and isinstance(getattr(np, name), np.ufunc) or name in ("transpose", *METHODS):
                first = [] if is_numpy(base) else [_array(base, names)]
                return getattr(np, name)(*first, *(_array(a, names) for a in args), **options)
    raise LookupError


def _array(node, names):
    array = as_array(_value(node, names))
    if array is None:
        raise LookupError
    return array


def _plain(value):
    if type(value) not in (list, tuple, dict, np.ndarray):
        raise LookupError
    return value


def met_alike(mine, others):
    """Whether the same values met: of each pair one is a constant times the other, or can't be known."""
    return not mine or len(mine) == len(others) and all(map(_proportional, mine, others))


def _proportional(one, other):
    if one is UNKNOWN or other is UNKNOWN:
        return True
    if type(one) in (list, tuple, dict) or type(other) in (list, tuple, dict):
        return type(one) is type(other)
    if isinstance(one, int) or isinstance(other, int):  # an index, mostly
        return one == other
    one, other = as_array(one), as_array(other)
    if one is None or other is None or one.size != other.size:
        return one is other
    one, other = one.ravel(), other.ravel()
    across = abs(one @ other)
    return bool(np.isclose(across, np.linalg.norm(one) * np.linalg.norm(other), rtol=1e-9))
