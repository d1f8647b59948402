"""Exercises that name your mistake: `check` an answer, ask for a `hint`, see the `solution` and your `progress`."""

from backprop.practice.bugs import bug
from backprop.practice.checker import check
from backprop.practice.cold import diagnostic
from backprop.practice.debugger import debug
from backprop.practice.first import train_digits
from backprop.practice.help import hint, ladder, progress, share, show, solution

__all__ = [
    "bug",
    "check",
    "debug",
    "diagnostic",
    "hint",
    "ladder",
    "progress",
    "share",
    "show",
    "solution",
    "train_digits",
]
