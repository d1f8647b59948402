"""One neuron: every number and every length in its picture is that of the core's network, of one neuron."""

import re
from itertools import product
from math import exp, log

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pictures import axis, classed, complaints, numbers, points, printed, read
from pictures import value as number_of

from backprop import MLP, SGD
from backprop.explore import OneNeuron
from backprop.explore.one_neuron import numbers as neuron
from backprop.explore.one_neuron import picture
from backprop.explore.one_neuron.numbers import Neuron, Update, held, update_words, words
from backprop.explore.one_neuron.picture import draw
from backprop.gradcheck import central_difference

OUTPUTS = {"sigmoid": lambda z: 1 / (1 + exp(-z)), "tanh": np.tanh, "relu": lambda z: max(z, 0.0)}
LOSSES = {
    "mse": lambda z, a, y: (a - y) ** 2 / 2,
    "bce": lambda z, a, y: y * log(1 + exp(-z)) + (1 - y) * log(1 + exp(z)),
}
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0}


def grid(ends, step):
    """What a slider can be set to."""
    count = round((ends[1] - ends[0]) / step)
    return st.integers(0, count).map(lambda k: round(ends[0] + k * step, 6))


NEURONS = st.builds(
    Neuron,
    w=grid(neuron.W, 0.1) | st.floats(*neuron.W),
    b=grid(neuron.B, 0.1) | st.floats(*neuron.B),
    x=grid(neuron.X, 0.1),
    y=grid(neuron.Y, 0.05),
    activation=st.sampled_from(list(OUTPUTS)),
)
ENDS = [Neuron(*ends, name) for *ends, name in product(neuron.W, neuron.B, neuron.X, neuron.Y, OUTPUTS)]
few = settings(max_examples=60, deadline=None, derandomize=True)


def network(n, loss):
    """The same neuron as a network of the core."""
    net = MLP([1, 1], loss=loss, output="sigmoid", init=[np.array([[n.w]])])
    net.b[1][:] = n.b
    return net, np.array([[n.x]]), np.array([[n.y]])


def due(n, loss):
    """∂𝓛/∂a, σ'(z), x, ∂𝓛/∂w, 𝓛 and ∂𝓛/∂b as they ought to be: from formulas, and for sigmoids from the core's pass."""
    z = n.w * n.x + n.b
    a = float(OUTPUTS[n.activation](z))
    slope = {"sigmoid": a * (1 - a), "tanh": 1 - a * a, "relu": float(z > 0)}[n.activation]
    outer = a - n.y if loss == "mse" else -n.y / a + (1 - n.y) / (1 - a)
    value, delta = LOSSES[loss](z, a, n.y), outer * slope
    if n.activation == "sigmoid":
        net, X, Y = network(n, loss)
        trace = net.forward(X)
        grads = net.backward(trace, Y)
        assert np.isclose(delta, grads.delta[1].item(), rtol=1e-6, atol=1e-15)
        value, delta = net.loss(trace, Y), grads.b[1].item()
        return outer, slope, n.x, grads.W[1].item(), value, delta
    return outer, slope, n.x, delta * n.x, value, delta


def shown(n):
    """What the picture holds for each loss: the numbers beside the bars, and 𝓛."""
    root, found = read(draw(n)), {}
    for loss in n.losses:
        (group,) = classed(root, "bars", loss)
        (title,) = classed(classed(root, "plot", loss)[0], "title")
        values = [numbers(part.text)[0] for part in classed(group, "value")]
        found[loss] = (*values, numbers(title.text)[0])
    return found


# --- the numbers ---


@few
@given(NEURONS)
def test_the_numbers_are_the_core_s(n):
    said = words(n)
    root = read(draw(n))
    for name, exact in ("z", n.w * n.x + n.b), ("a", OUTPUTS[n.activation](n.w * n.x + n.b)), ("y", n.y):
        assert printed(numbers(classed(root, name)[0].text)[-1], exact), name
    for loss, sentence in zip(n.losses, said[1:]):
        *factors, gradient, value, delta = due(n, loss)
        for got, exact in zip(shown(n)[loss], (*factors, gradient, value), strict=True):
            assert printed(got, exact) or abs(got - exact) < 1e-15, (loss, got, exact)
        told = numbers(sentence)  # 𝓛, three factors, their product, δ
        for got, exact in zip(told, (value, *factors, gradient, delta), strict=True):
            assert printed(got, exact) or abs(got - exact) < 1e-15, (sentence, got, exact)


@few
@given(NEURONS)
def test_the_gradient_is_the_slope_of_the_loss(n):
    """A second witness, which knows no chain rule; away from the kink, where there is no slope."""
    if n.activation == "relu" and abs(n.z) < 1e-3:
        return
    for loss in n.losses:
        for parameter, gradient in (("w", n.gradient(loss)), ("b", n.delta(loss))):
            at = np.array([getattr(n, parameter)])
            witness = central_difference(lambda v: n._replace(**{parameter: v[0]}).loss(loss), at)[0]  # noqa: B023
            assert abs(witness - gradient) <= 1e-5 * max(1, abs(gradient)) * max(1, abs(n.x)) ** 2


def test_the_neuron_of_the_notebook():
    n = Neuron(w=0.5, b=-1.0, x=2.0, y=1.0)
    assert shown(n) == {"mse": (-0.5, 0.25, 2, -0.25, 0.125), "bce": (-2, 0.25, 2, -1, 0.693)}
    assert words(n) == [
        "z = w x + b = 0.5 · 2 + (−1) = 0, a = sigmoid(z) = 0.5, and the target is y = 1.",
        "Squared error: 𝓛 = 0.125, ∂𝓛/∂w = ∂𝓛/∂a · σ'(z) · x = (−0.5) · 0.25 · 2 = −0.25, and ∂𝓛/∂b = δ = −0.125.",
        "Cross-entropy: 𝓛 = 0.693, ∂𝓛/∂w = ∂𝓛/∂a · σ'(z) · x = (−2) · 0.25 · 2 = −1, and ∂𝓛/∂b = δ = −0.5.",
        "No factor is small: the neuron learns.",
    ]


def test_cross_entropy_goes_with_the_sigmoid_alone():
    for activation in "tanh", "relu":
        n = Neuron(activation=activation)
        root = read(draw(n))
        assert n.losses == ["mse"] and not classed(root, "bars", "bce") and not classed(root, "plot", "bce")
        assert "".join(classed(root, "missing")[0].itertext()).endswith(f"and {activation}(z) is none.")
        assert "cross-entropy wants a probability" in " ".join(words(n))
    assert not classed(read(draw(Neuron())), "missing")
    assert "probability" not in " ".join(words(Neuron()))


# --- what is drawn ---


def bars(root, loss):
    """(signed length of the bar, half of the row's width, whether it goes on) for each row of a loss."""
    (group,) = classed(root, "bars", loss)
    guides = [part for part in group if part.tag == "line" and part.get("y1") == part.get("y2")]
    zeros = [float(part.get("x1")) for part in group if part.tag == "line" and part.get("x1") == part.get("x2")]
    beyond = [float(re.match(r"M(\S+) (\S+)", part.get("d"))[2]) for part in classed(group, "beyond")]
    for bar, guide, zero in zip(classed(group, "bar"), guides, zeros, strict=True):
        x, width, y = (float(bar.get(name)) for name in ("x", "width", "y"))
        half = (float(guide.get("x2")) - float(guide.get("x1"))) / 2
        assert abs(zero - float(guide.get("x1")) - half) < 0.11  # the 0 is in the middle
        assert min(abs(x - zero), abs(x + width - zero)) < 0.11  # and the bar begins there
        yield (
            (width if abs(x - zero) < 0.11 else -width),
            half,
            any(y < mark < y + 20 or mark == y - 4 for mark in beyond),
        )


@few
@given(NEURONS)
@example(Neuron(w=-4.5))
@example(Neuron(w=4.5, x=-3.0, b=5.0, activation="relu"))
def test_bars_are_as_long_as_their_numbers(n):
    root = read(draw(n))
    full = 2.0, STEEPEST[n.activation], 3.0, 3.0
    written = [part.text or "" for part in root.iter("text")]
    at = written.index("full bar")
    assert [numbers(text)[0] for text in written[at + 1 :] if re.fullmatch(r"[\d.]+", text)][:4] == list(full)
    for loss in n.losses:
        for (length, half, beyond), exact, most in zip(bars(root, loss), due(n, loss), full):
            assert abs(length - half * min(max(exact / most, -1), 1)) <= 0.21
            assert beyond == (abs(exact) > most)


def test_a_saturated_neuron_s_bar_has_shrunk():
    """At z = 0 the bar of σ' is full; at z = −10 nothing of it is left, and of the squared error's ∂𝓛/∂w neither."""
    fresh, saturated = (read(draw(Neuron(w=w))) for w in (0.5, -4.5))
    length = {(root, loss): [bar[0] for bar in bars(root, loss)] for root in (fresh, saturated) for loss in LOSSES}
    assert length[fresh, "mse"][1] > 80 and length[saturated, "mse"][1] == 0
    assert length[fresh, "mse"][3] < -5 and abs(length[saturated, "mse"][3]) < 0.1
    assert length[saturated, "bce"][3] < 2 * length[fresh, "bce"][3] + 1 < -50  # twice as far: −2 for −1


def plot(root, name):
    """The axes of one small plot, from its ticks, and its parts."""
    (group,) = classed(root, "plot", name)
    frame = [part for part in group.iter("text") if part.get("class") is None and re.fullmatch(r"−?[\d.]+", part.text)]
    ticks = [(float(t.get("x")), float(t.get("y")), numbers(t.text)[0], t.get("text-anchor")) for t in frame]
    across = axis([(x, value) for x, _, value, anchor in ticks if anchor == "middle"])
    up = axis([(y - 4, value) for _, y, value, anchor in ticks if anchor == "end"])
    curves = [points(part) for part in group.iter("path")]
    (tangent,), (here,) = classed(group, "tangent"), classed(group, "here")
    ends = [tuple(float(tangent.get(name + end)) for name in "xy") for end in "12"]
    return across, up, curves[-1], ends, (float(here.get("cx")), float(here.get("cy")))


@few
@given(NEURONS)
@example(Neuron(w=-4.5))
@example(Neuron(w=5.0, b=5.0, x=3.0, y=0.0))
@example(Neuron(w=5.0, b=5.0, x=3.0, y=0.0, activation="relu"))
def test_curves_points_and_tangents_are_where_they_belong(n):
    root = read(draw(n))
    cases = {"activation": (n.z, n.a, n.slope, OUTPUTS[n.activation])}
    for loss in n.losses:
        value, gradient = due(n, loss)[4], due(n, loss)[3]

        def over(w, loss=loss):
            z = w * n.x + n.b
            return LOSSES[loss](z, OUTPUTS[n.activation](z), n.y)

        cases[loss] = n.w, value, gradient, over
    for name, (at, value, slope, f) in cases.items():
        (x_of, dx), (y_of, dy), curve, ends, here = plot(root, name)
        lowest, highest = y_of(208), y_of(54)
        for px, py in curve:
            steep = abs(f(x_of(px) + dx) - f(x_of(px) - dx))  # a pixel across may be many up
            assert abs(y_of(py) - f(x_of(px))) <= dy + steep, name
        assert len(curve) == 81
        left, right = x_of(curve[0][0]), x_of(curve[-1][0])
        inside = min(max(at, left), right)
        assert abs(x_of(here[0]) - inside) <= dx / 5
        assert abs(y_of(here[1]) - min(max(value, lowest), highest)) <= dy / 5
        if left < at < right and lowest <= value <= highest:
            for (px, py), side in zip(ends, (-1, 1)):
                assert abs(y_of(py) - (value + slope * (x_of(px) - at))) <= dy / 5 + abs(slope) * dx / 5, name
                assert side * (x_of(px) - at) >= -dx / 5 and left - dx <= x_of(px) <= right + dx
                reached = abs(x_of(px) - (at + side * (right - left) / 5)) <= dx
                edge = abs(py - 54) < 0.2 or abs(py - 208) < 0.2 or min(x_of(px) - left, right - x_of(px)) <= dx
                assert reached or edge, name


def test_the_dotted_line_is_the_target():
    for y in 0.0, 0.35, 1.0:
        root = read(draw(Neuron(y=y)))
        (line,) = classed(root, "target")
        _, (y_of, dy), *_ = plot(root, "activation")
        assert [abs(y_of(py) - y) <= dy for _, py in points(line)] == [True, True]


@few
@given(NEURONS)
def test_any_neuron_can_be_drawn(n):
    assert complaints(draw(n), " ".join(words(n)), "group") == []


@pytest.mark.parametrize("n", ENDS, ids=lambda n: "/".join(map(str, n)))
def test_the_ends_of_every_slider_can_be_drawn(n):
    assert complaints(draw(n), " ".join(words(n)), "group") == []


def test_an_axis_is_as_high_as_its_loss_needs_in_round_numbers():
    """It keeps its height while the curve changes a little, so that the picture is still under a moving slider."""
    heights = set()
    for b in np.arange(-5, 5.01, 0.1):
        (y_of, _) = plot(read(draw(Neuron(b=float(b)))), "bce")[1]
        highest = max(due(Neuron(w=w, b=float(b)), "bce")[4] for w in neuron.W)
        heights.add(round(y_of(54), 3))
        assert highest <= y_of(54) + 1e-3 and y_of(54) < 2.5 * highest + 1e-3
    assert heights <= {5, 10, 20} and len(heights) == 2


# --- the words ---


@few
@given(NEURONS)
@example(Neuron(x=0.0))
@example(Neuron(w=3.0, b=5.0))
@example(Neuron(w=3.5))  # z = 6, where the slope is 0.0025
def test_what_is_small_is_named(n):
    remark = words(n)[-1]
    assert ("learned this sample" in remark) == (abs(n.a - n.y) < 0.01)
    assert ("saturated" in remark) == (n.activation != "relu" and n.slope <= STEEPEST[n.activation] / 100)
    assert ("the neuron is off" in remark) == (n.activation == "relu" and n.z <= 0)
    assert ("x is 0" in remark) == (n.x == 0)
    assert remark.startswith("What is small: ") != (remark == "No factor is small: the neuron learns.")


# --- one update ---


@few
@given(NEURONS.filter(lambda n: n.activation == "sigmoid"), st.floats(0.1, 10))
def test_an_update_is_sgd_s(n, eta):
    for loss in n.losses:
        net, X, Y = network(n, loss)
        SGD(eta=eta).update(net, net.backward(net.forward(X), Y))
        after = n.updated(loss, eta)
        assert np.allclose([after.w, after.b], [net.W[1].item(), net.b[1].item()], rtol=1e-9, atol=1e-12)
        assert after[2:] == n[2:]


def test_the_update_of_the_notebook_in_words():
    n = Neuron()
    assert update_words(n, n.updated("mse", 1.0), "mse") == (
        "One update by squared error: w moves by 0.25, b by 0.125, and 𝓛 falls by 0.0642 to 0.0608."
    )
    assert update_words(n, n.updated("bce", 2.0), "bce") == (
        "One update by cross-entropy: w moves by 2, b by 1, and 𝓛 falls by 0.686 to 0.00672."
    )


def test_an_update_that_rises_stays_or_is_held_says_so():
    steep = Neuron(w=1.0, b=0.0, x=1.0, y=0.0, activation="relu")
    assert update_words(steep, steep._replace(w=4.0), "mse").endswith("𝓛 rises by 7.5 to 8: the step was too long.")
    assert update_words(steep, steep._replace(w=1.1), "mse").endswith(
        "𝓛 rises by 0.105 to 0.605: the step was too long."
    )
    off = Neuron(w=-1.0, activation="relu")
    assert update_words(off, off.updated("mse", 1.0), "mse").endswith("w moves by 0, b by 0, and 𝓛 stays at 0.5.")
    far = steep.updated("mse", 10.0)
    assert (far.w, held(far).w, held(far).b) == (-9.0, -5.0, -5.0)
    said = update_words(steep, far, "mse")
    assert "w moves by −10, b by −10" in said
    assert said.endswith("; w is held at −5, where its slider ends; b is held at −5, where its slider ends.")
    assert held(Neuron(w=7.0, b=-6.0)) == Neuron(w=5.0, b=-5.0)


# --- the widget ---


def page(explorer):
    return explorer.svg, explorer.words, explorer.note


@pytest.fixture
def explorer():
    return OneNeuron()


def test_it_starts_with_the_notebook_s_neuron(explorer):
    assert page(explorer) == (draw(Neuron()), words(Neuron()), "")
    assert explorer.values == {"w": 0.5, "b": -1.0, "x": 2.0, "y": 1.0, "activation": "sigmoid", "eta": 1.0}
    first, *rest = repr(explorer).replace("\n    ", " ").split("\n")  # what is seen where no kernel runs
    assert first == "One neuron: run this cell, and move it with the mouse or the keyboard."
    assert rest == words(Neuron()) and max(map(len, repr(explorer).split("\n"))) <= 95


def test_every_control_moves_what_it_says(explorer):
    assert [spec["name"] for spec in explorer.controls] == ["w", "b", "x", "y", "eta", "activation"]
    for name, value in {"w": 2, "b": 1.5, "x": -1, "y": 0.25, "activation": "tanh"}.items():
        before = explorer.neuron
        explorer.set_state({"values": {**explorer.values, name: value}})  # as the page sends it
        assert explorer.neuron == before._replace(**{name: value})
        assert page(explorer) == (draw(explorer.neuron), words(explorer.neuron), "")


def test_sliders_reach_from_end_to_end(explorer):
    ends = {spec["name"]: (spec["min"], spec["max"]) for spec in explorer.controls if spec["kind"] == "range"}
    assert ends == {"w": (-5, 5), "b": (-5, 5), "x": (-3, 3), "y": (0, 1), "eta": (0.1, 10)}
    for spec in explorer.controls:
        assert spec["kind"] == "range" or spec["options"] == ["sigmoid", "tanh", "relu"]
        start = explorer.start[spec["name"]]
        assert start in spec["options"] if spec["kind"] == "choice" else spec["min"] <= start <= spec["max"]


def test_a_button_takes_one_step_and_says_what_it_did(explorer):
    for loss, title in ("mse", "squared error"), ("bce", "cross-entropy"):
        before, eta = explorer.neuron, 2.5
        explorer.set(eta=eta)
        explorer._handle_custom_msg({"press": f"Update by {title}"}, [])  # as the page sends it
        after = before.updated(loss, eta)
        assert explorer.neuron == after and explorer.values["eta"] == eta
        arrow = Update(before, after, loss)
        assert page(explorer) == (draw(after, update=arrow), words(after), update_words(before, after, loss))
        explorer.set(w=0.5, b=-1.0)
        assert explorer.note == ""  # it speaks of what was done last
        assert not classed(read(explorer.svg), "step")  # nor is what is shown what it led to


def test_values_can_be_drawn_ahead_and_change_nothing(explorer, monkeypatch):
    sent, shown, values = [], page(explorer), explorer.values
    monkeypatch.setattr(explorer, "send", sent.append)
    explorer._handle_custom_msg({"asked": 0.25, "ahead": [{**values, "w": 0.4}, {**values, "activation": "relu"}]}, [])
    drawn = [(draw(n), words(n)) for n in (Neuron(w=0.4), Neuron(activation="relu"))]
    assert sent == [{"asked": 0.25, "ahead": drawn}]
    assert (page(explorer), explorer.values, explorer.disabled) == (shown, values, [])


def test_an_update_stops_where_the_sliders_end(explorer):
    explorer.set(w=5.0, b=5.0, x=3.0, y=0.0, activation="relu")
    explorer.press("Update by squared error")
    assert explorer.neuron == Neuron(-5.0, -5.0, 3.0, 0.0, "relu")


def test_repeated_updates_learn(explorer):
    for _ in range(60):
        explorer.press("Update by cross-entropy")
    assert explorer.neuron.a > 0.98 and "learned" not in words(Neuron())[-1]


def test_cross_entropy_s_button_waits_for_a_sigmoid(explorer):
    assert explorer.disabled == []
    explorer.set(activation="tanh")
    assert explorer.disabled == ["Update by cross-entropy"]
    explorer.press("Reset")
    assert explorer.disabled == []


def test_reset_brings_back_the_start(explorer):
    at_first = page(explorer)
    explorer.set(w=-4.5, eta=3.0, activation="relu")
    explorer.press("Update by squared error")
    assert page(explorer) != at_first
    explorer.press("Reset")
    assert page(explorer) == at_first and explorer.values == explorer.start


@pytest.mark.parametrize("loss, eta", [("mse", 5.0), ("bce", 0.5)])
def test_an_update_is_an_arrow_from_the_old_point_to_the_new_one(loss, eta):
    before = Neuron(w=-0.5)
    after = before.updated(loss, eta)
    root = read(draw(after, update=Update(before, after, loss)))
    (x_of, dx), (y_of, dy), _, _, here = plot(root, loss)
    (step,) = classed(root, "step")
    was, start, shaft, head = step
    assert abs(x_of(float(start.get("cx"))) - before.w) <= dx / 5
    assert abs(y_of(float(start.get("cy"))) - before.loss(loss)) <= dy / 5
    assert (shaft.get("x1"), shaft.get("y1")) == (start.get("cx"), start.get("cy"))
    tip = np.hypot(float(shaft.get("x2")) - here[0], float(shaft.get("y2")) - here[1])
    assert 6 < tip < 10 and head.get("points").split()[0] == ",".join(
        f"{float(shaft.get(c)):.1f}" for c in ("x2", "y2")
    )
    for x, y in points(was)[::20]:  # the curve as it was, before b moved too
        wanted = before._replace(w=float(x_of(x))).loss(loss)
        assert abs(y_of(y) - wanted) <= 0.02 * max(1, wanted) + dy
    assert len(classed(root, "step")) == 1  # on its own loss alone


@pytest.mark.parametrize("n", [Neuron(), Neuron(w=-3.0, b=2.0, x=-1.5, y=0.2), Neuron(activation="tanh", x=0.0)])
def test_a_point_says_which_control_it_moves_and_how(n):
    """The pixel where a point stands gives back the value of its control, and another one what draws it there."""
    root = read(draw(n))
    handles = [part for part in root.iter("g") if part.get("data-drag")]
    assert [one.get("data-drag") for one in handles] == ["b", *("w" for _ in n.losses)]
    for nth, one in enumerate(handles):
        (p0, p1), (v0, v1) = (map(float, one.get(name).split()) for name in ("data-pixels", "data-values"))
        name, x = one.get("data-drag"), float(classed(one, "here")[0].get("cx"))
        assert abs(v0 + (x - p0) / (p1 - p0) * (v1 - v0) - getattr(n, name)) < 0.01 * (v1 - v0) / 10
        assert number_of(one.get("aria-valuenow").replace("-", "−")) == pytest.approx(getattr(n, name), rel=1e-3)
        assert (one.get("role"), one.get("tabindex"), one.get("data-lm-suppress-shortcuts")) == ("slider", "0", "true")
        for there in (p0 + 0.3 * (p1 - p0), p0 + 0.6 * (p1 - p0)):
            moved = n._replace(**{name: v0 + (there - p0) / (p1 - p0) * (v1 - v0)})
            drawn = [part for part in read(draw(moved)).iter("g") if part.get("data-drag")][nth]
            assert abs(float(classed(drawn, "here")[0].get("cx")) - there) < 0.3


def test_several_controls_move_in_one_redraw(explorer, monkeypatch):
    drawn = []
    monkeypatch.setattr(picture, "draw", lambda n, *_: drawn.append(n) or "<svg/>")
    explorer.set(w=1.0, b=2.0, x=-1.0)
    assert drawn == [Neuron(1.0, 2.0, -1.0)]
    explorer.press("Reset")
    assert drawn[1:] == [Neuron()]


def test_two_on_a_page_are_apart():
    one, two = OneNeuron(), OneNeuron()
    one.set(w=3.0)
    assert two.neuron == Neuron()
