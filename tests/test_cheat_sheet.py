"""The cheat sheet: each line of it run, and an index that is the question bank's.

The notebook's cells take every piece of code from the page and compare what it gives with a witness. Whether they would
see a slip is shown here: each piece and each number is changed on purpose, and the line must be called wrong.
"""

import contextlib
import io
import re
import shutil
import warnings
from pathlib import Path
from typing import NamedTuple

import nbformat
import numpy as np
import pytest

from backprop.interview import bank
from backprop.store import LONGEST, index, shortened

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "11_cheat_sheet.ipynb"


def cells(kind):
    return [cell.source for cell in nbformat.read(NOTEBOOK, 4).cells if cell.cell_type == kind]


def below(heading, kind="markdown"):
    """The cell that follows the one with this heading."""
    sources = cells(kind)
    return next(i + 1 for i, source in enumerate(sources) if source.startswith(f"## {heading}\n"))


# --- the index ---


def test_index_is_the_banks():
    shown = cells("markdown")[below("From question to section")]
    assert not any("<<" in question.prompt for question in bank.questions().values()), "Fill the prompts in `entry`."
    assert shown == index(), "The index of notebook 11 is not the bank's: python -m backprop.store 11 writes it."


def test_index_has_every_question_once():
    entries = re.findall(r"(?m)^- \S+ · \[.+\]\((\S+)\) · ", cells("markdown")[below("From question to section")])
    assert sorted(entries) == sorted(question.section for question in bank.questions().values())


@pytest.mark.parametrize(
    "prompt, short",
    [
        ("Why?", "Why?"),
        ("One  line\nand another.", "One line and another."),
        ("This is the first of two sentences. " + "And this is long " * 5, "This is the first of two sentences."),
        ("Show me. " + "word " * 30, "Show me. " + "word " * 19 + "…"),
        ("word, " * 30, "word, " * 16 + "word …"),
    ],
)
def test_long_prompts_end_at_a_sentence_or_a_word(prompt, short):
    assert shortened(prompt) == short and len(short) <= LONGEST + 2


# --- the glossary ---


def test_glossary_has_a_sentence_and_a_link_for_each_word():
    source = next(source for source in cells("markdown") if source.startswith("## The words\n"))
    rows = re.findall(r"(?m)^\| ([^|]+) \| ([^|]+) \| \[(\d\d[ab]?)\]\((\d\d[ab]?)_\S+#\S+\) \|$", source)
    assert len(rows) >= 50 and len(rows) == source.count("\n| ") - 1
    words = [word.replace("δ", "delta").lower() for word, *_ in rows]
    assert len(set(words)) == len(words)
    assert words == sorted(words)
    for word, sentence, number, notebook in rows:
        assert re.fullmatch(r"(?:[^.]|\.(?=\S))+\.", sentence), f"{word} has no single sentence: {sentence}"
        assert number == notebook


# --- the page is run ---


class Section(NamedTuple):
    """A few cells of the notebook, the lines of the page that they ask for, and what they find: names, and the dice."""

    cells: list
    asked: set
    names: dict
    dice: dict


class Course:
    """The notebook's code cells, run here: what prepares them, then section by section, with a page that may change."""

    def __init__(self, folder):
        shutil.copy(NOTEBOOK, folder)
        parts = [[]]
        for cell in nbformat.read(NOTEBOOK, 4).cells:
            if cell.cell_type == "code":
                parts[-1].append(cell.source)
            elif parts[0] and re.search("(?m)^### ", cell.source):
                parts.append([])
        self.names, self.sections = {"rng": np.random.default_rng(0)}, []
        with contextlib.chdir(folder):
            self.run(parts[0])
        for part in filter(None, parts[1:]):
            before, dice = dict(self.names), self.names["rng"].bit_generator.state
            self.names["asked"].clear()
            self.run(part)
            self.sections.append(Section(part, set(self.names["asked"]), before, dice))

    def run(self, cells):
        """What the cells print."""
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            for source in cells:
                exec(compile(source, "<notebook 11>", "exec"), self.names)
        return printed.getvalue()

    def again(self, section):
        """What the cells of a section print where the page has changed, or None where they can't be run."""
        self.names.clear()
        self.names.update(section.names)
        self.names["rng"].bit_generator.state = section.dice
        with warnings.catch_warnings(action="ignore"), contextlib.suppress(Exception):
            return self.run(section.cells)

    def sees(self, tag):
        """Whether some section that asks for a line calls it wrong, or can't be run any more."""
        printed = (self.again(section) for section in self.sections if tag in section.asked)
        return any(words is None or f"{tag} DOES NOT HOLD" in words for words in printed)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return Course(tmp_path_factory.mktemp("course"))


EDITS = [
    (" + ", " - "), (" - ", " + "), (" * ", " / "), (" / ", " * "), (".T", ""), ("**", "*"), ("-(", "("), ("(-", "("),
    (" @ ", " * "), ("axis=1", "axis=0"), ("axis=0", "axis=1"), ("axis=-1", "axis=0"), ("l-1", "l"),
    ("1, 0.01", "1, 0.1"),
    ("n[l]", "n[l-1]"), ("(B, n[l])", "(n[l], B)"), ("tanh", "exp"), ("maximum", "minimum"), ("> 0", "< 0"),
    ("≥", ">"), ("mask, ", "~mask, "), ("1e-3", "1e-2"), ("1e-2", "1e-3"), ("0.044715", "0.04"), ("log(", "exp("),
    ("max(z)", "mean(z)"), ("sqrt(", "abs("), ("σ(z)", "z"), ("20", "21"), ("abs(z)", "z"), ("< 2", "< 1"),
    ("max(z)", "0"), ("norm(right)", "1"), ("diag(p)", "p"), ("softmax(A)", "A"), ("outer(p, p)", "p * p"),
]  # fmt: skip


def changed(line):
    """The line with one slip in one piece of its code, or with another number: every slip that EDITS knows."""
    for match in re.finditer(r"`([^`]+)`|\*\*([\d.e-]+)\*\*", line):
        piece = match[0]
        if match[2]:
            last = re.search(r"\d(?=\D*$)|\d(?=e)", piece)
            slips = [piece[: last.start()] + str((int(last[0]) + 1) % 10) + piece[last.end() :]]
        else:
            slips = [piece.replace(old, new, 1) for old, new in EDITS if old in piece]
            slips = slips or [piece[:-1] + " + 1`"]
        for slip in slips:
            yield line[: match.start()] + slip + line[match.end() :]


def test_every_line_of_the_page_is_asked_and_holds(course):
    tags = list(course.names["LINES"])
    assert tags == [f"S{n}" for n in range(1, len(tags) + 1)]
    assert set(tags) == set().union(*(section.asked for section in course.sections))
    shown = "".join(
        output.text
        for cell in nbformat.read(NOTEBOOK, 4).cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream"
    )
    assert "DOES NOT HOLD" not in shown and f"{len(tags)} lines, not asked: []" in shown
    assert not any("DOES NOT HOLD" in course.again(section) for section in course.sections)


def test_a_slip_on_the_page_is_seen(course):
    lines, slips, unseen = course.names["LINES"], 0, []
    for tag, line in list(lines.items()):
        for slip in changed(line):
            lines[tag], slips = slip, slips + 1
            if not course.sees(tag):
                unseen.append(f"{tag}: {slip}")
        lines[tag] = line
    assert not unseen, "\n".join(unseen)
    assert slips > 250
