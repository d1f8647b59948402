r"""The line that sends the error back

Columns. The layer above has the error `delta_next` (m, B) and the weights `W_next` (m, n). The layer here has the
slopes `slope` (n, B). Return its error, δ (n, B).
"""

from backprop.practice.exercises.make import normal, sizes

where = "00_start_here.ipynb#Your-first-line"
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
    This is how the loss changes with what the neurons put out. Between that and z stands the activation.
    "How does a change of z reach the output of the neuron?"
added: the slope is added, not multiplied
    Rates along a chain multiply: twice as fast, then half as fast, is once as fast.
    "If the slope is zero, what should arrive?"
sign: the sign is flipped
    The minus of gradient descent belongs to the update. The error itself is passed on as it is.
    "Where does the minus sign of gradient descent stand?"
flat-slope: the slope goes through σ' again
    slope is σ'(z) already. slope (1 − slope) treats it as an activation.
    "What is handed to you under the name slope?"
mean: it is divided by the batch size again
    The mean over the batch was taken in the error at the output, once.
    "Where does the 1/B of the mean enter, and how often?"
no-error: the error from above is left out
    Without delta_next, what comes back is the same for a right guess and a wrong one.
    "Where does the target enter?"
"""
