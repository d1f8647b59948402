"""Exercises of notebook 03: numerical derivatives, duals, the tape."""

import numpy as np

from backprop.practice.bank.make import normal, sizes
from backprop.practice.exercise import Exercise, Slip

NOTEBOOK = "03_gradient_checking_and_autodiff.ipynb#"


def wave(x):
    """A smooth function of a number, or of each entry, real or complex."""
    return np.exp(np.sin(x)) + x**3 / 5


def energy(x):
    """A smooth number for an array, in which every entry meets its neighbor."""
    v = x.ravel()
    return np.sum(np.sin(v) * v) + np.sum(v[1:] * v[:-1] ** 2)


CENTRAL = Exercise(
    id="checking.central",
    title="The central difference",
    where=NOTEBOOK + "The-nudge,-and-how-small-to-make-it",
    kind="function",
    level="recall",
    minutes=2,
    prompt="Return the central-difference estimate of $f'(x)$ with step `h`. `f` takes a number and returns one.",
    starter="def derivative(f, x, h):\n    ...",
    solution="""
def derivative(f, x, h):
    up = f(x + h)
    down = f(x - h)
    slope = (up - down) / (2 * h)
    return slope
""",
    returns=("slope",),
    inputs=lambda rng: {"f": wave, "x": float(normal(rng)), "h": 0.01},
    hints=(
        "Look at f on both sides of x.",
        "Rise over run. How far apart are the two points?",
        "(f(x + h) − f(x − h)) / (2h).",
    ),
    slips=(
        Slip(
            "forward",
            "down = f(x - h)\n    slope = (up - down) / (2 * h)",
            "down = f(x)\n    slope = (up - down) / h",
            "a forward difference, not a central one",
            "One foot stands at x. The error shrinks with h, where the central one shrinks with h².",
            "Expand f(x + h) by Taylor. Which term of the error could a second point remove?",
        ),
        Slip(
            "half-step",
            "f(x - h)",
            "f(x)",
            "the lower point is x, but the run is 2h",
            "The two points are h apart, and the rise is divided by 2h: this is half the slope.",
            "How far apart are your two points?",
        ),
        Slip(
            "no-two",
            "(2 * h)",
            "h",
            "the factor 2 of the run is forgotten",
            "From x − h to x + h the run is 2h. With h alone the slope is twice too big.",
            "Try it on f(x) = x. What do you get?",
        ),
        Slip(
            "no-parentheses",
            "(2 * h)",
            "2 * h",
            "multiplied by h, not divided: the parentheses of 2h are missing",
            "Python reads / 2 * h from left to right: a half, times h.",
            "In which order does Python carry out the last line?",
        ),
        Slip(
            "sign",
            "up - down",
            "down - up",
            "the difference is taken the wrong way round",
            "Upper minus lower belongs over +2h. This has the opposite sign.",
            "Try it on f(x) = x. What sign should the slope have?",
        ),
        Slip(
            "plus",
            "up - down",
            "up + down",
            "the two values are added, not subtracted",
            "Their sum over 2h is about f(x)/h. A slope comes from a difference.",
            "What should your estimate be for a constant function?",
        ),
    ),
)


def gradient_inputs(rng):
    n, m = sizes(rng, 2)
    return {"f": energy, "x": normal(rng, min(n, 3), min(m, 3) + 3), "h": 1e-3}


GRADIENT = Exercise(
    id="checking.gradient",
    title="A numerical gradient, entry by entry",
    where=NOTEBOOK + "The-nudge,-and-how-small-to-make-it",
    kind="function",
    level="interview",
    minutes=5,
    prompt="`f` takes an array and returns a number. Return its gradient at `x`, of the shape of `x`, by central "
    "differences with step `h`. `x` may hold whole numbers, and must be left as it was.",
    starter="def numeric_gradient(f, x, h):\n    ...",
    solution="""
def numeric_gradient(f, x, h):
    v = np.array(x, dtype=np.float64)
    g = np.zeros(v.shape)
    for i in np.ndindex(v.shape):
        kept = v[i]
        v[i] = kept + h
        up = f(v)
        v[i] = kept - h
        down = f(v)
        v[i] = kept
        g[i] = (up - down) / (2 * h)
    return g
""",
    returns=("g",),
    inputs=gradient_inputs,
    special=(lambda rng: {"f": energy, "x": np.array([[2, -1, 3], [1, 4, -2]]), "h": 1e-3},),
    hints=(
        "Work on a float64 copy, and go through its entries with np.ndindex(x.shape).",
        "Move one entry up and look at f, then down and look at f. Which other entries may have moved?",
        "Keep the entry, set it to kept + h, then to kept − h, put it back, and store (up − down) / (2h).",
    ),
    slips=(
        Slip(
            "whole",
            "np.array(x, dtype=np.float64)",
            "np.array(x)",
            "an array of whole numbers is not made float64",
            "An integer array cuts off what is added: x + h is x again, and x − h is a whole step away.",
            "What happens when x is np.array([1, 2, 3])?",
        ),
        Slip(
            "forward",
            "v[i] = kept - h\n        down = f(v)\n        v[i] = kept\n        g[i] = (up - down) / (2 * h)",
            "v[i] = kept\n        down = f(v)\n        g[i] = (up - down) / h",
            "a forward difference, not a central one",
            "The estimate is off by about h/2 times the second derivative. The central one is off by h² only.",
            "What is the order of your error in h?",
        ),
        Slip(
            "half-step",
            "v[i] = kept - h",
            "v[i] = kept",
            "the lower point is x, but the run is 2h",
            "The two points are h apart, and the rise is divided by 2h: this is half the slope.",
            "How far apart are the two points at which you look at f?",
        ),
        Slip(
            "no-two",
            "(2 * h)",
            "h",
            "the factor 2 of the run is forgotten",
            "From kept − h to kept + h the run is 2h. Without the 2 every entry is twice too big.",
            "Try it on f(x) = x.sum(). What do you get?",
        ),
        Slip(
            "not-restored",
            "        v[i] = kept\n",
            "",
            "the entry is not put back",
            "Each entry stays at kept − h, so the later ones are measured at another point.",
            "Where is x when you come to the second entry?",
        ),
        Slip(
            "sign",
            "up - down",
            "down - up",
            "the difference is taken the wrong way round",
            "Upper minus lower belongs over +2h. This is the gradient with the opposite sign.",
            "Try it on f(x) = x.sum(). What sign should come out?",
        ),
    ),
)


def relative_inputs(rng):
    n, m = sizes(rng, 2)
    g = 10.0 ** rng.integers(-6, 7) * normal(rng, n, m)
    return {"g": g, "estimate": g * (1 + 0.2 * normal(rng, n, m))}


RELATIVE = Exercise(
    id="checking.relative-error",
    title="The relative error of two gradients",
    where=NOTEBOOK + "Relative-error,-and-what-a-threshold-means",
    kind="function",
    level="recall",
    minutes=2,
    prompt="Return the relative error of a gradient `g` and its numerical `estimate` (two arrays): one number, by "
    "norm, with both norms added below.",
    starter="def relative_error(g, estimate):\n    ...",
    solution="""
def relative_error(g, estimate):
    distance = np.linalg.norm(g - estimate)
    size = np.linalg.norm(g) + np.linalg.norm(estimate)
    error = distance / size
    return error
""",
    returns=("error",),
    inputs=relative_inputs,
    special=(
        lambda rng: {"g": 1e-7 * normal(rng, 3, 2), "estimate": 1e-7 * normal(rng, 3, 2)},
        lambda rng: {"g": np.zeros((4, 3)), "estimate": normal(rng, 4, 3)},
    ),
    hints=(
        "Is a distance of 1e-6 large? Not if both gradients are of size 1.",
        "Divide the norm of the difference by how large the two are.",
        "‖g − ĝ‖ / (‖g‖ + ‖ĝ‖).",
    ),
    slips=(
        Slip(
            "absolute",
            "distance / size",
            "distance",
            "the absolute error, not the relative one",
            "Gradients of size 1e-7 pass any absolute threshold, right or wrong.",
            "Your gradients are about 1e-7. What does your number say then?",
        ),
        Slip(
            "signed",
            "np.linalg.norm(g - estimate)",
            "np.sum(g - estimate)",
            "the differences are added with their signs",
            "An entry too large and one too small cancel, and the check passes.",
            "One entry is off by +1 and another by −1. What do you get?",
        ),
        Slip(
            "norms",
            "np.linalg.norm(g - estimate)",
            "abs(np.linalg.norm(g) - np.linalg.norm(estimate))",
            "the norms are compared, not the gradients",
            "−g has the norm of g. A flipped sign or a permuted row goes unseen.",
            "What is your error for g and −g?",
        ),
        Slip(
            "one-sided",
            "np.linalg.norm(g) + np.linalg.norm(estimate)",
            "np.linalg.norm(g)",
            "divided by the norm of g alone",
            "A gradient that was never computed is all zeros, and you divide by 0.",
            "What happens when g is all zeros?",
        ),
        Slip(
            "squared",
            "distance / size",
            "distance**2 / size**2",
            "the error is squared",
            "A square makes 1e-4 look like 1e-8: the usual thresholds do not fit it.",
            "By what factor does your number shrink when the distance is halved?",
        ),
        Slip(
            "entries",
            "distance = np.linalg.norm(g - estimate)\n    size = np.linalg.norm(g) + np.linalg.norm(estimate)\n"
            "    error = distance / size",
            "error = np.mean(np.abs(g - estimate) / (np.abs(g) + np.abs(estimate)))",
            "the mean of the entries' relative errors, not the relative error by norm",
            "One entry near 0 has a huge relative error of its own and spoils a mean that is otherwise fine.",
            "What does a single entry of size 1e-12 do to your number?",
        ),
    ),
)


def layer_with_claims(factor_W=1.0, factor_b=1.0, scale=1.0, far=0.0, change=None):
    """A maker of inputs: a linear layer's loss, and claimed gradients, right up to the factors and `change`."""

    def inputs(rng):
        n, m, B = 1, 2, 4  # few entries, for each slip that is tried nudges them all
        X, Y = normal(rng, n, B), normal(rng, m, B) + far
        W, b = normal(rng, m, n), normal(rng, m, 1)

        def loss(W, b):
            residual = W @ X + b - Y
            return scale * 0.5 / B * np.vdot(residual, residual)

        delta = scale * (W @ X + b - Y) / B
        dW, db = delta @ X.T * factor_W, delta.sum(axis=1, keepdims=True) * factor_b
        if change:
            change(dW, db)
        return {"loss": loss, "W": W, "b": b, "dW": dW, "db": db, "h": 1e-5, "tolerance": 1e-6}

    return inputs


def some_claims(rng):
    """Each of the two claimed gradients right, twice too big, or never computed."""
    return layer_with_claims(*rng.choice([0.0, 1.0, 2.0], 2, replace=False))(rng)


def wrong_last(dW, db):
    dW[-1, -1] *= 1.5
    db[-1] *= -1


def cancelling(dW, db):
    dW += np.array([[0.3], [-0.3]])
    db += np.array([[0.2], [-0.2]])


VERDICT = Exercise(
    id="checking.verdict",
    title="A gradient check that misses no parameter",
    where=NOTEBOOK + "Four-ways-in-which-a-check-deceives",
    kind="function",
    level="interview",
    minutes=8,
    prompt="`loss(W, b)` is a number, `dW` and `db` are its claimed gradients. Check each against central differences "
    "with step `h`. Return `(ok_W, ok_b)`: for each parameter, whether its relative error by norm (both norms added "
    "below) is under `tolerance`. Leave `W` and `b` as they were.",
    starter="def check_layer(loss, W, b, dW, db, h, tolerance):\n    ...",
    solution="""
def check_layer(loss, W, b, dW, db, h, tolerance):
    verdicts = []
    for values, claimed in ((W, dW), (b, db)):
        numeric = np.zeros(values.shape)
        for i in np.ndindex(values.shape):
            kept = values[i]
            values[i] = kept + h
            up = loss(W, b)
            values[i] = kept - h
            down = loss(W, b)
            values[i] = kept
            numeric[i] = (up - down) / (2 * h)
        distance = np.linalg.norm(claimed - numeric)
        size = np.linalg.norm(claimed) + np.linalg.norm(numeric)
        verdicts.append(distance / size < tolerance)
    ok_W, ok_b = verdicts
    return ok_W, ok_b
""",
    returns=("ok_W", "ok_b"),
    inputs=some_claims,
    special=(
        layer_with_claims(),
        layer_with_claims(2.0, 2.0),
        layer_with_claims(-2.0, -1.0),
        layer_with_claims(1.3, 0.9, scale=1e-7),
        layer_with_claims(scale=1e7),
        layer_with_claims(change=wrong_last),
        layer_with_claims(change=cancelling),
        layer_with_claims(2.0, 2.0, change=cancelling),
        layer_with_claims(1.0, 0.0, far=1e3),
        layer_with_claims(far=1e3, change=cancelling),
    ),
    hints=(
        "Write the numerical gradient of one array first, then do the same for both parameters.",
        "Nudge W and b in place, entry by entry, and put each entry back. Then compare by relative error.",
        "For (W, dW) and (b, db): numeric[i] = (up − down)/(2h), then ‖claimed − numeric‖ / (‖claimed‖ + ‖numeric‖) < "
        "tolerance.",
    ),
    slips=(
        Slip(
            "no-bias",
            "ok_W, ok_b = verdicts",
            "ok_W, ok_b = verdicts[0], True",
            "the bias is not checked",
            "A db that was never computed passes. It is the mistake that only a check can see.",
            "Suppose somebody returns zeros for db. What does your check say?",
        ),
        Slip(
            "all-or-none",
            "ok_W, ok_b = verdicts",
            "ok_W, ok_b = all(verdicts), all(verdicts)",
            "one verdict for all, not one for each parameter",
            "A failing check should point at the formula: (B3) for dW, (B4) for db.",
            "Your check fails. Which line of the backward pass do you look at?",
        ),
        Slip(
            "absolute",
            "distance / size < tolerance",
            "distance < tolerance",
            "the absolute error is compared with the tolerance",
            "Tiny gradients pass whatever they are, and large ones fail by rounding.",
            "The loss is multiplied by 1e-7. Does your verdict change? Should it?",
        ),
        Slip(
            "norms",
            "np.linalg.norm(claimed - numeric)",
            "abs(np.linalg.norm(claimed) - np.linalg.norm(numeric))",
            "the norms are compared, not the gradients",
            "A flipped sign has the same norm, and so has a permuted row.",
            "Would your check notice the opposite sign?",
        ),
        Slip(
            "signed",
            "np.linalg.norm(claimed - numeric)",
            "abs(np.sum(claimed - numeric))",
            "the differences are added with their signs",
            "An entry too large and one too small cancel.",
            "One entry is off by +0.3, another by −0.3. What do you report?",
        ),
        Slip(
            "no-two",
            "(2 * h)",
            "h",
            "the factor 2 of the run is forgotten",
            "The estimate is twice too big: right gradients fail, and gradients twice too big pass.",
            "Run your check on f(x) = x. What is the estimate?",
        ),
        Slip(
            "forward",
            "values[i] = kept - h\n            down = loss(W, b)\n            values[i] = kept\n"
            "            numeric[i] = (up - down) / (2 * h)",
            "values[i] = kept\n            down = loss(W, b)\n            numeric[i] = (up - down) / h",
            "forward differences, which are too coarse for this tolerance",
            "Their error is of the order of h, about 1e-5. It does not fit under 1e-6, and a right gradient fails.",
            "What is the error of your estimate, as a power of h?",
        ),
        Slip(
            "better",
            "< tolerance",
            "> tolerance",
            "the comparison is the wrong way round",
            "A small relative error is good news.",
            "Which verdict does an error of 0 get?",
        ),
    ),
)

COMPLEX_STEP = Exercise(
    id="checking.complex-step",
    title="The complex step",
    where=NOTEBOOK + "The-complex-step",
    kind="function",
    level="apply",
    minutes=2,
    prompt="`f` acts on each entry of an array and takes complex numbers. Return $f'(x)$ by the complex step with step "
    "`h`, which may be as small as $10^{-20}$.",
    starter="def complex_step(f, x, h):\n    ...",
    solution="""
def complex_step(f, x, h):
    stepped = f(x + 1j * h)
    slope = stepped.imag / h
    return slope
""",
    returns=("slope",),
    inputs=lambda rng: {"f": wave, "x": normal(rng, 5), "h": 1e-20},
    special=(lambda rng: {"f": wave, "x": normal(rng, 3), "h": 1e-2},),
    hints=(
        "Step sideways, along the imaginary axis. In Python i is 1j.",
        "f(x + ih) = f(x) + i h f'(x) − … : which part holds the slope?",
        "The imaginary part of f(x + ih), divided by h.",
    ),
    slips=(
        Slip(
            "real",
            "stepped.imag",
            "stepped.real",
            "the real part is taken, not the imaginary one",
            "The real part is f(x) itself, up to h². The slope stands beside i.",
            "Write Taylor's formula for f(x + ih). Which terms are real?",
        ),
        Slip(
            "size",
            "stepped.imag",
            "np.abs(stepped)",
            "the absolute value is taken, not the imaginary part",
            "|f(x + ih)| is about |f(x)|. The slope is in the imaginary part alone.",
            "Where in the complex number is the slope?",
        ),
        Slip(
            "real-step",
            "stepped = f(x + 1j * h)\n    slope = stepped.imag / h",
            "slope = (f(x + h) - f(x)) / h",
            "a real step: this is a forward difference",
            "With h = 1e-20 the sum x + h is x again, and the estimate is exactly 0.",
            "What is 1 + 1e-20 in float64?",
        ),
        Slip(
            "two",
            "/ h",
            "/ (2 * h)",
            "divided by 2h, though there is one step only",
            "The 2 belongs to the central difference, which has two points.",
            "How many points do you use? How long is the run?",
        ),
        Slip(
            "not-divided",
            " / h",
            "",
            "the division by h is missing",
            "The imaginary part is h times the slope.",
            "What are the units of your result?",
        ),
    ),
)


def dual_inputs(rng):
    u, v = normal(rng), rng.uniform(0.4, 2.5)
    return {"u": float(u), "du": float(normal(rng)), "v": float(v), "dv": float(normal(rng))}


DUAL = Exercise(
    id="checking.dual",
    title="Dual numbers: product, quotient, tanh",
    where=NOTEBOOK + "Forward-mode:-dual-numbers",
    kind="function",
    level="apply",
    minutes=4,
    prompt="Two dual numbers, $u+\\varepsilon\\dot u$ and $v+\\varepsilon\\dot v$. Return the *tangents* of $uv$, of "
    "$u/v$ and of $\\tanh u$.",
    starter="def tangents(u, du, v, dv):\n    ...",
    solution="""
def tangents(u, du, v, dv):
    product = du * v + u * dv
    quotient = (du * v - u * dv) / v**2
    tanh_u = (1 - np.tanh(u) ** 2) * du
    return product, quotient, tanh_u
""",
    returns=("product", "quotient", "tanh_u"),
    inputs=dual_inputs,
    hints=(
        "Multiply (u + ε u̇)(v + ε v̇) out, and drop ε². What stands beside ε?",
        "The same with 1/(v + ε v̇) = (1/v)(1 − ε v̇/v). And a function acts by its tangent: f(u) + ε f'(u) u̇.",
        "u̇ v + u v̇, then (u̇ v − u v̇)/v², then (1 − tanh² u) u̇.",
    ),
    slips=(
        Slip(
            "product-of-tangents",
            "du * v + u * dv\n",
            "du * dv\n",
            "the tangent of a product is not the product of the tangents",
            "u̇ v̇ stands beside ε², which is 0.",
            "Multiply the two dual numbers out. What stands beside ε?",
        ),
        Slip(
            "one-term",
            "du * v + u * dv\n",
            "du * v\n",
            "the second term of the product rule is missing",
            "Both factors move. This holds v still.",
            "What does your rule give for x · x?",
        ),
        Slip(
            "quotient-plus",
            "(du * v - u * dv)",
            "(du * v + u * dv)",
            "a plus in the quotient rule",
            "When the denominator grows, the quotient falls: its term comes with a minus.",
            "What does your rule give for x / x?",
        ),
        Slip(
            "quotient-order",
            "(du * v - u * dv)",
            "(u * dv - du * v)",
            "the two terms of the quotient rule are swapped",
            "The numerator's tangent comes first, with a plus.",
            "Let v be the constant 1. What does your rule say?",
        ),
        Slip(
            "no-square",
            "/ v**2",
            "/ v",
            "the denominator of the quotient rule is not squared",
            "u̇ v − u v̇ is divided by v².",
            "Let v be the constant 2. Which factor should u̇ get?",
        ),
        Slip(
            "not-seeded",
            "(1 - np.tanh(u) ** 2) * du",
            "1 - np.tanh(u) ** 2",
            "the slope of tanh is not multiplied by u̇",
            "The tangent says how fast the value moves: the slope times how fast u moves.",
            "If u does not move, how does tanh u move?",
        ),
        Slip(
            "at-tangent",
            "np.tanh(u) ** 2",
            "np.tanh(du) ** 2",
            "the slope is taken at the tangent, not at the value",
            "Slopes are taken at the value u. The tangent u̇ only multiplies.",
            "At which point do you need the slope of tanh?",
        ),
        Slip(
            "tanh-of-tangent",
            "(1 - np.tanh(u) ** 2) * du",
            "np.tanh(du)",
            "tanh is applied to the tangent",
            "A function acts on the value. On the tangent acts its slope, as a factor.",
            "What does f(u + ε u̇) look like by Taylor?",
        ),
    ),
)


def friendly(rng):
    x, w = rng.permutation([2, 3, 4, 5])[:2]
    return {"x": int(x), "w": int(rng.choice([-1, 1]) * w)}


REVERSE = Exercise(
    id="checking.reverse",
    title="Reverse mode by hand",
    where=NOTEBOOK + "Reverse-mode:-the-tape",
    kind="number",
    level="apply",
    minutes=4,
    prompt="$u=xw$, $v=u+x$, $y=uv$. By hand, with the numbers that `show` gives: $\\bar v=\\partial y/\\partial v$, "
    "$\\bar u$, $\\bar x$ and $\\bar w$, in this order.",
    starter="(1, 2, 3, 4)",
    solution="""
def by_hand(x, w):
    u = x * w
    v = u + x
    bar_v = u
    bar_u = v + bar_v
    bar_x = bar_u * w + bar_v
    bar_w = bar_u * x
    return bar_v, bar_u, bar_x, bar_w
""",
    returns=("bar_v", "bar_u", "bar_x", "bar_w"),
    inputs=friendly,
    hints=(
        "Draw the graph. Which values are used twice?",
        "Start from ȳ = 1. y = uv gives v̄ at once. ū has one term from y and one from v.",
        "v̄ = u, ū = v + v̄, x̄ = ū w + v̄, w̄ = ū x.",
    ),
    slips=(
        Slip(
            "u-one-path",
            "bar_u = v + bar_v",
            "bar_u = v",
            "ū lacks the path through v",
            "u is used twice, in v and in y. Slopes of paths add.",
            "Which values use u?",
        ),
        Slip(
            "u-overwritten",
            "bar_u = v + bar_v",
            "bar_u = bar_v",
            "ū was overwritten: the term from y is lost",
            "The second use replaced the first. It should be added to it.",
            "Which terms has ū, and from where?",
        ),
        Slip(
            "x-one-path",
            "bar_u * w + bar_v",
            "bar_u * w",
            "x̄ lacks the path through v",
            "x is used in u and, directly, in v.",
            "Which values use x?",
        ),
        Slip(
            "x-overwritten",
            "bar_u * w + bar_v",
            "bar_v",
            "x̄ lacks the path through u",
            "x is used in u as well, and u in y.",
            "Which values use x?",
        ),
        Slip(
            "own-factor",
            "bar_v = u",
            "bar_v = v",
            "a factor's slope is the other factor, not itself",
            "In y = uv the slope with respect to v is u.",
            "Hold u still, and move v. How fast does y move?",
        ),
        Slip(
            "w-own",
            "bar_u * x",
            "bar_u * w",
            "w̄ is multiplied by w instead of x",
            "u = xw: the slope with respect to w is x.",
            "How fast does u move with w?",
        ),
        Slip(
            "x-own",
            "bar_u * w + bar_v",
            "bar_u * x + bar_v",
            "the path of x through u is multiplied by x instead of w",
            "u = xw: the slope with respect to x is w.",
            "How fast does u move with x?",
        ),
    ),
)


def chain_of(rng, count):
    """Edges (child, parent, slope) of a graph in which every node has two parents, in the order of creation."""
    edges = []
    for child in range(2, count):
        for parent in (child - 1, int(rng.integers(0, child - 1))):
            edges.append((child, parent, float(normal(rng))))
    return edges


def tape_inputs(rng):
    count = int(rng.integers(5, 8))
    return {"count": count, "edges": chain_of(rng, count)}


TAPE = Exercise(
    id="checking.tape",
    title="Walking a tape back",
    where=NOTEBOOK + "Reverse-mode:-the-tape",
    kind="function",
    level="apply",
    minutes=4,
    prompt="A tape of `count` values, the last one being the output. `edges` lists, in the order in which the "
    "program ran, `(child, parent, slope)`: value number `child` was computed from value number `parent`, and "
    "`slope` is ∂child/∂parent. Return the gradient of the output with respect to every value, as an array.",
    starter="def gradients(count, edges):\n    ...",
    solution="""
def gradients(count, edges):
    g = np.zeros(count)
    g[-1] = 1.0
    for child, parent, slope in reversed(edges):
        g[parent] += g[child] * slope
    return g
""",
    returns=("g",),
    inputs=tape_inputs,
    special=(lambda rng: {"count": 3, "edges": [(2, 0, 1.0), (2, 0, 1.0)]},),
    hints=(
        "What is the gradient of the output with respect to itself? Everything else starts at 0.",
        "Go through the edges backward. Each hands the child's gradient, times the slope, to the parent.",
        "For each edge, from the last to the first: g[parent] += g[child] * slope.",
    ),
    slips=(
        Slip(
            "overwrite",
            "+=",
            "=",
            "= where += belongs",
            "A value that is used twice reaches the output along two paths, and slopes of paths add.",
            "What does your walk give for y = x + x?",
        ),
        Slip(
            "forward",
            "reversed(edges)",
            "edges",
            "the tape is walked forward",
            "A gradient is handed on before it has arrived, so it is still 0.",
            "When you hand on the child's gradient, is it complete?",
        ),
        Slip(
            "no-seed",
            "g[-1] = 1.0",
            "g[-1] = 0.0",
            "the seed is missing",
            "∂y/∂y = 1. From zeros nothing but zeros can come.",
            "What do you start from?",
        ),
        Slip(
            "seed-everywhere",
            "np.zeros(count)",
            "np.ones(count)",
            "every value is seeded with 1",
            "Only the output has gradient 1 to begin with. The others add up what arrives.",
            "What is the gradient of a value before anything has arrived?",
        ),
        Slip(
            "no-upstream",
            "g[child] * slope",
            "slope",
            "the local slope is not multiplied by the child's gradient",
            "Along one path slopes multiply: upstream times local.",
            "How do sensitivities along one path combine?",
        ),
        Slip(
            "no-slope",
            "g[child] * slope",
            "g[child]",
            "the local slope is missing",
            "The child's gradient is handed on as it is, as if every step were an addition.",
            "How does the parent reach the child? With which slope?",
        ),
        Slip(
            "added",
            "g[child] * slope",
            "g[child] + slope",
            "upstream and local slope are added, not multiplied",
            "Along one path slopes multiply. They are added only over different paths.",
            "How do sensitivities along one path combine?",
        ),
    ),
)


def order_inputs(rng):
    count = int(rng.integers(6, 8))
    edges = chain_of(rng, count) + [(count - 1, 1, float(normal(rng))), (count - 1, 2, float(normal(rng)))]
    name = [int(n) for n in rng.permutation(count)]
    edges = [(name[child], name[parent], slope) for child, parent, slope in edges]
    return {"count": count, "edges": [edges[n] for n in rng.permutation(len(edges))], "output": name[-1]}


ORDER = Exercise(
    id="checking.order",
    title="A walk that waits for every user",
    where=NOTEBOOK + "Reverse-mode:-the-tape",
    kind="function",
    level="interview",
    minutes=8,
    prompt="The same graph, but its values are numbered at random, and its edges `(child, parent, slope)` come in no "
    "order. `output` is the number of the output, and every value leads to it. Return the gradient with respect to "
    "every value, as an array.",
    starter="def gradients(count, edges, output):\n    ...",
    solution="""
def gradients(count, edges, output):
    uses = np.zeros(count)
    for child, parent, slope in edges:
        uses[parent] += 1
    g = np.zeros(count)
    g[output] = 1.0
    order, ready = [], [output]
    while ready:
        node = ready.pop(0)
        order.append(node)
        for child, parent, slope in edges:
            if child == node:
                g[parent] += g[node] * slope
                uses[parent] -= 1
                if uses[parent] == 0:
                    ready.append(parent)
    return g
""",
    returns=("g",),
    inputs=order_inputs,
    hints=(
        "When may a value hand its gradient on? Only when every value that uses it has handed on its own.",
        "Count the uses of each value first. Begin with the output, which has none.",
        "Take a ready value, hand g[node] * slope to each parent, count down that parent's uses, and call it ready "
        "at 0.",
    ),
    slips=(
        Slip(
            "breadth-first",
            "if uses[parent] == 0:",
            "if parent not in ready + order:",
            "breadth first: a value is visited at its first arrival, before the others",
            "A value near the output by one path may be far by another. It hands on a gradient that is not complete.",
            "Is the gradient of this value complete when you hand it on?",
        ),
        Slip(
            "again",
            "if uses[parent] == 0:",
            "if True:",
            "a value hands its gradient on again at every arrival",
            "Each time it hands on its whole sum so far, so early terms count more than once.",
            "How often is each value visited?",
        ),
        Slip(
            "overwrite",
            "g[parent] +=",
            "g[parent] =",
            "= where += belongs",
            "A value that is used twice reaches the output along two paths, and slopes of paths add.",
            "What does your walk give for y = x + x?",
        ),
        Slip(
            "no-upstream",
            "g[node] * slope",
            "slope",
            "the local slope is not multiplied by the child's gradient",
            "Along one path slopes multiply: upstream times local.",
            "How do sensitivities along one path combine?",
        ),
        Slip(
            "no-slope",
            "g[node] * slope",
            "g[node]",
            "the local slope is missing",
            "The child's gradient is handed on as it is: this counts paths.",
            "How does the parent reach the child? With which slope?",
        ),
        Slip(
            "no-seed",
            "g[output] = 1.0",
            "g[output] = 0.0",
            "the seed is missing",
            "∂y/∂y = 1. From zeros nothing but zeros can come.",
            "What do you start from?",
        ),
        Slip(
            "seed-everywhere",
            "g = np.zeros(count)",
            "g = np.ones(count)",
            "every value is seeded with 1",
            "Only the output has gradient 1 to begin with. The others add up what arrives.",
            "What is the gradient of a value before anything has arrived?",
        ),
    ),
)


def broadcast_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"g": normal(rng, B, m, n), "shape": (m, 1)}


UNBROADCAST = Exercise(
    id="checking.unbroadcast",
    title="Undoing a broadcast",
    where=NOTEBOOK + "Reverse-mode:-the-tape",
    kind="function",
    level="interview",
    minutes=5,
    prompt="An array of `shape` was broadcast, and `g` is the gradient with respect to the broadcast one. Return the "
    "gradient with respect to the original, which has `shape`. Axes of length 1 were stretched, and new axes were "
    "put in front.",
    starter="def unbroadcast(g, shape):\n    ...",
    solution="""
def unbroadcast(g, shape):
    new = g.ndim - len(shape)
    summed = g.sum(axis=tuple(range(new)))
    ones = tuple(i for i, n in enumerate(shape) if n == 1)
    result = summed.sum(axis=ones, keepdims=True)
    return result
""",
    returns=("result",),
    inputs=broadcast_inputs,
    special=(
        lambda rng: {"g": normal(rng, 3, 5), "shape": (3, 1)},
        lambda rng: {"g": normal(rng, 6, 4), "shape": (4,)},
        lambda rng: {"g": normal(rng, 2, 3, 5), "shape": (2, 1, 1)},
        lambda rng: {"g": normal(rng, 4, 3), "shape": ()},
        lambda rng: {"g": normal(rng, 2, 5), "shape": (2, 5)},
    ),
    hints=(
        "A value that is broadcast is used many times. What happens to the slopes of its uses?",
        "Two kinds of axes: those that were put in front, and those that had length 1. Find both.",
        "Sum over the first g.ndim − len(shape) axes, then, keeping the axis, over those where shape is 1.",
    ),
    slips=(
        Slip(
            "mean-new",
            "g.sum(axis=tuple(range(new)))",
            "g.mean(axis=tuple(range(new)))",
            "the mean over the new axes, not the sum",
            "Each use counts in full. A mean belongs to the loss, if it says so, and not to a broadcast.",
            "x is used three times. What is the slope of x + x + x?",
        ),
        Slip(
            "mean-ones",
            "summed.sum(axis=ones",
            "summed.mean(axis=ones",
            "the mean over the stretched axes, not the sum",
            "Each use counts in full. The 1/B is in δ already.",
            "x is used three times. What is the slope of x + x + x?",
        ),
        Slip(
            "one-use-new",
            "g.sum(axis=tuple(range(new)))",
            "g[(0,) * new]",
            "only the first of the new axes' copies is counted",
            "Every copy of the array reaches the loss, not only the first.",
            "How many copies of the array were made?",
        ),
        Slip(
            "one-use-ones",
            "summed.sum(axis=ones, keepdims=True)",
            "summed[tuple(slice(0, 1) if n == 1 else slice(None) for n in shape)]",
            "only the first of the stretched copies is counted",
            "Every copy of the entry reaches the loss, not only the first.",
            "How often is this entry used?",
        ),
        Slip(
            "not-ones",
            "summed.sum(axis=ones, keepdims=True)",
            "summed",
            "the stretched axes are not summed over",
            "The result has the shape of the broadcast array, not of the original one.",
            "Which shape must the gradient of b have?",
        ),
        Slip(
            "not-new",
            "g.sum(axis=tuple(range(new)))",
            "g",
            "the new axes are not summed over",
            "Broadcasting puts axes in front, and each copy along them is a use.",
            "b has shape (4,), g has (6, 4). What happened to b on its way?",
        ),
        Slip(
            "behind",
            "tuple(range(new))",
            "tuple(range(len(shape), g.ndim))",
            "new axes are looked for at the end, not in front",
            "NumPy aligns shapes at the end, so a missing axis is the first one.",
            "(6, 4) and (4,): which axes does NumPy line up?",
        ),
    ),
)


def four_sizes(rng):
    return {"n": [int(size) for size in rng.permutation([2, 3, 4, 5, 6])[:4]]}


COST = Exercise(
    id="checking.cost",
    title="What a gradient costs",
    where=NOTEBOOK + "What-a-gradient-costs",
    kind="number",
    level="apply",
    minutes=3,
    prompt="A network with layers of the sizes `n` (`show` gives them). Count multiplications in matrix products, per "
    "sample: the forward pass, the backward pass (all $\\partial\\mathcal L/\\partial W^l$, no gradient of the "
    "input), and central differences for all weights (not biases).",
    starter="(10, 20, 30)",
    solution="""
def multiplications(n):
    P = n[0] * n[1] + n[1] * n[2] + n[2] * n[3]
    forward = P
    down = P - n[0] * n[1]
    backward = P + down
    central = 2 * P * P
    return forward, backward, central
""",
    returns=("forward", "backward", "central"),
    inputs=four_sizes,
    hints=(
        "How many weights are there? Forward, each is multiplied once.",
        "(B3) takes one multiplication for each weight. (B2) too, but is it needed at layer 1?",
        "With P weights: P, then 2P − n₀n₁, then two forward passes for each weight, 2P · P.",
    ),
    slips=(
        Slip(
            "input-too",
            "P - n[0] * n[1]",
            "P",
            "(B2) is counted at layer 1 too",
            "Nobody needs the gradient of the input here: the lowest δ is δ¹.",
            "Which is the last δ that you need?",
        ),
        Slip(
            "no-down",
            "backward = P + down",
            "backward = P",
            "only (B3) is counted: handing δ down is missing",
            "(B2) is a product with each Wᵀ above layer 1.",
            "Which products does one layer of the backward pass hold?",
        ),
        Slip(
            "no-b3",
            "backward = P + down",
            "backward = down",
            "only (B2) is counted: the weight gradients are missing",
            "(B3) forms δ aᵀ for every layer, one multiplication for each weight.",
            "Which products does one layer of the backward pass hold?",
        ),
        Slip(
            "one-sided",
            "2 * P * P",
            "P * P",
            "one forward pass per weight instead of two",
            "Central differences look on both sides of each weight.",
            "How many losses do you compute for one weight?",
        ),
        Slip(
            "one-weight",
            "2 * P * P",
            "2 * P",
            "two forward passes for all weights, not for each",
            "A nudge of one weight gives one entry of the gradient. P entries take 2P passes.",
            "How many entries of the gradient does one pair of passes give?",
        ),
        Slip(
            "sizes-only",
            "n[0] * n[1] + n[1] * n[2] + n[2] * n[3]",
            "n[0] + n[1] + n[2] + n[3]",
            "neurons are counted, not weights",
            "Between two layers every neuron meets every other: the product of the sizes.",
            "How many entries has W¹?",
        ),
    ),
)


def deep_network(rng):
    return {"L": int(rng.choice([16, 25, 36, 49, 64, 100])), "n": 10, "B": int(rng.choice([20, 30, 50]))}


CHECKPOINTING = Exercise(
    id="checking.checkpointing",
    title="Memory and time with checkpoints",
    where=NOTEBOOK + "What-it-costs-in-memory,-and-checkpointing",
    kind="number",
    level="interview",
    minutes=3,
    prompt="`L` layers of width `n`, a batch of `B` (`show` gives them), a checkpoint at every $k$-th layer. By the "
    "estimate $L/k+k$: the best $k$, the activations (whole layers) that are held at most, how many numbers these "
    "are, and the time of a step as a multiple of the time without checkpoints, when backward costs twice as much as "
    "forward.",
    starter="(5, 10, 1000, 2.5)",
    solution="""
def checkpoints(L, n, B):
    k = np.sqrt(L)
    held = L / k + k
    numbers = held * n * B
    time = (1 + 1 + 2) / (1 + 2)
    return k, held, numbers, time
""",
    returns=("k", "held", "numbers", "time"),
    inputs=deep_network,
    hints=(
        "Between few checkpoints and short segments: set the derivative of L/k + k to 0.",
        "k = √L. Each held activation has n numbers for each sample.",
        "√L, 2√L, 2√L · nB, and with one more forward pass (1 + 1 + 2)/(1 + 2).",
    ),
    slips=(
        Slip(
            "half",
            "np.sqrt(L)",
            "L / 2",
            "k is taken as half the depth",
            "The derivative of L/k + k is −L/k² + 1. It is 0 at k² = L.",
            "Where is L/k + k smallest?",
        ),
        Slip(
            "kept-only",
            "L / k + k",
            "L / k",
            "the segment that is recomputed is not counted",
            "Its k activations are in memory while it is walked back.",
            "What is in memory in the middle of a segment?",
        ),
        Slip(
            "no-batch",
            "held * n * B",
            "held * n",
            "the batch is missing from the memory",
            "Every sample has activations of its own. Only the weights are shared.",
            "Does memory grow with the batch?",
        ),
        Slip(
            "weights",
            "held * n * B",
            "held * n * n",
            "weights are counted, not activations",
            "n² is the size of a weight matrix. An activation is n numbers for each sample.",
            "What does a layer keep for its backward pass?",
        ),
        Slip(
            "twice",
            "(1 + 1 + 2) / (1 + 2)",
            "2.0",
            "the whole step is counted twice",
            "Only the forward pass is run once more. The backward pass is as before.",
            "Which parts of the step are repeated?",
        ),
        Slip(
            "equal",
            "(1 + 1 + 2) / (1 + 2)",
            "(1 + 1 + 1) / (1 + 1)",
            "backward is counted as costing the same as forward",
            "A layer's backward pass has two products, (B2) and (B3), its forward pass has one.",
            "How many products has one layer forward, and how many backward?",
        ),
        Slip(
            "free",
            "(1 + 1 + 2) / (1 + 2)",
            "1.0",
            "the recomputation is taken as free",
            "What was thrown away must be computed again: one more forward pass.",
            "What do you do when you need an activation that you threw away?",
        ),
    ),
)

EXERCISES = (
    CENTRAL,
    GRADIENT,
    COMPLEX_STEP,
    RELATIVE,
    VERDICT,
    DUAL,
    REVERSE,
    TAPE,
    ORDER,
    UNBROADCAST,
    COST,
    CHECKPOINTING,
)
LADDERS = {}
