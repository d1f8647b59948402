r"""Two layers, split over devices

$Y=\operatorname{relu}(XW_1)\,W_2$ with $W_1$ cut by columns and $W_2$ by rows: device $d$ holds `W1[d]` $(n,h_d)$ and
`W2[d]` $(h_d,m)$, and all of `X` and of `G` $=\partial\mathcal L/\partial Y$. Return $\partial\mathcal L/\partial X$,
whole, and the lists of the devices' parts of $\partial\mathcal L/\partial W_1$ and $\partial\mathcal L/\partial W_2$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "scale#split"
level, minutes = "interview", 6
returns = ("dX", "dW1", "dW2")


def split_inputs(rng):
    B, n, m = sizes(rng, 3)
    W1 = [normal(rng, n, h) for h in (2, 4, 3)]
    return {"X": normal(rng, B, n), "W1": W1, "W2": [normal(rng, W.shape[1], m) for W in W1], "G": normal(rng, B, m)}


inputs = {"ordinary": split_inputs}


def split_backward(X, W1, W2, G):
    dX, dW1, dW2 = np.zeros_like(X), [], []
    for U, V in zip(W1, W2):
        Z = X @ U
        H = np.maximum(Z, 0)
        dW2.append(H.T @ G)
        #: before-relu: dW2.append(Z.T @ G)
        #: part-of-G: dW2.append(H.T @ G / len(W1))
        dZ = G @ V.T * (Z > 0)
        #: no-slope: dZ = G @ V.T
        dW1.append(X.T @ dZ)
        dX += dZ @ U.T
        #: not-reduced: dX = dZ @ U.T
    return dX, dW1, dW2
    #: averaged: return dX / len(W1), dW1, dW2


hints = r"""
What does one device compute by itself, if it were the only one?
Y is a sum over the devices, so each gets all of G. And X went to each of them: what does that mean for dX?
On each device the backward pass of its two small layers; dX is the sum of what they return.
"""

slips = r"""
not-reduced: dX is one device's part, not the sum of all
    All of X went into every device's columns, so its gradient is the sum over the devices.
    "Along how many ways does one entry of X reach the loss?"
averaged: dX is averaged over the devices
    Slopes of uses add. There is no mean in this loss.
    "Set all but one device's W1 to 0. What should dX be?"
part-of-G: G is divided among the devices
    Y is a sum of the devices' summands, and each summand has the slope 1.
    "Y = A + B. What is the gradient with respect to A?"
no-slope: the slope of the ReLU is missing
    Between the two layers stands an activation, on each device.
    "What stands between the two products?"
before-relu: ∂𝓛/∂W2 meets what went into the ReLU
    W2 multiplied what came out of it.
    "What does W2 multiply in the forward pass?"
"""
