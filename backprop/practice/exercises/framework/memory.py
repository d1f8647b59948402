r"""Bytes for parameters, gradients and Adam

Mixed precision as in large trainers, with Adam and `N` million parameters: weights and gradients are in float16, and
whatever the optimizer keeps for itself is in float32. In megabytes ($10^6$ bytes): the weights, the gradients, what the
optimizer keeps, and all together. Activations aside.
"""

where = "framework#bytes"
level, minutes = "interview", 3
kind = "number"
starter = "(100, 100, 100, 300)"
inputs = {"ordinary": lambda rng: {"N": int(rng.choice([125, 350, 700, 1300]))}}


def megabytes(N):
    weights = 2 * N
    #: weights-32: weights = 4 * N
    gradients = 2 * N
    #: gradients-32: gradients = 4 * N
    optimizer = (4 + 4 + 4) * N
    #: two-arrays: optimizer = (4 + 4) * N
    #: one-array: optimizer = 4 * N
    #: half: optimizer = (2 + 2 + 2) * N
    total = weights + gradients + optimizer
    #: incomplete: total = weights + optimizer
    return weights, gradients, optimizer, total


hints = r"""
What does Adam remember about each weight? And can a tiny step be added to a float16?
Two moments, and a float32 copy of the weight itself, which takes the steps. How many bytes has a float32?
2 + 2 + (4 + 4 + 4) = 16 bytes for each parameter.
"""

slips = r"""
two-arrays: the optimizer keeps three arrays, and two are counted
    They are m, v, and a float32 copy of the weights: float16 is too coarse to add a small step to.
    "To what are your small steps added?"
one-array: the optimizer keeps three arrays, and one is counted
    Adam has two moments, and the weights themselves are kept once more in float32.
    "What does Adam remember about each weight?"
half: what the optimizer keeps is counted in float16
    v holds squares of small numbers, which float16 loses.
    "What is the square of 1e-5 in float16?"
gradients-32: the gradients are counted in float32
    The prompt has them in float16: 2 bytes each. Setups differ, so one says which.
    "In which precision are your gradients?"
weights-32: the weights are counted in float32
    Under PyTorch's autocast they are, and there is no copy. Here the forward pass reads float16, and the float32 copy
    belongs to the optimizer.
    "Which of the two copies does the forward pass read?"
incomplete: 2 bytes for each parameter are missing in the sum: the float16 weights, or the gradients
    The float16 weights are held besides the float32 copy, and the gradients until the step is made.
    "What is in memory when the optimizer steps?"
"""
