"""The panel without a browser: its buttons pressed and its boxes filled, screen by screen."""

import os
import re
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, datetime
from html import escape, unescape
from html.parser import HTMLParser
from pathlib import Path

import ipywidgets as widgets
import pytest
from interview_bank import QUESTIONS, struck_by

from backprop.interview import (
    Interview,
    aloud,
    axes,
    bank,
    due,
    history,
    markup,
    panel,
    report,
    review,
    schedule,
    session,
)
from backprop.interview.bank import Statement
from backprop.interview.beliefs import AT_ONCE, MORE
from backprop.interview.engine import PROCESS
from backprop.interview.panel import Panel, answered_html
from backprop.interview.turn import Pressed, Turn, case, question
from backprop.practice import bank as exercises
from backprop.practice import record
from backprop.practice.verdict import Verdict

REAL = bank.questions()
TEXT = (widgets.HTML, widgets.HTMLMath)
SRC = Path(markup.__file__).parent


@pytest.fixture(autouse=True)
def own_folder(small_bank, tmp_path, monkeypatch):
    """The questions of the tests, and a folder in which files may be left."""
    monkeypatch.chdir(tmp_path)


class Hands:
    """What a person sees of a panel and can do with it."""

    def __init__(self, panel):
        self.panel = panel

    def all(self, kind=widgets.Widget, under=None):
        """The widgets of a kind that are shown, in reading order."""
        found = []
        for child in (under or self.panel).children:
            if getattr(child.layout, "display", "") == "none":
                continue
            found += [child] if isinstance(child, kind) else []
            found += self.all(kind, child) if hasattr(child, "children") else []
        return found

    @property
    def words(self):
        """Everything that is written there, without tags."""
        texts = [w.value for w in self.all(TEXT)]
        texts += [one["data"]["text/html"] for w in self.all(widgets.Output) for one in w.outputs]
        texts += [w.description for w in self.all((widgets.Checkbox, widgets.Button))]
        return unescape(re.sub(r"<[^>]+>", " ", " ".join(texts)))

    @property
    def said(self):
        return unescape(re.sub(r"<[^>]+>", "", self.panel._said.value))

    def press(self, description):
        (found,) = [b for b in self.all(widgets.Button) if b.description == description]
        found.click()

    def write(self, description, value):
        (found,) = [w for w in self.all() if getattr(w, "description", None) == description and hasattr(w, "value")]
        found.value = value

    def tick(self, part):
        (found,) = [w for w in self.all(widgets.Checkbox) if part.lower() in w.description.lower()]
        found.value = True

    def judge_reply(self, held):
        """Say of the only reply that is compared whether it held what a good one holds."""
        (found,) = [w for w in self.all(widgets.RadioButtons) if w.description == "My reply"]
        assert found.value is None
        found.value = held

    @property
    def main(self):
        """The button of Ctrl+Enter, which is drawn as the one to press."""
        (found,) = [b for b in self.all(widgets.Button) if "bp-main" in b._dom_classes]
        assert [b for b in self.all(widgets.Button) if b.button_style == "primary"] == [found]
        return found.description

    @property
    def next(self):
        """What the keyboard is sent to."""
        step = f"bp-step-{self.panel._watch.step}"
        (found,) = [w for w in self.all(widgets.DOMWidget) if step in w._dom_classes]
        return found


def begun(*ids, **settings):
    hands = Hands(panel("own choice", questions=ids, **settings))
    hands.press("Begin")
    return hands


# ---- through an interview ----


def test_on_every_screen_one_button_is_the_main_one():
    """Ctrl+Enter goes on from wherever one is."""
    it, seen = Hands(panel("own choice", questions=["test.talk", "test.plain"])), {}
    assert it.main == "Begin"
    it.press("Begin")
    while (state := it.panel.interview.state).phase != "over":
        seen[state.phase] = it.main
        moves = {
            "claims": ("claim", {"points": ["basic"] if state.turn.question == "test.talk" else []}),
            "probe": ("probe", {"how": "passed"}),
            "follow-up": ("reply", {"text": "so"}),
            "proof": ("probe", {"how": "passed"}),
            "rating": ("rate", {"levels": dict.fromkeys(state.rated, 3)}),
        }
        do, values = moves.get(state.phase, ("answer", {"text": "basic"}))
        it.panel._do(do, **values)
    assert {*seen} == {"asked", "claims", "probe", "follow-up", "proof", "rating"}
    assert it.main == "Save as Markdown and HTML" and len({*seen.values()}) == 5


def test_an_interview_that_is_found_again_takes_no_focus():
    """The notebook's reader may be elsewhere on the page when its cells are run."""
    it = begun("test.talk", id="x")
    assert it.panel._watch.step == it.panel._step > 0
    again = Hands(panel(id="x"))
    assert again.panel.interview.state.phase == "asked" and again.panel._watch.step != again.panel._step


def test_a_whole_interview_by_hand():  # noqa: PLR0915
    it = begun("test.talk", "test.hand", seed=0)
    assert "Question 1 of 2" in it.words and "Explain it in a minute." in it.words
    assert isinstance(it.next, widgets.Textarea) and it.main == "Hand in my notes"
    it.write("Your notes", "the basic thing")
    it.press("Hand in my notes")
    assert "How many?" in it.words and isinstance(it.next, widgets.Text)
    it.press("I think so")
    assert it.said == "There is no answer yet." and "How many?" in it.words
    it.write("Your answer", "plenty")
    it.press("I'm sure")
    assert "can't be read as a number" in it.said
    assert it.next.value == "plenty"  # what was typed stays
    it.write("Your answer", "2")
    it.press("I'm sure")
    (choice,) = it.all(widgets.RadioButtons)
    assert [text[3:] for text, _ in choice.options] == REAL_ORDER and choice.value is None
    it.press("I think so")
    assert it.said == "There is no answer yet."
    choice.value = "that"
    it.press("I'm sure")
    it.write("Your answer", "4")
    it.press("A guess")
    assert "What is at the far end?" in it.words  # what failed comes first
    it.press("I don't know")
    assert "And the memory?" in it.words
    it.write("Your reply", "it grows ")
    it.press("Reply")
    it.write("Your answer", "(3, 4)")
    it.press("I think so")
    boxes = it.all(widgets.Checkbox)
    assert [box.description for box in boxes] == [
        "a) The basic thing is said. (I may have heard it.)",
        "b) The memory is counted.",
        "c) The far end is seen.",
        "d) There is a fourth thing.",
    ]
    assert not any(box.value for box in boxes) and it.next.description == "Letters" and "A model answer" in it.words
    it.tick("basic")
    it.tick("far")
    it.press("Next question")
    assert "Question 2 of 2" in it.words and "Work it out by hand." in it.words
    it.press("I said it aloud")
    it.write("Your answer", "6")
    it.press("I'm sure")
    assert "How sure are you that this is right?" in it.words
    it.write("Your reply", "two threes")
    it.press("Reply")
    assert "Your reply: " in it.words and "two threes" in it.words
    it.tick("product")
    it.press("To the end")
    assert it.said == "Say of each reply whether it held what a good one holds."
    it.judge_reply(True)
    it.press("To the end")
    assert "Over the whole interview" in it.words
    it.press("To the report")
    assert "Give a level for each of rationale, communication." in it.said
    levels = {w.description: w for w in it.all(widgets.RadioButtons)}
    assert all(w.value is None for name, w in levels.items() if name != "Rated by")
    assert levels["Communication"].options[3][0].startswith("strong: In order,")
    levels["Communication"].value, levels["Rationale"].value, levels["Rated by"].value = 3, 1, "partner"
    it.press("To the report")
    assert "Three things for tonight" in it.words and "very weak†" in it.words
    it.press("Save as Markdown and HTML")
    assert it.said == "Saved as interview-mock-1.md and interview-mock-1.html."
    assert Path("interview-mock-1.html").exists()
    it.press("Another interview")
    assert "Choose a plan" in it.words
    it.press("Show the last report")
    assert "Three things for tonight" in it.words


REAL_ORDER = sorted(["this", "that", "those", "none"], key=lambda text: text[::-1])


def test_code_is_handed_in_from_a_cell():
    it = begun("test.code", id="desk")
    slip = next(s for s in exercises.find("delta.b4").slips if s.id == "mean")
    assert "desk.submit(your_function)" in it.words and "def bias_gradient(delta)" in it.words
    it.write("Ask me", "a mean or a sum?")
    it.press("Ask")
    assert it.said == "The loss is a mean: its 1/B is in delta." and "a mean or a sum?" in it.words
    it.write("Your notes", "I keep the dimensions ")
    said = it.panel.submit(lambda delta: delta.mean(axis=1, keepdims=True))
    assert slip.says in repr(said) and slip.says in it.said and "is not right yet" in it.words
    (notes,) = it.all(widgets.Textarea)
    assert notes.value == "I keep the dimensions "  # the draft
    assert it.panel.submit(lambda delta: delta.sum(axis=1, keepdims=True)).accepted
    assert "passes the checks" in it.words
    it.press("I'm done")
    assert "Your first version had a slip" in it.words
    it.press("I don't know")
    assert "The sum runs over the batch." in it.words and "smallest test first" in it.words
    it.tick("smallest test")
    it.press("To the end")
    assert it.panel.interview.state.turns[0].process == ["smallest"]


def test_a_bug_is_found_in_the_panel():
    it = begun("test.bug")
    program = case(question("test.bug"))
    assert " 1  def" in it.words and "What is it?" not in it.words
    for slip in program.slips:
        it.tick(slip.name)
    it.press("That's it")
    assert "Give the lines" in it.said
    it.write("Lines", ", ".join(map(str, sorted(program.lines))))
    for slip in program.slips:
        assert [box for box in it.all(widgets.Checkbox) if slip.name in box.description][0].value  # still ticked
    it.press("That's it")
    assert it.said.startswith("The lines are right. The names are right.")


def test_the_clarifying_part_of_an_onsite():
    it = Hands(panel("onsite"))
    it.press("Begin")
    assert "Before you code: ask me" in it.words and "submit" not in it.words
    it.press("That's all I ask")
    assert it.said == "You asked me nothing about the task."
    assert "didn't ask me" in it.words


def test_stopping_is_asked_twice():
    it = begun("test.talk")
    it.press("Stop here")
    assert "Question 1 of 1" in it.words
    it.press("Yes, stop here")
    assert "Three things for tonight" in it.words


# ---- coming back ----


def test_the_cell_run_again_goes_on_where_it_stood():
    it = begun("test.talk")
    it.write("Your notes", "half an answer, and m")
    it.write("Your notes", "half an answer, and more ")
    again = Hands(panel(id="mock"))
    assert (
        "Explain it in a minute." in again.words and again.all(widgets.Textarea)[0].value == "half an answer, and more "
    )
    again.press("Hand in my notes")
    assert "say how sure you are" in again.words
    it.press("Hand in my notes")  # the old panel, still on the page somewhere
    assert "went on elsewhere" in it.said and "say how sure you are" in it.words
    third = Hands(panel(id="mock"))
    assert "say how sure you are" in third.words
    third.press("I don't know")
    assert third.said == "Not proven, then."


def test_two_panels_do_not_disturb_each_other():
    one, other = begun("test.talk", id="one"), begun("test.hand", id="other")
    one.press("I said it aloud")
    assert "Work it out by hand." in other.words
    other.press("I don't know")
    assert "say how sure you are" in one.words and "what you do know" in other.words
    assert {i.id for i in (one.panel.interview, other.panel.interview)} == {"one.1", "other.1"}


def test_interviews_of_one_panel_are_counted():
    it = begun("test.hand")
    for n in (1, 2, 3):
        assert it.panel.interview.id == f"mock.{n}"
        it.press("Stop here")
        it.press("Yes, stop here")
        again = Hands(panel("own choice", questions=["test.hand"]))
        assert "Choose a plan" in again.words  # it is over: nothing to go on with
        it = again
        it.press("Begin")
    assert session.latest("mock") == "mock.4"


def test_an_interview_that_cannot_go_on_makes_way(monkeypatch):
    begun("test.talk")
    monkeypatch.setattr(bank, "questions", lambda: {"test.hand": QUESTIONS["test.hand"]})
    question.cache_clear()
    it = Hands(panel("own choice", questions=["test.hand"]))
    assert "doesn't have" in it.said
    it.press("Begin")
    assert "Work it out by hand." in it.words and it.panel.interview.id == "mock.2"


def test_what_cannot_be_begun_is_told(monkeypatch):
    monkeypatch.setattr(session, "lately", lambda at: [*QUESTIONS])  # nothing new is left
    it = Hands(review())
    it.press("Begin")
    assert it.said == "Nothing is due." and "Choose a plan" in it.words
    assert "begin one in the panel" in repr(it.panel.submit(print))
    record.note("delta.b4", Verdict("delta.b4", slips=("mean",)))
    it.press("Begin")
    assert "Explain it in a minute." in it.words
    it = Hands(panel("quiz", topic="nowhere", seed=3))
    assert [w.value for w in it.all(widgets.Dropdown)] == ["phone screen", "any topic"]
    it.write("Plan", "own choice")
    assert not [w for w in it.all(widgets.Dropdown) if w.description == "Topic"]
    it.press("Begin")
    assert "name the questions" in it.said


def test_the_date_is_kept():
    it = Hands(panel("own choice", questions=["test.hand"]))
    it.write("Interview on", date(2031, 5, 6))
    it.press("Begin")
    assert schedule.eve() == datetime(2031, 5, 5).timestamp() and "comes back before 2031-05-06" in it.said
    it = Hands(panel("own choice", questions=["test.hand"], id="another"))
    it.write("Interview on", date(2021, 5, 6))
    it.press("Begin")
    assert schedule.eve() == datetime(2031, 5, 5).timestamp() and "2021-05-06 is past, so it is not taken." in it.said
    assert it.panel.interview is not None  # it begins all the same


def test_the_seed_is_the_days_unless_one_is_given():
    it = Hands(panel("own choice", questions=["test.hand"]))
    (box,) = it.all(widgets.BoundedIntText)
    today = schedule.day_seed(time.time())
    assert box.value == today and f"This one's is {today}; the next" in it.words and "the last 4 days" in it.words
    it.press("Begin")
    assert it.panel.interview.state.seed == today
    it.press("Stop here")
    it.press("Yes, stop here")
    it.press("Another interview")
    another = it.all(widgets.BoundedIntText)[0].value
    it.press("Begin")
    assert it.panel.interview.state.seed == another == today + 1000
    it = Hands(panel("own choice", questions=["test.hand"], id="b", seed=3))
    it.press("Begin")
    assert it.panel.interview.state.seed == 3
    assert Hands(review()).all(widgets.BoundedIntText)[0].value == today + 3000


@pytest.mark.parametrize("id", ["mock", "mock.final", "mock.2x", "mock.7", "mock.1"])
def test_a_panel_begins_whatever_the_interviews_before_are_called(id):
    Interview("own choice", questions=["test.hand"], id=id).end()
    it = begun("test.talk")
    assert "Question 1 of 1" in it.words
    assert it.panel.interview.id == ("mock.2" if id == "mock.1" else "mock.1") == session.latest("mock")


# ---- what is typed is kept ----


@pytest.mark.parametrize(
    "text",
    [
        "Pasted in one go, with a full stop at the end.",
        "half an ingenious answer, and m",  # an edit in the middle
        "half",  # a deletion
        "",
        "<b>\n\ttabs and lines\n",
    ],
)
def test_a_draft_is_kept_however_it_was_typed(text):
    it = begun("test.talk")
    it.write("Your notes", "half an answer, and m")
    it.write("Your notes", text)
    assert Hands(panel(id="mock")).all(widgets.Textarea)[0].value == text == it.panel.interview.draft


def test_a_straggler_is_not_the_draft_of_the_next_answer():
    it = begun("test.hand", "test.talk")
    (box,) = it.all(widgets.Textarea)
    it.press("I don't know")
    box.value = "still on its way"
    assert it.panel.interview.draft == ""


def test_looking_leaves_no_record(own_record):
    """Every view of a record that isn't there, and a panel where nobody has pressed Begin."""
    for view in (
        history(),
        report("mock"),
        due(),
        schedule.weakest(),
        session.lately(0),
        session.named("mock"),
        review(),
    ):
        assert view is not None and repr(view)
    assert "Begin" in Hands(panel(id="mock")).words
    assert not own_record.parent.exists()


def test_a_record_that_cannot_be_written_is_told_in_the_panel(monkeypatch, tmp_path):
    home = record.path()
    it = begun("test.talk")
    assert "can't be recorded" not in it.said
    monkeypatch.setenv("BACKPROP_RECORD", str(tmp_path))  # a folder
    it.write("Your notes", "some words")
    lost = (
        "This can't be recorded: the file of your progress can't be written. You can go on, and all of it is written "
        "as soon as that works again. A restart before then loses it."
    )
    assert it.said == lost
    it.press("Hand in my notes")
    assert it.said == f"Thank you.{lost}"
    it.press("I don't know")
    assert "This can't be recorded" in it.said
    monkeypatch.setenv("BACKPROP_RECORD", str(home))
    it.press("I don't know")
    assert "recorded" not in it.said and Interview(id="mock.1").state.turn.notes == "some words"
    monkeypatch.setenv("BACKPROP_RECORD", str(tmp_path))
    assert "This can't be recorded" in begun("test.talk", id="other").said  # as soon as it begins


# ---- the watch ----


def test_the_watch_runs_while_somebody_thinks():
    it = begun("test.talk")
    watch, interview = it.panel._watch, it.panel.interview
    assert watch.running and watch.limit == 60 and watch.began == interview.state.began
    it.press("I said it aloud")
    assert watch.running and (watch.limit, watch.about) == (15, "a probe")
    assert watch.began == interview.events[-1]["at"] >= interview.state.began
    sent = []
    watch.send = sent.append
    watch._handle_custom_msg({"ask": "now"}, [])
    assert abs(sent[0]["now"] - interview.events[-1]["at"]) < 60


def test_the_second_question_is_timed_from_when_it_was_asked():
    Interview("own choice", questions=["test.talk", "test.plain"], id="mock.1", at=1000)
    it = Hands(panel())
    state = it.panel.interview.state
    state.turn.asked_at = 40.0
    it.panel._clock(state)
    assert state.phase == "asked"
    assert it.panel._watch.began == pytest.approx(1000 + state.away + 40)


def test_time_away_does_not_run():
    Interview("own choice", questions=["test.talk"], id="mock.1", at=1000)
    it = Hands(panel())
    state = it.panel.interview.state
    assert state.away > 1e6 and it.panel._watch.began == pytest.approx(1000 + state.away)


# ---- what is shown ----


class Tags(HTMLParser):
    VOID = {"br"}

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.open += [] if tag in self.VOID else [tag]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def tags(text):
    parser = Tags()
    parser.feed(text)
    assert parser.open == []
    return parser.seen


def test_every_text_is_escaped():
    it = begun("test.plain", "test.code")
    evil = "<img src=x onerror=alert(1)> </textarea><script>alert(2)</script>"

    def safe():
        for w in it.all(TEXT):
            assert not {"img", "script", "textarea"} & tags(w.value)
        for w in it.all((widgets.Checkbox, widgets.RadioButtons, widgets.Button)):
            assert not getattr(w, "description_allow_html", False)

    assert "Discuss &lt;b&gt;this&lt;/b&gt; &amp; that." in "".join(w.value for w in it.all(TEXT))
    it.write("Your notes", evil)
    it.press("Hand in my notes")
    safe()
    it.write("Your reply", evil)
    it.press("Reply")
    safe()
    assert "b) It depends on <x>." in [w.description for w in it.all(widgets.Checkbox)]
    it.judge_reply(True)
    it.press("Next question")
    it.write("Ask me", evil)
    it.press("Ask")
    safe()
    it.press("Stop here")
    it.press("Yes, stop here")
    safe()


def test_what_a_notebook_keeps_of_it_never_changes():
    """nbval compares the text of an output: it must not depend on the record, the date, or where it stands."""
    shown = panel()._repr_mimebundle_()["text/plain"]
    it = begun("test.talk")
    it.press("I said it aloud")
    assert it.panel._repr_mimebundle_()["text/plain"] == shown == panel(seed=9)._repr_mimebundle_()["text/plain"]
    assert len(shown) < 110 and "0x" not in shown
    assert repr(it.panel._watch) == "the timer of the interview"


def test_everything_can_be_named_aloud():
    it = begun("test.talk")
    while it.panel.interview.state.phase != "rating":
        for w in it.all((widgets.Textarea, widgets.Text, widgets.RadioButtons, widgets.Checkbox, widgets.Button)):
            assert w.description
        it.press("To the end" if it.panel.interview.state.phase == "claims" else "I don't know")


def test_each_class_that_the_panel_gives_has_its_style():
    given = set(re.findall(r"bp-[a-z]+", (SRC / "panel.py").read_text(encoding="utf-8")))
    there = "".join((SRC / name).read_text(encoding="utf-8") for name in ("panel.css", "panel.js"))
    shown = {name for it in (begun("test.bug", id="a"), begun("test.code", id="b")) for w in it.all(widgets.DOMWidget)
             for name in w._dom_classes if not name.startswith(("bp-step-", "jupyter", "widget"))}  # fmt: skip
    assert {"bp-row", "bp-notes", "bp-line", "bp-main", "bp-said", "bp-head"} <= shown
    assert not {name for name in given | shown if name not in there}


def test_each_class_that_has_a_style_is_shown_somewhere():
    it, shown = begun("test.talk"), set()
    while True:
        assert "backprop-interview" in it.panel._dom_classes  # all of the style is below it
        for w in [it.panel, *it.all(widgets.DOMWidget)]:
            shown |= {*w._dom_classes, *re.findall(r"class=[\"']([\w-]+)[\"']", str(getattr(w, "value", "")))}
        if (state := it.panel.interview.state).over:
            break
        rates = dict.fromkeys(state.rated, 3)
        moves = {"asked": ("answer", {"text": "so"}), "claims": ("claim", {}), "probe": ("probe", {"how": "passed"}),
                 "proof": ("probe", {"how": "passed"}), "follow-up": ("reply", {"text": "so"}),
                 "rating": ("rate", {"levels": rates})}  # fmt: skip
        do, values = moves[state.phase]
        it.panel._do(do, **values)
    script, style = ((SRC / name).read_text(encoding="utf-8") for name in ("panel.js", "panel.css"))
    styled = set(re.findall(r"\.((?:bp|backprop)-[\w-]+)", style))
    assert len(styled) > 10 and not {name for name in styled - shown if f'"{name}"' not in script}


def test_the_front_end_loads_nothing():
    script, style = ((SRC / name).read_text(encoding="utf-8") for name in ("panel.js", "panel.css"))
    assert not re.search(r"https?:|import\s|@import|url\(|innerHTML = [^']", script + style)


def test_the_logic_loads_no_widget():
    faces = {"__init__", "panel", "aloud", "voice"}
    for name in sorted({file.stem for file in SRC.glob("*.py")} - faces):
        text = (SRC / f"{name}.py").read_text(encoding="utf-8")
        assert not re.search(r"ipywidgets|anywidget|interview import .*panel|interview\.panel", text), name


# ---- each screen's words, and what a panel is unless it is said otherwise ----


def test_a_panel_is_a_phone_screen_called_mock_unless_it_is_said_otherwise():
    assert repr(panel()) == "The mock interview 'mock'. If you see no panel here, run this cell."
    assert repr(review()) == "The mock interview 'review'. If you see no panel here, run this cell."
    assert repr(review("today")).startswith("The mock interview 'today'.")
    for shown, plan in ((panel(), "phone screen"), (panel("ladder"), "ladder"), (review(), "review")):
        plans, topics = Hands(shown).all(widgets.Dropdown)
        assert plans.value == plan and topics.value == "any topic"
    it = Hands(panel("quiz", topic="Test topic", questions=iter(["test.hand", "gone", "test.talk"])))
    assert [w.value for w in it.all(widgets.Dropdown)] == ["phone screen", "Test topic"]
    it.write("Plan", "own choice")
    (own,) = it.all(widgets.SelectMultiple)
    assert own.value == ("test.hand", "test.talk") and own.options == (*QUESTIONS,)
    it.write("Plan", "ladder")
    assert not it.all(widgets.SelectMultiple) and len(it.all(widgets.Dropdown)) == 2


@pytest.mark.parametrize(("given", "taken"), [(-1, 0), (0, 0), (10**6, 10**6), (10**6 + 1, 10**6)])
def test_a_seed_is_a_number_from_0_to_a_million(given, taken):
    (box,) = Hands(panel(seed=given)).all(widgets.BoundedIntText)
    assert (box.value, box.min, box.max) == (taken, 0, 10**6)


def test_the_chosen_topic_is_asked_and_any_topic_is_none(monkeypatch):
    seen = []
    monkeypatch.setattr(Panel, "_begin", lambda self, plan, told="", **choice: seen.append((plan, told, choice)))
    it = Hands(panel("ladder", topic="Test topic", seed=5))
    it.press("Begin")
    it.write("Topic", "any topic")
    it.press("Begin")
    it.write("Plan", "own choice")
    it.press("Begin")
    ladder = {"seed": 5, "topic": "Test topic"}
    assert seen[:2] == [("ladder", "", ladder), ("ladder", "", ladder | {"topic": None})]
    assert seen[2] == ("own choice", "", {"seed": 5, "topic": None, "questions": ()})


def test_what_tonights_list_asks_is_ready_until_it_was_asked():
    schedule.have_ready([["test.hand", "gone", "test.talk"], ["test.plain"]])
    it = Hands(panel())
    plan = it.all(widgets.Dropdown)[0]
    assert plan.value == "tonight" and plan.label == "tonight: what tonight's list asks, 2 questions"
    assert not [w for w in it.all(widgets.Dropdown) if w.description == "Topic"]
    it.press("Begin")
    assert [id for id, _ in it.panel.interview.state.rounds] == ["test.hand", "test.talk"]
    for id in "test.hand", "test.talk":
        record.transact(lambda db, id=id: schedule.reviewed(db, id, 4, time.time()) or ())
    assert schedule.ready() == ["test.plain"] and schedule.ready(time.time() + 86_400) == []
    assert Hands(panel("ladder", id="b")).all(widgets.Dropdown)[0].value == "ladder"
    schedule.have_ready([])
    assert Hands(panel(id="b")).all(widgets.Dropdown)[0].value == "phone screen"


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"day": 3}', "{day}", '{"day": "DAY", "interviews": [[["x"]], 3]}'])
def test_a_list_that_cannot_be_read_has_nothing_ready(kept):
    schedule.settle("tonight", kept.replace("DAY", date.today().isoformat()))
    assert schedule.ready() == [] and Hands(panel()).all(widgets.Dropdown)[0].value == "phone screen"


def test_the_head_stands_while_an_interview_goes_on():
    it = Hands(panel("own choice", questions=["test.talk", "test.hand"]))
    assert it.panel._top.layout.display == "none" and it.all(widgets.HBox)[0] is not it.panel._top
    it.press("Begin")
    assert it.panel._top.layout.display == "flex"
    assert it.panel._head.value == "<b>Question 1 of 2</b> <span>Test topic, talk</span>"
    it.press("Stop here")
    it.press("I said it aloud")  # a move takes the question back whether to stop
    assert it.panel._top.children[2].description == "Stop here"
    it.press("Stop here")
    it.press("Yes, stop here")
    assert it.panel._top.layout.display == "none"
    it = Hands(panel("onsite", id="b"))
    it.press("Begin")
    assert it.panel._head.value.endswith("<span>Test topic, clarifying</span>")


def test_each_part_of_a_turn_has_its_time():
    it, seen = begun("test.talk", id="x"), {}
    moves = [("answer", {"text": "basic"}), *[("probe", {"how": "passed"})] * 3]
    moves += [("reply", {"text": "so"}), ("probe", {"how": "passed"})] * 2 + [("claim", {})]
    for do, values in moves:
        watch = it.panel._watch
        seen[it.panel.interview.state.phase] = (watch.running, watch.limit, watch.about)
        it.panel._do(do, **values)
    assert seen == {
        "asked": (True, 60, "the answer"),
        "claims": (False, 60, "the answer"),
        "probe": (True, 15, "a probe"),
        "follow-up": (True, 60, "a follow-up"),
        "proof": (True, 15, "a probe"),
    }


def test_the_time_that_an_answer_took_stands_in_the_watch():
    it = Interview("own choice", questions=["test.hand", "test.talk"], id="x.1", at=1000)
    assert it.pass_on(at=1030).accepted
    while it.state.phase != "claims":
        assert it.pass_on(at=1030).accepted
    it.claim(at=1050)
    it.answer("so", at=1090)
    while it.state.phase != "claims":
        assert it.pass_on(at=1100).accepted
    again = Hands(panel(id="x"))
    assert again.panel._watch.taken == 40 and not again.panel._watch.running


def test_two_rows_or_seven_and_the_words_of_the_buttons():
    """Code is written in a cell, so that notes beside it are short."""
    it = begun("test.code", id="a")
    assert it.all(widgets.Textarea)[0].rows == 3 and it.main == "I'm done"
    assert len(it.all(widgets.Text)) == 1 and "<ol>" not in "".join(w.value for w in it.all(TEXT))
    it = begun("test.talk", id="b")
    assert it.all(widgets.Textarea)[0].rows == 7 and not it.all(widgets.Text)
    it.press("I don't know")
    assert it.all(widgets.Textarea)[0].rows == 4 and "A follow-up. Say it aloud first." in it.words
    it = begun("test.bug", id="c")
    assert "Ask me" not in [w.description for w in it.all(widgets.Text)]  # there is nothing to clarify
    it = Hands(panel("onsite", id="d"))
    it.press("Begin")
    assert it.main == "That's all I ask" and "def bias_gradient" not in it.words


def test_what_is_no_name_is_not_shown_as_one():
    assert "panel.submit(your_function)" in begun("test.code", id="my desk").words


@pytest.mark.parametrize(
    ("move", "how"),
    [("Hand in my notes", "typed"), ("I said it aloud", "spoken"), ("I don't know", "passed")],
)
def test_each_button_says_how_it_was_answered(move, how):
    it = begun("test.plain")
    it.write("Your notes", "words")
    it.press(move)
    assert it.panel.interview.state.turn.how == how and it.panel.interview.state.turn.notes == "words"
    it.write("Your reply", "because")
    it.press({"Hand in my notes": "Reply"}.get(move, move))
    (pressed, *_) = it.panel.interview.state.turn.pressed
    assert (pressed.how, pressed.reply) == (how, "because")


def test_lines_are_read_with_commas_or_blanks_and_names_by_their_letters(monkeypatch):
    it, seen = begun("test.bug"), []
    monkeypatch.setattr(it.panel, "_do", lambda what, **values: seen.append((what, values)))
    boxes = it.all(widgets.Checkbox)
    assert not any(box.value for box in boxes) and boxes[0].description.startswith("a) ")
    boxes[1].value = boxes[2].value = True
    it.write("Lines", "3,7 and 12")
    it.press("That's it")
    assert seen == [("guess", {"lines": [3, 7, 12], "names": "bc"})]


def test_what_nobody_fixed_is_yours_to_choose():
    it = begun("test.code")
    assert "<ul>" not in "".join(w.value for w in it.all(TEXT))
    for asked in ("May I use <einsum>?", "mean or sum?"):
        it.write("Ask me", asked)
        it.press("Ask")
    shown = "".join(w.value for w in it.all(TEXT))
    free = "<li>May I use &lt;einsum&gt;? <i>That is yours to choose.</i></li>"
    assert f"<ul>{free}<li>mean or sum? <i>The loss is a mean: its 1/B is in delta.</i></li></ul>" in shown


def test_where_one_works_one_is_asked_how():
    """And no box is ticked."""
    it = begun("test.code", "test.hand", "test.plain")
    it.panel.submit(lambda delta: delta.sum(axis=1, keepdims=True))
    it.press("I'm done")
    it.press("I don't know")
    boxes = {w.description: w for w in it.all(widgets.Checkbox)}
    aloud, smallest = "I said the shapes aloud, line by line.", "I ran the smallest test first, before the whole."
    checked = "I checked my own work unasked: its shapes, a sum that is zero, a limit, or a nudge."
    assert [*boxes] == ["a) The sum runs over the batch.", aloud, smallest, checked]
    assert [aloud, smallest, checked] == [*PROCESS.values()]
    assert not any(box.value for box in boxes.values()) and it.next.description == "Letters"
    it.press("Next question")
    for left in ([checked], []):
        it.press("I said it aloud")
        while it.panel.interview.state.phase != "claims":
            it.press("I don't know")
        assert [w.description for w in it.all(widgets.Checkbox) if w.description in PROCESS.values()] == left
        it.press("Next question" if left else "To the end")


@pytest.mark.parametrize(
    ("kind", "right", "hint", "beside"),
    [
        ("number", "2", "A number, such as 0.25, 1/4 or 2.5e-3", False),
        ("shape", "(3, 4)", "A shape, such as (3, 4)", False),
        ("expression", "W * c", "A formula in W (3, 4), c (a number); sp is σ' of a tanh", True),
    ],
)
def test_a_probe_says_how_its_answer_is_written(kind, right, hint, beside, monkeypatch):
    q = QUESTIONS["test.hand"]
    probe = replace(q.points[0].probe, kind=kind, right=right, given={"W": [3, 4], "c": []} if beside else None)
    changed = replace(q, points=(replace(q.points[0], probe=probe),))
    monkeypatch.setattr(bank, "questions", lambda: {"test.hand": changed})
    question.cache_clear()
    it = begun("test.hand")
    it.press("I said it aloud")
    assert it.next.placeholder == hint and (hint in it.words) is beside and it.main == "I think so"
    assert "Answer in about fifteen seconds, and say how sure you are." in it.words
    it.press("I don't know")
    assert it.panel.interview.state.turn.probes["product"][1] is False


@pytest.mark.parametrize(("button", "sure"), [("I'm sure", "sure"), ("I think so", "think"), ("A guess", "guess")])
def test_how_sure_one_is_is_one_tap(button, sure):
    it = begun("test.hand")
    it.press("I said it aloud")
    it.write("Your answer", "6")
    it.press(button)
    assert it.panel.interview.state.turn.probes["product"] == ["6", True, sure]


@pytest.mark.parametrize(("reply", "held"), [("six", True), (" ", False)])
def test_a_reply_is_compared_with_what_was_wanted(reply, held):
    it = begun("test.plain")
    it.press("I said it aloud")
    it.write("Your reply", reply)
    it.press("I said it aloud")
    assert ("Your reply:" in it.words) is bool(reply.strip()) and "It depends on <x>." in it.words
    it.judge_reply(held)
    it.press("To the end")
    assert it.panel.interview.state.turns[0].pressed[0].proven is held


def test_all_of_it_is_one_tap():
    it = begun("test.plain")
    it.press("I said it aloud")
    it.press("I don't know")
    it.press("I said all of it")
    assert it.panel.interview.state.turns[0].claimed == ["cost", "depends"]


def test_who_passed_on_a_question_ticks_nothing_and_reads_a_good_answer():
    it = begun("test.plain")
    while it.panel.interview.state.phase != "claims":
        it.press("I don't know")
    assert not it.all(widgets.Checkbox) and "Compare with a good answer." in it.words
    assert it.main == "To the end" == it.next.description


def test_what_a_person_rates_is_asked_once_at_the_end():
    it = begun("test.plain", "test.hand")
    for move in ("I said it aloud", "I don't know", "Next question", "I said it aloud"):
        it.press(move)
    while it.panel.interview.state.phase != "claims":
        it.press("I don't know")
    it.press("To the end")
    *levels, by = it.all(widgets.RadioButtons)
    assert [w.description for w in levels] == ["Rationale", "Communication"]
    assert [w.index for w in levels] == [None] * 2 and by.value == "yourself"
    assert it.next is levels[0] and it.main == "To the report"
    for w in levels:
        w.index = 1
    it.press("To the report")
    assert it.panel.interview.state.over


def test_at_the_end_of_a_turn_stands_what_a_good_answer_holds():
    turn = Turn("test.talk", answered_at=9.0, how="typed", notes="it is never right")
    turn.claimed, turn.pressed = ["basic"], [Pressed("far", how="passed", proven=False)]
    shown = answered_html(turn)
    assert "<p>What is at the far end?</p><blockquote><p>Nothing more.</p></blockquote></details>" in shown
    assert "<p><b>pass</b>: Says one.</p><p><b>strong</b>: Says two.</p>" in shown
    assert shown.endswith("<summary>The whiteboard at the end</summary><p>$$x$$</p></details>")
    turn = Turn("test.plain", answered_at=9.0, how="typed", claimed=["cost", "depends"])
    shown = answered_html(turn)
    assert "follow-ups" not in shown and "very strong answer" not in shown
    assert shown.endswith("<summary>A model answer</summary><p>It depends, and here is on what.</p></details>")
    turn = Turn("test.code", part="clarify", answered_at=9.0, how="typed", notes="never right")
    assert "model answer" not in answered_html(turn)


def test_a_report_that_cannot_be_saved_says_why(monkeypatch, tmp_path):
    it = begun("test.talk")
    it.press("Stop here")
    it.press("Yes, stop here")
    (tmp_path / "interview-mock-1.md").mkdir()
    it.press("Save as Markdown and HTML")
    assert it.said.startswith("It can't be saved: ") and "Three things for tonight" in it.words
    it.press("Another interview")
    assert it.said == "" and "Choose a plan" in it.words


def test_a_report_is_an_output_and_the_keyboard_goes_to_it():
    """There JupyterLab opens its links at their sections; an HTML widget would lose them."""
    it = begun("test.talk")
    it.press("I said it aloud")
    it.press("Stop here")
    it.press("Yes, stop here")
    assert isinstance(it.next, widgets.Output) and it.main == "Save as Markdown and HTML"
    (shown,) = it.next.outputs
    assert shown["output_type"] == "display_data"
    assert shown["data"]["text/html"] == it.panel.interview.report._repr_html_()


def test_a_last_report_is_shown_also_where_its_questions_are_gone(monkeypatch):
    Interview("own choice", questions=["test.talk"], id="mock.1").end()
    it = Hands(panel())
    monkeypatch.setattr(bank, "questions", lambda: {"test.hand": QUESTIONS["test.hand"]})
    question.cache_clear()
    it.press("Show the last report")
    assert "Three things for tonight" in it.words and "Choose a plan" not in it.words
    assert isinstance(it.next, widgets.Output)


def seen(it):
    """All that is shown, in reading order: HTML as it is, boxes as (description, hint or options)."""
    found = []
    for w in it.all():
        if isinstance(w, TEXT):
            found.append(w.value)
        elif isinstance(w, (widgets.Text, widgets.Textarea)):
            found.append((w.description, w.placeholder.strip("\u200b")))
        elif isinstance(w, (widgets.RadioButtons, widgets.Dropdown)):
            found.append((w.description, *(one[0] if type(one) is tuple else one for one in w.options)))
        elif hasattr(w, "description"):
            found.append(w.description)
    return found


def asks(text, how=""):
    return f"<div class='bp-ask'><p>{text}</p></div><p class='bp-how'>{how}</p>"


HEAD = ["<b>Question 1 of 1</b> <span>Test topic, talk</span>", "Stop here"]
TALK = "Explain it in a minute."
PASS = ["I said it aloud", "I don't know"]


def test_the_first_screen_says_just_this(monkeypatch):
    monkeypatch.setattr(sys.modules[Panel.__module__], "day_seed", lambda at: 739_949)
    it = Hands(panel())
    question, plan, topic, *rest = seen(it)
    shuffled = "The seed shuffles the questions. This one&#x27;s is 739949; the next interview has another. "
    away = "What you were asked in the last 4 days stays away, unless it failed."
    assert question == asks("Choose a plan and begin. Nothing leaves this machine.", shuffled + away)
    assert plan == (
        "Plan",
        "60 seconds: one short talk, and what it leaves out",
        "phone screen: 20 minutes, a talk first, then across the topics",
        "onsite: 45 minutes on code: clarify, derive, code, find the bug, discuss, your story, your questions",
        "ladder: one topic, from easy to hard",
        "weak spots: 20 minutes on what the record says you are weakest at",
        "review: five to fifteen minutes of what is due today, and something new",
        "own choice: the questions that you name",
    )
    assert topic == ("Topic", "any topic", "Test topic") and rest == ["Seed", "Interview on", "Begin", ""]
    (day,) = it.all(widgets.DatePicker)
    assert day.tooltip == "The day of the real one; it may stay empty."
    it = Hands(panel("own choice", id="b"))
    assert seen(it)[2:] == ["Questions", "Seed", "Interview on", "Begin", ""]


def test_each_screen_of_a_turn_says_just_this():
    it = begun("test.talk", seed=2)  # it asks how many, and which one
    assert seen(it) == [
        *HEAD,
        asks(TALK, "Stand up and say it aloud."),
        ("Your notes", ""),
        "I've finished: stop the clock",
        "Hand in my notes",
        *PASS,
        "",
    ]
    it.write("Your notes", "basic")
    it.press("Hand in my notes")
    quick = "Answer in about fifteen seconds, and say how sure you are."
    sure = ["I think so", "I'm sure", "A guess", "I don't know"]
    number = ("Your answer", "A number, such as 0.25, 1/4 or 2.5e-3")
    assert seen(it) == [*HEAD, asks("How many?", quick), number, *sure, "<p>Thank you.</p>"]
    it.press("I don't know")
    options = [f"{letter}) {text}" for letter, text in zip("abcd", sorted(["this", "that", "those", "none"],
                                                                       key=lambda text: text[::-1]))]  # fmt: skip
    told = "<p>Not proven, then.</p>"
    assert seen(it) == [*HEAD, asks("Which one?", quick), ("One of these", *options), *sure, told]
    it.press("I don't know")
    it.press("I don't know")
    follow = "A follow-up. Say it aloud first."
    assert seen(it) == [*HEAD, asks("What is basic?", follow), ("Your reply", ""), "Reply", *PASS, told]
    it.press("I don't know")
    assert seen(it) == [*HEAD, asks("What is at the far end?", follow), ("Your reply", ""), "Reply", *PASS, ""]
    it.press("I don't know")
    *head, asked, line, basic, memory, far, fourth, folded, go_on, whole, said = seen(it)
    counts = "What you said wrongly and then corrected yourself counts. What was asked of you is known."
    assert head == HEAD and asked == asks("Tick what you said before I asked, in whatever words.", counts)
    assert [basic, memory, far, fourth] == [
        "a) The basic thing is said. (I may have heard it.)",
        "b) The memory is counted.",
        "c) The far end is seen.",
        "d) There is a fourth thing.",
    ]
    assert line == ("Letters", "of those that you tick, such as b d, or all")
    assert folded.startswith("<details><summary>The follow-ups, answered</summary><p>What is basic?</p>")
    assert [go_on, whole, said] == ["To the end", "I said all of it", ""]


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("a d", ["basic", "fourth"]),
        ("D,a.", ["basic", "fourth"]),
        ("all", ["basic", "memory-too", "far", "fourth"]),
        ("none", []),
        ("", []),
    ],
)
def test_what_was_said_is_named_by_letters_as_well(typed, points):
    it = begun("test.talk")
    it.press("I said it aloud")
    while it.panel.interview.state.phase != "claims":
        it.press("I don't know")
    it.write("Letters", "x")
    it.press("To the end")
    assert it.said == "Type letters from a to d, all or none; or tick."
    it.write("Letters", typed)
    it.press("To the end")
    assert it.panel.interview.state.turns[0].claimed == points


def test_sentences_are_told_right_from_wrong_by_a_tap_or_a_letter(monkeypatch):
    sentences = tuple(Statement(id, f"{id} is <false>.", f"{id} is <true>.", "basic") for id in ("one", "two", "three"))
    stated = replace(QUESTIONS["test.talk"], id="test.stated", statements=sentences)
    monkeypatch.setattr(bank, "questions", lambda: QUESTIONS | {"test.stated": stated})
    it = begun("test.stated")
    it.press("I said it aloud")
    while it.panel.interview.state.phase == "probe":
        it.press("I don't know")
    turn = it.panel.interview.state.turn
    (first, form), (second, _), _ = turn.statements
    assert f"a) {first} is <{'false' if form == 'wrong' else 'true'}>." in [
        w.description for w in it.all(widgets.Checkbox)
    ]
    assert it.next.description == "Letters"
    it.write("Letters", "e")
    it.press("That's my judgment")
    assert it.said == "Type letters from a to c, all or none; or tick." and not turn.told
    it.write("Letters", "a")
    it.tick(f"{second} is")
    it.press("That's my judgment")
    assert turn.struck == [first, second]


def test_what_was_judged_wrongly_is_stood_by_or_taken_back(monkeypatch):
    """By one's own word, before the two sentences stand side by side."""
    sentences = tuple(Statement(id, f"{id} is false.", f"{id} is true.", "basic") for id in ("one", "two", "three"))
    stated = replace(QUESTIONS["test.talk"], id="test.stated", statements=sentences)
    monkeypatch.setattr(bank, "questions", lambda: QUESTIONS | {"test.stated": stated})
    monkeypatch.setattr(Turn, "left_open", [])
    it = begun("test.stated")
    it.write("Your notes", "All of it.")
    it.press("Hand in my notes")
    while (turn := it.panel.interview.state.turn).phase == "probe":
        it.panel._do("probe", answer=turn.current.probe.right)
    it.panel._do("judge", struck=struck_by(turn, "two"))
    assert turn.pressed[-1].about == "statement:two"
    (asked,) = it.all(widgets.RadioButtons)
    assert [*dict(asked.options)] == ["I stand by it", "I take it back"] and asked.value is None
    it.write("Your reply", "Since it is.")
    it.press("Reply")
    assert it.said == "Say whether you stand by it, or take it back." and turn.phase == "follow-up"
    asked.value = True
    it.press("I said it aloud")
    assert turn.stood_by == ["two"] and turn.pressed[-1].reply == "Since it is." and turn.phase == "proof"


def test_what_was_judged_rightly_is_not(flawless):
    it, turn = flawless("check:")
    assert turn.phase == "follow-up" and it.all(widgets.RadioButtons) == []


@pytest.fixture
def flawless(monkeypatch):
    """A panel that stands at what goes beyond the rubric, after the first sentences: flawless(its id)."""
    many = tuple(Statement(f"n{n}", f"{n} is <false>.", f"{n} is <true>.", "basic") for n in range(30))
    stated = replace(QUESTIONS["test.talk"], id="test.stated", statements=many)
    monkeypatch.setattr(bank, "questions", lambda: QUESTIONS | {"test.stated": stated})
    monkeypatch.setattr(Turn, "left_open", [])

    def at(about):
        monkeypatch.setattr(Turn, "beyond", lambda turn: about)
        it = begun("test.stated")
        it.write("Your notes", "All of it.")
        it.press("Hand in my notes")
        while (turn := it.panel.interview.state.turn).phase == "probe":
            assert it.panel._watch.limit == 15
            it.panel._do("probe", answer=turn.current.probe.right)
        assert it.panel._watch.limit == 7.5 * AT_ONCE
        it.panel._do("judge", struck=struck_by(turn))
        return it, turn

    return at


class TestOfWhatGoesBeyond:
    def test_more_sentences_stand_by_themselves(self, flawless):
        it, turn = flawless("")
        assert (
            turn.phase == "statements" and it.panel._watch.limit == 7.5 * MORE and len(it.all(widgets.Checkbox)) == MORE
        )
        assert "More of them: which of these sentences are wrong?" in it.words
        it.tick(f"{struck_by(turn)[0][1:]} is")
        it.press("That's my judgment")
        assert turn.told == AT_ONCE + MORE and len(turn.told_wrongly) == len(wrong_in(turn)) - 1

    def test_they_stand_beside_a_question_and_are_judged_with_the_reply(self, flawless):
        it, turn = flawless("check:")
        assert (
            turn.phase == "follow-up"
            and it.panel._watch.limit == 60 + 7.5 * MORE
            and len(it.all(widgets.Checkbox)) == MORE
        )
        it.write("Your reply", "The shapes.")
        it.write("Letters", "x")
        it.press("Reply")
        assert it.said == "Type letters from a to l, all or none; or tick." and turn.told == AT_ONCE
        letters = [letter for letter, id in zip("abcdefghijkl", turn.standing) if id in struck_by(turn)]
        it.write("Letters", " ".join(letters))
        it.press("Reply")
        assert turn.told == AT_ONCE + MORE and not turn.told_wrongly and turn.phase == "claims"
        assert turn.pressed[0].reply == "The shapes."

    @pytest.mark.parametrize("button", ["Reply", "I said it aloud", "I don't know"])
    def test_who_looked_at_none_of_them_gets_them_after_the_reply(self, flawless, button):
        it, turn = flawless("check:")
        it.write("Your reply", "The shapes.")
        it.press(button)
        assert turn.phase == "statements" and turn.told == AT_ONCE and len(it.all(widgets.Checkbox)) == MORE

    def test_none_is_a_judgment(self, flawless):
        it, turn = flawless("check:")
        it.write("Letters", "none")
        it.press("I don't know")
        assert turn.told == AT_ONCE + MORE and len(turn.told_wrongly) == len(wrong_in(turn))


def wrong_in(turn):
    return [id for id, form in turn.statements[AT_ONCE:] if form == "wrong"]


def test_the_clock_stops_where_one_has_finished(clock=None):
    it = begun("test.talk")
    it.write("Your notes", "basic")
    it.press("I've finished: stop the clock")
    assert "The clock stands." in it.said and it.next.value == "basic"  # what was typed stays
    assert not it.panel._watch.running and "I've finished" not in " ".join(map(str, seen(it)))
    it.press("Hand in my notes")
    assert "say how sure you are" in it.words


def test_the_screens_to_compare_and_to_rate_say_just_this():
    it = begun("test.plain")
    it.press("I said it aloud")
    it.write("Your reply", "a < b")
    it.press("Reply")
    head = ["<b>Question 1 of 1</b> <span>Test topic, discussion</span>", "Stop here"]
    counts = "What you said wrongly and then corrected yourself counts. What was asked of you is known."
    about = "Take this: It depends on &lt;x&gt;. Say it in your own words. Why is it so?"
    assert seen(it) == [
        *head,
        f"<p><b>{about}</b></p><p>Your reply: <i>a &lt; b</i></p>"
        "<blockquote><p>It depends on &lt;x&gt;.</p></blockquote>",
        ("My reply", "It held", "It didn't"),
        asks("Tick what you said before I asked, in whatever words.", counts),
        ("Letters", "of those that you tick, such as b d, or all"),
        "a) It costs something.",
        "b) It depends on <x>.",
        "<details><summary>A model answer</summary><p>It depends, and here is on what.</p></details>",
        "To the end",
        "I said all of it",
        "",
    ]
    it.judge_reply(True)
    it.press("To the end")
    question, rationale, communication, by, *rest = seen(it)[2:]
    assert question == asks("Over the whole interview, where did your answers stand?", "Compare with the sentences.")
    for words, axis in ((rationale, "rationale"), (communication, "communication")):
        said = [f"{name}: {anchor}" for name, anchor in zip(LEVELS, SAID[axis])]
        assert words == (axis.capitalize(), *said)
    assert by == ("Rated by", "yourself", "partner") and rest == ["To the report", ""]


SAID = {
    "understanding": (
        "Nothing, or too little, was put to the test.",
        "Nothing of what was tried could be proven.",
        "Part of it is proven. Something basic is missing, or failed when it was put to the test.",
        "All that is basic is proven, and at least half of the whole.",
        "Nearly all of it is proven, and was said unasked.",
    ),
    "technique": (
        "Nothing was handed in, or too little was put to the test.",
        "What was handed in is wrong throughout.",
        "Part of it is right. Something basic is missing, or it ran far over time.",
        "It came out right, after a slip, a hint, or more than its time.",
        "Right the first time, and in time.",
    ),
    "rationale": (
        "No reason was given.",
        "Says what is done, not why.",
        "Gives a reason for the main step, and none for the others.",
        "Gives a reason for each step, and names an alternative.",
        "Weighs the alternatives by what they cost, and says where the answer stops being true.",
    ),
    "communication": (
        "Nothing was said.",
        "A listener would be lost: no order, and symbols that were never named.",
        "A listener could follow by asking back, or it ran far over time.",
        "In order, each symbol and shape named before it is used, nearly in time.",
        "Besides, says where it is going, checks that the listener follows, and recovers from a slip aloud.",
    ),
}
LEVELS = ("no evidence", "very weak", "weak", "strong", "very strong")


def test_each_level_has_its_anchor():
    assert axes.LEVELS == LEVELS and axes.ANCHORS == SAID


def test_where_nothing_is_left_to_rate_the_list_leads_to_the_report():
    it = begun("test.hand")
    it.press("I don't know")
    while it.panel.interview.state.phase != "claims":
        it.press("I don't know")
    assert seen(it)[2:] == [
        "<div class='bp-ask'><p>Compare with a good answer.</p></div>",
        "<details><summary>The follow-ups, answered</summary>"
        "<p>Then tell me what you do know about it. And how would you find out the rest in two minutes?</p>"
        "<blockquote><p>Three factors and their product.</p></blockquote>"
        "<p>What is the product?</p><blockquote><p>Six.</p></blockquote></details>"
        "<details><summary>A model answer</summary><p>Three factors and their product.</p></details>",
        "To the end",
        "",
    ]
    it.press("To the end")
    assert seen(it) == ["Save as Markdown and HTML", "Another interview", ""]


def test_a_task_in_code_says_just_this():
    it = begun("test.code")
    head = ["<b>Question 1 of 1</b> <span>Test topic, code</span>", "Stop here"]
    e = exercises.find("delta.b4")
    done = ["I'm done", *PASS]
    first = "Ask first what you need to know. Then write the function in an ordinary cell below."
    hand_in = "<p>Hand it in from a cell, as often as you like: <code>mock.submit(your_function)</code></p>"
    ask_me, notes = ("Ask me", "mean or sum over the batch?"), ("Your notes", "")
    task = f"{markup.html(e.prompt)}<pre>{e.starter}</pre>"
    assert seen(it) == [*head, asks("Code (B4).", first), task, hand_in, ask_me, "Ask", notes, *done, ""]
    it.panel.submit(lambda delta: delta)
    it.panel.submit(lambda delta: delta.sum(axis=1, keepdims=True))
    tries = "<ol><li>is not right yet</li><li>passes the checks</li></ol>"
    assert seen(it)[4] == hand_in + tries


def test_a_program_with_a_bug_says_just_this():
    it = begun("test.bug")
    program = case(QUESTIONS["test.bug"])
    shown = repr(program).partition("What is it?")[0].rstrip()
    names = [f"{letter}) {name}" for letter, name in zip("abcdefgh", program.choices)]
    read = "Read the program, and say aloud what you look at. The lines are counted from 1."
    assert seen(it)[2:-5] == [
        asks("Four eyes see more than two: what is wrong?", read),
        f"<pre>{escape(shown)}</pre>",
        "<p>What is wrong?</p>",
        *names,
        ("Lines", "such as 3, 7"),
        "That's it",
        "<p>Hand it in from a cell, as often as you like: <code>mock.submit(your_function)</code></p>",
    ]


@pytest.mark.parametrize(
    ("id", "prompt", "how"),
    [
        ("test.board", "Derive it.", "Derive it on paper, and say aloud what you write."),
        ("test.hand", "Work it out by hand.", "Work it out on paper."),
        ("test.plain", "Discuss &lt;b&gt;this&lt;/b&gt; &amp; that.", "Say it aloud, as to a colleague."),
    ],
)
def test_how_a_question_is_answered_stands_below_it(id, prompt, how):
    assert seen(begun(id))[2] == asks(prompt, how)


def test_before_a_question_and_before_an_interview():
    it = Hands(panel("own choice", questions=["test.code"]))
    said = it.panel.submit(len)
    assert repr(said) == "No interview has begun: begin one in the panel." and not said.accepted
    assert repr(it.panel) == "The mock interview 'mock'. If you see no panel here, run this cell."
    assert repr(it.panel._watch) == "the timer of the interview"
    it = Hands(panel("onsite", id="x"))
    it.press("Begin")
    how = "Before you code: ask me what you need to know. Then say what you assume."
    assert (
        seen(it)[0]
        == f"<b>Question 1 of {len(it.panel.interview.state.rounds)}</b> <span>Test topic, clarifying</span>"
    )
    assert seen(it)[2] == asks("Code (B4).", how)


# ---- markup ----


@pytest.mark.parametrize(
    "text, expected",
    [
        ("one\ntwo\n\nthree", "<p>one\ntwo</p><p>three</p>"),
        ("a < b & *c* and **d e**", "<p>a &lt; b &amp; <em>c</em> and <strong>d e</strong></p>"),
        ("$a * b * c$ and `x * y`", "<p>$a * b * c$ and <code>x * y</code></p>"),
        ("$$a < b\n\\\\ c$$", "<p>$$a &lt; b\n\\\\ c$$</p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
        ("```python\na = b * c * d\n\nx < 1\n```\nand", "<pre>a = b * c * d\n\nx &lt; 1</pre><p>and</p>"),
        ("| a | b |\n|---|:-:|\n| 1 | $2$ |", '<table><tr><th scope="col">a</th><th scope="col">b</th></tr>'
         "<tr><td>1</td><td>$2$</td></tr></table>"),
        ("\\*one\\* \\<b\\> \\`x\\` \\[y\\](#z) \\\\", "<p>*one* &lt;b&gt; `x` [y](#z) \\</p>"),
        ("> a *b*\n>\n>   c < `d`\n\ne", "<blockquote><pre>a <em>b</em>\n\n  c &lt; <code>d</code></pre></blockquote>"
         "<p>e</p>"),
        ("a\n> b", "<p>a\n&gt; b</p>"),
        ("see [*a* `b`](https://x.org/?a=1&b=2).", '<p>see <a href="https://x.org/?a=1&amp;b=2" target="_blank">'
         "<em>a</em> <code>b</code></a>.</p>"),
    ],
)  # fmt: skip
def test_markdown(text, expected):
    assert markup.html(text) == expected


class Links(HTMLParser):
    """The addresses of all links, as a browser reads them, and every attribute that it finds."""

    def __init__(self, text):
        super().__init__()
        self.found, self.names = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.names |= {(tag, name) for name, _ in attrs}
        self.found += [value for name, value in attrs if name == "href"]


@pytest.mark.parametrize(
    "place",
    [
        "http://x.org",
        "https://x.org/a_(b)*c*",
        "02_delta_recurrence.ipynb",
        "02_delta_recurrence.ipynb#B2:-one-layer-down",
        "02_delta_recurrence.ipynb#Why-(B2)-holds",
        "#here",
        '#"onclick="alert(1)',
    ],
)
def test_a_link_leads_to_the_web_to_a_notebook_or_within_the_page(place):
    for text in (f"[there]({place})", f"1. so ([there]({place}))", f"> [there]({place})"):
        links = Links(markup.html(text))
        assert links.found == [place] and links.names == {("a", "href"), ("a", "target")}


@pytest.mark.parametrize(
    "place",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "javascript:alert(1)#02_delta_recurrence.ipynb",
        "javascript://x.org/#x",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "//x.org",
        "file:///etc/passwd",
        "../up.ipynb",
        "x.html",
        "https://x.org/ a",
        "https:x.org",
        " #here",
        "",
    ],
)
def test_what_leads_elsewhere_is_left_as_text(place):
    for text in (
        f"[there]({place})",
        f"> [there]({place})",
        f"- [there]({place})",
        f"| a |\n|---|\n| [there]({place}) |",
    ):
        drawn = markup.html(text)
        assert Links(drawn).found == [] and tags(drawn) <= {
            "p",
            "blockquote",
            "pre",
            "ul",
            "li",
            "table",
            "tr",
            "th",
            "td",
        }
        assert "[there](" in unescape(drawn)


def test_every_text_of_the_bank_is_drawn():
    for q in REAL.values():
        for text in (q.prompt, q.answer, q.whiteboard):
            drawn = markup.html(text)
            tags(drawn)
            plain = re.sub(r"\$\$.*?\$\$|\$[^$]*\$|<pre>.*?</pre>|<code>.*?</code>", "", drawn, flags=re.S)
            assert not re.search(r"\*\*|^\||```|\$", plain, flags=re.M), (q.id, plain)


def test_the_package_imports_where_nothing_can_be_recorded(tmp_path):
    script = "from backprop.interview import panel, due; print(repr(panel())); print(repr(due()))"
    env = {**os.environ, "BACKPROP_RECORD": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "Nothing is due today."


def test_what_is_said_aloud_has_a_prompt_and_a_time():
    shown = aloud("Explain it.", seconds=30)
    assert (shown.prompt, shown.seconds, aloud("Explain it.").seconds) == ("Explain it.", 30.0, 60.0)
    assert repr(shown) == "Explain it. Say it aloud: run this cell for the clock and the recorder."
    for prompt in ("", "  ", 3, None):
        with pytest.raises(ValueError, match="should be the question, in quotes"):
            aloud(prompt)
    for seconds in (0, -1, float("inf"), True, "60", None):
        with pytest.raises(ValueError, match="should be a positive number, such as 60"):
            aloud("Explain it.", seconds=seconds)
