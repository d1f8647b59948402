"""The cold diagnostic of notebook 00: ten lines over the course, each a minute or so, that say where to start."""

import numpy as np

from backprop.practice.bank.make import normal, one_hot_columns, sizes
from backprop.practice.exercise import Exercise, Slip

WHERE = "00_start_here.ipynb#Where-to-begin:-a-cold-diagnostic"


def item(  # noqa: PLR0917
    number, title, teaches, prompt, inputs, solution, hint, slips, *, kind="expression", starter="...", returns=None
):
    """One item: an expression in the named inputs, unless `kind` says otherwise. `teaches` is the notebook's number."""
    return Exercise(
        id=f"cold.{number}",
        title=title,
        where=WHERE,
        kind=kind,
        level="recall",
        minutes=1,
        prompt=prompt,
        starter=starter,
        solution=solution,
        returns=returns or ("result",),
        inputs=inputs,
        hints=(f"Notebook {teaches} derives it.", hint, f"The answer: {solution.strip()}"),
        slips=tuple(Slip(*slip) for slip in slips),
        teaches=teaches,
    )


def neuron(rng):
    return {name: np.float64(v) for name, v in zip(("a", "y", "slope", "x"), normal(rng, 4))}


def hidden(rng):
    n, m, B = sizes(rng, 3)
    return {"W_next": normal(rng, m, n), "delta_next": normal(rng, m, B), "slope": normal(rng, n, B)}


def outer(rng):
    n, m, B = sizes(rng, 3)
    return {"delta": normal(rng, n, B), "a_prev": normal(rng, m, B)}


def rows(rng):
    n, m, B = sizes(rng, 3)
    return {"X": normal(rng, B, n), "G": normal(rng, B, m)}


def probabilities(rng):
    K, B = sizes(rng, 2)
    E = np.exp(normal(rng, K, B))
    return {"P": E / E.sum(axis=0), "Y": one_hot_columns(rng, K, B), "B": B}


def positive(*names):
    return lambda rng: {name: np.float64(v) for name, v in zip(names, rng.uniform(1, 3, len(names)))}


EXERCISES = (
    item(
        1,
        "One neuron",
        "01",
        "z = wx + b, a = σ(z), 𝓛 = ½(a − y)². With `slope` = σ'(z), write ∂𝓛/∂w from a, y, slope, x",
        neuron,
        "(a - y) * slope * x",
        "Three links: the loss, the activation, the weighted sum.",
        [
            ("sign", "a - y", "y - a", "the sign is flipped", "∂𝓛/∂a is a − y.", "Should the loss rise with a here?"),
            ("slope", " * slope", "", "σ' is missing", "Between a and z stands the activation.", "How does z reach 𝓛?"),
            ("input", " * x", "", "the input x is missing", "∂z/∂w = x. This is ∂𝓛/∂b.", "What if the input were 0?"),
        ],
    ),
    item(
        2,
        "A value used twice",
        "01",
        "s = w·w + x·w. Write ∂s/∂w from w and x",
        positive("w", "x"),
        "w + w + x",
        "Add over all paths: w acts three times.",
        [
            (
                "path",
                "w + w",
                "w",
                "one path is forgotten",
                "w acts through both factors of w·w.",
                "How often is w used?",
            ),
            ("x", " + x", "", "the path through x·w is forgotten", "x·w depends on w too.", "And the second term?"),
        ],
    ),
    item(
        3,
        "The δ recurrence",
        "02",
        "Columns. Write δ of a layer from W_next, delta_next and slope = σ'(z)",
        hidden,
        "(W_next.T @ delta_next) * slope",
        "Say the shapes: W_next (m, n), delta_next (m, B).",
        [
            ("turn", "W_next.T", "W_next", "W is not transposed", "m slopes become n.", "Say the shapes aloud."),
            ("slope", " * slope", "", "σ' is missing", "This is ∂𝓛/∂a, not ∂𝓛/∂z.", "How do you get from a to z?"),
        ],
    ),
    item(
        4,
        "The weight gradient",
        "02",
        "Columns. Write ∂𝓛/∂W of a layer from delta (n, B) and a_prev (m, B)",
        outer,
        "delta @ a_prev.T",
        "It has the shape of W, (n, m), and the batch is summed away.",
        [
            (
                "turned",
                "delta @ a_prev.T",
                "a_prev @ delta.T",
                "the outer product is the wrong way round",
                "This is the transpose.",
                "Which shape does W have?",
            ),
            ("no-turn", "a_prev.T", "a_prev", "a is not transposed", "The batch must be summed.", "Say the shapes."),
        ],
    ),
    item(
        5,
        "Shapes",
        "02",
        "Columns, widths 5, 7, 3, a batch of 10. The shapes of W[2], b[2] and z[2], as a tuple of tuples",
        lambda rng: {"n1": 7, "n2": 3, "B": 10},
        "def shapes(n1, n2, B):\n    return (n2, n1), (n2, 1), (n2, B)\n",
        "W is outputs by inputs; samples are columns.",
        [
            ("rows", "(n2, n1)", "(n1, n2)", "W is turned", "In columns W is (outputs, inputs).", "What is W @ a?"),
            (
                "batch",
                "(n2, B)",
                "(B, n2)",
                "samples stand as rows",
                "In columns z is (n, B).",
                "Where are the samples?",
            ),
        ],
        kind="shape",
        starter="((1, 2), (1, 2), (1, 2))",
        returns=("W[2]", "b[2]", "z[2]"),
    ),
    item(
        6,
        "In rows",
        "02",
        "Rows: Y = X W + b, and G = ∂𝓛/∂Y. Write ∂𝓛/∂W from X (B, n) and G (B, m)",
        rows,
        "X.T @ G",
        "W is (n, m) here, and the batch is summed away.",
        [
            (
                "turned",
                "X.T @ G",
                "G.T @ X",
                "it is the transpose, right in columns",
                "W is (n, m).",
                "Which dialect is this?",
            ),
            ("no-turn", "X.T", "X", "X is not transposed", "(B, n)(B, m) don't fit.", "Say the shapes."),
        ],
    ),
    item(
        7,
        "A gradient check",
        "03",
        "up = f(x + h), down = f(x − h). Write the central difference from up, down and h",
        positive("up", "down", "h"),
        "(up - down) / (2 * h)",
        "How far apart are the two points?",
        [
            ("two", "2 * h", "h", "the 2 is missing", "The points lie 2h apart.", "How far apart are they?"),
            ("sign", "up - down", "down - up", "the sign is flipped", "It is up less down.", "For a rising f?"),
        ],
    ),
    item(
        8,
        "Softmax with cross-entropy",
        "04",
        "Columns. Write δ^L of the mean loss over the batch from the probabilities P (K, B), one-hot Y (K, B) and B",
        probabilities,
        "(P - Y) / B",
        "Differentiate log Σ e^z − Σ y z.",
        [
            ("mean", " / B", "", "1/B is missing", "The loss is a mean.", "Is the loss a sum or a mean?"),
            ("sign", "P - Y", "Y - P", "the sign is flipped", "It is P − Y.", "Which way should the right logit move?"),
            (
                "slope",
                "(P - Y)",
                "(P - Y) * P * (1 - P)",
                "a slope too many",
                "Softmax is in P − Y.",
                "Does it sum to 0?",
            ),
        ],
    ),
    item(
        9,
        "Initialization",
        "05",
        "Write He's variance for the weights of a ReLU layer from n_in and n_out",
        positive("n_in", "n_out"),
        "2 / n_in",
        "ReLU halves E[a²].",
        [
            (
                "xavier",
                "2 / n_in",
                "2 / (n_in + n_out)",
                "this is Xavier's",
                "ReLU halves E[a²].",
                "For which activation?",
            ),
            ("half", "2 /", "1 /", "the factor 2 is missing", "Half of the a² are 0.", "What does ReLU do to E[a²]?"),
            ("out", "n_in", "n_out", "n_out stands for n_in", "z sums over the inputs.", "Over what does z sum?"),
        ],
    ),
    item(
        10,
        "Adam",
        "06",
        "With the corrected averages m_hat, v_hat, write the change of w in one step of Adam, from eta and eps",
        positive("m_hat", "v_hat", "eta", "eps"),
        "-eta * m_hat / (v_hat**0.5 + eps)",
        "eps stands outside of the root.",
        [
            ("sign", "-eta", "eta", "the sign is flipped", "The step goes downhill.", "Uphill or downhill?"),
            ("root", "v_hat**0.5", "v_hat", "the root is missing", "v is of size g².", "Which units has v?"),
            (
                "eps",
                "(v_hat**0.5 + eps)",
                "(v_hat + eps) ** 0.5",
                "ε is inside the root",
                "It stands outside.",
                "Where does ε stand?",
            ),
        ],
    ),
)

LADDERS = {}
