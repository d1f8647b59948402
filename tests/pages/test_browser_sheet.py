"""The cheat sheet on paper: one sheet, whose letters can be read, as a browser prints it."""

import contextlib
import io
import re

import pytest
from test_cheat_sheet import Course, cells

SMALLEST = 7.5  # pt on paper
PAPER = {"A4": (210, 297), "Letter": (216, 279)}  # mm
MARGIN = 8
BIG = 1.01  # a font that runs larger than ours by a hundredth still fits


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The file that the notebook writes when asked to."""
    folder = tmp_path_factory.mktemp("sheet")
    with contextlib.redirect_stdout(io.StringIO()):
        Course(folder).names["write"](folder / "cheat_sheet.html")
    return folder / "cheat_sheet.html"


@pytest.fixture
def sheet(browser, written):
    """That file in a browser, as it will be on paper."""
    page, requests = browser.new_page(), []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(written.as_uri())
    page.emulate_media(media="print")
    yield page
    page.close()
    assert requests == [written.as_uri()]


def sheets_of_paper(page, **options):
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(**options)))


@pytest.mark.parametrize("paper", PAPER)
def test_the_page_takes_one_sheet_of_paper(sheet, paper):
    assert sheets_of_paper(sheet, format=paper) == 1
    assert sheets_of_paper(sheet, format=paper, scale=BIG) == 1
    sheet.evaluate("document.body.append(...[...document.body.children].map(child => child.cloneNode(true)))")
    assert sheets_of_paper(sheet, format=paper) > 1


@pytest.mark.parametrize("paper", PAPER)
def test_the_page_can_be_read_on_paper(sheet, paper):
    """No letter is too small, no line runs out of its column, and nothing stands on something else."""
    width, height = (round((side - 2 * MARGIN) / 25.4 * 96) for side in PAPER[paper])
    sheet.set_viewport_size({"width": width, "height": height})
    assert f"margin: {MARGIN}mm" in sheet.content()
    assert sheet.evaluate(SIZES) >= SMALLEST - 0.01
    assert sheet.evaluate(OUTSIDE) == []
    assert sheet.evaluate("document.querySelectorAll('td:first-child').length") == len(
        re.findall(r"(?m)^\| S\d+ \|", "\n".join(cells("markdown")))
    )


SIZES = """Math.min(...[...document.querySelectorAll('body *')].filter(node => node.textContent.trim())
    .map(node => parseFloat(getComputedStyle(node).fontSize) * 0.75))"""
OUTSIDE = """(() => {
    const page = document.documentElement.clientWidth, out = [];
    document.querySelectorAll('table').forEach(table => {
        const wide = getComputedStyle(table).columnSpan === 'all';
        const end = wide || table.getBoundingClientRect().left > page / 2 ? page : page / 2;
        table.querySelectorAll('td, th, code').forEach(node => {
            const own = node.getBoundingClientRect(), cell = node.closest('td, th').getBoundingClientRect();
            if (own.right > end + 1 || own.right > cell.right + 1 || node.scrollWidth > node.clientWidth + 1
                && getComputedStyle(node).display !== 'inline') out.push(node.textContent);
        });
    });
    return out;
})()"""
