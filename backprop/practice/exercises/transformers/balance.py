r"""The balancing loss

`p` $(N,E)$ holds a router's softmax for each of $N$ tokens, and `chosen` $(N,E)$ is 1 where an expert was chosen, else
0, once in each row. With $f_e$ the share of tokens that chose expert $e$, and $P_e$ the mean of $p_e$ over the tokens,
the loss is $E\sum_ef_eP_e$. Return $\partial\mathcal L/\partial z$ for the logits $z$ of which $p$ is the softmax.
"""

import numpy as np

from backprop.practice.exercises.make import normal

where = "transformers#router"
level, minutes = "interview", 5


def balance_inputs(rng):
    N, E = (int(size) for size in rng.permutation(np.arange(4, 8))[:2])
    z = normal(rng, N, E)
    p = np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)
    return {"p": p, "chosen": (z == z.max(axis=-1, keepdims=True)).astype(float)}


inputs = {"ordinary": balance_inputs}


def balance_backward(p, chosen):
    N, E = p.shape
    f = chosen.mean(axis=0)
    #: f-is-p: f = p.mean(axis=0)
    #: over-experts: f = chosen.mean(axis=1, keepdims=True)
    dp = E * f / N
    #: no-mean: dp = E * f
    #: no-E: dp = f / N
    #: chosen-only: dp = E * f / N * chosen
    dz = p * (dp - (p * dp).sum(axis=-1, keepdims=True))
    #: no-softmax: dz = dp * np.ones_like(p)
    #: no-sum: dz = p * dp
    return dz


hints = r"""
f counts choices. Does a count move when a logit moves a little?
So f is a constant, and only P carries a gradient: each p of expert e has the slope E f_e / N.
Then back through the softmax of each row: p ⊙ (dp − Σ p dp).
"""

slips = r"""
f-is-p: f is taken for the mean probability
    f counts what was chosen. It is a number without a slope.
    "A token gives expert 1 a probability of 0.4 and chooses it. What does it add to f?"
over-experts: f is a share over the experts, not over the tokens
    f_e belongs to an expert: how many of the tokens went to it.
    "How many numbers does f have?"
no-mean: the mean over the tokens is missing: no 1/N
    P_e is a mean of N probabilities, so each has the slope 1/N.
    "You double the tokens. What happens to your gradient?"
no-E: the factor E is missing
    The loss has it so that an even load costs 1, whatever the number of experts.
    "What is the loss when all is even?"
chosen-only: only the chosen probability gets a gradient
    P_e is the mean over all tokens, also of those that went elsewhere. That is how an unused expert is pulled up.
    "How would an expert that nobody chose ever get a gradient?"
no-softmax: the slope of p is handed to the logit
    Between a logit and its probability stands the softmax.
    "What should a row of dz sum to?"
no-sum: softmax's sum is missing
    When one probability rises, the others fall.
    "What should a row of dz sum to?"
"""
