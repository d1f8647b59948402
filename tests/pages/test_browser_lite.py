"""The course in the browser alone: every notebook in JupyterLite, served from a folder, with no kernel on the machine.

It takes the extra `lite`, in an environment of its own, and a folder with a Pyodide distribution, which is nothing that
this repository could carry:

    BACKPROP_PYODIDE=FOLDER python -m pytest tests/pages/test_browser_lite.py -n 0
"""

import json
import os
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from jupyter_session import CELLS, START_SECONDS, Lab, Notebook

from backprop.course import source_folder
from backprop.site import lite

FOLDER = os.environ.get("BACKPROP_PYODIDE")
NOTEBOOKS = sorted(source_folder().glob("*.ipynb"))
SLIP = """
import numpy as np
from backprop.practice import check
from backprop.practice.record import path, slips

def gradient(x, y, w, b):
    a = 1 / (1 + np.exp(-(w * x + b)))
    delta = a - y
    return delta * x, delta

before = sum(slips().values())
said = repr(check("neuron.gradient", gradient))
assert "the slope σ' is missing" in said, said
assert before == {before} and sum(slips().values()) == {before} + 1, (before, slips(), path())
"""
BESIDE_THE_CELLS = """
from pathlib import Path
from backprop.course import fresh_copy, tonight
from backprop.interview import ears
from backprop.interview.sheets import sheets
from backprop.practice import bug, trial

case = bug("rent")
case.path.write_text(case.program.right)
said = repr(case.check())
assert said.startswith("Right: all 3 mended."), said
case.path.write_text("while True:\\n    pass")
assert trial.printed(case.path, limit=1).endswith("It was stopped after 1 seconds.")
assert "In a browser alone" in repr(ears()), ears()
assert "One neuron" in repr(tonight()), tonight()

mine = Path("02_delta_recurrence.ipynb")
mine.write_text(mine.read_text().replace("cells", "sells", 1))
fresh_copy("02")
assert '"cells"' in mine.read_text() and len(list(Path().glob("02_*.ipynb"))) == 2, list(Path().iterdir())
sheets("phone screen", seed=1).save()
"""
pytestmark = pytest.mark.skipif(
    not FOLDER,
    reason=f"No notebook is run in JupyterLite: BACKPROP_PYODIDE names no folder with Pyodide {lite.PYODIDE}.",
)


class Quiet(SimpleHTTPRequestHandler):
    """Files, and no log of them."""

    def log_message(self, *_):
        """A page asks for hundreds."""


class Lite(Lab):
    """JupyterLite's page, which has no server behind it but one for files."""

    def open(self):
        self.page, self.crashed = self.browser.new_page(), False
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        self.page.goto(self.server["url"], timeout=START_SECONDS * 1000)
        self.restored()


class Alone(Notebook):
    """A notebook whose kernel is in the page: after an error, it leaves the cells that wait without an answer."""

    def answered(self):
        if not any(cell["error"] for cell in self.page.evaluate(CELLS)):
            super().answered()


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """JupyterLite as the command builds it, served. A test may speak to the page's program, which alone is new."""
    out = tmp_path_factory.mktemp("lite")
    lite.build(out, FOLDER)
    config = json.loads((out / "jupyter-lite.json").read_text(encoding="utf-8"))
    config["jupyter-config-data"]["exposeAppInBrowser"] = True
    (out / "jupyter-lite.json").write_text(json.dumps(config), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=out)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/lab/index.html"
        server.shutdown()


@pytest.fixture
def page(browser, url, tmp_path):
    """Its page, as somebody finds it who was never there."""
    (tmp_path / "server.log").touch()
    lab = Lite(browser, {"url": url, "root_dir": tmp_path}, tmp_path / "server.log")
    lab.open()
    yield lab
    lab.page.close()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_in_the_browser_alone(page, path):
    """It runs from top to bottom as it is, and asks no other host for anything."""
    with Alone(page, path) as notebook:
        notebook.run()
        complaints = [*notebook.failures(), *page.complaints()]
    assert not complaints, "\n".join(["", *complaints])


def test_a_slip_is_named_and_kept_across_a_reload(page):
    with Alone(page, NOTEBOOKS[1]) as notebook:
        notebook.execute(SLIP.format(before=0))
        page.page.reload()
        page.restored()
        notebook.open()
        notebook.execute(SLIP.format(before=1))


def test_what_a_learner_does_beside_the_cells(page):
    """It takes no process, no terminal and no thread."""
    with Alone(page, NOTEBOOKS[1]) as notebook:
        notebook.execute(BESIDE_THE_CELLS)
