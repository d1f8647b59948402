"""|δ^l|, |a^l| and |dW^l| through a deep network, with the remedies to try."""

from backprop.explore.gradient_flow.numbers import Flow, gradient_norms, signals
from backprop.explore.gradient_flow.widget import GradientFlow

__all__ = ["Flow", "gradient_norms", "GradientFlow", "signals"]
