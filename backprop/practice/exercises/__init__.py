"""The exercises: one file each. Here are their order and the ladders."""

# What isn't mentioned here comes last in its topic.
ORDER = {
    "start": "line direction",
    "cold": "1 4 7 8 9 10",
    "neuron": "sigmoid tanh hand gradient step bce twice recurrent many loss-slope slope delta dw db bce-slope "
    "bce-delta",
    "delta": "pull b1 b2 b3 b4 shapes mean backward layers shapes-rows linear-rows softmax-rows residual rung-b1 "
    "rung-b2 rung-b3 rung-b4",
    "checking": "central gradient complex-step relative-error verdict dual reverse tape order unbroadcast cost "
    "checkpointing",
    "outputs": "mse-sigmoid bce bce-delta jacobian softmax-vjp delta softmax log-softmax cross-entropy mse smoothing "
    "temperature",
    "softmax": "dp jacobian vjp delta batch dW db",
    "depth": "bound vanished stack variance-z variance-kept variance-g xavier he he-leaky scales clip-norm "
    "clip-value dead leaky residual layernorm layernorm-backward batchnorm-backward batchnorm-running "
    "batchnorm-eval",
    "rules": "descent stable momentum nesterov adagrad rmsprop adam correction l2 adamw cosine",
    "layers": "linear matmul einsum broadcast softmax log-softmax cross-entropy layernorm rmsnorm attention heads "
    "merge embedding dropout tied max-pool average-pool conv col2im bptt lstm chain straight-through "
    "post-norm",
    "framework": "accumulate detach in-place function micro-batches mse linear-flops flops memory activations "
    "checkpoint loss-scaling frozen",
}

# Derivations in rungs: expressions, each of which needs the one before.
LADDERS = {
    "neuron": [
        "neuron.loss-slope",
        "neuron.slope",
        "neuron.delta",
        "neuron.dw",
        "neuron.db",
        "neuron.bce-slope",
        "neuron.bce-delta",
    ],
    "network": ["delta.rung-b1", "delta.rung-b2", "delta.rung-b3", "delta.rung-b4"],
    "softmax": [
        "softmax.dp",
        "softmax.jacobian",
        "softmax.vjp",
        "softmax.delta",
        "softmax.batch",
        "softmax.dW",
        "softmax.db",
    ],
    "xavier": [
        "depth.variance-z",
        "depth.variance-kept",
        "depth.variance-g",
        "depth.xavier",
        "depth.he",
        "depth.he-leaky",
    ],
}
