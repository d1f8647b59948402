"""`Interview`: the state machine with a clock, the practice checks and the record around it."""

import contextlib
import json
import time
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from backprop import renamed
from backprop.interview import bank, kept, schedule
from backprop.interview.engine import HERE, LETTERS, State, decide, evolve, legal, replay, which_are_wrong
from backprop.interview.plans import NoPlan, choose
from backprop.interview.reports import Report, report_of
from backprop.interview.trend import mean_levels
from backprop.interview.turn import Lost
from backprop.path import evenings, link
from backprop.practice import record
from backprop.practice.checker import answered
from backprop.practice.verdict import Text

KEEP_DRAFT = "insert or replace into draft (interview, text) values (?, ?)"
HANDED_IN = ("answer", "reply")  # what makes an end of a draft
UNREADABLE = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)
TREND = 12  # interviews in the picture of the levels
LOOKED_BACK = 50  # interviews in which the last telling of a story is looked for


class Said(Text):
    """The interviewer's reply to something that you did; `accepted` tells whether it counts."""

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
    version of the bank can't continue. Nothing else raises: what can't be taken is answered in a sentence. A question
    that was retired since, or a turn that can't be read, is left out with a sentence, its notes kept in the report.
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
        self._texts, self._left_out = [], []  # the events as the record has them; turns that can't be gone on with
        self._kept, self._draft = True, None  # whether the record has all of it; a draft that the record couldn't take
        self._load()
        if self.events:
            self._renew(at)
            if self.state.phase != "over":
                self.do("resume", at=at)
            return
        seed = schedule.day_seed(at) if seed is None else seed
        kind, there, memory = remembered(plan, at)
        rounds = choose(kind, there, seed, topic=topic, ids=questions, **memory)
        if not (begun := self.do("begin", at=at, plan=plan, seed=seed, rounds=rounds)).accepted:
            raise NoPlan(begun.text)

    # ---- what a candidate does; each is answered by a sentence ----

    def clarify(self, text: str, *, at: float | None = None) -> Said:
        """Ask the interviewer about the task, before coding: "mean or sum over the batch?"."""
        return self.do("clarify", at, text=text)

    def submit(self, f: Any, *, at: float | None = None) -> Said:
        """Hand in the function, from an ordinary cell."""
        allowed = "submit" in legal(self.state)  # nothing is run that nobody asked for
        verdict = answered(self.state.turn.q.exercise, f) if allowed else None
        return self.do("submit", at, verdict=verdict)

    def guess(self, lines: Any, names: Any, *, at: float | None = None) -> Said:
        """Find the bug: the numbers of the lines, and the letters of the names."""
        return self.do("guess", at, lines=lines, names=names)

    def answer(self, text: str = "", *, spoken: bool = False, at: float | None = None) -> Said:
        """Answer in notes, or say that you spoke it; in a coding round, say that you are done."""
        return self.do("answer", at, text=text, how="spoken" if spoken else "typed")

    def pass_on(self, *, at: float | None = None) -> Said:
        """Say that you don't know: to the question, a probe or a follow-up."""
        do = {"asked": "answer", "probe": "probe", "proof": "probe", "statements": "judge"}.get(
            self.state.phase, "reply"
        )
        return self.do(do, at, how="passed")

    def finish(self, *, at: float | None = None) -> Said:
        """Say that you have finished speaking: the clock stops, and your notes can be typed in peace."""
        return self.do("finish", at)

    def claim(
        self, *points: str, process: Iterable[str] = (), held: Iterable[str] = (), at: float | None = None
    ) -> Said:
        """End the turn: tick the points that you said unasked, by id, and how you worked; `engine.PROCESS` names that.

        held: what the follow-ups were about whose replies held what was wanted, by your own word.
        """
        return self.do("claim", at, points=points, process=process, held=held)

    def probe(self, answer: Any, *, sure: str = "think", at: float | None = None) -> Said:
        """Answer the probe that stands, and say how sure you are: "sure", "think" or "guess"."""
        return self.do("probe", at, answer=answer, sure=sure)

    def judge(self, struck: Any = (), *, at: float | None = None) -> Said:
        """Name the statements that are wrong, by their letters ("a d", or "none") or in a list by their ids."""
        return self.do("judge", at, struck=struck)

    def reply(
        self,
        text: str = "",
        *,
        spoken: bool = False,
        struck: Any = None,
        stands: bool | None = None,
        at: float | None = None,
    ) -> Said:
        """Reply to the follow-up.

        struck: the statements beside it that are wrong, as in `judge`, or None for later.
        stands: where it quotes a sentence that you judged, True to stand by that, False to take it back.
        """
        return self.do("reply", at, text=text, how="spoken" if spoken else "typed", struck=struck, stands=stands)

    def rate(self, *, by: str = "yourself", at: float | None = None, **levels: int) -> Said:
        """Rate at the end what a person rates, 0 (no evidence) to 4 (very strong): rate(communication=3)."""
        return self.do("rate", at, levels=levels, by=by)

    def end(self, *, at: float | None = None) -> Said:
        """Stop here; the report tells what was not asked."""
        return self.do("end", at)

    @property
    def report(self) -> Report:
        """The `Report`, also of an interview that goes on. One that is over has the report that was kept at its end."""
        if self.state.over and isinstance(there := report(self.id), Report):
            return there
        made = report_of(self.id, self.state, levels_before(self.id, self.state.began or 0.0))
        made.data["turns"] += [left_out(turn) for turn in self._left_out if turn.notes]
        return made

    def do(self, what: str, at: float | None = None, **values: Any) -> Said:
        """Any of the above by name. Returns what the interviewer says, with `accepted`."""
        at = time.time() if at is None else at
        event, said = decide(self.state, what, at, **values)
        if event is None:
            return Said(said, False)
        turn = self.state.turn
        evolve(self.state, event)
        self._add(event)
        if self._keep(event, turn if what == "claim" else None):
            return Said(said, True)
        self._load()
        return Said("This interview went on elsewhere, in another panel or notebook. It stands there now.", False)

    def __repr__(self):
        return f"Interview {self.id!r}: {standing(self.state)}"

    # ---- the record ----

    def _add(self, event):
        self.events.append(event)
        self._texts.append(json.dumps(event))

    def _load(self):
        """Take the events from the record, if there are any. Raises Lost."""
        query = "select cast(event as text) from event where interview = ? order by n"
        if texts := [text for (text,) in record.rows(query, (self.id,))]:
            self._texts, read = texts, [kept.read(text) for text in texts]
            self.events = [event for event in read if event is not None]
            self._replay(read)

    def _replay(self, read):
        """Stand where these events lead, by today's names, and say what is left out. Raises Lost."""
        try:
            self.state = replay(kept.renewed(read))
            self._left_out = [turn for turn in kept.turns(read)[0] if turn.left_out]
        except Lost:
            raise
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise Lost(f"The interview {self.id!r} can't be read in the record. Begin another one.") from error
        for turn in self._left_out:
            record.tell(
                f"The interview {self.id!r} goes on without the turn on {turn.round[0]!r}: {turn.why}. "
                "What you wrote there stands in its report."
            )

    def _renew(self, at):
        """Note how the interview goes on, if it can't go on from the record as it stands."""
        read = [kept.read(text) for text in self._texts]
        event = kept.renewal(read, at, self.draft)
        if event is not None:
            self._add(event)
            self._replay([*read, event])
            self._keep(event, None)

    def _keep(self, event, turn):
        """Write what the record doesn't have yet, in one transaction. False if somebody else has gone on."""
        clash = []
        if event["do"] in HANDED_IN or "notes" in event:
            self._draft = ""

        done = self.state.over and (event["at"], json.dumps(self.report.data), self.id)

        def write(db):
            query = "select n, cast(event as text) from event where interview = ? order by n"
            there = db.execute(query, (self.id,)).fetchall()
            if [text for _, text in there] != self._texts[: len(there)]:
                clash.append(True)
                return [True]
            after = there[-1][0] + 1 if there else 0
            rows = [(self.id, n, text) for n, text in enumerate(self._texts[len(there) :], after)]
            db.executemany("insert into event (interview, n, event) values (?, ?, ?)", rows)
            if self._draft is not None:
                db.execute(KEEP_DRAFT, (self.id, self._draft))
            began = self.events[0]["at"]
            db.execute("insert or ignore into interview (id, began) values (?, ?)", (self.id, began))
            if turn is not None and not turn.part and turn.q.format != "closing":
                schedule.reviewed(db, turn.question, schedule.grade(turn), event["at"])
            if done:
                db.execute("update interview set ended = ?, report = ? where id = ?", done)
            return [True]

        self._kept = bool(record.transact(write))
        if self._kept:
            self._draft = None
        return not clash

    @property
    def recorded(self) -> bool:
        """Whether the record holds all that happened, and the draft. It can't where it isn't writable."""
        return self._kept and self._draft is None

    @property
    def draft(self) -> str:
        """The text that was typed and not handed in yet, as it was kept last."""
        if self._draft is not None:
            return self._draft
        rows = record.rows("select cast(text as text) from draft where interview = ?", (self.id,))
        return rows[0][0] if rows else ""

    @draft.setter
    def draft(self, text):
        written = record.transact(lambda db: db.execute(KEEP_DRAFT, (self.id, text)) and [True])
        self._draft = None if written else text


def standing(state):
    """The place where an interview stands, in words, with the next thing to do."""
    if state.phase in ("new", "over"):
        return "it is over." if state.over else "it hasn't begun."
    turn, n, total = state.turn, len(state.turns), len(state.rounds)
    about = turn.current
    if turn.phase == "asked":
        ask = turn.q.prompt
    elif turn.phase in ("probe", "proof"):
        ask = about.probe.ask
    else:
        ask = about.follow_up.ask if about else "" if turn.standing else HERE[state.phase][1]
    if turn.misjudges:
        ask = f"{ask} Say as well whether you stand by it: stands=True, or False."
    if turn.standing and turn.phase in ("statements", "follow-up"):
        put = [f"{letter}) {text}" for letter, text in zip(LETTERS, turn.standing.values())]
        ask = " ".join([ask, which_are_wrong(turn), *put]).strip()
    return f"question {n} of {total}. {ask}"


def remembered(plan, at):
    """What this plan is on this day, which questions it may ask, and what the record says of them, for `choose`."""
    there, cards = bank.questions(), schedule.cards()
    due, left = [one.question for one in schedule.today(at)], schedule.evenings(at)
    memory = {
        "weak": due if plan == "review" else schedule.weakest(at),
        "recent": [id for id in lately(at) if id not in due],
        "known": sorted(cards, key=lambda id: cards[id][2]),
        "roles": schedule.chosen_roles(),
    }
    if plan == "review" and left == 0:
        return "60 seconds", {id: q for id, q in there.items() if q.core} or there, {}
    if plan == "review" and due and left in range(1, schedule.LAST + 1):
        return plan, {id: there[id] for id in due}, memory
    if plan == "review":  # what evenings that haven't begun will ask is left to them
        coming = {id for one in evenings() if not cards.keys() & one.asked for id in one.asked}
        return plan, {id: q for id, q in there.items() if id in due or id not in coming}, memory
    return plan, there, memory


def lately(at):
    """The questions that stood in an interview in the last days, the one that stood longest ago first."""
    since = schedule.later(at, -schedule.LATELY)
    query = (
        "select event.interview, cast(event as text) from event join interview on id = event.interview"
        " where ended is null or ended >= ? order by event.interview, n"
    )
    stood = {}
    for _, group in groupby(record.rows(query, (since,)), key=lambda row: row[0]):
        with contextlib.suppress(ArithmeticError, LookupError, TypeError, ValueError):  # nobody is kept from beginning
            for id, when in kept.stood([kept.read(text) for _, text in group]).items():
                stood[id] = max(when, stood.get(id, when))
    return sorted((id for id, when in stood.items() if when >= since), key=stood.get)


def named(prefix):
    """The ids of all interviews of a name, the latest first: `prefix` itself, or `prefix` with a dot and more."""
    query = "select id from interview where id = ? or substr(id, 1, ?) = ? order by began desc, id desc"
    values = (prefix, len(prefix) + 1, f"{prefix}.")
    return [id for (id,) in record.rows(query, values)]


def latest(prefix):
    """The id of the interview of that name that began last, or None if there is none."""
    return next(iter(named(prefix)), None)


def unused(prefix):
    """An id for the next interview of that name: `prefix` with a dot and a number."""
    taken = set(named(prefix))
    return next(id for n in range(1, len(taken) + 2) if (id := f"{prefix}.{n}") not in taken)


def left_out(turn):
    """A turn that this version of the course can't go on with, as its report holds it: with your notes alone."""
    return {
        "question": turn.round[0],
        "part": "",
        "topic": "A question that is left out",
        "prompt": f"{turn.why[0].upper()}{turn.why[1:]}.",
        "section": link("interview"),
        "minutes": 0.0,
        "given": 0.0,
        "done": True,
        "passed_on": False,
        "notes": turn.notes,
        "levels": {},
        "strong": [],
        "missed": [],
    }


def levels_before(id, began):
    """What `trend.mean_levels` makes of the interviews that are over and began before this one, the oldest first."""
    query = (
        "select cast(report as text) from interview where report is not null and began < ? and id != ?"
        " order by began desc limit ?"
    )
    found = [_levels(text) for (text,) in record.rows(query, (began, id, TREND - 1))]
    return [one for one in reversed(found) if one]


def _levels(text):
    """The levels of a report in the record; none where it can't be read."""
    try:
        data = json.loads(text)
        return (
            mean_levels(data["turns"], data.get("rated", {})) if Report(data).line() and "rater" not in data else {}
        )  # no one else's word
    except UNREADABLE:
        return {}


def report(id: str) -> Report | Text:
    """The report of an interview that is over, as it was kept; a sentence where there is none."""
    rows = record.rows("select cast(report as text) from interview where id = ? and report is not null", (id,))
    if not rows:
        return Text(f"There is no report of an interview {id!r}.")
    return read_report(rows[0][0]) or Text(f"The report of the interview {id!r} can't be read in the record.")


def history(count: int = 20) -> Text:
    """The interviews that are over, the latest first."""
    query = "select cast(report as text) from interview where report is not null order by ended desc limit ?"
    found = [read_report(text) for (text,) in record.rows(query, (count,))]
    lines = [one.line() for one in found if one]
    if lost := len(found) - len(lines):
        lines.append(f"Reports that can't be read in the record: {lost}.")
    return Text("\n".join(lines) or "There is no interview yet.")


def told_before(question: str) -> tuple[float, str] | None:
    """(when, the words) of the last interview that is over and has notes on this question, or None."""
    query = (
        "select cast(report as text) from interview where instr(cast(report as text), ?) > 0"
        " order by ended desc limit ?"
    )
    for (text,) in record.rows(query, (json.dumps(question), LOOKED_BACK)):
        if found := read_report(text):
            notes = [turn["notes"] for turn in found.data["turns"] if turn["question"] == question]
            if notes and notes[-1].strip():
                return found.data["began"], notes[-1]
    return None


def read_report(text):
    """A `Report` from the record, its links as the sections are called today; None where it can't be shown."""
    try:
        data = json.loads(text)
        for turn in data["turns"]:
            turn["section"] = renamed.section(turn["section"])
        data["tonight"] = [[thing, renamed.section(link)] for thing, link in data["tonight"]]
        found = Report(data)
        return found if found.line() and found.markdown() and found.html() else None
    except UNREADABLE:
        return None
