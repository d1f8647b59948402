"""The record of practice: two writers, a killed writer, a damaged file, a folder that can't be written."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from backprop.practice import progress, record
from backprop.practice.verdict import Verdict

WRITER = """
import sys
from backprop.practice import record
from backprop.practice.verdict import Verdict
for n in range(40):
    record.note(sys.argv[1], Verdict(sys.argv[1], passed=n % 2 == 0, slips=("one", "two")))
"""
VICTIM = """
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("pragma cache_size = 1")
db.execute("begin immediate")
for n in range(20000):
    db.execute("insert into attempt values (0, ?, 1)", ("half-way" * 20,))
print("writing", flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def scratch(tmp_path, monkeypatch):
    """A record of the test's own; the real one is out of reach."""
    monkeypatch.setenv("BACKPROP_RECORD", str(tmp_path / "data" / "record.sqlite3"))
    monkeypatch.setattr(record, "_told", set())
    return tmp_path / "data" / "record.sqlite3"


def attempt(passed=True, slips=()):
    record.note("neuron.gradient", Verdict("neuron.gradient", passed=passed, slips=slips))


def test_an_attempt_and_its_slips_are_kept(scratch):
    attempt(passed=False, slips=("sign", "two"))
    attempt(passed=False, slips=("sign",))
    assert record.passed() == set()
    attempt()
    assert record.passed() == {"neuron.gradient"}
    assert record.slips() == {"neuron.gradient/sign": 2, "neuron.gradient/two": 1}
    assert os.listdir(scratch.parent) == ["record.sqlite3"]  # and nothing beside it
    assert "2 times: the sign is flipped" in repr(progress())


def test_looking_leaves_no_file(scratch):
    assert record.passed() == set() and record.slips() == {}
    assert "0 of" in repr(progress())
    assert not scratch.parent.exists()


def test_two_processes_write_at_once(scratch):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, f"w{n}"], stderr=subprocess.PIPE) for n in range(3)]
    assert [w.communicate(timeout=60)[1] for w in writers] == [b""] * 3
    assert all(w.returncode == 0 for w in writers)
    assert record.passed() == {"w0", "w1", "w2"}
    assert record.slips() == {f"w{n}/{slip}": 40 for n in range(3) for slip in ("one", "two")}


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_writer_killed_half_way_leaves_the_file_whole(scratch, capsys):
    attempt(slips=("sign",))
    size = scratch.stat().st_size
    with subprocess.Popen([sys.executable, "-c", VICTIM, str(scratch)], stdout=subprocess.PIPE) as victim:
        assert victim.stdout.readline() == b"writing\n"
        assert scratch.stat().st_size > size  # part of it is on the disk already
        victim.send_signal(signal.SIGKILL)
    attempt(slips=("two",))
    assert record.passed() == {"neuron.gradient"}
    assert record.slips() == {"neuron.gradient/sign": 1, "neuron.gradient/two": 1}
    assert not capsys.readouterr().err
    with sqlite3.connect(scratch) as db:
        assert db.execute("pragma integrity_check").fetchall() == [("ok",)]
    db.close()


def damage_head(file):
    file.write_bytes(b"not a database, but long enough to look at" * 99)


def damage_middle(file):
    whole = file.read_bytes()
    file.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))


def other_tables(file):
    file.unlink()
    with sqlite3.connect(file) as db:
        db.execute("create table attempt (something text)")
    db.close()


@pytest.mark.parametrize("damage", [damage_head, damage_middle, other_tables])
@pytest.mark.parametrize("first", [attempt, record.passed, record.slips])
def test_a_damaged_file_is_set_aside_with_a_message(scratch, capsys, damage, first):
    attempt(slips=("sign",))
    damage(scratch)
    damaged = scratch.read_bytes()
    first()
    attempt()
    assert record.passed() == {"neuron.gradient"}
    (aside,) = [f for f in scratch.parent.iterdir() if "damaged" in f.name]
    assert aside.read_bytes() == damaged
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "was damaged" in said and aside.name in said


def test_another_notebooks_new_file_is_not_set_aside(scratch):
    """Both see the damage; the slower one must leave the file that the faster one began."""
    attempt()
    record._set_aside(scratch, (0, 0), "seen in another file")
    assert record.passed() == {"neuron.gradient"}


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="POSIX permissions")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only(scratch, capsys):
    scratch.parent.mkdir()
    scratch.parent.chmod(0o500)
    attempt()
    attempt()
    scratch.parent.chmod(0o700)
    assert capsys.readouterr().err.count("can't be recorded") == 1


@pytest.mark.parametrize("place", ["file/record.sqlite3", "folder", "\0", "long" * 200])
def test_a_place_where_no_file_can_be(tmp_path, monkeypatch, capsys, place):
    (tmp_path / "file").write_text("a file where a folder should be")
    (tmp_path / "folder").mkdir()
    monkeypatch.setattr(record, "path", lambda: tmp_path / place)
    attempt()
    attempt()
    assert record.passed() == set() and record.slips() == {}
    assert "Practice goes on without it." in capsys.readouterr().err


def test_a_locked_file_is_waited_for_and_then_told(scratch, monkeypatch, capsys):
    attempt()
    monkeypatch.setattr(record, "PATIENCE", 0.1)
    other = sqlite3.connect(scratch, isolation_level=None)
    other.execute("begin exclusive")
    attempt()
    other.execute("rollback")
    other.close()
    assert "locked" in capsys.readouterr().err
    assert not [f for f in scratch.parent.iterdir() if "damaged" in f.name]


def test_where_the_record_is(monkeypatch, tmp_path):
    monkeypatch.setenv("BACKPROP_RECORD", "~/mine.sqlite3")
    assert record.path() == Path.home() / "mine.sqlite3"
    monkeypatch.delenv("BACKPROP_RECORD")
    monkeypatch.setattr(record, "user_data_path", lambda name, appauthor: tmp_path / name)
    assert record.path() == tmp_path / "backprop" / "record.sqlite3"


def test_ten_thousand_attempts_are_read_fast(scratch):
    attempt()
    with sqlite3.connect(scratch) as db:
        db.executemany("insert into attempt values (?, ?, ?)", [(n, f"e{n % 60}", n % 2) for n in range(10_000)])
        db.executemany("insert into slip values (?, ?, ?)", [(n, f"e{n % 60}", f"s{n % 7}") for n in range(10_000)])
    db.close()
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        repr(progress())
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.1
