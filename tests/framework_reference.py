"""What PyTorch prints for the snippets of the notebooks, stored beside this file as JSON.

A notebook shows each snippet with its output. `test_framework.py` holds the two together, so that neither the
notebooks nor the tests need PyTorch. The stored output was made with torch 2.13.0 on a CPU, and the commit of its
source is stored too. To make it again, in an environment of its own:

    pip install torch==2.13.0 numpy && python tests/framework_reference.py
"""

import contextlib
import io
import json
import re
import warnings
from pathlib import Path
from textwrap import fill

STORED = Path(__file__).with_suffix(".json")
FOLDER = Path(__file__).parents[1] / "notebooks"
KEPT = "exp tanh sigmoid sqrt relu log sin square".split()  # the functions of the exercise on in-place writes
PAIR = re.compile(
    r"```python\n([^`]*)```\n\n\*PyTorch prints:\*\n\n```text\n([^`]*)```"
)  # a snippet, and what it prints
MACHINE = re.compile(r" \(Triggered internally| Traceback")  # from here on a warning names files of one machine


RECIPES = """\
def count(name, *tensors):
    each = [t.element_size() for t in tensors]
    print(f"{name:12} {' + '.join(map(str, each))} = {sum(each)}")

X, net = torch.ones(4, 8), nn.Linear(8, 8)
rule, scaler = torch.optim.Adam(net.parameters()), torch.amp.GradScaler("cpu")
with torch.autocast("cpu", dtype=torch.float16):
    loss = net(X).float().square().mean()
scaler.scale(loss).backward()
scaler.step(rule)
w = net.weight
m, v = (rule.state[w][name] for name in ("exp_avg", "exp_avg_sq"))
count("autocast", w, w.grad, m, v)

w = torch.ones(8, 8, dtype=torch.float16, requires_grad=True)
master = w.detach().float()
rule = torch.optim.Adam([master])
(X.half() @ w).float().mean().backward()
master.grad = w.grad.float()
rule.step()
master.grad = None
with torch.no_grad():
    w.copy_(master)
m, v = (rule.state[master][name] for name in ("exp_avg", "exp_avg_sq"))
count("own copy", w, w.grad, master, m, v)
"""  # the bytes of one weight, in both recipes of mixed precision: no notebook shows this, the cheat sheet says it


def cells(file):
    return json.loads(file.read_text(encoding="utf-8"))["cells"]


def snippets(file):
    """(code, printed) of every snippet of a notebook that shows what it prints, in reading order."""
    prose = ["".join(cell["source"]) for cell in cells(file) if cell["cell_type"] == "markdown"]
    return [pair for source in prose for pair in PAIR.findall(source)]


def showing():
    """{name without its number: file} of the notebooks that show what PyTorch prints."""
    files = {file.stem.partition("_")[2]: file for file in sorted(FOLDER.glob("*.ipynb"))}
    return {name: file for name, file in files.items() if snippets(file)}


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

    runs = {}
    for name, file in showing().items():
        names = {"torch": torch, "__name__": "snippets"}
        runs[name] = [{"code": code, "printed": printed(code, names)} for code, _ in snippets(file)]
    stored = {"torch": torch.__version__.partition("+")[0], "source": torch.version.git_version}
    stored |= {"raises": {f: raises(torch, f) for f in KEPT}, "nothing_counts": nothing_counts(torch)}
    stored |= {"recipes": printed(RECIPES, {"torch": torch, "nn": torch.nn}), "runs": runs}
    STORED.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{sum(map(len, runs.values()))} snippets run with torch {stored['torch']}, written to {STORED.name}.")


if __name__ == "__main__":
    main()
