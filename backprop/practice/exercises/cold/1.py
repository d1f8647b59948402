r"""One neuron

z = wx + b, a = σ(z), 𝓛 = ½(a − y)². With `slope` = σ'(z), write ∂𝓛/∂w from a, y, slope, x
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "start#diagnostic"
level, minutes = "recall", 1
kind = "expression"
teaches = "01"


def neuron(rng):
    return {name: np.float64(v) for name, v in zip(("a", "y", "slope", "x"), normal(rng, 4))}


inputs = {"ordinary": neuron}


def result(a, y, slope, x):
    return (a - y) * slope * x
    #: sign: return (y - a) * slope * x
    #: slope: return (a - y) * x
    #: input: return (a - y) * slope


hints = r"""
Notebook 01 derives it.
Three links: the loss, the activation, the weighted sum.
The answer: (a - y) * slope * x
"""

slips = r"""
sign: the sign is flipped
    ∂𝓛/∂a is a − y.
    "Should the loss rise with a here?"
slope: σ' is missing
    Between a and z stands the activation.
    "How does z reach 𝓛?"
input: the input x is missing
    ∂z/∂w = x. This is ∂𝓛/∂b.
    "What if the input were 0?"
"""
