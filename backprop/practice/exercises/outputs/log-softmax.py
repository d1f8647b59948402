r"""Log-softmax by log-sum-exp

Return $\log p$ for the softmax $p$ of the logits `z` of shape $(K,B)$, samples as columns. It must hold for logits of
±1000, and stay finite.
"""

import numpy as np

from backprop.practice.exercises.make import extreme_logits, logits

where = "outputs#logsumexp"
level, minutes = "apply", 4
batch = ("z", 1)
inputs = {"ordinary": logits, "extreme logits": extreme_logits}


def log_softmax(z):
    c = z.max(axis=0, keepdims=True)
    #: naive: c = np.zeros((1, z.shape[1]))
    log_S = c + np.log(np.exp(z - c).sum(axis=0, keepdims=True))
    #: not-added: log_S = np.log(np.exp(z - c).sum(axis=0, keepdims=True))
    #: twice: log_S = 2 * c + np.log(np.exp(z - c).sum(axis=0, keepdims=True))
    #: axis: log_S = c + np.log(np.exp(z - c).sum(axis=1, keepdims=True))
    #: mean: log_S = c + np.log(np.exp(z - c).mean(axis=0, keepdims=True))
    #: no-log: log_S = c + np.exp(z - c).sum(axis=0, keepdims=True)
    log_p = z - log_S
    #: log-of-softmax: log_p = np.log(np.exp(z - log_S))
    #: sign: log_p = log_S - z
    return log_p


hints = r"""
log p_i = z_i − log S. Which part can overflow?
log S = c + log Σ exp(z_k − c), for any c. Which c is best?
With c the maximum of each column: z − (c + log of the sum over axis 0 of exp(z − c)).
"""

slips = r"""
naive
    exp(1000) is inf, and its logarithm is inf too. For −1000 it is the logarithm of 0.
log-of-softmax: the logarithm of a probability that has underflowed
    p rounds to 0, and log 0 is −inf, where the log-probability is a harmless number.
    "What is the logarithm of a probability of e to the −2000?"
not-added: the maximum is not added back
    Softmax does not notice the shift, but log S does: it changed by c.
    "Do your probabilities sum to 1?"
twice: the maximum is taken out twice
    log S grew by c once, and so one c is put back.
    "Do your probabilities sum to 1?"
axis: summed over the samples, not over the classes
    Samples are columns: the classes of one sample run along axis 0. This is the rows form's axis.
    "Over what does S sum?"
mean: the mean of the exponentials, not their sum
    log S is too small by log K, and the probabilities sum to K.
    "Do your probabilities sum to 1?"
sign: the sign is flipped: this is −log p
    −log p is the loss of each class. A log-probability is at most 0.
    "Can a log-probability be positive?"
no-log: the logarithm of the sum is missing
    log of a quotient is a difference of logarithms: z − log S, not z − S.
    "What is the logarithm of e^z / S?"
"""
