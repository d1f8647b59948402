"""The report of an interview: four axes over the rounds, what held and what didn't, three things to fix tonight.

A report is JSON values, kept in the record; its Markdown is made of these alone, and its HTML of the
Markdown. It is never one number.
"""

import re
import time
from dataclasses import dataclass
from pathlib import Path

from backprop.interview import markup
from backprop.interview.axes import ANCHORS, AXES, LEVELS
from backprop.interview.engine import PROCESS, clock
from backprop.interview.scoring import checks, levels
from backprop.interview.turn import Turn, question, slip_id
from backprop.path import link
from backprop.practice.bank import EXERCISES

WORST, BAD, POOR, FAIR, LAST = range(5)  # how much a thing to fix presses: first what is wrong, last what is only rusty


def report_of(id, state):
    """The report of an interview, also of one that goes on or was broken off."""
    turns = [turn_report(turn) for turn in state.turns]
    asked = len(state.turns)
    return Report(
        {
            "id": id,
            "plan": state.plan,
            "seed": state.seed,
            "began": state.began or 0.0,
            "minutes": state.clock / 60,
            "planned": sum(Turn(*one).limit for one in state.rounds) / 60,
            "turns": turns,
            "not_asked": [question(id).prompt for id, _ in state.rounds[asked:]],
            "tonight": tonight(state.turns),
        }
    )


def turn_report(turn):
    q = turn.q
    answered = turn.answered_at is not None
    strong, missed = verdicts(turn) if answered else ([], [])
    return {
        "question": q.id,
        "part": turn.part,
        "topic": q.topic,
        "prompt": q.prompt,
        "section": q.section,
        "minutes": turn.minutes,
        "given": turn.limit / 60,
        "done": turn.done_at is not None,
        "passed_on": turn.how == "passed",
        "notes": turn.notes,
        "levels": {axis: list(one) for axis, one in levels(turn).items()} if answered else {},
        "strong": strong,
        "missed": missed,
    }


def verdicts(turn):
    """(strong, missed): sentences on what held, and on what was left out, not proven, or slipped."""
    strong, missed = [], []
    for p in turn.rubric:
        pressed = turn.pressed_on(p.id)
        if turn.shown(p):
            strong.append(f"{p.says} ({'asked' if turn.part else 'proven' if p.probe else 'by your own word'})")
        elif pressed and pressed.proven:
            missed.append(f"{p.says} (only when pressed{'' if p.probe else ', by your own word'})")
        else:
            missed.append(f"{p.says} ({'claimed, and not proven' if p.id in turn.claimed else 'left out'})")
    for item in checks(turn):
        said = f"{item.says[0].upper()}{item.says[1:]}"
        if item.credit:
            strong.append(f"{said}{'.' if item.credit == 1 else ', on a second try or when pressed.'}")
        else:
            missed.append(f"Not shown: {item.says}.")
    strong += [f"{PROCESS[id]} (You ticked it.)" for id in turn.process]
    strong += [f"A slip, fixed: {turn.point(slip_id(key)).says}" for key in turn.mended]
    missed += [f"A slip in the code: {turn.point(slip_id(key)).says}" for key in turn.open_slips]
    return strong, missed


def tonight(turns):
    """Three things to fix, [sentence, link], the most pressing first, of different questions where there are enough."""
    found = [(press, n, text, link) for n, turn in enumerate(turns) for press, text, link in wanting(turn)]
    found.sort(key=lambda one: one[:2])
    first_of_each = [one for k, one in enumerate(found) if one[1] not in {other[1] for other in found[:k]}]
    others = [one for one in found if one not in first_of_each]
    chosen = sorted((first_of_each + others)[:3], key=lambda one: one[:2])
    things = [[text, link] for _, _, text, link in chosen]
    return (things + [list(one) for one in ALWAYS])[:3]


ALWAYS = (
    ("Say the 60-second answer aloud, standing, without notes.", link("start#sixty")),
    ("Write (B1) to (B5) on an empty sheet, with the shape of every array.", link("delta#code")),
    ("Go through what is due tomorrow: due() lists it.", link("interview#due")),
)


def wanting(turn):
    """(how much it presses, what to do, where) for everything that a turn left open."""
    q = turn.q
    yield LAST, f"Say it once more, aloud and without notes: {q.prompt}", q.section
    if turn.answered_at is None:
        return
    for key in turn.open_slips:
        exercise = EXERCISES[key.partition("/")[0]]
        yield WORST, f"Do the exercise {exercise.id} again: {turn.point(slip_id(key)).says}", exercise.where
    for p in turn.rubric:
        pressed = turn.pressed_on(p.id)
        if turn.shown(p):
            continue
        if turn.part == "clarify":
            yield POOR, p.says, q.section
        elif p.id in turn.claimed:
            yield WORST if p.level == "pass" else BAD, f"You claimed this and couldn't prove it: {p.says}", q.section
        elif not (pressed and pressed.proven):
            yield BAD if p.level == "pass" else POOR, f"Work out why, and say it aloud: {p.says}", q.section
        else:
            yield FAIR, f"Say this without being asked: {p.says}", q.section
    taken, given = turn.minutes * 60, turn.limit
    if taken > given:
        yield POOR, f"Answer within {clock(given)} (it took {clock(taken)}): {q.prompt}", q.section
    for axis, (level, _) in turn.levels.items():
        if level < 3:
            yield FAIR, f"Toward strong {axis}, “{ANCHORS[axis][3]}” try again: {q.prompt}", q.section


@dataclass(frozen=True)
class Report:
    """A report. `data` holds JSON values; it shows as HTML in JupyterLab, and as Markdown elsewhere."""

    data: dict

    def axes(self):
        """{axis: [(n, level, by), ...]} over the turns, n from 1."""
        found = {axis: [] for axis in AXES}
        for n, turn in enumerate(self.data["turns"], start=1):
            for axis, (level, by) in turn["levels"].items():
                found[axis].append((n, level, by))
        return found

    def line(self):
        """The interview in one line."""
        axes = {axis: ", ".join(LEVELS[level] for _, level, _ in found) for axis, found in self.axes().items()}
        words = [f"{axis} {said}" for axis, said in axes.items() if said]
        return f"{day(self.data['began'])}  {self.data['plan']:12}  {'; '.join(words) or 'nothing was answered'}"

    def markdown(self):
        """The report as Markdown; links lead to the notebooks beside it."""
        d = self.data
        lines = [f"# Mock interview: {d['plan']}", "", f"{day(d['began'])}. {times(d)}", ""]
        lines += ["## Three things for tonight", ""]
        lines += [f"{n}. {text} ([{notebook(link)}]({link}))" for n, (text, link) in enumerate(d["tonight"], start=1)]
        lines += ["", "## Four axes over the rounds", "", *self._table(), ""]
        lines += ["\\* by yourself, † by your partner, against the anchors. The rest comes from checks.", ""]
        for n, turn in enumerate(d["turns"], start=1):
            lines += [f"## {n}. {heading(turn)}", "", turn["prompt"], "", f"{spent(turn)}", ""]
            if turn["notes"].strip():
                lines += ["Your notes:", "", *(f"> {plain(line)}" for line in turn["notes"].splitlines()), ""]
            for title in ("strong", "missed"):
                if turn[title]:
                    lines += [f"{title.capitalize()}:", "", *(f"- {text}" for text in turn[title]), ""]
            lines += [f"Read: [{notebook(turn['section'])}]({turn['section']})", ""]
        if d["not_asked"]:
            lines += ["## Not asked", "", *(f"- {text}" for text in d["not_asked"]), ""]
        return "\n".join(lines)

    def _table(self):
        """The table over the rounds: a row for each axis, and one for the time."""
        turns = self.data["turns"]
        rows = [["axis", *map(str, range(1, len(turns) + 1))], ["---"] * (len(turns) + 1)]
        for axis, found in self.axes().items():
            cells = {n: LEVELS[level] + MARKS[by] for n, level, by in found}
            rows.append([axis, *(cells.get(n, "") for n in range(1, len(turns) + 1))])
        rows.append(["time", *(f"{clock(turn['minutes'] * 60)} of {clock(turn['given'] * 60)}" for turn in turns)])
        return [f"| {' | '.join(row)} |" for row in rows]

    def html(self):
        """The report as one page that loads nothing."""
        return markup.page(f"Mock interview: {self.data['plan']}", self._repr_html_())

    def _repr_html_(self):
        drawn = markup.html(self.markdown())
        drawn = re.sub(r"<tr><td>(.*?)</td>", r'<tr><th scope="row">\1</th>', drawn)  # a row begins with its name
        return f'<div class="backprop-report">{drawn}</div>'

    def save(self, folder="."):
        """Write report.md and report.html, named after the interview, and say where they are."""
        stem = "interview-" + re.sub(r"[^\w-]+", "-", self.data["id"]).strip("-")
        for ending, text in ((".md", self.markdown()), (".html", self.html())):
            (Path(folder) / f"{stem}{ending}").write_text(text, encoding="utf-8", errors="replace", newline="\n")
        return f"Saved as {stem}.md and {stem}.html."

    def __repr__(self):
        return self.markdown()


MARKS = {"checks": "", "yourself": "\\*", "partner": "†", "": ""}


def heading(turn):
    return f"{turn['topic']}{', clarifying' if turn['part'] else ''}"


def spent(turn):
    """Minutes of one question, in a sentence."""
    taken, given = turn["minutes"] * 60, turn["given"] * 60
    over = f", {clock(taken - given)} over" if taken > given else ""
    ending = "You passed on it." if turn["passed_on"] else "" if turn["done"] else "It was broken off."
    return f"{clock(taken)} of {clock(given)}{over}. {ending}".strip()


def times(d):
    return f"{clock(d['minutes'] * 60)} in all, where the answers had {clock(d['planned'] * 60)}."


def day(seconds):
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def notebook(link):
    """A link in words: the notebook's number and the heading."""
    file, _, section = link.partition("#")
    return f"{file.partition('_')[0]}{': ' if section else ''}{section.replace('-', ' ')}"


def plain(text):
    """A learner's text as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>#|~$!+-])", r"\\\1", text)
