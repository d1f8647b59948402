r"""A step with momentum

Return the new `w` and the new `v` after one step with momentum, in the form without $(1-\beta)$.
"""

from backprop.practice.exercises.make import momentum_inputs

where = "rules#momentum"
level, minutes = "recall", 2
inputs = {"ordinary": momentum_inputs}


def momentum(w, g, v, eta, beta):
    #: old-v+:     w = w - eta * v
    v = beta * v + g
    #: average: v = beta * v + (1 - beta) * g
    #: no-beta: v = v + g
    #: rate-inside: v = beta * v + eta * g
    #: step-kept: v = beta * v - eta * g
    w = w - eta * v
    #: old-v:
    #: no-memory: w = w - eta * g
    #: rate-inside: w = w - v
    #: step-kept: w = w + v
    #: ascent: w = w + eta * v
    return w, v


hints = r"""
v remembers past gradients, each weighted by one more power of β.
Update v first. The step then follows v, not g.
v ← βv + g, then w ← w − ηv.
"""

slips = r"""
step-kept: v holds the step itself, with the rate and the minus in it
    That form circulates too: v ← βv − ηg, w ← w + v. Here v collects gradients, and a new η acts on all at once.
    "What does v hold in your form, and what happens to it when the rate changes?"
average: a factor 1 − β on the gradient: this is the averaging form
    That form circulates too, and its steps are 1 − β times as long. Here the gradient enters whole.
    "Which form of momentum is this, and what does it do to the learning rate?"
old-v: the step uses the old v
    v is updated first. With the old v the present gradient does not act until the next step.
    "Does this step know the gradient that you just computed?"
no-memory: the step follows g, not v
    Then v is kept but never used, and this is plain gradient descent.
    "Where does v enter the step?"
no-beta: β is missing, so v never forgets
    Then v is the sum of all gradients so far.
    "How does an old gradient lose its weight?"
rate-inside: η multiplies g inside v
    That is another convention. It agrees while η is constant, but its v is η times this one.
    "What happens to your v when the learning rate changes in the middle of training?"
ascent
    v points uphill, as g does. Descent subtracts it.
"""
