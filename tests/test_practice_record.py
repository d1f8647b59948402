"""The record of practice: two writers, a killed writer, a damaged file, a folder that can't be written; and that it
outlives releases: files of earlier ones and of later ones, and names that have changed."""

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backprop import course, renamed
from backprop.interview import Interview, interview_on, schedule
from backprop.interview import bank as interview
from backprop.practice import bank, progress, record, share
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
# A migration that is killed half-way: part of its work is on the disk by then.
MIGRATING = """
import sys, time
from backprop.practice import record
def step(db):
    db.execute("pragma cache_size = 1")
    db.execute("alter table attempt add column seconds real")
    db.execute("update slip set slip = 'half-way'")
    db.executemany("insert into slip (at, exercise, slip) values (0, 'half-way', ?)", [("x" * 300,)] * 20000)
    print("writing", flush=True)
    time.sleep(60)
record.MIGRATIONS.append(step)
record.transact(lambda db: ())
"""
EARLIER = Path(__file__).parent / "record_version_0.sql"  # written by the last release whose files had no version


@pytest.fixture(autouse=True)
def nothing_told(own_record, monkeypatch):
    """No sentence was said before, and the record is the test's own."""
    monkeypatch.setattr(record, "_told", set())


def attempt(passed=True, slips=()):
    record.note("neuron.gradient", Verdict("neuron.gradient", passed=passed, slips=slips))


def test_an_attempt_and_its_slips_are_kept(own_record):
    attempt(passed=False, slips=("sign", "two"))
    attempt(passed=False, slips=("sign",))
    assert record.passed() == set() and "2 times: the sign is flipped" in repr(progress())
    attempt()
    assert record.passed() == {"neuron.gradient"}
    assert record.slips() == {"neuron.gradient/sign": 2, "neuron.gradient/two": 1}
    assert os.listdir(own_record.parent) == ["record.sqlite3"]  # and nothing beside it


def test_in_the_browser_alone_the_record_lies_among_the_files_that_outlive_a_reload(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("BACKPROP_RECORD")
    elsewhere = record.path()
    drive = tmp_path / "drive"
    drive.mkdir()
    monkeypatch.setattr(record, "DRIVE", drive)
    assert record.path() == elsewhere  # on a machine the name means nothing
    monkeypatch.setattr(sys, "platform", "emscripten")
    assert record.path() == drive / "record.sqlite3"
    attempt()
    assert record.passed() == {"neuron.gradient"} and not capsys.readouterr().err


def test_a_page_that_keeps_no_files_says_so_once(own_record, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(record, "DRIVE", tmp_path / "drive")
    monkeypatch.setattr(sys, "platform", "emscripten")
    attempt()
    attempt()
    said = "This page keeps no files, so your progress is recorded only until you leave or reload it.\n"
    assert capsys.readouterr().err == said and record.passed() == {"neuron.gradient"}
    monkeypatch.delenv("BACKPROP_RECORD")
    assert record.path().parent != tmp_path / "drive"


def test_looking_leaves_no_file(own_record):
    assert record.passed() == set() and record.slips() == {}
    assert "0 of" in repr(progress())
    assert not own_record.parent.exists()


def test_two_processes_write_at_once(own_record):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, f"w{n}"], stderr=subprocess.PIPE) for n in range(3)]
    assert [w.communicate(timeout=60)[1] for w in writers] == [b""] * 3
    assert all(w.returncode == 0 for w in writers)
    assert record.passed() == {"w0", "w1", "w2"}
    assert record.slips() == {f"w{n}/{slip}": 40 for n in range(3) for slip in ("one", "two")}


def test_a_writer_waits_for_another_one_that_has_begun(own_record, capsys):
    """Who looked first and wrote then would be in the other's way, and one of the two would lose."""
    attempt()

    def other():
        with contextlib.closing(sqlite3.connect(own_record, timeout=5, isolation_level=None)) as db:
            db.execute("begin immediate")
            db.execute("insert into attempt (at, exercise, passed) values (1, 'other', 1)")
            begun.set()
            time.sleep(0.3)
            db.execute("commit")

    begun = threading.Event()
    with ThreadPoolExecutor() as pool:
        done = pool.submit(other)
        assert begun.wait(10)
        record.note("mine", Verdict("mine", passed=True))
        done.result()
    assert record.passed() == {"neuron.gradient", "other", "mine"} and not capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_writer_killed_half_way_leaves_the_file_whole(own_record, capsys):
    attempt(slips=("sign",))
    size = own_record.stat().st_size
    with subprocess.Popen([sys.executable, "-c", VICTIM, str(own_record)], stdout=subprocess.PIPE) as victim:
        assert victim.stdout.readline() == b"writing\n"
        assert own_record.stat().st_size > size  # part of it is on the disk already
        victim.send_signal(signal.SIGKILL)
    attempt(slips=("two",))
    assert record.passed() == {"neuron.gradient"}
    assert record.slips() == {"neuron.gradient/sign": 1, "neuron.gradient/two": 1}
    assert not capsys.readouterr().err
    with sqlite3.connect(own_record) as db:
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
def test_a_damaged_file_is_set_aside_with_a_message(own_record, capsys, damage, first):
    attempt(slips=("sign",))
    damage(own_record)
    damaged = own_record.read_bytes()
    first()
    attempt()
    assert record.passed() == {"neuron.gradient"}
    (aside,) = [f for f in own_record.parent.iterdir() if "damaged" in f.name]
    assert aside.read_bytes() == damaged
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and said.startswith("The record of your progress was damaged (")
    assert said.endswith(f"). It was set aside as {aside.name}, and a new one begun.\n")
    if damage is other_tables:
        assert "damaged (its table attempt has no column at). It" in said
    assert re.fullmatch(rf"record\.damaged-\d{{8}}-\d{{6}}-{os.getpid()}\.sqlite3", aside.name)


# ---- other releases ----


@pytest.fixture
def earlier(own_record):
    """A record of an earlier release."""
    own_record.parent.mkdir()
    with contextlib.closing(sqlite3.connect(own_record)) as db:
        db.executescript(EARLIER.read_text(encoding="utf-8"))
    return own_record


def ask(file, query):
    with contextlib.closing(sqlite3.connect(file)) as db:
        return db.execute(query).fetchall()


def held(file):
    """All rows, as (table, *values)."""
    tables = [name for (name,) in ask(file, "select name from sqlite_master where type = 'table'")]
    return {(table, *row) for table in tables for row in ask(file, f"select * from {table}")}


def version(file):
    return ask(file, "pragma user_version")[0][0]


def test_a_file_of_an_earlier_release_is_read_and_then_brought_up_to_date(earlier, capsys):
    before, rows = earlier.read_bytes(), held(earlier)
    for _ in range(2):
        assert record.passed() == {"cold.1", "delta.b3", "start.line"}
        assert record.slips() == {"delta.b3/order": 1, "start.line/transpose": 1, "start.line/no-slope": 1}
        assert "00_start_here                         2 of" in repr(progress())
    assert earlier.read_bytes() == before  # looking changes nothing
    attempt(slips=("sign",))
    assert version(earlier) == len(record.MIGRATIONS) > 0
    assert rows < held(earlier) and len(held(earlier)) == len(rows) + 2
    assert record.passed() == {"cold.1", "delta.b3", "start.line", "neuron.gradient"}
    assert not capsys.readouterr().err and os.listdir(earlier.parent) == ["record.sqlite3"]


def test_a_file_that_had_some_of_the_tables_gets_the_others(own_record):
    own_record.parent.mkdir()
    with contextlib.closing(sqlite3.connect(own_record)) as db:
        db.execute("create table attempt (at real not null, exercise text not null, passed integer not null)")
        db.execute("insert into attempt values (1, 'delta.b3', 1)")
        db.commit()
    assert record.passed() == {"delta.b3"} and record.slips() == {}
    attempt(slips=("sign",))
    assert record.passed() == {"delta.b3", "neuron.gradient"} and record.slips() == {"neuron.gradient/sign": 1}


def add_column(db):
    db.execute("alter table attempt add column seconds real")


def use_column(db):
    db.execute("update attempt set seconds = at + 1")


def test_steps_are_taken_in_order_from_whatever_version_it_was(earlier, monkeypatch):
    newest = earlier.with_name("newest.sqlite3")
    monkeypatch.setenv("BACKPROP_RECORD", str(newest))
    attempt()  # of the version before these steps
    seconds = "select min(seconds - at), max(seconds - at) from attempt"
    monkeypatch.setattr(record, "MIGRATIONS", [*record.MIGRATIONS, add_column, use_column])
    for file in (earlier, newest):
        monkeypatch.setenv("BACKPROP_RECORD", str(file))
        before = file.read_bytes()
        assert record.rows(seconds) == [(1, 1)] and file.read_bytes() == before
        attempt()
        assert version(file) == len(record.MIGRATIONS)
        assert ask(file, "select count(*) from attempt where seconds is null") == [(1,)]  # no step is taken twice
        assert "neuron.gradient" in record.passed()


def test_a_step_that_fails_leaves_the_file_as_it_was(earlier, monkeypatch, capsys):
    rows, released = held(earlier), record.MIGRATIONS
    monkeypatch.setattr(record, "MIGRATIONS", [*released, add_column, lambda db: db.execute("no such thing")])
    attempt()
    assert record.passed() == set() and "syntax error" in capsys.readouterr().err
    assert version(earlier) == 0 and held(earlier) == rows and os.listdir(earlier.parent) == ["record.sqlite3"]
    monkeypatch.setattr(record, "MIGRATIONS", released)
    attempt()
    assert rows < held(earlier)


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_killed_while_it_is_brought_up_to_date_it_is_as_it_was(earlier, capsys):
    rows, size = held(earlier), earlier.stat().st_size
    with subprocess.Popen([sys.executable, "-c", MIGRATING], stdout=subprocess.PIPE) as victim:
        assert victim.stdout.readline() == b"writing\n"
        assert earlier.stat().st_size > size
        victim.send_signal(signal.SIGKILL)
    assert "delta.b3" in record.passed()
    assert version(earlier) == 0 and held(earlier) == rows
    attempt()
    assert rows < held(earlier) and not capsys.readouterr().err


def test_a_file_of_a_later_release_is_left_alone(earlier, capsys):
    attempt()
    with contextlib.closing(sqlite3.connect(earlier)) as db:
        db.execute(f"pragma user_version = {len(record.MIGRATIONS) + 1}")
        db.execute("alter table attempt add column certainty text not null default ''")
        db.commit()
    before = earlier.read_bytes()
    attempt()
    assert record.passed() == set() and record.slips() == {} and "0 of" in repr(progress())
    said = capsys.readouterr().err
    assert said == (
        f"The record of your progress ({earlier}) was made by a newer version of the course, so this version leaves it "
        "as it is: nothing is read or recorded. Practice goes on without it.\n"
    )
    assert earlier.read_bytes() == before and os.listdir(earlier.parent) == ["record.sqlite3"]


def test_one_more_column_is_nobodys_business(own_record, capsys):
    attempt()
    with contextlib.closing(sqlite3.connect(own_record)) as db:
        for table in record.TABLES:
            db.execute(f"alter table {table} add column more text")
    record.note("delta.b3", Verdict("delta.b3", passed=True, slips=("order",)))
    assert record.passed() == {"neuron.gradient", "delta.b3"} and record.slips() == {"delta.b3/order": 1}
    it = Interview("own choice", questions=["checking.cost-of-check"], id="x")
    it.draft = "words"
    it.pass_on()
    while not it.state.over:
        if it.state.phase == "rating":
            it.do("rate", levels=dict.fromkeys(it.state.rated, 2))
        else:
            it.claim() if it.state.phase == "claims" else it.pass_on()
    interview_on("2999-01-01")
    assert it.recorded and Interview(id="x").state == it.state and schedule.cards() and schedule.eve()
    assert not capsys.readouterr().err


# ---- mistakes of ours, and values that can't be read ----


@pytest.mark.parametrize("writing", [True, False])
@pytest.mark.parametrize("query", ["select nothing from attempt", "insert into attempt (at) values (1)", "selct"])
def test_a_mistake_in_a_query_is_not_damage(own_record, capsys, query, writing):
    attempt()
    assert record.transact(lambda db: db.execute(query), writing=writing) == ()
    assert "Practice goes on without it." in capsys.readouterr().err
    assert record.passed() == {"neuron.gradient"} and os.listdir(own_record.parent) == ["record.sqlite3"]


def test_damage_that_only_the_files_own_check_finds_is_set_aside(own_record, capsys):
    """A flipped letter in an index: the row that it now seems to hold is refused, and that is no mistake in a query."""
    enter = "insert into draft (interview, text) values (?, '')"
    record.transact(lambda db: db.execute(enter, ("mock.flipped",)) and ())
    content = bytearray(own_record.read_bytes())
    content[content.rindex(b"mock.flipped") + 5] ^= 1
    own_record.write_bytes(content)
    flipped = ask(own_record, "select interview from draft indexed by sqlite_autoindex_draft_1")
    assert flipped == [("mock.glipped",)]
    record.transact(lambda db: db.execute(enter, ("mock.glipped",)) and ())
    said = capsys.readouterr().err
    assert "was damaged" in said and "UNIQUE" in said
    assert record.rows("select interview from draft") == [("mock.glipped",)]


def test_text_that_cannot_be_read_is_lost_alone(own_record, capsys):
    attempt(slips=("sign",))
    broken = "cast(x'ff80fe' as text)"
    with contextlib.closing(sqlite3.connect(own_record)) as db:
        db.execute(f"insert into attempt values (1, {broken}, 1), (2, x'00', 1)")
        db.execute(f"insert into slip values (1, {broken}, 'x'), (2, 'a', {broken}), ('no time', 'a', 'b')")
        db.commit()
    assert "neuron.gradient" in record.passed() and record.slips()["neuron.gradient/sign"] == 1
    assert all(isinstance(id, str) for id in record.passed())
    assert "1 of" in repr(progress())
    assert all(isinstance(at, float) for at in record.last_slips().values())
    attempt(slips=("sign",))
    assert record.slips()["neuron.gradient/sign"] == 2
    assert not capsys.readouterr().err and os.listdir(own_record.parent) == ["record.sqlite3"]


# ---- names that have changed ----

# Entries are never taken out: raise this with each new one.
NAMED = 7


def living_slips():
    return {f"{exercise.id}/{slip.id}" for exercise in bank.EXERCISES.values() for slip in exercise.slips}


def test_every_name_that_was_ever_changed_leads_to_one_of_today():
    tables = renamed.EXERCISES, renamed.SLIPS, renamed.FAMILIES, renamed.QUESTIONS, renamed.SECTIONS, renamed.NOTEBOOKS
    assert sum(map(len, tables)) >= NAMED
    slips, files = living_slips(), set(course.course_files(course.source_folder()))
    families = {slip.partition("/")[2] for slip in slips}
    for table, today, read in [
        (renamed.EXERCISES, set(bank.EXERCISES), renamed.exercise),
        (renamed.SLIPS, slips, renamed.slip),
        (renamed.FAMILIES, families, lambda id: renamed.FAMILIES.get(id, id)),
        (renamed.QUESTIONS, set(interview.questions()), renamed.question),
    ]:
        for old, new in table.items():
            assert old not in today, f"{old} is a name of today, so it can't be an old one"
            assert read(old) == new and (new is None or (new in today and read(new) == new)), f"{old} -> {new}"
    for old, new in renamed.SECTIONS.items():
        assert renamed.section(old) == renamed.section(renamed.section(old)) and new not in renamed.SECTIONS
    for old, became in renamed.NOTEBOOKS.items():
        assert old not in files and set(became) <= files and not set(became) & renamed.NOTEBOOKS.keys()
    gone = {old for old, new in renamed.EXERCISES.items() if new is None}
    assert not [key for key in renamed.SLIPS if key.partition("/")[0] in gone]  # these go with their exercise


def test_the_names_that_have_changed_so_far():
    assert [renamed.exercise(f"cold.{n}") for n in (2, 3, 5, 6, 1)] == [None, "start.line", None, None, "cold.1"]
    slips = {"cold.3/turn": "start.line/transpose", "cold.3/slope": "start.line/no-slope", "cold.2/path": None}
    assert {old: renamed.slip(old) for old in slips} == slips and renamed.slip("cold.3/*") == "start.line/*"
    assert renamed.question("debugging.not-summed") == "debugging.two-bugs"


@pytest.fixture
def names(monkeypatch):
    """A table of the test's own: every kind of change."""
    monkeypatch.setattr(renamed, "EXERCISES", {"old.line": "new.line", "older.line": "new.line", "old.gone": None})
    monkeypatch.setattr(renamed, "SLIPS", {"old.line/turn": "new.line/transpose", "new.line/x": "new.line/y",
                                           "new.line/void": None})  # fmt: skip
    monkeypatch.setattr(renamed, "FAMILIES", {"flip": "sign", "odd": None})
    monkeypatch.setattr(renamed, "SECTIONS", {"01.ipynb#A": "02.ipynb#B", "01.ipynb#C": None})
    monkeypatch.setattr(renamed, "NOTEBOOKS", {"01.ipynb": ("03.ipynb", "04.ipynb"), "00.ipynb": ()})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("old.line/turn", "new.line/transpose"),
        ("older.line/turn", "new.line/turn"),  # only the old one said it so
        ("old.line/x", "new.line/y"),  # its exercise was renamed first, and the slip then
        ("new.line/x", "new.line/y"),
        ("older.line/void", None),
        ("any.thing/flip", "any.thing/sign"),
        ("old.line/flip", "new.line/sign"),
        ("any.thing/odd", None),
        ("old.gone/sign", None),
        ("old.line/*", "new.line/*"),
        ("old.gone/*", None),
        ("any.thing/else", "any.thing/else"),
        ("no slip", None),
    ],
)
def test_a_slip_by_todays_name(names, old, new):
    assert renamed.slip(old) == new
    exercise, _, id = old.partition("/")
    if renamed.exercise(exercise) and id:  # and where it was noted by its id alone
        assert renamed.slip_of(renamed.exercise(exercise), id) == {"turn": "transpose"}.get(
            id, new and new.partition("/")[2]
        )


def test_a_section_by_todays_name(names):
    links = ["01.ipynb#A", "01.ipynb#C", "01.ipynb#else", "01.ipynb", "00.ipynb#x", "02.ipynb#B"]
    today = ["02.ipynb#B", "03.ipynb", "03.ipynb#else", "03.ipynb", "00.ipynb#x", "02.ipynb#B"]
    assert [renamed.section(link) for link in links] == today


def test_a_record_is_read_by_todays_names(names):
    for n, exercise in enumerate(["old.line", "older.line", "old.gone", "new.line"]):
        record.note(exercise, Verdict(exercise, passed=True, slips=("x", "flip", "turn")), at=n)
    assert record.passed() == {"new.line"}
    assert record.slips() == {"new.line/y": 3, "new.line/sign": 3, "new.line/transpose": 1, "new.line/turn": 2}
    assert record.last_slips() == {"new.line/y": 3, "new.line/sign": 3, "new.line/transpose": 0, "new.line/turn": 3}


# ---- one file, and what becomes of it ----


def test_another_notebooks_new_file_is_not_set_aside(own_record):
    """Both see the damage; the slower one must leave the file that the faster one began."""
    attempt()
    record._set_aside(own_record, (0, 0), "seen in another file")
    assert record.passed() == {"neuron.gradient"}


@pytest.mark.skipif(os.name == "nt" or not hasattr(os, "geteuid"), reason="POSIX permissions")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_is_read_only(own_record, capsys):
    own_record.parent.mkdir()
    own_record.parent.chmod(0o500)
    attempt()
    attempt()
    own_record.parent.chmod(0o700)
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


def test_a_locked_file_is_waited_for_and_then_told(own_record, monkeypatch, capsys):
    attempt()
    monkeypatch.setattr(record, "PATIENCE", 0.1)
    other = sqlite3.connect(own_record, isolation_level=None)
    other.execute("begin exclusive")
    attempt()
    other.execute("rollback")
    other.close()
    assert "locked" in capsys.readouterr().err
    assert not [f for f in own_record.parent.iterdir() if "damaged" in f.name]


def test_where_the_record_is(monkeypatch, tmp_path):
    monkeypatch.setenv("BACKPROP_RECORD", "~/mine.sqlite3")
    assert record.path() == Path.home() / "mine.sqlite3"
    monkeypatch.delenv("BACKPROP_RECORD")
    monkeypatch.setattr(record, "user_data_path", lambda name, appauthor: tmp_path / name)
    assert record.path() == tmp_path / "backprop" / "record.sqlite3"


def test_ten_thousand_attempts_are_read_fast(own_record):
    attempt()
    with sqlite3.connect(own_record) as db:
        db.executemany("insert into attempt values (?, ?, ?)", [(n, f"e{n % 60}", n % 2) for n in range(10_000)])
        db.executemany("insert into slip values (?, ?, ?)", [(n, f"e{n % 60}", f"s{n % 7}") for n in range(10_000)])
    db.close()
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        repr(progress())
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.1


def test_what_can_not_be_recorded_is_told_with_the_reason(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("BACKPROP_RECORD", str(tmp_path))
    attempt()
    said = capsys.readouterr().err
    assert said == "Your progress can't be recorded: unable to open database file. Practice goes on without it.\n"


def test_what_is_told_is_told_once_and_a_broken_stderr_stops_nobody(monkeypatch, capsys):
    for message in ("one", "two", "one"):
        record.tell(message)
    assert capsys.readouterr().err == "one\ntwo\n"
    monkeypatch.setattr("builtins.print", lambda *a, **k: 1 / 0)
    record.tell("three")


def test_slips_of_several_names_are_counted_together_and_the_last_one_counts(own_record, monkeypatch):
    monkeypatch.setattr(renamed, "slip", lambda key: key.replace("was", "sign"))
    for at, slip in ((30.0, "sign"), (20.0, "was"), (10.0, "sign")):
        record.note("neuron.gradient", Verdict("neuron.gradient", slips=(slip,)), at=at)
    assert record.slips() == {"neuron.gradient/sign": 3} and record.last_slips() == {"neuron.gradient/sign": 30.0}


def test_the_map_shows_what_is_done_and_which_slips_come_back(own_record, monkeypatch):
    monkeypatch.setattr(bank, "slip_name", lambda key: f"W^l in {key}")
    monkeypatch.setattr(renamed, "slip", lambda key: key)
    for id in ("start.line", "start.direction"):
        record.note(id, Verdict(id, passed=True))
    for n, slip in enumerate("abcdefg", start=1):
        for _ in range(n):
            record.note("start.line", Verdict("start.line", slips=(slip,)))
    first, *others = repr(progress()).splitlines()
    of = sum(e.where.startswith("00_") for e in bank.EXERCISES.values())
    assert first == f"00_start_here                         2 of {of:2}  ■■" + "□" * (of - 2)
    assert others[-6:] == [
        "Slips that come back:",
        *(f"  {n} times: Wˡ in start.line/{slip}" for n, slip in ((7, "g"), (6, "f"), (5, "e"), (4, "d"), (3, "c"))),
    ]


def test_what_was_slipped_on_once_does_not_come_back(own_record):
    attempt(passed=False, slips=("sign",))
    assert "come back" not in repr(progress())
    attempt(passed=False, slips=("sign",))
    assert repr(progress()).splitlines()[-2] == "Slips that come back:"
    assert repr(progress()).splitlines()[-1].startswith("  2 times: ")


@pytest.mark.parametrize("key", ["neuron.gradient/nothing", "no.such/sign", "neuron.gradient", ""])
def test_a_slip_that_is_not_there_is_called_by_its_key(key):
    assert bank.slip_name(key) == key


def test_a_slip_is_mended_by_a_pass_after_it_and_comes_back_with_the_next_one():
    for at in 10, 20:
        record.note("delta.b4", Verdict("delta.b4", slips=("mean",)), at=at)
    record.note("delta.b3", Verdict("delta.b3", passed=True), at=30)
    assert record.mended() == set() and "2 times" in repr(progress())
    record.note("delta.b4", Verdict("delta.b4", passed=True), at=20)  # not after it
    assert record.mended() == set()
    record.note("delta.b4", Verdict("delta.b4", passed=True), at=21)
    assert record.mended() == {"delta.b4/mean"} and "come back" not in repr(progress())
    record.note("delta.b4", Verdict("delta.b4", slips=("mean",)), at=40)
    assert record.mended() == set() and "3 times" in repr(progress())


def test_a_line_to_share_holds_numbers_only():
    assert repr(share()) == f"0 of {len(bank.EXERCISES)} backpropagation exercises right."
    record.note("delta.b4", Verdict("delta.b4", slips=("mean", "no-sum")), at=1)
    record.note("delta.b4", Verdict("delta.b4", passed=True), at=2)
    record.note("delta.b3", Verdict("delta.b3", slips=("turned",)), at=3)
    assert repr(share()) == (f"1 of {len(bank.EXERCISES)} backpropagation exercises right, 2 of 3 mistakes set right.")
