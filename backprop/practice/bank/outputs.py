"""Exercises of notebook 04: losses and output errors."""

NOTEBOOK = "04_outputs_and_losses.ipynb#"

EXERCISES = ()
LADDERS = {}
