r"""Average-pooling, backward

Images (samples, height, width, features) were averaged over patches of `k` × `k` that lie side by side. `G` is the
gradient of the result. Return the gradient of the images.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "layers#convolution"
level, minutes = "recall", 3


def average_pool_inputs(rng):
    B, H, W, C = (int(size) for size in rng.permutation([2, 3, 4, 5]))
    return {"G": normal(rng, B, H, W, C), "k": int(rng.choice([2, 3]))}


inputs = {"ordinary": average_pool_inputs}


def average_pool_backward(G, k):
    rows = np.repeat(G, k, axis=1)
    #: tiled: rows = np.tile(G, (1, k, 1, 1))
    spread = np.repeat(rows, k, axis=2)
    #: one-axis: spread = rows
    #: features: spread = np.repeat(rows, k, axis=3)
    dX = spread / k**2
    #: not-divided: dX = spread
    #: by-k: dX = spread / k
    #: corner: dX = np.zeros_like(spread)
    #: corner+: dX[:, ::k, ::k] = G
    return dX


hints = r"""
By how much does a mean move when one of its entries moves by 1?
How many entries does a patch have? Each of them gets the same.
Repeat every entry of G k times along axis 1 and k times along axis 2, and divide by the number of entries.
"""

slips = r"""
not-divided: the gradient is not divided by the number of entries
    Forward it was a mean. This is the backward pass of a sum.
    "By how much does the mean move when one entry moves by 1?"
by-k: divided by k, where a patch has k × k entries
    The mean runs over two axes.
    "Over how many entries does one mean run?"
tiled: the rows are tiled, not repeated
    tile sets whole copies one after the other: a b a b. A patch needs a a b b.
    "Which entry of G do the first two rows of your result come from?"
one-axis: the gradient is spread along the height only
    The patch is k × k: it shrank both axes.
    "What shape had the images?"
features: the features are repeated, not the width
    Features are the last axis here, and each is pooled by itself.
    "What shape had the images?"
corner: one entry of each patch gets it all, as in max-pooling
    Every entry moves the mean.
    "Which entries of the patch does the mean depend on?"
"""
