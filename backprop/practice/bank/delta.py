"""Exercises of notebook 02: the δ recurrence, (B1) to (B4), the batch, the border to rows."""

from backprop.activations import sigmoid
from backprop.practice.bank.make import normal, one_hot_columns, sizes
from backprop.practice.exercise import Exercise, Slip

NOTEBOOK = "02_delta_recurrence.ipynb#"


def sp(z):
    """σ'(z), as the whiteboard's abbreviation has it."""
    a = sigmoid(z)
    return a * (1 - a)


NAMES = {"sp": sp}


def pull_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"W": normal(rng, m, n), "a": normal(rng, n, B), "g": normal(rng, m, B)}


def output_inputs(rng):
    n, B = sizes(rng, 2)
    return {"z": normal(rng, n, B), "Y": rng.uniform(size=(n, B))}


def hidden_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"W_next": normal(rng, m, n), "delta_next": normal(rng, m, B), "z": normal(rng, n, B)}


def weight_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"delta": normal(rng, n, B), "a_prev": normal(rng, m, B), "a": normal(rng, n, B)}


def layer_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"W": normal(rng, m, n), "b": normal(rng, m, 1), "X": normal(rng, n, B), "Y": normal(rng, m, B)}


def network_sizes(rng):
    return {"n0": 4, "n1": 3, "n2": 2, "B": 5}


def two_layer_inputs(rng):
    D, H, K, B = sizes(rng, 4)
    data = {"X": normal(rng, D, B), "Y": rng.uniform(size=(K, B))}
    weights = {"W1": normal(rng, H, D), "b1": normal(rng, H, 1), "W2": normal(rng, K, H), "b2": normal(rng, K, 1)}
    return data | weights


def deep_inputs(rng):
    *n, B = sizes(rng, 5)
    W = [None] + [normal(rng, out, into) for into, out in zip(n, n[1:])]
    b = [None] + [normal(rng, out, 1) for out in n[1:]]
    return {"W": W, "b": b, "X": normal(rng, n[0], B), "Y": rng.uniform(size=(n[-1], B))}


def equal_widths(rng):
    """Where W^l in the place of W^{l+1} fits: only then does it differ from a missing transpose."""
    D, H, B = sizes(rng, 3)
    W = [None, normal(rng, H, D), normal(rng, H, H), normal(rng, H, H)]
    b = [None] + [normal(rng, H, 1) for _ in range(3)]
    return {"W": W, "b": b, "X": normal(rng, D, B), "Y": rng.uniform(size=(H, B))}


def linear_rows_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"X": normal(rng, B, n), "W": normal(rng, n, m), "G": normal(rng, B, m)}


def softmax_inputs(rng):
    D, H, K, B = sizes(rng, 4)
    data = {"X": normal(rng, B, D), "Y": one_hot_columns(rng, K, B).T}
    return data | {"W1": normal(rng, D, H), "b1": normal(rng, H), "W2": normal(rng, H, K), "b2": normal(rng, K)}


def large_logits(network):
    """The same network with a bias at the output that a naive softmax can't stand."""
    return network | {"b2": network["b2"] + 1000}


def residual_inputs(rng):
    (N,) = sizes(rng, 1)
    return {"pred": normal(rng, N, 1), "target": normal(rng, N)}


def network_inputs(rng):
    """The 4-3-2 network of the ladder after its forward pass, five samples as columns."""
    W1, b1, W2, b2 = normal(rng, 3, 4), normal(rng, 3, 1), normal(rng, 2, 3), normal(rng, 2, 1)
    a0 = normal(rng, 4, 5)
    z1 = W1 @ a0 + b1
    a1 = sigmoid(z1)
    z2 = W2 @ a1 + b2
    forward = {"a0": a0, "z1": z1, "a1": a1, "z2": z2, "a2": sigmoid(z2)}
    return forward | {"Y": rng.uniform(size=(2, 5)), "B": 5, "W1": W1, "b1": b1, "W2": W2, "b2": b2}


def with_d2(rng):
    """... and after the first rung, whose result the second may use."""
    net = network_inputs(rng)
    return net | {"d2": (net["a2"] - net["Y"]) / net["B"] * sp(net["z2"])}


def with_d1(rng):
    """... and after the second."""
    net = with_d2(rng)
    return net | {"d1": net["W2"].T @ net["d2"] * sp(net["z1"])}


PULL = Exercise(
    id="delta.pull",
    title="Back through z = W a",
    where=NOTEBOOK + "A-few-minutes-of-Jacobians",
    kind="expression",
    level="recall",
    minutes=2,
    prompt="$z=Wa$ for a batch of columns, or in rows $z=aW$, whichever you speak, and `g` is "
    "$\\partial\\mathcal L/\\partial z$. Write $\\partial\\mathcal L/\\partial a$ in `W`, `a` and `g`.",
    starter="W @ a",
    solution="W.T @ g",
    returns=("dL_da",),
    inputs=pull_inputs,
    rows=("W", "a", "g", "dL_da"),
    batch=("g", 1),
    hints=(
        "The Jacobian of z = Wa with respect to a is W. Say the shapes of W, g and the result.",
        "a_j reaches the loss through every z_i. Over which index of W does the sum run?",
        "Over the first, so it is a product with the transpose of W, on the left of g.",
    ),
    slips=(
        Slip(
            "transpose",
            "W.T",
            "W",
            "W is not transposed",
            "Going there W takes n numbers to m. Coming back, m slopes must become n.",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "rows",
            "W.T @ g",
            "g.T @ W",
            "the result is transposed: samples are its rows",
            "The numbers are right, but a has its samples in columns, and its gradient has the shape of a.",
            "What shape has a, and what shape has your gradient?",
        ),
        Slip(
            "weights",
            "W.T @ g",
            "g @ a.T",
            "this is the gradient of W, not of a",
            "g aᵀ has the shape of W. It is the other gradient that a linear layer has to give.",
            "With respect to what is your expression the slope?",
        ),
        Slip(
            "slope",
            " @ g",
            " @ g * (1 - a**2)",
            "a slope σ' is multiplied in, but no activation is asked for",
            "This goes one step further down, through a tanh. z = Wa has no activation in it.",
            "Between which two quantities does your last factor stand?",
        ),
    ),
)

B1 = Exercise(
    id="delta.b1",
    title="(B1), the error at the output",
    where=NOTEBOOK + "B1:-the-error-at-the-output",
    kind="function",
    level="apply",
    minutes=4,
    prompt="Sigmoid outputs, $\\mathcal L$ is $\\tfrac12\\|a-y\\|^2$ summed over the outputs and averaged over the "
    "batch. `z` and `Y` are columns, $(n_L,B)$. Return $\\delta^L$.",
    starter="def output_delta(z, Y):\n    ...",
    solution="""
def output_delta(z, Y):
    B = Y.shape[1]
    a = 1 / (1 + np.exp(-z))
    error = (a - Y) / B
    delta = error * a * (1 - a)
    return delta
""",
    returns=("delta",),
    inputs=output_inputs,
    batch=("Y", 1),
    hints=(
        "One path leads from each z to the loss: through its own a.",
        "The loss is a mean over the batch, so ∂𝓛/∂a has a 1/B. Which axis counts the samples?",
        "(a − Y)/B, entry by entry times a (1 − a).",
    ),
    slips=(
        Slip(
            "sign",
            "(a - Y)",
            "(Y - a)",
            "the sign is flipped: y − a for a − y",
            "The derivative of ½(a − y)² with respect to a is a − y.",
            "If an output is too small, should the loss rise or fall when it grows?",
        ),
        Slip(
            "two",
            "(a - Y)",
            "2 * (a - Y)",
            "a factor 2 too much: the ½ is forgotten",
            "The 2 from the square meets the ½ of the loss.",
            "Which loss did you differentiate: with the ½ or without?",
        ),
        Slip(
            "no-mean",
            " / B",
            "",
            "1/B is missing",
            "The loss is the mean over the batch, and δ^L is where its 1/B enters.",
            "Is the loss a sum or a mean over the batch?",
        ),
        Slip(
            "twice",
            " / B",
            " / B**2",
            "1/B is in it twice",
            "The mean is one factor 1/B of the loss, and so one of its gradient.",
            "How often does 1/B stand in the loss?",
        ),
        Slip(
            "wrong-axis",
            "Y.shape[1]",
            "Y.shape[0]",
            "the number of outputs is taken for the batch size",
            "Samples are columns here, so the second axis counts them.",
            "Which axis of Y is the batch?",
        ),
        Slip(
            "all",
            "Y.shape[1]",
            "Y.size",
            "the mean is taken over the outputs too",
            "Over the outputs this loss is a sum. A plain mean() of all squares divides by n_L B.",
            "Over what does your loss sum, and over what does it average?",
        ),
        Slip(
            "no-slope",
            " * a * (1 - a)",
            "",
            "σ' is missing",
            "This is ∂𝓛/∂a^L. It is δ^L for cross-entropy, not for squared error.",
            "You have the slope with respect to a. How do you get to z?",
        ),
        Slip(
            "at-a",
            "* a * (1 - a)",
            "* (1 / (1 + np.exp(-a))) * (1 - 1 / (1 + np.exp(-a)))",
            "σ' is taken at a, not at z",
            "a (1 − a) is the slope at z already. This goes through the sigmoid twice.",
            "At which point is the slope taken?",
        ),
        Slip(
            "tanh",
            "* a * (1 - a)",
            "* (1 - a**2)",
            "the slope is tanh's, not the sigmoid's",
            "1 − a² belongs to tanh. These outputs are sigmoids.",
            "How large can the slope of your output activation be?",
        ),
    ),
)

B2 = Exercise(
    id="delta.b2",
    title="(B2), one layer down",
    where=NOTEBOOK + "B2:-one-layer-down",
    kind="function",
    level="apply",
    minutes=3,
    prompt="Given $W^{l+1}$, $\\delta^{l+1}$ and $z^l$ of a tanh layer, all in columns, return $\\delta^l$.",
    starter="def hidden_delta(W_next, delta_next, z):\n    ...",
    solution="""
def hidden_delta(W_next, delta_next, z):
    upstream = W_next.T @ delta_next
    slope = 1 - np.tanh(z) ** 2
    delta = upstream * slope
    return delta
""",
    returns=("delta",),
    inputs=hidden_inputs,
    hints=(
        "Say the shapes: W_next (m, n), delta_next (m, B), z (n, B). What must δ have?",
        "Slopes are added over the neurons of the layer above: a product with the transpose.",
        "Multiply entry by entry with tanh'(z) = 1 − tanh²(z).",
    ),
    slips=(
        Slip(
            "transpose",
            "W_next.T",
            "W_next",
            "W^{l+1} is not transposed",
            "Going there W takes n numbers to m; back, m slopes must become n: the sum runs over W's first index.",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "no-slope",
            "upstream * slope",
            "upstream",
            "σ' is missing",
            "This is ∂𝓛/∂a^l. Between a and z stands the activation.",
            "You have the slope with respect to a. How do you get to z?",
        ),
        Slip(
            "at-a",
            "np.tanh(z) ** 2",
            "np.tanh(np.tanh(z)) ** 2",
            "σ' is taken at a, not at z",
            "1 − a² is the slope at z already. tanh'(a) goes through the activation twice.",
            "At which point is the slope taken?",
        ),
        Slip(
            "sigmoid",
            "1 - np.tanh(z) ** 2",
            "np.tanh(z) * (1 - np.tanh(z))",
            "the slope is the sigmoid's, not tanh's",
            "a (1 − a) belongs to the sigmoid. tanh has 1 − a².",
            "Which activation has this layer? How large can its slope be?",
        ),
        Slip(
            "value",
            "1 - np.tanh(z) ** 2",
            "np.tanh(z)",
            "δ is multiplied by σ(z) instead of σ'(z)",
            "The chain rule multiplies by the slope of the activation, not by its value.",
            "What does the chain rule ask for at this step?",
        ),
        Slip(
            "plus",
            "upstream * slope",
            "upstream + slope",
            "the factors are added, not multiplied",
            "Along one path slopes multiply. They are added only over different paths.",
            "How do sensitivities along one path combine?",
        ),
        Slip(
            "sign",
            "delta = ",
            "delta = -",
            "a minus sign too much",
            "The minus of gradient descent belongs to the update (B5), not to the gradient.",
            "Where does your algorithm subtract, and how often?",
        ),
    ),
)

B3 = Exercise(
    id="delta.b3",
    title="(B3), the gradient of W",
    where=NOTEBOOK + "B3-and-B4:-from-δ-to-the-parameters",
    kind="function",
    level="apply",
    minutes=2,
    prompt="Given $\\delta^l$ (with 1/B in it), $a^{l-1}$ and $a^l$, all in columns, return "
    "$\\partial\\mathcal L/\\partial W^l$. You will not need all three.",
    starter="def weight_gradient(delta, a_prev, a):\n    ...",
    solution="""
def weight_gradient(delta, a_prev, a):
    dW = delta @ a_prev.T
    return dW
""",
    returns=("dW",),
    inputs=weight_inputs,
    batch=("delta", 1),
    hints=(
        "Say the shapes: δ (n, B), W (n, m), with m the width of the layer below.",
        "W_ij is multiplied by a_j of the layer below, and its slope arrives in δ_i. Add over the samples.",
        "Row index from δ, column index from a: δ times a^{l−1} transposed.",
    ),
    slips=(
        Slip(
            "turned",
            "delta @ a_prev.T",
            "a_prev @ delta.T",
            "the outer product is the wrong way round",
            "This is the gradient transposed. With a square W nobody would notice.",
            "What shape has W, and what shape has your gradient?",
        ),
        Slip(
            "no-transpose",
            "a_prev.T",
            "a_prev",
            "a^{l-1} is not transposed",
            "The batch must be summed away, so it has to stand inside the product: (n, B)(B, m).",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "own",
            "a_prev.T",
            "a.T",
            "the layer's own activation stands where its input belongs",
            "W^l multiplies a^{l−1}, so this is the factor that it leaves.",
            "What does W^l multiply in the forward pass?",
        ),
        Slip(
            "mean",
            "delta @",
            "delta / delta.shape[1] @",
            "1/B is put in a second time",
            "δ has it already, from (B1). Every gradient takes it from there.",
            "Where does the 1/B of your loss enter, and how often?",
        ),
        Slip(
            "outer",
            "delta @ a_prev.T",
            "np.outer(delta, a_prev)",
            "np.outer takes each whole batch for one long vector",
            "The outer product is right for a single sample. For a batch the outer products are added, as @ does it.",
            "How many rows has np.outer of a (5, 7) and a (4, 7) array?",
        ),
        Slip(
            "sums",
            "delta @ a_prev.T",
            "delta.sum(axis=1, keepdims=True) @ a_prev.sum(axis=1, keepdims=True).T",
            "the batch is summed before the product, not in it",
            "A sum of products is not the product of the sums: each sample's δ meets its own input only.",
            "For one sample, what is the gradient? And for two?",
        ),
    ),
)

B4 = Exercise(
    id="delta.b4",
    title="(B4), the gradient of b",
    where=NOTEBOOK + "B3-and-B4:-from-δ-to-the-parameters",
    kind="function",
    level="recall",
    minutes=2,
    prompt="Given $\\delta^l$ in columns, $(n,B)$, with 1/B in it, return $\\partial\\mathcal L/\\partial b^l$.",
    starter="def bias_gradient(delta):\n    ...",
    solution="""
def bias_gradient(delta):
    db = delta.sum(axis=1, keepdims=True)
    return db
""",
    returns=("db",),
    inputs=lambda rng: {"delta": normal(rng, *sizes(rng, 2))},
    batch=("delta", 1),
    hints=(
        "b is (n, 1), and its gradient has the same shape.",
        "The same b serves every sample: one path per sample, and paths add.",
        "Sum δ over the axis of the samples, and keep a column.",
    ),
    slips=(
        Slip(
            "no-sum",
            ".sum(axis=1, keepdims=True)",
            "",
            "δ is not summed over the batch",
            "One b serves all samples, so each sample adds its slope.",
            "What shape has b, and what shape has your gradient?",
        ),
        Slip(
            "neurons",
            "axis=1",
            "axis=0",
            "the sum runs over the neurons, not over the batch",
            "Samples are columns here, so the batch is axis 1. Axis 0 is right in rows.",
            "Which axis should disappear?",
        ),
        Slip(
            "mean",
            ".sum(",
            ".mean(",
            "a mean stands where a sum belongs: 1/B is in it twice",
            "The mean of the loss is in δ already. Here the slopes of the samples add.",
            "Where does the 1/B of your loss enter, and how often?",
        ),
        Slip(
            "all",
            "axis=1, keepdims=True",
            "",
            "the sum runs over everything: one number for all biases",
            "Each neuron has a bias of its own. Only the batch is summed away.",
            "How many biases does the layer have, and how many numbers do you return?",
        ),
        Slip(
            "first",
            ".sum(axis=1, keepdims=True)",
            "[:, :1]",
            "only the first sample counts",
            "Every sample is a path from b to the loss.",
            "What do the other samples say about b?",
        ),
    ),
)

MEAN = Exercise(
    id="delta.mean",
    title="1/B, exactly once",
    where=NOTEBOOK + "The-batch,-and-where-1/B-goes",
    kind="function",
    level="apply",
    minutes=4,
    prompt="One linear layer in columns, $Z=WX+b$, with $\\mathcal L=\\frac1B\\sum_s\\tfrac12\\|z_s-y_s\\|^2$. Return "
    "$\\partial\\mathcal L/\\partial W$ and $\\partial\\mathcal L/\\partial b$.",
    starter="def mean_gradient(W, b, X, Y):\n    ...",
    solution="""
def mean_gradient(W, b, X, Y):
    B = X.shape[1]
    Z = W @ X + b
    delta = (Z - Y) / B
    dW = delta @ X.T
    db = delta.sum(axis=1, keepdims=True)
    return dW, db
""",
    returns=("dW", "db"),
    inputs=layer_inputs,
    batch=("X", 1),
    hints=(
        "The 1/B is a constant factor of the loss, so of every gradient. Where do you differentiate the loss?",
        "Put it in δ. Which lines take it from there by themselves?",
        "δ = (Z − Y)/B. Then (B3) and (B4) as they stand, with a sum for b.",
    ),
    slips=(
        Slip(
            "no-mean",
            " / B",
            "",
            "1/B is missing: both gradients are B times too big",
            "The loss is a mean over the batch. Training still works, with a learning rate secretly multiplied by B.",
            "What happens to your gradient when every sample occurs twice in the batch?",
        ),
        Slip(
            "again-dW",
            "delta @ X.T",
            "delta @ X.T / B",
            "∂𝓛/∂W is divided by B a second time",
            "δ has the 1/B already, and the product carries it on.",
            "How often does 1/B stand in the loss? And in your dW?",
        ),
        Slip(
            "mean-db",
            ".sum(",
            ".mean(",
            "a mean stands where a sum belongs in ∂𝓛/∂b: 1/B is in it twice",
            "One b serves all samples, so the slopes add. The mean of the loss is in each δ already.",
            "Why is the gradient of b a sum, when the loss is a mean?",
        ),
        Slip(
            "wrong-axis",
            "X.shape[1]",
            "X.shape[0]",
            "the number of inputs is taken for the batch size",
            "Samples are columns here, so the second axis counts them.",
            "Which axis of X is the batch?",
        ),
        Slip(
            "all",
            "/ B",
            "/ Y.size",
            "the mean is taken over the outputs too",
            "Over the outputs this loss is a sum. A plain mean() of all squares divides by n B.",
            "Over what does the loss sum, and over what does it average?",
        ),
        Slip(
            "sign",
            "(Z - Y)",
            "(Y - Z)",
            "the sign is flipped: y − z for z − y",
            "The derivative of ½(z − y)² with respect to z is z − y.",
            "If an output is too small, should the loss rise or fall when it grows?",
        ),
        Slip(
            "two",
            "(Z - Y)",
            "2 * (Z - Y)",
            "a factor 2 too much: the ½ is forgotten",
            "The 2 from the square meets the ½ of the loss.",
            "Which loss did you differentiate: with the ½ or without?",
        ),
        Slip(
            "no-bias",
            "W @ X + b",
            "W @ X",
            "the bias is missing in the forward pass",
            "Then the error is that of another layer. With b = 0 nobody would notice.",
            "Walk me through your forward pass once more.",
        ),
        Slip(
            "no-sum",
            ".sum(axis=1, keepdims=True)",
            "",
            "∂𝓛/∂b is not summed over the batch",
            "One b serves all samples, so each sample adds its slope.",
            "What shape has b, and what shape has its gradient?",
        ),
    ),
)

SHAPES = Exercise(
    id="delta.shapes",
    title="Shapes on a 4-3-2 network, in columns",
    where=NOTEBOOK + "B3-and-B4:-from-δ-to-the-parameters",
    kind="shape",
    level="recall",
    minutes=2,
    prompt="A network with $n_0=4$ inputs, $n_1=3$ hidden neurons and $n_2=2$ outputs, a batch of $B=5$, samples as "
    "**columns**. Give the shapes of $\\delta^2$, $\\delta^1$, $\\partial\\mathcal L/\\partial W^2$, "
    "$\\partial\\mathcal L/\\partial W^1$, $\\partial\\mathcal L/\\partial b^2$, $\\partial\\mathcal L/\\partial b^1$.",
    starter="((1, 1), (1, 1), (1, 1), (1, 1), (1, 1), (1, 1))",
    solution="""
def shapes(n0, n1, n2, B):
    delta2, delta1 = (n2, B), (n1, B)
    dW2, dW1 = (n2, n1), (n1, n0)
    db2, db1 = (n2, 1), (n1, 1)
    return delta2, delta1, dW2, dW1, db2, db1
""",
    returns=("delta2", "delta1", "dW2", "dW1", "db2", "db1"),
    inputs=network_sizes,
    hints=(
        "δ^l has the shape of z^l. Every gradient has the shape of its parameter.",
        "W^l takes n_{l−1} numbers to n_l, and multiplies columns from the left.",
        "δ^l is (n_l, B), W^l is (n_l, n_{l−1}), b^l is (n_l, 1).",
    ),
    slips=(
        Slip(
            "delta-rows",
            "(n2, B), (n1, B)",
            "(B, n2), (B, n1)",
            "δ is in rows",
            "(B, n) is the dialect of the frameworks. Here each sample is a column.",
            "Which axis of your δ is the batch?",
        ),
        Slip(
            "one-sample",
            "(n2, B), (n1, B)",
            "(n2, 1), (n1, 1)",
            "the batch is missing from δ",
            "That is δ of one sample. There is one column for each.",
            "How many samples are in the batch, and where are their errors?",
        ),
        Slip(
            "layer-off",
            "(n2, B), (n1, B)",
            "(n1, B), (n0, B)",
            "δ is counted one layer too low",
            "δ^l is the slope with respect to z^l, the layer's output side, not its input.",
            "With respect to what is δ² the slope?",
        ),
        Slip(
            "W-turned",
            "(n2, n1), (n1, n0)",
            "(n1, n2), (n0, n1)",
            "the gradients of W are transposed",
            "(in, out) belongs to rows, Y = XW. In columns W stands on the left, (out, in).",
            "Write z = Wa + b and say the shapes. Does the product work?",
        ),
        Slip(
            "b-batch",
            "(n2, 1), (n1, 1)",
            "(n2, B), (n1, B)",
            "∂𝓛/∂b is not summed over the batch",
            "One b serves all samples, and its gradient has the shape of b.",
            "What shape has b?",
        ),
        Slip(
            "b-neurons",
            "(n2, 1), (n1, 1)",
            "(1, B), (1, B)",
            "∂𝓛/∂b is summed over the neurons, not over the batch",
            "Each neuron has its own bias. What disappears is the batch.",
            "Which axis does the sum remove?",
        ),
        Slip(
            "b-flat",
            "(n2, 1), (n1, 1)",
            "(n2,), (n1,)",
            "∂𝓛/∂b has lost its axis of length 1",
            "Added to columns, a 1-D array is read as a row. In columns b is (n, 1), hence keepdims.",
            "What does NumPy do with (n, B) + (n,)?",
        ),
    ),
)

BACKWARD = Exercise(
    id="delta.backward",
    title="Backward through two layers",
    where=NOTEBOOK + "B3-and-B4:-from-δ-to-the-parameters",
    kind="function",
    level="interview",
    minutes=8,
    prompt="In columns: tanh in the hidden layer, a sigmoid at the output, squared error (½, summed over outputs, mean "
    "over the batch). Go forward, then backward, and return "
    "$\\partial\\mathcal L/\\partial W^1,\\ \\partial\\mathcal L/\\partial b^1,\\ "
    "\\partial\\mathcal L/\\partial W^2,\\ \\partial\\mathcal L/\\partial b^2$.",
    starter="def two_layers(X, Y, W1, b1, W2, b2):\n    ...",
    solution="""
def two_layers(X, Y, W1, b1, W2, b2):
    B = X.shape[1]
    a1 = np.tanh(W1 @ X + b1)
    a2 = 1 / (1 + np.exp(-(W2 @ a1 + b2)))
    delta2 = (a2 - Y) / B * a2 * (1 - a2)  # (B1)
    delta1 = W2.T @ delta2 * (1 - a1**2)  # (B2)
    dW2 = delta2 @ a1.T  # (B3)
    db2 = delta2.sum(axis=1, keepdims=True)  # (B4)
    dW1 = delta1 @ X.T  # (B3)
    db1 = delta1.sum(axis=1, keepdims=True)  # (B4)
    return dW1, db1, dW2, db2
""",
    returns=("dW1", "db1", "dW2", "db2"),
    inputs=two_layer_inputs,
    batch=("X", 1),
    hints=(
        "Forward with a1 and a2 kept. Then one line each for (B1) and (B2), two for (B3), two for (B4).",
        "Write the shape of every line in a comment: δ^l like z^l, each gradient like its parameter.",
        "(B1) is (a2 − Y)/B ⊙ a2(1 − a2). (B2) is W2ᵀ δ2 ⊙ (1 − a1²). The rest is δ aᵀ and δ summed over axis 1.",
    ),
    slips=(
        Slip(
            "sign",
            "(a2 - Y)",
            "(Y - a2)",
            "the sign is flipped: y − a for a − y",
            "The derivative of ½(a − y)² with respect to a is a − y. All four gradients inherit the sign.",
            "If an output is too small, should the loss rise or fall when it grows?",
        ),
        Slip(
            "no-mean",
            " / B",
            "",
            "1/B is missing",
            "The loss is the mean over the batch. (B1) is where its 1/B enters, once.",
            "Is the loss a sum or a mean over the batch?",
        ),
        Slip(
            "wrong-axis",
            "X.shape[1]",
            "X.shape[0]",
            "the number of inputs is taken for the batch size",
            "Samples are columns here, so the second axis counts them.",
            "Which axis of X is the batch?",
        ),
        Slip(
            "no-slope-2",
            " * a2 * (1 - a2)",
            "",
            "σ' is missing at the output",
            "a − y is δ for cross-entropy after a sigmoid. For squared error the slope stays.",
            "Which loss does your output error belong to?",
        ),
        Slip(
            "transpose",
            "W2.T",
            "W2",
            "W² is not transposed in (B2)",
            "Going there W² takes the hidden layer to the output. Back, the slopes go the other way.",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "no-slope-1",
            " * (1 - a1**2)",
            "",
            "σ' is missing in the hidden layer",
            "Without it δ¹ is the slope with respect to a¹. The network still learns, so the loss won't tell.",
            "You have the slope with respect to a. How do you get to z?",
        ),
        Slip(
            "sigmoid",
            "(1 - a1**2)",
            "a1 * (1 - a1)",
            "the hidden slope is the sigmoid's, not tanh's",
            "a (1 − a) belongs to the sigmoid. tanh has 1 − a².",
            "Which activation does the hidden layer have?",
        ),
        Slip(
            "at-a",
            "(1 - a1**2)",
            "(1 - np.tanh(a1) ** 2)",
            "σ' is taken at a, not at z, in the hidden layer",
            "1 − a² is the slope at z already. tanh'(a) goes through the activation twice.",
            "At which point is the slope taken?",
        ),
        Slip(
            "own",
            "delta1 @ X.T",
            "delta1 @ a1.T",
            "∂𝓛/∂W¹ takes the layer's own activation, not its input",
            "W¹ multiplies X. δ¹ a¹ᵀ is square, and fits nothing here.",
            "What does W¹ multiply in the forward pass?",
        ),
        Slip(
            "turned",
            "delta1 @ X.T",
            "X @ delta1.T",
            "∂𝓛/∂W¹ is the outer product the wrong way round",
            "Row index from δ, column index from the input.",
            "What shape has W¹, and what shape has its gradient?",
        ),
        Slip(
            "mean-db",
            "delta1.sum(",
            "delta1.mean(",
            "∂𝓛/∂b¹ is averaged, though δ has its 1/B already",
            "One b serves all samples, so the slopes add.",
            "Why is the gradient of b a sum, when the loss is a mean?",
        ),
        Slip(
            "no-sum",
            "delta2.sum(axis=1, keepdims=True)",
            "delta2",
            "∂𝓛/∂b² is not summed over the batch",
            "The update would stretch b to one column per sample, or fail.",
            "What shape has b², and what shape has its gradient?",
        ),
    ),
)

LAYERS = Exercise(
    id="delta.layers",
    title="Backward through L layers",
    where=NOTEBOOK + "A-dozen-lines,-and-three-gaps",
    kind="function",
    level="interview",
    minutes=10,
    prompt="In columns, for any $L$: `W` and `b` are lists padded with None, so that `W[1]` is the first layer's. tanh "
    "in the hidden layers, a sigmoid with binary cross-entropy at the output, mean over the batch. Return two lists "
    "`dW, db`, padded in the same way.",
    starter="def backward(W, b, X, Y):\n    ...",
    solution="""
def backward(W, b, X, Y):
    L, B = len(W) - 1, X.shape[1]
    a = [X]
    for l in range(1, L + 1):
        z = W[l] @ a[l - 1] + b[l]
        a.append(np.tanh(z) if l < L else 1 / (1 + np.exp(-z)))
    delta, dW, db = ([None] * (L + 1) for _ in range(3))
    delta[L] = (a[L] - Y) / B  # (B1)
    for l in range(L - 1, 0, -1):
        delta[l] = W[l + 1].T @ delta[l + 1] * (1 - a[l] ** 2)  # (B2)
    for l in range(1, L + 1):
        dW[l] = delta[l] @ a[l - 1].T  # (B3)
    for l in range(1, L + 1):
        db[l] = delta[l].sum(axis=1, keepdims=True)  # (B4)
    return dW, db
""",
    returns=("dW", "db"),
    inputs=deep_inputs,
    special=(equal_widths,),
    batch=("X", 1),
    hints=(
        "Forward, and keep every a[l], with a[0] = X. The lists have L + 1 places, so L = len(W) − 1.",
        "(B2) runs from L − 1 down to 1. Over which layers do (B3) and (B4) run?",
        "delta[L] = (a[L] − Y)/B. Then delta[l] from W[l+1], delta[l+1] and 1 − a[l]². Then dW and db for all of 1..L.",
    ),
    slips=(
        Slip(
            "no-last-dW",
            "for l in range(1, L + 1):\n        dW[l]",
            "for l in range(1, L):\n        dW[l]",
            "∂𝓛/∂W^L is never computed",
            "(B2) stops at layer L − 1, but (B3) holds for the last layer too. The usual pseudocode has this gap.",
            "How many matrices does the network have, and how many gradients do you return?",
        ),
        Slip(
            "no-db",
            "db[l] = delta[l].sum(axis=1, keepdims=True)",
            "pass",
            "∂𝓛/∂b is never computed",
            "The biases are parameters too. Whether a network learns without them depends on the data.",
            "Which parameters does the update change, and where do their gradients come from?",
        ),
        Slip(
            "extra-slope",
            "(a[L] - Y) / B",
            "(a[L] - Y) / B * a[L] * (1 - a[L])",
            "σ' is multiplied in at the output, though it has cancelled",
            "For cross-entropy after a sigmoid a − y is δ already. With a (1 − a) it is that of the squared error.",
            "Which loss does your output error belong to?",
        ),
        Slip(
            "sign",
            "(a[L] - Y)",
            "(Y - a[L])",
            "the sign is flipped: y − a for a − y",
            "The loss has a minus in front of its logarithms. All gradients inherit the sign.",
            "If an output is too small, should the loss rise or fall when z grows?",
        ),
        Slip(
            "no-mean",
            " / B",
            "",
            "1/B is missing",
            "The loss is the mean over the batch. (B1) is where its 1/B enters, once.",
            "Is the loss a sum or a mean over the batch?",
        ),
        Slip(
            "own-weights",
            "W[l + 1].T",
            "W[l].T",
            "(B2) takes W^l instead of W^{l+1}",
            "From z^l the way up leads through the next layer's matrix.",
            "Which matrix stands between a^l and z^{l+1}?",
        ),
        Slip(
            "transpose",
            "W[l + 1].T",
            "W[l + 1]",
            "W^{l+1} is not transposed",
            "Going there W takes n numbers to m; back, m slopes must become n.",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "no-slope",
            " * (1 - a[l] ** 2)",
            "",
            "σ' is missing in the hidden layers",
            "Without it δ is the slope with respect to a. The network often still learns, so the loss won't tell.",
            "You have the slope with respect to a. How do you get to z?",
        ),
        Slip(
            "at-a",
            "(1 - a[l] ** 2)",
            "(1 - np.tanh(a[l]) ** 2)",
            "σ' is taken at a, not at z",
            "1 − a² is the slope at z already. tanh'(a) goes through the activation twice.",
            "At which point is the slope taken?",
        ),
        Slip(
            "own-input",
            "a[l - 1].T",
            "a[l].T",
            "(B3) takes the layer's own activation, not its input",
            "W^l multiplies a^{l−1}, so this is the factor that it leaves.",
            "What does W^l multiply in the forward pass?",
        ),
        Slip(
            "mean-db",
            ".sum(",
            ".mean(",
            "∂𝓛/∂b is averaged, though δ has its 1/B already",
            "One b serves all samples, so the slopes add.",
            "Why is the gradient of b a sum, when the loss is a mean?",
        ),
    ),
)

SHAPES_ROWS = Exercise(
    id="delta.shapes-rows",
    title="Shapes on a 4-3-2 network, in rows",
    where=NOTEBOOK + "The-border:-columns-and-rows",
    kind="shape",
    level="recall",
    minutes=2,
    prompt="The same network, $n_0=4$, $n_1=3$, $n_2=2$, a batch of $B=5$, but samples as **rows** and $Z=AW+b$ with a "
    "1-D bias. Give the shapes of $\\partial\\mathcal L/\\partial Z^2$, $\\partial\\mathcal L/\\partial Z^1$, "
    "$\\partial\\mathcal L/\\partial W^2$, $\\partial\\mathcal L/\\partial W^1$, $\\partial\\mathcal L/\\partial b^2$, "
    "$\\partial\\mathcal L/\\partial b^1$.",
    starter="((1, 1), (1, 1), (1, 1), (1, 1), (1,), (1,))",
    solution="""
def shapes_rows(n0, n1, n2, B):
    dZ2, dZ1 = (B, n2), (B, n1)
    dW2, dW1 = (n1, n2), (n0, n1)
    db2, db1 = (n2,), (n1,)
    return dZ2, dZ1, dW2, dW1, db2, db1
""",
    returns=("dZ2", "dZ1", "dW2", "dW1", "db2", "db1"),
    inputs=network_sizes,
    hints=(
        "Everything from the columns is transposed, and a 1-D array has no axis to transpose.",
        "Z = AW + b: A is (B, in), Z is (B, out). What must W be?",
        "dZ is (B, out), dW is (in, out), db is (out,).",
    ),
    slips=(
        Slip(
            "Z-columns",
            "(B, n2), (B, n1)",
            "(n2, B), (n1, B)",
            "∂𝓛/∂Z is still in columns",
            "In rows each sample is a row: the batch comes first.",
            "Which axis is the batch here?",
        ),
        Slip(
            "one-sample",
            "(B, n2), (B, n1)",
            "(1, n2), (1, n1)",
            "the batch is missing from ∂𝓛/∂Z",
            "That is one sample. There is one row for each.",
            "How many samples are in the batch, and where are their errors?",
        ),
        Slip(
            "layer-off",
            "(B, n2), (B, n1)",
            "(B, n1), (B, n0)",
            "∂𝓛/∂Z is counted one layer too low",
            "Z² is the output layer's, so its gradient has as many columns as there are outputs.",
            "How wide is Z²?",
        ),
        Slip(
            "W-columns",
            "(n1, n2), (n0, n1)",
            "(n2, n1), (n1, n0)",
            "the gradients of W are still (out, in)",
            "(out, in) is the whiteboard's W, and how nn.Linear stores it. In Z = AW + b, W is (in, out).",
            "Write Z = AW + b and say the shapes. Does the product work?",
        ),
        Slip(
            "b-column",
            "(n2,), (n1,)",
            "(n2, 1), (n1, 1)",
            "∂𝓛/∂b is still a column",
            "A column added to (B, n) does not fit, or fits the batch by accident. In rows b is (n,).",
            "What does NumPy do with (B, n) + (n, 1)?",
        ),
        Slip(
            "b-batch",
            "(n2,), (n1,)",
            "(B, n2), (B, n1)",
            "∂𝓛/∂b is not summed over the batch",
            "One b serves all samples, and its gradient has the shape of b.",
            "What shape has b?",
        ),
        Slip(
            "b-samples",
            "(n2,), (n1,)",
            "(B,), (B,)",
            "∂𝓛/∂b is summed over the wrong axis",
            "sum(axis=1) is right in columns. In rows the batch is axis 0.",
            "Which axis should disappear?",
        ),
    ),
)

LINEAR_ROWS = Exercise(
    id="delta.linear-rows",
    title="A linear layer in rows",
    where=NOTEBOOK + "The-border:-columns-and-rows",
    kind="function",
    level="interview",
    minutes=4,
    prompt="In rows, $Y=XW+b$ with $X$ $(B,n)$, $W$ $(n,m)$, $b$ $(m,)$, and `G` is $\\partial\\mathcal L/\\partial Y$ "
    "(any 1/B is in it). Return $\\partial\\mathcal L/\\partial X$, $\\partial\\mathcal L/\\partial W$ and "
    "$\\partial\\mathcal L/\\partial b$.",
    starter="def linear_backward(X, W, G):\n    ...",
    solution="""
def linear_backward(X, W, G):
    dX = G @ W.T
    dW = X.T @ G
    db = G.sum(axis=0)
    return dX, dW, db
""",
    returns=("dX", "dW", "db"),
    inputs=linear_rows_inputs,
    batch=("X", 0),
    hints=(
        "Don't recall the formulas, build them from shapes: dX like X, dW like W, db like b.",
        "dX has the batch in it, dW and db have lost it. Which product keeps it, which sums it away?",
        "G times Wᵀ, Xᵀ times G, and G summed over axis 0.",
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
            "dX-columns",
            "G @ W.T",
            "W @ G.T",
            "∂𝓛/∂X has its samples in columns",
            "The numbers are right, in the whiteboard's dialect. X has its samples in rows.",
            "What shape has X, and what shape has its gradient?",
        ),
        Slip(
            "dW-columns",
            "X.T @ G",
            "G.T @ X",
            "∂𝓛/∂W is (out, in), as in columns",
            "δ aᵀ is the columns form. In rows W is (in, out), and so is its gradient.",
            "What shape has W, and what shape has its gradient?",
        ),
        Slip(
            "dW-transpose",
            "X.T",
            "X",
            "X is not transposed in ∂𝓛/∂W",
            "The batch must be summed away, so it has to stand inside the product: (n, B)(B, m).",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "axis",
            "axis=0",
            "axis=1",
            "∂𝓛/∂b is summed over the wrong axis",
            "axis=1 is right in columns. In rows the batch is axis 0.",
            "Which axis should disappear?",
        ),
        Slip(
            "no-sum",
            "G.sum(axis=0)",
            "G",
            "∂𝓛/∂b is not summed over the batch",
            "One b serves all samples, so each sample adds its slope.",
            "What shape has b, and what shape has its gradient?",
        ),
        Slip(
            "mean",
            "G.sum(",
            "G.mean(",
            "∂𝓛/∂b is averaged over the batch",
            "If the loss is a mean, its 1/B is in G already. Here the slopes add.",
            "Does this layer know whether the loss is a mean?",
        ),
        Slip(
            "mean-dW",
            "@ G\n",
            "@ G / len(X)\n",
            "∂𝓛/∂W is divided by B here",
            "A layer hands on what arrives. The 1/B belongs to the loss, and is in G.",
            "Does this layer know whether the loss is a mean?",
        ),
    ),
)

SOFTMAX_ROWS = Exercise(
    id="delta.softmax-rows",
    title="A two-layer softmax network in rows",
    where=NOTEBOOK + "The-border:-columns-and-rows",
    kind="function",
    level="interview",
    minutes=10,
    prompt="In rows: $Z_1=XW_1+b_1$, ReLU, $Z_2=A_1W_2+b_2$, softmax, cross-entropy with one-hot `Y`, mean over the "
    "batch. Logits can be large. Go forward, then backward, and return dW1, db1, dW2, db2 and dX.",
    starter="def softmax_network(X, Y, W1, b1, W2, b2):\n    ...",
    solution="""
def softmax_network(X, Y, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(Z1, 0)
    Z2 = A1 @ W2 + b2
    E = np.exp(Z2 - Z2.max(axis=1, keepdims=True))
    P = E / E.sum(axis=1, keepdims=True)
    dZ2 = (P - Y) / X.shape[0]  # (B1)
    dW2 = A1.T @ dZ2  # (B3)
    db2 = dZ2.sum(axis=0)  # (B4)
    dZ1 = dZ2 @ W2.T * (Z1 > 0)  # (B2)
    dW1 = X.T @ dZ1  # (B3)
    db1 = dZ1.sum(axis=0)  # (B4)
    dX = dZ1 @ W1.T
    return dW1, db1, dW2, db2, dX
""",
    returns=("dW1", "db1", "dW2", "db2", "dX"),
    inputs=softmax_inputs,
    special=(lambda rng: large_logits(softmax_inputs(rng)),),
    batch=("X", 0),
    hints=(
        "Say each shape as you type: Z1 (B, H), Z2 (B, K). Which axis is the softmax over?",
        "The output error needs no Jacobian: softmax and cross-entropy together leave a difference. Then (B2) in rows.",
        "dZ2 = (P − Y)/B, dZ1 = dZ2 W2ᵀ where Z1 > 0, dX = dZ1 W1ᵀ; each dW is (input)ᵀ dZ, each db a sum over axis 0.",
    ),
    slips=(
        Slip(
            "overflow",
            "np.exp(Z2 - Z2.max(axis=1, keepdims=True))",
            "np.exp(Z2)",
            "the softmax overflows: the largest logit is not subtracted",
            "exp(1000) is inf, and inf/inf is NaN. Subtracting the row's maximum changes no probability.",
            "What does your softmax give for a logit of 1000?",
        ),
        Slip(
            "wrong-axis",
            "E.sum(axis=1, keepdims=True)",
            "E.sum(axis=0, keepdims=True)",
            "the softmax is taken over the batch, not over the classes",
            "In rows the classes are axis 1. axis=0 is right in columns.",
            "Which numbers should add up to 1?",
        ),
        Slip(
            "elementwise",
            "(P - Y)",
            "(P - Y) * P * (1 - P)",
            "a slope P (1 − P) is multiplied in after P − Y",
            "P − Y is the slope with respect to the logits already, the softmax's Jacobian included.",
            "Add your error over the classes. What should the sum be?",
        ),
        Slip(
            "sign",
            "(P - Y)",
            "(Y - P)",
            "the sign is flipped: Y − P for P − Y",
            "The gradient points to more loss: for the right class it is negative.",
            "Should more of the right class's logit raise the loss or lower it?",
        ),
        Slip(
            "no-mean",
            " / X.shape[0]",
            "",
            "1/B is missing",
            "The loss is the mean over the batch, and the output error is where its 1/B enters.",
            "Is the loss a sum or a mean over the batch?",
        ),
        Slip(
            "features",
            "X.shape[0]",
            "X.shape[1]",
            "the number of features is taken for the batch size",
            "In rows the batch comes first: X is (B, D).",
            "Which axis of X is the batch?",
        ),
        Slip(
            "no-slope",
            " * (Z1 > 0)",
            "",
            "the slope of ReLU is missing",
            "Where Z1 is negative, the neuron was off, and nothing goes back through it.",
            "What does a hidden neuron that was off hand down?",
        ),
        Slip(
            "value",
            "(Z1 > 0)",
            "A1",
            "the error is multiplied by ReLU's value instead of its slope",
            "The slope of ReLU is 1 where the neuron is on, however strongly it is on.",
            "What is the slope of ReLU at 3?",
        ),
        Slip(
            "input-slope",
            "dZ1 @ W1.T",
            "dZ1 @ W1.T * (X > 0)",
            "dX has a ReLU slope, but the input has no activation",
            "X is an input. (B2) without its last factor is all that dX needs.",
            "Between which two quantities does your last factor stand?",
        ),
        Slip(
            "own",
            "dZ1 @ W1.T",
            "dZ2 @ W2.T",
            "dX stops one layer too early",
            "dZ2 W2ᵀ is the slope with respect to A1. It still has to pass ReLU and W1.",
            "How wide is X, and how wide is your dX?",
        ),
        Slip(
            "axis",
            "dZ1.sum(axis=0)",
            "dZ1.sum(axis=1)",
            "db1 is summed over the wrong axis",
            "axis=1 is right in columns. In rows the batch is axis 0.",
            "What shape has b1, and what shape has its gradient?",
        ),
        Slip(
            "mean-db1",
            "dZ1.sum(axis=0)",
            "dZ1.mean(axis=0)",
            "db1 is averaged, though the error has its 1/B already",
            "One b serves all samples, so the slopes add.",
            "And the other bias: how many samples share it?",
        ),
        Slip(
            "mean-db",
            "dZ2.sum(axis=0)",
            "dZ2.mean(axis=0)",
            "db2 is averaged, though the error has its 1/B already",
            "One b serves all samples, so the slopes add.",
            "Why is the gradient of b a sum, when the loss is a mean?",
        ),
    ),
)

RESIDUAL = Exercise(
    id="delta.residual",
    title="(N, 1) minus (N,)",
    where=NOTEBOOK + "A-trap-that-exists-only-in-rows",
    kind="function",
    level="interview",
    minutes=3,
    prompt="In rows: predictions of shape $(N,1)$, targets from a file of shape $(N,)$. Return the loss "
    "$\\frac1N\\sum_i\\tfrac12(p_i-y_i)^2$ and its gradient with respect to `pred`, in the shape of `pred`.",
    starter="def squared_error(pred, target):\n    ...",
    solution="""
def squared_error(pred, target):
    residual = pred - target[:, None]
    loss = 0.5 * (residual**2).mean()
    dpred = residual / len(pred)
    return loss, dpred
""",
    returns=("loss", "dpred"),
    inputs=residual_inputs,
    batch=("pred", 0),
    hints=(
        "Print the shape of pred − target before you go on.",
        "NumPy reads (N,) as a row. How do you make it a column?",
        "target[:, None] is (N, 1). The gradient of the mean is the residual over N.",
    ),
    slips=(
        Slip(
            "trap",
            "target[:, None]",
            "target",
            "(N, 1) − (N,) is (N, N): every prediction is paired with every target",
            "NumPy reads (N,) as a row and stretches both. No error is raised, and predictions collapse to the mean.",
            "What is the shape of your residual?",
        ),
        Slip(
            "row",
            "pred - target[:, None]",
            "pred.T - target",
            "the gradient is a row, but pred is a column",
            "The numbers are right. The layer below expects (N, 1).",
            "What shape has pred, and what shape has your gradient?",
        ),
        Slip(
            "no-half",
            "0.5 * ",
            "",
            "the ½ of the loss is missing",
            "The loss is half the mean of the squares, and its gradient then has no factor 2.",
            "Do your loss and your gradient belong together? Nudge one prediction.",
        ),
        Slip(
            "sum",
            ".mean()",
            ".sum()",
            "the loss is a sum, not a mean over the batch",
            "Then it grows with the number of samples, and its gradient would have no 1/N.",
            "What happens to your loss when every sample occurs twice?",
        ),
        Slip(
            "no-mean",
            "residual / len(pred)",
            "residual",
            "1/N is missing from the gradient",
            "The loss is a mean, so each prediction moves it by a share of 1/N.",
            "Nudge one prediction: by how much does the mean move?",
        ),
        Slip(
            "two",
            "residual / len(pred)",
            "2 * residual / len(pred)",
            "a factor 2 too much: the ½ is forgotten in the gradient",
            "The 2 from the square meets the ½ of the loss.",
            "Which loss did you differentiate: with the ½ or without?",
        ),
        Slip(
            "sign",
            "dpred = residual",
            "dpred = -residual",
            "the sign of the gradient is flipped",
            "The derivative of ½(p − y)² with respect to p is p − y.",
            "If a prediction is too small, should the loss rise or fall when it grows?",
        ),
    ),
)

# ---- the ladder: (B1) to (B4) on a 4-3-2 network with sigmoids, a batch of 5 columns ----

RUNG_B1 = Exercise(
    id="delta.rung-b1",
    title="(B1), δ²",
    where=NOTEBOOK + "At-the-whiteboard",
    kind="expression",
    level="apply",
    minutes=2,
    prompt="A 4-3-2 network in columns, sigmoids in both layers, squared error (½, summed over outputs, mean over the "
    "batch `B`). `sp(z)` is $\\sigma'(z)$. Write $\\delta^2$ in `a2`, `Y`, `B`, `z2`.",
    starter="W1 @ a0 + b1",
    solution="(a2 - Y) / B * sp(z2)",
    returns=("d2",),
    inputs=network_inputs,
    names=NAMES,
    batch=("Y", 1),
    hints=(
        "One path leads from each z² to the loss, through its own a².",
        "The slope of the loss in a², with the 1/B of the mean, times the slope of the activation.",
        "(a2 − Y)/B, entry by entry times σ' at z2.",
    ),
    slips=(
        Slip(
            "sign",
            "(a2 - Y)",
            "(Y - a2)",
            "the sign is flipped: y − a for a − y",
            "The derivative of ½(a − y)² with respect to a is a − y.",
            "If an output is too small, should the loss rise or fall when it grows?",
        ),
        Slip(
            "no-mean",
            " / B",
            "",
            "1/B is missing",
            "The loss is the mean over the batch, and δ² is where its 1/B enters.",
            "Is the loss a sum or a mean over the batch?",
        ),
        Slip(
            "all",
            "/ B",
            "/ (2 * B)",
            "the mean is taken over the two outputs too",
            "Over the outputs this loss is a sum.",
            "Over what does the loss sum, and over what does it average?",
        ),
        Slip(
            "no-slope",
            " * sp(z2)",
            "",
            "σ' is missing",
            "This is ∂𝓛/∂a². It is δ for cross-entropy, not for squared error.",
            "You have the slope with respect to a. How do you get to z?",
        ),
        Slip(
            "at-a",
            "sp(z2)",
            "sp(a2)",
            "σ' is taken at a, not at z",
            "σ'(a) goes through the activation twice. The slope belongs to the point z.",
            "At which point is the slope taken?",
        ),
    ),
)

RUNG_B2 = Exercise(
    id="delta.rung-b2",
    title="(B2), δ¹ from δ²",
    where=NOTEBOOK + "At-the-whiteboard",
    kind="expression",
    level="apply",
    minutes=2,
    prompt="Now `d2` is $\\delta^2$. Write $\\delta^1$ in `W2`, `d2` and `z1`.",
    starter="W1 @ a0 + b1",
    solution="W2.T @ d2 * sp(z1)",
    returns=("d1",),
    inputs=with_d2,
    names=NAMES,
    batch=("Y", 1),
    hints=(
        "A hidden neuron reaches the loss through both outputs. Multiply along each path, add over the paths.",
        "The sum over the outputs is a product with a transpose. Then one more link, from a¹ to z¹.",
        "W2 transposed times d2, entry by entry times σ' at z1.",
    ),
    slips=(
        Slip(
            "transpose",
            "W2.T",
            "W2",
            "W² is not transposed",
            "Going there W² takes 3 numbers to 2; back, 2 slopes must become 3.",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "no-slope",
            " * sp(z1)",
            "",
            "σ' is missing",
            "This is ∂𝓛/∂a¹. Between a¹ and z¹ stands the activation.",
            "You have the slope with respect to a. How do you get to z?",
        ),
        Slip(
            "at-a",
            "sp(z1)",
            "sp(a1)",
            "σ' is taken at a, not at z",
            "σ'(a) goes through the activation twice. The slope belongs to the point z.",
            "At which point is the slope taken?",
        ),
        Slip(
            "value",
            "sp(z1)",
            "a1",
            "δ is multiplied by σ(z) instead of σ'(z)",
            "The chain rule multiplies by the slope of the activation, not by its value.",
            "What does the chain rule ask for at this step?",
        ),
        Slip(
            "plus",
            " * sp(z1)",
            " + sp(z1)",
            "the factors are added, not multiplied",
            "Along one path slopes multiply. They are added only over different paths.",
            "How do sensitivities along one path combine?",
        ),
        Slip(
            "layer",
            "sp(z1)",
            "sp(z2)",
            "σ' is taken in the layer above",
            "σ'(z²) is in δ² already. This step ends at z¹.",
            "At which layer's z does your chain end?",
        ),
    ),
)

RUNG_B3 = Exercise(
    id="delta.rung-b3",
    title="(B3), ∂𝓛/∂W¹",
    where=NOTEBOOK + "At-the-whiteboard",
    kind="expression",
    level="apply",
    minutes=1,
    prompt="Now `d1` is $\\delta^1$ as well. Write $\\partial\\mathcal L/\\partial W^1$; the input is `a0`.",
    starter="W1 @ a0 + b1",
    solution="d1 @ a0.T",
    returns=("dW1",),
    inputs=with_d1,
    names=NAMES,
    batch=("Y", 1),
    hints=(
        "The gradient has the shape of W1, (3, 4). What have you, and in which shapes?",
        "The batch must be summed away: it has to stand inside the product.",
        "Row index from δ, column index from the input: d1 times a0 transposed.",
    ),
    slips=(
        Slip(
            "turned",
            "d1 @ a0.T",
            "a0 @ d1.T",
            "the outer product is the wrong way round",
            "This is the gradient transposed. With a square W nobody would notice.",
            "What shape has W¹, and what shape has your gradient?",
        ),
        Slip(
            "no-transpose",
            "a0.T",
            "a0",
            "the input is not transposed",
            "The batch has to stand inside the product: (3, 5)(5, 4).",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "own",
            "a0.T",
            "a1.T",
            "the layer's own activation stands where its input belongs",
            "W¹ multiplies a⁰, so this is the factor that it leaves.",
            "What does W¹ multiply in the forward pass?",
        ),
        Slip(
            "mean",
            "d1 @",
            "d1 / B @",
            "1/B is put in a second time",
            "δ has it already, from (B1).",
            "Where does the 1/B of your loss enter, and how often?",
        ),
        Slip(
            "layer",
            "d1 @ a0.T",
            "d2 @ a1.T",
            "this is the gradient of the layer above",
            "δ² a¹ᵀ belongs to W².",
            "Which layer's δ goes with W¹?",
        ),
    ),
)

RUNG_B4 = Exercise(
    id="delta.rung-b4",
    title="(B4), ∂𝓛/∂b¹",
    where=NOTEBOOK + "At-the-whiteboard",
    kind="expression",
    level="apply",
    minutes=1,
    prompt="The last rung: write $\\partial\\mathcal L/\\partial b^1$, a column like `b1`.",
    starter="W1 @ a0 + b1",
    solution="d1.sum(axis=1, keepdims=True)",
    returns=("db1",),
    inputs=with_d1,
    names=NAMES,
    batch=("Y", 1),
    hints=(
        "The same b¹ serves all five samples.",
        "One path per sample, and paths add. Which axis counts the samples?",
        "d1 summed over axis 1, with keepdims=True.",
    ),
    slips=(
        Slip(
            "no-sum",
            ".sum(axis=1, keepdims=True)",
            "",
            "δ is not summed over the batch",
            "One b serves all samples, so each sample adds its slope.",
            "What shape has b¹, and what shape has your gradient?",
        ),
        Slip(
            "neurons",
            "axis=1",
            "axis=0",
            "the sum runs over the neurons, not over the batch",
            "Samples are columns here, so the batch is axis 1. Axis 0 is right in rows.",
            "Which axis should disappear?",
        ),
        Slip(
            "mean",
            ".sum(",
            ".mean(",
            "a mean stands where a sum belongs: 1/B is in it twice",
            "The mean of the loss is in δ already. Here the slopes of the samples add.",
            "Where does the 1/B of your loss enter, and how often?",
        ),
        Slip(
            "layer",
            "d1.",
            "d2.",
            "this is the gradient of the layer above",
            "δ² summed belongs to b².",
            "Which layer's δ goes with b¹?",
        ),
    ),
)

EXERCISES = (
    PULL,
    B1,
    B2,
    B3,
    B4,
    SHAPES,
    MEAN,
    BACKWARD,
    LAYERS,
    SHAPES_ROWS,
    LINEAR_ROWS,
    SOFTMAX_ROWS,
    RESIDUAL,
    RUNG_B1,
    RUNG_B2,
    RUNG_B3,
    RUNG_B4,
)
LADDERS = {"network": [e.id for e in (RUNG_B1, RUNG_B2, RUNG_B3, RUNG_B4)]}
