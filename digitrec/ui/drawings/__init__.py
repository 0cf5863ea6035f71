"""Saved drawings as every page shows them."""
