r"""The complex step

`f` acts on each entry of an array and takes complex numbers. Return $f'(x)$ by the complex step with step `h`, which
may be as small as $10^{-20}$.
"""

from backprop.practice.exercises.make import falling, normal, wave

where = "checking#complex"
level, minutes = "apply", 2
inputs = {
    "ordinary": lambda rng: {"f": wave, "x": normal(rng, 5), "h": 1e-20},
    "a function that falls": lambda rng: {"f": falling, "x": normal(rng, 4), "h": 1e-20},
    "a large step": lambda rng: {"f": wave, "x": normal(rng, 3), "h": 1e-2},
}


def complex_step(f, x, h):
    stepped = f(x + 1j * h)
    #: real-step: slope = (f(x + h) - f(x)) / h
    slope = stepped.imag / h
    #: real: slope = stepped.real / h
    #: size: slope = np.abs(stepped) / h
    #: positive: slope = np.abs(stepped.imag) / h
    #: real-step:
    #: two: slope = stepped.imag / (2 * h)
    #: not-divided: slope = stepped.imag
    return slope


hints = r"""
Step sideways, along the imaginary axis. In Python i is 1j.
f(x + ih) = f(x) + i h f'(x) − … : which part holds the slope?
The imaginary part of f(x + ih), divided by h.
"""

slips = r"""
real: the real part is taken, not the imaginary one
    The real part is f(x) itself, up to h². The slope stands beside i.
    "Write Taylor's formula for f(x + ih). Which terms are real?"
positive: the slope comes without its sign
    The imaginary part has the sign of the slope.
    "Your function falls. What do you return?"
size: the absolute value is taken, not the imaginary part
    |f(x + ih)| is about |f(x)|. The slope is in the imaginary part alone.
    "Where in the complex number is the slope?"
real-step: a real step: this is a forward difference
    With h = 1e-20 the sum x + h is x again, and the estimate is exactly 0.
    "What is 1 + 1e-20 in float64?"
two: divided by 2h, though there is one step only
    The 2 belongs to the central difference, which has two points.
    "How many points do you use? How long is the run?"
not-divided: the division by h is missing
    The imaginary part is h times the slope.
    "What are the units of your result?"
"""
