"""Sentences that are told right from wrong: which are put, what is judged, what it counts; and those of the bank."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from interview_bank import BELIEVED, QUESTIONS, struck_by
from test_interview_believers import Candidate
from test_interview_engine import Talk

from backprop.interview import Interview, bank, beliefs, listen, report, reports, schedule, scoring, session
from backprop.interview.bank import Statement
from backprop.interview.beliefs import AT_ONCE, MORE, opposites, stated
from backprop.interview.engine import LETTERS, State, replay
from backprop.interview.formats import FORMATS
from backprop.interview.reports import verdicts
from backprop.interview.scoring import levels, overall
from backprop.interview.turn import Pressed, Turn, question

SURE = BELIEVED["test.sure"]
ABOUT = {"one": "sum", "two": "sum", "three": "rows", "four": "cost", "five": "work"}
OWN = tuple(Statement(id, f"{id} is false.", f"{id} is true.", about) for id, about in ABOUT.items())
STATED = replace(SURE, id="test.stated", statements=OWN)
MANY = tuple(Statement(f"n{n}", f"{n} is false.", f"{n} is true.", ["sum", "rows", "cost"][n % 3]) for n in range(30))
HEARD = tuple(replace(p, notice=("sum",)) for p in SURE.points)  # so nothing is left open that the notes could say
LONG = replace(STATED, id="test.long", statements=MANY, points=HEARD)
RIGHT = {p.id: p.probe.right for p in SURE.points}
SEEDS = range(30)
HELD = [id for id, q in bank.questions().items() if q.statements]
each = pytest.mark.parametrize("id", HELD)


@pytest.fixture
def small(small_bank, monkeypatch):
    monkeypatch.setattr(bank, "questions", lambda: QUESTIONS | BELIEVED | {one.id: one for one in (STATED, LONG)})


class Judge(Talk):
    """The question with statements, up to them: all probes were answered rightly."""

    def __init__(self, seed=0, notes="", *, answers=(), sure="think", id="test.stated", doubted=False):
        self.state, self.events, self.at = State(), [], 1000.0
        self.do("begin", plan="own choice", seed=seed, rounds=[[id, ""]])
        self.turn.doubted = doubted
        assert self.do("answer", text=notes, how="typed" if notes else "spoken")
        while self.state.phase == "probe":
            given = answers[len(self.turn.probes)] if answers else RIGHT[self.turn.current.id]
            assert self.do("probe", answer=given, sure=sure)

    @property
    def about(self):
        return self.turn.pressed[-1].about

    @property
    def wrong(self):
        return [id for id, form in self.turn.statements if form == "wrong"]

    def judge(self, *but):
        assert self.do("judge", struck=struck_by(self.turn, *but))
        return self

    def closed(self):
        while self.turn.phase != "claims":
            do = {"follow-up": "reply", "proof": "probe", "statements": "judge"}[self.turn.phase]
            given = {"reply": "text", "probe": "answer", "judge": "struck"}[do]
            probe = getattr(self.turn.current, "probe", None)
            right = {"reply": "so", "probe": probe, "judge": struck_by(self.turn)}[do]
            assert self.do(do, **{given: right.right if do == "probe" else right})
        held = [one.about for one in self.turn.pressed if one.to_judge]
        assert self.do("claim", points=[p.id for p in SURE.points], held=held)
        return self.turn


@pytest.mark.usefixtures("small")
class TestOfATurn:
    def test_two_probes_and_then_the_statements_with_the_beliefs(self):
        orders, forms = set(), set()
        for seed in SEEDS:
            turn = Judge(seed).turn
            assert turn.phase == "statements" and len(turn.to_probe) == 2
            ids = [id for id, _ in turn.statements]
            assert {*ids} == {one.id for one in OWN} | {"average", "free"}  # nothing refutes "half"
            count = Counter(form for _, form in turn.statements)
            assert min(count["wrong"], count["right"]) >= 2
            orders.add(tuple(ids))
            forms.add(tuple(form for _, form in turn.statements))
        assert len(orders) > 20 and len(forms) > 5

    def test_there_are_none_where_the_question_has_none(self):
        assert beliefs.stated(SURE, 0) == ([], [])

    def test_what_was_written_and_then_told_right_is_asked_about_last_and_costs_nothing(self):
        """The notes may have been misheard."""
        seed = next(seed for seed in SEEDS if "sum" in Judge(seed, notes="We average.").turn.to_probe)
        talk = Judge(seed, notes="We average.").judge("two")
        assert talk.turn.heard == ["average"] and talk.about == "statement:two"
        turn = talk.closed()
        assert [one.about for one in turn.pressed] == ["statement:two", "belief:average"]
        assert next(item for item in scoring.proofs(turn) if item.says == "It is a sum.").credit == 1
        talk = Judge(seed, notes="We average.").judge("average")
        assert talk.do("reply", text="so") and talk.do("probe", answer="It is a sum: nothing divides it.")
        mended = talk.closed()  # quoted from the notes, and let go of: but it was written and signed
        assert mended.set_right == {"average"} and mended.axes_held_wrongly == set()
        assert mended.wrong_answers == ["average"] * 2 and levels(mended)["understanding"][0] == 2
        said = "It is a sum: nothing divides it. (You held the opposite, in your notes too, until it was quoted.)"
        assert said in verdicts(mended)[1]
        talk = Judge(seed, notes="We average.").judge("average")
        assert talk.about == "belief:average" and talk.do("reply", text="so")
        assert {*talk.turn.current.probe.options} == {
            "It is an average over the batch.",
            "It is a sum: nothing divides it.",
        }
        assert talk.do("probe", answer="It is an average over the batch.")
        assert levels(talk.closed())["understanding"][0] < 3

    def test_a_belief_is_put_in_words_that_stand_alone(self):
        average = replace(SURE.beliefs[0], wrong="The gradient is an average.", right="The gradient is a sum.")
        there = beliefs.opposites(replace(STATED, beliefs=(average, SURE.beliefs[2])))
        assert (there["average"].wrong, there["average"].right) == (average.wrong, average.right)
        assert (there["free"].wrong, there["free"].right) == ("It costs nothing.", "It costs one more pass.")
        assert there["average"].about == "sum" and there["free"].about == "cost"

    def test_a_belief_is_held_where_it_explains_every_answer(self):
        def held(**answers):
            return [belief.id for belief in beliefs.held_by(SURE, answers)]

        assert held(sum=("0.5", False), cost=("one pass", True)) == ["average"]
        assert held(sum=("1/2", False), end=("beta", False)) == ["average"]
        assert held(sum=("0.25", False)) == held(sum=("2", True)) == held() == []
        assert held(sum=("0.5", False), end=("alpha", True)) == []
        assert held(sum=("0.5", False), cost=("no pass", False)) == []

    @pytest.mark.parametrize("how, least", [("doubt:average", 0), ("open:end", 0), ("check:", 3)])
    def test_ones_word_counts_against_oneself(self, how, least):
        """Who gives in to a doubt, or doesn't hold what was left open, isn't strong in it; a check isn't about it."""
        turn = Judge().judge().closed()
        turn.pressed[-1] = Pressed(how, "so", "typed", proven=False)
        given = levels(turn)["understanding" if how != "doubt:average" else "rationale"][0]
        assert least <= given and (given < 3) == (least == 0)

    def test_what_cannot_be_read_is_answered_in_a_sentence(self):
        talk = Judge()
        for struck in ("", "  ", "x", "a q", ["nothing"], 3, None, {"one": 1}):
            before = talk.state.as_json()
            assert not talk.do("judge", struck=struck), struck
            assert "by their" in talk.said and talk.state.as_json() == before
        assert not talk.do("reply", text="so") and "name those that are wrong" in talk.said

    def test_letters_and_ids_are_the_same(self):
        first, second, third = Judge(), Judge(), Judge()
        ids = [id for id, _ in first.turn.statements]
        letters = [letter for letter, id in zip(LETTERS, ids) if id in first.wrong]
        assert first.do("judge", struck=", ".join(letters).upper()) and second.do("judge", struck=set(second.wrong))
        assert first.turn == second.turn and first.turn.told_wrongly == [] and first.said == second.said
        assert third.do("judge", struck="none") and third.turn.told_wrongly == third.wrong

    def test_all_told_rightly_counts_and_asks_no_more(self):
        turn = Judge().judge().closed()
        assert not any(one.statement for one in turn.pressed)
        given = {axis: level for axis, (level, _) in levels(turn).items()}
        assert (
            given["understanding"] == given["rationale"] == 4 and given["technique"] == 0
        )  # one statement is too little

    @pytest.mark.parametrize("seed", SEEDS)
    def test_what_was_judged_wrongly_is_quoted_and_stands_beside_its_opposite(self, seed):
        talk = Judge(seed).judge("two")
        ask, probe = talk.turn.current.follow_up.ask, None
        let_stand = "two" in talk.wrong
        assert ask == (
            "You let this stand: “two is false.” Why?" if let_stand else "You called this wrong: “two is true.” Why?"
        )
        assert talk.do("reply", text="so")
        probe = talk.turn.current.probe
        assert {*probe.options} == {"two is true.", "two is false."} and probe.right == "two is true."
        assert talk.do("probe", answer="two is true.")
        turn = talk.closed()
        assert levels(turn)["understanding"][0] >= 3

    def test_who_holds_the_opposite_is_weak_at_most(self):
        talk = Judge().judge("two")
        assert talk.do("reply", text="so") and talk.do("probe", answer="two is false.")
        turn = talk.closed()
        assert levels(turn)["understanding"][0] == 2 and overall([turn])["understanding"] == 2
        assert {one.axis: one.credit for one in scoring.told(turn)}["technique"] == 1  # each axis by itself

    def test_what_is_about_another_axis_counts_there(self):
        talk = Judge().judge("five")
        assert talk.turn.current.axis == "technique" and talk.turn.current.level == "very strong"
        assert talk.do("reply", text="so") and talk.do("probe", answer="five is false.")
        assert levels(talk.closed())["technique"][0] < 3

    def test_ones_own_word_does_not_settle_what_is_quoted(self):
        """Where no probe of the rubric refutes it, its sentence stands beside what sets it right."""
        talk = Judge(notes="Only the rows matter.").judge()
        assert talk.about == "belief:half" and talk.do("reply", text="so") and talk.state.phase == "proof"
        assert {*talk.turn.current.probe.options} == {"Only the rows matter.", "The columns matter as well."}
        assert talk.do("probe", answer="Only the rows matter.")
        assert levels(talk.closed())["understanding"][0] < 3

    def test_more_than_can_be_asked_about_is_not_mended(self):
        turn = Judge().judge("one", "two", "three").closed()
        assert sum(one.statement != "" for one in turn.pressed) == 2 and levels(turn)["understanding"][0] < 3

    def test_two_wrong_answers_are_no_accident_though_both_were_mended(self):
        """Statements or probes; a guess claims nothing."""
        once = Judge().judge("two").closed()
        assert levels(once)["understanding"][0] >= 3 and not any("wrong twice" in said for said in verdicts(once)[1])
        twice = Judge().judge("two", "three").closed()
        assert twice.set_right == {"two", "three"} and levels(twice)["understanding"][0] == 2
        said = verdicts(twice)[1]
        assert "three is true. (You held the opposite, until it was quoted.)" in said and "wrong twice" in said[-1]
        first = next(p for p in SURE.points if p.id == Judge().turn.to_probe[0])
        wrong = Judge(answers=(first.probe.wrong[0], RIGHT[Judge().turn.to_probe[1]]))
        assert wrong.turn.probes[first.id][1] is False and levels(wrong.judge("two").closed())["understanding"][0] == 2
        guess = Judge(answers=(first.probe.wrong[0], RIGHT[Judge().turn.to_probe[1]]), sure="guess").judge("two")
        assert guess.turn.wrong_answers == ["two"]

    def test_a_choice_between_two_does_not_undo_what_was_stood_by(self):
        """Who argues for it and then taps the other one has seen which one is wanted."""
        for stands, level, words in ((False, 3, "until it"), (True, 2, "and stood by it when asked, until you saw")):
            talk = Judge().judge("two")
            assert talk.turn.misjudges and talk.do("reply", text="Because it is.", stands=stands)
            assert not talk.turn.misjudges and talk.do("probe", answer="two is true.")
            turn = talk.closed()
            assert turn.set_right == {"two"} and turn.stood_by == ["two"] * stands
            given = levels(turn)["understanding"][0], overall([turn])["understanding"]
            assert (min(given) >= level) if not stands else given == (level, level)
            assert any("two is true. (You held the opposite, " in said and words in said for said in verdicts(turn)[1])
        assert turn.told == len(turn.statements)

    def test_one_says_whether_one_stands_by_it_where_one_judged_wrongly_and_nowhere_else(self):
        talk = Judge().judge("two")
        for stands in (None, "yes", 1):
            before = talk.state.as_json()
            assert not talk.do("reply", text="so", stands=stands) and "take it back" in talk.said
            assert talk.state.as_json() == before
        assert (
            talk.do("reply", how="passed", stands=None) and talk.turn.stood_by == []
        )  # who knows nothing stands by nothing
        right = Judge(id="test.long", notes="It is a sum, row by row, and the shapes match.").judge()
        assert right.turn.phase == "follow-up" and not right.turn.misjudges
        assert not right.do("reply", text="so", stands=True) and "nothing to stand by" in right.said
        events = [{name: event[name] for name in event if name != "stands"} for event in Judge().judge("two").events]
        assert replay(events).turn.stood_by == []

    def test_over_the_whole_interview_half_of_the_questions_may_not_be_weak(self):
        weak, good = Judge().judge("two", "three").closed(), Judge().judge().closed()
        assert levels(weak)["understanding"][0] == 2 and levels(good)["understanding"][0] == 4
        found = [overall(turns)["understanding"] for turns in ([weak], [weak, good], [weak, good, good], [good])]
        assert found[:2] == [2, 2] and found[2] >= 3 and found[3] == 4

    def test_it_brings_the_question_back_sooner(self):
        right, wrong = Judge().judge().closed(), Judge().judge("one", "two", "three").closed()
        assert schedule.grade(right) > schedule.grade(wrong)

    def test_an_earlier_release_put_none_and_a_retired_one_is_left_out(self):
        talk = Judge()
        events = [dict(event) for event in talk.events]
        there = next(event for event in events if event["do"] == "answer")
        there["statements"].append(["retired", "wrong"])
        assert replay(events).turn.statements == talk.turn.statements
        del there["statements"]
        assert replay(events).turn.phase in ("probe", "follow-up")

    def test_the_report_says_which_and_what_is_right(self):
        it = Interview("own choice", questions=["test.stated"], id="x")
        it.answer(spoken=True)
        while it.state.phase == "probe":
            it.probe(RIGHT[it.state.turn.current.id])
        assert "Which of these sentences are wrong? a)" in repr(it)
        missed, count = it.state.turn.statements[0][0], len(it.state.turn.statements)
        assert it.judge(struck_by(it.state.turn, missed)).accepted and "stands=True" in repr(it)
        assert not it.reply("so").accepted and it.reply("so", stands=True).accepted and "stands=True" not in repr(it)
        assert it.probe(it.state.turn.current.probe.wrong[0]).accepted
        it.claim()
        it.do("rate", levels=dict.fromkeys(it.state.rated, 2))
        text, right = report("x").markdown(), beliefs.opposites(STATED)[missed].right
        assert (
            f"{right} (You held the opposite, and stood by it when asked.)" in text
            and "Set this right, and say why:" in text
        )
        assert "Is it right or wrong:" in text and f"{count - 1} of {count} statements were told" in text

    def test_passing_lets_all_of_them_stand(self):
        it = Interview("own choice", questions=["test.stated"], id="x")
        it.answer(spoken=True)
        while it.state.phase == "probe":
            it.pass_on()
        assert it.pass_on().accepted and it.state.turn.struck == []


@pytest.mark.usefixtures("small")
class TestOfThoseWhoMissLittle:
    """More statements are put, beside the question that goes beyond the rubric, or by themselves."""

    def perfect(self, seed=0, doubted=False, notes="It is a sum, row by row, and the shapes match."):
        return Judge(seed, notes=notes, id="test.long", doubted=doubted).judge()

    def test_they_stand_beside_a_doubt_and_are_judged_with_it(self):
        talk = self.perfect()
        turn = talk.turn
        assert turn.phase == "follow-up" and turn.pressed[-1].about.startswith("doubt:")
        assert len(turn.statements) == AT_ONCE + MORE and turn.told == AT_ONCE and len(turn.standing) == MORE
        forms = Counter(dict(turn.statements)[id] for id in turn.standing)
        assert min(forms["wrong"], forms["right"]) >= 2
        for struck in ("x", "", ["nothing"], 3):
            before = talk.state.as_json()
            assert not talk.do("reply", text="so", struck=struck) and "by their" in talk.said
            assert talk.state.as_json() == before
        assert not talk.do("reply", text=" ", struck=struck_by(talk.turn)) and talk.turn.told == AT_ONCE
        assert talk.do("reply", text="so", struck=struck_by(talk.turn)) and talk.turn.phase == "claims"
        assert turn.pressed[-1].reply == "so" and turn.told_wrongly == [] and turn.standing == {}
        assert scoring.levels(talk.closed())["understanding"][0] == 4

    def test_left_out_of_the_reply_they_come_after_it(self):
        talk = self.perfect()
        assert talk.do("reply", text="so") and talk.turn.phase == "statements" and len(talk.turn.standing) == MORE
        letters = [letter for letter, id in zip(LETTERS, talk.turn.standing) if id in talk.wrong]
        assert talk.do("judge", struck=" ".join(letters)) and talk.turn.told_wrongly == []
        assert talk.turn.phase == "claims"

    def test_where_nobody_doubts_they_stand_alone(self):
        talk = self.perfect(doubted=True)
        assert talk.turn.phase == "statements" and talk.turn.pressed == [] and len(talk.turn.standing) == MORE
        assert "More of them:" in session.standing(talk.state)
        assert talk.judge().turn.phase == "claims" and talk.turn.pressed == []  # once
        assert talk.said == "All of them told right from wrong."

    def test_what_is_missed_there_is_pressed_on_and_counts(self):
        for doubted in (False, True):
            talk = self.perfect(doubted=doubted)
            missed = [*talk.turn.standing][0]
            if doubted:
                assert talk.do("judge", struck=struck_by(talk.turn, missed)) and talk.said == "Not all of them."
            else:
                assert talk.do("reply", text="so", struck=struck_by(talk.turn, missed))
            assert talk.about == f"statement:{missed}" and talk.do("reply", text="so")
            assert talk.do("probe", answer=f"{missed[1:]} is false.")
            turn = talk.closed()
            axis = {p.id: p.axis for p in SURE.points}[opposites(LONG)[missed].about]
            assert turn.told_wrongly == [missed] and levels(turn)[axis][0] < 3
            (item,) = [one for one in scoring.told(turn) if one.axis == axis]
            assert item.says.startswith(f"{len(turn.stated_axes[axis])} statements") and not item.credit
            assert f"{AT_ONCE + MORE - 1} of {AT_ONCE + MORE} statements were told" in " ".join(verdicts(turn)[0])

    @pytest.mark.parametrize("doubted", [False, True])
    def test_two_that_are_missed_there_are_both_asked_about(self, doubted):
        """A doubt beside them takes no turn of theirs."""
        talk = self.perfect(doubted=doubted)
        missed = [*talk.turn.standing][:2]
        if doubted:
            assert talk.do("judge", struck=struck_by(talk.turn, *missed))
        else:
            assert talk.do("reply", text="so", struck=struck_by(talk.turn, *missed))
        turn = talk.closed()
        asked = [one.statement for one in turn.pressed if one.statement]
        assert asked == [id for id, _ in turn.statements if id in missed] and turn.set_right == {*missed}

    def test_what_goes_beyond_is_decided_with_the_answer(self, monkeypatch):
        """Words that are listened for otherwise, or other beliefs, change no interview that was held."""
        talk = self.perfect(doubted=True)
        talk.judge().closed()
        begun = [*talk.events]
        beyond = next(event for event in begun if event["do"] == "answer")["beyond"]
        assert beyond == "" and replay(begun).turns[0].phase == "done"
        monkeypatch.setattr(Turn, "beyond", lambda turn: "doubt:average")
        assert replay(begun).turns[0] == replace(talk.state.turns[0], doubted=False)
        for event in begun:
            event.pop("beyond", None)
        assert replay(begun).turn.pressed[0].about == "doubt:average"  # as earlier releases decided it

    def test_retired_sentences_are_left_out(self):
        talk = self.perfect(doubted=True)
        events = [*talk.judge().events]
        there = next(event for event in events if event["do"] == "answer")
        there["more"] = [["retired", form] for _, form in there["more"]]
        turn = replay(events).turn
        assert turn.phase == "claims" and turn.told == len(turn.statements) == AT_ONCE

    def test_the_interview_lists_them_where_they_stand(self):
        for doubted, says in ((True, "More of them:"), (False, "And which of these")):
            talk = self.perfect(doubted=doubted)
            listed = session.standing(talk.state)
            assert says in listed and all(f") {text}" in listed for text in talk.turn.standing.values())
            assert listed.count(") ") == MORE and (doubted or talk.turn.current.follow_up.ask in listed)

    def test_who_missed_one_thing_reads_them_once_that_is_made_up_for(self):
        talk = Judge(notes="It is a sum.", id="test.long")
        talk.judge([*talk.turn.standing][0])
        assert talk.turn.phase == "follow-up" and talk.turn.standing == {}  # not beside what was missed
        turn = talk.closed()
        assert turn.told == AT_ONCE + MORE and len(turn.pressed) == 1  # nor is anything doubted then

    def test_who_is_wrong_for_good_or_missed_two_things_reads_no_more(self):
        held = Judge(notes="It is a sum.", id="test.long")
        missed = [*held.turn.standing][0]
        assert held.judge(missed).do("reply", text="so") and held.do("probe", answer=f"{missed[1:]} is false.")
        assert held.closed().told == AT_ONCE
        twice = Judge(notes="It is a sum.", id="test.long")
        assert twice.judge(*[*twice.turn.standing][:2]).closed().told == AT_ONCE
        assert len(twice.turn.pressed) == 2 and twice.turn.set_right  # both were mended
        passed = Judge(notes="It is a sum.", id="test.long")
        passed.judge(missed)
        assert passed.do("reply", how="passed") and passed.closed().told == AT_ONCE

    def test_who_left_two_things_open_and_proved_them_reads_them_and_may_mend_one(self, monkeypatch):
        monkeypatch.setattr(
            Turn, "left_open", property(lambda turn: [p for p in HEARD if p.id not in turn.to_probe][:2])
        )
        talk = Judge(notes="It is a sum.", id="test.long").judge()
        assert len(talk.turn.wanted) == 2
        while talk.turn.phase != "statements":
            do = "reply" if talk.turn.phase == "follow-up" else "probe"
            assert talk.do(do, **({"text": "so"} if do == "reply" else {"answer": talk.turn.current.probe.right}))
        assert len(talk.turn.pressed) == 2 and len(talk.turn.standing) == MORE
        missed = [*talk.turn.standing][:2]
        turn = talk.judge(*missed).closed()
        assert [one.statement in missed for one in turn.pressed] == [False, False, True]  # one, and no more

    def test_who_left_more_open_than_was_asked_about_reads_no_more(self, monkeypatch):
        monkeypatch.setattr(Turn, "left_open", property(lambda turn: list(HEARD)))
        turn = Judge(notes="It is a sum.", id="test.long").judge().closed()
        assert turn.told == AT_ONCE and len(turn.pressed) == 2

    def test_only_what_goes_beyond_takes_no_follow_up_from_what_was_missed(self):
        """A point may be called "why" or "check", too."""
        pressed = [
            [Pressed(about, "so", "typed", proven=True) for about in two] for two in (("why", "check"), ("why:rows",))
        ]
        points, beyond = (Turn("test.long", notes="x", heard=["average"], pressed=one) for one in pressed)
        assert points.next_point() is None and beyond.next_point() == "belief:average"

    def test_broken_off_between_the_two_lists_the_first_one_counts(self):
        talk = self.perfect(doubted=True)
        assert talk.do("end")
        (turn,) = talk.state.turns
        assert sum(map(len, turn.stated_axes.values())) == AT_ONCE and turn.told_wrongly == []
        assert f"{AT_ONCE} of {AT_ONCE} statements were told right from wrong." in verdicts(turn)[0]

    def test_an_earlier_release_put_no_more(self):
        events = [dict(event) for event in self.perfect().events]
        del next(event for event in events if event["do"] == "answer")["more"]
        turn = replay(events).turn
        assert turn.phase == "follow-up" and len(turn.statements) == turn.told == AT_ONCE

    def test_sentences_that_nobody_put_are_not_judged(self):
        talk = Judge().judge()
        assert talk.turn.phase == "follow-up" and not talk.do("reply", text="so", struck="none")
        assert talk.said == "No sentences stand here to judge."


@pytest.mark.usefixtures("small")
class TestOfWhatIsSaidAlone:
    NOTES = "It is a sum. Purple elephants never forget, which is why it trains. Ok. A sum, row by row. No, hm. "
    NOTES += "We average all of it here. 2. Purple elephants run:"

    def turn(self, **values):
        return Turn("test.stated", notes=self.NOTES, answered_at=1, done_at=2, **values)

    def test_it_is_a_sentence_that_neither_the_good_answer_says_nor_anybody_asked_about(self):
        assert {*self.turn().said_alone} == {
            "Purple elephants never forget, which is why it trains.",
            "We average all of it here.",
        }
        assert self.turn(heard=["average"]).said_alone == ["Purple elephants never forget, which is why it trains."]
        assert self.turn(corrected=["average"]).said_alone == self.turn(heard=["average"]).said_alone
        cut = "Purple elephants never forget it: that is why it trains so well."
        assert Turn("test.stated", notes=f"A sum, row by row. {cut}").said_alone == [cut]  # not where the colon is
        endless = " ".join(["Purple elephants never forget"] * 20)
        assert Turn("test.stated", notes=endless).said_alone == []  # nobody could read it as a quote
        assert Turn("test.stated").said_alone == Turn("test.stated", notes="A sum, row by row.").said_alone == []
        assert Turn("test.sure", notes=self.NOTES).said_alone == []  # without statements, as a story is
        assert self.turn(part="clarify").said_alone == []  # there one asks, and claims nothing

    def test_an_answer_without_a_miss_is_asked_how_one_would_find_out(self):
        probes = {"to_probe": [*RIGHT]}
        assert self.turn(**probes).beyond().startswith("doubt:")  # once in an interview
        turn = self.turn(**probes, doubted=True, heard=["average"])
        assert turn.beyond() == "own:" and "You wrote: “Purple elephants" in turn.point("own:").follow_up.ask
        assert turn.point("own:").probe is None
        turn.notes = "A sum, row by row."  # as another release hears it
        assert "A sum, row by row." in turn.point("own:").follow_up.ask
        turn.pressed.append(Pressed("own:", "By a small case.", "typed", proven=False))
        assert scoring.let_go(turn) == []  # who finds out that it doesn't hold isn't punished
        quiet = Turn("test.stated", notes="A sum, row by row.", answered_at=1, **probes, doubted=True)
        assert quiet.beyond() != "own:"

    def test_the_report_quotes_it_as_unchecked(self):
        data = reports.turn_report(self.turn())
        text = "\n".join(text for text, _ in reports.turn_blocks(data))
        assert "so nothing here vouches for it. Make sure of it:" in text and "- Purple elephants never forget" in text
        turn = replace(self.turn(), notes="Purple *elephants* never [forget](#it), so it trains.")
        turn.pressed = [Pressed("own:", "Perhaps.", "typed", proven=False)]
        (asked,) = reports.exchanges(turn)
        assert "Purple \\*elephants\\* never \\[forget\\](\\#it)" in asked["ask"] and asked["held"] is None
        known = {"overall": {"understanding": 4}}
        sure, open_yet = (reports.outcome(known | {"turns": turns}) for turns in ([{"alone": []}, {}], [data]))
        assert "for a phone screen: yes.** Over" in sure and "on your own." in sure
        assert "yes, if what you said on your own holds.** Over" in open_yet
        assert "on your own; that is quoted below" in open_yet
        weaker = {"overall": {"understanding": 4, "technique": 2}, "turns": [data]}
        assert "screen: nearly.** Over" in reports.outcome(weaker)
        (text,) = [text for _, kind, text, _ in reports.wanting(turn) if kind == "alone"]
        assert "“Purple \\*elephants\\* never \\[forget\\](\\#it), so it trains.”" in text
        pressing = {kind: press for press, kind, _, _ in reports.wanting(turn)}
        assert pressing["why"] < pressing["alone"] < pressing["again"]  # what is wrong or missing comes sooner


def test_the_good_answer_says_nothing_alone_and_a_false_sentence_beside_it_mostly_does():
    found = []
    for id in HELD:
        q = question(id)
        assert Turn(id, notes=q.answer).said_alone == []
        found += [one.wrong in Turn(id, notes=f"{q.answer} {one.wrong}").said_alone for one in q.statements]
    assert sum(found) >= 0.85 * len(found)


# ---- those of the bank ----

MOST_WORDS = 20


def test_every_core_question_has_some():
    short = {id: len(q.statements) for id, q in bank.questions().items() if q.core and len(q.statements) < 5}
    assert not short


@each
def test_each_is_a_sentence_beside_another_and_stands_once(id):
    put = [text for one in opposites(question(id)).values() for text in (one.wrong, one.right)]
    for text in put:
        assert text.endswith(".") and len(text.split()) <= MOST_WORDS, text
    assert len({text.lower() for text in put}) == len(put)  # a list that holds one twice gives it away


@each
def test_a_turn_puts_all_the_beliefs_and_no_more_than_can_be_read_at_once(id):
    q = question(id)
    own, held = {one.id for one in q.statements}, {*opposites(q)} - {one.id for one in q.statements}
    for seed in range(5):
        put, more = ([one for one, _ in ones] for ones in stated(q, seed))
        assert held < {*put} <= held | own and len(put) <= AT_ONCE and max(AT_ONCE, MORE) <= len(LETTERS)
        assert {*more} <= own and len({*put, *more}) == len(put + more) and len(more) <= MORE
    assert len({one for seed in range(150) for ones in stated(q, seed) for one, _ in ones}) == len(own | held)


@each
def test_whatever_the_notes_say_two_are_about_what_the_format_tests(id):
    """No level rests on one."""
    q = question(id)
    axes, main = {p.id: p.axis for p in q.points}, FORMATS[q.format].axes[0]
    ours = {one.id for one in q.statements if axes[one.about] == main}
    for one in q.statements:
        put = {id for id, _ in stated(q, 0, f"{one.wrong} {one.right}")[0]}
        assert len(put & ours) >= min(2, len(ours)), one.wrong


SIZES = tuple(
    Statement(id, f"The {id} gets smaller.", f"The {id} gets larger.", "sum") for id in ("slope", "variance", "memory")
)
SIZED = replace(STATED, statements=SIZES)


def near(notes, statements=SIZES):
    return listen.leanings(replace(SIZED, statements=statements), notes)


def test_words_of_one_kind_are_near_and_those_of_the_wrong_form_twice():
    rise = Statement("rise", SIZES[0].right, SIZES[0].wrong, "sum")
    shrinks = near("I think that it shrinks here.", (*SIZES, rise))
    assert shrinks["slope"] == pytest.approx(2 * shrinks["rise"]) and shrinks["rise"] > 0
    assert 0 == near("I think that nothing happens.")["slope"]


def test_what_tells_a_statement_apart_weighs_more_than_what_all_of_them_say():
    found = near("I think that memory shrinks here.")
    assert found["memory"] > 2 * found["slope"] > 0


def test_a_sentence_counts_less_where_the_good_answer_says_it():
    known = replace(SIZED, answer="I think that memory shrinks here.")
    for said in ("I think that memory shrinks here.", "I think that memory shrinks, as purple elephants run."):
        assert listen.leanings(known, said)["memory"] < near(said)["memory"]
    assert 0 < listen.leanings(known, "I think that memory shrinks here.")["memory"] < near(said)["memory"] / 10


def test_batch_norm_is_batchnorm_however_it_is_written():
    one = Statement("one", "BatchNorm makes purple elephants.", "BatchNorm makes grey elephants.", "sum")
    found = {near(f"I think {name} is used here, too.", (*SIZES, one))["one"] for name in ("BatchNorm", "a layer norm")}
    assert len(found) == 2 and min(found) == 0
    for name in ("batch norm", "Batch normalization", "batch-norm", "BN"):
        assert near(f"I think {name} is used here, too.", (*SIZES, one))["one"] == pytest.approx(max(found)), name


def test_an_abbreviation_ends_no_sentence():
    said = "It rests on the i.i.d. assumption, e.g. of purple elephants. That is all of it, i.i.d. It sums."
    parts = [one.strip() for one in listen._sentences(said) if one.strip()]
    assert parts == [
        "It rests on the i.i.d. assumption, e.g. of purple elephants.",
        "That is all of it, i.i.d.",
        "It sums.",
    ]
    assert listen.whole("e.g. of purple", said) == parts[0] and listen.whole("sums", said) == "It sums."


def test_statements_are_sought_in_one_sentence():
    assert (
        near("I think the memory is full. I think the step shrinks.")["memory"]
        < near("The memory shrinks a lot.")["memory"]
    )


def test_a_long_statement_is_not_nearer_for_its_length():
    long = Statement("long", f"{SIZES[2].wrong[:-1]} with many other words about things.", SIZES[2].right, "sum")
    found = near("I think that memory shrinks here.", (*SIZES, long))
    assert found["memory"] > found["long"] > 0


def test_the_nearest_are_put_however_many_named_others():
    usual = [Statement(f"n{n}", f"{n} is falsely told.", f"{n} is truly told.", "sum", 4) for n in range(40)]
    q = replace(STATED, statements=(*usual, *SIZES))
    assert {"slope", "variance", "memory"} <= {id for id, _ in stated(q, 0, "I think it shrinks, falsely told.")[0]}


def test_the_usual_ones_come_sooner():
    many = tuple(Statement(f"n{n}", f"{n} is false.", f"{n} is true.", "sum", 2 * (n < 10)) for n in range(40))
    q = replace(STATED, statements=many)
    for notes in ("Whatever it was, it is true.", "I think that 27 is false here."):
        put = {id for id, _ in stated(q, 0, notes)[0]}
        assert sum(one.named > 0 and one.id in put for one in many) >= 5, notes
    assert "n27" in put
    drawn = Counter(id for seed in SEEDS for id, _ in stated(q, seed)[0] if id.startswith("n"))
    usual = sum(drawn[one.id] for one in many if one.named)
    assert 0.4 < usual / sum(drawn.values()) < 0.8  # of 40 they are ten; the others have their turn


def test_what_the_notes_say_of_their_own_is_put():
    """One false sentence after the good answer, unless its words are the answer's own."""
    said = [(id, n, one) for id in HELD for n, one in enumerate(question(id).statements)]
    missed = [
        one.wrong
        for id, n, one in said
        if one.id not in {put for put, _ in stated(question(id), n, f"{question(id).answer} {one.wrong}")[0]}
    ]
    assert len(missed) <= 0.01 * len(said), missed


def test_what_the_notes_come_near_is_mostly_put_as_it_is_wrong():
    """Who believes it stands by that sentence; what sets it right they may sign as well."""
    near, put = Counter(), Counter()
    for id in HELD:
        q = question(id)
        for n, one in enumerate(q.statements):
            for forms in map(dict, stated(q, n, f"{q.answer} {one.wrong}")):
                near[forms.get(one.id)] += 1
                put.update(forms.values())
    assert 0.7 < near["wrong"] / (near["wrong"] + near["right"]) < 0.9
    assert 0.48 < put["wrong"] / put.total() < 0.52


def test_the_look_of_a_sentence_does_not_tell():
    """Neither the longer one of two is right, nor the one with a strong word, in many more than half."""
    pairs = [(one.wrong, one.right) for id in HELD for one in opposites(question(id)).values()]
    longer = [len(right) > len(wrong) for wrong, right in pairs if len(right) != len(wrong)]
    strong = re.compile(r"\b(always|never|every|all|only|must|no|not|cannot|can't)\b")
    marked = [
        bool(strong.search(right)) for wrong, right in pairs if bool(strong.search(wrong)) != bool(strong.search(right))
    ]
    assert 0.35 <= sum(longer) / len(longer) <= 0.65 and 0.35 <= sum(marked) / len(marked) <= 0.65


class Holder(Candidate):
    """Who answers everything rightly but for one statement, in whichever form it stands, and beside its opposite."""

    def __init__(self, id, seed, statement):
        self.statement = statement
        super().__init__(id, seed, statement.wrong)

    def judgment(self):
        return struck_by(self.state.turn, self.statement.id)

    def answer(self, probe):
        return self.statement.wrong if probe.right == self.statement.right else super().answer(probe)


@each
def test_nobody_is_strong_who_holds_the_opposite(id):
    q = question(id)
    axes = {p.id: p.axis for p in q.points}
    for n, statement in enumerate(q.statements):
        turn = (held := Holder(id, n, statement)).turn
        given = {axis: level for axis, (level, _) in levels(turn).items()}
        assert given.get(axes[statement.about], 0) < 3 and overall(held.state.turns).get("understanding", 0) < 3
