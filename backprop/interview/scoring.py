"""The evidence of a turn: for each axis it is listed item by item, and a level follows from it.

What could be checked counts: probes, statements told right from wrong, code, bugs, clarifying questions. An item that
was said and proven counts whole, one that took a question, or was guessed, three quarters, code on a second try half;
so does what was mended after a wrong answer that one was sure of. Then

    no evidence   fewer than two items were tried: no level rests on one
    very weak     nothing counts
    weak          something counts, but something that was tried failed for good, or something basic is missing
    strong        every basic item counts, and the mean is at least a half
    very strong   the mean is at least nine tenths

Understanding of a question is weak at most where two answers were wrong, mended or not; and where one sentence was
judged wrongly that stands in the notes as well, or that one stood by when asked. Over the whole interview it is weak at
most where it is in half of the questions.

Rationale and communication are a person's word, given once for the interview; on rationale the evidence has the last
one, and where a probe failed your own word stays below strong. Running over time lowers the best level that is
possible for technique, or where nothing is worked out, for communication: by one beyond a tenth, by two beyond a half.
"""

from dataclasses import dataclass
from statistics import median_low

from backprop.interview.axes import AXES, PERSONAL, axes_of
from backprop.interview.formats import FORMATS
from backprop.interview.turn import again, case, slip_id

VERY = 0.9  # the mean from which it is very strong
NUDGED = 0.75  # what an item counts that took a question, or was guessed
SURE = 0.5  # ... that was answered wrongly by who was sure of it, and then mended
ADMITTED = ("doubt", "open", "why")  # follow-ups that no probe settles
GRACE, FAR = 1.1, 1.5  # times the minutes that an answer gets


@dataclass(frozen=True)
class Item:
    """One piece of evidence for an axis: what it is, what it counts (0 to 1), if it was tried, if it is basic.

    many says that it is made of several checks, as code is, or was tried twice, so that a level may rest on it alone.
    """

    says: str
    axis: str
    credit: float
    tried: bool
    basic: bool = True
    many: bool = False


def items(turn, axis):
    """The evidence of one turn for understanding or technique: probes, checks, and slips that were pointed at."""
    found = [*proofs(turn), *told(turn), *let_go(turn), *checks(turn), *slips_seen(turn)]
    return [item for item in found if item.axis == axis]


def proofs(turn):
    """The evidence from the probes of the rubric's points; in the clarifying part, from what was asked."""
    if turn.part == "clarify":
        asked = bool(turn.clarified)
        return [Item(p.says, "understanding", float(turn.shown(p)), asked, basic=False) for p in turn.rubric]
    found = []
    for p in turn.rubric:
        quoted = turn.quoted_on(p)
        pressed = turn.pressed_on(p.id) or quoted
        unknown = p.id in turn.claimed and not turn.probed(p) and not pressed
        if p.probe is None or unknown:  # it was claimed, and nobody asked
            continue
        guessed, sure = turn.guessed(p.id), turn.probes.get(p.id, [])[2:] == ["sure"]
        credit = (1.0 if p.id in turn.claimed and not guessed else NUDGED) if turn.proven(p.id) else 0.0
        both = again(p) in turn.probes  # then a follow-up about it has no probe left: nothing proves it any more
        credit = credit or ((SURE if sure else NUDGED) if pressed and pressed.proven and not both else 0.0)
        if quoted and quoted.proven is not None and quoted.belief not in turn.told_rightly:  # the notes say it wrongly
            credit = min(credit, NUDGED) if quoted.proven else 0.0
        tried = bool(turn.probes.get(p.id, ["", False])[0] or (pressed and pressed.proof))
        tried = tried or p.id in turn.probes
        twice = turn.tries_at(p).count(False) > 1
        found.append(Item(p.says, p.axis, credit, tried, p.level == "pass", many=both or (twice and not credit)))
    return found + [accused(turn, one) for one in turn.pressed if one.belief and turn.point_of(one.belief) is None]


def told(turn):
    """The evidence from the statements, for each axis: all told right from wrong, or each that wasn't mended then."""
    if not turn.told:
        return []
    found = []
    for axis, ids in turn.stated_axes.items():
        missed = [id for id in ids if id in turn.told_wrongly]
        credit = 1.0 if not missed else NUDGED if turn.set_right.issuperset(missed) else 0.0
        credit = 0.0 if axis in turn.axes_held_wrongly else credit  # some of them don't outweigh what is believed
        many = len(ids) > 1 or not credit  # what failed did so twice, or more failed than could be asked about
        says = f"{len(ids)} statement{'s' if len(ids) > 1 else ''} told right from wrong"
        found.append(Item(says, axis, credit, True, many=many))
    return found


def let_go(turn):
    """What went beyond the probes and, by one's own word, wasn't held: a doubt, an open point, a reason.

    One's word counts against oneself, where it can't count for. Who passed on it only lacks it.
    """
    gone = [one for one in turn.pressed if one.proven is False and one.about.partition(":")[0] in ADMITTED]
    points = [(turn.point(one.about), one.how != "passed") for one in gone]
    return [Item(p.says, p.axis, 0.0, said, basic=said and p.level == "pass") for p, said in points]


def accused(turn, one):
    """The evidence from a wrong turn that stood in the notes: whether its holder let go of it when asked."""
    p = turn.point(one.about)
    return Item(p.says, p.axis, NUDGED if one.proven else 0.0, one.proven is not None)


def checks(turn):
    """The evidence from what was run or named: the code, the planted bugs, and whether one asked before coding."""
    q, found = turn.q, []
    if turn.part or not q.coded:
        return found
    if q.clarify:
        tried = bool(turn.tries or turn.clarified)
        found.append(Item("the task was clarified before coding", "understanding", float(turn.asked_before), tried))
    if q.format == "bug":
        found += [bug_item(turn, q, slip) for slip in case(q).slips]
    passed = bool(turn.tries) and turn.tries[-1]["passed"]
    credit = 0.0 if not passed else 1.0 if len(turn.tries) == 1 else 0.5
    return [*found, Item("the code passes its checks", "technique", credit, bool(turn.tries), many=True)]


def bug_item(turn, q, slip):
    """Whether a planted slip was named in the first guess with nothing beside it; later, pressed or mended is half."""
    named = [slip.id in guess["slips"] for guess in turn.guesses]
    pressed = turn.pressed_on(slip_id(f"{q.exercise}/{slip.id}"))
    half = any(named) or (pressed and pressed.proven) or any(one["passed"] for one in turn.tries)
    credit = 1.0 if named and named[0] and turn.guesses[0]["right_names"] else 0.5 if half else 0.0
    return Item(f"the bug is named: {slip.name}", "technique", credit, bool(named or (pressed and pressed.proof)))


def slips_seen(turn):
    """Slips in one's own code: seen when they were pointed at, or not. They never count whole."""
    if turn.q.format != "code":
        return []
    slips = [one for one in turn.pressed if one.about.startswith(slip_id(""))]
    return [Item(one.about, "technique", 0.5 if one.proven else 0.0, bool(one.proof), basic=False) for one in slips]


def failed_for_good(turn):
    """The evidence that was tried and counts nothing: a reason for what is wrong is no reason."""
    guessed = {p.says for p in turn.rubric if turn.guessed(p.id)}  # a guess claims nothing
    found = [*proofs(turn), *told(turn), *let_go(turn)]
    return [item for item in found if item.tried and not item.credit and item.says not in guessed]


def failed_twice(turn):
    """Whether a point of any axis failed in both forms, or two failed for good: then it isn't understood."""
    found = [*proofs(turn), *told(turn)]
    return any(item.many and not item.credit for item in found) or len(failed_for_good(turn)) > 1


def level(evidence):
    """The level that items of evidence give, 0 to 4."""
    tried = [item for item in evidence if item.tried]
    if len(tried) < 2 and not any(item.many for item in tried):
        return 0
    credit = sum(item.credit for item in evidence) / len(evidence)
    if any(not item.credit for item in tried) or not all(item.credit for item in evidence if item.basic):
        return 2 if credit else 1
    return 4 if credit >= VERY else 3 if credit >= 0.5 else 2


def levels(turn):
    """{axis: (level, by)} of a turn: by "checks", or where somebody else rated it, by "partner" or "assistant".

    An axis is left out where nothing of it can be checked, and nobody rated it.
    """
    q, found = turn.q, {}
    for axis in axes_of(q, turn.part):
        evidence = items(turn, axis)
        if axis in PERSONAL and axis in turn.levels:
            found[axis] = tuple(turn.levels[axis])
        elif (axis not in PERSONAL and evidence) or level(evidence):
            found[axis] = checked(axis, [turn]), "checks"
    if "understanding" in found and len(turn.wrong_answers) > 1:  # that they were mended then doesn't undo it
        found["understanding"] = min(found["understanding"][0], 2), "checks"
    timed = timed_axis(turn)
    if timed in found:
        found[timed] = min(found[timed][0], best(turn)), found[timed][1]
    return found


def timed_axis(turn):
    """The axis that pays where an answer ran over its time."""
    return "communication" if turn.part else FORMATS[turn.q.format].timed


def overall(turns):
    """{axis: level} of a whole interview, from the evidence of all its turns: what one question can't settle."""
    answered = [turn for turn in turns if turn.answered_at is not None]
    found = {axis: given for axis in AXES if (given := checked(axis, answered))}
    understood = [one for turn in answered if (one := levels(turn).get("understanding", (0, ""))[0])]
    if "understanding" in found and understood and median_low(understood) < 3:
        found["understanding"] = min(found["understanding"], 2)
    return found


def personal(turns, said):
    """{axis: (level, by)} of what a person rated at the end, as far as the evidence and the time bear it out.

    said: {axis: [level, by]}.
    """
    answered = [turn for turn in turns if turn.answered_at is not None]
    most = dict.fromkeys(said, 4)
    if "rationale" in said and said["rationale"][1] == "yourself":
        failed = any(map(failed_for_good, answered))
        most["rationale"] = min(checked("rationale", answered) or 4, 2 if failed else 4)
    timed = [best(turn) for turn in answered if timed_axis(turn) == "communication"]
    if "communication" in said and timed:
        most["communication"] = median_low(timed)
    return {axis: (min(level, most[axis]), by) for axis, (level, by) in said.items()}


def checked(axis, turns):
    """The level that the evidence of some turns gives; understanding is weak at most where a question failed twice."""
    given = level([item for turn in turns for item in items(turn, axis)])
    return min(given, 2) if axis == "understanding" and any(map(failed_twice, turns)) else given


def best(turn):
    """The best level that the time taken leaves."""
    share = turn.minutes * 60 / turn.limit
    return 4 if share <= GRACE else 3 if share <= FAR else 2


def credits(turn):
    """The credit of each check and each point of the rubric, for the memory: 1, ½ or 0 each.

    Here a claim that can't be checked counts as you gave it.
    """
    found = [item.credit for item in [*checks(turn), *told(turn)]]
    for p in turn.rubric:
        pressed = turn.pressed_on(p.id)
        found.append(1.0 if turn.shown(p) else 0.5 if turn.proven(p.id) or (pressed and pressed.proven) else 0.0)
    return found
