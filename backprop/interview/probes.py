"""A probe: a small question with a checkable answer, which proves that a point was more than words."""

import ast
import math
import operator
import re
from dataclasses import dataclass

import numpy as np

from backprop.practice.expressions import Unreadable, function_of
from backprop.practice.results import near, same_array
from backprop.practice.run import run

KINDS = ("number", "estimate", "shape", "expression", "choice")
WITHIN = 2  # the factor within which an estimate is right
CASES = 3  # random inputs on which an expression is compared
NAMES = {
    "sp": lambda z: 1 - np.tanh(z) ** 2,  # σ', for a tanh
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True),
}


@dataclass(frozen=True)
class Probe:
    """`ask` is the question, `right` its answer, `wrong` the plausible wrong answers that are refused.

    kind  "number"      right is a number in a text; about two digits are enough
          "estimate"    right is a number, and an answer within a factor of two of it
          "shape"       right is "(3, 4)"
          "expression"  right is a line of NumPy in the names of `given`, which maps each to its shape (a list; [] is a
                        number); besides what practice allows in expressions, sp is σ' of a tanh, and softmax goes along
                        the last axis. It is compared by its values on random inputs
          "choice"      right is one of several: what is shown is `right` and `wrong`, shuffled the same way every time
    """

    kind: str
    ask: str
    right: str
    wrong: tuple[str, ...] = ()
    given: dict | None = None

    @property
    def options(self):
        """The answers to choose from, in an order that doesn't tell which one is right."""
        return sorted([self.right, *self.wrong], key=lambda text: text[::-1]) if self.kind == "choice" else []

    def judge(self, answer):
        """(passed, sentence): whether the answer is right, and if it can't be read, why; "" otherwise.

        answer is what was typed, and for a choice the option's text or its letter.
        """
        answer = answer.strip() if isinstance(answer, str) else str(answer)
        if not answer:
            return False, "There is no answer yet."
        return getattr(self, f"_{self.kind}")(answer)

    def alike(self, one, other):
        """Whether two answers are the same: the same option, number or shape, or the same text."""
        if self.kind == "choice":
            letters = dict(zip("abcdefgh", self.options))
            one, other = (letters.get(text.lower().strip(" ).("), text) for text in (one, other))
        read = {"number": number, "estimate": number, "shape": shape}.get(self.kind, lambda text: "".join(text.split()))
        one, other = read(one), read(other)
        if self.kind in ("number", "estimate") and None not in (one, other):
            return bool(near(np.array(one), np.array(other)))
        return one is not None and one == other

    def _choice(self, answer):
        letters = dict(zip("abcdefgh", self.options))
        chosen = letters.get(answer.lower().strip(" ).("), answer)
        if chosen not in self.options:
            return False, f"Choose one of the letters {', '.join(list(letters))}."
        return chosen == self.right, ""

    def _number(self, answer):
        given = number(bare(answer, self.ask))
        if given is None:
            return False, f"{answer!r} can't be read as a number: write 0.25, 1/4 or 2.5e-3."
        right = number(self.right)
        rounded = "two digits" in self.ask and np.isclose(given, float(f"{right:.2g}"))  # that may be a bit farther off
        return bool(near(np.array(given), np.array(right)) or rounded), ""

    def _estimate(self, answer):
        given, right = number(bare(answer, self.ask)), number(self.right)
        if given is None:
            return False, f"{answer!r} can't be read as a number: write 0.25, 3e9 or 2**10."
        return bool(given > 0 and max(given / right, right / given) <= WITHIN), ""

    def _shape(self, answer):
        given = shape(answer)
        if given is None:
            return False, f"{answer!r} can't be read as a shape: write (3, 4)."
        return given == shape(self.right), ""

    def _expression(self, answer):
        names = tuple(self.given)
        try:
            f = function_of(answer, names, NAMES)
        except Unreadable as problem:
            return False, str(problem)
        right = function_of(self.right, names, NAMES)
        for seed in range(CASES):
            rng = np.random.default_rng(seed)
            case = {name: rng.uniform(0.2, 1.8, size) * rng.choice([-1, 1], size) for name, size in self.given.items()}
            result = run(f, case)
            if result.error is not None:
                return False, f"It can't be computed: {result.error}"
            if not same_array(np.asarray(result.value), np.asarray(right(*case.values()))):
                return False, ""
        return True, ""


COUNTED = "zero one two three four five six seven eight nine ten eleven twelve".split()
CHANGING = "minus hundred thousand million billion trillion percent squared".split()  # words that change a number
LEADING = ("about", "around", "roughly", "approximately", "approx.")


def bare(answer, ask):
    """An answer without the words around its number that the question says itself: "layer 4", "40 ms"."""
    words = re.sub(r"^[~≈=]\s*", "", answer.strip().lower()).split()
    said = set(re.findall(r"[^\W\d_]+", ask.lower())) - {*CHANGING, *FUNCTIONS}
    while len(words) > 1 and (words[0] in said or words[0] in LEADING):
        words = words[1:]
    while len(words) > 1 and words[-1].strip(".") in said:
        words = words[:-1]
    return " ".join(words)


def number(text):
    """A number as people write it: 0.25, 1/4, 25%, 2.5e-3, 1,000, 2**10, sqrt(2), two; None where it is none."""
    text = text.strip().lower()
    if text in COUNTED:
        return float(COUNTED.index(text))
    text = text.replace("−", "-").replace("×10^", "e").replace("^", "**")
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    share = 100 if text.endswith("%") else 1
    try:
        return _arithmetic(ast.parse(text.rstrip("% "), mode="eval").body) / share
    except (SyntaxError, ValueError, TypeError, KeyError, ArithmeticError, RecursionError, MemoryError):
        return None


FUNCTIONS = {"sqrt": math.sqrt, "exp": math.exp, "log": math.log, "ln": math.log}
OPERATIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def _arithmetic(node):
    """The value of a tree of numbers, + - * / and small powers. Raises ValueError at anything else."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = _arithmetic(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1 and not node.keywords:
        return FUNCTIONS[node.func.id](_arithmetic(node.args[0]))
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        return OPERATIONS[type(node.op)](_arithmetic(node.left), _arithmetic(node.right))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        return _arithmetic(node.left) ** _arithmetic(node.right)
    raise ValueError("not a number")


def shape(text):
    """A shape as people write it: (3, 4), 3x4, 3 by 4, [3, 4], (5,); None where it is none."""
    numbers = re.fullmatch(r"[(\[]?\s*(\d+(?:\s*(?:,|x|×|by)\s*\d+)*)?\s*,?\s*[)\]]?", text.strip().lower())
    return None if numbers is None else tuple(int(n) for n in re.findall(r"\d+", text))
