"""The interview's face: one widget. It shows where the state machine stands, and hands it what you do."""

import time
from collections.abc import Iterable
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as widgets
from traitlets import Bool, Float, Int, Unicode

from backprop.interview import bank, listen, markup, session
from backprop.interview.axes import ANCHORS, LEVELS
from backprop.interview.engine import BY, LETTERS, by_letters, legal, process_of, which_are_wrong
from backprop.interview.formats import FORMATS
from backprop.interview.plans import PLANS, NoPlan, topics
from backprop.interview.reports import day
from backprop.interview.schedule import LATELY, day_seed, interview_on, ready
from backprop.interview.session import Interview
from backprop.interview.turn import Lost, case
from backprop.interview.voice import Voice
from backprop.practice import bank as exercises

HERE = Path(__file__).parent
ASIDE = {  # seconds, as a guide
    "probe": (15, "a probe"),
    "proof": (15, "a probe"),
    "statements": (0, "the sentences"),
    "follow-up": (60, "a follow-up"),
}
SENTENCE, JUDGING = 7.5, ("statements", "follow-up")  # seconds to tell whether one is right, and where they are shown
TICK_THEM = "Tick those that you would not say. Those that you leave, you stand by."
ANY = "any topic"
TONIGHT = "tonight"  # a plan that stands only here: the questions of `tonight()` as an own choice
UNRECORDED = (
    "This can't be recorded: the file of your progress can't be written. You can go on, and all of it is written as "
    "soon as that works again. A restart before then loses it."
)
HOW_SURE = {"think": "I think so", "sure": "I'm sure", "guess": "A guess"}
NUMBERS = {
    "number": "A number, such as 0.25, 1/4 or 2.5e-3",
    "estimate": "A number within a factor of two, such as 3e9",
    "shape": "A shape, such as (3, 4)",
}


def panel(
    plan: str | None = None,
    *,
    id: str = "mock",
    seed: int | None = None,
    topic: str | None = None,
    questions: Iterable[str] = (),
) -> "Panel":
    """The interview as a widget. Show it, choose a plan, begin; the same id goes on where it stood.

    Without a plan it offers what `tonight()` listed today, or else a phone screen; without a seed it takes the day's.
    id is best the name of the variable that holds the panel: code is handed in by `mock.submit(f)`.
    """
    return Panel(plan, id=id, seed=seed, topic=topic, questions=questions)


def review(id: str = "review") -> "Panel":
    """A panel for five to fifteen minutes: what is due today, and something new; on the interview's day a minute."""
    return panel("review", id=id)


class Watch(anywidget.AnyWidget):
    """The timer, which runs in the browser; besides, it moves the focus to the next thing to do, and hears Ctrl+Enter.

    began is in seconds since 1970 by the kernel's clock, which the browser asks for; limit in seconds. While it is not
    running it shows what was taken.
    """

    _esm = HERE / "panel.js"
    _css = HERE / "panel.css"

    began = Float().tag(sync=True)
    limit = Float().tag(sync=True)
    taken = Float().tag(sync=True)
    running = Bool(False).tag(sync=True)
    about = Unicode().tag(sync=True)
    step = Int(0).tag(sync=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self.on_msg(lambda _, content, buffers: self.send({"now": time.time(), "ask": content.get("ask")}))

    def __repr__(self):
        return "the timer of the interview"


class Panel(widgets.VBox):
    """See `panel`."""

    def __init__(self, plan, *, id, seed, topic, questions):
        self.id, self.interview, self._step = id, None, 0
        self._voice, self._spoken = None, None  # the recorder of what is being answered, and which answer that is
        self._wanted = {"plan": plan, "seed": seed, "topic": topic, "questions": tuple(questions)}
        self._said, self._text = widgets.HTML().add_class("bp-said"), ""
        self._watch, self._head, self._body = Watch(), widgets.HTML().add_class("bp-head"), widgets.VBox()
        stop = button("Stop here", self._stop)
        self._top = widgets.HBox([self._head, self._watch, stop]).add_class("bp-top")
        super().__init__([self._top, self._body, self._said])
        self.add_class("backprop-interview")
        self._resume()

    def __repr__(self):
        return f"The mock interview {self.id!r}. If you see no panel here, run this cell."

    def submit(self, f: Any) -> session.Said:
        """Hand in code, from an ordinary cell."""
        if self.interview is None:
            return session.Said("No interview has begun: begin one in the panel.", False)
        said = self.interview.submit(f)
        self._tell(said)
        return said

    # ---- what happens ----

    def _resume(self):
        """Go on with the last interview of this name if it isn't over."""
        try:
            last = session.latest(self.id)
            self.interview = Interview(id=last) if last else None
        except Lost as lost:
            self._say(str(lost))
        if self.interview is not None and self.interview.state.over:
            self.interview = None
        self._show(focus=False)

    def _begin(self, plan, told="", **choice):
        try:
            self.interview = Interview(plan, id=session.unused(self.id), **choice)
        except NoPlan as problem:
            self._say(str(problem))
            return
        self._say(told)
        self._show()

    def _do(self, what, **values):
        if what in ("answer", "reply") and values.get("how") != "passed" and self._voice and self._voice.busy:
            self._say(self._voice.busy)
            return
        self._tell(self.interview.do(what, **values))

    def _tell(self, said):
        """Show what was said, and where that leads; what was typed stays where it wasn't taken."""
        self._say(said.text)
        if said.accepted or self._shown != self._standing():
            self._show()

    def _say(self, text=None):
        """Show a sentence, or the last one again, and if nothing can be recorded, that: nobody sees stderr here."""
        self._text = self._text if text is None else text
        lost = self.interview is not None and not self.interview.recorded
        self._said.value = said_html(self._text) + (said_html(UNRECORDED) if lost else "")

    def _standing(self):
        """The values that the screen depends on: when one changes, the screen does."""
        state = self.interview.state
        return state.phase, len(state.turns), len(self.interview.events)

    def _stop(self, pressed):
        if pressed.description == "Stop here":
            pressed.description = "Yes, stop here"
        else:
            self._do("end")

    def _show(self, focus=True):
        """Draw the screen for where the interview stands."""
        state = self.interview.state if self.interview else None
        phase = state.phase if state else "new"
        self._shown = self._standing() if state else None
        self._top.layout.display = "none" if phase in ("new", "over") else "flex"
        self._top.children[2].description = "Stop here"
        if phase not in ("new", "over"):
            self._clock(state)
            turn, q = state.turn, state.turn.q
            count = f"Question {len(state.turns)} of {len(state.rounds)}"
            part = "clarifying" if turn.part else q.format
            self._head.value = f"<b>{count}</b> <span>{escape(q.topic)}, {part}</span>"
        self._step += 1
        self._body.children = SCREENS[phase](self)
        if focus:
            self._watch.step = self._step

    def _clock(self, state):
        """The watch: the answer's time, or the guide for a probe or a follow-up."""
        turn, phase = state.turn, state.phase
        with self._watch.hold_sync():
            self._watch.running = (phase == "asked" and turn.finished_at is None) or phase in ASIDE
            if phase in ASIDE:
                seconds, self._watch.about = ASIDE[phase]
                self._watch.limit = seconds + SENTENCE * len(turn.standing if phase in JUDGING else ())
                self._watch.began = self.interview.events[-1]["at"]
            else:
                self._watch.limit, self._watch.about = turn.limit, "the answer"
                self._watch.began = state.began + state.away + turn.asked_at
                self._watch.taken = 60 * turn.minutes if turn.finished_at is None else turn.finished_at - turn.asked_at

    def _next(self, widget):
        """Mark where the keyboard goes."""
        return widget.add_class(f"bp-step-{self._step}")

    # ---- the screens ----

    def _start(self):
        """Choose what to be asked."""
        wanted, tonight = self._wanted, ready()
        listed = f"what tonight's list asks, {len(tonight)} question{'s' * (len(tonight) > 1)}"
        plans = ({TONIGHT: listed} if tonight else {}) | PLANS
        usual = TONIGHT if tonight and wanted["plan"] is None else "phone screen"
        plan = widgets.Dropdown(
            description="Plan",
            options=[(f"{name}: {says}", name) for name, says in plans.items()],
            value=wanted["plan"] if wanted["plan"] in PLANS else usual,
        )
        named = topics(bank.questions())
        topic = widgets.Dropdown(
            description="Topic", options=[ANY, *named], value=wanted["topic"] if wanted["topic"] in named else ANY
        )
        chosen = [id for id in wanted["questions"] if id in bank.questions()]
        own = widgets.SelectMultiple(description="Questions", options=[*bank.questions()], value=chosen, rows=8)
        today = day_seed(time.time())
        seed = today if wanted["seed"] is None else wanted["seed"]
        seed = widgets.BoundedIntText(description="Seed", value=seed, min=0, max=10**6)
        day = widgets.DatePicker(description="Interview on", tooltip="The day of the real one; it may stay empty.")

        def only_own(_=None):
            own.layout.display = "" if plan.value == "own choice" else "none"
            topic.layout.display = "none" if plan.value in ("own choice", TONIGHT) else ""

        def begin(_):
            told = "" if day.value is None else interview_on(day.value).text
            named = {"own choice": own.value, TONIGHT: tonight}.get(plan.value)
            asked = {} if named is None else {"questions": named}
            kind = "own choice" if plan.value == TONIGHT else plan.value
            self._begin(kind, told, seed=seed.value, topic=None if topic.value == ANY else topic.value, **asked)

        plan.observe(only_own, "value")
        only_own()
        last = session.latest(self.id)
        again = [button("Show the last report", lambda _: self._last(last))] if last else []
        return [
            ask(
                "Choose a plan and begin. Nothing leaves this machine.",
                f"The seed shuffles the questions. This one's is {today}; the next interview has another. "
                f"What you were asked in the last {LATELY} days stays away, unless it failed.",
            ),
            *(plan, topic, own, seed, day),
            row(self._next(button("Begin", begin, main=True)), *again),
        ]

    def _last(self, id):
        try:
            self.interview = Interview(id=id)
        except Lost:
            self._step += 1
            self._body.children = [self._next(shown_report(session.report(id)))]
            self._watch.step = self._step
            return
        self._show()

    def _asked(self):
        """The question, and a place for the answer."""
        turn = self.interview.state.turn
        q = turn.q
        if turn.part:
            how = "Before you code: ask me what you need to know. Then say what you assume."
        else:
            how = FORMATS[q.format].how
        shown = [ask(q.prompt, how)]
        shown += self._program(turn, q) if q.coded and not turn.part else []
        shown += self._clarifying(turn) if q.coded and (q.clarify or turn.part) else []
        notes = self._notes("Your notes", rows=3 if q.coded else 7)
        answers = [
            button("Hand in my notes", lambda _: self._do("answer", text=notes.value), main=True),
            button("I said it aloud", lambda _: self._do("answer", text=notes.value, how="spoken")),
            button("I don't know", lambda _: self._do("answer", text=notes.value, how="passed")),
        ]
        if "finish" in legal(self.interview.state):
            answers.insert(0, button("I've finished: stop the clock", lambda _: self._do("finish")))
        if q.coded:
            answers[-3].description = "That's all I ask" if turn.part else "I'm done"
        return [*shown, self._speaking(notes, turn.limit, "" if turn.part else q.answer), notes, row(*answers)]

    def _speaking(self, notes, seconds, answer):
        """The recorder beside the notes: the same one, and what it records, as long as the same answer is due."""
        state = self.interview.state
        spoken = self.interview.id, len(state.turns), state.phase, len(state.turn.pressed)
        if spoken != self._spoken:
            coded = state.phase == "asked" and state.turn.q.coded and not state.turn.part
            self._voice = Voice(self._finished, seconds=seconds, answer=answer, coded=coded)
            self._spoken = spoken

        def landed(text):
            notes.value = f"{notes.value.rstrip()}\n{text}".lstrip()

        self._voice.landed = landed
        return self._voice

    def _finished(self):
        """The clock stops when you do, where there is one that can."""
        if "finish" in legal(self.interview.state):
            self._do("finish")

    def _notes(self, description, rows):
        """A box whose text is kept at each change that the browser sends: it sends the next one after this one."""
        box = widgets.Textarea(self.interview.draft, description=description, rows=rows)
        step = self._step

        def keep(change):
            if step == self._step:  # a straggler from a screen that is gone isn't the draft of the next answer
                self.interview.draft = change["new"]
                self._say()

        box.observe(keep, "value")
        return self._next(box).add_class("bp-notes")

    def _program(self, turn, q):
        """The task or the program, and how code is handed in."""
        name = self.id if self.id.isidentifier() else "panel"
        hand_in = f"Hand it in from a cell, as often as you like: <code>{escape(name)}.submit(your_function)</code>"
        exercise = exercises.find(q.exercise)
        shown = [html(f"{markup.html(exercise.prompt)}<pre>{escape(exercise.starter.strip())}</pre>")]
        if q.format == "bug":
            shown = [
                html(f"<pre>{escape(repr(case(q)).partition('What is it?')[0].rstrip())}</pre>"),
                *self._bugs(turn, q),
            ]
        tries = "".join(
            f"<li>{'passes the checks' if one['passed'] else 'is not right yet'}</li>" for one in turn.tries
        )
        return [*shown, html(f"<p>{hand_in}</p><ol>{tries}</ol>" if tries else f"<p>{hand_in}</p>")]

    def _bugs(self, turn, q):
        choices = [
            widgets.Checkbox(False, description=f"{letter}) {name}", indent=False)
            for letter, name in zip("abcdefgh", case(q).choices)
        ]
        lines = widgets.Text(description="Lines", placeholder="such as 3, 7")

        def guess(_):
            numbers = [int(n) for n in lines.value.replace(",", " ").split() if n.isdigit()]
            letters = "".join(letter for letter, box in zip("abcdefgh", choices) if box.value)
            self._do("guess", lines=numbers, names=letters)

        return [html("<p>What is wrong?</p>"), *choices, row(lines, button("That's it", guess))]

    def _clarifying(self, turn):
        text = widgets.Text(description="Ask me", placeholder="mean or sum over the batch?").add_class("bp-line")
        answers = turn.q.clarify
        said = "".join(
            f"<li>{escape(asked)} <i>{escape('That is yours to choose.' if n is None else answers[n].answer)}</i></li>"
            for asked, n in turn.clarified
        )
        shown = [html(f"<ul>{said}</ul>")] if said else []
        return [*shown, row(text, button("Ask", lambda _: self._do("clarify", text=text.value)))]

    def _claims(self):
        """The end of a turn, beside a good answer: what was said unasked, which replies held, and how one worked."""
        turn = self.interview.state.turn
        noticed = listen.points_noticed(turn.q, turn.notes)
        points = {}
        if not turn.part and turn.how != "passed":
            points = {p.id: p.says + (" (I may have heard it.)" if p.id in noticed else "") for p in turn.rubric}
        said, process = Lettered(points), ticks(process_of(turn))
        held = {one.about: either("My reply", "It held", "It didn't") for one in turn.pressed if one.to_judge}

        def go_on(whole=False):
            if any(one.value is None for one in held.values()):
                self._say("Say of each reply whether it held what a good one holds.")
                return
            if said.read is None:
                self._say(said.unread)
                return
            ticked = [[id for id, box in group.items() if box.value] for group in (process, held)]
            self._do("claim", points=list(points) if whole else said.read, process=ticked[0], held=ticked[1])

        all_of_it = [button("I said all of it", lambda _: go_on(whole=True))] if len(points) > 1 else []
        last = len(self.interview.state.turns) == len(self.interview.state.rounds)
        main = button("To the end" if last else "Next question", lambda _: go_on(), main=True)
        line = [said.line] if points else []
        self._next(next(iter([*held.values(), *line, *process.values(), main])))
        how = "What you said wrongly and then corrected yourself counts. What was asked of you is known."
        tick = [ask("Tick what you said before I asked, in whatever words.", how), *line, *said.boxes.values()]
        return [
            *[piece for about, box in held.items() for piece in (html(reply_html(turn, about)), box)],
            *(tick if points else [ask("Compare with a good answer.")]),
            *process.values(),
            html(answered_html(turn) + told_html(turn.q)),
            row(main, *all_of_it),
        ]

    def _probe(self):
        """A small question with an answer that can be checked."""
        probe = self.interview.state.turn.current.probe
        if probe.kind == "choice":
            options = [(f"{letter}) {text}", text) for letter, text in zip("abcdefgh", probe.options)]
            answer = widgets.RadioButtons(options=options, index=None, description="One of these")
        else:
            hint = NUMBERS.get(probe.kind) or f"A formula in {names_of(probe.given)}; sp is σ' of a tanh"
            answer = widgets.Text(description="Your answer", placeholder=hint).add_class("bp-line")
        shown = [html(f"<p>{escape(hint)}</p>")] if probe.kind == "expression" else []

        def answered(sure, _):
            self._do("probe", answer=answer.value or "", sure=sure)

        return [
            ask(probe.ask, "Answer in about fifteen seconds, and say how sure you are."),
            *shown,
            self._next(answer),
            row(
                *[button(words, partial(answered, sure), main=sure == "think") for sure, words in HOW_SURE.items()],
                button("I don't know", lambda _: self._do("probe", how="passed")),
            ),
        ]

    def _statements(self):
        """Sentences to tell right from wrong: tapped, or named by their letters."""
        turn = self.interview.state.turn
        put = Lettered(turn.standing)

        def judged(_):
            if put.read is None:
                self._say(put.unread)
            else:
                self._do("judge", struck=put.read)

        return [
            ask(which_are_wrong(turn), TICK_THEM),
            *put.boxes.values(),
            row(self._next(put.line), button("That's my judgment", judged, main=True)),
        ]

    def _follow_up(self):
        """A question with a reply, and beside it the statements that go beyond the rubric, where there are some."""
        turn = self.interview.state.turn
        follow_up, notes, put = turn.current.follow_up, self._notes("Your reply", rows=4), Lettered(turn.standing)
        stands = either("What I said", "I stand by it", "I take it back")

        def reply(how, _):
            if put.read is None:
                self._say(put.unread)
            else:  # sentences that nobody looked at come by themselves after the reply
                struck = put.read if put.touched else None
                self._do("reply", text=notes.value, how=how, struck=struck, stands=stands.value)

        return [
            ask(follow_up.ask, "A follow-up. Say it aloud first."),
            self._speaking(notes, ASIDE["follow-up"][0], follow_up.answer),
            notes,
            *([stands] if turn.misjudges else []),
            *([ask(which_are_wrong(turn), TICK_THEM), put.line, *put.boxes.values()] if put.boxes else []),
            row(
                button("Reply", partial(reply, "typed"), main=True),
                button("I said it aloud", partial(reply, "spoken")),
                button("I don't know", partial(reply, "passed")),
            ),
        ]

    def _rating(self):
        """What a person rates, once for the whole interview, each level with its anchor."""
        asked = {
            axis: widgets.RadioButtons(
                options=[(f"{name}: {says}", n) for n, (name, says) in enumerate(zip(LEVELS, ANCHORS[axis]))],
                index=None,
                description=axis.capitalize(),
            ).add_class("bp-level")
            for axis in self.interview.state.rated
        }
        by = widgets.RadioButtons(options=BY, description="Rated by")

        def rate(_):
            given = {axis: one.value for axis, one in asked.items() if one.value is not None}
            self._do("rate", levels=given, by=by.value)

        self._next(next(iter(asked.values())))
        return [
            ask("Over the whole interview, where did your answers stand?", "Compare with the sentences."),
            *asked.values(),
            by,
            row(button("To the report", rate, main=True)),
        ]

    def _over(self):
        """The report."""
        report = self.interview.report

        def save(_):
            try:
                self._say(report.save())
            except OSError as problem:
                self._say(f"It can't be saved: {problem}")

        def another(_):
            self.interview = None
            self._say("")
            self._show()

        buttons = row(button("Save as Markdown and HTML", save, main=True), button("Another interview", another))
        return [self._next(shown_report(report)), buttons]


SCREENS = {
    "new": Panel._start,
    "asked": Panel._asked,
    "claims": Panel._claims,
    "probe": Panel._probe,
    "follow-up": Panel._follow_up,
    "proof": Panel._probe,
    "statements": Panel._statements,
    "rating": Panel._rating,
    "over": Panel._over,
}


# ---- pieces ----


def button(description, action, main=False):
    made = widgets.Button(description=description, button_style="primary" if main else "")
    made.on_click(action)
    return made.add_class("bp-main") if main else made


def row(*children):
    return widgets.HBox(children).add_class("bp-row")


def html(text):
    return widgets.HTMLMath(text)


def shown_report(report):
    """A report as an output: there JupyterLab opens a link to a notebook at its section."""
    drawn = {"output_type": "display_data", "metadata": {}, "data": {"text/html": report._repr_html_()}}
    return widgets.Output(outputs=[drawn])


def ask(text, how=""):
    """The interviewer's words, and below them how the answer is meant."""
    small = f"<p class='bp-how'>{escape(how)}</p>" if how else ""
    return widgets.HTMLMath(f"<div class='bp-ask'>{markup.html(text)}</div>{small}")


def said_html(text):
    return f"<p>{escape(text)}</p>" if text else ""


def names_of(given):
    """The names of an expression with their shapes, in words."""
    return ", ".join(f"{name} {tuple(shape)}" if shape else f"{name} (a number)" for name, shape in given.items())


class Lettered:
    """Sentences, {id: sentence}, to be ticked, or named by their letters in a line beside them."""

    def __init__(self, sentences):
        self.boxes = ticks({id: f"{letter}) {text}" for letter, (id, text) in zip(LETTERS, sentences.items())})
        hint = "of those that you tick, such as b d, or all"
        self.line = widgets.Text(description="Letters", placeholder=hint).add_class("bp-line")

    @property
    def read(self):
        """The ids that are ticked or named, or None where the line can't be read."""
        named = by_letters(self.line.value, self.boxes)
        return None if named is None else [id for id, box in self.boxes.items() if box.value or id in named]

    @property
    def touched(self):
        """Whether anything is ticked or named, be it that none is meant."""
        return bool(self.read or self.line.value.strip())

    @property
    def unread(self):
        return f"Type letters from a to {LETTERS[len(self.boxes) - 1]}, all or none; or tick."


def either(about, yes, no):
    """One's own word on something: True for the first, False for the second; nothing is chosen before."""
    options = [(yes, True), (no, False)]
    return widgets.RadioButtons(options=options, index=None, description=about).add_class("bp-level")


def ticks(words):
    """{name: a box to tick}, unticked."""
    return {id: widgets.Checkbox(False, description=says, indent=False) for id, says in words.items()}


def reply_html(turn, about):
    """A follow-up with your reply and a good answer, to compare them."""
    one, follow_up = turn.pressed_on(about), turn.point(about).follow_up
    yours = f"<p>Your reply: <i>{escape(one.reply)}</i></p>" if one.reply.strip() else ""
    return f"<p><b>{escape(follow_up.ask)}</b></p>{yours}<blockquote>{markup.html(follow_up.answer)}</blockquote>"


def answered_html(turn):
    """Folded: the follow-ups that were settled, what the answers contain, a model answer and the whiteboard."""
    q, parts = turn.q, []
    abouts = [turn.point(one.about).follow_up for one in turn.pressed if not one.to_judge]
    pressed = "".join(f"<p>{escape(one.ask)}</p><blockquote>{markup.html(one.answer)}</blockquote>" for one in abouts)
    parts += [folded("The follow-ups, answered", pressed)] if pressed else []
    if not turn.part:
        parts.append(folded("A model answer", markup.html(q.answer)))
        held = "".join(f"<p><b>{name}</b>: {markup.inline(says)}</p>" for name, says in (q.levels or {}).items())
        parts += [folded("What a pass, a strong and a very strong answer contain", held)] if held else []
        parts += [folded("The whiteboard at the end", markup.html(q.whiteboard))] if q.whiteboard else []
    return "".join(parts)


def told_html(q):
    """Folded: how a story was told the last time, to compare."""
    before = session.told_before(q.id) if q.format == "story" else None
    if before is None:
        return ""
    when, words = before
    return folded(f"How you told it on {day(when)}", f"<pre>{escape(words)}</pre>")


def folded(summary, inside):
    return f"<details><summary>{summary}</summary>{inside}</details>"
