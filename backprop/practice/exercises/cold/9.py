r"""Initialization

Write He's variance for the weights of a ReLU layer from n_in and n_out
"""

from backprop.practice.exercises.make import positive

where = "start#diagnostic"
level, minutes = "recall", 1
kind = "expression"
teaches = "05"
inputs = {"ordinary": positive("n_in", "n_out")}


def result(n_in, n_out):
    return 2 / n_in
    #: xavier: return 2 / (n_in + n_out)
    #: half: return 1 / n_in
    #: out: return 2 / n_out


hints = r"""
Notebook 05 derives it.
ReLU halves E[a²].
The answer: 2 / n_in
"""

slips = r"""
xavier: this is Xavier's
    ReLU halves E[a²].
    "For which activation?"
half: the factor 2 is missing
    Half of the a² are 0.
    "What does ReLU do to E[a²]?"
out: n_out stands for n_in
    z sums over the inputs.
    "Over what does z sum?"
"""
