"""Layers as forward/backward pairs, in the dialect of the frameworks: samples are rows, features last, Y = X W + b.

The δ recurrence, layer by layer: `forward` keeps what `backward` needs. `backward(G)` takes G = ∂𝓛/∂Y, leaves the
gradient of each parameter p in d<p> (dW beside W), and returns ∂𝓛/∂X: the layer has pulled G back through its Jacobian.
A layer keeps one forward pass. To share weights, give two layers the same array: `parameters` adds their gradients.

functions   what has no parameters: matmul, einsum, softmax, the losses, attention
basic       Linear, activations, normalization, dropout, embeddings, Residual, Sequential
images      Conv2d and pooling
sequences   attention with heads, the Transformer's block, RNN and LSTM
model       a layer with a loss on top, and its parameters by name
"""

from backprop.layers.basic import (
    Activation,
    BatchNorm,
    Dropout,
    Embedding,
    LayerNorm,
    Linear,
    Residual,
    RMSNorm,
    Sequential,
    StraightThrough,
    Unembedding,
    normalize,
    normalize_backward,
)
from backprop.layers.functions import (
    add,
    add_backward,
    attention,
    attention_backward,
    chain,
    chain_backward,
    cross_entropy,
    cross_entropy_backward,
    einsum,
    einsum_backward,
    log_softmax,
    log_softmax_backward,
    matmul,
    matmul_backward,
    mse,
    mse_backward,
    softmax,
    softmax_backward,
    unbroadcast,
)
from backprop.layers.images import AvgPool2d, Conv2d, MaxPool2d, col2im, im2col
from backprop.layers.model import Model, gradient_norms, named_modules, named_parameters, parameters, train
from backprop.layers.sequences import (
    LSTM,
    RNN,
    Block,
    MultiHeadAttention,
    Positions,
    Transformer,
    feed_forward,
    lstm_cell,
    lstm_cell_backward,
)

__all__ = [
    "Activation",
    "AvgPool2d",
    "BatchNorm",
    "Block",
    "Conv2d",
    "Dropout",
    "Embedding",
    "LSTM",
    "LayerNorm",
    "Linear",
    "MaxPool2d",
    "Model",
    "MultiHeadAttention",
    "Positions",
    "RMSNorm",
    "RNN",
    "Residual",
    "Sequential",
    "StraightThrough",
    "Transformer",
    "Unembedding",
    "add",
    "add_backward",
    "attention",
    "attention_backward",
    "chain",
    "chain_backward",
    "col2im",
    "cross_entropy",
    "cross_entropy_backward",
    "einsum",
    "einsum_backward",
    "feed_forward",
    "gradient_norms",
    "im2col",
    "log_softmax",
    "log_softmax_backward",
    "lstm_cell",
    "lstm_cell_backward",
    "matmul",
    "matmul_backward",
    "mse",
    "mse_backward",
    "named_modules",
    "named_parameters",
    "normalize",
    "normalize_backward",
    "parameters",
    "softmax",
    "softmax_backward",
    "train",
    "unbroadcast",
]
