r"""Backward through two layers

In columns: tanh in the hidden layer, a sigmoid at the output, squared error (½, summed over outputs, mean over the
batch). Go forward, then backward, and return $\partial\mathcal L/\partial W^1,\ \partial\mathcal L/\partial b^1,\
\partial\mathcal L/\partial W^2,\ \partial\mathcal L/\partial b^2$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "delta#B3"
level, minutes = "interview", 8
batch = ("X", 1)


def two_layer_inputs(rng):
    D, H, K, B = sizes(rng, 4)
    data = {"X": normal(rng, D, B), "Y": rng.uniform(size=(K, B))}
    weights = {"W1": normal(rng, H, D), "b1": normal(rng, H, 1), "W2": normal(rng, K, H), "b2": normal(rng, K, 1)}
    return data | weights


inputs = {"ordinary": two_layer_inputs}


def two_layers(X, Y, W1, b1, W2, b2):
    B = X.shape[1]
    #: wrong-axis: B = X.shape[0]
    a1 = np.tanh(W1 @ X + b1)
    a2 = 1 / (1 + np.exp(-(W2 @ a1 + b2)))
    delta2 = (a2 - Y) / B * a2 * (1 - a2)  # (B1)
    #: sign: delta2 = (Y - a2) / B * a2 * (1 - a2)  # (B1)
    #: no-mean: delta2 = (a2 - Y) * a2 * (1 - a2)  # (B1)
    #: no-slope-2: delta2 = (a2 - Y) / B  # (B1)
    delta1 = W2.T @ delta2 * (1 - a1**2)  # (B2)
    #: transpose: delta1 = W2 @ delta2 * (1 - a1**2)  # (B2)
    #: no-slope-1: delta1 = W2.T @ delta2  # (B2)
    #: sigmoid: delta1 = W2.T @ delta2 * a1 * (1 - a1)  # (B2)
    #: at-a: delta1 = W2.T @ delta2 * (1 - np.tanh(a1) ** 2)  # (B2)
    dW2 = delta2 @ a1.T  # (B3)
    db2 = delta2.sum(axis=1, keepdims=True)  # (B4)
    #: no-sum: db2 = delta2  # (B4)
    dW1 = delta1 @ X.T  # (B3)
    #: own: dW1 = delta1 @ a1.T  # (B3)
    #: turned: dW1 = X @ delta1.T  # (B3)
    db1 = delta1.sum(axis=1, keepdims=True)  # (B4)
    #: mean-db: db1 = delta1.mean(axis=1, keepdims=True)  # (B4)
    return dW1, db1, dW2, db2


hints = r"""
Forward with a1 and a2 kept. Then one line each for (B1) and (B2), two for (B3), two for (B4).
Write the shape of every line in a comment: δ^l like z^l, each gradient like its parameter.
(B1) is (a2 − Y)/B ⊙ a2(1 − a2). (B2) is W2ᵀ δ2 ⊙ (1 − a1²). The rest is δ aᵀ and δ summed over axis 1.
"""

slips = r"""
sign
    The derivative of ½(a − y)² with respect to a is a − y. All four gradients inherit the sign.
    "If an output is too small, should the loss rise or fall when it grows?"
no-mean: 1/B is missing
    The loss is the mean over the batch. (B1) is where its 1/B enters, once.
    "Is the loss a sum or a mean over the batch?"
wrong-axis
no-slope-2: σ' is missing at the output
    a − y is δ for cross-entropy after a sigmoid. For squared error the slope stays.
    "Which loss does your output error belong to?"
transpose: W² is not transposed in (B2)
    Forward, W² takes the hidden layer to the output. Backward, the slopes go the other way.
no-slope-1: σ' is missing in the hidden layer
    Without it δ¹ is the slope with respect to a¹. The network still learns, so the loss won't tell.
    "You have the slope with respect to a. How do you get to z?"
sigmoid: the hidden slope is the sigmoid's, not tanh's
    "Which activation does the hidden layer have?"
at-a: σ' is taken at a, not at z, in the hidden layer
    1 − a² is the slope at z already. tanh'(a) goes through the activation twice.
own: ∂𝓛/∂W¹ takes the layer's own activation, not its input
    W¹ multiplies X. δ¹ a¹ᵀ is square, and fits nothing here.
    "What does W¹ multiply in the forward pass?"
turned: ∂𝓛/∂W¹ is the outer product the wrong way round
    Row index from δ, column index from the input.
    "What shape does W¹ have, and what shape does its gradient have?"
mean-db: ∂𝓛/∂b¹ is averaged, though δ has its 1/B already
    One b serves all samples, so the slopes add.
    "Why is the gradient of b a sum, when the loss is a mean?"
no-sum: ∂𝓛/∂b² is not summed over the batch
    The update would stretch b to one column per sample, or fail.
    "What shape does b² have, and what shape does its gradient have?"
"""
