r"""Reverse mode by hand

$u=xw$, $v=u+x$, $y=uv$. By hand, with the numbers that `show` gives: $\bar v=\partial y/\partial v$, $\bar u$, $\bar x$
and $\bar w$, in this order.
"""

where = "checking#tape"
level, minutes = "apply", 4
kind = "number"
starter = "(1, 2, 3, 4)"


def friendly(rng):
    x, w = rng.permutation([2, 3, 4, 5])[:2]
    return {"x": int(x), "w": int(rng.choice([-1, 1]) * w)}


inputs = {"ordinary": friendly}


def by_hand(x, w):
    u = x * w
    v = u + x
    bar_v = u
    #: own-factor: bar_v = v
    bar_u = v + bar_v
    #: u-one-path: bar_u = v
    #: u-overwritten: bar_u = bar_v
    bar_x = bar_u * w + bar_v
    #: x-one-path: bar_x = bar_u * w
    #: x-overwritten: bar_x = bar_v
    #: x-own: bar_x = bar_u * x + bar_v
    bar_w = bar_u * x
    #: w-own: bar_w = bar_u * w
    return bar_v, bar_u, bar_x, bar_w


hints = r"""
Draw the graph. Which values are used twice?
Start from ȳ = 1. y = uv gives v̄ at once. ū has one term from y and one from v.
v̄ = u, ū = v + v̄, x̄ = ū w + v̄, w̄ = ū x.
"""

slips = r"""
u-one-path: ū lacks the path through v
    u is used twice, in v and in y. Slopes of paths add.
    "Which values use u?"
u-overwritten: ū was overwritten: the term from y is lost
    The second use replaced the first. It should be added to it.
    "Which terms has ū, and from where?"
x-one-path: x̄ lacks the path through v
    x is used in u and, directly, in v.
    "Which values use x?"
x-overwritten: x̄ lacks the path through u
    x is used in u as well, and u in y.
    "Which values use x?"
own-factor: a factor's slope is the other factor, not itself
    In y = uv the slope with respect to v is u.
    "Hold u still, and move v. How fast does y move?"
w-own: w̄ is multiplied by w instead of x
    u = xw: the slope with respect to w is x.
    "How fast does u move with w?"
x-own: the path of x through u is multiplied by x instead of w
    u = xw: the slope with respect to x is w.
    "How fast does u move with x?"
"""
