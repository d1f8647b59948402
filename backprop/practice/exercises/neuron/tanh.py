r"""The slope of tanh, from its value

With $a=\tanh(z)$ at hand, write $\tanh'(z)$ as an expression in `a`.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "neuron#derivation"
level, minutes = "recall", 2
kind = "expression"
starter = "2 * a + z"


def tanh_inputs(rng):
    z = normal(rng, 5)
    return {"z": z, "a": np.tanh(z)}


inputs = {"ordinary": tanh_inputs}


def slope(z, a):
    return 1 - a**2
    #: no-square: return 1 - a
    #: sigmoid: return a * (1 - a)
    #: at-a: return 1 - np.tanh(a) ** 2
    #: z: return 1 - z**2
    #: plus: return 1 + a**2
    #: outside: return (1 - a) ** 2


hints = r"""
tanh z = s/c with s = e^z − e^−z and c = e^z + e^−z. What are s' and c'?
The quotient rule gives (c² − s²)/c². Divide it out, and recognize s/c.
tanh'(z) = 1 − a², at most 1, at z = 0.
"""

slips = r"""
no-square: a is not squared
    The quotient rule leaves s²/c², and that is a², not a.
    "tanh is odd, so its slope is the same at z and at −z. Is yours?"
sigmoid
    a (1 − a) belongs to the sigmoid, whose values lie between 0 and 1.
at-a
    a = tanh(z) already. This goes through tanh a second time.
    "At which point do you need the slope, before the activation or after it?"
z: z stands where a belongs
    1 − z² has no bound from below. The formula holds for the value of tanh.
    "What becomes of your slope far out, where tanh is flat?"
plus: a plus stands where a minus belongs
    The quotient rule subtracts: s'c − sc'.
    "How large is your slope far out? And how steep is tanh there?"
outside: the difference is squared instead of a
    1 − a² is (1 − a)(1 + a), not (1 − a)².
    "What is the slope far on the left, where a is −1?"
"""
