"""Tonight's list: the next core sections, what fits, and what the record knows."""

import json
import re
from pathlib import Path

import pytest

from backprop.course import source_folder, tonight
from backprop.evening import Section, fitting, sections, to_come
from backprop.interview import bank as interview
from backprop.interview import schedule
from backprop.practice import bank, check, record

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"


@pytest.fixture(autouse=True)
def own_record(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKPROP_RECORD", str(tmp_path / "record.sqlite3"))


def passing(*ids):
    """A record in which these exercises were passed."""
    for id in ids:
        record.note(id, check("start.line", lambda W, d, s: W.T @ d * s))


def test_every_core_section_is_there_with_its_exercises_and_a_link_that_leads_there():
    found = sections(source_folder())
    texts = {path.name: path.read_text("utf-8") for path in NOTEBOOKS.glob("*.ipynb")}
    tags = {name: re.findall(r"\*core · (\d+) min\*", text) for name, text in texts.items()}
    del tags["00_start_here.ipynb"]
    for name, minutes in tags.items():
        assert [str(one.reading) for one in found if one.notebook == name] == minutes
    for one in found:
        title = json.dumps(f"## {one.title}", ensure_ascii=False)[1:-1]
        assert title in texts[one.notebook]
        assert {e.where for e in one.exercises} <= {one.link}
    placed = {e.id for one in found for e in one.exercises}
    core = {one.link for one in found}
    assert placed == {e.id for e in bank.EXERCISES.values() if e.where in core} and len(placed) > 80


def test_the_first_evening_begins_with_01_and_ends_aloud():
    evening = tonight(75)
    assert evening.rows[0][1] == "01_single_neuron.ipynb#One-neuron,-forward"
    assert evening.rows[-1][0].startswith("Say the sixty seconds")
    assert 50 < evening.minutes <= 75 and evening.minutes == sum(minutes for *_, minutes in evening.rows)
    assert [re.search(r"\d+ min", line) is not None for line in repr(evening).splitlines()[1:]] == [True] * len(
        evening.rows
    )


def test_what_is_passed_goes_and_what_was_read_on_the_way_too():
    before = [link for _, link, _ in tonight(75).rows]
    derivation = "01_single_neuron.ipynb#The-derivation,-in-full"
    assert derivation in before
    passing(*(e.id for e in bank.EXERCISES.values() if e.where == derivation))
    after = [link for _, link, _ in tonight(75).rows]
    assert derivation not in after and "01_single_neuron.ipynb#The-chain-rule" not in after
    assert after[0] == "01_single_neuron.ipynb#Numbers:-by-hand,-by-code,-by-a-nudge"


def test_an_exercise_that_was_left_out_is_asked_for_again_and_only_its_minutes_count():
    first, second = (e for e in bank.EXERCISES.values() if e.where.endswith("#Numbers:-by-hand,-by-code,-by-a-nudge"))
    one = Section("01_single_neuron.ipynb", "Numbers", 7, (first, second))
    (left,) = to_come([one], {first.id})
    assert left.exercises == (second,) and left.minutes == 7 + second.minutes
    assert to_come([one], {first.id, second.id}) == []


def test_as_many_as_fit_and_at_least_one():
    long, short = Section("01.ipynb", "Long", 50, ()), Section("01.ipynb", "Short", 5, ())
    assert fitting([long, short], 40) == [long]
    assert fitting([short, long, short], 40) == [short]  # in order: nothing is skipped to fill the minutes
    assert fitting([short, short, short], 10) == [short, short]


def test_what_the_diagnostic_found_known_is_only_made_sure_of():
    cold = [id for id, e in bank.EXERCISES.items() if e.teaches]
    assert [bank.EXERCISES[id].teaches for id in cold] == ["01", "02", "03", "04", "05", "06"]
    passing(cold[0], cold[2])
    links = [link for _, link, _ in tonight(240).rows]
    assert links[:2] == [
        "01_single_neuron.ipynb#At-the-whiteboard",
        "02_delta_recurrence.ipynb#A-few-minutes-of-Jacobians",
    ]
    assert [link for link in links if link.startswith("03")] == [
        "03_gradient_checking_and_autodiff.ipynb#At-the-whiteboard"
    ]


def test_what_is_due_comes_first_but_not_what_a_slip_of_tonight_raised():
    check("start.line", lambda W, d, s: W.T @ d)
    assert schedule.today() and "due" not in repr(tonight())
    asked = next(iter(interview.questions()))
    record.transact(lambda db: schedule.reviewed(db, asked, 1, 1e9) or ())
    assert tonight().rows[0][1] == "10_mock_interview.ipynb#What-comes-back" and "due" in tonight().rows[0][0]


def test_when_all_exercises_are_passed_what_has_none_is_left():
    passing(*bank.EXERCISES)
    rows = tonight().rows
    assert rows[0][1] == "07b_what_the_framework_does.ipynb#At-the-whiteboard"
    assert not any("exercise" in what for what, *_ in rows)


def test_titles_and_links_are_escaped():
    from backprop.evening import Evening

    assert "<b>x</b>" not in Evening([("<b>x</b>", '"><script>', 3)])._repr_html_()
    assert "<script>" not in Evening([("x", '"><script>', 3)])._repr_html_()


@pytest.mark.parametrize("minutes", [0, -5, "an hour", None, True, float("nan")])
def test_minutes_are_a_positive_number(minutes):
    with pytest.raises(ValueError, match="positive number, such as 80"):
        tonight(minutes)
