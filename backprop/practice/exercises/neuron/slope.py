r"""σ'(z), from a alone

Link 2: $a=\sigma(z)$. Write $\partial a/\partial z$ as an expression in `a`.
"""

from backprop.activations import sigmoid
from backprop.practice.exercises.make import neuron_and_values

where = "neuron#whiteboard"
level, minutes = "recall", 1
kind = "expression"
names = {"sigmoid": sigmoid}
starter = "w * x + b"
inputs = {"ordinary": neuron_and_values}


def slope(x, y, w, b, z, a):
    return a * (1 - a)
    #: tanh: return 1 - a**2
    #: no-a: return 1 - a
    #: at-a: return sigmoid(a) * (1 - sigmoid(a))
    #: z: return z * (1 - z)
    #: sign: return a * (a - 1)
    #: plus: return a * (1 + a)


hints = r"""
Differentiate (1 + e^−z)^−1: the outer power, then the inside.
Split e^−z/(1 + e^−z)² into two factors, and recognize both.
One factor is σ(z), the other 1 − σ(z): a (1 − a).
"""

slips = r"""
tanh: the slope is that of tanh
no-a: the factor a of the slope is missing
    σ' is a product of two factors, a and 1 − a.
    "What is the slope far on the left, where the sigmoid is flat?"
at-a
    a = σ(z) was put through the sigmoid a second time. a (1 − a) is already the slope at z.
    "At which point do you need the slope, before the activation or after it?"
z: z stands where a belongs
    The formula holds for the value of the sigmoid, a number between 0 and 1.
    "What is your slope at z = 10, where the sigmoid is flat?"
sign: a minus of the chain rule is lost, and the slope is negative
    The power gives a minus, and the inside, e^−z, gives another. They cancel.
    "Does the sigmoid rise or fall? And what sign has your slope?"
plus: a plus stands where a minus belongs
    The second factor is what is left to 1: 1 − σ(z).
    "What is the slope far on the right, where the sigmoid is flat?"
"""
