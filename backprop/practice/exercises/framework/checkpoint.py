r"""A checkpoint at every block

Each of `L` blocks keeps its input, `edge` megabytes, and `inside` megabytes more for its backward pass. With a
checkpoint at every block only the inputs stay, and each block is computed once more when backward gets there. In
megabytes at the worst moment: without checkpoints, and with them. And the time of a step as a multiple of the time
without, when backward costs twice as much as forward.
"""

where = "framework#recompute"
level, minutes = "interview", 4
kind = "number"
starter = "(1000, 500, 2)"


def block_sizes(rng):
    choices = {"L": (12, 24, 32), "inside": (90, 150, 200), "edge": (5, 10, 12)}
    return {name: int(rng.choice(values)) for name, values in choices.items()}


inputs = {"ordinary": block_sizes}


def checkpoints(L, inside, edge):
    without = L * (inside + edge)
    #: edge-forgotten: without = L * inside
    kept = L * edge + inside
    #: inside-forgotten: kept = L * edge
    #: edges-forgotten: kept = inside
    #: one-edge: kept = edge + inside
    time = (1 + 1 + 2) / (1 + 2)
    #: twice: time = 2
    #: equal: time = (1 + 1 + 1) / (1 + 1)
    #: free: time = 1
    return without, kept, time


hints = r"""
What is in memory in the middle of the backward pass of one block?
All inputs, and the inside of the one block that is being walked back. What is computed twice?
L (inside + edge), then L · edge + inside, and one more forward pass: (1 + 1 + 2)/(1 + 2).
"""

slips = r"""
inside-forgotten: the block that is being recomputed is not counted
    While backward walks through a block, all of its inside is in memory.
    "What is in memory in the middle of a block's backward pass?"
edges-forgotten: the checkpoints themselves are not counted
    The input of every block must stay, to compute it again from there.
    "From what is a block computed again?"
one-edge: only one checkpoint is counted
    The input of every block stays until backward has passed it.
    "How many checkpoints are there when backward begins?"
edge-forgotten: the inputs of the blocks are left out without checkpoints
    They are kept in both cases.
    "What does a block need for its backward pass, besides its inside?"
twice: the whole step is counted twice
    Only the forward pass is run once more. The backward pass is as before.
    "Which parts of the step are repeated?"
equal: backward is counted as costing the same as forward
    A layer's backward pass has two products, its forward pass has one.
    "How many products has one layer forward, and how many backward?"
free: the recomputation is taken as free
    What was thrown away must be computed again: one more forward pass.
    "What do you do when you need an activation that you threw away?"
"""
