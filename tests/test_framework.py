"""Notebook 07b against a real run of PyTorch: what it shows was printed, and the package computes the same numbers."""

import json
import re
import warnings

import numpy as np
import pytest
from framework_reference import NOTEBOOK, PAIR, STORED, printed, snippets, wrapped

from backprop.practice.bank import EXERCISES

REFERENCE = json.loads(STORED.read_text(encoding="utf-8"))
RUNS = REFERENCE["runs"]
MESSAGE = re.compile(
    r"Error:|Warning:|tensor\(|dtype="
)  # what PyTorch says when it refuses: there is nothing to compute


def our_lines(code):
    """What the package's cells print in the section that shows this snippet."""
    sections = [[]]
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        if "".join(cell["source"]).startswith("## "):
            sections.append([])
        sections[-1].append(cell)
    (section,) = (cells for cells in sections if any(code in "".join(cell["source"]) for cell in cells))
    outputs = [output for cell in section for output in cell.get("outputs", [])]
    return [line for output in outputs for line in "".join(output.get("text", "")).splitlines()]


def test_the_notebook_shows_what_pytorch_printed():
    """After a change of a snippet, run framework_reference.py again, and copy what it prints."""
    assert snippets() == [(run["code"], wrapped(run["printed"])) for run in RUNS]
    assert len(RUNS) >= 15


def test_the_version_is_named_where_it_is_read():
    first = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"][0]
    assert f"PyTorch {REFERENCE['torch']}" in "".join(first["source"])


@pytest.mark.parametrize("run", RUNS, ids=lambda run: run["code"].splitlines()[0])
def test_our_numbers_are_pytorchs(run):
    """Line by line: a cell of the same section begins a line with what PyTorch printed."""
    ours = our_lines(run["code"])
    lines = [line for line in run["printed"].splitlines() if line.strip() and not MESSAGE.search(line)]
    missing = [line for line in lines if not any(our.startswith(line) for our in ours)]
    assert not missing


def test_most_of_what_pytorch_printed_is_compared():
    lines = [line for run in RUNS for line in run["printed"].splitlines() if line.strip()]
    assert len(lines) >= 60
    assert sum(bool(MESSAGE.search(line)) for line in lines) <= len(lines) / 5


def test_the_exercise_on_in_place_writes_asks_what_pytorch_does():
    """The answer that `check` takes for any of its functions, and what the notebook's table says of each."""
    exercise, stored = EXERCISES["framework.in-place"], REFERENCE["raises"]
    drawn = {f for seed in range(20) for f in exercise.inputs["ordinary"](np.random.default_rng(seed))["functions"]}
    assert drawn == set(stored)
    assert exercise.function(exercise.solution)(list(stored)) == list(stored.values())
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    (table,) = (text for text in ("".join(cell["source"]) for cell in cells) if "| operation | keeps |" in text)
    for f, right in stored.items():
        (row,) = (line for line in table.splitlines() if line.startswith("|") and f"`{f}`" in line)
        assert ("its output" in row) == right, row


def test_a_snippet_is_told_by_the_output_below_it():
    shown = "```python\nprint(1)\n```\n\n*PyTorch prints:*\n\n```text\n1\n```\n"
    assert PAIR.findall("```python\nonly read\n```\n\nAnd:\n\n" + shown) == [("print(1)\n", "1\n")]


def test_printing_keeps_names_warnings_and_no_path():
    names = {"warnings": warnings}
    code = "a = 2\nwarnings.warn('take care (Triggered internally at x.cpp:1.)')\nprint('a', a)\n"
    assert printed(code, names) == "UserWarning: take care\na 2\n"
    assert printed("print(a)\n", names) == "2\n"
    assert wrapped("  1\n\n" + "word " * 30).splitlines() == [
        "  1",
        "",
        " ".join(["word"] * 16),
        " ".join(["word"] * 14),
    ]
