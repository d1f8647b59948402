import itertools
import os
import tempfile
from pathlib import Path

import pytest

# Two workers and their kernels share the cores: threads inside a matrix product would only wait for each other.
for library in ("OPENBLAS", "MKL", "OMP"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")

# Neither tests nor the notebooks' kernels touch the record of whoever runs them.
if "BACKPROP_RECORD" not in os.environ:
    scratch = tempfile.TemporaryDirectory(prefix="backprop-")  # gone with the process that made it
    os.environ["BACKPROP_RECORD"] = str(Path(scratch.name) / "record.sqlite3")


def pytest_xdist_auto_num_workers(config):
    """Two workers on any machine, since every notebook starts a kernel besides; none where timings are taken."""
    named = [Path(arg.split("::")[0]).resolve() for arg in config.args]
    benchmarks = Path(__file__).parent / "benchmarks"
    return 0 if any(benchmarks in (path, *path.parents) for path in named) else 2


def pytest_configure(config):
    config.option.loadscopereorder = False  # xdist would begin with the files that have most tests, and those are quick


def pytest_collection_modifyitems(items):
    """A worker takes whole files. The longest come first, so that no worker is left with one of them at the end."""
    longest = ["test_browser_notebooks.py", "test_browser_keys.py", "test_browser*.py", "*.ipynb", "*"]
    items.sort(key=lambda item: next(n for n, pattern in enumerate(longest) if item.path.match(pattern)))


@pytest.fixture
def own_record(tmp_path, monkeypatch):
    """A record of the test's own is all that it can reach. The path is returned; its folder isn't there yet."""
    path = tmp_path / "data" / "record.sqlite3"
    monkeypatch.setenv("BACKPROP_RECORD", str(path))
    return path


@pytest.fixture
def small_bank(own_record, monkeypatch):
    """The interview asks the questions of the tests, and notes them in a record of the test's own."""
    from interview_bank import QUESTIONS

    from backprop.interview import bank, listen
    from backprop.interview.turn import question

    def forget():
        """What was made of another bank."""
        question.cache_clear()
        listen._rarity.cache_clear()
        listen._counted.cache_clear()
        listen._weight_of.cache_clear()

    monkeypatch.setattr(bank, "questions", lambda: QUESTIONS)
    forget()
    yield
    forget()


LAB = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Where a test of the page fails, its report names the files that show what the page and the server were at."""
    report = yield
    lab = item.config.stash.get(LAB, None)
    if report.failed and lab and "lab" in getattr(item, "fixturenames", ()):
        report.sections.append(("kept of the browser", "\n".join(lab.keep_evidence(f"{item.nodeid} {report.when}"))))
    return report


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all. Without one the tests are skipped, or fail where a skip would hide that."""
    from jupyter_session import CHROMIUM_FLAGS, WAIT_SECONDS, chromium

    if (path := chromium()) is None:
        reason = "No Chromium or Chrome is installed (Debian and Ubuntu: apt-get install chromium)."
        if os.environ.get("BACKPROP_REQUIRE_BROWSER") == "1":
            pytest.fail(f"{reason} BACKPROP_REQUIRE_BROWSER=1 asks for the browser tests.")
        pytest.skip(reason)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=WAIT_SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory, request):
    """One JupyterLab and one page of it for all browser tests of this process, on a working copy of the course."""
    from jupyter_session import learners_lab, once_more

    homes = (tmp_path_factory.mktemp("home") for _ in itertools.count())
    with once_more(lambda home: learners_lab(browser, home), homes) as lab:
        request.config.stash[LAB] = lab
        yield lab
