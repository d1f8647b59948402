"""Exercises of notebook 05: initialization, clipping, normalization, skips."""

NOTEBOOK = "05_vanishing_and_exploding.ipynb#"

EXERCISES = ()
LADDERS = {}
