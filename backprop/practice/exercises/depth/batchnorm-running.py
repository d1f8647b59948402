r"""BatchNorm's running averages

Return the running mean and variance after a training batch in rows, as in PyTorch: `momentum` is the weight of the new
batch, and its variance is the unbiased one.
"""

from backprop.practice.exercises.make import rows_with

where = "depth#normalization"
level, minutes = "apply", 3
batch = ("X", 0)
returns = ("running_mean", "running_var")


def running_inputs(rng):
    return rows_with(rng, "running_mean", "running_var") | {"momentum": rng.uniform(0.1, 0.3)}


inputs = {"ordinary": running_inputs}


def blend(old, new, momentum):
    return (1 - momentum) * old + momentum * new
    #: swapped: return momentum * old + (1 - momentum) * new
    #: overwritten: return new
    #: no-share: return (1 - momentum) * old + new


def update_running(X, running_mean, running_var, momentum):
    mean = X.mean(axis=0)
    var = ((X - mean) ** 2).sum(axis=0) / (len(X) - 1)
    #: biased: var = ((X - mean) ** 2).sum(axis=0) / len(X)
    #: std: var = np.sqrt(((X - mean) ** 2).sum(axis=0) / (len(X) - 1))
    return blend(running_mean, mean, momentum), blend(running_var, var, momentum)
    #: mean-kept: return running_mean, blend(running_var, var, momentum)


hints = r"""
Each feature has its own mean and variance, over the batch.
PyTorch's momentum is small: the new batch counts little. Unbiased means: divided by B − 1.
running ← (1 − momentum) running + momentum · batch, with X.var(axis=0, ddof=1).
"""

slips = r"""
swapped: momentum and 1 − momentum are swapped
    Other frameworks define it this way around. In PyTorch momentum = 0.1 is the weight of the new batch.
    "With momentum = 0.1, how much does one batch count?"
biased: the running variance is the biased one
    Normalizing in training divides by B. For the running variance, an estimate, PyTorch divides by B − 1.
    "Is this variance used on this batch, or an estimate for later?"
overwritten: the running averages are overwritten
    Then evaluation rests on the last batch alone.
    "What is left of the earlier batches?"
no-share: the new batch is not weighted by momentum
    The two weights must add up to 1, or the average grows beyond its inputs.
    "If every batch has the mean 1, where does your running mean go?"
std: the standard deviation is averaged, not the variance
    What is kept is the variance. The root is taken at evaluation, with ε under it.
    "Which quantity do you average?"
mean-kept: the running mean is not updated
    Both averages follow the batches.
    "What does evaluation subtract?"
"""
