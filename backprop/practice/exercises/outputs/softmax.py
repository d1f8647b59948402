r"""Softmax that does not overflow

Return the softmax of the logits `z` of shape $(K,B)$, one sample in each column. It must hold for logits of ±1000.
"""

import numpy as np

from backprop.practice.exercises.make import extreme_logits, logits

where = "outputs#logsumexp"
level, minutes = "recall", 3
batch = ("z", 1)
inputs = {"ordinary": logits, "extreme logits": extreme_logits}


def softmax(z):
    shifted = z - z.max(axis=0, keepdims=True)
    #: naive: shifted = z
    #: whole-max: shifted = z - z.max()
    #: minimum: shifted = z - z.min(axis=0, keepdims=True)
    #: added: shifted = z + z.max(axis=0, keepdims=True)
    e = np.exp(shifted)
    #: no-exp: e = shifted
    p = e / e.sum(axis=0, keepdims=True)
    #: axis: p = e / e.sum(axis=1, keepdims=True)
    #: whole: p = e / e.sum()
    #: mean: p = e / e.mean(axis=0, keepdims=True)
    return p


hints = r"""
What may be subtracted from all logits of a sample without changing its softmax?
Subtract each column's maximum. Then the largest exponent is 0.
e = exp(z − max over axis 0), divided by its sum over axis 0, both with keepdims=True.
"""

slips = r"""
naive
whole-max: the maximum of the whole batch is subtracted, not each sample's own
    A sample whose logits are all far below it underflows to 0/0.
    "One sample has logits near 1000, another near −1000. What happens to the second?"
minimum: the minimum is subtracted, not the maximum
    Then the largest exponent grows, and overflows sooner.
    "What is the largest exponent that you form?"
added: the maximum is added, not subtracted
    Softmax does not mind, but the exponents do: they double.
    "What is the largest exponent that you form?"
axis: normalized over the samples, not over the classes
    Samples are columns: the classes of one sample run along axis 0. This is the rows form's axis.
    "Which sums should be 1?"
whole: normalized over the whole batch
    Then all probabilities of all samples together sum to 1.
    "What should each column sum to?"
mean: divided by the mean, not by the sum
    Then each column sums to K.
    "What should each column sum to?"
no-exp: the exponential is missing
    Logits may be negative, so dividing by their sum gives no probabilities.
    "Can one of your probabilities be negative?"
"""
