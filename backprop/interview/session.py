"""`Interview`: the state machine with a clock, the practice checks and the record around it."""

import contextlib
import json
import time
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from backprop.interview import bank, schedule
from backprop.interview.engine import State, decide, evolve, legal, replay
from backprop.interview.plans import NoPlan, choose
from backprop.interview.reports import Report, report_of
from backprop.interview.turn import current, question
from backprop.practice import check, record
from backprop.practice.help import Text

TABLES = schedule.TABLES | {
    "interview": "id text primary key, began real not null, ended real, report text",
    "event": "interview text not null, n integer not null, event text not null, primary key (interview, n)",
    "draft": "interview text primary key, text text not null",
}
KEEP_DRAFT = "insert or replace into draft values (?, ?)"
HANDED_IN = ("answer", "reply")  # what makes an end of a draft
LATELY = 3  # days: what was asked in them stays away, unless it is due


class Said(Text):
    """What the interviewer says to something; `accepted` tells whether it counts."""

    def __init__(self, text, accepted):
        super().__init__(text)
        self.accepted = accepted


class Interview:
    """An interview with an id, kept in the record event by event: the same id goes on where it stood.

    plan       see `backprop.interview.plans.PLANS`
    seed       chooses among its questions, the same each time that the day and the record are; without one, the day's
    id         a name; without one it is the plan and the moment
    topic      keeps to one topic; questions are the ids for the plan "own choice"
    at         seconds since 1970; without it the clock is asked, here and everywhere below

    Raises NoPlan where the plan can't be made, and Lost where the record holds an interview under this id that this
    version of the bank can't continue. Nothing else raises: what can't be taken is answered in a sentence.
    """

    def __init__(
        self,
        plan: str = "phone screen",
        *,
        id: str | None = None,
        seed: int | None = None,
        topic: str | None = None,
        questions: Iterable[str] = (),
        at: float | None = None,
    ) -> None:
        at = time.time() if at is None else at
        if id is not None and not (isinstance(id, str) and id.strip()):
            raise NoPlan(f"An interview's id is a name in quotes, not {id!r}.")
        self.id = id or f"{plan} {time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(at))}"
        self.events, self.state = [], State()
        self._kept, self._draft = True, None  # whether the record has all of it; a draft that the record couldn't take
        self._load()
        if self.events:
            if self.state.phase != "over":
                self.do("resume", at=at)
            return
        seed = schedule.day_seed(at) if seed is None else seed
        due = [one.question for one in schedule.today(at)]
        weak = due if plan == "review" else schedule.weakest(at)
        recent = [id for id in lately(at) if id not in due]
        rounds = choose(plan, bank.questions(), seed, topic=topic, ids=questions, weak=weak, recent=recent)
        if not (begun := self.do("begin", at=at, plan=plan, seed=seed, rounds=rounds)).accepted:
            raise NoPlan(begun.text)

    # ---- what a candidate does; each is answered by a sentence ----

    def clarify(self, text: str, *, at: float | None = None) -> Said:
        """Ask the interviewer about the task, before coding: "mean or sum over the batch?"."""
        return self.do("clarify", at, text=text)

    def submit(self, f: Any, *, at: float | None = None) -> Said:
        """Hand in the function, from an ordinary cell."""
        allowed = "submit" in legal(self.state)  # nothing is run that nobody asked for
        verdict = check(question(self.state.turn.question).exercise, f) if allowed else None
        return self.do("submit", at, verdict=verdict)

    def guess(self, lines: Any, names: Any, *, at: float | None = None) -> Said:
        """Find the bug: the numbers of the lines, and the letters of the names."""
        return self.do("guess", at, lines=lines, names=names)

    def answer(self, text: str = "", *, spoken: bool = False, at: float | None = None) -> Said:
        """Answer in notes, or say that you spoke it; in a coding round, say that you are done."""
        return self.do("answer", at, text=text, how="spoken" if spoken else "typed")

    def pass_on(self, *, at: float | None = None) -> Said:
        """Say that you don't know: to the question, a probe or a follow-up."""
        do = {"asked": "answer", "probe": "probe", "proof": "probe"}.get(self.state.phase, "reply")
        return self.do(do, at, how="passed")

    def claim(self, *points: str, process: Iterable[str] = (), at: float | None = None) -> Said:
        """Tick the points that you said, by id; process may hold "shapes" and "smallest" where you coded."""
        return self.do("claim", at, points=points, process=process)

    def probe(self, answer: Any, *, at: float | None = None) -> Said:
        """Answer the probe that stands."""
        return self.do("probe", at, answer=answer)

    def reply(self, text: str = "", *, spoken: bool = False, at: float | None = None) -> Said:
        """Reply to the follow-up."""
        return self.do("reply", at, text=text, how="spoken" if spoken else "typed")

    def judge(self, had: bool, *, at: float | None = None) -> Said:
        """Whether your reply held what was wanted, by your own word."""
        return self.do("judge", at, had=had)

    def rate(self, *, by: str = "yourself", at: float | None = None, **levels: int) -> Said:
        """Rate what a person rates, 0 (no evidence) to 4 (very strong): rate(communication=3)."""
        return self.do("rate", at, levels=levels, by=by)

    def end(self, *, at: float | None = None) -> Said:
        """Stop here; the report tells what was not asked."""
        return self.do("end", at)

    @property
    def report(self) -> Report:
        """The `Report`, also of an interview that goes on."""
        return report_of(self.id, self.state)

    def do(self, what: str, at: float | None = None, **values: Any) -> Said:
        """Any of the above by name. Returns what the interviewer says, with `accepted`."""
        at = time.time() if at is None else at
        event, said = decide(self.state, what, at, **values)
        if event is None:
            return Said(said, False)
        turn = self.state.turn
        evolve(self.state, event)
        self.events.append(event)
        if self._keep(event, turn if what == "rate" else None):
            return Said(said, True)
        self._load()
        return Said("This interview went on elsewhere, in another panel or notebook. It stands there now.", False)

    def __repr__(self):
        return f"Interview {self.id!r}: {standing(self.state)}"

    # ---- the record ----

    def _load(self):
        """Take the events from the record, if there are any. Raises Lost."""
        query = "select event from event where interview = ? order by n"
        rows = record.transact(lambda db: db.execute(query, (self.id,)).fetchall(), TABLES, writing=False)
        if rows:
            self.events = [json.loads(row[0]) for row in rows]
            self.state = replay(self.events)

    def _keep(self, event, turn):
        """Write what the record doesn't have yet, in one transaction. False if somebody else has gone on."""
        clash = []
        if event["do"] in HANDED_IN:
            self._draft = ""

        def write(db):
            kept = [row[0] for row in db.execute("select event from event where interview = ? order by n", (self.id,))]
            mine = [json.dumps(one) for one in self.events]
            if kept != mine[: len(kept)]:
                clash.append(True)
                return [True]
            rows = [(self.id, n, text) for n, text in enumerate(mine)][len(kept) :]
            db.executemany("insert into event values (?, ?, ?)", rows)
            if self._draft is not None:
                db.execute(KEEP_DRAFT, (self.id, self._draft))
            began = self.events[0]["at"]
            db.execute("insert or ignore into interview values (?, ?, null, null)", (self.id, began))
            if turn is not None and not turn.part:
                schedule.reviewed(db, turn.question, schedule.grade(turn), event["at"])
            if self.state.over:
                kept = (event["at"], json.dumps(self.report.data), self.id)
                db.execute("update interview set ended = ?, report = ? where id = ?", kept)
            return [True]

        self._kept = bool(record.transact(write, TABLES))
        if self._kept:
            self._draft = None
        return not clash

    @property
    def recorded(self) -> bool:
        """Whether the record holds all that happened, and the draft. It can't where it isn't writable."""
        return self._kept and self._draft is None

    @property
    def draft(self) -> str:
        """What was typed and not handed in yet, as it was kept last."""
        if self._draft is not None:
            return self._draft
        query = "select text from draft where interview = ?"
        rows = record.transact(lambda db: db.execute(query, (self.id,)).fetchall(), TABLES, writing=False)
        return rows[0][0] if rows else ""

    @draft.setter
    def draft(self, text):
        kept = record.transact(lambda db: db.execute(KEEP_DRAFT, (self.id, text)) and [True], TABLES)
        self._draft = None if kept else text


def standing(state):
    """Where an interview stands, in words, with what to do next."""
    if state.phase in ("new", "over"):
        return "it is over." if state.over else "it hasn't begun."
    turn, n, total = state.turn, len(state.turns), len(state.rounds)
    about = current(turn)
    if turn.phase == "asked":
        ask = question(turn.question).prompt
    elif turn.phase in ("probe", "proof"):
        ask = about.probe.ask
    else:
        ask = about.follow_up.ask if about else turn.phase
    return f"question {n} of {total}. {ask}"


def lately(at):
    """The questions that stood in an interview in the last days, the one that stood longest ago first."""
    since = schedule.day_end(at) - (LATELY + 1) * 86400
    query = (
        "select event.interview, event from event join interview on id = event.interview"
        " where ended is null or ended >= ? order by event.interview, n"
    )
    rows = record.transact(lambda db: db.execute(query, (since,)).fetchall(), TABLES, writing=False)
    stood = {}
    for _, group in groupby(rows, key=lambda row: row[0]):
        for id, when in asked([text for _, text in group]).items():
            stood[id] = max(when, stood.get(id, when))
    return sorted((id for id, when in stood.items() if when >= since), key=stood.get)


def asked(texts):
    """{question: when it stood last} by the events of an interview, as the record has them: each rating asks the next.

    They aren't replayed: that asks the bank for each question, and the bank may have lost some.
    """
    found = {}
    with contextlib.suppress(LookupError, TypeError, ValueError):  # what can't be read keeps nobody from beginning
        events = [json.loads(text) for text in texts]
        ids, n = [id for id, _ in events[0]["rounds"]], 0
        for event in events:
            found[ids[n]] = float(event["at"])
            if event["do"] == "rate" and n + 1 < len(ids):
                n += 1
                found[ids[n]] = float(event["at"])
    return found


def named(prefix):
    """The ids of the interviews called `prefix`, or `prefix` with a dot and more, the one that began last in front."""
    query = "select id from interview where id = ? or substr(id, 1, ?) = ? order by began desc, id desc"
    values = (prefix, len(prefix) + 1, f"{prefix}.")
    rows = record.transact(lambda db: db.execute(query, values).fetchall(), TABLES, writing=False)
    return [row[0] for row in rows]


def latest(prefix):
    """The id of the interview that began last, of those called `prefix` or `prefix` with a dot and more; or None."""
    return next(iter(named(prefix)), None)


def unused(prefix):
    """An id for the next interview of that name: `prefix` with a dot and a number."""
    taken = set(named(prefix))
    return next(id for n in range(1, len(taken) + 2) if (id := f"{prefix}.{n}") not in taken)


def report(id: str) -> Report | Text:
    """The report of an interview that is over, as it was kept; a sentence where there is none."""
    query = "select report from interview where id = ? and report is not null"
    rows = record.transact(lambda db: db.execute(query, (id,)).fetchall(), TABLES, writing=False)
    return Report(json.loads(rows[0][0])) if rows else Text(f"There is no report of an interview {id!r}.")


def history(count: int = 20) -> Text:
    """The interviews that are over, the latest first."""
    query = "select report from interview where report is not null order by ended desc limit ?"
    rows = record.transact(lambda db: db.execute(query, (count,)).fetchall(), TABLES, writing=False)
    return Text("\n".join(Report(json.loads(row[0])).line() for row in rows) or "There is no interview yet.")
