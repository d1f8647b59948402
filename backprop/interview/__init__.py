"""The mock interview: questions, an interviewer that listens and presses, and a report of what to fix tonight.

>>> it = Interview("phone screen", seed=0)      # or panel(), the same with buttons and a timer
>>> it.answer("I name z and a first ...")
>>> due()                                       # what should be asked again today
"""

from backprop.interview.schedule import due, interview_on
from backprop.interview.session import Interview, history, report

__all__ = ["Interview", "due", "history", "interview_on", "report"]
