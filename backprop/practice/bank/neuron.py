"""Exercises of notebook 01: one neuron, the chain rule, saturation, values used twice."""

import numpy as np

from backprop.practice.bank.make import normal
from backprop.practice.exercise import Exercise, Slip

NOTEBOOK = "01_single_neuron.ipynb#"


def neuron_inputs(rng):
    x, y, w, b = 2 * normal(rng), rng.uniform(0.1, 0.9), normal(rng), normal(rng)
    return {"x": np.float64(x), "y": np.float64(y), "w": np.float64(w), "b": np.float64(b)}


SIGMOID_SLOPE = Exercise(
    id="neuron.sigmoid",
    title="The sigmoid and its slope",
    where=NOTEBOOK + "The-derivation,-in-full",
    kind="function",
    level="recall",
    minutes=2,
    prompt="Write a function that returns $\\sigma(z)$ and $\\sigma'(z)$ for an array `z`.",
    starter="def sigmoid_and_slope(z):\n    ...",
    solution="""
def sigmoid_and_slope(z):
    a = 1 / (1 + np.exp(-z))
    slope = a * (1 - a)
    return a, slope
""",
    returns=("a", "slope"),
    inputs=lambda rng: {"z": 2 * normal(rng, 5)},
    hints=(
        "σ(z) = 1 / (1 + e^−z), entry by entry.",
        "Express the slope by a alone: what is 1 − σ(z)?",
        "σ'(z) = a (1 − a).",
    ),
    slips=(
        Slip(
            "sign",
            "np.exp(-z)",
            "np.exp(z)",
            "the sign of z in the exponential is lost",
            "This is σ(−z), a sigmoid that falls.",
            "What should σ be for a very large z? And what is yours?",
        ),
        Slip(
            "slope-of-a",
            "a * (1 - a)",
            "1 / (1 + np.exp(-a)) * (1 - 1 / (1 + np.exp(-a)))",
            "σ' is taken at a, not at z",
            "a = σ(z) was put through the sigmoid a second time. a (1 − a) is already the slope at z.",
            "At which point do you need the slope, before the activation or after it?",
        ),
        Slip(
            "square",
            "a * (1 - a)",
            "1 - a**2",
            "the slope is that of tanh",
            "1 − a² belongs to tanh. The sigmoid has a (1 − a).",
            "How large can the slope of a sigmoid be? What is yours at z = 0?",
        ),
        Slip(
            "no-a",
            "a * (1 - a)",
            "1 - a",
            "the factor a of the slope is missing",
            "σ' is a product of two factors, a and 1 − a.",
            "What is the slope far on the left, where the sigmoid is flat?",
        ),
    ),
)

GRADIENT = Exercise(
    id="neuron.gradient",
    title="∂𝓛/∂w and ∂𝓛/∂b of one neuron",
    where=NOTEBOOK + "Numbers:-by-hand,-by-code,-by-a-nudge",
    kind="function",
    level="apply",
    minutes=4,
    prompt="For $z=wx+b$, $a=\\sigma(z)$, $\\mathcal L=\\tfrac12(a-y)^2$, return "
    "$\\partial\\mathcal L/\\partial w$ and $\\partial\\mathcal L/\\partial b$.",
    starter="def neuron_gradient(x, y, w, b):\n    ...",
    solution="""
def neuron_gradient(x, y, w, b):
    z = w * x + b
    a = 1 / (1 + np.exp(-z))
    delta = (a - y) * a * (1 - a)
    dw = delta * x
    db = delta
    return dw, db
""",
    returns=("dw", "db"),
    inputs=neuron_inputs,
    hints=(
        "Go forward first, and keep a.",
        "δ = ∂𝓛/∂z is the loss's slope times the activation's slope.",
        "δ = (a − y) a (1 − a). Then multiply by ∂z/∂w and ∂z/∂b.",
    ),
    slips=(
        Slip(
            "sign",
            "(a - y)",
            "(y - a)",
            "the sign is flipped: y − a for a − y",
            "The derivative of ½(a − y)² with respect to a is a − y.",
            "If the output is too small, should the loss rise or fall when a grows?",
        ),
        Slip(
            "no-slope",
            " * a * (1 - a)",
            "",
            "the slope σ' is missing",
            "Between a and z stands the activation, and it has a slope of its own. Without it this is the gradient of "
            "cross-entropy.",
            "How does a change of z reach the loss? Name every step.",
        ),
        Slip(
            "no-input",
            "dw = delta * x",
            "dw = delta",
            "the input x is missing from ∂𝓛/∂w",
            "∂z/∂w = x: the weight acts in proportion to its input.",
            "If the input were 0, what would the gradient of its weight be?",
        ),
        Slip(
            "weight",
            "dw = delta * x",
            "dw = delta * w",
            "δ is multiplied by w instead of x",
            "δ w is ∂𝓛/∂x, what a layer below would get. For the weight it is δ x.",
            "z = wx + b: what is its derivative with respect to w?",
        ),
        Slip(
            "bias-input",
            "db = delta",
            "db = delta * x",
            "∂𝓛/∂b has a factor x",
            "The bias is added, so ∂z/∂b = 1.",
            "What is the input that the bias is multiplied by?",
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
            "no-bias",
            "w * x + b",
            "w * x",
            "the bias is missing in the forward pass",
            "Then a is another neuron's output. With b = 0 nobody would notice.",
            "Walk me through your forward pass once more.",
        ),
    ),
)

EXERCISES = (SIGMOID_SLOPE, GRADIENT)
LADDERS = {}
