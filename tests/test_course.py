"""The `backprop` command: a learner's work survives everything, and JupyterLab starts and stops as it should."""

import contextlib
import datetime
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

import pytest

from backprop import __version__, course, renamed

NAMES = ["00_start_here.ipynb", "01_single_neuron.ipynb", "02_delta_recurrence.ipynb", "10_ten.ipynb"]
TWO, PICTURE = NAMES[2], "images/net.png"


def notebook(*sources, kind="code"):
    cells = [{"cell_type": kind, "id": f"c{i}", "metadata": {}, "source": source} for i, source in enumerate(sources)]
    for cell in cells if kind == "code" else []:
        cell.update(execution_count=None, outputs=[])
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


OLD, NEW, THIRD = notebook("a = 1\nb", "c"), notebook("a = 2\nb", "c"), notebook("a = 3\nb", "c")
WORK = notebook("a = 1\nb", "c = 'my answer'")


@pytest.fixture
def source(tmp_path, monkeypatch):
    """A course of four notebooks and a picture, in place of the real one."""
    folder = tmp_path / "clone" / "notebooks"
    (folder / "images").mkdir(parents=True)
    for name in NAMES:
        (folder / name).write_bytes(OLD)
    (folder / PICTURE).write_bytes(b"old picture")
    monkeypatch.setattr(course, "source_folder", lambda: folder)
    return folder


@pytest.fixture
def folder(source, tmp_path):
    """A working copy of it, just made."""
    course.sync(source, tmp_path / "copy")
    return tmp_path / "copy"


def visible(folder):
    """{name: content} of what is in a folder, its hidden files left out."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".") and "/." not in name}


def edited(change):
    """OLD, its JSON changed in place by `change`."""
    content = json.loads(OLD)
    change(content["cells"], content)
    return json.dumps(content, indent=3).encode()


def nothing_changed(changes):
    return not any(changes)


# ---- bringing in ----


def test_a_working_copy_is_made(source, tmp_path):
    for junk in (".hidden", ".ipynb_checkpoints/02.ipynb", "__pycache__/x.pyc"):
        (source / junk).parent.mkdir(exist_ok=True)
        (source / junk).write_bytes(b"")
    changes = course.sync(source, tmp_path / "deep" / "copy")
    assert changes.new == [*NAMES, PICTURE]
    assert visible(tmp_path / "deep" / "copy") == {**dict.fromkeys(NAMES, OLD), PICTURE: b"old picture"}
    assert nothing_changed(course.sync(source, tmp_path / "deep" / "copy"))


RUNS = {
    "not even run": lambda cells, _: None,
    "outputs": lambda cells, _: cells[0].update(outputs=[{"output_type": "stream", "name": "stdout", "text": "hi"}]),
    "counts": lambda cells, _: cells[0].update(execution_count=7),
    "metadata": lambda cells, whole: (whole.update(metadata={"x": 1}), cells[0].update(metadata={"collapsed": True})),
    "source as lines": lambda cells, _: cells[0].update(source=["a = 1\n", "b"]),
    "new cell ids": lambda cells, _: cells[0].update(id="other"),
    "no attachments": lambda cells, _: cells[0].update(attachments={}),
}


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_running_is_not_touching(source, folder, run):
    (folder / TWO).write_bytes(edited(run))
    (source / TWO).write_bytes(NEW)
    assert course.sync(source, folder).refreshed == [TWO]
    assert (folder / TWO).read_bytes() == NEW


def ran(source, tags=(), **data):
    """A code cell as it is stored after a run."""
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    return {
        **{"cell_type": "code", "id": source[:4], "metadata": {"tags": list(tags)}, "source": source},
        **{"execution_count": 3, "outputs": [output]},
    }


def test_what_a_cell_prints_is_not_delivered_but_a_figure_that_the_text_reads_is(source, folder):
    """Else nobody could predict it. What is shown in the repository stays there, and running the copy is no work."""
    drawn, said = {"image/png": "AAAA", "text/plain": "δ falls"}, {"text/plain": "0.25"}
    cells = [ran("predict()", **said), ran("draw()", [course.KEPT], **drawn), ran("plot()", **drawn)]
    shipped = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    (source / TWO).write_bytes(shipped)
    assert course.sync(source, folder).refreshed == [TWO]
    got = json.loads((folder / TWO).read_bytes())["cells"]
    assert [cell["outputs"] for cell in got] == [[], cells[1]["outputs"], []]
    assert [cell["execution_count"] for cell in got] == [None] * 3
    assert [cell["source"] for cell in got] == [cell["source"] for cell in cells]
    assert "δ".encode() in (folder / TWO).read_bytes() and (source / TWO).read_bytes() == shipped
    assert nothing_changed(course.sync(source, folder))
    course.reset("02", source, folder)
    assert json.loads((folder / TWO).read_bytes())["cells"] == got


def test_the_course_arrives_without_answers(tmp_path):
    """No cell of any notebook has an output but a picture with its words; nothing else of the notebook differs."""
    shipped = course.source_folder()
    course.sync(shipped, tmp_path)
    for path in shipped.glob("*.ipynb"):
        mine, theirs = (json.loads((where / path.name).read_text("utf-8")) for where in (tmp_path, shipped))
        for cell, whole in zip(mine["cells"], theirs["cells"], strict=True):
            if cell["cell_type"] == "code":
                assert not cell["outputs"] or (
                    course.KEPT in cell["metadata"]["tags"] and cell["outputs"] == whole["outputs"]
                )
            assert [cell["source"], cell["metadata"]] == [whole["source"], whole["metadata"]]


WORKS = {
    "an answer": WORK,
    "a cell added": edited(lambda cells, _: cells.append({**cells[0], "source": ""})),
    "a cell removed": edited(lambda cells, _: cells.pop()),
    "cells swapped": edited(lambda cells, _: cells.reverse()),
    "cells joined": notebook("a = 1\nbc"),
    "another type": notebook("a = 1\nb", "c", kind="markdown"),
    "a picture pasted": edited(lambda cells, _: cells[0].update(attachments={"a.png": {"image/png": "iVBO"}})),
    "odd attachments": edited(lambda cells, _: cells[0].update(attachments=["a.png"])),
    "half-written": OLD[: len(OLD) // 2],
    "empty": b"",
    "not text": b"\xff\x00",
    "not a notebook": b"[1, 2]",
    "odd cells": b'{"cells": [{"cell_type": "code", "source": null}]}',
}


@pytest.mark.parametrize("work", WORKS.values(), ids=WORKS)
def test_a_touched_notebook_is_never_overwritten(source, folder, work):
    (folder / TWO).write_bytes(work)
    assert nothing_changed(course.sync(source, folder)), "nothing to say while the course is as it was"
    (source / TWO).write_bytes(NEW)
    for _ in range(2):
        changes = course.sync(source, folder)
        assert changes.newer == [TWO] and not changes.new + changes.refreshed + changes.unknown
        assert (folder / TWO).read_bytes() == work


def test_digests_of_earlier_releases_are_known(source, folder):
    """These were written before pictures counted, and learners' copies hold them."""
    delivered = {TWO: ["1541c30e598d7ac0b554f74a076cfead55d256eda35c4b86123fb91ab4b98b17"]}
    assert course.digest(source / TWO) == delivered[TWO][0]
    course.manifest_path(folder).write_text(json.dumps(delivered))
    (source / TWO).write_bytes(NEW)
    assert course.sync(source, folder).refreshed == [TWO]


def test_a_picture_that_the_course_delivers_is_no_work_and_another_one_is(source, folder):
    def pasted(*lines):
        return edited(lambda cells, _: cells[0].update(attachments={"a.png": {"image/png": list(lines)}}))

    (source / TWO).write_bytes(pasted("iVBO", "Rw0K"))
    assert course.sync(source, folder).refreshed == [TWO]
    (folder / TWO).write_bytes(pasted("iVBORw0K"))  # as it is saved again
    (source / TWO).write_bytes(NEW)
    assert course.sync(source, folder).refreshed == [TWO]
    (folder / TWO).write_bytes(edited(lambda cells, _: cells[0].update(attachments={"b.png": {"image/png": "iVBO"}})))
    (source / TWO).write_bytes(THIRD)
    assert course.sync(source, folder).newer == [TWO]


def test_what_stands_in_the_way_is_told_each_time_and_by_reset(source, folder, capsys):
    (folder / TWO).unlink()
    (folder / TWO).mkdir()
    shutil.rmtree(folder / "images")
    (folder / "images").write_bytes(b"mine")
    for version in (OLD, NEW, NEW):
        (source / TWO).write_bytes(version)
        assert course.main([str(folder), "--update-only"]) == 0
        told = capsys.readouterr().out.splitlines()
        assert [line.partition(" It stays; rename it, and `")[0] for line in told[1:]] == [
            f"  {TWO}: this is a folder, and the course has a file of that name.",
            "  images: this is a file, and the course has a folder of that name.",
        ]
    assert course.main(["reset", "02", str(folder)]) == 2
    said = f"backprop: {TWO}: this is a folder, and the course has a file of that name. Rename it, and try again.\n"
    assert capsys.readouterr().err == said
    (folder / TWO).rmdir()
    (folder / "images").rename(folder / "mine")
    assert course.sync(source, folder).new == [TWO, PICTURE]


def test_a_foreign_file_under_the_courses_name_is_told_each_time(source, tmp_path):
    """Where nothing of that name was ever delivered, and it has no cell of the course's."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / TWO).write_bytes(notebook("my own notes"))
    (folder / NAMES[1]).write_bytes(notebook("my own", "c"))  # has one
    foreign = folder / PICTURE
    foreign.parent.mkdir()
    foreign.write_bytes(b"mine")
    assert course.sync(source, folder).unknown == [NAMES[1], TWO, PICTURE]
    for version in (OLD, NEW, NEW):
        (source / TWO).write_bytes(version)
        changes = course.sync(source, folder)
        assert changes.unknown == [TWO, PICTURE] and not changes.new + changes.refreshed + changes.newer
    course.reset("02", source, folder)
    assert course.sync(source, folder).unknown == [PICTURE]
    assert (folder / aside(1)).read_bytes() == notebook("my own notes") and foreign.read_bytes() == b"mine"


def test_a_file_that_cannot_be_read_stays_and_is_told(source, folder, monkeypatch):
    read = Path.read_bytes

    def refused(self):
        if self == folder / TWO:
            raise PermissionError(13, "Permission denied", str(self))
        return read(self)

    course.manifest_path(folder).unlink()
    monkeypatch.setattr(Path, "read_bytes", refused)
    for _ in range(2):
        assert course.sync(source, folder).unknown == [TWO]


def test_pictures_follow_the_same_rules(source, folder):
    (source / PICTURE).write_bytes(b"new picture")
    assert course.sync(source, folder).refreshed == [PICTURE]
    (folder / PICTURE).write_bytes(b"mine")
    (source / PICTURE).write_bytes(b"newer picture")
    assert course.sync(source, folder).newer == [PICTURE]
    assert (folder / PICTURE).read_bytes() == b"mine"


def test_several_versions_in_a_row_and_back(source, folder):
    for version in (NEW, THIRD, OLD, NEW):
        (source / TWO).write_bytes(version)
        assert course.sync(source, folder).refreshed == [TWO]
        assert (folder / TWO).read_bytes() == version
    (folder / TWO).write_bytes(WORK)
    assert nothing_changed(course.sync(source, folder)), "the work began from the version that is current"


def test_what_is_new_comes_and_what_was_deleted_returns(source, folder):
    (source / "11_new.ipynb").write_bytes(NEW)
    (folder / TWO).unlink()
    assert course.sync(source, folder).new == [TWO, "11_new.ipynb"]


def test_files_of_the_learner_are_not_the_courses_business(source, folder):
    for name in ("mine.ipynb", "images/mine.png", "02_delta_recurrence.set-aside-2026-11-23-1.ipynb"):
        (folder / name).write_bytes(b"mine")
    assert nothing_changed(course.sync(source, folder))
    assert list(visible(folder).values()).count(b"mine") == 3


DAMAGE = [None, b"", b'{"02', b"[]", b"3", b'{"02_delta_recurrence.ipynb": 3}', b"\xff"]


@pytest.mark.parametrize("damage", DAMAGE, ids=str)
def test_a_lost_or_damaged_manifest_costs_no_work(source, folder, damage):
    (folder / TWO).write_bytes(WORK)
    manifest = course.manifest_path(folder)
    manifest.unlink() if damage is None else manifest.write_bytes(damage)
    changes = course.sync(source, folder)
    assert changes.unknown == [TWO] and not changes.new + changes.refreshed + changes.newer
    assert nothing_changed(course.sync(source, folder)), "it is said once"
    for name in (TWO, NAMES[1]):
        (source / name).write_bytes(NEW)
    changes = course.sync(source, folder)
    assert changes.newer == [TWO] and changes.refreshed == [NAMES[1]]
    assert (folder / TWO).read_bytes() == WORK


def test_nothing_is_written_where_nothing_changed(source, folder, monkeypatch):
    monkeypatch.setattr(course, "write", lambda path, content: pytest.fail(f"{path} was written"))
    course.sync(source, folder)


# ---- a save in the middle of it ----


def saving(monkeypatch, *saves):
    """Somebody saves just before a file is moved into place: each of `saves` is (path, content, after which file)."""
    left, write_bytes = list(saves), Path.write_bytes

    def writing(self, content):
        written = write_bytes(self, content)
        for one in [one for one in left if self.name.startswith(f".{one[2]}.")]:
            left.remove(one)
            write_bytes(one[0], one[1])
        return written

    monkeypatch.setattr(Path, "write_bytes", writing)


@pytest.mark.parametrize("after", ["delivered.json", NAMES[1], TWO])
def test_a_save_that_falls_into_an_update_stays(source, folder, monkeypatch, after):
    for name in (NAMES[1], TWO):
        (source / name).write_bytes(NEW)
    with monkeypatch.context() as patch:
        saving(patch, (folder / TWO, WORK, after))
        changes = course.sync(source, folder)
    assert (folder / TWO).read_bytes() == WORK
    assert changes.newer == [TWO] and changes.refreshed == [NAMES[1]] and not changes.new
    assert course.sync(source, folder).newer == [TWO], "and the next time it is told again"
    assert not list(folder.rglob("*.tmp"))


def test_a_file_that_comes_in_between_stays(source, folder, monkeypatch):
    (folder / TWO).unlink()
    for content, newer in ((WORK, [TWO]), (OLD, [])):  # of the learner, or of another run of this command
        with monkeypatch.context() as patch:
            saving(patch, (folder / TWO, content, TWO))
            assert course.sync(source, folder).newer == newer
        assert (folder / TWO).read_bytes() == content
        (folder / TWO).unlink()


def test_saves_that_fall_into_a_reset_are_set_aside_too(source, folder, monkeypatch):
    (folder / TWO).write_bytes(WORK)
    with monkeypatch.context() as patch:
        saving(patch, (folder / TWO, THIRD, TWO), (folder / TWO, NEW, "delivered.json"))
        course.reset("02", source, folder)
    kept = {(folder / aside(n)).read_bytes() for n in (1, 2)}
    assert (folder / TWO).read_bytes() == OLD and kept == {NEW, THIRD}  # WORK was saved over by its owner


# ---- files that the course no longer has ----

GONE = "03_gone.ipynb"


@pytest.fixture
def before(source, folder):
    """A working copy with a notebook that the course had, and has no longer."""
    (source / GONE).write_bytes(OLD)
    course.sync(source, folder)
    (source / GONE).unlink()
    return folder


RETIRED = {
    "renamed": (("03_new.ipynb",), "it is now 03_new.ipynb"),
    "split": (("03a.ipynb", "03b.ipynb"), "it is now 03a.ipynb and 03b.ipynb"),
    "retired": ((), "the course no longer has it"),
}


@pytest.mark.parametrize("change", RETIRED)
@pytest.mark.parametrize("work", [False, True])
def test_a_notebook_that_the_course_no_longer_has(source, before, monkeypatch, capsys, *, change, work):
    became, words = RETIRED[change]
    monkeypatch.setattr(renamed, "NOTEBOOKS", {GONE: became})
    for name in became:
        (source / name).write_bytes(NEW)
    (before / GONE).write_bytes(WORK if work else edited(RUNS["outputs"]))
    others = {**visible(before), **dict.fromkeys(became, NEW)}
    del others[GONE]
    assert course.main([str(before), "--update-only"]) == 0
    yours = f"you have worked in it, so yours is set aside as {aside(1, GONE)}" if work else "the old one is removed"
    assert capsys.readouterr().out.splitlines()[1 + bool(became) :] == [f"  {GONE}: {words}; {yours}."]
    assert visible(before) == {**others, **({aside(1, GONE): WORK} if work else {})}
    assert nothing_changed(course.sync(source, before))


def test_nothing_is_taken_away_that_the_course_has_or_the_table_does_not_name(source, before, monkeypatch):
    assert nothing_changed(course.sync(source, before)) and (before / GONE).exists()
    monkeypatch.setattr(renamed, "NOTEBOOKS", {TWO: (), GONE: (), "never.ipynb": ()})
    (before / GONE).unlink()
    (before / GONE).mkdir()
    kept = visible(before)
    assert nothing_changed(course.sync(source, before)) and visible(before) == kept and (before / GONE).is_dir()


def test_without_a_manifest_nobody_knows_and_the_old_one_is_set_aside(source, before, monkeypatch):
    course.manifest_path(before).unlink()
    monkeypatch.setattr(renamed, "NOTEBOOKS", {GONE: ()})
    assert course.sync(source, before).retired == [(GONE, aside(1, GONE))]
    assert (before / aside(1, GONE)).read_bytes() == OLD


def test_a_save_while_the_old_one_is_taken_away_is_work(source, before, monkeypatch):
    monkeypatch.setattr(renamed, "NOTEBOOKS", {GONE: ()})
    replace = os.replace

    def saved_before(path, to):
        Path(path).write_bytes(WORK)
        replace(path, to)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", saved_before)
        assert course.sync(source, before).retired == [(GONE, aside(1, GONE))]
    assert (before / aside(1, GONE)).read_bytes() == WORK


# ---- what killed runs left ----


def left_by(process, path, age=0):
    path = path.with_name(f".{path.name}.{process}.tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_what_killed_runs_left_is_cleared_and_nothing_else(source, folder, monkeypatch):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as alive:
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        monkeypatch.setattr(renamed, "NOTEBOOKS", {GONE: ()})
        ours = [folder / name for name in (*NAMES, PICTURE, GONE, course.SETTINGS)] + [course.manifest_path(folder)]
        cleared = [left_by(ended.pid, path) for path in ours] + [left_by(os.getpid(), folder / TWO)]
        cleared += [left_by(alive.pid, folder / NAMES[3], age=2 * course.OLD)]
        kept = [left_by(alive.pid, folder / TWO), left_by(ended.pid, folder / "mine.ipynb")]
        kept += [left_by(name, folder / TWO) for name in ("0", "12x", "9" * 30, f"x.{ended.pid}")]
        (folder / f".{NAMES[1]}.{2**22 + 1}.tmp").mkdir()
        course.sync(source, folder)
        assert not [path for path in cleared if path.exists()] and all(path.exists() for path in kept)
        assert (folder / f".{NAMES[1]}.{2**22 + 1}.tmp").is_dir()
        alive.communicate(b"\n")
    course.sync(source, folder)
    assert [path.exists() for path in kept] == [False, *[True] * 5]


def test_on_windows_only_age_tells(source, folder, monkeypatch):
    """os.kill would end the process there."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "kill", lambda *_: pytest.fail("a process was ended"))
    young, old = left_by(2**22 + 1, folder / TWO), left_by(2**22 + 2, folder / TWO, age=2 * course.OLD)
    course.sync(source, folder)
    assert young.exists() and not old.exists()


# ---- killed half-way ----


class Killed(BaseException):
    pass


def killed_after(step, monkeypatch, action):
    """Run `action`, killed in its step-th write to the disk; False once it has no such step.

    A kill leaves half of what is being written, and nobody cleans up. A step is a write or a move into place.
    """
    left = iter(range(step, -1, -1))

    def dying(real, content_at=None):
        def call(*args):
            if next(left) > 0:
                return real(*args)
            if content_at is not None:
                real(*args[:content_at], args[content_at][: len(args[content_at]) // 2])
            raise Killed

        return call

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", dying(Path.write_bytes, content_at=1))
        patch.setattr(os, "replace", dying(os.replace))
        patch.setattr(Path, "unlink", lambda self, missing_ok=False: None)
        try:
            action()
        except Killed:
            return True
    return False


def test_an_update_killed_at_any_step_loses_nothing_and_can_be_run_again(source, tmp_path, monkeypatch):
    for step in range(100):
        (source / "11_new.ipynb").unlink(missing_ok=True)
        for name in (*NAMES, PICTURE):
            (source / name).write_bytes(OLD)
        folder = tmp_path / f"copy{step}"
        course.sync(source, folder)
        (folder / NAMES[1]).write_bytes(WORK)
        for name in (*NAMES, "11_new.ipynb", PICTURE):
            (source / name).write_bytes(NEW)
        killed = killed_after(step, monkeypatch, lambda: course.sync(source, folder))  # noqa: B023
        assert set(visible(folder).values()) <= {OLD, WORK, NEW}, "no half of a file is left in place"
        for name in visible(source):
            (source / name).write_bytes(THIRD)
        changes = course.sync(source, folder)
        assert changes.newer == [NAMES[1]] and not changes.unknown
        assert visible(folder) == {**dict.fromkeys([*NAMES, "11_new.ipynb", PICTURE], THIRD), NAMES[1]: WORK}
        if not killed:
            break
    assert step == 12, "the manifest and five files, a write and a move each"


@pytest.mark.parametrize("work", [WORK, OLD])
def test_an_old_notebook_is_taken_away_whole_or_not_at_all(source, tmp_path, monkeypatch, work):
    monkeypatch.setattr(renamed, "NOTEBOOKS", {GONE: ("03_new.ipynb",)})
    for step in range(100):
        folder = tmp_path / f"copy{step}"
        (source / "03_new.ipynb").unlink(missing_ok=True)
        (source / GONE).write_bytes(OLD)
        course.sync(source, folder)
        (folder / GONE).write_bytes(work)
        (source / GONE).rename(source / "03_new.ipynb")
        killed = killed_after(step, monkeypatch, lambda: course.sync(source, folder))  # noqa: B023
        assert work in visible(folder).values()
        course.sync(source, folder)
        assert (folder / "03_new.ipynb").read_bytes() == OLD and not (folder / GONE).exists()
        assert work in visible(folder).values()
        if not killed:
            break
    assert step == 5, "the manifest and the new file, a write and a move each, and the old one's move"


def test_a_reset_killed_at_any_step_loses_nothing(source, tmp_path, monkeypatch):
    for step in range(100):
        folder = tmp_path / f"copy{step}"
        course.sync(source, folder)
        (folder / TWO).write_bytes(WORK)
        killed = killed_after(step, monkeypatch, lambda: course.reset("02", source, folder))  # noqa: B023
        assert (folder / TWO).read_bytes() == (WORK if killed else OLD), "always one whole notebook under its name"
        assert WORK in visible(folder).values()
        course.reset("02", source, folder)
        assert (folder / TWO).read_bytes() == OLD and WORK in visible(folder).values()
        if not killed:
            break
    assert step == 4


# ---- reset ----


def aside(n, name=TWO):
    return f"{Path(name).stem}.set-aside-{datetime.date.today().isoformat()}-{n}{Path(name).suffix}"


@pytest.mark.parametrize("wanted", ["02", "2", "02_delta", TWO])
def test_reset_sets_the_old_one_aside(source, folder, wanted, capsys):
    (folder / TWO).write_bytes(WORK)
    (source / TWO).write_bytes(NEW)
    assert course.main(["reset", wanted, str(folder)]) == 0
    assert (folder / TWO).read_bytes() == NEW and (folder / aside(1)).read_bytes() == WORK
    assert aside(1) in capsys.readouterr().out
    (source / TWO).write_bytes(OLD)
    assert course.sync(source, folder).refreshed == [TWO], "a fresh copy follows the course again"
    assert nothing_changed(course.sync(source, folder))


def test_reset_all_sets_aside_what_was_worked_in_and_no_more(source, folder, capsys):
    (folder / TWO).write_bytes(WORK)
    assert course.main(["reset", "all", str(folder)]) == 0
    assert visible(folder) == {**dict.fromkeys(NAMES, OLD), PICTURE: b"old picture", aside(1): WORK}
    said = capsys.readouterr().out
    assert [said.count(f"{name} is fresh") for name in NAMES] == [1] * len(NAMES)
    assert said.count("The old one is now") == said.count("Reload Notebook from Disk") == 1


def test_a_cell_can_reset_its_own_notebook(source, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    (folder / TWO).write_bytes(WORK)
    course.fresh_copy("2")
    assert (folder / TWO).read_bytes() == OLD and (folder / aside(1)).read_bytes() == WORK
    assert "choose File > Reload Notebook from Disk" in capsys.readouterr().out
    with pytest.raises(course.Problem, match="is no notebook of this course"):
        course.fresh_copy("33")


def test_in_the_browser_alone_a_cell_resets_what_no_command_delivered(source, tmp_path, monkeypatch, capsys):
    """JupyterLite lays out the notebooks, and nothing but them."""
    page = tmp_path / "drive"
    page.mkdir()
    (page / TWO).write_bytes(WORK)
    monkeypatch.chdir(page)
    monkeypatch.setattr(sys, "platform", "emscripten")
    course.fresh_copy("2")
    assert (page / TWO).read_bytes() == OLD and (page / aside(1)).read_bytes() == WORK


def test_the_command_says_that_it_can_not_start_jupyterlab_from_a_page(source, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "platform", "emscripten")
    before = sorted(tmp_path.rglob("*"))
    assert course.main([]) == 2 and sorted(tmp_path.rglob("*")) == before
    assert capsys.readouterr().err.startswith("backprop: You are in the browser already")


def test_a_notebook_finds_its_own_cells_wherever_it_is_run(source, folder, tmp_path, monkeypatch):
    (folder / TWO).write_bytes(WORK)
    monkeypatch.chdir(folder)
    assert course.cells_of(TWO) == json.loads(WORK)["cells"]
    monkeypatch.chdir(tmp_path)
    assert course.cells_of(TWO) == json.loads(OLD)["cells"]


def test_names_set_aside_never_collide(source, folder):
    (folder / aside(2)).write_bytes(b"in the way")
    for work in (WORK, b"", b"half a noteb"):
        (folder / TWO).write_bytes(work)
        course.reset("02", source, folder)
    contents = [(folder / aside(n)).read_bytes() for n in (1, 2, 3, 4)]
    assert contents == [WORK, b"in the way", b"", b"half a noteb"]


def test_reset_of_what_is_fresh_or_missing_sets_nothing_aside(source, folder):
    assert course.reset("02", source, folder) == (TWO, None)
    (folder / TWO).unlink()
    assert course.reset("02", source, folder) == (TWO, None)
    assert (folder / TWO).read_bytes() == OLD
    assert set(visible(folder)) == {*NAMES, PICTURE}


def test_reset_of_a_picture(source, folder):
    (folder / PICTURE).write_bytes(b"mine")
    name, old = course.reset(PICTURE, source, folder)
    assert old.name == aside(1, "net.png") and (folder / PICTURE).read_bytes() == b"old picture"


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("7", f"backprop: '7' is no notebook of this course: name one of {', '.join(NAMES)}.\n"),
        ("delta", f"backprop: 'delta' is no notebook of this course: name one of {', '.join(NAMES)}.\n"),
        ("0", None),
        ("1", None),
        ("02_", "backprop: '02_' means 2 notebooks: name one of 02_delta_recurrence.ipynb, 02_second.ipynb.\n"),
        ("2", "backprop: '2' means 2 notebooks: name one of 02_delta_recurrence.ipynb, 02_second.ipynb.\n"),
    ],
)
def test_which_notebook_is_meant(source, folder, wanted, sentence, capsys):
    if "second" in (sentence or ""):
        (source / "02_second.ipynb").write_bytes(OLD)
    assert course.main(["reset", wanted, str(folder)]) == (2 if sentence else 0)
    assert capsys.readouterr().err == (sentence or "")


def test_reset_needs_a_working_copy(source, tmp_path, capsys):
    assert course.main(["reset", "02", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err.startswith("backprop: There is no working copy of the course in")
    assert not (tmp_path / "nowhere").exists()


def test_reset_outlives_a_lost_manifest(source, folder):
    course.manifest_path(folder).unlink()
    (folder / TWO).write_bytes(WORK)
    assert course.reset("02", source, folder) == (TWO, folder / aside(1))


# ---- the command ----


def test_update_tells_what_happened(source, folder, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/somewhere/backprop"])
    monkeypatch.setattr(course.shutil, "which", lambda name: None)
    (folder / TWO).write_bytes(WORK)
    for name in (NAMES[1], TWO):
        (source / name).write_bytes(NEW)
    (source / "11_new.ipynb").write_bytes(NEW)
    assert course.main([str(folder), "--update-only"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"Your working copy of the course: {folder}",
        "  new: 11_new.ipynb",
        "  brought up to date: 01_single_neuron.ipynb",
        f"  {TWO}: you have worked in it, so it stays; the course has a newer version, and "
        f"`{Path('/somewhere/backprop')} reset 02 {folder}` fetches that and sets yours aside.",
    ]
    monkeypatch.chdir(folder)
    monkeypatch.setattr(course.shutil, "which", lambda name: "/somewhere/backprop")
    assert course.main(["--update-only"]) == 0
    assert "`backprop reset 02` fetches" in capsys.readouterr().out


CHANGES = (
    "# What changed\n\n## Unreleased\n\n**Third** (02). More.\n\n**Second.** Less.\n\n## 0.1.0\n\nThe **first**.\n"
)


def test_an_update_tells_once_what_is_new(source, folder, capsys):
    def told():
        course.update(source, folder)
        return re.findall("What is new: (.*)", capsys.readouterr().out)

    log = source.parent / "CHANGELOG.md"
    assert told() == []  # there is no changelog
    log.write_text(CHANGES.replace("**Third** (02). More.", ""), encoding="utf-8")
    assert told() == [f"Second. {log} says where."]
    assert told() == []
    log.write_text(CHANGES, encoding="utf-8")
    assert told() == [f"Third. {log} says where."]
    (folder / course.NEWS).write_text("{", encoding="utf-8")
    assert told() == [f"Third; Second. {log} says where."]
    log.write_text("\n".join(f"**Change {n}.**" for n in range(5)), encoding="utf-8")
    assert told() == [f"Change 0; Change 1; Change 2; and 2 more. {log} says where."]


def test_a_new_copy_is_not_told_what_it_has_never_seen_otherwise(source, tmp_path, capsys):
    (source.parent / "CHANGELOG.md").write_text(CHANGES, encoding="utf-8")
    course.update(source, tmp_path / "fresh")
    course.update(source, tmp_path / "fresh")
    assert "What is new" not in capsys.readouterr().out


def test_the_changelog_has_titles():
    log = course.changelog(course.source_folder())
    titles = re.findall(r"(?m)^\*\*(.+?)\.?\*\*", log.read_text(encoding="utf-8"))
    assert len(titles) > 5 and all(len(title) < 60 for title in titles)


def test_the_default_folder(source, folder, tmp_path, monkeypatch):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert course.default_folder(source) == tmp_path / "backprop-course", "beside the clone"
    monkeypatch.setattr(course, "PACKAGE", source.parent)
    assert course.default_folder(source) == elsewhere / "backprop-course", "in the current folder, from a wheel"
    monkeypatch.chdir(folder)
    assert course.default_folder(source) == folder, "the working copy we stand in"


def test_where_the_course_comes_from(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "PACKAGE", tmp_path / "backprop")
    for notebooks in (tmp_path / "notebooks", tmp_path / "backprop" / "notebooks"):
        notebooks.mkdir(parents=True)
        (notebooks / "00.ipynb").touch()
        assert course.source_folder() == notebooks


def test_a_course_without_notebooks_is_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(course, "PACKAGE", tmp_path / "backprop")
    assert course.main(["--update-only"]) == 2
    assert capsys.readouterr().err == (
        "backprop: The course's notebooks are missing from this installation: install backprop again.\n"
    )


@pytest.mark.parametrize(
    "where", ["a file", "under a file", "the source", "inside the source", "no permission", "full"]
)
def test_an_impossible_folder_is_one_sentence(source, tmp_path, monkeypatch, capsys, where):
    (tmp_path / "file").write_bytes(b"mine")
    places = {"a file": tmp_path / "file", "under a file": tmp_path / "file" / "copy", "the source": source}
    target = places.get(where, tmp_path / "copy")
    if where == "inside the source":
        target = source / "images" / "copy"

    def refuse(self, *args, **kwargs):
        number, text = (13, "Permission denied") if where == "no permission" else (28, "No space left on device")
        raise OSError(number, text, str(self))

    before = visible(source.parent)
    with monkeypatch.context() as patch:
        if where == "no permission":
            patch.setattr(Path, "mkdir", refuse)
        elif where == "full":
            patch.setattr(Path, "write_bytes", refuse)
        assert course.main([str(target), "--update-only"]) == 2
    told = capsys.readouterr()
    assert re.fullmatch(r"backprop: [^\n]{20,}\.\n", told.err) and not told.out
    assert visible(source.parent) == before and (tmp_path / "file").read_bytes() == b"mine"


@pytest.mark.parametrize("arguments", [["--port", "x"], ["--port", "70000"], ["--prot", "1"], ["a", "b"], ["reset"]])
def test_wrong_options_end_in_2(source, arguments, capsys):
    with pytest.raises(SystemExit, match="^2$"):
        course.main(arguments)
    assert "usage: backprop" in capsys.readouterr().err


def test_version(capsys):
    with pytest.raises(SystemExit, match="^0$"):
        course.main(["--version"])
    assert capsys.readouterr().out == f"backprop {__version__}\n"


# ---- starting JupyterLab ----


@pytest.mark.parametrize(
    ("environ", "platform", "opens"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ""}, "linux", False),
        ({"BROWSER": "open-on-my-laptop"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_when_a_browser_can_be_opened(monkeypatch, environ, platform, opens):
    monkeypatch.setattr(webbrowser, "get", lambda: "a browser")
    assert (course.no_browser_reason(environ, platform) is None) == opens

    def none():
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", none)
    assert course.no_browser_reason(environ, platform)


def test_the_command_line(source, folder, monkeypatch):
    monkeypatch.delenv("JUPYTER_TOKEN", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    command = course.lab_command(folder, browser=True)
    assert command[:4] == [sys.executable, "-P", "-m", "jupyterlab"]
    assert "--LabApp.default_url=/lab/tree/00_start_here.ipynb" in command
    assert not {"--allow-root", "--no-browser"} & set(command) and not any("--port" in part for part in command)
    assert course.lab_command(folder, browser=False, port=0, extra=["--x"])[-3:] == ["--no-browser", "--port=0", "--x"]
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "--allow-root" in course.lab_command(folder, browser=True)
    monkeypatch.delattr(os, "geteuid")  # as on Windows
    assert "--allow-root" not in course.lab_command(folder, browser=True)
    monkeypatch.setenv("JUPYTER_TOKEN", "mine")
    assert "--log-level=WARN" not in course.lab_command(folder, browser=True), "no address shows at that level"


def test_the_environment_adds_to_the_users_own(tmp_path):
    mine = {
        "JUPYTER_PATH": "p",
        "JUPYTER_CONFIG_PATH": "c",
        "PATH": "bin",
        "HOME": "h",
        "JUPYTERLAB_WORKSPACES_DIR": "w",
    }
    env = course.lab_environment(tmp_path, mine)
    assert env["HOME"] == "h" and env["JUPYTERLAB_WORKSPACES_DIR"] == "w"
    for name in ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "PATH"):
        first, second = env[name].split(os.pathsep)
        assert second == mine[name] and Path(first).is_absolute()
    assert os.pathsep not in course.lab_environment(tmp_path, {})["JUPYTER_PATH"]


def test_start_passes_its_options_on(source, tmp_path, monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(course, "serve", lambda *call: calls.append(call) or 5)
    monkeypatch.setattr(course, "no_browser_reason", lambda: None)
    copy = tmp_path / "copy"
    assert course.main([str(copy)]) == 5
    assert "no browser" not in capsys.readouterr().out
    assert course.main([str(copy), "--no-browser", "--port=9000", "--", "--ip=0.0.0.0", "--debug"]) == 5
    assert "no browser is opened" in capsys.readouterr().out
    (plain, where, _), (command, _, _) = calls
    assert "--no-browser" not in plain and where == copy
    assert {"--no-browser", "--port=9000"} < set(command) and command[-2:] == ["--ip=0.0.0.0", "--debug"]


needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="Windows can't send Ctrl-C to one process alone.")
DRIVER = """
import pathlib, signal, sys
from backprop import course
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that runs the tests in the background ignores it
course.source_folder = lambda: pathlib.Path(sys.argv[1])
sys.exit(course.main(sys.argv[2:]))
"""


@contextlib.contextmanager
def launch(source, folder, home, *options):
    """The command in a process of its own, with a home of its own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON"))}
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        env.pop(name, None)
    names = ["HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"]
    env.update({name: str(home / name) for name in names}, JUPYTER_PREFER_ENV_PATH="0")
    command = [sys.executable, "-c", DRIVER, str(source), str(folder), *options]
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env=env, text=True, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process, pattern):
    """What the process printed, up to the line that has `pattern`, and the match."""
    printed = ""
    for line in process.stdout:
        printed += line
        if match := re.search(pattern, line):
            return printed, match
    raise AssertionError(f"it ended without {pattern!r}:\n{printed}")


def interrupt(process, number=signal.SIGINT):
    """Ctrl-C: it ends soon, cleanly, without a question."""
    process.send_signal(number)
    started = time.monotonic()
    rest, _ = process.communicate(timeout=30)
    assert time.monotonic() - started < 10
    assert process.returncode == 0, rest
    assert "Traceback" not in rest and "y/[n]" not in rest


@needs_signals
def test_jupyterlab_starts_beside_a_taken_port_and_ends_on_control_c(source, tmp_path):
    """Root, no display, no stdin, a port in use, a kernel in the user's folder that would shadow ours: all at once."""
    shadow = tmp_path / "JUPYTER_DATA_DIR" / "kernels" / "python3" / "kernel.json"
    shadow.parent.mkdir(parents=True)
    shadow.write_text('{"argv": ["/nowhere", "{connection_file}"], "display_name": "wrong", "language": "python"}')
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with launch(source, tmp_path / "my copy", tmp_path, "--port", str(port)) as process:
            printed, address = read_until(process, r"(http://\S+:(\d+))(/lab/tree/00_start_here.ipynb)\?token=(\w+)")
            server, found, page, token = address.groups()
            assert "no browser is opened" in printed and int(found) != port

            def get(path):
                """The address is printed a moment before the server listens, which shows on a busy machine."""
                request = urllib.request.Request(server + path, headers={"Authorization": f"token {token}"})
                for attempt in range(100):
                    try:
                        with urllib.request.urlopen(request, timeout=20) as answer:
                            return answer.read()
                    except urllib.error.URLError as error:
                        if attempt == 99 or not isinstance(error.reason, ConnectionRefusedError):
                            raise
                        time.sleep(0.1)

            assert b"JupyterLab" in get(page)
            assert {entry["name"] for entry in json.loads(get("/api/contents"))["content"]} == {*NAMES, "images"}
            assert json.loads(get("/api/kernelspecs"))["kernelspecs"]["python3"]["spec"]["display_name"] != "wrong"
            settings = json.loads(get("/lab/api/settings/@jupyterlab/apputils-extension:notification"))
            properties = settings["schema"]["properties"]
            assert (properties["fetchNews"]["default"], properties["checkForUpdates"]["default"]) == ("false", False)
            pid = int(next((tmp_path / "JUPYTER_RUNTIME_DIR").glob("jpserver-*.json")).stem.split("-")[1])
            interrupt(process)
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)


@needs_signals
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_can_be_stopped_while_it_is_still_starting(source, tmp_path, number):
    with launch(source, tmp_path / "copy", tmp_path) as process:
        read_until(process, "Ctrl-C here ends it")
        time.sleep(0.3)
        interrupt(process, number)


@needs_signals
def test_a_server_that_fails_hands_on_its_exit_code(tmp_path):
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGHUP)
    try:
        assert course.serve([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, os.environ) == 3
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGHUP, before[1])
