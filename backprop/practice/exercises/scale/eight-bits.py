r"""To eight bits and back

An array `x` is stored as whole numbers from −127 to 127 with one scale: the largest entry by size becomes ±127. Return
the whole numbers `q` (as floats), the scale `s` by which `x` was multiplied, and the array `back` that one gets from
them. An array of zeros has the scale 1.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "scale#eight"
level, minutes = "apply", 4
returns = ("q", "s", "back")
inputs = {
    "ordinary": lambda rng: {"x": 1e-4 * normal(rng, 3, 5) - 1e-4},
    "zeros": lambda rng: {"x": np.zeros((2, 3))},
}


def to_eight_bits(x):
    most = np.max(np.abs(x))
    #: no-abs: most = max(np.max(x), 0.0)
    #: spread: most = 2 * np.std(x)
    s = 127 / most if most > 0 else 1.0
    #: upside-down: s = most / 127 if most > 0 else 1.0
    #: zero-divided: s = 127 / most
    q = np.round(s * x)
    #: cut-off: q = np.trunc(s * x)
    #: divided: q = np.round(x / s)
    back = q / s
    #: not-unscaled: back = 1.0 * q
    return q, s, back


hints = r"""
Which entry must just fit? What has it to be multiplied by?
s = 127 / max|x|. Then round, and go back by a division.
q = round(s x), back = q / s.
"""

slips = r"""
no-abs: the largest entry is looked for, not the largest by size
    A large negative entry would not fit.
    "Your smallest entry is −1, your largest 0.1. What is q of the −1?"
spread: the scale follows the standard deviation, so that large entries don't fit
    What is beyond 127 has no number.
    "Where does your largest entry land?"
upside-down: the scale is turned round
    The largest entry times the scale is 127.
    "Your entries are about 0.0001. What is q?"
zero-divided: an array of zeros divides by 0
    It has no largest entry to go by. Any scale will do.
    "What is the scale of a gradient that is all zeros?"
cut-off: the digits are cut off, not rounded
    That is wrong by up to 1 instead of ½, and always toward 0.
    "To which whole number should 2.9 go?"
divided: x is divided by the scale on the way to q
    To q it multiplies, back it divides.
    "The largest entry is 0.01, the scale 12700. What is q?"
not-unscaled: what comes back has not been divided by the scale
    A layer that uses it would have weights thousands of times too large.
    "Compare `back` with x. What is missing?"
"""
