r"""Xavier's and He's scale

Return the standard deviation of normally distributed weights, for Xavier and for He.
"""

import numpy as np

from backprop.practice.exercises.make import widths_and_variances

where = "depth#init"
level, minutes = "recall", 2
inputs = {"ordinary": lambda rng: {name: n for name, n in widths_and_variances(rng).items() if name.startswith("n_")}}


def init_scales(n_in, n_out):
    xavier = np.sqrt(2 / (n_in + n_out))
    #: xavier-variance: xavier = (2 / (n_in + n_out))
    #: not-halved: xavier = np.sqrt(1 / (n_in + n_out))
    #: inputs-alone: xavier = np.sqrt(1 / n_in)
    #: uniform: xavier = np.sqrt(6 / (n_in + n_out))
    he = np.sqrt(2 / n_in)
    #: he-variance: he = (2 / n_in)
    #: he-uniform: he = np.sqrt(6 / n_in)
    #: n-out: he = np.sqrt(2 / n_out)
    #: lecun: he = np.sqrt(1 / n_in)
    return xavier, he


hints = r"""
Write both variances first.
Xavier's variance is the reciprocal of the average width. He's has a 2 for the half that ReLU removes.
√(2/(n_in + n_out)) and √(2/n_in).
"""

slips = r"""
inputs-alone: Xavier's scale looks at the inputs alone
    1/n_in keeps the variance forward, which is LeCun's choice. Backward asks for 1/n_out; Xavier takes the compromise.
    "Which width does the backward pass ask for?"
xavier-variance: Xavier's variance is returned, not the standard deviation
    The root is missing. With n = 100 the weights would be ten times too small.
    "Is this a variance or a standard deviation?"
he-variance: He's variance is returned, not the standard deviation
    The root is missing. With n = 200 the weights would be ten times too small.
    "Is this a variance or a standard deviation?"
not-halved: the sum of the widths is not halved
    Xavier's variance is the reciprocal of the average width.
    "What does Xavier's formula give for n_in = n_out?"
uniform: this is the bound of the uniform distribution
    Uniform weights on ±√(6/(n_in + n_out)) have that variance. Their standard deviation is √3 times smaller.
    "Normal weights or uniform ones?"
he-uniform: He's is the bound of the uniform distribution
    Uniform weights on ±√(6/n_in) have that variance. Their standard deviation is √3 times smaller.
    "Normal weights or uniform ones?"
n-out: n_out for n_in in He's
    A neuron adds up its inputs, so n_in decides over the size of z.
lecun: the 2 is missing in He's
    1/n_in keeps the variance without ReLU. ReLU halves it.
    "What does ReLU do to the mean square?"
"""
