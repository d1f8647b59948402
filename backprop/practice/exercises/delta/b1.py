r"""(B1), the error at the output

Sigmoid outputs, $\mathcal L$ is $\tfrac12\|a-y\|^2$ summed over the outputs and averaged over the batch. `z` and `Y`
are columns, $(n_L,B)$. Return $\delta^L$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "delta#B1"
level, minutes = "apply", 4
batch = ("Y", 1)


def output_inputs(rng):
    n, B = sizes(rng, 2)
    return {"z": normal(rng, n, B), "Y": rng.uniform(size=(n, B))}


inputs = {"ordinary": output_inputs}


def output_delta(z, Y):
    B = Y.shape[1]
    #: wrong-axis: B = Y.shape[0]
    #: all: B = Y.size
    a = 1 / (1 + np.exp(-z))
    error = (a - Y) / B
    #: sign: error = (Y - a) / B
    #: two: error = 2 * (a - Y) / B
    #: no-mean: error = (a - Y)
    #: twice: error = (a - Y) / B**2
    delta = error * a * (1 - a)
    #: no-slope: delta = error
    #: at-a: delta = error * (1 / (1 + np.exp(-a))) * (1 - 1 / (1 + np.exp(-a)))
    #: tanh: delta = error * (1 - a**2)
    return delta


hints = r"""
One path leads from each z to the loss: through its own a.
The loss is a mean over the batch, so ∂𝓛/∂a has a 1/B. Which axis counts the samples?
(a − Y)/B, entry by entry times a (1 − a).
"""

slips = r"""
sign
    "If an output is too small, should the loss rise or fall when it grows?"
two
no-mean: 1/B is missing
    The loss is the mean over the batch, and δ^L is where its 1/B enters.
    "Is the loss a sum or a mean over the batch?"
twice
wrong-axis: the number of outputs is taken for the batch size
    "Which axis of Y is the batch?"
all
    "Over what does your loss sum, and over what does it average?"
no-slope: σ' is missing
    This is ∂𝓛/∂a^L. It is δ^L for cross-entropy, not for squared error.
at-a
    a (1 − a) is the slope at z already. This goes through the sigmoid twice.
tanh
    1 − a² belongs to tanh. These outputs are sigmoids.
    "How large can the slope of your output activation be?"
"""
