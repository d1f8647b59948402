r"""Which in-place change raises?

For each of the `functions` that `show` gives, somebody runs `y = f(x)`, then `y.add_(1)`, then `y.sum().backward()`;
$x$ requires a gradient. For each, in this order, write 1 if PyTorch raises and 0 if it does not, as a list such as `[0,
1, 0, 1, 0, 1]`.
"""

where = "framework#in-place"
level, minutes = "interview", 4
kind = "number"
starter = "[0, 1, 0, 1, 0, 1]"


def six_functions(rng):
    """Four that save their output, and two that save their input."""
    chosen = ["exp", "relu", "sqrt", rng.choice(["tanh", "sigmoid"]), "log", rng.choice(["sin", "square"])]
    return {"functions": [str(name) for name in rng.permutation(chosen)]}


inputs = {"ordinary": six_functions}


def by_hand(functions):
    saves_y = ("exp", "tanh", "sigmoid", "sqrt", "relu")
    #: relu: saves_y = ("exp", "tanh", "sigmoid", "sqrt")
    #: exp-only: saves_y = ("exp",)
    #: sqrt: saves_y = ("exp", "tanh", "sigmoid", "relu")
    raises = [1.0 if f in saves_y else 0.0 for f in functions]
    #: log: raises = [1.0 if f in saves_y or f == "log" else 0.0 for f in functions]
    #: all: raises = [1.0 for f in functions]
    #: none: raises = [0.0 for f in functions]
    #: inverted: raises = [0.0 if f in saves_y else 1.0 for f in functions]
    return raises


hints = r"""
Which array does the backward pass of f need: its input or its output?
What the authors of PyTorch chose: mostly y = f(x) where the derivative is short in y, x where it is short in x. 1/x is.
exp' = y, tanh' = 1 − y², σ' = y(1 − y), 1/(2y) for the root, y > 0 for ReLU: these keep y, and notice that it changed.
    The others keep x.
"""

slips = r"""
all: every in-place change is taken to raise
    It raises only where backward needs the array that was changed.
    "Who will still read y?"
none: no in-place change is taken to raise
    Each tensor counts its versions, and backward compares, if it saved that tensor.
    "What is tanh's derivative, written with what tanh returned?"
inverted: it is the other way around: input and output are exchanged
    y was changed, not x. Those that kept x don't notice.
    "Which array was changed, and who kept it?"
relu: ReLU is taken to keep its input
    y > 0 exactly where x > 0, so the output will do, and it is kept by the next layer anyway.
    "Can you tell from ReLU's output where its slope is 1?"
exp-only: only exp is taken to keep its output
    1 − y², y(1 − y) and 1/(2y) are written in y too.
    "What is tanh's derivative, written with what tanh returned?"
log: the logarithm is taken to keep its output
    1/x = exp(−y) could be computed from y. But x is at hand and a division is cheap: PyTorch keeps x.
    "What is the derivative of the logarithm, as you write it first?"
sqrt: the root is taken to keep its input
    The derivative is 1/(2√x), and √x is the output.
    "What is the derivative of the root, written with what it returned?"
"""
