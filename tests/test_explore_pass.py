"""The pass there and back: what is drawn and said equals the core's numbers, and every slip is called by its name.

Numbers are read back from the SVG and compared with a forward and a backward pass of the core run here, digit by digit
as printed. Wrong answers are made here too, by loops and einsum, not by the code that explains them.
"""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures import NUMBER, agrees, classed, read, value

from backprop import SGD
from backprop.activations import ACTIVATIONS
from backprop.explore import ThereAndBack, figures
from backprop.explore.there_and_back import numbers, picture
from backprop.explore.there_and_back.numbers import Pass, ask, columns, one_pass, tolerance
from backprop.explore.there_and_back.picture import frames, look, network, opening, sheet, state, words
from backprop.explore.written import entry, matrix
from backprop.losses import HEADS

# Small, square, deep and wide, with one sample and with several, and every pair of loss and output.
SETTINGS = [
    {"sizes": [2, 3, 2]},
    {"sizes": [2, 2, 2], "hidden": "sigmoid", "output": "sigmoid", "seed": 1},
    {"sizes": [2, 3, 1], "hidden": "sigmoid", "loss": "bce", "seed": 2, "samples": 2},
    {"sizes": [3, 4, 3], "hidden": "relu", "loss": "cross_entropy", "seed": 3},
    {"sizes": [4, 4, 4, 4, 4], "hidden": "gelu", "output": "softmax", "seed": 4, "samples": 3},
    {"sizes": [1, 2, 2, 3], "hidden": "leaky_relu", "seed": 5, "samples": 3, "eta": 2.0},
    {"sizes": [3, 3, 3, 3], "hidden": "silu", "loss": "cross_entropy", "seed": 6, "samples": 2},
]


def name(setting):
    return "-".join(map(str, setting["sizes"])) + " " + " ".join(v for v in setting.values() if isinstance(v, str))


every_setting = pytest.mark.parametrize("setting", SETTINGS, ids=name)


# ---- reading ----


def assert_agree(texts, wanted):
    wanted = np.asarray(wanted).ravel()
    assert len(texts) == len(wanted)
    for text, number_ in zip(texts, wanted):
        assert agrees(text, number_), (text, number_)


def matrices(run, k, **options):
    """All numbers inside of brackets in a step's picture, in reading order."""
    root = read(sheet(run, k, ask(run.steps[k]), **options))
    return [node.text for node in root.iter("text") if node.get("text-anchor") == "end"]


def told(asked, answer):
    """The sentence of the case that an answer is nearest to, or None beyond its tolerance."""
    value, allowed, says = min(asked.cases, key=lambda case: abs(case[0] - answer))
    return says if abs(value - answer) <= allowed else None


class Core:
    """The core's own numbers for a run: computed here, from its network and data."""

    def __init__(self, run):
        net = run.net
        self.trace = net.forward(run.X)
        self.grads = net.backward(self.trace, run.Y)
        self.loss = net.loss(self.trace, run.Y)
        self.slope = [None] + [ACTIVATIONS[net.hidden].derivative(z, a) for z, a in zip(*(v[1:-1] for v in self.trace))]
        self.W, self.b = [list(w) for w in (net.W, net.b)]
        self.after = one_copy(net)
        SGD(run.eta).update(self.after, self.grads)
        self.trace_after = self.after.forward(run.X)
        self.loss_after = net.loss(self.trace_after, run.Y)


def one_copy(net):
    from backprop import MLP

    copy = MLP(net.sizes, hidden=net.hidden, loss=net.loss_name, output=net.output_name, init=net.W[1:])
    for mine, theirs in zip(copy.b[1:], net.b[1:]):
        mine[:] = theirs
    return copy


def expected(run, core, step):
    """What stands in the brackets of a step, by the equation that the step names."""
    (z, a), g, L, l = core.trace, core.grads, run.L, int((re.findall(r"\d", step.name) or [0])[0])
    kind = re.sub(r"\[\d\]", "", step.name)
    if kind == "δ":
        head = run.net.loss_name, run.net.output_name
        residual = a[L] - run.Y
        if l < L:
            return [core.W[l + 1].T, g.delta[l + 1], core.slope[l], g.delta[l]]
        if head == ("mse", "sigmoid"):
            return [a[L], run.Y, a[L] * (1 - a[L]), g.delta[L]]
        if head == ("mse", "softmax"):
            return [a[L], residual, [sum(p * r for p, r in zip(*c)) for c in zip(a[L].T, residual.T)], g.delta[L]]
        return [a[L], run.Y, g.delta[L]]
    if kind == "𝓛":
        each = [run.net.head.loss(z[L], a[L], run.Y)] * (run.B > 1)
        first = {"mse": [a[L], run.Y], "bce": [run.Y, a[L], 1 - run.Y, 1 - a[L]], "cross_entropy": [run.Y, a[L]]}
        return [*first[run.net.loss_name], *each, core.loss]
    return {
        "start": lambda: [run.X],
        "z": lambda: [core.W[l], a[l - 1], core.b[l], z[l]],
        "a": lambda: [z[l], a[l]],
        "dW": lambda: [g.delta[l], a[l - 1].T, g.W[l]],
        "db": lambda: [g.delta[l], g.b[l]],
        "W new": lambda: [core.W[l], g.W[l], core.after.W[l]],
        "b new": lambda: [core.b[l], g.b[l], core.after.b[l]],
        "𝓛 again": lambda: [core.loss, core.loss_after],
    }[kind]()


# ---- the numbers ----


@every_setting
def test_every_matrix_holds_the_cores_numbers(setting):
    run = one_pass(**setting)
    core = Core(run)
    for k, step in enumerate(run.steps):
        wanted = np.concatenate([np.ravel(values) for values in expected(run, core, step)])
        assert_agree(matrices(run, k), wanted)


@every_setting
def test_every_neuron_holds_the_cores_numbers(setting):
    run = one_pass(**setting)
    core, root = Core(run), read(network(run))
    neurons = {node.get("data-item"): node for node in classed(root, "neuron")}
    assert len(neurons) == sum(run.net.sizes)
    for l, n in enumerate(run.net.sizes):
        for i in range(n):
            texts = {node.get("class"): node.text for node in neurons[f"n{l}.{i}"].iter("text")}
            wanted = {"value a": core.trace.a[l][i, 0]}
            if l:
                wanted |= {"value z": core.trace.z[l][i, 0], "value d": core.grads.delta[l][i, 0]}
                wanted |= {"value next": core.trace_after.a[l][i, 0]}
            assert set(texts) == set(wanted)
            for kind, text in texts.items():
                assert len(text) <= 7 and agrees(text, wanted[kind]), (text, wanted[kind])
    targets = [node.text.removeprefix("y = ") for node in classed(root, "target")]
    assert_agree(targets, run.Y[:, 0])
    assert agrees(classed(root, "before")[0].text, core.loss)
    assert agrees(classed(root, "after")[0].text, core.loss_after)


@every_setting
def test_edges_show_weight_gradient_and_new_weight_by_color_dash_and_width(setting):
    run = one_pass(**setting)
    core, root = Core(run), read(network(run))
    edges = {node.get("data-item"): classed(node, "ink")[0].get("style") for node in classed(root, "edge")}
    for kind, weights in {"weight": core.W, "gradient": core.grads.W, "new": core.after.W}.items():
        seen = []
        for l in range(1, run.L + 1):
            for (i, j), w in np.ndenumerate(weights[l]):
                style = dict(part.split(":") for part in edges[f"e{l}.{i}.{j}"].split(";"))
                sign = {1: (picture.PLUS, "none"), -1: (picture.MINUS, "7 4"), 0: ("gray", "1 5")}[np.sign(w)]
                assert (style[f"--{kind}"], style[f"--{kind}-dash"]) == sign
                seen.append((abs(w), float(style[f"--{kind}-width"].removesuffix("px"))))
        sizes, widths = np.array(sorted(seen)).T
        assert (np.diff(widths) >= 0).all() and 1.2 <= widths[0] and widths[-1] == 6.0
        np.testing.assert_allclose(widths, 1.2 + 4.8 * sizes / sizes[-1], atol=0.006)
    assert len(edges) == sum(n * m for n, m in zip(run.net.sizes, run.net.sizes[1:]))


def test_edges_end_at_their_neurons():
    run = one_pass(sizes=[2, 4, 3])
    root = read(network(run))
    at = {
        n.get("data-item"): (float(b.get("cx")), float(b.get("cy")))
        for n in classed(root, "neuron")
        for b in classed(n, "body")
    }
    for edge in classed(root, "edge"):
        l, i, j = edge.get("data-item")[1:].split(".")
        ends = [float(v) for v in re.findall(r"[\d.]+", classed(edge, "ink")[0].get("d"))]
        np.testing.assert_allclose(ends, [*at[f"n{int(l) - 1}.{j}"], *at[f"n{l}.{i}"]], atol=0.11)
        assert edge.get("aria-label") == f"Weight of layer {l}, from neuron {int(j) + 1} to neuron {int(i) + 1}"


@every_setting
def test_everything_stays_inside_the_picture(setting):
    run = one_pass(**setting)
    for svg, height in [(network(run), picture.HEIGHT), *((sheet(run, k), picture.SHEET) for k in range(3))]:
        root = read(svg)
        assert root.get("viewBox") == f"0 0 {picture.WIDTH} {height}"
    for x, y in [point for layer in picture.places(run.net.sizes)[0] for point in layer]:
        assert 40 <= x <= picture.WIDTH - 40 and 70 <= y <= picture.HEIGHT - 70


@every_setting
def test_on_narrow_paper_no_label_stands_on_a_neuron_or_on_another(setting):
    run = one_pass(**setting)
    paper = picture.narrow(run.net.sizes)
    root = read(network(run, paper))
    assert root.get("viewBox") == f"0 0 {paper.width} {paper.height}" and paper.width < picture.WIDTH
    neurons = [(float(b.get("cx")), float(b.get("cy"))) for b in classed(root, "body") if b.get("cx")]
    boxes = [tuple(float(box.get(side)) for side in ("x", "y", "width", "height"))
             for group in root.iter("g") if group.get("data-step") for box in group.iter("rect")]  # fmt: skip
    assert len(boxes) == len(run.steps) - 2
    for n, (x, y, width, height) in enumerate(boxes):
        assert 0 <= x and x + width <= paper.width
        assert all(np.hypot(cx - np.clip(cx, x, x + width), cy - np.clip(cy, y, y + height)) > 25 for cx, cy in neurons)
        apart = [abs(x - left) >= width - 4 or abs(y - top) >= height - 2 for left, top, _, _ in boxes[:n]]
        assert all(apart), run.steps[n + 1].name


@pytest.mark.parametrize("narrow", [False, True])
def test_a_wide_equation_is_made_to_fit(narrow):
    run = one_pass(**SETTINGS[4])
    width = picture.narrow(run.net.sizes).width if narrow else picture.WIDTH
    for k, step in enumerate(run.steps):
        root = read(sheet(run, k, ask(step), width=width))
        group = next(node for node in root if node.get("transform"))
        shift, size = (
            float(re.search(rf"{what}\((-?[\d.]+)", group.get("transform"))[1]) for what in ("translate", "scale")
        )
        right = max(float(node.get("x")) for node in group.iter("text"))
        assert shift >= 5 and shift + size * right <= width - 5
        drop = float(re.search(r"translate\(\S+ (-?[\d.]+)\)", group.get("transform"))[1])
        lowest, highest = (f(float(node.get("y")) for node in group.iter("text")) for f in (max, min))
        assert drop + size * lowest < picture.SHEET - 2 and drop + size * highest > 40


# ---- the steps ----


def test_the_steps_run_there_and_back_and_take_one_step():
    run = one_pass(sizes=[2, 3, 3, 1])
    assert " ".join(step.name for step in run.steps) == (
        "start z[1] a[1] z[2] a[2] z[3] a[3] 𝓛 δ[3] dW[3] db[3] δ[2] dW[2] db[2] δ[1] dW[1] db[1] "
        "W[1] new b[1] new W[2] new b[2] new W[3] new b[3] new 𝓛 again"
    )
    tags = {"δ[3]": "(B1)", "δ[1]": "(B2)", "dW[2]": "(B3)", "db[1]": "(B4)", "W[3] new": "(B5)", "b[1] new": "(B5)"}
    assert {name: run.steps[run.when[name]].tag for name in tags} == tags
    assert run.steps[run.when["δ[1]"]].equation == "δ[1] = (W[2]ᵀ δ[2]) ⊙ σ'(z[1])"
    assert [step.direction for step in run.steps] == ["start"] + ["there"] * 7 + ["back"] * 9 + ["update"] * 7


def test_the_tag_and_the_equation_stand_in_the_picture():
    run = one_pass(sizes=[2, 3, 2])
    for k, step in enumerate(run.steps):
        texts = [node.text for node in read(sheet(run, k)).iter("text")]
        assert step.equation in texts and (not step.tag or step.tag in texts)


@every_setting
def test_parts_show_what_is_known_at_each_step(setting):
    run = one_pass(**setting)
    names = [step.name for step in run.steps]
    for k, step in enumerate(run.steps):
        for asked, done in [(False, names[: k + 1]), (True, names[:k])]:
            shown = {part: classes.split() for part, classes in state(run, k, asked=asked).items()}
            for l in range(run.L + 1):
                stages = [kind for kind, what in [("z", "z"), ("a", "a"), ("both", "δ")] if f"{what}[{l}]" in done]
                stages += ["again"] * (l > 0 and "𝓛 again" in done)  # new values never stand beside old ones
                assert shown[f"n{l}"][0] == (stages or ["a" if l == 0 else "none"])[-1]
            for l in range(1, run.L + 1):
                stages = [kind for kind, what in [("gradient", f"dW[{l}]"), ("new", f"W[{l}] new")] if what in done]
                takes_weights = step.name == f"δ[{l - 1}]"
                assert shown[f"W{l}"][0] == ("weight" if takes_weights else (stages or ["weight"])[-1])
                assert ("flow" in shown[f"W{l}"]) == (step.name == f"z[{l}]")
                assert ("flowback" in shown[f"W{l}"]) == takes_weights
            loss = "again" if "𝓛 again" in done else "shown" if "𝓛" in done else None
            assert loss is None or shown["loss"][0] == loss
            assert {part for part, classes in shown.items() if "lit" in classes} == step.lit
            assert [part for part, classes in shown.items() if "now" in classes] == [step.name] * (
                0 < k < len(names) - 1
            )


@pytest.mark.parametrize(
    "step, lit",
    [
        ("start", {"n0", "y"}),
        ("z[2]", {"n1", "W2", "n2"}),
        ("a[1]", {"n1"}),
        ("𝓛", {"n3", "y", "loss"}),
        ("δ[3]", {"n3", "y", "loss"}),
        ("δ[1]", {"n2", "W2", "n1"}),
        ("dW[2]", {"n1", "W2", "n2"}),
        ("db[2]", {"n2"}),
        ("W[2] new", {"W2"}),
        ("b[2] new", {"n2"}),
    ],
)
def test_what_takes_part_lights_up(step, lit):
    run = one_pass(sizes=[2, 3, 3, 1])
    assert run.steps[run.when[step]].lit == lit


def test_every_part_that_has_a_state_is_in_the_picture():
    run = one_pass(sizes=[2, 3, 2])
    root = read(network(run))
    assert root.get("role") == "group"  # what is in it can be reached by itself
    parts = {node.get("data-part") for node in root.iter() if node.get("data-part")}
    states = [set(state(run, k, asked=asked)) for k in range(len(run.steps)) for asked in (False, True)]
    assert set.union(*states) == parts
    steps = {node.get("data-part"): int(node.get("data-step")) for node in root.iter() if node.get("data-step")}
    assert steps == {name: k for name, k in run.when.items() if name not in ("start", "𝓛 again")}


@every_setting
def test_words_change_with_every_step_and_say_the_result(setting):
    run = one_pass(**setting)
    said = [words(run, k) for k in range(len(run.steps))]
    assert len(set(said)) == len(said)
    for k, step in enumerate(run.steps):
        assert said[k].startswith(f"Step {k} of {len(run.steps) - 1}{step.tag and ' ' + step.tag}: ")
        if re.fullmatch(r"[zaδ]\[\d\]|db\[\d\]", step.name) and "feels" not in step.words:
            listed = re.search(
                rf"{re.escape(step.name)} is \(?(.+?)\)?(?: for the first sample)?\.(?: |$)", step.words
            )[1]
            assert_agree(listed.split(", "), step.result[:, 0])
        result = words(run, k, asked=True)
        assert step.equation in result and step.words not in result


def test_words_of_B2_add_the_paths_of_the_neuron_that_feels_it_most():
    run = one_pass(sizes=[2, 3, 2])
    said = re.search(r"Neuron (\d) feels it most: \((.+)\) · (\S+) = (\S+)\.$", run.steps[run.when["δ[1]"]].words)
    core = Core(run)
    j = int(said[1]) - 1
    assert j == np.abs(core.grads.delta[1]).argmax()
    paths = [value(v) for v in said[2].replace(" − ", " + −").split(" + ")]
    np.testing.assert_allclose(paths, [core.W[2][i, j] * core.grads.delta[2][i, 0] for i in range(2)], rtol=0.01)
    assert agrees(said[3], core.slope[1][j, 0]) and agrees(said[4], core.grads.delta[1][j, 0])


@pytest.mark.parametrize("eta, verb", [(0.1, "falls"), (10.0, "rises")])
def test_the_last_words_say_what_the_step_did(eta, verb):
    run = one_pass(sizes=[2, 3, 2], eta=eta)
    last = run.steps[-1].words
    assert f"𝓛 {verb} from {entry(run.loss)} to {entry(run.loss_after)}" in last
    assert ("smaller η" in last) == (verb == "rises")


# ---- predictions ----


@every_setting
def test_each_case_is_told_by_its_own_sentence(setting):
    run = one_pass(**setting)
    for step in run.steps:
        asked = ask(step)
        if not step.slips:
            assert asked is None and step.name in ("start", "𝓛 again")
            continue
        right = step.result[asked.row, asked.column]
        assert asked.cases[0][0] == right and told(asked, right).startswith("Right: ")
        assert agrees(told(asked, right)[7:-1], right)
        for case, allowed, says in asked.cases:
            assert told(asked, case) == says and agrees(re.search(NUMBER, says)[0], case)
            assert allowed == tolerance(case, step)
        assert not any(says.startswith("Right") for _, _, says in asked.cases[1:])
        far = 10 + 3 * max(abs(case) for case, _, _ in asked.cases)
        assert told(asked, far) is None


def test_a_question_says_which_number_it_wants():
    asks = {step.name: ask(step) for step in one_pass(**SETTINGS[5]).steps}
    assert asks["dW[2]"].question == f"Predict dW[2], row {asks['dW[2]'].row + 1}, column {asks['dW[2]'].column + 1}:"
    assert re.fullmatch(r"Predict b\[3\] after the step, row \d:", asks["b[3] new"].question)
    assert asks["𝓛"].question == "Predict 𝓛:"


# What a person who makes a slip gets, computed here. The run, its core and the layer in; the whole result out.
einsum = np.einsum
SLIPS = [
    ("z[2]", "b[2] is left out", lambda r, c: einsum("ij,js->is", c.W[2], c.trace.a[1])),
    ("z[2]", "b[2] is subtracted", lambda r, c: c.trace.z[2] - 2 * c.b[2]),
    ("z[2]", "W[2] is transposed", lambda r, c: einsum("ji,js->is", c.W[2], c.trace.a[1]) + c.b[2]),
    ("z[2]", "z[1] is taken for a[1]", lambda r, c: einsum("ij,js->is", c.W[2], c.trace.z[1]) + c.b[2]),
    ("z[2]", "only the first weight", lambda r, c: c.W[2][:, [0]] * c.trace.a[1][[0]] + c.b[2]),
    ("a[1]", "sigmoid is left out", lambda r, c: c.trace.z[1]),
    ("a[1]", "sigmoid is applied twice", lambda r, c: logistic(logistic(c.trace.z[1]))),
    ("a[1]", "the sign of z is lost", lambda r, c: 1 - c.trace.a[1]),
    ("a[1]", "the slope of sigmoid is taken", lambda r, c: c.trace.a[1] * (1 - c.trace.a[1])),
    ("a[1]", "tanh is taken for sigmoid", lambda r, c: np.tanh(c.trace.z[1])),
    ("a[1]", "relu is taken for sigmoid", lambda r, c: np.where(c.trace.z[1] > 0, c.trace.z[1], 0)),
    ("𝓛", "the ½ is forgotten", lambda r, c: ((c.trace.a[2] - r.Y) ** 2).sum() / r.B),
    ("𝓛", "the samples are added", lambda r, c: ((c.trace.a[2] - r.Y) ** 2).sum() / 2),
    ("𝓛", "the outputs are averaged", lambda r, c: ((c.trace.a[2] - r.Y) ** 2).mean() / 2),
    ("𝓛", "the difference is not squared", lambda r, c: abs(c.trace.a[2] - r.Y).sum() / 2 / r.B),
    ("δ[2]", "the sign is flipped: y − a", lambda r, c: (r.Y - c.trace.a[2]) / r.B * bell(c, 2)),
    ("δ[2]", "the 1/B is left out", lambda r, c: (c.trace.a[2] - r.Y) * bell(c, 2)),
    ("δ[2]", "the 1/B is put in twice", lambda r, c: (c.trace.a[2] - r.Y) / r.B**2 * bell(c, 2)),
    ("δ[2]", "so that a 2 stays", lambda r, c: 2 * (c.trace.a[2] - r.Y) / r.B * bell(c, 2)),
    ("δ[2]", "the slope σ' is left out", lambda r, c: (c.trace.a[2] - r.Y) / r.B),
    ("δ[2]", "σ' is taken at a, not at z", lambda r, c: (c.trace.a[2] - r.Y) / r.B * steep(c.trace.a[2])),
    ("δ[2]", "σ is taken for its slope σ'", lambda r, c: (c.trace.a[2] - r.Y) / r.B * c.trace.a[2]),
    ("δ[1]", "the slope σ' is left out", lambda r, c: einsum("ij,is->js", c.W[2], c.grads.delta[2])),
    ("δ[1]", "σ' is taken at a, not at z", lambda r, c: c.grads.delta[1] / bell(c, 1) * steep(c.trace.a[1])),
    ("δ[1]", "σ is taken for its slope σ'", lambda r, c: c.grads.delta[1] / (1 - c.trace.a[1])),
    ("δ[1]", "the sign is flipped", lambda r, c: -c.grads.delta[1]),
    ("δ[1]", "W[2] is not transposed", lambda r, c: einsum("ij,js->is", c.W[2], c.grads.delta[2]) * bell(c, 1)),
    ("δ[1]", "only the first path", lambda r, c: c.W[2][0][:, None] * c.grads.delta[2][0] * bell(c, 1)),
    ("δ[1]", "W[1] is taken for W[2]", lambda r, c: einsum("ij,js->is", c.W[1], c.grads.delta[2]) * bell(c, 1)),
    ("dW[2]", "the sign is flipped", lambda r, c: -c.grads.W[2]),
    ("dW[2]", "it is transposed", lambda r, c: einsum("is,js->ji", c.grads.delta[2], c.trace.a[1])),
    ("dW[2]", "a[2] is taken for a[1]", lambda r, c: einsum("is,js->ij", c.grads.delta[2], c.trace.a[2])),
    ("dW[2]", "z[1] is taken for a[1]", lambda r, c: einsum("is,js->ij", c.grads.delta[2], c.trace.z[1])),
    ("dW[2]", "the 1/B is put in twice", lambda r, c: c.grads.W[2] / r.B),
    ("dW[2]", "the 1/B is lost", lambda r, c: c.grads.W[2] * r.B),
    ("dW[2]", "only the first sample", lambda r, c: np.outer(c.grads.delta[2][:, 0], c.trace.a[1][:, 0])),
    ("dW[1]", "the slope σ' is multiplied", lambda r, c: einsum("is,js->ij", c.grads.delta[1] * bell(c, 1), r.X)),
    ("db[1]", "the sign is flipped", lambda r, c: -c.grads.b[1]),
    ("db[1]", "the samples are averaged", lambda r, c: c.grads.delta[1].mean(axis=1, keepdims=True)),
    ("db[1]", "only the first sample", lambda r, c: c.grads.delta[1][:, [0]]),
    ("db[1]", "multiplied by a of the", lambda r, c: einsum("is,is->i", c.grads.delta[1], c.trace.a[1])[:, None]),
    ("db[1]", "the slope σ' is multiplied", lambda r, c: einsum("is,is->i", c.grads.delta[1], bell(c, 1))[:, None]),
    ("W[1] new", "along the gradient", lambda r, c: 2 * c.W[1] - c.after.W[1]),
    ("W[1] new", "η is left out", lambda r, c: c.W[1] - c.grads.W[1]),
    ("W[1] new", "the change is taken", lambda r, c: c.after.W[1] - c.W[1]),
    ("b[2] new", "η multiplies the old value", lambda r, c: 0.5 * c.b[2] - c.grads.b[2]),
]
# The same for what the set-up above has not: other losses, and a layer more.
OTHER_SLIPS = [
    ({"loss": "bce"}, "𝓛", "the sign is lost", lambda r, c: -c.loss),
    ({"loss": "bce"}, "𝓛", "y and 1 − y are swapped", lambda r, c: -logs(1 - r.Y, c.trace.a[2])),
    (
        {"loss": "bce"},
        "δ[2]",
        "a(1 − a) is multiplied in once more",
        lambda r, c: (c.trace.a[2] - r.Y) / 2 * bell(c, 2),
    ),
    ({"loss": "cross_entropy"}, "a[2]", "not divided by its sum", lambda r, c: np.exp(c.trace.z[2])),
    ({"loss": "cross_entropy"}, "a[2]", "a sigmoid stands", lambda r, c: logistic(c.trace.z[2])),
    ({"output": "softmax"}, "δ[2]", "softmax is treated entry by", lambda r, c: (c.trace.a[2] - r.Y) / 2 * bell(c, 2)),
    ({"output": "softmax"}, "δ[2]", "slope of the softmax is left", lambda r, c: (c.trace.a[2] - r.Y) / 2),
    (
        {"sizes": [2, 2, 2, 2]},
        "δ[1]",
        "σ' is taken at z[2], not at z[1]",
        lambda r, c: einsum("ij,is->js", c.W[2], c.grads.delta[2]) * bell(c, 2),
    ),
]


def logistic(z):
    return 1 / (1 + np.exp(-z))


def bell(core, l):
    """σ' of layer l, for sigmoids."""
    return core.trace.a[l] * (1 - core.trace.a[l])


def steep(z):
    return logistic(z) * (1 - logistic(z))


def logs(y, p):
    return (y * np.log(p) + (1 - y) * np.log(1 - p)).sum() / y.shape[1]


SQUARE = {"sizes": [2, 2, 2], "hidden": "sigmoid", "output": "sigmoid", "samples": 2}


@pytest.mark.parametrize(
    "case", [({}, *case) for case in SLIPS] + OTHER_SLIPS, ids=lambda case: f"{case[1]}: {case[2]}"
)
def test_a_slip_is_named(case):
    """The number that a slip gives is answered by the slip's name, in some setting that tells it from the right one."""
    change, step_name, says, wrong = case
    named = 0
    for seed in range(12):
        given = SQUARE | ({"output": None} if "loss" in change else {}) | change
        run = one_pass(**given, seed=seed)
        step = run.steps[run.when[step_name]]
        asked, result = ask(step), step.result
        answer = float(np.broadcast_to(wrong(run, Core(run)), result.shape)[asked.row, asked.column])
        right = result[asked.row, asked.column]
        if abs(answer - right) <= tolerance(answer, step) + tolerance(right, step):
            continue  # here nobody could tell
        assert says in told(asked, answer), told(asked, answer)
        named += 1
    assert named >= 3


def test_every_slip_that_the_steps_know_is_tried_above():
    tried = {says for _, says, _ in SLIPS} | {says for _, _, says, _ in OTHER_SLIPS}
    for setting in SETTINGS:
        for step in one_pass(**setting).steps:
            for slip in step.slips:
                bare = re.sub(r"\[\d\]|\b(sigmoid|tanh|relu|leaky_relu|gelu|silu|softmax|identity)\b", "_", slip)
                known = [re.sub(r"\[\d\]|\b(sigmoid|tanh|relu|softmax)\b", "_", says) for says in tried]
                assert any(says in bare for says in known), slip


def test_other_entries_are_told_as_such():
    run = one_pass(sizes=[2, 3, 2])
    step = run.steps[run.when["z[1]"]]
    asked = ask(step)
    other = next(i for i in range(3) if i != asked.row)
    assert told(asked, step.result[other, 0]).endswith(f"is the entry in row {other + 1}.")


@pytest.mark.parametrize("seed", range(8))
def test_an_answer_worked_out_by_hand_from_the_printed_numbers_is_right(seed):
    """What rounding costs on the way is forgiven: the factors are read from the picture, three digits or so."""
    run = one_pass(sizes=[3, 4, 3, 2], hidden="sigmoid", seed=seed)
    for k, step in enumerate(run.steps):
        if (kind := re.sub(r"\[\d\]", "", step.name)) not in ("z", "δ", "dW", "W new"):
            continue
        texts, shapes = matrices(run, k), [term.values.shape for term in step.terms if not isinstance(term, str)]
        printed, at = [], 0
        for rows, cols in shapes:
            printed.append(np.array([value(t) for t in texts[at : at + rows * cols]]).reshape(rows, cols))
            at += rows * cols
        if kind == "δ":
            result = printed[0].T.T @ printed[1] * printed[2] if step.tag == "(B2)" else printed[0] - printed[1]
        else:
            result = {
                "z": lambda p: p[0] @ p[1] + p[2],
                "dW": lambda p: p[0] @ p[1],
                "W new": lambda p: p[0] - 0.5 * p[1],
            }[kind](printed)
        asked = ask(step)
        assert told(asked, result[asked.row, asked.column]).startswith("Right"), step.name


def test_a_prediction_hides_the_result_and_marks_the_entry():
    run = one_pass(sizes=[2, 3, 2])
    k = run.when["dW[1]"]
    asked = ask(run.steps[k])
    root = read(sheet(run, k, asked, asked=True))
    assert "asking" in root.get("class").split()
    assert len(classed(root, "query")) == len(classed(root, "answer")) == run.steps[k].result.size
    assert [node.text for node in classed(root, "query")] == ["?"] * 6
    (box,) = classed(root, "wanted")
    answers = classed(root, "answer")
    inside = [
        n
        for n, node in enumerate(answers)
        if 0 < float(node.get("x")) - float(box.get("x")) <= float(box.get("width"))
        and 0 < float(node.get("y")) - float(box.get("y")) <= float(box.get("height"))
    ]
    assert inside == [asked.row * 2 + asked.column]


# ---- neurons and edges ----


@every_setting
def test_a_weight_tells_its_own_product(setting):
    run = one_pass(**setting)
    core, told = Core(run), picture.items(run)
    for l in range(1, run.L + 1):
        for (i, j), gradient in np.ndenumerate(core.grads.W[l]):
            rows = told[f"e{l}.{i}.{j}"]["rows"]
            (line,) = [row for row in rows if row.text.startswith("∂𝓛/∂w")]
            assert line.since == run.when[f"dW[{l}]"]
            *_, terms, total = line.text.split(" = ")
            assert agrees(total, gradient)
            factors = re.findall(rf"\(?({NUMBER})\)?·\(?({NUMBER})\)?", terms)
            pairs = zip(core.grads.delta[l][i], core.trace.a[l - 1][j], strict=True)
            for (δ, a), (true_δ, true_a) in zip(factors, pairs, strict=True):
                assert agrees(δ, true_δ) and agrees(a, true_a)
            assert agrees(rows[-1].text.split(" = ")[-1], core.after.W[l][i, j])
            assert rows[-1].since == run.when[f"W[{l}] new"]
            assert told[f"e{l}.{i}.{j}"]["paths"] == [f"n{l - 1}.{j}", f"n{l}.{i}"]


@every_setting
def test_a_neuron_adds_its_paths_and_multiplies_by_its_slope(setting):
    run = one_pass(**setting)
    core, told = Core(run), picture.items(run)
    for l in range(1, run.L + 1):
        for i in range(run.net.sizes[l]):
            rows = told[f"n{l}.{i}"]["rows"]
            text = {row.text.split(" = ")[0]: row for row in rows}
            assert agrees(text["z"].text.split(" = ")[-1], core.trace.z[l][i, 0])
            assert agrees(text["a"].text.split(" = ")[-1], core.trace.a[l][i, 0])
            assert agrees(text["∂𝓛/∂b"].text.split(" = ")[-1], core.grads.b[l][i, 0])
            assert agrees(text["δ"].text.split(": ")[-1], core.grads.delta[l][i, 0])
            assert text["δ"].since == run.when[f"δ[{l}]"]
            paths = [row for row in rows if row.text.startswith("path")]
            if l == run.L:
                assert not paths
                continue
            through = [core.W[l + 1][p, i] * core.grads.delta[l + 1][p, 0] for p in range(run.net.sizes[l + 1])]
            assert_agree([row.text.split(" = ")[-1] for row in paths], through)
            np.testing.assert_allclose([row.bar for row in paths], through / (np.abs(through).max() or 1), atol=1e-12)
            assert agrees(re.search(rf"sum ({NUMBER})", text["δ"].text)[1], sum(through))
            assert set(told[f"n{l}.{i}"]["paths"]) == {
                *(f"e{l + 1}.{p}.{i}" for p in range(run.net.sizes[l + 1])),
                *(f"n{l + 1}.{p}" for p in range(run.net.sizes[l + 1])),
            }
    assert set(told) == {node.get("data-item") for node in read(network(run)).iter() if node.get("data-item")}


def test_nothing_is_told_before_its_step():
    run = one_pass(sizes=[2, 3, 2])
    rows = picture.items(run)["n1.0"]["rows"]
    assert [row.since for row in rows] == sorted(row.since for row in rows) and rows[0].since == 0
    assert not any("δ" in row.text for row in rows if row.since < run.when["δ[1]"])


# ---- everything that can be set ----


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.data())
def test_every_setting_draws(data):
    """Warnings are errors in this test run; nothing overflows, nothing is nan, and every frame can be parsed."""
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=3, max_size=5))
    loss, output = data.draw(st.sampled_from([head for head in HEADS if head[1] != "softmax" or sizes[-1] > 1]))
    count = data.draw(st.integers(1, 3))
    extreme = st.one_of(st.sampled_from([-10.0, 10.0, 0.0, 1e-9, -1e-300]), st.floats(-10, 10, allow_subnormal=False))
    inputs = data.draw(st.lists(extreme, min_size=sizes[0] * count, max_size=sizes[0] * count))
    typed = "; ".join(" ".join(map(repr, inputs[s * sizes[0] : (s + 1) * sizes[0]])) for s in range(count))
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        run = one_pass(
            sizes=sizes,
            hidden=data.draw(st.sampled_from(list(ACTIVATIONS))),
            loss=loss,
            output=output,
            seed=data.draw(st.integers(0, 10**6)),
            eta=data.draw(st.sampled_from([0.01, 0.5, 10.0])),
            samples=count,
            inputs=data.draw(st.sampled_from(["", typed])),
        )
        shown = frames(run, predict=True)
    read(opening(run)["network"])
    for step in shown["steps"]:
        read(step["sheet"])
        assert step["ask"] is None or step["ask"]["cases"][0][2].startswith("Right")
    assert not re.search(r"\b(nan|inf)\b", repr(shown["items"]))


def test_weights_can_be_copied_by_hand():
    for seed in range(20):
        net = numbers.network([4, 4, 4], seed=seed)
        for values in net.W[1:] + net.b[1:]:
            np.testing.assert_allclose(values, np.round(values, 1), atol=1e-12)
            assert (np.abs(values) >= 0.1 - 1e-12).all()


def test_a_seed_is_a_network_and_its_data():
    one, same, other = (one_pass(sizes=[2, 3, 2], seed=seed) for seed in (7, 7, 8))
    np.testing.assert_array_equal(one.X, same.X)
    np.testing.assert_array_equal(one.net.W[1], same.net.W[1])
    assert (one.net.W[1] != other.net.W[1]).any() and (one.X != other.X).any()


def test_drawn_targets_suit_the_loss():
    for loss, output in HEADS:
        Y = one_pass(sizes=[2, 3, 3], loss=loss, output=output, samples=3).Y
        if output == "softmax":
            np.testing.assert_array_equal(np.sort(Y, axis=0), [[0] * 3, [0] * 3, [1] * 3])
        elif loss == "bce":
            assert set(Y.ravel()) <= {0.0, 1.0}
        else:
            assert ((Y > 0) & (Y <= 1)).all()


def test_typed_samples_are_taken():
    run = one_pass(sizes=[2, 3, 1], samples=2, inputs="0.5 −1; 0.25, 2", targets="1; 0")
    np.testing.assert_array_equal(run.X, [[0.5, 0.25], [-1, 2]])
    np.testing.assert_array_equal(run.Y, [[1, 0]])
    inputs = opening(run)["inputs"]
    assert inputs in ("0.50 −1; 0.25 2", "0.5 −1; 0.25 2")
    np.testing.assert_array_equal(columns(inputs, 2, 2, "input"), run.X)


@pytest.mark.parametrize(
    "change, says",
    [
        ({"sizes": [2, 1]}, "2 to 4 layers of at most 4 neurons"),
        ({"sizes": [2, 5, 1]}, "2 to 4 layers of at most 4 neurons"),
        ({"sizes": [2] * 6}, "2 to 4 layers of at most 4 neurons"),
        ({"sizes": [2, 0, 1]}, "positive whole numbers"),
        ({"samples": 4}, "1 to 3 samples"),
        ({"samples": 0}, "1 to 3 samples"),
        ({"eta": 0.0}, "above 0 and at most at 10"),
        ({"eta": 10.5}, "above 0 and at most at 10"),
        ({"eta": float("nan")}, "above 0 and at most at 10"),
        ({"hidden": "tan"}, 'Did you mean "tanh"'),
        ({"loss": "cross_entropy", "sizes": [2, 3, 1]}, "Use at least two outputs"),
        ({"loss": "bce", "output": "softmax"}, "do not go together"),
        ({"seed": -1}, "seed is -1"),
        ({"inputs": "0.5 x"}, 'input is "0.5 x", but should be numbers'),
        ({"inputs": "0.5"}, "should hold 1 sample of 2 numbers."),
        ({"inputs": "0.5 1", "samples": 2}, "should hold 2 samples of 2 numbers, the samples apart by ;."),
        ({"inputs": "11 0"}, "between -10 and 10"),
        ({"inputs": "nan 0"}, "between -10 and 10"),
        ({"targets": "2 0", "loss": "bce"}, "between 0 and 1"),
        ({"targets": "0.2 0.2", "loss": "cross_entropy"}, "sum"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(change, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        one_pass(**({"sizes": [2, 3, 2]} | change))


def test_numbers_are_written_short_and_in_line():
    assert matrix(np.array([[0.7], [-0.25]])) == [["0.70"], ["−0.25"]]
    assert matrix(np.array([[1.0, 0.0]])) == [["1", "0"]]
    assert matrix(np.array([[0.1 + 0.2]])) == [["0.3"]]
    assert matrix(np.array([[12.3456, -0.004]])) == [["12.35", "0.00"]]
    assert matrix(np.array([[0.05678, 0.0]])) == [["0.0568", "0"]]
    assert [entry(v) for v in (0.00123456, 1234.56, 1.5e-5, -2e12, 123.456)] == [
        *("0.00123", "1235", "1.50e−5", "−2.00e12", "123.5"),
    ]


# ---- colors ----

# Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB.
BLINDNESS = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(color):
    c = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    t = to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("kind", BLINDNESS)
@pytest.mark.parametrize("pair", [(picture.PLUS, picture.MINUS), (figures.BLUE, figures.VERMILION)])
def test_the_color_blind_tell_the_colors_apart(kind, pair):
    one, other = (lab(np.array(BLINDNESS[kind]) @ linear(color)) for color in pair)
    assert np.linalg.norm(one - other) > 40


@pytest.mark.parametrize("color", [picture.PLUS, picture.MINUS, figures.BLUE, figures.VERMILION])
@pytest.mark.parametrize("ground", ["#ffffff", "#111111"])
def test_lines_stand_out_on_light_and_on_dark(color, ground):
    one, other = sorted(linear(c) @ [0.2126, 0.7152, 0.0722] for c in (color, ground))
    assert (other + 0.05) / (one + 0.05) >= 3


def test_the_style_uses_the_figures_colors_and_loads_nothing():
    style = str(ThereAndBack._css)
    used = set(re.findall(r"#[0-9A-Fa-f]{6}\b", style))
    assert used == {figures.BLUE, figures.VERMILION, picture.PLUS, picture.MINUS}
    assert not re.search(r"url\(|@import|https?:", style)
    assert "prefers-reduced-motion" in style


def test_zero_is_a_dotted_hair():
    assert look("weight", 0.0, 0.0) == "--weight:gray;--weight-width:1.20px;--weight-dash:1 5"


# ---- the widget, without a browser ----


def shows(widget, k=0, predict=False, **setting):
    """Whether the widget shows this pass at step k, all of it, and says that the two parts belong together."""
    run = one_pass(**setting)
    assert widget.opening["run"] == widget.frames["run"]
    return (
        widget.opening == {"run": widget.opening["run"], **opening(run, k, predict=predict)}
        and widget.opening["frame"] == widget.frames["steps"][k]
        and widget.frames == {"run": widget.frames["run"], **frames(run, predict=predict)}
    )


def test_the_widget_shows_its_start():
    widget = ThereAndBack([2, 3, 1], hidden="sigmoid", loss="bce", seed=2)
    assert (widget.output, widget.complaint) == ("sigmoid", "")
    assert shows(widget, sizes=[2, 3, 1], hidden="sigmoid", loss="bce", seed=2)
    assert [head[:2] for head in widget.choices["heads"]] == [list(head) for head in HEADS]
    assert widget.choices["hidden"] == list(ACTIVATIONS)
    assert repr(widget) == repr(ThereAndBack([2, 3, 1], hidden="sigmoid", loss="bce", seed=2))
    first, last = widget.run.steps[0].words, widget.run.steps[-1].words
    assert " ".join(repr(widget).split()).endswith(f"see it move. {first} {last}")
    assert max(map(len, repr(widget).splitlines())) <= 95


@pytest.mark.parametrize(
    "change",
    [
        {"sizes": [2, 4, 4, 2]},
        {"hidden": "relu"},
        {"loss": "bce", "output": "sigmoid"},
        {"seed": 5},
        {"eta": 0.1},
        {"samples": 2},
        {"inputs": "1 2"},
        {"targets": "0.5 0.5"},
        {"predict": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_setting_is_drawn_anew_once_and_reset_brings_the_start_back(change):
    widget, sent = ThereAndBack([2, 3, 2]), []
    widget.observe(lambda change: sent.append(change.name), ["opening", "frames"])
    with widget.hold_trait_notifications():
        for trait, new in change.items():
            setattr(widget, trait, new)
    assert sent == ["opening", "frames"]  # what is shown at once goes first
    assert shows(widget, **{"sizes": [2, 3, 2]} | change) and not shows(widget, sizes=[2, 3, 2])
    widget._handle_custom_msg("reset", [])
    assert sent == ["opening", "frames"] * 2 and shows(widget, sizes=[2, 3, 2])
    assert all(getattr(widget, trait) != new for trait, new in change.items())


def test_a_setting_from_the_browser_arrives():
    widget = ThereAndBack([2, 3, 2])
    widget.set_state({"sizes": [3, 2, 1], "inputs": "", "targets": ""})
    assert shows(widget, sizes=[3, 2, 1])


def test_a_changed_setting_stays_at_its_operation():
    widget, run = ThereAndBack([2, 3, 2]), one_pass(sizes=[2, 3, 2])
    widget.set_state({"seed": 1, "_step": run.when["δ[2]"]})
    assert shows(widget, run.when["δ[2]"], sizes=[2, 3, 2], seed=1)
    deeper = one_pass(sizes=[2, 3, 3, 2], seed=1)
    widget.set_state({"sizes": [2, 3, 3, 2]})
    assert shows(widget, deeper.when["δ[2]"], sizes=[2, 3, 3, 2], seed=1)
    widget.set_state({"sizes": [2, 3, 2], "_step": deeper.when["dW[3]"]})
    assert shows(widget, 0, sizes=[2, 3, 2], seed=1)  # there is no third layer now
    widget.seed = 3
    assert shows(widget, 0, sizes=[2, 3, 2], seed=3)
    widget.set_state({"seed": 2, "_step": 16})
    widget.reset()
    assert shows(widget, 0, sizes=[2, 3, 2])


def test_what_is_refused_is_said_and_leaves_the_picture():
    widget = ThereAndBack([2, 3, 2])
    before = widget.opening, widget.frames
    widget.inputs = "1 2 3"
    assert widget.complaint == 'input is "1 2 3", but should hold 1 sample of 2 numbers.'
    assert (widget.opening, widget.frames) == before
    widget.inputs = ""
    assert widget.complaint == "" and (widget.opening, widget.frames) == before
    widget.set_state({"loss": "bce", "output": "softmax"})
    assert "do not go together" in widget.complaint and (widget.opening, widget.frames) == before
    widget.reset()
    assert widget.complaint == "" and widget.loss == "mse"


def test_questions_come_only_where_asked_for():
    shown = frames(one_pass(sizes=[2, 3, 2]))
    assert not any(step["ask"] for step in shown["steps"]) and ">?<" not in str(shown["steps"])
    asked = frames(one_pass(sizes=[2, 3, 2]), predict=True)
    assert [bool(step["ask"]) for step in asked["steps"]] == [False] + [True] * 15 + [False]
    assert asked["steps"][3]["ask"]["words"].startswith("Step 3 of 16: z[2] = W[2] a[1] + b[2]. What comes out?")


def test_a_pass_can_be_looked_at_before_it_is_chosen(monkeypatch):
    widget, run = ThereAndBack([2, 3, 2], samples=2, predict=True), one_pass(sizes=[2, 3, 2], samples=2)
    k, before, sent = run.when["δ[1]"], (widget.opening, widget.frames), []
    monkeypatch.setattr(widget, "send", sent.append)
    ask = {
        "asked": 0.5,
        "run": widget.opening["run"],
        "step": k,
        "ahead": [{"seed": 1, "inputs": ""}, {"seed": 9, "inputs": ""}],
    }
    widget._handle_custom_msg(ask, [])
    passes = [one_pass(sizes=[2, 3, 2], samples=2, seed=seed) for seed in (1, 9)]
    ahead = [opening(run, k, predict=True) for run in passes]
    assert sent == [{"asked": 0.5, "ahead": ahead}]
    assert (
        (widget.opening, widget.frames) == before
        and widget.seed == 0
        and shows(widget, sizes=[2, 3, 2], samples=2, predict=True)
    )
    widget.hidden = "relu"  # what is asked for a pass that is gone gets no answer
    widget._handle_custom_msg(ask, [])
    assert len(sent) == 1


def test_other_messages_change_nothing():
    widget = ThereAndBack([2, 3, 2], seed=1)
    widget.seed = 2
    before = widget.opening
    widget._handle_custom_msg({"reset": True}, [])
    assert widget.opening is before


def test_a_bad_start_raises():
    with pytest.raises(ValueError, match="layers"):
        ThereAndBack([2, 9, 2])


def test_the_front_end_loads_nothing_and_writes_no_html():
    source = str(ThereAndBack._esm)
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|fetch\(|import |https?:", source
    )


def test_a_pass_leaves_the_network_as_it_was():
    net = numbers.network([2, 3, 2])
    kept = [W.copy() for W in net.W[1:] + net.b[1:]]
    X, Y = numbers.draw(net)
    Pass(net, X, Y)
    for now, before in zip(net.W[1:] + net.b[1:], kept):
        np.testing.assert_array_equal(now, before)
