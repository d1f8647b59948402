"""Flashcards: every question, formula and word once, as Anki reads it."""

import re
from html.parser import HTMLParser

import pytest

from backprop import sheet
from backprop.course import cells_of, source_folder
from backprop.interview import bank
from backprop.path import link
from backprop.site import cards


@pytest.fixture(scope="module")
def deck():
    """The cards, as Anki takes them apart: [front, back, tags]."""
    lines = cards.text().splitlines()
    head = [line for line in lines if line.startswith("#")]
    assert head == ["#separator:tab", "#html:true", "#notetype:Basic", "#deck:backprop", "#tags column:3"]
    return [line.split("\t") for line in lines[len(head) :]]


def kind(deck, tag):
    return [card for card in deck if card[2].split()[0] == tag]


def test_everything_has_one_card(deck):
    assert all(len(card) == 3 and all(card) for card in deck)
    assert len({front for front, _, _ in deck}) == len(deck)  # Anki takes two with the same front for one
    sources = ["".join(cell["source"]) for cell in cells_of(link("sheet"))]
    glossary = next(source for source in sources if source.startswith("## The words"))
    assert len(kind(deck, "question")) == len(bank.questions())
    assert len(kind(deck, "word")) == len(re.findall(r"(?m)^\| .+ \|$", glossary)) - 1
    told = "".join(back for _, back, _ in kind(deck, "formula"))
    pieces = re.findall(r"`([^`]+)`", "".join(sheet.lines().values()))
    assert len(pieces) > 100 and all(cards.for_anki(f"`{piece}`")[3:-4] in told for piece in pieces)


class Balance(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.open, self.wrong = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.open += [tag] if tag not in ("br", "hr", "img") else []

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_numbers_are_computed_and_formulas_are_anki_s(deck):
    for front, back, _ in deck:
        assert "<<" not in front + back and "&lt;&lt;" not in front + back
        prose = re.sub(r"(?s)<(pre|code)>.*?</\1>", "", front + back)
        assert "$" not in prose and prose.count(r"\(") == prose.count(r"\)"), front
        balance = Balance(front + back)
        assert not balance.wrong and not balance.open, front
    assert sum(r"\(" in back for _, back, _ in deck) >= 20
    (slopes,) = [back for front, back, _ in deck if front.startswith("<p>Compare sigmoid, tanh")]
    assert "slope at most 0.25" in slopes


def test_code_keeps_its_lines(deck):
    block = cards.for_anki("Say:\n\n```python\nif a:\n    b = 1\n```\n\nand\nmore")
    assert block == "<p>Say:</p><pre>if a:<br>    b = 1</pre><p>and more</p>"


def test_the_command_writes_the_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(source_folder())
    assert cards.main([str(tmp_path / "cards.txt")]) == 0
    assert (tmp_path / "cards.txt").read_text(encoding="utf-8") == cards.text()
    assert re.search(r"cards\.txt: \d+ cards", capsys.readouterr().out)
    assert cards.main([str(tmp_path)]) == 2
    assert "cards" in capsys.readouterr().err
