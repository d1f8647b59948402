"""Programs with bugs in them (notebook 08): each bug is seen by its own tests alone, each repair is accepted."""

import ast
import html
import itertools
import json
import re
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from programs_reference import NEARLY, STORED, case_text, digest, refused, seen, texts, torch_programs

from backprop.practice import bug, colleague, planting, progress, record, trial
from backprop.practice.colleague import AS_IT_WAS, MENDED, UNKNOWN, read_as_trees, versions

NUMPY = [name for name in planting.names() if not planting.program(name).torch]
TORCH = [program.name for program in torch_programs()]
PROVEN = json.loads(STORED.read_text(encoding="utf-8"))
SEEDS = [(level, seed) for level in (1, 2, 3) for seed in range(100)]


# ---- the programs ----


def test_there_are_twelve_half_of_them_in_pytorch():
    assert len(NUMPY) == len(TORCH) == 6


@pytest.mark.parametrize("name", planting.names())
def test_a_program_is_as_long_as_a_colleagues(name):
    program = planting.program(name)
    text, wrong = program.with_bugs(program.planted)
    assert 40 <= len(text.splitlines()) <= 100 and max(map(len, text.splitlines())) <= 120
    assert 2 <= len(program.planted) <= 4 and program.compatible(program.planted)
    assert len(program.says.split("\n\n")) == 2  # what it should do, and what is seen
    assert not re.search(r"#:", text) and all(wrong.values())


@pytest.mark.parametrize("name", NUMPY)
def test_each_bug_is_seen_by_its_test_alone_and_beside_any_other(name):
    program = planting.program(name)
    assert seen(program, program.right) == []
    for id in program.bugs:
        assert seen(program, program.with_bugs([id])[0]) == [id]
    for pair in itertools.combinations(program.bugs, 2):
        if program.compatible(pair):
            assert seen(program, program.with_bugs(pair)[0]) == sorted(pair)
    assert seen(program, program.with_bugs(program.planted)[0]) == sorted(program.planted)


@pytest.mark.parametrize("name", TORCH)
def test_what_pytorch_showed_is_of_these_programs_and_says_that_each_bug_is_seen(name):
    """After a change of a program or its case, run programs_reference.py again."""
    program, proven = planting.program(name), PROVEN["programs"][name]
    now = texts(program)
    assert {version: digest(text, case_text(name)) for version, (_, text) in now.items()} == {
        version: one["sha256"] for version, one in proven.items()
    }
    for version, (left, _) in now.items():
        if version.startswith("nearly"):
            assert set(left) <= set(proven[version]["refused"]), version
        else:
            assert proven[version]["seen"] == sorted(left), version
    stored = json.loads(colleague.PRINTED.read_text(encoding="utf-8"))[name]
    assert stored["sha256"] == digest(program.with_bugs(program.planted)[0]) and stored["torch"] == PROVEN["torch"]


@pytest.mark.skipif(
    not trial.has_torch(), reason="PyTorch isn't installed: its runs are stored (programs_reference.py)."
)
@pytest.mark.parametrize("name", TORCH)
def test_with_pytorch_they_run(name):
    program = planting.program(name)
    for version, (left, text) in texts(program).items():
        if not version.startswith("nearly"):
            assert seen(program, text) == sorted(left)


@pytest.mark.parametrize("name", planting.names())
def test_every_test_that_is_no_bugs_own_can_fail(name):
    program = planting.program(name)
    assert {test.id for test in program.tests if test.nearly or not test.bug} == NEARLY[name].keys()
    for id, (old, new) in NEARLY[name].items():
        assert old in program.right, id
        if name in NUMPY:  # what PyTorch said is stored
            text = program.right.replace(old, new)
            assert id in {test.id for test in refused(program, text)}, id


def set_and_unread(text):
    """{function: its arguments and variables that nothing reads}."""
    found = {}
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef):
            names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
            put = {node.id for node in names if isinstance(node.ctx, ast.Store)} | {
                one.arg for one in [*function.args.args, *function.args.kwonlyargs]
            }
            found[function.name] = put - {node.id for node in names if isinstance(node.ctx, ast.Load)} - {"self", "_"}
    return {name: unread for name, unread in found.items() if unread}


@pytest.mark.parametrize("name", planting.names())
def test_no_bug_leaves_a_variable_that_nothing_reads_or_a_line_that_nobody_writes(name):
    program = planting.program(name)
    known = set_and_unread(program.right)
    for id in program.bugs:
        text = program.with_bugs([id])[0]
        assert set_and_unread(text) == known, id
        assert not re.search(r"if (False|True)|^\s*pass\b|^\s*(\w+) = \1$", text, flags=re.M), id


def test_a_variable_that_nothing_reads_is_seen():
    assert set_and_unread("def f(a, b):\n    c = a\n    return a\n") == {"f": {"b", "c"}}


# ---- drawn by level and seed ----


def test_a_level_is_how_many_bugs_there_are_each_on_lines_of_its_own():
    drawn = {seed: colleague.drawn(*seed) for seed in SEEDS}
    for (level, _), (program, ids) in drawn.items():
        wrong = program.with_bugs(ids)[1]
        assert len(ids) == len(set(ids)) == level and all(wrong.values())
        assert len(set.union(*wrong.values())) == sum(map(len, wrong.values()))
    assert len({program.name for program, _ in drawn.values()}) == len(NUMPY)
    assert len({(program.name, ids) for program, ids in drawn.values()}) > 100


@pytest.mark.parametrize("seed", [(2, seed) for seed in range(10)] + [(3, seed) for seed in range(10)], ids=str)
def test_every_bug_of_a_drawn_program_is_seen(seed):
    program, ids = colleague.drawn(*seed)
    assert seen(program, program.with_bugs(ids)[0]) == sorted(ids)


def test_a_new_program_changes_only_the_seeds_that_it_wins(monkeypatch):
    names = planting.names()
    before = {seed: colleague.drawn(*seed) for seed in SEEDS}
    monkeypatch.setattr(planting, "names", lambda: [name for name in names if name != "half"])
    after = {seed: colleague.drawn(*seed) for seed in SEEDS}
    assert all(after[seed] == one for seed, one in before.items() if one[0].name != "half")


# ---- repairs, read as trees ----


@pytest.mark.parametrize("name", TORCH)
def test_every_accepted_repair_is_known_whatever_its_layout(name):
    program = planting.program(name)
    for said, text in list(versions(program, program.planted))[::7]:
        other = ast.unparse(ast.parse(text)).replace("'", '"') + "\n# a comment\n"
        assert read_as_trees(program, program.planted, text) == (said, []), text
        assert read_as_trees(program, program.planted, other) == (said, [])


@pytest.mark.parametrize("name", TORCH)
def test_what_reads_like_no_repair_is_not_judged(name):
    """A line more in one function leaves what stands in the others to be judged."""
    program = planting.program(name)
    text = program.with_bugs(program.planted)[0]
    assert read_as_trees(program, program.planted, text) == (dict.fromkeys(program.planted, AS_IT_WAS), [])
    everywhere = re.sub(r"(?m)^(    +)(return |yield )", r"\1print()\n\1\2", text).replace(
        "model.train()\n", "model.train()\n    print()\n"
    )
    said, strange = read_as_trees(program, program.planted, everywhere)
    assert strange and UNKNOWN in said.values() and MENDED not in said.values()
    said, strange = read_as_trees(program, program.planted, text + "\n\ndef a_test_of_mine():\n    return 1\n")
    assert (set(said.values()), strange) == ({AS_IT_WAS}, [])


# ---- a round, as the learner plays it ----


@pytest.fixture
def here(own_record, tmp_path, monkeypatch):
    """A working copy's folder, and nothing that an earlier kernel would remember."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(colleague, "_unrecorded", {})
    return tmp_path


def mend(case, *ids):
    """Write the copy with only the other bugs left in it."""
    left = [id for id in case.planted if id not in ids]
    case.path.write_text(case.program.with_bugs(left)[0], encoding="utf-8")


def test_a_program_is_shown_with_numbered_lines_and_put_into_a_file(here):
    case = bug("adam")
    assert (here / "bugs" / "adam.py").read_text(encoding="utf-8") == case.source
    shown = repr(case)
    assert all(f"{n:2}  {line}".rstrip() in shown for n, line in enumerate(case.source.splitlines(), start=1))
    assert "It prints:" in shown and "step 600  loss nan" in shown and "bugs/adam.py" in shown
    assert str(here) not in shown and str(len(case.planted)) + " bug" not in shown
    assert not any(one.name in shown or one.means in shown for one in case.program.bugs.values())
    page = bug("names")._repr_html_()
    assert page.count("<span") == len(bug("names").source.splitlines())


def test_a_long_line_of_the_listing_breaks_beside_names_not_in_them(here):
    page = bug("reader")._repr_html_()
    assert "torch.<wbr>optim.<wbr>SGD(<wbr>model.<wbr>parameters(), lr=0.1," in page
    assert "[nn.Linear(64, hidden), nn.ReLU()" in page  # what is short goes below as a whole


def test_the_listing_is_escaped(here):
    case = bug("rent")
    assert "if now &lt; lowest:" in case._repr_html_() and "if now < lowest:" not in case._repr_html_()


def test_accusing_knows_right_false_and_what_was_found(here):
    case = bug("digits")
    (leak,) = case.wrong["leak"]
    assert repr(case.accuse(leak, 1)) == (
        f"Line {leak}: yes, here is something wrong.\nLine 1: nothing is wrong here.\nFound: 1. False accusations: 1."
    )
    assert repr(case.accuse(leak)).startswith(f"Line {leak}: yes, and you have found that already.")
    assert repr(case.accuse(1)).endswith("Found: 1. False accusations: 1.")  # one line is counted once
    assert repr(case.count()) == "4 bugs."
    assert repr(bug("digits").accuse([2, leak])).endswith("Found: 1 of 4. False accusations: 2.")  # the round goes on


@pytest.mark.parametrize("given", [(0,), (81,), ("x",), (None,), (1.5,), ([],), ([1, [2]],)])
def test_what_is_no_line_is_told_and_not_counted(here, given):
    case = bug("digits")
    assert repr(case.accuse(*given)) == "The lines are numbers from 1 to 80, such as accuse(4) or accuse(4, 7)."
    assert repr(case.accuse()) == repr(case.accuse(...)) == "not attempted yet"
    assert colleague.kept("digits")["false"] == []


@pytest.mark.parametrize("given", [(3, 4), ([3, 4],), ("3, 4",), ("3 4",), (np.array([3, 4]),), ((3,), 4)])
def test_lines_are_understood_however_they_are_typed(here, given):
    assert repr(bug("digits").accuse(*given)).count("nothing is wrong here") == 2


def test_a_line_around_a_gap_may_be_accused(here):
    case = bug("reader")
    for near in sorted(case.wrong["accumulates"]):
        again = bug("reader", fresh=True)
        assert "yes, here is something wrong" in repr(again.accuse(near))
    assert len(case.wrong["accumulates"]) == 2


def test_check_knows_a_part_the_whole_and_the_score(here):
    case = bug("half")
    assert "as it was brought" in repr(case.check())
    mend(case, "naive")
    assert repr(case.check()) == "Mended: 1.\nThat is not all yet."
    case.accuse(1)
    case.count()
    assert repr(case.check()).startswith("Mended: 1 of 2.")
    mend(case, *case.planted)
    said = repr(case.check())
    assert said.startswith("Right: all 2 mended.\n2 points of 4, in 0 minutes: 1 false accusation, count asked for.")
    assert all(case.program.bugs[id].means in said for id in case.planted)
    assert "2 of 4 points, 0 min" in repr(bug())
    assert "Programs mended: half. bug() lists all 12." in repr(progress())


def test_check_tells_right_from_nearly_right(here):
    case = bug("rent")
    text = case.source.replace("error = predict(p, X) - y\n", "error = predict(p, X).ravel() - y\n")
    text = text.replace("np.zeros_like(X)", "X").replace("Z[:] = (X - mean) / std", "Z = (X - mean) / std")
    case.path.write_text(text.replace("best = now, dict(p)", "best = now, {k: v + 0 for k, v in p.items()}"))
    assert repr(case.check()).startswith("Right: all 3 mended.")  # in ways of one's own
    case = bug("rent", fresh=True)
    case.path.write_text(case.source.replace("np.zeros_like(X)", "np.zeros(X.shape, dtype=np.float32)"))
    assert repr(case.check()) == (
        "Mended: 0.\nNearly. What was seen is gone, but: It is computed in fewer digits than before."
    )
    case.path.write_text(case.source.replace("return 0.5 * (error**2).mean()", "return (error**2).mean()"))
    assert "Broken on the way: An error of 2 in one row should cost ½ · 2² = 2." in repr(case.check())


HONEST = [  # each mended by somebody who writes another way than the reference
    (
        "digits",
        [
            ("held, rest = order[:cut], order\n", "held = order[:cut]\n    rest = np.setdiff1d(order, held)\n"),
            (
                "    order = rng.permutation(len(y))\n    for start",
                "    order = rng.permutation(len(y))\n    X, y = X[order], y[order]\n    for start",
            ),
            (
                "        chosen = order[start : start + size]\n        yield X[chosen], y[start : start + size]",
                "        yield X[start : start + size], y[start : start + size]",
            ),
            ("np.random.default_rng(0)):", "np.random.default_rng(epoch)):"),
            ("    A1, P = forward(p, X)\n", "    A1, P = forward(p, X)\n    W2 = p['W2'].copy()\n"),
            ('(dZ2 @ p["W2"].T)', "(dZ2 @ W2.T)"),
        ],
    ),
    (
        "names",
        [
            ("rows[:, :-1], rows[:, :-1]", "rows[:, :-1], np.roll(rows, -1, axis=1)[:, :-1]"),
            ("counts = np.ones(inputs.shape, dtype=bool)", "counts = np.cumsum(inputs == 0, axis=1) == 1"),
            ("dE[inputs] += dH", "for i in range(len(dE)):\n        dE[i] = dH[inputs == i].sum(axis=0)"),
        ],
    ),
    (
        "adam",
        [
            ("self.v = self.m", "self.v = [m.copy() for m in self.m]"),
            (
                "m_hat = np.divide(self.m[i], 1 - self.beta1**self.t, out=self.m[i])",
                "m_hat = np.divide(self.m[i], 1 - self.beta1**self.t)",
            ),
        ],
    ),
    (
        "echo",
        [
            ("X.reshape(X.shape[1], X.shape[0], X.shape[2])", "np.moveaxis(X, 0, 1)"),
            ("h[:] = np.tanh", "h = np.tanh"),
            (
                "return {name: g * min(1, limit / norm([g])) for name, g in grads.items()}",
                "n = norm(list(grads.values()))\n    return {k: g / max(1, n / limit) for k, g in grads.items()}",
            ),
        ],
    ),
    (
        "half",
        [
            ("return np.log1p(np.exp(z)) - y * z", "return np.logaddexp(0, z) - y * z"),
            (
                "        dw, db = clip(dw, db)\n        dw, db = dw.astype(np.float32) / scale, "
                "np.float32(db) / scale\n",
                "        dw, db = clip(dw.astype(np.float32) / scale, np.float32(db) / scale)\n",
            ),
        ],
    ),
    (
        "rent",
        [
            ("error = predict(p, X) - y\n", "error = np.squeeze(predict(p, X)) - y\n"),
            ("np.zeros_like(X)", "np.zeros_like(X, dtype=float)"),
            ("dict(p)", "{k: np.array(v) for k, v in p.items()}"),
        ],
    ),
    (
        "rent",
        [
            ("error = predict(p, X) - y\n", "error = predict(p, X) - y.reshape(-1, 1)\n"),
            ("    Z = np.zeros_like(X)\n    Z[:] = (X - mean) / std\n    return Z", "    return (X - mean) / std"),
            ("dict(p)", "__import__('copy').deepcopy(p)"),
        ],
    ),
]
MISSED = [  # what is seen is gone, and something isn't right
    (
        "half",
        [("return np.log1p(np.exp(z)) - y * z", "z = np.clip(z, -80, 80)\n    return np.log1p(np.exp(z)) - y * z")],
        "A logit",
    ),
    ("digits", [("np.random.default_rng(0)):", "np.random.default_rng()):")], "Run twice, it draws two orders"),
    ("digits", [("order[:cut], order\n", "order[:cut], order[cut + 1 :]\n")], "A quarter for validation"),
    ("names", [("rows[:, :-1], rows[:, :-1]", "rows, rows[:, 1:]")], "inputs, targets and counts differ in shape"),
    ("adam", [("np.divide(self.m[i], 1 - self.beta1**self.t, out=self.m[i])", "self.m[i]")], "Two equal gradients"),
]


def judged(name, edits, folder):
    """What the tests say of a planted program after these edits."""
    program = planting.program(name)
    text = program.with_bugs(program.planted)[0]
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = folder / "program.py"
    path.write_text(text, encoding="utf-8")
    return colleague.statuses(program, program.planted, dict(trial.examine(name, path)))


@pytest.mark.parametrize(("name", "edits"), HONEST)
def test_a_repair_in_a_way_of_ones_own_is_right(name, edits, tmp_path):
    said, broken = judged(name, edits, tmp_path)
    assert set(said.values()) == {MENDED} and broken == []


@pytest.mark.parametrize(("name", "edits", "words"), MISSED)
def test_a_repair_that_is_nearly_right_is_told_so(name, edits, words, tmp_path):
    said, _ = judged(name, edits, tmp_path)
    assert any(one.startswith(words) for one in said.values())


def test_a_located_bug_that_is_not_mended_is_named_by_its_line(here):
    case = bug("half")
    case.accuse(19)
    mend(case, "clipped-scaled")
    assert repr(case.check()) == "Mended: 1.\nLine 19: not mended yet."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def f(:\n", "SyntaxError in line 1"),
        ("import nowhere\n", "ModuleNotFoundError in line 1"),
        ("raise SystemExit\n", "SystemExit in line 1"),
        ("import os\nos._exit(3)\n", "It ended before its time."),
    ],
)
def test_a_file_that_cannot_be_run_is_told_with_its_line(here, text, said):
    case = bug("adam")
    case.path.write_text(text)
    assert said in repr(case.check()) and not colleague.kept("adam")["mended"]
    case.path.unlink()
    assert repr(case.check()) == repr(case.run()) == 'bugs/adam.py is gone: bug("adam") brings it again.'


def test_an_endless_loop_is_stopped(here, monkeypatch):
    case = bug("adam")
    case.path.write_text("while True:\n    pass\n")
    began = time.monotonic()
    assert trial.trial("adam", case.path, limit=1)[1] == "It was stopped after 1 seconds."
    assert trial.printed(case.path, limit=1).endswith("It was stopped after 1 seconds.")
    assert time.monotonic() - began < 20


def test_what_was_found_before_it_ended_is_kept(here):
    case = bug("adam")
    case.path.write_text(case.source.replace("        self.t += 1\n", "        __import__('os')._exit(0)\n"))
    found, problem = trial.trial("adam", case.path)
    assert problem.startswith("It ended before its time.") and list(found) == ["", "the_averages_are_two"]


@pytest.fixture
def in_a_page(monkeypatch):
    """As where Python runs in the browser: a process can't be had."""
    monkeypatch.setattr(trial, "IN_A_PAGE", True)
    monkeypatch.setattr(trial.subprocess, "run", lambda *_, **__: pytest.fail("a process was started"))


def test_without_processes_the_kernel_gives_what_a_process_gives(here, request):
    case = bug("rent")
    case.path.write_text(
        case.source + "\n\nimport os\n\nprint(os.path.exists('bugs'), flush=True)\nprint(\n    1 / 0,\n)\n"
    )
    ended = trial.printed(case.path), trial.trial("rent", case.path)
    request.getfixturevalue("in_a_page")
    before = Path.cwd(), sys.gettrace()
    assert (trial.printed(case.path), trial.trial("rent", case.path)) == ended
    assert (Path.cwd(), sys.gettrace()) == before
    assert ended[0].startswith(case.seen[0][1]) and ended[0].endswith("ZeroDivisionError: division by zero")


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("import sys\nprint('so far', file=sys.stderr)\nsys.exit()\n", "so far"),
        ("def f(:\n", '  File "adam.py", line 1\n    def f(:\n          ^\nSyntaxError: invalid syntax'),
        ("try:\n    while True:\n        pass\nexcept Exception:\n    pass\n", "\nIt was stopped after 0.2 seconds."),
    ],
)
def test_without_processes_a_program_ends_all_the_same(here, in_a_page, text, printed):
    case = bug("adam")
    case.path.write_text(text)
    assert trial.printed(case.path, limit=0.2) == printed
    found, problem = trial.trial("adam", case.path, limit=0.2)
    assert not found and problem.startswith(("The file can't be run.", "It was stopped after 0.2 seconds."))


def test_giving_up_shows_the_lesson_and_costs_the_score(here):
    case = bug("half")
    case.accuse(19)
    said = repr(case.show_me())
    assert said.startswith("1 point of 4, in 0 minutes: 0 false accusations.")
    assert all(case.program.bugs[id].means in said for id in case.planted)
    assert "+    return np.maximum(z, 0)" in said and "def large_logits_have_a_finite_loss(p):" in said
    sentences = re.sub("<pre.*?</pre>", "", case.show_me()._repr_html_(), flags=re.DOTALL)
    assert all(html.escape(case.program.bugs[id].means) in sentences for id in case.planted)  # wraps between words
    assert "np.maximum" not in sentences and "def " not in sentences
    mend(case, *case.planted)
    assert repr(case.check()).startswith("Right: all 2 mended.\nLine")  # no score
    case.accuse(1)
    assert "shown, 1 of 4 points" in repr(bug())


def test_names_are_mixed_with_others(here):
    case = bug("digits")
    shown = repr(case.names()).splitlines()[1:]
    planted = {case.program.bugs[id].name for id in case.planted}
    assert planted < set(shown) and len(shown) >= len(planted) + 2 and colleague.kept("digits")["asked"] == ["names"]


def test_a_copy_stays_until_it_is_asked_for_afresh(here):
    case = bug("adam")
    case.path.write_text("mine = 1\n")
    assert bug("adam").load().mine == 1
    case = bug("adam", fresh=True)
    assert case.path.read_text(encoding="utf-8") == case.source
    assert (here / "bugs" / "adam.set-aside-1.py").read_text() == "mine = 1\n"
    assert callable(case.load().AdamW)


def test_a_round_with_another_version_of_the_program_begins_anew(here):
    """An update of the course has changed it: the numbers that are shown would not be those of the copy."""
    case = bug("adam")
    case.accuse(1)
    state = colleague.kept("adam")
    colleague.keep("adam", state | {"text": "of an earlier release"})
    case.path.write_text("an earlier one\n")
    assert bug("adam").path.read_text(encoding="utf-8") == case.source and colleague.kept("adam")["false"] == []
    assert (here / "bugs" / "adam.set-aside-1.py").read_text() == "an earlier one\n"


def test_without_pytorch_the_repair_is_read_and_what_cannot_be_judged_scores_nothing(here, monkeypatch):
    monkeypatch.setattr(trial, "has_torch", lambda: False)
    case = bug("micro")
    assert "PyTorch 2." in repr(case) and "needs PyTorch" in repr(case.run())
    case.path.write_text(case.source.replace("share = 1.0", "share = X_piece.shape[0] / len(y)"))
    said = repr(case.check())
    assert "That can't be judged: it scores nothing and costs nothing." in said and said.startswith("Mended: 0.")
    assert colleague.points(colleague.kept("micro"), case.planted)[1] == 2  # both stand in the same function
    mend(case, *case.planted)
    assert "Right: all 2 mended.\n4 points of 4" in repr(case.check())
    case.path.write_text("def f(:\n")
    assert "SyntaxError in line 1" in repr(case.check())


def test_points_are_counted_as_the_notebook_says():
    state = colleague.opened(0.0)
    assert colleague.points(state, ("a", "b")) == (0, 4)
    state.update(lines={"a": 3})
    assert colleague.points(state, ("a", "b")) == (1, 4)
    state.update(mended=["a"])
    assert colleague.points(state, ("a", "b")) == (2, 4)
    state.update(mended=["a", "b"], false=[9])
    assert colleague.points(state, ("a", "b")) == (3, 4)
    state.update(asked=["count", "names"], false=[7, 8, 9])
    assert colleague.points(state, ("a", "b")) == (0, 4)
    assert colleague.minutes(state, 150.0) == 2 and colleague.minutes(state | {"ended": 600.0}, 9999.0) == 10


def test_a_round_that_cannot_be_read_begins_anew(here):
    case = bug("adam")
    for value in ("no json", "[1]", '{"began": 3}', "null"):
        record.transact(lambda db: db.execute("update setting set value = ? where name = 'bug:adam'", (value,)))  # noqa: B023
        colleague._unrecorded.clear()
        assert colleague.kept("adam") is None
        assert repr(case.accuse(1)).endswith("Found: 0. False accusations: 1.")


def test_the_record_of_an_earlier_release_takes_a_round(here, own_record):
    import sqlite3

    own_record.parent.mkdir(parents=True)
    with sqlite3.connect(own_record) as db:
        db.executescript(Path(__file__).with_name("record_version_0.sql").read_text(encoding="utf-8"))
    passed = record.passed()
    assert passed
    bug("adam").accuse(1)
    assert colleague.kept("adam")["false"] == [1] and record.passed() == passed


def test_where_nothing_can_be_recorded_the_round_goes_on(here, monkeypatch, capsys):
    monkeypatch.setenv("BACKPROP_RECORD", str(here))  # a folder is no file
    record._told.clear()
    case = bug("adam", fresh=True)
    case.accuse(15)
    assert repr(case.accuse(15)).startswith("Line 15: yes, and you have found that already.")


def test_the_course_s_own_folder_stays_as_it_is(own_record, monkeypatch):
    notebooks = Path(__file__).parents[1] / "notebooks"
    monkeypatch.chdir(notebooks)
    before = sorted(path.name for path in notebooks.iterdir())
    case = bug("adam")
    assert case.path.exists() and sorted(path.name for path in notebooks.iterdir()) == before


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("digit",), "There is no program 'digit'. Did you mean 'digits'? bug() lists them, and a level is 1, 2 or 3."),
        ((9,), "There is no program 9. bug() lists them, and a level is 1, 2 or 3."),
    ],
)
def test_what_there_is_not_is_told(here, given, said):
    with pytest.raises(ValueError) as error:
        bug(*given)
    assert str(error.value) == said


def test_a_level_and_a_seed_give_the_same_program_and_say_what_it_should_print(here):
    case = bug(2, 1)
    assert case.source == bug(level=2, seed=1).source != bug(2, 2).source
    assert "It should print:" in repr(case) and len(case.said) == 1
    mend(case, *case.planted)
    assert repr(case.check()).startswith("Right: all 2 mended.\n4 points of 4")
