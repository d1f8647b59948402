"""Tonight's list: what the path has for this evening, by what the record says is done and how many evenings remain."""

import json
import re
import time
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from html import escape
from typing import NamedTuple

from backprop import clock, path, renamed
from backprop.interview import bank as questions
from backprop.interview import schedule
from backprop.interview.plans import PRESSING
from backprop.path import anchor, link
from backprop.practice import bank, bare, record, rounds

DONE = "done"
EACH = "each evening, until it comes by itself"
SHORT = 2  # minutes of a section that makes no row of its own
DEBRIEF = 5  # minutes after a bare round
AND_SHORT = ", and the short sections after it: "
FIRST_CELL = (
    "Sections build on one another: where you go on at a later one, choose Run > Run All Above Selected Cell there."
)
ALOUD = 3  # minutes for the sixty seconds: said twice, and heard
REVIEW = 5  # minutes for what is due
SKIM = 2  # minutes for a section that the diagnostic found known
FIRST = (1, 2, 3, 5, 4, 7, 6)  # the evenings, those first that are kept where there are fewer than seven
ROLE = 8  # the number of a role's own evening, which comes before the last one
HOUR = 9  # and of the only one that there is
FIRST_FOR_A_ROLE = (1, 2, 3, 5, ROLE, 4, 7, 6)
ASKED_OF_A_ROLE = 4  # questions
ROWS, SCREEN, LAST = 3, 5, 7  # of these: rows and outputs, the phone screen, and the one with the sheet and the onsite
FEW = 3  # exercises that a row names; of more it says how many
SURE = "whiteboard"  # the section of a notebook that is left where the diagnostic found nothing missing
INTERVIEWS = 2  # in one evening, where what is known lets it begin the next
ONSITE, SCREENING = 35, 20  # minutes from which an interview is one of these
ENOUGH = 40  # minutes that a bare round has to leave for the path
WORTH = 15  # minutes that must be left for the next evening to be begun


class Row(NamedTuple):
    """One thing to do: what, the link to it, the minutes that it takes, why it is there, and the questions it asks.

    `keys` are the sections that it has read, `tried` the exercises that it has tried.
    """

    what: str
    link: str
    minutes: int
    why: str
    asked: tuple = ()
    keys: tuple = ()
    tried: tuple = ()


@dataclass(frozen=True)
class Section:
    """A section: its key, what it is called, and the minutes that it takes without its exercises."""

    key: str
    title: str
    minutes: int


@dataclass(frozen=True)
class State:
    """What is known of a learner: exercises `passed`, questions `asked`, how many are `due`, a role, slips by exercise.

    `evenings` is how many are left, tonight's included, or None where no day is known. `listed` is the last list, as
    rows; `tried` are the exercises attempted since, and it is `past` where it was of an earlier day. `read` is what
    counted as read before it. `round` is the row of a bare coding round that comes back.
    """

    passed: frozenset = frozenset()
    asked: frozenset = frozenset()
    due: int = 0
    evenings: int | None = None
    role: str | None = None
    slips: dict = field(default_factory=dict)
    read: frozenset = frozenset()
    listed: tuple = ()
    tried: frozenset = frozenset()
    past: bool = False
    round: Row | None = None


def cells_by_section(cells):
    """{anchor: cells} of a notebook's sections; what stands above the first is under ""."""
    found, here = {}, ""
    for cell in cells:
        heading = re.match(r"## (.+)", "".join(cell["source"])) if cell["cell_type"] == "markdown" else None
        here = anchor(heading[1].strip()) if heading else here
        found.setdefault(here, []).append(cell)
    return found


def minutes(key, cells):
    """The minutes of a section without its exercises, as its tag states them: reading, questions for paper, doing."""
    return max(1, round(clock.reading(cells) + clock.turns(cells) + path.doing(key)))


def sections(books):
    """{key: Section} of every section of the course; `books` holds the cells of each notebook by its name."""
    split, found = {name: cells_by_section(cells) for name, cells in books.items()}, {}
    for key, place in path.links().items():
        notebook, mark, heading = place.partition("#")
        if mark:
            cells = split[notebook][heading]
            title = re.match(r"## (.+)", "".join(cells[0]["source"]))[1].strip()
            found[key] = Section(key, f"{notebook.partition('_')[0]} · {title}", minutes(key, cells))
    return found


def length(evening, found):
    """The minutes of an evening: its sections, exercises and questions, and the sixty seconds."""
    read = sum(found[key].minutes for key in evening.read)
    tried = sum(bank.EXERCISES[id].minutes for id in evening.tried)
    return read + tried + asking(evening.asked) + ALOUD


def asking(ids):
    """The minutes that it takes to be asked these questions."""
    return round(sum(questions.questions()[id].minutes + PRESSING for id in ids))


def exercises_of(evening, key):
    """The exercises of a section that an evening tries."""
    return [bank.EXERCISES[id] for id in evening.tried if bank.EXERCISES[id].where == link(key)]


def known(state):
    """The numbers of the notebooks whose line in the diagnostic was right."""
    return {e.teaches for e in bank.EXERCISES.values() if e.teaches and e.id in state.passed}


@cache
def key_of(place):
    """The key of the section that a link leads to."""
    return next(key for key, there in path.links().items() if there == place)


def seen(state):
    """The keys of sections that count as read: those of which an exercise is passed, and what led to something done.

    Of the last list that is every row down to the last one that was done. An interview is done where all of it was
    asked; a single question was led to by the rows down to its own section. From the list of an earlier day every row
    counts, where nothing that the record could show is missing.
    """
    tried, rows = state.passed | state.tried, state.listed
    places = {key: n for n, row in enumerate(rows, start=1) for key in row.keys}
    reached, missing = 0, False
    for n, row in enumerate(rows, start=1):
        asked = state.asked.intersection(row.asked)
        if tried.intersection(row.tried) or (asked and len(asked) == len(row.asked)):
            reached = n
        reached = max([reached, *(places.get(key_of(home(id)), 0) for id in asked)])
        missing = missing or not tried.issuperset(row.tried) or not state.asked.issuperset(row.asked)
    if state.past and not missing:
        reached = len(rows)
    own = [key_of(bank.EXERCISES[id].where) for id in state.passed if id in bank.EXERCISES]
    return state.read.union(own, *(row.keys for row in rows[:reached]))


def behind(state, evening=None):
    """The keys of sections that are read and whose exercises, on an evening or on all, are passed."""
    evenings = planned(state.role) if evening is None else [evening]
    open_ = {key_of(bank.EXERCISES[id].where) for one in evenings for id in one.tried if id not in state.passed}
    return seen(state) - open_


@dataclass(frozen=True)
class Left:
    """What is left of an evening: `rows` to read and try, the questions to be `asked`, and the keys that are `seen`."""

    rows: tuple = ()
    asked: tuple = ()
    seen: frozenset = frozenset()

    def without(self, listed):
        """What is left of it where these rows are on the list already."""
        keys, ids = {key for row in listed for key in row.keys}, {id for row in listed for id in row.asked}
        rows = tuple(row for row in self.rows if not keys.intersection(row.keys))
        return replace(self, rows=rows, asked=tuple(id for id in self.asked if id not in ids))

    def within(self, minutes, least=1):
        """(rows, rows left out): as many as fit in order, at least `least`, and after them the questions on these.

        A question is asked where its section is one of these rows, or was read before.
        """
        for n in range(len(self.rows), -1, -1):
            there = self.seen.union(*(row.keys for row in self.rows[:n]))
            rows = [*self.rows[:n], *interview([id for id in self.asked if key_of(home(id)) in there])]
            fits = sum(row.minutes for row in rows) <= minutes
            if fits or n <= least:
                break
        return rows if fits or least else [], list(self.rows[n:])


def home(id):
    """The link to the section that answers a question."""
    return questions.questions()[id].section


def interview(ids):
    """The row that asks these questions; none where there are none."""
    if not ids:
        return []
    minutes = asking(ids)
    kinds = {"An onsite": ONSITE, "A phone screen": SCREENING, "An interview": 0}
    kind = next(name for name, least in kinds.items() if minutes >= least)
    what = f"10 · {kind} of {len(ids)} question{'s' * (len(ids) > 1)}: the panel has them ready"
    return [Row(what, link("interview#own"), minutes, "an interview on what you can by now", tuple(ids))]


def exercises(tried):
    """What a row says of its exercises: their names, or how many where they are more than a few; rungs by number."""
    rungs = [ids.index(e.id) + 1 for e in tried for ids in bank.LADDERS.values() if e.id in ids]
    named = [e.id for e in tried if not any(e.id in ids for ids in bank.LADDERS.values())]
    if not tried:
        return ""
    said = [f"rung{'s' * (len(rungs) > 1)} {' to '.join(map(str, sorted({rungs[0], rungs[-1]})))}"] if rungs else []
    return f" ({len(tried)} exercises)" if len(named) > FEW else f" ({', '.join(named + said)})"


def left(evening, found, state):
    """What is `Left` of an evening for a learner."""
    rows, over, sure = [], behind(state, evening), known(state)
    what, more = "", 0  # the last row's, and how many short sections it has taken in
    asked = tuple(id for id in evening.asked if id not in state.asked)
    homes = set(map(home, asked))
    start = [key for key in evening.read if key.startswith("start#")] if evening.number == 1 else []
    if start and "start.line" not in state.passed:
        tried = [e for key in start for e in exercises_of(evening, key)]
        whole = sum(found[key].minutes for key in start) + sum(e.minutes for e in tried)
        ids = tuple(e.id for e in tried)
        what = f"00 · Start here{exercises(tried)}"
        rows.append(Row(what, link("start"), whole, "from the top", keys=tuple(start), tried=ids))
    for number in sorted(sure):
        if keys := to_skim(evening, number, state):
            names = "; ".join(found[key].title.partition(" · ")[2] for key in keys)
            why = "your line was right, and you are asked about it"
            rows.append(Row(f"{number} · Skim: {names}", link(keys[0]), SKIM * len(keys), why, keys=keys))
    for key in evening.read:
        section, number = found[key], link(key).partition("_")[0]
        if key in start or key in over or (number in sure and not key.endswith(SURE)):
            continue
        all_tried = exercises_of(evening, key)
        tried = [e for e in all_tried if e.id not in state.passed]
        if slips := [state.slips[e.id] for e in tried if e.id in state.slips]:
            why = f"came back: {slips[0]}"
        elif len(tried) < len(all_tried):
            why = "begun, not finished"
        elif evening.number == ROLE:
            why = f"for the role: {state.role}"
        else:
            why = "you are asked about it" if link(key) in homes else "next on the path"
        takes = section.minutes + sum(e.minutes for e in tried)
        short = takes <= SHORT and not tried and link(key) not in homes
        if short and rows and rows[-1].link.partition("#")[0] == link(key).partition("#")[0]:
            more, last = more + 1, rows[-1]
            keys = (*last.keys, key)
            rows[-1] = last._replace(what=f"{what}{AND_SHORT}{more}", minutes=last.minutes + takes, keys=keys)
        else:
            what, more = f"{section.title}{exercises(tried)}", 0
            rows.append(Row(what, link(key), takes, why, keys=(key,), tried=tuple(e.id for e in tried)))
    return Left(tuple(rows), asked, seen(state))


def to_skim(evening, number, state):
    """The sections of an evening that the diagnostic found known, of one notebook, if any evening asks about them."""
    homes = {home(id) for one in planned(state.role) for id in one.asked if id not in state.asked}
    read = [key for key in evening.read if link(key).startswith(f"{number}_") and not key.endswith(SURE)]
    return tuple(key for key in read if link(key) in homes and key not in seen(state))


def done(evening, found, state):
    """What the record says is done of an evening, as rows that take no minutes."""
    over = behind(state, evening)
    rows = []
    if evening.number == 1 and "start.line" in state.passed:
        rows.append(Row("00 · Start here", link("start"), 0, DONE))
    read = [key for key in evening.read if key in over and not key.startswith("start#")]
    rows += [Row(found[key].title, link(key), 0, DONE) for key in read]
    if asked := len(state.asked.intersection(evening.asked)):
        rows.append(Row(f"10 · {asked} of {len(evening.asked)} questions asked", link("interview#own"), 0, DONE))
    return rows


@cache
def of_role(role):
    """What a role is asked, as an evening of its own: its sections, their exercises, and a few questions; or None."""
    keys = path.table()["role"].get(role)
    if keys is None:
        return None
    homes, spare = [link(key) for key in keys], path.table()["spare"]["exercises"]
    tried = [e.id for home in homes for e in bank.EXERCISES.values() if e.where == home and e.id not in spare]
    there = {home: [q.id for q in questions.questions().values() if q.section == home] for home in homes}
    asked = [ids[n] for n in range(ASKED_OF_A_ROLE) for ids in there.values() if n < len(ids)]
    return path.Evening(ROLE, f"For the role: {role}", tuple(keys), tuple(tried), tuple(asked[:ASKED_OF_A_ROLE]))


def planned(role):
    """All evenings in order: a role's own stands before the last."""
    own, (*others, last) = of_role(role), path.evenings()
    return [*others, *([own] if own else []), last]


def chosen(state):
    """The evenings that are still to come, in order; where there are too few, those that matter most come first.

    One whose questions were all asked is over, whatever was left in it: that comes where there is time.
    """
    undone = {one.number: one for one in planned(state.role) if not state.asked.issuperset(one.asked)}
    if state.evenings is None or state.evenings >= len(undone):
        return list(undone.values())
    first = sorted(undone, key=(FIRST if state.role is None else FIRST_FOR_A_ROLE).index)
    if state.evenings > 1:
        kept = first[: state.evenings]
        return [undone[n] for n in [*(n for n in undone if n in kept), *(n for n in first if n not in kept)]]
    hour, screen, sheet = path.short()
    basics, rest = [undone[n] for n in first if n in (1, 2)], [undone[n] for n in first if n not in (1, 2, LAST)]
    end = [sheet, undone[LAST]] if LAST in undone else []
    if not any(state.asked.intersection(one.asked) for one in path.evenings()[:2]):
        return [hour, *end]  # nothing was held yet
    if ROWS in undone and SCREEN in undone:
        return [*basics, screen, *end, *rest]
    if SCREEN in undone:
        return [*basics, undone[SCREEN], *end, *(one for one in rest if one.number != SCREEN)]
    return [*basics, *end[1:], *rest]


def further(found, state):
    """What there is for who has time left: what was left of evenings that are over."""
    return [left(one, found, state) for one in path.evenings() if state.asked.issuperset(one.asked)]


class Evening:
    """What to do, in order: `rows`; `left_out`, what this evening would hold if it were longer; and what is `done`."""

    def __init__(self, title, rows, left_out=(), done=()):
        self.title, self.rows, self.left_out, self.done = title, list(rows), list(left_out), list(done)

    @property
    def minutes(self):
        return sum(row.minutes for row in self.rows)

    @property
    def headline(self):
        about = f" {self.title[0].lower()}{self.title[1:]}." if self.title else ""
        return f"Tonight, {self.minutes} minutes:{about}"

    def __repr__(self):
        lines = [f"✓ {row.what} ({row.why})" for row in self.done]
        lines += [f"{n}. {row.what}, {row.minutes} min ({row.why})" for n, row in enumerate(self.rows, start=1)]
        rest = [f"Left out: {'; '.join(row.what for row in self.left_out)}."] if self.left_out else []
        return "\n".join([self.headline, *lines, *rest, FIRST_CELL])

    def _repr_html_(self):
        def item(row):
            words = f'<a href="{escape(row.link)}">{escape(row.what)}</a>' if row.link else escape(row.what)
            planned = f", {row.minutes} min" if row.minutes else ""
            return f"{words}{planned} <small>({escape(row.why)})</small>"

        ticked = f"<p>{'<br>'.join(f'✓ {item(row)}' for row in self.done)}</p>" if self.done else ""
        listed = "".join(f"<li>{item(row)}</li>" for row in self.rows)
        rest = f"<p>Left out: {escape('; '.join(row.what for row in self.left_out))}.</p>" if self.left_out else ""
        return f"<p><b>{escape(self.headline)}</b></p>{ticked}<ol>{listed}</ol>{rest}<p>{FIRST_CELL}</p>"


def evening(found, state, minutes):
    """The `Evening` of a learner that fits into `minutes`."""
    coming = chosen(state)
    aloud = Row("Say the sixty seconds, aloud", link("start#sixty"), ALOUD, EACH)
    review = Row(f"Answer what is due: {state.due} in the review", link("interview#due"), REVIEW, "asked before")
    before, after = [review] if state.due else [], []
    (after if coming and coming[0].number in (1, HOUR) else before).append(aloud)
    budget = minutes - sum(row.minutes for row in before + after)
    if state.round and budget - state.round.minutes >= ENOUGH:
        after, budget = [state.round, *after], budget - state.round.minutes
    rows, out = left(coming[0], found, state).within(budget) if coming else ([], [])
    full = bool(out)
    for more in [*(left(one, found, state) for one in coming[1:]), *further(found, state)]:
        spare = budget - sum(row.minutes for row in rows)
        held = sum(bool(row.asked) for row in rows)
        if spare >= WORTH and not full and held < INTERVIEWS:
            begun, rest = more.without(rows).within(spare, least=0)
            rows, full = rows + begun, bool(rest)
    spare = round(budget - sum(row.minutes for row in rows))
    if not rows or (not coming and spare >= WORTH):
        why = "the path is behind you"
        rows.append(Row('Hold an interview: panel("onsite")', link("interview#own"), max(1, min(50, spare)), why))
    ticked = done(coming[0], found, state) if coming else []
    return Evening(coming[0].title if coming else "", [*before, *rows, *after], out, ticked)


def remaining(day, now):
    """How many evenings there are until a day, tonight's included; None without a day, or where it is past."""
    return None if day is None or day < now else max(1, (day - now).days)


def plan(folder, minutes, role=None):
    """The `Evening` that fits into `minutes`. Raises ValueError for minutes or a role that there can't be."""
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not minutes > 0:
        raise ValueError(f"minutes is {minutes!r}, but should be a positive number, such as 90.")
    roles = path.table()["role"]
    if role is not None and role not in roles:
        raise ValueError(f"role is {role!r}, but should be one of {', '.join(map(repr, roles))}, or None.")
    if role is not None:
        schedule.interview_for(role)  # an interview asks of it, too
    eve = schedule.eve()
    day = None if eve is None else date.fromtimestamp(eve) + timedelta(days=1)
    returning = [slip for slip, count in record.slips().items() if count > 1]
    read, listed, at = kept_list()
    attempts = record.rows("select cast(exercise as text) from attempt where at >= ?", (at,))
    state = State(
        passed=frozenset(record.passed()),
        asked=frozenset(schedule.cards()),
        due=sum(bool(one.rating) for one in schedule.today()),  # what a slip raises can wait for its turn
        evenings=remaining(day, date.today()),
        role=role,
        slips={slip.partition("/")[0]: bank.slip_name(slip) for slip in returning},
        read=read,
        listed=listed,
        tried=frozenset(renamed.exercise(id) for (id,) in attempts) - {None},
        past=date.fromtimestamp(at) < date.today(),
        round=round_again(time.time()),
    )
    books = {file.name: json.loads(file.read_text(encoding="utf-8"))["cells"] for file in folder.glob("*.ipynb")}
    made = evening(sections(books), state, minutes)
    schedule.have_ready([row.asked for row in made.rows if row.asked])
    keep_list(seen(state), made.rows)
    return made


def round_again(now):
    """The row of a bare coding round that comes back, with the next prompt; None where none does."""
    if (taken := rounds.due(now)) is None:
        return None
    seed = taken["seed"] + 1
    what = f"09 · A bare round: live.bare(seed={seed})"
    return Row(what, link("coding#bare"), bare.spec(seed).minutes + DEBRIEF, rounds.why(taken))


def keep_list(read, rows):
    """Keep in the record what counts as read by now, and what is listed."""
    listed = [[list(row.keys), list(row.tried), list(row.asked)] for row in rows]
    schedule.settle("list", json.dumps({"at": time.time(), "read": sorted(read), "rows": listed}))


def kept_list():
    """(keys of what counted as read, the rows of the last list, when that was), as far as the record can be read."""
    try:
        kept = json.loads(schedule.setting("list") or "null")
        read = frozenset(key for key in kept["read"] if key in path.links())
        rows = []
        for keys, tried, asked in kept["rows"]:
            now = [map(renamed.exercise, tried), map(renamed.question, asked)]
            ids = [
                tuple(id for id in names if id in there)
                for names, there in zip(now, (bank.EXERCISES, questions.questions()), strict=True)
            ]
            rows.append(Row("", "", 0, "", ids[1], tuple(key for key in keys if key in path.links()), ids[0]))
        at = float(kept["at"])
        date.fromtimestamp(at)
    except (AttributeError, KeyError, OSError, OverflowError, TypeError, ValueError):
        return frozenset(), (), 0.0  # there is none, or it can't be read: then nothing is ticked without an exercise
    return read, tuple(rows), at
