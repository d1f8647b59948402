"""The partner's kit: a sheet for an interviewer who can't derive any of it, and one for the candidate, by seed.

    python -m backprop.interview.sheets FOLDER --plan onsite --seed 0

writes both as Markdown and as pages to print. With them two people hold a mock interview, without a computer but for
the round in which code is written.
"""

import argparse
import re
import sys
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from latex2mathml.converter import convert

from backprop.interview import markup
from backprop.interview.axes import ANCHORS, LEVELS, axes_of
from backprop.interview.bank import questions
from backprop.interview.engine import PROCESS, clock
from backprop.interview.formats import FORMATS
from backprop.interview.plans import PLANS, PRESSING, NoPlan, choose
from backprop.interview.turn import CLARIFYING, case
from backprop.practice import bank as exercises

BOX = "☐"

NEEDED = (
    "You need no mathematics. You need this sheet, a pencil and a clock. The candidate has a sheet of their own, "
    "paper, and for the rounds with code a laptop."
)
HOW_TO_RUN = (
    "Read the lines in bold aloud, as they stand. Keep the rest to yourself.",
    "Tick a point when you hear it, in whatever words. The words on this sheet are one way of saying it.",
    "If a point is missing when they have finished, ask the question below it, and compare with the answer that "
    "follows. Three such questions in a round are enough.",
    "If you aren't sure that they know it, ask for the proof. Its answer is short, and it is right or wrong.",
    "After a minute of silence give one hint. Write down how many: strong takes at most one, very strong none.",
    'At the stop time say "Let\'s stop here", and go on. What is missing then, is missing.',
    "Circle the levels at the end of each round, before you talk about it.",
)
BLANK = "\\_" * 60
AFTERWARDS = (
    "Take five minutes. Let the candidate say first what went well, and what they would do again. Then read out what "
    "you ticked and what you didn't, and write down three things to fix tonight:"
)
HEARD = "Your partner reads the questions aloud. They know no mathematics, so say what each symbol is."
FOR_THE_CANDIDATE = (
    "Say where you are going before you go there, and the shape of every array as you write it.",
    "Ask before you code. In a round with code, silence and typing score lowest.",
    "If you are stuck, say what you are stuck on. You may ask for a hint.",
    "If you find a slip of your own, say so, and fix it aloud.",
)


@dataclass(frozen=True)
class Sheet:
    """A sheet to print: `text` is Markdown, with math between dollar signs."""

    name: str
    title: str
    text: str

    def markdown(self):
        return f"# {self.title}\n\n{self.text}"

    def html(self):
        """One page of HTML that loads nothing: formulas are MathML, and each round begins on a page of its own."""
        return markup.page(self.title, drawn(markup.html(self.markdown())), "@media print{h2{break-before:page}}")

    def save(self, folder="."):
        """Write the sheet as Markdown and as HTML, and give the two paths."""
        paths = [Path(folder) / f"{self.name}{ending}" for ending in (".md", ".html")]
        for path, text in zip(paths, (self.markdown(), self.html())):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        return paths

    def _repr_markdown_(self):
        return self.markdown()

    def __repr__(self):
        return self.markdown()


def drawn(html):
    """HTML with what stands between dollar signs as MathML, which browsers draw by themselves. Code is left alone."""
    parts = re.split(r"(<pre>.*?</pre>|<code>.*?</code>)", html, flags=re.DOTALL)
    return "".join(part if n % 2 else _math(part) for n, part in enumerate(parts))


def _math(html):
    html = re.sub(r"\$\$(.+?)\$\$", lambda m: convert(unescape(m[1]), display="block"), html, flags=re.DOTALL)
    return re.sub(r"\$([^$\n]+)\$", lambda m: convert(unescape(m[1])), html)


def sheets(plan="onsite", seed=0, *, topic=None):
    """(the interviewer's sheet, the candidate's sheet) of a plan. Raises NoPlan, in a sentence.

    The same seed gives the same pair. Whose record this machine holds makes no difference.
    """
    rounds = [(r, questions()[r.question].filled()) for r in choose(plan, questions(), seed, topic=topic)]
    named = f"{plan}{f', {topic}' if topic else ''}, seed {seed}"
    stem = f"{plan.replace(' ', '-')}-{seed}"
    return (
        Sheet(f"interviewer-{stem}", f"Interviewer's sheet: {named}", interviewer(rounds)),
        Sheet(f"candidate-{stem}", f"Candidate's sheet: {named}", candidate(rounds)),
    )


def minutes(r, q):
    """Minutes of a round, with what the questions after the answer take."""
    return CLARIFYING if r.part else q.minutes + PRESSING


def timetable(rounds):
    """[(round, question, begins, stops)], in seconds."""
    now, found = 0, []
    for r, q in rounds:
        found.append((r, q, now, now + 60 * minutes(r, q)))
        now = found[-1][3]
    return found


def heading(n, r, q, begins, stops):
    kind = "Read the task, and ask" if r.part else FORMATS[q.format].says
    return f"## Round {n} · {kind} · {clock(begins)} to {clock(stops)}"


# ---- the interviewer's sheet ----


def interviewer(rounds):
    parts = [NEEDED, numbered(HOW_TO_RUN), "### The clock", clock_table(rounds)]
    for n, timed in enumerate(timetable(rounds), start=1):
        parts += [heading(n, *timed), *interviewer_round(*timed[:2]), "### Circle", circles(*timed[:2])]
    parts += ["## Afterwards", AFTERWARDS, numbered([BLANK] * 3), "### When to circle which", anchors()]
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
        parts += planted(q)
    if q.clarify and q.format == "code":
        parts += ["If they ask, you may say:", bullets(map(asked, q.clarify))]
    parts += ["### Listen for", *(listened(p) for p in q.points)]
    if q.exercise:
        parts += ["### While they work", bullets(f"{BOX} {said}" for said in PROCESS.values())]
    parts += ["### Hints, one at a time", bullets(hints(q)), *formulas(q), *wrong_turns(q)]
    if q.levels:
        parts += ["### What a level sounds like", bullets(f"*{name}*: {said}" for name, said in q.levels.items())]
    return [*parts, "### A good answer, to compare afterwards", q.answer.replace("\n", "\n\n")]


def clarifying(q):
    return [
        f"**{q.prompt}**",
        "Stop after the last word. Now they should ask, not code. Answer only what is asked:",
        bullets(f"{BOX} {asked(one)}" for one in q.clarify),
        '**"What would you test first?"** The smallest case, by hand or by nudging one number.',
    ]


def asked(one):
    """A clarification, with the words by which somebody without mathematics knows that it was asked for."""
    words = ", ".join(word.replace("*", "…") for word in one.notice)
    return f"Asked about *{words}*: {one.answer}"


def planted(q):
    program = case(q)
    lines = ", ".join(map(str, sorted(program.lines)))
    return [
        f"Planted (line{'s' * (len(program.lines) > 1)} {lines}):",
        bullets(f"{BOX} {slip.name}. {slip.means}" for slip in program.slips),
    ]


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


def hints(q):
    """The hints that may be given: for code the exercise's own, else the questions after the basic points."""
    if q.format == "code":
        return list(exercises.find(q.exercise).hints)
    asks = [p.follow_up.ask for p in q.points if p.follow_up and p.level == "pass"]
    return asks or ["Which quantities are there, and what is the shape of each?"]


def formulas(q):
    return ["### On the board at the end", q.whiteboard] if q.whiteboard else []


def wrong_turns(q):
    return ["### Wrong turns", bullets(belief.says for belief in q.beliefs)] if q.beliefs else []


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


def candidate(rounds):
    parts = [HEARD, bullets(FOR_THE_CANDIDATE), "### The clock", clock_table(rounds)]
    for n, timed in enumerate(timetable(rounds), start=1):
        parts += [heading(n, *timed), *candidate_round(*timed[:2])]
    parts += ["## Afterwards", AFTERWARDS, numbered([BLANK] * 3), "### Rate yourself", anchors()]
    return "\n\n".join(parts) + "\n"


def candidate_round(r, q):
    if r.part:
        return ["Listen, and ask. What you heard:", "Mean or sum? Labels? Layout? Which gradients? Precision?"]
    if q.format == "bug":
        lines = "\n".join(f"{n:2}  {line}" for n, line in enumerate(case(q).source.splitlines(), start=1))
        return ["Line, name, symptom. Then the repair.", f"```\n{lines}\n```"]
    if q.format == "code":
        exercise = exercises.find(q.exercise)
        given = exercise.starter.strip()
        return [exercise.prompt.strip(), f"```python\n{given}\n```", f"On the laptop: `check({q.exercise!r}, f)`."]
    return [f"{q.minutes} minute{'s' * (q.minutes > 1)}. Your notes:", BLANK]


# ---- the command ----


def main(arguments=None):
    """Write a pair of sheets, or say in a sentence what is wrong. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m backprop.interview.sheets", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", default=".", help="where to write them")
    parser.add_argument("--plan", default="onsite", help=", ".join(PLANS))
    parser.add_argument("--seed", type=int, default=0, help="another seed asks other questions")
    parser.add_argument("--topic", help="keep to one topic")
    given = parser.parse_args(arguments)
    try:
        paths = [
            path for sheet in sheets(given.plan, given.seed, topic=given.topic) for path in sheet.save(given.folder)
        ]
    except (NoPlan, OSError) as problem:
        print(f"No sheets were written: {problem}", file=sys.stderr)
        return 1
    print("\n".join(map(str, paths)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
