"""Automatic differentiation in its two modes, small enough to read: dual numbers forward, a tape in reverse.

Both come from one table of primitives. For each argument x of y = f(x, …) a primitive knows the Jacobian J = ∂y/∂x
as two linear maps: tangents are pushed forward, t ↦ J t, and gradients pulled back, g ↦ Jᵀ g. J is never built.
A function written with the operations below runs on plain arrays, on `Dual` and on `Var` alike. So does one written
with NumPy's own `np.sin` and the like, where they are in the table, and one that branches on a comparison of values.
"""

import numpy as np

from backprop import activations


class Operators:
    """What a Dual and a Var have in common: arithmetic that goes through the table of primitives."""

    def __array_ufunc__(self, ufunc, method, *inputs, **settings):
        """What NumPy asks at array * Var and np.sin(Var): the primitive of that name, or a sentence."""
        if ufunc in COMPARISONS:
            return ufunc(*(x.value if isinstance(x, Operators) else x for x in inputs))
        if method != "__call__" or settings or ufunc not in FROM_NUMPY:
            raise TypeError(_unknown(f"np.{ufunc.__name__}" + f".{method}" * (method != "__call__"), self))
        return FROM_NUMPY[ufunc](*inputs)

    def __array_function__(self, function, types, arguments, settings):
        raise TypeError(_unknown(f"np.{function.__name__}", self))

    def __lt__(self, other):
        return np.less(self, other)

    def __le__(self, other):
        return np.less_equal(self, other)

    def __gt__(self, other):
        return np.greater(self, other)

    def __ge__(self, other):
        return np.greater_equal(self, other)

    def __add__(self, other):
        return add(self, other)

    def __radd__(self, other):
        return add(other, self)

    def __sub__(self, other):
        return subtract(self, other)

    def __rsub__(self, other):
        return subtract(other, self)

    def __mul__(self, other):
        return multiply(self, other)

    def __rmul__(self, other):
        return multiply(other, self)

    def __truediv__(self, other):
        return divide(self, other)

    def __rtruediv__(self, other):
        return divide(other, self)

    def __matmul__(self, other):
        return matmul(self, other)

    def __rmatmul__(self, other):
        return matmul(other, self)

    def __neg__(self):
        return multiply(self, -1.0)

    def __pow__(self, exponent):
        """Raise to a constant power."""
        return power(self, exponent=exponent)

    def sum(self, axis=None, keepdims=False):
        return total(self, axis=axis, keepdims=keepdims)

    @property
    def T(self):
        return transpose(self)

    @property
    def shape(self):
        return self.value.shape

    @property
    def ndim(self):
        return len(self.shape)

    def __repr__(self):
        return f"{type(self).__name__} of shape {self.shape}"


class Dual(Operators):
    """Forward mode: value + ε tangent, with ε² = 0. The tangent is how the value moves when the input does."""

    def __init__(self, value, tangent):
        self.value = np.asarray(value, dtype=np.float64)
        self.tangent = np.broadcast_to(tangent, self.value.shape)


class Var(Operators):
    """Reverse mode: a value on the tape, with its `parents`, pairs (Var, pull) where pull(g) = Jᵀ g.

    The value may be a Dual: then the gradients are Duals too, and their tangents are second derivatives.
    """

    def __init__(self, value, parents=()):
        self.value = value if isinstance(value, Dual) else np.asarray(value, dtype=np.float64)
        self.parents = parents


class Primitive:
    """y = f(*arguments, **settings), with the pushforward and the pullback for each argument.

    pushes[i](t, y, *arguments, **settings) = J t    and    pulls[i](g, y, *arguments, **settings) = Jᵀ g,
    for J = ∂y/∂argument_i. Settings (an axis, an exponent) are constants.
    """

    def __init__(self, f, pushes, pulls):
        self.f, self.pushes, self.pulls = f, pushes, pulls

    def __call__(self, *arguments, **settings):
        values = [x.value if isinstance(x, Operators) else np.asarray(x) for x in arguments]
        twice = any(isinstance(x, Dual) for x in values)  # on a tape of dual numbers
        y = self(*values, **settings) if twice else self.f(*values, **settings)
        kinds = {type(x) for x in arguments if isinstance(x, Operators)}
        if len(kinds) > 1:
            raise TypeError("A Dual met a Var: differentiate in one mode at a time.")
        if kinds == {Dual}:
            moved = [
                push(x.tangent, y, *values, **settings)
                for x, push in zip(arguments, self.pushes)
                if isinstance(x, Dual)
            ]
            return Dual(y, sum(moved))
        if kinds == {Var}:
            return Var(y, tuple(self._pulls(arguments, y, values, settings)))
        return y

    def _pulls(self, arguments, y, values, settings):
        for x, pull in zip(arguments, self.pulls):
            if isinstance(x, Var):
                yield x, lambda g, pull=pull: pull(g, y, *values, **settings)


def elementwise(f, *slopes):
    """The primitive of an f that works entry by entry, with slopes[i](y, *arguments) = ∂y/∂argument_i."""

    def push(slope):
        return lambda t, y, *values, **settings: t * slope(y, *values, **settings)

    def pull(i, slope):
        return lambda g, y, *values, **settings: unbroadcast(g * slope(y, *values, **settings), values[i].shape)

    return Primitive(f, [push(s) for s in slopes], [pull(i, s) for i, s in enumerate(slopes)])


def unbroadcast(g, shape):
    """Sum g over every axis along which an array of `shape` was stretched: an entry used many times has many slopes."""
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    stretched = tuple(i for i, n in enumerate(shape) if n == 1 and g.shape[i] != 1)
    return g.sum(axis=stretched, keepdims=True)


def _stretch(g, y, x, axis=None, keepdims=False):
    """Give a gradient of x.sum(axis) the shape of x: every summand had the slope 1."""
    if axis is not None and not keepdims:
        g = expand(g, axis=axis)
    return g + np.zeros(x.shape)


def _product(a, b):
    """a @ b of two matrices. Of vectors and stacks `@` means something else, with another pullback."""
    if (a.ndim, b.ndim) != (2, 2):
        raise ValueError(f"matmul takes two matrices, but got shapes {a.shape} and {b.shape}: make a vector a column.")
    return a @ b


# The table: a function, then its slope for each argument. y is the result that was computed already.
add = elementwise(np.add, lambda y, a, b: 1.0, lambda y, a, b: 1.0)
subtract = elementwise(np.subtract, lambda y, a, b: 1.0, lambda y, a, b: -1.0)
multiply = elementwise(np.multiply, lambda y, a, b: b, lambda y, a, b: a)
divide = elementwise(np.divide, lambda y, a, b: 1 / b, lambda y, a, b: -y / b)
power = elementwise(  # x⁰ has the slope 0 · x⁰ = 0, where 0 · x⁻¹ would be NaN at x = 0
    lambda x, exponent: x**exponent, lambda y, x, exponent: exponent * x ** (exponent - (exponent != 0))
)
exp = elementwise(np.exp, lambda y, x: y)
log = elementwise(np.log, lambda y, x: 1 / x)
sin = elementwise(np.sin, lambda y, x: np.cos(x))
cos = elementwise(np.cos, lambda y, x: -np.sin(x))
tanh = elementwise(np.tanh, lambda y, x: 1 - y * y)
sigmoid = elementwise(activations.sigmoid, lambda y, x: y * (1 - y))
relu = elementwise(lambda x: np.maximum(x, 0), lambda y, x: (x > 0) * 1.0)

# What mixes entries says how tangents are pushed, then how gradients are pulled.
matmul = Primitive(
    _product,
    [lambda t, y, a, b: t @ b, lambda t, y, a, b: a @ t],
    [lambda g, y, a, b: g @ b.T, lambda g, y, a, b: a.T @ g],
)
transpose = Primitive(np.transpose, [lambda t, y, x: t.T], [lambda g, y, x: g.T])
expand = Primitive(
    np.expand_dims,
    [lambda t, y, x, axis: np.expand_dims(t, axis)],
    [lambda g, y, x, axis: g.sum(axis=axis)],
)
total = Primitive(np.sum, [lambda t, y, x, **settings: t.sum(**settings)], [_stretch])


FROM_NUMPY = {
    **{np.add: add, np.subtract: subtract, np.multiply: multiply, np.true_divide: divide, np.matmul: matmul},
    **{np.exp: exp, np.log: log, np.sin: sin, np.cos: cos, np.tanh: tanh, np.negative: lambda x: -x},
}
COMPARISONS = {np.less, np.less_equal, np.greater, np.greater_equal}  # of the values: which way a program takes


def _unknown(name, operand):
    known = ", ".join(ufunc.__name__ for ufunc in FROM_NUMPY)
    return (
        f"{name} can't be applied to a {type(operand).__name__}: backprop.autodiff knows no slope for it. It knows "
        f"np.{known}, and has sigmoid, relu, power with a constant exponent, x.sum() and x.T besides."
    )


def jvp(f, x, v):
    """f(x) and J v, for J = ∂f/∂x, by one run of f on dual numbers. v has x's shape; J v has f(x)'s."""
    out = f(Dual(x, v))
    return (out.value, out.tangent) if isinstance(out, Dual) else (np.asarray(out), np.zeros_like(out))


def vjp(f, *xs):
    """f(*xs) and a function that takes g, of f's shape, to the tuple of Jᵀ g, one for each of xs, of its shape.

    f runs once and is recorded; each call of the returned function walks the tape back once.
    """
    inputs = [Var(x) for x in xs]
    out = f(*inputs)

    def pull_back(g):
        found = gradients(out, g) if isinstance(out, Var) else {}
        return tuple(np.array(found.get(x, np.zeros(x.shape))) for x in inputs)  # copies: a pull may give a view

    return (out.value if isinstance(out, Var) else np.asarray(out)), pull_back


def grad(f, *xs):
    """The tuple of ∂f/∂x, one for each of xs, of an f that returns one number. ValueError where it returns more."""
    value, pull_back = vjp(f, *xs)
    if value.size != 1:
        raise ValueError(f"grad wants a function that returns one number, but got shape {value.shape}. Use vjp.")
    return pull_back(np.ones(value.shape))


def gradients(out, seed):
    """{node: ∂(seed · out)/∂node} for every Var that `out` was made of.

    Walks the tape from the output down. A node used twice collects a term from each use, so terms are added,
    and a node is passed only when all its uses are done: that is what the topological order is for.
    """
    collected = {out: np.broadcast_to(np.asarray(seed, dtype=np.float64), out.shape)}
    for node in reversed(topological(out)):
        for parent, pull in node.parents:
            term = pull(collected[node])
            collected[parent] = collected[parent] + term if parent in collected else term
    return collected


def topological(out):
    """Every Var that `out` was made of, parents before children. A stack instead of recursion: tapes are long."""
    order, seen, stack = [], set(), [(out, False)]
    while stack:
        node, parents_done = stack.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((parent, False) for parent, _ in node.parents)
    return order
