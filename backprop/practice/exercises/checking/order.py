r"""A walk that waits for every user

The same graph, but its values are numbered at random, and its edges `(child, parent, slope)` come in no order. `output`
is the number of the output, and every value leads to it. Return the gradient with respect to every value, as an array.
"""

import numpy as np

from backprop.practice.exercises.make import chain_of, normal

where = "checking#tape"
level, minutes = "interview", 8


def order_inputs(rng):
    count = int(rng.integers(6, 8))
    edges = chain_of(rng, count) + [(count - 1, 1, float(normal(rng))), (count - 1, 2, float(normal(rng)))]
    name = [int(n) for n in rng.permutation(count)]
    edges = [(name[child], name[parent], slope) for child, parent, slope in edges]
    return {"count": count, "edges": [edges[n] for n in rng.permutation(len(edges))], "output": name[-1]}


inputs = {"ordinary": order_inputs}


def gradients(count, edges, output):
    uses = np.zeros(count)
    for child, parent, slope in edges:
        uses[parent] += 1
    g = np.zeros(count)
    #: seed-everywhere: g = np.ones(count)
    g[output] = 1.0
    #: no-seed: g[output] = 0.0
    order, ready = [], [output]
    #: recursion+: walk = lambda n: [(g.__setitem__(p, g[p] + g[n] * s), walk(p)) for c, p, s in edges if c == n]
    #: recursion+: walk(output)
    #: recursion+: return g
    while ready:
        node = ready.pop(0)
        order.append(node)
        for child, parent, slope in edges:
            if child == node:
                g[parent] += g[node] * slope
                #: overwrite: g[parent] = g[node] * slope
                #: no-upstream: g[parent] += slope
                #: no-slope: g[parent] += g[node]
                #: recursion: pass
                uses[parent] -= 1
                if uses[parent] == 0:
                    #: breadth-first: if parent not in ready + order:
                    #: again: if True:
                    #: recursion: if False:
                    ready.append(parent)
    return g


hints = r"""
When may a value hand its gradient on? Only when every value that uses it has handed on its own.
Count the uses of each value first. Begin with the output, which has none.
Take a ready value, hand g[node] * slope to each parent, count down that parent's uses, and call it ready at 0.
"""

slips = r"""
breadth-first: a value is visited at its first arrival, before the others
    A value near the output by one path may be far by another. It hands on a gradient that is not complete.
    "Is the gradient of this value complete when you hand it on?"
again: a value hands its gradient on again at every arrival
    Each time it hands on its whole sum so far, so early terms count more than once.
    "How often is each value visited?"
recursion: each arrival goes on at once, with the sum so far
    Then a value that is used twice hands on twice, and the second time what came first is in it again.
    "How often does your function visit a value that is used twice, and with which sum?"
overwrite
no-upstream: the local slope is not multiplied by the child's gradient
    Along one path slopes multiply: upstream times local.
    "How do sensitivities along one path combine?"
no-slope: the local slope is missing
    The child's gradient is handed on as it is: this counts paths.
    "How does the parent reach the child? With which slope?"
no-seed: the seed is missing
    ∂y/∂y = 1. From zeros nothing but zeros can come.
    "What do you start from?"
seed-everywhere: every value is seeded with 1
    Only the output has gradient 1 to begin with. The others add up what arrives.
    "What is the gradient of a value before anything has arrived?"
"""
