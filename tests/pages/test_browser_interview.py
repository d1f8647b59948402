"""A whole phone screen in a real JupyterLab, by keyboard alone, with the page reloaded in the middle."""

from pathlib import Path

import pytest
from interview_bank import struck_by
from jupyter_session import opened
from playwright.sync_api import expect

from backprop.interview import kept, report
from backprop.interview.beliefs import AT_ONCE
from backprop.interview.engine import LETTERS, replay
from backprop.practice import record

SCREENSHOTS = Path(__file__).parents[2] / "screenshots"
CELL = """import os
os.environ["BACKPROP_RECORD"] = "mock.sqlite3"

from backprop.interview import panel

mock = panel("phone screen", id="mock", seed=3)
mock"""

# Where the keyboard is, and what stands there.
ACTIVE = """() => {
    const active = document.activeElement, panel = document.querySelector('.backprop-interview');
    const description = document.getElementById(active.getAttribute('aria-describedby'));
    return {
        inside: !!panel && panel.contains(active),
        kind: active.type || active.tagName.toLowerCase(),
        label: active.labels?.[0]?.textContent || active.textContent,
        asked: description?.textContent ?? '',
        buttons: [...panel.querySelectorAll('button')].filter(b => b.offsetParent).map(b => b.textContent),
        text: panel.innerText,
        step: Math.max(...[...panel.querySelectorAll('[class*=bp-step-]')]
            .map(e => +/bp-step-(\\d+)/.exec(e.className)[1])),
    };
}"""


@pytest.fixture
def notebook(lab, monkeypatch):
    """A notebook with the panel; its record lies beside it, for the kernel and for what the test reads of it."""
    monkeypatch.setenv("BACKPROP_RECORD", str(lab.folder / "mock.sqlite3"))
    with opened(lab, "interview", CELL) as notebook:
        yield notebook


class Keys:
    """Somebody without a mouse: presses keys, and waits until the panel has moved on."""

    def __init__(self, page):
        self.page = page

    def now(self):
        return self.page.evaluate(ACTIVE)

    def settle(self, step):
        """Wait until the next screen stands and the focus is in it."""
        self.page.wait_for_function(
            """step => {
                const panel = document.querySelector('.backprop-interview');
                const place = [...panel.querySelectorAll('[class*=bp-step-]')]
                    .find(e => +/bp-step-(\\d+)/.exec(e.className)[1] > step);
                return place && place.contains(document.activeElement);
            }""",
            arg=step,
        )

    def go_on(self):
        """Ctrl+Enter, from wherever the focus is."""
        step = self.now()["step"]
        self.page.keyboard.press("Control+Enter")
        self.settle(step)

    def tab_to(self, description):
        """Tab until a button, and press it."""
        step = self.now()["step"]
        for _ in range(12):
            self.page.keyboard.press("Tab")
            if self.now()["label"] == description:
                break
        assert self.now()["label"] == description
        self.page.keyboard.press("Enter")
        self.settle(step)

    def answer(self):
        """One step of the interview, as its screen wants it."""
        now = self.now()
        assert now["inside"], "the focus has left the panel"
        assert now["asked"], f"nothing says aloud what the {now['kind']} is for"
        buttons, keyboard = now["buttons"], self.page.keyboard
        if "Hand in my notes" in buttons:
            keyboard.type("The chain rule from the loss backward, dd, with stored activations.")
            self.go_on()
        elif {"Next question", "To the end"} & {*buttons}:
            keyboard.press("Space")
            self.go_on()
        elif "That's my judgment" in buttons:
            keyboard.type("b")  # a letter of those that are wrong
            self.go_on()
        elif "I think so" in buttons and now["kind"] == "radio":
            keyboard.press("Space")
            self.go_on()
        elif "I think so" in buttons or "Reply" in buttons:
            self.tab_to("I don't know")
        else:
            self.rate()

    def rate(self):
        """Choose a level of each axis, by Space and the arrows."""
        for _ in range(12):
            now = self.now()
            if now["kind"] == "radio" and now["label"] != "yourself":
                self.page.keyboard.press("Space")
                self.page.keyboard.press("ArrowDown")
            if now["label"] == "To the report":
                break
            self.page.keyboard.press("Tab")
        assert self.now()["label"] == "To the report"
        step = self.now()["step"]
        self.page.keyboard.press("Enter")
        self.settle(step)


ALONE = CELL.replace(
    '"phone screen", id="mock", seed=3', '"own choice", id="alone", questions=["depth.vanishing"], seed=3'
)
MOST_SCREENS, MOST_KEYS = 6, 15  # of an answer without a miss; what is typed into a line isn't counted


@pytest.fixture
def alone(lab, monkeypatch):
    monkeypatch.setenv("BACKPROP_RECORD", str(lab.folder / "alone.sqlite3"))
    with opened(lab, "alone", ALONE.replace("mock.sqlite3", "alone.sqlite3")) as notebook:
        yield notebook


class Good(Keys):
    """Somebody who knows it all, and counts the keys."""

    def __init__(self, page):
        super().__init__(page)
        self.keys = self.screens = 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
        self.keys += len(keys)

    def go_on(self):
        super().go_on()
        self.keys += 1

    @property
    def turn(self):
        query = "select cast(event as text) from event where interview = 'alone.1' order by n"
        return replay([kept.read(text) for (text,) in record.rows(query)]).turn

    def answer(self):
        turn, type_in = self.turn, self.page.keyboard.type
        if turn.phase == "asked":
            type_in(turn.q.answer.strip().replace("\n", " "))
        elif turn.phase == "probe" and turn.current.probe.kind == "choice":
            self.press("Space", *["ArrowDown"] * turn.current.probe.options.index(turn.current.probe.right))
        elif turn.phase == "probe":
            type_in(turn.current.probe.right)
        elif turn.phase == "statements":
            type_in(wrong_ones(turn))
        elif turn.phase == "follow-up":
            type_in("It holds, and here is why.")
            if turn.standing:
                self.press("Tab")
                type_in(wrong_ones(turn))
        else:
            if any(one.to_judge for one in turn.pressed):
                self.press("Space", "Tab")
            type_in("all")
        self.screens += 1
        self.go_on()


def wrong_ones(turn):
    """The letters of the statements that stand and are wrong."""
    wrong = struck_by(turn)
    return "".join(letter for letter, id in zip(LETTERS, turn.standing) if id in wrong)


def test_an_answer_without_a_miss_takes_few_screens_and_keys(alone):
    good = Good(alone.page)
    alone.page.locator(".backprop-interview select").first.focus()
    good.tab_to("Begin")
    while "Over the whole interview" not in good.now()["text"]:
        good.answer()
    assert good.screens <= MOST_SCREENS and good.keys <= MOST_KEYS, (good.screens, good.keys)
    done = good.turn
    assert done.told > AT_ONCE and not done.told_wrongly and all(passed for _, passed, _ in done.probes.values())
    assert {*done.claimed} == {p.id for p in done.q.points} and not any(one.proven is False for one in done.pressed)


def seconds(page):
    """What is left on the timer."""
    minutes, seconds = page.locator(".bp-time").inner_text().split()[0].split(":")
    return int(minutes) * 60 + int(seconds)


def test_a_phone_screen_by_keyboard_with_a_reload_in_the_middle(notebook):
    page, keys = notebook.page, Keys(notebook.page)
    page.locator(".backprop-interview select").first.focus()
    keys.tab_to("Begin")
    steps = 0
    while "Question 2 of" not in keys.now()["text"]:
        keys.answer()
        steps += 1
    assert steps > 4 and "Hand in my notes" in keys.now()["buttons"]

    page.keyboard.type("half an answer")
    notebook.answered()  # the kernel has what was typed
    page.keyboard.press("Escape")
    page.evaluate("window.jupyterapp.shell.currentWidget.context.save()")
    left = seconds(page)
    page.reload()
    notebook.lab.restored()
    notebook.open()
    notebook.run()  # as notebook 10 says: "run the cell again and go on"
    expect(page.locator(".backprop-interview")).to_contain_text("Question 2 of")
    expect(page.locator(".backprop-interview textarea")).to_have_value("half an answer")
    assert 0 <= left - seconds(page) < 60, "the timer went on, by the kernel's clock"

    page.locator(".backprop-interview textarea").focus()
    while "Three things for tonight" not in (now := keys.now())["text"]:
        if not now["asked"]:  # the first step after the reload: nobody has moved the focus there
            keys.go_on()
        else:
            keys.answer()
    text = keys.now()["text"]
    assert "Three things for tonight" in text and "Four axes, by topic" in text
    assert notebook.photograph(SCREENSHOTS, "light") and notebook.photograph(SCREENSHOTS, "dark")
    kept = report("mock.1").data
    assert len(kept["turns"]) >= 4 and all(turn["done"] for turn in kept["turns"])
    assert "dd" in kept["turns"][0]["notes"] and kept["turns"][1]["notes"].startswith("half an answer")
    assert len(notebook.cells()) == 1  # no shortcut of the notebook got at the cell
    assert not notebook.complaints()


def test_on_a_phone_nothing_is_squeezed_or_cut_off(notebook):
    panel = notebook.page.locator(".backprop-interview")
    panel.evaluate("panel => { panel.style.width = '300px' }")
    cut_off = """panel => [...panel.querySelectorAll(':is(input, select, button, .bp-head, .bp-watch)')].filter(one =>
        one.getBoundingClientRect().right > panel.getBoundingClientRect().right).map(one => one.outerHTML)"""
    assert panel.evaluate(cut_off) == []
    panel.get_by_role("button", name="Begin").click()
    expect(panel.locator(".bp-head")).to_contain_text("Question 1 of")
    assert panel.evaluate(cut_off) == [] and panel.locator(".bp-head").bounding_box()["width"] > 150
