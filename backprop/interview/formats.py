"""The formats of questions, one row for each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """A format of questions. All that sets it apart in every room stands in its row of FORMATS."""

    says: str  # its name on a sheet
    how: str  # what the panel tells a candidate to do
    axes: tuple[str, ...]  # the axes that it always tests; a question's points may add others
    timed: str = "communication"  # the axis that pays when an answer runs over its time
    coded: bool = False  # whether it needs a cell, and an exercise that checks what was written there
    checked: bool = False  # whether one is expected to check one's own work, unasked


FORMATS = {
    "talk": Format("Talk", "Stand up and say it aloud.", ("understanding", "communication")),
    "whiteboard": Format(
        "Whiteboard",
        "Derive it on paper, and say aloud what you write.",
        ("understanding", "technique", "communication"),
        checked=True,
    ),
    "code": Format(
        "Live code",
        "Ask first what you need to know. Then write the function in an ordinary cell below.",
        ("technique", "communication"),
        timed="technique",
        coded=True,
        checked=True,
    ),
    "bug": Format(
        "Find the bug",
        "Read the program, and say aloud what you look at. The lines are counted from 1.",
        ("technique", "communication"),
        timed="technique",
        coded=True,
        checked=True,
    ),
    "hand": Format("By hand", "Work it out on paper.", ("technique",), timed="technique", checked=True),
    "discussion": Format(
        "Discussion", "Say it aloud, as to a colleague.", ("understanding", "rationale", "communication")
    ),
    "story": Format(
        "Your story",
        "Tell it aloud, from your own work: what you saw, what you thought, what you tried, and what came of it.",
        ("communication", "rationale"),
    ),
    "closing": Format("Your questions", "Now it is your turn to ask. Ask aloud, and on.", ("communication",)),
}
