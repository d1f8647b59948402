r"""Cross-entropy from integer labels

Logits `z` of shape $(K,B)$, samples as columns, and `labels`, $B$ whole numbers from 0 to $K-1$. Return the
cross-entropy, averaged over the batch. It must hold for logits of ±1000.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "outputs#logsumexp"
level, minutes = "interview", 5
batch = ("z", 1)
returns = ("loss",)


def labelled(rng):
    K, B = sizes(rng, 2)
    return {"z": 2 * normal(rng, K, B), "labels": rng.integers(0, K, B)}


def extreme_labelled(rng):
    z = [[1000.0, -1000.0, 3.0], [0.0, -1001.0, 1.0], [-1000.0, -1003.0, 2.0], [-2000.0, -1002.0, 900.0]]
    return {"z": np.array(z), "labels": np.array([1, 0, 2])}


inputs = {
    "ordinary": labelled,
    "extreme logits": extreme_labelled,
    "fewer classes than samples": lambda rng: {"z": normal(rng, 3, 7), "labels": np.array([0, 2, 1, 1, 0, 2, 2])},
}


def cross_entropy(z, labels):
    B = len(labels)
    c = z.max(axis=0, keepdims=True)
    #: naive: c = np.zeros((1, B))
    log_S = c + np.log(np.exp(z - c).sum(axis=0, keepdims=True))
    #: axis: log_S = c + np.log(np.exp(z - c).sum(axis=1, keepdims=True))
    log_p = z - log_S
    #: no-log: log_p = np.exp(z - log_S)
    #: log-of-softmax: log_p = np.log(np.exp(z - log_S))
    picked = log_p[labels, np.arange(B)]
    #: rows-picked: picked = log_p[labels]
    #: swapped: picked = log_p[np.arange(B), labels]
    #: best: picked = log_p.max(axis=0)
    #: off-by-one: picked = log_p[labels - 1, np.arange(B)]
    return -picked.sum() / B
    #: sign: return picked.sum() / B
    #: sum: return -picked.sum()
    #: all-elements: return -picked.sum() / z.size


hints = r"""
Log-softmax first, by log-sum-exp: never the logarithm of a probability.
For each sample pick the log-probability of its label. Two index arrays do it at once.
−log_p[labels, np.arange(B)], averaged.
"""

slips = r"""
rows-picked: whole rows are picked, not one entry per sample
    log_p[labels] is a (B, B) array: each label's row, for all samples.
    "What shape is what you pick?"
swapped: the two indices are swapped: that is the rows form
    Samples are columns: the class comes first, then the sample.
    "Which index of z is the class?"
best: the largest probability is picked, not the label's
    Then the loss does not look at the labels at all.
    "Does your loss change when the labels do?"
off-by-one: labels are taken as counted from 1
    They run from 0 to K − 1. Label 0 became the last class, and no error was raised.
    "What does index −1 do in NumPy?"
sign: the minus is missing
    The logarithm of a probability is at most 0. A loss is its negative.
    "Can your loss be negative?"
sum: summed over the batch, not averaged
    The loss then grows with the batch.
    "You double the batch. What happens to the loss?"
all-elements: divided by all elements, K·B, not by the batch
    A mean over a (K, B) array of y log p counts the zeros too.
    "By how many numbers do you divide?"
no-log: the logarithm is missing: probabilities are averaged
    The loss is −log p. −p does not punish confident mistakes.
    "What is your loss when the label has probability 0?"
log-of-softmax: the logarithm of a probability that has underflowed
    p rounds to 0, and log 0 is −inf, where the loss is an ordinary number.
    "What is the logarithm of a probability of e to the −1000?"
naive
    exp(1000) is inf, and so is its logarithm.
axis: normalized over the samples, not over the classes
    "Over what does S sum?"
"""
