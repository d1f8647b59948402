"""Exercises of notebook 05: initialization, clipping, normalization, skips."""

import numpy as np

from backprop.practice.bank.make import normal, sizes
from backprop.practice.exercise import Exercise, Slip

NOTEBOOK = "05_vanishing_and_exploding.ipynb#"


def layer_inputs(rng):
    """One layer's widths, the variance v of its weights, a2 = E[a²], Var(δ) above it, a leaky slope."""
    n_in, n_out = (int(n) for n in rng.permutation(np.arange(3, 12))[:2])
    given = {"v": (0.1, 0.4), "a2": (1.2, 2), "var_delta": (0.3, 0.8), "alpha": (0.1, 0.4)}
    return {"n_in": n_in, "n_out": n_out} | {name: rng.uniform(*bounds) for name, bounds in given.items()}


def stack_inputs(rng):
    n1, n2, n3, B = sizes(rng, 4)
    W2, W3 = normal(rng, n2, n1), normal(rng, n3, n2)
    return {"z1": normal(rng, n1, B), "z2": normal(rng, n2, B), "W2": W2, "W3": W3, "delta3": normal(rng, n3, B)}


def gradient_inputs(rng, share=0.4, size=1):
    """The gradients of a layer and a limit on their norm: a share of what it is."""
    n, m = sizes(rng, 2)
    dW, db = size * normal(rng, n, m), size * normal(rng, n, 1)
    return {"dW": dW, "db": db, "limit": float(share * np.hypot(np.linalg.norm(dW), np.linalg.norm(db)))}


def zero_gradient(rng):
    n, m = sizes(rng, 2)
    return {"dW": np.zeros((n, m)), "db": np.zeros((n, 1)), "limit": 1.0}


def value_inputs(rng):
    n, m = sizes(rng, 2)
    return {"dW": 2 * normal(rng, n, m), "limit": rng.uniform(0.6, 1)}


def relu_inputs(rng):
    """Pre-activations of neurons of which some never fire, and some do so rarely."""
    n, B = (int(n) for n in rng.permutation(np.arange(4, 9))[:2])
    z = normal(rng, n, B)
    z[:2] = -np.abs(z[:2])
    z[2] = -1 - rng.random(B)
    z[2, 0] = 0.5
    return {"z": z}


def at_the_kink(rng):
    """A dead neuron at z = 0 on one sample, a healthy one likewise, and a sample on which all are silent."""
    z = relu_inputs(rng)["z"]
    z[3] = np.abs(z[3])
    z[:, 0] = -np.abs(z[:, 0])
    z[:4, :2] = [[-1, 0], [-2, -1], [-1, -3], [0, 1]]
    return {"z": z}


def always_zero(rng):
    """A neuron whose weights and bias are 0."""
    z = relu_inputs(rng)["z"]
    z[1] = 0
    return {"z": z}


def leaky_inputs(rng):
    n, B = sizes(rng, 2)
    return {"z": normal(rng, n, B), "g": normal(rng, n, B), "alpha": rng.uniform(0.05, 0.3)}


def leaky_at_kink(rng):
    given = leaky_inputs(rng)
    given["z"][:, 0] = 0
    return given


def residual_inputs(rng):
    n, m, B = sizes(rng, 3)
    W, b, V = normal(rng, m, n), normal(rng, m, 1), normal(rng, n, m)
    return {"X": normal(rng, n, B), "W": W, "b": b, "V": V, "G": normal(rng, n, B)}


def rows_inputs(rng, *names):
    """Samples as rows, and vectors with an entry per feature; what is called *var is positive."""
    B, n = (int(size) for size in rng.permutation(np.arange(3, 8))[:2])
    given = {"X": 1 + 2 * normal(rng, B, n)}
    for name in names:
        given[name] = normal(rng, B, n) if name == "G" else normal(rng, n)
        if name.endswith("var"):
            given[name] = 0.5 + 2 * rng.random(n)
    return given


def norm_inputs(rng):
    return rows_inputs(rng, "gamma", "beta") | {"eps": rng.uniform(0.1, 0.5)}


def norm_backward_inputs(rng):
    return rows_inputs(rng, "gamma", "G") | {"eps": rng.uniform(0.1, 0.5)}


def running_inputs(rng):
    return rows_inputs(rng, "running_mean", "running_var") | {"momentum": rng.uniform(0.1, 0.3)}


def eval_inputs(rng):
    return rows_inputs(rng, "gamma", "beta", "running_mean", "running_var", "G") | {"eps": rng.uniform(0.1, 0.5)}


SQUASHED = Exercise(
    id="depth.bound",
    title="What one sigmoid layer lets through",
    where=NOTEBOOK + "One-product-of-Jacobians",
    kind="expression",
    level="recall",
    minutes=1,
    prompt="Write the upper bound on $\\|\\delta^l\\|$ of a sigmoid layer, by `norm_W` $=\\|W^{l+1}\\|$ and "
    "`norm_delta` $=\\|\\delta^{l+1}\\|$.",
    starter="norm_W + norm_delta",
    solution="1 / 4 * norm_W * norm_delta",
    returns=("bound",),
    inputs=lambda rng: {"norm_W": rng.uniform(2, 5), "norm_delta": rng.uniform(0.2, 0.8)},
    hints=(
        "Take the norm of both sides of (B2). By how much can each factor stretch?",
        "W stretches by at most its norm, ⊙ σ' by at most the largest slope.",
        "The sigmoid's slope is at most ¼: ¼ ‖W‖ ‖δ‖.",
    ),
    slips=(
        Slip(
            "one",
            "1 / 4 * ",
            "",
            "the slope's bound is taken as 1",
            "1 belongs to tanh and ReLU. The sigmoid's slope is largest at 0.",
            "How steep is a sigmoid at its steepest point?",
        ),
        Slip(
            "half",
            "1 / 4",
            "1 / 2",
            "½ for ¼: this is the sigmoid's value at 0, not its slope",
            "σ(0) = ½, and the slope there is ½ (1 − ½).",
            "Is ½ the height of the curve at 0, or its slope?",
        ),
        Slip(
            "no-W",
            "norm_W * ",
            "",
            "the weights are missing",
            "Between two layers stands a weight matrix, and it can stretch.",
            "Can the gradient grow through a sigmoid layer at all? What would have to be large?",
        ),
        Slip(
            "divided",
            "norm_W * ",
            "1 / norm_W * ",
            "the norm of W is divided by",
            "Going back δ is multiplied by Wᵀ, not by an inverse.",
            "What does (B2) do with W?",
        ),
    ),
)

VANISHED = Exercise(
    id="depth.vanished",
    title="What a stack of sigmoid layers lets through",
    where=NOTEBOOK + "One-product-of-Jacobians",
    kind="number",
    level="apply",
    minutes=2,
    prompt="In a network of L sigmoid layers each weight matrix has the norm `norm_W`. Give the upper bound on "
    "$\\|\\delta^1\\|/\\|\\delta^L\\|$.",
    starter="0.5",
    solution="""
def largest_ratio(norm_W, L):
    factor = norm_W / 4
    ratio = factor ** (L - 1)
    return ratio
""",
    returns=("ratio",),
    inputs=lambda rng: {"norm_W": float(rng.choice([2.4, 2.8, 3.2])), "L": int(rng.integers(3, 6))},
    hints=(
        "What is the bound for one layer?",
        "The bounds of all steps from δ^L down to δ^1 multiply. Count the steps.",
        "(‖W‖/4) to the power L − 1.",
    ),
    slips=(
        Slip(
            "count",
            "(L - 1)",
            "L",
            "one factor too many: there are L − 1 steps from L down to 1",
            "Each step joins two layers, so there is one less than there are layers.",
            "How many matrices stand between δ^1 and δ^L?",
        ),
        Slip(
            "sum",
            "factor ** (L - 1)",
            "factor * (L - 1)",
            "the factors are added, not multiplied",
            "Jacobians along one path multiply, and so the decay is exponential.",
            "How do sensitivities along one path combine?",
        ),
        Slip(
            "no-W",
            "norm_W / 4",
            "1 / 4",
            "the weights are missing",
            "Each step has a slope and a weight matrix.",
            "And what do the weights do?",
        ),
        Slip(
            "half",
            "norm_W / 4",
            "norm_W / 2",
            "½ for ¼: this is the sigmoid's value at 0, not its slope",
            "σ(0) = ½, and the slope there is ½ (1 − ½).",
            "How steep is a sigmoid at its steepest point?",
        ),
        Slip(
            "one",
            "factor ** (L - 1)",
            "factor",
            "this is the bound of one step only",
            "From δ^L down to δ^1 there are L − 1 such steps.",
            "And through all the layers?",
        ),
    ),
)

STACK = Exercise(
    id="depth.stack",
    title="δ down two sigmoid layers",
    where=NOTEBOOK + "One-product-of-Jacobians",
    kind="function",
    level="apply",
    minutes=4,
    prompt="Given $\\delta^3$ and what the forward pass kept, return $\\delta^1$ (columns, sigmoid hidden layers).",
    starter="def down_two_layers(z1, z2, W2, W3, delta3):\n    ...",
    solution="""
def slope(z):
    a = 1 / (1 + np.exp(-z))
    return a * (1 - a)


def down_two_layers(z1, z2, W2, W3, delta3):
    delta2 = (W3.T @ delta3) * slope(z2)
    delta1 = (W2.T @ delta2) * slope(z1)
    return delta1
""",
    returns=("delta1",),
    inputs=stack_inputs,
    batch=("delta3", 1),
    hints=(
        "Apply (B2) twice. Say the shape after each product.",
        "First δ² from W³ and δ³. Which z does its slope belong to?",
        "δ² = (W³ᵀ δ³) ⊙ σ'(z²), then δ¹ = (W²ᵀ δ²) ⊙ σ'(z¹).",
    ),
    slips=(
        Slip(
            "no-slope-2",
            " * slope(z2)",
            "",
            "σ'(z²) is missing",
            "Each layer on the way multiplies by its own slope.",
            "Where does layer 2's activation enter?",
        ),
        Slip(
            "no-slope-1",
            " * slope(z1)",
            "",
            "σ'(z¹) is missing",
            "Without it this is ∂𝓛/∂a¹. δ is the slope with respect to z.",
            "You have the slope with respect to a¹. How do you get to z¹?",
        ),
        Slip(
            "transpose-3",
            "W3.T",
            "W3",
            "W³ is not transposed",
            "Going there W³ takes n₂ numbers to n₃; back it is the other way around.",
            "Say the shapes of your first product aloud.",
        ),
        Slip(
            "transpose-2",
            "W2.T",
            "W2",
            "W² is not transposed",
            "Going there W² takes n₁ numbers to n₂; back it is the other way around.",
            "Say the shapes of your second product aloud.",
        ),
        Slip(
            "shifted",
            "    delta2 = (W3.T @ delta3) * slope(z2)\n    delta1 = (W2.T @ delta2) * slope(z1)",
            "    delta2 = W3.T @ (delta3 * slope(z2))\n    delta1 = W2.T @ (delta2 * slope(z1))",
            "the slope is multiplied before Wᵀ, not after it",
            "Going back, W^{l+1} comes first and then the activation of layer l.",
            "In which order did the forward pass go from a¹ to z³?",
        ),
        Slip(
            "at-a",
            "return a * (1 - a)",
            "return 1 / (1 + np.exp(-a)) * (1 - 1 / (1 + np.exp(-a)))",
            "σ' is taken at a, not at z",
            "a (1 − a) is the slope at z already. Here a goes through the sigmoid a second time.",
            "At which point is the slope taken?",
        ),
        Slip(
            "quarter",
            "return a * (1 - a)",
            "return 0.25 + 0 * a",
            "the bound ¼ is used as the slope",
            "¼ is the slope at z = 0 only. Elsewhere it is less.",
            "Is each neuron at its steepest point?",
        ),
        Slip(
            "value",
            "return a * (1 - a)",
            "return a",
            "δ is multiplied by σ(z) instead of σ'(z)",
            "The chain rule multiplies by the slope of the activation, not by its value.",
            "What does the chain rule ask for at this step?",
        ),
    ),
)

VARIANCE_UP = Exercise(
    id="depth.variance-z",
    title="Var(z) of a layer",
    where=NOTEBOOK + "How-large?-Xavier-and-He",
    kind="expression",
    level="apply",
    minutes=1,
    prompt="Weights are independent with mean 0 and variance `v`, and `a2` $=E[a^2]$ of the inputs. Write "
    "$\\operatorname{Var}(z)$.",
    starter="v + a2",
    solution="n_in * v * a2",
    returns=("var_z",),
    inputs=layer_inputs,
    hints=(
        "z is a sum over j of W_ij a_j. Variances of independent terms add.",
        "One term has the variance E[W²] E[a²]. How many terms are there?",
        "n_in v E[a²].",
    ),
    slips=(
        Slip(
            "n-out",
            "n_in",
            "n_out",
            "n_out for n_in",
            "A neuron adds up its inputs, so the sum has n_in terms.",
            "How many terms has the sum in one z?",
        ),
        Slip(
            "one-term",
            "n_in * ",
            "",
            "the number of terms is missing",
            "This is the variance of one term. z is a sum of n_in of them.",
            "What happens to the variance when independent terms are added?",
        ),
        Slip(
            "v-squared",
            "v *",
            "v**2 *",
            "v is squared",
            "v is a variance already: E[W²] = v. Squaring is for a standard deviation.",
            "Is v a variance or a standard deviation?",
        ),
        Slip(
            "n-squared",
            "n_in",
            "n_in**2",
            "n_in is squared",
            "Variances of independent terms add. n² would be right if all terms were the same number.",
            "Are the terms of the sum independent?",
        ),
        Slip(
            "std",
            "n_in * v * a2",
            "np.sqrt(n_in * v * a2)",
            "this is the standard deviation",
            "The variance is its square.",
            "Were you asked for a variance or a standard deviation?",
        ),
    ),
)

VARIANCE_KEPT = Exercise(
    id="depth.variance-kept",
    title="The v that keeps Var(z)",
    where=NOTEBOOK + "How-large?-Xavier-and-He",
    kind="expression",
    level="apply",
    minutes=1,
    prompt="Near 0 $\\tanh(z)\\approx z$, so $E[a^2]\\approx\\operatorname{Var}(z)$ of the layer below. Write the `v` "
    "for which $\\operatorname{Var}(z)$ stays the same from layer to layer.",
    starter="n_in + n_out",
    solution="1 / n_in",
    returns=("v",),
    inputs=layer_inputs,
    hints=(
        "By which factor does Var(z) change from one layer to the next?",
        "The factor is n_in v. When does multiplying by it change nothing?",
        "n_in v = 1, so v = 1/n_in.",
    ),
    slips=(
        Slip(
            "n-out",
            "n_in",
            "n_out",
            "n_out for n_in",
            "That is the condition of the backward pass. Forward the sum runs over the inputs.",
            "Which direction keeps its variance with your choice?",
        ),
        Slip(
            "std",
            "1 / n_in",
            "1 / np.sqrt(n_in)",
            "this is the standard deviation of the weights, not their variance",
            "v is the variance.",
            "Is v a variance or a standard deviation?",
        ),
        Slip(
            "two",
            "1 /",
            "2 /",
            "a factor 2 too much: this is He's choice, for ReLU",
            "tanh near 0 keeps the square. Only ReLU halves it.",
            "Which activation does the 2 come from?",
        ),
        Slip(
            "inverse",
            "1 / n_in",
            "n_in",
            "the factor is not inverted",
            "With more inputs each weight has to be smaller.",
            "Should the weights of a wider layer be larger or smaller?",
        ),
        Slip(
            "a2",
            "n_in",
            "(n_in * a2)",
            "E[a²] is left in: this makes Var(z) = 1",
            "The demand is that Var(z) stays, whatever it is. E[a²] is Var(z) of the layer below, and cancels.",
            "Do you set the variance to 1, or do you keep it?",
        ),
    ),
)

VARIANCE_DOWN = Exercise(
    id="depth.variance-g",
    title="Var(g) on the way back",
    where=NOTEBOOK + "How-large?-Xavier-and-He",
    kind="expression",
    level="apply",
    minutes=1,
    prompt="$g=W^{\\mathsf T}\\delta$, and `var_delta` $=\\operatorname{Var}(\\delta)$, where δ has mean 0. Write "
    "$\\operatorname{Var}(g)$.",
    starter="v + var_delta",
    solution="n_out * v * var_delta",
    returns=("var_g",),
    inputs=layer_inputs,
    hints=(
        "g_j is a sum over i of W_ij δ_i. Over how many i?",
        "The steps are those of the forward pass, with the sum over the other index of W.",
        "n_out v Var(δ).",
    ),
    slips=(
        Slip(
            "n-in",
            "n_out",
            "n_in",
            "n_in for n_out",
            "Going back, the sum runs over the layer's outputs.",
            "Over which index does the product with the transpose run?",
        ),
        Slip(
            "one-term",
            "n_out * ",
            "",
            "the number of terms is missing",
            "This is the variance of one term. g_j is a sum of n_out of them.",
            "What happens to the variance when independent terms are added?",
        ),
        Slip(
            "v-squared",
            "v *",
            "v**2 *",
            "v is squared",
            "v is a variance already: E[W²] = v.",
            "Is v a variance or a standard deviation?",
        ),
        Slip(
            "forward",
            "var_delta",
            "a2",
            "E[a²] for Var(δ)",
            "Going back, W is multiplied by δ. The activations don't enter.",
            "What is multiplied by the weights in the backward pass?",
        ),
        Slip(
            "std",
            "n_out * v * var_delta",
            "np.sqrt(n_out * v * var_delta)",
            "this is the standard deviation",
            "The variance is its square.",
            "Were you asked for a variance or a standard deviation?",
        ),
    ),
)

XAVIER = Exercise(
    id="depth.xavier",
    title="Xavier's compromise",
    where=NOTEBOOK + "How-large?-Xavier-and-He",
    kind="expression",
    level="recall",
    minutes=1,
    prompt="Write Xavier's `v`, between what the forward and the backward pass ask for.",
    starter="n_in * n_out",
    solution="2 / (n_in + n_out)",
    returns=("v",),
    inputs=layer_inputs,
    hints=(
        "Forward asks for n_in v = 1, backward for n_out v = 1.",
        "Put the average of both widths in their place.",
        "The average is (n_in + n_out)/2, so v = 2/(n_in + n_out).",
    ),
    slips=(
        Slip(
            "not-halved",
            "2 /",
            "1 /",
            "the sum of the widths is not halved",
            "The compromise is the reciprocal of the average. With n_in = n_out = n it must give 1/n.",
            "What does your formula give for n_in = n_out?",
        ),
        Slip(
            "mean-of-reciprocals",
            "2 / (n_in + n_out)",
            "(1 / n_in + 1 / n_out) / 2",
            "the reciprocals are averaged, not the widths",
            "That would be a compromise too, but Xavier's is the reciprocal of the average width.",
            "Which quantity did Glorot and Bengio average?",
        ),
        Slip(
            "uniform",
            "2 /",
            "6 /",
            "the 6 belongs to the bound of the uniform distribution",
            "√(6/(n_in + n_out)) is the bound. A uniform distribution on ±r has variance r²/3.",
            "Is this the variance, or the square of the bound?",
        ),
        Slip(
            "std",
            "2 / (n_in + n_out)",
            "np.sqrt(2 / (n_in + n_out))",
            "this is the standard deviation of the weights, not their variance",
            "v is the variance.",
            "Is v a variance or a standard deviation?",
        ),
        Slip(
            "he",
            "(n_in + n_out)",
            "n_in",
            "this is He's choice: n_out is missing",
            "He's looks at the forward pass alone. Xavier's counts both widths.",
            "Where is the backward pass in your formula?",
        ),
    ),
)

HE = Exercise(
    id="depth.he",
    title="He's v, for ReLU",
    where=NOTEBOOK + "How-large?-Xavier-and-He",
    kind="expression",
    level="apply",
    minutes=1,
    prompt="ReLU gives $E[a^2]=\\tfrac12\\operatorname{Var}(z)$. Write the `v` that keeps "
    "$\\operatorname{Var}(z)$ now.",
    starter="n_in + n_out",
    solution="2 / n_in",
    returns=("v",),
    inputs=layer_inputs,
    hints=(
        "Insert E[a²] = ½ Var(z) into Var(z) = n_in v E[a²].",
        "Var(z) is multiplied by ½ n_in v at each layer. When is that 1?",
        "v = 2/n_in.",
    ),
    slips=(
        Slip(
            "no-two",
            "2 /",
            "1 /",
            "the factor 2 is missing: ReLU halves E[a²]",
            "Half of the values are set to 0, so the weights have to make up for it.",
            "What does ReLU do to the mean square?",
        ),
        Slip(
            "half",
            "2 / n_in",
            "1 / (2 * n_in)",
            "the ½ is on the wrong side",
            "½ n_in v = 1 is solved by a larger v, not by a smaller one.",
            "Does ReLU call for larger weights or for smaller ones?",
        ),
        Slip(
            "n-out",
            "n_in",
            "n_out",
            "n_out for n_in",
            "Forward the sum runs over the inputs. (With n_out it keeps the variance of the backward pass.)",
            "How many terms has the sum in one z?",
        ),
        Slip(
            "xavier",
            "n_in",
            "(n_in + n_out)",
            "this is Xavier's choice",
            "Xavier's knows nothing of the half that ReLU removes.",
            "Which of the two belongs to ReLU, and why?",
        ),
        Slip(
            "std",
            "2 / n_in",
            "np.sqrt(2 / n_in)",
            "this is the standard deviation of the weights, not their variance",
            "v is the variance.",
            "Is v a variance or a standard deviation?",
        ),
    ),
)

LEAKY_HE = Exercise(
    id="depth.he-leaky",
    title="The v for a leaky ReLU",
    where=NOTEBOOK + "How-large?-Xavier-and-He",
    kind="expression",
    level="interview",
    minutes=3,
    prompt="And for a leaky ReLU, with slope `alpha` on the negative side?",
    starter="n_in * alpha",
    solution="2 / ((1 + alpha**2) * n_in)",
    returns=("v",),
    inputs=layer_inputs,
    hints=(
        "What is E[a²] when half of the values are multiplied by α?",
        "E[a²] = ½ (1 + α²) Var(z).",
        "v = 2 / ((1 + α²) n_in).",
    ),
    slips=(
        Slip(
            "not-squared",
            "alpha**2",
            "alpha",
            "α is not squared",
            "E[a²] is a mean square, so the slope enters squared.",
            "A value is multiplied by α. By what is its square multiplied?",
        ),
        Slip(
            "forgotten",
            "(1 + alpha**2) * ",
            "",
            "the negative side is missing: this is plain He",
            "The negative half is not set to 0 here. It adds α² of its square.",
            "What does your formula give for α = 1, a linear layer?",
        ),
        Slip(
            "minus",
            "1 + alpha",
            "1 - alpha",
            "the sign of α² is flipped",
            "Both halves add to the mean square.",
            "Does the negative side raise the mean square, or lower it?",
        ),
        Slip(
            "above",
            "2 / ((1 + alpha**2) * n_in)",
            "2 * (1 + alpha**2) / n_in",
            "1 + α² stands above, not below",
            "The more passes through the activation, the smaller the weights may be.",
            "For α = 1, are your weights larger or smaller than He's?",
        ),
        Slip(
            "no-two",
            "2 /",
            "1 /",
            "the factor 2 is missing",
            "Each side holds half of the values.",
            "What does your formula give for α = 0? Is it He's?",
        ),
        Slip(
            "n-out",
            "n_in",
            "n_out",
            "n_out for n_in",
            "Forward the sum runs over the inputs.",
            "How many terms has the sum in one z?",
        ),
    ),
)

SCALES = Exercise(
    id="depth.scales",
    title="Xavier's and He's scale",
    where=NOTEBOOK + "How-large?-Xavier-and-He",
    kind="function",
    level="recall",
    minutes=2,
    prompt="Return the standard deviation of normally distributed weights, by Xavier and by He.",
    starter="def init_scales(n_in, n_out):\n    ...",
    solution="""
def init_scales(n_in, n_out):
    xavier = np.sqrt(2 / (n_in + n_out))
    he = np.sqrt(2 / n_in)
    return xavier, he
""",
    returns=("xavier", "he"),
    inputs=lambda rng: {name: n for name, n in layer_inputs(rng).items() if name.startswith("n_")},
    hints=(
        "Write both variances first.",
        "Xavier's variance is the reciprocal of the average width. He's has a 2 for the half that ReLU removes.",
        "√(2/(n_in + n_out)) and √(2/n_in).",
    ),
    slips=(
        Slip(
            "xavier-variance",
            "xavier = np.sqrt(",
            "xavier = (",
            "Xavier's variance is returned, not the standard deviation",
            "The root is missing. With n = 100 the weights would be ten times too small.",
            "Is this a variance or a standard deviation?",
        ),
        Slip(
            "he-variance",
            "he = np.sqrt(",
            "he = (",
            "He's variance is returned, not the standard deviation",
            "The root is missing. With n = 200 the weights would be ten times too small.",
            "Is this a variance or a standard deviation?",
        ),
        Slip(
            "not-halved",
            "2 / (n_in + n_out)",
            "1 / (n_in + n_out)",
            "the sum of the widths is not halved",
            "Xavier's variance is the reciprocal of the average width.",
            "What does Xavier's formula give for n_in = n_out?",
        ),
        Slip(
            "uniform",
            "2 / (n_in + n_out)",
            "6 / (n_in + n_out)",
            "this is the bound of the uniform distribution",
            "Uniform weights on ±√(6/(n_in + n_out)) have that variance. Their standard deviation is √3 times smaller.",
            "Normal weights or uniform ones?",
        ),
        Slip(
            "he-uniform",
            "2 / n_in",
            "6 / n_in",
            "He's is the bound of the uniform distribution",
            "Uniform weights on ±√(6/n_in) have that variance. Their standard deviation is √3 times smaller.",
            "Normal weights or uniform ones?",
        ),
        Slip(
            "n-out",
            "2 / n_in",
            "2 / n_out",
            "n_out for n_in in He's",
            "A neuron adds up its inputs, so n_in decides over the size of z.",
            "How many terms has the sum in one z?",
        ),
        Slip(
            "lecun",
            "2 / n_in",
            "1 / n_in",
            "the 2 is missing in He's",
            "1/n_in keeps the variance without ReLU. ReLU halves it.",
            "What does ReLU do to the mean square?",
        ),
    ),
)

CLIP_BODY = """
    norm = np.sqrt((dW**2).sum() + (db**2).sum())
    scale = limit / norm if norm > limit else 1.0
    return scale * dW, scale * db
"""

CLIP_NORM = Exercise(
    id="depth.clip-norm",
    title="Clipping by norm",
    where=NOTEBOOK + "Explosion,-and-clipping",
    kind="function",
    level="apply",
    minutes=4,
    prompt="Return `dW` and `db`, scaled so that the norm of both together is at most `limit`. "
    "(PyTorch adds 1e-6 to the norm. Leave that out.)",
    starter="def clip_by_norm(dW, db, limit):\n    ...",
    solution="\ndef clip_by_norm(dW, db, limit):" + CLIP_BODY,
    returns=("dW", "db"),
    inputs=gradient_inputs,
    special=(lambda rng: gradient_inputs(rng, share=2.5, size=0.2), zero_gradient),
    hints=(
        "The norm is that of the whole gradient: all entries of all arrays.",
        "One factor for all arrays, and only if the norm is above the limit.",
        "norm = √(ΣdW² + Σdb²); multiply both by limit/norm where norm > limit, otherwise by 1.",
    ),
    slips=(
        Slip(
            "per-array",
            CLIP_BODY,
            "\n    dW, db = (g * (limit / np.linalg.norm(g) if np.linalg.norm(g) > limit else 1.0) for g in (dW, db))\n"
            "    return dW, db\n",
            "each array is clipped by its own norm",
            "Then the direction of the whole gradient changes, and its norm can still exceed the limit.",
            "Does the gradient as a whole keep its direction?",
        ),
        Slip(
            "by-value",
            CLIP_BODY,
            "\n    return np.clip(dW, -limit, limit), np.clip(db, -limit, limit)\n",
            "this clips by value",
            "Clipping each entry changes the direction. By norm all entries get the same factor.",
            "Which of the two kinds of clipping keeps the direction?",
        ),
        Slip(
            "squared",
            "np.sqrt((dW**2).sum() + (db**2).sum())",
            "(dW**2).sum() + (db**2).sum()",
            "the root of the norm is missing",
            "The sum of squares is the squared norm.",
            "What is the norm of your result?",
        ),
        Slip(
            "scales-up",
            "norm > limit",
            "norm > 0",
            "small gradients are scaled up",
            "Clipping is a limit. A gradient whose norm is below it stays as it is.",
            "What does your code do to a gradient that is small already?",
        ),
        Slip(
            "always",
            " if norm > limit else 1.0",
            "",
            "the condition is missing: small gradients are scaled up, and a zero gradient becomes NaN",
            "Clipping is a limit. A gradient whose norm is below it stays as it is.",
            "What does your code do to a small gradient, and to one that is 0?",
        ),
        Slip(
            "inverse",
            "limit / norm",
            "norm / limit",
            "the factor is upside down",
            "norm/limit is above 1 where the norm is too large: this makes it larger still.",
            "Is your factor below 1 when the norm is too large?",
        ),
        Slip(
            "unit",
            "limit / norm",
            "1 / norm",
            "the gradient is scaled to norm 1, not to the limit",
            "limit/norm brings the norm to the limit.",
            "What norm has your result?",
        ),
        Slip(
            "only-W",
            " + (db**2).sum()",
            "",
            "the bias is left out of the norm",
            "The norm is that of all parameters together.",
            "Which parameters are in your norm?",
        ),
        Slip(
            "bias-unscaled",
            "scale * db",
            "db",
            "the bias is not scaled",
            "All arrays get the same factor. Otherwise the direction changes.",
            "Does the gradient as a whole keep its direction?",
        ),
    ),
)

CLIP_VALUE = Exercise(
    id="depth.clip-value",
    title="Clipping by value",
    where=NOTEBOOK + "Explosion,-and-clipping",
    kind="function",
    level="recall",
    minutes=1,
    prompt="Return `dW` with each entry limited to $[-c,c]$, where $c$ is `limit`.",
    starter="def clip_by_value(dW, limit):\n    ...",
    solution="""
def clip_by_value(dW, limit):
    clipped = np.clip(dW, -limit, limit)
    return clipped
""",
    returns=("clipped",),
    inputs=value_inputs,
    hints=(
        "Each entry on its own; those inside the limits stay.",
        "There are two limits, one on each side of 0.",
        "np.clip with −limit and limit.",
    ),
    slips=(
        Slip(
            "one-sided",
            "np.clip(dW, -limit, limit)",
            "np.minimum(dW, limit)",
            "only large positive entries are limited",
            "Large negative entries throw the weights as far.",
            "What happens to an entry of −1000?",
        ),
        Slip(
            "from-0",
            "-limit",
            "0",
            "negative entries are set to 0",
            "The lower limit is −c. With 0 all weights could only fall.",
            "What happens to an entry of −0.1?",
        ),
        Slip(
            "dropped",
            "np.clip(dW, -limit, limit)",
            "np.where(np.abs(dW) > limit, 0, dW)",
            "entries beyond the limit are set to 0",
            "They are limited, not dropped: they become c or −c.",
            "Where an entry is too large, do you still move?",
        ),
        Slip(
            "by-norm",
            "np.clip(dW, -limit, limit)",
            "dW * min(1, limit / np.linalg.norm(dW))",
            "this clips by norm",
            "By value, entries inside the limits stay as they are, and the direction changes.",
            "What happens to the small entries?",
        ),
        Slip(
            "by-largest",
            "np.clip(dW, -limit, limit)",
            "dW * min(1, limit / np.abs(dW).max())",
            "all entries are scaled by the largest one",
            "By value each entry is limited on its own.",
            "What happens to the small entries?",
        ),
    ),
)

DEAD = Exercise(
    id="depth.dead",
    title="Count dead ReLUs",
    where=NOTEBOOK + "Dead-ReLUs",
    kind="function",
    level="apply",
    minutes=3,
    prompt="`z` holds the pre-activations of a ReLU layer on all samples, in columns. Return which neurons get no "
    "gradient on any sample (one Boolean each), and how many they are.",
    starter="def dead_relus(z):\n    ...",
    solution="""
def dead_relus(z):
    silent = z <= 0
    dead = silent.all(axis=1)
    count = dead.sum()
    return dead, count
""",
    returns=("dead", "count"),
    inputs=relu_inputs,
    special=(at_the_kink, always_zero),
    hints=(
        "Where is ReLU's slope 0? What does the course say of z = 0?",
        "Neurons are rows and samples are columns. Dead means: on every sample.",
        "(z <= 0).all(axis=1), and its sum.",
    ),
    slips=(
        Slip(
            "axis",
            "axis=1",
            "axis=0",
            "the axis is wrong: this finds samples on which all neurons are silent",
            "Samples are columns. A neuron is a row, so one reduces over axis 1.",
            "How long is your result: as many as neurons, or as samples?",
        ),
        Slip(
            "any",
            ".all(",
            ".any(",
            "any for all: silent on some sample is not dead",
            "A healthy ReLU is silent on about half of the samples. Dead is one that never fires.",
            "Does a neuron die from being silent once?",
        ),
        Slip(
            "kink",
            "z <= 0",
            "z < 0",
            "z = 0 is counted as alive",
            "ReLU'(0) = 0 in this course, so a neuron at the kink gets no gradient either.",
            "What is the slope at z = 0?",
        ),
        Slip(
            "equal",
            "z <= 0",
            "z == 0",
            "z is tested for 0, as if it were the activation",
            "The activation of a silent neuron is 0. Its pre-activation is 0 or negative.",
            "Is this z or a?",
        ),
        Slip(
            "on-average",
            "silent.all(axis=1)",
            "z.mean(axis=1) <= 0",
            "a mean below 0 is taken for dead",
            "A neuron that fires on a single sample gets a gradient there.",
            "Can a neuron with a negative mean fire on some samples?",
        ),
        Slip(
            "share",
            "dead.sum()",
            "dead.mean()",
            "the share of dead neurons is returned, not their number",
            "The mean of Booleans is a share. Their sum counts.",
            "How many are dead, in whole neurons?",
        ),
        Slip(
            "entries",
            "dead.sum()",
            "silent.sum()",
            "silent entries are counted, not dead neurons",
            "In a healthy layer about half of all entries are silent.",
            "What do you count: entries or neurons?",
        ),
    ),
)

LEAKY = Exercise(
    id="depth.leaky",
    title="Leaky ReLU, backward",
    where=NOTEBOOK + "Dead-ReLUs",
    kind="function",
    level="recall",
    minutes=2,
    prompt="`g` is $\\partial\\mathcal L/\\partial a$ of a leaky ReLU with slope `alpha` on the left, at 0 too. Return "
    "$\\delta$.",
    starter="def leaky_relu_backward(z, g, alpha):\n    ...",
    solution="""
def leaky_relu_backward(z, g, alpha):
    slope = np.where(z > 0, 1, alpha)
    delta = g * slope
    return delta
""",
    returns=("delta",),
    inputs=leaky_inputs,
    special=(leaky_at_kink,),
    batch=("z", 1),
    hints=(
        "What is the slope on each side of 0?",
        "1 on the right, α on the left. At 0 the prompt says which.",
        "g ⊙ (1 where z > 0, else α).",
    ),
    slips=(
        Slip(
            "kink",
            "z > 0",
            "z >= 0",
            "the slope at the kink is taken from the right",
            "At z = 0 either is defensible. Here, as in the package, it is the left one.",
            "Which slope do you take at 0?",
        ),
        Slip(
            "relu",
            "1, alpha",
            "1, 0",
            "the slope on the left is 0: this is plain ReLU",
            "The leak is there so that a silent neuron still gets a gradient.",
            "What keeps this neuron from dying?",
        ),
        Slip(
            "sides",
            "1, alpha",
            "alpha, 1",
            "the two sides are exchanged",
            "The right side passes the gradient whole, the left one the fraction α.",
            "For a large positive z, how much of the gradient passes?",
        ),
        Slip(
            "sign-of-g",
            "np.where(z",
            "np.where(g",
            "the sign of g decides, not that of z",
            "The slope depends on where the forward pass was: on z.",
            "What decides on which branch the neuron is?",
        ),
        Slip(
            "value",
            "1, alpha",
            "z, alpha * z",
            "the activation's value stands where its slope is due",
            "The chain rule multiplies by the slope of the activation.",
            "Is this the forward pass or its derivative?",
        ),
        Slip(
            "no-g",
            "g * slope",
            "slope",
            "the upstream gradient g is missing",
            "A backward pass multiplies what comes from above by the local slope.",
            "Where does the loss enter your δ?",
        ),
    ),
)

RESIDUAL = Exercise(
    id="depth.residual",
    title="A residual block, backward",
    where=NOTEBOOK + "Skip-connections",
    kind="function",
    level="apply",
    minutes=4,
    prompt="A block computes $Y=X+V\\tanh(WX+b)$, in columns. Given `G` $=\\partial\\mathcal L/\\partial Y$, return "
    "$\\partial\\mathcal L/\\partial X$.",
    starter="def residual_backward(X, W, b, V, G):\n    ...",
    solution="""
def residual_backward(X, W, b, V, G):
    h = np.tanh(W @ X + b)
    delta = (V.T @ G) * (1 - h**2)
    dX = G + W.T @ delta
    return dX
""",
    returns=("dX",),
    inputs=residual_inputs,
    batch=("X", 1),
    hints=(
        "X reaches Y along two ways. What do slopes of two ways do?",
        "One way is the identity. The other goes back through V, tanh and W.",
        "∂𝓛/∂X = G + Wᵀ((Vᵀ G) ⊙ tanh').",
    ),
    slips=(
        Slip(
            "no-skip",
            "G + ",
            "",
            "the skip is forgotten",
            "X also reaches Y directly. This is the I in I + ∂F/∂X.",
            "On how many ways does X reach Y?",
        ),
        Slip(
            "no-branch",
            "G + W.T @ delta",
            "G",
            "F is forgotten: only the skip passes",
            "X also acts through F, and its Jacobian adds to I.",
            "On how many ways does X reach Y?",
        ),
        Slip(
            "product",
            "G + W.T @ delta",
            "G * (W.T @ delta)",
            "the two ways are multiplied, not added",
            "Slopes multiply along one way. Over different ways they are added.",
            "How do the slopes of two ways combine?",
        ),
        Slip(
            "one",
            "G + ",
            "1 + ",
            "1 is added where G is due",
            "I is a Jacobian: it is applied to G, and I G = G.",
            "What does the identity do to the gradient from above?",
        ),
        Slip(
            "forward-value",
            "G + ",
            "X + ",
            "X is added where G is due",
            "Forward X is added. Backward its gradient is, and along the skip that is G.",
            "Which quantity travels back along the skip?",
        ),
        Slip(
            "no-slope",
            " * (1 - h**2)",
            "",
            "tanh' is missing",
            "Inside F stands an activation, and it has a slope of its own.",
            "Walk back through F. What do you meet between V and W?",
        ),
        Slip(
            "V-not-transposed",
            "V.T",
            "V",
            "V is not transposed",
            "Going there V takes m numbers to n; back it is the other way around.",
            "Say the shapes of V and G aloud.",
        ),
        Slip(
            "W-not-transposed",
            "W.T",
            "W",
            "W is not transposed",
            "Going there W takes n numbers to m; back it is the other way around.",
            "Say the shapes of W and δ aloud.",
        ),
        Slip(
            "no-bias",
            "W @ X + b",
            "W @ X",
            "the bias is missing in the forward pass",
            "Then the slopes are taken at other points. With b = 0 nobody would notice.",
            "Walk me through your forward pass once more.",
        ),
    ),
)

LAYERNORM = Exercise(
    id="depth.layernorm",
    title="LayerNorm, forward",
    where=NOTEBOOK + "Normalization",
    kind="function",
    level="recall",
    minutes=2,
    prompt="Return $Y=\\gamma\\odot\\hat x+\\beta$ of LayerNorm for `X` (samples, features), with "
    "$s=\\sqrt{\\sigma^2+\\varepsilon}$.",
    starter="def layernorm(X, gamma, beta, eps):\n    ...",
    solution="""
def layernorm(X, gamma, beta, eps):
    centered = X - X.mean(axis=-1, keepdims=True)
    variance = (centered**2).mean(axis=-1, keepdims=True)
    s = np.sqrt(variance + eps)
    Y = gamma * centered / s + beta
    return Y
""",
    returns=("Y",),
    inputs=norm_inputs,
    batch=("X", 0),
    hints=(
        "Each sample by itself. In rows, along which axis does a sample lie?",
        "Mean and variance over the features, kept as a column so that they broadcast.",
        "Y = γ (X − μ)/√(σ² + ε) + β, with μ and σ² over the last axis.",
    ),
    slips=(
        Slip(
            "batch-axis",
            "    centered = X - X.mean(axis=-1, keepdims=True)\n"
            "    variance = (centered**2).mean(axis=-1, keepdims=True)",
            "    centered = X - X.mean(axis=0, keepdims=True)\n"
            "    variance = (centered**2).mean(axis=0, keepdims=True)",
            "mean and variance are taken over the batch: this is BatchNorm",
            "LayerNorm treats each sample by itself, over its features.",
            "Would the output for one sample change if another sample changed?",
        ),
        Slip(
            "no-keepdims",
            "X.mean(axis=-1, keepdims=True)",
            "X.mean(axis=-1)",
            "the mean is not kept as a column, and does not broadcast",
            "A mean of shape (B,) is matched with the features. It takes (B, 1).",
            "What is the shape of your mean, and how does it broadcast?",
        ),
        Slip(
            "not-centered",
            "X - X.mean(axis=-1, keepdims=True)",
            "1 * X",
            "the mean is not subtracted",
            "That is close to RMSNorm, which leaves the mean out on purpose. LayerNorm centers first.",
            "What is the mean of a sample after your normalization?",
        ),
        Slip(
            "no-root",
            "np.sqrt",
            "",
            "the root is missing: X is divided by the variance",
            "The result should have variance 1, so it is divided by the standard deviation.",
            "What variance has your result?",
        ),
        Slip(
            "eps-outside",
            "np.sqrt(variance + eps)",
            "(np.sqrt(variance) + eps)",
            "ε stands outside the root",
            "Here it is added to the variance. Outside, the same number acts much less.",
            "Where does ε stand, and how large is its effect there?",
        ),
        Slip(
            "no-eps",
            "variance + eps",
            "variance",
            "ε is missing",
            "A sample whose features are all equal has variance 0, and 0/0 is NaN.",
            "What if all features of a sample are equal?",
        ),
        Slip(
            "unbiased",
            "(centered**2).mean(axis=-1, keepdims=True)",
            "(centered**2).sum(axis=-1, keepdims=True) / (X.shape[-1] - 1)",
            "the variance divides by n − 1",
            "LayerNorm uses the plain mean of the squares, which divides by n.",
            "Do you estimate a variance from a sample here, or normalize these very numbers?",
        ),
        Slip(
            "no-gamma",
            "gamma * centered",
            "centered",
            "γ is missing",
            "γ and β let the network choose another scale and shift.",
            "Which parameters does the layer learn?",
        ),
        Slip(
            "no-beta",
            " + beta",
            "",
            "β is missing",
            "γ and β let the network choose another scale and shift.",
            "Which parameters does the layer learn?",
        ),
    ),
)


def backward_slips(statistics_axis, parameter_axis, wrong):
    """The slips that LayerNorm's and BatchNorm's backward pass share; `wrong` is the one with the axes exchanged."""
    return (
        wrong,
        Slip(
            "mu-constant",
            " - through_mu",
            "",
            "μ is held constant",
            "Each entry moves the mean too, and so every other x̂ of its group.",
            "Along which ways does one entry of X reach the loss?",
        ),
        Slip(
            "s-constant",
            " - through_s",
            "",
            "s is held constant",
            "Each entry moves the standard deviation too, and so every other x̂ of its group.",
            "Along which ways does one entry of X reach the loss?",
        ),
        Slip(
            "no-x-hat",
            "x_hat * mean",
            "mean",
            "the factor x̂ is missing in what flows through s",
            "∂s/∂x_k is x̂_k / m: the farther an entry is from the mean, the more it moves s.",
            "How much does an entry that equals the mean change s?",
        ),
        Slip(
            "sum-for-mean",
            "through_mu = mean(g)",
            f"through_mu = g.sum(axis={statistics_axis}, keepdims=True)",
            "the sum of g is taken where its mean is due",
            "∂μ/∂x_k = 1/m, and this m divides the sum.",
            "By how much does the mean move when one entry moves by 1?",
        ),
        Slip(
            "not-divided",
            ") / s\n    dgamma",
            ")\n    dgamma",
            "the division by s is missing in ∂𝓛/∂X",
            "x̂ is X − μ divided by s, so the slope has this factor too.",
            "If X is a hundred times larger, how large is its gradient?",
        ),
        Slip(
            "no-gamma",
            "g = G * gamma",
            "g = G",
            "γ is forgotten on the way from Y to x̂",
            "Y = γ x̂ + β, so ∂𝓛/∂x̂ = G ⊙ γ.",
            "What is the gradient with respect to x̂, before you go on to X?",
        ),
        Slip(
            "no-eps",
            " + eps",
            "",
            "ε is missing in s",
            "Backward must use the same s as the forward pass.",
            "Is your s the one that the forward pass divided by?",
        ),
        Slip(
            "dgamma-x",
            "(G * x_hat).sum",
            "(G * X).sum",
            "∂𝓛/∂γ takes X where x̂ is due",
            "γ multiplies x̂, so that is its slope.",
            "What does γ multiply in the forward pass?",
        ),
        Slip(
            "dgamma-mean",
            f"(G * x_hat).sum(axis={parameter_axis})",
            f"(G * x_hat).mean(axis={parameter_axis})",
            "∂𝓛/∂γ is averaged over the batch, not summed",
            "G holds the 1/B already. A parameter that all samples share gets the sum.",
            "Where is the 1/B of the loss: in G, or still to come?",
        ),
        Slip(
            "dbeta-g",
            "dbeta = G.sum",
            "dbeta = g.sum",
            "∂𝓛/∂β has a factor γ",
            "β is added after γ, so its slope is 1.",
            "Y = γ x̂ + β: what is its derivative with respect to β?",
        ),
    )


LAYERNORM_BACKWARD = Exercise(
    id="depth.layernorm-backward",
    title="LayerNorm, backward",
    where=NOTEBOOK + "Normalization",
    kind="function",
    level="interview",
    minutes=8,
    prompt="`X` and `G` $=\\partial\\mathcal L/\\partial Y$ are (samples, features). Return "
    "$\\partial\\mathcal L/\\partial X$, "
    "$\\partial\\mathcal L/\\partial\\gamma$ and $\\partial\\mathcal L/\\partial\\beta$ of LayerNorm.",
    starter="def layernorm_backward(X, gamma, G, eps):\n    ...",
    solution="""
def mean(A):
    return A.mean(axis=1, keepdims=True)


def layernorm_backward(X, gamma, G, eps):
    s = np.sqrt(mean((X - mean(X)) ** 2) + eps)
    x_hat = (X - mean(X)) / s
    g = G * gamma
    through_mu = mean(g)
    through_s = x_hat * mean(g * x_hat)
    dX = (g - through_mu - through_s) / s
    dgamma = (G * x_hat).sum(axis=0)
    dbeta = G.sum(axis=0)
    return dX, dgamma, dbeta
""",
    returns=("dX", "dgamma", "dbeta"),
    inputs=norm_backward_inputs,
    batch=("X", 0),
    hints=(
        "Compute x̂ and s again. From Y back to x̂ it is one factor. γ and β are shared by all samples.",
        "One entry of X reaches the loss directly, through μ and through s: three terms, all divided by s.",
        "With g = G ⊙ γ: ∂𝓛/∂X = (g − mean g − x̂ ⊙ mean(g ⊙ x̂)) / s, means over the features. "
        "∂𝓛/∂γ = Σ G ⊙ x̂ and ∂𝓛/∂β = Σ G, over the samples.",
    ),
    slips=backward_slips(
        1,
        0,
        Slip(
            "batch-axis",
            "A.mean(axis=1",
            "A.mean(axis=0",
            "means are taken over the batch: this is BatchNorm",
            "LayerNorm treats each sample by itself, so its means run over the features.",
            "Does the gradient of one sample depend on the other samples here?",
        ),
    ),
)

BATCHNORM_BACKWARD = Exercise(
    id="depth.batchnorm-backward",
    title="BatchNorm in training, backward",
    where=NOTEBOOK + "Normalization",
    kind="function",
    level="interview",
    minutes=6,
    prompt="The same for BatchNorm in training: return $\\partial\\mathcal L/\\partial X$, "
    "$\\partial\\mathcal L/\\partial\\gamma$ and $\\partial\\mathcal L/\\partial\\beta$, in rows.",
    starter="def batchnorm_backward(X, gamma, G, eps):\n    ...",
    solution="""
def mean(A):
    return A.mean(axis=0, keepdims=True)


def batchnorm_backward(X, gamma, G, eps):
    s = np.sqrt(mean((X - mean(X)) ** 2) + eps)
    x_hat = (X - mean(X)) / s
    g = G * gamma
    through_mu = mean(g)
    through_s = x_hat * mean(g * x_hat)
    dX = (g - through_mu - through_s) / s
    dgamma = (G * x_hat).sum(axis=0)
    dbeta = G.sum(axis=0)
    return dX, dgamma, dbeta
""",
    returns=("dX", "dgamma", "dbeta"),
    inputs=norm_backward_inputs,
    batch=("X", 0),
    hints=(
        "Only one thing differs from LayerNorm: which entries share a mean.",
        "Each feature is normalized over the batch, so all means run over the samples, in backward too.",
        "With g = G ⊙ γ: ∂𝓛/∂X = (g − mean g − x̂ ⊙ mean(g ⊙ x̂)) / s, means over axis 0. "
        "∂𝓛/∂γ = Σ G ⊙ x̂ and ∂𝓛/∂β = Σ G, over the samples.",
    ),
    slips=backward_slips(
        0,
        0,
        Slip(
            "feature-axis",
            "A.mean(axis=0",
            "A.mean(axis=1",
            "means are taken over the features: this is LayerNorm",
            "BatchNorm normalizes each feature over the batch.",
            "Which entries share a mean here?",
        ),
    ),
)

RUNNING = Exercise(
    id="depth.batchnorm-running",
    title="BatchNorm's running averages",
    where=NOTEBOOK + "Normalization",
    kind="function",
    level="apply",
    minutes=3,
    prompt="Return the running mean and variance after a training batch in rows, as in PyTorch: `momentum` is the "
    "weight of the new batch, and its variance is the unbiased one.",
    starter="def update_running(X, running_mean, running_var, momentum):\n    ...",
    solution="""
def blend(old, new, momentum):
    return (1 - momentum) * old + momentum * new


def update_running(X, running_mean, running_var, momentum):
    mean = X.mean(axis=0)
    var = ((X - mean) ** 2).sum(axis=0) / (len(X) - 1)
    return blend(running_mean, mean, momentum), blend(running_var, var, momentum)
""",
    returns=("running_mean", "running_var"),
    inputs=running_inputs,
    batch=("X", 0),
    hints=(
        "Each feature has its own mean and variance, over the batch.",
        "PyTorch's momentum is small: the new batch counts little. Unbiased means: divided by B − 1.",
        "running ← (1 − momentum) running + momentum · batch, with X.var(axis=0, ddof=1).",
    ),
    slips=(
        Slip(
            "swapped",
            "(1 - momentum) * old + momentum * new",
            "momentum * old + (1 - momentum) * new",
            "momentum and 1 − momentum are swapped",
            "Other frameworks define it this way around. In PyTorch momentum = 0.1 is the weight of the new batch.",
            "With momentum = 0.1, how much does one batch count?",
        ),
        Slip(
            "biased",
            "(len(X) - 1)",
            "len(X)",
            "the running variance is the biased one",
            "Normalizing in training divides by B. For the running variance, an estimate, PyTorch divides by B − 1.",
            "Is this variance used on this batch, or an estimate for later?",
        ),
        Slip(
            "overwritten",
            "(1 - momentum) * old + momentum * new",
            "new",
            "the running averages are overwritten",
            "Then evaluation rests on the last batch alone.",
            "What is left of the earlier batches?",
        ),
        Slip(
            "no-share",
            "momentum * new",
            "new",
            "the new batch is not weighted by momentum",
            "The two weights must add up to 1, or the average grows beyond its inputs.",
            "If every batch has the mean 1, where does your running mean go?",
        ),
        Slip(
            "std",
            "((X - mean) ** 2).sum(axis=0) / (len(X) - 1)",
            "np.sqrt(((X - mean) ** 2).sum(axis=0) / (len(X) - 1))",
            "the standard deviation is averaged, not the variance",
            "What is kept is the variance. The root is taken at evaluation, with ε under it.",
            "Which quantity do you average?",
        ),
        Slip(
            "mean-kept",
            "blend(running_mean, mean, momentum)",
            "running_mean",
            "the running mean is not updated",
            "Both averages follow the batches.",
            "What does evaluation subtract?",
        ),
    ),
)

EVALUATION = Exercise(
    id="depth.batchnorm-eval",
    title="BatchNorm in evaluation",
    where=NOTEBOOK + "Normalization",
    kind="function",
    level="apply",
    minutes=3,
    prompt="For BatchNorm in evaluation return $Y$, and $\\partial\\mathcal L/\\partial X$ for `G` "
    "$=\\partial\\mathcal L/\\partial Y$, in rows.",
    starter="def batchnorm_eval(X, gamma, beta, running_mean, running_var, G, eps):\n    ...",
    solution="""
def batchnorm_eval(X, gamma, beta, running_mean, running_var, G, eps):
    s = np.sqrt(running_var + eps)
    x_hat = (X - running_mean) / s
    Y = gamma * x_hat + beta
    dX = G * gamma / s
    return Y, dX
""",
    returns=("Y", "dX"),
    inputs=eval_inputs,
    batch=("X", 0),
    hints=(
        "In evaluation nothing is computed from the batch.",
        "μ and s are constants then. What is left of the backward pass?",
        "x̂ = (X − running_mean)/√(running_var + ε), Y = γ x̂ + β, ∂𝓛/∂X = G ⊙ γ / s.",
    ),
    slips=(
        Slip(
            "batch-mean",
            "X - running_mean",
            "X - X.mean(axis=0)",
            "the batch's mean is subtracted, not the running one",
            "In evaluation a sample's output must not depend on the other samples.",
            "Would the output for one sample change if another sample changed?",
        ),
        Slip(
            "batch-variance",
            "(running_var",
            "(X.var(axis=0)",
            "the batch's variance is used, not the running one",
            "In evaluation a sample's output must not depend on the other samples.",
            "Would the output for one sample change if another sample changed?",
        ),
        Slip(
            "no-root",
            "np.sqrt",
            "",
            "the root is missing: X is divided by the variance",
            "What is kept is the variance, and the division is by the standard deviation.",
            "Is that a variance or a standard deviation?",
        ),
        Slip(
            "no-eps",
            " + eps",
            "",
            "ε is missing",
            "Evaluation uses the same s as training, with ε under the root.",
            "What if a feature was constant in training?",
        ),
        Slip(
            "training-backward",
            "G * gamma / s",
            "(G * gamma - (G * gamma).mean(axis=0) - x_hat * (G * gamma * x_hat).mean(axis=0)) / s",
            "∂𝓛/∂X has the training's terms through μ and s",
            "The running averages don't depend on X, so nothing flows through them.",
            "Which of these quantities depends on X in evaluation?",
        ),
        Slip(
            "no-gamma",
            "G * gamma / s",
            "G / s",
            "γ is missing in ∂𝓛/∂X",
            "Y = γ x̂ + β, so γ is a factor of the slope.",
            "How does a change of x̂ reach Y?",
        ),
        Slip(
            "not-divided",
            "G * gamma / s",
            "G * gamma",
            "the division by s is missing in ∂𝓛/∂X",
            "x̂ is X − μ divided by s, so the slope has this factor too.",
            "How does a change of X reach x̂?",
        ),
        Slip(
            "no-beta",
            " + beta",
            "",
            "β is missing",
            "γ and β are applied in evaluation as in training.",
            "Which parameters does the layer learn?",
        ),
    ),
)

EXERCISES = (
    SQUASHED,
    VANISHED,
    STACK,
    VARIANCE_UP,
    VARIANCE_KEPT,
    VARIANCE_DOWN,
    XAVIER,
    HE,
    LEAKY_HE,
    SCALES,
    CLIP_NORM,
    CLIP_VALUE,
    DEAD,
    LEAKY,
    RESIDUAL,
    LAYERNORM,
    LAYERNORM_BACKWARD,
    BATCHNORM_BACKWARD,
    RUNNING,
    EVALUATION,
)
LADDERS = {
    "xavier": [e.id for e in (VARIANCE_UP, VARIANCE_KEPT, VARIANCE_DOWN, XAVIER, HE, LEAKY_HE)],
}
