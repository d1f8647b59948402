"""One neuron to move: its two losses, and every factor of ∂𝓛/∂w."""

from backprop.explore.one_neuron.numbers import Neuron
from backprop.explore.one_neuron.widget import OneNeuron

__all__ = ["Neuron", "OneNeuron"]
