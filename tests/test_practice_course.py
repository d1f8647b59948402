"""The course with every exercise solved: each cell that asks is answered as a learner would, and found right."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from backprop.practice import bank, bug, check, diagnostic, ladder, progress

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.fixture(autouse=True)
def record(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKPROP_RECORD", str(tmp_path / "record.sqlite3"))


def code_of(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def answer(exercise):
    """What a learner who knows the answer would hand in."""
    if exercise.kind == "expression":
        return exercise.solution.strip()
    solution = exercise.function(exercise.solution)
    if exercise.kind == "function":
        return solution
    return solution(*exercise.inputs(np.random.default_rng(0)).values())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_exercise_of_a_notebook_can_be_passed(path):
    for source in code_of(path):
        for id in re.findall(r'check\("([^"]+)"', source):
            verdict = check(id, answer(bank.find(id)))
            assert verdict.passed, f"{path.name}, {source.splitlines()[0]}: {verdict}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_ladder_of_a_notebook_can_be_climbed(path):
    for name in re.findall(r'ladder\("([^"]+)"\)', "\n".join(code_of(path))):
        climb = ladder(name)
        for rung, id in enumerate(bank.LADDERS[name], start=1):
            exercise = bank.find(id)
            verdict = climb(rung, answer(exercise), shape=np.shape(exercise.reference[0].value))
            assert verdict.passed, f"{path.name}, {name}, rung {rung}: {verdict}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_starters_are_those_of_the_bank(path):
    """What the learner finds in the cell takes the arguments that the exercise hands over."""
    for source in code_of(path):
        for id, name in re.findall(r'(?m)^check\("([^"]+)", (my_\w+)\)', source):
            arguments = re.search(rf"def {name}\(([^)]*)\)", source)[1]
            assert arguments.split(", ") == list(bank.find(id).cases[0]), f"{path.name}: {id}"


def test_every_exercise_stands_in_the_notebook_that_it_belongs_to():
    asked = {
        path.name: "\n".join(code_of(path) + [f'check("{id}"' for name, ids in bank.LADDERS.items() for id in ids
                                              if f'ladder("{name}")' in "\n".join(code_of(path))])
        for path in NOTEBOOKS
    }  # fmt: skip
    missing = [
        e.id
        for e in bank.EXERCISES.values()
        if not e.id.startswith("cold.") and f'check("{e.id}"' not in asked[e.where.partition("#")[0]]
    ]
    assert not missing


def test_an_expression_that_fails_is_told_without_a_line_of_ours():
    said = check("delta.pull", "g @ W").message
    assert "line" not in said and "g (4, 7), W (4, 5)" in said


def test_there_are_as_many_as_were_promised():
    assert len(bank.EXERCISES) >= 45
    assert sum(len(e.slips) for e in bank.EXERCISES.values()) >= 150


def test_the_diagnostic_sends_a_beginner_to_the_start_and_an_expert_to_the_whiteboard():
    cold = [e for e in bank.EXERCISES.values() if e.id.startswith("cold.")]
    right = {n: answer(e) for n, e in enumerate(cold, start=1)}
    assert "straight to the whiteboard" in repr(diagnostic(right))
    assert "Start with notebook 01" in repr(diagnostic({7: "(up - down) / h"}))
    assert "Start with notebook 06" in repr(diagnostic(right | {10: "eta * m_hat / (v_hat**0.5 + eps)"}))
    assert repr(diagnostic(dict.fromkeys(range(1, 11), ...))) == "not attempted yet"
    cold_wrong = repr(diagnostic(right | {1: "(y - a) * slope * x"}))
    assert "the sign is flipped" in cold_wrong and "One neuron (01) " in cold_wrong
    numbers = {path.name[:2] for path in NOTEBOOKS}
    assert all(e.teaches in numbers for e in cold) and not any(
        e.teaches for e in set(bank.EXERCISES.values()) - set(cold)
    )


def test_progress_maps_every_notebook_once():
    """07a and 07b are two notebooks, whatever their numbers."""
    lines = repr(progress()).splitlines()
    counts = {line.split()[0]: int(line.split()[3]) for line in lines}
    assert len(counts) == len(lines) and sum(counts.values()) == len(bank.EXERCISES)
    assert set(counts) == {e.where.partition(".ipynb")[0] for e in bank.EXERCISES.values()}


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("seed", range(12))
def test_a_generated_case_is_wrong_can_be_guessed_and_can_be_mended(level, seed):
    case = bug(level, seed)
    assert case.source == bug(level, seed).source
    assert 1 <= len(case.slips) <= level
    letters = "".join("abcdefgh"[case.choices.index(slip.name)] for slip in case.slips)
    told = repr(case.guess(lines=case.lines, names=letters))
    assert "The line is right." in told and "The name is right." in told
    wrong = next(letter for letter, name in zip("abcdefgh", case.choices) if name not in {s.name for s in case.slips})
    assert "The name is right." not in repr(case.guess(lines=case.lines, names=wrong))
    assert repr(case.guess()) == "not attempted yet"
    assert "FAILS" in repr(case.symptom())
    assert not check(case.exercise.id, case.exercise.function(case.exercise.edited(tuple(case.slips)))).passed
    assert check(case.exercise.id, answer(case.exercise)).passed


def test_a_case_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="level is 9"):
        bug(9)
    with pytest.raises(ValueError, match="no exercise"):
        bug(exercise="delta.b22")
    assert "letters" in repr(bug(1, 0).guess(lines=1, names="z"))
