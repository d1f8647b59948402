"""What PyTorch prints for the snippets of notebook 07b, stored beside this file as JSON.

The notebook shows each snippet with its output and computes the same numbers with the package. `test_framework.py`
holds the three together, so that neither the notebook nor the tests need PyTorch. The stored output was made with torch
2.13.0 on a CPU. To make it again, in an environment of its own:

    pip install torch==2.13.0 && python tests/framework_reference.py
"""

import contextlib
import io
import json
import re
import warnings
from pathlib import Path
from textwrap import fill

STORED = Path(__file__).with_suffix(".json")
NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "07b_what_the_framework_does.ipynb"
KEPT = "exp tanh sigmoid sqrt relu log sin square".split()  # the functions of the exercise on in-place writes
PAIR = re.compile(
    r"```python\n([^`]*)```\n\n\*PyTorch prints:\*\n\n```text\n([^`]*)```"
)  # a snippet, and what it prints
MACHINE = re.compile(r" \(Triggered internally| Traceback")  # from here on a warning names files of one machine


def snippets():
    """(code, printed) of every snippet of the notebook that shows what it prints, in reading order."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    prose = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    return [pair for source in prose for pair in PAIR.findall(source)]


def printed(code, names):
    """What a snippet prints, warnings first. What it defines stays in `names`, for the next one."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        exec(code, names)
    said = "".join(f"{w.category.__name__}: {MACHINE.split(str(w.message))[0]}\n" for w in warned)
    return said + out.getvalue()


def raises(torch, f):
    """Whether backward notices that what this function returned was written over."""
    x = torch.tensor([0.5, 1.0], requires_grad=True)
    y = getattr(torch, f)(x)
    y.add_(1)
    try:
        y.sum().backward()
    except RuntimeError:
        return 1
    return 0


def nothing_counts(torch):
    """Cross-entropy where every label is ignored: whether the loss is nan, and its gradient."""
    logits = torch.zeros(2, 3, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor([-100, -100]))
    loss.backward()
    return {"nan": bool(loss.isnan()), "gradient": logits.grad.tolist()}


def wrapped(lines):
    """Printed lines as the notebook shows them, none of them wider than the page."""
    return "".join(fill(line, 80) + "\n" for line in lines.strip("\n").splitlines())


def main():
    import torch

    names = {"torch": torch}
    runs = [{"code": code, "printed": printed(code, names)} for code, _ in snippets()]
    stored = {
        "torch": torch.__version__.partition("+")[0],
        "raises": {f: raises(torch, f) for f in KEPT},
        "nothing_counts": nothing_counts(torch),
        "runs": runs,
    }
    STORED.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(runs)} snippets run with torch {stored['torch']}, written to {STORED.name}.")


if __name__ == "__main__":
    main()
