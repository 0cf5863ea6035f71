"""The schema of the drawings' database, step by step."""
