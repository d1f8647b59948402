"""One turn: a question with everything that happened in it, what it listens for, and what it presses on next."""

from dataclasses import dataclass, field
from functools import lru_cache

from backprop.interview import bank
from backprop.interview.bank import FollowUp, Point
from backprop.interview.probes import Probe
from backprop.practice import bank as practice
from backprop.practice.bugs import bug

MOST_RUNGS = 3
CLARIFYING = 5  # minutes


class Lost(ValueError):
    """An interview that asks what this version of the bank doesn't have."""


@dataclass
class Rung:
    """A follow-up: the point that it is about, the reply, and whether that was proven (None: not settled yet)."""

    about: str
    reply: str = ""
    how: str = ""
    proof: str = ""
    proven: bool | None = None


@dataclass
class Turn:
    """A question with everything that happened in it. Times are seconds on the interview's clock."""

    question: str
    part: str = ""
    phase: str = "asked"
    asked_at: float = 0.0
    answered_at: float | None = None
    done_at: float | None = None
    notes: str = ""
    how: str = ""
    clarified: list = field(default_factory=list)  # [what was asked, the number of the clarification or None]
    tries: list = field(default_factory=list)  # {"passed", "slips", "message"} of each function handed in
    guesses: list = field(default_factory=list)  # {"lines", "names", "slips", "right_lines", "right_names"}
    claimed: list = field(default_factory=list)
    process: list = field(default_factory=list)
    probes: dict = field(default_factory=dict)  # {point: [answer, passed]}
    rungs: list = field(default_factory=list)
    levels: dict = field(default_factory=dict)  # {axis: [level, by]} of the axes that a person rates
    asked_before: bool = False  # whether it was clarified before the first code was handed in


# ---- the question ----


@lru_cache(maxsize=256)
def question(id):
    """A question with its numbers filled in. Raises Lost."""
    if id not in bank.questions():
        raise Lost(f"This interview asks {id!r}, which this version of the course doesn't have. Begin another one.")
    return bank.questions()[id].filled()


def case(q):
    """The program of a find-the-bug question, with its slips planted."""
    return bug(exercise=q.exercise, slips=q.slips)


# ---- what it listens for ----


def rubric(turn):
    """What this turn listens for: the question's rubric; in the clarifying part, what could have been asked."""
    q = question(turn.question)
    return clarifications(q) if turn.part == "clarify" else q.points


def clarifications(q):
    """The clarifying questions of a coding task as points. Asking is what counts: there is nothing to tick."""
    ask = "There is something that you didn't ask me. What would you assume, and say that you assume?"
    return tuple(
        Point(
            f"clarify-{n}", f"Before coding, ask what this answers: “{one.answer}”", follow_up=FollowUp(ask, one.answer)
        )
        for n, one in enumerate(q.clarify)
    )


def label(point):
    """A point in a few words, as the tick list asks for it."""
    return point.name or point.id.replace("-", " ")


def slip_point(key, mended=False, besides=()):
    """A slip, "exercise/slip", as a point to press on; its name among those of others proves it, less of `besides`."""
    exercise, _, id = key.partition("/")
    slips = {slip.id: slip for slip in practice.find(exercise).slips}
    slip, others = slips[id], [other.name for other in slips.values() if other.id not in (id, *besides)]
    ask = f"{slip.says} What would you look at?"
    if mended:
        ask = "Your first version had a slip, and you mended it. What was it, and which small test would show it?"
    names = Probe("choice", "Which one was it?" if mended else "Which one is it?", slip.name, tuple(others[:3]))
    says = f"{slip.name[0].upper()}{slip.name[1:]}."
    follow_up = FollowUp(ask, f"{says} {slip.means}")
    return Point(f"slip:{key}", says, axis="technique", follow_up=follow_up, probe=names, name=slip.name)


def point(turn, id):
    """The point of this turn with this id, be it from the rubric, a slip, or a question that convinces."""
    kind, _, rest = id.partition(":")
    if kind == "slip":
        besides = [slip for one in turn.tries for slip in one["slips"]]
        return slip_point(rest, rest in mended(turn), [*besides, *question(turn.question).slips])
    if kind == "restate":
        return restate(turn)
    found = next(p for p in rubric(turn) if p.id == (rest or id))
    return convince(turn, found) if kind == "why" else pressable(found)


def pressable(p):
    """The point with a follow-up: its own, or its sentence, to be said again in other words."""
    if p.follow_up:
        return p
    ask = f"You didn't say this: {p.says} Say it in your own words. Why is it so?"
    return Point(p.id, p.says, p.level, p.axis, follow_up=FollowUp(ask, p.says), probe=p.probe, name=p.name)


def convince(turn, p):
    """What is asked where nothing was missed: the highest point once more."""
    doubt = f"Take this point: {p.says} How would you convince somebody who doubts it?"
    follow_up = p.follow_up or FollowUp(doubt, question(turn.question).answer)
    return Point(f"why:{p.id}", p.says, p.level, p.axis, follow_up=follow_up, name=p.name)


def restate(turn):
    """What is asked where there was nothing to clarify, or all of it was asked."""
    q = question(turn.question)
    answer = " ".join(["It should name what comes in and what goes out, with shapes.", *(c.answer for c in q.clarify)])
    ask = "Say the task back to me: what comes in, what goes out, with shapes."
    return Point("restate:", "The task said back, with shapes.", axis="communication", follow_up=FollowUp(ask, answer))


# ---- what it presses on ----


def open_slips(turn):
    """The slips that stand at the end, "exercise/slip": diagnosed in the last code, or planted and not named."""
    q = question(turn.question)
    last = turn.tries[-1] if turn.tries else None
    if turn.part == "clarify" or (last and last["passed"]):
        return []
    found = {slip for guess in turn.guesses for slip in guess["slips"]}
    planted = [slip for slip in q.slips if q.format == "bug" and slip not in found]
    made = [slip for slip in (last["slips"] if last else []) if slip not in planted and slip not in found]
    return [f"{q.exercise}/{slip}" for slip in dict.fromkeys([*planted, *made])]


def mended(turn):
    """The slips that were made on the way and are gone."""
    q, made = question(turn.question), [slip for one in turn.tries for slip in one["slips"]]
    if q.format == "bug":
        made = [slip for slip in made if slip not in q.slips]  # its own slips were there before
    return [key for slip in dict.fromkeys(made) if (key := f"{q.exercise}/{slip}") not in open_slips(turn)]


def proven(turn, id):
    """Whether a point was proven by its first probe."""
    return bool(turn.probes.get(id, ["", False])[1])


def shown(turn, p):
    """Whether a point holds, as far as this turn has shown: claimed, and proven where it can be."""
    if turn.part == "clarify":
        return any(f"clarify-{n}" == p.id for _, n in turn.clarified)
    return p.id in turn.claimed and (p.probe is None or proven(turn, p.id))


def next_rung(turn):
    """The id of what is pressed on next, or None: slips first, then what was missed or not proven, the basic first."""
    done = {rung.about for rung in turn.rungs}
    missed = sorted((p for p in rubric(turn) if not shown(turn, p)), key=lambda p: bank.LEVELS.index(p.level))
    wanted = [f"slip:{key}" for key in open_slips(turn)] + [p.id for p in missed] + [f"slip:{k}" for k in mended(turn)]
    if len(done) >= MOST_RUNGS:
        return None
    if (found := next((id for id in wanted if id not in done), None)) or done:
        return found
    if turn.part == "clarify":
        return "restate:"
    return "why:" + max(rubric(turn), key=lambda p: bank.LEVELS.index(p.level)).id


def current(turn):
    """The point whose probe or follow-up is under way, or None."""
    if turn.phase == "probe":
        return next((p for p in rubric(turn) if p.id in turn.claimed and p.probe and p.id not in turn.probes), None)
    return point(turn, turn.rungs[-1].about) if turn.phase in ("follow-up", "proof", "judge") else None


def limit(turn):
    """Seconds that the answer gets."""
    return 60 * (CLARIFYING if turn.part == "clarify" else question(turn.question).minutes)
