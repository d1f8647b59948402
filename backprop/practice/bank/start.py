"""Notebook 00: the first line, which trains a network, and the first follow-up."""

from backprop.practice.bank.make import normal, sizes
from backprop.practice.exercise import Exercise, Slip

NOTEBOOK = "00_start_here.ipynb#"


def hidden_layer(rng):
    n, m, B = sizes(rng, 3)
    return {"W_next": normal(rng, m, n), "delta_next": normal(rng, m, B), "slope": normal(rng, n, B)}


LINE = Exercise(
    id="start.line",
    title="The line that sends the error back",
    where=NOTEBOOK + "Your-first-line",
    kind="function",
    level="apply",
    minutes=2,
    prompt="Columns. The layer above has the error `delta_next` (m, B) and the weights `W_next` (m, n). The layer here "
    "has the slopes `slope` (n, B). Return its error, δ (n, B).",
    starter="def my_delta(W_next, delta_next, slope):\n    return ...",
    solution="""
def my_delta(W_next, delta_next, slope):
    delta = (W_next.T @ delta_next) * slope
    return delta
""",
    returns=("delta",),
    inputs=hidden_layer,
    hints=(
        "Shapes decide most of it. Which product of W_next and delta_next has as many rows as slope?",
        "W_next has a row for each neuron above. W_next.T has a row for each neuron here. @ multiplies matrices.",
        "Then entry by entry, times the slope: ... * slope.",
    ),
    slips=(
        Slip(
            "transpose",
            "W_next.T",
            "W_next",
            "W_next is not transposed",
            "Going forward, W_next takes values from here to the layer above. Back, errors go from above to here.",
            "Say the shapes of your product aloud.",
        ),
        Slip(
            "no-slope",
            " * slope",
            "",
            "the slope is missing",
            "This is how the loss changes with what the neurons put out. Between that and z stands the activation.",
            "How does a change of z reach the output of the neuron?",
        ),
        Slip(
            "added",
            " * slope",
            " + slope",
            "the slope is added, not multiplied",
            "Rates along a chain multiply: twice as fast, then half as fast, is once as fast.",
            "If the slope is zero, what should arrive?",
        ),
        Slip(
            "sign",
            "(W_next.T",
            "-(W_next.T",
            "the sign is flipped",
            "The minus of gradient descent belongs to the update. The error itself is passed on as it is.",
            "Where does the minus sign of gradient descent stand?",
        ),
        Slip(
            "flat-slope",
            "slope\n",
            "slope * (1 - slope)\n",
            "the slope goes through σ' again",
            "slope is σ'(z) already. slope (1 − slope) treats it as an activation.",
            "What is handed to you under the name slope?",
        ),
        Slip(
            "mean",
            "slope\n",
            "slope / delta_next.shape[1]\n",
            "it is divided by the batch size again",
            "The mean over the batch was taken in the error at the output, once.",
            "Where does the 1/B of the mean enter, and how often?",
        ),
        Slip(
            "no-error",
            "W_next.T @ delta_next",
            "W_next.T.sum(axis=1, keepdims=True)",
            "the error from above is left out",
            "Without delta_next, what comes back is the same for a right guess and a wrong one.",
            "Where does the target enter?",
        ),
    ),
)

DIRECTION = Exercise(
    id="start.direction",
    title="Backward or forward, counted",
    where=NOTEBOOK + "The-60-second-answer",
    kind="number",
    level="interview",
    minutes=2,
    prompt="`g` is a row of 64 numbers; `J1`, `J2`, `J3` are $64 \\times 64$. How many multiplications do "
    "`((g @ J3) @ J2) @ J1` and `g @ (J3 @ (J2 @ J1))` take?",
    starter="(..., ...)",
    solution="""
def multiplications(n):
    backward = 3 * n * n
    forward = 2 * n**3 + n * n
    return backward, forward
""",
    returns=("backward", "forward"),
    inputs=lambda rng: {"n": 64},
    hints=(
        "A row of n numbers times an n by n matrix: n results, each a sum of n products.",
        "A matrix times a matrix has n times as many results as a row times a matrix.",
        "Backward: three rows times matrices. Forward: two matrices times matrices, then one row.",
    ),
    slips=(
        Slip(
            "all-matrices",
            "2 * n**3 + n * n",
            "3 * n**3",
            "the last product is counted as matrix times matrix",
            "g is a row, so the last product costs n times less than the other two.",
            "What is the shape of what g is multiplied with, and what comes out?",
        ),
        Slip(
            "entries",
            "2 * n**3",
            "2 * n * n",
            "a matrix product is counted by its entries alone",
            "Each of the n² entries is a sum of n products.",
            "How many multiplications does one entry of a matrix product take?",
        ),
        Slip(
            "no-row",
            " + n * n",
            "",
            "the product with g is left out",
            "The two matrix products give one matrix. g still has to be multiplied with it.",
            "Where does the loss come in?",
        ),
        Slip(
            "row-entries",
            "3 * n * n",
            "3 * n",
            "a row times a matrix is counted by its entries alone",
            "Each of the n entries is a sum of n products.",
            "How many multiplications does one entry of g J take?",
        ),
        Slip(
            "turned",
            "return backward, forward",
            "return forward, backward",
            "the two orders are mixed up",
            "((g J3) J2) J1 begins at the loss: it keeps a row all the way.",
            "Which of the two begins at the loss?",
        ),
    ),
)

EXERCISES = (LINE, DIRECTION)
