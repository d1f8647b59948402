"""Learning from rewards and from preferences: the clipped policy gradient and DPO, down to the logits. In rows."""

import numpy as np

from backprop.activations import sigmoid
from backprop.layers.functions import log_softmax, softmax


def log_probabilities(Z, tokens):
    """log p of the token that was taken at each position: logits Z (..., T, V), integers (..., T), result (..., T)."""
    return np.take_along_axis(log_softmax(Z), tokens[..., np.newaxis], axis=-1)[..., 0]


def log_probabilities_backward(G, Z, tokens):
    """dZ = g (y − p) at each position, with the one-hot y of its token: cross-entropy's p − y, with a weight −g."""
    d = -softmax(Z)
    np.put_along_axis(d, tokens[..., np.newaxis], np.take_along_axis(d, tokens[..., np.newaxis], -1) + 1, -1)
    return G[..., np.newaxis] * d


def group_advantage(rewards, eps=1e-8):
    """(R − mean R) / (std R + ε) within each group of answers to one prompt: rewards (..., answers).

    It stands in for a learned baseline, and is a constant for the backward pass. GRPO, Shao et al. (2024).
    """
    R = np.asarray(rewards, dtype=float)
    return (R - R.mean(axis=-1, keepdims=True)) / (R.std(axis=-1, keepdims=True) + eps)


def clipped_policy_loss(log_p, old_log_p, advantage, clip=0.2):
    """𝓛 = −mean min(ρ A, clip(ρ, 1 − clip, 1 + clip) A) with the ratio ρ = e^(log p − old log p).

    All arrays have one shape. old_log_p and advantage are constants: of the policy that sampled, and of its reward.
    PPO, Schulman et al. (2017).
    """
    ratio = np.exp(log_p - old_log_p)
    return float(-np.minimum(ratio * advantage, np.clip(ratio, 1 - clip, 1 + clip) * advantage).mean())


def clipped_policy_loss_backward(log_p, old_log_p, advantage, clip=0.2):
    """d log p = −ρ A/N, and 0 where the ratio has left 1 ± clip on the side to which A pushes it.

    At ρ = 1, in the first step after sampling, it is −A/N: the plain policy gradient. dρ/d log p = ρ.
    """
    ratio = np.exp(log_p - old_log_p)
    stopped = np.where(advantage > 0, ratio > 1 + clip, ratio < 1 - clip)
    return np.where(stopped, 0.0, -ratio * advantage) / np.size(log_p)


def preference_loss(chosen, rejected, ref_chosen, ref_rejected, beta):
    """𝓛 = −mean log σ(m) with m = β [(chosen − ref_chosen) − (rejected − ref_rejected)].

    Each is a log-probability of a whole answer, (pairs,): the sum over its tokens, by the model and by a frozen copy.
    DPO, Rafailov et al. (2023).
    """
    m = beta * ((chosen - ref_chosen) - (rejected - ref_rejected))
    return float(np.logaddexp(0, -m).mean())


def preference_loss_backward(chosen, rejected, ref_chosen, ref_rejected, beta):
    """d chosen = −β σ(−m)/N and d rejected = +β σ(−m)/N: a pair weighs the more, the more wrongly it is ranked."""
    m = beta * ((chosen - ref_chosen) - (rejected - ref_rejected))
    weight = beta * sigmoid(-m) / np.size(m)
    return -weight, weight
