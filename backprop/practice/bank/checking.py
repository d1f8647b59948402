"""Exercises of notebook 03: numerical derivatives, duals, the tape."""

NOTEBOOK = "03_gradient_checking_and_autodiff.ipynb#"

EXERCISES = ()
LADDERS = {}
