"""What a round of an interview holds for whoever holds it: a sheet, the partner's page, an assistant."""

from backprop.interview.plans import PRESSING
from backprop.interview.turn import CLARIFYING, case
from backprop.practice import bank as exercises

PROCESS = {  # by the names that engine.PROCESS gives them, as a partner sees them
    "shapes": "They said the shapes aloud, line by line.",
    "smallest": "They ran the smallest test first, before the whole.",
}
FIRST_TEST = ("What would you test first?", "The smallest case, by hand or by nudging one number.")


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


def hints(q):
    """The hints of a coding task, one after the other. Elsewhere the questions after the basic points are the hints."""
    return list(exercises.find(q.exercise).hints) if q.format == "code" else []


def asked_about(one):
    """The words by which somebody without mathematics knows that a clarification was asked for (see `listen`)."""
    wanted = [" ".join(word for word in entry.split() if word[0] not in "!>") for entry in one.notice]
    return ", ".join(words.replace("NOT", "not").replace("|", " or ").replace("*", "…") for words in wanted)


def planted_lines(q):
    """Where the bugs of a find-the-bug question stand, in words."""
    lines = sorted(case(q).lines)
    return f"line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}"


def wrong_turns(q):
    """[(id, how it sounds, what sets it right)] of a question's usual wrong turns; how it sounds may be ""."""
    return [
        (belief.id or f"wrong-{n}", belief.sounds[0] if belief.sounds else "", belief.says)
        for n, belief in enumerate(q.beliefs, start=1)
    ]
