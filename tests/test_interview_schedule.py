"""Coming back: what is due, when, and why; and that a long record keeps every view fast."""

import json
import sqlite3
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fsrs import Card, Rating, Scheduler

from backprop.interview import Interview, bank, due, history, interview_on, report, schedule
from backprop.interview.schedule import TABLES, grade, reviewed, today, weakest
from backprop.interview.turn import Turn, question
from backprop.practice import bank as practice
from backprop.practice import progress, record
from backprop.practice.verdict import Verdict

QUESTIONS = {q.id: q for q in bank.read(Path(__file__).parent / "interview_bank.toml")}
DAY = 86400
NOON = datetime(2027, 3, 1, 12).timestamp()  # where the test runs


@pytest.fixture(autouse=True)
def small_bank(tmp_path, monkeypatch):
    monkeypatch.setenv("BACKPROP_RECORD", str(tmp_path / "record.sqlite3"))
    monkeypatch.setattr(bank, "questions", lambda: QUESTIONS)
    question.cache_clear()
    yield
    question.cache_clear()


def rate(id, rating, at=NOON):
    record.transact(lambda db: reviewed(db, id, rating, at) or (), TABLES)


def due_at(id):
    return schedule.cards()[id][0]


def ids(at):
    return [one.question for one in today(at)]


# ---- ratings and intervals ----


def turn(how="typed", claimed=(), probes=None, seconds=30):
    return Turn("test.talk", answered_at=seconds, how=how, claimed=list(claimed), probes=probes or {})


RIGHT = {"basic": ["2", True], "memory-too": ["(3, 4)", True], "far": ["this", True], "fourth": ["4", True]}


@pytest.mark.parametrize(
    "one, expected",
    [
        (turn(how="passed", claimed=RIGHT, probes=RIGHT), 1),
        (turn(), 1),
        (turn(claimed=RIGHT, probes={id: ["x", False] for id in RIGHT}), 1),
        (turn(claimed=RIGHT, probes={"basic": ["2", True]}), 2),
        (turn(claimed=RIGHT, probes={**RIGHT, "fourth": ["x", False]}), 3),
        (turn(claimed=RIGHT, probes=RIGHT), 4),
        (turn(claimed=RIGHT, probes=RIGHT, seconds=80), 3),  # all of it, and over time
    ],
)
def test_a_rating_comes_from_how_the_turn_went(one, expected):
    assert grade(one) == expected


def test_intervals_are_those_of_fsrs():
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, at = Card(card_id=7), NOON
    for rating in (3, 3, 1, 2, 4):
        rate("test.talk", rating, at)
        card, _ = scheduler.review_card(card, Rating(rating), datetime.fromtimestamp(at, UTC))
        assert due_at("test.talk") == card.due.timestamp() and card.due.timestamp() >= at + DAY
        at = card.due.timestamp() + DAY / 3
    assert len(schedule.cards()) == 1


def test_a_better_answer_comes_back_later():
    for n, id in enumerate(["test.talk", "test.plain", "test.hand", "test.board"], start=1):
        rate(id, n)
    times = [due_at(id) for id in ["test.talk", "test.plain", "test.hand", "test.board"]]
    assert times == sorted(times) and times[0] < times[2] < times[3]


def test_a_clock_that_was_set_back_breaks_nothing():
    rate("test.talk", 3)
    rate("test.talk", 3, NOON - 400 * DAY)
    assert due_at("test.talk") > NOON


# ---- what is due ----


def test_it_is_due_until_the_end_of_its_day():
    rate("test.talk", 1)
    when = due_at("test.talk")
    morning = datetime.fromtimestamp(when).replace(hour=0, minute=0, second=1).timestamp()
    assert ids(morning) == ["test.talk"] and ids(morning - 60) == []
    assert ids(when + 30 * DAY) == ["test.talk"]
    assert "last time: again" in repr(due(when)) and "1 due today:" in repr(due(when))
    assert repr(due(NOON)) == "Nothing is due today."


def test_the_worst_and_longest_overdue_come_first():
    rate("test.plain", 3)
    rate("test.talk", 1)
    rate("test.hand", 1, NOON - 5 * DAY)
    assert ids(NOON + 90 * DAY) == ["test.hand", "test.talk", "test.plain"]
    assert weakest(NOON)[:1] == ["test.hand"]  # overdue by now
    assert weakest(NOON) == ["test.hand", "test.talk"]  # the other one went well


def test_the_interviews_date_caps_every_interval():
    rate("test.talk", 4)
    rate("test.plain", 1)
    free, soon = due_at("test.talk"), due_at("test.plain")
    assert free > NOON + 5 * DAY
    day = date.fromtimestamp(NOON + 4 * DAY)
    assert day.isoformat() in repr(interview_on(day.isoformat()))
    eve = datetime.fromtimestamp(NOON + 3 * DAY).replace(hour=0, minute=0).timestamp()
    assert due_at("test.talk") == eve and due_at("test.plain") == soon
    assert "test.talk" in ids(eve) and "test.talk" not in ids(eve - 60)
    rate("test.talk", 4, eve + 3600)
    assert due_at("test.talk") > eve + DAY  # asked on the eve: once is enough
    interview_on(date.fromtimestamp(NOON + 60 * DAY))
    rate("test.hand", 4)
    kept = due_at("test.hand")
    interview_on(None)
    assert due_at("test.hand") == kept < NOON + 59 * DAY
    assert repr(interview_on()) == "The date is forgotten."


@pytest.mark.parametrize("day", ["tomorrow", 3, "2027-02-30", ""])
def test_a_day_that_is_none(day):
    with pytest.raises(ValueError, match="should look like '2027-03-14'"):
        interview_on(day)


def test_a_slip_raises_its_question_until_it_is_asked():
    record.note("delta.b4", Verdict("delta.b4", slips=("mean",)), at=NOON)
    (one,) = today(NOON)
    assert one.question == "test.talk" and practice.slip_name("delta.b4/mean") in one.why
    rate("test.talk", 4, NOON + 60)
    assert ids(NOON + 120) == []
    record.note("delta.b4", Verdict("delta.b4", slips=("no-sum",)), at=NOON + 180)
    rate("test.plain", 1)
    later = NOON + 5 * DAY
    assert ids(later) == ["test.talk", "test.plain"]  # slips first, whatever the rating
    record.note("delta.b3", Verdict("delta.b3", slips=("order",)), at=NOON + 180)
    assert ids(later) == ["test.talk", "test.plain"]  # nobody listens for that


def test_one_slip_may_be_named_alone(monkeypatch):
    from dataclasses import replace

    named = {**QUESTIONS, "test.hand": replace(QUESTIONS["test.hand"], raised_by=("delta.b3/order", "delta.b4/mean"))}
    monkeypatch.setattr(bank, "questions", lambda: named)
    record.note("delta.b4", Verdict("delta.b4", slips=("no-sum",)), at=NOON)
    assert ids(NOON) == ["test.talk"]
    record.note("delta.b4", Verdict("delta.b4", slips=("mean",)), at=NOON + 1)
    assert set(ids(NOON + 2)) == {"test.talk", "test.hand"}


def test_questions_that_left_the_bank_are_not_due():
    rate("gone.away", 1)
    assert ids(NOON + 9 * DAY) == [] == weakest(NOON + 9 * DAY)


# ---- with an interview ----


def test_an_interview_moves_its_cards_once():
    it = Interview("own choice", questions=["test.code", "test.hand"], id="x", at=NOON)
    it.pass_on(at=NOON + 10)
    while it.state.turn.question == "test.code":
        it.pass_on(at=NOON + 11) if it.state.phase == "follow-up" else it.rate(communication=1, at=NOON + 12)
    assert set(schedule.cards()) == {"test.code"} and schedule.cards()["test.code"][1:] == (1, NOON + 12)
    again = Interview(id="x", at=NOON + 20)
    again.end(at=NOON + 21)
    assert set(schedule.cards()) == {"test.code"}  # the one that was broken off has no rating


def test_clarifying_a_task_is_not_solving_it(monkeypatch):
    monkeypatch.setattr(bank, "questions", lambda: {"test.code": QUESTIONS["test.code"]})
    it = Interview("onsite", id="x", at=NOON)
    it.answer("no questions", at=NOON + 1)
    while it.state.turn.part:
        it.pass_on(at=NOON + 2) if it.state.phase == "follow-up" else it.rate(communication=1, at=NOON + 3)
    assert schedule.cards() == {}


def test_the_review_asks_what_is_due():
    rate("test.hand", 1)
    rate("test.talk", 1)
    rate("test.board", 4)
    it = Interview("review", id="x", at=NOON + 3 * DAY)
    assert it.state.rounds == [["test.hand", ""]]  # and the other one when there are five minutes more
    record.note("delta.b4", Verdict("delta.b4", slips=("mean",)), at=NOON + 3 * DAY)
    weak = Interview("weak spots", id="y", at=NOON + 3 * DAY)
    assert [id for id, _ in weak.state.rounds][:2] == ["test.talk", "test.hand"]


# ---- a long record ----


def test_ten_thousand_attempts_keep_every_view_fast(tmp_path):
    """A year of practice: each view takes less than 0.1 s."""
    it = Interview("own choice", questions=[*QUESTIONS], id="i0", at=NOON)
    it.answer("some words", at=NOON + 30)
    it.end(at=NOON + 40)
    rate("test.talk", 2)
    record.note("delta.b4", Verdict("delta.b4", slips=("mean",)))
    with sqlite3.connect(record.path()) as db:
        kinds = [f"{e.id}/{s.id}" for e in practice.EXERCISES.values() for s in e.slips]
        split = [kind.split("/") for kind in kinds]
        db.executemany("insert into attempt values (?, ?, ?)", [(n, f"e{n % 60}", n % 2) for n in range(10_000)])
        db.executemany("insert into slip values (?, ?, ?)", [(n, *split[n % len(split)]) for n in range(10_000)])
        kept = db.execute("select report from interview").fetchone()[0]
        padded = json.dumps({**json.loads(kept), "padding": "x" * 4000})
        rows = [(f"i{n}", NOON + n, NOON + n, padded) for n in range(1, 1000)]
        db.executemany("insert into interview values (?, ?, ?, ?)", rows)
        event = json.dumps(it.events[1])
        db.executemany(
            "insert into event values (?, ?, ?)", [(f"i{n}", k, event) for n in range(1, 1000) for k in range(10)]
        )
    db.close()
    views = {
        "due": lambda: repr(due(NOON)),
        "progress": lambda: repr(progress()),
        "report": lambda: repr(report("i0")),
        "history": lambda: repr(history()),
        "resume": lambda: repr(Interview(id="i0")),
        "weakest": lambda: weakest(NOON),
    }
    taken = {}
    for name, view in views.items():
        times = []
        for _ in range(5):
            start = time.perf_counter()
            view()
            times.append(time.perf_counter() - start)
        taken[name] = min(times)
    assert max(taken.values()) < 0.1, taken
