"""Backpropagation, as you would write it on a whiteboard.

>>> net = MLP([2, 3, 1], hidden="tanh", loss="bce")
>>> trace = net.forward(X)               # (A) z[l] = W[l] a[l-1] + b[l],  a[l] = σ(z[l])
>>> grads = net.backward(trace, Y)       # (B1)-(B4)
>>> SGD(eta=0.1).update(net, grads)      # (B5)
"""

from backprop.gradcheck import check_gradients
from backprop.network import MLP
from backprop.optimizers import SGD, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp

__version__ = "0.1.0"

__all__ = [
    "MLP",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Momentum",
    "Nesterov",
    "RMSProp",
    "check_gradients",
]
