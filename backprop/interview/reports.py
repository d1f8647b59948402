"""The report of an interview: what was said and what would have been good, four axes, three things to fix tonight.

A report is JSON values, kept in the record; its Markdown and its HTML are made of these alone. It is never one number.
What newer versions added is read with `get`: the record holds reports of older ones.
"""

import re
import time
from collections import Counter
from dataclasses import dataclass
from html import escape
from pathlib import Path

from backprop.interview import markup, trend
from backprop.interview.axes import ANCHORS, AXES, LEVELS
from backprop.interview.beliefs import meant, opposites
from backprop.interview.engine import PROCESS, clock
from backprop.interview.formats import FORMATS
from backprop.interview.scoring import checks, levels, overall, personal
from backprop.interview.turn import Turn, case, question, slip_id
from backprop.path import link
from backprop.practice.bank import EXERCISES

WORST, BAD, POOR, FAIR, LAST = range(5)  # how much a thing to fix presses: first what is wrong, last what is only rusty
ANSWERED = ("typed", "spoken")
HELP = ("alone", "self-corrected", "after a question", "told")  # how a point was shown, as `Turn.help_with` says it
MOST_HEADED = 3  # points in the headline
STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")


def report_of(id, state, before=()):
    """The report of an interview, also of one that goes on or was broken off.

    before: what `trend.mean_levels` made of the interviews before it, the oldest first.
    """
    turns = [turn_report(turn) for turn in state.turns]
    asked = len(state.turns)
    return Report(
        {
            "id": id,
            "plan": state.plan,
            "seed": state.seed,
            "began": state.began or 0.0,
            "minutes": state.clock / 60,
            "planned": sum(Turn(*one).limit for one in state.rounds) / 60,
            "turns": turns,
            "not_asked": [question(id).prompt for id, _ in state.rounds[asked:]],
            "headline": [one for turn in state.turns for one in forgotten(turn)],
            "sure": [
                [turn.q.topic, probe.ask, answer, probe.right]
                for turn in state.turns
                for probe, answer in turn.sure_and_wrong
            ],
            "tonight": tonight(state.turns, rated := personal(state.turns, state.levels)),
            "overall": overall(state.turns),
            "rated": {axis: list(one) for axis, one in rated.items()},
            "trend": [*before, now] if (now := trend.mean_levels(turns, rated)) else [],
        }
    )


def asked(turn):
    """What was asked in a turn, and the minutes of its answer."""
    q = turn.q
    return {
        "question": q.id,
        "part": turn.part,
        "topic": q.topic,
        "prompt": q.prompt,
        "section": q.section,
        "minutes": turn.minutes,
        "given": turn.limit / 60,
    }


def turn_report(turn):
    answered = turn.answered_at is not None
    strong, missed = verdicts(turn) if answered else ([], [])
    return asked(turn) | {
        "done": turn.done_at is not None,
        "passed_on": turn.how == "passed",
        "notes": turn.notes,
        "spoken": turn.how == "spoken",
        "clarified": [[asked, "" if n is None else turn.q.clarify[n].answer] for asked, n in turn.clarified],
        "guesses": [guessed(turn, one) for one in turn.guesses],
        "exchanges": exchanges(turn),
        "help": help_taken(turn),
        "levels": {axis: list(one) for axis, one in levels(turn).items()} if answered else {},
        "strong": strong,
        "missed": missed,
        "alone": turn.said_alone if answered else [],
    }


def guessed(turn, guess):
    """One guess at a bug, in a sentence: the lines, the names behind the letters, and what was right of it."""
    choices = case(turn.q).choices
    names = "; ".join(choices[ord(letter) - ord("a")] for letter in guess["names"])
    lines = ", ".join(map(str, guess["lines"]))
    right = {
        (True, True): "Both are right.",
        (True, False): "The lines are right, the names aren't.",
        (False, True): "The names are right, the lines aren't.",
        (False, False): "Neither is right.",
    }[guess["right_lines"], guess["right_names"]]
    return f"Line{'s' if len(guess['lines']) > 1 else ''} {lines}: {names}. {right}"


def help_taken(turn):
    """{how much help: the number of points that took it}, the least first."""
    known = turn.answered_at is not None and not turn.part
    taken = Counter(turn.help_with(p) for p in turn.rubric if known)
    return {how: taken[how] for how in HELP if taken[how]}


def verdicts(turn):
    """(strong, missed): sentences on what held, and on what was left out, not proven, or slipped."""
    strong, missed = [], []
    for p in turn.rubric:
        if turn.shown(p):
            how = "asked" if turn.part else "proven" if turn.proven(p.id) else "by your own word"
            how += ", on a guess" if turn.proven(p.id) and turn.guessed(p.id) else ""
            mended = ", after you corrected yourself" if turn.help_with(p) == "self-corrected" else ""
            strong.append(f"{p.says} ({how}{mended})")
        elif not turn.part and turn.proven(p.id):
            strong.append(f"{p.says} (not said, and proven when asked)")
        else:
            missed.append(f"{p.says} ({standing(turn, p)})")
    for id in turn.told_wrongly:
        missed.append(f"{opposites(turn.q)[id].right} (You held the opposite{how_long(turn, id)}.)")
    if turn.wrong_answers[1:] and "understanding" in levels(turn):
        missed.append("You were wrong twice or more: that isn't understood well yet.")
    if turn.told:
        strong.append(f"{len(turn.told_rightly)} of {turn.told} statements were told right from wrong.")
    for item in checks(turn):
        said = f"{item.says[0].upper()}{item.says[1:]}"
        if item.credit:
            strong.append(f"{said}{'.' if item.credit == 1 else ', on a second try or when pressed.'}")
        else:
            missed.append(f"Not shown: {item.says}.")
    strong += [f"{PROCESS[id]} (You ticked it.)" for id in turn.process]
    if FORMATS[turn.q.format].checked and not turn.part and "checked" not in turn.process and turn.how != "passed":
        asked = turn.pressed_on("check:")
        if asked and asked.how in ANSWERED:
            strong.append("You checked your own work when you were asked to.")
        else:
            missed.append("You didn't check your own work: its shapes, a sum that is zero, a limit, or a nudge.")
    strong += [f"A slip, fixed: {turn.point(slip_id(key)).says}" for key in turn.mended]
    missed += [f"A slip in the code: {turn.point(slip_id(key)).says}" for key in turn.open_slips]
    return strong, missed


def how_long(turn, id):
    """How long a sentence was held that is wrong, as the end of a clause."""
    if id in turn.stood_by:
        return f", and stood by it when asked{', until you saw the two side by side' if id in turn.set_right else ''}"
    written = ", in your notes too" if id in turn.heard else ""
    return written + (", until it was quoted" if id in turn.set_right else "")


def standing(turn, p):
    """How a point stands that doesn't hold: only what was neither claimed nor answered was left out."""
    claimed, pressed = p.id in turn.claimed, turn.pressed_on(p.id)
    own = "" if p.probe else ", by your own word"
    if cut_off(turn, p):
        return "broken off before it was asked about"
    if pressed and pressed.proven:
        return f"claimed, and proven only when pressed{own}" if claimed else f"only when pressed{own}"
    if claimed:
        return "claimed, not proven"
    if pressed and pressed.how in ANSWERED:
        return f"answered when pressed, {'not settled' if pressed.proven is None else f'not proven{own}'}"
    return "left out, also when pressed" if pressed and pressed.how else "left out"


def cut_off(turn, p):
    """Whether the interview ended before anybody could know."""
    if turn.done_at is not None or turn.part or turn.how == "passed":
        return False
    return p.id not in turn.probes and not (turn.pressed_on(p.id) or turn.quoted_on(p))


def forgotten(turn):
    """[topic, point, how it stands] for the costs and reasons that an answer left out or couldn't prove."""
    if turn.answered_at is None or turn.how == "passed":  # then it isn't the cost that is missing
        return []
    missing = [p for p in turn.rubric if p.axis == "rationale" and not (turn.shown(p) or cut_off(turn, p))]
    missing = [p for p in missing if not ((pressed := turn.pressed_on(p.id)) and pressed.proven)]
    missing = [p for p in missing if not turn.proven(p.id)]
    return [[turn.q.topic, p.says, standing(turn, p)] for p in missing]


def exchanges(turn):
    """The probes that failed, and all follow-ups with their probes: what was asked, what you said, a good answer."""
    found = [failed(turn, turn.asked_by(id), answer) for id, (answer, passed, *_) in turn.probes.items() if not passed]
    found += [misjudged(turn, id) for id in turn.told_wrongly]
    for one in turn.pressed:
        p = turn.point(one.about)
        ask = re.sub("“(.+)”", lambda found: f"“{plain(found[1])}”", p.follow_up.ask) if one.quotes else p.follow_up.ask
        held = None if one.about == "own:" else one.proven  # to find out that it doesn't hold is no failure
        said = {"kind": "follow-up", "ask": ask, "said": one.reply, "how": one.how}
        found.append({**said, "good": p.follow_up.answer, "held": held})
        if p.probe and one.how in ANSWERED and one.proven is False:
            found.append(failed(turn, p.probe, one.proof))
        elif p.probe and one.proof and one.proven:
            probe = {"kind": "probe", "ask": p.probe.ask, "said": one.proof, "how": "typed"}
            found.append({**probe, "good": p.probe.right, "held": True})
    return found


def misjudged(turn, id):
    """A statement that was judged wrongly: the sentence, what you said to it, and what is right."""
    right = opposites(turn.q)[id].right
    ask = f"Is it right or wrong: “{turn.put[id]}”"
    said = f"It is {'wrong' if id in turn.struck else 'right'}."
    return {"kind": "probe", "ask": ask, "said": said, "how": "typed", "good": right, "held": False}


def failed(turn, probe, answer):
    """A probe that failed, and what the answer to it would mean, where a usual wrong turn gives it."""
    belief = meant(turn.q, probe, answer) if answer else None
    how = "typed" if answer else "passed"
    found = {"kind": "probe", "ask": probe.ask, "said": answer, "how": how, "good": probe.right, "held": False}
    return found | ({"means": belief.says} if belief else {})


def tonight(turns, rated=()):
    """Three different things to fix, [sentence, link], the most pressing first, of different questions if possible.

    rated: {axis: (level, by)} of what a person rated for the whole interview.
    """
    found = [(press, n, kind, text, link) for n, turn in enumerate(turns) for press, kind, text, link in wanting(turn)]
    found += [
        (FAIR, len(turns), axis, toward(axis, "Say the 60-second answer aloud, and record it"), link("start#sixty"))
        for axis in rated
        if rated[axis][0] < 3 and any(turn.answered_at is not None for turn in turns)
    ]
    chosen = []
    while found and len(chosen) < 3:
        turns_had, kinds_had = {one[1] for one in chosen}, {one[2] for one in chosen}
        chosen.append(min(found, key=lambda one: (one[1] in turns_had, one[0], one[2] in kinds_had, one[1])))
        found = [one for one in found if not alike(one, chosen[-1])]
    things = [[text, link] for _, _, _, text, link in sorted(chosen, key=lambda one: one[:2])]
    return (things + [list(one) for one in ALWAYS])[:3]


WHOLE = ("again", "time", *AXES)  # kinds of things to do that are about a whole answer, and name its question


def alike(one, other):
    """Whether two things to do would read the same, or ask for the same."""
    (_, turn, kind, text, _), (_, turn_had, kind_had, text_had, _) = one, other
    return text == text_had or (kind in WHOLE and (kind == kind_had or (turn == turn_had and kind_had in WHOLE)))


ALWAYS = (
    ("Say the 60-second answer aloud, standing, without notes.", link("start#sixty")),
    ("Write (B1) to (B5) on an empty sheet, with the shape of every array.", link("delta#code")),
    ("Go through what is due tomorrow: due() lists it.", link("interview#due")),
)


def wanting(turn):
    """(how much it presses, its kind, what to do, where) for everything that a turn left open."""
    q = turn.q
    yield LAST, "again", f"Say it once more, aloud and without notes: {q.prompt}", q.section
    if turn.answered_at is None:
        return
    for key in turn.open_slips:
        exercise = EXERCISES[key.partition("/")[0]]
        text = f"Do the exercise {exercise.id} again: {turn.point(slip_id(key)).says}"
        yield WORST, "slip", text, exercise.where
    for id in turn.told_wrongly:
        yield WORST, "statement", f"Set this right, and say why: {opposites(q)[id].right}", q.section
    for p in turn.rubric:
        pressed = turn.pressed_on(p.id)
        basic = p.level == "pass"
        if turn.shown(p) or cut_off(turn, p):
            continue
        if not turn.part and turn.proven(p.id):
            yield FAIR, "unasked", f"Say this without being asked: {p.says}", q.section
            continue
        if turn.part == "clarify":
            yield POOR, "clarify", p.says, q.section
        elif p.id in turn.claimed and pressed and pressed.proven:
            pressing = WORST if basic else BAD
            yield pressing, "claimed", f"You claimed this and proved it only when pressed: {p.says}", q.section
        elif p.id in turn.claimed:
            yield WORST if basic else BAD, "claimed", f"You claimed this and couldn't prove it: {p.says}", q.section
        elif pressed and pressed.proven:
            yield FAIR, "unasked", f"Say this without being asked: {p.says}", q.section
        elif p.axis == "rationale":
            yield BAD, "cost", f"Say the cost or the reason before anybody asks: {p.says}", q.section
        else:
            yield BAD if basic else POOR, "why", f"Work out why, and say it aloud: {p.says}", q.section
    for said in turn.said_alone[:1]:  # that of which the good answer says least
        yield FAIR, "alone", f"Make sure of what you said on your own: “{plain(said)}”", q.section
    taken, given = turn.minutes * 60, turn.limit
    if taken > given:
        yield POOR, "time", f"Answer within {clock(given)} (it took {clock(taken)}): {q.prompt}", q.section
    for axis, (level, _) in turn.levels.items():
        if level < 3:
            yield FAIR, axis, toward(axis, f"Try again: {q.prompt}"), q.section


def toward(axis, do):
    """What to do to be rated strong."""
    return f"Toward strong {axis}, “{ANCHORS[axis][3]}” {do}"


@dataclass(frozen=True)
class Report:
    """A report. `data` holds JSON values; it shows as HTML in JupyterLab, and as Markdown elsewhere."""

    data: dict

    def axes(self):
        """{axis: [(n, level, by), ...]} over the turns, n from 1; what was rated for all of them has the number 0."""
        found = {axis: [] for axis in AXES}
        for n, turn in enumerate(self.data["turns"], start=1):
            for axis, (level, by) in turn["levels"].items():
                found[axis].append((n, level, by))
        for axis, (level, by) in self.data.get("rated", {}).items():
            found[axis].append((0, level, by))
        return found

    def line(self):
        """The interview in one line."""
        axes = {axis: ", ".join(LEVELS[level] for _, level, _ in found) for axis, found in self.axes().items()}
        words = [f"{axis} {said}" for axis, said in axes.items() if said]
        return f"{day(self.data['began'])}  {self.data['plan']:12}  {'; '.join(words) or 'nothing was answered'}"

    def markdown(self):
        """The report as Markdown; links lead to the notebooks beside it."""
        return "\n\n".join(text for text, _ in self._blocks(where)) + "\n"

    def html(self):
        """The report as one page that loads nothing. A browser can't open notebooks, so it names the sections."""
        return markup.page(f"Mock interview: {self.data['plan']}", self._drawn(in_words))

    def _repr_html_(self):
        return self._drawn(where)

    def _drawn(self, place):
        drawn = "".join(markup.html(text) if html is None else html for text, html in self._blocks(place))
        return f'<div class="backprop-report"><style>{STYLE}</style>{drawn}</div>'

    def _blocks(self, place):
        """(Markdown, its HTML) of each part; None where `markup` draws it. `place` says where a section is."""
        d = self.data
        yield f"# Mock interview: {d['plan']}", None
        for found, words in ((d.get("sure"), sure_and_wrong), (d.get("headline"), headline)):
            if found:
                yield (text := words(found)), f'<div class="bp-headline">{markup.html(text)}</div>'
        yield f"{day(d['began'])}. {times(d)}", None
        if "overall" in d:
            yield outcome(d), None
        yield "## Three things for tonight", None
        yield "\n".join(f"{n}. {text} ({place(link)})" for n, (text, link) in enumerate(d["tonight"], start=1)), None
        yield "## Four axes, by topic", None
        yield self._table()
        yield rated_by(d), None
        if len(points := d.get("trend", [])) > 1:
            yield "## From interview to interview, the oldest first", None
            text = "\n".join(f"- {line}" for line in trend.words(points))
            yield text, f'<div class="bp-trend">{trend.picture(points)}{markup.html(text)}</div>'
        for n, turn in enumerate(d["turns"], start=1):
            yield f"## {n}. {heading(turn)}", None
            yield from turn_blocks(turn)
            yield f"Read: {place(turn['section'])}", None
        if d["not_asked"]:
            yield "## Not asked", None
            yield "\n".join(f"- {text}" for text in d["not_asked"]), None

    def _table(self):
        """The levels: a row for each topic, a column for each axis."""
        rows = []
        for n, turn in enumerate(self.data["turns"], start=1):
            levels = {axis: LEVELS[level] + MARKS[by] for axis, (level, by) in turn["levels"].items()}
            rows.append([f"{n}. {heading(turn)}", *(levels.get(axis, "") for axis in AXES)])
        if rated := self.data.get("rated"):
            whole = {axis: (level, "checks") for axis, level in self.data.get("overall", {}).items()} | rated
            cells = [LEVELS[whole[axis][0]] + MARKS[whole[axis][1]] if axis in whole else "" for axis in AXES]
            rows.append(["The whole interview", *cells])
        lines = [["topic", *AXES], ["---"] * (len(AXES) + 1), *rows]
        head = "".join(f'<th scope="col">{name}</th>' for name in lines[0])
        drawn = "".join(f"<tr>{row_html(*row)}</tr>" for row in rows)
        text = "\n".join(f"| {' | '.join(row)} |" for row in lines)
        return text, f"<table><tbody><tr>{head}</tr>{drawn}</tbody></table>"

    def save(self, folder="."):
        """Write report.md and report.html, named after the interview, and say where they are."""
        stem = "interview-" + re.sub(r"[^\w-]+", "-", self.data["id"]).strip("-")
        for ending, text in ((".md", self.markdown()), (".html", self.html())):
            (Path(folder) / f"{stem}{ending}").write_text(text, encoding="utf-8", errors="replace", newline="\n")
        return f"Saved as {stem}.md and {stem}.html."

    def __repr__(self):
        return self.markdown()


MARKS = {"checks": "", "yourself": "\\*", "partner": "†", "assistant": "‡", "": ""}


def rated_by(data):
    """Who gave the levels, and what is known of that."""
    rater, lost = data.get("rater"), data.get("refused", 0)
    if rater is None:
        some = any(0 in (level for level, _ in turn["levels"].values()) for turn in data["turns"])
        few = " One check of an axis is no evidence of a row yet; it counts in the whole." if some else ""
        return (
            "\\* by yourself, † by your partner, against the anchors, and no higher than checks and time allow. "
            f"The rest comes from checks.{few}"
        )
    if rater == "partner":
        return "† All of it is your partner's word, the levels against the anchors. Nothing was checked."
    some = f" Quotes refused, since they aren't in your answers: {lost}." if lost else ""
    return (
        "‡ All of it is an assistant's word, the levels against the anchors. Nothing was checked. Its quotes stand in "
        f"the answers that it handed over; that you really said these can't be known.{some}"
    )


def row_html(topic, *cells):
    drawn = (f'<td data-axis="{axis}">{markup.inline(cell)}</td>' for axis, cell in zip(AXES, cells))
    return f'<th scope="row">{escape(topic)}</th>{"".join(drawn)}'


def outcome(data):
    """What this evidence says of such a round, with its reason and its limits. It is no verdict of anybody's."""
    kind = "an onsite" if data.get("plan") == "onsite" else "a phone screen"
    known = {axis: level for axis, level in data["overall"].items() if axis in ("understanding", "technique")}
    if not known:
        return f"On this evidence nothing can be said of {kind}: too little was put to the test."
    low = [axis for axis, level in known.items() if level < 3]
    only_weak = len(low) < len(known) and all(known[axis] == 2 for axis in low)
    alone = any(turn.get("alone") for turn in data.get("turns", ()))
    yes = "yes, if what you said on your own holds" if alone else "yes"
    say = yes if not low else "nearly" if only_weak else "not yet"
    told = ", ".join(f"{axis} is {LEVELS[level]}" for axis, level in data["overall"].items())
    return (
        f"**On this evidence, for {kind}: {say}.** Over all questions {told}, by what could be checked. "
        "It says nothing of how you speak, of what was not asked, or of what you said on your own"
        f"{'; that is quoted below each question' if alone else ''}."
    )


def sure_and_wrong(found):
    """What was answered wrongly by who was sure, before all else."""
    lines = [
        f"{topic}: {ask} You answered: {sentence(answer)}{''.join(f' Right is: {sentence(one)}' for one in right)}"
        for topic, ask, answer, *right in found  # earlier releases didn't keep what is right
    ]
    return headed("You were sure, and it was wrong.", lines)


def sentence(text):
    """A learner's text, or what is right, with a full stop at its end."""
    return plain(text if text.rstrip().endswith((".", "?", "!")) else f"{text.rstrip()}.")


def headline(found):
    """What was forgotten of cost, memory and reasons."""
    lines = [f"{topic}: {says} ({how})" for topic, says, how in found]
    return headed("What was missing is what it costs, in time or memory, and why.", lines)


def headed(title, lines):
    """A title with the first of these lines below it, and how many more there are."""
    more = [f"And {len(lines) - MOST_HEADED} more, below."] if len(lines) > MOST_HEADED else []
    return "\n".join([f"**{title}**", "", *(f"- {line}" for line in [*lines[:MOST_HEADED], *more])])


def turn_blocks(turn):
    """A turn: the question, your words, what you were asked then, and what held."""
    yield turn["prompt"], None
    yield spent(turn), None
    if turn["notes"].strip():
        yield "Your words:", None
        yield quoted(turn["notes"]), None
    elif turn.get("spoken"):
        yield "You said it aloud, and typed nothing.", None
    if turn.get("quotes"):
        yield "Quoted, as what the levels rest on:", None
        yield "\n\n".join(map(quoted, turn["quotes"])), None
    if asked := turn.get("clarified"):
        yield "What you asked first:", None
        asked = [(plain(" ".join(text.split())), answer or "That was yours to choose.") for text, answer in asked]
        yield "\n".join(f"- {text} {answer}" for text, answer in asked), None
    if guesses := turn.get("guesses"):
        yield "What you guessed:", None
        yield "\n".join(f"- {plain(text)}" for text in guesses), None
    for one in turn.get("exchanges", ()):
        yield from exchange_blocks(one)
    if taken := turn.get("help"):
        yield f"Points by the help they took: {', '.join(f'{n} {how}' for how, n in taken.items())}.", None
    for title in ("strong", "missed"):
        if turn[title]:
            yield f"{title.capitalize()}:", None
            yield "\n".join(f"- {text}" for text in turn[title]), None
    if alone := turn.get("alone"):
        yield (
            "Said on your own: the good answer says little of it, so nothing here vouches for it. Make sure of it:",
            None,
        )
        yield "\n".join(f"- {plain(text)}" for text in alone), None


SAID = {
    "spoken": "You said it aloud, and typed nothing.",
    "heard": "You said it aloud.",
    "passed": "You said that you don't know.",
    "": "It was broken off before you replied.",
}


def exchange_blocks(one):
    """A probe that failed, or a follow-up: what you said and a good answer, side by side."""
    probe = one["kind"] == "probe"
    held = {True: " that held", False: " that failed", None: ""}[one["held"]]
    yield f"**{'A probe' if probe else 'A follow-up'}{held}.** {one['ask']}", None
    yours = f"You:\n\n{quoted(one['said'])}" if one["said"].strip() else SAID[one["how"]]
    good = f"Right is:\n\n{quoted(one['good'])}" if probe else f"A good answer:\n\n{one['good']}"
    good += f"\n\nA usual wrong turn gives your answer. {one['means']}" if one.get("means") else ""
    sides = "".join(f"<div>{markup.html(text)}</div>" for text in (yours, good))
    yield f"{yours}\n\n{good}", f'<div class="bp-sides">{sides}</div>'


def heading(turn):
    return f"{turn['topic']}{', clarifying' if turn['part'] else ''}"


def spent(turn):
    """Minutes of one question, in a sentence."""
    taken, given = turn["minutes"] * 60, turn["given"] * 60
    over = f", {clock(taken - given)} over" if taken > given else ""
    ending = "You passed on it." if turn["passed_on"] else "" if turn["done"] else "It was broken off."
    return f"{clock(taken)} of {clock(given)}{over}. {ending}".strip()


def times(d):
    return f"{clock(d['minutes'] * 60)} in all, where the answers had {clock(d['planned'] * 60)}."


def day(seconds):
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def where(link):
    """A link to a section, in Markdown."""
    return f"[{notebook(link)}]({link})"


def in_words(link):
    """The notebook and the section, for a page from which no link leads there."""
    number, _, section = notebook(link).partition(": ")
    return f"notebook {number}, “{section}”" if section else f"notebook {number}"


def notebook(link):
    """A link in words: the notebook's number and the heading."""
    file, _, section = link.partition("#")
    return f"{file.partition('_')[0]}{': ' if section else ''}{section.replace('-', ' ')}"


def plain(text):
    """A learner's text as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>#|~$!+-])", r"\\\1", text)


def quoted(text):
    """A learner's text as a quote in Markdown."""
    return "\n".join(f"> {plain(line)}" for line in text.splitlines())
