r"""δ^L of one sample

Put the rungs together: $\partial\mathcal L/\partial z$ of one sample, from `p` and `y`.
"""

from backprop.practice.exercises.make import probabilities_and_targets

where = "outputs#whiteboard"
level, minutes = "recall", 2
kind = "expression"
batch = ("P", 1)
starter = "p * y"
inputs = {"ordinary": probabilities_and_targets}


def value(p, y, g, P, Y, B, delta, W, A):
    return p - y
    #: sign: return y - p
    #: extra-slope: return (p - y) * p * (1 - p)
    #: elementwise: return -y * (1 - p)
    #: no-sum: return -y


hints = r"""
Put g = −y/p into p ⊙ (g − Σ p g).
p cancels in the first term. What is Σ y?
−y + p Σ y = p − y.
"""

slips = r"""
sign: the sign is flipped
    The right class's logit should rise, so its slope is negative.
    "If the right class's logit grows, does the loss rise or fall?"
extra-slope
elementwise: softmax is treated as elementwise: −y/p · p (1 − p)
    The other entries of J, −p_i p_j, are missing.
    "Do your errors sum to 0 over the classes?"
no-sum: the sum is missing: only −y/p · p is left
    The second term of J gives +p Σ y.
    "Do your errors sum to 0 over the classes?"
"""
