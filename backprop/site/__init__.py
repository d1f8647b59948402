"""The course as a site to read on a phone: made by Sphinx of what the repository holds, without a network.

    python -m backprop.site OUT      (needs the extra: pip install -e '.[site]')

Nothing is written twice. The notebooks come with the outputs that are committed, the first page is the README, the
questions are those of the bank, and where a notebook shows an explorer, the explorer stands as a page of its own.
"""

import ast
import contextlib
import hashlib
import json
import re
import tempfile
from html import escape
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from backprop import __version__, explore, sheet
from backprop.course import PACKAGE, Problem, source_folder, write
from backprop.interview import bank
from backprop.interview.turn import question as filled
from backprop.path import link
from backprop.site import cards
from backprop.store import put
from backprop.window import PICTURE

HERE = Path(__file__).parent
ALT = re.compile(r'alt="([^"]*)"')
ROOT = PACKAGE.parent
MATHJAX = "sphinx-mathjax-offline", "tex-svg.js"  # the package that carries it, and MathJax 3.2.2 in one file
SHA256 = "d4295dc33744836935c1399feece5159577b34c5c8ffb9f1c6324cd82e03a882"
TO_TAKE = (
    '<p>To take away: <a href="cheat_sheet.html">the cheat sheet on one sheet of paper</a>, and '
    '<a href="flashcards.txt" download>flashcards</a> of all questions, formulas and words, for Anki.</p>'
)
ON_A_SCREEN = """@media screen {
body { max-width: 60em; margin: auto; padding: 8px; font-size: 11pt; line-height: 1.4 }
header { display: block }
main { columns: auto }
h3 { font-size: 12pt }
code { font-size: 10pt; line-height: inherit }
:is(code, strong, td) { white-space: normal !important; overflow-wrap: anywhere }
td:nth-child(2) { overflow-wrap: normal }
td:nth-child(3):last-child { width: auto }
}</style>"""

ADDED = ["site.css", "site.js"]

CONF = {
    "project": "backprop",
    "html_title": "backprop",
    "version": __version__,
    "extensions": ["myst_nb", "sphinx.ext.mathjax"],
    "nb_execution_mode": "off",
    "myst_enable_extensions": ["dollarmath", "amsmath"],
    "myst_heading_anchors": 4,
    "myst_heading_slug_func": "backprop.site.slug",
    "suppress_warnings": ["myst.header"],  # the partner's sheets step from H1 to H3, as they are printed
    "mathjax_path": "mathjax/tex-svg.js",
    "html_theme": "furo",
    "html_static_path": ["_static"],
    "html_css_files": ADDED[:1],
    "html_js_files": ADDED[1:],
    "html_copy_source": False,
    "html_show_search_summary": False,  # it would be fetched, which no page from a file may
    "html_show_copyright": False,
    "smartquotes": False,  # a quote in prose stays as it is typed
}

TREE = """
```{{toctree}}
:hidden:

{}
```
"""


def slug(title):
    """The fragment of a heading, by JupyterLab's rule: links between notebooks then lead to the same place here."""
    return title.strip().replace(" ", "-")


def build(out):
    """Write the site into the folder `out`, and return the warnings, as lines. Raises Problem, in a sentence.

    What else lies in the folder stays.
    """
    try:
        from sphinx.application import Sphinx
        from sphinx.util.docutils import docutils_namespace
    except ImportError:
        raise Problem("The site takes Sphinx, which comes with an extra: pip install -e '.[site]'.") from None
    out, source, said = Path(out).resolve(), source_folder(), Warnings()
    with contextlib.chdir(source):  # where the page finds its notebook; before Sphinx lets every library log
        taken = {"cheat_sheet.html": cheat_sheet(), "flashcards.txt": cards.text()}
    with tempfile.TemporaryDirectory(prefix="backprop-site-") as scratch, docutils_namespace():
        pages, cache = Path(scratch, "pages"), Path(scratch, "cache")
        explorers = lay_out(pages, source)
        app = Sphinx(pages, None, out, cache, "html", confoverrides=CONF, status=None, warning=said)
        app.build(force_all=True)
    for name, text in (explorers | taken).items():
        write(out / name, text.encode())
    return said.lines


class Warnings:
    """A file that keeps what Sphinx warns of."""

    def __init__(self):
        self.lines = []

    def write(self, text):
        self.lines += [line for line in re.sub(r"\x1b\[[\d;]*m", "", text).splitlines() if line.strip()]

    def flush(self):
        """Nothing is kept back."""


# ---- what Sphinx reads ----


def lay_out(pages, source):
    """Write what Sphinx reads into the folder `pages`. Returns the explorers' own pages, by name."""
    if not (ROOT / "README.md").exists():
        raise Problem("The site is built in a clone of the repository, and this package doesn't lie in one.")
    explorers, notebooks, partner = {}, sorted(source.glob("*.ipynb")), sorted((source / "partner").glob("*.md"))
    for path in notebooks:
        found = notebook(json.loads(path.read_text(encoding="utf-8")), path.stem, explorers)
        write(pages / path.name, json.dumps(found, ensure_ascii=False).encode())
    tree = [*(path.stem for path in notebooks), "questions", *(f"partner/{path.stem}" for path in partner)]
    front = with_explorer(for_site((ROOT / "README.md").read_text(encoding="utf-8")), explorers)
    written = {
        "index.md": front + TREE.format("\n".join([*tree, "elsewhere", "contributing", "changelog"])),
        "questions.md": questions(),
        "contributing.md": for_site((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")),
        "elsewhere.md": (HERE / "elsewhere.md").read_text(encoding="utf-8"),
    }
    for name, text in written.items():
        write(pages / name, text.encode())
    copied = {f"partner/{path.name}": path for path in partner} | {f"_static/{name}": HERE / name for name in ADDED}
    copied |= {"changelog.md": ROOT / "CHANGELOG.md"}
    copied |= {name: ROOT / ".github" / name for name in ("verdict.svg", "pass.svg")}
    for name, path in copied.items():
        write(pages / name, path.read_bytes())
    write(pages / "_static" / CONF["mathjax_path"], mathjax())
    return explorers


def mathjax():
    """MathJax as one file, which asks for no other. Raises Problem unless it is the file that was looked at."""
    package, name = MATHJAX
    try:
        (place,) = [file for file in files(package) if file.name == name]
    except PackageNotFoundError:
        raise Problem(f"Formulas take {package}, which comes with an extra: pip install -e '.[site]'.") from None
    content = place.locate().read_bytes()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise Problem(f"{name} of {package} is another file than the one that the course was tested with.")
    return content


def notebook(nb, stem, explorers):
    """The notebook STEM.ipynb for the site, changed in place; the pages of its explorers go to `explorers`."""
    for cell in nb["cells"]:
        cell["metadata"]["mystnb"] = {"image": {"alt": "The picture alone. Its words stand below it."}}
        if cell["cell_type"] == "code" and (shown := explorer("".join(cell["source"]))):
            name = f"explorers/{stem.split('_')[0]}-{slug(shown.name.lower())}.html"
            explorers[name] = shown.page(
                {"Read the notebook": f"../{stem}.html", "Run it": "../index.html#set-up-other-ways"}
            )
            html = {"output_type": "display_data", "metadata": {}, "data": {"text/html": frame(name, shown.name)}}
            cell["outputs"] = [html]
        for output in cell.get("outputs", []):  # Sphinx leads links in prose to its pages, and leaves outputs alone
            if html := output.get("data", {}).get("text/html"):
                output["data"]["text/html"] = re.sub(r'(href=["\'][\w/]+)\.ipynb', r"\1.html", "".join(html))
    return nb


def explorer(code):
    """The explorer that a cell ends in, made by running the cell; None where it ends in something else."""
    if not re.search(r"\b(ThereAndBack|RuleRace|OneNeuron|GradientFlow)\([^)]*\)(\nexplorer)?$", code.strip()):
        return None
    tree, names = ast.parse(code), dict(vars(explore))
    last = tree.body.pop()
    exec(compile(tree, "<cell>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<cell>", "eval"), names)


def frame(name, title):
    """An explorer's page inside of another, and a link to it alone."""
    inside = f'<iframe class="explorer" src="{escape(name)}" title="{escape(title)}" loading="lazy"></iframe>'
    return f'{inside}<p><a href="{escape(name)}">{escape(title)}, alone on its page</a></p>'


def for_site(text):
    """A page of the repository whose links lead to pages of the site."""
    text = PICTURE.sub(lambda shown: f"![{ALT.search(shown[0])[1]}](verdict.svg)", text)
    for here, there in (("notebooks/", ""), (".github/", ""), ("backprop/site/", ""), ("CONTRIBUTING", "contributing")):
        text = text.replace(f"]({here}", f"]({there}")
    return re.sub(r"(?m)^\| `(\d\d[ab]?_\w+)` \|", r"| [\1](\1.ipynb) |", text)


def with_explorer(front, explorers):
    """The first page with the pass to play below its film, and what there is to take away."""
    first = next(name for name in explorers if name.startswith("explorers/00-"))
    below = f"{frame(first, 'The pass there and back')}\n{TO_TAKE}"
    return put(r"(?m)^!\[.*\]\(pass\.svg\)$", rf"\g<0>\n\n{below}", front, "README.md")


# ---- what follows from the bank and from notebook 11 ----


def questions():
    """Every question of the mock interview by topic, each with its answer folded."""
    topics = {}
    for id, question in bank.questions().items():
        topics.setdefault(question.topic, []).append(filled(id))
    said = [
        "# Questions by topic",
        "Answer aloud, against the clock, before you unfold an answer. Notebook "
        f"[10]({link('interview')}) asks these questions, presses on what you left out, and checks what you claim.",
    ]
    for topic in sorted(topics):
        said.append(f"## {topic}")
        for question in sorted(topics[topic], key=lambda one: not one.core):
            kind = f"{question.format}, {question.minutes} min" + ", core" * question.core
            prompt = " ".join(question.prompt.split())
            said += [
                f"<details><summary>{escape(prompt)} <small>({kind})</small></summary>",
                cards.paragraphs(question.answer),
                question.whiteboard,
                f"[The section that teaches it]({question.section})",
                "</details>",
            ]
    return "\n\n".join(said) + "\n"


def cheat_sheet():
    """The cheat sheet as one page to print, which a phone shows as one column."""
    return put("</style>", ON_A_SCREEN.replace("\\", r"\\"), sheet.html(), "The cheat sheet")
