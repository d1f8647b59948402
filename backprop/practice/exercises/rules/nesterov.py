r"""A Nesterov step

Return the new `w` and `v` after one Nesterov step, in the form of the frameworks, where `g` is the gradient at `w`.
"""

from backprop.practice.exercises.make import momentum_inputs

where = "rules#momentum"
level, minutes = "apply", 3
inputs = {"ordinary": momentum_inputs}


def nesterov(w, g, v, eta, beta):
    v = beta * v + g
    #: average: v = beta * v + (1 - beta) * g
    w = w - eta * (g + beta * v)
    #: momentum: w = w - eta * v
    #: no-g: w = w - eta * (beta * v)
    #: beta-once: w = w - eta * (g + v)
    #: ascent: w = w + eta * (g + beta * v)
    return w, v


hints = r"""
v is updated as in momentum.
The step adds to g what momentum is going to carry next.
v ← βv + g, then w ← w − η(g + βv) with the new v.
"""

slips = r"""
momentum: this is plain momentum: it does not look ahead
    Nesterov adds the part of the next step that is known already, βv with the new v. With the old v, g + βv is the new
        v, so nothing is gained.
    "What distinguishes this from momentum?"
no-g: g is missing from the step
    The look ahead is added to the present gradient. It does not replace it.
    "How much of the present gradient is in your step?"
beta-once: β is missing before v in the step
    The next step carries βv, not v.
    "By how much will momentum carry w in the next step?"
average: a factor 1 − β on the gradient: this is the averaging form
    That form circulates too, and its v is 1 − β times as large. Here the gradient enters whole.
    "Which form of momentum is this, and what does it do to the learning rate?"
ascent
    g and v point uphill. Descent subtracts them.
"""
