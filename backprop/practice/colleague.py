"""Find the bug, as a colleague brings it: a program in a file, what it should do, what is seen. You test and mend it.

A round's state is a plain dict in the record, so it survives a restart of the kernel. What is decided about it stands
in functions of that dict; `Brought` only shows it.
"""

import ast
import difflib
import itertools
import json
import random
import re
import tempfile
import textwrap
import time
from collections.abc import Iterable
from functools import cache, cached_property
from hashlib import sha256
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any

from backprop.practice import planting, record, trial
from backprop.practice.verdict import PRE, Sentences, Text, paragraphs

FOLDER = "bugs"  # in the learner's copy
PRINTED = planting.FOLDER / "printed.json"  # what PyTorch printed: {program: {"sha256", "torch", "printed"}}
CHOICES = 6  # names to choose from, where they are asked for
MENDED, AS_IT_WAS, UNKNOWN = "mended", "as it was", "unknown"
_scratch: list = []  # the folder of a process that runs in the course's own
_unrecorded: dict = {}  # rounds, where the record can't be written


# ---- a round, as a dict ----


def opened(now, text=""):
    """A round that begins, with a program whose text has this digest."""
    lists = {what: [] for what in ("false", "asked", "mended", "unknown")}
    return {"began": now, "text": text, "lines": {}, **lists, "ended": None, "shown": False}


def points(state, planted):
    """(points, of how many): two for each bug, one less for each false accusation and for what was asked.

    One of the two is for the line and one for the repair, which has found its line as well. A repair that could not be
    judged is left out of both numbers.
    """
    found = {*state["lines"], *state["mended"]}
    of = 2 * len(planted) - len(state["unknown"])
    return max(0, len(found) + len(state["mended"]) - len(state["false"]) - len(state["asked"])), of


def minutes(state, now):
    """Whole minutes since the program was brought, or until the round ended."""
    return round(((state["ended"] or now) - state["began"]) / 60)


def kept(key):
    """The round of a key, or None."""
    found = record.setting(f"bug:{key}")
    try:
        state = json.loads(found) if found is not None else _unrecorded.get(key)
        return state if state is None or opened(0).keys() <= state.keys() else None
    except (ValueError, AttributeError):  # a value that can't be read is lost alone
        return None


def keep(key, state):
    """Put a round into the record in the place of what it held."""
    _unrecorded[key] = state
    record.settle(f"bug:{key}", json.dumps(state))


# ---- judging a file ----


def statuses(program, planted, found):
    """({bug: MENDED, AS_IT_WAS or why it is only nearly mended}, what was right and isn't any more) of a trial."""
    said, broken = {}, []
    for id in planted:
        tests = [test for test in program.tests if test.bug == id]
        seen = [found[test.id] for test in tests if not test.nearly and found[test.id]]
        nearly = [found[test.id] for test in tests if test.nearly and found[test.id]]
        said[id] = AS_IT_WAS if seen else nearly[0] if nearly else MENDED
    for test in program.tests:
        if test.bug not in planted and found[test.id]:
            broken.append(found[test.id])
    return said, broken


def repaired(text, repair):
    """A text with a repair's lines in the place of others; None where one of them isn't there."""
    lines = text.splitlines()
    for old, new in repair.items():
        places = [n for n, line in enumerate(lines) if line.strip() == old]
        if not places:
            return None
        for n in reversed(places):
            lines[n : n + 1] = [planting.indent(lines[n]) + one if one else "" for one in new.splitlines()]
    return "\n".join(lines) + "\n"


def versions(program, planted):
    """[({bug: MENDED or AS_IT_WAS}, text)]: each bug as it was, as in the right program, or by an accepted repair."""
    options = [[(id, None), (id, ""), *((id, repair) for repair in program.bugs[id].repairs)] for id in planted]
    for choice in itertools.product(*options):
        text = program.with_bugs([id for id, way in choice if way != ""])[0]
        for _, way in choice:
            text = repaired(text, way) if text is not None and way else text
        if text is not None:
            yield {id: AS_IT_WAS if way is None else MENDED for id, way in choice}, text


@cache
def known_trees(name, planted):
    """[({bug: MENDED or AS_IT_WAS}, the trees of its functions)] of all versions, each read once."""
    return [(said, planting.functions(text)) for said, text in versions(planting.program(name), planted)]


def read_as_trees(program, planted, text):
    """({bug: MENDED, AS_IT_WAS or UNKNOWN}, the functions that can't be judged), by syntax trees: nothing is run.

    Function by function the text is compared with all versions that are known. Raises SyntaxError.
    """
    mine = planting.functions(text)
    known = known_trees(program.name, tuple(planted))
    as_brought = planting.functions(program.with_bugs(planted)[0])
    best, trees = max(known, key=lambda one: sum(mine.get(name) == tree for name, tree in one[1].items()))
    strange = [name for name in as_brought if mine.get(name) != trees[name]]
    touched = {
        id: {name for said, other in known for name in other if said[id] == MENDED and other[name] != as_brought[name]
             and all(said[o] == AS_IT_WAS for o in planted if o != id)}
        for id in planted
    }  # fmt: skip
    return {id: UNKNOWN if touched[id] & set(strange) else best[id] for id in planted}, strange


# ---- as the learner meets it ----


def folder():
    """Where programs are put: beside the notebook. In the course's own folder nothing is written: a scratch one."""
    own = [Path(__file__).parents[2] / "notebooks", Path(__file__).parents[1] / "notebooks"]
    if Path.cwd().resolve() not in [path.resolve() for path in own]:
        return Path.cwd() / FOLDER
    if not _scratch:
        _scratch.append(tempfile.TemporaryDirectory(prefix="backprop-", ignore_cleanup_errors=True))
    return Path(_scratch[0].name)


def as_lines(given):
    """Line numbers as one types them: 4, 7 or [4, 7] or "4, 7". None for what is no whole number."""
    found = []
    for one in given:
        several = one.replace(",", " ").split() if isinstance(one, str) else one
        try:
            found += [int(str(n)) for n in (several if isinstance(several, Iterable) else [several])]
        except ValueError:
            return None
    return list(dict.fromkeys(found))


BESIDE_NAMES = re.compile(r"(?<=\w)[(\[](?=\w)|(?<=[^\W\d])\.(?=[^\W\d])")  # in torch.optim.SGD(model, not in 0.5
LONG = re.compile(r"\S{20,}")


def hanging(listing):
    """HTML of numbered lines: where one is too long for the page, it goes on behind its number, broken in no name."""
    style = "display:block;padding-left:8ch;text-indent:-8ch"
    lines = [
        LONG.sub(lambda run: BESIDE_NAMES.sub(r"\g<0><wbr>", run[0]), line) for line in escape(listing).splitlines()
    ]
    return "".join(f"<span style='{style}'>{line}</span>" for line in lines)


def times(count, what):
    return f"{count} {what}{'' if count == 1 else 's'}"


class Brought:
    """A program with bugs in it, brought by a colleague: shown with line numbers, and put into a file for you to mend.

    `run` runs your copy and `load` gives it as a module, for tests of your own. `accuse` takes lines as they are shown.
    `check` tests your copy in a process of its own. `count`, `names` and `show_me` tell more, and cost points.
    """

    def __init__(self, program, planted, key, fresh=False):
        self.program, self.planted, self.key = program, tuple(planted), key
        self.source, self.wrong = program.with_bugs(self.planted)
        self.accepted = program.accepted(self.planted)
        self.path = folder() / f"{key.replace('/', '_')}.py"
        text, state = sha256(self.source.encode()).hexdigest(), kept(key)
        fresh = fresh or (state is not None and state["text"] != text)  # the course has another version of it now
        if fresh or state is None:
            keep(key, opened(time.time(), text))
        if fresh or not self.path.exists():
            self._write()

    def _write(self):
        if self.path.exists() and self.path.read_text(encoding="utf-8") != self.source:
            for n in itertools.count(1):
                aside = self.path.with_name(f"{self.path.stem}.set-aside-{n}.py")
                if not aside.exists():
                    self.path.rename(aside)
                    break
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.source, encoding="utf-8")

    # -- what is shown --

    @property
    def said(self):
        """What the colleague says: what it should do, and, where the bugs are the program's own, what is seen."""
        told = [" ".join(one.split()) for one in self.program.says.split("\n\n")]
        return told if self.planted == self.program.planted else told[:1]

    @cached_property
    def seen(self):
        """[(how it was found, what is printed)]: as it was brought, and where nobody says, as it should be."""
        if self.program.torch:
            stored = json.loads(PRINTED.read_text(encoding="utf-8"))[self.program.name]
            return [(f"It printed, with PyTorch {stored['torch']}:", stored["printed"])]
        shown = [("It prints:", self._printed(self.source))]
        return shown if len(self.said) > 1 else [*shown, ("It should print:", self._printed(self.program.right))]

    def _printed(self, source):
        with tempfile.TemporaryDirectory(prefix="backprop-", ignore_cleanup_errors=True) as scratch:
            path = Path(scratch) / self.path.name
            path.write_text(source, encoding="utf-8")
            return trial.printed(path)

    @property
    def listing(self):
        """The program as it was brought, with line numbers."""
        return "\n".join(f"{n:2}  {line}".rstrip() for n, line in enumerate(self.source.splitlines(), start=1))

    @property
    def where(self):
        return f"Your copy of it is {FOLDER}/{self.path.name}, beside this notebook. Test it, and mend it there."

    def __repr__(self):
        said = [line for one in self.said for line in ["", *textwrap.wrap(one, 100)]]
        seen = [line for how, printed in self.seen for line in ["", how, textwrap.indent(printed, "    ")]]
        return "\n".join([self.program.title, *said, *seen, "", self.where, "", self.listing])

    def _repr_html_(self):
        seen = "".join(paragraphs(how) + PRE.format(escape(printed)) for how, printed in self.seen)
        return (
            f"<div><p><b>{escape(self.program.title)}</b></p>{paragraphs(chr(10).join(self.said))}{seen}"
            f"{paragraphs(self.where)}{PRE.format(hanging(self.listing))}</div>"
        )

    # -- what the learner does --

    def run(self) -> Text:
        """Run your copy as a script, and show what it prints."""
        if self.program.torch and not trial.has_torch():
            return Sentences("This program needs PyTorch, which isn't installed here. Above it stands what it printed.")
        return Text(trial.printed(self.path)) if self.path.exists() else self._gone()

    def load(self) -> ModuleType:
        """Your copy as it is now, as a module whose functions are yours to test. Its main part isn't run."""
        return trial.load(self.path, self.path.stem)

    def accuse(self, *lines: Any) -> Text:
        """Name lines that are wrong, by the numbers that are shown. A false accusation costs a point."""
        last, given = len(self.source.splitlines()), as_lines(lines)
        if not lines or any(one is ... for one in lines):
            return Sentences("not attempted yet")
        if not given or not all(1 <= n <= last for n in given):
            return Sentences(f"The lines are numbers from 1 to {last}, such as accuse(4) or accuse(4, 7).")
        state, said = self._state(), []
        for n in given:
            said.append(self._accused(state, n))
        keep(self.key, state)
        if not state["ended"]:
            said.append(self._so_far(state))
        return Sentences("\n".join(said))

    def _accused(self, state, n):
        bugs = [id for id in self.planted if n in self.accepted[id]]
        new = [id for id in bugs if id not in state["lines"] and id not in state["mended"]]
        if not bugs:
            if n not in state["false"] and not state["ended"]:
                state["false"].append(n)
            return f"Line {n}: nothing is wrong here."
        if state["ended"]:
            return f"Line {n}: yes."
        if new:
            state["lines"][new[0]] = n
            return f"Line {n}: yes, here is something wrong."
        return f"Line {n}: yes, and you have found that already."

    def _so_far(self, state):
        found = len({*state["lines"], *state["mended"]})
        number = f"{found} of {len(self.planted)}" if "count" in state["asked"] else str(found)
        return f"Found: {number}. False accusations: {len(state['false'])}."

    def check(self) -> Text:
        """Test your copy, in a process of its own: what is mended, what is nearly, and what has broken on the way."""
        if not self.path.exists():
            return self._gone()
        text = self.path.read_text(encoding="utf-8")
        if text == self.source:
            return Sentences(f"{FOLDER}/{self.path.name} is as it was brought. Mend it, save it, and check again.")
        if self.program.torch and not trial.has_torch():
            return self._read(text)
        found, problem = trial.trial(self.program.name, self.path)
        if problem:
            return Sentences(problem)
        said, broken = statuses(self.program, self.planted, found)
        return self._settled(said, [f"Broken on the way: {words}" for words in broken])

    def _read(self, text):
        try:
            said, strange = read_as_trees(self.program, self.planted, text)
        except SyntaxError as error:
            return Sentences(f"The file can't be run. SyntaxError in line {error.lineno}: {error.msg}")
        unknown = [id for id in self.planted if said[id] == UNKNOWN]
        notes = ["PyTorch isn't installed here: your repair is compared with repairs that are known to be right."]
        if strange:
            names = ", ".join(name or "what stands outside of functions" for name in strange)
            notes.append(
                f"None of them reads like yours in {names}. That can't be judged: it scores nothing and costs nothing."
            )
        state = self._state()
        state["unknown"] = [id for id in unknown if id not in state["mended"]]
        keep(self.key, state)
        return self._settled({id: words for id, words in said.items() if words != UNKNOWN}, notes, bool(strange))

    def _settled(self, said, notes, strange=False):
        """The words on a trial, and the round with what it showed."""
        state = self._state()
        mended = [id for id in self.planted if said.get(id) == MENDED]
        if not state["ended"]:
            state["mended"] = [id for id in self.planted if id in {*state["mended"], *mended}]
        number = f"{len(mended)} of {len(self.planted)}" if "count" in state["asked"] or state["ended"] else len(mended)
        lines = [f"Mended: {number}."]
        for id, words in said.items():
            if words == AS_IT_WAS and id in state["lines"]:
                lines.append(f"Line {state['lines'][id]}: not mended yet.")
            elif words not in (MENDED, AS_IT_WAS):
                lines.append(f"Nearly. What was seen is gone, but: {words}")
        complete = len(mended) == len(self.planted)
        if complete and not strange and not any(note.startswith("Broken") for note in notes):
            return Sentences("\n".join([*notes, *self._finished(state)]))
        if not complete and len(lines) == 1 and not notes:
            lines.append("That is not all yet.")
        keep(self.key, state)
        return Sentences("\n".join([*lines, *notes]))

    def _finished(self, state):
        if not state["ended"]:
            state["ended"] = time.time()
        keep(self.key, state)
        return [f"Right: all {len(self.planted)} mended." if len(self.planted) > 1 else "Right: it is mended.",
                *([] if state["shown"] else [self._result(state)]), *self._lessons()]  # fmt: skip

    def _result(self, state):
        got, of = points(state, self.planted)
        false = times(len(state["false"]), "false accusation")
        asked = f", {' and '.join(state['asked'])} asked for" if state["asked"] else ""
        return f"{times(got, 'point')} of {of}, in {times(minutes(state, time.time()), 'minute')}: {false}{asked}."

    def _lessons(self):
        lines = []
        for id in self.planted:
            bug = self.program.bugs[id]
            numbers = sorted(self.wrong[id])
            lines.append(f"Line{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}: {bug.name}. {bug.means}")
        return lines

    def count(self) -> Text:
        """How many bugs there are. It costs a point: an interviewer doesn't tell."""
        self._ask("count")
        return Sentences(f"{times(len(self.planted), 'bug')}.")

    def names(self) -> Text:
        """Names of mistakes, some of which are in it. It costs a point: an interviewer doesn't tell."""
        self._ask("names")
        others = [bug.name for id, bug in self.program.bugs.items() if id not in self.planted]
        shuffle = random.Random(self.key)
        shuffle.shuffle(others)
        shown = [self.program.bugs[id].name for id in self.planted]
        shown += others[: max(2, CHOICES - len(shown))]
        shuffle.shuffle(shown)
        return Sentences("\n".join(["Some of these are in it:", *shown]))

    def _ask(self, what):
        state = self._state()
        if not state["ended"] and what not in state["asked"]:
            state["asked"].append(what)
            keep(self.key, state)

    def show_me(self) -> Text:
        """Give up: the wrong lines, what is wrong with each, the repair, and a test that sees it. The round ends."""
        state = self._state()
        if not state["ended"]:
            state["ended"], state["shown"] = time.time(), True
            keep(self.key, state)
        parts = [(self._result(state), "")]
        for id, lesson in zip(self.planted, self._lessons()):
            without = self.program.with_bugs([other for other in self.planted if other != id])[0]
            changes = difflib.unified_diff(self.source.splitlines(), without.splitlines(), n=1, lineterm="")
            repair = [line for line in changes if not line.startswith(("---", "+++", "@@"))]
            parts += [(lesson, "\n".join(repair)), ("A test that sees it:", self._test_of(id))]
        return Shown(parts)

    def _test_of(self, id):
        """The source of the first test that sees a bug, below the helpers that it calls."""
        test = next(test for test in self.program.tests if test.bug == id and not test.nearly)
        source = Path(test.run.__code__.co_filename).read_text(encoding="utf-8")
        functions = {one.name: one for one in ast.parse(source).body if isinstance(one, ast.FunctionDef)}
        wanted = [test.id]
        for name in wanted:  # grows as helpers are found
            named = {one.id for one in ast.walk(functions[name]) if isinstance(one, ast.Name)}
            wanted += [other for other in functions if other in named and other not in wanted]
        return "\n\n\n".join(ast.get_source_segment(source, functions[name]) for name in reversed(wanted))

    def _state(self):
        return kept(self.key) or opened(time.time())

    def _gone(self):
        return Sentences(f'{FOLDER}/{self.path.name} is gone: bug("{self.key}") brings it again.')


# ---- which one ----


def combinations(program, count):
    """The sets of so many bugs that can be planted together in a program."""
    return [ids for ids in itertools.combinations(program.bugs, count) if program.compatible(ids)]


def drawn(level, seed):
    """(program, bugs) of a level and a seed. A new program or bug changes only those seeds that it wins."""
    wins = []
    for name in planting.names():
        program = planting.program(name)
        for ids in [] if program.torch else combinations(program, level):
            wins.append((lot(level, seed, name, *ids), name, ids))
    _, name, ids = min(wins)
    return planting.program(name), ids


def lot(*what):
    return sha256("/".join(map(str, what)).encode()).hexdigest()


def mended():
    """The names of the programs whose round ended with every bug mended by the learner."""
    rounds = {name: kept(name) for name in planting.names()}
    return [name for name, state in rounds.items() if state and state["ended"] and not state["shown"]]


class Programs(Text):
    """The programs there are, with what came of each."""

    def __init__(self):
        rows = []
        for name in planting.names():
            program, state = planting.program(name), kept(name)
            kind = f"{'PyTorch' if program.torch else 'NumPy'}, {program.minutes} min"
            rows.append((name, kind, program.title, result_of(state, program.planted)))
        self.rows = rows
        widths = [max(map(len, column)) for column in zip(*rows)]
        super().__init__("\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows))

    def _repr_html_(self):
        drawn = ["".join(f"<td style='text-align:left'>{escape(cell)}</td>" for cell in row) for row in self.rows]
        table = "".join(f"<tr>{row}</tr>" for row in drawn)
        return f"<div style='overflow-x:auto'><table>{table}</table></div>"  # on a phone it scrolls by itself


class Shown(Text):
    """Sentences that wrap between words, each with the code that belongs to it, as pairs."""

    def __init__(self, parts):
        self.parts = parts
        super().__init__("\n\n".join(text for pair in parts for text in pair if text))

    def _repr_html_(self):
        return "".join(paragraphs(said) + (PRE.format(escape(code)) if code else "") for said, code in self.parts)


def result_of(state, planted):
    """What came of a round, in a few words."""
    if state is None:
        return ""
    if not state["ended"]:
        return "begun"
    got, of = points(state, planted)
    return f"{'shown, ' if state['shown'] else ''}{got} of {of} points, {minutes(state, 0)} min"
