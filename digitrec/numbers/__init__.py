"""Whole numbers: where in a line of ink one digit ends and the next begins."""
