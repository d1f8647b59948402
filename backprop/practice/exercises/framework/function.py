r"""The backward of a Function of your own

A custom autograd Function has `forward(x, s)`, $y=x\,\sigma(sx)$, entry by entry, with an array $x$ and one learned
number $s$. Write its backward: from what was saved, and `g` $=\partial\mathcal L/\partial y$, a gradient for each input
of forward, $\partial\mathcal L/\partial x$ and $\partial\mathcal L/\partial s$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "framework#function"
level, minutes = "interview", 6
batch = ("x", 0)


def swish_inputs(rng):
    B, n = sizes(rng, 2)
    return {"x": normal(rng, B, n), "s": float(rng.uniform(1.3, 2)), "g": normal(rng, B, n)}


inputs = {"ordinary": swish_inputs}


def backward(x, s, g):
    a = 1 / (1 + np.exp(-s * x))
    #: no-s-forward: a = 1 / (1 + np.exp(-x))
    slope = a * (1 - a)
    dx = g * (a + s * x * slope)
    #: no-g: dx = (a + s * x * slope)
    #: first-term: dx = g * a
    #: second-term: dx = g * s * x * slope
    #: no-s: dx = g * (a + x * slope)
    ds = (g * x**2 * slope).sum()
    #: ds-not-summed: ds = g * x**2 * slope
    #: ds-mean: ds = (g * x**2 * slope).mean()
    #: no-g-ds: ds = (x**2 * slope).sum()
    #: one-x: ds = (g * x * slope).sum()
    return dx, ds


hints = r"""
x is in y twice, s once. What shape does each gradient have?
Product rule for x, and inside σ the factor s. s was broadcast over all of x.
With a = σ(sx): dx = g ⊙ (a + s x a(1 − a)), and ds is the sum of g x² a(1 − a).
"""

slips = r"""
ds-not-summed: ∂𝓛/∂s is not summed
    One s serves every entry of x, and slopes of uses add. The framework would complain about the shape.
    "What shape does s have, and what shape does its gradient have?"
ds-mean: ∂𝓛/∂s is averaged over the entries
    Every use of s counts in full. Whatever mean the loss takes is in g already.
    "s is used six times. What happens to the six slopes?"
no-g: g is missing in ∂𝓛/∂x
    backward is handed the gradient of the output, and multiplies it by the local slope.
    "Your function is followed by another one. Where does it enter?"
no-g-ds: g is missing in ∂𝓛/∂s
    backward is handed the gradient of the output, and multiplies it by the local slope.
    "Your function is followed by another one. Where does it enter?"
first-term: the second term of the product rule is missing
    x is in σ(sx) as well.
    "In how many places is x in y?"
second-term: the first term of the product rule is missing
    x stands in front of σ as well.
    "In how many places is x in y?"
no-s: the inner derivative s is missing in ∂𝓛/∂x
    Inside σ stands sx, which moves s times as fast as x.
    "How fast does sx move with x?"
one-x: one factor x is missing in ∂𝓛/∂s
    One x stands in front of σ, the other is the slope of sx with respect to s.
    "How fast does sx move with s, and what multiplies σ?"
no-s-forward: s is missing where σ is computed again
    backward must take its slopes where forward was, at sx.
    "At which point are your slopes taken?"
"""
