r"""The line that sends the error back

Columns. The layer above has the error `delta_next` (m, B) and the weights `W_next` (m, n). The layer here has the
slopes `slope` (n, B). Return its error, δ (n, B).
"""

from backprop.practice.exercises.make import normal, sizes

where = "start#line"
level, minutes = "apply", 2
starter = """
def my_delta(W_next, delta_next, slope):
    return ...
"""


def hidden_layer(rng):
    n, m, B = sizes(rng, 3)
    return {"W_next": normal(rng, m, n), "delta_next": normal(rng, m, B), "slope": normal(rng, n, B)}


inputs = {"ordinary": hidden_layer}


def my_delta(W_next, delta_next, slope):
    delta = (W_next.T @ delta_next) * slope
    #: transpose: delta = (W_next @ delta_next) * slope
    #: no-slope: delta = (W_next.T @ delta_next)
    #: added: delta = (W_next.T @ delta_next) + slope
    #: sign: delta = -(W_next.T @ delta_next) * slope
    #: flat-slope: delta = (W_next.T @ delta_next) * slope * (1 - slope)
    #: mean: delta = (W_next.T @ delta_next) * slope / delta_next.shape[1]
    #: no-error: delta = (W_next.T.sum(axis=1, keepdims=True)) * slope
    #: star: delta = (W_next.T * delta_next) * slope
    #: matmul-slope: delta = (W_next.T @ delta_next) @ slope
    #: turned: delta = (delta_next @ W_next) * slope
    #: slope-above: delta = W_next.T @ (delta_next * slope)
    #: divided: delta = (W_next.T @ delta_next) / slope
    #: rest-of-slope: delta = (W_next.T @ delta_next) * (1 - slope)
    #: switch: delta = (W_next.T @ delta_next) * (slope > 0)
    #: reshaped: delta = (W_next.reshape(W_next.shape[::-1]) @ delta_next) * slope
    #: summed: delta = ((W_next.T @ delta_next) * slope).sum(axis=1, keepdims=True)
    return delta


hints = r"""
Shapes decide most of it. Which product of W_next and delta_next has as many rows as slope?
W_next has a row for each neuron above. W_next.T has a row for each neuron here. @ multiplies matrices.
Then entry by entry, times the slope: ... * slope.
"""

slips = r"""
transpose: W_next is not transposed
    Going forward, W_next takes values from here to the layer above. Back, errors go from above to here.
no-slope: the slope is missing
    Each neuron passes on what arrives in the measure of its slope: one that hardly reacts hardly gets an error.
    "How does a change of z, what a neuron sums up, reach what it puts out?"
added: the slope is added, not multiplied
    Rates along a chain multiply: twice as fast, then half as fast, is once as fast.
    "If the slope is zero, what should arrive?"
sign: the sign is flipped
    The minus of gradient descent belongs to the update. The error itself is passed on as it is.
    "Where does the minus sign of gradient descent stand?"
flat-slope: the slope is multiplied by one minus itself
    a (1 − a) is the slope of a sigmoid with the value a. What you are given is the slope already.
    "What is handed to you under the name slope?"
mean: it is divided by the batch size again
    The mean over the batch was taken in the error at the output, once.
    "Where does the 1/B of the mean enter, and how often?"
no-error: the error from above is left out
    Without delta_next, what comes back is the same for a right guess and a wrong one.
    "Where does the target enter?"
star: * stands where @ is due
    * multiplies entry by entry. Here every neuron below collects from all neurons above, which is a matrix product.
    "Which of the two products sums?"
matmul-slope: @ stands where * is due
    Each neuron has a slope of its own, for its own error alone: entry by entry, nothing is summed.
    "Does the slope of one neuron change the error of another?"
turned: the factors of the matrix product are in the wrong order
    A @ B is not B @ A. The neurons above have to meet: the columns of the first factor, the rows of the second.
    "Which index is summed over?"
slope-above: the slope meets delta_next before the weights have brought it down
    delta_next has a row for each neuron above, slope one for each neuron here. W_next.T leads from there to here.
    "Whose slopes are these, and whose errors?"
divided: it is divided by the slope
    Rates along a chain multiply. A neuron that hardly reacts would get the largest error of all.
    "If the slope is zero, what should arrive?"
rest-of-slope: 1 − slope stands where slope is due
    A neuron that reacts strongly gets a strong error. One minus its slope turns that around.
    "If the slope is zero, what should arrive?"
switch: only the sign of the slope is used
    Whether it is positive is all that counts for ReLU, whose slopes are 0 and 1. Here they have sizes.
    "What if the slope is 0.01?"
reshaped: W_next is reshaped, not transposed
    reshape keeps the order in which the numbers lie in memory, so rows don't become columns.
    "Where does the entry in row 0, column 1 end up?"
summed: it is summed over the batch
    Each sample keeps an error of its own, B columns of them. The sum comes later, in the gradient of the bias.
    "Which gradient is summed over the batch, and when?"
"""
