"""Whole numbers: from ink to the digits that were written."""
