"""Exercises of notebook 07b: what the framework does with gradients, and what a training step costs."""

import numpy as np

from backprop.practice.bank.make import normal, sizes
from backprop.practice.exercise import Exercise, Slip

NOTEBOOK = "07b_what_the_framework_does.ipynb#"


def two_samples(rng):
    """A weight and two samples, whose gradients differ and don't cancel."""
    w, (x1, x2) = int(rng.choice([2, 3])), rng.permutation([1, 2, 4])[:2]
    r1, r2 = int(rng.choice([-2, 3])), int(rng.choice([5, 6]))
    return {"w": w, "x1": int(x1), "y1": int(w * x1 - r1), "x2": int(x2), "y2": int(w * x2 - r2), "eta": 0.1}


def one_neuron(rng):
    x, w = rng.permutation([2, 3, 4, 5])[:2]
    return {"w": int(w), "x": int(x)}


def six_functions(rng):
    """Four that save their output, and two that save their input."""
    chosen = ["exp", "relu", "sqrt", rng.choice(["tanh", "sigmoid"]), *rng.permutation(["sin", "log", "square"])[:2]]
    return {"functions": [str(name) for name in rng.permutation(chosen)]}


def swish_inputs(rng):
    B, n = sizes(rng, 2)
    return {"x": normal(rng, B, n), "s": float(rng.uniform(1.3, 2)), "g": normal(rng, B, n)}


def micro_inputs(rng):
    n, m = sizes(rng, 2)
    counts = [int(count) for count in rng.permutation([1, 3, 4, 8])[:3]]
    return {"grads": [normal(rng, n, m) for _ in counts], "counts": counts}


def loss_sizes(rng):
    choices = {"n": (5, 8, 12), "B": (32, 50, 64), "eta": (0.02, 0.05, 0.3)}
    return {name: rng.choice(values).item() for name, values in choices.items()}


def linear_sizes(rng):
    return dict(zip(("B", "T", "n", "m"), sizes(rng, 4)))


def training_run(rng):
    N, D = int(rng.choice([1, 2, 3, 5])) * 10**8, int(rng.choice([2, 4, 10])) * 10**9
    return {"N": N, "D": D, "rate": 10**14, "share": float(rng.choice([0.3, 0.4, 0.5]))}


def transformer_sizes(rng):
    choices = {"L": (10, 20), "B": (3, 4, 8), "T": (500, 1000), "C": (240, 400), "H": (5, 6), "k": (12, 14)}
    return {name: int(rng.choice(values)) for name, values in choices.items()}


def block_sizes(rng):
    choices = {"L": (12, 24, 32), "inside": (90, 150, 200), "edge": (5, 10, 12)}
    return {name: int(rng.choice(values)) for name, values in choices.items()}


def scaled_inputs(rng, limit=0.5):
    """The gradients of a loss that was multiplied by `scale`, as they come out of backward."""
    n, m = sizes(rng, 2)
    scale = float(rng.choice([128, 256, 1024]))
    return {"dW": scale * normal(rng, n, m), "db": scale * normal(rng, m), "scale": scale, "limit": limit}


def overflowed(rng):
    given = scaled_inputs(rng)
    given["dW"][0, 0] = np.inf
    return given


def frozen_sizes(rng):
    return {"L": int(rng.choice([8, 10, 12])), "k": int(rng.choice([3, 4]))}


ACCUMULATE = Exercise(
    id="framework.accumulate",
    title="What .grad holds",
    where=NOTEBOOK + "Gradients-accumulate",
    kind="number",
    level="recall",
    minutes=3,
    prompt="$\\mathcal L=\\tfrac12(wx-y)^2$. `backward()` is called on the loss of sample 1; then, without "
    "`zero_grad()`, on that of sample 2; then SGD steps with `eta`. With the numbers that `show` gives: `w.grad` after "
    "the first `backward()`, `w.grad` after the second, and the new $w$.",
    starter="(1, 2, 3)",
    solution="""
def by_hand(w, x1, y1, x2, y2, eta):
    def gradient(x, y):
        return (w * x - y) * x

    first = gradient(x1, y1)
    second = first + gradient(x2, y2)
    new_w = w - eta * second
    return first, second, new_w
""",
    returns=("first", "second", "new_w"),
    inputs=two_samples,
    hints=(
        "What does backward() do with what is in .grad already?",
        "It adds. And the step uses whatever is in .grad by then.",
        "first = (w x₁ − y₁) x₁, second = first + (w x₂ − y₂) x₂, and w − η · second.",
    ),
    slips=(
        Slip(
            "overwritten",
            "first + gradient(x2, y2)",
            "gradient(x2, y2)",
            "backward() is taken to overwrite .grad",
            "It adds to what is there. That is why training loops call zero_grad().",
            "You forget zero_grad(). What happens?",
        ),
        Slip(
            "averaged",
            "first + gradient(x2, y2)",
            "(first + gradient(x2, y2)) / 2",
            "the two gradients are averaged, not added",
            "backward() adds. Nothing divides, unless the loss does.",
            "Who would know that there were two samples?",
        ),
        Slip(
            "steps-with-last",
            "eta * second",
            "eta * gradient(x2, y2)",
            "the step uses the last gradient only",
            "The optimizer reads .grad, and there the sum is.",
            "Where does the optimizer find its gradient?",
        ),
        Slip(
            "no-x",
            "(w * x - y) * x",
            "(w * x - y)",
            "the factor x is missing: this is ∂𝓛/∂z",
            "w is multiplied by x on its way to the loss.",
            "How fast does wx move with w?",
        ),
        Slip(
            "sign",
            "(w * x - y)",
            "(y - w * x)",
            "the sign is flipped: y − wx for wx − y",
            "The derivative of ½(z − y)² with respect to z is z − y.",
            "If the output is too large, should the loss rise or fall when it grows?",
        ),
        Slip(
            "two",
            "(w * x - y) * x",
            "2 * (w * x - y) * x",
            "a factor 2 too much: the ½ is forgotten",
            "The 2 from the square meets the ½ of the loss.",
            "Which loss did you differentiate: with the ½ or without?",
        ),
        Slip(
            "plus",
            "w - eta",
            "w + eta",
            "the step goes uphill",
            "Descent subtracts η times the gradient.",
            "Which way does the gradient point?",
        ),
    ),
)

DETACH = Exercise(
    id="framework.detach",
    title="Half of a product, detached",
    where=NOTEBOOK + "The-graph-and-its-leaves",
    kind="number",
    level="apply",
    minutes=3,
    prompt="`u = w * x` and `loss = u * u.detach() + u`. By hand, with the numbers that `show` gives: the loss, "
    "`w.grad` after `loss.backward()`, and what `w.grad` would be without the `detach()`.",
    starter="(1, 2, 3)",
    solution="""
def by_hand(w, x):
    u = w * x
    loss = u * u + u
    dw = (u + 1) * x
    dw_attached = (2 * u + 1) * x
    return loss, dw, dw_attached
""",
    returns=("loss", "dw", "dw_attached"),
    inputs=one_neuron,
    hints=(
        "Does detach() change a value, or a path?",
        "u.detach() is a constant with the value of u. Differentiate u · constant + u.",
        "The loss is u² + u. With detach the slope with respect to u is u + 1, without it 2u + 1. Each times x.",
    ),
    slips=(
        Slip(
            "ignored",
            "dw = (u + 1) * x",
            "dw = (2 * u + 1) * x",
            "detach() is ignored: both factors pass a gradient",
            "The detached factor is a constant for backward().",
            "On how many ways does u reach the loss, for backward()?",
        ),
        Slip(
            "term-lost",
            "dw = (u + 1) * x",
            "dw = 1 * x",
            "the whole product is taken for a constant",
            "Only one of its factors is detached. The other one passes a gradient, times that constant.",
            "Is the first factor detached too?",
        ),
        Slip(
            "all-cut",
            "dw = (u + 1) * x",
            "dw = 0 * x",
            "detach() is taken to cut everything",
            "It cuts one path. u reaches the loss on others as well.",
            "Which paths from u to the loss are left?",
        ),
        Slip(
            "value-lost",
            "u * u + u",
            "u",
            "the detached factor is taken to be 0",
            "detach() keeps the value. Only its history is gone.",
            "What does print(u.detach()) show?",
        ),
        Slip(
            "no-x",
            "dw = (u + 1) * x",
            "dw = u + 1",
            "the factor x is missing: this is ∂𝓛/∂u",
            "w reaches u by a product with x.",
            "You have the slope with respect to u. How do you get to w?",
        ),
        Slip(
            "product-rule",
            "(2 * u + 1) * x",
            "(u + 1) * x",
            "without detach() still only one of the two factors counts",
            "u is used twice in u · u, and slopes of uses add.",
            "What is the derivative of u squared?",
        ),
        Slip(
            "no-x-attached",
            "(2 * u + 1) * x",
            "2 * u + 1",
            "without detach() the factor x is missing: this is ∂𝓛/∂u",
            "w reaches u by a product with x.",
            "You have the slope with respect to u. How do you get to w?",
        ),
    ),
)

IN_PLACE = Exercise(
    id="framework.in-place",
    title="Which in-place change raises?",
    where=NOTEBOOK + "In-place,-and-twice-backward",
    kind="number",
    level="interview",
    minutes=4,
    prompt="For each of the `functions` that `show` gives, somebody runs `y = f(x)`, then `y.add_(1)`, then "
    "`y.sum().backward()`; $x$ requires a gradient. For each, in this order, write 1 if PyTorch raises and 0 if it "
    "does not, as a list such as `[0, 1, 0, 1, 0, 1]`.",
    starter="[0, 1, 0, 1, 0, 1]",
    solution="""
def by_hand(functions):
    saves_y = ("exp", "tanh", "sigmoid", "sqrt", "relu")
    raises = [1.0 if f in saves_y else 0.0 for f in functions]
    return raises
""",
    returns=("raises",),
    inputs=six_functions,
    hints=(
        "Which array does the backward pass of f need: its input or its output?",
        "Write each derivative as it is cheapest: in y = f(x) where that can be done, in x where it can't.",
        "exp' = y, tanh' = 1 − y², σ' = y(1 − y), 1/(2y) for the root, y > 0 for ReLU: these keep y, and notice that "
        "it changed. The others keep x.",
    ),
    slips=(
        Slip(
            "all",
            "1.0 if f in saves_y else 0.0",
            "1.0",
            "every in-place change is taken to raise",
            "It raises only where backward needs the array that was changed.",
            "Who will still read y?",
        ),
        Slip(
            "none",
            "1.0 if f in saves_y else 0.0",
            "0.0",
            "no in-place change is taken to raise",
            "Each tensor counts its versions, and backward compares, if it saved that tensor.",
            "What is tanh's derivative, written with what tanh returned?",
        ),
        Slip(
            "inverted",
            "1.0 if f in saves_y else 0.0",
            "0.0 if f in saves_y else 1.0",
            "it is the other way around: input and output are exchanged",
            "y was changed, not x. Those that kept x don't notice.",
            "Which array was changed, and who kept it?",
        ),
        Slip(
            "relu",
            ', "relu"',
            "",
            "ReLU is taken to keep its input",
            "y > 0 exactly where x > 0, so the output will do, and it is kept by the next layer anyway.",
            "Can you tell from ReLU's output where its slope is 1?",
        ),
        Slip(
            "exp-only",
            '("exp", "tanh", "sigmoid", "sqrt", "relu")',
            '("exp",)',
            "only exp is taken to keep its output",
            "1 − y², y(1 − y) and 1/(2y) are written in y too.",
            "What is tanh's derivative, written with what tanh returned?",
        ),
        Slip(
            "sqrt",
            '"sqrt", ',
            "",
            "the root is taken to keep its input",
            "The derivative is 1/(2√x), and √x is the output.",
            "What is the derivative of the root, written with what it returned?",
        ),
    ),
)

FUNCTION = Exercise(
    id="framework.function",
    title="The backward of a Function of your own",
    where=NOTEBOOK + "A-function-of-your-own",
    kind="function",
    level="interview",
    minutes=6,
    prompt="A custom autograd Function has `forward(x, s)`, $y=x\\,\\sigma(sx)$, entry by entry, with an array $x$ and "
    "one learned number $s$. Write its backward: from what was saved, and `g` $=\\partial\\mathcal L/\\partial y$, a "
    "gradient for each input of forward, $\\partial\\mathcal L/\\partial x$ and $\\partial\\mathcal L/\\partial s$.",
    starter="def backward(x, s, g):\n    ...",
    solution="""
def backward(x, s, g):
    a = 1 / (1 + np.exp(-s * x))
    slope = a * (1 - a)
    dx = g * (a + s * x * slope)
    ds = (g * x**2 * slope).sum()
    return dx, ds
""",
    returns=("dx", "ds"),
    inputs=swish_inputs,
    batch=("x", 0),
    hints=(
        "x is in y twice, s once. What shape has each gradient?",
        "Product rule for x, and inside σ the factor s. s was broadcast over all of x.",
        "With a = σ(sx): dx = g ⊙ (a + s x a(1 − a)), and ds is the sum of g x² a(1 − a).",
    ),
    slips=(
        Slip(
            "ds-not-summed",
            "(g * x**2 * slope).sum()",
            "g * x**2 * slope",
            "∂𝓛/∂s is not summed",
            "One s serves every entry of x, and slopes of uses add. The framework would complain about the shape.",
            "What shape has s, and what shape has its gradient?",
        ),
        Slip(
            "ds-mean",
            ".sum()",
            ".mean()",
            "∂𝓛/∂s is averaged over the entries",
            "Every use of s counts in full. Whatever mean the loss takes is in g already.",
            "s is used six times. What happens to the six slopes?",
        ),
        Slip(
            "no-g",
            "dx = g * (",
            "dx = (",
            "g is missing in ∂𝓛/∂x",
            "backward is handed the gradient of the output, and multiplies it by the local slope.",
            "Your function is followed by another one. Where does it enter?",
        ),
        Slip(
            "no-g-ds",
            "(g * x**2 * slope)",
            "(x**2 * slope)",
            "g is missing in ∂𝓛/∂s",
            "backward is handed the gradient of the output, and multiplies it by the local slope.",
            "Your function is followed by another one. Where does it enter?",
        ),
        Slip(
            "first-term",
            "(a + s * x * slope)",
            "a",
            "the second term of the product rule is missing",
            "x is in σ(sx) as well.",
            "In how many places is x in y?",
        ),
        Slip(
            "second-term",
            "(a + s * x * slope)",
            "s * x * slope",
            "the first term of the product rule is missing",
            "x stands in front of σ as well.",
            "In how many places is x in y?",
        ),
        Slip(
            "no-s",
            "s * x * slope",
            "x * slope",
            "the inner derivative s is missing in ∂𝓛/∂x",
            "Inside σ stands sx, which moves s times as fast as x.",
            "How fast does sx move with x?",
        ),
        Slip(
            "one-x",
            "g * x**2",
            "g * x",
            "one factor x is missing in ∂𝓛/∂s",
            "One x stands in front of σ, the other is the slope of sx with respect to s.",
            "How fast does sx move with s, and what multiplies σ?",
        ),
        Slip(
            "no-s-forward",
            "np.exp(-s * x)",
            "np.exp(-x)",
            "s is missing where σ is computed again",
            "backward must take its slopes where forward was, at sx.",
            "At which point are your slopes taken?",
        ),
    ),
)

MICRO = Exercise(
    id="framework.micro-batches",
    title="Gradient accumulation over unequal micro-batches",
    where=NOTEBOOK + "Averages-that-differ",
    kind="function",
    level="interview",
    minutes=5,
    prompt="A batch too large for the memory was cut into micro-batches. `grads[j]` is the gradient of the **mean** "
    "loss over micro-batch $j$, and `counts[j]` how many samples (or tokens that count) it has; they are not equal. "
    "Return the gradient of the mean loss over the whole batch.",
    starter="def accumulated(grads, counts):\n    ...",
    solution="""
def accumulated(grads, counts):
    N = sum(counts)
    total = np.zeros_like(grads[0])
    for g, n in zip(grads, counts):
        total += g * n / N
    return total
""",
    returns=("total",),
    inputs=micro_inputs,
    hints=(
        "Turn each mean back into a sum first. Then what do you do with the sums?",
        "A micro-batch with three times as many samples should weigh three times as much. What do the weights sum to?",
        "The sum over j of grads[j] times counts[j], by the sum of all counts.",
    ),
    slips=(
        Slip(
            "mean-of-means",
            "g * n / N",
            "g / len(grads)",
            "the means are averaged as if the micro-batches were equally large",
            "Then a sample in a small micro-batch counts for more. With padded sequences this is a well-known bug.",
            "One micro-batch has a single sample. How much should it count?",
        ),
        Slip(
            "added",
            "g * n / N",
            "g",
            "the means are added: every further micro-batch makes the step longer",
            "That is what .grad does by itself. Each loss is to be scaled before backward().",
            "You cut the same batch into twice as many pieces. What happens to your gradient?",
        ),
        Slip(
            "overwrite",
            "total +=",
            "total =",
            "= where += belongs: only the last micro-batch counts",
            "Accumulation adds up. zero_grad() comes once, before the first micro-batch.",
            "When do you call zero_grad()?",
        ),
        Slip(
            "not-normalized",
            "g * n / N",
            "g * n",
            "this is the gradient of the sum, not of the mean",
            "The weights should sum to 1.",
            "What do your weights sum to?",
        ),
        Slip(
            "means-by-N",
            "g * n / N",
            "g / N",
            "the means are treated as sums: n is missing",
            "Each is a mean already. n times a mean is the sum that belongs over N.",
            "How do you get from a mean back to a sum?",
        ),
        Slip(
            "twice",
            "g * n / N",
            "g * n / N / len(grads)",
            "divided by the number of micro-batches on top",
            "The weights n/N sum to 1 already.",
            "What do your weights sum to?",
        ),
        Slip(
            "inverse",
            "g * n / N",
            "g * N / n",
            "the weight is upside down: small micro-batches count most",
            "A micro-batch weighs by its share of the samples.",
            "One micro-batch has a single sample. How much should it count?",
        ),
    ),
)

MSE_LOSS = Exercise(
    id="framework.mse",
    title="Moving to MSELoss",
    where=NOTEBOOK + "Averages-that-differ",
    kind="number",
    level="apply",
    minutes=3,
    prompt="You trained with $\\tfrac12\\|a-y\\|^2$, summed over the `n` outputs and averaged over a batch of `B`, at "
    "the learning rate `eta`. Now the loss is PyTorch's `MSELoss` with its defaults. By which factor does the gradient "
    "change, and which learning rate makes the same SGD steps as before?",
    starter="(1, 0.1)",
    solution="""
def moved(n, B, eta):
    factor = 2 / n
    new_eta = eta / factor
    return factor, new_eta
""",
    returns=("factor", "new_eta"),
    inputs=loss_sizes,
    hints=(
        "Write both losses as a number times the sum of all squares.",
        "Ours is 1/(2B) times that sum. Over how many numbers does MSELoss take its mean?",
        "1/(nB) against 1/(2B): the factor is 2/n, and η is divided by it.",
    ),
    slips=(
        Slip(
            "no-two",
            "2 / n",
            "1 / n",
            "the ½ is forgotten",
            "MSELoss has no ½, so its gradient has a 2 that ours lacks.",
            "Which of the two losses has a ½?",
        ),
        Slip(
            "batch-too",
            "2 / n",
            "2 / (n * B)",
            "1/B is counted as new",
            "Both losses average over the batch.",
            "Over what does each loss average?",
        ),
        Slip(
            "only-two",
            "2 / n",
            "2",
            "the mean over the outputs is forgotten",
            "By default MSELoss divides by all elements: n times B.",
            "By how many numbers does each loss divide?",
        ),
        Slip(
            "by-batch",
            "2 / n",
            "2 / B",
            "the batch size stands where the number of outputs belongs",
            "Both divide by B. Only MSELoss divides by n too.",
            "Over what does each loss average?",
        ),
        Slip(
            "inverted",
            "2 / n",
            "n / 2",
            "the factor is upside down",
            "It says how the new gradient compares with the old one.",
            "With many outputs, which of the two gradients is larger?",
        ),
        Slip(
            "wrong-way",
            "eta / factor",
            "eta * factor",
            "the learning rate is changed in the same direction as the gradient",
            "A step is η times the gradient. What one loses the other must gain.",
            "The gradient is now smaller. Should η grow or shrink?",
        ),
        Slip(
            "unchanged",
            "eta / factor",
            "1 * eta",
            "the learning rate is left as it was",
            "A step is η times the gradient, and the gradient has changed.",
            "How long is your SGD step before and after?",
        ),
    ),
)

LINEAR_FLOPS = Exercise(
    id="framework.linear-flops",
    title="FLOPs of one linear layer's training step",
    where=NOTEBOOK + "Counting-FLOPs",
    kind="expression",
    level="apply",
    minutes=2,
    prompt="$Y=XW$ with $X$ $(B,T,n)$ and $W$ $(n,m)$, in the middle of a network. Count a multiplication and an "
    "addition as two operations. Write how many one training step takes in this layer's matrix products, forward and "
    "backward.",
    starter="B * T",
    solution="6 * B * T * n * m",
    returns=("flops",),
    inputs=linear_sizes,
    hints=(
        "How many matrix products are there in all? Say their shapes.",
        "One forward, two backward: dX = G Wᵀ and dW = Xᵀ G. Each has the same three lengths, B·T, n and m.",
        "Each takes 2 · BT · n · m.",
    ),
    slips=(
        Slip(
            "forward-only",
            "6",
            "2",
            "only the forward pass is counted",
            "Backward there are two products more, dX and dW.",
            "How many products does backward take?",
        ),
        Slip(
            "backward-only",
            "6",
            "4",
            "one product is missing: there is one forward and two backward",
            "Y = XW, dX = G Wᵀ, dW = Xᵀ G.",
            "Name the products of one training step.",
        ),
        Slip(
            "multiply-add",
            "6",
            "3",
            "a multiplication and its addition are counted as one",
            "Here they are two operations, as in 2ND.",
            "What do you count as one operation?",
        ),
        Slip(
            "one-row",
            "B * T * ",
            "",
            "this is for one row of X only",
            "Every position of every sample is a row of its own.",
            "How many rows does X have, when you flatten the leading axes?",
        ),
        Slip(
            "no-time",
            "B * T",
            "B",
            "the positions are not counted",
            "Every position of every sample is a row of its own.",
            "How many rows does X have, when you flatten the leading axes?",
        ),
        Slip(
            "no-batch",
            "B * T",
            "T",
            "the batch is not counted",
            "Every position of every sample is a row of its own.",
            "How many rows does X have, when you flatten the leading axes?",
        ),
        Slip(
            "sum-of-widths",
            "n * m",
            "(n + m)",
            "n + m stands where n · m belongs",
            "Every input meets every output: W has n · m entries.",
            "How many entries has W?",
        ),
    ),
)

FLOPS = Exercise(
    id="framework.flops",
    title="How long will it train?",
    where=NOTEBOOK + "Counting-FLOPs",
    kind="number",
    level="interview",
    minutes=4,
    prompt="A model of `N` parameters is trained on `D` tokens, on a device that can do `rate` operations per second, "
    "of which the program reaches the `share`. By the rule of thumb: the operations of all forward passes, of all "
    "backward passes, and the hours that it takes.",
    starter="(1e18, 1e18, 10)",
    solution="""
def estimate(N, D, rate, share):
    forward = 2 * N * D
    backward = 4 * N * D
    hours = (forward + backward) / (rate * share) / 3600
    return forward, backward, hours
""",
    returns=("forward", "backward", "hours"),
    inputs=training_run,
    hints=(
        "How often is each parameter used for one token, forward? With how many operations?",
        "A multiplication and an addition each: 2ND. Backward has two products for each one of forward.",
        "2ND, 4ND, and 6ND / (rate · share) seconds.",
    ),
    slips=(
        Slip(
            "multiply-add",
            "2 * N * D",
            "N * D",
            "forward counts a multiplication and its addition as one",
            "A rate in FLOP/s counts both.",
            "What does the maker of the device count as one operation?",
        ),
        Slip(
            "backward-equal",
            "4 * N * D",
            "2 * N * D",
            "backward is counted as costing the same as forward",
            "Each layer has one product forward and two backward: for its input and for its weights.",
            "Which products does the backward pass of a layer hold?",
        ),
        Slip(
            "no-forward",
            "(forward + backward)",
            "backward",
            "the hours leave out the forward passes",
            "A training step is both.",
            "What does one training step consist of?",
        ),
        Slip(
            "no-backward",
            "(forward + backward)",
            "forward",
            "the hours leave out the backward passes",
            "A training step is both.",
            "What does one training step consist of?",
        ),
        Slip(
            "no-share",
            "(rate * share)",
            "rate",
            "the share that is reached is left out",
            "No program reaches the number in the data sheet.",
            "How fast does your program really run?",
        ),
        Slip(
            "share-inverted",
            "(rate * share)",
            "rate * share",
            "multiplied by the share where it should be divided",
            "At half the speed it takes twice as long.",
            "At half the speed, does it take longer or shorter?",
        ),
        Slip(
            "seconds",
            " / 3600",
            "",
            "these are seconds",
            "Hours were asked for.",
            "In which unit is your result?",
        ),
    ),
)

MEMORY = Exercise(
    id="framework.memory",
    title="Bytes for parameters, gradients and Adam",
    where=NOTEBOOK + "Memory-by-the-byte",
    kind="number",
    level="interview",
    minutes=3,
    prompt="Mixed precision with Adam, `N` million parameters: weights and gradients are in float16, and whatever the "
    "optimizer keeps for itself is in float32. In megabytes ($10^6$ bytes): the weights, the gradients, what the "
    "optimizer keeps, and all together. Activations aside.",
    starter="(100, 100, 100, 300)",
    solution="""
def megabytes(N):
    weights = 2 * N
    gradients = 2 * N
    optimizer = (4 + 4 + 4) * N
    total = weights + gradients + optimizer
    return weights, gradients, optimizer, total
""",
    returns=("weights", "gradients", "optimizer", "total"),
    inputs=lambda rng: {"N": int(rng.choice([125, 350, 700, 1300]))},
    hints=(
        "What does Adam remember about each weight? And can a tiny step be added to a float16?",
        "Two moments, and a float32 copy of the weight itself, which takes the steps. How many bytes has a float32?",
        "2 + 2 + (4 + 4 + 4) = 16 bytes for each parameter.",
    ),
    slips=(
        Slip(
            "two-arrays",
            "(4 + 4 + 4)",
            "(4 + 4)",
            "the optimizer keeps three arrays, and two are counted",
            "They are m, v, and a float32 copy of the weights: float16 is too coarse to add a small step to.",
            "To what are your small steps added?",
        ),
        Slip(
            "one-array",
            "(4 + 4 + 4)",
            "4",
            "the optimizer keeps three arrays, and one is counted",
            "Adam has two moments, and the weights themselves are kept once more in float32.",
            "What does Adam remember about each weight?",
        ),
        Slip(
            "half",
            "(4 + 4 + 4)",
            "(2 + 2 + 2)",
            "what the optimizer keeps is counted in float16",
            "v holds squares of small numbers, which float16 loses.",
            "What is the square of 1e-5 in float16?",
        ),
        Slip(
            "gradients-32",
            "gradients = 2 * N",
            "gradients = 4 * N",
            "the gradients are counted in float32",
            "The prompt has them in float16: 2 bytes each. Setups differ, so one says which.",
            "In which precision are your gradients?",
        ),
        Slip(
            "weights-32",
            "weights = 2 * N",
            "weights = 4 * N",
            "the weights are counted in float32",
            "The forward pass reads float16. The float32 copy belongs to the optimizer.",
            "Which of the two copies does the forward pass read?",
        ),
        Slip(
            "incomplete",
            "weights + gradients + optimizer",
            "weights + optimizer",
            "2 bytes for each parameter are missing in the sum: the float16 weights, or the gradients",
            "The float16 weights are held besides the float32 copy, and the gradients until the step is made.",
            "What is in memory when the optimizer steps?",
        ),
    ),
)

ACTIVATIONS = Exercise(
    id="framework.activations",
    title="Memory of activations",
    where=NOTEBOOK + "Memory-by-the-byte",
    kind="number",
    level="interview",
    minutes=5,
    prompt="A transformer of `L` blocks keeps, for its backward pass and in float16, in each block: `k` arrays of "
    "shape $(B,T,C)$, and the attention weights of its `H` heads, every position against every other. In megabytes "
    "($10^6$ bytes): the arrays of all blocks, the attention weights of all blocks, and both together for twice the "
    "length $T$.",
    starter="(100, 100, 400)",
    solution="""
def megabytes(L, B, T, C, H, k):
    size = 2
    arrays = L * k * B * T * C * size / 1e6
    attention = L * B * H * T * T * size / 1e6
    doubled = 2 * arrays + 4 * attention
    return arrays, attention, doubled
""",
    returns=("arrays", "attention", "doubled"),
    inputs=transformer_sizes,
    hints=(
        "How many numbers has one array of each kind? How many bytes has each number?",
        "The attention weights are (B, H, T, T) in each block. How does each kind grow with T?",
        "L · k · BTC · 2 bytes and L · BHT² · 2 bytes. At 2T the first doubles, the second is four times as large.",
    ),
    slips=(
        Slip(
            "float32",
            "size = 2",
            "size = 4",
            "counted in float32: 4 bytes each",
            "float16 has 16 bits.",
            "How many bytes has a float16?",
        ),
        Slip(
            "numbers",
            "size = 2",
            "size = 1",
            "numbers are counted, not bytes",
            "float16 has 16 bits, which are 2 bytes.",
            "How many bytes has a float16?",
        ),
        Slip(
            "one-head",
            "B * H * T * T",
            "B * T * T",
            "the heads are left out of the attention weights",
            "Each head has weights of its own, over all positions.",
            "Do two heads share their weights?",
        ),
        Slip(
            "features",
            "H * T * T",
            "H * T * C",
            "the attention weights are given features, where keys belong",
            "A weight stands for a query and a key: T against T.",
            "Over which axis does the softmax run?",
        ),
        Slip(
            "no-batch",
            "L * B * H",
            "L * H",
            "the batch is left out of the attention weights",
            "Every sample has attention weights of its own.",
            "Do two samples share their attention weights?",
        ),
        Slip(
            "one-block",
            "L * k",
            "k",
            "the arrays of one block only",
            "Every block keeps its own until backward has passed it.",
            "When is the first block's memory freed?",
        ),
        Slip(
            "doubled-linear",
            "4 * attention",
            "2 * attention",
            "attention is taken to grow in proportion to T",
            "There is a weight for every pair of positions.",
            "You double T. How many pairs of positions are there?",
        ),
        Slip(
            "doubled-square",
            "2 * arrays",
            "4 * arrays",
            "all activations are taken to grow with T²",
            "Only the attention weights hold pairs. The arrays (B, T, C) have one row for each position.",
            "Which of your arrays have T twice in their shape?",
        ),
    ),
)

CHECKPOINT = Exercise(
    id="framework.checkpoint",
    title="A checkpoint at every block",
    where=NOTEBOOK + "Recompute-instead-of-remember",
    kind="number",
    level="interview",
    minutes=4,
    prompt="Each of `L` blocks keeps its input, `edge` megabytes, and `inside` megabytes more for its backward pass. "
    "With a checkpoint at every block only the inputs stay, and each block is computed once more when backward gets "
    "there. In megabytes at the worst moment: without checkpoints, and with them. And the time of a step as a multiple "
    "of the time without, when backward costs twice as much as forward.",
    starter="(1000, 500, 2)",
    solution="""
def checkpoints(L, inside, edge):
    without = L * (inside + edge)
    kept = L * edge + inside
    time = (1 + 1 + 2) / (1 + 2)
    return without, kept, time
""",
    returns=("without", "kept", "time"),
    inputs=block_sizes,
    hints=(
        "What is in memory in the middle of the backward pass of one block?",
        "All inputs, and the inside of the one block that is being walked back. What is computed twice?",
        "L (inside + edge), then L · edge + inside, and one more forward pass: (1 + 1 + 2)/(1 + 2).",
    ),
    slips=(
        Slip(
            "inside-forgotten",
            "L * edge + inside",
            "L * edge",
            "the block that is being recomputed is not counted",
            "While backward walks through a block, all of its inside is in memory.",
            "What is in memory in the middle of a block's backward pass?",
        ),
        Slip(
            "edges-forgotten",
            "L * edge + inside",
            "inside",
            "the checkpoints themselves are not counted",
            "The input of every block must stay, to compute it again from there.",
            "From what is a block computed again?",
        ),
        Slip(
            "one-edge",
            "L * edge + inside",
            "edge + inside",
            "only one checkpoint is counted",
            "The input of every block stays until backward has passed it.",
            "How many checkpoints are there when backward begins?",
        ),
        Slip(
            "edge-forgotten",
            "L * (inside + edge)",
            "L * inside",
            "the inputs of the blocks are left out without checkpoints",
            "They are kept in both cases.",
            "What does a block need for its backward pass, besides its inside?",
        ),
        Slip(
            "twice",
            "(1 + 1 + 2) / (1 + 2)",
            "2",
            "the whole step is counted twice",
            "Only the forward pass is run once more. The backward pass is as before.",
            "Which parts of the step are repeated?",
        ),
        Slip(
            "equal",
            "(1 + 1 + 2) / (1 + 2)",
            "(1 + 1 + 1) / (1 + 1)",
            "backward is counted as costing the same as forward",
            "A layer's backward pass has two products, its forward pass has one.",
            "How many products has one layer forward, and how many backward?",
        ),
        Slip(
            "free",
            "(1 + 1 + 2) / (1 + 2)",
            "1",
            "the recomputation is taken as free",
            "What was thrown away must be computed again: one more forward pass.",
            "What do you do when you need an activation that you threw away?",
        ),
    ),
)

LOSS_SCALING = Exercise(
    id="framework.loss-scaling",
    title="Unscale, check, clip",
    where=NOTEBOOK + "Small-numbers-in-half-precision",
    kind="function",
    level="interview",
    minutes=6,
    prompt="The loss was multiplied by `scale` before backward. Return `dW`, `db` and `scale` as the optimizer should "
    "get them: free of the scale, and with their common norm clipped at `limit`. If the gradients have overflowed, the "
    "step is skipped: return zeros, and half the scale.",
    starter="def unscale_and_clip(dW, db, scale, limit):\n    ...",
    solution="""
def unscale_and_clip(dW, db, scale, limit):
    dW, db = dW / scale, db / scale
    norm = np.sqrt((dW**2).sum() + (db**2).sum())
    if not np.isfinite(norm):
        return np.zeros_like(dW), np.zeros_like(db), scale / 2
    factor = min(1.0, limit / norm)
    return factor * dW, factor * db, scale
""",
    returns=("dW", "db", "scale"),
    inputs=scaled_inputs,
    special=(overflowed, lambda rng: scaled_inputs(rng, limit=1e9)),
    hints=(
        "In which order? The limit is meant for the true gradient.",
        "Divide by the scale, then take one norm over both arrays. Is it finite? Only then is there something to clip.",
        "After the division: if the norm is inf or NaN, zeros and scale/2. Otherwise both arrays times "
        "min(1, limit/norm).",
    ),
    slips=(
        Slip(
            "clip-first",
            "limit / norm",
            "limit / (norm * scale)",
            "the gradient is clipped before the scale is taken out",
            "The limit is then compared with a norm that is `scale` times too big, and nearly every step shrinks.",
            "Which gradient is your limit meant for?",
        ),
        Slip(
            "not-unscaled",
            "dW / scale, db / scale",
            "1 * dW, 1 * db",
            "the scale is never taken out",
            "Every gradient is `scale` times too big. Where the clip bites, nobody notices.",
            "What happens to the gradient when you multiply the loss by 1024?",
        ),
        Slip(
            "multiplied",
            "dW / scale, db / scale",
            "dW * scale, db * scale",
            "the gradients are multiplied by the scale once more",
            "backward has done that already. Unscaling divides.",
            "What happens to the gradient when you multiply the loss by 1024?",
        ),
        Slip(
            "not-skipped",
            "if not np.isfinite(norm):",
            "if False:",
            "an overflow is not noticed, and the step is made",
            "One inf makes the norm inf, and the clip 0 · inf = NaN: the weights are lost.",
            "One entry overflowed. What is in your weights after the step?",
        ),
        Slip(
            "scale-kept",
            "scale / 2",
            "scale",
            "the scale stays as it was after an overflow",
            "The next step would overflow as well.",
            "What will happen at the next step?",
        ),
        Slip(
            "scale-grown",
            "scale / 2",
            "scale * 2",
            "the scale grows after an overflow",
            "It grows after many good steps, and shrinks after an overflow.",
            "The numbers were too large. Which way should the scale go?",
        ),
        Slip(
            "always",
            "min(1.0, limit / norm)",
            "limit / norm",
            "a small gradient is stretched to the limit",
            "Clipping only ever shortens.",
            "The norm is below the limit. What should happen?",
        ),
        Slip(
            "norm-of-dW",
            "(dW**2).sum() + (db**2).sum()",
            "(dW**2).sum()",
            "the norm leaves out db",
            "It is one vector of all parameters, and keeps its direction.",
            "Over which numbers does the norm run?",
        ),
        Slip(
            "db-not-clipped",
            "factor * db",
            "db",
            "db is not clipped",
            "Both are multiplied by the same factor, so that the direction stays.",
            "Does the gradient keep its direction?",
        ),
    ),
)

FROZEN = Exercise(
    id="framework.frozen",
    title="What frozen layers save",
    where=NOTEBOOK + "Frozen-layers,-hooks-and-a-debugging-round",
    kind="number",
    level="interview",
    minutes=4,
    prompt="A network of `L` linear layers; nobody needs the gradient of its input. Count the matrix products of one "
    "backward pass: when all layers are trained, when the **first** `k` are frozen, and when the **last** `k` are "
    "frozen.",
    starter="(10, 5, 5)",
    solution="""
def products(L, k):
    trained = L - k
    everything = 2 * L - 1
    first_frozen = trained + (trained - 1)
    last_frozen = trained + (L - 1)
    return everything, first_frozen, last_frozen
""",
    returns=("everything", "first_frozen", "last_frozen"),
    inputs=frozen_sizes,
    hints=(
        "Each layer has two products going back. Which of them is for its weights, and which for the layers below?",
        "A frozen layer needs no dW. But do the layers below it need what passes through it?",
        "One dW for each trained layer. dX runs from the top down to the lowest trained layer: L − 1 steps at most, "
        "and L − k − 1 if the first k are frozen.",
    ),
    slips=(
        Slip(
            "input-too",
            "2 * L - 1",
            "2 * L",
            "the gradient of the input is counted when all are trained",
            "Below the first layer there is nobody to hand it to.",
            "Which is the last dX that you need?",
        ),
        Slip(
            "dX-through-frozen",
            "trained + (trained - 1)",
            "trained + (L - 1)",
            "δ is handed down through the frozen first layers",
            "Nothing below needs it, so backward stops at the lowest trained layer.",
            "Who needs the gradient below the lowest trained layer?",
        ),
        Slip(
            "one-too-far",
            "trained + (trained - 1)",
            "trained + trained",
            "δ is handed one layer too far down with the first layers frozen",
            "The lowest trained layer needs its dW, but nobody needs its dX.",
            "Which is the last dX that you need?",
        ),
        Slip(
            "cut",
            "trained + (L - 1)",
            "trained + (trained - 1)",
            "frozen last layers are taken to save their dX too",
            "The trained layers below them get their gradient through them. Frozen is not detached.",
            "How does the gradient get from the loss to the trained layers?",
        ),
        Slip(
            "nothing-saved",
            "trained + (L - 1)",
            "L + (L - 1)",
            "frozen last layers are taken to save nothing",
            "Their dX is needed, but their dW is not.",
            "What is computed for the weights of a frozen layer?",
        ),
        Slip(
            "one-product",
            "2 * L - 1",
            "L",
            "one product for each layer, where there are two",
            "dW and dX, both of them matrix products.",
            "Which products does the backward pass of a layer hold?",
        ),
    ),
)

EXERCISES = (
    ACCUMULATE,
    DETACH,
    IN_PLACE,
    FUNCTION,
    MICRO,
    MSE_LOSS,
    LINEAR_FLOPS,
    FLOPS,
    MEMORY,
    ACTIVATIONS,
    CHECKPOINT,
    LOSS_SCALING,
    FROZEN,
)
LADDERS = {}
