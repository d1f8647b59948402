r"""The weight gradient

Columns. Write ∂𝓛/∂W of a layer from delta (n, B) and a_prev (m, B)
"""

from backprop.practice.exercises.make import normal, sizes

where = "start#diagnostic"
level, minutes = "recall", 1
kind = "expression"
teaches = "02"


def outer(rng):
    n, m, B = sizes(rng, 3)
    return {"delta": normal(rng, n, B), "a_prev": normal(rng, m, B)}


inputs = {"ordinary": outer}


def result(delta, a_prev):
    return delta @ a_prev.T
    #: turned: return a_prev @ delta.T
    #: no-turn: return delta @ a_prev


hints = r"""
Notebook 02 derives it.
It has the shape of W, (n, m), and the batch is summed away.
The answer: delta @ a_prev.T
"""

slips = r"""
turned
    This is the transpose.
    "What shape does W have?"
no-turn: a is not transposed
    The batch must be summed.
    "Say the shapes."
"""
