"""The notebooks against a real run of PyTorch: they show what it printed, and the package computes the same."""

import json
import re
import warnings

import numpy as np
import pytest
from framework_reference import PAIR, STORED, cells, printed, showing, snippets, wrapped

from backprop.practice.bank import EXERCISES

REFERENCE = json.loads(STORED.read_text(encoding="utf-8"))
RUNS = [(name, run) for name, runs in REFERENCE["runs"].items() for run in runs]
MESSAGE = re.compile(
    r"Error:|Warning:|tensor\(|dtype=|torch\."
)  # what PyTorch says when it refuses, and names of its own: there is nothing to compute
PRINTED = re.compile(r"\*It prints:\*\n\n```text\n([^`]*)```")  # by our program, folded away


def our_lines(name, code):
    """What the package's programs print in the section that shows this snippet: in cells, or folded away."""
    sections = [[]]
    for cell in cells(showing()[name]):
        if "".join(cell["source"]).startswith("## "):
            sections.append([])
        sections[-1].append(cell)
    (section,) = (found for found in sections if any(code in "".join(cell["source"]) for cell in found))
    said = ["".join(output.get("text", "")) for cell in section for output in cell.get("outputs", [])]
    said += [text for cell in section for text in PRINTED.findall("".join(cell["source"]))]
    return [line for text in said for line in text.splitlines()]


def test_the_notebooks_show_what_pytorch_printed():
    """After a change of a snippet, run framework_reference.py again, and copy what it prints."""
    shown = {name: snippets(file) for name, file in showing().items()}
    assert shown == {
        name: [(run["code"], wrapped(run["printed"])) for run in runs] for name, runs in REFERENCE["runs"].items()
    }
    assert len(RUNS) >= 20


def test_the_version_is_named_where_it_is_read_and_its_source_is_stored():
    for file in showing().values():
        assert f"PyTorch {REFERENCE['torch']}" in "".join(cells(file)[0]["source"])
    assert re.fullmatch(r"[0-9a-f]{40}", REFERENCE["source"])


COMPARED = [
    pytest.param(name, run, id=run["code"].splitlines()[0])
    for name, run in RUNS
    if any(line in our for line in run["printed"].splitlines() for our in our_lines(name, run["code"]) if line.strip())
]


@pytest.mark.parametrize(("name", "run"), COMPARED)
def test_our_numbers_are_pytorchs(name, run):
    """Where our side is shown at all, line by line: it begins a line with what PyTorch printed."""
    ours = our_lines(name, run["code"])
    lines = [line for line in run["printed"].splitlines() if line.strip() and not MESSAGE.search(line)]
    missing = [line for line in lines if not any(our.startswith(line) for our in ours)]
    assert not missing or run["code"].splitlines()[0] in ALONE, missing


# Snippets of which a part shows what PyTorch alone has: there is nothing of ours beside those lines.
ALONE = {"def one_loss(W, x, y):"}


def test_most_of_what_pytorch_printed_is_compared():
    assert len(COMPARED) >= 15
    lines = [line for param in COMPARED for line in param.values[1]["printed"].splitlines() if line.strip()]
    assert len(lines) >= 50
    assert sum(bool(MESSAGE.search(line)) for line in lines) <= len(lines) / 5


def test_the_exercise_on_in_place_writes_asks_what_pytorch_does():
    """The answer that `check` takes for any of its functions, and what the notebook's table says of each."""
    exercise, stored = EXERCISES["framework.in-place"], REFERENCE["raises"]
    drawn = {f for seed in range(20) for f in exercise.inputs["ordinary"](np.random.default_rng(seed))["functions"]}
    assert drawn == set(stored)
    assert exercise.function(exercise.solution)(list(stored)) == list(stored.values())
    found = cells(showing()["what_the_framework_does"])
    (table,) = (text for text in ("".join(cell["source"]) for cell in found) if "| operation | keeps |" in text)
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
