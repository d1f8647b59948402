r"""1/B, exactly once

One linear layer in columns, $Z=WX+b$, with $\mathcal L=\frac1B\sum_s\tfrac12\|z_s-y_s\|^2$. Return $\partial\mathcal
L/\partial W$ and $\partial\mathcal L/\partial b$.
"""

from backprop.practice.exercises.make import normal, sizes

where = "delta#batch"
level, minutes = "apply", 4
batch = ("X", 1)


def layer_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"W": normal(rng, m, n), "b": normal(rng, m, 1), "X": normal(rng, n, B), "Y": normal(rng, m, B)}


inputs = {"ordinary": layer_inputs}


def mean_gradient(W, b, X, Y):
    B = X.shape[1]
    #: wrong-axis: B = X.shape[0]
    Z = W @ X + b
    #: no-bias: Z = W @ X
    delta = (Z - Y) / B
    #: no-mean: delta = (Z - Y)
    #: W-alone: delta = (Z - Y)
    #: b-alone: delta = (Z - Y)
    #: all: delta = (Z - Y) / Y.size
    #: sign: delta = (Y - Z) / B
    #: two: delta = 2 * (Z - Y) / B
    dW = delta @ X.T
    #: again-dW: dW = delta @ X.T / B
    #: W-alone: dW = delta @ X.T / B
    db = delta.sum(axis=1, keepdims=True)
    #: mean-db: db = delta.mean(axis=1, keepdims=True)
    #: b-alone: db = delta.mean(axis=1, keepdims=True)
    #: no-sum: db = delta
    return dW, db


hints = r"""
The 1/B is a constant factor of the loss, so of every gradient. Where do you differentiate the loss?
Put it in δ. Which lines take it from there by themselves?
δ = (Z − Y)/B. Then (B3) and (B4) as they stand, with a sum for b.
"""

slips = r"""
no-mean: 1/B is missing: both gradients are B times too big
    The loss is a mean over the batch. Training still works, with a learning rate secretly multiplied by B.
    "What happens to your gradient when every sample occurs twice in the batch?"
W-alone: 1/B is missing in ∂𝓛/∂b, while ∂𝓛/∂W has it
    Both are slopes of one loss, and that has the 1/B. In δ it reaches both.
    "Which of your two gradients belongs to a sum over the batch?"
b-alone: 1/B is missing in ∂𝓛/∂W, while ∂𝓛/∂b has it
    Both are slopes of one loss, and that has the 1/B. In δ it reaches both.
    "Which of your two gradients belongs to a sum over the batch?"
again-dW: ∂𝓛/∂W is divided by B a second time
    δ has the 1/B already, and the product carries it on.
    "How often does 1/B stand in the loss? And in your dW?"
mean-db: a mean stands where a sum belongs in ∂𝓛/∂b: 1/B is in it twice
    One b serves all samples, so the slopes add. The mean of the loss is in each δ already.
    "Why is the gradient of b a sum, when the loss is a mean?"
wrong-axis
all
    Over the outputs this loss is a sum. A plain mean() of all squares divides by n B.
sign: the sign is flipped: y − z for z − y
    The derivative of ½(z − y)² with respect to z is z − y.
    "If an output is too small, should the loss rise or fall when it grows?"
two
no-bias
    Then the error is that of another layer. With b = 0 nobody would notice.
no-sum
"""
