"""The `backprop` command: a working copy of the notebooks, opened in JupyterLab.

    backprop [FOLDER]               make the working copy or bring it up to date, and open it
    backprop reset 02 [FOLDER]      a fresh copy of notebook 02, the old one set aside
    backprop reset all [FOLDER]     of every notebook

A learner's answers outrank the course. A notebook is brought in where there is none, and refreshed where its cells
are still the ones that were delivered; any other stays as it is until its owner asks for a reset. Running cells
changes outputs, counts and metadata, so only the types and sources of the cells count as work, and the pictures that
were pasted into them. What is delivered holds no outputs, for who is to predict what a cell prints must not read it
there; a figure that the text reads is kept.
"""

import argparse
import contextlib
import datetime
import glob
import hashlib
import importlib.util
import itertools
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from backprop import __version__, renamed
from backprop.path import link

if TYPE_CHECKING:
    from backprop.evening import Evening

PACKAGE = Path(__file__).resolve().parent
START = link("start")
KEPT = "figure"  # the tag of a cell whose output is delivered, too
HIDDEN = ".backprop"  # in the working copy: what was delivered, and JupyterLab's settings for the course
NEWS = f"{HIDDEN}/news.json"  # what of the changelog the learner has been told
SETTINGS = f"{HIDDEN}/jupyter/labconfig/default_setting_overrides.json"
QUIET = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
UNREADABLE = "unreadable"  # in place of a digest
TOLD = 3  # titles of the changelog in one line
OLD = 24 * 3600  # seconds after which nobody is still writing a file


class Problem(Exception):
    """Something the person at the keyboard can fix; its text is the sentence that says how."""


# ---- where things are ----


def source_folder():
    """The course as shipped: inside the package in a wheel, beside it in a clone."""
    for folder in (PACKAGE / "notebooks", PACKAGE.parent / "notebooks"):
        if any(folder.glob("*.ipynb")):
            return folder
    raise Problem("The course's notebooks are missing from this installation: install backprop again.")


def default_folder(source):
    """The working copy we stand in; otherwise beside the clone, or in the current folder for an installed wheel.

    In the browser alone it is always the former: the page lays the notebooks out, and no command has made a copy.
    """
    here = Path.cwd()
    if manifest_path(here).exists() or in_a_page():
        return here
    return (here if source.parent == PACKAGE else source.parent.parent) / "backprop-course"


def in_a_page():
    """Whether Python itself runs in the browser, as in JupyterLite: without processes, and without a terminal."""
    return sys.platform == "emscripten"


def check_folder(folder, source):
    """`folder` as an absolute path, if a working copy can be there."""
    folder = Path(folder).expanduser().resolve()
    source = source.resolve()
    if folder == source or source in folder.parents:
        raise Problem(f"{folder} is the course's own notebooks folder: name a folder outside it for your working copy.")
    if folder.exists() and not folder.is_dir():
        raise Problem(f"{folder} is a file, and a working copy needs a folder: name another.")
    return folder


def course_files(source):
    """Names, relative to `source`, of the notebooks and of the files that they show."""
    files = [path.relative_to(source) for path in source.rglob("*") if path.is_file()]
    ours = [name for name in files if not any(part[0] == "." or part == "__pycache__" for part in name.parts)]
    return sorted(name.as_posix() for name in ours)


def in_the_way(folder, name):
    """What stands where a course file belongs and can't be one: a folder, or a file in place of its folder; or None."""
    if (folder / name).is_dir():
        return name
    above = [part for part in Path(name).parents if (folder / part).exists() and not (folder / part).is_dir()]
    return above[0].as_posix() if above else None


def cells_of(name):
    """The cells of a course notebook as it was saved last in the current folder, or, elsewhere, as it is shipped.

    A notebook that reads itself finds itself wherever it is run: in Colab, for one, the current folder holds none.
    """
    folder = next(folder for folder in (Path(), source_folder()) if (folder / name).is_file())
    return json.loads((folder / name).read_text(encoding="utf-8"))["cells"]


# ---- what was delivered ----


def digest(path):
    """A notebook's digest covers what counts as work in its cells, any other file's its bytes; None for no file.

    A notebook that can't be read as one, half-written or mangled, goes by its bytes: unlike anything delivered, so
    it counts as touched.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        return UNREADABLE
    if path.suffix == ".ipynb" and (cells := works(content)) is not None:
        content = json.dumps(cells, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()


def works(content):
    """What counts as work in each cell of a notebook: type, source, pasted pictures; None where it is no notebook.

    A cell without pictures is as in the digests of earlier releases, which knew of none and delivered none.
    """
    with contextlib.suppress(AttributeError, KeyError, TypeError, ValueError):
        found = []
        for cell in json.loads(content)["cells"]:
            pasted = {name: {kind: "".join(data) for kind, data in picture.items()}
                      for name, picture in (cell.get("attachments") or {}).items()}  # fmt: skip
            found.append([cell["cell_type"], "".join(cell["source"]), *([pasted] if pasted else [])])
        return found
    return None


def akin(path, other):
    """Whether a notebook has a cell in common with another: then it is the same one, worked in, and nothing foreign."""
    if path.suffix != ".ipynb":
        return False
    mine, theirs = works(path.read_bytes()) or [], works(other.read_bytes()) or []
    return any(cell in theirs for cell in mine)


def manifest_path(folder):
    return folder / HIDDEN / "delivered.json"


def read_manifest(folder):
    """{name: digests delivered so far, oldest first}; empty if the manifest is lost or damaged."""
    try:
        manifest = json.loads(manifest_path(folder).read_bytes())
        return {str(name): [str(seen) for seen in list(digests)] for name, digests in manifest.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def write(path, content, still=None):
    """Write all of it or nothing: a reader, or a kill at any moment, finds the old file or the new one.

    `still` is asked last, with the new file ready beside the old one. Where it says no, nothing is written, and False
    comes back.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_bytes(content)
        if still is not None and not still():
            return False
        os.replace(unfinished, path)
        return True
    finally:
        unfinished.unlink(missing_ok=True)


def clear_unfinished(folder, names):
    """Remove what killed runs left beside these files: theirs by name, and the process gone or the file old."""
    for path in (folder / name for name in names):
        for left in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
            number = re.fullmatch(r"\.([1-9]\d{0,8})\.tmp", left.name[len(path.name) + 1 :])
            with contextlib.suppress(OSError):  # what can't be cleared does no harm
                if number and left.is_file() and (gone(int(number[1])) or time.time() - left.stat().st_mtime > OLD):
                    left.unlink()


def gone(process):
    """Whether no such process can be writing. Our own number had somebody before us: we have begun nothing yet."""
    if sys.platform == "win32":
        return process == os.getpid()  # os.kill would end another one, so there only age tells
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return process == os.getpid()


def write_json(path, value):
    write(path, (json.dumps(value, indent=1) + "\n").encode())


# ---- bringing in ----


def fresh(path):
    """The bytes of a course file as a learner gets it: a notebook without outputs but those of tagged figures."""
    content = path.read_bytes()
    if path.suffix != ".ipynb":
        return content
    notebook = json.loads(content)
    ran = [cell for cell in notebook["cells"] if cell.get("outputs") or cell.get("execution_count")]
    for cell in ran:
        kept = cell["outputs"] if KEPT in cell["metadata"].get("tags", []) else []
        cell.update(outputs=kept, execution_count=None)
    if not ran:
        return content
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()


class Changes(NamedTuple):
    """What a sync did and found, as lists of names."""

    new: list
    refreshed: list
    newer: list  # touched by the learner, and the course has moved on: left alone
    unknown: list  # differs from the course, and the manifest doesn't say why: left alone
    blocked: list  # what stands where a course file belongs and can't be one: left alone
    retired: list  # (name, name that the learner's has now or None): the course has it no longer


def sync(source, folder):
    """Bring the course into `folder` without overwriting anyone's work.

    The manifest is written before the files. A kill between the two leaves digests of files that never came,
    which do no harm; the other order would leave files of ours that look like the learner's.
    """
    names, delivered = course_files(source), read_manifest(folder)
    clear_unfinished(folder, [*names, *renamed.NOTEBOOKS, SETTINGS, NEWS, manifest_path(folder).relative_to(folder)])
    changes, found = Changes([], [], [], [], [], []), {}
    for name in names:
        if obstacle := in_the_way(folder, name):
            changes.blocked.extend([] if obstacle in changes.blocked else [obstacle])
            continue
        course, mine, seen = digest(source / name), digest(folder / name), delivered.setdefault(name, [])
        found[name] = mine
        if mine is None:
            changes.new.append(name)
        elif mine != course and mine in seen:
            changes.refreshed.append(name)
        elif mine != course and seen and seen[-1] != course:
            changes.newer.append(name)
            continue
        elif mine != course and not seen:
            changes.unknown.append(name)
            if mine == UNREADABLE or not akin(folder / name, source / name):
                continue  # it isn't the course's, whatever comes later, and that is said each time
        if seen[-1:] != [course]:
            seen.append(course)
    if delivered != read_manifest(folder):
        write_json(manifest_path(folder), delivered)
    bring_in(source, folder, changes, found, delivered)
    for name in sorted(renamed.NOTEBOOKS.keys() - set(names)):
        if (folder / name).is_file():
            changes.retired.append((name, retire(folder / name, delivered.get(name, []))))
    return changes


def bring_in(source, folder, changes, found, delivered):
    """Write what is new or refreshed, unless it is no longer as it was found: a save of just now is work."""
    late = []
    for name in changes.new + changes.refreshed:
        path, course = folder / name, digest(source / name)
        if not write(path, fresh(source / name), lambda: digest(path) == found[name]) and digest(path) != course:  # noqa: B023
            late.append(name)
            delivered[name].pop()  # it never came, so the next time it is newer again
    if late:
        for names in (changes.new, changes.refreshed):
            names[:] = [name for name in names if name not in late]
        changes.newer.extend(late)
        write_json(manifest_path(folder), delivered)


def retire(path, seen):
    """Take away a file that the course no longer has; returns the name that it has now where it holds work, or None.

    It is moved before it is looked at: an earlier save is seen, and a later one makes a file of its own.
    """
    aside = set_aside(path, b"")
    os.replace(path, aside)
    if digest(aside) not in seen:
        return aside.name
    aside.unlink()
    return None


def find(wanted, source):
    """The name of the course file that `wanted` means: a notebook's number, or the start of a name."""
    names = course_files(source)
    numbers = {name: name.split("_")[0] for name in names if name.endswith(".ipynb")}
    short = wanted.lstrip("0") or wanted[:1]  # 2 or 02, 7a or 07a
    found = [name for name, number in numbers.items() if (number.lstrip("0") or "0") == short]
    found = found or [name for name in names if name == wanted] or [name for name in names if name.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    means = f"means {len(found)} notebooks" if found else "is no notebook of this course"
    raise Problem(f"{wanted!r} {means}: name one of {', '.join(found or numbers)}.")


def set_aside(path, content):
    """Put `content`, which is that of `path`, beside it under a name that is free, and return the path of that.

    A copy and not a rename, so that there is a notebook under the old name all the while.
    """
    today = datetime.date.today().isoformat()
    for n in itertools.count(1):
        aside = path.with_name(f"{path.stem}.set-aside-{today}-{n}{path.suffix}")
        with contextlib.suppress(FileExistsError), open(aside, "xb") as file:
            file.write(content)
            return aside


def reset(wanted, source, folder):
    """Put a fresh copy in place; returns its name and, where there was an old one that differs, the path of that."""
    name = find(wanted, source)
    mine, new = folder / name, fresh(source / name)
    if obstacle := in_the_way(folder, name):
        raise Problem(f"{obstacle_said(folder, obstacle)} Rename it, and try again.")
    if not mine.exists() and not manifest_path(folder).exists():
        raise Problem(f"There is no working copy of the course in {folder}: run {this_command()} first, or name yours.")
    delivered = read_manifest(folder)
    delivered.setdefault(name, []).append(digest(source / name))
    write_json(manifest_path(folder), delivered)
    aside, written = None, False
    while not written:  # a save that falls between the two is set aside as well
        old = mine.read_bytes() if mine.exists() else None
        aside = aside if old in (None, new) else set_aside(mine, old)
        written = write(mine, new, lambda: (mine.read_bytes() if mine.exists() else None) == old)  # noqa: B023
    return name, aside


def fresh_copy(notebook: str) -> None:
    """`backprop reset` without a terminal: call it from a cell, of the notebook itself or of another.

    `notebook` is its number, such as "02", the start of its name, or "all". The old one is set aside beside it. Raises
    Problem, in a sentence, for a name that means none, and where the current folder is no working copy.
    """
    source = source_folder()
    start_afresh(notebook, source, default_folder(source).resolve())


def tonight(minutes: float = 90, role: str | None = None) -> "Evening":
    """List what to do this evening in so many minutes, with links and reasons, by what the record says is done.

    The day of the interview is the one that `interview_on` was told; `role` is "transformers", "training at scale",
    "fine-tuning and preferences" or "images and sequences". What it asks lies ready in the interview's panel.
    Raises ValueError for any other role, and for minutes that are no positive number.
    """
    from backprop.evening import plan  # the command does without it, and without NumPy

    return plan(source_folder(), minutes, role)


# ---- JupyterLab ----


def no_browser_reason(environ=os.environ, platform=sys.platform):
    """Why no browser can be opened here, or None."""
    display = platform in ("win32", "darwin") or any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    if not display and not environ.get("BROWSER"):
        return "There is no display here"
    try:
        webbrowser.get()
    except webbrowser.Error:
        return "No browser was found"
    return None


def lab_command(folder, *, browser, port=None, extra=()):
    """JupyterLab on the start notebook, with the interpreter that runs this: -P keeps the learner's files off its path.

    answer_yes, since Ctrl-C means it. At log level WARN the address still shows, unless the token is the user's own.
    """
    notebooks = [START] if (folder / START).exists() else sorted(path.name for path in folder.glob("*.ipynb"))
    command = [sys.executable, "-P", "-m", "jupyterlab"]
    command += [f"--ServerApp.root_dir={folder}", "--ServerApp.answer_yes=True"]
    command += [f"--LabApp.default_url=/lab/tree/{name}" for name in notebooks[:1]]
    command += [] if "JUPYTER_TOKEN" in os.environ else ["--log-level=WARN", "--LabApp.log_level=WARN"]
    command += [] if browser else ["--no-browser"]
    command += [] if port is None else [f"--port={port}"]
    command += ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [*command, *extra]


def lab_environment(folder, environ=os.environ):
    """The caller's environment, with three paths put in front and each copy's tabs kept with it.

    Kernels and widgets of this environment come before those in the user's folder, so that `import backprop` works.
    The course's settings (no news, no check for updates) are defaults: the user's own are still read, and win.
    And `backprop` is found in JupyterLab's terminal.
    """
    first = {
        "JUPYTER_PATH": os.path.join(sys.prefix, "share", "jupyter"),
        "JUPYTER_CONFIG_PATH": str(folder / HIDDEN / "jupyter"),
        "PATH": sysconfig.get_path("scripts"),
    }
    paths = {name: os.pathsep.join(filter(None, [path, environ.get(name)])) for name, path in first.items()}
    return {"JUPYTERLAB_WORKSPACES_DIR": str(folder / HIDDEN / "workspaces"), **environ, **paths}


def serve(command, folder, env):
    """Run JupyterLab until it ends or we are told to stop; returns the exit code.

    On POSIX it gets a session of its own: the terminal's Ctrl-C then comes to us alone, and we pass it on as the
    SIGTERM that ends the server and its kernels without a question. On Windows it hears Ctrl-C itself. Stopping is
    how this command is meant to end, so it ends in 0, which also lets a shell's `&&` go on.
    """
    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # nohup asks for that
            signal.signal(number, signal.default_int_handler)
    windows = sys.platform == "win32"
    server = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, start_new_session=not windows)
    try:
        say("Starting JupyterLab. Ctrl-C here ends it.")
        return server.wait()
    except KeyboardInterrupt:
        if not windows:
            server.terminate()
        with contextlib.suppress(OSError):  # the terminal may be the one that is gone
            say("\nStopping JupyterLab.")
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            server.wait(timeout=10)
        return 0
    finally:
        server.kill()
        server.wait()


# ---- the command ----


def say(*lines):
    print(*lines, sep="\n", flush=True)


def this_command():
    """How this command can be typed again: its name if the shell would find it, its path if not."""
    script = Path(sys.argv[0])
    if script.stem != "backprop":
        return "python -m backprop.course"
    return "backprop" if shutil.which("backprop") else str(script)


def reset_command(name, source, folder):
    """The command that fetches the newer `name`, such as `backprop reset 02`."""
    number = name.split("_")[0]
    wanted = number if name.endswith(".ipynb") and number[:2].isdecimal() else name
    elsewhere = [] if folder == default_folder(source).resolve() else [str(folder)]
    return f"{this_command()} {shlex.join(['reset', wanted, *elsewhere])}"


def update(source, folder):
    """Sync and say what happened, one line for each thing the learner should know."""
    known = manifest_path(folder).exists()
    changes, titles = sync(source, folder), unheard(source, folder)
    say(f"Your working copy of the course: {folder}")
    if known and titles:
        more = f"; and {len(titles) - TOLD} more" if len(titles) > TOLD else ""
        say(f"  What is new: {'; '.join(titles[:TOLD])}{more}. {changelog(source)} says where.")
    for names, what in [(changes.new, "new"), (changes.refreshed, "brought up to date")]:
        if names:
            say(f"  {what}: {', '.join(names)}")
    for names, why in [
        (changes.newer, "you have worked in it, so it stays; the course has a newer version"),
        (changes.unknown, "it differs from the course's, so it stays"),
    ]:
        for name in names:
            say(f"  {name}: {why}, and `{reset_command(name, source, folder)}` fetches that and sets yours aside.")
    for name in changes.blocked:
        say(f"  {obstacle_said(folder, name)} It stays; rename it, and `{this_command()}` brings in the course's.")
    for name, aside in changes.retired:
        became = " and ".join(renamed.NOTEBOOKS[name])
        said = f"it is now {became}" if became else "the course no longer has it"
        yours = f"you have worked in it, so yours is set aside as {aside}" if aside else "the old one is removed"
        say(f"  {name}: {said}; {yours}.")


def changelog(source):
    """The changelog, which lies beside the notebooks' folder: in a clone, and in a wheel."""
    return source.parent / "CHANGELOG.md"


def unheard(source, folder):
    """The titles in the changelog that this copy's learner has not been told, the newest first; from now on they are.

    A list of them that is lost or damaged costs only that they are told once more.
    """
    try:
        titles = re.findall(r"(?m)^\*\*(.+?)\.?\*\*", changelog(source).read_text(encoding="utf-8"))
    except OSError:
        return []
    told = []
    with contextlib.suppress(OSError, ValueError):
        told = json.loads((folder / NEWS).read_bytes())
    if told != titles:
        write_json(folder / NEWS, titles)
    return [title for title in titles if title not in told]


def obstacle_said(folder, name):
    """What is wrong with a thing that stands in the way of a course file."""
    here, there = ("a folder", "a file") if (folder / name).is_dir() else ("a file", "a folder")
    return f"{name}: this is {here}, and the course has {there} of that name."


def start(options, source):
    if in_a_page():
        raise Problem(
            "You are in the browser already, and can't start JupyterLab from there: open a notebook on the left."
        )
    folder = check_folder(options.folder or default_folder(source), source)
    update(source, folder)
    if options.update_only:
        return 0
    if importlib.util.find_spec("jupyterlab") is None:
        raise Problem(f"JupyterLab is missing beside {sys.executable}: install backprop again, with its dependencies.")
    write_json(folder / SETTINGS, QUIET)
    reason = "As you asked" if options.no_browser else no_browser_reason()
    if reason:
        say(f"{reason}, so no browser is opened: open the address that follows in one.")
    command = lab_command(folder, browser=not reason, port=options.port, extra=options.jupyterlab)
    return serve(command, folder, lab_environment(folder))


def start_over(options, source):
    folder = check_folder(options.folder or default_folder(source), source)
    start_afresh(options.notebook, source, folder)
    return 0


def start_afresh(wanted, source, folder):
    """Reset one notebook, or all of them, and say what became of each. Raises Problem."""
    notebooks = [name for name in course_files(source) if name.endswith(".ipynb")]
    found = [reset(name, source, folder) for name in (notebooks if wanted == "all" else [wanted])]
    for name, aside in found:
        say(f"{name} is fresh in {folder}." + (f" The old one is now {aside.name}." if aside else ""))
    if any(aside for _, aside in found):
        say("If it is open in JupyterLab, choose File > Reload Notebook from Disk.")


def port(text):
    number = int(text)
    if not 0 <= number <= 65535:
        raise ValueError
    return number


def parse(argv):
    """The options, and the function that carries them out in `options.run`."""
    where = "the folder of your working copy; left out, the one you stand in, or backprop-course beside the clone"
    if argv[:1] == ["reset"]:
        parser = argparse.ArgumentParser("backprop reset", description="Start a notebook over, the old one set aside.")
        parser.add_argument("notebook", metavar="NOTEBOOK", help="its number, such as 02, a name, or all")
        parser.add_argument("folder", metavar="FOLDER", nargs="?", help=where)
        parser.set_defaults(run=start_over)
        return parser.parse_args(argv[1:])
    cut = argv.index("--") if "--" in argv else len(argv)
    parser = argparse.ArgumentParser(
        "backprop",
        usage="%(prog)s [FOLDER] [options] [-- JUPYTERLAB OPTIONS]\n       %(prog)s reset NOTEBOOK [FOLDER]",
        description="Make or update your working copy of the course, and open it in JupyterLab. A notebook you have "
        "worked in is never overwritten: `backprop reset 02` puts a fresh copy in place and sets yours aside.",
    )
    parser.add_argument("folder", metavar="FOLDER", nargs="?", help=where)
    parser.add_argument("--no-browser", action="store_true", help="print the address and open nothing")
    parser.add_argument("--port", type=port, help="where to listen (8888; if it is taken, another near it)")
    parser.add_argument("--update-only", action="store_true", help="bring in what is new and start nothing")
    parser.add_argument("--version", action="version", version=f"backprop {__version__}")
    parser.set_defaults(run=start, jupyterlab=argv[cut + 1 :])
    return parser.parse_args(argv[:cut])


def main(argv=None):
    options = parse(sys.argv[1:] if argv is None else list(argv))
    try:
        return options.run(options, source_folder())
    except Problem as problem:
        print(f"backprop: {problem}", file=sys.stderr)
    except OSError as error:
        what = error.filename or "The working copy"
        print(f"backprop: {what} can't be read or written: {error.strerror or error}.", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    return 2


if __name__ == "__main__":
    sys.exit(main())
