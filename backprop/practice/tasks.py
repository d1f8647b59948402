"""Checks of the short live tasks whose design is the candidate's own: two autograds, and attention with a mask."""

import inspect

import numpy as np

from backprop.gradcheck import central_difference
from backprop.practice.designs import Finding
from backprop.practice.wording import describe, listed

SMALL = 1e-6
LONG = 5_000

# --- a scalar autograd ---

PROGRAMS = {
    "x * y": lambda x, y, c: x * y,
    "x + y": lambda x, y, c: x + y,
    "x * y * c": lambda x, y, c: x * y * c,
    "x + x": lambda x, y, c: x + x,
    "x * x": lambda x, y, c: x * x,
    "x * y + x": lambda x, y, c: x * y + x,
    "u * u + u with u = x * y": lambda x, y, c: (u := x * y) * u + u,
    "v * u with u = x + y, v = u * u + x": lambda x, y, c: ((u := x + y) * u + x) * u,
}
AT = np.array([1.5, -0.7, 2.0])


def scalars(Value):
    """What is wrong with a scalar autograd, or that it is right."""
    for name, program in PROGRAMS.items():
        x, y, c = map(Value, AT)
        out = program(x, y, c)
        if not np.isclose(out.data, program(*AT)):
            where = "x = 1.5, y = −0.7" + ", c = 2" * ("c" in name)
            return f"{name} is {program(*AT):.3g} at {where}; yours is {out.data:.3g}."
        out.backward()
        mine = np.array([0 if one.grad is None else one.grad for one in (x, y, c)], dtype=float)
        right = central_difference(lambda v, f=program: f(*v), AT)
        if not np.allclose(mine, right, atol=SMALL):
            return f"The gradient of {name} is wrong. {why(name, mine, right)}"
    out = Value(1.0)
    for _ in range(LONG):
        out = out + Value(0.0)
    try:
        out.backward()
    except RecursionError:
        return f"Right on reused values. A chain of {LONG:,} additions raises RecursionError: the follow-up."
    return f"Right on reused values, and on a chain of {LONG:,} additions."


def why(name, mine, right):
    """What the first program to fail says: all before it are right."""
    if name in ("x * y", "x + y"):
        if not mine.any():
            return "All of it is 0: does the output's own gradient begin at 1?"
        return f"It is one step, and nothing is used twice: look at the slopes of {name[2]}."
    if name == "x * y * c":
        x, y, c = AT
        if np.allclose(mine, [y, x, x * y]):
            return "One step is right, two aren't: multiply each slope by the gradient that comes from above."
        return "One step is right, two aren't: does each value have its gradient before it hands it on?"
    if name in ("x + x", "x * x"):
        return "x is used twice in one step: is it +=, for each use?"
    return "A value used twice in one step is right. In several: does each wait for all its users?"


# --- an autograd of arrays ---

PROGRAMS_OF_ARRAYS = {  # the shapes of what goes in, and a number made of it; the first to fail tells what is missing
    "x + y": (((3, 4), (3, 4)), lambda x, y: (x + y).sum()),
    "x * y": (((3, 4), (3, 4)), lambda x, y: (x * y).sum()),
    "x @ y": (((3, 4), (4, 2)), lambda x, y: (x @ y).sum()),
    "x + x": (((3, 4),), lambda x: (x + x).sum()),
    "x * x": (((3, 4),), lambda x: (x * x).sum()),
    "u * u + u with u = x * y": (((3, 4), (3, 4)), lambda x, y: ((u := x * y) * u + u).sum()),
    "(3, 4) + (4,)": (((3, 4), (4,)), lambda x, y: (x + y).sum()),
    "(3, 4) * (4,)": (((3, 4), (4,)), lambda x, y: (x * y).sum()),
    "(4,) * (3, 4)": (((4,), (3, 4)), lambda x, y: (x * y).sum()),
    "(3, 4) + (3, 1)": (((3, 4), (3, 1)), lambda x, y: (x + y).sum()),
    "(3, 4) * (1, 4)": (((3, 4), (1, 4)), lambda x, y: (x * y).sum()),
    "(2, 3, 4) * (3, 1)": (((2, 3, 4), (3, 1)), lambda x, y: (x * y).sum()),
    "(3, 4) * ()": (((3, 4), ()), lambda x, y: (x * y).sum()),
    "s * s with s = x.sum()": (((3, 4),), lambda x: (s := x.sum()) * s),
    "u * u with u = X @ W + b": (((5, 3), (3, 2), (2,)), lambda X, W, b: ((u := X @ W + b) * u).sum()),
}


def tensors(Tensor):
    """What is wrong with an autograd of arrays, or that it is right: every gradient has the shape of its array."""
    rng = np.random.default_rng(2)
    for name, (shapes, program) in PROGRAMS_OF_ARRAYS.items():
        if said := _program(Tensor, name, program, [rng.standard_normal(shape) for shape in shapes]):
            return said
    x = Tensor(np.ones(3))
    out = x
    for _ in range(LONG):
        out = out + Tensor(np.zeros(3))
    try:
        out.sum().backward()
    except RecursionError:
        return f"Right where arrays broadcast. A chain of {LONG:,} additions raises RecursionError: the follow-up."
    return f"Right where arrays broadcast and are used again, and on a chain of {LONG:,} additions."


def _program(Tensor, name, program, arrays):
    """What is wrong with a program's result or with one of its gradients, or ""."""
    mine = [Tensor(a.copy()) for a in arrays]
    out, due = program(*mine), float(program(*arrays))
    if not np.isclose(float(np.asarray(out.data)), due):
        return f"{name}: its sum is {due:.4g} here, and yours is {float(np.asarray(out.data)):.4g}."
    out.backward()
    for n, (one, a) in enumerate(zip(mine, arrays)):
        right = central_difference(lambda v, n=n: float(program(*arrays[:n], v, *arrays[n + 1 :])), a)
        g = np.zeros(a.shape) if one.grad is None else np.asarray(one.grad)
        which = f"{name}: the gradient of the array of shape {a.shape}"
        if g.shape != a.shape:
            if np.squeeze(g).shape == np.squeeze(a).shape:
                return f"{which} has shape {g.shape}: an axis of length 1 is summed with keepdims."
            return f"{which} has shape {g.shape}. Sum over stretched axes; keepdims where its own is 1."
        if not np.allclose(g, right, atol=SMALL):
            return f"{which} is wrong. {_why(name, g)}"
    return ""


def _why(name, g):
    """What the first program to fail says: all before it are right."""
    if name in ("x + y", "x * y", "x @ y"):
        if not g.any():
            return "All of it is 0: does the output's own gradient begin at 1, and is it handed on?"
        return {
            "+": "Nothing is used twice, and nothing broadcasts: each gets the gradient from above.",
            "*": "Of a product, each factor gets the gradient from above times the other factor.",
            "@": "Of a product, each gets the gradient from above times the other, transposed.",
        }[name[2]]
    if name in ("x + x", "x * x"):
        return "x is used twice in one step: is it +=, for each use?"
    if "with" in name:
        return "A tensor is used again there: does each wait for all its users before it hands on?"
    return "Sum over the stretched axes, and over no other one: is it sum, not mean?"


# --- attention with a mask, forward and backward ---

T, S, N, DIM, OUT = 3, 4, 2, 5, 6  # queries, keys, batch, width of a key, width of a value: all different

ATTENTION_SLIPS = {
    "no-mask": "The mask is ignored: each query looks at all keys.",
    "mask-after": "The mask is put on the weights after the softmax, so a row's weights no longer sum to 1. Put "
    "−∞ on the "
    "scores before it.",
    "mask-zero": "The masked scores are set to 0, and e⁰ = 1 is a weight like any other: it takes −∞ before the "
    "softmax.",
    "mask-turned": "The mask is the other way round: True says that a query may look there.",
    "no-root": "The scores aren't divided by √d.",
    "by-d": "The scores are divided by d, where √d is due.",
    "axis": "It is an axis: the softmax of a query is over its keys, the last axis.",
}
BACK_SLIPS = {
    "no-sum": "Softmax's sum is missing in dS: P ⊙ dP alone leaves out that the weights of a query sum to 1.",
    "elementwise": "The softmax is treated as elementwise, P (1 − P): a score moves the other weights of its "
    "query, too.",
    "no-root-Q": "√d is missing in dQ: the scores are divided by it, so their slopes are.",
    "no-root-K": "√d is missing in dK: the scores are divided by it, so their slopes are.",
    "no-root-both": "√d is missing on the way back: the scores are divided by it, so dQ and dK are.",
    "sum-axis": "It is an axis: the sum in softmax's slope runs over the keys of a query, the last axis.",
    "mask-late": "Masked scores get a gradient: P must be 0 there when dS is formed.",
}


def _scores(Q, K, mask, wrong=""):
    root = {"no-root": 1, "by-d": Q.shape[-1]}.get(wrong, np.sqrt(Q.shape[-1]))
    s = Q @ K.swapaxes(-1, -2) / root
    if wrong in ("no-mask", "mask-after"):
        return s
    return np.where(~mask if wrong == "mask-turned" else mask, s, 0 if wrong == "mask-zero" else -np.inf)


def _weights(Q, K, mask, wrong=""):
    s, axis = _scores(Q, K, mask, wrong), -2 if wrong == "axis" else -1
    e = np.exp(s - np.max(np.where(np.isfinite(s), s, -1e300), axis=axis, keepdims=True))
    p = e / e.sum(axis=axis, keepdims=True)
    return p * mask if wrong == "mask-after" else p


def _attended(Q, K, V, mask, wrong=""):
    return _weights(Q, K, mask, wrong) @ V


def _back(given, G, wrong=""):
    Q, K, V, mask = given
    P, root = _weights(Q, K, mask), np.sqrt(Q.shape[-1])
    if wrong == "mask-late":
        P = _weights(Q, K, np.ones_like(mask))
    dP = G @ V.swapaxes(-1, -2)
    inner = (dP * P).sum(axis=-2 if wrong == "sum-axis" else -1, keepdims=True)
    dS = P * (dP * (1 - P)) if wrong == "elementwise" else P * dP if wrong == "no-sum" else P * (dP - inner)
    by_Q = 1 if wrong in ("no-root-Q", "no-root-both") else root
    by_K = 1 if wrong in ("no-root-K", "no-root-both") else root
    return {"dQ": dS @ K / by_Q, "dK": dS.swapaxes(-1, -2) @ Q / by_K, "dV": P.swapaxes(-1, -2) @ G}


def attention(forward, backward):
    """What is wrong with attention and its backward pass, or that both are right, also where scores are large."""
    rng = np.random.default_rng(4)
    Q, K = rng.standard_normal((N, T, DIM)), rng.standard_normal((N, S, DIM))
    V, G = rng.standard_normal((N, S, OUT)), rng.standard_normal((N, T, OUT))
    mask = np.array([[1, 0, 1, 0], [1, 1, 0, 1], [0, 0, 1, 1]], dtype=bool)
    made = forward(Q.copy(), K.copy(), V.copy(), mask)
    if made is None:
        return "not attempted yet"
    O, cache = _output(made)
    if said := _forward_told(O, Q, K, V, mask):
        return said
    value = _called(backward, (Q, K, V, mask), G, cache)
    if value is None:
        return "Forward is right. backward gives None: return dQ, dK and dV."
    due = _back((Q, K, V, mask), G)
    found = _three(value, due)
    wrong = {name: a for name, a in found.items() if a is None or a.shape != due[name].shape}
    if wrong:
        return "Forward is right. " + " ".join(
            f"{name} is missing." if a is None else f"{name} has shape {a.shape}, where {due[name].shape} is due."
            for name, a in wrong.items()
        )
    off = [name for name in due if not np.allclose(found[name], due[name], rtol=SMALL, atol=1e-8)]
    if off:
        for slip, words in BACK_SLIPS.items():
            made = _back((Q, K, V, mask), G, slip)
            if all(np.allclose(found[name], made[name], rtol=SMALL, atol=1e-8) for name in due):
                return f"Forward is right. {words}"
        return f"Forward is right. {_backward_told(found, due, off)}"
    far = 3000.0
    with np.errstate(all="ignore"):
        large, cache = _output(forward(far * Q, K.copy(), V.copy(), mask))
        back = _three(_called(backward, (far * Q, K, V, mask), G, cache), due)
    exact = _attended(far * Q, K, V, mask)
    if not np.allclose(large, exact):
        return (
            "Right at ordinary scores. With large ones forward overflows: take off each row's own maximum before exp."
        )
    bad = [name for name, a in back.items() if not np.isfinite(a).all()]
    if bad:
        return f"Right at ordinary scores. With large ones there is nan or inf in {listed(bad)}."
    return "Right, forward and backward: dQ, dK and dV are those of the masked softmax, for scores of any size."


def _output(value):
    """(O, cache) of what forward gives."""
    if isinstance(value, (tuple, list)):
        inner = [one for one in value if isinstance(one, np.ndarray) and one.shape == (N, T, OUT)]
        if inner:
            rest = [one for one in value if one is not inner[0]]
            return inner[0], rest[0] if len(rest) == 1 else tuple(rest)
    if not isinstance(value, np.ndarray):
        raise Finding(f"forward gives {describe(value)}. Return O, an array, alone or beside a cache.")
    return value, None


def _called(backward, given, G, cache):
    Q, K, V, mask = given
    names = list(inspect.signature(backward).parameters)
    if cache is not None and len(names) == 2:
        first = names[0].lower() in ("g", "do", "dout", "grad", "d_out", "grad_out")
        return backward(G, cache) if first else backward(cache, G)
    if cache is not None and len(names) == 6:
        return backward(Q.copy(), K.copy(), V.copy(), mask, G.copy(), cache)
    return backward(Q.copy(), K.copy(), V.copy(), mask, G.copy())


def _three(value, due):
    """{name: array} of what backward gives: by name, or in the order dQ, dK, dV."""
    if isinstance(value, dict):
        lower = {str(key).lower().lstrip("d").strip("_"): a for key, a in value.items()}
        return {name: _array(lower.get(name[1:].lower())) for name in due}
    if isinstance(value, (tuple, list)) and len(value) >= 3:
        return {name: _array(a) for name, a in zip(due, value)}
    raise Finding(f"backward gives {describe(value)}. Return dQ, dK and dV.")


def _array(a):
    return None if a is None else np.asarray(a, float)


def _forward_told(O, Q, K, V, mask):
    """What is wrong with the output, or ""."""
    due = _attended(Q, K, V, mask)
    if O.shape != due.shape:
        return f"O has shape {O.shape}, where {due.shape} is due: (batch, queries, width of a value)."
    if np.allclose(O, due):
        return ""
    for slip, words in ATTENTION_SLIPS.items():
        with np.errstate(all="ignore"):
            if np.allclose(O, _attended(Q, K, V, mask, slip)):
                return words
    if not np.isfinite(O).all():
        return "There is nan or inf in O at ordinary scores: is the maximum taken off, and is −∞ minus −∞ formed?"
    return "O is wrong. Begin with one query and two keys, of which one is masked: O is then the value of the other."


def _backward_told(found, due, off):
    """What is seen of wrong gradients."""
    if len(off) == 1 and off[0] == "dV":
        return "dQ and dK are right, so P is: look at dV's own line, a product of P and G."
    if "dV" in off:
        return "dV is wrong, and it needs P and G alone: look at it first."
    signs = [name for name in off if np.allclose(found[name], -due[name])]
    if signs == off:
        return f"It is a sign, in {listed(off)}."
    ratios = {name: found[name].ravel() @ due[name].ravel() / (due[name] ** 2).sum() for name in off}
    exact = [name for name in off if np.allclose(found[name], ratios[name] * due[name])]
    if exact == off:
        return " ".join(f"{name} is {ratios[name]:.3g} times what it should be." for name in off)
    if len(off) == 1:
        return f"The other two are right, so dS is: look at {off[0]}'s own line."
    return (
        "dV is right, so P is: the fault lies between dP and dQ, in softmax's slope dS or in the two products after it."
    )
