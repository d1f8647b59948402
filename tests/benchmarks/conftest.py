"""What the benchmarks hold: shares and counts wherever they run, times only by hand.

A share of two things measured in turn, or a number of things, means the same on any machine. A time means something
on a quiet one: run by hand, the benchmarks fail where a time is over its bar; with CI=true (as in .ci/run, where
nobody knows what else the machine does) they print it, and go on. This is the only place that makes the difference.
"""

import os

import pytest

TIMES_ARE_HELD = os.environ.get("CI") != "true"


@pytest.fixture
def twice():
    """Measure, and once more where the first one misses: a disturbance passes, slowness stays."""

    def measured(misses, measure, first=None):
        taken = measure() if first is None else first
        return measure() if misses(taken) else taken

    return measured


@pytest.fixture
def tell(capsys):
    """Print past pytest's capturing, for the figures are what one runs this for."""

    def say(text):
        with capsys.disabled():
            print(f"\n  {text}", end="", flush=True)

    return say


@pytest.fixture
def in_time(tell):
    """Hold a time to its bar, both in ms."""

    def hold(what, taken, most):
        tell(f"{what}: slowest {taken:.0f} ms (at most {most}{'' if TIMES_ARE_HELD else ', not held here'})")
        assert taken <= most or not TIMES_ARE_HELD

    return hold
