"""The partner's kit: all that an interviewer needs who can't derive any of it, and what the candidate may see, by seed.

    python -m backprop.interview.sheets FOLDER --plan onsite --seed 0

writes a page for the partner's phone, a text for an assistant that is the partner, and two sheets, the interviewer's
and the candidate's, as Markdown and as pages. Page and assistant end with a result that the candidate's report reads.
"""

import argparse
import re
import sys
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import NamedTuple

from latex2mathml.converter import convert

from backprop.interview import assistant, markup, partner
from backprop.interview.axes import ANCHORS, LEVELS, axes_of
from backprop.interview.bank import questions
from backprop.interview.engine import clock
from backprop.interview.formats import FORMATS
from backprop.interview.plans import PLANS, NoPlan, choose
from backprop.interview.results import partner_report
from backprop.interview.rounds import FIRST_TEST, PROCESS, asked_about, hints, planted_lines, timetable, wrong_turns
from backprop.interview.turn import case
from backprop.practice import bank as exercises

BOX = "☐"

NEEDED = (
    "You need no mathematics. You need this sheet, a pencil and a clock. The candidate has a sheet of their own, "
    "paper, and for the rounds with code a laptop."
)
HOW_TO_RUN = (
    "Read the lines in bold aloud, as they stand. Keep the rest to yourself.",
    "Tick a point when you hear it, in whatever words. The words on this sheet are one way of saying it.",
    "When they have finished, ask what stands below a missing point, and compare. Three in a round are enough.",
    "If you aren't sure that they know it, ask for the proof. Its answer is short, and it is right or wrong.",
    "After a minute of silence give one hint, or ask below a basic point. Strong takes at most one, very strong none.",
    'At the stop time say "Let\'s stop here", and go on. Circle the levels before you talk about it.',
)
BLANK = "\\_" * 60
AFTERWARDS = (
    "Take five minutes. Let the candidate say first what went well, and what they would do again. Then read out what "
    "you ticked and what you didn't, and write down three things to fix tonight:"
)
HEARD = (
    "Your partner reads the questions aloud, and knows no mathematics: say what each symbol is. On a screen, open a "
    "round when it begins."
)


@dataclass(frozen=True)
class Sheet:
    """A sheet to print: `text` is Markdown, with math between dollar signs."""

    name: str
    title: str
    text: str
    style: str = "@media print{h2{break-before:page}}"

    def markdown(self):
        return f"# {self.title}\n\n{self.text}"

    def html(self):
        """One page of HTML that loads nothing: formulas are MathML, and each round begins on a page of its own."""
        return markup.page(self.title, drawn(markup.html(self.markdown())), self.style)

    def files(self):
        """{name of a file: its text}."""
        return {f"{self.name}.md": self.markdown(), f"{self.name}.html": self.html()}

    def save(self, folder="."):
        """Write the sheet as Markdown and as HTML, and give the two paths."""
        return written(self.files(), folder)

    def part(self, heading):
        """The part of the sheet below a heading, up to the first blank line after it, as a sheet without a title."""
        return Part(self.name, "", self.text.split(f"### {heading}\n\n")[1].split("\n\n")[0])

    def _repr_markdown_(self):
        return self.markdown()

    def __repr__(self):
        return self.markdown()


class Part(Sheet):
    """A piece of a sheet, shown by itself."""

    def markdown(self):
        return self.text


def drawn(html):
    """HTML with what stands between dollar signs as MathML, which browsers draw by themselves. Code is left alone."""
    parts = re.split(r"(<pre>.*?</pre>|<code>.*?</code>)", html, flags=re.DOTALL)
    return "".join(part if n % 2 else _math(part) for n, part in enumerate(parts))


def _math(html):
    html = re.sub(r"\$\$(.+?)\$\$", lambda m: convert(unescape(m[1]), display="block"), html, flags=re.DOTALL)
    return re.sub(r"\$([^$\n]+)\$", lambda m: convert(unescape(m[1])), html)


@dataclass(frozen=True)
class Task(Sheet):
    """The candidate's sheet; `screen` is its text for a page, where only the round that is under way stands open."""

    screen: str = ""
    style: str = (
        "body,pre{font-size:16px}p,pre{overflow-wrap:anywhere}summary{font-weight:600;padding:.8rem 0;cursor:pointer}"
        "@media print{details::details-content{content-visibility:visible;display:block;height:auto}}"
    )

    def html(self):
        head, *rounds = re.split(r"(?m)^## ", self.screen)
        folded = "".join(
            f'<details name="round"><summary>{markup.inline(title)}</summary>{markup.html(text)}</details>'
            for title, _, text in (one.partition("\n") for one in rounds)
        )
        title = markup.html(f"# {self.title}")
        return markup.page(self.title, f"<main>{title}{drawn(markup.html(head) + folded)}</main>", self.style)


class Kit(NamedTuple):
    """An interview for two: what each of them holds, as it is written by `save`."""

    interviewer: Sheet
    candidate: Sheet
    page: str  # HTML, for the partner's phone
    text: str  # for an assistant that is the partner
    about: dict  # {"plan", "seed", "topic", "rounds"}, by which a result is known

    def files(self):
        """{name of a file: its text}."""
        stem = self.interviewer.name.partition("-")[2]
        other = {f"partner-{stem}.html": self.page, f"assistant-{stem}.txt": self.text}
        return other | self.interviewer.files() | self.candidate.files()

    def save(self, folder="."):
        """Write all of it into a folder, and give the paths."""
        return written(self.files(), folder)

    def __repr__(self):
        return f"{self.candidate.title.partition(': ')[2]}: kit.save() writes {', '.join(self.files())}."

    def report(self, result):
        """What `partner_report` says of a result of this interview."""
        return partner_report(result, self)


def written(files, folder):
    """Write {name: text} into a folder, which is made if need be, and give the paths."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    paths = {Path(folder) / name: text for name, text in files.items()}
    for path, text in paths.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(paths)


def sheets(plan="onsite", seed=0, *, topic=None):
    """The `Kit` of a plan: both sheets, the partner's page, the assistant's text. Raises NoPlan, in a sentence.

    The same seed gives the same kit. Whose record this machine holds makes no difference.
    """
    rounds = [(r, questions()[r.question].filled()) for r in choose(plan, questions(), seed, topic=topic)]
    tasks, screen = candidate(rounds), candidate(rounds, asked=True)
    about = {"plan": plan, "seed": seed, "topic": topic}
    named = f"{plan}{f', {topic}' if topic else ''}, seed {seed}"
    stem = f"{plan.replace(' ', '-')}-{seed}"
    return Kit(
        Sheet(f"interviewer-{stem}", f"Interviewer's sheet: {named}", interviewer(rounds)),
        Task(f"candidate-{stem}", f"Candidate's sheet: {named}", tasks, screen=screen),
        partner.page(rounds, about),
        assistant.text(rounds, about),
        {**about, "rounds": [[r.question, r.part] for r, _ in rounds]},
    )


def heading(n, r, q, begins, stops):
    kind = "Read the task, and ask" if r.part else FORMATS[q.format].says
    return f"## Round {n} · {kind} · {clock(begins)} to {clock(stops)}"


# ---- the interviewer's sheet ----


def interviewer(rounds):
    parts = [NEEDED, numbered(HOW_TO_RUN), "### The clock", clock_table(rounds), "### When to circle which", anchors()]
    for n, timed in enumerate(timetable(rounds), start=1):
        parts += [heading(n, *timed), *interviewer_round(*timed[:2]), "### Circle", circles(*timed[:2])]
    parts += ["## Afterwards", AFTERWARDS, numbered([BLANK] * 3)]
    return "\n\n".join(parts) + "\n"


def clock_table(rounds):
    rows = ["| stop at | round | about |", "|---|---|---|"]
    for n, (r, q, _, stops) in enumerate(timetable(rounds), start=1):
        kind = "read the task, and ask" if r.part else FORMATS[q.format].says.lower()
        rows.append(f"| {clock(stops)} | {n}. {kind} | {q.topic} |")
    return "\n".join(rows)


def interviewer_round(r, q):
    if r.part:
        return clarifying(q)
    parts = [f"**{q.prompt}**"]
    if q.coded:
        parts.append("Their sheet has the program." if q.format == "bug" else "Their sheet has the task.")
    if q.format == "bug":
        parts.append(planted(q))
    if q.clarify and q.format == "code":
        parts += ["If they ask, you may say:", bullets(map(asked, q.clarify))]
    parts += ["### Listen for", *(listened(p) for p in q.points)]
    if q.exercise:
        parts += ["### While they work", bullets(f"{BOX} {said}" for said in PROCESS.values())]
    return [*parts, *helped(q), *formulas(q), *turned(q)]


def clarifying(q):
    return [
        f"**{q.prompt}**",
        "Stop after the last word. Now they should ask, not code. Answer only what is asked:",
        bullets(f"{BOX} {asked(one)}" for one in q.clarify),
        f'**"{FIRST_TEST[0]}"** {FIRST_TEST[1]}',
    ]


def asked(one):
    return f"Asked about *{asked_about(one)}*: {one.answer}"


def planted(q):
    names = "; ".join(slip.name for slip in case(q).slips)
    return f"Planted in {planted_lines(q)}: {names}."


def listened(p):
    """A point to tick, and below it how to press and how to prove it."""
    lines = [f"{BOX} {p.says} *({p.level})*"]
    if p.follow_up:
        lines.append(f"If missing: **{p.follow_up.ask}** {p.follow_up.answer}")
    if p.probe:
        shown = f" ({'; '.join(p.probe.options)})" if p.probe.options else ""
        lines.append(f"Proof: **{p.probe.ask}**{shown} Right: {code(p)}.")
    return bullets(lines)


def code(p):
    return f"`{p.probe.right}`" if p.probe.kind in ("expression", "shape") else p.probe.right


def helped(q):
    return ["### Hints, one at a time", bullets(hints(q))] if hints(q) else []


def formulas(q):
    return ["### On the board at the end", q.whiteboard] if q.whiteboard else []


def turned(q):
    said = [f"“{sounds}” {says}" if sounds else says for _, sounds, says in wrong_turns(q)]
    return ["### Wrong turns", bullets(said)] if said else []


def circles(r, q):
    rows = ["| | " + " | ".join(LEVELS) + " |", "|---" * (len(LEVELS) + 1) + "|"]
    return "\n".join([*rows, *(f"| {axis} |{' ○ |' * len(LEVELS)}" for axis in axes_of(q, r.part))])


def anchors():
    rows = ["| | " + " | ".join(LEVELS[1:]) + " |", "|---" * len(LEVELS) + "|"]
    return "\n".join([*rows, *(f"| {axis} | " + " | ".join(said[1:]) + " |" for axis, said in ANCHORS.items())])


def bullets(lines):
    return "\n".join(f"- {line}" for line in lines)


def numbered(lines):
    return "\n".join(f"{n}. {line}" for n, line in enumerate(lines, start=1))


# ---- the candidate's sheet ----


def candidate(rounds, asked=False):
    """The tasks, round by round; `asked` shows the questions too, as a page can that keeps its rounds folded."""
    parts = [HEARD]
    for n, timed in enumerate(timetable(rounds), start=1):
        parts += [heading(n, *timed), *(on_screen if asked else candidate_round)(*timed[:2])]
    return "\n\n".join(parts) + "\n"


def candidate_round(r, q):
    if r.part:
        return ["Listen, and ask. What you heard:", BLANK]
    if q.format == "bug":
        lines = "\n".join(f"{n:2}  {line}" for n, line in enumerate(case(q).source.splitlines(), start=1))
        return ["Line, name, symptom. Then the repair.", f"```\n{lines}\n```"]
    if q.format == "code":
        exercise = exercises.find(q.exercise)
        given = exercise.starter.strip()
        return [exercise.prompt.strip(), f"```python\n{given}\n```", f"On the laptop: `check({q.exercise!r}, f)`."]
    return [f"{q.minutes} minute{'s' * (q.minutes > 1)}. Your notes:", BLANK]


def on_screen(r, q):
    """A round's task on a page: the question too, and no place for notes."""
    if r.part or not q.coded:
        return [q.prompt, "Ask before you code." if r.part else f"{q.minutes} minute{'s' * (q.minutes > 1)}."]
    return [q.prompt, *candidate_round(r, q)]


# ---- the command ----


def main(arguments=None):
    """Write a kit, or say in a sentence what is wrong. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m backprop.interview.sheets", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default=".", help="where to write them")
    parser.add_argument("--plan", default="onsite", help=", ".join(PLANS))
    parser.add_argument("--seed", type=int, default=0, help="another seed asks other questions")
    parser.add_argument("--topic", help="keep to one topic")
    given = parser.parse_args(arguments)
    try:
        paths = sheets(given.plan, given.seed, topic=given.topic).save(given.folder)
    except (NoPlan, OSError) as problem:
        print(f"No sheets were written: {problem}", file=sys.stderr)
        return 1
    print("\n".join(map(str, paths)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
