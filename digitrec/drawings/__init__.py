"""The saved drawings, in SQL."""
