r"""A router's gradient

For each of $N$ tokens a router has logits `Z` $(N,E)$, one for each expert. The $k$ largest are chosen; the gates are
the softmax over the chosen logits, and 0 elsewhere. `outputs` $(N,E,m)$ holds what every expert would say, and a
token gets $\sum_e\text{gate}_e\,\text{outputs}_e$. `G` $(N,m)$ is the gradient of that. Return $\partial\mathcal
L/\partial Z$ and $\partial\mathcal L/\partial\text{outputs}$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "transformers#router"
level, minutes = "interview", 7


def router_inputs(rng):
    N, E, m = (int(size) for size in rng.permutation(np.arange(4, 8))[:3])
    return {"Z": normal(rng, N, E), "outputs": normal(rng, N, E, m), "k": 2, "G": normal(rng, N, m)}


inputs = {"ordinary": router_inputs}


def router_backward(Z, outputs, k, G):
    least = np.sort(Z, axis=-1)[:, [-k]]
    e = np.exp(Z - Z.max(axis=-1, keepdims=True)) * (Z >= least)
    #: all-experts: e = np.exp(Z - Z.max(axis=-1, keepdims=True))
    gates = e / e.sum(axis=-1, keepdims=True)
    #: over-all: gates = e / np.exp(Z - Z.max(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True)
    d_gates = (G[:, None, :] * outputs).sum(axis=-1)
    #: not-summed: d_gates = (G[:, None, :] * outputs).mean(axis=-1)
    dZ = gates * (d_gates - (gates * d_gates).sum(axis=-1, keepdims=True))
    #: no-sum: dZ = gates * d_gates
    #: elementwise: dZ = gates * (1 - gates) * d_gates
    #: straight-through: dZ = d_gates * (gates > 0)
    d_outputs = gates[:, :, None] * G[:, None, :]
    #: ungated: d_outputs = (gates > 0)[:, :, None] * G[:, None, :]
    return dZ, d_outputs


hints = r"""
Forward: which logits take part in the gates at all? Set the others to weight 0.
The output is a weighted sum. What is the slope of the loss with respect to one gate, and to one expert's output?
∂𝓛/∂gate is G · outputs. Then softmax's backward pass over the chosen ones: gate ⊙ (dgate − Σ gate dgate).
"""

slips = r"""
all-experts: all experts get a gate
    Only the k chosen ones speak; the others are not even computed.
    "How many experts run for one token?"
over-all: the gates are divided by the sum over all experts
    That is another convention. Here the softmax runs over the chosen logits, so the gates of a token sum to 1.
    "What do your gates sum to?"
not-summed: the slope of a gate is a mean over the features
    Every feature of the output moves with the gate, and their slopes add up.
    "How does the loss move when one gate does?"
no-sum: softmax's sum is missing
    The gates sum to 1: when one rises, the others fall.
    "What should a row of dZ sum to?"
elementwise: softmax is treated as elementwise: gate (1 − gate)
    That is the diagonal of its Jacobian only.
    "If one logit grows, what happens to the other gate?"
straight-through: the softmax is skipped: the gate's slope is handed to the logit
    Between a logit and its gate stands the softmax.
    "By how much does a gate of 1 move with its logit?"
ungated: each chosen expert gets all of G
    Its output is multiplied by its gate, and so is its gradient.
    "An expert has a gate of 0.1. How much did it contribute?"
"""
