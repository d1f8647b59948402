r"""Count dead ReLUs

`z` holds the pre-activations of a ReLU layer on all samples, in columns. Return which neurons get no gradient on any
sample (one Boolean each), and how many they are.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "depth#dead"
level, minutes = "apply", 3


def relu_inputs(rng):
    """Pre-activations of neurons of which some never fire, and some do so rarely."""
    n, B = (int(n) for n in rng.permutation(np.arange(4, 9))[:2])
    z = normal(rng, n, B)
    z[:2] = -np.abs(z[:2])
    z[2] = -1 - rng.random(B)
    z[2, 0] = 0.5
    return {"z": z}


def at_the_kink(rng):
    """A dead neuron at z = 0 on one sample, a healthy one likewise, and a sample on which all are silent."""
    z = relu_inputs(rng)["z"]
    z[3] = np.abs(z[3])
    z[:, 0] = -np.abs(z[:, 0])
    z[:4, :2] = [[-1, 0], [-2, -1], [-1, -3], [0, 1]]
    return {"z": z}


def always_zero(rng):
    """A neuron whose weights and bias are 0."""
    z = relu_inputs(rng)["z"]
    z[1] = 0
    return {"z": z}


inputs = {"ordinary": relu_inputs, "at the kink": at_the_kink, "weights and bias of 0": always_zero}


def dead_relus(z):
    silent = z <= 0
    #: kink: silent = z < 0
    #: equal: silent = z == 0
    dead = silent.all(axis=1)
    #: axis: dead = silent.all(axis=0)
    #: any: dead = silent.any(axis=1)
    #: on-average: dead = z.mean(axis=1) <= 0
    count = dead.sum()
    #: share: count = dead.mean()
    #: entries: count = silent.sum()
    return dead, count


hints = r"""
Where is ReLU's slope 0? What does the course say of z = 0?
Neurons are rows and samples are columns. Dead means: on every sample.
(z <= 0).all(axis=1), and its sum.
"""

slips = r"""
axis: the axis is wrong: this finds samples on which all neurons are silent
    Samples are columns. A neuron is a row, so one reduces over axis 1.
    "How long is your result: as many as neurons, or as samples?"
any: any for all: silent on some sample is not dead
    A healthy ReLU is silent on about half of the samples. Dead is one that never fires.
    "Does a neuron die from being silent once?"
kink: z = 0 is counted as alive
    ReLU'(0) = 0 in this course, so a neuron at the kink gets no gradient either.
    "What is the slope at z = 0?"
equal: z is tested for 0, as if it were the activation
    The activation of a silent neuron is 0. Its pre-activation is 0 or negative.
    "Is this z or a?"
on-average: a mean below 0 is taken for dead
    A neuron that fires on a single sample gets a gradient there.
    "Can a neuron with a negative mean fire on some samples?"
share: the share of dead neurons is returned, not their number
    The mean of Booleans is a share. Their sum counts.
    "How many are dead, in whole neurons?"
entries: silent entries are counted, not dead neurons
    In a healthy layer about half of all entries are silent.
    "What do you count: entries or neurons?"
"""
