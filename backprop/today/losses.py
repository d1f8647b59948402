"""Losses and penalties beyond the three pairs. Each returns (values, slopes), entry by entry.

An error e = prediction − target, a margin t = y z with a label y of ±1 and a logit z, or a weight w: arrays of any
shape, whole numbers too. Sums and means are left to the caller. At a kink the slope is 0, if 0 is one of its slopes.
"""

import numpy as np

from backprop.activations import sigmoid


def squared(e):
    """½e² with slope e: an error twice as large pulls twice as hard, and the best constant is the mean."""
    return e**2 / 2, e + 0.0


def absolute(e):
    """|e| with slope sign(e): every error pulls equally, and the best constant is the median."""
    return np.abs(e), np.sign(e) + 0.0


def huber(e, delta=1.0):
    """½e² up to |e| = δ, then δ(|e| − δ/2): the slope is e, clipped to ±δ. Huber (1964)."""
    inside = np.abs(e) <= delta
    return np.where(inside, e**2 / 2, delta * (np.abs(e) - delta / 2)), np.clip(e, -delta, delta) + 0.0


def hinge(t):
    """max(0, 1 − t) with slope −1 where t < 1: beyond the margin a sample pulls no more."""
    return np.maximum(0.0, 1 - t), np.where(t < 1, -1.0, 0.0)


def logistic(t):
    """log(1 + e^−t) with slope −σ(−t), of the margin t = y z: binary cross-entropy with labels of ±1.

    With respect to z the slope is −y σ(−y z): σ(z) − 1 for y = 1, σ(z) for y = −1. Its own slope is σ(t) σ(−t) > 0, so
    it is convex.
    """
    return np.logaddexp(0, -t), -sigmoid(-t)


def focal(t, gamma=2.0, weight=1.0):
    """−w (1 − p)^γ log p with p = σ(t): w is the class's weight, and γ > 0 makes easy samples count less.

    The slope is w (1 − p)^γ (γ p log p − (1 − p)): γ = 0 leaves −w (1 − p), weighted cross-entropy. Lin et al. (2017).
    """
    p, log_p = sigmoid(t), -np.logaddexp(0, -t)
    return -weight * (1 - p) ** gamma * log_p, weight * (1 - p) ** gamma * (gamma * p * log_p - (1 - p))


def generator(z, saturating=False):
    """What a GAN's generator lowers, with the discriminator's logit z of a made sample. Goodfellow et al. (2014).

    log(1 − σ(z)) with slope −σ(z) saturates: nearly 0 where the discriminator is sure, z ≪ 0. −log σ(z) has the slope
    −σ(−z), nearly −1 there.
    """
    return (-np.logaddexp(0, z), -sigmoid(z)) if saturating else (np.logaddexp(0, -z), -sigmoid(-z))


def triplet(a, p, n, margin=1.0):
    """max(0, |a − p|² − |a − n|² + margin) of rows (..., d), and its slopes with respect to a, p and n.

    An anchor a, a positive p that belongs to it, a negative n that does not. They are 2(n − p), 2(p − a) and 2(a − n)
    where the margin isn't kept, else 0. Schroff et al. (2015).
    """
    value = ((a - p) ** 2).sum(axis=-1, keepdims=True) - ((a - n) ** 2).sum(axis=-1, keepdims=True) + margin
    pulls = 2.0 * (value > 0)
    return np.maximum(0.0, value[..., 0]), (pulls * (n - p), pulls * (p - a), pulls * (a - n))


def l1(w, rate):
    """rate · |w| with slope rate · sign(w), as large for a small weight as for a large one."""
    return rate * np.abs(w), rate * np.sign(w)


def l2(w, rate):
    """½ rate · w² with slope rate · w: it fades with the weight, so nothing becomes 0."""
    return rate * w**2 / 2, rate * w


def shrunk(w, step):
    """sign(w) max(|w| − step, 0), the step of l1 that stops at 0 instead of running past it: soft thresholding."""
    return np.sign(w) * np.maximum(np.abs(w) - step, 0.0)
