r"""Back through z = W a

$z=Wa$ for a batch of columns, or in rows $z=aW$, whichever you speak, and `g` is $\partial\mathcal L/\partial z$. Write
$\partial\mathcal L/\partial a$ in terms of `W`, `a` and `g`.
"""

from backprop.practice.exercises.make import normal, sizes

where = "delta#jacobians"
level, minutes = "recall", 2
kind = "expression"
batch = ("g", 1)
rows = ("W", "a", "g", "dL_da")
starter = "W @ a"


def pull_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"W": normal(rng, m, n), "a": normal(rng, n, B), "g": normal(rng, m, B)}


inputs = {"ordinary": pull_inputs}


def dL_da(W, a, g):
    return W.T @ g
    #: transpose: return W @ g
    #: rows: return g.T @ W
    #: weights: return g @ a.T
    #: slope: return W.T @ g * (1 - a**2)


hints = r"""
The Jacobian of z = Wa with respect to a is W. Say the shapes of W, g and the result.
a_j reaches the loss through every z_i. Over which index of W does the sum run?
Over the first, so it is a product with the transpose of W, on the left of g.
"""

slips = r"""
transpose: W is not transposed
    Forward, W takes n numbers to m. Backward, m slopes must become n.
rows: the result is transposed: samples are its rows
    The numbers are right, but a has its samples in columns, and its gradient has the shape of a.
    "What shape does a have, and what shape does your gradient have?"
weights: this is the gradient of W, not of a
    g aᵀ has the shape of W. It is the other gradient that a linear layer has to give.
    "With respect to what is your expression the slope?"
slope: a slope σ' is multiplied in, but no activation is asked for
    This goes one step further down, through a tanh. z = Wa has no activation in it.
    "Between which two quantities does your last factor stand?"
"""
