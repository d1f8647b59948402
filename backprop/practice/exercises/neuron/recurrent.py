r"""A recurrent neuron, two steps

The same $w$ and $b$ are used at both steps: $a_1=\sigma(wx+b)$, $a_2=\sigma(wa_1+b)$, $\mathcal L=\tfrac12(a_2-y)^2$.
Return $\partial\mathcal L/\partial w$ and $\partial\mathcal L/\partial b$.
"""

import numpy as np

from backprop.practice.exercises.make import neuron_inputs

where = "neuron#twice"
level, minutes = "interview", 6
inputs = {"ordinary": neuron_inputs}


def recurrent_gradient(x, y, w, b):
    a1 = 1 / (1 + np.exp(-(w * x + b)))
    a2 = 1 / (1 + np.exp(-(w * a1 + b)))
    delta2 = (a2 - y) * a2 * (1 - a2)
    #: no-slope-2: delta2 = (a2 - y)
    #: sign: delta2 = (y - a2) * a2 * (1 - a2)
    delta1 = delta2 * w * a1 * (1 - a1)
    #: one-step: delta1 = 0 * delta2
    #: no-weight: delta1 = delta2 * a1 * (1 - a1)
    #: no-slope-1: delta1 = delta2 * w
    #: slope-of-2: delta1 = delta2 * w * a2 * (1 - a2)
    dw = delta2 * a1 + delta1 * x
    #: dw-last: dw = delta2 * a1
    #: dw-first: dw = delta1 * x
    #: same-input: dw = delta2 * x + delta1 * x
    db = delta2 + delta1
    #: db-last: db = delta2
    return dw, db


hints = r"""
Give the two uses of w names of their own, w₁ and w₂. Each has a gradient; what has w?
δ₂ is the error at z₂. δ₁ is what arrives at z₁: from z₂ through a₁, with its local slopes.
δ₁ = δ₂ w a₁(1 − a₁). Each step gives its δ times its own input, and the two are added.
"""

slips = r"""
one-step: nothing goes back to step 1
    a₁ depends on w and b as well. This takes it for a constant.
    "Which quantities in your second step move when w moves?"
dw-last: ∂𝓛/∂w has only the part of the last step
    w is used at both steps, and each use adds its part.
    "How many paths lead from w to the loss?"
dw-first: = stands where += belongs: ∂𝓛/∂w keeps the part of step 1 only
    Going back, step 1 comes last, and the assignment throws away what step 2 brought.
    "Your backward loop runs twice. What is in dw after each round?"
db-last: ∂𝓛/∂b has only the part of the last step
    b is used at both steps, like w.
    "How many paths lead from b to the loss?"
same-input: the input of step 2 is taken to be x
    Each δ is multiplied by what came in at its own step. At step 2 that is a₁.
    "What does w multiply at the second step?"
no-weight: the weight is missing on the way back from z₂ to a₁
    z₂ = w a₁ + b, so ∂z₂/∂a₁ = w.
    "By how much does z₂ move when a₁ moves by a little?"
no-slope-1: σ' of step 1 is missing
    δ₂ w is the slope with respect to a₁. Between a₁ and z₁ stands the sigmoid.
    "Name every link from z₂ back to z₁."
slope-of-2: σ' of step 1 is taken at step 2
    Each step has its own pre-activation and so its own slope.
    "At which point is the slope of the first step taken?"
no-slope-2: σ' of step 2 is missing
    a₂ − y is the slope with respect to a₂. δ₂ is the slope with respect to z₂.
    "How does a change of z₂ reach the loss? Name every step."
sign
    The derivative of ½(a₂ − y)² with respect to a₂ is a₂ − y.
    "If the output is too small, should the loss rise or fall when a₂ grows?"
"""
