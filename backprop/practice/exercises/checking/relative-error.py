r"""The relative error of two gradients

Return the relative error of a gradient `g` and its numerical `estimate` (two arrays): one number, by norm, with both
norms added below.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "checking#relative"
level, minutes = "recall", 2


def relative_inputs(rng):
    n, m = sizes(rng, 2)
    g = 10.0 ** rng.integers(-6, 7) * normal(rng, n, m)
    return {"g": g, "estimate": g * (1 + 0.2 * normal(rng, n, m))}


inputs = {
    "ordinary": relative_inputs,
    "both are tiny": lambda rng: {"g": 1e-7 * normal(rng, 3, 2), "estimate": 1e-7 * normal(rng, 3, 2)},
    "one is all zeros": lambda rng: {"g": np.zeros((4, 3)), "estimate": normal(rng, 4, 3)},
}


def relative_error(g, estimate):
    distance = np.linalg.norm(g - estimate)
    #: signed: distance = np.sum(g - estimate)
    #: norms: distance = abs(np.linalg.norm(g) - np.linalg.norm(estimate))
    #: entries: error = np.mean(np.abs(g - estimate) / (np.abs(g) + np.abs(estimate)))
    size = np.linalg.norm(g) + np.linalg.norm(estimate)
    #: one-sided: size = np.linalg.norm(g)
    #: entries:
    error = distance / size
    #: absolute: error = distance
    #: squared: error = distance**2 / size**2
    #: entries:
    return error


hints = r"""
Is a distance of 1e-6 large? Not if both gradients are of size 1.
Divide the norm of the difference by how large the two are.
‖g − ĝ‖ / (‖g‖ + ‖ĝ‖).
"""

slips = r"""
absolute: the absolute error, not the relative one
    Gradients of size 1e-7 pass any absolute threshold, right or wrong.
    "Your gradients are about 1e-7. What does your number say then?"
signed: the differences are added with their signs
    An entry too large and one too small cancel, and the check passes.
    "One entry is off by +1 and another by −1. What do you get?"
norms: the norms are compared, not the gradients
    −g has the norm of g. A flipped sign or a permuted row goes unseen.
    "What is your error for g and −g?"
one-sided: divided by the norm of g alone
    A gradient that was never computed is all zeros, and you divide by 0.
    "What happens when g is all zeros?"
squared: the error is squared
    A square makes 1e-4 look like 1e-8: the usual thresholds do not fit it.
    "By what factor does your number shrink when the distance is halved?"
entries: the mean of the entries' relative errors, not the relative error by norm
    One entry near 0 has a huge relative error of its own and spoils a mean that is otherwise fine.
    "What does a single entry of size 1e-12 do to your number?"
"""
