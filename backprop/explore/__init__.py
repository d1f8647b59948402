"""Figures that say in words what they show, and explorers: figures to play with."""

from backprop.explore.controls import GradientFlow, OneNeuron
from backprop.explore.figures import Figure, bars, images, lines, network_pass, product, push
from backprop.explore.pass_explorer import ThereAndBack
from backprop.explore.race_widget import RuleRace

__all__ = [
    "Figure",
    "GradientFlow",
    "OneNeuron",
    "RuleRace",
    "ThereAndBack",
    "bars",
    "images",
    "lines",
    "network_pass",
    "product",
    "push",
]
