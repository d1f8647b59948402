"""An interview that somebody else holds: the partner's page, the assistant's text, and the result that comes back."""

import copy
import json
import re
from dataclasses import replace

import pytest

from backprop.interview import assistant, history, partner, partner_report, report
from backprop.interview.axes import ANCHORS, LEVELS, axes_of
from backprop.interview.bank import Belief, questions
from backprop.interview.beliefs import chosen
from backprop.interview.plans import choose
from backprop.interview.reports import Report
from backprop.interview.results import MOST, OPTIONAL
from backprop.interview.rounds import PROCESS, hints, wrong_turns
from backprop.interview.schedule import cards
from backprop.interview.session import levels_before
from backprop.interview.sheets import sheets
from backprop.interview.spoken import say
from backprop.interview.turn import case, clarifications
from backprop.practice import record
from backprop.practice.verdict import Text

PLANS = ["60 seconds", "phone screen", "onsite", "ladder"]
WORDS = 3_000  # of an assistant's text
NOW = 1_800_000_000.0


def asked(plan, seed):
    return [(r, questions()[r.question].filled()) for r in choose(plan, questions(), seed)]


def shown(html):
    """A page as text."""
    from html import unescape

    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.partition("<body>")[2].partition("<script>")[0])).split())


def words(text):
    return " ".join(text.split())


# ---- the page ----


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("seed", range(3))
def test_the_page_has_all_that_a_partner_needs_in_words(plan, seed):
    page = sheets(plan, seed).page
    screens = [shown(f"<body>{one}") for one in page.split("<section")[2:-1]]
    for text, (r, q) in zip(screens, asked(plan, seed), strict=True):
        assert words(say(q.prompt)) in text
        for axis in axes_of(q, r.part):
            assert all(f"{name} {says}" in text for name, says in zip(LEVELS, ANCHORS[axis]))
        if r.part:
            assert all(f"“{words(say(one.answer))}”" in text for one in q.clarify)
            continue
        assert all(words(say(line)) in text for line in q.answer.splitlines())
        for p in q.points:
            assert words(say(p.says)) in text
            assert not p.follow_up or words(f"{say(p.follow_up.ask)} Good: {say(p.follow_up.answer)}") in text
            assert not p.probe or words(say(p.probe.ask)) in text
            assert not p.probe or p.probe.right in text or words(say(p.probe.right)) in text
        for _, sounds, says in wrong_turns(q):
            assert words(say(says)) in text and say(sounds) in text
        assert all(words(say(hint)) in text for hint in hints(q))
        if q.format == "bug":
            assert all(str(line) in text for line in case(q).lines)


@pytest.mark.parametrize("plan", PLANS)
def test_the_page_loads_nothing_and_may_not(plan):
    page = sheets(plan, 0).page
    assert "default-src 'none'" in page
    assert not re.search(r"<(img|link|iframe|script [^>]*src)|url\(|@import|https?://|\bfetch\(|XMLHttpRequest", page)


def test_every_input_has_an_id_of_its_own():
    page = sheets("onsite", 0).page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids) > 100
    assert not [one for one in re.findall(r'aria-controls="([^"]+)"', page) if one not in ids]


def test_a_wrong_turn_is_shown_as_it_sounds_where_the_bank_says_how():
    r, q = asked("phone screen", 0)[0]
    belief = Belief("It is σ(z) − y.", ("never",), id="sign", sounds=("I take y − σ(z).", "Flip it."))
    page = partner.screen(1, 1, r, replace(q, beliefs=(belief,)))
    assert 'id="r1-wrong-sign"' in page
    assert "“I take y minus sigma of z.” It is sigma of z, minus y." in shown(f"<body>{page}")


def test_what_the_bank_writes_is_escaped():
    r, q = asked("phone screen", 0)[0]
    page = partner.page([(r, replace(q, prompt="<script>alert(1)</script> & more"))], sheets().about)
    assert (
        "&amp; more" in page and "<script>alert" not in page and page.count("<script>") == page.count("</script>") == 1
    )
    assert "\\u003c" in partner.page([(r, q)], {"plan": "</script>", "seed": 0, "topic": None})


def test_a_page_of_another_plan_keeps_its_state_elsewhere():
    keys = {re.search(r'"key": "([^"]+)"', sheets(plan, seed).page)[1] for plan in PLANS for seed in range(3)}
    assert len(keys) == 4 * 3


# ---- the assistant's text ----


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("seed", [*range(8), 20, 24])
def test_an_assistant_is_told_all_of_the_plan_in_few_words(plan, seed):
    text = sheets(plan, seed).text
    assert len(text.split()) <= WORDS
    rounds = re.split(r"(?m)^ROUND \d+\. ", text.partition("The result. ")[0])[1:]
    for told, (r, q) in zip(rounds, asked(plan, seed), strict=True):
        assert f"Ask: {say(q.prompt)}" in told and ", ".join(axes_of(q, r.part)) in told.splitlines()[0]
        if r.part:
            listed = zip(clarifications(q), q.clarify)
            assert all(f"- {p.id} " in told and say(one.answer) in told for p, one in listed)
            continue
        proofs = chosen(q)[:2]
        assert len(proofs) >= min(2, sum(p.probe is not None for p in q.points))
        for p in q.points:
            assert re.search(rf"(?m)^- {p.id}( \(basic\))?: {re.escape(p.says)}$", told)
            assert ("(basic)" in told) == any(one.level == "pass" for one in q.points)
            assert not p.follow_up or f"Missing: {say(p.follow_up.ask)}" in told
            assert (p in proofs) == bool(p.probe and f"Proof: {p.probe.ask}" in told)
        for p in proofs:
            assert f"Right: {p.probe.right}" in told and all(option in told for option in p.probe.options)
        assert all(f"Wrong turn {id}: {says}" in told for id, _, says in list(wrong_turns(q))[:3])
        assert all(hint in told for hint in hints(q))
    assert all(sentence in text for said in ANCHORS.values() for sentence in said)


def test_an_assistant_is_told_how_to_hold_it_and_every_field_of_the_result():
    text = sheets("onsite", 0).text
    assert all(rule in text for rule in ("Wait.", "Give nothing away", "only after my answer", "Missing", "one hint"))
    assert all(rule in text for rule in ("word for word", "go on by the sheet", "if you aren't sure, leave it out"))
    assert all(f'"{name}"' in text for name in [*OPTIONAL, *PROCESS])
    assert assistant.MOST == WORDS


@pytest.mark.parametrize("plan", PLANS)
def test_the_form_at_the_end_of_the_text_is_a_result_once_it_is_filled_in(plan, own_record):
    ours = sheets(plan, 1)
    form = json.loads(ours.text[ours.text.index('{"backprop interview"') :])
    assert str(partner_report(json.dumps(form), ours, at=NOW)) == "Nothing happened in this result: no round was held."
    form["rounds"][0]["minutes"] = 1
    assert isinstance(partner_report(json.dumps(form), ours, at=NOW), Report)


# ---- a result ----

SAID = "Tanh is centered, so its outputs pull both ways. ReLU costs nothing."


def result(**given):
    """A result of one question, as an assistant gives it."""
    one = {
        "question": "activations.compare",
        "part": "",
        "minutes": 4.5,
        "heard": ["slopes", "centered"],
        "wrong": [],
        "process": [],
        "hints": 1,
        "asked": {"relu-price": True},
        "proofs": {"slopes": False},
        "levels": {"understanding": 2, "rationale": 3},
        "answers": [SAID],
        "quotes": ["its outputs pull both ways"],
    }
    whole = {"backprop interview": 1, "by": "assistant", "plan": "own choice", "seed": 0, "topic": None}
    return {**whole, "began": NOW - 3600, "rounds": [{**one, **given}]}


def read(data):
    return partner_report(data if isinstance(data, str) else json.dumps(data), at=NOW)


@pytest.fixture(autouse=True)
def record_of_its_own(own_record):
    """Reading a result writes into the record."""


def test_the_ids_that_these_tests_use_are_there():
    assert {"slopes", "centered", "relu-price"} <= {p.id for p in questions()["activations.compare"].points}


def test_a_report_says_who_rated_what_was_heard_and_what_for_tonight():
    text = read(result()).markdown()
    assert "weak‡" in text and "strong‡" in text
    assert "an assistant's word" in text and "that you really said these can't be known" in text
    assert f"Your words:\n\n> {SAID.replace('-', chr(92) + '-')}" in text
    assert "Quoted, as what the levels rest on:\n\n> its outputs pull both ways" in text
    points = {p.id: p.says for p in questions()["activations.compare"].filled().points}
    assert f"- {points['centered']} (heard)" in text
    assert f"- {points['slopes']} (heard, and the proof failed)" in text
    assert f"- {points['relu-price']} (only when asked)" in text
    assert "**A follow-up that held.**" in text and "You said it aloud." in text
    assert "It took 1 hint." in text
    assert len(read(result()).data["tonight"]) == 3
    assert f"You claimed this and couldn't prove it: {points['slopes']}" in text


def test_a_persons_result_is_marked_as_a_persons_and_may_quote_what_is_in_no_answer():
    data = result(answers=[], quotes=["it pulls"]) | {"by": "partner"}
    text = read(data).markdown()
    assert "your partner's word" in text and "assistant" not in text and "weak†" in text and "> it pulls" in text


@pytest.mark.parametrize("quote", ["ITS  outputs, pull both ways!", "relu costs nothing"])
def test_a_quote_is_compared_by_its_words(quote):
    assert read(result(quotes=[quote])).data["turns"][0]["quotes"] == [quote]


@pytest.mark.parametrize(
    "quote", ["its outputs pull one way", "ReLU costs", "nothing costs ReLU", "put", "...", "both ways ReLU"]
)
def test_a_quote_that_is_in_no_answer_is_refused(quote):
    found = read(result(quotes=[quote], answers=["its outputs pull both ways", "ReLU is cheap"]))
    assert found.data["turns"][0]["quotes"] == []
    assert "Quotes refused, since they aren't in your answers: 1." in found.markdown()


def test_what_an_assistant_says_around_the_result_is_left_out():
    data = json.dumps(result(), indent=1)
    assert read(f"Three {{things}}:\n```json\n{data}\n```\nFix {{them}}.").data == read(result()).data


def test_a_file_is_read_by_its_path_and_by_its_name(tmp_path):
    path = tmp_path / "result.json"
    path.write_text(json.dumps(result()), encoding="utf-8")
    for given in (path, str(path)):
        assert partner_report(given, at=NOW).data == read(result()).data


def test_texts_are_shown_as_they_are_and_never_as_html():
    evil = '<img src=x onerror="alert(1)"> **bold** [a](http://x.y) $z$'
    found = read(result(answers=[evil], quotes=[evil]))
    assert "<img" not in found.html() and "<strong>bold" not in found._repr_html_()
    assert "&lt;img" in found.html() and 'href="http://x.y' not in found.html()


def test_only_rounds_that_were_held_are_rated_and_the_others_are_named():
    ours = sheets("onsite", 0)
    rounds = [{"question": q, "part": part} for q, part in ours.about["rounds"]]
    rounds[0] |= {"heard": ["clarify-0"], "minutes": 2, "levels": {"communication": 4}}
    rounds[3] |= {"heard": ["mean"], "process": ["shapes"], "levels": {"technique": 1}}
    data = {"backprop interview": 1, "by": "partner", "plan": "onsite", "seed": 0, "rounds": rounds}
    found = ours.report(json.dumps(data))
    assert [turn["question"] for turn in found.data["turns"]] == [rounds[0]["question"], rounds[3]["question"]]
    assert len(found.data["not_asked"]) == len(rounds) - 2
    text = found.markdown()
    assert "You said the shapes aloud, line by line." in text and "A slip in the code" not in text
    assert "The ReLU's slope is missing on the way down. (left out)" in text


def test_a_result_is_kept_once_listed_and_brings_its_questions_back():
    found = read(result())
    kept = record.rows("select * from card")
    assert read(result()).data == found.data and record.rows("select * from card") == kept
    assert len(history().text.splitlines()) == 1
    assert report(found.data["id"]).data == found.data
    assert cards()["activations.compare"][2] == NOW - 3600
    assert read(result(hints=2)).data["id"] != found.data["id"] and len(history().text.splitlines()) == 2


def test_somebodys_word_is_no_point_of_the_trend():
    read(result())
    assert levels_before("mine", NOW) == []


def test_a_coding_round_changes_no_card():
    """Whether the code came out right can't be known from a tick."""
    ours = sheets("onsite", 0)
    code = next(q for q, part in ours.about["rounds"] if not part and questions()[q].format == "code")
    read(result() | {"rounds": [{"question": code, "part": "", "minutes": 3}]})
    assert code not in cards()


# ---- what is refused, in a sentence ----

BAD = {
    "nothing": ("\n", "This can't be read as a result"),
    "words": ("it went well\nreally", "This can't be read as a result"),
    "cut off": (json.dumps(result())[:-40], "This can't be read as a result"),
    "curly quotes": ('{“backprop interview”: 1}', "It has curly quotes where straight ones belong"),
    "a list": ("[]\n", "This is no result of an interview"),
    "another thing": ('{"a": 1}', "This is no result of an interview"),
    "nan": (json.dumps(result(minutes=float("nan"))), "This can't be read as a result"),
    "deep": ("{" + '"a":{' * 100_000, "This is too long"),
    "deep and short": ('{"a":' + "[" * 50_000 + "]" * 50_000 + "}", "This can't be read as a result"),
    "huge": ("{" + " " * MOST + "}", "This is too long"),
    "many digits": ('{"backprop interview": ' + "9" * 5000 + "}", "This can't be read as a result"),
    "version": (result() | {"backprop interview": 2}, "This result is of another version: 2"),
    "version true": (result() | {"backprop interview": True}, "This result is of another version: True"),
    "version list": (result() | {"backprop interview": [1]}, "This result is of another version"),
    "field": (result() | {"<b>": 1}, "The result has a field '<b>'"),
    "by": (result() | {"by": "me"}, "The result says that it is by 'me'"),
    "by list": (result() | {"by": ["partner"]}, "The result says that it is by ['partner']"),
    "plan": (result() | {"plan": "nap"}, "The result is of a plan 'nap'"),
    "plan dict": (result() | {"plan": {}}, "The result is of a plan {}"),
    "seed": (result() | {"seed": 1.5}, "The seed of the result is 1.5"),
    "seed true": (result() | {"seed": True}, "The seed of the result is True"),
    "topic": (result() | {"topic": "knitting"}, "The result is on a topic 'knitting'"),
    "began": (result() | {"began": "today"}, "The result began at 'today'"),
    "began later": (result() | {"began": NOW * 2}, "The result began at 3600000000.0"),
    "began inf": (json.dumps(result()).replace("1799996400.0", "1e999"), "The result began at inf"),
    "no rounds": (result() | {"rounds": []}, "A result has a list of 1 to 20 rounds"),
    "rounds dict": (result() | {"rounds": {}}, "A result has a list of 1 to 20 rounds"),
    "many rounds": (result() | {"rounds": result()["rounds"] * 21}, "A result has a list of 1 to 20 rounds"),
    "twice": (result() | {"rounds": result()["rounds"] * 2}, "The result has the same round twice"),
    "round": (result() | {"rounds": [1]}, "Round 1 of the result can't be read"),
    "round field": (result(score=5), "Round 1 of the result has a field 'score'"),
    "question": (result(question="a.b"), "Round 1 is on a question 'a.b'"),
    "question list": (result(question=["a"]), "Round 1 is on a question ['a']"),
    "question <": (result(question="<script>" * 50), "Round 1 is on a question '<script><script>"),
    "part": (result(part="clarify"), "Round 1 of the result is of a kind that there isn't"),
    "part list": (result(part=[]), "Round 1 of the result is of a kind that there isn't"),
    "heard": (result(heard=["nothing"]), "In round 1, heard names 'nothing', which isn't there"),
    "heard text": (result(heard="slopes"), "In round 1, heard should be a list"),
    "heard lists": (result(heard=[["slopes"]]), "In round 1, heard names ['slopes']"),
    "wrong": (result(wrong=["x"]), "In round 1, wrong names 'x'"),
    "process": (result(process=["shapes"]), "In round 1, process names 'shapes'"),
    "asked list": (result(asked=["slopes"]), "In round 1, asked should be in braces"),
    "asked word": (result(asked={"slopes": "yes"}), "In round 1, asked of slopes is 'yes'"),
    "proofs": (result(proofs={"slopes": 1}), "In round 1, proofs of slopes is 1"),
    "axis": (result(levels={"humor": 3}), "In round 1, levels names 'humor'"),
    "axis not tested": (result(levels={"communication": 3}, question="delta.shapes", heard=[], asked={}, proofs={}),
                        "In round 1, levels names 'communication'"),
    "level": (result(levels={"rationale": 5}), "In round 1, levels of rationale is 5, and should be a number from 0"),
    "level true": (result(levels={"rationale": True}), "In round 1, levels of rationale is True"),
    "level float": (result(levels={"rationale": 3.0}), "In round 1, levels of rationale is 3.0"),
    "hints": (result(hints=-1), "Round 1 has -1 hints"),
    "hints many": (result(hints=1000), "Round 1 has 1000 hints"),
    "minutes": (result(minutes=-1), "Round 1 took -1 minutes"),
    "minutes text": (result(minutes="4:30"), "Round 1 took '4:30' minutes"),
    "answers": (result(answers="text"), "In round 1, answers should be a list"),
    "answers numbers": (result(answers=[1]), "In round 1, answers should be a list"),
    "answers many": (result(answers=["a"] * 41), "In round 1, answers should be a list of at most 40"),
    "answers long": (result(answers=["a" * 20_001]), "In round 1, one of the answers is longer than 20,000"),
    "answers null": (result(answers=["a\0b"]), "In round 1, one of the answers holds what isn't text"),
    "answers half": (result(answers=["a\ud800b"]), "In round 1, one of the answers holds what isn't text"),
    "quotes long": (result(quotes=["a" * 1001]), "In round 1, one of the quotes is longer than 1,000"),
    "empty": (result() | {"rounds": [{"question": "activations.compare"}]}, "Nothing happened in this result"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_taken_is_refused_in_a_sentence_and_leaves_no_trace(name):
    given, says = BAD[name]
    said = read(given)
    assert type(said) is Text and says in said.text, said
    assert said.text.endswith(".") and len(said.text) < 200 and "\n" not in said.text
    assert "<script" not in said._repr_html_() and history().text == "There is no interview yet."


def test_what_is_no_file_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "big.json").write_bytes(b" " * (MOST + 1))
    (tmp_path / "picture.json").write_bytes(b"\xff\xfe{")
    for given, says in [
        (tmp_path / "big.json", "big.json is too large for a result: it has more than 200 kB."),
        (tmp_path / "picture.json", "picture.json isn't a text."),
        (tmp_path, "that can be read."),
        ("none.json", "There is no result 'none.json' that can be read."),
        ("a\0b", "that can be read."),
        (None, "A result is a text or the path of a file, not NoneType."),
        (result(), "A result is a text or the path of a file, not dict."),
    ]:
        said = partner_report(given, at=NOW)
        assert type(said) is Text and said.text.endswith(says), said


def test_the_result_of_another_interview_is_refused():
    ours, theirs = sheets("phone screen", 1), sheets("phone screen", 2)
    form = json.loads(theirs.text[theirs.text.index('{"backprop interview"') :])
    form["rounds"][0]["minutes"] = 1
    assert isinstance(theirs.report(json.dumps(form)), Report)
    said = ours.report(json.dumps(form)).text
    assert said == "This is the result of another interview: phone screen, 2, and not phone screen, 1."
    other = copy.deepcopy(form) | {"seed": 1}
    assert "its questions aren't those of this plan" in ours.report(json.dumps(other)).text
    del form["rounds"][-1]
    assert "its questions aren't those of this plan" in theirs.report(json.dumps(form)).text
