"""All exercises, by id, in the order of the course."""

from difflib import get_close_matches

from backprop.practice.bank import checking, delta, depth, diagnostic, framework, layers, neuron, outputs, rules, start

MODULES = (start, diagnostic, neuron, delta, checking, outputs, depth, rules, layers, framework)

EXERCISES = {exercise.id: exercise for module in MODULES for exercise in module.EXERCISES}
LADDERS = {name: ids for module in MODULES for name, ids in getattr(module, "LADDERS", {}).items()}


def find(id):
    """The exercise with this id, or None."""
    return EXERCISES.get(id) if isinstance(id, str) else None


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
    found = [s.name for s in EXERCISES[exercise].slips if s.id == slip] if exercise in EXERCISES else []
    return f"{found[0]} ({exercise})" if found else key
