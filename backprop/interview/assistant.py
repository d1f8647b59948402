"""The text by which an assistant that talks holds the interview: pasted as it is, into any of them.

It names everything by the ids that the result uses, and ends with the result's form. What is to be said aloud stands in
words. Nothing is sent from here, and what comes back is read by `backprop.interview.results`, which believes nothing.
"""

import json
from pathlib import Path

from backprop.interview.axes import ANCHORS, axes_of
from backprop.interview.beliefs import chosen
from backprop.interview.formats import FORMATS
from backprop.interview.partner import named
from backprop.interview.results import VERSION
from backprop.interview.rounds import FIRST_TEST, PROCESS, asked_about, hints, minutes, planted_lines, wrong_turns
from backprop.interview.spoken import say
from backprop.interview.turn import case, clarifications

MOST = 3_000  # words
MOST_TURNS = 3  # of one question
RULES, FORM = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").strip().split("\n---\n")


def text(rounds, about):
    """The text for [(round, question)]; `about` is {"plan", "seed", "topic"}, which the result repeats."""
    total = sum(minutes(r, q) for r, q in rounds)
    parts = [f"Mock interview: {named(about)}. {len(rounds)} rounds, {total:g} minutes.", RULES, levels()]
    parts += ["\n".join(asked(n, r, q)) for n, (r, q) in enumerate(rounds, start=1)]
    process = "; ".join(f'"{id}" if {says[:-1].replace("They", "I")}' for id, says in PROCESS.items())
    return "\n\n".join([*parts, FORM % process, form(rounds, about)]) + "\n"


def levels():
    lines = ["The levels:"]
    for axis, said in ANCHORS.items():
        lines.append(f"{axis}: " + " ".join(f"{level} {says}" for level, says in enumerate(said)))
    return "\n".join(lines)


def asked(n, r, q):
    """The lines of one round."""
    kind = "Clarifying" if r.part else FORMATS[q.format].says
    axes = ", ".join(axes_of(q, r.part))
    yield f"ROUND {n}. {kind}, {minutes(r, q):g} minutes. Rate {axes}."
    yield f"Ask: {say(q.prompt)}"
    if r.part:
        yield "Now I should ask about the task. Answer only what I ask; heard is what I asked about:"
        about = zip(clarifications(q), q.clarify)
        yield from (f"- {p.id} (about {asked_about(one)}): {say(one.answer)}" for p, one in about)
        yield f"Last ask: {FIRST_TEST[0]} Good: {FIRST_TEST[1]}"
        return
    if q.format == "bug":
        yield f"I have the program. Wrong are {planted_lines(q)}: {'; '.join(slip.name for slip in case(q).slips)}."
    if q.format == "code":
        yield "I write it on my own machine, and tell you what I write."
        yield from (f"If asked about {asked_about(one)}: {one.answer}" for one in q.clarify)
    proofs = [p.id for p in chosen(q)[:2]]  # there are few words
    yield from (f"- {line}" for p in q.points for line in pointed(p, p.id in proofs))
    if q.format == "code":
        yield "Hints: " + " / ".join(hints(q))
    yield from (f"Wrong turn {id}: {says}" for id, _, says in list(wrong_turns(q))[:MOST_TURNS])


def pointed(p, proof):
    """The lines of one point, with its proof if that is one of those to ask. What is good to reply, the point says."""
    yield f"{p.id}{' (basic)' if p.level == 'pass' else ''}: {p.says}"
    if p.follow_up:
        yield f"Missing: {say(p.follow_up.ask)}"
    if proof:
        options = f" ({'; '.join(p.probe.options)})" if p.probe.options else ""
        yield f"Proof: {p.probe.ask}{options} Right: {p.probe.right}"


def form(rounds, about):
    """The result before anything is filled in."""
    lines = [json.dumps({"question": q.id, "part": r.part}) for r, q in rounds]
    head = json.dumps({"backprop interview": VERSION, "by": "assistant", **about})
    return f'{head[:-1]}, "rounds": [\n' + ",\n".join(lines) + "\n]}"
