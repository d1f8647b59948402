"""The right loss and the right gradients of a bare round, in rows, and what usual mistakes make of them.

A mistake has a name. What it makes of a loss, or of gradients, is computed as the right one is, so a candidate's wrong
numbers tell which it was, alone or with another one.
"""

from dataclasses import dataclass

import numpy as np

from backprop.activations import ACTIVATIONS

K = 4  # classes, or outputs, of the small network that is looked at
NAMES = {
    "relu": "ReLU",
    "tanh": "tanh",
    "sigmoid": "the sigmoid",
    "leaky_relu": "leaky ReLU with slope 0.01",
    "silu": "SiLU, z·σ(z)",
}


@dataclass(frozen=True)
class Net:
    """Layers [(W (n, m), b (m,)), …] in rows, with what the prompt asks of them, and the mistakes in it, by name."""

    spec: object
    twisted: bool
    wrong: tuple = ()

    def of(self, kind, otherwise):
        """The other activation that a mistake names, such as act:relu."""
        return next((one.removeprefix(kind) for one in self.wrong if one.startswith(kind)), otherwise)

    def factor(self, table):
        """The product of those numbers of a table whose mistakes are made."""
        return np.prod([value for name, value in table.items() if name in self.wrong])

    def act(self, z, last=False):
        name = "identity" if "no-act" in self.wrong else self.of("act:", self.spec.activation)
        return z if last and "act-last" not in self.wrong else ACTIVATIONS[name].f(z)

    def logits(self, layers, X):
        a = X
        for n, (W, b) in enumerate(layers, start=1):
            shift = 0 if f"no-b{n}" in self.wrong else b
            a = self.act(a @ W + shift, last=n == len(layers))
        return a

    def targets(self, y, extra):
        """What the outputs are compared with, (B, K)."""
        k = 1 if self.spec.loss == "binary" else K
        Y = np.eye(K)[y] if self.spec.loss == "labels" else np.asarray(y, float).reshape(len(y), k)
        if self.twisted and self.spec.twist == "smoothing" and "no-extra" not in self.wrong:
            share = extra / (K - 1) * (1 - Y) if "over-others" in self.wrong else extra / K
            Y = (1 - extra) * Y + (0 if "only-shrunk" in self.wrong else share)
        return Y

    def weights(self, n, extra):
        """What each sample counts in the loss."""
        masked = self.twisted and self.spec.twist == "mask" and "no-extra" not in self.wrong
        counts = extra if masked else np.ones(n)
        used = np.ones(n) if "unmasked" in self.wrong else counts
        whole = 1 if "sum" in self.wrong else n if "by-all" in self.wrong else counts.sum()
        return used / whole / (K if "all" in self.wrong else 1)

    def loss(self, layers, X, y, extra=None):
        z, Y = self.logits(layers, X), self.targets(y, extra)
        if self.spec.loss == "squares":
            each = ((z - Y) ** 2).sum(axis=1) * (1 if "no-half" in self.wrong else 0.5)
        elif self.spec.loss == "binary":
            z, t = z[:, 0], Y[:, 0]
            each = np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))
            if "one-side" in self.wrong:
                each = t * np.logaddexp(0, -z)
            if {"outer", "outer-mean"} & {*self.wrong}:  # (B, 1) and (B,) make (B, B)
                each = (np.logaddexp(0, z)[:, None] - z[:, None] * t).sum(axis=0)
                each = each / len(z) if "outer-mean" in self.wrong else each
        else:
            each = -(Y * self.log_p(z)).sum(axis=1)
        factor = self.factor({"sign": -1, "log2": 1 / np.log(2)})
        return float(factor * (self.weights(len(each), extra) * each).sum())

    def log_p(self, z):
        """The log of the softmax, where an axis is wrong in its sum, or in its maximum as well."""
        over = 0 if {"axis", "axis-sum"} & {*self.wrong} else 1
        s = z - z.max(axis=0 if "axis" in self.wrong else 1, keepdims=True)
        return s - np.log(np.exp(s).sum(axis=over, keepdims=True))

    def gradients(self, layers, X, y, extra=None):
        """[(dW, db), …], with the mistakes in them."""
        wrong = self.wrong
        z, a = [], [X]
        for n, (W, b) in enumerate(layers, start=1):
            z.append(a[-1] @ W + b)
            a.append(ACTIVATIONS[self.spec.activation].f(z[-1]) if n < len(layers) else z[-1])
        Y, out = self.targets(y, extra), z[-1]
        if self.spec.loss == "squares":
            p, slope = out, 1
        elif self.spec.loss == "binary":
            p = ACTIVATIONS["sigmoid"].f(out)
            slope = p * (1 - p)
        else:
            p = np.exp(self.log_p(out))
            slope = p * (1 - p)
        delta = (p - Y) * self.weights(len(X), extra)[:, None]
        delta = delta * self.factor({"sign": -1, "no-half": 2, "twice": 1 / len(X)})
        delta = delta * (slope if "extra-slope" in wrong else 1)
        found = []
        for n in range(len(layers), 0, -1):
            above = z[n - 2] if "z-below" in wrong and n > 1 else a[n - 1]
            db = delta.mean(axis=0) if "mean-db" in wrong else delta.sum(axis=0)
            found.append((above.T @ delta, db))
            if n > 1:
                delta = delta @ layers[n - 1][0].T * self.slope(z[n - 2], a[n - 1])
        return found[::-1]

    def slope(self, z, a):
        act = ACTIVATIONS[self.of("slope:", self.spec.activation)]
        if "no-slope" in self.wrong:
            return 1.0
        if "value" in self.wrong:
            return a
        if "slope-at-a" in self.wrong:
            return act.derivative(a, act.f(a))
        return act.derivative(z, z if "slope-of-a" in self.wrong else act.f(z))  # a (1 − a) or 1 − a², fed with z


LOSS_SLIPS = {  # what a wrong loss may be: its kind in the record, and in words
    "sum": ("mean", "It is a sum over the batch, where the mean is asked for."),
    "all": ("mean", "It is divided by the number of outputs too: a mean over all entries, not over the samples."),
    "sign": ("sign", "It is a sign: yours is minus the loss."),
    "axis": ("axis", "It is an axis: the softmax of a sample is over its classes, and yours is over the batch."),
    "axis-sum": ("axis", "It is an axis: the sum in the softmax of a sample is over its classes, not over the batch."),
    "no-half": ("factor", "It is twice the loss: the half is missing."),
    "log2": ("factor", "Its logarithm is to the base 2, not the natural one."),
    "one-side": ("term", "Only samples with label 1 count in it: the term with 1 − y is missing."),
    "outer": ("axis", "It is an axis: (B, 1) and (B,) make (B, B), so each logit meets every label."),
    "outer-mean": ("axis", "It is an axis: (B, 1) and (B,) make (B, B), so each logit meets every label."),
    "no-act": ("activation", "There is no activation between the layers."),
    "act-last": (
        "activation",
        "The activation is applied to the output layer, too: its logits should stay as they are.",
    ),
    "no-b1": ("bias", "b1 is not added."),
    "no-b2": ("bias", "b2 is not added."),
    "no-b3": ("bias", "b3 is not added."),
    "no-extra": ("twist", "It is the loss without the twist: what you are handed for it is not used."),
    "by-all": (
        "twist",
        "The sum over the samples that count is divided by the number of all: divide by those that count.",
    ),
    "unmasked": ("twist", "Samples that don't count are summed as well: only the divisor knows the mask."),
    "over-others": ("twist", "The ε is shared by the K − 1 other classes: here each of the K classes gets ε/K."),
    "only-shrunk": ("twist", "The one-hot labels are shrunk to 1 − ε, and the ε/K of each class is missing."),
}
GRADIENT_SLIPS = {
    "sum": ("mean", "1/B is missing: these are the gradients of a sum over the batch."),
    "twice": ("mean", "1/B is in it twice."),
    "all": ("mean", "It is divided by the number of outputs too."),
    "sign": ("sign", "It is a sign, the same in all of them, so it is where the way back begins."),
    "axis": ("axis", "It is an axis: the softmax in backward is over the batch, not over the classes."),
    "axis-sum": ("axis", "It is an axis: the sum in backward's softmax is over the batch, not over the classes."),
    "no-half": ("factor", "It is twice the gradient: the ½ of the loss cancels the 2 of its slope."),
    "extra-slope": (
        "slope",
        "A slope of the output is multiplied in, p(1 − p), which the logarithm in the loss has canceled.",
    ),
    "no-slope": ("slope", "The slope of the activation is missing, in the hidden layer."),
    "slope-at-a": ("slope", "The slope of the activation is taken at its output, where its input Z is meant."),
    "slope-of-a": ("slope", "The slope is written in terms of the activation's output, and is fed with its input Z."),
    "value": ("slope", "The activation's value is multiplied in, where its slope is meant."),
    "z-below": ("value", "The weights' gradient is made with Z of the layer below, where its activation A is meant."),
    "mean-db": ("mean", "The bias gradients are means over the batch. They are sums: 1/B is in dZ already."),
    "no-extra": ("twist", "They are the gradients without the twist: backward doesn't use what it is handed for it."),
    "by-all": ("twist", "Backward divides by the number of all samples: divide by those that count."),
    "unmasked": ("twist", "Samples that don't count have a gradient as well: only the divisor knows the mask."),
    "over-others": ("twist", "Backward gives the ε to the K − 1 other classes: here each of the K classes gets ε/K."),
    "only-shrunk": ("twist", "Backward leaves out the ε/K of each class."),
}
for _name, _said in NAMES.items():
    LOSS_SLIPS[f"act:{_name}"] = ("activation", f"Its activation is {_said}, and another one is asked for.")
    GRADIENT_SLIPS[f"slope:{_name}"] = ("slope", f"The slope is that of {_said}, and another activation is asked for.")
SLIP_NAMES = {
    "mean": "the mean over the batch",
    "sign": "a sign",
    "axis": "an axis",
    "factor": "a factor",
    "term": "a missing term",
    "activation": "the activation",
    "bias": "a bias",
    "twist": "the twist",
    "slope": "the slope of the activation",
    "value": "Z for A",
    "shape": "a shape",
    "large": "large logits",
    "update": "a backward that updates",
    "raised": "an exception",
    "check": "the gradient check",
    "goal": "the training",
    "other": "a loss or a gradient that is wrong",
    "late": "the clock",
}
