r"""What frozen layers save

A network of `L` linear layers; nobody needs the gradient of its input. Count the matrix products of one backward pass:
when all layers are trained, when the **first** `k` are frozen, and when the **last** `k` are frozen.
"""

where = "framework#hooks"
level, minutes = "interview", 4
kind = "number"
starter = "(10, 5, 5)"


def frozen_sizes(rng):
    return {"L": int(rng.choice([8, 10, 12])), "k": int(rng.choice([3, 4]))}


inputs = {"ordinary": frozen_sizes}


def products(L, k):
    trained = L - k
    everything = 2 * L - 1
    #: input-too: everything = 2 * L
    #: lowest-dX: everything = 2 * L
    #: one-product: everything = L
    first_frozen = trained + (trained - 1)
    #: dX-through-frozen: first_frozen = trained + (L - 1)
    #: one-too-far: first_frozen = trained + trained
    #: lowest-dX: first_frozen = trained + trained
    last_frozen = trained + (L - 1)
    #: lowest-dX: last_frozen = trained + L
    #: cut: last_frozen = trained + (trained - 1)
    #: nothing-saved: last_frozen = L + (L - 1)
    return everything, first_frozen, last_frozen


hints = r"""
Each layer has two products going back. Which of them is for its weights, and which for the layers below?
A frozen layer needs no dW. But do the layers below it need what passes through it?
One dW for each trained layer. dX runs from the top down to the lowest trained layer: L − 1 steps at most, and L − k − 1
    if the first k are frozen.
"""

slips = r"""
input-too: the gradient of the input is counted when all are trained
    Below the first layer there is nobody to hand it to.
    "Which is the last dX that you need?"
dX-through-frozen: δ is handed down through the frozen first layers
    Nothing below needs it, so backward stops at the lowest trained layer.
    "Who needs the gradient below the lowest trained layer?"
one-too-far: δ is handed one layer too far down with the first layers frozen
    The lowest trained layer needs its dW, but nobody needs its dX.
    "Which is the last dX that you need?"
lowest-dX: each time the dX of the lowest trained layer is counted
    It needs its dW. Its dX would go to a layer, or an input, that nobody trains.
    "Which is the last dX that you need?"
cut: frozen last layers are taken to save their dX too
    The trained layers below them get their gradient through them. Frozen is not detached.
    "How does the gradient get from the loss to the trained layers?"
nothing-saved: frozen last layers are taken to save nothing
    Their dX is needed, but their dW is not.
    "What is computed for the weights of a frozen layer?"
one-product: one product for each layer, where there are two
    dW and dX, both of them matrix products.
    "Which products does the backward pass of a layer hold?"
"""
