r"""Xavier's compromise

Write Xavier's `v`, between what the forward and the backward pass ask for.
"""

from backprop.practice.exercises.make import widths_and_variances

where = "depth#whiteboard"
level, minutes = "recall", 1
kind = "expression"
starter = "n_in * n_out"
inputs = {"ordinary": widths_and_variances}


def v(n_in, n_out, v, a2, var_delta, alpha):
    return 2 / (n_in + n_out)
    #: not-halved: return 1 / (n_in + n_out)
    #: mean-of-reciprocals: return (1 / n_in + 1 / n_out) / 2
    #: uniform: return 6 / (n_in + n_out)
    #: std: return np.sqrt(2 / (n_in + n_out))
    #: he: return 2 / n_in


hints = r"""
Forward asks for n_in v = 1, backward for n_out v = 1.
Put the average of both widths in their place.
The average is (n_in + n_out)/2, so v = 2/(n_in + n_out).
"""

slips = r"""
not-halved: the sum of the widths is not halved
    The compromise is the reciprocal of the average. With n_in = n_out = n it must give 1/n.
    "What does your formula give for n_in = n_out?"
mean-of-reciprocals: the reciprocals are averaged, not the widths
    That would be a compromise too, but Xavier's is the reciprocal of the average width.
    "Which quantity did Glorot and Bengio average?"
uniform: the 6 belongs to the bound of the uniform distribution
    √(6/(n_in + n_out)) is the bound. A uniform distribution on ±r has variance r²/3.
    "Is this the variance, or the square of the bound?"
std
he: this is He's choice: n_out is missing
    He's looks at the forward pass alone. Xavier's counts both widths.
    "Where is the backward pass in your formula?"
"""
