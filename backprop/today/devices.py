"""Several simulated devices in one process: what they send one another, and how work is spread over them.

What is spread is a list with one array for each device. A collective takes such a list and returns one, by the steps of
a ring: each device sends one piece to its neighbor, all at once, n − 1 times. `Devices.sent` counts the bytes, so
what is said of them is measured. Nothing here runs in parallel; what is computed is what parallel devices compute.
"""

import numpy as np

from backprop import checks
from backprop.layers import matmul_backward


class Devices:
    """n devices in a ring. `sent` is how many bytes one device has sent so far: the most that any of them has.

    For arrays of S bytes reduce-scatter and all-gather send S (n − 1)/n each, and all-reduce, which is one after the
    other, twice that: less than 2S, however many devices there are (Patarasuk & Yuan, 2009).
    """

    def __init__(self, n):
        checks.whole(n, "n", "devices")
        self.n = n
        self.each = np.zeros(n, dtype=int)

    @property
    def sent(self):
        return int(self.each.max())

    def reduce_scatter(self, arrays):
        """One piece of Σ arrays for each device: device d holds the d-th of n pieces, cut along the first axis."""
        pieces = [np.array_split(array, self.n) for array in arrays]
        for step in range(1, self.n):
            for d, piece in enumerate([pieces[d][(d - step) % self.n] for d in range(self.n)]):
                k, neighbor = (d - step) % self.n, pieces[(d + 1) % self.n]
                self.each[d] += piece.nbytes
                neighbor[k] = neighbor[k] + piece
        return [pieces[d][d] for d in range(self.n)]

    def all_gather(self, pieces):
        """All pieces, joined, on each device: what reduce_scatter has cut apart."""
        held = [{d: piece} for d, piece in enumerate(pieces)]
        for step in range(self.n - 1):
            for d in range(self.n):
                k = (d - step) % self.n
                self.each[d] += held[d][k].nbytes
                held[(d + 1) % self.n][k] = held[d][k].copy()
        return [np.concatenate([own[k] for k in range(self.n)]) for own in held]

    def all_reduce(self, arrays):
        """Σ arrays, whole, on each device."""
        return self.all_gather(self.reduce_scatter(arrays))


def data_parallel(replicas, shards, output_error, devices):
    """Gradients of the mean loss over all samples, {(layer, name): one array per device}, and a log of what ran when.

    replicas      one `Sequential` for each device, all with the same weights
    shards        for each device a list of micro-batches (X, targets)
    output_error  (Y, targets) -> ∂/∂Y of the SUM of the losses of a micro-batch

    Every loss is divided by the number of samples on ALL devices, so that the reduction is a plain sum. A layer's
    gradient is reduced as soon as backward has left the layer, while the one below is being computed: the top layer's
    goes first. With several micro-batches they add up where they are, and only the last backward pass sends anything.
    """
    N = sum(len(X) for own in shards for X, _ in own)
    total, log, last = {}, [], len(shards[0]) - 1
    for m in range(last + 1):
        batches = [own[m] for own in shards]
        G = [output_error(net.forward(X), y) / N for net, (X, y) in zip(replicas, batches)]
        for l in reversed(range(len(replicas[0].layers))):
            layers = [net.layers[l] for net in replicas]
            G = [layer.backward(g) for layer, g in zip(layers, G)]
            log.append(f"backward {l}")
            for name in layers[0].names:
                local = [getattr(layer, "d" + name) for layer in layers]
                total[l, name] = [a + b for a, b in zip(total.get((l, name), [0.0] * devices.n), local)]
                if m == last:
                    total[l, name] = devices.all_reduce(total[l, name])
                    log.append(f"reduce {l} {name}")
    return total, log


def clip_spread(pieces, limit, devices):
    """Clip a gradient that is spread over devices, by its whole norm: each sends the square of its own piece's.

    ‖g‖² = Σ ‖piece‖², so one number is reduced, and all pieces shrink by the same factor min(1, limit/‖g‖). A
    gradient of zeros stays as it is.
    """
    squares = devices.all_reduce([np.array([np.sum(piece**2)]) for piece in pieces])
    return [limit / max(limit, np.sqrt(square[0])) * piece for square, piece in zip(squares, pieces)]


def bytes_held(stage, n, weight=2, gradient=2, state=12):
    """Bytes for each parameter on each of n devices, activations aside, under ZeRO's stages 0 to 3.

    Stage 1 spreads the optimizer's state (with Adam in mixed precision a float32 weight, m and v: 4 + 4 + 4), stage 2
    the gradients too, stage 3 the weights as well (Rajbhandari et al., 2020).
    """
    if stage not in range(4):
        raise ValueError(f"stage is {stage}, but there are 0, 1, 2 and 3.")
    return weight / (n if stage > 2 else 1) + gradient / (n if stage > 1 else 1) + state / (n if stage > 0 else 1)


def zero_step(stage, weights, states, batches, *, gradient, rule, devices):
    """One step of `rule` with what it remembers spread over the devices. Returns the weights as they are held then.

    weights   stages 0 to 2: the whole vector w on each device. Stage 3: a piece of it on each
    states    what the rule remembers, one state for each device: of its piece of w, at stage 0 of all of it
    gradient  (w, batch) -> a device's gradient, of which the mean is taken

    Stage 0 all-reduces the gradients, and each device does the whole step. From stage 1 on each gets one piece of
    the sum and updates one piece of w; then w is gathered. Stage 3 gathers w before it is used instead: once for the
    forward pass, and once more for the backward pass, since it was dropped in between. (A real run does so layer by
    layer, so that no device ever holds more than a layer or two. Stage 2 differs from stage 1 in that too: it
    frees each piece of the gradient that isn't its own. What is sent is the same.)
    """
    n = devices.n
    whole = weights
    if stage == 3:
        devices.all_gather(weights)  # for the forward pass
        whole = devices.all_gather(weights)  # for the backward pass
    local = [gradient(w, batch) / n for w, batch in zip(whole, batches)]
    if stage == 0:
        pieces, own = devices.all_reduce(local), [w.copy() for w in weights]
    else:
        pieces = devices.reduce_scatter(local)
        own = [np.array_split(w, n)[d].copy() for d, w in enumerate(whole)]
    for w, g, state in zip(own, pieces, states):
        rule.step(w, g, state)
    return devices.all_gather(own) if stage in (1, 2) else own


class SplitColumns:
    """Y_d = X W_d + b_d with W = [W_1 … W_n] cut by columns: each device has all of X and makes a part of Y's features.

    Forward sends nothing. Backward dW_d = Xᵀ G_d, db_d = Σ G_d, and dX = Σ_d G_d W_dᵀ: every part of Y was made of all
    of X, so the parts of dX are all-reduced (Shoeybi et al., 2019).
    """

    def __init__(self, W, b, devices):
        self.W, self.b = np.array_split(W, devices.n, axis=1), np.array_split(b, devices.n)
        self.devices = devices

    def forward(self, X):
        """X, the whole of it on each device -> the parts of Y."""
        self.X = X
        return [x @ W + b for x, W, b in zip(X, self.W, self.b)]

    def backward(self, G):
        """The parts of ∂𝓛/∂Y -> ∂𝓛/∂X, whole on each device."""
        dX, self.dW = zip(*map(matmul_backward, G, self.X, self.W))
        self.db = [g.sum(axis=0) for g in G]
        return self.devices.all_reduce(dX)


class SplitRows:
    """Y = Σ_d X_d W_d + b with W cut by rows: each device has a part of X's features and a summand of all of Y.

    Forward all-reduces the summands; b is added once. Backward dW_d = X_dᵀ G and dX_d = G W_dᵀ send nothing. Behind
    `SplitColumns` and an elementwise activation, it makes an MLP that is reduced once forward and once backward.
    """

    def __init__(self, W, b, devices):
        self.W, self.b, self.devices = np.array_split(W, devices.n), b, devices

    def forward(self, X):
        """The parts of X -> Y, whole on each device."""
        self.X = X
        return [Y + self.b for Y in self.devices.all_reduce([x @ W for x, W in zip(X, self.W)])]

    def backward(self, G):
        """∂𝓛/∂Y, whole on each device -> the parts of ∂𝓛/∂X."""
        dX, self.dW = zip(*map(matmul_backward, G, self.X, self.W))
        self.db = G[0].sum(axis=0)
        return list(dX)
