r"""What a gradient costs

A network with layers of the sizes `n` (`show` gives them). Count multiplications in matrix products, per sample: the
forward pass, the backward pass (all $\partial\mathcal L/\partial W^l$, no gradient of the input), and central
differences for all weights (not biases).
"""

where = "checking#cost"
level, minutes = "apply", 3
kind = "number"
starter = "(10, 20, 30)"


def four_sizes(rng):
    return {"n": [int(size) for size in rng.permutation([2, 3, 4, 5, 6])[:4]]}


inputs = {"ordinary": four_sizes}


def multiplications(n):
    P = n[0] * n[1] + n[1] * n[2] + n[2] * n[3]
    #: sizes-only: P = n[0] + n[1] + n[2] + n[3]
    forward = P
    down = P - n[0] * n[1]
    #: input-too: down = P
    backward = P + down
    #: no-down: backward = P
    #: no-b3: backward = down
    central = 2 * P * P
    #: one-sided: central = P * P
    #: one-weight: central = 2 * P
    return forward, backward, central


hints = r"""
How many weights are there? Forward, each is multiplied once.
(B3) takes one multiplication for each weight. (B2) too, but is it needed at layer 1?
With P weights: P, then 2P − n₀n₁, then two forward passes for each weight, 2P · P.
"""

slips = r"""
input-too: (B2) is counted at layer 1 too
    Nobody needs the gradient of the input here: the lowest δ is δ¹.
    "Which is the last δ that you need?"
no-down: only (B3) is counted: handing δ down is missing
    (B2) is a product with each Wᵀ above layer 1.
    "Which products does one layer of the backward pass hold?"
no-b3: only (B2) is counted: the weight gradients are missing
    (B3) forms δ aᵀ for every layer, one multiplication for each weight.
    "Which products does one layer of the backward pass hold?"
one-sided: one forward pass per weight instead of two
    Central differences look on both sides of each weight.
    "How many losses do you compute for one weight?"
one-weight: two forward passes for all weights, not for each
    A nudge of one weight gives one entry of the gradient. P entries take 2P passes.
    "How many entries of the gradient does one pair of passes give?"
sizes-only: neurons are counted, not weights
    Between two layers every neuron meets every other: the product of the sizes.
    "How many entries has W¹?"
"""
