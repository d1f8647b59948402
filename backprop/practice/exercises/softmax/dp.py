r"""∂𝓛/∂p of the cross-entropy

One sample, columns: $\mathcal L=-\sum_iy_i\log p_i$. Write $\partial\mathcal L/\partial p$ from `p` and `y`.
"""

from backprop.practice.exercises.make import probabilities_and_targets

where = "outputs#whiteboard"
level, minutes = "recall", 2
kind = "expression"
batch = ("P", 1)
starter = "y * p"
inputs = {"ordinary": probabilities_and_targets}


def value(p, y, g, P, Y, B, delta, W, A):
    return -y / p
    #: sign: return y / p
    #: inverted: return -p / y
    #: log: return -y * np.log(p)
    #: binary: return (p - y) / (p * (1 - p))


hints = r"""
Differentiate one term of the sum. Which p_i is in it?
The derivative of log p is 1/p.
−y/p, entry by entry.
"""

slips = r"""
sign: the minus of the loss is lost
    𝓛 falls when the probability of the right class grows.
    "If p of the right class grows, does the loss rise or fall?"
inverted: the fraction is upside down
    The derivative of log p is 1/p, and y is only a factor.
    "What is the derivative of log p?"
log: this is the loss's term, not its derivative
    −y log p is what you differentiate. The derivative of log p is 1/p.
    "What is the derivative of log p?"
binary: this is the derivative of the binary cross-entropy
    There the loss has a second term, (1 − y) log(1 − p). Here it has one per class.
    "Which terms has your loss?"
"""
