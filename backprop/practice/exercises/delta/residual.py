r"""(N, 1) minus (N,)

In rows: predictions of shape $(N,1)$, targets from a file of shape $(N,)$. Return the loss
$\frac1N\sum_i\tfrac12(p_i-y_i)^2$ and its gradient with respect to `pred`, in the shape of `pred`.
"""

from backprop.practice.exercises.make import normal, sizes

where = "delta#trap"
exact = True
level, minutes = "interview", 3
batch = ("pred", 0)


def residual_inputs(rng):
    (N,) = sizes(rng, 1)
    return {"pred": normal(rng, N, 1), "target": normal(rng, N)}


inputs = {"ordinary": residual_inputs}


def squared_error(pred, target):
    residual = pred - target[:, None]
    #: trap: residual = pred - target
    #: row: residual = pred.T - target
    loss = 0.5 * (residual**2).mean()
    #: no-half: loss = (residual**2).mean()
    #: sum: loss = 0.5 * (residual**2).sum()
    dpred = residual / len(pred)
    #: no-mean: dpred = residual
    #: two: dpred = 2 * residual / len(pred)
    #: sign: dpred = -residual / len(pred)
    return loss, dpred


hints = r"""
Print the shape of pred − target before you go on.
NumPy reads (N,) as a row. How do you make it a column?
target[:, None] is (N, 1). The gradient of the mean is the residual over N.
"""

slips = r"""
trap: (N, 1) − (N,) is (N, N): every prediction is paired with every target
    NumPy reads (N,) as a row and stretches both. No error is raised, and predictions collapse to the mean.
    "What is the shape of your residual?"
row: the gradient is a row, but pred is a column
    The numbers are right. The layer below expects (N, 1).
    "What shape does pred have, and what shape does your gradient have?"
no-half: the ½ of the loss is missing
    The loss is half the mean of the squares, and its gradient then has no factor 2.
    "Do your loss and your gradient belong together? Nudge one prediction."
sum: the loss is a sum, not a mean over the batch
    Then it grows with the number of samples, and its gradient would have no 1/N.
    "What happens to your loss when every sample occurs twice?"
no-mean: 1/N is missing from the gradient
    The loss is a mean, so each prediction moves it by a share of 1/N.
    "Nudge one prediction: by how much does the mean move?"
two: a factor 2 too much: the ½ is forgotten in the gradient
sign: the sign of the gradient is flipped
    The derivative of ½(p − y)² with respect to p is p − y.
    "If a prediction is too small, should the loss rise or fall when it grows?"
"""
