"""A bare round in a real JupyterLab: the prompt comes with the clock, code is typed, and slips are told in the debrief.

python -m pytest tests/pages/test_browser_bare.py -n 0
"""

import pytest
from bare_answers import source
from jupyter_session import AREA, opened
from playwright.sync_api import expect

from backprop.practice import bare

CELLS = ["from backprop.practice import live\n\npad = live.bare(seed=2)\npad", "# yours", "# at the end"]
JUDGE = "pad.judge(init, loss, backward, gradient_check, predict, params)"
TRAINING = """
X, y, X_new, y_new = pad.data
params, rng = init(64, 32, 10, np.random.default_rng(0)), np.random.default_rng(1)
for _ in range(600):
    some = rng.choice(len(y), 64)
    for name, g in backward(params, X[some], y[some], 0.1).items():
        params[name] -= 0.3 * g
"""
SLIPS = [  # an edit of a right answer, and the words that lead to it
    (
        "log_p = S - np.log(np.exp(S).sum(axis=1, keepdims=True))",
        "log_p = np.log(np.exp(S) / np.exp(S).sum(axis=1, keepdims=True) + 1e-12)",
        "is p clipped, or something added inside the log?",
    ),
    ("(Z1 > 0)", "A1", "In W1 and b1: the activation's value is multiplied in, where its slope is meant."),
    ('g["b2"] = d2.sum(axis=0)', 'g["b2"] = d2.mean(axis=0)', "In b2: 1/B is in it twice."),
    ("for i in np.ndindex(a.shape):", "for i in [(0,) * a.ndim]:", "Every entry of every parameter has to be moved."),
]


@pytest.fixture(scope="module")
def notebook(lab):
    with opened(lab, "bare", *CELLS) as notebook:
        yield notebook


def cell(notebook, nth):
    return notebook.page.locator(f"{AREA} .jp-CodeCell").nth(nth)


def typed(notebook, nth, text):
    """Write over a cell, and run it."""
    cell(notebook, nth).locator(".cm-content").click()
    notebook.page.keyboard.press("ControlOrMeta+a")
    notebook.page.keyboard.insert_text(text)
    notebook.page.keyboard.press("ControlOrMeta+Enter")
    notebook.answered()


def slipped():
    text = source(bare.spec(2))
    for right, wrong, _ in SLIPS:
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    return text


def test_a_round_with_four_slips_is_told_each_of_them(notebook):
    pad = cell(notebook, 0).locator(".bp-pad")
    expect(pad.locator(".bp-prompt")).to_be_empty()
    pad.get_by_role("button", name="Start").press("Enter")
    expect(pad.locator(".bp-prompt")).to_contain_text("a softmax, and cross-entropy with integer labels")
    expect(pad.locator(".bp-time")).to_contain_text("19:5")
    expect(pad.locator(".bp-twist")).to_be_empty()
    typed(notebook, 1, slipped() + TRAINING)
    typed(notebook, 2, JUDGE)
    said = cell(notebook, 2).locator(".jp-OutputArea-output")
    for words in (*(words for _, _, words in SLIPS), "loss", "backward", "gradient check", "prediction"):
        expect(said).to_contain_text(words)
    expect(pad.locator(".bp-note")).to_contain_text("You took 0:")
    assert not notebook.complaints()


def test_the_twist_comes_halfway_and_a_clock_stays_in_the_corner(notebook):
    page = notebook.page
    typed(notebook, 0, "import time\npad = live.bare(seed=4)\npad")
    pad = cell(notebook, 0).locator(".bp-pad")
    pad.get_by_role("button", name="Start").click()
    typed(notebook, 2, "pad.began -= 1000 * (pad.limit / 2 - 2)")  # as if nearly half of the time had gone
    expect(pad.locator(".bp-twist")).to_contain_text("Now put in a second hidden layer")
    typed(notebook, 1, "\n" * 80 + "# far below")
    page.evaluate("document.querySelectorAll('.jp-CodeCell')[2].scrollIntoView({block: 'end'})")
    cell(notebook, 2).scroll_into_view_if_needed()
    corner = page.locator(".bp-pad-corner").last
    expect(corner).to_be_visible()
    expect(corner).to_contain_text("the twist is there")
    typed(notebook, 2, "pad.stop()")
    expect(corner).to_be_hidden()
    assert not notebook.complaints()
