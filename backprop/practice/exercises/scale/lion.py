r"""Lion's step

One step of Lion: the direction is the sign of a blend of the average $m$ and the gradient with $\beta_1$; the decay
`decay` is added to it; and the average then takes in the gradient with $\beta_2$. Return the new weights and the new
average.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "scale#more"
level, minutes = "apply", 3
returns = ("w", "m")


def lion_inputs(rng):
    """In the first row m nearly makes up for g, so that the sign depends on which m is blended."""
    given = {name: normal(rng, 3, 4) for name in ("w", "m", "g")}
    given["m"][0] = -0.117 * given["g"][0]
    return given | {"beta1": 0.9, "beta2": 0.99, "eta": 0.01, "decay": 0.1}


inputs = {"ordinary": lion_inputs}


def lion(w, m, g, beta1, beta2, eta, decay):
    c = beta1 * m + (1 - beta1) * g
    #: of-g: c = g
    #: beta-2-first: c = beta2 * m + (1 - beta2) * g
    #: no-one-minus: c = beta1 * m + g
    #: average-first: c = beta1 * (beta2 * m + (1 - beta2) * g) + (1 - beta1) * g
    w = w - eta * (np.sign(c) + decay * w)
    #: no-sign: w = w - eta * (c + decay * w)
    #: decay-in-sign: w = w - eta * np.sign(c + decay * w)
    #: no-decay: w = w - eta * np.sign(c)
    m = beta2 * m + (1 - beta2) * g
    #: beta-1-last: m = beta1 * m + (1 - beta1) * g
    return w, m


hints = r"""
Two blends of m and g, with two betas. Which of them is used, and which is kept?
sign of the β₁ blend makes the step; the β₂ blend is the new m. The decay stands beside the sign.
c = β₁m + (1−β₁)g; w − η(sign(c) + λw); m = β₂m + (1−β₂)g.
"""

slips = r"""
no-sign: the blend itself is the step
    Every entry moves by η, whatever its size.
    "How far does an entry with a tiny gradient move?"
of-g: the sign is that of the gradient alone
    The direction is the sign of a blend with the average.
    "What is your m for?"
beta-2-first: the step uses β₂, where β₁ belongs
    β₁ is the smaller: the step listens to the gradient more than the average does.
    "Which of the two should follow the gradient faster?"
average-first: the average takes in the gradient before the step is made
    The step blends g with the average as it was. Adam is the other way around: it renews its averages first.
    "How often does the newest gradient enter your direction?"
beta-1-last: the blend of the step, with β₁, is kept as the average
    They have different betas. β₂ is the larger: the average has a long memory.
    "Which of the two should follow the gradient faster?"
no-one-minus: the gradient enters the blend whole
    The weights of the blend sum to 1.
    "What do your weights sum to?"
decay-in-sign: the decay is inside the sign
    Then it only votes on the direction. It is decoupled, and acts by its size.
    "How much does a weight of 10 shrink, beside one of 0.1?"
no-decay: the decay is forgotten
    It stands beside the sign, times w.
    "The gradient is 0 for a long time. What becomes of the weight?"
"""
