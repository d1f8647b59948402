"""The plans choose an interview's questions and their order: by seed, by what went badly, by what was asked lately."""

import random
from dataclasses import dataclass

from backprop.interview.bank import DIFFICULTIES
from backprop.interview.turn import CLARIFYING

PRESSING = 1.5  # minutes that probes and follow-ups take besides the answer
PHONE_SCREEN, ONSITE, LADDER, REVIEW = 20, 45, 25, 5  # minutes
LONG = 8  # minutes: a coding task that takes at least these fills a round
ENOUGH = 0.75  # of a plan's minutes: from there on nothing that should stay away is fetched back to fill them
FRESH = -1  # the place of a question that needn't stay away: before all that should

PLANS = {
    "60 seconds": "one short talk, and what it leaves out",
    "phone screen": "20 minutes, a talk first, then across the topics",
    "onsite": "45 minutes on code: clarify, derive, code, find the bug, discuss",
    "ladder": "one topic, from easy to hard",
    "weak spots": "20 minutes on what the record says you are weakest at",
    "review": "five minutes of what is due today",
    "own choice": "the questions that you name",
}


class NoPlan(ValueError):
    """A plan that can't be made; the text says why, and what there is instead."""


@dataclass(frozen=True)
class Round:
    """One turn of the plan: a question's id; part is "clarify" where only its clarifying questions are the task."""

    question: str
    part: str = ""


def choose(plan, questions, seed=0, *, topic=None, ids=(), weak=(), recent=()):
    """The rounds of a plan. Raises NoPlan.

    questions  {id: Question}, what may be asked
    topic      keeps to one topic; a ladder without one takes the topic of the weakest question, or one by seed
    ids        for "own choice": which questions, in order
    weak       ids, the weakest first: "weak spots" and "review" ask these; of the others they are at most half
    recent     ids that were asked lately, the one asked longest ago first: they stay away where something else fits
    """
    if plan not in PLANS:
        raise NoPlan(f"There is no plan {plan!r}. There are {', '.join(PLANS)}.")
    if unknown := [id for id in ids if id not in questions]:
        raise NoPlan(f"There is no question {unknown[0]!r}. `questions()` of backprop.interview.bank has them all.")
    if plan == "own choice":
        if not ids:
            raise NoPlan("For your own choice, name the questions: questions=['neuron.derive'].")
        return [Round(id) for id in ids]
    if topic is not None and topic not in topics(questions):
        raise NoPlan(f"There is no topic {topic!r}. There are {'; '.join(topics(questions))}.")
    rank = {id: n for n, id in enumerate(weak)}
    pool = [q for q in ordered(questions, seed, rank) if topic in (None, q.topic)]
    rounds = mixed(plan, pool, rank, {id: n for n, id in enumerate(recent, 1)})
    if not rounds:
        raise NoPlan("Nothing is due." if plan == "review" else f"No question fits the plan {plan!r} there.")
    return rounds


def mixed(plan, pool, weak, late):
    """The rounds, with something else in them too: where more than half are weak, the least weak stay away too.

    Otherwise whoever answers badly would be asked the same questions every day, and never another one.
    """
    late = dict(late)  # what should stay away, and which of it is fetched back first
    while True:
        rounds = MAKERS[plan](pool, weak, late)
        ids = {r.question for r in rounds}
        named = [id for id in ids if id in weak and id not in late]
        if plan in ("weak spots", "review") or len(named) <= max(1, len(ids) // 2):
            return rounds
        late[max(named, key=weak.get)] = 0  # if something must be fetched back, then before what was asked lately


def topics(questions):
    """The topics, in the order of the bank."""
    return list(dict.fromkeys(q.topic for q in questions.values()))


def ordered(questions, seed, weak):
    """All questions in the order of asking: the weak ones, then core ones, then the others, each by seed.

    A question draws its place by its own name, so that another one changes the order of no two that were there.
    """
    drawn = {id: random.Random(f"interview/{seed}/{id}").random() for id in questions}
    return sorted(questions.values(), key=lambda q: (weak.get(q.id, len(weak)), not q.core, drawn[q.id]))


def first(pool, format, late, besides=()):
    """The first question of a format, on another topic than `besides` (questions of other formats) if possible."""
    found = [q for q in pool if q.format == format]
    return next_of(found, besides, late) if found else None


def next_of(found, besides, late):
    """The question to ask: none that should stay away, on a topic not in `besides`, the first of those found."""
    seen = {q.topic for q in besides}
    return min(found, key=lambda q: (late.get(q.id, FRESH), q.topic in seen))


def cost(chosen):
    """Minutes that these questions take, pressed."""
    return sum(q.minutes + PRESSING for q in chosen)


def fitting(pool, budget):
    """As many questions as fit the minutes, those in front first, and at least one."""
    chosen = []
    for q in pool:
        if not chosen or cost([*chosen, q]) <= budget:
            chosen.append(q)
    return chosen


def filled(chosen, pool, budget, late):
    """`chosen`, and after it what still fits the minutes, new topics first."""
    chosen = list(chosen)

    def fits(q):
        return cost([*chosen, q]) <= budget and (q.id not in late or cost(chosen) < ENOUGH * budget)

    while rest := [q for q in pool if q not in chosen and (not chosen or fits(q))]:
        chosen.append(next_of(rest, chosen, late))
    return chosen


def sixty_seconds(pool, weak, late):
    """A talk of a minute; rather than one of yesterday's, a short discussion, which is answered in a minute too."""
    short = [q for q in pool if q.format in ("talk", "discussion") and q.minutes == 1]
    short.sort(key=lambda q: (late.get(q.id, FRESH), weak.get(q.id, len(weak)), q.format != "talk"))
    talk = next(iter(short), None) or first(pool, "talk", late)
    return asked([talk] if talk else [])


def phone_screen(pool, weak, late):
    """A talk, a derivation, something by hand, a discussion, and what else fits. No code: it is done by phone."""
    spoken, chosen = [q for q in pool if not q.coded], []
    for format in ("talk", "whiteboard", "hand", "discussion"):
        short = [q for q in spoken if cost([*chosen, q]) <= PHONE_SCREEN]
        chosen += [q] if (q := first(short, format, late, chosen)) else []
    return asked(filled(chosen, spoken, PHONE_SCREEN, late))


def onsite(pool, weak, late):
    """The task is read and clarified; its topic derived on the whiteboard; then code, a bug, and discussions."""
    budget = ONSITE - CLARIFYING
    coding = [q for q in pool if q.format == "code"]
    coding.sort(key=lambda q: (not q.clarify, late.get(q.id, FRESH), q.minutes < LONG))
    chosen = coding[:1]

    def add(pool, *formats, besides=()):
        short = [q for q in pool if sum(one.minutes for one in [*chosen, q]) <= budget]
        found = filter(None, (first(short, format, late, besides) for format in formats))
        chosen.extend(list(found)[:1])

    add(sorted(pool, key=lambda q: q.topic not in {code.topic for code in chosen}), "whiteboard", "hand")
    add(pool, "bug")
    add(pool, "discussion", "talk", besides=chosen)
    rounds = asked(filled(chosen, [q for q in pool if q.format == "discussion"], budget, late))
    if not coding:
        return rounds
    return [Round(coding[0].id, "clarify"), *rounds[1:2], rounds[0], *rounds[2:]]


def ladder(pool, weak, late):
    """One topic, from easy to hard: the first one that has enough to ask without what should stay away."""
    short = [q for q in pool if cost([q]) <= LADDER / 2] or pool  # one question isn't a ladder
    each = [filled([], [q for q in short if q.topic == topic], LADDER, late) for topic in {q.topic: 0 for q in short}]
    chosen = min(each, key=lambda chosen: sum(q.id in late for q in chosen), default=[])
    return asked(sorted(chosen, key=lambda q: DIFFICULTIES.index(q.difficulty)))


def weak_spots(pool, weak, late):
    """The weakest first, whatever their topic, then what was never asked. Code is left to the plans with a cell."""
    spoken = [q for q in pool if not q.coded]
    named = fitting([q for q in spoken if q.id in weak and q.id not in late], PHONE_SCREEN)
    return asked(filled(named, spoken, PHONE_SCREEN, late))


def review(pool, weak, late):
    """The questions that are due, as many as five minutes hold, and at least one."""
    return asked(fitting([q for q in pool if q.id in weak], REVIEW))


def asked(chosen):
    return [Round(q.id) for q in chosen]


MAKERS = {
    "60 seconds": sixty_seconds,
    "phone screen": phone_screen,
    "onsite": onsite,
    "ladder": ladder,
    "weak spots": weak_spots,
    "review": review,
}
