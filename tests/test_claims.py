"""What the notebooks claim in general holds in general: each sentence beside a measurement over at least five cases.

`says` finds the sentence by its key words, so that whoever rewrites it comes by here, and a claim without a sentence
fails as a sentence without its claim would. What is measured against is written out here (recursions, eigenvalues,
exact expectations); the package is used where it is what the sentence is about, such as a network trained on digits.
"""

import json
import math
import re
from functools import cache, reduce
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from backprop import MLP, SGD, Adam, Momentum, RMSProp
from backprop import autodiff as ad
from backprop.activations import ACTIVATIONS
from backprop.data import batches, digits
from backprop.explore.gradient_flow.numbers import Flow, gradient_norms
from backprop.interview.bank import questions
from backprop.practice import bank

ROOT = Path(__file__).parents[1]
SEEDS = range(5)


# ---- the sentences ----


def plain(text):
    return " ".join(text.split())


@cache
def prose(prefix):
    """The text of a notebook, answers included, outputs not."""
    (path,) = (ROOT / "notebooks").glob(f"{prefix}_*.ipynb")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return plain(" ".join("".join(cell["source"]) for cell in cells))


def says(prefix, *sentences):
    """Notebook `prefix` says these, word for word."""
    missing = [sentence for sentence in sentences if plain(sentence) not in prose(prefix)]
    assert not missing, f"{prefix} no longer says {missing}: change the claim here with the sentence."


def answers(id, *sentences):
    """The question's answer says these."""
    said = plain(repr(questions()[id]))
    assert all(plain(sentence) in said for sentence in sentences), f"{id} no longer says one of {sentences}."


def test_a_sentence_that_went_is_missed():
    with pytest.raises(AssertionError, match="no longer says"):
        says("06", "Momentum is always faster.")
    with pytest.raises(AssertionError, match="no longer says"):
        answers("rules.momentum", "without swinging more across")


# ---- 06, on a quadratic: one direction of curvature c is one number ----


def away(steps, curvatures, eta, beta=0.0, ahead=False):
    """The distance to the minimum at each step, from w = 1 in each direction. `ahead`: Nesterov's, as in the paper."""
    w, v, distances = np.ones(len(curvatures)), np.zeros(len(curvatures)), []
    for _ in range(steps):
        v = beta * v + curvatures * (w - eta * beta * v * ahead)
        w = w - eta * v
        distances.append(np.linalg.norm(w) / np.sqrt(len(w)))
    return np.array(distances)


def arrives(distances, at=1e-6):
    """The step from which on the distance stays below."""
    return int(np.flatnonzero(distances >= at)[-1]) + 2


def rate(c, eta, beta):
    """By what a step of momentum multiplies, in the long run: the largest root of its two-step recursion."""
    return abs(np.roots([1, -(1 + beta - eta * c), beta])).max()


def best_momentum(kappa):
    return 4 / (np.sqrt(kappa) + 1) ** 2, ((np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)) ** 2  # η at c_min = 1, and β


RAVINE = np.array([50.0, 1.0])


@pytest.mark.parametrize("seed", SEEDS)
def test_descent_converges_below_two_over_the_largest_curvature(seed):
    says("06", r"The **largest** sets the limit for $\eta$.", r"$$\boxed{\;0<\eta<\frac2c\;}$$")
    rng = np.random.default_rng(seed)
    Q = np.linalg.qr(rng.standard_normal((5, 5)))[0]
    H = Q * rng.uniform(0.1, 30, 5) @ Q.T
    limit = 2 / np.linalg.eigvalsh(H).max()
    for factor, falls in ((0.98, True), (1.02, False)):
        w = np.linalg.matrix_power(np.eye(5) - factor * limit * H, 3000) @ rng.standard_normal(5)
        assert (np.linalg.norm(w) < 1) == falls


@pytest.mark.parametrize("kappa", [5.0, 50.0, 200.0, 1000.0, 3000.0])
def test_momentum_takes_the_root_of_kappa(kappa):
    says(
        "06",
        r"\text{descent: }\frac{\kappa-1}{\kappa+1}",
        r"\text{momentum: }\sqrt\beta=\frac{\sqrt\kappa-1}{\sqrt\kappa+1}",
    )
    ends, (eta, beta) = (1.0, kappa), best_momentum(kappa)
    momentum, descent = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1), (kappa - 1) / (kappa + 1)
    assert max(rate(c, eta, beta) for c in ends) == pytest.approx(momentum, abs=1e-6)  # a double root: rounding counts
    assert max(abs(1 - 2 / (kappa + 1) * c) for c in ends) == pytest.approx(descent)
    rng = np.random.default_rng(0)
    for _ in range(400):  # and no others do better
        eta, beta = rng.uniform(0, 4) / kappa, rng.uniform()
        assert max(rate(c, eta, beta) for c in ends) > momentum - 1e-9
        assert max(abs(1 - eta * c) for c in ends) > descent - 1e-9


def test_the_steps_to_a_millionth():
    (found,) = re.findall(
        r"To get a million times closer, descent takes (\d+) steps, momentum (\d+), and (\d+) with 0.9,", prose("06")
    )
    runs = (2 / 51,), (0.0614, 0.566), (0.0614, 0.9)
    assert tuple(map(int, found)) == tuple(arrives(away(600, RAVINE, *run)) for run in runs)
    eta, beta = best_momentum(50.0)
    assert (eta, beta) == pytest.approx((0.0614, 0.566), abs=1e-3)
    says("06", r"So $\beta$ has to fit $\kappa$: 0.57 in our ravine, 0.9 at $\kappa\approx1400$.")
    assert round(beta, 2) == 0.57 and round(best_momentum(1400.0)[1], 2) == 0.9


@pytest.mark.parametrize("beta", [0.3, 0.5, 0.7, 0.9, 0.95])
def test_what_swings_shrinks_by_the_root_of_beta_and_the_limit_is_wider(beta):
    says("06", r"what swings shrinks by $\sqrt\beta$ a step, whatever its curvature", r"up to $2(1+\beta)/c$")
    low, high = (1 - np.sqrt(beta)) ** 2, (1 + np.sqrt(beta)) ** 2
    for etac in np.linspace(low + 1e-3, high - 1e-3, 9):
        assert rate(etac, 1.0, beta) == pytest.approx(np.sqrt(beta))
    for etac, swings in ((low * 0.98, False), (high * 1.02, False), (low * 1.02, True), (high * 0.98, True)):
        assert np.iscomplex(np.roots([1, -(1 + beta - etac), beta])).all() == swings
    assert rate(2 * (1 + beta) * 0.999, 1.0, beta) < 1 < rate(2 * (1 + beta) * 1.001, 1.0, beta)


@pytest.mark.parametrize("beta", [0.5, 0.6, 0.7, 0.8, 0.9])
def test_momentum_swings_less_than_descent_only_near_descents_limit(beta):
    answers("rules.momentum", "Only near the rate where descent diverges", "At smaller rates it adds swings of its own")

    def signs(etac, b):
        w, v, path = 1.0, 0.0, []
        for _ in range(400):
            v = b * v + etac * w
            w -= v
            path.append(w)
        path = np.array(path)
        return (np.diff(np.sign(path[np.abs(path) > 1e-9])) != 0).sum(), np.abs(path).sum()

    assert signs(1.98, beta)[1] < signs(1.98, 0)[1]
    for etac in (0.3, 0.6, 0.99):
        assert signs(etac, beta)[0] > signs(etac, 0)[0] == 0


@pytest.mark.parametrize("beta, etac", [(0.5, 0.4), (0.7, 0.3), (0.8, 0.8), (0.9, 0.2), (0.9, 0.7), (0.95, 0.5)])
def test_nesterov_overshoots_less(beta, etac):
    says("06", "It brakes before overshooting.", r"For Nesterov the product of the roots is $\beta(1-\eta c)$")

    def lowest(ahead):
        w, v, path = 1.0, 0.0, []
        for _ in range(300):
            v = beta * v + etac * (w - beta * v * ahead)
            w -= v
            path.append(w)
        return min(path)

    assert lowest(ahead=False) < lowest(ahead=True) - 0.05
    step = np.array([[1 - etac, -beta * (1 - etac)], [etac, beta * (1 - etac)]])  # of (w, v)
    assert np.linalg.det(step) == pytest.approx(beta * (1 - etac))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_frameworks_nesterov_is_the_papers_at_the_point_ahead(seed):
    says("06", r"Let $\tilde w=w-\eta\beta v$.")
    rng = np.random.default_rng(seed)
    A, (eta, beta) = rng.standard_normal((3, 3)), rng.uniform(0.01, 0.1, 2) + (0, 0.8)
    gradient = lambda w: A.T @ np.tanh(A @ w)  # noqa: E731
    w = ahead = rng.standard_normal(3)
    v = u = np.zeros(3)
    for _ in range(20):
        v = beta * v + gradient(w - eta * beta * v)
        w = w - eta * v
        g = gradient(ahead)
        u = beta * u + g
        ahead = ahead - eta * (g + beta * u)
        np.testing.assert_allclose(ahead, w - eta * beta * v, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_four_times_the_batch_halves_the_noise(seed):
    says("06", "Four times the batch halves the noise, for four times the work.")
    rng = np.random.default_rng(seed)
    gradients = rng.exponential(size=(900, 6)) ** 2  # one for each sample, far from normal
    noise = [gradients[rng.integers(0, 900, (3000, B))].mean(axis=1).std(axis=0) for B in (8, 32)]
    assert noise[0] / noise[1] == pytest.approx(2, rel=0.1)


# ---- 06, the other rules ----


def run(rule, gradient, start, steps):
    w, state, path = np.array(start, dtype=float), rule.start(), []
    for t in range(steps):
        rule.step(w, gradient(w, t), state)
        path.append(w.copy())
    return np.array(path)


@pytest.mark.parametrize("start", [0.3, 0.7, 1.0, 1.4, 2.0])
def test_adaptive_rules_do_not_settle_at_a_constant_rate(start):
    says(
        "06",
        r"in the end they jump between $\pm\eta/2$",
        r"With a constant $\eta$ RMSProp does not settle, and Adam need not.",
        "Both move at the same pace",
    )
    path = run(RMSProp(0.01), lambda w, t: RAVINE * w, [start, start], 4000)
    assert np.abs(path[:, 0] - path[:, 1]).max() < 0.01 * start
    np.testing.assert_allclose(np.abs(path[-10:]), 0.005, rtol=1e-2)
    assert (np.sign(path[-10:-1]) == -np.sign(path[-9:])).all()
    adam = run(Adam(0.01, beta2=0.99), lambda w, t: RAVINE * w, [start, start], 3500)
    assert np.abs(adam[-500:]).max() > 3e-4  # it had been closer


@pytest.mark.parametrize("seed", SEEDS)
def test_adams_step_does_not_depend_on_the_scale_of_the_gradient(seed):
    says("06", "**Adam's step does not depend on the scale of the gradient.**")
    g = np.random.default_rng(seed).standard_normal((50, 3))
    one, large = (run(Adam(0.01), lambda w, t, s=s: s * g[t], np.zeros(3), 50) for s in (1, 1000))
    np.testing.assert_allclose(one, large, rtol=1e-5)


@pytest.mark.parametrize("betas", [(0.9, 0.999), (0.9, 0.995), (0.8, 0.99), (0.95, 0.999), (0.5, 0.9)])
def test_without_correction_adam_starts_too_fast_where_beta2_is_close_to_1(betas):
    says(
        "06",
        "**Too fast, not too slow.**",
        r"because $\beta_2$ is so close to 1",
        r"the first step would be $0.1\,\eta$",
    )
    m = v = 0.0
    lengths = []
    for _ in range(3000):
        m, v = betas[0] * m + 1 - betas[0], betas[1] * v + 1 - betas[1]
        lengths.append(m / np.sqrt(v))
    assert lengths[0] > 1.2 and min(lengths) > 0.999
    if betas == (0.9, 0.999):
        assert (round(lengths[0], 2), round(max(lengths), 2), int(np.argmax(lengths)) + 1) == (3.16, 6.57, 12)


@pytest.mark.parametrize("seed", SEEDS)
def test_l2_and_decay_are_one_for_plain_descent_alone(seed):
    says("06", r"The two are the same thing there, though not with momentum, whose $v$ remembers the decay too.")
    answers("rules.adamw", "With momentum it differs already")
    rng = np.random.default_rng(seed)
    g, (eta, lam) = rng.standard_normal((20, 4)), (0.1, 0.3)
    decayed = {}
    for beta in (0.0, 0.9):
        w, v = np.ones(4), np.zeros(4)
        for t in range(20):
            v = beta * v + g[t]
            w = (1 - eta * lam) * w - eta * v
        decayed[beta] = w
    rules = {0.0: SGD(eta, weight_decay=lam), 0.9: Momentum(eta, 0.9, weight_decay=lam)}
    l2 = {beta: run(rule, lambda w, t: g[t], np.ones(4), 20)[-1] for beta, rule in rules.items()}
    np.testing.assert_allclose(l2[0.0], decayed[0.0], rtol=1e-12)
    assert np.abs(l2[0.9] - decayed[0.9]).max() > 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_adam_with_l2_decays_the_weights_with_large_gradients_least(seed):
    says("06", "**the weights with the largest gradients are decayed least.**")
    noise = np.random.default_rng(seed).standard_normal((1500, 3)) * (10.0, 1.0, 0.1)
    left = run(Adam(1e-3, weight_decay=0.5), lambda w, t: noise[t], np.ones(3), 1500)[-1]
    assert left[0] > left[1] > left[2] and left[0] > 0.85 and left[2] < 0.15


@pytest.mark.parametrize("y", [1e-7, 1e-6, 1e-5, 1e-4, 1e-3])
def test_who_leaves_a_saddle_first(y):
    says("06", "They repel, but slowly.", "Momentum multiplies by more.", "walks off at full pace")
    saddle = lambda w, t: np.array([w[0], -w[1] + w[1] ** 3])  # noqa: E731
    left = [np.argmax(run(rule(0.05), saddle, [1, y], 600)[:, 1] > 0.5) for rule in (SGD, Momentum, Adam)]
    assert left[0] > 2 * left[1] > 4 * left[2] > 0


def test_on_the_digits_the_rules_differ_hardly_more_than_the_seeds():
    """By what the notebook has stored, which nbval compares with what it computes: all the ranges overlap."""
    says("06", "the rules differ hardly more than the seeds do")
    (path,) = (ROOT / "notebooks").glob("06_*.ipynb")
    ranges = re.findall(r"loss (0\.\d+) to (0\.\d+) ", path.read_text("utf-8"))
    lows, highs = np.array(ranges, dtype=float).T
    assert len(ranges) == 7 and lows.max() <= highs.min()


def expected(etas, start):
    """E[½w²] of noisy descent on ½w² with noise of variance 1, exactly."""
    mean, variance = start, 0.0
    for eta in etas:
        mean, variance = (1 - eta) * mean, (1 - eta) ** 2 * variance + eta**2
    return 0.5 * (mean**2 + variance)


@pytest.mark.parametrize("start", [2.0, 3.0, 5.0, 8.0, 12.0])
def test_decay_does_what_no_constant_rate_does(start):
    says(
        "06",
        r"so the loss stays at $\tfrac12V=\frac\eta{2(2-\eta)}$",
        "No constant does as well: 0.04 is about the best",
    )
    cosine = expected(0.05 * (1 + np.cos(np.pi * np.arange(100) / 100)), start)
    constants = {eta: expected(np.full(100, eta), start) for eta in np.arange(0.005, 1, 0.005)}
    assert cosine < 0.85 * min(constants.values())
    if start == 3.0:
        assert min(constants, key=constants.get) == pytest.approx(0.04, abs=0.006)
    for eta in (0.02, 0.1, 0.3):
        assert expected(np.full(3000, eta), start) == pytest.approx(eta / (2 * (2 - eta)))


@pytest.mark.parametrize("start", [2.0, 2.5, 3.0, 3.5, 4.0])
def test_warm_up_reaches_a_rate_that_diverges_at_the_start(start):
    says("06", r"Any constant has to survive the first step, which takes $\eta w^2<2$")

    def end(eta_at, w=start):
        for t in range(200):
            w -= eta_at(t) * w**3
            if abs(w) > 1e3:
                return np.inf
        return w**4 / 4

    limit = 2 / start**2
    constants = [end(lambda t, k=k: k * limit) for k in (0.2, 0.4, 0.6, 0.8, 0.98)]
    assert end(lambda t: 1.02 * limit) == end(lambda t: 1.0) == np.inf
    assert end(lambda t: min(1.0, (t + 1) / 20)) < 0.5 * min(constants) < np.inf


@cache
def pixels():
    return digits()


def read(net):
    data = pixels()
    return (net.forward(data.X_test).output.argmax(axis=0) == data.y_test).mean()


def epoch(net, rule, rng):
    data = pixels()
    for X, y in batches(data.X_train, data.y_train, 16, rng):
        rule.update(net, net.backward(net.forward(X), y))


def range_test(seed):
    """η at the bottom of the smoothed loss, as the notebook finds it."""
    data, rng = pixels(), np.random.default_rng(seed)
    net = MLP([64, 32, 10], hidden="relu", loss="cross_entropy", init="he", seed=seed)
    etas, losses = np.logspace(-3, 1.5, 90), []
    for eta, (X, y) in zip(etas, batches(data.X_train, data.y_train, 16, rng)):
        trace = net.forward(X)
        losses.append(net.loss(trace, y))
        SGD(eta).update(net, net.backward(trace, y))
    return etas[4:-4][np.convolve(losses, np.ones(9) / 9, "valid").argmin()]


def test_half_of_the_bottom_is_a_first_guess_and_the_bottom_may_be_too_much():
    says("06", "Half of the bottom's $\\eta$ is a first guess. The bottom itself may be too much.")
    data, lost = pixels(), {}
    for seed, factor in product(SEEDS, (1, 0.5, 0.1)):
        net = MLP([64, 32, 10], hidden="relu", loss="cross_entropy", init="he", seed=seed)
        epoch(net, SGD(factor * range_test(seed)), np.random.default_rng(seed))
        lost[seed, factor] = net.loss(net.forward(data.X_train), data.y_train)
    assert all(lost[seed, 0.5] < 0.5 * lost[seed, 0.1] for seed in SEEDS)
    assert any(lost[seed, 1] > 3 * lost[seed, 0.5] for seed in SEEDS)


# ---- 05: what a product of Jacobians does ----


def stack(kind, v, seed, *, depth=20, n=64, samples=32):
    """(|δ| by layer, mean slope) of a plain stack with weights of variance v, written out: δ = (Wᵀ δ) ⊙ σ'(z)."""
    rng = np.random.default_rng(seed)
    W = [np.sqrt(v) * rng.standard_normal((n, n)) for _ in range(depth)]
    a, slopes = rng.standard_normal((n, samples)), []
    for w in W:
        z = w @ a
        if kind == "relu":
            a, slope = np.maximum(z, 0), (z > 0) * 1.0
        elif kind == "tanh":
            a, slope = np.tanh(z), 1 - np.tanh(z) ** 2
        else:
            a = 1 / (1 + np.exp(-z))
            slope = a * (1 - a)
        slopes.append(slope)
    delta = rng.standard_normal((n, samples))
    norms = [np.linalg.norm(delta)]
    for w, slope in zip(W[:0:-1], slopes[-2::-1]):
        delta = (w.T @ delta) * slope
        norms.append(np.linalg.norm(delta))
    return np.array(norms[::-1]), np.mean(slopes)


def first_to_last(*arguments, **named):
    norms, _ = stack(*arguments, **named)
    return norms[0] / norms[-1]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sigmoid_layer_passes_at_most_a_quarter_of_the_norm(seed):
    says("05", r"**each sigmoid layer passes at most $\tfrac14\|W\|$ of the gradient.**")
    rng = np.random.default_rng(seed)
    W, delta = rng.standard_normal((7, 5)) * rng.uniform(0.1, 9), rng.standard_normal((7, 40))
    a = 1 / (1 + np.exp(-rng.standard_normal((5, 40))))
    below = np.linalg.norm((W.T @ delta) * a * (1 - a), axis=0)
    assert (below <= np.linalg.norm(W, 2) / 4 * np.linalg.norm(delta, axis=0)).all()


def test_factors_below_one_need_a_common_bound_to_vanish():
    says("05", "If one bound below 1 holds for the norms of all factors, the product must vanish with depth.")
    assert np.prod([1 - 1 / (l + 1) ** 2 for l in range(1, 10**6)]) == pytest.approx(0.5, abs=1e-5)
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        factors = [A / np.linalg.norm(A, 2) * rng.uniform(0.1, 0.9) for A in rng.standard_normal((300, 4, 4))]
        assert np.linalg.norm(reduce(np.matmul, factors), 2) <= 0.9**300


@pytest.mark.parametrize("seed", SEEDS)
def test_what_depth_does_to_sigmoid_tanh_and_relu(seed):
    says(
        "05",
        r"Every 10 sigmoid layers cost a factor of about $10^6$. tanh loses slowly",
        "ReLU stays within a factor of about 10.",
    )
    sigmoid = stack("sigmoid", 1 / 64, seed, depth=50)[0]
    assert np.log10(sigmoid[10:] / sigmoid[:-10]) == pytest.approx(6.2, abs=0.6)
    assert 0.01 < first_to_last("tanh", 1 / 64, seed, depth=50) < 0.5
    assert all(1 / 15 < first_to_last("relu", 2 / 64, seed, depth=depth) < 15 for depth in (5, 20, 50))
    assert first_to_last("sigmoid", 1 / 64, seed, depth=2) > 0.1
    says("05", "Two sigmoid layers lose little.")


@pytest.mark.parametrize("seed", SEEDS)
def test_large_sigmoid_weights_explode_though_they_saturate(seed):
    says(
        "05",
        "Four times is too little. Sixteen times **explodes**, though it saturates the neurons",
        "slopes shrink, but weights grow more",
    )
    times = [stack("sigmoid", t**2 / 64, seed) for t in (4, 10, 16, 32)]
    ratios, slopes = [norms[0] / norms[-1] for norms, _ in times], [slope for _, slope in times]
    assert ratios[0] < 1e-2 and 0.05 < ratios[1] < 20 and 10 < ratios[2] < ratios[3]
    assert slopes == sorted(slopes, reverse=True) and slopes[0] < 0.15 and slopes[2] < 0.05


@pytest.mark.parametrize("kind, init", product(("tanh", "sigmoid"), ("zeros", "constant")))
def test_equal_neurons_stay_equal(kind, init):
    says("05", "all hidden neurons compute the same, get the same $\\delta$, and change in the same way")
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        X, Y = rng.standard_normal((2, 9)), rng.integers(0, 2, (1, 9)) * 1.0
        c = {"zeros": 0.0, "constant": rng.uniform(0.2, 1)}[init]
        net = MLP([2, 5, 1], hidden=kind, loss="bce", init=[np.full((5, 2), c), np.full((1, 5), c)])
        for _ in range(50):
            SGD(0.5).update(net, net.backward(net.forward(X), Y))
        assert np.ptp(net.W[1], axis=0).max() < 1e-12 and np.ptp(net.W[2]) < 1e-12
        if (kind, init) == ("tanh", "zeros"):
            assert not net.W[1].any() and not net.W[2].any() and net.b[2].any()


@pytest.mark.parametrize("seed", SEEDS)
def test_hes_variance_keeps_the_size_and_half_or_double_does_not(seed):
    says("05", r"$\sqrt2^{\,19}\approx700$ over the whole")
    for factor, due in ((1, 1 / 724), (2, 1), (4, 724)):
        assert 1 / 4 < first_to_last("relu", factor / 128, seed, n=128) / due < 4


@pytest.mark.parametrize("seed", SEEDS)
def test_one_ratio_of_widths_is_left(seed):
    says("05", "all widths between cancel, and one ratio, of the last width to the first, is left")
    rng, widths = np.random.default_rng(seed), [512, 256, 128, 64]
    delta = rng.standard_normal((64, 64))
    start = delta.var()
    for n_in, n_out in zip(widths[-2::-1], widths[:0:-1]):
        W = np.sqrt(2 / n_in) * rng.standard_normal((n_out, n_in))
        delta = (W.T @ delta) * (rng.standard_normal((n_in, 64)) > 0)
    assert delta.var() / start == pytest.approx(64 / 512, rel=0.25)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_dead_first_layer_stays_dead_under_plain_sgd(seed):
    says(
        "05",
        "In the first layer, whose inputs are fixed, plain SGD never moves it again",
        "the memory of momentum or Adam may, and weight decay does",
    )
    rules = {"sgd": lambda: SGD(0.5), "momentum": lambda: Momentum(0.3), "decay": lambda: SGD(0.5, weight_decay=0.01)}
    data, moved = pixels(), {}
    X, y = data.X_train[:, :320], data.y_train[:320]
    for name, make in rules.items():
        net, rng = (
            MLP([64, 32, 10], hidden="relu", loss="cross_entropy", init="he", seed=seed),
            np.random.default_rng(seed),
        )
        net.b[1] += 0.1
        rule = make()
        reckless = rule if name == "momentum" else SGD(3.0)  # momentum is reckless itself: its v runs on
        for some, labels in batches(X, y, 16, rng):
            reckless.update(net, net.backward(net.forward(some), labels))
        dead = (net.forward(X).z[1] < 0).all(axis=1)
        before = net.W[1][dead].copy()
        for _ in range(3):
            rule.update(net, net.backward(net.forward(X), y))
        assert dead.any()
        moved[name] = np.abs(net.W[1][dead] - before).max()
    assert moved["sgd"] == 0 < min(moved["momentum"], moved["decay"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_reckless_rate_kills_most_of_a_layer(seed):
    says(
        "05",
        "Usual cause: one step so large that its bias becomes very negative.",
        "leaky ReLU, and near 0 GELU and SiLU",
    )
    data, dead = pixels(), []
    for eta in (0.2, 3.0):
        net = MLP([64, 64, 10], hidden="relu", loss="cross_entropy", init="he", seed=seed)
        epoch(net, SGD(eta), np.random.default_rng(seed))
        dead.append((net.forward(data.X_train).z[1] <= 0).all(axis=1).mean())
    assert dead[0] < 0.1 and dead[1] > 0.8


@pytest.mark.parametrize("seed", SEEDS)
def test_the_four_patients(seed):
    says(
        "05",
        r"so each layer multiplies by about $\sqrt8$",
        "**C** is level: healthy.",
        "each layer passes about a quarter",
    )

    def slope(norms):
        return np.polyfit(np.arange(len(norms)), np.log10(norms), 1)[0]

    sick, wild, well = (
        stack(*patient, seed, depth=10)[0] for patient in (("sigmoid", 1 / 64), ("relu", 0.25), ("relu", 2 / 64))
    )
    assert 10 ** -slope(sick) == pytest.approx(0.23, abs=0.03)
    assert 10 ** -slope(wild) == pytest.approx(np.sqrt(8), rel=0.12)
    assert abs(slope(well)) < 0.12


@pytest.mark.parametrize("seed", SEEDS)
def test_skips_keep_a_gradient_and_do_not_stop_it_from_growing(seed):
    says("05", "The same sigmoids: from $10^{-12}$ to about 1.", "a skip does not stop a gradient from *growing*")

    def ratio(kind, v, skip):
        rng = np.random.default_rng(seed)
        x, g, kept = rng.standard_normal((64, 32)), rng.standard_normal((64, 32)), []
        top = np.linalg.norm(g)
        for _ in range(20):
            W = np.sqrt(v) * rng.standard_normal((64, 64))
            z = W @ x
            a = np.maximum(z, 0) if kind == "relu" else 1 / (1 + np.exp(-z))
            kept.append((W, z > 0 if kind == "relu" else a * (1 - a)))
            x = a + skip * x
        for W, slope in reversed(kept):
            g = W.T @ (g * slope) + skip * g
        return np.linalg.norm(g) / top

    assert ratio("sigmoid", 1 / 64, 0) < 1e-10 and 0.5 < ratio("sigmoid", 1 / 64, 1) < 5
    assert ratio("relu", 2 / 64, 1) > 500


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bias_before_batchnorm_is_lost_and_before_layernorm_it_is_not(seed):
    says("05", r"A bias just before BatchNorm is useless, since $\mu$ removes it; before LayerNorm it isn't")
    answers("norm.batchnorm", "since the mean over the batch removes it", "Before a LayerNorm a bias is not lost.")
    rng = np.random.default_rng(seed)
    x, b = rng.standard_normal((8, 5)), rng.standard_normal(5)

    def normalized(x, axis):
        return (x - x.mean(axis=axis, keepdims=True)) / x.std(axis=axis, keepdims=True)

    np.testing.assert_allclose(normalized(x + b, 0), normalized(x, 0), atol=1e-12)
    assert np.abs(normalized(x + b, 1) - normalized(x, 1)).max() > 0.1


@pytest.mark.parametrize("seed", SEEDS)
def test_before_a_norm_the_scale_of_the_weights_cancels(seed):
    says("05", "The scale of $W$ cancels", "nor does the gradient handed down")
    rng = np.random.default_rng(seed)
    x, W, G = rng.standard_normal((4, 6)), rng.standard_normal((6, 6)), rng.standard_normal((4, 6))

    def handed_down(scale):
        def f(x):
            z = x @ (scale * W)
            z = z - z.mean(axis=1, keepdims=True)
            return z / np.sqrt((z**2).mean(axis=1, keepdims=True))

        nudges = 1e-25j * np.eye(24).reshape(24, 4, 6)
        return np.array([(G * f(x + nudge)).sum().imag for nudge in nudges]) / 1e-25

    np.testing.assert_allclose(handed_down(1), handed_down(7.3), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_repairs_twenty_sigmoid_layers_and_what_layernorm_can(seed):
    says(
        "05",
        "Skips, BatchNorm and tanh repair it",
        "The surprise is LayerNorm",
        "Weights four times larger help, but not enough.",
    )
    says("05", "With ReLU and half of He's weights (times 0.5) LayerNorm repairs it.")

    def ratio(**changes):
        norms = gradient_norms(Flow(**{"depth": 20, "activation": "sigmoid", "init": "xavier", "seed": seed} | changes))
        return norms[0] / norms[-1]

    repaired = [{"skips": True}, {"norm": "BatchNorm"}, {"activation": "tanh"}, {"init": "normal"}]
    repaired.append({"activation": "relu", "init": "he", "scale": 0.5, "norm": "LayerNorm"})
    assert ratio() < 1e-10 and all(1e-2 < ratio(**change) < 100 for change in repaired)
    assert ratio(norm="LayerNorm") < 1e-5 and 1e-7 < ratio(scale=4.0) < 1e-2
    assert ratio(activation="relu", init="he", scale=0.5) < 1e-4


# ---- 05 and 06, a look inside ----


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_histograms_of_six_tanh_layers_show(seed):
    says(
        "05", "nearly all its values are 0", "two of five values stick to an end", "Small weights have the best slopes"
    )
    says("05", "by half a power of ten a layer", "Xavier's stays.", "Half are off in every layer, with either.")
    rng = np.random.default_rng(seed)
    X, Y = rng.standard_normal((2, 100, 256))
    found = {}
    for scale in (0.03, 0.1, 0.3):
        net = MLP([100] * 7, hidden="tanh", init="normal", scale=scale, seed=seed)
        trace = net.forward(X)
        logs = [np.median(np.log10(np.abs(d))) for d in net.backward(trace, Y).delta[1:]]
        found[scale] = trace.a, np.array(logs)
    (small, falls), (middle, stays), (large, spread) = found.values()
    assert np.abs(small[5]).max() < 0.02 and 1 - (small[5] ** 2).max() > 0.999
    assert [middle[l].std() > middle[l + 1].std() > 0.25 for l in range(1, 5)] == [True] * 4
    assert all(0.35 < (np.abs(large[l]) > 0.97).mean() < 0.5 for l in range(1, 6))
    assert 0.4 < np.diff(falls).mean() < 0.65 and abs(stays[-1] - stays[0]) < 0.7 and abs(spread[-1] - spread[0]) < 0.7
    for v in (1 / 100, 2 / 100):
        z = MLP([100] * 7, hidden="relu", init="normal", scale=np.sqrt(v), seed=seed).forward(X).z
        assert all(0.4 < (z[l] <= 0).mean() < 0.6 for l in range(1, 6))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_rate_too_large_saturates_the_upper_layers_in_a_few_steps(seed):
    says("05", "A few long steps pushed the upper layers to their ends")
    says("05", "With $\\eta=0.1$ all four stay near 0, and after one pass four of five digits are read.")
    data = digits()
    for eta, broken in ((1.0, True), (0.1, False)):
        net, rule = MLP([64] * 5 + [10], hidden="tanh", loss="cross_entropy", seed=seed), SGD(eta)
        for X, y in batches(data.X_train, data.y_train, 16, np.random.default_rng(seed)):
            rule.update(net, net.backward(net.forward(X), y))
        trace = net.forward(data.X_test)
        share = [(np.abs(a) > 0.97).mean() for a in trace.a[1:5]]
        right = (trace.output.argmax(axis=0) == data.y_test).mean()
        assert (share[3] > 0.9, max(share) < 0.05) == (broken, not broken)
        assert right < 0.3 if broken else right > 0.8


@pytest.mark.parametrize("seed", SEEDS)
def test_of_one_eight_nothing_arrives_through_twelve_sigmoid_layers(seed):
    says("05", "With two layers the first weights are still told what to do with this 8, with twelve nothing.")
    eight, label = digits().X_test[:, [236]], digits().y_test[[236]]
    sizes = []
    for depth in (2, 6, 12):
        net = MLP([64] * (depth + 1) + [10], hidden="sigmoid", loss="cross_entropy", seed=seed)
        sizes.append(np.linalg.norm(net.W[1].T @ net.backward(net.forward(eight), label).delta[1]))
    assert label == 8 and sizes[0] > 0.02 and sizes[1] < 1e-2 * sizes[0] and sizes[2] < 1e-6 * sizes[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_update_ratio_tells(seed):
    says("06", "its first ratio is nearly $\\eta$ over the size of a typical weight, here 0.18.")
    says("06", "At Adam's $10^{-5}$ a pass teaches next to nothing.", "five times as much is still fine")
    data, found = digits(), {}
    for eta in (0.03, 1e-3, 1e-5):
        net, rule, ratios = (
            MLP([64, 64, 64, 10], hidden="relu", loss="cross_entropy", init="he", seed=seed),
            Adam(eta),
            [],
        )
        for X, y in batches(data.X_train, data.y_train, 16, np.random.default_rng(seed)):
            before = net.W[2].copy()
            rule.update(net, net.backward(net.forward(X), y))
            ratios.append(np.linalg.norm(net.W[2] - before) / np.linalg.norm(before))
        found[eta] = ratios, (net.forward(data.X_test).output.argmax(axis=0) == data.y_test).mean()
    assert abs(np.sqrt(2 / 64) - 0.18) < 0.005
    assert all(0.7 < ratios[0] * 0.18 / eta < 1 and np.median(ratios) < ratios[0] for eta, (ratios, _) in found.items())
    assert found[1e-3][1] > 0.75 and found[1e-5][1] < 0.3 and 1e-3 < np.median(found[1e-3][0]) < 5e-3


# ---- 04, 03, 02, 01 ----


@pytest.mark.parametrize("seed", SEEDS)
def test_the_slope_once_more_is_still_downhill_and_its_errors_do_not_sum_to_zero(seed):
    says(
        "04",
        "The direction is still downhill, so the loss falls, and the mistake survives.",
        "the errors no longer sum to 0 over the classes",
    )
    rng = np.random.default_rng(seed)
    W1, W2, X = rng.standard_normal((6, 4)), rng.standard_normal((3, 6)), rng.standard_normal((4, 20))
    Y, a = np.eye(3)[:, rng.integers(0, 3, 20)], np.tanh(W1 @ X)
    p = np.exp(W2 @ a)
    p /= p.sum(axis=0)
    right, slip = (p - Y), (p - Y) * p * (1 - p)
    gradients = [[(d @ a.T), ((W2.T @ d) * (1 - a**2)) @ X.T] for d in (right, slip)]
    assert all((g * s).sum() > 0 for g, s in zip(*gradients))
    assert np.allclose(right.sum(axis=0), 0) and np.abs(slip.sum(axis=0)).max() > 0.01


@pytest.mark.parametrize("seed", SEEDS)
def test_softmax_twice_still_falls_and_disappoints(seed):
    says("04", "softmax is applied twice, the loss still falls, and the accuracy disappoints")
    data, shares = pixels(), []

    def softmax(z):
        e = np.exp(z - z.max(axis=0))
        return e / e.sum(axis=0)

    for twice in (False, True):
        rng = np.random.default_rng(seed)
        W, losses = 0.1 * rng.standard_normal((10, 64)), []
        for X, y in batches(data.X_train, np.eye(10)[:, data.y_train], 16, rng):
            p = softmax(W @ X)
            q = softmax(p) if twice else p
            losses.append(-np.log((q * y).sum(axis=0)).mean())
            d = (q - y) / 16
            W -= 0.1 * (p * (d - (p * d).sum(axis=0)) if twice else d) @ X.T
        assert np.mean(losses[-15:]) < np.mean(losses[:15])
        shares.append((W @ data.X_test).argmax(axis=0) == data.y_test)
    assert np.mean(shares[1]) < np.mean(shares[0]) - 0.1


def test_squared_error_reads_fewer_digits_and_most_so_from_a_bad_start():
    says("04", "The gap is widest from the bad start.")
    data = pixels()
    for seed in SEEDS:
        right = {}
        for init, loss in product(("normal", "xavier"), ("mse", "cross_entropy")):
            net = MLP([64, 32, 10], loss=loss, output="softmax", init=init, seed=seed)
            rule, rng = SGD(0.1), np.random.default_rng(seed)
            for X, y in batches(data.X_train, np.eye(10)[:, data.y_train], 16, rng):
                rule.update(net, net.backward(net.forward(X), y))
            right[init, loss] = read(net)
        gaps = [right[init, "cross_entropy"] - right[init, "mse"] for init in ("normal", "xavier")]
        assert min(gaps) > 0.02
    says("04", "After a sigmoid or softmax, squared error leaves the slope in $\\delta$")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_gradient_shrinks_like_the_square_of_the_temperature(seed):
    says("04", "The gradient shrinks like $1/T^2$")
    rng = np.random.default_rng(seed)
    z, teacher = rng.standard_normal((2, 7))

    def size(T):
        p, y = (np.exp(v / T) / np.exp(v / T).sum() for v in (z, teacher))
        return np.linalg.norm((p - y) / T)

    assert size(100) / size(200) == pytest.approx(4, rel=0.05)


@pytest.mark.parametrize("seed", SEEDS)
def test_how_a_relative_error_reads(seed):
    says(
        "03",
        "below $10^{-6}$ | right, and usually below $10^{-8}$",
        "a forgotten factor 2 gives 0.33",
        "near 1 | wrong sign",
    )
    rng, h = np.random.default_rng(seed), 1e-5
    A, x = rng.standard_normal((6, 4)), rng.standard_normal(4)
    f = lambda x: 0.5 * (np.tanh(A @ x) ** 2).sum()  # noqa: E731
    t = np.tanh(A @ x)
    g = A.T @ (t * (1 - t**2))
    central = np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(4)])

    def error(a, b):
        return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))

    assert error(g, central) < 1e-8
    assert error(2 * g, central) == pytest.approx(1 / 3, abs=1e-6) and error(-g, central) == pytest.approx(1)


def test_activations_exceed_the_weights_once_the_batch_is_larger_than_the_width():
    says("03", "exceeds that of the weights once the batch is larger than the width", "width 512 and a batch of 4,096")
    for depth, width, batch in product((2, 50), (64, 512), (32, 256, 4096)):
        assert (depth * width * batch > depth * width * width) == (batch > width)


def test_the_pass_by_hand_by_nudges():
    says("02", "so $a=2+5=7$", "it gets $2\\cdot3=6$; neuron 2 gets $5\\cdot3=15$", "$1\\cdot6+3\\cdot15=51$")
    says("02", "from input 1 to neuron 2, gets $15\\cdot1$", "The weights 1 and 3 are the first *column* of $W^1$.")
    x, W1, W2 = np.array([1.0, 2.0]), np.array([[1.0, 0.0], [3.0, -1.0]]), np.array([2.0, 5.0])

    def slope(of):
        """Of ½ (a − 4)², which is quadratic: a symmetric difference is exact."""
        return (0.5 * (of(0.5) - 4) ** 2 - 0.5 * (of(-0.5) - 4) ** 2).item()

    e = np.eye(2)
    assert W2 @ (W1 @ x) == 7
    assert [slope(lambda h, j=j: W2 @ (W1 @ x + h * e[j])) for j in (0, 1)] == [6, 15]
    assert slope(lambda h: W2 @ ((W1 + h * np.outer(e[1], e[0])) @ x)) == 15
    assert slope(lambda h: W2 @ (W1 @ (x + h * e[0]))) == 51


def test_the_eight_is_taken_for_a_one_and_a_small_change_mends_it():
    """Of the reader of 02, trained as there. What 00 shows last is this 8."""
    says("02", "For a 1, by a hair. So $\\delta^2$ is about $-\\tfrac12$ at the 8 and $+\\tfrac12$ at the 1")
    says("00", "The last, an 8, will be hard", "slice(229, 237)")
    data, rng, net = digits(), np.random.default_rng(0), MLP([64, 32, 10], hidden="tanh", loss="cross_entropy", seed=0)
    for _ in range(10):
        for X, y in batches(data.X_train, data.y_train, 16, rng):
            SGD(0.3).update(net, net.backward(net.forward(X), y))
    x = data.X_test[:, [236]]
    delta = net.backward(net.forward(x), data.y_test[[236]]).delta
    assert data.y_test[236] == 8 and net.forward(x).output.argmax() == 1
    assert (
        abs(delta[2][8] + 0.5) < 0.05
        and abs(delta[2][1] - 0.5) < 0.05
        and abs(np.delete(delta[2], [1, 8])).max() < 0.01
    )
    pixels = net.W[1].T @ delta[1]
    assert net.forward(x - 0.1 * pixels / np.linalg.norm(pixels)).output.argmax() == 8


@pytest.mark.parametrize("seed", SEEDS)
def test_with_a_wrong_slope_the_loss_falls_at_first_much_as_with_the_right_one(seed):
    says("02", "Trained with either, this network's loss falls at first much as with the right gradient")

    def fall(slope):
        rng = np.random.default_rng(seed)
        X, Y = rng.standard_normal((2, 5)), rng.uniform(size=(2, 5))
        W = [rng.standard_normal(shape) for shape in ((4, 2), (3, 4), (2, 3))]
        losses = []
        for _ in range(50):
            a1 = np.tanh(W[0] @ X)
            a2 = np.tanh(W[1] @ a1)
            a3 = 1 / (1 + np.exp(-W[2] @ a2))
            losses.append(((a3 - Y) ** 2).sum())
            d3 = (a3 - Y) / 5 * a3 * (1 - a3)
            d2 = (W[2].T @ d3) * slope(a2)
            d1 = (W[1].T @ d2) * slope(a1)
            W = [w - 0.5 * g for w, g in zip(W, (d1 @ X.T, d2 @ a1.T, d3 @ a2.T))]
        return 1 - losses[-1] / losses[0]

    right = fall(lambda a: 1 - a**2)
    for wrong in fall(np.ones_like), fall(lambda a: 1 - np.tanh(a) ** 2):
        assert 0.6 * right < wrong < 1.5 * right


@pytest.mark.parametrize("z", [-6.0, -7.0, -8.0, -9.0, -10.0])
def test_confident_and_wrong_is_where_squared_error_teaches_least(z):
    says("01", "**Confident and wrong is where the squared error teaches least.**")

    def steps(squared, x=2.0, limit=5000):
        w, b = (z + 1) / 2, -1.0
        for step in range(limit):
            a = 1 / (1 + np.exp(-(w * x + b)))
            if a > 0.9:
                return step
            delta = (a - 1) * (a * (1 - a) if squared else 1)
            w, b = w - delta * x, b - delta
        return limit

    assert steps(False) < 5 and steps(True) > 20 * steps(False)


# ---- what an exercise asks ----


def test_an_exercise_that_refuses_an_overflow_says_so():
    """The naive softmax is right wherever the prompt is silent on large logits."""
    for id, exercise in bank.EXERCISES.items():
        if any(slip.id == "naive" for slip in exercise.slips):
            assert re.search(r"±1000|near 1000|can be large", plain(exercise.prompt)), id


# ---- the English of what a candidate repeats ----

REFUSED = {
    "with respect to": (
        r"\b([Dd]erivative|[Dd]ifferentiate[ds]?|[Ss]lope|[Gg]radient|[Jj]acobian)s?"
        r"( of ((?!\b(is|are|that)\b)[^.,;:\n]){1,40}?)? by (itself|everything|anything|every\b|[a-z]\b)",
        "the derivative of the loss by w",
    ),
    "What shape does W have?": (r"\b[Ww](hat|hich) shape has\b", "What shape has W?"),
    "along two paths": (r"\balong (two|three|four|one|another) ways?\b", "x reaches y along two ways"),
    "forever": (r"\bfor ever\b", "dead for ever"),
    "depends on": (r"\bhangs on (the|how)\b", "it hangs on the curvature"),
}


@pytest.mark.parametrize("better", REFUSED)
def test_what_may_be_repeated_aloud_is_idiomatic(better):
    """In the notebooks' prose, the bank, the exercises and the package's docstrings."""
    pattern, example = REFUSED[better]
    assert re.search(pattern, example)
    files = [*(ROOT / "backprop").rglob("*.py"), *(ROOT / "backprop").rglob("*.toml")]
    texts = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in files}
    texts |= {path.name: prose(path.name.partition("_")[0]) for path in (ROOT / "notebooks").glob("*.ipynb")}
    found = [f"{name}: {m[0]}" for name, text in texts.items() for m in re.finditer(pattern, text)]
    assert len(texts) > 200 and not found, f"{found}: rather {better!r}"


# ---- nan, and GELU's two forms ----


@pytest.mark.parametrize("seed", SEEDS)
def test_a_nan_loss_reaches_the_weights_where_it_is_differentiated(seed):
    """One sigmoid neuron, its logit far too large: the tape differentiates the loss as written, a − y was derived."""
    says("08", "If it is written down as $p-y$, it stays finite: then the loss alone is `nan`")
    rng = np.random.default_rng(seed)
    x, w, y = rng.uniform(1, 2, size=(3, 4)), 400.0 * rng.uniform(1, 2, size=(1, 3)), np.ones((1, 4))

    def loss(w):
        a = 1 / (1 + ad.exp(-(w @ x)))
        return -(y * ad.log(a) + (1 - y) * ad.log(1 - a)).sum()

    with np.errstate(all="ignore"):
        a = 1 / (1 + np.exp(-(w @ x)))
        value, (taped,) = -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(), ad.grad(loss, w)
    assert np.isnan(value) and np.isnan(taped).all() and np.isfinite((a - y) @ x.T).all()


def test_a_mean_over_nothing_is_nan_and_moves_no_weight():
    """As PyTorch did when it was asked."""
    says("09", "A framework's mean gives a loss of `nan` with a gradient of zeros: the weights stay as they are")
    stored = json.loads((ROOT / "tests" / "framework_reference.json").read_text("utf-8"))["nothing_counts"]
    assert stored["nan"] and not np.any(stored["gradient"])


def test_the_package_has_gelu_by_tanh():
    """It is off from z Φ(z) by less than 0.0005, and by more than rounding."""
    says("05", "the package has GELU's approximation by tanh, `nn.GELU()` the exact form")
    z = np.linspace(-8, 8, 4001)
    exact = [0.5 * v * (1 + math.erf(v / math.sqrt(2))) for v in z]
    assert 0.0004 < np.abs(ACTIVATIONS["gelu"].f(z) - exact).max() < 0.0005
