r"""A two-layer softmax network in rows

In rows: $Z_1=XW_1+b_1$, ReLU, $Z_2=A_1W_2+b_2$, softmax, cross-entropy with one-hot `Y`, mean over the batch. Logits
can be large. Go forward, then backward, and return dW1, db1, dW2, db2 and dX.
"""

import numpy as np

from backprop.practice.exercises.make import normal, one_hot_columns, sizes

where = "delta#border"
level, minutes = "interview", 10
batch = ("X", 0)


def softmax_inputs(rng):
    D, H, K, B = sizes(rng, 4)
    data = {"X": normal(rng, B, D), "Y": one_hot_columns(rng, K, B).T}
    return data | {"W1": normal(rng, D, H), "b1": normal(rng, H), "W2": normal(rng, H, K), "b2": normal(rng, K)}


def large_logits(network):
    """The same network with a bias at the output that a naive softmax can't stand."""
    return network | {"b2": network["b2"] + 1000}


def one_large_row(network):
    """The same network on a batch in which one sample's logits are far larger than those of the others."""
    X = network["X"].copy()
    X[0] = 500 * np.abs(X[0])
    return network | {"X": X, "W1": np.abs(network["W1"]), "W2": np.abs(network["W2"])}


inputs = {
    "ordinary": softmax_inputs,
    "logits of 1000": lambda rng: large_logits(softmax_inputs(rng)),
    "one row of logits far larger than the others": lambda rng: one_large_row(softmax_inputs(rng)),
}


def softmax_network(X, Y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ W2 + b2
    E = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
    #: overflow: E = np.exp(Z2)
    #: whole-max: E = np.exp(Z2 - Z2.max())
    P = E / E.sum(axis=1, keepdims=True)
    #: wrong-axis: P = E / E.sum(axis=0, keepdims=True)
    dZ2 = (P - Y) / X.shape[0]  # (B1)
    #: elementwise: dZ2 = (P - Y) * P * (1 - P) / X.shape[0]  # (B1)
    #: sign: dZ2 = (Y - P) / X.shape[0]  # (B1)
    #: no-mean: dZ2 = (P - Y)  # (B1)
    #: features: dZ2 = (P - Y) / X.shape[1]  # (B1)
    dW2 = A1.T @ dZ2  # (B3)
    db2 = dZ2.sum(axis=0)  # (B4)
    #: mean-db: db2 = dZ2.mean(axis=0)  # (B4)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)  # (B2)
    #: no-slope: dZ1 = dZ2 @ W2.T  # (B2)
    #: value: dZ1 = dZ2 @ W2.T * A1  # (B2)
    dW1 = X.T @ dZ1  # (B3)
    db1 = dZ1.sum(axis=0)  # (B4)
    #: axis: db1 = dZ1.sum(axis=1)  # (B4)
    #: mean-db1: db1 = dZ1.mean(axis=0)  # (B4)
    dX = dZ1 @ W1.T
    #: input-slope: dX = (dZ1 @ W1.T) * (X > 0)
    #: own: dX = dZ2 @ W2.T
    return dW1, db1, dW2, db2, dX


hints = r"""
Say each shape as you type: Z1 (B, H), Z2 (B, K). Which axis is the softmax over?
The output error needs no Jacobian: softmax and cross-entropy together leave a difference. Then (B2) in rows.
dZ2 = (P − Y)/B, dZ1 = dZ2 W2ᵀ where Z1 > 0, dX = dZ1 W1ᵀ; each dW is (input)ᵀ dZ, each db a sum over axis 0.
"""

slips = r"""
overflow: the softmax overflows: the largest logit is not subtracted
    exp(1000) is inf, and inf/inf is NaN. Subtracting the row's maximum changes no probability.
    "What does your softmax give for a logit of 1000?"
wrong-axis: the softmax is taken over the batch, not over the classes
    In rows the classes are axis 1. axis=0 is right in columns.
    "Which numbers should add up to 1?"
elementwise: a slope P (1 − P) is multiplied in after P − Y
    P − Y is the slope with respect to the logits already, the softmax's Jacobian included.
    "Add your error over the classes. What should the sum be?"
sign: the sign is flipped: Y − P for P − Y
    The gradient points to more loss: for the right class it is negative.
    "Should more of the right class's logit raise the loss or lower it?"
no-mean: 1/B is missing
    The loss is the mean over the batch, and the output error is where its 1/B enters.
    "Is the loss a sum or a mean over the batch?"
features: the number of features is taken for the batch size
    In rows the batch comes first: X is (B, D).
    "Which axis of X is the batch?"
no-slope: the slope of ReLU is missing, or is 1 everywhere
    Where Z1 is negative, the neuron was off, and nothing goes back through it.
    "What does a hidden neuron that was off hand down?"
value: the error is multiplied by ReLU's value instead of its slope
    The slope of ReLU is 1 where the neuron is on, however strongly it is on.
    "What is the slope of ReLU at 3?"
input-slope: dX has a ReLU slope, but the input has no activation
    X is an input. (B2) without its last factor is all that dX needs.
    "Between which two quantities does your last factor stand?"
own: dX stops one layer too early
    dZ2 W2ᵀ is the slope with respect to A1. It still has to pass ReLU and W1.
    "How wide is X, and how wide is your dX?"
axis: db1 is summed over the wrong axis
    axis=1 is right in columns. In rows the batch is axis 0.
    "What shape does b1 have, and what shape does its gradient have?"
mean-db1: db1 is averaged, though the error has its 1/B already
    One b serves all samples, so the slopes add.
    "And the other bias: how many samples share it?"
mean-db: db2 is averaged, though the error has its 1/B already
    One b serves all samples, so the slopes add.
    "Why is the gradient of b a sum, when the loss is a mean?"
whole-max: one maximum is taken over the whole batch
    A row far below that maximum underflows: each of its exponentials is 0, and 0/0 is NaN.
    "What happens to an ordinary row beside one with a logit of 1000?"
"""
