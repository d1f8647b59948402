"""What is put to the test: which probes refute a usual wrong turn, what is quoted back, and what all of it counts."""

import json
import sqlite3
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace

import pytest
from interview_bank import BELIEVED, QUESTIONS
from test_interview_engine import Talk

from backprop.interview import Interview, bank, beliefs, engine, report, reports, schedule, scoring
from backprop.interview.axes import rated
from backprop.interview.engine import State, decide, replay
from backprop.interview.scoring import levels
from backprop.interview.turn import DOUBTS, Pressed, Turn, doubted, question, sentence_case
from backprop.practice import record
from backprop.practice.verdict import Verdict

SURE = BELIEVED["test.sure"]
EVERY = [p.id for p in SURE.points]
RIGHT = {p.id: p.probe.right for p in SURE.points} | {f"{p.id}.again": p.again.right for p in SURE.points if p.again}
SEEDS = range(60)


@pytest.fixture(autouse=True)
def with_beliefs(small_bank, monkeypatch):
    monkeypatch.setattr(bank, "questions", lambda: QUESTIONS | BELIEVED)


class Sure(Talk):
    """The question with wrong turns, up to its probes: these notes, this seed; at the end these points are ticked."""

    def __init__(self, notes="", claimed=EVERY, seed=0):
        self.state, self.events, self.at = State(), [], 1000.0
        self.do("begin", plan="own choice", seed=seed, rounds=[["test.sure", ""]])
        assert self.do("answer", text=notes, how="typed" if notes else "spoken")
        self.claimed = claimed

    @property
    def about(self):
        return self.turn.pressed[-1].about

    def prove(self, **wrong):
        """All first probes, rightly but for those that are named."""
        while self.state.phase == "probe":
            id = self.turn.current.id
            assert self.do("probe", answer=wrong.get(id, RIGHT[id]))
        return self

    def hold(self, answer, sure="think"):
        """A reply to what is pressed on, and the answer to its probe."""
        assert self.do("reply", text="so") and self.do("probe", answer=answer, sure=sure)
        return self

    def closed(self):
        """The turn, when the rest of it was passed on and its points are ticked."""
        turn = self.turn
        while turn.phase != "claims":
            beyond = turn.phase == "follow-up" and turn.current.probe is None  # nothing else tells whether it held
            said = {"text": "so"} if beyond else {"how": "passed"}
            assert self.do("reply" if turn.phase == "follow-up" else "probe", **said)
        assert self.do("claim", points=self.claimed, held=[one.about for one in turn.pressed if one.to_judge])
        return turn


def asking(*first, seed=0):
    """A seed whose probes are these, after the notes were given."""
    return next(seed for seed in SEEDS if set(Sure(seed=seed).turn.to_probe) == {*first})


# ---- which probes are asked ----


def test_three_probes_refute_every_wrong_turn_and_two_speak_for_understanding():
    found = Counter()
    for seed in SEEDS:
        asked = Sure(seed=seed).turn.to_probe
        assert asked == Sure("all of it", seed=seed).turn.to_probe == [id for id in EVERY if id in asked]
        found[tuple(asked)] += 1
    assert {*found} == {("sum", "rows", "cost"), ("sum", "cost", "end"), ("rows", "cost", "end")}
    assert min(found.values()) >= 5


def test_what_a_wrong_turn_concerns_that_was_heard_is_asked_first():
    for seed in SEEDS:
        talk = Sure("We average over it.", seed=seed)
        assert talk.turn.heard == ["average"] and talk.turn.to_probe == ["sum", "cost", "end"]
    assert len({tuple(Sure("It costs nothing.", seed=seed).turn.to_probe) for seed in SEEDS}) == 3


def test_what_the_notes_say_on_their_own_is_probed():
    """What the good answer doesn't say, in the words of one point."""
    says = {id: f"Purple {id} elephants never forget." for id in EVERY}
    ones = [bank.Statement(f"about-{id}", wrong, f"{id} mice forget.", id) for id, wrong in says.items()]
    stated = replace(SURE, statements=tuple(ones))
    for id, wrong in says.items():
        assert all(id in engine.to_ask(stated, [], seed, f"It sums. {wrong}") for seed in SEEDS), id
    assert {one for seed in SEEDS for one in engine.to_ask(stated, [], seed)} == {*EVERY}


def test_other_questions_are_probed_in_another_order():
    """The seed of an evening doesn't ask for the first points in each of its questions."""
    twin = replace(SURE, id="test.twin")
    pairs = {(*engine.to_ask(SURE, [], s), *engine.to_ask(twin, [], s)) for s in SEEDS}
    assert any(pair[:3] != pair[3:] for pair in pairs) and any(pair[:3] == pair[3:] for pair in pairs)


def test_a_wrong_turn_is_refuted_only_where_both_forms_are_answered_wrongly():
    points = {p.id: p for p in SURE.points}
    found = {b.id: [id for id, p in points.items() if beliefs.refutes(p, b)] for b in SURE.beliefs}
    assert found == {"average": ["sum", "end"], "half": [], "free": ["cost"]}
    average = SURE.beliefs[0]
    for place in ("sum", "sum.again"):
        assert not beliefs.refutes(points["sum"], replace(average, implies=average.implies | {place: "2"}))
    assert not beliefs.refutes(replace(points["sum"], again=None), average)


def test_a_question_without_wrong_turns_is_probed_by_the_seed_three_at_most():
    talk = Talk("test.talk")
    talk.do("answer", text="that is never right")
    assert len(talk.turn.to_probe) == 3 and talk.turn.heard == []  # it has no sentence to quote
    asked = {tuple(engine.to_ask(QUESTIONS["test.talk"], [], seed)) for seed in SEEDS}
    assert len(asked) > 1 and all(len(ids) == 3 for ids in asked)


def test_points_without_a_probe_or_few_of_them_are_no_hindrance():
    few = replace(SURE, points=SURE.points[:1])
    assert beliefs.chosen(few) == [SURE.points[0]] and beliefs.chosen(replace(SURE, points=())) == []
    bare = tuple(replace(p, probe=None, again=None) if p.id == "end" else p for p in SURE.points)
    assert all("end" not in engine.to_ask(replace(SURE, points=bare), [], s) for s in SEEDS)


@pytest.fixture
def alone(monkeypatch):
    """The question with one point that speaks for understanding: the others are of technique."""
    points = [p if p.id in ("sum", "cost") else replace(p, axis="technique") for p in SURE.points]
    monkeypatch.setattr(bank, "questions", lambda: {"test.sure": replace(SURE, points=tuple(points))})
    question.cache_clear()
    yield
    question.cache_clear()


@pytest.mark.parametrize(("second", "level"), [("2", 4), ("1", 1)])
def test_the_only_point_that_speaks_for_understanding_is_asked_in_both_forms(alone, second, level):
    """No level rests on one probe, and a question about understanding ends with one all the same."""
    talk = Sure(seed=asking("sum", "cost", "end"))
    for answer in ("2", "one pass", "alpha"):
        assert talk.do("probe", answer=answer)
    assert talk.state.phase == "probe" and talk.ask == "And of two samples of 1?"
    assert talk.do("probe", answer=second)
    assert talk.state.phase == ("claims" if level == 4 else "follow-up")  # it takes the place of what goes beyond
    if level == 1:
        assert talk.about == "sum" and talk.turn.current.probe is None  # both forms are used up
        talk.do("reply", text="a sum, of course")
    turn = talk.turn
    held = [one.about for one in turn.pressed if one.to_judge]
    talk.do("claim", points=EVERY, held=held)
    assert levels(turn)["understanding"] == (level, "checks")
    assert [one["ask"] for one in reports.exchanges(turn) if one["kind"] == "probe"] == (
        [] if level == 4 else ["And of two samples of 1?"]
    )
    assert replay(json.loads(json.dumps(talk.events))) == talk.state


def test_who_failed_the_only_point_is_pressed_with_its_other_form_as_ever(alone):
    talk = Sure(seed=asking("sum", "cost", "end")).prove(sum="0.5")
    assert talk.state.phase == "follow-up" and talk.about == "sum"
    talk.do("reply", text="so")
    assert talk.ask == "And of two samples of 1?"


# ---- what is pressed on ----


def test_a_wrong_turn_in_the_notes_is_quoted_back_first_and_its_proof_is_the_other_form():
    talk = Sure("It is a gradient. We average over it: I think.").prove(rows="(4, 3)", sum="0.5")
    assert (talk.state.phase, talk.about) == ("follow-up", "belief:average")
    assert talk.ask == "You wrote: “We average over it” Is that so? Why?"
    talk.do("reply", text="no, it sums")
    assert talk.state.phase == "proof" and talk.ask == "And of two samples of 1?"


def test_what_was_not_asked_proves_it_in_its_first_form():
    """The first point that refutes it may not have been asked, where more than three were wanted."""
    talk = Sure("We average.")
    talk.turn.to_probe = ["rows"]
    talk.prove().do("reply", text="so")
    assert talk.ask == "What is the entry?"


def test_a_wrong_turn_that_nothing_refutes_is_settled_by_ones_own_word():
    talk = Sure("Only the rows matter.").prove()
    assert talk.ask == "You wrote: “Only the rows matter.” Is that so? Why?" and talk.about == "belief:half"
    talk.do("reply", text="no")
    assert talk.state.phase == "claims" and talk.turn.pressed[0].to_judge
    assert talk.turn.point("belief:half").follow_up.answer == "The columns matter as well."


@pytest.mark.parametrize(("answer", "credit", "expected"), [("2", 0.75, 3), ("0.5", 0, 2), (None, 0, 2)])
def test_letting_go_counts_three_quarters_and_holding_on_keeps_the_level_below_strong(answer, credit, expected):
    talk = Sure("We average.").prove()
    if answer:
        talk.hold(answer)
    else:
        talk.do("reply", how="passed")
    turn = talk.closed()
    said = turn.point_of(SURE.beliefs[0].id).says
    assert [(i.credit, i.tried) for i in scoring.items(turn, "understanding") if i.says == said] == [(credit, True)]
    assert levels(turn)["understanding"] == (expected, "checks")
    assert levels(Sure().prove().closed())["understanding"] == (4, "checks")


@pytest.mark.parametrize(("sure", "credit"), [("sure", 0.5), ("think", 0.75), ("guess", 0.75)])
def test_what_one_was_sure_of_costs_more_when_it_was_wrong(sure, credit):
    talk = Sure(seed=asking("rows", "cost", "end"))
    while talk.state.phase == "probe":
        id = talk.turn.current.id
        talk.do("probe", answer="(4, 3)" if id == "rows" else RIGHT[id], sure=sure if id == "rows" else "think")
    turn = talk.hold("(5, 6)").closed()
    assert {item.says: item.credit for item in scoring.proofs(turn)}["Its rows are those of W."] == credit
    assert bool(turn.sure_and_wrong) is (sure == "sure")
    assert schedule.grade(turn) == (2 if sure == "sure" else 3)


def test_a_guess_that_is_right_counts_three_quarters_and_one_that_is_wrong_caps_no_reasons():
    talk = Sure(seed=asking("rows", "cost", "end"))
    for id in ("rows", "cost", "end"):
        talk.do("probe", answer="(4, 3)" if id == "rows" else RIGHT[id], sure="guess")
    turn = talk.closed()
    found = {item.says: item.credit for item in scoring.proofs(turn)}
    assert found["It ends at the input."] == 0.75 and found["Its rows are those of W."] == 0
    assert scoring.personal([turn], {"rationale": [4, "yourself"]}) == {"rationale": (4, "yourself")}


def test_a_wrong_turn_that_was_not_settled_changes_nothing():
    talk = Sure("We average.").prove()
    talk.do("end")
    turn = talk.state.turns[0]
    said = turn.point_of(SURE.beliefs[0].id).says
    assert [(i.credit, i.tried) for i in scoring.proofs(turn) if i.says == said] == [(0.75, True)]  # nothing is ticked


def test_the_proof_of_a_wrong_turn_settles_its_point():
    """It is not asked again as the proof of the point: the second try would be free."""
    talk = Sure("We average.").prove()
    about = talk.turn.point_of(SURE.beliefs[0].id).id
    talk.hold("0.5")
    assert about not in [one.about for one in talk.state.turns[0].pressed]


def test_a_probe_that_failed_comes_back_in_its_other_form_before_what_was_missed():
    seed = asking("rows", "cost", "end")
    talk = Sure(claimed=["rows", "cost", "end", "work"], seed=seed).prove(end="gamma", rows="(3,)")
    seen = []
    for answer in ("(6, 5)", "none"):
        seen.append((talk.about, talk.ask))
        talk.do("reply", text="so")
        seen.append(talk.ask)
        talk.do("probe", answer=answer)
    assert seen == [("rows", "Which rows?"), "Which shape, of 5 and 6?", ("end", "Where does it end?"), "Where else?"]
    credits = {item.says: item.credit for item in scoring.proofs(talk.closed())}
    assert credits["Its rows are those of W."] == 0 and credits["It ends at the input."] == 0.75


def test_what_failed_and_has_no_other_form_comes_back_as_it_was():
    talk = Talk("test.hand")
    talk.do("answer", text="six")
    talk.do("probe", answer="5")
    talk.do("reply", text="so")
    assert talk.state.phase == "proof" and talk.ask == "What is two times three?"


def test_what_was_not_claimed_and_is_proven_counts_three_quarters_and_is_not_pressed():
    seed = asking("sum", "cost", "end")
    talk = Sure(claimed=["sum", "end", "rows", "work"], seed=seed).prove()
    assert talk.about == "open:rows"  # nobody knows whether it was said
    turn = talk.closed()
    assert {p.axis: p.credit for p in scoring.proofs(turn)} == {"understanding": 1, "rationale": 0.75}
    strong, missed = reports.verdicts(turn)
    assert "It costs one more pass. (not said, and proven when asked)" in strong and missed == []
    assert "It is a sum. (proven)" in strong and "It is worked out once. (by your own word)" in strong
    todo = [(press, kind, text) for press, kind, text, _ in reports.wanting(turn)]
    assert (reports.FAIR, "unasked", "Say this without being asked: It costs one more pass.") in todo
    assert not any(kind in ("cost", "claimed") for _, kind, _ in todo) and reports.forgotten(turn) == []
    assert scoring.credits(turn) == [1, 1, 1, 0.5, 1]


def test_what_was_claimed_and_not_asked_is_no_evidence_until_it_is_pressed():
    turn = Sure().prove().closed()
    assert len(scoring.proofs(turn)) == 3 and all(i.credit == 1 for i in scoring.proofs(turn))
    assert len(scoring.proofs(Sure(claimed=[], seed=0).prove().closed())) == len(EVERY)


def test_who_missed_nothing_is_doubted_with_a_wrong_turn_once_in_an_interview(monkeypatch):
    heard = replace(SURE, points=tuple(replace(p, notice=("so",)) for p in SURE.points))
    twin = replace(heard, id="test.twin")
    monkeypatch.setattr(bank, "questions", lambda: {"test.sure": heard, "test.twin": twin})
    question.cache_clear()
    talk = Talk("test.sure", "test.twin")
    abouts = []
    while not talk.state.phase == "rating":
        talk.do("answer", text="so")
        while talk.state.phase == "probe":
            talk.do("probe", answer=RIGHT[talk.turn.current.id])
        abouts.append(talk.turn.pressed[-1].about)
        if len(abouts) == 1:
            belief = next(one for one in SURE.beliefs if f"doubt:{one.id}" == abouts[0])
            said = [words.format(belief.sounds[0]) for words in DOUBTS]
            assert talk.ask in said and len({doubted(belief, n).follow_up.ask for n in range(8)}) == len(said) >= 3
            assert talk.turn.current.follow_up.answer == belief.says
        before = levels(talk.turn)
        talk.do("reply", text="it costs a pass")
        turn = talk.turn
        assert talk.state.phase == "claims" and turn.pressed[-1].to_judge
        talk.do("claim", points=[], held=[abouts[-1]])
        assert levels(turn) == before and turn.pressed[-1].proven  # one's own word is no evidence
    assert abouts[0].startswith("doubt:") and abouts[1].startswith("why:")
    question.cache_clear()


@pytest.mark.parametrize(
    "id", ["why", "belief", "doubt", "slip", "restate", "open", "check", "know", "further", "own", "statement"]
)
def test_a_point_may_be_called_as_a_kind_of_follow_up_is(id, monkeypatch):
    points = tuple(replace(p, id=id) if p.id == "rows" else p for p in SURE.points)
    held = [replace(one, implies={id: "(4, 3)"}) if one.id == "half" else one for one in SURE.beliefs]
    changed = replace(SURE, points=points, beliefs=tuple(held))
    monkeypatch.setattr(bank, "questions", lambda: {"test.sure": changed})
    question.cache_clear()
    seed = next(s for s in SEEDS if id in engine.to_ask(question("test.sure"), [], s))
    talk = Sure(claimed=["sum", id, "cost", "work", "end"], seed=seed)
    while talk.state.phase == "probe":
        now = talk.turn.current.id
        assert talk.do("probe", answer="(4, 3)" if now == id else RIGHT[now])
    assert (talk.about, talk.ask) == (id, "Which rows?")
    talk.do("reply", text="so")
    assert talk.ask == "Which shape, of 5 and 6?" and talk.do("probe", answer="(5, 6)")
    turn = talk.closed()
    credits = [item for item in scoring.proofs(turn) if item.says == "Its rows are those of W."]
    assert [item.credit for item in credits] == [0.75] and len(scoring.proofs(turn)) == 3
    assert scoring.slips_seen(turn) == []
    probe, follow_up, proof = reports.exchanges(turn)
    assert (proof["ask"], proof["said"], proof["held"]) == ("Which shape, of 5 and 6?", "(5, 6)", True)
    things = [text for *_, text, _ in reports.wanting(turn)]
    assert "You claimed this and proved it only when pressed: Its rows are those of W." in things
    assert (probe["ask"], probe["means"], follow_up["ask"]) == ("Which shape has it?", "The columns matter as well.",
                                                                "Which rows?")  # fmt: skip
    assert "Its rows are those of W. (claimed, and proven only when pressed)" in reports.verdicts(turn)[1]


# ---- levels ----


@pytest.mark.parametrize(("by", "given", "expected"), [("yourself", 4, 2), ("yourself", 1, 1), ("partner", 4, 4)])
def test_ones_own_word_on_reasons_is_weak_at_most_where_a_probe_failed_for_good(by, given, expected):
    talk = Sure().prove(rows="(4, 3)", sum="0.5", end="gamma")
    turn = talk.closed()
    talk.do("rate", levels={"rationale": given, "communication": 4}, by=by)
    said = scoring.personal([turn], talk.state.levels)
    assert said == {"rationale": (expected, by), "communication": (4, by)}


def test_what_came_right_when_pressed_or_was_never_tried_caps_no_reasons():
    turn = Sure(seed=asking("sum", "cost", "end")).prove(sum="0.5").hold("2").closed()
    assert not scoring.failed_for_good(turn)
    assert scoring.personal([turn], {"rationale": [4, "yourself"]}) == {"rationale": (4, "yourself")}


def test_who_passed_on_the_question_and_failed_its_proofs_is_capped_as_well():
    talk = Talk("test.talk")
    talk.do("answer", how="passed")
    talk.do("reply", how="passed")
    talk.do("reply", text="so")
    talk.do("probe", answer="3")
    assert scoring.personal([talk.turn], {"rationale": [4, "yourself"]}) == {"rationale": (2, "yourself")}


def test_a_reason_that_nobody_rated_is_known_by_its_checks_where_there_are_two():
    assert "rationale" not in levels(Sure().prove().closed())  # it has one point
    two = tuple(replace(p, axis="rationale") for p in SURE.points)
    assert scoring.level(scoring.items(Sure().prove().closed(), "rationale")) == 0
    turn = Sure(seed=asking("rows", "cost", "end")).prove().closed()
    turn.__class__ = type("Reasons", (Turn,), {"rubric": property(lambda self: two)})
    assert levels(turn)["rationale"] == (4, "checks")


@pytest.mark.parametrize(("proof", "proven", "credit"), [("a", True, 0.5), ("b", False, 0.0), ("", False, 0.0)])
def test_a_slip_of_ones_own_that_was_pointed_at_counts_half_and_is_nothing_basic(proof, proven, credit):
    pressed = [Pressed("slip:delta.b4/mean", proof=proof, proven=proven), Pressed("work", proof="c", proven=True)]
    turn = SimpleNamespace(q=SimpleNamespace(format="code"), pressed=pressed)
    item = scoring.Item("slip:delta.b4/mean", "technique", credit, bool(proof), basic=False)
    assert scoring.slips_seen(turn) == [item]
    assert scoring.slips_seen(SimpleNamespace(q=SimpleNamespace(format="bug"), pressed=pressed)) == []


def test_all_turns_together_say_what_one_can_not():
    turns = [Sure(seed=s).prove().closed() for s in (0, 1)]
    assert scoring.overall(turns[:1]) == {"understanding": 4}
    assert scoring.overall(turns) == {"understanding": 4, "rationale": 4}
    failed = Sure().prove(cost="no pass").hold("0").closed()
    assert scoring.overall([turns[0], failed])["rationale"] == 2
    turns[1].answered_at = None
    assert scoring.overall(turns) == {"understanding": 4}  # what stands has no evidence yet


# ---- the clock stops ----


def test_the_clock_stops_where_you_have_finished_and_typing_is_not_counted():
    talk = Talk("test.talk")
    assert talk.do("finish", after=50) and talk.said == "The clock stands. Note now what you said, in your own words."
    assert talk.state.phase == "asked" and talk.turn.minutes == 0
    assert not talk.do("finish", after=5) and talk.said == "The question stands: answer it, or pass on."  # only once
    assert talk.do("answer", after=300, text="a lot of typing") and talk.said == "Thank you."
    assert talk.turn.minutes == 50 / 60 and talk.turn.answered_at == talk.state.clock == 355
    assert scoring.best(talk.turn) == 4
    assert replay(json.loads(json.dumps(talk.events))) == talk.state
    talk = Talk("test.talk")
    talk.do("finish", after=92)
    talk.do("answer", after=1, text="so")
    assert talk.said == "Thank you. That took 1:32, which is 0:32 over the time." and scoring.best(talk.turn) == 2


def test_the_clock_of_the_next_question_begins_anew():
    talk = Talk("test.plain", "test.talk")
    talk.do("finish", after=50)
    talk.give_up()
    assert talk.turn.question == "test.talk" and talk.turn.finished_at is None and talk.do("finish")


@pytest.mark.parametrize("round", ["test.code", "test.bug", "test.code/clarify"])
def test_where_code_is_written_no_clock_is_stopped(round):
    talk = Talk(round)
    assert "finish" not in engine.legal(talk.state)
    assert not talk.do("finish") and talk.said == "The question stands: answer it, or pass on."
    assert talk.turn.finished_at is None


def test_elsewhere_the_clock_can_not_be_stopped_and_a_sentence_says_what_stands():
    assert decide(State(), "finish", 0) == (None, "The interview hasn't begun.")
    talk, seen = Talk("test.talk"), {}
    moves = {
        "asked": ("answer", {"text": "so"}),
        "claims": ("claim", {"points": ["basic"]}),
        "probe": ("probe", {"how": "passed"}),
        "follow-up": ("reply", {"text": "so"}),
        "proof": ("probe", {"how": "passed"}),
        "rating": ("rate", {"levels": dict.fromkeys(rated(QUESTIONS["test.talk"]), 3)}),
    }
    while not talk.state.over:
        phase = talk.state.phase
        if phase != "asked":
            assert not talk.do("finish") and talk.said == engine.HERE[phase][1]
            seen[phase] = talk.said
        do, values = moves[phase]
        assert talk.do(do, **values)
    assert len(seen) == 5 and not talk.do("finish") and talk.said == "The interview is over."


def test_an_interview_is_told_to_stop_its_clock():
    it = Interview("own choice", questions=["test.talk"], id="x", at=1000)
    it.draft = "half a word"
    assert it.finish(at=1030).accepted and not it.finish(at=1031).accepted
    again = Interview(id="x", at=1032)
    assert again.state.turn.finished_at == 30 and again.draft == "half a word"
    assert again.answer("words", at=1200).accepted and again.report.data["turns"][0]["minutes"] == 0.5


# ---- interviews of earlier releases ----


OLD = [
    {"do": "begin", "at": 0.0, "plan": "own choice", "seed": 0, "rounds": [["test.hand", ""], ["test.sure", ""]]},
    {"do": "answer", "at": 5.0, "text": "Six.", "how": "typed"},
    {"do": "claim", "at": 6.0, "points": ["product"], "process": []},
    {"do": "probe", "at": 7.0, "answer": "6", "passed": True},
    {"do": "reply", "at": 8.0, "text": "Since it is.", "how": "typed"},
    {"do": "judge", "at": 9.0, "had": True},
    {"do": "rate", "at": 10.0, "levels": {}, "by": "yourself"},
    {"do": "answer", "at": 20.0, "text": "We average.", "how": "typed"},
    {"do": "claim", "at": 30.0, "points": ["sum", "rows", "work", "cost"], "process": []},
    {"do": "probe", "at": 40.0, "answer": "0.5", "passed": False},
    {"do": "reply", "at": 50.0, "text": "so", "how": "typed"},
    {"do": "rate", "at": 60.0, "levels": {"rationale": 4, "communication": 3}, "by": "yourself"},
]  # fmt: skip


def test_the_events_say_which_probes_are_asked_and_what_was_heard():
    talk = Sure("We average.")
    answer = talk.events[-1]
    assert (answer["probes"], answer["beliefs"], answer["corrected"]) == (["sum", "cost", "end"], ["average"], [])
    talk.prove(sum="0.5").hold("2")
    assert replay(json.loads(json.dumps(talk.events))) == talk.state
    kept = [event | ({"probes": ["rows"], "beliefs": []} if event["do"] == "answer" else {}) for event in talk.events]
    turn = replay(kept).turns[0]
    assert turn.to_probe == ["rows"] and [*turn.probes] == ["rows"]  # the event says so, and nothing is chosen anew


@pytest.mark.parametrize("count", range(2, len(OLD)))
def test_what_an_earlier_release_asked_in_its_own_order_is_asked_anew(count, capsys, monkeypatch):
    """There the points were ticked before the probes. A turn that was answered is left out, with all its words."""
    monkeypatch.setattr(record, "_told", set())
    Interview("own choice", questions=["test.hand"], id="other")  # so that there is a record
    rows = [("x", n, json.dumps(event)) for n, event in enumerate(OLD[:count])]

    def write(db):
        db.executemany("insert into event (interview, n, event) values (?, ?, ?)", rows)
        db.execute("insert into interview (id, began) values ('x', 0)")
        return [True]

    record.transact(write)
    it = Interview(id="x", at=1000)
    asked = "test.hand" if count < 7 else "test.sure"
    assert it.state.turn.question == asked and it.state.phase == "asked" and it.state.turn.notes == ""
    assert "an earlier version of the course asked it" in capsys.readouterr().err
    assert it.answer("anew", at=1010).accepted and it.recorded
    again = Interview(id="x", at=1011)
    assert again.state.turns == it.state.turns
    again.end(at=1012)
    notes = "\n".join(turn["notes"] for turn in report("x").data["turns"])
    assert all(event.get("text", "anew") in notes for event in OLD[:count])


def test_an_interview_that_is_over_has_the_report_that_was_kept_at_its_end():
    it = Interview("own choice", questions=["test.sure"], id="x", at=1000)
    it.answer("so", at=1010)
    it.end(at=1020)
    data = it.report.data | {"plan": "as it was"}
    data["turns"][0]["levels"] = {"understanding": [3, "checks"]}  # by the rules of then
    with sqlite3.connect(record.path()) as db:
        db.execute("update interview set report = ?", (json.dumps(data),))
    db.close()
    assert Interview(id="x").report.data == data == report("x").data


# ---- the report ----

MEANS = "A usual wrong turn gives your answer. "


@pytest.mark.parametrize(
    ("id", "again", "answer", "belief"),
    [
        ("sum", False, "0.5", "average"),
        ("sum", False, " 50% ", "average"),
        ("sum", False, "4", None),
        ("sum", False, "", None),
        ("sum", True, "1/2", "average"),
        ("sum", True, "1", None),
        ("rows", False, "4x3", "half"),
        ("rows", False, "(4,)", None),
        ("rows", True, "(4, 3)", None),  # the other form has other numbers
        ("cost", False, "no pass", "free"),
        ("cost", False, "two passes", None),
        ("cost", True, "0.0", "free"),
        ("cost", True, "2", None),
        ("end", False, "beta", "average"),
        ("end", True, "one", "average"),
        ("end", True, "two", None),
        ("end", True, "beta", None),
    ],
)
def test_what_an_answer_would_mean_stands_beside_it_and_beside_no_other(id, again, answer, belief):
    p = next(p for p in SURE.points if p.id == id)
    shown = reports.failed(Turn("test.sure"), p.again if again else p.probe, answer)
    says = {b.id: b.says for b in SURE.beliefs}.get(belief)
    assert shown.get("means") == says
    text = "".join(text for text, _ in reports.exchange_blocks(shown))
    assert (MEANS in text) is (belief is not None) and (belief is None or f"{MEANS}{says}" in text)


def test_the_letter_of_a_choice_means_what_stands_there():
    p = next(p for p in SURE.points if p.id == "cost")
    for letter, option in zip("abcd", p.probe.options):
        for written in (letter, letter.upper(), f"({letter})"):
            shown = reports.failed(Turn("test.sure"), p.probe, written)
            assert ("means" in shown) is (option == "no pass"), (written, option)


def test_a_report_says_what_the_answers_meant_in_both_forms():
    talk = Sure(seed=asking("sum", "cost", "end")).prove(sum="0.5", cost="two passes").hold("1/2").hold("0")
    talk.closed()
    page = reports.report_of("x", talk.state)
    shown = [(one["ask"], one.get("means")) for one in page.data["turns"][0]["exchanges"] if one["kind"] == "probe"]
    assert shown == [
        ("What is the entry?", "It is a sum: nothing divides it."),
        ("Which cost?", None),
        ("And of two samples of 1?", "It is a sum: nothing divides it."),
        ("How many passes more?", "It costs one more pass."),
    ]
    assert page.markdown().count(MEANS) == 3 == page.html().count(MEANS)


def test_beside_the_proof_of_what_was_quoted_back_it_stands_as_well():
    talk = Sure("We average.").prove().hold("0.5")
    quoted, probe = reports.exchanges(talk.turn)
    assert quoted["ask"] == "You wrote: “We average.” Is that so? Why?" and quoted["held"] is False
    assert (probe["ask"], probe["good"], probe["means"]) == ("And of two samples of 1?", "2", SURE.beliefs[0].says)


@pytest.mark.parametrize(
    ("levels", "say", "told"),
    [
        ({"understanding": 3}, "yes", "understanding is strong"),
        ({"understanding": 4, "technique": 3}, "yes", "understanding is very strong, technique is strong"),
        ({"understanding": 4, "rationale": 1}, "yes", "understanding is very strong, rationale is very weak"),
        ({"understanding": 3, "technique": 2}, "nearly", "understanding is strong, technique is weak"),
        ({"understanding": 2, "technique": 2}, "not yet", "understanding is weak, technique is weak"),
        ({"technique": 2}, "not yet", "technique is weak"),
        ({"understanding": 1, "technique": 4}, "not yet", "understanding is very weak, technique is very strong"),
        ({"understanding": 1, "technique": 2}, "not yet", "understanding is very weak, technique is weak"),
        ({"technique": 1}, "not yet", "technique is very weak"),
    ],
)
def test_the_outcome_is_a_sentence_with_its_reason_and_its_limits(levels, say, told):
    assert reports.outcome({"overall": levels}) == (
        f"**On this evidence, for a phone screen: {say}.** Over all questions {told}, by what could be checked. "
        "It says nothing of how you speak, of what was not asked, or of what you said on your own."
    )


@pytest.mark.parametrize("levels", [{}, {"rationale": 4}])
def test_of_too_little_no_outcome_is_told(levels):
    said = "On this evidence nothing can be said of a phone screen: too little was put to the test."
    assert reports.outcome({"overall": levels}) == said


def test_the_outcome_stands_in_the_report_from_all_turns_together():
    talk = Talk("test.hand", "test.hand", "test.code")
    for _ in range(2):
        talk.do("answer", text="six, I checked it")
        talk.through("6", "so", points=["product"])
    page = reports.report_of("x", talk.state)
    assert page.data["overall"] == {"technique": 4}
    assert [turn["levels"].get("technique") for turn in page.data["turns"]][:2] == [[0, "checks"], [0, "checks"]]
    yes = "**On this evidence, for a phone screen: yes.** Over all questions technique is very strong"
    assert yes in page.markdown() and "for a phone screen: yes." in page.html()
    talk.do("submit", verdict=Verdict("delta.b4", message="It differs."))
    talk.do("answer", text="")
    assert "for a phone screen: not yet.** Over all" in reports.report_of("x", talk.state).markdown()


def test_two_points_that_failed_for_good_keep_understanding_below_strong(monkeypatch):
    """Whatever axes they speak for: the rest may be right, and yet it isn't understood."""
    about = {p.id: replace(p, axis="understanding" if p.id in ("sum", "rows") else "rationale") for p in SURE.points}
    there = {"test.sure": replace(SURE, points=tuple(about.values()))}
    monkeypatch.setattr(bank, "questions", lambda: there)
    question.cache_clear()
    found = {}
    for failed in ((), ("cost",), ("cost", "end")):
        probes = {id: ["x", id not in failed, "think"] for id in about if id != "work"}
        turn = Turn("test.sure", answered_at=1.0, to_probe=[*probes], probes=probes, claimed=[*about])
        found[failed] = levels(turn)["understanding"][0], scoring.overall([turn])["understanding"]
    assert found == {(): (4, 4), ("cost",): (4, 4), ("cost", "end"): (2, 2)}


def test_a_second_wrong_turn_about_a_point_is_put_to_its_other_form(monkeypatch):
    twin = replace(SURE.beliefs[0], id="average-2")
    turn = Turn("test.sure", answered_at=1.0, pressed=[Pressed("belief:average", "so", "typed", "1", False)])
    there = {"test.sure": replace(SURE, beliefs=(*SURE.beliefs, twin))}
    monkeypatch.setattr(bank, "questions", lambda: there)
    question.cache_clear()
    one, other = (turn.point(f"belief:{id}").probe for id in ("average", "average-2"))
    p = next(p for p in SURE.points if p.id == "sum")
    assert one == p.probe and other == p.again
    turn.pressed.append(Pressed("belief:average-2", "so", "typed", "1", False))
    assert turn.tries_at(p) == [False, False] and turn.point("belief:average").probe == p.probe
    assert next(item for item in scoring.proofs(turn) if item.says == p.says).many


def test_the_name_of_an_array_keeps_its_small_letter():
    assert sentence_case("db1 is summed over the wrong axis") == "db1 is summed over the wrong axis"
    assert sentence_case("1/B is missing") == "1/B is missing" and sentence_case("the sign") == "The sign"
