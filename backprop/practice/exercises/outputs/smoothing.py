r"""Label smoothing

Logits `z` and one-hot targets `y`, both $(K,B)$ with samples as columns. Return the smoothed targets for `epsilon`, and
$\delta^L$ of softmax with cross-entropy against them, averaged over the batch.
"""

import numpy as np

from backprop.practice.exercises.make import logits_and_one_hot

where = "outputs#soft"
level, minutes = "apply", 3
batch = ("z", 1)


def smoothing_inputs(rng):
    return logits_and_one_hot(rng) | {"epsilon": float(rng.uniform(0.05, 0.3))}


inputs = {"ordinary": smoothing_inputs}


def smoothed_delta(z, y, epsilon):
    K, B = y.shape
    targets = (1 - epsilon) * y + epsilon / K
    #: not-spread: targets = (1 - epsilon) * y + epsilon
    #: batch: targets = (1 - epsilon) * y + epsilon / B
    #: others-only: targets = (1 - epsilon) * y + (1 - y) * epsilon / (K - 1)
    #: not-taken: targets = y + epsilon / K
    e = np.exp(z - z.max(axis=0, keepdims=True))
    p = e / e.sum(axis=0, keepdims=True)
    delta = (p - targets) / B
    #: old-target: delta = (p - y) / B
    #: sign: delta = (targets - p) / B
    #: no-mean: delta = (p - targets)
    return targets, delta


hints = r"""
A share ε of the target goes to all classes alike. What must each column still sum to?
(1 − ε) y plus ε spread over the K classes. Then nothing else changes: p − target.
targets = (1 − ε) y + ε/K, and δ = (p − targets)/B.
"""

slips = r"""
not-spread: ε is not divided by the number of classes
    Then each column sums to more than 1, and p − y no longer holds.
    "What does a column of your targets sum to?"
batch: ε is divided by the batch size, not by the number of classes
    ε is spread over the classes of one sample. Other samples have no part in it.
    "Over what is ε spread?"
others-only: ε is spread over the wrong classes only
    Also a distribution, but label smoothing mixes with the uniform one: the right class gets its ε/K too.
    "Which target does the right class have?"
not-taken: ε is not taken from the right class
    What the other classes get must come from somewhere: the column sums to 1.
    "What does a column of your targets sum to?"
old-target: the error is taken against the old targets
    The smoothed targets are what the loss compares with.
    "Where do your new targets enter the gradient?"
sign: the sign is flipped: y − p for p − y
    The right class's logit should rise, so its slope is negative.
    "If the right class's logit grows, does the loss rise or fall?"
no-mean
"""
