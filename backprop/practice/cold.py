"""The cold diagnostic: six answers in, and out comes which notebooks to skim and where to start."""

from backprop.practice.bank.diagnostic import EXERCISES
from backprop.practice.checker import check
from backprop.practice.help import Text


def diagnostic(answers):
    """Judge the answers, a dict from the item's number (1 to 6) to an expression or shape, and say where to start.

    An item that is left out, or is `...`, counts as not known. With none answered, nothing is judged or recorded.
    """
    verdicts = {exercise: check(exercise.id, answers.get(n, ...)) for n, exercise in enumerate(EXERCISES, start=1)}
    if not any(verdict.attempted for verdict in verdicts.values()):
        return Text("not attempted yet")
    lines, missed = [], {}
    for exercise, verdict in verdicts.items():
        missed.setdefault(exercise.teaches, []).append(not verdict.passed)
        state = "right" if verdict.passed else "not yet" if verdict.attempted else "left out"
        why = f": {verdict.message.splitlines()[0]}" if verdict.message and not verdict.passed else ""
        title = f"{exercise.title} ({exercise.teaches})"
        lines.append(f"{title:34} {state}{why}")
    start = next((notebook for notebook, wrong in sorted(missed.items()) if any(wrong)), None)
    for notebook, wrong in sorted(missed.items()):
        advice = "skim it, and do its whiteboard section" if not any(wrong) else "work through its core"
        lines.append(f"Notebook {notebook}: {advice}.")
    lines.append(
        f"Start with notebook {start}." if start else "Nothing missed: go straight to the whiteboard sections."
    )
    return Text("\n".join(lines))
