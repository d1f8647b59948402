r"""Memory and time with checkpoints

`L` layers of width `n`, a batch of `B` (`show` gives them), a checkpoint at every $k$-th layer. By the estimate
$L/k+k$: the best $k$, the activations (whole layers) that are held at most, how many numbers these are, and the time of
a step as a multiple of the time without checkpoints, when backward costs twice as much as forward.
"""

import numpy as np

where = "scale#more"
level, minutes = "interview", 3
kind = "number"
starter = "(5, 10, 1000, 2.5)"


def deep_network(rng):
    return {"L": int(rng.choice([16, 25, 36, 49, 64, 100])), "n": 10, "B": int(rng.choice([20, 30, 50]))}


inputs = {"ordinary": deep_network}


def checkpoints(L, n, B):
    k = np.sqrt(L)
    #: half: k = L / 2
    held = L / k + k
    #: kept-only: held = L / k
    numbers = held * n * B
    #: no-batch: numbers = held * n
    #: weights: numbers = held * n * n
    time = (1 + 1 + 2) / (1 + 2)
    #: twice: time = 2.0
    #: equal: time = (1 + 1 + 1) / (1 + 1)
    #: free: time = 1.0
    return k, held, numbers, time


hints = r"""
Between few checkpoints and short segments: set the derivative of L/k + k to 0.
k = √L. Each held activation has n numbers for each sample.
√L, 2√L, 2√L · nB, and with one more forward pass (1 + 1 + 2)/(1 + 2).
"""

slips = r"""
half: k is taken as half the depth
    The derivative of L/k + k is −L/k² + 1. It is 0 at k² = L.
    "Where is L/k + k smallest?"
kept-only: the segment that is recomputed is not counted
    Its k activations are in memory while it is walked back.
    "What is in memory in the middle of a segment?"
no-batch: the batch is missing from the memory
    Every sample has activations of its own. Only the weights are shared.
    "Does memory grow with the batch?"
weights: weights are counted, not activations
    n² is the size of a weight matrix. An activation is n numbers for each sample.
    "What does a layer keep for its backward pass?"
twice: the whole step is counted twice
    Only the forward pass is run once more. The backward pass is as before.
    "Which parts of the step are repeated?"
equal: backward is counted as costing the same as forward
    A layer's backward pass has two products, (B2) and (B3), its forward pass has one.
    "How many products has one layer forward, and how many backward?"
free: the recomputation is taken as free
    What was thrown away must be computed again: one more forward pass.
    "What do you do when you need an activation that you threw away?"
"""
