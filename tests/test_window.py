"""The README's picture: it says what `check` says, in letters that can be read, in light and dark."""

import re
from html import unescape
from pathlib import Path

import pytest
from pictures import read

from backprop.practice import check
from backprop.window import ANSWER, COLORS, EXERCISE, LONGEST, pictures, verdict

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_shows_what_check_says_of_the_answer(own_record):
    said = check(EXERCISE, scope_of(ANSWER)["gradient"])
    assert len(said.slips) == 2 and (said.headline, said.message) == (verdict().headline, verdict().message)
    (alt,) = re.findall(r'<img src="\.github/verdict\.svg" alt="([^"]*)">', README)
    for line in [*ANSWER.splitlines(), said.headline, *said.message.splitlines()]:
        assert " ".join(line.split()) in unescape(alt)


def scope_of(source):
    import numpy as np

    scope = {"np": np}
    exec(compile(source, "<answer>", "exec"), scope)
    return scope


@pytest.mark.parametrize("name", COLORS)
def test_the_stored_picture_is_the_one_of_today(name):
    svg = (ROOT / ".github" / name).read_text(encoding="utf-8")
    assert svg == pictures()[name] and f'"{Path(".github") / name}"'.replace("\\", "/") in README
    shown = [part.text for part in read(svg.replace(' xml:space="preserve"', "")).iter() if part.tag == "text"]
    assert shown[: len(ANSWER.splitlines())] == ANSWER.splitlines()
    assert verdict().message.splitlines()[0] in shown and max(map(len, filter(None, shown))) <= LONGEST


@pytest.mark.parametrize("name", COLORS)
def test_its_letters_stand_out_from_their_ground(name):
    paper, ink, gray, code_paper, wrong = COLORS[name]
    assert all(contrast(color, paper) >= 4.5 for color in (ink, gray, wrong)) and contrast(ink, code_paper) >= 4.5


def contrast(one, other):
    """The ratio of two colors' luminances (WCAG 2)."""

    def luminance(color):
        parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)
