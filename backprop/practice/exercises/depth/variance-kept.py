r"""The v that keeps Var(z)

Near 0 $\tanh(z)\approx z$, so $E[a^2]\approx\operatorname{Var}(z)$ of the layer below. Write the `v` for which
$\operatorname{Var}(z)$ stays the same from layer to layer.
"""

from backprop.practice.exercises.make import widths_and_variances

where = "depth#whiteboard"
level, minutes = "apply", 1
kind = "expression"
starter = "n_in + n_out"
inputs = {"ordinary": widths_and_variances}


def v(n_in, n_out, v, a2, var_delta, alpha):
    return 1 / n_in
    #: n-out: return 1 / n_out
    #: std: return 1 / np.sqrt(n_in)
    #: two: return 2 / n_in
    #: inverse: return n_in
    #: a2: return 1 / (n_in * a2)


hints = r"""
By which factor does Var(z) change from one layer to the next?
The factor is n_in v. When does multiplying by it change nothing?
n_in v = 1, so v = 1/n_in.
"""

slips = r"""
n-out
    That is the condition of the backward pass. Forward the sum runs over the inputs.
    "Which direction keeps its variance with your choice?"
std
two: a factor 2 too much: this is He's choice, for ReLU
    tanh near 0 keeps the square. Only ReLU halves it.
    "Which activation does the 2 come from?"
inverse: the factor is not inverted
    With more inputs each weight has to be smaller.
    "Should the weights of a wider layer be larger or smaller?"
a2: E[a²] is left in: this makes Var(z) = 1
    The demand is that Var(z) stays, whatever it is. E[a²] is Var(z) of the layer below, and cancels.
    "Do you set the variance to 1, or do you keep it?"
"""
