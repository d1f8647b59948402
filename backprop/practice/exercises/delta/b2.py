r"""(B2), one layer down

Given $W^{l+1}$, $\delta^{l+1}$ and $z^l$ of a tanh layer, all in columns, return $\delta^l$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "delta#B2"
level, minutes = "apply", 3


def hidden_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"W_next": normal(rng, m, n), "delta_next": normal(rng, m, B), "z": normal(rng, n, B)}


inputs = {"ordinary": hidden_inputs}


def hidden_delta(W_next, delta_next, z):
    upstream = W_next.T @ delta_next
    #: transpose: upstream = W_next @ delta_next
    slope = 1 - np.tanh(z) ** 2
    #: at-a: slope = 1 - np.tanh(np.tanh(z)) ** 2
    #: sigmoid: slope = np.tanh(z) * (1 - np.tanh(z))
    #: value: slope = np.tanh(z)
    delta = upstream * slope
    #: no-slope: delta = upstream
    #: plus: delta = upstream + slope
    #: sign: delta = -upstream * slope
    return delta


hints = r"""
Say the shapes: W_next (m, n), delta_next (m, B), z (n, B). What must δ have?
Slopes are added over the neurons of the layer above: a product with the transpose.
Multiply entry by entry with tanh'(z) = 1 − tanh²(z).
"""

slips = r"""
transpose
    Forward, W takes n numbers to m; backward, m slopes must become n: the sum runs over W's first index.
no-slope: σ' is missing
    This is ∂𝓛/∂a^l. Between a and z stands the activation.
at-a
    1 − a² is the slope at z already. tanh'(a) goes through the activation twice.
sigmoid
    "Which activation does this layer have? How large can its slope be?"
value
plus
sign: a minus sign too much
    The minus of gradient descent belongs to the update (B5), not to the gradient.
    "Where does your algorithm subtract, and how often?"
"""
