"""Update rules against PyTorch's stored trajectories, and what they promise about state and about errors."""

import gc
import json
import weakref
from types import SimpleNamespace

import numpy as np
import pytest
from pytorch_reference import CENTER, START, STIFFNESS, STORED, gradient

import backprop
from backprop import MLP

REFERENCE = json.loads(STORED.read_text(encoding="utf-8"))
RULES = "SGD", "Momentum", "Nesterov", "Adagrad", "RMSProp", "Adam", "AdamW"
DTYPES = (np.float64, np.float32)


def make(name, **settings):
    return getattr(backprop, name)(**settings)


def at_start(dtype=np.float64):
    """A 2-2-1 network at the reference's starting point."""
    net = MLP([2, 2, 1], init=START[:2], dtype=dtype)
    for b, start in zip(net.b[1:], START[2:]):
        b[...] = start
    return net


def parameters(net):
    return net.W[1:] + net.b[1:]


def reference_gradients(net):
    """The reference's slopes at the network's parameters: no backward pass is involved."""
    slopes = [
        gradient(w, np.array(k, w.dtype), np.array(c, w.dtype)) for w, k, c in zip(parameters(net), STIFFNESS, CENTER)
    ]
    return SimpleNamespace(W=[None, *slopes[:2]], b=[None, *slopes[2:]])


def flat(net):
    return np.concatenate([w.ravel() for w in parameters(net)])


def case_id(case):
    return "-".join([case["rule"], *(f"{key}={value}" for key, value in case["settings"].items())])


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=case_id)
def test_trajectory_agrees_with_pytorch(case):
    net, rule = at_start(), make(case["rule"], **case["settings"])
    stored = dict(zip(REFERENCE["steps"], case["trajectory"]))
    for step in range(1, max(stored) + 1):
        rule.update(net, reference_gradients(net))
        if step in stored:
            np.testing.assert_allclose(flat(net), stored[step], rtol=1e-12, atol=1e-14, err_msg=f"step {step}")


def test_the_reference_has_every_rule_with_defaults_and_without():
    assert REFERENCE["torch"] == "2.13.0"
    for rule in RULES:
        settings = [case["settings"] for case in REFERENCE["cases"] if case["rule"] == rule]
        assert {} in settings
        assert any(given.get("weight_decay") for given in settings)


def test_defaults():
    """What a reader may rely on without passing anything, and in which order the first arguments come."""
    assert vars_of(make("SGD")) == {"eta": 1e-3, "weight_decay": 0}
    assert vars_of(make("Momentum")) == {"eta": 1e-3, "beta": 0.9, "weight_decay": 0}
    assert vars_of(make("Nesterov")) == {"eta": 1e-3, "beta": 0.9, "weight_decay": 0}
    assert vars_of(make("Adagrad")) == {"eta": 1e-2, "eps": 1e-10, "weight_decay": 0}
    assert vars_of(make("RMSProp")) == {"eta": 1e-2, "rho": 0.99, "eps": 1e-8, "weight_decay": 0}
    adam = {"eta": 1e-3, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    assert vars_of(make("Adam")) == adam | {"weight_decay": 0}
    assert vars_of(make("AdamW")) == adam | {"weight_decay": 1e-2}
    assert vars_of(backprop.Momentum(0.1, 0.5)) == {"eta": 0.1, "beta": 0.5, "weight_decay": 0}
    assert vars_of(backprop.Adam(0.1, 0.5, 0.6)) == adam | {"eta": 0.1, "beta1": 0.5, "beta2": 0.6, "weight_decay": 0}


def vars_of(rule):
    return {name: value for name, value in vars(rule).items() if not name.startswith("_")}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", RULES)
def test_update_is_in_place_and_keeps_the_dtype(name, dtype):
    """The arrays stay the same objects, so who holds net.W[1] sees it learn; no state or gradient is tied to them."""
    net, rule = at_start(dtype), make(name, weight_decay=0.1)
    held, addresses = parameters(net), [w.ctypes.data for w in parameters(net)]
    for _ in range(3):
        before = flat(net)
        grads = reference_gradients(net)
        kept = [g.copy() for g in grads.W[1:] + grads.b[1:]]
        rule.update(net, grads)
        assert (flat(net) != before).any()
        for g, copy in zip(grads.W[1:] + grads.b[1:], kept):
            np.testing.assert_array_equal(g, copy)
        for w in parameters(net):
            assert not any(np.shares_memory(w, g) for g in grads.W[1:] + grads.b[1:])
    assert all(now is w for now, w in zip(parameters(net), held))
    assert [w.ctypes.data for w in parameters(net)] == addresses
    assert {w.dtype for w in parameters(net)} == {np.dtype(dtype)}
    state = arrays_of(rule, net)
    assert {s.dtype for s in state} <= {np.dtype(dtype)}
    for s in state:
        assert not any(np.shares_memory(s, other) for other in held + grads.W[1:] + grads.b[1:])


def arrays_of(rule, net):
    """The arrays that a rule remembers of a network."""
    remembered = [value for state in rule._states[net] for value in vars(state).values()]
    return [value for value in remembered if isinstance(value, np.ndarray)]


@pytest.mark.parametrize("name", RULES)
def test_what_a_rule_remembers_is_no_view_of_the_gradients(name):
    """Who reuses a gradient buffer must not rewrite a rule's memory."""
    net, rule = at_start(), make(name)
    other, other_rule = at_start(), make(name)
    for _ in range(3):
        grads = reference_gradients(net)
        rule.update(net, grads)
        other_rule.update(other, reference_gradients(other))
        for g in grads.W[1:] + grads.b[1:]:
            g[...] = 1e6
    np.testing.assert_array_equal(flat(net), flat(other))


@pytest.mark.parametrize("name", RULES)
def test_state_is_kept_per_network(name):
    """One rule steering two networks in turn does to each what it does to it alone, even when they differ in size."""
    alone, lone_rule = at_start(), make(name, eta=0.05)
    for _ in range(5):
        lone_rule.update(alone, reference_gradients(alone))

    shared, net, other = make(name, eta=0.05), at_start(), MLP([3, 4, 4, 1], loss="bce", seed=2)
    X, Y = np.ones((3, 2)), np.array([[0, 1]])
    for _ in range(5):
        shared.update(other, other.backward(other.forward(X), Y))
        shared.update(net, reference_gradients(net))
    np.testing.assert_array_equal(flat(net), flat(alone))


def test_a_rule_keeps_no_network_alive():
    rule, net = make("Adam"), at_start()
    rule.update(net, reference_gradients(net))
    gone = weakref.ref(net)
    del net
    gc.collect()
    assert gone() is None
    assert len(rule._states) == 0


def broken(grads, kind, l, value):
    """A copy of `grads` with one entry replaced."""
    lists = {name: list(getattr(grads, name)) for name in ("W", "b")}
    lists[kind][l] = value
    return SimpleNamespace(**lists)


WRONG = {
    "None": lambda g: None,
    "transposed": lambda g: np.ones((g.shape[1], g.shape[0] + 1)),
    "would broadcast": lambda g: np.ones((1, 1, 1)),
    "a number": lambda g: 1.0,
    "flat": lambda g: np.ones(g.size + 1),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(("kind", "l"), [("W", 1), ("W", 2), ("b", 1), ("b", 2)])
@pytest.mark.parametrize("name", RULES)
def test_a_bad_gradient_changes_nothing(name, kind, l, wrong):
    """Not the parameters before it in the list, and not what the rule remembers: the next good step is unaffected."""
    net, rule = at_start(), make(name, weight_decay=0.1)
    untroubled, untroubled_rule = at_start(), make(name, weight_decay=0.1)
    for attempt in range(2):  # before there is a state, and with one
        before, good = flat(net), reference_gradients(net)
        with pytest.raises(ValueError, match=rf"grads\.{kind}\[{l}\]"):
            rule.update(net, broken(good, kind, l, WRONG[wrong](getattr(good, kind)[l])))
        np.testing.assert_array_equal(flat(net), before, err_msg=f"attempt {attempt}")
        rule.update(net, good)
        untroubled_rule.update(untroubled, reference_gradients(untroubled))
        np.testing.assert_array_equal(flat(net), flat(untroubled))


@pytest.mark.parametrize("kind", ["W", "b"])
@pytest.mark.parametrize("name", RULES)
def test_a_gradient_that_numpy_would_broadcast_is_refused(name, kind):
    """b of shape (2,) against (2, 1) is the classic: w -= η g would raise, or worse, broadcast."""
    net, rule = at_start(), make(name)
    before, good = flat(net), reference_gradients(net)
    for value in np.ones(2), np.ones((1, 1)):
        with pytest.raises(ValueError, match=rf"grads\.{kind}\[1\] has shape"):
            rule.update(net, broken(good, kind, 1, value))
    np.testing.assert_array_equal(flat(net), before)


@pytest.mark.parametrize("name", RULES)
def test_gradients_of_another_network_change_nothing(name):
    net, rule, other = at_start(), make(name), MLP([2, 2, 2, 1])
    before = flat(net)
    grads = other.backward(other.forward(np.ones((2, 1))), [[1.0]])
    with pytest.raises(ValueError, match="has 4 entries, but the network needs 3"):
        rule.update(net, grads)
    np.testing.assert_array_equal(flat(net), before)


def test_integer_gradients_of_a_practice_answer():
    """Whole numbers are numbers, and a list of lists is an array: both are what a learner may hand over."""
    for name in RULES:
        net, same = at_start(), at_start()
        whole = SimpleNamespace(W=[None, np.array([[1, -2], [3, 4]]), np.array([[1, 2]])], b=[None, [[1], [2]], [[3]]])
        floats = SimpleNamespace(**{k: [None, *(np.array(g, float) for g in v[1:])] for k, v in vars(whole).items()})
        make(name).update(net, whole)
        make(name).update(same, floats)
        np.testing.assert_array_equal(flat(net), flat(same))
