r"""Backward or forward, counted

`g` is a row of 64 numbers; `J1`, `J2`, `J3` are $64 \times 64$. How many multiplications do `((g @ J3) @ J2) @ J1` and
`g @ (J3 @ (J2 @ J1))` take?
"""

where = "start#sixty"
level, minutes = "interview", 2
kind = "number"
starter = "(..., ...)"
inputs = {"ordinary": lambda rng: {"n": 64}}


def multiplications(n):
    backward = 3 * n * n
    #: row-entries: backward = 3 * n
    forward = 2 * n**3 + n * n
    #: all-matrices: forward = 3 * n**3
    #: entries: forward = 2 * n * n + n * n
    #: no-row: forward = 2 * n**3
    return backward, forward
    #: turned: return forward, backward


hints = r"""
A row of n numbers times an n by n matrix: n results, each a sum of n products.
A matrix times a matrix has n times as many results as a row times a matrix.
Backward: three rows times matrices. Forward: two matrices times matrices, then one row.
"""

slips = r"""
all-matrices: the last product is counted as matrix times matrix
    g is a row, so the last product costs n times less than the other two.
    "What is the shape of what g is multiplied with, and what comes out?"
entries: a matrix product is counted by its entries alone
    Each of the n² entries is a sum of n products.
    "How many multiplications does one entry of a matrix product take?"
no-row: the product with g is left out, or counted by its entries alone
    The two matrix products give one matrix. g still has to be multiplied with it: n² multiplications more.
    "Where does the loss come in?"
row-entries: a row times a matrix is counted by its entries alone
    Each of the n entries is a sum of n products.
    "How many multiplications does one entry of g J take?"
turned: the two orders are mixed up
    ((g J3) J2) J1 begins at the loss: it keeps a row all the way.
    "Which of the two begins at the loss?"
"""
