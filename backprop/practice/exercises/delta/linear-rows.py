r"""A linear layer in rows

In rows, $Y=XW+b$ with $X$ $(B,n)$, $W$ $(n,m)$, $b$ $(m,)$, and `G` is $\partial\mathcal L/\partial Y$ (any 1/B is in
it). Return $\partial\mathcal L/\partial X$, $\partial\mathcal L/\partial W$ and $\partial\mathcal L/\partial b$.
"""

from backprop.practice.exercises.make import normal, sizes

where = "delta#border"
level, minutes = "interview", 4
batch = ("X", 0)


def linear_rows_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"X": normal(rng, B, n), "W": normal(rng, n, m), "G": normal(rng, B, m)}


inputs = {"ordinary": linear_rows_inputs}


def linear_backward(X, W, G):
    dX = G @ W.T
    #: transpose: dX = G @ W
    #: dX-columns: dX = W @ G.T
    dW = X.T @ G
    #: dW-columns: dW = G.T @ X
    #: dW-transpose: dW = X @ G
    #: mean-dW: dW = X.T @ G / len(X)
    db = G.sum(axis=0)
    #: axis: db = G.sum(axis=1)
    #: no-sum: db = G
    #: mean: db = G.mean(axis=0)
    return dX, dW, db


hints = r"""
Don't recall the formulas, build them from shapes: dX like X, dW like W, db like b.
dX has the batch in it, dW and db have lost it. Which product keeps it, which sums it away?
G times Wᵀ, Xᵀ times G, and G summed over axis 0.
"""

slips = r"""
transpose: W is not transposed in ∂𝓛/∂X
dX-columns: ∂𝓛/∂X has its samples in columns
    The numbers are right, in the whiteboard's dialect. X has its samples in rows.
    "What shape does X have, and what shape does its gradient have?"
dW-columns: ∂𝓛/∂W is (out, in), as in columns
    δ aᵀ is the columns form. In rows W is (in, out), and so is its gradient.
    "What shape does W have, and what shape does its gradient have?"
dW-transpose: X is not transposed in ∂𝓛/∂W
    The batch must be summed away, so it has to stand inside the product: (n, B)(B, m).
    "Say the shapes of your product aloud."
axis: ∂𝓛/∂b is summed over the wrong axis
    axis=1 is right in columns. In rows the batch is axis 0.
    "Which axis should disappear?"
no-sum
mean: ∂𝓛/∂b is averaged over the batch
    If the loss is a mean, its 1/B is in G already. Here the slopes add.
    "Does this layer know whether the loss is a mean?"
mean-dW: ∂𝓛/∂W is divided by B here
    A layer hands on what arrives. The 1/B belongs to the loss, and is in G.
    "Does this layer know whether the loss is a mean?"
"""
