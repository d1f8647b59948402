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
from jupyter_session import START_SECONDS, Lab, Notebook

from backprop.course import source_folder
from backprop.site import lite

FOLDER = os.environ.get("BACKPROP_PYODIDE")
NOTEBOOKS = sorted(source_folder().glob("*.ipynb"))
SLIP = "from backprop.practice import check\n\n\ndef gradient(x, y, w, b):\n    a = 1 / (1 + np.exp(-(w * x + b)))\n"
pytestmark = pytest.mark.skipif(
    not FOLDER,
    reason=f"BACKPROP_PYODIDE names no folder with a Pyodide {lite.PYODIDE} distribution, so nothing is run in JupyterLite.",
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


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    """JupyterLite as the command builds it, and its page. The test may speak to the page's program, which is new."""
    out, home = tmp_path_factory.mktemp("lite"), tmp_path_factory.mktemp("home")
    lite.build(out, FOLDER)
    config = json.loads((out / "jupyter-lite.json").read_text(encoding="utf-8"))
    config["jupyter-config-data"]["exposeAppInBrowser"] = True
    (out / "jupyter-lite.json").write_text(json.dumps(config), encoding="utf-8")
    (home / "server.log").touch()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=out)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/lab/index.html"
        lab = Lite(browser, {"url": url, "root_dir": out}, home / "server.log")
        lab.open()
        yield lab
        lab.page.close()
        server.shutdown()


