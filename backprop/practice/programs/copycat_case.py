"""
"PyTorch. A small transformer that should learn to copy: it sees a word, a 1, and writes the word again. Each place may
see itself and what came before it. Zeros only fill up, and don't count in the loss."

"The first word is drawn at random, so about half of the letters can't be foreseen, and a loss near 0.8 is the best that
there is. Mine goes far below that. Yet when it writes the second word itself, letter by letter, it gets only a part of
it right. I expected all."
"""

from backprop.practice.planting import Bug, Collected, torch

TITLE = "A transformer that copies"
MINUTES = 15
PLANTED = ("sees-ahead", "view-for-transpose", "pads-count")
BUGS = {
    "sees-ahead": Bug(
        "the mask lets each place see the next one",
        "triu(2) leaves the first diagonal above the main one open, and that holds the token that is asked for. Seen by "
        "changing one token: nothing before it may change.",
        repairs=(
            {
                "ahead = torch.ones(T, T, dtype=torch.bool).triu(2)": "ahead = torch.ones(T, T, dtype=torch.bool).triu(diagonal=1)"
            },
            {
                "ahead = torch.ones(T, T, dtype=torch.bool).triu(2)": "ahead = ~torch.ones(T, T, dtype=torch.bool).tril()"
            },
            {
                "ahead = torch.ones(T, T, dtype=torch.bool).triu(2)": "ahead = torch.triu(torch.ones(T, T, dtype=torch.bool), 1)"
            },
            {
                "ahead = torch.ones(T, T, dtype=torch.bool).triu(2)": "ahead = torch.triu(torch.ones(T, T, dtype=torch.bool), diagonal=1)"
            },
        ),
    ),
    "view-for-transpose": Bug(
        "the heads are cut by a reshape, where a transpose is due",
        "(B, T, d) holds the heads in the last axis. A reshape to (B, heads, T, d / heads) has the right shape and mixes "
        "places with heads. Split the last axis first, then exchange two axes.",
        repairs=(
            {
                "q, k, v = (a.reshape(B, self.heads, T, -1) for a in self.qkv(x).chunk(3, dim=-1))": (
                    "q, k, v = (a.reshape(B, T, self.heads, -1).transpose(1, 2) for a in self.qkv(x).chunk(3, dim=-1))"
                ),
            },
            {
                "q, k, v = (a.reshape(B, self.heads, T, -1) for a in self.qkv(x).chunk(3, dim=-1))": (
                    "q, k, v = (a.view(B, T, self.heads, d // self.heads).transpose(1, 2) for a in self.qkv(x).chunk(3, dim=-1))"
                ),
            },
            {
                "q, k, v = (a.reshape(B, self.heads, T, -1) for a in self.qkv(x).chunk(3, dim=-1))": (
                    "q, k, v = (a.reshape(B, T, self.heads, -1).permute(0, 2, 1, 3) for a in self.qkv(x).chunk(3, dim=-1))"
                ),
            },
        ),
    ),
    "pads-count": Bug(
        "what only fills up counts in the loss",
        "Zeros after the word are easy to foresee. They lower the mean and take their share of the gradient. "
        "ignore_index leaves them out of both, and of the number that is divided by.",
        repairs=(
            {
                "return F.cross_entropy(logits.transpose(1, 2), tokens[:, 1:])": (
                    "return F.cross_entropy(logits.transpose(1, 2), tokens[:, 1:], ignore_index=0)"
                ),
            },
            {
                "return F.cross_entropy(logits.transpose(1, 2), tokens[:, 1:])": (
                    "return F.cross_entropy(logits.flatten(0, 1), tokens[:, 1:].flatten(), ignore_index=PAD)"
                ),
            },
            {
                "return F.cross_entropy(logits.transpose(1, 2), tokens[:, 1:])": (
                    "return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), tokens[:, 1:].reshape(-1), ignore_index=PAD)"
                ),
            },
        ),
    ),
}

case = Collected()


@case.sees("sees-ahead")
def what_comes_later_changes_nothing(p):
    """The heads' own cut is kept out of it: with one head there is nothing to cut."""
    torch.manual_seed(1)
    layer, x = p.Attention(8, 1), torch.randn(1, 6, 8)
    changed = x.clone()
    changed[0, 4] += 1
    assert torch.allclose(layer(x)[0, :4], layer(changed)[0, :4]), (
        "Changing place 4 changes what comes out at a place before it."
    )


@case.sees("sees-ahead", nearly=True)
def a_place_sees_itself(p):
    torch.manual_seed(1)
    layer, x = p.Attention(8, 1), torch.randn(1, 6, 8)
    changed = x.clone()
    changed[0, 4] += 1
    assert layer(x).isfinite().all(), "Attention gives nan: a place sees nothing at all."
    assert not torch.allclose(layer(x)[0, 4], layer(changed)[0, 4]), "A place no longer sees itself."


@case.sees("view-for-transpose")
def each_head_has_its_own_features(p):
    """Where k and v don't depend on the place, attention gives v back, with any number of heads."""
    torch.manual_seed(1)
    layer, x = p.Attention(8, 4), torch.randn(1, 1, 8).expand(1, 5, 8)
    due = layer.out(layer.qkv(x).chunk(3, dim=-1)[2])
    assert torch.allclose(layer(x), due, atol=1e-6), (
        "Where all places are alike, attention should give their v. It mixes features."
    )


@case.sees("pads-count")
def more_filling_leaves_the_loss_as_it_is(p):
    torch.manual_seed(1)
    table = torch.randn(8, 8)
    model, short = table.__getitem__, torch.tensor([[2, 1, 2, 0]])  # what follows depends on the letter alone
    long = torch.tensor([[2, 1, 2, 0, 0, 0]])
    assert torch.isclose(p.loss_of(model, short), p.loss_of(model, long)), "More zeros at the end change the loss."


@case.sees("pads-count", nearly=True)
def the_letters_still_count(p):
    torch.manual_seed(1)
    table = torch.randn(8, 8)
    model, tokens = table.__getitem__, torch.tensor([[2, 1, 2, 0]])
    logits = model(tokens[:, :-1]).log_softmax(dim=-1)
    due = -(logits[0, 0, 1] + logits[0, 1, 2]) / 2
    assert torch.isclose(p.loss_of(model, tokens), due, atol=1e-5), (
        "The loss of 2 1 2 isn't the mean of minus log p of the 1 and the 2."
    )


@case.holds
def a_batch_is_copied(p):
    rows = p.batch(4)
    assert rows.shape == (4, 10) and ((rows == 1).sum(dim=1) == 1).all(), "A batch is another one than before."
