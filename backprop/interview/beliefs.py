"""What a question's usual wrong turns imply, and which probes and statements expose all of them.

Somebody who bluffs says the right words and answers a probe as their belief implies. So what a turn asks is chosen
together: the probes refute as many of the question's beliefs as they can, in both forms. But a probe with a number is
also answered rightly by who believes something else and computes well. So the beliefs are put as statements besides, to
be told right from wrong, and once more beside their opposites where that went wrong.
"""

import random
from itertools import combinations

from backprop.interview import listen
from backprop.interview.bank import Statement
from backprop.interview.formats import FORMATS
from backprop.interview.probes import Probe

MOST_PROBES = 3  # of one turn
BESIDE_STATEMENTS = 2  # ... where statements are judged as well
AT_ONCE, MORE = 10, 12  # statements that everybody judges, and how many more come later, see `Turn.unbeaten`
NEAREST = 3  # so many of the nearest come before what people mostly hold
NAMED = 0.4  # how much nearer a statement is for each hand that named it
FORMS = ("wrong", "right")
DRIFT = 1.5  # how far a place may be drawn back, as a part of its list: the more, the less the order says of the form


def implied(belief, point):
    """[(probe, answer)]: what a belief's holder answers wrongly about a point, to its probe and to its other form."""
    answers = [(point.probe, belief.implies.get(point.id)), (point.again, belief.implies.get(f"{point.id}.again"))]
    return [(probe, answer) for probe, answer in answers if probe and answer is not None]


def refutes(point, belief):
    """Whether a belief's holder fails a point, pressed or not: both forms of its probe are answered wrongly."""
    both = implied(belief, point)
    return len(both) == 2 and not any(passed for passed, _ in (probe.judge(answer) for probe, answer in both))


def provable(q):
    """The points of a question that a probe can prove."""
    return [point for point in q.points if point.probe]


_refuted = {}  # {id of a question: (the question, what each of its points refutes)}: to judge answers takes long


def refuted(q):
    """{id of a point: the ids of the beliefs whose holder fails it}."""
    if id(q) not in _refuted or _refuted[id(q)][0] is not q:
        found = {p.id: {belief.id for belief in q.beliefs if refutes(p, belief)} for p in provable(q)}
        _refuted[id(q)] = q, found
    return _refuted[id(q)][1]


def chosen(q, first=()):
    """The points of a question whose probes are asked: the one that is wanted, and those that refute the most with it.

    They are at most three, or two where there are statements to judge, which then hold the beliefs as well.

    first  points in the order in which they are wanted; the others follow in the order of the rubric. Where statements
           are judged, the first of them is asked in any case, so that each point's turn comes. Two speak for
           understanding where that can be: no level rests on one
    """
    order = list({p.id: p for p in [*first, *provable(q)] if p.probe}.values())
    wanted, kept = refuted(q), order[: bool(first and q.statements)]
    most = BESIDE_STATEMENTS if q.statements else MOST_PROBES
    rest = combinations(order[len(kept) :], min(most, len(order)) - len(kept))
    groups = [(*kept, *group) for group in rest]  # the first is the nearest to what is wanted

    def worth(group):
        exposed = set().union(*(wanted[p.id] for p in group))
        return len(exposed), min(2, sum(p.axis == "understanding" for p in group))

    return list(max(groups, key=worth))


def opposites(q):
    """{id: Statement} of all that can be put as a statement: the question's own, and each of its beliefs."""
    homes = {belief: id for id, beliefs in reversed(refuted(q).items()) for belief in beliefs}  # the first that does
    turns = [belief for belief in q.beliefs if belief.sounds and belief.id in homes]
    held = [Statement(belief.id, *pair(belief), homes[belief.id]) for belief in turns]
    return {one.id: one for one in [*held, *q.statements]}


def pair(belief):
    """What a belief's holder signs, and what sets it right: two sentences that stand alone."""
    return belief.wrong or belief.sounds[0], belief.right or belief.says


def stated(q, seed, notes=""):
    """Two lists of [id, form]: the statements that a turn puts, and what `Turn.push` adds, as the seed has it.

    All of the question's beliefs are among them, and then those to which the notes come nearest, or that people mostly
    hold. Where the notes say nothing the seed draws them, usual ones sooner. Each is put in its wrong or its right
    form, see `in_forms`.
    """
    if not q.statements:
        return [], []
    draw, near = random.Random(f"{seed} {q.id} statements"), listen.leanings(q, notes)
    named = {one.id: one.named for one in q.statements}
    chance, heard = {id: draw.random() ** (1 / (1 + n)) for id, n in named.items()}, any(near.values())
    usual = sorted(named, key=lambda id: (heard * (near[id] + NAMED * named[id]), chance[id]), reverse=True)
    nearest = sorted(usual, key=near.get, reverse=True)[:NEAREST]
    own, there, axis = [*dict.fromkeys([*nearest, *usual])], opposites(q), {p.id: p.axis for p in q.points}
    first = [id for id in own if axis[there[id].about] == FORMATS[q.format].axes[0]][:2]  # no level rests on one
    held = [id for id in there if id not in named]
    ids = [*dict.fromkeys([*held, *first, *own])]
    at_once = sorted(ids[:AT_ONCE], key=lambda id: (id not in nearest, id not in held))
    return in_forms(at_once, draw), in_forms(ids[AT_ONCE : AT_ONCE + MORE], draw)


def in_forms(ids, draw):
    """[[id, form]] of some statements, drawn: the first among the ids are put in their wrong form more often than not.

    Who believes that may sign the right one as well, where it doesn't exclude the other. Of four statements or more two
    are in each form at least, so that no single mark settles them.
    """
    count = [*FORMS, *FORMS, *draw.choices(FORMS, k=len(ids))][: len(ids)].count("wrong")
    place = {id: n + draw.uniform(0, DRIFT * len(ids)) for n, id in enumerate(ids)}
    wrong = sorted(ids, key=place.get)[:count]
    return [[id, "wrong" if id in wrong else "right"] for id in draw.sample(ids, len(ids))]


def either(wrong, right):
    """A sentence beside its opposite, for who said or signed the wrong one: which one is right?"""
    return Probe("choice", "Which of the two is right?", right, (wrong,))


def held_by(q, answers):
    """The beliefs whose holder gives exactly these {place: (answer, passed)}, wrong where they imply it, else right."""
    probes = {place: probe for p in q.points for place, probe in ((p.id, p.probe), (f"{p.id}.again", p.again))}

    def fits(belief, place, answer, passed):
        implied_answer = belief.implies.get(place)
        return passed if implied_answer is None else probes[place].alike(answer, implied_answer)

    wrong = {place for place, (_, passed) in answers.items() if not passed}
    held = [belief for belief in q.beliefs if wrong & {*belief.implies}]
    return [belief for belief in held if all(fits(belief, place, *given) for place, given in answers.items())]


def meant(q, probe, answer):
    """The belief whose holder answers so to a probe of the question, whatever it was asked about, or None."""
    held = (
        (belief, one) for belief in q.beliefs for p in q.points for same, one in implied(belief, p) if same == probe
    )
    return next((belief for belief, one in held if probe.alike(answer, one)), None)
