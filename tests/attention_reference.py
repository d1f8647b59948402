"""What PyTorch's scaled_dot_product_attention gives where a mask hides every key, and with grouped queries, as JSON.

`test_transformers.py` compares the package with it, so that the tests need no PyTorch: what a query gets that may look
at nothing is a convention, and so is which queries share a head of keys. It was made with torch 2.13.0 on a CPU in
float64. To make it again, in an environment of its own:

    pip install torch==2.13.0 numpy && python tests/attention_reference.py
"""

import json
from pathlib import Path

import numpy as np

STORED = Path(__file__).with_suffix(".json")
BLIND = [[True, False, True, False, False], [False] * 5, [True] * 5, [False, False, False, False, True]]
CASES = {  # heads of queries, heads of keys, mask
    "blind": (2, 2, BLIND),
    "grouped": (6, 2, None),
    "multi-query, blind": (4, 1, BLIND),
}


def wave(shape, phase):
    """Numbers without a pattern that a wrong axis would respect, from a formula, so that they need not be stored."""
    k = np.arange(np.prod(shape), dtype=np.float64)
    return (np.sin(k * k + phase) + 0.3 * np.cos(7 * k)).reshape(shape)


def arrays(heads, groups):
    """Q, K, V and G of a case: 4 queries, 5 keys, 3 features, values of 2."""
    shapes = [(2, heads, 4, 3), (2, groups, 5, 3), (2, groups, 5, 2), (2, heads, 4, 2)]
    return [wave(shape, phase) for phase, shape in enumerate(shapes)]


def make():
    import torch

    found = {"torch": torch.__version__}
    for name, (heads, groups, mask) in CASES.items():
        Q, K, V, G = (torch.tensor(X, requires_grad=True) for X in arrays(heads, groups))
        O = torch.nn.functional.scaled_dot_product_attention(
            Q, K, V, attn_mask=None if mask is None else torch.tensor(mask), enable_gqa=heads != groups
        )
        O.backward(G.detach())
        found[name] = {"O": O.tolist(), "dQ": Q.grad.tolist(), "dK": K.grad.tolist(), "dV": V.grad.tolist()}
    return found


if __name__ == "__main__":
    STORED.write_text(json.dumps(make()) + "\n", encoding="utf-8")
