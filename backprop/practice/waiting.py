"""A verdict in the output of its cell, before the search for its line has ended.

It is shown at once. If the search takes longer than a moment, that is said below it, and at the end the same output
holds what was found: what stays there is the same, whether the search was announced or not. This is for somebody who
sits at a kernel. Where outputs are stored, in a terminal, or in a thread, a verdict is shown once, when it is complete.
"""

import os
import sys
import threading
import time
from dataclasses import replace

STORED = "BACKPROP_STILLS"  # set where notebooks are stored (see `store`)
SOON = 0.3  # seconds without an answer after which somebody wonders
LOOKING = "Looking for the line. To stop the search, interrupt the kernel."


class Unseen:
    """Nothing is shown before the end."""

    def begin(self, verdict):
        """Show the verdict as far as it is known."""

    def tick(self):
        """Say that the search goes on, once it takes long. It is called many times a second."""

    def end(self, verdict):
        """Put the whole verdict there."""


class Output(Unseen):
    """One output of the cell that is running, written anew each time."""

    def __init__(self, shell):
        self.shell, self.handle = shell, None

    def begin(self, verdict):
        from IPython.display import display

        self.verdict, self.until = replace(verdict), time.monotonic() + SOON
        self.handle = display(as_data(verdict), raw=True, display_id=True)

    def tick(self):
        if self.handle and self.until and time.monotonic() > self.until:
            self.until = None
            said = replace(self.verdict, message=f"{self.verdict.message}\n{LOOKING}")
            self.handle.update(as_data(said), raw=True)

    def end(self, verdict):
        if self.handle:
            self.handle.update(as_data(verdict), raw=True)
            verdict.stands_in = self.shell.execution_count  # as the cell's value it needn't be shown again


def as_data(verdict):
    return {"text/plain": repr(verdict), "text/html": verdict._repr_html_()}


def place():
    """Where a verdict is shown while its line is looked for."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    sits = type(shell).__name__ == "ZMQInteractiveShell" and not os.environ.get(STORED)
    return Output(shell) if sits and threading.current_thread() is threading.main_thread() else Unseen()
