"""The course in the browser, whole: JupyterLite with this package and its notebooks, made without a network.

    python -m backprop.site.lite OUT --pyodide FOLDER      (needs the extra: pip install -e '.[lite]')

FOLDER holds a Pyodide distribution, unpacked. This package and what it needs become wheels beside those of the
distribution, and stand in its list: `import backprop` then works in notebooks as they are. OUT must be served
(`python -m http.server -d OUT`), since a page from a file may start no worker. The versions are those that ran.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

from backprop import __version__
from backprop.course import Problem, course_files, fresh, source_folder, write
from backprop.site import ROOT

PYODIDE = "0.27.7"
PINNED = {"jupyterlite-core": "0.6.4", "jupyterlite-pyodide-kernel": "0.6.1"}  # and in the extra `lite`
CORE = ["pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"]
LOCK = "pyodide-lock.json"
OURS = [  # what this package needs and Pyodide has not, or has in an older version
    *("anywidget", "comm", "fsrs", "ipywidgets", "jupyterlab_widgets", "latex2mathml", "mistune"),
    *("platformdirs", "psygnal", "typing_extensions", "widgetsnbextension"),
]
THEIRS = ["matplotlib", "numpy", "sqlite3"]  # what it needs and Pyodide has
KERNEL = ["ipython", "jedi", "micropip", "ssl"]  # what JupyterLite's kernel asks for
CONFIG = {
    "jupyter-config-data": {
        "appName": "backprop",
        "litePluginSettings": {
            "@jupyterlite/pyodide-kernel-extension:kernel": {
                "pyodideUrl": "./static/pyodide/pyodide.js",
                "loadPyodideOptions": {"packages": ["backprop"]},
                "disablePyPIFallback": True,  # what is missing fails at once, and asks no other host
            }
        },
    },
    "jupyter-lite-schema-version": 0,
}


def build(out, pyodide):
    """Write the JupyterLite into the folder `out`; `pyodide` is a distribution's folder. Raises Problem."""
    for name, wanted in PINNED.items():
        if installed(name) != wanted:
            raise Problem(f"This takes {name} {wanted}, which comes with an extra: pip install -e '.[lite]'.")
    source, lock = source_folder(), read_lock(pyodide)
    with tempfile.TemporaryDirectory(prefix="backprop-lite-") as scratch:
        lite, notebooks = Path(scratch, "lite"), Path(scratch, "notebooks")
        write(lite / "jupyter-lite.json", json.dumps(CONFIG).encode())
        lay_out(lite / "static" / "pyodide", Path(pyodide), lock)
        for name in course_files(source):
            write(notebooks / name, fresh(source / name))
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--no-sourcemaps", "--no-unused-shared-packages"]
        command += ["--lite-dir", lite, "--contents", notebooks, "--output-dir", Path(out).resolve()]
        ran = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise Problem(f"JupyterLite could not be built:\n{ran.stdout}{ran.stderr}")


def installed(name):
    """The version of a package that is installed, or None."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def read_lock(pyodide):
    """The list of what a distribution holds. Raises Problem unless it is one of the version that ran."""
    try:
        lock = json.loads(Path(pyodide, LOCK).read_text(encoding="utf-8"))
        found = lock["info"]["version"]
    except (OSError, ValueError, KeyError) as error:
        raise Problem(f"{pyodide} holds no Pyodide distribution: its {LOCK} can't be read ({error!r}).") from None
    if found != PYODIDE:
        raise Problem(f"{pyodide} holds Pyodide {found}, and the course ran in {PYODIDE}.")
    return lock


# ---- what lies beside Pyodide ----


def lay_out(folder, pyodide, lock):
    """Write into `folder` what is used of the distribution, our wheels, and the list of both."""
    packages = {name: lock["packages"][name] for name in closure([*THEIRS, *KERNEL], lock["packages"])}
    for name in [*CORE, *(package["file_name"] for package in packages.values())]:
        if not (pyodide / name).is_file():
            raise Problem(f"{name} is missing in {pyodide}: unpack the full distribution there, not its core alone.")
        write(folder / name, (pyodide / name).read_bytes())
    for name in OURS:
        packages[key(name)] = entry(name, version(name), repack(name, folder), [])
    packages["backprop"] = entry("backprop", __version__, our_wheel(folder), [key(name) for name in [*OURS, *THEIRS]])
    write(folder / LOCK, json.dumps({**lock, "packages": packages}).encode())


def key(name):
    """A package's name as the list has it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(names, packages):
    """These packages and what they depend on. Raises Problem."""
    found, open = set(), [key(name) for name in names]
    while open:
        name = open.pop()
        if name not in packages:
            raise Problem(f"The distribution has no {name}: take the full one, not its core alone.")
        if name not in found:
            found.add(name)
            open += [key(needed) for needed in packages[name]["depends"]]
    return found


def entry(name, number, wheel, depends):
    """What the list says of one wheel."""
    with zipfile.ZipFile(wheel) as archive:
        tops = {file.split("/")[0].removesuffix(".py") for file in archive.namelist()}
    return {
        "name": name,
        "version": number,
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(top for top in tops if top.isidentifier()),
        "depends": depends,
        "unvendored_tests": False,
    }


def our_wheel(folder):
    """This package as a wheel, its notebooks inside."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return next(folder.glob("backprop-*.whl"))


def repack(name, folder):
    """An installed package as a wheel again, its Python alone: what is compiled has a source beside it.

    So nothing has to be fetched, and the browser gets the versions that are installed here.
    """
    installed = distribution(name)
    wheel = folder / f"{name}-{installed.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in installed.files:
            inside = ".." not in file.parts and "__pycache__" not in file.parts
            if inside and file.suffix not in (".so", ".pyd"):
                archive.write(file.locate(), file.as_posix())
    return wheel


def main(arguments=None):
    """Build it, and say how large it is. Returns the exit code."""
    parser = argparse.ArgumentParser("python -m backprop.site.lite", description="Build the course for the browser.")
    parser.add_argument("out", metavar="OUT", help="the folder that is written to")
    parser.add_argument(
        "--pyodide", metavar="FOLDER", required=True, help=f"a Pyodide {PYODIDE} distribution, unpacked"
    )
    options = parser.parse_args(arguments)
    try:
        build(options.out, options.pyodide)
    except (Problem, OSError, subprocess.CalledProcessError) as problem:
        print(f"backprop.site.lite: {problem}", file=sys.stderr)
        return 2
    size = sum(path.stat().st_size for path in Path(options.out).rglob("*") if path.is_file())
    print(f"{options.out}: {size / 1e6:.0f} MB. To open it: python -m http.server -d {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
