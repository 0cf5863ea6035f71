"""Saved drawings, in an SQL database."""
