"""The partner's kit: two people can hold an interview from the sheets alone, and only one of them sees the answers."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from backprop.interview import sheets as kit
from backprop.interview.axes import ANCHORS
from backprop.interview.bank import questions
from backprop.interview.plans import NoPlan, choose, topics
from backprop.interview.sheets import sheets
from backprop.practice import bank as exercises
from backprop.practice.bugs import bug

PARTNER = Path(__file__).parents[1] / "notebooks" / "partner"
PLANS = ["60 seconds", "phone screen", "onsite", "ladder"]
SEEDS = range(4)


def asked(plan, seed, **given):
    return [(r, questions()[r.question].filled()) for r in choose(plan, questions(), seed, **given)]


def seconds(words):
    minutes, rest = words.split(":")
    return 60 * int(minutes) + int(rest)


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_interviewer_has_all_that_is_needed(plan, seed):
    text = sheets(plan, seed)[0].markdown()
    for r, q in asked(plan, seed):
        assert f"**{q.prompt}**" in text
        if r.part:
            assert all(one.answer in text for one in q.clarify)
            continue
        assert q.whiteboard in text and q.answer.splitlines()[-1] in text
        for p in q.points:
            assert f"☐ {p.says}" in text
            assert p.follow_up is None or (p.follow_up.ask in text and p.follow_up.answer in text)
            assert p.probe is None or (p.probe.ask in text and p.probe.right in text)
        if q.format == "bug":
            case = bug(exercise=q.exercise, slips=q.slips)
            assert all(slip.name in text for slip in case.slips)
            assert all(str(line) in text for line in case.lines)
    for said in ANCHORS.values():
        assert all(sentence in text for sentence in said[1:])


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_candidate_sees_tasks_and_no_answers(plan, seed):
    text = sheets(plan, seed)[1].markdown()
    for r, q in asked(plan, seed):
        secrets = [q.answer.splitlines()[0], q.whiteboard, *(p.says for p in q.points)]
        secrets += [p.follow_up.answer for p in q.points if p.follow_up]
        if q.exercise:
            exercise = exercises.find(q.exercise)
            secrets += [exercise.solution.strip(), *exercise.hints]
            secrets += [slip.name for slip in exercise.slips if slip.id in q.slips]
        assert not [secret for secret in secrets if secret and secret in text]
        if q.format == "code" and not r.part:
            assert exercises.find(q.exercise).prompt.strip() in text
        if q.format == "bug":
            assert all(line.strip() in text for line in bug(exercise=q.exercise, slips=q.slips).source.splitlines())


@pytest.mark.parametrize("plan", PLANS)
def test_stop_times_follow_each_other(plan):
    pair = sheets(plan, 1)
    for sheet in pair:
        times = [
            tuple(map(seconds, m)) for m in re.findall(r"^## Round .* (\d+:\d\d) to (\d+:\d\d)$", sheet.text, re.M)
        ]
        stops = [seconds(m) for m in re.findall(r"^\| (\d+:\d\d) \|", sheet.text, re.M)]
        assert times[0][0] == 0 and stops == [stop for _, stop in times]
        assert all(stop == start for (_, stop), (start, _) in zip(times, times[1:]))
        for (start, stop), (r, q) in zip(times, asked(plan, 1), strict=True):
            assert stop - start == (300 if r.part else 60 * q.minutes + 90)


@pytest.mark.parametrize("topic", topics(questions()))
def test_every_topic_prints_as_a_page_that_loads_nothing(topic):
    for sheet in sheets("ladder", 0, topic=topic):
        page = sheet.html()
        tree = ElementTree.fromstring(page.removeprefix("<!DOCTYPE html>\n"))
        shown = "".join(tree.itertext())
        assert "$" not in re.sub(r"(?s)<(pre|code)>.*?</\1>", "", page), "a formula was not drawn"
        assert not re.search(r"<(img|script|link|iframe)|url\(|src=", page)
        addresses = set(re.findall(r"https?://[^\"' <]+", page)) - {"http://www.w3.org/1998/Math/MathML"}
        assert not addresses
        assert "**" not in shown and "☐" in shown or sheet.name.startswith("candidate")


def test_formulas_become_mathml_and_code_stays_code():
    page = kit.Sheet("x", "Title <&>", "A $\\delta^l < 1$ and `a $ b $ c`.\n\n$$x = \\frac{1}{2}$$\n").html()
    assert "<p>____" in kit.Sheet("x", "x", kit.BLANK).html()  # a blank to write on, without backslashes
    assert page.count("<math") == 2 and "<mfrac>" in page and 'display="block"' in page
    assert "<code>a $ b $ c</code>" in page and "Title &lt;&amp;&gt;" in page


def test_a_seed_gives_the_same_pair_and_another_seed_another():
    assert sheets("onsite", 3) == sheets("onsite", 3)
    assert sheets("onsite", 3)[0].text != sheets("onsite", 4)[0].text


def test_the_committed_pair_is_what_the_seed_gives():
    """If it isn't: python -m backprop.interview.sheets notebooks/partner, and remove the HTML."""
    for sheet in sheets("onsite", 0):
        stored = (PARTNER / f"{sheet.name}.md").read_text(encoding="utf-8")
        assert stored == sheet.markdown(), f"{sheet.name}.md is out of date"
    assert {path.name for path in PARTNER.iterdir()} == {f"{sheet.name}.md" for sheet in sheets("onsite", 0)}


def test_the_command_writes_both_sheets_twice(tmp_path, capsys):
    assert kit.main([str(tmp_path / "new"), "--plan", "phone screen", "--seed", "2"]) == 0
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    stems = ["candidate-phone-screen-2", "interviewer-phone-screen-2"]
    assert names == [f"{stem}{ending}" for stem in stems for ending in (".html", ".md")]
    printed = capsys.readouterr().out
    assert all(name in printed for name in names)


@pytest.mark.parametrize("arguments", [["--plan", "nap"], ["--topic", "knitting"]])
def test_the_command_says_what_is_wrong(arguments, tmp_path, capsys):
    assert kit.main([str(tmp_path), *arguments]) == 1
    assert "There is no" in capsys.readouterr().err and not list(tmp_path.iterdir())
    with pytest.raises(NoPlan):
        sheets("nap")
