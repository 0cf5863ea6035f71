"""Pictures that MNIST lacks, drawn by rule."""
