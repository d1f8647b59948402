"""Below which line an answer is right: put there the value that is due, and see whether all results are.

No change of a line is looked for here. The solution runs, and each value that it computes is kept. So does the answer;
and at one of its lines after another a value of the solution's takes the place of its own, each time the line runs.
Where that makes the results right, nothing below is wrong: the mistake is in this line, or in what it uses. (Zeller's
"delta debugging" finds the cause of a failure by exchanging parts of the states of two runs, 2002.)
"""

import ast
import re

import numpy as np

from backprop.practice.drafts import PLAIN
from backprop.practice.results import as_array, same_array, same_value

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

    def begin(self, site=None, others=()):
        self.seen, self.log, self.site, self.others = {}, [], site, iter(others)


class Site:
    """A value that a program computes: what a variable is set to, or part of what is returned."""

    def __init__(self, statement, value, name):
        self.statement, self.value, self.name = statement, value, name  # name: the variable that takes it, or None

    @property
    def whole(self):
        """Whether the value is all that the variable holds, or the next entry of its list."""
        match self.statement:
            case ast.Assign(targets=targets):
                return not any(
                    isinstance(node, (ast.Subscript, ast.Attribute)) for t in targets for node in ast.walk(t)
                )
            case ast.Expr(value=ast.Call(func=ast.Attribute(attr="append"))):
                return True
        return False

    @property
    def uses(self):
        """The names that it reads."""
        return _names(self.value)


class Watch(ast.NodeTransformer):
    """Let each value of a tree pass the spy; `sites` says which there are."""

    def __init__(self, sites):
        self.sites = sites

    def passing(self, statement, value, target=None):
        targets = target.elts if isinstance(target, ast.Tuple) else None
        if isinstance(value, ast.Tuple) and (target is None or targets and len(targets) == len(value.elts)):
            pairs = zip(value.elts, targets or [None] * len(value.elts))
            return ast.Tuple([self.passing(statement, one, to) for one, to in pairs], ast.Load())
        while isinstance(target, (ast.Subscript, ast.Attribute)):
            target = target.value
        self.sites.append(Site(statement, value, target.id if isinstance(target, ast.Name) else None))
        number = ast.Constant(len(self.sites) - 1)
        return ast.Call(ast.Name(SPY, ast.Load()), [number, value], [])

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
            call.args[-1:] = [self.passing(node, one, call.func.value) for one in call.args[-1:]]
        return node


def watched(tree, sites):
    """The tree, whose values pass the spy."""
    return ast.fix_missing_locations(Watch(sites).visit(tree))


class Solution:
    """What the solution computes, step by step."""

    def __init__(self, exercise):
        self.exercise, self.spy, self.sites = exercise, Spy(), []
        tree = watched(ast.parse(exercise.whole(exercise.solution)), self.sites)
        scope = {"np": np, SPY: self.spy} | exercise.names
        exec(compile(tree, "<solution>", "exec"), scope)
        self.function = scope[re.findall(r"(?m)^def (\w+)", exercise.whole(exercise.solution))[-1]]

    def values(self, n, tried):
        """{what: values} on a case: what each site gave, and each variable that several sites set; backward, too."""
        self.spy.begin()
        tried(self.function, self.exercise.cases[n])
        found = dict(self.spy.seen)
        for name in {site.name for site in self.sites} - {None}:
            found[name] = [value for k, value in self.spy.log if self.sites[k].name == name]
        return found | {(what, "backward"): values[::-1] for what, values in found.items() if len(values) > 1}


class Exchange:
    """An answer whose values can be exchanged for the solution's, a site at a time.

    goal is a `repair.Goal`, draft a fresh copy of the answer, tried a function that runs a function on a case.
    """

    def __init__(self, goal, draft, tried):
        self.goal, self.draft, self.tried = goal, draft, tried
        self.sites, self.parts, self.spy = [], [], Spy()
        for part in draft.parts():
            watched(part.body, self.sites)
            self.parts += [part] * (len(self.sites) - len(self.parts))
            part.home.globals[SPY] = self.spy
        cases = range(len(goal.exercise.cases))
        solution = Solution(goal.exercise)
        self.due = [solution.values(n, tried) for n in cases]
        self.mine = [self.values(n) for n in cases]
        wrong = self.due[goal.cases[0]]
        self.fitting = {k: [other for other in wrong if self.fits(k, other)] for k in self.mine[goal.cases[0]]}
        self.right = {k for k, others in self.fitting.items() if any(self.same(k, other) for other in others)}
        self.copies = {k for k in self.right if self.held_before(k)}

    def values(self, n):
        """{site: the values of the answer there, one for each time} on a case, in the order in which they come."""
        self.spy.begin()
        self.tried(self.draft.build(None, {}), self.goal.exercise.cases[n])
        return self.spy.seen

    def fits(self, k, other):
        """Whether a site gives arrays of the shapes that are due there, on each case; further ones may follow."""
        both = [(_shapes(mine, k), _shapes(due, other)) for mine, due in zip(self.mine, self.due)]
        return all(one[: len(wanted)] == wanted != [] and None not in one for one, wanted in both)

    def same(self, k, other):
        """Whether a site gives what the solution's other one gives."""
        both = [zip(mine[k], due[other]) for mine, due in zip(self.mine, self.due)]
        return all(same_array(one, value) for pairs in both for one, value in pairs)

    def held_before(self, k):
        """Whether a site only hands on what an argument or a site before it holds, which may be another than is due."""
        n = self.goal.cases[0]
        before = [[as_array(one)] for one in self.goal.exercise.cases[n].values()]
        for other, values in self.mine[n].items():
            if other == k:
                break
            before.append(values)
        mine = self.mine[n][k]
        return any(len(one) == len(mine) and all(map(same_value, one, mine)) for one in before)

    def found(self):
        """[(site, other, names)]: the exchanges that make the most results right, in the order of the sites."""
        tries = [(k, other) for k, others in self.fitting.items() if k not in self.right for other in others]
        found = [(k, other, self.gained(k, other)) for k, other in tries[:MOST]]
        most = max((len(names) for *_, names in found), default=0)
        return [one for one in found if len(one[-1]) == most > len(self.goal.before)]

    def gained(self, k, other):
        """The results that are right with the values of the solution's other site in site k."""
        names = self.goal.names
        for n in self.goal.cases:
            self.spy.begin(k, self.due[n][other])
            names &= self.goal.right(self.draft.build(None, {}), n)
            if not names > self.goal.before:
                return frozenset()
        return names

    def doubtful(self, k):
        """The names that a site reads and that nothing shows to be right: what is set wrong, and helpers."""
        part, uses = self.parts[k], self.sites[k].uses
        for node in ast.walk(part.body):
            if isinstance(node, (ast.For, ast.comprehension)) and _names(node.target) & uses:
                uses = uses - _names(node.target) | _names(node.iter)
        return sorted(name for name in uses if not self.shown_right(name, part))

    def shown_right(self, name, part):
        """Whether a variable holds what the solution has, too, or an argument, or is Python's own.

        What is set entry by entry, or added to, may be wrong though each value that it is given is right.
        """
        setting = [k for k, site in enumerate(self.sites) if site.name == name and self.parts[k] is part]
        if setting:
            ran = [k for k in setting if k in self.mine[self.goal.cases[0]]]
            return all((k in self.right - self.copies and self.sites[k].whole) or self.begun(k, part) for k in ran)
        return name in PLAIN or (part is self.draft and name in part.arguments)

    def begun(self, k, part):
        """Whether a site begins a list, with nothing in it or what is right."""
        value = self.sites[k].value
        if not isinstance(value, ast.List):
            return False
        return all(isinstance(e, ast.Name) and e.id in part.arguments and part is self.draft for e in value.elts)


def _names(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - {"np"}


def _shapes(seen, site):
    """The shapes of what came at a site; None among them for what is no array."""
    return [None if value is None else value.shape for value in seen.get(site, [])]


def told(exchange):
    """The sentence about the line below which all is right, or ""."""
    found, draft, goal = exchange.found(), exchange.draft, exchange.goal
    if not found or len(draft.body.body) == 1:
        return ""
    k, value, names = found[0]
    part, doubtful = exchange.parts[k], exchange.doubtful(k)
    if doubtful and exchange.sites[k].statement is draft.body.body[-1]:
        return ""  # that there is a mistake in it or above says nothing
    helper = "" if part is draft else f", in {part.body.name},"
    gained = "all results are" if names == goal.names else _listed(names - goal.before)
    same = [one for one, other, _ in found if other == value and exchange.parts[one] is part]
    first, *others = sorted({part.line(exchange.sites[one].statement) for one in same})
    if doubtful:
        return (
            f"Below line {first}{helper or ','} nothing is wrong: with the right value there, {gained} right."
            f" The mistake is in that line, or in what it uses: {', '.join(doubtful)}."
        )
    lines = (
        f"lines {first} to {others[-1]}" if len(others) > 1 else " or in ".join(f"line {n}" for n in (first, *others))
    )
    return (
        f"The mistake is in {lines}{helper or ':'} what it uses is right, and with the right value there {gained}, too."
    )


def _listed(names):
    *most, last = sorted(names)
    return f"{', '.join(most)} and {last} are" if most else f"{last} is"
