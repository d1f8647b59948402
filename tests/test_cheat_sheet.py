"""The cheat sheet: each line of it run, and an index that is the question bank's.

The proofs of `sheet_proofs.py` take every piece of code from the page and compare what it gives with a witness. Whether
they would see a slip is shown here: each piece and each number is changed on purpose, and must be called wrong.
"""

import functools
import re
import warnings
from collections import Counter
from pathlib import Path

import nbformat
import numpy as np
import pytest
from sheet_proofs import PROOFS, Page

from backprop import sheet
from backprop.explore import layer_pass
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


ANSWERED = {  # where the words of another section are nearer to the answer's: read, and answered by this
    "checking.cost-of-check": "forward passes",
    "cost.memory": "memory grows with **depth × width × batch**",
    "debugging.four-bugs": "Then you name the line, and mend it in your copy",  # the round itself
    "debugging.two-bugs": "bug(",  # the drill itself
}
SHARE = 0.5  # of what the section with most of the answer's words has


@functools.cache
def sections():
    """{link: its text, as words} of every section that teaches: cards only say a word on this and that."""
    found, link = {}, ""
    for path in sorted({*NOTEBOOK.parent.glob("*.ipynb")} - {NOTEBOOK}):
        for cell in nbformat.read(path, 4).cells:
            if heading := re.match(r"## (.+)", cell.source):
                link = f"{path.name}#{heading[1].strip().replace(' ', '-')}"
            found[link] = f"{found.get(link, '')}\n{cell.source}"
    return {link: text for link, text in found.items() if not link.endswith("#What-few-ask")}


@functools.cache
def stems(text):
    return {word.lower()[:6] for word in re.findall(r"[^\W\d_]{3,}", text)}


@functools.cache
def rarity():
    """{stem: how much it tells}: what stands in every section tells nothing."""
    seen = Counter(stem for text in sections().values() for stem in stems(text))
    return {stem: np.log(len(sections()) / count) for stem, count in seen.items()}


def share(question, link):
    """How much of the answer stands in a section, by the rare words, against the section where most of it stands."""
    wanted = stems(f"{question.answer} {question.whiteboard} {' '.join(point.says for point in question.points)}")
    told = {  # a long section has nearly every word, so its length counts a little
        other: sum(rarity().get(stem, 0) for stem in wanted & stems(text)) / len(stems(text)) ** 0.25
        for other, text in sections().items()
    }
    return told[link] / max(told.values())


def answerable():
    """The questions that a section can answer: what you want to ask is nobody else's to say."""
    return {id: question for id, question in bank.questions().items() if question.format != "closing"}


def test_a_link_leads_to_a_section_that_answers():
    """Most of the answer's words stand there, or the sentence that a reader found there."""
    astray = [
        f"{id}: {share(question, question.section):.2f} {question.section}"
        for id, question in answerable().items()
        if ANSWERED.get(id, "\0") not in sections()[question.section] and share(question, question.section) < SHARE
    ]
    assert not astray, "\n".join(astray)


def test_a_link_to_any_other_section_would_be_seen():
    """Each question with the section of the question before it, where that is another."""
    asked = list(answerable().values())
    turned = [(q, other.section) for q, other in zip(asked, asked[7:] + asked[:7]) if q.section != other.section]
    assert np.mean([share(q, section) < SHARE for q, section in turned]) > 0.7


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
    assert len(rows) >= 80 and len(rows) == source.count("\n| ") - 1
    words = [word.replace("δ", "delta").lower() for word, *_ in rows]
    assert len(set(words)) == len(words)
    assert words == sorted(words)
    for word, sentence, number, notebook in rows:
        assert re.fullmatch(r"(?:[^.]|\.(?=\S))+\.", sentence), f"{word} has no single sentence: {sentence}"
        assert number == notebook


# --- the page is run ---


def wrong(page, tag):
    """Whether a proof that answers for this line calls it wrong, or can't run it any more."""
    return any(tag in tags and not holds(proof, page, tag) for tags, proof in PROOFS)


def holds(proof, page, tag):
    with warnings.catch_warnings(action="ignore"):
        try:
            return np.all(proof(page)[tag])
        except Exception:  # code that was changed on purpose may stop in any way
            return False


def test_every_line_of_the_page_is_run_and_holds():
    page, answered = Page(sheet.lines()), set()
    for tags, proof in PROOFS:
        found = proof(page)
        assert found.keys() == tags
        assert all(np.all(right) for right in found.values()), found
        answered |= tags
    assert answered == page.lines.keys()
    assert f"{len(answered)} lines of the page, each run and found to hold" in shown()


def test_rows_that_are_wrong_for_more_axes_say_so():
    """X.T @ G and G.sum(axis=0) are for (B, n): by the line itself, by the head of its table, or since T is a loop."""
    head = {table.split("\n")[0]: table for table in re.split(r"(?m)^### ", sheet.page())}
    (layers,) = (table for title, table in head.items() if title.startswith("Layers"))
    assert "where .T stands, (B, T, n) is made (B · T, n) first" in layers
    for tag, line in sheet.lines().items():
        rows = line.split("|")[-1]
        if re.search(r"\.T @|\.sum\(axis=0\)", rows) and tag[0] not in "RLT":
            assert "for (B, n) only" in rows or "reshape(-1, n)" in rows, tag


def shown():
    """What the notebook's cells print."""
    outputs = [output for cell in nbformat.read(NOTEBOOK, 4).cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


def test_tags_go_up_table_by_table():
    tables = [re.findall(LINE_TAG, table) for table in re.split(r"(?m)^### ", sheet.page())[1:]]
    assert len(tables) == 12
    for tags in tables:
        assert [(letter, int(n)) for letter, n in tags] == [(tags[0][0], n) for n in range(1, len(tags) + 1)]


LINE_TAG = r"(?m)^\| ([A-Z])(\d+) \|"
EDITS = [
    (" + ", " - "), (" - ", " + "), (" * ", " / "), (" / ", " * "), (".T", ""), ("**", "*"), ("-(", "("),
    ("(-", "("), (" @ ", " * "), ("axis=1", "axis=0"), ("axis=0", "axis=1"), ("axis=-1", "axis=0"), ("l-1", "l"),
    ("1, 0.01", "1, 0.1"), ("n[l]", "n[l-1]"), ("(B, n[l])", "(n[l], B)"), ("tanh", "exp"), ("maximum", "minimum"),
    ("> 0", "< 0"), ("≥", ">"), ("mask, ", "~mask, "), ("1e-3", "1e-2"), ("1e-2", "1e-3"), ("0.044715", "0.04"),
    ("log(", "exp("), ("max(z)", "mean(z)"), ("sqrt(", "abs("), ("σ(z)", "z"), ("20", "21"), ("abs(z)", "z"),
    ("< 2", "< 1"), ("max(z)", "0"), ("norm(r)", "1"), (" @ ", " + "), ("axis=1", "axis=2"), ("=1", "=0"),
    ("k+T", "k+T-1"), ("keepdims=True", "keepdims=False"), ("c0", "c"), ("t-1", "t"), ("[:, None]", ""),
    (".reshape(-1, n)", ""), ("later", "0"), ("kj", "jk"), ("dP", "P"), (">=", "<"), ("True", "False"), ("≤", "≥"),
    ("Φ", "φ"), ("y", "p"), ("J1", "J2"), ("g1", "g2"), ("diag(p)", "p"), ("softmax(A)", "A"),
    ("outer(p, p)", "p * p"),
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


def test_a_slip_on_the_page_is_seen():
    """Each piece of code and each number is changed on purpose, and the line must be called wrong."""
    lines, slips, unseen = sheet.lines(), 0, []
    for tag, line in lines.items():
        for slip in changed(line):
            slips += 1
            if not wrong(Page(lines | {tag: slip}), tag):
                unseen.append(f"{tag}: {slip}")
    assert not unseen, "\n".join(unseen)
    assert slips > 350


# --- the file to print, its picture ---


def test_the_file_holds_every_line_and_the_picture_and_loads_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    sheet.save()
    assert "cheat_sheet.html is written" in capsys.readouterr().out
    page = (tmp_path / "cheat_sheet.html").read_text(encoding="utf-8")
    assert page == sheet.html(), "The same page twice is not the same file."
    tags = re.findall(r"<td[^>]*>([A-Z]\d+)</td>", page)
    assert sorted(tags) == sorted(sheet.lines())
    assert page.count("<svg") == 1 and 'aria-label="A layer, there and back.' in page
    assert not re.search(r"(?:src|href)=[\"'](?!#)|url\((?!#)|@import|<script", page)


def test_what_stands_in_the_notebook_is_printed(tmp_path, monkeypatch):
    """Whoever mends a line in their copy has it mended on paper."""
    notebook = NOTEBOOK.read_text(encoding="utf-8")
    (tmp_path / NOTEBOOK.name).write_text(notebook.replace("| A1 | sigmoid |", "| A1 | logistic |"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert sheet.lines()["A1"].startswith(" logistic |") and ">logistic<" in sheet.html()


def test_the_picture_says_what_the_page_says():
    """(B1) to (B4) in its words, as the first table has them."""
    words = " ".join(layer_pass().words.split())
    for part in ("W[l] a[l-1] + b[l]", "⊙ σ'(z[l])", "W[l]ᵀ", "δ[l] a[l-1]ᵀ", "sum of δ[l] over the batch"):
        assert part in words
