"""Migrations of the drawings' database."""
