"""JupyterLab as a learner starts it, and a page that drives it: what test_browser.py needs, without the tests.

The server runs in a home of its own, so neither your settings nor your record can change what the tests see. What the
tests need to know (the port, the token) is read from the file that every Jupyter server leaves in its runtime folder,
and what they need to set goes in through configuration files: the command itself stays the learner's.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

VIEWPORT = {"width": 1280, "height": 900}
START_SECONDS, RUN_SECONDS, IDLE = 40, 120, "Python 3 (ipykernel) | Idle"

CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]
CHROMIUM_PATHS = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/snap/bin/chromium",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
]
CHROMIUM_FLAGS = [
    "--no-sandbox",  # containers run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Everything is laid out at once: JupyterLab otherwise draws only what is in view. The rest is as the course sets it.
SETTINGS = {"notebook-extension/tracker": {"windowingMode": "none"}}


def chromium():
    """The path of an installed Chromium or Chrome, or None."""
    found = (shutil.which(name) for name in CHROMIUM_NAMES)
    return next((path for path in [*found, *CHROMIUM_PATHS] if path and Path(path).exists()), None)


def course_command(folder):
    """The README's command, told not to open a browser of its own."""
    return [sys.executable, "-m", "backprop.course", str(folder), "--no-browser"]


def environment(home):
    """The environment of a machine where nobody has ever used Jupyter, plus the two settings that tests need."""
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "IPYTHONDIR": home / "ipython",
        "MPLCONFIGDIR": home / "matplotlib",
    }
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    for name, values in SETTINGS.items():
        file = folders["JUPYTERLAB_SETTINGS_DIR"] / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    lab = {"LabApp": {"expose_app_in_browser": True}}
    (folders["JUPYTER_CONFIG_DIR"] / "jupyter_lab_config.json").write_text(json.dumps(lab))
    ours = {name: str(folder) for name, folder in folders.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTEST_"))}
    return {**kept, **ours}


@contextmanager
def jupyter(command, home):
    """Run `command` until the block ends, and yield its server: a dict with "url", "port", "token", "root_dir"."""
    env, log = environment(home), home / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, env=env, cwd=home, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    server = {}
    try:
        server = _started(process, Path(env["JUPYTER_RUNTIME_DIR"]), log)
        yield server
    finally:
        _end(process, server.get("pid"))


def _started(process, runtime, log):
    """The server's own description of itself, as soon as it answers."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with code {process.returncode}:\n{log.read_text()}")
        for file in runtime.glob("jpserver-*.json"):
            try:
                server = json.loads(file.read_text())
                with urllib.request.urlopen(f"{server['url']}api?token={server['token']}", timeout=5):
                    return server
            except (OSError, ValueError):  # half written, or not listening yet
                pass
        time.sleep(0.1)
    raise RuntimeError(f"No server after {START_SECONDS} s:\n{log.read_text()}")


def _end(process, server):
    """Ask the command to stop, which ends its server and the kernels; if it can't, end both."""
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        if server is not None:
            with suppress(ProcessLookupError):
                os.kill(server, signal.SIGTERM)


def wait_for_drawings_ahead(page):
    """Wait until an explorer has asked for what its next key may show, in its pause, and the kernel has answered."""
    page.wait_for_timeout(150)
    page.wait_for_function(f"{STATUS} === 'idle'")
    page.wait_for_timeout(50)


class Lab:
    """JupyterLab's page, and what it asks for and stumbles over from its first moment on."""

    def __init__(self, browser, server):
        """Open the address that the command prints, and wait for the first notebook there."""
        self.requests, self.errors = [], []
        self.page = browser.new_page(viewport=VIEWPORT)
        self.page.set_default_timeout(START_SECONDS * 1000)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(f"{server['url']}?token={server['token']}")
        self.page.get_by_text(IDLE).wait_for()  # the idle sign alone comes too early, and Run All would be lost

    def command(self, name, args=None):
        """Give JupyterLab a command without waiting for its end (a dialog would make that forever)."""
        self.page.evaluate("([name, args]) => { window.jupyterapp.commands.execute(name, args) }", [name, args or {}])

    def current(self):
        """The name of the notebook in front."""
        return self.page.evaluate(f"{CURRENT}.context.path")

    def complaints(self):
        """What has gone wrong around the notebooks since this was asked last."""
        notices = self.page.locator(".Toastify__toast").all_inner_texts()
        asked, errors = self.requests[:], self.errors[:]
        self.requests.clear(), self.errors.clear()
        return [
            *(f"a notice in the corner: {what}" for what in notices),
            *(f"an error in the page's scripts: {what}" for what in errors),
            *(f"a request to another host: {url}" for url in asked if not local(url)),
        ]


def local(url):
    """Whether an address is on this machine, or no address at all."""
    return url.startswith(("data:", "blob:", "about:")) or urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


@contextmanager
def opened(browser, home, *cells):
    """A notebook with these code cells, run in a JupyterLab of its own, whose page ends with the block."""
    with jupyter(course_command(home / "course"), home) as server:
        path = home / "course" / "cells.ipynb"
        kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}  # or it would ask
        made = new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": kernel})
        nbformat.write(made, path)
        lab = Lab(browser, server)
        with Notebook(lab, path) as notebook:
            notebook.run()
            yield notebook
        lab.page.close()


class Notebook:
    """One notebook, open in JupyterLab's page. They share it: loading JupyterLab takes longer than most notebooks."""

    def __init__(self, lab, path):
        self.lab, self.page, self.path, self.number = lab, lab.page, path.name, path.stem.partition("_")[0]

    def __enter__(self):
        self.lab.command("docmanager:open", {"path": self.path})
        self.page.wait_for_function(
            f"path => {{ const it = {CURRENT}; return it?.context?.path === path && it.context.isReady"
            " && it.sessionContext.isReady && it.sessionContext.session?.kernel?.status === 'idle' }",
            arg=self.path,
        )
        return self

    def __exit__(self, *_):
        """End the kernel and close the tab, without the question whether to save."""
        close = "await it.sessionContext.shutdown(); it.dispose()"
        self.page.evaluate(f"(async () => {{ const it = {CURRENT}; {close} }})()")

    def run(self):
        """Clear every output, run all cells, and wait until each has run, or one has failed."""
        self.lab.command("notebook:clear-all-cell-outputs")
        self.page.wait_for_function(f"({CELLS}).every(cell => cell.count === null)")
        self.lab.command("notebook:run-all-cells")
        self.page.wait_for_function(
            f"(() => {{ const cells = {CELLS}; return {STATUS} === 'idle' &&"
            " (cells.some(cell => cell.error) || cells.every(cell => cell.count !== null)) })()",
            timeout=RUN_SECONDS * 1000,
        )
        self.settle()

    def unfold(self):
        """Open every folded answer, so that what is in it can be seen and measured."""
        self.page.evaluate(f"{PANEL}.querySelectorAll('details').forEach(answer => {{ answer.open = true }})")
        self.settle()

    def settle(self):
        """Wait for two frames in which nothing grows: math and widgets are drawn after the kernel is done."""
        self.page.wait_for_function(SETTLED, polling=150)

    def cells(self):
        """The notebook as JupyterLab holds it now."""
        return self.page.evaluate(f"{CURRENT}.content.model.toJSON().cells")

    def complaints(self):
        """Everything that a learner would see go wrong, one sentence each."""
        bad, raw, drawn = (self.page.evaluate(MATH)[key] for key in ["bad", "raw", "drawn"])
        wanted = any("$" in "".join(cell["source"]) for cell in self.cells() if cell["cell_type"] == "markdown")
        return [
            *self.failures(),
            *(f"wider than its place, {what}" for what in self.page.evaluate(OVERFLOWS)),
            *(f"math that can't be read: {what}" for what in bad),
            *(f"math that is not drawn: {what}" for what in raw),
            *(["there are formulas in the notebook, and none on the page"] if wanted and not drawn else []),
            *self.lab.complaints(),
        ]

    def failures(self):
        """One line for every error in a cell, be it in the notebook's data or only on the page."""
        found = []
        for index, cell in enumerate(self.cells()):
            first = ("".join(cell["source"]).splitlines() or [""])[0]
            for output in cell.get("outputs", []):
                if output["output_type"] == "error":
                    found.append(f"cell {index} ({first}): {output['ename']}: {output['evalue']}")
        drawn = self.page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]')
        widgets = self.page.locator(".jupyter-widgets:has-text('Error displaying widget')")
        missing = self.page.locator(".jp-OutputArea-output:has-text('model not found')")
        for what, places in {"an error": drawn, "a broken widget": widgets, "a lost widget": missing}.items():
            if places.count():
                found.append(f"the page shows {what}: {places.first.inner_text()[:300]}")
        return found

    def photograph(self, folder, theme):
        """Save the whole notebook in a theme ("light" or "dark"), one picture per height of the window."""
        self.lab.command("apputils:change-theme", {"theme": f"JupyterLab {theme.title()}"})
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{str(theme == 'light').lower()}'")
        self.settle()
        folder.mkdir(exist_ok=True)
        for old in folder.glob(f"{self.number}_{theme}_*.png"):
            old.unlink()
        area = self.page.locator(AREA).first
        height, total = area.evaluate("area => [area.clientHeight, area.scrollHeight]")
        clip = area.bounding_box()
        camera = self.page.context.new_cdp_session(self.page)  # half the time of Playwright's own pictures
        saved, top = [], 0
        while top < total:
            area.evaluate("(area, top) => { area.scrollTop = top }", top)
            path = folder / f"{self.number}_{theme}_{len(saved) + 1:02d}.png"
            shot = camera.send("Page.captureScreenshot", {"clip": {**clip, "scale": 1}, "optimizeForSpeed": True})
            path.write_bytes(base64.b64decode(shot["data"]))
            saved.append(path)
            top += height - 40  # a little overlap, so that no line is cut in two in both pictures
            if top + 40 >= total:
                break
        camera.detach()
        area.evaluate("area => { area.scrollTop = 0 }")
        return saved


# What the page is asked, in its own language.
AREA = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer"
PANEL = "document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)')"
CURRENT = "window.jupyterapp.shell.currentWidget"
STATUS = f"{CURRENT}.sessionContext.session?.kernel?.status"
CELLS = f"""{CURRENT}.content.model.toJSON().cells
    .filter(cell => cell.cell_type === 'code' && [].concat(cell.source).join('').trim() !== '')
    .map(cell => ({{count: cell.execution_count, error: cell.outputs.some(o => o.output_type === 'error')}}))"""
SETTLED = """() => {
    const area = document.querySelector(AREA);
    const now = [area.scrollHeight, area.querySelectorAll('*').length].join();
    const same = window.backpropSeen === now;
    window.backpropSeen = now;
    return same && [...document.images].every(image => image.complete);
}""".replace("AREA", repr(AREA))
OVERFLOWS = """(() => {
    const panel = PANEL;
    const edge = panel.getBoundingClientRect().right;
    const wide = [];
    const longest = lines => lines.split('\\n').sort((a, b) => b.length - a.length)[0].trim();
    const report = (what, has, place) => wide.push(`${what}: ${Math.round(has)} px in ${Math.round(place)} px`);
    const pictures = ['img', 'svg', 'canvas', 'table', 'mjx-container[display="true"] > *']
        .flatMap(what => [`.jp-OutputArea-output ${what}`, `.jp-MarkdownOutput ${what}`]).join();
    panel.querySelectorAll(pictures).forEach(picture => {
        const box = picture.getBoundingClientRect();
        const place = picture.closest('.jp-OutputArea-output, .jp-MarkdownOutput').getBoundingClientRect();
        if (box.width > 0 && (box.right > edge + 1 || box.right > place.right + 1))
            report(picture.tagName.toLowerCase(), box.width, place.width);
    });
    panel.querySelectorAll('.jp-CodeCell .jp-InputArea .cm-scroller').forEach(code => {
        if (code.scrollWidth > code.clientWidth + 1)
            report(longest(code.innerText), code.scrollWidth, code.clientWidth);
    });
    return wide;
})()""".replace("PANEL", PANEL)
MATH = """(() => {
    const panel = PANEL;
    const bad = [...panel.querySelectorAll('mjx-merror, [data-mml-node="merror"], mjx-mtext[style*="red"]')];
    const near = node => `something unknown near "${node.closest('p, li, td, div')?.textContent.slice(0, 80)}"`;
    const raw = [...panel.querySelectorAll('.jp-MarkdownOutput')].map(node => {
        const copy = node.cloneNode(true);
        copy.querySelectorAll('pre, code, mjx-container').forEach(inner => inner.remove());
        return copy.textContent.match(/.{0,30}[$].{0,30}/)?.[0];
    });
    return {
        drawn: panel.querySelectorAll('mjx-container').length,
        bad: bad.map(node => node.getAttribute('data-mjx-error') || node.textContent || near(node)),
        raw: raw.filter(text => text),
    };
})()""".replace("PANEL", PANEL)
