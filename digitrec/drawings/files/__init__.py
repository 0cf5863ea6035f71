"""Drawings as files: what downloads write and uploads read."""
