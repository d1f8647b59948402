"""The course with every exercise solved: each cell that asks is answered as a learner would, and found right."""

import io
import json
import re
import symtable
from contextlib import redirect_stdout
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from backprop.evening import cells_by_section
from backprop.interview import bank as interview
from backprop.practice import bank, bug, check, diagnostic, ladder, progress
from backprop.practice.bugs import symptom_of, unread, wrong_lines
from backprop.practice.run import Run, run
from backprop.practice.verdict import Text

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
pytestmark = pytest.mark.usefixtures("own_record")


def sources(path, kind):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


def code_of(path):
    return sources(path, "code")


def folded_programs(path):
    """(source, what is said to be printed) of each program that stands folded in the text, in order."""
    folds = re.findall(r"(?s)<details>.*?</details>", "\n\n".join(sources(path, "markdown")))
    program = r"(?ms)^```python\n((?:(?!^```).)*)^```$(?!\n\n\*PyTorch)(?:\n\n\*It prints:\*\n\n```text\n(.*?)^```$)?"
    return [found for fold in folds for found in re.findall(program, fold)]  # test_framework.py has PyTorch's


def answer(exercise):
    """What a learner who knows the answer would hand in."""
    if exercise.kind == "expression":
        return exercise.solution.strip()
    solution = exercise.function(exercise.solution)
    if exercise.kind == "function":
        return solution
    return solution(*exercise.drawn(0).values())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_exercise_of_a_notebook_can_be_passed(path):
    for source in code_of(path):
        for id in re.findall(r'check\("([^"]+)"', source):
            verdict = check(id, answer(bank.find(id)))
            assert verdict.passed, f"{path.name}, {source.splitlines()[0]}: {verdict}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_ladder_of_a_notebook_can_be_climbed(path):
    for name in re.findall(r'ladder\("([^"]+)"\)', "\n".join(code_of(path))):
        climb = ladder(name)
        for rung, id in enumerate(bank.LADDERS[name], start=1):
            exercise = bank.find(id)
            verdict = climb(rung, answer(exercise), shape=np.shape(exercise.reference[0].value))
            assert verdict.passed, f"{path.name}, {name}, rung {rung}: {verdict}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_starters_are_those_of_the_bank(path):
    """What the learner finds in the cell takes the arguments that the exercise hands over."""
    for source in code_of(path):
        for id, name in re.findall(r'(?m)^check\("([^"]+)", (my_\w+)\)', source):
            arguments = re.search(rf"def {name}\(([^)]*)\)", source)[1]
            assert arguments.split(", ") == list(bank.find(id).cases[0]), f"{path.name}: {id}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_folded_programs_print_what_stands_below_them(path):
    """The programs in a notebook's folds are one program, which needs none of the cells and leaves them nothing."""
    names = {}
    for source, printed in folded_programs(path):
        with redirect_stdout(io.StringIO()) as said:
            exec(source, names)
        assert said.getvalue() == printed, f"{path.name}:\n{source}"


def test_there_are_folded_programs():
    having = {path.stem for path in NOTEBOOKS if any(printed for _, printed in folded_programs(path))}
    assert having >= {
        "01_single_neuron",
        "02_delta_recurrence",
        "05_vanishing_and_exploding",
        "06_update_rules",
        "07_what_the_framework_does",
        "09_live_coding",
    }


def names_of(source):
    """The names that a cell assigns or defines, those that it imports, and those that it reads: a set each."""

    def tables(table):
        return [table, *(inner for child in table.get_children() for inner in tables(child))]

    top = symtable.symtable(source, "cell", "exec")
    used = [name for table in tables(top) for name in table.get_symbols() if table is top or name.is_global()]
    return (
        {name.get_name() for name in top.get_symbols() if name.is_assigned()},
        {name.get_name() for name in top.get_symbols() if name.is_imported()},
        {name.get_name() for name in used if name.is_referenced()},
    )


LEARNERS = r"\b(?:my_|My)\w+"  # what the text asks for has a name like this, and no other name does
HANDED_OVER = r"live\.\w+\([^()]*\)|my_\w+ is not \.\.\.|#.*"


def crossed_names(codes):
    """Where the course and the learner would write over each other: a learner's name is bound in his own cell alone.

    The course's cells hand it to a check. Two exercises may ask for one name, if each cell checks what it defines.
    """
    bad, cells = [], {}
    for source in codes:
        assigned, _, _ = names_of(source)
        own = {name for name in assigned if re.fullmatch(LEARNERS, name)}
        if own and assigned != own:
            bad.append(f"{sorted(assigned - own)} bound beside the learner's {sorted(own)}")
        if not own:
            used = re.findall(LEARNERS, re.sub(HANDED_OVER, "", source))
            bad += [f"{name} used by a cell of the course" for name in used]
        elif not re.search(r"(?m)^my_.*= \.\.\.$", source):  # that only says that nothing is there yet
            for name in own:
                cells.setdefault(name, []).append(re.search(rf"(?m)^check\(.*, {name}\)", source))
    return bad + [f"{name} bound in {len(all_)} cells" for name, all_ in cells.items() if all_[1:] and None in all_]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_course_and_the_learner_have_names_of_their_own(path):
    assert not crossed_names(code_of(path))


@pytest.mark.parametrize(
    ("says", "codes"),
    [
        ("my_loss used", ["print(my_loss(2))"]),
        ("my_loss used", ["def accuracy(X):\n    return my_loss(X)"]),
        ("['loss'] bound beside", ["my_loss = loss = max"]),
        ("my_loss bound in 2 cells", ["def my_loss(x):\n    ...", "def my_loss(x):\n    return x"]),
        ("MyValue bound in 2 cells", ["MyValue = ...", "class MyValue:\n    pass"]),
    ],
)
def test_crossed_names_are_seen(says, codes):
    assert says in "\n".join(crossed_names(codes))


LADDERED = {id for ids in bank.LADDERS.values() for id in ids}


def stated(exercise):
    """What is wrong with an exercise's two cells, the sentence and the one to fill in, in its section; or None."""
    notebook, _, heading = exercise.where.partition("#")
    nb = json.loads((FOLDER / notebook).read_text(encoding="utf-8"))
    cells = cells_by_section(nb["cells"]).get(heading, [])
    sources = ["".join(cell["source"]) for cell in cells]
    filled_in = [n for n, source in enumerate(sources) if f'check("{exercise.id}"' in source]
    if not filled_in:
        return f"{exercise.id}: no cell in {notebook}, section {heading!r}, checks it"
    if exercise.kind == "function" and not re.search(r"def my_\w+", sources[filled_in[0]]):
        return f"{exercise.id}: its cell in {notebook} defines no function that begins with my_"
    says = f"*({exercise.level} · {exercise.minutes} min)*"
    before = [source for source in sources[: filled_in[0] + 1] if "**Exercise**" in source]
    if not before or says not in before[-1]:
        return f"{exercise.id}: above its cell in {notebook} should stand **Exercise** {says}, as its file has it"
    return None


# Those of 00 are told in words of their own.
ASKED = [e for e in bank.EXERCISES.values() if not e.id.startswith(("cold.", "start.")) and e.id not in LADDERED]


@pytest.mark.parametrize("exercise", ASKED, ids=lambda e: e.id)
def test_every_exercise_stands_in_the_section_that_it_belongs_to_as_its_file_says(exercise):
    assert stated(exercise) is None, stated(exercise)


def test_every_ladder_stands_in_the_section_of_its_rungs():
    for name, ids in bank.LADDERS.items():
        ((notebook, _, heading),) = {bank.find(id).where.partition("#") for id in ids}
        cells = json.loads((FOLDER / notebook).read_text(encoding="utf-8"))["cells"]
        assert f'ladder("{name}")' in "\n".join("".join(cell["source"]) for cell in cells_by_section(cells)[heading])


def test_an_expression_that_fails_is_told_without_a_line_of_ours():
    said = check("delta.pull", "g @ W").message
    assert "line" not in said and "g (4, 7), W (4, 5)" in said


def test_there_are_as_many_as_were_promised():
    assert len(bank.EXERCISES) >= 45
    assert sum(len(e.slips) for e in bank.EXERCISES.values()) >= 150


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({2: "delta @ a_prev'"}, "For the transpose write .T"),
        ({2: "I don't know"}, "Is a * or @ missing after I?"),
        ({2: "tensordot(delta, a_prev.T, 1)"}, "tensordot is not known here."),
        ({2: "delta * a_prev"}, "ValueError: Entry by entry, both need the same shape"),
        ({"2": "delta"}, "has shape"),
        ({2: "asdf"}, "asdf is not known here. The variables are a_prev, delta."),
    ],
)
def test_the_diagnostic_says_why_in_the_first_line(given, says):
    assert says in repr(diagnostic(given))


@pytest.mark.parametrize("blank", ["", " ", "?", "...", "-", None, ...])
def test_what_says_nothing_is_left_out(blank):
    assert repr(diagnostic({1: blank})) == "not attempted yet"


@pytest.mark.parametrize("root", ["v_hat**(1/2)", "v_hat**0.5", "sqrt(v_hat)", "np.sqrt(v_hat)"])
def test_a_root_may_be_written_as_a_power(root):
    assert "Adam (06)                          right" in repr(diagnostic({6: f"-eta * m_hat / ({root} + eps)"}))


@pytest.mark.parametrize("power", ["v_hat**(99/1)", "v_hat**(1/0)", "v_hat**(eta/2)", "v_hat**(1/0.001)"])
def test_a_power_stays_small(power):
    assert "Powers are constants up to 8 here." in repr(diagnostic({6: power}))


def test_the_diagnostic_sends_a_beginner_to_the_start_and_an_expert_to_the_whiteboard():
    cold = [e for e in bank.EXERCISES.values() if e.id.startswith("cold.")]
    right = {n: answer(e) for n, e in enumerate(cold, start=1)}
    known = "Skim 01, 02, 03, 04, 05, 06: the whiteboard section is enough to be sure."
    straight = "Nothing missed: go straight to the whiteboard sections."
    assert repr(diagnostic(right)).splitlines()[-2:] == [known, straight]
    assert repr(diagnostic({1: "("} | {n: right[n] for n in range(2, 7)})).splitlines()[-3:] == [
        "Skim 02, 03, 04, 05, 06: the whiteboard section is enough to be sure.",
        "Work through the core of 01.",
        "Start with notebook 01.",
    ]
    assert repr(diagnostic(dict.fromkeys(right, "("))).splitlines()[-2:] == [
        "Work through the core of 01, 02, 03, 04, 05, 06.",
        "Start with notebook 01.",
    ]
    in_a_dict = 'The answers stand in a dict by number, such as {1: "a * slope", 2: ...}.'
    assert repr(diagnostic("a")) == in_a_dict and "role='status'" in diagnostic("a")._repr_html_()
    cell = "<td style='text-align:left'>"
    rows = re.findall("<tr>(.*?)</tr>", diagnostic(right | {2: ..., 1: "("})._repr_html_())
    never = "This is not a Python expression: &#x27;(&#x27; was never closed."
    assert rows[0] == "".join(f"{cell}{words}</td>" for words in ("✗", "One neuron (01)", "not yet", never))
    assert rows[1].startswith(f"{cell}○</td>") and rows[1].endswith(f"{cell}left out</td>{cell}</td>")
    assert rows[2].startswith(f"{cell}✓</td>") and rows[2].endswith(f"{cell}right</td>{cell}</td>")
    assert "straight to the whiteboard" in repr(diagnostic(right))
    assert "Start with notebook 01" in repr(diagnostic({3: "(up - down) / h"}))
    assert "Start with notebook 06" in repr(diagnostic(right | {6: "eta * m_hat / (v_hat**0.5 + eps)"}))
    assert repr(diagnostic(dict.fromkeys(range(1, 7), ...))) == "not attempted yet"
    assert "stand in a dict by number" in repr(diagnostic(["a * slope"]))
    drawn = diagnostic({1: "(a - y) * x", 4: "(P - Y) / B", 6: "<b>"})._repr_html_()
    assert drawn.count("<tr>") == 6 and [drawn.count(mark) for mark in "✓✗○"] == [1, 2, 3] and "<b>" not in drawn
    assert "Skim 04" in drawn and "core of 01, 02, 03, 05, 06." in drawn
    cold_wrong = repr(diagnostic(right | {1: "(y - a) * slope * x"}))
    assert "the sign is flipped" in cold_wrong and "One neuron (01) " in cold_wrong
    numbers = {path.name[:2] for path in NOTEBOOKS}
    assert all(e.teaches in numbers for e in cold) and not any(
        e.teaches for e in set(bank.EXERCISES.values()) - set(cold)
    )


def test_progress_maps_every_notebook_once():
    """04 and 04b are two notebooks, whatever their numbers."""
    lines = repr(progress()).splitlines()
    counts = {line.split()[0]: int(line.split()[3]) for line in lines}
    assert len(counts) == len(lines) and sum(counts.values()) == len(bank.EXERCISES)
    assert set(counts) == {e.where.partition(".ipynb")[0] for e in bank.EXERCISES.values()}


CLASSICS = {  # exercises with slips in them, as a round of the interview shows them
    1: ("delta.layers", ("no-last-dW", "no-db")),
    2: ("delta.backward", ("no-slope-1",)),
    3: ("delta.softmax-rows", ("elementwise", "mean-db", "no-slope", "input-slope")),
    4: ("delta.residual", ("trap",)),
    5: ("outputs.bce", ("naive",)),
}
ASKED = [(q.exercise, tuple(q.slips)) for q in interview.questions().values() if q.format == "bug"]


def classic(n):
    exercise, slips = CLASSICS[n]
    return bug(exercise=exercise, slips=slips)


def letters_of(case):
    """The letters of what is planted."""
    return "".join("abcdefgh"[case.choices.index(slip.name)] for slip in case.slips)


@pytest.mark.parametrize(("exercise", "slips"), [*CLASSICS.values(), *ASKED], ids=str)
def test_a_case_is_wrong_can_be_guessed_and_can_be_mended(exercise, slips):
    case = bug(exercise=exercise, slips=slips)
    assert {slip.id for slip in case.slips} == set(slips) and case.lines
    letters = letters_of(case)
    told = repr(case.guess(lines=case.lines, names=letters))
    assert re.match(r"The lines? (is|are) right\.\nThe names? (is|are) right\.\n", told)
    wrong = next(letter for letter in "abcdefgh" if letter not in letters)
    assert f"Names: 0 right, 1 wrong, {len(letters)} missing." in repr(case.guess(lines=case.lines, names=wrong))
    assert repr(case.guess()) == "not attempted yet"
    assert "FAILS" in repr(case.symptom())
    assert not check(case.exercise.id, case.exercise.function(case.exercise.edited(tuple(case.slips)))).passed
    assert check(case.exercise.id, answer(case.exercise)).passed


@pytest.mark.parametrize(("exercise", "slips"), [*CLASSICS.values(), *ASKED], ids=str)
def test_no_line_is_left_over_to_point_to_the_slip(exercise, slips):
    """The shown program does what the edited solution does, and what it leaves out is there for nobody to read."""
    case = bug(exercise=exercise, slips=slips)
    planted = case.exercise.results(tuple(case.slips))
    shown = case.exercise.function(case.source)
    fitted = [run(shown, given).fit(case.exercise.returns, ref.value) for given, ref in
              zip(case.exercise.cases, case.exercise.reference)]  # fmt: skip
    assert case.exercise.same(fitted, planted)
    assert all(text.strip() in case.source for slip in case.slips for _, _, text in slip.edits)
    numbered = dict(enumerate(case.source.splitlines(), start=1))
    for number, line in numbered.items():
        name = re.match(r"    (\w+) = ", line)
        rest = "\n".join(other for n, other in numbered.items() if n != number)
        assert not name or number in case.lines or re.search(rf"\b{name[1]}\b", rest), line


def test_nothing_about_a_classic_gives_it_away():
    """Neither its head, which once was its title, nor a line that nothing reads, nor what is shown of the symptom."""
    assert repr(classic(4)).startswith("One line of squared_error is wrong.")
    assert "tail" not in classic(5).source and classic(5).lines == {2}
    for n in range(1, 6):
        case = classic(n)
        for folded in (case.symptom(), case.answer()):
            seen = re.sub(r"(?s)</summary>.*</details>", "", folded._repr_html_())
            assert seen.startswith("<details><summary>")
            assert not any(word in seen for word in ["FAILS", "passes", *(slip.name for slip in case.slips)])


RIGHT = np.array([[3.0, 0.0], [0.0, 4.0]])


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (RIGHT, "passes"),
        (RIGHT * (1 + 1e-12), "passes"),
        (2 * RIGHT, "FAILS   2.00 times, cosine 1.00"),
        (-RIGHT / 4, "FAILS   0.25 times, cosine -1.00"),
        (RIGHT[::-1], "FAILS   1.00 times, cosine 0.00"),
        (np.array([[3.0, 0.0], [4.0, 0.0]]), "FAILS   1.00 times, cosine 0.36"),
        (0 * RIGHT, "FAILS   is all zeros"),
        (RIGHT[0], "FAILS   shape (2,) where (2, 2) is due"),
        (RIGHT * np.nan, "FAILS   holds nan or inf"),
        (RIGHT + np.inf, "FAILS   holds nan or inf"),
        (None, "FAILS   never computed"),
    ],
)
def test_a_symptom_says_how_a_result_differs_by_size_and_direction(value, words):
    alone, one, padded = ({name: RIGHT} for name in ("dW", "db", "dW[2]"))
    assert symptom_of(Run(value), Run(parts=alone), "dW", ("dW",)) == words
    assert symptom_of(Run((7.0, value)), Run(parts=one), "db", ("dW", "db")) == words
    assert symptom_of(Run(([None, 7.0, value], 7.0)), Run(parts=padded), "dW[2]", ("dW", "db")) == words


def test_a_symptom_of_zeros_and_of_an_error():
    zeros = Run(parts={"dW": 0 * RIGHT})
    assert symptom_of(Run(0 * RIGHT), zeros, "dW", ("dW",)) == "passes"
    assert symptom_of(Run(RIGHT), zeros, "dW", ("dW",)) == "FAILS   should be all zeros"
    assert symptom_of(Run(error=KeyError("x")), zeros, "dW", ("dW",)) == "FAILS   raises KeyError"


def test_a_symptom_has_a_row_for_each_result():
    """What was planted is that two things are never computed: the rest passes."""
    case = classic(1)
    _, *rows = repr(case.symptom()).splitlines()
    assert [row.split()[0] for row in rows] == list(case.exercise.reference[0].parts)
    assert {" ".join(row.split()[1:]) for row in rows} == {"passes", "FAILS never computed"}


def test_a_case_can_be_given_up():
    said = repr(classic(3).answer())
    assert (
        said.startswith("Lines 7, 9, 10, 13\n")
        and "the slope of ReLU is missing, or is 1 everywhere. Where Z1 is negative" in said
    )
    assert repr(classic(2).answer()).startswith("Line 6\n")


@pytest.mark.parametrize("lines", [[11, 14], "11, 14", "[11,14]", "11 14", (14, 11), np.array([11, 14]), {"11", 14}])
@pytest.mark.parametrize("names", ["ab", "a, b", "BA", ["a", "b"], {"b", "a"}])
def test_a_guess_is_understood_however_it_is_typed(lines, names):
    assert repr(classic(1).guess(lines, names)).startswith("The lines are right.\nThe names are right.\n")


def test_a_guess_is_counted_and_not_given_away():
    case = classic(1)
    said = "Lines: 2 right, 1 wrong, 0 missing.\nNames: 2 right, 3 wrong, 0 missing."
    assert repr(case.guess([11, 13, 14], "abcde")) == said
    assert (
        repr(case.guess(range(1, 16), "c"))
        == "Lines: 2 right, 13 wrong, 0 missing.\nNames: 0 right, 1 wrong, 2 missing."
    )
    assert repr(case.guess(11, "a")) == "Lines: 1 right, 0 wrong, 1 missing.\nNames: 1 right, 0 wrong, 1 missing."


@pytest.mark.parametrize("lines", [None, [], "", "x", 0, 16, -1, 4.0, True, [4, [7]], [11, None], {"a": 1}])
def test_what_is_no_line_is_told_in_a_sentence(lines):
    said = repr(classic(1).guess(lines, "a"))
    assert said == f"The lines are numbers from 1 to 15, such as 4 or [4, 7], not {lines!r}."


@pytest.mark.parametrize("names", [None, "", [], "f", "az", 3, ["a", None], True])
def test_what_is_no_letter_is_told_in_a_sentence(names):
    said = repr(classic(1).guess(11, names))
    assert said == f'The names are letters from a to e, such as "b" or "ac", not {names!r}.'


def test_a_case_refuses_what_it_does_not_know():
    with pytest.raises(ValueError) as refusal:
        bug(exercise="delta.b22")
    assert str(refusal.value) == "There is no exercise 'delta.b22'. Did you mean 'delta.b2'?"
    assert "letters" in repr(classic(2).guess(lines=1, names="z"))


def test_a_case_is_shown_with_its_lines_and_names_numbered():
    case = classic(2)
    lines, names = case.source.splitlines(), case.choices
    first, *others = repr(case).splitlines()
    assert first == f"One line of {re.findall('def (.*)[(]', case.source)[-1]} is wrong." and len(names) == 4
    assert others[: len(lines)] == [f"{n:2}  {line}" for n, line in enumerate(lines, start=1)]
    letters = [f"  {letter}) {name}" for letter, name in zip("abcd", names)]
    assert others[len(lines) :] == ["What is it?", *letters]
    assert repr(case._repr_html_()) == repr(Text(repr(case))._repr_html_())
    told = case.guess(6, letters_of(case)).text
    assert told == f"The line is right.\nThe name is right.\n{case.slips[0].means}"
    assert case.answer().text == f"Line 6\n{case.slips[0].name}. {case.slips[0].means}"
    assert case.answer()._repr_html_() == (
        f"<details><summary>The answer</summary>{Text(case.answer().text)._repr_html_()}</details>"
    )
    symptom = case.symptom()
    assert symptom.summary == "The symptom: unfold it when you have predicted it"
    assert symptom.text.splitlines()[0] == "result   check   norm against the right one, and cosine"
    assert classic(1).symptom().text.splitlines()[1].startswith("dW1      ") or len(symptom.text.splitlines()) > 1


def edited(*slips):
    """A function of four lines with these edits, as an exercise is one."""
    solution = "def f(x):\n    y = x + 1\n    z = 2 * y\n    return z\n"

    def with_slips(chosen):
        text = solution
        for old, new in chosen:
            text = text.replace(old, new)
        return text

    return SimpleNamespace(solution=solution, edited=with_slips), slips


@pytest.mark.parametrize(
    ("slips", "lines"),
    [
        ([("x + 1", "x - 1")], {1}),
        ([("x + 1", "x - 1"), ("return z", "return y")], {1, 3}),
        ([("    z = 2 * y\n", "    z = 2 * y\n    z = z + 1\n")], {3}),
        ([("    z = 2 * y\n", "")], set()),
        ([("    z = 2 * y\n", ""), ("return z", "return y")], {2}),
    ],
)
def test_the_lines_that_slips_change_or_add_are_wrong(slips, lines):
    assert wrong_lines(*edited(*slips)) == lines


def test_a_line_that_nothing_reads_any_more_is_left_out():
    program = ["def f(x):", "    a = x", "    b = (", "        a", "    )", "    c = x", "    return c"]
    assert unread(program, set()) == {1, 2, 3, 4}  # a is read by b alone
    assert unread(program, {3}) == set() and unread(program, {1}) == {2, 3, 4}
    assert unread(["def f(x):", "    a, b = x", "    return b"], set()) == set()
