"""Listening: words in typed notes are noticed, and with them the points that may have been said.

It only prompts ("Memory (I may have heard it.)"), with every box unticked, and nothing here scores anything:
words can't tell what is meant. How often it misses and mishears is measured in the tests.

An entry is a few words that stand in one sentence, in any order:

    w transpose*        a word, or the beginning of one; a plural counts as its singular
    sum*|add* batch     one of several
    w delta !transpose* a word that must not stand there
    NOT sum*            a negation: no, not, n't, never, without, and their like
    forward > loss      what stands before > comes before the rest
"""

import re

NEGATIONS = {"not", "no", "never", "without", "nor", "neither", "none", "nothing", "hardly", "cannot", "instead"}


def points_noticed(question, notes):
    """The ids of the points that `notes` may contain, in the order of the rubric."""
    return [point.id for point in question.points if heard(point.notice, notes)]


def beliefs_noticed(question, notes):
    """The usual wrong turns of a question that `notes` may contain."""
    return [belief for belief in question.beliefs if heard(belief.notice, notes)]


def sentence_heard(entries, notes):
    """The first sentence of the notes in which an entry stands, or ""."""
    wanted = [_read(entry) for entry in entries]
    for sentence in re.split(r"(?<=[;:?!])\s|\n+|(?<=\.)(?=\s|$)", notes):
        spoken = re.findall(r"[^\W_]+", re.sub(r"n['’]t\b", " not", sentence.lower()))
        if any(_stands(entry, spoken) for entry in wanted):
            return sentence.strip()
    return ""


TAKES_BACK = (
    "wait",
    "sorry",
    "correction",
    "scratch that",
    "i mean",
    "let me correct",
    "take back",
    "that is|was wrong",
)


def taken_back(entries, notes):
    """Whether a later sentence of the notes takes back the one in which an entry stands: "No, wait ..."."""
    said = sentence_heard(entries, notes)
    after = notes.partition(said)[2].strip() if said else ""
    return bool(re.match(r"(oh,? )?no\b", after, re.IGNORECASE)) or heard(TAKES_BACK, after)


def heard(entries, notes):
    """Whether one of the entries stands in one sentence of the notes. Case is ignored."""
    return bool(sentence_heard(entries, notes))


def _read(entry):
    """An entry as (the words that stand before one another, the words that must not stand)."""
    pieces = [piece.split() for piece in entry.split(">")]
    refused = [word[1:] for piece in pieces for word in piece if word.startswith("!")]
    return [[word for word in piece if not word.startswith("!")] for piece in pieces], refused


def _stands(entry, spoken):
    pieces, refused = entry
    if any(_places(word, spoken) for word in refused):
        return False
    start = 0  # of what is left of the sentence, where a piece has been found
    for piece in pieces:
        places = [[n for n in _places(word, spoken) if n >= start] for word in piece]
        if not all(places):
            return False
        start = max(min(found) for found in places) + 1 if places else start
    return True


def _places(word, spoken):
    """Where a word stands in a sentence, or one of those that it names."""
    return [n for n, said in enumerate(spoken) if any(_is(said, one) for one in word.split("|"))]


def _is(said, word):
    if word == "NOT":
        return said in NEGATIONS
    word = word.lower()
    return said.startswith(word[:-1]) if word.endswith("*") else said in (word, word + "s")
