r"""One step of a GRU, backward

$h'=(1-z)\odot n+z\odot h$ with the candidate $n=\tanh(x_n+r\odot u)$, where $u$ is the old state's part of it. The
gates $r$ and $z$ are given as they left their sigmoids, all $(B,m)$. `dh` is what arrives at $h'$. Return the part of
$\partial\mathcal L/\partial h$ that comes along $z\odot h$ alone, the gradients of what went into the two sigmoids and
the tanh (`d_r`, `d_z`, `d_n`), and that of $u$.
"""

from backprop.practice.exercises.make import normal, sizes

where = "images#gru"
level, minutes = "interview", 8
returns = ("along", "d_r", "d_z", "d_n", "d_u")
batch = ("dh", 0)


def gru_inputs(rng):
    B, m = sizes(rng, 2)
    gates = {name: rng.uniform(0.1, 0.9, (B, m)) for name in ("r", "z")}
    return gates | {"n": rng.uniform(-0.9, 0.9, (B, m)), "u": normal(rng, B, m), "h": normal(rng, B, m),
                    "dh": normal(rng, B, m)}  # fmt: skip


inputs = {"ordinary": gru_inputs}


def gru_backward(r, z, n, u, h, dh):
    along = dh * z
    #: gate-swapped: along = dh * (1 - z)
    #: no-gate: along = 1 * dh
    d_n = dh * (1 - z) * (1 - n**2)
    #: gate-swapped: d_n = dh * z * (1 - n**2)
    #: no-tanh: d_n = dh * (1 - z)
    #: n-sigmoid: d_n = dh * (1 - z) * n * (1 - n)
    d_z = dh * (h - n) * z * (1 - z)
    #: only-h: d_z = dh * h * z * (1 - z)
    #: turned: d_z = dh * (n - h) * z * (1 - z)
    #: z-value: d_z = dh * (h - n)
    d_r = d_n * u * r * (1 - r)
    #: r-value: d_r = d_n * u
    #: no-u: d_r = d_n * r * (1 - r)
    #: h-for-u: d_r = d_n * h * r * (1 - r)
    d_u = d_n * r
    #: u-open: d_u = 1 * d_n
    return along, d_r, d_z, d_n, d_u


hints = r"""
h' is a blend of n and h. In how many places does z stand?
Two: with plus at h, with minus at n. The rest is products: a factor's slope is the other factor.
along = dh z; d_z = dh (h − n) z(1 − z); d_n = dh (1 − z)(1 − n²); d_r = d_n u r(1 − r); d_u = d_n r.
"""

slips = r"""
gate-swapped: z and 1 − z have changed places
    z keeps the old state, 1 − z lets the candidate in.
    "If z is 1, which of the two is the new state?"
no-gate: the gate is missing along the old state
    The old state was multiplied by z.
    "If z is 0, how much of the old state is left?"
no-tanh: the slope of tanh is missing
    n left a tanh.
    "What stands between n and its sum?"
n-sigmoid: the slope of n is the sigmoid's
    The candidate is a tanh. Only the gates are sigmoids.
    "Which activation does n come from?"
only-h: z is taken to act on the old state alone
    It stands twice: z h, and (1 − z) n.
    "In how many places does z stand?"
turned: the two ways of z have each other's sign
    More z means more h and less n: h − n.
    "If h is larger than n, what does more z do?"
z-value: the gradient of z itself: the sigmoid's slope is missing
    What is asked for is before the sigmoid.
    "You have the slope with respect to the gate. What is missing?"
r-value: the gradient of r itself: the sigmoid's slope is missing
    What is asked for is before the sigmoid.
    "You have the slope with respect to the gate. What is missing?"
no-u: what r multiplies is missing
    r ⊙ u: a factor's slope is the other factor.
    "What does r multiply?"
h-for-u: r is taken to multiply the old state
    Here it multiplies u, the old state after its matrix.
    "What does r multiply?"
u-open: the reset gate is missing on the way to u
    u was multiplied by r.
    "If r is 0, how much does u matter?"
"""
