"""Exercises of notebook 02: the δ recurrence, (B1) to (B4), the batch, the border to rows."""

from backprop.practice.bank.make import normal, sizes
from backprop.practice.exercise import Exercise, Slip

NOTEBOOK = "02_delta_recurrence.ipynb#"


def hidden_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"W_next": normal(rng, m, n), "delta_next": normal(rng, m, B), "z": normal(rng, n, B)}


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
    ),
)

EXERCISES = (B2,)
LADDERS = {}
