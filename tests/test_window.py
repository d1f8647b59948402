"""The README's picture: it says what `check` says, in letters that can be read, in light and dark."""

import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pictures import read

from backprop.explore.there_and_back.numbers import one_pass
from backprop.practice import check
from backprop.window import ANSWER, COLORS, EXERCISE, FILM, LONGEST, PASS, SECONDS, film, pictures, verdict

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
    assert (
        verdict().message.splitlines()[0] in " ".join(filter(None, shown))
        and max(map(len, filter(None, shown))) <= LONGEST
    )


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


# ---- the pass that moves ----


@pytest.fixture(scope="module")
def shown():
    """The stored film, as text and as a tree."""
    svg = (ROOT / ".github" / FILM).read_text(encoding="utf-8")
    return svg, ElementTree.fromstring(svg)


def test_the_film_is_the_one_of_today_small_and_at_rest_where_it_should_be(shown):
    svg, _ = shown
    assert svg == film() and f"](.github/{FILM})" in README
    assert len(svg.encode()) < 600_000
    assert not re.search(r"<script|href|url\(|@import|https?:(?!//www\.w3\.org/2000/svg)|\son\w+=", svg)
    assert "prefers-reduced-motion: reduce" in svg and svg.count('class="frame still"') == 1


def test_the_film_shows_every_step_in_turn_with_its_equation(shown):
    run = one_pass(**PASS)
    frames = [part for part in shown[1].iter() if part.get("class", "").split()[:1] == ["frame"]]
    assert len(frames) == len(run.steps)
    for k, (frame, step) in enumerate(zip(frames, run.steps)):
        assert frame.get("style") == f"animation-delay:{SECONDS * k:g}s"
        texts = [part.text for part in frame.iter() if part.tag.endswith("text")]
        assert step.equation in texts and bool(step.tag) == (step.tag in texts)
    (still,) = (frame for frame in frames if "still" in frame.get("class"))
    assert any(part.text == "(B2)" for part in still.iter())


def test_in_a_browser_one_frame_is_seen_at_a_time(shown, browser):
    page = browser.new_page()
    page.set_content(f"<body>{shown[0]}</body>")
    seen = "() => [...document.querySelectorAll('.frame')].map(f => getComputedStyle(f).visibility === 'visible')"
    page.evaluate("document.getAnimations().forEach(one => one.pause())")
    for k in (0, 5, 15):
        page.evaluate(
            "t => document.getAnimations().forEach(one => { one.currentTime = t })", 1000 * SECONDS * (k + 0.5)
        )
        assert [n for n, one in enumerate(page.evaluate(seen)) if one] == [k]
    page.emulate_media(reduced_motion="reduce")
    assert sum(page.evaluate(seen)) == 1
    page.close()
