"""Trains a network that reads strokes."""
