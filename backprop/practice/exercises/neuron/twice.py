r"""One weight, two paths

One weight serves two inputs: $a_1=\sigma(wx_1)$, $a_2=\sigma(wx_2)$, $\mathcal L=\tfrac12(a_1+a_2-y)^2$. Return
$\partial\mathcal L/\partial w$.
"""

import numpy as np

where = "neuron#twice"
level, minutes = "apply", 4


def shared_inputs(rng):
    x1, x2, w = rng.uniform(0.5, 1.5, 3)
    return {"x1": x1, "x2": -x2, "y": np.float64(rng.uniform(-1, 3)), "w": w}


inputs = {"ordinary": shared_inputs}


def shared_weight(x1, x2, y, w):
    a1 = 1 / (1 + np.exp(-w * x1))
    a2 = 1 / (1 + np.exp(-w * x2))
    error = a1 + a2 - y
    #: sign: error = y - a1 - a2
    dw = error * a1 * (1 - a1) * x1
    #: no-slope: dw = error * x1
    #: one-neuron: dw = error * (a1 + a2) * (1 - a1 - a2) * (x1 + x2)
    #: own-error: dw = (a1 - y) * a1 * (1 - a1) * x1
    dw += error * a2 * (1 - a2) * x2
    #: overwrite: dw = error * a2 * (1 - a2) * x2
    #: first-only:
    #: one-neuron:
    #: product: dw *= error * a2 * (1 - a2) * x2
    #: same-slope: dw += error * a1 * (1 - a1) * x2
    #: no-slope: dw += error * x2
    #: own-error: dw += (a2 - y) * a2 * (1 - a2) * x2
    return dw
    #: mean: return dw / 2


hints = r"""
Draw the paths from w to the loss. How many are there?
Multiply the local slopes along each path. Both paths end in the same error a₁ + a₂ − y.
Path 1 gives error · a₁(1 − a₁) · x₁. Path 2 is the same with a₂ and x₂. Add them.
"""

slips = r"""
overwrite: = stands where += belongs: path 1 is forgotten
    Each path to the loss adds its part. The assignment throws away what the first one brought.
    "How many paths lead from w to the loss, and how many are in your result?"
one-neuron: the two neurons are taken for one: the slope at a₁ + a₂, times x₁ + x₂
    Each neuron has its own slope and its own input. Their products add, not their factors.
    "What would change if the two inputs were the same? And what if only one of them were?"
first-only: path 2 is missing
    w is used a second time, with x₂, and that use moves the loss too.
    "Where in the forward pass does w occur?"
mean: the paths are averaged, not added
    Both movements reach the loss in full. Nothing in this loss is a mean.
    "Nudge w: by how much does each path move the loss, and both together?"
product: the paths are multiplied, not added
    Slopes multiply along one path. Over different paths they add.
    "If one path were dead, what should the gradient be?"
same-slope: path 2 has the slope of path 1
    The weight is shared, the pre-activations are not: each path has its own slope.
    "At which point is the slope of the second path taken?"
no-slope: σ' is missing on both paths
    Each path goes through its own sigmoid.
    "How does a change of w x₁ reach the loss? Name every step."
own-error: each path has an error of its own
    There is one loss, and it sees the sum a₁ + a₂. That is the loss of two separate samples.
    "Differentiate the loss with respect to a₁. What stands in the bracket?"
sign: the sign of the error is flipped
    The derivative of ½(s − y)² with respect to s is s − y.
    "If the sum is too small, should the loss rise or fall when it grows?"
"""
