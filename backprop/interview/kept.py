"""The events of an interview as the record kept them, read by this version of the course.

The record is only ever added to. An event that can't be read (None here), a question that was retired, or a turn that
an earlier release asked in its own order, leaves its turn out: the rest goes on. Where that is the turn under way, a
"renew" event says what is asked from there on, so that what follows is never taken for what was left out.
"""

import json
import math
from dataclasses import dataclass, field

from backprop import renamed
from backprop.interview import bank
from backprop.interview.engine import AWAY
from backprop.interview.turn import Lost
from backprop.practice import bank as exercises


def read(text):
    """The event of a row, or None."""
    try:
        event = json.loads(text)
    except (ValueError, RecursionError):
        return None
    sound = isinstance(event, dict) and isinstance(event.get("do"), str) and type(event.get("at")) in (int, float)
    return event if sound and math.isfinite(event["at"]) else None


@dataclass
class Kept:
    """A turn: its round [question, part], by its name of then; what happened; and whether all of it can be read."""

    round: list
    events: list = field(default_factory=list)
    whole: bool = True

    @property
    def retired(self):
        return renamed.question(self.round[0]) is None

    @property
    def earlier(self):
        """Whether an earlier release asked it: there the list of what was said came before the probes."""
        return any(event["do"] == "answer" and "probes" not in event for event in self.events)

    @property
    def left_out(self):
        return self.retired or not self.whole or self.earlier

    @property
    def why(self):
        """Why it is left out."""
        if self.retired:
            return "this version of the course doesn't have it"
        return "an earlier version of the course asked it" if self.whole else "part of it can't be read"

    @property
    def over(self):
        last = "rate" if self.earlier else "claim"
        return any(event["do"] in (last, "end") or "notes" in event for event in self.events)

    @property
    def notes(self):
        """All that was typed in it, handed in or not."""
        texts = [event.get("text") or event.get("notes") for event in self.events]
        return "\n\n".join(text for text in texts if isinstance(text, str) and text.strip())


def turns(events):
    """(turns, rounds to come), the last turn being the one under way or the last there was. Raises Lost."""
    begin, *rest = events
    if begin is None or begin["do"] != "begin":
        raise Lost("The beginning of this interview can't be read in the record. Begin another one.")
    coming = [list(one) for one in begin["rounds"]]
    found = [Kept(coming.pop(0))]
    for event in rest:
        if event is None:
            found[-1].whole &= found[-1].over  # after the last turn only the rating is lost, and is asked for again
            continue
        if _begins(event, found[-1]) and coming:
            found.append(Kept(coming.pop(0)))
        found[-1].events.append(event)
        if event["do"] == "renew":
            coming = [list(one) for one in event["rounds"]]
        if found[-1].over and coming and event["do"] != "end":
            found.append(Kept(coming.pop(0)))
    return found, coming


def _begins(event, turn):
    """Whether an event belongs to the next turn, since the rating of this one is what can't be read."""
    answered = any(one["do"] == "answer" for one in turn.events)
    return not turn.whole and answered and event["do"] in ("clarify", "submit", "guess", "answer")


def renewed(events):
    """The events by today's names, without the turns that are left out: what `replay` takes. Raises Lost."""
    found, coming = turns(events)
    rounds, kept = [], []
    for turn in found:
        if turn.left_out:
            kept += _left_out(turn)
        else:
            rounds.append(turn.round)
            kept += [_today(event, turn.round) for event in turn.events if event["do"] != "renew"]
    rounds += [one for one in coming if renamed.question(one[0])]
    return [{**events[0], "rounds": [[renamed.question(id), part] for id, part in rounds]}, *kept]


def _left_out(turn):
    """The events that stand for a turn that is left out: it was time away, and perhaps the interview ended there."""
    for event in turn.events[-1:]:
        yield {"do": "resume", "at": event["at"] + AWAY}
        if event["do"] == "end" or (event["do"] == "rate" and not turn.earlier):
            yield event


def _today(event, round):
    """An event with its slips by the names that they have today; those that are gone are left out."""
    q = bank.questions().get(renamed.question(round[0]))
    if "slips" not in event or q is None or not q.exercise:
        return event
    known = {slip.id for slip in exercises.find(q.exercise).slips}
    slips = [id if id in known else renamed.slip_of(q.exercise, id) for id in event["slips"]]
    return {**event, "slips": [id for id in slips if id in known]}


def renewal(events, at, draft):
    """The event that says how the interview goes on, where that isn't what the record says; else None. Raises Lost."""
    found, coming = turns(events)
    turn, left = found[-1], [one for one in coming if renamed.question(one[0])]
    if turn.over or not (turn.left_out or left != coming):
        return None
    if not turn.left_out:
        return {"do": "renew", "at": at, "rounds": left}
    again = [] if turn.retired else [turn.round]
    return {"do": "renew", "at": at, "rounds": again + left, "notes": draft}


def stood(events):
    """{question: when it stood last}: each rating asks the next. Nothing is replayed: the bank may have lost some."""
    found, last = {}, events[0]["at"]
    for turn in turns(events)[0]:
        last = float(turn.events[-1]["at"] if turn.events else last)
        if (now := renamed.question(turn.round[0])) is not None:
            found[now] = max(last, found.get(now, last))
    return found
