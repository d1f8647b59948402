"""
"AdamW written by hand, from the equations in its first lines, and a small network that should learn a sine with it."

"With the rule of a library the loss is 0.01 after 600 steps. With mine it is nan from the first step on. The gradients
are right, I checked them."
"""

import numpy as np

from backprop.practice.planting import Bug, Collected

TITLE = "Adam by hand"
MINUTES = 12
PLANTED = ("shared", "in-place")
BUGS = {
    "shared": Bug(
        "the two averages are one list",
        "self.v = self.m gives the same list a second name. Whatever is written into v stands in m. Seen after one "
        "step: with a gradient of 0.5, m should be 0.05 and v 0.00025.",
    ),
    "in-place": Bug(
        "the average is corrected in place",
        "The corrected average is a number for this step only. Written back into the state, it is corrected again the "
        "next time, and grows. Seen by two equal gradients: the corrected m should be that gradient both times.",
    ),
    "coupled": Bug(
        "the decay goes through the averages",
        "Added to the gradient it is Adam with an L2 penalty: it is divided by √v like the rest. Decoupled, each "
        "parameter shrinks by ηλ of itself. Seen by a gradient of 0: the parameter must shrink by exactly that.",
    ),
    "one-correction": Bug(
        "the squares are corrected with β₁",
        "1 − β₂ᵗ is 0.001 in the first step, 1 − β₁ᵗ is 0.1: the first step is ten times too long.",
    ),
    "eps-inside": Bug(
        "ε stands inside the root",
        "√(v + 1e-8) is never below 1e-4. Parameters with small gradients hardly move.",
    ),
    "order": Bug(
        "the gradients come in another order than the parameters",
        "w gets the gradient of b, and b that of w. Both have n entries, so nothing complains. Seen by a gradient check.",
    ),
}

case = Collected()


def stepped(p, gradients, **settings):
    """The positions of one number that starts at 1, after each of these gradients."""
    w = np.array([1.0])
    rule, positions = p.AdamW([w], eta=0.1, **settings), []
    for g in gradients:
        rule.step([np.array([g])])
        positions.append(w[0])
    return np.array(positions)


@case.sees("shared")
def the_averages_are_two(p):
    rule = p.AdamW([np.zeros(1)])
    assert not np.shares_memory(rule.m[0], rule.v[0]) and rule.m is not rule.v, "m and v are one and the same."


@case.sees("shared", nearly=True)
def nor_are_those_of_two_rules(p):
    one, other = p.AdamW([np.zeros(1)]), p.AdamW([np.zeros(1)])
    one.step([np.ones(1)])
    assert other.m[0] == 0 and other.v[0] == 0, "A step of one rule changes the averages of another."


@case.sees("in-place")
def the_average_is_only_read(p):
    rule = p.AdamW([np.zeros(1)])
    rule.v = [np.zeros(1)]
    rule.step([np.array([0.5])])
    assert np.isclose(rule.m[0], 0.05), "After one gradient of 0.5, m should be 0.05."


@case.sees("in-place", nearly=True)
def it_still_corrects(p):
    """With a huge ε the root doesn't matter, and two equal gradients make two equal steps."""
    rule = p.AdamW([w := np.zeros(1)], eta=1e12, eps=1e12)
    rule.v = [np.zeros(1)]
    rule.step([np.array([0.5])])
    once = w[0]
    rule.step([np.array([0.5])])
    assert np.isclose(w[0], 2 * once), (
        "Two equal gradients make a second step that differs: m isn't corrected any more."
    )


@case.sees("coupled")
def a_gradient_of_0_leaves_the_decay_alone(p):
    assert np.allclose(stepped(p, [0.0], decay=0.1), 0.99), (
        "With gradient 0, η = 0.1 and λ = 0.1, 1 should become 0.99."
    )


@case.sees("one-correction")
def the_first_step_is_the_rate(p):
    rule = p.AdamW([w := np.ones(1)], eta=0.1)
    rule.v = [np.zeros(1)]
    rule.step([np.array([100.0])])
    assert np.isclose(w[0], 0.9, rtol=1e-4), "The first step should be η long."


@case.sees("eps-inside")
def a_tiny_gradient_steps_as_far(p):
    rule = p.AdamW([w := np.ones(1)], eta=0.1)
    rule.v = [np.zeros(1)]
    rule.step([np.array([1e-5])])
    moved = 1 - w[0]
    rule = p.AdamW([w := np.ones(1)], eta=0.1)
    rule.v = [np.zeros(1)]
    rule.step([np.array([1.0])])
    assert np.isclose(moved, 1 - w[0], rtol=0.01), "A first gradient of 1e-5 should step as far as one of 1."


@case.sees("order")
def the_gradients_of_w_and_b_are_checked(p):
    rng = np.random.default_rng(1)
    net, x, y = p.Net(3, rng), rng.normal(size=5), rng.normal(size=5)
    net.u[:] = rng.normal(size=3)
    for a, g in zip(net.parameters, net.gradients(x, y)):
        a[0] += 1e-5
        up = 0.5 * np.mean((net.forward(x)[1] - y) ** 2)
        a[0] -= 2e-5
        down = 0.5 * np.mean((net.forward(x)[1] - y) ** 2)
        a[0] += 1e-5
        assert np.isclose(g[0], (up - down) / 2e-5, rtol=1e-4), (
            "A gradient isn't the central difference of its parameter."
        )


@case.holds
def it_decays(p):
    assert stepped(p, [0.0] * 3, decay=0.1)[-1] < 0.9999, "Nothing decays any more."


@case.holds
def the_parameters_are_changed_in_place(p):
    w = np.ones(2)
    p.AdamW([w]).step([np.ones(2)])
    assert (w != 1).all(), "The arrays that are handed in no longer move."
