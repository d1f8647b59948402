r"""Var(g) in the backward pass

$g=W^{\mathsf T}\delta$, and `var_delta` $=\operatorname{Var}(\delta)$, where δ has mean 0. Write
$\operatorname{Var}(g)$.
"""

from backprop.practice.exercises.make import widths_and_variances

where = "depth#whiteboard"
level, minutes = "apply", 1
kind = "expression"
starter = "v + var_delta"
inputs = {"ordinary": widths_and_variances}


def var_g(n_in, n_out, v, a2, var_delta, alpha):
    return n_out * v * var_delta
    #: n-in: return n_in * v * var_delta
    #: one-term: return v * var_delta
    #: v-squared: return n_out * v**2 * var_delta
    #: forward: return n_out * v * a2
    #: std: return np.sqrt(n_out * v * var_delta)


hints = r"""
g_j is a sum over i of W_ij δ_i. Over how many i?
The steps are those of the forward pass, with the sum over the other index of W.
n_out v Var(δ).
"""

slips = r"""
n-in: n_in for n_out
    Going back, the sum runs over the layer's outputs.
    "Over which index does the product with the transpose run?"
one-term: the number of terms is missing
    This is the variance of one term. g_j is a sum of n_out of them.
    "What happens to the variance when independent terms are added?"
v-squared: v is squared
    v is a variance already: E[W²] = v.
    "Is v a variance or a standard deviation?"
forward: E[a²] for Var(δ)
    Going back, W is multiplied by δ. The activations don't enter.
    "What is multiplied by the weights in the backward pass?"
std: this is the standard deviation
    The variance is its square.
    "Were you asked for a variance or a standard deviation?"
"""
