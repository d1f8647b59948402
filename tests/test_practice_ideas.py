"""Mistakes that no slip holds, told by their values alone: the answers here have no source that could be searched."""

import random
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from practice_slips import defined

from backprop.explore.alone import STILLS
from backprop.practice import bank, check, checker, ideas, repair, waiting
from backprop.practice.diagnosis import explain
from backprop.practice.drafts import Unsafe
from backprop.practice.ideas import IDEAS, MOST, results_of
from backprop.practice.results import same_array


def without_source(id, *edits):
    """The solution of an exercise with some of its text exchanged, as a function whose source nobody can read."""
    source = bank.find(id).solution
    for there, wrong in edits:
        assert source.count(there) == 1, there
        source = source.replace(there, wrong)
    return bank.find(id).function(source)


TOLD = {
    "dQ": ("layers.attention", ("(dP * P).sum(axis=-1", "(dP * P).sum(axis=0"), "axis"),
    "dK": ("layers.attention", ("P * (dP - (dP", "(dP - (dP"), "too many"),
    "dX": ("depth.layernorm-backward", ("(g - through_mu", "(g + through_mu"), "operation"),
    "dW1": ("delta.backward", ("W2.T @ delta2 * (1 - a1**2)", "W2.T @ delta2 * (1 - a1) ** 2"), "brackets"),
}


@pytest.mark.parametrize("result", TOLD)
def test_an_idea_is_told_by_its_values(result, own_record):
    id, edit, kind = TOLD[result]
    words = check(id, without_source(id, edit)).message
    assert f"{result} is what comes out where {IDEAS[kind]}." in words.splitlines()


def test_what_no_idea_gives_is_not_told(own_record):
    edit = "P.swapaxes(1, 2) @ G", "(P.swapaxes(1, 2) @ G) @ np.eye(G.shape[-1])[::-1]"
    assert "what comes out where" not in check("layers.attention", without_source("layers.attention", edit)).message


def test_ideas_are_bounded_and_kept():
    exercise = bank.find("delta.layers")
    found = results_of(exercise)
    assert 50 < len(found) <= MOST and results_of(exercise) is found
    assert {kind for kind, _ in found} <= set(IDEAS)


def test_what_two_ideas_give_is_not_told(own_record):
    """A single number times two: several changes of the solution give it, and none is known to be meant."""
    exercise = bank.find("delta.b4")
    words = check("delta.b4", lambda delta: np.full((len(delta), 1), delta.sum())).message
    assert exercise is not None and words.count("is what comes out where") <= 1


def test_the_search_for_the_line_can_be_interrupted(monkeypatch, own_record):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(repair, "located", interrupted)
    words = check("delta.b4", lambda delta: 3 * delta.sum(axis=1, keepdims=True) + 1).message
    assert words.endswith("The search for the line was interrupted.") and words.startswith("db differs.")


class Shell:
    """A notebook's kernel, as far as a verdict knows it, and what stands in the output of its cell."""

    execution_count = 7

    def __init__(self):
        self.told = []

    def display(self, data, *, raw, display_id):
        assert raw and display_id and not self.told
        self.told.append(data["text/plain"])
        return SimpleNamespace(update=lambda data, raw: self.told.append(data["text/plain"]))


@pytest.fixture
def shell(monkeypatch, own_record):
    there = Shell()
    monkeypatch.setattr(checker, "place", lambda: waiting.Output(there))
    monkeypatch.setattr("IPython.display.display", there.display)
    monkeypatch.setattr("IPython.get_ipython", lambda: there)
    return there


def cubed(delta):
    db = delta.sum(axis=1, keepdims=True)
    return 3 * db * db + 1


@pytest.mark.parametrize("soon", [-1, 3600])
def test_a_verdict_stands_there_at_once_and_its_line_takes_the_place_of_the_announcement(shell, monkeypatch, soon):
    monkeypatch.setattr(waiting, "SOON", soon)
    verdict = check("delta.b4", cubed)
    first, *announced, last = shell.told
    assert len(announced) == (soon < 0) and all(waiting.LOOKING in one and "db differs." in one for one in announced)
    assert first.startswith("delta.b4: not yet\n  db differs.") and "The mistake is in line" not in first
    assert last == repr(verdict) and "The mistake is in line" in last and waiting.LOOKING not in last
    assert verdict._ipython_display_() is None  # as the cell's value it shows nothing more
    with pytest.raises(NotImplementedError):  # after that, it is shown as ever
        verdict._ipython_display_()


def test_a_verdict_is_shown_again_in_another_cell(shell):
    verdict = check("delta.b4", cubed)
    shell.execution_count += 1
    with pytest.raises(NotImplementedError):
        verdict._ipython_display_()


def test_an_interrupted_search_leaves_the_verdict_in_its_output(shell, monkeypatch):
    def interrupted(exercise, answer, runs, tick):
        tick()
        raise KeyboardInterrupt

    monkeypatch.setattr(repair, "located", interrupted)
    monkeypatch.setattr(waiting, "SOON", -1)
    verdict = check("delta.b4", cubed)
    assert len(shell.told) == 3 and shell.told[-1] == repr(verdict)
    assert verdict.message.startswith("db differs.") and verdict.message.endswith("for the line was interrupted.")


@pytest.mark.parametrize(
    "ask",
    [
        lambda: check("delta.b4", lambda delta: delta.sum(axis=1, keepdims=True)),
        lambda: check("delta.b4", lambda delta: delta.mean(axis=1, keepdims=True)),
        lambda: check("delta.b4", cubed, spoil=False),
        lambda: checker.answered("delta.b4", cubed),
    ],
    ids=["right", "a slip", "asked only", "an interview"],
)
def test_nothing_is_shown_early_where_no_line_is_looked_for_or_it_is_not_to_be_told(shell, ask):
    assert ask().attempted and not shell.told


def test_no_output_is_written_anew_where_nobody_sits(monkeypatch):
    ZMQInteractiveShell = type("ZMQInteractiveShell", (), {})
    monkeypatch.delenv(waiting.STORED, raising=False)
    monkeypatch.setattr("IPython.get_ipython", ZMQInteractiveShell)
    assert type(waiting.place()) is waiting.Output
    in_thread = []
    thread = threading.Thread(target=lambda: in_thread.append(type(waiting.place())))
    thread.start()
    thread.join()
    monkeypatch.setenv(waiting.STORED, "1")
    assert STILLS == waiting.STORED and in_thread == [waiting.Unseen] == [type(waiting.place())]
    monkeypatch.delenv(waiting.STORED)
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    assert type(waiting.place()) is waiting.Unseen


@pytest.mark.parametrize("eps", [1e-12, 1e-15])
@pytest.mark.parametrize("how", ["np.clip(q, EPS, 1 - EPS)", "q + EPS"])
def test_a_clipped_probability_is_told_by_where_it_stops(eps, how, own_record):
    lines = ["p = 1 / (1 + np.exp(-z))", f"safe = lambda q: {how.replace('EPS', str(eps))}"]
    lines += ["return -(y * np.log(safe(p)) + (1 - y) * np.log(safe(1 - p)))"]
    words = check("outputs.bce", defined("def f(z, y):\n" + "".join(f"    {line}\n" for line in lines))).message
    assert f"−log({eps:.0e})" in words and "is a probability clipped there" in words


def test_an_idea_with_a_place_and_no_slip_is_told_all_the_same(capsys):
    """Of each solution's ideas, those that no slip gives: by how many words lead to them, by values alone."""
    places = told = 0
    for e in bank.EXERCISES.values():
        if e.kind != "function":
            continue
        known = [e.results((slip,)) for slip in e.slips]
        found = [
            (kind, runs) for kind, runs in results_of(e) if all(r.parts for r in runs) and len(runs) == len(e.cases)
        ]
        bare = [one for one in found if not e.same(one[1], e.reference) and not any(e.same(one[1], k) for k in known)]
        for kind, runs in random.Random(0).sample(bare, min(1, len(bare))):
            places += 1
            _, words = explain(e, runs)
            told += IDEAS[kind] in words or "differs" not in words
    with capsys.disabled():
        print(f"\nideas with a place and no slip: {told} of {places} told by their values", end="")
    assert told >= 0.75 * places > 50


# ---- one at a time ----


def test_where_the_line_is_known_the_idea_is_left_out():
    assert ideas.without_idea(f"dQ {ideas.COMES}{IDEAS['axis']}.") == "dQ differs."
    assert ideas.without_idea("dQ has shape (2,).") == "dQ has shape (2,)."


ONE, TWO, THREE = np.ones(2), np.arange(2.0), np.zeros((2, 1))


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ([], None),
        ([("sign", [ONE, TWO])], "sign"),
        ([("sign", [ONE, TWO]), ("sign", [ONE, TWO]), ("axis", [TWO, TWO])], "sign"),
        ([("sign", [ONE, TWO]), ("axis", [ONE, TWO])], None),  # none of both is known to be meant
        ([("sign", [ONE, ONE])], None),  # on the first case alone
        ([("sign", [ONE[:, None], TWO])], None),  # the same numbers, in another shape
    ],
)
def test_an_idea_that_alone_gives_it_on_every_case_is_told(found, kind, monkeypatch):
    monkeypatch.setattr(ideas, "variants", lambda exercise, name: found)
    pairs = [(ONE, THREE), (TWO, THREE)]
    said = f"{ideas.COMES}{IDEAS[kind]}" if kind else ""
    assert ideas.idea(SimpleNamespace(kind="function"), "dW", pairs) == said
    assert ideas.idea(SimpleNamespace(kind="expression"), "dW", pairs) == ""


def test_an_idea_that_leaves_a_result_as_it_is_is_none_of_that_result():
    exercise = bank.find("delta.backward")
    due = [reference.parts["dW1"] for reference in exercise.reference]
    found = ideas.variants(exercise, "dW1")
    assert 0 < len(found) < len(results_of(exercise)) and {len(parts) for _, parts in found} == {len(due)}
    assert not any(all(map(same_array, parts, due)) for _, parts in found)


def test_no_more_than_so_many_changes_are_run_and_one_that_raises_is_run_once(monkeypatch):
    monkeypatch.setattr(ideas, "MOST", 7)
    exercise, calls = bank.find("delta.backward"), []
    assert len(results_of.__wrapped__(exercise)) == 7

    def failing(*_, **__):
        calls.append(1)
        raise ValueError

    assert [one.parts for one in ideas.results(exercise, failing)] == [None] and len(calls) == 1
    right = ideas.results(exercise, exercise.function(exercise.solution))
    assert len(right) == len(exercise.cases) > 1
    assert all(same_array(one.parts[name], reference.parts[name])
               for one, reference in zip(right, exercise.reference) for name in exercise.returns)  # fmt: skip


def test_a_solution_that_does_more_than_arithmetic_gives_no_ideas(monkeypatch):
    def refused(exercise):
        raise Unsafe

    monkeypatch.setattr(ideas, "solution_of", refused)
    assert results_of.__wrapped__(bank.find("delta.backward")) == []
