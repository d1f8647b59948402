r"""Grouped queries, backward

There are $h$ heads of queries and $g$ heads of keys, $h$ a multiple of $g$: head $i$ of the queries takes its scores
with head $i\,//\,(h/g)$ of the keys. `Q` is $(h,T,d)$, `K` $(g,S,d)$, and `G` $(h,T,S)$ the gradient of the scores
$QK^{\mathsf T}$ (leave $\sqrt d$ out). Return $\partial\mathcal L/\partial Q$ and $\partial\mathcal L/\partial K$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "transformers#rotary"
level, minutes = "interview", 5


def grouped_inputs(rng):
    T, S, d = (int(size) for size in rng.permutation(np.arange(4, 9))[:3])
    g, per = (int(size) for size in rng.permutation(np.arange(2, 4)))
    return {"Q": normal(rng, g * per, T, d), "K": normal(rng, g, S, d), "G": normal(rng, g * per, T, S)}


inputs = {"ordinary": grouped_inputs}


def grouped_backward(Q, K, G):
    h, g = len(Q), len(K)
    K_of = np.repeat(K, h // g, axis=0)
    #: tiled: K_of = np.concatenate([K] * (h // g))
    dQ = G @ K_of
    dK_of = G.swapaxes(1, 2) @ Q
    dK = dK_of.reshape(g, h // g, *K.shape[1:]).sum(axis=1)
    #: mean: dK = dK_of.reshape(g, h // g, *K.shape[1:]).mean(axis=1)
    #: tiled: dK = dK_of.reshape(h // g, g, *K.shape[1:]).sum(axis=0)
    #: first-of-group: dK = dK_of.reshape(g, h // g, *K.shape[1:])[:, 0]
    #: not-summed: dK = dK_of
    return dQ, dK


hints = r"""
Repeat K until there is a head for each head of queries. Then it is an ordinary product; what is its backward pass?
A head of K was used several times. What happens to the gradient of something that is used several times?
dK for each head of queries, reshaped to (g, h/g, S, d), summed over the second axis.
"""

slips = r"""
tiled: the heads are dealt out in turn, not in blocks
    Head i belongs to i // (h/g): neighbors share a head of keys. A tile gives head i the keys of i mod g.
    "Which keys does your second head of queries look at?"
mean: a mean over the group stands where a sum belongs
    Each use adds its slope. A mean is right in direction, and too small.
    "A head of keys serves four heads of queries. Is its gradient larger or smaller for that?"
first-of-group: only one head of each group counts
    All h/g heads of queries used these keys, so all their slopes are added.
    "Who else used this head of keys?"
not-summed: the gradient has a head for each head of queries
    There are g heads of keys, and a gradient has the shape of its thing.
    "What shape does K have, and what shape does your gradient have?"
"""
