r"""The step without bias correction

Adam under a constant gradient, both bias corrections left out, $\epsilon=0$: how long is step number $t$, in units of
$\eta$?
"""

import numpy as np

where = "rules#adam"
level, minutes = "apply", 3
kind = "number"
starter = "1.0"


def correction_inputs(rng):
    return {"t": int(rng.integers(2, 6)), "beta1": 0.9, "beta2": float(rng.choice([0.99, 0.999]))}


inputs = {"ordinary": correction_inputs}


def step_length(t, beta1, beta2):
    m = 1 - beta1**t
    #: no-power: m = 1 - beta1
    #: t-from-0: m = 1 - beta1 ** (t + 1)
    v = 1 - beta2**t
    #: no-power: v = 1 - beta2
    #: t-from-0: v = 1 - beta2 ** (t + 1)
    length = m / np.sqrt(v)
    #: no-root: length = m / v
    #: inverse: length = np.sqrt(v) / m
    #: only-m: length = m
    #: only-v: length = 1 / np.sqrt(v)
    return length


hints = r"""
Take g = 1. What are m and v after t steps from 0?
By the geometric sum m = 1 − β₁ᵗ, and v likewise.
The length is (1 − β₁ᵗ) / √(1 − β₂ᵗ).
"""

slips = r"""
no-root: the root of v is missing
    The step divides by √v, the size of the gradient.
    "What does Adam divide by?"
inverse: the ratio is upside down
    This is the factor by which the corrections change the step. Without them the step is its reciprocal.
    "Is the uncorrected step longer or shorter than η?"
only-m: only m is followed, v is forgotten
    This is the usual story, that Adam starts too slowly. v starts too small as well, and stands below.
    "And what does v do at the first steps?"
only-v: only v is followed, m is forgotten
    m starts too small as well, and stands above.
    "And how large is m at this step?"
no-power: this is the first step: the power t is missing
    After one step m = 1 − β₁. Each further step adds to it.
    "How do m and v grow from the first step to this one?"
t-from-0: t is one too large: it was counted from 0
    The first step has t = 1, and there m = 1 − β₁.
    "What is m after the very first step?"
"""
