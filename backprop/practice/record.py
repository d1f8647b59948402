"""What a learner has tried, passed and slipped on: one small SQLite file in the user's own data folder.

Nothing leaves the machine. BACKPROP_RECORD names another file. Two notebooks may write at once, a killed one leaves the
file whole, and a damaged file is set aside with a message. Where it can't be written, practice goes on without it.
"""

import contextlib
import os
import sqlite3
import sys
import time
from pathlib import Path

from platformdirs import user_data_path

SCHEMA = {
    "attempt": "at real not null, exercise text not null, passed integer not null",
    "slip": "at real not null, exercise text not null, slip text not null",
}
PATIENCE = 5  # seconds to wait for another notebook that is writing
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)  # the last: tables of another kind
_told = set()


def path():
    """The file of the record."""
    chosen = os.environ.get("BACKPROP_RECORD")
    return Path(chosen).expanduser() if chosen else user_data_path("backprop", appauthor=False) / "record.sqlite3"


def note(exercise, verdict, at=None):
    """Keep an attempt and the slips that it showed."""
    at = time.time() if at is None else at

    def write(db):
        db.execute("insert into attempt values (?, ?, ?)", (at, exercise, bool(verdict.passed)))
        db.executemany("insert into slip values (?, ?, ?)", [(at, exercise, slip) for slip in verdict.slips])
        return ()

    transact(write)


def passed():
    """The ids of the exercises that were passed at least once."""
    return {row[0] for row in _read("select distinct exercise from attempt where passed")}


def slips():
    """How often each slip was made, as {"exercise/slip": count}."""
    return dict(_read("select exercise || '/' || slip, count(*) from slip group by 1"))


def _read(query):
    return transact(lambda db: db.execute(query).fetchall(), writing=False)


def transact(action, schema=SCHEMA, writing=True):
    """The rows of `action` on the record, in one transaction; none, with a message, where it can't be had.

    schema holds the tables that it needs, {name: columns}: writing makes what is missing, reading then finds nothing.
    """
    try:
        file = path()
        for _ in range(3):
            before = _identity(file)
            if not writing and not before:
                return ()  # nothing was tried yet, and looking leaves no file
            try:
                return _transaction(file, action, schema, writing)
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF not in DAMAGED:
                    raise
                _set_aside(file, before, error)
    except (sqlite3.Error, OSError, ValueError, RuntimeError) as error:  # a full disk, a read-only folder, no home
        _tell(f"Your progress can't be recorded: {error}. Practice goes on without it.")
    return ()


def _transaction(file, action, schema, writing):
    if writing:
        file.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as db:
        db.execute("pragma synchronous = normal")
        db.execute("begin immediate" if writing else "begin")  # at once, so that two writers wait for each other
        if writing:
            for table, columns in schema.items():
                db.execute(f"create table if not exists {table} ({columns})")
        elif not schema.keys() <= {row[0] for row in db.execute("select name from sqlite_master")}:
            return ()
        rows = action(db)
        db.execute("commit")
        return rows


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
    _tell(f"The record of your progress was damaged ({error}). It was set aside as {aside.name}, and a new one begun.")


def _tell(message):
    """Say it once, on stderr: practice goes on."""
    if message not in _told:
        _told.add(message)
        with contextlib.suppress(Exception):
            print(message, file=sys.stderr)
