r"""One squared error, four gradients

Outputs `a` and targets `y`, both $(K,B)$. Return $\partial\mathcal L/\partial a$ of the squared error four times:
summed over everything with ½; ours, summed over outputs, mean over the batch, with ½; the same without ½; and PyTorch's
`MSELoss`.
"""

from backprop.practice.exercises.make import normal, sizes

where = "outputs#mean"
level, minutes = "interview", 4
batch = ("a", 1)


def regression_inputs(rng):
    K, B = sizes(rng, 2)
    if K * B == 2 * K or K == 2:  # a factor 2 must not look like a size
        K, B = 3, 5
    return {"a": normal(rng, K, B), "y": normal(rng, K, B)}


inputs = {"ordinary": regression_inputs}


def mse_gradients(a, y):
    K, B = a.shape
    residual = a - y
    #: sign: residual = y - a
    total = 1 * residual
    #: total-two: total = 2 * residual
    ours = residual / B
    #: ours-sum: ours = residual
    #: ours-outputs: ours = residual / K
    #: ours-all: ours = residual / (K * B)
    no_half = 2 * (residual / B)
    #: half-kept: no_half = residual / B
    #: half-twice: no_half = 0.5 * (residual / B)
    mse_loss = 2 * residual / (K * B)
    #: mse-batch: mse_loss = 2 * residual / B
    #: mse-half: mse_loss = residual / (K * B)
    #: mse-outputs: mse_loss = 2 * residual / K
    return total, ours, no_half, mse_loss


hints = r"""
Without any mean: what is the derivative of ½ r²? And of r²?
Each mean divides. By how many numbers, in each of them?
r, r/B, 2r/B, 2r/(KB), with r = a − y.
"""

slips = r"""
sign
    The derivative of (a − y)² with respect to a has the sign of a − y.
    "If the output is too large, should the loss rise or fall when it grows?"
total-two: a factor 2 too much in the sum: the ½ is forgotten
    The 2 from the square meets the ½ of the loss.
    "Which loss did you differentiate: with the ½ or without?"
ours-sum: ours lacks the mean over the batch: no 1/B
    This is the sum's gradient, B times too big.
    "You double the batch. What happens to the size of this gradient?"
ours-outputs: ours is divided by the outputs, not by the batch
    Samples are columns: B is the length of axis 1.
    "Which axis is the batch?"
ours-all: ours is divided by all elements, not by the batch alone
    The outputs of a sample are summed. Only the samples are averaged.
    "Over what is this loss averaged?"
half-kept: without the ½ the factor 2 stays, and here it is missing
    The derivative of r² is 2r.
    "What is the derivative of r²?"
half-twice: a factor ½ where a factor 2 belongs
    The ½ is gone from the loss, so the 2 from the square stays.
    "What is the derivative of r²?"
mse-batch: MSELoss divided by the batch only
    MSELoss averages over every element, outputs too: K·B of them.
    "By how many numbers does MSELoss divide?"
mse-half: MSELoss with a ½ that it does not have
    MSELoss is the mean of r², so its gradient has the factor 2.
    "Is there a ½ in MSELoss?"
mse-outputs: MSELoss divided by the outputs only
    MSELoss averages over every element, samples too: K·B of them.
    "By how many numbers does MSELoss divide?"
"""
