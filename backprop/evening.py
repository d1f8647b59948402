"""Tonight's list: the next core sections that fit the minutes, by what the record says is done."""

import json
import re
from dataclasses import dataclass, replace
from html import escape

from backprop.interview import schedule
from backprop.path import anchor, link
from backprop.practice import bank, record

TAG = r"\*core · (\d+) min\*"  # below the heading of a core section; exercises come on top
ALOUD = 3  # minutes for the sixty seconds: said twice, and heard
REVIEW = 5  # minutes for what is due
SURE = "At the whiteboard"  # the section of a notebook that is left where the diagnostic found nothing missing


@dataclass(frozen=True)
class Section:
    """A core section: where it stands, the minutes to read it, and the exercises in it."""

    notebook: str
    title: str
    reading: int
    exercises: tuple

    @property
    def link(self):
        return f"{self.notebook}#{anchor(self.title)}"

    @property
    def minutes(self):
        return self.reading + sum(exercise.minutes for exercise in self.exercises)


def sections(folder):
    """The core sections of the course after the first notebook, in reading order."""
    places = {}
    for exercise in bank.EXERCISES.values():
        places.setdefault(exercise.where, []).append(exercise)
    found = []
    for path in sorted(folder.glob("*.ipynb"))[1:]:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        prose = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        for title, minutes in re.findall(rf"(?m)^## (.+?)\s*\n+{TAG}", prose):
            exercises = places.get(f"{path.name}#{anchor(title)}", [])
            found.append(Section(path.name, title, int(minutes), tuple(exercises)))
    return found


def to_come(sections, passed):
    """Those with an exercise that was not passed yet; one without exercises is read once something below it was."""
    begun = [n for n, one in enumerate(sections) if any(exercise.id in passed for exercise in one.exercises)]
    last = begun[-1] if begun else -1
    left = [tuple(exercise for exercise in one.exercises if exercise.id not in passed) for one in sections]
    return [
        replace(one, exercises=left[n]) for n, one in enumerate(sections) if left[n] or (not one.exercises and n > last)
    ]


def unknown(sections, passed):
    """Those that the diagnostic leaves: of a notebook whose line was right, the whiteboard, to be sure."""
    known = {exercise.teaches for id, exercise in bank.EXERCISES.items() if id in passed and exercise.teaches}
    return [one for one in sections if one.notebook.partition("_")[0] not in known or one.title == SURE]


def fitting(sections, minutes):
    """As many as fit, in order, and at least one."""
    chosen = []
    for one in sections:
        if chosen and sum(other.minutes for other in [*chosen, one]) > minutes:
            break
        chosen.append(one)
    return chosen


class Evening:
    """What to do, in order: rows of (what, link or None, minutes)."""

    def __init__(self, rows):
        self.rows = rows

    @property
    def minutes(self):
        return sum(minutes for *_, minutes in self.rows)

    def __repr__(self):
        lines = [f"{n}. {what}, {minutes} min" for n, (what, _, minutes) in enumerate(self.rows, start=1)]
        return "\n".join([f"Tonight, {self.minutes} minutes:", *lines])

    def _repr_html_(self):
        def item(what, link, minutes):
            words = f'<a href="{escape(link)}">{escape(what)}</a>' if link else escape(what)
            return f"<li>{words}, {minutes} min</li>"

        return f"<p><b>Tonight, {self.minutes} minutes:</b></p><ol>{''.join(item(*row) for row in self.rows)}</ol>"


def plan(folder, minutes):
    """The `Evening` that fits into `minutes`. Raises ValueError where these are no positive number."""
    if isinstance(minutes, bool) or not isinstance(minutes, int | float) or not minutes > 0:
        raise ValueError(f"minutes is {minutes!r}, but should be a positive number, such as 80.")
    waiting = [one for one in schedule.today() if one.rating]  # asked before; what a slip raises can wait for its turn
    review = (f"Answer what is due: {len(waiting)} in the review", link("interview#due"), REVIEW)
    first = [review] if waiting else []
    last = [("Say the sixty seconds again, aloud", link("start#sixty"), ALOUD)]
    left = minutes - sum(taken for *_, taken in first + last)
    passed = record.passed()
    coming = to_come(unknown(sections(folder), passed), passed)
    rows = [(said(one), one.link, one.minutes) for one in fitting(coming, left)]
    return Evening([*first, *rows, *last])


def said(section):
    """A section in words, with what there is to do in it."""
    count = len(section.exercises)
    doing = f" ({count} exercise{'s' * (count > 1)})" if count else ""
    return f"{section.notebook.partition('_')[0]} · {section.title}{doing}"
