"""The two halves of a current feed-forward block, in rows: the gated unit SwiGLU, and the choice among experts."""

import numpy as np

from backprop.activations import sigmoid
from backprop.layers.functions import matmul_backward, softmax, softmax_backward


def swiglu(X, W_gate, W_up, W_down):
    """Y = (silu(X W_gate) ⊙ X W_up) W_down with silu(a) = a σ(a).

    X (..., n), W_gate and W_up (n, m), W_down (m, n); Y (..., n). Shazeer (2020). With m = 8n/3 its three matrices hold
    as many numbers as the two of width 4n.
    """
    a, b = X @ W_gate, X @ W_up
    return (a * sigmoid(a) * b) @ W_down


def swiglu_backward(G, X, W_gate, W_up, W_down):
    """dX, dW_gate, dW_up and dW_down.

    dh = G W_downᵀ    da = dh ⊙ b ⊙ silu'(a)    db = dh ⊙ silu(a)    dX = da W_gateᵀ + db W_upᵀ
    Each branch is the other one's slope, and both meet at X. silu'(a) = σ(1 + a (1 − σ)).
    """
    a, b = X @ W_gate, X @ W_up
    s = sigmoid(a)
    dh, dW_down = matmul_backward(G, a * s * b, W_down)
    dX_gate, dW_gate = matmul_backward(dh * b * s * (1 + a * (1 - s)), X, W_gate)
    dX_up, dW_up = matmul_backward(dh * a * s, X, W_up)
    return dX_gate + dX_up, dW_gate, dW_up, dW_down


def route(Z, k):
    """(gates, p): for each token the gates of its k largest logits, and the softmax of all of them.

    Z (N, E) are the router's logits, one for each expert. gates (N, E) is the softmax over the k chosen logits, and 0
    for the others; of equal logits the first is chosen. p (N, E) is softmax(Z), which the balancing loss takes. A k
    outside 1..E is a ValueError. Shazeer et al. (2017), Jiang et al. (2024).
    """
    if not 1 <= k <= Z.shape[-1]:
        raise ValueError(f"k is {k}, but each token chooses from 1 to {Z.shape[-1]} experts.")
    chosen = np.zeros(Z.shape, dtype=bool)
    np.put_along_axis(chosen, np.argsort(-Z, axis=-1, kind="stable")[..., :k], True, axis=-1)
    return softmax(np.where(chosen, Z, -np.inf)), softmax(Z)


def mixture(gates, outputs):
    """Y_n = Σ_e gates_ne outputs_ne: gates (N, E), the experts' outputs (N, E, m), Y (N, m)."""
    return (gates[..., np.newaxis] * outputs).sum(axis=-2)


def mixture_backward(G, gates, outputs):
    """dZ and doutputs: the gate is a softmax over the chosen logits, so no logit of another expert gets anything.

    d gate_ne = G_n · outputs_ne    dZ = softmax backward of d gate    doutputs_ne = gate_ne G_n
    The choice itself has no slope. For k = 1 the gate is 1 whatever the logit is, and dZ = 0.
    """
    d_gates = (G[..., np.newaxis, :] * outputs).sum(axis=-1)
    return softmax_backward(d_gates, gates), gates[..., np.newaxis] * G[..., np.newaxis, :]


def balance(p, gates):
    """𝓛 = E Σ_e f_e P_e: f_e the share of the choices that fell on expert e, P_e its mean probability.

    p and gates (N, E) of `route`. It is 1 where both are even and, with k = 1, E where one expert has all. Fedus et al.
    (2021).
    """
    return float(p.shape[-1] * (_shares(gates) * p.mean(axis=0)).sum())


def balance_backward(p, gates):
    """dZ of `balance`: f counts choices and has no slope, so dp = E f/N, and that goes back through the softmax."""
    N, E = p.shape
    return softmax_backward(np.broadcast_to(E * _shares(gates) / N, p.shape), p)


def _shares(gates):
    """The share of all choices that fell on each expert: a constant for the backward pass."""
    chosen = gates > 0
    return chosen.sum(axis=0) / chosen.sum()
