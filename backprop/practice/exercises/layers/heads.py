r"""The shapes of multi-head attention

$X$ is $(B,T,C)$ with $B=5$, $T=7$, $C=8$, and there are $H=4$ heads. Give the shapes of: the queries of all heads, with
the head as second axis; the weights $P$ after the softmax; the output of the heads, merged again; $\partial\mathcal
L/\partial P$; and $\partial\mathcal L/\partial W_O$ of the projection $(C,C)$ that follows.
"""

where = "transformers#heads"
level, minutes = "apply", 3
kind = "shape"
starter = "((1, 1, 1, 1), (1, 1, 1, 1), (1, 1, 1), (1, 1, 1, 1), (1, 1))"
inputs = {"ordinary": lambda rng: {"B": 5, "T": 7, "C": 8, "H": 4}}


def head_shapes(B, T, C, H):
    d = C // H
    #: d-is-C: d = C
    queries = (B, H, T, d)
    #: not-swapped: queries = (B, T, H, d)
    #: folded: queries = (B * H, T, d)
    P = (B, H, T, T)
    #: one-table: P = (B, T, T)
    #: P-features: P = (B, H, T, d)
    merged = (B, T, C)
    #: merged-d: merged = (B, T, d)
    dP = (B, H, T, T)
    #: dP-features: dP = (B, H, T, d)
    dW_O = (C, C)
    #: dW-batch: dW_O = (B, C, C)
    return queries, P, merged, dP, dW_O


hints = r"""
The C features are dealt out to the heads. How many does each get?
Each head of each sample has its own table of weights: every query against every key.
With d = C/H: queries (B, H, T, d), P (B, H, T, T), merged (B, T, C). A gradient has the shape of its thing.
"""

slips = r"""
d-is-C: each head has all C features
    The heads share them: d = C/H, so that all heads together cost as much as one of width C.
    "How many features does one head have, and how many do all of them have together?"
not-swapped: the queries are split, but the heads do not stand second
    This is what the reshape gives. For a product per head, H comes before T.
    "Which two axes must be last in a batched product?"
folded: heads and samples are folded into one axis
    That works in a batched product too. Here the head was asked for as an axis of its own.
    "Where is your head axis?"
one-table: there is one table of weights for all heads
    Each head has weights of its own: that is what several heads are for.
    "Do two heads look at the same places?"
P-features: P has features, not keys, as its last axis
    The features are summed away in q·k. A weight belongs to a query and a key.
    "Over which axis does the softmax run?"
merged-d: the heads are added up, not put side by side
    Merging concatenates the H outputs of d features: C again.
    "How many features leave the merge?"
dP-features: ∂𝓛/∂P does not have the shape of P
    (B, H, T, d) is the shape of the heads' output. dP = G Vᵀ sums the features away.
    "What shape is the gradient of a thing?"
dW-batch: ∂𝓛/∂W_O is not summed over the batch
    One matrix serves every sample and position: both axes are summed away.
    "How many matrices W_O are there?"
"""
