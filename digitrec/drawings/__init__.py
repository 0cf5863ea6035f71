"""The drawings that a person keeps: an SQL database, and ways in and out of it."""
