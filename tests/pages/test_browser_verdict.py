"""A verdict in a real JupyterLab: it is there at once, its line comes later in the same output, and one can stop that.

python -m pytest tests/pages/test_browser_verdict.py -n 0
"""

import pytest
from jupyter_session import AREA, opened
from playwright.sync_api import expect

SETUP = """import time
from backprop.practice import check, repair
found = repair.located
def slowly(exercise, answer, runs, tick):
    while time.monotonic() < end:
        tick()
        time.sleep(0.01)
    return found(exercise, answer, runs, tick)
repair.located = slowly
def f(delta):
    db = delta.sum(axis=1, keepdims=True)
    return 3 * db * db + 1"""
CHECK = 'end = time.monotonic() + {}\ncheck("delta.b4", f)'
LOOKING, FOUND = "Looking for the line.", "The mistake is in line 12: what it uses is right"


@pytest.fixture(scope="module")
def notebook(lab):
    with opened(lab, "verdict", SETUP, "# yours", "# again") as notebook:
        yield notebook


def begun(notebook, nth, seconds):
    """The output of a cell that is running now, where the verdict stands already and the search is announced."""
    cell = notebook.page.locator(f"{AREA} .jp-CodeCell").nth(nth)
    cell.locator(".cm-content").click()
    notebook.page.keyboard.press("ControlOrMeta+a")
    notebook.page.keyboard.insert_text(CHECK.format(seconds))
    notebook.page.keyboard.press("ControlOrMeta+Enter")
    said = cell.locator(".jp-OutputArea-output")
    expect(said).to_contain_text(LOOKING)
    expect(said).to_contain_text("db differs.")
    expect(cell.locator(".jp-InputPrompt")).to_have_text("[*]:")
    return said


def test_the_line_comes_into_the_output_where_the_verdict_stands(notebook):
    said = begun(notebook, 1, seconds=4)
    expect(said).to_contain_text(FOUND)
    expect(said).not_to_contain_text(LOOKING)
    notebook.answered()
    expect(said).to_have_count(1)
    assert not notebook.complaints()


def test_an_interrupted_search_leaves_the_verdict(notebook):
    said = begun(notebook, 2, seconds=60)
    notebook.lab.command("notebook:interrupt-kernel")
    expect(said).to_contain_text("The search for the line was interrupted.")
    expect(said).to_contain_text("db differs.")
    expect(said).not_to_contain_text(LOOKING)
    notebook.answered()
    expect(said).to_have_count(1)
