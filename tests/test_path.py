"""A section's key outlives its notebook's number: every key leads somewhere, and renumbering takes one line."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from test_notebooks import anchors

from backprop import path

ROOT = Path(__file__).parents[1]


def headings(folder):
    """{file: the anchors of its headings} of a folder's notebooks."""
    return {file.name: anchors(nbformat.read(file, 4)) for file in folder.glob("*.ipynb")}


def sections(folder):
    """The links to every section, that is to every heading of the second level."""
    for file in sorted(folder.glob("*.ipynb")):
        prose = "\n\n".join(cell.source for cell in nbformat.read(file, 4).cells if cell.cell_type == "markdown")
        prose = re.sub(r"(?ms)^ *```.*?^ *```", "", prose)
        yield from (f"{file.name}#{path.anchor(title)}" for title in re.findall(r"(?m)^## (.+?)\s*$", prose))


def test_every_section_has_one_key_and_every_key_leads_to_a_section():
    keyed = Counter(link for key, link in path.links().items() if "#" in key)
    assert keyed == Counter(sections(ROOT / "notebooks"))
    assert {link for key, link in path.links().items() if "#" not in key} == set(headings(ROOT / "notebooks"))


@pytest.mark.parametrize("key", ["delta#B22", "dleta", "", None, 3, ["B2"]])
def test_an_unknown_key_is_answered_in_a_sentence(key):
    with pytest.raises(ValueError, match=r"^no section has the key .*backprop/path\.toml\.$") as error:
        path.link(key)
    near = {"delta#B22": "delta#B2", "dleta": "delta"}.get(key if isinstance(key, str) else None)
    assert ("Did you mean" in str(error.value)) == bool(near) and (not near or repr(near) in str(error.value))


@pytest.fixture
def moved(monkeypatch, tmp_path):
    """A table of two notebooks, where a section of the first has moved to the second."""
    table = tmp_path / "path.toml"
    table.write_text(
        '[home.delta]\nnotebook = "05_delta.ipynb"\nB2 = "B2: *one* layer"\nborder = "rows#The border"\n'
        '[home.rows]\nnotebook = "06a_rows.ipynb"\n'
    )
    monkeypatch.setattr(path, "TABLE", table)
    for read in path.table, path.links:
        read.cache_clear()
    yield
    for read in path.table, path.links:
        read.cache_clear()


def test_a_key_leads_where_its_section_has_moved(moved):
    assert path.link("delta#B2") == "05_delta.ipynb#B2:-one-layer"
    assert path.link("delta#border") == "06a_rows.ipynb#The-border"


def test_what_names_a_notebook_gets_its_number_of_today(moved):
    old = "[notebook 02](02_delta.ipynb#B2), [02](02_delta.ipynb), [B2](02_delta.ipynb), `03_rows`"
    new = "[notebook 05](05_delta.ipynb#B2), [05](05_delta.ipynb), [B2](05_delta.ipynb), `06a_rows`"
    assert path.today(old) == new == path.today(new)
    for other in "02_deltas.ipynb", "102_rows", "02_other.ipynb", "[02](https://x.org/02)":
        assert path.today(other) == other


def test_renumbering_a_notebook_is_renaming_it_and_one_line(tmp_path):
    """Two notebooks change places; then the store puts right whatever names them, and nothing leads nowhere."""
    for name in "backprop", "notebooks":
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "README.md", tmp_path)
    swap = {
        "04_outputs_and_losses": "05_outputs_and_losses",
        "05_vanishing_and_exploding": "04_vanishing_and_exploding",
    }
    table = tmp_path / "backprop" / "path.toml"
    for old, new in swap.items():
        (tmp_path / "notebooks" / f"{old}.ipynb").rename(tmp_path / "notebooks" / f"{new}.ipynb")
        table.write_text(
            table.read_text(encoding="utf-8").replace(f'"{old}.ipynb"', f'"{new}.ipynb"'), encoding="utf-8"
        )
    program = (
        "from pathlib import Path; from backprop.store import course, derive, write;"
        "from backprop.interview import bank; from backprop.practice.bank import EXERCISES; root = Path('.').resolve();"
        "[write(*one) for one in derive(course(root / 'notebooks'), root).items()];"
        "print(*[q.section for q in bank.questions().values()], *[e.where for e in EXERCISES.values()], sep='\\n')"
    )
    env = os.environ | {"PYTHONPATH": str(tmp_path)}
    run = [sys.executable, "-c", program]
    done = subprocess.run(run, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    there = headings(tmp_path / "notebooks")
    texts = [path_.read_text(encoding="utf-8") for path_ in (tmp_path / "notebooks").rglob("*.*")]
    named = [*done.stdout.split(), *(link for text in texts for link in re.findall(r"\]\((\d\d[ab]?_[^)\s]*)\)", text))]
    assert len(named) > 400
    for link in named:
        notebook, _, heading = link.partition("#")
        assert notebook in there and (not heading or heading in there[notebook]), link
    everything = "\n".join([*texts, (tmp_path / "README.md").read_text(encoding="utf-8")])
    assert not [old for old in swap if re.search(rf"\b{old}\b", everything)]


def test_prose_names_a_notebook_by_a_link():
    """A bare "notebook 05" would go on saying so when it is the fourth."""
    for file in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(file, 4).cells:
            bare = re.findall(r"(?<!\[)\b[Nn]otebook \d\d[ab]?\b", cell.source if cell.cell_type == "markdown" else "")
            assert not bare, f"{file.name}: {bare}"
