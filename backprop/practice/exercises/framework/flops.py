r"""How long will it train?

A model of `N` parameters is trained on `D` tokens, on a device that can do `rate` operations per second, of which the
program reaches the `share`. By the rule of thumb: the operations of all forward passes, of all backward passes, and the
hours that it takes.
"""

where = "framework#flops"
level, minutes = "interview", 4
kind = "number"
starter = "(1e18, 1e18, 10)"


def training_run(rng):
    N, D = int(rng.choice([1, 2, 3, 5])) * 10**8, int(rng.choice([2, 4, 10])) * 10**9
    return {"N": N, "D": D, "rate": 10**14, "share": float(rng.choice([0.3, 0.4, 0.5]))}


inputs = {"ordinary": training_run}


def estimate(N, D, rate, share):
    forward = 2 * N * D
    #: multiply-add: forward = N * D
    backward = 4 * N * D
    #: backward-equal: backward = 2 * N * D
    hours = (forward + backward) / (rate * share) / 3600
    #: no-forward: hours = backward / (rate * share) / 3600
    #: no-backward: hours = forward / (rate * share) / 3600
    #: no-share: hours = (forward + backward) / rate / 3600
    #: share-inverted: hours = (forward + backward) / rate * share / 3600
    #: seconds: hours = (forward + backward) / (rate * share)
    return forward, backward, hours


hints = r"""
How often is each parameter used for one token, forward? With how many operations?
A multiplication and an addition each: 2ND. Backward has two products for each one of forward.
2ND, 4ND, and 6ND / (rate · share) seconds.
"""

slips = r"""
multiply-add: forward counts a multiplication and its addition as one
    A rate in FLOP/s counts both.
    "What does the maker of the device count as one operation?"
backward-equal: backward is counted as costing the same as forward
    Each layer has one product forward and two backward: for its input and for its weights.
    "Which products does the backward pass of a layer hold?"
no-forward: the hours leave out the forward passes
    A training step is both.
    "What does one training step consist of?"
no-backward: the hours leave out the backward passes
    A training step is both.
    "What does one training step consist of?"
no-share: the share that is reached is left out
    No program reaches the number in the data sheet.
    "How fast does your program really run?"
share-inverted: multiplied by the share where it should be divided
    At half the speed it takes twice as long.
    "At half the speed, does it take longer or shorter?"
seconds: these are seconds
    Hours were asked for.
    "In which unit is your result?"
"""
