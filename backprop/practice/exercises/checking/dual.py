r"""Dual numbers: product, quotient, tanh

Two dual numbers, $u+\varepsilon\dot u$ and $v+\varepsilon\dot v$. Return the *tangents* of $uv$, of $u/v$ and of $\tanh
u$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "checking#forward"
level, minutes = "apply", 4


def dual_inputs(rng):
    u, v = normal(rng), rng.uniform(0.4, 2.5)
    return {"u": float(u), "du": float(normal(rng)), "v": float(v), "dv": float(normal(rng))}


inputs = {"ordinary": dual_inputs}


def tangents(u, du, v, dv):
    product = du * v + u * dv
    #: product-of-tangents: product = du * dv
    #: one-term: product = du * v
    quotient = (du * v - u * dv) / v**2
    #: quotient-plus: quotient = (du * v + u * dv) / v**2
    #: quotient-order: quotient = (u * dv - du * v) / v**2
    #: no-square: quotient = (du * v - u * dv) / v
    tanh_u = (1 - np.tanh(u) ** 2) * du
    #: not-seeded: tanh_u = 1 - np.tanh(u) ** 2
    #: at-tangent: tanh_u = (1 - np.tanh(du) ** 2) * du
    #: tanh-of-tangent: tanh_u = np.tanh(du)
    return product, quotient, tanh_u


hints = r"""
Multiply (u + ε u̇)(v + ε v̇) out, and drop ε². What stands beside ε?
The same with 1/(v + ε v̇) = (1/v)(1 − ε v̇/v). And a function acts by its tangent: f(u) + ε f'(u) u̇.
u̇ v + u v̇, then (u̇ v − u v̇)/v², then (1 − tanh² u) u̇.
"""

slips = r"""
product-of-tangents: the tangent of a product is not the product of the tangents
    u̇ v̇ stands beside ε², which is 0.
    "Multiply the two dual numbers out. What stands beside ε?"
one-term: the second term of the product rule is missing
    Both factors move. This holds v still.
    "What does your rule give for x · x?"
quotient-plus: a plus in the quotient rule
    When the denominator grows, the quotient falls: its term comes with a minus.
    "What does your rule give for x / x?"
quotient-order: the two terms of the quotient rule are swapped
    The numerator's tangent comes first, with a plus.
    "Let v be the constant 1. What does your rule say?"
no-square: the denominator of the quotient rule is not squared
    u̇ v − u v̇ is divided by v².
    "Let v be the constant 2. Which factor should u̇ get?"
not-seeded: the slope of tanh is not multiplied by u̇
    The tangent says how fast the value moves: the slope times how fast u moves.
    "If u does not move, how does tanh u move?"
at-tangent: the slope is taken at the tangent, not at the value
    Slopes are taken at the value u. The tangent u̇ only multiplies.
    "At which point do you need the slope of tanh?"
tanh-of-tangent: tanh is applied to the tangent
    A function acts on the value. On the tangent acts its slope, as a factor.
    "What does f(u + ε u̇) look like by Taylor?"
"""
