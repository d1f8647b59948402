"""The usual wrong turns of each question: what their holder answers to the probes, and that it is always refuted."""

import re
from itertools import combinations

import pytest

from backprop.interview import bank
from backprop.interview.beliefs import MOST_PROBES, implied, provable, refutes
from backprop.interview.listen import beliefs_noticed
from backprop.interview.turn import question

HELD = [question(id) for id, q in bank.questions().items() if any(belief.id for belief in q.beliefs)]
each = pytest.mark.parametrize("q", [pytest.param(q, id=q.id) for q in HELD])
LETTERS = re.compile(r"[^\W_]+")


def probes(q):
    """(place, probe) of all probes of a question, in both forms."""
    for p in provable(q):
        yield p.id, p.probe
        if p.again:
            yield f"{p.id}.again", p.again


def test_every_question_holds_its_beliefs():
    """But those about one's own story, where nobody can be wrong."""
    told = {id for id, q in bank.questions().items() if q.format in ("story", "closing")}
    assert {*bank.questions()} - told == {q.id for q in HELD}


@each
def test_each_belief_is_whole(q):
    assert len({belief.id for belief in q.beliefs}) == len(q.beliefs) >= 2
    for belief in q.beliefs:
        assert belief.id and len(belief.sounds) >= 4, belief
        assert {place.partition(".")[0] for place in belief.implies} <= {p.id for p in q.points}, belief.id
        assert set(belief.implies) <= {place for place, _ in probes(q)}, belief.id


@each
def test_what_a_belief_implies_is_read_and_refused(q):
    for belief in q.beliefs:
        for point in provable(q):
            for probe, answer in implied(belief, point):
                assert probe.judge(answer) == (False, ""), (belief.id, point.id, answer)


@each
def test_three_probes_refute_every_belief(q):
    """In both forms, so that it is failed for good when it is pressed."""
    for belief in q.beliefs:
        assert any(refutes(p, belief) for p in provable(q)), belief.id
    count = min(MOST_PROBES, len(provable(q)))
    groups = [
        group
        for group in combinations(provable(q), count)
        if all(any(refutes(p, belief) for p in group) for belief in q.beliefs)
    ]
    assert groups
    assert len(groups) >= min(2, len(provable(q)) - 2), "each time the same three"


@each
def test_each_point_can_be_proven_in_another_form(q):
    for p in provable(q):
        assert p.again is not None, p.id
        assert p.again.judge(p.again.right) == (True, ""), p.id
        same = p.again.ask == p.probe.ask or (
            p.again.kind == p.probe.kind == "choice" and p.again.right == p.probe.right
        )
        assert not same, p.id
        for wrong in p.again.wrong:
            assert p.again.judge(wrong) == (False, ""), (p.id, wrong)


@each
def test_no_question_contains_the_answer_to_a_probe(q):
    """Nothing that is read out before says it: not the prompt, the probe itself, or its follow-up."""
    for p in provable(q):
        for probe in filter(None, (p.probe, p.again)):
            if probe.kind != "choice":
                continue
            said = " ".join([q.prompt, probe.ask, p.follow_up.ask if p.follow_up else ""]).lower()
            words = LETTERS.findall(probe.right.lower())
            assert len(words) < 3 or " ".join(words) not in " ".join(LETTERS.findall(said)), (p.id, probe.right)


@each
def test_a_belief_is_heard_in_what_its_holder_says(q):
    """And in no model answer, nor in what sets it right."""
    for belief in q.beliefs:
        heard = [text for text in belief.sounds if belief in beliefs_noticed(q, text)]
        assert len(heard) >= 0.75 * len(belief.sounds), (belief.id, set(belief.sounds) - set(heard))
    answers = [q.answer, *(p.says for p in q.points), *(p.follow_up.answer for p in q.points if p.follow_up)]
    for text in answers:
        assert not beliefs_noticed(q, text), (beliefs_noticed(q, text)[0].id, text)
