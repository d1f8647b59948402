"""Listening: words in typed notes are noticed, and with them the points that may have been said.

It only prompts ("I may have heard memory. Did you say it?"), with every box unticked. Words can't tell "is summed"
from "is not summed", so nothing here scores anything. How often it misses and mishears is measured in the tests.
"""

import re


def points_noticed(question, notes):
    """The ids of the points that `notes` may contain, in the order of the rubric."""
    return [point.id for point in question.points if heard(point.notice, notes)]


def flags_noticed(question, notes):
    """The flags of usual wrong turns that `notes` may contain."""
    return [flag for flag in question.flags if heard(flag.notice, notes)]


def heard(entries, notes):
    """Whether the words of one entry stand together in one sentence of the notes, in any order.

    A word may end in * for its endings, and small words of an entry are as good as any other. Case is ignored.
    """
    sentences = [re.findall(r"[^\W_]+", sentence.lower()) for sentence in re.split(r"[;:?!\n]+|\.(?!\d)", notes)]
    wanted = [entry.lower().split() for entry in entries]
    return any(all(_stands(word, sentence) for word in words) for words in wanted for sentence in sentences)


def _stands(word, sentence):
    if word.endswith("*"):
        return any(spoken.startswith(word[:-1]) for spoken in sentence)
    return word in sentence or word + "s" in sentence
