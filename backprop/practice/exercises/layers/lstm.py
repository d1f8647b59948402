r"""One step of an LSTM, backward

$c=f\odot c_{\text{prev}}+i\odot g$ and $h=o\odot\tanh c$. The gates are given as they left their activations: $i,f,o$
sigmoids of $z_i,z_f,z_o$, and $g=\tanh z_g$, all $(B,m)$. `dh` is what arrives at $h$, `dc_next` what arrives at $c$
from the next step. Return $\partial\mathcal L/\partial c_{\text{prev}}$ and the gradients of $z_i,z_f,z_g,z_o$.
"""

import numpy as np

from backprop.practice.exercises.make import normal, sizes

where = "layers#time"
level, minutes = "interview", 10
batch = ("dh", 0)


def lstm_inputs(rng):
    B, m = sizes(rng, 2)
    gates = {name: rng.uniform(0.1, 0.9, (B, m)) for name in ("i", "f", "o")}
    gates = {"i": gates["i"], "f": gates["f"], "g": rng.uniform(-0.9, 0.9, (B, m)), "o": gates["o"]}
    return gates | {"c_prev": normal(rng, B, m), "dh": normal(rng, B, m), "dc_next": normal(rng, B, m)}


inputs = {"ordinary": lstm_inputs}


def lstm_backward(i, f, g, o, c_prev, dh, dc_next):
    tanh_c = np.tanh(f * c_prev + i * g)
    dc = dc_next + dh * o * (1 - tanh_c**2)
    #: no-next: dc = dh * o * (1 - tanh_c**2)
    #: no-h: dc = dc_next
    #: no-tanh: dc = dc_next + dh * o
    #: no-o: dc = dc_next + dh * (1 - tanh_c**2)
    dz_i = dc * g * i * (1 - i)
    #: gate-value: dz_i = dc * g
    dz_f = dc * c_prev * f * (1 - f)
    #: f-own: dz_f = dc * (f * c_prev + i * g) * f * (1 - f)
    dz_g = dc * i * (1 - g**2)
    #: g-sigmoid: dz_g = dc * i * g * (1 - g)
    dz_o = dh * tanh_c * o * (1 - o)
    #: o-from-c: dz_o = dc * tanh_c * o * (1 - o)
    dc_prev = dc * f
    #: no-forget: dc_prev = 1 * dc
    return dc_prev, dz_i, dz_f, dz_g, dz_o


hints = r"""
Draw the step. Along how many ways does c reach the loss?
Two: dc_next, and through tanh and o to h. The rest is products: a factor's slope is the other factor.
dc = dc_next + dh ⊙ o ⊙ (1 − tanh² c). Then dc times g, c_prev, i, f for i, f, g and c_prev; dh times tanh c for o. Each
    gate still needs its own activation's slope.
"""

slips = r"""
no-next: what comes from the next step's c is forgotten
    c goes straight on to the next step: that is the highway for which the LSTM was made.
    "Along which ways does c reach the loss?"
no-h: what comes through h is forgotten
    c reaches h, by tanh and the output gate.
    "Along which ways does c reach the loss?"
no-tanh: tanh' is missing between h and c
    h = o ⊙ tanh c: the slope of tanh belongs on this way.
    "What stands between c and h?"
no-o: the output gate is missing between h and c
    h = o ⊙ tanh c: a closed gate lets no gradient through.
    "If o is 0, how much of dh reaches c?"
f-own: z_f takes the new c, where c_prev belongs
    f multiplies the old state.
    "What does f multiply in the forward pass?"
g-sigmoid: the slope of g is the sigmoid's, not tanh's
    g is the candidate, a tanh. Only the three gates are sigmoids.
    "Which activation does g come from?"
o-from-c: z_o takes dc, where dh belongs
    The output gate acts on h only. It has no part in c.
    "Through which quantity does o reach the loss?"
gate-value: z_i is given the gradient of i: the sigmoid's slope is missing
    This is ∂𝓛/∂i. The gate left a sigmoid.
    "You have the slope with respect to the gate. How do you get to its z?"
no-forget: the forget gate is missing on the way to c_prev
    The state was multiplied by f. Only at f = 1 does the gradient pass whole.
    "What does the cell forget when f is 0, and what of the gradient?"
"""
