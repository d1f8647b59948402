r"""δ^L of squared error after a sigmoid

Logits `z` and targets `y`, both $(K,B)$ with samples as columns. The output is $a=\sigma(z)$, the loss
$\tfrac12\|a-y\|^2$ per sample, averaged over the batch. Return $\delta^L=\partial\mathcal L/\partial z$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "outputs#squared"
level, minutes = "apply", 3
batch = ("z", 1)


def sigmoid_regression(rng):
    K, B = sizes(rng, 2)
    return {"z": normal(rng, K, B), "y": rng.uniform(0.1, 0.9, (K, B))}


inputs = {
    "ordinary": sigmoid_regression,
    "saturated": lambda rng: {"z": np.array([[-10.0, 10.0, 2.0]]), "y": np.array([[1.0, 0.0, 1.0]])},
}


def output_delta(z, y):
    a = 1 / (1 + np.exp(-z))
    error = (a - y) / z.shape[1]
    #: sign: error = (y - a) / z.shape[1]
    #: two: error = 2 * (a - y) / z.shape[1]
    #: no-mean: error = (a - y)
    #: all-elements: error = (a - y) / z.size
    slope = a * (1 - a)
    #: at-a: slope = 1 / (1 + np.exp(-a)) * (1 - 1 / (1 + np.exp(-a)))
    #: tanh: slope = 1 - a**2
    #: value: slope = a
    delta = error * slope
    #: no-slope: delta = error
    #: slope-twice: delta = error * slope * slope
    return delta


hints = r"""
(B1): the loss's slope at a, times the activation's slope at z.
The outputs are summed, the samples averaged. The slope of the sigmoid is a (1 − a).
(a − y)/B ⊙ a ⊙ (1 − a).
"""

slips = r"""
no-slope
    a − y is δ for cross-entropy after a sigmoid. Squared error leaves the slope in.
    "For which loss does the slope cancel? Is it yours?"
slope-twice: the slope σ' is in it twice
    There is one activation between z and the loss.
    "How often does the signal go through the sigmoid?"
at-a
    a was put through the sigmoid a second time. a (1 − a) is the slope at z already.
tanh
    "How large can the slope of a sigmoid be?"
value: multiplied by σ(z) instead of σ'(z)
sign
two
no-mean
all-elements: divided by all elements, K·B, not by the batch
    Here outputs are summed and samples averaged. The mean over all elements is MSELoss.
    "Over what is the loss averaged?"
"""
