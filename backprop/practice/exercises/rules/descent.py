r"""One step down a parabola

The loss is $\tfrac12cw^2$. Write $w$ after one step of gradient descent, in terms of `w`, `eta`, `c`.
"""

from backprop.practice.exercises.make import draw

where = "rules#descent"
level, minutes = "recall", 1
kind = "expression"
starter = "w + eta"
inputs = {"ordinary": lambda rng: draw(rng, w=(1, 2), eta=(0.1, 0.6), c=(1, 3))}


def w(w, eta, c):
    return w - eta * c * w
    #: ascent: return w + eta * c * w
    #: half: return w - eta * c * w / 2
    #: loss: return w - eta * c * w**2 / 2
    #: no-w: return w - eta * c
    #: no-eta: return w - c * w


hints = r"""
The rule is w ← w − ηg. What is g here?
The derivative of ½cw² is cw.
w − ηcw, which is (1 − ηc) w.
"""

slips = r"""
ascent
half: a factor ½ too much in the gradient
    The ½ of the loss meets the 2 from the square.
    "Differentiate ½cw² once more, aloud."
loss: the loss is subtracted, not its gradient
    A step follows the slope of the loss. Its height does not enter.
    "Is this the value of the loss or its slope?"
no-w: the factor w is missing from the gradient
    c is the second derivative. The first one is cw.
    "What is the gradient at the minimum, w = 0?"
no-eta: the learning rate is missing
    Without η the step has the length of the gradient itself.
    "What sets the length of your step?"
"""
