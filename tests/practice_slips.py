"""Wrong answers, made of the bank's slips or of somebody's own lines, for the tests and the benchmarks of verdicts."""

import linecache
import re
from dataclasses import replace

import numpy as np

from backprop.practice import checker, repair


def with_slips(e, slips):
    """The answer that somebody with these slips hands in."""
    source = e.edited(slips)
    if e.kind == "function":
        return e.function(source)
    return source if e.kind == "expression" else e.results(slips)[0].value


def cell(source, **names):
    """All that a source defines, by name, as a cell does: the source can be read."""
    file = f"<cell {abs(hash(source))}>"
    linecache.cache[file] = (len(source), None, source.splitlines(True), file)
    scope = {"np": np} | names
    exec(compile(source, file, "exec"), scope)
    return scope


def defined(source, **names):
    """The last function that a cell defines."""
    return cell(source, **names)[re.findall(r"(?m)^def (\w+)", source)[-1]]


def bare(e, **changed):
    """The exercise as an engine has it that knows none of its slips."""
    return replace(e, slips=(), **changed)


def placed(e, f):
    """What is said of the place of a mistake in f, by an engine that knows no slip."""
    runs = checker.attempts(e, f)
    return "" if e.same(runs, e.reference) else repair.located(e, f, runs)


def placed_alone(e, slip):
    """Whether a slip in the solution's own source is placed on one line, and whether that line is an edited one."""
    source = e.edited((slip,))
    found = re.match(
        r"(?:A change in line (?=\d+ alone)|The mistake is in line (?=\d+:))(\d+)",
        placed(bare(e), defined(source, **e.names)),
    )
    pairs = enumerate(zip(source.splitlines(), e.solution.splitlines()), start=1)
    return bool(found), bool(found and int(found[1]) in {n for n, (mine, due) in pairs if mine != due})
