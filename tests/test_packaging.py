"""What a newcomer's first minute stands on: the dependencies, the README's commands, the wheel, the imports."""

import ast
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from rattler import MatchSpec

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "backprop"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))

START = "python3 -m venv .venv && .venv/bin/pip install -q -e . && .venv/bin/backprop"
TEST = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/pytest"


# ---- dependencies ----


def conda_and_pip():
    """The two lists of environment.yml."""
    conda = [spec for spec in ENVIRONMENT["dependencies"] if isinstance(spec, str)]
    (pip,) = [section["pip"] for section in ENVIRONMENT["dependencies"] if isinstance(section, dict)]
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
    assert asked == {*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]}


# ---- the README's commands ----


@pytest.mark.parametrize("command", [START, TEST])
def test_the_readme_has_the_command_on_a_line_of_its_own(command):
    assert command in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()


def test_ci_runs_the_readmes_test_command_and_wants_the_browser():
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == TEST
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

ROOMS = {"explore", "practice", "interview", "course"}
HEAVY = ["matplotlib", "ipywidgets", "IPython", "traitlets", "jupyterlab", "autograd"]


def test_importing_the_package_loads_nothing_heavy():
    script = f"import sys, backprop; print([name for name in {HEAVY + sorted(ROOMS)} if name in sys.modules " + (
        "or f'backprop.{name}' in sys.modules])"
    )
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


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda path: path.stem)
def test_the_core_never_imports_a_teaching_room(path):
    rooms = {name.split(".")[0] for name in imported(path)} & ROOMS
    assert not rooms, f"{path.name} imports {sorted(rooms)}"


def test_rooms_import_each_other_one_way():
    """explore and practice know no other room; interview may know practice."""
    for room, allowed in {"explore": set(), "practice": set(), "interview": {"practice"}}.items():
        for path in (PACKAGE / room).rglob("*.py"):
            others = {name.split(".")[0] for name in imported(path)} & ROOMS - {room} - allowed
            assert not others, f"{path.relative_to(PACKAGE)} imports {sorted(others)}"
