"""Runs as every page shows them."""
