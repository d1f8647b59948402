"""
"PyTorch. A batch that doesn't fit in memory comes in pieces, and their gradients are added up. One step is the step
that the whole batch would make, clipped at a norm of 1."

"One piece or four, the steps should be the same to three digits: the loss and the norm are those of the whole batch.
They aren't. With four the loss climbs past 50, although I clip."
"""

from backprop.practice.planting import Bug, Collected, torch

TITLE = "A batch in four pieces"
MINUTES = 12
PLANTED = ("share-of-one", "clipped-late")
BUGS = {
    "share-of-one": Bug(
        "each piece counts as if it were the whole batch",
        "The loss of a piece is its own mean. Four of them added up are four times the mean of the batch. Each has to be "
        "multiplied by its share of the samples, which is a quarter only where all are of equal length.",
        at=("loss = share * nn.functional.cross_entropy(model(X_piece), y_piece)",),
        repairs=(
            {"share = 1.0": "share = X_piece.shape[0] / X.shape[0]"},
            {"share = 1.0": "share = len(y_piece) / len(y)"},
        ),
    ),
    "clipped-late": Bug(
        "the gradients are clipped after the step",
        "What is clipped then is thrown away by the next zero_grad. The step was as long as it was. Seen by the length of "
        "a step with rate 1, which may not be above the limit.",
        at=("optimizer.step()",),
        repairs=(
            {
                "optimizer.step()": "norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm=limit)\noptimizer.step()",
                "norm = nn.utils.clip_grad_norm_(model.parameters(), limit)": "",
            },
            {
                "optimizer.step()": "",
                "norm = nn.utils.clip_grad_norm_(model.parameters(), limit)": "norm = nn.utils.clip_grad_norm_(model.parameters(), limit)\noptimizer.step()",
            },
        ),
    ),
    "zeroed-inside": Bug(
        "the gradients are set to zero for each piece",
        "Only the last piece is left when the step is made.",
    ),
    "keeps-graph": Bug(
        "the sum of the losses keeps every graph",
        "A tensor that is added up holds on to all that it was computed from, so memory grows. item() takes the number.",
        repairs=({"total += loss": "total += loss.item()"}, {"total += loss": "total += loss.detach().item()"}),
    ),
}

case = Collected()


def one_step(p, pieces, n=10, limit=1e9, lr=1.0):
    """(how the parameters moved, what came back) of one step."""
    torch.manual_seed(1)
    model, X, y = p.build(8), torch.randn(n, 64), torch.arange(n) % 10
    before = torch.cat([a.detach().clone().ravel() for a in model.parameters()])
    back = p.step(model, torch.optim.SGD(model.parameters(), lr=lr), X, y, pieces, limit)
    return torch.cat([a.detach().ravel() for a in model.parameters()]) - before, back


@case.sees("share-of-one")
def the_loss_does_not_depend_on_the_pieces(p):
    one, four = float(one_step(p, 1)[1][0]), float(one_step(p, 5)[1][0])
    assert abs(one - four) < 1e-5, "The same batch in five equal pieces has another loss than in one."


@case.sees("share-of-one", nearly=True)
def nor_on_their_lengths(p):
    one, four = float(one_step(p, 1)[1][0]), float(one_step(p, 4)[1][0])
    assert abs(one - four) < 1e-5, "Ten samples in pieces of 3, 3, 3 and 1 have another loss than in one piece."


@case.sees("clipped-late")
def a_step_is_no_longer_than_the_limit(p):
    assert one_step(p, 1, limit=0.01)[0].norm() < 0.0101, "With a rate of 1, a step is longer than the limit."


@case.sees("clipped-late", nearly=True)
def short_gradients_stay(p):
    moved, (_, norm) = one_step(p, 1)
    assert abs(moved.norm() - norm) < 1e-4, "The norm that comes back isn't that of the gradient."


@case.sees("zeroed-inside")
def every_piece_has_its_part(p):
    """The direction tells, whatever the lengths: all pieces are equally long."""
    one, four = one_step(p, 1)[0], one_step(p, 5)[0]
    assert torch.cosine_similarity(one, four, dim=0) > 0.999, (
        "The step of a batch in pieces goes another way than that of the whole."
    )


@case.sees("keeps-graph")
def what_comes_back_is_a_number(p):
    assert all(isinstance(one, float) for one in one_step(p, 2)[1]), "What comes back isn't plain numbers."


@case.holds
def the_step_goes_downhill(p):
    assert one_step(p, 1, lr=0.1)[0].norm() > 0, "Nothing moves any more."
