"""The notebooks in a real JupyterLab in a real browser, started as the README does it.

nbval runs the cells; this sees the page: what a learner would see fail, overflow, or call out to the network. It leaves
pictures of every notebook in `screenshots/`, to be looked at by a person: light as a learner finds it, dark with every
answer unfolded.

    python -m pytest tests/test_browser.py -k 01 -n 0
"""

import os
from pathlib import Path

import pytest
from jupyter_session import CHROMIUM_FLAGS, Lab, Notebook, chromium, course_command, jupyter

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SCREENSHOTS = ROOT / "screenshots"


@pytest.fixture(scope="module")
def browser():
    """One Chromium for the whole module. Without one the tests are skipped, or fail where a skip would hide that."""
    if (path := chromium()) is None:
        reason = "No Chromium or Chrome is installed (Debian and Ubuntu: apt-get install chromium)."
        if os.environ.get("BACKPROP_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{reason} BACKPROP_REQUIRE_BROWSER=1 asks for the browser tests.")
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """One JupyterLab for the whole module, on a working copy made by the course's own command."""
    home = tmp_path_factory.mktemp("home")
    with jupyter(course_command(home / "course"), home) as server:
        yield Lab(browser, server)


def test_command_opens_the_start_notebook(lab):
    assert lab.current() == NOTEBOOKS[0].name
    assert not lab.complaints()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_in_the_browser(lab, path):
    """It runs from top to bottom on the page, stays on this machine, and everything in it can be seen."""
    with Notebook(lab, path) as notebook:
        notebook.run()
        assert notebook.photograph(SCREENSHOTS, "light")
        notebook.unfold()
        assert notebook.photograph(SCREENSHOTS, "dark")
        complaints = notebook.complaints()
    assert not complaints, "\n".join(["", *complaints])
