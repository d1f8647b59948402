r"""An Adagrad step

Return the new `w` and `r` after one step of Adagrad, with $\epsilon$ outside the root.
"""

import numpy as np

from backprop.practice.exercises.make import rule_inputs

where = "rules#rates"
level, minutes = "apply", 2


def adagrad_inputs(rng):
    return rule_inputs(rng, squares=["r"], eta=(0.05, 0.3), eps=(0.02, 0.1))


def no_gradient_yet(rng):
    """A gradient that was 0 from the beginning."""
    given = adagrad_inputs(rng)
    return given | {name: np.zeros_like(given["w"]) for name in ("g", "r")}


inputs = {"ordinary": adagrad_inputs, "no gradient yet": no_gradient_yet}


def adagrad(w, g, r, eta, eps):
    #: old-r+:     w = w - eta * g / (np.sqrt(r) + eps)
    r = r + g**2
    #: not-squared: r = r + g
    #: overwritten: r = g**2
    w = w - eta * g / (np.sqrt(r) + eps)
    #: no-root: w = w - eta * g / (r + eps)
    #: eps-inside: w = w - eta * g / (np.sqrt(r + eps))
    #: old-r:
    #: no-eps: w = w - eta * g / (np.sqrt(r))
    return w, r


hints = r"""
r adds up all squared gradients, entry by entry.
The step divides g by the size of the gradients so far: the root of r.
r ← r + g², then w ← w − ηg / (√r + ε).
"""

slips = r"""
not-squared: g is added where g² is due
    r measures the size of the gradients, so signs must not cancel.
    "What is r after the gradients 1 and −1?"
no-root: the root is missing
    r has the unit of g². The root brings it back to the unit of g.
    "Which unit has your step if g is measured in meters?"
eps-inside
old-r: the step divides by the old r
    r is updated first. At the first step the old r is 0, and the step is g/ε.
    "What does your first step divide by?"
overwritten: r is overwritten, not added to
    Then only the present gradient counts, and each step is ±η.
    "What does r remember of the earlier steps?"
no-eps: ε is missing
    A parameter that never had a gradient has r = 0, and 0/0 is NaN.
    "What if a gradient is exactly 0 from the beginning?"
"""
