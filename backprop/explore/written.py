"""How explorers write a number. There are these ways, for their places; all have a true minus and no negative zero."""

from functools import lru_cache
from textwrap import fill

import numpy as np


def wrapped(lines):
    """Lines of words as a cell's output: what is too long goes on below, indented."""
    return "\n".join(fill(line, 95, subsequent_indent="    ") for line in lines)


def number(value, least=0.0):
    """Three digits, in a sentence or beside a bar; 0 for what is smaller than `least`, and can't be seen any more."""
    return "0" if abs(value) < least else _typeset(f"{value:.3g}")


def in_product(written):
    """A number that is written already, as a factor: a negative one in parentheses."""
    return f"({written})" if written.startswith("−") else written


def matrix(values):
    """The entries of a matrix as strings, row by row: three digits or more of the largest, decimals in line.

    Entries that need fewer decimals get no more (0.7, not 0.700), and a bare 0 is exactly 0.
    """
    return _matrix(tuple(map(tuple, np.asarray(values).tolist())))


def entry(value):
    """One number, written like a matrix of one."""
    return _matrix(((float(value),),))[0][0]


def brief(value):
    """An entry in six characters, for a neuron."""
    if value and not 0.001 <= abs(value) < 1000:
        return _scientific(value, 0)
    return min(entry(value), _typeset(f"{value:.3f}"), key=len)


def pixels(value):
    """A tenth of a pixel, as JavaScript writes it."""
    return f"{value + 0.0:.1f}".removesuffix(".0")


@lru_cache(maxsize=1024)  # most matrices stand in several steps
def _matrix(rows):
    flat = [v for row in rows for v in row]
    size = max(map(abs, flat))
    if size and not 1e-3 <= size < 1e5:
        return [[_scientific(v, 2) for v in row] for row in rows]
    needed = next((d for d in range(3) if all(abs(v - round(v, d)) <= 1e-12 * size for v in flat)), 5)
    shown = next(d for d, bound in enumerate([1e3, 1e2, 10, 0.1, 0.01, 0]) if size >= bound)
    decimals = min(needed, shown)
    return [[_typeset(f"{v:.{decimals}f}") if v else "0" for v in row] for row in rows]


def _scientific(value, decimals):
    mantissa, exponent = f"{value:.{decimals}e}".split("e")
    return _typeset(f"{mantissa}e{int(exponent)}") if value else "0"


def _typeset(text):
    """With a true minus, and none before what is rounded to 0."""
    return text.replace("-", "−") if text.strip("-0.") else text.lstrip("-")
