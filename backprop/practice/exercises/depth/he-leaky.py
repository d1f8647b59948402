r"""The v for a leaky ReLU

And the `v` for a leaky ReLU, with slope `alpha` on the negative side.
"""

from backprop.practice.exercises.make import widths_and_variances

where = "depth#whiteboard"
level, minutes = "interview", 3
kind = "expression"
starter = "n_in * alpha"
inputs = {"ordinary": widths_and_variances}


def v(n_in, n_out, v, a2, var_delta, alpha):
    return 2 / ((1 + alpha**2) * n_in)
    #: not-squared: return 2 / ((1 + alpha) * n_in)
    #: forgotten: return 2 / (n_in)
    #: minus: return 2 / ((1 - alpha**2) * n_in)
    #: above: return 2 * (1 + alpha**2) / n_in
    #: no-two: return 1 / ((1 + alpha**2) * n_in)
    #: n-out: return 2 / ((1 + alpha**2) * n_out)


hints = r"""
What is E[a²] when half of the values are multiplied by α?
E[a²] = ½ (1 + α²) Var(z).
v = 2 / ((1 + α²) n_in).
"""

slips = r"""
not-squared: α is not squared
    E[a²] is a mean square, so the slope enters squared.
    "A value is multiplied by α. By what is its square multiplied?"
forgotten: the negative side is missing: this is plain He
    The negative half is not set to 0 here. It adds α² of its square.
    "What does your formula give for α = 1, a linear layer?"
minus: the sign of α² is flipped
    Both halves add to the mean square.
    "Does the negative side raise the mean square, or lower it?"
above: 1 + α² stands above, not below
    The more passes through the activation, the smaller the weights may be.
    "For α = 1, are your weights larger or smaller than He's?"
no-two: the factor 2 is missing
    Each side holds half of the values.
    "What does your formula give for α = 0? Is it He's?"
n-out
    Forward the sum runs over the inputs.
"""
