"""Exercises of notebook 06: update rules."""

import numpy as np

from backprop.practice.bank.make import normal, sizes
from backprop.practice.exercise import Exercise, Slip

NOTEBOOK = "06_update_rules.ipynb#"


def draw(rng, **ranges):
    """A number from each range."""
    return {name: rng.uniform(*bounds) for name, bounds in ranges.items()}


def rule_inputs(rng, signed=(), squares=(), **ranges):
    """A weight matrix, its gradient, what the rule remembers (sums of squares are positive), and the settings."""
    n, m = sizes(rng, 2)
    arrays = {name: normal(rng, n, m) for name in ("w", "g", *signed)}
    return arrays | {name: 0.2 + rng.random((n, m)) for name in squares} | draw(rng, **ranges)


def momentum_inputs(rng):
    return rule_inputs(rng, ["v"], eta=(0.05, 0.3), beta=(0.6, 0.95))


def adagrad_inputs(rng):
    return rule_inputs(rng, squares=["r"], eta=(0.05, 0.3), eps=(0.02, 0.1))


def no_gradient_yet(rng):
    """A gradient that was 0 from the beginning."""
    given = adagrad_inputs(rng)
    return given | {name: np.zeros_like(given["w"]) for name in ("g", "r")}


def rmsprop_inputs(rng):
    return rule_inputs(rng, squares=["r"], eta=(0.05, 0.3), rho=(0.6, 0.95), eps=(0.02, 0.1))


def adam_inputs(rng, **more):
    given = rule_inputs(rng, ["m"], ["v"]) | {"t": int(rng.integers(2, 6))}
    return given | draw(rng, eta=(0.05, 0.3), beta1=(0.6, 0.8), beta2=(0.85, 0.97), eps=(0.02, 0.1), **more)


def adamw_inputs(rng):
    return adam_inputs(rng, lam=(0.2, 0.6))


def first_adam_step(rng):
    given = adam_inputs(rng)
    return given | {"m": np.zeros_like(given["m"]), "v": np.zeros_like(given["v"]), "t": 1}


def hessian_inputs(rng):
    return {"curvatures": rng.permutation([1.0, 3.0, 8.0, 20.0, 50.0])[:3]}


def correction_inputs(rng):
    return {"t": int(rng.integers(2, 6)), "beta1": 0.9, "beta2": float(rng.choice([0.99, 0.999]))}


def schedule_inputs(rng, low=1, high=None):
    """A step t after the warm-up, or between the shares low and high of it."""
    warmup, T = int(rng.integers(8, 15)), int(rng.integers(40, 60))
    t = int(rng.integers(warmup + 3, T - 3)) if high is None else int(rng.integers(low, high))
    return {"t": t, "eta": rng.uniform(0.1, 0.5), "warmup": warmup, "T": T}


DESCENT = Exercise(
    id="rules.descent",
    title="One step down a parabola",
    where=NOTEBOOK + "Gradient-descent,-and-when-it-diverges",
    kind="expression",
    level="recall",
    minutes=1,
    prompt="The loss is $\\tfrac12\\lambda w^2$. Write $w$ after one step of gradient descent, by `w`, `eta`, `lam`.",
    starter="w + eta",
    solution="w - eta * lam * w",
    returns=("w",),
    inputs=lambda rng: draw(rng, w=(1, 2), eta=(0.1, 0.6), lam=(1, 3)),
    hints=(
        "The rule is w ← w − ηg. What is g here?",
        "The derivative of ½λw² is λw.",
        "w − ηλw, which is (1 − ηλ) w.",
    ),
    slips=(
        Slip(
            "ascent",
            "w -",
            "w +",
            "the step goes up the gradient: + for −",
            "The gradient points uphill. Descent subtracts it.",
            "In which direction does the loss fall?",
        ),
        Slip(
            "half",
            "lam * w",
            "lam * w / 2",
            "a factor ½ too much in the gradient",
            "The ½ of the loss meets the 2 from the square.",
            "Differentiate ½λw² once more, aloud.",
        ),
        Slip(
            "loss",
            "lam * w",
            "lam * w**2 / 2",
            "the loss is subtracted, not its gradient",
            "A step follows the slope of the loss. Its height does not enter.",
            "Is this the value of the loss or its slope?",
        ),
        Slip(
            "no-w",
            "lam * w",
            "lam",
            "the factor w is missing from the gradient",
            "λ is the second derivative. The first one is λw.",
            "What is the gradient at the minimum, w = 0?",
        ),
        Slip(
            "no-eta",
            "eta * ",
            "",
            "the learning rate is missing",
            "Without η the step has the length of the gradient itself.",
            "What sets the length of your step?",
        ),
    ),
)

STABLE = Exercise(
    id="rules.stable",
    title="The largest stable learning rate",
    where=NOTEBOOK + "Gradient-descent,-and-when-it-diverges",
    kind="number",
    level="apply",
    minutes=1,
    prompt="The Hessian has these eigenvalues. Below which $\\eta$ does gradient descent converge?",
    starter="0.5",
    solution="""
def largest_rate(curvatures):
    eta = 2 / np.max(curvatures)
    return eta
""",
    returns=("eta",),
    inputs=hessian_inputs,
    hints=(
        "Each direction is multiplied by 1 − ηλ per step. When does that shrink?",
        "|1 − ηλ| < 1 has to hold for all λ. Which λ is the hardest to satisfy?",
        "η < 2/λ for the largest λ.",
    ),
    slips=(
        Slip(
            "one",
            "2 / ",
            "1 / ",
            "1/λ for 2/λ",
            "1/λ lands on the minimum in one step. Up to 2/λ it still converges, from side to side.",
            "What happens between 1/λ and 2/λ?",
        ),
        Slip(
            "smallest",
            "np.max",
            "np.min",
            "the smallest curvature is taken, not the largest",
            "The smallest one sets how slow the slowest direction is. The steepest direction diverges first.",
            "Which direction blows up first when you raise η?",
        ),
        Slip(
            "mean",
            "np.max",
            "np.mean",
            "the mean of the curvatures is taken",
            "Each direction has a condition of its own, and all of them have to hold.",
            "Does your η keep the steepest direction from diverging?",
        ),
        Slip(
            "sum",
            "np.max",
            "np.sum",
            "the sum of the curvatures is taken",
            "The trace is an upper bound of the largest eigenvalue, so this is safe, but it is not the limit.",
            "Do the directions share one budget, or does each have its own condition?",
        ),
    ),
)

MOMENTUM = Exercise(
    id="rules.momentum",
    title="A step with momentum",
    where=NOTEBOOK + "Momentum-and-Nesterov",
    kind="function",
    level="recall",
    minutes=2,
    prompt="Return the new `w` and the new `v` after one step with momentum, in the form without $(1-\\beta)$.",
    starter="def momentum(w, g, v, eta, beta):\n    ...",
    solution="""
def momentum(w, g, v, eta, beta):
    v = beta * v + g
    w = w - eta * v
    return w, v
""",
    returns=("w", "v"),
    inputs=momentum_inputs,
    hints=(
        "v remembers past gradients, each weighted by one more power of β.",
        "Update v first. The step then follows v, not g.",
        "v ← βv + g, then w ← w − ηv.",
    ),
    slips=(
        Slip(
            "average",
            "+ g\n",
            "+ (1 - beta) * g\n",
            "a factor 1 − β on the gradient: this is the averaging form",
            "That form circulates too, and its steps are 1 − β times as long. Here the gradient enters whole.",
            "Which form of momentum is this, and what does it do to the learning rate?",
        ),
        Slip(
            "old-v",
            "    v = beta * v + g\n    w = w - eta * v",
            "    w = w - eta * v\n    v = beta * v + g",
            "the step uses the old v",
            "v is updated first. With the old v the present gradient does not act until the next step.",
            "Does this step know the gradient that you just computed?",
        ),
        Slip(
            "no-memory",
            "v\n    return",
            "g\n    return",
            "the step follows g, not v",
            "Then v is kept but never used, and this is plain gradient descent.",
            "Where does v enter the step?",
        ),
        Slip(
            "no-beta",
            "beta * v",
            "v",
            "β is missing, so v never forgets",
            "Then v is the sum of all gradients so far.",
            "How does an old gradient lose its weight?",
        ),
        Slip(
            "rate-inside",
            "    v = beta * v + g\n    w = w - eta * v",
            "    v = beta * v + eta * g\n    w = w - v",
            "η multiplies g inside v",
            "That is another convention. It agrees while η is constant, but its v is η times this one.",
            "What happens to your v when the learning rate changes in the middle of training?",
        ),
        Slip(
            "ascent",
            "w - eta",
            "w + eta",
            "the step goes up the gradient: + for −",
            "v points uphill, as g does. Descent subtracts it.",
            "In which direction does the loss fall?",
        ),
    ),
)

NESTEROV = Exercise(
    id="rules.nesterov",
    title="A Nesterov step",
    where=NOTEBOOK + "Momentum-and-Nesterov",
    kind="function",
    level="apply",
    minutes=3,
    prompt="Return the new `w` and `v` after one Nesterov step, in the form of the frameworks, "
    "where `g` is the gradient at `w`.",
    starter="def nesterov(w, g, v, eta, beta):\n    ...",
    solution="""
def nesterov(w, g, v, eta, beta):
    v = beta * v + g
    w = w - eta * (g + beta * v)
    return w, v
""",
    returns=("w", "v"),
    inputs=momentum_inputs,
    hints=(
        "v is updated as in momentum.",
        "The step adds to g what momentum is going to carry next.",
        "v ← βv + g, then w ← w − η(g + βv) with the new v.",
    ),
    slips=(
        Slip(
            "momentum",
            "(g + beta * v)",
            "v",
            "this is plain momentum: it does not look ahead",
            "Nesterov adds the part of the next step that is known already, βv with the new v. With the old v, g + βv "
            "is the new v, so nothing is gained.",
            "What distinguishes this from momentum?",
        ),
        Slip(
            "no-g",
            "(g + beta * v)",
            "(beta * v)",
            "g is missing from the step",
            "The look ahead is added to the present gradient. It does not replace it.",
            "How much of the present gradient is in your step?",
        ),
        Slip(
            "beta-once",
            "(g + beta * v)",
            "(g + v)",
            "β is missing before v in the step",
            "The next step carries βv, not v.",
            "By how much will momentum carry w in the next step?",
        ),
        Slip(
            "average",
            "+ g\n",
            "+ (1 - beta) * g\n",
            "a factor 1 − β on the gradient: this is the averaging form",
            "That form circulates too, and its v is 1 − β times as large. Here the gradient enters whole.",
            "Which form of momentum is this, and what does it do to the learning rate?",
        ),
        Slip(
            "ascent",
            "w - eta",
            "w + eta",
            "the step goes up the gradient: + for −",
            "g and v point uphill. Descent subtracts them.",
            "In which direction does the loss fall?",
        ),
    ),
)

ADAGRAD = Exercise(
    id="rules.adagrad",
    title="An Adagrad step",
    where=NOTEBOOK + "A-rate-for-each-parameter:-Adagrad,-RMSProp",
    kind="function",
    level="apply",
    minutes=2,
    prompt="Return the new `w` and `r` after one step of Adagrad, with $\\epsilon$ outside the root.",
    starter="def adagrad(w, g, r, eta, eps):\n    ...",
    solution="""
def adagrad(w, g, r, eta, eps):
    r = r + g**2
    w = w - eta * g / (np.sqrt(r) + eps)
    return w, r
""",
    returns=("w", "r"),
    inputs=adagrad_inputs,
    hints=(
        "r adds up all squared gradients, entry by entry.",
        "The step divides g by the size of the gradients so far: the root of r.",
        "r ← r + g², then w ← w − ηg / (√r + ε).",
    ),
    slips=(
        Slip(
            "not-squared",
            "r + g**2",
            "r + g",
            "g is added where g² is due",
            "r measures the size of the gradients, so signs must not cancel.",
            "What is r after the gradients 1 and −1?",
        ),
        Slip(
            "no-root",
            "np.sqrt(r)",
            "r",
            "the root is missing",
            "r has the unit of g². The root brings it back to the unit of g.",
            "Which unit has your step if g is measured in meters?",
        ),
        Slip(
            "eps-inside",
            "np.sqrt(r) + eps",
            "np.sqrt(r + eps)",
            "ε stands inside the root",
            "Inside the root it acts like √ε, which is far larger.",
            "Where does ε stand, and how large is its effect there?",
        ),
        Slip(
            "old-r",
            "    r = r + g**2\n    w = w - eta * g / (np.sqrt(r) + eps)",
            "    w = w - eta * g / (np.sqrt(r) + eps)\n    r = r + g**2",
            "the step divides by the old r",
            "r is updated first. At the first step the old r is 0, and the step is g/ε.",
            "What does your first step divide by?",
        ),
        Slip(
            "overwritten",
            "r + g**2",
            "g**2",
            "r is overwritten, not added to",
            "Then only the present gradient counts, and each step is ±η.",
            "What does r remember of the earlier steps?",
        ),
        Slip(
            "no-eps",
            " + eps",
            "",
            "ε is missing",
            "A parameter that never had a gradient has r = 0, and 0/0 is NaN.",
            "What if a gradient is exactly 0 from the beginning?",
        ),
    ),
    special=(no_gradient_yet,),
)

RMSPROP = Exercise(
    id="rules.rmsprop",
    title="An RMSProp step",
    where=NOTEBOOK + "A-rate-for-each-parameter:-Adagrad,-RMSProp",
    kind="function",
    level="apply",
    minutes=2,
    prompt="Return the new `w` and `r` after one step of RMSProp, with $\\epsilon$ outside the root.",
    starter="def rmsprop(w, g, r, eta, rho, eps):\n    ...",
    solution="""
def rmsprop(w, g, r, eta, rho, eps):
    r = rho * r + (1 - rho) * g**2
    w = w - eta * g / (np.sqrt(r) + eps)
    return w, r
""",
    returns=("w", "r"),
    inputs=rmsprop_inputs,
    hints=(
        "Like Adagrad, but r forgets.",
        "A running average keeps the share ρ of the old and takes 1 − ρ of the new.",
        "r ← ρr + (1 − ρ)g², then w ← w − ηg / (√r + ε).",
    ),
    slips=(
        Slip(
            "adagrad",
            "rho * r + (1 - rho) * g**2",
            "r + g**2",
            "this is Adagrad: r never forgets",
            "With a sum the steps shrink for ever. RMSProp keeps a running average.",
            "How does your r get smaller again?",
        ),
        Slip(
            "swapped",
            "rho * r + (1 - rho) * g**2",
            "(1 - rho) * r + rho * g**2",
            "ρ and 1 − ρ are swapped",
            "ρ near 1 means a long memory: it belongs to the old r.",
            "With ρ = 0.99, how many steps does your average remember?",
        ),
        Slip(
            "no-share",
            "(1 - rho) * ",
            "",
            "the factor 1 − ρ is missing",
            "Then r settles at g²/(1 − ρ), and the steps are too short.",
            "Under a constant gradient, at which value should r settle?",
        ),
        Slip(
            "not-squared",
            "g**2",
            "g",
            "g is averaged where g² is due",
            "r measures the size of the gradients, so signs must not cancel.",
            "What is r after the gradients 1 and −1?",
        ),
        Slip(
            "no-root",
            "np.sqrt(r)",
            "r",
            "the root is missing",
            "r has the unit of g². The root brings it back to the unit of g.",
            "What does RMS stand for?",
        ),
        Slip(
            "eps-inside",
            "np.sqrt(r) + eps",
            "np.sqrt(r + eps)",
            "ε stands inside the root",
            "Inside the root it acts like √ε, which is far larger.",
            "Where does ε stand, and how large is its effect there?",
        ),
    ),
)

ADAM = Exercise(
    id="rules.adam",
    title="Adam's step",
    where=NOTEBOOK + "Adam,-and-what-bias-correction-really-does",
    kind="function",
    level="interview",
    minutes=5,
    prompt="From memory: return the new `w`, `m` and `v` after step number `t` of Adam. `t` counts from 1.",
    starter="def adam(w, g, m, v, t, eta, beta1, beta2, eps):\n    ...",
    solution="""
def adam(w, g, m, v, t, eta, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w = w - eta * m_hat / (np.sqrt(v_hat) + eps)
    return w, m, v
""",
    returns=("w", "m", "v"),
    inputs=adam_inputs,
    special=(first_adam_step,),
    hints=(
        "Five lines: two running averages, two corrections, one step.",
        "m averages g with β₁, v averages g² with β₂. After t steps from 0 an average is too small by 1 − βᵗ.",
        "w ← w − η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).",
    ),
    slips=(
        Slip(
            "m-uncorrected",
            "m / (1 - beta1**t)",
            "m",
            "m is not corrected for its start at 0",
            "After t steps from 0, m holds only 1 − β₁ᵗ of the gradient's size.",
            "Under a constant gradient, how large is m after the first step?",
        ),
        Slip(
            "v-uncorrected",
            "v / (1 - beta2**t)",
            "v",
            "v is not corrected for its start at 0",
            "v starts much too small, since β₂ is so close to 1. Under the root it makes the first steps too long.",
            "Under a constant gradient, how large is v after the first step?",
        ),
        Slip(
            "t-from-0",
            "    m_hat = m / (1 - beta1**t)\n    v_hat = v / (1 - beta2**t)",
            "    m_hat = m / (1 - beta1 ** (t - 1))\n    v_hat = v / (1 - beta2 ** (t - 1))",
            "t is one too small: it counts from 0",
            "At the first step 1 − β⁰ = 0, and the division gives inf or NaN.",
            "What does your first step divide by?",
        ),
        Slip(
            "t-factor",
            "    m_hat = m / (1 - beta1**t)\n    v_hat = v / (1 - beta2**t)",
            "    m_hat = m / (1 - beta1)\n    v_hat = v / (1 - beta2)",
            "the power t is missing from the corrections",
            "This is right at the first step only. Later the averages have filled up, and the correction must fade.",
            "What should the correction be after a thousand steps?",
        ),
        Slip(
            "eps-inside",
            "np.sqrt(v_hat) + eps",
            "np.sqrt(v_hat + eps)",
            "ε stands inside the root",
            "Inside the root it acts like √ε, which is far larger.",
            "Where does ε stand, and how large is its effect there?",
        ),
        Slip(
            "not-squared",
            "g**2",
            "g",
            "v averages g where g² is due",
            "v is the second moment. With g it can be negative, and its root is NaN.",
            "Can your v be negative?",
        ),
        Slip(
            "swapped",
            "    m = beta1 * m + (1 - beta1) * g\n    v = beta2 * v + (1 - beta2) * g**2\n"
            "    m_hat = m / (1 - beta1**t)\n    v_hat = v / (1 - beta2**t)",
            "    m = beta2 * m + (1 - beta2) * g\n    v = beta1 * v + (1 - beta1) * g**2\n"
            "    m_hat = m / (1 - beta2**t)\n    v_hat = v / (1 - beta1**t)",
            "β₁ and β₂ are swapped",
            "β₁ = 0.9 belongs to the gradient, β₂ = 0.999 to its square, which needs the longer memory.",
            "Which of the two averages should remember longer?",
        ),
        Slip(
            "no-share-m",
            "(1 - beta1) * ",
            "",
            "the factor 1 − β₁ is missing in m",
            "Then m is momentum's sum. The correction assumes an average.",
            "Under a constant gradient, at which value should m settle?",
        ),
        Slip(
            "no-share-v",
            "(1 - beta2) * ",
            "",
            "the factor 1 − β₂ is missing in v",
            "Then v settles at g²/(1 − β₂), and the steps are far too short.",
            "Under a constant gradient, at which value should v settle?",
        ),
        Slip(
            "not-divided",
            " / (np.sqrt(v_hat) + eps)",
            "",
            "m̂ is not divided by √v̂",
            "This is momentum. The division gives each parameter a rate of its own.",
            "Does your step depend on the scale of the loss? Should it?",
        ),
        Slip(
            "no-root",
            "np.sqrt(v_hat)",
            "v_hat",
            "the root of v̂ is missing",
            "v̂ has the unit of g². The root brings it back to the unit of g.",
            "Scale the gradient by 10. What happens to your step?",
        ),
        Slip(
            "g-step",
            "eta * m_hat",
            "eta * g",
            "the step follows g, not m̂",
            "Then m is kept but never used, and this is RMSProp with a correction.",
            "Where does m enter the step?",
        ),
    ),
)

CORRECTION = Exercise(
    id="rules.correction",
    title="The step without bias correction",
    where=NOTEBOOK + "Adam,-and-what-bias-correction-really-does",
    kind="number",
    level="apply",
    minutes=3,
    prompt="Adam under a constant gradient, both bias corrections left out, $\\epsilon=0$: how long is step "
    "number $t$, in units of $\\eta$?",
    starter="1.0",
    solution="""
def step_length(t, beta1, beta2):
    m = 1 - beta1**t
    v = 1 - beta2**t
    length = m / np.sqrt(v)
    return length
""",
    returns=("length",),
    inputs=correction_inputs,
    hints=(
        "Take g = 1. What are m and v after t steps from 0?",
        "By the geometric sum m = 1 − β₁ᵗ, and v likewise.",
        "The length is (1 − β₁ᵗ) / √(1 − β₂ᵗ).",
    ),
    slips=(
        Slip(
            "no-root",
            "np.sqrt(v)",
            "v",
            "the root of v is missing",
            "The step divides by √v, the size of the gradient.",
            "What does Adam divide by?",
        ),
        Slip(
            "inverse",
            "m / np.sqrt(v)",
            "np.sqrt(v) / m",
            "the ratio is upside down",
            "This is the factor by which the corrections change the step. Without them the step is its reciprocal.",
            "Is the uncorrected step longer or shorter than η?",
        ),
        Slip(
            "only-m",
            "m / np.sqrt(v)",
            "m",
            "only m is followed, v is forgotten",
            "This is the usual story, that Adam starts too slowly. v starts too small as well, and stands below.",
            "And what does v do at the first steps?",
        ),
        Slip(
            "only-v",
            "m / np.sqrt(v)",
            "1 / np.sqrt(v)",
            "only v is followed, m is forgotten",
            "m starts too small as well, and stands above.",
            "And how large is m at this step?",
        ),
        Slip(
            "no-power",
            "    m = 1 - beta1**t\n    v = 1 - beta2**t",
            "    m = 1 - beta1\n    v = 1 - beta2",
            "this is the first step: the power t is missing",
            "After one step m = 1 − β₁. Each further step adds to it.",
            "How do m and v grow from the first step to this one?",
        ),
        Slip(
            "t-from-0",
            "    m = 1 - beta1**t\n    v = 1 - beta2**t",
            "    m = 1 - beta1 ** (t + 1)\n    v = 1 - beta2 ** (t + 1)",
            "t is one too large: it was counted from 0",
            "The first step has t = 1, and there m = 1 − β₁.",
            "What is m after the very first step?",
        ),
    ),
)

L2 = Exercise(
    id="rules.l2",
    title="L2 regularization and its gradient",
    where=NOTEBOOK + "L2-against-weight-decay",
    kind="function",
    level="recall",
    minutes=2,
    prompt="$\\tfrac12\\lambda\\|w\\|^2$ is added to the loss. Return this penalty and the gradient of the whole loss, "
    "where `g` is the gradient without it.",
    starter="def with_l2(w, g, lam):\n    ...",
    solution="""
def with_l2(w, g, lam):
    penalty = lam * np.sum(w**2) / 2
    total = g + lam * w
    return penalty, total
""",
    returns=("penalty", "total"),
    inputs=lambda rng: rule_inputs(rng, lam=(0.2, 0.6)),
    hints=(
        "‖w‖² is the sum of all squared entries.",
        "Differentiate ½λw² for one entry.",
        "The penalty is ½λ Σw², and g becomes g + λw.",
    ),
    slips=(
        Slip(
            "no-half",
            " / 2\n",
            "\n",
            "the ½ of the penalty is missing",
            "Then the gradient of the penalty would be 2λw.",
            "Does your gradient belong to your penalty? Check the factor.",
        ),
        Slip(
            "two",
            "g + lam * w",
            "g + 2 * lam * w",
            "a factor 2 too much in the gradient",
            "The 2 from the square meets the ½ of the penalty.",
            "Which penalty did you differentiate: with the ½ or without?",
        ),
        Slip(
            "norm",
            "np.sum(w**2)",
            "np.sqrt(np.sum(w**2))",
            "the norm is not squared",
            "L2 regularization penalizes the squared norm. Without the square the gradient has constant length.",
            "Is the norm squared in your penalty?",
        ),
        Slip(
            "mean",
            "np.sum(w**2)",
            "np.mean(w**2)",
            "the mean of the squares is taken, not their sum",
            "‖w‖² is a sum. With the mean the decay would depend on the size of the layer.",
            "What is ‖w‖², written with a sum sign?",
        ),
        Slip(
            "sign",
            "g + lam * w",
            "g - lam * w",
            "the sign is flipped: g − λw makes weights grow",
            "g is subtracted in the step. To shrink w, λw has to be added to g.",
            "After your step, is a weight closer to 0 or farther from it?",
        ),
        Slip(
            "l1",
            "lam * w\n",
            "lam * np.sign(w)\n",
            "the gradient is that of L1",
            "λ sign(w) belongs to λ Σ|w|. The derivative of a square is proportional to w.",
            "How does your pull on a weight depend on its size?",
        ),
        Slip(
            "forgotten",
            "g + lam * w",
            "g",
            "the penalty is missing from the gradient",
            "Then the loss reports the penalty, and nothing acts on it.",
            "What makes the weights shrink?",
        ),
    ),
)

ADAMW = Exercise(
    id="rules.adamw",
    title="AdamW's step",
    where=NOTEBOOK + "L2-against-weight-decay",
    kind="function",
    level="interview",
    minutes=4,
    prompt="Return the new `w`, `m` and `v` after step number `t` of AdamW, with the decay `lam` scaled by `eta`, "
    "as in PyTorch.",
    starter="def adamw(w, g, m, v, t, eta, beta1, beta2, eps, lam):\n    ...",
    solution="""
def adamw(w, g, m, v, t, eta, beta1, beta2, eps, lam):
    w = w - eta * lam * w
    m = beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    w = w - eta * m_hat / (np.sqrt(v_hat) + eps)
    return w, m, v
""",
    returns=("w", "m", "v"),
    inputs=adamw_inputs,
    hints=(
        "The decay does not pass through the gradient.",
        "Shrink w by a factor first. Then comes Adam's step, with g alone.",
        "w ← w − ηλw, then w ← w − η m̂ / (√v̂ + ε).",
    ),
    slips=(
        Slip(
            "l2",
            "w = w - eta * lam * w\n",
            "g = g + lam * w\n",
            "the decay goes through the moments: this is Adam with L2",
            "λw in g is divided by √v̂ too, so the weights with large gradients are decayed least.",
            "Does the decay of a weight depend on the size of its gradients here?",
        ),
        Slip(
            "no-eta",
            "eta * lam * w",
            "lam * w",
            "η is missing from the decay",
            "In the form that frameworks use, a step multiplies w by 1 − ηλ.",
            "With λ = 0.01 and a thousand steps, what is left of the weight?",
        ),
        Slip(
            "forgotten",
            "    w = w - eta * lam * w\n",
            "",
            "the decay is missing: this is Adam",
            "The W stands for the decay that is applied to w directly.",
            "Where does λ enter?",
        ),
        Slip(
            "after",
            "eta * m_hat",
            "(1 - eta * lam) * eta * m_hat",
            "the decay comes after Adam's step, so the step is shrunk too",
            "The decay acts on the weight as it was before the step.",
            "Which w does your decay multiply: the old one or the new one?",
        ),
        Slip(
            "grows",
            "w - eta * lam",
            "w + eta * lam",
            "the sign of the decay is flipped: weights grow",
            "Decay multiplies w by 1 − ηλ, a little below 1.",
            "With a gradient of 0, where does the weight go?",
        ),
        Slip(
            "v-uncorrected",
            "v / (1 - beta2**t)",
            "v",
            "v is not corrected for its start at 0",
            "v starts much too small, since β₂ is so close to 1. Under the root it makes the first steps too long.",
            "Under a constant gradient, how large is v after the first step?",
        ),
        Slip(
            "m-uncorrected",
            "m / (1 - beta1**t)",
            "m",
            "m is not corrected for its start at 0",
            "After t steps from 0, m holds only 1 − β₁ᵗ of the gradient's size.",
            "Under a constant gradient, how large is m after the first step?",
        ),
        Slip(
            "eps-inside",
            "np.sqrt(v_hat) + eps",
            "np.sqrt(v_hat + eps)",
            "ε stands inside the root",
            "Inside the root it acts like √ε, which is far larger.",
            "Where does ε stand, and how large is its effect there?",
        ),
        Slip(
            "not-squared",
            "g**2",
            "g",
            "v averages g where g² is due",
            "v is the second moment. With g it can be negative, and its root is NaN.",
            "Can your v be negative?",
        ),
    ),
)

COSINE = Exercise(
    id="rules.cosine",
    title="Warm-up, then cosine decay",
    where=NOTEBOOK + "Schedules,-warm-up,-and-the-range-test",
    kind="function",
    level="apply",
    minutes=3,
    prompt="Return the learning rate at step `t`: it rises in a straight line from 0 at `t = 0` to `eta` at "
    "`t = warmup`, then falls by half a cosine wave to 0 at `t = T`.",
    starter="def learning_rate(t, eta, warmup, T):\n    ...",
    solution="""
def learning_rate(t, eta, warmup, T):
    rise = t / warmup
    progress = (t - warmup) / (T - warmup)
    decay = (1 + np.cos(np.pi * progress)) / 2
    rate = eta * (rise if t < warmup else decay)
    return rate
""",
    returns=("rate",),
    inputs=schedule_inputs,
    special=(lambda rng: schedule_inputs(rng, 2, 4), lambda rng: schedule_inputs(rng, 5, 8)),
    hints=(
        "Two formulas, and t decides which one holds.",
        "For the decay you need a progress that is 0 at the end of the warm-up and 1 at T.",
        "ηt/warmup before; then ½η(1 + cos(π · progress)) with progress = (t − warmup) / (T − warmup).",
    ),
    slips=(
        Slip(
            "no-warm-up",
            "(rise if t < warmup else decay)",
            "decay",
            "the warm-up is missing",
            "The first steps need a small rate, since the weights are random and the averages rest on few gradients.",
            "What is your rate at the very first step?",
        ),
        Slip(
            "both",
            "(rise if t < warmup else decay)",
            "min(rise, 1) * decay",
            "the rise is multiplied by the decay",
            "During the warm-up only the straight line holds. The decay starts afterward.",
            "Is your warm-up a straight line?",
        ),
        Slip(
            "not-shifted",
            "(t - warmup) / (T - warmup)",
            "t / T",
            "the decay is counted from step 0, not from the end of the warm-up",
            "Then the rate jumps down at the end of the warm-up.",
            "What is your rate just before and just after the end of the warm-up?",
        ),
        Slip(
            "too-long",
            "/ (T - warmup)",
            "/ T",
            "the decay lasts T steps, not T − warmup",
            "It starts at the end of the warm-up and must be over at T.",
            "What is your rate at t = T?",
        ),
        Slip(
            "no-pi",
            "np.pi * progress",
            "progress",
            "π is missing in the cosine",
            "Half a wave is π. Up to an angle of 1 the cosine falls to 0.54 only.",
            "What is your rate at t = T?",
        ),
        Slip(
            "full-wave",
            "np.pi * progress",
            "2 * np.pi * progress",
            "the angle runs through a full wave",
            "With 2π the rate is 0 in the middle and rises again to η.",
            "How does your rate move after the middle?",
        ),
        Slip(
            "no-one",
            "1 + np.cos(np.pi * progress)",
            "2 * np.cos(np.pi * progress)",
            "the cosine is not raised by 1, so the rate becomes negative",
            "The cosine runs from 1 to −1. Adding 1 and halving brings it to 1 … 0.",
            "What sign has your rate near the end?",
        ),
        Slip(
            "no-half",
            ")) / 2",
            "))",
            "the ½ is missing: the decay starts at 2η",
            "1 + cos runs from 2 to 0.",
            "What is your rate just after the warm-up?",
        ),
        Slip(
            "linear",
            "(1 + np.cos(np.pi * progress)) / 2",
            "1 - progress",
            "the decay is a straight line, not a cosine",
            "A cosine stays high at first and lands gently.",
            "Sketch your schedule. Where is it steepest?",
        ),
    ),
)

EXERCISES = (DESCENT, STABLE, MOMENTUM, NESTEROV, ADAGRAD, RMSPROP, ADAM, CORRECTION, L2, ADAMW, COSINE)
LADDERS = {}
