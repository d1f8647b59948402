"""Muon and Lion against their papers' lines, written a second time, and against PyTorch's stored run."""

import json
from pathlib import Path

import numpy as np
import pytest

from backprop import MLP
from backprop.optimizers import AdamW
from backprop.today.rules import Lion, Muon, newton_schulz

REFERENCE = json.loads(Path(__file__).with_name("today_reference.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("decay", [0.0, 0.1])
def test_lion_is_the_paper_s_program(decay):
    """Algorithm 2 of Chen et al. (2023), entry by entry, in plain numbers."""
    rng = np.random.default_rng(0)
    rule, w = Lion(0.01, 0.9, 0.99, weight_decay=decay), rng.normal(size=(3, 2))
    state, want, average = rule.start(), w.copy(), np.zeros((3, 2))
    for g in rng.normal(size=(5, 3, 2)):
        rule.step(w, g, state)
        for at in np.ndindex(3, 2):
            blend = 0.9 * average[at] + (1 - 0.9) * g[at]
            want[at] -= 0.01 * ((1 if blend > 0 else -1) + decay * want[at])
            average[at] = 0.99 * average[at] + (1 - 0.99) * g[at]
    np.testing.assert_allclose(w, want, rtol=1e-13)


@pytest.mark.parametrize("shape", [(4, 4), (3, 7), (7, 3), (1, 5), (6, 2)])
def test_newton_schulz_acts_on_the_singular_values_alone(shape):
    """U and V stay, and each value goes through the polynomial: by the SVD, which the code doesn't know."""
    M = np.random.default_rng(0).normal(size=shape)
    U, s, Vt = np.linalg.svd(M, full_matrices=False)
    s = s / (np.linalg.norm(M) + 1e-7)
    for _ in range(5):
        s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5
    np.testing.assert_allclose(newton_schulz(M), U * s @ Vt, rtol=0, atol=1e-11)
    assert 0.67 < s.min() and s.max() < 1.22


def test_muon_steps_as_pytorch_does():
    """Which computes in bfloat16, so two digits agree: signs, the factor of tall matrices, the decay, the order."""
    for case in REFERENCE["muon"]:
        w, rule = np.array(case["w"]), Muon(0.02, 0.95, weight_decay=0.1)
        state, before = rule.start(), np.array(case["w"])
        for g in case["gradients"]:
            rule.step(w, np.array(g), state)
        moved, want = w - before, np.array(case["stepped"]) - before
        assert np.linalg.norm(moved - want) < 0.03 * np.linalg.norm(want)


def gradients_of(net):
    rng = np.random.default_rng(1)
    return net.backward(net.forward(rng.normal(size=(3, 5))), rng.normal(size=(2, 5)))


def test_what_is_no_hidden_matrix_gets_another_rule():
    """Biases are AdamW's, or another's; a matrix is not."""
    net, other = (MLP([3, 4, 2], seed=0) for _ in range(2))
    Muon(0.02, others=AdamW(0.5)).update(net, gradients_of(net))
    AdamW(0.5).update(other, gradients_of(other))
    assert all(np.array_equal(a, b) for a, b in zip(net.b[1:], other.b[1:]))
    assert not any(np.allclose(a, b) for a, b in zip(net.W[1:], other.W[1:]))


def test_each_remembers_one_number_for_each_weight():
    assert len(Lion().memory) == len(Muon().memory) == 1 and len(AdamW().memory) == 2


@pytest.mark.parametrize("make", [lambda: Lion(beta1=1.0), lambda: Muon(beta=-0.1), lambda: Lion(eta=0)])
def test_settings_out_of_range_are_refused(make):
    with pytest.raises(ValueError, match=r"^(beta1?|eta) is "):
        make()
