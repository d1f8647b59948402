r"""What Adam does with a spike

For thousands of steps a weight's gradient was about `c`, so that Adam has $m=c$ and $v=c^2$. Now one batch gives `r`
times that. How many times $\eta$ long is Adam's step then, with $\beta_1=0.9$ and $\beta_2$ = `slow`? And with
$\beta_2$ = `fast`? The corrections and $\varepsilon$ no longer matter. And after how many quiet steps of size `c` has
the excess of $v$ over $c^2$ fallen to a tenth, with `slow`?
"""

import numpy as np

where = "scale#spike"
level, minutes = "interview", 4
kind = "number"
starter = "(3.0, 2.0, 100)"
inputs = {
    "ordinary": lambda rng: {
        "r": int(rng.choice([20, 50, 100])),
        "slow": float(rng.choice([0.999, 0.998])),
        "fast": 0.95,
    }
}


def spike(r, slow, fast):
    m = 0.9 + 0.1 * r
    #: whole-gradient: m = r
    #: m-quiet: m = 1.0
    long = m / np.sqrt(slow + (1 - slow) * r**2)
    #: v-quiet: long = m / np.sqrt(1.0)
    #: no-root: long = m / (slow + (1 - slow) * r**2)
    #: not-squared: long = m / np.sqrt(slow + (1 - slow) * r)
    short = m / np.sqrt(fast + (1 - fast) * r**2)
    #: v-quiet: short = m / np.sqrt(1.0)
    #: no-root: short = m / (fast + (1 - fast) * r**2)
    #: not-squared: short = m / np.sqrt(fast + (1 - fast) * r)
    steps = np.log(10) / -np.log(slow)
    #: ten-times: steps = 10 / (1 - slow)
    #: time-constant: steps = 1 / (1 - slow)
    return long, short, steps


hints = r"""
In units of c: what are m and v after this gradient?
m = 0.9 + 0.1 r and v = β₂ + (1 − β₂) r². The step is m over the root of v.
The excess of v shrinks by the factor β₂ in each step. How many of them make a tenth?
"""

slips = r"""
whole-gradient: the step takes the gradient itself, not m
    m takes in a tenth of it.
    "What does β₁ do with one large gradient?"
m-quiet: m is taken not to have moved
    It has taken in a tenth of the spike.
    "What is m after this gradient?"
v-quiet: v is taken not to have moved
    It takes in 1 − β₂ of the square, which may be much.
    "What is v after this gradient?"
no-root: m is divided by v, not by its root
    Adam divides by √v.
    "Which units has your step?"
not-squared: v takes in the gradient, not its square
    v is an average of squares.
    "Which units has v?"
ten-times: ten time constants are counted
    1/(1 − β₂) steps bring the factor 1/e. A tenth is 2.3 of them.
    "What is 0.999 to the power of 1000?"
time-constant: the fall to 1/e is counted, not to a tenth
    A tenth takes ln 10, 2.3 times as long.
    "What is 0.999 to the power of 1000?"
"""
