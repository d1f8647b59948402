"""
"A recurrent network reads signals of ten steps, and says at the end whether the first value was above 0. It has one
state of 16 units, gradients go through all of time, and they are clipped at a norm of 1."

"It should get nearly all of the training signals right within 300 steps. Mine stays near a coin's toss. No error, no
nan."
"""

import numpy as np

from backprop.practice.planting import Bug, Collected

TITLE = "Remember the first value"
MINUTES = 15
PLANTED = ("reshaped", "alias", "each-alone")
BUGS = {
    "reshaped": Bug(
        "a reshape stands where a transpose is due",
        "reshape keeps the order of the numbers and only cuts it anew, so that a row mixes several signals. The shape "
        "is right, which is why nobody notices. Seen with numbers that say where they came from.",
    ),
    "alias": Bug(
        "all states in the list are the same array",
        "h[:] = … writes into the array that the list holds already. The forward pass is right, and the backward pass "
        "reads the last state at every time. Seen by comparing two entries of H.",
    ),
    "each-alone": Bug(
        "each gradient is clipped by its own norm",
        "Clipping all together keeps the direction. Each by itself changes it, and the common norm may be twice the "
        "limit. Seen by the ratio of two gradients before and after.",
    ),
    "slope-before": Bug(
        "the slope is that of the state before", "1 − h² belongs to the state that came out of this tanh."
    ),
    "last-input": Bug(
        "only one step's share of Wx is kept",
        "Wx is used at every time, so its gradient is the sum over all of them. Here each step overwrites the one before.",
    ),
    "state-after": Bug(
        "Wh meets the state after it, not the one before",
        "At time t, Wh multiplies the state that came in. That one belongs into its gradient.",
    ),
    "not-transposed": Bug(
        "Wh isn't transposed on the way back",
        "Wh is square, so nothing complains. All gradients of earlier times are wrong.",
    ),
}

case = Collected()


def small(p):
    rng = np.random.default_rng(1)
    q = {"Wx": (2, 3), "Wh": (3, 3), "b": 3, "v": 3}
    return {k: rng.normal(size=s) for k, s in q.items()}, rng.normal(size=(4, 3, 2)), np.array([0.0, 1, 1, 0])


def states(q, X):
    """Our own forward pass."""
    H = [np.zeros((len(X), 3))]
    for t in range(X.shape[1]):
        H.append(np.tanh(X[:, t] @ q["Wx"] + H[-1] @ q["Wh"] + q["b"]))
    return H, 1 / (1 + np.exp(-H[-1] @ q["v"]))


def loss(q, X, y):
    P = states(q, X)[1]
    return -np.mean(y * np.log(P) + (1 - y) * np.log(1 - P))


def slope(q, X, y, name, i):
    """The central difference for one entry."""
    up, down = ({k: v.copy() for k, v in q.items()} for _ in range(2))
    up[name][i] += 1e-5
    down[name][i] -= 1e-5
    return (loss(up, X, y) - loss(down, X, y)) / 2e-5


@case.sees("reshaped")
def a_row_is_one_signal(p):
    X = np.array([[[0], [10], [20]], [[1], [11], [21]]])  # two times, three signals: tens name the signal
    assert p.rows(X)[:, :, 0].tolist() == [[0, 1], [10, 11], [20, 21]], (
        "With numbers that name signal and time, a row mixes signals."
    )


@case.sees("alias")
def each_state_is_kept(p):
    q, X, _ = small(p)
    H, due = p.forward(q, X)[0], states(q, X)[0]
    assert len(H) == len(due) and not np.allclose(H[1], H[2]), "The states of two times are equal."


@case.sees("alias", nearly=True)
def the_states_are_the_right_ones(p):
    q, X, _ = small(p)
    H, due = p.forward(q, X)[0], states(q, X)[0]
    assert len(H) == len(due) and all(np.allclose(a, b) for a, b in zip(H, due)), (
        "The states aren't those of each time."
    )


@case.sees("each-alone")
def clipping_keeps_the_direction(p):
    grads = {"a": np.array([3.0, 4.0]), "b": np.array([0.5])}
    clipped = p.clip(grads, 1.0)
    assert np.isclose(clipped["a"][0] / clipped["b"][0], 6), (
        "Before clipping, one gradient is 6 times another one; after it isn't."
    )


@case.sees("each-alone", nearly=True)
def the_common_norm_is_the_limit(p):
    grads = {"a": np.array([3.0, 4.0]), "b": np.array([12.0])}
    clipped, small = p.clip(grads, 1.0), p.clip({"a": np.array([0.1]), "b": np.array([0.2])}, 1.0)
    assert np.isclose(np.sqrt(sum((g**2).sum() for g in clipped.values())), 1), (
        "The norm of all gradients together isn't 1."
    )
    assert small["a"] == 0.1 and small["b"] == 0.2, "Gradients that are short enough are changed as well."


@case.sees("slope-before")
def one_step_passes_its_check(p):
    q, X, y = small(p)
    X = X[:, :1]
    g = p.backward(q, X, y, *states(q, X))
    assert np.isclose(g["b"][0], slope(q, X, y, "b", 0), rtol=1e-4), (
        "With one step in time, ∂loss/∂b isn't the central difference."
    )


@case.sees("last-input")
def a_step_adds_to_Wx(p):
    """With Wh = 0 only the last step counts. Its share must not be overwritten."""
    q, X, y = small(p)
    q["Wh"] *= 0
    H, P = states(q, X)
    g, ref = p.backward(q, X, y, H, P), p.backward(q, X[:, -1:], y, H[-2:], P)
    assert np.allclose(g["Wx"], ref["Wx"]), (
        "With Wh = 0 the earlier inputs don't matter, and ∂loss/∂Wx changes with them."
    )


@case.sees("state-after")
def the_first_state_is_0(p):
    q, X, y = small(p)
    X = X[:, :1]
    assert not p.backward(q, X, y, *states(q, X))["Wh"].any(), "With one step the state before is 0, so ∂loss/∂Wh is 0."


@case.sees("not-transposed")
def what_feeds_the_output_has_a_gradient(p):
    """Unit 0 feeds unit 1, and unit 1 alone is read."""
    q, X, y = small(p)
    q["Wh"], q["v"] = np.zeros((3, 3)), np.array([0.0, 1, 0])
    q["Wh"][0, 1] = 1
    g = p.backward(q, X, y, *states(q, X))
    assert g["b"][0] != 0, (
        "Unit 0 feeds unit 1, which is read. Yet the loss doesn't seem to depend on the bias of unit 0."
    )


@case.holds
def the_output_passes_its_check(p):
    q, X, y = small(p)
    g = p.backward(q, X, y, *states(q, X))
    assert np.isclose(g["v"][0], slope(q, X, y, "v", 0), rtol=1e-4), "∂loss/∂v isn't the central difference any more."
