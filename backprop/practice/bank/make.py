"""What the exercises' input generators share."""

import numpy as np


def sizes(rng, count):
    """`count` different whole numbers from 2 to 7: no matrix is square, and the batch is unlike any width."""
    return [int(n) for n in rng.permutation(np.arange(2, 8))[:count]]


def normal(rng, *shape):
    """An array of standard normal numbers."""
    return rng.standard_normal(shape)


def one_hot_columns(rng, K, B):
    """(K, B) with a 1 in each column."""
    Y = np.zeros((K, B))
    Y[rng.integers(0, K, B), np.arange(B)] = 1
    return Y
