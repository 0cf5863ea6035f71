"""Whole lines of digits, read at once."""
