r"""Leaky ReLU, backward

`g` is $\partial\mathcal L/\partial a$ of a leaky ReLU with slope `alpha` on the left, at 0 too. Return $\delta$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "depth#dead"
level, minutes = "recall", 2
batch = ("z", 1)


def leaky_inputs(rng):
    n, B = sizes(rng, 2)
    return {"z": normal(rng, n, B), "g": normal(rng, n, B), "alpha": rng.uniform(0.05, 0.3)}


def leaky_at_kink(rng):
    given = leaky_inputs(rng)
    given["z"][:, 0] = 0
    return given


inputs = {"ordinary": leaky_inputs, "at the kink": leaky_at_kink}


def leaky_relu_backward(z, g, alpha):
    slope = np.where(z > 0, 1, alpha)
    #: kink: slope = np.where(z >= 0, 1, alpha)
    #: relu: slope = np.where(z > 0, 1, 0)
    #: sides: slope = np.where(z > 0, alpha, 1)
    #: sign-of-g: slope = np.where(g > 0, 1, alpha)
    #: value: slope = np.where(z > 0, z, alpha * z)
    delta = g * slope
    #: no-g: delta = slope
    return delta


hints = r"""
What is the slope on each side of 0?
1 on the right, α on the left. At 0 the prompt says which.
g ⊙ (1 where z > 0, else α).
"""

slips = r"""
kink: the slope at the kink is taken from the right
    At z = 0 either is defensible. Here, as in the package, it is the left one.
    "Which slope do you take at 0?"
relu: the slope on the left is 0: this is plain ReLU
    The leak is there so that a silent neuron still gets a gradient.
    "What keeps this neuron from dying?"
sides: the two sides are exchanged
    The right side passes the gradient whole, the left one the fraction α.
    "For a large positive z, how much of the gradient passes?"
sign-of-g: the sign of g decides, not that of z
    The slope depends on where the forward pass was: on z.
    "What decides on which branch the neuron is?"
value: the activation's value stands where its slope is due
    The chain rule multiplies by the slope of the activation.
    "Is this the forward pass or its derivative?"
no-g: the upstream gradient g is missing
    A backward pass multiplies what comes from above by the local slope.
    "Where does the loss enter your δ?"
"""
