"""The update rules side by side on a surface."""

from backprop.explore.rule_race.numbers import Race
from backprop.explore.rule_race.widget import RuleRace

__all__ = ["Race", "RuleRace"]
