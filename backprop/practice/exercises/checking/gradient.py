r"""A numerical gradient, entry by entry

`f` takes an array and returns a number. Return its gradient at `x`, of the shape of `x`, by central differences with
step `h`. `x` may hold whole numbers, and must be left as it was.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "checking#nudge"
level, minutes = "interview", 5


def energy(x):
    """A smooth number for an array, in which every entry meets its neighbor."""
    v = x.ravel()
    return np.sum(np.sin(v) * v) + np.sum(v[1:] * v[:-1] ** 2)


def gradient_inputs(rng):
    n, m = sizes(rng, 2)
    return {"f": energy, "x": normal(rng, min(n, 3), min(m, 3) + 3), "h": 1e-3}


inputs = {
    "ordinary": gradient_inputs,
    "an array of whole numbers": lambda rng: {"f": energy, "x": np.array([[2, -1, 3], [1, 4, -2]]), "h": 1e-3},
}


def numeric_gradient(f, x, h):
    v = np.array(x, dtype=np.float64)
    #: whole: v = np.array(x)
    g = np.zeros(v.shape)
    #: whole-result: g = np.zeros_like(x)
    for i in np.ndindex(v.shape):
        #: rows: for i in range(len(v)):
        kept = v[i]
        v[i] = kept + h
        up = f(v)
        v[i] = kept - h
        #: forward: v[i] = kept
        #: half-step: v[i] = kept
        down = f(v)
        v[i] = kept
        #: forward: g[i] = (up - down) / h
        #: not-restored:
        g[i] = (up - down) / (2 * h)
        #: forward:
        #: no-two: g[i] = (up - down) / h
        #: sign: g[i] = (down - up) / (2 * h)
    return g


hints = r"""
Work on a float64 copy, and go through its entries with np.ndindex(x.shape).
Move one entry up and look at f, then down and look at f. Which other entries may have moved?
Keep the entry, set it to kept + h, then to kept − h, put it back, and store (up − down) / (2h).
"""

slips = r"""
whole: an array of whole numbers is not made float64
    An integer array cuts off what is added: x + h is x again, and x − h is a whole step away.
    "What happens when x is np.array([1, 2, 3])?"
forward: a forward difference, not a central one
    The estimate is off by about h/2 times the second derivative. The central one is off by h² only.
    "What is the order of your error in h?"
half-step: the lower point is x, but the run is 2h
    The two points are h apart, and the rise is divided by 2h: this is half the slope.
    "How far apart are the two points at which you look at f?"
no-two
    From kept − h to kept + h the run is 2h. Without the 2 every entry is twice too big.
    "Try it on f(x) = x.sum(). What do you get?"
not-restored: the entry is not put back
    Each entry stays at kept − h, so the later ones are measured at another point.
    "Where is x when you come to the second entry?"
sign: the difference is taken the wrong way round
    Upper minus lower belongs over +2h. This is the gradient with the opposite sign.
    "Try it on f(x) = x.sum(). What sign should come out?"
whole-result: the result takes the type of x, and cuts its entries off
    For an array of whole numbers np.zeros_like(x) holds whole numbers.
    "What type has your result when x is np.array([1, 2, 3])?"
rows: the loop runs over the rows, and moves a whole row at once
    Then each entry of a row holds the sum of the row's slopes.
    "How many entries has x, and how often do you call f?"
"""
