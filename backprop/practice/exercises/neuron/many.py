r"""Many inputs: ∂𝓛/∂w and ∂𝓛/∂x

`w` is a row $(1,n)$, `x` a column $(n,1)$, `b` and `y` are numbers. With $z=wx+b$, $a=\sigma(z)$ and $\mathcal
L=\tfrac12(a-y)^2$, return $\partial\mathcal L/\partial w$ and $\partial\mathcal L/\partial x$, each in the shape of
what it belongs to.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "neuron#inputs"
exact = True
level, minutes = "apply", 4


def row_inputs(rng):
    n = int(rng.integers(3, 7))
    w, x = normal(rng, 1, n), normal(rng, n, 1)
    return {"w": w, "x": x, "b": np.float64(normal(rng)), "y": np.float64(rng.uniform(0.1, 0.9))}


inputs = {"ordinary": row_inputs}


def neuron_backward(w, x, b, y):
    z = w @ x + b
    #: no-bias: z = w @ x
    a = 1 / (1 + np.exp(-z))
    delta = (a - y) * a * (1 - a)
    #: no-slope: delta = (a - y)
    #: sign: delta = (y - a) * a * (1 - a)
    dw = delta @ x.T
    #: dw-column: dw = x @ delta
    #: dw-weight: dw = delta @ w
    dx = w.T @ delta
    #: dx-row: dx = delta @ w
    #: dx-input: dx = x @ delta
    #: dx-slope: dx = w.T @ delta * x * (1 - x)
    return dw, dx


hints = r"""
δ is as before, in the shape (1, 1). Which shapes must the two gradients have?
∂z/∂w_j = x_j, and ∂z/∂x_j = w_j.
A row comes from δ and x transposed, a column from w transposed and δ.
"""

slips = r"""
dw-column: ∂𝓛/∂w is a column, but w is a row
    The numbers are right. The gradient has the shape of its parameter, or the update breaks.
    "What shape does w have, and what shape does your gradient have?"
dx-row: ∂𝓛/∂x is a row, but x is a column
    The numbers are right. The layer below expects the shape of its output.
    "What shape does x have, and what shape does your gradient have?"
dw-weight: ∂𝓛/∂w is built from w instead of x
    ∂z/∂w_j is what the weight multiplies, and that is x_j.
    "If one input were 0, what would the gradient of its weight be?"
dx-input: ∂𝓛/∂x is built from x instead of w
    ∂z/∂x_j is what the input is multiplied by, and that is w_j.
    "If one weight were 0, how much would its input matter?"
dx-slope: ∂𝓛/∂x has a slope too much
    x is an input here. The activation of a layer below, if there is one, comes in that layer's δ.
    "Which step of the chain is that last factor?"
no-slope
    "How does a change of z reach the loss? Name every step."
sign
no-bias
"""
