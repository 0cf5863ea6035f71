"""Training pictures that MNIST lacks, made by code."""
