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


def embedding_inputs(rng):
    """More places than rows to look up, so that rows are used several times, and one never."""
    V, C, B, T = (int(size) for size in rng.permutation(np.arange(3, 8))[:4])
    ids = rng.integers(0, V - 1, (B, T))
    ids[0, :2] = ids[1, 1] = 0
    return {"E": normal(rng, V, C), "ids": ids, "G": normal(rng, B, T, C)}


def dropout_inputs(rng, training=True):
    B, n = sizes(rng, 2)
    p = float(rng.choice([0.2, 0.3, 0.4]))
    keep = rng.random((B, n)) >= p
    keep.flat[:2] = [True, False]
    return {"X": normal(rng, B, n), "keep": keep, "p": p, "training": training, "G": normal(rng, B, n)}


def tied_inputs(rng):
    V, C, B = (int(size) for size in rng.permutation(np.arange(3, 8))[:3])
    ids = rng.integers(0, V - 1, B)
    ids[0] = ids[1] = 1
    return {"E": normal(rng, V, C), "ids": ids, "G": normal(rng, B, V)}


def max_pool_inputs(rng):
    """Windows of 3, 2 apart: neighbors share an entry, and some entries win twice."""
    B, C = (int(size) for size in rng.permutation([2, 4, 5])[:2])
    X = normal(rng, B, 7, C)
    X[0, 2], X[1, 4] = 5, 6
    return {"X": X, "G": normal(rng, B, 3, C), "k": 3, "stride": 2}


def tied_maxima(rng):
    """A pool of an activation like ReLU's, where whole windows are 0."""
    given = max_pool_inputs(rng)
    return given | {"X": np.maximum(np.round(given["X"]), 0)}


def average_pool_inputs(rng):
    B, H, W, C = (int(size) for size in rng.permutation([2, 3, 4, 5]))
    return {"G": normal(rng, B, H, W, C), "k": int(rng.choice([2, 3]))}


def conv_inputs(rng):
    B, n, m, T = (int(size) for size in rng.permutation([2, 4, 5, 6]))
    return {"X": normal(rng, B, T + 2, n), "W": normal(rng, 3, n, m), "G": normal(rng, B, T, m)}


def patches_inputs(rng):
    B, C, T = (int(size) for size in rng.permutation([2, 4, 5, 6])[:3])
    return {"D": normal(rng, B, T, 3 * C), "k": 3}


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


def lstm_inputs(rng):
    B, m = sizes(rng, 2)
    gates = {name: rng.uniform(0.1, 0.9, (B, m)) for name in ("i", "f", "o")}
    gates = {"i": gates["i"], "f": gates["f"], "g": rng.uniform(-0.9, 0.9, (B, m)), "o": gates["o"]}
    return gates | {"c_prev": normal(rng, B, m), "dh": normal(rng, B, m), "dc_next": normal(rng, B, m)}


def chain_inputs(rng):
    B, *n = sizes(rng, 5)
    W = [normal(rng, into, out) for into, out in zip(n, n[1:])]
    return {"X": normal(rng, B, n[0]), "W": W, "G": normal(rng, B, n[-1])}


def square_chain(rng):
    """Equal widths, where a missing transpose raises no error."""
    B, n = sizes(rng, 2)
    return {"X": normal(rng, B, n), "W": [normal(rng, n, n) for _ in range(3)], "G": normal(rng, B, n)}


def binary_inputs(rng):
    """Weights within the clip and beyond it, and one that is 0."""
    B, n, m = sizes(rng, 3)
    W = rng.uniform(-0.9, 0.9, (n, m))
    W.flat[:4] = [0, 1.5, -2, 0.5]
    return {"X": normal(rng, B, n), "W": W, "G": normal(rng, B, m)}


def block_inputs(rng):
    return {"G": normal(rng, sizes(rng, 1)[0] + 4, 4)}


def pull(J):
    """The backward pass of a layer with this Jacobian at every sample."""
    return lambda G: G @ J


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
        Slip(
            "dgamma-X",
            "(G * x_hat).sum",
            "(G * X).sum",
            "∂𝓛/∂γ takes X where x̂ is due",
            "γ multiplies x̂, so that is its slope.",
            "What does γ multiply in the forward pass?",
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

EMBEDDING = Exercise(
    id="layers.embedding",
    title="Embedding, backward",
    where=NOTEBOOK + "Embedding,-dropout-and-tied-weights",
    kind="function",
    level="apply",
    minutes=4,
    prompt="`Y = E[ids]` looks up rows of $E$ $(V,C)$; `ids` $(B,T)$ holds whole numbers, and some occur more than "
    "once. `G` $(B,T,C)$ is $\\partial\\mathcal L/\\partial Y$. Return $\\partial\\mathcal L/\\partial E$.",
    starter="def embedding_backward(E, ids, G):\n    ...",
    solution="""
def embedding_backward(E, ids, G):
    dE = np.zeros_like(E)
    np.add.at(dE, ids, G)
    return dE
""",
    returns=("dE",),
    inputs=embedding_inputs,
    hints=(
        "A row that is looked up three times is used three times. What happens to the slopes of its uses?",
        "Start from zeros and add each G[b, t] to its row. What does dE[ids] += G do where an id occurs twice?",
        "It keeps only the last one. np.add.at(dE, ids, G) adds them all; a loop or a one-hot product does as well.",
    ),
    slips=(
        Slip(
            "fancy",
            "np.add.at(dE, ids, G)",
            "dE[ids] += G",
            "repeated ids don't add up: fancy indexing keeps the last use of each row",
            "dE[ids] += G reads all rows, adds, and writes all back: the last writer wins, and no error is raised.",
            "Token 0 occurs twice with the same gradient. What is in its row?",
        ),
        Slip(
            "assigned",
            "np.add.at(dE, ids, G)",
            "for n in np.ndindex(ids.shape):\n        if not dE[ids[n]].any():\n            dE[ids[n]] = G[n]",
            "only the first use of each row counts",
            "Every place that holds a token is a use of its row, and slopes of uses add.",
            "Token 0 occurs twice with the same gradient. What is in its row?",
        ),
        Slip(
            "averaged",
            "return dE",
            "return dE / np.maximum(np.bincount(ids.ravel(), minlength=len(E)), 1)[:, None]",
            "each row gets the mean over its uses, not the sum",
            "Every use counts in full. Whatever mean the loss takes is in G already.",
            "Should a frequent token move as far as a rare one?",
        ),
        Slip(
            "all-averaged",
            "return dE",
            "return dE / ids.size",
            "the gradient is divided by the number of places",
            "A layer hands on what arrives. Whatever mean the loss takes is in G already.",
            "Does this layer know whether the loss is a mean?",
        ),
        Slip(
            "from-E",
            "np.zeros_like(E)",
            "E.copy()",
            "the gradient starts from E, not from 0",
            "A row that is never looked up does not move the loss.",
            "What is the gradient of a row that nobody looks up?",
        ),
        Slip(
            "times-E",
            "dE, ids, G)",
            "dE, ids, G * E[ids])",
            "the gradient is multiplied by the row itself",
            "A lookup copies a row, so its slope is 1.",
            "How fast does Y move when the row does?",
        ),
        Slip(
            "places",
            "return dE",
            "return G",
            "this is the gradient of the looked-up rows, not of E",
            "There is one for each place. Those of the same token still have to meet in one row.",
            "What shape has E, and what shape has your gradient?",
        ),
    ),
)

DROPOUT = Exercise(
    id="layers.dropout",
    title="Inverted dropout, forward and backward",
    where=NOTEBOOK + "Embedding,-dropout-and-tied-weights",
    kind="function",
    level="apply",
    minutes=4,
    prompt="Dropout as frameworks have it: in training, entries are dropped with probability `p`, and the mean of each "
    "is kept; in evaluation nothing happens. `keep` is the mask that was drawn, True where an entry stays. Return $Y$, "
    "and $\\partial\\mathcal L/\\partial X$ for `G` $=\\partial\\mathcal L/\\partial Y$.",
    starter="def dropout(X, keep, p, training, G):\n    ...",
    solution="""
def dropout(X, keep, p, training, G):
    factor = np.ones_like(X)
    if training:
        factor = keep / (1 - p)
    Y = X * factor
    dX = G * factor
    return Y, dX
""",
    returns=("Y", "dX"),
    inputs=dropout_inputs,
    special=(lambda rng: dropout_inputs(rng, training=False),),
    batch=("X", 0),
    hints=(
        "An entry stays with probability 1 − p. By what must it be multiplied then, so that its mean stays?",
        "Given the mask this is a product, entry by entry, with a constant. Backward it is the same product.",
        "In training the factor is keep/(1 − p), in evaluation 1: for X forward, for G backward.",
    ),
    slips=(
        Slip(
            "no-scale",
            "keep / (1 - p)",
            "1.0 * keep",
            "the scale is missing: the mean shrinks in training",
            "Without it evaluation sees larger activations than training ever did.",
            "What is the mean of Y over many masks, in training and in evaluation?",
        ),
        Slip(
            "by-p",
            "keep / (1 - p)",
            "keep / p",
            "divided by p, not by the probability to stay",
            "p is the probability to drop. An entry stays with probability 1 − p.",
            "With p = 0.1, by how much should what stays grow?",
        ),
        Slip(
            "shrunk",
            "keep / (1 - p)",
            "keep * (1 - p)",
            "multiplied by 1 − p, not divided by it",
            "What stays must make up for what was dropped, so it grows.",
            "Should what stays grow or shrink?",
        ),
        Slip(
            "inverted",
            "keep / (1 - p)",
            "~keep / (1 - p)",
            "the mask is inverted: what should stay is dropped",
            "True means that the entry stays.",
            "Which entries of Y are 0?",
        ),
        Slip(
            "in-evaluation",
            "if training:",
            "if True:",
            "entries are dropped in evaluation too",
            "Dropout is noise for training. Evaluation uses the whole network.",
            "Do you get the same answer twice for the same input in evaluation?",
        ),
        Slip(
            "eval-scaled",
            "np.ones_like(X)",
            "np.full_like(X, 1 - p)",
            "evaluation is scaled by 1 − p as well",
            "The old form scaled there, and not in training. The inverted form has done it in training.",
            "How often does 1 − p enter in your version?",
        ),
        Slip(
            "no-mask-back",
            "G * factor",
            "G * factor.max()",
            "the mask is missing in the backward pass",
            "A dropped entry had no part in the loss, so its gradient is 0.",
            "What is the gradient of an entry that was dropped?",
        ),
        Slip(
            "no-scale-back",
            "G * factor",
            "G * (factor != 0)",
            "the scale is missing in the backward pass",
            "Forward X was multiplied by 1/(1 − p), so its slope has that factor.",
            "How fast does Y move with an entry that stays?",
        ),
        Slip(
            "untouched",
            "G * factor",
            "G",
            "the gradient passes as if nothing had been dropped",
            "Y = X ⊙ factor, so the slope is the factor.",
            "What is the gradient of an entry that was dropped?",
        ),
    ),
)

TIED = Exercise(
    id="layers.tied",
    title="Tied weights",
    where=NOTEBOOK + "Embedding,-dropout-and-tied-weights",
    kind="function",
    level="interview",
    minutes=6,
    prompt="One matrix $E$ $(V,C)$ is used twice: `h = tanh(E[ids])`, with `ids` $(B,)$, and logits `h @ E.T`. `G` "
    "$(B,V)$ is the gradient of the logits. Return $\\partial\\mathcal L/\\partial E$.",
    starter="def tied_backward(E, ids, G):\n    ...",
    solution="""
def tied_backward(E, ids, G):
    h = np.tanh(E[ids])
    dE = G.T @ h
    dx = (G @ E) * (1 - h**2)
    np.add.at(dE, ids, dx)
    return dE
""",
    returns=("dE",),
    inputs=tied_inputs,
    batch=("G", 0),
    hints=(
        "Give the two uses names of their own, E₁ at the input and E₂ at the output. What has E then?",
        "The output use is a linear layer. Its other gradient goes down through tanh to the rows that were looked up.",
        "Gᵀ h from the output, (G E) ⊙ (1 − h²) down to the lookup, and there each is added to its row (np.add.at).",
    ),
    slips=(
        Slip(
            "output-only",
            "np.add.at(dE, ids, dx)",
            "pass",
            "only the use at the output counts",
            "E is used at the input as well, and slopes of uses add.",
            "In which places does E stand in the forward pass?",
        ),
        Slip(
            "input-only",
            "dE = G.T @ h",
            "dE = np.zeros_like(E)",
            "only the use at the input counts",
            "E is used at the output as well, and slopes of uses add.",
            "In which places does E stand in the forward pass?",
        ),
        Slip(
            "averaged",
            "return dE",
            "return dE / 2",
            "the two uses are averaged, not added",
            "Slopes of uses add: nothing divides by their number.",
            "What is the slope of x + x?",
        ),
        Slip(
            "overwritten",
            "np.add.at(dE, ids, dx)",
            "dE[ids] = dx",
            "the use at the input overwrites the one at the output",
            "Both belong in the row. = stands where += belongs.",
            "What is left of your first term in a row that was looked up?",
        ),
        Slip(
            "fancy",
            "np.add.at(dE, ids, dx)",
            "dE[ids] += dx",
            "repeated ids don't add up: fancy indexing keeps the last use of each row",
            "dE[ids] += dx reads all rows, adds, and writes all back, so the last writer wins.",
            "A token occurs twice in ids. What arrives in its row?",
        ),
        Slip(
            "no-slope",
            " * (1 - h**2)",
            "",
            "tanh' is missing on the way down",
            "Between the lookup and the product stands a tanh, with a slope of its own.",
            "You have the gradient of h. How do you get to the row itself?",
        ),
        Slip(
            "not-h",
            "G.T @ h",
            "G.T @ E[ids]",
            "the output use takes the row itself, where h belongs",
            "E.T multiplies h, so h is the factor that it leaves.",
            "What does E.T multiply in the forward pass?",
        ),
        Slip(
            "transpose",
            "G @ E)",
            "G @ E.T)",
            "E is transposed once too often on the way down",
            "The logits are h Eᵀ, so going back it is G (Eᵀ)ᵀ = G E.",
            "Say the shapes of G and your factor aloud.",
        ),
    ),
)

MAX_POOL = Exercise(
    id="layers.max-pool",
    title="Max-pooling with overlapping windows, backward",
    where=NOTEBOOK + "Pooling-and-convolution",
    kind="function",
    level="interview",
    minutes=6,
    prompt="`Y[:, t] = X[:, t * stride : t * stride + k].max(axis=1)` for $X$ $(B,T,C)$, each feature by itself. "
    "Windows may overlap; of equal entries the first takes it all. `G` is $\\partial\\mathcal L/\\partial Y$. Return "
    "$\\partial\\mathcal L/\\partial X$.",
    starter="def max_pool_backward(X, G, k, stride):\n    ...",
    solution="""
def max_pool_backward(X, G, k, stride):
    dX = np.zeros_like(X)
    b, c = np.ogrid[: X.shape[0], : X.shape[2]]
    for t in range(G.shape[1]):
        start = t * stride
        winner = X[:, start : start + k].argmax(axis=1)
        dX[b, start + winner, c] += G[:, t]
    return dX
""",
    returns=("dX",),
    inputs=max_pool_inputs,
    special=(tied_maxima,),
    hints=(
        "Which entries of X move a maximum, when they move a little? With which slope?",
        "Only the largest of each window does, with slope 1. It may be the largest of the next window too.",
        "For each t: argmax along axis 1 of the window, plus the window's start, says where. Add G[:, t] there, "
        "feature by feature.",
    ),
    slips=(
        Slip(
            "overwrite",
            "+=",
            "=",
            "= where += belongs: an entry that wins in two windows keeps one of its gradients",
            "Where windows overlap, an entry can be used twice, and slopes of uses add.",
            "An entry is the largest of two windows. What is its gradient?",
        ),
        Slip(
            "no-start",
            "[b, start + winner, c]",
            "[b, winner, c]",
            "argmax counts from the window's start, and is used as a position in X",
            "Position = start of the window + position in it.",
            "Where in X is entry 0 of your second window?",
        ),
        Slip(
            "no-overlap",
            "start = t * stride",
            "start = min(t * k, X.shape[1] - k)",
            "the windows are taken to lie side by side: k for the stride",
            "They are `stride` apart, which may be less than k.",
            "Where does your second window start?",
        ),
        Slip(
            "everywhere",
            "dX[b, start + winner, c] += G[:, t]",
            "dX[:, start : start + k] += G[:, t : t + 1]",
            "every entry of the window gets the gradient",
            "An entry that is not the largest can move a little, and the maximum stays.",
            "Move an entry that is not the largest. What happens to Y?",
        ),
        Slip(
            "shared",
            "dX[b, start + winner, c] += G[:, t]",
            "dX[:, start : start + k] += G[:, t : t + 1] / k",
            "the gradient is spread over the window: this is average-pooling",
            "The mean moves with every entry, the maximum with one.",
            "Move an entry that is not the largest. What happens to Y?",
        ),
        Slip(
            "ties",
            "winner = X[:, start : start + k].argmax(axis=1)\n        dX[b, start + winner, c] += G[:, t]",
            "window = X[:, start : start + k]\n"
            "        dX[:, start : start + k] += (window == window.max(axis=1, keepdims=True)) * G[:, t : t + 1]",
            "at a tie every largest entry gets the whole gradient",
            "The slopes handed out must add up to 1: here the first takes it all. After a ReLU ties are common.",
            "A window of k zeros. What do the gradients of its entries sum to?",
        ),
        Slip(
            "last",
            "X[:, start : start + k].argmax(axis=1)",
            "k - 1 - X[:, start : start + k][:, ::-1].argmax(axis=1)",
            "at a tie the last of the largest entries gets the gradient",
            "Any of them would be a subgradient. The prompt, like PyTorch, takes the first.",
            "A window of k zeros. Which entry gets the gradient?",
        ),
        Slip(
            "one-winner",
            ".argmax(axis=1)",
            ".sum(axis=2, keepdims=True).argmax(axis=1)",
            "one winner for all features, where each feature has its own",
            "The maximum is taken feature by feature, so different positions win.",
            "Do all features have their largest entry at the same position?",
        ),
    ),
)

AVERAGE_POOL = Exercise(
    id="layers.average-pool",
    title="Average-pooling, backward",
    where=NOTEBOOK + "Pooling-and-convolution",
    kind="function",
    level="recall",
    minutes=3,
    prompt="Images (samples, height, width, features) were averaged over patches of `k` × `k` that lie side by side. "
    "`G` is the gradient of the result. Return the gradient of the images.",
    starter="def average_pool_backward(G, k):\n    ...",
    solution="""
def average_pool_backward(G, k):
    rows = np.repeat(G, k, axis=1)
    spread = np.repeat(rows, k, axis=2)
    dX = spread / k**2
    return dX
""",
    returns=("dX",),
    inputs=average_pool_inputs,
    hints=(
        "By how much does a mean move when one of its entries moves by 1?",
        "How many entries has a patch? Each of them gets the same.",
        "Repeat every entry of G k times along axis 1 and k times along axis 2, and divide by the number of entries.",
    ),
    slips=(
        Slip(
            "not-divided",
            " / k**2",
            "",
            "the gradient is not divided by the number of entries",
            "Forward it was a mean. This is the backward pass of a sum.",
            "By how much does the mean move when one entry moves by 1?",
        ),
        Slip(
            "by-k",
            " / k**2",
            " / k",
            "divided by k, where a patch has k × k entries",
            "The mean runs over two axes.",
            "Over how many entries does one mean run?",
        ),
        Slip(
            "tiled",
            "np.repeat(G, k, axis=1)",
            "np.tile(G, (1, k, 1, 1))",
            "the rows are tiled, not repeated",
            "tile sets whole copies one after the other: a b a b. A patch needs a a b b.",
            "Which entry of G do the first two rows of your result come from?",
        ),
        Slip(
            "one-axis",
            "np.repeat(rows, k, axis=2)",
            "rows",
            "the gradient is spread along the height only",
            "The patch is k × k: it shrank both axes.",
            "What shape had the images?",
        ),
        Slip(
            "features",
            "axis=2",
            "axis=3",
            "the features are repeated, not the width",
            "Features are the last axis here, and each is pooled by itself.",
            "What shape had the images?",
        ),
        Slip(
            "corner",
            "dX = spread / k**2",
            "dX = np.zeros_like(spread)\n    dX[:, ::k, ::k] = G",
            "one entry of each patch gets it all, as in max-pooling",
            "Every entry moves the mean.",
            "Which entries of the patch does the mean depend on?",
        ),
    ),
)

CONV = Exercise(
    id="layers.conv",
    title="A convolution in one dimension, backward",
    where=NOTEBOOK + "Pooling-and-convolution",
    kind="function",
    level="interview",
    minutes=10,
    prompt="$Y_t=\\sum_jX_{t+j}W_j+b$: $X$ $(B,T,n)$, $W$ $(k,n,m)$, and $Y$ $(B,T-k+1,m)$; no padding. `G` is "
    "$\\partial\\mathcal L/\\partial Y$. Return $\\partial\\mathcal L/\\partial X$, "
    "$\\partial\\mathcal L/\\partial W$ and $\\partial\\mathcal L/\\partial b$.",
    starter="def conv_backward(X, W, G):\n    ...",
    solution="""
def conv_backward(X, W, G):
    dX, dW = np.zeros_like(X), np.zeros_like(W)
    k, steps = len(W), G.shape[1]
    for j in range(k):
        seen = X[:, j : j + steps]
        dW[j] = np.einsum("btn,btm->nm", seen, G)
        dX[:, j : j + steps] += G @ W[j].T
    db = G.sum(axis=(0, 1))
    return dX, dW, db
""",
    returns=("dX", "dW", "db"),
    inputs=conv_inputs,
    hints=(
        "Take one j alone: X shifted by j, times W_j, is a linear layer. A convolution is the sum of k of them.",
        "For each j: which part of X did W_j see, and where does its gradient go back to?",
        "It saw X[:, j : j + T − k + 1]. There dW_j = Σ Xᵀ G, and to there G W_jᵀ is added, as the parts overlap.",
    ),
    slips=(
        Slip(
            "overwrite",
            "+=",
            "=",
            "= where += belongs: where windows overlap, only the last gradient is left",
            "An entry of X is used by up to k outputs, and slopes of uses add.",
            "How many outputs does an entry in the middle of X reach?",
        ),
        Slip(
            "not-shifted-dW",
            "seen = X[:, j : j + steps]",
            "seen = X[:, :steps]",
            "∂𝓛/∂W_j meets X unshifted",
            "W_j multiplies X at t + j.",
            "What does W_j multiply in the forward pass?",
        ),
        Slip(
            "not-shifted-dX",
            "dX[:, j : j + steps]",
            "dX[:, :steps]",
            "the gradient goes back to X unshifted",
            "W_j saw X at t + j, so that is where its gradient returns to.",
            "Which entry of X does the last W_j of the first output see?",
        ),
        Slip(
            "kernel-flipped",
            "G @ W[j].T",
            "G @ W[k - 1 - j].T",
            "the kernel is flipped, though the windows are not",
            "Written as a correlation over a padded G the kernel is flipped. Shifting dX by j has done that already.",
            "With which W_j did this entry of X reach that output?",
        ),
        Slip(
            "dW-flipped",
            "dW[j]",
            "dW[k - 1 - j]",
            "∂𝓛/∂W has its steps in the opposite order",
            "Frameworks don't flip the kernel forward: W_j belongs to X at t + j, in both passes.",
            "Which part of X belongs to W_0?",
        ),
        Slip(
            "transpose",
            "W[j].T",
            "W[j]",
            "W_j is not transposed in ∂𝓛/∂X",
            "Forward W_j takes n features to m; back, m slopes must become n.",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "mean-dW",
            "seen, G)",
            "seen, G) / steps",
            "∂𝓛/∂W is averaged over the positions",
            "The same W_j serves every position, so their slopes add.",
            "How often is W_j used in one sample?",
        ),
        Slip(
            "db-batch",
            "axis=(0, 1)",
            "axis=0",
            "∂𝓛/∂b is not summed over the positions",
            "b was broadcast along samples and positions.",
            "What shape has b, and what shape has its gradient?",
        ),
        Slip(
            "db-mean",
            "G.sum(axis=(0, 1))",
            "G.sum(axis=0).mean(axis=0)",
            "∂𝓛/∂b is averaged over the positions",
            "The same b serves every position, so their slopes add.",
            "How often is b used in one sample?",
        ),
    ),
)

COL2IM = Exercise(
    id="layers.col2im",
    title="From patches back to the sequence",
    where=NOTEBOOK + "Pooling-and-convolution",
    kind="function",
    level="interview",
    minutes=5,
    prompt="For a convolution as one matrix product, each window was copied into a row: "
    "`patches[:, t] = X[:, t : t + k].reshape(B, k * C)` for $X$ $(B,T,C)$, at every $t$. `D` $(B,T-k+1,kC)$ is the "
    "gradient of the patches. Return $\\partial\\mathcal L/\\partial X$.",
    starter="def col2im(D, k):\n    ...",
    solution="""
def col2im(D, k):
    B, steps, width = D.shape
    d_patches = D.reshape(B, steps, k, width // k)
    dX = np.zeros((B, steps + k - 1, width // k))
    for j in range(k):
        dX[:, j : j + steps] += d_patches[:, :, j]
    return dX
""",
    returns=("dX",),
    inputs=patches_inputs,
    hints=(
        "The forward pass only copies. How often is each entry of X copied?",
        "Undo the reshape: (B, steps, k, C). Entry j of patch t came from X at which position?",
        "At t + j. So for each j, d_patches[:, :, j] is added to dX[:, j : j + steps].",
    ),
    slips=(
        Slip(
            "overwrite",
            "+=",
            "=",
            "= where += belongs: only the last copy of each entry counts",
            "An entry that was copied into k patches gets the sum of their gradients.",
            "How often was an entry in the middle of X copied?",
        ),
        Slip(
            "averaged",
            "return dX",
            "return dX / np.convolve(np.ones(steps), np.ones(k))[:, None]",
            "the copies are averaged, not added",
            "Averaging undoes the copying. The backward pass is the transpose of copying, which adds.",
            "x is copied twice, and each copy has slope 1. What is the slope of x?",
        ),
        Slip(
            "features-first",
            "D.reshape(B, steps, k, width // k)",
            "D.reshape(B, steps, width // k, k).swapaxes(2, 3)",
            "the rows are read feature by feature, not step by step",
            "(k, C) was flattened, so the C features of one step lie side by side.",
            "Which k and which feature does entry 1 of a row belong to?",
        ),
        Slip(
            "reversed",
            "d_patches[:, :, j]",
            "d_patches[:, :, k - 1 - j]",
            "the steps of a patch are read in the opposite order",
            "Entry j of patch t is X at t + j.",
            "Which entry of X is the first in patch 0?",
        ),
        Slip(
            "side-by-side",
            "return dX",
            "return d_patches.reshape(B, steps * k, -1)",
            "the patches are laid side by side, as if they did not overlap",
            "Neighboring patches share k − 1 steps of X.",
            "How long was X, and how long is its gradient?",
        ),
        Slip(
            "not-shifted",
            "dX[:, j : j + steps]",
            "dX[:, :steps]",
            "every step of a patch goes back to the patch's start",
            "Entry j of patch t is X at t + j.",
            "What is the gradient of the last entry of X?",
        ),
    ),
)

BPTT = Exercise(
    id="layers.bptt",
    title="Backpropagation through time",
    where=NOTEBOOK + "Through-time:-RNN-and-LSTM",
    kind="function",
    level="interview",
    minutes=12,
    prompt="$h_t=\\tanh(X_tW_x+h_{t-1}W_h+b)$ for the steps of $X$ $(B,T,n)$, from `h0` $(B,m)$. The loss sees every "
    "$h_t$: `G` $(B,T,m)$ holds what arrives from it at each step. `weights` is $[W_x,W_h]$. Return "
    "$\\partial\\mathcal L/\\partial W_x$, $\\partial\\mathcal L/\\partial W_h$, $\\partial\\mathcal L/\\partial b$ "
    "and $\\partial\\mathcal L/\\partial h_0$.",
    starter="def bptt(X, h0, weights, b, G):\n    Wx, Wh = weights\n    ...",
    solution="""
def bptt(X, h0, weights, b, G):
    Wx, Wh = weights
    steps, h = range(X.shape[1]), [h0]
    for t in steps:
        h.append(np.tanh(X[:, t] @ Wx + h[t] @ Wh + b))
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
    dh = np.zeros_like(h0)
    for t in reversed(steps):
        dz = (G[:, t] + dh) * (1 - h[t + 1] ** 2)
        dWx += X[:, t].T @ dz
        dWh += h[t].T @ dz
        db += dz.sum(axis=0)
        dh = dz @ Wh.T
    return dWx, dWh, db, dh
""",
    returns=("dWx", "dWh", "db", "dh0"),
    inputs=rnn_inputs,
    hints=(
        "Unrolled it is a network of T layers that share their weights. Keep every h on the way up.",
        "Walk back from the last step. What arrives at h_t? Something from the loss, something from the step after it.",
        "dz = (G_t + dh) ⊙ (1 − h_t²) with h_t the step's own output. Add to dWx, dWh and db at every step, then "
        "dh = dz Whᵀ goes on to the step before.",
    ),
    slips=(
        Slip(
            "dWx-last",
            "dWx +=",
            "dWx =",
            "= where += belongs: ∂𝓛/∂Wx keeps one step only",
            "The same weights are used at every step, and slopes of uses add. What is left is step 0, written last.",
            "How often is Wx used?",
        ),
        Slip(
            "dWh-last",
            "dWh +=",
            "dWh =",
            "= where += belongs: ∂𝓛/∂Wh keeps one step only",
            "The same weights are used at every step, and slopes of uses add. What is left is step 0, written last.",
            "How often is Wh used?",
        ),
        Slip(
            "no-future",
            "(G[:, t] + dh)",
            "G[:, t]",
            "nothing comes back from later steps",
            "h_t also feeds step t + 1, and so all later losses. This is truncation after one step.",
            "Along which ways does h at step 0 reach the loss?",
        ),
        Slip(
            "no-local",
            "dh = dz @ Wh.T",
            "dh = (G[:, t] + dh) @ Wh.T",
            "tanh' is missing on the way to the step before",
            "Going back one step crosses the activation, then Wh.",
            "You have the slope with respect to h_t. What stands between it and h_{t−1}?",
        ),
        Slip(
            "own-state",
            "h[t].T @ dz",
            "h[t + 1].T @ dz",
            "∂𝓛/∂Wh takes the step's own state, not the one before it",
            "Wh multiplies h_{t−1}.",
            "What does Wh multiply in the forward pass?",
        ),
        Slip(
            "slope-before",
            "1 - h[t + 1] ** 2",
            "1 - h[t] ** 2",
            "tanh' is taken at the state before, not at the step's own",
            "h_t = tanh(z_t), so the slope at z_t is 1 − h_t².",
            "Which h belongs to this z?",
        ),
        Slip(
            "transpose",
            "dz @ Wh.T",
            "dz @ Wh",
            "Wh is not transposed on the way back",
            "Wh is square, so no shape will tell. The shapes to say aloud are: from this state, to that state.",
            "Wh is square. How would you know that its transpose belongs here?",
        ),
        Slip(
            "forward",
            "reversed(steps)",
            "steps",
            "the steps are walked forward",
            "A gradient comes from later steps. It must be complete before it is handed on.",
            "When you use dh, has it arrived?",
        ),
        Slip(
            "db-mean",
            "dz.sum(axis=0)",
            "dz.mean(axis=0)",
            "∂𝓛/∂b is averaged over the batch",
            "The same b serves every sample and step. Whatever mean the loss takes is in G already.",
            "Does this layer know whether the loss is a mean?",
        ),
    ),
)

LSTM = Exercise(
    id="layers.lstm",
    title="One step of an LSTM, backward",
    where=NOTEBOOK + "Through-time:-RNN-and-LSTM",
    kind="function",
    level="interview",
    minutes=10,
    prompt="$c=f\\odot c_{\\text{prev}}+i\\odot g$ and $h=o\\odot\\tanh c$. The gates are given as they left their "
    "activations: $i,f,o$ sigmoids of $z_i,z_f,z_o$, and $g=\\tanh z_g$, all $(B,m)$. `dh` is what arrives at $h$, "
    "`dc_next` what arrives at $c$ from the next step. Return $\\partial\\mathcal L/\\partial c_{\\text{prev}}$ and "
    "the gradients of $z_i,z_f,z_g,z_o$.",
    starter="def lstm_backward(i, f, g, o, c_prev, dh, dc_next):\n    ...",
    solution="""
def lstm_backward(i, f, g, o, c_prev, dh, dc_next):
    tanh_c = np.tanh(f * c_prev + i * g)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    dz_i = dc * g * i * (1 - i)
    dz_f = dc * c_prev * f * (1 - f)
    dz_g = dc * i * (1 - g**2)
    dz_o = dh * tanh_c * o * (1 - o)
    dc_prev = dc * f
    return dc_prev, dz_i, dz_f, dz_g, dz_o
""",
    returns=("dc_prev", "dz_i", "dz_f", "dz_g", "dz_o"),
    inputs=lstm_inputs,
    batch=("dh", 0),
    hints=(
        "Draw the step. Along how many ways does c reach the loss?",
        "Two: dc_next, and through tanh and o to h. The rest is products: a factor's slope is the other factor.",
        "dc = dc_next + dh ⊙ o ⊙ (1 − tanh² c). Then dc times g, c_prev, i, f for i, f, g and c_prev; dh times tanh c "
        "for o. Each gate still needs its own activation's slope.",
    ),
    slips=(
        Slip(
            "no-next",
            "dc_next + ",
            "",
            "what comes from the next step's c is forgotten",
            "c goes straight on to the next step: that is the highway for which the LSTM was made.",
            "Along which ways does c reach the loss?",
        ),
        Slip(
            "no-h",
            "dc_next + dh * o * (1 - tanh_c**2)",
            "dc_next",
            "what comes through h is forgotten",
            "c reaches h, by tanh and the output gate.",
            "Along which ways does c reach the loss?",
        ),
        Slip(
            "no-tanh",
            " * (1 - tanh_c**2)",
            "",
            "tanh' is missing between h and c",
            "h = o ⊙ tanh c: the slope of tanh belongs on this way.",
            "What stands between c and h?",
        ),
        Slip(
            "no-o",
            "dh * o * (1 - tanh_c",
            "dh * (1 - tanh_c",
            "the output gate is missing between h and c",
            "h = o ⊙ tanh c: a closed gate lets no gradient through.",
            "If o is 0, how much of dh reaches c?",
        ),
        Slip(
            "f-own",
            "dc * c_prev * f",
            "dc * (f * c_prev + i * g) * f",
            "z_f takes the new c, where c_prev belongs",
            "f multiplies the old state.",
            "What does f multiply in the forward pass?",
        ),
        Slip(
            "g-sigmoid",
            "dc * i * (1 - g**2)",
            "dc * i * g * (1 - g)",
            "the slope of g is the sigmoid's, not tanh's",
            "g is the candidate, a tanh. Only the three gates are sigmoids.",
            "Which activation has g?",
        ),
        Slip(
            "o-from-c",
            "dh * tanh_c * o",
            "dc * tanh_c * o",
            "z_o takes dc, where dh belongs",
            "The output gate acts on h only. It has no part in c.",
            "Through which quantity does o reach the loss?",
        ),
        Slip(
            "gate-value",
            "dc * g * i * (1 - i)",
            "dc * g",
            "z_i is given the gradient of i: the sigmoid's slope is missing",
            "This is ∂𝓛/∂i. The gate left a sigmoid.",
            "You have the slope with respect to the gate. How do you get to its z?",
        ),
        Slip(
            "no-forget",
            "dc_prev = dc * f",
            "dc_prev = 1 * dc",
            "the forget gate is missing on the way to c_prev",
            "The state was multiplied by f. Only at f = 1 does the gradient pass whole.",
            "What does the cell forget when f is 0, and what of the gradient?",
        ),
    ),
)

CHAIN = Exercise(
    id="layers.chain",
    title="A chain of matrices",
    where=NOTEBOOK + "Chains,-and-what-has-no-gradient",
    kind="function",
    level="interview",
    minutes=8,
    prompt="$Y=XW_1W_2\\cdots W_n$ in rows; `W` is the list of the matrices, and `G` is "
    "$\\partial\\mathcal L/\\partial Y$. Return the list of all $\\partial\\mathcal L/\\partial W_j$, in the same "
    "order, with about $3n$ products, not $n^2$.",
    starter="def chain_backward(X, W, G):\n    ...",
    solution="""
def chain_backward(X, W, G):
    prefix = [X]
    for w in W[:-1]:
        prefix.append(prefix[-1] @ w)
    dW, suffix = [None] * len(W), G
    for j in reversed(range(len(W))):
        dW[j] = prefix[j].T @ suffix
        suffix = suffix @ W[j].T
    return dW
""",
    returns=("dW",),
    inputs=chain_inputs,
    special=(square_chain,),
    hints=(
        "For one j: everything left of W_j is one matrix, everything right of it another.",
        "With Y = P W_j S: ∂𝓛/∂W_j = Pᵀ G Sᵀ. Do the P and S of neighbors have something in common?",
        "Build all P from the left, X, X W₁, …, once. Then go from the right: dW_j = Pⱼᵀ R, and R becomes R Wⱼᵀ, from "
        "R = G.",
    ),
    slips=(
        Slip(
            "prefix-not-transposed",
            "prefix[j].T",
            "prefix[j]",
            "the product to the left of W_j is not transposed",
            "(B, n) and (B, m): the batch must stand inside the product, to be summed away.",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "W-not-transposed",
            "W[j].T",
            "W[j]",
            "W_j is not transposed on the way down",
            "Forward W_j takes n numbers to m; back, m slopes must become n.",
            "Say the shapes of G and W_j aloud.",
        ),
        Slip(
            "own-included",
            "        dW[j] = prefix[j].T @ suffix\n        suffix = suffix @ W[j].T",
            "        suffix = suffix @ W[j].T\n        dW[j] = prefix[j].T @ suffix",
            "G has passed W_j itself before it meets the prefix",
            "W_j multiplies neither its own prefix nor its own suffix.",
            "Between which two products does W_j stand?",
        ),
        Slip(
            "not-handed-down",
            "suffix = suffix @ W[j].T",
            "pass",
            "every W_j gets G itself: the matrices to its right are forgotten",
            "What W_j makes still passes through all matrices after it.",
            "Which matrices stand between W_1 and Y?",
        ),
        Slip(
            "forward",
            "reversed(range(len(W)))",
            "range(len(W))",
            "the matrices are walked from left to right",
            "G arrives at the right end, and meets the last matrix first.",
            "Which matrix does G meet first?",
        ),
        Slip(
            "only-X",
            "prefix.append(prefix[-1] @ w)",
            "prefix.append(X)",
            "every W_j meets X itself: the matrices to its left are forgotten",
            "The input of W_j is X W₁ … W_{j−1}.",
            "What does W_2 multiply in the forward pass?",
        ),
        Slip(
            "prefix-order",
            "prefix[-1] @ w",
            "prefix[-1] @ w.T",
            "the matrices in the prefix are transposed",
            "The prefix belongs to the forward pass: X W₁ W₂ as it stands. Its transpose comes later, as a whole.",
            "What is the input of the second matrix?",
        ),
    ),
)

STRAIGHT_THROUGH = Exercise(
    id="layers.straight-through",
    title="Binary weights, straight through",
    where=NOTEBOOK + "Chains,-and-what-has-no-gradient",
    kind="function",
    level="interview",
    minutes=5,
    prompt="$Y=X\\operatorname{sign}(W)$ with sign(0) = 1. The weights are trained with the straight-through "
    "estimator: the slope of sign is taken as 1 where $|w|\\le1$, and as 0 beyond. `G` is "
    "$\\partial\\mathcal L/\\partial Y$. Return $\\partial\\mathcal L/\\partial X$, and the estimate of "
    "$\\partial\\mathcal L/\\partial W$.",
    starter="def binary_backward(X, W, G):\n    ...",
    solution="""
def binary_backward(X, W, G):
    signs = np.where(W >= 0, 1.0, -1.0)
    dX = G @ signs.T
    d_signs = X.T @ G
    dW = d_signs * (np.abs(W) <= 1)
    return dX, dW
""",
    returns=("dX", "dW"),
    inputs=binary_inputs,
    batch=("X", 0),
    hints=(
        "First the linear layer, with sign(W) as its matrix. Then one step from sign(W) to W.",
        "Only that last step is an estimate: the gradient passes as if sign were the identity, within limits.",
        "dX = G sign(W)ᵀ; Xᵀ G is the gradient of sign(W), and dW is the same where |W| ≤ 1, and 0 elsewhere.",
    ),
    slips=(
        Slip(
            "true-slope",
            "d_signs * (np.abs(W) <= 1)",
            "d_signs * 0",
            "the true derivative of sign, 0 almost everywhere, is used",
            "It is right, and nothing would ever be learned. The estimator pretends that the step is a line.",
            "What does your network learn?",
        ),
        Slip(
            "no-clip",
            " * (np.abs(W) <= 1)",
            "",
            "the gradient passes beyond |w| = 1 too",
            "There a weight could grow for ever without any change of its sign. The clip stops that.",
            "A weight is at 50. What does another step outward change?",
        ),
        Slip(
            "inverted",
            "<= 1",
            "> 1",
            "the gradient passes where it should be stopped",
            "It passes within |w| ≤ 1.",
            "Where can a small step still change the sign?",
        ),
        Slip(
            "real-weights",
            "G @ signs.T",
            "G @ W.T",
            "∂𝓛/∂X takes the real weights, not their signs",
            "Forward X met the signs. Only the step from sign(W) to W is an estimate.",
            "What does X multiply in the forward pass?",
        ),
        Slip(
            "times-sign",
            "d_signs * (np",
            "d_signs * signs * (np",
            "the gradient is multiplied by the sign",
            "Straight through means: as if sign were the identity, with slope 1.",
            "Which slope does the estimator give to sign?",
        ),
        Slip(
            "clipped-G",
            "d_signs * (np.abs(W) <= 1)",
            "np.clip(d_signs, -1, 1)",
            "the gradient is clipped, where the weight decides",
            "Whether a gradient passes depends on where the weight is, not on how large the gradient is.",
            "Whose size is compared with 1?",
        ),
        Slip(
            "transpose",
            "signs.T",
            "signs",
            "sign(W) is not transposed in ∂𝓛/∂X",
            "Forward it takes n numbers to m; back, m slopes must become n.",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "mean",
            "X.T @ G",
            "X.T @ G / len(X)",
            "∂𝓛/∂W is divided by B here",
            "A layer hands on what arrives. Whatever mean the loss takes is in G already.",
            "Does this layer know whether the loss is a mean?",
        ),
    ),
)

POST_NORM = Exercise(
    id="layers.post-norm",
    title="Backward through a post-norm block",
    where=NOTEBOOK + "A-transformer-that-learns",
    kind="expression",
    level="apply",
    minutes=3,
    prompt="A post-norm block computes $Y=N(X+F(X))$, with a norm $N$ and some layer $F$. Their backward passes are "
    "functions: `norm_back(G)` and `layer_back(G)` pull a gradient through. `G` is $\\partial\\mathcal L/\\partial Y$. "
    "Write $\\partial\\mathcal L/\\partial X$.",
    starter="G",
    solution="norm_back(G) + layer_back(norm_back(G))",
    returns=("dX",),
    inputs=block_inputs,
    names={
        "norm_back": pull(np.array([[1, 2, 0, 1], [0, 1, 3, 0], [2, 0, 1, 1], [1, 1, 0, 2]])),
        "layer_back": pull(np.array([[0, 1, 1, 2], [3, 0, 1, 0], [1, 2, 0, 1], [0, 1, 2, 1]])),
    },
    hints=(
        "Which step did the forward pass take last? It comes first going back.",
        "Behind the norm is a sum of X and F(X): two ways for X to reach the loss.",
        "Call what leaves the norm D. X gets D itself, by the skip, and what the layer makes of D.",
    ),
    slips=(
        Slip(
            "pre-norm",
            "norm_back(G) + layer_back(norm_back(G))",
            "G + norm_back(layer_back(G))",
            "this is the pre-norm block, X + F(N(X)): the skip passes by the norm",
            "In post-norm the norm stands on the skip as well. That is why its gradients need a warm-up.",
            "Is there a way from Y down to X that meets no norm?",
        ),
        Slip(
            "clean-skip",
            "norm_back(G) +",
            "G +",
            "the skip is taken to pass by the norm",
            "N was applied to the whole sum, X too.",
            "Is there a way from Y down to X that meets no norm?",
        ),
        Slip(
            "no-skip",
            "norm_back(G) + ",
            "",
            "the skip is forgotten",
            "X is added to F(X), so it reaches the loss directly as well.",
            "On how many ways does X reach the loss?",
        ),
        Slip(
            "no-branch",
            " + layer_back(norm_back(G))",
            "",
            "the layer is forgotten: only the skip passes",
            "X also acts through F.",
            "On how many ways does X reach the loss?",
        ),
        Slip(
            "branch-without-norm",
            "layer_back(norm_back(G))",
            "layer_back(G)",
            "the layer gets G before the norm has been undone",
            "F(X) went into the norm too, so its gradient comes out of the norm's backward pass.",
            "What does F hand its output to?",
        ),
        Slip(
            "forward-order",
            "layer_back(norm_back(G))",
            "norm_back(layer_back(G))",
            "layer and norm are undone in the order of the forward pass",
            "Forward F came first, then N. Going back, the last step comes first.",
            "Which step did the forward pass take last?",
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
    EMBEDDING,
    DROPOUT,
    TIED,
    MAX_POOL,
    AVERAGE_POOL,
    CONV,
    COL2IM,
    BPTT,
    LSTM,
    CHAIN,
    STRAIGHT_THROUGH,
    POST_NORM,
)
LADDERS = {}
