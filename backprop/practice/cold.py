"""The cold diagnostic: six answers in, and out comes which notebooks to skim and where to start."""

from html import escape
from typing import Any

from backprop.practice.bank import EXERCISES
from backprop.practice.checker import check
from backprop.practice.verdict import Sentences, Text, paragraphs

MARKS = {"right": "✓", "not yet": "✗", "left out": "○"}


class Result(Text):
    """What came of each item, as rows (title, state, why), and the advice that follows."""

    def __init__(self, rows, advice):
        lines = [f"{title:34} {state}{why and f': {why}'}" for title, state, why in rows]
        super().__init__("\n".join([*lines, *advice]))
        self.rows, self.advice = rows, advice

    def _repr_html_(self):
        rows = ([MARKS[state], title, state, why] for title, state, why in self.rows)
        drawn = ["".join(f"<td style='text-align:left'>{escape(cell)}</td>" for cell in row) for row in rows]
        table = "".join(f"<tr>{row}</tr>" for row in drawn)
        return f"<div role='status'><table>{table}</table>{paragraphs(chr(10).join(self.advice))}</div>"


def diagnostic(answers: dict[int, Any]) -> Text:
    """Judge the answers, a dict from the item's number (1 to 6) to an expression, and say where to start.

    An item that is left out, or is `...`, counts as not known. With none answered, nothing is judged or recorded.
    """
    if not isinstance(answers, dict):
        return Sentences('The answers stand in a dict by number, such as {1: "a * slope", 2: ...}.')
    answers = {int(n) if isinstance(n, str) and n.strip().isdecimal() else n: given for n, given in answers.items()}
    items = [EXERCISES[id] for id in EXERCISES if id.startswith("cold.")]
    verdicts = {exercise: check(exercise.id, answers.get(n, ...)) for n, exercise in enumerate(items, start=1)}
    if not any(verdict.attempted for verdict in verdicts.values()):
        return Sentences("not attempted yet")
    rows = []
    for exercise, verdict in verdicts.items():
        state = "right" if verdict.passed else "not yet" if verdict.attempted else "left out"
        why = verdict.message.splitlines()[0] if verdict.message and not verdict.passed else ""
        rows.append((f"{exercise.title} ({exercise.teaches})", state, why))
    skim = [exercise.teaches for exercise, verdict in verdicts.items() if verdict.passed]
    core = [exercise.teaches for exercise, verdict in verdicts.items() if not verdict.passed]
    advice = [f"Skim {', '.join(skim)}: the whiteboard section is enough to be sure."] if skim else []
    advice += [f"Work through the core of {', '.join(core)}."] if core else []
    advice.append(
        f"Start with notebook {core[0]}." if core else "Nothing missed: go straight to the whiteboard sections."
    )
    return Result(rows, advice)
