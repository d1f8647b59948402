"""One-line expressions, as learners type them in strings: parsed, held to a list of forms, and only then computed."""

import ast
import operator

import numpy as np

LONGEST, MOST_NODES, HIGHEST_POWER = 300, 120, 8

FUNCTIONS = {
    name: getattr(np, name)
    for name in (
        "exp",
        "log",
        "log1p",
        "tanh",
        "cosh",
        "sqrt",
        "abs",
        "sum",
        "mean",
        "maximum",
        "outer",
        "diag",
        "where",
    )
} | {"diagflat": np.diagflat, "σ": lambda z: 1 / (1 + np.exp(-z)), "sigmoid": lambda z: 1 / (1 + np.exp(-z))}

OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.MatMult: operator.matmul,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


class Unreadable(Exception):
    """An expression that can't be taken; the text says why, and what to write instead."""


def function_of(text, arguments, names):
    """The function of `arguments` (names, in order) that an expression describes. Raises Unreadable."""
    if len(text) > LONGEST:
        raise Unreadable(f"The expression has {len(text)} characters, at most {LONGEST} are read.")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(f"This is not a Python expression: {getattr(error, 'msg', error)}.") from None
    if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
        raise Unreadable("The expression is too long: one line of the derivation is enough.")
    functions = FUNCTIONS | names
    _allow(tree, set(arguments), functions)

    def answer(*values):
        return _value(tree, dict(zip(arguments, values)), functions)

    return answer


def _allow(node, variables, functions):
    """Refuse, before anything is computed, whatever is not on the list."""
    match node:
        case ast.Constant(value=bool() | str() | bytes() | None):
            raise Unreadable(f"{node.value!r} has no place in a formula.")
        case ast.Constant(value=int() | float()):
            if abs(node.value) > 1e6:
                raise Unreadable(f"{node.value} is too large a number for this formula.")
        case ast.Name():
            if node.id not in variables:
                known = ", ".join(sorted(variables))
                raise Unreadable(f"{node.id} is not known here. The variables are {known}.")
        case ast.BinOp(op=ast.BitXor()):
            raise Unreadable("^ is not a power in Python: write ** instead.")
        case ast.BinOp(op=ast.Pow(), right=right):
            _allow(node.left, variables, functions)
            if not _small_constant(right):
                raise Unreadable(f"Powers are constants up to {HIGHEST_POWER} here.")
        case ast.BinOp() if type(node.op) in OPERATIONS:
            _allow(node.left, variables, functions)
            _allow(node.right, variables, functions)
        case ast.UnaryOp() if type(node.op) in OPERATIONS:
            _allow(node.operand, variables, functions)
        case ast.Attribute(attr="T"):
            _allow(node.value, variables, functions)
        case ast.Call():
            _allow_call(node, variables, functions)
        case _:
            raise Unreadable(
                f"{ast.unparse(node)} can't be used here: write a formula with + - * / @ **, .T and the functions "
                f"{', '.join(sorted(functions))}."
            )


def _allow_call(node, variables, functions):
    for keyword in node.keywords:
        if keyword.arg not in ("axis", "keepdims") or not isinstance(keyword.value, ast.Constant | ast.UnaryOp):
            raise Unreadable(f"{keyword.arg}= can't be used here.")
    match node.func:
        case ast.Name(id=name) if name in functions:
            pass
        case ast.Attribute(value=ast.Name(id="np"), attr=name) if name in functions:
            pass
        case ast.Attribute(value=value, attr="sum" | "mean"):
            _allow(value, variables, functions)
        case _:
            raise Unreadable(f"{ast.unparse(node.func)} is not one of the functions {', '.join(sorted(functions))}.")
    for argument in node.args:
        _allow(argument, variables, functions)


def _small_constant(node):
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and abs(node.value) <= HIGHEST_POWER


def _value(node, variables, functions):
    """Compute an allowed expression: only what `_allow` let through can get here."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return variables[node.id]
        case ast.BinOp():
            left, right = (_value(side, variables, functions) for side in (node.left, node.right))
            return OPERATIONS[type(node.op)](left, right)
        case ast.UnaryOp():
            return OPERATIONS[type(node.op)](_value(node.operand, variables, functions))
        case ast.Attribute():
            return np.transpose(_value(node.value, variables, functions))
    keywords = {k.arg: ast.literal_eval(k.value) for k in node.keywords}
    arguments = [_value(a, variables, functions) for a in node.args]
    match node.func:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="np"), attr=name):
            return functions[name](*arguments, **keywords)
    return getattr(np, node.func.attr)(_value(node.func.value, variables, functions), *arguments, **keywords)
