"""Gradient flow: its numbers against the MLP in columns and against autograd; its picture against its numbers."""

import re
from itertools import product

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pictures import SUPERSCRIPTS, axis, classed, complaints, numbers, points, printed, read

from backprop import MLP
from backprop.explore import GradientFlow
from backprop.explore.gradient_flow import numbers as flow
from backprop.explore.gradient_flow.numbers import PRESETS, SIGNALS, Flow, gradient_norms, signals, words
from backprop.explore.gradient_flow.picture import draw
from backprop.layers import BatchNorm, LayerNorm

N, B = 64, 16
ZERO_ROW = 324  # where an exact 0 is drawn: below the axis
DEVIATIONS = {"xavier": np.sqrt(2 / (N + N)), "he": np.sqrt(2 / N), "lecun": np.sqrt(1 / N), "normal": 1.0}
FLOWS = st.builds(
    Flow,
    depth=st.integers(*flow.DEPTHS),
    activation=st.sampled_from(flow.ACTIVATIONS),
    init=st.sampled_from(flow.INITS),
    scale=st.integers(0, 80).map(lambda k: round(k * 0.05, 2)),
    norm=st.sampled_from(list(flow.NORMS)),
    skips=st.booleans(),
    seed=st.integers(*flow.SEEDS),
)
ENDS = [
    Flow(*ends, seed=20)
    for ends in product(flow.DEPTHS, flow.ACTIVATIONS, ["he", "normal"], flow.SCALES, flow.NORMS, [False, True])
]
few = settings(max_examples=25, deadline=None, derandomize=True)
VANISHING = Flow(activation="sigmoid", init="xavier")


def drawn_by_hand(f):
    """X, Y and the weights W of shape (n_in, n_out), as the settings describe them."""
    rng = np.random.default_rng(f.seed)
    X, Y = rng.standard_normal((B, N)), rng.standard_normal((B, N))
    return X, Y, [f.scale * DEVIATIONS[f.init] * rng.standard_normal((N, N)) for _ in range(f.depth)]


# --- the numbers ---


@few
@given(FLOWS)
@example(VANISHING)
@example(Flow(depth=2))
@example(Flow(init="normal", scale=4.0))
def test_plain_networks_are_the_mlp_in_columns(f):
    f = f._replace(norm="none", skips=False, depth=min(f.depth, 20))
    X, Y, W = drawn_by_hand(f)
    net = MLP([N] * (f.depth + 1), hidden=f.activation, init=[w.T for w in W])
    trace = net.forward(X.T)
    grads = net.backward(trace, Y.T)
    assert gradient_norms(f) is signals(f)["|δ|"] and tuple(signals(f)) == SIGNALS
    for name, arrays in {"|δ|": grads.delta[1:], "|a|": trace.a[1:], "|dW|": grads.W[1:]}.items():
        assert signals(f)[name].shape == (f.depth,)
        for own, array in zip(signals(f)[name], arrays):
            assert np.isclose(own, np.linalg.norm(array), rtol=1e-6, atol=0)  # large weights grow rounding, too


def witness(f):
    """|∂𝓛/∂z^l| by autograd: add a zero to every z and differentiate by it. Samples are rows."""
    X, Y, W = drawn_by_hand(f)
    σ = {"sigmoid": lambda z: 1 / (1 + anp.exp(-z)), "tanh": anp.tanh, "relu": lambda z: anp.where(z > 0, z, 0)}

    def normalized(z):
        if f.norm == "none":
            return z
        over = {"LayerNorm": 1, "BatchNorm": 0}[f.norm]
        centered = z - anp.mean(z, axis=over, keepdims=True)
        return centered / anp.sqrt(anp.mean(centered**2, axis=over, keepdims=True) + 1e-5)

    def loss(nudges):
        a = X
        for w, nudge in zip(W[:-1], nudges[:-1]):
            F = σ[f.activation](normalized(a @ w + nudge))
            a = a + F if f.skips else F
        return anp.sum(0.5 * (a @ W[-1] + nudges[-1] - Y) ** 2) / B

    return [np.linalg.norm(g) for g in grad(loss)([np.zeros((B, N)) for _ in W])]


@pytest.mark.parametrize("skips", [False, True])
@pytest.mark.parametrize("norm", ["none", "LayerNorm", "BatchNorm"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_norms_and_skips_against_autograd(activation, norm, skips):
    f = Flow(5, activation, "lecun", 1.3, norm, skips, seed=3)
    np.testing.assert_allclose(gradient_norms(f), witness(f), rtol=1e-9)


def ratio(f):
    norms = gradient_norms(f)
    return norms[0] / norms[-1]


def test_what_the_page_asks_for_can_be_found():
    """A setting in which layer 1 learns a thousand times slower than layer 20, and one change that repairs it."""
    assert 0.1 < ratio(Flow()) < 10
    assert ratio(VANISHING) < 1e-11
    for change in {"skips": True}, {"activation": "tanh"}, {"norm": "BatchNorm"}:
        assert 0.01 < ratio(VANISHING._replace(**change)) < 100, change
    for scale in 0.5, 2.0:
        assert not 1e-3 < ratio(Flow(scale=scale)) < 1e3
        assert 0.1 < ratio(Flow(scale=scale, norm="LayerNorm")) < 10


def test_why_layernorm_does_not_repair_a_sigmoid():
    """Notebook 05 says: s is about 1/2 for LayerNorm and 0.2 for BatchNorm, the slope about 1/5, and so 0.4 or 1."""
    for kind, s, passed in (LayerNorm, 0.5, 0.4), (BatchNorm, 0.2, 1.0):
        X, _, W = drawn_by_hand(VANISHING)
        for w in W[:10]:
            norm = kind(N)
            shared = (X @ w).mean(axis=0).std()  # what all samples have in common, from feature to feature
            X = 1 / (1 + np.exp(-norm.forward(X @ w)))
        slope = X * (1 - X)
        assert abs(norm.s.mean() - s) < 0.05 and abs(slope.mean() - 0.2) < 0.01 and abs(shared - 0.5) < 0.05
        assert abs(slope.mean() / norm.s.mean() - passed) < 0.1
    assert ratio(VANISHING._replace(norm="LayerNorm")) < 1e-7
    assert 0.01 < ratio(VANISHING._replace(init="normal")) < 1 and ratio(VANISHING._replace(scale=4.0)) < 1e-3


def test_an_exact_zero_is_zero():
    norms = gradient_norms(Flow(scale=0.0))
    assert (norms[:-1] == 0).all() and norms[-1] > 0


def test_squares_that_overflow_or_vanish_do_no_harm():
    for size in 1e-200, 1e200:
        assert np.isclose(flow._norm(size * np.array([[3.0, 0], [0, 4.0]])), 5 * size, rtol=1e-12)
    assert flow._norm(np.zeros((2, 2))) == 0


# --- the words ---


@few
@given(FLOWS)
@example(VANISHING)
@example(VANISHING._replace(depth=5))  # a ratio of 0.003, which is not called vanishing
@example(Flow(scale=2.0))
@example(Flow(scale=0.0))
@example(Flow(scale=0.0, skips=True))
def test_the_words_are_the_numbers(f):
    said, norms = words(f), gradient_norms(f)
    settings_, course, *rest = said
    assert settings_.startswith(f"{f.depth} layers, {f.activation}, {f.init} weights × ")
    assert printed(numbers(settings_.split("×")[1])[0], f.scale)
    assert ("no normalization" in settings_) == (f.norm == "none") and (f.norm in settings_) == (f.norm != "none")
    assert ("no skips" in settings_) != f.skips and settings_.endswith(f"seed {f.seed}.")
    if norms[0] == 0:
        zeros = np.flatnonzero(norms == 0) + 1
        assert zeros[-1] == len(zeros)
        layers = "layer 1" if len(zeros) == 1 else f"layers 1 to {len(zeros)}"
        assert course == f"δ is exactly 0 at {layers}: nothing arrives there, so nothing is learned there."
    else:
        last, first, last_norm, first_norm, change, per_layer, *verdict = numbers(course)
        assert (last, first) == (f.depth, 1)
        assert printed(last_norm, norms[-1]) and printed(first_norm, norms[0]) and printed(change, norms[0] / norms[-1])
        assert printed(per_layer, (norms[0] / norms[-1]) ** (1 / (f.depth - 1)))
        assert (" falls from " in course) == (norms[0] < norms[-1]) != (" grows from " in course)
        vanishes, explodes = norms[0] < norms[-1] / 1000, norms[0] > norms[-1] * 1000
        assert ("It vanishes: layer 1 learns " in course) == vanishes
        assert ("It explodes: layer 1 gets " in course) == explodes
        assert ("Layer 1 is within a factor of a thousand" in course) == (not vanishes and not explodes)
        if vanishes or explodes:
            assert printed(verdict[1], norms[-1] / norms[0] if vanishes else norms[0] / norms[-1])
    assert [f"Layer {f.depth}'s own |δ| is large already" in " ".join(rest)] == [norms[-1] > 1000]


def test_the_words_of_a_vanishing_gradient():
    assert words(VANISHING)[0] == "20 layers, sigmoid, xavier weights × 1, no normalization, no skips, seed 0."
    course = words(VANISHING)[1]
    last, first, change, per_layer, slower = (numbers(course)[k] for k in (2, 3, 4, 5, 7))
    assert course == (
        f"From layer 20 down to layer 1, |δ| falls from {last:.3g} to {first:.3g}. The ratio first to last is "
        f"{change:.3g}, a factor of {per_layer:.3g} per layer. It vanishes: layer 1 learns "
        f"{slower:.3g} times slower than layer 20."
    ).replace("-", "−")
    assert 1e-13 < change < 1e-11 and 0.2 < per_layer < 0.25 and 1e11 < slower < 1e13


def test_a_comparison_names_what_has_changed():
    repaired = VANISHING._replace(skips=True)
    said = words(repaired, VANISHING)[-1]
    assert said.startswith("Kept for comparison, dashed: 20 layers, sigmoid, xavier weights × 1, no normalization, ")
    before, after = numbers(said)[-2:]
    assert "; changed since: skips; the ratio went from " in said
    assert printed(before, ratio(VANISHING)) and printed(after, ratio(repaired))
    assert "changed since: depth, activation, scale; " in words(Flow(5, "tanh", "he", 2.0), Flow())[-1]
    assert words(Flow(), Flow())[-1].endswith("seed 0; no change yet.")
    assert words(Flow(), Flow())[:-1] == words(Flow())


# --- the picture ---


def axes(root):
    """layer of a pixel, and log10 of a pixel, from the ticks."""
    up, across = [], []
    for part in root.iter("text"):
        x, y = float(part.get("x")), float(part.get("y"))
        if part.text.startswith("10") and part.get("text-anchor") == "end":
            up.append((y - 4, float(part.text[2:].translate(SUPERSCRIPTS))))
        elif part.get("text-anchor") == "middle" and part.text.isdigit():
            across.append((x, float(part.text)))
    return axis(across), axis(up)


def marks(root, name):
    """(x, y, is zero) of the marks of a line, from its dots, squares and crosses; and the line's own points."""
    (group,) = classed(root, name)
    line, *rest = group
    found = []
    for part in rest:
        if part.tag == "circle":
            found.append((float(part.get("cx")), float(part.get("cy")), False))
        elif part.tag == "rect":
            found.append((float(part.get("x")) + 3.5, float(part.get("y")) + 3.5, False))
        else:
            assert part.get("class") == "zero"
            x, y = map(float, re.match(r"M(\S+) (\S+)l8 8m0 -8l-8 8", part.get("d")).groups())
            found.append((x + 4, y + 4, True))
    return found, points(line)


def demand_drawn(root, name, norms):
    (layer, dl), (log, dlog) = axes(root)
    found, line = marks(root, name)
    assert len(found) == len(line) == len(norms)
    for l, ((x, y, zero), corner, norm) in enumerate(zip(found, line, norms), start=1):
        assert abs(layer(x) - l) <= dl / 5 and zero == (norm == 0)
        assert abs(x - corner[0]) < 0.2 and abs(y - corner[1]) < 0.2
        if zero:
            assert y == ZERO_ROW
        else:
            assert abs(log(y) - np.log10(norm)) <= dlog / 5


@few
@given(FLOWS, st.none() | FLOWS)
@example(VANISHING, Flow())
@example(Flow(scale=0.0), None)
@example(Flow(2), Flow(50, init="normal", scale=4.0))
def test_every_layer_is_drawn_where_its_norm_is(f, kept):
    svg = draw(f, kept)
    root, norms = read(svg), gradient_norms(f)
    assert complaints(svg, " ".join(words(f, kept))) == []
    demand_drawn(root, "now", norms)
    assert bool(classed(root, "kept")) == (kept is not None)
    if kept is not None:
        demand_drawn(root, "kept", gradient_norms(kept))
        dashes = [classed(root, name)[0][0].get("stroke-dasharray") for name in ("now", "kept")]
        assert dashes[0] is None and dashes[1] is not None
    for name, layer, value in ("first", 1, norms[0]), ("last", f.depth, norms[-1]):
        l, shown = numbers(classed(root, name)[0].text)
        assert l == layer and printed(shown, value)
    assert printed(numbers(classed(root, "ratio")[0].text)[0], norms[0] / norms[-1])
    (_, _), (log, dlog) = axes(root)
    for threshold in classed(root, "threshold"):
        assert abs(log(float(threshold[0].get("y1"))) - np.log10(norms[-1] / 1000)) <= dlog / 5
        assert threshold[1].text == f"a thousandth of layer {f.depth}'s"
    assert bool(classed(root, "threshold")) == (norms[-1] > 0)


@pytest.mark.parametrize("f", ENDS, ids=lambda f: "/".join(map(str, f)))
def test_the_ends_of_every_slider_can_be_drawn(f):
    """50 exploding layers reach 1e134. Warnings are errors here, so an overflow on the way would show."""
    assert np.isfinite(gradient_norms(f)).all()
    assert complaints(draw(f), " ".join(words(f))) == []


def test_the_axis_keeps_still():
    """It stretches in leaps only, so that a line moves in its picture, and not the picture under the line."""
    floors = [round(axes(read(draw(VANISHING._replace(depth=depth))))[1][0](300)) for depth in range(2, 51)]
    assert floors == sorted(floors, reverse=True) and set(floors) == {-4, -6, -8, -12, -16, -24, -32}


@pytest.mark.parametrize("shows", SIGNALS)
@pytest.mark.parametrize("f", [Flow(), VANISHING, Flow(50, init="normal", scale=4.0), Flow(scale=0.5), Flow(scale=0.0)])
def test_each_signal_is_drawn_and_fills_its_axis(f, shows):
    """Where 50 layers explode, the axis begins near the smallest value: half of it was empty once."""
    svg, values = draw(f, shows=shows), signals(f)[shows]
    root = read(svg)
    assert complaints(svg, " ".join(words(f, shows=shows))) == []
    demand_drawn(root, "now", values)
    assert bool(classed(root, "threshold")) == (shows == "|δ|")
    log = axes(root)[1][0]
    if (values > 0).all():
        reach = np.log10([values.min() / (1000 if shows == "|δ|" else 1), values.max()])
        assert log(40) - log(300) <= max(6.5, 1.7 * np.ptp(reach))


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_shows_what_its_name_says(name, explorer):
    explorer.set(depth=3, shows="|a|")
    explorer.press(name)
    f = Flow()._replace(**PRESETS[name])
    assert explorer.flow == f and explorer.values["shows"] == "|a|" and page(explorer)[0] == draw(f, shows="|a|")
    for seed in range(5):
        norms = gradient_norms(f._replace(seed=seed))
        ratio = norms[0] / norms[-1]
        claim = "vanish" in name, "explode" in name
        assert claim == (ratio < 1e-3, ratio > 1e3)


def test_level_weight_gradients_can_hide_a_vanishing_signal():
    """dW = δ aᵀ: what δ loses on its way down, a has lost on its way up."""
    for seed in range(5):
        found = signals(Flow(scale=0.5, seed=seed))
        assert found["|δ|"][0] < 1e-3 * found["|δ|"][-1] and found["|a|"][-1] < 1e-3 * found["|a|"][0]
        assert 0.1 < found["|dW|"][0] / found["|dW|"][-1] < 10
        said = " ".join(words(Flow(scale=0.5, seed=seed), shows="|dW|"))
        assert "within a factor of a thousand. It says little" in said


# --- the widget ---


def page(explorer):
    return explorer.svg, explorer.words, explorer.note


@pytest.fixture
def explorer():
    return GradientFlow()


def test_it_starts_with_a_healthy_network(explorer):
    assert page(explorer) == (draw(Flow()), words(Flow()), "")
    assert explorer.values == Flow()._asdict() | {"shows": "|δ|"}
    first, *rest = repr(explorer).replace("\n    ", " ").split("\n")  # what is seen where no kernel runs
    assert first == "Gradient flow: run this cell, and move it with the mouse or the keyboard."
    assert rest == words(Flow()) and max(map(len, repr(explorer).split("\n"))) <= 95


def test_it_begins_with_what_is_asked_for_and_comes_back_to_it():
    explorer = GradientFlow(depth=30, activation="sigmoid", skips=True)
    began = Flow()._replace(depth=30, activation="sigmoid", skips=True)
    assert explorer.flow == began
    explorer.set(depth=5)
    explorer.press("Reset")
    assert explorer.flow == began


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"layers": 3}, "There is no setting 'layers'. There are depth, activation, init, scale, norm, skips, seed, "
                        "shows."),
        ({"depth": 1000}, "depth is 1000, and can be a number from"),
        ({"depth": True}, "depth is True, and can be a number from"),
        ({"depth": "deep"}, "depth is 'deep', and can be a number from"),
        ({"activation": "swish"}, "activation is 'swish', and can be "),
        ({"skips": 1}, "skips is 1, and can be True or False."),
    ],
)  # fmt: skip
def test_what_no_control_can_hold_is_refused_in_a_sentence(settings, said):
    with pytest.raises(ValueError) as refused:
        GradientFlow(**settings)
    assert str(refused.value).startswith(said)


def test_every_control_moves_what_it_says(explorer):
    assert {spec["name"] for spec in explorer.controls} == {*Flow._fields, "shows"}
    changes = {
        "depth": 7,
        "activation": "gelu",
        "init": "lecun",
        "scale": 2,
        "norm": "BatchNorm",
        "skips": True,
        "seed": 4,
    }
    assert set(changes) == set(Flow._fields)
    for name, value in changes.items():
        before = explorer.flow
        explorer.set_state({"values": {**explorer.values, name: value}})  # as the page sends it
        now = before._replace(**{name: value})
        assert page(explorer) == (draw(now), words(now), "")


def test_controls_offer_what_the_network_knows(explorer):
    offered = {spec["name"]: spec.get("options") or (spec.get("min"), spec.get("max")) for spec in explorer.controls}
    assert offered == {
        "depth": (2, 50),
        "activation": ["sigmoid", "tanh", "relu", "leaky_relu", "gelu", "silu"],
        "init": ["xavier", "he", "lecun", "normal"],
        "scale": (0, 4),
        "norm": ["none", "LayerNorm", "BatchNorm"],
        "skips": (None, None),
        "seed": (0, 20),
        "shows": list(SIGNALS),
    }


def test_a_kept_line_stays_until_reset(explorer):
    explorer.set(activation="sigmoid", init="xavier")
    explorer.press("Keep this line")
    assert page(explorer)[:2] == (draw(VANISHING, VANISHING), words(VANISHING, VANISHING)) and "Kept" in explorer.note
    explorer.set(skips=True)
    repaired = VANISHING._replace(skips=True)
    assert page(explorer) == (draw(repaired, VANISHING), words(repaired, VANISHING), "")
    explorer.press("Reset")
    assert page(explorer) == (draw(Flow()), words(Flow()), "") and explorer.flow == Flow()


def test_a_setting_seen_before_is_not_computed_again(explorer):
    signals.cache_clear()
    for seed in (1, 2, 1, 2, 1):
        explorer.set(seed=seed)
    assert signals.cache_info().misses == 2
    with pytest.raises(ValueError, match="read-only"):  # what is remembered can't be changed
        gradient_norms(Flow())[0] = 1
