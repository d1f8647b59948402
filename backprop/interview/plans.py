"""Which questions an interview asks, in which order: chosen by seed, and for weak spots by what the record says."""

import random
from dataclasses import dataclass

from backprop.interview.bank import DIFFICULTIES
from backprop.interview.turn import CLARIFYING

PRESSING = 1.5  # minutes that probes and follow-ups take besides the answer
PHONE_SCREEN, ONSITE, LADDER, REVIEW = 20, 45, 25, 5  # minutes
LONG = 8  # minutes of code from which on it fills a round
CODED = ("code", "bug")  # these need a cell

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


def choose(plan, questions, seed=0, *, topic=None, ids=(), weak=()):
    """The rounds of a plan. Raises NoPlan.

    questions  {id: Question}, what may be asked
    topic      keeps to one topic; a ladder without one takes the topic of the weakest question, or one by seed
    ids        for "own choice": which questions, in order
    weak       ids, the weakest first: "weak spots" and "review" ask these; the others prefer them
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
    pool = ordered(questions, seed, weak)
    if topic is not None:
        pool = [q for q in pool if q.topic == topic]
    rounds = MAKERS[plan](pool, {id: n for n, id in enumerate(weak)})
    if not rounds:
        raise NoPlan("Nothing is due." if plan == "review" else f"No question fits the plan {plan!r} there.")
    return rounds


def topics(questions):
    """The topics, in the order of the bank."""
    return list(dict.fromkeys(q.topic for q in questions.values()))


def ordered(questions, seed, weak):
    """All questions, those that are asked first in front: the weak ones, then core ones, each by seed."""
    rank = {id: n for n, id in enumerate(weak)}
    shuffled = list(questions.values())
    random.Random(f"interview/{seed}").shuffle(shuffled)
    return sorted(shuffled, key=lambda q: (rank.get(q.id, len(rank)), not q.core))


def first(pool, format, besides=()):
    """The first question of a format that isn't in `besides`, on another topic than these if possible."""
    found = [q for q in pool if q.format == format and q not in besides]
    fresh = [q for q in found if q.topic not in {other.topic for other in besides}]
    return next(iter(fresh or found), None)


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


def filled(chosen, pool, budget):
    """`chosen`, and after it what still fits the minutes, new topics first."""
    chosen, rest = list(chosen), [q for q in pool if q not in chosen]
    while rest := [q for q in rest if q not in chosen and (not chosen or cost([*chosen, q]) <= budget)]:
        seen = {q.topic for q in chosen}
        chosen.append(next((q for q in rest if q.topic not in seen), rest[0]))
    return chosen


def sixty_seconds(pool, weak):
    talk = next((q for q in pool if q.format == "talk" and q.minutes == 1), None) or first(pool, "talk")
    return asked([talk] if talk else [])


def phone_screen(pool, weak):
    """A talk, a derivation, something by hand, a discussion, and what else fits. No code: it is done by phone."""
    spoken, chosen = [q for q in pool if q.format not in CODED], []
    for format in ("talk", "whiteboard", "hand", "discussion"):
        short = [q for q in spoken if cost([*chosen, q]) <= PHONE_SCREEN]
        chosen += [q] if (q := first(short, format, chosen)) else []
    return asked(filled(chosen, spoken, PHONE_SCREEN))


def onsite(pool, weak):
    """The task is read and clarified; its topic derived on the whiteboard; then code, a bug, and discussions."""
    budget = ONSITE - CLARIFYING
    coding = sorted((q for q in pool if q.format == "code"), key=lambda q: (not q.clarify, q.minutes < LONG))
    chosen = coding[:1]

    def add(pool, *formats, besides=()):
        short = [q for q in pool if sum(one.minutes for one in [*chosen, q]) <= budget]
        found = filter(None, (first(short, format, besides) for format in formats))
        chosen.extend(list(found)[:1])

    add(sorted(pool, key=lambda q: q.topic not in {code.topic for code in chosen}), "whiteboard", "hand")
    add(pool, "bug")
    add(pool, "discussion", "talk", besides=chosen)
    rounds = asked(filled(chosen, [q for q in pool if q.format == "discussion"], budget))
    if not coding:
        return rounds
    return [Round(coding[0].id, "clarify"), *rounds[1:2], rounds[0], *rounds[2:]]


def ladder(pool, weak):
    """One topic, from easy to hard."""
    chosen = fitting([q for q in pool if q.topic == pool[0].topic], LADDER)
    return asked(sorted(chosen, key=lambda q: DIFFICULTIES.index(q.difficulty)))


def weak_spots(pool, weak):
    """The weakest first, whatever their topic, then what was never asked. Code is left to the plans with a cell."""
    spoken = [q for q in pool if q.format not in CODED]
    named = fitting([q for q in spoken if q.id in weak], PHONE_SCREEN)
    return asked(filled(named, spoken, PHONE_SCREEN))


def review(pool, weak):
    """What is due, as far as five minutes go, and at least one."""
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
