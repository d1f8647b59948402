r"""Var(z) of a layer

Weights are independent with mean 0 and variance `v`, and `a2` $=E[a^2]$ of the inputs. Write $\operatorname{Var}(z)$.
"""

from backprop.practice.exercises.make import widths_and_variances

where = "depth#whiteboard"
level, minutes = "apply", 1
kind = "expression"
starter = "v + a2"
inputs = {"ordinary": widths_and_variances}


def var_z(n_in, n_out, v, a2, var_delta, alpha):
    return n_in * v * a2
    #: n-out: return n_out * v * a2
    #: one-term: return v * a2
    #: v-squared: return n_in * v**2 * a2
    #: n-squared: return n_in**2 * v * a2
    #: std: return np.sqrt(n_in * v * a2)


hints = r"""
z is a sum over j of W_ij a_j. Variances of independent terms add.
One term has the variance E[W²] E[a²]. How many terms are there?
n_in v E[a²].
"""

slips = r"""
n-out
one-term: the number of terms is missing
    This is the variance of one term. z is a sum of n_in of them.
    "What happens to the variance when independent terms are added?"
v-squared: v is squared
    v is a variance already: E[W²] = v. Squaring is for a standard deviation.
    "Is v a variance or a standard deviation?"
n-squared: n_in is squared
    Variances of independent terms add. n² would be right if all terms were the same number.
    "Are the terms of the sum independent?"
std: this is the standard deviation
    The variance is its square.
    "Were you asked for a variance or a standard deviation?"
"""
