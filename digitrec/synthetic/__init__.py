"""Generates training pictures that MNIST lacks."""
