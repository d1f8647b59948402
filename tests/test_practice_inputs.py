"""Mistakes that only one case of an exercise's inputs can see: each is right on all the others."""

import numpy as np
import pytest

from backprop.practice import check


def quotient_for_slope(X, keep, p, training, G):
    """The slope of dropout read off as Y/X, and as 1 where X is 0."""
    Y = X * keep / (1 - p) if training else X
    return Y, G * np.divide(Y, X, out=np.ones_like(X), where=X != 0)


def slope_kept(X, keep, p, training, G):
    factor = keep / (1 - p) if training else 1
    return X * factor, G * factor


def numeric(loss, values, other, h):
    found = np.zeros(values.shape)
    for i in np.ndindex(values.shape):
        kept = values[i]
        values[i] = kept + h
        up = loss(*other)
        values[i] = kept - h
        found[i] = (up - loss(*other)) / (2 * h)
        values[i] = kept
    return found


def verdicts(size):
    """A gradient check whose relative error divides by `size(claimed, numeric)`."""

    def answer(loss, W, b, *claims_and_bounds):
        dW, db, h, tolerance = claims_and_bounds
        both = [(claimed, numeric(loss, values, (W, b), h)) for values, claimed in ((W, dW), (b, db))]
        return tuple(np.linalg.norm(c - n) / size(c, n) < tolerance for c, n in both)

    return answer


def by_both(claimed, numeric):
    return np.linalg.norm(claimed) + np.linalg.norm(numeric)


def by_larger(claimed, numeric):
    return max(np.linalg.norm(claimed), np.linalg.norm(numeric))


def softmax_less(shift):
    """The backward pass of a softmax, with `shift` of the logits taken off before the exponential."""

    def answer(z, g, axis):
        e = np.exp(z - shift(z, axis=axis, keepdims=True))
        p = e / e.sum(axis=axis, keepdims=True)
        return p * (g - (p * g).sum(axis=axis, keepdims=True))

    return answer


CASES = [
    ("layers.dropout", slope_kept, [quotient_for_slope], "after a ReLU"),
    (
        "checking.verdict",
        verdicts(by_both),
        [
            verdicts(lambda claimed, numeric: np.linalg.norm(numeric)),
            verdicts(lambda claimed, numeric: np.linalg.norm(claimed)),
            verdicts(by_larger),
        ],
        "off by three quarters of the tolerance",
    ),
    ("layers.softmax", softmax_less(np.max), [softmax_less(np.min)], "logits of 1000, by columns"),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(("exercise", "right", "mistakes", "case"), CASES, ids=[id for id, *_ in CASES])
def test_one_case_sees_what_the_others_do_not(exercise, right, mistakes, case):
    assert check(exercise, right).passed
    for mistake in mistakes:
        verdict = check(exercise, mistake)
        assert not verdict.passed
        assert f"It is wrong on: {case}." in verdict.message, verdict
