r"""A scale for each sample, a shift for each position

$Y=X\odot s+P$ with $X$ $(B,T,C)$: a scale $s$ $(B,1,C)$ for each sample, and positions $P$ $(T,C)$ for all of them. `G`
is $\partial\mathcal L/\partial Y$. Return $\partial\mathcal L/\partial X$, $\partial\mathcal L/\partial s$ and
$\partial\mathcal L/\partial P$.
"""

from backprop.practice.exercises.make import normal, sizes

where = "layers#broadcasting"
level, minutes = "apply", 5
batch = ("X", 0)


def broadcast_inputs(rng):
    B, T, C = sizes(rng, 3)
    return {"X": normal(rng, B, T, C), "s": normal(rng, B, 1, C), "P": normal(rng, T, C), "G": normal(rng, B, T, C)}


inputs = {"ordinary": broadcast_inputs}


def broadcast_backward(X, s, P, G):
    dX = G * s
    #: dX-no-s: dX = G
    ds = (G * X).sum(axis=1, keepdims=True)
    #: ds-no-X: ds = G.sum(axis=1, keepdims=True)
    #: ds-not-summed: ds = G * X
    #: ds-mean: ds = (G * X).mean(axis=1, keepdims=True)
    #: ds-axis: ds = (G * X).sum(axis=0, keepdims=True)
    dP = G.sum(axis=0)
    #: dP-not-summed: dP = G
    #: dP-mean: dP = G.mean(axis=0)
    #: dP-axis: dP = G.sum(axis=1)
    #: dP-scaled: dP = (G * s).sum(axis=0)
    return dX, ds, dP


hints = r"""
First as if nothing were broadcast: a product and a sum. Then compare the shapes.
Along which axis was s copied? Along which one P? Slopes of copies add.
dX = G ⊙ s. ds is G ⊙ X summed over axis 1, the axis kept. dP is G summed over axis 0.
"""

slips = r"""
dX-no-s: the factor s is missing in ∂𝓛/∂X
    X is multiplied by s on its way to Y.
    "How fast does Y move when X does?"
ds-no-X: the factor X is missing in ∂𝓛/∂s
    s is multiplied by X on its way to Y. Only an added term has slope 1.
    "How fast does Y move when s does?"
ds-not-summed: ∂𝓛/∂s is not summed over the positions
    s was copied along axis 1, so each position is a use of it.
    "What shape does s have, and what shape does its gradient have?"
ds-mean: ∂𝓛/∂s is averaged over the positions
    Every use counts in full. Whatever mean the loss takes is in G already.
    "s is used at three positions with the same slope. What is its gradient?"
ds-axis: ∂𝓛/∂s is summed over the samples, not over the positions
    Each sample has its own scale. It was copied along the positions.
    "Along which axis was s copied?"
dP-not-summed: ∂𝓛/∂P is not summed over the batch
    The same P serves every sample, so each sample is a use of it.
    "What shape does P have, and what shape does its gradient have?"
dP-mean: ∂𝓛/∂P is averaged over the batch: 1/B is in it twice
    Every use counts in full. Whatever mean the loss takes is in G already.
    "Does this layer know whether the loss is a mean?"
dP-axis: ∂𝓛/∂P is summed over the positions, not over the batch
    Each position has its own entry of P. It was copied along the samples.
    "NumPy lines (T, C) up with (B, T, C). Which axis of P is new?"
dP-scaled: ∂𝓛/∂P has a factor s
    P is added after the scale, so its slope is 1.
    "Does P pass through the scale?"
"""
