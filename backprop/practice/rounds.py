"""When each stage of a bare round was there, and what the record keeps of the rounds that were taken."""

import json
import time
from dataclasses import dataclass, field
from datetime import date

from backprop.practice import record
from backprop.practice.usual import SLIP_NAMES
from backprop.practice.verdict import Verdict
from backprop.practice.wording import listed

ID = "live.bare"  # in the record
ROUNDS = "live rounds"  # the setting that keeps when a round was taken, and how it went
KEPT = 40  # of them
AGAIN = 7  # days after which a round that was passed is taken again

# --- when things were there ---


STAGES = {
    "parameters": "init",
    "loss": "loss",
    "backward": "backward",
    "gradient check": "gradient_check",
    "prediction": "predict",
}
DUE = {"parameters": 6 / 25, "loss": 9 / 25, "backward": 14 / 25, "gradient check": 18 / 25, "prediction": 23 / 25}


@dataclass
class Log:
    """What stood in the notebook when: {name: [(seconds, the thing's id)]}, each time that it was another one."""

    seen: dict = field(default_factory=dict)

    def note(self, names, seconds):
        """Keep which functions and classes of the candidate's there are by now."""
        for name, thing in list(names.items()):
            if name.startswith("_") or not callable(thing) or getattr(thing, "__module__", None) != "__main__":
                continue
            self._keep(name, thing, seconds)
            for inner, method in list(vars(thing).items()) if isinstance(thing, type) else []:
                if callable(method) and not inner.startswith("__"):
                    self._keep(f"{name}.{inner}", method, seconds)

    def _keep(self, name, thing, seconds):
        kept = self.seen.setdefault(name, [])
        if not kept or kept[-1][1] != _mark(thing):
            kept.append((seconds, _mark(thing)))

    def of(self, thing):
        """(when a thing of this name was there first, when it became as it is); None where it was never seen."""
        name = getattr(thing, "__qualname__", "").removeprefix("<locals>.")
        kept = self.seen.get(name)
        return (kept[0][0], kept[-1][0]) if kept else None


def _mark(thing):
    """What tells a function from another one of its name: its code, which a cell that is run again doesn't change."""
    code = getattr(thing, "__code__", None)
    return (code.co_code, repr(code.co_consts), code.co_names) if code else id(thing)


def stage_times(log, handed, limit):
    """The lines that say when each stage was there, and where most of the time went."""
    times = {stage: log.of(getattr(handed, name)) for stage, name in STAGES.items()}
    times = {stage: found for stage, found in times.items() if found}
    lines, before, longest = [], 0.0, ("", 0.0)
    for stage, (first, last) in sorted(times.items(), key=lambda one: one[1][0]):
        due = DUE[stage] * limit
        late = f", {minutes(first - due)} later than planned" if first > due + 1 else ""
        again = f", last changed at {minutes(last)}" if last > first else ""
        lines.append(f"{minutes(first)}  {stage}{late}{again}")
        if first - before > longest[1]:
            longest = stage, first - before
        before = max(before, first)
    if longest[0]:
        lines.append(f"The longest stretch, {minutes(longest[1])}, was before the {longest[0]}.")
    return lines


def minutes(seconds):
    """Seconds as they stand on a clock."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


# --- the record ---


def keep(spec, debrief, seconds):
    """Note a round in the record: whether it was passed, its slips, and how long it took."""
    late = ["late"] if seconds is not None and seconds > 60 * spec.minutes else []
    slips = tuple(dict.fromkeys([*debrief.slips, *late]))
    record.note(ID, Verdict(ID, passed=debrief.passed and not late, slips=slips))
    taken = {
        "at": time.time(), "seed": spec.seed, "limit": spec.minutes, "passed": debrief.passed and not late,
        "seconds": None if seconds is None else round(seconds), "slips": list(slips), "missing": debrief.missing,
    }  # fmt: skip
    record.settle(ROUNDS, json.dumps([*rounds(), taken][-KEPT:]))


def rounds():
    """The rounds that were taken, oldest first, as far as the record can be read: dicts as `keep` writes them."""
    try:
        found = json.loads(record.setting(ROUNDS) or "[]")
        return [one for one in found if isinstance(one["at"], int | float) and isinstance(one["seed"], int)]
    except (KeyError, TypeError, ValueError):
        return []  # a value that can't be read is lost alone


def due(now):
    """The last round, where it is due again: not passed, and of an earlier day, or a week ago; else None."""
    taken = rounds()
    if not taken:
        return None
    days = (date.fromtimestamp(now) - date.fromtimestamp(taken[-1]["at"])).days
    return taken[-1] if days >= (AGAIN if taken[-1].get("passed") else 1) else None


def why(taken):
    """Why a round is due, in words."""
    if taken.get("passed"):
        return "passed a week ago or more, with another prompt"
    slips = [SLIP_NAMES[slip] for slip in taken.get("slips", ()) if slip in SLIP_NAMES]
    return f"came back: {listed(slips[:2])}" if slips else "begun, not finished"


def slip_name(slip):
    """The name of a slip of a round."""
    return f"{SLIP_NAMES.get(slip, slip)} (a bare round)"
