r"""δ down two sigmoid layers

Given $\delta^3$ and what the forward pass kept, return $\delta^1$ (columns, sigmoid hidden layers).
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "depth#product"
level, minutes = "apply", 4
batch = ("delta3", 1)


def stack_inputs(rng):
    n1, n2, n3, B = sizes(rng, 4)
    W2, W3 = normal(rng, n2, n1), normal(rng, n3, n2)
    return {"z1": normal(rng, n1, B), "z2": normal(rng, n2, B), "W2": W2, "W3": W3, "delta3": normal(rng, n3, B)}


inputs = {"ordinary": stack_inputs}


def slope(z):
    a = 1 / (1 + np.exp(-z))
    return a * (1 - a)
    #: at-a: return 1 / (1 + np.exp(-a)) * (1 - 1 / (1 + np.exp(-a)))
    #: quarter: return 0.25 + 0 * a
    #: value: return a


def down_two_layers(z1, z2, W2, W3, delta3):
    delta2 = (W3.T @ delta3) * slope(z2)
    #: no-slope-2: delta2 = (W3.T @ delta3)
    #: transpose-3: delta2 = (W3 @ delta3) * slope(z2)
    #: shifted: delta2 = W3.T @ (delta3 * slope(z2))
    delta1 = (W2.T @ delta2) * slope(z1)
    #: no-slope-1: delta1 = (W2.T @ delta2)
    #: transpose-2: delta1 = (W2 @ delta2) * slope(z1)
    #: shifted: delta1 = W2.T @ (delta2 * slope(z1))
    return delta1


hints = r"""
Apply (B2) twice. Say the shape after each product.
First δ² from W³ and δ³. Which z does its slope belong to?
δ² = (W³ᵀ δ³) ⊙ σ'(z²), then δ¹ = (W²ᵀ δ²) ⊙ σ'(z¹).
"""

slips = r"""
no-slope-2: σ'(z²) is missing
    Each layer on the way multiplies by its own slope.
    "Where does layer 2's activation enter?"
no-slope-1: σ'(z¹) is missing
    Without it this is ∂𝓛/∂a¹. δ is the slope with respect to z.
    "You have the slope with respect to a¹. How do you get to z¹?"
transpose-3: W³ is not transposed
    Forward, W³ takes n₂ numbers to n₃; backward it is the other way around.
    "Say the shapes of your first product aloud."
transpose-2: W² is not transposed
    Forward, W² takes n₁ numbers to n₂; backward it is the other way around.
    "Say the shapes of your second product aloud."
shifted: the slope is multiplied before Wᵀ, not after it
    Going back, W^{l+1} comes first and then the activation of layer l.
    "In which order did the forward pass go from a¹ to z³?"
at-a
    a (1 − a) is the slope at z already. Here a goes through the sigmoid a second time.
quarter: the bound ¼ is used as the slope
    ¼ is the slope at z = 0 only. Elsewhere it is less.
    "Is each neuron at its steepest point?"
value
"""
