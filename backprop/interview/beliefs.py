"""What a question's usual wrong turns imply, and which probes expose all of them.

Somebody who bluffs says the right words and answers a probe as their belief implies. So the probes of a turn are
chosen together: each belief of the question is refuted by one of them at least, and by its other form as well.
"""

from itertools import combinations

MOST_PROBES = 3  # of one turn


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
    """The points of a question whose probes are asked: at most three, which refute every belief together.

    first  points in the order in which they are wanted; the others follow in the order of the rubric. Two of them speak
           for understanding where that can be: no level rests on one
    """
    order = list({p.id: p for p in [*first, *provable(q)] if p.probe}.values())
    wanted = refuted(q)
    every = set().union(*wanted.values())
    groups = list(combinations(order, min(MOST_PROBES, len(order))))  # the first is the nearest to what is wanted

    def worth(group):
        return set().union(*(wanted[p.id] for p in group)) == every, min(
            2, sum(p.axis == "understanding" for p in group)
        )

    return list(max(groups, key=worth))


def meant(q, probe, answer):
    """The belief whose holder answers so to a probe of the question, whatever it was asked about, or None."""
    held = (
        (belief, one) for belief in q.beliefs for p in q.points for same, one in implied(belief, p) if same == probe
    )
    return next((belief for belief, one in held if probe.alike(answer, one)), None)
