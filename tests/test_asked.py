"""What interviews ask, row by row (asked.toml): each is taught, or has its card, and what the cards say holds."""

import re
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from backprop.gradcheck import central_difference, relative_error
from backprop.interview import bank
from backprop.interview.turn import question
from backprop.layers import LayerNorm, Linear, Sequential, softmax
from backprop.path import links
from backprop.site import cards

TABLES = tomllib.loads(Path(__file__).with_name("asked.toml").read_text(encoding="utf-8"))
FOUND = {"classics": 57, "first measured": 6, "of this year": 7, "missing layers": 18, "missing in depth": 13}
ROWS = [pytest.param(places, id=row) for rows in TABLES.values() for row, places in rows.items()]


@cache
def few():
    """{title: answer} of the cards."""
    keys = [key.split("#") for key in links() if key.endswith("#few")]
    texts = [text for notebook, _ in keys for text in cards.sources(notebook)]
    return {title: answer for text in texts for title, answer in re.findall(cards.FEW, text)}


def said(place):
    """What stands at a place: a section's cells, what a question is answered with, or a card's answer."""
    if place in few():
        return few()[place]
    if place in bank.questions():
        one = question(place)
        points = [f"{point.says} {point.follow_up.answer if point.follow_up else ''}" for point in one.points]
        return " ".join([one.answer, one.whiteboard or "", *points])
    file, _, heading = links()[place].partition("#")  # KeyError: no such place
    return " ".join("".join(cell["source"]) for cell in cards.cells_by_section(cards.cells_of(file))[heading])


@pytest.mark.parametrize("places", ROWS)
def test_each_row_is_answered(places):
    assert places
    for place, phrase in places:
        there = " ".join(said(place).split())
        assert phrase in there, f"{place} no longer says: {phrase}"
        assert len(phrase) > 7 and not phrase.endswith("?"), "a question is no answer"


def test_no_row_was_dropped():
    assert {table: len(TABLES[table]) for table in FOUND} == FOUND


def test_kaiming_s_variance_keeps_the_size():
    rng = np.random.default_rng(0)
    z = rng.standard_normal((400, 400))
    for alpha in (0.0, 0.5, 1.0):
        w = rng.standard_normal((400, 400)) * np.sqrt(2 / ((1 + alpha**2) * 400))
        assert (w @ np.where(z > 0, z, alpha * z)).std() == pytest.approx(1, abs=0.015)


def test_a_random_matrix_keeps_lengths_on_average_only():
    values = np.linalg.svd(np.random.default_rng(0).standard_normal((400, 400)) / 20, compute_uv=False)
    assert np.mean(values**2) == pytest.approx(1, abs=0.01)
    assert values.min() < 0.01 and values.max() == pytest.approx(2, abs=0.05)
    assert np.mean(values > 1) < 0.5  # few directions grow, most shrink


def test_epsilon_outside_the_root_and_inside():
    def step(v, eps):
        return 1 / (np.sqrt(v) + eps)

    assert step(1.0, 1e-8) == pytest.approx(1) and step(1e-20, 1e-3) == pytest.approx(1 / 1e-3)
    assert 1 / np.sqrt(0.0 + 1e-8) == pytest.approx(step(0.0, 1e-4))


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("rates", [[0.1] * 6, [0.1, 0.1, 0.1, 0.01, 0.01, 0.01]], ids=["fixed", "falling"])
def test_nesterov_s_two_forms_agree_at_any_rates_only_with_the_rate_inside(inside, rates):
    """On the loss 2w². At a fixed rate they agree either way."""
    beta, w, v, point, u = 0.9, 1.0, 0.0, 1.0, 0.0
    for eta in rates:
        into, step = (eta, 1.0) if inside else (1.0, eta)
        v = beta * v + into * 4 * (w - step * beta * v)  # the gradient where the velocity would carry it
        w -= step * v
        u, g = beta * u + into * 4 * point, 4 * point  # the frameworks' form, at its own weights
        point -= step * (into * g + beta * u)
    ahead = w - (1.0 if inside else rates[-1]) * beta * v
    assert (abs(ahead - point) < 1e-12) == (inside or len(set(rates)) == 1)


def test_a_diagonal_and_a_trace():
    A, g = np.random.default_rng(0).standard_normal((2, 4, 4))[0], np.arange(1.0, 5)
    assert relative_error(central_difference(lambda A: g @ np.einsum("ii->i", A), A), np.diag(g)) < 1e-9
    assert relative_error(central_difference(lambda A: 3 * np.einsum("ii->", A), A), 3 * np.eye(4)) < 1e-9
    with pytest.raises(ValueError):
        np.einsum("i->ii", g)


def test_a_gradient_passes_an_equation():
    """y = tanh(W y + x), solved by repetition; the slope by one linear system."""
    rng = np.random.default_rng(0)
    W, x, g = 0.3 * rng.standard_normal((3, 3)), rng.standard_normal(3), rng.standard_normal(3)

    def solved(x):
        y = np.zeros(3)
        for _ in range(200):
            y = np.tanh(W @ y + x)
        return y

    slope = np.diag(1 - solved(x) ** 2)
    u = np.linalg.solve((np.eye(3) - slope @ W).T, g)  # F = y − tanh(W y + x)
    assert relative_error(central_difference(lambda x: g @ solved(x), x), slope.T @ u) < 1e-8


def test_gumbel_noise_samples_and_its_softmax_has_a_slope():
    rng = np.random.default_rng(0)
    z, g, tau = np.array([1.0, 0.0, -1.0]), rng.standard_normal(3), 0.7
    noise = -np.log(-np.log(rng.random((40000, 3))))
    shares = np.bincount((z + noise).argmax(axis=1)) / len(noise)
    assert np.allclose(shares, softmax(z), atol=0.01)
    y = softmax((z + noise[0]) / tau)
    numeric = central_difference(lambda z: g @ softmax((z + noise[0]) / tau), z)
    assert relative_error(numeric, y * (g - y @ g) / tau) < 1e-8


def test_one_weight_of_the_second_layer():
    x, W1, y = np.array([1.0, 2]), np.array([[1.0, -1], [1, 1]]), 14
    loss = lambda W2: 0.5 * (W2 @ np.maximum(W1 @ x, 0) - y) ** 2  # noqa: E731
    assert np.allclose(central_difference(loss, np.array([2.0, 5])), [0, 3], atol=1e-6)


def test_what_decides_has_no_gradient():
    f = lambda x: x**2 if np.sin(x) > 0 else 3 * x  # noqa: E731
    slopes = [float(central_difference(f, np.array(x))) for x in (1.0, 4.0)]
    assert slopes == pytest.approx([2.0, 3.0])


def test_the_gradient_stands_at_a_right_angle_to_weights_in_front_of_a_norm():
    rng = np.random.default_rng(0)
    X, G = rng.standard_normal((2, 6, 5))
    short, long = (Sequential(Linear(5, 5, seed=0), LayerNorm(5, eps=1e-12)) for _ in range(2))
    long.layers[0].W *= 2
    for net in (short, long):
        net.forward(X)
        net.backward(G)
        W, dW = net.layers[0].W, net.layers[0].dW
        assert abs(np.sum(W * dW)) < 1e-9 * np.linalg.norm(W) * np.linalg.norm(dW)
    assert np.allclose(long.layers[0].dW, short.layers[0].dW / 2)
