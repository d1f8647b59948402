"""Trajectories of PyTorch's update rules on a small fixed problem, stored beside this file as JSON.

`test_optimizers.py` compares the package's rules with them, so that the tests need no PyTorch. They were made
with torch 2.13.0 on a CPU in float64. To make them again, in an environment of its own:

    pip install torch==2.13.0 numpy && python tests/pytorch_reference.py
"""

import json
from pathlib import Path

import numpy as np

STORED = Path(__file__).with_suffix(".json")
STEPS = (1, 2, 3, 10, 20)  # after which the parameters are stored

# The parameters of a 2-2-1 network in the order W[1], W[2], b[1], b[2]; the last two entries are given tiny slopes.
START = [[[1.0, -2.0], [0.5, 3.0]], [[-0.7, 0.2]], [[0.3], [-0.1]], [[0.9]]]
STIFFNESS = [[[1.0, 0.1], [3.0, 0.02]], [[0.5, 2.0]], [[0.7], [1e-6]], [[1e-9]]]
CENTER = [[[0.2, -1.0], [1.5, -0.4]], [[0.6, 0.25]], [[-2.0], [0.4]], [[-0.3]]]

CASES = [
    ("SGD", {}),
    ("SGD", {"eta": 0.1, "weight_decay": 0.05}),
    ("Momentum", {}),
    ("Momentum", {"eta": 0.05, "beta": 0.5, "weight_decay": 0.1}),
    ("Nesterov", {}),
    ("Nesterov", {"eta": 0.05, "beta": 0.5, "weight_decay": 0.1}),
    ("Adagrad", {}),
    ("Adagrad", {"eta": 0.3, "eps": 1e-2, "weight_decay": 0.1}),
    ("RMSProp", {}),
    ("RMSProp", {"eta": 0.03, "rho": 0.7, "eps": 1e-3, "weight_decay": 0.1}),
    ("Adam", {}),
    ("Adam", {"eta": 0.05, "beta1": 0.6, "beta2": 0.8, "eps": 1e-3, "weight_decay": 0.1}),
    ("AdamW", {}),
    ("AdamW", {"eta": 0.05, "beta1": 0.6, "beta2": 0.8, "eps": 1e-3, "weight_decay": 0.2}),
    ("AdamW", {"eta": 0.05, "weight_decay": 0.0}),
]


def gradient(w, stiffness, center):
    """k (w − c) + w³/50: a formula, so that PyTorch differentiates nothing here and only its update rules are used.

    It depends on w, so that an error in one step goes into every later one. Any array type will do.
    """
    return stiffness * (w - center + w * w * w / 50)


def torch_rule(torch, rule, parameters, settings):
    """PyTorch's optimizer for a rule of the package. Settings that are left out stay PyTorch's defaults."""
    names = {"eta": "lr", "eps": "eps", "weight_decay": "weight_decay", "rho": "alpha"}
    options = {names[key]: value for key, value in settings.items() if key in names}
    if rule in ("Momentum", "Nesterov"):
        options.update(momentum=settings.get("beta", 0.9), nesterov=rule == "Nesterov")
    if "beta1" in settings:
        options["betas"] = settings["beta1"], settings["beta2"]
    name = {"Momentum": "SGD", "Nesterov": "SGD", "RMSProp": "RMSprop"}.get(rule, rule)
    return getattr(torch.optim, name)(parameters, **options)


def trajectory(torch, rule, settings):
    """All parameters, flattened, after each of the STEPS."""
    parameters = [torch.tensor(w, dtype=torch.float64, requires_grad=True) for w in START]
    k, c = ([torch.tensor(v, dtype=torch.float64) for v in values] for values in (STIFFNESS, CENTER))
    optimizer, stored = torch_rule(torch, rule, parameters, settings), []
    for step in range(1, max(STEPS) + 1):
        for w, k_w, c_w in zip(parameters, k, c):
            w.grad = gradient(w.detach(), k_w, c_w)
        optimizer.step()
        if step in STEPS:
            stored.append(torch.cat([w.detach().ravel() for w in parameters]).tolist())
    return stored


def main():
    import torch

    cases = [{"rule": r, "settings": s, "trajectory": trajectory(torch, r, s)} for r, s in CASES]
    header = json.dumps({"torch": torch.__version__.partition("+")[0], "steps": STEPS})
    lines = ",\n".join(json.dumps(case) for case in cases)
    STORED.write_text(f'{header[:-1]}, "cases": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{len(cases)} trajectories, {np.size(STEPS)} points each, written to {STORED.name}.")


if __name__ == "__main__":
    main()
