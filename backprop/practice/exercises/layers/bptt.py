r"""Backpropagation through time

$h_t=\tanh(X_tW_x+h_{t-1}W_h+b)$ for the steps of $X$ $(B,T,n)$, from `h0` $(B,m)$. The loss sees every $h_t$: `G`
$(B,T,m)$ holds what arrives from it at each step. `weights` is $[W_x,W_h]$. Return $\partial\mathcal L/\partial W_x$,
$\partial\mathcal L/\partial W_h$, $\partial\mathcal L/\partial b$ and $\partial\mathcal L/\partial h_0$.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "layers#time"
level, minutes = "interview", 12
starter = """
def bptt(X, h0, weights, b, G):
    Wx, Wh = weights
    ...
"""
returns = ("dWx", "dWh", "db", "dh0")


def rnn_inputs(rng):
    """A gradient arrives at every step's h."""
    B, T, n, m = (int(size) for size in rng.permutation([2, 3, 4, 5]))
    weights = [normal(rng, n, m) / 2, normal(rng, m, m) / 2]
    return {
        "X": normal(rng, B, T, n),
        "h0": normal(rng, B, m),
        "weights": weights,
        "b": normal(rng, m),
        "G": normal(rng, B, T, m),
    }


inputs = {"ordinary": rnn_inputs}


def bptt(X, h0, weights, b, G):
    Wx, Wh = weights
    steps, h = range(X.shape[1]), [h0]
    for t in steps:
        h.append(np.tanh(X[:, t] @ Wx + h[t] @ Wh + b))
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
    dh = np.zeros_like(h0)
    for t in reversed(steps):
        #: forward: for t in steps:
        dz = (G[:, t] + dh) * (1 - h[t + 1] ** 2)
        #: no-future: dz = G[:, t] * (1 - h[t + 1] ** 2)
        #: slope-before: dz = (G[:, t] + dh) * (1 - h[t] ** 2)
        dWx += X[:, t].T @ dz
        #: dWx-last: dWx = X[:, t].T @ dz
        dWh += h[t].T @ dz
        #: dWh-last: dWh = h[t].T @ dz
        #: own-state: dWh += h[t + 1].T @ dz
        db += dz.sum(axis=0)
        #: db-mean: db += dz.mean(axis=0)
        dh = dz @ Wh.T
        #: no-local: dh = (G[:, t] + dh) @ Wh.T
        #: transpose: dh = dz @ Wh
    return dWx, dWh, db, dh


hints = r"""
Unrolled it is a network of T layers that share their weights. Keep every h on the way up.
Walk back from the last step. What arrives at h_t? Something from the loss, something from the step after it.
dz = (G_t + dh) ⊙ (1 − h_t²) with h_t the step's own output. Add to dWx, dWh and db at every step, then dh = dz Whᵀ goes
    on to the step before.
"""

slips = r"""
dWx-last: = where += belongs: ∂𝓛/∂Wx keeps one step only
    The same weights are used at every step, and slopes of uses add. What is left is step 0, written last.
    "How often is Wx used?"
dWh-last: = where += belongs: ∂𝓛/∂Wh keeps one step only
    The same weights are used at every step, and slopes of uses add. What is left is step 0, written last.
    "How often is Wh used?"
no-future: nothing comes back from later steps
    h_t also feeds step t + 1, and so all later losses. This is truncation after one step.
    "Along which ways does h at step 0 reach the loss?"
no-local: tanh' is missing on the way to the step before
    Going back one step crosses the activation, then Wh.
    "You have the slope with respect to h_t. What stands between it and h_{t−1}?"
own-state: ∂𝓛/∂Wh takes the step's own state, not the one before it
    Wh multiplies h_{t−1}.
    "What does Wh multiply in the forward pass?"
slope-before: tanh' is taken at the state before, not at the step's own
    h_t = tanh(z_t), so the slope at z_t is 1 − h_t².
    "Which h belongs to this z?"
transpose: Wh is not transposed in the backward pass
    Wh is square, so no shape will tell. The shapes to say aloud are: from this state, to that state.
    "Wh is square. How would you know that its transpose belongs here?"
forward: the steps are walked forward
    A gradient comes from later steps. It must be complete before it is handed on.
    "When you use dh, has it arrived?"
db-mean: ∂𝓛/∂b is averaged over the batch
    The same b serves every sample and step. Whatever mean the loss takes is in G already.
    "Does this layer know whether the loss is a mean?"
"""
