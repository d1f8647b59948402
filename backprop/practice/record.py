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

SCHEMA = """
create table if not exists attempt (at real not null, exercise text not null, passed integer not null);
create table if not exists slip (at real not null, exercise text not null, slip text not null);
"""
_told = set()


def path():
    """The file of the record."""
    chosen = os.environ.get("BACKPROP_RECORD")
    return Path(chosen) if chosen else user_data_path("backprop", appauthor=False) / "record.sqlite3"


def note(exercise, verdict, at=None):
    """Keep an attempt and the slips that it showed."""
    at = time.time() if at is None else at

    def write(db):
        db.execute("insert into attempt values (?, ?, ?)", (at, exercise, verdict.passed))
        db.executemany("insert into slip values (?, ?, ?)", [(at, exercise, slip) for slip in verdict.slips])

    _with(write)


def passed():
    """The ids of the exercises that were passed at least once."""
    return {row[0] for row in _with(lambda db: db.execute("select distinct exercise from attempt where passed")) or ()}


def slips():
    """How often each slip was made, as {"exercise/slip": count}."""
    rows = _with(lambda db: db.execute("select exercise || '/' || slip, count(*) from slip group by 1"))
    return dict(rows or ())


def _with(action):
    """Run `action` on the record in one transaction and return its rows; None, with a message, where it can't be."""
    for last_try in (False, True):
        try:
            file = path()
            file.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(sqlite3.connect(file, timeout=5)) as db, db:
                db.executescript(SCHEMA)
                result = action(db)
                return list(result) if result is not None else None
        except sqlite3.OperationalError as error:
            return _tell(f"Your progress could not be recorded in {path()}: {error}.")
        except sqlite3.DatabaseError as error:
            if last_try:
                return _tell(f"Your progress could not be recorded: {error}.")
            _set_aside(error)
        except OSError as error:
            return _tell(f"Your progress could not be recorded in {path()}: {error}.")
    return None


def _set_aside(error):
    aside = path().with_suffix(f".damaged-{time.strftime('%Y%m%d-%H%M%S')}.sqlite3")
    with contextlib.suppress(FileNotFoundError):  # another notebook was faster
        path().replace(aside)
    _tell(f"The record of your progress was damaged ({error}). It was set aside as {aside.name}, and a new one begun.")


def _tell(message):
    """Say it once, on stderr: practice goes on."""
    if message not in _told:
        _told.add(message)
        print(message, file=sys.stderr)
