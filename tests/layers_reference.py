"""What PyTorch's layers give on small fixed inputs, stored beside this file as JSON.

`test_layers.py` compares the package's layers with them, so that the tests need no PyTorch: running averages, the place
of ε, ignored labels, ties, strides, the order of an LSTM's gates and the sense of a mask are conventions, which no
derivative can check. They were made with torch 2.13.0 on a CPU in float64. To make them again, in an environment of
its own:

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


LABELS = [[2, -100, 0], [-100, 3, 2]]
TOKENS = [[1, 0, 1], [3, 1, 0]]
CONVOLUTIONS = [(stride, padding) for stride in (1, 2, 3) for padding in (0, 1, 2)]
POOLS = [(2, 2), (2, 1), (3, 2)]
MAY_LOOK = [[1, 0, 0, 1], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]]


def tied(shape):
    """Small whole numbers, so that most windows have their maximum twice."""
    return np.round(wave(shape, 0)) % 2


def leaf(torch, values):
    return torch.tensor(np.asarray(values), dtype=torch.float64, requires_grad=True)


def pulled(Y, G, /, **leaves):
    """Y, and the gradient of every leaf, for the upstream gradient G."""
    Y.backward(Y.new_tensor(G))
    return {"Y": Y.tolist()} | {f"d{name}": array.grad.tolist() for name, array in leaves.items()}


def conv2d(torch, stride, padding):
    X, W, b = leaf(torch, wave((2, 5, 6, 2), 0)), leaf(torch, wave((3, 3, 2, 3), 1)), leaf(torch, wave((3,), 2))
    Y = torch.nn.functional.conv2d(X.permute(0, 3, 1, 2), W.permute(3, 2, 0, 1), b, stride=stride, padding=padding)
    Y = Y.permute(0, 2, 3, 1)
    return {"stride": stride, "padding": padding} | pulled(Y, wave(tuple(Y.shape), 3), X=X, W=W, b=b)


def pool(torch, function, X, size, stride):
    X = leaf(torch, X)
    Y = function(X.permute(0, 3, 1, 2), size, stride).permute(0, 2, 3, 1)
    return {"size": size, "stride": stride} | pulled(Y, wave(tuple(Y.shape), 3), X=X)


def cross_entropy(torch):
    logits, G = leaf(torch, wave((2, 3, 4), 0)), 0.7
    loss = torch.nn.functional.cross_entropy(logits.reshape(-1, 4), torch.tensor(LABELS).reshape(-1))
    ignored = torch.nn.functional.cross_entropy(logits.reshape(-1, 4), torch.full((6,), -100))
    return pulled(loss, G, logits=logits) | {"all ignored": str(ignored.item())}


def mse(torch):
    Y = leaf(torch, wave((3, 2), 0))
    return pulled(torch.nn.MSELoss()(Y, torch.tensor(wave((3, 2), 1))), 0.7, Y=Y)


def rms_norm(torch, eps):
    X, gamma = leaf(torch, wave((2, 3, 4), 0)), leaf(torch, GAMMA)
    return {"eps": eps} | pulled(
        torch.nn.functional.rms_norm(X, (4,), gamma, eps=eps), wave((2, 3, 4), 1), X=X, gamma=gamma
    )


def embedding(torch):
    W = leaf(torch, wave((5, 2), 0))
    return pulled(torch.nn.functional.embedding(torch.tensor(TOKENS), W), wave((2, 3, 2), 1), W=W)


def gelu(torch):
    X = leaf(torch, wave((3, 4), 0))
    return pulled(torch.nn.GELU(approximate="tanh")(X), wave((3, 4), 1), X=X)


def dropout(torch):
    """What survives p = 0.2 of a thousand ones, and what evaluation makes of a one."""
    torch.manual_seed(0)
    layer, ones = torch.nn.Dropout(0.2), torch.ones(1000, dtype=torch.float64)
    values = sorted(set(layer(ones).tolist()))
    return {"training": values, "evaluating": sorted(set(layer.eval()(ones).tolist()))}


def recurrent(torch, kind, gates):
    """Weights as the package has them: (n_in, gates·n), (n, gates·n), and one bias, which stands for PyTorch's two."""
    n_in, n, layer = 2, 3, getattr(torch.nn, kind)(2, 3, batch_first=True).double()
    Wx, Wh, b = wave((n_in, gates * n), 1) / 3, wave((n, gates * n), 2) / 3, wave((gates * n,), 3)
    with torch.no_grad():
        for p, value in zip(layer.parameters(), (Wx.T, Wh.T, b, 0 * b)):
            p.copy_(torch.tensor(value.copy()))
    X, h0, c0 = (leaf(torch, wave(shape, 5)) for shape in ((2, 4, n_in), (1, 2, n), (1, 2, n)))
    Y, _ = layer(X, (h0, c0) if kind == "LSTM" else h0)
    stored = pulled(Y, wave((2, 4, n), 4), X=X, h0=h0, **({"c0": c0} if kind == "LSTM" else {}))
    dWx, dWh, db, _ = (p.grad for p in layer.parameters())
    return stored | {"dWx": dWx.T.tolist(), "dWh": dWh.T.tolist(), "db": db.tolist()}


def multi_head_attention(torch):
    n, heads, names = 6, 2, ("Wq", "Wk", "Wv", "Wo")
    layer = torch.nn.MultiheadAttention(n, heads, bias=False, batch_first=True).double()
    W = {name: wave((n, n), 1 + i) / 3 for i, name in enumerate(names)}
    with torch.no_grad():
        layer.in_proj_weight.copy_(torch.tensor(np.concatenate([W[name].T for name in names[:3]])))
        layer.out_proj.weight.copy_(torch.tensor(W["Wo"].T.copy()))
    X = leaf(torch, wave((2, 4, n), 0))
    Y, P = layer(X, X, X, attn_mask=~torch.tensor(MAY_LOOK, dtype=torch.bool), average_attn_weights=False)
    stored = pulled(Y, wave((2, 4, n), 5), X=X) | {"P": P.tolist()}
    gradients = [*(d.T for d in layer.in_proj_weight.grad.chunk(3)), layer.out_proj.weight.grad.T]
    return stored | {f"d{name}": d.tolist() for name, d in zip(names, gradients)}


def attention(torch):
    """True in this function's mask means may look; and what a query that may look at nothing gets."""
    Q, K, V = (leaf(torch, wave((2, 4, 3), phase)) for phase in range(3))
    function, may_look = torch.nn.functional.scaled_dot_product_attention, torch.tensor(MAY_LOOK, dtype=torch.bool)
    blind = function(Q, K, V, attn_mask=torch.zeros((4, 4), dtype=torch.bool))
    stored = pulled(function(Q, K, V, attn_mask=may_look), wave((2, 4, 3), 3), Q=Q, K=K, V=V)
    return stored | {"sees nothing": sorted({str(y) for y in blind.flatten().tolist()})}


def main():
    import torch

    cases = {
        "torch": torch.__version__.partition("+")[0],
        "BatchNorm": [batch_norm(torch, settings) for settings in BATCH_NORM],
        "LayerNorm": [layer_norm(torch, shape, settings) for shape, settings in LAYER_NORM],
        "RMSNorm": [rms_norm(torch, eps) for eps in (1e-5, 1e-2)],
        "cross_entropy": cross_entropy(torch),
        "mse": mse(torch),
        "Embedding": embedding(torch),
        "GELU": gelu(torch),
        "Dropout": dropout(torch),
        "Conv2d": [conv2d(torch, *setting) for setting in CONVOLUTIONS],
        "MaxPool2d": [pool(torch, torch.nn.functional.max_pool2d, tied((2, 5, 6, 2)), *setting) for setting in POOLS],
        "AvgPool2d": [
            pool(torch, torch.nn.functional.avg_pool2d, wave((2, 5, 6, 2), 0), *setting) for setting in POOLS
        ],
        "RNN": recurrent(torch, "RNN", 1),
        "LSTM": recurrent(torch, "LSTM", 4),
        "MultiheadAttention": multi_head_attention(torch),
        "attention": attention(torch),
    }
    text = json.dumps(cases)
    for start in ('{"shape"', '{"eps"', '{"stride"', '{"size"', '{"Y"'):
        text = text.replace(start, "\n" + start)
    STORED.write_text(text + "\n", encoding="utf-8")
    print(f"Written to {STORED.name}.")


if __name__ == "__main__":
    main()
