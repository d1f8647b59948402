"""The command that stores notebooks: what it keeps, what it brings up to date, and what it says."""

import base64
import json
import os
import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from backprop import clock, store
from backprop.course import Problem
from backprop.interview import bank
from backprop.practice import bank as practice

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.fixture
def clone(tmp_path):
    """A copy of what the command reads and writes."""
    shutil.copytree(FOLDER, tmp_path / "notebooks")
    shutil.copy(ROOT / "README.md", tmp_path)
    (tmp_path / ".github").mkdir()
    for picture in (ROOT / ".github").glob("*.svg"):
        shutil.copy(picture, tmp_path / ".github")
    return tmp_path


def contents(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def edit(path, change):
    """Change a notebook by a function, or a text by a pair (old, new), where old may be a pattern."""
    if callable(change):
        nb = nbformat.read(path, 4)
        change(nb)
        nbformat.write(nb, path)
        return
    text, (old, new) = path.read_text(encoding="utf-8"), change
    changed = text.replace(old, new, 1) if isinstance(old, str) else old.sub(new, text, count=1)
    assert changed != text
    path.write_bytes(changed.encode())


# ---- what the course holds is what would be stored ----


def test_all_that_follows_is_up_to_date(capsys):
    """If it isn't: python -m backprop.store, with the numbers of the notebooks that you changed."""
    assert store.main(["--check"]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_picture_names_its_maker(path):
    """Else the next release of Matplotlib would change every stored picture."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    pictures = [base64.b64decode("".join(data["image/png"])) for data in outputs if "image/png" in data]
    assert not [picture[:100] for picture in pictures if b"Software" in picture or b"atplotlib" in picture]


# ---- a notebook ----


def noisy():
    """A notebook as JupyterLab saves it: times, versions, a widget's view, and what was printed in two pieces."""
    printed = [new_output("stream", name="stdout", text=text) for text in ("one\n", "two\n")]
    slider = {"text/plain": "a slider", store.WIDGET: {"model_id": "1"}}
    shown = new_output("display_data", slider, metadata={"user": 1})
    picture = new_output("display_data", {"image/png": "eA=="}, metadata={"image/png": {"width": 1}, "tool": "x"})
    warned = new_output("stream", name="stderr", text="careful\n")
    code = new_code_cell("1", id="a", execution_count=1, outputs=[*printed, shown, picture, warned])
    code.metadata = {"tags": ["figure"], "execution": {"iopub.status.idle": "2026-01-01"}, "trusted": True}
    told = {
        "kernelspec": {"name": "my-venv", "display_name": "mine"},
        "language_info": {"name": "python", "version": "3.11.2"},
    }
    return new_notebook(cells=[new_markdown_cell("# Title", id="b"), code], metadata={**told, "widgets": {}})


def test_tidying_keeps_what_the_course_keeps():
    nb = nbformat.from_dict(noisy())
    store.tidy(nb)
    assert nb.metadata == store.METADATA and nb.cells[1].metadata == {"tags": ["figure"]}
    printed, shown, picture, warned = nb.cells[1].outputs
    assert printed.text == "one\ntwo\n" and warned.text == "careful\n"
    assert shown.data == {"text/plain": "a slider"} and shown.metadata == {}
    assert picture.data == {"image/png": "eA=="} and picture.metadata == {"image/png": {"width": 1}}
    tidied = store.as_bytes(nb)
    store.tidy(nb)
    assert store.as_bytes(nb) == tidied


PRINTS_WHERE = """import os, sys, backprop
from pathlib import Path
record = Path(os.environ["BACKPROP_RECORD"])
print(record.parent.is_dir(), record.exists(), record, sys.executable, Path.cwd(), backprop.__file__, sep="\\n")"""


def test_a_kernel_of_this_python_runs_with_a_record_of_its_own(tmp_path):
    nb = new_notebook(cells=[new_code_cell(PRINTS_WHERE), new_code_cell("import ipywidgets\nipywidgets.IntSlider()")])
    store.run(nb, tmp_path)
    there, exists, record, python, here, package = nb.cells[0].outputs[0].text.splitlines()
    assert (there, exists) == ("True", "False") and record != os.environ["BACKPROP_RECORD"]
    assert not Path(record).parent.exists()
    assert Path(python) == Path(sys.executable) and Path(here) == tmp_path.resolve()
    assert Path(package) == ROOT / "backprop" / "__init__.py"
    assert store.ran(nb) and "widgets" not in nb.metadata


def test_what_jupyterlab_saves_comes_back_byte_for_byte(clone, capsys):
    """A notebook with a widget: its outputs are lost, its metadata tell who saved. One run mends both."""
    path, stored = clone / "notebooks" / "10_mock_interview.ipynb", contents(clone)

    def spoil(nb):
        nb.metadata["widgets"] = {"state": {}}
        for cell in nb.cells:
            cell.metadata["execution"] = {"iopub.status.idle": "2026-01-01"}
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None

    edit(path, spoil)
    assert store.main(["10"], clone) == 0
    assert contents(clone) == stored
    core = store.minutes(store.read(path))[1]
    line = rf"(?m)^10_mock_interview.ipynb +stored +core minutes {core} before, {core} after$"
    assert re.search(line, capsys.readouterr().out)


def stop_at(nb, source):
    nb.cells.insert(1, new_code_cell(source, id="stop"))


def test_a_cell_that_fails_is_named_and_its_notebook_left_alone(clone, capsys):
    path = clone / "notebooks" / "04_outputs_and_losses.ipynb"
    edit(path, lambda nb: stop_at(nb, "\nprint('begun')\n1 / 0"))
    before = contents(clone)
    assert store.main(["04"], clone) == 1
    said = capsys.readouterr()
    assert said.err == f"{path.name}: cell 1 (print('begun')) raises ZeroDivisionError: division by zero\n"
    assert re.search(r"(?m)^04_outputs_and_losses.ipynb +stopped ", said.out)
    assert contents(clone) == before


@pytest.mark.parametrize(
    "source, says",
    [
        ("import time\ntime.sleep(60)", r"cell 0 \(import time\) takes more than 1 s\."),
        ("import os\nos._exit(1)", r"cell 0 \(import os\) ends its kernel\."),
    ],
)
def test_a_cell_that_never_ends_or_ends_python_is_named(source, says, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "TIMEOUT", 1)
    with pytest.raises(Problem, match=says):
        store.run(new_notebook(cells=[new_code_cell(source)]), tmp_path)


def test_what_was_saved_while_it_ran_is_not_overwritten(clone, monkeypatch, capsys):
    path = clone / "notebooks" / "04_outputs_and_losses.ipynb"
    monkeypatch.setattr(store, "run", lambda nb, folder: path.write_text("somebody's work"))
    assert store.main(["04"], clone) == 1
    assert path.read_text() == "somebody's work"
    assert "was saved by somebody else while it ran" in capsys.readouterr().err


# ---- what follows ----


def swap_words(nb):
    """Two neighbors of the glossary in the wrong order."""
    cell = next(cell for cell in nb.cells if cell.source.startswith(store.WORDS))
    rows = re.findall(r"(?m)^\| .+ \|$", cell.source)
    cell.source = cell.source.replace("\n".join(rows[1:3]), "\n".join([rows[2], rows[1]]))


SPOILED = [
    ("notebooks/02_delta_recurrence.ipynb", (re.compile(r"\*\d+ minutes,"), "*7 minutes,")),
    ("notebooks/02_delta_recurrence.ipynb", (re.compile(r" \d+ of them core\."), " 7 of them core.")),
    ("notebooks/02_delta_recurrence.ipynb", (re.compile(r"\d+ exercises come on top"), "7 exercises come on top")),
    ("notebooks/02_delta_recurrence.ipynb", (re.compile(r"come on top, \d+ min"), "come on top, 7 min")),
    ("notebooks/02_delta_recurrence.ipynb", (re.compile(r"\*core · \d+ min\*"), "*if time · 1 min*")),
    ("notebooks/12_transformers.ipynb", ("*role: transformers · ", "*core · ")),
    ("notebooks/09_live_coding.ipynb", (re.compile(r"\d+ minutes, \d+"), "7 minutes, 7")),
    ("notebooks/00_start_here.ipynb", (re.compile(r"\| \d+ \| \d+ \|"), "| 7 | 7 |")),
    ("notebooks/00_start_here.ipynb", (re.compile(r"(\| 1 \| One neuron.*\|) \d+ \|"), r"\1 7 |")),
    ("notebooks/11_cheat_sheet.ipynb", ("talk, 1 min, **core**", "talk, 1 min")),
    ("notebooks/11_cheat_sheet.ipynb", swap_words),
    ("notebooks/11_cheat_sheet.ipynb", ("| [06](06_update_rules.ipynb#A-rate", "| [05](06_update_rules.ipynb#A-rate")),
    ("notebooks/partner/candidate-onsite-0.md", ("Your partner", "My partner")),
    ("README.md", (re.compile(r"(`01_single_neuron` .*\|) \d+ \|"), r"\1 7 |")),
    ("README.md", (f"{len(bank.questions())} questions", "7 questions")),
    ("notebooks/03_gradient_checking_and_autodiff.ipynb", ("*(apply · 3 min)*, *if time*.", "*(apply · 3 min)*.")),
    ("notebooks/04_outputs_and_losses.ipynb", ("*(recall · 3 min)*.", "*(recall · 3 min)*, *if time*.")),
]


def test_what_follows_is_seen_and_mended(clone, capsys):
    """All at once: each is in a place of its own."""
    stored = contents(clone)
    for name, change in SPOILED:
        edit(clone / name, change)
    assert store.main(["--check"], clone) == 1
    seen = capsys.readouterr().err
    assert all(f"{Path(name).name} isn't as it would be stored." in seen for name, _ in SPOILED)
    for path, content in store.derive(store.course(clone / "notebooks"), clone).items():
        path.write_bytes(content)
    assert contents(clone) == stored


def test_a_sections_minutes_are_carried_everywhere(clone):
    """A section that gets longer by a minute's words gets a new tag, and all that adds it up follows."""
    path = clone / "notebooks" / "03_gradient_checking_and_autodiff.ipynb"
    (total, core), question = store.minutes(store.read(path)), len(bank.questions())

    def longer(nb):
        cell = next(cell for cell in nb.cells if cell.source.startswith("## The nudge"))
        cell.source += "\n\n" + "word " * (clock.AMONG_EQUATIONS if "$" in cell.source else clock.WORDS)

    edit(path, longer)
    books = store.course(clone / "notebooks")
    files = store.derive(books, clone)
    assert set(files) >= {path, clone / "notebooks" / "00_start_here.ipynb", clone / "README.md"}
    assert f"{total + 1} minutes, {core + 1} of them core" in books[path.name].cells[0].source
    assert f"| {total + 1} | {core + 1} |" in store.as_bytes(books["00_start_here.ipynb"]).decode()
    tried = sum(one.minutes for one in practice.EXERCISES.values() if one.where.startswith(path.name))
    assert re.search(rf"(?m)^\| `{path.stem}` .*\| {total + 1 + tried} \|$", files[clone / "README.md"].decode())
    assert f"{question} questions" in files[clone / "README.md"].decode()


def test_minutes_are_those_of_the_sections_below_headings():
    nb = new_notebook(cells=[new_markdown_cell("## One\n\n*core · 5 min*\n\n```\n## no\n\n*core · 50 min*\n```"),
                             new_markdown_cell("## Two\n*if time · 3 min*"), new_markdown_cell("## Last\n\nWhy?"),
                             new_markdown_cell("## Three\n\n*role: transformers · 2 min*")])  # fmt: skip
    assert store.minutes(nb) == (10, 5)


def test_a_notebook_that_was_not_run_is_seen(clone, capsys):
    def unrun(nb):
        next(cell for cell in nb.cells if cell.cell_type == "code").execution_count = None

    edit(clone / "notebooks" / "06_update_rules.ipynb", unrun)
    assert store.main(["--check", "notebooks/06_update_rules.ipynb"], clone) == 1
    assert "06_update_rules.ipynb wasn't run from top to bottom." in capsys.readouterr().err
    assert store.main(["--check", "04"], clone) == 0


# ---- what can't be done is said ----


def drop_map(nb):
    nb.cells = [cell for cell in nb.cells if not cell.source.startswith(store.MAP)]


@pytest.mark.parametrize(
    "name, change, says",
    [
        ("notebooks/05_vanishing_and_exploding.ipynb", (" of them core.", " core."), "The top of 05_vanishing"),
        (
            "notebooks/00_start_here.ipynb",
            ("](05_vanishing_and", "](05_gone_and"),
            "05_gone_and_exploding.ipynb stands in",
        ),
        ("notebooks/00_start_here.ipynb", drop_map, "No cell begins with '## The map'"),
        ("notebooks/03_gradient_checking_and_autodiff.ipynb", ("{", "<<<<<<< HEAD\n{"), "can't be read as a notebook"),
        ("README.md", (f"{len(bank.questions())} questions", "many riddles"), "README.md has nothing that looks like"),
    ],
)
def test_what_states_it_is_missed(name, change, says, clone, capsys):
    edit(clone / name, change)
    before = contents(clone)
    assert store.main(["02"], clone) == 1
    said = capsys.readouterr().err
    assert said.startswith("Nothing was stored: ") and says in said
    assert contents(clone) == before


@pytest.mark.parametrize("wanted, says", [("77", "is no notebook of this course"), ("partner", "partner")])
def test_what_is_no_notebook_is_said(wanted, says, clone, capsys):
    assert store.main([wanted], clone) == 1
    assert says in capsys.readouterr().err


def test_without_a_clone_it_is_said(tmp_path, capsys):
    assert store.main([], tmp_path) == 1
    assert "stored in a clone" in capsys.readouterr().err


def test_without_nbclient_it_is_said_where_it_comes_from(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "nbclient", None)
    assert store.main(["02"]) == 1
    assert "pip install -e '.[test]'" in capsys.readouterr().err
