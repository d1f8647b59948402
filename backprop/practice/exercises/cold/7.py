r"""A gradient check

up = f(x + h), down = f(x − h). Write the central difference from up, down and h
"""

from backprop.practice.exercises.make import positive

where = "start#diagnostic"
level, minutes = "recall", 1
kind = "expression"
teaches = "03"
inputs = {"ordinary": positive("up", "down", "h")}


def result(up, down, h):
    return (up - down) / (2 * h)
    #: two: return (up - down) / (h)
    #: sign: return (down - up) / (2 * h)


hints = r"""
Notebook 03 derives it.
How far apart are the two points?
The answer: (up - down) / (2 * h)
"""

slips = r"""
two: the 2 is missing
    The points lie 2h apart.
    "How far apart are they?"
sign: the sign is flipped
    It is up less down.
    "For a rising f?"
"""
