r"""Inverted dropout, forward and backward

Dropout as frameworks have it: in training, entries are dropped with probability `p`, and the mean of each is kept; in
evaluation nothing happens. `keep` is the mask that was drawn, True where an entry stays. Return $Y$, and
$\partial\mathcal L/\partial X$ for `G` $=\partial\mathcal L/\partial Y$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "layers#embedding"
level, minutes = "apply", 4
batch = ("X", 0)


def dropout_inputs(rng, training=True):
    B, n = sizes(rng, 2)
    p = float(rng.choice([0.2, 0.3, 0.4]))
    keep = rng.random((B, n)) >= p
    keep.flat[:2] = [True, False]
    return {"X": normal(rng, B, n), "keep": keep, "p": p, "training": training, "G": normal(rng, B, n)}


def after_relu(rng):
    """What is 0 already, kept or dropped, has a slope all the same."""
    given = dropout_inputs(rng)
    X = np.maximum(given["X"], 0)
    X.flat[:2] = 0
    return given | {"X": X}


inputs = {
    "ordinary": dropout_inputs,
    "evaluation": lambda rng: dropout_inputs(rng, training=False),
    "after a ReLU": after_relu,
}


def dropout(X, keep, p, training, G):
    factor = np.ones_like(X)
    #: eval-scaled: factor = np.full_like(X, 1 - p)
    if training:
        #: in-evaluation: if True:
        factor = keep / (1 - p)
        #: no-scale: factor = 1.0 * keep
        #: by-p: factor = keep / p
        #: shrunk: factor = keep * (1 - p)
        #: inverted: factor = ~keep / (1 - p)
    Y = X * factor
    dX = G * factor
    #: no-mask-back: dX = G * factor.max()
    #: no-scale-back: dX = G * (factor != 0)
    #: untouched: dX = G
    return Y, dX


hints = r"""
An entry stays with probability 1 − p. By what must it be multiplied then, so that its mean stays?
Given the mask this is a product, entry by entry, with a constant. Backward it is the same product.
In training the factor is keep/(1 − p), in evaluation 1: for X forward, for G backward.
"""

slips = r"""
no-scale: the scale is missing: the mean shrinks in training
    Without it evaluation sees larger activations than training ever did.
    "What is the mean of Y over many masks, in training and in evaluation?"
by-p: divided by p, not by the probability to stay
    p is the probability to drop. An entry stays with probability 1 − p.
    "With p = 0.1, by how much should what stays grow?"
shrunk: multiplied by 1 − p, not divided by it
    What stays must make up for what was dropped, so it grows.
    "Should what stays grow or shrink?"
inverted: the mask is inverted: what should stay is dropped
    True means that the entry stays.
    "Which entries of Y are 0?"
in-evaluation: entries are dropped in evaluation too
    Dropout is noise for training. Evaluation uses the whole network.
    "Do you get the same answer twice for the same input in evaluation?"
eval-scaled: evaluation is scaled by 1 − p as well
    The old form scaled there, and not in training. The inverted form has done it in training.
    "How often does 1 − p enter in your version?"
no-mask-back: the mask is missing in the backward pass
    A dropped entry had no part in the loss, so its gradient is 0.
    "What is the gradient of an entry that was dropped?"
no-scale-back: the scale is missing in the backward pass
    Forward X was multiplied by 1/(1 − p), so its slope has that factor.
    "How fast does Y move with an entry that stays?"
untouched: the gradient passes as if nothing had been dropped
    Y = X ⊙ factor, so the slope is the factor.
    "What is the gradient of an entry that was dropped?"
"""
