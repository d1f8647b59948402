"""What PyTorch prints for the programs of notebook 08, and what the tests of their cases say, made by running them.

What they print is stored with the package (`practice/programs/printed.json`), since it is shown where PyTorch isn't
installed. What the tests say of each version of each program is stored beside this file. Both carry the version and a
hash of what was run, so `test_programs.py` knows when they are out of date. They were made with torch 2.13.0 on a CPU.
To make them again, in an environment of its own:

    pip install -e . torch==2.13.0 && python tests/programs_reference.py
"""

import json
import tempfile
from hashlib import sha256
from pathlib import Path

from backprop.practice import colleague, planting, trial

STORED = Path(__file__).with_suffix(".json")


def digest(*texts):
    return sha256("\0".join(texts).encode()).hexdigest()


def torch_programs():
    """The programs that need PyTorch."""
    return [program for program in map(planting.program, planting.names()) if program.torch]


def texts(program):
    """{name: (bugs that are left, text)} of the versions that are proven: right, each bug alone, all, each repair."""
    planted = program.planted
    found = {"right": ((), program.right), "planted": (planted, program.with_bugs(planted)[0])}
    for id, bug in program.bugs.items():
        alone = program.with_bugs([id])[0]
        found[id] = (id,), alone
        for n, repair in enumerate(bug.repairs):
            found[f"{id}, repair {n}"] = (), colleague.repaired(alone, repair)
    return found


def case_text(name):
    """The tests of a case: its words may change without another run."""
    return (planting.FOLDER / f"{name}_case.py").read_text(encoding="utf-8").partition("case = Collected()")[2]


def seen(program, text):
    """The bugs whose tests fail for a text; "" stands for what has to stay right."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.py"
        path.write_text(text, encoding="utf-8")
        return sorted({test.bug for test in program.tests if trial.outcome(test.run, path, program.name)})


def main():
    import torch

    version = torch.__version__.partition("+")[0]
    printed, proven = {}, {}
    for program in torch_programs():
        source = program.with_bugs(program.planted)[0]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{program.name}.py"
            path.write_text(source, encoding="utf-8")
            said = trial.printed(path, limit=300)
        printed[program.name] = {"sha256": digest(source), "torch": version, "printed": said}
        proven[program.name] = {
            name: {"sha256": digest(text, case_text(program.name)), "seen": seen(program, text)}
            for name, (_, text) in texts(program).items()
        }
        print(program.name, len(proven[program.name]), "versions")
    for path, value in (colleague.PRINTED, printed), (STORED, {"torch": version, "programs": proven}):
        path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
