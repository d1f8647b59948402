r"""Clip a gradient that is spread over devices

The gradient of a model is spread: device $d$ holds the piece `pieces[d]`, and none holds all. Return the list of
pieces, clipped so that the norm of the whole gradient is at most `limit`.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "scale#more"
level, minutes = "apply", 3
returns = ("pieces",)


def pieces_of(rng, limit):
    return {"pieces": [normal(rng, int(n)) for n in rng.permutation([2, 3, 5])], "limit": limit}


inputs = {
    "ordinary": lambda rng: pieces_of(rng, 0.5),
    "below the limit": lambda rng: pieces_of(rng, 1e6),
}


def clip_spread(pieces, limit):
    norm = np.sqrt(sum(np.sum(piece**2) for piece in pieces))
    #: sum-of-norms: norm = sum(np.sqrt(np.sum(piece**2)) for piece in pieces)
    #: mean-of-squares: norm = np.sqrt(np.mean([np.sum(piece**2) for piece in pieces]))
    #: largest: norm = max(np.sqrt(np.sum(piece**2)) for piece in pieces)
    #: squared: norm = sum(np.sum(piece**2) for piece in pieces)
    factor = min(1.0, limit / norm)
    #: always: factor = limit / norm
    return [factor * piece for piece in pieces]
    #: own-norm: return [min(1.0, limit / np.sqrt(np.sum(piece**2))) * piece for piece in pieces]


hints = r"""
It is one vector that was cut. How does its norm follow from what each device can compute?
Squares of norms add. Which one number does each device send?
The root of the sum of the squares, one factor min(1, limit/norm) for all.
"""

slips = r"""
own-norm: each piece is clipped by its own norm
    Then the direction changes, and how much depends on how the gradient was cut.
    "You use twice as many devices. Is your step the same?"
sum-of-norms: norms are added, where their squares add
    The norm of the whole is the root of the sum of squares.
    "Two pieces, (3) and (4). What is the norm of (3, 4)?"
mean-of-squares: the squares are averaged over the devices
    A mean makes the norm smaller by the root of the number of devices.
    "Two pieces, (3) and (4). What is the norm of (3, 4)?"
largest: the largest piece's norm is taken for the whole
    Every piece has its share.
    "Two pieces, (3) and (4). What is the norm of (3, 4)?"
squared: the root is missing
    The limit is for the norm, not for its square.
    "In which units is your limit?"
always: a small gradient is stretched to the limit
    Clipping only ever shortens.
    "The norm is below the limit. What should happen?"
"""
