import torch
from torch import nn


def data(n=256):
    """Points in a plane, and whether each lies inside the circle: (n, 2), and (n, 1) of 0 and 1."""
    x = 2 * torch.rand(n, 2) - 1
    return x, ((x**2).sum(dim=1, keepdim=True) < 0.6).float()


class Model(nn.Module):
    """Two hidden layers; gives logits (n, 1)."""

    def __init__(self, hidden=32):
        super().__init__()
        self.first, self.second, self.last = nn.Linear(2, hidden), nn.Linear(hidden, hidden), nn.Linear(hidden, 1)

    def forward(self, x):
        h = torch.tanh(self.first(x))
        h = h + torch.tanh(self.second(h))
        return self.last(h)
        #: sigmoid-twice: return torch.sigmoid(self.last(h))


def train(model, x, y, steps=150, lr=0.5, limit=0.5, scale=2.0**10):
    """Mixed precision: passes in bfloat16, weights in float32, scaled gradients, clipped at a norm of `limit`.

    Returns the norm of the gradient of each step before clipping.
    """
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    scaler = torch.amp.GradScaler("cpu", init_scale=scale)
    norms = []
    for _ in range(steps):
        optimizer.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(x)
        loss = nn.functional.binary_cross_entropy_with_logits(logits.float(), y)
        #: half-loss: loss = nn.functional.binary_cross_entropy_with_logits(logits, y.bfloat16())
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        #: clipped-scaled:
        norms.append(nn.utils.clip_grad_norm_(model.parameters(), limit).item())
        scaler.step(optimizer)
        scaler.update()
    return norms


class Average:
    """A slowly moving average of a model's weights: a ← β a + (1 − β) w after each `update`."""

    def __init__(self, model, beta=0.9):
        self.beta, self.weights = beta, {name: w.detach().clone() for name, w in model.named_parameters()}
        #: alias: self.beta, self.weights = beta, {name: w.detach() for name, w in model.named_parameters()}

    def update(self, model):
        for name, w in model.named_parameters():
            self.weights[name].mul_(self.beta).add_(w.detach(), alpha=1 - self.beta)


def accuracy(model, x, y):
    with torch.no_grad():
        return ((model(x) > 0) == (y > 0.5)).float().mean().item()


def main():
    torch.manual_seed(0)
    x, y = data()
    model = Model()
    average = Average(model)
    for _ in range(6):
        norms = train(model, x, y, steps=50)
        average.update(model)
        distance = sum((average.weights[name] - w).norm().item() for name, w in model.named_parameters())
        print(f"norm {norms[0]:7.1f}  right {accuracy(model, x, y):.0%}  from the average {distance:.1f}")


if __name__ == "__main__":
    main()
