"""Nine programs as people write them, with the usual faults: each is (what stands there, what a tired hand writes)."""

DICT = """
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def forward(p, X):
    z1 = X @ p["W1"] + p["b1"]
    h = np.maximum(z1, 0)
    return z1, h, softmax(h @ p["W2"] + p["b2"])

def loss(p, X, y):
    return -np.log(forward(p, X)[2][np.arange(len(y)), y]).mean()

def backward(p, X, y):
    z1, h, P = forward(p, X)
    d = P.copy()
    d[np.arange(len(y)), y] -= 1
    d /= len(y)
    g = {}
    g["W2"] = h.T @ d
    g["b2"] = d.sum(axis=0)
    dh = d @ p["W2"].T
    dz1 = dh * (z1 > 0)
    g["W1"] = X.T @ dz1
    g["b1"] = dz1.sum(axis=0)
    return g
"""
DICT_FAULTS = [
    ("    d /= len(y)\n", ""),
    ("d /= len(y)", "d /= X.shape[1]"),
    ("h.T @ d\n", "z1.T @ d\n"),
    ("d.sum(axis=0)", "d.mean(axis=0)"),
    ('d @ p["W2"].T', '-d @ p["W2"].T'),
    ("dh * (z1 > 0)", "dh * (z1 < 0)"),
    ("dh * (z1 > 0)", "dh"),
    ("dh * (z1 > 0)", "dh * z1"),
    ("X.T @ dz1", "X.T @ dh"),
    ("dz1.sum(axis=0)", "dh.sum(axis=0)"),
    ("dz1.sum(axis=0)", "dz1.mean(axis=0)"),
    ("-= 1", "-= 2"),
]
LISTS = """
def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def run(params, X):
    W, b = params
    acts = [X]
    for w, c in zip(W, b):
        acts.append(sigmoid(acts[-1] @ w + c))
    return acts

def loss(params, X, y):
    Y = np.eye(3)[y]
    return 0.5 * ((run(params, X)[-1] - Y) ** 2).sum() / len(X)

def grads(params, X, y):
    W, b = params
    acts = run(params, X)
    Y = np.eye(3)[y]
    out = acts[-1]
    delta = (out - Y) * out * (1 - out) / len(X)
    dW, db = [], []
    for l in range(len(W) - 1, -1, -1):
        dW.insert(0, acts[l].T @ delta)
        db.insert(0, delta.sum(0))
        delta = delta @ W[l].T * acts[l] * (1 - acts[l])
    return dW, db
"""
LISTS_FAULTS = [
    (" / len(X)\n    dW, db", "\n    dW, db"),
    ("(out - Y) * out * (1 - out)", "(out - Y)"),
    ("(out - Y) * out * (1 - out)", "(Y - out) * out * (1 - out)"),
    ("(out - Y) * out * (1 - out)", "(out - Y) * (1 - out ** 2)"),
    ("acts[l].T @ delta", "acts[l + 1].T @ delta"),
    ("delta.sum(0)", "delta.mean(0)"),
    ("delta @ W[l].T * acts[l] * (1 - acts[l])", "delta @ W[l].T * acts[l]"),
    ("delta @ W[l].T * acts[l] * (1 - acts[l])", "delta @ W[l].T * acts[l] * (1 + acts[l])"),
    ("delta @ W[l].T * acts[l] * (1 - acts[l])", "delta @ W[l].T"),
    ("delta @ W[l].T * acts[l] * (1 - acts[l])", "delta @ W[l].T * (1 - acts[l] ** 2)"),
    ("range(len(W) - 1, -1, -1)", "range(len(W) - 1, 0, -1)"),
    ("db.insert(0, delta.sum(0))", "db.append(delta.sum(0))"),
]
OBJECTS = """
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, d):
        self.dW = self.x.T @ d
        self.db = d.sum(axis=0)
        return d @ self.W.T

class Tanh:
    def forward(self, x):
        self.out = np.tanh(x)
        return self.out

    def backward(self, d):
        return d * (1 - self.out ** 2)

class SquaredError:
    def forward(self, a, y):
        self.a, self.y = a, y
        return ((a - y) ** 2).mean()

    def backward(self):
        return 2 * (self.a - self.y) / self.a.size

def loss(params, X, y):
    layers = [Affine(params[0], params[1]), Tanh(), Affine(params[2], params[3])]
    for layer in layers:
        X = layer.forward(X)
    return SquaredError().forward(X, y[:, None] * 1.0)

def backward(params, X, y):
    layers = [Affine(params[0], params[1]), Tanh(), Affine(params[2], params[3])]
    for layer in layers:
        X = layer.forward(X)
    last = SquaredError()
    last.forward(X, y[:, None] * 1.0)
    d = last.backward()
    for layer in layers[::-1]:
        d = layer.backward(d)
    return [layers[0].dW, layers[0].db, layers[2].dW, layers[2].db]
"""
OBJECTS_FAULTS = [
    ("self.dW = self.x.T @ d", "self.dW = self.x.T @ d / len(d)"),
    ("self.db = d.sum(axis=0)", "self.db = d.mean(axis=0)"),
    ("return d @ self.W.T", "return -(d @ self.W.T)"),
    ("return d * (1 - self.out ** 2)", "return d * (1 - self.out)"),
    ("return d * (1 - self.out ** 2)", "return d * self.out * (1 - self.out)"),
    ("return d * (1 - self.out ** 2)", "return d"),
    ("2 * (self.a - self.y) / self.a.size", "(self.a - self.y) / self.a.size"),
    ("2 * (self.a - self.y) / self.a.size", "2 * (self.y - self.a) / self.a.size"),
    ("2 * (self.a - self.y) / self.a.size", "2 * (self.a - self.y)"),
    ("2 * (self.a - self.y) / self.a.size", "2 * (self.a - self.y) / self.a.shape[1]"),
    ("        self.dW = self.x.T @ d\n", "        d = d * 2\n        self.dW = self.x.T @ d\n"),
    ("[layers[0].dW, layers[0].db, layers[2].dW", "[layers[0].dW, layers[2].db, layers[2].dW"),
]
METHODS = """
class Net:
    def __init__(self, D, H, K, rng):
        self.W1 = rng.standard_normal((D, H))
        self.b1 = np.zeros(H)
        self.W2 = rng.standard_normal((H, K))
        self.b2 = np.zeros(K)

    def params(self):
        return {"W1": self.W1, "b1": self.b1, "W2": self.W2, "b2": self.b2}

    def forward(self, X):
        self.X = X
        self.z1 = X @ self.W1 + self.b1
        self.a1 = np.tanh(self.z1)
        self.z2 = self.a1 @ self.W2 + self.b2
        e = np.exp(self.z2 - self.z2.max(axis=1, keepdims=True))
        self.p = e / e.sum(axis=1, keepdims=True)
        return self.p

    def loss(self, X, y):
        return -np.log(self.forward(X)[np.arange(len(y)), y]).mean()

    def gradients(self, X, y):
        p = self.forward(X)
        dz2 = (p - np.eye(p.shape[1])[y]) / len(y)
        self.dW2 = self.a1.T @ dz2
        self.db2 = dz2.sum(axis=0)
        da1 = dz2 @ self.W2.T
        dz1 = da1 * (1 - self.a1 ** 2)
        self.dW1 = self.X.T @ dz1
        self.db1 = dz1.sum(axis=0)
        return {"dW1": self.dW1, "db1": self.db1, "dW2": self.dW2, "db2": self.db2}
"""
METHODS_FAULTS = [
    (" / len(y)\n", "\n"),
    (" / len(y)\n", " / p.shape[1]\n"),
    ("(p - np.eye(p.shape[1])[y])", "(np.eye(p.shape[1])[y] - p)"),
    ("self.a1.T @ dz2", "self.z1.T @ dz2"),
    ("dz2.sum(axis=0)", "dz2.sum(axis=0) / len(y)"),
    ("da1 * (1 - self.a1 ** 2)", "da1 * (1 - self.a1)"),
    ("da1 * (1 - self.a1 ** 2)", "da1 * (1 - self.z1 ** 2)"),
    ("da1 * (1 - self.a1 ** 2)", "da1 * self.a1 * (1 - self.a1)"),
    ("da1 * (1 - self.a1 ** 2)", "da1"),
    ("self.X.T @ dz1", "self.X.T @ da1"),
    ("dz1.sum(axis=0)", "da1.sum(axis=0)"),
    ('"db1": self.db1', '"db1": self.db1 * 2'),
]
NESTED = """
sig = lambda z: 1 / (1 + np.exp(-z))

def objective(theta, x, t):
    return np.mean(np.log(1 + np.exp(-(2 * t[None, :] - 1) * scores(theta, x))))

def scores(theta, x):
    (w, b), (v, c) = theta
    return v @ sig(w @ x + b) + c

def slopes(theta, x, t):
    (w, b), (v, c) = theta
    N = x.shape[1]

    def hidden():
        return sig(w @ x + b)

    def head(h):
        s = v @ h + c
        return (sig(s) - t[None, :]) / N

    h = hidden()
    e = head(h)
    gv = e @ h.T
    gc = e.sum(axis=1, keepdims=True)
    back = v.T @ e * h * (1 - h)
    gw = back @ x.T
    gb = back.sum(axis=1, keepdims=True)
    return [(gw, gb), (gv, gc)]
"""
NESTED_FAULTS = [
    ("(sig(s) - t[None, :]) / N", "sig(s) - t[None, :]"),
    ("(sig(s) - t[None, :]) / N", "(t[None, :] - sig(s)) / N"),
    ("(sig(s) - t[None, :]) / N", "(s - t[None, :]) / N"),
    ("(sig(s) - t[None, :]) / N", "(sig(s) - t[None, :]) * N"),
    ("e @ h.T", "e @ h.T / N"),
    ("e.sum(axis=1, keepdims=True)", "e.mean(axis=1, keepdims=True)"),
    ("v.T @ e * h * (1 - h)", "v.T @ e * h"),
    ("v.T @ e * h * (1 - h)", "v.T @ e * (1 - h ** 2)"),
    ("v.T @ e * h * (1 - h)", "v.T @ e"),
    ("back @ x.T", "back @ h.T"),
    ("back.sum(axis=1, keepdims=True)", "back.sum(axis=0, keepdims=True)"),
    ("[(gw, gb), (gv, gc)]", "[(gw, gb), (gv, gb)]"),
]
RECURRENT = """
class RNN:
    def __init__(self, d, h, o):
        r = np.random.default_rng(0)
        self.Wx, self.Wh, self.b = r.normal(size=(d, h))*.3, r.normal(size=(h, h))*.3, np.zeros(h)
        self.V = r.normal(size=(h, o))
    def params(self):
        return {"Wx": self.Wx, "Wh": self.Wh, "b": self.b, "V": self.V}
    def forward(self, X):
        self.h = [np.zeros((X.shape[0], len(self.b)))]
        for t in range(X.shape[1]):
            self.h.append(np.tanh(X[:, t] @ self.Wx + self.h[-1] @ self.Wh + self.b))
        return self.h[-1] @ self.V
    def loss(self, X, Y):
        return 0.5 * np.mean(np.sum((self.forward(X) - Y) ** 2, axis=1))
    def backward(self, X, Y):
        out = self.forward(X)
        g = {k: np.zeros_like(v) for k, v in self.params().items()}
        do = (out - Y) / len(X)
        g["V"] = self.h[-1].T @ do
        dh = do @ self.V.T
        for t in reversed(range(X.shape[1])):
            dz = dh * (1 - self.h[t + 1] ** 2)
            g["Wx"] += X[:, t].T @ dz
            g["Wh"] += self.h[t].T @ dz
            g["b"] += dz.sum(0)
            dh = dz @ self.Wh.T
        return g
"""
RECURRENT_FAULTS = [
    ("(1 - self.h[t + 1] ** 2)", "(1 - self.h[t] ** 2)"),
    ("self.h[t].T @ dz", "self.h[t + 1].T @ dz"),
    ("dh = dz @ self.Wh.T", "dh = dz @ self.Wh"),
    ('g["b"] += dz', 'g["b"] = dz'),
    ("dh = do @ self.V.T\n", "dh = do @ self.V.T * 0.3\n"),
    ("reversed(range(X.shape[1]))", "range(X.shape[1])"),
    ("(out - Y) / len(X)", "(out - Y) / Y.size"),
    ("(1 - self.h[t + 1] ** 2)", "np.cos(1.5 * self.h[t + 1])"),
]
NORMED = """
def fwd(P, X):
    a = X @ P["W1"]
    mu = a.mean(0); var = ((a - mu) ** 2).mean(0)
    inv = 1 / np.sqrt(var + 1e-5)
    n = (a - mu) * inv
    y = P["g"] * n + P["be"]
    r = np.where(y > 0, y, 0.1 * y)
    s = r @ P["W2"] + P["b2"]
    s = s - s.max(1, keepdims=True)
    lp = s - np.log(np.exp(s).sum(1, keepdims=True))
    return a, mu, inv, n, y, r, lp
def L(P, X, t):
    return -fwd(P, X)[-1][range(len(t)), t].mean() + 0.01 * (P["W2"] ** 2).sum()
def G(P, X, t):
    a, mu, inv, n, y, r, lp = fwd(P, X)
    N = len(t)
    ds = np.exp(lp)
    ds[range(N), t] -= 1
    ds = ds / N
    out = dict(W2=r.T @ ds + 0.02 * P["W2"], b2=ds.sum(0))
    dr = ds @ P["W2"].T
    dy = dr * np.where(y > 0, 1, 0.1)
    out["g"] = (dy * n).sum(0)
    out["be"] = dy.sum(0)
    dn = dy * P["g"]
    da = inv / N * (N * dn - dn.sum(0) - n * (dn * n).sum(0))
    out["W1"] = X.T @ da
    return out
"""
NORMED_FAULTS = [
    ("0.02 *", "0.01 *"),
    ("np.where(y > 0, 1, 0.1)", "np.where(y > 0, 1, 0)"),
    ("- dn.sum(0)", "- dy.sum(0)"),
    (" - n * (dn * n).sum(0)", ""),
    ("inv / N *", "inv *"),
    ("(dy * n).sum(0)", "(dy * a).sum(0)"),
    ("r.T @ ds", "y.T @ ds"),
    ("dy.sum(0)\n    dn", "dr.sum(0)\n    dn"),
    ("inv / N * (N * dn", "np.sqrt(inv) / N * (N * dn"),
]
CACHED = """
def init(sizes, seed=0):
    r = np.random.RandomState(seed)
    P = {}
    for i in range(1, len(sizes)):
        P[f"W{i}"] = r.randn(sizes[i], sizes[i-1]) * 0.5
        P[f"b{i}"] = np.zeros((sizes[i], 1))
    return P

def fwd(P, X):
    L = len(P) // 2
    cache = {"A0": X}
    for l in range(1, L + 1):
        Z = P["W" + str(l)].dot(cache["A" + str(l - 1)]) + P["b" + str(l)]
        cache["Z" + str(l)] = Z
        if l == L:
            ez = np.exp(Z - np.max(Z, axis=0, keepdims=True))
            cache["A" + str(l)] = ez / np.sum(ez, axis=0, keepdims=True)
        else:
            cache["A" + str(l)] = np.tanh(Z)
    return cache

def cost(P, X, Y):
    AL = fwd(P, X)["A" + str(len(P) // 2)]
    return -np.sum(Y * np.log(AL)) / Y.shape[1]

def bwd(P, X, Y):
    cache = fwd(P, X)
    L = len(P) // 2
    m = Y.shape[1]
    grads = {}
    dZ = cache["A" + str(L)] - Y
    for l in reversed(range(1, L + 1)):
        grads["W" + str(l)] = np.dot(dZ, cache["A" + str(l - 1)].T) / m
        grads["b" + str(l)] = np.sum(dZ, axis=1, keepdims=True) / m
        if l > 1:
            dA = np.dot(P["W" + str(l)].T, dZ)
            dZ = dA * (1 - np.power(cache["A" + str(l - 1)], 2))
    return grads
"""
CACHED_FAULTS = [
    ('1 - np.power(cache["A" + str(l - 1)], 2)', '1 - np.power(cache["Z" + str(l - 1)], 2)'),
    ("keepdims=True) / m", "keepdims=True)"),
    ("m = Y.shape[1]\n    grads", "m = Y.shape[0]\n    grads"),
    ('P["W" + str(l)].T, dZ', 'P["W" + str(l - 1)].T, dZ'),
    ("dZ = dA * (1 -", "dZ = dZ * (1 -"),
]
TAPE = """
class T:
    def __init__(self, data, parents=()):
        self.data = np.asarray(data, dtype=float)
        self.grad = np.zeros_like(self.data)
        self.parents = parents
        self._back = lambda: None

    def __matmul__(self, other):
        out = T(self.data @ other.data, (self, other))
        def back():
            self.grad += out.grad @ other.data.T
            other.grad += self.data.T @ out.grad
        out._back = back
        return out

    def __add__(self, other):
        out = T(self.data + other.data, (self, other))
        def back():
            self.grad += out.grad
            g = out.grad
            if g.shape != other.data.shape:
                g = g.sum(axis=0)
            other.grad += g
        out._back = back
        return out

    def __mul__(self, other):
        out = T(self.data * other.data, (self, other))
        def back():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad
        out._back = back
        return out

    def sigmoid(self):
        s = 1 / (1 + np.exp(-self.data))
        out = T(s, (self,))
        def back():
            self.grad += s * (1 - s) * out.grad
        out._back = back
        return out

    def mean(self):
        out = T(self.data.mean(), (self,))
        def back():
            self.grad += np.ones_like(self.data) * out.grad / self.data.size
        out._back = back
        return out

    def backward(self):
        topo, seen = [], set()
        def visit(v):
            if id(v) not in seen:
                seen.add(id(v))
                for u in v.parents:
                    visit(u)
                topo.append(v)
        visit(self)
        self.grad = np.ones_like(self.data)
        for v in reversed(topo):
            v._back()

def graph(ws, x, t):
    W1, b1, Wg, W2, b2 = [T(w) for w in ws]
    h = (T(x) @ W1 + b1).sigmoid() * (T(x) @ Wg)
    e = h @ W2 + b2 + T(-t)
    return (e * e).mean(), [W1, b1, Wg, W2, b2]

def value(ws, x, t):
    return float(graph(ws, x, t)[0].data)

def grads_of(ws, x, t):
    out, leaves = graph(ws, x, t)
    out.backward()
    return [leaf.grad for leaf in leaves]
"""
TAPE_FAULTS = [
    ("s * (1 - s) * out.grad", "self.data * (1 - self.data) * out.grad"),
    ("g = g.sum(axis=0)", "g = g.mean(axis=0)"),
    ("other.grad += self.data.T @ out.grad", "other.grad += self.data.T @ self.grad"),
    ("self.grad += s * ", "self.grad -= s * "),
    ("out.grad / self.data.size", "out.grad"),
    ("for v in reversed(topo)", "for v in topo"),
    ("self.grad = np.ones_like(self.data)\n        for", "self.grad = np.zeros_like(self.data)\n        for"),
]
PROGRAMS = {
    "dict": (DICT, DICT_FAULTS),
    "lists": (LISTS, LISTS_FAULTS),
    "objects": (OBJECTS, OBJECTS_FAULTS),
    "methods": (METHODS, METHODS_FAULTS),
    "nested": (NESTED, NESTED_FAULTS),
    "recurrent": (RECURRENT, RECURRENT_FAULTS),
    "normed": (NORMED, NORMED_FAULTS),
    "cached": (CACHED, CACHED_FAULTS),
    "tape": (TAPE, TAPE_FAULTS),
}
