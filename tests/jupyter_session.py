"""JupyterLab as a learner starts it, and a page that drives it: what the browser tests need, without the tests.

The server runs in a home of its own, so neither your settings nor your record can change what the tests see. What the
tests need to know (the port, the token) is read from the file that every Jupyter server leaves in its runtime folder,
and what they need to set goes in through configuration files: the command itself stays the learner's.

All browser tests of one process share one server and one page. Each opens a notebook of its own there, and ends it.
Nothing here waits for a fixed time: what is waited for can be seen, and a wait ends as soon as it is there.
"""

import base64
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

VIEWPORT = {"width": 1280, "height": 900}
START_SECONDS, RUN_SECONDS = 120, 120  # a server, a page or a kernel; all cells of a notebook
WAIT_SECONDS = 30  # anything else
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
FAILURES = Path(__file__).parents[1] / "screenshots" / "failures"

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
    "--use-fake-device-for-media-stream",  # a microphone that beeps, where a test lends one
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
    ours["BACKPROP_RECORD"] = str(home / "record.sqlite3")
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
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.1)
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


@contextmanager
def once_more(start, homes):
    """What `start(home)` opens until the block ends. Where that fails, a second time, in another home."""
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(start(next(homes)))
        except Exception as first:
            print(f"The first start failed, and a second one is tried. {first!r}", file=sys.stderr)
            opened = stack.enter_context(start(next(homes)))
        yield opened


@contextmanager
def learners_lab(browser, home):
    """A server in this home, started by the course's command, and its page."""
    with jupyter(course_command(home / "course"), home) as server:
        lab = Lab(browser, server, home / "server.log")
        try:
            lab.open()
        except Exception as failed:
            failed.add_note(f"Kept: {', '.join(lab.keep_evidence('start'))}")
            raise
        yield lab
        lab.page.close()


class Lab:
    """JupyterLab's page, and what it asks for, says and stumbles over from its first moment on."""

    def __init__(self, browser, server, log):
        self.browser, self.server, self.log, self.page = browser, server, log, None
        self.folder, self.home = Path(server["root_dir"]), log.parent
        self.requests, self.errors, self.console, self.crashed = [], [], [], False
        self.opened, self.stumbled = None, []  # by the start itself: the notebook in front, and what went wrong

    def open(self):
        """Open the address that the command prints, and wait until JupyterLab has put everything in its place.

        The kernel of the notebook that it opens there may take as long as it likes: nobody needs it.
        """
        self.page, self.crashed = self.browser.new_page(viewport=VIEWPORT), False
        self.page.set_default_timeout(WAIT_SECONDS * 1000)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))
        self.page.on("crash", self._crash)
        self.page.goto(f"{self.server['url']}?token={self.server['token']}", timeout=START_SECONDS * 1000)
        self.restored()
        named = urlsplit(self.page.url).path.rpartition("/")[2]
        self.page.wait_for_function(
            f"path => {CURRENT}?.context?.path === path", arg=named, timeout=START_SECONDS * 1000
        )
        self.opened, self.stumbled = self.current(), self.complaints()

    def _crash(self):
        self.crashed = True

    def restored(self):
        """Wait until JupyterLab has put back its windows, after a start or a reload."""
        ready = "window.jupyterapp?.restored.then(() => true)"
        self.page.wait_for_function(ready, timeout=START_SECONDS * 1000)

    def tidied(self):
        """The page as it was at first, for whoever comes next, whatever the one before has left."""
        if self.crashed or self.page.is_closed():
            self.open()
        self.page.set_viewport_size(VIEWPORT)
        self.page.emulate_media(reduced_motion="no-preference")
        self.page.mouse.up()
        for what, way_out in WAYS_OUT.items():
            for _ in range(self.page.locator(what).count()):
                left = self.page.locator(what).first.element_handle()
                left.query_selector(way_out).click()
                left.wait_for_element_state("hidden")
        self.page.evaluate(STRAYS_CLOSED, self.opened)
        self.theme("light")
        for kept in (self.requests, self.errors, self.console):
            kept.clear()
        return self.page

    def theme(self, name):
        """Change to the light or the dark theme, and wait until everything has its new color."""
        self.command("apputils:change-theme", {"theme": f"JupyterLab {name.title()}"})
        self.page.wait_for_function(f"document.body.dataset.jpThemeLight === '{str(name == 'light').lower()}'")
        still(self.page)

    def command(self, name, args=None):
        """Give JupyterLab a command without waiting for its end (a dialog would make that forever)."""
        self.page.evaluate("([name, args]) => { window.jupyterapp.commands.execute(name, args) }", [name, args or {}])

    def promised(self, script, what, seconds=WAIT_SECONDS, arg=None):
        """What a script's promise gives, or, after so many seconds, a sentence that says what there was to wait for."""
        given = self.page.evaluate(PROMISED.replace("SCRIPT", script), [arg, seconds * 1000])
        if "late" in given:
            raise TimeoutError(f"{what}: not within {seconds} s.")
        return given["value"]

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

    def keep_evidence(self, name):
        """Save what may tell why a test failed, a picture and a text, and return the names of their files."""
        FAILURES.mkdir(parents=True, exist_ok=True)
        name = re.sub(r"[^\w.-]+", "_", name)
        picture, text = FAILURES / f"{name}.png", FAILURES / f"{name}.txt"
        kept, status = [text], "(there is no page)"
        if self.page:
            try:
                status = "\n".join(self.page.locator("#jp-main-statusbar").all_inner_texts())
                self.page.screenshot(path=picture)
                kept.insert(0, picture)
            except Exception as failed:  # a page that has crashed; the rest is still worth having
                status = f"(the page can't be asked: {failed})"
        parts = {
            "status bar": status,
            "the page's console": "\n".join(self.console),
            "the page's errors": "\n".join(self.errors),
            "the server's log": self.log.read_text(encoding="utf-8", errors="replace"),
        }
        text.write_text("\n\n".join(f"--- {part} ---\n{said}" for part, said in parts.items()), encoding="utf-8")
        return [str(path) for path in kept]


def still(page):
    """Wait until everything that was moving or changing its color has come to its end."""
    page.evaluate(STILL)


def local(url):
    """Whether an address is on this machine, or no address at all."""
    return url.startswith(("data:", "blob:", "about:")) or urlsplit(url).hostname in ("127.0.0.1", "localhost", "::1")


@contextmanager
def opened(lab, name, *cells):
    """A notebook with these code cells, open and run in the page until the block ends."""
    path = lab.folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata={"kernelspec": KERNEL}), path)
    with Notebook(lab, path) as notebook:
        notebook.run()
        yield notebook
    path.unlink()


class Notebook:
    """One notebook, open in JupyterLab's page. They share it: loading JupyterLab takes longer than most notebooks."""

    def __init__(self, lab, path):
        self.lab, self.page, self.path, self.number = lab, None, path.name, path.stem.partition("_")[0]

    def __enter__(self):
        self.page = self.lab.tidied()
        self.open()
        return self

    def open(self):
        """Bring it to the front, and wait until its own kernel has answered."""
        self.lab.promised(OPENED, f"{self.path} and its kernel", START_SECONDS, self.path)
        self.page.wait_for_function(IN_FRONT, arg=self.path)

    def __exit__(self, *_):
        """End the kernel and close the tab, without the question whether to save."""
        self.lab.promised(CLOSED, f"the end of {self.path}'s kernel", arg=self.path)

    def run(self):
        """Clear every output, run all cells, and wait until each has run, or one has failed."""
        self.lab.promised(COMMAND, "cleared outputs", arg="notebook:clear-all-cell-outputs")
        self.lab.promised(COMMAND, "the end of all cells", RUN_SECONDS, "notebook:run-all-cells")
        self.answered()
        cells = self.page.evaluate(CELLS)
        if not any(cell["error"] for cell in cells) and any(cell["count"] is None for cell in cells):
            raise RuntimeError(f"{self.path}: some cells were not run, and none failed.")
        self.settle()

    def answered(self):
        """Wait until the kernel has answered all that it was asked so far, and the page has drawn it."""
        self.page.wait_for_function(f"{WATCH}.open.size === 0", timeout=RUN_SECONDS * 1000)
        still(self.page)

    @contextmanager
    def occupied(self):
        """Let every message of a widget wait in the kernel until the block ends, and then for its answer.

        (A cell that sleeps would not do: the messages of widgets have a thread of their own in today's kernels.)
        """
        end = self.lab.folder / f"{self.path}.end"
        self.execute(HELD.format(end=end.name))
        try:
            yield
        finally:
            end.touch()
            self.execute("get_ipython().kernel.shell_handlers['comm_msg'] = answering")
            self.answered()
            end.unlink()

    def execute(self, code):
        """Run some code in the kernel, beside the notebook's cells."""
        self.lab.promised(EXECUTED, f"the end of {code!r}", arg=code)

    def drawn_ahead(self):
        """Wait until what the next key in the focused control may show has been drawn ahead, after the last change."""
        self.page.wait_for_function(f"{WATCH}.ready")

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

    def complaints_of_a_phone(self):
        """What is cut, broken in two or not laid out on a page of 420 pixels, with the list of files put away."""
        self.page.set_viewport_size({"width": 420, "height": VIEWPORT["height"]})
        self.page.evaluate("window.jupyterapp.shell.collapseLeft()")
        try:
            self.settle()
            return self.page.evaluate(CUT_ON_A_PHONE)
        finally:
            self.page.evaluate("window.jupyterapp.shell.expandLeft()")
            self.page.set_viewport_size(VIEWPORT)

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
        self.lab.theme(theme)
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
WAYS_OUT = {".jp-Dialog": ".jp-mod-reject", ".Toastify__toast": ".jp-Notification-Toast-Close"}
AREA = ".jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer"
PANEL = "document.querySelector('.jp-NotebookPanel:not(.lm-mod-hidden)')"
CURRENT = "window.jupyterapp.shell.currentWidget"
PROMISED = """async ([arg, limit]) => {
    let timer;
    const late = new Promise(done => { timer = setTimeout(() => done({late: true}), limit) });
    const given = (SCRIPT)(arg).then(value => ({value: value ?? null}));
    return Promise.race([given, late]).finally(() => clearTimeout(timer));
}"""
COMMAND = "name => window.jupyterapp.commands.execute(name).then(() => null)"
STILL = """async () => {
    const frame = () => new Promise(done => requestAnimationFrame(done));
    await frame(); // a change of style begins its transition with the next one
    await frame();
    const ends = document.getAnimations().filter(one => one.effect.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ends.map(one => one.finished));
    await frame();
}"""
# What is open between page and kernel: messages without an answer yet (the kernel says that it is idle again, after
# everything else it had to say to a message), and what the explorers draw ahead. Moving the focus or a control, and the
# steps that the kernel sends after a change, make them ask anew; what they asked last is ready once it is answered.
WATCH = "window.jupyterapp.shell.currentWidget.backprop"
OPENED = """async path => {
    const it = await window.jupyterapp.commands.execute('docmanager:open', {path});
    await it.context.ready;
    await it.sessionContext.ready;
    const kernel = it.sessionContext.session.kernel;
    await kernel.info;
    if (it.backprop) return;
    const watch = it.backprop = {open: new Set(), asked: null, ready: false};
    const forget = () => Object.assign(watch, {asked: null, ready: false});
    for (const event of ['focusin', 'input']) it.node.addEventListener(event, forget, true);
    const own = msg => msg.header.msg_type === 'comm_msg' && msg.content.data;
    kernel.anyMessage.connect((_, {msg, direction}) => {
        if (direction !== 'send' || !['comm_msg', 'execute_request'].includes(msg.header.msg_type)) return;
        watch.open.add(msg.header.msg_id);
        if (own(msg)?.content?.ahead) Object.assign(watch, {asked: msg.header.msg_id, ready: false});
    });
    it.sessionContext.iopubMessage.connect((_, msg) => {
        if (msg.content.execution_state === 'idle') watch.open.delete(msg.parent_header.msg_id);
        if (own(msg)?.state?.frames) forget();
        else if (own(msg)?.content?.ahead && msg.parent_header.msg_id === watch.asked) watch.ready = true;
    });
}"""
IN_FRONT = """path => {
    const shell = window.jupyterapp.shell;
    if (shell.currentWidget?.context?.path === path) return true;
    shell.activateById([...shell.widgets('main')].find(it => it.context?.path === path).id);
}"""
STRAYS_CLOSED = """first => {
    for (const it of [...window.jupyterapp.shell.widgets('main')].filter(it => it.context?.path !== first)) {
        it.sessionContext?.shutdown(); // nobody waits for its end
        it.dispose();
    }
}"""
CLOSED = """async path => {
    const it = [...window.jupyterapp.shell.widgets('main')].find(one => one.context?.path === path);
    await it.sessionContext.shutdown();
    it.dispose();
}"""
EXECUTED = """async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const reply = await kernel.requestExecute({code, silent: true}).done;
    if (reply.content.status !== 'ok') throw new Error(`${reply.content.ename}: ${reply.content.evalue}`);
}"""
HELD = """
import os, time
answering = get_ipython().kernel.shell_handlers["comm_msg"]
def held(*message):
    while not os.path.exists({end!r}):
        time.sleep(0.01)
    return answering(*message)
get_ipython().kernel.shell_handlers["comm_msg"] = held
"""
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
# A picture or a formula may be wider than a phone where it, or the text that it stands in, scrolls to the side; a table
# has to have a box of its own, or all around it would move along. What is printed is broken by JupyterLab, anywhere.
CUT_ON_A_PHONE = """(() => {
    const panel = PANEL, range = document.createRange(), found = [];
    const slides = node => ['auto', 'scroll'].includes(getComputedStyle(node).overflowX);
    const boxed = (node, place) => node !== place && (slides(node) || boxed(node.parentElement, place));
    const wanted = ['table', 'img', 'svg', 'input', 'select', 'button'];
    for (const place of panel.querySelectorAll('.jp-OutputArea-output, .jp-MarkdownOutput')) {
        const edge = place.getBoundingClientRect().right + 1;
        for (const part of place.querySelectorAll(wanted.join()))
            if (part.getBoundingClientRect().right > edge && !boxed(part.parentElement, place))
                found.push(`cut: ${part.tagName} ${part.textContent.trim().slice(0, 60)}`);
        const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
        for (let text; text = texts.nextNode();) {
            if (text.parentElement.closest('code, svg, mjx-container, style, script')) continue;
            if (place.matches('.jp-MarkdownOutput') && !text.parentElement.closest('pre')) {
                if (/^[|] |[*][*]|\\]\\(/m.test(text.data)) found.push(`not laid out: ${text.data.slice(0, 60)}`);
            } else if (place.dataset.mimeType === 'text/html') {
                for (const word of text.data.matchAll(/(?<!\\S)[A-Za-z]+(?!\\S)/g)) {
                    range.setStart(text, word.index);
                    range.setEnd(text, word.index + word[0].length);
                    if (range.getClientRects().length > 1) found.push(`broken in two: ${word[0]}`);
                }
            }
        }
    }
    return found;
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
