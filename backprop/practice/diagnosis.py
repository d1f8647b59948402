"""Which mistake is it? The smallest set of slips that gives the learner's results on every input, or another likeness.

The locals that an answer leaves behind help to choose between explanations.
"""

from backprop.practice.operands import met_alike
from backprop.practice.results import same_value
from backprop.practice.structure import all_zeros, differing, fault, off_by_factor, raised, scales, structure
from backprop.practice.verdict import readable

ASKS = "An interviewer would say:"
MOST_LINES = 400  # of solutions with two slips in them, compiled and run for one answer: more would take over 50 ms


def explain(exercise, runs):
    """(slip ids, message) for results that are wrong."""
    cases = sorted(range(len(runs)), key=lambda n: runs[n].same(exercise.reference[n], exercise.alike))  # wrong first
    matches = [slips for slips in exercise.slip_sets(1) if gives(exercise, slips, runs, cases)]
    if not matches and not empty(exercise, runs):
        zeros = zero_results(exercise, runs)
        matches = [s for s in likeliest(exercise, runs, cases[0]) if gives(exercise, s, runs, cases)]
        matches = [s for s in matches if not cancels(exercise, s, runs, cases[0])]
        matches = [s for s in matches if not zeros or apart(exercise, s, runs, zeros)]
    if matches:
        return by_slips(closest(matches, exercise, runs), stopped=all(run.error for run in runs))
    problem = next((r.problem for r in runs if r.problem), None) or raised(runs, exercise.cases[0])
    if problem:
        return (), problem
    faults = {name: fault(exercise, name, runs) for name in exercise.reference[0].parts}
    faults = {name: words for name, words in faults.items() if words}
    scaled = set(faults.values()) <= set(scales(exercise))
    return (not scaled and slip_and_factor(exercise, runs)) or ((), structure(exercise, runs, faults))


def gives(exercise, slips, runs, cases):
    """Whether the solution with these slips gives what the learner's answer gave, on one of the cases after another.

    Where both raise, the same values have to meet there: the same shapes meet in other mistakes, too.
    """
    others = (exercise.outcome(slips, n) for n in cases)
    return all(
        runs[n].same(other, exercise.alike) and met_alike(runs[n].operands, other.operands)
        for n, other in zip(cases, others)
    )


def empty(exercise, runs):
    """Whether every case gives the same, and shouldn't: too little to tell two slips from.

    Where it raises each time, what met there may still tell.
    """
    alike = len(runs) > 1 and all(r.same(runs[0]) for r in runs)
    return alike and not runs[0].operands and not all(r.same(runs[0]) for r in exercise.reference)


def zero_results(exercise, runs):
    """The names of the results that are all zeros, and shouldn't be: many pairs of slips give these."""
    pairs = list(zip(runs, exercise.reference))
    names = exercise.reference[0].parts
    return {name for name in names if all(r.parts and name in r.parts and all_zeros(r.parts[name], ref.parts[name])
                                          for r, ref in pairs)}  # fmt: skip


def apart(exercise, pair, runs, zeros):
    """Whether each wrong result is what one of two slips alone gives: the zeros are one's, and the rest the other's."""
    moved = [touched(exercise, (slip,), exercise.reference) for slip in pair]
    missed = [touched(exercise, (slip,), runs) for slip in pair]
    return any(
        zeros <= moved[n] - moved[m] - missed[n] and not (moved[m] & missed[m]) and not (moved[n] & moved[m])
        for n, m in ((0, 1), (1, 0))
    )


def touched(exercise, slips, others):
    """The results that differ on some case from what the solution gives with these slips."""
    return set().union(*(differing(exercise, one, other) for one, other in zip(exercise.results(slips), others)))


def cancels(exercise, pair, runs, n):
    """Whether one of two slips moves a result that is right: it would take the other to make up for it."""
    wrong = set().union(*(differing(exercise, r, ref) for r, ref in zip(runs, exercise.reference)))
    moved = [differing(exercise, exercise.outcome((slip,), n), exercise.reference[n]) for slip in pair]
    return not set().union(*moved) <= wrong


def likeliest(exercise, runs, n):
    """The pairs of slips to try. Of a long solution with many slips, only those that are the likeliest on case n.

    A result that only one of two slips moves comes out of the pair as that slip alone gives it, save where a slip
    works only through the other. So a pair is the less likely, the more results speak against it; of equals, those are
    tried first of which one slip alone gives this case, as where it raises.
    """
    pairs, most = exercise.slip_sets(2), MOST_LINES // len(exercise.solution.strip().splitlines())
    if len(pairs) <= most:
        return pairs
    mine, reference = runs[n], exercise.reference[n]
    alone = {slip: exercise.outcome((slip,), n) for slip in exercise.slips}
    moved = {slip: differing(exercise, own, reference) for slip, own in alone.items()}
    missed = {slip: differing(exercise, own, mine) for slip, own in alone.items()}
    wrong = differing(exercise, reference, mine)

    def against(pair):
        one, other = pair
        only_one, only_other = moved[one] - moved[other], moved[other] - moved[one]
        results = len(only_one & missed[one]) + len(only_other & missed[other]) + len(wrong - moved[one] - moved[other])
        return results, bool(missed[one] and missed[other])

    return sorted(pairs, key=against)[:most]


def closest(matches, exercise, runs):
    """Of several explanations, those whose locals agree best with the learner's."""
    if len(matches) == 1:
        return matches
    scores = [sum(agreeing(r, exercise.outcome(m, n)) for n, r in enumerate(runs)) for m in matches]
    return [m for m, score in zip(matches, scores) if score == max(scores)]


def agreeing(one, other):
    """How many locals of the same name hold the same value, less those that differ."""
    shared = set(one.locals) & set(other.locals)
    return sum(1 if same_value(one.locals[name], other.locals[name]) else -1 for name in shared)


def by_slips(matches, *, stopped=False):
    """(slip ids, message). Where the code is `stopped` at a slip, another may stand in what did not run."""
    first = matches[0]
    ids = tuple(slip.id for slip in first)
    count = "One slip" if len(first) == 1 else "Two slips"
    message = f"{count}: {'; '.join(slip.name for slip in first)}."
    message += "\nYour code stops there, and what comes after it did not run." if stopped else ""
    if len(matches) > 1:
        others = [" and ".join(slip.name for slip in m) for m in matches[1:3]]
        message += f"\nIt could also be: {'; or '.join(others)}. No result tells them apart."
    message += "".join(f"\n{means}" for means in dict.fromkeys(slip.means for slip in first))
    message += "".join(f'\n{ASKS} "{says}"' for says in dict.fromkeys(slip.says for slip in first))
    return ids, readable(message)


def slip_and_factor(exercise, runs):
    """(slip ids, message) where one slip and a constant factor on some results explain them; otherwise None."""
    for slips in exercise.slip_sets(1):
        if off_by_factor(exercise, runs[:1], [exercise.outcome(slips, 0)]):  # most are ruled out by the first case
            found = off_by_factor(exercise, runs, exercise.results(slips))
            if found:
                ids, message = by_slips([slips])
                first, _, rest = message.partition("\n")
                return ids, f"{first}\nBesides, {found}.\n{rest}"
    return None
