r"""Memory of activations

A transformer of `L` blocks keeps, for its backward pass and in float16, in each block: `k` arrays of shape $(B,T,C)$,
and the attention weights of its `H` heads, every position against every other. In megabytes ($10^6$ bytes): the arrays
of all blocks, the attention weights of all blocks, and both together for twice the length $T$.
"""

where = "scale#more"
level, minutes = "interview", 5
kind = "number"
starter = "(100, 100, 400)"


def transformer_sizes(rng):
    choices = {"L": (10, 20), "B": (3, 4, 8), "T": (500, 1000), "C": (240, 400), "H": (5, 6), "k": (12, 14)}
    return {name: int(rng.choice(values)) for name, values in choices.items()}


inputs = {"ordinary": transformer_sizes}


def megabytes(L, B, T, C, H, k):
    size = 2
    #: float32: size = 4
    #: numbers: size = 1
    arrays = L * k * B * T * C * size / 1e6
    #: one-block: arrays = k * B * T * C * size / 1e6
    attention = L * B * H * T * T * size / 1e6
    #: one-head: attention = L * B * T * T * size / 1e6
    #: features: attention = L * B * H * T * C * size / 1e6
    #: no-batch: attention = L * H * T * T * size / 1e6
    doubled = 2 * arrays + 4 * attention
    #: doubled-linear: doubled = 2 * arrays + 2 * attention
    #: doubled-square: doubled = 4 * arrays + 4 * attention
    return arrays, attention, doubled


hints = r"""
How many numbers has one array of each kind? How many bytes has each number?
The attention weights are (B, H, T, T) in each block. How does each kind grow with T?
L · k · BTC · 2 bytes and L · BHT² · 2 bytes. At 2T the first doubles, the second is four times as large.
"""

slips = r"""
float32: counted in float32: 4 bytes each
    float16 has 16 bits.
    "How many bytes has a float16?"
numbers: numbers are counted, not bytes
    float16 has 16 bits, which are 2 bytes.
    "How many bytes has a float16?"
one-head: the heads are left out of the attention weights
    Each head has weights of its own, over all positions.
    "Do two heads share their weights?"
features: the attention weights are given features, where keys belong
    A weight stands for a query and a key: T against T.
    "Over which axis does the softmax run?"
no-batch: the batch is left out of the attention weights
    Every sample has attention weights of its own.
    "Do two samples share their attention weights?"
one-block: the arrays of one block only
    Every block keeps its own until backward has passed it.
    "When is the first block's memory freed?"
doubled-linear: attention is taken to grow in proportion to T
    There is a weight for every pair of positions.
    "You double T. How many pairs of positions are there?"
doubled-square: all activations are taken to grow with T²
    Only the attention weights hold pairs. The arrays (B, T, C) have one row for each position.
    "Which of your arrays have T twice in their shape?"
"""
