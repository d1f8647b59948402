"""Store notebooks as the course keeps them, with all that follows from them and from the bank.

    python -m backprop.store            run every notebook and store it
    python -m backprop.store 02 05      these two; what follows from them is brought up to date everywhere
    python -m backprop.store --check    run nothing and write nothing: say what isn't as it would be stored

A notebook runs from top to bottom in a fresh kernel of this Python, with a record of practice of its own. Kept are its
outputs and little else: no times, no versions, no state of widgets; of an explorer a picture, and its words. From the
path (path.toml), the clock and the bank follow the tag of each section, the mark of exercises that no evening tries,
the minutes at the top of each notebook, the map and the week in 00, the README's table and counts, 11's index of
questions and the order of its words, and the partner's ready-made pair. What is as it should be comes back byte for
byte.
"""

import argparse
import importlib.util
import os
import re
import sys
import tempfile
from pathlib import Path
from statistics import mode

import nbformat

from backprop.course import PACKAGE, START, Problem, find, write
from backprop.evening import cells_by_section, length, sections
from backprop.evening import minutes as section_minutes
from backprop.explore.alone import STILLS
from backprop.interview import bank
from backprop.interview.sheets import sheets
from backprop.path import evenings, kind, link, links, table, today
from backprop.practice import bank as practice
from backprop.window import FILM, PICTURE, block, film, pictures

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
METADATA = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
CELL_METADATA, OUTPUT_METADATA = {"tags", "jupyter"}, {"needs_background", "image/png"}
WIDGET = "application/vnd.jupyter.widget-view+json"
TIMEOUT = 300  # seconds for a cell

TAG = r"\*(core|if time|role: [a-z -]+) · (\d+) min\*"  # below the heading of a section
SECTION = rf"(?m)^## .+\s*\n+{TAG}"
EXERCISE, IF_TIME = r"(\*\*Exercise\*\* \*\([^)]*\)\*)(?:, \*if time\*)?\.", ", *if time*"
CHEAT_SHEET = link("sheet")
WEEK = r"(?s)(?<=<summary>A week of evenings</summary>\n\n).*?(?=\n\n</details>)"
MAP, WORDS, INDEX = "## The map\n", "## The words\n", "## From question to section\n"  # the index is the cell below
WEEK_SAYS = (
    "At least half of each evening is doing: exercises, paper, speaking, being asked. From the second on it begins "
    "with the sixty seconds; the first ends with them. What returns is not counted here: ten of an evening's ninety "
    "minutes are left for it. `tonight()` lists what to do, and names the exercises that count; others are for when "
    "you have time. "
    "If you have fewer evenings, it keeps those that matter most."
)
LONGEST = 105  # characters of a prompt in the index
PAIR = ("onsite", 0)  # plan and seed of the partner's ready-made pair


# ---- a notebook, as the course keeps it ----


def read(path):
    """A notebook. Raises Problem where the file is none."""
    try:
        nb = nbformat.reads(path.read_text(encoding="utf-8"), 4)
        nbformat.validate(nb)
    except (ValueError, KeyError, AttributeError, nbformat.ValidationError) as error:
        raise Problem(f"{path.name} can't be read as a notebook: {str(error).splitlines()[0]}") from None
    return nb


def as_bytes(nb):
    """A notebook as it is stored."""
    return (nbformat.v4.writes(nb).rstrip("\n") + "\n").encode()


def tidy(nb):
    """Drop, in place, what changes with every save or run and tells who saved: the course keeps none of it."""
    nb.metadata = nbformat.from_dict(METADATA)
    for cell in nb.cells:
        cell.metadata = kept(cell.metadata, CELL_METADATA)
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
        for output in cell.get("outputs", []):
            if "metadata" in output:
                output.metadata = kept(output.metadata, OUTPUT_METADATA)
            output.get("data", {}).pop(WIDGET, None)


def joined(outputs):
    """Outputs where what was printed in one go is one: how it comes in pieces depends on the moment."""
    found = []
    for output in outputs:
        last = found[-1] if found else {}
        if output.output_type == last.get("output_type") == "stream" and output.name == last["name"]:
            last.text += output.text
        else:
            found.append(output)
    return found


def kept(metadata, names):
    return nbformat.from_dict({name: value for name, value in metadata.items() if name in names})


def named(nb, index):
    """How a message names a cell, so that it can be found."""
    return f"cell {index} ({(nb.cells[index].source.strip().splitlines() or ['empty'])[0][:60]})"


def run(nb, folder):
    """Run a notebook, in place, as if it lay in `folder`. Raises Problem, which names the cell that stopped it."""
    from ipykernel.kernelspec import get_kernel_dict  # slow to import, and not needed to look
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    class ThisPython(KernelSpecManager):
        """Whatever kernels are installed, the one that runs has this environment's packages."""

        def get_kernel_spec(self, kernel_name):
            return KernelSpec(**get_kernel_dict())

    begun = []
    client = NotebookClient(
        nb,
        km=AsyncKernelManager(kernel_spec_manager=ThisPython()),
        timeout=TIMEOUT,
        store_widget_state=False,
        extra_arguments=["--log-level=ERROR"],  # a warning about its sockets on each start
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=lambda cell, cell_index: begun.append(cell_index),
    )
    with tempfile.TemporaryDirectory(prefix="backprop-", ignore_cleanup_errors=True) as scratch:
        paths = filter(None, [str(PACKAGE.parent), os.environ.get("PYTHONPATH")])
        record = str(Path(scratch) / "record.sqlite3")
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "BACKPROP_RECORD": record, STILLS: "1"}
        try:
            client.execute(env=env, cleanup_kc=True)
        except CellExecutionError as error:
            raise Problem(f"{named(nb, begun[-1])} raises {error.ename}: {error.evalue}") from None
        except CellTimeoutError:
            raise Problem(f"{named(nb, begun[-1])} takes more than {TIMEOUT} s.") from None
        except DeadKernelError:
            raise Problem(f"{named(nb, begun[-1])} ends its kernel.") from None


def ran(nb):
    """Whether every code cell was run once, from top to bottom."""
    counts = [cell.execution_count for cell in nb.cells if cell.cell_type == "code"]
    return counts == list(range(1, len(counts) + 1))


# ---- what follows from the path, the clock and the bank ----


def tag(nb, name):
    """Write the tag of every section that has one, in place: its kind by the path, its minutes by the clock."""
    keys = {place: key for key, place in links().items()}
    for heading, cells in cells_by_section(nb.cells).items():
        key = keys.get(f"{name}#{heading}")
        if key and re.match(SECTION, cells[0].source):
            new = f"*{kind(key)} · {section_minutes(key, cells)} min*"
            cells[0].source = re.sub(TAG, new, cells[0].source, count=1)


def mark(nb, name):
    """Mark, in place, the exercises of the core and the roles that no sitting tries: they are for who has time left."""
    keys = {place: key for key, place in links().items()}
    tried, spare = {id for one in evenings() for id in one.tried}, table()["spare"]["exercises"]
    for heading, cells in cells_by_section(nb.cells).items():
        core, asks = kind(keys.get(f"{name}#{heading}", "")) == "core", None
        for cell in cells:
            asks = cell if re.search(EXERCISE, cell.source) else asks
            if asks is not None and (found := re.search(r'check\("([^"]+)"', cell.source)):
                extra = IF_TIME if (core and found[1] not in tried) or found[1] in spare else ""
                asks.source, asks = re.sub(EXERCISE, rf"\g<1>{extra}.", asks.source, count=1), None


def week(books):
    """The seven evenings as a table: what each is about, where it is read, and its minutes with all that is done."""
    found = sections({name: nb.cells for name, nb in books.items()})
    rows = ["| | evening | read | minutes |", "|---|---|---|---|"]
    for one in evenings():
        first = {}
        for key in one.read:
            first.setdefault(link(key).partition("_")[0], link(key))
        read = ", ".join(f"[{number}]({place})" for number, place in first.items())
        rows.append(f"| {one.number} | {one.title} | {read} | {length(one, found)} |")
    return "\n".join([*rows, "", WEEK_SAYS])


def minutes(nb):
    """The sections' minutes: (all, core)."""
    prose = "\n\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    tags = re.findall(SECTION, re.sub(r"(?ms)^ *(```|~~~).*?^ *\1 *$", "", prose))
    return sum(int(n) for _, n in tags), sum(int(n) for kind, n in tags if kind == "core")


def stated_core(nb):
    """The core minutes that the top of a notebook states; 0 where it states none."""
    stated = re.search(r"(\d+) of them core", nb.cells[0].source)  # or "none of them core"
    return int(stated[1]) if stated else 0


def put(pattern, new, source, place):
    """`source` with every match of a pattern replaced. Raises Problem where there is none: what states it is gone."""
    source, count = re.subn(pattern, new, source)
    if not count:
        raise Problem(f"{place} has nothing that looks like {pattern!r}, so it can't be brought up to date.")
    return source


def cell_that_begins(nb, heading):
    """The index of the cell with this heading. Raises Problem."""
    for n, cell in enumerate(nb.cells):
        if cell.source.startswith(heading):
            return n
    raise Problem(f"No cell begins with {heading.strip()!r}, so what stands there can't be brought up to date.")


def top(source, nb, name):
    """The first cell of a notebook, with the minutes of its sections and, where it counts them, its exercises."""
    total, core = minutes(nb)
    stated = r"\d+ minutes, (?:\d+|none) of them core"
    source = put(stated, rf"{total} minutes, {core or 'none'} of them core", source, f"The top of {name}")
    found = exercises_of(name)
    rungs = [ids for ids in practice.LADDERS.values() if any(exercise.id in ids for exercise in found)]
    count = len(found) - sum(len(ids) - 1 for ids in rungs)  # a ladder counts as one
    return re.sub(r"\d+ exercises come on top, \d+ min", f"{count} exercises come on top, {tries(name)} min", source)


def exercises_of(name):
    return [exercise for exercise in practice.EXERCISES.values() if exercise.where.startswith(name)]


def tries(name):
    """The minutes of a notebook's exercises."""
    return sum(exercise.minutes for exercise in exercises_of(name))


def minutes_of(name, books):
    """The minutes of a notebook that is named elsewhere. Raises Problem where there is none of that name."""
    if name not in books:
        raise Problem(f"{name} stands in 00's map or in the README's table, and there is no such notebook.")
    return minutes(books[name])


def course_map(source, books):
    """00's map: all minutes and the core's, in the row of each notebook; the row without a link is 00's own."""

    def row(match):
        link = re.search(r"\((\w+\.ipynb)\)", match[1])
        total, core = minutes_of(link[1] if link else START, books)
        return f"{match[1]}{total}{match[2]}{core}{match[3]}"

    return put(r"(?m)^(\|.*\| *)\d+( *\| *)\d+( *\|)$", row, source, "00's map")


def readme(source, books):
    """The README's table of minutes with exercises, its pictures, and how many questions the mock interview has."""

    def row(match):
        name = f"{match[2]}.ipynb"
        return f"{match[1]}{minutes_of(name, books)[0] + tries(name)} |"

    source = put(r"(?m)^(\| `(\d\d[ab]?_\w+)` \|.*\| )\d+ \|$", row, source, "README.md")
    source = put(r"\d+ questions\b", f"{len(bank.questions())} questions", source, "README.md")
    return put(PICTURE, block().replace("\\", r"\\"), source, "README.md")


def index():
    """The questions by topic, in the order in which the course teaches them, for the cheat sheet."""
    topics = {}
    for question in bank.questions().values():
        topics.setdefault(question.topic, []).append(question)
    order = sorted(topics, key=lambda topic: (mode(q.section.partition("_")[0] for q in topics[topic]), topic))
    return "\n\n".join(f"### {topic}\n\n" + "\n".join(map(entry, core_first(topics[topic]))) for topic in order)


def core_first(questions):
    return sorted(questions, key=lambda q: not q.core)


def entry(question):
    prompt = re.sub(r"([*\[\]`$|])", r"\\\1", shortened(question.prompt))
    kind = f"{question.format}, {question.minutes} min" + (", **core**" if question.core else "")
    return f"- {question.section.partition('_')[0]} · [{prompt}]({question.section}) · {kind}"


def shortened(prompt):
    """Whole sentences as far as they fit, or as much of the first as fits."""
    prompt = " ".join(prompt.split())
    if len(prompt) <= LONGEST:
        return prompt
    ends = [m.end() for m in re.finditer(r"[.?](?= [A-Z])", prompt) if 20 <= m.end() <= LONGEST]
    return prompt[: ends[-1]] if ends else prompt[:LONGEST].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def glossary(source):
    """The cheat sheet's words: rows in the order of the alphabet."""
    rows = re.findall(r"(?m)^\| .+ \|$", source)[1:]  # below the table's head
    ordered = sorted(rows, key=lambda row: row.split("|")[1].strip().replace("δ", "delta").lower())
    return source.replace("\n".join(rows), "\n".join(ordered))


def derive(books, root):
    """Bring `books` (notebooks by name) up to date, in place. Returns the files that follow, as bytes by path."""
    before = {name: as_bytes(nb) for name, nb in books.items()}
    for name, nb in books.items():
        for cell in nb.cells:
            cell.source = today(cell.source) if cell.cell_type == "markdown" else cell.source
        tag(nb, name)
        mark(nb, name)
        nb.cells[0].source = top(nb.cells[0].source, nb, name)
    start, sheet = books[START], books[CHEAT_SHEET]
    place = start.cells[cell_that_begins(start, MAP)]
    place.source = put(WEEK, week(books).replace("\\", r"\\"), course_map(place.source, books), "00's week")
    words, below = sheet.cells[cell_that_begins(sheet, WORDS)], sheet.cells[cell_that_begins(sheet, INDEX) + 1]
    words.source, below.source = glossary(words.source), index()
    folder, pair = root / "notebooks", sheets(*PAIR)[:2]
    files = {root / "README.md": readme(today((root / "README.md").read_text(encoding="utf-8")), books).encode()}
    files |= {folder / "partner" / f"{one.name}.md": one.markdown().encode() for one in pair}
    files |= {root / ".github" / name: svg.encode() for name, svg in (pictures() | {FILM: film()}).items()}
    return files | {folder / name: as_bytes(nb) for name, nb in books.items() if as_bytes(nb) != before[name]}


# ---- the command ----


def course(folder):
    """The course's notebooks by name. Raises Problem where they don't lie in a clone."""
    paths = sorted(folder.glob("*.ipynb"))
    if not paths or not (folder.parent / "README.md").exists():
        raise Problem("Notebooks are stored in a clone of the repository, and this package doesn't lie in one.")
    return {path.name: read(path) for path in paths}


def chosen(wanted, folder):
    """The names of the notebooks that are wanted, by number, name or path; all of them where none is."""
    found = [find(Path(one).name, folder) for one in wanted]
    if others := [name for name in found if not name.endswith(".ipynb")]:
        raise Problem(f"{others[0]} is no notebook. It is written whenever a notebook is stored.")
    return found or [path.name for path in sorted(folder.glob("*.ipynb"))]


def differs(path, content):
    return not path.exists() or path.read_bytes() != content


def complaints(names, books, files, folder):
    """Sentences on what isn't as it would be stored, as far as can be told without running anything."""
    said = [f"{name} wasn't run from top to bottom." for name in names if not ran(books[name])]
    for name in names:
        tidy(books[name])
    files = files | {folder / name: as_bytes(books[name]) for name in names}
    return said + [f"{path.name} isn't as it would be stored." for path, new in files.items() if differs(path, new)]


def rerun(nb, path):
    """Run a notebook and write it. Raises Problem, and leaves the file as it is, where that doesn't work."""
    found = path.read_bytes()
    run(nb, path.parent)
    tidy(nb)
    if path.read_bytes() != found:
        raise Problem("it was saved by somebody else while it ran: store it again.")
    if as_bytes(nb) != found:
        write(path, as_bytes(nb))


def store(names, books, files, folder):
    """Write what follows, then run and write each notebook, with a line for each. Returns what stopped any of them."""
    core, stopped = {name: stated_core(read(folder / name)) for name in books}, []
    before = {name: (folder / name).read_bytes() for name in books}
    for path in [path for path, new in files.items() if differs(path, new)]:
        write(path, files[path])
        if path.name not in names:
            print(f"{path.name:36} stored")
    for name in names:
        try:
            rerun(books[name], folder / name)
        except Problem as problem:
            stopped.append(f"{name}: {problem}")
            print(f"{name:36} stopped    its outputs stay as they were", flush=True)
        else:
            state = "stored" if differs(folder / name, before[name]) else "unchanged"
            print(f"{name:36} {state:10} core minutes {core[name]} before, {minutes(books[name])[1]} after", flush=True)
    after = sum(minutes(nb)[1] for nb in books.values())
    print(f"Core minutes of the course: {sum(core.values())} before, {after} after.")
    return stopped


def main(arguments=None, root=PACKAGE.parent):
    """Store notebooks, or say in a sentence what is wrong. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m backprop.store", description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", help="numbers, such as 02 05; none means all")
    parser.add_argument("--check", action="store_true", help="run and write nothing, and fail where something differs")
    given, folder = parser.parse_args(arguments), root / "notebooks"
    try:
        books = course(folder)
        names = chosen(given.notebooks, folder)
        files = derive(books, root)
        if not given.check and importlib.util.find_spec("nbclient") is None:
            raise Problem("Running takes nbclient, which comes with the test extra: pip install -e '.[test]'.")
        wrong = complaints(names, books, files, folder) if given.check else store(names, books, files, folder)
    except (Problem, OSError) as problem:
        wrong = [f"Nothing was stored: {problem}"]
    print("\n".join(wrong), end="\n" * bool(wrong), file=sys.stderr)
    if wrong and given.check:
        print("To store what differs: python -m backprop.store, with the numbers of notebooks.", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
