r"""What one sigmoid layer lets through

Write the upper bound on $\|\delta^l\|$ of a sigmoid layer, in terms of `norm_W` $=\|W^{l+1}\|$ and `norm_delta`
$=\|\delta^{l+1}\|$.
"""

where = "depth#product"
level, minutes = "recall", 1
kind = "expression"
starter = "norm_W + norm_delta"
inputs = {"ordinary": lambda rng: {"norm_W": rng.uniform(2, 5), "norm_delta": rng.uniform(0.2, 0.8)}}


def bound(norm_W, norm_delta):
    return 1 / 4 * norm_W * norm_delta
    #: one: return norm_W * norm_delta
    #: half: return 1 / 2 * norm_W * norm_delta
    #: no-W: return 1 / 4 * norm_delta
    #: divided: return 1 / 4 * 1 / norm_W * norm_delta


hints = r"""
Take the norm of both sides of (B2). By how much can each factor stretch?
W stretches by at most its norm, ⊙ σ' by at most the largest slope.
The sigmoid's slope is at most ¼: ¼ ‖W‖ ‖δ‖.
"""

slips = r"""
one: the slope's bound is taken as 1
    1 belongs to tanh and ReLU. The sigmoid's slope is largest at 0.
    "How steep is a sigmoid at its steepest point?"
half: ½ for ¼: this is the sigmoid's value at 0, not its slope
    σ(0) = ½, and the slope there is ½ (1 − ½).
    "Is ½ the height of the curve at 0, or its slope?"
no-W: the weights are missing
    Between two layers stands a weight matrix, and it can stretch.
    "Can the gradient grow through a sigmoid layer at all? What would have to be large?"
divided: the norm of W is divided by
    Going back δ is multiplied by Wᵀ, not by an inverse.
    "What does (B2) do with W?"
"""
