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
    exercises_of,
    length,
    of_role,
    remaining,
    sections,
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


def test_00_says_the_minutes_that_its_row_has():
    top = "".join(BOOKS[link("start")][0]["source"])
    read, tried = map(int, re.search(r"(\d+) of them core\. \d+ exercises come on top, (\d+) min", top).groups())
    assert read + tried == tonight().rows[0].minutes
    assert len(re.findall(r"\bmin(ute)?s?\b|\bquarter of an hour\b", top)) == 2  # those of the header


def test_what_is_passed_goes_and_what_was_read_on_the_way_too():
    passing("start.line")
    assert tonight().rows[0].link == link("neuron#forward")
    passing("neuron.delta")
    derivation = next(row for row in tonight().rows if row.link == link("neuron#derivation"))
    assert "(5 exercises)" in derivation.what and derivation.why == "begun, not finished"
    assert link("neuron#chain") not in [row.link for row in tonight().rows]
    passing(*(e.id for e in exercises_of(path.evenings()[0], "neuron#derivation")))
    assert tonight().rows[0].link == link("neuron#numbers")


def test_what_is_done_of_tonight_is_ticked_and_takes_no_minutes():
    assert tonight().done == [] and "✓" not in repr(tonight()) + tonight()._repr_html_()
    first = path.evenings()[0]
    passing("start.line", "neuron.delta")
    assert [row.link for row in tonight().done] == [link("start"), link("neuron#forward"), link("neuron#chain")]
    passing(*(e.id for e in exercises_of(first, "neuron#derivation")))
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
    links = [row.link for row in tonight().rows]
    assert links[:2] == [link("neuron#whiteboard"), link("interview#own")] and links[2].startswith("02_")


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
    for left, numbers in [(None, 1), (7, 1), (3, 1), (1, 1)]:
        assert evening(FOUND, replace(whole, evenings=left), MOST).title == path.evenings()[numbers - 1].title
    two = replace(held(path.evenings()[:2]), evenings=1)
    assert evening(FOUND, two, MOST).title == path.evenings()[4].title  # the phone screen
    most = replace(held(path.evenings()[:5]), evenings=1)
    assert evening(FOUND, most, MOST).title == path.evenings()[6].title  # nothing new on the eve
    day = datetime.date.today() + datetime.timedelta(days=1)
    interview_on(day)
    passing("start.line", *path.evenings()[0].tried, *path.evenings()[1].tried)
    ask(*path.evenings()[0].asked, *path.evenings()[1].asked)
    assert tonight().headline.endswith("vanishing to skips, and a phone screen.")
    assert [remaining(day, now) for now in (day, day - datetime.timedelta(days=3))] == [1, 3] and remaining(
        None, day
    ) is None


def held(evenings):
    """A learner who has done all of these evenings."""
    return State(
        passed=frozenset(["start.line", *(id for one in evenings for id in one.tried)]),
        asked=frozenset(id for one in evenings for id in one.asked),
    )


@pytest.mark.parametrize("role", path.table()["role"])
def test_a_role_has_an_evening_of_its_own_before_the_last(role):
    """With seven evenings left it takes the place of the sixth; what it asks stands in its sections."""
    own = of_role(role)
    assert {QUESTIONS[id].section for id in own.asked} <= {link(key) for key in own.read} and own.asked
    at_the_start = State(role=role, evenings=7)
    assert [one.number for one in chosen(at_the_start)] == [1, 2, 3, 4, 5, ROLE, 7]
    assert [one.number for one in chosen(replace(at_the_start, evenings=None))] == [1, 2, 3, 4, 5, 6, ROLE, 7]
    assert [one.number for one in chosen(replace(at_the_start, evenings=3))] == [1, 2, 5]
    before = replace(held(path.evenings()[:5]), role=role, evenings=2)
    plan = evening(FOUND, before, MOST)
    assert plan.minutes <= MOST and all(row.why == f"for the role: {role}" for row in plan.rows[1:2])
    over = replace(before, passed=before.passed | set(own.tried), asked=before.asked | set(own.asked))
    assert [one.number for one in chosen(over)] == [6, 7] and behind(over) >= set(own.read)
    assert "sheet#page" not in behind(over)  # what stands after it on the path doesn't lie behind


def test_behind_the_path_there_is_the_role_and_an_onsite():
    done = held(path.evenings())
    assert behind(done) == {key for one in path.evenings() for key in one.read}
    (aloud, onsite) = evening(FOUND, done, MOST).rows
    assert "onsite" in onsite.what and aloud.link == link("start#sixty")
    rows = evening(FOUND, replace(done, role="transformers"), MOST).rows
    assert rows[1].link == link("layers#softmax") and "transformers" in rows[1].why
    with pytest.raises(ValueError, match="role is 'vision', but should be one of 'transformers', "):
        tonight(role="vision")


LEARNERS = {
    "strong": (0.95, 4),
    "middling": (0.7, 1),
    "weak": (0.45, 0),
}  # share of a list that gets done, cold lines right


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("days", [7, 3, 1])
@pytest.mark.parametrize("learner", LEARNERS)
def test_who_only_types_tonight_is_taught_what_is_asked_and_asked_most_of_it(learner, days, seed):
    """Whoever gets through less is asked less, but never about what was left out; nothing is read twice in vain."""
    share, cold = LEARNERS[learner]
    rng, state = random.Random(f"{learner}/{days}/{seed}"), State(passed=frozenset(), evenings=days)
    lines = [id for id, e in bank.EXERCISES.items() if e.teaches]
    interviews, read, asked = 0, [], set()
    for day in range(days):
        state = replace(state, evenings=days - day)
        plan = evening(FOUND, state, MOST)
        assert plan.minutes <= MOST
        passed, now = set(state.passed), set()
        for row in plan.rows:
            if row.link == link("start"):
                passed |= {"start.line", "start.direction", *rng.sample(lines, cold)}
            ids = [id for one in path.evenings() for id in one.tried if bank.EXERCISES[id].where == row.link]
            if rng.random() < share:  # else the whole section is left for another day
                passed |= {id for id in ids if rng.random() < max(share, 0.8)}
                read.append(row.link)
            now.update(row.asked)
        assert not {QUESTIONS[id].section for id in now} & {row.link for row in plan.left_out}
        interviews += "panel" in repr(plan)
        asked |= now
        state = replace(state, passed=frozenset(passed), asked=frozenset(asked))
    assert interviews >= min(days, 6)
    if days == 7:
        assert len(asked & path.core()) + 1 >= 24  # and the sixty seconds, on every evening
    if learner == "strong":
        again = [place for place in set(read) if read.count(place) > 1 and place != link("interview#own")]
        assert len(again) <= 2 * days  # what was begun and not finished


def test_what_fits_is_kept_in_order():
    long, short = Row("Long", "a", 50, "x"), Row("Short", "b", 5, "x")
    assert Left((long, short)).within(40) == ([long], [short])
    assert Left((short, long, short)).within(40) == ([short], [long, short])  # nothing is skipped to fill the minutes
    assert Left((short, short, short)).within(10) == ([short, short], [short])
    assert Left((long,)).within(40, least=0) == ([], [long])
    home = Row("Home", QUESTIONS["neuron.derive"].section, 5, "x")
    asked = Left((short, home), ("neuron.derive",))
    assert asked.within(10 + asking(["neuron.derive"]))[0][-1].asked == ("neuron.derive",)
    assert asked.within(9) == ([short], [home])


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
