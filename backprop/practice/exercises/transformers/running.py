r"""One block of a running softmax

Some keys have been seen. Kept for each of the $T$ queries are `m` (T, 1), its largest score so far, `s` (T, 1), the sum
of $e^{\text{score}-m}$, and `U` (T, e), the sum of $e^{\text{score}-m}$ times the value, without a division. Now comes
a block: scores `A` (T, S) and values `V` (S, e). Return the new $m$, $s$ and $U$. Scores may be near 1000.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "transformers#blocks"
level, minutes = "interview", 5


def running_inputs(rng, high=0.0):
    """T rows that have seen as many keys as come now; the largest score is among the new ones in about half of them."""
    T, S, e = (int(size) for size in rng.permutation(np.arange(3, 8))[:3])
    old, A = high + 2 * normal(rng, T, S), high + 2 * normal(rng, T, S)
    m = old.max(axis=-1, keepdims=True)
    weights = np.exp(old - m)
    return {"m": m, "s": weights.sum(axis=-1, keepdims=True), "U": weights @ normal(rng, S, e)} | {
        "A": A,
        "V": normal(rng, S, e),
    }


inputs = {"ordinary": running_inputs, "scores near 1000": lambda rng: running_inputs(rng, 1000.0)}


def next_block(m, s, U, A, V):
    m_new = np.maximum(m, A.max(axis=-1, keepdims=True))
    #: block-maximum: m_new = A.max(axis=-1, keepdims=True)
    #: old-maximum: m_new = m
    P = np.exp(A - m_new)
    #: no-maximum: P = np.exp(A)
    shrink = np.exp(m - m_new)
    #: upside-down: shrink = np.exp(m_new - m)
    #: not-rescaled: shrink = np.ones_like(m)
    s_new = shrink * s + P.sum(axis=-1, keepdims=True)
    #: sum-not-rescaled: s_new = s + P.sum(axis=-1, keepdims=True)
    U_new = shrink * U + P @ V
    #: values-not-rescaled: U_new = U + P @ V
    #: divided: U_new = shrink * U + P @ V / s_new
    return m_new, s_new, U_new


hints = r"""
What you kept was measured against the old maximum. Against which one must all of it be measured now?
A number exp(x − m) becomes exp(x − m') by one factor, the same for the whole row.
The factor is exp(m − m'), at most 1. It multiplies s and U alike; then the block's own sums are added.
"""

slips = r"""
block-maximum: the new maximum is the block's own
    The largest score so far counts too. Where it was larger, the old terms grow without a bound.
    "Your first block holds a score of 1000, your second one of 0. What is your factor?"
old-maximum: the maximum isn't renewed
    A larger score of the block then gives an e to a positive power, which may overflow.
    "What is the largest exp(score − m) in your block?"
no-maximum: the maximum is not subtracted in the block
    e to the 1000 is inf; and the two sums are measured against different maxima.
    "What is e to the 1000 in float64?"
upside-down: the factor is upside down: exp(m' − m)
    exp(x − m) times exp(m − m') is exp(x − m'). The new maximum is the larger one, so the factor is at most 1.
    "Do old terms count more or less against a larger maximum?"
not-rescaled: what was kept isn't rescaled
    It is measured against the old maximum, the block against the new one.
    "To which maximum does your old sum belong?"
sum-not-rescaled: U is rescaled and s is not
    Both hold the same weights, so both get the same factor.
    "What do your weights add up to in the end?"
values-not-rescaled: s is rescaled and U is not
    Both hold the same weights, so both get the same factor.
    "Which weights do your old values have, and which your new ones?"
divided: U is divided by the sum on the way
    The division comes once, at the end: s isn't known before.
    "What is U divided by at the end, and by what have you divided it already?"
"""
