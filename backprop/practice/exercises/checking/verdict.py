r"""A gradient check that misses no parameter

`loss(W, b)` is a number, `dW` and `db` are its claimed gradients. Check each against central differences with step `h`.
Return `(ok_W, ok_b)`: for each parameter, whether its relative error by norm (both norms added below) is under
`tolerance`. Leave `W` and `b` as they were.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "checking#deceived"
level, minutes = "interview", 8


def layer_with_claims(factor_W=1.0, factor_b=1.0, scale=1.0, far=0.0, change=None):
    """A maker of inputs: a linear layer's loss, and claimed gradients, right up to the factors and `change`."""

    def inputs(rng):
        n, m, B = 3, 2, 4  # few entries, for each slip that is tried nudges them all
        X, Y = normal(rng, n, B), normal(rng, m, B) + far
        W, b = normal(rng, m, n), normal(rng, m, 1)

        def loss(W, b):
            residual = W @ X + b - Y
            return scale * 0.5 / B * np.vdot(residual, residual)

        delta = scale * (W @ X + b - Y) / B
        dW, db = delta @ X.T * factor_W, delta.sum(axis=1, keepdims=True) * factor_b
        if change:
            change(dW, db)
        return {"loss": loss, "W": W, "b": b, "dW": dW, "db": db, "h": 1e-5, "tolerance": 1e-6}

    return inputs


def some_claims(rng):
    """Each of the two claimed gradients right, twice too big, or never computed."""
    return layer_with_claims(*rng.choice([0.0, 1.0, 2.0], 2, replace=False))(rng)


def wrong_last(dW, db):
    dW[-1, -1] *= 1.5
    db[-1] *= -1


def cancelling(dW, db):
    dW += np.array([[0.3], [-0.3]])
    db += np.array([[0.2], [-0.2]])


inputs = {
    "ordinary": some_claims,
    "both right": layer_with_claims(),
    "both twice too big": layer_with_claims(2.0, 2.0),
    "wrong signs": layer_with_claims(-2.0, -1.0),
    "off by three quarters of the tolerance": layer_with_claims(1 + 1.5e-6, 1 - 1.5e-6),  # of one norm, by more than it
    "off by four times the tolerance": layer_with_claims(1 + 8e-6, 1 - 8e-6),  # and by less than h
    "off, and tiny": layer_with_claims(1.3, 0.9, scale=1e-7),
    "right, and huge": layer_with_claims(scale=1e7),
    "the last entry wrong": layer_with_claims(change=wrong_last),
    "errors that cancel in a sum": layer_with_claims(change=cancelling),
    "twice too big, with errors that cancel": layer_with_claims(2.0, 2.0, change=cancelling),
    "db never computed, the loss large": layer_with_claims(1.0, 0.0, far=1e3),
    "errors that cancel, the loss large": layer_with_claims(far=1e3, change=cancelling),
}


def check_layer(loss, W, b, dW, db, h, tolerance):
    verdicts = []
    for values, claimed in ((W, dW), (b, db)):
        numeric = np.zeros(values.shape)
        for i in np.ndindex(values.shape):
            kept = values[i]
            values[i] = kept + h
            up = loss(W, b)
            values[i] = kept - h
            #: forward: values[i] = kept
            down = loss(W, b)
            values[i] = kept
            #: forward: numeric[i] = (up - down) / h
            numeric[i] = (up - down) / (2 * h)
            #: no-two: numeric[i] = (up - down) / h
            #: forward:
        distance = np.linalg.norm(claimed - numeric)
        #: norms: distance = abs(np.linalg.norm(claimed) - np.linalg.norm(numeric))
        #: signed: distance = abs(np.sum(claimed - numeric))
        size = np.linalg.norm(claimed) + np.linalg.norm(numeric)
        verdicts.append(distance / size < tolerance)
        #: absolute: verdicts.append(distance < tolerance)
        #: better: verdicts.append(distance / size > tolerance)
    ok_W, ok_b = verdicts
    #: no-bias: ok_W, ok_b = verdicts[0], True
    #: all-or-none: ok_W, ok_b = all(verdicts), all(verdicts)
    return ok_W, ok_b


hints = r"""
Write the numerical gradient of one array first, then do the same for both parameters.
Nudge W and b in place, entry by entry, and put each entry back. Then compare by relative error.
For (W, dW) and (b, db): numeric[i] = (up − down)/(2h), then ‖claimed − numeric‖ / (‖claimed‖ + ‖numeric‖) < tolerance.
"""

slips = r"""
no-bias: the bias is not checked
    A db that was never computed passes. It is the mistake that only a check can see.
    "Suppose somebody returns zeros for db. What does your check say?"
all-or-none: one verdict for all, not one for each parameter
    A failing check should point at the formula: (B3) for dW, (B4) for db.
    "Your check fails. Which line of the backward pass do you look at?"
absolute: the absolute error is compared with the tolerance
    Tiny gradients pass whatever they are, and large ones fail by rounding.
    "The loss is multiplied by 1e-7. Does your verdict change? Should it?"
norms: the norms are compared, not the gradients
    A flipped sign has the same norm, and so has a permuted row.
    "Would your check notice the opposite sign?"
signed: the differences are added with their signs
    An entry too large and one too small cancel.
    "One entry is off by +0.3, another by −0.3. What do you report?"
no-two
    The estimate is twice too big: right gradients fail, and gradients twice too big pass.
    "Run your check on f(x) = x. What is the estimate?"
forward: forward differences, which are too coarse for this tolerance
    Their error is of the order of h, about 1e-5. It does not fit under 1e-6, and a right gradient fails.
    "What is the error of your estimate, as a power of h?"
better: the comparison is the wrong way round
    A small relative error is good news.
    "Which verdict does an error of 0 get?"
"""
