"""Figures that say in words what they show."""

from backprop.explore.figures import Figure, bars, images, lines, network_pass, product

__all__ = ["Figure", "bars", "images", "lines", "network_pass", "product"]
