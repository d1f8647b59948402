"""The course in a real JupyterLab in a real browser, started as the README does it: one notebook, and its start.

    python -m pytest tests/test_browser.py -n 0

All the other notebooks take their turn in tests/pages.
"""

from pathlib import Path

from jupyter_session import Notebook

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
DENSEST = next(path for path in NOTEBOOKS if path.stem == "02_delta_recurrence")  # most formulas, and an explorer


def test_command_opens_the_start_notebook(lab):
    assert (lab.opened, lab.stumbled) == (NOTEBOOKS[0].name, [])


def test_a_notebook_in_the_browser(lab):
    """It runs from top to bottom on the page, stays on this machine, and everything in it can be seen."""
    with Notebook(lab, DENSEST) as notebook:
        notebook.run()
        notebook.unfold()
        complaints = notebook.complaints()
    assert not complaints, "\n".join(["", *complaints])
