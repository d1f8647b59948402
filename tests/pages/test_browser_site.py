"""The site, built once without a network and opened from its folder, as on a phone.

python -m pytest tests/pages/test_browser_site.py -n 0
"""

import os
import subprocess
import sys
from contextlib import contextmanager
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from backprop import site
from backprop.course import Problem, source_folder
from backprop.interview import bank

PHONE = {"width": 390, "height": 844}
DRAWN = "async () => { await window.MathJax?.startup?.promise }"
LOOKS = """() => ({
    sideways: document.documentElement.scrollWidth - innerWidth,
    wrong: [...document.querySelectorAll('mjx-merror, [data-mml-node=merror]')].map(one => one.textContent),
    raw: [...document.querySelectorAll('article :is(p, li, td, th)')].map(one => {
        const copy = one.cloneNode(true);
        copy.querySelectorAll('code, pre, mjx-container').forEach(inner => inner.remove());
        return copy.textContent.match(/.{0,20}[$].{0,20}|\\\\[a-z]{3}.{0,20}/)?.[0];
    }).filter(text => text),
    unfolded: document.querySelectorAll('article details[open]').length,
})"""
CUT = """async () => { // with everything unfolded
    document.querySelectorAll('article details').forEach(one => (one.open = true));
    for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame);
    return [...document.querySelectorAll('article :is(mjx-container, table, pre, img, iframe, code)')].filter(one => {
        const scrolls = box => ['auto', 'scroll'].includes(getComputedStyle(box).overflowX);
        for (let box = one; !box.matches('article'); box = box.parentElement) if (scrolls(box)) one = box;
        return one.getBoundingClientRect().right > innerWidth + 1;
    }).map(one => one.outerHTML.slice(0, 200));
}"""
DARK = "getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g)[0] < 100"


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """The folder of the site, built by the command: nothing was warned of, and it took no longer than it may."""
    folder, began = tmp_path_factory.mktemp("site").resolve(), sum(os.times()[2:4])
    ran = subprocess.run([sys.executable, "-m", "backprop.site", folder], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "") and "0 warnings" in ran.stdout
    assert sum(os.times()[2:4]) - began <= 30  # seconds of a processor, however busy it is with other things
    return folder


class Page(HTMLParser):
    """What leads out of a page, and where one can be led to in it."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.links = set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.ids.add(named.get("id"))
        self.links += [named[name] for name in ("href", "src") if named.get(name)]


def dead(pages):
    """The links that lead nowhere, in {path: Page}, and how many have a fragment."""
    wrong, fragments = [], 0
    for path, page in pages.items():
        for to in page.links:
            there = urlsplit(to)
            if there.scheme:
                continue
            target = (path.parent / unquote(there.path)).resolve() if there.path else path
            fragment = unquote(there.fragment)
            fragments += bool(fragment)
            if not target.exists() or (fragment and target in pages and fragment not in pages[target].ids):
                wrong.append(f"{path.name}: {to}")
    return wrong, fragments


def read(out):
    return {path.resolve(): Page(path) for path in out.rglob("*.html")}


@contextmanager
def opened(browser, path, **options):
    """A page from its file; in the end it has asked for nothing but files of the site, and nothing went wrong."""
    with browser.new_context(**{"viewport": PHONE, "reduced_motion": "reduce", **options}) as context:
        page, elsewhere, errors = context.new_page(), [], []
        page.on("request", lambda request: elsewhere.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(path.as_uri())
        page.evaluate(DRAWN)
        yield page
        assert errors == [] and [url for url in elsewhere if not url.startswith(("file:", "data:", "blob:"))] == []


def test_it_is_small_and_holds_everything(out):
    assert sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) <= 12e6
    made = {path.relative_to(out).with_suffix("").as_posix() for path in out.rglob("*.html")}
    notebooks = {path.stem for path in source_folder().glob("*.ipynb")}
    partner = {f"partner/{path.stem}" for path in (source_folder() / "partner").glob("*.md")}
    assert notebooks | partner | {"index", "questions", "contributing", "cheat_sheet", "search"} <= made
    framed = {path.stem[:2] for path in out.glob("*.html") if "<iframe" in path.read_text(encoding="utf-8")}
    assert framed == {"00", "01", "02", "05", "06", "in"}  # where notebooks show explorers, and on the first page
    assert len([name for name in made if name.startswith("explorers/")]) == 5
    assert (out / "flashcards.txt").read_text(encoding="utf-8").startswith("#separator:tab")
    questions = (out / "questions.html").read_text(encoding="utf-8")
    assert questions.count("<details>") == len(bank.questions()) and "&lt;&lt;" not in questions


def test_no_link_is_dead(out):
    pages = read(out)
    wrong, fragments = dead(pages)
    assert wrong == [] and fragments > 1000
    assert not [to for page in pages.values() for to in page.links if to.endswith(".ipynb")]
    assert "B2:-one-layer-down" in pages[out / "02_delta_recurrence.html"].ids  # JupyterLab's own fragments lead there
    pages[out / "02_delta_recurrence.html"].ids.discard("b2-one-layer-down")
    assert len(dead(pages)[0]) > 5  # what is gone is seen


def test_every_page_fits_a_phone_and_draws_its_formulas(browser, out):
    formulas, wrong = 0, {}
    with opened(browser, out / "index.html") as page:
        for path in sorted(path for path in out.rglob("*.html") if "explorers" not in path.parts):
            page.goto(path.as_uri())
            page.evaluate(DRAWN)
            seen = page.evaluate(LOOKS) | {"cut": page.evaluate(CUT)}
            formulas += page.locator("mjx-container").count()
            if seen.pop("sideways") > 0 or any(seen.values()):
                wrong[path.name] = seen
    assert wrong == {} and formulas > 2000


@pytest.mark.parametrize(
    "name, scheme",
    [("index", "dark"), ("cheat_sheet", "light"), ("04b_columns_and_rows", "light"), ("08_find_the_bug", "dark")],
)
def test_no_serious_barrier_in_light_and_dark(browser, out, name, scheme):
    with opened(browser, out / f"{name}.html", color_scheme=scheme) as page:
        assert name == "cheat_sheet" or page.evaluate(DARK) == (scheme == "dark")
        found = [one for one in Axe().run(page).response["violations"] if one["impact"] in ("serious", "critical")]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_explorers_play_where_the_notebook_shows_them(browser, out):
    with opened(browser, out / "06_update_rules.html") as page:
        frame = page.locator("iframe.explorer")
        frame.scroll_into_view_if_needed()
        inside = page.frame_locator("iframe.explorer")
        inside.get_by_role("button", name="One step on").click()
        expect(inside.locator(".step")).to_have_text("step 1")
        whole = "one => one.clientHeight >= 700 && one.clientHeight"
        assert page.wait_for_function(whole, arg=frame.element_handle()).json_value() < 1600
        assert inside.locator("html").evaluate("one => one.scrollHeight - innerHeight") <= 1
        page.evaluate("document.body.dataset.theme = 'dark'")
        expect(inside.locator("html")).to_have_css("color-scheme", "dark")


def test_from_an_explorer_it_is_one_tap_to_reading_and_to_running(browser, out):
    with opened(browser, out / "explorers" / "00-the-pass-there-and-back.html", has_touch=True) as page:
        page.get_by_text("Read the notebook").tap()
        expect(page.get_by_role("heading", level=1)).to_contain_text("00 · Start here")
        page.go_back()
        page.get_by_text("Run it").tap()
        expect(page.get_by_role("heading", name="Set up")).to_be_in_viewport()
        expect(page.locator("article")).to_contain_text("python3 -m venv .venv")


def test_a_word_is_found(browser, out):
    with opened(browser, out / "search.html") as page:
        page.goto(f"{(out / 'search.html').as_uri()}?q=transposed")
        expect(page.locator("#search-results li").first).to_be_visible()
        expect(page.locator("#search-results li a", has_text="08 · Find the bug").first).to_be_visible()


def test_a_formula_script_that_nobody_looked_at_is_refused(monkeypatch):
    monkeypatch.setattr(site, "SHA256", "0" * 64)
    with pytest.raises(Problem, match=r"tex-svg\.js of sphinx-mathjax-offline is another file"):
        site.mathjax()
