r"""A chain of matrices

$Y=XW_1W_2\cdots W_n$ in rows; `W` is the list of the matrices, and `G` is $\partial\mathcal L/\partial Y$. Return the
list of all $\partial\mathcal L/\partial W_j$, in the same order, with about $3n$ products, not $n^2$.
"""

import copy

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "layers#chains"
level, minutes = "interview", 8


def chain_inputs(rng):
    B, *n = sizes(rng, 5)
    W = [normal(rng, into, out) for into, out in zip(n, n[1:])]
    return {"X": normal(rng, B, n[0]), "W": W, "G": normal(rng, B, n[-1])}


def square_chain(rng):
    """Equal widths, where a missing transpose raises no error."""
    B, n = sizes(rng, 2)
    return {"X": normal(rng, B, n), "W": [normal(rng, n, n) for _ in range(3)], "G": normal(rng, B, n)}


class Purse:
    """How many products are left to the matrices of one call: `allowed`, for each copy that an answer is given."""

    def __init__(self, allowed, left=np.inf):
        self.allowed, self.left = allowed, left

    def __deepcopy__(self, memo):
        return Purse(self.allowed, left=self.allowed)


class Counted(np.ndarray):
    """A matrix that pays for each product it takes part in, from a purse that all matrices of a call share."""

    def __array_finalize__(self, other):
        self.purse = getattr(other, "purse", None)

    def __deepcopy__(self, memo):
        return counted(np.array(self), copy.deepcopy(self.purse, memo))

    def __array_ufunc__(self, ufunc, method, *given, out=(), **how):
        purse = next(x.purse for x in (*given, *out) if isinstance(x, Counted))
        if ufunc is np.matmul:
            purse.left -= 1
            if purse.left < 0:
                raise RuntimeError(f"more than {purse.allowed} products for a chain of twelve matrices")
        if out:
            how["out"] = tuple(np.asarray(x) for x in out)
        made = getattr(ufunc, method)(*(np.asarray(x) if isinstance(x, Counted) else x for x in given), **how)
        return counted(made, purse) if isinstance(made, np.ndarray) else made


def counted(array, purse):
    """The array as a `Counted` one."""
    array = array.view(Counted)
    array.purse = purse
    return array


def long_chain(rng):
    """Twelve matrices: 3n products are 36 and n² are 144; 60 let prefixes and suffixes be built apart, too."""
    n, purse = 12, Purse(allowed=60)
    X, *W, G = (counted(normal(rng, 2, 2), purse) for _ in range(n + 2))
    return {"X": X, "W": W, "G": G}


inputs = {"ordinary": chain_inputs, "square matrices": square_chain, "twelve matrices": long_chain}


def chain_backward(X, W, G):
    prefix = [X]
    for w in W[:-1]:
        prefix.append(prefix[-1] @ w)
        #: only-X: prefix.append(X)
        #: prefix-order: prefix.append(prefix[-1] @ w.T)
    dW, suffix = [None] * len(W), G
    for j in reversed(range(len(W))):
        #: own-included+:     suffix = suffix @ W[j].T
        #: forward: for j in range(len(W)):
        dW[j] = prefix[j].T @ suffix
        #: prefix-not-transposed: dW[j] = prefix[j] @ suffix
        suffix = suffix @ W[j].T
        #: W-not-transposed: suffix = suffix @ W[j]
        #: own-included:
        #: not-handed-down: pass
    return dW
    #: turned-around: return dW[::-1]


hints = r"""
For one j: everything left of W_j is one matrix, everything right of it another.
With Y = P W_j S: ∂𝓛/∂W_j = Pᵀ G Sᵀ. Do the P and S of neighbors have something in common?
Build all P from the left, X, X W₁, …, once. Then go from the right: dW_j = Pⱼᵀ R, and R becomes R Wⱼᵀ, from R = G.
"""

slips = r"""
prefix-not-transposed: the product to the left of W_j is not transposed
    (B, n) and (B, m): the batch must stand inside the product, to be summed away.
    "Say the shapes of your product aloud."
W-not-transposed: W_j is not transposed on the way down
    Forward W_j takes n numbers to m; back, m slopes must become n.
    "Say the shapes of G and W_j aloud."
own-included: G has passed W_j itself before it meets the prefix
    W_j multiplies neither its own prefix nor its own suffix.
    "Between which two products does W_j stand?"
not-handed-down: every W_j gets G itself: the matrices to its right are forgotten
    What W_j makes still passes through all matrices after it.
    "Which matrices stand between W_1 and Y?"
forward: the matrices are walked from left to right
    G arrives at the right end, and meets the last matrix first.
    "Which matrix does G meet first?"
only-X: every W_j meets X itself: the matrices to its left are forgotten
    The input of W_j is X W₁ … W_{j−1}.
    "What does W_2 multiply in the forward pass?"
turned-around: the list runs from the last matrix to the first
    Backward meets W_n first, so what is appended on the way has to be turned around at the end.
    "What shape does the first entry of your list have, and what shape does W_1?"
prefix-order: the matrices in the prefix are transposed
    The prefix belongs to the forward pass: X W₁ W₂ as it stands. Its transpose comes later, as a whole.
    "What is the input of the second matrix?"
"""
