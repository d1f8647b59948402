r"""Warm-up, then cosine decay

Return the learning rate at step `t`: it rises in a straight line from 0 at `t = 0` to `eta` at `t = warmup`, then falls
by half a cosine wave to 0 at `t = T`.
"""

import numpy as np

where = "rules#schedules"
level, minutes = "apply", 3


def schedule_inputs(rng, low=1, high=None):
    """A step t after the warm-up, or between the shares low and high of it."""
    warmup, T = int(rng.integers(8, 15)), int(rng.integers(40, 60))
    t = int(rng.integers(warmup + 3, T - 3)) if high is None else int(rng.integers(low, high))
    return {"t": t, "eta": rng.uniform(0.1, 0.5), "warmup": warmup, "T": T}


inputs = {
    "ordinary": schedule_inputs,
    "early in the warm-up": lambda rng: schedule_inputs(rng, 2, 4),
    "late in the warm-up": lambda rng: schedule_inputs(rng, 5, 8),
}


def learning_rate(t, eta, warmup, T):
    rise = t / warmup
    progress = (t - warmup) / (T - warmup)
    #: not-shifted: progress = t / T
    #: too-long: progress = (t - warmup) / T
    decay = (1 + np.cos(np.pi * progress)) / 2
    #: no-pi: decay = (1 + np.cos(progress)) / 2
    #: full-wave: decay = (1 + np.cos(2 * np.pi * progress)) / 2
    #: no-one: decay = (2 * np.cos(np.pi * progress)) / 2
    #: no-half: decay = (1 + np.cos(np.pi * progress))
    #: linear: decay = 1 - progress
    rate = eta * (rise if t < warmup else decay)
    #: no-warm-up: rate = eta * decay
    #: both: rate = eta * min(rise, 1) * decay
    return rate


hints = r"""
Two formulas, and t decides which one holds.
For the decay you need a progress that is 0 at the end of the warm-up and 1 at T.
ηt/warmup before; then ½η(1 + cos(π · progress)) with progress = (t − warmup) / (T − warmup).
"""

slips = r"""
no-warm-up: the warm-up is missing
    The first steps need a small rate, since the weights are random and the averages rest on few gradients.
    "What is your rate at the very first step?"
both: the rise is multiplied by the decay
    During the warm-up only the straight line holds. The decay starts afterward.
    "Is your warm-up a straight line?"
not-shifted: the decay is counted from step 0, not from the end of the warm-up
    Then the rate jumps down at the end of the warm-up.
    "What is your rate just before and just after the end of the warm-up?"
too-long: the decay lasts T steps, not T − warmup
    It starts at the end of the warm-up and must be over at T.
    "What is your rate at t = T?"
no-pi: π is missing in the cosine
    Half a wave is π. Up to an angle of 1 the cosine falls to 0.54 only.
    "What is your rate at t = T?"
full-wave: the angle runs through a full wave
    With 2π the rate is 0 in the middle and rises again to η.
    "How does your rate move after the middle?"
no-one: the cosine is not raised by 1, so the rate becomes negative
    The cosine runs from 1 to −1. Adding 1 and halving brings it to 1 … 0.
    "What sign has your rate near the end?"
no-half: the ½ is missing: the decay starts at 2η
    1 + cos runs from 2 to 0.
    "What is your rate just after the warm-up?"
linear: the decay is a straight line, not a cosine
    A cosine stays high at first and lands gently.
    "Sketch your schedule. Where is it steepest?"
"""
