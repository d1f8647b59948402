"""The interview as a state machine: events in, a state out. No widget, no clock of its own, no record.

    decide(state, do, at, **values) -> (event, sentence)     what somebody wants, checked: an event, or None and why not
    evolve(state, event)                                     what the event changes; it asks for nothing but the bank
    replay(events) -> State                                  so the list of events is the whole interview

An event is a dict of JSON values, and holds what was decided (a probe passed, which slip was diagnosed): replaying it
runs no code of anybody's. Times are seconds; where they begin is the caller's business.

A turn goes through these phases:

    asked      the question stands; answered (typed, or spoken), passed on, or for code handed in
    probe      two or three, which refute the usual wrong turns of the question together (see `beliefs`)
    statements sentences to be told right from wrong, where the question has some, in two lists at most
    follow-up  the interviewer presses on what was said wrongly, not proven, left open, or slipped,
    proof      each time with a probe where the point has one that is still open
    claims     beside a good answer: what was said unasked, and which replies held
    done

At the end, once, come rationale and communication against their anchors, by yourself or by the partner: "rating".
"""

import random
from dataclasses import asdict, dataclass, field, replace

from backprop.interview import listen
from backprop.interview.axes import LEVELS, PERSONAL, rated
from backprop.interview.beliefs import chosen, opposites, provable, refuted, stated
from backprop.interview.formats import FORMATS
from backprop.interview.plans import Round
from backprop.interview.turn import SURE, Lost, Turn, case, question, slip_point

HOWS = ("typed", "spoken", "passed")
BY = ("yourself", "partner")
LATEST = 1e11  # seconds
LETTERS = "abcdefghijkl"
WHICH_ARE_WRONG = "Which of these sentences are wrong?"
MORE_OF_THEM = "More of them: which of these sentences are wrong?"
AND_OF_THESE = "And which of these sentences are wrong?"
AWAY = 60  # seconds: longer gaps than that, while nobody looked, are not counted
PROCESS = {
    "shapes": "I said the shapes aloud, line by line.",
    "smallest": "I ran the smallest test first, before the whole.",
    "checked": "I checked my own work unasked: its shapes, a sum that is zero, a limit, or a nudge.",
}


def process_of(turn):
    """What may be ticked about how one worked in a turn: {name: sentence}."""
    format = FORMATS[turn.q.format]
    fits = {"shapes": format.coded, "smallest": format.coded, "checked": format.checked}
    return {id: says for id, says in PROCESS.items() if fits[id] and not turn.part and turn.how != "passed"}


@dataclass
class State:
    """The state of an interview. `clock` is in seconds since its beginning, without the time that you were away."""

    plan: str = ""
    seed: int = 0
    rounds: list = field(default_factory=list)
    turns: list = field(default_factory=list)
    began: float | None = None
    clock: float = 0.0
    away: float = 0.0
    levels: dict = field(default_factory=dict)  # {axis: [level, by]} of the axes that a person rates, at the end
    over: bool = False

    @property
    def turn(self):
        """The turn under way, or None."""
        return self.turns[-1] if self.turns and not self.over else None

    @property
    def phase(self):
        """ "new", the phase of the turn under way, "rating" after the last one, or "over"."""
        if self.over or not self.turns:
            return "over" if self.over else "new"
        return "rating" if self.turn.phase == "done" else self.turn.phase

    @property
    def rated(self):
        """The axes that a person rates at the end, once for all turns."""
        wanted = {axis for turn in self.turns for axis in rated(turn.q, turn.part)}
        return tuple(axis for axis in PERSONAL if axis in wanted)

    def as_json(self):
        """The state as JSON values, to compare or to look at; the record keeps the events."""
        return asdict(self)


# ---- what happens ----


def replay(events):
    """The state after these events; what doesn't fit where it stands is left out. Raises Lost."""
    state = State()
    try:
        for event in events:
            evolve(state, event)
    except (KeyError, StopIteration) as error:
        raise Lost("This interview can't be continued by this version of the course. Begin another one.") from error
    return state


def evolve(state, event):
    """Change the state as an event says. An event that has no place there changes nothing."""
    do, at = event["do"], event["at"]
    if do not in legal(state):
        return
    if do == "resume":
        gap = at - state.began - state.away - state.clock
        state.away += max(0.0, gap - AWAY)
    elif do != "begin":
        state.clock = max(state.clock, round(at - state.began - state.away, 3))  # a clock set back changes nothing
    EVOLVE[do](state, event)


def _begin(state, event):
    state.plan, state.seed, state.began = event["plan"], event["seed"], event["at"]
    state.rounds = [list(one) for one in event["rounds"]]
    _ask(state)


def _ask(state):
    """The next question, or the end: the rating, where there is something for a person to rate."""
    if len(state.turns) == len(state.rounds):
        state.over = not state.rated
        return
    id, part = state.rounds[len(state.turns)]
    question(id)
    turn = Turn(id, part, asked_at=state.clock, others=[one for one, _ in state.rounds if one != id])
    turn.asked_before = any(one.question == id and one.clarified for one in state.turns)
    turn.doubted = any(one.about.startswith("doubt:") for earlier in state.turns for one in earlier.pressed)
    state.turns.append(turn)


def _resume(state, event):
    pass


def _end(state, event):
    state.over = True


def _clarify(state, event):
    turn = state.turn
    turn.clarified.append([event["text"], event["about"]])
    turn.asked_before |= not turn.tries


def _submit(state, event):
    state.turn.tries.append({name: event[name] for name in ("passed", "slips", "message")})


def _guess(state, event):
    names = ("lines", "names", "slips", "right_lines", "right_names")
    state.turn.guesses.append({name: event[name] for name in names})


def _finish(state, event):
    state.turn.finished_at = state.clock


def _answer(state, event):
    turn = state.turn
    turn.notes, turn.how, turn.answered_at = event["text"], event["how"], state.clock
    turn.to_probe, turn.heard, turn.corrected = event["probes"], event["beliefs"], event["corrected"]
    there = opposites(turn.q)
    for name in ("statements", "more"):  # earlier releases put none, or no more
        setattr(turn, name, [one for one in event.get(name, []) if one[0] in there])
    turn.decided = event.get("beyond")
    turn.press()


def _probe(state, event):
    turn, sure = state.turn, event["sure"]
    if turn.phase == "probe":
        turn.probes[turn.current.id] = [event["answer"], event["passed"], sure]
    else:
        last = turn.pressed[-1]
        last.proof, last.proven, last.sure = event["answer"], event["passed"], sure
    turn.press()


def _judge(state, event):
    state.turn.judge(event["struck"])
    state.turn.press()


def _reply(state, event):
    turn = state.turn
    last = turn.pressed[-1]
    last.reply, last.how, last.stands = event["text"], event["how"], event.get("stands")
    if "struck" in event:
        turn.judge(event["struck"])
    if event["how"] == "passed":
        last.proven = False
    elif turn.current.probe:
        turn.phase = "proof"
        return
    turn.press()


def _claim(state, event):
    turn = state.turn
    turn.claimed = [p.id for p in turn.rubric if p.id in event["points"]]
    turn.process, held = list(event["process"]), event["held"]
    for one in turn.pressed:
        if one.to_judge:
            one.proven = one.about in held
    turn.phase, turn.done_at = "done", state.clock
    _ask(state)


def _rate(state, event):
    state.levels = {axis: [level, event["by"]] for axis, level in event["levels"].items()}
    state.over = True


EVOLVE = {
    "begin": _begin,
    "resume": _resume,
    "end": _end,
    "clarify": _clarify,
    "submit": _submit,
    "guess": _guess,
    "finish": _finish,
    "answer": _answer,
    "claim": _claim,
    "probe": _probe,
    "judge": _judge,
    "reply": _reply,
    "rate": _rate,
}

# What is possible in each phase, and the sentence that says so.
HERE = {
    "new": (("begin",), "The interview hasn't begun."),
    "asked": (("answer",), "The question stands: answer it, or pass on."),
    "probe": (("probe",), "A probe stands: answer it, or pass on."),
    "statements": (("judge",), "Sentences stand: name those that are wrong."),
    "follow-up": (("reply",), "A follow-up stands: reply, or pass on."),
    "proof": (("probe",), "A probe stands: answer it, or pass on."),
    "claims": (("claim",), "The turn is over but for its list: tick what you said unasked."),
    "rating": (("rate",), "The interview is over but for its levels: rate it."),
    "over": ((), "The interview is over."),
}


def legal(state):
    """The names of all that may happen now."""
    allowed = list(HERE[state.phase][0])
    if state.phase not in ("new", "over"):
        allowed += ["resume", "end"]
    if state.phase == "asked":
        q = state.turn.q
        allowed += ["clarify"] if q.coded else []
        allowed += ["submit"] if q.coded and not state.turn.part else []
        allowed += ["guess"] if q.format == "bug" and not state.turn.part else []
        allowed += ["finish"] if not q.coded and state.turn.finished_at is None else []
    return allowed


# ---- what somebody wants ----


def decide(state, do, at, **values):
    """(event, sentence): the event that is to happen and what the interviewer says to it; (None, why not) otherwise.

    Nothing changes here, whatever is handed in.
    """
    if do not in EVOLVE:
        return None, f"There is nothing called {do!r} to do."
    if type(at) not in (int, float) or not 0 <= at < LATEST:
        return None, f"The time is {at!r}, and should be a number of seconds."
    if do not in legal(state):
        return None, unfitting(state, do)
    try:
        values, sentence = DECIDE[do](state, **values)
    except (TypeError, ValueError) as error:
        return None, f"This can't be read: {error}."
    if values is None:
        return None, sentence
    event = {"do": do, "at": round(float(at), 3), **values}
    return event, " ".join(filter(None, [sentence, late(state, event)]))


def unfitting(state, do):
    if state.phase == "asked" and do in ("clarify", "submit", "guess"):
        return {
            "clarify": "There is nothing to clarify here: this is no coding task. Answer it.",
            "submit": "No code is asked for here.",
            "guess": "No bug is planted here.",
        }[do]
    return HERE[state.phase][1]


def late(state, event):
    """A sentence where an answer took longer than its time."""
    if event["do"] != "answer":
        return ""
    ended = state.turn.finished_at
    ended = max(state.clock, event["at"] - state.began - state.away) if ended is None else ended
    taken = ended - state.turn.asked_at
    over = taken - state.turn.limit
    return f"That took {clock(taken)}, which is {clock(over)} over the time." if over >= 1 else ""


def clock(seconds):
    """Seconds as 4:05."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _is_text(text):
    return isinstance(text, str) and "\0" not in text


def _decide_begin(state, *, plan, seed, rounds):
    if not isinstance(plan, str) or type(seed) is not int:
        return None, "A plan has a name, and a seed is a whole number."
    rounds = [[r.question, r.part] if isinstance(r, Round) else list(r) for r in rounds]
    if not rounds:
        return None, "A plan needs a question."
    for id, _ in rounds:
        try:
            question(id)
        except Lost as lost:
            return None, str(lost)
    return {"plan": plan, "seed": seed, "rounds": rounds}, ""


def _decide_nothing(state):
    return {}, ""


def _decide_end(state):
    return {}, "We stop here. Thank you."


def _decide_clarify(state, *, text):
    if not _is_text(text) or not text.strip():
        return None, "Ask in words, such as: mean or sum over the batch?"
    about = state.turn.q.clarify
    found = next((n for n, one in enumerate(about) if listen.heard(one.notice, text)), None)
    said = "That is yours to choose: say what you assume, and go on." if found is None else about[found].answer
    return {"text": text.strip(), "about": found}, said


def _decide_submit(state, *, verdict):
    if verdict.exercise != state.turn.q.exercise:
        return None, f"That is an answer to {verdict.exercise}, and {state.turn.q.exercise} is asked for."
    if not verdict.attempted:
        return None, verdict.message or "Nothing is filled in yet."
    message = verdict.message.splitlines()[0] if verdict.message else ""
    event = {"passed": bool(verdict.passed), "slips": list(verdict.slips), "message": message}
    if verdict.passed:
        return event, "It passes the checks. Say that you are done, or what you would test next."
    if verdict.slips:
        ask = slip_point(f"{verdict.exercise}/{verdict.slips[0]}").follow_up.ask
        return event, f"{ask} Fix it and hand it in again, or say that you are done."
    return event, f"It isn't right yet. {message} What would you look at? Hand it in again, or say that you are done."


def _decide_guess(state, *, lines, names):
    program = case(state.turn.q)
    letters = "abcdefgh"[: len(program.choices)]
    lines = [lines] if type(lines) is int else lines
    if not isinstance(lines, (list, tuple, set)) or any(type(n) is not int for n in lines) or not lines:
        return None, "Give the lines by their numbers, such as [3] or [2, 5]."
    chosen = [c for c in names.lower() if c not in " ,"] if isinstance(names, str) else []
    if not chosen or set(chosen) - set(letters):
        return None, f"Give the names by their letters, {letters[0]} to {letters[-1]}."
    named = {program.choices[letters.index(c)] for c in chosen}
    planted = {slip.name: slip.id for slip in program.slips}
    right, wrong = named == set(planted), len(named - set(planted))
    event = {
        "lines": sorted(set(lines)),
        "names": "".join(sorted(set(chosen))),
        "slips": [id for name, id in planted.items() if name in named],
        "right_lines": set(lines) == program.lines,
        "right_names": right,
    }
    line = "The lines are right." if event["right_lines"] else "Those are not the lines."
    name = "The names are right." if right else f"Of {len(planted)} names, {len(event['slips'])} found; {wrong} wrong."
    return event, f"{line} {name} Fix it, guess again, or say that you are done."


def _decide_finish(state):
    return {}, "The clock stands. Note now what you said, in your own words."


def _decide_answer(state, *, text="", how="typed"):
    turn = state.turn
    if problem := _reply_problem(text, how):
        return None, problem
    done = turn.tries or turn.guesses or turn.part
    if how == "typed" and not text.strip() and not done:
        if turn.q.coded:
            return None, "Nothing was handed in yet. Hand in your code, or pass on."
        return None, "Type your notes, say that you spoke the answer, or pass on."
    event = {"text": text, "how": how, "probes": [], "beliefs": [], "corrected": [], "statements": [], "more": []}
    if turn.part == "clarify":
        said = "" if turn.clarified or how == "passed" else "You asked me nothing about the task."
        return event, said or "Thank you."
    if how == "passed":
        return event, "Then I ask about it."
    noticed = [one for one in listen.beliefs_noticed(turn.q, text) if one.sounds]
    said = {listen.sentence_heard(one.notice, text): one for one in reversed(noticed)}
    noticed = [one for one in noticed if one in said.values()]  # a sentence is quoted once
    corrected = [one for one in noticed if listen.taken_back(one.notice, text)]
    heard = [one for one in noticed if one not in corrected]
    event["probes"] = to_ask(turn.q, heard, state.seed, text)
    event["statements"], event["more"] = stated(turn.q, state.seed, text)
    event["beliefs"], event["corrected"] = [one.id for one in heard], [one.id for one in corrected]
    given = {"notes": text, "how": how, "to_probe": event["probes"], "heard": event["beliefs"]}
    event["beyond"] = replace(turn, **given, corrected=event["corrected"], more=event["more"]).beyond()
    return event, "Thank you."


def _reply_problem(text, how):
    if how not in HOWS:
        return f"An answer is {', '.join(HOWS[:-1])} or {HOWS[-1]}, not {how!r}."
    return "" if _is_text(text) else "An answer is text."


def _decide_claim(state, *, points=(), process=(), held=()):
    turn = state.turn
    known, ways = [p.id for p in turn.rubric] if turn.how != "passed" else [], list(process_of(turn))
    replies = [one.about for one in turn.pressed if one.to_judge]
    for given, legal_ids in ((points, known), (process, ways), (held, replies)):
        if isinstance(given, str) or not isinstance(given, (list, tuple, set)):
            return None, "Tick by the names, in a list."
        if wrong := [id for id in given if id not in legal_ids]:
            there = f"There are {', '.join(legal_ids)}." if legal_ids else "There is nothing of that kind."
            return None, f"There is no {wrong[0]!r} to tick here. {there}"
    ticked = {"points": (known, points), "process": (ways, process), "held": (replies, held)}
    return {name: [id for id in there if id in given] for name, (there, given) in ticked.items()}, ""


def to_ask(q, beliefs, seed, notes=""):
    """The ids of the points to probe: those of a wrong turn that was heard, then as the seed has it.

    Where statements are judged there are two, and what the notes say on their own goes before the seed.
    """
    order, near = provable(q), listen.leanings(q, notes)
    nearest = {p.id: max((near[one.id] for one in q.statements if one.about == p.id), default=0) for p in q.points}
    random.Random(f"{seed} {q.id}").shuffle(order)
    order.sort(key=lambda p: nearest[p.id], reverse=True)
    order.sort(key=lambda p: not refuted(q)[p.id] & {belief.id for belief in beliefs})
    wanted = {p.id for p in chosen(q, order)}
    return [p.id for p in q.points if p.id in wanted]


def _decide_probe(state, *, answer="", how="typed", sure="think"):
    probe = state.turn.current.probe
    if how == "passed":
        return {"answer": "", "passed": False, "sure": ""}, "Not proven, then."
    if sure not in SURE:
        return None, f"Say how sure you are: {', '.join(SURE[:-1])} or {SURE[-1]}, not {sure!r}."
    if not _is_text(answer):
        answer = str(answer) if type(answer) in (int, float, tuple) else ""
    passed, problem = probe.judge(answer)
    if problem:
        return None, problem
    return {"answer": answer.strip(), "passed": bool(passed), "sure": sure}, "Right." if passed else "That isn't it."


def which_are_wrong(turn):
    """The question above the statements that stand: beside a follow-up, put first, or put later."""
    return AND_OF_THESE if turn.phase == "follow-up" else WHICH_ARE_WRONG if turn.pushed is None else MORE_OF_THEM


def by_letters(text, ids):
    """The ids that a text names by their letters ("b d", "all", "none"), in their order; None: it can't be read."""
    letters, text = dict(zip(LETTERS, ids)), text.strip().lower()
    named = {"all": [*letters], "none": []}.get(text, [c for c in text if c not in " ,;)."])
    return None if set(named) - set(letters) else [id for letter, id in letters.items() if letter in named]


def _decide_judge(state, *, struck=(), how="typed"):
    standing = [*state.turn.standing]
    if isinstance(struck, str) and how != "passed":
        named = by_letters(struck, standing)
        if named is None or not struck.strip():
            last = LETTERS[len(standing) - 1]
            return None, f"Name those that are wrong by their letters, a to {last}, or say none."
        struck = named
    if not isinstance(struck, (list, tuple, set)) or set(struck) - {*standing}:
        return None, f"Name those that are wrong by their ids: {', '.join(standing)}."
    event = {"struck": [id for id in standing if id in struck and how != "passed"]}
    forms = dict(state.turn.statements)
    missed = sum((id in event["struck"]) != (forms[id] == "wrong") for id in standing)
    return event, "All of them told right from wrong." if not missed else "Not all of them."


def _decide_reply(state, *, text="", how="typed", struck=None, stands=None):
    """A reply, and what is called wrong of the statements that stand beside it; left out, they are put after it.

    stands: whether one stands by a sentence that was judged wrongly, where the follow-up is about one.
    """
    if problem := _reply_problem(text, how):
        return None, problem
    if how == "typed" and not text.strip():
        return None, "Type your reply, say that you spoke it, or pass on."
    reply = {"text": text, "how": how}
    if stands is not None and not state.turn.misjudges:
        return None, "No sentence is quoted here that you judged: there is nothing to stand by."
    if how != "passed" and state.turn.misjudges:
        if type(stands) is not bool:
            return None, "Say whether you stand by it, or take it back."
        reply["stands"] = stands
    if struck is None:
        return reply, ""
    if not state.turn.standing:
        return None, "No sentences stand here to judge."
    judged, said = _decide_judge(state, struck=struck)
    return judged and reply | judged, said


def _decide_rate(state, *, levels, by="yourself"):
    axes = state.rated
    if by not in BY:
        return None, f"Levels are given by {' or '.join(BY)}, not {by!r}."
    if not isinstance(levels, dict) or set(levels) != set(axes):
        return None, f"Give a level for each of {', '.join(axes)}."
    for axis, level in levels.items():
        if type(level) is not int or not 0 <= level < len(LEVELS):
            return None, f"The level of {axis} is a number from 0 ({LEVELS[0]}) to {len(LEVELS) - 1} ({LEVELS[-1]})."
    return {"levels": {axis: levels[axis] for axis in axes}, "by": by}, ""


DECIDE = {
    "begin": _decide_begin,
    "resume": _decide_nothing,
    "end": _decide_end,
    "clarify": _decide_clarify,
    "submit": _decide_submit,
    "guess": _decide_guess,
    "finish": _decide_finish,
    "answer": _decide_answer,
    "claim": _decide_claim,
    "probe": _decide_probe,
    "judge": _decide_judge,
    "reply": _decide_reply,
    "rate": _decide_rate,
}
