"""MNIST, and labeled digits in other files."""
