"""Exercises that name your mistake: `check` an answer, ask for a `hint`, see the `solution` and your `progress`."""

from backprop.practice.checker import check
from backprop.practice.help import hint, ladder, progress, show, solution

__all__ = ["check", "hint", "ladder", "progress", "show", "solution"]
