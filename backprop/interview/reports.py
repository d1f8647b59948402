"""What is left of an interview: four axes over the rounds, what held and what didn't, and three things to fix tonight.

A report is JSON values, kept in the record; Markdown and one HTML page are made of these alone. It is never one number.
"""

import re
import time
from dataclasses import dataclass
from html import escape
from pathlib import Path

from backprop.interview.axes import ANCHORS, LEVELS
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
    strong += [f"A slip, mended: {turn.point(slip_id(key)).says}" for key in turn.mended]
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
        found = {axis: [] for axis in ANCHORS}
        for n, turn in enumerate(self.data["turns"], start=1):
            for axis, (level, by) in turn["levels"].items():
                found[axis].append((n, level, by))
        return found

    def line(self):
        """The interview in one line."""
        words = [
            f"{axis} {', '.join(LEVELS[level] for _, level, _ in levels)}"
            for axis, levels in self.axes().items()
            if levels
        ]
        return f"{day(self.data['began'])}  {self.data['plan']:12}  {'; '.join(words) or 'nothing was answered'}"

    def markdown(self):
        """The report as Markdown; links lead to the notebooks beside it."""
        d = self.data
        lines = [
            f"# Mock interview: {d['plan']}",
            "",
            f"{day(d['began'])}. {times(d)}",
            "",
            "## Three things for tonight",
            "",
        ]
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

    def _rows(self):
        """The table over the rounds: a name, and a cell for each."""
        turns = self.data["turns"]
        rows = []
        for axis, found in self.axes().items():
            cells = {n: LEVELS[level] + MARKS[by] for n, level, by in found}
            rows.append([axis, *(cells.get(n, "") for n in range(1, len(turns) + 1))])
        return [*rows, ["time", *(f"{clock(t['minutes'] * 60)} of {clock(t['given'] * 60)}" for t in turns)]]

    def _table(self):
        head = ["axis", *map(str, range(1, len(self.data["turns"]) + 1))]
        rows = [head, ["---"] * len(head), *([cell.replace("*", "\\*") for cell in row] for row in self._rows())]
        return [f"| {' | '.join(row)} |" for row in rows]

    def html(self):
        """The report as one page that loads nothing."""
        title = escape(f"Mock interview: {self.data['plan']}")
        return (
            f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/><title>{title}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"/><style>{STYLE}</style></head>\n'
            f"<body>{self._repr_html_()}</body></html>\n"
        )

    def _repr_html_(self):
        d = self.data
        parts = [f"<h1>Mock interview: {escape(d['plan'])}</h1><p>{day(d['began'])}. {escape(times(d))}</p>"]
        things = "".join(f"<li>{rich(text)} {anchor(link)}</li>" for text, link in d["tonight"])
        parts.append(f"<h2>Three things for tonight</h2><ol>{things}</ol><h2>Four axes over the rounds</h2>")
        parts.append(self._html_table())
        parts.append(
            "<p><small>* by yourself, † by your partner, against the anchors. The rest comes from checks.</small></p>"
        )
        parts += [turn_html(n, turn) for n, turn in enumerate(d["turns"], start=1)]
        if d["not_asked"]:
            parts.append(f"<h2>Not asked</h2><ul>{''.join(f'<li>{rich(text)}</li>' for text in d['not_asked'])}</ul>")
        return f'<div class="backprop-report">{"".join(parts)}</div>'

    def _html_table(self):
        head = "".join(f'<th scope="col">{n}</th>' for n, _ in enumerate(self.data["turns"], start=1))
        rows = "".join(
            f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
            for name, *cells in self._rows()
        )
        return f'<table><tr><th scope="col">axis</th>{head}</tr>{rows}</table>'

    def save(self, folder="."):
        """Write report.md and report.html, named after the interview, and say where they are."""
        stem = "interview-" + re.sub(r"[^\w-]+", "-", self.data["id"]).strip("-")
        for ending, text in ((".md", self.markdown()), (".html", self.html())):
            (Path(folder) / f"{stem}{ending}").write_text(text, encoding="utf-8", errors="replace", newline="\n")
        return f"Saved as {stem}.md and {stem}.html."

    def __repr__(self):
        return self.markdown()


MARKS = {"checks": "", "yourself": "*", "partner": "†", "": ""}
STYLE = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;display:block;overflow-x:auto}
th,td{border:1px solid #8886;padding:.25rem .6rem;text-align:left;font-weight:normal}pre{white-space:pre-wrap}
"""


def turn_html(n, turn):
    lists = "".join(
        f"<p>{title.capitalize()}:</p><ul>{''.join(f'<li>{rich(text)}</li>' for text in turn[title])}</ul>"
        for title in ("strong", "missed")
        if turn[title]
    )
    notes = turn["notes"].strip()
    kept = f"<details><summary>Your notes</summary><pre>{escape(notes)}</pre></details>" if notes else ""
    return (
        f"<h2>{n}. {escape(heading(turn))}</h2><p>{rich(turn['prompt'])}</p><p>{escape(spent(turn))}</p>"
        f"{kept}{lists}<p>Read: {anchor(turn['section'])}</p>"
    )


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
    file, _, heading = link.partition("#")
    return f"{file.partition('_')[0]}{': ' if heading else ''}{heading.replace('-', ' ')}"


def anchor(link):
    return f'<a href="{escape(link, quote=True)}" target="_blank">{escape(notebook(link))}</a>'


def rich(text):
    """A text of the bank as HTML: escaped, with its `code` set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def plain(text):
    """A learner's text as Markdown that shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>#|~$!+-])", r"\\\1", text)
