r"""Walking a tape back

A tape of `count` values, the last one being the output. `edges` lists, in the order in which the program ran, `(child,
parent, slope)`: value number `child` was computed from value number `parent`, and `slope` is ∂child/∂parent. Return the
gradient of the output with respect to every value, as an array.
"""

import numpy as np

from backprop.practice.exercises.make import chain_of

where = "checking#tape"
level, minutes = "apply", 4


def tape_inputs(rng):
    count = int(rng.integers(5, 8))
    return {"count": count, "edges": chain_of(rng, count)}


inputs = {"ordinary": tape_inputs, "the same edge twice": lambda rng: {"count": 3, "edges": [(2, 0, 1.0), (2, 0, 1.0)]}}


def gradients(count, edges):
    g = np.zeros(count)
    #: seed-everywhere: g = np.ones(count)
    g[-1] = 1.0
    #: no-seed: g[-1] = 0.0
    for child, parent, slope in reversed(edges):
        #: forward: for child, parent, slope in edges:
        g[parent] += g[child] * slope
        #: overwrite: g[parent] = g[child] * slope
        #: no-upstream: g[parent] += slope
        #: no-slope: g[parent] += g[child]
        #: added: g[parent] += g[child] + slope
    return g


hints = r"""
What is the gradient of the output with respect to itself? Everything else starts at 0.
Go through the edges backward. Each hands the child's gradient, times the slope, to the parent.
For each edge, from the last to the first: g[parent] += g[child] * slope.
"""

slips = r"""
overwrite
forward: the tape is walked forward
    A gradient is handed on before it has arrived, so it is still 0.
    "When you hand on the child's gradient, is it complete?"
no-seed: the seed is missing
    ∂y/∂y = 1. From zeros nothing but zeros can come.
    "What do you start from?"
seed-everywhere: every value is seeded with 1
    Only the output has gradient 1 to begin with. The others add up what arrives.
    "What is the gradient of a value before anything has arrived?"
no-upstream: the local slope is not multiplied by the child's gradient
    Along one path slopes multiply: upstream times local.
    "How do sensitivities along one path combine?"
no-slope: the local slope is missing
    The child's gradient is handed on as it is, as if every step were an addition.
    "How does the parent reach the child? With which slope?"
added: upstream and local slope are added, not multiplied
    Along one path slopes multiply. They are added only over different paths.
    "How do sensitivities along one path combine?"
"""
