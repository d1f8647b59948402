"""What a value is and what an exception means, in words. Nothing here asks a learner's object for its own."""

import re

import numpy as np

PRODUCT = (
    "A @ B takes rows of A times columns of B, so A needs as many columns as B has rows."
    " Here A has {columns}, and B has {rows}."
)

LETTERS = "In einsum a letter stands for one length. Here one letter meets two."

PLAINLY = {  # how NumPy and Python say it, and what it means for who writes a line of math
    r"matmul: .*\(size (?P<rows>\d+) is different from (?P<columns>\d+)\)": PRODUCT,
    r"shapes .* not aligned: (?P<columns>\d+) \(dim \d\) != (?P<rows>\d+)": PRODUCT,
    r"operands could not be broadcast together with shapes (?P<a>\(.*?\)) ?(?P<b>\(.*?\))": (
        "Entry by entry, both need the same shape (or a 1 where they differ), and these have {a} and {b}."
    ),
    r"operands could not be broadcast together with remapped shapes": LETTERS,
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
    return f"{'an' if kind.__name__[0] in 'AEIOUaeiou' else 'a'} {kind.__name__}"


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


def of_products(*errors):
    """Whether all exceptions say that two factors don't fit: einsum says it without their lengths."""
    return all(meaning(error).startswith((LETTERS, PRODUCT.partition("{")[0])) for error in errors)


def listed(names):
    """Names in words: W1, b1 and W2."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
