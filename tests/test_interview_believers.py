"""The interview as it is held by who believes a usual wrong turn, and by who knows it all, over the whole bank."""

from collections import Counter

import pytest
from interview_bank import struck_by

from backprop.interview import bank
from backprop.interview.axes import PERSONAL
from backprop.interview.beliefs import refutes
from backprop.interview.engine import State, decide, evolve, to_ask
from backprop.interview.listen import beliefs_noticed
from backprop.interview.scoring import levels, overall, personal, proofs
from backprop.interview.turn import question

HELD = [id for id, q in bank.questions().items() if any(belief.id for belief in q.beliefs)]
SEEDS = range(20)
STRONG, VERY_STRONG = 3, 4
MOST_SCREENS = 6  # of an answer without a miss: itself, two probes and statements, one question beyond, the list


class Candidate:
    """Somebody who claims everything, and answers probes as `belief` implies, or rightly."""

    def __init__(self, id, seed, notes, belief=None, sure="think"):
        self.state, self.at, self.belief, self.sure = State(), 0.0, belief, sure
        self.do("begin", plan="one", seed=seed, rounds=[[id, ""]])
        self.q = self.state.turn.q
        self.do("answer", text=notes, how="typed" if notes and not self.q.coded else "spoken")
        while self.state.phase != "over":
            self.go_on()

    def do(self, what, **values):
        self.at += 1
        event, said = decide(self.state, what, self.at, **values)
        assert event is not None, said
        evolve(self.state, event)

    def go_on(self):
        turn = self.state.turn
        match self.state.phase:
            case "probe" | "proof":
                self.do("probe", answer=self.answer(turn.current.probe), sure=self.sure)
            case "statements":
                self.do("judge", struck=self.judgment())
            case "follow-up":
                taken_back = {"stands": False} if turn.misjudges else {}
                self.do("reply", text="As I said.", struck=self.judgment() if turn.standing else None, **taken_back)
            case "claims":
                held = [one.about for one in turn.pressed if one.to_judge]
                self.do("claim", points=[p.id for p in self.q.points], held=held)
            case "rating":
                self.do("rate", levels=dict.fromkeys(self.state.rated, VERY_STRONG))

    def judgment(self):
        """The statements that are called wrong: those that are, but for what is believed."""
        return struck_by(self.state.turn, *([self.belief.id] if self.belief else []))

    def answer(self, probe):
        if self.belief and probe.right in (self.belief.right, self.belief.says):
            return probe.wrong[0]
        places = {(p.id, form): one for p in self.q.points for form, one in (("", p.probe), (".again", p.again))}
        place = next((f"{id}{form}" for (id, form), one in places.items() if one == probe), None)
        return (self.belief.implies.get(place) if self.belief else None) or probe.right

    @property
    def turn(self):
        return self.state.turns[0]


def unlike(q, notes):
    """One of the seeds for each set of probes that they ask: what follows is the same."""
    heard = beliefs_noticed(q, notes)
    return {tuple(to_ask(q, heard, seed, notes)): seed for seed in SEEDS}.values()


def about(q, belief):
    """The axes of the points that a belief's holder gets wrong."""
    return {p.axis for p in q.points if refutes(p, belief)}


@pytest.mark.parametrize("id", HELD)
def test_nobody_is_strong_in_what_they_believe_wrongly(id):
    q = question(id)
    for belief in q.beliefs:
        for notes in ("", belief.sounds[0]):
            for seed in unlike(q, notes):
                held = Candidate(id, seed, notes, belief)
                given = {axis: level for axis, (level, _) in levels(held.turn).items()}
                for axis in about(q, belief):
                    assert given.get(axis, 0) < STRONG, (belief.id, seed, bool(notes), axis, held.turn.to_probe)
                    assert overall(held.state.turns).get(axis, 0) < STRONG, (belief.id, seed, axis)
                    said = personal(held.state.turns, held.state.levels)
                    assert said.get(axis, (0, ""))[0] < STRONG, (belief.id, seed, axis)
                if any(item.many and not item.credit for item in proofs(held.turn)):  # in whatever axis
                    assert overall(held.state.turns).get("understanding", 0) < STRONG, (belief.id, seed)


def test_who_knows_it_is_strong(capsys):
    """With the model answer in the notes, and with none: what is heard wrongly there costs a question."""
    found = Counter()
    for id in HELD:
        q = question(id)
        for notes in ("", q.answer):
            for seed in unlike(q, notes):
                held = Candidate(id, seed, notes)
                screens = int(held.at) - 1 - bool(held.state.levels)  # an event each, but for the first and the rating
                assert q.coded or screens <= MOST_SCREENS, (id, seed)
                for axis, (level, by) in levels(held.turn).items():
                    if by == "checks" and level and not q.coded:  # no code is written here, and nothing clarified
                        found[level] += 1
                        assert level >= STRONG or axis in PERSONAL, (id, seed, axis, level)
    with capsys.disabled():
        print(f"\ngood candidates: very strong in {found[VERY_STRONG]} of {found.total()} levels", end="")
    assert found[VERY_STRONG] >= 0.8 * found.total() > 0
