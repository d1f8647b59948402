r"""The clipped policy gradient, backward

`log_p` (N,) are the log-probabilities of N sampled tokens, `old_log_p` the same at the time of sampling, `A` their
advantages. With the ratio $\rho=e^{\log p-\log p_{\text{old}}}$ the loss is the mean of $-\min(\rho A,\ c(\rho)A)$,
where $c(\rho)$ is $\rho$ clipped to $[1-\epsilon,1+\epsilon]$ and `eps` is $\epsilon$. Return $\partial\mathcal
L/\partial\log p$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "tuning#policy"
level, minutes = "interview", 8


def policy_inputs(rng):
    """Ratios within the limits and beyond both, each with advantages of both signs, in a random order."""
    ratio = np.array([0.5, 0.6, 0.9, 0.95, 1.05, 1.1, 1.5, 1.7, 0.55, 1.6])
    sign = np.array([1, -1, 1, -1, 1, -1, 1, -1, 1, -1])
    order = rng.permutation(10)
    old = -np.abs(normal(rng, 10)) - 0.6
    log_p = old + np.log(ratio * rng.uniform(0.99, 1.01, 10))[order]
    return {"log_p": log_p, "old_log_p": old, "A": sign[order] * rng.uniform(0.5, 2, 10), "eps": 0.2}


inputs = {"ordinary": policy_inputs}


def policy_backward(log_p, old_log_p, A, eps):
    ratio = np.exp(log_p - old_log_p)
    #: upside-down: ratio = np.exp(old_log_p - log_p)
    #: difference: ratio = log_p - old_log_p
    stopped = np.where(A > 0, ratio > 1 + eps, ratio < 1 - eps)
    #: both-sides: stopped = (ratio > 1 + eps) | (ratio < 1 - eps)
    #: upper-only: stopped = ratio > 1 + eps
    #: never: stopped = np.zeros(len(A), dtype=bool)
    #: other-side: stopped = np.where(A > 0, ratio < 1 - eps, ratio > 1 + eps)
    slope = -ratio * A
    #: sign: slope = ratio * A
    #: no-ratio: slope = -A
    dlog_p = np.where(stopped, 0, slope) / len(A)
    #: clipped-value: dlog_p = np.where(stopped, -np.clip(ratio, 1 - eps, 1 + eps) * A, slope) / len(A)
    #: no-mean: dlog_p = np.where(stopped, 0, slope)
    return dlog_p


hints = r"""
The minimum takes one of two branches. Which of them depends on log p, and which is a constant?
For A > 0 the clipped branch is the smaller one where ρ > 1 + ε; for A < 0, where ρ < 1 − ε. Elsewhere the slope is that
    of −ρA.
dρ/dlog p = ρ. So it is −ρA/N, and 0 where ρ has left the limits on the side to which A pushes it.
"""

slips = r"""
upside-down: the ratio is upside down
    It is the policy of now over that of then.
    "The policy has made this token more likely. Is your ratio above 1?"
difference: the difference of the logarithms is taken for the ratio
    The ratio is e to that difference: 1 where nothing has changed.
    "What is your ratio in the first step after sampling?"
both-sides: the gradient stops beyond both limits, whatever the sign of A
    The minimum keeps the unclipped branch where it is the smaller one: a ratio that went the wrong way is pulled back.
    "A good token has become much less likely. Should it get a gradient?"
upper-only: only the upper limit stops, whatever the sign of A
    With A < 0 the policy is pushed down, and it is the lower limit that stops.
    "Which limit can a token with a negative advantage run into?"
never: nothing stops at the limits
    Beyond the limit the clipped branch is the minimum, and it is a constant.
    "What does the clip do in your backward pass?"
other-side: the limits stop on the wrong side
    For A > 0 the minimum is the clipped branch where ρ > 1 + ε.
    "With A = 1 and ρ = 2, which of the two is smaller?"
sign: the sign is flipped
    The loss is minus what is to grow.
    "Should a token with a positive advantage become more likely?"
no-ratio: dρ/dlog p is taken as 1
    ρ = exp(log p − …), so its slope is ρ. It is 1 only at ρ = 1.
    "What is the slope of e to the x at x = log 2?"
clipped-value: a stopped token still gets the clipped value as its gradient
    A constant has slope 0, whatever its value is.
    "How does clip(ρ) move beyond the limit when ρ does?"
no-mean: the mean over the tokens is missing: no 1/N
    The loss is a mean.
    "You double the number of tokens. What happens to your gradient?"
"""
