"""
"PyTorch. Fine-tuning: the body is frozen and stays to the bit what it was, and a new head learns to tell even digits
from odd ones."

"Of a linear head I expected 85% after a few epochs. The accuracy doesn't rise, and the frozen features aren't as
before."
"""

from backprop.practice.planting import Bug, Collected, torch

TITLE = "A frozen body, a new head"
MINUTES = 12
PLANTED = ("old-head", "statistics-move")
BUGS = {
    "old-head": Bug(
        "the optimizer holds the head that was replaced",
        "It was given the old head's parameters. The new head gets gradients, and nobody steps it. Make the optimizer "
        "when the model is complete. The cause stands in one function, the effect in another.",
        at=("optimizer = torch.optim.Adam(model.head.parameters(), lr=1e-2)",),
        repairs=(
            {
                "optimizer = torch.optim.Adam(model.head.parameters(), lr=1e-2)": "",
                "replace_head(model, new)": "replace_head(model, new)\noptimizer = torch.optim.Adam(model.head.parameters(), lr=1e-2)",
            },
        ),
    ),
    "statistics-move": Bug(
        "the frozen body's running statistics go on moving",
        "requires_grad_(False) stops gradients. The running means of batch normalization aren't moved by gradients, but "
        "by each forward pass in training mode. The body has to stay in evaluation mode.",
        at=("super().train(mode)", "return self", "def train(self, mode=True):"),
        repairs=(
            {"return self": "self.body.train(False)\nreturn self"},
            {"super().train(mode)": "super().train(mode)\nself.body.eval()"},
        ),
    ),
    "head-cut-off": Bug(
        "the output is cut off from the head",
        "A detached tensor that requires a gradient is a new leaf: backward runs, and ends there.",
        repairs=({"return self.head(self.body(x)).detach().requires_grad_()": "return self.head(self.body(x))"},),
    ),
}

case = Collected()


@case.sees("old-head")
def the_optimizer_has_the_models_own_head(p):
    torch.manual_seed(1)
    model, optimizer = p.ready(p.body(), 10, 2)
    held = {id(a) for group in optimizer.param_groups for a in group["params"]}
    assert {id(a) for a in model.head.parameters()} <= held, (
        "The optimizer doesn't hold the parameters of the model's head."
    )


@case.sees("old-head", nearly=True)
def and_the_head_is_the_new_one(p):
    model, optimizer = p.ready(p.body(), 10, 2)
    held = [a for group in optimizer.param_groups for a in group["params"]]
    assert model.head.out_features == 2, "The head has the old classes."
    assert len(held) == 2, "The optimizer holds more than the head."


def normalized(p):
    """A model whose batch normalization has seen data, in training mode, and a batch of another kind."""
    torch.manual_seed(1)
    body = p.body()
    body(torch.randn(50, 64))
    return p.Classifier(body.eval(), 2), 3 + 5 * torch.randn(20, 64)


@case.sees("statistics-move")
def the_running_mean_stays(p):
    model, X = normalized(p)
    before = model.body[1].running_mean.clone()
    model.train()
    model(X)
    assert torch.equal(before, model.body[1].running_mean), (
        "A pass in training mode moves the running mean of the frozen body."
    )


@case.sees("statistics-move", nearly=True)
def the_modes_are_as_they_should(p):
    model, _ = normalized(p)
    assert model.train() is model and model.training and model.head.training, (
        "train() no longer puts the rest into training mode."
    )
    assert not model.eval().training, "eval() no longer ends training mode."


@case.sees("head-cut-off")
def the_head_gets_a_gradient(p):
    model, X = normalized(p)
    model(X).sum().backward()
    assert model.head.weight.grad is not None, "After backward the head has no gradient."


@case.holds
def the_body_is_frozen(p):
    model, X = normalized(p)
    assert not any(a.requires_grad for a in model.body.parameters()), "The body isn't frozen any more."
