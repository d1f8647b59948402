import torch
from torch import nn

from backprop.data import digits


def body(hidden=32):
    """What was trained on other pictures: features of 8 × 8 pictures, with batch normalization."""
    return nn.Sequential(nn.Linear(64, hidden), nn.BatchNorm1d(hidden), nn.ReLU())


class Classifier(nn.Module):
    """A body that is frozen, and a head that is trained. `train` leaves the body in evaluation mode."""

    def __init__(self, body, classes):
        super().__init__()
        self.body, self.head = body, nn.Linear(32, classes)
        for a in self.body.parameters():
            a.requires_grad_(False)

    def train(self, mode=True):
        super().train(mode)
        self.body.eval()
        #: statistics-move:
        return self

    def forward(self, x):
        return self.head(self.body(x))
        #: head-cut-off: return self.head(self.body(x)).detach().requires_grad_()


def replace_head(model, classes):
    """A new head, for other classes."""
    model.head = nn.Linear(model.head.in_features, classes)


def ready(body, old, new):
    """A classifier for `old` classes, made over for `new` ones, and an optimizer of its head."""
    model = Classifier(body, old)
    replace_head(model, new)
    #: old-head:
    optimizer = torch.optim.Adam(model.head.parameters(), lr=1e-2)
    #: old-head+: replace_head(model, new)
    return model, optimizer


def epoch(model, optimizer, X, y, size=32):
    model.train()
    for chosen in torch.randperm(len(X)).split(size):
        loss = nn.functional.cross_entropy(model(X[chosen]), y[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def accuracy(model, X, y):
    model.eval()
    with torch.no_grad():
        return (model(X).argmax(dim=1) == y).float().mean().item()


def main():
    torch.manual_seed(0)
    found = digits()
    X, X_test = (torch.tensor(a.T, dtype=torch.float32) for a in (found.X_train, found.X_test))
    y, y_test = torch.tensor(found.y_train) % 2, torch.tensor(found.y_test) % 2  # even or odd
    features = body()
    features(X)  # in training mode, so that it learns its statistics
    features.eval()
    before = features(X_test[:5]).detach().clone()
    model, optimizer = ready(features, 10, 2)
    for n in range(6):
        print(f"epoch {n}  test {accuracy(model, X_test, y_test):.0%}")
        epoch(model, optimizer, X[:600], y[:600])
    features.eval()
    print("the frozen features are as before:", torch.equal(before, features(X_test[:5])))


if __name__ == "__main__":
    main()
