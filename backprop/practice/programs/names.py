import numpy as np

NAMES = "anna hannah otto ada bob elle eve nan ana asa aziza elle emme bib dad lil viv pip tot".split()
LETTERS = ".abcdefghijklmnopqrstuvwxyz"  # the dot begins and ends a name, and fills up the short ones


def encode(names):
    """Names as rows of numbers, filled up with 0: (N, T), with one dot in front and at least one behind."""
    longest = max(len(name) for name in names)
    rows = ["." + name + "." * (longest + 1 - len(name)) for name in names]
    return np.array([[LETTERS.index(letter) for letter in row] for row in rows])


def pairs(rows):
    """Each letter (N, T) with the one that follows it, which is to be predicted, and what counts of them.

    A name's letters and the first dot behind it count; the dots that only fill up don't.
    """
    inputs, targets = rows[:, :-1], rows[:, 1:]
    #: unshifted: inputs, targets = rows[:, :-1], rows[:, :-1]
    counts = (inputs != 0) | (np.arange(inputs.shape[1]) == 0)
    #: padding: counts = np.ones(inputs.shape, dtype=bool)
    return inputs, targets, counts


def softmax(Z):
    """Probabilities along the last axis."""
    E = np.exp(Z - Z.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)


def loss(p, inputs, targets, counts):
    """The mean of minus log p over the letters that count, and the gradient of each parameter."""
    H = p["E"][inputs]  # (N, T, d): each letter's row
    P = softmax(H @ p["W"] + p["b"])
    n, t = np.nonzero(counts)
    value = -np.log(P[n, t, targets[n, t]]).mean()
    #: all-places: value = -np.log(P[n, t, targets[n, t]]).sum() / counts.size
    G = P.copy()
    G[n, t, targets[n, t]] -= 1
    G *= counts[..., None] / counts.sum()
    #: not-masked: G /= counts.sum()
    dH = G @ p["W"].T
    dE = np.zeros_like(p["E"])
    np.add.at(dE, inputs, dH)
    #: last-use: dE[inputs] += dH
    dW = np.einsum("ntd,ntk->dk", H, G)
    return value, {"E": dE, "W": dW, "b": G.sum(axis=(0, 1))}
    #: batch-only: return value, {"E": dE, "W": dW, "b": G.sum(axis=0).mean(axis=0)}


def sample(p, rng, longest=12):
    """A name, letter by letter, until the dot."""
    letters, name = [0], ""
    while len(name) < longest:
        probabilities = softmax(p["E"][letters[-1]] @ p["W"] + p["b"])
        letters.append(rng.choice(len(LETTERS), p=probabilities))
        if letters[-1] == 0:
            break
        name += LETTERS[letters[-1]]
    return name


def main(steps=400, eta=2.0, size=8):
    rng = np.random.default_rng(0)
    K = len(LETTERS)
    p = {"E": rng.normal(size=(K, size)), "W": 0.1 * rng.normal(size=(size, K)), "b": np.zeros(K)}
    inputs, targets, counts = pairs(encode(NAMES))
    for step in range(steps + 1):
        value, grads = loss(p, inputs, targets, counts)
        for name in p:
            p[name] -= eta * grads[name]
        if step % 100 == 0:
            print(f"step {step:3}  loss {value:.2f}")
    print("names:", *[sample(p, rng) for _ in range(3)])


if __name__ == "__main__":
    main()
