"""Right answers to bare rounds, as a candidate would write them: one source for each, so that a mistake is an edit."""

ACT = {
    "relu": ("np.maximum({z}, 0)", "({z} > 0)"),
    "tanh": ("np.tanh({z})", "(1 - np.tanh({z}) ** 2)"),
    "sigmoid": ("sigmoid({z})", "sigmoid({z}) * (1 - sigmoid({z}))"),
    "leaky_relu": ("np.where({z} > 0, {z}, 0.01 * {z})", "np.where({z} > 0, 1.0, 0.01)"),
    "silu": ("{z} * sigmoid({z})", "(sigmoid({z}) + {z} * sigmoid({z}) * (1 - sigmoid({z})))"),
}
HEAD = """
import numpy as np

def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))
"""
CHECK = """
def gradient_check(loss, backward, params, X, y, h=1e-5):
    errors, grads = [], backward(params, X, y)
    for name, a in params.items():
        numeric = np.zeros_like(a)
        for i in np.ndindex(a.shape):
            kept = a[i]
            a[i] = kept + h
            up = loss(params, X, y)
            a[i] = kept - h
            numeric[i] = (up - loss(params, X, y)) / (2 * h)
            a[i] = kept
        size = np.linalg.norm(grads[name]) + np.linalg.norm(numeric)
        errors.append(np.linalg.norm(grads[name] - numeric) / size)
    return max(errors)
"""


def source(spec, twisted=True):  # noqa: PLR0915 - it reads from top to bottom, as what it writes does
    """The functions init, loss, backward, check and predict, and a loop train that gives parameters."""
    layers = 3 if twisted and spec.twist == "layer" else 2
    more = f", {spec.twist}" if twisted and spec.twist in ("mask", "smoothing") else ""
    act, slope = ACT[spec.activation]
    rows = spec.rows
    sizes = ["D", *[f"H{n}" if layers == 3 else "H" for n in range(1, layers)], "K"]
    lines = [HEAD, f"def init({', '.join(sizes)}, rng):", "    return {"]
    for n in range(1, layers + 1):
        i, o = sizes[n - 1], sizes[n]
        shape, bias = (f"({i}, {o})", o) if rows else (f"({o}, {i})", f"({o}, 1)")
        lines.append(f'        "W{n}": rng.standard_normal({shape}) * np.sqrt(2 / {i}), "b{n}": np.zeros({bias}),')
    lines += ["    }", "", "def forward(p, X):", "    A0 = X"]
    for n in range(1, layers + 1):
        product = f'A{n - 1} @ p["W{n}"]' if rows else f'p["W{n}"] @ A{n - 1}'
        lines.append(f'    Z{n} = {product} + p["b{n}"]')
        if n < layers:
            lines.append(f"    A{n} = {act.format(z=f'Z{n}')}")
    lines.append(f"    return {', '.join(f'A{n}, Z{n + 1}' for n in range(layers))}")
    axis, samples = (1, 0) if rows else (0, 1)
    unpack = f"    {', '.join(f'A{n}, Z{n + 1}' for n in range(layers))} = forward(params, X)"
    Z = f"Z{layers}"
    count = "mask.sum()" if more == ", mask" else f"X.shape[{samples}]"
    lines += ["", f"def loss(params, X, y{more}):", unpack]
    if spec.loss == "squares":
        lines.append(f"    each = 0.5 * (({Z} - y) ** 2).sum(axis={axis})")
    elif spec.loss == "binary":
        lines += [
            f"    z = {Z}{'[:, 0]' if rows else '[0]'}",
            "    each = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))",
        ]
    else:
        lines.append(f"    S = {Z} - {Z}.max(axis={axis}, keepdims=True)")
        lines.append(f"    log_p = S - np.log(np.exp(S).sum(axis={axis}, keepdims=True))")
        lines += _targets(spec, more, Z)
        lines.append(f"    each = -(Y * log_p).sum(axis={axis})")
    if more == ", mask":
        lines.append("    each = each * mask")
    lines += [f"    return each.sum() / {count}", "", f"def backward(params, X, y{more}):", unpack]
    if spec.loss == "squares":
        lines.append(f"    d = {Z} - y")
    elif spec.loss == "binary":
        lines.append(f"    d = sigmoid({Z}) - y{'[:, None]' if rows else '[None, :]'}")
    else:
        lines.append(f"    E = np.exp({Z} - {Z}.max(axis={axis}, keepdims=True))")
        lines += _targets(spec, more, Z)
        lines.append(f"    d = E / E.sum(axis={axis}, keepdims=True) - Y")
    if more == ", mask":
        lines.append(f"    d = d * mask{'[:, None]' if rows else '[None, :]'}")
    lines += [f"    d{layers} = d / {count}", "    g = {}"]
    for n in range(layers, 0, -1):
        lines.append(f'    g["W{n}"] = ' + (f"A{n - 1}.T @ d{n}" if rows else f"d{n} @ A{n - 1}.T"))
        lines.append(f'    g["b{n}"] = d{n}.sum(axis={samples}{"" if rows else ", keepdims=True"})')
        if n > 1:
            down = f'd{n} @ params["W{n}"].T' if rows else f'params["W{n}"].T @ d{n}'
            lines.append(f"    d{n - 1} = ({down}) * {slope.format(z=f'Z{n - 1}')}")
    lines += ["    return g", CHECK, "def predict(params, X):", f"    z = forward(params, X)[{2 * layers - 1}]"]
    out = {"squares": "z", "binary": f"(z{'[:, 0]' if rows else '[0]'} > 0).astype(int)"}
    lines.append(f"    return {out.get(spec.loss, f'z.argmax(axis={axis})')}")
    return "\n".join(lines) + "\n"


def _targets(spec, more, Z):
    found = []
    if spec.loss == "labels":
        k = f"{Z}.shape[{1 if spec.rows else 0}]"
        found.append(f"    Y = np.eye({k})[y]" + ("" if spec.rows else ".T"))
    else:
        k = f"{Z}.shape[{1 if spec.rows else 0}]"
        found.append("    Y = y")
    if more == ", smoothing":
        found.append(f"    Y = (1 - smoothing) * Y + smoothing / {k}")
    return found


def functions(text):
    """The names that an answer's source defines."""
    names = {"__name__": "__main__"}
    exec(compile(text, "<answer>", "exec"), names)
    return names
