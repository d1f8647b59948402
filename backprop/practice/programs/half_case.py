"""
"A spam filter, in half precision to save memory: the passes are in float16, the weights in float32. Gradients are
scaled up, so that small ones aren't rounded to 0. A step is left out where that overflows, and gradients are clipped at
a norm of 1. It may start from any weights, and meet logits of any size."

"On other days it told nine mails of ten. Today the loss is inf from the first step on, and half of the mails are
wrong."
"""

import numpy as np

from backprop.practice.planting import Bug, Collected

TITLE = "Half precision, and inf"
MINUTES = 15
PLANTED = ("naive", "clipped-scaled")
BUGS = {
    "naive": Bug(
        "the loss overflows at large logits",
        "exp of a logit above 88 is inf in single precision. max(z, 0) + log(1 + e^−|z|) − y z is the same, and stays "
        "finite. The gradient is formed from p − y and doesn't notice: the loss alone is wrong.",
    ),
    "clipped-scaled": Bug(
        "the gradients are clipped before they are unscaled",
        "What is clipped is thousands of times the gradient, and its square overflows in half precision: the step "
        "becomes tiny, or 0. Unscale first.",
        at=("dw, db = clip(dw, db)",),
    ),
    "half-master": Bug(
        "the weights themselves are in half precision",
        "A step that is less than about a thousandth of a weight is rounded away, so training stops early.",
    ),
    "scaled-late": Bug(
        "the gradient is scaled after it was rounded",
        "What was rounded to 0 stays 0. The scale has to be multiplied in before the cast to half precision.",
    ),
    "divides-by-0": Bug(
        "clipping divides by a norm that may be 0",
        "Where all gradients are 0, limit / norm is inf, min takes 1 of it, and NumPy warns; for 0/0 it would be nan.",
    ),
    "never-halved": Bug(
        "the scale grows after an overflow",
        "It should be halved. Doubled, it overflows again and again, and no step is taken any more.",
    ),
}

case = Collected()


@case.sees("naive")
def large_logits_have_a_finite_loss(p):
    with np.errstate(all="ignore"):
        value = p.losses(np.array([1000.0, -1000.0], dtype=np.float32), np.array([1, 0]))
    assert np.isfinite(value).all() and np.allclose(value, 0), "A logit of 1000 that is right should cost 0."


@case.sees("naive", nearly=True)
def and_the_right_one(p):
    with np.errstate(all="ignore"):
        value = p.losses(np.array([1000.0, -1000.0, 2.0], dtype=np.float32), np.array([0, 1, 1]))
    assert np.allclose(value, [1000, 1000, np.log1p(np.exp(-2))]), (
        "A logit of 1000 that is wrong should cost 1000: it was cut off."
    )


def recorded(p, **settings):
    """(the arrays that were clipped, what came back) of a training of one step or more."""
    seen, clip = [], p.clip
    p.clip = lambda dw, db, *more: (seen.append(dw.copy()), clip(dw, db, *more))[1]
    X, y = np.eye(4), np.array([1, 0, 1, 0])
    with np.errstate(all="ignore"):
        back = p.train(np.zeros(4), 0.0, X, y, **settings)
    return seen, back


@case.sees("clipped-scaled")
def what_is_clipped_is_the_gradient(p):
    """At w = 0 each entry of the gradient is 0.5 / 4 in size, whatever the scale."""
    seen = recorded(p, steps=1, scale=1024.0)[0]
    assert seen and np.allclose(np.abs(seen[0]), 0.125), "What is clipped isn't the gradient, but a multiple of it."


@case.sees("clipped-scaled", nearly=True)
def the_step_is_the_rate_times_the_gradient(p):
    w = recorded(p, steps=1, eta=0.1, scale=1024.0)[1][0]
    assert np.allclose(np.abs(w), 0.0125), "A first step isn't the rate times the gradient."


@case.sees("half-master")
def small_steps_are_not_lost(p):
    p.clip = lambda dw, db, *more: (dw, db)
    with np.errstate(all="ignore"):
        w = p.train(np.ones(4), 0.0, np.eye(4), np.array([1, 0, 1, 0]), steps=5, eta=1e-4, scale=1024.0)[0]
    assert (w != 1).all(), "With a rate of 1e-4, a weight of 1 doesn't move at all."


@case.sees("scaled-late")
def a_small_gradient_survives(p):
    z, y = np.full(4, -16.0, dtype=np.float32), np.zeros(4)
    dw, _ = p.scaled_gradients(z, y, np.eye(4), 4096.0)
    assert dw.all(), "Where p − y is 1e-7, the scaled gradient is 0."


@case.sees("divides-by-0")
def no_gradient_is_clipped_quietly(p):
    with np.errstate(divide="raise", invalid="raise"):
        dw, db = p.clip(np.zeros(2, dtype=np.float32), np.float32(0))
    assert not dw.any() and db == 0, "Gradients of 0 don't stay 0."


@case.sees("never-halved")
def it_finds_its_scale(p):
    """From a scale that overflows, it gets to one that doesn't, and moves."""
    p.clip = lambda dw, db, *more: (dw, db)
    w = recorded(p, steps=30, scale=2.0**20)[1][0]
    assert w.any(), "Beginning with a scale that overflows, no step is ever taken."


@case.holds
def long_gradients_are_clipped(p):
    dw, db = p.clip(np.array([3.0, 4.0]), 12.0)
    assert np.isclose(np.sqrt((dw**2).sum() + db**2), 1), "Long gradients aren't clipped to 1 any more."
