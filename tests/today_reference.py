"""What PyTorch computes for the roles: casts to 16 and 8 bits, Muon's step, a GRU, a transposed convolution.

Stored beside this file as JSON, so that no test needs PyTorch. To make it again, in an environment of its own:

    pip install torch==2.13.0 && python tests/today_reference.py
"""

import json
from pathlib import Path

STORED = Path(__file__).with_suffix(".json")


def wave(torch, shape, start):
    """Numbers without pattern or seed."""
    size = 1
    for n in shape:
        size *= n
    return torch.sin(torch.arange(start, start + size, dtype=torch.float64) ** 1.5).reshape(shape)


def casts(torch):
    kinds = {"bfloat16": torch.bfloat16, "e4m3": torch.float8_e4m3fn, "e5m2": torch.float8_e5m2}
    x = (wave(torch, (400,), 1) * 10 ** torch.linspace(-7, 2.3, 400, dtype=torch.float64)).float()
    ties = torch.tensor([0.0, 17.0, 19.0, 1.0625, 1.1875, 1.125, 1.375, 2.0**-10, 3 * 2.0**-10, 2.0**-17, 3 * 2.0**-17])
    x = torch.cat([x, ties, -ties])
    return {"x": x.tolist(), **{name: x.to(kind).float().tolist() for name, kind in kinds.items()}}


def ends(torch):
    kinds = {
        **{"float16": torch.float16, "bfloat16": torch.bfloat16},
        **{"e4m3": torch.float8_e4m3fn, "e5m2": torch.float8_e5m2},
    }
    found = {name: torch.finfo(kind) for name, kind in kinds.items()}
    return {name: [info.max, info.smallest_normal * info.eps] for name, info in found.items()}


def muon(torch, shape):
    w = wave(torch, shape, 1).float().requires_grad_()
    rule = torch.optim.Muon([w], lr=0.02, momentum=0.95, weight_decay=0.1)
    before, gradients = w.tolist(), [wave(torch, shape, 100 * k).float() for k in (1, 2, 3)]
    for g in gradients:
        w.grad = g
        rule.step()
    return {"w": before, "gradients": [g.tolist() for g in gradients], "stepped": w.tolist()}


def gru(torch):
    layer = torch.nn.GRU(3, 2, batch_first=True, dtype=torch.float64)
    for k, p in enumerate(layer.parameters()):
        p.data = wave(torch, p.shape, 10 * k + 1)
    X, h0 = wave(torch, (2, 4, 3), 200).requires_grad_(), wave(torch, (1, 2, 2), 300).requires_grad_()
    Y, _ = layer(X, h0)
    Y.backward(wave(torch, Y.shape, 400))
    given = {"X": X, "h0": h0[0], "G": wave(torch, Y.shape, 400), "Y": Y}
    weights = dict(layer.named_parameters())
    found = {"dX": X.grad, "dh0": h0.grad[0], **{f"d{name}": p.grad for name, p in weights.items()}}
    return {name: value.tolist() for name, value in (given | weights | found).items()}


def transposed(torch):
    X, W = wave(torch, (2, 3, 4, 3), 1).requires_grad_(), wave(torch, (3, 2, 3, 3), 100).requires_grad_()
    Y = torch.nn.functional.conv_transpose2d(X, W, stride=2, padding=1)
    G = wave(torch, Y.shape, 200)
    Y.backward(G)
    return {name: v.tolist() for name, v in {"X": X, "W": W, "G": G, "Y": Y, "dX": X.grad, "dW": W.grad}.items()}


def main():
    import torch

    stored = {
        "torch": torch.__version__.partition("+")[0],
        "source": torch.version.git_version,
        "casts": casts(torch),
        "ends": ends(torch),
        "muon": [muon(torch, shape) for shape in ((4, 3), (3, 5))],
        "gru": gru(torch),
        "transposed": transposed(torch),
    }
    STORED.write_text(json.dumps(stored) + "\n", encoding="utf-8")
    print(f"Written to {STORED.name} with torch {stored['torch']}.")


if __name__ == "__main__":
    main()
