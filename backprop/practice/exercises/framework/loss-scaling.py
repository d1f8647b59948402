r"""Unscale, check, clip

The loss was multiplied by `scale` before backward. Return `dW`, `db` and `scale` as the optimizer should get them: free
of the scale, and with their common norm clipped at `limit`. If the gradients have overflowed, the step is skipped:
return zeros, and half the scale.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "framework#half"
level, minutes = "interview", 6
returns = ("dW", "db", "scale")


def scaled_inputs(rng, limit=0.5):
    """The gradients of a loss that was multiplied by `scale`, as they come out of backward."""
    n, m = sizes(rng, 2)
    scale = float(rng.choice([128, 256, 1024]))
    return {"dW": scale * normal(rng, n, m), "db": scale * normal(rng, m), "scale": scale, "limit": limit}


def overflowed(rng):
    given = scaled_inputs(rng)
    given["dW"][0, 0] = np.inf
    return given


def undefined(rng):
    given = scaled_inputs(rng)
    given["db"][0] = np.nan
    return given


inputs = {
    "ordinary": scaled_inputs,
    "an overflow": overflowed,
    "an overflow that left NaN": undefined,
    "below the limit": lambda rng: scaled_inputs(rng, limit=1e9),
}


def unscale_and_clip(dW, db, scale, limit):
    dW, db = dW / scale, db / scale
    #: not-unscaled: dW, db = 1 * dW, 1 * db
    #: multiplied: dW, db = dW * scale, db * scale
    norm = np.sqrt((dW**2).sum() + (db**2).sum())
    #: norm-of-dW: norm = np.sqrt((dW**2).sum())
    if not np.isfinite(norm):
        #: not-skipped: if False:
        return np.zeros_like(dW), np.zeros_like(db), scale / 2
        #: scale-kept: return np.zeros_like(dW), np.zeros_like(db), scale
        #: scale-grown: return np.zeros_like(dW), np.zeros_like(db), scale * 2
    factor = min(1.0, limit / norm)
    #: clip-first: factor = min(1.0, limit / (norm * scale))
    #: always: factor = limit / norm
    return factor * dW, factor * db, scale
    #: db-not-clipped: return factor * dW, db, scale


hints = r"""
In which order? The limit is meant for the true gradient.
Divide by the scale, then take one norm over both arrays. Is it finite? Only then is there something to clip.
After the division: if the norm is inf or NaN, zeros and scale/2. Otherwise both arrays times min(1, limit/norm).
"""

slips = r"""
clip-first: the gradient is clipped before the scale is taken out
    The limit is then compared with a norm that is `scale` times too big, and nearly every step shrinks.
    "Which gradient is your limit meant for?"
not-unscaled: the scale is never taken out
    Every gradient is `scale` times too big. Where the clip bites, nobody notices.
    "What happens to the gradient when you multiply the loss by 1024?"
multiplied: the gradients are multiplied by the scale once more
    backward has done that already. Unscaling divides.
    "What happens to the gradient when you multiply the loss by 1024?"
not-skipped: an overflow is not noticed, and the step is made
    One inf makes the norm inf, and the clip 0 · inf = NaN: the weights are lost.
    "One entry overflowed. What is in your weights after the step?"
scale-kept: the scale stays as it was after an overflow
    The next step would overflow as well.
    "What will happen at the next step?"
scale-grown: the scale grows after an overflow
    It grows after many good steps, and shrinks after an overflow.
    "The numbers were too large. Which way should the scale go?"
always: a small gradient is stretched to the limit
    Clipping only ever shortens.
    "The norm is below the limit. What should happen?"
norm-of-dW: the norm leaves out db
    It is one vector of all parameters, and keeps its direction.
    "Over which numbers does the norm run?"
db-not-clipped: db is not clipped
    Both are multiplied by the same factor, so that the direction stays.
    "Does the gradient keep its direction?"
"""
