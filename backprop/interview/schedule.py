"""The days on which questions come back: FSRS keeps one card a question, in the record of practice.

A question is due when its card is, but not in the days after it was asked unless it failed. If the interview has a
date, the last evenings before it share what is left, the worst first, as much as the reviews hold; on the day itself
nothing is due. A slip made in an exercise raises the questions that name it (`raised_by`), until they are asked again.
"""

import json
import math
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fnmatch import fnmatchcase

from backprop import renamed
from backprop.interview import bank
from backprop.interview.plans import REVIEW, cost
from backprop.interview.scoring import best, credits
from backprop.path import table
from backprop.practice import record
from backprop.practice.bank import slip_name
from backprop.practice.record import setting, settle
from backprop.practice.verdict import Text

RATINGS = ("again", "hard", "good", "easy")  # FSRS counts them from 1
SHOWN = 12  # questions that `due` lists
LATELY = 4  # days: what was asked in them stays away, unless it failed
FAILED = 1  # the rating that brings a question back on the next day
ANOTHER = 1000  # days: so far ahead lies the seed of another interview on the same day
LAST = 3  # evenings before the interview that share what is left


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
    if credit < 0.6 or turn.sure_and_wrong:
        return 2
    return 4 if credit == 1 and best(turn) == 4 else 3


def reviewed(db, question, rating, at):
    """Put the question's card where FSRS puts it after this rating, inside a transaction of the record."""
    from fsrs import Card, Rating, Scheduler  # not needed to look at what is due

    # Steps of minutes are for flash cards; a question comes back tomorrow at the earliest.
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)

    def review(card):
        now = datetime.fromtimestamp(at, UTC)
        return scheduler.review_card(card, Rating(rating), max(now, card.last_review or now))[0]

    names = renamed.names(renamed.QUESTIONS, question)
    query = f"select card from card where question in ({', '.join('?' * len(names))}) order by at desc limit 1"
    kept = db.execute(query, names).fetchone()
    try:
        card = review(Card.from_dict(json.loads(kept[0])) if kept else Card(card_id=1))
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):  # it can't be read: it begins anew
        card = review(Card(card_id=1))
    row = (question, json.dumps(card.to_dict()), card.due.timestamp(), rating, at)
    db.execute("insert or replace into card (question, card, due, rating, at) values (?, ?, ?, ?, ?)", row)


def interview_on(day: str | date | None = None, at: float | None = None) -> Text:
    """Say when the interview is, "2027-03-14" or a date: the last evenings before it share what is left; None forgets.

    A day that is past is not taken, and what was said before stands. Raises ValueError for what is no day.
    """
    if isinstance(day, datetime):
        day = day.date()
    if day is not None and not isinstance(day, date):
        try:
            day = date.fromisoformat(day)
        except (TypeError, ValueError):
            raise ValueError(f"The day is {day!r}, and should look like '2027-03-14'.") from None
    now = date.fromtimestamp(time.time() if at is None else at)
    if day is not None and day < now:
        return Text(f"{day.isoformat()} is past, so it is not taken. Today is {now.isoformat()}.")

    settle("interview", None if day is None else day.isoformat())
    if day is None:
        return Text("The date is forgotten.")
    return Text(f"What you were asked comes back before {day.isoformat()}, the worst first.")


def have_ready(interviews):
    """Keep the interviews of tonight's list, each as its questions' ids, for the panel to begin."""
    settle("tonight", json.dumps({"day": date.today().isoformat(), "interviews": [list(ids) for ids in interviews]}))


def ready(at=None):
    """The questions of the first interview on today's `tonight()` that wasn't held yet; none where there is none."""
    day, done, there = date.fromtimestamp(time.time() if at is None else at), cards(), bank.questions()
    try:
        tonight = json.loads(setting("tonight") or "null")
        named = tonight["interviews"] if tonight["day"] == day.isoformat() else []
        left = [[id for id in map(renamed.question, ids) if id in there and id not in done] for ids in named]
    except (AttributeError, KeyError, TypeError, ValueError):
        return []  # there is none, or it is made anew by the next `tonight()`
    return next(filter(None, left), [])


def eve():
    """The beginning of the day before the interview, in seconds; None without a date."""
    day = setting("interview")
    try:
        before = None if day is None else date.fromisoformat(day) - timedelta(days=1)
        return before and datetime.combine(before, datetime.min.time()).timestamp()
    except (OSError, OverflowError, TypeError, ValueError):
        record.tell(f"The day of your interview can't be read in the record: {day!r}. Set it anew: interview_on().")
    return None


def evenings(at):
    """How many evenings are left before the interview: 1 on its eve, 0 on its day, less after it; or None."""
    last = eve()
    return None if last is None else (date.fromtimestamp(last) - date.fromtimestamp(at)).days + 1


def interview_for(*roles: str) -> Text:
    """Say which roles the interview is for, "transformers" for example: their questions count like the core's.

    Without a name it forgets them. Raises ValueError for a role that there isn't.
    """
    there = table()["role"]
    if unknown := [role for role in roles if role not in there]:
        raise ValueError(f"There is no role {unknown[0]!r}. There are {', '.join(there)}.")
    settle("roles", json.dumps(roles) if roles else None)
    return Text(f"The interview asks what is asked of: {', '.join(roles)}." if roles else "No role is chosen.")


def chosen_roles():
    """The roles that the interview is for, as the record has them."""
    try:
        kept = json.loads(setting("roles") or "[]")
        return [role for role in table()["role"] if role in kept]
    except (RecursionError, TypeError, ValueError):
        return []  # it can't be read: as if none was chosen


def later(at, days):
    """The beginning of the day that is so many days after that of a moment."""
    return datetime.combine(date.fromtimestamp(at) + timedelta(days=days), datetime.min.time()).timestamp()


def day_seed(at):
    """The seed of an interview that names none: the number of its day, and more for each that began on that day."""
    query = f"select began from interview where typeof(began) {record.NUMBER} and began >= ? and began < ?"
    begun = len(record.rows(query, (later(at, 0), later(at, 1))))
    return date.fromtimestamp(at).toordinal() + begun * ANOTHER


def cards():
    """{question: (when, rating, at)}: when each comes back, not within the next days unless it failed."""
    query = (
        "select question, due, rating, at from card where typeof(question) = 'text' and rating in (1, 2, 3, 4)"
        f" and typeof(due) {record.NUMBER} and typeof(at) {record.NUMBER} order by at"
    )
    found = {}
    for id, when, rating, at in record.rows(query):  # where a question has had two names, the later card counts
        found[renamed.question(id)] = (when if rating == FAILED else max(when, rested(at)), rating, at)
    found.pop(None, None)
    return found


def rested(at):
    """When a question that was asked at this moment may come back though it didn't fail."""
    try:
        return later(at, LATELY + 1)
    except (OSError, OverflowError, ValueError):
        return at  # no moment that a calendar has: a damaged record keeps nobody from beginning


def raised(known):
    """{question: (slip, when)}: the questions that a slip has raised since they were asked last, by their cards."""
    exact, wild = listeners()
    found = {}
    for slip, at in sorted(record.last_slips().items(), key=lambda one: one[1]):
        ids = exact.get(slip, []) + exact.get(f"{slip.partition('/')[0]}/*", [])
        for id in ids + [id for pattern, id in wild if fnmatchcase(slip, pattern)]:
            if id not in known or known[id][2] < at:
                found[id] = (slip, at)
    return found


def listeners():
    """The slips that raise questions, by today's names: {"exercise/slip" or "exercise/*": ids}; else (pattern, id)."""
    exact, wild = {}, []
    for q in bank.questions().values():
        for pattern in q.raised_by:
            if "*" in pattern.removesuffix("/*"):
                wild.append((pattern, q.id))
            elif now := renamed.slip(pattern):
                exact.setdefault(now, []).append(q.id)
    return exact, wild


def today(at=None):
    """The questions due by the end of this day: raised by slips first, then the worst rated, the longest overdue.

    On the last evenings before the interview it is this evening's share of them and of all others that were asked, and
    at most what a review holds; on the day of the interview it is none.
    """
    at = time.time() if at is None else at
    left, morning, midnight, ids = evenings(at), later(at, 0), later(at, 1), bank.questions()
    if left == 0:
        return []
    known = {id: card for id, card in cards().items() if id in ids}
    slipped = {id: slip for id, slip in raised(known).items() if id in ids}
    found = [
        Due(id, f"a slip of yours: {slip_name(slip)}", known.get(id, (0, 0, 0))[1], when)
        for id, (slip, when) in sorted(slipped.items(), key=lambda item: -item[1][1])
    ]
    once_more = left in range(1, LAST + 1)
    if left == 1:  # a story is told once more on the eve, before all else
        told = [id for id, (_, _, asked) in known.items() if ids[id].format == "story" and asked < morning]
        found = [Due(id, "your story, once more", known[id][1], known[id][0]) for id in told] + found
    taken = {one.question for one in found}
    for id, (when, rating, asked) in sorted(known.items(), key=lambda item: (item[1][1], item[1][0], item[0])):
        rested_by_now = asked < morning and (rating == FAILED or rested(asked) <= morning)
        if id not in taken and (when < midnight or (once_more and rested_by_now)):
            found.append(Due(id, f"last time: {RATINGS[rating - 1]}", rating, when))
    if not once_more:
        return found
    done = [ids[id] for id, (_, _, asked) in known.items() if morning <= asked < midnight]
    share = math.ceil((len(done) + len(found)) / left) - len(done)
    held = [cost(done + [ids[one.question] for one in found[:n]]) <= REVIEW for n in range(1, share + 1)]
    return found[: sum(held)]


def weakest(at=None):
    """Ids for the plans, the weakest first: what is due, then what went badly the last time it was asked."""
    waiting = [one.question for one in today(at)]
    badly = sorted((rating, -at, id) for id, (_, rating, at) in cards().items() if rating < 3 and id not in waiting)
    return waiting + [id for _, _, id in badly if id in bank.questions()]


def due(at: float | None = None) -> Text:
    """The questions that are due today, and why. `review()` asks them, up to fifteen minutes at a time."""
    at = time.time() if at is None else at
    found = today(at)
    if evenings(at) == 0:
        return Text("Today is the interview: nothing is due. `review()` asks the sixty seconds, and no more.")
    if not found:
        return Text("Nothing is due today.")
    lines = [f"{len(found)} due today{', the first of them' if len(found) > SHOWN else ''}:"]
    for one in found[:SHOWN]:
        q = bank.questions()[one.question]
        lines.append(f"  {q.id:32} {q.minutes:2} min  {one.why}")
    return Text("\n".join(lines))
