"""What a turn has shown: for each axis the evidence, item by item, and the level that follows from it.

Understanding and technique count what could be checked: probes, code, bugs, clarifying questions. An item proven at
once counts whole, one that took pressing or a second try counts half. Then

    no evidence   nothing was tried
    very weak     tried, and nothing counts
    weak          something counts
    strong        every basic item counts, and the mean is at least a half
    very strong   every item counts whole

Rationale and communication are a person's word. Running over time lowers the best level that is possible for
technique, or where nothing is worked out, for communication: by one beyond a tenth, by two beyond a half.
"""

from dataclasses import dataclass

from backprop.interview.axes import PERSONAL, axes_of
from backprop.interview.plans import CODED
from backprop.interview.turn import case, limit, proven, question, rubric, shown

GRACE, FAR = 1.1, 1.5  # times the minutes that an answer gets
TIMED = {"code": "technique", "bug": "technique", "hand": "technique"}  # which axis pays for time, or communication


@dataclass(frozen=True)
class Item:
    """One piece of evidence for an axis: what it is, what it counts (0, ½ or 1), if it was tried, if it is basic."""

    says: str
    axis: str
    credit: float
    tried: bool
    basic: bool = True


def items(turn, axis):
    """The evidence of one turn for understanding or technique: probes, checks, and slips that were pointed at."""
    return [item for item in [*proofs(turn), *checks(turn), *slips_seen(turn)] if item.axis == axis]


def proofs(turn):
    """What the probes have shown of the rubric's points, and of the clarifying part what was asked."""
    if turn.part == "clarify":
        asked = bool(turn.clarified)
        return [Item(p.says, "understanding", float(shown(turn, p)), asked, basic=False) for p in rubric(turn)]
    found = []
    for p in rubric(turn):
        rung = rung_about(turn, p.id)
        credit = 1.0 if proven(turn, p.id) else 0.5 if rung and rung.proven else 0.0
        tried = bool(turn.probes.get(p.id, ["", False])[0] or (rung and rung.proof))
        found += [Item(p.says, p.axis, credit, tried, p.level == "pass")] if p.probe else []
    return found


def checks(turn):
    """What was run or named: the code, the planted bugs, and whether one asked before coding."""
    q, found = question(turn.question), []
    if turn.part or q.format not in CODED:
        return found
    if q.clarify:
        tried = bool(turn.tries or turn.clarified)
        found.append(Item("the task was clarified before coding", "understanding", float(turn.asked_before), tried))
    if q.format == "bug":
        found += [bug_item(turn, q, slip) for slip in case(q).slips]
    passed = bool(turn.tries) and turn.tries[-1]["passed"]
    credit = 0.0 if not passed else 1.0 if len(turn.tries) == 1 else 0.5
    return [*found, Item("the code passes its checks", "technique", credit, bool(turn.tries))]


def bug_item(turn, q, slip):
    """Whether a planted slip was named in the first guess with nothing beside it; later, pressed or mended is half."""
    named = [slip.id in guess["slips"] for guess in turn.guesses]
    rung = rung_about(turn, f"slip:{q.exercise}/{slip.id}")
    half = any(named) or (rung and rung.proven) or any(one["passed"] for one in turn.tries)
    credit = 1.0 if named and named[0] and turn.guesses[0]["right_names"] else 0.5 if half else 0.0
    return Item(f"the bug is named: {slip.name}", "technique", credit, bool(named or (rung and rung.proof)))


def slips_seen(turn):
    """Slips in one's own code: seen when they were pointed at, or not. They never count whole."""
    if question(turn.question).format != "code":
        return []
    rungs = [rung for rung in turn.rungs if rung.about.startswith("slip:")]
    return [Item(rung.about, "technique", 0.5 if rung.proven else 0.0, bool(rung.proof), basic=False) for rung in rungs]


def rung_about(turn, id):
    return next((rung for rung in turn.rungs if rung.about == id), None)


def level(items):
    """The level that items of evidence give, 0 to 4."""
    if not any(item.tried for item in items):
        return 0
    credit = sum(item.credit for item in items) / len(items)
    if credit == 1:
        return 4
    if all(item.credit for item in items if item.basic) and credit >= 0.5:
        return 3
    return 2 if credit else 1


def levels(turn):
    """{axis: (level, by)} of a turn; by is "checks", "yourself" or "partner".

    An axis is left out where nothing of it can be checked, or nobody has rated it yet.
    """
    q, found = question(turn.question), {}
    for axis in axes_of(q, turn.part):
        evidence = items(turn, axis)
        if axis in PERSONAL and axis in turn.levels:
            found[axis] = tuple(turn.levels[axis])
        elif axis not in PERSONAL and evidence:
            found[axis] = level(evidence), "checks"
    timed = TIMED.get(q.format, "communication") if not turn.part else "communication"
    if timed in found:
        found[timed] = min(found[timed][0], best(turn)), found[timed][1]
    return found


def minutes(turn):
    """Minutes that the answer took, or has taken so far in a turn that was broken off."""
    return ((turn.answered_at if turn.answered_at is not None else turn.asked_at) - turn.asked_at) / 60


def best(turn):
    """The best level that the time taken leaves."""
    share = minutes(turn) * 60 / limit(turn)
    return 4 if share <= GRACE else 3 if share <= FAR else 2


def credits(turn):
    """What each point of the rubric and each check came to, for the memory: 1, ½ or 0 each.

    Here a claim that can't be checked counts as you gave it.
    """
    found = [item.credit for item in checks(turn)]
    for p in rubric(turn):
        rung = rung_about(turn, p.id)
        found.append(1.0 if shown(turn, p) else 0.5 if rung and rung.proven else 0.0)
    return found
