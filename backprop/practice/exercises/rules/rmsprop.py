r"""An RMSProp step

Return the new `w` and `r` after one step of RMSProp, with $\epsilon$ outside the root.
"""

import numpy as np

from backprop.practice.exercises.make import rule_inputs

where = "rules#rates"
level, minutes = "apply", 2


def rmsprop_inputs(rng):
    return rule_inputs(rng, squares=["r"], eta=(0.05, 0.3), rho=(0.6, 0.95), eps=(0.02, 0.1))


inputs = {"ordinary": rmsprop_inputs}


def rmsprop(w, g, r, eta, rho, eps):
    r = rho * r + (1 - rho) * g**2
    #: adagrad: r = r + g**2
    #: swapped: r = (1 - rho) * r + rho * g**2
    #: no-share: r = rho * r + g**2
    #: not-squared: r = rho * r + (1 - rho) * g
    w = w - eta * g / (np.sqrt(r) + eps)
    #: no-root: w = w - eta * g / (r + eps)
    #: eps-inside: w = w - eta * g / (np.sqrt(r + eps))
    return w, r


hints = r"""
Like Adagrad, but r forgets.
A running average keeps the share ρ of the old and takes 1 − ρ of the new.
r ← ρr + (1 − ρ)g², then w ← w − ηg / (√r + ε).
"""

slips = r"""
adagrad: this is Adagrad: r never forgets
    With a sum the steps shrink forever. RMSProp keeps a running average.
    "How does your r get smaller again?"
swapped: ρ and 1 − ρ are swapped
    ρ near 1 means a long memory: it belongs to the old r.
    "With ρ = 0.99, how many steps does your average remember?"
no-share: the factor 1 − ρ is missing
    Then r settles at g²/(1 − ρ), and the steps are too short.
    "Under a constant gradient, at which value should r settle?"
not-squared: g is averaged where g² is due
    r measures the size of the gradients, so signs must not cancel.
    "What is r after the gradients 1 and −1?"
no-root: the root is missing
    r has the unit of g². The root brings it back to the unit of g.
    "What does RMS stand for?"
eps-inside
"""
