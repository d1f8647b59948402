"""
"PyTorch. Mixed precision as in its manual: autocast, a scaler, gradients clipped at a norm of 0.5, and beside it a
moving average of the weights."

"The gradient's norm should be near 1 or below, and nine points of ten should be right soon. The norms that I print are
around a hundred, it hardly moves, and the average never differs from the model."
"""

from backprop.practice.planting import Bug, Collected, torch

TITLE = "Mixed precision, and an average"
MINUTES = 15
PLANTED = ("clipped-scaled", "alias")
BUGS = {
    "clipped-scaled": Bug(
        "the gradients are clipped while they are scaled",
        "backward of the scaled loss gives gradients a thousand times too long. Clipped at 0.5, and unscaled after that "
        "by scaler.step, they are a thousand times too short. Unscale first: scaler.unscale_(optimizer).",
        at=(
            "norms.append(nn.utils.clip_grad_norm_(model.parameters(), limit).item())",
            "scaler.scale(loss).backward()",
        ),
        repairs=({"scaler.scale(loss).backward()": "scaler.scale(loss).backward()\nscaler.unscale_(optimizer)"},),
    ),
    "alias": Bug(
        "the average holds the model's own tensors",
        "detach cuts the graph and keeps the memory. mul_ and add_ then change the model itself, and the two are always "
        "equal. clone makes a copy.",
        repairs=(
            {
                "self.beta, self.weights = beta, {name: w.detach() for name, w in model.named_parameters()}": (
                    "self.beta, self.weights = beta, {name: w.clone().detach() for name, w in model.named_parameters()}"
                ),
            },
            {
                "self.beta, self.weights = beta, {name: w.detach() for name, w in model.named_parameters()}": (
                    "self.beta, self.weights = beta, {n: p.detach().clone() for n, p in model.named_parameters()}"
                ),
            },
        ),
    ),
    "half-loss": Bug(
        "the loss is formed in bfloat16",
        "It has three digits. Small improvements vanish, and so does the gradient where p is rounded to y.",
        repairs=(
            {
                "loss = nn.functional.binary_cross_entropy_with_logits(logits, y.bfloat16())": (
                    "loss = nn.functional.binary_cross_entropy_with_logits(logits.float(), y)"
                ),
            },
        ),
    ),
    "sigmoid-twice": Bug(
        "the sigmoid is taken twice",
        "The loss takes logits. Of probabilities it can't get below log(1 + 1/e) = 0.31.",
        repairs=({"return torch.sigmoid(self.last(h))": "return self.last(h)"},),
    ),
}

case = Collected()


def trained(p, scale=2.0**10, limit=1e9, lr=0.5):
    """(how far one step went, the norm that it said)."""
    torch.manual_seed(1)
    model, (x, y) = p.Model(8), p.data(32)
    before = [a.detach().clone() for a in model.parameters()]
    (norm,) = p.train(model, x, y, steps=1, lr=lr, limit=limit, scale=scale)
    moved = torch.cat([(a - b).detach().ravel() for a, b in zip(model.parameters(), before)]).norm().item()
    return moved, norm


@case.sees("clipped-scaled")
def the_norm_does_not_depend_on_the_scale(p):
    assert abs(trained(p, scale=4.0)[1] / trained(p, scale=1024.0)[1] - 1) < 0.05, (
        "The norm before clipping changes with the scale."
    )


@case.sees("clipped-scaled", nearly=True)
def a_step_is_clipped(p):
    moved, norm = trained(p, limit=0.01, lr=1.0)
    assert 0.0099 < moved < 0.0101, "With a rate of 1, a step that is clipped isn't as long as the limit."


@case.sees("alias")
def an_average_lags_behind(p):
    model = p.Model(4)
    average = p.Average(model)
    with torch.no_grad():
        for a in model.parameters():
            a += 1
    before = [a.clone() for a in model.parameters()]
    name, w = next(iter(model.named_parameters()))
    assert not torch.equal(average.weights[name], w), "When the model moves, its average moves at once."
    average.update(model)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), before)), (
        "An update of the average changes the model."
    )


@case.sees("alias", nearly=True)
def by_a_tenth(p):
    model = p.Model(4)
    average = p.Average(model)
    with torch.no_grad():
        for a in model.parameters():
            a += 1
    name, w = next(iter(model.named_parameters()))
    start = average.weights[name].clone()
    average.update(model)
    assert torch.allclose(average.weights[name] - start, torch.tensor(0.1), atol=1e-6), (
        "The average doesn't move by a tenth of the way."
    )
    assert not average.weights[name].requires_grad, "The average keeps the model's graph."


@case.sees("half-loss")
def the_loss_has_seven_digits(p):
    seen, real = [], torch.nn.functional.binary_cross_entropy_with_logits
    p.nn.functional.binary_cross_entropy_with_logits = lambda *given, **named: (
        seen.append(given[0].dtype),
        real(*given, **named),
    )[1]
    try:
        trained(p)
    finally:
        torch.nn.functional.binary_cross_entropy_with_logits = real
    assert seen == [torch.float32], "The loss is formed in half precision."


@case.sees("sigmoid-twice")
def the_model_gives_logits(p):
    torch.manual_seed(1)
    assert (p.Model()(100 * torch.randn(50, 2)) < 0).any(), "What the loss gets as logits is never below 0."


@case.holds
def the_weights_are_in_single_precision(p):
    model = p.Model(4)
    p.train(model, *p.data(8), steps=1)
    assert all(a.dtype == torch.float32 for a in model.parameters()), "The weights aren't float32 any more."
