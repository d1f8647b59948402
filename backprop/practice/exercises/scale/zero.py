r"""Bytes on each device, stage by stage

`N` billion parameters, Adam in mixed precision (2 bytes for a weight, 2 for its gradient, and 12 that the optimizer
keeps), on `n` devices. Activations aside, in gigabytes on each device: with plain data parallelism, and with ZeRO's
stages 1, 2 and 3.
"""

where = "scale#zero"
level, minutes = "interview", 4
kind = "number"
starter = "(160, 100, 80, 40)"
inputs = {"ordinary": lambda rng: {"N": int(rng.choice([3, 7, 13])), "n": int(rng.choice([4, 8, 16]))}}


def gigabytes(N, n):
    plain = (2 + 2 + 12) * N
    #: plain-spread: plain = (2 + 2 + 12) * N / n
    stage1 = (2 + 2 + 12 / n) * N
    #: weights-first: stage1 = (2 / n + 2 + 12) * N
    #: moments-only: stage1 = (2 + 2 + 4 + 8 / n) * N
    stage2 = (2 + 2 / n + 12 / n) * N
    #: gradients-alone: stage2 = (2 + 2 / n + 12) * N
    stage3 = (2 / n + 2 / n + 12 / n) * N
    #: weights-alone: stage3 = (2 / n + 2 + 12) * N
    #: whole-weights: stage3 = (2 + 2 / n + 12 / n) * N
    return plain, stage1, stage2, stage3


hints = r"""
In which order would you spread them, if what is needed least often goes first?
Stage 1 spreads what the optimizer keeps, stage 2 the gradients as well, stage 3 the weights as well.
16; 4 + 12/n; 2 + 14/n; 16/n bytes for each parameter.
"""

slips = r"""
plain-spread: plain data parallelism is taken to spread something
    It spreads the batch. Each device holds all weights, gradients and states.
    "What does a device need to make its step by itself?"
weights-first: the weights are taken to be spread first
    The optimizer's state is the largest, and is needed once a step. It goes first.
    "Which is the largest of the three, and how often is it needed?"
moments-only: the float32 copy of the weights is not spread with the moments
    It is part of what the optimizer keeps: 4 + 4 + 4.
    "To which numbers are the steps added, and who needs them?"
gradients-alone: stage 2 is taken to spread the gradients and nothing else
    The stages add up: 2 spreads the gradients on top of 1.
    "What becomes of the optimizer's state in stage 2?"
weights-alone: stage 3 is taken to spread the weights and nothing else
    The stages add up: 3 spreads all there is.
    "What becomes of the optimizer's state in stage 3?"
whole-weights: stage 3 is taken to keep whole weights on each device
    They are gathered layer by layer, when they are used, and dropped again.
    "What does stage 3 do that stage 2 doesn't?"
"""
