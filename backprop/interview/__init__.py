"""The mock interview: questions, an interviewer that listens and presses, and a report of what to fix tonight.

>>> mock = panel("phone screen", id="mock")     # the widget; mock.submit(f) hands in code
>>> it = Interview("phone screen", seed=0)      # or the same without a widget
>>> due()                                       # what should be asked again today; review() asks it
>>> aloud(question="neuron.sixty-seconds")      # say it against the clock and hear yourself
>>> ears()                                      # whether what you say is read as well, and by what
>>> partner_report("result.json")               # the report of an interview that a partner or an assistant held
"""

from backprop.interview.aloud import aloud
from backprop.interview.panel import panel, review
from backprop.interview.recognizer import ears
from backprop.interview.results import partner_report
from backprop.interview.schedule import due, interview_for, interview_on
from backprop.interview.session import Interview, history, report

__all__ = [
    "Interview",
    "aloud",
    "due",
    "ears",
    "history",
    "interview_for",
    "interview_on",
    "panel",
    "partner_report",
    "report",
    "review",
]
