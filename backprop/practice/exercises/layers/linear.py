r"""Linear below any leading axes

$Y=XW+b$ with $X$ $(\ldots,n)$, $W$ $(n,m)$, $b$ $(m,)$: the features come last, and any number of axes may stand before
them, such as (batch, time). `G` is $\partial\mathcal L/\partial Y$. Return $\partial\mathcal L/\partial X$,
$\partial\mathcal L/\partial W$ and $\partial\mathcal L/\partial b$.
"""

from backprop.practice.exercises.make import normal, sizes

where = "layers#linear"
level, minutes = "apply", 5


def linear_inputs(rng, axes=2):
    """A linear layer below `axes` leading axes."""
    n, m, *leading = sizes(rng, 2 + axes)
    return {"X": normal(rng, *leading, n), "W": normal(rng, n, m), "G": normal(rng, *leading, m)}


inputs = {
    "ordinary": linear_inputs,
    "one leading axis": lambda rng: linear_inputs(rng, axes=1),
    "three leading axes": lambda rng: linear_inputs(rng, axes=3),
}


def linear_backward(X, W, G):
    inputs = X.reshape(-1, X.shape[-1])
    rows = G.reshape(-1, G.shape[-1])
    dX = G @ W.T
    #: transpose: dX = G @ W
    dW = inputs.T @ rows
    #: turned: dW = rows.T @ inputs
    #: all-axes: dW = X.T @ G
    #: per-sample: dW = np.swapaxes(X, -1, -2) @ G
    #: mean-dW: dW = inputs.T @ rows / len(rows)
    db = rows.sum(axis=0)
    #: first-axis: db = G.sum(axis=0)
    #: no-sum: db = G
    #: mean-db: db = rows.mean(axis=0)
    #: whole: db = rows.sum()
    return dX, dW, db


hints = r"""
For W and b every leading axis is the same thing: one more use. Which shape would make that plain?
Flatten all leading axes into one, for X and for G. Then it is the layer that you know.
dX = G @ W.T needs no flattening. With X as (N, n) and G as (N, m): dW = Xᵀ G, and db sums G over axis 0.
"""

slips = r"""
transpose: W is not transposed in ∂𝓛/∂X
turned: ∂𝓛/∂W is (out, in)
    That is how nn.Linear stores its weight. Here W is (n, m), and so is its gradient.
all-axes: X.T reverses all axes of X, not only the last two
    Of (B, T, n) it makes (n, T, B). Leading axes are flattened first, or summed by an einsum.
    "What shape does X.T have when X has three axes?"
per-sample: ∂𝓛/∂W is not summed over the leading axes but one
    This is a gradient for each sample of the batch. One W serves them all, so they add.
    "How many matrices W are there, and how many gradients do you return?"
mean-dW: ∂𝓛/∂W is divided by the number of rows
    A layer hands on what arrives. Whatever mean the loss takes is in G already.
    "Does this layer know whether the loss is a mean?"
first-axis: ∂𝓛/∂b is summed over the first axis only
    b was broadcast along every leading axis, so all of them are summed away.
    "Along which axes was b copied?"
no-sum: ∂𝓛/∂b is not summed at all
    One b serves every row, so each row adds its slope.
mean-db: ∂𝓛/∂b is averaged
    Slopes of uses add. Whatever mean the loss takes is in G already.
    "Does this layer know whether the loss is a mean?"
whole: ∂𝓛/∂b is summed over the features too: one number for all biases
    Each feature has a bias of its own, so the last axis stays.
    "How many biases does the layer have?"
"""
