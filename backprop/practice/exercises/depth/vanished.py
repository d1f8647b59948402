r"""What a stack of sigmoid layers lets through

In a network of L sigmoid layers each weight matrix has the norm `norm_W`. Give the upper bound on
$\|\delta^1\|/\|\delta^L\|$.
"""

where = "depth#product"
level, minutes = "apply", 2
kind = "number"
starter = "0.5"
inputs = {"ordinary": lambda rng: {"norm_W": float(rng.choice([2.4, 2.8, 3.2])), "L": int(rng.integers(3, 6))}}


def largest_ratio(norm_W, L):
    factor = norm_W / 4
    #: no-W: factor = 1 / 4
    #: half: factor = norm_W / 2
    ratio = factor ** (L - 1)
    #: count: ratio = factor ** L
    #: sum: ratio = factor * (L - 1)
    #: one: ratio = factor
    return ratio


hints = r"""
What is the bound for one layer?
The bounds of all steps from δ^L down to δ^1 multiply. Count the steps.
(‖W‖/4) to the power L − 1.
"""

slips = r"""
count: one factor too many: there are L − 1 steps from L down to 1
    Each step joins two layers, so there is one less than there are layers.
    "How many matrices stand between δ^1 and δ^L?"
sum: the factors are added, not multiplied
    Jacobians along one path multiply, and so the decay is exponential.
    "How do sensitivities along one path combine?"
no-W: the weights are missing
    Each step has a slope and a weight matrix.
    "And what do the weights do?"
half: ½ for ¼: this is the sigmoid's value at 0, not its slope
    σ(0) = ½, and the slope there is ½ (1 − ½).
    "How steep is a sigmoid at its steepest point?"
one: this is the bound of one step only
    From δ^L down to δ^1 there are L − 1 such steps.
    "And through all the layers?"
"""
