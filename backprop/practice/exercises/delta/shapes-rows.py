r"""Shapes on a 4-3-2 network, in rows

The same network, $n_0=4$, $n_1=3$, $n_2=2$, a batch of $B=5$, but samples as **rows** and $Z=AW+b$ with a 1-D bias.
Give the shapes of $\partial\mathcal L/\partial Z^2$, $\partial\mathcal L/\partial Z^1$, $\partial\mathcal L/\partial
W^2$, $\partial\mathcal L/\partial W^1$, $\partial\mathcal L/\partial b^2$, $\partial\mathcal L/\partial b^1$.
"""

from backprop.practice.exercises.make import network_sizes

where = "delta#border"
level, minutes = "recall", 2
kind = "shape"
starter = "((1, 1), (1, 1), (1, 1), (1, 1), (1,), (1,))"
inputs = {"ordinary": network_sizes}


def shapes_rows(n0, n1, n2, B):
    dZ2, dZ1 = (B, n2), (B, n1)
    #: Z-columns: dZ2, dZ1 = (n2, B), (n1, B)
    #: one-sample: dZ2, dZ1 = (1, n2), (1, n1)
    #: layer-off: dZ2, dZ1 = (B, n1), (B, n0)
    dW2, dW1 = (n1, n2), (n0, n1)
    #: W-columns: dW2, dW1 = (n2, n1), (n1, n0)
    db2, db1 = (n2,), (n1,)
    #: b-column: db2, db1 = (n2, 1), (n1, 1)
    #: b-batch: db2, db1 = (B, n2), (B, n1)
    #: b-samples: db2, db1 = (B,), (B,)
    return dZ2, dZ1, dW2, dW1, db2, db1


hints = r"""
Everything from the columns is transposed, and a 1-D array has no axis to transpose.
Z = AW + b: A is (B, in), Z is (B, out). What must W be?
dZ is (B, out), dW is (in, out), db is (out,).
"""

slips = r"""
Z-columns: ∂𝓛/∂Z is still in columns
    In rows each sample is a row: the batch comes first.
    "Which axis is the batch here?"
one-sample: the batch is missing from ∂𝓛/∂Z
    That is one sample. There is one row for each.
    "How many samples are in the batch, and where are their errors?"
layer-off: ∂𝓛/∂Z is counted one layer too low
    Z² is the output layer's, so its gradient has as many columns as there are outputs.
    "How wide is Z²?"
W-columns: the gradients of W are still (out, in)
    (out, in) is the whiteboard's W, and how nn.Linear stores it. In Z = AW + b, W is (in, out).
    "Write Z = AW + b and say the shapes. Does the product work?"
b-column: ∂𝓛/∂b is still a column
    A column added to (B, n) does not fit, or fits the batch by accident. In rows b is (n,).
    "What does NumPy do with (B, n) + (n, 1)?"
b-batch: ∂𝓛/∂b is not summed over the batch
    One b serves all samples, and its gradient has the shape of b.
    "What shape does b have?"
b-samples: ∂𝓛/∂b is summed over the wrong axis
    sum(axis=1) is right in columns. In rows the batch is axis 0.
    "Which axis should disappear?"
"""
