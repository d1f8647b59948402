"""One turn: a question with everything that happened in it, what it listens for, and what it presses on next."""

from dataclasses import dataclass, field, replace
from functools import lru_cache

from backprop.interview import bank, listen
from backprop.interview.bank import RUNGS, FollowUp, Point
from backprop.interview.beliefs import refuted
from backprop.interview.probes import Probe
from backprop.practice import bank as exercises
from backprop.practice.bugs import bug

MOST_PRESSED = 3
CLARIFYING = 5  # minutes


class Lost(ValueError):
    """An interview that asks what this version of the bank doesn't have."""


@dataclass
class Pressed:
    """A follow-up: the point that it is about, the reply, and whether that was proven (None: not settled yet)."""

    about: str
    reply: str = ""
    how: str = ""
    proof: str = ""
    proven: bool | None = None

    @property
    def belief(self):
        """The id of the wrong turn that was quoted back, or ""."""
        kind, _, id = self.about.partition(":")
        return id if kind == "belief" else ""


@dataclass
class Turn:
    """A question with everything that happened in it. Times are seconds on the interview's clock."""

    question: str
    part: str = ""
    phase: str = "asked"
    asked_at: float = 0.0
    finished_at: float | None = None  # when you had said all, before notes were typed
    answered_at: float | None = None
    done_at: float | None = None
    notes: str = ""
    how: str = ""
    clarified: list = field(default_factory=list)  # [what was asked, the number of the clarification or None]
    tries: list = field(default_factory=list)  # {"passed", "slips", "message"} of each function handed in
    guesses: list = field(default_factory=list)  # {"lines", "names", "slips", "right_lines", "right_names"}
    claimed: list = field(default_factory=list)
    process: list = field(default_factory=list)
    to_probe: list | None = None  # the points whose probes are asked; None in interviews before they were chosen
    heard: list = field(default_factory=list)  # the wrong turns that were noticed in the notes
    probes: dict = field(default_factory=dict)  # {point: [answer, passed]}
    pressed: list = field(default_factory=list)  # each follow-up, as Pressed
    levels: dict = field(default_factory=dict)  # {axis: [level, by]} of the axes that a person rates
    asked_before: bool = False  # whether it was clarified before the first code was handed in

    @property
    def q(self):
        """The question itself, its numbers filled in. Raises Lost."""
        return question(self.question)

    @property
    def limit(self):
        """Seconds that the answer gets."""
        return 60 * (CLARIFYING if self.part == "clarify" else self.q.minutes)

    @property
    def minutes(self):
        """Minutes that the answer took, without the typing after it; 0 as long as there is none."""
        if self.answered_at is None:
            return 0.0
        return ((self.answered_at if self.finished_at is None else self.finished_at) - self.asked_at) / 60

    # ---- what it listens for ----

    @property
    def rubric(self):
        """The points that this turn listens for. In the clarifying part they are what could have been asked."""
        return clarifications(self.q) if self.part == "clarify" else self.q.points

    def point(self, id):
        """The point of this turn with this id, be it from the rubric, a slip, or a question that convinces."""
        kind, colon, rest = id.partition(":")
        if colon and kind == "slip":
            return slip_point(rest, rest in self.mended, [*self.slips_made, *self.q.slips])
        if colon and kind == "restate":
            return restate(self.q)
        if colon and kind in ("belief", "doubt"):
            belief = next(one for one in self.q.beliefs if one.id == rest)
            return self.flagged(belief) if kind == "belief" else doubted(belief)
        found = next(p for p in self.rubric if p.id == (rest if colon else id))
        return convince(self.q, found) if colon else self.in_another_form(pressable(found))

    def in_another_form(self, p):
        """A point with the probe that is still to be asked: its other form, where the first one was asked.

        Interviews of earlier releases asked the same one again.
        """
        asked = self.to_probe is not None and p.id in self.probes
        return replace(p, probe=p.again) if p.again and asked else p

    def flagged(self, belief):
        """A wrong turn that stands in the notes, as a point to press on: its sentence is quoted back."""
        said = listen.sentence_heard(belief.notice, self.notes)
        ask = f"You wrote: “{said.rstrip(':;, ')}” Is that so? Why?" if said else f"Is it so: “{belief.sounds[0]}” Why?"
        p = self.point_of(belief.id)
        probe = self.in_another_form(p).probe if p else None
        axis, level = (p.axis, p.level) if p else ("understanding", "pass")
        return Point(f"belief:{belief.id}", belief.says, level, axis, follow_up=FollowUp(ask, belief.says), probe=probe)

    def point_of(self, belief):
        """The point whose probe a wrong turn, by its id, is put to, or None."""
        return next((p for p in self.rubric if belief in refuted(self.q).get(p.id, ())), None)

    # ---- what it has shown ----

    def proven(self, id):
        """Whether a point was proven by its first probe."""
        return bool(self.probes.get(id, ["", False])[1])

    def shown(self, p):
        """Whether a point holds, as far as this turn has shown: claimed, and proven where that was asked."""
        if self.part == "clarify":
            return any(f"clarify-{n}" == p.id for _, n in self.clarified)
        return p.id in self.claimed and (not self.probed(p) or self.proven(p.id))

    def probed(self, p):
        """Whether the probe of a point is among those that are asked."""
        return p.probe is not None and p.id in (self.claimed if self.to_probe is None else self.to_probe)

    def pressed_on(self, id):
        """The follow-up about a point, or None."""
        return next((one for one in self.pressed if one.about == id), None)

    def quoted_on(self, p):
        """The follow-up that quoted a wrong turn back and put it to the probe of this point, or None."""
        return next((one for one in self.pressed if one.belief and self.point_of(one.belief) == p), None)

    @property
    def slips_made(self):
        """The ids of all slips that were diagnosed in the code of this turn."""
        return [slip for one in self.tries for slip in one["slips"]]

    @property
    def open_slips(self):
        """The slips that stand at the end, "exercise/slip": diagnosed in the last code, or planted and not named."""
        last = self.tries[-1] if self.tries else None
        if self.part == "clarify" or (last and last["passed"]):
            return []
        found = {slip for guess in self.guesses for slip in guess["slips"]}
        planted = self.q.slips if self.q.format == "bug" else ()
        wrong = [slip for slip in [*planted, *(last["slips"] if last else [])] if slip not in found]
        return [f"{self.q.exercise}/{slip}" for slip in dict.fromkeys(wrong)]

    @property
    def mended(self):
        """The slips that were made on the way and are gone."""
        planted = self.q.slips if self.q.format == "bug" else ()  # they were there before
        made = [f"{self.q.exercise}/{slip}" for slip in self.slips_made if slip not in planted]
        standing = self.open_slips
        return [key for key in dict.fromkeys(made) if key not in standing]

    # ---- what it presses on ----

    def press(self):
        """Press on the next point, or go on to the axes where there is none. A claim that is open is probed first."""
        if self.phase == "probe" and self.current:
            return
        about = self.next_point()
        if about is None:
            self.phase = "axes"
        else:
            self.pressed.append(Pressed(about))
            self.phase = "follow-up"

    def next_point(self):
        """The id of the point to press on, or None.

        Slips come first, then what the notes say wrongly, what was asked and failed, and what was missed, basic first.
        """
        done = {one.about for one in self.pressed}
        missed = [p for p in self.rubric if not (self.shown(p) or (self.to_probe is not None and self.proven(p.id)))]
        missed = [p for p in missed if not ((quoted := self.quoted_on(p)) and quoted.proof)]  # that was its other form
        missed.sort(key=lambda p: (self.to_probe is None or p.id not in self.probes, rung(p)))
        wrong = [f"belief:{id}" for id in self.heard]
        wanted = [*map(slip_id, self.open_slips), *wrong, *(p.id for p in missed), *map(slip_id, self.mended)]
        if len(done) >= MOST_PRESSED:
            return None
        if (found := next((id for id in wanted if id not in done), None)) or done:
            return found
        if self.part == "clarify":
            return "restate:"
        doubts = [belief for belief in self.q.beliefs if belief.sounds] if self.to_probe is not None else []
        return (
            f"doubt:{doubts[int(self.asked_at) % len(doubts)].id}" if doubts else "why:" + max(self.rubric, key=rung).id
        )

    @property
    def current(self):
        """The point whose probe or follow-up is under way, or None."""
        if self.phase == "probe":
            return next((p for p in self.rubric if self.probed(p) and p.id not in self.probes), None)
        return self.point(self.pressed[-1].about) if self.phase in ("follow-up", "proof", "judge") else None


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


# ---- its points ----


def rung(p):
    """How far up a point belongs, from 0 for the basic ones."""
    return RUNGS.index(p.level)


def label(p):
    """A point in a few words, as the tick list asks for it."""
    return p.name or p.id.replace("-", " ")


def clarifications(q):
    """The clarifying questions of a coding task as points. Asking is what counts: there is nothing to tick."""
    ask = "There is something that you didn't ask me. What would you assume, and say that you assume?"
    says = "Before coding, ask what this answers: “{}”"
    answers = [one.answer for one in q.clarify]
    return tuple(
        Point(f"clarify-{n}", says.format(answer), follow_up=FollowUp(ask, answer)) for n, answer in enumerate(answers)
    )


def slip_id(key):
    """The id of the point that a slip, "exercise/slip", is pressed on by."""
    return f"slip:{key}"


def slip_point(key, mended=False, besides=()):
    """A slip, "exercise/slip", as a point to press on; its name among those of others proves it, less of `besides`."""
    exercise, _, id = key.partition("/")
    slips = {slip.id: slip for slip in exercises.find(exercise).slips}
    slip, others = slips[id], [other.name for other in slips.values() if other.id not in (id, *besides)]
    ask = f"{slip.says} What would you look at?"
    if mended:
        ask = "Your first version had a slip, and you fixed it. What was it, and which small test would show it?"
    names = Probe("choice", "Which one was it?" if mended else "Which one is it?", slip.name, tuple(others[:3]))
    says = f"{slip.name[0].upper()}{slip.name[1:]}."
    follow_up = FollowUp(ask, f"{says} {slip.means}")
    return Point(slip_id(key), says, axis="technique", follow_up=follow_up, probe=names, name=slip.name)


def pressable(p):
    """A point that can be pressed on. One without a follow-up gets one that asks for its sentence in other words."""
    if p.follow_up:
        return p
    ask = f"You didn't say this: {p.says} Say it in your own words. Why is it so?"
    return replace(p, follow_up=FollowUp(ask, p.says))


def doubted(belief):
    """A wrong turn as a doubt, for an answer that missed nothing: what counts is to hold one's ground with a reason."""
    ask = f"I am not sure. I have heard it said like this: “{belief.sounds[0]}” What do you say to that?"
    return Point(f"doubt:{belief.id}", belief.says, axis="rationale", follow_up=FollowUp(ask, belief.says))


def convince(q, p):
    """The highest point once more, for an answer that missed nothing."""
    doubt = f"Take this point: {p.says} How would you convince somebody who doubts it?"
    return replace(p, id=f"why:{p.id}", follow_up=p.follow_up or FollowUp(doubt, q.answer), probe=None)


def restate(q):
    """The point to press on where there was nothing to clarify, or all of it was asked."""
    answer = " ".join(["It should name what comes in and what goes out, with shapes.", *(c.answer for c in q.clarify)])
    ask = "Say the task back to me: what comes in, what goes out, with shapes."
    return Point("restate:", "The task said back, with shapes.", axis="communication", follow_up=FollowUp(ask, answer))
