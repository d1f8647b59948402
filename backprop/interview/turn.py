"""One turn: a question with everything that happened in it, what it listens for, and what it presses on next."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import takewhile

from backprop.interview import bank, listen
from backprop.interview.bank import RUNGS, FollowUp, Point
from backprop.interview.beliefs import MOST_PROBES, either, held_by, opposites, pair, refuted
from backprop.interview.formats import FORMATS
from backprop.interview.probes import Probe
from backprop.practice import bank as exercises
from backprop.practice.bugs import bug

QUOTABLE = 60  # words of a sentence
MOST_ALONE, HALF = 3, 0.5  # sentences that are quoted as said on one's own, and how little the good answer says of them
MOST_PRESSED = 2  # follow-ups about what was missed; what was passed on, or is wrong in code, gets one more
BEYOND = ("restate:", "open:", "doubt:", "check:", "own:", "further:", "why:")  # the one that goes beyond the rubric
CLARIFYING = 5  # minutes
SURE = ("sure", "think", "guess")  # what one says of an answer to a probe before it is judged


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
    sure: str = ""  # how sure one was of the proof
    stands: bool | None = None  # whether one stood by what was judged wrongly; None: nobody asked

    @property
    def to_judge(self):
        """Whether a reply stands that no probe can settle, so that it is compared with the good answer at the end."""
        return self.proven is None and bool(self.how)

    @property
    def belief(self):
        """The id of the wrong turn that was quoted back, or ""."""
        return self._id_of("belief")

    @property
    def statement(self):
        """The id of the statement that was judged wrongly and is asked about, or ""."""
        return self._id_of("statement")

    @property
    def sentence(self):
        """The id of the wrong turn or statement that it is about, or ""."""
        return self.belief or self.statement

    @property
    def quotes(self):
        """Whether its question quotes the notes."""
        return self.about.startswith(("belief:", "own:"))

    def _id_of(self, kind):
        there, _, id = self.about.partition(":")
        return id if there == kind else ""


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
    to_probe: list = field(default_factory=list)  # the points whose probes are asked
    heard: list = field(default_factory=list)  # the wrong turns that were noticed in the notes
    corrected: list = field(default_factory=list)  # those that the notes themselves take back
    probes: dict = field(default_factory=dict)  # {point: [answer, passed, how sure]}
    statements: list = field(default_factory=list)  # [id, "wrong" or "right"] of each sentence to tell right from wrong
    more: list = field(default_factory=list)  # ... that are put later, see `unbeaten`
    decided: str | None = None  # what goes beyond the rubric, as `beyond` had it at the answer; None: it wasn't kept
    told: int = 0  # how many of the statements were judged
    struck: list = field(default_factory=list)  # the ids of those that were called wrong
    pushed: int | None = None  # how many follow-ups there were before it went beyond the rubric; None: it didn't
    pressed: list = field(default_factory=list)  # each follow-up, as Pressed
    levels: dict = field(default_factory=dict)  # {axis: [level, by]}, where somebody else rated this turn
    asked_before: bool = False  # whether it was clarified before the first code was handed in
    doubted: bool = False  # whether a right answer was doubted in an earlier turn
    others: list = field(default_factory=list)  # the questions that this interview asks besides

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
        if colon and kind in WHOLE:
            return WHOLE[kind](self.q)
        if colon and kind == "own":
            return own(next(iter(self.said_alone), self.notes))  # another release may hear it otherwise
        if colon and kind == "statement":
            return self.misjudged(opposites(self.q)[rest])
        if colon and kind == "further":
            return further(question(rest))
        if colon and kind in ("belief", "doubt"):
            belief = next(one for one in self.q.beliefs if one.id == rest)
            return self.flagged(belief) if kind == "belief" else doubted(belief, int(self.asked_at))
        found = next(p for p in self.rubric if p.id == (rest if colon else id))
        if colon:
            return convince(self.q, found) if kind == "why" else replace(pressable(found), probe=None)
        return self.in_another_form(pressable(found))

    def in_another_form(self, p):
        """A point with the probe that is still to be asked: its other form, where the first one was asked."""
        if again(p) in self.probes:
            return replace(p, probe=None)
        return replace(p, probe=p.again) if p.again and p.id in self.probes else p

    def flagged(self, belief):
        """A wrong turn that stands in the notes, as a point to press on: its sentence is quoted back."""
        said = listen.sentence_heard(belief.notice, self.notes)
        ask = f"Is it so: “{belief.sounds[0]}” Why?"  # its words are listened for otherwise since then
        if said:
            ask = f"You wrote: “{listen.quoted(said, self.notes)}” Is that so? Why?"
        p = self.point_of(belief.id)
        used = p is not None and self.quoted_earlier(belief, p)
        probe = (p.again or p.probe) if used else self.in_another_form(p).probe if p else None
        if self.statements and (used or probe is None or belief.id in self.told_wrongly):  # earlier releases put none
            probe = either(*pair(belief))
        axis, level = (p.axis, p.level) if p else ("understanding", "pass")
        return Point(f"belief:{belief.id}", belief.says, level, axis, follow_up=FollowUp(ask, belief.says), probe=probe)

    def misjudged(self, statement):
        """A statement that was judged wrongly, as a point to press on: it stands beside its opposite then."""
        p = next(p for p in self.rubric if p.id == statement.about)
        let_stand = statement.id not in self.struck
        said, ask = (statement.wrong, "You let this stand") if let_stand else (statement.right, "You called this wrong")
        follow_up = FollowUp(f"{ask}: “{said}” Why?", statement.right)
        id, probe = f"statement:{statement.id}", either(statement.wrong, statement.right)
        return Point(id, statement.right, p.level, p.axis, follow_up=follow_up, probe=probe)

    def quoted_earlier(self, belief, p):
        """Whether another wrong turn was quoted before this one, and put to the probe of the same point."""
        before = takewhile(lambda one: one.belief != belief.id, self.pressed)
        return any(one.belief and one.proof and self.point_of(one.belief) == p for one in before)

    def point_of(self, belief):
        """The point whose probe a wrong turn, by its id, is put to, or None."""
        return next((p for p in self.rubric if belief in refuted(self.q).get(p.id, ())), None)

    @property
    def said_alone(self):
        """The whole sentences of the notes of which the good answer says least, and about which nobody asked."""
        if self.part or not self.q.statements:
            return []
        least = listen.said_least(self.q, self.notes, MOST_ALONE, under=HALF)
        said = dict.fromkeys(listen.whole(part, self.notes) for part in least)
        noticed = [belief.notice for belief in self.q.beliefs if belief.id in (*self.heard, *self.corrected)]
        settled = [one for one in said if any(listen.sentence_heard(notice, one) for notice in noticed)]
        return [one for one in said if one not in settled and len(one.split()) <= QUOTABLE]

    # ---- what it has shown ----

    @property
    def put(self):
        """{id: sentence} of the statements, each in its form, in their order."""
        there = opposites(self.q)
        return {id: getattr(there[id], form) for id, form in self.statements}

    @property
    def standing(self):
        """Those of `put` that are still to be judged."""
        return dict([*self.put.items()][self.told :])

    @property
    def told_wrongly(self):
        """The ids of the statements that were judged wrongly: let stand though wrong, or struck out though right."""
        return [id for id, form in self.statements[: self.told] if (id in self.struck) != (form == "wrong")]

    @property
    def told_rightly(self):
        """The ids of the statements that were told right from wrong."""
        return [id for id, _ in self.statements[: self.told] if id not in self.told_wrongly]

    @property
    def wrong_answers(self):
        """What was answered wrongly, mended or not: probes, but for guesses, and statements.

        A statement is there twice where the notes hold what it is about wrongly as well, or where one stood by it when
        asked: a choice between two sentences doesn't undo that.
        """
        answers = self.probes.items()
        wrong = [id for id, (answer, passed, *sure) in answers if answer and not passed and sure != ["guess"]]
        return wrong + self.told_wrongly + [id for id in self.told_wrongly if id in (*self.heard, *self.stood_by)]

    @property
    def stood_by(self):
        """The ids of the wrong turns and statements that were judged wrongly, and stood by when they were quoted."""
        return [one.sentence for one in self.pressed if one.stands]

    @property
    def set_right(self):
        """The ids of the wrong turns and statements that were let go of when they were quoted."""
        return {one.sentence for one in self.pressed if one.proven} - {""}

    @property
    def misjudges(self):
        """Whether the follow-up under way is about a sentence that was judged wrongly: one stands by that, or not."""
        return self.phase == "follow-up" and self.pressed[-1].sentence in self.told_wrongly

    def proven(self, id):
        """Whether a point was proven by its first probe, and by its other form where that was asked as well."""
        return all(self.probes.get(key, ["", there])[1] for key, there in ((id, False), (f"{id}.again", True)))

    def shown(self, p):
        """Whether a point holds, as far as this turn has shown: claimed, and proven where that was asked."""
        if self.part == "clarify":
            return any(f"clarify-{n}" == p.id for _, n in self.clarified)
        return p.id in self.claimed and (not self.probed(p) or self.proven(p.id))

    def probed(self, p):
        """Whether the probe of a point is among those that are asked."""
        return p.probe is not None and p.id in self.to_probe

    @property
    def in_both_forms(self):
        """The only point that speaks for what the format tests: it is asked in both forms. None where there are more.

        No level rests on one probe.
        """
        axis = FORMATS[self.q.format].axes[0]
        if axis in self.stated_axes:
            return None
        asked = [p for p in self.rubric if self.probed(p) and p.axis == axis]
        return asked[0] if len(asked) == 1 and asked[0].again and not (self.part or self.q.coded) else None

    @property
    def stated_axes(self):
        """{axis: the ids of the statements about its points} that were judged, or as long as none was, that are put."""
        axes, there, found = {p.id: p.axis for p in self.q.points}, opposites(self.q), {}
        for id, _ in self.statements[: self.told or None]:
            found.setdefault(axes[there[id].about], []).append(id)
        return found

    @property
    def axes_held_wrongly(self):
        """The axes of all that a wrong turn concerns which shows in the answers, unless it was let go of.

        It shows where it explains every answer to a probe, and where it was put as a statement and misjudged.
        """
        answers = {place: tuple(given[:2]) for place, given in self.probes.items()}
        mended = {one.about for one in self.pressed if one.proven}
        failed = {place.removesuffix(".again") for place, (_, passed) in answers.items() if not passed}
        held = {belief.id for belief in held_by(self.q, answers)} if failed - mended else set()
        held |= {*self.told_wrongly} - self.set_right
        axes = {p.id: p.axis for p in self.q.points}
        return {axes[id] for id, beliefs in refuted(self.q).items() if held & beliefs}

    @property
    def next_probe(self):
        """The point whose probe is asked next, or None; its other form has an id of its own."""
        if (found := next((p for p in self.rubric if self.probed(p) and p.id not in self.probes), None)) is not None:
            return found
        one = self.in_both_forms
        if one is None or again(one) in self.probes or not self.proven(one.id):
            return None
        return replace(one, id=again(one), probe=one.again)

    def guessed(self, id):
        """Whether the answer to a point's first probe was a guess, by one's own word beforehand."""
        return self.probes.get(id, ["", False, ""])[2:] == ["guess"]

    @property
    def sure_and_wrong(self):
        """[(probe, answer)] of all probes that were answered wrongly by who was sure."""
        found = self.probes.items()
        first = [(self.asked_by(id), answer) for id, (answer, passed, *how) in found if how == ["sure"] and not passed]
        later = [one for one in self.pressed if one.sure == "sure" and one.proven is False]
        return first + [(self.point(one.about).probe, one.proof) for one in later]

    def asked_by(self, id):
        """The probe that stands behind an entry of `probes`."""
        return next(probe for p in self.rubric for key, probe in ((p.id, p.probe), (again(p), p.again)) if key == id)

    def help_with(self, p):
        """How much help a point took: "alone", "self-corrected", "after a question", "told"; "" if it isn't known."""
        pressed = self.pressed_on(p.id) or self.quoted_on(p)
        if self.shown(p) and not pressed:
            mended = any(self.point_of(id) == p for id in self.corrected)
            return "self-corrected" if mended else "alone"
        if (pressed and pressed.proven) or (self.proven(p.id) and not pressed):
            return "after a question"
        return "told" if pressed and pressed.how else ""

    def pressed_on(self, id):
        """The follow-up about a point, or None."""
        return next((one for one in self.pressed if one.about == id), None)

    def quoted_on(self, p):
        """The follow-up that quoted a wrong turn back and put it to the probe of this point, or None."""
        return next((one for one in self.pressed if one.belief and self.point_of(one.belief) == p), None)

    def tries_at(self, p):
        """[passed] of all answers to probes of a point: asked first, when pressed, or where a wrong turn was quoted."""
        later = [one for one in self.pressed if one.proof and (one.about == p.id or one.belief)]
        later = [one.proven for one in later if one.about == p.id or self.point_of(one.belief) == p]
        return [self.probes[p.id][1], *later] if p.id in self.probes else later

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
        """Go on to the next probe, the statements, the next follow-up, else to the list of what was said."""
        if self.next_probe is not None:
            self.phase = "probe"
        elif self.standing:
            self.phase = "statements"
        elif (about := self.next_point()) is not None:
            self.pressed.append(Pressed(about))
            self.phase = "follow-up"
        elif self.unbeaten:
            self.push()
        else:
            self.phase = "claims"

    def judge(self, struck):
        """Take the statements that stand as judged: some of them, by their ids, were called wrong."""
        self.struck, self.told = [*self.struck, *struck], len(self.statements)

    @property
    def unbeaten(self):
        """Whether there is more to ask: nothing was missed, or all of it was proven then, and one was wrong at most.

        Who was wrong twice isn't strong any more, see `scoring`.
        """
        if self.pushed is not None or len(self.probes) > MOST_PROBES or len(self.wrong_answers) > 1:
            return False
        done = {one.about for one in self.pressed if one.proven}
        return not self.pressed or bool(self.more) and done == {*self.wanted}

    def push(self):
        """Go beyond the rubric: put more statements, and where nothing was missed one question."""
        about = "" if self.pressed else self.beyond() if self.decided is None else self.decided
        self.pushed, self.statements, self.more = len(self.pressed), self.statements + self.more, []
        self.pressed += [Pressed(about)] if about else []
        self.phase = "follow-up" if about else "statements" if self.standing else "claims"

    def next_point(self):
        """The id of the point to press on, or None."""
        done = [one.about for one in self.pressed]
        most = MOST_PRESSED + (self.how == "passed" or bool(self.open_slips))
        most = max(most, (self.pushed or 0) + 1)  # one of what is missed among the further statements
        if sum(not about.startswith(BEYOND) for about in done) >= most:
            return None
        return next((id for id in self.wanted if id not in done), None)

    @property
    def wanted(self):
        """The ids of all points that could be pressed on, those that press most first.

        Slips come first, then what the notes say wrongly, which statements were judged wrongly, what failed when it was
        probed, and what the notes leave open, basic first.
        """
        wrong = [f"belief:{id}" for id in self.heard if id not in self.told_rightly]
        wrong += [f"statement:{id}" for id in self.told_wrongly if id not in self.heard]
        failed = [p for p in self.rubric if p.id in self.probes and not self.proven(p.id)]
        failed = [p for p in failed if not ((quoted := self.quoted_on(p)) and quoted.proof)]  # that was its other form
        missed = [*sorted(failed, key=rung), *sorted(self.left_open, key=rung)]
        misheard = [f"belief:{id}" for id in self.heard if id in self.told_rightly]  # or seen since
        wanted = [*map(slip_id, self.open_slips), *wrong, *(p.id for p in missed), *misheard]
        wanted += map(slip_id, self.mended)
        if self.how == "passed" and not (self.part or self.tries or self.guesses):
            wanted.insert(0, "know:")
        return wanted

    @property
    def left_open(self):
        """The points that nothing speaks for: no probe is about them, and neither notes nor code hold them."""
        if self.part == "clarify":
            return [p for p in self.rubric if not self.shown(p)]
        silent = [p for p in self.rubric if p.id not in self.probes]
        if self.how == "passed":
            return silent
        if self.q.coded:
            return [] if self.tries and self.tries[-1]["passed"] else silent
        noticed = listen.points_noticed(self.q, self.notes)
        return [p for p in silent if self.readable(p) and p.id not in noticed]

    def readable(self, p):
        """Whether the notes could tell that a point was said: there are some, and its words are known."""
        return bool(self.notes.strip() and p.notice)

    def beyond(self):
        """The id of the one question that a right answer gets, or "" where more statements ask enough.

        Where notes can't tell what was said, it is about a point that no probe is about. Else a right answer is
        doubted, once in an interview; or its work is to be checked. Only where there are no more statements (a story
        has none, an earlier release had none) it is about what the notes say on their own, or goes one further.
        """
        if self.part == "clarify":
            return "restate:"
        unknown = [p for p in self.rubric if p.id not in self.to_probe and not self.readable(p)]
        if unknown and not self.q.coded:
            return f"open:{min(unknown, key=lambda p: (p.axis != 'rationale', rung(p))).id}"
        doubts = [belief for belief in self.q.beliefs if belief.sounds]
        if doubts and not self.doubted:
            return f"doubt:{doubts[int(self.asked_at) % len(doubts)].id}"
        if FORMATS[self.q.format].checked and not listen.heard(CHECKS, self.notes):
            return "check:"
        if self.more:
            return ""
        if self.said_alone:
            return "own:"
        if near := [q for q in bank.questions().values() if self.leads_to(q)]:
            return f"further:{near[int(self.asked_at) % len(near)].id}"
        return "why:" + max(self.rubric, key=rung).id

    def leads_to(self, q):
        """Whether a question goes one further than this one: short, of its topic, not easier, and not asked besides."""
        short = q.format in ("talk", "discussion") and q.minutes <= 2
        harder = bank.DIFFICULTIES.index(q.difficulty) >= bank.DIFFICULTIES.index(self.q.difficulty)
        return short and harder and q.topic == self.q.topic and q.id not in (self.question, *self.others)

    @property
    def current(self):
        """The point whose probe or follow-up is under way, or None."""
        if self.phase == "probe":
            return self.next_probe
        return self.point(self.pressed[-1].about) if self.phase in ("follow-up", "proof") else None


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


def again(p):
    """The id of a point's other form, as `probes` and beliefs name it."""
    return f"{p.id}.again"


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


def sentence_case(text):
    """A text with a capital at its beginning, unless that is the name of an array, such as db1."""
    first = text.partition(" ")[0]
    return text if first[-1:].isdigit() else f"{text[0].upper()}{text[1:]}"


def slip_point(key, mended=False, besides=()):
    """A slip, "exercise/slip", as a point to press on; its name among those of others proves it, less of `besides`."""
    exercise, _, id = key.partition("/")
    slips = {slip.id: slip for slip in exercises.find(exercise).slips}
    slip, others = slips[id], [other.name for other in slips.values() if other.id not in (id, *besides)]
    ask = f"{slip.says} What would you look at?"
    if mended:
        ask = "Your first version had a slip, and you fixed it. What was it, and which small test would show it?"
    names = Probe("choice", "Which one was it?" if mended else "Which one is it?", slip.name, tuple(others[:3]))
    says = f"{sentence_case(slip.name)}."
    follow_up = FollowUp(ask, f"{says} {slip.means}")
    return Point(slip_id(key), says, axis="technique", follow_up=follow_up, probe=names, name=slip.name)


def pressable(p):
    """A point that can be pressed on. One without a follow-up gets one that asks for its sentence in other words."""
    if p.follow_up:
        return p
    ask = f"Take this: {p.says} Say it in your own words. Why is it so?"
    return replace(p, follow_up=FollowUp(ask, p.says))


DOUBTS = (
    "I am not sure. I have heard it said like this: “{}” What do you say to that?",
    "A colleague of mine would put it differently: “{}” Who is right, and why?",
    "Hm. Isn't it rather like this: “{}”",
    "Let me push back. I read this somewhere: “{}” Would you still give your answer?",
)


def doubted(belief, n):
    """A wrong turn as a doubt, for an answer that missed nothing: what counts is to hold one's ground with a reason.

    n chooses the words, so that an interview is the same when it is read again.
    """
    ask = DOUBTS[n % len(DOUBTS)].format(belief.sounds[0])
    return Point(f"doubt:{belief.id}", belief.says, axis="rationale", follow_up=FollowUp(ask, belief.says))


def convince(q, p):
    """The highest point once more, for an answer that missed nothing."""
    doubt = f"Take this point: {p.says} How would you convince somebody who doubts it?"
    return replace(p, id=f"why:{p.id}", follow_up=p.follow_up or FollowUp(doubt, q.answer), probe=None)


def known(q):
    """What is asked of somebody who doesn't know: what they do know, and how they would find out."""
    ask = "Then tell me what you do know about it. And how would you find out the rest in two minutes?"
    return Point("know:", "What you do know, and how to find out.", axis="rationale", follow_up=FollowUp(ask, q.answer))


CHECKS = ("check*", "test*", "shape* match*|agree*|fit*", "sanity", "finite differ*", "nudge*", "sum* zero", "limit")


def checked(q):
    """What is asked of somebody who checked nothing of their own work."""
    ask = "How sure are you that this is right? Check it, as fast as you can."
    answer = (
        "Name a check and do it: the shapes of both sides; a sum that has to be zero; a limit that is known, such as a "
        "weight of zero; or one number nudged up and down, the difference divided by twice the nudge."
    )
    return Point("check:", "The work checked.", axis="rationale", follow_up=FollowUp(ask, answer))


def own(said):
    """What is asked about a sentence that the good answer doesn't hold."""
    ask = f"You wrote: “{said}” That may be so. How would you find out in two minutes?"
    answer = (
        "Take a case that is small enough for a sheet of paper, say what the sentence predicts, and work it out; or "
        "nudge a number in a cell. Where the good answer speaks against the sentence, it doesn't hold."
    )
    return Point("own:", "What you said on your own.", axis="rationale", follow_up=FollowUp(ask, answer))


def further(q):
    """A question that goes one further, of the same topic."""
    return Point(
        f"further:{q.id}", q.prompt, axis="rationale", follow_up=FollowUp(f"One further. {q.prompt}", q.answer)
    )


def restate(q):
    """The point to press on where there was nothing to clarify, or all of it was asked."""
    answer = " ".join(["It should name what comes in and what goes out, with shapes.", *(c.answer for c in q.clarify)])
    ask = "Say the task back to me: what comes in, what goes out, with shapes."
    return Point("restate:", "The task said back, with shapes.", axis="communication", follow_up=FollowUp(ask, answer))


WHOLE = {"restate": restate, "know": known, "check": checked}  # follow-ups that are about no point of the rubric
