r"""The gradient of a step on several devices

A linear layer without bias, on several devices. Device $d$ has the micro-batches `X[d][m]` $(B,n)$, and `E[d][m]`
$(B,k)$ holds $\partial\ell/\partial Y$ of each sample, not divided by anything; the sizes $B$ differ. The loss is the
mean over **all** samples of all devices. Return $\partial\mathcal L/\partial W$ as every device has it before its step,
and how often an all-reduce has to run.
"""

from backprop.practice.exercises.make import normal, sizes

where = "scale#devices"
level, minutes = "interview", 5
returns = ("dW", "exchanges")


def spread_inputs(rng):
    n, k = sizes(rng, 2)
    counts = [[int(B) for B in rng.permutation([1, 2, 4, 5])[:2]] for _ in range(3)]
    return {
        "X": [[normal(rng, B, n) for B in own] for own in counts],
        "E": [[normal(rng, B, k) for B in own] for own in counts],
    }


inputs = {"ordinary": spread_inputs}


def data_parallel(X, E):
    N = sum(len(x) for own in X for x in own)
    #: by-devices: N = len(X)
    #: of-one-device: N = sum(len(x) for x in X[0])
    local = []
    for own, errors in zip(X, E):
        total = 0.0
        for x, e in zip(own, errors):
            total = total + x.T @ e / N
            #: mean-of-means: total = total + x.T @ e / (len(x) * len(own) * len(X))
            #: mean-of-devices: total = total + x.T @ e / (sum(len(z) for z in own) * len(X))
            #: not-divided: total = total + x.T @ e
            #: last-micro: total = x.T @ e / N
        local.append(total)
    dW = sum(local)
    #: averaged-too: dW = sum(local) / len(local)
    #: one-device: dW = local[0]
    exchanges = 1
    #: every-micro: exchanges = len(X[0])
    return dW, exchanges


hints = r"""
How much should one sample count, wherever it lies?
Each sample counts 1/N, with N the samples of all devices. Then what is left for the all-reduce to do?
Xᵀ E / N, added up over the micro-batches where they are; then one sum over the devices.
"""

slips = r"""
mean-of-means: means of micro-batches are averaged, though they differ in size
    Then a sample in a small micro-batch counts for more. Divide by the count of all devices.
    "One device had a single sample. How much should it count?"
mean-of-devices: each device takes the mean over its own samples, and these means are averaged
    Then a sample on a device with few of them counts for more. Divide by the count of all devices.
    "One device holds two samples, the others eight. How much more does each of the two count?"
averaged-too: the sum is divided by the number of devices on top
    With 1/N in each error the all-reduce is a plain sum. A mean is for devices that divide by their own count.
    "You have divided by N already. What does your second division mean?"
not-divided: nothing divides by the number of samples
    Each sample counts 1/N in a mean.
    "You double the number of devices. What happens to the length of your step?"
by-devices: the sum is divided by the number of devices, not of samples
    The loss is a mean over samples.
    "You double the batch on each device. What happens to the length of your step?"
of-one-device: one device's number of samples is taken for that of all
    N counts the samples of all devices.
    "Over how many samples does your loss average?"
last-micro: only the last micro-batch counts
    Gradients of micro-batches add up where they are.
    "What has become of the first micro-batch?"
one-device: the gradients are not added over the devices
    Then every device makes a step of its own, and the copies of the weights drift apart.
    "Are your weights the same on all devices after the step?"
every-micro: the gradients are exchanged for every micro-batch
    They can add up where they are. One exchange, with the last micro-batch, is enough.
    "What changes if you exchange only at the end?"
"""
