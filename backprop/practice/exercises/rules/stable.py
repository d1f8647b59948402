r"""The largest stable learning rate

The Hessian has these eigenvalues. Below which $\eta$ does gradient descent converge?
"""

import numpy as np

where = "rules#descent"
level, minutes = "apply", 1
kind = "number"
starter = "0.5"


def hessian_inputs(rng):
    return {"curvatures": rng.permutation([1.0, 3.0, 8.0, 20.0, 50.0])[:3]}


inputs = {"ordinary": hessian_inputs}


def largest_rate(curvatures):
    eta = 2 / np.max(curvatures)
    #: one: eta = 1 / np.max(curvatures)
    #: smallest: eta = 2 / np.min(curvatures)
    #: mean: eta = 2 / np.mean(curvatures)
    #: sum: eta = 2 / np.sum(curvatures)
    return eta


hints = r"""
Each direction is multiplied by 1 − ηc per step. When does that shrink?
|1 − ηc| < 1 has to hold for all curvatures c. Which c is the hardest to satisfy?
η < 2/c for the largest curvature c.
"""

slips = r"""
one: 1/c for 2/c
    1/c lands on the minimum in one step. Up to 2/c it still converges, from side to side.
    "What happens between 1/c and 2/c?"
smallest: the smallest curvature is taken, not the largest
    The smallest one sets how slow the slowest direction is. The steepest direction diverges first.
    "Which direction blows up first when you raise η?"
mean: the mean of the curvatures is taken
    Each direction has a condition of its own, and all of them have to hold.
    "Does your η keep the steepest direction from diverging?"
sum: the sum of the curvatures is taken
    The trace is an upper bound of the largest eigenvalue, so this is safe, but it is not the limit.
    "Do the directions share one budget, or does each have its own condition?"
"""
