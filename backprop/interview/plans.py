"""The plans choose an interview's questions and their order: by seed, by what went badly, by what was asked lately."""

import random
from dataclasses import dataclass
from functools import cache

from backprop.interview.bank import DIFFICULTIES
from backprop.interview.turn import CLARIFYING
from backprop.path import link, table

PRESSING = 1.5  # minutes that probes and follow-ups take besides the answer
PHONE_SCREEN, ONSITE, LADDER, REVIEW = 20, 45, 25, 15  # minutes
SHORT = 3  # minutes: what takes no longer can be said in sixty seconds, if need be
DUE = 10  # minutes of a review: more than these isn't spent on what is due as long as there is something new
ENOUGH = 0.75  # of a plan's minutes: from there on nothing that should stay away is fetched back to fill them
FAR = 2  # the tier of questions for a role that wasn't chosen
FRESH, ASKED, ONE_TOO_MANY = range(3)  # in the order of asking; what was asked lately has the numbers after these

PLANS = {
    "60 seconds": "one short talk, and what it leaves out",
    "phone screen": "20 minutes, a talk first, then across the topics",
    "onsite": "45 minutes on code: clarify, derive, code, find the bug, discuss, your story, your questions",
    "ladder": "one topic, from easy to hard",
    "weak spots": "20 minutes on what the record says you are weakest at",
    "review": "five to fifteen minutes of what is due today, and something new",
    "own choice": "the questions that you name",
}


class NoPlan(ValueError):
    """A plan that can't be made; the text says why, and what there is instead."""


@dataclass(frozen=True)
class Round:
    """One turn of the plan: a question's id; part is "clarify" where only its clarifying questions are the task."""

    question: str
    part: str = ""


def choose(plan, questions, seed=0, *, topic=None, ids=(), weak=(), recent=(), known=(), roles=()):
    """The rounds of a plan. Raises NoPlan.

    questions  {id: Question}, what may be asked
    topic      keeps to one topic; a ladder without one takes the topic of the weakest question, or one by seed
    ids        for "own choice": which questions, in order
    weak       ids, the weakest first: "weak spots" and "review" ask these; of the others they are at most half
    recent     ids that were asked lately, the one asked longest ago first: they stay away where something else fits
    known      ids that were ever asked, the one asked longest ago first: all others, but for the weak ones, come first
    roles      names of the roles in path.toml: their questions are asked like the core's, those of others last
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
    asked = [*known, *(id for id, q in questions.items() if tier(q, roles) == FAR)]  # those of other roles beside them
    away = {id: ASKED for id in asked if id not in rank}
    away |= {id: n for n, id in enumerate(recent, ONE_TOO_MANY + 1)}
    nearest = 1 if plan == "60 seconds" else 0  # few fit into a minute: the core's one isn't always the first of them
    pool = ordered(questions, seed, rank, known=known, roles=roles, nearest=nearest)
    pool = [q for q in pool if topic in (None, q.topic) and (plan == "onsite" or q.format != "closing")]
    rounds = mixed(plan, pool, rank, away)
    if not rounds:
        raise NoPlan("Nothing is due." if plan == "review" else f"No question fits the plan {plan!r} there.")
    return rounds


def mixed(plan, pool, weak, away):
    """The rounds, with something else in them too: where more than half are weak, all but the weakest stay away.

    Otherwise whoever answers badly would be asked the same questions every day, and never another one.
    """
    while True:
        rounds = MAKERS[plan](pool, weak, away)
        ids = {r.question for r in rounds}
        half = max(1, len(ids) // 2)
        named = sorted((id for id in ids if id in weak and id not in away), key=weak.get)
        if plan in ("weak spots", "review") or len(named) <= half:
            return rounds
        away = {id: ONE_TOO_MANY for id in weak if id not in named[:half]} | away


def topics(questions):
    """The topics, in the order of the bank."""
    return list(dict.fromkeys(q.topic for q in questions.values()))


def ordered(questions, seed, weak, *, known=(), roles=(), nearest=0):
    """All questions in the order of asking: the weak ones, then what was never asked, then what was, longest ago first.

    Those never asked come by their tier, where tiers up to `nearest` are one, and then by lot. A question draws by its
    own name, so that another one changes the order of no two that were there.
    """
    drawn = {id: random.Random(f"interview/{seed}/{id}").random() for id in questions}
    before = {id: n for n, id in enumerate(known)}

    def place(q):
        return weak.get(q.id, len(weak)), before.get(q.id, -1), max(nearest, tier(q, roles)), drawn[q.id]

    return sorted(questions.values(), key=place)


def tier(q, roles):
    """How near a question is: 0 in the core or a chosen role, FAR in another role where one is chosen, else 1."""
    role = homes().get(q.section)
    if q.core or role in roles:
        return 0
    return FAR if role and roles else 1


@cache
def homes():
    """{link to a section: the role that it is for}."""
    return {link(key): role for role, keys in table()["role"].items() for key in keys}


def first(found, format, away, besides=()):
    """The question to ask: rather another format than one that should stay away, rather a topic not in `besides`."""
    seen = {q.topic for q in besides}
    return min(found, key=lambda q: (away.get(q.id, FRESH), q.format != format, q.topic in seen), default=None)


def other(pool, chosen):
    """The questions of the pool that aren't chosen."""
    ids = {q.id for q in chosen}
    return [q for q in pool if q.id not in ids]


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


def fits(q, chosen, budget, away):
    """Whether the minutes hold it; what should stay away isn't fetched back only to fill them."""
    wanted = away.get(q.id, FRESH) <= ASKED or cost(chosen) < ENOUGH * budget
    return wanted and cost([*chosen, q]) <= budget


def filled(chosen, pool, budget, away):
    """`chosen`, and after it what still fits the minutes, new topics first."""
    chosen = list(chosen)
    while rest := [q for q in other(pool, chosen) if not chosen or fits(q, chosen, budget, away)]:
        chosen.append(first(rest, None, away, chosen))
    return chosen


def sixty_seconds(pool, weak, away):
    """What is answered in a minute, a talk rather than a discussion; before one of the last days a longer one."""
    short = [q for q in pool if q.format in ("talk", "discussion") and q.minutes <= SHORT]

    def place(q):
        stage = away.get(q.id, FRESH)
        return stage > ASKED, q.minutes > 1, stage, weak.get(q.id, len(weak)), q.format != "talk"

    return asked(sorted(short, key=place)[:1])


def phone_screen(pool, weak, away):
    """A talk, a derivation, something by hand, a discussion, and what else fits. No code: it is done by phone."""
    spoken, chosen = [q for q in pool if not q.coded], []
    for format in ("talk", "whiteboard", "hand", "discussion"):
        short = [q for q in other(spoken, chosen) if fits(q, chosen, PHONE_SCREEN, away)]
        chosen += [q] if (q := first(short, format, away, chosen)) else []
    return asked(filled(chosen, spoken, PHONE_SCREEN, away))


def onsite(pool, weak, away):
    """The task is read and clarified; its topic derived on the whiteboard; then code, a bug, and discussions.

    Last come your story and your own questions.
    """
    stories = [q for q in pool if q.format == "story" and away.get(q.id, FRESH) <= ASKED]
    last = [*stories[:1], *[q for q in pool if q.format == "closing"][:1]]
    budget = ONSITE - CLARIFYING - round(cost(last))
    coding = [q for q in pool if q.format == "code"]
    coding.sort(key=lambda q: (not q.clarify, away.get(q.id, FRESH)))
    chosen = coding[:1]

    def add(pool, *formats, besides=()):
        short = [q for q in pool if sum(one.minutes for one in [*chosen, q]) <= budget]
        found = [[q for q in short if q.format == format] for format in formats]
        chosen.extend([first(those, None, away, besides) for those in found if those][:1])

    add(sorted(pool, key=lambda q: q.topic not in {code.topic for code in chosen}), "whiteboard", "hand")
    add(pool, "bug")
    add(pool, "discussion", "talk", besides=chosen)
    rounds = asked(filled(chosen, [q for q in pool if q.format == "discussion"], budget, away))
    if coding:
        rounds = [Round(coding[0].id, "clarify"), *rounds[1:2], rounds[0], *rounds[2:]]
    return [*rounds, *asked(last)]


def ladder(pool, weak, away):
    """One topic, from easy to hard: the first one that has enough to ask without what should stay away."""
    short = [q for q in pool if cost([q]) <= LADDER / 2] or pool  # one question isn't a ladder
    each = [filled([], [q for q in short if q.topic == topic], LADDER, away) for topic in {q.topic: 0 for q in short}]
    chosen = min(each, key=lambda chosen: sum(away.get(q.id, FRESH) > ASKED for q in chosen), default=[])
    return asked(sorted(chosen, key=lambda q: DIFFICULTIES.index(q.difficulty)))


def weak_spots(pool, weak, away):
    """The weakest first, whatever their topic, then what was never asked. Code is left to the plans with a cell."""
    spoken = [q for q in pool if not q.coded]
    named = fitting([q for q in spoken if q.id in weak and q.id not in away], PHONE_SCREEN)
    return asked(filled(named, spoken, PHONE_SCREEN, away))


def review(pool, weak, away):
    """What is due, then something else that can be said, the new first; of that nothing that should stay away."""
    due = [q for q in pool if q.id in weak]
    others = [q for q in other(pool, due) if not q.coded and away.get(q.id, FRESH) <= ASKED]
    return asked(filled(fitting(due, DUE if others else REVIEW), others, REVIEW, away))


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
