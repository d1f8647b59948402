r"""What changes with the width

A network is made `k` times as wide. By which factor does each of these change, so that the activations start at the
same size, and so that a step of Adam changes them by as much as before: the standard deviation of a hidden weight (its
variance is one over the number of inputs), Adam's learning rate of the hidden weights, and Adam's learning rate of
their biases?
"""

where = "scale#more"
level, minutes = "apply", 2
kind = "number"
starter = "(1, 1, 1)"
inputs = {"ordinary": lambda rng: {"k": int(rng.choice([4, 9, 16]))}}


def factors(k):
    std = k**-0.5
    #: variance: std = 1 / k
    #: std-kept: std = 1.0
    hidden = 1 / k
    #: rate-kept: hidden = 1.0
    #: root-rate: hidden = k**-0.5
    #: rate-grows: hidden = 1.0 * k
    biases = 1.0
    #: biases-too: biases = 1 / k
    return std, hidden, biases


hints = r"""
A hidden sum has k times as many terms. How large is a sum of random terms, and one whose terms all point one way?
At the start the terms are random, so the sum grows like √k. Adam's step gives each entry about η, all of them in the
    direction that helps: then the sum grows like k.
1/√k, 1/k, and a bias is one term, whatever the width.
"""

slips = r"""
variance: the variance's factor stands where the standard deviation's belongs
    The variance falls like 1/k, its root like 1/√k.
    "Is that a variance or a standard deviation?"
std-kept: the start is not made smaller
    A sum of k times as many random terms is √k times as large.
    "How large is one z at the start, when there are k times as many inputs?"
rate-kept: the rate is the same at every width
    Adam moves each entry by η. In a sum with k times as many terms that all help, the change is k times as large.
    "By how much does one step change z, when there are k times as many inputs?"
root-rate: the rate falls like a random sum's size
    The entries of a step are not random: each is chosen so as to help, so they add up like k.
    "Do the terms of X ΔW cancel each other?"
rate-grows: the rate grows with the width
    More terms change, so each may change less.
    "By how much does one step change z, when there are k times as many inputs?"
biases-too: the biases' rate falls too
    A bias is one term of z, whatever the width.
    "How many terms of z does a step on the bias change?"
"""
