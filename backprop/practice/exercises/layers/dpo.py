r"""Direct preference optimization, backward

`z_chosen` $(T,V)$ and `z_rejected` $(T',V)$ are the logits of a model at the tokens of two answers, `chosen` $(T,)$ and
`rejected` $(T',)$ their tokens as integers. Let $\ell$ be the log-probability of an answer, the sum of $\log p$ of its
tokens; `ref_chosen` and `ref_rejected` are the same numbers under a frozen model. The loss is $-\log\sigma(m)$ with
$m=\beta\big[(\ell_{\text{chosen}}-\text{ref}_{\text{chosen}})
-(\ell_{\text{rejected}}-\text{ref}_{\text{rejected}})\big]$.
Return $\partial\mathcal L/\partial z$ of both.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "tuning#dpo"
level, minutes = "interview", 8


def pair_inputs(rng):
    T, U, V = (int(size) for size in rng.permutation(np.arange(2, 7))[:3])
    z, u = normal(rng, T, V), normal(rng, U, V)
    given = {"z_chosen": z, "z_rejected": u, "chosen": rng.integers(0, V, T), "rejected": rng.integers(0, V, U)}
    ref = {"ref_chosen": -T * rng.uniform(1, 3), "ref_rejected": -U * rng.uniform(1, 3)}
    return given | ref | {"beta": rng.uniform(0.2, 0.6)}


inputs = {"ordinary": pair_inputs}


def dpo_backward(z_chosen, z_rejected, chosen, rejected, ref_chosen, ref_rejected, beta):
    def p_and_log(z, tokens):
        p = np.exp(z - z.max(axis=-1, keepdims=True))
        p = p / p.sum(axis=-1, keepdims=True)
        return p, np.log(p[np.arange(len(tokens)), tokens]).sum()

    p_chosen, log_chosen = p_and_log(z_chosen, chosen)
    p_rejected, log_rejected = p_and_log(z_rejected, rejected)
    margin = beta * ((log_chosen - ref_chosen) - (log_rejected - ref_rejected))
    #: no-reference: margin = beta * (log_chosen - log_rejected)
    #: no-beta: margin = (log_chosen - ref_chosen) - (log_rejected - ref_rejected)
    weight = beta * (1 - 1 / (1 + np.exp(-margin)))
    #: weight-beta: weight = 1 - 1 / (1 + np.exp(-margin))
    #: right-side: weight = beta / (1 + np.exp(-margin))
    #: no-weight: weight = 1
    dz_chosen = weight * (p_chosen - np.eye(z_chosen.shape[-1])[chosen])
    dz_rejected = -weight * (p_rejected - np.eye(z_rejected.shape[-1])[rejected])
    #: both-up: dz_rejected = weight * (p_rejected - np.eye(z_rejected.shape[-1])[rejected])
    return dz_chosen, dz_rejected


hints = r"""
It is binary cross-entropy with the logit m and the target 1. What is ∂𝓛/∂m?
∂𝓛/∂m = σ(m) − 1. What is ∂m/∂ℓ of each answer, and ∂ℓ/∂z of one token?
∂ℓ/∂z = y − p at each token. So with c = β(1 − σ(m)): ∂𝓛/∂z is c (p − y) for the chosen answer and −c (p − y) for the
    other.
"""

slips = r"""
no-reference: the reference is left out of the margin
    It is frozen, so nothing flows back through it; it still decides how large σ(m) is.
    "The model still equals the reference. What is the margin then, and what is your weight?"
no-beta: β is missing in the margin
    The margin is β times the difference of the log-ratios.
    "Where does β stand in the loss?"
weight-beta: β is missing in the gradient
    ∂m/∂ℓ = ±β.
    "You double β. Name both places where your gradient feels it."
right-side: σ(m) stands where 1 − σ(m) is due
    A pair that is told apart well, with m large, needs no push.
    "Which pairs should move the model most?"
no-weight: every pair weighs 1
    Each pair weighs β(1 − σ(m)): the more, the more wrongly it is ranked.
    "What is the gradient of a pair that is ranked right by a wide margin?"
both-up: the rejected answer is pushed up as well
    m falls with the log-probability of the rejected answer.
    "In which direction should the rejected answer's log-probability move?"
"""
