"""Verdicts: the share of pairs of slips that are named, and the time of a first one, beyond the answer's own.

    python -m pytest tests/benchmarks

Run it alone, on a machine with nothing else to do. Minima leave disturbances out. Timed are every slip, some pairs, and
what nothing explains, each fresh.
"""

import difflib
import itertools
import random
import re
import time
from dataclasses import replace

import numpy as np
from practice_slips import defined, placed_alone, with_slips

from backprop.practice import bank
from backprop.practice.checker import judge, located
from backprop.practice.run import run

MOST, IDEAS = 50, 150  # ms: of a first verdict by slips, and of one by ideas from the second answer on
UNEXPLAINED = ("all off", "one off")
ALL = list(bank.EXERCISES.values())
FUNCTIONS = [e for e in ALL if e.kind == "function"]


def mapped(f, value):
    if isinstance(value, (tuple, list)):
        return type(value)(v if v is None else mapped(f, v) for v in value)
    return f(np.asarray(value, float))


def answers(e):
    """Wrong answers by name: each slip, up to six pairs, and results and an exception that no slip explains."""
    pairs = random.Random(0).sample(e.slip_sets(2), min(6, len(e.slip_sets(2))))
    for slips in e.slip_sets(1) + pairs:
        yield " and ".join(slip.id for slip in slips), e.function(e.edited(slips))
    solution = e.function(e.solution)
    yield "all off", lambda *a: mapped(lambda v: v * 1.7 + 0.3, solution(*a))
    if len(e.returns) > 1:
        yield "one off", lambda *a: (*(value := solution(*a))[:-1], mapped(lambda v: v * 1.7 + 0.3, value[-1]))
    yield "raises", lambda *a: 1 / 0


def first_verdict(e, answer, again=False):
    """The shortest of three times, each of an exercise of which nothing was computed yet; or of a second answer."""
    times = []
    for _ in range(3):
        fresh = replace(e)
        if again:
            judge(fresh, answer)
        start = time.perf_counter()
        verdict = judge(fresh, answer)
        taken = time.perf_counter() - start
        assert not verdict.passed
        start = time.perf_counter()
        for case in fresh.cases:
            run(answer, case)
        times.append(taken - (time.perf_counter() - start))
    return min(times)


def test_a_first_verdict_takes_under_50_ms(in_time):
    judge(FUNCTIONS[0], lambda *a: None)  # imports what is imported late
    for unexplained, bar, what in (
        (False, MOST, "first verdicts"),
        (True, IDEAS, "verdicts by ideas, the second time"),
    ):
        asked = [(e, *one) for e in FUNCTIONS for one in answers(e) if (one[0] in UNEXPLAINED) == unexplained]
        times = [(first_verdict(e, answer, unexplained), e.id, name) for e, name, answer in asked]
        worst, id, name = max(times)
        median = np.median([taken for taken, _, _ in times]) * 1e3
        in_time(f"{len(times)} {what}: median {median:.1f} ms, {id}, {name}", worst * 1e3, bar)


def test_every_pair_is_rejected_and_nearly_all_are_named(tell):
    named, rest = 0, []
    for e in ALL:
        for pair in e.slip_sets(2):
            verdict = judge(e, with_slips(e, pair))
            cancel = e.same(e.results(pair), e.reference)  # then there is nothing to explain
            assert verdict.passed is cancel, (e.id, [s.id for s in pair])
            if not cancel:
                slips = tuple(s for s in e.slips if s.id in verdict.slips)
                right = slips and e.same(e.results(slips), e.results(pair))
                named += bool(right)
                rest += [] if right else [(e.id, *(s.id for s in pair))]
    tell(f"{named} of {named + len(rest)} pairs of slips in {len(ALL)} exercises are named. Not: {rest}")
    assert named >= 0.99 * (named + len(rest))  # what is left cancels on a result, or leaves zeros


def test_a_slip_in_the_source_is_found_without_its_name(tell):
    """Slips put into the solutions' own source, by an engine that doesn't know them: the share that is located."""
    chosen = [(e, slip) for e in FUNCTIONS if not e.rows for slip in e.slips]
    chosen = random.Random(0).sample(chosen, 150)
    alone = [placed_alone(e, slip) for e, slip in chosen]
    found, true = sum(one for one, _ in alone), sum(is_true for _, is_true in alone)
    tell(f"{found} of {len(chosen)} slips are located on one line without being known, {true} of these truly.")
    assert found >= 0.7 * len(chosen) and true >= 0.95 * found


def test_of_three_slips_one_is_told_truly(tell):
    """Three slips at once, in the solutions' own source: a true name, or a line that one of them is in."""
    sets = [(e, three) for e in FUNCTIONS if not e.rows for three in triples(e)]
    chosen = random.Random(0).sample(sets, 100)
    told = [told_truly(e, three) for e, three in chosen]
    tell(f"Of {len(chosen)} sets of three slips, {sum(told)} get one true name or line.")
    assert sum(told) >= 0.6 * len(chosen)


def triples(e):
    found = [three for three in itertools.combinations(e.slips, 3)
             if all(e.compatible(*two) for two in itertools.combinations(three, 2))]  # fmt: skip
    return random.Random(0).sample(found, min(6, len(found)))


def told_truly(e, three):
    """Whether the message about an answer with these slips names only slips of it, or a line that differs."""
    answer = defined(e.edited(three), **e.names)
    verdict = judge(e, answer)
    if verdict.passed or verdict.slips:
        return set(verdict.slips) <= {slip.id for slip in three}
    there, here = e.solution.splitlines(), e.edited(three).splitlines()
    blocks = difflib.SequenceMatcher(None, there, here).get_opcodes()
    changed = {n for op, _, _, first, end in blocks if op != "equal" for n in range(first + 1, max(end, first + 1) + 1)}
    said = located(e, answer, verdict) if verdict.runs else verdict.message
    return bool({int(n) for n in re.findall(r"line (\d+)", said)} & changed)
