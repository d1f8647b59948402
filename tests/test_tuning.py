"""Adapters, preferences, policy gradients and the classics' losses: against the forward pass written a second time,
which autograd and complex steps follow, and what the text claims about them."""

import autograd.numpy as anp
import numpy as np
import pytest
from layer_cases import AXES, LEADING, Row, constant, pair
from test_layers import demand_examples, demand_leading_axes

from backprop import layers
from backprop.activations import sigmoid
from backprop.today import losses
from backprop.today.adapters import LEVELS, adapted, adapted_backward, dequantize, merged, quantize
from backprop.today.preferences import (
    clipped_policy_loss,
    clipped_policy_loss_backward,
    group_advantage,
    log_probabilities,
    log_probabilities_backward,
    preference_loss,
    preference_loss_backward,
)


def log_sigmoid(x):
    return -anp.log(1 + anp.exp(-x))


def low_rank(pick, rng):
    stack, (n, m, r), scale = pick(LEADING), (pick(AXES) for _ in range(3)), pick((0.5, 2.0))
    W = dequantize(*quantize(rng.normal(size=(n, m)), 4), 4)  # frozen, and read from four bits
    X, A, B = (rng.normal(size=shape) for shape in ((*stack, n), (n, r), (r, m)))

    def oracle(X, A, B):
        whole = W + scale * anp.sum(A[:, :, None] * B[None], axis=1)
        return anp.sum(X[..., None] * whole, axis=-2)

    forward = lambda X, A, B: adapted(X, W, A, B, scale)  # noqa: E731
    return pair(forward, lambda G, X, A, B: adapted_backward(G, X, W, A, B, scale), oracle, X, A, B)


def chosen_tokens(pick, rng):
    shape, V = pick(LEADING), pick(AXES)
    tokens = rng.integers(V, size=shape)
    hot = np.eye(V)[tokens]

    def oracle(Z):
        return anp.sum(hot * (Z - anp.log(anp.sum(anp.exp(Z), axis=-1, keepdims=True))), axis=-1)

    backward = lambda G, Z: [log_probabilities_backward(G, Z, tokens)]  # noqa: E731
    return pair(lambda Z: log_probabilities(Z, tokens), backward, oracle, rng.normal(size=(*shape, V)))


def clipped(pick, rng):
    """Ratios on either side of both limits; the oracle takes each of min's two branches by hand."""
    shape, clip = pick(LEADING), pick((0.1, 0.2, 0.5))
    old, A, new = (rng.normal(size=shape) for _ in range(3))
    new = old + 0.5 * new

    def oracle(log_p):
        ratio = anp.exp(log_p - old)
        now = constant(ratio)
        free = ((A >= 0) & (now <= 1 + clip)) | ((A < 0) & (now >= 1 - clip))
        held = np.where(A >= 0, 1 + clip, 1 - clip)
        return -anp.mean(A * (free * ratio + (1 - free) * held))

    backward = lambda G, log_p: [G * clipped_policy_loss_backward(log_p, old, A, clip)]  # noqa: E731
    return pair(lambda log_p: clipped_policy_loss(log_p, old, A, clip), backward, oracle, new)


def preferred(pick, rng):
    shape, beta = pick(LEADING), pick((0.1, 0.5))
    chosen, rejected, *refs = (5 * rng.normal(size=shape) for _ in range(4))

    def backward(G, chosen, rejected):
        return [G * d for d in preference_loss_backward(chosen, rejected, *refs, beta)]

    def oracle(chosen, rejected):
        return -anp.mean(log_sigmoid(beta * (chosen - refs[0] - rejected + refs[1])))

    return pair(lambda *both: preference_loss(*both, *refs, beta), backward, oracle, chosen, rejected)


def entrywise(loss, oracle):
    """A Case of a loss that returns values and slopes; arrays are no nearer than 1e-3 to a kink at 0 or ±1."""

    def make(pick, rng):
        x = 3 * rng.normal(size=pick(LEADING))
        x = np.where(np.abs(np.abs(x) - np.round(np.abs(x))) < 1e-3, x + 0.01, x)
        return pair(lambda x: loss(x)[0], lambda G, x: [G * loss(x)[1]], oracle, x)

    return make


def sign_of(x):
    return np.sign(constant(x))


def huber(e):
    inside = np.abs(constant(e)) <= 1.5
    return inside * e * e / 2 + (1 - inside) * 1.5 * (e * sign_of(e) - 0.75)


def focal(t):
    p = 1 / (1 + anp.exp(-t))
    return -0.3 * (1 - p) ** 3 * anp.log(p)


def triplets(pick, rng):
    stack, d = pick(LEADING), pick(AXES)
    a, p, n = (rng.normal(size=(*stack, d)) for _ in range(3))

    def oracle(a, p, n):
        value = anp.sum((a - p) * (a - p), axis=-1) - anp.sum((a - n) * (a - n), axis=-1) + 0.5
        return value * (constant(value) > 0)

    def backward(G, *rows):
        return [G[..., None] * d for d in losses.triplet(*rows, 0.5)[1]]

    return pair(lambda *rows: losses.triplet(*rows, 0.5)[0], backward, oracle, a, p, n)


ENTRYWISE = {
    "squared": (losses.squared, lambda e: e * e / 2),
    "absolute": (losses.absolute, lambda e: e * sign_of(e)),
    "huber": (lambda e: losses.huber(e, 1.5), huber),
    "hinge": (losses.hinge, lambda t: (1 - t) * (constant(t) < 1)),
    "logistic": (losses.logistic, lambda t: -log_sigmoid(t)),
    "focal": (lambda t: losses.focal(t, 3.0, 0.3), focal),
    "generator": (losses.generator, lambda z: -log_sigmoid(z)),
    "saturating generator": (lambda z: losses.generator(z, True), lambda z: log_sigmoid(-z)),
    "l1": (lambda w: losses.l1(w, 0.1), lambda w: 0.1 * w * sign_of(w)),
    "l2": (lambda w: losses.l2(w, 0.1), lambda w: 0.05 * w * w),
}
ROWS = [
    *(Row(make.__name__, make, entries=8) for make in (low_rank, chosen_tokens, clipped, preferred, triplets)),
    *(Row(name, entrywise(*both), examples=10, entries=8) for name, both in ENTRYWISE.items()),
]
each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@each
def test_gradients_agree_with_autograd_and_complex_steps(row):
    """On generated shapes and settings, to 1e-9."""
    demand_examples(row)
    demand_leading_axes(row)


# ---- adapters ----


def test_an_adapter_begins_as_nothing_ends_as_one_matrix_and_moves_b_first():
    rng = np.random.default_rng(0)
    X, W, A, G = (rng.normal(size=shape) for shape in ((4, 6), (6, 5), (6, 2), (4, 5)))
    np.testing.assert_array_equal(adapted(X, W, A, np.zeros((2, 5)), 2.0), X @ W)
    _, dA, dB = adapted_backward(G, X, W, A, np.zeros((2, 5)), 2.0)
    assert not dA.any() and dB.all()
    B = rng.normal(size=(2, 5))
    np.testing.assert_allclose(X @ merged(W, A, B, 2.0), adapted(X, W, A, B, 2.0), rtol=1e-12)


@pytest.mark.parametrize("shape", [(6, 5), (8, 8), (1, 3), (64, 3)])
def test_four_bits_are_right_to_half_a_step_of_their_block(shape):
    rng = np.random.default_rng(0)
    W = rng.normal(size=shape) * np.exp(rng.normal(size=shape))
    codes, scales = quantize(W, 16)
    assert codes.dtype == np.int8 and codes.shape == W.shape and len(scales) == -(-W.size // 16)
    assert np.abs(codes).max() == LEVELS and len(np.unique(codes)) <= 2 * LEVELS + 1
    back = dequantize(codes, scales, 16)
    assert (np.abs(back - W).ravel() <= np.repeat(scales, 16)[: W.size] / 2 * (1 + 1e-12)).all()
    assert np.abs(back).max() == pytest.approx(np.abs(W).max())  # the largest of a block is met
    assert not dequantize(*quantize(np.zeros(shape), 16), 16).any()


# ---- rewards and preferences ----


def test_at_ratio_one_the_clipped_gradient_is_the_plain_policy_gradient():
    rng = np.random.default_rng(0)
    log_p, A = rng.normal(size=(2, 30))
    np.testing.assert_allclose(clipped_policy_loss_backward(log_p, log_p, A), -A / 30, rtol=1e-14)


@pytest.mark.parametrize(
    ("ratio", "advantage", "stops"),
    [(1.5, 1, True), (1.5, -1, False), (0.5, 1, False), (0.5, -1, True), (1.1, 1, False), (0.9, -1, False)],
)
def test_clipping_stops_only_a_ratio_that_went_too_far_to_where_it_is_pushed(ratio, advantage, stops):
    d = clipped_policy_loss_backward(np.log([ratio]), np.zeros(1), np.array([advantage]))
    np.testing.assert_allclose(d, 0 if stops else -ratio * advantage, rtol=1e-14)


def test_an_advantage_within_a_group_has_mean_0_and_is_nothing_where_all_are_equal():
    A = group_advantage([[1, 0, 0, 1], [3, 5, 7, 1]])
    np.testing.assert_allclose([A.mean(axis=1), A.std(axis=1)], [[0, 0], [1, 1]], atol=1e-6)
    assert not group_advantage([[2, 2, 2]]).any()


def test_a_preference_weighs_by_how_wrong_it_is():
    far = preference_loss_backward(np.array([-60.0, 0.0, 60.0]), *np.zeros((3, 3)), 0.1)[0] * 3
    np.testing.assert_allclose(far, -0.1 * sigmoid(np.array([6.0, 0.0, -6.0])), rtol=1e-12)
    assert preference_loss(*np.zeros((4, 2)), 0.1) == pytest.approx(np.log(2))


# ---- the classics ----


def test_slopes_at_kinks_and_far_out():
    assert losses.absolute(np.array([0]))[1] == 0 and losses.l1(np.zeros(1), 1)[1] == 0 and losses.hinge(1)[1] == 0
    for loss in losses.logistic, losses.focal, losses.generator, lambda z: losses.generator(z, True):
        values, slopes = loss(np.array([-1000.0, 1000.0]))
        assert np.isfinite(values).all() and np.isfinite(slopes).all()
    assert losses.generator(-20.0, True)[1] == pytest.approx(0, abs=1e-8)
    assert losses.generator(-20.0)[1] == pytest.approx(-1)


def test_the_best_constant_is_mean_median_or_between():
    x = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
    assert losses.squared(x.mean() - x)[1].sum() == pytest.approx(0) and x.mean() == 22
    assert losses.absolute(np.median(x) - x)[1].sum() == 0
    constant = np.linspace(0, 30, 3001)
    best = constant[np.argmin([losses.huber(c - x)[0].sum() for c in constant])]
    assert np.median(x) <= best < x.mean()


def test_labels_of_one_and_minus_one_are_binary_cross_entropy():
    z, y = np.linspace(-4, 4, 9), np.array([0, 1] * 4 + [0])
    signs = 2 * y - 1
    value, slope = losses.logistic(signs * z)
    np.testing.assert_allclose(signs * slope, sigmoid(z) - y, rtol=1e-13)
    np.testing.assert_allclose(value, -(y * np.log(sigmoid(z)) + (1 - y) * np.log(sigmoid(-z))), rtol=1e-13)
    np.testing.assert_allclose(losses.focal(signs * z, 0)[1], slope, rtol=1e-13)


def test_kl_and_cross_entropy_have_one_gradient():
    """By the logits: the entropy of the target that they differ by does not depend on them."""
    rng = np.random.default_rng(0)
    z, q = rng.normal(size=5), layers.softmax(rng.normal(size=5))
    steps = 1e-6 * np.eye(5)
    kl = lambda z: (q * (np.log(q) - layers.log_softmax(z))).sum()  # noqa: E731
    nudged = [(kl(z + h) - kl(z - h)) / 2e-6 for h in steps]
    np.testing.assert_allclose(nudged, layers.softmax(z) - q, atol=1e-9)


def test_soft_thresholding_meets_zero_where_a_step_of_the_slope_steps_over_it():
    w = np.array([0.05, -0.3, 2.0])
    np.testing.assert_allclose(losses.shrunk(w, 0.1), [0, -0.2, 1.9])
    assert (w - losses.l1(w, 0.1)[1])[0] < 0
