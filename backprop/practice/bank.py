"""All exercises, by id, in the order of the course. Each is read from its file when it is asked for."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property

from backprop.practice import rounds
from backprop.practice.exercises import LADDERS, ORDER
from backprop.practice.reader import FOLDER, read

__all__ = ["EXERCISES", "LADDERS", "find", "slip_name", "unknown"]


class Exercises(Mapping):
    """{id: exercise}, of which only the ids are known at first."""

    def __init__(self):
        self._read = {}

    @cached_property
    def _files(self):
        """{id: file}. What the order doesn't mention comes last in its topic."""
        found = {f"{path.parent.name}.{path.stem}": path for path in sorted(FOLDER.glob("*/*.py"))}
        named = [f"{topic}.{name}" for topic, names in ORDER.items() for name in names.split()]
        topics, places = list(ORDER), {id: n for n, id in enumerate(named)}
        last = len(named)

        def place(id):
            topic = id.partition(".")[0]
            return topics.index(topic) if topic in ORDER else len(topics), places.get(id, last)

        return {id: found[id] for id in sorted(found, key=place)}

    def __getitem__(self, id):
        if id not in self._read:
            self._read[id] = read(self._files[id])
        return self._read[id]

    def __contains__(self, id):
        return id in self._files

    def __iter__(self):
        return iter(self._files)

    def __len__(self):
        return len(self._files)


EXERCISES = Exercises()


def find(id):
    """The exercise with this id, or None."""
    return EXERCISES[id] if isinstance(id, str) and id in EXERCISES else None


def unknown(id):
    """A sentence about an id that no exercise has."""
    if not isinstance(id, str):
        return f"An exercise has a name in quotes, such as {next(iter(EXERCISES))!r}."
    near = get_close_matches(id, EXERCISES, n=1, cutoff=0.4)
    guess = f" Did you mean {near[0]!r}?" if near else ""
    return f"There is no exercise {id!r}.{guess}"


def slip_name(key):
    """The name of a slip from the record's key "exercise/slip"."""
    exercise, _, slip = key.partition("/")
    if exercise == rounds.ID:
        return rounds.slip_name(slip)
    found = [s.name for s in EXERCISES[exercise].slips if s.id == slip] if exercise in EXERCISES else []
    return f"{found[0]} ({exercise})" if found else key
