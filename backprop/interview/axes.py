"""A turn is rated on four axes. Each has five levels, and each level has a sentence that says when to give it."""

from backprop.interview.formats import FORMATS

LEVELS = ("no evidence", "very weak", "weak", "strong", "very strong")

# Understanding and technique are scored from probes, code and bugs (scoring.py); a person rates the other two.
ANCHORS = {
    "understanding": (
        "Nothing, or too little, was put to the test.",
        "Nothing of what was tried could be proven.",
        "Part of it is proven. Something basic is missing, or failed when it was put to the test.",
        "All that is basic is proven, and at least half of the whole.",
        "Nearly all of it is proven, and was said unasked.",
    ),
    "technique": (
        "Nothing was handed in, or too little was put to the test.",
        "What was handed in is wrong throughout.",
        "Part of it is right. Something basic is missing, or it ran far over time.",
        "It came out right, after a slip, a hint, or more than its time.",
        "Right the first time, and in time.",
    ),
    "rationale": (
        "No reason was given.",
        "Says what is done, not why.",
        "Gives a reason for the main step, and none for the others.",
        "Gives a reason for each step, and names an alternative.",
        "Weighs the alternatives by what they cost, and says where the answer stops being true.",
    ),
    "communication": (
        "Nothing was said.",
        "A listener would be lost: no order, and symbols that were never named.",
        "A listener could follow by asking back, or it ran far over time.",
        "In order, each symbol and shape named before it is used, nearly in time.",
        "Besides, says where it is going, checks that the listener follows, and recovers from a slip aloud.",
    ),
}
AXES = tuple(ANCHORS)
PERSONAL = ("rationale", "communication")


def axes_of(q, part=""):
    """The axes that a question tests: those of its format, and of its points."""
    if part == "clarify":
        return ("understanding", "communication")
    wanted = {*FORMATS[q.format].axes, *(p.axis for p in q.points), *(("understanding",) if q.clarify else ())}
    return tuple(axis for axis in AXES if axis in wanted)


def rated(q, part=""):
    """The axes of a question that a person rates."""
    return tuple(axis for axis in axes_of(q, part) if axis in PERSONAL)
