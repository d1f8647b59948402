"""Bad input: one plain sentence saying what came, what was due and what to do, and a network left as it was.

Each case is a call and the parts of the sentence that must be there. Nothing here may end in NumPy's or Python's own
words: `plain` refuses those for every case.
"""

import re
from types import SimpleNamespace

import numpy as np
import pytest

import backprop
from backprop import MLP, SGD, Adam, check_gradients, data

DTYPES = (np.float64, np.float32)
RAW = "broadcast|ufunc|setitem|inhomogeneous|unhashable|has no attribute|not iterable|out of range|SeedSequence"


def plain(error, *parts):
    """Is the message a sentence of this package, with all these parts in it?"""
    message = str(error.value)
    for part in parts:
        assert part in message, message
    assert re.match(r"[\w\"'].*[.?)]$", message, re.DOTALL), message
    assert "\n" not in message
    assert not re.search(RAW, message), message
    assert len(message) < 500, message
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__ or error.value.__context__ is None  # no second traceback above it


def refused(call, *parts, kind=(ValueError, TypeError)):
    with pytest.raises(kind) as error:
        call()
    plain(error, *parts)


def bits(net):
    return [w.tobytes() for w in net.W[1:] + net.b[1:]] + [list(net.sizes), net.dtype, net.loss_name]


# --- making a network -------------------------------------------------------------------------------------------

SIZES = {
    "none": (None, ["sizes is None", "[2, 3, 1]"]),
    "number": (3, ["sizes is 3", "[2, 3, 1]"]),
    "text": ("231", ["'2', '3', '1'", "positive whole numbers"]),
    "empty": ([], ["sizes is []", "at least two"]),
    "one": ([2], ["sizes is [2]", "at least two"]),
    "zero": ([2, 0, 1], ["[2, 0, 1]", "positive whole numbers"]),
    "negative": ([2, -3, 1], ["[2, -3, 1]", "positive"]),
    "fraction": ([2, 3.0, 1], ["[2, 3.0, 1]", "whole"]),
    "bool": ([2, True, 1], ["[2, True, 1]", "whole"]),
    "numpy bool": ([2, np.True_, 1], ["whole"]),
    "nested": ([[2, 3, 1]], ["whole"]),
    "array": (np.ones((2, 2), int), ["whole"]),
    "hole": ([2, None, 1], ["[2, None, 1]"]),
}


@pytest.mark.parametrize("case", SIZES)
def test_sizes(case):
    sizes, parts = SIZES[case]
    refused(lambda: MLP(sizes), *parts)


def test_sizes_of_any_whole_numbers():
    for sizes in ([2, 3, 1], (2, 3, 1), np.array([2, 3, 1]), [np.int32(2), 3, 1], range(1, 4)):
        assert MLP(sizes).L == 2
        assert all(type(n) is int for n in MLP(sizes).sizes)


NAMES = {
    "hidden": ("Tahn", '"tanh"'),
    "loss": ("crossentropy", '"cross_entropy"'),
    "output": ("sigmod", '"sigmoid"'),
    "init": ("xaiver", '"xavier"'),
}


@pytest.mark.parametrize("argument", NAMES)
def test_unknown_names(argument):
    """The near match as a question where there is one, and all the choices."""
    name, near = NAMES[argument]
    choices = {
        "hidden": ["sigmoid", "tanh", "relu", "leaky_relu", "gelu", "silu", "identity"],
        "loss": ["mse", "bce", "cross_entropy"],
        "output": ["identity", "sigmoid", "softmax"],
        "init": ["xavier", "he", "lecun", "normal", "zeros"],
    }[argument]
    quoted = [f'"{choice}"' for choice in choices]
    refused(lambda: MLP([2, 2], **{argument: name}), f"{argument}={name!r}", f"Did you mean {near}?", *quoted)
    with pytest.raises(ValueError, match=argument) as error:
        MLP([2, 2], **{argument: "qqq"})
    plain(error, "'qqq'", *quoted)
    assert "Did you mean" not in str(error.value)
    others = [["relu"], {}, 3, b"relu", len] + ([] if argument == "output" else [None])
    for value in others:
        refused(lambda value=value: MLP([2, 2], **{argument: value}), argument)


PAIRS = [
    ("mse", "tanh"),
    ("mse", "relu"),
    ("bce", "softmax"),
    ("bce", "identity"),
    ("cross_entropy", "sigmoid"),
    ("cross_entropy", "identity"),
    ("mse", ""),
]


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_illegal_pairs_list_the_legal_ones(loss, output):
    legal = ['"mse" with "identity"', '"mse" with "sigmoid"', '"mse" with "softmax"']
    legal += ['"bce" with "sigmoid"', '"cross_entropy" with "softmax"']
    refused(lambda: MLP([2, 2], loss=loss, output=output), f"{loss!r}", f"{output!r}", "do not go together", *legal)


def test_softmax_over_one_output():
    for loss in "cross_entropy", "mse":
        refused(lambda loss=loss: MLP([2, 1], loss=loss, output="softmax"), "1 output", "at least two", "bce")


@pytest.mark.parametrize(
    "dtype", ["flaot32", int, np.float16, np.complex128, object, 5, {}, "f8,,", ">f8", "longdouble"]
)
def test_dtype(dtype):
    refused(lambda: MLP([2, 1], dtype=dtype), "dtype", "np.float64 or np.float32")
    refused(lambda: data.digits(dtype), "dtype", "np.float64 or np.float32")


def test_dtype_by_any_of_its_names():
    for dtype in ("float32", np.float32, "f4", np.dtype("float32")):
        assert MLP([2, 1], dtype=dtype).W[1].dtype == np.float32


INITS = {
    "none": (None, ["init is None", "xavier"]),
    "number": (5, ["init is 5", "list of arrays"]),
    "too few": ([np.ones((3, 2))], ["1 arrays", "2 layers"]),
    "transposed": ([np.ones((2, 3)), np.ones((1, 3))], ["W[1]", "(2, 3)", "(3, 2)", "transpose"]),
    "second": ([np.ones((3, 2)), np.ones((1, 4))], ["W[2]", "(1, 4)", "(n_2, n_1) = (1, 3)"]),
    "deep": ([np.ones((3, 2, 1)), np.ones((1, 3))], ["W[1]", "(3, 2, 1)"]),
    "hole": ([None, None, np.ones((1, 3))], ["W[1]", "None"]),
    "nan": ([np.full((3, 2), np.nan), np.ones((1, 3))], ["W[1]", "NaN or inf", "finite"]),
    "ragged": ([[[1], [1, 2], [3]], np.ones((1, 3))], ["W[1]", "different lengths"]),
    "text": ([[["a", "b"]] * 3, np.ones((1, 3))], ["W[1]", "real numbers"]),
    "complex": ([np.ones((3, 2)) * 1j, np.ones((1, 3))], ["W[1]", "complex", "real numbers"]),
    "dict": ({"W": 1, "b": 2}, ["init"]),
}


@pytest.mark.parametrize("case", INITS)
def test_own_arrays(case):
    init, parts = INITS[case]
    refused(lambda: MLP([2, 3, 1], init=init), *parts)


def test_own_arrays_that_overflow_float32():
    refused(lambda: MLP([1, 1], init=[[[1e300]]], dtype=np.float32), "W[1]", "inf", "float32")


@pytest.mark.parametrize("scale", [-1, np.nan, np.inf, "0.1", None, [1.0], True, 1j, np.array([1.0])])
def test_scale(scale):
    refused(lambda: MLP([2, 1], init="normal", scale=scale), "scale is", "at least 0")


@pytest.mark.parametrize("seed", [-1, "a", 1.5, [1, -1], {}, np.nan])
def test_seed(seed):
    refused(lambda: MLP([2, 1], seed=seed), "seed is", "whole number from 0", kind=ValueError)
    refused(lambda: data.spirals(seed=seed), "seed is", kind=ValueError)


# --- X ----------------------------------------------------------------------------------------------------------


def at(value, row, sample, shape=(2, 4)):
    X = np.zeros(shape)
    X[row, sample] = value
    return X


X_CASES = {
    "rows": (np.ones((5, 2)), ["(5, 2)", "(n_0, B) = (2, B)", "samples are columns", "X.T"]),
    "neither": (np.ones((5, 3)), ["(5, 3)", "(2, B)", "2 inputs"]),
    "one sample": (np.ones(2), ["(2,)", "(2, B)", "X.reshape(-1, 1)"]),
    "1-D": (np.ones(5), ["(5,)", "(2, B)"]),
    "3-D": (np.ones((2, 2, 2)), ["(2, 2, 2)", "(2, B)"]),
    "0-D": (3.0, ["()", "(2, B)"]),
    "no sample": (np.ones((2, 0)), ["(2, 0)", "empty", "at least one"]),
    "no row": (np.ones((0, 4)), ["(0, 4)", "(2, B)"]),
    "nan": (at(np.nan, 1, 2), ["nan", "sample 2", "row 1"]),
    "inf": (at(-np.inf, 0, 3), ["-inf", "sample 3", "row 0"]),
    "none": (None, ["X is None", "real numbers"]),
    "text": ("abc", ["X", "real numbers"]),
    "texts": ([["1", "2"], ["3", "4"]], ["X", "real numbers", "astype(float)"]),
    "objects": ([[None, 1], [2, 3]], ["object", "real numbers", "None"]),
    "ragged": ([[1, 2], [3]], ["X", "different lengths", "rectangular"]),
    "complex": (np.ones((2, 4)) * 1j, ["complex128", "real numbers"]),
    "dates": (np.zeros((2, 4), "M8[D]"), ["datetime64", "real numbers"]),
    "records": (np.zeros((2, 4), [("a", float)]), ["real numbers"]),
    "huge integers": ([[10**400], [1]], ["real numbers"]),
    "dict": ({"x": 1}, ["real numbers"]),
    "generator": ((x for x in [1, 2]), ["real numbers"]),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("case", X_CASES)
def test_X(case, dtype):
    X, parts = X_CASES[case]
    net = MLP([2, 3, 1], loss="bce", dtype=dtype)
    before = bits(net)
    refused(lambda: net.forward(X), *parts)
    refused(lambda: check_gradients(net, X, np.ones((1, 4))), *parts)
    assert bits(net) == before


def test_X_of_one_input():
    refused(lambda: MLP([1, 1]).forward([1.0, 2.0]), "(2,)", "X.reshape(1, -1)")


def test_X_that_overflows_float32():
    refused(lambda: MLP([2, 1], dtype=np.float32).forward(at(1e300, 1, 3)), "inf", "sample 3")


# --- Y, and the trace -------------------------------------------------------------------------------------------

Y_CASES = {
    "rows": ("mse", np.ones((4, 3)), ["(4, 3)", "(n_L, B) = (3, 4)", "samples are columns", "Y.T"]),
    "other batch": ("mse", np.ones((3, 5)), ["(3, 5)", "(3, 4)", "4 samples", "5", "that forward's X"]),
    "other outputs": ("mse", np.ones((2, 4)), ["(2, 4)", "(3, 4)"]),
    "would broadcast": ("mse", np.ones((1, 4)), ["(1, 4)", "(3, 4)"]),
    "one column": ("mse", np.ones((3, 1)), ["(3, 1)", "(3, 4)", "4 samples"]),
    "1-D": ("mse", np.ones(4), ["(4,)", "(3, 4)"]),
    "scalar": ("mse", 1.0, ["()", "(3, 4)"]),
    "3-D": ("mse", np.ones((1, 3, 4)), ["(1, 3, 4)", "(3, 4)"]),
    "none": ("mse", None, ["Y is None"]),
    "nan": ("mse", at(np.nan, 2, 1, (3, 4)), ["nan", "sample 1", "row 2"]),
    "inf": ("bce", at(np.inf, 2, 1, (3, 4)), ["inf", "sample 1"]),
    "text": ("mse", [["a"] * 4] * 3, ["Y", "real numbers"]),
    "complex": ("mse", np.ones((3, 4)) * 1j, ["Y", "complex"]),
    "ragged": ("mse", [[1, 2, 3, 4], [1], [2]], ["Y", "different lengths"]),
    "minus one": ("bce", at(-1, 0, 2, (3, 4)), ["sample 2", "between 0 and 1", "(Y + 1) / 2"]),
    "percent": ("bce", at(50, 0, 0, (3, 4)), ["50", "sample 0", "between 0 and 1"]),
    "labels for bce": ("bce", [0, 1, 1, 0], ["(4,)", "(3, 4)"]),
    "too large": ("cross_entropy", [0, 1, 3, 2], ["label 3", "sample 2", "3 outputs", "0 to 2"]),
    "negative": ("cross_entropy", [0, 1, 2, -1], ["label -1", "sample 3", "0 to 2"]),
    "too few": ("cross_entropy", [0, 1], ["2 labels", "4 samples"]),
    "no labels": ("cross_entropy", [], ["0 labels", "4 samples"]),
    "float labels": ("cross_entropy", [0.0, 1.0, 2.0, 1.0], ["float64", "integers", "astype(int)"]),
    "bool labels": ("cross_entropy", [True, False, True, True], ["bool", "integers", "astype(int)"]),
    "text labels": ("cross_entropy", ["cat", "dog", "cat", "dog"], ["Y", "real numbers"]),
    "label column": ("cross_entropy", [[0], [1], [2], [1]], ["(4, 1)", "Y.ravel()"]),
    "label row": ("cross_entropy", [[0, 1, 2, 1]], ["(1, 4)", "Y.ravel()"]),
    "label scalar": ("cross_entropy", 1, ["()", "(3, 4)"]),
    "sums to 3": ("cross_entropy", np.ones((3, 4)), ["sample 0", "sums to 3", "sum to 1", "Divide"]),
    "sums to 0": ("cross_entropy", np.eye(3, 4), ["sample 3", "sums to 0", "sum to 1"]),
    "below 0": ("cross_entropy", np.tile([[2], [-1], [0]], 4), ["sample 0", "negative", "sum to 1"]),
    "one-hot rows": ("cross_entropy", np.eye(3)[[0, 1, 2, 1]], ["(4, 3)", "(3, 4)", "Y.T"]),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("case", Y_CASES)
def test_Y(case, dtype):
    loss, Y, parts = Y_CASES[case]
    net, X = MLP([2, 5, 3], loss=loss, dtype=dtype), np.ones((2, 4))
    trace, before = net.forward(X), bits(net)
    for call in (
        lambda: net.loss(trace, Y),
        lambda: net.backward(trace, Y),
        lambda: check_gradients(net, X, Y),
    ):
        refused(call, *parts)
    assert bits(net) == before


def test_Y_of_one_output():
    net = MLP([2, 1], loss="bce")
    refused(lambda: net.loss(net.forward(np.ones((2, 4))), [0, 1, 1, 0]), "(4,)", "(1, 4)", "Y.reshape(1, -1)")


def test_Y_of_one_sample():
    net = MLP([2, 3])
    refused(lambda: net.loss(net.forward(np.ones((2, 1))), [0, 1, 1]), "(3,)", "(3, 1)", "Y.reshape(-1, 1)")
    net = MLP([2, 3], loss="cross_entropy")
    refused(lambda: net.loss(net.forward(np.ones((2, 1))), [0.0, 1.0, 0.0]), "3 labels", "1 samples", "probabilities")


def test_square_targets_as_rows_are_told_by_their_sums():
    net = MLP([2, 3], loss="cross_entropy")
    trace = net.forward(np.ones((2, 3)))
    refused(lambda: net.loss(trace, [[1, 0, 0], [1, 0, 0], [0, 0, 1]]), "sample 0", "sums to 2", "rows sum to 1", "Y.T")


def test_sums_are_held_to_what_the_dtype_can_say():
    """Divided columns always pass; columns that are off by 1e-6, and up to 1e-4, pass in float32 alone."""
    rng = np.random.default_rng(0)
    Y = rng.uniform(size=(300, 20))
    for dtype in DTYPES:
        net = MLP([2, 300], loss="cross_entropy", dtype=dtype)
        trace = net.forward(np.ones((2, 20)))
        for given in DTYPES:
            columns = Y.astype(given)
            net.loss(trace, columns / columns.sum(axis=0))
    net = MLP([2, 2], loss="cross_entropy")
    trace = net.forward(np.ones((2, 1)))
    refused(lambda: net.loss(trace, [[0.5], [0.5 + 1e-6]]), "sums to 1.000001", "sum to 1")
    net.loss(trace, np.array([[0.5], [0.5 + 1e-6]], dtype=np.float32))
    net.loss(trace, np.array([[0.5], [0.50008]], dtype=np.float32))
    refused(lambda: net.loss(trace, np.array([[0.5], [0.50012]], dtype=np.float32)), "sums to 1.0001", "sum to 1")


TRACES = {
    "none": (lambda net, X: None, ["NoneType"]),
    "X": (lambda net, X: X, ["ndarray"]),
    "output": (lambda net, X: net.forward(X).output, ["ndarray"]),
    "gradients": (lambda net, X: net.backward(net.forward(X), np.ones((1, 4))), ["Gradients"]),
    "tuple": (lambda net, X: tuple(net.forward(X)), ["tuple"]),
    "wider": (lambda net, X: MLP([2, 4, 1]).forward(X), ["[2, 4, 1]"]),
    "deeper": (lambda net, X: MLP([2, 3, 3, 1]).forward(X), ["[2, 3, 3, 1]"]),
    "other dtype": (lambda net, X: MLP([2, 3, 1], dtype=np.float32).forward(X), ["float32", "float64"]),
}


@pytest.mark.parametrize("case", TRACES)
def test_trace(case):
    make, parts = TRACES[case]
    net, X, Y = MLP([2, 3, 1]), np.ones((2, 4)), np.ones((1, 4))
    trace, before = make(net, X), bits(net)
    for call in (lambda: net.loss(trace, Y), lambda: net.backward(trace, Y)):
        refused(call, "trace", "[2, 3, 1]", "forward(X)", *parts)
    assert bits(net) == before


def test_swapped_arguments():
    net, X, Y = MLP([2, 3, 1]), np.ones((2, 4)), np.ones((1, 4))
    trace = net.forward(X)
    grads, before = net.backward(trace, Y), bits(net)
    refused(lambda: net.loss(Y, trace), "trace is a ndarray", "forward(X)")
    refused(lambda: net.backward(Y, trace), "trace is a ndarray", "forward(X)")
    refused(lambda: SGD().update(grads, net), "net is a Gradients", "MLP", "first argument")
    refused(lambda: check_gradients(X, net, Y), "net is a ndarray", "MLP", "first argument")
    assert bits(net) == before


# --- update rules -----------------------------------------------------------------------------------------------

RULES = {
    "SGD": ["eta", "weight_decay"],
    "Momentum": ["eta", "beta", "weight_decay"],
    "Nesterov": ["eta", "beta", "weight_decay"],
    "Adagrad": ["eta", "eps", "weight_decay"],
    "RMSProp": ["eta", "rho", "eps", "weight_decay"],
    "Adam": ["eta", "beta1", "beta2", "eps", "weight_decay"],
    "AdamW": ["eta", "beta1", "beta2", "eps", "weight_decay"],
}
BOUND = {"eta": "above 0", "eps": "at least 0", "weight_decay": "at least 0"}
NO_NUMBER = [None, "0.1", True, 1j, [0.1], np.array([0.1]), MLP([1, 1]), np.nan, np.inf, -np.inf, 10**400]


@pytest.mark.parametrize(("rule", "argument"), [(rule, name) for rule in RULES for name in RULES[rule]])
def test_hyperparameters(rule, argument):
    bad = [-0.1, -1, *NO_NUMBER] + {"eta": [0, 0.0]}.get(argument, [])
    bad += [1, 1.0, 2] if argument in ("beta", "beta1", "beta2", "rho") else []
    bound = BOUND.get(argument, "at least 0 and below 1")
    for value in bad:
        refused(lambda value=value: getattr(backprop, rule)(**{argument: value}), f"{argument} is", "number", bound)
    for value in (0.5, np.float32(0.5), np.float64(0.5)):
        assert getattr(getattr(backprop, rule)(**{argument: value}), argument) == 0.5


def test_zero_is_legal_where_it_says_at_least_0():
    Adam(beta1=0, beta2=0, eps=0, weight_decay=0)


GRADIENTS = {
    "none": (lambda g: None, ["grads is a NoneType", "net.backward(trace, Y)"]),
    "tuple": (lambda g: (g.W, g.b), ["grads is a tuple", "net.backward(trace, Y)"]),
    "dict": (lambda g: {"W": g.W, "b": g.b}, ["grads is a dict"]),
    "no b": (lambda g: SimpleNamespace(W=g.W), ["list b", "net.backward(trace, Y)"]),
    "b is None": (lambda g: SimpleNamespace(W=g.W, b=None), ["list b"]),
    "no padding": (lambda g: SimpleNamespace(W=g.W[1:], b=g.b[1:]), ["grads.W has 2 entries", "needs 3", "None, then"]),
    "b too short": (lambda g: SimpleNamespace(W=g.W, b=g.b[:2]), ["grads.b has 2 entries", "needs 3"]),
}
ENTRIES = {
    "complex": (lambda g: g.b[2] * 1j, ["grads.b[2]", "complex", "real numbers"]),
    "text": (lambda g: [["a"]], ["grads.b[2]", "real numbers"]),
    "object": (lambda g: [[None]], ["grads.b[2]", "real numbers"]),
    "ragged": (lambda g: [[1], [1, 2]], ["grads.b[2]", "different lengths"]),
    "None": (lambda g: None, ["grads.b[2] is None", "never computed"]),
    "shape": (lambda g: g.b[2].ravel(), ["grads.b[2] has shape (1,)", "net.b[2] has (1, 1)"]),
}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("case", [*GRADIENTS, *ENTRIES])
def test_gradients_for_update(case, rule):
    """b[2] comes last, so that everything before it would have moved already."""
    net, X, Y = MLP([2, 3, 1]), np.ones((2, 4)), np.ones((1, 4))
    good = net.backward(net.forward(X), Y)
    make, parts = GRADIENTS.get(case) or ENTRIES[case]
    grads = make(good) if case in GRADIENTS else SimpleNamespace(W=good.W, b=[None, good.b[1], make(good)])
    before = bits(net)
    refused(lambda: getattr(backprop, rule)().update(net, grads), *parts)
    assert bits(net) == before


@pytest.mark.parametrize("case", GRADIENTS)
def test_gradients_for_the_check(case):
    net, X, Y = MLP([2, 3, 1]), np.ones((2, 4)), np.zeros((1, 4))
    make, parts = GRADIENTS[case]
    if case != "none":  # None is what the argument is when left out
        refused(lambda: check_gradients(net, X, Y, make(net.backward(net.forward(X), Y))), *parts)
    refused(lambda: check_gradients(net, X, Y, net.forward(X)), "grads is a Trace", "net.backward(trace, Y)")


def test_no_network():
    net = MLP([2, 1])
    grads = net.backward(net.forward(np.ones((2, 1))), [[1]])
    refused(lambda: SGD().update(None, grads), "net is a NoneType", "MLP")
    refused(lambda: check_gradients(None, np.ones((2, 1)), [[1]]), "net is a NoneType", "MLP")


@pytest.mark.parametrize("argument", ["tolerance", "h"])
@pytest.mark.parametrize("value", [0, -1, np.nan, "a", True])
def test_settings_of_the_check(argument, value):
    refused(
        lambda: check_gradients(MLP([2, 1]), np.ones((2, 1)), [[1]], **{argument: value}), f"{argument} is", "above 0"
    )


# --- data -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [0, -1, 2.0, "3", None, True])
def test_counts(n):
    refused(lambda: data.spirals(n), "n is", "positive whole number of points")
    refused(lambda: next(data.batches(np.ones((1, 2)), [1, 2], n, np.random.default_rng(0))), "size is", "of samples")


@pytest.mark.parametrize("noise", [-0.1, np.nan, "a", None])
def test_noise(noise):
    refused(lambda: data.spirals(noise=noise), "noise is", "at least 0")


BATCHES = {
    "rows": (np.ones((4, 2)), np.ones(4), ["(4, 2)", "(4,)", "(n_0, N)"]),
    "mismatch": (np.ones((2, 4)), np.ones((1, 3)), ["(2, 4)", "(1, 3)", "same N samples"]),
    "1-D": (np.ones(4), np.ones(4), ["(4,)", "(n_0, N)"]),
    "0-D": (1.0, 1.0, ["()", "(n_0, N)"]),
    "none": (np.ones((2, 4)), None, ["y is None"]),
    "ragged": ([[1, 2], [3]], [1, 2], ["X", "different lengths"]),
}


@pytest.mark.parametrize("case", BATCHES)
def test_batches(case):
    X, y, parts = BATCHES[case]
    refused(lambda: next(data.batches(X, y, 2, np.random.default_rng(0))), *parts)


@pytest.mark.parametrize("rng", [0, None, "a", np.random.default_rng])
def test_batches_need_a_generator(rng):
    """A seed would shuffle every epoch alike."""
    refused(lambda: next(data.batches(np.ones((1, 2)), [1, 2], 1, rng)), "rng is", "np.random.default_rng(0)")
