r"""Moving to MSELoss

You trained with $\tfrac12\|a-y\|^2$, summed over the `n` outputs and averaged over a batch of `B`, at the learning rate
`eta`. Now the loss is PyTorch's `MSELoss` with its defaults. By which factor does the gradient change, and which
learning rate makes the same SGD steps as before?
"""

where = "framework#averages"
level, minutes = "apply", 3
kind = "number"
starter = "(1, 0.1)"


def loss_sizes(rng):
    choices = {"n": (5, 8, 12), "B": (32, 50, 64), "eta": (0.02, 0.05, 0.3)}
    return {name: rng.choice(values).item() for name, values in choices.items()}


inputs = {"ordinary": loss_sizes}


def moved(n, B, eta):
    factor = 2 / n
    #: no-two: factor = 1 / n
    #: batch-too: factor = 2 / (n * B)
    #: only-two: factor = 2
    #: by-batch: factor = 2 / B
    #: inverted: factor = n / 2
    new_eta = eta / factor
    #: wrong-way: new_eta = eta * factor
    #: unchanged: new_eta = 1 * eta
    return factor, new_eta


hints = r"""
Write both losses as a number times the sum of all squares.
Ours is 1/(2B) times that sum. Over how many numbers does MSELoss take its mean?
1/(nB) against 1/(2B): the factor is 2/n, and η is divided by it.
"""

slips = r"""
no-two: the ½ is forgotten
    MSELoss has no ½, so its gradient has a 2 that ours lacks.
    "Which of the two losses has a ½?"
batch-too: 1/B is counted as new
    Both losses average over the batch.
    "Over what does each loss average?"
only-two: the mean over the outputs is forgotten
    By default MSELoss divides by all elements: n times B.
    "By how many numbers does each loss divide?"
by-batch: the batch size stands where the number of outputs belongs
    Both divide by B. Only MSELoss divides by n too.
    "Over what does each loss average?"
inverted: the factor is upside down
    It says how the new gradient compares with the old one.
    "With many outputs, which of the two gradients is larger?"
wrong-way: the learning rate is changed in the same direction as the gradient
    A step is η times the gradient. What one loses the other must gain.
    "The gradient is now smaller. Should η grow or shrink?"
unchanged: the learning rate is left as it was
    A step is η times the gradient, and the gradient has changed.
    "How long is your SGD step before and after?"
"""
