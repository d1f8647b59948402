"""Exercises of notebook 06: update rules."""

NOTEBOOK = "06_update_rules.ipynb#"

EXERCISES = ()
LADDERS = {}
