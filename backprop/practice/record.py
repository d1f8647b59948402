"""What a learner has tried, passed and slipped on: one small SQLite file in the user's own data folder.

Nothing leaves the machine. BACKPROP_RECORD names another file, and in the browser alone it lies beside the notebooks.
Two notebooks may write at once, a killed one leaves the file whole, and a damaged file is set aside with a message.
Where it can't be written, practice goes on without it.

The file outlives a release. It holds its version (`pragma user_version`): what an earlier release left is brought up to
date by the next write, and what a later one left stays as it is. Ids stay as they were written, and are read by today's
names. A value that can't be read is lost alone.
"""

import contextlib
import operator
import os
import sqlite3
import sys
import time
from pathlib import Path

from platformdirs import user_data_path

from backprop import renamed

TABLES = {  # of version 1
    "attempt": "at real not null, exercise text not null, passed integer not null",
    "slip": "at real not null, exercise text not null, slip text not null",
    "card": "question text primary key, card text not null, due real not null, rating integer not null, at real",
    "setting": "name text primary key, value text not null",
    "interview": "id text primary key, began real not null, ended real, report text",
    "event": "interview text not null, n integer not null, event text not null, primary key (interview, n)",
    "draft": "interview text primary key, text text not null",
}
DRIVE = Path("/drive")  # JupyterLite's files in a kernel of the browser: all else is gone with a reload
PATIENCE = 5  # seconds to wait for another notebook that is writing
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
DOUBTFUL = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH)  # a mistake of ours, or damage
NUMBER = "in ('real', 'integer')"  # what typeof says of one, for queries
_told = set()


class Newer(Exception):
    """The record was made by a newer version of the course."""


class Foreign(sqlite3.DatabaseError):
    """A database, and not one of ours."""


def path():
    """The file of the record."""
    if chosen := os.environ.get("BACKPROP_RECORD"):
        return Path(chosen).expanduser()
    kept = sys.platform == "emscripten" and DRIVE.is_dir()
    return (DRIVE if kept else user_data_path("backprop", appauthor=False)) / "record.sqlite3"


def note(exercise, verdict, at=None):
    """Keep an attempt and the slips that it showed."""
    at = time.time() if at is None else at

    def write(db):
        db.execute("insert into attempt (at, exercise, passed) values (?, ?, ?)", (at, exercise, bool(verdict.passed)))
        rows = [(at, exercise, slip) for slip in verdict.slips]
        db.executemany("insert into slip (at, exercise, slip) values (?, ?, ?)", rows)
        return ()

    transact(write)


def passed():
    """The ids of the exercises that were passed at least once."""
    ids = rows("select distinct cast(exercise as text) from attempt where passed")
    return {renamed.exercise(id) for (id,) in ids} - {None}


def slips():
    """How often each slip was made, as {"exercise/slip": count}."""
    return _by_name("select exercise || '/' || slip, count(*) from slip group by 1", operator.add, renamed.slip)


def last_passed():
    """When each exercise was passed last, as {id: seconds}."""
    query = f"select cast(exercise as text), max(at) from attempt where passed and typeof(at) {NUMBER} group by 1"
    return _by_name(query, max, renamed.exercise)


def mended():
    """The slips, as "exercise/slip", after which their exercise was passed."""
    passed = last_passed()
    return {slip for slip, at in last_slips().items() if passed.get(slip.partition("/")[0], at) > at}


def last_slips():
    """When each slip was made last, as {"exercise/slip": seconds}."""
    query = f"select exercise || '/' || slip, max(at) from slip where typeof(at) {NUMBER} group by 1"
    return _by_name(query, max, renamed.slip)


def _by_name(query, merge, today):
    """{name: value} by the names that `today` gives; what several names have is merged."""
    found = {}
    for key, value in rows(query):
        if key and (now := today(key)):
            found[now] = merge(found[now], value) if now in found else value
    return found


def rows(query, values=()):
    """The rows of a query; none where there is no record, or where it can't be read."""
    return transact(lambda db: db.execute(query, values).fetchall(), writing=False)


# ---- the file ----


def transact(action, writing=True):
    """What `action` returns on the record, in one transaction; (), with a message, where it can't be had.

    Without `writing` nothing changes: where there is no record, none is made, and an earlier release's is read as it
    would be after the next write.
    """
    try:
        file = path()
        for _ in range(3):
            before = _identity(file)
            if not writing and not before:
                return ()  # nothing was tried yet, and looking leaves no file
            try:
                return _transaction(file, action, writing)
            except sqlite3.DatabaseError as error:
                if not _is_damage(file, error):
                    raise
                _set_aside(file, before, error)
    except Newer:
        tell(
            f"The record of your progress ({file}) was made by a newer version of the course, so this version leaves "
            "it as it is: nothing is read or recorded. Practice goes on without it."
        )
    except (sqlite3.Error, OSError, ValueError, RuntimeError) as error:  # a full disk, a read-only folder, no home
        tell(f"Your progress can't be recorded: {error}. Practice goes on without it.")
    return ()


def settle(name, value):
    """Keep a setting in the record in the place of what it held; None forgets it."""

    def write(db):
        db.execute("delete from setting where name = ?", (name,))
        if value is not None:
            db.execute("insert into setting (name, value) values (?, ?)", (name, value))
        return ()

    transact(write)


def setting(name):
    """What the record keeps under a name; None where there is nothing."""
    kept = rows("select cast(value as text) from setting where name = ?", (name,))
    return next((value for (value,) in kept), None)


def _transaction(file, action, writing):
    if writing:
        file.parent.mkdir(parents=True, exist_ok=True)
        if sys.platform == "emscripten" and DRIVE not in file.parents:
            tell("This page keeps no files, so your progress is recorded only until you leave or reload it.")
    with contextlib.closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as db:
        db.execute("pragma synchronous = normal")
        db.execute("begin immediate" if writing else "begin")  # at once, so that two writers wait for each other
        if writing or not _steps(db):
            result = _up_to_date(db, action)
            db.execute("commit")
            return result
        with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
            db.backup(copy)
            return _up_to_date(copy, action)


def _up_to_date(db, action):
    """What `action` returns, once the tables are today's."""
    db.text_factory = lambda raw: raw.decode("utf-8", "replace")  # a flipped byte costs a letter
    if steps := _steps(db):
        for step in steps:
            step(db)
        db.execute(f"pragma user_version = {len(MIGRATIONS)}")
    return action(db)


def _steps(db):
    """The migrations that the record still needs. Raises Newer."""
    (version,) = db.execute("pragma user_version").fetchone()
    if not 0 <= version <= len(MIGRATIONS):
        raise Newer
    return MIGRATIONS[version:]


def _first(db):
    """Files without a version hold the tables that were in use: make the others. Raises Foreign."""
    with contextlib.closing(sqlite3.connect(":memory:")) as ours:
        for table, columns in TABLES.items():
            ours.execute(f"create table {table} ({columns})")
            db.execute(f"create table if not exists {table} ({columns})")
        if missing := _columns(ours) - _columns(db):
            raise Foreign("its table {} has no column {}".format(*min(missing)))


def _columns(db):
    return set(db.execute("select t.name, c.name from sqlite_master t join pragma_table_info(t.name) c"))


MIGRATIONS = [_first]  # from version n to n + 1, each a function of the database; what was released stays as it is


def _is_damage(file, error):
    """Whether the file is to blame for an error. A mistake in a query is not its fault."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code not in DOUBTFUL:
        return code in DAMAGED or isinstance(error, Foreign)
    with contextlib.closing(sqlite3.connect(file, timeout=PATIENCE)) as db:
        return db.execute("pragma integrity_check(1)").fetchone() != ("ok",)


def _identity(file):
    """What tells a file from another one of the same name; None where there is none."""
    with contextlib.suppress(FileNotFoundError):
        return file.stat().st_ino, file.stat().st_dev
    return None


def _set_aside(file, seen, error):
    """Move a damaged file away, unless another notebook did so and has begun a new one."""
    if _identity(file) != seen:
        return
    aside = file.with_name(f"{file.stem}.damaged-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}{file.suffix}")
    with contextlib.suppress(FileNotFoundError):
        file.replace(aside)
        file.with_name(f"{file.name}-journal").unlink(missing_ok=True)  # it belongs to the old file
    tell(f"The record of your progress was damaged ({error}). It was set aside as {aside.name}, and a new one begun.")


def tell(message):
    """Say it once, on stderr: practice goes on."""
    if message not in _told:
        _told.add(message)
        with contextlib.suppress(Exception):
            print(message, file=sys.stderr)
