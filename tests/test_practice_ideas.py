"""Mistakes that no slip holds, told by their values alone: the answers here have no source that could be searched."""

import numpy as np
import pytest

from backprop.practice import bank, check
from backprop.practice.ideas import IDEAS, MOST, results_of


def without_source(id, *edits):
    """The solution of an exercise with some of its text exchanged, as a function whose source nobody can read."""
    source = bank.find(id).solution
    for there, wrong in edits:
        assert source.count(there) == 1, there
        source = source.replace(there, wrong)
    return bank.find(id).function(source)


@pytest.mark.parametrize(
    "id, there, wrong, result, kind",
    [
        ("layers.attention", "P.swapaxes(1, 2) @ G", "(P.swapaxes(1, 2) @ G) @ np.eye(G.shape[-1])[::-1]", "dV", None),
        ("layers.attention", "(dP * P).sum(axis=-1", "(dP * P).sum(axis=0", "dQ", "axis"),
        ("depth.layernorm-backward", "x_hat * mean(g * x_hat)", "mean(g * x_hat)", "dX", "too many"),
        ("depth.layernorm-backward", "(g - through_mu", "(g + through_mu", "dX", "operation"),
        ("delta.backward", "W2.T @ delta2 * (1 - a1**2)", "W2.T @ delta2 * (1 - a1) ** 2", "dW1", "brackets"),
    ],
)
def test_an_idea_is_told_by_its_values(id, there, wrong, result, kind, own_record):
    words = check(id, without_source(id, (there, wrong))).message
    said = [line for line in words.splitlines() if line.startswith(f"{result} is what comes out where ")]
    assert said == ([f"{result} is what comes out where {IDEAS[kind]}."] if kind else []), words


def test_ideas_are_bounded_and_kept():
    exercise = bank.find("delta.layers")
    found = results_of(exercise)
    assert 50 < len(found) <= MOST and results_of(exercise) is found
    assert {kind for kind, _ in found} <= set(IDEAS)


def test_what_two_ideas_give_is_not_told(own_record):
    """A single number times two: several changes of the solution give it, and none is known to be meant."""
    exercise = bank.find("delta.b4")
    words = check("delta.b4", lambda delta: np.full((len(delta), 1), delta.sum())).message
    assert exercise is not None and words.count("is what comes out where") <= 1
