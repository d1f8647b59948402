"""The partner's kit: two people can hold an interview from the sheets alone, and only one of them sees the answers."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from backprop.interview import markup, rounds
from backprop.interview import sheets as kit
from backprop.interview.axes import ANCHORS
from backprop.interview.bank import Belief, Clarification, FollowUp, Point, questions
from backprop.interview.plans import NoPlan, Round, choose, topics
from backprop.interview.probes import Probe
from backprop.interview.sheets import sheets
from backprop.interview.turn import case
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
        assert q.whiteboard in text
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
    pair = sheets(plan, 1)[:2]
    for sheet in pair:
        times = [
            tuple(map(seconds, m)) for m in re.findall(r"^## Round .* (\d+:\d\d) to (\d+:\d\d)$", sheet.text, re.M)
        ]
        stops = [seconds(m) for m in re.findall(r"^\| (\d+:\d\d) \|", pair[0].text, re.M)]
        assert times[0][0] == 0 and stops == [stop for _, stop in times]
        assert all(stop == start for (_, stop), (start, _) in zip(times, times[1:]))
        for (start, stop), (r, q) in zip(times, asked(plan, 1), strict=True):
            assert stop - start == (300 if r.part else 60 * q.minutes + 90)


@pytest.mark.parametrize("topic", topics(questions()))
def test_every_topic_prints_as_a_page_that_loads_nothing(topic):
    for sheet in sheets("ladder", 0, topic=topic)[:2]:
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


def test_the_candidates_page_shows_the_task_of_the_round_that_is_open():
    """On paper a question can't be hidden, so it isn't there; the page has it, folded with its round."""
    ours = sheets("onsite", 0)
    page = ours.candidate.html()
    head, *folded = page.split("<details")
    assert len(folded) == len(ours.about["rounds"]) and "open" not in head.partition("<body>")[2].split("<p>")[0]
    for part, (_, q) in zip(folded, asked("onsite", 0), strict=True):
        assert part.startswith(' name="round"><summary>') and markup.inline(q.prompt) in part
        assert q.prompt not in ours.candidate.text
    assert "____" not in page and "<script" not in page


def test_a_kit_is_written_into_a_folder_that_is_made(tmp_path):
    ours = sheets("60 seconds", 0)
    assert repr(ours).startswith("60 seconds, seed 0: kit.save() writes partner-60-seconds-0.html, assistant-")
    assert [path.read_text(encoding="utf-8") for path in ours.save(tmp_path / "new")] == list(ours.files().values())


def test_a_seed_gives_the_same_pair_and_another_seed_another():
    assert sheets("onsite", 3) == sheets("onsite", 3)
    assert sheets("onsite", 3)[0].text != sheets("onsite", 4)[0].text


def test_the_committed_pair_is_what_the_seed_gives():
    """If it isn't: python -m backprop.store 10."""
    for sheet in sheets("onsite", 0)[:2]:
        stored = (PARTNER / f"{sheet.name}.md").read_text(encoding="utf-8")
        assert stored == sheet.markdown(), f"{sheet.name}.md is out of date"
    assert {path.name for path in PARTNER.iterdir()} == {f"{sheet.name}.md" for sheet in sheets("onsite", 0)[:2]}


def test_the_command_writes_page_text_and_both_sheets_twice(tmp_path, capsys):
    assert kit.main([str(tmp_path / "new"), "--plan", "phone screen", "--seed", "2"]) == 0
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    stem = "phone-screen-2"
    assert names == [
        f"assistant-{stem}.txt",
        *(f"candidate-{stem}{ending}" for ending in (".html", ".md")),
        *(f"interviewer-{stem}{ending}" for ending in (".html", ".md")),
        f"partner-{stem}.html",
    ]
    assert sorted(capsys.readouterr().out.splitlines()) == [str(tmp_path / "new" / name) for name in names]


@pytest.mark.parametrize("arguments", [["--plan", "nap"], ["--topic", "knitting"]])
def test_the_command_says_what_is_wrong(arguments, tmp_path, capsys):
    assert kit.main([str(tmp_path), *arguments]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"No sheets were written: There is no {arguments[0][2:]} '{arguments[1]}'. There are ")
    assert said.count("\n") == 1 and not list(tmp_path.iterdir())
    with pytest.raises(NoPlan):
        sheets("nap")


# ---- each line of a sheet ----


@pytest.mark.parametrize(("minutes", "said"), [(1, "1 minute. Your notes:"), (2, "2 minutes. Your notes:")])
def test_the_minutes_of_a_round_without_code(minutes, said):
    q = replace(next(q for q in questions().values() if not q.coded), minutes=minutes)
    assert kit.candidate_round(Round(q.id), q) == [said, kit.BLANK]
    assert rounds.minutes(Round(q.id), q) == minutes + 1.5 and rounds.minutes(Round(q.id, "clarify"), q) == 5


def test_the_clock_of_rounds_in_seconds():
    one = next(q for q in questions().values() if not q.coded)
    rounds = [(Round(one.id, "clarify"), one), (Round(one.id), replace(one, minutes=2)), (Round(one.id), one)]
    found = kit.timetable(rounds)
    assert [(begins, stops) for _, _, begins, stops in found[:2]] == [(0, 300), (300, 510)]
    assert kit.heading(1, *found[0]) == "## Round 1 · Read the task, and ask · 0:00 to 5:00"
    second = kit.heading(2, *found[1])
    assert second.endswith(" · 5:00 to 8:30") and "Read the task" not in second
    table = kit.clock_table(rounds).splitlines()
    assert table[2] == f"| 5:00 | 1. read the task, and ask | {one.topic} |" and table[3].startswith("| 8:30 | 2. ")


def test_planted_lines_are_counted():
    for q in questions().values():
        if q.format == "bug":
            lines = sorted(case(q).lines)
            names = "; ".join(slip.name for slip in case(q).slips)
            said = f"Planted in line{'' if len(lines) == 1 else 's'} {', '.join(map(str, lines))}: {names}."
            assert kit.planted(q) == said


def test_a_pair_is_an_onsite_with_seed_0_unless_it_is_said_otherwise():
    ours, theirs, *others = sheets()
    assert [ours, theirs, *others] == [*sheets("onsite", 0, topic=None)]
    assert (ours.name, theirs.name) == ("interviewer-onsite-0", "candidate-onsite-0")
    assert ours.title == "Interviewer's sheet: onsite, seed 0" and theirs.title == "Candidate's sheet: onsite, seed 0"
    topic = next(iter(questions().values())).topic
    ours, theirs, *_ = sheets("60 seconds", 3, topic=topic)
    assert ours.title == f"Interviewer's sheet: 60 seconds, {topic}, seed 3"
    assert theirs.name == "candidate-60-seconds-3"


def test_a_sheet_is_saved_where_one_is_unless_it_is_said_otherwise(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sheet = kit.Sheet("a", "A", "b\n")
    assert sheet.save() == [Path("a.md"), Path("a.html")] and Path("a.md").read_text(encoding="utf-8") == "# A\n\nb\n"
    (tmp_path / "x").mkdir()
    assert [path.exists() for path in [*sheet.save(tmp_path / "x"), *sheet.save(tmp_path / "y" / "z")]] == [True] * 4
    assert repr(sheet) == sheet._repr_markdown_() == sheet.markdown() and "break-before:page" in sheet.html()


def test_a_point_is_listened_for_pressed_on_and_proven():
    probe = Probe("choice", "Which?", "b", ("a", "c"))
    p = Point("x", "It is so.", level="strong", follow_up=FollowUp("Why?", "So."), probe=probe)
    lines = kit.listened(p).splitlines()
    assert lines == [
        "- ☐ It is so. *(strong)*",
        "- If missing: **Why?** So.",
        "- Proof: **Which?** (a; b; c) Right: b.",
    ]
    assert kit.listened(replace(p, follow_up=None, probe=None)) == lines[0]
    for kind, right, shown in (("number", "2", "2"), ("shape", "(3,)", "`(3,)`"), ("expression", "a", "`a`")):
        last = kit.listened(replace(p, probe=Probe(kind, "Which?", right))).splitlines()[-1]
        assert last == f"- Proof: **Which?** Right: {shown}."


def test_the_command_tells_its_own_use(capsys):
    with pytest.raises(SystemExit):
        kit.main(["--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith(
        "usage: python -m backprop.interview.sheets [-h] [--plan PLAN] [--seed SEED] [--topic TOPIC]"
    )
    assert "The partner's kit: all that an interviewer needs who can't derive any of it" in said
    assert "folder where to write them" in said and "--seed SEED another seed asks other questions" in said
    assert "--plan PLAN 60 seconds, phone screen, onsite, ladder, weak spots, review, own choice" in said
    assert "--topic TOPIC keep to one topic" in said


def test_a_round_is_headed_by_the_name_of_its_format():
    says = {
        "talk": "Talk",
        "whiteboard": "Whiteboard",
        "code": "Live code",
        "bug": "Find the bug",
        "hand": "By hand",
        "discussion": "Discussion",
    }
    for format, name in says.items():
        q = replace(next(iter(questions().values())), format=format, topic="T")
        assert kit.heading(3, Round(q.id), q, 60, 125) == f"## Round 3 · {name} · 1:00 to 2:05"
        last = kit.clock_table([(Round(q.id), replace(q, minutes=2))]).splitlines()[-1]
        assert last == f"| 3:30 | 1. {name.lower()} | T |"


def test_what_is_not_there_has_no_heading():
    bare = replace(next(iter(questions().values())), whiteboard="", beliefs=(), levels=None, points=(), format="talk")
    assert kit.formulas(bare) == kit.turned(bare) == kit.helped(bare) == []
    assert kit.formulas(replace(bare, whiteboard="$x$")) == ["### On the board at the end", "$x$"]
    beliefs = (Belief("Never.", ("never",)), Belief("Always.", ("always",)))
    assert kit.turned(replace(bare, beliefs=beliefs)) == ["### Wrong turns", "- Never.\n- Always."]
    heard = (replace(beliefs[0], sounds=("It never is.", "No.")),)
    assert kit.turned(replace(bare, beliefs=heard)) == ["### Wrong turns", "- “It never is.” Never."]
    about = Clarification(("mean|sum batch", "averag* !weight > NOT"), "A mean.")
    assert kit.asked(about) == "Asked about *mean or sum batch, averag… not*: A mean."


def test_what_may_be_asked_first_stands_on_the_sheet_where_there_is_something():
    q = next(q for q in questions().values() if q.format == "code" and q.clarify).filled()
    asked_first = "If they ask, you may say:"
    assert asked_first in kit.interviewer_round(Round(q.id), q)
    assert asked_first not in kit.interviewer_round(Round(q.id), replace(q, clarify=()))
    assert asked_first not in kit.interviewer_round(Round(q.id), replace(q, format="talk"))
