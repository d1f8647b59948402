"""The questions of the tests, beside this file as TOML: the interview is tested on them, whatever the course asks."""

from pathlib import Path

from backprop.interview import bank

QUESTIONS = {q.id: q for q in bank.read(Path(__file__).with_suffix(".toml"))}
BELIEVED = {q.id: q for q in bank.read(Path(__file__).with_name("interview_beliefs.toml"))}


def struck_by(turn, *misjudged):
    """The sentences that stand and that are called wrong, by who misjudges none, or some by their ids."""
    forms = dict(turn.statements)
    return [id for id in turn.standing if (forms[id] == "wrong") != (id in misjudged)]
