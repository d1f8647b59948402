"""Below which line an answer is right: put there the value that is due, and see whether all results are.

No change of a line is looked for here. The solution runs, and each value that it computes is kept. So does the answer;
and at one of its lines after another a value of the solution's takes the place of its own, each time the line runs.
Where that makes the results right, nothing below is wrong: the mistake is in this line, or in what it uses. (Zeller's
"delta debugging" finds the cause of a failure by exchanging parts of the states of two runs, 2002.)
"""

import ast
import functools
import re

import numpy as np

from backprop.practice.drafts import PLAIN
from backprop.practice.results import as_array, same_array, same_value
from backprop.practice.run import tried
from backprop.practice.wording import listed

SPY = "_put"
MOST = 1500  # exchanges that are tried


class Spy:
    """What each computed value passes: it keeps them, or gives others for those of one site."""

    def __init__(self):
        self.begin()

    def __call__(self, site, value):
        if site == self.site:
            other = next(self.others, None)
            return value if other is None else other.copy()
        kept = None if as_array(value) is None else np.array(value)
        self.seen.setdefault(site, []).append(kept)
        self.log.append((site, kept))
        return value

    def each(self, sites, values):
        """The same for several values, as a function returns them; what doesn't fit its names will raise by itself."""
        if not isinstance(values, (tuple, list)) or len(values) != len(sites):
            return values
        return tuple(map(self, sites, values))

    def begin(self, site=None, others=()):
        self.seen, self.log, self.site, self.others = {}, [], site, iter(others)


class Site:
    """A value that a program computes: what a variable is set to, or part of what is returned."""

    def __init__(self, statement, value, name, whole, loop):
        self.statement, self.value, self.loop = statement, value, loop  # loop: the innermost one around it, or None
        self.name, self.whole = name, whole  # the variable that takes it, or None; whether it holds nothing else

    @property
    def hands_on(self):
        """Whether it only returns something by its name."""
        return isinstance(self.statement, ast.Return) and isinstance(self.value, ast.Name)

    @property
    def uses(self):
        """The names that it reads."""
        return _names(self.value)


class Watch(ast.NodeTransformer):
    """Let each value of a tree pass the spy; `sites` says which there are."""

    def __init__(self, sites):
        self.sites, self.loops = sites, [None]

    def visit_For(self, node):
        self.loops.append(node)
        self.generic_visit(node)
        self.loops.pop()
        return node

    visit_While = visit_For

    def passing(self, statement, value, target=None):
        targets = target.elts if isinstance(target, ast.Tuple) else None
        if isinstance(value, ast.Dict):
            value.values = [self.passing(statement, one, ast.Subscript(target)) for one in value.values]
            return value
        if isinstance(value, ast.Tuple) and (target is None or targets and len(targets) == len(value.elts)):
            pairs = zip(value.elts, targets or [None] * len(value.elts))
            return ast.Tuple([self.passing(statement, one, to) for one, to in pairs], ast.Load())
        if targets:
            numbers = [self.site(statement, value, to) for to in targets]
            return ast.Call(
                ast.Attribute(ast.Name(SPY, ast.Load()), "each", ast.Load()), [ast.List(numbers, ast.Load()), value], []
            )
        return ast.Call(ast.Name(SPY, ast.Load()), [self.site(statement, value, target), value], [])

    def site(self, statement, value, target):
        """The number of a new site."""
        whole = isinstance(target, (ast.Name, ast.Attribute)) and not isinstance(statement, ast.AugAssign)
        while isinstance(target, ast.Subscript):
            target = target.value
        self.sites.append(Site(statement, value, target and ast.unparse(target), whole, self.loops[-1]))
        return ast.Constant(len(self.sites) - 1)

    def visit_Assign(self, node):
        node.value = self.passing(node, node.value, node.targets[0])
        return node

    def visit_AugAssign(self, node):
        node.value = self.passing(node, node.value, node.target)
        return node

    def visit_Return(self, node):
        node.value = node.value and self.passing(node, node.value)
        return node

    def visit_Expr(self, node):
        call = node.value
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in ("append", "insert")
        ):
            target = call.func.value if call.func.attr == "append" else ast.Subscript(call.func.value)
            call.args[-1:] = [self.passing(node, one, target) for one in call.args[-1:]]
        return node


def watched(tree, sites):
    """The tree, whose values pass the spy."""
    return ast.fix_missing_locations(Watch(sites).visit(tree))


def spied(draft, spy):
    """(sites, the part of each): a fresh draft, all of whose values pass this spy from now on."""
    sites, parts = [], []
    for part in draft.parts():
        watched(part.body, sites)
        parts += [part] * (len(sites) - len(parts))
        part.home.globals[SPY] = spy
    return sites, parts


class Solution:
    """What the solution computes, step by step."""

    def __init__(self, exercise):
        self.exercise, self.spy, self.sites = exercise, Spy(), []
        tree = watched(ast.parse(exercise.whole(exercise.solution)), self.sites)
        scope = {"np": np, SPY: self.spy} | exercise.names
        exec(compile(tree, "<solution>", "exec"), scope)
        self.function = scope[re.findall(r"(?m)^def (\w+)", exercise.whole(exercise.solution))[-1]]

    def values(self, n):
        """{what: values} on a case: what each site gave, and each variable that several sites set; backward, too."""
        self.spy.begin()
        tried(self.function, self.exercise.cases[n])
        found = dict(self.spy.seen)
        for name in {site.name for site in self.sites} - {None}:
            found[name] = [value for k, value in self.spy.log if self.sites[k].name == name]
        return found | {(what, "backward"): values[::-1] for what, values in found.items() if len(values) > 1}


class Exchange:
    """An answer whose values can be exchanged for the solution's, a site at a time.

    goal is a `repair.Goal`, draft a fresh copy of the answer, and given are the arguments of each case. due says what
    is known to be right on each case: {what: arrays}, one for each time that a site may be passed. What is `weak` may
    be exchanged, but a value that equals it isn't right for that, save where `forward(site, part)` says so. Nothing is
    exchanged where `skip(part, statement)` says so.
    """

    def __init__(self, goal, draft, given, due, *, weak=(), forward=None, skip=None):
        self.goal, self.draft, self.given, self.due, self.skip = goal, draft, given, due, skip
        self.main = getattr(draft, "part", draft)
        self.spy = Spy()
        self.sites, self.parts = spied(draft, self.spy)
        self.mine = [self.values(n) for n in range(len(given))]
        wrong = self.due[goal.cases[0]]
        self.fitting = {k: [other for other in wrong if self.fits(k, other)] for k in self.mine[goal.cases[0]]}
        forward = forward or (lambda site, part: False)
        trusted = {k for k in self.fitting if forward(self.sites[k], self.parts[k])}
        self.right = {
            k
            for k, others in self.fitting.items()
            if any(self.same(k, one) for one in others if one not in weak or (k in trusted and is_value(one)))
        }
        self.copies = {k for k in self.right if self.held_before(k)}

    def values(self, n):
        """{site: the values of the answer there, one for each time} on a case, in the order in which they come."""
        self.spy.begin()
        tried(self.draft.as_is(), self.given[n])
        return self.spy.seen

    def fits(self, k, other):
        """Whether a site gives arrays of the shapes that are due there, on each case; further ones may follow."""
        both = [(_shapes(mine, k), _shapes(due, other)) for mine, due in zip(self.mine, self.due)]
        return all(one[: len(wanted)] == wanted != [] and None not in one for one, wanted in both)

    def same(self, k, other):
        """Whether a site gives what the solution's other one gives; of a part, no more than that."""
        if is_part(other) and any(len(mine[k]) > len(due[other]) for mine, due in zip(self.mine, self.due)):
            return False
        both = [zip(mine[k], due[other]) for mine, due in zip(self.mine, self.due)]
        return all(same_array(one, value) for pairs in both for one, value in pairs)

    def held_before(self, k):
        """Whether a site only hands on what an argument or a site before it holds, which may be another than is due."""
        if isinstance(self.sites[k].value, ast.Call):
            return False
        n = self.goal.cases[0]
        before = [[as_array(one)] for one in self.given[n].values()]
        for other, values in self.mine[n].items():
            if other == k:
                break
            before.append(values)
        mine = self.mine[n][k]
        return any(len(one) == len(mine) and all(map(same_value, one, mine)) for one in before)

    @functools.cached_property
    def found(self):
        """[(site, other, names)]: the exchanges that make the most results right, in the order of the sites."""
        settled = self.right - self.copies
        if self.skip:
            settled |= {k for k in self.fitting if self.skip(self.parts[k], self.sites[k].statement)}
        tries = [(k, other) for k, others in self.fitting.items() if k not in settled for other in others]
        tries = sorted(tries, key=lambda one: is_part(one[1]))[:MOST]  # there is not the time for all
        with np.errstate(all="ignore"):
            found = [(k, other, self.gained(k, other)) for k, other in sorted(tries, key=lambda one: one[0])]
        most = max((len(names) for *_, names in found), default=0)
        return [one for one in found if len(one[-1]) == most > len(self.goal.before)]

    @property
    def most(self):
        """How many results the best exchange makes right."""
        return len(self.found[0][-1]) if self.found else 0

    def gained(self, k, other):
        """The results that are right with the values of the solution's other site in site k."""
        names = self.goal.names
        for n in self.goal.cases:
            self.spy.begin(k, self.due[n][other])
            names &= self.goal.right(self.draft.as_is(), n)
            if not names > self.goal.before:
                return frozenset()
        return names

    def again(self, k):
        """Whether a site is passed more than once."""
        return len(self.mine[self.goal.cases[0]][k]) > 1

    def setter(self, k, other, names):
        """The site that sets what a site only hands on, if the same results are right with the value there."""
        for n in reversed(range(k)):
            site = self.sites[n]
            if site.name == self.sites[k].value.id and site.whole and self.parts[n] is self.parts[k]:
                return n if self.gained(n, other) == names else k
        return k

    def doubtful(self, k):
        """The names that a site reads and that nothing shows to be right: what is set wrong, and helpers."""
        part, uses = self.parts[k], self.sites[k].uses
        for node in ast.walk(part.body):
            if isinstance(node, (ast.For, ast.comprehension)) and _names(node.target) & uses:
                uses = uses - _names(node.target) | _names(node.iter)
        return sorted(name for name in uses if not self.shown_right(name, part, self.sites[k].loop))

    def shown_right(self, name, part, loop):
        """Whether a variable holds what the solution has, too, or an argument, or is Python's own.

        What is set entry by entry, or added to, may be wrong though each value that it is given is right.
        """
        own = name.startswith("self.")
        setting = [k for k, site in enumerate(self.sites) if site.name == name and (own or self.parts[k] is part)]
        if setting:
            ran = [k for k in setting if k in self.mine[self.goal.cases[0]]]
            return all((k in self.right - self.copies and self.holds(k, loop)) or self.begun(k, part) for k in ran)
        return own or name in PLAIN or (part is self.main and name in part.arguments)

    def holds(self, k, loop):
        """Whether what a site gives its variable is all that it holds where it is read, in this loop."""
        site = self.sites[k]
        listed = isinstance(site.statement, ast.Expr)
        return site.whole and (listed or site.loop is loop or len(self.mine[self.goal.cases[0]][k]) == 1)

    def begun(self, k, part):
        """Whether a site begins a list, with nothing in it or what is right; or is a whole number, as a length is."""
        value, seen = self.sites[k].value, self.mine[self.goal.cases[0]].get(k, [])
        whole_numbers = seen and all(one is not None and one.ndim == 0 and one.dtype.kind == "i" for one in seen)
        if self.sites[k].whole and whole_numbers:
            return True
        if not isinstance(value, ast.List):
            return False
        return all(isinstance(e, ast.Name) and e.id in part.arguments and part is self.main for e in value.elts)


def due_of(exercise):
    """What is due on each case of an exercise: what its solution computes."""
    solution = Solution(exercise)
    return [solution.values(n) for n in range(len(exercise.cases))]


def _names(tree):
    """The variables in a tree, self.z among them."""
    own = {node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and _is_self(node.value)}
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not _is_self(node)}
    return found - {"np"} | {ast.unparse(node) for node in own}


def _is_self(node):
    return isinstance(node, ast.Name) and node.id == "self"


def is_value(what):
    """Whether what is due stands for a value of the forward pass, as it is or arranged otherwise."""
    while isinstance(what, tuple) and isinstance(what[0], tuple):
        what = what[0]
    return isinstance(what, tuple) and what[0] == "value"


def is_part(what):
    """Whether what is due stands for the last of a loop's arrays, or for the rest of them."""
    return isinstance(what, tuple) and (what[-1] in ("last", "rest") or is_part(what[0]))


def _shapes(seen, site):
    """The shapes of what came at a site; None among them for what is no array."""
    return [None if value is None else value.shape for value in seen.get(site, [])]


def told(exchange):
    """The sentence about the line below which all is right, or "".

    The same right value may do in several sites, as where a term is missing between two of them: they are all named.
    """
    found, goal, main = exchange.found, exchange.goal, exchange.main
    if not found or (len(main.body.body) == 1 and len(set(exchange.parts)) == 1):
        return ""
    _, value, names = found[0]
    same = [k for k, other, _ in found if other == value]
    same = [k for k in same if not exchange.sites[k].hands_on] or [exchange.setter(k, value, names) for k in same]
    before = [{exchange.sites[one].name for one in same[:n]} for n in range(len(same))]  # these lines are named anyway
    doubtful = sorted({name for k, known in zip(same, before) for name in exchange.doubtful(k) if name not in known})
    if doubtful and exchange.sites[same[0]].statement is main.body.body[-1]:
        return ""  # that there is a mistake in it or above says nothing
    places = list(dict.fromkeys((exchange.parts[k], exchange.parts[k].line(exchange.sites[k].statement)) for k in same))
    lines = [f"line {line}" + ("" if part is main else f", in {part.body.name}") for part, line in places]
    more = sorted(names - goal.before)
    gained = "all results are" if names == goal.names else f"{listed(more)} {'is' if len(more) == 1 else 'are'}"
    the = "The" if names == goal.names else "A"  # there may be others
    where = " or in ".join(lines) if len(lines) < 4 else f"{lines[0]}, or below it up to {lines[-1]}"
    if not doubtful:
        right = f"what it uses is right, and with the right value there {gained}, too."
        return f"{the} mistake is in {where}{':' if places[-1][0] is main else ','} {right}"
    last = lines[-1]
    if any(exchange.again(k) for k in same):  # what stands below it may come before it, the next time
        below = f"With the right value in {last}{',' * (',' in last)} each time,"
    elif names == goal.names:
        below = f"Below {last}, nothing is wrong: with the right value there,"
    else:
        below = f"With the right value in {last},"
    there = "that line, or in what it uses" if len(lines) == 1 else f"{where}, or in what is used there"
    return f"{below} {gained} right. {the} mistake is in {there}: {', '.join(doubtful)}."
