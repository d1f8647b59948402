"""The checks of the two role tasks: an autograd of arrays, and attention with a mask; each usual mistake is told."""

import numpy as np
import pytest
from test_practice_course import NOTEBOOKS, folded_programs

from backprop.practice import live

(NOTEBOOK,) = (path for path in NOTEBOOKS if path.name.startswith("09"))
TENSOR, ATTENTION = (
    next(source for source, _ in folded_programs(NOTEBOOK) if start in source)
    for start in ("class Tensor:", "def attention(")
)


def told(check, *edits):
    """What is said of the notebook's right answer with these edits made in it."""
    text = (TENSOR if check is live.tensors else "import numpy as np\n" + ATTENTION).rpartition("\n\n\n")[0]
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    names = {"by_level": by_level}
    exec(text, names)
    given = ["Tensor"] if check is live.tensors else ["attention", "attention_backward"]
    return repr(check(*(names[name] for name in given)))


def by_level(out):
    """The nodes level by level, where one that is used on two levels comes once, at its first: too early."""
    queue = [out]
    for node in queue:
        queue += [parent for parent, _ in node.parents if parent not in queue]
    return queue


PULL = "unbroadcast(pull(node.grad), parent.data.shape)"
TENSORS = [
    ("Right where arrays broadcast and are used again, and on a chain of 5,000 additions.", []),
    (
        "keepdims where its own is 1",
        [("keepdims=True", "keepdims=False"), ("parent.grad +=", "parent.grad = parent.grad +")],
    ),
    ("Sum over stretched axes", [(PULL, "pull(node.grad)"), ("parent.grad +=", "parent.grad = parent.grad +")]),
    ("x is used twice in one step: is it +=", [("parent.grad +=", "parent.grad =")]),
    ("is it sum, not mean?", [("g.sum(axis=ones", "g.mean(axis=ones")]),
    ("does the output's own gradient begin at 1", [("self.grad = np.ones_like", "self.grad = np.zeros_like")]),
    ("times the other factor", [("g * other.data)", "g * self.data)")]),
    ("times the other, transposed", [("self.data.T @ g", "2 * self.data.T @ g")]),
    ("its sum is", [("self.data + other.data", "self.data - other.data")]),
    ("does each wait for all its users", [("for node in reversed(order):", "for node in by_level(self):")]),
]


@pytest.mark.parametrize(("words", "edits"), TENSORS, ids=[words for words, _ in TENSORS])
def test_an_autograd_of_arrays_is_told_what_is_missing(words, edits):
    assert words in told(live.tensors, *edits)


HIDDEN = "np.where(mask, Q @ K.swapaxes(1, 2) / np.sqrt(Q.shape[-1]), -np.inf)"
FORWARD = "return weights(Q, K, mask) @ V"
FREE = FORWARD.replace("mask)", "np.ones_like(mask))")
DS = "(dP - (dP * P).sum(axis=-1, keepdims=True))"
ATTENDED = [
    ("Right, forward and backward", []),
    ("Right, forward and backward", [("-np.inf", "-1e9")]),
    ("Right, forward and backward", [(FORWARD, "P = weights(Q, K, mask)\n    return P @ V, P")]),
    ("The mask is ignored", [(FORWARD, FREE)]),
    ("after the softmax", [(FORWARD, FREE.replace(" @ V", " * mask @ V"))]),
    ("e⁰ = 1 is a weight", [("-np.inf", "0")]),
    ("the other way round", [("np.where(mask,", "np.where(~mask,")]),
    ("aren't divided by √d", [(HIDDEN, HIDDEN.replace(" / np.sqrt(Q.shape[-1])", ""))]),
    ("divided by d, where √d", [(HIDDEN, HIDDEN.replace("np.sqrt(Q.shape[-1])", "Q.shape[-1]"))]),
    ("where (2, 3, 6) is due", [(FORWARD, "return (weights(Q, K, mask) @ V).mean(axis=1)")]),
    ("Softmax's sum is missing", [(DS, "dP")]),
    ("treated as elementwise", [(DS, "(dP * (1 - P))")]),
    ("the sum in softmax's slope runs over the keys", [(DS, DS.replace("axis=-1", "axis=-2"))]),
    ("√d is missing on the way back", [(" / np.sqrt(Q.shape[-1])\n    return dS", "\n    return dS")]),
    ("Masked scores get a gradient", [("P = weights(Q, K, mask)\n    dV", "P = weights(Q, K, mask | True)\n    dV")]),
    ("It is a sign, in dQ", [("return dS @ K,", "return -dS @ K,")]),
    ("look at dV's own line", [("@ Q, dV", "@ Q, 2 * dV + 1")]),
    ("dK is 2 times", [("swapaxes(1, 2) @ Q, dV", "swapaxes(1, 2) @ Q * 2, dV")]),
    ("dQ has shape", [("return dS @ K,", "return (dS @ K).sum(axis=0),")]),
    ("take off each row's own maximum", [("np.exp(S - S.max(axis=-1, keepdims=True))", "np.exp(S)")]),
    ("backward gives None", [("    return dS @ K", "    0, dS @ K")]),
    ("not attempted yet", [(FORWARD, "...")]),
]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", ATTENDED, ids=lambda case: case[0])
def test_attention_is_told_what_is_wrong(case):
    words, edits = case
    assert words in told(live.attention, *edits)


def test_attention_takes_a_cache_and_names():
    def forward(Q, K, V, mask):
        S = np.where(mask, Q @ K.swapaxes(1, 2) / np.sqrt(Q.shape[-1]), -np.inf)
        P = np.exp(S - S.max(axis=-1, keepdims=True))
        P /= P.sum(axis=-1, keepdims=True)
        return P @ V, (Q, K, V, P)

    def backward(G, cache):
        Q, K, V, P = cache
        dP = G @ V.swapaxes(1, 2)
        dS = P * (dP - (dP * P).sum(axis=-1, keepdims=True)) / np.sqrt(Q.shape[-1])
        return {"V": P.swapaxes(1, 2) @ G, "dK": dS.swapaxes(1, 2) @ Q, "dQ": dS @ K}

    assert repr(live.attention(forward, backward)).startswith("Right")


def test_dots_are_no_attempt():
    assert repr(live.tensors(...)) == repr(live.attention(len, ...)) == "not attempted yet"
