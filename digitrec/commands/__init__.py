"""The shell: python -m digitrec."""
