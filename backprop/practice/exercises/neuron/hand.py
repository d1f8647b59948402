r"""One neuron by hand

For $z=wx+b$ with the identity as activation ($a=z$) and $\mathcal L=\tfrac12(a-y)^2$, work out by hand $z$, $\mathcal
L$, $\delta$, $\partial\mathcal L/\partial w$ and $\partial\mathcal L/\partial b$, in this order. `show` gives the
numbers.
"""

where = "neuron#numbers"
level, minutes = "apply", 3
kind = "number"
starter = "(1, 2, 3, 4, 5)"


def friendly_inputs(rng):
    """Numbers for the head. Those with which two mistakes give the same results are drawn again."""
    while True:
        x, y = (float(v) for v in rng.choice([-3, -2, 2, 3, 4], 2))
        w, b = float(rng.choice([-1.5, -0.5, 0.5, 1.5, 2.5])), float(rng.choice([-3, -2, -1, 1, 2, 3]))
        forms = w * x + b, w * x, w * (x + b)  # z, and z with a slip in it
        if all(z not in {0, 1} and abs(z - y) not in {0, 0.5, 1, 2} for z in forms) and abs(forms[0] - y) < 7:
            return {"x": x, "y": y, "w": w, "b": b}


inputs = {"ordinary": friendly_inputs}


def by_hand(x, y, w, b):
    z = w * x + b
    #: no-bias: z = w * x
    #: bracket: z = w * (x + b)
    loss = (z - y) ** 2 / 2
    #: no-half: loss = (z - y) ** 2
    #: no-square: loss = abs(z - y) / 2
    delta = z - y
    #: sign: delta = y - z
    #: two: delta = 2 * (z - y)
    #: sigmoid: delta = (z - y) * z * (1 - z)
    dw = delta * x
    #: no-input: dw = delta
    #: weight: dw = delta * w
    db = delta
    #: bias-input: db = delta * x
    #: bias-one: db = 1.0
    return z, loss, delta, dw, db


hints = r"""
Forward first: z, then the loss. Keep z − y.
The slope of the identity is 1, so δ is the slope of the loss alone.
δ = z − y. The weight's gradient is δ times its input, and the bias's input is 1.
"""

slips = r"""
no-bias
    z is wx + b. Everything after it is then the gradient of another neuron.
bracket: the weight multiplies the bias too
    The weight belongs to the input alone. The bias is added after the product.
    "What is z when the input is 0?"
no-half: the ½ of the loss is missing
    The loss is half the squared error. The ½ is there so that a 2 cancels later.
    "Which loss did you compute: with the ½ or without?"
no-square: the error in the loss is not squared
    Half the error is no squared error: its slope would not depend on how wrong the neuron is.
    "If the error doubles, what happens to the loss?"
sign: the sign is flipped: y − z for z − y
    The derivative of ½(z − y)² with respect to z is z − y.
    "If the output is too large, should the loss rise or fall when z grows?"
two
    "Differentiate the loss once more, with everything that stands in front of the square."
sigmoid: a sigmoid's slope is in δ, but the activation is the identity
    a (1 − a) is the slope of the sigmoid. The identity has the slope 1.
    "Which activation does this neuron have, and how steep is it?"
no-input
weight
bias-input
bias-one: ∂𝓛/∂b is only the local slope 1, without δ
    1 is ∂z/∂b, the last link. The chain has the loss's slope in it as well.
    "Does the bias's gradient not depend on how wrong the neuron is?"
"""
