r"""Shapes on a 4-3-2 network, in columns

A network with $n_0=4$ inputs, $n_1=3$ hidden neurons and $n_2=2$ outputs, a batch of $B=5$, samples as **columns**.
Give the shapes of $\delta^2$, $\delta^1$, $\partial\mathcal L/\partial W^2$, $\partial\mathcal L/\partial W^1$,
$\partial\mathcal L/\partial b^2$, $\partial\mathcal L/\partial b^1$.
"""

from backprop.practice.exercises.make import network_sizes

where = "delta#B3"
level, minutes = "recall", 2
kind = "shape"
starter = "((1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1))"
inputs = {"ordinary": network_sizes}


def shapes(n0, n1, n2, B):
    delta2, delta1 = (n2, B), (n1, B)
    #: delta-rows: delta2, delta1 = (B, n2), (B, n1)
    #: one-sample: delta2, delta1 = (n2, 1), (n1, 1)
    #: layer-off: delta2, delta1 = (n1, B), (n0, B)
    dW2, dW1 = (n2, n1), (n1, n0)
    #: W-turned: dW2, dW1 = (n1, n2), (n0, n1)
    db2, db1 = (n2, 1), (n1, 1)
    #: b-batch: db2, db1 = (n2, B), (n1, B)
    #: b-neurons: db2, db1 = (1, B), (1, B)
    #: b-flat: db2, db1 = (n2,), (n1,)
    return delta2, delta1, dW2, dW1, db2, db1


hints = r"""
δ^l has the shape of z^l. Every gradient has the shape of its parameter.
W^l takes n_{l−1} numbers to n_l, and multiplies columns from the left.
δ^l is (n_l, B), W^l is (n_l, n_{l−1}), b^l is (n_l, 1).
"""

slips = r"""
delta-rows: δ is in rows
    (B, n) is the dialect of the frameworks. Here each sample is a column.
    "Which axis of your δ is the batch?"
one-sample: the batch is missing from δ
    That is δ of one sample. There is one column for each.
    "How many samples are in the batch, and where are their errors?"
layer-off: δ is counted one layer too low
    δ^l is the slope with respect to z^l, the layer's output side, not its input.
    "With respect to what is δ² the slope?"
W-turned: the gradients of W are transposed
    (in, out) belongs to rows, Y = XW. In columns W stands on the left, (out, in).
    "Write z = Wa + b and say the shapes. Does the product work?"
b-batch: ∂𝓛/∂b is not summed over the batch
    One b serves all samples, and its gradient has the shape of b.
    "What shape does b have?"
b-neurons: ∂𝓛/∂b is summed over the neurons, not over the batch
    Each neuron has its own bias. What disappears is the batch.
    "Which axis does the sum remove?"
b-flat: ∂𝓛/∂b has lost its axis of length 1
    Added to columns, a 1-D array is read as a row. In columns b is (n, 1), hence keepdims.
    "What does NumPy do with (n, B) + (n,)?"
"""
