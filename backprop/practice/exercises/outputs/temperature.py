r"""Softmax at a temperature

$p=\operatorname{softmax}(z/T)$ for logits `z` of shape $(K,B)$, samples as columns; the loss is the cross-entropy with
the soft targets `y`, averaged over the batch. Return $p$ and $\partial\mathcal L/\partial z$. It must hold for logits
of ±1000.
"""

import numpy as np

from backprop.practice.exercises.make import extreme_logits, logits_and_soft, normal, softmax_of

where = "outputs#soft"
level, minutes = "interview", 3
batch = ("z", 1)


def warm_inputs(rng):
    return logits_and_soft(rng) | {"T": float(rng.uniform(1.5, 4.5))}


inputs = {
    "ordinary": warm_inputs,
    "extreme logits": lambda rng: extreme_logits(rng) | {"y": softmax_of(normal(rng, 3, 4)), "T": 1.25},
    "a temperature below 1": lambda rng: logits_and_soft(rng) | {"T": 0.5},
}


def warm_delta(z, y, T):
    u = z / T
    #: cold: u = z * T
    #: no-temperature: u = z
    e = np.exp(u - u.max(axis=0, keepdims=True))
    #: naive: e = np.exp(u)
    p = e / e.sum(axis=0, keepdims=True)
    #: after: p = e / e.sum(axis=0, keepdims=True) / T
    delta = (p - y) / (T * y.shape[1])
    #: no-factor: delta = (p - y) / y.shape[1]
    #: multiplied: delta = (p - y) * T / y.shape[1]
    #: square: delta = (p - y) / (T**2 * y.shape[1])
    #: sign: delta = (y - p) / (T * y.shape[1])
    #: no-mean: delta = (p - y) / (T)
    return p, delta


hints = r"""
Call u = z/T. What is the gradient with respect to u?
p − y is ∂𝓛/∂u. One more step of the chain rule leads to z.
(p − y) / (T B).
"""

slips = r"""
no-factor: the factor 1/T is missing
    p − y is the gradient with respect to z/T. From there to z is one more factor, 1/T.
    "With respect to what have you differentiated?"
multiplied: multiplied by T, where it should be divided
    The slope of z/T with respect to z is 1/T.
    "If T is large, do the logits matter more or less?"
square: divided by T², not by T
    One 1/T comes from the chain rule. The second of distillation is not a factor: it is p coming closer to uniform.
    "How often does T stand between z and the loss?"
cold: the logits are multiplied by T
    A high temperature makes the output softer: the logits shrink.
    "What should p be when T is very large?"
no-temperature: the temperature is missing in the softmax
    T acts in the forward pass first: p is the softmax of z/T.
    "What should p be when T is very large?"
after: the probabilities are divided by T once more
    Probabilities sum to 1 at every temperature. T acts on the logits.
    "What does a column of p sum to?"
sign: the sign is flipped: y − p for p − y
    A class whose probability is too low should get a higher logit: its slope is negative.
    "If p is below y for a class, should its logit rise or fall?"
no-mean
naive: the maximum is not subtracted before the exponential
    exp(800) is inf, and inf/inf is NaN.
    "What is e to the 800 in float64?"
"""
