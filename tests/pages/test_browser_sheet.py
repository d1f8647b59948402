"""The cheat sheet on paper: one sheet, whose letters can be read, as a browser prints it."""

import re

import pytest

from backprop import sheet
from backprop.explore import layer_pass

SMALLEST = 7.1  # pt on paper
PAPER = {"A4": (210, 297), "Letter": (216, 279)}  # mm
MARGIN = 7
PICTURE = layer_pass().canvas
BIG = 1.01  # a font that runs larger than ours by a hundredth still fits


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The file that the notebook writes when asked to."""
    path = tmp_path_factory.mktemp("sheet") / "cheat_sheet.html"
    path.write_text(sheet.html(), encoding="utf-8")
    return path


@pytest.fixture
def paper_page(browser, written):
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
def test_the_page_takes_one_sheet_of_paper(paper_page, paper):
    assert sheets_of_paper(paper_page, format=paper) == 1
    assert sheets_of_paper(paper_page, format=paper, scale=BIG) == 1
    paper_page.evaluate(
        "document.querySelector('main').append(...document.querySelector('main').cloneNode(true).children)"
    )
    assert sheets_of_paper(paper_page, format=paper) > 1


@pytest.mark.parametrize("paper", PAPER)
def test_the_page_can_be_read_on_paper(paper_page, paper):
    """No letter is too small, nothing runs out of its column or off the sheet, and nothing stands on something else."""
    width, height = (round((side - 2 * MARGIN) / 25.4 * 96) for side in PAPER[paper])
    paper_page.set_viewport_size({"width": width, "height": height})
    assert f"margin: {MARGIN}mm" in paper_page.content()
    assert paper_page.evaluate(SIZES) >= SMALLEST - 0.01
    smallest = min(text.get_fontsize() for text in PICTURE.axes[0].texts)
    width = paper_page.evaluate("document.querySelector('svg').getBoundingClientRect().width") / 96
    assert smallest * width / PICTURE.get_size_inches()[0] >= 6.5
    assert paper_page.evaluate(OUTSIDE) == []
    assert paper_page.evaluate(OVER) == []
    assert paper_page.evaluate("document.documentElement.scrollHeight") <= height + 1
    shown = paper_page.evaluate(
        "[...document.querySelectorAll('td:nth-child(2)')].filter(td => td.offsetHeight).length"
    )
    assert shown == len(sheet.lines())


SIZES = """Math.min(...[...document.querySelectorAll('body *')].filter(node => node.textContent.trim())
    .map(node => parseFloat(getComputedStyle(node).fontSize) * 0.75))"""
OUTSIDE = """(() => {
    const out = [], body = document.body.getBoundingClientRect(), main = document.querySelector('main');
    const wide = main.getBoundingClientRect(), column = (wide.width - parseFloat(getComputedStyle(main).columnGap)) / 2;
    document.querySelectorAll('td, th, h3, p').forEach(node => {
        if (!node.offsetHeight || !node.textContent.trim()) return;
        const place = node.getBoundingClientRect(), range = document.createRange();
        range.selectNodeContents(node);
        const own = range.getBoundingClientRect(), inMain = main.contains(node);
        const left = inMain && place.left > wide.left + column ? wide.right - column : body.left;
        const beside = node.closest('header div');
        const right = inMain ? left + column : (beside || document.body).getBoundingClientRect().right;
        if (own.right > right + 1 || own.left < left - 1 || own.right > place.right + 1) out.push(node.textContent);
    });
    return out;
})()"""
OVER = """(() => {
    const boxes = [...document.querySelectorAll('h3, tr, header p, svg')].filter(node => node.offsetHeight !== 0)
        .map(node => [node.getBoundingClientRect(), node.tagName === 'svg' ? 'the picture' : node.textContent])
        .filter(([box]) => box.height);
    const meet = (a, b, low, high) => a[low] < b[high] - 1 && b[low] < a[high] - 1;
    const over = (a, b) => meet(a, b, 'left', 'right') && meet(a, b, 'top', 'bottom');
    return boxes.flatMap(([a, one], i) => boxes.slice(i + 1).filter(([b]) => over(a, b))
        .map(([, other]) => `${one} stands on ${other}`));
})()"""
