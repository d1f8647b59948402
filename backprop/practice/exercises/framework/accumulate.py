r"""What .grad holds

$\mathcal L=\tfrac12(wx-y)^2$. `backward()` is called on the loss of sample 1; then, without `zero_grad()`, on that of
sample 2; then SGD steps with `eta`. With the numbers that `show` gives: `w.grad` after the first `backward()`, `w.grad`
after the second, and the new $w$.
"""

where = "framework#accumulate"
level, minutes = "recall", 3
kind = "number"
starter = "(1, 2, 3)"


def two_samples(rng):
    """A weight and two samples, whose gradients differ and don't cancel."""
    w, (x1, x2) = int(rng.choice([2, 3])), rng.permutation([1, 2, 4])[:2]
    r1, r2 = int(rng.choice([-2, 3])), int(rng.choice([5, 6]))
    return {"w": w, "x1": int(x1), "y1": int(w * x1 - r1), "x2": int(x2), "y2": int(w * x2 - r2), "eta": 0.1}


inputs = {"ordinary": two_samples}


def by_hand(w, x1, y1, x2, y2, eta):
    def gradient(x, y):
        return (w * x - y) * x
        #: no-x: return (w * x - y)
        #: sign: return (y - w * x) * x
        #: two: return 2 * (w * x - y) * x

    first = gradient(x1, y1)
    second = first + gradient(x2, y2)
    #: overwritten: second = gradient(x2, y2)
    #: averaged: second = (first + gradient(x2, y2)) / 2
    new_w = w - eta * second
    #: steps-with-last: new_w = w - eta * gradient(x2, y2)
    #: plus: new_w = w + eta * second
    return first, second, new_w


hints = r"""
What does backward() do with what is in .grad already?
It adds. And the step uses whatever is in .grad by then.
first = (w x₁ − y₁) x₁, second = first + (w x₂ − y₂) x₂, and w − η · second.
"""

slips = r"""
overwritten: backward() is taken to overwrite .grad
    It adds to what is there. That is why training loops call zero_grad().
    "You forget zero_grad(). What happens?"
averaged: the two gradients are averaged, not added
    backward() adds. Nothing divides, unless the loss does.
    "Who would know that there were two samples?"
steps-with-last: the step uses the last gradient only
    The optimizer reads .grad, and there the sum is.
    "Where does the optimizer find its gradient?"
no-x: the factor x is missing: this is ∂𝓛/∂z
    w is multiplied by x on its way to the loss.
    "How fast does wx move with w?"
sign: the sign is flipped: y − wx for wx − y
    The derivative of ½(z − y)² with respect to z is z − y.
    "If the output is too large, should the loss rise or fall when it grows?"
two
plus: the step goes uphill
    Descent subtracts η times the gradient.
    "Which way does the gradient point?"
"""
