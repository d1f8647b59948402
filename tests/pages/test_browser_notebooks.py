"""All notebooks in a real JupyterLab in a real browser, started as the README does it.

nbval runs the cells; this sees the page: what a learner would see fail, overflow, or call out to the network. Asked
to, it leaves pictures in `screenshots/`, to be looked at by a person: light as a learner finds it, dark with every
answer unfolded.

    BACKPROP_SCREENSHOTS=1 python -m pytest tests/pages/test_browser_notebooks.py -k 01 -n 0
"""

import os
from pathlib import Path

import pytest
from jupyter_session import Notebook

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SCREENSHOTS = ROOT / "screenshots"
PICTURES = os.environ.get("BACKPROP_SCREENSHOTS") == "1"  # they take longer than the tests


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_in_the_browser(lab, path):
    """It runs from top to bottom, stays on this machine, and everything in it can be seen, on a phone too."""
    with Notebook(lab, path) as notebook:
        notebook.run()
        assert not PICTURES or notebook.photograph(SCREENSHOTS, "light")
        notebook.unfold()
        assert not PICTURES or notebook.photograph(SCREENSHOTS, "dark")
        complaints = [*notebook.complaints(), *notebook.complaints_of_a_phone()]
    assert not complaints, "\n".join(["", *complaints])
