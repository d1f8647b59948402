"""A surface of one's own, from a formula in one line: read by a small grammar, never run as a program.

    sum     = product {(+ | −) product}
    product = factor {(* | · | / | nothing) factor}       nothing, as in 2x and ½(x + y)
    factor  = − factor | atom [(** | ^) power, or a raised digit]
    atom    = number | ½ | ¼ | x | y | π | name ( sum ) | ( sum )

Its gradient is reverse mode's, by backprop.autodiff.
"""

import re
from collections.abc import Callable

import numpy as np

from backprop import autodiff

LONGEST, DEEPEST = 120, 30  # characters, and parentheses in one another
FUNCTIONS = {
    "sin": autodiff.sin,
    "cos": lambda u: autodiff.sin(u + np.pi / 2),
    "exp": autodiff.exp,
    "log": autodiff.log,
    "sqrt": lambda u: autodiff.power(u, exponent=0.5),
    "tanh": autodiff.tanh,
}
CONSTANTS = {"½": 0.5, "¼": 0.25, "π": np.pi, "pi": np.pi}
RAISED = dict(zip("²³⁴⁵⁶⁷⁸⁹", range(2, 10)))
TOKEN = re.compile(r"\s*(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+|[a-z]+|\*\*|[-+*/^()½¼π²³⁴⁵⁶⁷⁸⁹])", re.IGNORECASE)
SAME = str.maketrans({"−": "-", "–": "-", "·": "*", "⋅": "*", "×": "*"})
KNOWN = "It may hold x, y, numbers, + - * / **, and sin, cos, exp, log, sqrt, tanh."


def function_of(text: str) -> Callable:
    """The function (x, y) -> height that a formula describes, of arrays or of values on a tape.

    Raises ValueError, in a sentence, for what the grammar doesn't know.
    """
    if len(text) > LONGEST:
        raise ValueError(f"The formula has {len(text)} characters, at most {LONGEST} are read.")
    reader = Reader(_tokens(text.translate(SAME)))
    found = reader.sum()
    if reader.ahead:
        raise ValueError(f"The formula ends before {reader.ahead!r}. {KNOWN}")
    if not reader.variables:
        raise ValueError(f"The formula should contain x or y. {KNOWN}")
    return found


def _tokens(text):
    tokens, at = [], 0
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"The formula has {text[at:].strip()[0]!r} in it. {KNOWN}")
        word, at = match[1].lower(), match.end()
        tokens += list(word) if re.fullmatch("[xy]{2,}", word) else [word]  # xy is x times y
    return tokens


class Reader:
    """Goes through the tokens once: each method reads one rule of the grammar and returns its function of (x, y)."""

    def __init__(self, tokens):
        self.tokens, self.at, self.depth, self.variables = tokens, 0, 0, set()

    @property
    def ahead(self):
        """The next token, or "" at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self):
        left = self.product()
        while self.ahead in ("+", "-"):
            left = _both(np.add if self.take() == "+" else np.subtract, left, self.product())
        return left

    def product(self):
        left = self.factor()
        while self.ahead and self.ahead not in ("+", "-", ")"):
            operation = np.divide if self.ahead == "/" else np.multiply
            if self.ahead in ("*", "/"):
                self.take()
            left = _both(operation, left, self.factor())
        return left

    def factor(self):
        if self.ahead == "-":
            self.take()
            inner = self.deeper(self.factor)
            return lambda x, y: -1.0 * inner(x, y)
        base = self.atom()
        if self.ahead in RAISED:
            return _raised(base, RAISED[self.take()])
        if self.ahead in ("**", "^"):
            self.take()
            return _raised(base, self.power())
        return base

    def power(self):
        """A constant: a number, perhaps with a minus."""
        sign = -1.0 if self.ahead == "-" and self.take() else 1.0
        if not re.fullmatch(r"[\d.e]+", self.ahead):
            raise ValueError("A power should be a number, as in x**4.")
        if (size := float(self.take())) > 8:
            raise ValueError("A power may be 8 at most.")
        return sign * size

    def atom(self):
        token = self.take() if self.ahead else ""
        if token in ("x", "y"):
            self.variables.add(token)
            return (lambda x, y: x) if token == "x" else (lambda x, y: y)
        if token in CONSTANTS or re.match(r"[\d.]", token):
            value = CONSTANTS.get(token) or float(token)
            if value > 1e6:
                raise ValueError(f"The number {token} is too large: at most 1000000 may stand in the formula.")
            return lambda x, y: value
        if token in FUNCTIONS:
            if self.ahead != "(":
                raise ValueError(f"{token} wants parentheses, as in {token}(3x).")
            f, inner = FUNCTIONS[token], self.atom()
            return lambda x, y: f(inner(x, y))
        if token == "(":
            inner = self.deeper(self.sum)
            if not self.ahead:
                raise ValueError("A parenthesis is not closed.")
            self.take()
            return inner
        if token.isalpha():
            raise ValueError(f"{token!r} is not known here. {KNOWN}")
        raise ValueError(f"Something is missing before {token!r}." if token else f"The formula ends too soon. {KNOWN}")

    def deeper(self, read):
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError(f"The formula has more than {DEEPEST} parentheses or signs in one another.")
        inner = read()
        self.depth -= 1
        return inner


def _both(operation, left, right):
    return lambda x, y: operation(left(x, y), right(x, y))


def _raised(base, exponent):
    return lambda x, y: autodiff.power(base(x, y), exponent=exponent)


def gradient_of(f: Callable) -> Callable:
    """w of shape (2, ...) -> the gradient of f there, (2, ...), by one walk back over the tape."""

    def gradient(w):
        x, y = autodiff.Var(w[0]), autodiff.Var(w[1])
        out = f(x, y)
        found = autodiff.gradients(out, np.ones(out.shape))
        return np.array([np.broadcast_to(found.get(one, 0.0), one.shape) for one in (x, y)])

    return gradient
