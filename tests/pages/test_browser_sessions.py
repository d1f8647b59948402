"""What the browser tests stand on: a late kernel takes nothing down, nothing leaks, and a failure tells why.

And the rule that keeps them trustworthy: they wait for what can be seen, and never for a fixed time.
"""

import ast
import json
import sys
import threading
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path

import jupyter_session
import nbformat
import pytest
from jupyter_session import KERNEL, VIEWPORT, Lab, Notebook, once_more, opened
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

pytest_plugins = "pytester"
TESTS = Path(__file__).parents[1]
SESSION = [TESTS / "jupyter_session.py", TESTS / "benchmarks" / "test_latency.py"]
WAITING = [path for path in TESTS.rglob("test_browser*.py") if path.name != Path(__file__).name] + SESSION


# ---- the rule ----

READS = {"inner_text", "text_content", "inner_html", "all_inner_texts", "all_text_contents", "get_attribute"}
READS |= {"input_value", *(f"is_{state}" for state in "visible hidden enabled disabled checked editable".split())}
SLEEPS = {"sleep", "wait_for_timeout"}


def called(node):
    """The name of what a call calls, without what stands before the dot."""
    function = node.func if isinstance(node, ast.Call) else None
    return getattr(function, "attr", getattr(function, "id", None))


def breaches(source):
    """Where a test sleeps, or asserts what it read at one moment: it should wait for what it expects."""
    tree, found = ast.parse(source), []
    for node in ast.walk(tree):
        if called(node) in SLEEPS:
            found.append(f"line {node.lineno} sleeps")
    scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    scopes.append(ast.Module([node for node in tree.body if not isinstance(node, (ast.FunctionDef, ast.ClassDef))]))
    for scope in scopes:
        known = set()  # names of what was read

        def read(node, known=known):
            return any(
                called(part) in READS
                or (called(part) == "count" and not part.args)
                or (isinstance(part, ast.Name) and part.id in known)
                for part in ast.walk(node)
            )

        for node in ast.walk(scope):
            if isinstance(node, (ast.Assign, ast.NamedExpr)) and read(node.value):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                known |= {part.id for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)}
        for node in ast.walk(scope):
            if isinstance(node, ast.Assert) and read(node.test):
                found.append(f"line {node.lineno} asserts what it read at one moment")
    return sorted(set(found))


@pytest.mark.parametrize("path", WAITING, ids=lambda path: path.name)
def test_browser_tests_wait_for_what_they_expect(path):
    assert breaches(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "bad",
    [
        "page.wait_for_timeout(300)",
        "import time\ntime.sleep(1)",
        "from time import sleep\nsleep(1)",
        "def test(page):\n    assert page.locator('p').inner_text() == 'a'",
        "def test(page):\n    assert 'a' in page.locator('p').text_content()",
        "def test(page):\n    assert page.locator('p').all_inner_texts()[1:] == ['a']",
        "def test(page):\n    assert not page.locator('p').is_visible()",
        "def test(page):\n    assert page.locator('p').count() == 2",
        "def test(page):\n    told = page.locator('p').inner_text()\n    assert told.startswith('a') and 'b' in told",
        "def test(page):\n    a = page.locator('p').input_value()\n    b = int(a)\n    assert 2 <= b < 3",
        "assert page.locator('p').inner_text() == 'a'",
        "def test(page):\n    assert (a := page.locator('p').get_attribute('b')) and a != 'c'",
    ],
)
def test_the_rule_sees(bad):
    assert len(breaches(bad)) == 1


def test_the_rule_lets_pass():
    good = """def test(page):
    expect(page.locator('p')).to_have_text('a')
    layers = int(page.locator('input').input_value())
    demand(layers)
    assert page.evaluate('1') == 1 and [1].count(1) == 1 and 'aa'.count('a') == 2
"""
    assert breaches(good) == []


# ---- starts ----


def starts(outcomes, ended):
    """A start that fails as often as `outcomes` says so."""

    @contextmanager
    def start(home):
        if failure := outcomes.pop(0):
            raise failure
        try:
            yield home
        finally:
            ended.append(home)

    return start


def test_a_start_that_fails_is_tried_once_more_in_another_home(capsys):
    ended = []
    with once_more(starts([RuntimeError("no server"), None], ended), iter("ab")) as home:
        assert home == "b" and "no server" in capsys.readouterr().err
    assert ended == ["b"]


def test_a_start_that_fails_twice_fails():
    with pytest.raises(RuntimeError, match="the second") as raised:
        with once_more(starts([RuntimeError("the first"), RuntimeError("the second")], []), iter("ab")):
            pass
    assert "the first" in str(raised.value.__context__)


def test_what_fails_after_the_start_is_not_tried_again():
    ended = []
    with pytest.raises(KeyError):
        with once_more(starts([None], ended), iter("ab")):
            raise KeyError
    assert ended == ["a"]


def test_a_server_that_ends_at_once_says_why(tmp_path):
    with pytest.raises(RuntimeError, match=r"code 3:\nno, thanks"):
        with jupyter_session.jupyter([sys.executable, "-c", "print('no, thanks'); raise SystemExit(3)"], tmp_path):
            pass


# ---- kernels ----

LATE = """
import os, time
while not os.path.exists({signal!r}):
    time.sleep(0.05)
from ipykernel.kernelapp import launch_new_instance
launch_new_instance()
"""


@pytest.fixture
def late(lab, tmp_path):
    """A notebook whose kernel does not start before a file is there: both paths."""
    signal, spec = tmp_path / "start", lab.home / "data" / "kernels" / "late"
    spec.mkdir(parents=True, exist_ok=True)
    argv = [sys.executable, "-c", LATE.format(signal=str(signal)), "-f", "{connection_file}"]
    kernel = KERNEL | {"name": "late", "display_name": "late"}
    (spec / "kernel.json").write_text(json.dumps(kernel | {"argv": argv}))
    path = lab.folder / "late.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("6 * 7")], metadata={"kernelspec": kernel}), path)
    yield path, signal
    signal.touch()
    path.unlink()
    (spec / "kernel.json").unlink()


def test_a_page_opens_without_the_kernel_of_its_first_notebook(lab, late):
    """That one may come later, and only holds up the next kernel (a browser opens one socket to a host at a time).

    Here the page is one that takes the place of another, which was lost.
    """
    path, signal = late
    other = Lab(lab.browser, lab.server | {"url": f"{lab.server['url']}lab/tree/{path.name}"}, lab.log)
    other.page = lab.browser.new_page()
    other.page.close()
    other.tidied()
    assert other.opened == path.name and not signal.exists()
    timer = threading.Timer(1, signal.touch)
    timer.start()
    with opened(other, "own", "print(6 * 7)") as notebook:
        expect(notebook.page.locator(jupyter_session.AREA)).to_contain_text("42")
        assert notebook.complaints() == []
    with Notebook(other, path):
        pass
    timer.join()
    other.page.close()


def test_a_notebook_waits_for_its_own_kernel_longer_than_for_anything_else(lab, late, monkeypatch):
    (path, signal), ordinary = late, jupyter_session.WAIT_SECONDS
    lab.tidied().set_default_timeout(1000)
    monkeypatch.setattr(jupyter_session, "WAIT_SECONDS", 1)
    lab.promised("() => window.jupyterapp.serviceManager.kernelspecs.refreshSpecs()", "the late kernel's name")
    began, timer = time.monotonic(), threading.Timer(3, signal.touch)
    timer.start()
    notebook = Notebook(lab, path)
    with notebook:
        lab.page.set_default_timeout(1000 * ordinary)
        monkeypatch.undo()
        assert time.monotonic() - began > 2.5
        notebook.run()
        expect(notebook.page.locator(jupyter_session.AREA)).to_contain_text("42")


# ---- the page that all share ----


def test_what_a_module_leaves_behind_is_put_back(lab):
    page = lab.tidied()
    page.set_viewport_size({"width": 1024, "height": 720})
    page.emulate_media(reduced_motion="reduce")
    lab.theme("dark")
    lab.command("apputils:notify", {"message": "left", "type": "info", "options": {"autoClose": False}})
    page.locator(".Toastify__toast").wait_for()
    lab.command("help:about")
    page.locator(".jp-Dialog").wait_for()
    page.evaluate("() => { console.log('left'); setTimeout(() => { throw new Error('left') }) }")
    page.wait_for_event("pageerror", predicate=lambda error: "left" in str(error)) if not lab.errors else None
    with opened(lab, "after", "1"):
        assert page.viewport_size == VIEWPORT
        assert not page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
        assert page.evaluate("document.body.dataset.jpThemeLight") == "true"
        expect(page.locator(".Toastify__toast, .jp-Dialog")).to_have_count(0)
        assert not any("left" in said for said in lab.console + lab.errors)


def test_a_promise_that_is_not_kept_says_what_was_waited_for(lab):
    lab.tidied()
    with pytest.raises(TimeoutError, match=r"Godot: not within 0.1 s."):
        lab.promised("() => new Promise(() => {})", "Godot", 0.1)


# ---- what a failure leaves ----


def test_evidence_is_a_picture_the_status_bar_the_console_and_the_log(lab, tmp_path, monkeypatch):
    monkeypatch.setattr(jupyter_session, "FAILURES", tmp_path)
    with opened(lab, "evidence", "1") as notebook:
        with notebook.page.expect_console_message(lambda message: message.text == "said aloud"):
            notebook.page.evaluate("console.log('said aloud')")
        picture, text = map(Path, lab.keep_evidence("tests/test_a.py::test_b[c d]"))
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.parent == text.parent == tmp_path
    kept = text.read_text(encoding="utf-8")
    assert "Python 3 (ipykernel) | Idle" in kept and "log: said aloud" in kept and "Starting JupyterLab" in kept


def test_evidence_of_a_page_that_is_gone_is_still_the_log(lab, tmp_path, monkeypatch):
    monkeypatch.setattr(jupyter_session, "FAILURES", tmp_path)
    gone = Lab(lab.browser, lab.server, lab.log)
    gone.page = lab.browser.new_page()
    gone.page.close()
    (text,) = map(Path, gone.keep_evidence("gone"))
    kept = text.read_text(encoding="utf-8")
    assert "can't be asked" in kept and "Starting JupyterLab" in kept


def test_the_report_of_a_failure_names_what_was_kept(pytester, monkeypatch):
    class Fake:
        def keep_evidence(self, name):
            return [f"picture of {name}"]

    monkeypatch.setattr(jupyter_session, "learners_lab", lambda browser, home: nullcontext(Fake()))
    pytester.makeconftest((TESTS / "conftest.py").read_text(encoding="utf-8"))
    pytester.makepyfile(
        """
        import pytest

        @pytest.fixture(scope="session")
        def browser():
            return None

        @pytest.fixture
        def broken(lab):
            raise ValueError

        def test_good(lab): pass
        def test_bad(lab): assert False
        def test_set_up(broken): pass
        def test_without(): assert False
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=2, errors=1)
    said = [line for line in result.outlines if line.startswith("picture of")]
    assert [line.partition("::")[2] for line in said] == ["test_set_up setup", "test_bad call"]
