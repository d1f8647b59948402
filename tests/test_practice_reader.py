"""An exercise is a file: how it is read, found and proven, and what is said of one that is none."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from backprop.practice import bank, check, prove
from backprop.practice.exercises import ORDER
from backprop.practice.reader import FOLDER, BadExercise, edited, parse, read, shared_words
from backprop.practice.verdict import Verdict

TEXT = r'''r"""A product

What is asked, in $\tfrac12$ lines,
of which these are one.

And another.
"""

import numpy as np

where = "delta#B2"
level, minutes = "apply", 3
batch = ("x", 1)


def pair(rng):
    return {"x": rng.normal(size=(3, 4)), "y": rng.normal(size=(3, 4))}


inputs = {"ordinary": pair, "x is 0": lambda rng: pair(rng) | {"x": np.zeros((3, 4))}}


def double(a):
    return a + a
#: half: return a


def product(x, y):
    s = x * y
    #: plus: s = x + y
    #: at-x: s = x * x
    p = double(s) * x / 3
    # a comment of the solution's own
        #: at-x: p = double(x) * x / 3
    #: no-double: p = s * x / 3
    #: no-x: p = double(s) / 3
    #: no-third: p = double(s) * x
    q = double(p).sum(axis=1)
    #: forgotten:
    #: forgotten+: q = np.zeros(3)
    #: again+: for _ in range(2):
    #: again+:     q = q + 1
    return p, q


hints = r"""
One.
Two, which is so long
    that it goes on.
Three.
"""

slips = r"""
plus
half: one half
    It means
    something.
    "And an interviewer
        says it?"
at-x: x for y
    It means something.
    "What?"
no-double: not doubled
    It means something.
    "What?"
no-x: without x
    It means something.
    "What?"
no-third: without the third
    It means something.
    "What?"
forgotten: left out
    It means something.
    "What?"
again: one too many
    It means something.
    "What?"
"""
'''
TOY = parse(TEXT, "toy.product")
SLIPS = {slip.id: slip for slip in TOY.slips}


def program(*ids):
    return TOY.edited([SLIPS[id] for id in ids])


def test_what_stands_in_the_file_is_the_exercise():
    assert (TOY.title, TOY.level, TOY.minutes, TOY.batch) == ("A product", "apply", 3, ("x", 1))
    assert TOY.prompt == "What is asked, in $\\tfrac12$ lines, of which these are one.\n\nAnd another."
    assert TOY.hints == ("One.", "Two, which is so long that it goes on.", "Three.")
    assert TOY.starter == "def product(x, y):\n    ..." and TOY.returns == ("p", "q")
    assert list(SLIPS) == ["plus", "half", "at-x", "no-double", "no-x", "no-third", "forgotten", "again"]
    half = SLIPS["half"]
    assert (half.name, half.means, half.says) == ("one half", "It means something.", "And an interviewer says it?")
    assert "#:" not in TOY.solution and "# a comment of the solution's own" in TOY.solution


def test_a_wrong_line_stands_for_the_line_of_code_above_it():
    assert "def double(a):\n    return a\n" in program("half")
    assert "s = x * x\n    p = double(x) * x / 3\n" in program("at-x"), "one slip at two places, past a comment"
    assert "/ 3\n    # a comment of the solution's own\n    q = np.zeros(3)\n" in program("forgotten")
    assert "axis=1)\n    for _ in range(2):\n        q = q + 1\n    return" in program("again")


def test_slips_of_one_line_compose_by_their_tokens():
    assert "p = s / 3\n" in program("no-double", "no-x") and "p = double(s)\n" in program("no-x", "no-third")
    assert "s = x + x\n    p = double(x) * x / 3\n" in program("plus", "at-x")
    assert not TOY.compatible(SLIPS["at-x"], SLIPS["no-double"]), "both change what double is called with"


@pytest.mark.parametrize(
    ("right", "one", "other", "both"),
    [
        ("e = a * b * c", "e = a * c", "e = a * b", "e = a"),
        ("e = a * b * c", "e = b * c", "e = a * b", "e = b"),
        ("e = f(a) / B", "e = f(a / B)", "e = f(b) / B", "e = f(b / B)"),
        ("e = 1 - a**2", "e = 1 - a ** (2 + t)", "e = a**2", "e = a ** (2 + t)"),
        ("e = W.T @ g", "e = W @ g", "e = W.T @ g / B", "e = W @ g / B"),
        ("e = (a - y) * s", "e = 2 * (a - y) * s", "e = (a - y)", "e = 2 * (a - y)"),
        ("e = m(x, axis=1)", "e = m(x)", "e = m(y, axis=1)", "e = m(y)"),
        ("e = 2 * a * b + c * b", "e = 2 * a * b", "e = a * b + c * b", "e = a * b"),
        ("e = a - b - b * c", "e = a - b - c", "e = d - b - b * c", "e = d - b - c"),
    ],
)
def test_two_edits_of_a_line(right, one, other, both):
    """Each is what differs, in tokens; a factor that is left out takes the operator in front of it along."""
    edits = [edited([right], 0, line) for line in (one, other)]
    for (start, end, text), line in zip(edits, (one, other)):
        assert right[:start] + text + right[end:] == line
    (start, end, text), (at, stop, put) = sorted(edits)
    assert right[:start] + text + right[end:at] + put + right[stop:] == both


@pytest.mark.parametrize(
    ("right", "wrong", "start", "stop", "put"),
    [
        ("e = a * f(b) * f(c)", "e = a * f(c)", 5, 12, ""),
        ("e = a * f(c)", "e = a * f(b) * f(c)", 5, 5, " * f(b)"),
        ("e = a + b", "e = a - b", 6, 7, "-"),
        ("e = x.T.T", "e = x.T", 7, 9, ""),
        ("e = a", "e = a + 1", 5, 5, " + 1"),
        ("e = a", "f = a", 0, 1, "f"),
    ],
)
def test_the_place_of_an_edit(right, wrong, start, stop, put):
    """What is left out or put in begins with the operator in front of it, and with the blank before that."""
    assert edited([right], 0, wrong) == (start, stop, put)
    assert edited(["    x = 1", f"    {right}"], 1, wrong) == (start + 14, stop + 14, put)


def test_inputs_have_names_whose_order_gives_the_seeds():
    assert list(TOY.inputs) == ["ordinary", "x is 0"] and len(TOY.cases) == 4
    for n, case in enumerate(TOY.cases):
        rng = np.random.default_rng(n)
        assert (case["x"] == (rng.normal(size=(3, 4)) if n < 3 else 0)).all()


def test_an_expressions_function_gives_its_arguments_and_the_name_of_its_result():
    e = parse(
        TEXT.replace('batch = ("x", 1)', 'kind = "expression"')
        .replace(
            TEXT[TEXT.index("def double") : TEXT.index("hints = ")],
            "def q(x, y):\n    return x * y\n    #: plus: return x + y\n    #: half: return y\n\n\n",
        )[: -len('"""\n')]
        .partition("at-x: ")[0]
        + '"""\n',
        "toy.product",
    )
    assert (e.solution, e.returns, e.starter) == ("x * y", ("q",), "...")
    assert [e.edited((slip,)).strip() for slip in e.slips] == ["x + y", "y"]


def test_a_family_has_its_words_once():
    assert (SLIPS["plus"].name, SLIPS["plus"].means, SLIPS["plus"].says) == shared_words()["plus"]
    own = parse(TEXT.replace("\nplus\n", '\nplus: added\n    "So?"\n'), "toy.product").slips[0]
    assert (own.name, own.means, own.says) == ("added", shared_words()["plus"][1], "So?")
    used = {slip.id for e in bank.EXERCISES.values() for slip in e.slips}
    assert set(shared_words()) <= used and all(map(all, shared_words().values()))


REFUSED = [
    ('r"""A product', '"""A product', 1, 'a line should begin with r"""'),
    ('where = "delta', 'were = "delta', 1, "should begin with where ="),
    ('"delta#B2"', '"delta#B22"', 11, "no section has the key 'delta#B22'. Did you mean 'delta#B2'?"),
    ("level, minutes", "level, minute", 11, "should begin with level, minutes ="),
    ('hints = r"""', 'hints = """', 23, 'should begin with hints = r"""'),
    ('slips = r"""', 'slips = """', 46, 'should begin with slips = r"""'),
    ("$\\tfrac12$", "$\tfrac12$", 3, "the character '\\t' can't stand here"),
    ("And another.", "And \x08 another.", 6, "the character '\\x08'"),
    ('batch = ("x", 1)', 'batc = ("x", 1)', 13, "there is no setting 'batc'"),
    ('batch = ("x", 1)', 'kind = "formula"', 13, "kind is 'formula', but should be one of function, expression"),
    ('"apply", 3', '"hard", 3', 12, "level is not one of recall, apply, interview"),
    ("p = double(s) * x / 3\n    #", "p = double(s * x / 3\n    #", 32, "Python can't read this"),
    ('"ordinary": pair,', '"ordinary": pear,', 20, "NameError: name 'pear' is not defined"),
    ("inputs = {", "inputs = pair, {", 20, "inputs have names"),
    ("#: plus: s", "#: plus s", 30, 'a wrong line is written as "#: id: line"'),
    ("#: plus: s = x + y", "#: plus: s = x * y", 30, "slip plus changes nothing here"),
    ("#: again+: for _ in range(2):", "#: again+:", 41, "a further line can't be empty"),
    ("    return a + a\n", "    #: plus:\n    return a + a\n", 24, "the first line can't be left out"),
    ("return p, q", "return p, q + 0", 23, "what is returned has no names: write returns ="),
    ("    return p, q", "    pass", 23, "what is returned has no names"),
    ("def product(x, y):", "def product(\n    x, y\n):", 23, "def product( … should be one line"),
    ("\nno-x: without x", "\nno-y: without x", 66, "slip no-y stands under no line of the solution"),
    ("\nno-x: without x", "\nplus: without x", 66, "slip plus is told twice"),
    ('at-x: x for y\n    It means something.\n    "What?"\n', "", 53, "there are no words for slip at-x"),
    ("\nplus\n", "\n", 53, "there are no words for slip plus; plus needs no words of its own, only its line"),
    ('x for y\n    It means something.\n    "What?"', "x for y\n    It means something.", 60, "slip at-x needs a name"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "why"), REFUSED, ids=range(len(REFUSED)))
def test_a_bad_file_is_refused_by_name_file_and_line(tmp_path, right, wrong, line, why):
    assert TEXT.count(right) == 1
    path = tmp_path / "toy" / "product.py"
    path.parent.mkdir()
    path.write_text(TEXT.replace(right, wrong), encoding="utf-8")
    with pytest.raises(BadExercise) as refusal:
        read(path)
    said = str(refusal.value)
    assert said.startswith(f"{path}, line {line}: ") and why in said and said.endswith(".") and "\n" not in said


SLIP_X = 'at-x: x for y\n    It means something.\n    "What?"\n'


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('"""A product', '"A product', '1: here or below, a line should begin with r"""'),
        ("$\\tfrac12$", "$\tfrac12$", "3: the character '\\t' can't stand here"),
        ('batch = ("x", 1)', 'kind = "formula"',
         "13: kind is 'formula', but should be one of function, expression, number, shape"),
        ('"apply", 3', '"hard", 3', "12: level is not one of recall, apply, interview"),
        ("inputs = {", "inputs = pair, {", '20: inputs have names: {"ordinary": …}'),
        ("#: plus: s", "#: plus s",
         '30: a wrong line is written as "#: id: line", a further one as "#: id+: line"'),
        ("#: plus: s = x + y", "#: plus: s = x * y", "30: slip plus changes nothing here"),
        ("#: again+: for _ in range(2):", "#: again+:", "41: a further line can't be empty"),
        ("return p, q", "return p, q + 0", "23: what is returned has no names: write returns = …"),
        ("def product(x, y):", "def product(\n    x, y\n):",
         "23: def product( … should be one line, so that the starter follows from it"),
        (SLIP_X, "", "53: there are no words for slip at-x"),
        ("\nplus\nhalf", "\nhalf",
         "53: there are no words for slip plus; plus needs no words of its own, only its line"),
        ('x for y\n    It means something.\n    "What?"', "x for y\n    It means something.",
         "60: slip at-x needs a name, what it means, and in quotes what is said to it"),
        ("\nno-x: without x", "\nno-y: without x", "66: slip no-y stands under no line of the solution"),
        ("\nno-x: without x", "\nplus: without x", "66: slip plus is told twice"),
    ],
)  # fmt: skip
def test_a_bad_text_is_refused_in_just_these_words(right, wrong, said):
    assert TEXT.count(right) == 1
    with pytest.raises(BadExercise) as refusal:
        parse(TEXT.replace(right, wrong), "toy.product", "a file")
    assert str(refusal.value) == f"a file, line {said}."


def test_of_several_slips_without_words_those_of_a_family_are_named():
    text = TEXT.replace("#: half: return a", "#: sign: return a").replace("\nplus\n", "\n")
    assert {"plus", "sign"} <= set(shared_words())
    with pytest.raises(BadExercise) as refusal:
        parse(text[: text.index("half: one half")] + text[text.index("at-x: x for y") :], "toy.product")
    missing = "there are no words for slip sign, plus; sign, plus needs no words of its own, only its line"
    assert str(refusal.value) == f"<text>, line 53: {missing}."


@pytest.mark.parametrize(
    ("text", "line"),
    [(TEXT.replace("And", "\xbd"), 6), ("\xbd" + TEXT, 1), ("\n\xbd" + TEXT, 2), (TEXT + "\xbd\n\xbd", None)],
)
def test_what_is_not_utf8_is_refused(text, line, tmp_path):
    """With the first line that holds such a letter."""
    path = tmp_path / "product.py"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(BadExercise, match=rf"product.py, line {line or TEXT.count(chr(10)) + 1}: this is not UTF-8"):
        read(path)


# ---- the folder ----

FILES = sorted(FOLDER.glob("*/*.py"))


def test_the_order_names_exercises_that_are_there():
    named = [f"{topic}.{name}" for topic, names in ORDER.items() for name in names.split()]
    assert not [id for id in named if id not in bank.EXERCISES] and len(set(named)) == len(named)


def test_a_file_that_the_order_does_not_mention_is_found(tmp_path, monkeypatch):
    """Nothing is registered: a file is an exercise. It comes last in its topic, and a new topic comes last."""
    for name in ("delta/new.py", "new/one.py", "delta/b2.py", "start/line.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(bank, "FOLDER", tmp_path)
    found = bank.Exercises()
    assert list(found) == ["start.line", "delta.b2", "delta.new", "new.one"] and found["delta.new"].id == "delta.new"


def test_importing_practice_reads_no_exercise_and_finding_one_reads_one():
    script = (
        "import sys, backprop.practice; from backprop.practice import bank; "
        "print(len(bank.EXERCISES._read), 'backprop.practice.exercises.make' in sys.modules); "
        "bank.find('delta.b1'), bank.find('delta.b1'), 'delta.b2' in bank.EXERCISES; print(list(bank.EXERCISES._read))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == ["0 False", "['delta.b1']"]


@pytest.mark.parametrize("id", ["delta.B1", "../delta.b1", "exercises.make", "delta/b1", "make", "delta.b1.py", ""])
def test_what_is_no_id_finds_no_file(id):
    assert bank.find(id) is None and not check(id, 1).attempted


def test_no_line_is_longer_than_120():
    long = [path for path in FILES if max(map(len, path.read_text(encoding="utf-8").splitlines())) > 120]
    assert not long


# ---- proving ----


@pytest.fixture
def proven(tmp_path, capsys):
    """What is printed of a text, and how many exercises can't stand."""

    def run(text):
        path = tmp_path / "toy" / "product.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return prove.main([str(path)]), capsys.readouterr().out

    return run


def test_a_good_exercise_is_proven(proven):
    failed, said = proven(TEXT)
    assert not failed and said.startswith("toy.product: proven, 8 slips, ")
    assert "**Exercise** *(apply · 3 min)*." in said and 'Stuck: `hint("toy.product")`. Your answer:' in said
    cell = said[said.index("def my_product(x, y):") :]
    assert "    # your code\n" in cell and cell.rstrip().endswith('check("toy.product", my_product)')


def test_the_cells_of_each_kind_of_exercise():
    head = "**Exercise** *(apply · 3 min)*. What is asked, in $\\tfrac12$ lines, of which these are one. And another."
    stuck = 'Stuck: `hint("toy.a-product")`. Your answer:\n\n'
    function = "def my_a_product(x, y):\n    # your code\n    ...\n\n\n"
    for kind, given, name in (("function", function, "my_a_product"), ("expression", "", "..."), ("number", "", "...")):
        e = replace(TOY, id="toy.a-product", kind=kind)
        assert prove.cells(e) == f'{head} {stuck}{given}check("toy.a-product", {name})'


def test_how_many_slips_and_pairs_were_proven_is_told(proven):
    _, said = proven(TEXT)
    pairs = len(TOY.slip_sets(2))
    assert said.splitlines()[0] == f"toy.product: proven, 8 slips, {pairs} pairs of them" and pairs > 8
    assert f"\nIts two cells, for {TOY.where}:\n\n**Exercise**" in said and said.endswith("my_product)\n\n")


UNPROVEN = [
    ("#: plus: s = x + y", "#: plus: s = y * x", "slip plus: it gives the solution's numbers"),
    ("#: plus: s = x + y", "#: plus: s = x + y)", "slip plus: Python can't read the program: unmatched ')'"),
    ("sum(axis=1)\n", "sum(axis=2)\n", "the solution raises"),
    (
        'batch = ("x", 1)',
        'starter = """\ndef product(x, y):\n    return x * y, y\n"""',
        "the starter counts as an attempt",
    ),
    ('"x is 0": lambda rng: pair(rng)', '"x is 0": lambda rng: pear(rng)', "the inputs can't be made: NameError"),
    ("    s = x * y\n", "    s = x * y + np.random.normal()\n", "the solution is not passed"),
]


@pytest.mark.parametrize(("right", "wrong", "why"), UNPROVEN, ids=range(len(UNPROVEN)))
def test_what_can_not_stand_fails_with_the_reason(proven, right, wrong, why):
    assert TEXT.count(right) == 1
    failed, said = proven(TEXT.replace(right, wrong))
    assert failed == 1 and said.startswith("toy.product: FAILS, ") and f"\n    {why}" in said


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("#: half: return a\n", "#: half: return a\n#: twin: return 2 * a - a\n", "no input tells twin from half"),
        ("    #: plus", "    #: twin: s = x * y / 3\n    #: plus", "slips twin and no-third cancel"),
        ("#: half: return a\n", "#: half: return a\n#: twin: return a + a + (a == 0)\n", "only 'x is 0' shows twin"),
    ],
)
def test_what_may_be_so_is_listed(proven, right, wrong, why):
    words = 'slips = r"""\n'
    text = TEXT.replace(right, wrong).replace(words, words + 'twin: a twin\n    It means something.\n    "What?"\n')
    failed, said = proven(text)
    assert not failed and f"\n    {why}" in said and not {"twin", "only", "cancel"} & set(proven(TEXT)[1].split())


@pytest.mark.parametrize(
    ("verdict", "problem"),
    [
        (Verdict("x", passed=True), "it gives the solution's numbers on every input"),
        (Verdict("x", attempted=False), "the answer counts as no attempt"),
        (Verdict("x"), "taken for none of the known slips"),
        (Verdict("x", slips=("db", "dW")), "taken for db and dW"),
    ],
)
def test_a_slip_that_is_not_named_is_told_with_what_it_is_taken_for(verdict, problem, monkeypatch):
    e = bank.find("delta.b2")
    for slips in [e.slips[:1], e.slips[1:2], e.slips[:2]]:
        assert prove.mistaken(e, slips) is None
    monkeypatch.setattr(prove, "judge", lambda *a: verdict)
    assert prove.mistaken(e, e.slips[:1]) == f"slip {e.slips[0].id}: {problem}"
    assert prove.mistaken(e, e.slips[:2]) == f"slips {e.slips[0].id} and {e.slips[1].id}: {problem}"


def test_a_bad_file_and_an_unknown_id_get_their_sentence(tmp_path, capsys):
    bad = tmp_path / "bad.py"
    bad.write_text("print(1)\n", encoding="utf-8")
    assert prove.main([str(bad), "delta.b22", str(tmp_path / "none.py"), "delta.b1"]) == 3
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f'{bad}, line 1: here or below, a line should begin with r""".'
    assert said[1] == "There is no exercise 'delta.b22'. Did you mean 'delta.b2'?"
    assert said[2] == f"There is no file {tmp_path / 'none.py'}." and said[3].startswith("delta.b1: proven, ")


def test_the_command_ends_with_1_where_something_can_not_stand():
    for name, code in (("delta.b1", 0), ("delta.b22", 1)):
        ran = subprocess.run(
            [sys.executable, "-m", "backprop.practice.prove", name], capture_output=True, text=True, check=False
        )
        assert ran.returncode == code and name in ran.stdout and not ran.stderr


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_every_exercise_is_proven(path):
    problems, remarks = prove.proof(bank.find(f"{path.parent.name}.{path.stem}"))
    assert not problems
    assert not [words for words in remarks if words.startswith("no input tells")]
