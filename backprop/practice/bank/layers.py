"""Exercises of notebook 07a: the backward passes of today's layers, in rows (samples first, features last)."""

import numpy as np

from backprop.practice.bank.make import normal, sizes
from backprop.practice.exercise import Exercise, Slip

NOTEBOOK = "07a_layers_of_today.ipynb#"


def linear_inputs(rng, axes=2):
    """A linear layer below `axes` leading axes."""
    n, m, *leading = sizes(rng, 2 + axes)
    return {"X": normal(rng, *leading, n), "W": normal(rng, n, m), "G": normal(rng, *leading, m)}


def matmul_inputs(rng):
    S, t, k, m = sizes(rng, 4)
    return {"A": normal(rng, S, t, k), "B": normal(rng, S, k, m), "G": normal(rng, S, t, m)}


def shared_factor(rng):
    given = matmul_inputs(rng)
    return given | {"B": given["B"][0]}


def square_factors(rng):
    """Where a missing transpose raises no error, but gives wrong numbers."""
    S, n = sizes(rng, 2)
    return {"A": normal(rng, S, n, n), "B": normal(rng, S, n, n), "G": normal(rng, S, n, n)}


def scores_inputs(rng, own=False):
    """T queries and S keys; in self-attention there are as many of both."""
    B, H, T, S, d = sizes(rng, 5)
    S = T if own else S
    return {"Q": normal(rng, B, T, H, d), "K": normal(rng, B, S, H, d), "G": normal(rng, B, H, T, S)}


def broadcast_inputs(rng):
    B, T, C = sizes(rng, 3)
    return {"X": normal(rng, B, T, C), "s": normal(rng, B, 1, C), "P": normal(rng, T, C), "G": normal(rng, B, T, C)}


def logits_inputs(rng):
    """Logits that could be anywhere, an upstream gradient, and the axis of the softmax."""
    z = normal(rng, *sizes(rng, 3))
    return {"z": z, "g": normal(rng, *z.shape), "axis": -1}


def large_logits_by_columns(rng):
    given = logits_inputs(rng)
    return given | {"z": given["z"] + 1000, "axis": 1}


def log_softmax_inputs(rng):
    z = normal(rng, *sizes(rng, 3))
    return {"log_p": z - np.log(np.exp(z).sum(axis=-1, keepdims=True)), "g": normal(rng, *z.shape)}


def labels_inputs(rng):
    """Logits of every position, and labels of which some are to be ignored."""
    K, B, T = sizes(rng, 3)
    labels = rng.integers(1, K, (B, T))
    labels[0, 0], labels[1, 1] = -100, 0
    labels.flat[rng.permutation(np.arange(1, T))[: T // 2]] = -100
    return {"z": normal(rng, B, T, K), "labels": labels}


def large_labels_inputs(rng):
    given = labels_inputs(rng)
    return given | {"z": given["z"] + 1000}


def away_from_zero(rng, n):
    """A vector whose entries can be divided by."""
    return rng.choice([-1, 1], n) * rng.uniform(0.5, 1.5, n)


def layernorm_inputs(rng):
    """What a LayerNorm has kept that threw its input away: its output Y and its s."""
    B, T, n = (int(size) for size in rng.permutation(np.arange(3, 8))[:3])
    X, gamma, beta = 1 + 2 * normal(rng, B, T, n), away_from_zero(rng, n), normal(rng, n)
    s = np.sqrt(X.var(axis=-1, keepdims=True) + 0.2)
    Y = gamma * (X - X.mean(axis=-1, keepdims=True)) / s + beta
    return {"Y": Y, "s": s, "gamma": gamma, "beta": beta, "G": normal(rng, B, T, n)}


def rmsnorm_inputs(rng):
    B, T, n = (int(size) for size in rng.permutation(np.arange(3, 8))[:3])
    gamma, G = away_from_zero(rng, n), normal(rng, B, T, n)
    return {"X": 1 + 2 * normal(rng, B, T, n), "gamma": gamma, "G": G, "eps": rng.uniform(0.2, 0.6)}


def attention_inputs(rng, own=False):
    """T queries look at S keys, each at some of them only; in self-attention there are as many of both."""
    B, T, S, d = (int(size) for size in rng.permutation(np.arange(3, 8))[:4])
    S = T if own else S
    mask = rng.random((T, S)) < 0.6
    mask[np.arange(T), np.arange(T) % S] = True
    mask[np.arange(T), np.arange(1, T + 1) % S] = False
    Q, K, V = normal(rng, B, T, d), normal(rng, B, S, d), normal(rng, B, S, d)
    return {"Q": Q, "K": K, "V": V, "mask": mask, "G": normal(rng, B, T, d)}


def merge_inputs(rng):
    B, H, T, d = sizes(rng, 4)
    return {"O": normal(rng, B, H, T, d), "G": normal(rng, B, T, H * d)}


LINEAR = Exercise(
    id="layers.linear",
    title="Linear below any leading axes",
    where=NOTEBOOK + "Linear-and-matmul-in-rows",
    kind="function",
    level="apply",
    minutes=5,
    prompt="$Y=XW+b$ with $X$ $(\\ldots,n)$, $W$ $(n,m)$, $b$ $(m,)$: the features come last, and any number of axes "
    "may stand before them, such as (batch, time). `G` is $\\partial\\mathcal L/\\partial Y$. Return "
    "$\\partial\\mathcal L/\\partial X$, $\\partial\\mathcal L/\\partial W$ and $\\partial\\mathcal L/\\partial b$.",
    starter="def linear_backward(X, W, G):\n    ...",
    solution="""
def linear_backward(X, W, G):
    inputs = X.reshape(-1, X.shape[-1])
    rows = G.reshape(-1, G.shape[-1])
    dX = G @ W.T
    dW = inputs.T @ rows
    db = rows.sum(axis=0)
    return dX, dW, db
""",
    returns=("dX", "dW", "db"),
    inputs=linear_inputs,
    special=(lambda rng: linear_inputs(rng, axes=1), lambda rng: linear_inputs(rng, axes=3)),
    hints=(
        "For W and b every leading axis is the same thing: one more use. Which shape would make that plain?",
        "Flatten all leading axes into one, for X and for G. Then it is the layer that you know.",
        "dX = G @ W.T needs no flattening. With X as (N, n) and G as (N, m): dW = Xᵀ G, and db sums G over axis 0.",
    ),
    slips=(
        Slip(
            "transpose",
            "W.T",
            "W",
            "W is not transposed in ∂𝓛/∂X",
            "Forward W takes n numbers to m; back, m slopes must become n.",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "turned",
            "inputs.T @ rows",
            "rows.T @ inputs",
            "∂𝓛/∂W is (out, in)",
            "That is how nn.Linear stores its weight. Here W is (n, m), and so is its gradient.",
            "What shape has W, and what shape has your gradient?",
        ),
        Slip(
            "all-axes",
            "inputs.T @ rows",
            "X.T @ G",
            "X.T reverses all axes of X, not only the last two",
            "Of (B, T, n) it makes (n, T, B). Leading axes are flattened first, or summed by an einsum.",
            "Which shape has X.T when X has three axes?",
        ),
        Slip(
            "per-sample",
            "inputs.T @ rows",
            "np.swapaxes(X, -1, -2) @ G",
            "∂𝓛/∂W is not summed over the leading axes but one",
            "This is a gradient for each sample of the batch. One W serves them all, so they add.",
            "How many matrices W are there, and how many gradients do you return?",
        ),
        Slip(
            "mean-dW",
            "@ rows\n",
            "@ rows / len(rows)\n",
            "∂𝓛/∂W is divided by the number of rows",
            "A layer hands on what arrives. Whatever mean the loss takes is in G already.",
            "Does this layer know whether the loss is a mean?",
        ),
        Slip(
            "first-axis",
            "rows.sum(axis=0)",
            "G.sum(axis=0)",
            "∂𝓛/∂b is summed over the first axis only",
            "b was broadcast along every leading axis, so all of them are summed away.",
            "Along which axes was b copied?",
        ),
        Slip(
            "no-sum",
            "rows.sum(axis=0)",
            "G",
            "∂𝓛/∂b is not summed at all",
            "One b serves every row, so each row adds its slope.",
            "What shape has b, and what shape has its gradient?",
        ),
        Slip(
            "mean-db",
            "rows.sum(",
            "rows.mean(",
            "∂𝓛/∂b is averaged",
            "Slopes of uses add. Whatever mean the loss takes is in G already.",
            "Does this layer know whether the loss is a mean?",
        ),
        Slip(
            "whole",
            "rows.sum(axis=0)",
            "rows.sum()",
            "∂𝓛/∂b is summed over the features too: one number for all biases",
            "Each feature has a bias of its own, so the last axis stays.",
            "How many biases has the layer?",
        ),
    ),
)

MATMUL = Exercise(
    id="layers.matmul",
    title="A batched product, and one with a shared factor",
    where=NOTEBOOK + "Linear-and-matmul-in-rows",
    kind="function",
    level="interview",
    minutes=6,
    prompt="$C=AB$ with $A$ $(S,t,k)$ and $B$ $(S,k,m)$, one product for each of the $S$ samples. $B$ may also come "
    "as $(k,m)$: then the same one serves all samples. `G` is $\\partial\\mathcal L/\\partial C$. Return "
    "$\\partial\\mathcal L/\\partial A$ and $\\partial\\mathcal L/\\partial B$.",
    starter="def matmul_backward(A, B, G):\n    ...",
    solution="""
def matmul_backward(A, B, G):
    dA = G @ np.swapaxes(B, -1, -2)
    dB = np.swapaxes(A, -1, -2) @ G
    if B.ndim == 2:
        dB = dB.sum(axis=0)
    return dA, dB
""",
    returns=("dA", "dB"),
    inputs=matmul_inputs,
    special=(shared_factor, square_factors),
    hints=(
        "Do it for one sample first: dA like A, dB like B. Then keep the axis S.",
        "Transpose the last two axes only. And what happens to slopes where one B is used S times?",
        "dA = G Bᵀ and dB = Aᵀ G per sample, with np.swapaxes(…, -1, -2). A shared B gets the sum over S.",
    ),
    slips=(
        Slip(
            "B-all-axes",
            "np.swapaxes(B, -1, -2)",
            "B.T",
            "B.T reverses all three axes, the samples too",
            "Only the last two make the matrix. np.swapaxes(B, -1, -2), or .mT, leaves the samples in front.",
            "Which shape has B.T when B has three axes?",
        ),
        Slip(
            "A-all-axes",
            "np.swapaxes(A, -1, -2)",
            "A.T",
            "A.T reverses all three axes, the samples too",
            "Only the last two make the matrix. np.swapaxes(A, -1, -2), or .mT, leaves the samples in front.",
            "Which shape has A.T when A has three axes?",
        ),
        Slip(
            "B-not-transposed",
            "np.swapaxes(B, -1, -2)",
            "B",
            "B is not transposed in ∂𝓛/∂A",
            "Forward B takes k numbers to m; back, m slopes must become k.",
            "Say the shapes of your first product aloud.",
        ),
        Slip(
            "A-not-transposed",
            "np.swapaxes(A, -1, -2)",
            "A",
            "A is not transposed in ∂𝓛/∂B",
            "The axis t must be summed away, so it stands inside the product: (k, t)(t, m).",
            "Say the shapes of your second product aloud.",
        ),
        Slip(
            "order",
            "G @ np.swapaxes(B, -1, -2)",
            "np.swapaxes(B, -1, -2) @ G",
            "∂𝓛/∂A has its factors in the wrong order",
            "B stood to the right of A, and so its transpose stands to the right of G.",
            "On which side of A does B stand?",
        ),
        Slip(
            "turned",
            "np.swapaxes(A, -1, -2) @ G",
            "np.swapaxes(G, -1, -2) @ A",
            "∂𝓛/∂B is transposed",
            "Aᵀ G has the shape of B, and Gᵀ A that of its transpose.",
            "What shape has B, and what shape has your gradient?",
        ),
        Slip(
            "not-shared",
            ".sum(axis=0)",
            "",
            "a shared B keeps a gradient for every sample",
            "One B, used S times: the slopes of its uses add, and the gradient has the shape of B.",
            "B comes without the sample axis. What shape has its gradient?",
        ),
        Slip(
            "mean",
            ".sum(axis=0)",
            ".mean(axis=0)",
            "a shared B gets the mean over the samples, not the sum",
            "Every use counts in full. Whatever mean the loss takes is in G already.",
            "B is used twice with the same A and G. What is its gradient?",
        ),
        Slip(
            "always-summed",
            "if B.ndim == 2:",
            "if True:",
            "∂𝓛/∂B is summed over the samples, though each has a B of its own",
            "Sum over an axis along which something was copied. Here every sample brought its own B.",
            "How many matrices B are there, and how many gradients do you return?",
        ),
    ),
)

SCORES = Exercise(
    id="layers.einsum",
    title="The scores of all heads, by einsum",
    where=NOTEBOOK + "Linear-and-matmul-in-rows",
    kind="function",
    level="interview",
    minutes=4,
    prompt='The scores of all heads are `np.einsum("bthd,bshd->bhts", Q, K)`: queries `t`, keys `s`. `G` is the '
    "gradient of the scores, (b, h, t, s). Return $\\partial\\mathcal L/\\partial Q$ and "
    "$\\partial\\mathcal L/\\partial K$.",
    starter="def scores_backward(Q, K, G):\n    ...",
    solution="""
def scores_backward(Q, K, G):
    dQ = np.einsum("bhts,bshd->bthd", G, K)
    dK = np.einsum("bhts,bthd->bshd", G, Q)
    return dQ, dK
""",
    returns=("dQ", "dK"),
    inputs=scores_inputs,
    special=(lambda rng: scores_inputs(rng, own=True),),
    hints=(
        "The subscripts of a gradient are those of the thing itself. What is multiplied with G?",
        "In an einsum, exchange the result with the factor whose gradient you want. Each letter stays what it is.",
        'dQ: "bhts,bshd->bthd" of G and K. dK is the same game with Q.',
    ),
    slips=(
        Slip(
            "dQ-order",
            "->bthd",
            "->bhtd",
            "∂𝓛/∂Q keeps the heads before the tokens, as G has them",
            "The gradient has the shape of Q: (b, t, h, d). The letters behind the arrow decide.",
            "What shape has Q, and what shape has your gradient?",
        ),
        Slip(
            "dK-order",
            "->bshd",
            "->bhsd",
            "∂𝓛/∂K keeps the heads before the tokens, as G has them",
            "The gradient has the shape of K: (b, s, h, d). The letters behind the arrow decide.",
            "What shape has K, and what shape has your gradient?",
        ),
        Slip(
            "dQ-partner",
            "G, K",
            "G, Q",
            "G meets Q itself in ∂𝓛/∂Q",
            "A factor's slope is the other factor. For Q that is K.",
            "Hold K still and move Q. What is the slope of a score?",
        ),
        Slip(
            "dK-partner",
            "G, Q",
            "G, K",
            "G meets K itself in ∂𝓛/∂K",
            "A factor's slope is the other factor. For K that is Q.",
            "Hold Q still and move K. What is the slope of a score?",
        ),
        Slip(
            "exchanged",
            "bhts,bthd",
            "bhst,bthd",
            "G is read as (keys, queries) in ∂𝓛/∂K",
            "The axes of G are (b, h, t, s), in both gradients. Which of them is summed away is said by the arrow.",
            "Which of the last two axes of G belongs to the queries?",
        ),
        Slip(
            "batch-summed",
            "bhts,bshd->bthd",
            "bhts,bshd->thd",
            "the batch is summed away in ∂𝓛/∂Q",
            "Every sample has its own queries. A letter that is missing behind the arrow is summed over.",
            "Is Q shared by the samples?",
        ),
        Slip(
            "heads-summed",
            "bhts,bthd->bshd",
            "bhts,bthd->bsd",
            "the heads are summed away in ∂𝓛/∂K",
            "Every head has its own keys. A letter that is missing behind the arrow is summed over.",
            "Is K shared by the heads?",
        ),
    ),
)

BROADCAST = Exercise(
    id="layers.broadcast",
    title="A scale for each sample, a shift for each position",
    where=NOTEBOOK + "Broadcasting-and-its-sum",
    kind="function",
    level="apply",
    minutes=5,
    prompt="$Y=X\\odot s+P$ with $X$ $(B,T,C)$: a scale $s$ $(B,1,C)$ for each sample, and positions $P$ $(T,C)$ for "
    "all of them. `G` is $\\partial\\mathcal L/\\partial Y$. Return $\\partial\\mathcal L/\\partial X$, "
    "$\\partial\\mathcal L/\\partial s$ and $\\partial\\mathcal L/\\partial P$.",
    starter="def broadcast_backward(X, s, P, G):\n    ...",
    solution="""
def broadcast_backward(X, s, P, G):
    dX = G * s
    ds = (G * X).sum(axis=1, keepdims=True)
    dP = G.sum(axis=0)
    return dX, ds, dP
""",
    returns=("dX", "ds", "dP"),
    inputs=broadcast_inputs,
    batch=("X", 0),
    hints=(
        "First as if nothing were broadcast: a product and a sum. Then compare the shapes.",
        "Along which axis was s copied? Along which one P? Slopes of copies add.",
        "dX = G ⊙ s. ds is G ⊙ X summed over axis 1, the axis kept. dP is G summed over axis 0.",
    ),
    slips=(
        Slip(
            "dX-no-s",
            "G * s",
            "G",
            "the factor s is missing in ∂𝓛/∂X",
            "X is multiplied by s on its way to Y.",
            "How fast does Y move when X does?",
        ),
        Slip(
            "ds-no-X",
            "(G * X)",
            "G",
            "the factor X is missing in ∂𝓛/∂s",
            "s is multiplied by X on its way to Y. Only an added term has slope 1.",
            "How fast does Y move when s does?",
        ),
        Slip(
            "ds-not-summed",
            "(G * X).sum(axis=1, keepdims=True)",
            "G * X",
            "∂𝓛/∂s is not summed over the positions",
            "s was copied along axis 1, so each position is a use of it.",
            "What shape has s, and what shape has its gradient?",
        ),
        Slip(
            "ds-mean",
            "(G * X).sum(",
            "(G * X).mean(",
            "∂𝓛/∂s is averaged over the positions",
            "Every use counts in full. Whatever mean the loss takes is in G already.",
            "s is used at three positions with the same slope. What is its gradient?",
        ),
        Slip(
            "ds-axis",
            "axis=1",
            "axis=0",
            "∂𝓛/∂s is summed over the samples, not over the positions",
            "Each sample has its own scale. It was copied along the positions.",
            "Along which axis was s copied?",
        ),
        Slip(
            "dP-not-summed",
            "G.sum(axis=0)",
            "G",
            "∂𝓛/∂P is not summed over the batch",
            "The same P serves every sample, so each sample is a use of it.",
            "What shape has P, and what shape has its gradient?",
        ),
        Slip(
            "dP-mean",
            "G.sum(axis=0)",
            "G.mean(axis=0)",
            "∂𝓛/∂P is averaged over the batch: 1/B is in it twice",
            "Every use counts in full. Whatever mean the loss takes is in G already.",
            "Does this layer know whether the loss is a mean?",
        ),
        Slip(
            "dP-axis",
            "G.sum(axis=0)",
            "G.sum(axis=1)",
            "∂𝓛/∂P is summed over the positions, not over the batch",
            "Each position has its own entry of P. It was copied along the samples.",
            "NumPy lines (T, C) up with (B, T, C). Which axis of P is new?",
        ),
        Slip(
            "dP-scaled",
            "G.sum(axis=0)",
            "(G * s).sum(axis=0)",
            "∂𝓛/∂P has a factor s",
            "P is added after the scale, so its slope is 1.",
            "Does P pass through the scale?",
        ),
    ),
)

SOFTMAX = Exercise(
    id="layers.softmax",
    title="Softmax along any axis, backward",
    where=NOTEBOOK + "Softmax-and-cross-entropy-with-ignored-labels",
    kind="function",
    level="interview",
    minutes=5,
    prompt="Logits `z` of any shape, and the `axis` along which their softmax $p$ is taken. `g` is "
    "$\\partial\\mathcal L/\\partial p$. Return $\\partial\\mathcal L/\\partial z$. Logits may be near 1000.",
    starter="def softmax_backward(z, g, axis):\n    ...",
    solution="""
def softmax_backward(z, g, axis):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    p = e / e.sum(axis=axis, keepdims=True)
    average = (p * g).sum(axis=axis, keepdims=True)
    dz = p * (g - average)
    return dz
""",
    returns=("dz",),
    inputs=logits_inputs,
    special=(large_logits_by_columns,),
    hints=(
        "For one vector: Jᵀg with J = diag(p) − p pᵀ. Multiply it out, and no matrix is left.",
        "∂𝓛/∂z_j = p_j (g_j − one number for the whole vector). It is an average of g.",
        "p ⊙ (g − Σ p g). All sums run along `axis` and keep it; subtract the maximum before the exponential.",
    ),
    slips=(
        Slip(
            "naive",
            "z - z.max(axis=axis, keepdims=True)",
            "z",
            "the maximum is not subtracted before the exponential",
            "exp(1000) is inf, and inf/inf is NaN.",
            "What is e to the 1000 in float64?",
        ),
        Slip(
            "whole",
            "e.sum(axis=axis, keepdims=True)",
            "e.sum()",
            "the probabilities are normalized over the whole array",
            "Each vector along the axis is a softmax of its own, and sums to 1.",
            "Which sums of p should be 1?",
        ),
        Slip(
            "last-axis",
            "(p * g).sum(axis=axis",
            "(p * g).sum(axis=-1",
            "the average runs along the last axis, whatever `axis` says",
            "The entries that are coupled are those that share a sum.",
            "Your softmax is along axis 1. Which entries know of each other?",
        ),
        Slip(
            "no-sum",
            "(g - average)",
            "g",
            "the sum is missing: p ⊙ g",
            "This holds diag(p) g only. The term −p (pᵀg) comes from the common denominator.",
            "Your upstream gradient is the same for all entries. What should come out?",
        ),
        Slip(
            "elementwise",
            "(g - average)",
            "(g * (1 - p))",
            "softmax is treated as elementwise: p (1 − p) g",
            "p (1 − p) is the diagonal of J only. The other entries are −p_i p_j.",
            "If one logit grows, what happens to the other probabilities?",
        ),
        Slip(
            "unweighted",
            "(p * g).sum(axis=axis, keepdims=True)",
            "g.sum(axis=axis, keepdims=True)",
            "the sum of g is not weighted with p",
            "The term is Σ p_i g_i: each g_i counts with its probability.",
            "What should dz sum to along the axis?",
        ),
        Slip(
            "plain-mean",
            "(p * g).sum(axis=axis, keepdims=True)",
            "g.mean(axis=axis, keepdims=True)",
            "the plain mean of g is subtracted, not its average under p",
            "The weights are the probabilities: Σ p_i g_i.",
            "What should dz sum to along the axis?",
        ),
        Slip(
            "plus",
            "g - average",
            "g + average",
            "the average is added, not subtracted",
            "Off the diagonal the Jacobian is −p_i p_j.",
            "Your upstream gradient is the same for all entries. What should come out?",
        ),
        Slip(
            "no-p",
            "dz = p * ",
            "dz = ",
            "the factor p in front is missing",
            "An entry of probability 0 does not move.",
            "What is the gradient of a logit whose probability is 0?",
        ),
    ),
)

LOG_SOFTMAX = Exercise(
    id="layers.log-softmax",
    title="Log-softmax, backward, from what the forward pass kept",
    where=NOTEBOOK + "Softmax-and-cross-entropy-with-ignored-labels",
    kind="function",
    level="apply",
    minutes=4,
    prompt="The forward pass kept `log_p` $=\\log\\operatorname{softmax}(z)$, along the last axis, and nothing else. "
    "`g` is $\\partial\\mathcal L/\\partial\\log p$. Return $\\partial\\mathcal L/\\partial z$.",
    starter="def log_softmax_backward(log_p, g):\n    ...",
    solution="""
def log_softmax_backward(log_p, g):
    p = np.exp(log_p)
    total = g.sum(axis=-1, keepdims=True)
    dz = g - p * total
    return dz
""",
    returns=("dz",),
    inputs=log_softmax_inputs,
    hints=(
        "log p_i = z_i − log Σ e^{z_k}. Differentiate each of the two terms with respect to z_j.",
        "The first term hands g_j on. The second one is shared by all i, and its slope is p_j.",
        "∂𝓛/∂z_j = g_j − p_j Σ g_i, with the sum along the last axis.",
    ),
    slips=(
        Slip(
            "softmax",
            "g - p * total",
            "p * (g - (p * g).sum(axis=-1, keepdims=True))",
            "this is the backward pass of softmax, not of its logarithm",
            "The logarithm brings 1/p, which cancels the p in front.",
            "With respect to what is your g given: p, or log p?",
        ),
        Slip(
            "one-hot",
            "p * total",
            "p",
            "Σ g is taken for 1",
            "It is −1 where g comes from a cross-entropy. From above anything can come.",
            "For which loss does your formula hold?",
        ),
        Slip(
            "no-second",
            " - p * total",
            "",
            "the second term is missing: log Σ e^z is held constant",
            "Every logit is in the sum, so every log-probability moves with it.",
            "If one logit grows, what happens to the other log-probabilities?",
        ),
        Slip(
            "weighted",
            "g.sum(",
            "(p * g).sum(",
            "the sum of g is weighted with p",
            "That is the average in softmax's own backward pass. Here 1/p has taken the weight away.",
            "Multiply Jᵀg out: which sum is left?",
        ),
        Slip(
            "no-p",
            "p * total",
            "total",
            "the factor p is missing in the second term",
            "The slope of log Σ e^z with respect to z_j is p_j.",
            "What is the derivative of log-sum-exp?",
        ),
        Slip(
            "log",
            "np.exp(log_p)",
            "log_p",
            "log p stands where p belongs",
            "What was kept is the logarithm: p is its exponential.",
            "Which numbers did the forward pass keep?",
        ),
        Slip(
            "plus",
            "g - p",
            "g + p",
            "the second term is added, not subtracted",
            "log p_i = z_i minus the logarithm of the sum.",
            "g is the same for all classes and p is uniform. What should come out?",
        ),
        Slip(
            "axis",
            "g.sum(axis=-1",
            "g.sum(axis=0",
            "the sum runs over the samples, not over the classes",
            "The classes are the last axis here, and samples don't know of each other.",
            "Does one sample's gradient depend on another sample?",
        ),
    ),
)

IGNORED = Exercise(
    id="layers.cross-entropy",
    title="Cross-entropy with ignored labels",
    where=NOTEBOOK + "Softmax-and-cross-entropy-with-ignored-labels",
    kind="function",
    level="interview",
    minutes=8,
    prompt="Logits `z` $(B,T,K)$ and integer `labels` $(B,T)$. Where the label is −100 the position is ignored. The "
    "loss is the cross-entropy of the softmax, averaged over the positions that count. Return the loss and "
    "$\\partial\\mathcal L/\\partial z$. Logits may be near 1000.",
    starter="def cross_entropy(z, labels):\n    ...",
    solution="""
def cross_entropy(z, labels):
    counts = (labels != -100)[..., None]
    N = counts.sum()
    y = np.eye(z.shape[-1])[np.where(labels == -100, 0, labels)] * counts
    shifted = z - z.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    loss = -(y * log_p).sum() / N
    dz = (np.exp(log_p) * counts - y) / N
    return loss, dz
""",
    returns=("loss", "dz"),
    inputs=labels_inputs,
    special=(large_labels_inputs,),
    hints=(
        "Take the softmax of every position, then think: which positions does the loss see?",
        "An ignored position has no loss, so no gradient. And by how many positions is the mean divided?",
        "With N positions that count: the loss is the sum of their −log p, by N; the gradient is (p − y)/N there, "
        "and 0 at the others.",
    ),
    slips=(
        Slip(
            "all-positions",
            "N = counts.sum()",
            "N = counts.size",
            "the mean runs over all positions, the ignored ones too",
            "Padding would then make the gradient smaller. The mean is over the positions that count.",
            "You pad the batch with more ignored positions. What happens to your gradient?",
        ),
        Slip(
            "batch-size",
            "N = counts.sum()",
            "N = len(z)",
            "divided by the number of sequences, not of positions",
            "Every position that counts is a prediction with a loss of its own.",
            "Over how many terms does this loss average?",
        ),
        Slip(
            "p-left",
            "np.exp(log_p) * counts",
            "np.exp(log_p)",
            "an ignored position still gets the gradient p",
            "Its y is 0, but p − 0 is not. What is not in the loss has no gradient.",
            "What is the gradient of a logit at an ignored position?",
        ),
        Slip(
            "class-0",
            "labels)] * counts",
            "labels)]",
            "an ignored position counts as class 0",
            "Class 0 only stands in so that the lookup works. Its row of y must then be set to 0.",
            "What does your loss say at an ignored position?",
        ),
        Slip(
            "as-index",
            "np.where(labels == -100, 0, labels)",
            "labels",
            "−100 is used as a class",
            "There is no such row. With 200 classes there would be one, and no error.",
            "What does your lookup do with a label of −100?",
        ),
        Slip(
            "naive",
            "z - z.max(axis=-1, keepdims=True)",
            "z",
            "the maximum is not subtracted before the exponential",
            "exp(1000) is inf, and its logarithm is inf too.",
            "What is e to the 1000 in float64?",
        ),
        Slip(
            "loss-sum",
            "log_p).sum() / N",
            "log_p).sum()",
            "the loss is a sum, not a mean",
            "The loss and its gradient must be of the same function.",
            "Would a gradient check of these two agree?",
        ),
        Slip(
            "dz-sum",
            "- y) / N",
            "- y)",
            "1/N is missing in the gradient",
            "The loss and its gradient must be of the same function.",
            "Would a gradient check of these two agree?",
        ),
        Slip(
            "sign",
            "(np.exp(log_p) * counts - y)",
            "(y - np.exp(log_p) * counts)",
            "the sign of the gradient is flipped: y − p for p − y",
            "The logit of the right class should rise, so its slope is negative.",
            "If the logit of the right class grows, does the loss rise or fall?",
        ),
    ),
)

LAYERNORM = Exercise(
    id="layers.layernorm",
    title="LayerNorm from its output",
    where=NOTEBOOK + "LayerNorm-and-RMSNorm",
    kind="function",
    level="interview",
    minutes=8,
    prompt="To save memory this LayerNorm threw its input away. It kept its output $Y=\\gamma\\odot\\hat x+\\beta$ "
    "$(B,T,n)$ and $s=\\sqrt{\\sigma^2+\\varepsilon}$ $(B,T,1)$. `G` is $\\partial\\mathcal L/\\partial Y$. Return "
    "$\\partial\\mathcal L/\\partial X$, $\\partial\\mathcal L/\\partial\\gamma$ and "
    "$\\partial\\mathcal L/\\partial\\beta$.",
    starter="def layernorm_backward(Y, s, gamma, beta, G):\n    ...",
    solution="""
def layernorm_backward(Y, s, gamma, beta, G):
    x_hat = (Y - beta) / gamma
    g = G * gamma
    through_mu = g.mean(axis=-1, keepdims=True)
    through_s = x_hat * (g * x_hat).mean(axis=-1, keepdims=True)
    dX = (g - through_mu - through_s) / s
    samples = tuple(range(Y.ndim - 1))
    dgamma = (G * x_hat).sum(axis=samples)
    dbeta = G.sum(axis=samples)
    return dX, dgamma, dbeta
""",
    returns=("dX", "dgamma", "dbeta"),
    inputs=layernorm_inputs,
    hints=(
        "Which quantities does the backward pass need? Write it down as you know it, and look where X is in it.",
        "Only x̂ and s are. s is there, and x̂ can be had from Y. γ and β are shared along both leading axes.",
        "x̂ = (Y − β)/γ. With g = G ⊙ γ: dX = (g − mean g − x̂ ⊙ mean(g ⊙ x̂)) / s, means over the last axis. "
        "dγ and dβ sum G ⊙ x̂ and G over the axes 0 and 1.",
    ),
    slips=(
        Slip(
            "Y-for-x-hat",
            "(Y - beta) / gamma",
            "Y",
            "Y is used where x̂ belongs",
            "They are equal only while γ is 1 and β is 0, as at the start. A test before training would not see it.",
            "What stands between x̂ and Y?",
        ),
        Slip(
            "no-beta",
            "(Y - beta)",
            "Y",
            "β is not taken off before the division",
            "Y = γ x̂ + β: undo the last step first.",
            "What mean should x̂ have over its features?",
        ),
        Slip(
            "no-gamma",
            "g = G * gamma",
            "g = G",
            "γ is forgotten on the way from Y to x̂",
            "∂𝓛/∂x̂ = G ⊙ γ.",
            "What is the gradient with respect to x̂, before you go on to X?",
        ),
        Slip(
            "mu-constant",
            " - through_mu",
            "",
            "μ is held constant",
            "Each entry moves the mean too, and so every other x̂ of its sample.",
            "Along which ways does one entry of X reach the loss?",
        ),
        Slip(
            "s-constant",
            " - through_s",
            "",
            "s is held constant",
            "Each entry moves the standard deviation too, and so every other x̂ of its sample.",
            "Along which ways does one entry of X reach the loss?",
        ),
        Slip(
            "batch-axis",
            "g.mean(axis=-1",
            "g.mean(axis=0",
            "the mean of g runs over the batch, not over the features",
            "What shares a mean going forward shares one going back: the features of one position.",
            "Does the gradient of one sample depend on the other samples here?",
        ),
        Slip(
            "not-divided",
            "through_s) / s",
            "through_s)",
            "the division by s is missing in ∂𝓛/∂X",
            "x̂ is X − μ divided by s, so the slope has this factor too.",
            "If X is a hundred times larger, how large is its gradient?",
        ),
        Slip(
            "first-axis",
            "tuple(range(Y.ndim - 1))",
            "0",
            "∂𝓛/∂γ and ∂𝓛/∂β are summed over the first axis only",
            "γ and β serve every position of every sample, so both leading axes are summed away.",
            "What shape has γ, and what shape has its gradient?",
        ),
        Slip(
            "dgamma-Y",
            "(G * x_hat).sum",
            "(G * Y).sum",
            "∂𝓛/∂γ takes Y where x̂ is due",
            "γ multiplies x̂, so that is its slope.",
            "What does γ multiply in the forward pass?",
        ),
    ),
)

RMSNORM = Exercise(
    id="layers.rmsnorm",
    title="RMSNorm, backward",
    where=NOTEBOOK + "LayerNorm-and-RMSNorm",
    kind="function",
    level="interview",
    minutes=6,
    prompt="RMSNorm centers nothing: $Y=\\gamma\\odot X/r$ with $r=\\sqrt{\\operatorname{mean}(X^2)+\\varepsilon}$ "
    "over the last axis of $X$ $(B,T,n)$. `G` is $\\partial\\mathcal L/\\partial Y$. Return "
    "$\\partial\\mathcal L/\\partial X$ and $\\partial\\mathcal L/\\partial\\gamma$.",
    starter="def rmsnorm_backward(X, gamma, G, eps):\n    ...",
    solution="""
def rmsnorm_backward(X, gamma, G, eps):
    r = np.sqrt((X**2).mean(axis=-1, keepdims=True) + eps)
    x_hat = X / r
    g = G * gamma
    through_r = x_hat * (g * x_hat).mean(axis=-1, keepdims=True)
    dX = (g - through_r) / r
    dgamma = (G * x_hat).sum(axis=(0, 1))
    return dX, dgamma
""",
    returns=("dX", "dgamma"),
    inputs=rmsnorm_inputs,
    hints=(
        "It is LayerNorm without μ. On how many ways does an entry of X reach the loss now?",
        "Directly, by 1/r, and through r. What is ∂r/∂x_k?",
        "∂r/∂x_k = x̂_k / n. So dX = (g − x̂ ⊙ mean(g ⊙ x̂)) / r with g = G ⊙ γ, and dγ sums G ⊙ x̂ over the axes 0 and 1.",
    ),
    slips=(
        Slip(
            "layernorm",
            "(g - through_r)",
            "(g - g.mean(axis=-1, keepdims=True) - through_r)",
            "the mean of g is subtracted: this is LayerNorm's term",
            "It is what flows back through μ, and RMSNorm has no μ.",
            "Which statistic of X does each of your terms come from?",
        ),
        Slip(
            "centered",
            "(X**2).mean(axis=-1, keepdims=True)",
            "X.var(axis=-1, keepdims=True)",
            "r is taken from the variance: X was centered",
            "RMSNorm divides by the root of the mean square, and leaves the mean where it is.",
            "What does RMSNorm leave out, compared with LayerNorm?",
        ),
        Slip(
            "r-constant",
            "(g - through_r)",
            "g",
            "r is held constant",
            "Each entry moves r too, and so every other x̂ of its sample.",
            "Along which ways does one entry of X reach the loss?",
        ),
        Slip(
            "no-gamma",
            "g = G * gamma",
            "g = G",
            "γ is forgotten on the way from Y to x̂",
            "∂𝓛/∂x̂ = G ⊙ γ.",
            "What is the gradient with respect to x̂, before you go on to X?",
        ),
        Slip(
            "no-x-hat",
            "x_hat * (g",
            "(g",
            "the factor x̂ is missing in what flows through r",
            "∂r/∂x_k = x̂_k / n: a large entry moves r the most.",
            "How much does an entry that is 0 change r?",
        ),
        Slip(
            "X-for-x-hat",
            "(g * x_hat).mean",
            "(g * X).mean",
            "X stands where x̂ is due in the mean",
            "Both factors are x̂: r has been divided out of each.",
            "Multiply X by 10. By how much should each of your two terms change?",
        ),
        Slip(
            "sum",
            "(g * x_hat).mean(",
            "(g * x_hat).sum(",
            "a sum stands where a mean is due: the 1/n of ∂r/∂x is missing",
            "r holds the mean of the squares, so one entry moves it by x̂/n.",
            "By how much does r move when one entry moves by 1?",
        ),
        Slip(
            "not-divided",
            "through_r) / r",
            "through_r)",
            "the division by r is missing in ∂𝓛/∂X",
            "x̂ is X divided by r, so the slope has this factor too.",
            "If X is a hundred times larger, how large is its gradient?",
        ),
        Slip(
            "first-axis",
            "axis=(0, 1)",
            "axis=0",
            "∂𝓛/∂γ is summed over the first axis only",
            "γ serves every position of every sample, so both leading axes are summed away.",
            "What shape has γ, and what shape has its gradient?",
        ),
    ),
)

ATTENTION = Exercise(
    id="layers.attention",
    title="Attention, forward and backward",
    where=NOTEBOOK + "Attention",
    kind="function",
    level="interview",
    minutes=15,
    prompt="One head: $O=\\operatorname{softmax}(QK^{\\mathsf T}/\\sqrt d)\\,V$, with $Q$ $(B,T,d)$, $K$ and $V$ "
    "$(B,S,d)$. A query may look at a key where `mask` $(T,S)$ is True. `G` is $\\partial\\mathcal L/\\partial O$. "
    "Return $\\partial\\mathcal L/\\partial Q$, $\\partial\\mathcal L/\\partial K$ and "
    "$\\partial\\mathcal L/\\partial V$.",
    starter="def attention_backward(Q, K, V, mask, G):\n    ...",
    solution="""
def attention_backward(Q, K, V, mask, G):
    root = np.sqrt(Q.shape[-1])
    S = np.where(mask, Q @ K.swapaxes(1, 2) / root, -np.inf)
    e = np.exp(S - S.max(axis=-1, keepdims=True))
    P = e / e.sum(axis=-1, keepdims=True)
    dV = P.swapaxes(1, 2) @ G
    dP = G @ V.swapaxes(1, 2)
    dS = P * (dP - (dP * P).sum(axis=-1, keepdims=True))
    dQ = dS @ K / root
    dK = dS.swapaxes(1, 2) @ Q / root
    return dQ, dK, dV
""",
    returns=("dQ", "dK", "dV"),
    inputs=attention_inputs,
    special=(lambda rng: attention_inputs(rng, own=True),),
    hints=(
        "Forward in three lines: scores S, weights P, output O = PV. Back in the opposite order, shapes said aloud.",
        "O = PV is a product: dV and dP. Then softmax's dS, row by row. S is a product again: dQ and dK.",
        "dV = Pᵀ G, dP = G Vᵀ, dS = P ⊙ (dP − Σ P dP) along the keys, dQ = dS K/√d, dK = dSᵀ Q/√d. Masked "
        "scores are −∞ before the softmax, and the rest takes care of itself.",
    ),
    slips=(
        Slip(
            "scale-forward",
            "Q @ K.swapaxes(1, 2) / root",
            "Q @ K.swapaxes(1, 2)",
            "√d is missing in the forward pass",
            "Without it the scores have variance d, the softmax saturates, and little gradient passes.",
            "What variance have your scores?",
        ),
        Slip(
            "scale-dQ",
            "dS @ K / root",
            "dS @ K",
            "√d is missing in ∂𝓛/∂Q",
            "S is QKᵀ divided by √d, so every slope of S has this factor.",
            "How fast does a score move when its query does?",
        ),
        Slip(
            "scale-dK",
            "@ Q / root",
            "@ Q",
            "√d is missing in ∂𝓛/∂K",
            "S is QKᵀ divided by √d, so every slope of S has this factor.",
            "How fast does a score move when its key does?",
        ),
        Slip(
            "no-root",
            "np.sqrt(Q.shape[-1])",
            "Q.shape[-1]",
            "the scores are divided by d, not by √d",
            "A sum of d independent products has variance d, so a standard deviation of √d.",
            "What is the standard deviation of q·k?",
        ),
        Slip(
            "no-mask",
            "np.where(mask, Q @ K.swapaxes(1, 2) / root, -np.inf)",
            "Q @ K.swapaxes(1, 2) / root",
            "the mask is ignored",
            "Then a query looks at keys that it must not see: in a language model, at the future.",
            "Which keys get a weight in your softmax?",
        ),
        Slip(
            "mask-zero",
            "-np.inf",
            "0",
            "masked scores are set to 0, not to −∞",
            "e⁰ = 1 is a weight like any other. Only −∞ gives weight 0.",
            "What weight does a score of 0 get?",
        ),
        Slip(
            "no-sum",
            "(dP - (dP * P).sum(axis=-1, keepdims=True))",
            "dP",
            "softmax's sum is missing: dS = P ⊙ dP",
            "This holds diag(p) only. The weights of one query sum to 1, so they move together.",
            "What should each row of dS sum to?",
        ),
        Slip(
            "elementwise",
            "(dP - (dP * P).sum(axis=-1, keepdims=True))",
            "(dP * (1 - P))",
            "softmax is treated as elementwise: P (1 − P) dP",
            "P (1 − P) is the diagonal of its Jacobian only.",
            "If one score grows, what happens to the other weights of this query?",
        ),
        Slip(
            "P-not-transposed",
            "P.swapaxes(1, 2) @ G",
            "P @ G",
            "P is not transposed in ∂𝓛/∂V",
            "P takes S values to T outputs; back, T slopes must become S. With T = S nobody would notice.",
            "Say the shapes of P, G and V aloud.",
        ),
        Slip(
            "dS-not-transposed",
            "dS.swapaxes(1, 2) @ Q",
            "dS @ Q",
            "dS is not transposed in ∂𝓛/∂K",
            "A key collects from all queries: the sum runs over T. With T = S nobody would notice.",
            "Say the shapes of dS, Q and K aloud.",
        ),
    ),
)

HEADS = Exercise(
    id="layers.heads",
    title="The shapes of multi-head attention",
    where=NOTEBOOK + "Attention",
    kind="shape",
    level="apply",
    minutes=3,
    prompt="$X$ is $(B,T,C)$ with $B=5$, $T=7$, $C=8$, and there are $H=4$ heads. Give the shapes of: the queries of "
    "all heads, with the head as second axis; the weights $P$ after the softmax; the output of the heads, merged "
    "again; $\\partial\\mathcal L/\\partial P$; and $\\partial\\mathcal L/\\partial W_O$ of the projection $(C,C)$ "
    "that follows.",
    starter="((1, 1, 1, 1), (1, 1, 1, 1), (1, 1, 1), (1, 1, 1, 1), (1, 1))",
    solution="""
def head_shapes(B, T, C, H):
    d = C // H
    queries = (B, H, T, d)
    P = (B, H, T, T)
    merged = (B, T, C)
    dP = (B, H, T, T)
    dW_O = (C, C)
    return queries, P, merged, dP, dW_O
""",
    returns=("queries", "P", "merged", "dP", "dW_O"),
    inputs=lambda rng: {"B": 5, "T": 7, "C": 8, "H": 4},
    hints=(
        "The C features are dealt out to the heads. How many does each get?",
        "Each head of each sample has its own table of weights: every query against every key.",
        "With d = C/H: queries (B, H, T, d), P (B, H, T, T), merged (B, T, C). A gradient has the shape of its thing.",
    ),
    slips=(
        Slip(
            "d-is-C",
            "C // H",
            "C",
            "each head has all C features",
            "The heads share them: d = C/H, so that all heads together cost as much as one of width C.",
            "How many features has one head, and how many have all of them together?",
        ),
        Slip(
            "not-swapped",
            "queries = (B, H, T, d)",
            "queries = (B, T, H, d)",
            "the queries are split, but the heads do not stand second",
            "This is what the reshape gives. For a product per head, H comes before T.",
            "Which two axes must be last in a batched product?",
        ),
        Slip(
            "folded",
            "queries = (B, H, T, d)",
            "queries = (B * H, T, d)",
            "heads and samples are folded into one axis",
            "That works in a batched product too. Here the head was asked for as an axis of its own.",
            "Where is your head axis?",
        ),
        Slip(
            "one-table",
            "    P = (B, H, T, T)",
            "    P = (B, T, T)",
            "there is one table of weights for all heads",
            "Each head has weights of its own: that is what several heads are for.",
            "Do two heads look at the same places?",
        ),
        Slip(
            "P-features",
            "    P = (B, H, T, T)",
            "    P = (B, H, T, d)",
            "P has features, not keys, as its last axis",
            "The features are summed away in q·k. A weight belongs to a query and a key.",
            "Over which axis does the softmax run?",
        ),
        Slip(
            "merged-d",
            "merged = (B, T, C)",
            "merged = (B, T, d)",
            "the heads are added up, not put side by side",
            "Merging concatenates the H outputs of d features: C again.",
            "How many features leave the merge?",
        ),
        Slip(
            "dP-features",
            "dP = (B, H, T, T)",
            "dP = (B, H, T, d)",
            "∂𝓛/∂P does not have the shape of P",
            "(B, H, T, d) is the shape of the heads' output. dP = G Vᵀ sums the features away.",
            "What shape has the gradient of a thing?",
        ),
        Slip(
            "dW-batch",
            "dW_O = (C, C)",
            "dW_O = (B, C, C)",
            "∂𝓛/∂W_O is not summed over the batch",
            "One matrix serves every sample and position: both axes are summed away.",
            "How many matrices W_O are there?",
        ),
    ),
)

MERGE = Exercise(
    id="layers.merge",
    title="Merging heads, and splitting their gradient",
    where=NOTEBOOK + "Attention",
    kind="function",
    level="apply",
    minutes=4,
    prompt="`O` $(B,H,T,d)$ holds the outputs of the heads. Return them merged, $Y$ $(B,T,Hd)$, head after head in the "
    "features; and for `G` $=\\partial\\mathcal L/\\partial Y$ return $\\partial\\mathcal L/\\partial O$.",
    starter="def merge_heads(O, G):\n    ...",
    solution="""
def merge_heads(O, G):
    B, H, T, d = O.shape
    Y = O.transpose(0, 2, 1, 3).reshape(B, T, H * d)
    dO = G.reshape(B, T, H, d).transpose(0, 2, 1, 3)
    return Y, dO
""",
    returns=("Y", "dO"),
    inputs=merge_inputs,
    hints=(
        "A reshape never moves a number in memory. Which axes must be neighbors before two become one?",
        "H and d become one axis, so bring H next to d first. Backward undoes the steps, the last one first.",
        "Forward: transpose to (B, T, H, d), then reshape. Backward: reshape to (B, T, H, d), then transpose back.",
    ),
    slips=(
        Slip(
            "reshape-only",
            "O.transpose(0, 2, 1, 3).reshape(B, T, H * d)",
            "O.reshape(B, T, H * d)",
            "the heads are merged by a reshape alone, which mixes positions",
            "The shape is right and the numbers are in the wrong places: in memory T stands between H and d.",
            "Which numbers end up in the first row of your result?",
        ),
        Slip(
            "interleaved",
            "O.transpose(0, 2, 1, 3)",
            "O.transpose(0, 2, 3, 1)",
            "the heads are interleaved in the features, not one after the other",
            "The axis that stands last runs fastest. Here the heads do.",
            "Which head do the first d features of your result belong to?",
        ),
        Slip(
            "added",
            "O.transpose(0, 2, 1, 3).reshape(B, T, H * d)",
            "np.tile(O.sum(axis=1), H)",
            "the heads are added up, not put side by side",
            "Merging keeps every number. The projection that follows does the mixing.",
            "Can you get the output of one head back from your result?",
        ),
        Slip(
            "backward-reshape-only",
            "G.reshape(B, T, H, d).transpose(0, 2, 1, 3)",
            "G.reshape(B, H, T, d)",
            "the gradient is split by a reshape alone, which mixes positions",
            "Backward undoes both steps: the reshape, then the transpose.",
            "Which numbers of G belong to the first head?",
        ),
        Slip(
            "backward-not-swapped",
            "G.reshape(B, T, H, d).transpose(0, 2, 1, 3)",
            "G.reshape(B, T, H, d)",
            "the gradient is not transposed back: the heads do not stand second",
            "The gradient has the shape of O, (B, H, T, d).",
            "What shape has O, and what shape has its gradient?",
        ),
        Slip(
            "backward-interleaved",
            "G.reshape(B, T, H, d).transpose(0, 2, 1, 3)",
            "G.reshape(B, T, d, H).transpose(0, 3, 1, 2)",
            "the gradient is read as if the heads were interleaved",
            "The features of one head lie side by side: (H, d), not (d, H).",
            "Which head do the first d features belong to?",
        ),
    ),
)

EXERCISES = (
    LINEAR,
    MATMUL,
    SCORES,
    BROADCAST,
    SOFTMAX,
    LOG_SOFTMAX,
    IGNORED,
    LAYERNORM,
    RMSNORM,
    ATTENTION,
    HEADS,
    MERGE,
)
LADDERS = {}
