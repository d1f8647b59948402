r"""Pulling a gradient through softmax

`p` is a softmax of shape $(K,B)$, samples as columns, and `g` is $\partial\mathcal L/\partial p$. Return
$\partial\mathcal L/\partial z$ without building a Jacobian.
"""

from backprop.practice.exercises.make import normal, sizes, softmax_of

where = "outputs#softmax"
level, minutes = "interview", 4
batch = ("p", 1)


def upstream_of_softmax(rng):
    K, B = sizes(rng, 2)
    return {"p": softmax_of(normal(rng, K, B)), "g": normal(rng, K, B)}


inputs = {"ordinary": upstream_of_softmax}


def softmax_backward(p, g):
    average = (p * g).sum(axis=0, keepdims=True)
    #: plain-mean: average = g.mean(axis=0, keepdims=True)
    #: unweighted: average = g.sum(axis=0, keepdims=True)
    #: axis: average = (p * g).sum(axis=1, keepdims=True)
    #: whole: average = (p * g).sum()
    centered = g - average
    #: no-sum: centered = g
    #: elementwise: centered = g * (1 - p)
    #: plus: centered = g + average
    dz = p * centered
    #: no-p: dz = centered
    return dz


hints = r"""
Multiply Jᵀg out for one sample, with J_ij = p_i ([i = j] − p_j).
∂𝓛/∂z_j = p_j (g_j − one number for the whole sample). Which one?
p ⊙ (g − Σ p g), with the sum over the classes of each sample.
"""

slips = r"""
no-sum: the sum is missing: p ⊙ g
    This holds diag(p) g only. The term −p (pᵀg) comes from the common denominator.
    "Your upstream gradient is the same for all classes. What should come out?"
elementwise
plain-mean: the plain mean of g is subtracted, not its average under p
    The average is weighted with the probabilities: Σ p_i g_i.
    "What should dz sum to over the classes?"
unweighted
axis
    Samples are columns, and they don't know of each other. The classes run along axis 0.
whole: the sum runs over the whole batch
    Each sample has an average of its own: keep axis 1.
    "Does one sample's gradient depend on another sample?"
plus: the average is added, not subtracted
    Off the diagonal the Jacobian is −p_i p_j.
    "Your upstream gradient is the same for all classes. What should come out?"
no-p: the factor p in front is missing
    J_ij = p_i ([i = j] − p_j): a class of probability 0 does not move.
    "What is the gradient of a logit whose probability is 0?"
"""
