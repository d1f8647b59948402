r"""Rotary positions, backward

Position $t$ turns the pair of features $(x_i,x_{i+d/2})$ by an angle $\varphi$:
$y_i=x_i\cos\varphi-x_{i+d/2}\sin\varphi$ and $y_{i+d/2}=x_i\sin\varphi+x_{i+d/2}\cos\varphi$. `angles` is $(T,d/2)$,
and the two halves of the features are handed over one by one:
`g1` and `g2`, both $(T,d/2)$, are the gradients of the two halves of $Y$. Return $\partial\mathcal L/\partial X$, its
two halves `dx1` and `dx2`.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "transformers#rotary"
level, minutes = "interview", 3


def rotary_inputs(rng):
    T, half = (int(size) for size in rng.permutation(np.arange(2, 7))[:2])
    return {"g1": normal(rng, T, half), "g2": normal(rng, T, half), "angles": rng.uniform(0.2, 1.3, (T, half))}


inputs = {"ordinary": rotary_inputs}


def rotary_backward(g1, g2, angles):
    c = np.cos(angles)
    s = np.sin(angles)
    #: forward: s = -np.sin(angles)
    #: exchanged: s, c = np.cos(angles), np.sin(angles)
    dx1 = g1 * c + g2 * s
    #: one-use: dx1 = g1 * c
    dx2 = g2 * c - g1 * s
    #: one-use: dx2 = g2 * c
    #: slope-of-sine: dx2 = -g2 * s - g1 * c
    #: slope-of-sine: dx1 = -g1 * s + g2 * c
    return dx1, dx2


hints = r"""
For one pair this is a 2 by 2 matrix times (x1, x2). What takes a gradient back through a matrix?
Its transpose. What is the transpose of a rotation?
The rotation back: the same lines with the sign of the sine changed.
"""

slips = r"""
forward: the gradient is turned forward once more
    The transpose of a rotation turns back.
    "You turn a vector and turn its gradient. Do they end up in the same frame?"
exchanged: sine and cosine are exchanged
    At angle 0 nothing is turned, and the gradient should arrive as it is.
    "What do your lines give at position 0?"
one-use: each half gets only one of its two gradients
    Each x occurs in both y's, so two terms are added.
    "In how many outputs does x1 occur?"
slope-of-sine: the angle is differentiated
    The angle is a constant: it depends on the position, not on x.
    "With respect to what do you differentiate?"
"""
