r"""Half of a product, detached

`u = w * x` and `loss = u * u.detach() + u`. By hand, with the numbers that `show` gives: the loss, `w.grad` after
`loss.backward()`, and what `w.grad` would be without the `detach()`.
"""

where = "framework#graph"
level, minutes = "apply", 3
kind = "number"
starter = "(1, 2, 3)"


def one_neuron(rng):
    x, w = rng.permutation([2, 3, 4, 5])[:2]
    return {"w": int(w), "x": int(x)}


inputs = {"ordinary": one_neuron}


def by_hand(w, x):
    u = w * x
    loss = u * u + u
    #: value-lost: loss = u
    dw = (u + 1) * x
    #: ignored: dw = (2 * u + 1) * x
    #: term-lost: dw = 1 * x
    #: all-cut: dw = 0 * x
    #: no-x: dw = u + 1
    dw_attached = (2 * u + 1) * x
    #: product-rule: dw_attached = (u + 1) * x
    #: no-x-attached: dw_attached = 2 * u + 1
    return loss, dw, dw_attached


hints = r"""
Does detach() change a value, or a path?
u.detach() is a constant with the value of u. Differentiate u · constant + u.
The loss is u² + u. With detach the slope with respect to u is u + 1, without it 2u + 1. Each times x.
"""

slips = r"""
ignored: detach() is ignored: both factors pass a gradient
    The detached factor is a constant for backward().
    "On how many ways does u reach the loss, for backward()?"
term-lost: the whole product is taken for a constant
    Only one of its factors is detached. The other one passes a gradient, times that constant.
    "Is the first factor detached too?"
all-cut: detach() is taken to cut everything
    It cuts one path. u reaches the loss on others as well.
    "Which paths from u to the loss are left?"
value-lost: the detached factor is taken to be 0
    detach() keeps the value. Only its history is gone.
    "What does print(u.detach()) show?"
no-x: the factor x is missing: this is ∂𝓛/∂u
    w reaches u by a product with x.
    "You have the slope with respect to u. How do you get to w?"
product-rule: without detach() still only one of the two factors counts
    u is used twice in u · u, and slopes of uses add.
    "What is the derivative of u squared?"
no-x-attached: without detach() the factor x is missing: this is ∂𝓛/∂u
    w reaches u by a product with x.
    "You have the slope with respect to u. How do you get to w?"
"""
