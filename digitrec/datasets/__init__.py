"""Labelled digits: MNIST, which comes with the package, and files of the same form."""
