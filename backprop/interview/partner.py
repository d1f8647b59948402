"""The partner's page: one file of HTML for a phone, by which somebody who can't derive anything holds an interview.

A round is a screen: the question in words to read aloud, what to tap when it is heard, follow-ups that open with their
answers, levels with their sentences. The page loads nothing, keeps its state in the browser, and ends with the result
that `backprop.interview.results` reads. Its script only keeps, counts and shows; all texts are written here.
"""

import json
import zlib
from html import escape
from pathlib import Path

from backprop.interview.axes import ANCHORS, LEVELS, axes_of
from backprop.interview.formats import FORMATS
from backprop.interview.results import VERSION
from backprop.interview.rounds import (
    FIRST_TEST,
    PROCESS,
    asked_about,
    hints,
    minutes,
    planted_lines,
    wrong_turns,
)
from backprop.interview.spoken import say
from backprop.interview.turn import clarifications, label

HERE = Path(__file__).parent
POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
RULES = (
    "You need no mathematics. Read aloud what stands bold beside a bar. Tap what you hear, in whatever words.",
    "Start the clock when the question is read. Let them speak to the end.",
    "Then <b>ask</b> about what is missing, three times at most. After a minute of silence give one hint.",
    "In doubt, ask for the proof: a short answer, right or wrong. What is right counts as proven.",
    "At zero say “Let's stop here”. Rate before you talk about it.",
)
LETTERS = "abcdefgh"


def page(rounds, about):
    """The page of [(round, question)], as HTML; `about` is {"plan", "seed", "topic"}, which the result repeats."""
    screens = [start(rounds, about), *(screen(n, len(rounds), *one) for n, one in enumerate(rounds, 1)), END]
    plan = {"version": VERSION, **about, "rounds": [described(r, q) for r, q in rounds]}
    body = f"{WITHOUT}{HEAD}<main>{''.join(screens)}</main>"
    plan["key"] = f"backprop/partner/{zlib.crc32(body.encode()):08x}"
    style, script = ((HERE / f"partner.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    data = json.dumps(plan).replace("<", "\\u003c")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>Partner's page: {escape(named(about))}</title>"
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>\n'
        f"<body>{body}<script>const PLAN = {data};\n{script}</script></body></html>\n"
    )


def named(about):
    topic = f", {about['topic']}" if about["topic"] else ""
    return f"{about['plan']}{topic}, seed {about['seed']}"


def described(r, q):
    """What the script knows of a round."""
    return {"question": q.id, "part": r.part, "seconds": 60 * minutes(r, q)}


HEAD = (
    '<header><p><b id="where"></b> <span id="clock" role="timer"></span></p>'
    '<button type="button" id="go">Start clock</button></header><p id="said" role="status"></p>'
)
WITHOUT = (  # some phones open a file in a viewer that runs no scripts
    "<noscript><style>section[hidden]{display:block!important}</style><p>No scripts run here, so nothing is counted or "
    "kept. Open this file in a browser.</p></noscript>"
)
END = """<section id="s-end"><h1 tabindex="-1">Afterwards</h1>
<p>Let them say first what went well. Then tell what you heard and what you missed.</p>
<p id="missing"></p>
<p>Hand this result over. Their report reads it: <code>partner_report("result.json")</code>.</p>
<label for="result">The result</label><textarea id="result" readonly rows="6"></textarea>
<p class="row"><button type="button" id="copy">Copy</button><button type="button" id="share">Share</button>
<a id="file" download="result.json">Save as a file</a></p>
<nav><button type="button" class="to" data-to="-1">Back</button></nav></section>"""


def start(rounds, about):
    total = sum(minutes(r, q) for r, q in rounds)
    told = "".join(f"<li>{rule}</li>" for rule in RULES)
    return (
        f'<section id="s-0"><h1 tabindex="-1">Interview: {escape(named(about))}</h1>'
        f"<p>{len(rounds)} rounds, {total:g} minutes.</p><ol>{told}</ol>"
        '<nav><button type="button" id="anew" hidden>Begin anew</button>'
        '<button type="button" class="to main" data-to="1">Begin</button></nav></section>'
    )


def screen(n, total, r, q):
    """One round."""
    kind = "Read the task, and let them ask" if r.part else FORMATS[q.format].says
    inside = clarifying(n, q) if r.part else answered(n, q)
    return (
        f'<section id="s-{n}" hidden><h1 tabindex="-1">{kind}</h1>{aloud(q.prompt)}{inside}'
        f"{rating(n, r, q)}{noted(n)}"
        '<nav><button type="button" class="to" data-to="-1">Back</button>'
        f'<button type="button" class="to main" data-to="1">{"Next round" if n < total else "To the result"}</button>'
        "</nav></section>"
    )


def aloud(text):
    """What is read aloud, in words."""
    return f'<p class="say">{spoken(text)}</p>'


def spoken(text):
    return escape(say(text), quote=False)


def clarifying(n, q):
    """The round in which the candidate should ask before coding."""
    points = clarifications(q)
    told = [
        tick(n, "heard", p.id, f"<i>{escape(asked_about(one))}:</i> “{spoken(one.answer)}”")
        for p, one in zip(points, q.clarify)
    ]
    ask, good = FIRST_TEST
    return (
        "<p>Stop after the last word: now they should ask. Tap what they ask about, and say its answer:</p>"
        f"{listed(told)}{aloud(ask)}<p>Good: {spoken(good)}</p>"
    )


def answered(n, q):
    """A round with an answer: what to listen for, and what helps."""
    coded = {"bug": "Their page has the program.", "code": "Their page has the task."}.get(q.format)
    parts = [f"<p>{coded}</p>"] if coded else []
    if q.format == "bug":
        parts.append(f"<p>Wrong are {planted_lines(q)}.</p>")
    parts.append(listed([point(n, p) for p in q.points], "points"))
    if q.coded:
        parts.append(folded("While they work", listed([tick(n, "process", *one) for one in PROCESS.items()])))
    if q.format == "code" and q.clarify:
        asked = [f"<i>{escape(asked_about(one))}:</i> “{spoken(one.answer)}”" for one in q.clarify]
        parts.append(folded("If they ask", listed(asked)))
    if q.format == "code":
        given = [tick(n, "hint", str(number), spoken(hint)) for number, hint in enumerate(hints(q), 1)]
        parts.append(folded("Hints, one at a time", listed(given)))
    if turns := wrong_turns(q):
        wrong = [tick(n, "wrong", id, turned(sounds, says)) for id, sounds, says in turns]
        parts.append(folded("Wrong turns", listed(wrong)))
    answer = "".join(f"<p>{spoken(one)}</p>" for one in q.answer.splitlines() if one.strip())
    return "".join(parts) + folded("A good answer", answer)


def turned(sounds, says):
    """A wrong turn as it sounds, and what sets it right."""
    return f"“{spoken(sounds)}” <i>{spoken(says)}</i>" if sounds else spoken(says)


def point(n, p):
    """A point to tap, and what opens when one asks about it."""
    basic = " <i>(basic)</i>" if p.level == "pass" else ""
    ticked = tick(n, "heard", p.id, spoken(p.says) + basic)
    if p.follow_up is None and p.probe is None:
        return ticked
    more = f"r{n}-more-{p.id}"
    inside = proof(n, p)
    if p.follow_up:
        had = choice(n, "had", p.id, "Did they have it?", {"yes": "They had it", "no": "They didn't"})
        inside = f"{aloud(p.follow_up.ask)}<p>Good: {spoken(p.follow_up.answer)}</p>{had}{inside}"
    return (
        f'{ticked}<button type="button" class="ask" id="r{n}-ask-{p.id}" aria-expanded="false" aria-controls="{more}">'
        f'Ask<span class="unseen"> about {escape(label(p))}</span></button><div id="{more}" hidden>{inside}</div>'
    )


def proof(n, p):
    """The probe of a point, folded: what to ask, and what is right."""
    if p.probe is None:
        return ""
    options = "; ".join(f"{letter}) {say(one)}" for letter, one in zip(LETTERS, p.probe.options))
    right = spoken(p.probe.right)
    if p.probe.kind in ("expression", "shape"):
        right = f"<code>{escape(p.probe.right)}</code>"
    elif p.probe.options:
        right = f"{LETTERS[p.probe.options.index(p.probe.right)]}) {right}"
    choices = choice(n, "proof", p.id, "Was it right?", {"yes": "Right", "no": "Wrong"})
    asked = f"{p.probe.ask} {options}".strip()
    return folded("Proof", f"{aloud(asked)}<p>Right is: {right}</p>{choices}")


def rating(n, r, q):
    """The axes that this round tests, each a row of circles with their sentences."""
    axes = []
    for axis in axes_of(q, r.part):
        circles = choice(n, "level", axis, axis.capitalize(), {
            str(level): f"<b>{name}</b> {escape(says)}" for level, (name, says) in enumerate(zip(LEVELS, ANCHORS[axis]))
        })  # fmt: skip
        axes.append(
            f'<details name="r{n}-axes"><summary>{axis.capitalize()}: <b id="r{n}-given-{axis}">not rated</b></summary>'
            f"{circles}</details>"
        )
    return f"<h2>Rate</h2>{''.join(axes)}"


def noted(n):
    """A place for their words."""
    id = f"r{n}-quote"
    return folded("Their words", f'<label for="{id}">One sentence, as they said it</label><textarea id="{id}" rows="2" '
                  'maxlength="1000"></textarea>')  # fmt: skip


# ---- pieces; all HTML that is handed in is escaped already ----


def tick(n, kind, id, text):
    box = f"r{n}-{kind}-{id}"
    return f'<label class="tick"><input type="checkbox" id="{box}"><span>{text}</span></label>'


def choice(n, kind, id, legend, options):
    name = f"r{n}-{kind}-{id}"
    circles = "".join(
        f'<label class="tick"><input type="radio" name="{name}" id="{name}-{value}"><span>{text}</span></label>'
        for value, text in options.items()
    )
    row = ' class="row"' if len(options) == 2 else ""
    return f'<fieldset{row}><legend class="unseen">{legend}</legend>{circles}</fieldset>'


def listed(lines, kind="list"):
    return f'<ul class="{kind}">{"".join(f"<li>{line}</li>" for line in lines)}</ul>'


def folded(summary, inside):
    return f"<details><summary>{summary}</summary>{inside}</details>"
