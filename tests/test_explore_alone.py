"""An explorer as a page of one file: what lies in it. How it plays is seen in tests/pages/test_browser_alone.py."""

import base64
import io
import json
import re

import pytest
from matplotlib.image import imread

from backprop.explore import GradientFlow, OneNeuron, RuleRace, ThereAndBack
from backprop.explore.alone import STILLS, differences
from backprop.explore.written import brief

EXPLORERS = [ThereAndBack, RuleRace, OneNeuron, GradientFlow]


@pytest.fixture(params=EXPLORERS, ids=lambda kind: kind.__name__)
def made(request):
    return request.param()


@pytest.fixture(params=EXPLORERS, ids=lambda kind: kind.__name__)
def page(request, tmp_path):
    """The text of the file that an explorer is saved as."""
    path = tmp_path / "pass.html"
    request.param().save(path)
    return path.read_text(encoding="utf-8")


def test_a_page_asks_for_nothing_and_is_the_same_each_time(page, tmp_path):
    assert not re.search(r"""(src|href)=["'](?!data:,)|url\(|@import|\bimport\s*[("']""", page)
    assert "https:" not in page and page.count("http:") == page.count("http://www.w3.org/2000/svg")
    assert page.count("const widget = {") == 1 and "export default" not in page


def test_saving_changes_nothing(tmp_path):
    explorer = ThereAndBack([2, 3, 2])
    before = explorer._state()
    explorer.save(tmp_path / "once.html")
    explorer.save(str(tmp_path / "twice.html"))
    assert explorer._state() == before
    assert (tmp_path / "once.html").read_bytes() == (tmp_path / "twice.html").read_bytes()


def test_nothing_that_was_typed_ends_the_data(tmp_path):
    explorer = ThereAndBack([2, 3, 2])
    explorer.inputs = "</script><script>alert(1)</script>"  # refused, and quoted in the complaint
    assert "<script>alert" in explorer.complaint
    assert "<script>alert" not in explorer.page()
    data = re.search(r'id="wide">(.*?)</script>', explorer.page())[1]
    assert json.loads(data)["complaint"] == explorer.complaint


def put_in(old, new):
    """What alone.js does with `differences`."""
    if not isinstance(new, dict):
        return new
    both = dict(enumerate(old)) if isinstance(old, list) else dict(old)
    for name, value in new.items():
        both[name] = put_in(both[name], value)
    return list(both.values()) if isinstance(old, list) else both


def test_the_narrow_page_is_the_wide_one_with_other_drawings():
    wide, narrow, frames = ThereAndBack([2, 3, 3, 2], samples=2)._states()
    small = differences(wide, narrow)
    assert frames is None and put_in(wide, small) == narrow
    assert small.keys() == {"opening", "frames"} and small["opening"].keys() == {"network", "frame"}
    assert all(step.keys() == {"sheet"} for step in small["frames"]["steps"].values())
    assert len(json.dumps(small)) < 0.7 * len(json.dumps(narrow))


def test_where_notebooks_are_stored_an_explorer_is_a_picture_and_its_words(made, monkeypatch):
    """Elsewhere nothing is drawn that nobody sees: a picture takes longer than the explorer."""
    monkeypatch.delenv(STILLS, raising=False)
    monkeypatch.setattr(type(made), "still", lambda self: pytest.fail("drawn in vain"))
    data, metadata = made._repr_mimebundle_()
    assert set(data) == {"text/plain", "application/vnd.jupyter.widget-view+json"} and metadata == {}
    monkeypatch.undo()
    monkeypatch.setenv(STILLS, "1")
    data, metadata = made._repr_mimebundle_()
    picture = imread(io.BytesIO(base64.b64decode(data["image/png"])))
    width, height = metadata["image/png"]["width"], metadata["image/png"]["height"]
    assert abs(picture.shape[1] - 2 * width) <= 2 and abs(picture.shape[0] - 2 * height) <= 2
    assert data["text/plain"] == repr(made) and picture[..., 3].max() > 0.5


def test_the_still_of_a_pass_holds_its_numbers():
    explorer = ThereAndBack([2, 3, 1], hidden="sigmoid", loss="bce", inputs="0.5 -1")
    shown = [part.get_text() for part in explorer.still().canvas.axes[0].texts]
    for a in explorer.run.trace.a:
        assert all(brief(value) in shown for value in a[:, 0])
    for delta in explorer.run.grads.delta[1:]:
        assert all(brief(value) in shown for value in delta[:, 0])
