r"""Adam's step

From memory: return the new `w`, `m` and `v` after step number `t` of Adam. `t` counts from 1.
"""

import numpy as np

from backprop.practice.exercises.make import adam_inputs

where = "rules#adam"
level, minutes = "interview", 5


def first_adam_step(rng):
    given = adam_inputs(rng)
    return given | {"m": np.zeros_like(given["m"]), "v": np.zeros_like(given["v"]), "t": 1}


inputs = {"ordinary": adam_inputs, "the first step": first_adam_step}


def adam(w, g, m, v, t, eta, beta1, beta2, eps):
    m = beta1 * m + (1 - beta1) * g
    #: swapped: m = beta2 * m + (1 - beta2) * g
    #: no-share-m: m = beta1 * m + g
    #: late: m_old, m = m, beta1 * m + (1 - beta1) * g
    v = beta2 * v + (1 - beta2) * g**2
    #: not-squared: v = beta2 * v + (1 - beta2) * g
    #: swapped: v = beta1 * v + (1 - beta1) * g**2
    #: no-share-v: v = beta2 * v + g**2
    #: m-squared: v = beta2 * v + (1 - beta2) * m**2
    #: late: v_old, v = v, beta2 * v + (1 - beta2) * g**2
    m_hat = m / (1 - beta1**t)
    #: m-uncorrected: m_hat = m
    #: t-from-0: m_hat = m / (1 - beta1 ** (t - 1))
    #: t-factor: m_hat = m / (1 - beta1)
    #: t-ahead: m_hat = m / (1 - beta1 ** (t + 1))
    #: late: m_hat = m_old / (1 - beta1**t)
    #: swapped: m_hat = m / (1 - beta2**t)
    v_hat = v / (1 - beta2**t)
    #: v-uncorrected: v_hat = v
    #: t-from-0: v_hat = v / (1 - beta2 ** (t - 1))
    #: t-factor: v_hat = v / (1 - beta2)
    #: t-ahead: v_hat = v / (1 - beta2 ** (t + 1))
    #: late: v_hat = v_old / (1 - beta2**t)
    #: swapped: v_hat = v / (1 - beta1**t)
    w = w - eta * m_hat / (np.sqrt(v_hat) + eps)
    #: eps-inside: w = w - eta * m_hat / (np.sqrt(v_hat + eps))
    #: not-divided: w = w - eta * m_hat
    #: no-root: w = w - eta * m_hat / (v_hat + eps)
    #: g-step: w = w - eta * g / (np.sqrt(v_hat) + eps)
    return w, m, v
    #: hats-kept: return w, m_hat, v_hat


hints = r"""
Five lines: two running averages, two corrections, one step.
m averages g with β₁, v averages g² with β₂. After t steps from 0 an average is too small by 1 − βᵗ.
w ← w − η m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ).
"""

slips = r"""
hats-kept: the corrected averages are kept in place of m and v
    The next step would begin from them, and correct them once more.
    "What does the next step average with: m, or m_hat?"
m-uncorrected: m is not corrected for its start at 0
    After t steps from 0, m holds only 1 − β₁ᵗ of the gradient's size.
    "Under a constant gradient, how large is m after the first step?"
v-uncorrected: v is not corrected for its start at 0
    v starts much too small, since β₂ is so close to 1. Under the root it makes the first steps too long.
    "Under a constant gradient, how large is v after the first step?"
t-from-0: t is one too small: it counts from 0
    At the first step 1 − β⁰ = 0, and the division gives inf or NaN.
    "What does your first step divide by?"
t-factor: the power t is missing from the corrections
    This is right at the first step only. Later the averages have filled up, and the correction must fade.
    "What should the correction be after a thousand steps?"
eps-inside
not-squared: v averages g where g² is due
    v is the second moment. With g it can be negative, and its root is NaN.
    "Can your v be negative?"
swapped: β₁ and β₂ are swapped
    β₁ = 0.9 belongs to the gradient, β₂ = 0.999 to its square, which needs the longer memory.
    "Which of the two averages should remember longer?"
no-share-m: the factor 1 − β₁ is missing in m
    Then m is momentum's sum. The correction assumes an average.
    "Under a constant gradient, at which value should m settle?"
no-share-v: the factor 1 − β₂ is missing in v
    Then v settles at g²/(1 − β₂), and the steps are far too short.
    "Under a constant gradient, at which value should v settle?"
not-divided: m̂ is not divided by √v̂
    This is momentum. The division gives each parameter a rate of its own.
    "Does your step depend on the scale of the loss? Should it?"
no-root: the root of v̂ is missing
    v̂ has the unit of g². The root brings it back to the unit of g.
    "Scale the gradient by 10. What happens to your step?"
g-step: the step follows g, not m̂
    Then m is kept but never used, and this is RMSProp with a correction.
    "Where does m enter the step?"
m-squared: v averages m² where g² is due
    v is the second moment of the gradient itself. The square of an average forgets how much g varies.
    "Of which quantity do the two averages keep the moments?"
t-ahead: t is one too large in the corrections
    t counts the steps, this one included, from 1. With t + 1 the corrections fade a step too early.
    "What is t at the very first step, and how large is m then?"
late: the step is taken with the averages of before
    Adam updates m and v first, and steps with the new ones. At the first step the old ones are 0.
    "At the first step, what would you divide by what?"
"""
