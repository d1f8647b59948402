r"""He's v, for ReLU

ReLU gives $E[a^2]=\tfrac12\operatorname{Var}(z)$. Write the `v` that keeps $\operatorname{Var}(z)$ now.
"""

from backprop.practice.exercises.make import widths_and_variances

where = "depth#whiteboard"
level, minutes = "apply", 1
kind = "expression"
starter = "n_in + n_out"
inputs = {"ordinary": widths_and_variances}


def v(n_in, n_out, v, a2, var_delta, alpha):
    return 2 / n_in
    #: no-two: return 1 / n_in
    #: half: return 1 / (2 * n_in)
    #: n-out: return 2 / n_out
    #: xavier: return 2 / (n_in + n_out)
    #: std: return np.sqrt(2 / n_in)


hints = r"""
Insert E[a²] = ½ Var(z) into Var(z) = n_in v E[a²].
Var(z) is multiplied by ½ n_in v at each layer. When is that 1?
v = 2/n_in.
"""

slips = r"""
no-two: the factor 2 is missing: ReLU halves E[a²]
    Half of the values are set to 0, so the weights have to make up for it.
    "What does ReLU do to the mean square?"
half: the ½ is on the wrong side
    ½ n_in v = 1 is solved by a larger v, not by a smaller one.
    "Does ReLU call for larger weights or for smaller ones?"
n-out
    Forward the sum runs over the inputs. (With n_out it keeps the variance of the backward pass.)
xavier: this is Xavier's choice
    Xavier's knows nothing of the half that ReLU removes.
    "Which of the two belongs to ReLU, and why?"
std
"""
