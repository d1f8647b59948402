r"""The central difference

Return the central-difference estimate of $f'(x)$ with step `h`. `f` takes a number and returns one.
"""

from backprop.practice.exercises.make import normal, wave

where = "checking#nudge"
level, minutes = "recall", 2
inputs = {"ordinary": lambda rng: {"f": wave, "x": float(normal(rng)), "h": 0.01}}


def derivative(f, x, h):
    up = f(x + h)
    down = f(x - h)
    #: forward: down = f(x)
    #: half-step: down = f(x)
    slope = (up - down) / (2 * h)
    #: forward: slope = (up - down) / h
    #: no-two: slope = (up - down) / h
    #: no-parentheses: slope = (up - down) / 2 * h
    #: sign: slope = (down - up) / (2 * h)
    #: plus: slope = (up + down) / (2 * h)
    return slope


hints = r"""
Look at f on both sides of x.
Rise over run. How far apart are the two points?
(f(x + h) − f(x − h)) / (2h).
"""

slips = r"""
forward: a forward difference, not a central one
    One foot stands at x. The error shrinks with h, where the central one shrinks with h².
    "Expand f(x + h) by Taylor. Which term of the error could a second point remove?"
half-step: the lower point is x, but the run is 2h
    The two points are h apart, and the rise is divided by 2h: this is half the slope.
    "How far apart are your two points?"
no-two
no-parentheses: multiplied by h, not divided: the parentheses of 2h are missing
    Python reads / 2 * h from left to right: a half, times h.
    "In which order does Python carry out the last line?"
sign: the difference is taken the wrong way round
    Upper minus lower belongs over +2h. This has the opposite sign.
    "Try it on f(x) = x. What sign should the slope have?"
plus: the two values are added, not subtracted
    Their sum over 2h is about f(x)/h. A slope comes from a difference.
    "What should your estimate be for a constant function?"
"""
