"""
"PyTorch. A classifier of small pictures with dropout, momentum 0.9 and clipped gradients."

"A network like it gets 94% of the test set and a training loss near 0.2 in ten epochs. Mine gets worse with each epoch.
And evaluated twice, it gives two numbers."
"""

from backprop.practice.planting import Bug, Collected, torch

TITLE = "A classifier with dropout"
MINUTES = 12
PLANTED = ("softmax-twice", "accumulates", "trains-on")
BUGS = {
    "softmax-twice": Bug(
        "softmax is taken twice",
        "CrossEntropyLoss takes logits and does the softmax itself. Of probabilities it can't get below about 1.46 for "
        "ten classes, and its gradient is small. The two halves of this bug stand in two functions.",
        at=(
            "loss_of = nn.CrossEntropyLoss()",
            "loss = loss_of(model(X[chosen]), y[chosen])",
            "return nn.Sequential(*layers)",
        ),
        repairs=(
            {"layers += [nn.Linear(hidden, 10), nn.Softmax(dim=1)]": "layers.append(nn.Linear(hidden, 10))"},
            {"return nn.Sequential(*layers)": "return nn.Sequential(*layers[:-1])"},
            {
                "layers += [nn.Linear(hidden, 10), nn.Softmax(dim=1)]": "layers += [nn.Linear(hidden, 10), nn.LogSoftmax(dim=1)]",
                "loss_of = nn.CrossEntropyLoss()": "loss_of = nn.NLLLoss()",
            },
        ),
    ),
    "accumulates": Bug(
        "gradients are never set to zero",
        "backward adds to .grad. Without zero_grad each step carries all gradients of before: a momentum that forgets "
        "nothing, on top of the one there is.",
        at=("loss.backward()", "optimizer.step()"),
        repairs=(
            {"loss.backward()": "optimizer.zero_grad()\nloss.backward()"},
            {"loss.backward()": "model.zero_grad()\nloss.backward()"},
            {"optimizer.step()": "optimizer.step()\noptimizer.zero_grad()"},
            {
                "loss = loss_of(model(X[chosen]), y[chosen])": "model.zero_grad()\nloss = loss_of(model(X[chosen]), y[chosen])"
            },
            {
                "loss = loss_of(model(X[chosen]), y[chosen])": "optimizer.zero_grad(set_to_none=True)\nloss = loss_of(model(X[chosen]), y[chosen])"
            },
        ),
    ),
    "trains-on": Bug(
        "the evaluation runs in training mode",
        "Dropout stays on, so half of the units are left out at random: the accuracy is lower, and changes from call "
        "to call. model.eval() switches it off. no_grad doesn't.",
        at=("def evaluate(model, X, y):",),
        repairs=(
            {"with torch.no_grad():": "with torch.no_grad():\n    model.eval()"},
            {"with torch.no_grad():": "model.train(False)\nwith torch.no_grad():"},
        ),
    ),
}

case = Collected()


def data():
    torch.manual_seed(1)
    return torch.randn(40, 64), torch.arange(40) % 10


@case.sees("softmax-twice")
def the_loss_gets_what_it_wants(p):
    """What goes into the cross-entropy can be far from 1 if it is logits, and can't if it is probabilities."""
    model = p.build(dropout=0.0)
    X, y = data()
    with torch.no_grad():
        for a in model.parameters():
            a *= 30
    loss = p.train_epoch(model, torch.optim.SGD(model.parameters(), lr=0.0), X, y)
    assert loss > 2.5, "With weights 30 times larger, a network that knows nothing should lose far more than log 10."


@case.sees("softmax-twice", nearly=True)
def the_loss_is_the_cross_entropy(p):
    model = p.build(dropout=0.0)
    X, y = data()
    P = torch.softmax(model(X), dim=1) if (model(X) < 0).any() else model(X)
    due = -P[torch.arange(40), y].log().mean().item()
    loss = p.train_epoch(model, torch.optim.SGD(model.parameters(), lr=0.0), X, y)
    assert abs(loss - due) < 1e-4, "The loss isn't the mean of minus log p of the right class."


@case.sees("accumulates")
def each_step_has_the_gradient_of_its_batch(p):
    """With a rate of 0 nothing moves, so the last batch's gradient is known."""
    model = p.build(dropout=0.0)
    X, y = data()
    optimizer, norms = torch.optim.SGD(model.parameters(), lr=0.0), []
    step = optimizer.step
    optimizer.step = lambda: (norms.append([a.grad.clone() for a in model.parameters()]), step())
    same = X[:1].expand(40, 64), y[:1].expand(40)  # all rows are one row
    p.train_epoch(model, optimizer, *same, size=20, limit=1e9)
    assert torch.allclose(norms[0][0], norms[1][0], atol=1e-6), (
        "Two equal batches, with a rate of 0, have two different gradients."
    )


@case.sees("trains-on")
def two_evaluations_agree(p):
    model = p.build()
    X, y = data()
    model.train()
    found = {p.evaluate(model, X, y) for _ in range(6)}
    assert len(found) == 1, "Evaluated six times in a row, it gives more than one number."


@case.sees("trains-on", nearly=True)
def training_is_in_training_mode(p):
    model = p.build()
    X, y = data()
    p.evaluate(model, X, y)
    seen = []
    model.register_forward_pre_hook(lambda m, x: seen.append(m.training))
    p.train_epoch(model, torch.optim.SGD(model.parameters(), lr=0.0), X, y)
    assert seen and all(seen), "After an evaluation it trains without dropout."


@case.holds
def gradients_are_clipped(p):
    model = p.build(dropout=0.0)
    X, y = data()
    before = [a.clone() for a in model.parameters()]
    p.train_epoch(model, torch.optim.SGD(model.parameters(), lr=1.0), 100 * X, y, size=40, limit=0.01)
    moved = torch.cat([(a - b).ravel() for a, b in zip(model.parameters(), before)]).norm()
    assert 0 < moved < 0.011, "A step with rate 1 is longer than the limit: it isn't clipped any more."
