"""The bare coding round: what is asked, what is said of answers that are right and of usual mistakes, what is kept."""

import time
from types import SimpleNamespace

import numpy as np
import pytest
from bare_answers import functions, source

from backprop.evening import round_again
from backprop.practice import bank, bare, live, record, rounds
from backprop.practice.usual import GRADIENT_SLIPS, LOSS_SLIPS, SLIP_NAMES

pytestmark = pytest.mark.usefixtures("own_record")
SEEDS = range(40)


def told(seed, *edits, twisted=True, checked=True):
    """The debrief of a right answer with these edits made in it, with its gradient check or without."""
    spec = bare.spec(seed)
    text = source(spec, twisted)
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    f = functions(text)
    check = f["gradient_check"] if checked else ...
    return bare.judge(spec, bare.Handed(f["init"], f["loss"], f["backward"], check))


def in_words(debrief):
    return "\n".join(f"{stage}: {said}" for stage, said in debrief.rows)


# --- what is asked ---


def test_prompts_vary_and_a_twist_fits_its_loss():
    specs = [bare.spec(seed) for seed in SEEDS]
    assert all(one.twist != two.twist for one, two in zip(specs, specs[1:]))
    for name, all_of_it in {
        "data": bare.DATA,
        "activation": bare.NAMES,
        "loss": bare.LOSSES,
        "twist": bare.TWISTS,
    }.items():
        assert {getattr(spec, name) for spec in specs} == set(all_of_it), name
    assert {spec.rows for spec in specs} == {True, False} and {spec.minutes for spec in specs} == set(bare.MINUTES)
    assert all("one-hot" in spec.loss or "labels" in spec.loss for spec in specs if spec.twist == "smoothing")
    assert all(spec.loss != "squares" for spec in specs if spec.twist == "large")


@pytest.mark.parametrize("seed", [-1, 1.5, "2", True])
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(ValueError, match="whole number"):
        bare.spec(seed)


@pytest.mark.parametrize("loss", bare.LOSSES)
@pytest.mark.parametrize("rows", [True, False])
def test_the_data_are_as_the_prompt_says(loss, rows):
    data = {"binary": "spirals", "squares": "ring"}.get(loss, "digits")
    spec = bare.Spec(0, data, "tanh", loss, rows, 20, "layer")
    X, y, X_new, y_new = spec.handed_over()
    axis = 0 if rows else 1
    assert X.shape[axis] > X_new.shape[axis] > 90 and X.shape[1 - axis] == X_new.shape[1 - axis]
    samples = [a.shape[axis] if a.ndim == 2 else len(a) for a in (y, y_new)]
    assert samples == [X.shape[axis], X_new.shape[axis]]
    assert ("rows" if rows else "columns") in spec.prompt[0]


# --- right answers, and mistakes ---


@pytest.mark.parametrize("seed", [*range(6), 13])
def test_a_right_answer_is_right(seed):
    debrief = told(seed)
    assert not debrief.slips and debrief.twisted, in_words(debrief)


def test_without_the_twist_all_is_held_to_the_first_prompt():
    for seed in (0, 1, 2):
        debrief = told(seed, twisted=False, checked=False)
        assert not debrief.slips and not debrief.twisted and not debrief.passed, in_words(debrief)


MISTAKES = [
    (2, "large", "is p clipped", [("log_p = S - np.log(np.exp(S)", "log_p = np.log(1e-12 + np.exp(S) / np.exp(S)")]),
    (2, "large", "take off each sample's own maximum", [("S = Z2 - Z2.max(axis=1, keepdims=True)", "S = Z2")]),
    (2, "large", "take off each sample's own maximum",
     [("S = Z2 - Z2.max(axis=1, keepdims=True)", "S = Z2 - Z2.max()")]),
    (2, "axis", "It is an axis", [("np.log(np.exp(S).sum(axis=1, keepdims=True))", "np.log(np.exp(S).sum(axis=0))")]),
    (2, "mean", "a sum over the batch", [("each.sum() / X.shape[0]", "each.sum()")]),
    (2, "sign", "It is a sign", [("return each.sum()", "return -each.sum()")]),
    (2, "activation", "Its activation is tanh", [("np.maximum(Z1, 0)", "np.tanh(Z1)"), ("(Z1 > 0)", "(1 - A1**2)")]),
    (2, "twist", "loss without the twist",
     [("smoothing / Z2.shape[1]\n    each", "0\n    each"), ("(1 - smoothing) *", "")]),
    (0, "factor", "the half is missing", [("0.5 *", "")]),
    (1, "twist", "divided by the number of all", [("return each.sum() / mask.sum()", "return each.mean()")]),
    (3, "bias", "b1 is not added", [('A0 @ p["W1"] + p["b1"]', 'A0 @ p["W1"]')]),
    (2, "mean", "1/B is missing", [("d2 = d / X.shape[0]", "d2 = d")]),
    (2, "mean", "In b2: 1/B is in it twice", [("d2.sum(axis=0)", "d2.mean(axis=0)")]),
    (2, "sign", "It is a sign, the same in all", [("d2 = d /", "d2 = -d /")]),
    (2, "slope", "The slope of the activation is missing", [("* (Z1 > 0)", "* 1")]),
    (2, "slope", "The activation's value is multiplied in", [("(Z1 > 0)", "A1")]),
    (2, "slope", "p(1 − p)", [("d2 = d /", "P = E / E.sum(axis=1, keepdims=True)\n    d2 = d * P * (1 - P) /")]),
    (4, "slope", "is fed with its input Z",
     [("sigmoid(Z1) * (1 - sigmoid(Z1))", "Z1 * (1 - Z1)"), ("sigmoid(Z2) * (1 - sigmoid(Z2))", "Z2 * (1 - Z2)")]),
    (4, "value", "with Z of the layer below", [("A1.T @ d2", "Z1.T @ d2")]),
    (2, "axis", "over the batch, not over the classes",
     [("E / E.sum(axis=1, keepdims=True)", "E / E.sum(axis=0, keepdims=True)")]),
    (2, "shape", "summed over the wrong axis", [("d1.sum(axis=0)", "d1.sum(axis=1)")]),
    (2, "update", "Your backward updates the parameters: it changes W2",
     [("    g = {}", '    g = {}\n    params["W2"] -= A1.T @ d2')]),
    (2, "twist", "the gradients without the twist",
     [("smoothing / Z2.shape[1]\n    d =", "0\n    d ="), ("    E = np", "    smoothing = 0\n    E = np")]),
    (1, "twist", "Backward divides by the number of all", [("d2 = d / mask.sum()", "d2 = d / X.shape[1]")]),
    (1, "twist", "only the divisor knows the mask", [("    d = d * mask[None, :]\n", "")]),
    (1, "twist", "only the divisor knows the mask", [("    each = each * mask\n", "")]),
    (2, "shape", "FAILS  (6, 4) where (5, 4) is due", [("A1.T @ d2", "A0.T @ d2")]),
    (2, "shape", "summed over every axis", [("d2.sum(axis=0)", "d2.sum()")]),
    (2, "raised", "In backward, line", [("A1.T @ d2", "A1 @ d2")]),
    (2, "check", "Every entry of every parameter", [("np.ndindex(a.shape)", "[(0,) * a.ndim]")]),
    (2, "check", "put each entry back", [("            a[i] = kept\n", "")]),
    (2, "shape", "Due: (6, 5) with a bias (5,)", [('"b1": np.zeros(H)', '"b1": np.zeros(K)')]),
    (2, "shape", "The numbers are right. Only the shape of b1 is not",
     [("d1.sum(axis=0)", "d1.sum(axis=0, keepdims=True)")]),
    (2, "shape", "it is transposed", [('g["W1"] = A0.T @ d1', 'g["W1"] = d1.T @ A0')]),
    (5, "axis", "each logit meets every label",
     [("z = Z2[:, 0]", "z = Z2"), ("mask\n    return", "1 * mask\n    return")]),
    (2, "other", "so they stay alike", [("rng.standard_normal((D, H))", "np.ones((D, H))")]),
]  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES, ids=lambda case: f"{case[0]}: {case[2]}")
def test_a_mistake_is_told_in_words_that_lead_to_it(case):
    seed, slip, words, edits = case
    debrief = told(seed, *edits, checked=slip == "check")
    assert words in in_words(debrief), in_words(debrief)
    assert slip in debrief.slips and not debrief.passed


def test_two_mistakes_are_told_both():
    debrief = told(2, ("d2 = d / X.shape[0]", "d2 = d"), ("* (Z1 > 0)", "* 1"), checked=False)
    assert debrief.slips == ["mean", "slope"]
    debrief = told(2, ("(Z1 > 0)", "A1"), ("d2.sum(axis=0)", "d2.mean(axis=0)"), checked=False)
    assert "In W1 and b1: the activation's value" in in_words(debrief) and "In b2: 1/B" in in_words(debrief)


def test_right_gradients_of_a_wrong_loss_are_told_to_be_right():
    said = in_words(told(2, ("each.sum() / X.shape[0]", "each.sum()")))
    assert "gradients: right for the loss that was asked for" in said


def test_every_slip_has_a_name_and_every_name_a_slip():
    kinds = {kind for table in (LOSS_SLIPS, GRADIENT_SLIPS) for kind, _ in table.values()}
    assert kinds <= set(SLIP_NAMES)
    assert bank.slip_name("live.bare/slope") == "the slope of the activation (a bare round)"


OTHER_DESIGNS = {
    "one array for all": """
def init(D, H, K, rng):
    global shapes
    shapes = [(D, H), (H,), (H, K), (K,)]
    return np.concatenate([rng.standard_normal(shape).ravel() / 3 for shape in shapes])

def cut(theta):
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])[:-1]
    return [part.reshape(shape) for part, shape in zip(np.split(theta, ends), shapes)]

def forward(theta, X):
    W1, b1, W2, b2 = cut(theta)
    Z1 = X @ W1 + b1
    s = 0.5 * (1 + np.tanh(Z1 / 2))
    Z = Z1 * s @ W2 + b2
    S = Z - Z.max(axis=1, keepdims=True)
    return Z1, s, S - np.log(np.exp(S).sum(axis=1, keepdims=True))

def loss(theta, X, y):
    return -forward(theta, X)[2][np.arange(len(y)), y].mean()

def backward(theta, X, y):
    Z1, s, log_p = forward(theta, X)
    d = (np.exp(log_p) - np.eye(log_p.shape[1])[y]) / len(y)
    d1 = d @ cut(theta)[2].T * (s + Z1 * s * (1 - s))
    return np.concatenate([(X.T @ d1).ravel(), d1.sum(0), ((Z1 * s).T @ d).ravel(), d.sum(0)])
""",
    "a class with velocities and caches": """
class Net:
    def __init__(self, D, H, K, rng):
        self.p = {"W1": rng.standard_normal((D, H)), "b1": np.zeros(H)}
        self.p |= {"W2": rng.standard_normal((H, K)), "b2": np.zeros(K)}
        self.v = {name: np.zeros_like(a) for name, a in self.p.items()}

    def loss(self, X, y):
        self.X, self.y = X, y
        self.Z = X @ self.p["W1"] + self.p["b1"]
        self.s = 0.5 * (1 + np.tanh(self.Z / 2))
        out = self.Z * self.s @ self.p["W2"] + self.p["b2"]
        out = out - out.max(axis=1, keepdims=True)
        self.log_p = out - np.log(np.exp(out).sum(axis=1, keepdims=True))
        return -self.log_p[np.arange(len(y)), y].mean()

    def backward(self, X, y):
        d = (np.exp(self.log_p) - np.eye(self.log_p.shape[1])[y]) / len(y)
        d1 = d @ self.p["W2"].T * (self.s + self.Z * self.s * (1 - self.s))
        self.g = {"W2": (self.Z * self.s).T @ d, "b2": d.sum(0), "W1": X.T @ d1, "b1": d1.sum(0)}
""",
    "a class, turned, with its bias in the matrix": """
class Net:
    def __init__(self, D, H, K, seed):
        rng = np.random.default_rng(seed)
        self.T1, self.T2 = rng.standard_normal((H, D + 1)) / np.sqrt(D), rng.standard_normal((K, H + 1)) / np.sqrt(H)

    def loss(self, X, y):
        self.y, one = y, np.ones((len(X), 1))
        self.X1 = np.hstack([X, one])
        self.Z1 = self.X1 @ self.T1.T
        self.A1 = np.hstack([self.Z1 / (1 + np.exp(-self.Z1)), one])
        Z = self.A1 @ self.T2.T
        S = Z - Z.max(axis=1, keepdims=True)
        self.log_p = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
        return -self.log_p[np.arange(len(y)), y].mean()

    def backward(self):
        d = (np.exp(self.log_p) - np.eye(self.log_p.shape[1])[self.y]) / len(self.y)
        s = 1 / (1 + np.exp(-self.Z1))
        self.dT2 = d.T @ self.A1
        self.dT1 = (d @ self.T2[:, :-1] * (s + self.Z1 * s * (1 - s))).T @ self.X1
""",
    "pairs, and a loss with its gradients": """
def init(D, H, K, rng):
    sizes = [(D, H), (H, K)]
    return [(rng.standard_normal(size) / np.sqrt(size[0]), np.zeros(size[1])) for size in sizes]

def both(params, X, y):
    (W1, b1), (W2, b2) = params
    Z1 = X @ W1 + b1
    s = 0.5 * (1 + np.tanh(Z1 / 2))
    Z = Z1 * s @ W2 + b2
    m = Z.max(axis=1, keepdims=True)
    lse = m + np.log(np.exp(Z - m).sum(axis=1, keepdims=True))
    d = np.exp(Z - lse)
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
    d1 = d @ W2.T * (s + Z1 * s * (1 - s))
    L = (lse[:, 0] - Z[np.arange(len(y)), y]).mean()
    return L, [((Z1 * s).T @ d, d.sum(0)), (X.T @ d1, d1.sum(0))][::-1]
""",
}


@pytest.mark.parametrize("kind", OTHER_DESIGNS)
@pytest.mark.filterwarnings("ignore:overflow")
def test_other_designs_are_right(kind):
    """Seed 3 asks for rows, SiLU and integer labels, and its twist changes no argument."""
    names = functions("import numpy as np\n" + OTHER_DESIGNS[kind])
    handed = bare.Handed(names["Net"]) if "Net" in names else None
    parts = ("init", "both", "both") if "both" in names else ("init", "loss", "backward")
    handed = handed or bare.Handed(*(names[part] for part in parts))
    debrief = bare.judge(bare.spec(3), handed)
    assert not debrief.slips, in_words(debrief)


def test_the_goal_is_measured_on_new_data():
    spec = bare.spec(2)
    _, _, X, y = spec.handed_over()
    for share, passed in ((1.0, True), (0.5, False)):
        labels = np.where(np.arange(len(y)) < share * len(y), y, -1)
        debrief = bare.judge(spec, bare.Handed(predict=lambda params, X, labels=labels: labels, trained={}))
        assert ("goal" not in debrief.slips) is passed and "was the goal" in debrief.told("training")
    debrief = bare.judge(spec, bare.Handed(predict=lambda params, X: np.eye(10)[y], trained={}))
    assert "one label for each sample" in debrief.told("training")


# --- the clock, the record, the evening ---


def test_when_each_stage_was_there_is_said():
    log = rounds.Log()

    def loss():
        return 1

    def again():
        return 2

    loss.__module__ = again.__module__ = "__main__"
    loss.__qualname__ = again.__qualname__ = "loss"
    log.note({"loss": loss, "x": 3, "max": max}, 60.0)
    log.note({"loss": loss}, 200.0)  # run again, the same
    log.note({"loss": again}, 700.0)
    assert log.of(again) == (60.0, 700.0) and set(log.seen) == {"loss"}
    lines = rounds.stage_times(log, bare.Handed(loss=again), 1500.0)
    assert lines == ["1:00  loss, last changed at 11:40", "The longest stretch, 1:00, was before the loss."]
    lines = rounds.stage_times(log, bare.Handed(loss=again), 100.0)
    assert lines[0] == "1:00  loss, 0:24 later than planned, last changed at 11:40"


def test_a_round_is_recorded_once_and_comes_back():
    pad = live.bare(seed=2)
    assert repr(pad) == "Bare round 2, 20 minutes. Run this cell in JupyterLab, and press Start when ready."
    assert repr(pad.judge()) == "not attempted yet" and rounds.rounds() == []
    pad.start()
    f = functions(source(bare.spec(2)).replace("(Z1 > 0)", "A1"))
    said = repr(pad.judge(f["init"], f["loss"], f["backward"]))
    assert said.startswith("Bare round 2, 0:0") and "not yet" in said and "live.bare(seed=3)" in said
    pad.judge(f["init"], f["loss"], f["backward"])
    (kept,) = rounds.rounds()
    assert kept["seed"] == 2 and kept["slips"] == ["slope"] and not kept["passed"] and kept["seconds"] < 60
    assert record.slips() == {"live.bare/slope": 1} and rounds.ID not in record.passed()
    now = time.time()
    assert round_again(now) is None  # not on the same day
    row = round_again(now + 86400)
    assert row.why == "came back: the slope of the activation" and "seed=3" in row.what and row.minutes == 30
    assert live.bare().spec.seed == 3


def test_a_round_that_was_passed_comes_back_after_a_week():
    spec = bare.spec(5)
    rounds.keep(spec, SimpleNamespace(slips=[], missing=[], passed=True), 600.0)
    assert record.passed() == {rounds.ID}
    now = time.time()
    assert rounds.due(now + 86400) is None and rounds.due(now + 8 * 86400)["seed"] == 5
    rounds.keep(spec, SimpleNamespace(slips=[], missing=[], passed=True), 60.0 * spec.minutes + 1)
    assert rounds.rounds()[-1]["slips"] == ["late"] and "the clock" in rounds.why(rounds.rounds()[-1])


@pytest.mark.parametrize("value", ["", "[1]", "{", '[{"at": "x", "seed": 1}]', "null"])
def test_a_setting_that_cannot_be_read_is_lost_alone(value):
    record.note("start.line", SimpleNamespace(passed=True, slips=()))
    record.transact(lambda db: db.execute("insert into setting values (?, ?)", (rounds.ROUNDS, value)).fetchall())
    assert rounds.rounds() == [] and record.passed() == {"start.line"}


def test_what_the_pad_shows_is_escaped():
    pad = live.bare(seed=2)
    names = functions("def init(D, H, K, rng):\n    raise ValueError('<img src=x>')")
    shown = pad.judge(names["init"])._repr_html_()
    assert "<img" not in shown and "&lt;img" in shown
    assert "At 10:00 something is added." in repr(pad.say())
