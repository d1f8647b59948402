"""Exercises of notebook 04: losses and output errors."""

import numpy as np

from backprop.practice.bank.make import normal, one_hot_columns, sizes
from backprop.practice.exercise import Exercise, Slip

NOTEBOOK = "04_outputs_and_losses.ipynb#"


def softmax_of(z):
    """Softmax of columns, for the inputs of exercises."""
    e = np.exp(z - z.max(axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


def logits(rng):
    K, B = sizes(rng, 2)
    return {"z": 2 * normal(rng, K, B)}


def extreme_logits(rng):
    """Columns that overflow, that underflow, and that only their own maximum saves."""
    return {"z": np.array([[1000.0, -1000.0, 3.0, 0.5], [0.0, -1001.0, 1.0, -800.0], [-1000.0, -1002.0, 2.0, 0.2]])}


def logits_and_one_hot(rng):
    K, B = sizes(rng, 2)
    return {"z": 2 * normal(rng, K, B), "y": one_hot_columns(rng, K, B)}


def logits_and_soft(rng):
    z = logits(rng)["z"]
    return {"z": z, "y": softmax_of(normal(rng, *z.shape))}


SOFTMAX = Exercise(
    id="outputs.softmax",
    title="Softmax that does not overflow",
    where=NOTEBOOK + "Log-sum-exp:-softmax-without-overflow",
    kind="function",
    level="recall",
    minutes=3,
    prompt="Return the softmax of the logits `z` of shape $(K,B)$, one sample in each column. It must hold for "
    "logits of ±1000.",
    starter="def softmax(z):\n    ...",
    solution="""
def softmax(z):
    shifted = z - z.max(axis=0, keepdims=True)
    e = np.exp(shifted)
    p = e / e.sum(axis=0, keepdims=True)
    return p
""",
    returns=("p",),
    inputs=logits,
    special=(extreme_logits,),
    hints=(
        "What may be subtracted from all logits of a sample without changing its softmax?",
        "Subtract each column's maximum. Then the largest exponent is 0.",
        "e = exp(z − max over axis 0), divided by its sum over axis 0, both with keepdims=True.",
    ),
    slips=(
        Slip(
            "naive",
            "z - z.max(axis=0, keepdims=True)",
            "z",
            "the maximum is not subtracted",
            "exp(1000) is inf, and inf/inf is NaN.",
            "What is e to the 1000 in float64?",
        ),
        Slip(
            "whole-max",
            "z.max(axis=0, keepdims=True)",
            "z.max()",
            "the maximum of the whole batch is subtracted, not each sample's own",
            "A sample whose logits are all far below it underflows to 0/0.",
            "One sample has logits near 1000, another near −1000. What happens to the second?",
        ),
        Slip(
            "minimum",
            "z.max(axis=0, keepdims=True)",
            "z.min(axis=0, keepdims=True)",
            "the minimum is subtracted, not the maximum",
            "Then the largest exponent grows, and overflows sooner.",
            "What is the largest exponent that you form?",
        ),
        Slip(
            "added",
            "z - z.max(",
            "z + z.max(",
            "the maximum is added, not subtracted",
            "Softmax does not mind, but the exponents do: they double.",
            "What is the largest exponent that you form?",
        ),
        Slip(
            "axis",
            "e.sum(axis=0, keepdims=True)",
            "e.sum(axis=1, keepdims=True)",
            "normalized over the samples, not over the classes",
            "Samples are columns: the classes of one sample run along axis 0. This is the rows form's axis.",
            "Which sums should be 1?",
        ),
        Slip(
            "whole",
            "e.sum(axis=0, keepdims=True)",
            "e.sum()",
            "normalized over the whole batch",
            "Then all probabilities of all samples together sum to 1.",
            "What should each column sum to?",
        ),
        Slip(
            "mean",
            "e.sum(axis=0, keepdims=True)",
            "e.mean(axis=0, keepdims=True)",
            "divided by the mean, not by the sum",
            "Then each column sums to K.",
            "What should each column sum to?",
        ),
        Slip(
            "no-exp",
            "e = np.exp(shifted)",
            "e = shifted",
            "the exponential is missing",
            "Logits may be negative, so dividing by their sum gives no probabilities.",
            "Can one of your probabilities be negative?",
        ),
    ),
    batch=("z", 1),
)

LOG_SOFTMAX = Exercise(
    id="outputs.log-softmax",
    title="Log-softmax by log-sum-exp",
    where=NOTEBOOK + "Log-sum-exp:-softmax-without-overflow",
    kind="function",
    level="apply",
    minutes=4,
    prompt="Return $\\log p$ for the softmax $p$ of the logits `z` of shape $(K,B)$, samples as columns. It must "
    "hold for logits of ±1000, and stay finite.",
    starter="def log_softmax(z):\n    ...",
    solution="""
def log_softmax(z):
    c = z.max(axis=0, keepdims=True)
    log_S = c + np.log(np.exp(z - c).sum(axis=0, keepdims=True))
    log_p = z - log_S
    return log_p
""",
    returns=("log_p",),
    inputs=logits,
    special=(extreme_logits,),
    hints=(
        "log p_i = z_i − log S. Which part can overflow?",
        "log S = c + log Σ exp(z_k − c), for any c. Which c is best?",
        "With c the maximum of each column: z − (c + log of the sum over axis 0 of exp(z − c)).",
    ),
    slips=(
        Slip(
            "naive",
            "z.max(axis=0, keepdims=True)",
            "np.zeros((1, z.shape[1]))",
            "the maximum is not subtracted",
            "exp(1000) is inf, and its logarithm is inf too. For −1000 it is the logarithm of 0.",
            "What is e to the 1000 in float64?",
        ),
        Slip(
            "log-of-softmax",
            "z - log_S",
            "np.log(np.exp(z - log_S))",
            "the logarithm of a probability that has underflowed",
            "p rounds to 0, and log 0 is −inf, where the log-probability is a harmless number.",
            "What is the logarithm of a probability of e to the −2000?",
        ),
        Slip(
            "not-added",
            "c + np.log(",
            "np.log(",
            "the maximum is not added back",
            "Softmax does not notice the shift, but log S does: it changed by c.",
            "Do your probabilities sum to 1?",
        ),
        Slip(
            "twice",
            "c + np.log(",
            "2 * c + np.log(",
            "the maximum is taken out twice",
            "log S grew by c once, and so one c is put back.",
            "Do your probabilities sum to 1?",
        ),
        Slip(
            "axis",
            "np.exp(z - c).sum(axis=0, keepdims=True)",
            "np.exp(z - c).sum(axis=1, keepdims=True)",
            "summed over the samples, not over the classes",
            "Samples are columns: the classes of one sample run along axis 0. This is the rows form's axis.",
            "Over what does S sum?",
        ),
        Slip(
            "mean",
            "np.exp(z - c).sum(",
            "np.exp(z - c).mean(",
            "the mean of the exponentials, not their sum",
            "log S is too small by log K, and the probabilities sum to K.",
            "Do your probabilities sum to 1?",
        ),
        Slip(
            "sign",
            "z - log_S",
            "log_S - z",
            "the sign is flipped: this is −log p",
            "−log p is the loss of each class. A log-probability is at most 0.",
            "Can a log-probability be positive?",
        ),
        Slip(
            "no-log",
            "np.log(np.exp(z - c).sum(axis=0, keepdims=True))",
            "np.exp(z - c).sum(axis=0, keepdims=True)",
            "the logarithm of the sum is missing",
            "log of a quotient is a difference of logarithms: z − log S, not z − S.",
            "What is the logarithm of e^z / S?",
        ),
    ),
    batch=("z", 1),
)

JACOBIAN = Exercise(
    id="outputs.jacobian",
    title="The Jacobian of softmax",
    where=NOTEBOOK + "Softmax-and-its-Jacobian",
    kind="function",
    level="apply",
    minutes=4,
    prompt="`z` holds the logits of one sample, shape $(K,)$. Return the Jacobian of its softmax, $J_{ij}=\\partial "
    "p_i/\\partial z_j$.",
    starter="def softmax_jacobian(z):\n    ...",
    solution="""
def softmax_jacobian(z):
    e = np.exp(z - z.max())
    p = e / e.sum()
    own = np.diag(p)
    cross = np.outer(p, p)
    J = own - cross
    return J
""",
    returns=("J",),
    inputs=lambda rng: {"z": normal(rng, sizes(rng, 1)[0])},
    special=(lambda rng: {"z": np.array([1000.0, 998.0, 999.0])},),
    hints=(
        "Each p_i holds every z_j, through the sum. So there is a K×K matrix.",
        "By the quotient rule: p_i (1 − p_i) on the diagonal, and off it?",
        "J_ij = p_i ([i = j] − p_j): diag(p) minus the outer product of p with itself.",
    ),
    slips=(
        Slip(
            "diagonal",
            "cross = np.outer(p, p)",
            "cross = np.diag(p**2)",
            "only the diagonal p (1 − p): softmax is treated as elementwise",
            "Every p_i depends on every z_j through the sum, so the other entries are −p_i p_j.",
            "If one logit grows, what happens to the other probabilities?",
        ),
        Slip(
            "plus",
            "own - cross",
            "own + cross",
            "the second term is added, not subtracted",
            "If a logit grows, the other probabilities fall: off the diagonal entries are negative.",
            "What should each column of J sum to?",
        ),
        Slip(
            "sign",
            "own - cross",
            "cross - own",
            "the sign is flipped",
            "A probability grows with its own logit: the diagonal is positive.",
            "If z_i grows, does p_i grow or fall?",
        ),
        Slip(
            "identity",
            "np.diag(p)",
            "np.eye(len(p))",
            "the identity where diag(p) belongs: p_i is not multiplied through",
            "J_ij = p_i ([i = j] − p_j). The factor p_i multiplies both terms.",
            "What should each column of J sum to?",
        ),
        Slip(
            "broadcast",
            "np.outer(p, p)",
            "p",
            "p is subtracted from every row, where p_i p_j belongs",
            "p_i multiplies both terms of p_i ([i = j] − p_j).",
            "Is your Jacobian symmetric?",
        ),
        Slip(
            "inner",
            "np.outer(p, p)",
            "np.dot(p, p)",
            "an inner product where the outer one belongs",
            "pᵀp is one number. p pᵀ is the K×K matrix of all products.",
            "Which shape has p pᵀ?",
        ),
        Slip(
            "naive",
            "np.exp(z - z.max())",
            "np.exp(z)",
            "the maximum is not subtracted",
            "exp(1000) is inf, and inf/inf is NaN.",
            "What is e to the 1000 in float64?",
        ),
    ),
)


def upstream_of_softmax(rng):
    K, B = sizes(rng, 2)
    return {"p": softmax_of(normal(rng, K, B)), "g": normal(rng, K, B)}


VJP = Exercise(
    id="outputs.softmax-vjp",
    title="Pulling a gradient through softmax",
    where=NOTEBOOK + "Softmax-and-its-Jacobian",
    kind="function",
    level="interview",
    minutes=4,
    prompt="`p` is a softmax of shape $(K,B)$, samples as columns, and `g` is $\\partial\\mathcal L/\\partial p$. "
    "Return $\\partial\\mathcal L/\\partial z$ without building a Jacobian.",
    starter="def softmax_backward(p, g):\n    ...",
    solution="""
def softmax_backward(p, g):
    average = (p * g).sum(axis=0, keepdims=True)
    centered = g - average
    dz = p * centered
    return dz
""",
    returns=("dz",),
    inputs=upstream_of_softmax,
    hints=(
        "Multiply Jᵀg out for one sample, with J_ij = p_i ([i = j] − p_j).",
        "∂𝓛/∂z_j = p_j (g_j − one number for the whole sample). Which one?",
        "p ⊙ (g − Σ p g), with the sum over the classes of each sample.",
    ),
    slips=(
        Slip(
            "no-sum",
            "g - average",
            "g",
            "the sum is missing: p ⊙ g",
            "This holds diag(p) g only. The term −p (pᵀg) comes from the common denominator.",
            "Your upstream gradient is the same for all classes. What should come out?",
        ),
        Slip(
            "elementwise",
            "g - average",
            "g * (1 - p)",
            "softmax is treated as elementwise: p (1 − p) g",
            "p (1 − p) is the diagonal of J only. The other entries are −p_i p_j.",
            "If one logit grows, what happens to the other probabilities?",
        ),
        Slip(
            "plain-mean",
            "(p * g).sum(axis=0, keepdims=True)",
            "g.mean(axis=0, keepdims=True)",
            "the plain mean of g is subtracted, not its average under p",
            "The average is weighted with the probabilities: Σ p_i g_i.",
            "What should dz sum to over the classes?",
        ),
        Slip(
            "unweighted",
            "(p * g).sum(axis=0, keepdims=True)",
            "g.sum(axis=0, keepdims=True)",
            "the sum of g is not weighted with p",
            "The term is Σ p_i g_i: each g_i counts with the probability of its class.",
            "What should dz sum to over the classes?",
        ),
        Slip(
            "axis",
            "(p * g).sum(axis=0, keepdims=True)",
            "(p * g).sum(axis=1, keepdims=True)",
            "the sum runs over the samples, not over the classes",
            "Samples are columns, and they don't know of each other. The classes run along axis 0.",
            "Does one sample's gradient depend on another sample?",
        ),
        Slip(
            "whole",
            "(p * g).sum(axis=0, keepdims=True)",
            "(p * g).sum()",
            "the sum runs over the whole batch",
            "Each sample has an average of its own: keep axis 1.",
            "Does one sample's gradient depend on another sample?",
        ),
        Slip(
            "plus",
            "g - average",
            "g + average",
            "the average is added, not subtracted",
            "Off the diagonal the Jacobian is −p_i p_j.",
            "Your upstream gradient is the same for all classes. What should come out?",
        ),
        Slip(
            "no-p",
            "p * centered",
            "centered",
            "the factor p in front is missing",
            "J_ij = p_i ([i = j] − p_j): a class of probability 0 does not move.",
            "What is the gradient of a logit whose probability is 0?",
        ),
    ),
    batch=("p", 1),
)

DELTA = Exercise(
    id="outputs.delta",
    title="δ^L of softmax with cross-entropy",
    where=NOTEBOOK + "Softmax-with-cross-entropy:-p-−-y,-twice",
    kind="function",
    level="recall",
    minutes=3,
    prompt="Logits `z` and targets `y`, both $(K,B)$ with samples as columns, each column of `y` summing to 1. The "
    "loss is the cross-entropy of the softmax, averaged over the batch. Return $\\delta^L=\\partial\\mathcal "
    "L/\\partial z$.",
    starter="def output_delta(z, y):\n    ...",
    solution="""
def output_delta(z, y):
    e = np.exp(z - z.max(axis=0, keepdims=True))
    p = e / e.sum(axis=0, keepdims=True)
    delta = (p - y) / y.shape[1]
    return delta
""",
    returns=("delta",),
    inputs=logits_and_one_hot,
    special=(logits_and_soft, lambda rng: extreme_logits(rng) | {"y": one_hot_columns(rng, 3, 4)}),
    hints=(
        "Probabilities first, stably. Then one line.",
        "The loss is log S − Σ y z for each sample. Differentiate it by z, and remember the mean.",
        "p − y, divided by B, the number of columns.",
    ),
    slips=(
        Slip(
            "sign",
            "(p - y)",
            "(y - p)",
            "the sign is flipped: y − p for p − y",
            "The right class's logit should rise, so its slope is negative: p − 1.",
            "If the right class's logit grows, does the loss rise or fall?",
        ),
        Slip(
            "extra-slope",
            "(p - y)",
            "(p - y) * p * (1 - p)",
            "an extra p (1 − p): the slope is in p − y already",
            "p − y is the gradient at the logits. Softmax's Jacobian has been multiplied in, and cancelled.",
            "Do your errors sum to 0 over the classes?",
        ),
        Slip(
            "elementwise",
            "(p - y)",
            "-y * (1 - p)",
            "softmax is treated as elementwise: −y/p · p (1 − p)",
            "Only the right class gets an error. The other logits move the loss too, through the sum.",
            "Do your errors sum to 0 over the classes?",
        ),
        Slip(
            "at-p",
            "(p - y)",
            "(-y / p)",
            "this is ∂𝓛/∂p: softmax's Jacobian is missing",
            "Between p and z stands the softmax.",
            "With respect to what have you differentiated?",
        ),
        Slip(
            "no-mean",
            " / y.shape[1]",
            "",
            "the mean over the batch is missing: no 1/B",
            "The gradient is B times too big, and grows with the batch.",
            "You double the batch. What happens to your gradient?",
        ),
        Slip(
            "twice",
            "/ y.shape[1]",
            "/ y.shape[1] ** 2",
            "1/B is in it twice",
            "The mean of the loss brings one 1/B. The later sums over the batch bring none.",
            "Where does your 1/B come from? How often does it come?",
        ),
        Slip(
            "all-elements",
            "/ y.shape[1]",
            "/ y.size",
            "divided by all elements, K·B, not by the batch",
            "Cross-entropy is summed over the classes, and averaged over the samples only.",
            "Over what is the loss averaged?",
        ),
        Slip(
            "classes",
            "/ y.shape[1]",
            "/ y.shape[0]",
            "divided by the number of classes, not of samples",
            "Samples are columns: B is the length of axis 1. This is the rows form's axis.",
            "Which axis is the batch?",
        ),
        Slip(
            "axis",
            "e.sum(axis=0, keepdims=True)",
            "e.sum(axis=1, keepdims=True)",
            "softmax is normalized over the samples, not over the classes",
            "Samples are columns: the classes of one sample run along axis 0.",
            "What should each column of p sum to?",
        ),
        Slip(
            "sigmoid",
            "p = e / e.sum(axis=0, keepdims=True)",
            "p = 1 / (1 + np.exp(-z))",
            "the output is a sigmoid, not a softmax",
            "One sigmoid per class lets several classes be right at once. Here they compete.",
            "What should each column of p sum to?",
        ),
        Slip(
            "naive",
            "z - z.max(axis=0, keepdims=True)",
            "z",
            "the maximum is not subtracted before the exponential",
            "exp(1000) is inf, and inf/inf is NaN.",
            "What is e to the 1000 in float64?",
        ),
    ),
    batch=("z", 1),
)


def binary_inputs(rng):
    B = sizes(rng, 1)[0]
    return {"z": 2 * normal(rng, 1, B), "y": rng.integers(0, 2, (1, B)).astype(float)}


def soft_binary(rng):
    return {"z": 2 * normal(rng, 1, 5), "y": rng.uniform(0.1, 0.9, (1, 5))}


def extreme_binary(rng):
    z = [[1000.0, 1000.0, -1000.0, -1000.0, 40.0, 40.0]]
    return {"z": np.array(z), "y": np.array([[0.0, 1.0, 0.0, 1.0, 0.0, 1.0]])}


BCE = Exercise(
    id="outputs.bce",
    title="Binary cross-entropy from logits",
    where=NOTEBOOK + "Sigmoid-and-binary-cross-entropy",
    kind="function",
    level="interview",
    minutes=5,
    prompt="Return the binary cross-entropy of each sample, from logits `z` and targets `y`, both $(1,B)$. No sum, "
    "no mean. It must hold for logits of ±1000.",
    starter="def bce_with_logits(z, y):\n    ...",
    solution="""
def bce_with_logits(z, y):
    tail = np.log1p(np.exp(-np.abs(z)))
    loss = np.maximum(z, 0) - y * z + tail
    return loss
""",
    returns=("loss",),
    inputs=binary_inputs,
    special=(extreme_binary, soft_binary),
    hints=(
        "Where does σ(z) lose what z knows? At z = 40 it is 1, and log(1 − 1) is −inf. So don't form it.",
        "𝓛 = (1 − y) z + log(1 + e^−z). For negative z put the exponential the other way round.",
        "max(z, 0) − y z + log(1 + e^−|z|), with log1p.",
    ),
    slips=(
        Slip(
            "naive",
            "np.maximum(z, 0) - y * z + tail",
            "-(y * np.log(1 / (1 + np.exp(-z))) + (1 - y) * np.log(1 - 1 / (1 + np.exp(-z))))",
            "the loss is formed from the probability: log 0 at large logits",
            "σ(40) rounds to 1, and log(1 − 1) is −inf. Times 0 it is NaN.",
            "What is your loss at z = 40, y = 0?",
        ),
        Slip(
            "one-form",
            "np.maximum(z, 0) - y * z + tail",
            "(1 - y) * z + np.log1p(np.exp(-z))",
            "one of the two forms for all z: it overflows at large negative logits",
            "e^−z is inf at z = −1000. There the other form is needed, and max and |z| join the two.",
            "What is e^−z at z = −1000?",
        ),
        Slip(
            "no-max",
            "np.maximum(z, 0) - y * z",
            "-y * z",
            "the term max(z, 0) is missing",
            "This is right for negative z only. For positive z the loss lacks z, and falls below 0.",
            "Can your loss be negative?",
        ),
        Slip(
            "always-z",
            "np.maximum(z, 0)",
            "z",
            "z where max(z, 0) belongs",
            "This is right for positive z only: e^−|z| goes with max(z, 0).",
            "What is your loss at z = −5, y = 0?",
        ),
        Slip(
            "minimum",
            "np.maximum(z, 0)",
            "np.minimum(z, 0)",
            "the minimum with 0, not the maximum",
            "The loss grows like z where z is positive and the target is 0.",
            "What is your loss at z = 5, y = 0?",
        ),
        Slip(
            "plus",
            "- y * z",
            "+ y * z",
            "the sign of y z is wrong",
            "For y = 1 a larger logit must make the loss smaller.",
            "The target is 1 and z grows. Does your loss rise or fall?",
        ),
        Slip(
            "no-abs",
            "-np.abs(z)",
            "-z",
            "|z| is missing in the exponential",
            "For large negative z the exponential overflows, and the two halves no longer fit.",
            "What is e^−z at z = −1000?",
        ),
        Slip(
            "exp-sign",
            "-np.abs(z)",
            "np.abs(z)",
            "the exponent has the wrong sign: e^|z| overflows",
            "Only exponentials of negative numbers are safe.",
            "What is the largest exponential that you form?",
        ),
        Slip(
            "no-tail",
            "- y * z + tail",
            "- y * z",
            "the term log(1 + e^−|z|) is missing",
            "Far out it is nearly 0, but at z = 0 it is all of the loss, log 2.",
            "What should the loss be at z = 0?",
        ),
        Slip(
            "swapped",
            "- y * z",
            "- (1 - y) * z",
            "the targets 0 and 1 are swapped",
            "With y = 1 the loss is −log σ(z), which falls as z grows.",
            "The target is 1 and z = 5. Should the loss be large or small?",
        ),
    ),
    batch=("z", 1),
)

BCE_DELTA = Exercise(
    id="outputs.bce-delta",
    title="δ^L of sigmoid with binary cross-entropy",
    where=NOTEBOOK + "Sigmoid-and-binary-cross-entropy",
    kind="function",
    level="apply",
    minutes=3,
    prompt="Logits `z` and targets `y`, both $(1,B)$; the loss is the binary cross-entropy, averaged over the batch. "
    "Return $\\delta^L=\\partial\\mathcal L/\\partial z$. It must hold for logits of ±1000.",
    starter="def bce_delta(z, y):\n    ...",
    solution="""
def bce_delta(z, y):
    e = np.exp(-np.abs(z))
    a = np.where(z >= 0, 1, e) / (1 + e)
    delta = (a - y) / z.shape[1]
    return delta
""",
    returns=("delta",),
    inputs=binary_inputs,
    special=(extreme_binary, soft_binary),
    hints=(
        "∂𝓛/∂a = (a − y) / (a (1 − a)), and σ' = a (1 − a). What is left?",
        "A fraction that cancels on paper does not cancel at a = 1 in float64. Write only what is left of it.",
        "(σ(z) − y), divided by B.",
    ),
    slips=(
        Slip(
            "sign",
            "(a - y)",
            "(y - a)",
            "the sign is flipped: y − a for a − y",
            "If the target is 1, a larger logit lowers the loss: the slope is negative, a − 1.",
            "The target is 1 and z grows. Does the loss rise or fall?",
        ),
        Slip(
            "extra-slope",
            "(a - y)",
            "(a - y) * a * (1 - a)",
            "an extra a (1 − a): the slope has cancelled",
            "This is the error of squared loss after a sigmoid. With cross-entropy the slope cancels.",
            "What is your error when the output is confidently wrong?",
        ),
        Slip(
            "at-a",
            "(a - y)",
            "(a - y) / (a * (1 - a))",
            "this is ∂𝓛/∂a: the slope of the sigmoid is missing",
            "Between a and z stands the sigmoid. Its slope cancels the denominator.",
            "With respect to what have you differentiated?",
        ),
        Slip(
            "by-steps",
            "(a - y)",
            "(a - y) / (a * (1 - a)) * (a * (1 - a))",
            "the two factors are multiplied out in floating point: 0/0 at saturation",
            "At a = 1 both a (1 − a) are 0. On paper they cancel, in float64 they give NaN.",
            "What do you get at z = 1000?",
        ),
        Slip(
            "no-sigmoid",
            "(a - y)",
            "(z - y)",
            "the logit is compared with the target, not σ(z)",
            "z is the number before the sigmoid. a − y needs the output.",
            "How large can your error be?",
        ),
        Slip(
            "rounded",
            "(a - y)",
            "((z > 0) - y)",
            "the output is rounded to 0 or 1 before it is compared",
            "This is the perceptron's rule. A sample on the right side then teaches nothing.",
            "What is your error for z = 0.1 and target 1?",
        ),
        Slip(
            "no-mean",
            " / z.shape[1]",
            "",
            "the mean over the batch is missing: no 1/B",
            "The gradient is B times too big, and grows with the batch.",
            "You double the batch. What happens to your gradient?",
        ),
        Slip(
            "twice",
            "/ z.shape[1]",
            "/ z.shape[1] ** 2",
            "1/B is in it twice",
            "The mean of the loss brings one 1/B. The later sums over the batch bring none.",
            "Where does your 1/B come from? How often does it come?",
        ),
    ),
    batch=("z", 1),
)


def regression_inputs(rng):
    K, B = sizes(rng, 2)
    if K * B == 2 * K or K == 2:  # a factor 2 must not look like a size
        K, B = 3, 5
    return {"a": normal(rng, K, B), "y": normal(rng, K, B)}


MSE = Exercise(
    id="outputs.mse",
    title="One squared error, four gradients",
    where=NOTEBOOK + "Sum,-mean,-and-which-mean",
    kind="function",
    level="interview",
    minutes=4,
    prompt="Outputs `a` and targets `y`, both $(K,B)$. Return $\\partial\\mathcal L/\\partial a$ of the squared "
    "error four times: summed over everything with ½; ours, summed over outputs, mean over the batch, with ½; the "
    "same without ½; and PyTorch's `MSELoss`.",
    starter="def mse_gradients(a, y):\n    ...",
    solution="""
def mse_gradients(a, y):
    K, B = a.shape
    residual = a - y
    total = 1 * residual
    ours = residual / B
    no_half = 2 * (residual / B)
    mse_loss = 2 * residual / (K * B)
    return total, ours, no_half, mse_loss
""",
    returns=("total", "ours", "no_half", "mse_loss"),
    inputs=regression_inputs,
    hints=(
        "Without any mean: what is the derivative of ½ r²? And of r²?",
        "Each mean divides. By how many numbers, in each of them?",
        "r, r/B, 2r/B, 2r/(KB), with r = a − y.",
    ),
    slips=(
        Slip(
            "sign",
            "a - y",
            "y - a",
            "the sign is flipped: y − a for a − y",
            "The derivative of (a − y)² with respect to a has the sign of a − y.",
            "If the output is too large, should the loss rise or fall when it grows?",
        ),
        Slip(
            "total-two",
            "total = 1 * residual",
            "total = 2 * residual",
            "a factor 2 too much in the sum: the ½ is forgotten",
            "The 2 from the square meets the ½ of the loss.",
            "Which loss did you differentiate: with the ½ or without?",
        ),
        Slip(
            "ours-sum",
            "ours = residual / B",
            "ours = residual",
            "ours lacks the mean over the batch: no 1/B",
            "This is the sum's gradient, B times too big.",
            "You double the batch. What happens to the size of this gradient?",
        ),
        Slip(
            "ours-outputs",
            "ours = residual / B",
            "ours = residual / K",
            "ours is divided by the outputs, not by the batch",
            "Samples are columns: B is the length of axis 1.",
            "Which axis is the batch?",
        ),
        Slip(
            "ours-all",
            "ours = residual / B",
            "ours = residual / (K * B)",
            "ours is divided by all elements, not by the batch alone",
            "The outputs of a sample are summed. Only the samples are averaged.",
            "Over what is this loss averaged?",
        ),
        Slip(
            "half-kept",
            "2 * (residual / B)",
            "residual / B",
            "without the ½ the factor 2 stays, and here it is missing",
            "The derivative of r² is 2r.",
            "What is the derivative of r²?",
        ),
        Slip(
            "half-twice",
            "2 * (residual / B)",
            "0.5 * (residual / B)",
            "a factor ½ where a factor 2 belongs",
            "The ½ is gone from the loss, so the 2 from the square stays.",
            "What is the derivative of r²?",
        ),
        Slip(
            "mse-batch",
            "2 * residual / (K * B)",
            "2 * residual / B",
            "MSELoss divided by the batch only",
            "MSELoss averages over every element, outputs too: K·B of them.",
            "By how many numbers does MSELoss divide?",
        ),
        Slip(
            "mse-half",
            "2 * residual / (K * B)",
            "residual / (K * B)",
            "MSELoss with a ½ that it does not have",
            "MSELoss is the mean of r², so its gradient has the factor 2.",
            "Is there a ½ in MSELoss?",
        ),
        Slip(
            "mse-outputs",
            "2 * residual / (K * B)",
            "2 * residual / K",
            "MSELoss divided by the outputs only",
            "MSELoss averages over every element, samples too: K·B of them.",
            "By how many numbers does MSELoss divide?",
        ),
    ),
    batch=("a", 1),
)


def sigmoid_regression(rng):
    K, B = sizes(rng, 2)
    return {"z": normal(rng, K, B), "y": rng.uniform(0.1, 0.9, (K, B))}


MSE_SIGMOID = Exercise(
    id="outputs.mse-sigmoid",
    title="δ^L of squared error after a sigmoid",
    where=NOTEBOOK + "Squared-error",
    kind="function",
    level="apply",
    minutes=3,
    prompt="Logits `z` and targets `y`, both $(K,B)$ with samples as columns. The output is $a=\\sigma(z)$, the loss "
    "$\\tfrac12\\|a-y\\|^2$ per sample, averaged over the batch. Return $\\delta^L=\\partial\\mathcal L/\\partial z$.",
    starter="def output_delta(z, y):\n    ...",
    solution="""
def output_delta(z, y):
    a = 1 / (1 + np.exp(-z))
    error = (a - y) / z.shape[1]
    slope = a * (1 - a)
    delta = error * slope
    return delta
""",
    returns=("delta",),
    inputs=sigmoid_regression,
    special=(lambda rng: {"z": np.array([[-10.0, 10.0, 2.0]]), "y": np.array([[1.0, 0.0, 1.0]])},),
    hints=(
        "(B1): the loss's slope at a, times the activation's slope at z.",
        "The outputs are summed, the samples averaged. The slope of the sigmoid is a (1 − a).",
        "(a − y)/B ⊙ a ⊙ (1 − a).",
    ),
    slips=(
        Slip(
            "no-slope",
            "error * slope",
            "error",
            "the slope σ' is missing",
            "a − y is δ for cross-entropy after a sigmoid. Squared error leaves the slope in.",
            "For which loss does the slope cancel? Is it yours?",
        ),
        Slip(
            "slope-twice",
            "error * slope",
            "error * slope * slope",
            "the slope σ' is in it twice",
            "There is one activation between z and the loss.",
            "How often does the signal go through the sigmoid?",
        ),
        Slip(
            "at-a",
            "a * (1 - a)",
            "1 / (1 + np.exp(-a)) * (1 - 1 / (1 + np.exp(-a)))",
            "σ' is taken at a, not at z",
            "a was put through the sigmoid a second time. a (1 − a) is the slope at z already.",
            "At which point is the slope taken?",
        ),
        Slip(
            "tanh",
            "a * (1 - a)",
            "1 - a**2",
            "the slope is tanh's, not the sigmoid's",
            "1 − a² belongs to tanh. The sigmoid has a (1 − a).",
            "How large can the slope of a sigmoid be?",
        ),
        Slip(
            "value",
            "a * (1 - a)",
            "a",
            "multiplied by σ(z) instead of σ'(z)",
            "The chain rule multiplies by the slope of the activation, not by its value.",
            "What does the chain rule ask for at this step?",
        ),
        Slip(
            "sign",
            "(a - y)",
            "(y - a)",
            "the sign is flipped: y − a for a − y",
            "The derivative of ½(a − y)² with respect to a is a − y.",
            "If the output is too small, should the loss rise or fall when a grows?",
        ),
        Slip(
            "two",
            "(a - y)",
            "2 * (a - y)",
            "a factor 2 too much: the ½ is forgotten",
            "The 2 from the square meets the ½ of the loss.",
            "Which loss did you differentiate: with the ½ or without?",
        ),
        Slip(
            "no-mean",
            " / z.shape[1]",
            "",
            "the mean over the batch is missing: no 1/B",
            "The gradient is B times too big, and grows with the batch.",
            "You double the batch. What happens to your gradient?",
        ),
        Slip(
            "all-elements",
            "/ z.shape[1]",
            "/ z.size",
            "divided by all elements, K·B, not by the batch",
            "Here outputs are summed and samples averaged. The mean over all elements is MSELoss.",
            "Over what is the loss averaged?",
        ),
    ),
    batch=("z", 1),
)


def labelled(rng):
    K, B = sizes(rng, 2)
    return {"z": 2 * normal(rng, K, B), "labels": rng.integers(0, K, B)}


def extreme_labelled(rng):
    z = [[1000.0, -1000.0, 3.0], [0.0, -1001.0, 1.0], [-1000.0, -1003.0, 2.0], [-2000.0, -1002.0, 900.0]]
    return {"z": np.array(z), "labels": np.array([1, 0, 2])}


CROSS_ENTROPY = Exercise(
    id="outputs.cross-entropy",
    title="Cross-entropy from integer labels",
    where=NOTEBOOK + "Log-sum-exp:-softmax-without-overflow",
    kind="function",
    level="interview",
    minutes=5,
    prompt="Logits `z` of shape $(K,B)$, samples as columns, and `labels`, $B$ whole numbers from 0 to $K-1$. Return "
    "the cross-entropy, averaged over the batch. It must hold for logits of ±1000.",
    starter="def cross_entropy(z, labels):\n    ...",
    solution="""
def cross_entropy(z, labels):
    B = len(labels)
    c = z.max(axis=0, keepdims=True)
    log_S = c + np.log(np.exp(z - c).sum(axis=0, keepdims=True))
    log_p = z - log_S
    picked = log_p[labels, np.arange(B)]
    loss = -picked.sum() / B
    return loss
""",
    returns=("loss",),
    inputs=labelled,
    special=(
        extreme_labelled,
        lambda rng: {"z": normal(rng, 3, 7), "labels": np.array([0, 2, 1, 1, 0, 2, 2])},
    ),
    hints=(
        "Log-softmax first, by log-sum-exp: never the logarithm of a probability.",
        "For each sample pick the log-probability of its label. Two index arrays do it at once.",
        "−log_p[labels, np.arange(B)], averaged.",
    ),
    slips=(
        Slip(
            "rows-picked",
            "log_p[labels, np.arange(B)]",
            "log_p[labels]",
            "whole rows are picked, not one entry per sample",
            "log_p[labels] is a (B, B) array: each label's row, for all samples.",
            "Which shape has what you pick?",
        ),
        Slip(
            "swapped",
            "labels, np.arange(B)",
            "np.arange(B), labels",
            "the two indices are swapped: that is the rows form",
            "Samples are columns: the class comes first, then the sample.",
            "Which index of z is the class?",
        ),
        Slip(
            "best",
            "log_p[labels, np.arange(B)]",
            "log_p.max(axis=0)",
            "the largest probability is picked, not the label's",
            "Then the loss does not look at the labels at all.",
            "Does your loss change when the labels do?",
        ),
        Slip(
            "off-by-one",
            "labels, np.arange(B)",
            "labels - 1, np.arange(B)",
            "labels are taken as counted from 1",
            "They run from 0 to K − 1. Label 0 became the last class, and no error was raised.",
            "What does index −1 do in NumPy?",
        ),
        Slip(
            "sign",
            "-picked",
            "picked",
            "the minus is missing",
            "The logarithm of a probability is at most 0. A loss is its negative.",
            "Can your loss be negative?",
        ),
        Slip(
            "sum",
            "picked.sum() / B",
            "picked.sum()",
            "summed over the batch, not averaged",
            "The loss then grows with the batch.",
            "You double the batch. What happens to the loss?",
        ),
        Slip(
            "all-elements",
            "picked.sum() / B",
            "picked.sum() / z.size",
            "divided by all elements, K·B, not by the batch",
            "A mean over a (K, B) array of y log p counts the zeros too.",
            "By how many numbers do you divide?",
        ),
        Slip(
            "no-log",
            "z - log_S",
            "np.exp(z - log_S)",
            "the logarithm is missing: probabilities are averaged",
            "The loss is −log p. −p does not punish confident mistakes.",
            "What is your loss when the label has probability 0?",
        ),
        Slip(
            "log-of-softmax",
            "z - log_S",
            "np.log(np.exp(z - log_S))",
            "the logarithm of a probability that has underflowed",
            "p rounds to 0, and log 0 is −inf, where the loss is an ordinary number.",
            "What is the logarithm of a probability of e to the −1000?",
        ),
        Slip(
            "naive",
            "z.max(axis=0, keepdims=True)",
            "np.zeros((1, B))",
            "the maximum is not subtracted",
            "exp(1000) is inf, and so is its logarithm.",
            "What is e to the 1000 in float64?",
        ),
        Slip(
            "axis",
            "np.exp(z - c).sum(axis=0, keepdims=True)",
            "np.exp(z - c).sum(axis=1, keepdims=True)",
            "normalized over the samples, not over the classes",
            "Samples are columns: the classes of one sample run along axis 0.",
            "Over what does S sum?",
        ),
    ),
    batch=("z", 1),
)


def smoothing_inputs(rng):
    return logits_and_one_hot(rng) | {"epsilon": float(rng.uniform(0.05, 0.3))}


SMOOTHING = Exercise(
    id="outputs.smoothing",
    title="Label smoothing",
    where=NOTEBOOK + "Soft-targets,-label-smoothing,-temperature",
    kind="function",
    level="apply",
    minutes=3,
    prompt="Logits `z` and one-hot targets `y`, both $(K,B)$ with samples as columns. Return the smoothed targets for "
    "`epsilon`, and $\\delta^L$ of softmax with cross-entropy against them, averaged over the batch.",
    starter="def smoothed_delta(z, y, epsilon):\n    ...",
    solution="""
def smoothed_delta(z, y, epsilon):
    K, B = y.shape
    targets = (1 - epsilon) * y + epsilon / K
    e = np.exp(z - z.max(axis=0, keepdims=True))
    p = e / e.sum(axis=0, keepdims=True)
    delta = (p - targets) / B
    return targets, delta
""",
    returns=("targets", "delta"),
    inputs=smoothing_inputs,
    hints=(
        "A share ε of the target goes to all classes alike. What must each column still sum to?",
        "(1 − ε) y plus ε spread over the K classes. Then nothing else changes: p − target.",
        "targets = (1 − ε) y + ε/K, and δ = (p − targets)/B.",
    ),
    slips=(
        Slip(
            "not-spread",
            "epsilon / K",
            "epsilon",
            "ε is not divided by the number of classes",
            "Then each column sums to more than 1, and p − y no longer holds.",
            "What does a column of your targets sum to?",
        ),
        Slip(
            "batch",
            "epsilon / K",
            "epsilon / B",
            "ε is divided by the batch size, not by the number of classes",
            "ε is spread over the classes of one sample. Other samples have no part in it.",
            "Over what is ε spread?",
        ),
        Slip(
            "others-only",
            "epsilon / K",
            "(1 - y) * epsilon / (K - 1)",
            "ε is spread over the wrong classes only",
            "Also a distribution, but label smoothing mixes with the uniform one: the right class gets its ε/K too.",
            "Which target does the right class have?",
        ),
        Slip(
            "not-taken",
            "(1 - epsilon) * y",
            "y",
            "ε is not taken from the right class",
            "What the other classes get must come from somewhere: the column sums to 1.",
            "What does a column of your targets sum to?",
        ),
        Slip(
            "old-target",
            "(p - targets)",
            "(p - y)",
            "the error is taken against the old targets",
            "The smoothed targets are what the loss compares with.",
            "Where do your new targets enter the gradient?",
        ),
        Slip(
            "sign",
            "(p - targets)",
            "(targets - p)",
            "the sign is flipped: y − p for p − y",
            "The right class's logit should rise, so its slope is negative.",
            "If the right class's logit grows, does the loss rise or fall?",
        ),
        Slip(
            "no-mean",
            " / B",
            "",
            "the mean over the batch is missing: no 1/B",
            "The gradient is B times too big, and grows with the batch.",
            "You double the batch. What happens to your gradient?",
        ),
    ),
    batch=("z", 1),
)


def warm_inputs(rng):
    return logits_and_soft(rng) | {"T": float(rng.uniform(1.5, 4.5))}


TEMPERATURE = Exercise(
    id="outputs.temperature",
    title="Softmax at a temperature",
    where=NOTEBOOK + "Soft-targets,-label-smoothing,-temperature",
    kind="function",
    level="interview",
    minutes=3,
    prompt="$p=\\operatorname{softmax}(z/T)$ for logits `z` of shape $(K,B)$, samples as columns; the loss is the "
    "cross-entropy with the soft targets `y`, averaged over the batch. Return $p$ and $\\partial\\mathcal "
    "L/\\partial z$.",
    starter="def warm_delta(z, y, T):\n    ...",
    solution="""
def warm_delta(z, y, T):
    u = z / T
    e = np.exp(u - u.max(axis=0, keepdims=True))
    p = e / e.sum(axis=0, keepdims=True)
    delta = (p - y) / (T * y.shape[1])
    return p, delta
""",
    returns=("p", "delta"),
    inputs=warm_inputs,
    special=(
        lambda rng: extreme_logits(rng) | {"y": softmax_of(normal(rng, 3, 4)), "T": 1.25},
        lambda rng: logits_and_soft(rng) | {"T": 0.5},
    ),
    hints=(
        "Call u = z/T. What is the gradient with respect to u?",
        "p − y is ∂𝓛/∂u. One more step of the chain rule leads to z.",
        "(p − y) / (T B).",
    ),
    slips=(
        Slip(
            "no-factor",
            "(T * y.shape[1])",
            "y.shape[1]",
            "the factor 1/T is missing",
            "p − y is the gradient with respect to z/T. From there to z is one more factor, 1/T.",
            "With respect to what have you differentiated?",
        ),
        Slip(
            "multiplied",
            "(p - y) / (T * y.shape[1])",
            "(p - y) * T / y.shape[1]",
            "multiplied by T, where it should be divided",
            "The slope of z/T with respect to z is 1/T.",
            "If T is large, do the logits matter more or less?",
        ),
        Slip(
            "square",
            "(T * y.shape[1])",
            "(T**2 * y.shape[1])",
            "divided by T², not by T",
            "One 1/T comes from the chain rule. The second of distillation is not a factor: it is p coming closer to "
            "uniform.",
            "How often does T stand between z and the loss?",
        ),
        Slip(
            "cold",
            "u = z / T",
            "u = z * T",
            "the logits are multiplied by T",
            "A high temperature makes the output softer: the logits shrink.",
            "What should p be when T is very large?",
        ),
        Slip(
            "no-temperature",
            "u = z / T",
            "u = z",
            "the temperature is missing in the softmax",
            "T acts in the forward pass first: p is the softmax of z/T.",
            "What should p be when T is very large?",
        ),
        Slip(
            "after",
            "p = e / e.sum(axis=0, keepdims=True)",
            "p = e / e.sum(axis=0, keepdims=True) / T",
            "the probabilities are divided by T once more",
            "Probabilities sum to 1 at every temperature. T acts on the logits.",
            "What does a column of p sum to?",
        ),
        Slip(
            "sign",
            "(p - y)",
            "(y - p)",
            "the sign is flipped: y − p for p − y",
            "A class whose probability is too low should get a higher logit: its slope is negative.",
            "If p is below y for a class, should its logit rise or fall?",
        ),
        Slip(
            "no-mean",
            "T * y.shape[1]",
            "T",
            "the mean over the batch is missing: no 1/B",
            "The gradient is B times too big, and grows with the batch.",
            "You double the batch. What happens to your gradient?",
        ),
        Slip(
            "naive",
            "u - u.max(axis=0, keepdims=True)",
            "u",
            "the maximum is not subtracted before the exponential",
            "exp(800) is inf, and inf/inf is NaN.",
            "What is e to the 800 in float64?",
        ),
    ),
    batch=("z", 1),
)


# ---- softmax with cross-entropy, rung by rung ----


def ladder_inputs(rng):
    """One sample's p, y and an upstream g, then a batch: P, Y, their δ^L, the last layer's W and what enters it."""
    K, n, B = sizes(rng, 3)
    P, Y = softmax_of(normal(rng, K, B)), softmax_of(2 * normal(rng, K, B))
    return {
        "p": softmax_of(normal(rng, K, 1)),
        "y": softmax_of(2 * normal(rng, K, 1)),
        "g": normal(rng, K, 1),
        "P": P,
        "Y": Y,
        "B": B,
        "delta": (P - Y) / B,
        "W": normal(rng, K, n),
        "A": normal(rng, n, B),
    }


def rung(**fields):
    """A rung of the ladder: an expression in these inputs."""
    return Exercise(kind="expression", returns=("value",), inputs=ladder_inputs, batch=("P", 1), **fields)


DP = rung(
    id="softmax.dp",
    title="∂𝓛/∂p of the cross-entropy",
    prompt="One sample, columns: $\\mathcal L=-\\sum_iy_i\\log p_i$. Write $\\partial\\mathcal L/\\partial p$ from "
    "`p` and `y`.",
    starter="y * p",
    solution="-y / p",
    hints=(
        "Differentiate one term of the sum. Which p_i is in it?",
        "The derivative of log p is 1/p.",
        "−y/p, entry by entry.",
    ),
    slips=(
        Slip(
            "sign",
            "-y",
            "y",
            "the minus of the loss is lost",
            "𝓛 falls when the probability of the right class grows.",
            "If p of the right class grows, does the loss rise or fall?",
        ),
        Slip(
            "inverted",
            "y / p",
            "p / y",
            "the fraction is upside down",
            "The derivative of log p is 1/p, and y is only a factor.",
            "What is the derivative of log p?",
        ),
        Slip(
            "log",
            "y / p",
            "y * np.log(p)",
            "this is the loss's term, not its derivative",
            "−y log p is what you differentiate. The derivative of log p is 1/p.",
            "What is the derivative of log p?",
        ),
        Slip(
            "binary",
            "-y / p",
            "(p - y) / (p * (1 - p))",
            "this is the derivative of the binary cross-entropy",
            "There the loss has a second term, (1 − y) log(1 − p). Here it has one per class.",
            "Which terms has your loss?",
        ),
    ),
    where=NOTEBOOK + "Softmax-with-cross-entropy:-p-−-y,-twice",
    level="recall",
    minutes=2,
)

LADDER_JACOBIAN = rung(
    id="softmax.jacobian",
    title="The Jacobian ∂p/∂z, as a matrix",
    prompt="The whole matrix $J_{ij}=\\partial p_i/\\partial z_j$, from the column `p` alone. `diagflat` makes a "
    "diagonal matrix.",
    starter="diagflat(p)",
    solution="np.diagflat(p) - p @ p.T",
    hints=(
        "Quotient rule on e^{z_i}/S: two terms.",
        "J_ij = p_i ([i = j] − p_j). Write each of the two terms as a matrix.",
        "diag(p) − p pᵀ.",
    ),
    slips=(
        Slip(
            "elementwise",
            "p @ p.T",
            "np.diagflat(p**2)",
            "only the diagonal p (1 − p): softmax is treated as elementwise",
            "Every p_i depends on every z_j through the sum, so the other entries are −p_i p_j.",
            "If one logit grows, what happens to the other probabilities?",
        ),
        Slip(
            "plus",
            ") - p",
            ") + p",
            "the second term is added, not subtracted",
            "If a logit grows, the other probabilities fall.",
            "What should each column of J sum to?",
        ),
        Slip(
            "inner",
            "p @ p.T",
            "p.T @ p",
            "pᵀp where p pᵀ belongs: an inner product, one number",
            "A column times a row is a matrix, a row times a column is a number.",
            "Which shape has your second term?",
        ),
        Slip(
            "entry",
            "p @ p.T",
            "p * p",
            "p ⊙ p where p pᵀ belongs",
            "p_i p_j has two indices: it is an outer product.",
            "Which shape has your second term?",
        ),
        Slip(
            "column",
            "p @ p.T",
            "p",
            "p is subtracted from every column, where p_i p_j belongs",
            "p_i multiplies both terms of p_i ([i = j] − p_j).",
            "Is your matrix symmetric?",
        ),
    ),
    where=NOTEBOOK + "Softmax-and-its-Jacobian",
    level="apply",
    minutes=2,
)

LADDER_VJP = rung(
    id="softmax.vjp",
    title="Jᵀg, without the matrix",
    prompt="For any upstream `g` $=\\partial\\mathcal L/\\partial p$ of one sample: $J^{\\mathsf T}g$ from `p` and "
    "`g`, with entrywise products and one sum.",
    starter="p + g",
    solution="p * (g - np.sum(p * g))",
    hints=(
        "Multiply (diag(p) − p pᵀ) g out.",
        "pᵀg is a number: the average of g under p.",
        "p ⊙ (g − Σ p g).",
    ),
    slips=(
        Slip(
            "no-sum",
            "(g - np.sum(p * g))",
            "g",
            "the sum is missing: p ⊙ g",
            "This holds diag(p) g only.",
            "g is the same for all classes. What should come out?",
        ),
        Slip(
            "elementwise",
            "(g - np.sum(p * g))",
            "((1 - p) * g)",
            "softmax is treated as elementwise: p (1 − p) g",
            "p (1 − p) is the diagonal of J only.",
            "Which entries of J did you use?",
        ),
        Slip(
            "unweighted",
            "np.sum(p * g)",
            "np.sum(g)",
            "the sum of g is not weighted with p",
            "pᵀg is Σ p_i g_i.",
            "g is the same for all classes. What should come out?",
        ),
        Slip(
            "mean",
            "np.sum(p * g)",
            "np.mean(g)",
            "the plain mean of g, not its average under p",
            "The weights are the probabilities, not 1/K.",
            "What should the result sum to?",
        ),
        Slip(
            "plus",
            "g - np",
            "g + np",
            "the average is added, not subtracted",
            "Off the diagonal J is −p_i p_j.",
            "g is the same for all classes. What should come out?",
        ),
        Slip(
            "no-p",
            "p * (g",
            "(g",
            "the factor p in front is missing",
            "A class of probability 0 does not move.",
            "What is the gradient of a logit whose probability is 0?",
        ),
    ),
    where=NOTEBOOK + "Softmax-and-its-Jacobian",
    level="apply",
    minutes=2,
)

LADDER_DELTA = rung(
    id="softmax.delta",
    title="δ^L of one sample",
    prompt="Put the rungs together: $\\partial\\mathcal L/\\partial z$ of one sample, from `p` and `y`.",
    starter="p * y",
    solution="p - y",
    hints=(
        "Put g = −y/p into p ⊙ (g − Σ p g).",
        "p cancels in the first term. What is Σ y?",
        "−y + p Σ y = p − y.",
    ),
    slips=(
        Slip(
            "sign",
            "p - y",
            "y - p",
            "the sign is flipped",
            "The right class's logit should rise, so its slope is negative.",
            "If the right class's logit grows, does the loss rise or fall?",
        ),
        Slip(
            "extra-slope",
            "p - y",
            "(p - y) * p * (1 - p)",
            "an extra p (1 − p): the slope is in p − y already",
            "Softmax's Jacobian has been multiplied in, and cancelled.",
            "Do your errors sum to 0 over the classes?",
        ),
        Slip(
            "elementwise",
            "p - y",
            "-y * (1 - p)",
            "softmax is treated as elementwise: −y/p · p (1 − p)",
            "The other entries of J, −p_i p_j, are missing.",
            "Do your errors sum to 0 over the classes?",
        ),
        Slip(
            "no-sum",
            "p - y",
            "-y",
            "the sum is missing: only −y/p · p is left",
            "The second term of J gives +p Σ y.",
            "Do your errors sum to 0 over the classes?",
        ),
    ),
    where=NOTEBOOK + "Softmax-with-cross-entropy:-p-−-y,-twice",
    level="recall",
    minutes=2,
)

LADDER_BATCH = rung(
    id="softmax.batch",
    title="δ^L of a batch",
    prompt="A batch: columns `P` and `Y`, of `B` samples. The loss is averaged over them. Write $\\delta^L$.",
    starter="P * Y",
    solution="(P - Y) / B",
    hints=(
        "Each column is a sample, and each sample has its own p − y.",
        "𝓛 is a mean: every sample's loss counts 1/B.",
        "(P − Y)/B.",
    ),
    slips=(
        Slip(
            "sign",
            "P - Y",
            "Y - P",
            "the sign is flipped",
            "The right class's logit should rise, so its slope is negative.",
            "If the right class's logit grows, does the loss rise or fall?",
        ),
        Slip(
            "no-mean",
            " / B",
            "",
            "the mean over the batch is missing: no 1/B",
            "The gradient is B times too big, and grows with the batch.",
            "You double the batch. What happens to your gradient?",
        ),
        Slip(
            "twice",
            "/ B",
            "/ B**2",
            "1/B is in it twice",
            "The mean of the loss brings one 1/B.",
            "How often does B come from the loss?",
        ),
        Slip(
            "averaged",
            "(P - Y) / B",
            "np.mean(P - Y, axis=1, keepdims=True)",
            "δ is averaged over the samples: each must keep its own column",
            "δ meets every sample's own activations in (B3). Average it before, and that is lost.",
            "Which shape must δ^L have?",
        ),
        Slip(
            "extra-slope",
            "(P - Y)",
            "(P - Y) * P * (1 - P)",
            "an extra p (1 − p): the slope is in p − y already",
            "Softmax's Jacobian has been multiplied in, and cancelled.",
            "Do your errors sum to 0 over the classes?",
        ),
    ),
    where=NOTEBOOK + "Softmax-with-cross-entropy:-p-−-y,-twice",
    level="apply",
    minutes=2,
)

LADDER_DW = rung(
    id="softmax.dW",
    title="∂𝓛/∂W of the last layer",
    prompt="`A` enters the last layer, `delta` is its $\\delta^L$, with the 1/B in it. Write $\\partial\\mathcal "
    "L/\\partial W^L$.",
    starter="A * delta",
    solution="delta @ A.T",
    hints=(
        "(B3). Which shape must it have?",
        "W is (K, n), delta (K, B), A (n, B): the batch is summed away.",
        "delta @ A.T.",
    ),
    slips=(
        Slip(
            "transposed",
            "delta @ A.T",
            "A @ delta.T",
            "the outer product is the wrong way round",
            "This is the transpose: W is (outputs, inputs), so δ comes first.",
            "Which shape has W?",
        ),
        Slip(
            "no-transpose",
            "A.T",
            "A",
            "A is not transposed",
            "The inner axis must be the batch, on both sides.",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "mean-again",
            "delta @ A.T",
            "delta @ A.T / B",
            "1/B is in it twice",
            "It is in δ already. The product sums over the batch.",
            "Where is the 1/B of your loss? How often?",
        ),
        Slip(
            "weights",
            "delta @ A.T",
            "W.T @ delta",
            "this is the gradient of A, not of W",
            "Wᵀδ is handed down to the layer below. For W the partner of δ is what W was multiplied by.",
            "With respect to what is this the gradient?",
        ),
    ),
    where=NOTEBOOK + "Softmax-with-cross-entropy:-p-−-y,-twice",
    level="apply",
    minutes=2,
)

LADDER_DB = rung(
    id="softmax.db",
    title="∂𝓛/∂b of the last layer",
    prompt="Write $\\partial\\mathcal L/\\partial b^L$, from `delta`, as a column.",
    starter="delta * B",
    solution="np.sum(delta, axis=1, keepdims=True)",
    hints=(
        "(B4). How often is b used?",
        "Once for each sample. Slopes of uses add, along the batch.",
        "np.sum(delta, axis=1, keepdims=True).",
    ),
    slips=(
        Slip(
            "not-summed",
            "np.sum(delta, axis=1, keepdims=True)",
            "delta",
            "δ is not summed over the batch",
            "b is added to every sample, so it is used B times, and slopes of uses add.",
            "Which shape has b?",
        ),
        Slip(
            "mean",
            "np.sum",
            "np.mean",
            "the mean over the batch, not the sum: 1/B is in it twice",
            "The 1/B is in δ already.",
            "Where is the 1/B of your loss? How often?",
        ),
        Slip(
            "axis",
            "axis=1",
            "axis=0",
            "summed over the classes, not over the batch",
            "Samples are columns, so the batch is axis 1. Over the classes p − y sums to 0.",
            "Which axis is the batch?",
        ),
        Slip(
            "whole",
            "axis=1, keepdims=True",
            "axis=None",
            "summed over everything: one number for all biases",
            "Each class has a bias of its own.",
            "How many biases has the layer?",
        ),
    ),
    where=NOTEBOOK + "Softmax-with-cross-entropy:-p-−-y,-twice",
    level="apply",
    minutes=2,
)

LADDER = (DP, LADDER_JACOBIAN, LADDER_VJP, LADDER_DELTA, LADDER_BATCH, LADDER_DW, LADDER_DB)
EXERCISES = (
    MSE_SIGMOID,
    BCE,
    BCE_DELTA,
    JACOBIAN,
    VJP,
    DELTA,
    *LADDER,
    SOFTMAX,
    LOG_SOFTMAX,
    CROSS_ENTROPY,
    MSE,
    SMOOTHING,
    TEMPERATURE,
)
LADDERS = {"softmax": [exercise.id for exercise in LADDER]}
