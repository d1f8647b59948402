r"""Huber's error

For an error $e$ the Huber loss is $\tfrac12e^2$ where $|e|\le d$, and $d\,(|e|-\tfrac d2)$ beyond. `e` is an array of
errors $a-y$, and the loss of all is the mean. Return the loss and $\partial\mathcal L/\partial a$.
"""

import numpy as np

where = "tuning#classics"
level, minutes = "apply", 4


def huber_inputs(rng):
    """Errors on both sides of both limits."""
    count = int(rng.integers(6, 10))
    small, large = rng.uniform(0.1, 0.9, count), rng.uniform(1.2, 4, count)
    e = np.concatenate([small, -small[::-1] * 0.7, large, -large * 0.9])
    return {"e": rng.permutation(e), "d": rng.uniform(0.95, 1.15)}


inputs = {"ordinary": huber_inputs}


def huber(e, d):
    values = np.where(np.abs(e) <= d, e**2 / 2, d * (np.abs(e) - d / 2))
    #: jump: values = np.where(np.abs(e) <= d, e**2 / 2, d * np.abs(e))
    loss = values.mean()
    #: sum: loss = values.sum()
    slope = np.clip(e, -d, d)
    #: one-sided: slope = np.minimum(e, d)
    #: sign-only: slope = np.where(np.abs(e) <= d, e, np.sign(e))
    #: absolute: slope = np.minimum(np.abs(e), d)
    #: always-plus: slope = np.where(np.abs(e) <= d, e, d)
    #: zero-beyond: slope = np.where(np.abs(e) <= d, e, 0)
    da = slope / len(e)
    #: sum: da = slope
    return loss, da


hints = r"""
Two pieces, for small and for large errors. What is the slope of each?
Inside it is e. Beyond it is d times the slope of |e|.
So the slope is e, clipped to [−d, d], and the mean adds 1/N.
"""

slips = r"""
jump: the two pieces don't meet: −d²/2 is missing beyond
    At |e| = d the square gives d²/2, and d |e| gives d².
    "What are your two pieces at |e| = d?"
sum: the errors are summed, not averaged
    The loss of all is the mean.
    "You double the number of samples. What happens to your gradient?"
one-sided: only errors above d are clipped
    An outlier may lie on either side.
    "What is your slope at e = −100?"
sign-only: the slope beyond is ±1, not ±d
    The slope must not jump at |e| = d.
    "What is the slope just inside the limit, and what just beyond?"
absolute: the slope has lost its sign
    A prediction that is too small has to rise, one that is too large to fall.
    "In which direction does your step go for e = −1?"
always-plus: the slope beyond is d on both sides
    Where e is below −d the loss falls as e grows: the slope is −d there.
    "What is your slope at e = −100?"
zero-beyond: large errors get no gradient
    They get d, no more and no less: an outlier still pulls, with a bounded force.
    "A sample is far off at the start. How would it ever be learned?"
"""
