"""One-line expressions, as learners type them in strings: parsed, held to a list of forms, and only then computed.

Nothing here calls eval. What is not on the lists is refused before anything runs, and no value grows beyond a bound.
"""

import ast
import functools
import operator
import re
import warnings
from difflib import get_close_matches

import numpy as np

LONGEST, MOST_NODES, HIGHEST_POWER, LARGEST = 300, 120, 8, 1_000_000


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


FUNCTIONS = {
    name: getattr(np, name)
    for name in (
        *("exp", "log", "log1p", "log2", "tanh", "cosh", "sinh", "sqrt", "square", "abs", "sign", "sum", "mean", "max"),
        *("add", "subtract", "negative", "power", "maximum", "minimum", "multiply", "divide"),
        *("outer", "inner", "dot", "matmul", "einsum"),
        *("transpose", "diag", "diagflat", "where"),
    )
} | {"σ": sigmoid, "sigmoid": sigmoid}

METHODS = ("sum", "mean", "max", "dot", "transpose")  # W.T.dot(d) for np.dot(W.T, d)
AXIS = ("sum", "mean", "max")  # may take axis and keepdims
SUBSCRIPTS = r"[a-zA-Z, ]+(->[a-zA-Z ]*)?"  # of einsum: letters, a comma between two factors

OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.MatMult: operator.matmul,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}

# What people write on paper, and what to type instead.
TRANSPOSE = "For the transpose write .T, as in W.T."
PAPER = (
    (r"\^\s*(T\b|⊤|\{)|ᵀ|⊤|[\w)]′", TRANSPOSE),
    (r"\^|[²³]", "A power is written ** in Python, as in a**2."),
    (r"[·⋅∙×⊙∘•]", "Write * for a product entry by entry, and @ for a product of matrices."),
    (r"[−–]", "That is a typographic minus: type - instead."),
    (r"^[^(=<>!]*[-+]=", "Write what is added to it, with its sign, and no =."),
    (r"^[^(=<>!]*=(?!=)", "Write the right-hand side only, without the =."),
)
MISSING = (  # where it is no Python at all
    (r"(?<=[\w)])'(?!\w)", TRANSPOSE),
    (r"(?<![\w.])\d+\.?\d*\s*(?!e[-+]?\d)(?=[^\W\d]|\()", "Is a * missing after {}? Python wants 2 * W, not 2W."),
    (r"\)\s*(?=[\w(])", "Is a * or @ missing after {}?"),
    (r"\b[^\W\d]\w*\s+(?=[^\W\d]|\d)", "Is a * or @ missing after {}?"),
)


class Unreadable(Exception):
    """An expression that can't be taken; the text says why, and what to write instead."""


def function_of(text, arguments, names):
    """The function of `arguments` (names, in order) that an expression describes. Raises Unreadable."""
    functions = FUNCTIONS | {name: value for name, value in names.items() if callable(value)}
    constants = {name: value for name, value in names.items() if not callable(value)}
    tree = _parse(text)
    _allow(tree, {*arguments, *constants}, functions)

    def answer(*values):
        return _value(tree, constants | dict(zip(arguments, values)), functions)

    return answer


def _parse(text):
    if len(text) > LONGEST:
        raise Unreadable(f"The expression has {len(text)} characters, at most {LONGEST} are read.")
    for pattern, advice in PAPER:
        if re.search(pattern, text):
            raise Unreadable(advice)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        for pattern, advice in MISSING:
            found = re.search(pattern, text)
            if found:
                raise Unreadable(advice.format(found[0].strip())) from None
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        raise Unreadable(f"This is not a Python expression: {said}.") from None
    if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
        raise Unreadable("The expression is too long: one line of the derivation is enough.")
    return tree


def _allow(node, variables, functions):
    """Refuse, before anything is computed, whatever is not on the list."""
    match node:
        case ast.Constant(value=bool() | str() | bytes() | None):
            raise Unreadable(f"{node.value!r} has no place in a formula.")
        case ast.Constant(value=int() | float()):
            if abs(node.value) > 1e6:
                raise Unreadable("A number is too large for this formula.")
        case ast.Name(id=name):
            if name not in variables:
                raise Unreadable(_unknown(name, variables, functions))
        case ast.BinOp(op=ast.Pow(), left=left, right=right):
            _allow(left, variables, functions)
            if not _small_constant(right):
                raise Unreadable(f"Powers are constants up to {HIGHEST_POWER} here.")
        case ast.BinOp(op=op, left=left, right=right) if type(op) in OPERATIONS:
            _allow(left, variables, functions)
            _allow(right, variables, functions)
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATIONS:
            _allow(left, variables, functions)
            _allow(right, variables, functions)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATIONS:
            _allow(operand, variables, functions)
        case ast.Attribute(value=value, attr="T"):
            _allow(value, variables, functions)
        case ast.Call():
            _allow_call(node, variables, functions)
        case _:
            raise Unreadable(
                f"{_shown(node)} can't be used here: write a formula with + - * / @ **, .T and the functions "
                f"{', '.join(sorted(functions))}."
            )


def _allow_call(node, variables, functions):
    arguments = node.args
    match node.func:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="np" | "math"), attr=name) if name in functions:
            pass
        case ast.Attribute(value=value, attr=name) if name in METHODS and not is_numpy(value):
            _allow(value, variables, functions)
            arguments = [value, *arguments]
        case ast.Name(id=name) if name in variables:
            raise Unreadable(f"{name} is no function: is a * or @ missing before the parenthesis?")
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="np" | "math"), attr=name):
            raise Unreadable(_unknown(name, set(), functions))
        case _:
            raise Unreadable(f"{_shown(node.func)} is not one of the functions {', '.join(sorted(functions))}.")
    for keyword in node.keywords:
        if keyword.arg not in ("axis", "keepdims") or name not in AXIS or not _whole(keyword.value):
            raise Unreadable(f"{keyword.arg or '**'} can't be given to {name} here.")
    if name == "einsum":
        if not (arguments and isinstance(arguments[0], ast.Constant) and _subscripts(arguments[0].value)):
            raise Unreadable("einsum begins with its letters in quotes, such as 'ij,jb->ib'.")
        arguments = arguments[1:]
    for argument in arguments:
        _allow(argument, variables, functions)
    if name in AXIS and len(arguments) > 1 and not (len(arguments) == 2 and _whole(arguments[1])):
        raise Unreadable(f"{name} takes one array here, and axis=0 or axis=1.")


def _subscripts(value):
    """Whether a value holds the letters of einsum."""
    return type(value) is str and bool(re.fullmatch(SUBSCRIPTS, value))


def is_numpy(node):
    return isinstance(node, ast.Name) and node.id in ("np", "math")


def _unknown(name, variables, functions):
    """A sentence about a name that is not known, with one that is near."""
    if name in functions and variables:
        return f"{name} is a function: write {name}(...)."
    near = [v for v in sorted({*variables, *functions}) if v.lower() == name.lower()]
    near = near or get_close_matches(name, {*variables, *functions}, n=1, cutoff=0.6)
    guess = f" Did you mean {near[0]}?" if near else ""
    known = f"The variables are {', '.join(sorted(variables))}." if variables else ""
    return f"{name} is not known here.{guess} {known or 'The functions are ' + ', '.join(sorted(functions)) + '.'}"


def _shown(node):
    try:
        return ast.unparse(node)
    except (RecursionError, ValueError):
        return "This"


def _unsigned(node):
    minus = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    return node.operand if minus else node


def _small_constant(node):
    node = _unsigned(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):  # a root, as in v ** (1 / 2)
        parts = _unsigned(node.left), node.right
        return all(map(_small_constant, parts)) and getattr(node.right, "value", 0) >= 1
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and abs(node.value) <= HIGHEST_POWER


def _whole(node):
    """Whether a node is a small whole number, True, False or None, as axis and keepdims take."""
    node = _unsigned(node)
    return isinstance(node, ast.Constant) and (node.value in (None, 0, 1, 2))


def _value(node, variables, functions):
    """Compute an allowed expression: only what `_allow` let through can get here."""
    match node:
        case ast.Constant(value=value):
            return np.float64(value)  # whole numbers would grow without bound under **
        case ast.Name(id=name):
            return variables[name]
        case ast.BinOp(op=op, left=left, right=right) | ast.Compare(ops=[op], left=left, comparators=[right]):
            return _apply(OPERATIONS[type(op)], [left, right], variables, functions)
        case ast.UnaryOp(op=op, operand=operand):
            return _apply(OPERATIONS[type(op)], [operand], variables, functions)
        case ast.Attribute(value=value):
            return np.transpose(_value(value, variables, functions))
    keywords = {k.arg: ast.literal_eval(k.value) for k in node.keywords}
    match node.func:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="np" | "math"), attr=name):
            arguments = node.args
        case ast.Attribute(value=value, attr=name):
            arguments = [value, *node.args]
    if name == "einsum":
        return _apply(functools.partial(np.einsum, arguments[0].value), arguments[1:], variables, functions)
    if name in AXIS and len(arguments) == 2:
        keywords["axis"] = ast.literal_eval(arguments.pop() if arguments is not node.args else arguments[1])
        arguments = arguments[:1]
    return _apply(functions[name], arguments, variables, functions, **keywords)


def _apply(operation, nodes, variables, functions, **keywords):
    """One operation on the values of nodes; an error tells the shapes of what it was given."""
    values = [_value(node, variables, functions) for node in nodes]
    count = float(np.prod([float(np.size(v)) for v in values]))
    try:
        if max(count, count**2 if operation in (np.diag, np.diagflat) else 0) > LARGEST:
            raise ValueError("The result would be too large.")
        return operation(*values, **keywords)
    except Exception as error:
        error.operands = tuple(values)
        error.shapes = ", ".join(f"{_shown(node)} {np.shape(value)}" for node, value in zip(nodes, values))
        raise
