"""The notation of the bank in words: nothing is left that cannot be said, and what is said is what stands there."""

import pytest

from backprop.interview.axes import ANCHORS
from backprop.interview.bank import questions
from backprop.interview.rounds import hints, wrong_turns
from backprop.interview.spoken import say, unsayable
from backprop.interview.turn import case


def texts(q):
    """All texts of a question that a partner may read aloud, or has to recognize by ear."""
    yield from (q.prompt, q.answer, *(one.answer for one in q.clarify))
    for p in q.points:
        yield p.says
        yield from (p.follow_up.ask, p.follow_up.answer) if p.follow_up else ()
        for probe in filter(None, (p.probe, p.again)):
            yield from (probe.ask, probe.right, *probe.wrong)
    for belief in q.beliefs:
        yield from (belief.says, *belief.sounds)
    if q.exercise:
        yield from (*hints(q), *(slip.name for slip in case(q).slips if q.format == "bug"))


@pytest.mark.parametrize("id", questions())
def test_the_bank_writes_nothing_that_has_no_words(id):
    """A symbol that is new to the bank gets its words in backprop/interview/spoken.py, and an example below."""
    assert {text: unsayable(text) for text in texts(questions()[id].filled()) if unsayable(text)} == {}


def test_a_symbol_without_words_is_named_and_left_as_it_is():
    assert unsayable("a ⨂ b, ∮ and ∮") == ["∮", "⨂"] and "⨂" in say("a ⨂ b")
    assert unsayable("½(σ(z) − 1)²") == []


SAID = {
    # numbers and signs
    "½(σ(z) − 1)²": "one half times, sigma of z minus 1, squared",
    "z = −3": "z equals minus 3",
    "-1/16": "minus 1 over 16",
    "about 1e-5": "about 10 to the minus 5",
    "6e9": "6 times 10 to the 9",
    "10⁶ weights": "10 to the 6 weights",
    "0 · ∞": "0 times infinity",
    "70% of it": "70 percent of it",
    "1 − βᵗ": "1 minus beta to the t",
    "h ~ √ε; h ~ ∛ε": "h goes like the root of epsilon; h goes like the cube root of epsilon",
    "about 2√L": "about 2 times the root of L",
    "It is one-hot, and log-softmax.": "It is one-hot, and log-softmax.",
    "x = (1, 2, −1)": "x equals (1, 2, minus 1)",
    "(N, 1) − (N,)": "(N, 1) minus (N comma)",
    # Greek, marks, indices
    "v ← βv + g": "v becomes beta v plus g",
    "at w − ηβv": "at w minus eta beta v",
    "dx = (h − x̂ · mean(h x̂))/r": "d x equals, h minus x hat times mean of h x hat, over r",
    "m̂ / (√v̂ + ε)": "m hat over, the root of v hat plus epsilon",
    "β₁ and β₂": "beta 1 and beta 2",
    "x_{t+k} and c_{t−1}": "x t plus k and c t minus 1",
    "n_in and λ_max": "n in and lambda max",
    "W^{l+1} and δ^l": "W of layer l plus 1 and delta of layer l",
    "W² is not transposed, g² is due": "W 2 is not transposed, g squared is due",
    "δ¹ a¹ᵀ": "delta 1 a 1 transposed",
    "Adam's σ' is F'(x), the logits' sum": "Adam's sigma prime is F prime of x, the logits' sum",
    # derivatives, products, sums
    "∂𝓛/∂W^L": "the derivative of the loss with respect to W of layer L",
    "∂𝓛/∂x̂ = G ⊙ γ": "the derivative of the loss with respect to x hat equals G elementwise times gamma",
    "what is dy/dx": "what is the derivative of y with respect to x",
    "dW = Xᵀ G, db = G summed": "d W equals X transposed G, d b equals G summed",
    "−Σ y log p": "minus the sum of y log p",
    "dw_k = Σ_t g_t": "d w k equals the sum over t of g t",
    "p ⊙ (g − Σ g p)": "p elementwise times, g minus the sum of g p",
    "V ↦ V W": "V maps to V W",
    "⟨G, JVP(V)⟩ = 1": "the inner product of G and JVP of V, equals 1",
    "W1 W2 … Wn x": "W1 W2, and so on to, Wn x",
    # functions, absolute values, conditions
    "a(1 − a)": "a times, 1 minus a",
    "the slope (how steep it is)": "the slope (how steep it is)",
    "is (P − Y)/B": "is, P minus Y, over B",
    "max(z, 0) − z y": "max of z and 0, minus z y",
    "e^−|z|": "e to the minus the absolute value of z",
    "‖a − n‖ / 2": "the norm of, a minus n, over 2",
    "[a > 0]": "(one if a is greater than 0, else 0)",
    "relu(z)²": "relu of z, squared",
    "E[a²]": "E of a squared",
    # code
    "W2.T @ d2": "W2 transposed at d2",
    "(P - Y) / B": "P minus Y, over B",
    "np.log1p(np.exp(-z))": "np log one p of np exp of minus z",
    "G.sum(axis=0)": "G dot sum, axis equals 0",
    "x.grad += y.grad": "x dot grad plus equals y dot grad",
    "zero_grad and .data": "zero grad and dot data",
    "W[l+1] in code": "W index l plus 1, in code",
}  # fmt: skip


@pytest.mark.parametrize("written", SAID)
def test_notation_is_said(written):
    assert say(written) == SAID[written]


def test_what_holds_no_notation_is_said_as_it_stands():
    """Nearly all of the bank is prose: of that not a letter changes."""
    for text in [*(text for said in ANCHORS.values() for text in said), "Why is it (or is it) b? It's so!"]:
        assert say(text) == text


def test_different_answers_sound_different():
    """A probe can be asked aloud only if its answers can be told apart by ear."""
    for q in questions().values():
        for p in q.points:
            options = [say(one) for one in p.probe.options] if p.probe else []
            assert len({one.replace(",", "") for one in options}) == len(options), options


def test_a_wrong_turn_has_an_id_whether_or_not_the_bank_gives_one():
    for q in questions().values():
        ids = [id for id, _, _ in wrong_turns(q)]
        assert len(set(ids)) == len(ids) and all(ids)
