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
from jupyter_session import CELLS, SETTINGS, START_SECONDS, VIEWPORT, Lab, Notebook
from playwright.sync_api import expect
from test_browser_interview import Keys

from backprop.course import source_folder
from backprop.explore.one_neuron.numbers import Neuron, words
from backprop.site import lite

FOLDER = os.environ.get("BACKPROP_PYODIDE")
NOTEBOOKS = sorted(source_folder().glob("*.ipynb"))
NEURON, INTERVIEW = (next(path for path in NOTEBOOKS if path.name.startswith(number)) for number in ("01", "10"))
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
EDITED = """async path => { // as by hand, in the page
    const contents = window.jupyterapp.serviceManager.contents;
    const model = await contents.get(path, { type: 'notebook', format: 'json', content: true });
    model.content.cells[0].source = 'mine';
    await contents.save(path, model);
}"""
BESIDE_THE_CELLS = """
from backprop.practice import bug, trial

case = bug("rent")
case.path.write_text(case.program.right)
said = repr(case.check())
assert said.startswith("Right: all 3 mended."), said
case.path.write_text("while True:\\n    pass")
assert trial.printed(case.path, limit=1).endswith("It was stopped after 1 seconds.")
---
from pathlib import Path
from backprop.course import fresh_copy, tonight

assert "One neuron" in repr(tonight()), tonight()
fresh_copy("02")
(aside,) = Path().glob("02_*.set-aside-*.ipynb")
assert '"mine"' in aside.read_text() and '"mine"' not in Path("02_delta_recurrence.ipynb").read_text()
fresh_copy("03")  # nobody has touched it
---
from backprop.interview import ears
from backprop.interview.sheets import sheets

assert "In a browser alone" in repr(ears()), ears()
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
        self.page, self.crashed = self.browser.new_page(viewport=VIEWPORT), False
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
    """JupyterLite as the command builds it, served. Tests may speak to its program, and all cells are drawn."""
    out = tmp_path_factory.mktemp("lite")
    lite.build(out, FOLDER)
    config = json.loads((out / "jupyter-lite.json").read_text(encoding="utf-8"))
    settings = {f"@jupyterlab/{name.replace('/', ':')}": values for name, values in SETTINGS.items()}
    config["jupyter-config-data"] |= {"exposeAppInBrowser": True, "settingsOverrides": settings}
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
    with Alone(page, NEURON) as notebook:
        notebook.execute(SLIP.format(before=0))
        page.page.reload()
        page.restored()
        notebook.open()
        notebook.execute(SLIP.format(before=1))


def test_what_a_learner_does_beside_the_cells(page):
    """It takes no process, no terminal and no thread."""
    with Alone(page, NEURON) as notebook:
        page.promised(EDITED, "an edited notebook", arg="02_delta_recurrence.ipynb")
        for cell in BESIDE_THE_CELLS.split("---"):
            notebook.execute(cell)


def test_an_explorer_follows_its_slider(page):
    with Alone(page, NEURON) as notebook:
        notebook.run()
        explorer = page.page.locator(".backprop-one-neuron").first
        explorer.get_by_role("slider", name="weight w", exact=True).press("ArrowRight")
        expect(explorer.locator(".words p")).to_have_text(words(Neuron(w=0.6)))


def test_an_interview_goes_on_after_a_reload(page):
    with Alone(page, INTERVIEW) as notebook:
        notebook.run()
        panel, keys = page.page.locator(".backprop-interview"), Keys(page.page)
        panel.locator("select").first.focus()
        keys.tab_to("Begin")
        while "Question 2 of" not in keys.now()["text"]:
            keys.answer()
        page.page.reload()
        page.restored()
        notebook.open()
        notebook.run()
        expect(panel).to_contain_text("Question 2 of")
