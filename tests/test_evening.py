"""The path and tonight's list: seven evenings that add up by the clock, and what is left of them for a learner."""

import ast
import builtins
import datetime
import json
import random
import re
from dataclasses import replace

import pytest

from backprop import clock, path
from backprop.course import source_folder, tonight
from backprop.evening import (
    ROLE,
    Evening,
    Left,
    Row,
    State,
    asking,
    behind,
    cells_by_section,
    chosen,
    evening,
    kept_list,
    key_of,
    length,
    of_role,
    remaining,
    sections,
    seen,
)
from backprop.interview import bank as interview
from backprop.interview import interview_on, schedule
from backprop.path import link
from backprop.practice import bank, check, record

BOOKS = {file.name: json.loads(file.read_text("utf-8"))["cells"] for file in source_folder().glob("*.ipynb")}
FOUND = sections(BOOKS)
MOST, PLANNED = 90, 80  # minutes of an evening: all of it, and what is planned
QUESTIONS = interview.questions()
EVENINGS = pytest.mark.parametrize("one", path.evenings(), ids=lambda one: one.number)
pytestmark = pytest.mark.usefixtures("own_record")


def cells_of(key):
    """The cells of a section by its key."""
    notebook, _, heading = link(key).partition("#")
    return cells_by_section(BOOKS[notebook])[heading]


def passing(*ids):
    """A record in which these exercises were passed."""
    for id in ids:
        record.note(id, check("start.line", lambda W, d, s: W.T @ d * s))


def ask(*ids):
    """A record in which these questions were asked, and went well."""
    for id in ids:
        record.transact(lambda db, id=id: schedule.reviewed(db, id, 4, datetime.datetime.now().timestamp()) or ())


# ---- the clock ----


def markdown(source):
    return {"cell_type": "markdown", "source": [source]}


def code(source):
    return {"cell_type": "code", "source": [source]}


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        (markdown("word " * 180), 60),
        (markdown("word " * 109 + "$x$"), 60),  # an inline formula is a word, and slows the others
        (markdown("$$\nz = wx + b\n$$"), 30),
        (markdown("word " * 9 + "<details><summary>Answer</summary>\n\n" + "more " * 99 + "\n\n</details>"), 3),
        (markdown("a " * 6 + "[link](02_delta_recurrence.ipynb#B2:-one-layer-down)" + " a" * 5), 4),
        (markdown("```python\na = 1\n\n# no line\nb = 2\n```"), 20),
        (code("import numpy as np\n\n# says why\nz = W @ a"), 20),
        (code('check("delta.b2", ...)'), 0),
        (code("def mine(z):\n    # your code\n    ...\n\n\ncheck('x', mine)"), 0),
        (code("mean = x[..., 0]"), 10),
        (markdown("word " * 9 + "**Your turn** *(apply · 2 min)*. " + "more " * 99), 3),
        (markdown("**Exercise** *(interview level · 8 min)*. " + "more " * 99), 0),
    ],
)
def test_what_is_read_takes_its_time_and_what_is_tried_states_it(cell, due):
    assert clock.reading([cell]) * 60 == pytest.approx(due)


def test_questions_for_paper_state_their_minutes():
    cells = [
        markdown("**Your turn** *(apply · 2 min)*. A? **Your turn** *(interview level · 3 min)*. B?"),
        code("x = 1"),
    ]
    assert clock.turns(cells) == 5


# ---- the seven evenings ----


@EVENINGS
def test_an_evening_takes_at_most_eighty_minutes_and_half_of_it_is_doing(one):
    read = sum(clock.reading(cells_of(key)) for key in one.read)
    assert 60 <= length(one, FOUND) <= PLANNED
    assert read <= length(one, FOUND) / 2


@EVENINGS
def test_an_evening_is_as_long_as_its_list(one):
    before = held(path.evenings()[: one.number - 1])
    fresh = before.passed - set(LINES) if one.number > 1 else frozenset()
    whole = evening(FOUND, replace(before, passed=fresh), MOST)
    assert whole.title == one.title and whole.left_out == []
    assert whole.minutes == pytest.approx(length(one, FOUND), abs=1)  # the minutes of an interview are rounded


@EVENINGS
def test_what_is_tried_and_asked_stands_in_what_is_read_by_then(one):
    """An exercise belongs to a section of its evening, a question is answered in one of that evening or before."""
    places = {link(key) for key in one.read}
    by_then = {link(key) for other in path.evenings()[: one.number] for key in other.read}
    assert [id for id in one.tried if bank.EXERCISES[id].where not in places] == []
    assert [id for id in one.asked if QUESTIONS[id].section not in by_then] == []
    assert len(set(one.read)) == len(one.read) and all("#" in key for key in one.read)


def test_nothing_stands_on_two_evenings():
    for part in "read", "tried", "asked":
        listed = [name for one in path.evenings() for name in getattr(one, part)]
        assert len(listed) == len(set(listed))


def test_the_core_is_small_and_answered_in_core_sections():
    core = {q.id for q in QUESTIONS.values() if q.core}
    assert core == path.core() and len(core) <= 37
    places = {link(key) for one in path.evenings() for key in one.read}
    assert [id for id in core if QUESTIONS[id].section not in places] == []
    tried = [id for one in path.evenings() for id in one.tried if not id.startswith(("cold", "start"))]
    assert sum(bank.EXERCISES[id].minutes for id in tried) <= 90


def test_the_sections_of_a_role_stand_on_no_evening():
    core = {key for one in path.evenings() for key in one.read}
    for role, keys in path.table()["role"].items():
        assert not core & set(keys)
        assert {path.kind(key) for key in keys} == {f"role: {role}"}
    assert set(path.table()["doing"]) <= core <= set(FOUND)


# ---- tonight ----


def test_the_first_evening_begins_with_00_and_ends_aloud():
    rows = tonight().rows
    assert rows[0].link == link("start") and rows[1].link == link("neuron#forward")
    assert rows[-1].what.startswith("Say the sixty seconds")
    assert rows[-2].asked == ("neuron.derive", "neuron.by-hand") and "An interview of 2 questions" in rows[-2].what
    assert 60 < tonight().minutes == sum(row.minutes for row in rows) <= MOST
    assert all(row.why for row in rows) and len(repr(tonight()).splitlines()) == len(rows) + 2


def test_00_lists_what_fits_after_it_and_begins_no_other_evening():
    (source,) = ["".join(c["source"]) for c in BOOKS[link("start")] if "tonight(minutes=" in "".join(c["source"])]
    left = int(re.search(r"tonight\(minutes=(\d+)\)", source)[1])
    assert left == MOST - tonight().rows[0].minutes
    passing("start.line", "start.direction")
    rows = tonight(left).rows
    assert {row.link.partition("_")[0] for row in rows if row.keys} == {"01"} and link("neuron#whiteboard") in {
        row.link for row in rows
    }


def test_00_says_the_minutes_that_its_row_has():
    top = "".join(BOOKS[link("start")][0]["source"])
    read, tried = map(int, re.search(r"(\d+) of them core\. \d+ exercises come on top, (\d+) min", top).groups())
    assert read + tried == tonight().rows[0].minutes
    assert len(re.findall(r"\bmin(ute)?s?\b|\bquarter of an hour\b", top)) == 2  # those of the header


def test_what_is_passed_goes_and_what_was_read_on_the_way_too():
    passing("start.line")
    assert tonight().rows[0].link == link("neuron#forward")
    board = next(row for row in tonight().rows if row.link == link("neuron#whiteboard"))
    assert "(rungs 1 to 5)" in board.what and board.why != "begun, not finished"
    passing("neuron.sigmoid")
    assert tonight().rows[0].link == link("neuron#numbers")
    passing("neuron.gradient")
    numbers = next(row for row in tonight().rows if row.link == link("neuron#numbers"))
    assert "(neuron.hand)" in numbers.what and numbers.why == "begun, not finished"


def test_what_is_done_of_tonight_is_ticked_and_takes_no_minutes():
    assert tonight().done == [] and "✓" not in repr(tonight()) + tonight()._repr_html_()
    first = path.evenings()[0]
    passing("start.line", "neuron.sigmoid")
    ticked = [row.link for row in tonight().done]
    assert ticked == [link(key) for key in ("start", "neuron#forward", "neuron#chain", "neuron#derivation")]
    ask(first.asked[0])
    plan = tonight()
    ticked = [row.link for row in plan.done]
    assert link("neuron#derivation") in ticked and link("neuron#numbers") not in ticked
    assert plan.done[-1].what == f"10 · 1 of {len(first.asked)} questions asked"
    assert plan.minutes == sum(row.minutes for row in plan.rows) and not {row.minutes for row in plan.done} - {0}
    assert not {row.link for row in plan.rows} & set(ticked[:-1])
    assert repr(plan).splitlines()[1] == "✓ 00 · Start here (done)"
    assert plan._repr_html_().count("✓ <a href=") == plan._repr_html_().count("(done)") == len(plan.done)


def test_only_tonights_evening_is_ticked():
    two = held(path.evenings()[:2])
    assert evening(FOUND, two, MOST).done == []
    begun = replace(two, passed=two.passed | {path.evenings()[2].tried[0]})
    (row,) = evening(FOUND, begun, MOST).done
    assert row.link == link("outputs#sigmoid")
    assert evening(FOUND, held(path.evenings()), MOST).done == []


def rows(*keys, tried=(), asked=()):
    """Rows of a list, one a section, the last of which tries and asks these."""
    plain = [Row(key, link(key), 5, "x", keys=(key,)) for key in keys]
    return (*plain[:-1], plain[-1]._replace(tried=tried), *([Row("10", "", 5, "x", asked)] if asked else []))


A, B, C = "delta#jacobians", "delta#layers", "delta#B2"


@pytest.mark.parametrize(
    ("state", "read"),
    [
        (State(asked=frozenset(["delta.recurrence"])), set()),  # asked, and never listed
        (State(listed=rows(A, B)), set()),  # listed today: perhaps nothing is read yet
        (State(listed=rows(A, B), past=True), {A, B}),  # yesterday, and nothing of it leaves a trace
        (State(listed=rows(A, B, C, tried=("delta.b2",)), past=True), set()),
        (State(listed=rows(A, B, C, tried=("delta.b2",)), tried=frozenset(["delta.b2"])), {A, B, C}),
        (State(listed=rows(A, C, B, asked=("delta.recurrence",)), asked=frozenset(["delta.recurrence"])), {A, B, C}),
        (
            State(
                listed=rows(A, C, B, asked=("delta.recurrence", "batch.bias-sum")),
                asked=frozenset(["delta.recurrence"]),
            ),
            {A, C},  # one question of two: what leads to it
        ),
        (State(passed=frozenset(["delta.b3"])), {"delta#B3"}),  # tried without any list
        (State(read=frozenset([A]), listed=rows(B, C)), {A}),
    ],
)
def test_what_counts_as_read_was_listed_and_led_to_something_done(state, read):
    assert seen(state) == read


def test_the_record_keeps_what_was_listed_and_read_from_day_to_day(monkeypatch):
    passing(*(id for id in path.evenings()[0].tried if id not in LINES))
    ask(*path.evenings()[0].asked)
    first, second = path.evenings()[1].read[:2]
    assert tonight(18).rows[1].link == link(first) and not tonight(18).done
    listed = [row.keys for row in kept_list()[1] if row.keys]
    assert listed[:2] == [(first,), (second,)] and not kept_list()[0] & {first, second}
    tomorrow = datetime.datetime.now() + datetime.timedelta(days=1)

    class Tomorrow(datetime.date):
        @classmethod
        def today(cls):
            return tomorrow.date()

    monkeypatch.setattr("backprop.evening.date", Tomorrow)
    done = [row.link for row in tonight(18).done]
    assert done[:2] == [link(first), link(second)] and {first, second} <= kept_list()[0] and len(done) == len(listed)


@pytest.mark.parametrize("text", ["", "null", "[]", '{"at": 0}', '{"at": "x", "read": [], "rows": []}', "{"])
def test_a_list_that_cannot_be_read_is_none(text):
    schedule.settle("list", text)
    assert kept_list() == (frozenset(), (), 0.0) and tonight().rows


def test_the_next_evening_begins_where_one_was_held():
    passing(*path.evenings()[0].tried)
    ask(*path.evenings()[0].asked)
    rows = [row for row in tonight().rows if "due" not in row.what]
    assert rows[0].what.startswith("Say the sixty seconds") and rows[1].link.startswith("02_")
    assert "recurrence" in tonight().headline


def test_what_the_diagnostic_found_known_is_only_made_sure_of():
    cold = [id for id, e in bank.EXERCISES.items() if e.teaches]
    assert [bank.EXERCISES[id].teaches for id in cold] == ["01", "02", "03", "04", "05", "06"]
    passing("start.line", cold[0])
    skim, board, asked, next_, *_ = tonight().rows
    assert "Skim: The derivation, in full; Numbers" in skim.what and skim.keys == (
        "neuron#derivation",
        "neuron#numbers",
    )
    assert [board.link, asked.link] == [link("neuron#whiteboard"), link("interview#own")]
    assert len(asked.asked) == 2 and next_.link.startswith("02_")


def test_who_knows_it_all_is_interviewed_twice_an_evening_and_not_more():
    cold = frozenset(id for id, e in bank.EXERCISES.items() if e.teaches)
    rows = evening(FOUND, State(passed=cold | {"start.line"}), 240).rows
    assert sum(bool(row.asked) for row in rows) == 2


def test_a_short_evening_keeps_the_interview_on_what_it_holds_and_says_what_it_leaves_out():
    passing("start.line")
    short = tonight(40)
    assert short.minutes <= 40
    left_out = {row.link for row in short.left_out}
    assert link("neuron#whiteboard") in left_out and "Left out: " in repr(short) and "Left out: " in short._repr_html_()
    asked = [id for id in path.evenings()[0].asked if f'"{id}"' in repr(short)]
    assert all(QUESTIONS[id].section not in left_out for id in asked)
    assert len(tonight(1).rows) >= 2  # at least one thing, and the sixty seconds
    assert all("neuron.by-hand" not in row.asked for row in tonight(30).rows)


def test_what_is_due_comes_first_but_not_what_a_slip_of_tonight_raised():
    check("start.line", lambda W, d, s: W.T @ d)
    assert schedule.today() and "due" not in repr(tonight())
    record.transact(lambda db: schedule.reviewed(db, "neuron.twice", 1, 1e9) or ())
    assert tonight().rows[0].link == link("interview#due") and "due" in tonight().rows[0].what


def test_a_slip_that_returns_is_the_reason():
    for _ in range(2):
        check("neuron.gradient", lambda x, y, w, b: ((s := 1 / (1 + 2.718281828459045 ** -(w * x + b))) - y, s - y))
    whole = {row.link: row.why for row in tonight().rows}
    assert whole[link("neuron#numbers")].startswith("came back: ")


def test_the_day_of_the_interview_decides_which_evenings_are_kept():
    whole = State(passed=frozenset(["start.line"]))
    for left in None, 7, 3, 2:
        assert evening(FOUND, replace(whole, evenings=left), MOST).title == path.evenings()[0].title
    hour, screen, _ = path.short()
    assert evening(FOUND, replace(whole, evenings=1), MOST).title == hour.title
    two = replace(held(path.evenings()[:2]), evenings=1)
    last = evening(FOUND, two, MOST)
    assert last.title == screen.title and any("A phone screen" in row.what for row in last.rows)
    assert link("sheet#page") in [row.link for row in last.rows]
    three = replace(held(path.evenings()[:3]), evenings=1)
    assert evening(FOUND, three, MOST).title == path.evenings()[4].title
    most = replace(held(path.evenings()[:5]), evenings=1)
    assert evening(FOUND, most, MOST).title == path.evenings()[6].title  # nothing new on the eve
    day = datetime.date.today() + datetime.timedelta(days=1)
    interview_on(day)
    passing("start.line", *path.evenings()[0].tried, *path.evenings()[1].tried)
    ask(*path.evenings()[0].asked, *path.evenings()[1].asked)
    assert tonight().headline.endswith("softmax, rows, depth, and a phone screen.")
    assert [remaining(day, day - datetime.timedelta(days=n)) for n in (0, 1, 3)] == [1, 1, 3]
    assert remaining(None, day) is None and remaining(day, day + datetime.timedelta(days=1)) is None


def test_one_hour_on_the_eve_is_what_00_says():
    plan = evening(FOUND, State(evenings=1), 60)
    assert plan.minutes <= 60 and not plan.left_out and not any(row.tried for row in plan.rows)
    assert [id for row in plan.rows for id in row.asked] == ["neuron.derive", "delta.recurrence"]
    keys = {key for row in plan.rows for key in row.keys}
    assert {"neuron#derivation", "delta#B1", "delta#B2", "delta#B3"} <= keys and "start#diagnostic" not in keys
    assert plan.rows[-1].link == link("start#sixty")


@pytest.mark.parametrize("minutes", [60, MOST])
def test_few_evenings_are_filled(minutes):
    state = State(evenings=3)
    for day in range(3):
        state = replace(state, evenings=3 - day)
        plan = evening(FOUND, state, minutes)
        assert minutes - 16 < plan.minutes <= minutes
        state = after(state, plan, plan.rows)


def held(evenings):
    """A learner who has done all of these evenings."""
    return State(
        passed=frozenset(["start.line", *(id for one in evenings for id in one.tried)]),
        asked=frozenset(id for one in evenings for id in one.asked),
        read=frozenset(key for one in evenings for key in one.read),
    )


def after(state, plan, done):
    """What the record shows the day after a list, of which these rows were done."""
    passed = {id for row in done for id in row.tried if not id.startswith("cold")}
    asked = {id for row in done for id in row.asked}
    listed = tuple(plan.rows)
    state = replace(state, read=seen(state), listed=listed, past=True)
    return replace(state, passed=state.passed | passed, asked=state.asked | asked, tried=frozenset(passed))


@pytest.mark.parametrize("role", path.table()["role"])
def test_a_role_has_an_evening_of_its_own_before_the_last(role):
    """With seven evenings left it takes the place of the sixth; what it asks stands in its sections."""
    own = of_role(role)
    assert {QUESTIONS[id].section for id in own.asked} <= {link(key) for key in own.read} and own.asked
    at_the_start = State(role=role, evenings=7)
    assert [one.number for one in chosen(at_the_start)] == [1, 2, 3, 4, 5, ROLE, 7, 6]
    assert [one.number for one in chosen(replace(at_the_start, evenings=None))] == [1, 2, 3, 4, 5, 6, ROLE, 7]
    assert [one.number for one in chosen(replace(at_the_start, evenings=4))][:4] == [1, 2, 3, 5]
    before = replace(held(path.evenings()[:5]), role=role, evenings=2)
    plan = evening(FOUND, before, MOST)
    assert plan.minutes <= MOST and all(row.why == f"for the role: {role}" for row in plan.rows[1:2])
    over = replace(before, passed=before.passed | set(own.tried), asked=before.asked | set(own.asked))
    over = replace(over, read=over.read | set(own.read))
    assert [one.number for one in chosen(over)] == [6, 7] and behind(over) >= set(own.read)
    assert "sheet#page" not in behind(over)  # what stands after it on the path doesn't lie behind


@pytest.mark.parametrize("role", path.table()["role"])
def test_a_role_takes_two_sittings_and_what_it_leaves_out_is_marked(role):
    """Two hours with its exercises and what is asked; what is left for when there is time says so at its cell."""
    own, spare = of_role(role), set(path.table()["spare"]["exercises"])
    assert length(own, FOUND) <= 2 * 60
    assert not spare & set(own.tried)
    homes = {link(key) for key in path.table()["role"][role]}
    left = {e.id for e in bank.EXERCISES.values() if e.where in homes} - set(own.tried)
    assert left <= spare
    for id in left:
        (asks,) = [source for key in own.read for source in prose_of(key) if f'hint("{id}")' in source]
        assert re.match(r"\*\*Exercise\*\* \*\([^)]*\)\*, \*if time\*\.", asks), id


def prose_of(key):
    return ["".join(cell["source"]) for cell in cells_of(key) if cell["cell_type"] == "markdown"]


def test_every_spare_exercise_stands_in_a_section_of_a_role():
    homes = {link(key) for keys in path.table()["role"].values() for key in keys}
    assert [id for id in path.table()["spare"]["exercises"] if bank.EXERCISES[id].where not in homes] == []


def test_behind_the_path_there_is_the_role_and_an_onsite():
    done = held(path.evenings())
    assert behind(done) == {key for one in path.evenings() for key in one.read}
    (aloud, onsite) = evening(FOUND, done, MOST).rows
    assert "onsite" in onsite.what and aloud.link == link("start#sixty")
    rows = evening(FOUND, replace(done, role="transformers"), MOST).rows
    assert rows[1].link == link("layers#attention") and "transformers" in rows[1].why
    with pytest.raises(ValueError, match="role is 'vision', but should be one of 'transformers', "):
        tonight(role="vision")


LINES = [id for id, e in bank.EXERCISES.items() if e.teaches]


def walk(share, cold, days, minutes, rng):
    """Day after day with tonight's list: (plan, state before it, the rows that were done), for each day.

    `cold` lines of the diagnostic are right. Of a list the rows get done in order, as far as a `share` of the evening
    goes, and the exercises of a row with at least that chance.
    """
    state = State(evenings=days)
    for day in range(days):
        state = replace(state, evenings=days - day)
        plan = evening(FOUND, state, minutes)
        got = max([1, *(n for n in range(1, len(plan.rows) + 1) if rng.random() < share or n / len(plan.rows) < share)])
        finished = plan.rows[:got]
        yield plan, state, finished
        passed = {id for row in finished for id in row.tried if id not in LINES and rng.random() < max(share, 0.8)}
        begins = any(row.link == link("start") for row in finished)
        passed |= {"start.line", *cold} if begins else set()
        tried = {id for row in finished for id in row.tried}
        asked = {id for row in finished for id in row.asked}
        state = replace(state, read=seen(state), listed=tuple(plan.rows), past=True, tried=frozenset(tried))
        state = replace(state, passed=state.passed | passed, asked=state.asked | asked)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("cold", [(), (0, 2), (1, 4), (0, 1, 2, 3, 4, 5)], ids=str)
@pytest.mark.parametrize("minutes", [60, MOST, 150])
@pytest.mark.parametrize("days", [7, 5, 3, 2, 1])
@pytest.mark.parametrize("share", [1, 0.7, 0.4], ids=["strong", "middling", "weak"])
def test_nobody_is_asked_about_or_ticked_off_what_was_never_listed(share, days, minutes, cold, seed):
    rng, rows_seen, listed_on = random.Random(f"{share}/{days}/{seed}"), set(), {}
    for day, (plan, state, _) in enumerate(walk(share, {LINES[n] for n in cold}, days, minutes, rng)):
        ticked = {key_of(row.link) for row in plan.done if row.link not in (link("start"), link("interview#own"))}
        assert ticked <= rows_seen
        for row in plan.rows:
            rows_seen.update(row.keys)
            assert {key_of(QUESTIONS[id].section) for id in row.asked} <= rows_seen
            for key in row.keys:
                listed_on.setdefault(key, set()).add(day)
        assert not {QUESTIONS[id].section for row in plan.rows for id in row.asked} & {
            row.link for row in plan.left_out
        }
        asks = [id for row in plan.rows for id in row.asked]
        assert not state.asked.intersection(asks) and len(set(asks)) == len(asks)
        assert plan.minutes <= max(minutes, plan.rows[0].minutes + plan.rows[1].minutes)
    if share == 1:
        assert [key for key, on in listed_on.items() if len(on) > 1] == []


@pytest.mark.parametrize(("share", "least"), [(1, 24), (0.7, 12)])
def test_a_week_asks_most_of_the_core(share, least):
    asked = set()
    for plan, _, finished in walk(share, (), 7, MOST, random.Random(0)):
        asked.update(id for row in finished for id in row.asked)
        assert any(row.asked or "panel" in row.what for row in plan.rows)
    assert len(asked & path.core()) + 1 >= least  # and the sixty seconds, on every evening


def test_what_fits_is_kept_in_order():
    long, short = Row("Long", "a", 50, "x"), Row("Short", "b", 5, "x")
    assert Left((long, short)).within(40) == ([long], [short])
    assert Left((short, long, short)).within(40) == ([short], [long, short])  # nothing is skipped to fill the minutes
    assert Left((short, short, short)).within(10) == ([short, short], [short])
    assert Left((long,)).within(40, least=0) == ([], [long])
    home = Row("Home", QUESTIONS["neuron.derive"].section, 5, "x", keys=("neuron#derivation",))
    asked = Left((short, home), ("neuron.derive",))
    assert asked.within(10 + asking(["neuron.derive"]))[0][-1].asked == ("neuron.derive",)
    assert asked.within(9) == ([short], [home])
    assert Left((short,), ("neuron.derive",)).within(90) == ([short], [])  # what was never listed is not asked


def test_titles_and_links_are_escaped():
    rows = [Row("<b>x</b>", '"><script>', 3, "<i>why</i>")]
    html = Evening("<u>t</u>", rows, rows, rows)._repr_html_()
    assert not any(tag in html for tag in ("<b>x</b>", "<script>", "<i>", "<u>"))


@pytest.mark.parametrize("minutes", [0, -5, "an hour", None, True, float("nan")])
def test_minutes_are_a_positive_number(minutes):
    with pytest.raises(ValueError, match="positive number, such as 90"):
        tonight(minutes)


# ---- an evening stands on its own ----


def bound_and_used(source):
    """(names that a cell binds, names that it needs from elsewhere)."""
    tree = ast.parse("\n".join(line for line in source.splitlines() if not line.startswith(("%", "!"))))
    bound, used = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            used.add(node.target.id)
    return bound, used - bound


@EVENINGS
def test_the_sections_of_an_evening_run_without_those_that_it_skips(one):
    """In a kernel of its own, after the cells above the notebook's first section."""
    links = [link(key) for key in one.read]
    for notebook in dict.fromkeys(place.partition("#")[0] for place in links):
        names = set(dir(builtins)) | {"__name__", "get_ipython"}
        for heading, cells in cells_by_section(BOOKS[notebook]).items():
            if heading and f"{notebook}#{heading}" not in links:
                continue
            for cell in cells:
                if cell["cell_type"] == "code":
                    bound, used = bound_and_used("".join(cell["source"]))
                    assert used <= names, f"{notebook}, {heading}: {sorted(used - names)}\n{''.join(cell['source'])}"
                    names |= bound


@EVENINGS
def test_what_an_evening_tries_has_its_cell_in_what_is_read(one):
    """A ladder's rungs stand where it is climbed."""
    source = "\n".join("".join(cell["source"]) for key in one.read for cell in cells_of(key))
    climbed = {id for name, ids in bank.LADDERS.items() if f'ladder("{name}")' in source for id in ids}
    lone = [id for id in one.tried if not id.startswith("cold") and id not in climbed]
    assert [id for id in lone if f'"{id}"' not in source] == []
    for ids in bank.LADDERS.values():  # a rung opens when the one below it is right
        tried = [id in one.tried for id in ids]
        assert tried == sorted(tried, reverse=True)


def test_a_role_that_was_named_is_one_that_the_interview_asks(own_record):
    assert not schedule.chosen_roles()
    tonight(90, "transformers")
    assert tuple(schedule.chosen_roles()) == ("transformers",)
    tonight(90)  # it stays
    assert tuple(schedule.chosen_roles()) == ("transformers",)
