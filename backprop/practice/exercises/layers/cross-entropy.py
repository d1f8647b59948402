r"""Cross-entropy with ignored labels

Logits `z` $(B,T,K)$ and integer `labels` $(B,T)$. Where the label is −100 the position is ignored. The loss is the
cross-entropy of the softmax, averaged over the positions that count. Return the loss and $\partial\mathcal L/\partial
z$. Logits may be near 1000.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "layers#softmax"
level, minutes = "interview", 8


def labels_inputs(rng):
    """Logits of every position, and labels of which some are to be ignored."""
    K, B, T = sizes(rng, 3)
    labels = rng.integers(1, K, (B, T))
    labels[0, 0], labels[1, 1] = -100, 0
    labels.flat[rng.permutation(np.arange(1, T))[: T // 2]] = -100
    return {"z": normal(rng, B, T, K), "labels": labels}


def large_labels_inputs(rng):
    given = labels_inputs(rng)
    return given | {"z": given["z"] + 1000}


inputs = {"ordinary": labels_inputs, "logits of 1000": large_labels_inputs}


def cross_entropy(z, labels):
    counts = (labels != -100)[..., None]
    N = counts.sum()
    #: all-positions: N = counts.size
    #: batch-size: N = len(z)
    y = np.eye(z.shape[-1])[np.where(labels == -100, 0, labels)] * counts
    #: class-0: y = np.eye(z.shape[-1])[np.where(labels == -100, 0, labels)]
    #: as-index: y = np.eye(z.shape[-1])[labels] * counts
    shifted = z - z.max(axis=-1, keepdims=True)
    #: naive: shifted = z
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    loss = -(y * log_p).sum() / N
    #: loss-sum: loss = -(y * log_p).sum()
    dz = (np.exp(log_p) * counts - y) / N
    #: p-left: dz = (np.exp(log_p) - y) / N
    #: dz-sum: dz = (np.exp(log_p) * counts - y)
    #: sign: dz = (y - np.exp(log_p) * counts) / N
    return loss, dz


hints = r"""
Take the softmax of every position, then think: which positions does the loss see?
An ignored position has no loss, so no gradient. And by how many positions is the mean divided?
With N positions that count: the loss is the sum of their −log p, by N; the gradient is (p − y)/N there, and 0 at the
    others.
"""

slips = r"""
all-positions: the mean runs over all positions, the ignored ones too
    Padding would then make the gradient smaller. The mean is over the positions that count.
    "You pad the batch with more ignored positions. What happens to your gradient?"
batch-size: divided by the number of sequences, not of positions
    Every position that counts is a prediction with a loss of its own.
    "Over how many terms does this loss average?"
p-left: an ignored position still gets the gradient p
    Its y is 0, but p − 0 is not. What is not in the loss has no gradient.
    "What is the gradient of a logit at an ignored position?"
class-0: an ignored position counts as class 0
    Class 0 only stands in so that the lookup works. Its row of y must then be set to 0.
    "What does your loss say at an ignored position?"
as-index: −100 is used as a class
    There is no such row. With 200 classes there would be one, and no error.
    "What does your lookup do with a label of −100?"
naive: the maximum is not subtracted before the exponential
    exp(1000) is inf, and its logarithm is inf too.
loss-sum: the loss is a sum, not a mean
    The loss and its gradient must be of the same function.
    "Would a gradient check of these two agree?"
dz-sum: 1/N is missing in the gradient
    The loss and its gradient must be of the same function.
    "Would a gradient check of these two agree?"
sign: the sign of the gradient is flipped: y − p for p − y
    The logit of the right class should rise, so its slope is negative.
    "If the logit of the right class grows, does the loss rise or fall?"
"""
