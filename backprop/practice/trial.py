"""A program's trial: it is run, and its tests are, in a process of its own and within a time limit.

    python -m backprop.practice.trial NAME FILE RESULTS

`trial` starts that. The results are written one by one, so that what was found before the time was up is kept.
In a browser alone there are no processes: there the kernel itself runs it, within the same limit.
"""

import contextlib
import importlib.util
import io
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
import types
from functools import partial
from pathlib import Path

from backprop.practice import planting

LIMIT = 60  # seconds; the slowest program takes a tenth of it, and importing PyTorch is the most of that
SHOWN = 4000  # characters of what a program prints
HOME = str(Path(__file__).parents[2])
IN_A_PAGE = sys.platform == "emscripten"  # Python runs in the browser, as in JupyterLite


def has_torch():
    """Whether PyTorch is installed."""
    return importlib.util.find_spec("torch") is not None


def load(path, name):
    """The program in a file as a new module. It is not the main one, so it defines its functions and runs nothing."""
    module = types.ModuleType(name)
    module.__file__ = str(path)
    exec(compile(Path(path).read_text(encoding="utf-8"), str(path), "exec"), module.__dict__)
    return module


def words_of(error, path):
    """What went wrong in a program's run, with its line where that is known."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    if isinstance(error, SyntaxError) and error.filename == str(path):
        lines = [error.lineno]
    place = f" in line {lines[-1]}" if lines else ""
    return f"{type(error).__name__}{place}: {error}"


def outcome(test, path, name):
    """What a test says of the program in a file: "" where it passes."""
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            test(load(path, name))
    except AssertionError as error:
        return str(error) or "A test fails."
    except (Exception, SystemExit) as error:  # the program may raise anything
        return words_of(error, path)
    return ""


def examine(name, path):
    """Yield (test, what it says), in order. Before them ("", …) says what kept the program from being read, if so."""
    try:
        load(path, name)
    except (Exception, SystemExit) as error:
        yield "", words_of(error, path)
        return
    yield "", ""
    for test in planting.program(name).tests:
        yield test.id, outcome(test.run, path, name)


def trial(name, path, limit=LIMIT):
    """({test: what it says of the file}, "") or (what was found, why there is no more)."""
    with tempfile.TemporaryDirectory(prefix="backprop-", ignore_cleanup_errors=True) as scratch:
        results = Path(scratch) / "results"
        if IN_A_PAGE:
            ended, said = in_the_kernel(partial(main, name, path, results), path, scratch, limit)
        else:
            module = [sys.executable, "-P", "-m", "backprop.practice.trial", name, str(path), str(results)]
            ended, said = in_a_process(module, scratch, limit)
        lines = results.read_text(encoding="utf-8").splitlines() if results.exists() else []
    found = dict(json.loads(line) for line in lines)
    if found.get(""):
        return {}, f"The file can't be run. {found['']}"
    if len(found) <= len(planting.program(name).tests):
        return found, f"It was stopped after {limit} seconds." if ended is None else f"It ended before its time. {said}"
    return {id: words for id, words in found.items() if id}, ""


def printed(path, limit=LIMIT):
    """What a program prints when it is run as a script, with what it raised below."""
    path = Path(path).resolve()
    with tempfile.TemporaryDirectory(prefix="backprop-", ignore_cleanup_errors=True) as scratch:
        if IN_A_PAGE:
            ended, said = in_the_kernel(partial(load, path, "__main__"), path, scratch, limit)
        else:
            ended, said = in_a_process([sys.executable, "-P", str(path)], scratch, limit)
    said = said.replace(str(path), path.name)  # a warning names the file
    said = said if len(said) <= SHOWN else said[:SHOWN] + "\n…"
    return said.rstrip("\n") + (f"\nIt was stopped after {limit} seconds." if ended is None else "")


def in_a_process(command, folder, limit):
    """(exit code, what was printed); (None, what was printed) where the time was up. Nobody waits for its input."""
    paths = filter(None, [HOME, os.environ.get("PYTHONPATH")])
    threads = {
        name: os.environ.get(name, "1") for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    }
    env = (
        os.environ
        | threads
        | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
    )
    output = Path(folder) / "printed"
    with output.open("wb") as out:
        try:
            ended = subprocess.run(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=out,
                                   stderr=subprocess.STDOUT, timeout=limit, check=False).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            ended = None
    with output.open(encoding="utf-8", errors="replace") as text:
        return ended, text.read(50 * SHOWN)


class TimeIsUp(BaseException):
    """Raised inside a program whose time is up; no test takes it for an error of the program's."""


def in_the_kernel(work, path, folder, limit):
    """What in_a_process gives, where there is none: `work` runs the program in `path`, whose lines watch the clock."""
    file, deadline, out, ended = str(path), time.monotonic() + limit, io.StringIO(), 0

    def watch(frame, event, argument):
        if frame.f_code.co_filename != file:
            return None
        if time.monotonic() > deadline:
            raise TimeIsUp
        return watch

    before = sys.gettrace()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        sys.settrace(watch)
        try:
            work()
        except TimeIsUp:
            ended = None
        except (Exception, SystemExit) as error:
            ended, place = 1, error.__traceback__
            while place and place.tb_frame.f_code.co_filename != file:  # ours are nobody's business
                place = place.tb_next
            if not isinstance(error, SystemExit):
                traceback.print_exception(error.with_traceback(place))
        finally:
            sys.settrace(before)
    return ended, out.getvalue()


def main(name, path, results):
    with open(results, "w", encoding="utf-8") as out:
        for one in examine(name, path):
            print(json.dumps(one), file=out, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
