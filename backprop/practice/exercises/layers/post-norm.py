r"""Backward through a post-norm block

A post-norm block computes $Y=N(X+F(X))$, with a norm $N$ and some layer $F$. Their backward passes are functions:
`norm_back(G)` and `layer_back(G)` pull a gradient through. `G` is $\partial\mathcal L/\partial Y$. Write
$\partial\mathcal L/\partial X$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "transformers#block"
level, minutes = "apply", 3
kind = "expression"
starter = "G"


def norm_back(G):
    return G @ np.array([[1, 2, 0, 1], [0, 1, 3, 0], [2, 0, 1, 1], [1, 1, 0, 2]])


def layer_back(G):
    return G @ np.array([[0, 1, 1, 2], [3, 0, 1, 0], [1, 2, 0, 1], [0, 1, 2, 1]])


def block_inputs(rng):
    return {"G": normal(rng, sizes(rng, 1)[0] + 4, 4)}


names = {"norm_back": norm_back, "layer_back": layer_back}
inputs = {"ordinary": block_inputs}


def dX(G):
    return norm_back(G) + layer_back(norm_back(G))
    #: pre-norm: return G + norm_back(layer_back(G))
    #: clean-skip: return G + layer_back(norm_back(G))
    #: no-skip: return layer_back(norm_back(G))
    #: no-branch: return norm_back(G)
    #: branch-without-norm: return norm_back(G) + layer_back(G)
    #: forward-order: return norm_back(G) + norm_back(layer_back(G))


hints = r"""
Which step did the forward pass take last? It comes first going back.
Behind the norm is a sum of X and F(X): two ways for X to reach the loss.
Call what leaves the norm D. X gets D itself, by the skip, and what the layer makes of D.
"""

slips = r"""
pre-norm: this is the pre-norm block, X + F(N(X)): the skip passes by the norm
    In post-norm the norm stands on the skip as well. That is why its gradients need a warm-up.
    "Is there a way from Y down to X that meets no norm?"
clean-skip: the skip is taken to pass by the norm
    N was applied to the whole sum, X too.
    "Is there a way from Y down to X that meets no norm?"
no-skip: the skip is forgotten
    X is added to F(X), so it reaches the loss directly as well.
    "On how many ways does X reach the loss?"
no-branch: the layer is forgotten: only the skip passes
    X also acts through F.
    "On how many ways does X reach the loss?"
branch-without-norm: the layer gets G before the norm has been undone
    F(X) went into the norm too, so its gradient comes out of the norm's backward pass.
    "What does F hand its output to?"
forward-order: layer and norm are undone in the order of the forward pass
    Forward F came first, then N. Going back, the last step comes first.
    "Which step did the forward pass take last?"
"""
