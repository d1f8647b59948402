"""JupyterLite as the command builds it, of a distribution that holds names and nothing else: what it lays where."""

import hashlib
import json
import re
import tomllib
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from backprop.course import Problem, course_files, fresh, source_folder
from backprop.site import lite

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OF_THEMSELVES = {"jupyterlab", "traitlets"}  # the page is the one, and IPython brings the other


@pytest.fixture(scope="module")
def distribution(tmp_path_factory):
    """A folder that looks like a Pyodide distribution, with a package that nobody needs."""
    folder, packages = tmp_path_factory.mktemp("pyodide"), {}
    for name in [*lite.THEIRS, *lite.KERNEL, "Py_Parsing", "scipy"]:
        depends = ["py.parsing"] if name == "matplotlib" else []
        packages[lite.key(name)] = {"name": name, "version": "1", "file_name": f"{name}-1.whl", "depends": depends}
        (folder / f"{name}-1.whl").write_bytes(name.encode())
    for name in lite.CORE:
        (folder / name).write_bytes(b"core")
    lock = {"info": {"version": lite.PYODIDE}, "packages": packages}
    (folder / lite.LOCK).write_text(json.dumps(lock), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def out(distribution, tmp_path_factory):
    for name, wanted in lite.PINNED.items():
        if lite.installed(name) != wanted:
            pytest.skip(f"{name} {wanted} is not installed: pip install -e '.[lite]'.")
    folder = tmp_path_factory.mktemp("lite")
    lite.build(folder, distribution)
    return folder


def needed(name):
    """The packages that an installed one asks for, without its extras."""
    asked = [Requirement(line) for line in requires(name) or []]
    return {lite.key(one.name) for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})}


def test_the_extra_asks_for_the_versions_that_ran():
    extra = [spec for spec in PROJECT["optional-dependencies"]["lite"] if "==" in spec]
    assert dict(spec.split("==") for spec in extra) == lite.PINNED
    assert lite.PYODIDE in (ROOT / "backprop" / "site" / "elsewhere.md").read_text(encoding="utf-8")


def test_whatever_the_package_needs_comes_along():
    ours, theirs = {lite.key(name) for name in lite.OURS}, {*lite.THEIRS, *lite.KERNEL}
    todo, seen = [lite.key(re.match(r"[\w-]+", spec)[0]) for spec in PROJECT["dependencies"]], set()
    while todo:
        name = todo.pop()
        assert name in ours | theirs | OF_THEMSELVES, name
        if name in ours and name not in seen:
            seen.add(name)
            todo += needed(name)
    assert seen == ours


def test_python_finds_every_package_in_the_list(out):
    folder = out / "static" / "pyodide"
    packages = json.loads((folder / lite.LOCK).read_text(encoding="utf-8"))["packages"]
    assert {"py-parsing", "numpy", "backprop"} <= set(packages) and "scipy" not in packages
    named = {package["file_name"] for package in packages.values()}
    assert {path.name for path in folder.iterdir()} == named | {*lite.CORE, lite.LOCK}
    assert set(packages["backprop"]["depends"]) <= set(packages)
    for name in ["backprop", *map(lite.key, lite.OURS)]:
        package, wheel = packages[name], folder / packages[name]["file_name"]
        assert hashlib.sha256(wheel.read_bytes()).hexdigest() == package["sha256"]
        with zipfile.ZipFile(wheel) as archive:
            inside = archive.namelist()
        assert not [file for file in inside if file.endswith((".so", ".pyd", ".pyc")) or ".." in file]
        assert package["imports"] and any(file.endswith(".dist-info/METADATA") for file in inside)


def test_the_notebooks_are_those_of_a_working_copy_and_the_wheel_has_them_too(out):
    source = source_folder()
    for name in course_files(source):
        assert (out / "files" / name).read_bytes() == fresh(source / name)
    (wheel,) = (out / "static" / "pyodide").glob("backprop-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert {f"backprop/notebooks/{path.name}" for path in source.glob("*.ipynb")} <= set(archive.namelist())


def test_nothing_is_asked_of_another_host(out):
    config = json.loads((out / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    kernel = config["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]
    assert kernel["disablePyPIFallback"] and kernel["loadPyodideOptions"] == {"packages": ["backprop"]}
    for url in [kernel["pyodideUrl"], *kernel["pipliteUrls"]]:
        assert (out / url.split("?")[0]).is_file()
    extensions = {extension["name"] for extension in config["federated_extensions"]}
    assert {"anywidget", "@jupyter-widgets/jupyterlab-manager"} <= extensions


def test_a_folder_that_holds_no_such_distribution(distribution, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(lite, "installed", lite.PINNED.get)
    said = lambda: (lite.main([str(tmp_path / "out"), "--pyodide", str(tmp_path)]), capsys.readouterr().err)  # noqa: E731
    assert said()[0] == 2 and "holds no Pyodide distribution" in said()[1]
    lock = json.loads((distribution / lite.LOCK).read_text(encoding="utf-8"))
    (tmp_path / lite.LOCK).write_text(json.dumps(lock | {"info": {"version": "0.1"}}), encoding="utf-8")
    assert f"holds Pyodide 0.1, and the course ran in {lite.PYODIDE}" in said()[1]
    (tmp_path / lite.LOCK).write_text(json.dumps(lock | {"packages": {}}), encoding="utf-8")
    assert "take the full one, not its core alone" in said()[1]
    (tmp_path / lite.LOCK).write_text(json.dumps(lock), encoding="utf-8")
    assert "pyodide.js is missing" in said()[1]
    assert not (tmp_path / "out").exists()


def test_without_the_extra_a_sentence_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr(lite, "installed", lambda name: None)
    with pytest.raises(Problem, match=r"comes with an extra: pip install -e '\.\[lite\]'"):
        lite.build(tmp_path, tmp_path)
