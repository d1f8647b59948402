"""The cold diagnostic of notebook 00: a line for each of 01 to 06, twenty seconds each, that says where to start."""

import numpy as np

from backprop.practice.bank.make import normal, one_hot_columns, sizes
from backprop.practice.exercise import Exercise, Slip

WHERE = "00_start_here.ipynb#Where-to-begin:-a-cold-diagnostic"


def item(number, title, teaches, prompt, inputs, solution, hint, slips):  # noqa: PLR0917
    """One item: an expression in the named inputs. `teaches` is the notebook's number.

    The numbers are those that the items had when there were ten: records know them by these.
    """
    return Exercise(
        id=f"cold.{number}",
        title=title,
        where=WHERE,
        kind="expression",
        level="recall",
        minutes=1,
        prompt=prompt,
        starter="...",
        solution=solution,
        returns=("result",),
        inputs=inputs,
        hints=(f"Notebook {teaches} derives it.", hint, f"The answer: {solution.strip()}"),
        slips=tuple(Slip(*slip) for slip in slips),
        teaches=teaches,
    )


def neuron(rng):
    return {name: np.float64(v) for name, v in zip(("a", "y", "slope", "x"), normal(rng, 4))}


def outer(rng):
    n, m, B = sizes(rng, 3)
    return {"delta": normal(rng, n, B), "a_prev": normal(rng, m, B)}


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
