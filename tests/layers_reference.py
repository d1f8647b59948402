"""What PyTorch's BatchNorm1d and LayerNorm give on small fixed inputs, stored beside this file as JSON.

`test_layers.py` compares the package's layers with them, so that the tests need no PyTorch: the running averages
and the place of ε are conventions, which no derivative can check. They were made with torch 2.13.0 on a CPU in
float64. To make them again, in an environment of its own:

    pip install torch==2.13.0 numpy && python tests/layers_reference.py
"""

import json
from pathlib import Path

import numpy as np

STORED = Path(__file__).with_suffix(".json")
BATCH_NORM = [{}, {"eps": 1e-2, "momentum": 0.3}]
LAYER_NORM = [((5, 4), {}), ((2, 3, 4), {"eps": 1e-2})]
GAMMA, BETA = [1.5, -0.7, 0.4, 2.0], [0.3, -1.0, 0.0, 0.8]


def wave(shape, phase):
    """Numbers without a pattern that a wrong axis would respect, from a formula, so that they need not be stored."""
    k = np.arange(np.prod(shape), dtype=np.float64)
    return (np.sin(k * k + phase) + 0.3 * np.cos(7 * k) + k / 10).reshape(shape)


def run(torch, layer, shape, phase):
    """Y, dX, dgamma and dbeta of one forward and backward pass."""
    layer.zero_grad()
    X = torch.tensor(wave(shape, phase), requires_grad=True)
    Y = layer(X)
    Y.backward(torch.tensor(wave(shape, phase + 1)))
    found = {"Y": Y.detach(), "dX": X.grad, "dgamma": layer.weight.grad, "dbeta": layer.bias.grad}
    return {"shape": shape, "phase": phase} | {name: value.tolist() for name, value in found.items()}


def with_parameters(torch, layer):
    """The layer in float64, with γ and β that are not 1 and 0."""
    layer = layer.double()
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(GAMMA, dtype=torch.float64))
        layer.bias.copy_(torch.tensor(BETA, dtype=torch.float64))
    return layer


def batch_norm(torch, settings):
    """Three batches of different sizes in training, with the running averages after each, then one in evaluation."""
    layer, passes = with_parameters(torch, torch.nn.BatchNorm1d(4, **settings)), []
    for training, samples, phase in (True, 6, 0), (True, 2, 3), (True, 5, 6), (False, 3, 9):
        layer.train(training)
        passes.append(run(torch, layer, (samples, 4), phase) | {"training": training})
        passes[-1] |= {name: getattr(layer, name).tolist() for name in ("running_mean", "running_var")}
    return {"settings": settings, "passes": passes}


def layer_norm(torch, shape, settings):
    layer = with_parameters(torch, torch.nn.LayerNorm(4, **settings))
    return {"settings": settings, "passes": [run(torch, layer, shape, 0)]}


def main():
    import torch

    cases = {
        "torch": torch.__version__.partition("+")[0],
        "BatchNorm": [batch_norm(torch, settings) for settings in BATCH_NORM],
        "LayerNorm": [layer_norm(torch, shape, settings) for shape, settings in LAYER_NORM],
    }
    STORED.write_text(json.dumps(cases).replace('{"shape"', '\n{"shape"') + "\n", encoding="utf-8")
    print(f"Written to {STORED.name}.")


if __name__ == "__main__":
    main()
