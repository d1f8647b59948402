"""Figures that say in words what they show, and explorers: figures to play with."""

import sys

from backprop.explore import gradient_flow, one_neuron, rule_race
from backprop.explore.figures import Figure, bars, images, layer_pass, lines, network_pass, product, push
from backprop.explore.gradient_flow import GradientFlow
from backprop.explore.one_neuron import OneNeuron
from backprop.explore.rule_race import RuleRace
from backprop.explore.there_and_back import ThereAndBack

__all__ = [
    "Figure",
    "GradientFlow",
    "OneNeuron",
    "RuleRace",
    "ThereAndBack",
    "bars",
    "images",
    "layer_pass",
    "lines",
    "network_pass",
    "product",
    "push",
]

# A learner's own copy of 01, 05 or 06 may still import from where these stood before.
for _old, _new in {"flow": gradient_flow, "neuron": one_neuron, "race": rule_race}.items():
    sys.modules[f"{__name__}.{_old}"] = _new
