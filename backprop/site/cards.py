"""Flashcards: the questions, the formulas and the words of the course as one text file that Anki imports.

    python -m backprop.site.cards FILE

Each line is a card: front, back and tags, with tabs between them. Anki reads from the first lines how it is meant
(File > Import). The texts are the bank's and notebook 11's, and their numbers are computed when the file is written.
"""

import argparse
import re
import sys
from pathlib import Path

from backprop import sheet
from backprop.course import Problem, cells_of, write
from backprop.interview import bank, markup
from backprop.interview.turn import question as filled
from backprop.path import link

HEAD = "#separator:tab\n#html:true\n#notetype:Basic\n#deck:backprop\n#tags column:3\n"


def text():
    """The file, as text."""
    return HEAD + "".join("\t".join(card) + "\n" for card in [*questions(), *formulas(), *words()])


def card(front, back, *tags):
    """A card of two texts in Markdown: HTML on one line, formulas as Anki marks them."""
    marks = [re.sub(r"\W+", "-", tag.lower()).strip("-") for tag in tags if tag]
    return for_anki(front), for_anki(back), " ".join(marks)


def for_anki(said):
    html = markup.html(said).replace("\t", "    ")
    html = re.sub(r"(?s)\$\$(.+?)\$\$", r"\\[\1\\]", html)
    html = re.sub(r"\$([^$\n]+)\$", r"\\(\1\\)", html)
    inside = re.split(r"(?s)(<pre>.*?</pre>)", html)  # a line of code ends where it ends, a line of prose anywhere
    return "".join(part.replace("\n", "<br>" if n % 2 else " ") for n, part in enumerate(inside))


def questions():
    """The questions of the mock interview, with a good answer and what stands on the board at the end."""
    for id in bank.questions():
        one = filled(id)
        back = "\n\n".join(filter(None, [paragraphs(one.answer), one.whiteboard]))
        yield card(one.prompt, back, "question", one.topic, "core" * one.core)


def paragraphs(answer):
    """A spoken answer as Markdown: each line is a paragraph, unless there is code among them."""
    return answer if "```" in answer else re.sub(r"\n+", "\n\n", answer)


def formulas():
    """The lines of the cheat sheet: what is asked for, and its code, in both dialects where it has two.

    A line without a name goes on with the one before.
    """
    heading, header, found = "", [], []
    for line in sheet.page().splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] if line.startswith("|") else []
        if line.startswith("#"):
            heading = line.strip("# ")
        elif cells and re.fullmatch(r"[A-Z]\d+", cells[0]):
            told = [f"{says}: {cell}" if says else cell for says, cell in zip(header[2:], cells[2:]) if cell]
            if cells[1]:
                found.append((f"{heading}: {cells[1]} ({cells[0]})", told))
            else:
                found[-1][1].extend(told)
        elif cells and not re.fullmatch(r"[:-]+", cells[0]):
            header = cells
    return [card(front, "\n\n".join(told), "formula") for front, told in found]


def words():
    """The glossary."""
    (table,) = (source for source in sources() if source.startswith("## The words"))
    for line in re.findall(r"(?m)^\| (.+) \|$", table)[1:]:
        word, sentence, _ = re.split(r"(?<!\\) \| ", line)
        yield card(word, sentence, "word")


def sources():
    """The texts of notebook 11's cells."""
    return ["".join(cell["source"]) for cell in cells_of(link("sheet"))]


def main(arguments=None):
    """Write the file. Returns the exit code."""
    parser = argparse.ArgumentParser("python -m backprop.site.cards", description="Write flashcards for Anki.")
    parser.add_argument("file", metavar="FILE", help="such as flashcards.txt")
    path = Path(parser.parse_args(arguments).file)
    try:
        cards = text()
        write(path, cards.encode())
    except (Problem, OSError) as problem:
        print(f"backprop.site.cards: {problem}", file=sys.stderr)
        return 2
    print(f"{path}: {cards.count(chr(10)) - HEAD.count(chr(10))} cards. In Anki choose File > Import.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
