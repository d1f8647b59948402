"""The questions of the tests, beside this file as TOML: the interview is tested on them, whatever the course asks."""

from pathlib import Path

from backprop.interview import bank

QUESTIONS = {q.id: q for q in bank.read(Path(__file__).with_suffix(".toml"))}
BELIEVED = {q.id: q for q in bank.read(Path(__file__).with_name("interview_beliefs.toml"))}
