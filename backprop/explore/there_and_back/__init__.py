"""The pass there and back, one operation at a time."""

from backprop.explore.there_and_back.widget import ThereAndBack

__all__ = ["ThereAndBack"]
