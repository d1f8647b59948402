r"""δ^L of softmax with cross-entropy

Logits `z` and targets `y`, both $(K,B)$ with samples as columns, each column of `y` summing to 1. The loss is the
cross-entropy of the softmax, averaged over the batch. Return $\delta^L=\partial\mathcal L/\partial z$.
"""

import numpy as np

from backprop.practice.exercises.make import logits_and_one_hot, logits_and_soft

where = "outputs#twice"
level, minutes = "recall", 3
batch = ("z", 1)
inputs = {
    "ordinary": logits_and_one_hot,
    "soft targets": logits_and_soft,
}


def output_delta(z, y):
    e = np.exp(z - z.max(axis=0, keepdims=True))
    p = e / e.sum(axis=0, keepdims=True)
    #: axis: p = e / e.sum(axis=1, keepdims=True)
    #: sigmoid: p = 1 / (1 + np.exp(-z))
    delta = (p - y) / y.shape[1]
    #: sign: delta = (y - p) / y.shape[1]
    #: extra-slope: delta = (p - y) * p * (1 - p) / y.shape[1]
    #: elementwise: delta = -y * (1 - p) / y.shape[1]
    #: at-p: delta = (-y / p) / y.shape[1]
    #: no-mean: delta = (p - y)
    #: twice: delta = (p - y) / y.shape[1] ** 2
    #: all-elements: delta = (p - y) / y.size
    #: classes: delta = (p - y) / y.shape[0]
    return delta


hints = r"""
Probabilities first. Then one line.
The loss is log S − Σ y z for each sample. Differentiate it with respect to z, and remember the mean.
p − y, divided by B, the number of columns.
"""

slips = r"""
sign: the sign is flipped: y − p for p − y
    The right class's logit should rise, so its slope is negative: p − 1.
    "If the right class's logit grows, does the loss rise or fall?"
extra-slope
    p − y is the gradient at the logits. Softmax's Jacobian has been multiplied in, and cancelled.
elementwise: softmax is treated as elementwise: −y/p · p (1 − p)
    Only the right class gets an error. The other logits move the loss too, through the sum.
    "Do your errors sum to 0 over the classes?"
at-p: this is ∂𝓛/∂p: softmax's Jacobian is missing
    Between p and z stands the softmax.
    "With respect to what have you differentiated?"
no-mean
twice
    The mean of the loss brings one 1/B. The later sums over the batch bring none.
    "Where does your 1/B come from? How often does it come?"
all-elements: divided by all elements, K·B, not by the batch
    Cross-entropy is summed over the classes, and averaged over the samples only.
    "Over what is the loss averaged?"
classes: divided by the number of classes, not of samples
    Samples are columns: B is the length of axis 1. This is the rows form's axis.
    "Which axis is the batch?"
axis: softmax is normalized over the samples, not over the classes
    "What should each column of p sum to?"
sigmoid: the output is a sigmoid, not a softmax
    One sigmoid per class lets several classes be right at once. Here they compete.
    "What should each column of p sum to?"
"""
