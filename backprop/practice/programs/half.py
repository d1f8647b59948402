import numpy as np


def mails(rng, n):
    """n mails as counts of 40 words, (n, 40), most of them rare, and whether each is spam, (n,)."""
    y = rng.integers(0, 2, size=n)
    rates = np.where(y[:, None] == 1, np.linspace(0.1, 3, 40), np.linspace(3, 0.1, 40))
    return rng.poisson(rates * rng.gamma(0.5, 2, size=(n, 1))), y


def forward(w, b, X):
    """The logits, formed in half precision, as single precision."""
    z = X.astype(np.float16) @ w.astype(np.float16) + np.float16(b)
    return z.astype(np.float32)


def losses(z, y):
    """Binary cross-entropy from logits: log(1 + e^z) − y z, for logits of any size."""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))) - y * z
    #: naive: return np.log1p(np.exp(z)) - y * z


def scaled_gradients(z, y, X, scale):
    """`scale` times ∂loss/∂w and ∂loss/∂b of the mean loss, in half precision."""
    p = 1 / (1 + np.exp(-np.clip(z, -60, 60)))
    dz = (scale * (p - y) / len(y)).astype(np.float16)
    #: scaled-late: dz = np.float16(scale) * ((p - y) / len(y)).astype(np.float16)
    return X.astype(np.float16).T @ dz, dz.sum()


def clip(dw, db, limit=1.0):
    """The gradients, shortened together to a norm of at most `limit`. Nothing divides by 0."""
    norm = np.sqrt((dw**2).sum() + db**2)
    return (dw * (limit / norm), db * (limit / norm)) if norm > limit else (dw, db)
    #: divides-by-0: return dw * min(1, limit / norm), db * min(1, limit / norm)


def train(w, b, X, y, steps=300, eta=0.1, scale=65536.0):
    """Weights in single precision, passes in half. Where gradients overflow, no step is made, and the scale halved."""
    w, b = w.astype(np.float32), np.float32(b)
    #: half-master: w, b = w.astype(np.float16), np.float16(b)
    history = []
    for _ in range(steps):
        z = forward(w, b, X)
        history.append(losses(z, y).mean())
        dw, db = scaled_gradients(z, y, X, scale)
        if not (np.isfinite(dw).all() and np.isfinite(db)):
            scale /= 2
            #: never-halved: scale *= 2
            continue
        dw, db = dw.astype(np.float32) / scale, np.float32(db) / scale
        #: clipped-scaled:
        dw, db = clip(dw, db)
        #: clipped-scaled+: dw, db = dw.astype(np.float32) / scale, np.float32(db) / scale
        w -= (eta * dw).astype(w.dtype)
        b -= (eta * db).astype(w.dtype)
    return w, b, history


def main():
    rng = np.random.default_rng(0)
    X, y = mails(rng, 400)
    with np.errstate(over="ignore"):
        w, b, history = train(rng.normal(size=40), 0.0, X, y)  # from any weights
        for step in (0, 60, 120, 180, 240, 299):
            print(f"step {step:3}  loss {history[step]:.1f}")
        print(f"right {((forward(w, b, X) > 0) == y).mean():.0%}")


if __name__ == "__main__":
    main()
