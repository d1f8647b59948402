import torch
from torch import nn

from backprop.data import digits


def build(hidden=64, dropout=0.5):
    """A classifier of 8 × 8 pictures. It gives logits."""
    layers = [nn.Linear(64, hidden), nn.ReLU(), nn.Dropout(dropout)]
    layers += [nn.Linear(hidden, 10)]
    #: softmax-twice: layers += [nn.Linear(hidden, 10), nn.Softmax(dim=1)]
    return nn.Sequential(*layers)


def train_epoch(model, optimizer, X, y, size=32, limit=1.0):
    """One epoch in batches, in training mode, each step with gradients clipped at a norm of `limit`."""
    model.train()
    loss_of = nn.CrossEntropyLoss()
    total = 0.0
    for chosen in torch.randperm(len(X)).split(size):
        optimizer.zero_grad()
        #: accumulates:
        loss = loss_of(model(X[chosen]), y[chosen])
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), limit)
        optimizer.step()
        total += loss.item() * len(chosen)
    return total / len(X)


def evaluate(model, X, y):
    """The share of the pictures that are read rightly, without dropout and without gradients."""
    model.eval()
    #: trains-on:
    with torch.no_grad():
        return (model(X).argmax(dim=1) == y).float().mean().item()


def load():
    """Training and test pictures in rows, as tensors."""
    data = digits()
    X, X_test = (torch.tensor(a.T, dtype=torch.float32) for a in (data.X_train, data.X_test))
    return X, torch.tensor(data.y_train), X_test, torch.tensor(data.y_test)


def main(epochs=10):
    torch.manual_seed(0)
    X, y, X_test, y_test = load()
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for epoch in range(epochs):
        loss = train_epoch(model, optimizer, X, y)
        if epoch % 3 == 0:
            print(f"epoch {epoch}  loss {loss:.2f}  test {evaluate(model, X_test, y_test):.0%}")
    print(f"test once more: {evaluate(model, X_test, y_test):.1%}, {evaluate(model, X_test, y_test):.1%}")


if __name__ == "__main__":
    main()
