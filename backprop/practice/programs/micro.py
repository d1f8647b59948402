import torch
from torch import nn

from backprop.data import digits


def data():
    """Pictures and labels, as tensors in rows."""
    found = digits()
    return torch.tensor(found.X_train.T, dtype=torch.float32), torch.tensor(found.y_train)


def build(hidden=64):
    return nn.Sequential(nn.Linear(64, hidden), nn.Tanh(), nn.Linear(hidden, 10))


def step(model, optimizer, X, y, pieces=4, limit=1.0):
    """One step on a batch that comes in pieces, since it doesn't fit in memory at once.

    It is the step that the whole batch would make: its mean loss, its gradient, clipped at a norm of `limit`. The last
    piece may be shorter than the others. Returns the mean loss and the norm before clipping, as plain numbers.
    """
    total = 0.0
    optimizer.zero_grad()
    for X_piece, y_piece in zip(X.chunk(pieces), y.chunk(pieces)):
        #: zeroed-inside+: optimizer.zero_grad()
        share = len(X_piece) / len(X)
        #: share-of-one: share = 1.0
        loss = share * nn.functional.cross_entropy(model(X_piece), y_piece)
        loss.backward()
        total += loss.item()
        #: keeps-graph: total += loss
    norm = nn.utils.clip_grad_norm_(model.parameters(), limit)
    #: clipped-late:
    optimizer.step()
    #: clipped-late+: norm = nn.utils.clip_grad_norm_(model.parameters(), limit)
    return total, norm.item()


def main(steps=80):
    torch.manual_seed(0)
    X, y = data()
    for pieces in (1, 4):
        torch.manual_seed(1)
        model = build()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        for n in range(steps):
            chosen = torch.randperm(len(X))[:90]
            loss, norm = step(model, optimizer, X[chosen], y[chosen], pieces)
            if n in (0, 10, steps - 1):
                print(f"pieces {pieces}  step {n:2}  loss {loss:.3f}  norm {norm:.3f}")


if __name__ == "__main__":
    main()
