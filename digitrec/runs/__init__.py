"""Runs and their folders: events, state, results and models."""
