r"""The Hessian times a vector, without the Hessian

Logistic regression: $p=\sigma(Xw)$ for $X$ $(B,n)$ and $w$ $(n,)$, the loss is the mean binary cross-entropy against
`y` of 0 and 1. Return the gradient and $Hv$ for the direction `v` $(n,)$, with products of matrix and vector alone.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "scale#curvature"
level, minutes = "interview", 5
returns = ("gradient", "Hv")


def logistic_inputs(rng):
    n, B = sizes(rng, 2)
    return {"X": normal(rng, B, n), "y": rng.integers(0, 2, B) * 1.0, "w": normal(rng, n), "v": normal(rng, n)}


inputs = {"ordinary": logistic_inputs}


def gradient_and_hvp(X, y, w, v):
    p, B = 1 / (1 + np.exp(-X @ w)), len(X)
    gradient = X.T @ (p - y) / B
    #: no-mean: gradient = X.T @ (p - y)
    #: sign: gradient = X.T @ (y - p) / B
    dp = p * (1 - p) * (X @ v)
    #: no-slope: dp = X @ v
    #: error-moved: dp = (p - y) * (X @ v)
    #: second-slope: dp = p * (1 - p) * (1 - 2 * p) * (X @ v)
    #: sigmoid-of-v: dp = 1 / (1 + np.exp(-X @ v))
    Hv = X.T @ dp / B
    #: no-mean-Hv: Hv = X.T @ dp
    return gradient, Hv


hints = r"""
Hv says how the gradient moves when w moves along v. What moves in Xᵀ(p − y)/B?
Only p. By how much does it move when Xw moves by Xv?
p moves by p(1 − p) ⊙ Xv, so Hv = Xᵀ(p(1 − p) ⊙ Xv)/B.
"""

slips = r"""
no-slope: p is taken to move as much as Xw does
    Between them stands the sigmoid, with its slope p(1 − p).
    "z moves by 1 where p is 0.99. How far does p move?"
error-moved: the error p − y stands where its change belongs
    y is constant. What moves is p, by its slope.
    "Does the Hessian of this loss depend on the labels?"
second-slope: the sigmoid's second derivative is used
    The loss is differentiated twice, the sigmoid once: its first slope has cancelled in p − y.
    "What does the gradient look like, before you differentiate it again?"
sigmoid-of-v: the sigmoid is applied to the direction
    A small change goes through the slope at the point, linearly.
    "If you double v, what should Hv do?"
no-mean: the gradient is not divided by the batch
    The loss is a mean.
    "You take every sample twice. What should the gradient do?"
no-mean-Hv: Hv is not divided by the batch
    The loss is a mean, and so are both of its derivatives.
    "You take every sample twice. What should Hv do?"
sign: the gradient has the wrong sign
    p − y, prediction minus target.
    "If p is too small, should z grow or fall?"
"""
