"""The first quarter of an hour, as a newcomer has it: in a real browser, at reading speed, from the pasted line on.

The walk types, breaks, answers, steps, speaks and clicks what 00 asks for, and demands what 00 promises. Beside the
real page runs a reader's clock: what a person takes for reading, thinking, typing and speaking is added up by the
figures below, and what the machine takes is measured.

    python -m pytest tests/pages/test_browser_start.py -n 0 -s
"""

import re
import time

import pytest
from jupyter_session import AREA, Notebook
from playwright.sync_api import expect

SET_UP = 75  # seconds from the pasted line to the open notebook; measured: 61 to install, 9 to start
WORDS, AMONG_EQUATIONS = 180 / 60, 110 / 60  # read a second
CLICK, KEY = 2, 1 / 4  # seconds to run a cell or unfold something; to type a character
DUE = {"a line of one's own trains": 5, "a mistake is named": 7, "the follow-up is answered": 14, "tonight's list": 15}
PASSIVE = 4  # minutes without anything to type, step or say, at the most
START = "00_start_here.ipynb"
LINE = "return W_next.T @ delta_next * slope"


class Newcomer:
    """Somebody who goes through the cells of a notebook from the top, and a clock that says when."""

    def __init__(self, notebook):
        self.notebook, self.page = notebook, notebook.page
        self.cells = notebook.cells()
        self.seconds = self.active = float(SET_UP)
        self.at, self.passive, self.reached = 0, 0.0, {}

    def takes(self, seconds, doing=False):
        """Let time pass; `doing` ends a passive stretch."""
        self.seconds += seconds
        if doing:
            self.passive = max(self.passive, self.seconds - seconds - self.active)
            self.active = self.seconds

    def read(self, until):
        """Read on, up to the code cell that holds this text, and give its place on the page."""
        while until not in (source := "".join(self.cells[self.at]["source"])):
            if self.cells[self.at]["cell_type"] == "markdown":
                self.read_words(source)
            self.at += 1
        return self.page.locator(f"{AREA} .jp-Cell").nth(self.at)

    def read_words(self, source):
        """Read prose: what is folded stays so, and shown code is looked at, a second a line."""
        seen = re.sub(r"(?s)<details>.*?</details>", "", source)
        code = "".join(re.findall(r"(?s)```.*?```", seen))
        seen = re.sub(r"(?s)```.*?```|\]\(.*?\)", " ", seen)
        speed = AMONG_EQUATIONS if "$" in seen else WORDS
        self.takes(len(re.findall(r"\w[\w']*", re.sub(r"(?s)\$+.*?\$+", " x ", seen))) / speed + code.count("\n"))

    def run(self, cell, thinking=0, typed=0):
        """Run a cell by Shift+Enter, after thinking and typing; wait until it has run, and measure that."""
        self.takes(CLICK + thinking + typed * KEY, doing=bool(typed))
        began, before = time.monotonic(), cell.locator(".jp-InputPrompt").inner_text()
        self.page.keyboard.press("Shift+Enter")
        expect(cell.locator(".jp-InputPrompt")).not_to_have_text(before)
        expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"))
        self.takes(time.monotonic() - began)
        return cell

    def click(self, cell):
        cell.locator(".cm-content").click()

    def type_over(self, cell, old, new):
        """Select a line of a cell and type another one."""
        cell.locator(".cm-line", has_text=old).click()
        self.page.keyboard.press("End")
        self.page.keyboard.press("Shift+Home")
        self.page.keyboard.type(new)

    def reach(self, what):
        self.reached[what] = self.seconds / 60


@pytest.fixture(scope="module")
def notebook(lab):
    """00 in a learner's fresh copy, not run."""
    with Notebook(lab, lab.folder / START) as notebook:
        yield notebook


def test_a_copy_arrives_without_answers(notebook):
    """No code cell has run, and none shows anything but a figure that the text reads."""
    code = [cell for cell in notebook.cells() if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] is None for cell in code)
    shown = [output for cell in code for output in cell["outputs"]]
    assert shown and all("figure" in cell["metadata"].get("tags", []) for cell in code if cell["outputs"])


@pytest.fixture
def one(notebook):
    return Newcomer(notebook)


def test_the_first_quarter_of_an_hour(one):
    a_line_trains_and_a_mistake_is_named(one)
    the_diagnostic_is_cold(one)
    the_pass_moves_by_the_key_that_is_named(one)
    it_is_said_aloud_and_a_follow_up_answered(one)
    tonights_list_leads_on(one)
    print("".join(f"\n  {what}: {minutes:.1f} min (at most {DUE[what]})" for what, minutes in one.reached.items()))
    print(f"  the longest stretch without anything to do: {one.passive / 60:.1f} min (at most {PASSIVE})")
    assert list(one.reached) == list(DUE)
    assert not {what: minutes for what, minutes in one.reached.items() if minutes > DUE[what]}
    assert one.passive / 60 <= PASSIVE


def shown(cell):
    return cell.locator(".jp-OutputArea").first


def a_line_trains_and_a_mistake_is_named(one):
    cell = one.read("images(")
    one.click(cell)
    one.run(cell)
    expect(cell.locator("img")).to_be_visible()
    cell = one.read("my_delta")
    one.type_over(cell, "return ...", LINE)
    one.run(cell, thinking=30, typed=len(LINE))
    expect(shown(cell)).to_contain_text("96% of new digits read right")
    expect(shown(cell)).to_contain_text("start.line: right")
    one.reach("a line of one's own trains")

    one.at += 1
    one.read("## Where to begin")
    one.type_over(cell, "return", LINE.replace(".T", ""))
    one.run(cell, thinking=5, typed=len(".T"))
    expect(shown(cell)).to_contain_text("One slip: W_next is not transposed.")
    one.takes(len(shown(cell).inner_text().split()) / WORDS)
    one.reach("a mistake is named")
    one.type_over(cell, "return", LINE)
    one.run(cell, typed=len(".T"))


def the_diagnostic_is_cold(one):
    """Two of the six lines are known. The twenty seconds of each hold the reading of it."""
    one.read_words("".join(one.cells[one.at]["source"]).partition("1. ")[0])
    one.at += 1
    cell = one.read("diagnostic(answers)")
    one.type_over(cell, "answers =", 'answers = {1: "(a - y) * slope * x", 3: "(up - down) / (2 * h)"}')
    one.run(cell, thinking=6 * 20, typed=40)
    expect(shown(cell)).to_contain_text("Start with notebook 02")


def the_pass_moves_by_the_key_that_is_named(one):
    """Right after Shift+Enter, in place, with the whole picture in view."""
    cell = one.read("ThereAndBack(")
    one.click(cell)
    one.run(cell)
    expect(cell.locator(".backprop-there-and-back .stage")).to_be_focused()
    track, read = cell.locator(".backprop-there-and-back input[type=range]"), 0
    for step in range(1, 17):
        one.page.keyboard.press("ArrowRight")
        expect(cell.locator(".backprop-there-and-back .count")).to_have_text(f"{step} of 16")
        read += len(cell.locator(".backprop-there-and-back .says").inner_text().split())
        if "dW[2]" in track.get_attribute("aria-valuetext"):
            break
    one.takes(read / WORDS, doing=True)
    expect(cell.locator(".backprop-there-and-back .stage svg")).to_be_in_viewport(ratio=1)


def it_is_said_aloud_and_a_follow_up_answered(one):
    """No microphone here, so the clock runs alone and says so; the recorder has tests of its own."""
    cell = one.read("aloud(")
    one.click(cell)
    one.run(cell)
    expect(cell.locator(".bp-start")).to_be_focused()
    one.page.keyboard.press("Enter")
    expect(cell.locator(".bp-start")).to_contain_text("Stop")
    one.page.keyboard.press("Enter")
    expect(cell.locator(".bp-start")).to_contain_text("Say it again")
    one.takes(60, doing=True)  # spoken
    one.takes(60)  # heard
    cell = one.read("start.direction")
    one.type_over(cell, "start.direction", 'check("start.direction", (3 * 64 * 64, 2 * 64**3 + 64 * 64))')
    one.run(cell, thinking=30, typed=30)
    expect(shown(cell)).to_contain_text("start.direction: right")
    one.reach("the follow-up is answered")


def tonights_list_leads_on(one):
    cell = one.read("tonight(minutes")
    one.click(cell)
    one.run(cell)
    link = cell.locator("ol a").first
    expect(link).to_contain_text("01 ·")
    one.reach("tonight's list")
    assert not one.notebook.failures()
    link.click()
    heading = one.page.locator(f"{AREA} h2", has_text="One neuron, forward")
    expect(heading).to_be_in_viewport()
    one.page.evaluate("window.jupyterapp.shell.currentWidget.close()")
