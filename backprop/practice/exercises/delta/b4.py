r"""(B4), the gradient of b

Given $\delta^l$ in columns, $(n,B)$, with 1/B in it, return $\partial\mathcal L/\partial b^l$.
"""

from backprop.practice.exercises.make import normal, sizes

where = "delta#B3"
level, minutes = "recall", 2
batch = ("delta", 1)
inputs = {"ordinary": lambda rng: {"delta": normal(rng, *sizes(rng, 2))}}


def bias_gradient(delta):
    db = delta.sum(axis=1, keepdims=True)
    #: no-sum: db = delta
    #: neurons: db = delta.sum(axis=0, keepdims=True)
    #: mean: db = delta.mean(axis=1, keepdims=True)
    #: all: db = delta.sum()
    #: first: db = delta[:, :1]
    return db


hints = r"""
b is (n, 1), and its gradient has the same shape.
The same b serves every sample: one path per sample, and paths add.
Sum δ over the axis of the samples, and keep a column.
"""

slips = r"""
no-sum: δ is not summed over the batch
    "What shape does b have, and what shape does your gradient have?"
neurons: the sum runs over the neurons, not over the batch
    Samples are columns here, so the batch is axis 1. Axis 0 is right in rows.
    "Which axis should disappear?"
mean
all: the sum runs over everything: one number for all biases
    Each neuron has a bias of its own. Only the batch is summed away.
    "How many biases does the layer have, and how many numbers do you return?"
first: only the first sample counts
    Every sample is a path from b to the loss.
    "What do the other samples say about b?"
"""
