"""When a question comes back: FSRS on one card a question, in the record of practice.

A question is due when its card is, at the latest on the eve of the interview if there is a date. A slip made in an
exercise raises the questions that name it (`raised_by`), until they are asked again.
"""

import json
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from backprop.interview import bank
from backprop.interview.scoring import best, credits
from backprop.practice import record
from backprop.practice.bank import slip_name
from backprop.practice.help import Text

TABLES = {
    "card": "question text primary key, card text not null, due real not null, rating integer not null, at real",
    "setting": "name text primary key, value text not null",
}
RATINGS = ("again", "hard", "good", "easy")  # FSRS counts them from 1
SHOWN = 12  # questions that `due` lists


@dataclass(frozen=True)
class Due:
    """A question that should be asked today, and why. rating is 1 to 4, or 0 where it was never asked."""

    question: str
    why: str
    rating: int
    since: float


def grade(turn):
    """How a turn went, as FSRS counts: 1 (again) to 4 (easy)."""
    given = credits(turn)
    credit = sum(given) / len(given)
    if turn.how == "passed" or credit < 0.25:
        return 1
    if credit < 0.6:
        return 2
    return 4 if credit == 1 and best(turn) == 4 else 3


def reviewed(db, question, rating, at):
    """Put the question's card where FSRS puts it after this rating, inside a transaction of the record."""
    from fsrs import Card, Rating, Scheduler  # not needed to look at what is due

    # Steps of minutes are for flash cards; a question comes back tomorrow at the earliest.
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    row = db.execute("select card from card where question = ?", (question,)).fetchone()
    card = Card.from_dict(json.loads(row[0])) if row else Card(card_id=1)
    now = datetime.fromtimestamp(at, UTC)
    card, _ = scheduler.review_card(card, Rating(rating), max(now, card.last_review or now))
    kept = (question, json.dumps(card.to_dict()), card.due.timestamp(), rating, at)
    db.execute("insert or replace into card values (?, ?, ?, ?, ?)", kept)


def interview_on(day: str | date | None = None) -> Text:
    """Say when the interview is, "2027-03-14" or a date, so that every question comes back before; None forgets it.

    Raises ValueError for anything else.
    """
    if isinstance(day, datetime):
        day = day.date()
    if day is not None and not isinstance(day, date):
        try:
            day = date.fromisoformat(day)
        except (TypeError, ValueError):
            raise ValueError(f"The day is {day!r}, and should look like '2027-03-14'.") from None

    def write(db):
        db.execute("delete from setting where name = 'interview'")
        if day is not None:
            db.execute("insert into setting values ('interview', ?)", (day.isoformat(),))
        return ()

    record.transact(write, TABLES)
    return Text("The date is forgotten." if day is None else f"Every question comes back before {day.isoformat()}.")


def eve():
    """When the day before the interview begins, in seconds; None without a date."""
    query = "select value from setting where name = 'interview'"
    rows = record.transact(lambda db: db.execute(query).fetchall(), TABLES, writing=False)
    if not rows:
        return None
    return datetime.combine(date.fromisoformat(rows[0][0]) - timedelta(days=1), datetime.min.time()).timestamp()


def day_end(at):
    """The midnight that ends the day of a moment, both in seconds."""
    day = date.fromtimestamp(at) + timedelta(days=1)
    return datetime.combine(day, datetime.min.time()).timestamp()


def day_seed(at):
    """The seed of an interview that names none: the number of its day, so that tomorrow brings another one."""
    return date.fromtimestamp(at).toordinal()


def cards():
    """{question: (due, rating, at)}, each due on the eve of the interview at the latest, unless asked since."""
    query = "select question, due, rating, at from card"
    rows = record.transact(lambda db: db.execute(query).fetchall(), TABLES, writing=False)
    last = eve()
    return {q: (due if last is None or at >= last else min(due, last), rating, at) for q, due, rating, at in rows}


def raised(cards):
    """{question: (slip, when)}: the questions that a slip has raised since they were asked last."""
    query = "select exercise || '/' || slip, max(at) from slip group by 1 order by 2"
    listening = {}
    for q in bank.questions().values():
        for pattern in q.raised_by:
            listening.setdefault(pattern, []).append(q.id)
    found = {}
    for slip, at in record.transact(lambda db: db.execute(query).fetchall(), writing=False):
        exercise = slip.partition("/")[0]
        for id in listening.get(slip, []) + listening.get(f"{exercise}/*", []):
            if id not in cards or cards[id][2] < at:
                found[id] = (slip, at)
    return found


def today(at=None):
    """What is due until the end of this day: raised by slips first, then the worst rated, then the longest overdue."""
    at = time.time() if at is None else at
    midnight, known, ids = day_end(at), cards(), bank.questions()
    slipped = raised(known)
    found = [
        Due(id, f"a slip of yours: {slip_name(slip)}", known.get(id, (0, 0, 0))[1], when)
        for id, (slip, when) in sorted(slipped.items(), key=lambda item: -item[1][1])
    ]
    waiting = [(rating, due, id) for id, (due, rating, _) in known.items() if due < midnight and id not in slipped]
    found += [Due(id, f"last time: {RATINGS[rating - 1]}", rating, due) for rating, due, id in sorted(waiting)]
    return [one for one in found if one.question in ids]


def weakest(at=None):
    """Ids for the plans, the weakest first: what is due, then what went badly the last time it was asked."""
    due = [one.question for one in today(at)]
    badly = sorted((rating, -when, id) for id, (_, rating, when) in cards().items() if rating < 3 and id not in due)
    return due + [id for _, _, id in badly if id in bank.questions()]


def due(at: float | None = None) -> Text:
    """What is due today, and why. `panel(plan="review")` asks it, five minutes at a time."""
    found = today(at)
    if not found:
        return Text("Nothing is due today.")
    lines = [f"{len(found)} due today{', the first of them' if len(found) > SHOWN else ''}:"]
    for one in found[:SHOWN]:
        q = bank.questions()[one.question]
        lines.append(f"  {q.id:32} {q.minutes:2} min  {one.why}")
    return Text("\n".join(lines))
