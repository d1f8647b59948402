"""Where a wrong answer goes wrong: the smallest change of the learner's own source that makes every result right.

No slip of the bank explains it, so the answer's own code is changed in one place at a time, a transpose here, an axis
there, and run again. What is told is the line that such a change is in and of which kind it is, never the change. It is
true by construction: "a change in line 6 alone makes all results right". Where changes in many places do, nothing is
told, for then nothing is known. Where none does, the changes are told that make one more result right: an answer may
hold several faults. (Singh, Gulwani and Solar-Lezama mended programs of beginners this way in 2013.)

The candidates are a fixed number, so every machine finds the same, or, where it is too slow, nothing.
"""

import ast
import time
import warnings

import numpy as np

from backprop.practice import values
from backprop.practice.drafts import Draft, Unsafe, stored
from backprop.practice.edits import LEVELS, Alike, changed, changes
from backprop.practice.expressions import FUNCTIONS
from backprop.practice.reach import Reach
from backprop.practice.results import as_array, same_value
from backprop.practice.run import Run, run, tried

MOST = 1600  # candidates that are run, at each level
LONGEST = 60  # characters of a part that is shown
SLOWEST = 0.001  # seconds that one call may take
PATIENCE = 1.5  # seconds for all of them; after that, nothing is said

KINDS = {
    "transpose": "Something is transposed that should not be, or the other way round.",
    "variable": "Another variable is due.",
    "sign": "It is about a sign.",
    "order": "It is about the order of two things.",
    "too many": "There is more than there should be.",
    "operation": "Another operation is due.",
    "brackets": "It is about brackets.",
    "number": "Another number is due.",
    "comparison": "It is about a comparison.",
    "condition": "It is about a condition that is the other way round.",
    "index": "It is about an index.",
    "axis": "It is about an axis.",
    "size": "It is about a size: of another array, or along another axis.",
    "letters": "It is about the letters of einsum.",
    "reduction": "Sum or mean, largest or smallest: it is the other one.",
    "direction": "It is about the direction in which a loop runs.",
    "range": "It is about where a range begins or ends.",
    "factor": "A factor is missing.",
    "power": "A power is missing.",
    "slope": "A slope is missing.",
    "other slope": "It is about the slope: of which function it is, and at which value.",
    "divisor": "It is not divided by what it should be.",
    "sum": "A sum is missing.",
    "moment": "It runs too early, or too late.",
    "loop": "It is about whether it runs in the loop, each time, or once.",
    "one too many": "It is one step too many.",
    "assignment": "It is about = and +=.",
    "repeated": "It is about entries that are chosen more than once: each time counts.",
    "term": "A term is missing.",
    "function": "A function is missing.",
    "other function": "Another function is due.",
    "new axis": "An axis is missing.",
}


class Goal:
    """What a changed answer is held to: `names` of the results, and which of them are right on each case.

    `cases` stand in the order in which they are tried; on the first of them the answer is wrong.
    """

    def __init__(self, exercise, runs, tick=None):
        self.tick = tick or (lambda: None)  # what is to be done while one waits
        self.exercise, count = exercise, len(exercise.cases)
        wrong = [n for n in range(count) if not runs[n].same(exercise.reference[n], exercise.alike)]
        self.cases = sorted(range(count), key=lambda n: n != wrong[0])
        self.names = frozenset(exercise.reference[0].parts)
        self.before = frozenset.intersection(*(self.among(runs[n], n) for n in self.cases))

    def claimed(self, value, n):
        """{name: array} of the results in what an answer gave on a case."""
        return Run(value).fit(self.exercise.returns, self.exercise.reference[n].value).parts or {}

    def right(self, function, n):
        """The names of the results that a function has right on a case."""
        self.tick()
        case, reference = self.exercise.cases[n], self.exercise.reference[n]
        return self.among(tried(function, case).fit(self.exercise.returns, reference.value), n)

    def among(self, got, n):
        """The names of the results that are right in a run of a case."""
        alike, parts, reference = self.exercise.alike, got.parts or {}, self.exercise.reference[n]
        return frozenset(name for name, due in reference.parts.items() if name in parts and alike(parts[name], due))


def located(exercise, answer, runs, tick=None):
    """A sentence about the place of an answer's only mistake, or "" where it can't be said.

    answer is a function, or the text of an expression; runs are what it gave on each case. tick() is called again and
    again meanwhile.
    """
    goal = Goal(exercise, runs, tick)
    wrong = goal.cases[0]
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            text = exercise.kind == "expression"
            draft = of_expression(answer, exercise) if text else Draft.of_function(answer)
            if not sound(exercise, draft, runs, wrong):
                return ""
            fresh = of_expression(answer, exercise) if text else Draft.of_function(answer)
            reach = Reach(fresh, exercise.cases[wrong], lambda value: goal.claimed(value, wrong))
        except (Unsafe, RecursionError):
            return ""
        fits, more = search(goal, draft, batches=reach.batches(draft, goal.names - goal.before))
        innocent = right_lines(exercise, draft, wrong) if fits else set()
    fits = [fit for fit in fits if fit[2] is not draft or draft.line(fit[1]) not in innocent] or fits
    if text:
        return told_of_expression(fits)
    if exercise.rows or (any(r.error for r in runs) and not fits):  # another dialect; or it is where the exception came
        return told(draft, fits)
    return told(draft, fits) or told_of_more(draft, more, goal, exchanged(goal, answer))


def exchanged(goal, answer):
    """The answer whose values are exchanged for those of the solution (see `values`)."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        due = values.due_of(goal.exercise)
        return values.Exchange(goal, Draft.of_function(answer), goal.exercise.cases, due)


def of_expression(text, exercise):
    """The draft of an expression, which has been read as one before."""
    source = f"def answer({', '.join(exercise.cases[0])}):\n    return ({text.strip()})"
    return Draft(source, names={"math": np} | FUNCTIONS | exercise.names)


def sound(exercise, draft, runs, n):
    """Whether the copy does what the learner's function does, and quickly enough to be run many times."""
    function, times = draft.function(), []
    for _ in range(3):
        began = time.perf_counter()
        again = tried(function, exercise.cases[n])
        times.append(time.perf_counter() - began)
        if not again.fit(exercise.returns, exercise.reference[n].value).same(runs[n], exercise.alike):
            return False
    return min(times) < SLOWEST


def search(goal, draft, most=None, patience=None, batches=None):
    """(fits, more): the changes that make all results right, in the first batch where there is one; else more.

    Each is (kind, node, part); more are (kind, node, part, names), which make the most results right and spoil none.
    batches are lists of changes, of each of which `most` are tried; without them, there is one for each level.
    """
    most, end = most or MOST, time.thread_time() + (patience or PATIENCE)  # a busy machine finds the same
    more = []
    for batch in batches or (changes(draft, level) for level in LEVELS):
        fits = []
        for kind, node, part, put in batch[:most]:
            if time.thread_time() > end:
                goal.time_is_up = True
                return [], []
            names = mended(goal, draft, part, put)
            if names == goal.names:
                fits.append((kind, node, part))
            elif names > goal.before:
                more.append((kind, node, part, names))
        if fits:
            return fits, []
    most = max((len(one[-1]) for one in more), default=0)
    return [], [one for one in more if len(one[-1]) == most]


def mended(goal, draft, part, put):
    """The names of the results that are right on all cases with a change; fewer, once it is worth nothing."""
    try:
        function = changed(draft, part, put)
    except Exception:  # a class may do anything when it is made
        return frozenset()
    names = goal.names
    for n in goal.cases:
        names &= goal.right(function, n)
        if not names > goal.before:
            break
    return names


def right_lines(exercise, draft, n):
    """The lines that set a variable to just what one of the solution's holds, and nothing else held before.

    (`db = delta` holds a right value, too, but it is that of delta: something may be missing there.)
    """
    known, found = list(exercise.reference[n].locals.values()), set()
    before = list(exercise.cases[n].values())
    mine = _watched(draft, exercise.cases[n])
    for statement in ast.walk(draft.body):
        if isinstance(statement, ast.Assign) and all(isinstance(t, ast.Name) for t in statement.targets):
            values = [mine.get(t.id) for t in statement.targets]
            if all(as_array(v) is not None and _holds(known, v) and not _holds(before, v) for v in values):
                found.add(draft.line(statement))
            before += values
    return found


def _holds(values, value):
    return any(same_value(one, value) for one in values)


def _watched(draft, case):
    """The locals of the unchanged copy, each name's last value, where it was set once; {} where it raises."""
    counts = {}
    for node in ast.walk(draft.body):
        if stored(node):
            counts[node.id] = counts.get(node.id, 0) + 1
    seen = run(draft.function(), case).locals
    return {name: value for name, value in seen.items() if counts.get(name) == 1}


def told(draft, fits):
    """The sentence: one line, or two, and the kind where all agree on it."""
    if fits and all(kind == "exchanged" for kind, *_ in fits):
        return told_exchanged(fits)
    fits = [fit for fit in fits if fit[0] != "exchanged"]
    if fits and isinstance(fits[0][1], Alike):
        return told_together(fits)
    fits = [fit for fit in fits if not handed_on(*fit)] or fits
    places = sorted({(part is not draft, part.line(node), part.body.name) for _, node, part in fits})
    if not fits or len(places) > 2:
        return ""
    alone = " alone" if len(places) == 1 else ""
    named = [f"line {line}" + (f", in {name}," if helper else "") for helper, line, name in places]
    sentence = f"A change in {' or in '.join(named)}{alone} makes all results right."
    more = particulars(fits)
    several = len(draft.body.body) > 1 or any(part is not draft for _, _, part in fits)
    return f"{sentence} {more}".strip() if more or several else ""


def told_together(fits):
    """The sentence where the same change is due wherever the same expression stands; "" where that is not settled."""
    kinds, places = {kind for kind, *_ in fits}, {tuple(map(part.line, node.nodes)) for _, node, part in fits}
    if len(places) > 1:
        return ""
    lines = sorted(set(places.pop()))
    where = " and in ".join(f"line {n}" for n in lines)
    written = {ast.unparse(node.nodes[0]) for _, node, _ in fits}
    part = f" Look at {written.pop()} there." if len(written) == 1 else ""
    kind = f" {KINDS[kinds.pop()]}" if len(kinds) == 1 else ""
    return f"One and the same change in several places, in {where}, makes all results right.{part}{kind}"


def handed_on(kind, node, part):
    """Whether a change works on what is only returned by its name: it is the line that sets it which is meant."""
    if kind in ("variable", "order"):  # another one may be due there
        return False
    returned = [one.value for one in ast.walk(part.body) if isinstance(one, ast.Return)]
    listed = [one for value in returned if isinstance(value, (ast.Tuple, ast.List)) for one in value.elts]
    listed += [one for value in returned if isinstance(value, ast.Dict) for one in value.values]
    return isinstance(node, ast.Name) and any(node is one for one in (*returned, *listed))


def told_exchanged(fits):
    """The sentence where the values of two statements stand in each other's place; "" where that is not settled."""
    if len(fits) > 1:
        return ""
    one, other = (fits[0][2].line(node) for node in fits[0][1].nodes)
    return f"Line {one} and line {other} hold each other's value: exchanged, they make all results right."


def told_of_more(draft, more, goal, exchange):
    """The sentence where no change makes all results right: of the change, or the value, that makes the most so."""
    more = [one for one in more if not isinstance(one[1], Alike)]
    in_part = told_in_part(draft, more, goal)
    reached = len(more[0][-1]) if in_part else 0
    return (values.told(exchange) if exchange.most > reached else "") or in_part


def told_in_part(draft, more, goal):
    """The sentence where a change makes more results right, though not all; "" where it is not the same ones."""
    gained = {one[-1] - goal.before for one in more}
    if len(gained) != 1:
        return ""
    named = " and ".join(sorted(gained.pop()))
    said = told(draft, [one[:-1] for one in more])
    return said.replace("makes all results right", f"makes {named} right{', too' * bool(goal.before)}")


def told_of_expression(fits):
    """The sentence about an expression, whose line says nothing; "" where many different changes would do."""
    more, alike = particulars(fits), any(isinstance(node, Alike) for _, node, _ in fits)
    single = "One and the same change, wherever it stands," if alike else "A single change"
    return f"{single} makes it right. {more}" if more else ""


def particulars(fits):
    """Which part it is about, and what kind of change, as far as all fits agree."""
    kinds = {kind for kind, *_ in fits}
    if "brackets" in kinds:  # of several changes it is by far the likeliest
        fits, kinds = [fit for fit in fits if fit[0] == "brackets"], {"brackets"}
    nodes = [node.nodes[0] if isinstance(node, Alike) else node for _, node, _ in fits]
    written = {ast.unparse(node) for node in nodes}
    part = f"Look at {min(written)} there." if len(written) == 1 and len(min(written)) <= LONGEST else ""
    return f"{part} {KINDS[kinds.pop()] if len(kinds) == 1 else ''}".strip()
