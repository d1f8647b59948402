r"""The sigmoid and its slope

Write a function that returns $\sigma(z)$ and $\sigma'(z)$ for an array `z`.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "neuron#derivation"
level, minutes = "recall", 2
inputs = {"ordinary": lambda rng: {"z": 2 * normal(rng, 5)}}


def sigmoid_and_slope(z):
    a = 1 / (1 + np.exp(-z))
    #: sign: a = 1 / (1 + np.exp(z))
    slope = a * (1 - a)
    #: slope-of-a: slope = 1 / (1 + np.exp(-a)) * (1 - 1 / (1 + np.exp(-a)))
    #: square: slope = 1 - a**2
    #: no-a: slope = 1 - a
    #: z: slope = z * (1 - z)
    return a, slope


hints = r"""
σ(z) = 1 / (1 + e^−z), entry by entry.
Express the slope in terms of a alone: what is 1 − σ(z)?
σ'(z) = a (1 − a).
"""

slips = r"""
sign: the sign of z in the exponential is lost
    This is σ(−z), a sigmoid that falls.
    "What should σ be for a very large z? And what is yours?"
slope-of-a: σ' is taken at a, not at z
    a = σ(z) was put through the sigmoid a second time. a (1 − a) is already the slope at z.
    "At which point do you need the slope, before the activation or after it?"
square: the slope is that of tanh
    1 − a² belongs to tanh. The sigmoid has a (1 − a).
    "How large can the slope of a sigmoid be? What is yours at z = 0?"
no-a: the factor a of the slope is missing
    σ' is a product of two factors, a and 1 − a.
    "What is the slope far on the left, where the sigmoid is flat?"
z: z stands where a belongs
    The formula a (1 − a) holds for the value of the sigmoid, a number between 0 and 1.
    "What is your slope at z = 10, where the sigmoid is flat?"
"""
