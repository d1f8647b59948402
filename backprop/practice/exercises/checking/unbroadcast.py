r"""Undoing a broadcast

An array of `shape` was broadcast, and `g` is the gradient with respect to the broadcast one. Return the gradient with
respect to the original, which has `shape`. Axes of length 1 were stretched, and new axes were put in front.
"""

from backprop.practice.exercises.make import normal, sizes

where = "checking#tape"
level, minutes = "interview", 5
exact = True


def broadcast_inputs(rng):
    n, m, B = sizes(rng, 3)
    return {"g": normal(rng, B, m, n), "shape": (m, 1)}


inputs = {
    "ordinary": broadcast_inputs,
    "a column": lambda rng: {"g": normal(rng, 3, 5), "shape": (3, 1)},
    "an axis in front": lambda rng: {"g": normal(rng, 6, 4), "shape": (4,)},
    "two axes of length 1": lambda rng: {"g": normal(rng, 2, 3, 5), "shape": (2, 1, 1)},
    "a single number": lambda rng: {"g": normal(rng, 4, 3), "shape": ()},
    "nothing was broadcast": lambda rng: {"g": normal(rng, 2, 5), "shape": (2, 5)},
}


def unbroadcast(g, shape):
    new = g.ndim - len(shape)
    summed = g.sum(axis=tuple(range(new)))
    #: mean-new: summed = g.mean(axis=tuple(range(new)))
    #: one-use-new: summed = g[(0,) * new]
    #: not-new: summed = g
    #: behind: summed = g.sum(axis=tuple(range(len(shape), g.ndim)))
    ones = tuple(i for i, n in enumerate(shape) if n == 1)
    result = summed.sum(axis=ones, keepdims=True)
    #: mean-ones: result = summed.mean(axis=ones, keepdims=True)
    #: one-use-ones: result = summed[tuple(slice(0, 1) if n == 1 else slice(None) for n in shape)]
    #: not-ones: result = summed
    #: axis-lost: result = summed.sum(axis=ones)
    return result


hints = r"""
A value that is broadcast is used many times. What happens to the slopes of its uses?
Two kinds of axes: those that were put in front, and those that had length 1. Find both.
Sum over the first g.ndim − len(shape) axes, then, keeping the axis, over those where shape is 1.
"""

slips = r"""
mean-new: the mean over the new axes, not the sum
    Each use counts in full. A mean belongs to the loss, if it says so, and not to a broadcast.
    "x is used three times. What is the slope of x + x + x?"
mean-ones: the mean over the stretched axes, not the sum
    Each use counts in full. The 1/B is in δ already.
    "x is used three times. What is the slope of x + x + x?"
one-use-new: only the first of the new axes' copies is counted
    Every copy of the array reaches the loss, not only the first.
    "How many copies of the array were made?"
one-use-ones: only the first of the stretched copies is counted
    Every copy of the entry reaches the loss, not only the first.
    "How often is this entry used?"
not-ones: the stretched axes are not summed over
    The result has the shape of the broadcast array, not of the original one.
    "Which shape must the gradient of b have?"
not-new: the new axes are not summed over
    Broadcasting puts axes in front, and each copy along them is a use.
    "b has shape (4,), g has (6, 4). What happened to b on its way?"
axis-lost: the stretched axes are summed away, and not kept with length 1
    The gradient has the shape of the original, (3, 1) and not (3,): else the update broadcasts once more.
    "b is (3, 1) and its gradient (3,). What does b minus the gradient give?"
behind: new axes are looked for at the end, not in front
    NumPy aligns shapes at the end, so a missing axis is the first one.
    "(6, 4) and (4,): which axes does NumPy line up?"
"""
