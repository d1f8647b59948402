"""The race: what is drawn and said is what the update rules do.

The surfaces are read from the formulas that the learner reads, their gradients taken by complex step, and the rules
written out again number by number; places in the picture are measured against the numbers at its own axes.
"""

import cmath
import json
import re
from itertools import product
from math import hypot, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import NUMBER, axis, classed, complaints, points, read, value

from backprop.explore import RuleRace
from backprop.explore.rule_race.formula import function_of, gradient_of
from backprop.explore.rule_race.numbers import (
    ADAPTIVE,
    FAR,
    LOOKS,
    OWN,
    PRESETS,
    RULES,
    STEPS,
    SURFACES,
    Race,
    X,
    Y,
    contours,
)  # fmt: skip
from backprop.explore.rule_race.picture import draw, losses, scene
from backprop.explore.rule_race.widget import STOPS

ALL = tuple(RULES)

corners = st.sampled_from
stops = {name: corners(values) for name, values in STOPS.items()}
places = st.tuples(st.floats(*X), st.floats(*Y))
races = st.builds(
    Race,
    surface=corners(list(SURFACES)),
    rules=st.sets(corners(ALL)).map(tuple),
    start=st.none() | places,
    **{**stops, "eta": stops["eta"] | st.floats(1e-6, 9.9), "eta_adaptive": stops["eta"] | st.floats(1e-6, 9.9)},
)


# --- oracles ---


def formula(name):
    """The surface as a function of two numbers, from the text that the learner reads."""
    code = SURFACES[name].formula.replace("−", "-").replace(" · ", " * ")
    code = re.sub(r"cos (\d)([xy])", r"cos(\1*\2)", code)
    code = code.replace("½", "0.5*").replace("¼", "0.25*").replace("²", "**2").replace("⁴", "**4")
    code = re.sub(r"(\d)([xy(])", r"\1*\2", code)
    return lambda x, y: eval(code, {"cos": cmath.cos, "x": x, "y": y})


def slope(f, x, y):
    """By complex step."""
    return f(x + 1e-30j, y).imag / 1e-30, f(x, y + 1e-30j).imag / 1e-30


def rule_by_hand(name, race):
    """The change of one number, from its gradient, its value and what the rule remembers of it."""
    eta = race.eta if name in ("SGD", "Momentum", "Nesterov") else race.eta_adaptive
    b, r, eps = race.beta, race.rho, 1e-10 if name == "Adagrad" else 1e-8

    def adam(g, w, s):
        s["t"] = t = s.get("t", 0) + 1
        s["m"] = b * s.get("m", 0) + (1 - b) * g
        s["v"] = r * s.get("v", 0) + (1 - r) * g * g
        return -eta * (s["m"] / (1 - b**t)) / (sqrt(s["v"] / (1 - r**t)) + eps)

    def momentum(g, w, s):
        s["v"] = b * s.get("v", 0) + g
        return -eta * s["v"]

    def nesterov(g, w, s):
        momentum(g, w, s)
        return -eta * (g + b * s["v"])

    def adagrad(g, w, s):
        s["r"] = s.get("r", 0) + g * g
        return -eta * g / (sqrt(s["r"]) + eps)

    def rmsprop(g, w, s):
        s["r"] = r * s.get("r", 0) + (1 - r) * g * g
        return -eta * g / (sqrt(s["r"]) + eps)

    def adamw(g, w, s):
        return -eta * race.decay * w + adam(g, w, s)

    def sgd(g, w, s):
        return -eta * g

    return locals()[name.lower()]


def ruler(root):
    """From pixels to w, by the numbers at the axes."""
    xs, ys = [], []
    for label in root.findall("text"):
        if re.fullmatch(NUMBER, label.text):
            if label.get("text-anchor") == "middle":
                xs.append((float(label.get("x")), value(label.text)))
            else:
                ys.append(
                    (float(label.get("y")) - 4, value(label.text))
                )  # the letters' foot lies 4 px below their middle
    (kx, cx), (ky, cy) = (np.polyfit(*np.array(pairs).T, 1) for pairs in (xs, ys))
    assert kx > 0 > ky  # right is more, and up is more
    return lambda pixels: np.asarray(pixels, float) * (kx, ky) + (cx, cy)


def parts(svg):
    """(root, {rule: its group})."""
    root = read(svg)
    return root, {group.get("data-rule"): group for group in classed(root, "runner")}


def one(group, name):
    (found,) = [node for node in group.iter() if node.get("class") == name]
    return found


def pairs(text):
    return np.array([[float(v) for v in re.split("[, ]", pair)] for pair in text])


# --- the surfaces ---


@settings(max_examples=60, deadline=None, derandomize=True)
@given(corners(list(SURFACES)), places)
def test_height_and_gradient_are_those_of_the_formula(name, w):
    surface, f = SURFACES[name], formula(name)
    np.testing.assert_allclose(surface.height(np.array(w)), complex(f(*w)).real, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(surface.gradient(np.array(w)), slope(f, *w), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_starts_above_its_finish_and_dips_below_it(name):
    surface = SURFACES[name]
    grid = np.array(np.meshgrid(np.linspace(*X, 200), np.linspace(*Y, 200)))
    assert surface.height(grid).min() < surface.finish < surface.height(np.array(surface.start))
    assert Race(name).start == surface.start
    assert list(surface.levels) == sorted(surface.levels) and surface.levels[0] > surface.finish


@pytest.mark.parametrize("name", SURFACES)
def test_points_of_a_contour_have_its_height(name):
    surface = SURFACES[name]
    for level in (*surface.levels, surface.finish):
        points = np.concatenate(contours(surface, level))
        seen = points[(np.abs(points) <= (X[1], Y[1])).all(axis=1)]
        slopes = np.hypot(*surface.gradient(seen.T))
        assert len(seen) >= 24
        # A saddle's own level crosses itself, where no direction leads back to it.
        np.testing.assert_allclose(surface.height(seen.T)[slopes > 0.05], level, atol=1e-9)


@pytest.mark.parametrize("name", SURFACES)
def test_the_contours_drawn_are_where_the_formula_has_their_height(name):
    """Both ways: every point drawn has the height, and every place of that height has a point drawn near it."""
    root, _ = parts(draw(Race(name)))
    f, surface, measure = formula(name), SURFACES[name], ruler(root)
    drawn = {float(p.get("data-level")): p for p in root.iter("path") if p.get("data-level")}
    assert sorted(drawn) == sorted([surface.finish, *surface.levels])
    assert [float(p.get("data-level")) for p in drawn.values() if p.get("class") == "finish"] == [surface.finish]
    rng = np.random.default_rng(0)
    for level, path in drawn.items():
        w = measure(pairs(re.findall(r"-?[\d.]+ -?[\d.]+", path.get("d"))))
        w = w[(np.abs(w) < (X[1] - 0.01, Y[1] - 0.01)).all(axis=1)]
        for x, y in w[:: max(1, len(w) // 40)]:
            (gx, gy), off = slope(f, x, y), abs(complex(f(x, y)).real - level)
            assert off <= 0.002 * hypot(gx, gy) + 2e-3 * (hypot(gx, gy) < 0.3)
        for _ in range(40):
            a, b = rng.uniform((X[0], Y[0]), (X[1], Y[1]), (2, 2))
            if (f(*a).real - level) * (f(*b).real - level) < 0:
                for _ in range(40):
                    middle = (a + b) / 2
                    a, b = (middle, b) if (f(*middle).real - level) * (f(*b).real - level) < 0 else (a, middle)
                if (np.abs(a) < (X[1] - 0.05, Y[1] - 0.05)).all():
                    assert np.hypot(*(w - a).T).min() < 0.05


@pytest.mark.parametrize("name", SURFACES)
def test_the_ground_below_a_contour_is_tinted(name):
    """By the even-odd rule, also where a contour leaves the picture."""
    root, _ = parts(draw(Race(name)))
    f, measure, rng = formula(name), ruler(root), np.random.default_rng(0)
    for path in (p for p in root.iter("path") if p.get("data-level")):
        assert path.get("fill-rule") == "evenodd"
        rings = [measure(pairs(re.findall(r"-?[\d.]+ -?[\d.]+", ring))) for ring in path.get("d").split("Z") if ring]
        for x, y in rng.uniform((X[0], Y[0]), (X[1], Y[1]), (60, 2)):
            off = f(x, y).real - float(path.get("data-level"))
            if abs(off) > 0.03 * hypot(*slope(f, x, y)) + 0.003:
                assert sum(crossings(ring, x, y) for ring in rings) % 2 == (off < 0)


def crossings(ring, x, y):
    """How often a ring is crossed on the way from (x, y) to the right."""
    (x0, y0), (x1, y1) = ring.T, np.roll(ring, -1, axis=0).T
    across = (y0 > y) != (y1 > y)
    return int((x0 + (y - y0) * (x1 - x0) / np.where(across, y1 - y0, 1) > x)[across].sum())


@pytest.mark.parametrize("name", SURFACES)
def test_the_heights_written_stand_on_their_contours(name):
    root, _ = parts(draw(Race(name)))
    f, measure = formula(name), ruler(root)
    window = root.find("svg")
    labels = window.findall("text")
    assert len(labels) >= 3
    for label in labels:
        x, y = measure((float(label.get("x")), float(label.get("y")) - 4))
        assert abs(f(x, y).real - value(label.text)) < 0.01 * hypot(*slope(f, x, y))


# --- the rules ---


@settings(max_examples=40, deadline=None, derandomize=True)
@given(races)
def test_every_path_is_the_rules_own(race):
    """Each step by hand from where the path stands: with a large η the bumps are chaotic, and paths part."""
    f = formula(race.surface)
    for name, run in race.runs.items():
        change, memory, path = rule_by_hand(name, race), ({}, {}), run.path.tolist()
        assert tuple(path[0]) == race.start
        noise = race.noise * np.random.default_rng(0).standard_normal((STEPS, 2))  # the same for every rule
        for w, following, more in zip(path, path[1:], noise.tolist()):
            g = [one + off for one, off in zip(slope(f, *w), more)]
            if min(map(abs, g)) < 1e-9 and name in ADAPTIVE and g[0] * g[1]:
                break  # what is left of such a gradient is rounding, which these rules blow up
            by_hand = [v + change(*pair) for v, *pair in zip(w, g, w, memory)]
            np.testing.assert_allclose(following, by_hand, rtol=1e-6, atol=1e-9)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(races)
def test_when_a_rule_finishes_and_diverges(race):
    """Finished: from this step on the loss stays below. Diverged: farther than FAR, and then it runs no more."""
    f, finish = formula(race.surface), SURFACES[race.surface].finish
    assert tuple(race.runs) == race.rules
    for run in race.runs.values():
        away = np.hypot(*run.path.T)
        assert (away[:-1] <= FAR).all()
        if run.diverged is None:
            assert len(run.path) == STEPS + 1 and away[-1] <= FAR
        else:
            assert run.diverged == len(run.path) - 1 and away[-1] > FAR and run.finished is None
        below = [f(*w).real < finish for w in run.path.tolist()]
        if run.finished is None:
            assert not below[-1]
        else:
            assert all(below[run.finished :]) and (run.finished == 0 or not below[run.finished - 1])


# --- the picture ---


@settings(max_examples=40, deadline=None, derandomize=True)
@given(races)
def test_the_tracks_are_the_paths(race):
    """Measured at the axes of the picture that they are drawn into."""
    root, groups = parts(draw(race))
    measure, near, tracks = ruler(root), 0.001, scene(race)["tracks"]  # a tenth of a pixel
    assert tuple(groups) == tuple(tracks) == race.rules
    for name, track in tracks.items():
        path, drawn = race.runs[name].path, measure(track)
        seen = path[np.hypot(*path.T) <= FAR]
        assert len(drawn) == len(path) and np.array_equal(np.round(track, 1), track)
        np.testing.assert_allclose(drawn[: len(seen)], seen, atol=near)
        if len(seen) < len(path):  # diverged: in the same direction, not so far
            np.testing.assert_allclose(drawn[-1], path[-1] * FAR / np.hypot(*path[-1]), atol=near)
    place = one(root, "start").get("transform")
    np.testing.assert_allclose(measure(pairs(re.findall(r"translate\((.*)\)", place))[0]), race.start, atol=near)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(races)
def test_the_picture_is_sound(race):
    """Well-formed, closed in itself, and with its words where a screen reader finds them; two stand on a page."""
    svg = draw(race)
    assert complaints(svg, race.words(0)) == [] and " id=" not in svg


def test_rules_differ_in_color_dash_and_marker():
    _, groups = parts(draw(Race("bowl", ALL)))
    looks = [
        (one(g, "trail").get("stroke"), one(g, "trail").get("stroke-dasharray"), one(g, "head").get("d"))
        for g in groups.values()
    ]
    assert [len(set(look)) for look in zip(*looks)] == [7, 7, 7]
    assert [one(g, "head").get("fill") for g in groups.values()] == [color for color, _, _ in looks]
    swatches = RuleRace("bowl").options["rules"]
    for (name, rule), (color, _, marker) in zip(swatches.items(), looks):
        assert name in groups and color in rule["swatch"] and marker in rule["swatch"]


# --- the words ---

SAID = re.compile(rf"(\w+) at \(({NUMBER}), ({NUMBER})\), loss ({NUMBER})(?:, finished at step (\d+))?")


def three(value, least):
    """Three digits, or 0 where no more can be seen."""
    return float(f"{value:.3g}") if abs(value) >= least else 0.0


@settings(max_examples=60, deadline=None, derandomize=True)
@given(races, st.integers(1, STEPS))
def test_the_words_say_who_is_where(race, step):
    words, f = race.words(step), formula(race.surface)
    if not race.rules:
        assert words == f"The {race.surface}, and no rule on it."
        return
    heading, _, rest = words.partition(": ")
    assert heading == f"The {race.surface} after {step} step{'s' if step > 1 else ''}"
    entries, order, ends = rest.removesuffix(".").split("; "), [], []
    for entry in entries:
        if end := re.fullmatch(r"(\w+) diverged at step (\d+)", entry):
            name, at = end[1], int(end[2])
            assert race.runs[name].diverged == at <= step
            ends.append(at)
            continue
        assert not ends  # those come last
        name, x, y, loss, finished = SAID.fullmatch(entry).groups()
        run = race.runs[name]
        w = run.path[step].tolist()
        assert (value(x), value(y)) == (three(w[0], 1e-4), three(w[1], 1e-4))
        assert value(loss) == pytest.approx(three(complex(f(*w)).real, 1e-6), rel=0.006, abs=1e-6)
        assert finished == (str(run.finished) if run.finished is not None and run.finished <= step else None)
        order.append(run.loss[step])
    assert order == sorted(order) and ends == sorted(ends)
    assert sorted(re.findall(r"(\w+) (?:at \(|diverged)", rest)) == sorted(race.rules)


def test_before_the_first_step_the_words_say_where_all_of_them_start():
    assert Race("ravine", ("Adam", "SGD"), (1, -0.1)).words(0) == (
        "The ravine: SGD, Adam start at (1, −0.1), loss 0.75. The finish is loss 0.05."
    )
    assert Race("ravine", ()).words(0) == "The ravine, and no rule on it."


def test_one_step_is_not_steps():
    assert (
        Race("bowl", ("SGD",), (1, 0), eta=1).words(1)
        == "The bowl after 1 step: SGD at (0, 0), loss 0, finished at step 1."
    )


@settings(max_examples=30, deadline=None, derandomize=True)
@given(races)
def test_the_scene_is_all_steps_as_plain_data(race):
    data = json.loads(json.dumps(scene(race), allow_nan=False))
    assert data["svg"] == draw(race)
    assert data["words"] == [race.words(step) for step in range(STEPS + 1)]
    assert list(data["tracks"]) == list(data["rows"]) == list(race.rules)
    for name, run in race.runs.items():
        assert len(data["rows"][name]) == STEPS + 1
        for step, (loss, remark) in enumerate(data["rows"][name]):
            if run.diverged is not None and step >= run.diverged:
                assert (loss, remark) == ("", f"diverged at {run.diverged}")
                continue
            x, y = run.path[step]
            assert value(loss) == three(run.loss[step], 1e-6)
            outside = "outside" if abs(x) > 2.2 or abs(y) > 1.5 else ""
            finished = run.finished is not None and step >= run.finished
            assert remark == (f"finished at {run.finished}" if finished else outside)
        assert race.results()[name] == (data["rows"][name][-1][1] or "on its way")


# --- what the page around it asks ---


@pytest.mark.parametrize("beta", [0.5, 0.9])
def test_the_limits_of_eta_in_the_ravine(beta):
    """2/λ for SGD, 2(1 + β)/λ for momentum, 2(1 + β)/((1 + 2β)λ) for Nesterov, by running close to both sides."""
    top = 50  # the largest curvature, ∂²/∂y² of 25y²
    limits = {
        "SGD": 2 / top,
        "Momentum": 2 * (1 + beta) / top,
        "Nesterov": 2 * (1 + beta) / (1 + 2 * beta) / top,
    }
    for name, limit in limits.items():
        assert Race("ravine", (name,), eta=1.1 * limit, beta=beta).results()[name].startswith("diverged")
        assert Race("ravine", (name,), eta=0.93 * limit, beta=beta).results()[name].startswith("finished")


def test_on_the_exact_ridge_nobody_leaves_and_beside_it_the_adaptive_rules_leave_at_full_pace():
    ridge = Race("saddle", ALL, (-1.8, 0.0), beta=0.9)
    assert all((run.path[:, 1] == 0).all() for run in ridge.runs.values())
    left = {name: int((run.path[:, 1] > 0.5).argmax()) for name, run in Race("saddle", ALL, beta=0.9).runs.items()}
    assert 0 < left["RMSProp"] < left["Adam"] <= 12 < left["Nesterov"] < left["Momentum"] < 50 < left["SGD"]


def test_only_momentum_rolls_through_the_first_dip():
    assert [name for name, end in Race("bumps", ALL, beta=0.9).results().items() if end.startswith("finished")] == [
        "Momentum"
    ]


def test_a_figure_tells_all_rules_apart():
    figure = Race("bowl", ALL).figure(20)
    assert [line.get_label() for line in figure.canvas.axes[0].lines if line.get_label() in ALL] == list(ALL)
    assert len(set(LOOKS.values())) == len(ALL)


# --- presets ---


def test_each_preset_shows_what_its_name_says():
    results = {name: Race(**preset).results() for name, preset in PRESETS.items()}
    assert Race() == Race(**PRESETS["momentum is ahead"]) and list(PRESETS)[0] == "momentum is ahead"
    ends = {name: {rule: int(end.split()[-1]) for rule, end in found.items() if end.startswith("finished")}
            for name, found in results.items()}  # fmt: skip
    assert 2 * ends["momentum is ahead"]["Momentum"] < ends["momentum is ahead"]["SGD"]
    beyond = results["beyond descent's limit"]
    assert beyond["SGD"].startswith("diverged") and beyond["Momentum"].startswith("finished")
    assert ends["β too large for κ = 50"]["Momentum"] > ends["β too large for κ = 50"]["SGD"]
    runs = Race(**PRESETS["off a saddle"]).runs
    left = {name: int((run.path[:, 1] > 0.5).argmax()) for name, run in runs.items()}
    assert max(left["Adagrad"], left["Adam"]) < min(left["Momentum"], left["Nesterov"]) < left["SGD"]
    assert list(ends["through the first dip"]) == ["Momentum"]
    noisy = {rule: run.loss[100:].mean() for rule, run in Race(**PRESETS["noise that stays"]).runs.items()}
    quiet = {rule: run.loss[100:].mean() for rule, run in Race("bowl", eta=0.1).runs.items()}
    assert noisy["SGD"] > 1e3 * quiet["SGD"] and noisy["Momentum"] > noisy["SGD"] > 5 * noisy["Adagrad"]


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_a_setting_of_the_page_and_stands_on_its_sliders(name):
    widget = RuleRace()
    widget.set_state(json.loads(json.dumps(widget.options["presets"][name])))
    assert widget.complaint == "" and widget.scene == scene(Race(**PRESETS[name]))
    assert all(getattr(widget, knob) in stops for knob, stops in STOPS.items())


def test_noise_is_the_same_for_all_rules_and_comes_back():
    one, other = (Race("bowl", ("SGD", "Momentum"), eta=0.1, beta=0.0, noise=1.0) for _ in range(2))
    np.testing.assert_array_equal(one.runs["SGD"].path, one.runs["Momentum"].path)
    np.testing.assert_array_equal(one.runs["SGD"].path, other.runs["SGD"].path)


# --- a surface of one's own ---

PYTHON = {
    "sin": cmath.sin,
    "cos": cmath.cos,
    "exp": cmath.exp,
    "log": cmath.log,
    "sqrt": cmath.sqrt,
    "tanh": cmath.tanh,
}
WRITTEN = {  # as one writes it, and the same in Python
    "½x² + 25y²": "0.5*x**2 + 25*y**2",
    "0.15(x² + y²) + 0.4(1 − cos(3x)·cos(3y))": "0.15*(x**2 + y**2) + 0.4*(1 - cos(3*x)*cos(3*y))",
    "(1-x)^2 + 5(y - x^2)^2": "(1-x)**2 + 5*(y-x**2)**2",
    "-x**2 + x^4/2 + y**2": "-x**2 + x**4/2 + y**2",
    "2 x - -y": "2*x + y",
    "xy + x²+y²": "x*y + x**2 + y**2",
    "log(x² + 1) sqrt(2 + y)": "log(x**2 + 1)*sqrt(2 + y)",
    "-exp(-x² - y²/2) + 1e-1tanh(x)": "-exp(-x**2 - y**2/2) + 0.1*tanh(x)",
    "1/(1 + x²) + 3π y**-0 + y": "1/(1 + x**2) + 9.42477796076938 + y",
    "12/4/2x": "12/4/2*x",
    "SIN(X)+y": "sin(x)+y",
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_formula_is_read_as_it_is_meant(written):
    def meant(x, y):
        return eval(WRITTEN[written], PYTHON | {"x": x, "y": y})

    f = function_of(written)
    gradient, rng = gradient_of(f), np.random.default_rng(0)
    points = rng.uniform((X[0], Y[0]), (X[1], Y[1]), (20, 2))
    for w in points:
        assert np.isclose(f(*w), complex(meant(*w)).real, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(gradient(w), slope(meant, *w), rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(gradient(points.T), np.transpose([gradient(w) for w in points]))


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "ends too soon"),
        ("x +", "ends too soon"),
        ("*x", "Something is missing before '*'"),
        ("(x", "A parenthesis is not closed"),
        ("x)", "ends before ')'"),
        ("cos 3x", "cos wants parentheses, as in cos(3x)."),
        ("__import__('os').system('ls')", "has '_' in it"),
        ("x.real", "has '.' in it"),
        ("lambda: x", "has ':' in it"),
        ("open(x)", "'open' is not known here. It may hold x, y"),
        ("x**y", "A power should be a number"),
        ("x**99", "A power may be 8 at most"),
        ("9e99x", "too large"),
        ("5", "should contain x or y"),
        ("(" * 40 + "x" + ")" * 40, "more than 30 parentheses"),
        ("-" * 90 + "x", "more than 30 parentheses or signs"),
        ("x + " * 60 + "x", "at most 120 are read"),
        ("log(x)", "has no height or no slope at x = -2.2"),
        ("1/x", "has no height or no slope at x = 0"),
        ("sqrt(x²)", "has no height or no slope at x = 0"),
        ("exp(exp(exp(x²)))", "no height or no slope"),
        ("x - x", "should rise by"),
        ("x**8 * 1e6", "should rise by"),
    ],
)
def test_a_formula_that_wont_do_is_answered_in_a_sentence(text, says):
    with pytest.raises(ValueError) as error:
        Race(OWN, formula=text)
    assert says in str(error.value)
    widget = RuleRace(OWN)
    before = widget.scene
    widget.set_state({"formula": text})
    assert says in widget.complaint and widget.scene is before


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text("xy0123456789.+-*/^()½²πsincoexplgqrtah _'[]{}:;=,", max_size=40))
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(text):
    try:
        f = function_of(text)
    except ValueError as refused:
        assert str(refused).endswith(".")
    else:
        with np.errstate(all="ignore"):
            assert np.shape(f(np.ones(3), np.ones(3))) == (3,)


@pytest.mark.parametrize(
    "text", ["½x² + 25y²", "(1-x)² + 5(y - x²)²", "sin(2x)cos(2y)", "x + y²", "exp(x)+y²", "sqrt(x+2.3)+y^2"]
)
def test_a_surface_of_ones_own_can_be_drawn_and_raced_on(text):
    """Beyond the picture a formula may have no height any more: that is far away."""
    for eta in (0.035, 3.0):
        race = Race(OWN, ALL, formula=text, eta=eta, eta_adaptive=eta)
        ground, found = race.ground, scene(race)
        assert not re.search("nan|inf", json.dumps(found, allow_nan=False).replace("finish", ""))
        assert complaints(found["svg"], race.words(0)) == [] and race.words(1).startswith(
            "Your own surface after 1 step"
        )
        assert found["about"].startswith(text) and list(ground.levels) == sorted(set(ground.levels)) != []
        assert all(len(np.concatenate(contours(ground, level))) >= 24 for level in (*ground.levels, ground.finish))


# --- the losses beside the map ---


@settings(max_examples=30, deadline=None, derandomize=True)
@given(races)
def test_the_losses_are_drawn_where_they_are(race):
    svg = losses(race)
    assert complaints(svg, "The loss of each rule, step by step, above the lowest there is.") == []
    root = read(svg)
    ticks = [(float(part.get("y")) - 4, float(part.text[2:].replace("−", "-"))) for part in root.iter("text")
             if part.text.startswith("1e")]  # fmt: skip
    log, per_pixel = axis(ticks)
    lowest = {"saddle": -0.25}.get(race.surface, 0.0)
    groups = {group.get("data-rule"): group for group in classed(root, "loss")}
    assert list(groups) == list(race.rules)
    top = max(v for _, v in ticks)
    for name, run in race.runs.items():
        drawn = points(groups[name][0])
        assert len(drawn) == (len(run.path) if run.diverged is None else run.diverged)
        for (_, y), loss in zip(drawn, run.loss):
            wanted = min(max(np.log10(max(loss - lowest, 1e-6)), -6), top)
            assert abs(log(y) - wanted) <= per_pixel / 5
    (line,) = classed(root, "finish")
    assert abs(log(float(line.get("y1"))) - np.log10(race.ground.finish - lowest)) <= per_pixel / 5


def test_the_lowest_loss_is_the_surface_s():
    grid = np.array(np.meshgrid(np.linspace(*X, 881), np.linspace(*Y, 601)))
    for name, surface in SURFACES.items():
        assert surface.lowest == pytest.approx(surface.height(grid).min(), abs=1e-3), name


# --- bad input ---


@pytest.mark.parametrize("step", [-1, STEPS + 1, 1.0, None])
def test_a_figure_of_no_step_is_answered_in_a_sentence(step):
    with pytest.raises(ValueError, match=rf"step is {step}, but should be a whole number from 0 to {STEPS}"):
        Race("bowl").figure(step)


def test_a_figure_of_no_rules_is_answered_in_a_sentence():
    with pytest.raises(ValueError, match="rules is empty, so there is no path to draw"):
        Race("bowl", ()).figure(1)


@pytest.mark.parametrize(
    "given, says",
    [
        ({"surface": "ravin"}, "surface='ravin' is not known. Did you mean \"ravine\"?"),
        ({"rules": ("SGD", "adam")}, "rules='adam' is not known. Did you mean \"Adam\"?"),
        ({"start": (3, 0)}, "start is (3.0, 0.0), but should lie in the picture"),
        ({"start": (0, -1.51)}, "should lie in the picture"),
        ({"start": (float("nan"), 0)}, "start x is nan, but should be a finite number"),
        ({"eta": 0.0}, "eta is 0.0, but should be a finite number above 0"),
        ({"eta": 10.0}, "eta is 10.0, but should be a finite number above 0 and below 10"),
        ({"eta_adaptive": 10.0}, "eta_adaptive is 10.0, but"),
        ({"eta_adaptive": -1.0}, "eta_adaptive is -1.0, but"),
        ({"beta": 1.0}, "beta is 1.0, but should be"),
        ({"rho": 1.0}, "rho is 1.0, but should be"),
        ({"decay": -0.1}, "decay is -0.1, but should be"),
        ({"noise": -1.0}, "noise is -1.0, but should be"),
    ],
)
def test_bad_settings_are_answered_in_a_sentence(given, says):
    with pytest.raises(ValueError) as error:
        Race(**given)
    assert says in str(error.value)
    with pytest.raises(ValueError) as error:
        RuleRace(**given)
    assert says in str(error.value)
    race = RuleRace()
    before = race.scene
    for name, bad in given.items():
        kept = getattr(race, name)
        setattr(race, name, bad)
        assert says in race.complaint and race.scene is before
        setattr(race, name, kept)
        assert race.complaint == "" and race.scene is before


# --- the widget, without a browser ---


def test_the_widget_runs_the_race_again_when_a_setting_changes():
    widget = RuleRace("ravine")
    assert widget.scene == scene(Race("ravine"))
    for name, chosen in {
        "surface": "saddle",
        "start": [1.0, 0.5],
        "rules": ["Adam", "SGD"],
        "eta": 0.1,
        "eta_adaptive": 0.2,
        "beta": 0.5,
        "rho": 0.9,
        "decay": 0.5,
        "noise": 0.2,
    }.items():
        setattr(widget, name, chosen)
    expected = Race("saddle", ("SGD", "Adam"), (1.0, 0.5), 0.1, 0.2, 0.5, 0.9, 0.5, 0.2)
    assert widget.scene == scene(expected)


def test_what_the_browser_sends_together_is_run_once():
    widget, scenes = RuleRace(rules=("SGD",)), []
    widget.observe(lambda change: scenes.append(change.new), "scene")
    widget.set_state({"surface": "bumps", "start": [0.5, 0.25], "eta": 1})
    assert scenes == [scene(Race("bumps", ("SGD",), (0.5, 0.25), 1))]


def test_reset_is_where_the_widget_began():
    widget = RuleRace("saddle", eta=0.1, rules=("Adam",))
    first = widget.scene
    widget.set_state({"surface": "bowl", "eta": 1, "start": [0, 0], "rules": []})
    assert widget.scene != first
    widget.set_state(json.loads(json.dumps(widget.options["reset"])))
    assert widget.scene == first


def test_the_widget_shows_the_same_name_in_every_run():
    assert (
        repr(RuleRace())
        == repr(RuleRace("bowl"))
        == "The race of the update rules. Run this cell in JupyterLab to play it."
    )


def test_its_module_and_style_load_nothing():
    widget = RuleRace()
    assert "export default" in widget._esm and ".backprop-rule-race" in widget._css
    for source in (widget._esm, widget._css):
        assert not re.search(r"https?:|//\w|\bimport\b|\bfetch\b|url\(|@import|XMLHttp|eval\(", source)


@pytest.mark.parametrize("surface", SURFACES)
def test_the_ends_of_every_slider(surface):
    """Warnings are errors here."""
    ends = [(values[0], values[-1]) for values in STOPS.values()]
    for values, start in zip(product(*ends), [(x, y) for x in X for y in Y] * 8):
        race = Race(surface, ALL, start, **dict(zip(STOPS, values)))
        assert not re.search("nan|inf", str(scene(race)))


def test_the_sliders_stop_where_race_starts():
    for name, values in STOPS.items():
        assert getattr(Race(), name) in values and values == sorted(values)
