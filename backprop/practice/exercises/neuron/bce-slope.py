r"""∂𝓛/∂a of the binary cross-entropy

Now $\mathcal L=-[y\log a+(1-y)\log(1-a)]$. Write $\partial\mathcal L/\partial a$. It need not be simplified.
"""

from backprop.practice.exercises.make import neuron_and_values

where = "neuron#whiteboard"
level, minutes = "apply", 2
kind = "expression"
starter = "w * x + b"
inputs = {"ordinary": neuron_and_values}


def dL_da(x, y, w, b, z, a):
    return (a - y) / (a * (1 - a))
    #: delta: return a - y
    #: one-term: return -y / a
    #: inner: return -y / a - (1 - y) / (1 - a)
    #: loss: return -(y * np.log(a) + (1 - y) * np.log(1 - a))
    #: times: return (a - y) * (a * (1 - a))
    #: sign: return (y - a) / (a * (1 - a))


hints = r"""
Differentiate term by term. The derivative of log a is 1/a.
The derivative of log(1 − a) has an inner one, −1.
−y/a + (1 − y)/(1 − a), or on one denominator (a − y)/(a (1 − a)).
"""

slips = r"""
delta: this is δ already, the slope with respect to z
    a − y comes out after the multiplication by σ'. This rung asks for the slope with respect to a.
    "With respect to what is your expression the slope?"
one-term: the term with 1 − y is missing
    −y log a is half of the loss. Where y = 0, only the other half is left.
    "What is the slope for a sample whose target is 0?"
inner: the inner derivative of log(1 − a) is lost
    The inside, 1 − a, falls when a grows: a factor −1.
    "If the target is 0 and a grows, does the loss rise or fall?"
loss: this is the loss, not its slope
    The loss is never negative. Its slope is, wherever a is below y.
    "Have you differentiated yet?"
times: a (1 − a) multiplies instead of dividing
    That is δ of the squared error. The logarithms leave a and 1 − a in the denominator.
    "What becomes of the slope when a is close to 0 and the target is 1?"
sign: the sign is flipped: the minus in front of the logarithms is lost
    Without the minus this is the slope of the log-likelihood, which should rise.
    "If a is too small, should the loss rise or fall when a grows?"
"""
