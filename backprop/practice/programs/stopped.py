import torch
from torch import nn


def data(n, noise=0.6):
    """n points x in (−3, 3), and sin(2x) with noise: (n, 1) each."""
    x = 6 * torch.rand(n, 1) - 3
    return x, torch.sin(2 * x) + noise * torch.randn(n, 1)


def build(hidden=128):
    return nn.Sequential(nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 1))


def error(model, x, y):
    """The mean squared error, without gradients."""
    with torch.no_grad():
        return nn.functional.mse_loss(model(x), y).item()
        #: pairs: return nn.functional.mse_loss(model(x), y.squeeze(1)).item()


class Best:
    """The weights with the lowest error so far, and how long they have been the best."""

    def __init__(self):
        self.error, self.weights, self.waited = float("inf"), None, 0

    def see(self, model, error):
        self.waited += 1
        if error < self.error:
            self.error, self.waited = error, 0
            self.weights = {name: a.clone() for name, a in model.state_dict().items()}
            #: alias: self.weights = dict(model.state_dict())


def fit(model, train, valid, epochs=120, size=8, patience=40):
    """Train in batches; halve the rate every 40 epochs; stop when validation hasn't improved for `patience` epochs.

    The model ends with the weights that were best on the validation points. Returns the validation errors.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=40, gamma=0.5)
    best, errors = Best(), []
    for _ in range(epochs):
        for chosen in torch.randperm(len(train[0])).split(size):
            loss = nn.functional.mse_loss(model(train[0][chosen]), train[1][chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            #: rate-per-batch+: schedule.step()
        schedule.step()
        #: rate-per-batch:
        errors.append(error(model, *valid))
        best.see(model, errors[-1])
        #: chosen-by-train: best.see(model, error(model, *train))
        if best.waited >= patience:
            break
    model.load_state_dict(best.weights)
    return errors


def main():
    torch.manual_seed(0)
    train, valid = data(40), data(200)
    model = build()
    errors = fit(model, train, valid)
    print(f"epochs {len(errors)}")
    print(f"validation error, lowest {min(errors):.2f}, last {errors[-1]:.2f}, of the model {error(model, *valid):.2f}")
    print(f"training error {error(model, *train):.2f}")


if __name__ == "__main__":
    main()
