"""Imports networks from other programs' files, and exports to them."""
