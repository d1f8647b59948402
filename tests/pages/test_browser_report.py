"""The report of an interview in a real JupyterLab: where it opens, how it is read, and where its links lead."""

from urllib.parse import unquote

from jupyter_session import opened
from playwright.sync_api import expect

INTERVIEW = """\
import os
os.environ["BACKPROP_RECORD"] = "report.sqlite3"
from backprop.interview import Interview, panel
for n in range(2):
    it = Interview("own choice", questions=["activations.compare"], id=f"mock.{n}", at=1000.0 + n)
    it.answer("slopes, and <b>dead</b> neurons", at=1060.0 + n)
    it.probe("1/12" if n == 0 else "1/64", sure="sure", at=1080.0 + n)
    while it.state.phase != "claims":
        reply = {"stands": False if it.state.turn.misjudges else None, "at": 1100.0 + n}
        it.reply("its derivative", **reply) if it.state.phase == "follow-up" else it.pass_on(at=1110.0 + n)
    it.claim("slopes", "relu-price", at=1115.0 + n)
    it.rate(rationale=2, communication=3, at=1120.0 + n)
panel(id="mock")
"""
HEADING = ".backprop-report h1"
SHOWN = """([file, section]) => {
    const front = window.jupyterapp.shell.currentWidget;
    const named = [...front.node.querySelectorAll(':is(h1, h2, h3)')];
    const found = named.find(it => [it.id, it.dataset.jupyterId].includes(section))?.getBoundingClientRect();
    return front.context?.path === file && found && found.top >= 0 && found.top < innerHeight;
}"""
BROKEN = """() => [...document.querySelectorAll('.backprop-report :is(th, td)')].filter(cell => {
    const range = document.createRange();
    for (const node of cell.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE) continue;
        for (const word of node.data.matchAll(/\\S+/g)) {
            range.setStart(node, word.index);
            range.setEnd(node, word.index + word[0].length);
            if (range.getClientRects().length > 1) return true;
        }
    }
    return cell.scrollWidth > cell.clientWidth + 1;
}).map(cell => cell.innerText)"""


AT_THE_TOP = """heading => {
    const rooms = [...document.querySelectorAll(".jp-WindowedPanel-outer")].filter(one => one.offsetParent)
    const room = rooms[0].getBoundingClientRect(), top = document.querySelector(heading).getBoundingClientRect().y
    return room.y <= top && top < room.y + room.height / 3
}"""


def test_a_report_opens_at_its_top_and_its_links_at_their_sections(lab):
    with opened(lab, "report", INTERVIEW) as notebook:
        page = notebook.page
        page.get_by_role("button", name="Show the last report").click()
        page.wait_for_function(f"document.activeElement?.matches('{HEADING}')")
        page.wait_for_function(AT_THE_TOP, arg=HEADING)
        expect(page.locator(".backprop-report svg")).to_be_visible()
        for width in (1366, 420):
            page.locator(".backprop-interview").evaluate(
                "(panel, width) => { panel.style.width = `${width}px` }", width
            )
            assert page.evaluate(BROKEN) == []
            report = page.locator(".backprop-report")
            assert report.evaluate("it => it.scrollWidth <= it.clientWidth + 1")
        link = page.locator(".backprop-report a[href*='#']").first
        file, section = unquote(link.get_attribute("href")).rpartition("/")[2].replace("?", "#").split("#")[::2]
        link.click()
        page.wait_for_function(SHOWN, arg=[file, section])
    assert not lab.complaints()
