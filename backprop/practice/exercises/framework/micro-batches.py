r"""Gradient accumulation over unequal micro-batches

A batch too large for the memory was cut into micro-batches. `grads[j]` is the gradient of the **mean** loss over
micro-batch $j$, and `counts[j]` how many samples (or tokens that count) it has; they are not equal. Return the gradient
of the mean loss over the whole batch.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "framework#averages"
level, minutes = "interview", 5


def micro_inputs(rng):
    n, m = sizes(rng, 2)
    counts = [int(count) for count in rng.permutation([1, 3, 4, 8])[:3]]
    return {"grads": [normal(rng, n, m) for _ in counts], "counts": counts}


inputs = {"ordinary": micro_inputs}


def accumulated(grads, counts):
    N = sum(counts)
    total = np.zeros_like(grads[0])
    for g, n in zip(grads, counts):
        total += g * n / N
        #: mean-of-means: total += g / len(grads)
        #: added: total += g
        #: overwrite: total = g * n / N
        #: not-normalized: total += g * n
        #: means-by-N: total += g / N
        #: twice: total += g * n / N / len(grads)
        #: inverse: total += g * N / n
    return total


hints = r"""
Turn each mean back into a sum first. Then what do you do with the sums?
A micro-batch with three times as many samples should weigh three times as much. What do the weights sum to?
The sum over j of grads[j] times counts[j], by the sum of all counts.
"""

slips = r"""
mean-of-means: the means are averaged as if the micro-batches were equally large
    Then a sample in a small micro-batch counts for more. With padded sequences this is a well-known bug.
    "One micro-batch has a single sample. How much should it count?"
added: the means are added: every further micro-batch makes the step longer
    That is what .grad does by itself. Each loss is to be scaled before backward().
    "You cut the same batch into twice as many pieces. What happens to your gradient?"
overwrite: = where += belongs: only the last micro-batch counts
    Accumulation adds up. zero_grad() comes once, before the first micro-batch.
    "When do you call zero_grad()?"
not-normalized: this is the gradient of the sum, not of the mean
    The weights should sum to 1.
    "What do your weights sum to?"
means-by-N: the means are treated as sums: n is missing
    Each is a mean already. n times a mean is the sum that belongs over N.
    "How do you get from a mean back to a sum?"
twice: divided by the number of micro-batches on top
    The weights n/N sum to 1 already.
    "What do your weights sum to?"
inverse: the weight is upside down: small micro-batches count most
    A micro-batch weighs by its share of the samples.
    "One micro-batch has a single sample. How much should it count?"
"""
