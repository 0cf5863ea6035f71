"""Generated training pictures of what MNIST lacks."""
