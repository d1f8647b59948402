"""The questions, read from `questions/*.toml`: one file a topic. What each field means stands at its class.

The statements to be told right from wrong stand in files of the same names in `questions/statements`.

A number in a text is a placeholder, <<ratio:.0e>>, filled from the question's evidence: a few lines of code beside
it. So no number can drift from what the package computes.
"""

import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np

from backprop.interview.axes import AXES
from backprop.interview.formats import FORMATS
from backprop.interview.probes import Probe
from backprop.path import core, link

FOLDER = Path(__file__).parent / "questions"
DIFFICULTIES = ("easy", "medium", "hard")
RUNGS = ("pass", "strong", "very strong")  # the answers that a point can belong to
PLACEHOLDER = re.compile(r"<<(\w+)(?::([^<>]*))?>>")


class Misfiled(ValueError):
    """A question file that can't be read; the text names the file, the question and the field."""


@dataclass(frozen=True)
class FollowUp:
    """The question for somebody who left out a point or didn't prove it, and a good answer to that."""

    ask: str
    answer: str


@dataclass(frozen=True)
class Point:
    """Something that a good answer says.

    id         a word, unlike the others of its question
    says       the point, as a sentence
    level      one of RUNGS: the answer that it belongs to
    axis       which of the four axes it speaks for
    notice     by what words it may be noticed in typed notes: each entry is words that stand in one sentence, in any
               order; a * at the end of a word stands for its endings ("cach* activation*"). Core questions only
    follow_up  and probe, which proves the point in fifteen seconds: core questions only
    again      the probe in another form: for who failed the first, or where the level would rest on one
    name       the point in a few words, as a partner's page calls it; left out, it is the id with spaces for hyphens
    """

    id: str
    says: str
    level: str = "pass"
    axis: str = "understanding"
    notice: tuple[str, ...] = ()
    follow_up: FollowUp | None = None
    probe: Probe | None = None
    again: Probe | None = None
    name: str = ""


@dataclass(frozen=True)
class Belief:
    """A usual wrong turn of a question.

    id       a word, unlike those of the question's other beliefs
    sounds   sentences in which somebody says it
    notice   by what words it may be noticed in typed notes (see `listen`)
    implies  {point: answer}: what its holder answers to the point's probe, and under "point.again" to its other form;
             what isn't named here, they answer rightly
    says     what sets it right, as a sentence
    wrong    and right: it and its opposite as a Statement has them, where `sounds[0]` and `says` don't stand alone
    """

    says: str
    notice: tuple[str, ...]
    id: str = ""
    sounds: tuple[str, ...] = ()
    implies: dict = field(default_factory=dict)
    wrong: str = ""
    right: str = ""


@dataclass(frozen=True)
class Statement:
    """A sentence that sounds right and isn't, beside the one that sets it right: either is judged on its own.

    id     a word, unlike those of the question's other statements and beliefs
    wrong  what a bluffer would sign, as a sentence that stands alone
    right  the opposite, so that who signs the one must strike out the other
    about  the point that it belongs to
    named  how many of those who were asked for a question's usual wrong turns, without seeing any, named this one
    """

    id: str
    wrong: str
    right: str
    about: str
    named: int = 0


@dataclass(frozen=True)
class Clarification:
    """A question that a candidate may ask before coding: words that show it was asked, and the interviewer's answer."""

    notice: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class Question:
    """A question of an interviewer.

    id          "topic.name"; topic is the title of its file
    format      one of FORMATS; difficulty one of DIFFICULTIES; minutes is the time the answer gets
    prompt      as an interviewer says it
    answer      a model answer as it is spoken, at most 150 words a minute
    points      the rubric
    section     "delta#B2", the key of the section that teaches it; once read, the link to where that lives today
    core        in full depth: then it has levels, beliefs and a whiteboard version, and each point can be noticed,
                pressed and proven
    statements  sentences to be told right from wrong, beside the beliefs
    levels      {"pass": ..., "strong": ..., "very strong": ...}: what such an answer contains
    whiteboard  Markdown with math: what stands on the board at the end
    evidence    Python that computes what the placeholders hold; it sees np
    exercise    for code and bugs: the exercise whose checks are run; slips: for a bug, which ones are planted
    clarify     for code: what may be asked first
    raised_by   slips that bring this question back, "exercise/slip" or "exercise/*"
    """

    id: str
    topic: str
    format: str
    difficulty: str
    minutes: int
    prompt: str
    answer: str
    points: tuple[Point, ...]
    section: str
    core: bool = False
    levels: dict | None = None
    beliefs: tuple[Belief, ...] = ()
    statements: tuple[Statement, ...] = ()
    whiteboard: str = ""
    evidence: str = ""
    exercise: str = ""
    slips: tuple[str, ...] = ()
    clarify: tuple[Clarification, ...] = ()
    raised_by: tuple[str, ...] = ()

    @property
    def coded(self):
        """Whether code is written or read for it, in a cell."""
        return FORMATS[self.format].coded

    def filled(self):
        """The same question with its numbers in place of the placeholders."""
        scope = {"np": np}
        exec(compile(self.evidence, f"<evidence of {self.id}>", "exec"), scope)  # the bank's own, never a learner's
        return _map(self, lambda text: PLACEHOLDER.sub(lambda m: format(scope[m[1]], m[2] or ""), text))


def _map(value, change):
    """`value` with `change` made in every text inside it, but for evidence."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_map(one, change) for one in value)
    if isinstance(value, dict):
        return {key: _map(one, change) for key, one in value.items()}
    if isinstance(value, (Question, Point, FollowUp, Belief, Statement, Clarification, Probe)):
        changed = {name: _map(one, change) for name, one in vars(value).items() if name not in ("evidence", "id")}
        return replace(value, **changed)
    return value


# ---- reading ----


@cache
def questions():
    """Every question by id, in the order of the files."""
    found = {}
    files = sorted(FOLDER.glob("*.toml"))
    if strays := {file.name for file in (FOLDER / "statements").glob("*.toml")} - {file.name for file in files}:
        raise Misfiled(f"statements/{min(strays)}: there are no questions in a file of this name.")
    for file in files:
        for question in read(file):
            if question.id in found:
                raise Misfiled(f"{file.name}: there are two questions {question.id!r}.")
            found[question.id] = question
    return found


def read(file):
    """The questions of one file, with their statements. Raises Misfiled."""
    table, beside = _table(file, file.name), file.parent / "statements" / file.name
    stated = _table(beside, f"statements/{file.name}") if beside.exists() else {}
    found = [_question(file.name, table.get("topic", ""), entry, stated) for entry in table.get("question", [])]
    if unknown := set(stated) - {q.id for q in found}:
        raise Misfiled(f"statements/{file.name}: there is no question {min(unknown)!r}.")
    return found


def _table(file, name):
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Misfiled(f"{name}: {error}") from error


def _question(file, topic, entry, stated):
    place = f"{file}, question {entry.get('id', '?')}"
    points = tuple(_point(place, point) for point in entry.pop("point", []))
    beliefs = tuple(_made(Belief, place, belief) for belief in entry.pop("belief", []))
    own = stated.get(entry.get("id"), {})
    if not isinstance(own, dict):
        raise Misfiled(f"{place}: its statements are a table, a line each.")
    statements = tuple(_statement(place, id, texts) for id, texts in own.items())
    clarify = tuple(_made(Clarification, place, one) for one in entry.pop("clarify", []))
    try:
        section = link(entry.get("section"))
    except ValueError as unknown:
        raise Misfiled(f"{place}: {unknown}") from None
    entry["core"] = entry.get("core", False) or entry.get("id") in core()
    parts = {"points": points, "beliefs": beliefs, "statements": statements, "clarify": clarify}
    question = _made(Question, place, {**entry, **parts, "topic": topic, "section": section})
    if missing := complaints(question):
        raise Misfiled(f"{place}: {missing[0]}")
    return question


def _point(place, entry):
    place = f"{place}, point {entry.get('id', '?')}"
    parts = {"follow_up": FollowUp, "probe": Probe, "again": Probe}
    return _made(Point, place, {k: _made(parts[k], place, v) if k in parts else v for k, v in entry.items()})


def _statement(place, id, texts):
    kinds = [type(one) for one in texts] if isinstance(texts, list) else []
    if kinds not in ([str, str, str], [str, str, str, int]) or texts[3:] and texts[3] < 0:
        raise Misfiled(f"{place}, statement {id}: it is [its point, what is wrong, what is right, how many named it].")
    about, wrong, right, *named = texts
    return Statement(id, wrong, right, about, *named)


def _made(kind, place, entry):
    """A dataclass of a table, its lists as tuples and its texts without the line ends around them."""
    values = {name: _stripped(value) for name, value in entry.items()}
    try:
        return kind(**values)
    except TypeError as error:
        said = re.sub(r"^.*__init__\(\)", kind.__name__, str(error))
        raise Misfiled(f"{place}: {said}.") from error


def _stripped(value):
    if isinstance(value, list):
        return tuple(map(_stripped, value))
    return value.strip() if isinstance(value, str) else value


def complaints(q):
    """Sentences about what is missing or not allowed in a question."""
    found = []
    for name, value, legal in [("format", q.format, FORMATS), ("difficulty", q.difficulty, DIFFICULTIES)]:
        if value not in legal:
            found.append(f"{name} is {value!r}, and may be {', '.join(legal)}.")
    if not re.fullmatch(r"[a-z]+\.[a-z0-9-]+", q.id):
        found.append("an id is topic.name, in small letters and hyphens.")
    if len({p.id for p in q.points}) != len(q.points) or not q.points:
        found.append("it needs points, each with an id of its own.")
    for one in q.statements:
        if one.about not in {p.id for p in q.points}:
            found.append(f"statement {one.id}: it is about {one.about!r}, which is no point of the question.")
    if len({one.id for one in [*q.statements, *q.beliefs]}) < len(q.statements) + len(q.beliefs):
        found.append("each statement and belief needs an id of its own.")
    if type(q.minutes) is not int or q.minutes < 1:
        found.append(f"minutes is {q.minutes!r}, and should be a whole number from 1.")
    for p in q.points:
        if p.level not in RUNGS or p.axis not in AXES:
            found.append(f"point {p.id}: level is one of {', '.join(RUNGS)}, axis one of {', '.join(AXES)}.")
        if q.core and not (p.notice and p.follow_up and p.probe):
            found.append(f"point {p.id} of a core question needs notice, follow_up and probe.")
    if q.core and not (q.levels and set(q.levels) == set(RUNGS) and q.beliefs and q.whiteboard):
        found.append(f"a core question needs levels ({', '.join(RUNGS)}), beliefs and a whiteboard.")
    if q.format in FORMATS and q.coded and not q.exercise:
        found.append(f"a {q.format} question names the exercise that checks it.")
    return found
