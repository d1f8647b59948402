"""The result of an interview that a person held by the partner's page, or an assistant by its text, and its report.

    partner_report("result.json")      # a file, or what was pasted

A result is a small JSON text. It comes from elsewhere, so nothing in it is believed before it was looked at: what is
malformed, unknown or of another interview is refused in a sentence. Levels in it are somebody's word, and marked so.
"""

import json
import math
import re
import time
import zlib
from pathlib import Path
from typing import Any

from backprop import renamed
from backprop.interview import bank, reports, schedule
from backprop.interview.axes import AXES, LEVELS, axes_of
from backprop.interview.plans import PLANS
from backprop.interview.reports import Report
from backprop.interview.rounds import PROCESS, hints, minutes, wrong_turns
from backprop.interview.turn import Pressed, Turn, clarifications
from backprop.practice import record
from backprop.practice.verdict import Text

VERSION = 1
RATERS = ("partner", "assistant")
MOST = 200_000  # bytes of a result; 45 minutes of speech are about 40,000
MOST_ROUNDS, MOST_TEXTS, LONGEST = 20, 40, 20_000  # of a result, of a round, of a text
LONGEST_QUOTE = 1_000
PRESSED = {True: "only when asked", False: "left out, also when asked", None: "left out; asked about, not settled"}
HEARD = {True: "heard, and proven", False: "heard, and the proof failed", None: "heard"}
LONG_AGO = 1e9  # seconds since 1970
FIELDS = {"backprop interview", "by", "plan", "seed", "topic", "began", "rounds"}
OPTIONAL = {
    "minutes": 0,
    "heard": [],
    "wrong": [],
    "process": [],
    "hints": 0,
    "asked": {},
    "proofs": {},
    "levels": {},
    "answers": [],
    "quotes": [],
}


class Refused(ValueError):
    """A result that can't be taken; the text says why, in a sentence."""


def partner_report(result: str | Path, kit: Any = None, *, at: float | None = None) -> Report | Text:
    """The report of an interview that a partner or an assistant held; a sentence where the result can't be taken.

    result  what the partner's page or the assistant gave at the end, pasted as text, or the path of its file
    kit     what `sheets(...)` gave: then a result of another plan is refused
    at      seconds since 1970; without it the clock is asked

    The record keeps the report, once: `history()` lists it, and what was asked without code comes back when it is due.
    """
    try:
        found = read(text_of(result), time.time() if at is None else at)
        if kit is not None:
            belongs(found, kit.about)
    except Refused as refused:
        return Text(str(refused))
    turns = [turn_of(one, found["by"]) for one in found["held"]]
    report = Report(data_of(found, turns))
    remember(report, turns, found["began"])
    return report


# ---- reading ----


def text_of(given):
    """The text of a result, pasted or in a file. Raises Refused."""
    if isinstance(given, str) and ("{" in given or "\n" in given):
        return given
    if not isinstance(given, str | Path):
        raise Refused(f"A result is a text or the path of a file, not {type(given).__name__}.")
    try:
        path = Path(given)
        if path.stat().st_size > MOST:
            raise Refused(f"{path.name} is too large for a result: it has more than {MOST // 1000} kB.")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{Path(given).name} isn't a text.") from None
    except (OSError, ValueError) as problem:
        if isinstance(problem, Refused):
            raise
        raise Refused(f"There is no result {str(given)[:80]!r} that can be read.") from None


def read(text, now):
    """A result as it may be used: known ids by their names of today, times that are times, quotes that are there.

    What is missing in a round is filled in. Raises Refused.
    """
    data = parsed(text)
    if not isinstance(data, dict) or data.get("backprop interview") is None:
        raise Refused('This is no result of an interview: it should begin with {"backprop interview": 1.')
    if data["backprop interview"] != VERSION or isinstance(data["backprop interview"], bool):
        raise Refused(f"This result is of another version: {short(data['backprop interview'])}, and not {VERSION}.")
    if unknown := set(data) - FIELDS:
        raise Refused(f"The result has a field {short(min(unknown))}, which isn't known.")
    by, plan, seed, topic = (data.get(name) for name in ("by", "plan", "seed", "topic"))
    if by not in RATERS:
        raise Refused(f"The result says that it is by {short(by)}, and should say {' or '.join(RATERS)}.")
    if not isinstance(plan, str) or plan not in PLANS:
        raise Refused(f"The result is of a plan {short(plan)}, which there isn't.")
    if type(seed) is not int or abs(seed) > 10**12:
        raise Refused(f"The seed of the result is {short(seed)}, and should be a whole number.")
    if topic is not None and (not isinstance(topic, str) or topic not in {q.topic for q in bank.questions().values()}):
        raise Refused(f"The result is on a topic {short(topic)}, which there isn't.")
    rounds = data.get("rounds")
    if not isinstance(rounds, list) or not 1 <= len(rounds) <= MOST_ROUNDS:
        raise Refused(f"A result has a list of 1 to {MOST_ROUNDS} rounds, and this one hasn't.")
    rounds = [round_of(one, n, by) for n, one in enumerate(rounds, start=1)]
    if len({(one["question"], one["part"]) for one in rounds}) < len(rounds):
        raise Refused("The result has the same round twice.")
    if not (held := [one for one in rounds if any(one[name] for name in OPTIONAL)]):
        raise Refused("Nothing happened in this result: no round was held.")
    found = {"by": by, "plan": plan, "seed": seed, "topic": topic, "rounds": rounds, "held": held}
    return {**found, "id": identity(found), "began": moment(data.get("began"), now)}


def parsed(text):
    """The JSON value in a text, which may stand between other words, as assistants give it. Raises Refused."""
    if len(text) > MOST:
        raise Refused(f"This is too long for a result: it has more than {MOST // 1000:,} thousand letters.")
    begins = re.search(r'\{\s*"backprop interview"', text) or re.search(r"\{", text)
    try:
        return json.JSONDecoder(parse_constant=_no_number).raw_decode(text, begins.start() if begins else 0)[0]
    except (ValueError, RecursionError):
        curly = " It has curly quotes where straight ones belong." if re.search(r"[{,]\s*[“”]", text) else ""
        raise Refused(f"This can't be read as a result: copy all of it, from {{ to }}.{curly}") from None


def _no_number(name):
    raise ValueError(f"{name} is no number")


def round_of(given, n, by):
    """One round of a result, checked and filled in. Raises Refused."""
    if not isinstance(given, dict):
        raise Refused(f"Round {n} of the result can't be read.")
    if unknown := set(given) - {*OPTIONAL, "question", "part"}:
        raise Refused(f"Round {n} of the result has a field {short(min(unknown))}, which isn't known.")
    id, part = given.get("question"), given.get("part", "")
    q = bank.questions().get(renamed.question(id)) if isinstance(id, str) else None
    if q is None:
        raise Refused(f"Round {n} is on a question {short(id)}, which this version of the course doesn't have.")
    if part not in ("", "clarify") or (part and not q.clarify):
        raise Refused(f"Round {n} of the result is of a kind that there isn't for {q.id}: {short(part)}.")
    one = {**OPTIONAL, **given, "question": q.id, "part": part}
    points = [p.id for p in (clarifications(q) if part else q.points)]
    known = {
        "heard": points,
        "wrong": [] if part else [id for id, *_ in wrong_turns(q)],
        "process": list(PROCESS) if q.coded and not part else [],
        "asked": points,
        "proofs": points,
        "levels": axes_of(q, part),
    }
    for name, ids in known.items():
        one[name] = of_ids(one[name], ids, name, n)
    most = 0 if part else len(hints(q))
    if type(one["hints"]) is not int or not 0 <= one["hints"] <= most + 20:
        raise Refused(f"Round {n} has {short(one['hints'])} hints, and should have a small whole number.")
    one["minutes"] = minutes_of(one["minutes"], n)
    for name, longest in (("answers", LONGEST), ("quotes", LONGEST_QUOTE)):
        one[name] = texts_of(one[name], name, longest, n)
    held = [text for text in one["quotes"] if by == "partner" or is_in(text, one["answers"])]
    return {**one, "quotes": held, "refused": len(one["quotes"]) - len(held)}


def of_ids(given, ids, name, n):
    """A list of known ids, or what is said of each; either without repeats. Raises Refused."""
    kind = type(OPTIONAL[name])
    if type(given) is not kind:
        raise Refused(f"In round {n}, {name} should be {'a list' if kind is list else 'in braces'}.")
    if wrong := [id for id in given if not isinstance(id, str) or id not in ids]:
        raise Refused(f"In round {n}, {name} names {short(wrong[0])}, which isn't there.")
    if kind is list:
        return [id for id in ids if id in given]
    for id, said in given.items():
        if name == "levels":
            fine, wanted = type(said) is int and 0 <= said < len(LEVELS), f"a number from 0 to {len(LEVELS) - 1}"
        else:
            fine, wanted = said is None or type(said) is bool, "true, false or null"
        if not fine:
            raise Refused(f"In round {n}, {name} of {id} is {short(said)}, and should be {wanted}.")
    return {id: given[id] for id in ids if id in given}


def minutes_of(given, n):
    if type(given) not in (int, float) or not math.isfinite(given) or not 0 <= given <= 600:
        raise Refused(f"Round {n} took {short(given)} minutes, and should have a number from 0 to 600.")
    return float(given)


def texts_of(given, name, longest, n):
    """Texts that can be kept and shown, without the empty ones. Raises Refused."""
    if not isinstance(given, list) or len(given) > MOST_TEXTS or any(not isinstance(text, str) for text in given):
        raise Refused(f"In round {n}, {name} should be a list of at most {MOST_TEXTS} texts.")
    if any(len(text) > longest for text in given):
        raise Refused(f"In round {n}, one of the {name} is longer than {longest:,} letters.")
    if any(re.search("[\0-\x08\x0b-\x1f\x7f\ud800-\udfff]", text.replace("\r\n", "\n")) for text in given):
        raise Refused(f"In round {n}, one of the {name} holds what isn't text.")
    return [text.strip() for text in given if text.strip()]


def moment(given, now):
    """When it began: as the result says, if that can be."""
    if given is None:
        return now
    if type(given) not in (int, float) or not math.isfinite(given) or not LONG_AGO <= given <= now + 2 * 86400:
        raise Refused(f"The result began at {short(given)}, and should say when in seconds since 1970.")
    return float(given)


def is_in(quote, answers):
    """Whether one of the answers holds the words of a quote, as they follow each other."""
    return plain_words(quote).strip() != "" and any(plain_words(quote) in plain_words(text) for text in answers)


def plain_words(text):
    """The words of a text as they are compared: letters and digits alone, a space around each."""
    return " ".join(["", *re.findall(r"[^\W_]+", text.lower()), ""])


def short(value):
    """What was given, in a few letters."""
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:37]}..."


def identity(found):
    """The name under which the record keeps it: the same result has the same one."""
    digest = zlib.crc32(json.dumps(found, sort_keys=True).encode())
    return f"{found['by']} {found['plan']} {found['seed']} {digest:08x}"


def belongs(found, about):
    """Raises Refused where the result is of another plan than this one."""
    for name in ("plan", "seed", "topic"):
        if found[name] != about[name]:
            mine = ", ".join(str(about[one]) for one in ("plan", "seed", "topic") if about[one] is not None)
            theirs = ", ".join(str(found[one]) for one in ("plan", "seed", "topic") if found[one] is not None)
            raise Refused(f"This is the result of another interview: {theirs}, and not {mine}.")
    if [[one["question"], one["part"]] for one in found["rounds"]] != about["rounds"]:
        raise Refused("This is the result of another interview: its questions aren't those of this plan.")


# ---- the report ----


class Held(Turn):
    """A turn that somebody else timed, with the questions after the answer."""

    @property
    def limit(self):
        return 60 * minutes(self, self.q)


def turn_of(one, by):
    """A round as a turn that is over: what was heard counts as shown, unless its proof failed."""
    turn = Held(one["question"], one["part"], "done", answered_at=60 * one["minutes"], done_at=60 * one["minutes"])
    turn.how = "spoken"
    turn.claimed, turn.process = list(one["heard"]), list(one["process"])
    turn.to_probe = list(one["heard"])
    turn.clarified = [["", int(id.rpartition("-")[2])] for id in one["heard"]] if one["part"] else []
    turn.probes = {id: ["", one["proofs"].get(id) is not False] for id in one["heard"]}
    missed = [id for id in one["asked"] if id not in one["heard"]]
    turn.pressed = [Pressed(id, how="spoken", proven=pressed_well(one, id)) for id in missed]
    turn.levels = {axis: [level, by] for axis, level in one["levels"].items()}
    if turn.q.format == "bug":  # its points say which bugs were found
        turn.guesses = [
            {"lines": [], "names": "", "slips": list(turn.q.slips), "right_lines": True, "right_names": True}
        ]
    turn.notes = "\n\n".join(one["answers"])
    return turn


def pressed_well(one, id):
    """Whether a follow-up was answered: by its proof where there was one, or by whoever asked; None if unsaid."""
    said = one["proofs"].get(id)
    return one["asked"][id] if said is None else said


def data_of(found, turns):
    """What `Report` shows."""
    return {
        "id": found["id"],
        "plan": found["plan"],
        "seed": found["seed"],
        "began": found["began"],
        "minutes": sum(turn.minutes for turn in turns),
        "planned": sum(turn.limit for turn in turns) / 60,
        "turns": [turn_data(turn, one, found["by"]) for turn, one in zip(turns, found["held"], strict=True)],
        "not_asked": [bank.questions()[one["question"]].prompt for one in found["rounds"] if one not in found["held"]],
        "headline": [one for turn in turns for one in reports.forgotten(turn)],
        "tonight": reports.tonight(turns),
        "rater": found["by"],
        "refused": sum(one["refused"] for one in found["held"]),
    }


def turn_data(turn, one, by):
    strong, missed = verdicts(turn, one)
    asked = [{**said, "how": "heard"} for said in reports.exchanges(turn) if said["kind"] == "follow-up"]
    return reports.asked(turn) | {
        "done": True,
        "passed_on": False,
        "notes": turn.notes,
        "quotes": one["quotes"],
        "exchanges": [] if turn.part else asked,
        "levels": {axis: [level, by] for axis, level in one["levels"].items() if axis in AXES},
        "strong": strong,
        "missed": missed,
    }


def verdicts(turn, one):
    """(strong, missed): sentences on what somebody heard, and on what they didn't."""
    strong, missed = [], []
    for p in turn.rubric:
        said = one["proofs"].get(p.id)
        if p.id in one["heard"]:
            (missed if said is False else strong).append(f"{p.says} ({HEARD[said]})")
        elif p.id in one["asked"] or said is not None:
            held = said if p.id not in one["asked"] else pressed_well(one, p.id)
            missed.append(f"{p.says} ({PRESSED[held]})")
        else:
            missed.append(f"{p.says} (left out)")
    strong += [PROCESS[id].replace("They", "You") for id in one["process"]]
    turns = {id: says for id, _, says in wrong_turns(turn.q)}
    missed += [f"A wrong turn was heard. {turns[id]}" for id in one["wrong"]]
    if one["hints"]:
        missed.append(f"It took {one['hints']} hint{'s' * (one['hints'] > 1)}.")
    return strong, missed


def remember(report, turns, at):
    """Keep the report under its id, and what was asked without code in the memory; once, however often it is read."""

    def write(db):
        row = (report.data["id"], at, at + 60 * report.data["minutes"], json.dumps(report.data))
        query = "insert or ignore into interview (id, began, ended, report) values (?, ?, ?, ?)"
        if db.execute(query, row).rowcount == 1:
            for turn in turns:
                if not (turn.part or turn.q.coded):
                    schedule.reviewed(db, turn.question, schedule.grade(turn), at)
        return ()

    record.transact(write)
