"""Exercises of notebook 01: one neuron, the chain rule, saturation, values used twice."""

import numpy as np

from backprop.activations import sigmoid
from backprop.practice.bank.make import normal
from backprop.practice.exercise import Exercise, Slip

NOTEBOOK = "01_single_neuron.ipynb#"
NAMES = {"sigmoid": sigmoid}


# Slips of link 3, from δ to the weight and the bias, which every neuron's gradient has.
LINK_SLIPS = (
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
)


def neuron_inputs(rng):
    x, y, w, b = 2 * normal(rng), rng.uniform(0.1, 0.9), normal(rng), normal(rng)
    return {"x": np.float64(x), "y": np.float64(y), "w": np.float64(w), "b": np.float64(b)}


def ladder_inputs(rng):
    """The neuron after its forward pass: what the rungs' expressions are written in."""
    neuron = neuron_inputs(rng)
    z = neuron["w"] * neuron["x"] + neuron["b"]
    return neuron | {"z": z, "a": sigmoid(z)}


def tanh_inputs(rng):
    z = normal(rng, 5)
    return {"z": z, "a": np.tanh(z)}


def friendly_inputs(rng):
    """Numbers for the head. Those with which two mistakes give the same results are drawn again."""
    while True:
        x, y = (float(v) for v in rng.choice([-3, -2, 2, 3, 4], 2))
        w, b = float(rng.choice([-1.5, -0.5, 0.5, 1.5, 2.5])), float(rng.choice([-3, -2, -1, 1, 2, 3]))
        forms = w * x + b, w * x, w * (x + b)  # z, and z with a slip in it
        if all(z not in {0, 1} and abs(z - y) not in {0, 0.5, 1, 2} for z in forms) and abs(forms[0] - y) < 7:
            return {"x": x, "y": y, "w": w, "b": b}


def shared_inputs(rng):
    x1, x2, w = rng.uniform(0.5, 1.5, 3)
    return {"x1": x1, "x2": -x2, "y": np.float64(rng.uniform(-1, 3)), "w": w}


def row_inputs(rng):
    n = int(rng.integers(3, 7))
    w, x = normal(rng, 1, n), normal(rng, n, 1)
    return {"w": w, "x": x, "b": np.float64(normal(rng)), "y": np.float64(rng.uniform(0.1, 0.9))}


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
        Slip(
            "z",
            "a * (1 - a)",
            "z * (1 - z)",
            "z stands where a belongs",
            "The formula a (1 − a) holds for the value of the sigmoid, a number between 0 and 1.",
            "What is your slope at z = 10, where the sigmoid is flat?",
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
        *LINK_SLIPS,
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

TANH_SLOPE = Exercise(
    id="neuron.tanh",
    title="The slope of tanh, from its value",
    where=NOTEBOOK + "The-derivation,-in-full",
    kind="expression",
    level="recall",
    minutes=2,
    prompt="With $a=\\tanh(z)$ at hand, write $\\tanh'(z)$ as an expression in `a`.",
    starter="2 * a + z",
    solution="1 - a**2",
    returns=("slope",),
    inputs=tanh_inputs,
    hints=(
        "tanh z = s/c with s = e^z − e^−z and c = e^z + e^−z. What are s' and c'?",
        "The quotient rule gives (c² − s²)/c². Divide it out, and recognize s/c.",
        "tanh'(z) = 1 − a², at most 1, at z = 0.",
    ),
    slips=(
        Slip(
            "no-square",
            "a**2",
            "a",
            "a is not squared",
            "The quotient rule leaves s²/c², and that is a², not a.",
            "tanh is odd, so its slope is the same at z and at −z. Is yours?",
        ),
        Slip(
            "sigmoid",
            "1 - a**2",
            "a * (1 - a)",
            "the slope is the sigmoid's, not tanh's",
            "a (1 − a) belongs to the sigmoid, whose values lie between 0 and 1.",
            "What is the slope of tanh at z = 0, from its graph? What is yours?",
        ),
        Slip(
            "at-a",
            "a**2",
            "np.tanh(a) ** 2",
            "σ' is taken at a, not at z",
            "a = tanh(z) already. This goes through tanh a second time.",
            "At which point do you need the slope, before the activation or after it?",
        ),
        Slip(
            "z",
            "a**2",
            "z**2",
            "z stands where a belongs",
            "1 − z² has no bound from below. The formula holds for the value of tanh.",
            "What becomes of your slope far out, where tanh is flat?",
        ),
        Slip(
            "plus",
            "1 - ",
            "1 + ",
            "a plus stands where a minus belongs",
            "The quotient rule subtracts: s'c − sc'.",
            "How large is your slope far out? And how steep is tanh there?",
        ),
        Slip(
            "outside",
            "1 - a**2",
            "(1 - a) ** 2",
            "the difference is squared instead of a",
            "1 − a² is (1 − a)(1 + a), not (1 − a)².",
            "What is the slope far on the left, where a is −1?",
        ),
    ),
)

BY_HAND = Exercise(
    id="neuron.hand",
    title="One neuron by hand",
    where=NOTEBOOK + "Numbers:-by-hand,-by-code,-by-a-nudge",
    kind="number",
    level="apply",
    minutes=3,
    prompt="For $z=wx+b$ with the identity as activation ($a=z$) and $\\mathcal L=\\tfrac12(a-y)^2$, work out by hand "
    "$z$, $\\mathcal L$, $\\delta$, $\\partial\\mathcal L/\\partial w$ and $\\partial\\mathcal L/\\partial b$, in this "
    "order. `show` gives the numbers.",
    starter="(1, 2, 3, 4, 5)",
    solution="""
def by_hand(x, y, w, b):
    z = w * x + b
    loss = (z - y) ** 2 / 2
    delta = z - y
    dw = delta * x
    db = delta
    return z, loss, delta, dw, db
""",
    returns=("z", "loss", "delta", "dw", "db"),
    inputs=friendly_inputs,
    hints=(
        "Forward first: z, then the loss. Keep z − y.",
        "The slope of the identity is 1, so δ is the slope of the loss alone.",
        "δ = z − y. The weight's gradient is δ times its input, and the bias's input is 1.",
    ),
    slips=(
        Slip(
            "no-bias",
            "w * x + b",
            "w * x",
            "the bias is missing in the forward pass",
            "z is wx + b. Everything after it is then the gradient of another neuron.",
            "Walk me through your forward pass once more.",
        ),
        Slip(
            "bracket",
            "w * x + b",
            "w * (x + b)",
            "the weight multiplies the bias too",
            "The weight belongs to the input alone. The bias is added after the product.",
            "What is z when the input is 0?",
        ),
        Slip(
            "no-half",
            "(z - y) ** 2 / 2",
            "(z - y) ** 2",
            "the ½ of the loss is missing",
            "The loss is half the squared error. The ½ is there so that a 2 cancels later.",
            "Which loss did you compute: with the ½ or without?",
        ),
        Slip(
            "no-square",
            "(z - y) ** 2 / 2",
            "abs(z - y) / 2",
            "the error in the loss is not squared",
            "Half the error is no squared error: its slope would not depend on how wrong the neuron is.",
            "If the error doubles, what happens to the loss?",
        ),
        Slip(
            "sign",
            "delta = z - y",
            "delta = y - z",
            "the sign is flipped: y − z for z − y",
            "The derivative of ½(z − y)² with respect to z is z − y.",
            "If the output is too large, should the loss rise or fall when z grows?",
        ),
        Slip(
            "two",
            "delta = z - y",
            "delta = 2 * (z - y)",
            "a factor 2 too much: the ½ is forgotten",
            "The 2 from the square meets the ½ of the loss.",
            "Differentiate the loss once more, with everything that stands in front of the square.",
        ),
        Slip(
            "sigmoid",
            "delta = z - y",
            "delta = (z - y) * z * (1 - z)",
            "a sigmoid's slope is in δ, but the activation is the identity",
            "a (1 − a) is the slope of the sigmoid. The identity has the slope 1.",
            "Which activation does this neuron have, and how steep is it?",
        ),
        *LINK_SLIPS,
        Slip(
            "bias-one",
            "db = delta",
            "db = 1.0",
            "∂𝓛/∂b is only the local slope 1, without δ",
            "1 is ∂z/∂b, the last link. The chain has the loss's slope in it as well.",
            "Does the bias's gradient not depend on how wrong the neuron is?",
        ),
    ),
)

BCE = Exercise(
    id="neuron.bce",
    title="One neuron with cross-entropy",
    where=NOTEBOOK + "A-saturated-neuron:-squared-error-against-cross-entropy",
    kind="function",
    level="apply",
    minutes=4,
    prompt="For $z=wx+b$, $a=\\sigma(z)$ and the binary cross-entropy $\\mathcal L=-[y\\log a+(1-y)\\log(1-a)]$, "
    "return $\\partial\\mathcal L/\\partial w$ and $\\partial\\mathcal L/\\partial b$, for a saturated neuron too.",
    starter="def bce_gradient(x, y, w, b):\n    ...",
    solution="""
def bce_gradient(x, y, w, b):
    z = w * x + b
    a = 1 / (1 + np.exp(-z))
    delta = a - y
    dw = delta * x
    db = delta
    return dw, db
""",
    returns=("dw", "db"),
    inputs=neuron_inputs,
    special=(lambda rng: {"x": np.float64(2), "y": np.float64(0), "w": np.float64(20), "b": np.float64(0.5)},),
    hints=(
        "Only link 1 of the chain has changed. Differentiate both logarithms with respect to a.",
        "Bring −y/a + (1 − y)/(1 − a) to one denominator, multiply by σ' and cancel on paper, not in code.",
        "δ = a − y. Then multiply by ∂z/∂w and ∂z/∂b as before.",
    ),
    slips=(
        Slip(
            "extra-slope",
            "delta = a - y",
            "delta = (a - y) * a * (1 - a)",
            "σ' is multiplied in once more, though it has cancelled",
            "a − y is ∂𝓛/∂z already. With a (1 − a) this is the gradient of the squared error.",
            "A confident and wrong neuron: how hard does your gradient push it?",
        ),
        Slip(
            "no-slope",
            "delta = a - y",
            "delta = (a - y) / (a * (1 - a))",
            "this is the slope with respect to a: σ' is missing",
            "(a − y)/(a (1 − a)) is ∂𝓛/∂a. Between a and z stands the sigmoid.",
            "You have the slope with respect to a. How do you get to z?",
        ),
        Slip(
            "not-cancelled",
            "delta = a - y",
            "delta = (a - y) / (a * (1 - a)) * (a * (1 - a))",
            "a (1 − a) is divided out and multiplied in by the computer",
            "When the neuron saturates, a (1 − a) is 0 in floating point, and this is 0/0 or ∞ times 0: NaN.",
            "What does your code return at z = 40 with y = 0?",
        ),
        Slip(
            "one-term",
            "delta = a - y",
            "delta = -y * (1 - a)",
            "the term with 1 − y is missing from the loss",
            "−y log a is only half of the binary cross-entropy. Where y = 0 it teaches nothing.",
            "What is the gradient of a sample whose target is 0?",
        ),
        Slip(
            "sign",
            "delta = a - y",
            "delta = y - a",
            "the sign is flipped: y − a for a − y",
            "The loss has a minus in front of its logarithms, so δ is a − y.",
            "If the output is too small, should the loss rise or fall when z grows?",
        ),
        Slip(
            "no-input",
            "dw = delta * x",
            "dw = delta",
            "the input x is missing from ∂𝓛/∂w",
            "Cross-entropy changes link 1 only. ∂z/∂w is still x.",
            "If the input were 0, what would the gradient of its weight be?",
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
            "no-bias",
            "w * x + b",
            "w * x",
            "the bias is missing in the forward pass",
            "Then a is another neuron's output. With b = 0 nobody would notice.",
            "Walk me through your forward pass once more.",
        ),
    ),
)

STEP = Exercise(
    id="neuron.step",
    title="One step of gradient descent",
    where=NOTEBOOK + "The-update,-until-it-learns",
    kind="function",
    level="apply",
    minutes=3,
    prompt="A sigmoid neuron with $\\mathcal L=\\tfrac12(a-y)^2$ makes one step (B5) with the learning rate `eta`. "
    "Return the new $w$ and the new $b$.",
    starter="def step(x, y, w, b, eta):\n    ...",
    solution="""
def step(x, y, w, b, eta):
    a = 1 / (1 + np.exp(-(w * x + b)))
    delta = (a - y) * a * (1 - a)
    dw = delta * x
    db = delta
    w_new = w - eta * dw
    b_new = b - eta * db
    return w_new, b_new
""",
    returns=("w_new", "b_new"),
    inputs=lambda rng: neuron_inputs(rng) | {"eta": np.float64(rng.uniform(0.3, 0.9))},
    hints=(
        "Forward, backward, update: the first two you have from the exercise before.",
        "The gradient points to more loss. Take both gradients at the old w and b before you change either.",
        "w − η δ x and b − η δ, with δ = (a − y) a (1 − a).",
    ),
    slips=(
        Slip(
            "uphill",
            "w_new = w - eta * dw\n    b_new = b - eta * db",
            "w_new = w + eta * dw\n    b_new = b + eta * db",
            "the step goes uphill",
            "The gradient points to more loss, so it is subtracted. (y − a for a − y does the same.)",
            "Does the loss fall with your step? Which way does the gradient point?",
        ),
        Slip(
            "no-rate",
            "w_new = w - eta * dw\n    b_new = b - eta * db",
            "w_new = w - dw\n    b_new = b - db",
            "the learning rate is missing",
            "The gradient says in which direction. How far to go is η's part.",
            "Where does the learning rate enter?",
        ),
        Slip(
            "only-step",
            "w_new = w - eta * dw\n    b_new = b - eta * db",
            "w_new = -eta * dw\n    b_new = -eta * db",
            "the step itself is returned, not the new parameters",
            "−η ∂𝓛/∂w is the change of w. It starts from the old w.",
            "Where does your step start?",
        ),
        Slip(
            "one-after-other",
            "b_new = b - eta * db",
            "a = 1 / (1 + np.exp(-(w_new * x + b)))\n    b_new = b - eta * (a - y) * a * (1 - a)",
            "b's gradient is taken after w has moved",
            "Both gradients belong to the same point. Here b's is taken at the new w.",
            "At which point are your two gradients taken? Is it the same one?",
        ),
        Slip(
            "bias-stays",
            "b_new = b - eta * db",
            "b_new = b",
            "the bias is not updated",
            "b is a parameter like w. A neuron whose bias never moves can't shift its threshold.",
            "Which parameters does this neuron have, and which of them learn?",
        ),
        Slip(
            "no-slope",
            " * a * (1 - a)",
            "",
            "the slope σ' is missing",
            "Between a and z stands the activation. Without its slope this is a step on cross-entropy.",
            "How does a change of z reach the loss? Name every step.",
        ),
        Slip(
            "two",
            "(a - y)",
            "2 * (a - y)",
            "a factor 2 too much: the ½ is forgotten",
            "The 2 from the square meets the ½ of the loss. Here it doubles the learning rate.",
            "Which loss did you differentiate: with the ½ or without?",
        ),
        Slip(
            "no-input",
            "dw = delta * x",
            "dw = delta",
            "the input x is missing from ∂𝓛/∂w",
            "∂z/∂w = x: the weight acts in proportion to its input.",
            "If the input were 0, should its weight move?",
        ),
        Slip(
            "bias-input",
            "db = delta",
            "db = delta * x",
            "∂𝓛/∂b has a factor x",
            "The bias is added, so ∂z/∂b = 1.",
            "What is the input that the bias is multiplied by?",
        ),
    ),
)

TWICE = Exercise(
    id="neuron.twice",
    title="One weight, two paths",
    where=NOTEBOOK + "When-a-value-is-used-twice",
    kind="function",
    level="apply",
    minutes=4,
    prompt="One weight serves two inputs: $a_1=\\sigma(wx_1)$, $a_2=\\sigma(wx_2)$, "
    "$\\mathcal L=\\tfrac12(a_1+a_2-y)^2$. Return $\\partial\\mathcal L/\\partial w$.",
    starter="def shared_weight(x1, x2, y, w):\n    ...",
    solution="""
def shared_weight(x1, x2, y, w):
    a1 = 1 / (1 + np.exp(-w * x1))
    a2 = 1 / (1 + np.exp(-w * x2))
    error = a1 + a2 - y
    dw = error * a1 * (1 - a1) * x1
    dw += error * a2 * (1 - a2) * x2
    return dw
""",
    returns=("dw",),
    inputs=shared_inputs,
    hints=(
        "Draw the paths from w to the loss. How many are there?",
        "Multiply the local slopes along each path. Both paths end in the same error a₁ + a₂ − y.",
        "Path 1 gives error · a₁(1 − a₁) · x₁. Path 2 is the same with a₂ and x₂. Add them.",
    ),
    slips=(
        Slip(
            "overwrite",
            "dw +=",
            "dw =",
            "= stands where += belongs: path 1 is forgotten",
            "Each path to the loss adds its part. The assignment throws away what the first one brought.",
            "How many paths lead from w to the loss, and how many are in your result?",
        ),
        Slip(
            "first-only",
            "    dw += error * a2 * (1 - a2) * x2\n",
            "",
            "path 2 is missing",
            "w is used a second time, with x₂, and that use moves the loss too.",
            "Where in the forward pass does w occur?",
        ),
        Slip(
            "mean",
            "return dw",
            "return dw / 2",
            "the paths are averaged, not added",
            "Both movements reach the loss in full. Nothing in this loss is a mean.",
            "Nudge w: by how much does each path move the loss, and both together?",
        ),
        Slip(
            "product",
            "dw +=",
            "dw *=",
            "the paths are multiplied, not added",
            "Slopes multiply along one path. Over different paths they add.",
            "If one path were dead, what should the gradient be?",
        ),
        Slip(
            "same-slope",
            "a2 * (1 - a2)",
            "a1 * (1 - a1)",
            "path 2 has the slope of path 1",
            "The weight is shared, the pre-activations are not: each path has its own slope.",
            "At which point is the slope of the second path taken?",
        ),
        Slip(
            "no-slope",
            "error * a1 * (1 - a1) * x1\n    dw += error * a2 * (1 - a2) * x2",
            "error * x1\n    dw += error * x2",
            "σ' is missing on both paths",
            "Each path goes through its own sigmoid.",
            "How does a change of w x₁ reach the loss? Name every step.",
        ),
        Slip(
            "own-error",
            "error * a1 * (1 - a1) * x1\n    dw += error * a2 * (1 - a2) * x2",
            "(a1 - y) * a1 * (1 - a1) * x1\n    dw += (a2 - y) * a2 * (1 - a2) * x2",
            "each path has an error of its own",
            "There is one loss, and it sees the sum a₁ + a₂. That is the loss of two separate samples.",
            "Differentiate the loss with respect to a₁. What stands in the bracket?",
        ),
        Slip(
            "sign",
            "a1 + a2 - y",
            "y - a1 - a2",
            "the sign of the error is flipped",
            "The derivative of ½(s − y)² with respect to s is s − y.",
            "If the sum is too small, should the loss rise or fall when it grows?",
        ),
    ),
)

RECURRENT = Exercise(
    id="neuron.recurrent",
    title="A recurrent neuron, two steps",
    where=NOTEBOOK + "When-a-value-is-used-twice",
    kind="function",
    level="interview",
    minutes=6,
    prompt="The same $w$ and $b$ are used at both steps: $a_1=\\sigma(wx+b)$, $a_2=\\sigma(wa_1+b)$, "
    "$\\mathcal L=\\tfrac12(a_2-y)^2$. Return $\\partial\\mathcal L/\\partial w$ and "
    "$\\partial\\mathcal L/\\partial b$.",
    starter="def recurrent_gradient(x, y, w, b):\n    ...",
    solution="""
def recurrent_gradient(x, y, w, b):
    a1 = 1 / (1 + np.exp(-(w * x + b)))
    a2 = 1 / (1 + np.exp(-(w * a1 + b)))
    delta2 = (a2 - y) * a2 * (1 - a2)
    delta1 = delta2 * w * a1 * (1 - a1)
    dw = delta2 * a1 + delta1 * x
    db = delta2 + delta1
    return dw, db
""",
    returns=("dw", "db"),
    inputs=neuron_inputs,
    hints=(
        "Give the two uses of w names of their own, w₁ and w₂. Each has a gradient; what has w?",
        "δ₂ is the error at z₂. δ₁ is what arrives at z₁: from z₂ through a₁, with its local slopes.",
        "δ₁ = δ₂ w a₁(1 − a₁). Each step gives its δ times its own input, and the two are added.",
    ),
    slips=(
        Slip(
            "one-step",
            "delta2 * w * a1 * (1 - a1)",
            "0 * delta2",
            "nothing goes back to step 1",
            "a₁ depends on w and b as well. This takes it for a constant.",
            "Which quantities in your second step move when w moves?",
        ),
        Slip(
            "dw-last",
            "delta2 * a1 + delta1 * x",
            "delta2 * a1",
            "∂𝓛/∂w has only the part of the last step",
            "w is used at both steps, and each use adds its part.",
            "How many paths lead from w to the loss?",
        ),
        Slip(
            "dw-first",
            "delta2 * a1 + delta1 * x",
            "delta1 * x",
            "= stands where += belongs: ∂𝓛/∂w keeps the part of step 1 only",
            "Going back, step 1 comes last, and the assignment throws away what step 2 brought.",
            "Your backward loop runs twice. What is in dw after each round?",
        ),
        Slip(
            "db-last",
            "delta2 + delta1",
            "delta2",
            "∂𝓛/∂b has only the part of the last step",
            "b is used at both steps, like w.",
            "How many paths lead from b to the loss?",
        ),
        Slip(
            "same-input",
            "delta2 * a1 + ",
            "delta2 * x + ",
            "the input of step 2 is taken to be x",
            "Each δ is multiplied by what came in at its own step. At step 2 that is a₁.",
            "What does w multiply at the second step?",
        ),
        Slip(
            "no-weight",
            "delta2 * w",
            "delta2",
            "the weight is missing on the way back from z₂ to a₁",
            "z₂ = w a₁ + b, so ∂z₂/∂a₁ = w.",
            "By how much does z₂ move when a₁ moves by a little?",
        ),
        Slip(
            "no-slope-1",
            " * a1 * (1 - a1)",
            "",
            "σ' of step 1 is missing",
            "δ₂ w is the slope with respect to a₁. Between a₁ and z₁ stands the sigmoid.",
            "Name every link from z₂ back to z₁.",
        ),
        Slip(
            "slope-of-2",
            "w * a1 * (1 - a1)",
            "w * a2 * (1 - a2)",
            "σ' of step 1 is taken at step 2",
            "Each step has its own pre-activation and so its own slope.",
            "At which point is the slope of the first step taken?",
        ),
        Slip(
            "no-slope-2",
            " * a2 * (1 - a2)",
            "",
            "σ' of step 2 is missing",
            "a₂ − y is the slope with respect to a₂. δ₂ is the slope with respect to z₂.",
            "How does a change of z₂ reach the loss? Name every step.",
        ),
        Slip(
            "sign",
            "(a2 - y)",
            "(y - a2)",
            "the sign is flipped: y − a for a − y",
            "The derivative of ½(a₂ − y)² with respect to a₂ is a₂ − y.",
            "If the output is too small, should the loss rise or fall when a₂ grows?",
        ),
    ),
)

MANY = Exercise(
    id="neuron.many",
    title="Many inputs: ∂𝓛/∂w and ∂𝓛/∂x",
    where=NOTEBOOK + "Many-inputs,-one-neuron",
    kind="function",
    level="apply",
    minutes=4,
    prompt="`w` is a row $(1,n)$, `x` a column $(n,1)$, `b` and `y` are numbers. With $z=wx+b$, $a=\\sigma(z)$ and "
    "$\\mathcal L=\\tfrac12(a-y)^2$, return $\\partial\\mathcal L/\\partial w$ and $\\partial\\mathcal L/\\partial x$, "
    "each in the shape of what it belongs to.",
    starter="def neuron_backward(w, x, b, y):\n    ...",
    solution="""
def neuron_backward(w, x, b, y):
    z = w @ x + b
    a = 1 / (1 + np.exp(-z))
    delta = (a - y) * a * (1 - a)
    dw = delta @ x.T
    dx = w.T @ delta
    return dw, dx
""",
    returns=("dw", "dx"),
    inputs=row_inputs,
    hints=(
        "δ is as before, in the shape (1, 1). Which shapes must the two gradients have?",
        "∂z/∂w_j = x_j, and ∂z/∂x_j = w_j.",
        "A row comes from δ and x transposed, a column from w transposed and δ.",
    ),
    slips=(
        Slip(
            "dw-column",
            "delta @ x.T",
            "x @ delta",
            "∂𝓛/∂w is a column, but w is a row",
            "The numbers are right. The gradient has the shape of its parameter, or the update breaks.",
            "What shape has w, and what shape has your gradient?",
        ),
        Slip(
            "dx-row",
            "w.T @ delta",
            "delta @ w",
            "∂𝓛/∂x is a row, but x is a column",
            "The numbers are right. The layer below expects the shape of its output.",
            "What shape has x, and what shape has your gradient?",
        ),
        Slip(
            "dw-weight",
            "delta @ x.T",
            "delta @ w",
            "∂𝓛/∂w is built from w instead of x",
            "∂z/∂w_j is what the weight multiplies, and that is x_j.",
            "If one input were 0, what would the gradient of its weight be?",
        ),
        Slip(
            "dx-input",
            "w.T @ delta",
            "x @ delta",
            "∂𝓛/∂x is built from x instead of w",
            "∂z/∂x_j is what the input is multiplied by, and that is w_j.",
            "If one weight were 0, how much would its input matter?",
        ),
        Slip(
            "dx-slope",
            "w.T @ delta",
            "w.T @ delta * x * (1 - x)",
            "∂𝓛/∂x has a slope too much",
            "x is an input here. The activation of a layer below, if there is one, comes in that layer's δ.",
            "Which step of the chain is that last factor?",
        ),
        Slip(
            "no-slope",
            " * a * (1 - a)",
            "",
            "the slope σ' is missing",
            "Between a and z stands the activation, and it has a slope of its own.",
            "How does a change of z reach the loss? Name every step.",
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
            "no-bias",
            "w @ x + b",
            "w @ x",
            "the bias is missing in the forward pass",
            "Then a is another neuron's output. With b = 0 nobody would notice.",
            "Walk me through your forward pass once more.",
        ),
    ),
)

# ---- the ladder: the derivation at the whiteboard, a link a rung ----

LOSS_SLOPE = Exercise(
    id="neuron.loss-slope",
    title="∂𝓛/∂a of the squared error",
    where=NOTEBOOK + "The-derivation,-in-full",
    kind="expression",
    level="recall",
    minutes=1,
    prompt="Link 1: $\\mathcal L=\\tfrac12(a-y)^2$. Write $\\partial\\mathcal L/\\partial a$.",
    starter="w * x + b",
    solution="a - y",
    returns=("dL_da",),
    inputs=ladder_inputs,
    hints=(
        "The outer function is a square, the inner one a − y.",
        "The square gives a factor 2, the loss has a factor ½.",
        "a − y.",
    ),
    slips=(
        Slip(
            "sign",
            "a - y",
            "y - a",
            "the sign is flipped: y − a for a − y",
            "The inner derivative of a − y with respect to a is +1.",
            "If the output is too small, should the loss rise or fall when a grows?",
        ),
        Slip(
            "two",
            "a - y",
            "2 * (a - y)",
            "a factor 2 too much: the ½ is forgotten",
            "The 2 from the square meets the ½ of the loss.",
            "Which loss did you differentiate: with the ½ or without?",
        ),
        Slip(
            "loss",
            "a - y",
            "(a - y) ** 2 / 2",
            "this is the loss, not its slope",
            "The slope says how the loss changes when a moves. It can be negative, the loss can't.",
            "Can your expression ever be negative? Can a slope?",
        ),
        Slip(
            "at-z",
            "a",
            "z",
            "the error is taken at z, not at a",
            "The loss compares the activation with the target.",
            "Which of the neuron's numbers does the loss see?",
        ),
    ),
)

SLOPE_BY_A = Exercise(
    id="neuron.slope",
    title="σ'(z), from a alone",
    where=NOTEBOOK + "The-derivation,-in-full",
    kind="expression",
    level="recall",
    minutes=1,
    prompt="Link 2: $a=\\sigma(z)$. Write $\\partial a/\\partial z$ as an expression in `a`.",
    starter="w * x + b",
    solution="a * (1 - a)",
    returns=("slope",),
    inputs=ladder_inputs,
    names=NAMES,
    hints=(
        "Differentiate (1 + e^−z)^−1: the outer power, then the inside.",
        "Split e^−z/(1 + e^−z)² into two factors, and recognize both.",
        "One factor is σ(z), the other 1 − σ(z): a (1 − a).",
    ),
    slips=(
        Slip(
            "tanh",
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
        Slip(
            "at-a",
            "a * (1 - a)",
            "sigmoid(a) * (1 - sigmoid(a))",
            "σ' is taken at a, not at z",
            "a = σ(z) was put through the sigmoid a second time. a (1 − a) is already the slope at z.",
            "At which point do you need the slope, before the activation or after it?",
        ),
        Slip(
            "z",
            "a * (1 - a)",
            "z * (1 - z)",
            "z stands where a belongs",
            "The formula holds for the value of the sigmoid, a number between 0 and 1.",
            "What is your slope at z = 10, where the sigmoid is flat?",
        ),
        Slip(
            "sign",
            "1 - a",
            "a - 1",
            "a minus of the chain rule is lost, and the slope is negative",
            "The power gives a minus, and the inside, e^−z, gives another. They cancel.",
            "Does the sigmoid rise or fall? And what sign has your slope?",
        ),
        Slip(
            "plus",
            "1 - a",
            "1 + a",
            "a plus stands where a minus belongs",
            "The second factor is what is left to 1: 1 − σ(z).",
            "What is the slope far on the right, where the sigmoid is flat?",
        ),
    ),
)

DELTA = Exercise(
    id="neuron.delta",
    title="δ = ∂𝓛/∂z",
    where=NOTEBOOK + "The-derivation,-in-full",
    kind="expression",
    level="apply",
    minutes=1,
    prompt="Links 1 and 2 together: write $\\delta=\\partial\\mathcal L/\\partial z$ for the squared error and the "
    "sigmoid, as an expression in `a` and `y`.",
    starter="w * x + b",
    solution="(a - y) * a * (1 - a)",
    returns=("delta",),
    inputs=ladder_inputs,
    names=NAMES,
    hints=(
        "Two arrows lead from z to the loss.",
        "Multiply the slope of the loss by the slope of the activation, both from the rungs below.",
        "(a − y) times a (1 − a).",
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
            "This is ∂𝓛/∂a. Between a and z stands the activation.",
            "You have the slope with respect to a. How do you get to z?",
        ),
        Slip(
            "at-a",
            "a * (1 - a)",
            "sigmoid(a) * (1 - sigmoid(a))",
            "σ' is taken at a, not at z",
            "a (1 − a) is the slope at z already. This goes through the sigmoid twice.",
            "At which point is the slope taken?",
        ),
        Slip(
            "plus",
            " * a * (1 - a)",
            " + a * (1 - a)",
            "the slopes are added, not multiplied",
            "Along one path slopes multiply. They are added only over different paths.",
            "How do sensitivities along one path combine?",
        ),
        Slip(
            "loss",
            "(a - y)",
            "(a - y) ** 2 / 2",
            "the loss itself is multiplied by σ', not its slope",
            "The chain has ∂𝓛/∂a in it, not 𝓛.",
            "What is the first link of your chain?",
        ),
        Slip(
            "input",
            "(1 - a)",
            "(1 - a) * x",
            "the input x is in δ already",
            "δ stops at z. The factor x is the next link, from z to w.",
            "With respect to what is this the slope?",
        ),
    ),
)

DW = Exercise(
    id="neuron.dw",
    title="∂𝓛/∂w",
    where=NOTEBOOK + "The-derivation,-in-full",
    kind="expression",
    level="apply",
    minutes=1,
    prompt="All three links: write $\\partial\\mathcal L/\\partial w$, with δ written out in `a` and `y`.",
    starter="w * x + b",
    solution="(a - y) * a * (1 - a) * x",
    returns=("dw",),
    inputs=ladder_inputs,
    hints=(
        "Go on from δ: which arrow leads from w to z?",
        "Seen as a function of w, z = wx + b is a line. What is its slope?",
        "δ times x, that is, (a − y) a (1 − a) x.",
    ),
    slips=(
        Slip(
            "no-input",
            " * x",
            "",
            "the input x is missing",
            "This is δ. ∂z/∂w = x: the weight acts in proportion to its input.",
            "If the input were 0, what would the gradient of its weight be?",
        ),
        Slip(
            "weight",
            " * x",
            " * w",
            "δ is multiplied by w instead of x",
            "δ w is ∂𝓛/∂x, what a layer below would get.",
            "z = wx + b: what is its derivative with respect to w?",
        ),
        Slip(
            "z",
            " * x",
            " * z",
            "δ is multiplied by z instead of ∂z/∂w",
            "The chain rule asks for the slope of z in w, not for z.",
            "What is the last link of your chain?",
        ),
        Slip(
            "no-slope",
            " * a * (1 - a)",
            "",
            "the slope σ' is missing",
            "Between a and z stands the activation. Without its slope this is the gradient of cross-entropy.",
            "Name every arrow from w to the loss.",
        ),
        Slip(
            "sign",
            "(a - y)",
            "(y - a)",
            "the sign is flipped: y − a for a − y",
            "The minus belongs to the update, w − η ∂𝓛/∂w, not to the gradient.",
            "If a is too small and x is positive, should more w raise the loss or lower it?",
        ),
    ),
)

DB = Exercise(
    id="neuron.db",
    title="∂𝓛/∂b",
    where=NOTEBOOK + "The-derivation,-in-full",
    kind="expression",
    level="recall",
    minutes=1,
    prompt="And the bias: write $\\partial\\mathcal L/\\partial b$, with δ written out in `a` and `y`.",
    starter="w * x + b",
    solution="(a - y) * a * (1 - a)",
    returns=("db",),
    inputs=ladder_inputs,
    hints=(
        "Go on from δ: which arrow leads from b to z?",
        "Seen as a function of b, z = wx + b is a line. What is its slope?",
        "That slope is 1, so ∂𝓛/∂b is δ itself.",
    ),
    slips=(
        Slip(
            "input",
            "(1 - a)",
            "(1 - a) * x",
            "∂𝓛/∂b has a factor x",
            "The bias is added, so ∂z/∂b = 1.",
            "What is the input that the bias is multiplied by?",
        ),
        Slip(
            "bias",
            "(1 - a)",
            "(1 - a) * b",
            "∂𝓛/∂b has a factor b",
            "The slope of wx + b in b is 1, whatever b is.",
            "If b were 0, would the loss not depend on it?",
        ),
        Slip(
            "one",
            "(a - y) * a * (1 - a)",
            "1",
            "only the last link is left: δ is missing",
            "1 is ∂z/∂b. What happens between z and the loss is in δ.",
            "Does the bias's gradient not depend on how wrong the neuron is?",
        ),
        Slip(
            "no-slope",
            "* a * (1 - a)",
            "* 1",
            "the slope σ' is missing",
            "b reaches the loss through z and a, so the activation's slope is on its path too.",
            "Name every arrow from b to the loss.",
        ),
        Slip(
            "sign",
            "(a - y)",
            "(y - a)",
            "the sign is flipped: y − a for a − y",
            "The minus belongs to the update, b − η ∂𝓛/∂b, not to the gradient.",
            "If a is too small, should more b raise the loss or lower it?",
        ),
    ),
)

BCE_SLOPE = Exercise(
    id="neuron.bce-slope",
    title="∂𝓛/∂a of the binary cross-entropy",
    where=NOTEBOOK + "A-saturated-neuron:-squared-error-against-cross-entropy",
    kind="expression",
    level="apply",
    minutes=2,
    prompt="Now $\\mathcal L=-[y\\log a+(1-y)\\log(1-a)]$. Write $\\partial\\mathcal L/\\partial a$. "
    "It need not be simplified.",
    starter="w * x + b",
    solution="(a - y) / (a * (1 - a))",
    returns=("dL_da",),
    inputs=ladder_inputs,
    hints=(
        "Differentiate term by term. The derivative of log a is 1/a.",
        "The derivative of log(1 − a) has an inner one, −1.",
        "−y/a + (1 − y)/(1 − a), or on one denominator (a − y)/(a (1 − a)).",
    ),
    slips=(
        Slip(
            "delta",
            "(a - y) / (a * (1 - a))",
            "a - y",
            "this is δ already, the slope with respect to z",
            "a − y comes out after the multiplication by σ'. This rung asks for the slope with respect to a.",
            "With respect to what is your expression the slope?",
        ),
        Slip(
            "one-term",
            "(a - y) / (a * (1 - a))",
            "-y / a",
            "the term with 1 − y is missing",
            "−y log a is half of the loss. Where y = 0, only the other half is left.",
            "What is the slope for a sample whose target is 0?",
        ),
        Slip(
            "inner",
            "(a - y) / (a * (1 - a))",
            "-y / a - (1 - y) / (1 - a)",
            "the inner derivative of log(1 − a) is lost",
            "The inside, 1 − a, falls when a grows: a factor −1.",
            "If the target is 0 and a grows, does the loss rise or fall?",
        ),
        Slip(
            "loss",
            "(a - y) / (a * (1 - a))",
            "-(y * np.log(a) + (1 - y) * np.log(1 - a))",
            "this is the loss, not its slope",
            "The loss is never negative. Its slope is, wherever a is below y.",
            "Have you differentiated yet?",
        ),
        Slip(
            "times",
            "/ (a",
            "* (a",
            "a (1 − a) multiplies instead of dividing",
            "That is δ of the squared error. The logarithms leave a and 1 − a in the denominator.",
            "What becomes of the slope when a is close to 0 and the target is 1?",
        ),
        Slip(
            "sign",
            "(a - y)",
            "(y - a)",
            "the sign is flipped: the minus in front of the logarithms is lost",
            "Without the minus this is the slope of the log-likelihood, which should rise.",
            "If a is too small, should the loss rise or fall when a grows?",
        ),
    ),
)

BCE_DELTA = Exercise(
    id="neuron.bce-delta",
    title="δ of the binary cross-entropy",
    where=NOTEBOOK + "A-saturated-neuron:-squared-error-against-cross-entropy",
    kind="expression",
    level="apply",
    minutes=1,
    prompt="The last rung: write $\\delta=\\partial\\mathcal L/\\partial z$ for cross-entropy after a sigmoid.",
    starter="w * x + b",
    solution="a - y",
    returns=("delta",),
    inputs=ladder_inputs,
    hints=(
        "Multiply the rung below by link 2.",
        "What do the numerator of σ' and the denominator of ∂𝓛/∂a have in common?",
        "a (1 − a) cancels. What remains is the error a − y.",
    ),
    slips=(
        Slip(
            "extra-slope",
            "a - y",
            "(a - y) * a * (1 - a)",
            "σ' is multiplied in once more, though it has cancelled",
            "a − y is ∂𝓛/∂z already. With a (1 − a) this is δ of the squared error.",
            "A confident and wrong neuron: how hard does your δ push it?",
        ),
        Slip(
            "no-slope",
            "a - y",
            "(a - y) / (a * (1 - a))",
            "this is the slope with respect to a: σ' is missing",
            "Between a and z stands the sigmoid, and its slope cancels the denominator.",
            "You have the slope with respect to a. How do you get to z?",
        ),
        Slip(
            "one-term",
            "a - y",
            "-y * (1 - a)",
            "the term with 1 − y is missing",
            "This is what −y log a alone gives. The other half of the loss adds (1 − y) a.",
            "What is δ of a sample whose target is 0?",
        ),
        Slip(
            "sign",
            "a - y",
            "y - a",
            "the sign is flipped: y − a for a − y",
            "The loss has a minus in front of its logarithms.",
            "If the output is too small, should the loss rise or fall when z grows?",
        ),
        Slip(
            "at-z",
            "a",
            "z",
            "the error is taken at z, not at a",
            "The target is compared with the probability, not with the logit.",
            "Can your error exceed 1? Should it?",
        ),
    ),
)

EXERCISES = (
    SIGMOID_SLOPE,
    TANH_SLOPE,
    BY_HAND,
    GRADIENT,
    STEP,
    BCE,
    TWICE,
    RECURRENT,
    MANY,
    LOSS_SLOPE,
    SLOPE_BY_A,
    DELTA,
    DW,
    DB,
    BCE_SLOPE,
    BCE_DELTA,
)
LADDERS = {"neuron": [e.id for e in (LOSS_SLOPE, SLOPE_BY_A, DELTA, DW, DB, BCE_SLOPE, BCE_DELTA)]}
