"""What strict nbval can't see in a notebook: whether it was run at all, and whether it keeps the course's form.

nbval passes a notebook that was never run (nothing stored, nothing compared), one whose pictures say nothing, and one
that names the machine it was made on. Each rule is a function from a notebook to a list of complaints, and each is
proven below on a notebook that breaks it: a rule that can't fail holds nothing.
"""

import ast
import copy
import json
import re
import zlib
from pathlib import Path
from statistics import median
from urllib.parse import unquote

import pytest
from nbformat.validator import iter_validate

import backprop
from backprop import explore, interview, practice
from backprop.course import KEPT
from backprop.path import evenings, links
from backprop.practice import bank

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))

SECTION_KINDS = ["core", "if time", "role: [a-z -]+"]
SECTION_TAG = rf"\*({'|'.join(SECTION_KINDS)}) · (\d+) min\*"  # the line below each section's heading
LAST_SECTION = "The interviewer asks next"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
METADATA = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
CELL_METADATA, OUTPUT_METADATA = {"tags", "jupyter"}, {"needs_background", "image/png"}

LONGEST, TYPICAL = 15, 8  # lines of code in a cell
INTRODUCED = 0.6  # of the code cells under prose, this many are introduced by a colon
SPEAKABLE = range(120, 151)  # words in a minute
CLAIM_SPOKEN = {"A16": "sixty-seconds"}  # that it can be said in a minute is a rule about a text, `speakable`
KEPT_SHARE = 1 / 4  # of the code cells, as tagged figures
UNCOMPARED = 2  # cells whose output nbval may leave alone
PUBLIC = {name for module in (backprop, explore, interview, practice) for name in module.__all__}
TYPED = ("", "python")  # fenced blocks for a notebook; what is for a terminal or only to be read names its language
HELP = {"hint", "progress", "solution"}  # what a learner needs who is stuck at a `check`

BOUND = r"(?<!under )(?<!less than )(?<!at most )(?<!within )(?<![<≤] )(?<![<≤])"  # a bound on a timing is no timing
DRIFTING = {
    "a memory address": r"\b0x[0-9a-f]{4,}",
    "an absolute path": r"(?<![\w.:/])/(home|tmp|work|root|Users|usr|opt|var|mnt|private)/|\b[A-Z]:\\",
    "a timing": BOUND + r"(?<![\w.])\d+(\.\d+)? ?([mµun]?s|secs?|seconds?)\b|Wall time|CPU times",
    "a time of day": r"\b\d\d?:\d\d:\d\d\b",
}
WORDS = {
    "simply": None,
    "obviously": None,
    "trivially": None,
    "behaviour": "behavior",
    "colour": "color",
    "favour": "favor",
    "neighbour": "neighbor",
    "centre": "center",
    "practise": "practice",
    "analyse": "analyze",
    "optimise": "optimize",
    "initialise": "initialize",
    "normalise": "normalize",
    "recognise": "recognize",
    "labelled": "labeled",
    "modelling": "modeling",
}


# --- reading a notebook ---


def read(path):
    """The notebook as stored: nbformat would mend some of what is to be found."""
    return json.loads(path.read_text(encoding="utf-8"))


def text(lines):
    """A cell's or an output's text, which is stored as a string or as a list of lines."""
    return "".join(lines)


def cells(nb, kind):
    """(index, source, cell) of every cell of a kind."""
    return [(i, text(c["source"]), c) for i, c in enumerate(nb["cells"]) if c["cell_type"] == kind]


def where(nb, index):
    """How a complaint names a cell, so that it can be found."""
    first = (text(nb["cells"][index]["source"]).strip().splitlines() or ["empty"])[0]
    return f"cell {index} ({first[:60]})"


def without_fences(source):
    """Markdown without fenced blocks, where a # is a comment and no heading."""
    return re.sub(r"(?ms)^ *(```|~~~).*?^ *\1 *$", "", source)


def without_code(source):
    """Markdown without fenced blocks and code spans, whose characters mean nothing to the reader's eye."""
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "code", without_fences(source))


def prose(source):
    """Markdown's sentences alone: no code, no math, no addresses, no marks of pictures and comments."""
    bare = re.sub(r"(?s)\$\$.*?\$\$|(?<!\\)\$.*?(?<!\\)\$|<!--.*?-->", "math", without_code(source))
    return re.sub(r"!(?=\[)|\]\([^)]*\)|https?://\S+|<[^>]*>", " ", bare)


def headings(nb):
    """(cell index, level, title, the line below) of every heading."""
    found = []
    for i, source, _ in cells(nb, "markdown"):
        lines = [line.strip() for line in without_fences(source).splitlines() if line.strip()]
        for line, below in zip(lines, [*lines[1:], ""]):
            if match := re.match(r"(#{1,6}) +(.*?)(?: +#+)?$", line):
                found.append((i, len(match[1]), match[2], below))
    return found


def anchors(nb):
    """What `#…` can point to in JupyterLab: a heading's text as it is shown, with hyphens for spaces."""
    return {re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", title).replace(" ", "-") for _, _, title, _ in headings(nb)}


def minutes(nb):
    """The sections' minutes: (all, core)."""
    tags = [re.fullmatch(SECTION_TAG, below) for _, level, _, below in headings(nb) if level == 2]
    found = [(tag[1], int(tag[2])) for tag in tags if tag]
    return sum(n for _, n in found), sum(n for kind, n in found if kind == "core")


def shown(cell):
    """Every text that a cell's outputs show."""
    for output in cell["outputs"]:
        yield text(output.get("text", ""))
        for mime, data in output.get("data", {}).items():
            if mime.startswith("text/") or mime == "image/svg+xml":
                yield text(data)


# --- the rules ---


def ran_in_order(nb):
    """Every code cell was run once, from top to bottom, in a fresh kernel: else nothing is there to compare."""
    code = cells(nb, "code")
    return [
        f"{where(nb, i)} has execution count {cell['execution_count']}, expected {n}"
        for n, (i, _, cell) in enumerate(code, 1)
        if cell["execution_count"] != n
    ]


def no_error_outputs(nb):
    """A learner's first look at a notebook shows no traceback and no warning."""
    return [
        f"{where(nb, i)} shows {'an error' if output['output_type'] == 'error' else 'stderr'}"
        for i, _, cell in cells(nb, "code")
        for output in cell["outputs"]
        if output["output_type"] == "error" or output.get("name") == "stderr"
    ]


def valid_format(nb):
    """nbformat 4.5 with unique cell ids, which keeps diffs small and every front end content."""
    bad = [f"not valid: {error.message[:200]}" for error in iter_validate(nb)]
    if (nb["nbformat"], nb["nbformat_minor"]) != (4, 5):
        bad.append(f"format {nb['nbformat']}.{nb['nbformat_minor']}, expected 4.5")
    ids = [cell.get("id") for cell in nb["cells"]]
    return bad + [f"{where(nb, i)} repeats the id {id}" for i, id in enumerate(ids) if id in ids[:i]]


def clean_metadata(nb):
    """No machine, user, version or time in the metadata: they change with every save and tell who saved."""
    bad = [] if nb["metadata"] == METADATA else [f"the notebook's metadata is {nb['metadata']}, expected {METADATA}"]
    for i, cell in enumerate(nb["cells"]):
        if extra := set(cell["metadata"]) - CELL_METADATA:
            bad.append(f"{where(nb, i)} has metadata {sorted(extra)}")
        for output in cell.get("outputs", []):
            if extra := set(output.get("metadata", {})) - OUTPUT_METADATA:
                bad.append(f"{where(nb, i)} has output metadata {sorted(extra)}")
    return bad


def nothing_drifts(nb):
    """No output holds what is different on the next machine or in the next run, even where nbval doesn't compare."""
    return [
        f"{where(nb, i)} shows {what}: {match[0]}"
        for i, _, cell in cells(nb, "code")
        for output in shown(cell)
        for what, pattern in DRIFTING.items()
        if (match := re.search(pattern, output))
    ]


def few_uncompared(nb):
    """A cell that nbval is told to ignore needs a reason in a comment, and there are few of them."""
    bad, marked = [], []
    for i, source, cell in cells(nb, "code"):
        tags = {tag.lower().replace("_", "-") for tag in cell["metadata"].get("tags", [])}
        comments = [line.strip("# ") for line in source.splitlines() if line.strip().startswith("#")]
        markers = {comment.lower().replace("_", "-") for comment in comments}
        if {"nbval-ignore-output", "nbval-skip"} & (tags | markers):
            marked.append(i)
            if not any(len(comment.split()) >= 4 for comment in comments):
                bad.append(f"{where(nb, i)} is not compared and no comment says why")
    if len(marked) > UNCOMPARED:
        bad.append(f"{len(marked)} cells are not compared, at most {UNCOMPARED} may be: {marked}")
    return bad


def short_cells(nb):
    """One idea a cell."""
    sizes = {i: sum(bool(line.strip()) for line in source.splitlines()) for i, source, _ in cells(nb, "code")}
    bad = [f"{where(nb, i)} has {size} lines, at most {LONGEST} fit" for i, size in sizes.items() if size > LONGEST]
    bad += [f"{where(nb, i)} is empty" for i, size in sizes.items() if size == 0]
    if sizes and median(sizes.values()) > TYPICAL:
        bad.append(f"the median code cell has {median(sizes.values())} lines, at most {TYPICAL} are due")
    return bad


def introduced(nb):
    """Code is read with a question in mind: the sentence before it poses one and ends in a colon."""
    bad, colon, direct, last = [], 0, [], None
    for i, cell in enumerate(nb["cells"]):
        if cell["cell_type"] == "markdown":
            last = text(cell["source"]).strip()
            continue
        if last is None:
            bad.append(f"{where(nb, i)} has no prose before it")
        elif not re.search(r"[.:?;)\"”*|>$]$|```$", last):
            bad.append(f"{where(nb, i)} follows an unfinished sentence: …{last[-40:]}")
        if i and nb["cells"][i - 1]["cell_type"] == "markdown":
            direct.append(i)
            colon += last.endswith(":")
    if direct and colon < INTRODUCED * len(direct):
        missing = [where(nb, i) for i in direct if not text(nb["cells"][i - 1]["source"]).strip().endswith(":")]
        bad.append(f"only {colon} of {len(direct)} code cells are introduced by a colon; these are not: {missing}")
    return bad


def figures_have_words(nb):
    """Who cannot see a picture, and nbval, which does not look at it, get its words below it."""
    bad = []
    for i, _, cell in cells(nb, "code"):
        pictures = [n for n, output in enumerate(cell["outputs"]) if "image/png" in output.get("data", {})]
        if not pictures:
            continue
        last = text(cell["outputs"][pictures[-1]]["data"].get("text/plain", ""))
        own = [] if last.startswith("[a picture") else [last]  # an explorer's picture carries its own words
        below = own + [
            text(output.get("text", output.get("data", {}).get("text/plain", "")))
            for output in cell["outputs"][pictures[-1] + 1 :]
        ]
        if not any(len(words.split()) >= 3 for words in below):
            bad.append(f"{where(nb, i)} shows a picture without words below it")
    return bad


def opens_well(nb):
    """The first cell says what this is, how long it takes, and which of the two dialects it speaks."""
    first = nb["cells"][0]
    if first["cell_type"] != "markdown":
        return [f"{where(nb, 0)} is not prose"]
    source, titles = text(first["source"]), [title for _, level, title, _ in headings(nb) if level == 1]
    rules = {
        "does not begin with an h1": source.startswith("# "),
        "says neither columns nor rows": re.search(r"\b(columns|rows)\b", source),
        "does not say its minutes": re.search(r"\d+ min", source),
        f"is not the only cell with an h1: {titles}": len(titles) == 1,
    }
    return [f"{where(nb, 0)} {complaint}" for complaint, good in rules.items() if not good]


def closes_well(nb):
    """The last section is the interviewer's."""
    sections = [title for _, level, title, _ in headings(nb) if level == 2]
    return [] if sections[-1:] == [LAST_SECTION] else [f"the last section is {sections[-1:]}, not {LAST_SECTION!r}"]


def sections_have_minutes(nb):
    """Who has one evening knows at each heading whether to read on. (test_evening.py holds that an evening fits.)"""
    return [
        f'{where(nb, i)}: below "{title}" stands "{below}", expected a line like *core · 8 min*'
        for i, level, title, below in headings(nb)
        if level == 2 and title != LAST_SECTION and not re.fullmatch(SECTION_TAG, below)
    ]


def minutes_add_up(nb):
    """The minutes at the top are those of the sections together."""
    stated = re.search(r"(\d+) min", text(nb["cells"][0]["source"]))
    total, core = minutes(nb)
    if stated is None or int(stated[1]) == total:
        return []
    return [f"the first cell says {stated[1]} minutes, the sections add up to {total} ({core} of them core)"]


def links_resolve(nb, folder=FOLDER):
    """A link leads to a heading that exists, inside the folder: a learner's working copy has nothing else."""
    bad = []
    for i, source, _ in cells(nb, "markdown"):
        bare = without_code(source)
        targets = re.findall(r"\]\(<?([^)>\s]+)", bare) + re.findall(r"""(?:href|src)=["']([^"']+)""", bare)
        targets += re.findall(r"(?m)^ *\[[^\]]+\]: *(\S+)", bare)
        for target in targets:
            if re.match(r"(https?|mailto|data):", target):
                continue
            name, _, anchor = target.partition("#")
            file = folder / unquote(name)
            if name and (".." in name or name.startswith("/") or not file.is_file()):
                bad.append(f"{where(nb, i)} links to {target}: no such file beside it")
            elif anchor and (not name or file.suffix == ".ipynb"):
                if unquote(anchor) not in anchors(read(file) if name else nb):
                    bad.append(f"{where(nb, i)} links to {target}: no such heading there")
    return bad


def loads_nothing(nb):
    """Reading needs no network: a citation may link out, a picture or a script may not come in."""
    address = r"""["'<]?(?:https?:)?//"""
    loading = rf"(?i)!\[[^\]]*\]\({address}|<(?!a\b)[a-z]+\b[^>]*\b(?:src|href|data)={address}|url\({address}"
    texts = [(i, without_code(source)) for i, source, _ in cells(nb, "markdown")]
    texts += [(i, output) for i, _, cell in cells(nb, "code") for output in shown(cell)]
    return [f"{where(nb, i)} loads from the network: {m[0]}" for i, t in texts if (m := re.search(loading, t))]


def calm_words(nb):
    """No shouting, no word that tells a stuck reader that it was easy, and one spelling throughout."""
    bad = []
    for i, source, _ in cells(nb, "markdown"):
        sentences = prose(source)
        if match := re.search(r".{0,30}!", sentences):
            bad.append(f"{where(nb, i)} has an exclamation mark: {match[0]}")
        for word, better in WORDS.items():
            if re.search(rf"\b{word}", sentences, re.IGNORECASE):
                bad.append(f'{where(nb, i)} says "{word}"' + (f', this course spells it "{better}"' if better else ""))
    return bad


def names_are_bound(nb):
    """A learner can type what the text names: it is imported or defined here, and with `check` comes what helps."""
    bound = {name for _, source, _ in cells(nb, "code") for name in bindings(source)}
    bad = [
        f"{where(nb, i)} names {name}, which no cell imports"
        for i, source, _ in cells(nb, "markdown")
        for name in sorted(named(source) - bound - given(source))
    ]
    if "check" in bound and (missing := HELP - bound):
        bad.append(f"check is imported without {', '.join(sorted(missing))}")
    return bad


def given(source):
    """The names of what the exercises of a cell are given: there they mean a number, not a function."""
    found = [bank.find(id) for id in re.findall(r'hint\("([\w.-]+)"\)', source)]
    return {name for exercise in found if exercise for name in exercise.cases[0]}


def bindings(source):
    """The names that code sets: by an import, a definition or an assignment."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def named(source):
    """The public names that Markdown names as code; not in a string or comment, as an attribute, or as a keyword."""
    fences = re.findall(r"(?ms)^ *(?:```|~~~)(\w*)\n(.*?)^ *(?:```|~~~) *$", source)
    spans = re.findall(r"(?s)(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", without_fences(source))
    code = [block for language, block in fences if language in TYPED] + [span for _, span in spans]
    bare = re.sub(r"\"[^\"\n]*\"|'[^'\n]*'|#.*", "", "\n".join(code))
    return PUBLIC & set(re.findall(r"(?<![\w.])[A-Za-z_]\w*(?!\w| *=(?!=))", bare))


def balanced_math(nb):
    """A lost $$ or \\end turns the rest of a cell into source."""
    bad = []
    for i, source, _ in cells(nb, "markdown"):
        math = without_code(source).replace("\\\\", " ").replace("\\$", "")
        if math.count("$$") % 2:
            bad.append(f"{where(nb, i)} has a $$ without its partner")
        elif re.sub(r"(?s)\$\$.*?\$\$", "", math).count("$") % 2:
            bad.append(f"{where(nb, i)} has a $ without its partner")
        opened = []
        for kind, name in re.findall(r"\\(begin|end)\{([^}]*)\}", math):
            if kind == "begin":
                opened.append(name)
            elif not opened or opened.pop() != name:
                bad.append(f"{where(nb, i)} has \\end{{{name}}} where it closes nothing")
        bad += [f"{where(nb, i)} has \\begin{{{name}}} without its end" for name in opened]
        left, right = (len(re.findall(rf"\\{side}(?![a-zA-Z])", math)) for side in ["left", "right"])
        if left != right:
            bad.append(f"{where(nb, i)} has {left} \\left and {right} \\right")
    return bad


def folds_close(nb):
    """An answer that is folded away stays so, and what is in it is rendered (which takes an empty line)."""
    bad = []
    for i, source, _ in cells(nb, "markdown"):
        bare = without_fences(source)
        if bare.count("<details") != bare.count("</details>") or bare.count("<details") != bare.count("<summary"):
            bad.append(f"{where(nb, i)}: <details>, <summary> and </details> do not match")
        if re.search(r"</summary>[^\n]*\n[^\n]*\S", bare):
            bad.append(f"{where(nb, i)} needs an empty line below </summary>, or its math is not rendered")
    return bad


def answers_fold(nb):
    """An answer below its question is folded for everybody: what is hidden in JupyterLab stands open on GitHub."""
    hidden = [i for i, cell in enumerate(nb["cells"]) if any(cell["metadata"].get("jupyter", {}).values())]
    bad = [f"{where(nb, i)} is hidden in JupyterLab alone" for i in hidden]
    for i, source, cell in cells(nb, "code"):
        for output in cell["outputs"] if source.endswith(".symptom()") else []:
            shown_as = text(output.get("data", {}).get("text/html", ""))
            if not re.fullmatch(r"(?s)<details><summary>[^<]*</summary>.*</details>", shown_as):
                bad.append(f"{where(nb, i)} shows the symptom before it is predicted")
    return bad


def speakable(nb):
    """The sixty-second answer can be spoken in sixty seconds."""
    bad, few, many = [], SPEAKABLE[0], SPEAKABLE[-1]
    for i, source, cell in cells(nb, "markdown"):
        if "sixty-seconds" in cell["metadata"].get("tags", []):
            count = sum(any(map(str.isalnum, word)) for word in re.sub(r"[#>*_`]", " ", source).split())
            if count not in SPEAKABLE:
                bad.append(f"{where(nb, i)} has {count} words, {few} to {many} can be spoken in a minute")
    return bad


def few_figures_kept(nb):
    """A learner's copy holds no outputs but the tagged figures that the text reads: pictures, a quarter at the most."""
    code = cells(nb, "code")
    kept = [(i, cell) for i, _, cell in code if KEPT in tags(cell)]
    bad = [
        f"{where(nb, i)} is tagged {KEPT} and shows no picture"
        for i, cell in kept
        if not any("image/png" in output.get("data", {}) for output in cell["outputs"])
    ]
    if len(kept) > KEPT_SHARE * len(code):
        bad.append(f"{len(kept)} of {len(code)} code cells are tagged {KEPT}, at most a quarter may be")
    return bad


RULES = [
    few_figures_kept,
    ran_in_order,
    no_error_outputs,
    valid_format,
    clean_metadata,
    nothing_drifts,
    few_uncompared,
    short_cells,
    introduced,
    figures_have_words,
    opens_well,
    closes_well,
    sections_have_minutes,
    minutes_add_up,
    links_resolve,
    loads_nothing,
    calm_words,
    names_are_bound,
    balanced_math,
    folds_close,
    answers_fold,
    speakable,
]


def tags(cell):
    return set(cell["metadata"].get("tags", []))


# --- the course keeps the rules ---


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook(path, rule):
    complaints = rule(read(path))
    assert not complaints, "\n".join([f"{path.name}: {rule.__doc__}", *complaints])


def test_notebooks_are_numbered_in_reading_order():
    numbers = [path.name.partition("_")[0] for path in NOTEBOOKS]
    assert numbers and numbers[0] == "00" and len(set(numbers)) == len(numbers)
    assert all(re.fullmatch(r"\d\d[ab]?", number) for number in numbers)


def test_map_agrees_with_the_notebooks():
    """The minutes in 00's map are those of the notebooks it maps, and none is missing."""
    start = NOTEBOOKS[0]
    source = "\n".join(source for _, source, _ in cells(read(start), "markdown"))
    rows = re.findall(r"(?m)^\|(.*)\| *(\d+) *\| *(\d+) *\|$", source)
    stated = {}
    for words, total, core in rows:
        link = re.search(r"\((\d\d[ab]?_\w+\.ipynb)\)", words)
        stated[link[1] if link else start.name] = int(total), int(core)
    assert stated == {path.name: minutes(read(path)) for path in NOTEBOOKS}
    readme = (FOLDER.parent / "README.md").read_text(encoding="utf-8")
    table = re.findall(r"(?m)^\| `(\d\d[ab]?_\w+)` \|.*\| (\d+) \|$", readme)
    tried = {
        path: sum(one.minutes for one in bank.EXERCISES.values() if one.where.startswith(path.name))
        for path in NOTEBOOKS
    }
    assert table == [(path.stem, str(minutes(read(path))[0] + tried[path])) for path in NOTEBOOKS]


def test_every_claim_is_computed_where_the_table_says():
    """00's table sends each claim of the 60-second story to a section; a cell tagged with the claim stands in it."""
    source = "\n".join(source for _, source, _ in cells(read(NOTEBOOKS[0]), "markdown"))
    table = dict(re.findall(r"(?m)^\| (A\d+) \|.*\]\((\S+)\) \|$", source))
    assert sorted(table) == sorted(f"A{n}" for n in range(1, 17))
    core = {links()[key] for one in evenings() for key in one.read}
    for claim, link in table.items():
        name, _, anchor = link.partition("#")
        section, tagged = "", []
        for cell in read(FOLDER / name)["cells"]:
            text = "".join(cell["source"])
            heading = re.match(r"## (.+)", text)
            section = heading[1].strip().replace(" ", "-") if heading else section
            computed = cell["cell_type"] == "markdown" or cell["outputs"]
            if section == anchor and computed and {f"claim-{claim}", CLAIM_SPOKEN.get(claim)} & tags(cell):
                tagged.append(text)
        assert tagged, f"{claim}: no cell with an output is tagged claim-{claim} in {link}"
        assert link in core, f"{claim} is on no evening"


# --- the rules can fail ---


def markdown(source, **metadata):
    return {"cell_type": "markdown", "id": key(source), "metadata": metadata, "source": source}


def code(source, *outputs, **metadata):
    cell = {"cell_type": "code", "id": key(source), "metadata": metadata, "source": source}
    return {**cell, "execution_count": None, "outputs": list(outputs)}


def stream(words, name="stdout"):
    return {"output_type": "stream", "name": name, "text": words.splitlines(keepends=True)}


def picture(**metadata):
    return {"output_type": "display_data", "metadata": metadata, "data": {"image/png": "", "text/plain": "a picture"}}


def fold(html):
    return {"output_type": "display_data", "metadata": {}, "data": {"text/html": html}}


def key(source):
    return f"{zlib.crc32(source.encode()):08x}"


def sample():
    """A small notebook that keeps every rule, some of them narrowly."""
    first = "*core · 5 min*\n\n$$\\begin{aligned}a &= \\left(b\\right) \\\\[2pt] &= c\\end{aligned}$$"
    second = (
        "*if time · 3 min*\n\n```python\n# simply! hint\nprint('$ show')\n```\n\n```sh\ncheck\n```\n\n`x.due(lines=3)`"
    )
    answer = "<details><summary>Answer</summary>\n\nBecause $x$.\n\n</details>"
    nb = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": copy.deepcopy(METADATA),
        "cells": [
            markdown("# 01 · Sample\n\n*8 minutes. Speaks **columns**.*"),
            markdown(
                f"## One idea\n\n{first}\n\nA [book](https://example.org/a) says $n!$, `!=`, [more](#Another-idea):"
            ),
            code("print(1)", stream("1\ntook under 20 s, 3.0 steps\n")),
            markdown(f"## **Another** idea\n\n{second}\n\nA picture, in words:"),
            code("draw()", picture(), stream("A line falls from 2 to 1.\n")),
            markdown("> " + "word " * 130, tags=["sixty-seconds"]),
            markdown(f"## {LAST_SECTION}\n\nWhy?\n\n{answer}\n\nBack to [the start](#One-idea)."),
        ],
    }
    for n, (_, _, cell) in enumerate(cells(nb, "code"), 1):
        cell["execution_count"] = n
    return nb


ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "", "traceback": []}
HTML = {"output_type": "display_data", "metadata": {}, "data": {"text/html": '<img src="//example.org/a.png">'}}

# The rule, what its complaint says, and what breaks it: cells to append (a text stands for prose) or changes to make.
BREAKS = [
    (few_figures_kept, "shows no picture", code("1", stream("1"), tags=["figure"])),
    (few_figures_kept, "3 of 5 code cells", *[code("1", picture(), stream("A small picture."), tags=["figure"])] * 3),
    (ran_in_order, "has execution count None, expected 1", lambda nb: nb["cells"][2].update(execution_count=None)),
    (ran_in_order, "has execution count 7, expected 2", lambda nb: nb["cells"][4].update(execution_count=7)),
    (no_error_outputs, "shows an error", code("1", ERROR)),
    (no_error_outputs, "shows stderr", code("1", stream("careful", "stderr"))),
    (valid_format, "format 4.4", lambda nb: nb.update(nbformat_minor=4)),
    (valid_format, "repeats the id", lambda nb: nb["cells"].append(nb["cells"][0])),
    (valid_format, "not valid", lambda nb: nb["cells"][0].pop("id")),
    (clean_metadata, "the notebook's metadata", lambda nb: nb["metadata"]["language_info"].update(version="3.11.2")),
    (clean_metadata, "the notebook's metadata", lambda nb: nb["metadata"]["kernelspec"].update(name="my-venv")),
    (clean_metadata, "has metadata ['execution']", code("1", execution={"iopub.status.idle": "2024-01-01"})),
    (clean_metadata, "has output metadata ['user']", code("1", picture(user="me"))),
    (nothing_drifts, "a memory address: 0x7f31", code("1", stream("<f at 0x7f31ab>"))),
    (nothing_drifts, "an absolute path: /home/", code("1", stream('File "/home/me/x.py"'))),
    (nothing_drifts, "an absolute path: C:", code("1", stream("C:\\Users\\me"))),
    (nothing_drifts, "a timing: 1.3 s", code("1", stream("trained in 1.3 s"))),
    (nothing_drifts, "a timing: 17ms", code("1", stream("17ms a step"))),
    (nothing_drifts, "a time of day: 9:41:07", code("1", stream("done at 9:41:07"))),
    (few_uncompared, "no comment says why", code("# NBVAL_IGNORE_OUTPUT\n1")),
    (few_uncompared, "no comment says why", code("1", tags=["nbval-skip"])),
    (few_uncompared, "3 cells are", *[code(f"# NBVAL_SKIP\n# the clock differs each time\n{n}") for n in range(3)]),
    (short_cells, "has 16 lines", code("1\n" * 16)),
    (short_cells, "is empty", code("")),
    (short_cells, "the median code cell has 9", *[code("1\n" * 9) for _ in range(5)]),
    (introduced, "has no prose before it", lambda nb: nb["cells"].insert(0, code("1"))),
    (introduced, "unfinished sentence: …So then", "So then", code("1")),
    (introduced, "only 2 of 4", "Now.", code("1"), "Now.", code("2")),
    (figures_have_words, "without words", code("1", stream("Words that come too early.\n"), picture())),
    (opens_well, "is not prose", lambda nb: nb["cells"].insert(0, code("1"))),
    (opens_well, "does not begin with an h1", lambda nb: nb["cells"].insert(0, markdown("8 minutes, columns"))),
    (opens_well, "neither columns nor rows", lambda nb: nb["cells"][0].update(source="# 01\n\n8 minutes")),
    (opens_well, "does not say its minutes", lambda nb: nb["cells"][0].update(source="# 01\n\nrows")),
    (opens_well, "not the only cell with an h1", "# Again"),
    (closes_well, "the last section is ['More']", "## More\n\n*core · 1 min*"),
    (sections_have_minutes, 'below "More" stands "*core*"', "## More\n\n*core*\n\nText."),
    (minutes_add_up, "says 8 minutes, the sections add up to 9", "## More\n\n*role: transformers · 1 min*"),
    (links_resolve, "no such file", "[gone](09_gone.ipynb)"),
    (links_resolve, "no such file", '<img src="figure.png">'),
    (links_resolve, "no such file", "[outside](../neighbor.ipynb)"),
    (links_resolve, "no such heading", "[gone](#one-idea)"),
    (links_resolve, "no such heading", "[gone](neighbor.ipynb#Nothing)"),
    (loads_nothing, "loads from the network", "![a](https://example.org/a.png)"),
    (loads_nothing, "loads from the network", '<IMG alt="" SRC=http://example.org/a.png>'),
    (loads_nothing, "loads from the network", code("1", HTML)),
    (calm_words, "an exclamation mark", "It learns!"),
    (calm_words, 'says "obviously"', "Obviously, it learns."),
    (calm_words, 'spells it "behavior"', "Its behaviours."),
    (names_are_bound, "names hint, which no cell", 'Stuck? `hint("a.b")` helps.'),
    (names_are_bound, "names progress, which no cell", "See `progress`.", code("from elsewhere import solution")),
    (names_are_bound, "names review, which no cell", "```python\nreview()\n```"),
    (names_are_bound, "names due, which no cell", "```\nprint(due())\n```"),
    (names_are_bound, "names SGD, which no cell", "``SGD(eta=0.1)``", code("print(SGD)")),
    (names_are_bound, "without hint, progress", code("from backprop.practice import check, solution")),
    (balanced_math, "a $$ without", "$$x"),
    (balanced_math, "a $ without", "costs $5, and $x$"),
    (balanced_math, "\\begin{cases} without", "$$\\begin{cases}x$$"),
    (balanced_math, "\\end{b} where", "$$\\begin{a}x\\end{b}$$"),
    (balanced_math, "1 \\left and 0 \\right", "$\\left(x \\rightarrow y$"),
    (folds_close, "do not match", "<details><summary>Answer</summary>\n\nYes."),
    (folds_close, "an empty line", "<details><summary>Answer</summary>\nYes.\n\n</details>"),
    (answers_fold, "hidden in JupyterLab alone", code("1", jupyter={"source_hidden": True})),
    (answers_fold, "hidden in JupyterLab alone", code("1", jupyter={"outputs_hidden": True})),
    (answers_fold, "before it is predicted", code("case.symptom()", stream("dW FAILS"))),
    (
        answers_fold,
        "before it is predicted",
        code("case.symptom()", fold("<details open><summary>It</summary>a</details>")),
    ),
    (
        answers_fold,
        "before it is predicted",
        code("case.symptom()", fold("<details><summary>It</summary>a</details>b")),
    ),
    (speakable, "has 151 words", markdown("word " * 151, tags=["sixty-seconds"])),
    (speakable, "has 119 words", markdown("> *so* - " + "word " * 118, tags=["sixty-seconds"])),
]


@pytest.fixture
def judge(tmp_path):
    """A rule applied to a notebook that has a neighbor to link to."""
    (tmp_path / "neighbor.ipynb").write_text(json.dumps(sample()))
    return lambda rule, nb: rule(nb, tmp_path) if rule is links_resolve else rule(nb)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_rule_lets_a_good_notebook_pass(rule, judge):
    nb = sample()
    nb["cells"][1]["source"] += " [there](neighbor.ipynb#Another-idea):"
    assert judge(rule, nb) == []


@pytest.mark.parametrize("case", BREAKS, ids=lambda case: f"{case[0].__name__}: {case[1]}")
def test_rule_names_what_breaks_it(case, judge):
    rule, says, *breaks = case
    nb = sample()
    for change in breaks:
        if callable(change):
            change(nb)
        else:
            nb["cells"].append(markdown(change) if isinstance(change, str) else copy.deepcopy(change))
    assert says in "\n".join(judge(rule, nb))


def test_every_rule_is_seen_to_fail():
    assert {rule for rule, *_ in BREAKS} == set(RULES)
