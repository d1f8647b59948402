"""What can be said of a spoken answer: its sentences, pace, pauses and hesitations, and what wasn't understood.

Nothing here grades, and nothing here finds the words: `recognizer` does, and tests write them down.
"""

import re
from dataclasses import dataclass

from backprop.interview import listen
from backprop.interview.engine import clock

PACE = 150  # words a minute that the model answers are written for
BREAK = 0.6  # seconds without a word that end a sentence
PAUSE = 2.0  # seconds of silence that a listener notices
LOST = 3.0  # seconds of speech without a word
LOOP = 4  # times in a row that a person doesn't say the same
LONGEST_WORD = 1.5  # seconds; what is longer holds a pause
HESITATION = re.compile(r"(u+h*m+|u+h+|h+m+|e+r+m*)", re.IGNORECASE)
SIZE = r"(?:\d+|[a-z]|one|two|three|four|five|six|seven|eight|nine|ten|batch|hidden|features|classes|inputs|outputs)"
SHAPE = re.compile(rf"\b(shapes?|{SIZE}(?: (?:plus|minus) one)? by {SIZE})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Word:
    """A word as it was heard, with its punctuation, from `start` to `end` in seconds."""

    text: str
    start: float
    end: float


@dataclass(frozen=True)
class Heard:
    """A recording: its words, the stretches (start, end) in which somebody speaks, and its length, all in seconds."""

    words: tuple[Word, ...]
    speech: tuple[tuple[float, float], ...]
    seconds: float


# ---- words ----


def joined(pieces):
    """Words from what a recognizer gives: pieces that go on without a space, a W that it spells "double U", loops."""
    words = []
    for piece in pieces:
        text = piece.text.strip()
        if not text:
            continue
        last = words[-1] if words else None
        if last and not piece.text.startswith(" "):
            words[-1] = Word(last.text + text, last.start, piece.end)
        elif last and last.text.lower() == "double" and text.lower().rstrip(",.") == "u":
            words[-1] = Word("W" + text[1:], last.start, piece.end)
        else:
            words.append(Word(text, piece.start, min(piece.end, piece.start + LONGEST_WORD)))
    return unlooped(words)


def unlooped(words):
    """The words without what a recognizer repeats where it has lost its way: once is kept of four or more in a row."""
    kept = list(words)
    bare = [word.text.strip(".,;:?!").lower() for word in kept]
    for size in range(1, 5):
        n = 0
        while n < len(kept):
            runs = 1
            while bare[n + runs * size : n + (runs + 1) * size] == bare[n : n + size]:
                runs += 1
            if runs >= LOOP:
                del kept[n + size : n + runs * size], bare[n + size : n + runs * size]
            n += 1
    return tuple(kept)


def sentences(words):
    """The text of words, with a sentence ended at each silence: a recognizer often hears a comma there, or nothing."""
    said = []
    for n, word in enumerate(words):
        text = word.text
        if n and said[-1][-1] in ".?!" and len(text) > 1:
            text = text[0].upper() + text[1:]
        if n + 1 < len(words) and words[n + 1].start - word.end >= BREAK and text[-1] not in ".?!":
            text = text.rstrip(",;:-") + "."
        said.append(text)
    return " ".join(said)


def hesitations(words):
    """How many of the words are um, uh or their like. "Like" is a word as well, and isn't counted."""
    return sum(bool(HESITATION.fullmatch(word.text.strip(".,;:?!-…"))) for word in words)


# ---- time ----


def pauses(heard, least=PAUSE):
    """The silences between two stretches of speech that are longer than `least`: (start, seconds) of each."""
    between = zip(heard.speech, heard.speech[1:])
    return [(before, after - before) for (_, before), (after, _) in between if after - before > least]


def longest_silence(heard):
    """(start, seconds) of the longest silence, before and after all speech included."""
    edges = [0.0, *(edge for stretch in heard.speech for edge in stretch), heard.seconds]
    return max(((a, b - a) for a, b in zip(edges[::2], edges[1::2])), key=lambda one: one[1])


def lost(heard):
    """The stretches in which somebody speaks for over three seconds and no word was understood: (start, seconds)."""
    edges = [0.0, *(edge for word in heard.words for edge in (word.start, word.end)), heard.seconds]
    found = []
    for a, b in zip(edges[::2], edges[1::2]):
        inside = [(max(a, start), min(b, end)) for start, end in heard.speech if start < b and end > a]
        spoken = sum(end - start for start, end in inside)
        if spoken > LOST:
            found.append((inside[0][0], spoken))
    return found


def pace(heard):
    """(words a minute from the first to the last, words a minute of speech alone); zeros where there are no words."""
    if not heard.words:
        return 0, 0
    whole = heard.speech[-1][1] - heard.speech[0][0]
    spoken = sum(end - start for start, end in heard.speech)
    return round(60 * len(heard.words) / whole), round(60 * len(heard.words) / spoken)


# ---- what is shown ----


def figures(heard, limit, model):
    """Rows (what, yours, the model answer's): how long to the last word, how fast. Nothing here is a grade."""
    words, (whole, spoken) = len(model.split()), pace(heard)
    um, length = hesitations(heard.words), heard.speech[-1][1] if heard.speech else heard.seconds
    mine = clock(length) + (f", {clock(length - limit)} over" if length - limit >= 1 else "")
    return [
        [f"length, of {clock(limit)}", mine, clock(60 * words / PACE)],
        ["words", str(len(heard.words)), str(words)],
        ["words a minute", f"{whole}" + (f", {spoken} without pauses" if spoken > whole else ""), str(PACE)],
        [f"pauses over {PAUSE:.0f} s", str(len(pauses(heard)) or "none"), "none"],
        ["um, uh, hm", f"at least {um}" if um else "none heard", "none"],
    ]


def stretches(heard):
    """Sentences about pauses and what was lost, each with the second from which it can be played."""
    told = [[f"A pause of {seconds:.1f} s at {clock(start)}.", max(0.0, start - 1)] for start, seconds in pauses(heard)]
    gone = [[f"{seconds:.0f} s at {clock(start)} not understood.", start] for start, seconds in lost(heard)]
    return sorted(told + gone, key=lambda one: one[1])


def beside_code(heard, lines):
    """Sentences about speech beside code. `lines`: [second, text] of each line with a product, as it began."""
    start, seconds = longest_silence(heard)
    told = [[f"The longest silence: {seconds:.0f} s at {clock(start)}.", max(0.0, start - 1)]]
    since = 0.0
    for at, text in sorted(lines):
        said = shapes(heard, since, at)
        how = f"a shape was said before it (“{said[0]}”)" if said else "no shape was heard before it"
        told.append([f"{text} at {clock(at)}: {how}.", since if not said else said[1]])
        since = at
    return told


def shapes(heard, since, until):
    """(the first shape that was said between two times, when), or None: "four by three", "the shape"."""
    words = [word for word in heard.words if since <= word.start < until]
    text, starts = "", []
    for word in words:
        starts.append((len(text), word.start))
        text += re.sub(r"[^\w ]", "", word.text.replace("-", " ")) + " "
    if not (found := SHAPE.search(text)):
        return None
    return found[0], max(start for place, start in starts if place <= found.start())


def not_heard(question, text):
    """The points of a question that no word of the text hints at, as sentences."""
    noticed = listen.points_noticed(question, text)
    return [p.says for p in question.points if p.id not in noticed]


def timed(heard):
    """[text, start, end] of each word, for a page."""
    return [[word.text, round(word.start, 2), round(word.end, 2)] for word in heard.words]
