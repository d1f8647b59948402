"""The interview without a widget: plans, turns, follow-ups, levels, and that no input loses anything."""

import copy
import json
import random
import re
import sqlite3
import time
from dataclasses import FrozenInstanceError, replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from interview_bank import QUESTIONS

from backprop import renamed
from backprop.interview import (
    Interview,
    bank,
    engine,
    history,
    kept,
    report,
    reports,
    schedule,
    scoring,
    session,
    sheets,
    trend,
)
from backprop.interview.axes import ANCHORS, AXES, LEVELS, axes_of
from backprop.interview.bank import Belief, Clarification, FollowUp, Point
from backprop.interview.engine import EVOLVE, PROCESS, State, decide, evolve, replay
from backprop.interview.formats import FORMATS, Format
from backprop.interview.plans import PLANS, NoPlan, Round, choose
from backprop.interview.probes import Probe
from backprop.interview.scoring import Item, level, levels
from backprop.interview.turn import (
    WHOLE,
    Lost,
    Pressed,
    Turn,
    case,
    clarifications,
    convince,
    pressable,
    question,
    restate,
    slip_point,
)
from backprop.practice import bank as exercises
from backprop.practice import record
from backprop.practice.exercise import Slip
from backprop.practice.verdict import Verdict

REAL = bank.questions()
pytestmark = pytest.mark.usefixtures("small_bank")


class Talk:
    """A state with its events, and time that passes by itself."""

    def __init__(self, *ids, plan="own choice"):
        self.state, self.events, self.at = State(), [], 1000.0
        assert self.do("begin", plan=plan, seed=0, rounds=[Round(*id.split("/")) for id in ids])

    def do(self, what, after=1.0, **values):
        """Whether it was accepted; what was said to it is in `said`. A reply takes back what was judged wrongly."""
        self.at += after
        if what == "reply" and self.state.phase == "follow-up" and self.turn.misjudges:
            values = {"stands": False} | values
        event, self.said = decide(self.state, what, self.at, **values)
        if event is not None:
            evolve(self.state, event)
            self.events.append(event)
        return event is not None

    @property
    def turn(self):
        return self.state.turn

    @property
    def ask(self):
        """What stands now: a follow-up's question, or a probe's."""
        about = self.turn.current
        return about.probe.ask if self.state.phase in ("probe", "proof") else about.follow_up.ask

    def rate(self, n=3):
        return self.do("rate", levels=dict.fromkeys(self.state.rated, n))

    def give_up(self):
        """Through the rest of a turn by passing on."""
        turn = self.turn
        while self.turn is turn and turn.phase != "done":
            do = {"asked": "answer", "follow-up": "reply", "claims": "claim"}.get(turn.phase, "probe")
            assert self.do(do, **({} if do == "claim" else {"how": "passed"})), self.said

    def end(self):
        """Through the rest of the interview by passing on."""
        while not self.state.over:
            assert self.rate() if self.state.phase == "rating" else not self.give_up(), self.said

    def through(self, *answers, points=(), held=()):
        """Answer the probes and follow-ups in turn, and end the turn."""
        for answer in answers:
            follows = self.state.phase == "follow-up"
            assert self.do("reply", text=answer) if follows else self.do("probe", answer=answer), self.said
        assert self.do("claim", points=points, held=held), self.said


# ---- a turn ----


def test_what_is_probed_and_what_is_pressed_on():
    talk = Talk("test.talk")
    assert talk.do("answer", text="the basic thing and the far end") and talk.state.phase == "probe"
    assert talk.turn.to_probe == ["basic", "far", "fourth"]  # by the seed, whatever was said: words prove nothing
    assert talk.do("probe", answer="2", sure="think") and talk.said == "Right."
    assert talk.do("probe", answer="that", sure="sure") and talk.said == "That isn't it."
    assert talk.do("probe", answer="4", sure="guess")
    assert [talk.state.phase, talk.ask] == ["follow-up", "What is at the far end?"]  # what failed comes first
    assert talk.do("reply", how="spoken") and talk.do("probe", answer="this")
    assert talk.ask == "And the memory?"  # what the notes leave open
    assert talk.do("reply", text="it grows") and talk.do("probe", answer="3x4")
    assert talk.state.phase == "claims" and talk.turn.claimed == []  # nothing is ticked for you, whatever the words
    assert [one.proven for one in talk.turn.pressed] == [True, True]
    for wrong in (["basic", "nothing"], "basic", [3], None):
        assert not talk.do("claim", points=wrong) and talk.said
    assert not talk.do("claim", process=["shapes"]) and talk.turn.claimed == []  # no code was written
    turn = talk.turn
    assert talk.do("claim", points=["far", "basic"]) and turn.claimed == ["basic", "far"]  # in the order of the rubric
    assert talk.state.phase == "rating"
    assert not talk.do("rate", levels={"communication": 3})  # rationale is tested as well
    assert talk.do("rate", levels={"communication": 3, "rationale": 2})
    assert talk.state.over


def test_a_right_answer_gets_one_question_beyond_the_rubric():
    def after(id, text, *answers):
        talk = Talk(id)
        talk.do("answer", text=text, how="typed" if text else "spoken")
        while talk.state.phase == "probe":
            talk.do("probe", answer=talk.turn.current.probe.right)
        return talk

    said = "the basic memory of the far end and a fourth"
    talk = after("test.talk", said)
    assert talk.state.phase == "follow-up" and talk.ask == "What is at the far end?"
    talk.do("reply", text="nothing")
    assert talk.state.phase == "claims" and [one.about for one in talk.turn.pressed] == ["why:far"]
    talk = after("test.talk", "")  # what was spoken alone is asked for what no probe was about
    assert talk.turn.pressed[-1].about.startswith("open:") and talk.turn.current.probe is None
    assert after("test.hand", "six").turn.pressed[-1].about == "check:"
    assert after("test.hand", "six, and I checked it").turn.pressed[-1].about == "further:test.talk"
    talk = Talk("test.hand", "test.talk")  # where that is asked besides
    talk.do("answer", text="six, and I checked it")
    talk.do("probe", answer="6")
    assert talk.turn.pressed[-1].about == "why:product"


def test_a_question_without_depth_is_pressed_from_its_rubric():
    talk = Talk("test.plain")
    talk.do("answer", text="it depends")
    assert talk.state.phase == "follow-up" and "It depends on <x>." in talk.ask  # a reason, before all else
    talk.do("reply", text="it does")
    assert talk.state.phase == "claims" and talk.turn.pressed[-1].to_judge
    assert not talk.do("claim", held=["cost"]) and not talk.do("claim", held="open:depends")
    turn = talk.turn
    talk.do("claim", held=["open:depends"])
    assert turn.pressed[-1].proven is True
    talk = Talk("test.plain")
    talk.do("answer", how="passed")
    assert "what you do know" in talk.ask
    talk.do("reply", how="passed")
    assert "It depends on <x>." in talk.ask  # a basic point, though it stands second


def test_passing_on_presses_on_the_basic_points_first():
    talk = Talk("test.talk")
    talk.do("answer", how="passed")
    asked = []
    while talk.state.phase == "follow-up":
        asked.append(talk.ask)
        talk.do("reply", how="passed")
    assert "how would you find out" in asked[0] and asked[1:] == ["What is basic?", "And the memory?"]
    assert [one.proven for one in talk.turn.pressed] == [False] * 3
    assert not talk.do("claim", points=["basic"])  # nothing was said
    assert talk.do("claim")


def test_what_cannot_be_read_is_no_answer():
    talk = Talk("test.hand")
    talk.do("answer", text="six")
    for answer in ("", "plenty", None, object()):
        assert not talk.do("probe", answer=answer) and talk.said
    assert not talk.do("probe", answer="7", sure="very") and "how sure" in talk.said
    assert talk.turn.probes == {}
    turn = talk.turn
    assert talk.do("probe", answer="7", sure="sure") and turn.probes == {"product": ["7", False, "sure"]}
    assert [answer for _, answer in turn.sure_and_wrong] == ["7"]


@pytest.mark.parametrize("kind, right, readable", [
    ("shape", "(3, 4)", {"(3, 4)": True, "3x4": True, "[3, 4]": True, "(4, 3)": False, "(3,)": False}),
    ("number", "0.25", {"1/4": True, "25%": True, "−0.25": False, "2.5": False}),
    ("expression", "σ(z)", {"1 / (1 + exp(-z))": True, "sigmoid(z)": True, "1 / (1 + exp(z))": False}),
    ("expression", "sp(z)", {"1 - tanh(z)**2": True, "1 - tanh(z)": False}),
    ("expression", "softmax(z)", {"exp(z) / exp(z).sum()": True, "exp(z) / exp(z).sum() / 2": False}),
    ("choice", "this", {"this": True, "A": True, "b": False, "that": False}),
])  # fmt: skip
def test_a_probe_tells_right_from_wrong_and_from_what_it_cannot_read(kind, right, readable):
    probe = Probe(kind, "", right, ("that",), {"z": [5]})
    for answer, passes in readable.items():
        assert probe.judge(answer) == (passes, ""), answer
    for answer in "", "what?", "a × b", "((3":
        passed, sentence = probe.judge(answer)
        assert passed is False and sentence.endswith("."), answer
    assert probe.judge(" ") == (False, "There is no answer yet.")


@pytest.mark.parametrize(
    ("probe", "answer", "said"),
    [
        (Probe("number", "?", "0.25"), "many", "'many' can't be read as a number: write 0.25, 1/4 or 2.5e-3."),
        (Probe("shape", "?", "(3, 4)"), "3 + 4", "'3 + 4' can't be read as a shape: write (3, 4)."),
        (Probe("choice", "?", "yes", ("no", "at times")), "d", "Choose one of the letters a, b, c."),
        (Probe("expression", "?", "a", given={"a": [3]}), "a @", "This is not a Python expression: invalid syntax."),
        (Probe("expression", "?", "a", given={"a": [3], "b": [2]}), "a + b", "It can't be computed: operands could not "
         "be broadcast together with shapes (3,) (2,) "),
    ],
)  # fmt: skip
def test_why_an_answer_to_a_probe_can_not_be_read(probe, answer, said):
    assert probe.judge(answer) == (False, said)


@pytest.mark.parametrize(
    ("probe", "unreadable", "readable"),
    [
        (
            Probe("number", "?", "0.25"),
            ["", "many", "1/0", "0.25 of it", "[0.25]"],
            ["1/4", "25%", "2.5e-1", "-(-1)/4"],
        ),
        (
            Probe("number", "At which layer?", "4"),
            ["group 4", "4 ms", "f(4)"],
            ["layer 4", "Layer 4.", "four", "~4", "sqrt(16)"],
        ),
        (Probe("number", "How many ms, roughly?", "40"), ["40 s", "40 units"], ["40 ms", "about 40 ms", "= 40"]),
        (
            Probe("number", "Is log p minus log q, for two million, 3?", "-3"),
            ["log 3", "minus 3", "3 million"],
            ["q -3"],
        ),
        (Probe("number", "To two digits?", "0.3134"), ["many"], ["0.31", "0.313", ".3134"]),
        (Probe("estimate", "How many GB?", "40"), ["40 TB", "log"], ["~50 GB", "log(2)*60", "exp(4)"]),
        (Probe("number", "?", "-1024"), ["- -", "1,02", "x"], ["-1,024", "−1024", "-(2^10)", "-2**10", "-1.024×10^3"]),
        (Probe("shape", "?", "(3, 4)"), ["three by four", "3 + 4", "(3, n)"], ["3x4", "3 × 4", "[3, 4]", "3 by 4"]),
        (Probe("shape", "?", "(5,)"), ["five"], ["5", "(5)", "[5]"]),
        (Probe("expression", "?", "W @ a", given={"W": [2, 3], "a": [3, 1]}), ["W @", "W @ b", "a @ W"], ["W.dot(a)"]),
        (Probe("choice", "?", "yes", ("no", "at times")), ["d", "never"], ["C", "c.", "(c)"]),
    ],
)
def test_what_gets_a_sentence_has_not_passed(probe, unreadable, readable):
    for answer in unreadable:
        passed, sentence = probe.judge(answer)
        assert not passed and sentence, answer
    for answer in [probe.right, *readable]:
        assert probe.judge(answer) == (True, ""), answer


@pytest.mark.parametrize("answer, passed", [("60", True), ("30", True), ("120", True), ("1.2e2", True), ("29", False),
                                            ("121", False), ("-60", False), ("0", False), ("2**6", True)])  # fmt: skip
def test_an_estimate_is_right_within_a_factor_of_two(answer, passed):
    probe = Probe("estimate", "How long?", "60", ("20", "600", "6000"))
    assert probe.judge(answer) == (passed, "") and probe.judge("an hour")[1].startswith("'an hour' can't be read")
    assert probe.alike("60", "6e1") and not probe.alike("60", "61")


def test_over_time_is_told_and_nothing_is_lost():
    talk = Talk("test.talk")
    talk.do("answer", after=95, text="a long answer")
    assert talk.said == "Thank you. That took 1:35, which is 0:35 over the time."
    assert talk.turn.notes == "a long answer"
    for seconds in 60, 60.9:  # less than a second over is not worth a word
        talk = Talk("test.talk")
        talk.do("answer", after=seconds, text="just so")
        assert talk.said == "Thank you."
    talk = Talk("test.talk")
    talk.do("answer", after=61, text="a second more")
    assert talk.said == "Thank you. That took 1:01, which is 0:01 over the time."


def test_a_clock_that_is_set_back_stands_still():
    talk = Talk("test.talk")
    talk.do("answer", after=40, text="words")
    talk.do("probe", after=-30, how="passed")
    assert (talk.state.clock, talk.turn.answered_at) == (40, 40)
    talk.do("probe", after=35, how="passed")
    assert talk.state.clock == 45
    for at in (float("nan"), float("inf"), -1.0, 1e12, None, True):
        assert decide(talk.state, "probe", at, how="passed")[0] is None


@pytest.mark.parametrize("seconds, best", [(60, 4), (66, 4), (67, 3), (90, 3), (91, 2)])
def test_over_time_lowers_the_best_level(seconds, best):
    talk = Talk("test.talk")
    talk.do("answer", after=seconds, text="words")
    turn = talk.turn
    talk.give_up()
    said = {"rationale": [4, "yourself"], "communication": [4, "yourself"]}
    assert scoring.personal([turn], said)["communication"] == (best, "yourself")
    turn.levels = {axis: [level, "partner"] for axis, (level, _) in said.items()}
    assert levels(turn)["communication"] == (best, "partner") and levels(turn)["rationale"][0] == 4


def test_what_one_says_of_ones_own_reasons_is_held_against_the_evidence():
    """Where a probe failed it stays below strong; where reasons were probed, it is at most what they show."""
    said = {"rationale": [4, "yourself"]}
    base = {"question": "test.talk", "answered_at": 9, "done_at": 9}
    fine = Turn(**base, claimed=["far"], to_probe=["far"], probes={"far": ["this", True, "think"]})
    assert scoring.personal([fine, fine], said) == {"rationale": (4, "yourself")}
    failed = Turn(**base, to_probe=["basic"], probes={"basic": ["3", False, "think"]})
    assert scoring.personal([fine, failed], said) == {"rationale": (2, "yourself")}
    nothing = Turn(**base)
    assert scoring.personal([nothing], said) == {"rationale": (4, "yourself")}


def test_a_coding_task_can_be_clarified():
    talk = Talk("test.code")
    assert not talk.do("clarify", text="  ")
    assert talk.do("clarify", text="Is the loss a mean or a sum over the batch?")
    assert talk.said == "The loss is a mean: its 1/B is in delta."
    assert talk.do("clarify", text="May I use a table?") and "yours to choose" in talk.said
    assert talk.turn.clarified == [["Is the loss a mean or a sum over the batch?", 0], ["May I use a table?", None]]
    assert not talk.do("answer", text="") and "Nothing was handed in" in talk.said


def test_a_slip_becomes_the_next_question():
    slip = next(s for s in exercises.find("delta.b4").slips if s.id == "mean")
    talk = Talk("test.code")
    assert talk.do("submit", verdict=Verdict("delta.b4", slips=("mean",), message="One slip: a mean."))
    assert slip.says in talk.said and "What would you look at?" in talk.said and slip.name not in talk.said
    talk.do("answer", text="")
    assert talk.ask == f"{slip.says} What would you look at?"  # before what the rubric misses
    talk.do("reply", text="the axis")
    probe = talk.turn.current.probe
    assert probe.right == slip.name and len(probe.options) == 4
    talk.do("probe", answer=slip.name)
    assert levels(talk.turn)["technique"] == (2, "checks")  # wrong code, the slip seen when pointed at
    assert talk.state.phase == "follow-up" and "The sum runs over the batch." in talk.ask


@pytest.mark.parametrize("named, expected", [("mean", 3), ("no-sum", 2)])
def test_a_slip_that_was_mended_is_asked_for_last(named, expected):
    names = {slip.id: slip.name for slip in exercises.find("delta.b4").slips}
    talk = Talk("test.code")
    talk.do("submit", verdict=Verdict("delta.b4", slips=("mean",), message="One slip."))
    talk.do("submit", verdict=Verdict("delta.b4", passed=True))
    talk.do("answer", text="done")
    assert "you fixed it" in talk.ask
    talk.do("reply", how="spoken")
    talk.do("probe", answer=names[named])
    talk.do("claim", points=["axis"], process=["smallest", "checked"])
    assert levels(talk.state.turns[0])["technique"][0] == expected


def test_levels_of_code():
    def of(*verdicts, first=None):
        talk = Talk("test.code")
        if first:
            talk.do("clarify", text=first)
        for verdict in verdicts:
            talk.do("submit", verdict=verdict)
        if not first:
            talk.do("clarify", text="mean or sum?")  # too late
        talk.do("answer", how="spoken")
        turn = talk.turn
        talk.give_up()
        found = levels(turn)
        assert found["understanding"] == (0, "checks")  # of one question alone no level follows
        pooled = scoring.overall([turn, turn])
        assert pooled["technique"] == found["technique"][0]
        return found["technique"][0], pooled["understanding"]

    right, wrong = Verdict("delta.b4", passed=True), Verdict("delta.b4", message="It differs.")
    assert of(right, first="mean or sum?") == (4, 4)
    assert of(wrong, right, first="mean or sum?") == (3, 4)
    assert of(wrong, first="mean or sum?") == (1, 4)
    assert of(right) == (4, 1)  # coding without clarifying scores lowest


def test_find_the_bug():
    program = exercises.find("delta.layers")
    talk = Talk("test.bug")
    assert not talk.do("guess", lines=[], names="a") and not talk.do("guess", lines=[3], names="z")
    assert not talk.do("guess", lines="three", names="a") and talk.turn.guesses == []
    shown = case(question("test.bug"))
    letter = {name: "abcdefgh"[n] for n, name in enumerate(shown.choices)}
    planted = [s for s in program.slips if s.id in ("no-last-dW", "no-db")]
    both = "".join(letter[s.name] for s in planted)
    other = next(c for name, c in letter.items() if name not in {s.name for s in planted})

    one_right = letter[planted[0].name] + other
    assert talk.do("guess", lines=[1], names=one_right) and "Of 2 names, 1 found; 1 wrong." in talk.said
    assert talk.do("guess", lines=sorted(shown.lines)[:1], names="a") and "Those are not the lines." in talk.said
    assert talk.do("guess", lines=sorted(shown.lines), names=both)
    assert talk.said.startswith("The lines are right. The names are right.")
    talk.do("submit", verdict=Verdict("delta.layers", passed=True))
    talk.do("answer", text="a check per parameter")
    turn = talk.turn
    talk.give_up()
    assert levels(turn)["technique"] == (3, "checks")
    talk = Talk("test.bug")
    talk.do("guess", lines=sorted(shown.lines), names=both)
    talk.do("submit", verdict=Verdict("delta.layers", passed=True))
    talk.do("answer", how="spoken")
    assert levels(talk.turn)["technique"][0] == 4
    talk = Talk("test.bug")
    talk.do("guess", lines=sorted(shown.lines), names=both + other)  # everything at once is no diagnosis
    talk.do("submit", verdict=Verdict("delta.layers", passed=True))
    assert levels(talk.turn)["technique"][0] == 3


def test_bugs_that_were_not_named_are_pressed_on():
    talk = Talk("test.bug")
    talk.do("answer", how="passed")
    assert [talk.turn.pressed[-1].about] == ["know:"] and talk.do("reply", how="passed")
    assert [talk.turn.pressed[-1].about] == ["slip:delta.layers/no-last-dW"]
    names = {s.id: s.name for s in exercises.find("delta.layers").slips}
    assert names["no-db"] not in talk.turn.current.probe.options  # it would be right as well
    talk.do("reply", how="spoken")
    talk.do("probe", answer=names["no-last-dW"])
    assert [talk.turn.pressed[-1].about] == ["slip:delta.layers/no-db"]
    talk.give_up()
    assert levels(talk.state.turns[0])["technique"][0] == 0  # one name alone tells nothing

    def pressed(*answers):
        talk = Talk("test.bug")
        talk.do("answer", how="passed")
        talk.do("reply", how="passed")
        for answer in answers:
            assert talk.do("reply", how="spoken") and talk.do("probe", answer=answer)
        return levels(talk.turn)["technique"][0]

    wrong = [s.name for s in exercises.find("delta.layers").slips if s.id not in ("no-last-dW", "no-db")][0]
    assert pressed(names["no-last-dW"], names["no-db"]) == pressed(names["no-last-dW"], wrong) == 2
    assert pressed(wrong, wrong) == 1


def test_a_bug_that_is_mended_needs_no_name():
    talk = Talk("test.bug")
    talk.do("submit", verdict=Verdict("delta.layers", passed=True))
    talk.do("answer", text="mended")
    assert talk.turn.pressed[-1].about == "check:"
    assert levels(talk.turn)["technique"][0] == 3


def test_what_was_planted_is_no_slip_of_ones_own():
    """It was there before, so where it is gone it isn't "a slip, mended"; one's own is."""
    for id, slips, own in ("test.bug", ("no-last-dW", "no-db"), []), ("test.code", ("mean",), ["delta.b4/mean"]):
        talk = Talk(id)
        exercise = QUESTIONS[id].exercise
        talk.do("submit", verdict=Verdict(exercise, slips=slips))
        assert talk.turn.mended == [] and len(talk.turn.open_slips) == len(slips)
        talk.do("submit", verdict=Verdict(exercise, passed=True))
        assert talk.turn.mended == own and talk.turn.open_slips == []


@pytest.mark.parametrize("level", range(5))
def test_what_was_rated_below_strong_is_among_what_is_to_do(level):
    talk = Talk("test.hand")
    talk.do("answer", text="six")
    talk.do("probe", answer="6")
    talk.turn.levels = {"communication": [level, "partner"]}
    said = [text for _, _, text, _ in reports.wanting(talk.turn)]
    assert any(text.startswith("Toward strong communication") for text in said) is (level < 3)
    talk.turn.levels = {}
    said = [text for text, _ in reports.tonight([talk.turn], {"communication": (level, "yourself")})]
    assert any(text.startswith("Toward strong communication") for text in said) is (level < 3)


def test_the_clarifying_part_counts_for_the_code_after_it():
    talk = Talk("test.code/clarify", "test.hand", "test.code")
    assert not talk.do("submit", verdict=Verdict("delta.b4", passed=True)) and not talk.do(
        "guess", lines=[1], names="a"
    )
    talk.do("clarify", text="Are samples columns?")
    assert talk.said == "Samples are columns."
    talk.do("answer", text="I assume a mean")
    assert talk.state.phase == "follow-up" and "didn't ask" in talk.ask
    talk.do("reply", text="mean")
    clarifying = talk.turn
    assert talk.do("claim", held=["clarify-0"]) and clarifying.pressed[0].proven
    assert levels(clarifying)["understanding"] == (2, "checks")  # one of two
    talk.give_up()
    assert talk.turn.asked_before
    talk = Talk("test.code/clarify")
    talk.do("clarify", text="columns or rows, and is it a mean?")
    talk.do("clarify", text="mean or sum?")
    talk.do("answer", how="spoken")
    assert talk.ask == "Say the task back to me: what comes in, what goes out, with shapes."
    assert levels(talk.turn)["understanding"] == (4, "checks")  # both
    talk = Talk("test.code/clarify")
    talk.do("answer", text="no questions")
    assert levels(talk.turn)["understanding"] == (0, "checks")


# ---- levels ----


def item(credit, tried=True, basic=True, many=False):
    return Item("x", "technique", credit, tried, basic, many)


@pytest.mark.parametrize(
    "evidence, expected",
    [
        ([], 0),
        ([item(0, tried=False)], 0),
        ([item(1)], 0),  # no level rests on one
        ([item(0), item(0, tried=False)], 0),
        ([item(1), item(0, tried=False, basic=False)], 0),
        ([item(1, many=True)], 4),  # but on code, which is checked in many ways
        ([item(0, many=True), item(0, tried=False)], 1),
        ([item(1), item(0, tried=False, many=True)], 0),
        ([item(0), item(0)], 1),
        ([item(1), item(0)], 2),
        ([item(1), item(1), item(1), item(0)], 2),  # something basic is missing
        ([item(0.5), item(0, basic=False)], 2),
        ([item(0.5), item(0.5)], 3),
        ([item(0.5), item(0.48)], 2),
        ([item(1), item(0, basic=False)], 2),  # it was tried, and failed
        ([item(1), item(1), item(0, tried=False, basic=False)], 3),  # nobody asked
        ([item(1), item(1), item(0, tried=False)], 2),
        ([item(1)] * 9 + [item(0, basic=False)], 2),  # whatever the mean
        ([item(1), item(0.8)], 4),  # a mean of nine tenths
        ([item(1), item(0.79)], 3),
        ([item(1), item(1), item(0.75)], 4),
        ([item(1), item(0.75)], 3),
        ([item(1), item(0.5)], 3),
        ([item(1), item(1, basic=False)], 4),
    ],
)
def test_evidence_gives_a_level(evidence, expected):
    assert level(evidence) == expected


def test_every_level_of_every_axis_has_an_anchor_of_its_own():
    assert len(AXES) == 4 and len(LEVELS) == 5
    sentences = [sentence for anchors in ANCHORS.values() for sentence in anchors]
    assert len(sentences) == 20 == len(set(sentences)) and all(s[0].isupper() and s.endswith(".") for s in sentences)


def test_words_alone_score_nothing():
    """Every key word in the notes, and every point ticked: what can't be proven stays at nothing or very weak."""
    talk = Talk("test.talk")
    talk.do("answer", text="basic memory far end fourth")
    assert levels(talk.turn)["understanding"][0] == levels(talk.turn)["technique"][0] == 0
    wrong = {"number": "9", "shape": "(9, 9)", "choice": "none"}
    while talk.state.phase != "claims":  # also when pressed
        if talk.state.phase == "follow-up":
            assert talk.do("reply", text="basic memory far end fourth")
        else:
            assert talk.do("probe", answer=wrong[talk.turn.current.probe.kind])
    turn = talk.turn
    talk.do("claim", points=["basic", "memory-too", "far", "fourth"])
    assert {level for level, _ in levels(turn).values()} <= {0, 1} and len(turn.pressed) == 2
    assert {*scoring.overall([turn]).values()} == {1}  # what was tried twice
    assert axes_of(question("test.talk")) == AXES
    plain = Talk("test.plain")
    plain.do("answer", text="x")
    assert "understanding" not in levels(plain.turn)  # nothing of it can be checked


def test_a_format_is_one_row(monkeypatch):
    """Another row is all that another format needs: no other place lists them."""
    assert all(set(row.axes) <= set(AXES) and row.timed in AXES for row in FORMATS.values())
    monkeypatch.setitem(FORMATS, "letter", Format("Letter", "Write it.", ("technique",), timed="technique", coded=True))
    letter = replace(QUESTIONS["test.hand"], id="test.letter", format="letter")
    assert "a letter question names the exercise" in bank.complaints(letter)[0]
    letter = replace(letter, exercise="delta.b4")
    assert bank.complaints(letter) == [] and axes_of(letter) == ("technique",)
    monkeypatch.setitem(QUESTIONS, "test.letter", letter)
    talk = Talk("test.letter")
    assert talk.do("submit", verdict=Verdict("delta.b4", passed=True))
    assert talk.do("answer", after=60 * letter.minutes * 1.2, text="done")
    turn = talk.turn
    talk.through("6", "so", points=["product"])
    assert levels(turn)["technique"] == (3, "checks")  # out of time
    it = Interview("own choice", questions=["test.letter"], id="x")
    assert "Letter" in sheets.heading(1, Round("test.letter"), letter, 0, 60) and it.state.turn.q == letter
    assert names(choose("phone screen", {"test.letter": letter, "test.talk": QUESTIONS["test.talk"]})) == {"test.talk"}


# ---- plans ----


def test_plans_are_chosen_by_seed():
    for plan in set(PLANS) - {"own choice", "review"}:
        rounds = [tuple(choose(plan, QUESTIONS, seed)) for seed in range(12)]
        assert rounds[0] == tuple(choose(plan, QUESTIONS, 0)) and rounds[0]
    pairs = {tuple(choose("own choice", QUESTIONS, s, ids=["test.hand", "test.talk"])) for s in range(5)}
    assert pairs == {(Round("test.hand"), Round("test.talk"))}


def many():
    """A bank of 60: 6 topics, in each the formats with rising difficulty; ids tell what they are."""
    template = QUESTIONS["test.board"]
    made = {}
    for topic in "abcdef":
        for format, minutes in {"talk": 1, "whiteboard": 4, "hand": 3, "discussion": 3, "code": 10, "bug": 8}.items():
            for n, difficulty in enumerate(bank.DIFFICULTIES):
                id = f"{topic}.{format}-{n}"
                made[id] = replace(
                    template, id=id, topic=topic, format=format, minutes=minutes, difficulty=difficulty, core=n == 0
                )
    return made


@pytest.mark.parametrize("seed", range(8))
def test_no_plan_asks_a_question_twice(seed):
    """Whatever is weak, and whatever stays away. Code alone stands twice: clarified first, then written."""
    rng = random.Random(seed)
    for questions in many(), REAL:
        ids = list(questions)
        for plan in set(PLANS) - {"own choice"}:
            weak, recent = (rng.sample(ids, rng.choice([1, 5, len(ids)])) for _ in range(2))
            rounds = choose(plan, questions, seed, weak=weak, recent=recent)
            asked = [r.question for r in rounds if not r.part]
            assert len(set(asked)) == len(asked) and len(rounds) - len(asked) == (plan == "onsite")


def total(rounds, questions):
    return sum(questions[r.question].minutes + 1.5 for r in rounds)


@pytest.mark.parametrize("seed", range(8))
def test_what_each_plan_asks(seed):
    questions = many()
    (talk,) = choose("60 seconds", questions, seed)
    assert ".talk-" in talk.question
    screen = choose("phone screen", questions, seed)
    formats = [questions[r.question].format for r in screen]
    assert formats[:4] == ["talk", "whiteboard", "hand", "discussion"] and not {"code", "bug"} & set(formats)
    assert 14 < total(screen, questions) <= 20 and len({questions[r.question].topic for r in screen}) == len(screen)
    onsite = choose("onsite", questions, seed)
    parts = [(questions[r.question].format, r.part) for r in onsite]
    assert parts[:5] == [("code", "clarify"), ("whiteboard", ""), ("code", ""), ("bug", ""), ("discussion", "")]
    assert set(parts[5:]) <= {("discussion", "")} and 36 < 5 + total(onsite[1:], questions) <= 45
    assert onsite[0].question == onsite[2].question
    assert questions[onsite[1].question].topic == questions[onsite[0].question].topic
    ladder = choose("ladder", questions, seed, topic="c")
    hard = [bank.DIFFICULTIES.index(questions[r.question].difficulty) for r in ladder]
    assert {questions[r.question].topic for r in ladder} == {"c"} and hard == sorted(hard) and len(ladder) >= 3
    weak = ["d.hand-2", "b.code-1", "e.whiteboard-1"]
    spots = choose("weak spots", questions, seed, weak=weak)
    assert [r.question for r in spots[:2]] == ["d.hand-2", "e.whiteboard-1"] and total(spots, questions) <= 20
    assert not {"code", "bug"} & {questions[r.question].format for r in spots}
    talks = ["a.talk-1", "b.talk-2"]
    back = [r.question for r in choose("review", questions, seed, weak=talks)]
    assert back[:2] == talks and 10 < total(map(Round, back), questions) <= 15  # and what is new
    assert not {"code", "bug"} & {questions[id].format for id in back}
    due = {id: questions[id] for id in ["a.code-1", "b.talk-2", *talks]}
    assert [r.question for r in choose("review", due, seed, weak=["a.code-1", *talks])] == ["a.code-1", "a.talk-1"]
    for plan in ("60 seconds", "phone screen", "onsite"):
        assert {questions[r.question].topic for r in choose(plan, questions, seed, topic="f")} == {"f"}
    assert len({tuple(choose("phone screen", questions, s)) for s in range(20)}) > 10


@pytest.mark.parametrize("plan", [plan for plan in PLANS if plan != "own choice"])
def test_no_interview_asks_a_question_twice(plan):
    """Not in a small bank either, where little else fits; a coding task is clarified first, and then done."""
    questions = many()
    for seed in range(40):
        rng = random.Random(seed)
        few = {id: questions[id] for id in rng.sample(sorted(questions), 3 + seed % 20)}
        weak, recent = (rng.sample(sorted(few), 3) for _ in range(2))
        try:
            rounds = choose(plan, few, seed, weak=weak, recent=recent)
        except NoPlan:
            continue
        asked = [r.question for r in rounds if r.part != "clarify"]
        assert len(asked) == len(set(asked)) and {r.question for r in rounds} == set(asked)


def test_other_plans_prefer_what_is_weak():
    questions = many()
    screen = choose("phone screen", questions, 3, weak=["e.discussion-2", "c.whiteboard-1"])
    assert {"e.discussion-2", "c.whiteboard-1"} <= {r.question for r in screen}


def names(rounds):
    return {r.question for r in rounds}


CHOSEN = ["60 seconds", "phone screen", "onsite", "ladder", "weak spots"]  # the plans that choose by themselves


@pytest.mark.parametrize("plan", CHOSEN)
@pytest.mark.parametrize("seed", range(4))
def test_what_was_asked_lately_stays_away(plan, seed):
    questions, recent = many(), []
    formats = []
    for _ in range(3):  # the same seed, three times
        rounds = choose(plan, questions, seed, recent=recent)
        assert not names(rounds) & set(recent)
        recent += sorted(names(rounds))
        formats.append([questions[r.question].format for r in rounds][:4])
    assert plan in ("ladder", "weak spots") or formats[0] == formats[1] == formats[2]  # nothing of the plan is left out
    away = [id for id in questions if not id.startswith("a.")]
    rounds = choose(plan, questions, seed, recent=away)
    assert {id[0] for id in names(rounds)} == {"a"}  # rather the same topic again
    lately = ["a.hand-1", "b.talk-0"]
    asked = names(choose("review", questions, weak=lately, recent=[*lately, *away]))
    assert {*lately} < asked and not asked & {*away} - {*lately}
    assert [r.question for r in choose("own choice", questions, ids=lately, recent=lately)] == lately


@pytest.mark.parametrize("plan", CHOSEN)
def test_where_nothing_else_fits_the_one_asked_longest_ago_comes_back(plan):
    questions = {id: q for id, q in many().items() if q.topic == "a"}
    recent = sorted(questions, key=lambda id: (len(id), id[::-1]))
    rounds = choose(plan, questions, recent=recent)
    whole = choose(plan, questions)
    assert total(rounds, questions) >= 0.75 * total(whole, questions)
    assert plan == "ladder" or len(rounds) > len(whole) / 2  # two long ones fill a ladder
    asked = [r.question for r in rounds]
    for format in {questions[id].format for id in asked} if plan != "ladder" else ():
        ids = [id for id in recent if questions[id].format == format]
        assert set(ids[: sum(id in asked for id in ids)]) <= set(asked), format
    spare = recent[-1]  # one is left that nobody has asked
    if plan == "ladder":
        assert spare in names(choose(plan, questions, recent=recent[:-1]))
    for seed in range(6):
        talks = [id for id in recent if ".talk" in id]
        short = {id: questions[id] for id in talks}
        assert names(choose("60 seconds", short, seed, recent=talks)) == {talks[0]}
        assert names(choose("60 seconds", questions, seed, recent=talks[:2])) == {talks[2]}


def test_a_minute_of_discussion_before_the_same_talk_again():
    questions = many()
    questions["a.short"] = replace(questions["a.discussion-0"], id="a.short", minutes=1)
    talks = [id for id, q in questions.items() if q.format == "talk"]
    discussions = {id for id, q in questions.items() if q.format == "discussion"}
    for seed in range(30):
        assert ".talk-" in names(choose("60 seconds", questions, seed)).pop()
        assert names(choose("60 seconds", questions, seed, recent=talks)) == {"a.short"}
        assert names(choose("60 seconds", questions, seed, recent=talks[1:])) == {talks[0]}
        assert names(choose("60 seconds", questions, seed, recent=talks, known=[*talks, "a.short"])) == {"a.short"}
        (longer,) = names(choose("60 seconds", questions, seed, recent=[*talks, "a.short"]))
        assert longer in discussions - {"a.short"}  # three minutes of one, in sixty seconds
        short = {id: q for id, q in questions.items() if q.minutes == 1}
        assert names(choose("60 seconds", short, seed, recent=[*talks, "a.short"])) == {talks[0]}
        long = {id: replace(q, minutes=4) if id in discussions else q for id, q in questions.items()}
        assert names(choose("60 seconds", long, seed, recent=talks)) == {talks[0]}


def test_an_interview_of_three_quarters_is_not_filled_with_what_was_asked_lately():
    questions = {id: q for id, q in many().items() if q.topic == "a" and q.format not in ("code", "bug")}
    rest = [id for id in questions if id.endswith("-2")]
    four = {id: q for id, q in questions.items() if id.endswith("-0")}  # 17 of 20 minutes
    ones = choose("phone screen", {**four, **{id: questions[id] for id in rest}}, recent=rest)
    old = choose("phone screen", {**four, **{id: questions[id] for id in rest}}, known=rest)
    assert set(four) < names(old)  # but with what was asked longer ago
    assert names(ones) == set(four) and len(choose("phone screen", {**four, "a.talk-2": questions["a.talk-2"]})) == 5
    three = {id: q for id, q in four.items() if "hand" not in id and "discussion" not in id}
    assert len(choose("phone screen", {**three, **{id: questions[id] for id in rest}}, recent=rest)) > 3


@pytest.mark.parametrize("plan", ["phone screen", "onsite", "ladder"])
def test_at_most_half_is_what_went_badly(plan):
    """Otherwise somebody weak would be asked the same every day."""
    questions = many()
    for seed in range(6):
        before = choose(plan, questions, seed)
        weak = sorted(names(before), key=lambda id: id[::-1])
        rounds = choose(plan, questions, seed, weak=weak)
        assert 1 <= len(names(rounds) & set(weak)) <= len(names(rounds)) / 2
        order = ["a.whiteboard-2", "b.hand-2", "c.discussion-2", "d.talk-2"]
        assert "d.talk-2" not in names(choose(plan, questions, seed, weak=order))  # the least weak makes room
        hands = ["b.hand-0", "b.hand-1", "b.hand-2", "c.hand-0"]
        assert names(choose("weak spots", questions, seed, weak=hands)) == set(hands)  # that is what it is for
        assert names(choose("60 seconds", questions, seed, weak=["b.talk-1"])) == {"b.talk-1"}  # of one, half is one
    few = {id: questions[id] for id in names(before)}
    assert len(names(choose(plan, few, weak=weak))) > len(few) / 2  # nothing else is there


def test_a_short_task_in_code_before_the_same_long_one_again():
    questions = {id: replace(q, minutes=5) if id == "a.code-2" else q for id, q in many().items()}
    long = [id for id in questions if ".code-" in id and id != "a.code-2"]
    for seed in range(8):
        assert choose("onsite", questions, seed)[0].question in long
        assert choose("onsite", questions, seed, recent=long)[0].question == "a.code-2"


def test_a_ladder_has_rungs_and_takes_a_topic_that_has_enough():
    questions = {id: q for id, q in many().items() if q.topic in "ab"}
    weak = ["a.discussion-2"]
    assert "a.discussion-2" in names(choose("ladder", questions, weak=weak))
    recent = [id for id in questions if id.startswith("a.") and id not in weak]
    assert {id[0] for id in names(choose("ladder", questions, weak=weak, recent=recent))} == {"b"}
    long = {**questions, "a.code-0": replace(questions["a.code-0"], minutes=20)}
    for seed in range(8):
        assert len(choose("ladder", long, seed, weak=["a.code-0"])) > 1
        assert "a.code-0" not in names(choose("ladder", long, seed, weak=["a.code-0"]))


@pytest.mark.parametrize(
    "arguments, word",
    [
        (("quiz",), "There is no plan 'quiz'"),
        (("own choice",), "name the questions"),
        (("ladder", "nowhere"), "There is no topic 'nowhere'"),
    ],
)
def test_a_plan_that_cannot_be_made_says_why(arguments, word):
    plan, topic = (*arguments, None)[:2]
    with pytest.raises(NoPlan, match=word):
        choose(plan, QUESTIONS, 0, topic=topic)
    with pytest.raises(NoPlan, match="no question 'x'"):
        choose("own choice", QUESTIONS, 0, ids=["x"])
    with pytest.raises(NoPlan, match="No question fits"):
        choose("onsite", {}, 0)


# ---- nothing is lost ----

texts = st.sampled_from(
    ["", " ", "2", "(3, 4)", "this", "basic far end", "mean or sum?", "<b>&", "\0", "é☃", "a" * 500]
)


def test_an_answer_to_another_exercise_is_not_taken():
    talk = Talk("test.bug")
    before = copy.deepcopy(talk.state)
    assert not talk.do("submit", verdict=Verdict("delta.b4", slips=("mean",), message="One slip."))
    assert talk.said == "That is an answer to delta.b4, and delta.layers is asked for." and talk.state == before


junk = st.one_of(st.none(), st.integers(-3, 9), st.floats(), texts, st.lists(texts, max_size=2))
verdicts = st.sampled_from(
    [
        Verdict("delta.b4", passed=True),
        Verdict("delta.b4", slips=("mean",), message="One slip.\nMore."),
        Verdict("delta.b4", slips=("no-sum", "neurons"), message="Two."),
        Verdict("delta.b4", message="It differs."),
        Verdict("delta.b4", attempted=False),
    ]
)
ids = st.lists(st.sampled_from([p.id for q in QUESTIONS.values() for p in q.points] + ["", "clarify-0"]), max_size=4)
level_sets = st.fixed_dictionaries(
    {"communication": junk | st.integers(0, 4)}, optional={"rationale": st.integers(0, 4)}
)
hows = st.sampled_from(["typed", "spoken", "passed", "sung"])
moves = st.one_of(
    st.fixed_dictionaries({"do": st.just("answer"), "text": texts | junk, "how": hows}),
    st.fixed_dictionaries({"do": st.just("claim"), "points": ids}, optional={"process": st.just(["shapes"])}),
    st.fixed_dictionaries({"do": st.just("claim"), "points": junk}, optional={"held": ids | junk}),
    st.fixed_dictionaries({"do": st.just("probe"), "answer": texts | junk}, optional={"how": hows, "sure": texts}),
    st.fixed_dictionaries({"do": st.just("reply"), "text": texts, "how": hows}),
    st.fixed_dictionaries({"do": st.just("rate"), "levels": level_sets}, optional={"by": texts}),
    st.fixed_dictionaries({"do": st.just("clarify"), "text": texts | junk}),
    st.fixed_dictionaries({"do": st.just("submit"), "verdict": verdicts}),
    st.fixed_dictionaries({"do": st.just("guess"), "lines": junk | st.just([3]), "names": texts}),
    st.fixed_dictionaries({"do": st.sampled_from([*EVOLVE, "fly"])}, optional={"points": junk, "else": junk}),
)
times = st.floats(-50, 400) | st.sampled_from([float("nan"), float("inf"), None, "noon"])


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_random_answers_through_every_plan(data):
    plan = data.draw(st.sampled_from([*PLANS]))
    seed, every = data.draw(st.integers(0, 50)), list(QUESTIONS)
    chosen = every if plan == "own choice" else ()
    weak, recent = data.draw(st.permutations(every)), data.draw(st.lists(st.sampled_from(every), unique=True))
    rounds = choose(plan, QUESTIONS, seed, ids=chosen, weak=weak, recent=recent)
    assert len({(r.question, r.part) for r in rounds}) == len(rounds)
    talk = Talk(*(f"{r.question}/{r.part}" for r in rounds), plan=plan)
    kept = []
    for move in data.draw(st.lists(moves, max_size=40)):
        before, phase = copy.deepcopy(talk.state), talk.state.phase
        after = data.draw(times)
        do, values = move["do"], {name: value for name, value in move.items() if name != "do"}
        if isinstance(after, float) and abs(after) < 1000:
            accepted = talk.do(do, after=after, **values)
        else:
            event, talk.said = decide(talk.state, do, after, **values)
            assert event is None and talk.said
            accepted = False
        if not accepted:
            assert talk.said and talk.state == before
        elif do in ("answer", "reply", "clarify"):
            kept.append(values.get("text", ""))
        assert replay(json.loads(json.dumps(talk.events))) == talk.state
        assert json.loads(json.dumps(talk.state.as_json())) == talk.state.as_json()
        assert talk.state.clock >= before.clock and (accepted or talk.state.phase == phase)
    talk.end()
    asked = [(t.question, t.part) for t in talk.state.turns]
    whole = session.report_of("x", talk.state)
    assert asked == [(r.question, r.part) for r in rounds][: len(asked)]
    assert (
        len(asked) + len(whole.data["not_asked"])
        == len(rounds)
        == len(whole.data["turns"]) + len(whole.data["not_asked"])
    )
    assert len(whole.data["tonight"]) == 3
    for turn in talk.state.turns:
        assert turn.phase == "done" and len(turn.pressed) <= 3 or talk.events[-1]["do"] == "end"
        assert all(one.proven is not None for one in turn.pressed) or turn.phase != "done"
    everything = json.dumps(talk.state.as_json(), ensure_ascii=False)
    assert all(json.dumps(text.strip(), ensure_ascii=False)[1:-1] in everything for text in kept)
    check_html(whole.html())
    assert json.loads(json.dumps(whole.data)) == whole.data and whole.markdown() and whole.line()


# ---- reports ----


class Balanced(HTMLParser):
    """Complains about tags that don't close in order, and remembers what it saw."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.links = [], [], []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_startendtag(self, tag, attrs):
        self.seen.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, (tag, self.open)


def check_html(text):
    page = Balanced()
    page.feed(text)
    page.close()
    assert page.open == [] and not {"script", "b", "i", "img"} & set(page.seen)
    assert all(re.match(r"\d\d_\w+\.ipynb(#|$)", link) for link in page.links)
    return page


def test_a_report_tells_what_held_what_did_not_and_three_things():
    talk = Talk("test.talk", "test.plain", "test.hand")
    talk.do("answer", after=75, text="<b>basic</b> *memory*\n# not a heading")
    for answer, sure in (("2", "think"), ("that", "sure"), ("4", "guess")):
        talk.do("probe", answer=answer, sure=sure)
    talk.do("reply", how="passed")
    talk.do("claim", points=["basic", "far", "fourth"])
    talk.do("answer", after=30, how="passed")
    talk.give_up()
    talk.do("end")
    page = session.report_of("mine", talk.state)
    first, second, third = page.data["turns"]
    assert third["strong"] == third["missed"] == []  # it was never answered
    assert first["strong"] == [
        "The basic thing is said. (proven)",
        "There is a fourth thing. (proven, on a guess)",
    ]
    assert first["missed"] == ["The memory is counted. (left out)", "The far end is seen. (claimed, not proven)"]
    assert (round(first["minutes"] * 60), first["given"]) == (75 + 0, 1) and not third["done"]
    assert page.axes()["understanding"] == [(1, 3, "checks")]  # one was a guess
    assert page.axes()["communication"] == []  # it was broken off before it was rated
    assert page.data["sure"] == [["Test topic", "Which one?", "that", "this"]]
    assert (
        "**You were sure, and it was wrong.**\n\n- Test topic: Which one? You answered: that. Right is: this."
        in page.markdown()
    )
    things = [text for text, _ in page.data["tonight"]]
    assert things[0] == "You claimed this and couldn't prove it: The far end is seen."
    assert len({link for _, link in page.data["tonight"]}) > 1
    text = page.markdown()
    assert "1:15 of 1:00, 0:15 over." in text and "You passed on it." in text and "It was broken off." in text
    assert "> \\<b\\>basic\\</b\\> \\*memory\\*\n> \\# not a heading" in text
    assert "| 2. Test topic |  |  |  |  |" in text and "| 3. Test topic |  |  |  |  |" in text
    assert "(00_start_here.ipynb#The-60-second-answer)" in text
    html = page.html()
    check_html(html)
    assert "&lt;b&gt;basic&lt;/b&gt; *memory*" in html and "Discuss &lt;b&gt;this&lt;/b&gt; &amp; that." in html


@pytest.mark.parametrize(
    "notes",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1)) [x](https://x.org) [x](#x) ![x](https://x.org/y.png)",
        "# big\n\n- a\n- b\n\n| a | b |\n|---|---|\n\n> q\n```\ncode\n```\n1. one",
        "**a** *b* `c` $d$ $$e$$ \\(f\\) \\* &lt; <!-- \"'",
        "    for l in range(3):\n\tz[l] += 1  # in\n",
        "a\x0bb\x0cc\x85d\u2028e\r\nf",
    ],
)
def test_notes_stand_in_the_report_as_they_were_typed(notes):
    """The page shows the very text, in the one place that is shown as it was typed, whatever it looks like."""
    talk = Talk("test.talk")
    talk.do("answer", text=notes)
    for page in (session.report_of("x", talk.state).html(), session.report_of("x", talk.state)._repr_html_()):
        seen = check_html(page)
        assert not any("x.org" in link or link.startswith("#") for link in seen.links)
        (kept,) = re.findall("<blockquote>(.*?)</blockquote>", page, flags=re.DOTALL)
        assert set(re.findall(r"</?(\w+)", kept)) == {"pre"}
        assert unescape(re.sub("</?pre>", "", kept)).splitlines() == "\n".join(notes.splitlines()).rstrip().splitlines()


def test_a_report_is_drawn_from_its_markdown():
    talk = Talk("test.talk")
    talk.end()
    page = session.report_of("x", talk.state)
    link = page.data["tonight"][0][1]
    assert f'href="{link}"' in page._repr_html_() and "&lt;" not in page._repr_html_()
    assert [tag for tag in check_html(page.html()).seen if tag in ("h1", "ol", "table", "ul")] == [
        "h1",
        "ol",
        "table",
        "ul",
    ]
    rows = re.findall(r"<tr>(<t\w[^>]*>)(.*?)</t[hd]>", page._repr_html_())
    assert rows == [
        ('<th scope="col">', "topic"),
        ('<th scope="row">', "1. Test topic"),
        ('<th scope="row">', "The whole interview"),
    ]
    assert '<td data-axis="communication">strong*</td>' in page._repr_html_()


def test_a_slip_comes_first_tonight():
    talk = Talk("test.talk", "test.code")
    talk.give_up()
    talk.do("submit", verdict=Verdict("delta.b4", slips=("mean",), message="One slip."))
    talk.do("answer", text="")
    while talk.state.phase != "claims":
        talk.do("reply" if talk.state.phase == "follow-up" else "probe", how="passed")
    talk.do("claim", process=["shapes"])
    data = session.report_of("x", talk.state).data
    assert data["tonight"][0][0].startswith("Do the exercise delta.b4 again: A mean stands where a sum belongs")
    assert data["tonight"][0][1] == exercises.find("delta.b4").where
    assert f"{PROCESS['shapes']} (You ticked it.)" in data["turns"][1]["strong"]
    assert any(text.startswith("A slip in the code: ") for text in data["turns"][1]["missed"])
    assert "Not shown: the task was clarified before coding." in data["turns"][1]["missed"]


def test_tonights_three_things_come_from_three_turns_where_there_are_as_many():
    """What the turns left open fills the list; what always does good comes in only where nothing else is left."""
    talk = Talk("test.talk", "test.hand", "test.board", "test.plain")
    talk.end()
    things = session.report_of("x", talk.state).data["tonight"]
    general = [list(one) for one in reports.ALWAYS]
    assert len(things) == 3 and not [one for one in things if one in general]
    assert len({link for _, link in things}) == 3 - (QUESTIONS["test.hand"].section == QUESTIONS["test.board"].section)
    talk = Talk("test.talk")
    talk.give_up()
    things = session.report_of("x", talk.state).data["tonight"]
    assert len(things) == 3 and not [one for one in things if one in general]


def test_a_flawless_interview_still_ends_in_three_things():
    talk = Talk("test.hand")
    talk.do("answer", text="six")
    turn = talk.turn
    talk.through("6", "six", points=["product"], held=["check:"])
    assert talk.state.over  # there is nothing that a person rates
    assert levels(turn) == {"technique": (0, "checks")}  # one probe is too little
    assert scoring.overall([turn, turn]) == {"technique": 4}
    things = session.report_of("x", talk.state).data["tonight"]
    assert len(things) == 3 and "aloud" in things[0][0]


def claimed_and_pressed():
    """A talk whose probes failed or were passed on, and whose follow-ups were answered in each way."""
    talk = Talk("test.talk")
    talk.do("answer", text="memory <b>\n  in *two* lines")
    talk.do("probe", answer="3")
    talk.do("probe", answer="this")
    talk.do("probe", how="passed")
    talk.do("reply", text="<i>three</i>\n$x$ | *so*")
    talk.do("probe", answer="5")
    talk.do("reply", how="spoken")
    talk.do("probe", answer="4")
    talk.do("claim", points=["basic"])
    talk.do("rate", levels={"rationale": 3, "communication": 3})
    return session.report_of("x", talk.state)


def test_a_report_quotes_each_reply_beside_the_good_answer():
    page = claimed_and_pressed()
    probe, unknown, first, again, second, proof = page.data["turns"][0]["exchanges"]
    assert unknown["ask"] == "Which number?" and unknown["how"] == "passed"
    assert probe == {"kind": "probe", "ask": "How many?", "said": "3", "how": "typed", "good": "2", "held": False}
    assert again == probe | {"said": "5"}
    assert proof["kind"] == "probe" and proof["said"] == proof["good"] == "4" and proof["held"] is True
    assert (first["ask"], first["said"], first["good"]) == (
        "What is basic?",
        "<i>three</i>\n$x$ | *so*",
        "Basic is this.",
    )
    assert [one["how"] for one in (first, second)] == ["typed", "spoken"]
    assert [one["held"] for one in (first, second)] == [False, True]
    text = page.markdown()
    assert "**A probe that failed.** How many?\n\nYou:\n\n> 3\n\nRight is:\n\n> 2\n" in text
    reply = "> \\<i\\>three\\</i\\>\n> \\$x\\$ \\| \\*so\\*"
    assert f"**A follow-up that failed.** What is basic?\n\nYou:\n\n{reply}\n\nA good answer:\n\nBasic is this." in text
    assert "**A follow-up that held.** And a fourth?\n\nYou said it aloud, and typed nothing.\n" in text
    assert "**A probe that failed.** Which number?\n\nYou said that you don't know.\n" in text
    html = page.html()
    check_html(html)
    sides = re.findall(r'<div class="bp-sides"><div>(.*?)</div><div>(.*?)</div></div>', html, flags=re.DOTALL)
    assert len(sides) == 6 and "Basic is this." in sides[2][1]
    assert "<pre>&lt;i&gt;three&lt;/i&gt;\n$x$ | *so*</pre>" in sides[2][0]


def test_a_point_may_be_called_as_a_question_that_convinces_is(monkeypatch):
    """One in the course is called "why"."""
    points = tuple(replace(p, id="why") if p.id == "basic" else p for p in QUESTIONS["test.talk"].points)
    monkeypatch.setattr(bank, "questions", lambda: {"test.talk": replace(QUESTIONS["test.talk"], points=points)})
    question.cache_clear()
    turn = Turn("test.talk", answered_at=9, done_at=9, claimed=["why"], probes={"why": ["3", False]})
    (probe,) = reports.exchanges(turn)
    assert (probe["ask"], probe["good"]) == ("How many?", "2")
    question.cache_clear()


def test_what_was_asked_before_coding_stands_in_the_report():
    talk = Talk("test.code/clarify")
    talk.do("clarify", text="Are *samples*\n- columns?")
    talk.do("clarify", text="<b>Which</b> day?")
    talk.do("answer", text="")
    text = session.report_of("x", talk.state).markdown()
    assert "What you asked first:\n\n- Are \\*samples\\* \\- columns? Samples are columns.\n" in text
    assert "- \\<b\\>Which\\</b\\> day? That was yours to choose.\n" in text
    check_html(session.report_of("x", talk.state).html())


def test_left_out_stands_only_for_what_was_left_out():
    first = claimed_and_pressed().data["turns"][0]
    assert first["missed"] == [
        "The basic thing is said. (claimed, not proven)",
        "The memory is counted. (left out)",
        "There is a fourth thing. (only when pressed)",
    ]
    assert first["strong"] == ["The far end is seen. (not said, and proven when asked)"]
    base = {"question": "test.talk", "answered_at": 9, "done_at": 9, "to_probe": ["far"]}
    failed = {"claimed": ["far"], "probes": {"far": ["that", False, "think"]}}
    for turn, how in (
        (Turn(**base, pressed=[Pressed("far", "x", "typed", "that", False)]), "answered when pressed, not proven"),
        (Turn(**base, pressed=[Pressed("far", "x", "spoken")]), "answered when pressed, not settled"),
        (Turn(**base, pressed=[Pressed("far", "", "passed", "", False)]), "left out, also when pressed"),
        (Turn(**base, pressed=[Pressed("far")]), "left out"),
        (Turn(**base | {"done_at": None}), "broken off before it was asked about"),
        (Turn(**base | {"done_at": None, "how": "passed"}), "left out"),
        (Turn(**base, **failed, pressed=[Pressed("far", "", "", "y", True)]), "claimed, and proven only when pressed"),
    ):
        assert f"The far end is seen. ({how})" in reports.verdicts(turn)[1]
    own = Turn("test.plain", answered_at=9, done_at=9, pressed=[Pressed("depends", "x", "typed", "", False)])
    assert "It depends on <x>. (answered when pressed, not proven, by your own word)" in reports.verdicts(own)[1]


def test_an_onsite_ends_in_your_story_and_your_questions():
    for seed in range(6):
        ids = [r.question for r in choose("onsite", REAL, seed)]
        assert ids[-2:] == ["story.failed-run", "story.your-questions"]
        lately = [r.question for r in choose("onsite", REAL, seed, recent=["story.failed-run", "story.your-questions"])]
        assert lately[-1] == "story.your-questions" and "story.failed-run" not in lately  # it was told lately
        for plan in PLANS.keys() - {"onsite", "own choice", "review"}:
            assert "story.your-questions" not in {r.question for r in choose(plan, REAL, seed)}


def test_how_much_help_a_point_took():
    base = {"question": "test.talk", "answered_at": 9, "done_at": 9, "to_probe": ["far"]}
    far, proven = REAL and QUESTIONS["test.talk"].points[2], {"far": ["this", True, "sure"]}
    for turn, help in (
        (Turn(**base, claimed=["far"], probes=proven), "alone"),
        (Turn(**base, probes=proven), "after a question"),
        (Turn(**base, pressed=[Pressed("far", "x", "typed", "this", True)]), "after a question"),
        (Turn(**base, pressed=[Pressed("far", "x", "typed", "that", False)]), "told"),
        (Turn(**base), ""),
    ):
        assert turn.help_with(far) == help


def test_a_wrong_sentence_that_the_notes_take_back_is_no_wrong_turn():
    """It is not quoted back, and its point counts whole: whoever corrects themselves needed no help."""
    belief = Belief("That is never right.", ("never right",), "never", ("It is never right.",), {"far": "that"})
    talk = Talk("test.talk")
    q = replace(question("test.talk"), beliefs=(belief,))
    for notes, corrected in (("It is never right.", []), ("It is never right. No, wait, it is.", ["never"])):
        turn = Turn("test.talk", asked_at=0)
        heard = [one.id for one in q.beliefs if engine.listen.taken_back(one.notice, notes)]
        assert heard == corrected and turn.phase == "asked"
    assert talk.do("answer", text="It is never right. Sorry, it is.") and talk.turn.corrected == []


def test_forgotten_costs_and_reasons_head_the_report():
    talk = Talk("test.talk")
    talk.do("answer", text="basic, memory")
    for answer in ("2", "that", "4"):
        talk.do("probe", answer=answer)
    talk.do("reply", how="passed")
    talk.do("claim", points=["basic", "memory-too"])
    talk.do("rate", levels={"rationale": 3, "communication": 3})
    page = session.report_of("x", talk.state)
    assert page.data["headline"] == [["Test topic", "The far end is seen.", "left out, also when pressed"]]
    lines = page.markdown().splitlines()
    assert lines[2].startswith("**What was missing is what it costs")
    assert lines[4] == "- Test topic: The far end is seen. (left out, also when pressed)"
    assert re.findall(r"<(h2|div class=.bp-headline.)", page.html())[0] == 'div class="bp-headline"'
    todo = [text for text, _ in page.data["tonight"]]
    assert "Say the cost or the reason before anybody asks: The far end is seen." in todo
    base = {"question": "test.talk", "answered_at": 9, "done_at": 9, "to_probe": ["far"]}
    fine = {"claimed": ["far"], "probes": {"far": ["this", True, "think"]}}
    for happened in (
        fine,
        {"probes": fine["probes"]},
        {"answered_at": None},
        {"how": "passed"},
        {"done_at": None},
        {"pressed": [Pressed("far", "x", "typed", "this", True)]},
    ):
        assert reports.forgotten(Turn(**(base | happened))) == []
    state = State(turns=[Turn(**base) for _ in range(5)], rounds=[["test.talk", ""]] * 5)
    text = session.report_of("x", state).markdown()
    assert text.partition("## ")[0].count("The far end") == reports.MOST_HEADED and "- And 2 more, below." in text
    state.turns = [Turn(**(base | fine))]
    assert "What was missing" not in session.report_of("x", state).markdown()


def test_tonights_three_things_never_say_the_same_twice(monkeypatch):
    """Neither the same words nor the same sentence about another question, nor the same question whole again."""
    rated_low = {"levels": {"rationale": [2, "partner"], "communication": [2, "partner"]}}
    fine = {"claimed": ["basic", "memory-too", "far", "fourth"]}
    fine |= {"probes": dict.fromkeys(fine["claimed"], ["", True, "think"]), "answered_at": 30, "done_at": 30}
    turns = [Turn("test.talk", **fine, **rated_low) for _ in range(3)]
    stems = [text.partition(",")[0].partition(":")[0] for text, _ in reports.tonight(turns)]
    assert len({*stems}) == 3 and sum("Toward strong rationale" in stem for stem in stems) == 1
    assert sum("Explain it in a minute" in text for text, _ in reports.tonight(turns[:1])) == 1
    late = [Turn("test.talk", **(fine | {"answered_at": 99})) for _ in range(3)]
    assert sum(text.startswith("Answer within") for text, _ in reports.tonight(late)) == 1
    again = [Turn("test.talk", answered_at=None), Turn("test.plain", answered_at=None)]
    assert sum(text.startswith("Say it once more") for text, _ in reports.tonight(again)) == 1
    missing = [Turn("test.talk", answered_at=30, done_at=30) for _ in range(3)]  # the same points in each
    assert len({text for text, _ in reports.tonight(missing)}) == 3


def test_a_saved_page_names_the_sections_and_links_nowhere():
    talk = Talk("test.talk")
    talk.give_up()
    page = session.report_of("x", talk.state)
    assert check_html(page.html()).links == [] and "notebook 00, “The 60 second answer”" in page.html()
    section = "(00_start_here.ipynb#The-60-second-answer)"
    assert page.markdown().count(section) == 4 == page._repr_html_().count(section[1:-1])
    assert reports.in_words("02_delta.ipynb") == "notebook 02"


def test_the_levels_of_the_interviews_before_stand_in_a_picture():
    for n in range(14):
        it = Interview("own choice", questions=["test.talk"], id=f"x{n}", at=1000.0 + n)
        assert ("From interview to interview" in repr(it.report)) is False  # nothing is answered yet
        answer_all(it, level=1 + n % 3)
        points = it.report.data["trend"]
        assert len(points) == min(n + 1, session.TREND) and report(it.id).data["trend"] == points
        assert ("<svg" in it.report.html()) is (n > 0) is ("From interview to interview" in repr(it.report))
    between = Interview("own choice", questions=["test.talk"], id="between", at=1002.5)
    answer_all(between)
    assert len(between.report.data["trend"]) == 4  # those that began before it, whenever they ended
    page = report("x13").html()
    check_html(page)
    assert "<li>rationale: weak, very weak, weak (2 times), very weak," in page  # a probe failed in each


def test_a_picture_of_levels_is_drawn_from_its_numbers():
    points = [{"understanding": 2.0, "rationale": 1}, {"technique": 3}, {"understanding": 4, "technique": 2.4}]
    said = ["understanding: weak, very strong", "technique: strong, weak", "rationale: very weak"]
    assert trend.words(points) == said and f'aria-label="Oldest first. {"; ".join(said)}"' in trend.picture(points)
    drawn = trend.picture(points)
    lines = [
        [tuple(map(float, place.split(","))) for place in line.split()]
        for line in re.findall(r'polyline points="([^"]*)"', drawn)
    ]
    assert [[x for x, _ in line] for line in lines] == [[112, 300], [206, 300], [112]]
    first, last = lines[0]
    assert first[1] - last[1] == 2 * trend.STEP and drawn.count("<circle") == 5
    assert re.findall(r'polyline[^>]*stroke="(#\w+)"', drawn) == list(trend.COLORS[:3])
    assert all(0 < y < 3 * trend.ROW for line in lines for _, y in line) and "communication" not in drawn
    again = [{"technique": level} for level in (1, 3, 3, 2.9, 4, 3)]
    assert trend.words(again) == ["technique: very weak, strong (3 times), very strong, strong"]
    levels = [{"rationale": [0, "yourself"]}, {"technique": [1, ""]}, {"technique": [4, ""]}]
    assert trend.mean_levels([{"levels": one} for one in levels]) == {"technique": 2.5} and trend.mean_levels([]) == {}
    assert trend.mean_levels([], {"communication": (3, "yourself")}) == {"communication": 3}


@pytest.mark.parametrize("paper", [(255, 255, 255), (17, 17, 17)])
def test_the_colors_of_the_picture_can_be_seen_on_white_and_on_black(paper):
    def light(rgb):
        parts = [c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in rgb]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for color in trend.COLORS:
        ink = light(bytes.fromhex(color[1:]))
        low, high = sorted((ink, light(paper)))
        assert (high + 0.05) / (low + 0.05) >= 3


def test_a_report_of_an_earlier_version_is_shown_as_it_was():
    it = Interview("own choice", questions=["test.talk"], id="x", at=1000)
    answer_all(it)
    data = it.report.data
    for turn in data["turns"]:
        for name in ("spoken", "clarified", "exchanges"):
            del turn[name]
    for name in ("headline", "trend"):
        del data[name]
    in_the_record("update interview set report = ?", json.dumps(data))
    shown = report("x")
    assert shown.data == data and "Three things for tonight" in repr(shown) and "A follow-up" not in repr(shown)
    check_html(shown.html())
    other = Interview("own choice", questions=["test.talk"], id="y", at=2000)
    answer_all(other)
    assert len(other.report.data["trend"]) == 2  # an earlier report has levels all the same


def test_a_report_is_saved_as_two_files(tmp_path):
    it = Interview("own choice", questions=["test.hand"], id="a b/../c: <d>", at=0)
    it.answer("\ud800 half a letter", at=1)
    said = it.report.save(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("interview"))
    assert names == ["interview-a-b-c-d.html", "interview-a-b-c-d.md"] and all(name in said for name in names)
    check_html((tmp_path / names[0]).read_text(encoding="utf-8"))


# ---- the record ----


def answer_all(it, stop=None, level=2):
    """Through an interview by hand, rated at a level; stops after `stop` accepted events."""
    moves = {
        "asked": lambda: it.answer("some words"),
        "claims": lambda: it.claim(*[it.state.turn.rubric[0].id][: it.state.turn.how != "passed"]),
        "probe": lambda: it.probe("2") if it.probe("2").accepted else it.pass_on(),
        "follow-up": lambda: it.reply("more words"),
        "proof": it.pass_on,
        "rating": lambda: it.do("rate", levels=dict.fromkeys(it.state.rated, level)),
    }
    while not it.state.over and (stop is None or len(it.events) < stop):
        if it.state.phase == "asked" and it.state.turn.q.format in ("code", "bug"):
            it.pass_on()
        else:
            moves[it.state.phase]()


@pytest.mark.parametrize("plan", ["60 seconds", "phone screen", "onsite", "ladder", "weak spots", "own choice"])
def test_killed_after_any_event_it_goes_on_where_it_stood(tmp_path, monkeypatch, plan):
    """The record is copied after every event, as a kill would leave it; each copy is gone on with to the end."""
    chosen = [*QUESTIONS] if plan == "own choice" else ()
    it = Interview(plan, id="one", seed=4, questions=chosen)
    home, stops = Path(record.path()), []
    while not it.state.over:
        stops.append((home.read_bytes(), copy.deepcopy(it.state), len(it.events)))
        answer_all(it, stop=len(it.events) + 1)
    for data, state, count in stops[:: max(1, len(stops) // 12)]:
        other = tmp_path / "copy.sqlite3"
        other.write_bytes(data)
        monkeypatch.setenv("BACKPROP_RECORD", str(other))
        again = Interview(plan, id="one", seed=99, questions=chosen)
        assert again.state.turns == state.turns and len(again.events) == count + 1  # and a "resume"
        answer_all(again)
        assert [t.question for t in again.state.turns] == [t.question for t in it.state.turns]
        assert len(again.report.data["turns"]) == len(again.state.rounds)
        assert repr(report("one")) == repr(again.report) and "own" in repr(history()) or plan != "own choice"


def test_time_away_is_not_counted():
    it = Interview("own choice", questions=["test.talk"], id="x", at=0)
    again = Interview(id="x", at=5000)
    again.answer("words", at=5010)
    assert again.state.turn.answered_at == 70  # a minute of it, and ten seconds
    assert it.answer("late", at=5011).text.startswith("This interview went on elsewhere")


def test_two_interviews_do_not_disturb_each_other_and_one_cannot_go_on_twice():
    one, other = (Interview("own choice", questions=["test.talk"], id=id) for id in "ab")
    one.answer("to one")
    assert other.state.phase == "asked" and other.answer("to the other").accepted
    assert Interview(id="a").state.turn.notes == "to one" and Interview(id="b").state.turn.notes == "to the other"
    twin, same = Interview(id="a"), Interview(id="a")
    assert same.probe("2").accepted
    assert not twin.probe("3").accepted and twin.state == same.state  # it stands where the other went
    assert twin.pass_on().accepted


def test_what_is_asked_to_two_digits_may_be_rounded_and_nothing_else():
    asked, exact = (Probe("number", ask, "0.3134") for ask in ("To two digits, how much?", "How much?"))
    assert asked.judge("0.31") == (True, "") and asked.judge("0.32") == asked.judge("0.3") == (False, "")
    assert exact.judge("0.31") == (False, "") and exact.judge("0.313") == (True, "")


def test_a_record_that_cannot_be_written_or_was_lost_keeps_nobody_from_going_on(monkeypatch, tmp_path, capsys):
    it = Interview("own choice", questions=["test.talk", "test.hand"], id="x")
    monkeypatch.setenv("BACKPROP_RECORD", str(tmp_path))  # a folder
    monkeypatch.setattr(record, "_told", set())
    assert it.answer("words").accepted and "can't be recorded" in capsys.readouterr().err
    monkeypatch.setenv("BACKPROP_RECORD", str(tmp_path / "new.sqlite3"))
    assert not it.recorded
    answer_all(it)
    assert it.recorded and replay(Interview(id="x").events) == it.state  # the new file holds all of it


def test_a_draft_that_cannot_be_written_is_kept_in_memory_and_written_later(monkeypatch, tmp_path):
    it = Interview("own choice", questions=["test.plain"], id="x")
    it.draft = "half"
    home = record.path()
    assert it.recorded
    monkeypatch.setenv("BACKPROP_RECORD", str(tmp_path))  # a folder
    it.draft = "half an answer"
    assert it.draft == "half an answer" and not it.recorded
    monkeypatch.setenv("BACKPROP_RECORD", str(home))
    assert Interview(id="x").draft == "half"
    monkeypatch.setenv("BACKPROP_RECORD", str(home))
    again = Interview(id="x")
    monkeypatch.setenv("BACKPROP_RECORD", str(tmp_path))
    again.draft = "more"
    assert again.answer("more").accepted and again.draft == "" and not again.recorded
    monkeypatch.setenv("BACKPROP_RECORD", str(home))
    assert again.reply("so").accepted and again.recorded and Interview(id="x").draft == ""
    monkeypatch.setenv("BACKPROP_RECORD", str(tmp_path))
    again.draft = "a reply"
    monkeypatch.setenv("BACKPROP_RECORD", str(home))
    again = Interview(id="x")
    again.draft = "a reply"
    assert again.recorded and Interview(id="x").draft == "a reply"


def test_an_interview_of_another_version_is_left_alone(monkeypatch):
    it = Interview("own choice", questions=["test.talk", "test.hand"], id="x")
    fewer = {id: q for id, q in QUESTIONS.items() if id != "test.talk"}
    monkeypatch.setattr(bank, "questions", lambda: fewer)
    question.cache_clear()
    with pytest.raises(Lost, match="doesn't have"):
        Interview(id="x")
    monkeypatch.setattr(bank, "questions", lambda: QUESTIONS)
    assert Interview(id="x").events[: len(it.events)] == it.events


# ---- names that have changed since, and what can't be read ----


def in_the_record(query, *values):
    with sqlite3.connect(record.path()) as db:
        rows = db.execute(query, values).fetchall()
    db.close()
    return rows


def called(monkeypatch, **questions):
    """As if these questions had had other names before: was_talk="test.talk"; None where they were retired since."""
    monkeypatch.setattr(renamed, "QUESTIONS", {id.replace("_", "."): new for id, new in questions.items()})
    for id, new in renamed.QUESTIONS.items():
        then = new or next(i for i in QUESTIONS if i.endswith(id.partition(".")[2]))
        in_the_record("update event set event = replace(event, ?, ?)", f'"{then}"', f'"{id}"')


ROUNDS = ["test.talk", "test.board", "test.plain", "test.hand"]


def shapes(it):
    return [(turn.question, turn.phase, turn.notes) for turn in it.state.turns]


def test_an_interview_with_a_renamed_question_goes_on(monkeypatch, capsys):
    it = Interview("own choice", questions=ROUNDS, id="x")
    answer_all(it, stop=12)
    before = in_the_record("select n, event from event")
    called(monkeypatch, was_talk="test.talk", was_hand="test.hand")
    assert len(in_the_record("select n from event where event like '%was.talk%was.hand%'")) == 1
    again = Interview(id="x")
    assert again.state.turns == it.state.turns and again.report.data["turns"] == it.report.data["turns"]
    answer_all(again)
    assert [turn.question for turn in again.state.turns] == ROUNDS and again.recorded
    assert in_the_record("select n, event from event")[1 : len(before)] == before[1:]  # nothing is written anew
    assert session.lately(again.events[-1]["at"])[-1] == "test.hand" and not capsys.readouterr().err


def test_slips_in_an_interview_are_read_by_todays_names(monkeypatch):
    it = Interview("own choice", questions=["test.code", "test.bug", "test.hand"], id="x")
    it.submit(lambda delta: delta.mean(axis=1, keepdims=True))
    it.pass_on()
    assert it.state.turn.pressed[0].about == "slip:delta.b4/mean"
    while it.state.turn.question == "test.code":
        answer_all(it, stop=len(it.events) + 1)
    it.guess([3], "a")
    it.pass_on()
    monkeypatch.setattr(renamed, "EXERCISES", {"old.b4": "delta.b4"})
    monkeypatch.setattr(renamed, "SLIPS", {"old.b4/avg": "delta.b4/mean", "delta.b4/unheard-of": None})
    for names in ('["avg"]', '["unheard-of", "avg", "never-was"]'):
        in_the_record("update event set event = replace(event, ?, ?)", '["mean"]', names)
        in_the_record("update event set event = replace(event, ?, ?)", '["avg"]', names)
        assert Interview(id="x").state.turns[:2] == it.state.turns[:2]
        in_the_record("delete from event where event like '%resume%'")


def test_a_retired_question_is_left_out_and_the_rest_goes_on(monkeypatch, capsys):
    """Whatever was reached by then; and each time that it is taken up again it stands where it stood."""
    answers = 0
    for stop in range(1, 40):
        it = Interview("own choice", questions=ROUNDS, id=f"x{stop}", at=1000)
        answer_all(it, stop=stop)
        if it.state.over:
            break
        called(monkeypatch, old_board=None)
        reached, standing = len(it.state.turns), it.state.turn.question == "test.board"
        mine = [turn.notes for turn in it.state.turns if turn.question == "test.board" and turn.notes]
        it.draft = "half a word"
        again = Interview(id=it.id)
        stood = again.state.turn.question
        assert [turn.question for turn in again.state.turns] == [
            id for id in ROUNDS[:reached] if id != "test.board"
        ] + ["test.plain"] * standing
        assert again.draft == ("" if standing else "half a word")
        while not again.state.over:
            answer_all(again, stop=len(again.events) + 1)
            twin = Interview(id=it.id)
            assert shapes(twin) == shapes(again) and twin.state.over == again.state.over
            again = twin
        assert [turn.question for turn in again.state.turns] == ["test.talk", "test.plain", "test.hand"]
        assert all(turn.phase == "done" for turn in again.state.turns) and stood != "test.board"
        texts = [*mine, *(["half a word"] if standing else [])]
        kept_notes = "\n".join(turn["notes"] for turn in again.report.data["turns"][3:])
        assert all(text in kept_notes for text in texts) and len(again.report.data["turns"]) == 3 + bool(texts)
        assert report(it.id).data == json.loads(json.dumps(again.report.data)) and repr(report(it.id)) in repr(
            again.report
        )
        check_html(again.report.html())
        said = capsys.readouterr().err
        assert said.count("doesn't have it") == (reached > 1), said
        answers += bool(mine)
        monkeypatch.setattr(record, "_told", set())
    assert stop > 15 and answers > 3


@pytest.mark.parametrize("done", [0, 1, 2])
def test_the_time_of_what_is_left_out_is_not_counted(done, monkeypatch):
    """However much was done of it: nothing, an answer, or more."""
    it = Interview("own choice", questions=["test.board", "test.talk"], id="x", at=0)
    for step in (lambda: it.answer("words", at=1000), lambda: it.pass_on(at=1010))[:done]:
        assert step().accepted
    called(monkeypatch, old_board=None)
    again = Interview(id="x", at=5000)
    assert again.state.turn.question == "test.talk" and again.state.clock == 0
    again.answer("more", at=5030)
    assert again.state.turn.answered_at == 30 and Interview(id="x", at=5031).state.turn.answered_at == 30


@pytest.mark.parametrize("done", [0, 1])
def test_an_interview_that_ended_in_what_is_left_out_is_over(done, monkeypatch):
    it = Interview("own choice", questions=["test.board", "test.talk"], id="x", at=0)
    assert all(it.answer("words", at=10).accepted for _ in range(done)) and it.end(at=20).accepted
    called(monkeypatch, old_board=None)
    assert Interview(id="x", at=5000).state.over


def test_where_nothing_is_left_the_interview_is_over_with_its_notes(monkeypatch):
    it = Interview("own choice", questions=["test.board"], id="x")
    it.answer("all my words")
    called(monkeypatch, old_board=None)
    again = Interview(id="x")
    assert again.state.over and "all my words" in repr(report("x")) and "own choice" in repr(history())
    assert Interview(id="x").events == again.events
    assert Interview("own choice", questions=["test.talk"], id="y").state.phase == "asked"


def test_an_event_that_cannot_be_read_costs_its_turn_at_most(monkeypatch, capsys):
    """Each event in turn is spoiled, in each way; the interview goes on, and what follows is never mistaken."""
    it = Interview("own choice", questions=ROUNDS, id="x", at=1000)
    answer_all(it, stop=22)
    whole = Path(record.path()).read_bytes()
    after = [turn.question for turn in it.state.turns]
    spoiled = [
        "no JSON",
        "[1]",
        '{"do": 3, "at": 1}',
        '{"do": "claim", "at": "noon"}',
        '{"do": "x", "at": NaN}',
        b"\xff{",
    ]
    for n in range(22):
        Path(record.path()).write_bytes(whole)
        in_the_record("update event set event = ? where n = ?", spoiled[n % len(spoiled)], n)
        monkeypatch.setattr(record, "_told", set())
        if n == 0:
            with pytest.raises(Lost, match="beginning"):
                Interview(id="x")
            assert Interview("own choice", questions=["test.talk"], id="y").state.rounds
            continue
        again = Interview(id="x")
        assert ("can't be read" in capsys.readouterr().err) is (n < 21)  # the rating is asked for again
        kept_turns = {turn.question: turn for turn in again.state.turns if turn.phase == "done"}
        done = {turn.question: turn for turn in it.state.turns if turn.phase == "done"}
        assert len(kept_turns) >= len(done) - 1
        assert all(turn.notes == done[id].notes and turn.levels == done[id].levels for id, turn in kept_turns.items())
        again.draft = "on"
        answer_all(again)
        twin = Interview(id="x")
        assert shapes(twin) == shapes(again) and twin.state.over and again.recorded
        lost = {id for id in after if id not in {turn.question for turn in twin.state.turns}}
        assert len(lost) <= 1 and lost <= {turn.round[0] for turn in twin._left_out}
        assert session.lately(again.events[-1]["at"])  # nor does it keep anybody from beginning


@pytest.mark.parametrize("rounds", ["3", "[]", "[3]", '[["test.talk"]]', '[[["test.talk"], ""]]'])
def test_a_beginning_that_makes_no_sense_is_lost_in_a_sentence(rounds):
    Interview("own choice", questions=["test.talk"], id="x")
    begin = f'{{"do": "begin", "at": 1.0, "plan": "own choice", "seed": 1, "rounds": {rounds}}}'
    in_the_record("update event set event = ? where n = 0", begin)
    with pytest.raises(Lost, match="The interview 'x' can't be read in the record. Begin another one."):
        Interview(id="x")


def test_an_event_that_lacks_what_it_decided_is_lost_in_a_sentence():
    """Each event of an interview in turn, without each of its values in turn."""
    it = Interview("own choice", questions=["test.bug", "test.code", "test.plain", "test.talk"], id="x")
    assert it.guess([1], "a").accepted and it.clarify("mean or sum?").accepted
    assert it.do("submit", verdict=Verdict(it.state.turn.q.exercise, message="wrong")).accepted
    assert it.answer("done").accepted
    answer_all(it)
    lacking = set()
    for n, event in enumerate(it.events):
        for name in {*event} - {"do", "at", "statements", "more", "beyond"}:  # earlier releases had none
            rest = {key: value for key, value in event.items() if key != name}
            with pytest.raises(Lost, match="can't be continued by this version of the course. Begin another one."):
                replay([*it.events[:n], rest])
            lacking.add((event["do"], name))
    assert {do for do, _ in lacking} == {*EVOLVE} - {"resume", "end", "finish", "judge"} and (
        "guess",
        "right_names",
    ) in lacking
    in_the_record("update event set event = ? where n = 4", '{"do": "answer", "at": 2e9, "probes": []}')
    with pytest.raises(Lost, match="can't be continued"):
        Interview(id="x")


def test_an_event_that_is_missing_is_no_reason_to_stop_recording():
    it = Interview("own choice", questions=["test.talk", "test.hand"], id="x")
    it.answer("words")
    it.probe("2")
    in_the_record("delete from event where n = 1")
    again = Interview(id="x")
    assert again.answer("again").accepted and again.recorded and Interview(id="x").state.turn.notes == "again"


UNREADABLE = [
    "no JSON",
    "[]",
    "3",
    '{"turns": 3}',
    '{"turns": []}',
    '{"turns": [], "tonight": []}',
    '{"began": 1, "plan": "x", "turns": [{"levels": {"technique": [9, "checks"]}}]}',
    '{"began": 1, "plan": "x", "turns": [{"levels": {"technique": ["weak", "checks"]}}]}',
    b"\xff",
    "[" * 100_000,
]


@pytest.mark.parametrize("junk", UNREADABLE)
def test_a_report_that_cannot_be_read_is_told(junk):
    for id in ("fine", "spoiled"):
        Interview("own choice", questions=["test.talk"], id=id).end()
    in_the_record("update interview set report = ? where id = 'spoiled'", junk)
    assert repr(report("spoiled")) == "The report of the interview 'spoiled' can't be read in the record."
    assert "the record" in report("spoiled")._repr_html_()  # as the panel shows it
    lines = repr(history()).splitlines()
    assert len(lines) == 2 and "own choice" in lines[0] and lines[1] == "Reports that can't be read in the record: 1."
    it = Interview("own choice", questions=["test.talk"], id="after")
    answer_all(it)
    assert len(it.report.data["trend"]) == 1 and "Three things" in repr(report("after"))


def test_a_draft_of_another_kind_is_text():
    it = Interview("own choice", questions=["test.talk"], id="x")
    it.draft = "words"
    in_the_record("update draft set text = ?", b"wor\xffds")
    assert it.draft == "wor\ufffdds"


def test_links_of_a_kept_report_lead_where_the_sections_are_today(monkeypatch):
    Interview("own choice", questions=["test.talk"], id="x").end()
    old = QUESTIONS["test.talk"].section
    monkeypatch.setattr(renamed, "SECTIONS", {old: "05_elsewhere.ipynb#Here"})
    assert "(05_elsewhere.ipynb#Here)" in repr(report("x")) and f"({old})" not in repr(report("x"))
    assert 'href="05_elsewhere.ipynb#Here"' in report("x")._repr_html_()


def test_a_newer_versions_record_keeps_nobody_from_an_interview(capsys, monkeypatch):
    Interview("own choice", questions=["test.talk"], id="x").answer("mine")
    in_the_record("pragma user_version = 99")
    before = Path(record.path()).read_bytes()
    monkeypatch.setattr(record, "_told", set())
    it = Interview("own choice", questions=["test.talk"], id="x")
    answer_all(it)
    assert it.state.over and not it.recorded and it.draft == "" and "There is no" in repr(history())
    assert capsys.readouterr().err.count("was made by a newer version") == 1
    assert Path(record.path()).read_bytes() == before


def test_code_is_run_only_where_it_is_asked_for():
    ran = []

    def mine(delta):
        ran.append(1)
        return delta.sum(axis=1, keepdims=True)

    it = Interview("own choice", questions=["test.talk", "test.code"], id="x")
    assert not it.submit(mine).accepted and not ran
    it.pass_on()
    while it.state.turn.question == "test.talk":
        it.pass_on() if it.state.phase in ("follow-up", "proof") else it.claim()
    assert not it.submit(...).accepted and not it.submit(3).text.startswith("It passes")
    assert it.submit(mine).text.startswith("It passes the checks.") and ran
    assert "delta.b4" in record.passed()  # an attempt like any other
    it.draft = "half a thou"
    assert Interview(id="x").draft == "half a thou"
    it = Interview(id="x")
    it.answer("done")
    assert it.draft == ""


def test_what_cannot_be_begun_says_why():
    for arguments in (
        {"plan": "quiz"},
        {"id": 3},
        {"id": " "},
        {"seed": "x"},
        {"plan": "own choice", "questions": ["y"]},
    ):
        with pytest.raises(NoPlan):
            Interview(**arguments)
    assert "There is no interview yet." in repr(history()) and "There is no report" in repr(report("x"))


def test_it_says_where_it_stands():
    it = Interview("own choice", questions=["test.talk"], id="x")
    assert repr(it) == "Interview 'x': question 1 of 1. Explain it in a minute."
    it.answer("basic")
    assert repr(it).endswith("How many?")
    it.end()
    assert repr(it) == "Interview 'x': it is over." and not it.answer("more").accepted
    assert session.latest("x") == "x" and session.latest("y") is None


def test_in_every_phase_it_says_what_stands():
    it, seen = Interview("own choice", questions=["test.talk", "test.plain"], id="x"), {}
    while it.state.phase != "over":
        phase, turn = it.state.phase, it.state.turn
        about, said = turn.current, repr(it)
        assert said.startswith(f"Interview 'x': question {1 + (turn.question == 'test.plain')} of 2. ")
        if phase in ("probe", "proof"):
            stands = about.probe.ask
        else:
            stands = turn.q.prompt if phase == "asked" else about.follow_up.ask if about else engine.HERE[phase][1]
        assert said.endswith(f". {stands}") and stands
        seen[phase] = stands
        moves = {
            "asked": ("answer", {"text": "basic"}),
            "claims": ("claim", {"points": ["basic"] if turn.question == "test.talk" else []}),
            "probe": ("probe", {"answer": "2"}),
            "follow-up": ("reply", {"text": "so"}),
            "proof": ("probe", {"answer": "(3, 4)"}),
            "rating": ("rate", {"levels": dict.fromkeys(it.state.rated, 3)}),
        }
        do, values = moves[phase]
        assert it.do(do, **values).accepted or it.pass_on().accepted
    assert {*seen} == {"asked", "claims", "probe", "follow-up", "proof", "rating"}


# ---- a report, line by line ----


@pytest.mark.parametrize(
    ("taken", "ending", "said"),
    [
        (60, {"done": True}, "1:00 of 1:00."),
        (61, {"done": True}, "1:01 of 1:00, 0:01 over."),
        (59, {"done": False}, "0:59 of 1:00. It was broken off."),
        (59, {"done": True, "passed_on": True}, "0:59 of 1:00. You passed on it."),
        (59, {"done": False, "passed_on": True}, "0:59 of 1:00. You passed on it."),
    ],
)
def test_the_time_of_a_question_is_told(taken, ending, said):
    assert reports.spent({"minutes": taken / 60, "given": 1, "passed_on": False} | ending) == said


def test_links_and_headings_in_words():
    assert reports.notebook("02_delta.ipynb#Why-(B2)-holds") == "02: Why (B2) holds"
    assert reports.notebook("02_delta.ipynb") == "02"
    assert reports.heading({"topic": "Depth", "part": "clarify"}) == "Depth, clarifying"
    assert reports.heading({"topic": "Depth", "part": ""}) == "Depth"


def pressed(about, proven):
    return Pressed(about, proven=proven)


@pytest.mark.parametrize(
    ("turn", "strong", "missed"),
    [
        (
            Turn(
                "test.talk",
                claimed=["basic", "memory-too"],
                to_probe=["basic", "memory-too"],
                probes={"basic": ["2", True, "think"], "memory-too": ["", False, ""]},
                done_at=1,
            ),
            ["The basic thing is said. (proven)"],
            [
                "The memory is counted. (claimed, not proven)",
                "The far end is seen. (left out)",
                "There is a fourth thing. (left out)",
            ],
        ),
        (
            Turn(
                "test.talk",
                pressed=[pressed("basic", True), pressed("far", False), pressed("fourth", None)],
                done_at=1,
            ),
            [],
            [
                "The basic thing is said. (only when pressed)",
                "The memory is counted. (left out)",
                "The far end is seen. (left out)",
                "There is a fourth thing. (left out)",
            ],
        ),
        (
            Turn("test.plain", claimed=["cost"], pressed=[pressed("depends", True)], done_at=1),
            ["It costs something. (by your own word)"],
            ["It depends on <x>. (only when pressed, by your own word)"],
        ),
        (
            Turn("test.code", part="clarify", clarified=[["rows?", 1]]),
            ["Before coding, ask what this answers: “Samples are columns.” (asked)"],
            ["Before coding, ask what this answers: “The loss is a mean: its 1/B is in delta.” (left out)"],
        ),
    ],
)
def test_of_each_point_it_is_told_how_it_was_shown(turn, strong, missed):
    assert reports.verdicts(turn) == (strong, missed)


SECTION = QUESTIONS["test.talk"].section
AGAIN = (reports.LAST, "again", "Say it once more, aloud and without notes: Explain it in a minute.", SECTION)


@pytest.mark.parametrize(
    ("happened", "wanted"),
    [
        ({"answered_at": None}, []),
        (
            {
                "claimed": (three := ["basic", "memory-too", "far"]),
                "to_probe": three,
                "probes": dict.fromkeys(three, ["", False, "think"]),
                "pressed": [pressed("fourth", True)],
            },
            [
                (reports.WORST, "claimed", "You claimed this and couldn't prove it: The basic thing is said."),
                (reports.BAD, "claimed", "You claimed this and couldn't prove it: The memory is counted."),
                (reports.BAD, "claimed", "You claimed this and couldn't prove it: The far end is seen."),
                (reports.FAIR, "unasked", "Say this without being asked: There is a fourth thing."),
            ],
        ),
        (
            {"pressed": [pressed("basic", True), pressed("memory-too", False)], "answered_at": 61},
            [
                (reports.FAIR, "unasked", "Say this without being asked: The basic thing is said."),
                (reports.POOR, "why", "Work out why, and say it aloud: The memory is counted."),
                (reports.BAD, "cost", "Say the cost or the reason before anybody asks: The far end is seen."),
                (reports.POOR, "why", "Work out why, and say it aloud: There is a fourth thing."),
                (reports.POOR, "time", "Answer within 1:00 (it took 1:01): Explain it in a minute."),
            ],
        ),
        (
            {
                "claimed": (rest := ["memory-too", "far", "fourth"]),
                "probes": dict.fromkeys(rest, ["", True, "think"]),
                "answered_at": 60,
                "levels": {"communication": [2, "partner"], "rationale": [3, "partner"]},
            },
            [
                (reports.BAD, "why", "Work out why, and say it aloud: The basic thing is said."),
                (reports.FAIR, "communication",
                 f"Toward strong communication, “{ANCHORS['communication'][3]}” Try again: Explain it in a minute."),
            ],
        ),
    ],
)  # fmt: skip
def test_what_a_turn_left_open_presses_by_how_bad_it_is(happened, wanted):
    turn = Turn("test.talk", **({"answered_at": 30, "done_at": 99} | happened))
    assert [*reports.wanting(turn)] == [AGAIN, *((*one, SECTION) for one in wanted)]


def test_what_was_not_asked_before_coding_is_to_be_asked():
    turn = Turn("test.code", part="clarify", answered_at=9, clarified=[["rows?", 1]])
    assert [(press, text) for press, _, text, _ in reports.wanting(turn)][1:] == [
        (reports.POOR, "Before coding, ask what this answers: “The loss is a mean: its 1/B is in delta.”")
    ]


def test_three_things_are_sorted_by_how_they_press_and_then_by_the_turn(monkeypatch):
    pressing = {"a": [(4, "a4"), (1, "a1"), (0, "a0")], "b": [(1, "b1")], "c": [(1, "c1")]}
    turns = {name: [(press, text, text, "#") for press, text in found] for name, found in pressing.items()}
    monkeypatch.setattr(reports, "wanting", turns.get)
    assert reports.tonight("abc") == [["a0", "#"], ["b1", "#"], ["c1", "#"]]
    assert reports.tonight("ab") == [["a0", "#"], ["a1", "#"], ["b1", "#"]]
    assert reports.tonight("b") == [["b1", "#"], *map(list, reports.ALWAYS[:2])]
    assert [text for text, _ in reports.tonight("")] == [
        "Say the 60-second answer aloud, standing, without notes.",
        "Write (B1) to (B5) on an empty sheet, with the shape of every array.",
        "Go through what is due tomorrow: due() lists it.",
    ]


def test_a_report_holds_what_was_planned_and_what_came_of_it():
    it = Interview("own choice", questions=["test.talk", "test.plain", "test.hand"], id="x", seed=7, at=1000)
    it.answer("a\n\nb", at=1090)
    it.end(at=1120)
    data = it.report.data
    assert {key: data[key] for key in ("id", "plan", "seed", "began", "minutes", "planned", "not_asked")} == {
        "id": "x",
        "plan": "own choice",
        "seed": 7,
        "began": 1000,
        "minutes": 2,
        "planned": 6,
        "not_asked": ["Discuss <b>this</b> & that.", "Work it out by hand."],
    }
    (turn,) = data["turns"]
    assert (turn["minutes"], turn["given"], turn["done"], turn["passed_on"]) == (1.5, 1, False, False)
    assert (turn["question"], turn["part"], turn["topic"]) == ("test.talk", "", "Test topic")
    assert (turn["prompt"], turn["section"], turn["notes"]) == ("Explain it in a minute.", SECTION, "a\n\nb")
    assert (turn["levels"], turn["strong"], len(turn["missed"])) == (
        {"understanding": [0, "checks"], "technique": [0, "checks"]},
        [],
        4,
    )
    lines = it.report.markdown().splitlines()
    assert lines[0] == "# Mock interview: own choice" and lines[2].endswith(
        ". 2:00 in all, where the answers had 6:00."
    )
    assert lines[lines.index("Your words:") + 2 :][:3] == ["> a", "> ", "> b"]
    assert lines[-4:] == ["## Not asked", "", "- Discuss <b>this</b> & that.", "- Work it out by hand."]
    assert "## 1. Test topic" in lines and "1:30 of 1:00, 0:30 over. It was broken off." in lines
    assert f"Read: [{reports.notebook(SECTION)}]({SECTION})" in lines


def test_a_report_leaves_out_what_there_is_not():
    it = Interview("own choice", questions=["test.talk"], id="x", at=1000)
    text = it.report.markdown()
    assert not any(title in text for title in ("Your words:", "Strong:", "Missed:", "## Not asked"))
    it.answer(" \n", spoken=True, at=1001)
    text = it.report.markdown()
    assert (
        "Your words:" not in text
        and "You said it aloud, and typed nothing." in text
        and "Missed:" in text
        and "Strong:" not in text
    )
    assert reports.report_of("x", State()).data["began"] == 0


def test_an_interview_in_one_line():
    levels = {"understanding": [3, "checks"], "communication": [1, "partner"]}
    data = {"began": 0.0, "plan": "ladder", "turns": [{"levels": levels}, {"levels": {"communication": [4, ""]}}]}
    day = reports.day(0)
    assert re.fullmatch(r"(1969-12-31|1970-01-01) \d\d:\d\d", day)
    found = reports.Report(data)
    assert found.line() == f"{day}  ladder        understanding strong; communication very weak, very strong"
    assert found.axes()["communication"] == [(1, 1, "partner"), (2, 4, "")] and found.axes()["technique"] == []
    assert reports.Report(data | {"turns": []}).line() == f"{day}  ladder        nothing was answered"


def test_a_report_is_saved_where_one_is_unless_it_is_said_otherwise(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    it = Interview("own choice", questions=["test.hand"], id=" --é one! ", at=0)
    assert it.report.save() == "Saved as interview-é-one.md and interview-é-one.html."
    assert {path.name for path in tmp_path.glob("*.*")} == {"interview-é-one.md", "interview-é-one.html"}
    assert (tmp_path / "interview-é-one.md").read_bytes() == it.report.markdown().encode()


# ---- what is so unless it is said otherwise ----


def test_an_interview_is_a_phone_screen_with_a_name_by_its_moment(monkeypatch):
    monkeypatch.setattr(session.time, "time", lambda: 1e9)
    it = Interview()
    moment = session.time.strftime("%Y-%m-%d %H:%M:%S", session.time.localtime(1e9))
    assert (it.state.plan, it.id, it.state.began) == ("phone screen", f"phone screen {moment}", 1e9)
    assert it.recorded and it.draft == ""


def test_an_answer_is_typed_and_a_rating_is_ones_own_unless_it_is_said_otherwise():
    it = Interview("own choice", questions=["test.plain"], id="x", at=0)
    assert not it.answer(at=1).accepted and it.answer("so", at=2).accepted and it.state.turn.how == "typed"
    turn = it.state.turn
    assert it.reply("so", at=4).accepted and turn.pressed[-1].how == "typed"
    assert it.claim(at=5).accepted and turn.claimed == [] == turn.process and turn.pressed[-1].proven is False
    assert it.rate(at=8, **dict.fromkeys(it.state.rated, 3)).accepted
    assert {by for _, by in it.state.levels.values()} == {"yourself"} and it.state.over


@pytest.mark.parametrize("ended", [19, 20, 21])
def test_the_history_is_the_last_twenty(ended):
    data = json.dumps({"began": 0.0, "plan": "p", "turns": [], "tonight": [], "seed": 0, "minutes": 0.0, "planned": 0.0,
                       "not_asked": [], "id": "x"})  # fmt: skip
    rows = [(str(n), 0.0, float(n), data.replace('"p"', f'"p{n}"')) for n in range(ended)]
    query = "insert into interview (id, began, ended, report) values (?, ?, ?, ?)"
    record.transact(lambda db: db.executemany(query, rows) and [True])
    plans = [line.split()[2] for line in repr(history()).splitlines()]
    assert plans == [f"p{n}" for n in range(ended)][::-1][:20]
    assert [line.split()[2] for line in repr(history(2)).splitlines()] == plans[:2]


def test_the_name_of_the_next_interview_is_the_first_that_is_free():
    for n, id in enumerate(["mock.2", "mockery.1", "mock", "mock.x", "other.mock"]):
        Interview("own choice", questions=["test.hand"], id=id, at=1000 + n)
    assert session.named("mock") == ["mock.x", "mock", "mock.2"] and session.latest("mock") == "mock.x"
    assert session.unused("mock") == "mock.1" and session.unused("new") == "new.1"
    for id in ("mock.1", "mock.3"):
        Interview("own choice", questions=["test.hand"], id=id, at=1000)
    assert session.unused("mock") == "mock.4"
    assert session.named("mock")[-3:] == ["mock.3", "mock.2", "mock.1"]  # of one moment: by name


def test_before_the_first_question_it_has_not_begun():
    assert session.standing(State()) == "it hasn't begun."


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"do": "end", "at": 1}', True),
        ('{"do": "end", "at": 1.5}', True),
        ('{"do": "end", "at": true}', False),
        ('{"do": "end", "at": "1"}', False),
        ('{"do": "end", "at": NaN}', False),
        ('{"do": "end", "at": Infinity}', False),
        ('{"do": 3, "at": 1}', False),
        ('{"at": 1}', False),
        ('{"do": "end"}', False),
        ("[]", False),
        ("{", False),
    ],
)
def test_an_event_has_a_name_and_a_time(text, found):
    assert (kept.read(text) is not None) is found


def test_what_was_typed_in_a_turn_is_kept_in_order_whichever_it_was():
    events = [
        {"do": "answer", "text": "one", "probes": []},
        {"do": "claim"},
        {"do": "reply", "text": " "},
        {"do": "x", "text": 3},
    ]
    turn = kept.Kept(["test.talk", ""], [*events, {"do": "renew", "text": "", "notes": "two"}])
    assert turn.notes == "one\n\ntwo" and turn.over and turn.whole and not turn.retired and not turn.left_out
    assert kept.Kept(["test.talk", ""]).events == [] and not kept.Kept(["test.talk", ""]).over
    assert kept.Kept(["test.talk", ""], whole=False).left_out


@pytest.mark.parametrize("retired", [False, True])
def test_a_turn_that_is_left_out_stands_in_the_report_with_its_notes_alone(retired, monkeypatch):
    monkeypatch.setattr(renamed, "QUESTIONS", {"test.gone": None} if retired else {})
    found = session.left_out(kept.Kept(["test.gone", "clarify"], [{"do": "answer", "text": "mine"}]))
    why = "This version of the course doesn't have it." if retired else "An earlier version of the course asked it."
    assert (found["prompt"], found["notes"], found["part"], found["question"]) == (why, "mine", "", "test.gone")
    report = reports.Report({"began": 0.0, "minutes": 0.0, "planned": 0.0, "plan": "p", "tonight": [], "not_asked": [],
                             "turns": [found]})  # fmt: skip
    text = report.markdown()
    assert "## 1. A question that is left out\n" in text and "\n\n0:00 of 0:00.\n\n" in text and "> mine" in text
    assert "Strong" not in text and "Missed" not in text and report.line().endswith("nothing was answered")


# ---- what is decided, at each edge ----


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0:00"), (59.9, "0:59"), (60, "1:00"), (61, "1:01"), (605, "10:05"), (3660, "61:00")]
)
def test_seconds_as_a_clock_shows_them(seconds, shown):
    assert engine.clock(seconds) == shown


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (60, "Thank you."),
        (60.9, "Thank you."),
        (61, "Thank you. That took 1:01, which is 0:01 over the time."),
        (130, "Thank you. That took 2:10, which is 1:10 over the time."),
    ],
)
def test_a_second_over_the_time_is_told(after, said):
    talk = Talk("test.talk")
    assert talk.do("answer", after=after, text="so") and talk.said == said
    assert talk.do("probe", after=300, answer="2") and talk.said == "Right."


@pytest.mark.parametrize(("gap", "away"), [(59, 0), (60, 0), (61, 1), (600, 540), (-5, 0)])
def test_a_minute_at_most_of_being_away_is_counted(gap, away):
    talk = Talk("test.talk")
    assert talk.do("resume", after=gap) and talk.state.away == away and talk.state.clock == 0


@pytest.mark.parametrize(
    ("at", "taken"),
    [(0, True), (1.5, True), (engine.LATEST, False), (-1, False), (True, False), ("1", False), (float("nan"), False)],
)
def test_a_time_is_a_number_of_seconds(at, taken):
    event, said = decide(State(), "begin", at, plan="ladder", seed=0, rounds=[["test.talk", ""]])
    assert (event is not None) is taken
    assert said == ("" if taken else f"The time is {at!r}, and should be a number of seconds.")


BEFORE = {
    "asked": (),
    "probe": (("answer", {"text": "so"}),),
    "follow-up": (("answer", {"how": "passed"}),),
    "proof": (("answer", {"how": "passed"}), ("reply", {"how": "passed"}), ("reply", {"text": "so"})),
    "claims": (("answer", {"how": "passed"}), *[("reply", {"how": "passed"})] * 3),
}


@pytest.mark.parametrize(
    ("phase", "said"),
    [
        ("asked", "The question stands: answer it, or pass on."),
        ("claims", "The turn is over but for its list: tick what you said unasked."),
        ("probe", "A probe stands: answer it, or pass on."),
        ("follow-up", "A follow-up stands: reply, or pass on."),
        ("proof", "A probe stands: answer it, or pass on."),
    ],
)
def test_what_has_no_place_is_answered_by_what_stands(phase, said):
    talk = Talk("test.talk")
    for do, values in BEFORE[phase]:
        assert talk.do(do, **values)
    assert talk.state.phase == phase
    assert not talk.do("rate", levels={}) and talk.said == said
    assert not talk.do("begin", plan="p", seed=0, rounds=[]) and talk.said == said
    code = {"clarify": "There is nothing to clarify here: this is no coding task. Answer it.",
            "submit": "No code is asked for here.", "guess": "No bug is planted here."}  # fmt: skip
    for do, words in code.items():
        assert not talk.do(do) and talk.said == (words if phase == "asked" else said)
    assert not talk.do("dance") and talk.said == "There is nothing called 'dance' to do."


def test_before_and_after_it_there_is_nothing_to_do():
    assert decide(State(), "answer", 0) == (None, "The interview hasn't begun.")
    talk = Talk("test.talk")
    assert talk.do("end") and talk.said == "We stop here. Thank you."
    assert not talk.do("answer") and talk.said == "The interview is over." and not talk.do("resume")


@pytest.mark.parametrize(
    ("do", "values", "said"),
    [
        ("begin", {"plan": 3, "seed": 0, "rounds": []}, "A plan has a name, and a seed is a whole number."),
        ("begin", {"plan": "p", "seed": True, "rounds": []}, "A plan has a name, and a seed is a whole number."),
        ("begin", {"plan": "p", "seed": 0, "rounds": []}, "A plan needs a question."),
    ],
)
def test_a_beginning_that_is_refused(do, values, said):
    assert decide(State(), do, 0, **values) == (None, said)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Type your notes, say that you spoke the answer, or pass on."),
        ({"how": "sung"}, "An answer is typed, spoken or passed, not 'sung'."),
        ({"text": 3}, "An answer is text."),
        ({"text": "a\0"}, "An answer is text."),
        ({"text": " ", "how": "spoken"}, "Thank you."),
        ({"how": "passed"}, "Then I ask about it."),
    ],
)
def test_an_answer_is_taken_or_refused_in_a_sentence(values, said):
    talk = Talk("test.talk")
    assert talk.do("answer", **values) is said.startswith("Th") and talk.said == said


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"levels": {"rationale": 3}}, "Give a level for each of rationale, communication."),
        ({"levels": 3}, "Give a level for each of rationale, communication."),
        ({"levels": {"rationale": 3, "communication": 3}, "by": "me"},
         "Levels are given by yourself or partner, not 'me'."),
        *[({"levels": {"rationale": n, "communication": 3}},
           "The level of rationale is a number from 0 (no evidence) to 4 (very strong).") for n in (-1, 5, True, 2.0)],
        *[({"levels": {"rationale": n, "communication": 3}}, "") for n in (0, 4)],
        ({"levels": {"rationale": 1, "communication": 3}, "by": "partner"}, ""),
    ],
)  # fmt: skip
def test_levels_are_taken_or_refused_in_a_sentence(values, said):
    talk = Talk("test.talk")
    talk.do("answer", how="passed")
    talk.give_up()
    assert talk.state.phase == "rating" and talk.do("rate", **values) is (said == "") and talk.said == said
    assert talk.state.over is (said == "")
    assert {by for _, by in talk.state.levels.values()} == ({values.get("by", "yourself")} if not said else set())


@pytest.mark.parametrize(
    ("lines", "names", "said"),
    [
        ([], "a", "Give the lines by their numbers, such as [3] or [2, 5]."),
        ("3", "a", "Give the lines by their numbers, such as [3] or [2, 5]."),
        ([True], "a", "Give the lines by their numbers, such as [3] or [2, 5]."),
        ([3], "", "Give the names by their letters, a to "),
        ([3], "az", "Give the names by their letters, a to "),
        ([3], 3, "Give the names by their letters, a to "),
    ],
)
def test_a_guess_is_lines_and_letters(lines, names, said):
    talk = Talk("test.bug")
    last = "abcdefgh"[len(case(talk.turn.q).choices) - 1]
    assert not talk.do("guess", lines=lines, names=names) and talk.said == said + (f"{last}." if lines == [3] else "")


@pytest.mark.parametrize(("found", "wrong"), [(0, 1), (1, 0), (1, 1), (2, 0), (2, 1)])
def test_a_guess_is_told_how_many_were_found(found, wrong):
    talk = Talk("test.bug")
    program = case(talk.turn.q)
    planted = [slip.name for slip in program.slips]
    letters = dict(zip(program.choices, "abcdefgh"))
    others = [name for name in program.choices if name not in planted]
    names = [letters[name] for name in planted[:found] + others[:wrong]]
    assert talk.do("guess", lines=min(program.lines), names=", ".join(names).upper())
    told = "The names are right." if (found, wrong) == (2, 0) else f"Of 2 names, {found} found; {wrong} wrong."
    line = "The lines are right." if len(program.lines) == 1 else "Those are not the lines."
    assert talk.said == f"{line} {told} Fix it, guess again, or say that you are done."
    (kept_guess,) = talk.turn.guesses
    assert kept_guess["names"] == "".join(sorted(names)) and kept_guess["lines"] == [min(program.lines)]
    assert kept_guess["slips"] == [slip.id for slip in program.slips][:found]
    assert kept_guess["right_names"] is ((found, wrong) == (2, 0))


@pytest.mark.parametrize(
    ("verdict", "taken", "said"),
    [
        (Verdict("delta.b4", attempted=False), False, "Nothing is filled in yet."),
        (Verdict("delta.b4", attempted=False, message="m"), False, "m"),
        (Verdict("delta.b4", passed=True), True,
         "It passes the checks. Say that you are done, or what you would test next."),
        (Verdict("delta.b4", message="One.\nTwo."), True,
         "It isn't right yet. One. What would you look at? Hand it in again, or say that you are done."),
    ],
)  # fmt: skip
def test_code_is_answered_by_its_verdict(verdict, taken, said):
    talk = Talk("test.code")
    assert talk.do("submit", verdict=verdict) is taken and talk.said == said


def test_an_onsite_answer_without_code_is_refused():
    talk = Talk("test.code")
    assert not talk.do("answer") and talk.said == "Nothing was handed in yet. Hand in your code, or pass on."
    assert not talk.do("clarify", text=" ") and talk.said == "Ask in words, such as: mean or sum over the batch?"
    assert talk.do("clarify", text=" may I use einsum? ") and talk.turn.clarified == [["may I use einsum?", None]]
    assert talk.said == "That is yours to choose: say what you assume, and go on."


@pytest.mark.parametrize(
    ("do", "values", "said"),
    [
        ("guess", {}, "missing 2 required keyword-only arguments: 'lines' and 'names'"),
        ("claim", {"colour": "red"}, "got an unexpected keyword argument 'colour'"),
        ("answer", {"colour": "red"}, "got an unexpected keyword argument 'colour'"),
    ],
)
def test_what_it_is_not_handed_is_told_as_python_tells_it(do, values, said):
    talk = Talk("test.bug")
    if do == "claim":
        talk.do("answer", how="passed")
        while talk.state.phase != "claims":
            talk.do("reply", how="passed")
    assert not talk.do(do, **values)
    assert talk.said == f"This can't be read: _decide_{do}() {said}."


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"points": "basic"}, "Tick by the names, in a list."),
        ({"points": 3}, "Tick by the names, in a list."),
        ({"process": "shapes"}, "Tick by the names, in a list."),
        ({"points": ["axes"]}, "There is no 'axes' to tick here. There are basic, memory-too, far, fourth."),
        ({"process": ["shapes"]}, "There is no 'shapes' to tick here. There is nothing of that kind."),
        ({"held": ["far"]}, "There is no 'far' to tick here. There is nothing of that kind."),
        ({"points": {"far", "basic"}}, ""),
        ({}, ""),
    ],
)
def test_what_is_ticked_is_taken_or_refused_in_a_sentence(values, said):
    talk = Talk("test.talk")
    talk.do("answer", text="so")
    while talk.state.phase != "claims":
        talk.do("reply" if talk.state.phase == "follow-up" else "probe", how="passed")
    turn = talk.turn
    assert talk.do("claim", **values) is (said == "") and talk.said == said
    assert turn.claimed == (["basic", "far"] if values.get("points") == {"far", "basic"} else [])


def test_each_move_in_a_turn_has_its_reply():
    talk = Talk("test.talk")
    assert talk.do("answer", text="so") and talk.said == "Thank you."
    assert not talk.do("probe", answer="2", sure="very")
    assert talk.said == "Say how sure you are: sure, think or guess, not 'very'."
    assert talk.do("probe", answer=" 7 ") and talk.said == "That isn't it."
    assert talk.turn.probes == {"basic": ["7", False, "think"]}
    assert talk.do("probe", how="passed") and talk.said == "Not proven, then."
    assert talk.turn.probes["far"] == ["", False, ""] and talk.do("probe", answer="4")
    assert not talk.do("reply", text=" ") and talk.said == "Type your reply, say that you spoke it, or pass on."
    assert not talk.do("reply", text=3) and talk.said == "An answer is text."
    assert not talk.do("reply", how="sung") and talk.said == "An answer is typed, spoken or passed, not 'sung'."
    assert talk.do("reply", text="so") and talk.said == ""
    assert talk.do("probe", answer=2) and talk.said == "Right." and talk.turn.pressed[0].proof == "2"
    talk = Talk("test.plain")
    talk.do("answer", how="spoken")
    talk.do("reply", how="spoken")
    assert talk.turn.pressed[0].to_judge and talk.turn.pressed[0].proven is None


def test_the_clarifying_part_without_a_question_is_told():
    talk = Talk("test.code/clarify")
    assert talk.do("answer", how="spoken") and talk.said == "You asked me nothing about the task."
    talk = Talk("test.code/clarify")
    assert talk.do("answer", how="passed") and talk.said == "Thank you."
    talk = Talk("test.code/clarify")
    assert talk.do("clarify", text="rows?") and talk.do("answer", how="spoken") and talk.said == "Thank you."


def test_code_with_a_slip_is_answered_by_what_its_interviewer_says():
    slip = next(s for s in exercises.find("delta.b4").slips if s.id == "mean")
    talk = Talk("test.code")
    assert talk.do("submit", verdict=Verdict("delta.b4", slips=("mean",), message="One slip."))
    assert talk.said == (f"{slip.says} What would you look at? Fix it and hand it in again, or say that you are done.")
    (kept_try,) = talk.turn.tries
    assert kept_try == {"passed": False, "slips": ["mean"], "message": "One slip."}
    assert talk.do("submit", verdict=Verdict("delta.b4", slips=("no-sum", "mean"), message="Two slips."))
    first = next(s for s in exercises.find("delta.b4").slips if s.id == "no-sum")
    assert talk.said.startswith(f"{first.says} What would you look at? Fix it") and len(talk.turn.tries) == 2
    assert not talk.do("submit", verdict=Verdict("delta.b2", passed=True))
    assert talk.said == "That is an answer to delta.b2, and delta.b4 is asked for."


# ---- what is pressed on, word by word ----


def of_the_bank(monkeypatch):
    """An exercise with slips a to e, of which each means and says something."""
    slips = [Slip(id, (), f"wrong {id}", f"They {id}.", f"Why {id}?") for id in "abcde"]
    monkeypatch.setattr(exercises, "find", {"toy.x": SimpleNamespace(slips=slips)}.get)


def test_a_slip_is_a_point_to_press_on(monkeypatch):
    of_the_bank(monkeypatch)
    assert slip_point("toy.x/b") == Point(
        "slip:toy.x/b",
        "Wrong b.",
        "pass",
        "technique",
        follow_up=FollowUp("Why b? What would you look at?", "Wrong b. They b."),
        probe=Probe("choice", "Which one is it?", "wrong b", ("wrong a", "wrong c", "wrong d")),
        name="wrong b",
    )
    mended = slip_point("toy.x/b", mended=True, besides=("a", "d"))
    assert mended.follow_up == FollowUp(
        "Your first version had a slip, and you fixed it. What was it, and which small test would show it?",
        "Wrong b. They b.",
    )
    assert mended.probe == Probe("choice", "Which one was it?", "wrong b", ("wrong c", "wrong e"))


def test_a_point_can_be_pressed_on_in_words_of_its_own_or_in_those_that_ask_for_it():
    depends, bare = Point("depends", "It depends.", "strong", "rationale"), QUESTIONS["test.plain"]
    doubt = "Take this point: It depends. How would you convince somebody who doubts it?"
    own = FollowUp("Take this: It depends. Say it in your own words. Why is it so?", "It depends.")
    assert pressable(depends) == replace(depends, follow_up=own)
    assert convince(bare, depends) == replace(depends, id="why:depends", follow_up=FollowUp(doubt, bare.answer))
    probed = replace(depends, follow_up=FollowUp("And?", "So."), probe=Probe("number", "?", "2"))
    assert convince(bare, probed) == replace(probed, id="why:depends", probe=None)
    assert pressable(probed) is probed


def test_a_task_is_clarified_or_said_back():
    ask = "There is something that you didn't ask me. What would you assume, and say that you assume?"
    mean, columns = "The loss is a mean: its 1/B is in delta.", "Samples are columns."
    assert clarifications(QUESTIONS["test.code"]) == (
        Point("clarify-0", f"Before coding, ask what this answers: “{mean}”", follow_up=FollowUp(ask, mean)),
        Point("clarify-1", f"Before coding, ask what this answers: “{columns}”", follow_up=FollowUp(ask, columns)),
    )
    assert restate(QUESTIONS["test.code"]) == Point(
        "restate:",
        "The task said back, with shapes.",
        axis="communication",
        follow_up=FollowUp(
            "Say the task back to me: what comes in, what goes out, with shapes.",
            f"It should name what comes in and what goes out, with shapes. {mean} {columns}",
        ),
    )


def test_a_question_that_is_not_there_is_lost_in_a_sentence():
    with pytest.raises(Lost) as lost:
        question("test.gone")
    assert str(lost.value) == (
        "This interview asks 'test.gone', which this version of the course doesn't have. Begin another one."
    )
    with pytest.raises(Lost) as lost:
        kept.turns([None])
    assert str(lost.value) == "The beginning of this interview can't be read in the record. Begin another one."


def test_what_is_left_out_is_told_in_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(record, "_told", set())
    answer_all(Interview("own choice", questions=["test.board", "test.talk"], id="x"), stop=3)
    in_the_record("update event set event = '[' where n = 1")
    Interview(id="x")
    written = "What you wrote there stands in its report.\n"
    assert capsys.readouterr().err == (
        f"The interview 'x' goes on without the turn on 'test.board': part of it can't be read. {written}"
    )
    answer_all(Interview("own choice", questions=["test.hand", "test.talk"], id="y"), stop=3)
    called(monkeypatch, old_hand=None)
    Interview(id="y")
    assert capsys.readouterr().err == (
        "The interview 'y' goes on without the turn on 'old.hand': this version of the course doesn't have it. "
        f"{written}"
    )


def test_an_interview_that_went_on_elsewhere_and_a_name_that_is_none():
    one = Interview("own choice", questions=["test.talk"], id="x")
    Interview(id="x").answer("there")
    said = one.answer("here")
    assert not said.accepted and one.state.turn.notes == "there"
    assert repr(said) == "This interview went on elsewhere, in another panel or notebook. It stands there now."
    for id in (3, "", " "):
        with pytest.raises(NoPlan) as refusal:
            Interview(id=id)
        assert str(refusal.value) == f"An interview's id is a name in quotes, not {id!r}."
    assert repr(report("y")) == "There is no report of an interview 'y'."


@pytest.mark.parametrize(
    ("plan", "more", "said"),
    [
        ("nap", {}, "There is no plan 'nap'. There are 60 seconds, phone screen, onsite, ladder, weak spots, review, "
                    "own choice."),
        ("onsite", {"ids": ["test.nap"]}, "There is no question 'test.nap'. `questions()` of backprop.interview.bank "
                                          "has them all."),
        ("own choice", {}, "For your own choice, name the questions: questions=['neuron.derive']."),
        ("ladder", {"topic": "Naps"}, "There is no topic 'Naps'. There are Test topic."),
        ("review", {"recent": [*QUESTIONS]}, "Nothing is due."),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_made_says_just_this(plan, more, said):
    with pytest.raises(NoPlan) as refusal:
        choose(plan, QUESTIONS, **more)
    assert str(refusal.value) == said


def test_a_plan_that_no_question_fits_says_so():
    with pytest.raises(NoPlan) as refusal:
        choose("60 seconds", {"test.code": QUESTIONS["test.code"]})
    assert str(refusal.value) == "No question fits the plan '60 seconds' there."


REPORT = """\
# Mock interview: own choice

{began}. 4:30 in all, where the answers had 6:00.

On this evidence nothing can be said of a phone screen: too little was put to the test.

## Three things for tonight

1. Answer within 2:00 (it took 3:10): Work it out by hand. ([01](01_single_neuron.ipynb))
2. Say it once more, aloud and without notes: Discuss <b>this</b> & that. ([02](02_delta_recurrence.ipynb))
3. Say the 60-second answer aloud, standing, without notes. ({sixty})

## Four axes, by topic

| topic | understanding | technique | rationale | communication |
| --- | --- | --- | --- | --- |
| 1. Test topic |  | no evidence |  |  |
| 2. Test topic |  |  |  |  |

{footnote}

## 1. Test topic

Work it out by hand.

3:10 of 2:00, 1:10 over.

Your words:

> six \\* 1
>{blank}
> \\- so

**A follow-up that failed.** How sure are you that this is right? Check it, as fast as you can.

You said that you don't know.

A good answer:

{check}

Points by the help they took: 1 alone.

Strong:

- The product is right. (proven)

Missed:

- You didn't check your own work: its shapes, a sum that is zero, a limit, or a nudge.

Read: [01](01_single_neuron.ipynb)

## 2. Test topic

Discuss <b>this</b> & that.

0:30 of 3:00. It was broken off.

Your words:

> b

**A follow-up.** Take this: It depends on <x>. Say it in your own words. Why is it so?

You:

> because

A good answer:

It depends on <x>.

Missed:

- It costs something. (broken off before it was asked about)
- It depends on <x>. (broken off before it was asked about)

Read: [02](02_delta_recurrence.ipynb)

## Not asked

- Explain it in a minute.
"""


def test_a_report_from_top_to_bottom():
    it = Interview("own choice", questions=["test.hand", "test.plain", "test.talk"], id="x", seed=7, at=1000)
    it.answer("six * 1\n\n- so", at=1190)
    it.probe("6", sure="sure", at=1210)
    it.pass_on(at=1220)
    it.claim("product", at=1220)
    it.answer("b", spoken=True, at=1250)
    it.reply("because", at=1260)
    it.end(at=1270)
    began = time.strftime("%Y-%m-%d %H:%M", time.localtime(1000))
    assert it.report.markdown() == REPORT.format(
        footnote="\\* by yourself, † by your partner, against the anchors, and no higher than checks and time allow. "
        "The rest comes from checks. One check of an axis is no evidence of a row yet; it counts in the whole.",
        began=began,
        blank=" ",
        sixty="[00: The 60 second answer](00_start_here.ipynb#The-60-second-answer)",
        check=WHOLE["check"](None).follow_up.answer,
    )
    assert it.report.line() == f"{began}  own choice    technique no evidence"
    assert it.report._repr_html_().startswith('<div class="backprop-report"><style>')
    assert (
        it.report._repr_html_().count("<h1>")
        == 1
        == it.report._repr_html_().count("</style><h1>Mock interview: own choice</h1>")
    )
    assert it.report.html().startswith('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/>')
    assert "<title>Mock interview: own choice</title>" in it.report.html()


def test_what_comes_from_checks_of_code_is_told_by_how_it_came():
    right, wrong = Verdict("delta.b4", passed=True), Verdict("delta.b4", slips=("mean",))
    slip = next(s for s in exercises.find("delta.b4").slips if s.id == "mean").name
    slip = f"{slip[0].upper()}{slip[1:]}."

    def told(*verdicts, process=()):
        talk = Talk("test.code")
        for verdict in verdicts:
            talk.do("submit", verdict=verdict)
        talk.do("answer", how="spoken")
        turn = talk.turn
        while talk.state.phase != "claims":
            talk.do("reply" if talk.state.phase == "follow-up" else "probe", how="passed")
        talk.do("claim", process=[*process, "checked"])
        strong, missed = reports.verdicts(turn)
        assert any(one.startswith("The sum runs over the batch. (left out") for one in missed[:1])
        assert missed[1] == "Not shown: the task was clarified before coding."
        strong.remove(f"{PROCESS['checked']} (You ticked it.)")
        return strong, missed[2:]

    assert told(right) == (["The code passes its checks."], [])
    assert told(wrong) == ([], ["Not shown: the code passes its checks.", f"A slip in the code: {slip}"])
    again = "The code passes its checks, on a second try or when pressed."
    said = "I ran the smallest test first, before the whole. (You ticked it.)"
    assert told(wrong, right, process=["smallest"]) == ([again, said, f"A slip, fixed: {slip}"], [])


@pytest.mark.parametrize(("seconds", "best"), [(330, 4), (331, 3), (450, 3), (451, 2)])
def test_clarifying_too_long_costs_communication(seconds, best):
    turn = Turn("test.code", part="clarify", answered_at=seconds, clarified=[["rows?", 1]])
    turn.levels = {"communication": [4, "partner"]}
    assert levels(turn)["communication"] == (best, "partner")


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        ([], "The question stands: answer it, or pass on."),
        ([("answer", {"text": "so"})], "A probe stands: answer it, or pass on."),
        ([("answer", {"how": "passed"})], "A follow-up stands: reply, or pass on."),
        (
            [("answer", {"how": "passed"}), ("reply", {"how": "passed"}), ("reply", {"text": "so"})],
            "A probe stands: answer it, or pass on.",
        ),
    ],
)
def test_what_stands_is_said_where_something_else_is_wanted(moves, said):
    talk = Talk("test.talk")
    for do, values in moves:
        assert talk.do(do, **values)
    assert not talk.do("rate", levels={}) and talk.said == said


def test_what_stands_is_said_at_the_end_of_a_turn():
    talk = Talk("test.plain")
    for do, values in [("answer", {"how": "spoken"}), ("reply", {"text": "so"})]:
        assert talk.do(do, **values)
    assert not talk.do("reply") and talk.said == "The turn is over but for its list: tick what you said unasked."
    assert talk.do("claim")
    assert not talk.do("claim") and talk.said == "The interview is over but for its levels: rate it."


def test_what_counts_of_a_program_with_bugs_is_named():
    turn = Turn("test.bug", answered_at=1.0)
    names = [slip.name for slip in case(turn.q).slips]
    found = [item.says for item in scoring.checks(turn)]
    assert found == [*(f"the bug is named: {name}" for name in names), "the code passes its checks"]


@pytest.mark.parametrize(
    "kind",
    [Belief, FollowUp, Clarification, Point, bank.Question, Probe, Format, Round, Item, sheets.Sheet, reports.Report,
     schedule.Due, Slip, exercises.EXERCISES["delta.b4"].__class__],
)  # fmt: skip
def test_what_everybody_shares_can_not_be_changed(kind):
    """A question is read once, and what one interview does with it must not reach the next."""
    with pytest.raises(FrozenInstanceError):
        object.__new__(kind).says = "something else"


def test_what_was_clarified_in_one_task_is_not_clarified_in_another():
    it = Interview("own choice", questions=["test.code", "test.hand"], id="x", at=1000)
    assert it.do("clarify", text="mean or sum over the batch?").accepted and it.state.turn.asked_before
    while len(it.state.turns) == 1:
        answer_all(it, stop=len(it.events) + 1)
    assert it.state.turn.question == "test.hand" and not it.state.turn.asked_before


def test_passing_on_is_an_answer_to_whatever_stands():
    """To a question, to a probe, and to a follow-up."""
    it, seen = Interview("own choice", questions=["test.talk"], id="x", at=1000), []
    while not it.state.over:
        phase = it.state.phase
        if phase in ("asked", "probe", "proof", "follow-up"):
            assert (it.answer("words") if phase == "asked" else it.pass_on()).accepted, phase
            seen.append(phase)
        else:
            answer_all(it, stop=len(it.events) + 1)
    assert {"asked", "probe", "follow-up"} <= {*seen}
