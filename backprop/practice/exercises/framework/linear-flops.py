r"""FLOPs of one linear layer's training step

$Y=XW$ with $X$ $(B,T,n)$ and $W$ $(n,m)$, in the middle of a network. Count a multiplication and an addition as two
operations. Write how many one training step takes in this layer's matrix products, forward and backward.
"""

from backprop.practice.exercises.make import sizes

where = "scale#more"
level, minutes = "apply", 2
kind = "expression"
starter = "B * T"


def linear_sizes(rng):
    return dict(zip(("B", "T", "n", "m"), sizes(rng, 4)))


inputs = {"ordinary": linear_sizes}


def flops(B, T, n, m):
    return 6 * B * T * n * m
    #: forward-only: return 2 * B * T * n * m
    #: backward-only: return 4 * B * T * n * m
    #: multiply-add: return 3 * B * T * n * m
    #: one-row: return 6 * n * m
    #: no-time: return 6 * B * n * m
    #: no-batch: return 6 * T * n * m
    #: sum-of-widths: return 6 * B * T * (n + m)


hints = r"""
How many matrix products are there in all? Say their shapes.
One forward, two backward: dX = G Wᵀ and dW = Xᵀ G. Each has the same three lengths, B·T, n and m.
Each takes 2 · BT · n · m.
"""

slips = r"""
forward-only: only the forward pass is counted
    Backward there are two products more, dX and dW.
    "How many products does backward take?"
backward-only: one product is missing: there is one forward and two backward
    Y = XW, dX = G Wᵀ, dW = Xᵀ G.
    "Name the products of one training step."
multiply-add: a multiplication and its addition are counted as one
    Here they are two operations, as in 2ND.
    "What do you count as one operation?"
one-row: this is for one row of X only
    Every position of every sample is a row of its own.
    "How many rows does X have, when you flatten the leading axes?"
no-time: the positions are not counted
    Every position of every sample is a row of its own.
    "How many rows does X have, when you flatten the leading axes?"
no-batch: the batch is not counted
    Every position of every sample is a row of its own.
    "How many rows does X have, when you flatten the leading axes?"
sum-of-widths: n + m stands where n · m belongs
    Every input meets every output: W has n · m entries.
    "How many entries has W?"
"""
