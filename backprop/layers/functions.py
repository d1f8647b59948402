"""Pairs of functions without parameters of their own: f(inputs) and f_backward(G, what f had or made).

G = ∂𝓛/∂Y has the shape of the output Y, and each gradient has the shape of its input. What a gradient is made of is
always an array that the forward pass had in hand: nothing here ever builds a Jacobian.
"""

import numpy as np

from backprop.autodiff import unbroadcast


def add(A, B):
    """Y = A + B, where the shapes broadcast: (B, T, n) + (n,)."""
    return A + B


def add_backward(G, A, B):
    """dA = G and dB = G, each summed over the axes along which its array was stretched: b was used once per sample."""
    return unbroadcast(G, A.shape), unbroadcast(G, B.shape)


def matmul(A, B):
    """C = A B for stacks of matrices: A (..., n, k), B (..., k, m), C (..., n, m), and the leading axes broadcast."""
    if np.ndim(A) < 2 or np.ndim(B) < 2 or A.shape[-1] != B.shape[-2]:
        raise ValueError(
            f"matmul got shapes {np.shape(A)} and {np.shape(B)}, but wants (..., n, k) and (..., k, m): "
            "the last axis of A is summed with the one before the last of B. A vector is passed as a row or a column."
        )
    return A @ B


def matmul_backward(G, A, B):
    """dA = G Bᵀ    dB = Aᵀ G    and each is summed over the leading axes along which its stack was stretched."""
    dA = unbroadcast(G @ B.swapaxes(-1, -2), A.shape)
    dB = unbroadcast(A.swapaxes(-1, -2) @ G, B.shape)
    return dA, dB


def einsum(subscripts, *operands):
    """np.einsum with the output written out, such as "bik,bkj->bij". An axis is named once in each operand."""
    _parse(subscripts, operands)
    return np.einsum(subscripts, *operands)


def einsum_backward(G, subscripts, *operands):
    """The gradient of each operand: exchange its subscripts with the output's, and put G in its place.

    For C = einsum("ik,kj->ij", A, B):    dA = einsum("ij,kj->ik", G, B)    dB = einsum("ij,ik->kj", G, A)
    A subscript that only this operand has was summed alone, so its entries share one slope; an array of ones, of the
    operand's own shape, copies it along that axis.
    """
    inputs, output = _parse(subscripts, operands)
    gradients = []
    for i, (letters, X) in enumerate(zip(inputs, operands)):
        others, arrays = inputs[:i] + inputs[i + 1 :], operands[:i] + operands[i + 1 :]
        exchanged = ",".join([output, *others, letters]) + "->" + letters
        gradients.append(unbroadcast(np.einsum(exchanged, G, *arrays, np.ones(np.shape(X))), np.shape(X)))
    return tuple(gradients)


def _parse(subscripts, operands):
    """(["ik", "kj"], "ij") of "ik,kj->ij", or a ValueError for what einsum_backward could not turn around."""
    left, arrow, output = subscripts.replace(" ", "").partition("->")
    inputs = left.split(",")
    if not arrow or "." in subscripts:
        raise ValueError(f'einsum got "{subscripts}": write every axis and the output out, such as "bik,bkj->bij".')
    if len(inputs) != len(operands):
        raise ValueError(f'einsum got "{subscripts}" for {len(operands)} arrays: give subscripts to each.')
    if any(len(set(letters)) < len(letters) for letters in inputs):
        raise ValueError(
            f'einsum got "{subscripts}", which takes a diagonal: a letter twice in one operand. Its gradient lives on '
            "that diagonal, and is not an einsum. Take the diagonal first, with np.diagonal."
        )
    return inputs, output


def softmax(X, axis=-1):
    """p_i = e^{x_i} / Σ_k e^{x_k} along `axis`. The largest x is subtracted first: the same p, and e^x stays finite."""
    e = np.exp(X - X.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax_backward(G, P, axis=-1):
    """dX = P ⊙ (G − Σ_k g_k p_k): the Jacobian diag(p) − p pᵀ times g, in two sums instead of a matrix."""
    return P * (G - (G * P).sum(axis=axis, keepdims=True))


def log_softmax(X, axis=-1):
    """log p_i = x_i − log Σ_k e^{x_k}, without a logarithm of a p that has become 0."""
    shifted = X - X.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def log_softmax_backward(G, log_P, axis=-1):
    """dX = G − P Σ_k g_k."""
    return G - np.exp(log_P) * G.sum(axis=axis, keepdims=True)


def cross_entropy(logits, labels, ignore=-100):
    """𝓛 = −(1/N) Σ log p[label] with p = softmax(logits): the mean over the N labels that are not `ignore`.

    logits (..., K), integer labels (...). As in PyTorch, but that all labels are ignored is refused: there it is 0/0.
    """
    return float(-log_softmax(logits)[_labeled(logits, labels, ignore)].mean())


def cross_entropy_backward(logits, labels, ignore=-100):
    """d logits = (p − y)/N with the one-hot y of each label, and 0 where the label is ignored."""
    *rows, label = _labeled(logits, labels, ignore)
    d = np.zeros(logits.shape)
    d[*rows] = softmax(logits[*rows])
    d[*rows, label] -= 1
    return d / len(label)


def _labeled(logits, labels, ignore):
    """Where in `logits` the entries of the labels that count are: an index per axis, the last one the label itself."""
    labels, K = np.asarray(labels), logits.shape[-1]
    if logits.ndim < 2 or labels.shape != logits.shape[:-1] or labels.dtype.kind not in "iu":
        raise ValueError(
            f"labels are {labels.dtype} of shape {labels.shape}, but logits {logits.shape} should be (..., K), "
            "and the labels integers of shape (...), one for each row of logits."
        )
    where = np.nonzero(labels != ignore)
    counted = labels[where]
    if counted.size == 0:
        raise ValueError(f"Every label is {ignore}, which is ignored: a mean over no labels is 0/0.")
    if counted.min() < 0 or counted.max() >= K:
        wrong = counted[(counted < 0) | (counted >= K)][0]
        raise ValueError(f"labels hold {wrong}, but {K} logits mean labels from 0 to {K - 1}, or {ignore} to ignore.")
    return *where, counted


def mse(Y, T):
    """𝓛 = mean (Y − T)² over all entries, as PyTorch's MSELoss: no ½, and divided by the outputs too, not only by B."""
    if np.shape(Y) != np.shape(T):
        raise ValueError(
            f"mse got outputs of shape {np.shape(Y)} and targets of shape {np.shape(T)}, which should be equal: "
            "(N, 1) − (N,) would broadcast to (N, N) without a word."
        )
    return float(np.mean((Y - T) ** 2))


def mse_backward(Y, T):
    """dY = 2 (Y − T) / (number of entries)."""
    return 2 * (Y - T) / Y.size


def attention(Q, K, V, mask=None):
    """Y = P V with P = softmax(Q Kᵀ / √d) along the keys: each query takes a weighted mean of the values.

    Q (..., T, d), K (..., S, d), V (..., S, e); P (..., T, S) and Y (..., T, e) are returned. Where the boolean `mask`
    is False (it broadcasts to P) the score is −∞ and P is 0. Without 1/√d the scores of random q and k have
    variance d, softmax saturates, and its gradient vanishes. Vaswani et al. (2017). A query that may look at nothing is
    refused (PyTorch gives it 0).
    """
    S = matmul(Q, K.swapaxes(-1, -2)) / np.sqrt(Q.shape[-1])
    if mask is not None:
        if np.asarray(mask).dtype != bool:
            raise ValueError("The mask should be boolean, True where a query may look: pass mask == 1, or mask == 0.")
        blind = ~np.broadcast_to(mask, S.shape).any(axis=-1)
        if blind.any():
            where = tuple(int(i) for i in np.argwhere(blind)[0])
            raise ValueError(
                f"The mask hides every key from the query at {where}, and a softmax over nothing is 0/0. "
                "Let it see one, and leave its output out of the loss."
            )
        S = np.where(mask, S, -np.inf)
    P = softmax(S)
    return matmul(P, V), P


def attention_backward(G, P, Q, K, V):
    """dP = G Vᵀ    dV = Pᵀ G    dS = softmax backward of dP    dQ = dS K / √d    dK = dSᵀ Q / √d

    The mask needs no line: where it hid a key P is 0, and so is dS.
    """
    dP, dV = matmul_backward(G, P, V)
    dS = softmax_backward(dP, P) / np.sqrt(Q.shape[-1])
    dQ, dKT = matmul_backward(dS, Q, K.swapaxes(-1, -2))
    return dQ, dKT.swapaxes(-1, -2), dV


def chain(*matrices):
    """Y = W_1 W_2 … W_n, all matrices. An input is one of the factors: the last in W_1 … W_n X, the first in rows."""
    Y = matrices[0]
    for W in matrices[1:]:
        Y = matmul(Y, W)
    return Y


def chain_backward(G, *matrices):
    """dW_j = (W_1 … W_{j−1})ᵀ G (W_{j+1} … W_n)ᵀ for every j, as a list.

    All prefixes W_1 … W_{j−1} take n products from the left, all suffixes n from the right, and each dW_j two more: 4n
    instead of n². (Where G is handed down with the suffix, as in a network's backward pass, 3n are enough.)
    """
    prefixes, suffixes = [np.eye(len(matrices[0]))], [np.eye(matrices[-1].shape[1])]
    for W in matrices[:-1]:
        prefixes.append(prefixes[-1] @ W)
    for W in reversed(matrices[1:]):
        suffixes.append(W @ suffixes[-1])
    return [prefix.T @ G @ suffix.T for prefix, suffix in zip(prefixes, reversed(suffixes))]
