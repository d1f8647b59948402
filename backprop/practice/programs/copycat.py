import torch
from torch import nn
from torch.nn import functional as F

PAD = 0


class Attention(nn.Module):
    """Causal self-attention with several heads, (B, T, d) to (B, T, d): a place sees itself and what is before it."""

    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.qkv, self.out = nn.Linear(d, 3 * d), nn.Linear(d, d)

    def forward(self, x):
        B, T, d = x.shape
        q, k, v = (a.view(B, T, self.heads, -1).transpose(1, 2) for a in self.qkv(x).chunk(3, dim=-1))
        #: view-for-transpose: q, k, v = (a.reshape(B, self.heads, T, -1) for a in self.qkv(x).chunk(3, dim=-1))
        scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5
        ahead = torch.ones(T, T, dtype=torch.bool).triu(1)
        #: sees-ahead: ahead = torch.ones(T, T, dtype=torch.bool).triu(2)
        mixed = scores.masked_fill(ahead, float("-inf")).softmax(dim=-1) @ v
        return self.out(mixed.transpose(1, 2).reshape(B, T, d))


class Model(nn.Module):
    """Logits of the next token at each place: (B, T) to (B, T, K)."""

    def __init__(self, K=8, T=10, d=32, heads=2):
        super().__init__()
        self.token, self.place = nn.Embedding(K, d), nn.Embedding(T, d)
        self.first, self.second, self.head = Attention(d, heads), Attention(d, heads), nn.Linear(d, K)

    def forward(self, tokens):
        x = self.token(tokens) + self.place(torch.arange(tokens.shape[1]))
        x = x + self.first(F.layer_norm(x, x.shape[-1:]))
        x = x + self.second(F.layer_norm(x, x.shape[-1:]))
        return self.head(F.layer_norm(x, x.shape[-1:]))


def loss_of(model, tokens):
    """The mean cross-entropy of each next token. What fills up doesn't count."""
    logits = model(tokens[:, :-1])
    return F.cross_entropy(logits.transpose(1, 2), tokens[:, 1:], ignore_index=PAD)
    #: pads-count: return F.cross_entropy(logits.transpose(1, 2), tokens[:, 1:])


def batch(size=32):
    """A word of two to four letters, a 1 between, and the word again; filled up with 0: (size, 10)."""
    rows = torch.zeros(size, 10, dtype=torch.long)
    for row in rows:
        n = int(torch.randint(2, 5, ()))
        word = torch.randint(2, 8, (n,))
        row[: 2 * n + 1] = torch.cat([word, torch.tensor([1]), word])
    return rows


def copies(model, tokens):
    """The share of the second word's letters that it writes rightly, each from what it has written before."""
    written, second = tokens.clone(), ((tokens == 1).cumsum(dim=1) > 0) & (tokens > 1)
    with torch.no_grad():
        for t in range(1, tokens.shape[1]):
            guess = model(written[:, :t])[:, -1].argmax(dim=-1)
            written[:, t] = torch.where(second[:, t], guess, tokens[:, t])
    return (written == tokens)[second].float().mean().item()


def main(steps=150):
    torch.manual_seed(0)
    model = Model()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    for step in range(steps + 1):
        loss = loss_of(model, batch())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 50 == 0:
            print(f"step {step:3}  loss {loss.item():.2f}")
    print(f"copied rightly: {copies(model, batch(200)):.0%}")


if __name__ == "__main__":
    main()
