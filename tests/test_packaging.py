"""What a newcomer's first minute stands on: the dependencies, the README's commands, the wheel, the imports."""

import ast
import fnmatch
import importlib.util
import inspect
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner
from rattler import MatchSpec

import backprop
from backprop import course, explore, interview, practice
from backprop.interview.bank import Question
from backprop.practice.exercise import Exercise

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "backprop"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))

START = "python3 -m venv .venv && .venv/bin/pip install -q -e . && .venv/bin/backprop"
TEST = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest"


# ---- dependencies ----


BINDER = yaml.safe_load((ROOT / ".binder" / "environment.yml").read_text(encoding="utf-8"))


def conda_and_pip(environment=ENVIRONMENT):
    """The two lists of an environment.yml."""
    conda = [spec for spec in environment["dependencies"] if isinstance(spec, str)]
    (pip,) = [section["pip"] for section in environment["dependencies"] if isinstance(section, dict)]
    return conda, pip


def test_environment_yml_is_a_conda_environment():
    assert ENVIRONMENT["name"] == "backprop" and ENVIRONMENT["channels"] == ["conda-forge"]
    conda, pip = conda_and_pip()
    for spec in conda:
        assert MatchSpec(spec, strict=True).name.normalized == spec.split(">=")[0]
    assert "pip" in conda and "-e ." in pip


def test_environment_yml_asks_for_what_pyproject_asks_for():
    conda, pip = conda_and_pip()
    assert f"python{PROJECT['requires-python']}" in conda
    asked = {*conda, *pip} - {"pip", "-e .", f"python{PROJECT['requires-python']}"}
    extras = PROJECT["optional-dependencies"]
    reading = {"backprop[site]", "backprop[lite]"}
    assert reading < set(extras["test"])
    assert asked == {*PROJECT["dependencies"], *extras["site"], *extras["lite"], *extras["test"]} - reading


def test_binder_gets_what_the_course_needs_and_nothing_of_the_tests():
    conda, pip = conda_and_pip(BINDER)
    assert {*conda, *pip} - {"pip", f"python{PROJECT['requires-python']}"} == set(PROJECT["dependencies"])
    assert set(conda) <= set(conda_and_pip()[0]) and BINDER["channels"] == ENVIRONMENT["channels"]
    post_build = (ROOT / ".binder" / "postBuild").read_text(encoding="utf-8").splitlines()
    assert post_build[-1] == "python -m pip install --no-deps -e ."


def test_the_devcontainer_installs_the_course():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    assert container["postCreateCommand"] == "python -m pip install -q -e ."
    version = tuple(map(int, container["image"].removeprefix("python:").split(".")))
    assert version >= tuple(map(int, PROJECT["requires-python"].removeprefix(">=").split(".")))


def test_what_a_notebook_imports_is_asked_for():
    """What comes only as a dependency of a dependency may be gone one day."""
    asked = {re.match(r"[\w-]+", spec)[0].replace("-", "_") for spec in PROJECT["dependencies"]} | {"backprop"}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
        tree = ast.parse("\n".join("".join(cell["source"]) for cell in cells))
        names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        names |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert {name.split(".")[0] for name in names} <= asked | sys.stdlib_module_names, path.name


# ---- the README's commands ----


@pytest.mark.parametrize("command", [START, TEST])
def test_the_readme_has_the_command_on_a_line_of_its_own(command):
    assert command in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()


def test_ci_runs_the_readmes_test_command_and_wants_the_browser():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert TEST in lines  # and after it what only CI runs
    assert "set -euo pipefail" in lines
    assert "export BACKPROP_REQUIRE_BROWSER=1" in lines[:-1]
    assert os.name == "nt" or os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_top_level_stays_small():
    try:
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("This is no git clone, so there is no telling the project's files from others.")
    top = {name.split("/")[0] for name in listed.splitlines()}
    assert {name for name in top if not name.startswith(".") or name == ".ci"} == {
        *("README.md", "environment.yml", "pyproject.toml", "LICENSE"),
        *("CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff"),
        *("notebooks", "backprop", "tests", ".ci"),
    }


# ---- the wheel ----


def test_a_wheel_carries_the_course_and_makes_a_working_copy(tmp_path):
    """Built by the installed hatchling and unpacked, which is what installing it would do: no network needed."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    site, here = tmp_path / "site", tmp_path / "here"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    here.mkdir()
    assert {path.name for path in site.iterdir()} - {next(site.glob("*.dist-info")).name} == {"backprop"}
    made = subprocess.run(
        [sys.executable, "-m", "backprop.course", "--update-only"],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
    )
    notebooks = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert notebooks and {path.name for path in (here / "backprop-course").glob("*.ipynb")} == notebooks, made.stdout
    shipped = {
        path.relative_to(PACKAGE) for path in PACKAGE.rglob("*") if path.suffix in (".py", ".npz", ".js", ".css")
    }
    unpacked = {path.relative_to(site / "backprop") for path in (site / "backprop").rglob("*")}
    assert Path("digits.npz") in unpacked and shipped <= unpacked


# ---- imports run one way ----

ROOMS = {"window", "today", "explore", "practice", "interview", "course", "evening", "store", "sheet", "site"}
HEAVY = ["matplotlib", "ipywidgets", "IPython", "traitlets", "jupyterlab", "autograd"]


def test_importing_the_package_loads_nothing_heavy():
    heavy = HEAVY + [f"backprop.{room}" for room in sorted(ROOMS)]
    script = f"import sys, backprop; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def imported(path):
    """The modules of this package that a file imports anywhere in it, without the leading `backprop.`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "backprop" + f".{node.module}" * bool(node.module) if node.level else node.module
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name.removeprefix("backprop.") for name in names if name.startswith("backprop."))


CORE = [path for path in sorted(PACKAGE.glob("*.py")) if path.stem not in ROOMS]


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.stem)
def test_the_core_never_imports_a_teaching_room(path):
    rooms = {name.split(".")[0] for name in imported(path)} & ROOMS
    assert not rooms, f"{path.name} imports {sorted(rooms)}"


def test_rooms_import_each_other_one_way():
    """explore and practice know no other room; interview may know practice."""
    for room, allowed in {"explore": set(), "practice": set(), "interview": {"practice"}}.items():
        for path in (PACKAGE / room).rglob("*.py"):
            others = {name.split(".")[0] for name in imported(path)} & ROOMS - {room} - allowed
            assert not others, f"{path.relative_to(PACKAGE)} imports {sorted(others)}"


WIDGETS = {"anywidget", "ipywidgets", "traitlets", "IPython", "widget", "sliders", "explorer"}


def test_an_explorer_s_numbers_and_picture_know_no_widget():
    logic = [*(PACKAGE / "explore").glob("*/numbers.py"), *(PACKAGE / "explore").glob("*/picture.py")]
    assert len(logic) == 8
    for path in [*logic, PACKAGE / "explore" / "svg.py", PACKAGE / "explore" / "written.py"]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        outside = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        outside |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {part for name in outside | set(imported(path)) for part in name.split(".")} & WIDGETS, path


# ---- the contributor's door ----

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PROGRAMS = {"pip", "pre-commit", "pytest", "python", "python3"}
NAMES = {
    *(name for room in (backprop, explore, interview, practice) for name in room.__all__),
    *(field for kind in (Question, Exercise) for field in kind.__dataclass_fields__),
}
TESTS = {
    node.name
    for path in (ROOT / "tests").rglob("test_*.py")
    for node in ast.parse(path.read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef)
}


def missing(page):
    """The paths, modules, tests and names in a page's code spans that don't exist."""
    spans = re.findall(r"(?<!`)`([^`]+)`(?!`)", page)
    tokens = [token.strip("'") for span in spans for token in re.sub(r"(?<=[/.])<.*?>\S*", "", span).split()]
    tokens = [token.rstrip("/.") for token in tokens if "[test]" not in token and ".venv" not in token]
    modules = re.findall(r"python -m ([\w.]+)", " ".join(spans))
    paths = [token for token in tokens if "/" in token or re.fullmatch(r"[\w-]+\.(toml|yml|md|cff)", token)]
    tests = [token for token in tokens if token.startswith("test_")]
    alone = [span for span in spans if re.fullmatch(r"[A-Za-z_]\w*", span) and span not in tests]
    return [
        *(name for name in modules if importlib.util.find_spec(name) is None),
        *(path for path in paths if not (ROOT / path).exists()),
        *(name for name in tests if name not in TESTS),
        *(name for name in alone if name not in NAMES | PROGRAMS),
    ]  # fmt: skip


def test_what_the_page_for_contributors_names_exists():
    assert missing(PAGE) == []
    assert len(PAGE.splitlines()) <= 80  # "one page"


@pytest.mark.parametrize(
    "wrong",
    ["`backprop/gone.py`", "`python -m backprop.gone`", "`test_gone`", "`gone`", "`pytest -n 0 tests/test_gone.py`",
     "`gone.toml`", "`tests/gone/<topic>.py`"],
)  # fmt: skip
def test_what_is_gone_is_seen(wrong):
    assert missing(PAGE + wrong) != []


FORMS = ROOT / ".github" / "ISSUE_TEMPLATE"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCHEMAS = [(path, "github-workflows") for path in WORKFLOWS]
SCHEMAS += [(path, "github-issue-forms") for path in sorted(FORMS.glob("*.yml")) if path.stem != "config"]
SCHEMAS += [(FORMS / "config.yml", "github-issue-config"), (ROOT / "CITATION.cff", "citation-file-format")]
BREAKS = {
    "github-workflows": ("runs-on:", "runs_on:"),
    "github-issue-forms": ("  - type: textarea", "  - type: text"),
    "github-issue-config": ("true", "maybe"),
    "citation-file-format": ("authors:", "author:"),
}


def lint(path, schema):
    """The complaints of the public schema that the tool carries; nothing is fetched."""
    kind = ["--default-filetype", "yaml", "--builtin-schema", f"vendor.{schema}"]
    ran = CliRunner().invoke(check_jsonschema, [*kind, str(path)])
    return ran.output if ran.exit_code else ""


@pytest.mark.parametrize("path, schema", SCHEMAS, ids=lambda value: getattr(value, "name", value))
def test_what_others_read_keeps_their_schema(path, schema, tmp_path):
    assert lint(path, schema) == ""
    old, new = BREAKS[schema]
    broken = tmp_path / path.name
    broken.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert "Schema validation errors" in lint(broken, schema)


def test_workflows_cover_the_systems_and_pythons_and_say_that_they_never_ran():
    texts = [path.read_text(encoding="utf-8") for path in WORKFLOWS]
    jobs = {name: job for text in texts for name, job in yaml.safe_load(text)["jobs"].items()}
    pythons = [job["strategy"]["matrix"]["python"] for job in jobs.values() if "strategy" in job]
    assert pythons == [["3.11", "3.12", "3.13", "3.14"]] * 2 and PROJECT["requires-python"] == ">=" + pythons[0][0]
    assert {"ubuntu-latest", "macos-latest", "windows-latest"} <= set(re.findall(r"\w+-latest", "".join(texts)))
    commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert ".ci/run" in commands and any("--resolution lowest-direct" in command for command in commands)
    assert missing(" ".join(f"`{command}`" for command in commands if command.startswith("python -m backprop"))) == []
    assert all("never been run" in " ".join(text.split()) for text in [*texts, PAGE])


def test_a_wrong_verdict_can_be_reported_with_all_that_a_test_needs():
    form = yaml.safe_load((FORMS / "wrong-verdict.yml").read_text(encoding="utf-8"))
    required = {field["id"] for field in form["body"] if field.get("validations", {}).get("required")}
    assert required == {"exercise", "answer", "verdict", "expected"} and form["name"] in PAGE


def test_hooks_run_what_the_test_extra_installs_on_every_notebook():
    (local,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    hooks = {hook["id"]: hook for hook in local["hooks"]}
    assert {hook["language"] for hook in hooks.values()} == {"system"}
    assert all(importlib.util.find_spec(hook["entry"].split()[2]) for hook in hooks.values())
    names = [path.relative_to(ROOT).as_posix() for path in (ROOT / "notebooks").rglob("*") if path.is_file()]
    caught = [name for name in names if re.search(hooks["stored"]["files"], name)]
    assert caught == fnmatch.filter(names, "notebooks/*.ipynb") != []


def test_the_citation_and_the_changelog_name_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == backprop.__version__ and citation["license"] == PROJECT["license"]
    licensed = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert all(author["name"] in licensed for author in citation["authors"])
    versions = re.findall(r"(?m)^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert versions[:2] == ["Unreleased", backprop.__version__]


# ---- the types of what a learner calls ----


def entry_points():
    """The public functions, and the public methods of the public classes, each with its name."""
    public = [getattr(room, name) for room in (backprop, explore, interview, practice) for name in room.__all__]
    for thing in [*public, course.tonight]:
        if not inspect.isclass(thing):
            yield thing.__qualname__, thing
            continue
        for kind in [kind for kind in thing.__mro__ if kind.__module__.startswith("backprop.")]:
            for name, member in vars(kind).items():
                function = member.fget if isinstance(member, property) else member
                own = getattr(thing, name) is member
                if own and inspect.isfunction(function) and (name == "__init__" or not name.startswith("_")):
                    yield f"{thing.__name__}.{name}", function


def unhinted(function):
    """The parameters without a hint, and "return"."""
    parameters = [name for name in inspect.signature(function).parameters if name != "self"]
    return [name for name in [*parameters, "return"] if name not in function.__annotations__]


INNER = {"step", "start", "drawn", "redraw"}  # what rules and explorers do for themselves


def test_what_a_learner_calls_has_hints_and_is_checked():
    bare = {name: unhinted(function) for name, function in entry_points() if name.split(".")[-1] not in INNER}
    assert len(bare) > 50 and not {name: missing for name, missing in bare.items() if missing}
    checked = {file.removesuffix(".py").replace("/", ".") for file in SETTINGS["tool"]["mypy"]["files"]}
    assert {function.__module__ for name, function in entry_points() if name.split(".")[-1] not in INNER} <= checked
    assert all((ROOT / file).exists() for file in SETTINGS["tool"]["mypy"]["files"])
